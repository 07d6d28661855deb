//! The archive's notes, connections and corrections as W3C EPUB Annotations (EPUB Annotations 1.0, working draft of
//! 2026), which stand on the book's own words.
//!
//! A place is given twice: by an element with positions in it, counted in code points over the words of the finished
//! file with all that the book puts between them; and as a text fragment. One body, one target, one creator each, as the
//! draft has it: what stands on two passages is there twice.

use std::io::{self, Write};

use postil_anchor::annotation::By;
use postil_anchor::overlay::ItemKind;
use postil_archive::index::{ItemIx, NoteIx};
use postil_archive::sidecar::date::Date;
use postil_site::render::article::Input;
use postil_site::render::margin::relation;
use postil_site::render::margin::{item_id, kind_number};
use postil_site::site::{Facts, link};
use serde_json::{Value, json};

use super::chapter::{RECORD, Written};
use super::{Names, id, notes};

/// Where an item stands in the record of a file: bytes of its XHTML.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) item: ItemIx,
    /// Which of its places.
    pub(super) place: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The names of colours and of ways to highlight that the draft has.
const COLOURS: [&str; 6] = ["yellow", "green", "blue", "pink", "purple", "orange"];

/// The annotations of a text, in the order of their places.
pub(super) fn of(input: Input<'_>, facts: &Facts, parts: &[Written], names: &Names) -> Vec<Value> {
    let site = input.site;
    let all = site.annotations;
    let mut out = Vec::new();
    for fact in facts.notes.iter().filter(|fact| fact.number == 0) {
        let entry = &all.notes[fact.note];
        let target = json!({ "source": names.source(input.text, 0) });
        let body = Body {
            words: notes::note_plain(site, fact.note),
            tag: site.note_kind(&entry.kind).to_owned(),
            topics: topics(input, fact.note),
            colour: 0,
            highlight: None,
        };
        let name = format!("n-{}", entry.slug);
        out.push(annotation(input, names, &name, body, &entry.by, entry.date, target));
    }
    for (number, part) in parts.iter().enumerate() {
        for span in whole(&part.spans) {
            let item = &input.overlay.items[span.item];
            let target = json!({
                "source": names.source(input.text, number),
                "selector": selectors(input, &part.record, span),
            });
            let many = if item.places.len() > 1 { format!("-{}", span.place + 1) } else { String::new() };
            let name = format!("{}{many}", item_id(site, item.kind));
            let (by, date, body) = match item.kind {
                ItemKind::Note(note) => {
                    let entry = &all.notes[note];
                    let body = Body {
                        words: notes::plain(input, span.item),
                        tag: site.note_kind(&entry.kind).to_owned(),
                        topics: topics(input, note),
                        colour: kind_number(site, item.kind),
                        highlight: Some("solid"),
                    };
                    (&entry.by, entry.date, body)
                }
                ItemKind::End(link, _) => {
                    let entry = &all.links[link];
                    let body = Body {
                        words: notes::plain(input, span.item),
                        tag: relation(input.words, &entry.relation),
                        topics: Vec::new(),
                        colour: 2,
                        highlight: Some("underline"),
                    };
                    (&entry.by, None, body)
                }
            };
            out.push(annotation(input, names, &name, body, by, date, target));
        }
    }
    out
}

/// A place that is cut, by others or by the ends of paragraphs, from its first byte to its last.
fn whole(spans: &[Span]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.iter_mut().find(|known| (known.item, known.place) == (span.item, span.place)) {
            Some(known) => known.end = known.end.max(span.end),
            None => out.push(*span),
        }
    }
    out
}

struct Body {
    words: String,
    tag: String,
    topics: Vec<String>,
    colour: usize,
    highlight: Option<&'static str>,
}

fn topics(input: Input<'_>, note: NoteIx) -> Vec<String> {
    let all = input.site.annotations;
    let topics = all.notes[note].topics.iter().filter_map(|topic| input.site.topic(&topic.value));
    topics.map(|topic| all.topics[topic].title.clone()).collect()
}

