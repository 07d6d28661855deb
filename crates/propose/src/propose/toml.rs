//! TOML as a person would write it.

use std::fmt::Write as _;

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

/// A string on one line.
fn string(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            c if c.is_control() => {
                write!(text, "\\u{:04X}", u32::from(c)).expect("a string takes everything")
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
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
    fn keys_are_aligned() {
        let mut keys = Keys::default();
        keys.string("term", "GLA").maybe("see", None).strings("forms", &["A".into(), "B".into()]);
        keys.strings("was", &[]).strings("by", &["C".into()]).raw("nth", "2");
        assert_eq!(keys.aligned(), "term  = \"GLA\"\nforms = [\"A\", \"B\"]\nby    = \"C\"\nnth   = 2\n");
        assert_eq!(keys.plain().lines().next(), Some("term = \"GLA\""));
    }
}
