//! What people get wrong in TOML, in plain words.
//!
//! The parser's messages speak of its grammar ("expected newline, `#`"). Whoever
//! writes a note for the first time has never heard of it.

use super::date::Date;
use crate::diagnostic::Span;

/// A mistake: what is wrong, and what to do if that is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// What to write instead, if there is only one thing that can have been meant: title, stretch, words.
    pub(super) fix: Option<(String, Span, String)>,
}

impl Mistake {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()), fix: None }
    }

    fn fix(mut self, title: impl Into<String>, span: Span, new: impl Into<String>) -> Self {
        self.fix = Some((title.into(), span, new.into()));
        self
    }
}

/// Puts an error of the parser in plain words; one that is not known here stays as it is.
pub(super) fn explain(text: &str, span: Span, parser: &str) -> Mistake {
    let words = text.get(span.range()).unwrap_or_default();
    let line = &text[line_around(text, span.start).range()];
    let begins = |start: &str| parser.starts_with(start);
    match () {
        () if begins("invalid date") => {
            no_date(text, span, Mistake::new(format!("`{words}` is not a date"), DATES))
        }
        () if begins("duplicate key") => twice(words, line),
        () if begins("string values must be quoted") => unquoted(text, words, span),
        () if begins("unexpected key or value") => more_behind(text, span.start, line),
        () if begins("missing escaped value") => Mistake::new(
            "a backslash has a meaning of its own",
            "write it as `\\\\`, or put the whole in single quotes: `'…'`",
        ),
        () if begins("invalid multi-line") => Mistake::new(
            "the words have no closing quotes",
            "write the three quotes that open them at their end, too",
        ),
        () if begins("invalid basic string") || begins("invalid literal string") => Mistake::new(
            "the closing quote is missing",
            "close the words on the line on which they begin; several lines stand between `\"\"\"` and `\"\"\"`",
        ),
        () if begins("invalid unquoted key") && words.starts_with(':') => {
            let colon = Span { start: span.start, end: span.start + 1 };
            Mistake::new("a colon in place of `=`", "write `key = value`, not `key: value`").fix(
                "write `=`",
                colon,
                " =",
            )
        }
        () if begins("key with no value") => no_value(text, span.start, line),
        () if begins("unquoted keys cannot be empty") => {
            Mistake::new("there is no key before `=`", "write `key = value`")
        }
        () if begins("missing comma between array") => {
            Mistake::new("a comma or `]` is missing before this", "a list is `[\"one\", \"two\"]`")
        }
        () if begins("missing comma between key") => {
            Mistake::new("a comma or `}` is missing before this", "a row is `{ one = \"…\", two = \"…\" }`")
        }
        () if begins("unclosed table") => Mistake::new(
            "the closing bracket is missing",
            "a table's name stands in `[ ]`, a row's in `[[ ]]`",
        ),
        () if begins("invalid boolean") => {
            let mistake = Mistake::new(
                format!("`{words}` is no value"),
                "write `true` or `false`, or put words in quotes",
            );
            match words.to_ascii_lowercase().as_str() {
                lower @ ("true" | "false") => mistake.fix(format!("write `{lower}`"), span, lower),
                _ => mistake,
            }
        }
        () if begins("unexpected leading zero") => no_date(
            text,
            span,
            Mistake::new(
                "a number does not begin with a zero",
                "leave the zero out, or put the number in quotes",
            ),
        ),
        () => Mistake::new(parser, "each line is `key = value`; look at another file of this kind"),
    }
}

/// A value that begins like a number or a date: as `message` says, unless it is a date that has to be in quotes.
fn no_date(text: &str, span: Span, mistake: Mistake) -> Mistake {
    let minus = usize::from(text[..span.start].ends_with('-'));
    let line = value_from(text, span.start - minus);
    let words = text[line.range()].split([',', '}', ']', '#']).next().unwrap_or_default().trim_end();
    let value = Span { start: line.start, end: line.start + words.len() };
    let message = || format!("`{words}` is not in quotes");
    match Date::parse(words) {
        Ok(date) if date.plain().is_some_and(|(_, month, day)| month.is_some() && day.is_none()) => {
            Mistake::new(
                format!("`{words}` is not a date"),
                format!("write a month in quotes: `\"{words}\"`"),
            )
            .fix("put the month in quotes", value, format!("\"{words}\""))
        }
        Ok(_) => Mistake::new(message(), format!("write such a date in quotes: `\"{words}\"`")).fix(
            "put the date in quotes",
            value,
            format!("\"{words}\""),
        ),
        Err(refusal) => match &refusal.offers[..] {
            [offer] if words.contains(|c: char| !c.is_ascii_digit()) => {
                let keep = if offer.keep_words {
                    format!(", and `date_shown = \"{words}\"`")
                } else {
                    String::new()
                };
                Mistake::new(refusal.message.clone(), format!("write `{}`{keep}", offer.value()))
            }
            _ => mistake,
        },
    }
}

