//! The postings of all texts, merged by word group.

use std::cmp::Ordering;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::search::script::varint;
use crate::search::stem::Stemming;
use crate::search::text::{Form, Hit, TextPostings};

/// How soon more occurrences stop counting more (BM25's k1).
pub const K1: f64 = 1.2;
/// How much longer texts are held back (BM25's b).
pub const B: f64 = 0.75;
/// The length at which a segment is neither held back nor favoured, in words.
/// A constant, where BM25 has the mean of the collection: so no other text
/// moves the score of this one.
pub const USUAL_WORDS: f64 = 1000.0;
/// Impacts are steps of this many parts.
pub const STEPS: f64 = 15.0;

/// Words of one stem, or one mark, with the segments that have it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Its forms, the most frequent first.
    pub forms: Vec<String>,
    /// How many segments have it.
    pub segments: u32,
    /// For each, see [`encode`].
    pub postings: Vec<u8>,
    /// The positions in each; empty for function words and marks.
    pub positions: Vec<u8>,
    /// Whether it has a word that only ties others together: a query is
    /// answered by its other words.
    pub is_function_word: bool,
}

impl Group {
    /// The first of its forms in the lexicon's order: where it stands there.
    pub fn home(&self) -> &str {
        self.forms.iter().map(String::as_str).min_by(|a, b| lexical(a, b)).unwrap_or_default()
    }

    /// A mark (`kind:letter`, `=name`) on segments, rising.
    pub fn mark(name: String, segments: &[u32]) -> Self {
        let mut group = Self { forms: vec![name], segments: segments.len() as u32, ..Self::default() };
        let mut last = 0;
        for &segment in segments {
            encode(&mut group.postings, segment - last, STEPS as u8, 0);
            last = segment;
        }
        group
    }
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
    ((share(count, words) * STEPS).round() as u8).max(1)
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

/// A posting: how many segments on from the last one (or from 0), and both
/// impacts. Five bits hold the text's and whether notes follow, so that most
/// postings of a frequent word take one byte.
fn encode(bytes: &mut Vec<u8>, step: u32, text: u8, notes: u8) {
    varint(bytes, step << 5 | u32::from(notes > 0) << 4 | u32::from(text));
    if notes > 0 {
        bytes.push(notes);
    }
}

/// A form of a part.
pub type FormOf<'a> = (usize, &'a Form);

/// The forms of all parts, by stem; each group's forms in order of parts.
///
/// Each form is stemmed once however many texts have it: stemming every
/// occurrence costs a hundred times more.
pub fn by_stem<'a>(parts: &[&'a TextPostings]) -> Vec<Vec<FormOf<'a>>> {
    let mut ids = FxHashMap::<(&str, Stemming), usize>::default();
    let mut uses: Vec<Vec<FormOf<'a>>> = Vec::new();
    for (part, postings) in parts.iter().enumerate() {
        for form in &postings.forms {
            let id = *ids.entry((&form.form, form.stemming)).or_insert(uses.len());
            if id == uses.len() {
                uses.push(Vec::new());
            }
            uses[id].push((part, form));
        }
    }
    let mut groups: Vec<Vec<FormOf<'a>>> = Vec::new();
    let mut stems = FxHashMap::<(String, Stemming), usize>::default();
    for uses in uses {
        let form = uses[0].1;
        let group = *stems.entry((form.stemming.stem(&form.form), form.stemming)).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.extend(uses),
            None => groups.push(uses),
        }
    }
    groups.par_iter_mut().for_each(|group| group.sort_by_key(|&(part, _)| part));
    groups
}

/// Merges all words; `first` is the number of each part's first segment.
pub fn words(parts: &[&TextPostings], first: &[u32]) -> Vec<Group> {
    by_stem(parts).par_iter().map(|uses| group(parts, first, uses)).collect()
}

/// How often each form of a group occurs, the most frequent first.
pub fn by_frequency<'a>(parts: &[&TextPostings], uses: &[FormOf<'a>]) -> Vec<&'a str> {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for &(part, form) in uses {
        let hits = &parts[part].hits[form.hits.start as usize..form.hits.end as usize];
        let count: u64 = hits.iter().map(|hit| u64::from(hit.text + hit.notes)).sum();
        *counts.entry(&form.form).or_default() += count;
    }
    let mut forms: Vec<(&str, u64)> = counts.into_iter().collect();
    forms.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    forms.into_iter().map(|(form, _)| form).collect()
}

fn group(parts: &[&TextPostings], first: &[u32], uses: &[FormOf<'_>]) -> Group {
    let forms: Vec<String> = by_frequency(parts, uses).into_iter().map(str::to_owned).collect();
    let stemming = uses.first().map(|(_, form)| form.stemming).unwrap_or_default();
    let is_function_word = forms.iter().any(|form| stemming.is_function_word(form));
    let mut group = Group { forms, is_function_word, ..Group::default() };
    let mut last = 0;
    for same_part in uses.chunk_by(|a, b| a.0 == b.0) {
        let part = same_part[0].0;
        let postings = parts[part];
        let mut hits: Vec<&Hit> = same_part
            .iter()
            .flat_map(|(_, form)| &postings.hits[form.hits.start as usize..form.hits.end as usize])
            .collect();
        hits.sort_by_key(|hit| hit.segment);
        for same_segment in hits.chunk_by(|a, b| a.segment == b.segment) {
            let local = same_segment[0].segment;
            let segment = first[part] + local;
            let text = same_segment.iter().map(|hit| hit.text).sum();
            let notes = same_segment.iter().map(|hit| hit.notes).sum();
            let words = postings.segments[local as usize].words;
            encode(&mut group.postings, segment - last, impact(text, words), notes_impact(notes));
            last = segment;
            group.segments += 1;
            if !is_function_word {
                encode_positions(&mut group.positions, postings, same_segment);
            }
        }
    }
    group
}

/// How many positions, then each as its distance from the one before.
fn encode_positions(bytes: &mut Vec<u8>, postings: &TextPostings, hits: &[&Hit]) {
    let run = |hit: &Hit| &postings.positions[hit.positions.start as usize..hit.positions.end as usize];
    let mut positions: Vec<u32> = hits.iter().flat_map(|hit| run(hit)).copied().collect();
    positions.sort_unstable();
    positions.dedup();
    varint(bytes, positions.len() as u32);
    let mut last = 0;
    for position in positions {
        varint(bytes, position - last);
        last = position;
    }
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
