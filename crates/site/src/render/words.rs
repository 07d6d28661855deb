//! The words of the interface, in the site's language.
//!
//! They lie in the theme's `lang/<language>.toml`, flat. What a translation
//! leaves out is said in English, by the rules of English and marked as being so, so that
//! a site in any language, and a theme written for an older postil, still works.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::render::plural::Plural;
use crate::render::tongue;
use postil_anchor::annotation::{Part, RowKind, Unit};
use postil_archive::archive::{Config, Theme};
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Source, Span};

/// The words of the interface; given to templates as `t`.
#[derive(Debug, Clone)]
pub struct Words {
    words: BTreeMap<String, String>,
    plural: Plural,
    /// Keys of the words that the language of the site does not have.
    english: BTreeSet<String>,
    rules_of_english: Plural,
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.words.serialize(serializer)
    }
}

impl Words {
    /// The words in a language (BCP 47): those of `lang/en-GB.toml`, then of
    /// `lang/en.toml`, then English.
    ///
    /// A file that is not TOML, a value that is not a string and a key that
    /// nothing asks for are problems.
    pub fn new(theme: &Theme, language: &str) -> Checked<Self> {
        let mut words = Self { plural: Plural::new(language), ..Self::in_english(theme) };
        let mut problems = Vec::new();
        let own = own_files(language);
        if !own.contains(&tongue::ENGLISH) {
            words.english = words.words.keys().cloned().collect();
        }
        if let Some(source) = file(theme, tongue::ENGLISH).filter(|_| !words.english.is_empty()) {
            words.add(source, false, &mut problems);
        }
        for source in own.iter().filter_map(|name| file(theme, name)) {
            words.add(source, true, &mut problems);
        }
        Checked::new(words, problems)
    }

    /// That the interface, or a part of it, is in English though the site is not.
    pub fn lacking(&self, theme: &Theme, config: &Config) -> Option<Diagnostic> {
        let first = self.english.first()?;
        let own = own_files(&config.language);
        let Some(file) = own.iter().rev().find_map(|name| file(theme, name)) else {
            let message =
                format!("there are no words for an interface in `{}`, so it is in English", config.language);
            let help = format!(
                "write `themes/{}/lang/{}.toml`: the same keys as `lang/en.toml` of the default theme",
                config.theme, own[0]
            );
            let at = config.language_at.clone();
            return Some(Diagnostic::warning(Code::WORDS_MISSING, at, message).help(help));
        };
        let more = match self.english.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!("the words for `{first}`{more} are missing, so they are in English");
        Some(Diagnostic::warning(Code::WORDS_MISSING, file.start(), message))
    }

    /// The same words as pages have them: what is in English is [marked](tongue) until the page is finished.
    #[must_use]
    pub fn marked(&self) -> Self {
        let mut marked = self.clone();
        for key in &self.english {
            if let Some(word) = marked.words.get_mut(key) {
                *word = tongue::marked(word);
            }
        }
        marked
    }

    /// Whether some are in another language than the site.
    pub(super) fn borrow_from_english(&self) -> bool {
        !self.english.is_empty()
    }

    /// A label of a part of a text that went through the search index, which has no marks.
    pub(crate) fn shown_part(&self, label: &str) -> String {
        match self.language_beginning("label_") {
            Some(_) => tongue::marked(label),
            None => label.to_owned(),
        }
    }

