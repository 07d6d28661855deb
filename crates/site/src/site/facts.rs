//! What the pages over all texts need to know of one text.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use typed_index_collections::TiSlice;

use postil_anchor::anchor::{Anchored, Passage, TermUse};
use postil_anchor::annotation::{Part, RowKind, Speaker};
use postil_anchor::document::{Document, TextRange};
use postil_anchor::overlay::{ItemKind, Overlay};

use super::cut::{head, short, spaced, tail};
use super::link;
use super::turns::{Turns, Where};
use super::uses::{Line, Shown, Used};
use postil_archive::index::{EndIx, LinkIx, NoteIx, PassageIx, SenseIx, TermIx, TextIx, TopicIx, UseIx};

/// The facts of one text: small, and all that is left of it when it is dropped.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facts {
    /// Index of the text.
    pub text: TextIx,
    /// Words, blocks, and bytes of the file.
    pub words: usize,
    /// Number of blocks.
    pub blocks: u32,
    /// Bytes of the file.
    pub bytes: usize,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Notes on it, in the order of the page (those on the whole text first).
    pub notes: Vec<NoteFact>,
    /// Notes that could not be placed (only in a lenient build): index of the note.
    pub unplaced: Vec<NoteIx>,
    /// Terms it uses, each in each sense once, by their first use.
    pub uses: Vec<Used>,
    /// Passages of topics: topic, passage, where. Passages named by notes are in `notes`.
    pub passages: Vec<(TopicIx, PassageIx, Vec<Mention>)>,
    /// Ends of links: link, end, where.
    pub ends: Vec<(LinkIx, EndIx, Vec<Mention>)>,
    /// What is folded away: first block, words, reason.
    pub furniture: Vec<(u32, String, String)>,
    /// What is corrected, in the order of [`Anchored::corrections`]: the words as they stand.
    pub corrections: Vec<Mention>,
    /// Who speaks, each with each role once, in the order of the text.
    pub spoken: Vec<Spoken>,
    /// Joins: first and last block.
    pub joins: Vec<(u32, u32)>,
    /// Headings and numbered parts, in reading order.
    pub outline: Vec<Outline>,
}

impl Facts {
    /// Those of a text of which nothing could be found out.
    pub fn none(text: TextIx) -> Self {
        Self {
            text,
            words: 0,
            blocks: 0,
            bytes: 0,
            sha256: String::new(),
            notes: Vec::new(),
            unplaced: Vec::new(),
            uses: Vec::new(),
            passages: Vec::new(),
            ends: Vec::new(),
            furniture: Vec::new(),
            corrections: Vec::new(),
            spoken: Vec::new(),
            joins: Vec::new(),
            outline: Vec::new(),
        }
    }
}

/// How things of one archive are counted in another, or by themselves; none where one is not there.
pub struct Numbers<'n> {
    /// The text.
    pub text: TextIx,
    /// Its notes.
    pub note: &'n dyn Fn(NoteIx) -> Option<NoteIx>,
    /// Terms.
    pub term: &'n dyn Fn(TermIx) -> Option<TermIx>,
    /// Topics that have a passage in it.
    pub topic: &'n dyn Fn(TopicIx) -> Option<TopicIx>,
    /// Links that end on it.
    pub link: &'n dyn Fn(LinkIx) -> Option<LinkIx>,
}

impl Facts {
    /// The same facts, where things are counted otherwise.
    pub fn counted(mut self, numbers: &Numbers<'_>) -> Option<Self> {
        self.text = numbers.text;
        for fact in &mut self.notes {
            fact.note = (numbers.note)(fact.note)?;
        }
        for note in &mut self.unplaced {
            *note = (numbers.note)(*note)?;
        }
        for used in &mut self.uses {
            used.term = (numbers.term)(used.term)?;
        }
        for (topic, ..) in &mut self.passages {
            *topic = (numbers.topic)(*topic)?;
        }
        for (link, ..) in &mut self.ends {
            *link = (numbers.link)(*link)?;
        }
        Some(self)
    }
}

/// One place of something: words, and how to get there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The words, white space as single spaces.
    pub words: String,
    /// Words before it in its block, at most [`AROUND`] characters, cut at a word.
    pub before: String,
    /// Words after it in the block where it ends.
    pub after: String,
    /// First block.
    pub block: u32,
    /// What the block belongs to.
    pub place: Where,
}

