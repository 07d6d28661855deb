//! Numbers that notes tell of, put together by what they are of.

use typed_index_collections::TiSlice;

use crate::site::{Facts, NoteFact, Site};
use postil_anchor::annotation::Figure;
use postil_archive::index::TextIx;

/// A figure with the note that tells of it.
pub(crate) type Told<'a> = (&'a NoteFact, &'a Figure);

/// All figures of a series, by date, then by size.
pub(crate) fn told<'a>(site: &Site<'a>, facts: &'a TiSlice<TextIx, Facts>, series: &str) -> Vec<Told<'a>> {
    let notes = facts.iter().flat_map(|f| &f.notes).map(|fact| (fact, &site.annotations.notes[fact.note]));
    let mut out: Vec<Told<'_>> =
        notes.flat_map(|(fact, note)| note.figures.iter().map(move |figure| (fact, figure))).collect();
    out.retain(|(_, figure)| figure.series == series);
    out.sort_by(|(_, a), (_, b)| {
        let day = |figure: &Figure| figure.date.sorts_at();
        day(a).cmp(&day(b)).then(a.value.total_cmp(&b.value)).then_with(|| a.what.cmp(&b.what))
    });
    out
}
