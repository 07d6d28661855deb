//! Hits are sifted: which of them are places?

use super::Hidden;
use super::fold::Folded;
use super::needles::Needles;
use super::pattern::{Pattern, Spot};
use super::place::{Candidate, Failure, Miss, Purpose, Query};
use super::stream::{EdgeKind, Streams, edge_kind};
use super::words::visible_part;
use crate::annotation::Edge;
use crate::document::{Document, TextRange};

/// A stream in which all needles were looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'s> {
    /// The text.
    pub(super) doc: &'s Document,
    /// Its furniture.
    pub(super) hidden: &'s [Hidden],
    /// The stream.
    pub(super) stream: &'s Folded,
    /// Whether it is the raw stream.
    pub(super) in_raw: bool,
    /// What was looked for.
    pub(super) needles: &'s Needles,
    /// Where each needle begins, sorted.
    pub(super) hits: &'s [Vec<usize>],
}

/// What is left of the hits, and the first of each kind that is not.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    /// The places, in reading order.
    pub(super) places: Vec<Candidate>,
    /// Whether there may be more places than were collected.
    pub(super) full: bool,
    cut: Option<Candidate>,
    furniture: Option<TextRange>,
    elsewhere: Option<(Candidate, Miss)>,
}

impl Sieve {
    /// Why no place is left.
    pub(super) fn failure(self, two_bold: bool) -> Failure {
        if let Some((candidate, miss)) = self.elsewhere {
            Failure::Elsewhere(candidate, miss)
        } else if let Some(candidate) = self.cut {
            Failure::CutsWord(candidate)
        } else if let Some(range) = self.furniture {
            Failure::InFurniture(range)
        } else if two_bold {
            Failure::TwoBold
        } else {
            Failure::NotFound
        }
    }
}

