//! A file's text with its lines, and places in it.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Code, Diagnostic};

/// A stretch of one file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl Span {
    /// The span as a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Characters that turn the direction of writing without being seen: embeddings, overrides, isolates.
const DIRECTION_OVERRIDES: [char; 9] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

/// A file of the archive with its text; knows lines and columns.
#[derive(Debug)]
pub struct Source {
    /// Path from the archive's root, with `/`.
    pub path: Arc<str>,
    /// The decoded text.
    pub text: String,
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A file with its text.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// First byte of each line. Line ends are LF, CRLF and CR, as in a raw text.
    pub fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for (i, &b) in bytes.iter().enumerate() {
                if b == b'\n' || (b == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
                    starts.push(i + 1);
                }
            }
            starts
        })
    }

    /// The place of a span: line and column (code points, both from 1) and the words.
    pub fn place(&self, span: impl Into<Span>) -> Place {
        let Span { start, end } = span.into();
        let start = floor(&self.text, start);
        let end = floor(&self.text, end.max(start));
        let starts = self.line_starts();
        let line = starts.partition_point(|&s| s <= start) - 1;
        let column = self.text[starts[line]..start].chars().count() + 1;
        let last = starts.partition_point(|&s| s < end.max(start + 1)).saturating_sub(1).max(line);
        let excerpt = Excerpt::cut(&self.text, starts, line, last, start..end);
        Place {
            path: self.path.clone(),
            line: to_u32(line + 1),
            column: to_u32(column),
            excerpt: Some(excerpt),
        }
    }

    /// A remark on the characters that turn the direction of writing, if the file has any: words
    /// may then look other than they are, in an editor and on the page.
    pub fn direction_overrides(&self) -> Option<Diagnostic> {
        let mut found = self.text.match_indices(DIRECTION_OVERRIDES);
        let (at, first) = found.next()?;
        let more = found.count();
        let character = first.chars().next().map_or(0, u32::from);
        let problem = Diagnostic::note(
            Code::DIRECTION_OVERRIDE,
            self.place(at..at + first.len()),
            format!("the unseen character U+{character:04X} turns the direction of writing"),
        );
        Some(match more {
            0 => problem,
            _ => problem.help(format!("{more} more such characters follow in this file")),
        })
    }

    /// The place of the whole file: its first line.
    pub fn start(&self) -> Place {
        self.place(0..0)
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where a problem is: file, line, column, and the words that stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path from the archive's root, with `/`.
    pub path: Arc<str>,
    /// Line, from 1; the first when the problem is the file's name or its bytes.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
    /// The words; `None` when the file has no text to show.
    pub excerpt: Option<Excerpt>,
}

impl Place {
    /// A place that is a whole file, without words: for names and bytes. It has a line all the
    /// same, since editors and code hosts want one to show a problem at.
    pub fn file(path: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), line: 1, column: 1, excerpt: None }
    }

    /// The words that stand there, as far as the excerpt has them.
    pub fn words(&self) -> &str {
        self.excerpt.as_ref().and_then(|e| e.text.get(e.range.clone())).unwrap_or_default()
    }

    /// Line and column right after the words.
    pub fn end(&self) -> (u32, u32) {
        let words = self.words();
        let bytes = words.as_bytes();
        let ends_line =
            |&i: &usize| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
        let breaks = (0..bytes.len()).filter(ends_line);
        let (count, last) = breaks.fold((0, None), |(count, _), at| (count + 1, Some(at)));
        let width = |words: &str| to_u32(words.chars().count());
        match last {
            Some(at) => (self.line + count, width(&words[at + 1..]) + 1),
            None => (self.line, self.column + width(words)),
        }
    }
}

/// A few lines of a file with the stretch that matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// Number of the first line shown, from 1.
    pub first_line: u32,
    /// The lines, at most a few, long ones cut to a window around the stretch.
    pub text: String,
    /// The stretch, as bytes of `text`.
    pub range: Range<usize>,
}

/// Longest line shown whole, and what is kept on each side of the stretch, in bytes.
const WHOLE_LINE: usize = 600;
const WINDOW: usize = 160;
/// Most lines of one stretch.
const MOST_LINES: usize = 4;

impl Excerpt {
    /// Whether all of a stretch of so many bytes is shown, in lines that were not cut.
    pub(super) fn is_whole(&self, bytes: usize) -> bool {
        self.range.len() == bytes && self.text.len() <= WHOLE_LINE
    }

    fn cut(text: &str, starts: &[usize], first: usize, last: usize, range: Range<usize>) -> Self {
        let last = last.min(first + MOST_LINES - 1);
        let begin = starts[first];
        let end = starts.get(last + 1).copied().unwrap_or(text.len());
        let lines = text[begin..end].trim_end_matches(['\n', '\r']);
        let range = range.start - begin..range.end.min(begin + lines.len()).max(range.start) - begin;
        let (mut from, mut to) = (0, lines.len());
        if lines.len() > WHOLE_LINE {
            from = floor(lines, range.start.saturating_sub(WINDOW));
            to = floor(lines, (range.end.min(range.start + WHOLE_LINE) + WINDOW).min(lines.len()));
        }
        let range = range.start - from..range.end.min(to).max(range.start) - from;
        Self { first_line: to_u32(first + 1), text: lines[from..to].to_owned(), range }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_end_after_their_words() {
        let check = |text: &str, span: Range<usize>, expected: (u32, u32)| {
            assert_eq!(Source::new("a", text).place(span.clone()).end(), expected, "{text:?} {span:?}");
        };
        check("one two", 4..7, (1, 8));
        check("one two", 4..4, (1, 5));
        check("é two", 3..6, (1, 6));
        check("one\ntwo", 0..7, (2, 4));
        check("one\r\ntwo\rthree", 1..11, (3, 3));
        assert_eq!(Place::file("a").end(), (1, 1));
    }
}
