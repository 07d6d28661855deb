//! Values and files of TOML, written as a person would.

use std::fmt::{self, Display, Write as _};

use postil_archive::sidecar::written::string;

/// A value of a record or of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer.
    Number(i64),
    /// What is TOML already: a date, `true`.
    Bare(String),
    /// A list.
    List(Vec<Value>),
    /// An inline table, in order.
    Table(Vec<(String, Value)>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl Value {
    /// A number if it is written as one that reads back the same, else a string.
    pub fn number(text: &str) -> Self {
        let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
        number.map_or_else(|| text.into(), Self::Number)
    }

    /// One value, or a list of several.
    pub fn one_or_many(mut values: Vec<Value>) -> Option<Self> {
        match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(Self::List(values)),
        }
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// What it says, without the signs of TOML.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Bare(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // An expression is easier to read, and to copy, where its signs stand for themselves.
            Self::Text(text) if text.contains('\\') && !text.contains(['\'', '\n']) && is_literal(text) => {
                write!(f, "'{text}'")
            }
            Self::Text(text) => f.write_str(&string(text)),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bare(toml) => f.write_str(toml),
            Self::List(values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", values.join(", "))
            }
            Self::Table(keys) => {
                let keys: Vec<String> =
                    keys.iter().map(|(name, value)| format!("{} = {value}", key(name))).collect();
                write!(f, "{{ {} }}", keys.join(", "))
            }
        }
    }
}

/// Whether a literal string can hold it.
fn is_literal(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && c != '\t')
}

/// A key, in quotation marks if it needs them.
pub fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if is_bare { name.to_owned() } else { string(name) }
}

/// Lines of keys, their signs below each other.
pub fn aligned(keys: &[(String, Value)]) -> String {
    let width = keys.iter().map(|(name, _)| key(name).chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in keys {
        writeln!(text, "{:<width$} = {value}", key(name)).expect("a string takes everything");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_back_as_they_were() {
        #[track_caller]
        fn check(value: Value, expected: &str) {
            assert_eq!(value.to_string(), expected);
            assert!(format!("x = {value}").parse::<toml::Table>().is_ok(), "{value}");
        }
        check("a \"b\"".into(), "\"a \\\"b\\\"\"");
        check(r"\AACT (?<number>[IVX]+)\.".into(), r"'\AACT (?<number>[IVX]+)\.'");
        check(r"it's \d".into(), r#""it's \\d""#);
        check("\\\u{1}".into(), "\"\\\\\\u0001\"");
        check(Value::number("12"), "12");
        check(Value::number("012"), "\"012\"");
        check(Value::number("-0"), "\"-0\"");
        let table = vec![("note[@resp]".to_owned(), 16_u32.into()), ("gap".to_owned(), 2_u32.into())];
        check(Value::Table(table), "{ \"note[@resp]\" = 16, gap = 2 }");
        check(Value::List(vec!["a".into(), Value::Bare("1676-05-17".into())]), "[\"a\", 1676-05-17]");
    }
}
