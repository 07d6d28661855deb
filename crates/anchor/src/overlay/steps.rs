//! The steps that write one block: what opens, what closes, which words, which markers.
//!
//! From the outside in: part of a structure row, inline elements of Markdown,
//! a correction, a term, a correction inside the term, the marks of notes,
//! furniture. An outer layer cuts an inner one, never the other way round.

use crate::anchor::Anchored;
use crate::document::{Block, Document, Picture, TextRange};
use postil_archive::index::{CorrectionIx, InlineIx, ItemIx, PointIx, RowIx, UseIx};
use typed_index_collections::TiSlice;

use super::{Item, ItemKind, Overlay, hulls};

/// One step of writing a block. Opens and closes match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Something begins.
    Open(What),
    /// What was opened last ends.
    Close(What),
    /// Words of the visible text.
    Text(TextRange),
    /// The marker of a note: index in [`Overlay::items`].
    Marker(ItemIx),
    /// The number of a footnote of a Markdown text.
    Footnote(u32),
    /// A picture of a Markdown text: index in [`Document::pictures`].
    Picture(usize),
    /// The sign of a correction: index in [`Anchored::corrections`].
    Sic(CorrectionIx),
    /// A point: index in [`Anchored::points`].
    Point(PointIx),
}

/// What a step opens or closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Part of a block that a row covers: index as [`Anchored::placed`] counts.
    Part(RowIx),
    /// An inline element: index in [`Document::inlines`].
    Inline(InlineIx),
    /// A correction: index in [`Anchored::corrections`]; whether the reading
    /// stands here (a correction over two blocks has it once); the marks that
    /// touch it.
    Correction {
        /// Index in [`Anchored::corrections`].
        index: CorrectionIx,
        /// Whether the corrected reading is to stand here.
        reads: bool,
        /// Items whose marks touch it.
        items: Vec<ItemIx>,
    },
    /// A use of a term: index in [`Anchored::uses`]; whether this is its first piece.
    Term {
        /// Index in [`Anchored::uses`].
        index: UseIx,
        /// Whether this is the first piece of the use.
        first: bool,
    },
    /// Words that notes and ends of links stand on.
    Mark(Mark),
    /// Furniture inside a block.
    Furniture,
}

/// A stretch on which the same items stand; cut so that stretches do not overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it covers.
    pub range: TextRange,
    /// The items, sorted.
    pub items: Vec<ItemIx>,
}

/// Everything that lies over the text, each list sorted by start.
#[derive(Debug)]
pub(super) struct Layers {
    parts: Vec<Piece<RowIx>>,
    corrections: Vec<Piece<CorrectionIx>>,
    terms: Vec<Piece<UseIx>>,
    marks: Vec<Mark>,
    furniture: Vec<TextRange>,
    /// (where, item), sorted.
    markers: Vec<(usize, ItemIx)>,
    /// Points with the bytes before which they stand, sorted.
    points: Vec<(PointIx, usize)>,
}

#[derive(Debug, Clone, Copy)]
struct Piece<I> {
    range: TextRange,
    index: I,
    /// First piece of its passage.
    first: bool,
}

impl Layers {
    pub(super) fn new(doc: &Document, anchored: &Anchored, items: &TiSlice<ItemIx, Item>) -> Self {
        let rows = anchored.structure.iter_enumerated();
        let parts = rows.filter(|(_, row)| row.blocks.is_none()).map(|(i, row)| (i, &row.place));
        let over = anchored
            .parts
            .iter()
            .zip(anchored.structure.len()..)
            .map(|(row, i)| (RowIx::from(i), &row.place));
        let corrections = anchored.corrections.iter_enumerated().map(|(i, row)| (i, &row.place));
        let uses = anchored.uses.iter_enumerated().map(|(i, u)| (i, &u.passage));
        let mut markers: Vec<_> = items
            .iter_enumerated()
            .filter(|(_, item)| matches!(item.kind, ItemKind::Note(_)))
            .map(|(i, item)| (item.places.iter().map(crate::anchor::Passage::end).max().unwrap_or(0), i))
            .collect();
        markers.sort_unstable();
        Self {
            parts: pieces(doc, parts.chain(over)),
            points: anchored.points.iter_enumerated().map(|(i, point)| (i, point.at)).collect(),
            corrections: pieces(doc, corrections),
            terms: pieces(doc, uses),
            marks: cut(items),
            furniture: anchored.furniture.iter().map(|h| h.range).collect(),
            markers,
        }
    }
}

