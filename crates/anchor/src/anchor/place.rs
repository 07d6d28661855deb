//! Selectors become places, or a reason why not.
//!
//! All selectors of a text are looked for in one pass over the reading stream,
//! and those that are not there in one pass over the raw stream. What is found
//! is then sifted: it must not cut a word, must touch its context, begin where
//! `at` says, stand at the edge that `edge` names. Of what is left there must be
//! one, or `nth` or `all` say which.

use super::at::{self, AtError, Run};
use super::fold::{Folded, fold};
use super::needles::Needles;
use super::pattern::{self, Pattern, Readings};
use super::sift::{Search, Sieve};
use super::stream::Streams;
use super::words::{is_word, visible_part};
use super::{Hidden, Passage};
use crate::annotation::{BlockRange, Located, Selector, Words};
use crate::document::{Document, TextRange};

/// Most places of one annotation with `all = true`.
pub(super) const MOST_PLACES: usize = 200;
/// Most blocks of one place of an annotation.
pub(super) const MOST_BLOCKS: usize = 10;
/// Most characters of a quotation, as written.
pub(super) const LONGEST_QUOTE: usize = 2000;
/// How many places of a selector that should have one are counted.
const MOST_COUNTED: usize = 200;

/// What a selector is for; not the same is asked of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Furniture: may be part of a word, and marks only, and as often as it likes.
    Furniture,
    /// Another row of an apparatus: may be long and many.
    Apparatus,
    /// A note, a passage of a topic, an end of a link.
    Annotation,
}

/// One selector to be placed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    /// The selector.
    pub(super) selector: &'a Selector,
    /// What it is for.
    pub(super) purpose: Purpose,
}

/// One place that a selector may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What it covers of the visible text.
    pub(super) passage: Passage,
    /// The stream it was found in.
    pub(super) in_raw: bool,
    /// The marked words in that stream.
    pub(super) marked: (usize, usize),
    /// The whole quotation in that stream.
    pub(super) whole: (usize, usize),
}

/// Why a selector has no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// `nth` together with `all`.
    Conflict,
    /// A selector without words and without `at`.
    Nothing,
    /// No letter and no digit in the words, or (furniture) nothing at all.
    Empty,
    /// Too many characters: how many.
    TooLong(usize),
    /// Too many blocks: how many.
    TooWide(usize),
    /// `at` names no block.
    At(Located<BlockRange>, AtError),
    /// The blocks of `at` hold nothing but furniture.
    HiddenBlocks,
    /// Two stretches in bold.
    TwoBold,
    /// Not there.
    NotFound,
    /// There, but not where context, `at` and `edge` say: the first such place and what it fails.
    Elsewhere(Candidate, Miss),
    /// Only inside a word.
    CutsWord(Candidate),
    /// Only in furniture: where.
    InFurniture(TextRange),
    /// More than one place: the first ones, and whether these are all.
    Ambiguous(Vec<Candidate>, bool),
    /// Fewer places than `nth`: how many.
    Nth(usize),
    /// More places than `all` may mark.
    TooMany,
}

/// Which condition a hit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// `prefix` does not touch it.
    Prefix,
    /// `suffix` does not touch it.
    Suffix,
    /// It begins outside `at`.
    At,
    /// It does not stand at the `edge`.
    Edge,
}

/// The places of one selector, in reading order; or why there are none.
pub(super) type Outcome = Result<Vec<Candidate>, Failure>;

