//! Why a value could not be read, in words.

use std::fmt;

use serde::de::{Expected, Unexpected};

use super::suggest;
use crate::diagnostic::{Code, Diagnostic, Fix, Place, Source, Span};

/// Why a value could not be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// It was reported where it stands.
    Reported,
    /// The table lacks this key.
    Missing(&'static str),
    /// In words.
    Wrong(String),
    /// Another type of value.
    Type { found: String, expected: String },
    /// None of a list of words.
    Option { found: String, options: &'static [&'static str] },
}

impl Fault {
    /// The problem with the value of `key`; `None` if it was reported.
    pub(super) fn problem(self, key: &str, source: &Source, span: Span) -> Option<Diagnostic> {
        let place = source.place(span);
        Some(match self {
            Self::Reported => return None,
            Self::Missing(missing) => missing_key(place, missing),
            Self::Wrong(message) => match message.rsplit_once(": write ") {
                Some((message, instead)) => {
                    Diagnostic::error(Code::BAD_VALUE, place, format!("`{key}`: {message}"))
                        .help(format!("write {instead}"))
                }
                None => Diagnostic::error(Code::BAD_VALUE, place, format!("`{key}`: {message}"))
                    .help(like(key, "")),
            },
            Self::Type { found, expected } => {
                let message = format!("`{key}` is {found}, but should be {expected}");
                let problem = Diagnostic::error(Code::BAD_VALUE, place, message).help(like(key, &expected));
                // One table where there may be several has a header with one bracket too few.
                let header = format!("[{key}]");
                let is_header = expected == LIST && source.text.get(span.range()) == Some(&header);
                let fix =
                    || Fix::mend(format!("write `[{header}]`"), source.edit(span, format!("[{header}]")));
                problem.fix(is_header.then(fix))
            }
            Self::Option { found, options } => unknown_option(source, span, key, &found, options),
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Wrong(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Type { found: found_name(&found), expected: expected_name(&expected.to_string()) }
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Type { found: found_name(&found), expected: expected_name(&expected.to_string()) }
    }

    fn unknown_variant(found: &str, options: &'static [&'static str]) -> Self {
        Self::Option { found: found.to_owned(), options }
    }
}

/// What contributors call a string, a sequence and a map.
const STRING: &str = "words in quotes";
const LIST: &str = "a list";
const TABLE: &str = "a table";
const NUMBER: &str = "a number";

fn found_name(found: &Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Str(_) => STRING.to_owned(),
        Unexpected::Seq => LIST.to_owned(),
        Unexpected::Map => TABLE.to_owned(),
        other => other.to_string(),
    }
}

/// Serde names what it expects after Rust's types.
fn expected_name(expected: &str) -> String {
    match expected {
        "a string" => STRING.to_owned(),
        "a boolean" => "`true` or `false`".to_owned(),
        "a sequence" => LIST.to_owned(),
        "u8" | "u16" | "u32" | "u64" => "a whole number from 0 up".to_owned(),
        "f64" => NUMBER.to_owned(),
        _ if expected.starts_with("struct ") => TABLE.to_owned(),
        _ => expected.to_owned(),
    }
}

/// The problem of a table that lacks a key.
pub(super) fn missing_key(place: Place, key: &str) -> Diagnostic {
    Diagnostic::error(Code::MISSING_KEY, place, format!("`{key}` is missing"))
        .help(format!("add `{key} = {}`", example(key)))
}

/// How a value of this sort is written.
pub(super) fn like(key: &str, expected: &str) -> String {
    let value = match (key, expected) {
        ("date" | "from" | "until" | "review_by" | "retrieved", _) => {
            return format!("write `{key} = 2009-08-31`, `{key} = \"2009-08\"` or `{key} = \"2009\"`");
        }
        ("passage" | "end" | "sense", LIST | TABLE) => {
            return format!(
                "write `[[{key}]]` on a line of its own for each, with its keys on the lines below"
            );
        }
        ("furniture" | "join" | "correction" | "structure" | "term", LIST | TABLE) => "[{ … }]",
        ("source", _) => "{ name = \"…\" }",
        ("sources", _) => "[{ title = \"…\" }]",
        ("figures", _) => "[{ series = \"…\", date = 2009, value = 1, what = \"…\" }]",
        ("events", _) => "[{ date = 2009-08-31, what = \"…\" }]",
        (_, STRING) => "\"…\"",
        (_, LIST) => "[\"…\"]",
        (_, TABLE) => "{ … }",
        (_, "`true` or `false`") => "true",
        (_, NUMBER) => "1",
        (_, expected) if expected.starts_with("a whole number") => "1",
        _ => return "look at another file of this kind: how it has the key is how it is written".to_owned(),
    };
    format!("write `{key} = {value}`")
}

/// How the value of a key may look.
fn example(key: &str) -> &'static str {
    match key {
        "by" => "\"Your Name\"",
        "texts" | "end" => "[…]",
        _ => "\"…\"",
    }
}

fn unknown_option(
    source: &Source,
    span: Span,
    key: &str,
    found: &str,
    options: &'static [&'static str],
) -> Diagnostic {
    let code = if key == "kind" { Code::UNKNOWN_KIND } else { Code::BAD_VALUE };
    let problem = Diagnostic::error(code, source.place(span), format!("`{key}` cannot be `{found}`"));
    let problem = match suggest::closest(found, options.iter().copied()) {
        Some((near, alone)) => {
            let fix = alone.then(|| source.rename(span, found, near)).flatten();
            problem.help(format!("did you mean `{near}`?")).fix(fix)
        }
        None => problem,
    };
    problem.help(format!("it is one of {}", suggest::list(options)))
}
