//! The rows of all apparatuses of a text, and what of the text they fold away.
//!
//! Rows of furniture come first: they see every block. What other patterns find does not depend on
//! their order, since they see the raw words; they pass over blocks that are furniture.

use std::sync::Arc;

use super::fold::Folded;
use super::forms::{self, Claims};
use super::hyphens::{self, Cut, Hyphened};
use super::matches::{Ground, Hits, Match, Sought};
use super::place::{Candidate, Failure, Outcome, Purpose, Request, place_furniture};
use super::words::visible_part;
use super::{Hidden, Layers};
use crate::annotation::{
    Apparatus, Correction, Furniture, Join, JoinTo, Level, Row, Selector, Sequence, TermRow, TermRowOn,
};
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::Diagnostic;
use postil_archive::index::BlockIx;

/// A row, and where its pattern is found if it has one.
pub(super) struct Of<'a, T> {
    pub(super) apparatus: &'a Apparatus,
    pub(super) row: &'a T,
    pub(super) hits: Option<Hits>,
}

/// The rows of a text, those of outer files first.
pub(super) struct Rows<'a> {
    pub(super) joins: Vec<Of<'a, Join>>,
    pub(super) corrections: Vec<Of<'a, Correction>>,
    pub(super) structure: Vec<Of<'a, Row>>,
    pub(super) terms: Vec<Of<'a, TermRow>>,
}

/// A text without its furniture.
pub(super) struct Bare<'a> {
    pub(super) rows: Rows<'a>,
    /// The union of all that is folded away.
    pub(super) hidden: Vec<Hidden>,
    /// Blocks at whose end a word is cut that goes on in the next.
    pub(super) glued: Vec<u32>,
    /// Words that are joined at a line end since all are.
    pub(super) joined: Vec<Cut>,
    /// What rows of a form claim.
    pub(super) claims: Claims<'a>,
    /// How many places each shared row has.
    pub(super) shared_found: Vec<usize>,
    /// Rows of furniture without a place.
    pub(super) failures: Vec<(&'a Selector, Failure)>,
    /// Rows of folders that find something here: their file, and where they stand in it.
    pub(super) found: Vec<(Arc<str>, usize)>,
}

/// What is folded away, with the reasons.
#[derive(Default)]
struct Folds<'a> {
    ranges: Vec<(TextRange, usize)>,
    reasons: Vec<&'a str>,
}

impl<'a> Folds<'a> {
    fn add(&mut self, reason: &'a str, ranges: impl IntoIterator<Item = TextRange>) {
        let index = self.reasons.len();
        self.ranges.extend(ranges.into_iter().filter(|range| !range.is_empty()).map(|range| (range, index)));
        self.reasons.push(reason);
    }

    /// Ranges that overlap become one, with the reason of the first row.
    fn union(&mut self) -> Vec<Hidden> {
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, range| {
            let overlaps = next.0.start < range.0.end;
            if overlaps {
                range.0.end = range.0.end.max(next.0.end);
                range.1 = range.1.min(next.1);
            }
            overlaps
        });
        let hidden =
            |&(range, row): &(TextRange, usize)| Hidden { range, reason: self.reasons[row].to_owned() };
        self.ranges.iter().map(hidden).collect()
    }
}

/// Why signs between the cells of a table are folded away.
const DIVIDER: &str = "table";

/// Why what a text says of itself is folded away.
const FRONT_MATTER: &str = "front matter";

