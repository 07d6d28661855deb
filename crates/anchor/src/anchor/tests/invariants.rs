//! What must hold of every text and every selector, tried on many.

use super::build::{Case, blocks, lines, opening, quote, wrapped};
use super::real::text;
use crate::anchor::Passage;
use crate::anchor::fold::fold;
use crate::anchor::words::cuts_word;
use crate::document::Document;

/// A row of numbers that looks random and is the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

const PIECES: [&str; 24] = [
    "a", "b", "ab", "GLA", "the", " ", " ", " ", " ", "\n", "\n\n", "’", "\"", "–", "…", "**", "[…]", "- ",
    "1,2.", "\u{ad}", "e\u{301}", "ﬁ", "政", "\u{a0}",
];

fn made_up(numbers: &mut Numbers, most: usize) -> String {
    let count = 1 + numbers.below(most);
    (0..count).map(|_| PIECES[numbers.below(PIECES.len())]).collect()
}

fn check_shape(doc: &Document, passage: &Passage) {
    assert!(!passage.ranges.is_empty());
    assert!(passage.ranges.windows(2).all(|pair| pair[0].end < pair[1].start), "{passage:?}");
    for range in &passage.ranges {
        assert!(!range.is_empty());
        assert!(doc.block_at(range.start).text.holds(*range), "{passage:?}");
        assert!(doc.visible.is_char_boundary(range.start) && doc.visible.is_char_boundary(range.end));
    }
}

/// Whatever words are asked for in whatever text: no panic, and a place that is
/// found is sound, its words are those of the quotation.
#[test]
fn any_words_in_any_text() {
    let mut numbers = Numbers(1);
    let mut found = 0;
    for round in 0..4_000 {
        let raw = made_up(&mut numbers, 24);
        let mut case = Case::of(if round % 2 == 0 { lines(&raw) } else { wrapped(&raw) });
        if round % 3 == 0 {
            case = case.furniture(quote("**").all()).furniture(quote("- ").all());
        }
        let words = made_up(&mut numbers, 4);
        for selector in [quote(&words), quote(&words).all(), opening(&words), quote(&words).nth(2)] {
            let literal = matches!(selector.words, Some(crate::annotation::Words::Literal(_)));
            let single = !selector.all;
            let checked = case.resolve_with(Some(selector));
            for (_, _, places) in &checked.value.ends {
                for place in places {
                    check_shape(&case.doc, place);
                    if literal && single && case.apparatus.furniture.is_empty() {
                        let hull = place.hull();
                        assert_eq!(fold(case.doc.words(hull)), fold(&words), "{words:?} in {raw:?}");
                        found += 1;
                    }
                }
            }
        }
    }
    assert!(found > 100, "{found}");
}

/// Words copied from the page, blocks and joins and furniture notwithstanding,
/// are found where they were copied.
#[test]
fn what_is_copied_is_found() {
    let mut numbers = Numbers(7);
    for year in [2004, 2006, 2009, 2012, 2019] {
        let case = text(year);
        let hidden = case.resolve_with(None).value.furniture;
        let whole = crate::document::TextRange::new(0, case.doc.visible.len());
        let visible = crate::anchor::words::visible_part(&case.doc, &hidden, whole);
        let read = fold(&visible.words(&case.doc));
        for _ in 0..30 {
            let (start, len) = (numbers.below(read.len() - 100), 1 + numbers.below(99));
            let (start, end) = (next_edge(&read, start), next_edge(&read, start + len));
            let words = read[start..end].trim();
            if !words.chars().any(char::is_alphanumeric) {
                continue;
            }
            let nth = 1 + count_places(&read, words, start);
            let checked = case.resolve_with(Some(quote(words).nth(nth)));
            assert!(checked.problems.is_empty(), "{year}: {words:?} {nth}: {:?}", checked.problems);
            assert_eq!(fold(&checked.value.ends[0].2[0].words(&case.doc)), words, "{year}");
        }
    }
}

fn next_edge(text: &str, from: usize) -> usize {
    (from..=text.len()).find(|&at| text.is_char_boundary(at) && !cuts_word(text, at)).unwrap()
}

fn count_places(text: &str, words: &str, before: usize) -> u32 {
    let starts = (0..before).filter(|&at| text.is_char_boundary(at) && text[at..].starts_with(words));
    let whole = starts.filter(|&at| !cuts_word(text, at) && !cuts_word(text, at + words.len()));
    u32::try_from(whole.count()).unwrap()
}

#[test]
fn a_text_of_nothing() {
    for raw in ["", "\n\n", " \u{a0}\n"] {
        let case = Case::of(lines(raw)).furniture(quote("**").all());
        assert_eq!(case.find(quote("a")), "quote-not-found quote-not-found");
        assert_eq!(Case::of(lines(raw)).find(blocks("p1")), "unknown-block");
        assert_eq!(Case::of(lines(raw)).find(blocks("L1")), "unknown-block");
    }
}
