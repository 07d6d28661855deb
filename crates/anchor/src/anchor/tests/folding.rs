//! Folding, and the way back.

use serde_json::Value;

use crate::anchor::fold::{Folded, Folder, fold, fold_with_map};

#[test]
fn vectors() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../../tests/vectors/fold.json")).unwrap();
    let vectors = vectors.as_array().unwrap();
    assert!(vectors.len() >= 60);
    for vector in vectors {
        let (input, folded) = (vector["input"].as_str().unwrap(), vector["folded"].as_str().unwrap());
        assert_eq!(fold(input), folded, "{}: {input:?}", vector["why"]);
    }
}

/// What a stretch of the folded text comes from, for every stretch that is found by its words.
fn check_way_back(input: &str, folded: &str, source: &str) {
    let Folded { text, map } = fold_with_map(input);
    let at = text.find(folded).unwrap();
    let (start, end) = (map.start(at), map.end(at + folded.len()));
    assert_eq!(&input[start..end], source, "{folded:?} of {input:?}");
}

#[test]
fn way_back() {
    check_way_back("a b c", "b", "b");
    check_way_back("  a  b  ", "a b", "a  b");
    check_way_back("the GLA’s remit", "GLA's", "GLA’s");
    check_way_back("the GLA’s remit", "remit", "remit");
    check_way_back("“a” “b”", "\"b\"", "“b”");
    check_way_back("so on… and", "on...", "on…");
    check_way_back("so on… and", "and", "and");
    check_way_back("ﬁrst ofﬁce x", "office", "ofﬁce");
    check_way_back("Cafe\u{301} au", "Café", "Cafe\u{301}");
    check_way_back("Cafe\u{301} au", "au", "au");
    check_way_back("sup\u{ad}port it", "support", "sup\u{ad}port");
    check_way_back("\u{feff}\u{ad}a\u{ad} b", "a", "a");
    check_way_back("a\u{ad} b\u{ad}", "a b", "a\u{ad} b");
    check_way_back("a\u{a0}\u{a0}b", "a b", "a\u{a0}\u{a0}b");
    check_way_back("政府\n机构", "机构", "机构");
    check_way_back("é é’é x", "'é", "’é");
    check_way_back("xr\u{ad}\u{301}y", "\u{155}", "r\u{ad}\u{301}");
    check_way_back("xr\u{ad}y", "r", "r");
}

#[test]
fn ends_inside_a_cluster_are_known() {
    let check = |input: &str, at: usize, expected: bool| {
        assert_eq!(fold_with_map(input).map.splits(at), expected, "{input:?} at {at}");
    };
    check("so on…", 5, false);
    check("so on…", 6, true);
    check("so on… a", 8, false);
    check("ﬁ", 1, true);
    check("ab", 1, false);
}

#[test]
fn way_there() {
    let check = |input: &str, source: usize, expected: usize| {
        assert_eq!(fold_with_map(input).map.folded(source), expected, "{input:?} at {source}");
    };
    check("a b", 2, 2);
    check("  a b", 2, 0);
    check("a   b", 4, 2);
    check("’a", 3, 1);
    check("a…b", 4, 4);
    check("ab", 2, 2);
    check("a  ", 3, 1);
}

#[test]
fn pieces_join_as_if_nothing_had_been_between() {
    let check = |pieces: &[(&str, usize)], expected: &str| {
        let mut folder = Folder::default();
        pieces.iter().for_each(|(piece, origin)| folder.push(piece, *origin));
        assert_eq!(folder.finish().text, expected);
    };
    check(&[("a ", 0), (" b", 4)], "a b");
    check(&[("wo", 0), ("rd", 4)], "word");
    check(&[("a\n", 0), ("\nb", 9)], "a b");
    check(&[(" ", 0), ("b", 9)], "b");
}

/// Every kind of character beside every other: pieces of a text fold as the
/// text does, and the way back of each end lies between ends of characters.
#[test]
fn every_pair_of_kinds() {
    let kinds = [
        "a",
        " ",
        "\n",
        "\r\n",
        "’",
        "–",
        "…",
        "\u{ad}",
        "ﬁ",
        "é",
        "e\u{301}",
        "x\u{302}",
        "\u{301}",
        "한",
        "が",
        "政",
        "й",
        "👨\u{200d}👩",
        "🇬🇧",
        "\u{600}",
        "\u{a0}",
        "ʼ",
        "\u{feff}",
    ];
    for (a, b, c) in kinds
        .iter()
        .flat_map(|a| kinds.iter().map(move |b| (a, b)))
        .flat_map(|(a, b)| kinds.iter().map(move |c| (a, b, c)))
    {
        let input = format!("{a}{b}{c}");
        let Folded { text, map } = fold_with_map(&input);
        assert_eq!(text, reference(&input), "{input:?}");
        for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
            let (start, end) = (map.start(at), map.end(at));
            assert!(input.is_char_boundary(start) && input.is_char_boundary(end), "{input:?} at {at}");
            assert!(
                start <= input.len() && map.start(at) >= map.start(at.saturating_sub(1)),
                "{input:?} at {at}"
            );
            assert!(map.splits(at) || end <= start, "{input:?} at {at}: {end} > {start}");
        }
    }
}

/// Folding as its rules are worded, without any short cut.
fn reference(input: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut seen = String::new();
    for c in input.chars() {
        match c {
            c if c.is_whitespace() => {
                if !seen.is_empty() && !seen.ends_with(' ') {
                    seen.push(' ');
                }
            }
            '‘' | '’' | '‚' | '‛' | 'ʼ' => seen.push('\''),
            '\u{2013}' => seen.push('-'),
            '…' => seen.push_str("..."),
            '\u{ad}' | '\u{200d}' | '\u{feff}' => {}
            'ﬁ' => seen.push_str("fi"),
            c => seen.push(c),
        }
    }
    seen.trim_end_matches(' ').nfc().collect()
}