fn pieces<'a, I: Copy + Ord>(
    doc: &Document,
    passages: impl Iterator<Item = (I, &'a crate::anchor::Passage)>,
) -> Vec<Piece<I>> {
    let mut out: Vec<Piece<I>> = Vec::new();
    for (index, passage) in passages {
        for (i, range) in hulls(doc, passage).into_iter().enumerate() {
            out.push(Piece { range, index, first: i == 0 });
        }
    }
    // Where two begin together the longer is outside.
    out.sort_by(|a, b| (a.range.start, b.range.end, a.index).cmp(&(b.range.start, a.range.end, b.index)));
    out
}

/// Cuts overlapping items into stretches on which the same items stand.
fn cut(items: &TiSlice<ItemIx, Item>) -> Vec<Mark> {
    let mut edges: Vec<(usize, bool, ItemIx)> = Vec::new();
    for (i, item) in items.iter_enumerated() {
        for range in item.places.iter().flat_map(|p| &p.ranges) {
            edges.push((range.start, true, i));
            edges.push((range.end, false, i));
        }
    }
    // At one place ends come before beginnings (false sorts before true).
    edges.sort_unstable();
    let mut open: Vec<ItemIx> = Vec::new();
    let mut out: Vec<Mark> = Vec::new();
    let mut from = 0;
    for (at, begins, item) in edges {
        if at > from && !open.is_empty() {
            let mut items = open.clone();
            items.sort_unstable();
            items.dedup();
            let range = TextRange::new(from, at);
            match out.last_mut() {
                Some(last) if last.range.end == from && last.items == items => last.range.end = at,
                _ => out.push(Mark { range, items }),
            }
        }
        from = at;
        if begins {
            open.push(item);
        } else if let Some(i) = open.iter().position(|&o| o == item) {
            open.remove(i);
        }
    }
    out
}

