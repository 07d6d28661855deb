//! The glossary's terms are found in what is left visible.
//!
//! Steps: every form that stands in the reading stream, as a word, in one
//! paragraph, outside code, links and headings; of those that overlap, the one
//! that begins first, then the longest; then which term and which sense it is,
//! by the rows of the apparatus, the terms' texts and the senses' dates.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::days::Days;
use super::fold::fold;
use super::glossary::{Claim, Glossary, Hit, form_of};
use super::place::Outcome;
use super::sense::{self, Choice, Pick};
use super::stream::Streams;
use super::words::{cuts, is_word, visible_part};
use super::{Anchored, Layers, Placed, TermUse, glob, opens, term_report};
use crate::annotation::{Apparatus, Meaning, RowKind, SenseName, Term, TermRow, TermRowOn};
use crate::document::{BlockKind, InlineKind, TextRange};
use postil_archive::diagnostic::Diagnostic;
use postil_archive::index::{SenseIx, TermIx};

/// A form that stands in the text, and who claims it.
#[derive(Debug)]
struct Occurrence {
    place: TextRange,
    claims: Vec<Claim>,
}

/// What a row of the apparatus says about an occurrence.
type Decision<'a> = Option<&'a Meaning>;

/// All uses of terms in one text, in reading order, not overlapping.
///
/// `rows` are the places of those rows of `term` that name a place, in order.
pub(super) fn uses(
    streams: &Streams<'_>,
    layers: &Layers<'_>,
    glossary: &Glossary,
    anchored: &Anchored,
    rows: &[Outcome],
    problems: &mut Vec<Diagnostic>,
) -> Vec<TermUse> {
    let occurrences = occurrences(streams, layers, glossary, anchored);
    let decided = place_rows(layers, glossary, rows, &occurrences);
    let mut forms = FormRows::of(layers);
    let mut finder = Resolver {
        layers,
        days: Days::of(anchored),
        glossary,
        streams,
        problems,
        ambiguous: Vec::new(),
        known: FxHashMap::default(),
        out_of_time: FxHashSet::default(),
    };
    let mut uses = Vec::with_capacity(occurrences.len());
    for (occurrence, decision) in occurrences.iter().zip(&decided.decisions) {
        let decision = decision.or_else(|| forms.decide(layers, occurrence));
        uses.extend(finder.resolve(occurrence.place, &occurrence.claims, decision));
    }
    for (place, meaning) in &decided.added {
        uses.extend(finder.resolve(*place, &[], Some(meaning)));
    }
    finder.finish();
    forms.report_unused(layers, problems);
    uses.sort_by_key(|used| used.passage.hull());
    uses.dedup_by(|next, used| next.passage.hull().start < used.passage.hull().end);
    opens::mark(streams.doc, &anchored.structure, layers, glossary, &mut uses);
    uses
}

