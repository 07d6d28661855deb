//! Front matter: TOML between two lines of `+++` at the start of a Markdown file.

use crate::diagnostic::{Code, Diagnostic, Fix, Source, Span};

/// Where the two parts of a file stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// The TOML between the lines.
    pub toml: Span,
    /// Everything behind.
    pub body: Span,
}

/// Finds the front matter of a file; `None` if the file has none. Empty lines
/// before it do not count.
///
/// # Errors
/// It is YAML, or it has no end.
pub fn split(source: &Source) -> Result<Option<Parts>, Box<Diagnostic>> {
    let mut lines = lines(&source.text).skip_while(|line| words(source, *line).is_empty());
    let Some(first) = lines.next() else { return Ok(None) };
    match words(source, first) {
        "+++" => {}
        "---" => return Err(Box::new(yaml(source, first))),
        _ => return Ok(None),
    }
    match lines.find(|line| words(source, *line) == "+++") {
        Some(end) => Ok(Some(Parts {
            toml: Span { start: first.end, end: end.start },
            body: Span { start: end.end, end: source.text.len() },
        })),
        None => Err(Box::new(
            Diagnostic::error(Code::FRONT_MATTER, source.place(first), "the front matter has no end")
                .label("it begins here")
                .help("write a line `+++` below it"),
        )),
    }
}

fn yaml(source: &Source, line: Span) -> Diagnostic {
    Diagnostic::error(Code::FRONT_MATTER, source.place(line), "the front matter is not between `+++` lines")
        .label("`---` begins YAML")
        .help("write `+++` in place of both `---` lines, and TOML between them: `by = \"Your Name\"`")
        .fix(yaml_as_toml(source, line))
}

/// The same front matter as TOML, if it is no more than keys with words and flat lists.
fn yaml_as_toml(source: &Source, first: Span) -> Option<Fix> {
    let mut toml = String::from("+++\n");
    for line in lines(&source.text).filter(|line| line.start >= first.end) {
        let words = words(source, line);
        if words == "---" {
            toml.push_str("+++");
            let end = line.start + source.text[line.range()].trim_end().len();
            let edit = source.edit(first.start..end, toml);
            return Some(Fix::mend("write TOML between `+++` lines", edit));
        }
        if words.is_empty() || words.starts_with('#') {
            toml.push_str(&format!("{words}\n"));
            continue;
        }
        // An indented line goes on with the one above it.
        if source.text[line.range()].starts_with([' ', '\t', '-']) {
            return None;
        }
        let (key, value) = words.split_once(':')?;
        // Without a space behind the colon, or with a remark on the line, it is not so simple.
        if !value.is_empty() && !value.starts_with([' ', '\t']) || value.contains(" #") {
            return None;
        }
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            return None;
        }
        toml.push_str(&format!("{key} = {}\n", yaml_value(value.trim())?));
    }
    None
}

fn yaml_value(value: &str) -> Option<String> {
    if let Some(list) = value.strip_prefix('[') {
        let list = list.strip_suffix(']')?.split(',').map(str::trim).filter(|value| !value.is_empty());
        let list: Option<Vec<String>> = list.map(yaml_value).collect();
        return Some(format!("[{}]", list?.join(", ")));
    }
    let quoted = |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    let plain = if quoted('"') || quoted('\'') { &value[1..value.len() - 1] } else { value };
    let odd = plain.is_empty()
        || matches!(plain, "~" | "null" | "Null" | "NULL")
        || plain.contains(['"', '\'', '\\'])
        || plain.starts_with(['{', '&', '*', '|', '>', '!']);
    if odd {
        return None;
    }
    let is_day =
        super::date::Date::parse(plain).is_ok_and(|date| matches!(date.plain(), Some((_, _, Some(_)))));
    let bare = is_day || matches!(plain, "true" | "false") || plain.parse::<u32>().is_ok();
    Some(if bare && plain == value { plain.to_owned() } else { format!("\"{plain}\"") })
}

/// The lines with their ends.
fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut from = 0;
    text.split_inclusive('\n').map(move |line| {
        let span = Span { start: from, end: from + line.len() };
        from = span.end;
        span
    })
}

fn words(source: &Source, line: Span) -> &str {
    source.text[line.range()].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, toml: &str, body: &str) {
        let source = Source::new("a.md", text);
        let parts = split(&source).expect("no error").expect("it has one");
        assert_eq!((&text[parts.toml.range()], &text[parts.body.range()]), (toml, body), "{text:?}");
    }

    #[test]
    fn simple_yaml_becomes_toml() {
        let check = |text: &str, expected: Option<&str>| {
            let problem = split(&Source::new("a.md", text)).expect_err("it is YAML");
            let edited = problem.fixes.first().map(|fix| {
                crate::diagnostic::fix::apply(text, &fix.edits.iter().collect::<Vec<_>>()).expect("it fits")
            });
            assert_eq!(edited.as_deref(), expected, "{text:?}");
        };
        check(
            "---\nby: Ann Example\ntopics: [a, 'b c']\ndate: 2026-01-02\n# x\n---\n> w\n",
            Some("+++\nby = \"Ann Example\"\ntopics = [\"a\", \"b c\"]\ndate = 2026-01-02\n# x\n+++\n> w\n"),
        );
        check("---\nby: \"Ann Example\"\n---", Some("+++\nby = \"Ann Example\"\n+++"));
        check("---\nby = \"A B\"\n---\n", None);
        check("---\nby:\n- A\n---\n", None);
        check("---\nby: it's\n---\n", None);
        check("---\nby: A B\n", None);
        check("---\nby: A B # who\n---\n", None);
        check("---\nby:A B\n---\n", None);
        check("---\nby: A B\nrole: ~\n---\n", None);
        check("---\n---\n", Some("+++\n+++\n"));
    }

    fn check_error(text: &str, message: &str, line: u32) {
        let problem = split(&Source::new("a.md", text)).expect_err("it is wrong");
        assert_eq!((problem.message.as_str(), problem.place.line), (message, line), "{text:?}");
    }

    #[test]
    fn front_matter_is_found() {
        check("+++\na = 1\n+++\nb\n", "a = 1\n", "b\n");
        check("+++\r\na = 1\r\n+++ \r\nb", "a = 1\r\n", "b");
        check("\n\n+++\n+++", "", "");
    }

    #[test]
    fn a_file_may_have_none() {
        for text in ["", "\n", "a\n+++\n", "++++\n", "# A"] {
            assert_eq!(split(&Source::new("a.md", text)).expect("no error"), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        check_error("---\nby: me\n---\n", "the front matter is not between `+++` lines", 1);
        check_error("\n+++\nby = 'me'\n", "the front matter has no end", 2);
    }
}
