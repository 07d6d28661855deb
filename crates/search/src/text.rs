//! One text becomes its postings. Pure: no other text is looked at.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use crate::facets::Facet;
use crate::language::Rules;
use crate::script::literal;
use crate::segment::{Piece, Segment, segments};
use crate::stem::Stemming;
use crate::token::{Kind, Manner, Marks, key, tokenise};
use crate::{Block, Dated, Entry, Guide, Named, Note};

/// Positions left free between two fields, so that no phrase runs across.
const GAP: u32 = 8;
/// Notes have positions of their own, from here on and so far apart from block
/// to block: a note that is added moves no word of the text and no other note.
const NOTES_FROM: u32 = 1 << 18;
const NOTES_APART: u32 = 1 << 12;
/// How much more a word of the title counts than one of the text.
const TITLE_WEIGHT: u16 = 3;
/// Room is made for the words of a text before they come, but for no more different ones than this.
const MANY_FORMS: usize = 4096;

/// All that the index needs of one text, a term or a topic.
#[derive(Debug, Serialize, Deserialize)]
pub struct TextPostings {
    /// Where it stands among all.
    pub order: Order,
    /// Its title.
    pub title: String,
    /// The letters of its words, one after the other.
    pub letters: String,
    /// Its words, in the order in which they first come.
    pub forms: Vec<Form>,
    /// Where they stand; a form's in one run, by segment.
    pub hits: Vec<Hit>,
    /// The positions within their segment, each with the number of its block or
    /// [`NO_BLOCK`]; a hit's in one run, rising.
    pub positions: Vec<(u32, u32)>,
    /// Its segments.
    pub segments: Vec<SegmentPostings>,
    /// What results are narrowed to, each value with its segments.
    pub marks: Vec<Mark>,
    /// The references to it: a literal, or nothing.
    pub references: String,
    /// All the names of a term, or the title of a topic, folded by [`key`].
    pub names: Vec<String>,
    /// What holds in its languages.
    pub rules: Rules,
    /// Anchor, label and words of its blocks.
    pub blocks: Vec<(String, String, String)>,
}

/// In place of a block's number: the word stands in a title, a label, a correction or a note.
pub const NO_BLOCK: u32 = u32::MAX;

/// The order of segments: texts by date, those without one after them, then
/// terms, then topics; within that by address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// A text.
    Text,
    /// A term of the glossary.
    Term,
    /// A topic.
    Topic,
}

/// One form of a word.
#[derive(Debug, Serialize, Deserialize)]
pub struct Form {
    /// Folded, as the tokeniser gives it: a range of the letters.
    pub form: Range<u32>,
    /// How it is stemmed.
    pub stemming: Stemming,
    /// As the record spells it, with the fewest capitals that occur: a range of
    /// the letters, empty if only notes or titles have it, or if it is never
    /// spelt, but only another form of what is.
    pub surface: Range<u32>,
    /// Its hits.
    pub hits: Range<u32>,
}

/// A form in a segment.
#[derive(Debug, Serialize, Deserialize)]
pub struct Hit {
    /// The segment, counted within the text.
    pub segment: u32,
    /// How often in the text, the title counted more.
    pub text: u32,
    /// How often in notes.
    pub notes: u32,
    /// Whether the text, and whether a note, has it in capitals.
    pub capitals: [bool; 2],
    /// Its positions.
    pub positions: Range<u32>,
}

/// What is kept of a segment.
#[derive(Debug, Serialize, Deserialize)]
pub struct SegmentPostings {
    /// What the engine reads to show it: a literal.
    pub record: String,
    /// Words of its text.
    pub words: u32,
    /// Bytes of its text.
    pub bytes: usize,
}