const DATES: &str = "dates are `2009-08-31`, `\"2009-08\"` or `\"2009\"`";

fn twice(words: &str, line: &str) -> Mistake {
    let help = match line.trim_start().starts_with("[[") {
        true => format!(
            "`{words} = [ … ]` and `[[{words}]]` do not go together: write all rows in one of the two ways"
        ),
        false => format!("keep one `{words}`"),
    };
    Mistake::new(format!("`{words}` stands twice"), help)
}

fn unquoted(text: &str, words: &str, span: Span) -> Mistake {
    match words {
        "" => Mistake::new("there is no value behind `=`", "write one, words in straight quotes: `\"…\"`"),
        _ if words.starts_with(CURLY) => {
            let mistake =
                Mistake::new("these quotes are not straight", "put the value in straight quotes: `\"…\"`");
            let value = value_from(text, span.start);
            match text[value.range()].trim_matches(CURLY) {
                inside if inside.contains(CURLY) || inside.contains(['"', '\\', '=', ',']) => mistake,
                inside => mistake.fix("write straight quotes", value, format!("\"{inside}\"")),
            }
        }
        _ if words.starts_with(|c: char| c.is_ascii_digit()) => {
            no_date(text, span, Mistake::new(format!("`{words}` is neither a number nor a date"), DATES))
        }
        _ => {
            let mistake =
                Mistake::new("words that are not in quotes", "put the value in straight quotes: `\"…\"`");
            let value = value_from(text, span.start);
            let inside = &text[value.range()];
            let plain = !inside.contains(['"', '\'', '\\', '=', ',', '#', '[', ']', '{', '}']);
            if plain {
                mistake.fix("put the value in quotes", value, format!("\"{inside}\""))
            } else {
                mistake
            }
        }
    }
}

const CURLY: [char; 5] = ['“', '”', '„', '‘', '’'];

/// From the first character of a value to the end of its line, white space at the end left out.
fn value_from(text: &str, start: usize) -> Span {
    let line = line_around(text, start);
    Span { start, end: start + text[start..line.end].trim_end().len() }
}

/// Something follows a value on its line.
fn more_behind(text: &str, at: usize, line: &str) -> Mistake {
    if stray_quote(text, at, line) {
        let mistake = Mistake::new(
            "a quotation mark inside the words ends them",
            "put the whole in single quotes, `'…'`, or write the marks inside as `“…”` or `\\\"`",
        );
        return match requoted(text, at) {
            Some((value, new)) => mistake.fix("put the whole in other quotes", value, new),
            None => mistake,
        };
    }
    Mistake::new("more stands behind the value", "each `key = value` has a line of its own")
}

/// Whether a string ended right before a place although its line goes on with words and more quotes.
fn stray_quote(text: &str, at: usize, line: &str) -> bool {
    let (before, behind) = text.split_at(at);
    let quote = before.trim_end_matches([' ', '\t']).chars().next_back();
    let words = behind.split(['"', '\'', '\n']).next().unwrap_or_default();
    let words_follow = behind.starts_with(char::is_alphanumeric) && !words.contains('=');
    quote.is_some_and(|quote| matches!(quote, '"' | '\'') && line.matches(quote).count() > 2) && words_follow
}

/// The value of a line that is nothing but `key = "…"` with quotation marks inside, in quotes that
/// do not end at them.
fn requoted(text: &str, at: usize) -> Option<(Span, String)> {
    let line = line_around(text, at);
    let equals = line.start + text[line.range()].find('=')?;
    let start = equals + 1 + text[equals + 1..].find(|c: char| !c.is_whitespace())?;
    let value = value_from(text, start);
    let words = &text[value.range()];
    let quote = words.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = words.strip_prefix(quote)?.strip_suffix(quote)?;
    let other = if quote == '"' { '\'' } else { '"' };
    // With these inside it may be anything.
    let odd = inside.contains([other, '\\', ',', '=', '{', '}', '[', ']', '#']);
    (!odd).then(|| (value, format!("{other}{inside}{other}")))
}

