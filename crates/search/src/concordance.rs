//! The words of the texts from A to Z with their places: what stands in for
//! search where no script runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::heap::{Bytes, Record, bytes, hits};
use crate::lexicon::by_frequency;
use crate::script::varint;
use crate::stem::Stemming;
use crate::text::better;

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

/// A word with places that have still to be looked up. A large archive has half
/// a million of them, so it is held as bytes.
#[derive(Debug)]
pub struct Found {
    folded: Box<str>,
    /// Places kept.
    kept: u32,
    /// Blocks in all; words with their number; ranks of texts and numbers of blocks.
    rest: Box<[u8]>,
}

impl Found {
    fn new(folded: &str, words: &[String], all: &[(u32, u32)]) -> Self {
        let kept = &all[..all.len().min(MOST_PLACES)];
        let mut rest = Vec::new();
        varint(&mut rest, all.len() as u32);
        varint(&mut rest, words.len() as u32);
        words.iter().for_each(|word| bytes(&mut rest, word.as_bytes()));
        for &(rank, block) in kept {
            varint(&mut rest, rank);
            varint(&mut rest, block);
        }
        Self { folded: folded.into(), kept: kept.len() as u32, rest: rest.into() }
    }

    /// The word with at most so many of its places.
    fn word(&self, most: usize, place: impl Fn(u32, u32) -> Place) -> Word {
        let mut bytes = Bytes { bytes: &self.rest, at: 0 };
        let total = bytes.number() as usize;
        let count = bytes.number();
        let mut words = (0..count).map(|_| String::from_utf8_lossy(bytes.slice()).into_owned());
        let word = words.next().unwrap_or_default();
        let forms = words.collect();
        let places = (0..most.min(self.kept as usize)).map(|_| place(bytes.number(), bytes.number()));
        Word { word, forms, total, places: places.collect() }
    }
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
    let folded = forms.first()?;
    let surface = |form: &str| {
        let mut best = None;
        let own = listed.iter().filter(|record| record.form == form);
        own.filter(|r| !r.surface.is_empty()).for_each(|record| better(&mut best, &record.surface));
        best.unwrap_or_default().into_string()
    };
    let mut all: Vec<(u32, u32)> = Vec::new();
    for record in listed.iter() {
        hits(&record.hits, |hit, numbers, is_positions| {
            if let Some(rank) = rank(hit.text).filter(|_| !is_positions) {
                all.extend(numbers.map(|block| (rank, block)));
            }
        });
    }
    all.sort_unstable();
    all.dedup();
    let words: Vec<String> = forms.iter().map(|form| surface(form)).collect();
    (!all.is_empty()).then(|| Found::new(folded, &words, &all))
}

/// Words in order, their places looked up by the rank of the text and the number of the block.
pub fn concordance(words: Vec<Found>, place: impl Fn(u32, u32) -> Place) -> Concordance {
    let mut words: Vec<(String, Found)> = words.into_iter().map(|f| (initial(&f.folded), f)).collect();
    words.sort_by(|(a, x), (b, y)| (a, &x.folded).cmp(&(b, &y.folded)));
    let fits =
        |&cap: &usize| words.iter().map(|(_, w)| cap.min(w.kept as usize)).sum::<usize>() <= MOST_IN_ALL;
    let cap = (1..=MOST_PLACES).rev().find(fits).unwrap_or(1);
    let mut letters: Vec<Letter> = Vec::new();
    for (initial, found) in words {
        let word = found.word(cap, &place);
        match letters.last_mut() {
            Some(letter) if letter.initial == initial => letter.words.push(word),
            _ => letters.push(Letter { initial, words: vec![word] }),
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
