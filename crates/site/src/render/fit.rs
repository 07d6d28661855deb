//! How the margin fits beside the text: which notes are folded to a line, and where
//! a text of very many notes is cut into stretches.
//!
//! On a wide screen the theme places each note beside its words, or under the
//! note before it. One rule says which of them stand open, so that a reader can
//! guess it: the notes of a paragraph do if all of them fit beside it, none pushed from
//! its words and none reaching the next note; if not, each is one line. Their heights are
//! estimated here, in the measures of the default theme. An estimate that is wrong costs a
//! little space: nothing depends on it being right, since the theme keeps notes from
//! overlapping whatever their heights.

use std::collections::BTreeMap;

use typed_index_collections::{TiSlice, TiVec};

use postil_anchor::document::Document;
use postil_anchor::overlay::{Node, Overlay, Unit};
use postil_archive::index::ItemIx;

/// How a note is shown where there is a margin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Beside its words, whole.
    #[default]
    Whole,
    /// Beside its words, folded to a line.
    Folded,
    /// After its paragraph: its stretch has no room for it in the margin.
    After,
}

/// How much a note holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bulk {
    /// Width of its body and of who wrote it, in columns (see [`columns`]).
    pub(crate) body: usize,
    /// The same, of the lines set smaller.
    pub(crate) byline: usize,
}

/// Columns in a line of the text, and of the margin: a little less than usual,
/// for readers whose faces run wide.
const LINE: usize = 64;
const NARROW: usize = 32;
/// Heights in pixels.
const TEXT: usize = 30;
const NOTE: usize = 22;
const HEAD: usize = 26;
const SPACE: usize = 20;
const LABEL: usize = 60;
const FOLD: usize = 66;

/// A folded note.
const ROW: usize = 31;
/// How far below its words a note may begin and still be beside them.
const SLIP: usize = 12;
/// A note that would still begin this far below its words stands after its paragraph instead,
/// and with it the later ones of that paragraph: more than a window away it is not beside them.
const FAR: usize = 1200;
/// Height of what stands below a text at the least: what hangs below the last words has the margin of it.
const FOOT: usize = 420;

/// With more items than this, a text is cut into stretches: a browser's work to
/// place notes under each other grows with the square of their number.
const MANY: usize = 200;
/// Items after which a stretch ends at the next heading, and at the latest.
const ENOUGH: usize = 60;
const FULL: usize = 120;

/// The width of some words: one for a letter, two for an ideograph.
pub(crate) fn columns(words: &str) -> usize {
    words.chars().map(|c| if ('\u{2e80}'..'\u{fe10}').contains(&c) { 2 } else { 1 }).sum()
}

/// A list of nodes, cut where a stretch begins and ends.
pub(crate) enum Piece<'a> {
    /// Nodes whose notes stand in one margin.
    Stretch(&'a [Node]),
    /// A node that is in no stretch, or holds several.
    Node(&'a Node),
}

/// Where everything stands that the margin needs to know.
pub(crate) struct Fit<'a> {
    doc: &'a Document,
    overlay: &'a Overlay,
    /// First block of a unit to its items, in their order.
    by_unit: &'a BTreeMap<u32, Vec<ItemIx>>,
}

impl<'a> Fit<'a> {
    /// Items by the first block of their unit.
    pub(crate) fn new(
        doc: &'a Document,
        overlay: &'a Overlay,
        by_unit: &'a BTreeMap<u32, Vec<ItemIx>>,
    ) -> Self {
        Self { doc, overlay, by_unit }
    }

    /// How each item is shown.
    pub(crate) fn shapes(&self, bulks: &TiSlice<ItemIx, Bulk>) -> TiVec<ItemIx, Shape> {
        let mut walk = Walk { fit: self, y: 0, placed: Vec::new(), ends: Vec::new() };
        walk.pieces(&self.overlay.nodes, false);
        walk.ends.push((walk.placed.len(), walk.y + FOOT));
        let mut shapes: TiVec<ItemIx, Shape> = vec![Shape::Whole; bulks.len()].into();
        let mut from = 0;
        for (to, end) in walk.ends {
            stack(&walk.placed[from..to], bulks, end, &mut shapes);
            from = to;
        }
        shapes
    }