/// Something that results can be narrowed to, with the segments that have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// Which filter.
    pub facet: Facet,
    /// Its value.
    pub value: Named,
    /// The segments, rising.
    pub segments: Vec<u32>,
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
    let bytes = cut.iter().map(|segment| segment.bytes).sum();
    let mut collector = Collector::new(&entry.language, &entry.notes_language, entry.marks, bytes);
    let kept = collector.segments(entry, &meta, &cut);
    let references = if entry.references.is_empty() { String::new() } else { literal(&entry.references) };
    TextPostings {
        marks: marks(entry, &cut),
        references,
        ..collector.finish(order, entry.title.clone(), kept)
    }
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
    let mut collector = Collector::new(language, language, marks, body.len());
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
    let kinds = entry.kind.iter().map(|kind| whole(Facet::Kind, kind));
    let collections = entry.collections.iter().map(|collection| whole(Facet::Collection, collection));
    let having = |has: &dyn Fn(&Piece<'_>) -> bool| {
        let own = cut.iter().zip(0..).filter(|(segment, _)| segment.pieces.iter().any(has));
        own.map(|(_, at)| at).collect::<Vec<u32>>()
    };
    let mut marks: Vec<Mark> = kinds.chain(collections).collect();
    for topic in &entry.topics {
        let notes = |piece: &Piece<'_>| {
            piece.with_notes && piece.block.notes.iter().any(|note| note.topics.contains(&topic.slug))
        };
        let segments = having(&|piece| piece.block.topics.contains(&topic.slug) || notes(piece));
        marks.push(Mark { facet: Facet::Topic, value: topic.clone(), segments });
    }
    let noted = having(&|piece| piece.with_notes && !piece.block.notes.is_empty());
    let notes = Named { slug: "notes".to_owned(), label: String::new() };
    marks.push(Mark { facet: Facet::In, value: notes, segments: noted });
    marks.retain(|mark| !mark.segments.is_empty());
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
        facet: Facet::Speaker,
        value: speaker.clone(),
        segments,
    }));
    marks
}

/// What a word stands in, and what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The text: counts so often; kept with its spelling or not.
    Text { weight: u16, surface: bool },
    /// A note.
    Note,
}

#[derive(Debug, Clone, Copy, Default)]
struct Occurrence {
    form: u32,
    segment: u32,
    position: u32,
    block: u32,
    text: u16,
    notes: u16,
    capitals: bool,
}

/// A form as it is gathered.
struct Known {
    form: Range<u32>,
    stemming: Stemming,
    /// The best spelling so far, with how many capitals it has.
    surface: Range<u32>,
    capitals: usize,
    count: u32,
}

/// Gathers the words of one text.
struct Collector {
    text: (Stemming, Rules),
    notes: (Stemming, Rules),
    marks: Marks,
    ids: HashTable<u32>,
    letters: String,
    forms: Vec<Known>,
    occurrences: Vec<Occurrence>,
    blocks: Vec<(String, String, String)>,
    segment: u32,
    /// The next free position of the segment.
    position: u32,
}

impl Collector {
    /// With room for the words of so many bytes of text.
    fn new(language: &str, notes_language: &str, marks: Marks, bytes: usize) -> Self {
        let (words, forms) = (bytes / 5, (bytes / 12).min(MANY_FORMS));
        Self {
            text: (Stemming::of(language), Rules::of(language)),
            notes: (Stemming::of(notes_language), Rules::of(notes_language)),
            marks,
            ids: HashTable::with_capacity(forms),
            letters: String::with_capacity(8 * forms),
            forms: Vec::with_capacity(forms),
            occurrences: Vec::with_capacity(words),
            blocks: Vec::new(),
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
        // Found by its number, too; of no phrase, and so at no place of its own.
        let position = std::mem::replace(&mut self.position, 0);
        self.field(&block.anchor, Side::Text { weight: 1, surface: false });
        self.position = position;
        let before = self.occurrences.len();
        // What is cut of one paragraph is one place.
        match self.blocks.last_mut().filter(|(anchor, ..)| *anchor == block.anchor) {
            Some((.., text)) => text.push_str(piece.text),
            None => self.blocks.push((block.anchor.clone(), block.label.clone(), piece.text.to_owned())),
        }
        let words = self.field(piece.text, Side::Text { weight: 1, surface: true });
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
            occurrence.text = u16::from(!raw.contains(&occurrence.form));
        }
    }

