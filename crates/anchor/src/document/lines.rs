//! Lines and cells of blocks whose line breaks matter.

use super::{Block, Document, TextRange};

/// A line of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its part of the visible text, white space at its beginning and its end included.
    pub text: TextRange,
    /// Its words.
    pub words: TextRange,
    /// By how many steps it is indented: two blanks or a tab are one.
    pub indent: usize,
}

/// A row of a table: its cells, which together are a line or two.
pub type Cells = Vec<Cell>;

/// A cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Its part of the visible text, what divides it from others included. Empty cells may have none.
    pub text: TextRange,
    /// Its words.
    pub words: TextRange,
}

/// A table that stands in lines of text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its rows, with the index of the block they belong to.
    pub rows: Vec<(usize, Cells)>,
    /// Signs and lines that divide cells and rows.
    pub dividers: Vec<TextRange>,
}

impl Document {
    /// The lines of a block, which together are its text.
    pub fn lines(&self, block: &Block) -> Vec<Line> {
        let mut at = block.text.start;
        let lines = self.words(block.text).split_inclusive('\n').enumerate();
        let line = |(i, line): (usize, &str)| {
            let text = TextRange::new(at, at + line.len());
            at = text.end;
            let trimmed = line.trim();
            let start = text.start + (line.len() - line.trim_start().len());
            let words = TextRange::new(start, start + trimmed.len());
            let lead = if i == 0 { self.lead(block) } else { &line[..line.len() - line.trim_start().len()] };
            Line { text, words, indent: steps(lead) }
        };
        lines.map(line).collect()
    }

