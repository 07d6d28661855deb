use std::sync::Arc;

use super::*;
use crate::anchor::{Corrected, Hidden, Joined, TermUse};
use crate::annotation::{Certainty, Link, Note};
use crate::document::record::{Layout, Record};
use postil_archive::archive::Format;

fn document(text: &str) -> Document {
    let record = Record { layout: Some(Layout::Lines), ..Record::default() };
    let parsed =
        crate::document::parse(Arc::from("t"), Arc::from("t.txt"), text.as_bytes(), Format::Plain, &record);
    parsed.value.expect("a text")
}

fn passage(ranges: &[(usize, usize)]) -> Passage {
    Passage { ranges: ranges.iter().map(|&(a, b)| TextRange::new(a, b)).collect() }
}

fn corrected(range: (usize, usize)) -> Corrected {
    Corrected {
        place: passage(&[range]),
        reading: None,
        reason: String::new(),
        certainty: Certainty::Certain,
        by: Vec::new(),
        by_row: false,
    }
}

fn annotations(notes: usize) -> Annotations {
    let source = Arc::new(postil_archive::diagnostic::Source::new("n.md", ""));
    let body = crate::annotation::Markdown {
        text: String::new(),
        source: source.clone(),
        span: postil_archive::diagnostic::Span::default(),
    };
    let note = |i: usize| Note {
        text: Arc::from("t"),
        slug: format!("n{i}"),
        source: source.clone(),
        by: Vec::new(),
        role: None,
        title: None,
        kind: "context".into(),
        topics: Vec::new(),
        date: None,
        sources: Vec::new(),
        certainty: crate::annotation::Certainty::Certain,
        was: Vec::new(),
        events: Vec::new(),
        figures: Vec::new(),
        review_by: None,
        selectors: Vec::new(),
        body: body.clone(),
    };
    Annotations { notes: (0..notes).map(note).collect(), links: TiVec::new(), ..Annotations::default() }
}

fn link() -> Link {
    let source = Arc::new(postil_archive::diagnostic::Source::new("l.toml", ""));
    let (title, relation) = (String::new(), "answers".to_owned());
    Link { slug: "l".into(), source, title, relation, note: None, ends: TiVec::new(), by: Vec::new() }
}

fn term(ranges: &[(usize, usize)]) -> TermUse {
    TermUse {
        passage: passage(ranges),
        term: 0.into(),
        sense: 0.into(),
        form: String::new(),
        misprint: false,
        opens: true,
        out_of_time: false,
    }
}

/// The steps of the first block as text: `[` and `]` with a letter for what opens and closes.
fn shown(text: &str, anchored: &Anchored) -> String {
    let doc = document(text);
    let overlay = lay(&doc, anchored, &annotations(9));
    written(&doc, &overlay.steps(&doc, &doc.blocks.raw[0]))
}

fn written(doc: &Document, steps: &[Step]) -> String {
    let letter = |what: &What| match what {
        What::Part(_) => "p".to_owned(),
        What::Inline(_) => "i".to_owned(),
        What::Correction { .. } => "c".to_owned(),
        What::Term { .. } => "t".to_owned(),
        What::Mark(mark) => mark.items.iter().map(|i| i.number().to_string()).collect(),
        What::Furniture => "f".to_owned(),
    };
    let mut open = Vec::new();
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Open(what) => {
                open.push(what);
                out += &format!("<{} ", letter(what));
            }
            Step::Close(what) => {
                assert_eq!(open.pop(), Some(what), "what closes is what was opened last");
                out += ">";
            }
            Step::Text(range) => out += doc.words(*range),
            Step::Marker(item) => out += &format!("({})", item.number()),
            Step::Sic(_) => out += "(sic)",
            Step::Footnote(number) => out.push_str(&format!("^{number}")),
            Step::Point(_) => out += "(point)",
            Step::Picture(_) => out += "(picture)",
        }
    }
    assert!(open.is_empty(), "everything is closed: {out}");
    out
}

#[test]
fn a_marker_stands_at_the_end_of_its_words() {
    let anchored = Anchored { notes: vec![(0.into(), vec![passage(&[(2, 5)])])], ..Anchored::default() };
    assert_eq!(shown("a bcd e", &anchored), "a <1 bcd>(1) e");
}

#[test]
fn an_end_of_a_link_has_neither_marker_nor_number() {
    let anchored = Anchored {
        notes: vec![(0.into(), vec![passage(&[(4, 5)])])],
        ends: vec![(0.into(), 1.into(), vec![passage(&[(0, 2)])])],
        ..Anchored::default()
    };
    let mut all = annotations(1);
    all.links.push(link());
    let doc = document("ab c d");
    let overlay = lay(&doc, &anchored, &all);
    assert_eq!(
        overlay.items.raw[0].kind,
        ItemKind::Note(0.into()),
        "notes come first, whatever stands before them"
    );
    assert_eq!(overlay.notes(), 1);
    assert_eq!(written(&doc, &overlay.steps(&doc, &doc.blocks.raw[0])), "<2 ab> c<1  >(1)d");
}

#[test]
fn overlapping_notes_are_cut_and_each_has_its_marker() {
    let notes = vec![(0.into(), vec![passage(&[(0, 3)])]), (1.into(), vec![passage(&[(2, 5)])])];
    let anchored = Anchored { notes, ..Anchored::default() };
    assert_eq!(shown("abcdefg", &anchored), "<1 ab><12 c><2 (1)de>(2)fg");
}

#[test]
fn equal_and_nested_notes_are_both_reachable() {
    let notes = vec![
        (0.into(), vec![passage(&[(0, 3)])]),
        (1.into(), vec![passage(&[(0, 3)])]),
        (2.into(), vec![passage(&[(1, 2)])]),
    ];
    let anchored = Anchored { notes, ..Anchored::default() };
    assert_eq!(shown("abcd", &anchored), "<23 a><123 b><23 (1)c>(2)(3)d");
}

