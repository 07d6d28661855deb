//! Long texts are cut into segments, each worth one place in the ranking.
//!
//! A segment is ranked as a whole, and the paragraphs to show are found by
//! reading it: nearly as exact as ranking paragraphs, at half the size.
//!
//! Where a text is cut depends on the record's words and structure alone,
//! never on notes, so that a note cannot renumber the segments behind it.

use crate::Block;

/// From this many bytes of text on, a segment ends where a part of the text begins.
const ENOUGH: usize = 8 * 1024;
/// More than this many bytes are not put into one segment.
const TOO_MUCH: usize = 16 * 1024;

/// A stretch of a text.
#[derive(Debug, Default)]
pub struct Segment<'a> {
    /// Its pieces, in order.
    pub pieces: Vec<Piece<'a>>,
    /// Bytes of its text.
    pub bytes: usize,
}

/// A block, or a part of one too long for a segment.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// The block.
    pub block: &'a Block,
    /// The words as they stand.
    pub text: &'a str,
    /// The words as corrected; empty if they do not differ.
    pub corrected: &'a str,
    /// Whether the block's notes are told here.
    pub with_notes: bool,
}

/// Cuts a text; there is always at least one segment.
pub fn segments(blocks: &[Block]) -> Vec<Segment<'_>> {
    let mut segments = vec![Segment::default()];
    for block in blocks {
        for (i, piece) in pieces(block).into_iter().enumerate() {
            let bytes = piece.text.len().max(piece.corrected.len());
            let last = segments.last_mut().expect("there is one from the start");
            let opens = block.opens && i == 0 && last.bytes >= ENOUGH;
            if !last.pieces.is_empty() && (opens || last.bytes + bytes > TOO_MUCH) {
                segments.push(Segment { pieces: vec![piece], bytes });
            } else {
                last.pieces.push(piece);
                last.bytes += bytes;
            }
        }
    }
    segments
}

/// A block in one piece, unless it is longer than a segment may be.
fn pieces(block: &Block) -> Vec<Piece<'_>> {
    let corrected = block.corrected.as_deref().unwrap_or_default();
    if block.text.len().max(corrected.len()) <= TOO_MUCH {
        return vec![Piece { block, text: &block.text, corrected, with_notes: true }];
    }
    let plain = Piece { block, text: "", corrected: "", with_notes: false };
    let texts = cut(&block.text).map(|text| Piece { text, ..plain });
    let corrections = cut(corrected).map(|corrected| Piece { corrected, ..plain });
    let mut pieces: Vec<_> = texts.chain(corrections).collect();
    pieces[0].with_notes = true;
    pieces
}

/// Cuts at white space where there is any.
fn cut(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let mut end = TOO_MUCH.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if end < text.len() {
            end = text[..end].rfind(char::is_whitespace).filter(|&space| space > 0).unwrap_or(end);
        }
        let (piece, rest) = text.split_at(end);
        text = rest;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks given as their size in KB (`+` if a part begins there), segments as the sizes in each.
    fn check(input: &[&str], expected: &[&[usize]]) {
        let blocks: Vec<Block> = input
            .iter()
            .map(|size| Block {
                opens: size.starts_with('+'),
                text: "word ".repeat(size.trim_start_matches('+').parse::<usize>().unwrap() * 1024 / 5),
                ..Block::default()
            })
            .collect();
        let cut: Vec<Vec<usize>> = segments(&blocks)
            .iter()
            .map(|s| s.pieces.iter().map(|p| p.text.len().div_ceil(1024)).collect())
            .collect();
        assert_eq!(cut, expected, "{input:?}");
    }

    #[test]
    fn texts_are_cut_at_parts_and_at_size() {
        check(&[], &[&[]]);
        check(&["1"], &[&[1]]);
        check(&["4", "+4", "+1"], &[&[4, 4, 1]]);
        check(&["4", "+5", "+1"], &[&[4, 5], &[1]]);
        check(&["7", "7", "7"], &[&[7, 7], &[7]]);
        check(&["15", "15"], &[&[15], &[15]]);
        check(&["39"], &[&[16], &[16], &[8]]);
        check(&["1", "39", "1"], &[&[1], &[16], &[16], &[8, 1]]);
    }

    #[test]
    fn nothing_of_a_long_block_is_lost() {
        for unit in ["word ", "é", "中", "x"] {
            let text = unit.repeat(30_000);
            let block =
                Block { text: text.clone(), corrected: Some(text.to_uppercase()), ..Block::default() };
            let cut = pieces(&block);
            assert_eq!(cut.iter().map(|p| p.text).collect::<String>(), text);
            assert_eq!(cut.iter().map(|p| p.corrected).collect::<String>(), text.to_uppercase());
            assert_eq!(cut.iter().filter(|p| p.with_notes).count(), 1);
            assert!(cut.iter().all(|p| p.text.len() <= TOO_MUCH && p.corrected.len() <= TOO_MUCH));
        }
    }
}
