//! The archive for programs: what pages say, as JSON, CSV, BibTeX, RIS and
//! CSL-JSON.
//!
//! Written here and not by a template, because their form is a matter of
//! standards and not of looks.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::borrow::Cow;
use typed_index_collections::{TiSlice, TiVec};

use crate::data::cite::{Reference, bibtex::bibtex, csl::csl, ris::ris};
use crate::data::skos;
use crate::render::markdown::{self, Place};
use crate::render::press::{File, Press};
use crate::site::{Facts, Mention, NoteFact, address, figures, uses};
use postil_anchor::annotation::{By, Citation, Markdown, Sense};
use postil_anchor::document::record::Person;
use postil_archive::index::{LinkIx, TextIx, TopicIx};

/// A file of `data/`.
pub(crate) struct DataFile {
    /// Address from the root.
    pub(crate) address: &'static str,
    /// Key of the words that say what it holds.
    pub(crate) says: &'static str,
    make: fn(Press<'_>, &TiSlice<TextIx, Facts>) -> Vec<u8>,
}

impl DataFile {
    /// The file.
    pub(crate) fn file(&self, press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> File {
        File { address: self.address.to_owned(), bytes: (self.make)(press, facts) }
    }
}

/// The files of `data/`, in the order in which they are offered.
pub(crate) const FILES: &[DataFile] = &[
    DataFile {
        address: address::DATA_JSON,
        says: "data_json",
        make: |press, facts| pretty(&Archive { press, facts }),
    },
    DataFile {
        address: address::DATA_TEXTS_CSV,
        says: "data_texts_csv",
        make: |press, facts| texts_csv(press, facts).into_bytes(),
    },
    DataFile {
        address: address::DATA_NOTES_CSV,
        says: "data_notes_csv",
        make: |press, facts| notes_csv(press, facts).into_bytes(),
    },
    DataFile {
        address: address::DATA_TERMS_CSV,
        says: "data_terms_csv",
        make: |press, facts| terms_csv(press, facts).into_bytes(),
    },
    DataFile {
        address: address::DATA_SKOS,
        says: "data_skos",
        make: |press, _| skos::turtle(press.site).into_bytes(),
    },
    DataFile {
        address: address::DATA_FIGURES_CSV,
        says: "data_figures_csv",
        make: |press, facts| figures_csv(press, facts).into_bytes(),
    },
    DataFile {
        address: address::DATA_BIBTEX,
        says: "data_bibtex",
        make: |press, facts| {
            references(press, facts).map(|r| bibtex(&r)).collect::<Vec<_>>().join("\n").into_bytes()
        },
    },
    DataFile {
        address: address::DATA_RIS,
        says: "data_ris",
        make: |press, facts| {
            references(press, facts).map(|r| ris(&r)).collect::<Vec<_>>().join("\r\n").into_bytes()
        },
    },
    DataFile {
        address: address::DATA_CSL,
        says: "data_csl",
        make: |press, facts| pretty(&Each(|| references(press, facts).map(|r| csl(&r)))),
    },
];

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("strings and numbers have a form in JSON");
    bytes.push(b'\n');
    bytes
}

/// The references of all texts, by date.
fn references<'a>(
    press: Press<'a>,
    facts: &'a TiSlice<TextIx, Facts>,
) -> impl Iterator<Item = Reference> + 'a {
    press.site.by_date.iter().map(move |&text| press.cited(&facts[text]))
}

/// Values of a list, each made when it is written: a large archive has many.
struct Each<F>(F);

impl<T: Serialize, I: Iterator<Item = T>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0())
    }
}

/// Everything but the words of the texts, which lie in `raw/`.
struct Archive<'a> {
    press: Press<'a>,
    facts: &'a TiSlice<TextIx, Facts>,
}

impl Serialize for Archive<'_> {
    /// Keys are sorted, as in all other objects.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let &Self { press, facts } = self;
        let (site, all) = (press.site, press.site.annotations);
        let config = &site.archive.config;
        let mut out = to.serialize_map(None)?;
        out.serialize_entry("base_url", &config.base_url)?;
        out.serialize_entry(
            "contributors",
            &Each(|| {
                all.contributors.iter().map(|c| json!({
            "slug": c.slug, "name": c.name, "affiliation": c.affiliation, "role": c.role, "url": c.url,
        }))
            }),
        )?;
        out.serialize_entry("language", &config.language)?;
        out.serialize_entry("licence", &config.licence)?;
        out.serialize_entry("links", &links(press, facts))?;
        let notes = || facts.iter().flat_map(|f| &f.notes).map(|fact| note(press, fact));
        out.serialize_entry("notes", &Each(notes))?;
        out.serialize_entry("terms", &terms(press, facts))?;
        let texts = || site.by_date.iter().map(|&t| text(press, &facts[t], t));
        out.serialize_entry("texts", &Each(texts))?;
        out.serialize_entry("title", &config.title)?;
        out.serialize_entry("topics", &topics(press, facts))?;
        out.end()
    }
}

