//! TOML as a person would write it.

use std::fmt::Write as _;
use std::ops::Range;

use ::toml::de::{DeTable, DeValue};

use postil_archive::diagnostic::{Edit, Source};
use postil_archive::sidecar::written::string;

/// Lines of keys.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<(String, String)>);

impl Keys {
    /// Adds a key with a string.
    pub(super) fn string(&mut self, key: &str, value: &str) -> &mut Self {
        self.raw(key, string(value))
    }

    /// Adds a key with a string, if there is one.
    pub(super) fn maybe(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.string(key, value);
        }
        self
    }

    /// Adds a key with a string, or a list of them; nothing if there is none.
    pub(super) fn strings(&mut self, key: &str, values: &[String]) -> &mut Self {
        match values {
            [] => self,
            [one] => self.string(key, one),
            several => {
                let several: Vec<String> = several.iter().map(|value| string(value)).collect();
                self.raw(key, format!("[{}]", several.join(", ")))
            }
        }
    }

    /// Adds a key with a value that is TOML already.
    pub(super) fn raw(&mut self, key: &str, value: impl Into<String>) -> &mut Self {
        self.0.push((key.to_owned(), value.into()));
        self
    }

    /// The lines as the front matter of a note has them.
    pub(super) fn plain(&self) -> String {
        self.lines(0)
    }

    /// The lines as other sidecars have them: values below each other.
    pub(super) fn aligned(&self) -> String {
        self.lines(self.0.iter().map(|(key, _)| key.len()).max().unwrap_or(0))
    }

    fn lines(&self, width: usize) -> String {
        let mut text = String::new();
        for (key, value) in &self.0 {
            writeln!(text, "{key:<width$} = {value}").expect("a string takes everything");
        }
        text
    }
}

/// The keys of a file itself, before its first table.
#[derive(Debug)]
pub(super) struct Root<'s> {
    source: &'s Source,
    /// Where the TOML begins in the file.
    offset: usize,
    text: &'s str,
    /// Key, its value, and where both stand in the TOML.
    keys: Vec<(String, DeValue<'s>, Range<usize>, Range<usize>)>,
}

impl<'s> Root<'s> {
    /// The keys of the TOML that stands here; none if it cannot be read.
    pub(super) fn of(source: &'s Source, toml: Option<Range<usize>>) -> Option<Self> {
        let toml = toml?;
        let (text, offset) = (source.text.get(toml.clone())?, toml.start);
        let table = DeTable::parse(text).ok()?;
        let mut keys: Vec<_> = table
            .into_inner()
            .into_iter()
            .map(|(key, value)| (key.get_ref().to_string(), key.span(), value.span(), value.into_inner()))
            .filter(|(_, key, value, _)| {
                text.get(key.end..value.start).is_some_and(|sign| sign.contains('='))
            })
            .map(|(name, key, value, inner)| (name, inner, key, value))
            .collect();
        keys.sort_by_key(|(_, _, key, _)| key.start);
        Some(Self { source, offset, text, keys })
    }

    /// The edit that writes keys below those there are, their signs beneath the others'.
    pub(super) fn add(&self, lines: &[(&str, String)]) -> Edit {
        let at = self.keys.last().map_or(0, |(_, _, _, value)| {
            self.text[value.end..].find('\n').map_or(self.text.len(), |line| value.end + line + 1)
        });
        let before = if at == 0 || self.text[..at].ends_with('\n') { "" } else { "\n" };
        let wide = width_of_keys(&self.text[..at]);
        let lines: String = lines.iter().map(|(key, value)| format!("{key:<wide$} = {value}\n")).collect();
        self.source.edit(self.offset + at..self.offset + at, format!("{before}{lines}"))
    }

    /// The edit that puts rows at the end of a list, one a line; none if its rows are tables of their own.
    pub(super) fn rows(&self, key: &'static str, rows: &[&str]) -> Option<Edit> {
        let lines: String = rows.iter().map(|row| format!("  {row},\n")).collect();
        let Some((_, value, _, span)) = self.keys.iter().find(|(known, ..)| known == key) else {
            let is_table = self.text.contains(&format!("[[{key}]]"));
            return (!is_table).then(|| self.add(&[(key, format!("[\n{lines}]"))]));
        };
        let DeValue::Array(there) = value else { return None };
        let end = span.end - 1;
        let body = self.text[span.start + 1..end].trim_end();
        let needs_comma = !there.is_empty() && !body.ends_with(',');
        let from = span.start + 1 + body.len();
        let comma = if needs_comma { "," } else { "" };
        Some(self.source.edit(self.offset + from..self.offset + end, format!("{comma}\n{lines}")))
    }

