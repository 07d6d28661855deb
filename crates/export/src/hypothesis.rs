//! The notes of a text as Hypothesis has them: what its client exports and takes in again, and what the answers of its
//! interface hold (<https://h.readthedocs.io/en/latest/api-reference/v1/>).
//!
//! Places are quotations with what stands around them, enough to tell them from all others; positions are left out, since
//! Hypothesis counts those on a page, which a theme may make otherwise. An annotation there has one place: of a note on
//! several, each has its own, and all lead to the one note.

use serde_json::{Map, Value, json};

use postil_anchor::anchor::{Anchored, Passage};
use postil_anchor::annotation::{By, Citation, Note};
use postil_anchor::document::{Document, TextRange};
use postil_archive::archive::name;
use postil_archive::index::NoteIx;
use postil_archive::sidecar::date::Date;
use postil_site::render::article::Input;
use postil_site::render::markdown;
use postil_site::site::Site;

/// Characters of context on each side of a quotation that tells its place.
const CONTEXT: usize = 32;
/// Most of them, where less would mean several places.
const MOST_CONTEXT: usize = 2048;

/// The file of a text; none if it has no notes.
pub fn text(input: Input<'_>) -> Option<String> {
    let site = input.site;
    let plan = &site.texts[input.text];
    let writer = Writer { input, reading: Reading::new(input.doc, input.anchored) };
    let placed: std::collections::BTreeMap<NoteIx, &[Passage]> =
        input.anchored.notes.iter().map(|(note, places)| (*note, &places[..])).collect();
    let mut list = Vec::new();
    for (index, note) in site.annotations.notes_of(&plan.id) {
        let places = placed.get(&index).copied().unwrap_or_default();
        list.extend(writer.annotations(index, note, places));
    }
    if list.is_empty() {
        return None;
    }
    let mut file = Map::new();
    let days = site.annotations.notes_of(&plan.id).filter_map(|(_, note)| note.date);
    if let Some(moment) = days.filter_map(moment).max() {
        file.insert("export_date".to_owned(), json!(moment));
    }
    file.insert("export_userid".to_owned(), json!(""));
    file.insert("client_version".to_owned(), json!(concat!("postil ", env!("CARGO_PKG_VERSION"))));
    file.insert("annotations".to_owned(), Value::Array(list));
    let mut json = serde_json::to_string_pretty(&file).expect("strings and numbers have a form in JSON");
    json.push('\n');
    Some(json)
}

struct Writer<'a> {
    input: Input<'a>,
    reading: Reading,
}