fn note(press: Press<'_>, fact: &NoteFact) -> Value {
    let note = &press.site.annotations.notes[fact.note];
    json!({
        "text": &*note.text,
        "slug": note.slug,
        "address": press.site.note_address(fact.note),
        "title": note.title,
        "kind": note.kind,
        "by": names(press, &note.by),
        "role": note.role,
        "date": note.date.map(|d| d.to_string()),
        "certainty": note.certainty.name(),
        "topics": note.topics.iter().map(|t| &t.value).collect::<Vec<_>>(),
        "places": fact.places.iter().map(|m| place(press, m)).collect::<Vec<_>>(),
        "body": plain(press, &note.body),
        "sources": sources(&note.sources),
        "figures": note.figures.iter().map(|f| json!({
            "series": f.series, "date": f.date.to_string(), "value": f.value, "to": f.to, "shown": f.shown,
            "what": f.what, "in_text": f.in_text,
        })).collect::<Vec<_>>(),
        "events": note.events.iter().map(|e| json!({ "date": e.date.to_string(), "what": e.what }))
            .collect::<Vec<_>>(),
    })
}

fn text(press: Press<'_>, facts: &Facts, index: TextIx) -> Value {
    let site = press.site;
    let plan = &site.texts[index];
    let record = &plan.record;
    let refs: Vec<Value> =
        record.refs.iter().map(|(name, values)| json!({ "name": name, "values": values })).collect();
    json!({
        "id": &*plan.id,
        "title": plan.title,
        "date": plan.date().map(|d| d.to_string()),
        "date_shown": record.date_shown,
        "kind": record.kind,
        "house": record.house,
        "authors": people(&record.authors),
        "recipients": people(&record.recipients),
        "people": people(&record.people),
        "places": record.places.iter().map(|place| &place.name).collect::<Vec<_>>(),
        "number": record.number,
        "summary": record.summary,
        "meta": pairs(&record.meta),
        "originals": record.originals.iter().map(|original| json!({
            "file": original.path, "sha256": original.sha256, "media_type": original.media_type, "part": original.part,
        })).collect::<Vec<_>>(),
        "left_out": pairs(&record.left_out),
        "refs": refs,
        "source": record.origin.as_ref().map(|o| json!({
            "name": o.name, "url": o.url, "retrieved": o.retrieved.map(|d| d.to_string()),
        })),
        "rights": record.rights,
        "rights_url": record.rights_url,
        "language": plan.lang,
        "page": site.text_address(index),
        "raw": site.raw_address(index),
        "annotations": site.annotations_address(index),
        "sha256": facts.sha256,
        "bytes": facts.bytes,
        "words": facts.words,
        "paragraphs": facts.blocks,
        "corrections": facts.corrections.len(),
    })
}

fn people(people: &[Person]) -> Vec<Value> {
    people.iter().map(|person| json!({ "name": person.name, "role": person.role })).collect()
}

