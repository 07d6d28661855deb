//! Other words for a selector: what `postil fix` and `postil adopt` may write.
//!
//! What is proposed is proved: looked for as the selector would be, it stands in
//! one place, and that is the place that was meant. Only where the words that stand
//! there are those of the selector, but for case and marks or a slip of the fingers,
//! may it be written without a person's consent.

use memchr::memmem;
use unicode_normalization::char::is_combining_mark;

use super::fold::{fold, fold_with_map};
use super::lines::Lines;
use super::nearest;
use super::pattern::{Bold, bold, parts_of, plain_words};
use super::place::{self, Candidate, Outcome, Purpose, Request};
use super::report::Reporter;
use super::stream::Streams;
use super::words::is_word;
use crate::annotation::{BlockRange, Located, Selector, Words};
use crate::document::TextRange;
use postil_archive::diagnostic::{Edit, Fix, Span};
use postil_archive::sidecar::suggest;

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
        let same = self.is_rewording(selector, &rewritten);
        let edit = edit_words(selector, rewritten.words.as_ref()?);
        Some(as_meant(same, "quote the words as the text has them", edit))
    }

    /// Whether a selector with other words can mean nothing else than it meant before.
    pub(super) fn is_rewording(&self, selector: &Selector, rewritten: &Selector) -> bool {
        let words = |selector: &Selector| selector.words.as_ref().map(plain_words).unwrap_or_default();
        self.is_same(&words(selector), &words(rewritten))
    }

    /// The fix that mends `at`, if the selector has one place without it. The words may have stood
    /// in the blocks that it names, and be gone: then others would be meant.
    pub(super) fn fix_at(&self, selector: &Selector, at: &Located<BlockRange>) -> Option<Fix> {
        let place = self.only_place(&Selector { at: Vec::new(), ..selector.clone() })?;
        let value = format!("\"p{}\"", self.streams.doc.block_at(place.passage.hull().start).number);
        Some(Fix::propose(format!("write `{value}`"), selector.source.edit(at.span, value)))
    }

    /// The fix that mends the words before or after a quotation, if the selector has one place
    /// without them: `there` gives as many words that stand there.
    pub(super) fn fix_neighbours(
        &self,
        selector: &Selector,
        key: &Located<String>,
        without: &Selector,
        there: impl Fn(&Candidate, usize) -> String,
    ) -> Option<Fix> {
        let place = self.only_place(without)?;
        let words = there(&place, key.value.split_whitespace().count().max(1));
        let value = toml_string(&words);
        let same = loose(&fold(&key.value)) == loose(&words);
        Some(as_meant(same, format!("write `{value}`"), selector.source.edit(key.span, value)))
    }

    fn only_place(&self, selector: &Selector) -> Option<Candidate> {
        let mut places = self.place_one(selector).ok()?;
        let place = places.pop()?;
        places.is_empty().then_some(place)
    }

    /// Whether a quotation can mean nothing but some words of the text, which have one place: they
    /// differ in case and marks only, and no other words do; or one long word is misspelt.
    fn is_same(&self, quoted: &str, text: &str) -> bool {
        let loose = |words: &str| loose(&fold(words));
        if loose(quoted) == loose(text) {
            let all = self.loose.get_or_init(|| self::loose(&self.streams.reading.text));
            return parts_of(quoted).into_iter().all(|part| {
                let Some(left) = self.budget.get().checked_sub(all.len()) else { return false };
                self.budget.set(left);
                memmem::find_iter(all.as_bytes(), &loose(part)).count() == 1
            });
        }
        let (quoted, text) = (fold(quoted), fold(text));
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|c: char| !is_word(c) && !is_combining_mark(c));
            words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
        };
        let (ours, theirs) = (words(&quoted), words(&text));
        let mut differ = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs);
        let (Some((wrong, right)), None) = (differ.next(), differ.next()) else { return false };
        let spelt = |word: &str| word.chars().all(char::is_alphabetic);
        ours.len() == theirs.len()
            && ours.len() >= ENOUGH
            && spelt(wrong)
            && spelt(right)
            && suggest::is_slip(wrong, right)
            // What stands elsewhere is a word of its own.
            && self.budget.get() > 0
            && memmem::find(self.lower().as_bytes(), wrong.as_bytes()).is_none()
    }
}

/// How many words a quotation has in which a misspelt one may be mended: the others tell what is meant.
const ENOUGH: usize = 3;

fn as_meant(same: bool, title: impl Into<String>, edit: Edit) -> Fix {
    if same { Fix::mend(title, edit) } else { Fix::propose(title, edit) }
}

/// Folded words without case, marks and spaces; numbers stay as they are written, and apart.
fn loose(words: &str) -> String {
    let mut loose = String::with_capacity(words.len());
    let (mut last, mut in_number) = (' ', false);
    let mut chars = words.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = |next: &char| last.is_numeric() && next.is_numeric() && c != ' ';
        let number = c.is_numeric() || chars.peek().is_some_and(inside);
        if number && !in_number {
            loose.push(' ');
        }
        if number {
            loose.push(c);
        } else if c.is_alphabetic() || is_combining_mark(c) {
            loose.extend(c.to_lowercase());
        }
        (last, in_number) = (c, number);
    }
    loose
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