/// Places all that folds words of a text away, and all patterns.
pub(super) fn bare<'a>(
    doc: &Document,
    raw: &Folded,
    layers: &Layers<'a>,
    problems: &mut Vec<Diagnostic>,
) -> Bare<'a> {
    fn list<'a, T>(layers: &Layers<'a>, of: impl Fn(&'a Apparatus) -> &'a Vec<T>) -> Vec<Of<'a, T>> {
        let rows = layers
            .apparatuses
            .iter()
            .flat_map(|&apparatus| of(apparatus).iter().map(move |row| Of { apparatus, row, hits: None }));
        rows.collect()
    }
    let mut rows = Rows {
        joins: list(layers, |apparatus| &apparatus.joins),
        corrections: list(layers, |apparatus| &apparatus.corrections),
        structure: list(layers, |apparatus| &apparatus.structure),
        terms: list(layers, |apparatus| &apparatus.terms),
    };
    let mut seeker = Seeker { doc, ground: None, found: Vec::new(), problems };
    let own = layers
        .apparatuses
        .iter()
        .flat_map(|&apparatus| apparatus.furniture.iter().map(move |row| (row, apparatus.level, false)));
    let shared = layers.shared.iter().map(|&(_, row)| (row, Level::Folder, true));
    let furniture: Vec<(&Furniture, Level, bool)> = own.chain(shared).collect();
    let (mut folds, shared_found, failures) = seeker.furniture(raw, &furniture);
    if doc.has_front_matter {
        folds.add(FRONT_MATTER, doc.blocks.first().map(|block| block.text));
    }
    seeker.pass_over(&folds);
    for of in &mut rows.joins {
        of.hits = seeker.find(&of.row.selector, of.apparatus.level, None);
    }
    for of in &mut rows.corrections {
        of.hits = seeker.find(&of.row.selector, of.apparatus.level, None);
    }
    for of in &mut rows.structure {
        of.hits = seeker.find(&of.row.selector, of.apparatus.level, of.row.sequence);
    }
    for of in &mut rows.terms {
        if let TermRowOn::Place(selector) = &of.row.on {
            of.hits = seeker.find(selector, of.apparatus.level, None);
        }
    }
    let found = seeker.found;
    for of in &rows.joins {
        folds.add(
            "join",
            of.hits.iter().flat_map(|hits| &hits.list).flat_map(|hit| hit.folds.iter().copied()),
        );
    }
    for of in &rows.structure {
        let hits = of.hits.iter().flat_map(|hits| &hits.list);
        let ranges = hits.flat_map(|hit| {
            let whole = of.row.folded.then_some(hit.range);
            whole.into_iter().chain(hit.folds.iter().copied())
        });
        folds.add(of.row.part.kind.name(), ranges);
    }
    let claims = forms::claims(doc, &rows.structure, problems);
    folds.add(DIVIDER, claims.dividers.iter().copied());
    let (hidden, Hyphened { glued, joined }) =
        hyphens::hide(doc, layers, &rows.joins, folds.union(), problems);
    Bare { rows, hidden, glued, joined, claims, shared_found, failures, found }
}

/// Looks for patterns.
struct Seeker<'d, 'p> {
    doc: &'d Document,
    /// What they see; made when the first is looked for.
    ground: Option<Ground<'d>>,
    found: Vec<(Arc<str>, usize)>,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'d> Seeker<'d, '_> {
    fn find(&mut self, selector: &Selector, level: Level, sequence: Option<Sequence>) -> Option<Hits> {
        let pattern = selector.pattern.as_deref()?;
        let ground = self.ground.get_or_insert_with(|| Ground::new(self.doc));
        let sequence = match sequence {
            Some(Sequence::Goes) => Some(false),
            Some(Sequence::Restarts) => Some(true),
            Some(Sequence::Free) | None => None,
        };
        let sought = Sought { selector, pattern, level, sequence };
        let hits = ground.find(sought, self.problems);
        ground.check(sought, &hits, self.problems);
        if level == Level::Folder && !hits.list.is_empty() {
            self.found.push((selector.source.path.clone(), selector.span.start));
        }
        Some(hits)
    }

    /// Places all rows of furniture, each as if the others were not there.
    #[allow(clippy::type_complexity, reason = "three lists that are taken apart at once")]
    fn furniture<'a>(
        &mut self,
        raw: &Folded,
        rows: &[(&'a Furniture, Level, bool)],
    ) -> (Folds<'a>, Vec<usize>, Vec<(&'a Selector, Failure)>) {
        let request = |row: &'a Furniture| Request { selector: &row.selector, purpose: Purpose::Furniture };
        let requests: Vec<Request<'_>> = rows.iter().map(|(row, ..)| request(row)).collect();
        let (mut folds, mut found, mut failures) = (Folds::default(), Vec::new(), Vec::new());
        for (outcome, &(row, level, shared)) in
            place_furniture(self.doc, raw, &requests).into_iter().zip(rows)
        {
            let mut ranges = Vec::new();
            let count = match (self.find(&row.selector, level, None), outcome) {
                (Some(hits), _) => {
                    let only_groups =
                        row.selector.pattern.as_ref().is_some_and(|pattern| pattern.has_folds());
                    for hit in &hits.list {
                        match only_groups {
                            true => ranges.extend(&hit.folds),
                            false if hit.whole => ranges.extend(
                                self.doc
                                    .run(hit.blocks.0.number(), hit.blocks.1.number())
                                    .iter()
                                    .map(|block| block.text),
                            ),
                            false => ranges.push(hit.range),
                        }
                    }
                    hits.list.len()
                }
                (None, Ok(mut places)) => {
                    leave_out(self.doc, &row.selector, &mut places);
                    ranges.extend(places.iter().flat_map(|place| &place.passage.ranges));
                    places.len()
                }
                (None, Err(failure)) => {
                    if level != Level::Folder || !may_be_absent(&failure) {
                        failures.push((&row.selector, failure));
                    }
                    0
                }
            };
            folds.add(&row.reason, ranges);
            if shared {
                found.push(count);
            }
        }
        (folds, found, failures)
    }

