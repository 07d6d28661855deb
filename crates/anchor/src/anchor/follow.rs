//! Everything that stands in a text, followed from an older edition of it to a newer one.
//!
//! Comes in: both editions, the annotations. Goes out: for each selector what became
//! of it, and the edits that make it stand where it stood. Only what is near *and*
//! alone is rewritten; a number that nobody can follow is said to be so, never guessed.

use super::at::runs;
use super::fold::fold;
use super::nearest;
use super::place::{self, Candidate, Failure, Purpose, Request};
use super::report::Reporter;
use super::rewrite::{edit_words, toml_string};
use super::stream::{self, Streams};
use super::tracks::Tracks;
use super::words::visible_part;
use super::{Layers, context, rows};
use crate::annotation::{BlockRange, Level, Located, Selector, TermRowOn};
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::{Edit, Place};

/// One selector, and what became of it.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Where the selector stands.
    pub place: Place,
    /// What became of it.
    pub fate: Fate,
    /// First block before and after, where they are known.
    pub blocks: (Option<u32>, Option<u32>),
    /// What has to be written so that it stands there.
    pub edits: Vec<Edit>,
    /// Why, if it could not be followed; what was rewritten, if its words were.
    pub says: String,
}

/// What became of a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It stands where it stood.
    Same,
    /// Its words are the same; the numbers are others.
    Moved,
    /// Its words are no longer quite the same.
    Changed,
    /// What it stood on is gone, or cannot be told from other passages.
    Lost,
    /// The same, and what is written would now mean another place: it must not stay so.
    Misplaced,
}

/// Which selectors to follow: furniture and joins come first, since they decide what all others are looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Furniture and joins.
    Furniture,
    /// Everything else.
    Others,
}

/// An edition of a text with its annotations.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The text.
    pub doc: &'a Document,
    /// The annotations as they stand in this edition; of both editions the same rows, in the same order.
    pub layers: &'a Layers<'a>,
}

/// Follows the selectors of one pass.
///
/// `old` is the edition that the annotations were made for, if it is at hand.
pub fn follow(old: Option<Edition<'_>>, new: Edition<'_>, pass: Pass) -> Vec<Followed> {
    let tracks = old.map(|old| Tracks::new(old.doc, new.doc));
    let streams = streams(new);
    let reporter = Reporter::new(&streams, Vec::new());
    let rows = rows(new.layers, pass);
    let old_places: Option<Vec<Result<Vec<TextRange>, Failure>>> = old.map(|old| {
        let rows = self::rows(old.layers, pass);
        let requests: Vec<_> = rows.iter().map(|row| row.request).collect();
        let outcomes = match pass {
            Pass::Furniture => place::place_furniture(old.doc, &stream::raw(old.doc), &requests),
            Pass::Others => place::place_all(&self::streams(old), &requests),
        };
        let hulls = |places: Vec<Candidate>| places.iter().map(|place| place.passage.hull()).collect();
        outcomes.into_iter().map(|outcome| outcome.map(hulls)).collect()
    });
    let follower = Follower { new: new.doc, old: old.map(|old| old.doc), tracks, reporter: &reporter, pass };
    let of_row = |(i, row): (usize, &Row<'_>)| match &old_places {
        Some(places) => match &places[i] {
            Ok(places) => follower.by_old(row, places),
            Err(failure) => follower.broken(row, matches!(failure, Failure::Ambiguous(..))),
        },
        None => follower.by_words(row),
    };
    rows.iter().enumerate().map(of_row).collect()
}

/// The block in which each selector of a pass begins, if it has a place; in the order of [`follow`].
pub fn stands(edition: Edition<'_>, pass: Pass) -> Vec<Option<u32>> {
    let rows = rows(edition.layers, pass);
    let requests: Vec<_> = rows.iter().map(|row| row.request).collect();
    let outcomes = match pass {
        Pass::Furniture => place::place_furniture(edition.doc, &stream::raw(edition.doc), &requests),
        Pass::Others => place::place_all(&streams(edition), &requests),
    };
    let block = |places: Vec<Candidate>| Some(edition.doc.block_at(places.first()?.passage.start()).number);
    outcomes.into_iter().map(|outcome| outcome.ok().and_then(block)).collect()
}

/// Where blocks of the old edition are in the new one, for the list of permalinks that moved:
/// old number, new number or none.
pub fn moved_blocks(old: &Document, new: &Document) -> Vec<(u32, Option<u32>)> {
    let tracks = Tracks::new(old, new);
    old.blocks.iter().map(|block| (block.number, tracks.block(block.number).map(|went| went.to.0))).collect()
}