impl Writer<'_> {
    fn annotations(&self, index: NoteIx, note: &Note, places: &[Passage]) -> Vec<Value> {
        let site = self.input.site;
        let plan = &site.texts[self.input.text];
        let page = address(site, &site.text_address(self.input.text));
        let here = address(site, &site.note_address(index));
        let names: Vec<&str> = note.by.iter().map(|by| site.name(by)).collect();
        let user = user(site, &note.by);
        let topic = |slug: &str| Some(site.annotations.topics[site.topic(slug)?].title.as_str());
        let tags: Vec<&str> = note.topics.iter().filter_map(|slug| topic(&slug.value)).collect();
        let one = |part: usize, selector: Option<Value>| {
            let mut target = json!({ "source": page });
            if let Some(selector) = selector {
                target["selector"] = json!([selector]);
            }
            let id = format!("{}/{}", plan.id, note.slug);
            let mut one = json!({
                "id": if part == 0 { id } else { format!("{id}.{}", part + 1) },
                "uri": page,
                "text": body(site, note),
                "tags": tags,
                "user": user,
                "user_info": { "display_name": names.join("; ") },
                "group": "__world__",
                "permissions": { "read": ["group:__world__"], "update": [user], "delete": [user] },
                "target": [target],
                "document": { "title": [plan.title] },
                "links": { "incontext": here, "html": here },
                "hidden": false,
                "flagged": false,
            });
            if let Some(moment) = note.date.and_then(moment) {
                one["created"] = json!(moment);
                one["updated"] = json!(moment);
            }
            one
        };
        match places {
            [] if note.selectors.is_empty() => vec![one(0, None)],
            places => {
                places.iter().enumerate().map(|(part, place)| one(part, Some(self.quote(place)))).collect()
            }
        }
    }

    fn quote(&self, place: &Passage) -> Value {
        let Input { doc, anchored, .. } = self.input;
        let exact = anchored.words(doc, place);
        let (prefix, suffix) = self.reading.around(place).unwrap_or_default();
        json!({ "type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix })
    }
}

/// What a note says, in Markdown: its title in bold, its words, and below a rule its sources.
fn body(site: &Site<'_>, note: &Note) -> String {
    let mut parts = Vec::new();
    parts.extend(note.title.as_ref().map(|title| format!("**{}**", markdown::escaped(title))));
    let words = markdown::portable(site, &note.body);
    parts.extend((!words.trim().is_empty()).then(|| words.trim().to_owned()));
    let sources: Vec<String> = note.sources.iter().map(cited).collect();
    parts.extend((!sources.is_empty()).then(|| format!("---\n\n{}", sources.join("\n"))));
    parts.join("\n\n")
}

fn cited(source: &Citation) -> String {
    let title = markdown::escaped(&source.title);
    let title = match &source.url {
        Some(url) => format!("[{title}](<{url}>)"),
        None => title,
    };
    let note = source.note.as_ref().map(|note| format!(", {}", markdown::escaped(note)));
    format!("- {title}{}", note.unwrap_or_default())
}

/// The whole address, or from the root of the site.
fn address(site: &Site<'_>, to: &str) -> String {
    site.full_address(to).unwrap_or_else(|| to.to_owned())
}

/// An account that nobody has: of the archive's own host.
fn user(site: &Site<'_>, by: &[By]) -> String {
    let one = |by: &By| match by {
        By::Contributor(slug) => slug.clone(),
        By::Name(name) => name::some_slug(name).unwrap_or_else(|| "somebody".to_owned()),
    };
    let names = by.iter().map(one).collect::<Vec<_>>().join(".").replace('-', "_");
    let base = site.archive.config.base_url.as_deref();
    let host = base.and_then(|base| base.split("://").nth(1)?.split(['/', ':']).next());
    format!("acct:{names}@{}", host.unwrap_or("localhost"))
}

/// Of a month or a year no moment is known.
fn moment(date: Date) -> Option<String> {
    let (year, _, day) = date.plain()?;
    (year > 0 && day.is_some()).then(|| format!("{date}T00:00:00+00:00"))
}

/// A text as it is read: without its furniture, a space between two blocks.
struct Reading {
    text: String,
    /// Stretches of the visible text, and where each stands in this one.
    stretches: Vec<(TextRange, usize)>,
}

impl Reading {
    fn new(doc: &Document, anchored: &Anchored) -> Self {
        let mut reading = Self { text: String::with_capacity(doc.visible.len()), stretches: Vec::new() };
        let is_cut = |block| anchored.joins.iter().any(|join| join.cut.contains(&block));
        let mut hidden = anchored.furniture.iter().map(|hidden| hidden.range).peekable();
        let mut is_apart = false;
        for block in &doc.blocks {
            let mut at = block.text.start;
            if is_apart && !reading.text.ends_with(' ') {
                reading.text.push(' ');
            }
            let before = reading.text.len();
            while let Some(range) = hidden.next_if(|range| range.start < block.text.end) {
                reading.add(doc, TextRange::new(at, range.start));
                at = at.max(range.end);
            }
            reading.add(doc, TextRange::new(at, block.text.end));
            is_apart = match reading.text.len() == before {
                true => is_apart,
                false => !is_cut(block.number),
            };
        }
        reading
    }

    fn add(&mut self, doc: &Document, range: TextRange) {
        if !range.is_empty() {
            self.stretches.push((range, self.text.len()));
            self.text.push_str(doc.words(range));
        }
    }

    /// What stands around a place; nothing if it is folded away.
    fn around(&self, place: &Passage) -> Option<(&str, &str)> {
        let (start, end) = (self.at(place.start())?, self.at(place.end().checked_sub(1)?)? + 1);
        let exact = self.text.get(start..end)?;
        let mut length = CONTEXT;
        loop {
            let from =
                self.text[..start].char_indices().rev().take(length).last().map_or(start, |(at, _)| at);
            let rest = &self.text[end..];
            let to = rest.char_indices().nth(length).map_or(self.text.len(), |(at, _)| end + at);
            let whole = &self.text[from..to];
            let is_all = from == 0 && to == self.text.len();
            let is_alone = || self.text.matches(whole).nth(1).is_none();
            if length >= MOST_CONTEXT || is_all || exact.is_empty() || is_alone() {
                return Some((&self.text[from..start], &self.text[end..to]));
            }
            length *= 2;
        }
    }

    fn at(&self, visible: usize) -> Option<usize> {
        let next = self.stretches.partition_point(|(range, _)| range.start <= visible);
        let (range, at) = self.stretches.get(next.checked_sub(1)?)?;
        (visible < range.end).then(|| at + visible - range.start)
    }
}
