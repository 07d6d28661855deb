//! What is looked for in a text, all at once.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memmem;
use rustc_hash::FxHashMap;

/// From how many needles on one automaton is cheaper than looking for each.
const MANY: usize = 64;

/// Folded words to look for, each once.
#[derive(Debug, Default)]
pub(super) struct Needles {
    list: Vec<String>,
    numbers: FxHashMap<String, usize>,
}

impl Needles {
    /// The number of a needle, which must not be empty.
    pub(super) fn intern(&mut self, needle: &str) -> usize {
        if let Some(&number) = self.numbers.get(needle) {
            return number;
        }
        let number = self.list.len();
        self.list.push(needle.to_owned());
        self.numbers.insert(needle.to_owned(), number);
        number
    }

    /// How long a needle is, in bytes.
    pub(super) fn len(&self, number: usize) -> usize {
        self.list[number].len()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// Where each wanted needle begins in `text`, sorted; overlapping hits count.
    pub(super) fn hits(&self, wanted: &[usize], text: &str) -> Vec<Vec<usize>> {
        let mut hits = vec![Vec::new(); self.list.len()];
        if wanted.len() < MANY || self.hits_at_once(wanted, text, &mut hits).is_none() {
            for &number in wanted {
                hits[number] = each_start(&self.list[number], text);
            }
        }
        hits
    }

    /// One automaton for all; `None` if there are more than it can hold.
    fn hits_at_once(&self, wanted: &[usize], text: &str, hits: &mut [Vec<usize>]) -> Option<()> {
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(wanted.iter().map(|&number| &self.list[number]))
            .ok()?;
        for hit in automaton.find_overlapping_iter(text) {
            hits[wanted[hit.pattern().as_usize()]].push(hit.start());
        }
        Some(())
    }
}

/// Every byte at which `needle` begins, overlapping hits included.
pub(super) fn each_start(needle: &str, text: &str) -> Vec<usize> {
    let finder = memmem::Finder::new(needle);
    let mut starts = Vec::new();
    let mut from = 0;
    while let Some(at) = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
        starts.push(from + at);
        from += at + 1;
    }
    starts
}
