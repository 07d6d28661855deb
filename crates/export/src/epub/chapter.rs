//! A text as a chapter: one file, or several where it is long; its notes at the end of the file that their words are in.
//!
//! It is woven from what stands on the text, as its page is, and not from the page: what a page needs for a margin,
//! popovers and switches is not there to be taken out again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use postil_anchor::anchor::words::visible_part;
use postil_anchor::annotation::{Form, Part, RowKind, Speaker};
use postil_anchor::document::{BlockKind, Container, ContainerKind};
use postil_anchor::overlay::{ItemKind, Node, Overlay, Unit};
use postil_archive::diagnostic::Diagnostic;
use postil_archive::index::{CorrectionIx, ItemIx, PointIx, RowIx, TermIx, TextIx};
use postil_site::proof;
use postil_site::render::article::{self, Input};
use postil_site::render::elements::{self, DEEPEST_CONTAINERS, List};
use postil_site::render::margin::item_id;
use postil_site::site::{Facts, Turns};
use serde_json::Value;

use super::annotations::{self, Span};
use super::xml::{self, TO, escape, escaped};
use super::{Names, notes};

/// A file that has so many bytes ends with the paragraph: old reading systems take no larger ones.
const LARGE_BYTES: usize = 180 << 10;

/// A chapter, ready but for its links to other files of the book.
#[derive(Debug)]
pub struct Chapter {
    pub(super) text: TextIx,
    /// Its files.
    pub(super) parts: Vec<String>,
    /// First block of each.
    pub(super) first_blocks: Vec<u32>,
    /// Ids that others may lead to, but for those of paragraphs, and the part they are in.
    pub(super) ids: Vec<(String, usize)>,
    pub(super) heads: Vec<Head>,
    pub(super) pages: Vec<PageBreak>,
    /// Terms that it uses or whose definitions it leads to.
    pub(super) terms: BTreeSet<TermIx>,
    pub(super) annotations: Vec<Value>,
    pub(super) problems: Vec<Diagnostic>,
}

/// A heading, for the contents.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) level: u8,
    pub(super) words: String,
    pub(super) id: String,
    pub(super) part: usize,
}

/// Where a page of print begins.
#[derive(Debug, Clone)]
pub(super) struct PageBreak {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) part: usize,
}

/// Writes the chapter of a text, and proves that every word of it is there, in order, once.
pub(super) fn chapter(input: Input<'_>, facts: &Facts, names: &Names) -> Chapter {
    let mut writer = Writer::new(input, facts);
    writer.nodes(&input.overlay.nodes, None);
    writer.end_part();
    let mut problems = Vec::new();
    let whole: String = writer.parts.iter().map(|part| &*part.record).collect();
    let (_, wrong) = proof::read(
        &input.site.text_address(input.text),
        format!("<article>{whole}</article>").as_bytes(),
        Some(input.doc),
        &proof::Targets::default(),
    );
    problems.extend(wrong);
    let annotations = annotations::of(input, facts, &writer.parts, names);
    let plan = &input.site.texts[input.text];
    let count = writer.parts.len();
    let heading = notes::heading(input);
    let whole = notes::whole(input, facts);
    let parts = writer.parts.iter().enumerate().map(|(i, part)| {
        let head = match i {
            0 => format!("{heading}{whole}"),
            _ => {
                let title = input.words.fill("continued", &[("title", &plan.title)]);
                format!(
                    "<header class=\"arc\"><h1 class=\"cont\"{}>{}</h1></header>\n",
                    notes::auto(&title, input),
                    escaped(&title)
                )
            }
        };
        let body = format!(
            "<section epub:type=\"chapter\" role=\"doc-chapter\">\n{head}{}{}</section>",
            part.whole_record(input),
            part.notes(input.words.get("nav_notes")),
        );
        let title = if count > 1 { format!("{} ({})", plan.title, i + 1) } else { plan.title.clone() };
        xml::clean(&xml::page(&title, &input.site.archive.config.language, &body)).into_owned()
    });
    let mut terms: BTreeSet<TermIx> = input.anchored.uses.iter().map(|used| used.term).collect();
    terms.extend(notes::terms_led_to(input, facts));
    Chapter {
        text: input.text,
        parts: parts.collect(),
        first_blocks: writer.parts.iter().map(|part| part.first_block).collect(),
        ids: writer.ids_of_parts,
        heads: writer.heads,
        pages: writer.pages,
        terms,
        annotations,
        problems,
    }
}

