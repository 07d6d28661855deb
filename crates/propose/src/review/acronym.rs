//! Acronyms in a text, and the names that the text itself gives for them.
//!
//! A name before its short form in brackets is found as Schwartz and Hearst do
//! ("A simple algorithm for identifying abbreviation definitions in biomedical
//! text", PSB 2003): from the right, each letter of the short form is met in the
//! name, the first one where a word begins.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A name and its short form, as a text has them: `Full Name (ABC)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The name, white space made single.
    pub name: String,
    /// The short form.
    pub short: String,
    /// From the name to the closing bracket, in bytes of the block.
    pub range: Range<usize>,
}

/// Most letters of an acronym: beyond it a word in capitals is an emphasis.
pub(super) const LONGEST: usize = 10;
/// Most letters of one that no name in the text explains.
const LONGEST_ALONE: usize = 7;
/// Words in capitals, one after the other, from which on somebody shouts.
const SHOUTED: usize = 3;

/// What looks like an acronym in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its bytes there.
    pub range: Range<usize>,
    /// The word; a plural's ending is not part of it.
    pub form: &'a str,
    /// Whether it may be a name or a word that is shouted: only a name before it in brackets makes it one.
    pub doubtful: bool,
    /// Whether it stands where a speaker or a head does: first in its line, a stop or a colon behind it.
    pub heads: bool,
}

/// What looks like an acronym in a block, in reading order.
pub fn candidates(block: &str) -> Vec<Candidate<'_>> {
    if is_shouting(block) {
        return Vec::new();
    }
    let words = super::runs(block, char::is_alphanumeric);
    let mut found = Vec::new();
    for (i, run) in words.iter().enumerate() {
        let (start, word) = (run.start, &block[run.clone()]);
        let stem = word.strip_suffix("es").or_else(|| word.strip_suffix('s')).unwrap_or(word);
        let form = if is_capitals(stem) { stem } else { word };
        if !is_acronym(form) {
            continue;
        }
        let line = block[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = block[start..].find('\n').map_or(block.len(), |at| start + at);
        let before = &block[line..start];
        let heads = !before.chars().any(char::is_lowercase)
            && before.chars().all(|c| c.is_alphanumeric() || c.is_whitespace())
            && block[run.end..].starts_with(['.', ':']);
        let shouted = is_shouting_line(&block[line..line_end])
            || beside(block, &words, i) >= SHOUTED
            || titled(block, &words, i)
            || is_capitals(form) && form.chars().count() > LONGEST_ALONE;
        found.push(Candidate { range: start..start + form.len(), form, doubtful: shouted, heads });
    }
    found
}

/// How many words in capitals stand together around one, with nothing but white space between.
fn beside(block: &str, words: &[Range<usize>], i: usize) -> usize {
    let shouts =
        |word: &Range<usize>| !block[word.clone()].chars().any(|c| c.is_lowercase() || c.is_numeric());
    let close = |a: &Range<usize>, b: &Range<usize>| block[a.end..b.start].trim().is_empty();
    let before =
        (1..=i).rev().take_while(|&j| close(&words[j - 1], &words[j]) && shouts(&words[j - 1])).count();
    let after =
        (i + 1..words.len()).take_while(|&j| close(&words[j - 1], &words[j]) && shouts(&words[j])).count();
    before + 1 + after
}

/// Whether a title of a person stands before a word: then it is a name.
fn titled(block: &str, words: &[Range<usize>], i: usize) -> bool {
    const TITLES: [&str; 26] = [
        "Mr", "Mrs", "Ms", "Miss", "Messrs", "Dr", "Sir", "Dame", "Lord", "Lords", "Lady", "Baroness",
        "Viscount", "Earl", "Capt", "Captain", "Col", "Colonel", "Rev", "Monsieur", "Madame", "Mme", "Mlle",
        "Herr", "Frau", "Don",
    ];
    let before = i.checked_sub(1).map(|j| &words[j]);
    before.is_some_and(|before| {
        let between = block[before.end..words[i].start].trim_start_matches('.');
        between.trim().is_empty() && TITLES.contains(&&block[before.clone()])
    })
}

/// The names that a block gives with their short forms, in reading order.
pub fn pairs(block: &str) -> Vec<Pair> {
    let mut found = Vec::new();
    for Candidate { range, form: short, .. } in candidates(block) {
        let Some(before) = block[..range.start].strip_suffix('(') else { continue };
        let after = block[range.end..].trim_start_matches(['s', 'e']);
        if !after.starts_with(')') {
            continue;
        }
        if let Some(start) = name_before(before, short) {
            let end = block.len() - after.len() + 1;
            let name = before[start..].split_whitespace().collect::<Vec<_>>().join(" ");
            found.push(Pair { name, short: short.to_owned(), range: start..end });
        }
    }
    found
}

/// Whether a block is all in capitals, as titles are: its words are no acronyms.
fn is_shouting(block: &str) -> bool {
    !block.chars().any(char::is_lowercase)
}

/// Whether a line of several words is.
fn is_shouting_line(line: &str) -> bool {
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 2);
    is_shouting(line) && words.count() >= 2
}

fn is_capitals(word: &str) -> bool {
    word.chars().count() >= 2 && word.chars().all(char::is_uppercase)
}

