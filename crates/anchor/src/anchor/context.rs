//! Words around a place, and how few of them tell it from others.

use super::place::Candidate;
use super::words::is_word;

/// Most words that are added on each side.
const MOST_WORDS: usize = 8;

/// Words to add to a quotation so that it stands in one place only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Context {
    /// Before it; may be empty.
    pub(super) before: String,
    /// After it; may be empty.
    pub(super) after: String,
}

/// Longest context shown or proposed, in bytes: a line of a text may hold no space at all.
const MOST_BYTES: usize = 200;

/// The next words, at most `count`, without the space before them.
pub(super) fn words_after(text: &str, at: usize, count: usize) -> &str {
    let rest = text[at..].trim_start_matches(' ');
    let mut end = rest.len().min(MOST_BYTES);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let near = &rest[..end];
    near.match_indices(' ').nth(count.saturating_sub(1)).map_or(near, |(end, _)| &near[..end])
}

/// The words before, at most `count`, without the space after them.
pub(super) fn words_before(text: &str, at: usize, count: usize) -> &str {
    let rest = text[..at].trim_end_matches(' ');
    let mut start = rest.len().saturating_sub(MOST_BYTES);
    while !rest.is_char_boundary(start) {
        start += 1;
    }
    let near = &rest[start..];
    near.rmatch_indices(' ').nth(count.saturating_sub(1)).map_or(near, |(start, _)| &near[start + 1..])
}

/// The fewest words, before or after or both, that tell place `i` from the others.
///
/// Only places of one stream are compared: those of an ambiguous quotation
/// always are.
pub(super) fn unique(text: &str, places: &[Candidate], i: usize) -> Option<Context> {
    let (start, end) = places[i].whole;
    let others = || places.iter().enumerate().filter(move |(j, _)| *j != i).map(|(_, place)| place.whole);
    let before_fits = |words: &str, at: usize| text[..at].trim_end_matches(' ').ends_with(words);
    let after_fits = |words: &str, at: usize| text[at..].trim_start_matches(' ').starts_with(words);
    for count in 1..=MOST_WORDS {
        let (before, after) = (words_before(text, start, count), words_after(text, end, count));
        if says_something(after) && !others().any(|other| after_fits(after, other.1)) {
            return Some(Context { before: String::new(), after: after.to_owned() });
        }
        if says_something(before) && !others().any(|other| before_fits(before, other.0)) {
            return Some(Context { before: before.to_owned(), after: String::new() });
        }
    }
    let (before, after) = (words_before(text, start, MOST_WORDS), words_after(text, end, MOST_WORDS));
    let same = others().any(|other| before_fits(before, other.0) && after_fits(after, other.1));
    (!same).then(|| Context { before: before.to_owned(), after: after.to_owned() })
}

/// Whether words are more than marks: a dash alone would tell places apart, but nobody would see why.
fn says_something(words: &str) -> bool {
    words.chars().any(is_word)
}