impl Search<'_> {
    /// Adds the places of a pattern; says whether the words stand here at all.
    pub(super) fn sift(&self, query: &Query<'_>, pattern: &Pattern, sieve: &mut Sieve) -> bool {
        let tails: Vec<Vec<usize>> = (1..pattern.parts.len()).map(|i| self.whole_tails(pattern, i)).collect();
        let most = query.most_places();
        let mut met = false;
        for slice in self.heads(query, pattern) {
            for &head in slice {
                if sieve.places.len() >= most {
                    sieve.full = true;
                    return met;
                }
                let Some(starts) = self.chain(pattern, head, &tails) else { continue };
                met |= self.judge(query, pattern, &starts, sieve);
            }
        }
        met
    }

    /// The hits of the first part; only those in the blocks of `at`, where that can be told beforehand.
    fn heads(&self, query: &Query<'_>, pattern: &Pattern) -> Vec<&[usize]> {
        let all = &self.hits[pattern.parts[0]][..];
        let simple = pattern.parts.len() == 1 && pattern.from.at == 0;
        if query.runs.is_empty() || !simple || (self.in_raw && !self.hidden.is_empty()) {
            return vec![all];
        }
        let from = |at: usize| all.partition_point(|&hit| self.stream.map.start(hit) < at);
        let of_run = |&(first, last): &(u32, u32)| {
            let start = self.doc.block(first)?.text.start;
            let end = self.doc.block(last)?.text.end;
            all.get(from(start)..from(end))
        };
        let mut slices: Vec<&[usize]> = query.runs.iter().filter_map(of_run).collect();
        slices.retain(|slice| !slice.is_empty());
        if slices.is_empty() {
            // One hit is enough to say that the words stand elsewhere.
            slices.extend(all.get(..1));
        }
        slices
    }

    /// Hits of a later part that cut no word where its ends count: inside the
    /// pattern and where the marked words end. If the last part is only cut
    /// words, these, so that the message can say so.
    fn whole_tails(&self, pattern: &Pattern, part: usize) -> Vec<usize> {
        let len = self.needles.len(pattern.parts[part]);
        let last = part + 1 == pattern.parts.len();
        let is_context = last && pattern.to != Spot { part, at: len };
        let hits = self.hits[pattern.parts[part]].iter().copied();
        let begun: Vec<usize> = hits.filter(|&hit| self.is_clean(hit)).collect();
        let whole: Vec<usize> =
            begun.iter().copied().filter(|&hit| is_context || self.is_clean(hit + len)).collect();
        if whole.is_empty() && last { begun } else { whole }
    }

    /// From a hit of the first part to the nearest of each later part.
    fn chain(&self, pattern: &Pattern, head: usize, tails: &[Vec<usize>]) -> Option<Vec<usize>> {
        let mut starts = vec![head];
        let mut end = head + self.needles.len(pattern.parts[0]);
        if !tails.is_empty() && !self.is_clean(end) {
            return None;
        }
        for (tail, &part) in tails.iter().zip(&pattern.parts[1..]) {
            let next = *tail.get(tail.partition_point(|&hit| hit < end))?;
            starts.push(next);
            end = next + self.needles.len(part);
        }
        Some(starts)
    }

    /// Whether a hit is a place; says whether the words stand here visibly.
    fn judge(&self, query: &Query<'_>, pattern: &Pattern, starts: &[usize], sieve: &mut Sieve) -> bool {
        let spot = |spot: Spot| starts[spot.part] + spot.at;
        let last = pattern.parts.len() - 1;
        let whole = (starts[0], starts[last] + self.needles.len(pattern.parts[last]));
        let marked = (spot(pattern.from), spot(pattern.to));
        let source = Streams::source(self.stream, marked.0, marked.1);
        let passage = visible_part(self.doc, self.hidden, source);
        if passage.ranges.is_empty() {
            sieve.furniture.get_or_insert(source);
            return false;
        }
        if sieve.places.last().is_some_and(|place| place.passage == passage) {
            return true;
        }
        let candidate = Candidate { passage, in_raw: self.in_raw, marked, whole };
        match self.mark_edges(query.purpose, marked) {
            EdgeKind::Cluster => return false,
            EdgeKind::Word => {
                sieve.cut.get_or_insert(candidate);
            }
            EdgeKind::Clean => match self.miss(query, &candidate) {
                Some(miss) => {
                    sieve.elsewhere.get_or_insert((candidate, miss));
                }
                None => sieve.places.push(candidate),
            },
        }
        true
    }

    /// The worse of both ends of the marked words. Furniture may be part of a word.
    fn mark_edges(&self, purpose: Purpose, (start, end): (usize, usize)) -> EdgeKind {
        let whole_words = purpose != Purpose::Furniture;
        let start = edge_kind(self.doc, self.stream, start, self.stream.map.start(start), whole_words);
        let end = edge_kind(self.doc, self.stream, end, self.stream.map.end(end), whole_words);
        start.max(end)
    }

    fn is_clean(&self, at: usize) -> bool {
        edge_kind(self.doc, self.stream, at, self.stream.map.end(at), true) == EdgeKind::Clean
    }

    /// Which condition of the selector a hit fails, if any.
    fn miss(&self, query: &Query<'_>, candidate: &Candidate) -> Option<Miss> {
        let text = &self.stream.text;
        let (before, after) = (&text[..candidate.whole.0], &text[candidate.whole.1..]);
        let hull = candidate.passage.hull();
        let block = self.doc.block_at(hull.start).number;
        let run = query.runs.partition_point(|&(_, last)| last < block);
        let in_run = query.runs.is_empty() || query.runs.get(run).is_some_and(|&(first, _)| first <= block);
        let touches = |prefix: &String| before.trim_end_matches(' ').ends_with(&prefix[..]);
        let touched = |suffix: &String| after.trim_start_matches(' ').starts_with(&suffix[..]);
        if query.prefix.as_ref().is_some_and(|prefix| !touches(prefix)) {
            Some(Miss::Prefix)
        } else if query.suffix.as_ref().is_some_and(|suffix| !touched(suffix)) {
            Some(Miss::Suffix)
        } else if !in_run {
            Some(Miss::At)
        } else if query.selector.edge.is_some_and(|edge| !self.at_edge(edge, hull)) {
            Some(Miss::Edge)
        } else {
            None
        }
    }

    /// Whether nothing visible stands between a place and an end of its block.
    fn at_edge(&self, edge: Edge, hull: TextRange) -> bool {
        let between = match edge {
            Edge::Start => TextRange::new(self.doc.block_at(hull.start).text.start, hull.start),
            Edge::End => TextRange::new(hull.end, self.doc.block_at(hull.end.saturating_sub(1)).text.end),
        };
        visible_part(self.doc, self.hidden, between).ranges.is_empty()
    }
}