/// A file of a chapter while it is written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The record: what stands in its `article`.
    pub(super) record: String,
    /// Items of the overlay and corrections whose bodies stand at its end.
    bodies: Vec<String>,
    pub(super) first_block: u32,
    /// Where items stand in the record.
    pub(super) spans: Vec<Span>,
}

/// The id of the record in each file.
pub(super) const RECORD: &str = "record";

impl Written {
    fn whole_record(&self, input: Input<'_>) -> String {
        let lang = xml::lang(&input.site.texts[input.text].lang);
        format!("<article class=\"record\" id=\"{RECORD}\"{lang}>{}</article>\n", self.record)
    }

    fn notes(&self, title: &str) -> String {
        if self.bodies.is_empty() {
            return String::new();
        }
        format!(
            "<section class=\"notes\" epub:type=\"footnotes\" role=\"doc-endnotes\">\n<h2>{}</h2>\n{}</section>\n",
            escaped(title),
            self.bodies.concat()
        )
    }
}

pub(super) struct Writer<'a> {
    pub(super) input: Input<'a>,
    facts: &'a Facts,
    pub(super) out: String,
    pub(super) parts: Vec<Written>,
    pub(super) part: Written,
    /// What is open around units, to be closed where a file ends and opened in the next: as it begins, its end.
    around: Vec<(String, &'static str)>,
    containers: Vec<Container>,
    /// The first container that has not been opened yet.
    next_container: u32,
    /// Level that headings stand under here; those of this file, one step at a time.
    level: u8,
    shown_level: u8,
    pub(super) ids: BTreeSet<String>,
    pub(super) ids_of_parts: Vec<(String, usize)>,
    heads: Vec<Head>,
    pages: Vec<PageBreak>,
    /// Terms that this file leads to already.
    pub(super) defined: BTreeSet<TermIx>,
    /// Items whose body is written, and corrections.
    pub(super) noted: BTreeSet<ItemIx>,
    pub(super) corrected: BTreeSet<CorrectionIx>,
    /// Last block of each end of a link to the ends.
    ends: BTreeMap<u32, Vec<ItemIx>>,
    speakers: BTreeMap<RowIx, &'a Speaker>,
    pub(super) hidden: bool,
    /// Terms that are open: whether each is a link.
    pub(super) linked: Vec<bool>,
    /// Open marks: their items, and which place of each.
    pub(super) open: Vec<Vec<(ItemIx, usize)>>,
}

impl<'a> Writer<'a> {
    fn new(input: Input<'a>, facts: &'a Facts) -> Self {
        let mut ends: BTreeMap<u32, Vec<ItemIx>> = BTreeMap::new();
        for (i, item) in input.overlay.items.iter_enumerated() {
            if matches!(item.kind, ItemKind::End(..)) {
                ends.entry(item.last_block).or_default().push(i);
            }
        }
        let turns = Turns::new(input.anchored);
        let rows = input.anchored.structure.keys();
        Self {
            input,
            facts,
            out: String::new(),
            parts: Vec::new(),
            part: Written::default(),
            around: Vec::new(),
            containers: Vec::new(),
            next_container: 0,
            level: 1,
            shown_level: 1,
            ids: BTreeSet::new(),
            ids_of_parts: Vec::new(),
            heads: Vec::new(),
            pages: Vec::new(),
            defined: BTreeSet::new(),
            noted: BTreeSet::new(),
            corrected: BTreeSet::new(),
            ends,
            speakers: rows.filter_map(|i| Some((i, turns.begins(i)?))).collect(),
            hidden: false,
            linked: Vec::new(),
            open: Vec::new(),
        }
    }

