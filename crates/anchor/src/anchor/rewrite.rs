//! Other words for a selector: what `postil fix` and `postil adopt` may write.
//!
//! What is proposed is proved: looked for as the selector would be, it stands in
//! one place, and that is the place that was meant.

use super::fold::fold_with_map;
use super::lines::Lines;
use super::nearest;
use super::pattern::{Bold, bold};
use super::place::{self, Candidate, Outcome, Purpose, Request};
use super::report::Reporter;
use super::stream::Streams;
use crate::annotation::{Located, Selector, Words};
use crate::document::TextRange;
use postil_archive::diagnostic::{Edit, Fix, Span};

impl Reporter<'_> {
    /// Looks for a selector as for one of a note.
    pub(super) fn place_one(&self, selector: &Selector) -> Outcome {
        let request = Request { selector, purpose: Purpose::Annotation };
        let mut outcomes = place::place_all(self.streams, &[request]);
        outcomes.pop().unwrap_or(Err(place::Failure::NotFound))
    }

    /// The stretch of the reading stream that a range of the text is in it.
    pub(super) fn stretch(&self, range: TextRange) -> Option<(usize, usize)> {
        let reading = &self.streams.reading;
        let (start, end) = (reading.map.folded(range.start), reading.map.folded(range.end));
        let words = reading.text.get(start..end)?;
        let from = start + (words.len() - words.trim_start_matches(' ').len());
        (!words.trim().is_empty()).then(|| (from, from + words.trim().len()))
    }

    /// The selector with the words of a stretch in place of its own, or of one part of them. `None`
    /// if that is not a place, or not this one alone.
    pub(super) fn with_words_of(
        &self,
        selector: &Selector,
        part: Option<(usize, usize)>,
        stretch: (usize, usize),
    ) -> Option<Selector> {
        let words = match selector.words.as_ref()? {
            Words::Literal(_) => Words::Literal(self.lines(&[(stretch, "")]).replace('\n', " ")),
            Words::Quotation(text) => Words::Quotation(self.quotation_of(text, part, stretch)?),
        };
        let rewritten = Selector { words: Some(words), ..selector.clone() };
        let source = Streams::source(&self.streams.reading, stretch.0, stretch.1);
        let places = self.place_one(&rewritten).ok()?;
        let there = |place: &Candidate| {
            let hull = place.passage.hull();
            if part.is_some() {
                hull.start < source.end && source.start < hull.end
            } else {
                source.holds(hull)
            }
        };
        (selector.all || places.len() == 1).then_some(())?;
        places.iter().any(there).then_some(rewritten)
    }

    /// The block quote of a stretch, with those words in bold that were.
    fn quotation_of(
        &self,
        old: &str,
        part: Option<(usize, usize)>,
        stretch: (usize, usize),
    ) -> Option<String> {
        if let Some((start, end)) = part {
            // Bold may span the gap: which part of it would be meant is anybody's guess.
            if old.contains("**") {
                return None;
            }
            let inside = &old[start..end];
            let (before, after) =
                (&inside[..inside.len() - inside.trim_start().len()], &inside[inside.trim_end().len()..]);
            let lines = self.lines(&[(stretch, "")]);
            return Some([&old[..start], before, &lines, after, &old[end..]].concat());
        }
        let (plain, marked) = match bold(old) {
            Bold::None => return Some(self.lines(&[(stretch, "")])),
            Bold::One(plain, marked) => (plain, marked),
            Bold::Two => return None,
        };
        let text = &self.streams.reading.text;
        let folded = fold_with_map(&plain);
        let near = nearest::beside(&folded.text, text, stretch);
        let from = near.text_start(folded.map.folded(marked.start)).max(stretch.0);
        let to = near.text_end(folded.map.folded(marked.end)).min(stretch.1);
        if from >= to {
            return None;
        }
        let before = stretch.0 + text[stretch.0..from].trim_end_matches(' ').len();
        let after = stretch.1 - text[to..stretch.1].trim_start_matches(' ').len();
        Some(self.lines(&[((stretch.0, before), ""), ((from, to), "**"), ((after, stretch.1), "")]))
    }

    /// Stretches of the reading stream as people quote them, with signs around each.
    pub(super) fn lines(&self, stretches: &[((usize, usize), &str)]) -> String {
        let mut lines = Lines::new(self.streams, stretches.first().map_or(0, |(stretch, _)| stretch.0));
        for (stretch, signs) in stretches {
            lines.add(*stretch, signs);
        }
        lines.text()
    }

    /// The fix that writes the words of a stretch, if they are a place.
    pub(super) fn fix_words(
        &self,
        selector: &Selector,
        part: Option<(usize, usize)>,
        range: TextRange,
    ) -> Option<Fix> {
        let rewritten = self.with_words_of(selector, part, self.stretch(range)?)?;
        Some(Fix::new(
            "quote the words as the text has them",
            edit_words(selector, rewritten.words.as_ref()?),
        ))
    }

    /// The fix that takes a key away or mends it, if the selector then has one place: `change` makes
    /// the change, `write` says what is to stand in place of `key`.
    pub(super) fn fix_key<T>(
        &self,
        selector: &Selector,
        key: Option<&Located<T>>,
        without: impl Fn(&mut Selector),
        write: impl Fn(&Candidate) -> String,
    ) -> Option<Fix> {
        let mut changed = selector.clone();
        without(&mut changed);
        let places = self.place_one(&changed).ok()?;
        let [place] = &places[..] else { return None };
        let value = write(place);
        Some(Fix::new(format!("write `{value}`"), selector.source.edit(key?.span, value)))
    }
}

