//! What search sees, for a search engine that runs on a server: its documents,
//! and what it has to know of their fields.
//!
//! One document is a segment of a text, a term or a topic: what is worth one
//! place in a ranking. Its passages have the ids of their elements, so that a
//! hit leads to a paragraph. The page *Search* of the manual lists the fields.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::scratch::Scratch;
use crate::segment::{Segment, segments};
use crate::shard::put_aside;
use crate::text::{Class, Order};
use crate::{Dated, Entry, Guide, Named};
use postil_archive::diagnostic::Error;

/// A file of documents has about so many bytes: engines take some megabytes at a time.
const PART: usize = 8 * 1024 * 1024;

/// A search engine that documents can be written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenSearch; Elasticsearch takes the same.
    OpenSearch,
    /// Meilisearch.
    Meilisearch,
    /// Typesense.
    Typesense,
}

/// Takes in texts, terms and topics in any order and from many threads; documents wait in the scratch.
#[derive(Debug)]
pub struct Bulk<'s> {
    scratch: &'s dyn Scratch,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    rows: Vec<Row>,
    /// Names that mean the same.
    synonyms: Vec<Vec<String>>,
}

/// A document that waits.
#[derive(Debug)]
struct Row {
    order: Order,
    segment: usize,
    id: String,
    at: u64,
    length: usize,
}

#[derive(Serialize)]
struct Document<'a> {
    id: &'a str,
    r#type: &'static str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    date_label: &'a str,
    kind: &'a str,
    kind_label: &'a str,
    topics: Vec<&'a str>,
    topic_labels: Vec<&'a str>,
    speakers: Vec<&'a str>,
    language: &'a str,
    segment: usize,
    names: Vec<&'a str>,
    record: &'a [String],
    passages: Vec<Passage<'a>>,
}

#[derive(Serialize)]
struct Passage<'a> {
    anchor: &'a str,
    label: &'a str,
    speaker: &'a str,
    text: &'a str,
    corrected: &'a str,
    notes: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct Note<'a> {
    anchor: &'a str,
    title: &'a str,
    text: &'a str,
}

impl<'s> Bulk<'s> {
    /// With nothing in it.
    pub fn new(scratch: &'s dyn Scratch) -> Self {
        Self { scratch, state: Mutex::default() }
    }

    /// Takes in a text.
    ///
    /// # Errors
    /// The scratch cannot be written.
    pub fn text(&self, entry: &Entry) -> Result<(), Error> {
        let order = Order {
            class: Class::Text,
            undated: entry.date.is_none(),
            date: entry.date.clone(),
            address: entry.address.clone(),
        };
        let name = |named: &Option<Named>| named.clone().unwrap_or_default();
        let kind = name(&entry.kind);
        let cut = segments(&entry.blocks);
        for (number, segment) in cut.iter().enumerate() {
            let id = format!("{}--{}", id(&entry.address), number + 1);
            let mut speakers: Vec<&str> = Vec::new();
            for speaker in segment.pieces.iter().filter_map(|piece| piece.block.speaker.as_ref()) {
                if !speakers.contains(&speaker.label.as_str()) {
                    speakers.push(&speaker.label);
                }
            }
            let document = Document {
                id: &id,
                r#type: "text",
                url: &entry.address,
                title: &entry.title,
                date: entry.date.as_ref().filter(|date| date.year > 0).map(day),
                year: entry.date.as_ref().map(|date| date.year),
                date_label: entry.date.as_ref().map_or("", |date| &date.label),
                kind: &kind.slug,
                kind_label: &kind.label,
                topics: entry.topics.iter().map(|topic| topic.slug.as_str()).collect(),
                topic_labels: entry.topics.iter().map(|topic| topic.label.as_str()).collect(),
                speakers,
                language: &entry.language,
                segment: number + 1,
                names: Vec::new(),
                record: if number == 0 { &entry.record } else { &[] },
                passages: passages(segment),
            };
            self.keep(order.clone(), number, &document)?;
        }
        Ok(())
    }

