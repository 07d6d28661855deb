//! Blocks whose lines matter: verse, tables, lists, words as they lie.
//!
//! Lines and cells are elements of their own; what stands on them is cut where they end. The white
//! space of the text stays in it, and no style shows it.

use std::fmt::Write as _;

use super::Writer;
use crate::render::elements::List;
use crate::render::html;
use postil_anchor::anchor::forms::Formed;
use postil_anchor::annotation::Form;
use postil_anchor::document::lines::Line;
use postil_anchor::document::{Block, TextRange};
use postil_anchor::overlay::{Node, Unit};
use postil_archive::index::RowIx;

/// Most steps by which a line is shown further in.
const DEEPEST: usize = 24;

/// The element of a block of a form, and its class.
pub(super) fn element(formed: &Formed) -> (&'static str, &'static str) {
    match formed.form {
        Form::Verse if formed.numbers.is_some() => ("p", "verse counted"),
        Form::Verse => ("p", "verse"),
        Form::Preformatted => ("div", "lines"),
        Form::Table | Form::List => ("div", "list"),
    }
}

impl Writer<'_> {
    /// Units that are shown as one.
    pub(super) fn form(&mut self, form: Form, nodes: &[Node], row: Option<RowIx>) {
        self.enter_containers(&[]);
        if form != Form::List {
            self.out.push_str("<div class=\"form\">");
            self.nodes(nodes, row);
            self.out.push_str("</div>");
            return;
        }
        let mut list = List::default();
        for node in nodes {
            let Node::Unit(unit) = node else { continue };
            let indent = self.first_line(unit).map_or(0, |line| line.indent);
            list.item(&mut self.out, indent);
            self.unit(unit, row);
        }
        list.end(&mut self.out);
    }

    /// Where the raw text has a gap before a line that goes on with the one before.
    pub(super) fn gap(&self, unit: &Unit) -> &'static str {
        let number = unit.blocks[0];
        let goes_on = self.input.anchored.form(number).is_some_and(|formed| !formed.begins);
        let line = |number: u32| self.input.doc.block(number).map(|block| block.lines);
        let before = number.checked_sub(1).and_then(line).map(|lines| lines.1);
        match (goes_on, before, line(number)) {
            (true, Some(before), Some((here, _))) if here == before + 1 => " next",
            _ => "",
        }
    }

    fn first_line(&self, unit: &Unit) -> Option<Line> {
        self.input.doc.lines(self.input.doc.block(unit.blocks[0])?).first().copied()
    }

    /// The words of a block of a form.
    pub(super) fn formed(&mut self, block: &Block, formed: &Formed) {
        let lines = self.input.doc.lines(block);
        let ranges: Vec<TextRange> = lines.iter().map(|line| line.text).collect();
        let pieces = match formed.form {
            Form::Verse | Form::List => self.input.overlay.pieces(self.input.doc, block, &ranges),
            Form::Preformatted | Form::Table => vec![self.input.overlay.steps(self.input.doc, block)],
        };
        match formed.form {
            Form::Verse => {
                for (i, (line, steps)) in lines.iter().zip(pieces).enumerate() {
                    self.verse(block, i, line, formed);
                    self.steps(steps);
                    self.out.push_str("</span>");
                }
            }
            // Where each line is a block, the item stands around it.
            Form::List if self.input.doc.layout == Some(postil_anchor::document::record::Layout::Lines) => {
                pieces.into_iter().for_each(|steps| self.steps(steps));
            }
            Form::List => {
                let mut list = List::default();
                for (i, (line, steps)) in lines.iter().zip(pieces).enumerate() {
                    list.item(&mut self.out, line.indent);
                    self.steps(steps);
                    if i + 1 == lines.len() {
                        self.connected(block.number);
                        self.permalink(block.number, "pn");
                    }
                }
                list.end(&mut self.out);
            }
            Form::Preformatted | Form::Table => {
                let lead = self.input.doc.lead(block);
                if !lead.is_empty() {
                    let _ = write!(self.out, "<span data-generated>{}</span>", html::escaped(lead));
                }
                pieces.into_iter().for_each(|steps| self.steps(steps));
            }
        }
    }

    /// Opens a line of verse.
    fn verse(&mut self, block: &Block, i: usize, line: &Line, formed: &Formed) {
        let _ = write!(self.out, "<span class=\"l");
        if line.indent > 0 {
            let _ = write!(self.out, " i{}", line.indent.min(DEEPEST));
        }
        let _ = write!(self.out, "\" id=\"p{}-{}\">", block.number, i + 1);
        if let Some(number) = formed.printed(i) {
            let said = html::escaped(&self.input.words.fill("line_n", &[("n", &number.to_string())]));
            let _ = write!(
                self.out,
                "<span class=\"ln\" data-generated><span class=\"sr\"{}>{said} </span><span aria-hidden=\"true\">{number}</span></span>",
                self.said
            );
        }
    }

    /// A table of one block or several.
    pub(super) fn table(&mut self, blocks: &[u32]) {
        let input = self.input;
        let found: Vec<&Block> = blocks.iter().filter_map(|&number| input.doc.block(number)).collect();
        let Some(table) = input.doc.table(&found) else { return };
        // A table of Markdown has one row of heads.
        let of_markdown = usize::from(input.doc.tables.contains_key(&blocks[0]));
        let mut head = input.anchored.form(blocks[0]).map_or(of_markdown, |formed| formed.head as usize);
        let width = table.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(1);
        let one = found.len() == 1;
        let _ = write!(self.out, "<div class=\"wide\"><table class=\"cells\"");
        if let [block] = found[..] {
            let _ = write!(self.out, " id=\"p{0}\" data-block=\"{0}\"", block.number);
        }
        self.out.push('>');
        for (i, block) in found.iter().enumerate() {
            match one {
                true => self.out.push_str("<tbody>"),
                false => {
                    let _ = write!(self.out, "<tbody id=\"p{0}\" data-block=\"{0}\">", block.number);
                }
            }
            let rows: Vec<_> = table.rows.iter().filter(|(of, _)| *of == i).map(|(_, cells)| cells).collect();
            let ranges: Vec<TextRange> =
                rows.iter().flat_map(|cells| cells.iter().map(|cell| cell.text)).collect();
            let mut pieces = input.overlay.pieces(input.doc, block, &ranges).into_iter();
            let (mut row, mut nth) = (0, 0);
            let last = ranges.len();
            for cells in rows {
                let empty = cells.iter().all(|cell| cell.words.is_empty());
                // A line that only divides stands with the row before it; one that has none is a row for itself.
                let is_ruler = empty && cells.len() == 1 && width > 1;
                let tag = if head > 0 && !is_ruler { "th scope=\"col\"" } else { "td" };
                match (one, is_ruler) {
                    (true, false) => {
                        row += 1;
                        let _ = write!(self.out, "<tr id=\"p{}-{row}\">", block.number);
                    }
                    (false, false) => self.out.push_str("<tr>"),
                    (_, true) => self.out.push_str("<tr class=\"ruler\">"),
                }
                for (j, _) in cells.iter().enumerate() {
                    let _ = write!(self.out, "<{tag}>");
                    if j == 0 && (row == 1 || !one) {
                        self.had(block.number);
                    }
                    self.steps(pieces.next().unwrap_or_default());
                    nth += 1;
                    if nth == last {
                        self.connected(block.number);
                        self.permalink(block.number, "pn");
                    }
                    let _ = write!(self.out, "</{}>", &tag[..2]);
                }
                for _ in cells.len()..width {
                    let _ = write!(self.out, "<{tag}></{}>", &tag[..2]);
                }
                self.out.push_str("</tr>");
                head = head.saturating_sub(usize::from(!is_ruler));
            }
            self.out.push_str("</tbody>");
        }
        self.out.push_str("</table></div>");
        for block in found {
            self.was_there(block.number);
        }
    }
}
