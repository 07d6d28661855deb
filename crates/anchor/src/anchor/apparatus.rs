//! The editor's layer: furniture, joins, corrections, structure.

use std::cmp::Reverse;

use super::at;
use super::fold::{Folded, fold};
use super::place::{Candidate, Failure, Outcome, Purpose, Request, place_furniture};
use super::report::{Reporter, in_block};
use super::stream::Streams;
use super::words::visible_part;
use super::{Corrected, Hidden, Joined, Layers, Passage, Placed};
use crate::annotation::{Apparatus, Furniture, Row, Selector};
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic};

/// Why signs between the cells of a table are folded away.
const DIVIDER: &str = "table";

/// The furniture of a text, and what went wrong with its rows.
#[derive(Debug, Default)]
pub(super) struct FurniturePlaces<'a> {
    /// The union of all rows.
    pub(super) hidden: Vec<Hidden>,
    /// How many places each shared row has.
    pub(super) shared_found: Vec<usize>,
    /// Rows without a place.
    pub(super) failures: Vec<(&'a Selector, Failure)>,
}

/// Places all rows of furniture at once, each as if the others were not there.
///
/// `dividers` are signs between the cells of tables, which are folded away, too.
pub(super) fn furniture<'a>(
    doc: &Document,
    raw: &Folded,
    layers: &Layers<'a>,
    dividers: &[TextRange],
) -> FurniturePlaces<'a> {
    let own = layers.apparatus.map_or(&[][..], |apparatus| &apparatus.furniture);
    let rows: Vec<&Furniture> = own.iter().chain(layers.shared.iter().map(|&(_, row)| row)).collect();
    let request = |row: &&'a Furniture| Request { selector: &row.selector, purpose: Purpose::Furniture };
    let requests: Vec<Request<'_>> = rows.iter().map(request).collect();
    let mut found = FurniturePlaces::default();
    let mut ranges = Vec::new();
    for (i, outcome) in place_furniture(doc, raw, &requests).into_iter().enumerate() {
        let shared = i >= own.len();
        let count = match outcome {
            Ok(places) => {
                let all = places.iter().flat_map(|place| &place.passage.ranges);
                ranges.extend(all.map(|&range| (range, i)));
                places.len()
            }
            Err(failure) => {
                if !(shared && may_be_absent(&failure)) {
                    found.failures.push((&rows[i].selector, failure));
                }
                0
            }
        };
        if shared {
            found.shared_found.push(count);
        }
    }
    let mut reasons: Vec<&str> = rows.iter().map(|row| row.reason.as_str()).collect();
    ranges.extend(dividers.iter().map(|&range| (range, reasons.len())));
    reasons.push(DIVIDER);
    found.hidden = union(ranges, &reasons);
    found
}

/// Whether a row for many texts simply has nothing to do in this one.
fn may_be_absent(failure: &Failure) -> bool {
    matches!(failure, Failure::NotFound | Failure::Elsewhere(..) | Failure::At(..) | Failure::HiddenBlocks)
}

/// Ranges that overlap become one, with the reason of the first row.
fn union(mut ranges: Vec<(TextRange, usize)>, reasons: &[&str]) -> Vec<Hidden> {
    ranges.sort_unstable();
    ranges.dedup_by(|next, range| {
        let overlaps = next.0.start < range.0.end;
        if overlaps {
            range.0.end = range.0.end.max(next.0.end);
            range.1 = range.1.min(next.1);
        }
        overlaps
    });
    let hidden = |(range, row): (TextRange, usize)| Hidden { range, reason: reasons[row].to_owned() };
    ranges.into_iter().map(hidden).collect()
}

