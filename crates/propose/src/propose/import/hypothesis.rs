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
    let mut found: Vec<Foreign> = Vec::with_capacity(list.len());
    for (i, one) in list.iter().enumerate() {
        let one = annotation(one, i);
        // An annotation has one place there: a note on several came as so many, which lead to the one note.
        match found.last_mut() {
            Some(before)
                if one.address.is_some() && one.address == before.address && one.body == before.body =>
            {
                before.quotes.extend(one.quotes);
            }
            _ => found.push(one),
        }
    }
    Ok(found)
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
    // Where it is seen, if that is a place of the page itself: so it is with what an archive has taken out.
    let seen = one["links"]["incontext"].as_str().unwrap_or_default();
    let is_own = seen.strip_prefix(word("uri")).is_some_and(|rest| rest.starts_with('#'));
    let (title, body) = titled(word("text"));
    let (body, cited) = if is_own { sourced(body) } else { (body, Vec::new()) };
    Foreign {
        address: is_own.then(|| seen.to_owned()),
        id: (!id.is_empty()).then(|| id.to_owned()),
        label,
        sources,
        quotes,
        body: body.to_owned(),
        tags: list(one.get("tags")).iter().filter_map(|tag| Some(tag.as_str()?.to_owned())).collect(),
        cited,
        title,
        by: author(one).iter().flat_map(|names| names.split("; ")).map(str::to_owned).collect(),
        date: word("created").get(..10).and_then(|day| Date::parse(day).ok()),
        asks: false,
        no_note,
    }
}

/// What begins with a line in bold has a title, which is that line.
fn titled(text: &str) -> (Option<String>, &str) {
    let title = || {
        let (line, rest) = text.trim_start().split_once("\n\n")?;
        let title = line.trim().strip_prefix("**")?.strip_suffix("**")?;
        let signs = title.replace("\\\\", "").replace("\\*", "");
        let is_plain = !title.is_empty() && !signs.contains('*') && !title.contains('\n');
        (is_plain && !rest.trim().is_empty()).then(|| (plain(title), rest.trim_start()))
    };
    title().map_or((None, text), |(title, rest)| (Some(title), rest))
}

/// What stands below a last rule, if it is a list, are the sources of a note: so an archive takes it out.
fn sourced(text: &str) -> (&str, Vec<(String, Option<String>)>) {
    let Some((body, list)) = text.rsplit_once("---\n\n") else { return (text, Vec::new()) };
    let source = |line: &str| {
        let line = line.strip_prefix("- ")?;
        let link = line.strip_prefix('[').and_then(|rest| rest.split_once("](<"));
        let (title, url) = match link.and_then(|(title, rest)| Some((title, rest.split_once(">)")?))) {
            Some((title, (url, note))) => (format!("{title}{note}"), Some(url.to_owned())),
            None => (line.to_owned(), None),
        };
        Some((plain(&title), url))
    };
    let is_whole = body.is_empty() || body.ends_with("\n\n");
    match list.lines().map(source).collect::<Option<Vec<_>>>() {
        Some(cited) if is_whole => (body.trim_end(), cited),
        _ => (text, Vec::new()),
    }
}

/// Words without the backslashes by which they stand for themselves.
fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut chars = words.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
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