    /// The blocks as a table; none if blanks do not come out as columns.
    pub fn table(&self, blocks: &[&Block]) -> Option<Table> {
        if let [block] = blocks
            && let Some(rows) = self.tables.get(&block.number)
        {
            let rows = rows.iter().map(|cells| (0, cells.clone())).collect();
            return Some(Table { rows, dividers: Vec::new() });
        }
        let mut lines = Vec::new();
        for (i, block) in blocks.iter().enumerate() {
            for (j, line) in self.lines(block).into_iter().enumerate() {
                let lead = if j == 0 { self.lead(block) } else { "" };
                lines.push(Raw { block: i, lead, line, ruler: is_ruler(self.words(line.words)) });
            }
        }
        let holds = |sign: char| {
            let in_line = |raw: &Raw<'_>| {
                !raw.ruler && (self.words(raw.line.text).contains(sign) || raw.lead.contains(sign))
            };
            lines.iter().any(in_line)
        };
        let cells: Vec<Cells> = if holds('\t') {
            lines.iter().map(|raw| self.tabbed(raw)).collect()
        } else if holds('|') {
            lines.iter().map(|raw| self.barred(raw)).collect()
        } else {
            self.spaced(&lines)?
        };
        let mut table = Table::default();
        // A ruler stands with the row before it, the first with the row behind it.
        let mut waiting: Option<TextRange> = None;
        for (raw, mut cells) in lines.iter().zip(cells) {
            if raw.ruler {
                table.dividers.push(raw.line.words);
                match table.rows.last_mut().filter(|(block, _)| *block == raw.block) {
                    Some((_, before)) => {
                        before.last_mut().expect("a row has a cell").text.end = raw.line.text.end
                    }
                    None => {
                        let start = waiting.map_or(raw.line.text.start, |range| range.start);
                        waiting = Some(TextRange::new(start, raw.line.text.end));
                    }
                }
                continue;
            }
            if let Some(range) = waiting.take() {
                match raw.block == self.index_in(blocks, range) {
                    true => cells[0].text.start = range.start,
                    false => table.rows.push((
                        self.index_in(blocks, range),
                        vec![Cell { text: range, words: TextRange::new(range.start, range.start) }],
                    )),
                }
            }
            for cell in &cells {
                for range in [
                    TextRange::new(cell.text.start, cell.words.start),
                    TextRange::new(cell.words.end, cell.text.end),
                ] {
                    let bars = self.words(range).match_indices('|');
                    table
                        .dividers
                        .extend(bars.map(|(i, _)| TextRange::new(range.start + i, range.start + i + 1)));
                }
            }
            table.rows.push((raw.block, cells));
        }
        if let Some(range) = waiting {
            table.rows.push((
                self.index_in(blocks, range),
                vec![Cell { text: range, words: TextRange::new(range.start, range.start) }],
            ));
        }
        table.dividers.sort_unstable();
        table.dividers.dedup();
        Some(table)
    }

    fn index_in(&self, blocks: &[&Block], range: TextRange) -> usize {
        blocks.partition_point(|block| block.text.end <= range.start)
    }

    /// Each tab ends a cell.
    fn tabbed(&self, raw: &Raw<'_>) -> Cells {
        let start = raw.line.text.start;
        let empty = Cell { text: TextRange::new(start, start), words: TextRange::new(start, start) };
        let mut cells = vec![empty; raw.lead.matches('\t').count()];
        let mut at = start;
        for cell in self.words(raw.line.text).split_inclusive('\t') {
            cells.push(self.cell(at, at + cell.len()));
            at += cell.len();
        }
        cells
    }

    /// Cells stand between bars; one at either end of a line divides nothing.
    fn barred(&self, raw: &Raw<'_>) -> Cells {
        let words = self.words(raw.line.words);
        let start = raw.line.words.start;
        let mut bars: Vec<usize> = words.match_indices('|').map(|(i, _)| start + i).collect();
        let first = if bars.first() == Some(&start) { bars.remove(0) + 1 } else { start };
        if bars.last().is_some_and(|bar| bar + 1 == raw.line.words.end) {
            bars.pop();
        }
        let mut cells = Vec::with_capacity(bars.len() + 1);
        let mut from = first;
        for end in bars.iter().copied().chain([raw.line.words.end]) {
            let mut cell = self.cell(from, end);
            let words = self.words(cell.words).trim_end_matches('|').trim_end().len();
            cell.words.end = cell.words.start + words;
            cell.text.end = (end + 1).min(raw.line.words.end);
            cells.push(cell);
            from = end + 1;
        }
        cells[0].text.start = raw.line.text.start;
        cells.last_mut().expect("there is one").text.end = raw.line.text.end;
        for i in 1..cells.len() {
            cells[i].text.start = cells[i - 1].text.end;
        }
        cells
    }

    /// Words with two blanks or more between them stand in columns.
    fn spaced(&self, lines: &[Raw<'_>]) -> Option<Vec<Cells>> {
        let mut found: Vec<Vec<(Range, TextRange)>> = Vec::with_capacity(lines.len());
        for raw in lines {
            found.push(if raw.ruler { Vec::new() } else { self.groups(raw) });
        }
        let mut spans: Vec<Range> = found.iter().flatten().map(|(span, _)| *span).collect();
        spans.sort_unstable();
        let mut columns: Vec<Range> = Vec::new();
        for (start, end) in spans {
            match columns.last_mut().filter(|column| start < column.1) {
                Some(column) => column.1 = column.1.max(end),
                None => columns.push((start, end)),
            }
        }
        if columns.len() < 2 {
            return None;
        }
        let mut rows = Vec::with_capacity(lines.len());
        for (raw, groups) in lines.iter().zip(found) {
            let mut cells: Cells = Vec::new();
            let mut at = raw.line.text.start;
            let mut groups = groups.into_iter().peekable();
            for column in &columns {
                match groups.next_if(|(span, _)| span.0 < column.1) {
                    Some((_, words)) => {
                        cells.push(Cell { text: TextRange::new(at, words.end), words });
                        at = words.end;
                    }
                    None => cells.push(Cell { text: TextRange::new(at, at), words: TextRange::new(at, at) }),
                }
            }
            if groups.next().is_some() {
                return None;
            }
            cells.last_mut().expect("there are two").text.end = raw.line.text.end;
            rows.push(cells);
        }
        Some(rows)
    }

    /// Groups of words of a line, each with the columns of characters that it takes.
    fn groups(&self, raw: &Raw<'_>) -> Vec<(Range, TextRange)> {
        let lead = raw.lead.chars().count();
        let mut groups: Vec<(Range, TextRange)> = Vec::new();
        for (column, (at, c)) in (lead..).zip(self.words(raw.line.text).char_indices()) {
            let at = raw.line.text.start + at;
            if !c.is_whitespace() {
                let end = at + c.len_utf8();
                match groups.last_mut().filter(|(span, _)| column - span.1 < 2) {
                    Some((span, words)) => (span.1, words.end) = (column + 1, end),
                    None => groups.push(((column, column + 1), TextRange::new(at, end))),
                }
            }
        }
        groups
    }

    fn cell(&self, start: usize, end: usize) -> Cell {
        let words = &self.visible[start..end];
        let from = start + (words.len() - words.trim_start().len());
        let words = TextRange::new(from.min(end), from.min(end) + words.trim().len());
        Cell { text: TextRange::new(start, end), words }
    }
}

