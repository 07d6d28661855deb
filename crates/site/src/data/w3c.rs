//! The annotations of one text as a W3C Web Annotation page: notes, passages
//! of topics, ends of links, corrections, each with the words it stands on and
//! their place in the untouched file.
//!
//! A place is given twice (Web Annotation Data Model, sections 4.2.4 and
//! 4.2.5): by the words with some of their neighbours, and by position. Both
//! are those of the raw file, decoded, without a byte order mark; positions
//! count code points. So whoever has that file, and no more, can find every
//! word again.

use serde_json::{Map, Value, json};

use crate::render::article::Input;
use crate::render::context::Name;
use crate::render::html::{Target, target};
use crate::render::markdown::{self, Place};
use crate::render::press::Press;
use crate::site::link;
use postil_anchor::anchor::{Corrected, Passage};
use postil_anchor::annotation::{By, Citation};
use postil_anchor::document::{Document, TextRange};
use postil_archive::index::{EndIx, LinkIx, NoteIx, PassageIx, TopicIx};
use postil_archive::sidecar::date::Date;

/// Characters of context on each side of a quotation.
const CONTEXT: usize = 32;
/// Code points are counted from the nearest of places this many bytes apart.
const STEP: usize = 1024;

/// The file `texts/<id>.jsonld`.
pub(crate) fn page(press: Press<'_>, input: Input<'_>) -> Vec<u8> {
    let writer = Writer::new(press, input);
    let mut items = writer.notes();
    items.extend(writer.passages());
    items.extend(writer.ends());
    items.extend(writer.corrections());
    let page = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": writer.address(&press.site.annotations_address(input.text)),
        "type": "AnnotationPage",
        "partOf": {
            "id": writer.address(&format!("{}#collection", writer.here)),
            "type": "AnnotationCollection",
            "label": press.site.texts[input.text].title,
            "total": items.len(),
        },
        "items": items,
    });
    let mut bytes = serde_json::to_vec_pretty(&page).expect("strings and numbers have a form in JSON");
    bytes.push(b'\n');
    bytes
}

struct Writer<'a> {
    press: Press<'a>,
    input: Input<'a>,
    points: Points<'a>,
    here: String,
    raw: String,
    rights: Option<String>,
}

impl<'a> Writer<'a> {
    fn new(press: Press<'a>, input: Input<'a>) -> Self {
        let here = press.site.annotations_address(input.text);
        let raw = press.site.raw_address(input.text);
        let mut writer = Self {
            press,
            input,
            points: Points::new(&input.doc.source.text),
            rights: Name::licence(&press.site.archive.config.licence).href,
            here,
            raw: String::new(),
        };
        writer.raw = writer.address(&raw);
        writer
    }

    /// A full address if the site has one, else from this file.
    fn address(&self, to: &str) -> String {
        self.press.full_address(to).unwrap_or_else(|| link::relative(&self.here, to))
    }

    fn notes(&self) -> Vec<Value> {
        let all = self.press.site.annotations;
        let own = all.notes_of(&self.press.site.texts[self.input.text].id);
        let whole = own.filter(|(_, n)| n.selectors.is_empty()).map(|(i, _)| (i, &[][..]));
        let placed = self.input.anchored.notes.iter().filter(|(_, places)| !places.is_empty());
        let placed = placed.map(|(i, places)| (*i, places.as_slice()));
        whole.chain(placed).map(|(i, places)| self.note(i, places)).collect()
    }

    fn note(&self, index: NoteIx, places: &[Passage]) -> Value {
        let site = self.press.site;
        let note = &site.annotations.notes[index];
        let mut bodies = Vec::new();
        let text = markdown::render(site, &note.body, Place { page: "", heading: None }).text;
        if !text.trim().is_empty() {
            bodies.push(self.words(text.trim(), "commenting"));
        }
        bodies.extend(note.topics.iter().filter_map(|topic| {
            let title = &site.annotations.topics[site.topic(&topic.value)?].title;
            Some(self.words(title, "tagging"))
        }));
        bodies.extend(note.sources.iter().map(source));
        let motivation = match (text.trim().is_empty(), note.kind.as_str()) {
            (true, _) => "tagging",
            (false, "question") => "questioning",
            (false, _) => "commenting",
        };
        let mut item = self.item(&site.note_address(index), motivation, bodies, places);
        if let Some(title) = &note.title {
            item.insert("label".into(), json!(title));
        }
        item.insert("creator".into(), creators(self.press, &note.by));
        if let Some(created) = note.date.and_then(moment) {
            item.insert("created".into(), json!(created));
        }
        Value::Object(item)
    }

