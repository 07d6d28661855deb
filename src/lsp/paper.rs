//! The text of a file as an editor counts it: lines from 0, columns in units of UTF-16 or of UTF-8.

use std::ops::Range as Bytes;

use lsp_types::{Position, Range, TextDocumentContentChangeEvent};

use postil_archive::diagnostic::{Place, Source, Span};

/// How a client counts the columns of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Columns {
    /// In units of UTF-16, as every client can.
    #[default]
    Utf16,
    /// In bytes of UTF-8, where the client offers it.
    Utf8,
}

impl Columns {
    /// How many columns some words take.
    fn width(self, words: &str) -> usize {
        match self {
            Self::Utf16 => words.chars().map(char::len_utf16).sum(),
            Self::Utf8 => words.len(),
        }
    }
}

/// The byte order mark, which some editors leave at the head of what they send.
const MARK: char = '\u{feff}';

/// A text that positions count in. Its bytes count as those of problems do: without a byte order mark.
#[derive(Debug)]
pub(super) struct Paper {
    source: Source,
    has_mark: bool,
    columns: Columns,
}

impl Paper {
    /// A text as the client has it.
    pub(super) fn new(path: &str, text: &str, columns: Columns) -> Self {
        let bare = text.strip_prefix(MARK);
        Self { source: Source::new(path, bare.unwrap_or(text)), has_mark: bare.is_some(), columns }
    }

    /// The text, without a byte order mark.
    pub(super) fn text(&self) -> &str {
        &self.source.text
    }

    /// Where a line begins, and where it ends, its break left out.
    fn line(&self, line: usize) -> Option<Bytes<usize>> {
        let starts = self.source.line_starts();
        let start = *starts.get(line)?;
        let end = starts.get(line + 1).copied().unwrap_or(self.text().len());
        let words = self.text()[start..end].trim_end_matches('\n').trim_end_matches('\r');
        Some(start..start + words.len())
    }

    /// Columns that a byte order mark takes at the beginning of a line.
    fn mark(&self, line: usize) -> usize {
        if line == 0 && self.has_mark { self.columns.width("\u{feff}") } else { 0 }
    }

    /// The byte that a position means. One behind the end of its line, or of the text, is that end; one within a
    /// character is its beginning.
    pub(super) fn byte(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(within) = self.line(line) else { return self.text().len() };
        let mut left = (position.character as usize).saturating_sub(self.mark(line));
        for (at, c) in self.text()[within.clone()].char_indices() {
            let width = self.columns.width(c.encode_utf8(&mut [0; 4]));
            if left < width {
                return within.start + at;
            }
            left -= width;
        }
        within.end
    }

    /// The same in the text as the client has it, with its byte order mark.
    fn byte_with_mark(&self, position: Position) -> usize {
        let before = position.line == 0 && (position.character as usize) < self.mark(0);
        if before { 0 } else { self.byte(position) + if self.has_mark { MARK.len_utf8() } else { 0 } }
    }

    /// The position of a byte.
    pub(super) fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text().len());
        while !self.text().is_char_boundary(byte) {
            byte -= 1;
        }
        let starts = self.source.line_starts();
        let line = starts.partition_point(|&start| start <= byte) - 1;
        let column = self.columns.width(&self.text()[starts[line]..byte]) + self.mark(line);
        Position::new(small(line), small(column))
    }

    /// The range of some bytes.
    pub(super) fn range(&self, bytes: impl Into<Span>) -> Range {
        let Span { start, end } = bytes.into();
        Range::new(self.position(start), self.position(end.max(start)))
    }

    /// The byte at a line and a column of a problem: both from 1, columns in characters.
    fn byte_at(&self, line: u32, column: u32) -> usize {
        let Some(within) = (line as usize).checked_sub(1).and_then(|line| self.line(line)) else {
            return self.text().len();
        };
        let skip = (column as usize).saturating_sub(1);
        let at = self.text()[within.clone()].char_indices().nth(skip).map_or(within.len(), |(at, _)| at);
        within.start + at
    }

    /// The range of the place of a problem.
    pub(super) fn range_of(&self, place: &Place) -> Range {
        let (line, column) = place.end();
        self.range(self.byte_at(place.line, place.column)..self.byte_at(line, column))
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A text after the changes that a client tells of, one after the other.
pub(super) fn changed(
    mut text: String,
    changes: Vec<TextDocumentContentChangeEvent>,
    columns: Columns,
) -> String {
    for change in changes {
        let Some(range) = change.range else {
            text = change.text;
            continue;
        };
        let paper = Paper::new("", &text, columns);
        let (start, end) = (paper.byte_with_mark(range.start), paper.byte_with_mark(range.end));
        text.replace_range(start..end.max(start), &change.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_bytes_are_the_same_both_ways() {
        let check = |text: &str, columns, byte: usize, expected: (u32, u32)| {
            let paper = Paper::new("a", text, columns);
            let position = Position::new(expected.0, expected.1);
            assert_eq!(paper.position(byte), position, "{text:?} {byte}");
            assert_eq!(paper.byte(position), byte, "{text:?} {position:?}");
        };
        check("one\ntwo", Columns::Utf16, 5, (1, 1));
        check("one\r\ntwo\rthree", Columns::Utf16, 9, (2, 0));
        check("é😀x", Columns::Utf16, 6, (0, 3));
        check("é😀x", Columns::Utf8, 6, (0, 6));
        check("\u{feff}ab", Columns::Utf16, 1, (0, 2));
        check("\u{feff}ab", Columns::Utf8, 1, (0, 4));
        check("\u{feff}a\nb", Columns::Utf8, 3, (1, 1));
        check("", Columns::Utf16, 0, (0, 0));
        check("a\n", Columns::Utf16, 2, (1, 0));
    }

    #[test]
    fn positions_that_are_nowhere_are_brought_back() {
        let check = |text: &str, position: (u32, u32), expected: usize| {
            let paper = Paper::new("a", text, Columns::Utf16);
            assert_eq!(paper.byte(Position::new(position.0, position.1)), expected, "{text:?} {position:?}");
        };
        check("one\r\ntwo", (0, 9), 3);
        check("one\r\ntwo", (7, 0), 8);
        check("😀x", (0, 1), 0);
        check("", (u32::MAX, u32::MAX), 0);
    }

    #[test]
    fn changes_are_made_one_after_the_other() {
        let check = |text: &str, changes: &[(Option<[u32; 4]>, &str)], expected: &str| {
            let change = |(range, text): &(Option<[u32; 4]>, &str)| TextDocumentContentChangeEvent {
                range: range.map(|[a, b, c, d]| Range::new(Position::new(a, b), Position::new(c, d))),
                range_length: None,
                text: (*text).to_owned(),
            };
            let changes = changes.iter().map(change).collect();
            assert_eq!(changed(text.to_owned(), changes, Columns::Utf16), expected, "{text:?}");
        };
        check("one\r\ntwo", &[(Some([0, 3, 1, 0]), " ")], "one two");
        check("a😀b", &[(Some([0, 1, 0, 3]), "x"), (Some([0, 2, 0, 3]), "")], "ax");
        check("a", &[(None, "b\n"), (Some([1, 0, 1, 0]), "c")], "b\nc");
        check("a", &[(Some([5, 5, 2, 0]), "c")], "ac");
        check("\u{feff}ab", &[(Some([0, 1, 0, 2]), "x")], "\u{feff}xb");
        check("\u{feff}ab", &[(Some([0, 0, 0, 3]), "x")], "x");
        check("\u{feff}ab", &[(Some([0, 0, 0, 1]), "x")], "xab");
    }
}
