//! What an apparatus leaves unsaid: blocks that no row covers, rows that find nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use typed_index_collections::TiSlice;

use crate::anchor::Anchored;
use crate::annotation::{Apparatus, Level, Selector, SharedFurniture, TermRowOn};
use crate::document::{Block, BlockKind, Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic};
use postil_archive::index::FurnitureIx;

/// Blocks that are neither furniture nor part of the structure, a remark for
/// each run of them. A text without any structure is left alone: nobody has
/// begun to edit it. So is one most of whose blocks no row covers: its rows are
/// those of headings, and there is none for plain paragraphs. What Markdown says
/// of a block itself needs no row.
pub fn uncovered(doc: &Document, anchored: &Anchored) -> Vec<Diagnostic> {
    if anchored.structure.is_empty() && !anchored.forms.iter().any(|formed| formed.by_row) {
        return Vec::new();
    }
    let mut covered: Vec<TextRange> =
        anchored.structure.iter().flat_map(|row| row.place.ranges.iter().copied()).collect();
    let whole = anchored.parts.iter().filter(|row| row.blocks.is_some());
    covered.extend(whole.flat_map(|row| row.place.ranges.iter().copied()));
    covered.extend(anchored.furniture.iter().map(|hidden| hidden.range));
    covered.extend(anchored.forms.iter().filter_map(|formed| Some(doc.block(formed.block)?.text)));
    covered.sort_unstable();
    let is_bare = |block: &&Block| {
        let is_plain = matches!(block.kind, BlockKind::Paragraph) && block.containers.is_empty();
        is_plain && bare(doc, block.text, &covered)
    };
    let all: Vec<&Block> = doc.blocks.iter().filter(is_bare).collect();
    if all.len() * 2 > doc.blocks.len() {
        return Vec::new();
    }
    let mut runs: Vec<(u32, u32, TextRange)> = Vec::new();
    for block in all {
        match runs.last_mut() {
            Some((_, last, _)) if *last + 1 == block.number => *last = block.number,
            _ => runs.push((block.number, block.number, block.text)),
        }
    }
    let remark = |(first, last, text): (u32, u32, TextRange)| {
        let which = if first == last { format!("p{first}") } else { format!("p{first}-p{last}") };
        Diagnostic::note(
            Code::BLOCK_UNCOVERED,
            doc.place(text),
            format!("no row of the structure covers {which}"),
        )
        .help(format!(
            "add a row with `at = \"{which}\"` to `structure` or `furniture` in the text's apparatus"
        ))
    };
    runs.into_iter().map(remark).collect()
}

/// Whether a block has words outside of all sorted ranges.
fn bare(doc: &Document, block: TextRange, covered: &[TextRange]) -> bool {
    let mut at = block.start;
    // Ranges do not cross blocks, so those before the block's start are not of it.
    let from = covered.partition_point(|range| range.start < block.start);
    for range in covered[from..].iter().take_while(|range| range.start < block.end) {
        if has_words(&doc.visible[at..range.start.max(at)]) {
            return true;
        }
        at = at.max(range.end);
    }
    has_words(&doc.visible[at.min(block.end)..block.end])
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Rows of folders whose patterns no text has; `found` are those that some text has: file, and where they stand.
pub fn unused_patterns(all: &[Apparatus], found: &BTreeSet<(Arc<str>, usize)>) -> Vec<Diagnostic> {
    let folders = all.iter().filter(|apparatus| apparatus.level == Level::Folder);
    let selectors = folders.flat_map(|apparatus| {
        let terms = apparatus.terms.iter().filter_map(|row| match &row.on {
            TermRowOn::Place(selector) => Some(selector),
            TermRowOn::Form(_) => None,
        });
        let furniture = apparatus.furniture.iter().map(|row| &row.selector);
        let joins = apparatus.joins.iter().map(|row| &row.selector);
        let corrections = apparatus.corrections.iter().map(|row| &row.selector);
        let structure = apparatus.structure.iter().map(|row| &row.selector);
        furniture.chain(joins).chain(corrections).chain(structure).chain(terms)
    });
    let unused = selectors.filter(|selector| {
        selector.pattern.is_some() && !found.contains(&(selector.source.path.clone(), selector.span.start))
    });
    let problem = |selector: &Selector| {
        Diagnostic::warning(Code::PATTERN_UNUSED, selector.place(), "this row finds nothing in any text")
            .help("remove it, or mend its expression")
    };
    unused.map(problem).collect()
}

/// Rows of `annotations/furniture.toml` that find nothing in any text; `found`
/// holds for each how often it was found in all of them.
pub fn unused(
    rows: &TiSlice<FurnitureIx, SharedFurniture>,
    found: &TiSlice<FurnitureIx, usize>,
) -> Vec<Diagnostic> {
    let unused = rows.iter().zip(found).filter(|(_, found)| **found == 0);
    unused
        .map(|(row, _)| {
            let place = row.row.selector.place();
            Diagnostic::warning(Code::FURNITURE_UNUSED, place, "this row finds nothing in any text")
                .help("remove it, or mend its words or `texts`")
        })
        .collect()
}