fn annotation(
    input: Input<'_>,
    names: &Names,
    name: &str,
    body: Body,
    by: &[By],
    date: Option<Date>,
    target: Value,
) -> Value {
    let site = input.site;
    let people = notes::names(site, by);
    let (kind, who) = match &people[..] {
        [] => ("Organization", site.archive.config.title.clone()),
        [one] => ("Person", one.clone()),
        many => ("Organization", many.join(", ")),
    };
    let created = date.and_then(postil_site::render::date::rfc3339);
    let mut tags = vec![body.tag];
    tags.extend(body.topics);
    let mut textual = json!({
        "type": "TextualBody", "format": "text/plain", "value": body.words, "tags": tags,
    });
    if let Some(highlight) = body.highlight {
        textual["color"] = json!(COLOURS[body.colour % COLOURS.len()]);
        textual["highlight"] = json!(highlight);
    }
    json!({
        "id": id::urn(&[&names.seed, "annotation", &site.texts[input.text].id, name]),
        "type": "Annotation",
        "motivation": "commenting",
        "created": created.unwrap_or_else(|| names.modified.clone()),
        "creator": { "id": id::urn(&[&names.seed, "creator", &who]), "type": kind, "name": who },
        "target": target,
        "body": textual,
    })
}

/// Where a paragraph begins in the XHTML of a record.
const BLOCK: &str = " data-block=\"";

fn selectors(input: Input<'_>, record: &str, span: Span) -> Value {
    let (mut element, mut from) = (RECORD.to_owned(), 0);
    // Paragraphs do not nest: one that begins between the two ends means that several are meant.
    let begins = record[..span.start].rfind(BLOCK).filter(|_| !record[span.start..span.end].contains(BLOCK));
    if let Some(at) = begins {
        let number = record[at + BLOCK.len()..].split('"').next().unwrap_or_default();
        element = format!("p{number}");
        from = at + record[at..].find('>').map_or(0, |end| end + 1);
    }
    let start = points(&record[from..span.start]);
    let end = start + points(&record[span.start..span.end]);
    let item = &input.overlay.items[span.item];
    let words: Vec<&str> =
        item.places[span.place].ranges.iter().map(|range| input.doc.words(*range)).collect();
    let fragment = link::fragment(item.first_block, &words.join(" "));
    let fragment = fragment.find(":~:").map(|at| &fragment[at..]);
    let mut selectors = vec![json!({
        "type": "CssSelector",
        "value": format!("#{element}"),
        "refinedBy": { "type": "TextPositionSelector", "start": start, "end": end },
    })];
    selectors.extend(fragment.map(|fragment| {
        json!({
            "type": "FragmentSelector",
            "conformsTo": "https://wicg.github.io/scroll-to-text-fragment/",
            "value": fragment,
        })
    }));
    Value::Array(selectors)
}

/// Code points of the words of some XHTML: what stands for one is one.
fn points(xhtml: &str) -> usize {
    let mut count = 0;
    let mut rest = xhtml;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '<' => rest.find('>'),
            '&' => rest.find(';'),
            _ => None,
        };
        count += usize::from(c != '<');
        rest = &rest[skipped.map_or(c.len_utf8(), |end| end + 1)..];
    }
    count
}

/// Writes the whole file, from its annotations as they were put aside.
pub(super) fn write(
    out: &mut impl Write,
    names: &Names,
    about: Value,
    title: &str,
    items: impl Iterator<Item = io::Result<Vec<u8>>>,
) -> io::Result<()> {
    let head = json!({
        "@context": ["https://www.w3.org/ns/epub-anno.jsonld", { "@language": names.language }],
        "id": id::urn(&[&names.seed, "annotations", title]),
        "type": "AnnotationSet",
        "generated": names.modified,
        "generator": { "id": id::urn(&["postil"]), "type": "Software", "name": "postil" },
        "about": about,
    });
    let head = head.to_string();
    out.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
    out.write_all(b",\"items\":[")?;
    for (i, item) in items.enumerate() {
        out.write_all(if i > 0 { b",\n" } else { b"\n" })?;
        out.write_all(&item?)?;
    }
    out.write_all(b"\n]}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_code_points() {
        assert_eq!(points("a<b x=\"1\">é&amp;</b>😀"), 4);
        assert_eq!(points(""), 0);
    }
}
