//! The block quotes that open a note.
//!
//! Read line by line, not as Markdown: a contributor pastes words of the text
//! after `> `, and nothing in them is escaped or unescaped. A line is part of
//! the quotation if it begins with `>`, after at most three spaces; one space
//! after the `>` does not count. A line without `>` ends it, where Markdown
//! would let a paragraph go on.

use postil_archive::diagnostic::Span;

/// One block quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quotation {
    /// Its lines without `>`, joined by `\n`; lines of white space only left out.
    pub(super) words: String,
    /// From the first `>` to the end of the last line.
    pub(super) span: Span,
}

/// The quotations that open `text`, and where what follows them begins and ends
/// (without white space at its ends). Spans count from `offset`.
pub(super) fn opening(text: &str, offset: usize) -> (Vec<Quotation>, Span) {
    let mut quotations: Vec<Quotation> = Vec::new();
    let mut at = 0;
    let mut open = false;
    let mut body = None;
    for line in text.split_inclusive('\n') {
        let from = at;
        at += line.len();
        if let Some((marker, words)) = quoted(line) {
            let span = Span { start: offset + from + marker, end: offset + from + line.trim_end().len() };
            match quotations.last_mut().filter(|_| open) {
                Some(quotation) => quotation.add(words, span.end),
                None => quotations.push(Quotation { words: words.to_owned(), span }),
            }
            open = true;
        } else if line.trim().is_empty() {
            open = false;
        } else {
            body = Some(from);
            break;
        }
    }
    let start = body.unwrap_or(text.len());
    let rest = text[start..].trim_end();
    (quotations, Span { start: offset + start, end: offset + start + rest.len() })
}

impl Quotation {
    fn add(&mut self, words: &str, end: usize) {
        self.span.end = end;
        if words.trim().is_empty() {
            return;
        }
        if !self.words.trim().is_empty() {
            self.words.push('\n');
        }
        self.words.push_str(words);
    }
}

/// Where the `>` of a quoted line stands, and the words behind it.
fn quoted(line: &str) -> Option<(usize, &str)> {
    let marker = line.len() - line.trim_start_matches(' ').len();
    let rest = line[marker..].strip_prefix('>').filter(|_| marker < 4)?;
    let words = rest.strip_prefix(' ').unwrap_or(rest);
    Some((marker, words.trim_end_matches(['\n', '\r'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, quotations: &[&str], body: &str) {
        let padded = format!("+++{text}");
        let (found, span) = opening(text, 3);
        let words: Vec<&str> = found.iter().map(|q| q.words.as_str()).collect();
        assert_eq!((words.as_slice(), &padded[span.range()]), (quotations, body), "{text:?}");
        for quotation in found {
            assert!(padded[quotation.span.range()].starts_with('>'), "{text:?}");
        }
    }

    #[test]
    fn the_opening_quotation_is_found() {
        check("> a b\n\nBody.\n", &["a b"], "Body.");
        check("\n\n> a\n> b\n\nBody\n\nmore\n\n", &["a\nb"], "Body\n\nmore");
        check("> a\r\n> b\r\n\r\nBody\r\n", &["a\nb"], "Body");
        check(">There\n", &["There"], "");
        check("   > a\n", &["a"], "");
        check(">  a\n>\tb\n", &[" a\n\tb"], "");
        check("", &[], "");
    }

    #[test]
    fn paragraphs_are_joined_by_an_empty_quoted_line() {
        check("> a\n>\n> b\n\nBody", &["a\nb"], "Body");
        check(">\n> a\n> \n", &["a"], "");
        check(">\n", &[""], "");
    }

    #[test]
    fn an_empty_line_parts_two_quotations() {
        check("> a\n\n> b\n> c\n\nBody\n\n> not an anchor\n", &["a", "b\nc"], "Body\n\n> not an anchor");
    }

    #[test]
    fn a_line_without_mark_is_body() {
        check("> a\nb\n> c\n", &["a"], "b\n> c");
        check("words\n\n> a\n", &[], "words\n\n> a");
        check("    > a\n", &[], "    > a");
    }

    #[test]
    fn nothing_in_it_is_interpreted() {
        check("> > quoted in the text\n", &["> quoted in the text"], "");
        check("> a **b** \\* &amp; [c](d) […] ****\n", &["a **b** \\* &amp; [c](d) […] ****"], "");
    }
}