/// The edit that writes these words in place of those of a selector.
pub(super) fn edit_words(selector: &Selector, words: &Words) -> Edit {
    let new = match words {
        Words::Literal(words) => toml_string(words),
        Words::Quotation(words) => block_quote(words),
    };
    selector.source.edit(selector.span, new)
}

/// The edit that adds a key after the `quote` of a selector.
pub(super) fn edit_add_key(selector: &Selector, key: &str, value: &str) -> Edit {
    let end = selector.span.end;
    let line = selector.source.text[..selector.span.start].rsplit('\n').next().unwrap_or_default();
    let separator = if line.contains('{') { ", " } else { "\n" };
    selector.source.edit(end..end, format!("{separator}{key} = {}", toml_string(value)))
}

/// A quotation as the block quote of a note, each line a paragraph of it.
pub(super) fn block_quote(words: &str) -> String {
    words.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n>\n")
}

/// A string of TOML.
pub(super) fn toml_string(words: &str) -> String {
    if words.contains(['"', '\\']) && !words.contains('\'') {
        return format!("'{words}'");
    }
    format!("\"{}\"", words.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Where some words of a selector stand in its file: bytes of its words as they are written,
/// [`Words`] itself. `None` where they are written with escapes.
pub(super) fn span_in_file(selector: &Selector, (start, end): (usize, usize)) -> Option<Span> {
    let file = &selector.source.text;
    let mut at = selector.span.start;
    let mut line_start = 0;
    let mut span = Span::default();
    let (Words::Literal(words) | Words::Quotation(words)) = selector.words.as_ref()?;
    for line in words.split('\n') {
        let found = at + file.get(at..selector.span.end)?.find(line)?;
        let line_end = line_start + line.len();
        if (line_start..=line_end).contains(&start) {
            span.start = found + (start - line_start);
        }
        if (line_start..=line_end).contains(&end) {
            span.end = found + (end - line_start);
            return (span.start < span.end).then_some(span);
        }
        (at, line_start) = (found + line.len(), line_end + 1);
    }
    None
}

/// The bytes of a quotation as it is written that bytes of it without the stars of its bold are.
pub(super) fn with_stars(words: &Words, (start, end): (usize, usize)) -> (usize, usize) {
    let Words::Quotation(text) = words else { return (start, end) };
    let Bold::One(_, marked) = bold(text) else { return (start, end) };
    let before = |at: usize, inside: bool| {
        let opened = at > marked.start || (inside && at == marked.start);
        let closed = at > marked.end || (inside && at == marked.end);
        at + 2 * usize::from(opened) + 2 * usize::from(closed)
    };
    (before(start, true), before(end, false))
}
