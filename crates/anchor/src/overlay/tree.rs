//! The blocks of a document as a tree: what is folded, joined, grouped.

use crate::anchor::forms::Formed;
use crate::anchor::{Anchored, Joined, Placed};
use crate::annotation::{Form, RowKind};
use crate::document::Document;
use postil_archive::index::RowIx;
use typed_index_collections::TiSlice;

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
    /// What a row of the structure covers.
    Group {
        /// Index in [`Anchored::structure`].
        row: RowIx,
        /// What it holds.
        nodes: Vec<Node>,
    },
    /// Recommendations with the response to them.
    Pair(Vec<Node>),
    /// Units that are shown as one: a stanza, a list, lines as they lie.
    Form {
        /// What they are.
        form: Form,
        /// The units.
        nodes: Vec<Node>,
    },
}

/// One block, or the blocks of a join with the hidden ones between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Numbers of the blocks; more than one if joined.
    pub blocks: Vec<u32>,
    /// What joins them.
    pub glue: String,
    /// Blocks at whose end a word is cut: nothing stands between its halves.
    pub cut: Vec<u32>,
    /// The form in which they are shown, if it is not that of prose.
    pub form: Option<Form>,
}

/// A row that covers whole blocks.
#[derive(Debug, Clone, Copy)]
struct Span {
    row: RowIx,
    first: u32,
    last: u32,
}

pub(super) fn build(doc: &Document, anchored: &Anchored) -> Vec<Node> {
    let rows = anchored.structure.iter_enumerated();
    let mut spans: Vec<Span> = rows
        .filter_map(|(row, placed)| placed.blocks.map(|(first, last)| Span { row, first, last }))
        .collect();
    spans.sort_by(|a, b| (a.first, b.last, a.row).cmp(&(b.first, a.last, b.row)));
    let builder = Builder {
        joins: &anchored.joins,
        forms: &anchored.forms,
        hidden: hidden(doc, anchored),
        rows: &anchored.structure,
    };
    let last = u32::try_from(doc.blocks.len()).unwrap_or(u32::MAX);
    builder.nodes(1, last, &spans)
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
    forms: &'a [Formed],
    hidden: Vec<Option<String>>,
    rows: &'a TiSlice<RowIx, Placed>,
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
        let join = self.joins.partition_point(|j| j.first < at);
        let join = self.joins.get(join).filter(|j| j.first == at && j.last <= stop);
        if let Some(join) = join {
            let form = self.formed(at).map(|formed| formed.form).filter(|form| *form != Form::Table);
            out.push(Node::Unit(Unit {
                blocks: (at..=join.last).collect(),
                glue: join.glue.clone(),
                cut: join.cut.clone(),
                form,
            }));
            return join.last + 1;
        }
        if let Some(formed) = self.formed(at) {
            return self.form(formed, stop, out);
        }
        let Some(reason) = self.reason(at) else {
            out.push(Node::Unit(Unit { blocks: vec![at], glue: String::new(), cut: Vec::new(), form: None }));
            return at + 1;
        };
        let end = (at..=stop).take_while(|n| self.reason(*n) == Some(reason)).last().unwrap_or(at);
        out.push(Node::Fold { blocks: (at..=end).collect(), reason: reason.to_owned() });
        end + 1
    }

    /// A block with a form, and those that go on with it; gives the block after them.
    fn form(&self, formed: &Formed, stop: u32, out: &mut Vec<Node>) -> u32 {
        let (at, form) = (formed.block, formed.form);
        let goes_on = |next: &u32| {
            let same = |other: &Formed| other.form == form && !other.begins;
            self.formed(*next).is_some_and(same)
                && self.joins.binary_search_by_key(next, |join| join.first).is_err()
        };
        let end = (at + 1..=stop).take_while(goes_on).last().unwrap_or(at);
        let unit =
            |blocks| Node::Unit(Unit { blocks, glue: String::new(), cut: Vec::new(), form: Some(form) });
        if form == Form::Table || at == end {
            out.push(unit((at..=end).collect()));
        } else {
            out.push(Node::Form { form, nodes: (at..=end).map(|block| unit(vec![block])).collect() });
        }
        end + 1
    }

    fn formed(&self, number: u32) -> Option<&Formed> {
        let i = self.forms.binary_search_by_key(&number, |formed| formed.block).ok()?;
        Some(&self.forms[i])
    }

    fn reason(&self, number: u32) -> Option<&str> {
        self.hidden.get(number as usize - 1)?.as_deref()
    }
}

/// Puts recommendations and the responses to them together.
fn pair(nodes: Vec<Node>, rows: &TiSlice<RowIx, Placed>) -> Vec<Node> {
    let kind = |node: &Node| match node {
        Node::Group { row, .. } => Some(rows[*row].part.kind),
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
