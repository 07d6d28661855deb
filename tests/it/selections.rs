//! Selections on the pages of the archive, and the files that `postil note` makes
//! for them. The browser tests make the same selections and compare what the panel
//! on the page makes (`tests/browser/suggest.test.mjs`).

use std::collections::BTreeMap;
use std::path::Path;

use postil_anchor::anchor::finder::Finder;
use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::words::{cuts_word, visible_part};
use postil_anchor::anchor::{self, Anchored};
use postil_anchor::annotation::{self, Annotations};
use postil_anchor::document::{Document, TextRange};
use postil_archive::archive::Archive;
use postil_propose::propose::note::{self, Wish};
use postil_propose::propose::prove::{self, Text};
use serde_json::{Value, json};

use super::random::Random;
use super::repository;

/// What a selection lies over; each kind is taken in turn.
const KINDS: [&str; 9] =
    ["words", "word", "paragraphs", "furniture", "join", "correction", "corrected", "note", "term"];
/// Selections on each of the five texts.
const EACH: usize = 40;

/// A text with everything that stands over it.
struct Read<'a> {
    text: &'a Text,
    anchored: Anchored,
    /// Corrections that have a reading.
    read: Vec<TextRange>,
}

impl<'a> Read<'a> {
    fn new(text: &'a Text, all: &Annotations, glossary: &Glossary) -> Self {
        let layers = Index::new(all).layers(&text.doc.id, text.date);
        let anchored = anchor::resolve(&text.doc, &layers, glossary).value;
        let read = anchored.corrections.iter().filter(|row| row.reading.is_some());
        let read = read.map(|row| row.place.hull()).collect();
        Self { text, anchored, read }
    }

    fn doc(&self) -> &Document {
        &self.text.doc
    }

    /// What selections of a kind lie over.
    fn centres(&self, kind: &str) -> Vec<TextRange> {
        let doc = self.doc();
        let edges = |first: u32| {
            let edge = doc.block(first).unwrap().text.end;
            TextRange::new(edge - 1, edge + 1)
        };
        match kind {
            "furniture" => self.anchored.furniture.iter().map(|hidden| hidden.range).collect(),
            "join" => self.anchored.joins.iter().map(|join| edges(join.first)).collect(),
            "correction" => self.anchored.corrections.iter().map(|row| row.place.hull()).collect(),
            "corrected" => self.read.clone(),
            "note" => self.anchored.notes.iter().flat_map(|(_, places)| places).map(|p| p.hull()).collect(),
            "term" => self.anchored.uses.iter().map(|found| found.passage.hull()).collect(),
            _ => Vec::new(),
        }
    }

    /// A stretch as somebody might select it: with ends anywhere.
    fn stretch(&self, kind: &str, dice: &mut Random) -> Option<TextRange> {
        let visible = &self.doc().visible;
        let boundary = |at: usize| (0..=at.min(visible.len())).rev().find(|&at| visible.is_char_boundary(at));
        let (start, end) = match kind {
            "words" | "word" | "paragraphs" => {
                let start = dice.below(visible.len());
                let most = match kind {
                    "word" => 8,
                    "words" => 150,
                    _ if dice.once_in(4) => 4000,
                    _ => 900,
                };
                (start, start + 1 + dice.below(most))
            }
            _ => {
                let centres = self.centres(kind);
                let centre = *centres.get(dice.below(centres.len().max(1)))?;
                let start = if kind == "corrected" {
                    centre.start
                } else {
                    centre.start.saturating_sub(dice.below(40))
                };
                let inside = dice.once_in(2) && kind != "corrected";
                let end = if inside {
                    centre.start + 1 + dice.below(centre.end - centre.start)
                } else {
                    centre.end + dice.below(60)
                };
                (start, end)
            }
        };
        let stretch = TextRange::new(boundary(start)?, boundary(end)?);
        (!stretch.is_empty()).then_some(stretch)
    }

    /// A stretch with its words whole; corrections that begin or end it, too, where their reading is shown.
    fn whole(&self, mut stretch: TextRange, corrected: bool) -> TextRange {
        let visible = &self.doc().visible;
        let outside = |at: usize| !visible.is_char_boundary(at) || cuts_word(visible, at);
        for correction in self.read.iter().filter(|_| corrected) {
            if correction.start <= stretch.start && stretch.start < correction.end {
                stretch.start = correction.start;
            }
            if correction.start < stretch.end && stretch.end <= correction.end {
                stretch.end = correction.end;
            }
        }
        while outside(stretch.start)
            && visible[stretch.start..].chars().next().is_some_and(|c| !c.is_whitespace())
        {
            stretch.start -= 1;
        }
        while outside(stretch.end) {
            stretch.end += 1;
        }
        stretch
    }