    /// The language of the words for a script, if it is not that of the site: scripts are not
    /// told of each word.
    pub(crate) fn language_beginning(&self, prefix: &str) -> Option<&'static str> {
        let all = self.beginning(prefix).all(|(key, _)| self.english.contains(key));
        (self.borrow_from_english() && all).then_some(tongue::ENGLISH)
    }

    fn in_english(theme: &Theme) -> Self {
        let words: BTreeMap<String, String> =
            toml::from_str(theme.english).expect("the default theme's English is a flat table of strings");
        let plural = Plural::new(tongue::ENGLISH);
        Self { words, plural: plural.clone(), english: BTreeSet::new(), rules_of_english: plural }
    }

    fn add(&mut self, source: &Arc<Source>, is_own: bool, problems: &mut Vec<Diagnostic>) {
        let (table, errors) = toml::de::DeTable::parse_recoverable(&source.text);
        for error in errors {
            let place = source.place(error.span().unwrap_or_default());
            problems.push(Diagnostic::error(Code::TOML_SYNTAX, place, error.message()));
        }
        for (key, value) in table.get_ref() {
            let place = |span: std::ops::Range<usize>| source.place(Span::from(span));
            let Some(word) = value.get_ref().as_str() else {
                let message = format!("the words for `{}` are not a string", key.get_ref());
                problems.push(Diagnostic::error(Code::BAD_VALUE, place(value.span()), message));
                continue;
            };
            match self.words.get_mut(key.get_ref().as_ref()) {
                Some(known) => {
                    *known = word.to_owned();
                    if is_own {
                        self.english.remove(key.get_ref().as_ref());
                    }
                }
                None => {
                    let message = format!("nothing asks for the words `{}`", key.get_ref());
                    problems.push(Diagnostic::warning(Code::UNKNOWN_KEY, place(key.span()), message));
                }
            }
        }
    }

    /// The words of this key, as they are.
    ///
    /// # Panics
    /// The key is not in the default theme's English: a bug of the caller.
    pub fn get(&self, key: &str) -> &str {
        self.words.get(key).expect("every key that is asked for stands in lang/en.toml")
    }

    /// The words of a key that may not exist: one that is made of what a file says.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// The label of a kind of term: the theme's word, else the kind as words.
    pub fn term_kind(&self, kind: &str) -> String {
        let key = format!("term_kind_{}", kind.replace('-', "_"));
        self.find(&key).map_or_else(|| postil_archive::archive::config::label(kind), str::to_owned)
    }

    /// The keys that begin so, with their words, for a script.
    pub fn beginning<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let from = self.words.range(prefix.to_owned()..);
        from.take_while(move |(key, _)| key.starts_with(prefix))
            .map(|(key, word)| (key.as_str(), word.as_str()))
    }

    /// The words of this key with `{name}` replaced by values.
    ///
    /// # Panics
    /// As [`Words::get`].
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.filled(self.get(key), None, values)
    }

    /// What a page or a time is called: `p. 12`, `vol. 2, p. 37`, `1:09`.
    pub fn milestone(&self, part: &Part) -> String {
        let n = |key: &str, n: &str| self.fill(key, &[("n", n)]);
        let key = match (part.kind, part.unit) {
            (RowKind::Time, _) => return part.time.clone().unwrap_or_default(),
            (_, Some(Unit::Column)) => "column_n",
            (_, Some(Unit::Folio)) => "folio_n",
            _ => "page_n",
        };
        let number = n(key, part.number.as_deref().unwrap_or_default());
        match &part.volume {
            Some(volume) => format!("{}, {number}", n("volume_n", volume)),
            None => number,
        }
    }

    /// The words of this key for a number, in the form that the language asks
    /// for, `{n}` replaced by the number.
    ///
    /// # Panics
    /// As [`Words::get`].
    pub fn count(&self, key: &str, n: usize) -> String {
        let words = self.get(key);
        let words = match self.english.contains(key) && tongue::unmarked(words).is_none() {
            true => self.rules_of_english.form(words, n),
            false => words,
        };
        self.filled(words, Some(n), &[("n", &self.number(n))])
    }

    /// Words, which may be marked, in the form for a number, with their values.
    pub(super) fn filled(&self, words: &str, n: Option<usize>, values: &[(&str, &str)]) -> String {
        let form = |words, plural: &Plural| n.map_or(words, |n| plural.form(words, n)).to_owned();
        let Some(english) = tongue::unmarked(words) else {
            return replace(&form(words, &self.plural), values);
        };
        let own: Vec<_> = values.iter().map(|(name, value)| (*name, tongue::filled(value))).collect();
        let own: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        replace(&tongue::marked(&form(english, &self.rules_of_english)), &own)
    }

    /// How many forms a word with a number has in the language.
    pub fn forms(&self) -> usize {
        self.plural.forms()
    }

    /// A number with its thousands set apart, such as `12,398`.
    pub fn number(&self, n: usize) -> String {
        group(n, self.get("thousands"))
    }
}

