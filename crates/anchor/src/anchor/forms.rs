//! Forms of whole blocks: verse, preformatted words, tables, lists.
//!
//! A form says how a block is shown. It lies in whatever holds the block, so it is no row that nests.

use typed_index_collections::TiVec;

use super::rows::Of;
use super::{Hidden, Placed, at};
use crate::annotation::{Form, Row, RowKind};
use crate::document::record::Layout;
use crate::document::{Block, BlockKind, Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic};
use postil_archive::index::BlockIx;

/// The form of one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formed {
    /// Its number.
    pub block: u32,
    /// The form.
    pub form: Form,
    /// Whether something new begins here: a stanza, a table. If not, it goes on with the block before.
    pub begins: bool,
    /// Rows of the table at its head.
    pub head: u32,
    /// Whether a row says so; if not, the layout of the text does.
    pub by_row: bool,
    /// Number of its first line of verse, if a row counts them.
    pub line: Option<u32>,
    /// Every how manieth number is printed, if any is.
    pub numbers: Option<u32>,
}

impl Formed {
    /// The number of a line of verse, by its index in the block.
    pub fn number(&self, line: usize) -> Option<u32> {
        Some(self.line?.saturating_add(u32::try_from(line).ok()?))
    }

    /// The same, if it is printed.
    pub fn printed(&self, line: usize) -> Option<u32> {
        let every = self.numbers?;
        self.number(line).filter(|number| number % every == 0)
    }
}

/// What a row gives a form to: runs of blocks, each shown as one where each line is a block.
pub(super) struct Claim<'a> {
    pub(super) row: &'a Row,
    pub(super) form: Form,
    pub(super) runs: Vec<(u32, u32)>,
    /// Whether lines are numbered from run to run only where nothing else stands between.
    pub(super) parted: bool,
}

/// What rows of a form claim, and the signs that divide the cells of tables.
#[derive(Default)]
pub(super) struct Claims<'a> {
    pub(super) list: Vec<Claim<'a>>,
    pub(super) dividers: Vec<TextRange>,
}

impl<'a> Claims<'a> {
    /// Takes a claim in; a table that has no columns is shown as its lines lie.
    pub(super) fn add(&mut self, doc: &Document, mut claim: Claim<'a>, problems: &mut Vec<Diagnostic>) {
        if claim.form == Form::Table {
            let tables: Vec<_> =
                tables(doc, &claim.runs).into_iter().map(|blocks| doc.table(&blocks)).collect();
            if tables.iter().all(Option::is_some) {
                self.dividers.extend(tables.into_iter().flatten().flat_map(|table| table.dividers));
            } else {
                problems.push(ragged(doc, &claim));
                claim.form = Form::Preformatted;
            }
        }
        self.list.push(claim);
    }
}

/// The blocks of each table: in lines a run is one, elsewhere each block is.
fn tables<'d>(doc: &'d Document, runs: &[(u32, u32)]) -> Vec<Vec<&'d Block>> {
    let blocks = |&(first, last): &(u32, u32)| doc.run(first, last).iter();
    match doc.layout {
        Some(Layout::Lines) => runs.iter().map(|run| blocks(run).collect()).collect(),
        _ => runs.iter().flat_map(blocks).map(|block| vec![block]).collect(),
    }
}

fn ragged(doc: &Document, claim: &Claim<'_>) -> Diagnostic {
    let (first, last) = claim.runs[0];
    let which = if first == last { format!("p{first}") } else { format!("p{first}-p{last}") };
    let message = format!("the blanks of {which} of `{}` do not come out as columns", doc.id);
    Diagnostic::warning(Code::TABLE_RAGGED, claim.row.selector.place(), message)
        .related(doc.place(doc.whole(first, first)), "shown as its lines lie")
        .help("write `kind = \"preformatted\"` if that is right; a table has its cells under each other, or tabs or `|` between them")
}

/// What rows of a form claim. Blocks that follow each other, and are of one pattern, are one.
pub(super) fn claims<'a>(doc: &Document, rows: &[Of<'a, Row>], problems: &mut Vec<Diagnostic>) -> Claims<'a> {
    let mut claims = Claims::default();
    for of in rows {
        let Some(form) = of.row.part.kind.form() else { continue };
        let mut runs: Vec<(u32, u32)> = Vec::new();
        match &of.hits {
            Some(hits) => {
                for hit in &hits.list {
                    let (first, last) = (hit.blocks.0.number(), hit.blocks.1.number());
                    match runs.last_mut().filter(|run| first <= run.1 + 1) {
                        Some(run) => run.1 = run.1.max(last),
                        None => runs.push((first, last)),
                    }
                }
            }
            // Blocks that are not there are said when the row is placed.
            None => runs = at::runs(doc, &of.row.selector).unwrap_or_default(),
        }
        if !runs.is_empty() {
            claims.add(doc, Claim { row: of.row, form, runs, parted: of.hits.is_some() }, problems);
        }
    }
    claims
}

