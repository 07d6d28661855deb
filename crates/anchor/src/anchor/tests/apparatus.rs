//! Furniture, joins, corrections, structure. Numbers are those of the table of edge cases.

use super::build::{Case, blocks, lines, quote, said};
use super::real::{bare, text};
use crate::anchor::glossary::Glossary;
use crate::anchor::{Layers, resolve};
use crate::annotation::{Edge, Furniture, RowKind};

#[test]
fn furniture_is_placed_in_the_raw_stream() {
    let dash = |case: Case| case.furniture(quote("- ").at("p29")).codes();
    assert_eq!(dash(bare(2009)), "quote-ambiguous"); // 30
    let problem = &bare(2009).furniture(quote("- ").at("p29")).resolve_with(None).problems[0];
    assert_eq!(problem.related.len(), 3); // 30
    let start = bare(2009).furniture(quote("- ").at("p29").edge(Edge::Start));
    assert_eq!((start.codes(), start.hidden()), (String::new(), "-".to_owned())); // 31
    let case = Case::of(lines("**a** b\nc")).furniture(quote("**").all()).furniture(blocks("p1"));
    assert_eq!((case.codes(), case.hidden()), (String::new(), "**a** b".to_owned())); // 37
    let case = Case::of(lines("abcd")).furniture(quote("abc")).furniture(quote("bcd"));
    assert_eq!(case.hidden(), "abcd"); // 37
    let case = Case::of(lines("a12 b")).furniture(quote("12"));
    assert_eq!((case.codes(), case.hidden()), (String::new(), "12".to_owned()));
    let case = Case::of(lines("head\nof page\ntext")).furniture(quote("head of page"));
    assert_eq!(case.hidden(), "head | of page");
    assert_eq!(Case::of(lines("a")).furniture(quote("b")).codes(), "quote-not-found");
    assert_eq!(Case::of(lines("a")).furniture(quote("")).codes(), "quote-empty");
    assert_eq!(text(2009).hidden().matches("**").count(), 23);
}

#[test]
fn the_reason_is_that_of_the_first_row() {
    let mut case = Case::of(lines("ab cd\nx")).furniture(blocks("p1")).furniture(quote("cd"));
    case.apparatus.furniture[0].reason = "page head".to_owned();
    let hidden = case.resolve_with(None).value.furniture;
    assert_eq!((hidden.len(), &hidden[0].reason[..]), (1, "page head"));
}

#[test]
fn shared_rows_may_find_nothing() {
    let case = Case::of(lines("a head b\nc head"));
    let rows = [quote("head").all(), quote("none"), blocks("p9"), quote("head")];
    let rows = rows.map(|selector| Furniture { selector, reason: "shared".to_owned() });
    let layers = Layers {
        date: None,
        apparatuses: vec![],
        shared: rows.iter().enumerate().map(|(i, row)| (i.into(), row)).collect(),
        notes: vec![],
        passages: vec![],
        ends: vec![],
        all: &case.all,
    };
    let checked = resolve(&case.doc, &layers, &Glossary::default());
    assert_eq!(checked.value.shared_found, [2, 0, 0, 0]);
    let codes: Vec<&str> = checked.problems.iter().map(|problem| problem.code.name()).collect();
    assert_eq!(codes, ["quote-ambiguous"]);
}

#[test]
fn joins() {
    let check = |ats: &[&str], expected: &str| {
        let case = ats.iter().fold(Case::of(lines("a\nb\nc\nd\ne")), |case, at| case.join(at));
        assert_eq!(case.codes(), expected, "{ats:?}");
    };
    check(&["p1-p2"], "");
    check(&["p3-p4", "p1-p2"], "");
    check(&["p1 p2"], "");
    check(&["p1"], "join-broken");
    check(&["p1 p3"], "join-broken");
    check(&["p1-p3", "p3-p4"], "join-broken");
    check(&["p1-p4", "p2-p3"], "join-broken");
    check(&["p4-p9"], "unknown-block");
    let joined = Case::of(lines("a\nb\nc")).join("p2-p3").resolve_with(None).value.joins;
    assert_eq!((joined.len(), joined[0].first, joined[0].last), (1, 2, 3));
}

