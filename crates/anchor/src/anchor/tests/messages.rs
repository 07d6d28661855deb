//! What contributors are told. Numbers are those of the table of edge cases.

use super::build::{Case, lines, note, opening, quote, said};
use super::real::{bare, text};

/// The message for a selector holds each of these.
fn check(case: &Case, words: &str, expected: &[&str]) {
    let says = case.says(quote(words));
    for part in expected {
        assert!(says.contains(part), "{words:?}: no {part:?} in\n{says}");
    }
}

#[test]
fn hints_in_order() {
    let y2009 = text(2009);
    check(&y2009, "the poppy project", &["found if case is ignored", "`the Poppy project`", "68: "]); // 23
    check(&y2009, "there was no consensus", &["found if case is ignored (p60)"]); // 23
    let quoted = "\"There was no consensus in the Forum\"";
    check(
        &y2009,
        quoted,
        &["found without the marks around it (p60)", "`There was no consensus in the Forum`"],
    ); // 24
    check(&y2009, "There was no consensus in the Forum…", &["found without the marks around it"]);
    check(&y2009, "12) We do not intend to comment", &["found without the marks around it"]);
    check(&y2009, "- 6. Existing employment law", &["found without the marks around it"]);
    check(&y2009, "UKHTC has developed2 and", &["found without `2` (p55)", "`UKHTC has developed and`"]); // 25
    check(&y2009, "There was *no* consensus", &["found without `*`"]); // 26
    check(&y2009, "a\\_b2 *There was*", &["nothing close"]);
    check(&y2009, "There \\was no__ consensus", &["found without `\\_`"]);
    check(
        &y2009,
        "Photo GLA style licensing",
        &["the text has `extending`, the quotation `Photo`", "the quotation leaves out `–` after `GLA`"],
    );
    check(
        &y2009,
        "GLA-style",
        &["found in the corrected reading (p60)", "`GLA – style`".replace('–', "-").as_str()],
    ); // 13
    check(&y2009, "extending GLA-style licensing", &["found in the corrected reading"]); // 13
    check(
        &y2009,
        "(ADCS) and the Society",
        &["found in the corrected reading (p133)", "`(ACDS) and the Society`"],
    ); // 78
    check(&y2009, "unicorns in Whitehall", &["nothing close to it"]);
    let traficking = "current ACPO lead for Child Traficking";
    check(
        &y2009,
        traficking,
        &["the nearest passage", "a letter differs: the text has `Trafficking,`, the quotation `Traficking`"],
    );
}

#[test]
fn dashes_are_shown() {
    let y2012 = text(2012);
    check(
        &y2012,
        "my future career--it is never",
        &["a dash differs: the text has `career—it`, the quotation `career--it`"],
    ); // 15
    check(
        &y2012,
        "and my future career – it is",
        &["a dash differs: the text has `career—it`, the quotation `career - it`"],
    ); // 15
}

#[test]
fn marks_of_markdown() {
    let says = |words: &str| text(2009).says(opening(words));
    assert!(says("*There was no consensus*").contains("found without the marks around it")); // 26
    assert!(says("__There was__").contains("found without the marks around it")); // 26
    assert!(says("**There was** no consensus on licensing").contains("the nearest passage"));
    let snake = Case::of(lines("the name snake_case2 is"));
    assert!(snake.says(opening("name snake\\_case2 is")).contains("found without `\\`"));
    assert!(says("estimated […] no such end").contains("nothing close"));
    assert!(
        says("remains our current estimate […] Home Office research").contains("not one after the other")
    );
}

#[test]
fn ambiguous_places_with_a_way_out() {
    let words = "We note the Committee's conclusion.";
    let says = text(2009).says(opening(words));
    for part in [
        "stands in 2 places",
        "78: 1 in p43",
        "185: 2 in p98",
        "for the place in p43: `> **We note the Committee's conclusion.** We`, or `at = \"p43\"`",
        "for the place in p98: `> **We note the Committee's conclusion.** Awareness-raising`, or `at = \"p98\"`",
    ] {
        assert!(says.contains(part), "{part}\n{says}"); // 56
    }
    let says = text(2009).says(quote("Protection"));
    assert!(says.contains("for the place in p146: `suffix = \"34.\"`, or `at = \"p146\"`"), "{says}"); // 66
    let says = bare(2009).says(quote("ACDS"));
    assert!(says.contains("`suffix = \")\"`") || says.contains("`suffix = \") and\"`"), "{says}");
    let says = Case::of(lines("so it is")).says(quote("so it was"));
    assert!(says.contains("nothing close") || says.contains("nearest"), "{says}");
    let says = Case::of(lines("a b a c")).says(quote("a"));
    assert!(
        says.contains("`suffix = \"b\"`, or `nth = 1`") && says.contains("`suffix = \"c\"`, or `nth = 2`"),
        "{says}"
    );
    let same = Case::of(lines(&"a b\n".repeat(40))).says(quote("a b"));
    assert!(same.contains("stands in 40 places") && same.contains("35 more places are not shown"), "{same}");
    let quoted = Case::of(lines("x \"y\" x \"z\"")).says(quote("x"));
    assert!(quoted.contains("`suffix = '\"y\"'`"), "{quoted}");
}

#[test]
fn whole_words_are_offered() {
    let y2009 = text(2009);
    check(&y2009, "traffick", &["begin or end inside a word", "whole words: `trafficking`"]); // 67
    check(&y2009, "1,321", &["whole words: `1,321,610`"]); // 68
    check(&y2009, "ersonnel and traffick", &["nothing close"]);
    let long = Case::of(lines(&format!("{}b{}", "a".repeat(300), "c".repeat(300))));
    assert!(long.says(quote("b")).contains("whole words"));
}

#[test]
fn there_but_not_so() {
    let case = Case::of(lines("one two three\nfour two"));
    assert!(case.says(quote("one").at("p2")).contains("the words stand here (p1)"));
    assert!(case.says(quote("one").prefix("x")).contains("before the words stands ``"));
    assert!(case.says(quote("two").prefix("five")).contains("before the words stands `one`"));
    assert!(case.says(quote("four").suffix("x")).contains("after the words stands `two`"));
}

#[test]
fn problems_are_places() {
    let case = Case::of(lines("a b\nc GLA")).note(note(vec![opening("none such words")], "x"));
    let problem = &case.resolve_with(None).problems[0];
    assert_eq!(
        (&*problem.place.path, problem.place.line, problem.place.column),
        ("annotations/t/s.toml", 1, 1)
    );
    let problem = text(2012).problem(quote("Photo of Mark"));
    assert_eq!((&*problem.related[0].0.path, problem.related[0].0.line), ("content/t.txt", 7)); // 29
    assert!(said(&problem).contains("furniture"));
}

#[test]
fn another_text_may_have_the_words() {
    use crate::anchor::stands_in;
    let stands = |case: &Case, words: &str| {
        let words = opening(words).words.unwrap();
        stands_in(&case.doc, &words).map(|range| case.doc.block_at(range.start).number)
    };
    assert_eq!(stands(&text(2009), "whether the **GLA's remit** should be"), Some(60));
    assert_eq!(stands(&text(2012), "whether the **GLA's remit** should be"), None);
    assert_eq!(stands(&text(2009), "…"), None);
}
