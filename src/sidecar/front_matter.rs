//! Front matter: TOML between two lines of `+++` at the start of a Markdown file.

use crate::diagnostic::{Code, Diagnostic, Source, Span};

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
