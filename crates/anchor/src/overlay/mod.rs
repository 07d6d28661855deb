//! OVERLAY: places become marks that nest. Ranges only, no HTML.
//!
//! Comes in: a [`Document`] and where everything of it stands ([`Anchored`]).
//! Goes out: an [`Overlay`]: what stands in the margin, in the order of its
//! words ([`Item`]); the blocks as a tree of units, folds and groups
//! ([`Node`]); and for each block the steps that write it ([`Overlay::steps`]),
//! in which no element crosses another.
//!
//! This room knows no addresses and no HTML.

mod steps;
mod tree;

use std::collections::BTreeSet;

use crate::anchor::{Anchored, Passage};
use crate::annotation::Annotations;
use crate::document::{Document, TextRange};
use postil_archive::index::{EndIx, ItemIx, LinkIx, NoteIx};
use typed_index_collections::TiVec;

pub use steps::{Mark, Step, What};
pub use tree::{Node, Unit};

/// All the marks of one document, ready to be woven in.
#[derive(Debug)]
pub struct Overlay {
    /// The notes, in the order in which markers stand in the text, and after them the ends of links, in theirs.
    pub items: TiVec<ItemIx, Item>,
    /// The blocks, as they are grouped.
    pub nodes: Vec<Node>,
    layers: steps::Layers,
}

/// Something that stands on words: a note, or the end of a link. A note's number
/// on the page is its index plus one; ends have no numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its places, in reading order; never empty.
    pub places: Vec<Passage>,
    /// Block that holds its first words.
    pub first_block: u32,
    /// Block that holds its last words, its marker, and its body.
    pub last_block: u32,
}

/// What stands on words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A note: index in [`Annotations::notes`].
    Note(NoteIx),
    /// An end of a link: index in [`Annotations::links`], index of the end.
    End(LinkIx, EndIx),
}

impl Overlay {
    /// How many of the items are notes: the first ones.
    pub fn notes(&self) -> usize {
        self.items.raw.partition_point(|item| matches!(item.kind, ItemKind::Note(_)))
    }

    /// The links with an end here, each once: indices in [`Annotations::links`].
    pub fn links(&self) -> BTreeSet<LinkIx> {
        let link = |item: &Item| match item.kind {
            ItemKind::End(link, _) => Some(link),
            ItemKind::Note(_) => None,
        };
        self.items.iter().filter_map(link).collect()
    }
}

/// Lays everything over a document.
pub fn lay(doc: &Document, anchored: &Anchored, annotations: &Annotations) -> Overlay {
    let items = items(doc, anchored, annotations);
    let nodes = tree::build(doc, anchored);
    let layers = steps::Layers::new(doc, anchored, &items);
    Overlay { items, nodes, layers }
}

fn items(doc: &Document, anchored: &Anchored, annotations: &Annotations) -> TiVec<ItemIx, Item> {
    let notes = anchored
        .notes
        .iter()
        .filter(|(_, places)| !places.is_empty())
        .map(|(note, places)| (ItemKind::Note(*note), annotations.notes[*note].slug.as_str(), places));
    let ends = anchored.ends.iter().filter(|(_, _, places)| !places.is_empty()).map(|(link, end, places)| {
        (ItemKind::End(*link, *end), annotations.links[*link].slug.as_str(), places)
    });
    let mut found: Vec<_> = notes
        .chain(ends)
        .map(|(kind, slug, places)| {
            let start = places[0].start();
            let end = places.iter().map(Passage::end).max().unwrap_or(start);
            (end, start, slug, kind, places)
        })
        .collect();
    // By slug at last, so that order never depends on files read.
    found.sort_by(|a, b| {
        let rank = |kind: &ItemKind| matches!(kind, ItemKind::End(..));
        (rank(&a.3), a.0, a.1, a.2).cmp(&(rank(&b.3), b.0, b.1, b.2))
    });
    found
        .into_iter()
        .map(|(end, start, _, kind, places)| Item {
            kind,
            places: places.clone(),
            first_block: doc.block_at(start).number,
            last_block: doc.block_at(end.saturating_sub(1).max(start)).number,
        })
        .collect()
}

/// The hull of a passage in each block it touches, in order: furniture inside
/// it is bridged, so that one use of a term stays one element.
fn hulls(doc: &Document, passage: &Passage) -> Vec<TextRange> {
    let mut out: Vec<(u32, TextRange)> = Vec::new();
    for range in &passage.ranges {
        let block = doc.block_at(range.start).number;
        match out.last_mut() {
            Some((number, hull)) if *number == block => hull.end = range.end,
            _ => out.push((block, *range)),
        }
    }
    out.into_iter().map(|(_, range)| range).collect()
}

#[cfg(test)]
mod tests;
