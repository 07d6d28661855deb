//! One text becomes its postings. Pure: no other text is looked at.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::search::script::literal;
use crate::search::segment::{Piece, Segment, segments};
use crate::search::stem::Stemming;
use crate::search::token::{Marks, key, tokenise_as};
use crate::search::{Block, Dated, Entry, Guide, Named};

/// Positions left free between two fields, so that no phrase runs across.
const GAP: u32 = 8;
/// Notes have positions of their own, from here on and so far apart from block
/// to block: a note that is added moves no word of the text and no other note.
const NOTES_FROM: u32 = 1 << 18;
const NOTES_APART: u32 = 1 << 12;
/// How much more a word of the title counts than one of the text.
const TITLE_WEIGHT: u32 = 3;

/// All that the index needs of one text, a term or a topic.
#[derive(Debug)]
pub struct TextPostings {
    /// Where it stands among all.
    pub order: Order,
    /// Its title.
    pub title: String,
    /// Its words, sorted by form, then stemming.
    pub forms: Vec<Form>,
    /// Where they stand; a form's in one run, by segment.
    pub hits: Vec<Hit>,
    /// The positions within their segment; a hit's in one run, rising.
    pub positions: Vec<u32>,
    /// Its segments.
    pub segments: Vec<SegmentPostings>,
    /// Kind, topics and speakers, each with its segments.
    pub marks: Vec<Mark>,
    /// All the names of a term, or the title of a topic, folded by [`key`].
    pub names: Vec<String>,
    /// Where its blocks begin and end, by segment and position.
    pub places: Vec<Place>,
}

/// The order of segments: texts by date, those without one after them, then
/// terms, then topics; within that by address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// What it is.
    pub class: Class,
    /// Whether it lacks a date.
    pub undated: bool,
    /// Its date.
    pub date: Option<Dated>,
    /// Address of its page.
    pub address: String,
}

/// What a hit may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A text.
    Text,
    /// A term of the glossary.
    Term,
    /// A topic.
    Topic,
}

/// One form of a word.
#[derive(Debug)]
pub struct Form {
    /// Folded, as the tokeniser gives it.
    pub form: Box<str>,
    /// How it is stemmed.
    pub stemming: Stemming,
    /// As the record spells it, with the fewest capitals that occur; empty if
    /// only notes or titles have it, or if it only occurs as a joined form.
    pub surface: Box<str>,
    /// Its hits.
    pub hits: Range<u32>,
}

/// A form in a segment.
#[derive(Debug)]
pub struct Hit {
    /// The segment, counted within the text.
    pub segment: u32,
    /// How often in the text, the title counted more.
    pub text: u32,
    /// How often in notes.
    pub notes: u32,
    /// Its positions.
    pub positions: Range<u32>,
}

/// What is kept of a segment.
#[derive(Debug)]
pub struct SegmentPostings {
    /// What the engine reads to show it: a literal.
    pub record: String,
    /// Words of its text.
    pub words: u32,
    /// Bytes of its text.
    pub bytes: usize,
}

/// Something that results can be narrowed to, with the segments that have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Which filter: `kind`, `topic`, `speaker`.
    pub facet: &'static str,
    /// Its value.
    pub value: Named,
    /// The segments, rising.
    pub segments: Vec<u32>,
}

/// The words of a block in a segment.
#[derive(Debug)]
pub struct Place {
    /// The segment, counted within the text.
    pub segment: u32,
    /// First position, and one past the last.
    pub positions: Range<u32>,
    /// Id of the block's element.
    pub anchor: String,
    /// What the block is called, possibly empty.
    pub label: String,
}

/// The postings of a text.
pub fn index_text(entry: &Entry) -> TextPostings {
    let order = Order {
        class: Class::Text,
        undated: entry.date.is_none(),
        date: entry.date.clone(),
        address: entry.address.clone(),
    };
    let meta = Meta {
        date: entry.date.as_ref().map_or("", |d| &d.label),
        kind: entry.kind.as_ref().map_or("", |k| &k.label),
        lines: &entry.record,
        misprints: &[],
    };
    let cut = segments(&entry.blocks);
    let mut collector = Collector::new(&entry.language, &entry.notes_language, entry.marks);
    let kept = collector.segments(entry, &meta, &cut);
    TextPostings { marks: marks(entry, &cut), ..collector.finish(order, entry.title.clone(), kept) }
}

