//! Words and their ends, and the visible part of a stretch.
//!
//! A place does not begin or end inside a word: a note on `traffick` of
//! `trafficking` would mark half a word, and a term would be found inside
//! another. What a word is stays deliberately simple, the same for every script
//! that puts spaces between words; scripts that do not are excepted.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::GraphemeCursor;

use super::fold::is_blank;
use super::{Hidden, Passage};
use crate::document::{Document, TextRange};

/// Whether a place that begins or ends at byte `at` would cut a word or a number.
pub fn cuts_word(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let Some(next) = after.chars().next() else { return false };
    let mut back = before.chars().rev().skip_while(|&c| is_combining_mark(c));
    let Some(last) = back.next() else { return false };
    if is_word(last) && is_word(next) {
        return !(is_unspaced(last) || is_unspaced(next));
    }
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let point = |c: char| c == '.' || c == ',';
    (last.is_ascii_digit() && point(next) && digit(after.chars().nth(1)))
        || (point(last) && next.is_ascii_digit() && digit(back.next()))
}

/// A stretch, made so much longer that it cuts no word; at most by
/// [`LONGEST_WORD`] on each side, since it is only shown to people.
pub(super) fn whole_words(text: &str, start: usize, end: usize) -> (usize, usize) {
    let before = text[..start].char_indices().rev().map(|(at, _)| at);
    let fallback = start;
    let start = std::iter::once(start).chain(before).take(LONGEST_WORD).find(|&at| !cuts_word(text, at));
    let after = text[end..].char_indices().skip(1).map(|(at, _)| end + at).chain([text.len()]);
    let longer = std::iter::once(end).chain(after).take(LONGEST_WORD).find(|&at| !cuts_word(text, at));
    (start.unwrap_or(fallback), longer.unwrap_or(end))
}

/// Longest word shown whole in a message, in characters.
const LONGEST_WORD: usize = 100;

/// A letter or a digit. Raised and lowered digits are not: they mark notes.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '²' | '³' | '¹' | '\u{2070}'..='\u{2079}' | '\u{2080}'..='\u{2089}')
}

/// Whether a byte is between two grapheme clusters.
pub(super) fn is_cluster_edge(text: &str, at: usize) -> bool {
    let plain = |c: Option<char>| c.is_none_or(|c| c.is_ascii());
    if !text.is_char_boundary(at) {
        return false;
    }
    if plain(text[..at].chars().next_back()) && plain(text[at..].chars().next()) {
        return true;
    }
    // The whole text is given as one chunk, so the cursor never asks for context.
    GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true) && !is_stacked(text, at)
}

/// Whether the letter at byte `at` stands below the one before it: Unicode's clusters know of it in some scripts only.
fn is_stacked(text: &str, at: usize) -> bool {
    let sign = |c: char| matches!(c, '\u{1039}' | '\u{17d2}' | '\u{1a60}' | '\u{1b44}' | '\u{a9c0}');
    text[..at].chars().next_back().is_some_and(sign) && text[at..].chars().next().is_some_and(is_word)
}

/// Whether an end at byte `at` would cut a word, a number, or what is one character to a reader.
pub(super) fn cuts(text: &str, at: usize) -> bool {
    cuts_word(text, at) || !is_cluster_edge(text, at)
}

/// Whether a character's script puts spaces between words.
pub(super) fn is_spaced(c: char) -> bool {
    !is_unspaced(c)
}

/// Whether a script is written without spaces between words: Han, kana, Thai,
/// Lao, Tibetan, Myanmar, Khmer, Tai, Balinese, Javanese.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{1950}'..='\u{19ff}' | '\u{1a20}'..='\u{1aaf}' | '\u{1b00}'..='\u{1b7f}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{312f}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a980}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aa7f}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// What a reader sees of a stretch: block by block, without furniture and
/// without white space at the ends.
///
/// `hidden` is sorted and does not overlap. The result is empty if all of the
/// stretch is furniture or white space.
pub fn visible_part(doc: &Document, hidden: &[Hidden], stretch: TextRange) -> Passage {
    let mut ranges = Vec::with_capacity(1);
    let first = doc.blocks.partition_point(|block| block.text.end <= stretch.start);
    for block in &doc.blocks[first..] {
        if block.text.start >= stretch.end {
            break;
        }
        let from = ranges.len();
        without(hidden, block.text.meet(stretch), &mut ranges);
        trim(&doc.visible, &mut ranges, from);
    }
    Passage { ranges }
}

/// Adds what is left of `stretch` once `hidden` is taken out.
fn without(hidden: &[Hidden], stretch: TextRange, left: &mut Vec<TextRange>) {
    let mut at = stretch.start;
    let first = hidden.partition_point(|gap| gap.range.end <= stretch.start);
    for gap in &hidden[first..] {
        if gap.range.start >= stretch.end {
            break;
        }
        if at < gap.range.start {
            left.push(TextRange::new(at, gap.range.start));
        }
        at = gap.range.end;
    }
    if at < stretch.end {
        left.push(TextRange::new(at, stretch.end));
    }
}

/// Takes white space from both ends of the ranges from `from` on, which are of one block.
fn trim(text: &str, ranges: &mut Vec<TextRange>, from: usize) {
    while let Some(last) = ranges[from..].last_mut() {
        let kept = text[last.range()].trim_end_matches(is_blank).len();
        if kept > 0 {
            last.end = last.start + kept;
            break;
        }
        ranges.pop();
    }
    let blank = |range: &&TextRange| text[range.range()].chars().all(is_blank);
    let blanks = ranges[from..].iter().take_while(blank).count();
    ranges.drain(from..from + blanks);
    if let Some(first) = ranges[from..].first_mut() {
        first.start = first.end - text[first.range()].trim_start_matches(is_blank).len();
    }
}

impl Passage {
    /// From its first byte to its last, furniture inside included.
    pub fn hull(&self) -> TextRange {
        let start = self.ranges.first().map_or(0, |first| first.start);
        TextRange::new(start, self.ranges.last().map_or(start, |last| last.end))
    }

    /// Its words, as a reader sees them; a space between two blocks.
    pub fn words(&self, doc: &Document) -> String {
        let mut words = String::new();
        let mut block = None;
        for &range in &self.ranges {
            let here = doc.block_at(range.start).number;
            if block.is_some_and(|before| before != here) {
                words.push(' ');
            }
            words.push_str(doc.words(range));
            block = Some(here);
        }
        words
    }

    /// How many blocks it touches.
    pub fn block_count(&self, doc: &Document) -> usize {
        let mut numbers: Vec<u32> = self.ranges.iter().map(|r| doc.block_at(r.start).number).collect();
        numbers.dedup();
        numbers.len()
    }
}
