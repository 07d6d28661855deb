//! The text itself: blocks with everything that stands over them, woven in
//! while the HTML is written. This file has what stands around the words, from
//! groups down to blocks; `inline` has the words and what stands on them.

mod form;
mod inline;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use typed_index_collections::TiVec;

use crate::render::elements::{self, DEEPEST_CONTAINERS};
use crate::render::fit::{Fit, Piece, Shape};
use crate::render::html;
use crate::render::margin::Margin;
use crate::render::words::Words;
use crate::site::{Site, Turns};
use postil_anchor::anchor::words::visible_part;
use postil_anchor::anchor::{Anchored, Placed};
use postil_anchor::annotation::{Form, Part, RowKind, Speaker};
use postil_anchor::document::record::{Alias, Layout};
use postil_anchor::document::{BlockKind, Container, ContainerKind, Document};
use postil_anchor::overlay::{ItemKind, Node, Overlay, Step, Unit};
use postil_archive::index::{ItemIx, NoteIx, RowIx, SenseIx, TermIx, TextIx};

/// A title page of more paragraphs than this is folded.
const FRONT: usize = 4;

/// All that the article of one text is made from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The plan.
    pub site: &'a Site<'a>,
    /// Words of the interface.
    pub words: &'a Words,
    /// Index of the text.
    pub text: TextIx,
    /// Its blocks.
    pub doc: &'a Document,
    /// Where everything stands.
    pub anchored: &'a Anchored,
    /// The same, cut so that it nests.
    pub overlay: &'a Overlay,
}

/// The `<article>` of a text, and the notes that are folded in its margin: indices in the annotations.
pub fn article(input: Input<'_>, margin: &Margin) -> (String, Vec<NoteIx>) {
    let units = units(input.overlay);
    let shapes = Fit::new(input.doc, input.overlay, &units.by_unit).shapes(&margin.bulks());
    let mut writer = Writer {
        units,
        shapes,
        stretch: false,
        input,
        margin,
        out: String::with_capacity(input.doc.visible.len() * 2 + 1024),
        containers: Vec::new(),
        next_container: 0,
        level: 1,
        opened: BTreeMap::new(),
        popovers: Vec::new(),
        ids: BTreeSet::new(),
        number: None,
        hidden: false,
        at: 0,
        said: html::said(&input.site.archive.config.language, &input.site.texts[input.text].lang),
        speakers: speakers(input),
        had: BTreeMap::new(),
        went: BTreeMap::new(),
        begun: BTreeSet::new(),
        within: Vec::new(),
    };
    writer.remember();
    let plan = &input.site.texts[input.text];
    let _ = write!(
        writer.out,
        "<article data-text=\"{}\" lang=\"{}\" dir=\"{}\"",
        html::escaped(&plan.id),
        html::escaped(&plan.lang),
        html::direction(&plan.lang),
    );
    if input.overlay.notes() > 0 {
        // On paper the notes stand at the end, under a heading that only the style sheet can put there.
        let _ = write!(writer.out, " data-notes=\"{}\"", html::escaped(input.words.get("switch_notes")));
    }
    writer.out.push('>');
    let (front, body) = input.overlay.nodes.split_at(writer.front(&input.overlay.nodes));
    if !front.is_empty() {
        writer.front_matter(front);
    }
    writer.nodes(body, None);
    writer.out.push_str("</article>");
    let folded = input.overlay.items.iter().zip(&writer.shapes).filter_map(|(item, shape)| match item.kind {
        ItemKind::Note(note) if *shape == Shape::Folded => Some(note),
        _ => None,
    });
    let folded = folded.collect();
    (writer.out, folded)
}

/// What stands on the words of each unit.
struct Units {
    /// Item to its unit (first block), and a note to its place among those of the unit, from 1.
    items: TiVec<ItemIx, (u32, usize)>,
    /// First block of a unit to its notes.
    by_unit: BTreeMap<u32, Vec<ItemIx>>,
    /// Last block of a unit to the ends of links on its words.
    ends: BTreeMap<u32, Vec<ItemIx>>,
}

