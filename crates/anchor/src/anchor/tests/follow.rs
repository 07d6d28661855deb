//! What becomes of selectors when their text changes: what is lost never moves to other words.

use super::build::{Case, blocks, lines, note, opening, quote};
use crate::anchor::Layers;
use crate::anchor::follow::{Edition, Followed, Pass, follow, moved_blocks, stands};
use crate::annotation::{Edge, Meaning, RowKind, Selector};

/// A text in two editions, with notes on the older one.
struct Editions {
    old: Case,
    new: Case,
}

fn layers(case: &Case) -> Layers<'_> {
    Layers {
        date: None,
        apparatuses: vec![&case.apparatus],
        shared: vec![],
        notes: case.notes.iter().enumerate().map(|(i, note)| (i.into(), note)).collect(),
        passages: vec![],
        ends: vec![],
        all: &case.all,
    }
}

impl Editions {
    fn of(old: &str, new: &str, with: impl Fn(Case) -> Case) -> Self {
        Self { old: with(Case::of(lines(old))), new: with(Case::of(lines(new))) }
    }

    fn follow(&self, known: bool, pass: Pass) -> Vec<Followed> {
        let (old, new) = (layers(&self.old), layers(&self.new));
        let old = Edition { doc: &self.old.doc, layers: &old };
        follow(known.then_some(old), Edition { doc: &self.new.doc, layers: &new }, pass)
    }
}

/// Fate, blocks before and after, what is written, what is said.
fn shown(one: &Followed) -> String {
    let block = |block: Option<u32>| block.map_or("-".to_owned(), |number| format!("p{number}"));
    let edits = one.edits.iter().map(|edit| format!(" {}", edit.new)).collect::<String>();
    format!("{:?} {}>{}{edits}", one.fate, block(one.blocks.0), block(one.blocks.1))
}

#[track_caller]
fn check(old: &str, new: &str, selector: Selector, expected: &str) {
    let editions = Editions::of(old, new, |case| case.note(note(vec![selector.clone()], "So.")));
    let found = editions.follow(true, Pass::Others).iter().map(shown).collect::<Vec<_>>().join(" | ");
    assert_eq!(found, expected, "{selector:?}");
}

/// Without the older edition.
#[track_caller]
fn check_alone(new: &str, selector: Selector, expected: &str) {
    let editions = Editions::of("", new, |case| case.note(note(vec![selector.clone()], "So.")));
    let found = editions.follow(false, Pass::Others).iter().map(shown).collect::<Vec<_>>().join(" | ");
    assert_eq!(found, expected, "{selector:?}");
}

/// The words stand twice; the note is on the first.
const TWICE: &str = "First the Forum met on Monday with all its members.\n\
    Then the Forum met again in the spring of that year.\nThe end came soon.";
/// The first is gone.
const SECOND: &str = "Then the Forum met again in the spring of that year.\nThe end came soon.";
/// The second is gone.
const FIRST: &str = "First the Forum met on Monday with all its members.\nThe end came soon.";
/// A paragraph was put in before.
const LATER: &str = "A new beginning of quite other words.\nFirst the Forum met on Monday with all its members.\n\
    Then the Forum met again in the spring of that year.\nThe end came soon.";

#[test]
fn words_that_stood_twice_stay_where_they_were_meant() {
    check(TWICE, LATER, opening("Forum met").at("p1"), "Moved p1>p2 \"p2\"");
    check(TWICE, LATER, opening("Forum met").at("p2"), "Moved p2>p3 \"p3\"");
    check(TWICE, LATER, opening("Forum met").at("L2"), "Moved p2>p3 \"L3\"");
    check(TWICE, LATER, opening("Forum met").nth(2), "Moved p2>p3");
    check(TWICE, LATER, quote("Forum met").suffix("again"), "Moved p2>p3");
    check(TWICE, LATER, opening("First the **Forum met**"), "Moved p1>p2");
    check(TWICE, LATER, quote("Forum met").all(), "Moved p1>p2");
}

