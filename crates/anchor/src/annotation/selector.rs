//! The keys of a selector, as they are meant (design of the formats: where an
//! annotation stands). What needs the text is not checked here.

use super::files::{Keys, Strs};
use super::reader::{Reader, list, located};
use super::{BlockRange, Located, Selector, Words};
use postil_archive::diagnostic::{Code, Span};
use postil_archive::sidecar::Spanned;

impl Reader<'_> {
    /// The selector of a row: words, or blocks, or both. `None` when something
    /// about it is wrong.
    pub(super) fn selector(&mut self, keys: Keys, row: Span) -> Option<Selector> {
        if keys.quote.is_none() && keys.at.is_none() {
            self.error(
                Code::MISSING_KEY,
                row,
                "the row does not say where it stands",
                "add `quote = \"the words\"`, or `at = \"p12\"` for a whole block",
            );
            return None;
        }
        let (words, span) = match &keys.quote {
            Some(quote) => (Some(Words::Literal(quote.get_ref().clone())), Span::from(quote.span())),
            None => (None, row),
        };
        self.with_words(keys, words, span)
    }

    /// A selector whose words are known: those of `quote` or of a block quote.
    pub(super) fn with_words(&mut self, keys: Keys, words: Option<Words>, span: Span) -> Option<Selector> {
        let fine = self.fits(&keys, words.is_some());
        let at = self.blocks(keys.at);
        (fine && at.is_some()).then(|| Selector {
            words,
            prefix: keys.prefix.map(located),
            suffix: keys.suffix.map(located),
            at: at.unwrap_or_default(),
            edge: keys.edge.map(Spanned::into_inner),
            nth: keys.nth.map(located),
            all: keys.all.is_some_and(Spanned::into_inner),
            pattern: None,
            except: Vec::new(),
            source: self.source.clone(),
            span,
        })
    }

    /// Whether the keys go together.
    fn fits(&mut self, keys: &Keys, has_words: bool) -> bool {
        let before = self.problems.len();
        let all = keys.all.as_ref().filter(|all| *all.get_ref());
        if let Some(nth) = &keys.nth {
            if *nth.get_ref() == 0 {
                self.error(
                    Code::BAD_VALUE,
                    nth.span(),
                    "`nth` counts from 1",
                    "write `nth = 1` for the first place",
                );
            }
            if all.is_some() {
                self.error(
                    Code::SELECTOR_CONFLICT,
                    nth.span(),
                    "`nth` and `all` do not go together",
                    "`nth` is one of several places, `all = true` is every one: keep one of the two",
                );
            }
        }
        if !has_words {
            let spans = [
                ("prefix", keys.prefix.as_ref().map(Spanned::span)),
                ("suffix", keys.suffix.as_ref().map(Spanned::span)),
                ("edge", keys.edge.as_ref().map(Spanned::span)),
                ("nth", keys.nth.as_ref().map(Spanned::span)),
                ("all", all.map(Spanned::span)),
            ];
            for (key, span) in spans.into_iter().filter_map(|(key, span)| Some((key, span?))) {
                self.error(
                    Code::SELECTOR_CONFLICT,
                    span,
                    format!("`{key}` says which words are meant, but there are none"),
                    format!("add `quote`, or take `{key}` away: `at` alone is whole blocks"),
                );
            }
        }
        self.problems.len() == before
    }

    /// The blocks of `at`; `None` when one of them cannot be read.
    pub(super) fn blocks(&mut self, at: Option<Strs>) -> Option<Vec<Located<BlockRange>>> {
        let given = list(at);
        let mut blocks = Vec::new();
        let count = given.len();
        for Located { value, span } in given {
            match block_range(&value) {
                Ok(range) => blocks.push(Located { value: range, span }),
                Err(message) => self.error(
                    Code::BAD_VALUE,
                    span,
                    message,
                    "write blocks as `\"p59\"` or `\"p60-p62\"`, or lines of the file as `\"L110\"` or `\"L112-L116\"`",
                ),
            }
        }
        (blocks.len() == count).then_some(blocks)
    }
}

/// The blocks that `p59`, `p60-p62`, `L110` or `L112-L116` names.
///
/// # Errors
/// It names none: why.
pub fn block_range(text: &str) -> Result<BlockRange, String> {
    let strange = || format!("`{text}` names no blocks");
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |part: &str| -> Option<(char, u32)> {
        let letter = part.chars().next().filter(|c| matches!(c, 'p' | 'L'))?;
        let digits = &part[1..];
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        let number = digits.parse().ok().filter(|n| plain && *n > 0)?;
        Some((letter, number))
    };
    let ((a, first), (b, last)) = number(first).zip(number(last)).ok_or_else(strange)?;
    if a != b {
        return Err(format!("`{text}` begins with a block and ends with a line"));
    }
    if first > last {
        return Err(format!("`{text}` ends before it begins"));
    }
    Ok(if a == 'p' { BlockRange::Blocks(first, last) } else { BlockRange::Lines(first, last) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read() {
        let check = |text, expected| assert_eq!(block_range(text), Ok(expected), "{text:?}");
        check("p59", BlockRange::Blocks(59, 59));
        check("p60-p62", BlockRange::Blocks(60, 62));
        check("L110", BlockRange::Lines(110, 110));
        check("L112-L116", BlockRange::Lines(112, 116));
    }

    #[test]
    fn what_names_no_block_is_said() {
        let check = |text: &str, expected: &str| {
            assert_eq!(block_range(text), Err(format!("`{text}` {expected}")), "{text:?}");
        };
        check("p62-p60", "ends before it begins");
        check("p60-L62", "begins with a block and ends with a line");
        for text in ["", "p", "p0", "59", "p60-62", "l110", "p+1", "p1-p2-p3", "é1", "p99999999999", "p1–p2"]
        {
            check(text, "names no blocks");
        }
    }
}