fn units(overlay: &Overlay) -> Units {
    /// Block number to the first and last block of its unit.
    fn walk(nodes: &[Node], bounds: &mut BTreeMap<u32, (u32, u32)>) {
        for node in nodes {
            match node {
                Node::Unit(Unit { blocks, .. }) => {
                    bounds.extend(blocks.iter().map(|b| (*b, (blocks[0], blocks[blocks.len() - 1]))));
                }
                Node::Fold { blocks, .. } => bounds.extend(blocks.iter().map(|b| (*b, (*b, *b)))),
                Node::Group { nodes, .. } | Node::Pair(nodes) | Node::Form { nodes, .. } => {
                    walk(nodes, bounds)
                }
            }
        }
    }
    let mut bounds = BTreeMap::new();
    walk(&overlay.nodes, &mut bounds);
    let (mut by_unit, mut ends) = (BTreeMap::<u32, Vec<ItemIx>>::new(), BTreeMap::<u32, Vec<ItemIx>>::new());
    let items = overlay
        .items
        .iter_enumerated()
        .map(|(i, item)| {
            let block = item.last_block;
            let (first, last) = bounds.get(&block).copied().unwrap_or((block, block));
            let list = match item.kind {
                ItemKind::Note(_) => by_unit.entry(first).or_default(),
                ItemKind::End(..) => ends.entry(last).or_default(),
            };
            list.push(i);
            (first, list.len())
        })
        .collect();
    Units { items, by_unit, ends }
}

/// Rows with which somebody begins to speak.
fn speakers(input: Input<'_>) -> BTreeMap<RowIx, &Speaker> {
    let turns = Turns::new(input.anchored);
    let rows = input.anchored.structure.iter_enumerated();
    rows.filter_map(|(i, _)| Some((i, turns.begins(i)?))).collect()
}

struct Writer<'a> {
    input: Input<'a>,
    margin: &'a Margin,
    units: Units,
    /// How each item of the margin is shown.
    shapes: TiVec<ItemIx, Shape>,
    /// Inside a stretch: what is placed in the margin is placed within it.
    stretch: bool,
    out: String,
    /// Markdown containers open at this place.
    containers: Vec<Container>,
    /// The first that has not been opened yet: they are counted in their order.
    next_container: u32,
    /// Level of the heading that this place stands under.
    level: u8,
    /// Terms whose definition has been given a popover: (term, sense) to its id.
    opened: BTreeMap<(TermIx, SenseIx), String>,
    /// Popovers that wait for the end of the unit.
    popovers: Vec<(TermIx, SenseIx)>,
    ids: BTreeSet<String>,
    /// The printed number that the words to come may begin with.
    number: Option<String>,
    /// Inside furniture.
    hidden: bool,
    /// Up to here the words are written.
    at: usize,
    /// Attributes of what is said in the site's language.
    said: String,
    /// Rows with which somebody begins to speak.
    speakers: BTreeMap<RowIx, &'a Speaker>,
    /// Of each block the numbers that it had in earlier editions and that no block has now.
    had: BTreeMap<u32, BTreeSet<u32>>,
    /// Of each number the blocks that have the words which had it in earlier editions.
    went: BTreeMap<u32, BTreeSet<u32>>,
    /// Ends of links whose first words were written: their address stands there.
    begun: BTreeSet<ItemIx>,
    /// Of each open mark, how many more addresses stand inside it.
    within: Vec<usize>,
}

