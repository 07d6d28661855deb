//! What search should find, by counting: no index, no shards, no steps.

use std::collections::{BTreeMap, BTreeSet};

use postil_search::language::Rules;
use postil_search::segment::segments;
use postil_search::stem::Stemming;
use postil_search::token::{Kind, Manner, tokenise};
use postil_search::{Dated, Entry};
use serde::Serialize;

use super::corpus::{Dice, word};

const K1: f64 = 1.2;
const B: f64 = 0.75;
const NOTES: f64 = 0.8;
const STEP: f64 = 1.0 / 15.0;

/// A segment, counted.
pub(crate) struct Unit<'a> {
    entry: &'a Entry,
    words: u32,
    /// Occurrences of each stem in the text and in notes.
    counts: BTreeMap<String, (u32, u32)>,
    /// Each form, and each stem in capitals (`STEM!`), with whether the text and notes have it.
    forms: BTreeMap<String, [bool; 2]>,
    /// The words of each block in order, with its anchor.
    blocks: Vec<(&'a str, Vec<String>)>,
}

/// Segments in the order in which the index numbers them.
pub(crate) fn units(entries: &[Entry]) -> Vec<Unit<'_>> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|e| (e.date.is_none(), e.date.clone(), &e.address));
    let mut units = Vec::new();
    for entry in sorted {
        for (at, segment) in segments(&entry.blocks).into_iter().enumerate() {
            let mut unit =
                Unit { entry, words: 0, counts: BTreeMap::new(), forms: BTreeMap::new(), blocks: Vec::new() };
            unit.count(&entry.title, if at == 0 { 3 } else { 1 }, 0);
            for piece in &segment.pieces {
                unit.count(&piece.block.label, 1, 0);
                unit.count(&piece.block.anchor, 1, 0);
                unit.words += unit.count(piece.text, 1, 0);
                let mut words = Vec::new();
                tokenise(piece.text, manner(), |t| {
                    if t.kind == Kind::Word {
                        words.push(t.form.to_owned())
                    }
                });
                unit.blocks.push((&piece.block.anchor, words));
                for note in &piece.block.notes {
                    unit.count(&note.title, 0, 1);
                    unit.count(&note.body, 0, 1);
                }
            }
            units.push(unit);
        }
    }
    units
}

impl Unit<'_> {
    fn count(&mut self, words: &str, text: u32, notes: u32) -> u32 {
        tokenise(words, manner(), |token| {
            let counts = self.counts.entry(stem(token.form)).or_default();
            *counts = (counts.0 + text, counts.1 + notes);
            let capitals = token.capitals.then(|| format!("{}!", stem(token.form)));
            for name in [token.form.to_owned()].into_iter().chain(capitals) {
                let has = self.forms.entry(name).or_default();
                *has = [has[0] || text > 0, has[1] || notes > 0];
            }
        })
    }

    fn has(&self, stem: &str, place: Place) -> bool {
        self.counts.get(stem).is_some_and(|&(text, notes)| match place {
            Place::Anywhere => text + notes > 0,
            Place::Texts => text > 0,
            Place::Notes => notes > 0,
        })
    }

    /// What one word counts here, and how far the index may be off.
    fn score(&self, stem: &str, place: Place, rarity: f64) -> (f64, f64) {
        let (text, notes) = self.counts[stem];
        let parts = [
            (share(text, self.words), 1.0, place != Place::Notes),
            (share(notes, 250), NOTES, place != Place::Texts),
        ];
        let parts = parts.into_iter().filter(|&(share, _, counts)| counts && share > 0.0);
        parts.fold((0.0, 0.0), |(score, off), (share, weight, _)| {
            let rounding = if share < STEP / 2.0 { STEP } else { STEP / 2.0 };
            (score + rarity * weight * share, off + rarity * weight * rounding)
        })
    }
}

fn manner() -> Manner {
    Manner { rules: Rules::of("en"), ..Manner::default() }
}

fn stem(form: &str) -> String {
    Stemming::of("en").stem(form)
}

fn share(count: u32, words: u32) -> f64 {
    let count = f64::from(count);
    count / (count + K1 * (1.0 - B + B * f64::from(words) / 1000.0))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    Texts,
    Notes,
}