fn streams<'a>(edition: Edition<'a>) -> Streams<'a> {
    let raw = stream::raw(edition.doc);
    let bare = rows::bare(edition.doc, &raw, edition.layers, &mut Vec::new());
    Streams::new(edition.doc, raw, bare.hidden, &bare.glued)
}

/// A selector, what it is for, and what the blocks it names begin with.
struct Row<'a> {
    request: Request<'a>,
    starts: Option<&'a Located<String>>,
}

fn rows<'a>(layers: &Layers<'a>, pass: Pass) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut add = |selector: &'a Selector, purpose, starts| {
        // A pattern is looked for in each edition anew.
        if selector.pattern.is_some() {
            return;
        }
        rows.push(Row { request: Request { selector, purpose }, starts });
    };
    // Rows for many texts name no blocks, and postil writes derived ones anew.
    let own = layers.apparatuses.iter().filter(|apparatus| apparatus.level == Level::Own);
    let apparatus = own.copied();
    match pass {
        Pass::Furniture => {
            for apparatus in apparatus {
                apparatus.furniture.iter().for_each(|row| add(&row.selector, Purpose::Furniture, None));
                apparatus.joins.iter().for_each(|row| add(&row.selector, Purpose::Furniture, None));
            }
        }
        Pass::Others => {
            for apparatus in apparatus {
                apparatus.corrections.iter().for_each(|row| add(&row.selector, Purpose::Apparatus, None));
                for row in &apparatus.structure {
                    add(&row.selector, Purpose::Apparatus, row.starts.as_ref());
                }
                for row in &apparatus.terms {
                    if let TermRowOn::Place(selector) = &row.on {
                        add(selector, Purpose::Apparatus, None);
                    }
                }
            }
            let notes = layers.notes.iter().flat_map(|(_, note)| &note.selectors);
            notes.for_each(|selector| add(selector, Purpose::Annotation, None));
            layers.passages.iter().for_each(|row| add(&row.2.selector, Purpose::Annotation, None));
            layers.ends.iter().for_each(|row| add(&row.2.selector, Purpose::Annotation, None));
        }
    }
    rows
}

/// How many words, one after the other, are the same passage wherever they stand.
const TELLING: usize = 5;

struct Follower<'a> {
    new: &'a Document,
    old: Option<&'a Document>,
    tracks: Option<Tracks<'a>>,
    reporter: &'a Reporter<'a>,
    pass: Pass,
}