    pub(super) fn row(&self, row: RowIx) -> Option<&'a Part> {
        self.input.anchored.placed(row).map(|row| &row.part)
    }

    /// An id of this text that others may lead to.
    pub(super) fn id(&mut self, id: &str) -> bool {
        let new = self.ids.insert(id.to_owned());
        if new {
            self.ids_of_parts.push((id.to_owned(), self.parts.len()));
        }
        new
    }

    /// A place of this text, as a link names it until the files are known.
    pub(super) fn here(&self, id: &str) -> String {
        format!("{TO}=\"{}#{id}\"", escaped(&self.input.site.text_address(self.input.text)))
    }

    fn end_part(&mut self) {
        self.enter(&[]);
        for (_, end) in self.around.iter().rev() {
            self.out.push_str(end);
        }
        self.part.record = std::mem::take(&mut self.out);
        self.parts.push(std::mem::take(&mut self.part));
        self.defined.clear();
        self.shown_level = 1;
        let begin: String = self.around.iter().map(|(begin, _)| begin.as_str()).collect();
        self.out.push_str(&begin);
    }

    /// Ends a file that is large, between two paragraphs.
    fn cut(&mut self) {
        let notes: usize = self.part.bodies.iter().map(String::len).sum();
        if self.out.len() + notes > LARGE_BYTES {
            self.end_part();
        }
    }

    fn wrapped(&mut self, begin: String, end: &'static str, inside: impl FnOnce(&mut Self)) {
        self.enter(&[]);
        self.out.push_str(&begin);
        self.around.push((begin, end));
        inside(self);
        self.enter(&[]);
        self.around.pop();
        self.out.push_str(end);
        self.out.push('\n');
    }

    fn nodes(&mut self, nodes: &[Node], row: Option<RowIx>) {
        for node in nodes {
            match node {
                Node::Unit(unit) => self.unit(unit, row, true),
                Node::Fold { blocks, reason } => self.fold(blocks, reason),
                Node::Group { row, nodes } => self.group(*row, nodes),
                Node::Pair(nodes) => {
                    self.wrapped("<section class=\"pair\">".to_owned(), "</section>", |s| {
                        s.nodes(nodes, None)
                    });
                }
                Node::Form { form, nodes } => self.form(*form, nodes, row),
            }
        }
        self.enter(&[]);
    }

    fn form(&mut self, form: Form, nodes: &[Node], row: Option<RowIx>) {
        if form != Form::List {
            return self.wrapped("<div class=\"form\">".to_owned(), "</div>", |s| s.nodes(nodes, row));
        }
        self.enter(&[]);
        let mut list = List::default();
        for node in nodes {
            let Node::Unit(unit) = node else { continue };
            let doc = self.input.doc;
            let line = doc.block(unit.blocks[0]).and_then(|block| doc.lines(block).first().copied());
            list.item(&mut self.out, line.map_or(0, |line| line.indent));
            self.unit(unit, row, false);
        }
        list.end(&mut self.out);
    }

    /// What the site folds away is shown in a box that says what it is: on many devices nothing unfolds.
    fn fold(&mut self, blocks: &[u32], reason: &str) {
        let label = self.input.site.labelled(self.input.words.get("folded_away"), reason);
        let quiet = if article::is_point(reason) { " quiet" } else { "" };
        self.wrapped(format!("<div class=\"fold{quiet}\" data-furniture=\"\">"), "</div>", |s| {
            let lang = s.said();
            let _ = write!(s.out, "<p class=\"lab\"{lang} data-generated=\"\">{}</p>", escaped(&label));
            blocks.iter().for_each(|&number| s.block(number, "p", ""));
        });
        self.cut();
    }

    /// The attributes of what is said in the site's language inside the record.
    pub(super) fn said(&self) -> String {
        let site = &self.input.site.archive.config.language;
        if *site == self.input.site.texts[self.input.text].lang { String::new() } else { xml::lang(site) }
    }

    fn group(&mut self, row: RowIx, nodes: &[Node]) {
        self.enter(&[]);
        let Some(part) = self.row(row) else { return self.nodes(nodes, None) };
        match part.kind {
            RowKind::Heading => {
                self.level = part.level.unwrap_or(2).clamp(2, 6);
                self.nodes(nodes, Some(row));
            }
            RowKind::Footnote => {
                let id = self.footnote_id(row);
                let id = if self.id(&id) { format!(" id=\"{id}\"") } else { String::new() };
                // A file never ends in it: an id stands once.
                self.enter(&[]);
                let _ =
                    write!(self.out, "<div class=\"fn\" epub:type=\"footnote\" role=\"doc-footnote\"{id}>");
                for node in nodes {
                    match node {
                        Node::Unit(unit) => self.unit(unit, Some(row), false),
                        other => self.nodes(std::slice::from_ref(other), Some(row)),
                    }
                }
                self.enter(&[]);
                self.back(row);
                self.out.push_str("</div>\n");
                self.cut();
            }
            RowKind::Imprint => {
                let label = self.input.words.get("imprint").to_owned();
                self.wrapped("<div class=\"fold imprint\">".to_owned(), "</div>", |s| {
                    let lang = s.said();
                    let _ =
                        write!(s.out, "<p class=\"lab\"{lang} data-generated=\"\">{}</p>", escaped(&label));
                    s.nodes(nodes, Some(row));
                });
            }
            RowKind::Recommendation => self.numbered("div class=\"rec\"", "</div>", row, nodes),
            RowKind::Response => self.numbered("div class=\"resp\"", "</div>", row, nodes),
            RowKind::Letter => self.numbered("section class=\"letter\"", "</section>", row, nodes),
            RowKind::Question | RowKind::Answer | RowKind::Speech | RowKind::Narrative => {
                self.numbered(
                    &format!("section class=\"turn {}\"", part.kind.name()),
                    "</section>",
                    row,
                    nodes,
                );
            }
            _ => self.nodes(nodes, Some(row)),
        }
    }

    fn numbered(&mut self, begin: &str, end: &'static str, row: RowIx, nodes: &[Node]) {
        self.wrapped(format!("<{begin}>"), end, |s| {
            s.label(row);
            s.nodes(nodes, Some(row));
        });
    }

    /// The level at which a heading is shown: no step is left out in a file.
    fn step_to(&mut self, level: u8) -> u8 {
        self.shown_level = level.min(self.shown_level + 1).clamp(2, 6);
        self.shown_level
    }

    /// The line above a part: what it is, and who speaks, where the text does not print it.
    fn label(&mut self, index: RowIx) {
        let input = self.input;
        let Some(row) = self.row(index) else { return };
        let speaker = self.speakers.get(&index).map(|speaker| input.site.speaker(speaker).into_owned());
        let to: Vec<&str> = row.to.iter().map(|n| n.value.as_str()).collect();
        let Some(words) = article::label(input.words, row.kind, row.number.as_deref(), &to) else {
            return self.name(index);
        };
        let id = match (&row.number, row.kind) {
            (Some(number), RowKind::Recommendation) => format!("rec-{}", article::id(number)),
            (Some(number), kind) => format!("{}-{}", kind.name(), article::id(number)),
            _ => String::new(),
        };
        let (lang, heads) = (self.said(), row.number.is_some());
        let tag = match heads {
            true => format!("h{}", self.step_to((self.level + 1).min(6))),
            false => "p".to_owned(),
        };
        let said = speaker.map_or_else(String::new, |speaker| format!(" · {}", escaped(&speaker)));
        let _ = write!(self.out, "<{tag} class=\"lab\"");
        if !id.is_empty() && self.id(&id) {
            let _ = write!(self.out, " id=\"{id}\"");
            if heads {
                self.head(3, &words, &id);
            }
        }
        let _ = writeln!(self.out, "{lang} data-generated=\"\">{}{said}</{tag}>", escaped(&words));
    }

    /// Who speaks, where no row names the speaker in the first block or before it.
    fn name(&mut self, index: RowIx) {
        let (input, Some(row)) = (self.input, self.input.anchored.placed(index)) else { return };
        let Some(speaker) = &row.part.speaker else { return };
        let doc = input.doc;
        let first = doc.block_at(row.place.start()).number;
        let mut before = first.saturating_sub(1);
        while before > 0 && self.is_hidden(before) {
            before -= 1;
        }
        let named = input.anchored.structure.iter().chain(&input.anchored.parts).any(|row| {
            let block = doc.block_at(row.place.start()).number;
            row.part.kind == RowKind::Speaker && (block == first || (block == before && row.blocks.is_some()))
        });
        if !named {
            let lang = self.said();
            let name = escaped(&input.site.speaker(speaker));
            let _ = writeln!(self.out, "<p class=\"lab\"{lang} data-generated=\"\">{name}</p>");
        }
    }

    fn head(&mut self, level: u8, words: &str, id: &str) {
        let part = self.parts.len();
        self.heads.push(Head { level, words: words.to_owned(), id: id.to_owned(), part });
    }

    /// One paragraph as the reader sees it.
    fn unit(&mut self, unit: &Unit, row: Option<RowIx>, may_cut: bool) {
        let input = self.input;
        let Some(first) = input.doc.block(unit.blocks[0]) else { return };
        if may_cut && self.containers.is_empty() {
            self.cut();
        }
        self.enter(&first.containers);
        let kind = row.and_then(|r| self.row(r)).map(|r| r.kind);
        let class = match kind {
            Some(RowKind::Title) => "title",
            Some(RowKind::Details | RowKind::Imprint) => "rubric",
            Some(
                kind @ (RowKind::Speaker
                | RowKind::Item
                | RowKind::Recipient
                | RowKind::Dateline
                | RowKind::Salutation
                | RowKind::Signature
                | RowKind::Epigraph
                | RowKind::Cast
                | RowKind::Clause),
            ) => kind.name(),
            _ => "",
        };
        let quotes = input.anchored.parts.iter().filter(|row| row.part.kind == RowKind::Quotation);
        let quoted = quotes
            .filter_map(|row| row.blocks)
            .any(|(first, last)| unit.blocks.iter().all(|block| first <= *block && *block <= last));
        self.out.push_str(if quoted { "<blockquote>" } else { "" });
        let runs_on = unit.blocks.len() > 1 && unit.form.is_none();
        if runs_on {
            self.out.push_str("<div class=\"jp\">");
        }
        let heading = (kind == Some(RowKind::Heading)).then_some(self.level);
        if unit.form == Some(Form::Table) || first.kind == BlockKind::Table {
            self.table(&unit.blocks);
        } else {
            for (i, &number) in unit.blocks.iter().enumerate() {
                let is_cut = unit.cut.iter().any(|&cut| cut < number && self.goes_on(unit, cut, number));
                if i > 0 && !is_cut {
                    match unit.glue.trim() {
                        "" => self.out.push_str(&unit.glue),
                        glue if runs_on => {
                            let _ = write!(self.out, "<span data-generated=\"\">{}</span>", escaped(glue));
                        }
                        _ => {}
                    }
                }
                let tag = self.tag(number, heading);
                self.block(number, &tag, class);
            }
        }
        self.out.push_str(if runs_on { "</div>" } else { "" });
        self.out.push_str(if quoted { "</blockquote>" } else { "" });
        self.out.push('\n');
    }

    /// Whether nothing but furniture stands between the end of a block and another.
    fn goes_on(&self, unit: &Unit, cut: u32, number: u32) -> bool {
        let mut between = unit.blocks.iter().filter(|&&block| cut < block && block < number);
        between.all(|&block| self.is_hidden(block))
    }

    /// Whether all words of a block are furniture.
    fn is_hidden(&self, block: u32) -> bool {
        let text = self.input.doc.block(block).map(|block| block.text).unwrap_or_default();
        visible_part(self.input.doc, &self.input.anchored.furniture, text).ranges.is_empty()
    }

    fn tag(&mut self, number: u32, heading: Option<u8>) -> String {
        let kind = self.input.doc.block(number).map(|block| &block.kind);
        let level = match (heading, kind) {
            (Some(level), _) => level,
            (None, Some(BlockKind::Heading(level))) => {
                self.level = (level + 1).clamp(2, 6);
                self.level
            }
            (_, Some(BlockKind::Code)) => return "pre".to_owned(),
            (_, Some(BlockKind::Rule)) => return "hr".to_owned(),
            _ => return "p".to_owned(),
        };
        if let Some(head) =
            self.facts.outline.iter().find(|head| head.block == number && !head.words.is_empty())
        {
            self.head(level, &head.words, &format!("p{number}"));
        }
        format!("h{}", self.step_to(level))
    }

    /// The first paragraph of a file says where the file begins.
    pub(super) fn begin(&mut self, number: u32) {
        if self.part.first_block == 0 {
            self.part.first_block = number;
        }
    }

    fn block(&mut self, number: u32, tag: &str, class: &str) {
        let input = self.input;
        let Some(block) = input.doc.block(number) else { return };
        self.begin(number);
        let formed = input.anchored.form(number).filter(|_| tag == "p");
        let (tag, class) = match formed {
            Some(formed) => super::form::element(formed),
            None => (tag, class),
        };
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = write!(self.out, "<{tag} id=\"p{number}\" data-block=\"{number}\"{class}");
        if tag == "hr" {
            return self.out.push_str("/>");
        }
        self.out.push_str(if tag == "pre" { "><code>" } else { ">" });
        match formed {
            Some(formed) => self.formed(block, formed),
            None => self.steps(input.overlay.steps(input.doc, block)),
        }
        self.out.push_str(if tag == "pre" { "</code>" } else { "" });
        let heads = tag.starts_with('h');
        if formed.is_none_or(|formed| !super::form::ends_in_list(formed, input)) {
            self.after(number, !heads);
        }
        let _ = write!(self.out, "</{tag}>");
    }

    /// What stands at the end of a paragraph: its connections, its number.
    pub(super) fn after(&mut self, number: u32, with_number: bool) {
        for item in self.ends.get(&number).cloned().unwrap_or_default() {
            self.reference(item);
        }
        if with_number {
            let _ = write!(self.out, "<span class=\"pn\" data-generated=\"\"> {number}</span>");
        }
    }

    /// The number of a note, or the letter of a connection: it leads to the body, which stands at the end of the file.
    pub(super) fn reference(&mut self, item: ItemIx) {
        let input = self.input;
        let id = item_id(input.site, input.overlay.items[item].kind);
        let label = label(input.overlay, item);
        let new = self.id(&format!("r{id}"));
        let rid = if new { format!(" id=\"r{id}\"") } else { String::new() };
        let _ = write!(
            self.out,
            "<sup class=\"nr\" data-generated=\"\">\u{200a}<a epub:type=\"noteref\" role=\"doc-noteref\"{rid} href=\"#{id}\">{label}</a></sup>"
        );
        if self.noted.insert(item) {
            self.ids_of_parts.push((id, self.parts.len()));
            let body = notes::body(input, self.facts, item, &label);
            self.part.bodies.push(body);
        }
    }

    /// The sign of a correction, and what is said of it.
    pub(super) fn sic(&mut self, index: CorrectionIx) {
        let n = index.number();
        let _ = write!(
            self.out,
            "<sup class=\"nr\" data-generated=\"\">\u{200a}<a epub:type=\"noteref\" role=\"doc-noteref\" id=\"rc{n}\" href=\"#c{n}\">sic</a></sup>"
        );
        if self.corrected.insert(index) {
            self.ids_of_parts.push((format!("c{n}"), self.parts.len()));
            let body = notes::correction(self.input, index);
            self.part.bodies.push(body);
        }
    }

    /// Where a page, or a time, begins.
    pub(super) fn point(&mut self, index: PointIx) {
        let Some(point) = self.input.anchored.points.get(index) else { return };
        let said = self.input.words.milestone(&point.part);
        let label = escaped(&said);
        let id = if self.id(&point.id) { format!(" id=\"{}\"", point.id) } else { String::new() };
        if point.part.kind == RowKind::Page && !id.is_empty() {
            let label = point.part.number.clone().unwrap_or(said);
            let page = PageBreak { id: point.id.clone(), label: label.clone(), part: self.parts.len() };
            self.pages.push(page);
            let _ = write!(
                self.out,
                "<span class=\"pb\" epub:type=\"pagebreak\" role=\"doc-pagebreak\"{id} aria-label=\"{0}\" data-generated=\"\"></span>",
                escaped(&label)
            );
        }
        let id = if point.part.kind == RowKind::Page { "" } else { &*id };
        let _ = write!(self.out, "<span class=\"pt\"{id} data-generated=\"\">{label}</span>");
    }

    /// The footnote that a mark of the text leads to.
    pub(super) fn footnote(&self, mark: RowIx) -> Option<RowIx> {
        let pairs = &self.input.anchored.footnotes;
        let at = pairs.binary_search_by_key(&mark, |pair| pair.mark).ok()?;
        Some(pairs[at].note)
    }

    /// The address of a footnote of the text, as on its page.
    pub(super) fn footnote_id(&self, row: RowIx) -> String {
        let (doc, anchored) = (self.input.doc, self.input.anchored);
        let block = |row: &postil_anchor::anchor::Placed| doc.block_at(row.place.start()).number;
        let Some(own) = anchored.placed(row).map(block) else { return String::new() };
        let before = anchored.structure.iter_enumerated().take_while(|(other, _)| *other < row);
        let same = before
            .map(|(_, other)| other)
            .filter(|other| other.part.kind == RowKind::Footnote && block(other) == own);
        match same.count() {
            0 => format!("fn-p{own}"),
            n => format!("fn-p{own}-{}", n + 1),
        }
    }

    /// The ways back from a footnote to its marks.
    fn back(&mut self, row: RowIx) {
        let words = escaped(self.input.words.get("back_to_words"));
        let marks = self.input.anchored.footnotes.iter().filter(|pair| pair.note == row);
        for mark in marks.map(|pair| pair.mark).collect::<Vec<_>>() {
            let to = self.here(&format!("fr-{}", usize::from(mark)));
            let _ = write!(
                self.out,
                "<a class=\"back\" role=\"doc-backlink\" {to} aria-label=\"{words}\" data-generated=\"\">\u{2191}</a>"
            );
        }
    }

    /// Closes and opens containers of Markdown so that `wanted` is what is open.
    fn enter(&mut self, wanted: &[Container]) {
        let wanted = &wanted[..wanted.len().min(DEEPEST_CONTAINERS)];
        let shared = self.containers.iter().zip(wanted).take_while(|(a, b)| a.id == b.id).count();
        for container in self.containers.drain(shared..).rev().collect::<Vec<_>>() {
            let end = match container.kind {
                ContainerKind::Footnote(Some(number)) => {
                    let words = escaped(self.input.words.get("back_to_words"));
                    let to = self.here(&format!("fr-n{number}"));
                    let _ = write!(
                        self.out,
                        "<a class=\"back\" role=\"doc-backlink\" {to} aria-label=\"{words}\" data-generated=\"\">\u{2191}</a>"
                    );
                    "</div>"
                }
                kind => elements::of_container(kind).1,
            };
            self.out.push_str(end);
        }
        for container in &wanted[shared..] {
            match container.kind {
                ContainerKind::Item(Some(number)) if container.id >= self.next_container => {
                    let _ = write!(self.out, "<li value=\"{number}\">");
                }
                ContainerKind::Footnote(Some(number)) => {
                    let id = format!("fn-n{number}");
                    let id = if self.id(&id) { format!(" id=\"{id}\"") } else { String::new() };
                    let _ = write!(
                        self.out,
                        "<div class=\"fn\" epub:type=\"footnote\" role=\"doc-footnote\"{id}><span data-generated=\"\">{number}</span> "
                    );
                }
                kind => self.out.push_str(elements::of_container(kind).0),
            }
            self.next_container = self.next_container.max(container.id + 1);
            self.containers.push(container.clone());
        }
    }

    /// Words of the record.
    pub(super) fn words(&mut self, words: &str) {
        escape(&mut self.out, words);
    }
}

/// What stands for an item: the number of a note; of a connection a letter, so that nobody takes one for the other.
pub(super) fn label(overlay: &Overlay, item: ItemIx) -> String {
    let Some(mut n) = usize::from(item).checked_sub(overlay.notes()) else {
        return item.number().to_string();
    };
    let mut letters = Vec::new();
    loop {
        letters.push(b'a' + (n % 26) as u8);
        match n / 26 {
            0 => break,
            more => n = more - 1,
        }
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}
