//! Very many very short texts: words that stand in most of them have lists as long as in a large archive.

use postil_search::{Block, Entry, Guide};

use super::corpus::{Dice, word};

/// How many texts: enough that the best of a common word have a file of their own.
const TEXTS: usize = 40_000;

/// One text in so many has another form of a very common word.
const RARE: usize = 9_999;

/// Texts most of which have `harbour`, `bridge` or both, in some places the one after the other.
pub(super) fn texts() -> Vec<Entry> {
    let mut dice = Dice(17);
    (0..TEXTS).map(|number| text(&mut dice, number)).collect()
}

fn text(dice: &mut Dice, number: usize) -> Entry {
    let mut words = vec![word(dice), word(dice)];
    for (common, least) in [("harbour", 1), ("bridge", 2)] {
        // Now and then many times: so few texts have most of both.
        let count = if dice.roll(100) == 0 { 30 } else { dice.roll(5).saturating_sub(least) };
        for _ in 0..count {
            words.insert(dice.roll(words.len() + 1), common.to_owned());
        }
    }
    if dice.roll(10) == 0 {
        words.push("harbour bridge".to_owned());
    }
    // Very few have another form of the word, or the word in capitals.
    match number % RARE {
        5 => words.push("harbours".to_owned()),
        6 => words.push("HARBOUR".to_owned()),
        _ => {}
    }
    let block = Block { anchor: "p1".to_owned(), text: words.join(" "), ..Block::default() };
    Entry {
        address: format!("texts/{number}.html"),
        title: format!("Text {number}"),
        language: "en-GB".to_owned(),
        notes_language: "en-GB".to_owned(),
        blocks: vec![block],
        ..Entry::default()
    }
}

/// A term whose name has both words, and its definition neither.
pub(super) fn guide() -> Guide {
    Guide::Term {
        address: "glossary/trust.html".to_owned(),
        term: "Harbour Bridge Trust".to_owned(),
        kind: "body".to_owned(),
        names: Vec::new(),
        misprints: Vec::new(),
        definition: "It kept the quays.".to_owned(),
        language: "en-GB".to_owned(),
    }
}

/// How many texts have something in them.
pub(super) fn count(entries: &[Entry], has: impl Fn(&str) -> bool) -> usize {
    entries.iter().filter(|entry| has(&entry.blocks[0].text)).count()
}
