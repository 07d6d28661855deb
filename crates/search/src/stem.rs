//! Words that are inflections of one another, by the text's language.
//!
//! Only the build stems: the lexicon lists under each stem the forms that the
//! archive has, and the engine in the browser looks forms up.

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::language::{primary, same_spelling, without_ending};

/// A way of stemming; texts whose languages share one share their word groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stemming(u8);

/// Primary language tags and their Snowball stemmers. Arabic and Greek are
/// here because the tokeniser strips what their stemmers do not expect anyway.
/// Korean has none: its words lose their particles by rules of our own.
const LANGUAGES: [(&str, Option<Algorithm>); 19] = [
    ("ar", Some(Algorithm::Arabic)),
    ("da", Some(Algorithm::Danish)),
    ("de", Some(Algorithm::German)),
    ("el", Some(Algorithm::Greek)),
    ("en", Some(Algorithm::English)),
    ("es", Some(Algorithm::Spanish)),
    ("fi", Some(Algorithm::Finnish)),
    ("fr", Some(Algorithm::French)),
    ("hu", Some(Algorithm::Hungarian)),
    ("it", Some(Algorithm::Italian)),
    ("nl", Some(Algorithm::Dutch)),
    ("no", Some(Algorithm::Norwegian)),
    ("pt", Some(Algorithm::Portuguese)),
    ("ro", Some(Algorithm::Romanian)),
    ("ru", Some(Algorithm::Russian)),
    ("sv", Some(Algorithm::Swedish)),
    ("ta", Some(Algorithm::Tamil)),
    ("tr", Some(Algorithm::Turkish)),
    ("ko", None),
];

/// The words that carry no matter of their own, in English: they are left out
/// of the concordance, and phrases are found by the words between them.
const ENGLISH_FUNCTION_WORDS: &str = " a about after all also am an and any are as at be been before being but by \
    can could did do does for from had has have he her him his how i if in into is it its may me might more most \
    must my no nor not of on or other our out over she should so some such than that the their them then there \
    these they this those through to under until up upon was we were what when where whether which while who whom \
    whose why will with would you your ";

impl Stemming {
    /// How words of a language (a BCP 47 tag) are stemmed; not at all where no stemmer exists.
    pub fn of(language: &str) -> Self {
        let primary = primary(language);
        let tag = if matches!(primary.as_str(), "nb" | "nn") { "no" } else { &primary };
        let known = LANGUAGES.iter().position(|&(name, _)| name == tag);
        Self(known.map_or(0, |i| i as u8 + 1))
    }

    /// A number to keep it by.
    pub fn number(self) -> u8 {
        self.0
    }

    /// The way of stemming with a number.
    pub fn numbered(number: u8) -> Self {
        Self(number)
    }

    /// The stem of a folded form. Forms with digits are their own stems: `9w`
    /// and `158227` are references, not words.
    pub fn stem(self, form: &str) -> String {
        let Some((language, algorithm)) = (self.0 as usize).checked_sub(1).map(|i| LANGUAGES[i]) else {
            return form.to_owned();
        };
        if form.bytes().any(|b| b.is_ascii_digit()) {
            return form.to_owned();
        }
        let Some(algorithm) = algorithm else { return without_ending(language, form).into_owned() };
        let form = same_spelling(language, form);
        // Kept marks stand apart from their letters, which stemmers do not expect.
        let composed = if form.is_ascii() { form } else { form.nfc().collect() };
        Stemmer::create(algorithm).stem(&composed).into_owned()
    }

    /// Whether a stem is a word, which a text with another form of it has in a way.
    pub fn has_words_for_stems(self) -> bool {
        self == Self::of("ko")
    }

    /// Whether a form only ties other words together (`of`, `the`). Known for English.
    pub fn is_function_word(self, form: &str) -> bool {
        self == Self::of("en")
            && form.len() < 10
            && ENGLISH_FUNCTION_WORDS.split_ascii_whitespace().any(|word| word == form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_by_language() {
        fn check(language: &str, form: &str, expected: &str) {
            assert_eq!(Stemming::of(language).stem(form), expected, "{language} {form}");
        }
        check("en-GB", "trafficking", "traffick");
        check("en", "trafficked", "traffick");
        check("en-GB", "cc1457", "cc1457");
        check("en", "organizations", "organis");
        check("en", "organising", "organis");
        check("en", "prize", "prize");
        check("en", "license", "licenc");
        check("en", "licences", "licenc");
        check("en", "colored", "color");
        check("en", "colours", "color");
        check("de", "kinder", "kind");
        check("cy", "plant", "plant");
        check("", "plants", "plants");
        check("nb-NO", "bilene", "bil");
        // Folded words have the letters of a Korean syllable one by one.
        let letters = |word: &str| word.nfd().collect::<String>();
        check("ko", &letters("서울에서"), &letters("서울"));
    }

    #[test]
    fn function_words_are_known_for_english() {
        assert!(Stemming::of("en").is_function_word("of"));
        assert!(!Stemming::of("en").is_function_word("police"));
        assert!(!Stemming::of("fr").is_function_word("the"));
    }

    #[test]
    fn no_stemmer_panics_on_any_form() {
        const PARTS: [&str; 24] = [
            "a", "e", "y", "ing", "s", "'", "é", "ß", "ö", "ı", "ş", "й", "ение", "σ", "ών", "ال", "ء", "ون",
            "க", "ள்", "中", "𝔸", "y", "zz",
        ];
        let mut seed = 7_u64;
        for &(language, _) in &LANGUAGES {
            for length in 0..2_000 {
                let form: String = (0..length % 9)
                    .map(|_| {
                        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        PARTS[(seed >> 40) as usize % PARTS.len()]
                    })
                    .collect();
                Stemming::of(language).stem(&form);
            }
        }
    }
}
