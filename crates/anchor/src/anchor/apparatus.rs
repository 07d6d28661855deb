//! The editor's layer: joins, corrections, structure.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::at;
use super::fold::fold;
use super::footnotes;
use super::matches::Match;
use super::numbers;
use super::place::{Candidate, Failure, Outcome};
use super::report::{Reporter, in_block};
use super::rows::{Of, filled, join_runs, leave_out, neighbour};
use super::stream::Streams;
use super::words::visible_part;
use super::{Corrected, Joined, Layers, Passage, Placed};
use crate::annotation::{Apparatus, Class, Correction, Covers, Join, Located, Part, Row, RowKind, Speaker};
use crate::document::{BlockKind, Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic};
use postil_archive::index::BlockIx;
use postil_archive::sidecar::date::spoken;

/// How many names or dates a message lists.
const MOST_LISTED: usize = 12;

/// The joins, sorted; each covers two blocks or more, and no block is in two.
///
/// `glued` are blocks at whose end a word is cut.
pub(super) fn joins(
    rows: &[Of<'_, Join>],
    glued: &[u32],
    reporter: &Reporter<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Joined> {
    let doc = reporter.streams.doc;
    let mut joins: Vec<((u32, u32), usize)> = Vec::with_capacity(rows.len());
    for (i, of) in rows.iter().enumerate() {
        let join = of.row;
        if let Some(hits) = &of.hits {
            let alone = |hit: &&Match| neighbour(doc, &reporter.streams.hidden, join, hit).is_none();
            problems.extend(hits.list.iter().filter(alone).map(|hit| no_neighbour(doc, join, hit.blocks.0)));
            joins.extend(join_runs(doc, &reporter.streams.hidden, of).into_iter().map(|run| (run, i)));
            continue;
        }
        match at::runs(doc, &join.selector) {
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
                let (one, other) = (&rows[join.1].row, &rows[before.1].row);
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
        glue: rows[i].row.glue.clone(),
        cut: glued.iter().copied().filter(|block| first <= *block && *block < last).collect(),
    };
    kept.into_iter().map(joined).collect()
}

fn no_neighbour(doc: &Document, join: &Join, block: BlockIx) -> Diagnostic {
    let block = &doc.blocks[block];
    let message = format!("there is no block that p{} of `{}` could be joined to", block.number, doc.id);
    Diagnostic::error(Code::JOIN_BROKEN, join.selector.place(), message)
        .related(doc.place(block.text), "the place")
        .help(format!("leave it out: `except = [\"p{}\"]`", block.number))
}

/// The places of each row, without those that it leaves out.
fn places_of<T>(
    doc: &Document,
    rows: &[Of<'_, T>],
    outcomes: &[Outcome],
    selector: impl Fn(&T) -> &crate::annotation::Selector,
) -> Vec<Vec<Candidate>> {
    let of_row = |(of, outcome): (&Of<'_, T>, &Outcome)| {
        let mut places: Vec<Candidate> = outcome.iter().flatten().cloned().collect();
        leave_out(doc, selector(of.row), &mut places);
        places
    };
    rows.iter().zip(outcomes).map(of_row).collect()
}

/// The corrections, sorted by place; none overlaps another or furniture.
///
/// Where two files read the same words, that of the text stands before that of its folder.
pub(super) fn corrections(
    rows: &[Of<'_, Correction>],
    outcomes: &[Outcome],
    streams: &Streams<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Corrected> {
    let doc = streams.doc;
    let mut places: Vec<(usize, Passage, Option<&Match>)> = Vec::new();
    for (i, (of, found)) in rows.iter().zip(places_of(doc, rows, outcomes, |row| &row.selector)).enumerate() {
        match &of.hits {
            Some(hits) => places.extend(hits.list.iter().map(|hit| {
                let range = hit.text.unwrap_or(hit.range);
                (i, visible_part(doc, &streams.hidden, range), Some(hit))
            })),
            None => places.extend(found.into_iter().map(|place| (i, place.passage, None))),
        }
    }
    places.retain(|(_, place, _)| !place.ranges.is_empty());
    places.sort_by_key(|(i, place, _)| (place.hull(), *i));
    let mut kept: Vec<(usize, Passage, Option<&Match>)> = Vec::with_capacity(places.len());
    for (i, place, hit) in places {
        let hull = place.hull();
        let gap = streams.hidden.partition_point(|gap| gap.range.end <= hull.start);
        let gap = streams.hidden.get(gap).filter(|gap| gap.range.start < hull.end);
        let other = kept.last().filter(|(_, before, _)| hull.start < before.hull().end);
        let row = &rows[i].row.selector;
        let error = |message: &str| {
            Diagnostic::error(Code::CORRECTIONS_OVERLAP, row.place(), message)
                .related(doc.place(hull), in_block(doc, hull, "what is corrected"))
        };
        if let Some((other, before, _)) = other {
            if before.hull() == hull && !std::ptr::eq(rows[*other].apparatus, rows[i].apparatus) {
                kept.pop();
                kept.push((i, place, hit));
                continue;
            }
            let other = rows[*other].row.selector.place();
            problems.push(
                error("two corrections overlap")
                    .related(other, "the other correction")
                    .help("make one correction of them"),
            );
        } else if let Some(gap) = gap {
            let furniture = doc.place(gap.range);
            problems.push(
                error("a correction overlaps furniture")
                    .related(furniture, format!("furniture: {}", gap.reason))
                    .help("correct fewer words, or take the furniture away"),
            );
        } else {
            kept.push((i, place, hit));
        }
    }
    let corrected = |(i, place, hit): (usize, Passage, Option<&Match>)| {
        let Of { row, apparatus, .. } = &rows[i];
        let by_row = !row.by.is_empty();
        let reading = row.reading.as_ref();
        Corrected {
            place,
            reading: reading.map(|reading| hit.map_or_else(|| reading.clone(), |hit| filled(reading, hit))),
            reason: row.reason.clone(),
            certainty: row.certainty,
            by: if by_row { row.by.clone() } else { apparatus.by.clone() },
            by_row,
        }
    };
    kept.into_iter().map(corrected).collect()
}

/// What the rows of the structure come to.
#[derive(Default)]
pub(super) struct Structure {
    /// Rows that hold blocks, and speakers: outer before inner, in reading order.
    pub(super) holders: Vec<Placed>,
    /// Parts of blocks, which may lie over each other, in reading order.
    pub(super) parts: Vec<Placed>,
    /// Points: what they say, and the byte before which they stand.
    pub(super) points: Vec<(Part, usize, Located<()>)>,
}

/// A row at a place, before it is known how far it runs.
struct Spot<'a> {
    row: usize,
    of: &'a Row,
    part: Part,
    place: Passage,
    blocks: Option<(u32, u32)>,
    until_next: bool,
}

/// The structure; rows that cross another are left out.
pub(super) fn structure(
    layers: &Layers<'_>,
    rows: &[Of<'_, Row>],
    outcomes: &[Outcome],
    streams: &Streams<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Structure {
    let doc = streams.doc;
    let mut speakers = Speakers::new(layers);
    let mut structure = Structure::default();
    let mut spots: Vec<Spot<'_>> = Vec::new();
    for (i, (of, found)) in rows.iter().zip(places_of(doc, rows, outcomes, |row| &row.selector)).enumerate() {
        let row = of.row;
        let kind = row.part.kind;
        if kind.form().is_some() {
            continue;
        }
        let mut inside = Vec::new();
        match &of.hits {
            Some(hits) => {
                for hit in &hits.list {
                    let part = speakers.part(row, hit);
                    if kind.class() == Class::Milestone {
                        structure.points.push((part, hit.range.start, located(row)));
                        continue;
                    }
                    match spot(streams, row, hit) {
                        Found::Spot(place, blocks, until_next) => {
                            spots.push(Spot { row: i, of: row, part, place, blocks, until_next });
                        }
                        Found::Inside => inside.push(hit),
                        Found::Nothing => {}
                    }
                }
            }
            None if is_before_block(row) => {
                // The block itself may be furniture, as a running head is.
                let first = at::runs(doc, &row.selector).ok().and_then(|runs| runs.first().copied());
                let block = first.and_then(|(first, _)| doc.block(first));
                structure
                    .points
                    .extend(block.map(|block| (row.part.clone(), block.text.start, located(row))));
            }
            None => {
                for candidate in found {
                    let place = candidate.passage;
                    if kind.class() == Class::Milestone {
                        structure.points.push((row.part.clone(), place.start(), located(row)));
                        continue;
                    }
                    check_start(row, &place, streams, problems);
                    let whole = row.selector.words.is_none();
                    let (place, blocks, until_next) = match row.covers {
                        _ if whole => {
                            let blocks = blocks_of(row, &place, doc);
                            (place, Some(blocks), row.covers == Some(Covers::UntilNext))
                        }
                        None | Some(Covers::Match | Covers::After) => (place, None, false),
                        Some(covers) => match covering(streams, covers, place.hull()) {
                            Found::Spot(place, blocks, until_next) => (place, blocks, until_next),
                            Found::Inside | Found::Nothing => continue,
                        },
                    };
                    spots.push(Spot { row: i, of: row, part: row.part.clone(), place, blocks, until_next });
                }
            }
        }
        problems.extend(pattern_inside(doc, row, &inside));
    }
    let mut told: Vec<usize> = Vec::new();
    for spot in &spots {
        let source = &spot.of.selector.source;
        let wrong = footnotes::without_number(doc, &spot.part, &spot.place, &located(spot.of), source);
        if let Some(wrong) = wrong.filter(|_| !told.contains(&spot.row)) {
            told.push(spot.row);
            problems.push(wrong);
        }
    }
    run_on(streams, &mut spots);
    let in_order = |spot: &Spot<'_>| (spot.place.hull().start, Reverse(spot.place.hull().end), spot.row);
    spots.sort_by_key(in_order);
    // Where two files say the same of the same words, that of the text stands.
    let same = |a: &Spot<'_>, b: &Spot<'_>| {
        a.place.hull() == b.place.hull()
            && a.part.kind == b.part.kind
            && !std::ptr::eq(rows[a.row].apparatus, rows[b.row].apparatus)
    };
    let mut open: Vec<(TextRange, usize)> = Vec::new();
    let mut spots = spots.into_iter().peekable();
    while let Some(spot) = spots.next() {
        if spots.peek().is_some_and(|next| same(&spot, next)) {
            continue;
        }
        let is_part = spot.part.kind.class() == Class::Part
            && !(spot.part.kind == RowKind::Speaker && spot.blocks.is_some());
        if is_part {
            structure.parts.push(placed(spot));
            continue;
        }
        let hull = spot.place.hull();
        while open.last().is_some_and(|(outer, _)| outer.end <= hull.start) {
            open.pop();
        }
        if let Some(&(outer, other)) = open.last().filter(|(outer, _)| outer.end < hull.end) {
            problems.push(rows_cross(doc, (spot.of, hull), (rows[other].row, outer)));
            continue;
        }
        open.push((hull, spot.row));
        structure.holders.push(placed(spot));
    }
    deepen(&mut structure.holders);
    structure.points.sort_by_key(|(_, at, _)| *at);
    problems.extend(speakers.undated(doc));
    problems.extend(speakers.unknown(doc));
    structure
}

/// Whether a row is a page or time that begins with a block.
pub(super) fn is_before_block(row: &Row) -> bool {
    let selector = &row.selector;
    row.part.kind.class() == Class::Milestone && selector.words.is_none() && selector.pattern.is_none()
}

fn located(row: &Row) -> Located<()> {
    Located { value: (), span: row.selector.span }
}

fn placed(spot: Spot<'_>) -> Placed {
    Placed { part: spot.part, place: spot.place, blocks: spot.blocks }
}

/// The page has one heading of the first level, its title: where the text has some, all go one deeper.
fn deepen(rows: &mut [Placed]) {
    if rows.iter().any(|row| row.part.level == Some(1)) {
        for level in
            rows.iter_mut().filter(|row| row.part.kind == RowKind::Heading).map(|row| &mut row.part.level)
        {
            *level = Some(level.unwrap_or(1).saturating_add(1).min(6));
        }
    }
}

/// What a place of a pattern covers.
enum Found {
    /// The words, the blocks if they are whole, and whether it runs on.
    Spot(Passage, Option<(u32, u32)>, bool),
    /// It does not stand at the beginning of its block, as it would have to.
    Inside,
    /// Nothing that is visible.
    Nothing,
}

fn spot(streams: &Streams<'_>, row: &Row, hit: &Match) -> Found {
    let doc = streams.doc;
    if hit.whole && row.selector.pattern.as_ref().is_some_and(|pattern| pattern.matches.is_none()) {
        let (first, last) = (&doc.blocks[hit.blocks.0], &doc.blocks[hit.blocks.1]);
        let passage = visible_part(doc, &streams.hidden, doc.whole(first.number, last.number));
        return match passage.ranges.is_empty() {
            true => Found::Nothing,
            false => Found::Spot(passage, Some((first.number, last.number)), false),
        };
    }
    let default = match row.part.kind.class() {
        Class::Part => Covers::Match,
        _ if hit.text.is_some() => Covers::Match,
        _ => Covers::Block,
    };
    covering(streams, row.covers.unwrap_or(default), hit.text.unwrap_or(hit.range))
}

fn covering(streams: &Streams<'_>, covers: Covers, range: TextRange) -> Found {
    let doc = streams.doc;
    let visible = |range| visible_part(doc, &streams.hidden, range);
    // Words that are quoted may go over several blocks.
    let (first, last) =
        (doc.block_at(range.start), doc.block_at(range.end.saturating_sub(1).max(range.start)));
    let whole = visible(doc.whole(first.number, last.number));
    let passage = match covers {
        Covers::Match | Covers::After => visible(range),
        Covers::Block | Covers::UntilNext => whole.clone(),
        Covers::Line => {
            let before = &doc.visible[first.text.start..range.start.min(first.text.end)];
            let start = before.rfind('\n').map_or(first.text.start, |at| first.text.start + at + 1);
            let end = range.end.min(last.text.end);
            let after = doc.visible[end..last.text.end].find('\n');
            visible(TextRange::new(start, after.map_or(last.text.end, |at| end + at)))
        }
    };
    if passage.ranges.is_empty() {
        return Found::Nothing;
    }
    let before = TextRange::new(first.text.start, range.start.max(first.text.start));
    if covers == Covers::UntilNext && !visible(before).ranges.is_empty() {
        return Found::Inside;
    }
    let blocks = (passage == whole).then_some((first.number, last.number));
    Found::Spot(passage, blocks, covers == Covers::UntilNext)
}

/// Lets rows run to before the next of their kind, or a heading.
fn run_on(streams: &Streams<'_>, spots: &mut [Spot<'_>]) {
    if !spots.iter().any(|spot| spot.until_next) {
        return;
    }
    let doc = streams.doc;
    let last_block = doc.blocks.len() as u32;
    // Where rows of each kind begin: block, and the level of a heading.
    let mut begins: FxHashMap<RowKind, Vec<(u32, u8)>> = FxHashMap::default();
    let mut told = vec![false; doc.blocks.len() + 1];
    for spot in spots.iter() {
        if let Some((first, _)) = spot.blocks {
            begins.entry(spot.part.kind).or_default().push((first, spot.part.level.unwrap_or(1)));
            told[first as usize] = true;
        }
    }
    for block in doc.blocks.iter().filter(|block| !told[block.number as usize]) {
        if let BlockKind::Heading(level) = block.kind {
            begins.entry(RowKind::Heading).or_default().push((block.number, level));
        }
    }
    begins.values_mut().for_each(|list| list.sort_unstable());
    let mut order: Vec<usize> = (0..spots.len()).filter(|&i| spots[i].blocks.is_some()).collect();
    // Rows that begin together: those whose end is known hold the others, or lie in them as they are.
    order.sort_by_key(|&i| (spots[i].blocks.map(|blocks| blocks.0), spots[i].until_next, spots[i].row));
    let mut open: Vec<(u32, u32)> = Vec::new();
    for i in order {
        let spot = &spots[i];
        let (first, mut last) = spot.blocks.unwrap_or_default();
        while open.last().is_some_and(|(_, end)| *end < first) {
            open.pop();
        }
        if spot.until_next {
            let over = &spot.of.over;
            let kinds = [Some(spot.part.kind), spot.part.kind.counterpart(), Some(RowKind::Heading)];
            let ends = kinds.into_iter().flatten().filter_map(|kind| {
                let over = over.iter().find(|over| over.kind == kind);
                let list = begins.get(&kind)?;
                let from = list.partition_point(|(block, _)| *block <= first);
                let ends = |(_, level): &&(u32, u8)| match over {
                    Some(over) => kind == RowKind::Heading && *level < over.level,
                    None => true,
                };
                list[from..].iter().find(ends).map(|(block, _)| block - 1)
            });
            last = ends.min().unwrap_or(last_block);
            if let Some(&(_, end)) = open.iter().rev().find(|(start, _)| *start < first) {
                last = last.min(end);
            }
            while last > first && hidden(streams, last) {
                last -= 1;
            }
            let range = doc.whole(first, last);
            let spot = &mut spots[i];
            spot.place = visible_part(doc, &streams.hidden, range);
            spot.blocks = Some((first, last));
        }
        if spots[i].part.kind.class() == Class::Holder {
            open.push((first, last));
            open.sort_by_key(|(start, end)| (*start, Reverse(*end)));
        }
    }
}

fn hidden(streams: &Streams<'_>, block: u32) -> bool {
    let text = streams.doc.whole(block, block);
    visible_part(streams.doc, &streams.hidden, text).ranges.is_empty()
}

fn pattern_inside(doc: &Document, row: &Row, inside: &[&Match]) -> Option<Diagnostic> {
    let first = inside.first()?;
    let message = match inside.len() {
        1 => format!("a place of the row in `{}` opens nothing, since it does not begin its block", doc.id),
        n => format!(
            "{n} places of the row in `{}` open nothing, since they do not begin their blocks",
            doc.id
        ),
    };
    Some(
        Diagnostic::warning(Code::PATTERN_INSIDE, row.selector.place(), message)
            .related(doc.place(first.range), "the first")
            .help("begin the expression with `\\A`, so that only beginnings of blocks are meant"),
    )
}

/// First and last block of a place of a row by `at`: it may cover hidden blocks at its ends, which its
/// passage does not show.
fn blocks_of(row: &Row, place: &Passage, doc: &Document) -> (u32, u32) {
    let hull = place.hull();
    let (first, last) = (doc.block_at(hull.start).number, doc.block_at(hull.end.saturating_sub(1)).number);
    let runs = at::runs(doc, &row.selector).unwrap_or_default();
    runs.into_iter().find(|run| run.0 <= first && last <= run.1).unwrap_or((first, last))
}

/// Who is meant by names that groups take.
struct Speakers<'a> {
    /// Those that apparatuses tell, inner ones before outer ones.
    told: Vec<&'a Apparatus>,
    /// Forms of persons, with their slugs.
    persons: FxHashMap<&'a str, &'a str>,
    /// Names that are nobody's, how often, and where a row took the first.
    unknown: Vec<(String, usize, postil_archive::diagnostic::Place)>,
    /// What a group `date` took and nobody can read as a day, and the row that took it.
    undated: Vec<(String, postil_archive::diagnostic::Place)>,
}

impl<'a> Speakers<'a> {
    fn new(layers: &Layers<'a>) -> Self {
        let told = layers.apparatuses.iter().rev().copied().collect();
        let persons = layers.all.terms.iter().filter(|term| term.kind == "person");
        let forms = persons.flat_map(|term| {
            let all = std::iter::once(&term.term).chain(&term.forms).chain(&term.misprints);
            all.map(|form| (form.value.as_str(), term.slug.as_str()))
        });
        Self { told, persons: forms.collect(), unknown: Vec::new(), undated: Vec::new() }
    }

    /// What a row says at a place: its keys, and what groups took.
    fn part(&mut self, row: &Row, hit: &Match) -> Part {
        let mut part = row.part.clone();
        for (name, words) in &hit.keys {
            match name.as_str() {
                "number" => part.number = Some(numbers::plain(words)),
                "level" => {
                    let level = numbers::arabic(words).unwrap_or_else(|| words.chars().count() as u32);
                    part.level = Some(level.clamp(1, 6) as u8);
                }
                "speaker" => part.speaker = Some(self.meant(row, words)),
                "role" => part.role = Some(words.clone()),
                "to" => {
                    let span = row.selector.span;
                    let all = words.split([',', ';', ' ']).filter(|number| !number.is_empty());
                    part.to.extend(all.map(|number| Located { value: numbers::plain(number), span }));
                }
                "volume" => part.volume = Some(numbers::plain(words)),
                "time" => part.time = Some(words.clone()),
                "date" => {
                    part.date = part.date.or_else(|| spoken::read(words));
                    if part.date.is_none() {
                        self.undated.push((words.clone(), row.selector.place()));
                    }
                    part.date_shown = part.date_shown.or_else(|| Some(words.clone()));
                }
                "date_shown" => part.date_shown = Some(words.clone()),
                "author" => part.author = Some(self.meant(row, words)),
                "recipient" => part.recipient = Some(self.meant(row, words)),
                "place" => part.place = Some(words.clone()),
                _ => {}
            }
        }
        part
    }

    fn meant(&mut self, row: &Row, words: &str) -> Speaker {
        let name = words.trim().trim_end_matches(['.', ':']).trim_end();
        let told = self.told.iter().flat_map(|apparatus| &apparatus.speakers).find(|(key, _)| key == name);
        if let Some((_, speaker)) = told {
            return speaker.clone();
        }
        if let Some(slug) = self.persons.get(name) {
            return Speaker::Term((*slug).to_owned());
        }
        match self.unknown.iter_mut().find(|(known, ..)| known == name) {
            Some((_, count, _)) => *count += 1,
            None => self.unknown.push((name.to_owned(), 1, row.selector.place())),
        }
        Speaker::Name(name.to_owned())
    }

    /// Dates that nobody can read, once a text.
    fn undated(&self, doc: &Document) -> Option<Diagnostic> {
        let place = self.undated.first()?.1.clone();
        let mut all: Vec<String> =
            self.undated.iter().take(MOST_LISTED).map(|(words, _)| format!("`{}`", words.trim())).collect();
        if self.undated.len() > MOST_LISTED {
            all.push(format!("{} more", self.undated.len() - MOST_LISTED));
        }
        let message =
            format!("dates that `{}` prints are shown and not sorted by: {}", doc.id, all.join(", "));
        Some(Diagnostic::note(Code::DATE_UNREAD, place, message).help(
            "what is read is a date as records have it, or a day, a month by name and a year: where it matters, write a row with `date`",
        ))
    }

    /// Names that are nobody's, once a text.
    fn unknown(self, doc: &Document) -> Option<Diagnostic> {
        let place = self.unknown.first()?.2.clone();
        let named = |(name, count, _): &(String, usize, _)| format!("{name} ({count})");
        let mut all: Vec<String> = self.unknown.iter().take(MOST_LISTED).map(named).collect();
        if self.unknown.len() > MOST_LISTED {
            all.push(format!("{} more", self.unknown.len() - MOST_LISTED));
        }
        let message = format!("names that `{}` prints are shown as they stand: {}", doc.id, all.join(", "));
        Some(Diagnostic::note(Code::SPEAKER_UNKNOWN, place, message).help(
            "if one is a person or body of the glossary, or has another name, say so: `speakers = { HAM = \"hamlet\" }`",
        ))
    }
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
