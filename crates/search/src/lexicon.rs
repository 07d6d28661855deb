//! Words of one stem with the segments that have them.

use std::cmp::Ordering;
use std::ops::Range;

use crate::code::{put, put_rising};
use crate::heap::{Hit, Record, hits};

/// How soon more occurrences stop counting more (BM25's k1).
pub const K1: f64 = 1.2;
/// How much longer texts are held back (BM25's b).
pub const B: f64 = 0.75;
/// The length at which a segment is neither held back nor favoured, in words.
/// A constant, where BM25 has the mean of the collection: so no other text
/// moves the score of this one.
pub const USUAL_WORDS: f64 = 1000.0;
/// Impacts are steps of this many parts.
pub const STEPS: u32 = 15;

/// Words of one stem, or one mark, with the segments that have it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Its forms, the most frequent first.
    pub forms: Vec<String>,
    /// How many segments have it.
    pub segments: u32,
    /// Segments whose text has it, rising, each with what it counts (1 to [`STEPS`]).
    pub text: Vec<(u32, u8)>,
    /// Segments whose notes have it, likewise.
    pub notes: Vec<(u32, u8)>,
    /// For each segment where its positions end among all; empty for function words and marks.
    pub ends: Vec<(u32, u32)>,
    /// The positions in each segment, one segment after the other.
    pub positions: Vec<u32>,
    /// For each form the segments whose text and whose notes have that very
    /// form, rising; last, those that have one in capitals. Empty if there is
    /// nothing to tell apart.
    pub exact: Vec<[Vec<u32>; 2]>,
    /// Whether it has a word that only ties others together: a query is
    /// answered by its other words.
    pub is_function_word: bool,
}

impl Group {
    /// The first of its forms in the lexicon's order: where it stands there.
    pub fn home(&self) -> &str {
        home(self.forms.iter().map(String::as_str))
    }

    /// How many segments have it in capitals.
    pub fn capitals(&self) -> usize {
        self.exact.last().map_or(0, |[text, notes]| text.len() + notes.len())
    }

    /// A mark (`=name`) on segments, rising.
    pub fn mark(name: String, segments: &[u32]) -> Self {
        let text = segments.iter().map(|&segment| (segment, STEPS as u8)).collect();
        Self { forms: vec![name], segments: segments.len() as u32, text, ..Self::default() }
    }
}

/// The first of some forms in the lexicon's order.
pub fn home<'a>(forms: impl Iterator<Item = &'a str>) -> &'a str {
    forms.min_by(|a, b| lexical(a, b)).unwrap_or_default()
}