impl Follower<'_> {
    /// The places of a selector in the new edition.
    fn places(&self, selector: &Selector, purpose: Purpose) -> Vec<Candidate> {
        let request = [Request { selector, purpose }];
        let outcome = match self.pass {
            Pass::Furniture => place::place_furniture(self.new, &stream::raw(self.new), &request).pop(),
            Pass::Others => place::place_all(self.reporter.streams, &request).pop(),
        };
        match outcome {
            Some(Ok(places) | Err(Failure::Ambiguous(places, true))) => places,
            _ => Vec::new(),
        }
    }

    fn resolves(&self, row: &Row<'_>) -> bool {
        let Request { selector, purpose } = row.request;
        let places = self.places(selector, purpose);
        !places.is_empty() && (selector.all || places.len() == 1 || selector.words.is_none())
    }

    fn said(&self, row: &Row<'_>, fate: Fate, says: impl Into<String>) -> Followed {
        let place = row.request.selector.place();
        Followed { place, fate, blocks: (None, None), edits: Vec::new(), says: says.into() }
    }

    /// Lost; worse if what is written still means something.
    fn lost(&self, row: &Row<'_>, why: &str) -> Followed {
        let fate = if self.resolves(row) { Fate::Misplaced } else { Fate::Lost };
        self.said(row, fate, why)
    }

    /// A selector that had no place before, or `several`.
    fn broken(&self, row: &Row<'_>, several: bool) -> Followed {
        let numbers = !row.request.selector.at.is_empty() || row.request.selector.nth.is_some();
        match (self.resolves(row), numbers || several) {
            (true, false) => self.said(row, Fate::Same, ""),
            (true, true) => {
                self.said(row, Fate::Misplaced, "it had no place in the old text, and would have one now")
            }
            (false, _) => self.said(row, Fate::Lost, "it had no place in the old text either"),
        }
    }

    // With the old edition at hand.

    fn by_old(&self, row: &Row<'_>, old: &[TextRange]) -> Followed {
        let Request { selector, .. } = row.request;
        let mut followed = if selector.words.is_none() {
            self.blocks_by_old(row)
        } else if selector.all {
            self.all_by_old(row, old)
        } else {
            match old {
                [place] => self.one_by_old(row, *place),
                _ => self.broken(row, true),
            }
        };
        let first = old.first().and_then(|range| Some(self.old?.block_at(range.start).number));
        followed.blocks.0 = first;
        if followed.fate == Fate::Same && followed.blocks.1.is_some() && followed.blocks.1 != first {
            followed.fate = Fate::Moved;
        }
        followed
    }

    /// Whole blocks.
    fn blocks_by_old(&self, row: &Row<'_>) -> Followed {
        let selector = row.request.selector;
        let Some((edits, first, near)) = self.numbers(selector) else {
            return self.lost(row, "these blocks are not in the new text as they were");
        };
        let mut fate = if near { Fate::Changed } else { Fate::Same };
        let mut followed = self.said(row, fate, if near { "the block's words have changed" } else { "" });
        followed.edits = edits;
        followed.blocks.1 = Some(first);
        if let Some(starts) = row.starts
            && let Some(edit) = self.starts(selector, starts, first)
        {
            followed.edits.extend(edit);
            fate = Fate::Changed;
            followed.says = "its `starts` is that of the new text".into();
        }
        followed.fate = fate;
        followed
    }

    /// What `starts` has to be, if the block begins otherwise; none if all is well.
    fn starts(&self, selector: &Selector, starts: &Located<String>, block: u32) -> Option<Option<Edit>> {
        let block = self.new.block(block)?;
        let raw = fold(self.new.words(block.text));
        let visible =
            fold(&visible_part(self.new, &self.reporter.streams.hidden, block.text).words(self.new));
        let expected = fold(&starts.value);
        if visible.starts_with(&expected) || raw.starts_with(&expected) {
            return None;
        }
        let words: Vec<&str> = visible.split(' ').take(expected.split(' ').count()).collect();
        Some(Some(selector.source.edit(starts.span, toml_string(&words.join(" ")))))
    }

    /// The edits of `at`, the first block in the new edition, and whether a block has other words now.
    /// `None` if a block cannot be followed.
    fn numbers(&self, selector: &Selector) -> Option<(Vec<Edit>, u32, bool)> {
        let (tracks, old) = (self.tracks.as_ref()?, self.old?);
        let (mut edits, mut first_of_all, mut near) = (Vec::new(), None, false);
        for at in &selector.at {
            let one = Selector { at: vec![at.clone()], ..selector.clone() };
            let &[(first, last)] = &runs(old, &one).ok()?[..] else { return None };
            let (from, to) = (tracks.block(first)?, tracks.block(last)?);
            if from.to.0 > to.to.1 {
                return None;
            }
            // A block that became a part of another cannot be named whole any more.
            let edited = |number: u32, went: &super::tracks::Went| {
                !went.whole
                    && tracks.exact(old.block(number).map_or(TextRange::default(), |b| b.text)).is_some()
            };
            if selector.words.is_none() && (edited(first, &from) || edited(last, &to)) {
                return None;
            }
            near |= !from.whole || !to.whole;
            edits.extend(self.edit_at(selector, at, (from.to.0, to.to.1)));
            first_of_all = first_of_all.or(Some(from.to.0));
        }
        Some((edits, first_of_all?, near && selector.words.is_none()))
    }

    /// The edit that makes `at` name these blocks, written as it was; none if it does already.
    fn edit_at(
        &self,
        selector: &Selector,
        at: &Located<BlockRange>,
        (first, last): (u32, u32),
    ) -> Option<Edit> {
        let one = Selector { at: vec![at.clone()], ..selector.clone() };
        if runs(self.new, &one).is_ok_and(|runs| runs == [(first, last)]) {
            return None;
        }
        let (letter, from, to) = match at.value {
            BlockRange::Blocks(..) => ('p', first, last),
            BlockRange::Lines(..) => ('L', self.new.block(first)?.lines.0, self.new.block(last)?.lines.0),
        };
        let new = if from == to {
            format!("\"{letter}{from}\"")
        } else {
            format!("\"{letter}{from}-{letter}{to}\"")
        };
        Some(selector.source.edit(at.span, new))
    }

    /// All places of some words.
    fn all_by_old(&self, row: &Row<'_>, old: &[TextRange]) -> Followed {
        let Request { selector, purpose } = row.request;
        let (mut edits, mut changed) = (Vec::new(), selector.clone());
        if !selector.at.is_empty() {
            let Some((found, ..)) = self.numbers(selector) else {
                return self.lost(row, "a block of `at` is not in the new text");
            };
            for (at, new) in changed.at.iter_mut().zip(self.new_runs(selector)) {
                at.value = BlockRange::Blocks(new.0, new.1);
            }
            edits = found;
        }
        let places = self.places(&changed, purpose);
        let Some(first) = places.first() else { return self.lost(row, "the words are not in the new text") };
        let first = self.new.block_at(first.passage.start()).number;
        let (before, after) = (old.len(), places.len());
        let mut followed = if before == after {
            self.said(row, Fate::Same, "")
        } else {
            self.said(row, Fate::Changed, format!("it stands in {after} places, not {before}"))
        };
        (followed.blocks.1, followed.edits) = (Some(first), edits);
        followed
    }

    fn new_runs(&self, selector: &Selector) -> Vec<(u32, u32)> {
        let (Some(tracks), Some(old)) = (&self.tracks, self.old) else { return Vec::new() };
        let run = |at: &Located<BlockRange>| {
            let one = Selector { at: vec![at.clone()], ..selector.clone() };
            let &[(first, last)] = &runs(old, &one).ok()?[..] else { return None };
            Some((tracks.block(first)?.to.0, tracks.block(last)?.to.1))
        };
        selector.at.iter().filter_map(run).collect()
    }

    /// One place of some words.
    fn one_by_old(&self, row: &Row<'_>, old: TextRange) -> Followed {
        let Request { selector, purpose } = row.request;
        let bare = Selector { at: Vec::new(), nth: None, ..selector.clone() };
        let candidates = self.places(&bare, purpose);
        let tracks = self.tracks.as_ref().expect("the old edition is at hand");
        if let Some(expected) = tracks.exact(old) {
            let there = |place: &&Candidate| {
                let hull = place.passage.hull();
                hull.start < expected.end && expected.start < hull.end
            };
            let there: Vec<&Candidate> = candidates.iter().filter(there).collect();
            match there[..] {
                [one] => return self.settle(row, &candidates, one, Fate::Same, None),
                [_, _, ..] => return self.lost(row, "the words stand there more than once now"),
                [] => {}
            }
        }
        // The words around it are others, or it was put elsewhere.
        let numbers = !selector.at.is_empty() || selector.nth.is_some();
        let region = tracks.region(old);
        if let [one] = &candidates[..] {
            // Words that needed a number stood elsewhere too: what is left of them may be the others.
            let hull = one.passage.hull();
            let there = |region: TextRange| region.start <= hull.start && hull.end <= region.end;
            // A few words may stand anywhere.
            let few = || fold(&one.passage.words(self.new)).split(' ').count() < TELLING;
            return match (numbers, region.is_some_and(there)) {
                (true, true) => self.settle(row, &candidates, one, Fate::Moved, None),
                (false, true) => self.settle(row, &candidates, one, Fate::Same, None),
                (false, false) if !few() => {
                    let says = "the passage is gone; all of its words stand together here: look at it";
                    Followed { says: says.into(), ..self.settle(row, &candidates, one, Fate::Moved, None) }
                }
                (_, false) => self.lost(row, "the passage is gone; its words stand elsewhere"),
            };
        }
        if !candidates.is_empty() {
            return self.lost(row, "the passage is gone, and its words stand elsewhere more than once");
        }
        self.rewritten(row, region)
    }

    /// The words are no longer there: is anything near, alone, and where it must be?
    fn rewritten(&self, row: &Row<'_>, region: Option<TextRange>) -> Followed {
        let Request { selector, purpose } = row.request;
        if self.pass == Pass::Furniture || purpose == Purpose::Furniture {
            return self.lost(row, "the words are not in the new text");
        }
        let bare = Selector { at: Vec::new(), nth: None, ..selector.clone() };
        let Some((near, rewritten)) = self.reporter.nearest_words(&bare) else {
            return self.lost(row, "nothing in the new text is near and alone");
        };
        match region {
            Some(region) if near.start < region.end && region.start < near.end => {}
            Some(_) => return self.lost(row, "what is nearest stands elsewhere than the passage did"),
            // Nobody knows where it stood: only the words can tell.
            None if self.reporter.is_rewording(selector, &rewritten) => {}
            None => return self.lost(row, "what is nearest may be another passage"),
        }
        let places = self.places(&rewritten, purpose);
        let [one] = &places[..] else { return self.lost(row, "nothing in the new text is near and alone") };
        let words = rewritten.words.as_ref().map(|words| edit_words(selector, words));
        self.settle(row, &places, one, Fate::Changed, words)
    }

    /// What has to be written so that one of some candidates is meant.
    fn settle(
        &self,
        row: &Row<'_>,
        candidates: &[Candidate],
        one: &Candidate,
        fate: Fate,
        words: Option<Edit>,
    ) -> Followed {
        let Request { selector, purpose } = row.request;
        let block = |place: &Candidate| self.new.block_at(place.passage.start()).number;
        let here = block(one);
        let mut followed = self.said(row, fate, "");
        followed.blocks.1 = Some(here);
        followed.edits.extend(words);
        if followed.edits.is_empty() {
            let as_written = self.places(selector, purpose);
            let means_it = as_written.iter().any(|place| place.passage == one.passage);
            if means_it && as_written.len() == 1 {
                return followed;
            }
        }
        let others = || candidates.iter().filter(|place| place.passage != one.passage);
        // `at` names the blocks that it named, or the one in which the place begins.
        let mut within: Vec<&Candidate> = candidates.iter().collect();
        if !selector.at.is_empty() {
            let [at] = &selector.at[..] else {
                return self.lost(row, "`at` names several stretches: look at it");
            };
            followed.edits.extend(self.edit_at(selector, at, (here, here)));
            within.retain(|place| block(place) == here);
        }
        if let Some(nth) = &selector.nth {
            let Some(i) = within.iter().position(|place| place.passage == one.passage) else {
                return self.lost(row, "it cannot be told from others");
            };
            let new = (i + 1).to_string();
            if nth.value.to_string() != new {
                followed.edits.push(selector.source.edit(nth.span, new));
            }
            return followed;
        }
        if within.len() == 1 || others().next().is_none() {
            return followed;
        }
        // The words came up elsewhere too: a little of what stands around them tells the places apart.
        let i = candidates.iter().position(|place| place.passage == one.passage).unwrap_or(0);
        let stream = self.reporter.stream(one);
        let fix = context::unique(&stream.text, candidates, i)
            .filter(|_| selector.at.is_empty())
            .and_then(|context| self.reporter.fix_context(selector, one, &context));
        let Some(fix) = fix else { return self.lost(row, "it stands in several places now") };
        followed.edits = fix.edits;
        followed.fate = Fate::Changed;
        followed.says = "the words stand elsewhere too: some of those around them were added".into();
        followed
    }

    // Without it.

    fn by_words(&self, row: &Row<'_>) -> Followed {
        let Request { selector, purpose } = row.request;
        let numbers = !selector.at.is_empty() || selector.nth.is_some();
        if selector.words.is_none() {
            return self.blocks_by_starts(row);
        }
        if !numbers {
            if self.resolves(row) {
                let mut followed = self.said(row, Fate::Same, "");
                let places = self.places(selector, purpose);
                followed.blocks.1 =
                    places.first().map(|place| self.new.block_at(place.passage.start()).number);
                return followed;
            }
            let candidates = self.places(selector, purpose);
            if !candidates.is_empty() {
                return self.lost(row, "it stands in several places now");
            }
            return self.rewritten(row, None);
        }
        // Also a number that fits may have been for a passage that is gone.
        self.said(row, Fate::Misplaced, "without the old text nobody can tell which of its places is meant")
    }

    fn blocks_by_starts(&self, row: &Row<'_>) -> Followed {
        let selector = row.request.selector;
        let first = runs(self.new, selector).ok().and_then(|runs| Some(runs.first()?.0));
        let fits = |starts: &Located<String>| {
            first.is_some_and(|first| self.starts(selector, starts, first).is_none())
        };
        if row.starts.is_some_and(fits) {
            return self.said(row, Fate::Same, "");
        }
        self.said(row, Fate::Misplaced, "without the old text nobody can tell which blocks are meant")
    }
}

impl Reporter<'_> {
    /// The passage that is nearest to the words of a selector, if nothing else can be meant, and the
    /// selector with its words.
    fn nearest_words(&self, selector: &Selector) -> Option<(TextRange, Selector)> {
        let quotation = super::pattern::plain_words(selector.words.as_ref()?);
        let mut budget = self.budget.get();
        let near = nearest::nearest(&fold(&quotation), &self.streams.reading.text, &mut budget);
        self.budget.set(budget);
        let near = near.filter(|near| near.sure)?;
        let rewritten = self.with_words_of(selector, None, (near.start, near.end))?;
        Some((Streams::source(&self.streams.reading, near.start, near.end), rewritten))
    }
}
