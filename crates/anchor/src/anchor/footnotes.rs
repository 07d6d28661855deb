//! Footnotes that a text prints, and the marks that lead to them.

use super::Placed;
use crate::annotation::{Located, Part, RowKind};
use crate::document::Document;
use postil_archive::diagnostic::{Code, Diagnostic};
use postil_archive::index::RowIx;
use typed_index_collections::TiSlice;

/// A mark and the footnote it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Footnote {
    /// Index of the mark, as [`super::Anchored::placed`] counts.
    pub mark: RowIx,
    /// Index of the footnote.
    pub note: RowIx,
}

/// Each mark with the next footnote of its number in the same letter, or before the next heading of the
/// highest level; failing that, with the only one of its number. A mark may lead nowhere.
pub(super) fn pair(structure: &TiSlice<RowIx, Placed>, parts: &[Placed]) -> Vec<Footnote> {
    let of = |kind: RowKind| structure.iter_enumerated().filter(move |(_, row)| row.part.kind == kind);
    let notes: Vec<(RowIx, &Placed)> = of(RowKind::Footnote).collect();
    if notes.is_empty() {
        return Vec::new();
    }
    let top = of(RowKind::Heading).filter_map(|(_, row)| row.part.level).min();
    let heads: Vec<usize> = of(RowKind::Heading)
        .filter(|(_, row)| row.part.level.is_some() && row.part.level == top)
        .map(|(_, row)| row.place.start())
        .collect();
    let letters: Vec<(usize, usize)> =
        of(RowKind::Letter).map(|(_, row)| (row.place.start(), row.place.end())).collect();
    let marks = parts
        .iter()
        .zip((structure.len()..).map(RowIx::from))
        .filter(|(row, _)| row.part.kind == RowKind::FootnoteMark);
    let mut pairs = Vec::new();
    for (row, mark) in marks {
        let at = row.place.start();
        let within = letters.iter().rev().find(|(start, end)| *start <= at && at < *end).map(|(_, end)| *end);
        let end = within.unwrap_or_else(|| {
            let next = heads.partition_point(|head| *head <= at);
            heads.get(next).copied().unwrap_or(usize::MAX)
        });
        let same =
            |note: &&(RowIx, &Placed)| note.1.part.number.is_some() && note.1.part.number == row.part.number;
        let next =
            notes.iter().filter(same).find(|(_, note)| at < note.place.start() && note.place.start() < end);
        let mut all = notes.iter().filter(same);
        let only = all.next().filter(|_| all.next().is_none());
        if let Some((note, _)) = next.or(only) {
            pairs.push(Footnote { mark, note: *note });
        }
    }
    pairs
}

/// Rows of footnotes and marks without a number.
pub(super) fn without_number(
    doc: &Document,
    part: &Part,
    place: &super::Passage,
    row: &Located<()>,
    source: &postil_archive::diagnostic::Source,
) -> Option<Diagnostic> {
    if !matches!(part.kind, RowKind::Footnote | RowKind::FootnoteMark) || part.number.is_some() {
        return None;
    }
    let message = format!("a row of kind `{}` has no `number`", part.kind.name());
    Some(
        Diagnostic::error(Code::MISSING_KEY, source.place(row.span), message)
            .related(doc.place(place.hull()), "here")
            .help("add `number = …`, or a group of this name to the expression: `(?<number>\\d+)`"),
    )
}