/// The postings of a term or a topic; `marks` as in the texts.
pub fn index_guide(guide: &Guide, marks: Marks) -> TextPostings {
    let (class, address, title, kind, names, misprints, body, language) = match guide {
        Guide::Term { address, term, kind, names, misprints, definition, language } => (
            Class::Term,
            address,
            term,
            kind.as_str(),
            names.as_slice(),
            misprints.as_slice(),
            definition,
            language,
        ),
        Guide::Topic { address, title, scope, language } => {
            (Class::Topic, address, title, "", [].as_slice(), [].as_slice(), scope, language)
        }
    };
    let mut others: Vec<String> = Vec::new();
    for name in names.iter().filter(|&name| name != title) {
        if !others.contains(name) {
            others.push(name.clone());
        }
    }
    let entry = Entry {
        address: address.clone(),
        title: title.clone(),
        record: others.iter().chain(misprints).cloned().collect(),
        language: language.clone(),
        notes_language: language.clone(),
        blocks: vec![Block { text: body.clone(), ..Block::default() }],
        ..Entry::default()
    };
    let meta = Meta { date: "", kind, lines: &others, misprints };
    let mut collector = Collector::new(language, language, marks);
    let kept = collector.segments(&entry, &meta, &segments(&entry.blocks));
    let order = Order { class, undated: true, date: None, address: address.clone() };
    let mut keys: Vec<String> =
        std::iter::once(title).chain(names).chain(misprints).map(|name| key(name, marks)).collect();
    keys.retain(|key| !key.is_empty());
    keys.sort();
    keys.dedup();
    TextPostings { names: keys, ..collector.finish(order, title.clone(), kept) }
}

/// What every record of a text repeats.
struct Meta<'a> {
    date: &'a str,
    kind: &'a str,
    lines: &'a [String],
    misprints: &'a [String],
}

/// Which filters find which segments.
fn marks(entry: &Entry, cut: &[Segment<'_>]) -> Vec<Mark> {
    let all: Vec<u32> = (0..cut.len() as u32).collect();
    let whole = |facet, value: &Named| Mark { facet, value: value.clone(), segments: all.clone() };
    let kinds = entry.kind.iter().map(|kind| whole("kind", kind));
    let topics = entry.topics.iter().map(|topic| whole("topic", topic));
    let mut marks: Vec<Mark> = kinds.chain(topics).collect();
    let mut speakers = std::collections::BTreeMap::<&Named, Vec<u32>>::new();
    for (segment, at) in cut.iter().zip(0..) {
        for speaker in segment.pieces.iter().filter_map(|p| p.block.speaker.as_ref()) {
            let segments = speakers.entry(speaker).or_default();
            if segments.last() != Some(&at) {
                segments.push(at);
            }
        }
    }
    marks.extend(speakers.into_iter().map(|(speaker, segments)| Mark {
        facet: "speaker",
        value: speaker.clone(),
        segments,
    }));
    marks
}

/// What a word stands in, and what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The text: counts so often; kept with its spelling or not.
    Text { weight: u32, surface: bool },
    /// A note.
    Note,
}

struct Occurrence {
    form: u32,
    segment: u32,
    position: u32,
    text: u32,
    notes: u32,
}

/// Gathers the words of one text.
struct Collector {
    text: Stemming,
    notes: Stemming,
    marks: Marks,
    /// Forms of the text's language; and of the notes', if they are stemmed otherwise.
    ids: [FxHashMap<Box<str>, u32>; 2],
    /// Form, stemming, best spelling so far.
    forms: Vec<(Box<str>, Stemming, Option<Box<str>>)>,
    occurrences: Vec<Occurrence>,
    places: Vec<Place>,
    segment: u32,
    /// The next free position of the segment.
    position: u32,
}