/// For each stem its segments, whether in the text and in notes.
pub(crate) fn postings(units: &[Unit<'_>]) -> BTreeMap<String, Vec<(u32, u8, u8)>> {
    let step = |share: f64, count: u32| if count == 0 { 0 } else { (share / STEP).round().max(1.0) as u8 };
    let mut postings = BTreeMap::<String, Vec<_>>::new();
    for (unit, number) in units.iter().zip(0..) {
        for (stem, &(text, notes)) in &unit.counts {
            let impacts = (step(share(text, unit.words), text), step(share(notes, 250), notes));
            postings.entry(stem.clone()).or_default().push((number, impacts.0, impacts.1));
        }
    }
    postings
}

/// For each form, and for stems in capitals, the segments whose text and whose notes have it.
pub(crate) fn forms(units: &[Unit<'_>]) -> BTreeMap<String, [Vec<u32>; 2]> {
    let mut forms = BTreeMap::<String, [Vec<u32>; 2]>::new();
    for (unit, number) in units.iter().zip(0..) {
        for (form, has) in &unit.forms {
            let lists = forms.entry(form.clone()).or_default();
            lists.iter_mut().zip(has).filter(|(_, has)| **has).for_each(|(list, _)| list.push(number));
        }
    }
    forms
}

/// A query with all that it must find.
#[derive(Serialize, Default)]
struct Expectation {
    query: String,
    filters: BTreeMap<&'static str, String>,
    /// Segment, score, how far off the index may be.
    segments: Vec<(u32, f64, f64)>,
    /// For a phrase: address and anchor of each block that has it.
    blocks: Option<BTreeSet<String>>,
}

/// Queries of all kinds, as JSON.
pub(crate) fn expectations(entries: &[Entry], count: usize) -> String {
    let units = units(entries);
    let mut dice = Dice(99);
    let expected: Vec<Expectation> = (0..count)
        .map(|i| match i % 5 {
            0 => words(&units, &[word(&mut dice)], &mut dice),
            1 | 2 => words(&units, &[word(&mut dice), word(&mut dice)], &mut dice),
            3 => words(&units, &[word(&mut dice), word(&mut dice), word(&mut dice)], &mut dice),
            _ => phrase(&units, &mut dice),
        })
        .collect();
    assert!(
        expected.iter().filter(|e| !e.segments.is_empty()).count() > count / 2,
        "most queries must find something"
    );
    serde_json::to_string(&expected).unwrap()
}

/// What FTS5 is asked and the engine after it; see `tests/search/fts5.py`.
#[derive(Serialize)]
struct Asked {
    mean: usize,
    /// For each segment its stems, each as often as it counts.
    texts: Vec<Vec<usize>>,
    /// For each block its forms, and where it is.
    blocks: Vec<Vec<usize>>,
    places: Vec<String>,
    words: Vec<Question>,
    phrases: Vec<Question>,
}

#[derive(Serialize)]
struct Question {
    query: String,
    numbers: Vec<usize>,
    /// The rarities of its words, together.
    rarity: f64,
}

/// Words as numbers, so that another engine has nothing to cut or to stem.
#[derive(Default)]
struct Numbers(BTreeMap<String, usize>);

impl Numbers {
    fn of(&mut self, word: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(word.to_owned()).or_insert(next)
    }
}

/// Texts as tokens, with questions, as JSON.
pub(crate) fn tokens(entries: &[Entry], count: usize) -> String {
    let units = units(entries);
    let (mut stems, mut forms) = (Numbers::default(), Numbers::default());
    let texts = units.iter().map(|unit| {
        let each = unit.counts.iter().flat_map(|(stem, &(text, _))| std::iter::repeat_n(stem, text as usize));
        each.map(|stem| stems.of(stem)).collect()
    });
    let texts = texts.collect();
    let blocks: Vec<(String, &[String])> = units
        .iter()
        .flat_map(|unit| unit.blocks.iter().map(move |(anchor, words)| (unit, anchor, words)))
        .map(|(unit, anchor, words)| (format!("{}#{anchor}", unit.entry.address), &words[..]))
        .collect();
    let mut frequencies = BTreeMap::<&str, usize>::new();
    for unit in &units {
        let own = unit.counts.iter().filter(|(_, (text, _))| *text > 0);
        own.for_each(|(stem, _)| *frequencies.entry(stem).or_default() += 1);
    }
    let spelt: BTreeSet<&String> = blocks.iter().flat_map(|(_, words)| *words).collect();
    let mut counted: Vec<(&String, usize, String)> = Vec::new();
    for word in spelt {
        let stem = stem(word);
        counted.push((word, frequencies[&*stem], stem));
    }
    // FTS5 weighs rarity by another formula, which is the same where a word is rare; one word alone
    // is in order whatever its weight is, unless half of the texts have it.
    let all = units.len();
    let below =
        |parts: usize| counted.iter().filter(move |(_, some, _)| some * parts < all).collect::<Vec<_>>();
    let (alone, together) = (below(2), below(6));
    let mut dice = Dice(7);
    let words = (0..count).map(|number| {
        let pool = if number % 3 == 0 { &alone } else { &together };
        let own: BTreeSet<_> = (0..1 + number % 3).map(|_| pool[dice.roll(pool.len())]).collect();
        let rarity = |some: usize| (1.0 + (all as f64 - some as f64 + 0.5) / (some as f64 + 0.5)).ln();
        Question {
            query: own.iter().map(|(word, ..)| word.as_str()).collect::<Vec<_>>().join(" "),
            numbers: own.iter().map(|(.., stem)| stems.of(stem)).collect(),
            rarity: own.iter().map(|(_, some, _)| rarity(*some)).sum(),
        }
    });
    let words = words.collect();
    let mut phrases = Vec::new();
    while phrases.len() < count / 4 {
        let (_, own) = &blocks[dice.roll(blocks.len())];
        let length = (3 + dice.roll(2)).min(own.len());
        let from = dice.roll(own.len() + 1 - length);
        let wanted = &own[from..from + length];
        let query = format!("\"{}\"", wanted.join(" "));
        phrases.push(Question {
            query,
            numbers: wanted.iter().map(|form| forms.of(form)).collect(),
            rarity: 0.0,
        });
    }
    let asked = Asked {
        mean: 1000,
        texts,
        blocks: blocks.iter().map(|(_, words)| words.iter().map(|form| forms.of(form)).collect()).collect(),
        places: blocks.into_iter().map(|(place, _)| place).collect(),
        words,
        phrases,
    };
    serde_json::to_string(&asked).unwrap()
}

fn words(units: &[Unit<'_>], words: &[String], dice: &mut Dice) -> Expectation {
    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    let mut filters = BTreeMap::new();
    let place = match dice.roll(4) {
        0 => Place::Texts,
        1 => Place::Notes,
        _ => Place::Anywhere,
    };
    match place {
        Place::Anywhere => {}
        Place::Texts => drop(filters.insert("in", "texts".to_owned())),
        Place::Notes => drop(filters.insert("in", "notes".to_owned())),
    }
    let (kind, from, to) = (dice.roll(6), 1990 + dice.roll(25) as i32, 1995 + dice.roll(25) as i32);
    let kind = ["letter", "speech", "report"].get(kind).copied();
    kind.map(|kind| filters.insert("kind", kind.to_owned()));
    let years = dice.roll(4) == 0;
    if years {
        filters.insert("from", from.to_string());
        filters.insert("to", to.to_string());
    }
    let passes = |unit: &Unit<'_>| {
        let own = unit.entry.kind.as_ref().map(|kind| kind.slug.as_str());
        let is_of = |date: &Dated| {
            let (first, last) = date.reach.unwrap_or((Some(date.year), Some(date.year)));
            from <= to && first.is_none_or(|first| first <= to) && last.is_none_or(|last| from <= last)
        };
        (kind.is_none() || kind == own) && (!years || unit.entry.date.as_ref().is_some_and(is_of))
    };
    let rarity = |stem: &str| {
        let some = units.iter().filter(|unit| unit.has(stem, Place::Anywhere)).count() as f64;
        (1.0 + (units.len() as f64 - some + 0.5) / (some + 0.5)).ln()
    };
    let mut segments = Vec::new();
    for (unit, number) in units.iter().zip(0..) {
        if passes(unit) && stems.iter().all(|stem| unit.has(stem, place)) {
            let scores = stems.iter().map(|stem| unit.score(stem, place, rarity(stem)));
            let (score, off) = scores.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            segments.push((number, score, off));
        }
    }
    Expectation { query: words.join(" "), filters, segments, blocks: None }
}

/// Three or four words of some block, and all blocks that have them in a row.
fn phrase(units: &[Unit<'_>], dice: &mut Dice) -> Expectation {
    let unit = &units[dice.roll(units.len())];
    let (_, words) = &unit.blocks[dice.roll(unit.blocks.len())];
    let length = (3 + dice.roll(2)).min(words.len());
    let from = dice.roll(words.len() + 1 - length);
    let wanted = &words[from..from + length];
    let mut blocks = BTreeSet::new();
    let mut segments = Vec::new();
    for (unit, number) in units.iter().zip(0..) {
        for (anchor, words) in &unit.blocks {
            if words.windows(length).any(|window| window == wanted) {
                blocks.insert(format!("{}#{anchor}", unit.entry.address));
                segments.push((number, 0.0, 0.0));
            }
        }
    }
    Expectation {
        query: format!("\"{}\"", wanted.join(" ")),
        segments,
        blocks: Some(blocks),
        ..Expectation::default()
    }
}
