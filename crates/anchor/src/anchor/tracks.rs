//! Where the words of an older edition of a text are in a newer one.
//!
//! Block by block, then word by word where blocks differ. A stretch has moved if
//! all of its words stand in the newer edition, one after the other; anything
//! less is for others to judge.

use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::fold::fold;
use crate::document::{Block, Document, TextRange};

/// The way from an older edition to a newer one.
#[derive(Debug)]
pub(super) struct Tracks<'d> {
    old: &'d Document,
    new: &'d Document,
    old_words: Vec<TextRange>,
    new_words: Vec<TextRange>,
    /// For each word of the old edition the number of the same word in the new one.
    to: Vec<Option<usize>>,
    /// For each word of the new edition the number of the same word in the old one.
    from: Vec<Option<usize>>,
    /// Whether both are of the same file, which is read otherwise now.
    same_file: bool,
}

/// What became of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Went {
    /// First and last block that its words are now.
    pub(super) to: (u32, u32),
    /// Whether its words are the same, and these blocks hold no others.
    pub(super) whole: bool,
}

impl<'d> Tracks<'d> {
    /// Follows the words of `old` to `new`.
    pub(super) fn new(old: &'d Document, new: &'d Document) -> Self {
        let (old_words, new_words) = (words(old), words(new));
        let mut to = vec![None; old_words.len()];
        let mut ids = FxHashMap::default();
        let (old_ids, new_ids) = (ids_of(old, &old_words, &mut ids), ids_of(new, &new_words, &mut ids));
        let (old_blocks, new_blocks) = (blocks(old, &old_words), blocks(new, &new_words));
        let mut block_ids: FxHashMap<&[u32], u32> = FxHashMap::default();
        let old_block_ids = number_blocks(&old_blocks, &old_ids, &mut block_ids);
        let new_block_ids = number_blocks(&new_blocks, &new_ids, &mut block_ids);
        let mut same = |old: Range<usize>, new: Range<usize>| {
            for (old, new) in old.zip(new) {
                to[old] = Some(new);
            }
        };
        for op in capture_diff_slices(Algorithm::Patience, &old_block_ids, &new_block_ids) {
            let (tag, old_range, new_range) = op.as_tag_tuple();
            if tag == DiffTag::Equal {
                for (old, new) in old_range.zip(new_range) {
                    same(old_blocks[old].clone(), new_blocks[new].clone());
                }
                continue;
            }
            let (old, new) = (hull(&old_blocks[old_range]), hull(&new_blocks[new_range]));
            for op in capture_diff_slices(Algorithm::Patience, &old_ids[old.clone()], &new_ids[new.clone()]) {
                if let (DiffTag::Equal, a, b) = op.as_tag_tuple() {
                    same(old.start + a.start..old.start + a.end, new.start + b.start..new.start + b.end);
                }
            }
        }
        // A block that was put elsewhere: there once before, and once after.
        let mut counts: FxHashMap<u32, (usize, usize, usize)> = FxHashMap::default();
        for id in &old_block_ids {
            counts.entry(*id).or_default().0 += 1;
        }
        for (i, id) in new_block_ids.iter().enumerate() {
            let count = counts.entry(*id).or_default();
            (count.1, count.2) = (count.1 + 1, i);
        }
        for (i, id) in old_block_ids.iter().enumerate() {
            if let Some(&(1, 1, new)) = counts.get(id) {
                same(old_blocks[i].clone(), new_blocks[new].clone());
            }
        }
        let mut from = vec![None; new_words.len()];
        for (old, new) in to.iter().enumerate() {
            if let Some(new) = new {
                from[*new] = Some(old);
            }
        }
        let same_file = old.source.text == new.source.text;
        Self { old, new, old_words, new_words, to, from, same_file }
    }

    /// The stretch of the new edition that has all the words of one of the old, in a row.
    pub(super) fn exact(&self, range: TextRange) -> Option<TextRange> {
        let words = within(&self.old_words, range);
        if words.is_empty() {
            return None;
        }
        let first = self.to.get(words.start).copied().flatten()?;
        let mut next = first..;
        let all = words.clone().all(|word| self.to[word] == next.next());
        let last = first + words.len().checked_sub(1)?;
        // The stretch may begin and end inside what is a word here: `(ACDS)` in `(ACDS),`.
        let skipped = range.start.saturating_sub(self.old_words[words.start].start);
        let left = self.old_words[words.end - 1].end.saturating_sub(range.end);
        let start = self.new_words[first].start + skipped;
        let end = self.new_words.get(last)?.end.checked_sub(left)?;
        (all && start < end).then(|| TextRange::new(start, end))
    }

    /// Where in the new edition a stretch of the old must be, if it is anywhere: between what stood
    /// before it and what stood after it.
    pub(super) fn region(&self, range: TextRange) -> Option<TextRange> {
        let words = within(&self.old_words, range);
        let before = (0..words.start).rev().find_map(|word| self.to[word]);
        let after = (words.end..self.to.len()).find_map(|word| self.to[word]);
        let start = before.map_or(0, |word| self.new_words[word].end);
        let end = after.map_or(self.new.visible.len(), |word| self.new_words[word].start);
        (start <= end).then(|| TextRange::new(start, end))
    }

    /// What became of a block of the same file: it is the block that holds all of it and of no other,
    /// whatever words of the file are read now that were not before.
    fn in_file(&self, block: &Block) -> Option<Went> {
        let at = self.new.blocks.partition_point(|new| new.span.start <= block.span.start);
        let new = self.new.blocks.get(at.before()?).filter(|_| self.same_file)?;
        let shares = |number: u32| {
            let other = self.old.block(number);
            other.is_some_and(|other| other.span.start < new.span.end && new.span.start < other.span.end)
        };
        let alone = !shares(block.number - 1) && !shares(block.number + 1);
        let whole = alone && block.span.end <= new.span.end;
        whole.then_some(Went { to: (new.number, new.number), whole })
    }