impl Collector {
    fn new(language: &str, notes_language: &str, marks: Marks) -> Self {
        Self {
            text: Stemming::of(language),
            notes: Stemming::of(notes_language),
            marks,
            ids: Default::default(),
            forms: Vec::new(),
            occurrences: Vec::new(),
            places: Vec::new(),
            segment: 0,
            position: 0,
        }
    }

    fn segments(&mut self, entry: &Entry, meta: &Meta<'_>, cut: &[Segment<'_>]) -> Vec<SegmentPostings> {
        let mut kept = Vec::with_capacity(cut.len());
        for (segment, at) in cut.iter().zip(0..) {
            (self.segment, self.position) = (at, 0);
            let weight = if at == 0 { TITLE_WEIGHT } else { 1 };
            self.field(&entry.title, Side::Text { weight, surface: false });
            if at == 0 {
                for line in &entry.record {
                    self.field(line, Side::Text { weight: 1, surface: false });
                }
            }
            let mut said_by = None;
            let mut words = 0;
            for (piece, place) in segment.pieces.iter().zip(0_u32..) {
                let speaker = piece.block.speaker.as_ref();
                if speaker != said_by
                    && let Some(speaker) = speaker
                {
                    self.field(&speaker.label, Side::Text { weight: 1, surface: false });
                }
                said_by = speaker;
                words += self.piece(piece);
                self.notes(piece, NOTES_FROM.saturating_add(place.saturating_mul(NOTES_APART)));
            }
            kept.push(SegmentPostings {
                record: record(entry, meta, segment, at),
                words,
                bytes: segment.bytes,
            });
        }
        kept
    }

    /// Takes in a block and says how many words its text has.
    fn piece(&mut self, piece: &Piece<'_>) -> u32 {
        let block = piece.block;
        self.field(&block.label, Side::Text { weight: 1, surface: false });
        let start = self.position;
        let before = self.occurrences.len();
        let words = self.field(piece.text, Side::Text { weight: 1, surface: true });
        let positions = start..start + words;
        let anchor = block.anchor.clone();
        self.places.push(Place { segment: self.segment, positions, anchor, label: block.label.clone() });
        self.correction(piece.corrected, before);
        words
    }

    /// Takes in a block's notes, whose positions begin at `from`.
    fn notes(&mut self, piece: &Piece<'_>, from: u32) {
        if !piece.with_notes {
            return;
        }
        let position = std::mem::replace(&mut self.position, from);
        for note in &piece.block.notes {
            self.field(&note.title, Side::Note);
            self.field(&note.body, Side::Note);
        }
        self.position = position;
    }

    /// The corrected reading: found as it stands, but a word that the raw
    /// reading has as well is not counted twice.
    fn correction(&mut self, corrected: &str, raw_from: usize) {
        if corrected.is_empty() {
            return;
        }
        let raw: rustc_hash::FxHashSet<u32> = self.occurrences[raw_from..].iter().map(|o| o.form).collect();
        let from = self.occurrences.len();
        self.field(corrected, Side::Text { weight: 1, surface: false });
        for occurrence in &mut self.occurrences[from..] {
            occurrence.text = u32::from(!raw.contains(&occurrence.form));
        }
    }

    /// Takes in the words of a field and says how many positions it has.
    fn field(&mut self, words: &str, side: Side) -> u32 {
        let stemming = if side == Side::Note { self.notes } else { self.text };
        let (segment, start) = (self.segment, self.position);
        let ids = &mut self.ids[usize::from(stemming != self.text)];
        let (forms, occurrences) = (&mut self.forms, &mut self.occurrences);
        let count = tokenise_as(words, self.marks, |token| {
            let id = ids.get(token.form).copied().unwrap_or_else(|| {
                let id = forms.len() as u32;
                ids.insert(token.form.into(), id);
                forms.push((token.form.into(), stemming, None));
                id
            });
            let (text, notes) = match side {
                Side::Text { weight, .. } => (weight, 0),
                Side::Note => (0, 1),
            };
            if matches!(side, Side::Text { surface: true, .. }) && !token.joined {
                better(&mut forms[id as usize].2, &words[token.span.clone()]);
            }
            let position = start.saturating_add(token.position);
            occurrences.push(Occurrence { form: id, segment, position, text, notes });
            // What is joined has a word before its first position and one after its last.
            if token.joined {
                let position = position.saturating_add(token.length - 1);
                occurrences.push(Occurrence { form: id, segment, position, text: 0, notes: 0 });
            }
        });
        if count > 0 {
            self.position = self.position.saturating_add(count + GAP);
        }
        count
    }

    fn finish(mut self, order: Order, title: String, segments: Vec<SegmentPostings>) -> TextPostings {
        let mut rank: Vec<u32> = (0..self.forms.len() as u32).collect();
        rank.sort_by(|&a, &b| {
            let key = |id: u32| (&self.forms[id as usize].0, self.forms[id as usize].1);
            key(a).cmp(&key(b))
        });
        let mut place = vec![0_u32; rank.len()];
        for (&id, at) in rank.iter().zip(0..) {
            place[id as usize] = at;
        }
        self.occurrences.sort_by_key(|o| (place[o.form as usize], o.segment, o.position));
        let mut postings = TextPostings {
            order,
            title,
            forms: Vec::with_capacity(rank.len()),
            hits: Vec::new(),
            positions: self.occurrences.iter().map(|o| o.position).collect(),
            segments,
            marks: Vec::new(),
            names: Vec::new(),
            places: self.places,
        };
        let mut at = 0;
        for same in self.occurrences.chunk_by(|a, b| a.form == b.form) {
            let first = postings.hits.len() as u32;
            for within in same.chunk_by(|a, b| a.segment == b.segment) {
                let positions = at..at + within.len() as u32;
                at = positions.end;
                postings.hits.push(Hit {
                    segment: within[0].segment,
                    text: within.iter().map(|o| o.text).sum(),
                    notes: within.iter().map(|o| o.notes).sum(),
                    positions,
                });
            }
            let (form, stemming, surface) = std::mem::take(&mut self.forms[same[0].form as usize]);
            let hits = first..postings.hits.len() as u32;
            postings.forms.push(Form { form, stemming, surface: surface.unwrap_or_default(), hits });
        }
        postings
    }
}