#[test]
fn the_mark_goes_inside_a_term_and_the_marker_after_it() {
    let notes = vec![(0.into(), vec![passage(&[(0, 3)])])];
    let anchored = Anchored { notes, uses: vec![term(&[(2, 6)])].into(), ..Anchored::default() };
    assert_eq!(shown("abcdefg", &anchored), "<1 ab><t <1 c>def>(1)g");
}

#[test]
fn signs_make_no_hole_in_a_mark_that_goes_on() {
    let notes = vec![(0.into(), vec![passage(&[(0, 6)])])];
    let corrections = vec![corrected((2, 4))].into();
    let anchored = Anchored { notes, corrections, ..Anchored::default() };
    assert_eq!(shown("abcdefg", &anchored), "<1 ab><c <1 cd>><1 (sic)ef>(1)g");
    // Nothing that is empty is left where a correction and a term begin together.
    let (uses, corrections) = (vec![term(&[(2, 3)])].into(), vec![corrected((2, 4))].into());
    let anchored = Anchored { uses, corrections, ..anchored };
    assert_eq!(shown("abcdefg", &anchored), "<1 ab><c <t <1 c>><1 d>><1 (sic)ef>(1)g");
    // A mark that has nothing in common with the one before waits for the sign.
    let notes = vec![(0.into(), vec![passage(&[(0, 3)])]), (1.into(), vec![passage(&[(3, 5)])])];
    let anchored = Anchored { notes, ..Anchored::default() };
    assert_eq!(shown("abcdefg", &anchored), "<1 abc>(1)<2 de>(2)fg");
}

#[test]
fn a_correction_inside_a_term_stays_inside_it() {
    let anchored = Anchored {
        uses: vec![term(&[(0, 6)])].into(),
        corrections: vec![corrected((2, 4))].into(),
        ..Anchored::default()
    };
    assert_eq!(shown("abcdefg", &anchored), "<t ab<c cd>ef>(sic)g");
}

#[test]
fn a_term_inside_a_correction_stays_inside_it() {
    let anchored = Anchored {
        uses: vec![term(&[(2, 4)])].into(),
        corrections: vec![corrected((0, 6))].into(),
        ..Anchored::default()
    };
    assert_eq!(shown("abcdefg", &anchored), "<c ab<t cd>ef>(sic)g");
}

#[test]
fn furniture_inside_a_term_does_not_cut_it() {
    let hidden = Hidden { range: TextRange::new(2, 4), reason: String::new() };
    let anchored = Anchored {
        uses: vec![term(&[(0, 2), (4, 6)])].into(),
        furniture: vec![hidden],
        ..Anchored::default()
    };
    assert_eq!(shown("ab**cdg", &anchored), "<t ab<f **>cd>g");
}

#[test]
fn hidden_blocks_fold_and_joins_are_one_unit() {
    let doc = document("one\ntwo\nthree\nfour\nfive");
    let hidden = |a, b| Hidden { range: TextRange::new(a, b), reason: "page number".into() };
    let anchored = Anchored {
        furniture: vec![hidden(0, 3), hidden(8, 13)],
        joins: vec![Joined { first: 2, last: 4, glue: " ".into(), cut: vec![] }],
        ..Anchored::default()
    };
    let overlay = lay(&doc, &anchored, &annotations(0));
    let unit = |blocks: &[u32], glue: &str| {
        Node::Unit(Unit { blocks: blocks.to_vec(), glue: glue.into(), cut: vec![], form: None })
    };
    let fold = Node::Fold { blocks: vec![1], reason: "page number".into() };
    assert_eq!(overlay.nodes, [fold, unit(&[2, 3, 4], " "), unit(&[5], "")]);
}

/// A small generator of numbers (xorshift), so that a failure can be repeated.
fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).expect("below a usize")
    }
}

#[test]
fn whatever_overlaps_the_steps_nest_and_give_every_word_once() {
    let text = "the quick brown fox jumps over the lazy dog and runs on";
    for seed in 1..400 {
        let mut next = numbers(seed * 7919);
        let mut range = || {
            let start = next(text.len() - 1);
            (start, start + 1 + next(text.len() - start))
        };
        let notes = (0..4).map(|i: usize| (i.into(), vec![passage(&[range()])])).collect();
        let mut sorted: Vec<(usize, usize)> = (0..6).map(|_| range()).collect();
        sorted.sort_unstable();
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for (a, b) in sorted {
            if apart.last().is_none_or(|last| last.1 <= a) {
                apart.push((a, b));
            }
        }
        let (uses, corrections): (Vec<_>, Vec<_>) = apart.iter().enumerate().partition(|(i, _)| i % 2 == 0);
        let anchored = Anchored {
            notes,
            uses: uses.iter().map(|(_, r)| term(&[**r])).collect(),
            corrections: corrections.iter().map(|(_, r)| corrected(**r)).collect(),
            ..Anchored::default()
        };
        let doc = document(text);
        let overlay = lay(&doc, &anchored, &annotations(9));
        let steps = overlay.steps(&doc, &doc.blocks.raw[0]);
        written(&doc, &steps);
        let words: String = steps
            .iter()
            .filter_map(|s| match s {
                Step::Text(range) => Some(doc.words(*range)),
                _ => None,
            })
            .collect();
        assert_eq!(words, text, "seed {seed}");
        let markers = steps.iter().filter(|s| matches!(s, Step::Marker(_))).count();
        assert_eq!(markers, 4, "seed {seed}");
    }
}