impl Mention {
    /// The fragment that leads to the words.
    pub fn fragment(&self) -> String {
        link::fragment(self.block, &self.words)
    }
}

/// One note on a text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteFact {
    /// Index of the note.
    pub note: NoteIx,
    /// Its number on the page; 0 for one on the whole text.
    pub number: usize,
    /// Its places; none for one on the whole text.
    pub places: Vec<Mention>,
}

/// Somebody who speaks in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// Who.
    pub speaker: Speaker,
    /// The role held then.
    pub role: Option<String>,
    /// Whether they say something that is the text's, and are not only named.
    pub makes: bool,
    /// Whether that is said of all rows of a kind, not of one.
    pub of_kind: bool,
}

/// A heading or a numbered part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// Heading, question, answer, recommendation, response, speech.
    pub kind: RowKind,
    /// Level of a heading; 0 for other parts.
    pub level: u8,
    /// Words of a heading.
    pub words: String,
    /// Number of a part.
    pub number: Option<String>,
    /// Numbers that it answers.
    pub to: Vec<String>,
    /// How a numbered part begins, in a line.
    pub begins: String,
    /// Who begins to speak here.
    pub speaker: Option<Speaker>,
    /// First block.
    pub block: u32,
}

/// Most characters of the beginning of a numbered part.
const BEGINNING: usize = 110;

/// Most characters of context on each side of a use, cut at a word.
const CONTEXT: usize = 54;
/// Most characters of context on each side of a mention.
const AROUND: usize = 160;
/// How far one looks for context, in bytes of visible text: a block may be one
/// line of many megabytes, with a use at every word.
const FAR: usize = 4096;

/// Gathers the facts of a text.
pub fn facts(
    text: TextIx,
    doc: &Document,
    anchored: &Anchored,
    overlay: &Overlay,
    notes: &[NoteIx],
) -> Facts {
    let gather = Gather::new(doc, anchored);
    let whole = notes.iter().map(|&note| NoteFact { note, number: 0, places: Vec::new() });
    let placed = overlay.items.iter_enumerated().filter_map(|(i, item)| match item.kind {
        ItemKind::Note(note) => {
            let places = item.places.iter().map(|p| gather.mention(p)).collect();
            Some(NoteFact { note, number: i.number() as usize, places })
        }
        ItemKind::End(..) => None,
    });
    let mentions = |places: &[Passage]| places.iter().map(|p| gather.mention(p)).collect::<Vec<_>>();
    Facts {
        words: doc.words,
        blocks: u32::try_from(doc.blocks.len()).unwrap_or(u32::MAX),
        bytes: doc.source.text.len(),
        notes: whole.chain(placed).collect(),
        unplaced: anchored.unplaced.clone(),
        uses: used(&anchored.uses),
        passages: anchored.passages.iter().map(|(t, p, places)| (*t, *p, mentions(places))).collect(),
        ends: anchored.ends.iter().map(|(l, e, places)| (*l, *e, mentions(places))).collect(),
        furniture: anchored
            .furniture
            .iter()
            .map(|h| (doc.block_at(h.range.start).number, spaced(doc.words(h.range)), h.reason.clone()))
            .collect(),
        corrections: anchored.corrections.iter().map(|row| gather.mention(&row.place)).collect(),
        spoken: spoken(anchored),
        joins: anchored.joins.iter().map(|j| (j.first, j.last)).collect(),
        outline: outline(&gather),
        ..Facts::none(text)
    }
}

fn spoken(anchored: &Anchored) -> Vec<Spoken> {
    let makes = |kind: RowKind| {
        use RowKind::{Answer, Question, Recommendation, Response, Speech};
        matches!(kind, Speech | Question | Answer | Recommendation | Response)
    };
    let parts = || anchored.structure.iter().chain(&anchored.parts).map(|row| &row.part);
    let own = parts().filter_map(|part| {
        let each = part.speaker.as_ref()?.each();
        Some(each.iter().map(|speaker| Spoken {
            speaker: speaker.clone(),
            role: part.role.clone(),
            makes: makes(part.kind),
            of_kind: false,
        }))
    });
    let own = own.flatten();
    let has = |kind| parts().any(|part| part.kind == kind && part.speaker.is_none());
    let of_kind = anchored.speaker_of.iter().filter(|(kind, _)| has(*kind)).map(|(_, speaker)| Spoken {
        speaker: speaker.clone(),
        role: None,
        makes: false,
        of_kind: true,
    });
    let mut out: Vec<Spoken> = Vec::new();
    let mut seen = BTreeSet::new();
    for one in own.chain(of_kind) {
        if seen.insert((one.speaker.clone(), one.role.clone(), one.makes, one.of_kind)) {
            out.push(one);
        }
    }
    out
}

