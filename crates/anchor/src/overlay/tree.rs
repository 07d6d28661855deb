//! The blocks of a document as a tree: what is folded, joined, grouped.

use crate::anchor::{Anchored, Joined};
use crate::annotation::{Apparatus, Row, RowKind};
use crate::document::Document;

/// A piece of the page, in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// One paragraph as the reader sees it.
    Unit(Unit),
    /// Hidden blocks that follow each other, for one reason.
    Fold {
        /// Numbers of the blocks.
        blocks: Vec<u32>,
        /// Why they are folded.
        reason: String,
    },
    /// What a row of the structure covers: index in the apparatus.
    Group {
        /// Index in [`Apparatus::structure`].
        row: usize,
        /// What it holds.
        nodes: Vec<Node>,
    },
    /// Recommendations with the response to them.
    Pair(Vec<Node>),
}

/// One block, or the blocks of a join with the hidden ones between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Numbers of the blocks; more than one if joined.
    pub blocks: Vec<u32>,
    /// What joins them.
    pub glue: String,
}

/// A row that covers whole blocks.
#[derive(Debug, Clone, Copy)]
struct Span {
    row: usize,
    first: u32,
    last: u32,
}

pub(super) fn build(doc: &Document, anchored: &Anchored, apparatus: Option<&Apparatus>) -> Vec<Node> {
    let rows = apparatus.map_or(&[][..], |a| &a.structure);
    let mut spans: Vec<Span> = anchored
        .structure
        .iter()
        .filter(|(row, _)| rows[*row].selector.words.is_none())
        .map(|(row, place)| Span {
            row: *row,
            first: doc.block_at(place.start()).number,
            last: doc.block_at(place.end().saturating_sub(1).max(place.start())).number,
        })
        .collect();
    // A row may cover hidden blocks at its ends, which its passage does not show.
    for span in &mut spans {
        widen(span, &rows[span.row], doc);
    }
    spans.sort_by(|a, b| (a.first, b.last, a.row).cmp(&(b.first, a.last, b.row)));
    let builder = Builder { joins: &anchored.joins, hidden: hidden(doc, anchored), rows };
    let last = u32::try_from(doc.blocks.len()).unwrap_or(u32::MAX);
    builder.nodes(1, last, &spans)
}

fn widen(span: &mut Span, row: &Row, doc: &Document) {
    use crate::annotation::BlockRange;
    for at in &row.selector.at {
        let (first, last) = match at.value {
            BlockRange::Blocks(first, last) => (first, last),
            BlockRange::Lines(first, last) => {
                let Some(a) = doc.blocks.iter().find(|b| b.lines.1 >= first) else { continue };
                let Some(b) = doc.blocks.iter().rev().find(|b| b.lines.0 <= last) else { continue };
                (a.number, b.number)
            }
        };
        span.first = span.first.min(first);
        span.last = span.last.max(last.min(u32::try_from(doc.blocks.len()).unwrap_or(u32::MAX)));
    }
}

/// For each block, the reason if all its words are furniture.
fn hidden(doc: &Document, anchored: &Anchored) -> Vec<Option<String>> {
    let mut next = 0;
    doc.blocks
        .iter()
        .map(|block| {
            while anchored.furniture.get(next).is_some_and(|h| h.range.end <= block.text.start) {
                next += 1;
            }
            let inside: Vec<_> =
                anchored.furniture[next..].iter().take_while(|h| h.range.start < block.text.end).collect();
            let mut at = block.text.start;
            for hidden in &inside {
                if !doc.visible[at..hidden.range.start.max(at)].trim().is_empty() {
                    return None;
                }
                at = hidden.range.end.max(at);
            }
            let rest = &doc.visible[at.min(block.text.end)..block.text.end];
            inside.first().filter(|_| rest.trim().is_empty()).map(|h| h.reason.clone())
        })
        .collect()
}

struct Builder<'a> {
    joins: &'a [Joined],
    hidden: Vec<Option<String>>,
    rows: &'a [Row],
}

impl Builder<'_> {
    /// The blocks from `first` to `last`, with the rows that lie among them.
    fn nodes(&self, first: u32, last: u32, spans: &[Span]) -> Vec<Node> {
        let mut out = Vec::new();
        let mut spans = spans;
        let mut at = first;
        while at <= last {
            match spans.first() {
                Some(span) if span.first <= at => {
                    let inside = spans[1..].partition_point(|s| s.first <= span.last);
                    let nodes = self.nodes(at, span.last.min(last), &spans[1..=inside]);
                    out.push(Node::Group { row: span.row, nodes });
                    at = span.last.min(last) + 1;
                    spans = &spans[inside + 1..];
                }
                next => {
                    let stop = next.map_or(last, |s| s.first - 1).min(last);
                    at = self.plain(at, stop, &mut out);
                }
            }
        }
        pair(out, self.rows)
    }

    /// One unit or fold beginning at `at`, not going beyond `stop`; gives the block after it.
    fn plain(&self, at: u32, stop: u32, out: &mut Vec<Node>) -> u32 {
        let join = self.joins.iter().find(|j| j.first == at && j.last <= stop);
        if let Some(join) = join {
            out.push(Node::Unit(Unit { blocks: (at..=join.last).collect(), glue: join.glue.clone() }));
            return join.last + 1;
        }
        let Some(reason) = self.reason(at) else {
            out.push(Node::Unit(Unit { blocks: vec![at], glue: String::new() }));
            return at + 1;
        };
        let end = (at..=stop).take_while(|n| self.reason(*n) == Some(reason)).last().unwrap_or(at);
        out.push(Node::Fold { blocks: (at..=end).collect(), reason: reason.to_owned() });
        end + 1
    }

    fn reason(&self, number: u32) -> Option<&str> {
        self.hidden.get(number as usize - 1)?.as_deref()
    }
}

/// Puts recommendations and the responses to them together.
fn pair(nodes: Vec<Node>, rows: &[Row]) -> Vec<Node> {
    let kind = |node: &Node| match node {
        Node::Group { row, .. } => Some(rows[*row].kind),
        _ => None,
    };
    let mut out: Vec<Node> = Vec::new();
    let mut asked: Vec<Node> = Vec::new();
    let mut nodes = nodes.into_iter().peekable();
    while let Some(node) = nodes.next() {
        match kind(&node) {
            Some(RowKind::Recommendation) => asked.push(node),
            Some(RowKind::Response) if !asked.is_empty() => {
                let mut both = std::mem::take(&mut asked);
                both.push(node);
                while nodes.peek().is_some_and(|n| kind(n) == Some(RowKind::Response)) {
                    both.extend(nodes.next());
                }
                out.push(Node::Pair(both));
            }
            _ => {
                out.append(&mut asked);
                out.push(node);
            }
        }
    }
    out.append(&mut asked);
    out
}
