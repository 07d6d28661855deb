//! The words of the texts from A to Z with their places: what stands in for
//! search where no script runs.

use std::sync::Arc;

use rayon::prelude::*;

use crate::search::lexicon::{FormOf, by_frequency, by_stem};
use crate::search::stem::Stemming;
use crate::search::text::{Class, TextPostings, better};

/// All words by initial. The page is made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concordance {
    /// Digits first, then letters in the order of their code points.
    pub letters: Vec<Letter>,
}

/// The words with one initial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// `A`; `0–9` for all digits.
    pub initial: String,
    /// In alphabetical order.
    pub words: Vec<Word>,
}

/// A word with its inflections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its most frequent form, as spelt.
    pub word: String,
    /// Its other forms, the most frequent first.
    pub forms: Vec<String>,
    /// In how many blocks it stands.
    pub total: usize,
    /// The first of them, texts in order of date.
    pub places: Vec<Place>,
}

/// A block that has a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Address of the text's page from the site's root.
    pub address: Arc<str>,
    /// The text's title.
    pub title: Arc<str>,
    /// Id of the block's element.
    pub anchor: String,
    /// What the block is called, possibly empty.
    pub label: String,
}

/// The concordance of all texts, at most `cap` places a word. Function words
/// and single letters are left out. The order of `parts` does not matter.
pub fn concordance(parts: &[TextPostings], cap: usize) -> Concordance {
    let mut parts: Vec<&TextPostings> = parts.iter().filter(|p| p.order.class == Class::Text).collect();
    parts.sort_by(|a, b| a.order.cmp(&b.order));
    let texts: Vec<(Arc<str>, Arc<str>)> =
        parts.iter().map(|p| (p.order.address.as_str().into(), p.title.as_str().into())).collect();
    let mut words: Vec<(String, String, Word)> =
        by_stem(&parts).par_iter().filter_map(|uses| word(&parts, &texts, uses, cap)).collect();
    words.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut letters: Vec<Letter> = Vec::new();
    for (initial, _, word) in words {
        match letters.last_mut() {
            Some(letter) if letter.initial == initial => letter.words.push(word),
            _ => letters.push(Letter { initial, words: vec![word] }),
        }
    }
    Concordance { letters }
}

/// Initial, folded form, and the word; nothing if it has no place of its own.
fn word(
    parts: &[&TextPostings],
    texts: &[(Arc<str>, Arc<str>)],
    uses: &[FormOf<'_>],
    cap: usize,
) -> Option<(String, String, Word)> {
    let spelt: Vec<_> = uses.iter().copied().filter(|(_, form)| !form.surface.is_empty()).collect();
    let stemming = spelt.first()?.1.stemming;
    // Asked of each form once, not of each text that has it.
    let forms = by_frequency(parts, &spelt);
    let (kept, left_out): (Vec<&str>, Vec<&str>) =
        forms.into_iter().partition(|form| is_listed(form, stemming));
    let spelt: Vec<_> = spelt.into_iter().filter(|(_, form)| !left_out.contains(&&*form.form)).collect();
    let mut forms = kept.into_iter();
    let folded = forms.next()?;
    let surface = |form: &str| {
        let mut best = None;
        spelt.iter().filter(|(_, f)| &*f.form == form).for_each(|(_, f)| better(&mut best, &f.surface));
        best.unwrap_or_default().into_string()
    };
    let (total, places) = places(parts, texts, &spelt, cap);
    (total > 0).then(|| {
        let word = Word { word: surface(folded), forms: forms.map(surface).collect(), total, places };
        (initial(folded), folded.to_owned(), word)
    })
}

/// Whether a form is one that a reader may look up.
fn is_listed(form: &str, stemming: Stemming) -> bool {
    let is_letter = form.len() == 1 && form.bytes().all(|byte| byte.is_ascii_alphabetic());
    !is_letter && !stemming.is_function_word(form)
}

fn initial(form: &str) -> String {
    let first = form.chars().next().unwrap_or_default();
    if first.is_ascii_digit() { "0–9".to_owned() } else { first.to_uppercase().collect() }
}

/// How many blocks have one of these forms, and the first of them.
fn places(
    parts: &[&TextPostings],
    texts: &[(Arc<str>, Arc<str>)],
    uses: &[FormOf<'_>],
    cap: usize,
) -> (usize, Vec<Place>) {
    let mut total = 0;
    let mut places = Vec::new();
    for same_part in uses.chunk_by(|a, b| a.0 == b.0) {
        let part = same_part[0].0;
        let postings = parts[part];
        let mut blocks: Vec<usize> = same_part
            .iter()
            .flat_map(|(_, form)| &postings.hits[form.hits.start as usize..form.hits.end as usize])
            .flat_map(|hit| {
                let positions = &postings.positions[hit.positions.start as usize..hit.positions.end as usize];
                positions.iter().filter_map(|&position| block_at(postings, hit.segment, position))
            })
            .collect();
        blocks.sort_unstable();
        blocks.dedup_by_key(|block| &postings.places[*block].anchor);
        total += blocks.len();
        let (address, title) = &texts[part];
        let room = cap.saturating_sub(places.len());
        places.extend(blocks.into_iter().take(room).map(|block| {
            let place = &postings.places[block];
            let (anchor, label) = (place.anchor.clone(), place.label.clone());
            Place { address: address.clone(), title: title.clone(), anchor, label }
        }));
    }
    (total, places)
}

/// The block whose text a position lies in; none for labels, corrections, notes.
fn block_at(postings: &TextPostings, segment: u32, position: u32) -> Option<usize> {
    let at = postings
        .places
        .partition_point(|p| (p.segment, p.positions.start) <= (segment, position))
        .checked_sub(1)?;
    let place = &postings.places[at];
    (place.segment == segment && place.positions.contains(&position)).then_some(at)
}