    /// A place as a page has it: number of the block, and letters from its start as JavaScript counts them.
    fn point(&self, at: usize) -> Value {
        let block = self.doc().block_at(at);
        let before = &self.doc().visible[block.text.start..at.min(block.text.end)];
        json!([block.number, before.encode_utf16().count()])
    }
}

/// The words that are given to `postil note`: those too long to be looked for by their ends.
fn asked(words: &str) -> String {
    if words.chars().count() <= 2000 {
        return words.to_owned();
    }
    let list: Vec<&str> = words.split_whitespace().collect();
    format!("{} […] {}", list[..20].join(" "), list[list.len() - 20..].join(" "))
}

/// One selection with the file that `postil note` makes of it; none if no note can stand there.
fn selection(
    archive: &mut Archive,
    all: &Annotations,
    read: &Read<'_>,
    kind: &str,
    dice: &mut Random,
) -> Option<Value> {
    let corrected = kind == "corrected";
    let stretch = read.stretch(kind, dice)?;
    let passage = visible_part(read.doc(), &read.anchored.furniture, read.whole(stretch, corrected));
    let words = passage.words(read.doc());
    if !words.chars().any(char::is_alphanumeric) || passage.block_count(read.doc()) > 10 {
        return None;
    }
    let layers = Index::new(all).layers(&read.doc().id, read.text.date);
    let asked = asked(&words);
    let places = Finder::new(read.doc(), &layers).find(&asked).ok()?;
    let nth = places.iter().position(|place| *place == passage)? + 1;
    let rich = dice.once_in(4);
    let wish = Wish {
        words: asked,
        nth: Some(nth),
        by: vec!["Ada \"B\" O’C".into()],
        title: None,
        kind: rich.then(|| "outcome".into()),
        topics: if rich {
            vec![all.topics.raw[dice.below(all.topics.len())].slug.clone()]
        } else {
            Vec::new()
        },
        body: if rich { "  One.\n\n> Two\n".into() } else { "So.".into() },
        slug: None,
    };
    let file = note::note(archive, read.text, &wish).unwrap_or_else(|why| panic!("{words:?}: {why:?}"));
    archive.sidecars.retain(|sidecar| *sidecar.source.path != *file.path);
    let fields = json!({ "by": wish.by[0], "kind": wish.kind, "topics": wish.topics, "body": wish.body });
    Some(json!({
        "text": &*read.doc().id, "kind": kind, "corrected": corrected,
        "from": read.point(stretch.start), "to": read.point(stretch.end),
        "fields": fields, "path": file.path, "file": file.text,
    }))
}

/// Every selection on which a note can stand has a file; they are kept for the browser tests.
#[test]
fn what_somebody_selects_becomes_a_file() {
    let mut archive = postil::theme::read(&repository("")).unwrap().value;
    let all = annotation::parse(&archive).value;
    let glossary = Glossary::new(&all.terms, Defaults::default()).value;
    let texts: Vec<Text> =
        archive.texts.iter().map(|file| prove::load(&archive, file).unwrap().unwrap()).collect();
    let mut dice = Random::new(7);
    let mut selections = Vec::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &texts {
        let read = Read::new(text, &all, &glossary);
        let mut turn = 0;
        let mut count = 0;
        while count < EACH {
            let kind = KINDS[turn % KINDS.len()];
            turn += 1;
            if let Some(made) = selection(&mut archive, &all, &read, kind, &mut dice) {
                selections.push(made);
                *kinds.entry(kind).or_default() += 1;
                count += 1;
            }
        }
    }
    assert_eq!(selections.len(), 200);
    assert!(KINDS.iter().all(|kind| kinds[kind] >= 5), "{kinds:?}");
    let file = |selection: &Value| selection["file"].as_str().unwrap().to_owned();
    for sign in ["**", "[…]", ">\n> "] {
        assert!(selections.iter().any(|s| file(s).contains(sign)), "no file has {sign:?}");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join("selections.json"), serde_json::to_vec_pretty(&selections).unwrap()).unwrap();
}