/// The joins, sorted; each covers two blocks or more, and no block is in two.
pub(super) fn joins(
    apparatus: &Apparatus,
    reporter: &Reporter<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Joined> {
    let mut joins = Vec::with_capacity(apparatus.joins.len());
    for (i, join) in apparatus.joins.iter().enumerate() {
        match at::runs(reporter.streams.doc, &join.selector) {
            Ok(runs) if runs.len() == 1 && runs[0].0 < runs[0].1 => joins.push((runs[0], i)),
            Ok(_) => problems.push(
                Diagnostic::error(
                    Code::JOIN_BROKEN,
                    join.selector.place(),
                    "a join is not two or more blocks in a row",
                )
                .help("name the first and the last block of the paragraph: `at = \"p45-p46\"`"),
            ),
            Err((at, why)) => problems.push(reporter.report(&join.selector, &Failure::At(at, why))),
        }
    }
    joins.sort_unstable();
    let mut kept: Vec<((u32, u32), usize)> = Vec::with_capacity(joins.len());
    for join in joins {
        match kept.last() {
            Some(before) if join.0.0 <= before.0.1 => {
                let (one, other) = (&apparatus.joins[join.1], &apparatus.joins[before.1]);
                let message = format!("p{} is in two joins", join.0.0);
                problems.push(
                    Diagnostic::error(Code::JOIN_BROKEN, one.selector.place(), message)
                        .related(other.selector.place(), "the other join")
                        .help("make one join of them, or let the second begin later"),
                );
            }
            _ => kept.push(join),
        }
    }
    let joined = |((first, last), i): ((u32, u32), usize)| Joined {
        first,
        last,
        glue: apparatus.joins[i].glue.clone(),
    };
    kept.into_iter().map(joined).collect()
}

/// The corrections, sorted by place; none overlaps another or furniture.
pub(super) fn corrections(
    apparatus: &Apparatus,
    outcomes: &[Outcome],
    streams: &Streams<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Corrected> {
    let mut places = each_place(outcomes);
    places.sort_by_key(|(i, place)| (place.hull(), *i));
    let mut kept: Vec<(usize, Passage)> = Vec::with_capacity(places.len());
    for (i, place) in places {
        let hull = place.hull();
        let gap = streams.hidden.partition_point(|gap| gap.range.end <= hull.start);
        let gap = streams.hidden.get(gap).filter(|gap| gap.range.start < hull.end);
        let other = kept.last().filter(|(_, before)| hull.start < before.hull().end);
        let row = &apparatus.corrections[i].selector;
        let error = |message: &str| {
            Diagnostic::error(Code::CORRECTIONS_OVERLAP, row.place(), message)
                .related(streams.doc.place(hull), in_block(streams.doc, hull, "what is corrected"))
        };
        if let Some((other, _)) = other {
            let other = apparatus.corrections[*other].selector.place();
            problems.push(
                error("two corrections overlap")
                    .related(other, "the other correction")
                    .help("make one correction of them"),
            );
        } else if let Some(gap) = gap {
            let furniture = streams.doc.place(gap.range);
            problems.push(
                error("a correction overlaps furniture")
                    .related(furniture, format!("furniture: {}", gap.reason))
                    .help("correct fewer words, or take the furniture away"),
            );
        } else {
            kept.push((i, place));
        }
    }
    let corrected = |(i, place): (usize, Passage)| {
        let row = &apparatus.corrections[i];
        let by_row = !row.by.is_empty();
        Corrected {
            place,
            reading: row.reading.clone(),
            reason: row.reason.clone(),
            certainty: row.certainty,
            by: if by_row { row.by.clone() } else { apparatus.by.clone() },
            by_row,
        }
    };
    kept.into_iter().map(corrected).collect()
}

/// The places of all rows that have some, with the index of the row.
fn each_place(outcomes: &[Outcome]) -> Vec<(usize, Passage)> {
    let rows = outcomes.iter().enumerate();
    let of_row = |(i, outcome): (usize, &Outcome)| {
        let places: Vec<Passage> =
            outcome.iter().flatten().map(|place: &Candidate| place.passage.clone()).collect();
        places.into_iter().map(move |place| (i, place))
    };
    rows.flat_map(of_row).collect()
}

/// The structure: outer before inner, in reading order; rows that cross another are left out.
pub(super) fn structure(
    apparatus: &Apparatus,
    outcomes: &[Outcome],
    streams: &Streams<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Placed> {
    let mut places = each_place(outcomes);
    places.retain(|(i, _)| apparatus.structure[*i].part.kind.form().is_none());
    places.sort_by_key(|(i, place)| (place.hull().start, Reverse(place.hull().end), *i));
    let mut kept = Vec::with_capacity(places.len());
    let mut open: Vec<(TextRange, usize)> = Vec::new();
    for (i, place) in places {
        let hull = place.hull();
        let row = &apparatus.structure[i];
        check_start(row, &place, streams, problems);
        while open.last().is_some_and(|(outer, _)| outer.end <= hull.start) {
            open.pop();
        }
        if let Some(&(outer, other)) = open.last().filter(|(outer, _)| outer.end < hull.end) {
            let other = &apparatus.structure[other];
            problems.push(rows_cross(streams.doc, (row, hull), (other, outer)));
            continue;
        }
        open.push((hull, i));
        let blocks = row.selector.words.is_none().then(|| blocks(row, &place, streams.doc));
        kept.push(Placed { part: row.part.clone(), place, blocks });
    }
    kept
}

/// First and last block of a place of a row by `at`: it may cover hidden blocks at its ends, which its
/// passage does not show.
fn blocks(row: &Row, place: &Passage, doc: &Document) -> (u32, u32) {
    let hull = place.hull();
    let (first, last) = (doc.block_at(hull.start).number, doc.block_at(hull.end.saturating_sub(1)).number);
    let runs = at::runs(doc, &row.selector).unwrap_or_default();
    runs.into_iter().find(|run| run.0 <= first && last <= run.1).unwrap_or((first, last))
}

fn rows_cross(doc: &Document, row: (&Row, TextRange), other: (&Row, TextRange)) -> Diagnostic {
    let blocks = |range: TextRange| {
        let (first, last) =
            (doc.block_at(range.start).number, doc.block_at(range.end.saturating_sub(1)).number);
        if first == last { format!("p{first}") } else { format!("p{first}-p{last}") }
    };
    let name = |(row, range): (&Row, TextRange)| format!("{} ({})", row.part.kind.name(), blocks(range));
    Diagnostic::error(
        Code::ROWS_CROSS,
        row.0.selector.place(),
        format!("{} crosses {}", name(row), name(other)),
    )
    .related(other.0.selector.place(), "the row that it crosses")
    .help("let one end where the other begins, or let one lie inside the other")
}

/// `starts`: the words that the first block begins with.
fn check_start(row: &Row, place: &Passage, streams: &Streams<'_>, problems: &mut Vec<Diagnostic>) {
    let Some(starts) = &row.starts else { return };
    let doc = streams.doc;
    let block = doc.block_at(place.hull().start);
    let raw = fold(doc.words(block.text));
    let visible = fold(&visible_part(doc, &streams.hidden, block.text).words(doc));
    let expected = fold(&starts.value);
    if visible.starts_with(&expected) || raw.starts_with(&expected) {
        return;
    }
    let shown: String = visible.chars().take(expected.chars().count().max(20)).collect();
    problems.push(
        Diagnostic::error(
            Code::STARTS_DIFFER,
            row.selector.source.place(starts.span),
            format!("p{} of `{}` does not begin with these words", block.number, doc.id),
        )
        .label("`starts`")
        .related(doc.place(block.text), format!("p{} begins `{shown}`", block.number))
        .help("if the row means another block, mend `at`; if the text is right, write its beginning here"),
    );
}
