//! The words of blocks as a pattern sees them: what an editor shows.
//!
//! They are the raw words, furniture included. White space but tabs and line ends stands as plain
//! spaces, one for one; that at the beginning of each line is there, that at its end is not.

use std::borrow::Cow;
use std::ops::Range;

use typed_index_collections::TiVec;

use super::{Block, Document, TextRange};
use postil_archive::index::BlockIx;

/// The words of all blocks, with the way back to the visible text.
#[derive(Debug)]
pub struct Seen {
    text: String,
    /// For each block its words, and how many bytes of them stand before its visible text.
    blocks: TiVec<BlockIx, (Range<usize>, usize)>,
    /// (byte here, byte of the visible text), one for each jump, sorted.
    jumps: Vec<(usize, usize)>,
}

impl Seen {
    /// The words of a document.
    pub fn new(doc: &Document) -> Self {
        let mut seen = Self {
            text: String::with_capacity(doc.visible.len() + doc.visible.len() / 8),
            blocks: TiVec::with_capacity(doc.blocks.len()),
            jumps: Vec::with_capacity(doc.blocks.len()),
        };
        for block in &doc.blocks {
            let start = seen.text.len();
            seen.text.push_str(&spaced(doc.lead(block)));
            let lead = seen.text.len() - start;
            let mut at = block.text.start;
            for line in doc.words(block.text).split_inclusive('\n') {
                seen.line(line, at);
                at += line.len();
            }
            seen.blocks.push((start..seen.text.len(), lead));
        }
        seen
    }

    fn line(&mut self, line: &str, at: usize) {
        let words = line.trim_end();
        self.jumps.push((self.text.len(), at));
        let mut from = 0;
        for (i, c) in words.char_indices().filter(|(_, c)| is_odd_space(*c)) {
            self.text.push_str(&words[from..i]);
            self.text.push(' ');
            from = i + c.len_utf8();
            self.jumps.push((self.text.len(), at + from));
        }
        self.text.push_str(&words[from..]);
        if line.ends_with('\n') {
            self.jumps.push((self.text.len(), at + line.len() - 1));
            self.text.push('\n');
        }
    }

    /// The words of a block, by its index.
    pub fn words(&self, block: BlockIx) -> &str {
        &self.text[self.blocks[block].0.clone()]
    }

    /// The visible text that a stretch of a block's words stands for; empty where that is only white
    /// space before its first line.
    pub fn range(&self, doc: &Document, block: BlockIx, stretch: Range<usize>) -> TextRange {
        let (words, lead) = &self.blocks[block];
        let text = doc.blocks[block].text;
        let to = |at: usize, jumps: usize| match self.jumps[..jumps].last() {
            Some(&(seen, visible)) if at > *lead => {
                (visible + (words.start + at - seen)).clamp(text.start, text.end)
            }
            _ => text.start,
        };
        let start = words.start + stretch.start;
        let start = to(stretch.start, self.jumps.partition_point(|&(seen, _)| seen <= start));
        let end = words.start + stretch.end;
        let end = to(stretch.end, self.jumps.partition_point(|&(seen, _)| seen < end));
        TextRange::new(start, end.max(start))
    }
}

/// White space that is neither a tab nor ends a line, and is no plain space.
fn is_odd_space(c: char) -> bool {
    c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n')
}

/// Words with plain spaces for all white space but tabs, none at their end.
pub(super) fn spaced(words: &str) -> Cow<'_, str> {
    let words = words.trim_end_matches(['\n', '\r']);
    if words.contains(is_odd_space) {
        Cow::Owned(words.chars().map(|c| if is_odd_space(c) { ' ' } else { c }).collect())
    } else {
        Cow::Borrowed(words)
    }
}

impl Document {
    /// The white space that stands before the first line of a block in the file.
    pub fn lead(&self, block: &Block) -> &str {
        if self.layout.is_none() {
            return "";
        }
        let before = &self.source.text[..block.span.start];
        let words = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n' && c != '\r');
        &before[words.len()..]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::record::{Layout, Record};
    use postil_archive::archive::Format;

    fn document(text: &str, layout: Layout) -> Document {
        let record = Record { layout: Some(layout), ..Record::default() };
        let path = Arc::from("content/a.txt");
        let parsed = super::super::parse(Arc::from("a"), path, text.as_bytes(), Format::Plain, &record);
        parsed.value.expect("it has words")
    }

    #[test]
    fn a_pattern_sees_what_an_editor_shows() {
        let doc = document("\r\n  \u{a0}The \r\n\tone\u{2003}two \n\n  \u{3000}Three", Layout::Wrapped);
        let seen = Seen::new(&doc);
        let [one, two] = [0, 1].map(BlockIx::from);
        assert_eq!([seen.words(one), seen.words(two)], ["   The\n\tone two", "   Three"]);
        let found = |block: BlockIx, words: &str| {
            let at = seen.words(block).find(words).unwrap();
            doc.words(seen.range(&doc, block, at..at + words.len()))
        };
        assert_eq!(found(one, "   "), "");
        assert_eq!(found(one, "  The"), "The");
        assert_eq!(found(one, "The\n\tone"), "The \n\tone");
        assert_eq!(found(one, "one two"), "one\u{2003}two");
        assert_eq!(found(one, "two"), "two");
        assert_eq!(found(two, "hree"), "hree");
        assert_eq!(
            seen.range(&doc, two, 0..2),
            TextRange::new(doc.blocks[two].text.start, doc.blocks[two].text.start)
        );
    }
}