    /// The edit that puts a name into `was`, and takes the one that is new out of it.
    pub(super) fn called(&self, old: &str, new: &str) -> Option<Edit> {
        self.listed("was", &[old], |name| name != new)
    }

    /// The edit that puts names into a list, behind those that stay; none if it is no list of names.
    pub(super) fn listed(
        &self,
        key: &'static str,
        new: &[&str],
        stays: impl Fn(&str) -> bool,
    ) -> Option<Edit> {
        let list =
            |names: Vec<&str>| format!("[{}]", names.into_iter().map(string).collect::<Vec<_>>().join(", "));
        let Some((_, value, _, span)) = self.keys.iter().find(|(known, ..)| known == key) else {
            return Some(self.add(&[(key, list(new.to_vec()))]));
        };
        let names: Vec<&str> = match value {
            DeValue::String(name) => vec![name],
            DeValue::Array(names) => {
                names.iter().map(|name| name.get_ref().as_str()).collect::<Option<_>>()?
            }
            _ => return None,
        };
        let kept = names.into_iter().filter(|name| stays(name) && !new.contains(name));
        let names = kept.chain(new.iter().copied()).collect();
        let span = self.offset + span.start..self.offset + span.end;
        Some(self.source.edit(span, list(names)))
    }
}

/// How wide the last key is written, whose `=` may stand beneath those above it.
fn width_of_keys(lines: &str) -> usize {
    let width = |line: &str| {
        let key = line.split_once(" =")?.0;
        let is_key = key.trim_end().bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        is_key.then_some(key.len())
    };
    lines.lines().rev().find_map(width).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_as_they_were() {
        for value in
            ["", "a b", "it's", "\"a\" \\ b", "a\nb\tc\r", "\u{1}\u{7f}\u{85}é", "'''\"\"\"", "[[gla]]"]
        {
            let text = format!("x = {}", string(value));
            assert_eq!(text.lines().count(), 1, "{text}");
            let table: ::toml::Table = text.parse().unwrap();
            assert_eq!(table["x"].as_str(), Some(value), "{text}");
        }
    }

    #[test]
    fn a_key_is_written_as_wide_as_those_above_it() {
        fn check(lines: &str, expected: usize) {
            assert_eq!(width_of_keys(lines), expected, "{lines}");
        }
        check("", 0);
        check("title = \"A\"\n", 5);
        check("title   = \"A\"\nlayout  = \"lines\"\n\n", 7);
        check("title   = \"A\"\npeople = [\n  { name = \"B\" },\n]\n", 6);
        check("title='A'\n# is = not\n", 0);
    }

    #[test]
    fn old_names_stand_with_the_keys_of_the_file_itself() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let source = Source::new("f", text);
            let edit = Root::of(&source, Some(0..text.len())).unwrap().called("old", "new").unwrap();
            let new = postil_archive::diagnostic::fix::apply(text, &[&edit]).unwrap();
            assert_eq!(new, expected);
            assert!(new.parse::<::toml::Table>().is_ok(), "{new}");
        }
        check("", "was = [\"old\"]\n");
        check("a = 1", "a = 1\nwas = [\"old\"]\n");
        check(
            "term  = 'A'\nforms = [\n 'B', # c\n]\n\n[[sense]]\nid = 'x'\n",
            "term  = 'A'\nforms = [\n 'B', # c\n]\nwas   = [\"old\"]\n\n[[sense]]\nid = 'x'\n",
        );
        check("a = 1 # c\n[t]\nwas = 'x'\n", "a = 1 # c\nwas = [\"old\"]\n[t]\nwas = 'x'\n");
        check("was = 'x'\n", "was = [\"x\", \"old\"]\n");
        check("was = ['x', 'new', 'old']\n", "was = [\"x\", \"old\"]\n");
        check("d = \"\"\"\n[x]\n\"\"\"\n", "d = \"\"\"\n[x]\n\"\"\"\nwas = [\"old\"]\n");
        check("[t]\nx = 1\n", "was = [\"old\"]\n[t]\nx = 1\n");
    }

    #[test]
    fn keys_are_aligned() {
        let mut keys = Keys::default();
        keys.string("term", "GLA").maybe("see", None).strings("forms", &["A".into(), "B".into()]);
        keys.strings("was", &[]).strings("by", &["C".into()]).raw("nth", "2");
        assert_eq!(keys.aligned(), "term  = \"GLA\"\nforms = [\"A\", \"B\"]\nby    = \"C\"\nnth   = 2\n");
        assert_eq!(keys.plain().lines().next(), Some("term = \"GLA\""));
    }
}