    fn passages(&self) -> Vec<Value> {
        let site = self.press.site;
        let one = |(topic, passage, places): &(TopicIx, PassageIx, Vec<Passage>)| {
            let entry = &site.annotations.topics[*topic];
            let mut bodies = vec![json!({
                "type": "SpecificResource",
                "source": self.address(&site.topic_address(*topic)),
                "purpose": "classifying",
            })];
            bodies.extend(entry.passages[*passage].why.as_ref().map(|why| {
                let text = markdown::render(site, why, Place { page: "", heading: None }).text;
                self.words(text.trim(), "describing")
            }));
            let id = format!("{}#passage-{}", self.here, passage_id(&entry.slug, *passage));
            Value::Object(self.item(&id, "classifying", bodies, places))
        };
        self.input.anchored.passages.iter().filter(|(_, _, places)| !places.is_empty()).map(one).collect()
    }

    fn ends(&self) -> Vec<Value> {
        let site = self.press.site;
        let one = |(link, end, places): &(LinkIx, EndIx, Vec<Passage>)| {
            let entry = &site.annotations.links[*link];
            let others = entry.ends.iter_enumerated().filter(|(i, _)| i != end).filter_map(|(i, other)| {
                let text = site.text(&other.text.value)?;
                let address = format!("{}#l-{}-{}", site.text_address(text), entry.slug, i.number());
                Some(json!({
                    "type": "SpecificResource", "source": self.address(&address), "purpose": "linking",
                }))
            });
            let mut bodies: Vec<Value> = others.collect();
            bodies.push(self.words(&entry.title, "describing"));
            let id = format!("{}#l-{}-{}", site.text_address(self.input.text), entry.slug, end.number());
            let mut item = self.item(&id, "linking", bodies, places);
            if !entry.by.is_empty() {
                item.insert("creator".into(), creators(self.press, &entry.by));
            }
            Value::Object(item)
        };
        self.input.anchored.ends.iter().filter(|(_, _, places)| !places.is_empty()).map(one).collect()
    }

    fn corrections(&self) -> Vec<Value> {
        let one = |(row, n): (&Corrected, u32)| {
            let mut bodies: Vec<Value> =
                row.reading.iter().map(|reading| self.words(reading, "editing")).collect();
            bodies.push(self.words(&row.reason, "describing"));
            let id = format!("{}#c{n}", self.press.site.text_address(self.input.text));
            let mut item = self.item(&id, "editing", bodies, std::slice::from_ref(&row.place));
            if !row.by.is_empty() {
                item.insert("creator".into(), creators(self.press, &row.by));
            }
            Value::Object(item)
        };
        self.input.anchored.corrections.iter().zip(1..).map(one).collect()
    }

    fn item(&self, id: &str, motivation: &str, bodies: Vec<Value>, places: &[Passage]) -> Map<String, Value> {
        let targets: Vec<Value> = match places {
            [] => vec![json!(self.raw)],
            places => places.iter().map(|place| self.target(place)).collect(),
        };
        let mut item = Map::new();
        item.insert("id".into(), json!(self.address(id)));
        item.insert("type".into(), json!("Annotation"));
        item.insert("motivation".into(), json!(motivation));
        item.insert("body".into(), one_or_many(bodies));
        item.insert("target".into(), one_or_many(targets));
        if let Some(rights) = &self.rights {
            item.insert("rights".into(), json!(rights));
        }
        item
    }

    fn words(&self, words: &str, purpose: &str) -> Value {
        let language = &self.press.site.archive.config.language;
        json!({
            "type": "TextualBody", "value": words, "format": "text/plain",
            "language": language, "purpose": purpose,
        })
    }

