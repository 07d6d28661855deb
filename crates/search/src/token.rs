//! Words as search sees them: a text cut into folded forms with positions.
//!
//! The engine in the browser (`engine/words.js`) holds the same rules, because what
//! a reader types must be cut as the texts were. Both are pinned by
//! `tests/vectors/token.json`: change a rule in both and add its cases there.
//!
//! The rules, in order:
//! 1. *Fold* each character: NFKD, then lower case; marks that only decorate a
//!    letter are stripped and letters that few keyboards have spelled out
//!    (`ß` is `ss`), unless the site keeps them ([`Marks`]); invisible
//!    characters dropped, apostrophes and hyphens made straight ([`fold`]).
//! 2. A *word* is a run of letters, digits and remaining marks. An apostrophe
//!    between them is left out (`O'Brien` is `obrien`), a final `'s` dropped;
//!    a comma that groups three digits is left out, a point between digits
//!    stays; single letters with points are one word (`U.K.` is `uk`).
//! 3. Words tied by a hyphen count each, and once more joined, at the first
//!    one's position: `pre-paid` is `pre`, `paid` and `prepaid`.
//! 4. In scripts written without spaces each character is a word together with the
//!    next: `東京都` is `東京`, `京都` and, since none follows, `都`. Words of a
//!    dictionary would be finer, but a reader's need not be those of the build.

use std::ops::Range;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest form in characters; what is longer is cut, so that a line without
/// spaces cannot fill the index.
pub const LONGEST: usize = 64;

/// What becomes of marks that decorate letters of alphabets, and of letters that are spelled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(into = "bool")]
pub enum Marks {
    /// `é` is `e`, and `ø` is `o`.
    #[default]
    Fold,
    /// They stay: where `å` and `ø` are letters of their own, they are not `a` and `o`.
    Keep,
}

impl From<Marks> for bool {
    /// Whether they stay.
    fn from(marks: Marks) -> Self {
        marks == Marks::Keep
    }
}

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// The folded form, never empty.
    pub form: &'a str,
    /// Its place among the words, from 0.
    pub position: u32,
    /// Its bytes in the text as given.
    pub span: Range<usize>,
    /// Whether it is made of several words tied by hyphens.
    pub joined: bool,
    /// How many positions it takes up: those of all that is joined.
    pub length: u32,
}

