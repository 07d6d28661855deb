//! RESOLVE: quotations become places, and the glossary's terms are found.
//!
//! Comes in: a [`Document`] and the annotations of that text. Goes out: an
//! [`Anchored`]: ranges of visible text, and a diagnostic for each selector that
//! has no place, or more than one. There is no guessing: a place is exact or it
//! is an error.
//!
//! Steps, as [`resolve`] walks them: the text is folded ([`fold`]); furniture is
//! placed in the raw stream ([`apparatus`]); what is left is the reading stream
//! ([`stream`]); all selectors are placed in it in one pass, or else in the raw
//! stream ([`pattern`], [`needles`], [`place`], [`sift`]); what has no place is
//! reported ([`report`], [`hint`]); then the terms of the [`glossary`] are found
//! in what is left visible ([`terms`]).
//!
//! This room knows no HTML and no addresses, and reads no file.

mod apparatus;
mod at;
mod context;
mod days;
pub mod finder;
pub mod footnotes;
pub mod follow;
pub mod gaps;
pub mod fold;
pub mod forms;
pub mod glob;
pub mod glossary;
mod hint;
pub mod hyphens;
pub mod layers;
mod lines;
mod matches;
mod needles;
mod nearest;
mod notes;
mod numbers;
mod opens;
mod points;
mod pattern;
mod place;
mod report;
mod rewrite;
mod rows;
pub mod sense;
mod sift;
pub mod sketch;
mod stream;
mod term_report;
mod terms;
mod tracks;
pub mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::FxHashSet;
use typed_index_collections::TiVec;

use crate::annotation::{
    Annotations, Apparatus, By, Certainty, Form, Furniture, Level, LinkEnd, Note, Part, RowKind, Selector,
    Speaker, TermRow, TermRowOn, TopicPassage, Words,
};
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::Checked;
use postil_archive::index::{
    CorrectionIx, EndIx, FurnitureIx, LinkIx, NoteIx, PassageIx, PointIx, RowIx, SenseIx, TermIx, TopicIx,
    UseIx,
};
use postil_archive::sidecar::date::Date;

use self::footnotes::Footnote;
use self::forms::Formed;
use self::glossary::Glossary;
use self::hyphens::Cut;
use self::needles::Needles;
use self::place::{Outcome, Purpose, Request};
use self::report::Reporter;
use self::sketch::Sketch;
use self::stream::Streams;

/// All annotations of one text, picked out of the archive's.
#[derive(Debug)]
pub struct Layers<'a> {
    /// The text's date, for the senses of terms.
    pub date: Option<Date>,
    /// What apparatuses say of it, those of outer folders first, its own last.
    pub apparatuses: Vec<&'a Apparatus>,
    /// Rows of `annotations/furniture.toml` for it, with their index there.
    pub shared: Vec<(FurnitureIx, &'a Furniture)>,
    /// Its notes, with their index in [`Annotations::notes`].
    pub notes: Vec<(NoteIx, &'a Note)>,
    /// Passages of topics: index of the topic, index of the passage.
    pub passages: Vec<(TopicIx, PassageIx, &'a TopicPassage)>,
    /// Ends of links: index of the link, index of the end.
    pub ends: Vec<(LinkIx, EndIx, &'a LinkEnd)>,
    /// Everything, for names in messages.
    pub all: &'a Annotations,
}

/// One place: what it covers of the visible text, in order, furniture left
/// out; one range or more for each block it touches; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// Sorted, not touching; no range crosses a block's end.
    pub ranges: Vec<TextRange>,
}

/// Where everything of one text stands.
#[derive(Debug, Default)]
pub struct Anchored {
    /// Furniture, sorted by start, not overlapping (the union of all rows);
    /// ranges do not cross blocks.
    pub furniture: Vec<Hidden>,
    /// For each shared row of [`Layers::shared`]: how many places it found here.
    pub shared_found: Vec<usize>,
    /// Joins: first and last block number (hidden blocks between included), what joins them, sorted.
    pub joins: Vec<Joined>,
    /// Corrections, each place of each row. Sorted by place; none overlap.
    pub corrections: TiVec<CorrectionIx, Corrected>,
    /// Structure, each place of each row. Outer before inner, in reading order.
    pub structure: TiVec<RowIx, Placed>,
    /// Parts of blocks that lie as they like, in reading order.
    pub parts: Vec<Placed>,
    /// Marks of footnotes, with those they lead to.
    pub footnotes: Vec<Footnote>,
    /// Pages and times that begin in the text, in its order.
    pub points: TiVec<PointIx, Point>,
    /// Rows of folders that find something here: their file, and where they stand in it.
    pub found: Vec<(Arc<str>, usize)>,
    /// Words that are cut at a line end and joined because all are, and not because they are listed.
    pub cut: Vec<Cut>,
    /// Blocks that have a form, sorted.
    pub forms: Vec<Formed>,
    /// Who speaks in rows of a kind that do not say it.
    pub speaker_of: Vec<(RowKind, Speaker)>,
    /// Notes: index in [`Annotations::notes`] and its places (none for a note on
    /// the whole text, or for one that is broken), in reading order of their first place.
    pub notes: Vec<(NoteIx, Vec<Passage>)>,
    /// Notes that could not be placed: index in [`Annotations::notes`].
    pub unplaced: Vec<NoteIx>,
    /// Passages of topics: topic, passage, places.
    pub passages: Vec<(TopicIx, PassageIx, Vec<Passage>)>,
    /// Ends of links: link, end, places.
    pub ends: Vec<(LinkIx, EndIx, Vec<Passage>)>,
    /// Uses of terms, in reading order, not overlapping.
    pub uses: TiVec<UseIx, TermUse>,
    /// Quotations of which nothing was found here.
    pub astray: Vec<Astray>,
    /// The letters in which terms were looked for.
    pub sketch: Sketch,
}

/// A row of the structure at one of its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// What it says there.
    pub part: Part,
    /// What it covers.
    pub place: Passage,
    /// First and last block, hidden ones at its ends included, if it covers blocks whole.
    pub blocks: Option<(u32, u32)>,
}

/// A correction at one of its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The words as they stand.
    pub place: Passage,
    /// What they should be; without it, a bare *sic*.
    pub reading: Option<String>,
    /// Why.
    pub reason: String,
    /// How sure.
    pub certainty: Certainty,
    /// Who says so: of the row, else of its file.
    pub by: Vec<By>,
    /// Whether that is said in the row.
    pub by_row: bool,
}

