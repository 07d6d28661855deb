//! W3C Web Annotations in JSON-LD (<https://www.w3.org/TR/annotation-model/>),
//! as far as a note can say them.

use serde_json::Value;

use super::{Foreign, Quote};
use postil_archive::sidecar::date::Date;

/// How deep lists and collections are followed.
const DEEPEST: usize = 16;

/// The annotations of a file: one, a list, a page, a collection or a graph.
pub(super) fn read(file: &Value) -> Result<Vec<Foreign>, String> {
    let mut found = Vec::new();
    gather(file, DEEPEST, &mut found);
    if found.is_empty() {
        return Err("it holds no annotation: nothing has the type `Annotation`".to_owned());
    }
    Ok(found.into_iter().enumerate().map(|(i, one)| annotation(one, i)).collect())
}

fn gather<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
    if depth == 0 {
        return;
    }
    if let Value::Array(list) = value {
        return list.iter().for_each(|one| gather(one, depth - 1, found));
    }
    if strings(&value["type"]).contains(&"Annotation") {
        return found.push(value);
    }
    for inner in ["first", "items", "@graph"].iter().filter_map(|key| value.get(key)) {
        gather(inner, depth - 1, found);
    }
}

fn annotation(one: &Value, index: usize) -> Foreign {
    let id = one["id"].as_str().unwrap_or_default();
    let label = if id.is_empty() { format!("annotation {}", index + 1) } else { format!("`{id}`") };
    let motivations = strings(&one["motivation"]);
    let address = one["id"].as_str().map(str::to_owned);
    let asks = motivations.contains(&"questioning");
    let mut foreign = Foreign { label, address, asks, ..Foreign::default() };
    let mut words: Vec<String> = one["bodyValue"].as_str().map(str::to_owned).into_iter().collect();
    for body in each(&one["body"]) {
        let text = body.as_str().or_else(|| body["value"].as_str()).map(str::to_owned);
        let purposes = strings(&body["purpose"]);
        match text {
            Some(tag) if purposes.contains(&"tagging") => foreign.tags.push(tag),
            // A body that is a bare string is an address.
            Some(address) if body.is_string() => words.push(format!("<{address}>")),
            Some(text) => words.push(text),
            None => words.extend(body["source"].as_str().map(|address| format!("<{address}>"))),
        }
    }
    foreign.title = one["label"].as_str().map(str::to_owned);
    foreign.body = words.join("\n\n");
    let mut has_selector = false;
    for target in each(&one["target"]) {
        let source = [target, &target["source"], &target["source"]["id"], &target["id"]];
        foreign.sources.extend(source.iter().find_map(|value| value.as_str()).map(str::to_owned));
        has_selector |= !target["selector"].is_null();
        foreign.quotes.extend(quotes(&target["selector"]));
    }
    foreign.by = each(&one["creator"]).into_iter().filter_map(name).collect();
    let moment = one["created"].as_str().or_else(|| one["modified"].as_str()).unwrap_or_default();
    foreign.date = moment.get(..10).and_then(|day| Date::parse(day).ok());
    let other =
        motivations.iter().find(|m| matches!(**m, "classifying" | "linking" | "editing" | "replying"));
    foreign.no_note = match other {
        Some(motivation) => Some(format!("its motivation is `{motivation}`: that is not a note")),
        None if has_selector && foreign.quotes.is_empty() => {
            Some("it has a place, but quotes no words".to_owned())
        }
        None => None,
    };
    foreign
}

/// What a selector, or a list of them, quotes; also what is refined by a quotation.
pub(super) fn quotes(selector: &Value) -> Vec<Quote> {
    let quote = |one: &Value| {
        let mut one = one;
        for _ in 0..DEEPEST {
            if strings(&one["type"]).contains(&"TextQuoteSelector") {
                let word = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
                return Some(Quote { exact: word("exact"), prefix: word("prefix"), suffix: word("suffix") });
            }
            one = &one["refinedBy"];
        }
        None
    };
    // Several selectors of one target are several ways to say the same.
    each(selector).into_iter().find_map(quote).into_iter().collect()
}

fn name(creator: &Value) -> Option<String> {
    let name = [&creator["name"], &creator["nickname"], creator, &creator["id"]];
    name.into_iter().find_map(|value| each(value).into_iter().find_map(Value::as_str)).map(str::to_owned)
}

/// One value, or each of a list; none for what is not there.
fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}

fn strings(value: &Value) -> Vec<&str> {
    each(value).into_iter().filter_map(Value::as_str).collect()
}