/// Hands each word of `text` to `each`, and says how many positions there are.
pub fn tokenise(text: &str, each: impl FnMut(Token<'_>)) -> u32 {
    tokenise_as(text, Marks::Fold, each)
}

/// As [`tokenise`], with marks on letters left out or kept.
pub fn tokenise_as(text: &str, marks: Marks, mut each: impl FnMut(Token<'_>)) -> u32 {
    let folded = fold(text, marks);
    let mut scan = Scan { text: folded.text.as_bytes(), folded: &folded, position: 0, joined: String::new() };
    let mut at = 0;
    while at < scan.text.len() {
        if let Some(end) = scan.plain(at) {
            scan.emit(&folded.text[at..end], scan.position, at..end, false, &mut each);
            scan.position += 1;
            at = end;
            continue;
        }
        let (class, length) = scan.class(at);
        at = match class {
            Class::Solo => scan.solo(at, length, &mut each),
            Class::Word => scan.compound(at, &mut each),
            _ => at + length,
        };
    }
    scan.position
}

/// The forms of a text in order, `_` between, joined ones left out, `s` for
/// `z`: a name in the shape in which two spellings of it are the same. English
/// organisations are the worst: the same body is an organization elsewhere.
pub fn key(text: &str, marks: Marks) -> String {
    let mut key = String::new();
    tokenise_as(text, marks, |token| {
        if !token.joined {
            if !key.is_empty() {
                key.push('_');
            }
            key.extend(token.form.chars().map(|c| if c == 'z' { 's' } else { c }));
        }
    });
    key
}

/// Folded text with the way back.
struct Folded {
    text: String,
    jumps: Vec<Jump>,
}

/// From this byte of the folded text on, both texts run on alike, except where
/// `flat`: there all bytes up to the next jump come from one character.
struct Jump {
    folded: usize,
    source: usize,
    flat: bool,
}

fn fold(text: &str, marks: Marks) -> Folded {
    if text.is_ascii() {
        return Folded { text: text.to_ascii_lowercase(), jumps: Vec::new() };
    }
    let mut folded = Folded { text: String::with_capacity(text.len()), jumps: Vec::new() };
    let mut plain = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
        folded.lower(&text[plain..at]);
        plain = at + c.len_utf8();
        folded.jumps.push(Jump { folded: folded.text.len(), source: at, flat: true });
        for part in std::iter::once(c).nfkd() {
            if is_dropped(part) && !(marks == Marks::Keep && matches!(part, '\u{0300}'..='\u{036F}')) {
                continue;
            }
            for low in part.to_lowercase() {
                match spelled(low).filter(|_| marks == Marks::Fold) {
                    Some(letters) => folded.text.push_str(letters),
                    None => folded.text.push(straight(low)),
                }
            }
        }
        folded.jumps.push(Jump { folded: folded.text.len(), source: plain, flat: false });
    }
    folded.lower(&text[plain..]);
    folded
}

impl Folded {
    /// Appends ASCII in lower case.
    fn lower(&mut self, ascii: &str) {
        let from = self.text.len();
        self.text.push_str(ascii);
        self.text[from..].make_ascii_lowercase();
    }

    /// The bytes of the given text that these folded bytes come from.
    fn source(&self, range: Range<usize>) -> Range<usize> {
        let jump = |at: usize| self.jumps.partition_point(|j| j.folded <= at).checked_sub(1);
        let start = jump(range.start).map_or(range.start, |i| match &self.jumps[i] {
            j if j.flat => j.source,
            j => j.source + (range.start - j.folded),
        });
        let end = jump(range.end).map_or(range.end, |i| match &self.jumps[i] {
            j if j.flat && j.folded == range.end => j.source,
            j if j.flat => self.jumps[i + 1].source,
            j => j.source + (range.end - j.folded),
        });
        start..end
    }
}

/// Characters that leave no trace: marks that decorate letters of alphabets,
/// Hebrew points, Arabic vowel signs, and what cannot be seen. Vowel signs of
/// other scripts are part of their words and stay.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}'
        | '\u{05C4}' | '\u{05C5}' | '\u{05C7}' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}'
        | '\u{0670}' | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}' | '\u{06E8}'
        | '\u{06EA}'..='\u{06ED}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{00AD}' | '\u{0640}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// How a letter is written where there is none such: `Łódź` is `Lodz`, and no mark that NFKD could take off.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        _ => return None,
    })
}

/// Apostrophes (Hebrew ones, too) and hyphens in their plain shape, final sigma as any sigma.
fn straight(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{02BC}' | '\u{05F3}' | '\u{05F4}' => '\'',
        '\u{2010}' | '\u{2012}' => '-',
        'ς' => 'σ',
        c => c,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    /// A word by itself: a character of a script without spaces.
    Solo,
    Apostrophe,
    Hyphen,
    Point,
    Comma,
    Other,
}

fn class_of(c: char) -> Class {
    match c {
        c if c.is_ascii_alphanumeric() => Class::Word,
        '\'' => Class::Apostrophe,
        '-' => Class::Hyphen,
        '.' => Class::Point,
        ',' => Class::Comma,
        c if c.is_ascii() => Class::Other,
        c if is_spaceless(c) && !is_combining_mark(c) && c.is_alphanumeric() => Class::Solo,
        c if c.is_alphanumeric() || is_combining_mark(c) => Class::Word,
        _ => Class::Other,
    }
}

/// Thai, Lao, Burmese, Khmer, Japanese and Chinese characters.
fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{312F}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// A walk over folded text.
struct Scan<'a> {
    text: &'a [u8],
    folded: &'a Folded,
    position: u32,
    /// Room to put words together in.
    joined: String,
}

/// Letters and digits that most texts consist of, in folded text.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