/// Places furniture: in the raw stream, as long as nothing is hidden.
pub(super) fn place_furniture(doc: &Document, raw: &Folded, requests: &[Request<'_>]) -> Vec<Outcome> {
    let mut needles = Needles::default();
    let queries: Vec<_> = requests.iter().map(|&r| Query::prepare(doc, r, &mut needles)).collect();
    let wanted: Vec<usize> = (0..needles.count()).collect();
    let hits = needles.hits(&wanted, &raw.text);
    let search = Search { doc, hidden: &[], stream: raw, in_raw: true, needles: &needles, hits: &hits };
    queries.into_iter().map(|query| query?.place(&search, None)).collect()
}

/// Places everything else: in the reading stream or, if it is not there, in the raw stream.
pub(super) fn place_all(streams: &Streams<'_>, requests: &[Request<'_>]) -> Vec<Outcome> {
    let mut needles = Needles::default();
    let queries: Vec<_> = requests.iter().map(|&r| Query::prepare(streams.doc, r, &mut needles)).collect();
    let wanted: Vec<usize> = (0..needles.count()).collect();
    let in_reading = needles.hits(&wanted, &streams.reading.text);
    let in_raw = streams.raw.as_ref().map(|raw| {
        let wanted = not_there(&queries, &in_reading);
        (raw, needles.hits(&wanted, &raw.text))
    });
    let search = |stream, in_raw, hits| Search {
        doc: streams.doc,
        hidden: &streams.hidden,
        stream,
        in_raw,
        needles: &needles,
        hits,
    };
    let reading = search(&streams.reading, false, &in_reading);
    let raw = in_raw.as_ref().map(|(raw, hits)| search(raw, true, hits));
    queries.into_iter().map(|query| query?.place(&reading, raw.as_ref())).collect()
}