    /// Takes in the words of a field and says how many positions it has.
    fn field(&mut self, words: &str, side: Side) -> u32 {
        let ((stemming, rules), text, notes, is_shown) = match side {
            Side::Text { weight, surface } => (self.text, weight, 0, surface),
            Side::Note => (self.notes, 0, 1, false),
        };
        let block = if is_shown { self.blocks.len() as u32 - 1 } else { NO_BLOCK };
        let (segment, start) = (self.segment, self.position);
        let manner = Manner { marks: self.marks, rules };
        let mut word = 0..0;
        let Self { ids, letters, forms, occurrences, .. } = self;
        let count = tokenise(words, manner, |token| {
            let id = form_id(ids, letters, forms, token.form, stemming);
            let known = &mut forms[id as usize];
            known.count += 1;
            // Another form that is a part of the word stands there, too: `Europe` in `l'Europe`.
            let is_spelt = match token.kind {
                Kind::Word => true,
                Kind::Other => token.span != word,
                Kind::Joined => false,
            };
            if is_shown && is_spelt {
                known.spell(letters, &words[token.span.clone()]);
            }
            if token.kind == Kind::Word {
                word = token.span;
            }
            let position = start.saturating_add(token.position);
            let capitals = token.capitals;
            occurrences.push(Occurrence { form: id, segment, position, block, text, notes, capitals });
            // What is joined has a word before its first position and one after its last.
            if token.kind == Kind::Joined {
                known.count += 1;
                let position = position.saturating_add(token.length - 1);
                let again =
                    Occurrence { form: id, segment, position, block, text: 0, notes: 0, capitals: false };
                occurrences.push(again);
            }
        });
        if count > 0 {
            self.position = self.position.saturating_add(count + GAP);
        }
        count
    }

    fn finish(self, order: Order, title: String, segments: Vec<SegmentPostings>) -> TextPostings {
        let mut postings = TextPostings {
            order,
            title,
            letters: self.letters,
            forms: Vec::with_capacity(self.forms.len()),
            hits: Vec::with_capacity(self.forms.len()),
            positions: Vec::with_capacity(self.occurrences.len()),
            segments,
            marks: Vec::new(),
            references: String::new(),
            names: Vec::new(),
            rules: self.text.1.and(self.notes.1),
            blocks: self.blocks,
        };
        let mut sorted = by_form(&self.occurrences, &self.forms);
        let mut rest = &mut sorted[..];
        for known in self.forms {
            let (own, others) = rest.split_at_mut(known.count as usize);
            rest = others;
            // They come in order but for notes, whose positions follow those of the text.
            if !own.is_sorted_by_key(|o| (o.segment, o.position)) {
                own.sort_by_key(|o| (o.segment, o.position));
            }
            let first = postings.hits.len() as u32;
            for within in own.chunk_by(|a, b| a.segment == b.segment) {
                let from = postings.positions.len() as u32;
                postings.positions.extend(within.iter().map(|o| (o.position, o.block)));
                postings.hits.push(Hit {
                    segment: within[0].segment,
                    text: within.iter().map(|o| u32::from(o.text)).sum(),
                    notes: within.iter().map(|o| u32::from(o.notes)).sum(),
                    capitals: [
                        within.iter().any(|o| o.capitals && o.text > 0),
                        within.iter().any(|o| o.capitals && o.notes > 0),
                    ],
                    positions: from..postings.positions.len() as u32,
                });
            }
            let Known { form, stemming, surface, .. } = known;
            postings.forms.push(Form { form, stemming, surface, hits: first..postings.hits.len() as u32 });
        }
        postings
    }
}