/// The part of a list sorted by start that begins inside a block.
fn within<T>(list: &[T], block: TextRange, start: impl Fn(&T) -> usize) -> &[T] {
    let from = list.partition_point(|t| start(t) < block.start);
    let to = list.partition_point(|t| start(t) < block.end);
    &list[from..to.max(from)]
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Layer {
    range: TextRange,
    rank: u8,
    what: What,
}

impl Overlay {
    /// The steps that write a block.
    pub fn steps(&self, doc: &Document, block: &Block) -> Vec<Step> {
        self.pieces(doc, block, &[block.text]).pop().unwrap_or_default()
    }

    /// The steps that write a block, piece by piece: each of them is whole in itself. Pieces are in
    /// order, and together the block; what goes on from one to the next is closed and opened again.
    pub fn pieces(&self, doc: &Document, block: &Block, pieces: &[TextRange]) -> Vec<Vec<Step>> {
        let layers = self.layers_of(doc, block.text);
        let mut next = 0;
        let mut going: Vec<Layer> = Vec::new();
        let mut out = Vec::with_capacity(pieces.len());
        for (i, &piece) in pieces.iter().enumerate() {
            going.retain(|layer| layer.range.end > piece.start);
            let beginning = layers[next..].iter().take_while(|layer| layer.range.start < piece.end).count();
            let mut here: Vec<Layer> = going.iter().map(|layer| layer.cut(piece, true)).collect();
            let new = &layers[next..next + beginning];
            here.extend(new.iter().map(|layer| layer.cut(piece, false)));
            going.extend(new.iter().filter(|layer| layer.range.end > piece.end).cloned());
            next += beginning;
            sort(&mut here);
            // A marker stands at the end of its last words, so at the piece's end too.
            let from = self.layers.markers.partition_point(|m| m.0 <= piece.start);
            let last = i + 1 == pieces.len();
            let end = if last { block.text.end } else { piece.end };
            let to = self.layers.markers.partition_point(|m| m.0 <= end);
            let markers = &self.layers.markers[from..to.max(from)];
            let points = within(&self.layers.points, piece, |point| point.1);
            // A reference stands behind its word: one at the very beginning of a piece is of the piece before.
            let first = doc.marks.partition_point(|mark| mark.0 < piece.start + usize::from(i > 0));
            let after = doc.marks.partition_point(|mark| mark.0 <= end);
            // A picture stands before its description: one at the very end of a piece is of the next.
            let pictured = doc.pictures.partition_point(|picture| picture.at < piece.start);
            let to = if last { block.text.end + 1 } else { piece.end };
            let pictures = pictured..doc.pictures.partition_point(|picture| picture.at < to).max(pictured);
            let writer = Writer {
                layers: &here,
                markers,
                pictures: &doc.pictures[..pictures.end],
                pictured: pictures.start,
                notes: &doc.marks[first..after.max(first)],
                points,
                open: Vec::new(),
                waiting: Vec::new(),
                steps: Vec::new(),
            };
            out.push(writer.write(piece));
        }
        out
    }

    fn layers_of(&self, doc: &Document, block: TextRange) -> Vec<Layer> {
        let mut out = Vec::new();
        let all = &self.layers;
        for p in within(&all.parts, block, |p| p.range.start) {
            out.push(Layer { range: p.range, rank: 0, what: What::Part(p.index) });
        }
        let from = doc.inlines.partition_point(|i| i.text.start < block.start);
        for (i, inline) in
            doc.inlines.iter_enumerated().skip(from.into()).take_while(|(_, i)| i.text.start < block.end)
        {
            out.push(Layer { range: inline.text, rank: 1, what: What::Inline(i) });
        }
        let terms = within(&all.terms, block, |p| p.range.start);
        let marks = within(&all.marks, block, |m| m.range.start);
        for p in within(&all.corrections, block, |p| p.range.start) {
            let t = terms.partition_point(|t| t.range.start <= p.range.start);
            let inside = t.checked_sub(1).is_some_and(|t| terms[t].range.holds(p.range));
            let touching = touching(marks, p.range);
            out.push(Layer {
                range: p.range,
                rank: if inside { 4 } else { 2 },
                what: What::Correction { index: p.index, reads: p.first, items: touching },
            });
        }
        for p in terms {
            out.push(Layer { range: p.range, rank: 3, what: What::Term { index: p.index, first: p.first } });
        }
        for m in marks {
            out.push(Layer { range: m.range, rank: 5, what: What::Mark(m.clone()) });
        }
        for range in within(&all.furniture, block, |r| r.start) {
            out.push(Layer { range: *range, rank: 6, what: What::Furniture });
        }
        out.retain(|l| !l.range.is_empty());
        sort(&mut out);
        out
    }
}

/// By where they begin; of those that begin together the outer ones first.
fn sort(layers: &mut [Layer]) {
    layers.sort_by(|a, b| (a.range.start, a.rank, b.range.end).cmp(&(b.range.start, b.rank, a.range.end)));
}

impl Layer {
    /// What of it lies in a piece; the reading of a correction stands in its first.
    fn cut(&self, piece: TextRange, goes_on: bool) -> Self {
        let mut cut = Self { range: self.range.meet(piece), ..self.clone() };
        if let What::Correction { reads, .. } = &mut cut.what {
            *reads &= !goes_on;
        }
        cut
    }
}

fn touching(marks: &[Mark], range: TextRange) -> Vec<ItemIx> {
    let mut items: Vec<ItemIx> = marks
        .iter()
        .filter(|m| m.range.start < range.end && range.start < m.range.end)
        .flat_map(|m| m.items.iter().copied())
        .collect();
    items.sort_unstable();
    items.dedup();
    items
}

struct Writer<'a> {
    /// Sorted by start.
    layers: &'a [Layer],
    markers: &'a [(usize, ItemIx)],
    /// Points that are still to come, and where they stand.
    points: &'a [(PointIx, usize)],
    /// Pictures up to the last of the piece, and how many of them stand already.
    pictures: &'a [Picture],
    pictured: usize,
    /// References to footnotes: where, and the number.
    notes: &'a [(usize, u32)],
    /// Indices of open layers, outermost first.
    open: Vec<usize>,
    /// Signs that wait until no term, link or correction is open.
    waiting: Vec<Step>,
    steps: Vec<Step>,
}