    /// What became of a block; `None` if it is gone, or nobody can tell.
    pub(super) fn block(&self, number: u32) -> Option<Went> {
        let block = self.old.block(number)?;
        if let Some(went) = self.in_file(block) {
            return Some(went);
        }
        let new_block = |word: usize| self.new.block_at(self.new_words[word].start);
        if let Some(range) = self.exact(block.text) {
            let words = within(&self.new_words, range);
            let (first, last) = (new_block(words.start), new_block(words.end.checked_sub(1)?));
            let whole = within(&self.new_words, first.text).start == words.start
                && within(&self.new_words, last.text).end == words.end;
            return Some(Went { to: (first.number, last.number), whole });
        }
        // Edited: the block that has most of its words, if most of that block's words are of it.
        let words = within(&self.old_words, block.text);
        let mut votes: FxHashMap<u32, usize> = FxHashMap::default();
        for word in words.clone().filter_map(|word| self.to[word]) {
            *votes.entry(new_block(word).number).or_default() += 1;
        }
        let mut votes: Vec<(usize, u32)> = votes.into_iter().map(|(number, count)| (count, number)).collect();
        votes.sort_unstable();
        let (count, number) = votes.pop()?;
        let there = within(&self.new_words, self.new.block(number)?.text);
        let of_it =
            there.clone().filter(|&word| self.from[word].is_some_and(|old| words.contains(&old))).count();
        let near = count * 2 > words.len() && of_it * 2 > there.len();
        near.then_some(Went { to: (number, number), whole: false })
    }
}

/// A number for each block, the same for those of the same words.
fn number_blocks<'a>(
    blocks: &[Range<usize>],
    words: &'a [u32],
    known: &mut FxHashMap<&'a [u32], u32>,
) -> Vec<u32> {
    let id = |block: &Range<usize>| {
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        *known.entry(&words[block.clone()]).or_insert(next)
    };
    blocks.iter().map(id).collect()
}

/// Runs of characters that are not white space.
fn words(doc: &Document) -> Vec<TextRange> {
    let mut words: Vec<TextRange> = Vec::with_capacity(doc.words);
    for (at, c) in doc.visible.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let end = at + c.len_utf8();
        match words.last_mut() {
            Some(word) if word.end == at => word.end = end,
            _ => words.push(TextRange::new(at, end)),
        }
    }
    words
}

/// A number for each word, the same for those that a reader takes for the same.
fn ids_of(doc: &Document, words: &[TextRange], ids: &mut FxHashMap<String, u32>) -> Vec<u32> {
    let id = |word: &TextRange| {
        let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        *ids.entry(fold(doc.words(*word))).or_insert(next)
    };
    words.iter().map(id).collect()
}

/// The words of each block.
fn blocks(doc: &Document, words: &[TextRange]) -> Vec<Range<usize>> {
    doc.blocks.iter().map(|block| within(words, block.text)).collect()
}

/// The words that a range touches.
fn within(words: &[TextRange], range: TextRange) -> Range<usize> {
    let start = words.partition_point(|word| word.end <= range.start);
    let end = words.partition_point(|word| word.start < range.end).max(start);
    start..end
}

/// From the first word of some blocks to the last.
fn hull(blocks: &[Range<usize>]) -> Range<usize> {
    let start = blocks.first().map_or(0, |block| block.start);
    start..blocks.last().map_or(start, |block| block.end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::build::lines;
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, blocks: &[Option<(u32, u32, bool)>]) {
        let (old, new) = (lines(old), lines(new));
        let tracks = Tracks::new(&old, &new);
        let went = |n: usize| tracks.block(n as u32).map(|went| (went.to.0, went.to.1, went.whole));
        let found: Vec<_> = (1..=old.blocks.len()).map(went).collect();
        assert_eq!(found, blocks);
    }

    #[test]
    fn blocks_are_followed() {
        check("a b\nc d", "x\na b\nc d", &[Some((2, 2, true)), Some((3, 3, true))]);
        check("a b\nc d\ne f", "a b\ne f", &[Some((1, 1, true)), None, Some((2, 2, true))]);
        check("a b\nc d", "c d\na b", &[Some((2, 2, true)), Some((1, 1, true))]);
        check("a b c d e\nf", "a b x d e\nf", &[Some((1, 1, false)), Some((2, 2, true))]);
        check("a b c d", "a b\nc d", &[Some((1, 2, true))]);
        check("a b\nc d", "a b c d", &[Some((1, 1, false)), Some((1, 1, false))]);
        check("a b c d e", "v w x y e", &[None]);
    }

    #[test]
    fn stretches_are_followed() {
        let (old, new) = (lines("one (two), three four"), lines("so it is\none (two), three 4"));
        let tracks = Tracks::new(&old, &new);
        let exact = |words: &str| {
            let at = old.visible.find(words).unwrap();
            let range = tracks.exact(TextRange::new(at, at + words.len()))?;
            Some(new.words(range))
        };
        assert_eq!(exact("one (two)"), Some("one (two)"));
        assert_eq!(exact("two"), Some("two"));
        assert_eq!(exact("three four"), None);
        let four = old.visible.find("four").unwrap();
        let region = tracks.region(TextRange::new(four, four + 4)).unwrap();
        assert_eq!(new.words(region).trim(), "4");
    }
}