/// Keeps the spelling with the fewest capitals, of those the first in order:
/// `Police` at a sentence's start gives way to `police`, `GLA` stays.
pub fn better(best: &mut Option<Box<str>>, surface: &str) {
    let rank = |s: &str| s.chars().filter(|c| c.is_uppercase()).count();
    if best.as_deref().is_none_or(|best| (rank(surface), surface) < (rank(best), best)) {
        *best = Some(surface.into());
    }
}

/// What the engine needs to show a segment: address, title, date, kind, other
/// names or lines of the record, misprints, which segment of its text, blocks.
fn record(entry: &Entry, meta: &Meta<'_>, segment: &Segment<'_>, at: u32) -> String {
    type Notes<'a> = Vec<(&'a str, &'a str, &'a str)>;
    let blocks: Vec<(&str, &str, &str, &str, &str, Notes<'_>)> = segment
        .pieces
        .iter()
        .map(|piece| {
            let block = piece.block;
            let notes = block.notes.iter().filter(|_| piece.with_notes);
            let notes = notes.map(|n| (n.anchor.as_str(), n.title.as_str(), n.body.as_str())).collect();
            let speaker = block.speaker.as_ref().map_or("", |s| &s.label);
            (block.anchor.as_str(), piece.text, block.label.as_str(), speaker, piece.corrected, notes)
        })
        .collect();
    let lines = if at == 0 { meta.lines } else { &[] };
    literal(&(&entry.address, &entry.title, meta.date, meta.kind, lines, meta.misprints, at, blocks))
}
