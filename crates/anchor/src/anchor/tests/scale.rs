//! Many and much: nothing here may grow with the square of anything. No clock
//! is read; what is not linear would not end.

use super::build::{Case, lines, meant, note, opening, quote, term};

/// `count` blocks of a few words, each with a number of its own.
fn long_text(count: usize) -> String {
    (0..count).map(|n| format!("paragraph {n} says that the GLA and term{n} are one of many\n")).collect()
}

#[test]
fn many_notes_on_one_text() {
    let count = 20_000;
    let mut case = Case::of(lines(&long_text(count)));
    for n in 0..count {
        case = case.note(note(vec![opening(&format!("paragraph {n} **says** that"))], "x"));
    }
    let checked = case.resolve_with(None);
    assert!(checked.problems.is_empty());
    assert_eq!(checked.value.notes.len(), count);
    assert!(
        checked
            .value
            .notes
            .iter()
            .enumerate()
            .all(|(n, (i, places))| n == usize::from(*i) && places.len() == 1)
    );
}

#[test]
fn the_same_words_with_at() {
    let count = 5_000;
    let mut case = Case::of(lines(&long_text(count)));
    for n in 1..=count {
        case = case.note(note(vec![quote("the GLA").at(&format!("p{n}"))], "x"));
    }
    assert_eq!(case.codes(), "");
}

#[test]
fn many_terms_and_uses() {
    let count = 10_000;
    let terms = (0..count).map(|n| term(&format!("t{n}"), &[&format!("term{n}")])).collect();
    let case = Case::of(lines(&long_text(count))).terms(terms);
    assert_eq!(case.resolve_with(None).value.uses.len(), count);
    let case = Case::of(lines(&long_text(count))).terms(vec![term("gla", &["GLA"]), term("other", &["GLA"])]);
    assert_eq!(case.codes(), "term-ambiguous");
    let case = case.form_row("GLA", meant("gla"));
    assert_eq!(case.resolve_with(None).value.uses.len(), count);
}

#[test]
fn much_furniture() {
    let count = 20_000;
    let case =
        Case::of(lines(&long_text(count))).furniture(quote("says").all()).furniture(quote("the").all());
    let checked = case.resolve_with(Some(quote("paragraph 777 that GLA and")));
    assert!(checked.problems.is_empty());
    assert_eq!(checked.value.furniture.len(), 2 * count);
    assert_eq!(checked.value.ends[0].2[0].ranges.len(), 3);
}

#[test]
fn many_broken_notes() {
    let mut case = Case::of(lines(&long_text(2_000)));
    for n in 0..2_000 {
        case = case.note(note(vec![opening(&format!("paragraph {n} sayz that"))], "x"));
    }
    assert_eq!(case.resolve_with(None).problems.len(), 2_000);
}

#[test]
fn one_long_line() {
    let case = Case::of(lines(&"word ".repeat(400_000))).terms(vec![term("gla", &["GLA"])]);
    assert_eq!(case.find(quote("word word")), "quote-ambiguous");
    assert_eq!(case.find(quote("nothing here")), "quote-not-found");
    let unbroken = Case::of(lines(&"x".repeat(1_000_000)));
    assert_eq!(unbroken.find(quote("xx")), "quote-cuts-word");
}