/// Columns of characters: first, one past the last.
type Range = (usize, usize);

/// A line before it is cut into cells.
struct Raw<'a> {
    block: usize,
    lead: &'a str,
    line: Line,
    ruler: bool,
}

/// Whether a line only divides rows.
fn is_ruler(words: &str) -> bool {
    words.chars().all(|c| matches!(c, '|' | '+' | '-' | '=' | ':') || c.is_whitespace())
        && words.contains(['-', '=', '+'])
}

fn steps(lead: &str) -> usize {
    let tabs = lead.matches('\t').count();
    tabs + (lead.chars().count() - tabs) / 2
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::record::{Layout, Record};
    use postil_archive::archive::Format;

    fn document(text: &str, layout: Layout) -> Document {
        let record = Record { layout: Some(layout), ..Record::default() };
        let path = Arc::from("content/a.txt");
        let parsed = super::super::parse(Arc::from("a"), path, text.as_bytes(), Format::Plain, &record);
        parsed.value.expect("it has words")
    }

    #[test]
    fn lines_know_their_indentation() {
        let doc = document("    The tide\n\n\n  goes\n\tand comes \n and goes\n      again", Layout::Verse);
        let shown = |block: &Block| -> Vec<(String, usize)> {
            let lines = doc.lines(block);
            assert_eq!(
                lines.iter().map(|line| doc.words(line.text)).collect::<String>(),
                doc.words(block.text)
            );
            lines.iter().map(|line| (doc.words(line.words).to_owned(), line.indent)).collect()
        };
        let line = |words: &str, indent| (words.to_owned(), indent);
        assert_eq!(shown(&doc.blocks.raw[0]), [line("The tide", 2)]);
        let second = [line("goes", 1), line("and comes", 1), line("and goes", 0), line("again", 3)];
        assert_eq!(shown(&doc.blocks.raw[1]), second);
    }

    /// The cells of a table, rows on lines, and what divides them.
    fn shown(text: &str, layout: Layout) -> Option<(String, String)> {
        let doc = document(text, layout);
        let blocks: Vec<&Block> = doc.blocks.iter().collect();
        let table = doc.table(&blocks)?;
        let mut rows = Vec::new();
        let mut at = None;
        for (block, cells) in &table.rows {
            if at != Some(*block) {
                at = Some(*block);
            }
            rows.push(cells.iter().map(|cell| doc.words(cell.words)).collect::<Vec<_>>().join("/"));
        }
        // Together the cells are the text of each block.
        for (i, block) in blocks.iter().enumerate() {
            let cells = table.rows.iter().filter(|(of, _)| *of == i).flat_map(|(_, cells)| cells);
            let words: String = cells.map(|cell| doc.words(cell.text)).collect();
            assert_eq!(words, doc.words(block.text));
        }
        let dividers: Vec<&str> = table.dividers.iter().map(|range| doc.words(*range)).collect();
        Some((rows.join("\n"), dividers.join(" ")))
    }

    #[track_caller]
    fn check(text: &str, cells: &str, dividers: &str) {
        assert_eq!(shown(text, Layout::Wrapped), Some((cells.into(), dividers.into())));
        let of_lines = shown(text, Layout::Lines).unwrap();
        let without_empty: Vec<&str> = of_lines.0.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!((without_empty.join("\n"), of_lines.1), (cells.into(), dividers.into()), "in lines");
    }

    #[test]
    fn columns_of_blanks_are_found() {
        check(
            "Year      Cases    Convictions\n1997         12              3\n1998                         7\n",
            "Year/Cases/Convictions\n1997/12/3\n1998//7",
            "",
        );
        check("  A   one b\n----  -----\n  C   d", "A/one b\nC/d", "----  -----");
        assert_eq!(shown("One line of prose.\nAnd another one.", Layout::Wrapped), None);
        assert_eq!(shown("a    b    c\nd across all  e\nf    g    h", Layout::Wrapped), None);
    }

    #[test]
    fn tabs_and_bars_divide_cells() {
        check("a\tb\tc\nd\t\te\tf", "a/b/c\nd//e/f", "");
        check("\t\tb\na\tc", "//b\na/c", "");
        check("a | b\nc | d | e", "a/b\nc/d/e", "| | |");
        check("| a | b |\n|---|:-:|\n| c |   |", "a/b\nc/", "| | | |---|:-:| | | |");
        check(
            "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+",
            "a/b\nc/d",
            "+---+---+ | | | +===+===+ | | | +---+---+",
        );
    }
}