fn used(uses: &TiSlice<UseIx, TermUse>) -> Vec<Used> {
    let mut out: Vec<Used> = Vec::new();
    let mut at: BTreeMap<(TermIx, SenseIx), usize> = BTreeMap::new();
    for &TermUse { term, sense, .. } in uses {
        let at = *at.entry((term, sense)).or_insert_with(|| {
            out.push(Used { term, sense, count: 0 });
            out.len() - 1
        });
        out[at].count += 1;
    }
    out
}

/// Hands the lines of a text's uses on, of each term in reading order. `rank` is
/// that of the text by date.
pub fn lines(text: TextIx, rank: usize, doc: &Document, anchored: &Anchored, shown: &Shown) {
    let mut by_term: BTreeMap<TermIx, Vec<&Passage>> = BTreeMap::new();
    for found in &anchored.uses {
        by_term.entry(found.term).or_default().push(&found.passage);
    }
    let gather = Gather::new(doc, anchored);
    for (term, passages) in by_term {
        shown.add(term, rank, passages.into_iter().map(|passage| gather.line(text, passage)));
    }
}

struct Gather<'a> {
    doc: &'a Document,
    anchored: &'a Anchored,
    turns: Turns<'a>,
}

impl<'a> Gather<'a> {
    fn new(doc: &'a Document, anchored: &'a Anchored) -> Self {
        Self { doc, anchored, turns: Turns::new(anchored) }
    }
}

impl<'a> Gather<'a> {
    fn mention(&self, passage: &Passage) -> Mention {
        let block = self.doc.block_at(passage.start()).number;
        let (left, right) = self.around(passage);
        Mention {
            words: self.words(passage),
            before: tail(&left, AROUND).to_owned(),
            after: head(&right, AROUND).to_owned(),
            block,
            place: Where {
                lines: self.lines(passage),
                point: self.point(passage.start()),
                ..self.turns.at(passage.start())
            },
        }
    }

    /// The page, or the time, in which a byte of the text lies.
    fn point(&self, at: usize) -> Option<Part> {
        let points = &self.anchored.points;
        points.raw[..points.raw.partition_point(|point| point.at <= at)]
            .last()
            .map(|point| point.part.clone())
    }

    /// First and last line of verse of a passage, as a row numbers them.
    fn lines(&self, passage: &Passage) -> Option<(u32, u32)> {
        let number = |at: usize| {
            let block = self.doc.block_at(at);
            let formed = self.anchored.form(block.number)?;
            formed.number(self.doc.visible[block.text.start..at].matches('\n').count())
        };
        number(passage.start()).zip(number(passage.end().saturating_sub(1)))
    }

    /// Words of the text as they are quoted: lines of verse keep their ends.
    fn quoted(&self, range: TextRange) -> Cow<'a, str> {
        quoted(self.doc, self.anchored, range)
    }

    /// What stands before and after a passage in its blocks, as far as one looks.
    fn around(&self, passage: &Passage) -> (String, String) {
        let (doc, start, end) = (self.doc, passage.start(), passage.end());
        let first = doc.block_at(start).text.start;
        let last = doc.block_at(end.saturating_sub(1).max(start)).text.end;
        let from = doc.visible.ceil_char_boundary(start.saturating_sub(FAR)).clamp(first, start);
        let to = doc.visible.floor_char_boundary(end.saturating_add(FAR)).clamp(end, last.max(end));
        (self.shown(TextRange::new(from, start)), self.shown(TextRange::new(end, to)))
    }

    /// The words of a passage: what is in two blocks, or on two sides of hidden words, is a space apart.
    fn words(&self, passage: &Passage) -> String {
        let mut out = String::new();
        for range in &passage.ranges {
            let words = self.quoted(*range);
            let apart = out.ends_with(char::is_whitespace) || words.starts_with(char::is_whitespace);
            let same_block = range.start > 0
                && !out.is_empty()
                && !self.doc.visible[..range.start].ends_with('\n')
                && self.doc.block_at(range.start).text.start != range.start;
            if !out.is_empty() && !apart && !same_block {
                let verse = self.anchored.is_verse(self.doc.block_at(range.start).number);
                out.push_str(if verse { LINE_END } else { " " });
            }
            out.push_str(&words);
        }
        spaced(&out)
    }

    fn line(&self, text: TextIx, passage: &Passage) -> Line {
        let (left, right) = self.around(passage);
        Line {
            text,
            block: self.doc.block_at(passage.start()).number,
            left: tail(&left, CONTEXT).to_owned(),
            words: self.words(passage),
            right: head(&right, CONTEXT).to_owned(),
            speaker: self.turns.speaker(passage.start()).cloned(),
        }
    }

    /// The words of a range without furniture.
    fn shown(&self, range: TextRange) -> String {
        let hidden = &self.anchored.furniture;
        let mut out = String::new();
        let mut at = range.start;
        let from = hidden.partition_point(|h| h.range.end <= range.start);
        for h in hidden[from..].iter().take_while(|h| h.range.start < range.end) {
            out.push_str(&self.quoted(TextRange::new(at, h.range.start.max(at))));
            at = h.range.end.max(at);
        }
        if at < range.end {
            out.push_str(&self.quoted(TextRange::new(at, range.end)));
        }
        spaced_inside(&out)
    }
}

