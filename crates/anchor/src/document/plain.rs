//! Plain text to blocks.
//!
//! Line ends are LF, CRLF and CR, and nothing else: U+2028 and U+0085 are
//! characters of a line. A line of white space only is empty. A block's visible
//! text is its lines joined by `\n`, without the white space at the block's two
//! ends. What stood before its first line is asked for where lines matter
//! ([`super::Document::lines`]).

use std::ops::Range;

use memchr::memchr2;

use super::expression::Expression;
use super::record::Layout;
use super::stream::Stream;
use super::{Block, BlockKind, Parts, TextRange};
use postil_archive::diagnostic::Span;

/// Where blocks begin and end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cuts<'a> {
    pub(super) layout: Layout,
    /// A block also begins at each line in which this is found.
    pub(super) block_start: Option<&'a Expression>,
}

/// Cuts a plain text into blocks.
pub(super) fn parse(text: &str, cuts: Cuts<'_>) -> Parts {
    let mut stream = Stream::with_capacity(text.len());
    let mut blocks: Vec<Block> = Vec::new();
    for Group { span, lines } in groups(text, cuts) {
        if !blocks.is_empty() {
            stream.separate();
        }
        let start = stream.end();
        stream.push_lines(&text[span.clone()], span.start);
        blocks.push(Block {
            number: super::to_u32(blocks.len() + 1),
            text: TextRange::new(start, stream.end()),
            span: Span::from(span),
            lines,
            kind: BlockKind::Paragraph,
            containers: Vec::new(),
        });
    }
    Parts { stream, blocks, ..Parts::default() }
}

/// How many blocks a text has in a layout.
pub(super) fn count(text: &str, cuts: Cuts<'_>) -> usize {
    groups(text, cuts).count()
}

/// The lines of one block: bytes without white space at the ends, first and last line.
struct Group {
    span: Range<usize>,
    lines: (u32, u32),
}

fn groups<'a>(text: &'a str, cuts: Cuts<'a>) -> impl Iterator<Item = Group> + 'a {
    let begins = move |line: &Range<usize>| {
        let line = &text[line.clone()];
        cuts.block_start.is_some_and(|start| start.regex().is_match(&super::seen::spaced(line)))
    };
    let mut lines = lines(text).enumerate().peekable();
    std::iter::from_fn(move || {
        let (mut last, first) = lines.find(|(_, line)| !is_blank(&text[line.clone()]))?;
        let (number, mut span) = (last, first);
        if cuts.layout != Layout::Lines {
            let goes_on = |line: &Range<usize>| !is_blank(&text[line.clone()]) && !begins(line);
            while let Some((i, line)) = lines.next_if(|(_, line)| goes_on(line)) {
                last = i;
                span.end = line.end;
            }
        }
        Some(Group { span: trimmed(text, span), lines: (super::to_u32(number + 1), super::to_u32(last + 1)) })
    })
}

/// The lines of a text without their ends.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        if from >= bytes.len() {
            return None;
        }
        let start = from;
        let end = memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |at| from + at);
        let crlf = bytes[end..].starts_with(b"\r\n");
        from = end + 1 + usize::from(crlf);
        Some(start..end)
    })
}

fn is_blank(line: &str) -> bool {
    line.chars().all(char::is_whitespace)
}

fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let words = &text[span.clone()];
    let start = span.start + (words.len() - words.trim_start().len());
    start..start + words.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(layout: Layout) -> Cuts<'static> {
        Cuts { layout, block_start: None }
    }

    fn blocks(text: &str, layout: Layout) -> Vec<String> {
        let parts = parse(text, of(layout));
        parts.blocks.iter().map(|b| parts.stream.visible[b.text.range()].to_owned()).collect()
    }

    fn check(layout: Layout, text: &str, expected: &[&str]) {
        assert_eq!(blocks(text, layout), expected, "{layout:?} {text:?}");
        assert_eq!(count(text, of(layout)), expected.len(), "{layout:?} {text:?}");
    }

    #[test]
    fn lines_are_blocks() {
        check(Layout::Lines, "a\r\nb\rc\nd", &["a", "b", "c", "d"]);
        check(Layout::Lines, "\n\n\na", &["a"]);
        check(Layout::Lines, "a\n\u{a0}\n\u{c}\nb\n", &["a", "b"]);
        check(Layout::Lines, "a\u{2028}b\u{85}c", &["a\u{2028}b\u{85}c"]);
        check(Layout::Lines, "  a  b\t\nc", &["a  b", "c"]);
        check(Layout::Lines, "", &[]);
        check(Layout::Lines, " \r\n\t", &[]);
        check(Layout::Lines, "\u{200b}", &["\u{200b}"]);
    }

    #[test]
    fn runs_of_lines_are_blocks() {
        check(Layout::Wrapped, "a\r\nb\rc\nd", &["a\nb\nc\nd"]);
        check(Layout::Wrapped, "a\n\u{a0}\nb", &["a", "b"]);
        check(Layout::Wrapped, "a\n\u{c}\nb", &["a", "b"]);
        check(Layout::Wrapped, "\n\n\na\nb\n\n\n\nc", &["a\nb", "c"]);
        check(Layout::Wrapped, "  a \n  b \r\n\r\nc", &["a \n  b", "c"]);
        check(Layout::Wrapped, "a\r\r\rb", &["a", "b"]);
    }

    #[test]
    fn stanzas_are_blocks() {
        check(Layout::Verse, "a\n  b\n\n\tc", &["a\n  b", "c"]);
    }

    #[test]
    fn a_block_begins_where_a_mark_stands() {
        let start = Expression::new(r"\A(?:# |###)").unwrap();
        let parts = parse(
            "###a\n#\u{a0}b\n~~c\n#d\n\n~~e\n# f",
            Cuts { layout: Layout::Wrapped, block_start: Some(&start) },
        );
        let words = |b: &Block| parts.stream.visible[b.text.range()].to_owned();
        let found: Vec<String> = parts.blocks.iter().map(words).collect();
        assert_eq!(found, ["###a", "#\u{a0}b\n~~c\n#d", "~~e", "# f"]);
    }

    #[test]
    fn blocks_know_their_lines() {
        let of =
            |layout| parse("\na\nb\r\n\rc\n", of(layout)).blocks.iter().map(|b| b.lines).collect::<Vec<_>>();
        assert_eq!(of(Layout::Lines), [(2, 2), (3, 3), (5, 5)]);
        assert_eq!(of(Layout::Wrapped), [(2, 3), (5, 5)]);
    }
}
