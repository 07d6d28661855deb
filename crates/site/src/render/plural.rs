//! Which form of a word goes with a number, in any language.
//!
//! The rules are those of Unicode CLDR. The forms of a word stand one after the
//! other, set apart by `|`, in the order in which CLDR names its categories:
//! zero, one, two, few, many, other; those that the language has. English has
//! one and other, Welsh all six.

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

/// The categories in the order of their forms.
const ORDER: [PluralCategory; 6] = [
    PluralCategory::ZERO,
    PluralCategory::ONE,
    PluralCategory::TWO,
    PluralCategory::FEW,
    PluralCategory::MANY,
    PluralCategory::OTHER,
];

/// Numbers of every category that a language has for whole numbers.
const SAMPLES: std::ops::RangeInclusive<usize> = 0..=200;

/// The rule of one language.
#[derive(Clone)]
pub(super) struct Plural {
    rules: PluralRules,
    /// The categories that whole numbers of the language fall in: indices in [`ORDER`].
    categories: Vec<usize>,
}

impl std::fmt::Debug for Plural {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Plural").field(&self.categories.len()).finish()
    }
}

impl Plural {
    /// The rule of a language (BCP 47); English's for one that CLDR does not know.
    pub(super) fn new(language: &str) -> Self {
        let of = |language: &str| {
            // Rules are those of a language, not of a country.
            let base = language.split(['-', '_']).next().unwrap_or(language);
            let id: LanguageIdentifier = base.parse().ok()?;
            PluralRules::create(id, PluralRuleType::CARDINAL).ok()
        };
        let rules = of(language).or_else(|| of("en")).expect("the rules of English are known");
        let mut categories: Vec<usize> = SAMPLES.filter_map(|n| category(&rules, n)).collect();
        categories.sort_unstable();
        categories.dedup();
        Self { rules, categories }
    }

    /// How many forms a word with a number has.
    pub(super) fn forms(&self) -> usize {
        self.categories.len()
    }

    /// The form for a number; the last, if there are fewer than the language has.
    pub(super) fn form<'a>(&self, words: &'a str, n: usize) -> &'a str {
        let category = category(&self.rules, n);
        let at = self.categories.iter().position(|c| Some(*c) == category).unwrap_or(usize::MAX);
        let last = words.matches('|').count();
        words.split('|').nth(at.min(last)).unwrap_or(words)
    }
}

/// The category of a number: an index in [`ORDER`].
fn category(rules: &PluralRules, n: usize) -> Option<usize> {
    let category = rules.select(n).ok()?;
    ORDER.iter().position(|c| *c == category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_forms() {
        #[track_caller]
        fn check(language: &str, words: &str, expected: &[(usize, &str)]) {
            let plural = Plural::new(language);
            let found: Vec<_> = expected.iter().map(|(n, _)| (*n, plural.form(words, *n))).collect();
            assert_eq!(found, expected, "{language}");
        }
        check("en-GB", "one|other", &[(0, "other"), (1, "one"), (2, "other"), (1_000_000, "other")]);
        check("fr", "one|other", &[(0, "one"), (1, "one"), (2, "other"), (1_000_000, "other")]);
        check("ja", "other", &[(0, "other"), (1, "other"), (2, "other")]);
        check(
            "cy",
            "zero|one|two|few|many|other",
            &[(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (4, "other"), (6, "many")],
        );
        check(
            "ar",
            "zero|one|two|few|many|other",
            &[(0, "zero"), (1, "one"), (2, "two"), (5, "few"), (11, "many"), (100, "other")],
        );
        check("pl", "one|few|many", &[(1, "one"), (3, "few"), (5, "many"), (22, "few")]);
        check("x-unknown", "one|other", &[(1, "one"), (2, "other")]);
    }
}