impl Scan<'_> {
    /// The end of a word of plain letters and digits that nothing ties to what follows: most
    /// words are like this, and need no further rule.
    fn plain(&self, at: usize) -> Option<usize> {
        let length = self.text[at..].iter().position(|&byte| !is_plain(byte));
        let end = length.map_or(self.text.len(), |length| at + length);
        let stops = |at: usize| self.text.get(at).is_none_or(|&byte| byte.is_ascii() && !is_plain(byte));
        let is_whole = match self.text.get(end) {
            Some(b'\'' | b'-') => false,
            Some(b'.' | b',') => stops(end + 1),
            _ => stops(end),
        };
        (end > at && is_whole).then_some(end)
    }

    /// The class of the character at a byte and its length; past the end: other, of length 0.
    fn class(&self, at: usize) -> (Class, usize) {
        match self.text.get(at) {
            None => (Class::Other, 0),
            Some(&byte) if byte.is_ascii() => (class_of(byte as char), 1),
            Some(_) => {
                let c = self.folded.text[at..].chars().next().expect("`at` stands on a character's start");
                (class_of(c), c.len_utf8())
            }
        }
    }

    fn is(&self, at: usize, class: Class) -> bool {
        self.class(at).0 == class
    }

    fn is_digit(&self, at: usize) -> bool {
        self.text.get(at).is_some_and(u8::is_ascii_digit)
    }

    fn emit(
        &self,
        form: &str,
        position: u32,
        range: Range<usize>,
        joined: bool,
        each: &mut impl FnMut(Token<'_>),
    ) {
        let form = shortened(form);
        if !form.is_empty() {
            let length = if joined { self.position - position } else { 1 };
            each(Token { form, position, span: self.folded.source(range), joined, length });
        }
    }

    /// A character of a script without spaces, with the next if there is one.
    fn solo(&mut self, at: usize, length: usize, each: &mut impl FnMut(Token<'_>)) -> usize {
        let end = self.cluster(at + length);
        let last = match self.class(end) {
            (Class::Solo, length) => self.cluster(end + length),
            _ => end,
        };
        self.emit(&self.folded.text[at..last], self.position, at..last, false, each);
        self.position += 1;
        end
    }

    /// Where the marks upon a character end.
    fn cluster(&self, mut end: usize) -> usize {
        while let Some(mark) = self.folded.text[end..].chars().next().filter(|&c| is_combining_mark(c)) {
            end += mark.len_utf8();
        }
        end
    }

    /// Words tied by hyphens: each, then all joined.
    fn compound(&mut self, start: usize, each: &mut impl FnMut(Token<'_>)) -> usize {
        let first = self.position;
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        let mut at = start;
        loop {
            let before = joined.len();
            let end = self.word(at, &mut joined);
            self.emit(&joined[before..], self.position, at..end, false, each);
            self.position += 1;
            at = end;
            if !(self.is(at, Class::Hyphen) && self.is(at + 1, Class::Word)) {
                break;
            }
            at += 1;
        }
        if self.position - first > 1 && joined.chars().nth(LONGEST).is_none() {
            self.emit(&joined, first, start..at, true, each);
        }
        self.joined = joined;
        at
    }

    /// Appends the form of the word at `at` and says where the word ends.
    fn word(&self, mut at: usize, form: &mut String) -> usize {
        if let Some(end) = self.acronym(at) {
            form.extend(self.folded.text[at..end].chars().filter(|&c| c != '.'));
            return end;
        }
        loop {
            let (class, length) = self.class(at);
            match class {
                Class::Word => form.push_str(&self.folded.text[at..at + length]),
                Class::Apostrophe if self.is_possessive(at) => return at + 2,
                Class::Apostrophe if self.is(at + 1, Class::Word) => {}
                Class::Comma if self.groups_digits(at) => {}
                Class::Point if self.is_digit(at - 1) && self.is_digit(at + 1) => form.push('.'),
                _ => return at,
            }
            at += length;
        }
    }

    /// Whether an apostrophe and the `s` after it end the word.
    fn is_possessive(&self, at: usize) -> bool {
        self.text.get(at + 1) == Some(&b's')
            && !self.is(at + 2, Class::Word)
            && !(self.is(at + 2, Class::Apostrophe) && self.is(at + 3, Class::Word))
    }

    /// Whether a comma stands between a digit and exactly three digits.
    fn groups_digits(&self, at: usize) -> bool {
        self.is_digit(at - 1) && (1..=3).all(|i| self.is_digit(at + i)) && !self.is_digit(at + 4)
    }

    /// The end of single letters tied by points, two or more: `u.k`, `e.g`.
    fn acronym(&self, start: usize) -> Option<usize> {
        let letter = |at: usize| {
            let (class, length) = self.class(at);
            let single = class == Class::Word && !self.is_digit(at) && !self.is(at + length, Class::Word);
            single.then_some(at + length)
        };
        let mut end = letter(start)?;
        let mut letters = 1;
        while self.is(end, Class::Point)
            && let Some(next) = letter(end + 1)
        {
            end = next;
            letters += 1;
        }
        (letters > 1).then_some(end)
    }
}

/// The first [`LONGEST`] characters.
fn shortened(form: &str) -> &str {
    if form.len() <= LONGEST {
        return form;
    }
    form.char_indices().nth(LONGEST).map_or(form, |(end, _)| &form[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Form, position, and the words of the text it stands for.
    type Cut = Vec<(String, u32, String)>;

    fn tokens(text: &str) -> Cut {
        let mut tokens = Vec::new();
        tokenise(text, |t| tokens.push((t.form.to_owned(), t.position, text[t.span.clone()].to_owned())));
        tokens
    }

    #[test]
    fn the_vectors_hold() {
        let file = include_str!("../../../tests/vectors/token.json");
        let cases: Vec<(String, Cut)> = serde_json::from_str(file).unwrap();
        assert!(cases.len() >= 200, "only {} cases", cases.len());
        for (text, expected) in cases {
            assert_eq!(tokens(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn marks_stay_where_a_site_keeps_them() {
        let check = |text: &str, expected: &[&str]| {
            let mut forms = Vec::new();
            tokenise_as(text, Marks::Keep, |t| forms.push(t.form.to_owned()));
            assert_eq!(forms, expected, "{text}");
        };
        check("\u{E5}r", &["a\u{30A}r"]);
        check("A\u{30A}R ar", &["a\u{30A}r", "ar"]);
        check("\u{5E9}\u{5B8}", &["\u{5E9}"]);
        check("BLÅBÆR Øl", &["bla\u{30A}bær", "øl"]);
    }

    #[test]
    fn a_key_is_the_same_for_two_spellings() {
        fn check(input: &str, expected: &str) {
            assert_eq!(key(input, Marks::Fold), expected);
        }
        check(
            "Child Exploitation and Online Protection Centre",
            "child_exploitation_and_online_protection_centre",
        );
        check(
            "Association of Directors of Children’s Services",
            "association_of_directors_of_children_services",
        );
        check("U.K.", "uk");
        check("Organization for Security", "organisation_for_security");
        check("Anti-Slavery", "anti_slavery");
        check("—", "");
    }

    #[test]
    fn no_form_is_longer_than_the_limit() {
        let long = "é".repeat(1000);
        assert_eq!(tokens(&long), [("e".repeat(LONGEST), 0, long.clone())]);
        let tied = ["ab"; 200].join("-");
        assert!(tokens(&tied).iter().all(|(form, ..)| form == "ab"));
    }

    #[test]
    fn spans_lie_on_characters_whatever_comes() {
        let mut seed = 1_u64;
        for _ in 0..20_000 {
            let text: String = (0..12).map(|_| odd_char(&mut seed)).collect();
            tokenise(&text, |t| {
                assert!(text.get(t.span.clone()).is_some_and(|s| !s.is_empty()), "{text:?} {t:?}")
            });
        }
    }

    /// Characters that have tripped a tokeniser, and any other.
    fn odd_char(seed: &mut u64) -> char {
        const ODD: &[char] = &[
            'a', 'S', '1', '2', '3', '\'', '’', '-', '‐', '.', ',', ' ', 'é', '\u{301}', '\u{AD}', 'ﬁ', '½',
            'ß', 'İ', '中', 'か', 'が', 'ก', '\u{E31}', 'क', '\u{94D}', '한', '𝟗', '\u{200B}', '…', '№', 'Σ',
        ];
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let value = (*seed >> 33) as usize;
        if value.is_multiple_of(8) {
            char::from_u32((value >> 3) as u32 % 0x11_0000).unwrap_or('x')
        } else {
            ODD[(value >> 3) % ODD.len()]
        }
    }
}