/// The names of the files that hold the words of a language, those of its countries last.
fn own_files(language: &str) -> Vec<&str> {
    let mut names = vec![language.split('-').next().unwrap_or(language), language];
    names.dedup();
    names
}

fn file<'t>(theme: &'t Theme, name: &str) -> Option<&'t Arc<Source>> {
    theme.lang.iter().find(|(file, _)| file.strip_suffix(".toml") == Some(name)).map(|(_, source)| source)
}

/// Replaces `{name}` by values, in one pass: what a value says is not read again.
pub(crate) fn replace(words: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(words.len() + 16);
    let mut rest = words;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let value = from.find('}').and_then(|end| {
            let (_, value) = values.iter().find(|(name, _)| *name == &from[1..end])?;
            Some((value, end))
        });
        let end = match value {
            Some((value, end)) => {
                out.push_str(value);
                end
            }
            None => {
                out.push('{');
                0
            }
        };
        rest = &from[end + 1..];
    }
    out.push_str(rest);
    out
}

/// Sets thousands apart.
pub(super) fn group(n: usize, mark: &str) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push_str(mark);
        }
        out.push(digit);
    }
    out
}

/// The default theme without anything but its English, for tests.
#[cfg(test)]
pub(crate) fn english_theme() -> Theme {
    Theme { english: include_str!("../../../../themes/default/lang/en.toml"), ..Theme::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(files: &[(&str, &str)]) -> Theme {
        let file = |(name, text): &(&str, &str)| {
            let path = format!("themes/own/lang/{name}");
            ((*name).to_owned(), Arc::new(Source::new(path, *text)))
        };
        Theme { lang: files.iter().map(file).collect(), ..english_theme() }
    }

    #[test]
    fn a_translation_stands_before_its_base_before_english() {
        #[track_caller]
        fn check(language: &str, key: &str, expected: &str) {
            let theme = theme(&[
                ("de.toml", "search = \"Suche\"\nnote = \"Anmerkung\""),
                ("de-AT.toml", "note = \"Notiz\""),
            ]);
            let words = Words::new(&theme, language).value;
            assert_eq!(words.get(key), expected);
        }
        check("de-AT", "note", "Notiz");
        check("de-AT", "search", "Suche");
        check("de-AT", "paragraph", "Paragraph");
        check("de", "note", "Anmerkung");
        check("fr", "note", "Note");
    }

    #[test]
    fn what_is_wrong_in_a_file_of_words_is_said_with_its_place() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let problems = Words::new(&theme(&[("en.toml", text)]), "en").problems;
            let said: Vec<_> = problems
                .iter()
                .map(|p| format!("{}:{} {}", p.place.line, p.place.column, p.code.name()))
                .collect();
            assert_eq!(said.join("; "), expected);
        }
        check("search = \"Find\"", "");
        check("\nserach = \"Find\"", "2:1 unknown-key");
        check("search = 3", "1:10 bad-value");
        check("search = \"", "1:11 toml-syntax");
    }

    #[test]
    fn numbers_choose_their_form() {
        #[track_caller]
        fn check(n: usize, expected: &str) {
            assert_eq!(Words::in_english(&english_theme()).count("n_words", n), expected);
        }
        check(0, "0\u{a0}words");
        check(1, "1\u{a0}word");
        check(2, "2\u{a0}words");
        check(12_398, "12,398\u{a0}words");
        check(1_000_000, "1,000,000\u{a0}words");
    }

    #[test]
    fn values_are_filled_in_once() {
        #[track_caller]
        fn check(words: &str, expected: &str) {
            assert_eq!(replace(words, &[("a", "{b}"), ("b", "B")]), expected);
        }
        check("", "");
        check("{a}", "{b}");
        check("{a}{b}", "{b}B");
        check("x {b} y", "x B y");
        check("{c} {", "{c} {");
        check("{{b}}", "{B}");
    }
}