/// Letters only, two capitals or more, and more capitals than not: `GLA`, `DfID`; but no Roman number.
fn is_acronym(word: &str) -> bool {
    let letters = word.chars().count();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let roman = word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'));
    word.chars().all(char::is_alphabetic)
        && capitals >= 2
        && 2 * capitals > letters
        && letters <= LONGEST
        && !roman
}

/// Where the name begins that ends `before` and has the letters of `short`.
fn name_before(before: &str, short: &str) -> Option<usize> {
    let letters: Vec<char> = short.chars().flat_map(char::to_lowercase).collect();
    let most = (letters.len() + 5).min(2 * letters.len());
    // The mark that ends a clause may be of several bytes.
    let clause = before.rfind(['.', ';', ':', '(', ')', '!', '?', '\u{201c}']).map_or(0, |at| at + 1);
    let begin = before
        .char_indices()
        .rev()
        .filter(|(at, c)| c.is_whitespace() && !before[at + c.len_utf8()..].trim().is_empty())
        .map(|(at, c)| at + c.len_utf8())
        .nth(most - 1)
        .unwrap_or(0)
        .max(before.ceil_char_boundary(clause));
    let name: Vec<(usize, char)> = before[begin..].char_indices().collect();
    let mut at = name.len();
    for (i, letter) in letters.iter().enumerate().rev() {
        loop {
            at = at.checked_sub(1)?;
            let (_, c) = name[at];
            let begins_word = at == 0 || !name[at - 1].1.is_alphanumeric();
            // A name in capitals does not begin with its "of".
            let named = c.is_uppercase() || !name[at..].iter().any(|(_, c)| c.is_uppercase());
            if c.to_lowercase().eq(std::iter::once(*letter)) && (i > 0 || (begins_word && named)) {
                break;
            }
        }
    }
    let start = begin + name[at].0;
    let words = before[start..].split_whitespace().count();
    (words > 1).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_found() {
        #[track_caller]
        fn check(block: &str, expected: &[&str]) {
            let found = candidates(block);
            let forms: Vec<&str> = found.iter().filter(|one| !one.doubtful).map(|one| one.form).collect();
            assert_eq!(forms, expected, "{block}");
            for Candidate { range, form, .. } in found {
                assert_eq!(&block[range], form);
            }
        }
        check("the GLA's remit, NGOs and DfID", &["GLA", "NGO", "DfID"]);
        check("the MPS of London and the MPs", &["MPS", "MP"]);
        check("a UK-wide duty of the EU/UN", &["UK", "EU", "UN"]);
        check("in Part II, article XIV of the list", &[]);
        check("HC23 and G6 and the 2009 text", &[]);
        check("Trafficking of People: I am A Minister", &[]);
        check("WRITTEN ANSWERS TO QUESTIONS", &[]);
        check("The GLA. The ILO.", &["GLA", "ILO"]);
        check("ILO and OSCE, UK GLA", &["ILO", "OSCE", "UK", "GLA"]);
        check("He cried: GIVE ME LIBERTY, or give me death", &[]);
        check("Mr. HUME said, and Lord JOHN too, and Sir ROBERT PEEL", &["PEEL"]);
        check("the PARLIAMENT of LIBERTIES", &[]);
        check("CHAPTER THE FIRST\nin which the ILO is named", &["ILO"]);
        check("", &[]);
    }

    #[test]
    fn what_heads_a_line_is_known() {
        #[track_caller]
        fn check(block: &str, expected: &[bool]) {
            assert_eq!(
                candidates(block).iter().map(|one| one.heads).collect::<Vec<_>>(),
                expected,
                "{block}"
            );
        }
        check("CLOWN. Ha, the ILO!", &[true, false]);
        check("He sees the door.\nOLD PILOT: It was open.", &[false, true]);
        check("The ILO: a body", &[false]);
    }

    #[test]
    fn names_are_found() {
        #[track_caller]
        fn check(block: &str, expected: &[(&str, &str)]) {
            let found = pairs(block);
            let pairs: Vec<(&str, &str)> =
                found.iter().map(|pair| (pair.name.as_str(), pair.short.as_str())).collect();
            assert_eq!(pairs, expected, "{block}");
            for pair in found {
                assert!(block[pair.range].ends_with(')'));
            }
        }
        check(
            "the Gangmasters Licensing Authority (GLA) said",
            &[("Gangmasters Licensing Authority", "GLA")],
        );
        check(
            "by the Child Exploitation and\nOnline Protection Centre (CEOP) and others",
            &[("Child Exploitation and Online Protection Centre", "CEOP")],
        );
        check("non-governmental organisations (NGOs)", &[("non-governmental organisations", "NGO")]);
        check(
            "the Office of the Immigration Services Commissioner (OISC)",
            &[("Office of the Immigration Services Commissioner", "OISC")],
        );
        check("Said. The Metropolitan Police (MPS)", &[]);
        check("the Home Office (see the GLA) and (UK)", &[]);
        check("of the “United Kingdom (UK)” here", &[("United Kingdom", "UK")]);
        check("International Organization (now IOM)", &[]);
        check("(GLA) alone", &[]);
    }
}