#[test]
fn corrections() {
    let case = bare(2009).correction(quote("ACDS"), "ADCS");
    assert_eq!(case.codes(), "quote-ambiguous"); // 79
    let says = said(&case.resolve_with(None).problems[0]);
    assert!(says.contains("p133") && says.contains("p134"), "{says}"); // 79
    let case = bare(2009).correction(quote("ACDS").all(), "ADCS");
    assert_eq!(case.resolve_with(None).value.corrections.len(), 2);
    let sic = Case::of(lines("one too")).correction(quote("too"), "");
    assert_eq!((sic.codes(), sic.find(quote("one too"))), (String::new(), "p1:one too".to_owned())); // 80
    assert!(sic.says(quote("one two")).contains("nothing close")); // 80: nothing is inserted
    let two = Case::of(lines("a b c")).correction(quote("a b"), "x").correction(quote("b c"), "y");
    assert_eq!(two.codes(), "corrections-overlap");
    assert_eq!(two.resolve_with(None).value.corrections.len(), 1);
    let hidden = Case::of(lines("a ** c")).furniture(quote("**")).correction(quote("a c"), "x");
    assert_eq!(hidden.codes(), "corrections-overlap");
    let beside = Case::of(lines("a ** c")).furniture(quote("**")).correction(quote("a"), "x");
    assert_eq!(beside.codes(), "");
}

#[test]
fn starts() {
    let row = |at: &str, starts: &str| bare(2009).row(blocks(at), RowKind::Recommendation, starts);
    assert_eq!(row("p59", "8. Another part").codes(), "");
    assert_eq!(row("p29", "- 1. Trafficking").codes(), "");
    assert_eq!(text(2009).row(blocks("p29"), RowKind::Item, "1. Trafficking").codes(), "");
    let wrong = row("p60", "8. Another part");
    assert_eq!(wrong.codes(), "starts-differ"); // 81
    let problem = &wrong.resolve_with(None).problems[0];
    assert!(said(problem).contains("p60 begins `As the Committee"), "{problem:?}"); // 81
}

#[test]
fn rows_nest_but_do_not_cross() {
    let case = |rows: &[(&str, RowKind)]| {
        let text = Case::of(lines("a\nb\nc\nd\ne\nf\ng\nh\ni\nj"));
        rows.iter().fold(text, |case, (at, kind)| case.row(blocks(at), *kind, ""))
    };
    let crossing = case(&[("p5-p8", RowKind::Response), ("p7-p9", RowKind::Narrative)]);
    assert_eq!(crossing.codes(), "rows-cross"); // 82
    let problem = &crossing.resolve_with(None).problems[0];
    assert!(said(problem).contains("narrative (p7-p9) crosses response (p5-p8)")); // 82
    assert_eq!(problem.related.len(), 1); // 82
    let nested = case(&[("p7", RowKind::Heading), ("p5-p8", RowKind::Response), ("p9", RowKind::Item)]);
    assert_eq!(nested.codes(), "");
    let rows = nested.resolve_with(None).value.structure;
    let order: Vec<RowKind> = rows.iter().map(|row| row.part.kind).collect();
    assert_eq!(order, [RowKind::Response, RowKind::Heading, RowKind::Item]);
    assert_eq!(case(&[("p5-p8", RowKind::Response), ("p5-p8", RowKind::Item)]).codes(), "");
    assert_eq!(case(&[("p5-p8", RowKind::Response), ("p5-p9", RowKind::Item)]).codes(), "");
}

#[test]
fn a_row_may_cover_part_of_a_block() {
    let case = text(2012).row(quote("The Minister for Immigration"), RowKind::Details, "");
    assert_eq!(case.codes(), "");
}
