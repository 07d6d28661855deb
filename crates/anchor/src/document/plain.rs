//! Plain text to blocks.
//!
//! Line ends are LF, CRLF and CR, and nothing else: U+2028 and U+0085 are
//! characters of a line. A line of white space only is empty. A block's visible
//! text is its lines joined by `\n`, without the white space at the block's two
//! ends, which no reader sees.

use std::ops::Range;

use memchr::memchr2;

use super::record::Layout;
use super::stream::Stream;
use super::{Block, BlockKind, Parts, TextRange};
use postil_archive::diagnostic::Span;

/// Cuts a plain text into blocks.
pub(super) fn parse(text: &str, layout: Layout) -> Parts {
    let mut stream = Stream::with_capacity(text.len());
    let mut blocks: Vec<Block> = Vec::new();
    for Group { span, lines } in groups(text, layout) {
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
pub(super) fn count(text: &str, layout: Layout) -> usize {
    groups(text, layout).count()
}

/// The lines of one block: bytes without white space at the ends, first and last line.
struct Group {
    span: Range<usize>,
    lines: (u32, u32),
}

fn groups(text: &str, layout: Layout) -> impl Iterator<Item = Group> + '_ {
    let mut lines = lines(text).enumerate();
    std::iter::from_fn(move || {
        let (mut last, first) = lines.find(|(_, line)| !is_blank(&text[line.clone()]))?;
        let (number, mut span) = (last, first);
        if layout == Layout::Wrapped {
            for (i, line) in lines.by_ref() {
                if is_blank(&text[line.clone()]) {
                    break;
                }
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

    fn blocks(text: &str, layout: Layout) -> Vec<String> {
        let parts = parse(text, layout);
        parts.blocks.iter().map(|b| parts.stream.visible[b.text.range()].to_owned()).collect()
    }

    fn check(layout: Layout, text: &str, expected: &[&str]) {
        assert_eq!(blocks(text, layout), expected, "{layout:?} {text:?}");
        assert_eq!(count(text, layout), expected.len(), "{layout:?} {text:?}");
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
    fn blocks_know_their_lines() {
        let of = |layout| parse("\na\nb\r\n\rc\n", layout).blocks.iter().map(|b| b.lines).collect::<Vec<_>>();
        assert_eq!(of(Layout::Lines), [(2, 2), (3, 3), (5, 5)]);
        assert_eq!(of(Layout::Wrapped), [(2, 3), (5, 5)]);
    }
}