/// The leftmost-longest of the hits that count.
fn occurrences(
    streams: &Streams<'_>,
    layers: &Layers<'_>,
    glossary: &Glossary,
    anchored: &Anchored,
) -> Vec<Occurrence> {
    let stream = &streams.reading;
    let excluded = excluded(streams, glossary, anchored);
    let mut for_text = FxHashMap::default();
    let mut hits: Vec<(Hit<'_>, TextRange)> = Vec::new();
    glossary.each_hit(&stream.text, |hit| {
        if let Some(place) = placed(streams, anchored, &excluded, hit) {
            hits.push((hit, place));
        }
    });
    hits.sort_by_key(|(hit, _)| (hit.start, Reverse(hit.end)));
    let mut chosen: Vec<(Occurrence, (usize, usize))> = Vec::new();
    for (hit, place) in hits {
        let same = chosen.last().is_some_and(|(_, span)| *span == (hit.start, hit.end));
        if !same && chosen.last().is_some_and(|(_, (_, end))| hit.start < *end) {
            continue;
        }
        let mut claims = hit.claims.to_vec();
        let plain = !cuts(&stream.text, hit.end);
        claims.retain(|claim| {
            let here = for_text
                .entry(claim.term)
                .or_insert_with(|| is_for(&layers.all.terms[claim.term], &streams.doc.id));
            *here && (plain || claim.plural) && (!claim.initial || begins_sentence(streams, hit.start))
        });
        if claims.is_empty() {
            continue;
        }
        match chosen.last_mut() {
            Some((before, _)) if same => before.claims.extend(claims),
            _ => chosen.push((Occurrence { place, claims }, (hit.start, hit.end))),
        }
    }
    chosen.into_iter().map(|(occurrence, _)| occurrence).collect()
}

fn is_for(term: &Term, text: &str) -> bool {
    term.texts.is_empty() || glob::any_matches(&term.texts, text)
}

/// Where a hit stands, if it is a word, or an acronym with a plural's ending, in
/// one paragraph, and terms are marked there.
fn placed(
    streams: &Streams<'_>,
    anchored: &Anchored,
    excluded: &[TextRange],
    hit: Hit<'_>,
) -> Option<TextRange> {
    let stream = &streams.reading;
    if cuts(&stream.text, hit.start) || (cuts(&stream.text, hit.end) && !is_plural(&stream.text, hit)) {
        return None;
    }
    if stream.map.splits(hit.start) || stream.map.splits(hit.end) {
        return None;
    }
    let place = Streams::source(stream, hit.start, hit.end);
    let (first, last) =
        (streams.doc.block_at(place.start), streams.doc.block_at(place.end.saturating_sub(1)));
    let join = anchored.joins.partition_point(|join| join.last < last.number);
    let joined = anchored.joins.get(join).is_some_and(|join| join.first <= first.number);
    if first.number != last.number && !joined {
        return None;
    }
    let next = excluded.partition_point(|range| range.end <= place.start);
    let free = excluded.get(next).is_none_or(|range| range.start >= place.end);
    free.then_some(place)
}

/// Whether an acronym is followed by `s` or `es` and then a word's end.
fn is_plural(text: &str, hit: Hit<'_>) -> bool {
    hit.claims.iter().any(|claim| claim.plural)
        && ["s", "es"]
            .iter()
            .any(|ending| text[hit.end..].starts_with(ending) && !cuts(text, hit.end + ending.len()))
}

/// Whether a sentence begins here: a block begins, or a mark ends the sentence before.
fn begins_sentence(streams: &Streams<'_>, at: usize) -> bool {
    let stream = &streams.reading;
    let block = streams.doc.block_at(stream.map.start(at)).text.start;
    for (i, c) in stream.text[..at].char_indices().rev() {
        if stream.map.start(i) < block || matches!(c, '.' | '!' | '?' | ':' | ';') {
            return true;
        }
        if is_word(c) {
            return false;
        }
    }
    true
}

/// Where no terms are marked: code, links and, unless the archive wants it, headings.
fn excluded(streams: &Streams<'_>, glossary: &Glossary, anchored: &Anchored) -> Vec<TextRange> {
    let headings = glossary.defaults().headings;
    let mut ranges: Vec<TextRange> = Vec::new();
    for block in &streams.doc.blocks {
        match block.kind {
            BlockKind::Code => ranges.push(block.text),
            BlockKind::Heading(_) if !headings => ranges.push(block.text),
            _ => {}
        }
    }
    let inlines = streams.doc.inlines.iter();
    let quiet = inlines.filter(|inline| matches!(inline.kind, InlineKind::Code | InlineKind::Link(_)));
    ranges.extend(quiet.map(|inline| inline.text));
    if !headings {
        let heading = |row: &&Placed| matches!(row.part.kind, RowKind::Heading | RowKind::Title);
        let rows = anchored.structure.iter().filter(heading);
        ranges.extend(rows.flat_map(|row| &row.place.ranges));
    }
    ranges.sort_unstable();
    ranges.dedup_by(|next, range| {
        let overlaps = next.start < range.end;
        if overlaps {
            range.end = range.end.max(next.end);
        }
        overlaps
    });
    ranges
}

/// What rows that name a place decide.
#[derive(Debug)]
struct Decided<'a> {
    /// For each occurrence.
    decisions: Vec<Decision<'a>>,
    /// Places that are a use though no form stands there, such as "the Centre".
    added: Vec<(TextRange, &'a Meaning)>,
}

/// Applies the rows that name a place.
///
/// Such a row decides the occurrences of its term inside its place. If there is
/// none, the place itself is the use, and what overlaps it is none.
fn place_rows<'a>(
    layers: &Layers<'a>,
    glossary: &Glossary,
    rows: &[Outcome],
    occurrences: &[Occurrence],
) -> Decided<'a> {
    let mut decided = Decided { decisions: vec![None; occurrences.len()], added: Vec::new() };
    let all = layers.apparatuses.iter().flat_map(|rows| &rows.terms);
    let meanings = all.filter(|row| matches!(row.on, TermRowOn::Place(_))).map(|row| &row.is);
    for (meaning, outcome) in meanings.zip(rows) {
        for place in outcome.iter().flatten().map(|place| place.passage.hull()) {
            let first = occurrences.partition_point(|o| o.place.end <= place.start);
            let count = occurrences[first..].partition_point(|o| o.place.start < place.end);
            let touched = first..first + count;
            let claimed = |o: &Occurrence| match meaning {
                Meaning::None => true,
                Meaning::Some(name) => {
                    place.holds(o.place)
                        && o.claims.iter().any(|claim| Some(claim.term) == glossary.term(&name.term))
                }
            };
            let stands = occurrences[touched.clone()].iter().any(claimed);
            for i in touched {
                if claimed(&occurrences[i]) {
                    decided.decisions[i] = Some(meaning);
                } else if !stands {
                    decided.decisions[i] = Some(&Meaning::None);
                }
            }
            if !stands && *meaning != Meaning::None {
                decided.added.push((place, meaning));
            }
        }
    }
    decided
}

/// The rows of `term` of a text, with their files: of two that settle one form the first counts.
fn of_terms<'l, 'a>(
    layers: &'l Layers<'a>,
) -> impl Iterator<Item = (&'a Apparatus, &'a TermRow)> + use<'l, 'a> {
    let files = layers.apparatuses.iter().rev().copied();
    files.flat_map(|apparatus| apparatus.terms.iter().map(move |row| (apparatus, row)))
}

