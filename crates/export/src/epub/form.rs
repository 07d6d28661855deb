//! Blocks whose lines matter: verse, tables, lists, words as they lie.

use std::fmt::Write as _;

use postil_anchor::anchor::forms::Formed;
use postil_anchor::annotation::Form;
use postil_anchor::document::lines::Line;
use postil_anchor::document::record::Layout;
use postil_anchor::document::{Block, TextRange};
use postil_site::render::article::Input;
use postil_site::render::elements::List;

use super::chapter::Writer;
use super::xml::escaped;

/// Most steps by which a line is shown further in.
const DEEPEST: usize = 12;

/// The element of a block of a form, and its class.
pub(super) fn element(formed: &Formed) -> (&'static str, &'static str) {
    match formed.form {
        Form::Verse => ("p", "verse"),
        Form::Preformatted => ("div", "lines"),
        Form::Table | Form::List => ("div", "list"),
    }
}

/// Whether the last item of a list has what stands at the end of its block.
pub(super) fn ends_in_list(formed: &Formed, input: Input<'_>) -> bool {
    formed.form == Form::List && input.doc.layout != Some(Layout::Lines)
}

impl Writer<'_> {
    /// The words of a block of a form.
    pub(super) fn formed(&mut self, block: &Block, formed: &Formed) {
        let input = self.input;
        let lines = input.doc.lines(block);
        let ranges: Vec<TextRange> = lines.iter().map(|line| line.text).collect();
        match formed.form {
            Form::Verse => {
                let pieces = input.overlay.pieces(input.doc, block, &ranges);
                for (i, (line, steps)) in lines.iter().zip(pieces).enumerate() {
                    self.verse(i, line, formed);
                    self.steps(steps);
                    self.out.push_str("</span>");
                }
            }
            Form::List if ends_in_list(formed, input) => {
                let pieces = input.overlay.pieces(input.doc, block, &ranges);
                let mut list = List::default();
                for (i, (line, steps)) in lines.iter().zip(pieces).enumerate() {
                    list.item(&mut self.out, line.indent);
                    self.steps(steps);
                    if i + 1 == lines.len() {
                        self.after(block.number, true);
                    }
                }
                list.end(&mut self.out);
            }
            Form::Preformatted | Form::Table | Form::List => {
                let lead = input.doc.lead(block);
                if formed.form != Form::List && !lead.is_empty() {
                    let _ = write!(self.out, "<span data-generated=\"\">{}</span>", escaped(lead));
                }
                self.steps(input.overlay.steps(input.doc, block));
            }
        }
    }

    /// Opens a line of verse.
    fn verse(&mut self, i: usize, line: &Line, formed: &Formed) {
        let indent = match line.indent {
            0 => String::new(),
            n => format!(" i{}", n.min(DEEPEST)),
        };
        let _ = write!(self.out, "<span class=\"l{indent}\">");
        if let Some(number) = formed.printed(i) {
            let _ = write!(self.out, "<span class=\"ln\" data-generated=\"\">{number} </span>");
        }
    }

    /// A table of one block or several.
    pub(super) fn table(&mut self, blocks: &[u32]) {
        let input = self.input;
        let found: Vec<&Block> = blocks.iter().filter_map(|&number| input.doc.block(number)).collect();
        let Some(table) = input.doc.table(&found) else { return };
        self.begin(blocks[0]);
        // A table of Markdown has one row of heads.
        let of_markdown = usize::from(input.doc.tables.contains_key(&blocks[0]));
        let mut head = input.anchored.form(blocks[0]).map_or(of_markdown, |formed| formed.head as usize);
        let width = table.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(1);
        self.out.push_str("<table>");
        for (i, block) in found.iter().enumerate() {
            let _ = write!(self.out, "<tbody id=\"p{0}\" data-block=\"{0}\">", block.number);
            let rows: Vec<_> = table.rows.iter().filter(|(of, _)| *of == i).map(|(_, cells)| cells).collect();
            let ranges: Vec<TextRange> =
                rows.iter().flat_map(|cells| cells.iter().map(|cell| cell.text)).collect();
            let last = ranges.len();
            let mut pieces = input.overlay.pieces(input.doc, block, &ranges).into_iter();
            let mut nth = 0;
            for cells in rows {
                let empty = cells.iter().all(|cell| cell.words.is_empty());
                // A line that only divides is a row that is not seen.
                let is_ruler = empty && cells.len() == 1 && width > 1;
                let tag = if head > 0 && !is_ruler { "th scope=\"col\"" } else { "td" };
                self.out.push_str(if is_ruler { "<tr class=\"ruler\">" } else { "<tr>" });
                for cell in cells {
                    // A head without words is none: nobody could be told what is below it.
                    let tag = if cell.words.is_empty() { "td" } else { tag };
                    let _ = write!(self.out, "<{tag}>");
                    self.steps(pieces.next().unwrap_or_default());
                    nth += 1;
                    if nth == last {
                        self.after(block.number, true);
                    }
                    let _ = write!(self.out, "</{}>", &tag[..2]);
                }
                for _ in cells.len()..width {
                    self.out.push_str("<td></td>");
                }
                self.out.push_str("</tr>");
                head = head.saturating_sub(usize::from(!is_ruler));
            }
            self.out.push_str("</tbody>");
        }
        self.out.push_str("</table>");
    }
}