/// Words of a quotation that its own text does not have: another may have them.
#[derive(Debug, Clone)]
pub struct Astray {
    /// The words.
    pub words: Words,
    /// The file of the problem,
    pub path: Arc<str>,
    /// and its line
    pub line: u32,
    /// and column.
    pub column: u32,
}

/// A stretch of furniture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// What is hidden.
    pub range: TextRange,
    /// Why: of the first row that hides it.
    pub reason: String,
}

/// A page or a time that begins in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its kind, and its numbers as shown.
    pub part: Part,
    /// Its address on the page of the text.
    pub id: String,
    /// The byte of the visible text before which it stands.
    pub at: usize,
    /// Seconds since the beginning, of a time that counts from there.
    pub seconds: Option<u32>,
}

/// Blocks that are one paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// First block number.
    pub first: u32,
    /// Last block number.
    pub last: u32,
    /// What joins them.
    pub glue: String,
    /// Blocks at whose end a word is cut: nothing joins it to its other half.
    pub cut: Vec<u32>,
}

/// One use of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermUse {
    /// What it covers (more than one range where furniture, or a join, is inside).
    pub passage: Passage,
    /// Index in [`Annotations::terms`].
    pub term: TermIx,
    /// Index of the sense.
    pub sense: SenseIx,
    /// The form that was matched, as in the file.
    pub form: String,
    /// Whether the form is a declared misprint.
    pub misprint: bool,
    /// Whether it opens the definition here (else it is a quiet link).
    pub opens: bool,
    /// Whether the sense's dates do not cover the text's date.
    pub out_of_time: bool,
}

impl Anchored {
    /// The rows of the structure, then the parts that lie as they like: as [`crate::overlay`] counts them.
    pub fn placed(&self, row: RowIx) -> Option<&Placed> {
        let index = usize::from(row);
        let parts = || self.parts.get(index.checked_sub(self.structure.len())?);
        self.structure.get(row).or_else(parts)
    }

    /// The form of a block, if it has one.
    pub fn form(&self, block: u32) -> Option<&Formed> {
        let i = self.forms.binary_search_by_key(&block, |formed| formed.block).ok()?;
        Some(&self.forms[i])
    }

    /// Words that are cut at the end of one block and go on in another: the two, and where the second half stands.
    pub fn halves(&self, doc: &Document) -> Vec<(u32, u32, TextRange)> {
        let half = |cut: u32, last: u32| {
            let shown = |block: u32| {
                let part = words::visible_part(doc, &self.furniture, doc.block(block)?.text);
                Some((block, *part.ranges.first()?))
            };
            let (block, first) = (cut + 1..=last).find_map(shown)?;
            let end = doc.words(first).find(char::is_whitespace).map_or(first.end, |at| first.start + at);
            Some((cut, block, TextRange::new(first.start, end)))
        };
        self.joins
            .iter()
            .flat_map(|join| join.cut.iter().filter_map(move |&cut| half(cut, join.last)))
            .collect()
    }

