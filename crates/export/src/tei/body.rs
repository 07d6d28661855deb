//! The blocks of a text as elements of TEI: divisions by their headings, speeches, verse, lists, tables.
//!
//! What no element of TEI says in every place where it may stand is an `ab`, a `seg` or a `floatingText`
//! of a type, which is the name of the kind in an apparatus.

use std::collections::BTreeMap;

use super::inline;
use crate::nodes::{blocks, is_speaker, speaks};
use crate::raw::Raw;
use crate::xml;
use postil_anchor::annotation::{Form, Part, RowKind, Speaker};
use postil_anchor::document::{Block, BlockKind, Container, ContainerKind, TextRange};
use postil_anchor::overlay::{Node, Unit};
use postil_archive::index::RowIx;
use postil_site::render::article::Input;
use postil_site::render::elements::DEEPEST_CONTAINERS;

/// A text while it is written.
pub(super) struct Body<'a> {
    pub(super) input: Input<'a>,
    pub(super) raw: Raw<'a>,
    /// Who speaks and is no term: by the name, in the order of the text.
    pub(super) names: Names,
    /// Containers of Markdown that are open.
    containers: Vec<Container>,
    /// Kind of the numbered paragraphs whose list is open.
    list: Option<RowKind>,
    /// What blocks are, that are no paragraphs: of the group that they are in.
    kind: Option<&'static str>,
    /// Whether something that a `body` or `sp` cannot be without has been written in it.
    has_block: bool,
    /// Whether the words that are written are folded away.
    pub(super) folded: bool,
}

/// Names that are no terms.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: BTreeMap<String, usize>,
    pub(super) list: Vec<String>,
}

impl Names {
    fn id(&mut self, name: &str) -> usize {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        self.list.push(name.to_owned());
        self.ids.insert(name.to_owned(), self.list.len());
        self.list.len()
    }

