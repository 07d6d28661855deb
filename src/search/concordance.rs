//! The words of the texts from A to Z with their places: what stands in for
//! search where no script runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::search::heap::{Record, hits};
use crate::search::lexicon::by_frequency;
use crate::search::stem::Stemming;
use crate::search::text::better;

/// Most places shown for one word: beyond, a word is too common to be looked up.
const MOST_PLACES: usize = 30;
/// Most places of all words: in a large archive, fewer are shown of each.
const MOST_IN_ALL: usize = 300_000;

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
    pub anchor: Arc<str>,
    /// What the block is called, possibly empty.
    pub label: Arc<str>,
}

/// A word with places that have still to be looked up.
#[derive(Debug)]
pub struct Found {
    initial: String,
    folded: String,
    word: String,
    forms: Vec<String>,
    total: usize,
    /// Number of the text, number of the block.
    places: Vec<(u32, u32)>,
}

/// All forms of one stem become a word; nothing if it has no place of its own.
///
/// Function words and single letters are left out. `rank` says where a text
/// stands among those in order of date; nothing for what is no text.
pub fn word(records: &[Record], rank: &dyn Fn(u32) -> Option<u32>) -> Option<Found> {
    let spelt: BTreeSet<&str> =
        records.iter().filter(|record| !record.surface.is_empty()).map(|record| &*record.form).collect();
    let is_spelt = |record: &&Record| spelt.contains(&*record.form);
    let listed: Vec<&Record> =
        records.iter().filter(is_spelt).filter(|record| is_listed(&record.form, record.stemming)).collect();
    let forms = by_frequency(listed.iter().copied());
    let (&folded, others) = forms.split_first()?;
    let surface = |form: &str| {
        let mut best = None;
        let own = listed.iter().filter(|record| record.form == form);
        own.filter(|r| !r.surface.is_empty()).for_each(|record| better(&mut best, &record.surface));
        best.unwrap_or_default().into_string()
    };
    let mut all: Vec<(u32, u32, u32)> = Vec::new();
    for record in listed.iter() {
        hits(&record.hits, |hit, numbers, is_positions| {
            if let Some(rank) = rank(hit.text).filter(|_| !is_positions) {
                all.extend(numbers.map(|block| (rank, hit.text, block)));
            }
        });
    }
    all.sort_unstable();
    all.dedup();
    (!all.is_empty()).then(|| Found {
        initial: initial(folded),
        folded: folded.to_owned(),
        word: surface(folded),
        forms: others.iter().map(|form| surface(form)).collect(),
        total: all.len(),
        places: all.into_iter().take(MOST_PLACES).map(|(_, text, block)| (text, block)).collect(),
    })
}

/// Words in order, their places looked up.
pub fn concordance(mut words: Vec<Found>, place: impl Fn(u32, u32) -> Place) -> Concordance {
    words.sort_by(|a, b| (&a.initial, &a.folded).cmp(&(&b.initial, &b.folded)));
    let fits = |&cap: &usize| words.iter().map(|w| w.places.len().min(cap)).sum::<usize>() <= MOST_IN_ALL;
    let cap = (1..=MOST_PLACES).rev().find(fits).unwrap_or(1);
    let mut letters: Vec<Letter> = Vec::new();
    for found in words {
        let places = found.places.into_iter().take(cap).map(|(text, block)| place(text, block)).collect();
        let word = Word { word: found.word, forms: found.forms, total: found.total, places };
        match letters.last_mut() {
            Some(letter) if letter.initial == found.initial => letter.words.push(word),
            _ => letters.push(Letter { initial: found.initial, words: vec![word] }),
        }
    }
    Concordance { letters }
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