    /// From here on patterns pass over blocks that are furniture.
    fn pass_over(&mut self, folds: &Folds<'_>) {
        let mut ranges: Vec<TextRange> = folds.ranges.iter().map(|(range, _)| *range).collect();
        if ranges.is_empty() {
            return;
        }
        ranges.sort_unstable();
        let hidden = self.doc.blocks.iter().map(|block| {
            let mut at = block.text.start;
            let from = ranges.partition_point(|range| range.start < block.text.start);
            for range in ranges[from..].iter().take_while(|range| range.start < block.text.end) {
                if !self.doc.visible[at..range.start.max(at)].trim().is_empty() {
                    return false;
                }
                at = at.max(range.end);
            }
            at > block.text.start
                && self.doc.visible[at.min(block.text.end)..block.text.end].trim().is_empty()
        });
        let hidden = hidden.collect();
        self.ground.get_or_insert_with(|| Ground::new(self.doc)).hidden = hidden;
    }
}

/// Whether a row for many texts simply has nothing to do in this one.
pub(super) fn may_be_absent(failure: &Failure) -> bool {
    matches!(failure, Failure::NotFound | Failure::Elsewhere(..) | Failure::At(..) | Failure::HiddenBlocks)
}

/// Takes out the places that a row by `quote` with `all` leaves out.
pub(super) fn leave_out(doc: &Document, selector: &Selector, places: &mut Vec<Candidate>) {
    for except in &selector.except {
        let here = except.value.text.as_deref().is_none_or(|text| text == &*doc.id);
        if !here {
            continue;
        }
        let Some(blocks) = except.value.blocks else {
            places.clear();
            continue;
        };
        let runs = super::at::run(doc, blocks).unwrap_or_default();
        places.retain(|place| {
            let number = doc.block_at(place.passage.start()).number;
            !(runs.0 <= number && number <= runs.1)
        });
    }
}

/// The places of a pattern as those of words are.
pub(super) fn outcome(doc: &Document, hidden: &[Hidden], hits: &Hits) -> Outcome {
    let place = |hit: &Match| {
        let passage = visible_part(doc, hidden, hit.text.unwrap_or(hit.range));
        Candidate { passage, in_raw: true, marked: (0, 0), whole: (0, 0) }
    };
    Ok(hits.list.iter().map(place).collect())
}

/// Words with what groups took in place of `${name}`.
pub(super) fn filled(reading: &str, hit: &Match) -> String {
    let mut out = String::new();
    let mut rest = reading;
    while let Some((before, from)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, after)) = from.split_once('}') else {
            out.push_str("${");
            rest = from;
            continue;
        };
        let took = hit.keys.iter().find(|(group, _)| group == name);
        out.push_str(took.map_or("", |(_, words)| words));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The runs of blocks that a row joins; what is wrong with it is said where it is placed.
pub(super) fn join_runs(doc: &Document, hidden: &[Hidden], of: &Of<'_, Join>) -> Vec<(u32, u32)> {
    let Some(hits) = &of.hits else {
        return super::at::runs(doc, &of.row.selector).unwrap_or_default();
    };
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for hit in &hits.list {
        let Some(other) = neighbour(doc, hidden, of.row, hit) else { continue };
        let run = (hit.blocks.0.min(other).number(), hit.blocks.1.max(other).number());
        match runs.last_mut().filter(|before| run.0 <= before.1) {
            Some(before) => *before = (before.0.min(run.0), before.1.max(run.1)),
            None => runs.push(run),
        }
    }
    runs
}

/// The block that a place is joined to; of a region its last.
pub(super) fn neighbour(doc: &Document, hidden: &[Hidden], join: &Join, hit: &Match) -> Option<BlockIx> {
    let seen = |block: &BlockIx| {
        let text = doc.blocks[*block].text;
        text.is_empty() || !visible_part(doc, hidden, text).ranges.is_empty()
    };
    let (first, last) = hit.blocks;
    match join.to {
        Some(JoinTo::Previous) => doc.blocks.keys().rev().skip_while(|block| *block >= first).find(seen),
        Some(JoinTo::Next) => last.after().until(doc.blocks.next_key()).find(seen),
        None => Some(last).filter(|_| first < last),
    }
}