/// Rows that say what a form means in the whole text.
#[derive(Debug)]
struct FormRows {
    /// Folded form to index of the row, as [`of_terms`] has them.
    rows: FxHashMap<String, usize>,
    used: Vec<bool>,
}

impl FormRows {
    fn of(layers: &Layers<'_>) -> Self {
        let mut rows = FxHashMap::default();
        let mut count = 0;
        for (i, (_, row)) in of_terms(layers).enumerate() {
            count = i + 1;
            if let TermRowOn::Form(form) = &row.on {
                rows.entry(fold(form)).or_insert(i);
            }
        }
        Self { rows, used: vec![false; count] }
    }

    fn decide<'a>(&mut self, layers: &Layers<'a>, occurrence: &Occurrence) -> Decision<'a> {
        if self.rows.is_empty() {
            return None;
        }
        let form = |claim: &Claim| fold(form_of(&layers.all.terms[claim.term], claim.form));
        let row = occurrence.claims.iter().find_map(|claim| self.rows.get(&form(claim)).copied())?;
        self.used[row] = true;
        of_terms(layers).nth(row).map(|(_, row)| &row.is)
    }

    fn report_unused(&self, layers: &Layers<'_>, problems: &mut Vec<Diagnostic>) {
        for ((apparatus, row), used) in of_terms(layers).zip(&self.used) {
            if let (TermRowOn::Form(form), false) = (&row.on, used) {
                problems.push(term_report::row_unused(apparatus, row.span, form));
            }
        }
    }
}

/// Says of each occurrence what it means, and reports what cannot be told.
struct Resolver<'r, 'a> {
    layers: &'r Layers<'a>,
    days: Days,
    glossary: &'r Glossary,
    streams: &'r Streams<'r>,
    problems: &'r mut Vec<Diagnostic>,
    /// What cannot be told, in reading order of the first place.
    ambiguous: Vec<term_report::Ambiguous>,
    /// Words and what they may mean, to the index in `ambiguous`.
    known: FxHashMap<(String, Vec<Pick>), usize>,
    /// Terms out of time that were reported.
    out_of_time: FxHashSet<TermIx>,
}

impl Resolver<'_, '_> {
    fn resolve(&mut self, place: TextRange, claims: &[Claim], decision: Decision<'_>) -> Option<TermUse> {
        let (term, sense, out_of_time) = match decision {
            Some(Meaning::None) => return None,
            Some(Meaning::Some(SenseName { term, sense })) => {
                let term = self.glossary.term(term)?;
                match sense {
                    Some(id) => (term, self.layers.all.terms[term].sense(id)?, false),
                    None => self.by_date(place, &[term])?,
                }
            }
            None => self.by_date(place, &self.candidates(claims))?,
        };
        let claim = claims.iter().find(|claim| claim.term == term);
        let passage = visible_part(self.streams.doc, &self.streams.hidden, place);
        let form = match claim {
            Some(claim) => form_of(&self.layers.all.terms[term], claim.form).to_owned(),
            None => passage.words(self.streams.doc),
        };
        let misprint = claim.is_some_and(|claim| claim.misprint);
        Some(TermUse { passage, term, sense, form, misprint, opens: false, out_of_time })
    }

    /// The terms that claim a form; those that name this text, if some do.
    fn candidates(&self, claims: &[Claim]) -> Vec<TermIx> {
        let mut terms: Vec<TermIx> = claims.iter().map(|claim| claim.term).collect();
        terms.sort_unstable();
        terms.dedup();
        let named = |term: &TermIx| !self.layers.all.terms[*term].texts.is_empty();
        if terms.iter().any(named) {
            terms.retain(named);
        }
        terms
    }

    fn by_date(&mut self, place: TextRange, candidates: &[TermIx]) -> Option<(TermIx, SenseIx, bool)> {
        let date = self.days.at(place.start).or(self.layers.date);
        match sense::choose(&self.layers.all.terms, candidates, date) {
            Choice::One((term, sense)) => Some((term, sense, false)),
            Choice::OutOfTime((term, sense)) => {
                if self.out_of_time.insert(term) {
                    let problem =
                        term_report::out_of_time(self.streams.doc, self.layers, place, (term, sense));
                    self.problems.push(problem);
                }
                Some((term, sense, true))
            }
            // What is wrong with their file is said of it.
            Choice::Many(picks) if picks.is_empty() => None,
            Choice::Many(picks) => {
                let passage = visible_part(self.streams.doc, &self.streams.hidden, place);
                let words = fold(&passage.words(self.streams.doc));
                let next = self.ambiguous.len();
                let known = *self.known.entry((words.clone(), picks.clone())).or_insert(next);
                if known == next {
                    self.ambiguous.push(term_report::Ambiguous { words, picks, first: place, count: 0 });
                }
                self.ambiguous[known].count += 1;
                None
            }
        }
    }

    fn finish(self) {
        for ambiguous in &self.ambiguous {
            self.problems.push(term_report::ambiguous(self.streams.doc, self.layers, ambiguous));
        }
    }
}
