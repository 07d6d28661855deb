//! W3C Web Annotations in JSON-LD (<https://www.w3.org/TR/annotation-model/>),
//! as far as a note can say them.

use serde_json::Value;

use super::{Foreign, Quote};
use postil_archive::sidecar::date::Date;
use postil_intake::html;

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
    if types(value).contains(&"Annotation") {
        return found.push(value);
    }
    // The last two are those of lists of IIIF 2 and of some programs' own.
    let lists = ["first", "items", "@graph", "resources", "annotations", "rows"];
    for inner in lists.iter().filter_map(|key| value.get(key)) {
        gather(inner, depth - 1, found);
    }
}

/// What a thing is, without the prefix that Open Annotation writes.
fn types(value: &Value) -> Vec<&str> {
    let types = ["type", "@type"].iter().flat_map(|key| strings(&value[*key]));
    types.map(|name| name.rsplit(':').next().unwrap_or(name)).collect()
}

/// The first of some keys that is there: what Web Annotations call it, then Open Annotation, then IIIF 2.
fn of<'a>(value: &'a Value, keys: &[&str]) -> &'a Value {
    keys.iter().map(|key| &value[*key]).find(|value| !value.is_null()).unwrap_or(&Value::Null)
}

const BODY: [&str; 4] = ["body", "resource", "hasBody", "oa:hasBody"];
const TARGET: [&str; 4] = ["target", "on", "hasTarget", "oa:hasTarget"];
const SELECTOR: [&str; 3] = ["selector", "hasSelector", "oa:hasSelector"];
const SOURCE: [&str; 4] = ["source", "full", "hasSource", "oa:hasSource"];
const CREATOR: [&str; 4] = ["creator", "annotatedBy", "oa:annotatedBy", "dcterms:creator"];
const ID: [&str; 2] = ["id", "@id"];

fn annotation(one: &Value, index: usize) -> Foreign {
    let id = of(one, &ID).as_str().unwrap_or_default();
    let label = if id.is_empty() { format!("annotation {}", index + 1) } else { format!("`{id}`") };
    let motivations: Vec<&str> = ["motivation", "motivatedBy", "oa:motivatedBy"]
        .iter()
        .flat_map(|key| strings(&one[*key]))
        .map(|name| name.rsplit(':').next().unwrap_or(name))
        .collect();
    let address = of(one, &ID).as_str().map(str::to_owned);
    let asks = motivations.contains(&"questioning");
    let own = address.clone().filter(|id| !id.is_empty());
    let mut foreign = Foreign { label, address, asks, id: own, ..Foreign::default() };
    let mut words: Vec<String> = one["bodyValue"].as_str().map(str::to_owned).into_iter().collect();
    let mut authors: Vec<String> = each(of(one, &CREATOR)).into_iter().filter_map(name).collect();
    for body in each(of(one, &BODY)) {
        let text =
            body.as_str().or_else(|| of(body, &["value", "chars", "cnt:chars"]).as_str()).map(str::to_owned);
        let purposes = strings(&body["purpose"]);
        let is_tag = purposes.contains(&"tagging") || types(body).contains(&"Tag");
        let cites = purposes.contains(&"linking");
        match text {
            Some(title) if cites && body.is_object() => foreign.cited.push((title.trim().to_owned(), None)),
            Some(tag) if is_tag => foreign.tags.push(tag.trim().to_owned()),
            // A body that is a bare string is an address.
            Some(address) if body.is_string() => words.push(format!("<{address}>")),
            Some(text) => words.push(in_markdown(body, text)),
            None => {
                let address = of(body, &["source", "@id", "id"]).as_str();
                if let (true, Some(label)) = (cites, body["label"].as_str()) {
                    foreign.cited.push((label.to_owned(), address.map(str::to_owned)));
                    continue;
                }
                words.extend(
                    address.filter(|address| address.contains("://")).map(|address| format!("<{address}>")),
                );
            }
        }
        // Some programs name who wrote a body, not who made the annotation.
        authors.extend(each(of(body, &CREATOR)).into_iter().filter_map(name));
    }
    foreign.title = one["label"].as_str().map(str::to_owned);
    foreign.body = words.join("\n\n");
    let mut has_selector = false;
    let mut in_picture = false;
    for target in each(of(one, &TARGET)) {
        let source = of(target, &SOURCE);
        let selector = of(target, &SELECTOR);
        let source =
            [target, source, of(source, &ID), of(target, &ID)].iter().find_map(|value| value.as_str());
        in_picture |= source.is_some_and(|source| source.contains("xywh=")) || is_of_picture(selector);
        foreign.sources.extend(source.map(str::to_owned));
        has_selector |= !selector.is_null();
        // Elsewhere positions count what is seen, by whatever rule.
        let is_raw = source.is_some_and(|source| source.starts_with("raw/") || source.contains("/raw/"));
        let position = is_raw.then(|| position(selector)).flatten();
        foreign.quotes.extend(quotes(selector).into_iter().map(|quote| Quote { position, ..quote }));
    }
    let mut seen = std::collections::BTreeSet::new();
    authors.retain(|author| seen.insert(author.clone()));
    foreign.by = authors;
    let moment = ["created", "annotatedAt", "oa:annotatedAt", "dcterms:created", "modified"];
    let moment = of(one, &moment).as_str().unwrap_or_default();
    foreign.date = moment.get(..10).and_then(|day| Date::parse(day).ok());
    let other =
        motivations.iter().find(|m| matches!(**m, "classifying" | "linking" | "editing" | "replying"));
    foreign.no_note = match other {
        Some(motivation) => Some(format!("its motivation is `{motivation}`: that is not a note")),
        None if in_picture && foreign.quotes.is_empty() => {
            Some("it is about a place in a picture (`xywh`), and quotes no words of a text".to_owned())
        }
        None if has_selector && foreign.quotes.is_empty() => {
            Some("it has a place, but quotes no words".to_owned())
        }
        None => None,
    };
    foreign
}