#[test]
fn a_lost_note_never_moves_to_the_same_words_elsewhere() {
    // As written it would mean the other passage: that stops everything.
    check(TWICE, SECOND, opening("Forum met").at("p1"), "Misplaced p1>-");
    check(TWICE, SECOND, opening("Forum met").nth(1), "Misplaced p1>-");
    check(TWICE, SECOND, quote("Forum met").at("p1").nth(1), "Misplaced p1>-");
    // As written it means nothing: that is told by every check.
    check(TWICE, FIRST, opening("Forum met").at("p2"), "Lost p2>-");
    check(TWICE, FIRST, opening("Forum met").nth(2), "Lost p2>-");
    check(TWICE, FIRST, quote("Forum met").at("p2"), "Lost p2>-");
    // With words around it, it means these words or nothing.
    check(TWICE, SECOND, opening("First the **Forum met**"), "Lost p1>-");
    check(TWICE, SECOND, quote("Forum met").prefix("First the"), "Lost p1>-");
    check(TWICE, SECOND, quote("Forum met").suffix("on Monday"), "Lost p1>-");
    check(TWICE, FIRST, quote("Forum met").prefix("Then the"), "Lost p2>-");
    // All of them are those that are left.
    check(TWICE, SECOND, quote("Forum met").all(), "Changed p1>p1");
    check(TWICE, SECOND, quote("Forum met").all().at("p1"), "Misplaced p1>-");
}

#[test]
fn a_few_words_that_stood_once_are_not_a_passage_wherever_they_stand() {
    let other = "The end came soon.\nThen the Forum met again.";
    check(FIRST, other, opening("Forum met"), "Misplaced p1>-");
    check(FIRST, other, quote("the Forum met"), "Misplaced p1>-");
    check(FIRST, other, opening("First the **Forum met**"), "Lost p1>-");
    check(
        FIRST,
        "The end came soon.\nOn Friday nobody met on Monday with all its members.",
        opening("on Monday with all its members"),
        "Moved p1>p2",
    );
    // Put elsewhere as it was.
    check(
        FIRST,
        "The end came soon.\nFirst the Forum met on Monday with all its members.",
        opening("Forum met"),
        "Moved p1>p2",
    );
}

#[test]
fn words_that_came_up_elsewhere_are_told_apart_or_lost() {
    let once = format!("The Forum met.\n{}", "It rained all day.\n".repeat(19));
    check(&once, &"The Forum met.\n".repeat(20), opening("Forum met"), "Lost p1>-");
    check(FIRST, TWICE, opening("Forum met"), "Changed p1>p1 > **Forum met** on");
    check(FIRST, "The end came soon.\nThe Forum met.\nA Forum met.", opening("Forum met"), "Lost p1>-");
    check(
        "The Forum met.\nThe end.",
        "The late The Forum met.\nThe end.",
        opening("The […] met"),
        "Lost p1>-",
    );
}

#[test]
fn near_words_are_no_place_for_a_note_that_stood_elsewhere() {
    let old = "The council licensed the farm work.\nIt rained.\nThe House rose at noon.";
    // Nearly the same words, in the place of the old ones, and elsewhere.
    check(
        old,
        "The council licensed all farm work.\nIt rained.\nThe House rose at noon.",
        opening("council licensed the farm work"),
        "Changed p1>p1 > council licensed all farm work",
    );
    check(
        old,
        "It rained.\nThe House rose at noon.\nThe council licensed all farm work.",
        opening("council licensed the farm work"),
        "Lost p1>-",
    );
    check(old, "It rained.\nThe House rose at noon.", opening("council licensed the farm work"), "Lost p1>-");
    // Twice nearly the same words.
    check(
        old,
        "The council licensed all farm work.\nThe council licensed any farm work.\nIt rained.\nThe House rose at noon.",
        opening("council licensed the farm work"),
        "Lost p1>-",
    );
}

#[test]
fn one_lost_note_leaves_the_others_alone() {
    let with = |case: Case| {
        case.note(note(vec![opening("Forum met").at("p1")], "Lost."))
            .note(note(vec![opening("Forum met").at("p2")], "Kept."))
            .note(note(vec![opening("The end came soon.")], "Kept."))
            .note(note(vec![quote("Monday"), quote("spring")], "Half."))
    };
    let followed = Editions::of(TWICE, SECOND, with).follow(true, Pass::Others);
    let found: Vec<String> = followed.iter().map(shown).collect();
    assert_eq!(found, ["Misplaced p1>-", "Moved p2>p1 \"p1\"", "Moved p3>p2", "Lost p1>-", "Moved p2>p1"],);
}

