//! The other way round: from words that somebody points at to a quotation that
//! says where they stand.
//!
//! What is written is proved before it is given: looked for as any quotation of
//! a note is, it stands where it was meant to, and nowhere else.

use std::sync::Arc;

use super::context;
use super::fold::fold;
use super::lines::Lines;
use super::place::{self, Failure, LONGEST_QUOTE, Outcome, Purpose, Request};
use super::report::Reporter;
use super::stream::{self, Streams};
use super::words::{is_word, visible_part};
use super::{Corrected, Layers, Passage, apparatus, readings, rows};
use crate::annotation::{BlockRange, Located, Selector, Words};
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::{Diagnostic, Source, Span};

/// Finds words in one text and writes quotations for places.
#[derive(Debug)]
pub struct Finder<'a> {
    streams: Streams<'a>,
    corrections: Vec<Corrected>,
}

/// How a place is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The words.
    pub words: Wanted,
    /// The block in which the place begins, if the words alone do not tell.
    pub at: Option<u32>,
    /// Which of the places in that block, from 1, if the block does not tell.
    pub nth: Option<u32>,
}

/// The words of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A block quote, its paragraphs separated by `\n`, the marked words in bold if there are others.
    Quotation(String),
    /// Keys, for words that would be read otherwise in a block quote.
    Literal {
        /** the words that are marked */
        quote: String,
        /** words before them; may be empty */
        prefix: String,
        /** words after them; may be empty */
        suffix: String,
    },
}

/// How a text goes on where some words of it stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// Number of the block.
    pub block: u32,
    /// The words as they stand there, and what follows them in their block.
    pub words: String,
    /// How many bytes of them are those that were looked for.
    pub found: usize,
}

/// A stretch of the reading stream, and what is needed around it.
#[derive(Debug, Clone)]
struct Stretch {
    /// The words before, in bytes of the stream; may be empty.
    before: (usize, usize),
    /// The place.
    marked: (usize, usize),
    /// The words after; may be empty.
    after: (usize, usize),
}

/// Most of a text that is shown to follow some words, in bytes.
const LONGEST_ONWARD: usize = 800;

/// How many words of the beginning and the end stand for a passage that is too
/// long to be quoted whole. Few are easier to read; more tell more places apart.
const ENDS: [usize; 3] = [12, 24, 48];

impl<'a> Finder<'a> {
    /// Makes ready to look in one text.
    pub fn new(doc: &'a Document, layers: &Layers<'a>) -> Self {
        let raw = stream::raw(doc);
        // What is wrong with rows is said when the archive is checked.
        let mut problems = Vec::new();
        let bare = rows::bare(doc, &raw, layers, &mut problems);
        let streams = Streams::new(doc, raw, bare.hidden, &bare.glued);
        let rows = &bare.rows.corrections;
        let request = |selector| Request { selector, purpose: Purpose::Apparatus };
        let requests: Vec<_> = rows.iter().map(|of| request(&of.row.selector)).collect();
        let outcomes = place::place_all(&streams, &requests);
        let corrections = apparatus::corrections(rows, &outcomes, &streams, &mut problems);
        Self { streams, corrections }
    }

    /// The places of some words, in reading order. They are read as the block
    /// quote of a note is: words in bold are meant, the others tell places apart.
    ///
    /// # Errors
    /// There is no such place: why, and what is near.
    pub fn find(&self, words: &str) -> Result<Vec<Passage>, Box<Diagnostic>> {
        self.places(&selector(Some(Words::Quotation(words.to_owned())), "the words"))
    }

    /// The same for words with their neighbours, all of which stand for
    /// themselves; a neighbour may be empty, and may be cut anywhere.
    ///
    /// # Errors
    /// There is no such place: why, and what is near.
    pub fn find_literal(
        &self,
        quote: &str,
        prefix: &str,
        suffix: &str,
    ) -> Result<Vec<Passage>, Box<Diagnostic>> {
        let mut selector = selector(Some(Words::Literal(quote.to_owned())), "the words");
        let context = |words: &str| (!words.trim().is_empty()).then(|| located(words.to_owned()));
        (selector.prefix, selector.suffix) = (context(prefix), context(suffix));
        self.places(&selector)
    }

    /// How the text goes on where these words stand, for somebody who is typing a quotation: the last word may be half
    /// there, and capitals do not count if no place has them so. Without words, how each block begins. At most `most`.
    pub fn onward(&self, words: &str, most: usize) -> Vec<Onward> {
        let Streams { doc, reading, .. } = &self.streams;
        let words = fold(words);
        let words = words.trim_start();
        let onward = |at: usize| {
            let block = doc.block_at(reading.map.start(at));
            let end = reading
                .map
                .folded(block.text.end)
                .min(reading.text.len())
                .min(floor(&reading.text, at + LONGEST_ONWARD));
            let part = |end: usize| {
                let mut lines = Lines::new(&self.streams, at);
                lines.add((at, end.max(at)), "");
                lines.text().replace('\n', " ")
            };
            let found = part((at + words.len()).min(reading.text.len())).len();
            Onward { block: block.number, words: part(end), found }
        };
        if words.is_empty() {
            let starts = doc.blocks.iter().map(|block| reading.map.folded(block.text.start));
            let all = starts.map(onward).filter(|onward| onward.words.chars().any(is_word));
            return all.take(most).collect();
        }
        let begins = |at: &usize| !reading.text[..*at].ends_with(is_word) || !words.starts_with(is_word);
        let all = |text: &str, words: &str| -> Vec<usize> {
            text.match_indices(words).map(|(at, _)| at).filter(begins).take(most).collect()
        };
        let mut found = all(&reading.text, words);
        if found.is_empty() {
            found = all(&reading.text.to_ascii_lowercase(), &words.to_ascii_lowercase());
        }
        found.into_iter().map(onward).collect()
    }