/// What a body says, in Markdown.
fn in_markdown(body: &Value, text: String) -> String {
    let format = of(body, &["format", "dc:format", "dcterms:format"]).as_str().unwrap_or_default();
    let looks = || format.is_empty() && text.trim_start().starts_with('<') && text.trim_end().ends_with('>');
    match format == "text/html" || looks() {
        true => html::fragment(&text),
        false => text,
    }
}

/// Whether a selector is a place in a picture.
fn is_of_picture(selector: &Value) -> bool {
    each(selector).into_iter().any(|one| {
        let value = of(one, &["value", "rdf:value", "chars"]).as_str().unwrap_or_default();
        value.contains("xywh=")
            || types(one).contains(&"SvgSelector")
            || is_some_and_of_picture(&one["default"])
            || is_some_and_of_picture(&one["item"])
    })
}

/// The same of a part of a choice of selectors, as IIIF 2 has them.
fn is_some_and_of_picture(part: &Value) -> bool {
    let value = of(part, &["value", "chars"]).as_str().unwrap_or_default();
    value.contains("xywh=") || types(part).contains(&"SvgSelector")
}

/// From where to where, in characters.
fn position(selector: &Value) -> Option<(usize, usize)> {
    let one = each(selector).into_iter().find(|one| types(one).contains(&"TextPositionSelector"))?;
    let number = |key: &str| usize::try_from(one[key].as_u64()?).ok();
    Some((number("start")?, number("end")?))
}

/// What a selector, or a list of them, quotes; also what is refined by a quotation.
pub(super) fn quotes(selector: &Value) -> Vec<Quote> {
    let quote = |one: &Value| {
        let mut one = one;
        for _ in 0..DEEPEST {
            if types(one).contains(&"TextQuoteSelector") {
                let word =
                    |key: &str| of(one, &[key, &format!("oa:{key}")]).as_str().unwrap_or_default().to_owned();
                return Some(Quote {
                    exact: word("exact"),
                    prefix: word("prefix"),
                    suffix: word("suffix"),
                    position: None,
                });
            }
            one = &one["refinedBy"];
        }
        None
    };
    // Several selectors of one target are several ways to say the same.
    each(selector).into_iter().find_map(quote).into_iter().collect()
}

fn name(creator: &Value) -> Option<String> {
    let name = [
        &creator["name"],
        &creator["foaf:name"],
        &creator["label"],
        &creator["nickname"],
        creator,
        &creator["id"],
    ];
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