fn no_value(text: &str, at: usize, line: &str) -> Mistake {
    let behind = text[at..].split('\n').next().unwrap_or_default();
    if behind.contains('=') {
        return Mistake::new("a key is one word", "keys are letters, digits, `-` and `_`, without spaces");
    }
    let words = line.trim();
    Mistake::new(
        format!("`{words}` is no line of TOML"),
        "each line is `key = value`, such as `title = \"…\"`",
    )
}

/// The line that a place is on.
pub(super) fn line_around(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |lf| lf + 1);
    let end = text[at..].find('\n').map_or(text.len(), |lf| at + lf);
    Span { start, end }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the first error in a file.
    #[track_caller]
    fn check(toml: &str, message: &str, help: &str) {
        let (_, errors) = toml::de::DeTable::parse_recoverable(toml);
        let first = errors.iter().min_by_key(|e| e.span().map_or(0, |s| s.start)).expect("it is wrong");
        let span = first.span().map_or(Span::default(), Span::from);
        let Mistake { message: said, help: helps, .. } = explain(toml, span, first.message());
        assert_eq!(said, message, "{toml:?}: {}", first.message());
        assert!(helps.as_deref().is_some_and(|said| said.contains(help)), "{toml:?}: {helps:?}");
    }

    #[test]
    fn common_mistakes_are_said_in_plain_words() {
        check("a = \"A\nb = 1\n", "the closing quote is missing", "on the line");
        check("a = 'A\n", "the closing quote is missing", "on the line");
        check("a = \"\"\"A\n", "the words have no closing quotes", "three quotes");
        check("title: \"A\"\n", "a colon in place of `=`", "`key = value`");
        check("title \"A\"\n", "`title \"A\"` is no line of TOML", "`key = value`");
        check("- one\n", "`- one` is no line of TOML", "`key = value`");
        check("my title = 'A'\n", "a key is one word", "without spaces");
        check("= 'A'\n", "there is no key before `=`", "`key = value`");
        check("a =\n", "there is no value behind `=`", "straight quotes");
        check("a = “A”\n", "these quotes are not straight", "straight quotes");
        check("a = A\n", "words that are not in quotes", "straight quotes");
        check("a = 24 October 2006\n", "`24 October 2006` is not a date", "write `2006-10-24`");
        check("a = 24th day\n", "`24th day` is neither a number nor a date", "2009-08-31");
        check("a = 1815-1822\n", "`1815-1822` is not a date", "write `\"1815/1822\"`");
        check("a = 1821~ # about\n", "`1821~` is not in quotes", "write such a date in quotes: `\"1821~\"`");
        check("a = { b = 182X, c = 1 }\n", "`182X` is not in quotes", "`\"182X\"`");
        check("a = 1821/1823\n", "`1821/1823` is not in quotes", "`\"1821/1823\"`");
        check("a = 1821-XX-04\n", "`1821-XX-04` is not in quotes", "`\"1821-XX-04\"`");
        check("a = -0043\n", "`-0043` is not in quotes", "`\"-0043\"`");
        check("a = 0276\n", "`0276` is not in quotes", "`\"0276\"`");
        check("a = 1817-24\n", "`1817-24` is not in quotes", "`\"1817-24\"`");
        check("a = 1820s\n", "`1820s` is not a date", "write `\"182X\"`, and `date_shown = \"1820s\"`");
        check("a = 2009-08\n", "`2009-08` is not a date", "`\"2009-08\"`");
        check("a = 2009-13-01\n", "`2009-13-01` is not a date", "2009-08-31");
        check("a = 08\n", "a number does not begin with a zero", "quotes");
        check("a = True\n", "`True` is no value", "`true`");
        check("a = ['b'\nc = 1\n", "a comma or `]` is missing before this", "a list");
        check("a = { b = 'c'\nd = 1\n", "a comma or `}` is missing before this", "a row");
        check("[a\nb = 1\n", "the closing bracket is missing", "`[ ]`");
        check("a = \"C:\\path\"\n", "a backslash has a meaning of its own", "`\\\\`");
        check("a = 'x' b = 'y'\n", "more stands behind the value", "line of its own");
        check("a = 'x'; b = 'y'\n", "more stands behind the value", "line of its own");
        check("a = \"x \"y\" z\"\n", "a quotation mark inside the words ends them", "single quotes");
        check("a = 'it's'\n", "a quotation mark inside the words ends them", "single quotes");
        check("a = 1\na = 2\n", "`a` stands twice", "keep one `a`");
        check("a = [{ }]\n[[a]]\n", "`a` stands twice", "do not go together");
    }
}
