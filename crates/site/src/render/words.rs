//! The words of the interface, in the site's language.
//!
//! They lie in the theme's `lang/<language>.toml`, flat. What a translation
//! leaves out is said in English, so that a theme written for an older postil
//! still works.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::render::context::When;
use crate::render::plural::Plural;
use postil_archive::archive::Theme;
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Source, Span};
use postil_archive::sidecar::date::Date;

/// The words of the interface; given to templates as `t`.
#[derive(Debug, Clone)]
pub struct Words {
    words: BTreeMap<String, String>,
    plural: Plural,
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
        let mut words = Self { plural: Plural::new(language), ..Self::english(theme) };
        let mut problems = Vec::new();
        let base = language.split('-').next().unwrap_or(language);
        let mut names = vec!["en", base, language];
        names.dedup();
        for name in names {
            let file = theme.lang.iter().find(|(file, _)| file.strip_suffix(".toml") == Some(name));
            if let Some((_, source)) = file {
                words.add(source, &mut problems);
            }
        }
        Checked::new(words, problems)
    }

    fn english(theme: &Theme) -> Self {
        let table: BTreeMap<String, String> =
            toml::from_str(theme.english).expect("the default theme's English is a flat table of strings");
        Self { words: table, plural: Plural::new("en") }
    }

    fn add(&mut self, source: &Arc<Source>, problems: &mut Vec<Diagnostic>) {
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
                Some(known) => *known = word.to_owned(),
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
        replace(self.get(key), values)
    }

    /// The words of this key for a number, in the form that the language asks
    /// for, `{n}` replaced by the number.
    ///
    /// # Panics
    /// As [`Words::get`].
    pub fn count(&self, key: &str, n: usize) -> String {
        replace(self.form(self.get(key), n), &[("n", &self.number(n))])
    }

    /// The form for a number of words that have several, set apart by `|`.
    pub(super) fn form<'a>(&self, words: &'a str, n: usize) -> &'a str {
        self.plural.form(words, n)
    }

    /// How many forms a word with a number has in the language.
    pub fn forms(&self) -> usize {
        self.plural.forms()
    }

    /// A date as it is shown, with as much of it as is known.
    pub fn when(&self, date: Date) -> When {
        let iso = match (date.month, date.day) {
            (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", date.year),
            (Some(month), None) => format!("{:04}-{month:02}", date.year),
            _ => format!("{:04}", date.year),
        };
        let (long, short) = (self.date("months", date), self.date("months_short", date));
        When { long, short, iso, year: date.year.to_string() }
    }

    fn date(&self, months: &str, date: Date) -> String {
        let year = date.year.to_string();
        let Some(month) = date.month else { return year };
        let index = usize::try_from(month).unwrap_or_default().saturating_sub(1);
        let month = self.get(months).split('|').nth(index).unwrap_or_default();
        let day = date.day.map(|day| day.to_string());
        let key = match date.day {
            Some(1) => "date_first",
            Some(_) => "date_day",
            None => "date_month",
        };
        self.fill(key, &[("day", &day.unwrap_or_default()), ("month", month), ("year", &year)])
    }

    /// A number with its thousands set apart, such as `12,398`.
    pub fn number(&self, n: usize) -> String {
        group(n, self.get("thousands"))
    }
}

/// Replaces `{name}` by values, in one pass: what a value says is not read again.
pub(super) fn replace(words: &str, values: &[(&str, &str)]) -> String {
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
            let Checked { value, problems } = Words::new(&theme, language);
            assert_eq!(problems, []);
            assert_eq!(value.get(key), expected);
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
            assert_eq!(Words::english(&english_theme()).count("n_words", n), expected);
        }
        check(0, "0\u{a0}words");
        check(1, "1\u{a0}word");
        check(2, "2\u{a0}words");
        check(12_398, "12,398\u{a0}words");
        check(1_000_000, "1,000,000\u{a0}words");
    }

    #[test]
    fn a_date_shows_what_is_known() {
        #[track_caller]
        fn check(year: i16, month: Option<i8>, day: Option<i8>, expected: [&str; 4]) {
            let When { long, short, iso, year } =
                Words::english(&english_theme()).when(Date { year, month, day });
            assert_eq!([long, short, iso, year], expected);
        }
        check(2006, Some(10), Some(24), ["24 October 2006", "24 Oct 2006", "2006-10-24", "2006"]);
        check(2009, Some(8), None, ["August 2009", "Aug 2009", "2009-08", "2009"]);
        check(987, None, None, ["987", "987", "0987", "987"]);
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