/// The form of each block that has one, sorted.
pub(super) fn form(
    doc: &Document,
    hidden: &[Hidden],
    (structure, parts): (&[Placed], &[Placed]),
    claims: &Claims<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Formed> {
    let between = Between::new(doc, hidden, structure, parts);
    let mut owners: TiVec<BlockIx, Option<&Row>> = vec![None; doc.blocks.len()].into();
    let mut formed: Vec<Formed> = Vec::new();
    for claim in &claims.list {
        let keys = claim.row.form;
        let first = keys.first.unwrap_or(1);
        let (mut line, mut before, mut told) = (first, None, false);
        for &(start, end) in &claim.runs {
            let mut begins = true;
            for Block { number, .. } in doc.run(start, end) {
                let number = *number;
                let Some(index) = BlockIx::of_number(number) else { continue };
                if between.is_hidden(index) {
                    continue;
                }
                if let Some(other) = owners[index] {
                    if !told {
                        problems.push(two_forms(doc, number, claim.row, other));
                        told = true;
                    }
                    continue;
                }
                owners[index] = Some(claim.row);
                let block = &doc.blocks[index];
                if claim.parted && before.is_some_and(|before| !between.nothing(before, index)) {
                    line = first;
                }
                let verse = claim.form == Form::Verse;
                formed.push(Formed {
                    block: number,
                    form: claim.form,
                    begins,
                    head: if begins { keys.head.unwrap_or(0) } else { 0 },
                    by_row: true,
                    line: verse.then_some(line),
                    numbers: keys.numbers.filter(|_| verse),
                });
                line = line.saturating_add(lines_of(doc, hidden, block));
                before = Some(index);
                begins = doc.layout != Some(Layout::Lines);
            }
        }
    }
    if doc.layout == Some(Layout::Verse) {
        let titles = between.heads();
        let bare = doc.blocks.keys().filter(|&i| owners[i].is_none() && !between.is_hidden(i) && !titles[i]);
        formed.extend(bare.map(|i| Formed {
            block: doc.blocks[i].number,
            form: Form::Verse,
            begins: true,
            head: 0,
            by_row: false,
            line: None,
            numbers: None,
        }));
    }
    formed.sort_by_key(|formed| formed.block);
    formed
}

/// Lines of a block that are not folded away.
fn lines_of(doc: &Document, hidden: &[Hidden], block: &Block) -> u32 {
    let seen = |line: &crate::document::lines::Line| {
        !super::words::visible_part(doc, hidden, line.text).ranges.is_empty()
    };
    u32::try_from(doc.lines(block).iter().filter(|line| seen(line)).count()).unwrap_or(u32::MAX)
}

fn two_forms(doc: &Document, block: u32, row: &Row, other: &Row) -> Diagnostic {
    let message = format!("p{block} of `{}` has two forms", doc.id);
    Diagnostic::error(Code::SELECTOR_CONFLICT, row.selector.place(), message)
        .related(other.selector.place(), "the other row")
        .help("let one of the two rows leave the block out")
}

/// What stands between two blocks.
struct Between<'a> {
    doc: &'a Document,
    structure: &'a [Placed],
    hidden: TiVec<BlockIx, bool>,
    /// Blocks that speakers and stage directions cover.
    aside: TiVec<BlockIx, bool>,
    /// Blocks in which a heading begins.
    heading: TiVec<BlockIx, bool>,
}

impl<'a> Between<'a> {
    fn new(doc: &'a Document, hidden: &[Hidden], structure: &'a [Placed], parts: &[Placed]) -> Self {
        let gone = |block: &Block| {
            !block.text.is_empty() && super::words::visible_part(doc, hidden, block.text).ranges.is_empty()
        };
        let mut aside: TiVec<BlockIx, bool> = vec![false; doc.blocks.len()].into();
        let mut heading: TiVec<BlockIx, bool> =
            doc.blocks.iter().map(|block| matches!(block.kind, BlockKind::Heading(_))).collect();
        for row in structure.iter().chain(parts) {
            let Some((first, last)) = row.blocks else { continue };
            let range = BlockIx::from(first as usize - 1)..BlockIx::from(last as usize);
            match row.part.kind {
                RowKind::Speaker | RowKind::Stage => aside[range].fill(true),
                RowKind::Heading => heading[range.start] = true,
                _ => {}
            }
        }
        Self { doc, structure, hidden: doc.blocks.iter().map(gone).collect(), aside, heading }
    }

    fn is_hidden(&self, index: BlockIx) -> bool {
        self.hidden[index]
    }

    /// Whether nothing stands between two blocks but what does not part lines of verse.
    fn nothing(&self, before: BlockIx, index: BlockIx) -> bool {
        before.after().until(index).all(|i| (self.hidden[i] || self.aside[i]) && !self.heading[i])
    }

    /// Blocks that are titles, which are shown as such.
    fn heads(&self) -> TiVec<BlockIx, bool> {
        let mut heads: TiVec<BlockIx, bool> = vec![false; self.doc.blocks.len()].into();
        for row in
            self.structure.iter().filter(|row| matches!(row.part.kind, RowKind::Heading | RowKind::Title))
        {
            if let Some((first, last)) = row.blocks {
                heads.raw[first as usize - 1..last as usize].fill(true);
            }
        }
        heads
    }
}
