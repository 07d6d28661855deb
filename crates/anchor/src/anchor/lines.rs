//! A stretch of a text as people quote it.

use super::fold::is_blank;
use super::stream::Streams;
use super::words::visible_part;

/// The lines of a block quote, one for each block of the text.
#[derive(Debug)]
pub(super) struct Lines<'s> {
    streams: &'s Streams<'s>,
    /// Number of the block, and its words.
    lines: Vec<(u32, String)>,
    /// Where the last stretch ends in the reading stream.
    end: usize,
}

impl<'s> Lines<'s> {
    /// No lines yet; what comes first begins at byte `start` of the reading stream.
    pub(super) fn new(streams: &'s Streams<'s>, start: usize) -> Self {
        Self { streams, lines: Vec::new(), end: start }
    }

    /// Adds a stretch of the reading stream, with signs around it.
    pub(super) fn add(&mut self, (start, end): (usize, usize), signs: &str) {
        if start == end {
            return;
        }
        let Streams { doc, hidden, reading, .. } = self.streams;
        let joint = &reading.text[self.end.min(start)..start];
        let passage = visible_part(doc, hidden, Streams::source(reading, start, end));
        for (i, range) in passage.ranges.into_iter().enumerate() {
            let number = doc.block_at(range.start).number;
            let goes_on = self.lines.last().is_some_and(|(last, _)| *last == number);
            if !goes_on {
                self.lines.push((number, String::new()));
            }
            let (_, line) = self.lines.last_mut().expect("there is one of this block");
            if i == 0 {
                line.push_str(if goes_on { joint } else { "" });
                line.push_str(signs);
            }
            line.extend(doc.words(range).chars().filter(|&c| c.is_whitespace() || !is_blank(c)));
        }
        if let Some((_, line)) = self.lines.last_mut() {
            line.push_str(signs);
        }
        self.end = end;
    }

    /// The lines, separated by `\n`.
    pub(super) fn text(self) -> String {
        let clean = |(_, line): &(u32, String)| line.split_whitespace().collect::<Vec<_>>().join(" ");
        self.lines.iter().map(clean).collect::<Vec<_>>().join("\n")
    }
}