/// The needles of all patterns that the reading stream does not have.
fn not_there(queries: &[Result<Query<'_>, Failure>], hits: &[Vec<usize>]) -> Vec<usize> {
    let missing = |pattern: &&Pattern| pattern.parts.iter().any(|&part| hits[part].is_empty());
    let patterns = queries.iter().flatten().flat_map(|query| &query.readings.patterns);
    let mut wanted: Vec<usize> = patterns.filter(missing).flat_map(|pattern| pattern.parts.clone()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// A selector, ready to be looked for.
#[derive(Debug)]
pub(super) struct Query<'a> {
    /// The selector.
    pub(super) selector: &'a Selector,
    /// What it is for.
    pub(super) purpose: Purpose,
    /// Its words.
    readings: Readings,
    /// Its `at`.
    pub(super) runs: Vec<Run>,
    /// Its `prefix`, folded.
    pub(super) prefix: Option<String>,
    /// Its `suffix`, folded.
    pub(super) suffix: Option<String>,
}

impl<'a> Query<'a> {
    /// Reads a selector; says first what is wrong with it by itself.
    fn prepare(doc: &Document, request: Request<'a>, needles: &mut Needles) -> Result<Self, Failure> {
        let Request { selector, purpose } = request;
        if selector.pattern.is_some() {
            // Patterns are looked for elsewhere.
            return Err(Failure::Nothing);
        }
        if selector.nth.is_some() && selector.all {
            return Err(Failure::Conflict);
        }
        let mut readings = Readings::default();
        if let Some(words) = &selector.words {
            check_words(words, purpose)?;
            readings = pattern::read(words, needles);
            if readings.patterns.is_empty() {
                return Err(Failure::Empty);
            }
        } else if selector.at.is_empty() {
            return Err(Failure::Nothing);
        }
        let runs = at::runs(doc, selector).map_err(|(at, error)| Failure::At(at, error))?;
        let context = |words: &Option<Located<String>>| words.as_ref().map(|words| fold(&words.value));
        let (prefix, suffix) = (context(&selector.prefix), context(&selector.suffix));
        Ok(Self { selector, purpose, readings, runs, prefix, suffix })
    }

    /// How many places are worth collecting.
    pub(super) fn most_places(&self) -> usize {
        match (&self.selector.nth, self.selector.all, self.purpose) {
            (Some(nth), ..) => nth.value as usize,
            (None, true, Purpose::Annotation) => MOST_PLACES + 1,
            (None, true, _) => usize::MAX,
            (None, false, _) => MOST_COUNTED,
        }
    }

    /// The first reading that has a place decides.
    fn place(&self, reading: &Search<'_>, raw: Option<&Search<'_>>) -> Outcome {
        if self.selector.words.is_none() {
            return self.place_blocks(reading.doc, reading.hidden);
        }
        let mut sieve = Sieve::default();
        for pattern in &self.readings.patterns {
            let met = reading.sift(self, pattern, &mut sieve);
            if let (false, Some(raw)) = (met, raw) {
                raw.sift(self, pattern, &mut sieve);
            }
            if !sieve.places.is_empty() {
                return self.choose(reading.doc, reading.hidden, sieve);
            }
        }
        Err(sieve.failure(self.readings.two_bold))
    }

    /// The blocks of `at` whole; each run of blocks is a place.
    fn place_blocks(&self, doc: &Document, hidden: &[Hidden]) -> Outcome {
        let mut places = Vec::with_capacity(self.runs.len());
        for &(first, last) in &self.runs {
            let blocks = doc.run(first, last);
            let passage = if self.purpose == Purpose::Furniture {
                let ranges = blocks.iter().map(|block| block.text).filter(|range| !range.is_empty());
                Passage { ranges: ranges.collect() }
            } else {
                let start = blocks.first().map_or(0, |block| block.text.start);
                let end = blocks.last().map_or(start, |block| block.text.end);
                visible_part(doc, hidden, TextRange::new(start, end))
            };
            if !passage.ranges.is_empty() {
                places.push(Candidate { passage, in_raw: true, marked: (0, 0), whole: (0, 0) });
            }
        }
        if places.is_empty() {
            return Err(Failure::HiddenBlocks);
        }
        self.check_width(doc, places)
    }

    /// One place, or those that `nth` or `all` name.
    fn choose(&self, doc: &Document, hidden: &[Hidden], sieve: Sieve) -> Outcome {
        let Sieve { mut places, full, .. } = sieve;
        if self.selector.all {
            places = union(doc, hidden, places);
            if self.purpose == Purpose::Annotation && places.len() > MOST_PLACES {
                return Err(Failure::TooMany);
            }
        } else if let Some(nth) = &self.selector.nth {
            let count = places.len();
            let chosen = (nth.value as usize).checked_sub(1).filter(|&i| i < count);
            places = vec![places.swap_remove(chosen.ok_or(Failure::Nth(count))?)];
        } else if places.len() > 1 {
            return Err(Failure::Ambiguous(places, !full));
        }
        self.check_width(doc, places)
    }

    fn check_width(&self, doc: &Document, places: Vec<Candidate>) -> Outcome {
        if self.purpose == Purpose::Annotation {
            let widest = places.iter().map(|place| place.passage.block_count(doc)).max();
            if let Some(count) = widest.filter(|&count| count > MOST_BLOCKS) {
                return Err(Failure::TooWide(count));
            }
        }
        Ok(places)
    }
}

/// What is said about the words of an annotation before they are looked for.
fn check_words(words: &Words, purpose: Purpose) -> Result<(), Failure> {
    if purpose != Purpose::Annotation {
        return Ok(());
    }
    let (Words::Literal(text) | Words::Quotation(text)) = words;
    if !text.chars().any(is_word) {
        return Err(Failure::Empty);
    }
    let count = text.chars().count();
    if count > LONGEST_QUOTE { Err(Failure::TooLong(count)) } else { Ok(()) }
}

/// Places that overlap become one.
fn union(doc: &Document, hidden: &[Hidden], places: Vec<Candidate>) -> Vec<Candidate> {
    let mut joined: Vec<Candidate> = Vec::with_capacity(places.len());
    for place in places {
        let hull = place.passage.hull();
        match joined.last_mut() {
            Some(last) if hull.start < last.passage.hull().end => {
                let both = TextRange::new(last.passage.hull().start, hull.end.max(last.passage.hull().end));
                last.passage = visible_part(doc, hidden, both);
                last.marked.1 = last.marked.1.max(place.marked.1);
                last.whole.1 = last.whole.1.max(place.whole.1);
            }
            _ => joined.push(place),
        }
    }
    joined
}
