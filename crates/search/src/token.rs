//! Words as search sees them: a text cut into folded forms with positions.
//!
//! The engine in the browser (`engine/words.js`) holds the same rules, because what
//! a reader types must be cut as the texts were. Both are pinned by
//! `tests/vectors/token.json`: change a rule in both and add its cases there.
//!
//! The rules, in order:
//! 1. *Fold* each character: NFKD, then lower case; marks that only decorate a
//!    letter are stripped and letters that few keyboards have spelled out
//!    (`ß` is `ss`), unless the site keeps them ([`Marks`]); digits of any script
//!    are those of ASCII; invisible characters and the signs of Semitic and
//!    Slavic names that count as letters (`ʿ`, `ʹ`) are dropped, apostrophes,
//!    quotation marks and hyphens made straight ([`fold`]).
//! 2. A *word* is a run of letters, digits and remaining marks. An apostrophe
//!    between them is left out (`O'Brien` is `obrien`), a final `'s` dropped;
//!    so is a quotation mark between Hebrew letters, which makes an acronym of
//!    them; a comma that groups digits is left out, a point between digits
//!    stays; single letters with points are one word (`U.K.` is `uk`).
//! 3. What may be looked for in another form has that too, at the same
//!    position: `l'Europe` is also `europe`, `Müller` also `mueller`. In which,
//!    depends on the language ([`Rules`]).
//! 4. Words tied by a hyphen count each, and once more joined, at the first
//!    one's position: `pre-paid` is `pre`, `paid` and `prepaid`. So do groups of
//!    three digits with a space between that does not break.
//! 5. In scripts written without spaces each character is a word together with the
//!    next: `東京都` is `東京`, `京都` and, since none follows, `都`. Words of a
//!    dictionary would be finer, but a reader's need not be those of the build.

use std::ops::Range;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::language::Rules;

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

/// How words are cut.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// What becomes of marks on letters.
    pub marks: Marks,
    /// What holds in the language.
    pub rules: Rules,
}

/// What a form is of the words of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word.
    Word,
    /// Another form of the word before it.
    Other,
    /// Several words tied by hyphens, or groups of digits.
    Joined,
}

/// A form that a text is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// The folded form, never empty.
    pub form: &'a str,
    /// Its place among the words, from 0.
    pub position: u32,
    /// Its bytes in the text as given.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Whether it stands there in capitals, two or more: `WHO` is not `who`.
    pub capitals: bool,
    /// How many positions it takes up: those of all that is joined.
    pub length: u32,
}