    /// Words of the text that a quotation which stands nowhere most likely means, as a message would
    /// propose them: for a person to look at.
    pub fn nearest(&self, words: &str) -> Option<String> {
        let selector = selector(Some(Words::Quotation(words.to_owned())), "the words");
        let failure =
            self.place(&selector).err().filter(|failure| !matches!(failure, Failure::Ambiguous(..)))?;
        let problem = Reporter::new(&self.streams, readings(&self.corrections)).report(&selector, &failure);
        let [fix] = &problem.fixes[..] else { return None };
        let [edit] = &fix.edits[..] else { return None };
        let lines = edit.new.lines().filter_map(|line| line.strip_prefix("> "));
        let words = lines.collect::<Vec<_>>().join("\n");
        (!words.is_empty()).then_some(words)
    }

    /// The places of a selector; of one that has several and means one of them, all that it may mean.
    ///
    /// # Errors
    /// There is no such place: why, and what is near.
    pub fn places(&self, selector: &Selector) -> Result<Vec<Passage>, Box<Diagnostic>> {
        let places = match self.place(selector) {
            Ok(places) | Err(Failure::Ambiguous(places, _)) => places,
            Err(failure) => {
                let reporter = Reporter::new(&self.streams, readings(&self.corrections));
                let mut problem = reporter.report(selector, &failure);
                // The words stand in no file that could be mended.
                problem.fixes.clear();
                return Err(Box::new(problem));
            }
        };
        Ok(places.into_iter().map(|place| place.passage).collect())
    }

    /// The place of a stretch of the visible text, without what is folded away in it; none if nothing is left.
    pub fn stretch(&self, stretch: TextRange) -> Option<Passage> {
        let passage = visible_part(self.streams.doc, &self.streams.hidden, stretch);
        (!passage.ranges.is_empty()).then_some(passage)
    }

    /// How to write a place so that it is meant and no other: as the block quote
    /// of a note, if that can be. `None` if nothing does.
    pub fn quotation_for(&self, passage: &Passage) -> Option<Wording> {
        self.ways(passage)?.into_iter().find(|wording| self.means(wording, passage))
    }

    /// The same as keys, as the rows of other files have them.
    pub fn keys_for(&self, passage: &Passage) -> Option<Wording> {
        let keys = |wording: &Wording| matches!(wording.words, Wanted::Literal { .. });
        self.ways(passage)?.into_iter().find(|wording| keys(wording) && self.means(wording, passage))
    }

    /// The words around a place, at most `count` on each side, with the space
    /// between them and the place where there is one.
    pub fn around(&self, passage: &Passage, count: usize) -> (String, String) {
        let text = &self.streams.reading.text;
        let Some((start, end)) = self.in_stream(passage) else { return Default::default() };
        let (before, after) =
            (context::words_before(text, start, count), context::words_after(text, end, count));
        let space = |is_there: bool| if is_there { " " } else { "" };
        let (left, right) = (space(text[..start].ends_with(' ')), space(text[end..].starts_with(' ')));
        (format!("{before}{left}"), format!("{right}{after}"))
    }

    /// Ways to write a place, the plainest first; none of them is proved.
    fn ways(&self, passage: &Passage) -> Option<Vec<Wording>> {
        let text = &self.streams.reading.text;
        let (start, end) = self.in_stream(passage)?;
        let alone = Stretch { before: (start, start), marked: (start, end), after: (end, end) };
        let literal = selector(Some(Words::Literal(text[start..end].to_owned())), "");
        let places = match self.place(&literal) {
            Ok(places) | Err(Failure::Ambiguous(places, _)) => places,
            Err(_) => Vec::new(),
        };
        let mut ways = Vec::new();
        let i = places.iter().position(|place| place.passage == *passage);
        let with_context = match i {
            Some(_) if places.len() == 1 => Some(alone.clone()),
            Some(i) => context::unique(text, &places, i).map(|context| {
                let before = text[..start].trim_end_matches(' ').len();
                let after = text.len() - text[end..].trim_start_matches(' ').len();
                Stretch {
                    before: (before - context.before.len(), before),
                    marked: (start, end),
                    after: (after, after + context.after.len()),
                }
            }),
            None => None,
        };
        let block = |passage: &Passage| self.streams.doc.block_at(passage.start()).number;
        let here = block(passage);
        let beside: Vec<_> = places.iter().filter(|place| block(&place.passage) == here).collect();
        let nth = beside.iter().position(|place| place.passage == *passage).filter(|_| beside.len() > 1);
        let nth = nth.and_then(|nth| u32::try_from(nth + 1).ok());
        let by_block = |words| Wording { words, at: Some(here), nth };
        let plain = |words| Wording { words, at: None, nth: None };

        // Neighbouring words are sturdier than a number, and tell the reader more.
        let short: Vec<Wanted> =
            ENDS.iter().filter_map(|&words| self.shortened((start, end), words)).collect();
        ways.extend(with_context.iter().map(|stretch| plain(self.quotation(stretch))));
        ways.extend(short.iter().cloned().map(plain));
        ways.extend(with_context.iter().map(|stretch| plain(self.literal(stretch))));
        ways.push(by_block(self.quotation(&alone)));
        ways.extend(short.into_iter().map(by_block));
        ways.push(by_block(self.literal(&alone)));
        Some(ways)
    }