    /// The items within some nodes.
    fn count(&self, nodes: &[Node]) -> usize {
        let one = |node: &Node| match node {
            Node::Unit(unit) => self.by_unit.get(&unit.blocks[0]).map_or(0, Vec::len),
            Node::Fold { .. } => 0,
            Node::Group { nodes, .. } | Node::Pair(nodes) | Node::Form { nodes, .. } => self.count(nodes),
        };
        nodes.iter().map(one).sum()
    }

    /// Cuts a list of nodes: into one piece a node if the text has few notes or
    /// lies in a stretch already.
    pub(crate) fn pieces<'n>(&self, nodes: &'n [Node], inside: bool) -> Vec<Piece<'n>> {
        if inside || self.overlay.notes() <= MANY {
            return nodes.iter().map(Piece::Node).collect();
        }
        let mut out = Vec::new();
        let (mut from, mut held) = (0, 0);
        for (i, node) in nodes.iter().enumerate() {
            let alone = std::slice::from_ref(node);
            let here = self.count(alone);
            let heads = matches!(node, Node::Unit(unit) if self.heads(unit));
            let full = held + here > FULL || (held >= ENOUGH && heads);
            if full && held > 0 && self.may_cut(node) {
                out.push(Piece::Stretch(&nodes[from..i]));
                (from, held) = (i, 0);
            }
            let inner = matches!(node, Node::Group { .. } | Node::Pair(_) | Node::Form { .. });
            if here > FULL && inner {
                if from < i {
                    out.push(Piece::Stretch(&nodes[from..i]));
                }
                out.push(Piece::Node(node));
                (from, held) = (i + 1, 0);
            } else {
                held += here;
            }
        }
        if from < nodes.len() {
            out.push(Piece::Stretch(&nodes[from..]));
        }
        out
    }

    /// Whether a paragraph is short and alone: a heading, whatever the structure says of it.
    fn heads(&self, unit: &Unit) -> bool {
        let block = self.doc.block(unit.blocks[0]);
        unit.blocks.len() == 1 && block.is_some_and(|b| columns(self.doc.words(b.text)) < LINE)
    }

    /// A list or quotation of the text is not to be cut in two.
    fn may_cut(&self, node: &Node) -> bool {
        match node {
            Node::Unit(unit) => self.doc.block(unit.blocks[0]).is_none_or(|b| b.containers.is_empty()),
            _ => true,
        }
    }
}

/// An item of the margin, the height of its words, and the first block of its unit.
#[derive(Debug, Clone, Copy)]
struct Placed {
    item: ItemIx,
    y: usize,
    unit: u32,
}

/// Goes down the page with a ruler.
struct Walk<'a, 'b> {
    fit: &'b Fit<'a>,
    y: usize,
    /// In the order of the page.
    placed: Vec<Placed>,
    /// After how many of them a stretch ends, and at which height.
    ends: Vec<(usize, usize)>,
}

impl Walk<'_, '_> {
    fn pieces(&mut self, nodes: &[Node], inside: bool) {
        for piece in self.fit.pieces(nodes, inside) {
            match piece {
                Piece::Stretch(nodes) => {
                    self.ends.push((self.placed.len(), self.y));
                    self.pieces(nodes, true);
                    self.ends.push((self.placed.len(), self.y));
                }
                Piece::Node(node) => self.node(node, inside),
            }
        }
    }

    fn node(&mut self, node: &Node, inside: bool) {
        match node {
            Node::Unit(unit) => self.unit(unit),
            Node::Fold { .. } => self.y += FOLD,
            Node::Group { nodes, .. } => {
                self.y += LABEL;
                self.pieces(nodes, inside);
            }
            Node::Pair(nodes) | Node::Form { nodes, .. } => self.pieces(nodes, inside),
        }
    }

    fn unit(&mut self, unit: &Unit) {
        let doc = self.fit.doc;
        self.y += TEXT / 2;
        let items = self.fit.by_unit.get(&unit.blocks[0]).map_or(&[][..], Vec::as_slice);
        let mut next = items.iter().peekable();
        let mut before = 0;
        for block in unit.blocks.iter().filter_map(|number| doc.block(*number)) {
            let mut at = block.text.start;
            // Items come in the order of their last words, so each word is measured once.
            while let Some(&item) = next.next_if(|i| self.fit.overlay.items[**i].last_block == block.number) {
                let places = &self.fit.overlay.items[item].places;
                let end = places.iter().map(postil_anchor::anchor::Passage::end).max().unwrap_or(at);
                let end = end.clamp(at, block.text.end);
                before += columns(&doc.visible[at..end]);
                at = end;
                let y = self.y + before.saturating_sub(1) / LINE * TEXT;
                self.placed.push(Placed { item, y, unit: unit.blocks[0] });
            }
            before += columns(&doc.visible[at..block.text.end]);
        }
        self.placed.extend(next.map(|&item| Placed { item, y: self.y, unit: unit.blocks[0] }));
        self.y += before.div_ceil(LINE).max(1) * TEXT;
    }
}

