//! How much of a text has notes and topics.

use serde::{Deserialize, Serialize};

use postil_anchor::anchor::{Anchored, Passage};
use postil_anchor::annotation::Annotations;
use postil_anchor::document::{Document, TextRange};

/// What of a text is spoken of, in words of the reading view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// All words; page furniture does not count.
    pub words: usize,
    /// Words that notes stand on.
    pub noted: usize,
    /// Words of passages that belong to topics, by the topic's file or by a note.
    pub in_topics: usize,
    /// Notes, those on the whole text included.
    pub notes: usize,
    /// Topics that have a passage here.
    pub topics: usize,
    /// First and last block of the longest stretch, in words, that no note and
    /// no topic touches.
    pub longest_bare: Option<(u32, u32)>,
}

/// The coverage of one text.
pub(super) fn of(doc: &Document, anchored: &Anchored, all: &Annotations) -> Coverage {
    let ranges = |places: &[Passage]| -> Vec<TextRange> {
        places.iter().flat_map(|place| place.ranges.iter().copied()).collect()
    };
    let (mut noted, mut in_topics, mut topics) = (Vec::new(), Vec::new(), Vec::new());
    for (index, places) in &anchored.notes {
        noted.extend(ranges(places));
        for topic in &all.notes[*index].topics {
            in_topics.extend(ranges(places));
            topics.push(topic.value.as_str());
        }
    }
    for (topic, _, places) in &anchored.passages {
        in_topics.extend(ranges(places));
        topics.push(all.topics[*topic].slug.as_str());
    }
    topics.sort_unstable();
    topics.dedup();

    let hidden = union(anchored.furniture.iter().map(|hidden| hidden.range).collect());
    let (noted, in_topics) = (union(noted), union(in_topics));
    let touched = union(noted.iter().chain(&in_topics).copied().collect());
    let mut coverage = Coverage { notes: anchored.notes.len(), topics: topics.len(), ..Coverage::default() };
    let mut bare = Stretch::default();
    let mut longest = Stretch::default();
    for block in &doc.blocks {
        let mut words = 0;
        for at in words_of(doc, block.text).filter(|&at| !holds(&hidden, at)) {
            words += 1;
            coverage.noted += usize::from(holds(&noted, at));
            coverage.in_topics += usize::from(holds(&in_topics, at));
        }
        coverage.words += words;
        if super::overlaps(&touched, block.text) {
            bare = Stretch::default();
        } else if words > 0 {
            bare.add(block.number, words);
            if bare.words > longest.words {
                longest = bare;
            }
        }
    }
    coverage.longest_bare = longest.blocks;
    coverage
}

/// Blocks that follow each other, with their words.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    blocks: Option<(u32, u32)>,
    words: usize,
}

impl Stretch {
    fn add(&mut self, number: u32, words: usize) {
        self.blocks = Some((self.blocks.map_or(number, |(first, _)| first), number));
        self.words += words;
    }
}

/// Where each word of a stretch begins: runs of other than white space that hold a letter or digit.
fn words_of(doc: &Document, stretch: TextRange) -> impl Iterator<Item = usize> + '_ {
    let text = doc.words(stretch);
    let runs = super::runs(text, |c| !c.is_whitespace()).into_iter();
    let words = runs.filter(|run| text[run.clone()].chars().any(char::is_alphanumeric));
    words.map(move |word| stretch.start + word.start)
}

fn holds(sorted: &[TextRange], at: usize) -> bool {
    let next = sorted.partition_point(|range| range.end <= at);
    sorted.get(next).is_some_and(|range| range.start <= at)
}

/// Sorted, those that overlap or touch made one.
pub(super) fn union(mut ranges: Vec<TextRange>) -> Vec<TextRange> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable();
    ranges.dedup_by(|next, range| {
        let meets = next.start <= range.end;
        if meets {
            range.end = range.end.max(next.end);
        }
        meets
    });
    ranges
}
