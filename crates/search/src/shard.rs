//! Word groups become files.
//!
//! | kind | file | holds |
//! | --- | --- | --- |
//! | `t` | terms | the name of its `q` file, then a line for each group with a form in it: forms, number of segments, postings in texts, postings in notes, flags, blocks of positions, which postings in texts and which in notes have the very form |
//! | `q` | positions | for each line of the `t` file the positions, if they are few |
//! | `p` | block | a part of a long list of postings or positions; or the best postings, after what the others count at most |
//!
//! A list too long for its file is cut into blocks by ranges of segments. In
//! its place stand the power of two of a range, the names of its blocks, of a
//! very long list the name of a file with the best of its postings, and of any
//! the best of all: `12,name,,name;name;` and characters. The flags say so: `t`, `n` a long list in texts or notes, `q` a long list of
//! positions, `f` a function word, `c` a word that some have in capitals, `C` that most have.
//!
//! Where a group has several forms, or one in capitals, each list is followed by which of its postings have which form.
//!
//! Limits are drawn where a hash of a word says so, and names of terms have
//! files of their own; hence a new word changes the file it falls into and
//! hardly ever another.

use std::io;
use std::ops::Range;

use rayon::prelude::*;

use crate::files::Files;
use crate::lexicon::{
    Group, STEPS, home, lexical, mostly_in_capitals, written, written_exact, written_positions,
};
use crate::scratch::Scratch;
use crate::script::literal;
use postil_archive::diagnostic::Error;

/// A file has at least so many bytes; after them, each form opens a new file with a
/// probability of its own bytes in so many.
const LEAST: usize = 6 * 1024;
const FURTHER: u32 = 6 * 1024;
/// A file that has so many bytes ends in any case.
const MOST: usize = 16 * 1024;
/// Of a lexicon that has less than this, files are so many times as large: it takes longer to ask for several.
const LITTLE: usize = 160 * 1024;
const LARGER: usize = 3;
/// Longer lists of postings or positions lie apart: whoever looks for a word
/// then loads its own list and not those of its neighbours.
const LONG: usize = 1024;
/// Length of the blocks that long lists of positions are cut into, more or less.
const BLOCK: usize = 8 * 1024;
/// The same of postings, and the most of such blocks: where words are very common all blocks are read, and to
/// ask a browser for a file takes it some milliseconds, however small the file.
const BLOCK_OF_POSTINGS: usize = 16 * 1024;
const MOST_BLOCKS: usize = 2;
/// How many of the best postings of a long list stand with the term.
const BEST: usize = 100;
/// How many of the best postings of a very long list have a file of their own: the first results for two very
/// common words are among them, and all their blocks need not be read before these are shown.
const TOP: usize = 8 * 1024;

/// The lexicon as it is built: lines wait in the scratch until all are there.
pub struct Lexicon<'s> {
    scratch: &'s dyn Scratch,
    entries: Vec<Entry>,
}

struct Entry {
    /// Separated by spaces, the most frequent first.
    forms: Box<str>,
    segments: u32,
    at: u64,
    line: u32,
    positions: u32,
}

/// What there is to spell: a form, the first of its group, and in how many segments that is.
pub type Spelt<'a> = (&'a str, &'a str, u32);

impl<'s> Lexicon<'s> {
    /// With nothing in it.
    pub fn new(scratch: &'s dyn Scratch) -> Self {
        Self { scratch, entries: Vec::new() }
    }

    /// Takes in groups; their long lists become files. `segments`: how many there are in all.
    pub fn add(&mut self, groups: &[Group], segments: u32, files: &Files<'_>) -> Result<(), Error> {
        let lines: Vec<(String, String)> =
            groups.par_iter().map(|group| line(group, segments, files)).collect::<Result<_, Error>>()?;
        let mut bytes = Vec::new();
        for (line, positions) in &lines {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(positions.as_bytes());
        }
        let mut at = self.scratch.append(&bytes).map_err(put_aside)?;
        for (group, (line, positions)) in groups.iter().zip(&lines) {
            self.entries.push(Entry {
                forms: group.forms.join(" ").into_boxed_str(),
                segments: group.segments,
                at,
                line: line.len() as u32,
                positions: positions.len() as u32,
            });
            at += (line.len() + positions.len()) as u64;
        }
        Ok(())
    }