/// Hands each form of `text` to `each`, and says how many positions there are.
pub fn tokenise(text: &str, manner: Manner, mut each: impl FnMut(Token<'_>)) -> u32 {
    let folded = fold(text, manner.marks);
    let mut scan = Scan {
        given: text,
        text: folded.text.as_bytes(),
        folded: &folded,
        manner,
        position: 0,
        word: String::new(),
        form: String::new(),
        joined: String::new(),
    };
    let mut at = 0;
    while at < scan.text.len() {
        if let Some(end) = scan.plain(at) {
            scan.emit(&folded.text[at..end], scan.position, at..end, Kind::Word, &mut each);
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

/// The words of a text in order, `_` between, in one form each, `s` for
/// `z`: a name in the shape in which two spellings of it are the same. English
/// organisations are the worst: the same body is an organization elsewhere.
pub fn key(text: &str, marks: Marks) -> String {
    let mut key = String::new();
    tokenise(text, Manner { marks, ..Manner::default() }, |token| {
        if token.kind == Kind::Word {
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
    let mut folded = Folded { text: String::with_capacity(text.len()), jumps: Vec::new() };
    let mut plain = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
        folded.lower(&text[plain..at]);
        plain = at + c.len_utf8();
        folded.jumps.push(Jump { folded: folded.text.len(), source: at, flat: true });
        match sign(c) {
            Some(sign) => folded.text.push(sign),
            None => std::iter::once(c).nfkd().for_each(|part| folded.part(part, marks)),
        }
        folded.jumps.push(Jump { folded: folded.text.len(), source: plain, flat: false });
    }
    folded.lower(&text[plain..]);
    folded
}

impl Folded {
    /// Appends ASCII in lower case; a backtick stands for an apostrophe.
    fn lower(&mut self, ascii: &str) {
        if ascii.contains('`') {
            return self.lower(&ascii.replace('`', "'"));
        }
        let from = self.text.len();
        self.text.push_str(ascii);
        self.text[from..].make_ascii_lowercase();
    }

    /// Appends a part of a character.
    fn part(&mut self, part: char, marks: Marks) {
        let is_kept = match part {
            // Kept for the word's other forms; see `Scan::plainly`.
            '\u{0308}' if self.text.ends_with(['a', 'o', 'u']) => true,
            '\u{030A}' if self.text.ends_with('a') => true,
            '\u{0300}'..='\u{036F}' => marks == Marks::Keep,
            part => !is_dropped(part),
        };
        if !is_kept {
            return;
        }
        for low in part.to_lowercase() {
            match spelled(low).filter(|_| marks == Marks::Fold) {
                Some(letters) => self.text.push_str(letters),
                None => self.text.push(digit(low).unwrap_or_else(|| straight(low))),
            }
        }
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

/// What NFKD would make a mark or a space of like any other: a sign that stands for an apostrophe, spaces between
/// digits.
fn sign(c: char) -> Option<char> {
    match c {
        '\u{B4}' => Some('\''),
        '\u{A0}' | '\u{2007}' | '\u{2009}' | '\u{202F}' => Some(GROUPING_SPACE),
        _ => None,
    }
}

/// What spaces between groups of digits become: a sign that no text has.
const GROUPING_SPACE: char = '\u{1F}';

/// Zeros of the decimal digits of Unicode, which stand in order, but for those that NFKD makes digits of ASCII.
const ZEROS: [u32; 68] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0,
    0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50,
    0x16D70, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950,
];

/// The digit of ASCII for one of another script.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = *ZEROS[..ZEROS.partition_point(|&zero| zero <= code)].last()?;
    char::from_digit((code - zero).min(10), 10)
}

/// Characters that leave no trace: marks that decorate letters of alphabets,
/// Hebrew points, Arabic vowel signs, what cannot be seen, and modifier letters
/// that few write: `Qurʾān` is `Quran`. Vowel signs of
/// other scripts are part of their words and stay.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{02B9}'..='\u{02BB}' | '\u{02BD}'..='\u{02C1}' | '\u{0300}'..='\u{036F}'
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}' | '\u{05C5}'
        | '\u{05C7}' | '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}' | '\u{06E8}'
        | '\u{06EA}'..='\u{06ED}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
        || is_format(c)
}

/// Unicode's format characters.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}' | '\u{070F}' | '\u{0890}' | '\u{0891}'
        | '\u{08E2}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0001}' | '\u{E0020}'..='\u{E007F}')
}

/// How a letter is written where there is none such: `Łódź` is `Lodz`, and no mark that NFKD could take off.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        _ => return None,
    })
}

/// Apostrophes, quotation marks (Hebrew ones, too), hyphens, Arabic commas and points between digits in their plain
/// shape, final sigma as any sigma.
fn straight(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{02BC}' | '\u{05F3}' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{05F4}' => '"',
        '\u{2010}' | '\u{2012}' => '-',
        '\u{066B}' => '.',
        '\u{066C}' => ',',
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
    Quotation,
    Hyphen,
    Point,
    Comma,
    Space,
    Other,
}