    /// Takes in a term or a topic.
    ///
    /// # Errors
    /// The scratch cannot be written.
    pub fn guide(&self, guide: &Guide) -> Result<(), Error> {
        let (class, address, title, kind, names, words, language) = match guide {
            Guide::Term { address, term, kind, names, misprints, definition, language } => {
                let names: Vec<&str> = names.iter().chain(misprints).map(String::as_str).collect();
                (Class::Term, address, term, kind.as_str(), names, definition, language)
            }
            Guide::Topic { address, title, scope, language } => {
                (Class::Topic, address, title, "", Vec::new(), scope, language)
            }
        };
        if !names.is_empty() {
            let mut alike: Vec<String> = std::iter::once(title.as_str())
                .chain(names.iter().copied())
                .map(str::to_lowercase)
                .filter(|name| !name.contains([',', '\n']) && !name.contains("=>"))
                .collect();
            alike.sort();
            alike.dedup();
            self.state.lock().unwrap_or_else(PoisonError::into_inner).synonyms.push(alike);
        }
        let passage =
            Passage { anchor: "", label: "", speaker: "", text: words, corrected: "", notes: Vec::new() };
        let id = id(address);
        let document = Document {
            id: &id,
            r#type: if class == Class::Term { "term" } else { "topic" },
            url: address,
            title,
            date: None,
            year: None,
            date_label: "",
            kind: "",
            kind_label: kind,
            topics: Vec::new(),
            topic_labels: Vec::new(),
            speakers: Vec::new(),
            language,
            segment: 1,
            names,
            record: &[],
            passages: vec![passage],
        };
        let order = Order { class, undated: true, date: None, address: address.clone() };
        self.keep(order, 0, &document)
    }

    fn keep(&self, order: Order, segment: usize, document: &Document<'_>) -> Result<(), Error> {
        let written = serde_json::to_vec(document).expect("strings and numbers always serialise into memory");
        let at = self.scratch.append(&written).map_err(put_aside)?;
        let row = Row { order, segment, id: document.id.to_owned(), at, length: written.len() };
        self.state.lock().unwrap_or_else(PoisonError::into_inner).rows.push(row);
        Ok(())
    }

    /// Writes the documents, some megabytes a file, and what the engine has to know of
    /// their fields. Says how many documents there are.
    ///
    /// # Errors
    /// The scratch cannot be read, or a file cannot be put.
    pub fn finish<E: From<Error>>(
        self,
        format: Format,
        put: impl Fn(&str, &[u8]) -> Result<(), E>,
    ) -> Result<usize, E> {
        let State { mut rows, mut synonyms } =
            self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        rows.sort_by(|a, b| (&a.order, a.segment).cmp(&(&b.order, b.segment)));
        synonyms.retain(|alike| alike.len() > 1);
        synonyms.sort();
        synonyms.dedup();
        let (name, value) = match format {
            Format::OpenSearch => ("index.json", opensearch(&synonyms)),
            Format::Meilisearch => ("settings.json", meilisearch(&synonyms)),
            Format::Typesense => ("schema.json", typesense()),
        };
        put(name, format!("{value:#}\n").as_bytes())?;
        let mut part = Vec::new();
        let mut parts = 0;
        for (at, row) in rows.iter().enumerate() {
            if format == Format::OpenSearch {
                part.extend_from_slice(json!({ "index": { "_id": row.id } }).to_string().as_bytes());
                part.push(b'\n');
            }
            part.extend(self.scratch.read(row.at, row.length).map_err(put_aside)?);
            part.push(b'\n');
            if part.len() >= PART || at + 1 == rows.len() {
                parts += 1;
                put(&format!("documents-{parts:05}.ndjson"), &part)?;
                part.clear();
            }
        }
        Ok(rows.len())
    }
}

fn passages<'a>(segment: &Segment<'a>) -> Vec<Passage<'a>> {
    let passage = |piece: &crate::segment::Piece<'a>| {
        let block = piece.block;
        let notes = block.notes.iter().filter(|_| piece.with_notes);
        let notes = notes.map(|n| Note { anchor: &n.anchor, title: &n.title, text: n.body.trim() });
        Passage {
            anchor: &block.anchor,
            label: &block.label,
            speaker: block.speaker.as_ref().map_or("", |speaker| &speaker.label),
            text: piece.text,
            corrected: piece.corrected,
            notes: notes.collect(),
        }
    };
    segment.pieces.iter().map(passage).collect()
}

