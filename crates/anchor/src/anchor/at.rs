//! `at`: blocks by number, or by line of the file.

use crate::annotation::{BlockRange, Located, Selector};
use crate::document::{Block, Document};
use postil_archive::index::BlockIx;

/// First and last number of blocks that follow each other.
pub(super) type Run = (u32, u32);

/// Why `at` names no blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtError {
    /// There is no block of this number.
    NoBlock(u32),
    /// The range ends before it begins.
    Backwards,
    /// The line is empty, or the file has no such line: line, block before, block after.
    NoLine(u32, Option<u32>, Option<u32>),
}

/// The blocks of a selector's `at`, sorted, runs that touch made one.
pub(super) fn runs(doc: &Document, selector: &Selector) -> Result<Vec<Run>, (Located<BlockRange>, AtError)> {
    let mut runs = Vec::with_capacity(selector.at.len());
    for at in &selector.at {
        runs.push(run(doc, at.value).map_err(|error| (at.clone(), error))?);
    }
    runs.sort_unstable();
    runs.dedup_by(|next, run| {
        let touches = next.0 <= run.1.saturating_add(1);
        if touches {
            run.1 = run.1.max(next.1);
        }
        touches
    });
    Ok(runs)
}

pub(super) fn run(doc: &Document, range: BlockRange) -> Result<Run, AtError> {
    match range {
        BlockRange::Blocks(first, last) => {
            let missing = [first, last].into_iter().find(|&number| doc.block(number).is_none());
            match missing {
                Some(number) => Err(AtError::NoBlock(number)),
                None if first > last => Err(AtError::Backwards),
                None => Ok((first, last)),
            }
        }
        BlockRange::Lines(first, last) if first > last => Err(AtError::Backwards),
        BlockRange::Lines(first, last) => Ok((line(doc, first)?.number, line(doc, last)?.number)),
    }
}

/// The block that a line is part of.
fn line(doc: &Document, line: u32) -> Result<&Block, AtError> {
    let next = doc.blocks.partition_point(|block| block.lines.1 < line);
    let number = |i: Option<BlockIx>| Some(doc.blocks.get(i?)?.number);
    match doc.blocks.get(next) {
        Some(block) if block.lines.0 <= line => Ok(block),
        _ => Err(AtError::NoLine(line, number(next.before()), number(Some(next)))),
    }
}