    /// Words as they are spelt, at most three of a group; marks left out.
    pub fn spelt(&self) -> impl Iterator<Item = Spelt<'_>> {
        let words = self.entries.iter().filter(|entry| !entry.forms.starts_with('='));
        words.flat_map(|entry| {
            let first = entry.forms.split(' ').next().unwrap_or_default();
            entry.forms.split(' ').take(3).map(move |form| (form, first, entry.segments))
        })
    }

    /// Writes all files of terms: the first form of each, and its name.
    pub fn finish(&mut self, files: &Files<'_>) -> Result<Vec<(String, String)>, Error> {
        self.entries.sort_by(|a, b| {
            lexical(home(a.forms.split(' ')), home(b.forms.split(' '))).then_with(|| a.forms.cmp(&b.forms))
        });
        let weigh = |entry: &Entry, home: &str, form: &str| match form == home {
            true => entry.forms.len() + entry.line as usize,
            false => 8,
        };
        let mut forms: Vec<(&str, usize)> = Vec::new();
        for entry in &self.entries {
            let home = home(entry.forms.split(' '));
            forms.extend(entry.forms.split(' ').map(|form| (form, weigh(entry, home, form))));
        }
        forms.sort_by(|a, b| lexical(a.0, b.0));
        let limits = limits(&forms);
        let file_of = |form: &str| limits.partition_point(|limit| lexical(limit, form).is_le()) - 1;

        // A group stands wherever a form of it does: no form is looked up twice.
        let mut shards: Vec<Vec<&Entry>> = limits.iter().map(|_| Vec::new()).collect();
        for entry in &self.entries {
            let mut own: Vec<usize> = entry.forms.split(' ').map(file_of).collect();
            own.sort_unstable();
            own.dedup();
            own.into_iter().for_each(|shard| shards[shard].push(entry));
        }
        let names: Vec<String> =
            shards.into_par_iter().map(|entries| self.file(&entries, files)).collect::<Result<_, Error>>()?;
        Ok(limits.into_iter().map(str::to_owned).zip(names).collect())
    }

    fn file(&self, entries: &[&Entry], files: &Files<'_>) -> Result<String, Error> {
        let mut terms = vec![String::new()];
        let mut positions = Vec::new();
        for entry in entries {
            let length = entry.line + entry.positions;
            let bytes = self.scratch.read(entry.at, length as usize).map_err(put_aside)?;
            let written = String::from_utf8(bytes).expect("it was put there as text");
            let (line, own) = written.split_at(entry.line as usize);
            terms.push(format!("{}\t{line}", entry.forms));
            positions.push(own.to_owned());
        }
        if positions.iter().any(|list| !list.is_empty()) {
            terms[0] = files.add('q', &literal(&positions))?;
        }
        files.add('t', &literal(&terms))
    }
}

/// The least form of each file, shortened as far as it still stands between its neighbours.
/// Each form comes with the bytes it adds.
fn limits<'a>(forms: &[(&'a str, usize)]) -> Vec<&'a str> {
    let all: usize = forms.iter().map(|(_, bytes)| bytes).sum();
    let times = if all < LITTLE { LARGER } else { 1 };
    let mut limits = vec![""];
    let mut since = 0;
    let mut before = "";
    for &(form, bytes) in forms {
        let is_name = form.starts_with('=');
        let further = FURTHER * times as u32;
        let cut =
            since >= MOST * times || since >= LEAST * times && ((spread(form) % further) as usize) < bytes;
        if cut || is_name != before.starts_with('=') {
            let ends = form.char_indices().map(|(at, c)| at + c.len_utf8());
            let least = ends.map(|end| &form[..end]).find(|start| lexical(before, start).is_lt());
            limits.push(least.unwrap_or(form));
            since = 0;
        }
        since += bytes;
        before = form;
    }
    limits
}

/// A scratch that fails has no path of its own to tell.
pub fn put_aside(error: io::Error) -> Error {
    Error::new("put aside a part of", "search/", error)
}

/// What stands behind the forms of a group, and its positions.
fn line(group: &Group, segments: u32, files: &Files<'_>) -> Result<(String, String), Error> {
    let mut flags = String::new();
    if group.is_function_word {
        flags.push('f');
    }
    if group.capitals() > 0 {
        flags.push(if mostly_in_capitals(group) { 'C' } else { 'c' });
    }
    let mut fields = Vec::new();
    let mut exact = Vec::new();
    for (side, list, flag) in [(0, &group.text, 't'), (1, &group.notes, 'n')] {
        let whole = written(list, 0);
        if whole.len() <= LONG {
            fields.push(whole);
            exact.push(written_exact(group, side, list));
            continue;
        }
        flags.push(flag);
        let shift = shift(whole.len().div_ceil(BLOCK_OF_POSTINGS).min(MOST_BLOCKS), segments);
        let names = blocks(list, shift, |part, base| {
            let part = &list[part];
            files.add('p', &literal(&(written(part, base), written_exact(group, side, part))))
        })?;
        let top = match flag {
            't' if list.len() > 2 * TOP => {
                let (rest, top) = top(list);
                files.add('p', &literal(&(rest, written(&top, 0), written_exact(group, side, &top))))?
            }
            _ => String::new(),
        };
        let best = if flag == 't' { best(group) } else { Vec::new() };
        fields.push(format!("{shift},{names};{top};{}", written(&best, 0)));
        exact.push(written_exact(group, side, &best));
    }
    let mut positions = written_positions(group, 0..group.ends.len());
    if positions.len() > LONG {
        flags.push('q');
        let shift = shift(positions.len().div_ceil(BLOCK), segments);
        let write = |part, _| files.add('p', &literal(&written_positions(group, part)));
        let names = blocks(&group.ends, shift, write)?;
        fields.push(format!("{shift},{names};;"));
        positions.clear();
    }
    fields.insert(2, flags);
    fields.resize(4, String::new());
    fields.append(&mut exact);
    let line = format!("{}\t{}", group.segments, fields.join("\t"));
    Ok((line.trim_end_matches('\t').to_owned(), positions))
}