/// An address as an id: letters, digits, `-` and `_` are what all engines take. Ids of texts
/// have no `_`, so that two addresses never become one.
fn id(address: &str) -> String {
    let plain = address.strip_suffix(".html").unwrap_or(address);
    plain.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// As much of a date as is known: `2004`, `2004-03`, `2004-03-09`.
fn day(date: &Dated) -> String {
    match (date.month, date.day) {
        (0, _) => format!("{:04}", date.year),
        (month, 0) => format!("{:04}-{month:02}", date.year),
        (month, day) => format!("{:04}-{month:02}-{day:02}", date.year),
    }
}

// ---- What engines have to know ----

/// Settings and mapping. Words are folded and stemmed as in English, which the
/// publisher may change: one index has one way of stemming.
fn opensearch(synonyms: &[Vec<String>]) -> Value {
    let text = || json!({ "type": "text", "analyzer": "archive", "search_analyzer": "archive_asked" });
    let keyword = || json!({ "type": "keyword" });
    let shown = || json!({ "type": "keyword", "index": false, "doc_values": false });
    let folding = ["lowercase", "possessive", "folding"];
    let mut filters = json!({
        "possessive": { "type": "stemmer", "language": "possessive_english" },
        "folding": { "type": "asciifolding" },
        "stems": { "type": "stemmer", "language": "english" },
    });
    let mut asked: Vec<&str> = folding.to_vec();
    if !synonyms.is_empty() {
        let lines: Vec<String> = synonyms.iter().map(|alike| alike.join(", ")).collect();
        filters["names"] = json!({ "type": "synonym_graph", "lenient": true, "synonyms": lines });
        asked.push("names");
    }
    asked.push("stems");
    let kept: Vec<&str> = folding.iter().copied().chain(["stems"]).collect();
    json!({
        "settings": { "analysis": {
            "filter": filters,
            "analyzer": {
                "archive": { "type": "custom", "tokenizer": "standard", "filter": kept },
                "archive_asked": { "type": "custom", "tokenizer": "standard", "filter": asked },
            },
        } },
        "mappings": { "dynamic": "strict", "properties": {
            "id": keyword(),
            "type": keyword(),
            "url": shown(),
            "title": text(),
            "date": { "type": "date", "format": "strict_date||strict_year_month||strict_year" },
            "year": { "type": "integer" },
            "date_label": shown(),
            "kind": keyword(),
            "kind_label": keyword(),
            "topics": keyword(),
            "topic_labels": keyword(),
            "speakers": { "type": "text", "analyzer": "archive", "fields": { "whole": keyword() } },
            "language": keyword(),
            "segment": { "type": "integer" },
            "names": text(),
            "record": text(),
            "passages": { "type": "nested", "include_in_root": true, "properties": {
                "anchor": keyword(),
                "label": text(),
                "speaker": keyword(),
                "text": text(),
                "corrected": text(),
                "notes": { "properties": { "anchor": keyword(), "title": text(), "text": text() } },
            } },
        } },
    })
}

fn meilisearch(synonyms: &[Vec<String>]) -> Value {
    let mut alike = Map::new();
    for group in synonyms {
        for name in group {
            let others: Vec<Value> = group.iter().filter(|other| *other != name).map(|o| json!(o)).collect();
            match alike.entry(name.clone()).or_insert_with(|| json!([])) {
                Value::Array(known) => known.extend(others),
                _ => unreachable!("only arrays are put in"),
            }
        }
    }
    json!({
        "searchableAttributes": [
            "title", "names", "passages.label", "passages.text", "passages.corrected",
            "passages.notes.text", "passages.notes.title", "speakers", "record", "date_label",
        ],
        "filterableAttributes": ["type", "kind", "topics", "speakers", "year", "language", "url"],
        "sortableAttributes": ["date", "year", "segment"],
        "synonyms": alike,
    })
}

fn typesense() -> Value {
    let field = |name: &str, kind: &str| json!({ "name": name, "type": kind });
    let facet = |name: &str, kind: &str| json!({ "name": name, "type": kind, "facet": true });
    let optional = |mut field: Value| {
        field["optional"] = json!(true);
        field
    };
    let words =
        |name: &str, kind: &str| json!({ "name": name, "type": kind, "stem": true, "optional": true });
    let shown = |name: &str| json!({ "name": name, "type": "string", "index": false, "optional": true });
    json!({
        "name": "archive",
        "enable_nested_fields": true,
        "fields": [
            facet("type", "string"),
            shown("url"),
            words("title", "string"),
            optional(field("date", "string")),
            optional(facet("year", "int32")),
            shown("date_label"),
            facet("kind", "string"),
            facet("kind_label", "string"),
            facet("topics", "string[]"),
            facet("topic_labels", "string[]"),
            facet("speakers", "string[]"),
            facet("language", "string"),
            field("segment", "int32"),
            words("names", "string[]"),
            words("record", "string[]"),
            optional(field("passages", "object[]")),
            words("passages.label", "string[]"),
            words("passages.text", "string[]"),
            words("passages.corrected", "string[]"),
            words("passages.notes.text", "string[]"),
        ],
    })
}