#[test]
fn whole_blocks_are_followed_or_lost() {
    check(TWICE, LATER, blocks("p1-p2"), "Moved p1>p2 \"p2-p3\"");
    check(TWICE, SECOND, blocks("p1"), "Misplaced p1>-");
    check(TWICE, SECOND, blocks("p3"), "Moved p3>p2 \"p2\"");
    check(TWICE, FIRST, blocks("p1-p2"), "Misplaced p1>-");
    check(
        TWICE,
        "First the Forum met on Monday with its members.\nThen the Forum met again in the spring of that year.\nThe end came soon.",
        blocks("p1"),
        "Changed p1>p1",
    );
    // Two blocks became one: neither can be named any more.
    check(
        "One of them.\nAnd another.\nThe end.",
        "One of them. And another.\nThe end.",
        blocks("p1"),
        "Misplaced p1>-",
    );
}

#[test]
fn rows_of_the_apparatus_are_followed_as_notes_are() {
    let with = |case: Case| {
        case.row(blocks("p1"), RowKind::Heading, "First the")
            .row(blocks("p3"), RowKind::Narrative, "")
            .correction(quote("Monday"), "Tuesday")
            .place_row(opening("Forum").at("p1"), Meaning::None)
    };
    let followed = Editions::of(TWICE, SECOND, with).follow(true, Pass::Others);
    let found: Vec<String> = followed.iter().map(shown).collect();
    assert_eq!(found, ["Lost p1>-", "Misplaced p1>-", "Moved p3>p2 \"p2\"", "Misplaced p1>-"]);

    let with = |case: Case| {
        case.furniture(quote("- 1 -")).join("p1-p2").furniture(quote("Page").edge(Edge::Start).at("p3"))
    };
    let old = "Half of\na line.\nPage 1\n- 1 -";
    let followed = Editions::of(old, "Other.\nHalf of\na line.\nPage 1", with).follow(true, Pass::Furniture);
    let found: Vec<String> = followed.iter().map(shown).collect();
    assert_eq!(found, ["Lost p4>-", "Moved p3>p4 \"p4\"", "Moved p1>p2 \"p2-p3\""]);
}

#[test]
fn without_the_older_edition_a_number_is_never_taken_for_right() {
    check_alone(SECOND, opening("Forum met"), "Same ->p1");
    check_alone(TWICE, opening("Forum met"), "Lost ->-");
    check_alone(TWICE, opening("Forum met").nth(1), "Misplaced ->-");
    check_alone(TWICE, opening("Forum met").at("p2"), "Misplaced ->-");
    check_alone(SECOND, opening("Forum met").at("p2"), "Misplaced ->-");
    check_alone(SECOND, opening("Monday").at("p1"), "Misplaced ->-");
    check_alone(SECOND, quote("Forum met").all().at("p1"), "Misplaced ->-");
    check_alone(SECOND, quote("Forum met").all(), "Same ->p1");
    check_alone(SECOND, blocks("p1"), "Misplaced ->-");
    check_alone(
        SECOND,
        opening("Forum met agian in the spring"),
        "Changed ->p1 > Forum met again in the spring",
    );
    check_alone(SECOND, opening("First the **Forum met**"), "Lost ->-");
    check_alone(SECOND, opening("Then the Forum met once"), "Lost ->-");
    check_alone(SECOND, opening("THEN the Forum met"), "Changed ->p1 > Then the Forum met");
}

#[test]
fn a_selector_that_had_no_place_gets_none_by_chance() {
    check(SECOND, LATER, opening("Monday").at("p2"), "Misplaced ->-");
    check(SECOND, LATER, opening("Monday"), "Same ->-");
    check(SECOND, SECOND, opening("Monday"), "Lost ->-");
    check(TWICE, SECOND, opening("Forum met"), "Misplaced ->-");
}

#[test]
fn what_is_written_is_read_back_where_it_stands() {
    let editions = Editions::of(TWICE, SECOND, |case| {
        case.note(note(vec![opening("Forum met").at("p1")], "One."))
            .note(note(vec![opening("Monday")], "Gone."))
            .note(note(vec![opening("The end")], "Two."))
    });
    let layers = layers(&editions.new);
    let edition = Edition { doc: &editions.new.doc, layers: &layers };
    assert_eq!(stands(edition, Pass::Others), [Some(1), None, Some(2)]);
    assert_eq!(moved_blocks(&editions.old.doc, &editions.new.doc), [(1, None), (2, Some(1)), (3, Some(2))]);
}