    /// From the first word of a place to its last: what is folded away between
    /// them belongs to the raw file, and so to these words in it.
    fn target(&self, place: &Passage) -> Value {
        let text = &self.input.doc.source.text;
        let bytes = raw_range(self.input.doc, TextRange::new(place.start(), place.end()));
        let prefix = tail(&text[..bytes.start]);
        let suffix = head(&text[bytes.end..]);
        let start = self.points.at(bytes.start);
        let exact = &text[bytes.clone()];
        let end = start + exact.chars().count();
        json!({
            "source": self.raw,
            "selector": [
                { "type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix },
                { "type": "TextPositionSelector", "start": start, "end": end },
            ],
        })
    }
}

/// The bytes of the file that hold a range of the visible text.
fn raw_range(doc: &Document, range: TextRange) -> std::ops::Range<usize> {
    let text = &doc.source.text;
    let start = doc.origin(range.start);
    let last = doc.visible[..range.end].char_indices().next_back().map_or(range.start, |(at, _)| at);
    let from = doc.origin(last.max(range.start)).max(start);
    let width = text[from..].chars().next().map_or(0, char::len_utf8);
    start..(from + width)
}

fn passage_id(topic: &str, passage: PassageIx) -> String {
    format!("{topic}-{}", passage.number())
}

/// What a note rests on, with what it is called.
fn source(citation: &Citation) -> Value {
    let note = citation.note.as_ref().map(|note| format!(", {note}"));
    let label = format!("{}{}", citation.title, note.unwrap_or_default());
    match citation.url.as_deref().map(target) {
        Some(Target::Outside(url)) => {
            json!({ "type": "SpecificResource", "source": url, "purpose": "linking", "label": label })
        }
        _ => json!({ "type": "TextualBody", "value": label, "format": "text/plain", "purpose": "linking" }),
    }
}

fn creators(press: Press<'_>, by: &[By]) -> Value {
    one_or_many(by.iter().map(|by| json!({ "type": "Agent", "name": press.site.name(by) })).collect())
}

/// `created` is a moment; of a month or a year none is known.
fn moment(date: Date) -> Option<String> {
    let (year, _, day) = date.plain()?;
    (year > 0 && day.is_some()).then(|| format!("{date}T00:00:00Z"))
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}

fn tail(text: &str) -> &str {
    text.char_indices().rev().take(CONTEXT).last().map_or("", |(at, _)| &text[at..])
}

fn head(text: &str) -> &str {
    text.char_indices().nth(CONTEXT).map_or(text, |(at, _)| &text[..at])
}

/// Code points before a byte, without counting from the beginning each time.
struct Points<'a> {
    text: &'a str,
    /// Code points before every [`STEP`]th byte.
    marks: Vec<usize>,
}

impl<'a> Points<'a> {
    fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STEP) {
            marks.push(count);
            count += chunk.iter().filter(|&&b| starts_a_point(b)).count();
        }
        Self { text, marks }
    }

    fn at(&self, byte: usize) -> usize {
        let mark = (byte / STEP).min(self.marks.len().saturating_sub(1));
        let before = self.marks.get(mark).copied().unwrap_or(0);
        let rest = &self.text.as_bytes()[mark * STEP..byte];
        before + rest.iter().filter(|&&b| starts_a_point(b)).count()
    }
}

/// Every byte of UTF-8 but those that go on with a code point.
fn starts_a_point(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_counted_from_any_byte() {
        let text = "aé漢😀".repeat(700);
        let points = Points::new(&text);
        for (n, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(points.at(byte), n, "byte {byte}");
        }
        assert_eq!(points.at(text.len()), 2800);
        assert_eq!(Points::new("").at(0), 0);
    }

    #[test]
    fn context_is_cut_between_characters() {
        let text = "é".repeat(40);
        assert_eq!(tail(&text).chars().count(), CONTEXT);
        assert_eq!(head(&text).chars().count(), CONTEXT);
        assert_eq!((tail(""), head("ab")), ("", "ab"));
    }
}