impl Writer<'_> {
    fn row(&self, row: RowIx) -> Option<&Part> {
        self.input.anchored.placed(row).map(|row| &row.part)
    }

    /// Takes in what the record says of earlier editions.
    fn remember(&mut self) {
        let blocks = self.input.doc.blocks.len();
        let aliases = &self.input.site.texts[self.input.text].record.aliases;
        let mut seen = BTreeSet::new();
        for (was, now) in aliases.iter().flat_map(Alias::pairs).filter(|(_, now)| *now as usize <= blocks) {
            if was as usize > blocks && seen.insert(was) {
                self.had.entry(now).or_default().insert(was);
            } else {
                self.went.entry(was).or_default().insert(now);
            }
        }
    }

    /// What is said to whoever comes by a number of an earlier edition that no block has now.
    fn had(&mut self, number: u32) {
        for was in self.had.get(&number).cloned().unwrap_or_default() {
            let says = html::escaped(&self.input.words.fill("was_here", &[("n", &was.to_string())]));
            let _ = write!(
                self.out,
                "<span class=\"was\" id=\"p{was}\" data-generated><span{}>{says}",
                self.said
            );
            self.went(was);
            self.out.push_str("</span></span>");
        }
    }

    /// Where the words went that had a number in earlier editions.
    fn went(&mut self, number: u32) {
        let Some(now) = self.went.get(&number) else { return };
        let words = self.input.words;
        let says = html::escaped(&words.fill("was_there", &[("n", &number.to_string())]));
        let _ = write!(self.out, " {says}");
        for (i, now) in now.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            let place = html::escaped(&words.fill("paragraph_n", &[("n", &now.to_string())]));
            let _ = write!(self.out, "{comma} <a href=\"#p{now}\">{place}</a>");
        }
    }

    /// For whoever quotes from a row: who speaks.
    fn speaker(&self, row: RowIx) -> String {
        let speaker = self.speakers.get(&row).map(|speaker| self.input.site.speaker(speaker));
        speaker.map_or_else(String::new, |name| format!(" data-speaker=\"{}\"", html::escaped(&name)))
    }

    fn word(&self, key: &str) -> &str {
        self.input.words.get(key)
    }

    fn nodes(&mut self, nodes: &[Node], row: Option<RowIx>) {
        let fit = Fit::new(self.input.doc, self.input.overlay, &self.units.by_unit);
        let pieces = fit.pieces(nodes, self.stretch);
        for piece in pieces {
            match piece {
                Piece::Node(node) => self.node(node, row),
                Piece::Stretch(nodes) => {
                    self.enter_containers(&[]);
                    self.out.push_str("<div class=\"stretch\">");
                    self.stretch = true;
                    self.nodes(nodes, row);
                    self.stretch = false;
                    self.out.push_str("</div>");
                }
            }
        }
        self.enter_containers(&[]);
    }

    fn node(&mut self, node: &Node, row: Option<RowIx>) {
        match node {
            Node::Unit(unit) => self.unit(unit, row),
            Node::Fold { blocks, reason } => self.fold(blocks, reason),
            Node::Group { row, nodes } => self.group(*row, nodes),
            Node::Pair(nodes) => self.pair(nodes),
            Node::Form { form, nodes } => self.form(*form, nodes, row),
        }
    }

    /// Hidden blocks: a line that says what and how much, opened by a click.
    fn fold(&mut self, blocks: &[u32], reason: &str) {
        self.enter_containers(&[]);
        let words = self.input.words;
        let lines = words.count("n_lines", blocks.len());
        let summary = self.input.site.labelled(words.get("folded_away"), &format!("{reason} ({lines})"));
        let _ = write!(
            self.out,
            "<details class=\"fold{}\" data-furniture><summary{} data-generated>{}</summary><div>",
            if is_point(reason) { " quiet" } else { "" },
            self.said,
            html::escaped(&summary)
        );
        for &number in blocks {
            let kind = self.input.doc.block(number).map(|block| &block.kind);
            let tag = if kind == Some(&BlockKind::Code) { "pre" } else { "p" };
            self.block(number, tag, "", false);
            self.beside(number, number);
        }
        self.out.push_str("</div></details>");
    }

    /// How many of the first nodes are a title page, by what the structure says of them; none where
    /// they are but a few lines, or all there is.
    fn front(&self, nodes: &[Node]) -> usize {
        let stands_before = |node: &&Node| match node {
            Node::Fold { .. } => true,
            Node::Group { row, .. } => self
                .row(*row)
                .is_some_and(|r| matches!(r.kind, RowKind::Title | RowKind::Details | RowKind::Imprint)),
            Node::Unit(_) | Node::Pair(_) | Node::Form { .. } => false,
        };
        let count = nodes.iter().take_while(stands_before).count();
        if count < nodes.len() && blocks(&nodes[..count]) > FRONT { count } else { 0 }
    }

    /// A title page is one line, opened by a click, or by an address within it.
    fn front_matter(&mut self, nodes: &[Node]) {
        let last = blocks(nodes).to_string();
        let says = html::escaped(&self.input.words.fill("front", &[("from", "1"), ("to", &last)]));
        let _ = write!(
            self.out,
            "<details class=\"fold front\"><summary{} data-generated>{says}</summary><div>",
            self.said
        );
        self.nodes(nodes, None);
        self.out.push_str("</div></details>");
    }

    fn group(&mut self, row: RowIx, nodes: &[Node]) {
        self.enter_containers(&[]);
        let Some(kind) = self.row(row).map(|r| r.kind) else { return self.nodes(nodes, None) };
        match kind {
            RowKind::Heading => {
                self.level = self.row(row).and_then(|r| r.level).unwrap_or(2).clamp(2, 6);
                self.told(row);
                self.nodes(nodes, Some(row));
            }
            RowKind::Imprint => {
                let words = self.input.words;
                let lines = words.count("n_lines", blocks(nodes));
                let summary = html::escaped(&format!("{} ({lines})", words.get("imprint")));
                let _ = write!(
                    self.out,
                    "<details class=\"fold imprint\"><summary{} data-generated>{summary}</summary><div>",
                    self.said
                );
                self.nodes(nodes, Some(row));
                self.out.push_str("</div></details>");
            }
            RowKind::Recommendation => self.part(row, nodes, "rec"),
            RowKind::Response => self.part(row, nodes, "resp"),
            RowKind::Letter => {
                self.out.push_str("<section class=\"letter\">");
                self.label(row);
                self.told(row);
                self.nodes(nodes, Some(row));
                self.out.push_str("</section>");
            }
            RowKind::Question | RowKind::Answer | RowKind::Speech | RowKind::Narrative => {
                let _ = write!(self.out, "<section class=\"turn {}\"{}>", kind.name(), self.speaker(row));
                self.label(row);
                self.told(row);
                self.name(row, nodes);
                self.nodes(nodes, Some(row));
                self.out.push_str("</section>");
            }
            RowKind::Footnote => {
                let _ = write!(
                    self.out,
                    "<div class=\"footnote\" role=\"note\" id=\"{}\">",
                    self.footnote_id(row)
                );
                self.nodes(nodes, Some(row));
                self.back(row);
                self.out.push_str("</div>");
            }
            // What stands on them says it.
            _ => {
                self.told(row);
                self.nodes(nodes, Some(row));
            }
        }
    }

    /// The address of a footnote of the text, which no other has.
    fn footnote_id(&self, row: RowIx) -> String {
        let placed = self.input.anchored.placed(row);
        let at = placed.map_or(0, |row| row.place.start());
        let block = self.input.doc.block_at(at).number;
        let before = self.input.anchored.structure.iter().take(row.into());
        let same = before.filter(|other| {
            other.part.kind == RowKind::Footnote
                && self.input.doc.block_at(other.place.start()).number == block
        });
        match same.count() {
            0 => format!("fn-p{block}"),
            n => format!("fn-p{block}-{}", n + 1),
        }
    }

    /// The ways back from a footnote to its marks.
    fn back(&mut self, row: RowIx) {
        let to: Vec<RowIx> =
            self.input.anchored.footnotes.iter().filter(|f| f.note == row).map(|f| f.mark).collect();
        let words = html::escaped(self.word("back_to_words"));
        for mark in to {
            let _ = write!(
                self.out,
                "<a class=\"back\" href=\"#fr-{}\" aria-label=\"{words}\" data-generated>\u{21a9}\u{fe0e}</a>",
                usize::from(mark)
            );
        }
    }

    fn pair(&mut self, nodes: &[Node]) {
        self.enter_containers(&[]);
        self.out.push_str("<section class=\"pair\">");
        self.nodes(nodes, None);
        self.out.push_str("</section>");
    }

    fn part(&mut self, row: RowIx, nodes: &[Node], class: &str) {
        let _ = write!(self.out, "<div class=\"{class}\"{}>", self.speaker(row));
        self.label(row);
        self.nodes(nodes, Some(row));
        self.out.push_str("</div>");
    }

    /// The line above a numbered part: what it is, and who speaks.
    fn label(&mut self, row: RowIx) {
        let speaker = self.speakers.get(&row).map(|speaker| self.input.site.speaker(speaker).into_owned());
        let Some(row) = self.row(row) else { return };
        let to: Vec<&str> = row.to.iter().map(|n| n.value.as_str()).collect();
        let Some(words) = label(self.input.words, row.kind, row.number.as_deref(), &to) else { return };
        let heads = row.number.is_some();
        let id = match (&row.number, row.kind) {
            (Some(number), RowKind::Recommendation) => format!("rec-{}", id(number)),
            (Some(number), kind) => format!("{}-{}", kind.name(), id(number)),
            _ => String::new(),
        };
        let id = (!id.is_empty() && self.ids.insert(id.clone())).then_some(id);
        let level = (self.level + 1).min(6);
        let tag = if heads { format!("h{level}") } else { "p".to_owned() };
        let _ = write!(self.out, "<{tag} class=\"lab\"");
        if let Some(id) = id {
            let _ = write!(self.out, " id=\"{id}\"");
        }
        let _ = write!(self.out, " data-generated>");
        let _ = match heads {
            true => write!(self.out, "<b>{}</b>", html::escaped(&words)),
            false => write!(self.out, "{}", html::escaped(&words)),
        };
        if let Some(speaker) = speaker {
            let _ = write!(self.out, " · {}", html::escaped(&speaker));
        }
        let _ = write!(self.out, "</{tag}>");
    }

    /// One paragraph as the reader sees it, with its popovers and notes behind it.
    fn unit(&mut self, unit: &Unit, row: Option<RowIx>) {
        let Some(first) = self.input.doc.block(unit.blocks[0]) else { return };
        self.enter_containers(&first.containers);
        let kind = row.and_then(|r| self.row(r)).map(|r| r.kind);
        let class = match kind {
            Some(RowKind::Title) => " title",
            Some(RowKind::Details | RowKind::Imprint) => " rubric",
            Some(RowKind::Speaker) => " speaker",
            Some(RowKind::Item) => " item",
            Some(RowKind::Recipient) => " recipient",
            Some(RowKind::Dateline) => " dateline",
            Some(RowKind::Salutation) => " salutation",
            Some(RowKind::Signature) => " signature",
            Some(RowKind::Epigraph) => " epigraph",
            Some(RowKind::Cast) => " cast",
            Some(RowKind::Clause) => " clause",
            _ => "",
        };
        let quoted = self.is_quotation(&unit.blocks);
        let joined = unit.blocks.len() > 1;
        let heading = (kind == Some(RowKind::Heading)).then(|| format!("h{}", self.level));
        // A line that also holds an office or a time has its name marked by a row of its own.
        let who = match kind {
            Some(RowKind::Speaker) if !self.names_part(&unit.blocks) => "who",
            _ => "",
        };
        self.number = row
            .and_then(|r| self.row(r))
            .filter(|r| r.kind == RowKind::Recommendation)
            .and_then(|r| r.number.clone());
        let _ = write!(self.out, "<div class=\"u{class}{}\">", self.gap(unit));
        if quoted {
            self.out.push_str("<blockquote>");
        }
        // Halves of a paragraph run on; lines stand under each other.
        let runs_on = joined && unit.form.is_none();
        if runs_on {
            self.out.push_str("<div class=\"jp\">");
        }
        if unit.form == Some(Form::Table) || first.kind == BlockKind::Table {
            self.table(&unit.blocks);
        }
        let blocks =
            unit.blocks.iter().filter(|_| unit.form != Some(Form::Table) && first.kind != BlockKind::Table);
        for (i, &number) in blocks.enumerate() {
            let is_cut = unit.cut.iter().any(|&cut| cut < number && self.goes_on(unit, cut, number));
            if i > 0 && !is_cut {
                // Copying both halves must give the words apart; `glue = ""` says that they are one word.
                if unit.glue.trim().is_empty() {
                    self.out.push_str(&unit.glue);
                } else if runs_on {
                    let _ = write!(self.out, "<span data-generated>{}</span>", html::escaped(&unit.glue));
                }
            }
            let tag = heading.clone().unwrap_or_else(|| self.tag(number));
            self.block(number, &tag, who, i > 0 && runs_on);
        }
        if runs_on {
            self.out.push_str("</div>");
        }
        if quoted {
            self.out.push_str("</blockquote>");
        }
        self.beside(unit.blocks[0], unit.blocks[unit.blocks.len() - 1]);
        self.out.push_str("</div>");
    }

    /// What stands behind a unit, or a folded block: its connections, the definitions that its terms open, its notes.
    fn beside(&mut self, first: u32, last: u32) {
        let words = self.input.words;
        if let Some(ends) = self.units.ends.get(&last) {
            self.margin.connections(&mut self.out, words, ends, last, &self.said);
        }
        for (term, sense) in std::mem::take(&mut self.popovers) {
            let id = self.opened[&(term, sense)].clone();
            let site = self.input.site;
            self.out.push_str(&self.margin.popover(site, words, term, sense, &id, &self.said));
        }
        for &item in self.units.by_unit.get(&first).into_iter().flatten() {
            let (place, shape) = (self.units.items[item].1, self.shapes[item]);
            self.margin.item(&mut self.out, words, item, place, shape, &self.said);
        }
    }

    /// Whether nothing but furniture stands between the end of a block and another.
    fn goes_on(&self, unit: &Unit, cut: u32, number: u32) -> bool {
        let between = unit.blocks.iter().filter(|&&block| cut < block && block < number);
        between.into_iter().all(|&block| self.is_hidden(block))
    }

    /// Whether all words of a block are furniture.
    fn is_hidden(&self, block: u32) -> bool {
        let text = self.input.doc.block(block).map(|block| block.text).unwrap_or_default();
        visible_part(self.input.doc, &self.input.anchored.furniture, text).ranges.is_empty()
    }

    /// Whether a row says that blocks are a quotation, whole.
    fn is_quotation(&self, blocks: &[u32]) -> bool {
        let parts = self.input.anchored.parts.iter().filter(|row| row.part.kind == RowKind::Quotation);
        let mut whole = parts.filter_map(|row| row.blocks);
        whole.any(|(first, last)| blocks.iter().all(|block| first <= *block && *block <= last))
    }

    /// Who speaks, where the text does not print it: no row names the speaker in the first block or before it.
    fn name(&mut self, row: RowIx, nodes: &[Node]) {
        let Some(part) = self.row(row) else { return };
        let numbered = part.number.is_some() || !part.to.is_empty() || part.kind == RowKind::Answer;
        let Some(speaker) = part.speaker.clone().filter(|_| !numbered) else { return };
        let Some(first) = first_block(nodes) else { return };
        let anchored = self.input.anchored;
        let doc = self.input.doc;
        let mut before = first.saturating_sub(1);
        while before > 0 && self.is_hidden(before) {
            before -= 1;
        }
        let of = |at: usize| doc.block_at(at).number;
        let named = |row: &Placed| {
            let block = of(row.place.start());
            row.part.kind == RowKind::Speaker && (block == first || (block == before && row.blocks.is_some()))
        };
        if anchored.structure.iter().chain(&anchored.parts).any(named) {
            return;
        }
        let name = html::escaped(&self.input.site.speaker(&speaker));
        let _ = write!(self.out, "<p class=\"lab\" data-generated>{name}</p>");
    }

    /// Whether a row of the structure says which part of these blocks is the speaker's name.
    fn names_part(&self, blocks: &[u32]) -> bool {
        let named = |row: &&Placed| row.part.kind == RowKind::Speaker && row.blocks.is_none();
        let on = |at: usize| blocks.contains(&self.input.doc.block_at(at).number);
        self.input.anchored.parts.iter().filter(named).any(|row| on(row.place.start()))
    }

    fn tag(&mut self, number: u32) -> String {
        match self.input.doc.block(number).map(|b| &b.kind) {
            Some(BlockKind::Heading(level)) => {
                // The page's one h1 is its title.
                self.level = (level + 1).clamp(2, 6);
                format!("h{}", self.level)
            }
            Some(BlockKind::Code) => "pre".to_owned(),
            Some(BlockKind::Rule) => "hr".to_owned(),
            _ => "p".to_owned(),
        }
    }

    fn block(&mut self, number: u32, tag: &str, class: &str, joined: bool) {
        let input = self.input;
        let Some(block) = input.doc.block(number) else { return };
        let formed = input.anchored.form(number).filter(|_| tag == "p");
        let (tag, class) = match formed {
            Some(formed) => form::element(formed),
            None => (tag, class),
        };
        let _ = write!(self.out, "<{tag} id=\"p{number}\" data-block=\"{number}\"");
        if !class.is_empty() {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        if let Some(line) = formed.and_then(|formed| formed.line) {
            let _ = write!(self.out, " data-line=\"{line}\"");
        }
        if tag == "hr" {
            self.out.push('>');
            return;
        }
        self.out.push('>');
        self.had(number);
        if joined {
            self.permalink(number, "join");
        }
        if tag == "pre" {
            self.out.push_str("<code>");
        }
        match formed {
            Some(formed) => self.formed(block, formed),
            None => self.steps(input.overlay.steps(input.doc, block)),
        }
        if tag == "pre" {
            self.out.push_str("</code>");
        }
        // The last item of a list has it.
        let in_list = tag == "div"
            && formed.is_some_and(|formed| formed.form == Form::List)
            && input.doc.layout != Some(Layout::Lines);
        if !in_list {
            self.connected(number);
        }
        if !joined && !in_list {
            self.permalink(number, "pn");
        }
        let _ = write!(self.out, "</{tag}>");
        self.was_there(number);
    }

    fn steps(&mut self, steps: Vec<Step>) {
        for step in steps {
            self.step(step);
        }
    }

    fn was_there(&mut self, number: u32) {
        if self.went.contains_key(&number) {
            let _ = write!(self.out, "<p class=\"was-there\" role=\"note\"{} data-generated>", self.said);
            self.went(number);
            self.out.push_str("</p>");
        }
    }

    /// The sign of a paragraph's connections, at its end.
    fn connected(&mut self, number: u32) {
        let Some(ends) = self.units.ends.get(&number) else { return };
        let words = self.input.words;
        let name = html::escaped(&words.count("n_connections", ends.len()));
        let sign = html::escaped(words.get("sign_connection"));
        let _ = write!(
            self.out,
            "<button type=\"button\" class=\"cx\" popovertarget=\"cx-{number}\" data-generated><span aria-hidden=\"true\">{sign} {}</span><span class=\"sr\"{}>{name}</span></button>",
            ends.len(),
            self.said
        );
    }

    fn permalink(&mut self, number: u32, class: &str) {
        let word = html::escaped(self.word("paragraph"));
        let _ = write!(
            self.out,
            "<a class=\"{class}\" href=\"#p{number}\" data-generated><span class=\"sr\"{}>{word} </span>{number}</a>",
            self.said
        );
    }

    /// Closes and opens Markdown containers so that `wanted` is what is open.
    fn enter_containers(&mut self, wanted: &[Container]) {
        let wanted = &wanted[..wanted.len().min(DEEPEST_CONTAINERS)];
        let shared = self.containers.iter().zip(wanted).take_while(|(a, b)| a.id == b.id).count();
        for container in self.containers.drain(shared..).rev() {
            let end = match container.kind {
                ContainerKind::Footnote(Some(number)) => {
                    let words = html::escaped(self.input.words.get("back_to_words"));
                    let _ = write!(
                        self.out,
                        "<a class=\"back\" href=\"#fr-n{number}\" aria-label=\"{words}\" data-generated>\u{21a9}\u{fe0e}</a>"
                    );
                    "</div>"
                }
                kind => elements::of_container(kind).1,
            };
            self.out.push_str(end);
        }
        for container in &wanted[shared..] {
            match container.kind {
                // An item that goes on behind what parts it has its number already.
                ContainerKind::Item(Some(number)) if container.id >= self.next_container => {
                    let _ = write!(self.out, "<li value=\"{number}\">");
                }
                ContainerKind::Footnote(Some(number)) => {
                    let id = format!("fn-n{number}");
                    let id =
                        if self.ids.insert(id.clone()) { format!(" id=\"{id}\"") } else { String::new() };
                    let _ = write!(
                        self.out,
                        "<div class=\"footnote\" role=\"note\"{id}><span class=\"part footnote-mark\" data-generated>{number}</span> "
                    );
                }
                kind => self.out.push_str(elements::of_container(kind).0),
            }
            self.next_container = self.next_container.max(container.id + 1);
            self.containers.push(container.clone());
        }
    }
}