/// The order of the lexicon, that of JavaScript's `<`: by UTF-16 units.
pub fn lexical(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// What a word counts in a text of so many words, in steps from 1 to [`STEPS`]; 0 if it is not there.
pub fn impact(count: u32, words: u32) -> u8 {
    if count == 0 {
        return 0;
    }
    ((share(count, words) * f64::from(STEPS)).round() as u8).max(1)
}

/// BM25's weight of a count without its rarity, from 0 to 1.
pub fn share(count: u32, words: u32) -> f64 {
    let count = f64::from(count);
    count / (count + K1 * (1.0 - B + B * f64::from(words) / USUAL_WORDS))
}

/// What a word counts in the notes of a segment, however long they are.
pub fn notes_impact(count: u32) -> u8 {
    impact(count, (USUAL_WORDS / 4.0) as u32)
}

/// Postings from segment `base` on as characters.
pub fn written(postings: &[(u32, u8)], base: u32) -> String {
    let mut out = String::with_capacity(2 * postings.len());
    let numbers = postings.iter().map(|&(segment, impact)| (segment - base, u32::from(impact) - 1));
    put_rising(&mut out, numbers, STEPS);
    out
}

/// Which postings of a list (`side` 0 in texts, 1 in notes) have the very form: for each form, then for capitals,
/// how many and which, by their places in the list. Of the first form, which is in most, those are told that lack
/// it; so it is with capitals if few lack them. Zeros at the end go without saying.
pub fn written_exact(group: &Group, side: usize, postings: &[(u32, u8)]) -> String {
    let mut out = String::new();
    for (at, lists) in group.exact.iter().enumerate() {
        let lack = at == 0 || at + 1 == group.exact.len() && mostly_in_capitals(group);
        let list = &lists[side];
        let first = postings.first().map_or(0, |&(segment, _)| list.partition_point(|&own| own < segment));
        let mut own = list[first..].iter().peekable();
        let places = postings.iter().zip(0..).filter(|&(&(segment, _), _)| {
            while own.next_if(|&&own| own < segment).is_some() {}
            own.peek().is_some_and(|&&own| own == segment) != lack
        });
        let places: Vec<(u32, u32)> = places.map(|(_, place)| (place, 0)).collect();
        put(&mut out, places.len() as u32, 0, 1);
        put_rising(&mut out, places, 1);
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// Whether more segments have a word in capitals than not.
pub fn mostly_in_capitals(group: &Group) -> bool {
    2 * group.capitals() > group.text.len() + group.notes.len()
}

/// Positions of some segments as characters: the last of each segment is tagged.
pub fn written_positions(group: &Group, segments: Range<usize>) -> String {
    let mut out = String::new();
    let end = |segment: usize| group.ends[segment].1 as usize;
    for segment in segments {
        let first = segment.checked_sub(1).map_or(0, end);
        let own = &group.positions[first..end(segment)];
        let mut next = 0;
        for (at, &position) in own.iter().enumerate() {
            put(&mut out, position - next, u32::from(at + 1 == own.len()), 2);
            next = position + 1;
        }
    }
    out
}

/// How often each form occurs, the most frequent first.
pub fn by_frequency<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<&'a str> {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for record in records {
        *counts.entry(&record.form).or_default() += record.count;
    }
    let mut forms: Vec<(&str, u64)> = counts.into_iter().collect();
    forms.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    forms.into_iter().map(|(form, _)| form).collect()
}

/// Which segments the texts have, by the number under which they were taken in.
#[derive(Debug, Default)]
pub struct Numbering {
    /// The first segment of each text.
    pub first: Vec<u32>,
    /// Words in each of its segments.
    pub words: Vec<Box<[u32]>>,
}

/// All forms of one stem become a group.
pub fn group(records: &[Record], numbering: &Numbering) -> Group {
    let mut forms: Vec<String> = by_frequency(records).into_iter().map(str::to_owned).collect();
    let stemming = records.first().map(|record| record.stemming).unwrap_or_default();
    let stem = records.first().map_or("", |record| &record.stem);
    if stemming.has_words_for_stems() && !forms.iter().any(|form| form == stem) {
        forms.push(stem.to_owned());
    }
    let is_function_word = forms.iter().any(|form| stemming.is_function_word(form));
    let mut group = Group { forms, is_function_word, ..Group::default() };
    let mut all: Vec<(Hit, Range<usize>)> = Vec::new();
    // Segment and place in `all`: common words have hundreds of thousands of hits, too many to be moved about.
    let mut order: Vec<(u32, usize)> = Vec::new();
    let mut positions: Vec<u32> = Vec::new();
    for record in records {
        hits(&record.hits, |hit, numbers, is_positions| {
            if !is_positions {
                return;
            }
            let from = positions.len();
            if !is_function_word {
                positions.extend(numbers);
            }
            let segment = numbering.first[hit.text as usize] + hit.segment;
            order.push((segment, all.len()));
            all.push((hit, from..positions.len()));
        });
    }
    order.sort_unstable();
    group.text.reserve(all.len());
    if !is_function_word {
        group.ends.reserve(all.len());
        group.positions.reserve(positions.len());
    }
    let mut own = Vec::new();
    for same in order.chunk_by(|a, b| a.0 == b.0) {
        let (segment, first) = same[0];
        let hits = || same.iter().map(|&(_, place)| &all[place]);
        let count = hits().map(|(hit, _)| hit.count).sum();
        let notes = hits().map(|(hit, _)| hit.notes).sum();
        group.segments += 1;
        if count > 0 {
            let (hit, _) = &all[first];
            let words = numbering.words[hit.text as usize][hit.segment as usize];
            group.text.push((segment, impact(count, words)));
        }
        if notes > 0 {
            group.notes.push((segment, notes_impact(notes)));
        }
        if !is_function_word {
            own.clear();
            hits().for_each(|(_, range)| own.extend_from_slice(&positions[range.clone()]));
            own.sort_unstable();
            own.dedup();
            group.positions.extend_from_slice(&own);
            group.ends.push((segment, group.positions.len() as u32));
        }
    }
    group.exact = exact(records, &group.forms, numbering);
    group
}

/// See [`Group::exact`].
fn exact(records: &[Record], forms: &[String], numbering: &Numbering) -> Vec<[Vec<u32>; 2]> {
    let mut exact = vec![[Vec::new(), Vec::new()]; forms.len() + 1];
    for record in records {
        let own = forms.iter().position(|form| *form == record.form).expect("these are its forms");
        hits(&record.hits, |hit, _, is_positions| {
            let segment = numbering.first[hit.text as usize] + hit.segment;
            let counts = [hit.count, hit.notes];
            for side in (0..2).filter(|&side| is_positions && counts[side] > 0) {
                exact[own][side].push(segment);
                if hit.capitals[side] {
                    exact[forms.len()][side].push(segment);
                }
            }
        });
    }
    if forms.len() == 1 && exact[1].iter().all(Vec::is_empty) {
        return Vec::new();
    }
    for list in exact.iter_mut().flatten() {
        list.sort_unstable();
        list.dedup();
    }
    exact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impacts_rise_with_the_count_and_fall_with_the_length() {
        fn check(count: u32, words: u32, expected: u8) {
            assert_eq!(impact(count, words), expected, "{count} in {words}");
        }
        check(0, 100, 0);
        check(1, 0, 12);
        check(1, 1000, 7);
        check(1, 100_000, 1);
        check(5, 1000, 12);
        check(u32::MAX, 1000, 15);
    }

    #[test]
    fn the_lexicon_is_in_the_order_of_the_engine() {
        fn check(a: &str, b: &str, expected: Ordering) {
            assert_eq!(lexical(a, b), expected, "{a} {b}");
        }
        check("a", "b", Ordering::Less);
        check("a", "ab", Ordering::Less);
        check("z", "é", Ordering::Less);
        check("\u{FB01}", "\u{10428}", Ordering::Greater);
        check("x", "x", Ordering::Equal);
    }
}