/// What stands where a line of verse ends, where it is quoted in prose.
pub(crate) const LINE_END: &str = " / ";

/// Words of a text as they are quoted: the ends of lines of verse are signs. White space stays.
pub(crate) fn quoted<'d>(doc: &'d Document, anchored: &Anchored, range: TextRange) -> Cow<'d, str> {
    let words = doc.words(range);
    if range.is_empty() || !words.contains('\n') || !anchored.is_verse(doc.block_at(range.start).number) {
        return Cow::Borrowed(words);
    }
    Cow::Owned(words.replace('\n', LINE_END))
}

/// White space as single spaces, kept at the ends.
fn spaced_inside(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c.is_whitespace() {
            true if out.ends_with(' ') => {}
            true => out.push(' '),
            false => out.push(c),
        }
    }
    out
}

/// A heading without the marks of footnotes in it.
fn without_marks(gather: &Gather<'_>, heading: &Passage) -> Passage {
    let marks = gather
        .anchored
        .parts
        .iter()
        .filter(|row| row.part.kind == RowKind::FootnoteMark && !row.part.is_behind);
    let marks: Vec<TextRange> = marks
        .flat_map(|row| row.place.ranges.iter().copied())
        .filter(|range| heading.start() <= range.start && range.start < heading.end())
        .collect();
    let mut ranges = Vec::new();
    for range in &heading.ranges {
        let mut at = range.start;
        for mark in marks.iter().filter(|mark| range.holds(**mark)) {
            ranges.push(TextRange::new(at, mark.start));
            at = mark.end;
        }
        ranges.push(TextRange::new(at, range.end));
    }
    ranges.retain(|range| !range.is_empty());
    Passage { ranges }
}

fn outline(gather: &Gather<'_>) -> Vec<Outline> {
    let mut out = Vec::new();
    for (i, placed) in gather.anchored.structure.iter_enumerated() {
        let (row, passage) = (&placed.part, &placed.place);
        if passage.ranges.is_empty() || !row.kind.opens_section() {
            continue;
        }
        let heading = row.kind == RowKind::Heading;
        out.push(Outline {
            kind: row.kind,
            level: if heading { row.level.unwrap_or(2) } else { 0 },
            words: if heading { gather.words(&without_marks(gather, passage)) } else { String::new() },
            to: row.to.iter().map(|number| number.value.clone()).collect(),
            begins: row.number.as_ref().map(|_| short(&gather.words(passage), BEGINNING)).unwrap_or_default(),
            number: row.number.clone(),
            speaker: gather.turns.begins(i).cloned(),
            block: gather.doc.block_at(passage.start()).number,
        });
    }
    for block in &gather.doc.blocks {
        if let postil_anchor::document::BlockKind::Heading(level) = block.kind {
            out.push(Outline {
                kind: RowKind::Heading,
                level,
                words: spaced(gather.doc.words(block.text)),
                number: None,
                to: Vec::new(),
                begins: String::new(),
                speaker: None,
                block: block.number,
            });
        }
    }
    out.sort_by_key(|o| o.block);
    out
}