    /// The words of a place, as a reader sees them; a space between two blocks, but where a word goes on.
    pub fn words(&self, doc: &Document, passage: &Passage) -> String {
        let mut words = String::new();
        let mut before = None;
        for &range in &passage.ranges {
            let here = doc.block_at(range.start).number;
            let is_cut = |block| self.joins.iter().any(|join| join.cut.contains(&block));
            if before.is_some_and(|before| before != here && !is_cut(before)) {
                words.push(' ');
            }
            words.push_str(doc.words(range));
            before = Some(here);
        }
        words
    }

    /// Whether a block is lines of verse.
    pub fn is_verse(&self, block: u32) -> bool {
        self.form(block).is_some_and(|formed| formed.form == Form::Verse)
    }
}

impl Passage {
    /// Its first byte.
    pub fn start(&self) -> usize {
        self.ranges.first().map_or(0, |r| r.start)
    }

    /// One past its last byte.
    pub fn end(&self) -> usize {
        self.ranges.last().map_or(0, |r| r.end)
    }
}

/// Places all annotations of one text and finds its terms.
///
/// Pure: the same input gives the same places and problems in the same order,
/// and texts do not know of each other, so any number may be worked on at once.
/// What has no place is left out and reported; nothing is put near to where it
/// may have been meant.
pub fn resolve(doc: &Document, layers: &Layers<'_>, glossary: &Glossary) -> Checked<Anchored> {
    let mut problems = Vec::new();
    let raw = stream::raw(doc);
    let bare = rows::bare(doc, &raw, layers, &mut problems);
    let rows = &bare.rows;
    let streams = Streams::new(doc, raw, bare.hidden, &bare.glued);
    let requests = Requests::of(layers);
    let mut outcomes = place::place_all(&streams, &requests.list);
    for (i, of) in requests.terms.clone().zip(placed_terms(rows)) {
        if let Some(hits) = &of.hits {
            outcomes[i] = rows::outcome(doc, &streams.hidden, hits);
        }
    }
    let of = |range: &std::ops::Range<usize>| &outcomes[range.clone()];

    let corrections =
        apparatus::corrections(&rows.corrections, of(&requests.corrections), &streams, &mut problems);
    let apparatus::Structure { holders: structure, parts, points } =
        apparatus::structure(layers, &rows.structure, of(&requests.structure), &streams, &mut problems);
    let structure: TiVec<RowIx, Placed> = structure.into();
    let footnotes = footnotes::pair(&structure, &parts);
    let points = points::points(layers, &streams, points, &mut problems);
    let forms = forms::form(doc, &streams.hidden, (&structure.raw, &parts), &bare.claims, &mut problems);
    let reporter = Reporter::new(&streams, readings(&corrections));
    let failed = requests.list.iter().zip(&outcomes);
    let failed = failed.filter_map(|(request, outcome)| {
        let of_many = requests.of_many.contains(&(request.selector as *const Selector));
        let absent = outcome.as_ref().err().is_some_and(rows::may_be_absent);
        let failure = outcome.as_ref().err()?;
        let before = matches!(failure, place::Failure::HiddenBlocks)
            && rows.structure.iter().any(|of| {
                std::ptr::eq(&of.row.selector, request.selector) && apparatus::is_before_block(of.row)
            });
        let told = request.selector.pattern.is_none() && !(of_many && absent) && !before;
        told.then_some((request.selector, failure))
    });
    let furniture_failed = bare.failures.iter().map(|(selector, failure)| (*selector, failure));
    problems
        .extend(furniture_failed.chain(failed).map(|(selector, failure)| reporter.report(selector, failure)));
    let joins = apparatus::joins(&rows.joins, &bare.glued, &reporter, &mut problems);
    let (notes, unplaced) = notes::place(layers, of(&requests.notes), &reporter, &mut problems);
    let astray = reporter.astray.take();

    let speaker_of = layers.apparatuses.iter().rev().flat_map(|rows| &rows.speaker_of);
    let speaker_of = speaker_of.map(|(kind, speaker)| (*kind, speaker.value.clone())).collect();
    let mut anchored = Anchored {
        joins,
        corrections: corrections.into(),
        structure,
        parts,
        footnotes,
        points: points.into(),
        forms,
        speaker_of,
        notes,
        unplaced,
        ..Anchored::default()
    };
    anchored.shared_found = bare.shared_found;
    anchored.found = bare.found;
    anchored.cut = bare.joined;
    anchored.passages = placed(&layers.passages, of(&requests.passages));
    anchored.ends = placed(&layers.ends, of(&requests.ends));
    let rows = of(&requests.terms);
    anchored.uses = terms::uses(&streams, layers, glossary, &anchored, rows, &mut problems).into();
    anchored.astray = astray;
    anchored.sketch = Sketch::of(&streams.reading.text);
    anchored.furniture = streams.hidden;
    Checked::new(anchored, problems)
}