fn blocks(nodes: &[Node]) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            Node::Unit(unit) => unit.blocks.len(),
            Node::Fold { blocks, .. } => blocks.len(),
            Node::Group { nodes, .. } | Node::Pair(nodes) | Node::Form { nodes, .. } => blocks(nodes),
        })
        .sum()
}

/// Whether what is folded away only says where a page or a time begins, which the words behind it show.
pub fn is_point(reason: &str) -> bool {
    [RowKind::Page, RowKind::Time].iter().any(|kind| kind.name() == reason)
}

fn first_block(nodes: &[Node]) -> Option<u32> {
    nodes.iter().find_map(|node| match node {
        Node::Unit(unit) => unit.blocks.first().copied(),
        Node::Fold { .. } => None,
        Node::Group { nodes, .. } | Node::Pair(nodes) | Node::Form { nodes, .. } => first_block(nodes),
    })
}

/// What a part of a text is called: "Recommendation 8", "Response to recommendation 8", "Answer"; none for what
/// has neither a number nor a name of its own, and for what is printed with its number.
pub fn label(words: &Words, kind: RowKind, number: Option<&str>, to: &[&str]) -> Option<String> {
    let named = |after: &str, n: &str| {
        let key = format!("label_{}{after}", kind.name());
        words.find(&key).map(|_| words.fill(&key, &[("n", n)]))
    };
    let own = number.and_then(|number| named("", number));
    let answers = match to {
        [] => None,
        [one] => named("_to", one),
        many => named("_to_many", &runs(many)),
    };
    match (own, answers) {
        (Some(own), Some(answers)) => Some(format!("{own}, {answers}")),
        (None, None) => named("_plain", ""),
        (own, answers) => own.or(answers),
    }
}

/// A number as part of an id.
pub fn id(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// `1, 2, 3, 5` as `1 to 3, 5`... with an en dash between the ends of a run.
pub(crate) fn runs(numbers: &[&str]) -> String {
    let mut out = String::new();
    let mut i = 0;
    while i < numbers.len() {
        let mut j = i;
        let value = |k: usize| numbers.get(k).and_then(|n| n.parse::<u64>().ok());
        while value(j).is_some_and(|n| value(j + 1) == Some(n + 1)) {
            j += 1;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(numbers[i]);
        if j > i {
            out.push('–');
            out.push_str(numbers[j]);
        }
        i = j + 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_numbers_are_short() {
        assert_eq!(runs(&["1", "2", "3", "5"]), "1–3, 5");
        assert_eq!(runs(&["8"]), "8");
        assert_eq!(runs(&["a", "b"]), "a, b");
    }
}
