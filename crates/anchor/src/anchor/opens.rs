//! Which uses of a term open its definition.

use rustc_hash::FxHashSet;
use typed_index_collections::TiSlice;

use super::glossary::Glossary;
use super::{Layers, Placed, TermUse};
use crate::document::{BlockKind, Document};
use postil_archive::archive::MarkTerms;
use postil_archive::index::{RowIx, TermIx};

/// Sets [`TermUse::opens`]; `uses` are in reading order.
///
/// A first use is counted for each form: an acronym after the full name is
/// explained again.
pub(super) fn mark(
    doc: &Document,
    structure: &TiSlice<RowIx, Placed>,
    layers: &Layers<'_>,
    glossary: &Glossary,
    uses: &mut [TermUse],
) {
    let mut sections = section_starts(doc, structure).into_iter().peekable();
    let mut on_page: FxHashSet<(TermIx, String)> = FxHashSet::default();
    let mut in_section: FxHashSet<(TermIx, String)> = FxHashSet::default();
    for used in uses {
        let start = used.passage.hull().start;
        while sections.next_if(|&section| section <= start).is_some() {
            in_section.clear();
        }
        let mark = layers.all.terms[used.term].mark.unwrap_or(glossary.defaults().mark);
        let key = (used.term, used.form.clone());
        let first_on_page = on_page.insert(key.clone());
        let first_in_section = in_section.insert(key);
        used.opens = match mark {
            MarkTerms::All => true,
            MarkTerms::FirstPerPage => first_on_page,
            MarkTerms::FirstPerSection => first_in_section,
        };
    }
}

/// Where sections begin, sorted: at certain rows of the structure, and at Markdown headings.
fn section_starts(doc: &Document, structure: &TiSlice<RowIx, Placed>) -> Vec<usize> {
    let rows = structure.iter().filter(|row| row.part.kind.opens_section()).map(|row| row.place.start());
    let headings = doc.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_)));
    let mut starts: Vec<usize> = rows.chain(headings.map(|block| block.text.start)).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}
