//! The words of the texts from A to Z with their places: what stands in for
//! search where no script runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use postil_archive::diagnostic::Error;

use crate::heap::{Bytes, Record, bytes, hits};
use crate::lexicon::by_frequency;
use crate::script::varint;
use crate::stem::Stemming;
use crate::text::better;

/// Most places shown for one word: beyond, a word is too common to be looked up.
const MOST_PLACES: usize = 30;
/// Most places of all words: in a large archive, fewer are shown of each.
const MOST_IN_ALL: usize = 300_000;

/// Words that stand in no more blocks than this have a line of each place, if those are no more in all.
const MOST_LINES_OF_WORD: usize = 12;
const MOST_LINES: usize = 100_000;
/// Letters of a line before the word, and after it.
const AROUND: usize = 30;

/// All words by initial. The page is made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concordance {
    /// Digits first, then letters in the order of their code points.
    pub letters: Vec<Letter>,
    /// Whether words that stand in one place only are left out.
    pub is_cut: bool,
}

/// The words with one initial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// `A`; `0–9` for all digits; `一–丁` where a script has no alphabet.
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
    /// What stands before the word, the word, and what stands after it; of a common word nothing.
    pub line: Option<[String; 3]>,
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

    /// The word with at most so many of its places, with lines if it is in no more than so many.
    fn word(
        &self,
        most: usize,
        lined: usize,
        place: impl Fn(u32, u32, &[String]) -> Made,
    ) -> Result<Word, Error> {
        let mut bytes = Bytes { bytes: &self.rest, at: 0 };
        let total = bytes.number() as usize;
        let count = bytes.number();
        let mut forms: Vec<String> =
            (0..count).map(|_| String::from_utf8_lossy(bytes.slice()).into_owned()).collect();
        let sought = if total <= lined { &forms[..] } else { &[] };
        let places = (0..most.min(self.kept as usize)).map(|_| place(bytes.number(), bytes.number(), sought));
        let places = places.collect::<Result<_, Error>>()?;
        let word = if forms.is_empty() { String::new() } else { forms.remove(0) };
        Ok(Word { word, forms, total, places })
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

/// Words in order, their places looked up by the rank of the text and the number of the block, with
/// the forms that a line is wanted of.
///
/// # Errors
/// A place cannot be looked up.
pub fn concordance(
    words: Vec<Found>,
    place: impl Fn(u32, u32, &[String]) -> Made,
) -> Result<Concordance, Error> {
    let mut words: Vec<(String, Found)> = words.into_iter().map(|f| (initial(&f.folded), f)).collect();
    words.sort_by(|(a, x), (b, y)| (a, &x.folded).cmp(&(b, &y.folded)));
    let fits =
        |&cap: &usize| words.iter().map(|(_, w)| cap.min(w.kept as usize)).sum::<usize>() <= MOST_IN_ALL;
    let cap = (1..=MOST_PLACES).rev().find(fits).unwrap_or(1);
    let lines = |most: &usize| {
        let kept = words.iter().map(|(_, w)| w.kept as usize);
        kept.filter(|kept| kept <= most).sum::<usize>() <= MOST_LINES
    };
    let lined = (0..=MOST_LINES_OF_WORD.min(cap)).rev().find(lines).unwrap_or(0);
    let mut letters: Vec<Letter> = Vec::new();
    for (initial, found) in words {
        let word = found.word(cap, lined, &place)?;
        match letters.last_mut() {
            Some(letter) if letter.initial == initial => letter.words.push(word),
            _ => letters.push(Letter { initial, words: vec![word] }),
        }
    }
    Ok(Concordance { letters: in_ranges(letters), is_cut: false })
}

impl Concordance {
    /// Takes places away, and words that stand once if that is not enough, until its pages are about so large.
    pub fn fit(&mut self, most_bytes: usize) {
        let size = |cap: usize| -> usize {
            let words = self.letters.iter().flat_map(|letter| &letter.words);
            words
                .map(|word| word_bytes(word) + places_bytes(&word.places[..cap.min(word.places.len())]))
                .sum()
        };
        let fits = (1..=MOST_PLACES).rev().find(|&cap| size(cap) <= most_bytes);
        let words = self.letters.iter_mut().flat_map(|letter| &mut letter.words);
        words.for_each(|word| word.places.truncate(fits.unwrap_or(1)));
        if fits.is_none() {
            self.is_cut = true;
            self.letters.iter_mut().for_each(|letter| letter.words.retain(|word| word.total > 1));
            self.letters.retain(|letter| !letter.words.is_empty());
        }
    }
}

/// What a word costs in the HTML of a page, but for its places.
fn word_bytes(word: &Word) -> usize {
    const AROUND: usize = 60;
    AROUND + word.word.len() + word.forms.iter().map(|form| form.len() + 2).sum::<usize>()
}

fn places_bytes(places: &[Place]) -> usize {
    /// The link, the way up to the root, and what a paragraph is called.
    const AROUND: usize = 50;
    let one = |place: &Place| {
        let line = place.line.iter().flatten().map(String::len).sum::<usize>();
        AROUND + place.address.len() + place.anchor.len() + place.title.len() + place.label.len() + line
    };
    places.iter().map(one).sum()
}

/// Most ranges of a script whose signs are no alphabet: each page names them all.
const MOST_RANGES: usize = 48;
/// From here on scripts have signs by the thousand.
const FIRST_OF_MANY: char = '\u{2e80}';

/// Signs that follow each other become ranges of about as many words, where there are too many of them.
fn in_ranges(letters: Vec<Letter>) -> Vec<Letter> {
    let is_of_many = |letter: &Letter| letter.initial.starts_with(|c| c >= FIRST_OF_MANY);
    let many = letters.iter().filter(|letter| is_of_many(letter));
    let (count, words) = many.fold((0, 0), |(n, words), letter| (n + 1, words + letter.words.len()));
    if count <= MOST_RANGES {
        return letters;
    }
    let enough = words.div_ceil(MOST_RANGES);
    let mut out: Vec<Letter> = Vec::new();
    for letter in letters {
        match out.last_mut().filter(|last| {
            is_of_many(last) && is_of_many(&letter) && last.words.len() + letter.words.len() / 2 < enough
        }) {
            Some(last) => {
                let first = last.initial.split('–').next().unwrap_or_default();
                last.initial = format!("{first}–{}", letter.initial);
                last.words.extend(letter.words);
            }
            None => out.push(letter),
        }
    }
    out
}

/// A place, or why it could not be looked up.
type Made = Result<Place, Error>;

/// The first of some words in a text, with what stands around it.
pub fn line(text: &str, words: &[String]) -> Option<[String; 3]> {
    let low = text.to_lowercase();
    // Where small letters take other bytes than capitals, only the spelling itself is found.
    let text_of = if low.len() == text.len() { low.as_str() } else { text };
    let is_folded = low.len() == text.len();
    let is_edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    let first = |word: &String, is_whole: bool| {
        let sought = if is_folded { word.to_lowercase() } else { word.clone() };
        let is_word = |at: &usize| {
            is_edge(text_of[..*at].chars().next_back())
                && is_edge(text_of[at + sought.len()..].chars().next())
        };
        let mut found = text_of.match_indices(&sought).map(|(at, _)| at);
        found.find(|at| !is_whole || is_word(at)).map(|at| (at, at + sought.len()))
    };
    let places = |is_whole: bool| words.iter().filter_map(|word| first(word, is_whole)).min();
    // In scripts without spaces no word has an edge.
    let (from, to) = places(true).or_else(|| places(false))?;
    let start = text[..from].char_indices().rev().nth(AROUND).map_or(0, |(at, c)| {
        let cut = at + c.len_utf8();
        text[cut..from].find(char::is_whitespace).map_or(cut, |space| cut + space)
    });
    let end = text[to..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| {
        text[to..to + at].rfind(char::is_whitespace).map_or(to + at, |space| to + space)
    });
    let before = format!("{}{}", if start > 0 { "…" } else { "" }, &text[start..from]);
    let after = format!("{}{}", &text[to..end], if end < text.len() { " …" } else { "" });
    Some([before, text[from..to].to_owned(), after])
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

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            address: "texts/a.html".into(),
            title: "A".into(),
            anchor: "p1".into(),
            label: "".into(),
            line: None,
        }
    }

    fn word(of: &str, total: usize) -> Word {
        Word { word: of.to_owned(), forms: Vec::new(), total, places: vec![place(); total.min(MOST_PLACES)] }
    }

    #[test]
    fn a_script_without_an_alphabet_is_cut_into_ranges() {
        let letters = |from: u32, count: u32| -> Vec<Letter> {
            let chars = (from..from + count).filter_map(char::from_u32);
            chars
                .map(|c| Letter { initial: c.to_string(), words: vec![word(&c.to_string(), 1); 3] })
                .collect()
        };
        let few = letters(0x4e00, 48);
        assert_eq!(in_ranges(few.clone()), few);
        let mut all = letters(0x41, 26);
        all.extend(letters(0x4e00, 3_000));
        let words = |letters: &[Letter]| letters.iter().map(|letter| letter.words.len()).sum::<usize>();
        let before = words(&all);
        let ranges = in_ranges(all);
        assert!((60..=26 + MOST_RANGES + 1).contains(&ranges.len()), "{}", ranges.len());
        assert_eq!(words(&ranges), before);
        assert_eq!((&*ranges[0].initial, &*ranges[26].initial), ("A", "一–举"));
    }

    #[test]
    fn it_is_as_large_as_it_may_be() {
        let letter = Letter { initial: "A".into(), words: vec![word("a", 1), word("b", 3), word("c", 40)] };
        let all = Concordance { letters: vec![letter], is_cut: false };
        let check = |most_bytes: usize, expected: &[(&str, usize)], is_cut: bool| {
            let mut found = all.clone();
            found.fit(most_bytes);
            let words: Vec<(&str, usize)> =
                found.letters.iter().flat_map(|l| &l.words).map(|w| (&*w.word, w.places.len())).collect();
            assert_eq!((&words[..], found.is_cut), (expected, is_cut), "{most_bytes}");
        };
        check(100_000, &[("a", 1), ("b", 3), ("c", 30)], false);
        check(700, &[("a", 1), ("b", 3), ("c", 3)], false);
        check(0, &[("b", 1), ("c", 1)], true);
    }
}
