//! What Hypothesis gives: the file of its export, or the answer of its
//! programming interface (<https://h.readthedocs.io/en/latest/api-reference/v1/>).

use serde_json::Value;

use super::{Foreign, Quote, w3c};
use postil_archive::sidecar::date::Date;

/// The annotations of a file: `annotations` of an export, `rows` of a search, or a bare list.
pub(super) fn read(file: &Value) -> Result<Vec<Foreign>, String> {
    let list = [file.get("annotations"), file.get("rows"), Some(file)];
    let list = list.into_iter().flatten().find_map(Value::as_array);
    let list = list.ok_or("it has no list of annotations, neither `annotations` nor `rows`")?;
    Ok(list.iter().enumerate().map(|(i, one)| annotation(one, i)).collect())
}

fn annotation(one: &Value, index: usize) -> Foreign {
    let word = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let id = word("id");
    let label = if id.is_empty() { format!("annotation {}", index + 1) } else { format!("annotation {id}") };
    let targets = list(one.get("target"));
    let mut sources: Vec<String> =
        targets.iter().filter_map(|target| target["source"].as_str()).map(str::to_owned).collect();
    if sources.is_empty() {
        sources.push(word("uri").to_owned());
    }
    let quotes: Vec<Quote> = targets.iter().flat_map(|target| w3c::quotes(&target["selector"])).collect();
    let has_selector = targets.iter().any(|target| !list(target.get("selector")).is_empty());
    let no_note = if !list(one.get("references")).is_empty() {
        Some("it replies to another annotation".to_owned())
    } else if has_selector && quotes.is_empty() {
        Some("it has a place, but quotes no words".to_owned())
    } else {
        None
    };
    Foreign {
        address: None,
        id: (!id.is_empty()).then(|| id.to_owned()),
        label,
        sources,
        quotes,
        body: word("text").to_owned(),
        tags: list(one.get("tags")).iter().filter_map(|tag| Some(tag.as_str()?.to_owned())).collect(),
        title: None,
        by: author(one).into_iter().collect(),
        date: word("created").get(..10).and_then(|day| Date::parse(day).ok()),
        asks: false,
        no_note,
    }
}

/// The name that is shown, or else that of the account: `acct:name@host`.
fn author(one: &Value) -> Option<String> {
    let shown = one["user_info"]["display_name"].as_str().filter(|name| !name.trim().is_empty());
    let account = || {
        let account = one["user"].as_str()?;
        let account = account.strip_prefix("acct:").unwrap_or(account);
        Some(account.split('@').next().unwrap_or(account))
    };
    shown.or_else(account).filter(|name| !name.is_empty()).map(str::to_owned)
}