fn class_of(c: char) -> Class {
    match c {
        c if c.is_ascii_alphanumeric() => Class::Word,
        '\'' => Class::Apostrophe,
        '"' => Class::Quotation,
        GROUPING_SPACE => Class::Space,
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
        | '\u{3005}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A walk over folded text.
struct Scan<'a> {
    given: &'a str,
    text: &'a [u8],
    folded: &'a Folded,
    manner: Manner,
    position: u32,
    /// Room for a word with what its other forms are told by, without that, and for words put together.
    word: String,
    form: String,
    joined: String,
}

/// Letters and digits that most texts consist of, in folded text.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{05D0}'..='\u{05F2}')
}

impl Scan<'_> {
    /// The end of a word of plain letters, or of plain digits, that nothing ties to what follows: most
    /// words are like this, and need no further rule.
    fn plain(&self, at: usize) -> Option<usize> {
        let is_digit = self.is_digit(at);
        let is_alike = |&byte: &u8| is_plain(byte) && byte.is_ascii_digit() == is_digit;
        let length = self.text[at..].iter().position(|byte| !is_alike(byte));
        let end = length.map_or(self.text.len(), |length| at + length);
        let stops = |at: usize| self.text.get(at).is_none_or(|&byte| byte.is_ascii() && !is_plain(byte));
        let is_whole = match self.text.get(end) {
            Some(b'\'' | b'-' | b'\x1F') => false,
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
        kind: Kind,
        each: &mut impl FnMut(Token<'_>),
    ) {
        let form = shortened(form);
        if !form.is_empty() {
            let length = if kind == Kind::Joined { self.position - position } else { 1 };
            let span = self.folded.source(range);
            let capitals = is_in_capitals(&self.given[span.clone()]);
            each(Token { form, position, span, kind, capitals, length });
        }
    }

    /// A character of a script without spaces, with the next if there is one.
    fn solo(&mut self, at: usize, length: usize, each: &mut impl FnMut(Token<'_>)) -> usize {
        let end = self.cluster(at + length);
        let last = match self.class(end) {
            (Class::Solo, length) => self.cluster(end + length),
            _ => end,
        };
        self.emit(&self.folded.text[at..last], self.position, at..last, Kind::Word, each);
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

    /// Words tied by hyphens, or groups of digits: each with its other forms, then all joined.
    fn compound(&mut self, start: usize, each: &mut impl FnMut(Token<'_>)) -> usize {
        let first = self.position;
        let [mut word, mut form, mut joined] =
            [&mut self.word, &mut self.form, &mut self.joined].map(std::mem::take);
        joined.clear();
        let groups = self.groups(start);
        let mut at = start;
        loop {
            word.clear();
            let end = match groups {
                Some(last) => self.group(at, last, &mut word),
                None => self.word(at, &mut word),
            };
            form.clear();
            self.plainly(&word, &mut form);
            self.emit(&form, self.position, at..end, Kind::Word, each);
            joined.push_str(&form);
            if may_have_others(&word) {
                for other in self.manner.rules.other_forms(&word) {
                    form.clear();
                    self.plainly(&other, &mut form);
                    self.emit(&form, self.position, self.within(at..end, &word, &other), Kind::Other, each);
                }
            }
            self.position += 1;
            at = end;
            at += match groups {
                Some(last) if at < last => 1,
                None if self.is(at, Class::Hyphen) && self.is(at + 1, Class::Word) => 1,
                _ => break,
            };
        }
        if self.position - first > 1 && joined.chars().nth(LONGEST).is_none() {
            self.emit(&joined, first, start..at, Kind::Joined, each);
        }
        (self.word, self.form, self.joined) = (word, form, joined);
        at
    }

    /// Appends a word without what its other forms are told by.
    fn plainly(&self, word: &str, form: &mut String) {
        form.extend(word.chars().filter_map(|c| match c {
            '\'' => None,
            '\u{0308}' | '\u{030A}' | 'ø' if self.manner.marks == Marks::Fold => (c == 'ø').then_some('o'),
            c => Some(c),
        }));
    }

    /// The part of a word's range that has another form of it; all, if it is no part.
    fn within(&self, range: Range<usize>, word: &str, other: &str) -> Range<usize> {
        if self.folded.text[range.clone()] != *word {
            return range;
        }
        match (word.starts_with(other), word.ends_with(other)) {
            (true, _) => range.start..range.start + other.len(),
            (_, true) => range.end - other.len()..range.end,
            _ => range,
        }
    }

    /// Appends the word at `at`, its apostrophes left in it, and says where it ends.
    fn word(&self, mut at: usize, word: &mut String) -> usize {
        if let Some(end) = self.acronym(at) {
            word.extend(self.folded.text[at..end].chars().filter(|&c| c != '.'));
            return end;
        }
        loop {
            let (class, length) = self.class(at);
            match class {
                Class::Word => word.push_str(&self.folded.text[at..at + length]),
                Class::Apostrophe if self.is_possessive(at) => return at + 2,
                Class::Apostrophe if self.is(at + 1, Class::Word) => word.push('\''),
                Class::Quotation if self.is_within_hebrew(at, at + 1) => {}
                Class::Apostrophe if self.is(at + 1, class) && self.is_within_hebrew(at, at + 2) => at += 1,
                Class::Comma if self.groups_digits(at) => {}
                Class::Point if self.is_digit(at - 1) && self.is_digit(at + 1) => word.push('.'),
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

    /// Whether there is a Hebrew letter before a range and after it.
    fn is_within_hebrew(&self, start: usize, end: usize) -> bool {
        let text = &self.folded.text;
        text[..start].ends_with(is_hebrew) && text.get(end..).is_some_and(|text| text.starts_with(is_hebrew))
    }

    /// Whether so many digits are here, and no more.
    fn has_digits(&self, at: usize, count: usize) -> bool {
        (0..count).all(|i| self.is_digit(at + i)) && !self.is_digit(at + count)
    }

    /// Whether a comma groups digits: three after it, or in India first two and another comma.
    fn groups_digits(&self, at: usize) -> bool {
        let mut next = at + 1;
        while self.has_digits(next, 2) && self.is(next + 2, Class::Comma) {
            next += 3;
        }
        self.is_digit(at - 1) && self.has_digits(next, 3)
    }

    /// Appends the digits at `at`, which are a group of those up to `last`, and says where they end.
    fn group(&self, at: usize, last: usize, word: &mut String) -> usize {
        let end = self.folded.text[at..last].find(GROUPING_SPACE).map_or(last, |length| at + length);
        word.push_str(&self.folded.text[at..end]);
        end
    }

    /// The end of a number whose groups of three digits have spaces between them that do not break.
    fn groups(&self, start: usize) -> Option<usize> {
        let first = (1..=3).find(|&count| self.has_digits(start, count))?;
        let mut end = start + first;
        while self.is(end, Class::Space) && self.has_digits(end + 1, 3) {
            end += 4;
        }
        (end > start + first).then_some(end)
    }

    /// The end of single letters tied by points, two or more: `u.k`, `e.g`.
    fn acronym(&self, start: usize) -> Option<usize> {
        let letter = |at: usize| {
            let (class, length) = self.class(at);
            let end = self.cluster(at + length);
            (class == Class::Word && !self.is_digit(at) && !self.is(end, Class::Word)).then_some(end)
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

/// Whether a word is more than letters, or than digits; others have one form in every language.
fn may_have_others(word: &str) -> bool {
    let is_digit = word.starts_with(|c: char| c.is_ascii_digit());
    word.chars().any(|c| c == 'ø' || !c.is_alphanumeric() || c.is_ascii_digit() != is_digit)
}

/// Whether words have two capitals and no small letter.
fn is_in_capitals(words: &str) -> bool {
    let mut capitals = 0;
    for c in words.chars() {
        if c.is_lowercase() {
            return false;
        }
        capitals += usize::from(c.is_uppercase());
    }
    capitals > 1
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

    fn tokens(text: &str, language: &str) -> Cut {
        let mut tokens = Vec::new();
        let manner = Manner { rules: Rules::of(language), ..Manner::default() };
        tokenise(text, manner, |t| {
            tokens.push((t.form.to_owned(), t.position, text[t.span.clone()].to_owned()))
        });
        tokens
    }

    #[test]
    fn the_vectors_hold() {
        /// The language is left out where it does not matter.
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Case {
            Any(String, Cut),
            Of(String, Cut, String),
        }
        let file = include_str!("../../../tests/vectors/token.json");
        let cases: Vec<Case> = serde_json::from_str(file).unwrap();
        assert!(cases.len() >= 350, "only {} cases", cases.len());
        let mut wrong = Vec::new();
        for case in cases {
            let (text, expected, language) = match case {
                Case::Any(text, expected) => (text, expected, String::new()),
                Case::Of(text, expected, language) => (text, expected, language),
            };
            let found = tokens(&text, &language);
            if found != expected {
                wrong.push(format!("{text:?} {language} gives\n{found:?}, not\n{expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn marks_stay_where_a_site_keeps_them() {
        let check = |text: &str, expected: &[&str]| {
            let mut forms = Vec::new();
            let manner = Manner { marks: Marks::Keep, rules: Rules::of("") };
            tokenise(text, manner, |t| forms.push(t.form.to_owned()));
            assert_eq!(forms, expected, "{text}");
        };
        check("\u{E5}r", &["a\u{30A}r", "aar"]);
        check("A\u{30A}R ar", &["a\u{30A}r", "aar", "ar"]);
        check("\u{5E9}\u{5B8}", &["\u{5E9}"]);
        check("BLÅBÆR Øl", &["bla\u{30A}bær", "blaabær", "øl", "oel"]);
    }

    #[test]
    fn words_in_capitals_are_told() {
        let check = |text: &str, expected: &[&str]| {
            let mut forms = Vec::new();
            tokenise(text, Manner { rules: Rules::of(""), ..Manner::default() }, |t| {
                if t.capitals {
                    forms.push(t.form.to_owned())
                }
            });
            assert_eq!(forms, expected, "{text}");
        };
        check("WHO, who, Who, McDONALD, I, A1, U.S., 2009", &["who", "us"]);
        check("l'ONU L'ONU ÎLE", &["onu", "lonu", "onu", "ile"]);
        check("NON-UK", &["non", "uk", "nonuk"]);
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
        assert_eq!(tokens(&long, ""), [("e".repeat(LONGEST), 0, long.clone())]);
        let tied = ["ab"; 200].join("-");
        assert!(tokens(&tied, "").iter().all(|(form, ..)| form == "ab"));
    }

    #[test]
    fn spans_lie_on_characters_whatever_comes() {
        let mut seed = 1_u64;
        for _ in 0..20_000 {
            let text: String = (0..12).map(|_| odd_char(&mut seed)).collect();
            let manner = Manner { rules: Rules::of("en").and(Rules::of("tr")), ..Manner::default() };
            tokenise(&text, manner, |t| {
                assert!(text.get(t.span.clone()).is_some_and(|s| !s.is_empty()), "{text:?} {t:?}")
            });
        }
    }

    /// Characters that have tripped a tokeniser, and any other.
    fn odd_char(seed: &mut u64) -> char {
        const ODD: &[char] = &[
            'a', 'S', '1', '2', '3', '\'', '’', '"', '`', '´', 'צ', 'ü', 'Å', 'ø', '٣', '\u{A0}', '-', '‐',
            '.', ',', ' ', 'é', '\u{301}', '\u{AD}', 'ﬁ', '½', 'ß', 'İ', '中', 'か', 'が', 'ก', '\u{E31}',
            'क', '\u{94D}', '한', '𝟗', '\u{200B}', '…', '№', 'Σ',
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
