//! Where the words of a quotation that was not found may come from.
//!
//! In this order, because each is a mistake of its own with its own remedy:
//! other case; marks or a list number around it; a note marker or Markdown's
//! signs inside it; page furniture; the corrected reading; and at last the
//! passage that goes along with it longest. What is found is shown, never used.

use memchr::memmem;

use super::fold::{Folded, fold};
use super::pattern::parts_of;
use super::report::Reporter;
use super::stream::Streams;

use crate::document::TextRange;

/// What a message adds to "not found".
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// Where in the text, if anywhere.
    pub(super) place: Option<TextRange>,
    /// What is there, or that nothing is.
    pub(super) says: String,
    /// What to do.
    pub(super) help: Vec<String>,
}

/// How much of a quotation the nearest passage must share, in bytes.
const NEAR: usize = 12;

impl Reporter<'_> {
    /// The first hint that holds.
    pub(super) fn hint(&self, quotation: &str, gaps: bool) -> Hint {
        let parts = if gaps { parts_of(quotation) } else { vec![quotation] };
        let missing = parts.iter().find(|part| self.find(&fold(part)).is_none());
        let hint = match missing {
            None if parts.len() > 1 => Some(Hint {
                place: None,
                says: "each part of the quotation stands in the text, but not one after the other".into(),
                help: vec!["copy the parts in the order in which the text has them".into()],
            }),
            None => None,
            Some(part) => self.hint_for(&fold(part)),
        };
        hint.unwrap_or_else(|| Hint {
            place: None,
            says: "nothing close to it stands in the text".into(),
            help: vec!["copy the words from the page, or quote fewer of them".into()],
        })
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

    fn other_case(&self, words: &str) -> Option<Hint> {
        let stream = &self.streams.reading;
        let lower = self.lower.get_or_init(|| same_length_lower(&stream.text));
        let at = self.search(&same_length_lower(words), lower)?;
        let source = Streams::source(stream, at, at + words.len());
        let written = &stream.text[at..at + words.len()];
        Some(Hint {
            place: Some(source),
            says: "found if case is ignored".into(),
            help: vec![format!("write capitals as the text has them: `{}`", short(written))],
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
        })
    }

    /// The passage that begins or ends like the quotation.
    fn nearest(&self, words: &str) -> Option<Hint> {
        let stream = &self.streams.reading;
        let ends: Vec<usize> = words.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        let begins = self.longest(&ends, |end| &words[..end]);
        let tails: Vec<usize> = words.char_indices().rev().map(|(at, _)| at).collect();
        let finishes = self.longest(&tails, |start| &words[start..]);
        let head = begins.map_or(0, |(end, _)| end);
        let tail = finishes.map_or(0, |(start, _)| words.len() - start);
        if head.max(tail) < NEAR.min(words.len()) {
            return None;
        }
        let (quoted, at, start, end) = match (begins, finishes) {
            (Some((end, at)), _) if head >= tail => (end, at + end, at, at + end),
            (_, Some((start, at))) => {
                let before =
                    |text: &str, at: usize| text[..at].chars().next_back().map_or(0, |c| at - c.len_utf8());
                (before(words, start), before(&stream.text, at), at, at + words.len() - start)
            }
            _ => return None,
        };
        Some(Hint {
            place: Some(Streams::source(stream, start, end)),
            says: "the nearest passage".into(),
            help: vec![format!(
                "where the text has `{}`, the quotation has `{}`",
                around(&stream.text, at),
                around(words, quoted)
            )],
        })
    }

    /// The last of some growing pieces of a quotation that the text has, and where.
    fn longest<'w>(&self, sizes: &[usize], piece: impl Fn(usize) -> &'w str) -> Option<(usize, usize)> {
        let mut best = None;
        let (mut low, mut high) = (0, sizes.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.search(piece(sizes[middle]), &self.streams.reading.text) {
                Some(at) => {
                    best = Some((sizes[middle], at));
                    low = middle + 1;
                }
                None => high = middle,
            }
        }
        best
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

/// The word around a byte, with the two after it.
fn around(text: &str, at: usize) -> &str {
    let start = text[..at].rfind(' ').map_or(0, |space| space + 1);
    let rest = &text[at..];
    let end = rest.match_indices(' ').nth(2).map_or(text.len(), |(space, _)| at + space);
    let words = &text[start..end];
    short_slice(words)
}

/// Longest words a hint repeats, in characters.
const LONG: usize = 120;

fn short_slice(words: &str) -> &str {
    words.char_indices().nth(LONG).map_or(words, |(end, _)| &words[..end])
}

fn short(words: &str) -> String {
    let cut = short_slice(words);
    if cut.len() < words.len() { format!("{cut}…") } else { words.to_owned() }
}