/// How many segments, as a power of two, make one of some blocks. It depends on their number
/// in coarse steps, so that an edit moves no limits.
fn shift(blocks: usize, segments: u32) -> u32 {
    let blocks = (blocks as u32).next_power_of_two();
    segments.max(1).next_power_of_two().trailing_zeros().saturating_sub(blocks.trailing_zeros())
}

/// Cuts a list by ranges of segments and names the parts.
fn blocks<T>(
    list: &[(u32, T)],
    shift: u32,
    mut write: impl FnMut(Range<usize>, u32) -> Result<String, Error>,
) -> Result<String, Error> {
    let mut names = Vec::new();
    let mut first = 0;
    for part in list.chunk_by(|a, b| a.0 >> shift == b.0 >> shift) {
        let range = part[0].0 >> shift;
        names.resize(range as usize, String::new());
        names.push(write(first..first + part.len(), range << shift)?);
        first += part.len();
    }
    Ok(names.join(","))
}

/// The best postings of a group in texts, by what text and notes count together.
fn best(group: &Group) -> Vec<(u32, u8)> {
    let mut notes = group.notes.iter().peekable();
    let mut all: Vec<(f64, u32, u8)> = Vec::with_capacity(group.text.len());
    for &(segment, impact) in &group.text {
        while notes.next_if(|note| note.0 < segment).is_some() {}
        let note = notes.next_if(|note| note.0 == segment).map_or(0, |note| note.1);
        all.push((f64::from(impact) + NOTE_WEIGHT * f64::from(note), segment, impact));
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut best: Vec<(u32, u8)> =
        all.into_iter().take(BEST).map(|(_, segment, impact)| (segment, impact)).collect();
    best.sort_unstable();
    best
}

/// All postings of a list that count more than a limit, [`TOP`] at most, and that limit. Where more
/// than that count most, the first of these.
fn top(list: &[(u32, u8)]) -> (u8, Vec<(u32, u8)>) {
    let mut numbers = [0_usize; STEPS as usize + 2];
    list.iter().for_each(|&(_, impact)| numbers[usize::from(impact)] += 1);
    let most = list.iter().map(|posting| posting.1).max().unwrap_or_default();
    let mut rest = most;
    let mut together = 0;
    while rest > 0 && together + numbers[usize::from(rest)] <= TOP {
        together += numbers[usize::from(rest)];
        rest -= 1;
    }
    let least = if together == 0 { most } else { rest + 1 };
    (rest, list.iter().filter(|posting| posting.1 >= least).take(TOP).copied().collect())
}

/// A note's word counts so much of a text's, as in `engine/query.js`.
const NOTE_WEIGHT: f64 = 0.8;

/// A hash that stays the same in every version of postil: FNV-1a, mixed by the
/// last steps of MurmurHash3 because remainders are taken of it.
pub fn spread(key: &str) -> u32 {
    let fnv = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let mut hash = key.bytes().fold(0x811C_9DC5, fnv);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_word_moves_no_limits() {
        let sorted = |more: Option<&str>| {
            let mut words: Vec<String> = (0..20_000).map(|i| format!("word{i}")).collect();
            words.extend(more.map(str::to_owned));
            words.sort();
            words
        };
        let limits_of = |words: &[String]| {
            let forms: Vec<(&str, usize)> = words.iter().map(|word| (word.as_str(), 40)).collect();
            limits(&forms).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let before = limits_of(&sorted(None));
        assert!((50..110).contains(&before.len()), "{}", before.len());
        assert!(before.is_sorted());
        let moved = (0..200)
            .filter(|i| {
                let after = limits_of(&sorted(Some(&format!("word{}a", i * 97))));
                after.iter().filter(|limit| !before.contains(limit)).count() > 1
            })
            .count();
        assert!(moved < 40, "{moved} of 200 words moved more than their own limit");
    }

    #[test]
    fn names_lie_apart() {
        let check = |forms: &[&str], expected: &[&str]| {
            assert_eq!(limits(&forms.iter().map(|form| (*form, 40)).collect::<Vec<_>>()), expected);
        };
        check(&["9", "=a", "=b", "able"], &["", "=", "a"]);
        check(&["able", "ably"], &[""]);
    }

    #[test]
    fn blocks_are_ranges() {
        let list: Vec<(u32, ())> = [0, 3, 4, 17].map(|segment| (segment, ())).to_vec();
        let mut seen = Vec::new();
        let names = blocks(&list, 2, |part, base| {
            seen.push((part, base));
            Ok(format!("p{base}"))
        });
        assert_eq!(names.unwrap(), "p0,p4,,,p16");
        assert_eq!(seen, [(0..2, 0), (2..3, 4), (3..4, 16)]);
    }
}