/// Stands the notes of one margin under each other and says how each is shown.
fn stack(placed: &[Placed], bulks: &TiSlice<ItemIx, Bulk>, end: usize, shapes: &mut TiSlice<ItemIx, Shape>) {
    let (mut bottom, mut seen) = (0, 0);
    for paragraph in placed.chunk_by(|a, b| a.unit == b.unit) {
        seen += paragraph.len();
        let next = placed.get(seen).map_or(end, |next| next.y);
        let mut at = bottom;
        let beside = paragraph.iter().all(|note| {
            let top = note.y.max(at);
            at = top + height(bulks[note.item]);
            top <= note.y + SLIP
        });
        if beside && at <= next {
            paragraph.iter().for_each(|note| shapes[note.item] = Shape::Whole);
            bottom = at;
            continue;
        }
        let mut full = false;
        for note in paragraph {
            let top = note.y.max(bottom);
            full |= top > note.y + FAR || top + ROW > end;
            shapes[note.item] = if full { Shape::After } else { Shape::Folded };
            bottom = if full { bottom } else { top + ROW };
        }
    }
}

/// A note, whole.
fn height(bulk: Bulk) -> usize {
    let lines = |columns: usize| columns.div_ceil(NARROW);
    HEAD + (lines(bulk.body) + lines(bulk.byline)) * NOTE + SPACE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(placed: &[usize], bodies: &[usize], end: usize) -> Vec<Shape> {
        let placed: Vec<_> = placed
            .iter()
            .enumerate()
            .map(|(item, &y)| Placed { item: item.into(), y, unit: y as u32 / 1000 })
            .collect();
        let bulks: TiVec<ItemIx, Bulk> =
            bodies.iter().map(|&body| Bulk { body, ..Bulk::default() }).collect();
        let mut out: TiVec<ItemIx, Shape> = vec![Shape::Whole; bodies.len()].into();
        stack(&placed, &bulks, end, &mut out);
        out.raw
    }

    #[test]
    fn the_notes_of_a_paragraph_stand_open_if_all_of_them_fit() {
        use Shape::{Folded, Whole};
        #[track_caller]
        fn check(placed: &[usize], bodies: &[usize], expected: &[Shape]) {
            assert_eq!(shapes(placed, bodies, 1_000_000), expected);
        }
        check(&[0], &[900], &[Whole]);
        check(&[0, 1000], &[900, 900], &[Whole, Whole]);
        // The second of a paragraph would be pushed from its words.
        check(&[0, 100], &[900, 300], &[Folded, Folded]);
        check(&[0, 100], &[60, 300], &[Whole, Whole]);
        // It reaches the note of the next paragraph, which has room itself.
        check(&[900, 1000], &[300, 300], &[Folded, Whole]);
    }

    #[test]
    fn what_would_stand_too_far_from_its_words_stands_after_their_paragraph() {
        let crowd = shapes(&[0; 60], &[30; 60], 1_000_000);
        let kept = crowd.iter().filter(|shape| **shape == Shape::Folded).count();
        assert!((30..45).contains(&kept), "{kept}");
        assert!(crowd[kept..].iter().all(|shape| *shape == Shape::After), "in their order");
        // The next paragraph has its margin again.
        let mut two = vec![0; 60];
        two.push(2000);
        assert_eq!(shapes(&two, &[30; 61], 1_000_000)[60], Shape::Whole);
    }

    #[test]
    fn what_would_hang_over_the_end_of_a_stretch_is_folded_or_goes_after_its_paragraph() {
        use Shape::{After, Folded, Whole};
        #[track_caller]
        fn check(placed: &[usize], bodies: &[usize], end: usize, expected: &[Shape]) {
            assert_eq!(shapes(placed, bodies, end), expected);
        }
        check(&[0], &[300], 2000, &[Whole]);
        check(&[1900], &[300], 2000, &[Folded]);
        check(&[1990], &[300], 2000, &[After]);
        check(&[0, 1900], &[300, 300], 2000, &[Whole, Folded]);
    }
}