/// What has free keys, as an object.
fn pairs<T: Clone + Into<Value>>(pairs: &[(String, T)]) -> Value {
    pairs
        .iter()
        .map(|(key, value)| (key.clone(), value.clone().into()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn terms(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Value> {
    let uses = uses::totals(facts, press.site.annotations.terms.len());
    let sense = |s: &Sense| {
        json!({
            "id": s.id, "name": s.name,
            "from": s.from.map(|d| d.to_string()), "until": s.until.map(|d| d.to_string()),
            "definition": plain(press, &s.definition), "certainty": s.certainty.name(),
            "predecessor": s.predecessor.as_ref().map(|p| p.value.to_string()),
            "successor": s.successor.as_ref().map(|p| p.value.to_string()),
            "sources": sources(&s.sources),
        })
    };
    let terms = press.site.annotations.terms.iter_enumerated().zip(uses);
    terms
        .map(|((i, term), uses)| {
            json!({
                "slug": term.slug, "term": term.term.value, "kind": term.kind,
                "forms": term.forms.iter().map(|f| &f.value).collect::<Vec<_>>(),
                "see": term.see.iter().map(|s| &s.value).collect::<Vec<_>>(),
                "senses": term.senses.iter().map(sense).collect::<Vec<_>>(),
                "uses": uses, "page": press.site.term_address(i),
            })
        })
        .collect()
}

fn topics(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Value> {
    let site = press.site;
    let mut passages: TiVec<TopicIx, Vec<Value>> = vec![Vec::new(); site.annotations.topics.len()].into();
    for &text in &site.by_date {
        for (topic, passage, places) in &facts[text].passages {
            let why = site.annotations.topics[*topic].passages[*passage].why.as_ref();
            passages[*topic].push(json!({
                "text": &*site.texts[text].id,
                "places": places.iter().map(|m| place(press, m)).collect::<Vec<_>>(),
                "why": why.map(|why| plain(press, why)),
            }));
        }
    }
    let topics = site.annotations.topics.iter_enumerated().zip(passages);
    topics
        .map(|((i, topic), passages)| {
            json!({
                "slug": topic.slug, "title": topic.title,
                "scope": topic.scope.as_ref().map(|s| plain(press, s)),
                "parent": topic.parent.as_ref().map(|p| &p.value),
                "passages": passages, "page": site.topic_address(i),
            })
        })
        .collect()
}

fn links(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Value> {
    let site = press.site;
    let mut ends: TiVec<LinkIx, Vec<Value>> = vec![Vec::new(); site.annotations.links.len()].into();
    for (link, end, places) in facts.iter().flat_map(|f| &f.ends) {
        let text = &site.annotations.links[*link].ends[*end].text.value;
        ends[*link].push(
            json!({ "text": &**text, "places": places.iter().map(|m| place(press, m)).collect::<Vec<_>>() }),
        );
    }
    let links = site.annotations.links.iter().zip(ends);
    links
        .map(|(link, ends)| {
            json!({
                "slug": link.slug, "title": link.title, "relation": link.relation,
                "note": link.note.as_ref().map(|n| plain(press, n)),
                "by": names(press, &link.by), "ends": ends,
            })
        })
        .collect()
}

fn place(press: Press<'_>, mention: &Mention) -> Value {
    json!({ "paragraph": mention.block, "words": mention.words, "speaker": speaker(press, mention) })
}

/// Who says the words of a passage.
fn speaker<'a>(press: Press<'a>, mention: &'a Mention) -> Option<Cow<'a, str>> {
    mention.place.speaker.as_ref().map(|speaker| press.site.speaker(speaker))
}

fn names<'a>(press: Press<'a>, by: &'a [By]) -> Vec<&'a str> {
    by.iter().map(|by| press.site.name(by)).collect()
}

fn sources(sources: &[Citation]) -> Vec<Value> {
    sources.iter().map(|s| json!({ "title": s.title, "url": s.url, "note": s.note })).collect()
}

fn plain(press: Press<'_>, markdown: &Markdown) -> String {
    markdown::render(press.site, markdown, Place { page: "", heading: None }).text.trim().to_owned()
}

fn texts_csv(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> String {
    let site = press.site;
    let head = [
        "id",
        "title",
        "date",
        "date_shown",
        "kind",
        "house",
        "authors",
        "recipients",
        "people",
        "places",
        "number",
        "summary",
        "source",
        "source_url",
        "rights",
        "rights_url",
        "language",
        "words",
        "paragraphs",
        "notes",
        "sha256",
        "page",
        "raw",
    ];
    let rows = site.by_date.iter().map(|&t| {
        let (plan, facts) = (&site.texts[t], &facts[t]);
        let record = &plan.record;
        let names = |people: &[Person]| people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join("; ");
        let origin = record.origin.as_ref();
        vec![
            plan.id.to_string(),
            plan.title.clone(),
            plan.date().map(|d| d.to_string()).unwrap_or_default(),
            record.date_shown.clone().unwrap_or_default(),
            record.kind.clone().unwrap_or_default(),
            record.house.clone().unwrap_or_default(),
            names(&record.authors),
            names(&record.recipients),
            names(&record.people),
            names(&record.places),
            record.number.clone().unwrap_or_default(),
            record.summary.clone().unwrap_or_default(),
            origin.map(|o| o.name.clone()).unwrap_or_default(),
            origin.and_then(|o| o.url.clone()).unwrap_or_default(),
            record.rights.clone().unwrap_or_default(),
            record.rights_url.clone().unwrap_or_default(),
            plan.lang.clone(),
            facts.words.to_string(),
            facts.blocks.to_string(),
            facts.notes.len().to_string(),
            facts.sha256.clone(),
            site.text_address(t),
            site.raw_address(t),
        ]
    });
    csv(&head, rows)
}

fn notes_csv(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> String {
    let site = press.site;
    let head = [
        "text",
        "note",
        "title",
        "kind",
        "by",
        "date",
        "certainty",
        "topics",
        "paragraph",
        "speaker",
        "quotation",
        "body",
        "sources",
        "page",
    ];
    let rows = facts.iter().flat_map(|f| &f.notes).map(|fact| {
        let note = &site.annotations.notes[fact.note];
        let topics: Vec<&str> = note.topics.iter().map(|t| t.value.as_str()).collect();
        let sources: Vec<&str> = note.sources.iter().map(|s| s.title.as_str()).collect();
        let words: Vec<&str> = fact.places.iter().map(|m| m.words.as_str()).collect();
        vec![
            note.text.to_string(),
            note.slug.clone(),
            note.title.clone().unwrap_or_default(),
            note.kind.clone(),
            names(press, &note.by).join("; "),
            note.date.map(|d| d.to_string()).unwrap_or_default(),
            note.certainty.name().to_owned(),
            topics.join("; "),
            fact.places.first().map(|m| m.block.to_string()).unwrap_or_default(),
            fact.places.first().and_then(|m| speaker(press, m)).unwrap_or_default().into_owned(),
            words.join(" … "),
            plain(press, &note.body),
            sources.join("; "),
            site.note_address(fact.note),
        ]
    });
    csv(&head, rows)
}

fn terms_csv(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> String {
    let site = press.site;
    let head = ["term", "slug", "kind", "name", "from", "until", "definition", "uses", "page"];
    let uses = uses::totals(facts, press.site.annotations.terms.len());
    let rows = site.annotations.terms.iter_enumerated().flat_map(|(i, term)| {
        let uses = uses[i];
        term.senses.iter().map(move |sense| {
            vec![
                term.term.value.clone(),
                term.slug.clone(),
                term.kind.clone(),
                sense.name.clone().unwrap_or_default(),
                sense.from.map(|d| d.to_string()).unwrap_or_default(),
                sense.until.map(|d| d.to_string()).unwrap_or_default(),
                plain(press, &sense.definition),
                uses.to_string(),
                site.term_address(i),
            ]
        })
    });
    csv(&head, rows)
}

fn figures_csv(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> String {
    let site = press.site;
    let head = [
        "series",
        "title",
        "date",
        "value",
        "to",
        "shown",
        "what",
        "in_text",
        "text",
        "note",
        "paragraph",
        "page",
    ];
    let series = site.archive.config.series.iter();
    let told =
        series.flat_map(|of| figures::told(site, facts, &of.0).into_iter().map(move |told| (of, told)));
    let rows = told.map(|((key, title), (fact, figure))| {
        let note = &site.annotations.notes[fact.note];
        vec![
            key.clone(),
            title.clone(),
            figure.date.to_string(),
            figure.value.to_string(),
            figure.to.map(|to| to.to_string()).unwrap_or_default(),
            figure.shown.clone().unwrap_or_default(),
            figure.what.clone(),
            figure.in_text.to_string(),
            note.text.to_string(),
            note.slug.clone(),
            fact.places.first().map(|m| m.block.to_string()).unwrap_or_default(),
            site.note_address(fact.note),
        ]
    });
    csv(&head, rows)
}

/// A table as RFC 4180 has it.
fn csv(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = head.join(",");
    out.push_str("\r\n");
    for row in rows {
        for (i, value) in row.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            cell(&mut out, value);
        }
        out.push_str("\r\n");
    }
    out
}

/// A cell. A spreadsheet runs what begins like a formula, so such a one gets the
/// apostrophe by which spreadsheets know text.
fn cell(out: &mut String, value: &str) {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = value.replace('"', "\"\"");
    if formula || value.contains(['"', ',', '\n', '\r']) {
        out.push('"');
        out.push_str(if formula { "'" } else { "" });
        out.push_str(&value);
        out.push('"');
    } else {
        out.push_str(&value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_its_cells_apart() {
        #[track_caller]
        fn check(value: &str, expected: &str) {
            let table = csv(&["a"], std::iter::once(vec![value.to_owned(), "z".to_owned()]));
            assert_eq!(table, format!("a\r\n{expected},z\r\n"));
        }
        check("plain", "plain");
        check("a, \"b\"\nc", "\"a, \"\"b\"\"\nc\"");
        check("=HYPERLINK(1)", "\"'=HYPERLINK(1)\"");
        check("@x", "\"'@x\"");
        check("", "");
    }
}
