//! The blocks of a text as a debate: sections by their headings, speeches, questions, answers, paragraphs.

use std::collections::BTreeMap;

use crate::nodes::{blocks, is_speaker, speaks};
use crate::raw::Raw;
use crate::xml;
use postil_anchor::annotation::{Form, Part, RowKind, Speaker};
use postil_anchor::document::{Block, BlockKind, InlineKind, TextRange};
use postil_anchor::overlay::{ItemKind, Node, Step, Unit, What};
use postil_archive::index::RowIx;
use postil_site::render::article::Input;

/// A debate while it is written.
pub(super) struct Body<'a> {
    pub(super) input: Input<'a>,
    pub(super) raw: Raw<'a>,
    /// Who speaks: id and name, in the order of the text.
    pub(super) people: Vec<(String, String)>,
    ids: BTreeMap<Speaker, usize>,
    /// Levels of the sections that are open.
    sections: Vec<u8>,
    /// How many sections and speeches there are.
    counted: usize,
    /// Whether a speech is open, in which only paragraphs may stand.
    is_speech: bool,
    /// What paragraphs are, of the group that they are in.
    kind: Option<&'static str>,
}

impl<'a> Body<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            raw: Raw::new(input.doc),
            people: Vec::new(),
            ids: BTreeMap::new(),
            sections: Vec::new(),
            counted: 0,
            is_speech: false,
            kind: None,
        }
    }

    /// The `debateBody`.
    pub(super) fn text(&mut self) {
        self.begin("debateBody", &[]);
        self.nodes(&self.input.overlay.nodes);
        if self.sections.is_empty() {
            self.section(0);
        }
        self.raw.rest();
        self.sections.iter().for_each(|_| xml::end(&mut self.raw.out, "debateSection"));
        self.end("debateBody");
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        xml::begin(&mut self.raw.out, name, attributes);
    }

    fn end(&mut self, name: &str) {
        xml::end(&mut self.raw.out, name);
    }

    fn id(&mut self, kind: &str) -> String {
        self.counted += 1;
        format!("{kind}_{}", self.counted)
    }

    fn section(&mut self, level: u8) {
        while self.sections.last().is_some_and(|open| *open >= level) {
            self.sections.pop();
            self.end("debateSection");
        }
        let id = self.id("dbsect");
        self.begin("debateSection", &[("name", "section"), ("eId", &id)]);
        self.sections.push(level);
    }

    /// Sees that there is a section: nothing may stand outside of one.
    fn within(&mut self) {
        if self.sections.is_empty() {
            self.section(0);
        }
    }

    /// The id of who speaks: of several, the first.
    fn who(&mut self, speaker: &Speaker) -> String {
        let Some(one) = speaker.each().first() else { return String::new() };
        let id = match self.ids.get(one) {
            Some(&id) => id,
            None => {
                self.people.push((String::new(), self.input.site.speaker(one).into_owned()));
                let id = self.people.len();
                self.people[id - 1].0 = match one {
                    Speaker::Term(slug) => format!("term-{slug}"),
                    _ => format!("who-{id}"),
                };
                self.ids.insert(one.clone(), id);
                id
            }
        };
        self.people[id - 1].0.clone()
    }

    fn nodes(&mut self, nodes: &[Node]) {
        nodes.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Unit(unit) => self.unit(unit),
            Node::Fold { blocks, .. } => {
                blocks.iter().for_each(|number| self.block(*number, "p", "furniture", false));
            }
            Node::Pair(nodes) | Node::Form { nodes, .. } => self.nodes(nodes),
            Node::Group { row, nodes } => self.group(*row, nodes),
        }
    }

    fn group(&mut self, row: RowIx, nodes: &[Node]) {
        let anchored = self.input.anchored;
        let part = &anchored.structure[row].part;
        match part.kind {
            RowKind::Title | RowKind::Heading if !self.is_speech => {
                let level = if part.kind == RowKind::Title { 0 } else { part.level.unwrap_or(2) };
                self.heading(level, &blocks(nodes));
            }
            RowKind::Speech | RowKind::Question | RowKind::Answer if !self.is_speech => {
                self.speech(part, nodes);
            }
            kind => {
                let before = self.kind.replace(kind.name());
                self.nodes(nodes);
                self.kind = before;
            }
        }
    }

    fn heading(&mut self, level: u8, blocks: &[u32]) {
        for (i, number) in blocks.iter().enumerate() {
            self.raw.before(*number);
            if i == 0 {
                self.section(level);
            }
            self.block(*number, "heading", "", false);
        }
    }

    fn speech(&mut self, part: &Part, nodes: &[Node]) {
        let numbers = blocks(nodes);
        if let Some(first) = numbers.first() {
            self.raw.before(*first);
        }
        self.within();
        let who = speaks(self.input, part);
        let by = match who {
            Some(who) => format!("#{}", self.who(who)),
            // The schema asks for somebody.
            None => format!("#{}", self.who(&Speaker::Name("unknown".to_owned()))),
        };
        let name = match part.kind {
            RowKind::Question => "question",
            RowKind::Answer => "answer",
            _ => "speech",
        };
        let id = self.id(name);
        // A number that a row gives is an attribute: elements hold the words of the text.
        let number = part.number.as_deref().unwrap_or_default();
        self.begin(name, &[("eId", &id), ("by", &by), ("title", number)]);
        let before = std::mem::replace(&mut self.is_speech, true);
        match nodes {
            [Node::Unit(unit), rest @ ..] if is_speaker(self.input, unit) => {
                self.block(unit.blocks[0], "from", "", false);
                self.nodes(rest);
                if rest.is_empty() {
                    xml::empty(&mut self.raw.out, "p", &[]);
                }
            }
            nodes => self.nodes(nodes),
        }
        self.is_speech = before;
        self.end(name);
    }

    fn unit(&mut self, unit: &Unit) {
        let Some(first) = self.input.doc.block(unit.blocks[0]) else { return };
        if let (BlockKind::Heading(level), false) = (&first.kind, self.is_speech) {
            return self.heading(*level, &unit.blocks);
        }
        if unit.form == Some(Form::Table) || first.kind == BlockKind::Table {
            return self.table(&unit.blocks);
        }
        let lines = unit.form.is_some();
        for number in &unit.blocks {
            let class = match (unit.form, self.kind) {
                (Some(Form::Verse), _) => "verse",
                (Some(Form::List), _) => "list",
                (Some(_), _) => "preformatted",
                (None, Some(kind)) => kind,
                (None, None) => "",
            };
            match class {
                "narrative" | "stage" if !self.is_speech => self.block(*number, "narrative", "", lines),
                class => self.block(*number, "p", class, lines),
            }
        }
    }

    /// A block as an element, which has its number; `lines` if its line ends are to be seen.
    fn block(&mut self, number: u32, name: &'static str, class: &str, lines: bool) {
        let Some(block) = self.input.doc.block(number) else { return };
        self.raw.before(number);
        self.within();
        let id = format!("p{number}");
        self.begin(name, &[("eId", &id), ("class", class)]);
        self.raw.begin(number);
        let ranges: Vec<TextRange> = match lines {
            true => self.input.doc.lines(block).iter().map(|line| line.text).collect(),
            false => vec![block.text],
        };
        for (i, steps) in self.input.overlay.pieces(self.input.doc, block, &ranges).iter().enumerate() {
            if i > 0 {
                xml::empty(&mut self.raw.out, "eol", &[]);
            }
            self.steps(steps);
        }
        self.end(name);
    }

    fn table(&mut self, numbers: &[u32]) {
        let doc = self.input.doc;
        let found: Vec<&Block> = numbers.iter().filter_map(|&number| doc.block(number)).collect();
        let table = doc.table(&found).filter(|table| !table.rows.is_empty());
        let Some(table) = table else {
            return numbers.iter().for_each(|number| self.block(*number, "p", "preformatted", true));
        };
        self.raw.before(numbers[0]);
        self.within();
        let one = found.len() == 1;
        let id = if one { format!("p{}", numbers[0]) } else { self.id("table") };
        self.begin("table", &[("eId", &id)]);
        for (i, block) in found.iter().enumerate() {
            let rows: Vec<_> = table.rows.iter().filter(|(of, _)| *of == i).map(|(_, cells)| cells).collect();
            let ranges: Vec<TextRange> =
                rows.iter().flat_map(|row| row.iter().map(|cell| cell.text)).collect();
            let mut pieces = self.input.overlay.pieces(doc, block, &ranges).into_iter();
            for (j, cells) in rows.iter().enumerate() {
                self.raw.before(block.number);
                let id = format!("p{}", block.number);
                self.begin("tr", &[("eId", if j == 0 && !one { &id } else { "" })]);
                if j == 0 {
                    self.raw.begin(block.number);
                }
                for _ in *cells {
                    self.begin("td", &[]);
                    self.begin("p", &[]);
                    self.steps(&pieces.next().unwrap_or_default());
                    self.end("p");
                    self.end("td");
                }
                self.end("tr");
            }
        }
        self.end("table");
    }

    fn steps(&mut self, steps: &[Step]) {
        let mut open: Vec<&'static str> = Vec::new();
        for step in steps {
            match step {
                Step::Open(what) => {
                    let name = self.open(what);
                    open.push(name);
                }
                Step::Close(_) => match open.pop() {
                    None | Some("") => {}
                    Some(name) => self.end(name),
                },
                Step::Text(range) => self.raw.words(*range),
                Step::Marker(item) => {
                    if let ItemKind::Note(note) = self.input.overlay.items[*item].kind {
                        let href = format!("#note-{}", self.input.site.annotations.notes[note].slug);
                        let marker = item.number().to_string();
                        xml::empty(&mut self.raw.out, "noteRef", &[("href", &href), ("marker", &marker)]);
                    }
                }
                Step::Point(point) => {
                    let part = &self.input.anchored.points[*point].part;
                    let number = part.number.as_deref().or(part.time.as_deref()).unwrap_or_default();
                    let unit = if part.kind == RowKind::Time { "time" } else { "page" };
                    let id = self.id(unit);
                    let attributes = [("eId", &*id), ("name", unit), ("title", number)];
                    xml::empty(&mut self.raw.out, "marker", &attributes);
                }
                Step::Footnote(_) | Step::Sic(_) | Step::Picture(_) => {}
            }
        }
    }

    /// Begins what stands on words; gives the element, if it is one.
    fn open(&mut self, what: &What) -> &'static str {
        let anchored = self.input.anchored;
        match what {
            What::Part(index) => {
                let Some(row) = anchored.placed(*index) else { return "" };
                match row.part.kind {
                    RowKind::Emphasis => self.plain("i"),
                    RowKind::Deleted => self.plain("del"),
                    RowKind::Added => self.plain("ins"),
                    RowKind::Speaker => {
                        let who = row.part.speaker.as_ref().map(|who| format!("#{}", self.who(who)));
                        self.span("speaker", &who.unwrap_or_default(), "")
                    }
                    kind => self.span(kind.name(), "", ""),
                }
            }
            What::Inline(index) => match &self.input.doc.inlines[*index].kind {
                InlineKind::Emphasis => self.plain("i"),
                InlineKind::Strong => self.plain("b"),
                InlineKind::Struck => self.plain("del"),
                InlineKind::Link(href) => {
                    self.begin("a", &[("href", &xml::address(href))]);
                    "a"
                }
                InlineKind::Break => {
                    xml::empty(&mut self.raw.out, "eol", &[]);
                    ""
                }
                InlineKind::Code => self.span("code", "", ""),
                InlineKind::Number => self.span("number", "", ""),
                InlineKind::Label => self.span("label", "", ""),
                InlineKind::Title => self.span("title", "", ""),
                InlineKind::Description => self.span("description", "", ""),
            },
            What::Correction { index, .. } => {
                let reading = anchored.corrections[*index].reading.as_deref().unwrap_or_default();
                self.span("sic", "", reading)
            }
            What::Term { index, .. } => {
                let term = &self.input.site.annotations.terms[anchored.uses[*index].term];
                self.span("term", &format!("#term-{}", term.slug), "")
            }
            What::Furniture => self.span("furniture", "", ""),
            What::Mark(_) => "",
        }
    }

    fn plain(&mut self, name: &'static str) -> &'static str {
        self.begin(name, &[]);
        name
    }

    fn span(&mut self, class: &str, refers: &str, title: &str) -> &'static str {
        self.begin("span", &[("class", class), ("refersTo", refers), ("title", title)]);
        "span"
    }
}
