//! Where the words of a quotation that was not found may come from.
//!
//! In this order, because each is a mistake of its own with its own remedy:
//! other case; marks or a list number around it; a note marker or Markdown's
//! signs inside it; page furniture; the corrected reading; and at last the
//! passage that is most like it. What is found is shown, never used.

use memchr::memmem;

use super::fold::{Folded, fold};
use super::nearest::{self, Near};
use super::pattern::parts_of;
use super::report::Reporter;
use super::stream::Streams;

use crate::document::TextRange;

/// What a message adds to "not found".
#[derive(Debug, Default)]
pub(super) struct Hint {
    /// Where in the text, if anywhere.
    pub(super) place: Option<TextRange>,
    /// What is there, or that nothing is.
    pub(super) says: String,
    /// What to do.
    pub(super) help: Vec<String>,
    /// The part between two gaps that is meant, in bytes of the quotation; all of it if it has none.
    pub(super) part: Option<(usize, usize)>,
    /// The passage that differs in a few words, if it is no more than near.
    pub(super) near: Option<Near>,
    /// Whether the words of the place may be proposed in place of the quotation.
    pub(super) meant: bool,
    /// Whether the words do not stand in this text in any way: another may have them.
    pub(super) astray: bool,
}

/// Most differences that are told one by one.
const TOLD: usize = 3;

impl Reporter<'_> {
    /// The first hint that holds.
    pub(super) fn hint(&self, quotation: &str, gaps: bool) -> Hint {
        let parts = if gaps { parts_of(quotation) } else { vec![quotation] };
        let missing = parts.iter().find(|part| self.find(&fold(part)).is_none());
        let part = missing.filter(|_| parts.len() > 1).map(|part| {
            let start = part.as_ptr() as usize - quotation.as_ptr() as usize;
            (start, start + part.len())
        });
        let hint = match missing {
            None if parts.len() > 1 => Some(Hint {
                says: "each part of the quotation stands in the text, but not one after the other".into(),
                help: vec!["copy the parts in the order in which the text has them".into()],
                ..Hint::default()
            }),
            None => None,
            Some(part) => self.hint_for(&fold(part)),
        };
        let hint = hint.unwrap_or_else(|| Hint {
            says: "nothing close to it stands in the text".into(),
            help: vec!["copy the words from the page, or quote fewer of them".into()],
            astray: true,
            ..Hint::default()
        });
        Hint { part, ..hint }
    }

    fn hint_for(&self, words: &str) -> Option<Hint> {
        if words.is_empty() {
            return None;
        }
        self.other_case(words)
            .or_else(|| self.without_marks(words))
            .or_else(|| self.without_signs(words))
            .or_else(|| self.in_corrected(words))
            .or_else(|| self.nearest(words))
    }

    /// The reading stream in lower case, byte for byte.
    pub(super) fn lower(&self) -> &str {
        self.lower.get_or_init(|| same_length_lower(&self.streams.reading.text))
    }

    fn other_case(&self, words: &str) -> Option<Hint> {
        let stream = &self.streams.reading;
        let at = self.search(&same_length_lower(words), self.lower())?;
        let source = Streams::source(stream, at, at + words.len());
        let written = &stream.text[at..at + words.len()];
        Some(Hint {
            place: Some(source),
            says: "found if case is ignored".into(),
            help: vec![format!("write capitals as the text has them: `{}`", short(written))],
            meant: true,
            ..Hint::default()
        })
    }

    fn without_marks(&self, words: &str) -> Option<Hint> {
        let bare = bare(words);
        if bare == words || bare.is_empty() {
            return None;
        }
        let place = self.find(bare)?;
        Some(Hint {
            place: Some(place),
            says: self.where_found("found without the marks around it", place),
            help: vec![format!("leave out what is not in the text: `{}`", short(bare))],
            meant: true,
            ..Hint::default()
        })
    }

    fn without_signs(&self, words: &str) -> Option<Hint> {
        for signs in Signs::EACH {
            let (plain, left_out) = without(signs, words);
            if left_out.is_empty() || plain.is_empty() {
                continue;
            }
            if let Some(place) = self.find(&plain) {
                return Some(Hint {
                    place: Some(place),
                    says: self.where_found(&format!("found without `{left_out}`"), place),
                    help: vec![format!("leave out what is not in the text: `{}`", short(&plain))],
                    meant: true,
                    ..Hint::default()
                });
            }
        }
        None
    }

    fn in_corrected(&self, words: &str) -> Option<Hint> {
        if self.corrections.is_empty() {
            return None;
        }
        let corrected = self.corrected.get_or_init(|| self.streams.with_replaced(&self.corrections));
        let at = self.search(words, &corrected.text)?;
        let source = Streams::source(corrected, at, at + words.len());
        let print = fold(&self.streams.doc.visible[source.range()]);
        Some(Hint {
            place: Some(source),
            says: "found in the corrected reading".into(),
            help: vec![format!("quote the text as it stands: `{}`", short(&print))],
            meant: true,
            ..Hint::default()
        })
    }

    /// The passage that is most like the quotation, and what differs.
    fn nearest(&self, words: &str) -> Option<Hint> {
        let stream = &self.streams.reading;
        let mut budget = self.budget.get();
        let near = nearest::nearest(words, &stream.text, &mut budget);
        self.budget.set(budget);
        let near = near?;
        let mut help: Vec<String> =
            near.differences.iter().take(TOLD).map(|d| self.difference(words, d.quoted, d.text)).collect();
        if near.differences.len() > TOLD {
            help.push(format!("and {} more differences", near.differences.len() - TOLD));
        }
        Some(Hint {
            place: Some(Streams::source(stream, near.start, near.end)),
            says: "the nearest passage".into(),
            help,
            meant: near.sure,
            near: Some(near),
            astray: true,
            ..Hint::default()
        })
    }

    /// One difference between quotation and text, in words.
    fn difference(&self, words: &str, quoted: (usize, usize), text: (usize, usize)) -> String {
        let stream = &self.streams.reading;
        let (mut ours, mut theirs) = (glued(words, quoted), glued(&stream.text, text));
        // What is written together in the one is shown together in the other.
        if theirs.0 < text.0 && ours.0 == quoted.0 {
            ours.0 = word_before(words, ours.0);
        } else if ours.0 < quoted.0 && theirs.0 == text.0 {
            theirs.0 = word_before(&stream.text, theirs.0);
        }
        // The text's own marks, where the stream has only their plain form.
        let source = Streams::source(stream, theirs.0, theirs.1);
        let there = self.streams.doc.words(source).replace('\n', " ");
        let ours = &words[ours.0..ours.1];
        let kind = nearest::kind(ours, &stream.text[theirs.0..theirs.1]);
        let before = |text: &str, at: usize| {
            let word = text[..at].trim_end_matches(' ').rsplit(' ').next().unwrap_or_default();
            if word.is_empty() { String::new() } else { format!(" after `{}`", short(word)) }
        };
        match (ours.is_empty(), there.is_empty()) {
            (true, _) => format!("the quotation leaves out `{}`{}", short(&there), before(words, quoted.0)),
            (_, true) => {
                format!("the text does not have `{}`{}", short(ours), before(&stream.text, text.0))
            }
            _ => format!("{kind} differs: the text has `{}`, the quotation `{}`", short(&there), short(ours)),
        }
    }

    /// Where folded words stand: in the reading stream, else in the raw stream.
    fn find(&self, words: &str) -> Option<TextRange> {
        let in_stream = |stream: &Folded| {
            let at = self.search(words, &stream.text)?;
            Some(Streams::source(stream, at, at + words.len()))
        };
        in_stream(&self.streams.reading).or_else(|| in_stream(self.streams.raw.as_ref()?))
    }

    fn where_found(&self, says: &str, place: TextRange) -> String {
        let hidden = &self.streams.hidden;
        let i = hidden.partition_point(|gap| gap.range.end <= place.start);
        if hidden.get(i).is_some_and(|gap| gap.range.holds(place)) {
            return format!("{says}, in furniture");
        }
        says.to_owned()
    }

    /// A search, as long as the budget lasts.
    fn search(&self, words: &str, text: &str) -> Option<usize> {
        let left = self.budget.get().checked_sub(text.len())?;
        self.budget.set(left);
        if words.is_empty() {
            return None;
        }
        memmem::find(text.as_bytes(), words.as_bytes())
    }
}