/// The number of a form, a new one if it was not there.
fn form_id(
    ids: &mut HashTable<u32>,
    letters: &mut String,
    forms: &mut Vec<Known>,
    form: &str,
    stemming: Stemming,
) -> u32 {
    let hash = hash(form, stemming);
    let same = |&id: &u32| {
        let known = &forms[id as usize];
        known.stemming == stemming && part(letters, &known.form) == form
    };
    if let Some(&id) = ids.find(hash, same) {
        return id;
    }
    let id = forms.len() as u32;
    let again = |&id: &u32| hash_of(letters, &forms[id as usize]);
    ids.insert_unique(hash, id, again);
    let form = appended(letters, form);
    forms.push(Known { surface: form.end..form.end, form, stemming, capitals: usize::MAX, count: 0 });
    id
}

fn hash_of(letters: &str, known: &Known) -> u64 {
    hash(part(letters, &known.form), known.stemming)
}

/// What forms are found by in a table.
pub fn hash(form: &str, stemming: Stemming) -> u64 {
    rustc_hash::FxBuildHasher.hash_one((form, stemming.number()))
}

/// A range of some letters.
pub fn part<'a>(letters: &'a str, range: &Range<u32>) -> &'a str {
    &letters[range.start as usize..range.end as usize]
}

/// Appends letters and says where they are.
pub fn appended(letters: &mut String, more: &str) -> Range<u32> {
    let from = letters.len() as u32;
    letters.push_str(more);
    from..letters.len() as u32
}

/// Occurrences form by form, otherwise in their order.
fn by_form(occurrences: &[Occurrence], forms: &[Known]) -> Vec<Occurrence> {
    let mut next: Vec<u32> = Vec::with_capacity(forms.len());
    let mut begin = 0;
    for known in forms {
        next.push(begin);
        begin += known.count;
    }
    let mut sorted = vec![Occurrence::default(); occurrences.len()];
    for occurrence in occurrences {
        let at = &mut next[occurrence.form as usize];
        sorted[*at as usize] = *occurrence;
        *at += 1;
    }
    sorted
}

impl Known {
    /// Keeps a spelling if it is better.
    fn spell(&mut self, letters: &mut String, surface: &str) {
        let best = part(letters, &self.surface);
        if surface == best {
            return;
        }
        let capitals = capitals(surface);
        if self.surface.is_empty() || (capitals, surface) < (self.capitals, best) {
            self.surface = appended(letters, surface);
            self.capitals = capitals;
        }
    }
}

/// Keeps the spelling with the fewest capitals, of those the first in order:
/// `Police` at a sentence's start gives way to `police`, `GLA` stays.
pub fn better(best: &mut Option<Box<str>>, surface: &str) {
    let is_better = |best: &str| best != surface && (capitals(surface), surface) < (capitals(best), best);
    if best.as_deref().is_none_or(is_better) {
        *best = Some(surface.into());
    }
}

fn capitals(surface: &str) -> usize {
    match surface.is_ascii() {
        true => surface.bytes().filter(u8::is_ascii_uppercase).count(),
        false => surface.chars().filter(|c| c.is_uppercase()).count(),
    }
}

/// What the engine needs to show a segment: address, title, date, kind, other
/// names or lines of the record, misprints, which segment of its text, blocks with
/// their notes, and the topics of both.
fn record<'a>(entry: &Entry, meta: &Meta<'_>, segment: &Segment<'a>, at: u32) -> String {
    type Notes<'a> = Vec<(&'a str, &'a str, &'a str, String)>;
    let blocks: Vec<(&str, &str, &str, &str, &str, Notes<'_>, String)> = segment
        .pieces
        .iter()
        .map(|piece| {
            let block = piece.block;
            let notes = block.notes.iter().filter(|_| piece.with_notes);
            let note = |Note { anchor, title, body, topics }: &'a Note| {
                (anchor.as_str(), title.as_str(), body.as_str(), topics.join(" "))
            };
            let notes = notes.map(note).collect();
            let speaker = block.speaker.as_ref().map_or("", |s| &s.label);
            let topics = block.topics.join(" ");
            (block.anchor.as_str(), piece.text, block.label.as_str(), speaker, piece.corrected, notes, topics)
        })
        .collect();
    let lines = if at == 0 { meta.lines } else { &[] };
    literal(&(&entry.address, &entry.title, meta.date, meta.kind, lines, meta.misprints, at, blocks))
}