/// Where the words of a selector stand first in a text, if at all.
///
/// For messages about a quotation that its own text does not have: it may have
/// been filed under the wrong one. Nothing is anchored by it.
pub fn stands_in(doc: &Document, words: &Words) -> Option<TextRange> {
    let raw = stream::raw(doc);
    let mut needles = Needles::default();
    let readings = pattern::read(words, &mut needles);
    let wanted: Vec<usize> = (0..needles.count()).collect();
    let hits = needles.hits(&wanted, &raw.text);
    let single = readings.patterns.iter().filter(|pattern| pattern.parts.len() == 1);
    let (at, len) = single
        .filter_map(|pattern| Some((*hits[pattern.parts[0]].first()?, needles.len(pattern.parts[0]))))
        .next()?;
    Some(Streams::source(&raw, at, at + len))
}

/// The rows of `term` that are about places, in the order of their requests.
fn placed_terms<'r, 'a>(rows: &'r rows::Rows<'a>) -> impl Iterator<Item = &'r rows::Of<'a, TermRow>> {
    rows.terms.iter().filter(|of| matches!(of.row.on, TermRowOn::Place(_)))
}

/// What is looked for in one text, in one list, so that one pass finds it.
struct Requests<'a> {
    list: Vec<Request<'a>>,
    corrections: std::ops::Range<usize>,
    structure: std::ops::Range<usize>,
    terms: std::ops::Range<usize>,
    notes: std::ops::Range<usize>,
    passages: std::ops::Range<usize>,
    ends: std::ops::Range<usize>,
    /// Selectors of rows for many texts.
    of_many: FxHashSet<*const Selector>,
}

impl<'a> Requests<'a> {
    fn of(layers: &Layers<'a>) -> Self {
        let mut list = Vec::new();
        let mut add = |selectors: &mut dyn Iterator<Item = &'a Selector>, purpose| {
            let start = list.len();
            list.extend(selectors.map(|selector| Request { selector, purpose }));
            start..list.len()
        };
        let rows = &layers.apparatuses;
        let terms = rows.iter().flat_map(|rows| &rows.terms);
        let mut terms = terms.filter_map(|row| match &row.on {
            TermRowOn::Place(selector) => Some(selector),
            TermRowOn::Form(_) => None,
        });
        let mut corrections = rows.iter().flat_map(|rows| &rows.corrections).map(|row| &row.selector);
        let mut structure = rows.iter().flat_map(|rows| &rows.structure).map(|row| &row.selector);
        let folders = || rows.iter().filter(|rows| rows.level == Level::Folder);
        let of_many = folders()
            .flat_map(|rows| {
                let terms = rows.terms.iter().filter_map(|row| match &row.on {
                    TermRowOn::Place(selector) => Some(selector),
                    TermRowOn::Form(_) => None,
                });
                let corrections = rows.corrections.iter().map(|row| &row.selector);
                rows.structure.iter().map(|row| &row.selector).chain(corrections).chain(terms)
            })
            .map(std::ptr::from_ref)
            .collect();
        let mut notes = layers.notes.iter().flat_map(|(_, note)| &note.selectors);
        let mut passages = layers.passages.iter().map(|(_, _, passage)| &passage.selector);
        let mut ends = layers.ends.iter().map(|(_, _, end)| &end.selector);
        Self {
            corrections: add(&mut corrections, Purpose::Apparatus),
            structure: add(&mut structure, Purpose::Apparatus),
            terms: add(&mut terms, Purpose::Apparatus),
            notes: add(&mut notes, Purpose::Annotation),
            passages: add(&mut passages, Purpose::Annotation),
            ends: add(&mut ends, Purpose::Annotation),
            of_many,
            list,
        }
    }
}

/// The corrected readings with what they stand for.
fn readings(corrections: &[Corrected]) -> Vec<(TextRange, &str)> {
    corrections.iter().filter_map(|row| Some((row.place.hull(), row.reading.as_deref()?))).collect()
}

/// Passages or ends with their places; those without one are left out.
fn placed<I: Copy, J: Copy, T>(list: &[(I, J, T)], outcomes: &[Outcome]) -> Vec<(I, J, Vec<Passage>)> {
    let of = |((i, j, _), outcome): (&(I, J, T), &Outcome)| {
        let places = outcome.as_ref().ok()?.iter().map(|place| place.passage.clone()).collect();
        Some((*i, *j, places))
    };
    list.iter().zip(outcomes).filter_map(of).collect()
}
