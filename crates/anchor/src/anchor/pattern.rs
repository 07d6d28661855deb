//! From the words of a selector to what is looked for.
//!
//! The quotation that opens a note may hold one stretch in bold and ` […] `.
//! Both are only read as such if the text does not have the quotation as it is
//! written: a text may hold stars and brackets of its own.

use std::ops::Range;

use super::fold::{fold, fold_with_map};
use super::needles::Needles;
use super::words::is_word;
use crate::annotation::Words;

/// Needles that follow each other, and the stretch of them that is marked.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Numbers of needles; more than one where the quotation has gaps.
    pub(super) parts: Vec<usize>,
    /// Where the marked words begin.
    pub(super) from: Spot,
    /// Where they end.
    pub(super) to: Spot,
}

/// A place in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Index of the part.
    pub(super) part: usize,
    /// Byte of the needle.
    pub(super) at: usize,
}

/// The ways to read the words of a selector, in the order in which they are tried.
#[derive(Debug, Default)]
pub(super) struct Readings {
    /// What is looked for.
    pub(super) patterns: Vec<Pattern>,
    /// Whether two stretches stand in bold.
    pub(super) two_bold: bool,
}

/// Reads the words of a selector.
pub(super) fn read(words: &Words, needles: &mut Needles) -> Readings {
    let mut readings = Readings::default();
    match words {
        Words::Literal(text) => readings.add(text, 0..text.len(), false, needles),
        Words::Quotation(text) => {
            readings.add_both(text, 0..text.len(), needles);
            match bold(text) {
                Bold::None => {}
                Bold::One(plain, marked) => readings.add_both(&plain, marked, needles),
                Bold::Two => readings.two_bold = true,
            }
        }
    }
    readings
}

/// The quotation without the stars of its bold stretch, for messages.
pub(super) fn plain_words(words: &Words) -> String {
    match words {
        Words::Quotation(text) => match bold(text) {
            Bold::One(plain, _) => plain,
            _ => text.clone(),
        },
        Words::Literal(text) => text.clone(),
    }
}

impl Readings {
    /// As written, then with gaps.
    fn add_both(&mut self, text: &str, marked: Range<usize>, needles: &mut Needles) {
        self.add(text, marked.clone(), false, needles);
        if parts(text).len() != 1 || parts(text)[0] != (0..text.len()) {
            self.add(text, marked, true, needles);
        }
    }

    fn add(&mut self, text: &str, marked: Range<usize>, gaps: bool, needles: &mut Needles) {
        let parts = if gaps { parts(text) } else { std::iter::once(0..text.len()).collect() };
        self.patterns.extend(pattern(text, &parts, &marked, needles));
    }
}

/// The pattern of some parts of a text; none if a part or what is marked folds to nothing.
fn pattern(
    text: &str,
    parts: &[Range<usize>],
    marked: &Range<usize>,
    needles: &mut Needles,
) -> Option<Pattern> {
    let first = parts.iter().position(|part| part.end > marked.start)?;
    let last = parts.iter().rposition(|part| part.start < marked.end)?;
    let mut numbers = Vec::with_capacity(parts.len());
    let mut from = Spot { part: first, at: 0 };
    let mut to = Spot { part: last, at: 0 };
    for (i, part) in parts.iter().enumerate() {
        let folded = fold_with_map(&text[part.clone()]);
        if folded.text.is_empty() {
            return None;
        }
        if i == first {
            from.at = folded.map.folded(marked.start.saturating_sub(part.start));
        }
        if i == last {
            let whole = marked.end >= part.end;
            to.at = if whole { folded.text.len() } else { folded.map.folded(marked.end - part.start) };
        }
        numbers.push(needles.intern(&folded.text));
    }
    let marks_something = (from.part, from.at) < (to.part, to.at);
    marks_something.then_some(Pattern { parts: numbers, from, to })
}

/// The words between the gaps of a quotation.
pub(super) fn parts_of(text: &str) -> Vec<&str> {
    parts(text).into_iter().map(|part| &text[part]).collect()
}

/// What stands between the gaps (`[…]` or `[...]` between white space, or at an end).
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices('[') {
        let Some(sign) = ["[…]", "[...]"].into_iter().find(|sign| text[at..].starts_with(sign)) else {
            continue;
        };
        let end = at + sign.len();
        let open = |c: Option<char>| c.is_none_or(char::is_whitespace);
        if open(text[..at].chars().next_back()) && open(text[end..].chars().next()) {
            parts.push(from..at);
            from = end;
        }
    }
    parts.push(from..text.len());
    parts.retain(|part| !fold(&text[part.clone()]).is_empty());
    parts
}

/// The bold stretch of a quotation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bold {
    /// None, or stars that are no pair.
    None,
    /// The quotation without its two pairs of stars, and the stretch between them.
    One(String, Range<usize>),
    /// Two or more.
    Two,
}

/// Finds the pairs of `**`: an opening one is not followed by white space, a
/// closing one not preceded by white space and not followed by a letter or
/// digit (of a script with spaces).
pub(super) fn bold(text: &str) -> Bold {
    let mut open = None;
    let mut pairs = Vec::new();
    for at in pairs_of_stars(text) {
        let (before, after) = (text[..at].chars().next_back(), text[at + 2..].chars().next());
        let closes = before.is_some_and(|c| !c.is_whitespace())
            && !after.is_some_and(|c| is_word(c) && super::words::is_spaced(c));
        let opens = after.is_some_and(|c| !c.is_whitespace());
        match open {
            Some(start) if closes => {
                pairs.push((start, at));
                open = None;
            }
            None if opens => open = Some(at),
            _ => {}
        }
    }
    match pairs[..] {
        [] => Bold::None,
        [(start, end)] => {
            let plain = [&text[..start], &text[start + 2..end], &text[end + 2..]].concat();
            Bold::One(plain, start..end - 2)
        }
        _ => Bold::Two,
    }
}

/// Where exactly two stars stand together.
fn pairs_of_stars(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find('*') {
        let start = at + next;
        let run = text[start..].bytes().take_while(|&b| b == b'*').count();
        if run == 2 {
            found.push(start);
        }
        at = start + run;
    }
    found
}