impl Writer<'_> {
    fn write(mut self, block: TextRange) -> Vec<Step> {
        let mut next = 0;
        let mut marker = 0;
        let mut at = block.start;
        loop {
            self.close_until(at);
            while let Some(&(_, item)) = self.markers.get(marker).filter(|m| m.0 <= at) {
                self.waiting.push(Step::Marker(item));
                marker += 1;
            }
            while let Some(&(_, number)) = self.notes.first().filter(|(place, _)| *place <= at) {
                self.waiting.push(Step::Footnote(number));
                self.notes = &self.notes[1..];
            }
            while self.pictures.get(self.pictured).is_some_and(|picture| picture.at <= at) {
                self.waiting.push(Step::Picture(self.pictured));
                self.pictured += 1;
            }
            while let Some(&(point, _)) = self.points.first().filter(|(_, place)| *place <= at) {
                self.waiting.push(Step::Point(point));
                self.points = &self.points[1..];
            }
            let beginning = self.layers[next..].iter().take_while(|l| l.range.start <= at).count();
            if !self.goes_on(&self.layers[next..next + beginning]) {
                self.flush();
            }
            if at >= block.end {
                break;
            }
            for layer in next..next + beginning {
                self.open(layer);
            }
            next += beginning;
            self.flush();
            let starts = self.layers.get(next).map(|l| l.range.start);
            let ends = self.open.iter().map(|&l| self.layers[l].range.end);
            let signs = self.markers.get(marker).map(|m| m.0);
            let to = ends
                .chain(starts)
                .chain(signs)
                .chain(self.points.first().map(|(_, place)| *place))
                .chain(self.notes.first().map(|(place, _)| *place))
                .chain(self.pictures.get(self.pictured).map(|picture| picture.at))
                .chain([block.end])
                .min()
                .unwrap_or(block.end)
                .min(block.end);
            if to > at {
                self.steps.push(Step::Text(TextRange::new(at, to)));
            }
            at = to;
        }
        self.steps
    }

    /// Whether all that begins is one mark that goes on with an item of the mark that has
    /// just ended: signs wait for it, so that the wash has no hole.
    fn goes_on(&self, beginning: &[Layer]) -> bool {
        match (self.steps.last(), beginning) {
            (Some(Step::Close(What::Mark(ended))), [Layer { what: What::Mark(next), .. }]) => {
                next.items.iter().any(|item| ended.items.contains(item))
            }
            _ => false,
        }
    }

    /// Opens a layer: what lies further in and goes on is closed before and opened again inside.
    fn open(&mut self, layer: usize) {
        let rank = self.layers[layer].rank;
        let keep = self.open.iter().position(|&o| self.layers[o].rank > rank).unwrap_or(self.open.len());
        let inner = self.open.split_off(keep);
        for &l in inner.iter().rev() {
            self.close(l);
        }
        for l in [layer].into_iter().chain(inner) {
            self.steps.push(Step::Open(self.layers[l].what.clone()));
            self.open.push(l);
        }
    }

    /// Closes what ends here; what lies further in and goes on is opened again.
    fn close_until(&mut self, at: usize) {
        let ended = |l: &usize| self.layers[*l].range.end <= at;
        let Some(first) = self.open.iter().position(ended) else { return };
        let inner = self.open.split_off(first);
        let mut again = Vec::new();
        for &l in inner.iter().rev() {
            self.close(l);
            if self.layers[l].range.end > at {
                again.push(l);
            } else if let What::Correction { index, reads: true, .. } = self.layers[l].what {
                self.waiting.push(Step::Sic(index));
            }
        }
        // Signs stand inside a mark that goes on, or its wash would have a hole there;
        // but before a term or a link that goes on, since they may not stand inside.
        for l in again.into_iter().rev() {
            if self.busy(l) {
                self.flush();
            }
            self.steps.push(Step::Open(self.layers[l].what.clone()));
            self.open.push(l);
        }
    }

    /// Writes that a layer ends; what held nothing is not written at all.
    fn close(&mut self, layer: usize) {
        let what = self.layers[layer].what.clone();
        match self.steps.last() {
            Some(Step::Open(opened)) if *opened == what => drop(self.steps.pop()),
            _ => self.steps.push(Step::Close(what)),
        }
    }

    /// Whether no sign may stand inside.
    fn busy(&self, layer: usize) -> bool {
        matches!(self.layers[layer].what, What::Term { .. } | What::Correction { .. } | What::Inline(_))
    }

    fn flush(&mut self) {
        if !self.open.iter().any(|&l| self.busy(l)) {
            self.steps.append(&mut self.waiting);
        }
    }
}