    /// Whether a wording, looked for as that of a note, is this place and no other.
    fn means(&self, wording: &Wording, passage: &Passage) -> bool {
        let found = |words: Words, prefix: &str, suffix: &str| {
            let mut selector = selector(Some(words), "");
            let context = |words: &str| (!words.is_empty()).then(|| located(words.to_owned()));
            (selector.prefix, selector.suffix) = (context(prefix), context(suffix));
            selector.at = wording.at.map(|n| located(BlockRange::Blocks(n, n))).into_iter().collect();
            selector.nth = wording.nth.map(located);
            self.place(&selector)
        };
        let outcome = match &wording.words {
            Wanted::Quotation(words) => found(Words::Quotation(words.clone()), "", ""),
            Wanted::Literal { quote, prefix, suffix } => found(Words::Literal(quote.clone()), prefix, suffix),
        };
        matches!(outcome.as_deref(), Ok([place]) if place.passage == *passage)
    }

    /// Looks for a selector as for one of a note.
    fn place(&self, selector: &Selector) -> Outcome {
        let request = Request { selector, purpose: Purpose::Annotation };
        let mut outcomes = place::place_all(&self.streams, &[request]);
        outcomes.pop().unwrap_or(Err(Failure::NotFound))
    }

    /// Where a place stands in the reading stream.
    fn in_stream(&self, passage: &Passage) -> Option<(usize, usize)> {
        let reading = &self.streams.reading;
        let start = reading.map.folded(passage.start());
        let end = reading.map.folded(passage.end()).max(start);
        let words = reading.text.get(start..end)?.trim_end_matches(' ');
        (!words.is_empty()).then_some((start, start + words.len()))
    }

    /// The block quote of a stretch: with the marked words in bold if there are others.
    fn quotation(&self, stretch: &Stretch) -> Wanted {
        let Stretch { before, marked, after } = *stretch;
        let bold = before.0 < before.1 || after.0 < after.1;
        let mut lines = Lines::new(&self.streams, before.0);
        lines.add(before, "");
        lines.add(marked, if bold { "**" } else { "" });
        lines.add(after, "");
        Wanted::Quotation(lines.text())
    }

    /// The block quote of the beginning and the end of a passage that is too long.
    fn shortened(&self, (start, end): (usize, usize), words: usize) -> Option<Wanted> {
        let text = &self.streams.reading.text[start..end];
        if text.chars().count() <= LONGEST_QUOTE {
            return None;
        }
        let head = start + text.match_indices(' ').nth(words - 1)?.0;
        let tail = start + text.rmatch_indices(' ').nth(words - 1)?.0 + 1;
        let part = |stretch: (usize, usize)| {
            let mut lines = Lines::new(&self.streams, stretch.0);
            lines.add(stretch, "");
            lines.text()
        };
        (head < tail).then(|| Wanted::Quotation(format!("{} […] {}", part((start, head)), part((tail, end)))))
    }

    fn literal(&self, stretch: &Stretch) -> Wanted {
        let words = |(start, end): (usize, usize)| self.streams.reading.text[start..end].to_owned();
        Wanted::Literal {
            quote: words(stretch.marked),
            prefix: words(stretch.before),
            suffix: words(stretch.after),
        }
    }
}

/// The beginning of the character that a byte is in.
fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A selector of some words, which are all of its file.
fn selector(words: Option<Words>, path: &str) -> Selector {
    let text = match &words {
        Some(Words::Literal(text) | Words::Quotation(text)) => text.clone(),
        None => String::new(),
    };
    Selector {
        span: Span { start: 0, end: text.len() },
        words,
        prefix: None,
        suffix: None,
        at: Vec::new(),
        edge: None,
        pattern: None,
        except: Vec::new(),
        nth: None,
        all: false,
        source: Arc::new(Source::new(path, text)),
    }
}

fn located<T>(value: T) -> Located<T> {
    Located { value, span: Span::default() }
}