    /// Pointers to who speaks.
    pub(super) fn who(&mut self, speaker: &Speaker) -> String {
        let one = |speaker: &Speaker| match speaker {
            Speaker::Term(slug) => format!("#term-{slug}"),
            Speaker::Name(name) => format!("#who-{}", self.id(name)),
            Speaker::Several(all) => all.iter().map(|one| self.who(one)).collect::<Vec<_>>().join(" "),
        };
        speaker.each().iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

impl<'a> Body<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            raw: Raw::new(input.doc),
            names: Names::default(),
            containers: Vec::new(),
            list: None,
            kind: None,
            has_block: false,
            folded: false,
        }
    }

    /// The `text`.
    pub(super) fn text(&mut self) {
        let lang = self.input.site.texts[self.input.text].lang.clone();
        self.begin("text", &[("xml:id", "text"), ("xml:lang", &lang)]);
        self.begin("body", &[]);
        self.divisions(&self.input.overlay.nodes);
        self.raw.rest();
        self.end("body");
        self.end("text");
    }

    pub(super) fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        xml::begin(&mut self.raw.out, name, attributes);
    }

    pub(super) fn end(&mut self, name: &str) {
        xml::end(&mut self.raw.out, name);
    }

    /// What a `body` holds: a division for each heading, up to the next that is as high.
    fn divisions(&mut self, nodes: &[Node]) {
        let before = std::mem::take(&mut self.has_block);
        let mut open: Vec<u8> = Vec::new();
        for node in nodes {
            let Some((level, kind)) = self.heading(node) else {
                self.node(node);
                continue;
            };
            self.leave();
            while open.last().is_some_and(|open| *open >= level) {
                open.pop();
                self.end("div");
            }
            open.push(level);
            self.has_block = true;
            for (i, number) in blocks(std::slice::from_ref(node)).into_iter().enumerate() {
                self.raw.before(number);
                if i == 0 {
                    self.begin("div", &[]);
                }
                self.block(number, "head", &[("type", kind)]);
            }
        }
        self.leave();
        if !self.has_block {
            // A text of nothing but what is folded away has a place for words all the same.
            xml::empty(&mut self.raw.out, "p", &[]);
        }
        open.iter().for_each(|_| self.end("div"));
        self.has_block = before;
    }

    /// The level of a heading, and its type if it is more than that.
    fn heading(&self, node: &Node) -> Option<(u8, &'static str)> {
        let rows = &self.input.anchored.structure;
        match node {
            Node::Group { row, nodes } if is_simple(nodes) => match rows[*row].part.kind {
                RowKind::Heading => Some((rows[*row].part.level.unwrap_or(2), "")),
                RowKind::Title => Some((0, "title")),
                _ => None,
            },
            Node::Unit(unit) => match self.input.doc.block(unit.blocks[0])? {
                Block { kind: BlockKind::Heading(level), containers, .. } if containers.is_empty() => {
                    Some((*level, ""))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn nodes(&mut self, nodes: &[Node]) {
        nodes.iter().for_each(|node| self.node(node));
        self.leave();
    }

    /// Ends lists and quotations that are open.
    fn leave(&mut self) {
        self.enter(&[]);
        if self.list.take().is_some() {
            self.end("list");
        }
    }

    fn node(&mut self, node: &Node) {
        let numbered = |node: &Node| match node {
            Node::Group { row, .. } => Some(self.input.anchored.structure[*row].part.kind)
                .filter(|kind| matches!(kind, RowKind::Item | RowKind::Clause)),
            _ => None,
        };
        let numbered = numbered(node);
        if self.list.is_some() && numbered != self.list && !matches!(node, Node::Fold { .. }) {
            self.list = None;
            self.end("list");
        }
        match node {
            Node::Unit(unit) => self.unit(unit),
            Node::Fold { blocks, .. } => {
                self.enter(&[]);
                self.folded = true;
                for number in blocks {
                    self.block(*number, "fw", &[("type", "furniture")]);
                }
                self.folded = false;
            }
            Node::Pair(nodes) => nodes.iter().for_each(|node| self.node(node)),
            Node::Group { row, nodes } => self.group(*row, nodes, numbered),
            Node::Form { form, nodes } => self.form(*form, nodes),
        }
    }

    /// What a row covers.
    fn group(&mut self, row: RowIx, nodes: &[Node], numbered: Option<RowKind>) {
        self.enter(&[]);
        if let Some(first) = blocks(nodes).first() {
            self.raw.before(*first);
        }
        let anchored = self.input.anchored;
        let part = &anchored.structure[row].part;
        let kind = part.kind;
        let number = part.number.clone().unwrap_or_default();
        if let Some(numbered) = numbered {
            if self.list.is_none() {
                self.begin("list", &[("type", numbered.name())]);
            }
            self.has_block = true;
            self.begin("item", &[("n", &number)]);
            self.inside(|body| body.nodes(nodes));
            self.list = Some(numbered);
            return self.end("item");
        }
        match kind {
            RowKind::Speech | RowKind::Question | RowKind::Answer if !holds_heading(self, nodes) => {
                self.speech(part, nodes);
            }
            RowKind::Footnote => {
                let id = format!("footnote-{}", usize::from(row));
                self.begin("note", &[("xml:id", &id), ("place", "bottom"), ("n", &number)]);
                self.inside(|body| body.nodes(nodes));
                self.end("note");
            }
            RowKind::Narrative | RowKind::Stage => {
                self.has_block = true;
                self.begin("stage", &[("type", kind.name())]);
                self.inside(|body| body.nodes(nodes));
                self.end("stage");
            }
            _ if is_simple(nodes) && number.is_empty() && part.speaker.is_none() => {
                let before = self.kind.replace(kind.name());
                nodes.iter().for_each(|node| self.node(node));
                self.enter(&[]);
                self.kind = before;
            }
            _ => {
                self.has_block = true;
                self.begin("floatingText", &[("type", kind.name()), ("n", &number)]);
                self.begin("body", &[]);
                self.inside(|body| match &part.speaker {
                    Some(_) if !holds_heading(body, nodes) => body.speech(part, nodes),
                    _ => body.divisions(nodes),
                });
                self.end("body");
                self.end("floatingText");
            }
        }
    }

    /// Writes what is in something of its own.
    fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        let list = self.list.take();
        let kind = self.kind.take();
        write(self);
        self.list = list;
        self.kind = kind;
    }

    fn speech(&mut self, part: &Part, nodes: &[Node]) {
        let who = speaks(self.input, part);
        let who = who.map(|who| self.names.who(who)).unwrap_or_default();
        let number = part.number.as_deref().unwrap_or_default();
        let kind = match part.kind {
            RowKind::Speech => "",
            kind => kind.name(),
        };
        self.begin("sp", &[("who", &who), ("n", number), ("rend", kind)]);
        let before = std::mem::take(&mut self.has_block);
        self.inside(|body| {
            let behind = nodes.iter().position(|node| !matches!(node, Node::Fold { .. })).unwrap_or(0);
            let (folds, rest) = nodes.split_at(behind);
            folds.iter().for_each(|node| body.node(node));
            match rest {
                [Node::Unit(unit), rest @ ..] if is_speaker(body.input, unit) => {
                    body.block(unit.blocks[0], "speaker", &[]);
                    body.has_block = false;
                    body.nodes(rest);
                }
                rest => body.nodes(rest),
            }
        });
        if !self.has_block {
            xml::empty(&mut self.raw.out, "p", &[]);
        }
        self.has_block = before || self.has_block;
        self.end("sp");
        self.has_block = true;
    }

    fn unit(&mut self, unit: &Unit) {
        let doc = self.input.doc;
        let Some(first) = doc.block(unit.blocks[0]) else { return };
        self.raw.before(first.number);
        self.enter(&first.containers);
        self.has_block = true;
        if unit.form == Some(Form::Table) || first.kind == BlockKind::Table {
            return self.table(&unit.blocks);
        }
        let last = unit.blocks.len() - 1;
        for (i, number) in unit.blocks.iter().enumerate() {
            let Some(block) = doc.block(*number) else { continue };
            let part = match i {
                _ if last == 0 => "",
                0 => "I",
                i if i == last => "F",
                _ => "M",
            };
            match (unit.form, &block.kind) {
                (Some(Form::Verse), _) => self.stanza(block),
                (Some(Form::List), _) => self.items(block),
                (Some(Form::Preformatted), _) => {
                    self.block(*number, "ab", &[("type", "preformatted"), ("part", part)]);
                }
                (_, BlockKind::Rule) => {
                    let id = format!("p{number}");
                    xml::empty(&mut self.raw.out, "milestone", &[("xml:id", &id), ("unit", "rule")]);
                    self.has_block &= number != &unit.blocks[0];
                }
                (_, BlockKind::Code) => self.block(*number, "ab", &[("type", "code"), ("part", part)]),
                (_, BlockKind::Heading(_)) => self.block(*number, "ab", &[("type", "heading")]),
                _ => match self.kind {
                    Some(kind) => self.block(*number, "ab", &[("type", kind), ("part", part)]),
                    None => self.block(*number, "p", &[("part", part)]),
                },
            }
        }
    }

    /// One block as an element, which has its number.
    fn block(&mut self, number: u32, name: &'static str, attributes: &[(&str, &str)]) {
        let Some(block) = self.input.doc.block(number) else { return };
        self.open_block(block, name, attributes);
        let steps = self.input.overlay.steps(self.input.doc, block);
        inline::steps(self, &steps, matches!(name, "fw" | "speaker"));
        self.end(name);
    }

    fn open_block(&mut self, block: &Block, name: &'static str, attributes: &[(&str, &str)]) {
        self.raw.before(block.number);
        let id = format!("p{}", block.number);
        let all: Vec<(&str, &str)> =
            [("xml:id", &*id)].into_iter().chain(attributes.iter().copied()).collect();
        self.begin(name, &all);
        self.raw.begin(block.number);
    }

    /// Units that are one.
    fn form(&mut self, form: Form, nodes: &[Node]) {
        self.enter(&[]);
        let units: Vec<&Unit> = nodes
            .iter()
            .filter_map(|node| match node {
                Node::Unit(unit) => Some(unit),
                _ => None,
            })
            .collect();
        if let Some(unit) = units.first() {
            self.raw.before(unit.blocks[0]);
        }
        match form {
            Form::Verse => {
                self.has_block = true;
                self.begin("lg", &[]);
                for unit in units {
                    for block in unit.blocks.iter().filter_map(|number| self.input.doc.block(*number)) {
                        match self.input.doc.lines(block).len() {
                            0 | 1 => {
                                let number = self.line_number(block, 0);
                                self.block(block.number, "l", &[("n", &number)]);
                            }
                            _ => self.stanza(block),
                        }
                    }
                }
                self.end("lg");
            }
            Form::List => {
                self.has_block = true;
                self.begin("list", &[]);
                units
                    .iter()
                    .flat_map(|unit| &unit.blocks)
                    .for_each(|number| self.block(*number, "item", &[]));
                self.end("list");
            }
            Form::Preformatted | Form::Table => units.into_iter().for_each(|unit| self.unit(unit)),
        }
    }

    fn line_number(&self, block: &Block, line: usize) -> String {
        let number = self.input.anchored.form(block.number).and_then(|formed| formed.number(line));
        number.map(|number| number.to_string()).unwrap_or_default()
    }

    fn stanza(&mut self, block: &Block) {
        self.open_block(block, "lg", &[]);
        let lines: Vec<TextRange> = self.input.doc.lines(block).iter().map(|line| line.text).collect();
        for (i, steps) in self.input.overlay.pieces(self.input.doc, block, &lines).iter().enumerate() {
            let number = self.line_number(block, i);
            self.begin("l", &[("n", &number)]);
            inline::steps(self, steps, false);
            self.end("l");
        }
        self.end("lg");
    }

    /// A block each of whose lines is an item.
    fn items(&mut self, block: &Block) {
        self.open_block(block, "list", &[]);
        let lines: Vec<TextRange> = self.input.doc.lines(block).iter().map(|line| line.text).collect();
        for steps in self.input.overlay.pieces(self.input.doc, block, &lines) {
            self.begin("item", &[]);
            inline::steps(self, &steps, false);
            self.end("item");
        }
        self.end("list");
    }

    /// A table of one block, or with a block for each row or some.
    fn table(&mut self, numbers: &[u32]) {
        let doc = self.input.doc;
        let found: Vec<&Block> = numbers.iter().filter_map(|&number| doc.block(number)).collect();
        let table = doc.table(&found).filter(|table| !table.rows.is_empty());
        let Some(table) = table else {
            return numbers.iter().for_each(|number| self.block(*number, "ab", &[("type", "preformatted")]));
        };
        let of_markdown = usize::from(doc.tables.contains_key(&numbers[0]));
        let mut head =
            self.input.anchored.form(numbers[0]).map_or(of_markdown, |formed| formed.head as usize);
        match found[..] {
            [block] => self.open_block(block, "table", &[]),
            _ => self.begin("table", &[]),
        }
        for (i, block) in found.iter().enumerate() {
            let rows: Vec<_> = table.rows.iter().filter(|(of, _)| *of == i).map(|(_, cells)| cells).collect();
            let ranges: Vec<TextRange> =
                rows.iter().flat_map(|row| row.iter().map(|cell| cell.text)).collect();
            let mut pieces = self.input.overlay.pieces(doc, block, &ranges).into_iter();
            for (j, cells) in rows.iter().enumerate() {
                let role = if head > 0 { "label" } else { "" };
                head = head.saturating_sub(1);
                match (found.len(), j) {
                    (2.., 0) => self.open_block(block, "row", &[("role", role)]),
                    _ => self.begin("row", &[("role", role)]),
                }
                for _ in *cells {
                    self.begin("cell", &[]);
                    inline::steps(self, &pieces.next().unwrap_or_default(), false);
                    self.end("cell");
                }
                self.end("row");
            }
        }
        self.end("table");
    }

    /// Ends containers of Markdown, and begins others, up to these.
    fn enter(&mut self, containers: &[Container]) {
        let containers = &containers[..containers.len().min(DEEPEST_CONTAINERS)];
        let common = self.containers.iter().zip(containers).take_while(|(a, b)| a.id == b.id).count();
        for ended in self.containers.split_off(common).iter().rev() {
            self.end(element(ended.kind));
        }
        for begun in &containers[common..] {
            self.begin_container(begun.kind);
            self.containers.push(begun.clone());
        }
    }

    fn begin_container(&mut self, kind: ContainerKind) {
        let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        let (n, rend) = match kind {
            ContainerKind::Bullets => (String::new(), "bulleted"),
            ContainerKind::Numbers => (String::new(), "numbered"),
            ContainerKind::Term => (String::new(), "term"),
            ContainerKind::Definition => (String::new(), "definition"),
            ContainerKind::Item(n) => (number(n), ""),
            ContainerKind::Footnote(n) => {
                let id = n.map(|n| format!("fn{n}")).unwrap_or_default();
                return self.begin("note", &[("xml:id", &id), ("place", "bottom"), ("n", &number(n))]);
            }
            ContainerKind::Quote | ContainerKind::Definitions => (String::new(), ""),
        };
        let kind = element(kind);
        self.begin(kind, &[("n", &n), ("rend", rend)]);
    }
}

fn element(kind: ContainerKind) -> &'static str {
    match kind {
        ContainerKind::Quote => "quote",
        ContainerKind::Bullets | ContainerKind::Numbers | ContainerKind::Definitions => "list",
        ContainerKind::Item(_) | ContainerKind::Term | ContainerKind::Definition => "item",
        ContainerKind::Footnote(_) => "note",
    }
}

/// Whether nothing is grouped in them.
fn is_simple(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| matches!(node, Node::Unit(_) | Node::Fold { .. }))
}

fn holds_heading(body: &Body<'_>, nodes: &[Node]) -> bool {
    nodes.iter().any(|node| {
        body.heading(node).is_some()
            || match node {
                Node::Group { nodes, .. } | Node::Pair(nodes) => holds_heading(body, nodes),
                Node::Unit(_) | Node::Fold { .. } | Node::Form { .. } => false,
            }
    })
}