/// Without quotation marks, dots, brackets or a list number around it.
fn bare(words: &str) -> &str {
    let mark =
        |c: char| matches!(c, '"' | '\'' | '.' | ' ' | '*' | '_' | '`' | '«' | '»' | '(' | ')' | '[' | ']');
    let mut bare = words.trim_matches(mark);
    let dashed = bare.trim_start_matches("- ");
    let digits = dashed.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < dashed.len() && digits.starts_with(['.', ')', ' ']) {
        bare = digits;
    } else if dashed.len() < bare.len() {
        bare = dashed;
    }
    bare.trim_matches(mark)
}

/// What a quotation may have picked up on its way from a page.
#[derive(Debug, Clone, Copy)]
struct Signs {
    /// Digits glued to a word: copied note markers.
    digits: bool,
    /// Signs of Markdown.
    signs: &'static [char],
}

impl Signs {
    /// Each that is tried, alone before together: a text may have some of its own.
    const EACH: [Self; 4] = [
        Self { digits: true, signs: &[] },
        Self { digits: false, signs: &['\\'] },
        Self { digits: false, signs: &['\\', '*', '_'] },
        Self { digits: true, signs: &['\\', '*', '_'] },
    ];
}

/// The words without such signs, and which signs these were.
fn without(Signs { digits, signs }: Signs, words: &str) -> (String, String) {
    let mut plain = String::with_capacity(words.len());
    let mut left_out = String::new();
    let mut after_letter = false;
    for c in words.chars() {
        if (digits && after_letter && c.is_numeric()) || signs.contains(&c) {
            if !left_out.contains(c) {
                left_out.push(c);
            }
            continue;
        }
        after_letter = c.is_alphabetic();
        plain.push(c);
    }
    (fold(&plain), left_out)
}

/// In lower case where that does not change the length, so that places stay the same.
pub(super) fn same_length_lower(text: &str) -> String {
    let lower = |c: char| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
            _ => c,
        }
    };
    text.chars().map(lower).collect()
}

/// A stretch with what is written to it without a space; one without words stays so.
fn glued(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    if text[start..end].trim().is_empty() && text[..start].ends_with(' ') | text[end..].starts_with(' ') {
        return (start, start);
    }
    let from = text[..start].rfind(' ').map_or(0, |space| space + 1);
    let to = text[end..].find(' ').map_or(text.len(), |space| end + space);
    (from, to)
}

/// Where the word before a word begins.
fn word_before(text: &str, at: usize) -> usize {
    text[..at].trim_end_matches(' ').rfind(' ').map_or(0, |space| space + 1)
}

/// Longest words a hint repeats, in characters.
const LONG: usize = 120;

fn short_slice(words: &str) -> &str {
    words.char_indices().nth(LONG).map_or(words, |(end, _)| &words[..end])
}

pub(super) fn short(words: &str) -> String {
    let cut = short_slice(words);
    if cut.len() < words.len() { format!("{cut}…") } else { words.to_owned() }
}
