//! The two streams: what a text says, with and without its furniture.
//!
//! Both are folded, and both lead back to the visible text of the [`Document`].
//! Quotations are looked for in the reading stream, so that a page number in
//! the middle of a sentence does not come between; and in the raw stream, so
//! that words pasted from the raw file are found too.

use super::Hidden;
use super::fold::{Folded, Folder, fold_with_map, is_blank};
use super::words::{cuts_word, is_cluster_edge};
use crate::document::{Document, TextRange};

/// The streams of one text.
#[derive(Debug)]
pub(super) struct Streams<'d> {
    /// The text.
    pub(super) doc: &'d Document,
    /// Its furniture: sorted, not overlapping.
    pub(super) hidden: Vec<Hidden>,
    /// The raw stream, if it is not the reading stream.
    pub(super) raw: Option<Folded>,
    /// The reading stream.
    pub(super) reading: Folded,
}

/// What is at an edge of a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EdgeKind {
    /// An end between words.
    Clean,
    /// An end inside a word or number.
    Word,
    /// An end inside what is one character to a reader.
    Cluster,
}

impl<'d> Streams<'d> {
    /// The streams of a text; `raw` is its folded raw stream, `glued` are blocks whose last word goes on
    /// in the next.
    pub(super) fn new(doc: &'d Document, raw: Folded, hidden: Vec<Hidden>, glued: &[u32]) -> Self {
        if hidden.is_empty() {
            return Self { doc, hidden, raw: None, reading: raw };
        }
        let mut folder = Folder::default();
        for piece in without_ends(doc, visible_pieces(doc, &hidden), glued) {
            folder.push(doc.words(piece), piece.start);
        }
        Self { doc, hidden, raw: Some(raw), reading: folder.finish() }
    }

    /// The reading stream with stretches of the visible text replaced;
    /// `replaced` is sorted and does not overlap.
    pub(super) fn with_replaced(&self, replaced: &[(TextRange, &str)]) -> Folded {
        let mut folder = Folder::default();
        let mut left = replaced.iter().peekable();
        for piece in visible_pieces(self.doc, &self.hidden) {
            let mut at = piece.start;
            while let Some((range, reading)) = left.next_if(|(range, _)| range.start < piece.end) {
                if at < range.start {
                    folder.push(&self.doc.visible[at..range.start], at);
                }
                folder.push_instead(reading, range.start, range.end);
                at = at.max(range.end);
            }
            if at < piece.end {
                folder.push(&self.doc.visible[at..piece.end], at);
            }
        }
        folder.finish()
    }

    /// The visible text that a stretch of a folded stream comes from.
    pub(super) fn source(stream: &Folded, start: usize, end: usize) -> TextRange {
        TextRange::new(stream.map.start(start), stream.map.end(end).max(stream.map.start(start)))
    }
}

/// What is at an end of a hit: byte `at` of a stream, byte `source` of the visible text.
pub(super) fn edge_kind(
    doc: &Document,
    stream: &Folded,
    at: usize,
    source: usize,
    whole_words: bool,
) -> EdgeKind {
    if whole_words && cuts_word(&stream.text, at) {
        EdgeKind::Word
    } else if stream.map.splits(at) || !is_cluster_edge(&doc.visible, source) {
        EdgeKind::Cluster
    } else {
        EdgeKind::Clean
    }
}

/// The raw stream of a text.
pub(super) fn raw(doc: &Document) -> Folded {
    fold_with_map(&doc.visible)
}

/// Pieces of visible text without the newline behind each of some blocks.
fn without_ends(doc: &Document, pieces: Vec<TextRange>, glued: &[u32]) -> Vec<TextRange> {
    let mut ends = glued.iter().filter_map(|&block| Some(doc.block(block)?.text.end)).peekable();
    let mut out = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        while let Some(end) = ends.next_if(|&end| end < piece.end) {
            if end >= piece.start {
                out.push(TextRange::new(piece.start, end));
                piece.start = end + 1;
            }
        }
        out.push(piece);
    }
    out.retain(|piece| !piece.is_empty());
    out
}

/// The visible text without furniture; a block with nothing left drops out with its newline.
fn visible_pieces(doc: &Document, hidden: &[Hidden]) -> Vec<TextRange> {
    let mut pieces = Vec::with_capacity(hidden.len() + 1);
    let mut gaps = hidden.iter().map(|hidden| hidden.range).peekable();
    let mut from = 0;
    for block in &doc.blocks {
        let (mut at, begin) = (block.text.start, pieces.len());
        let mut anything = false;
        let blank = |range: std::ops::Range<usize>| doc.visible[range].chars().all(is_blank);
        if gaps.peek().is_none_or(|gap| gap.start >= block.text.end) {
            continue;
        }
        let before = from;
        while let Some(gap) = gaps.next_if(|gap| gap.start < block.text.end) {
            anything |= !blank(at..gap.start);
            pieces.push(TextRange::new(from, gap.start));
            (at, from) = (gap.end, gap.end);
        }
        if !anything && blank(at..block.text.end) {
            pieces.truncate(begin);
            pieces.push(TextRange::new(before, block.text.start));
            from = (block.text.end + 1).min(doc.visible.len());
        }
    }
    pieces.push(TextRange::new(from, doc.visible.len()));
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
