//! Compares a raw file with the visible text that was made of it.
//!
//! `words` proves that a page shows the visible text. This proves the other
//! half: that each letter and digit of the file is in the visible text, once
//! and in order, or stands in what is said not to be shown and looks like it.
//! Nothing is asked of a parser: what it did not understand is still the record.

use std::ops::Range;

use postil_anchor::document::{Document, UnseenKind};
use postil_archive::diagnostic::{Code, Diagnostic};

/// How much of what is lost a message shows.
const LONGEST_SHOWN_CHARACTERS: usize = 40;

/// What of the file is neither shown nor of a kind that need not be.
pub(super) fn compare(doc: &Document) -> Option<Diagnostic> {
    let mut walk = Walk { text: &doc.source.text, doc, at: 0, unseen: 0, lost: Vec::new() };
    for (i, &(visible, origin)) in doc.origins.iter().enumerate() {
        let end = doc.origins.get(i + 1).map_or(doc.visible.len(), |&(next, _)| next);
        for (offset, c) in doc.visible[visible..end].char_indices() {
            if c.is_alphanumeric() {
                walk.shown(c, origin + offset);
            }
        }
    }
    walk.not_shown(walk.text.len());
    let first = walk.lost.first()?.clone();
    let words = doc.source.text.get(first.clone()).unwrap_or_default();
    let words: String = words.chars().take(LONGEST_SHOWN_CHARACTERS).collect();
    let more = match walk.lost.len() - 1 {
        0 => String::new(),
        1 => ", and once more words".to_owned(),
        n => format!(", and words in {n} more places"),
    };
    Some(
        Diagnostic::error(
            Code::WORDS_NOT_SHOWN,
            doc.source.place(first),
            format!("the page does not show `{words}` as the file has it{more}"),
        )
        .help("this is a fault of postil, not of the file, which stays as it is: please report it with these lines"),
    )
}

struct Walk<'a> {
    text: &'a str,
    doc: &'a Document,
    /// Up to here the file is accounted for.
    at: usize,
    /// The first of what is not shown that ends behind it.
    unseen: usize,
    /// Stretches that are not accounted for, or twice.
    lost: Vec<Range<usize>>,
}

impl Walk<'_> {
    /// A letter or digit of the visible text that is said to come from this byte of the file.
    fn shown(&mut self, c: char, origin: usize) {
        let stands = self.text.get(origin..).is_some_and(|rest| rest.starts_with(c));
        if stands && origin >= self.at {
            self.not_shown(origin);
            self.at = origin + c.len_utf8();
            return;
        }
        // The second letter of one entity is where the first was.
        let before = self.doc.unseen.partition_point(|unseen| unseen.span.end <= origin);
        let entity = self.doc.unseen.get(before).filter(|unseen| unseen.span.start <= origin);
        match entity.filter(|unseen| unseen.kind == UnseenKind::Entity) {
            Some(unseen) => self.not_shown(unseen.span.end.max(self.at)),
            None => self.lose(origin, c.len_utf8()),
        }
    }

    /// Nothing is shown of what stands before this byte.
    fn not_shown(&mut self, upto: usize) {
        let from = std::mem::replace(&mut self.at, upto);
        for (offset, c) in self.text[from..upto].char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            let at = from + offset;
            while self.doc.unseen.get(self.unseen).is_some_and(|unseen| unseen.span.end <= at) {
                self.unseen += 1;
            }
            let unseen = self.doc.unseen.get(self.unseen).filter(|unseen| unseen.span.start <= at);
            if !unseen.is_some_and(|unseen| is_of_kind(self.text, unseen.span.range(), unseen.kind)) {
                self.lose(at, c.len_utf8());
            }
        }
    }

    /// Words of one line are one stretch.
    fn lose(&mut self, at: usize, length: usize) {
        let text = self.text;
        let beside =
            |last: &Range<usize>| text.get(last.end..at).is_none_or(|between| !between.contains('\n'));
        match self.lost.last_mut().filter(|last| beside(last)) {
            Some(last) => last.end = last.end.max(at + length),
            None => self.lost.push(at..at + length),
        }
    }
}

/// Whether what is not shown looks like what it is said to be. This knows Markdown by its signs
/// alone, so that a mistake of the parser's hides no sentence.
fn is_of_kind(text: &str, span: Range<usize>, kind: UnseenKind) -> bool {
    let (before, own, after) = (&text[..span.start], &text[span.clone()], &text[span.end..]);
    match kind {
        UnseenKind::Entity => {
            let name = own.strip_prefix('&').and_then(|own| own.strip_suffix(';'));
            name.is_some_and(|name| {
                name.strip_prefix('#').unwrap_or(name).bytes().all(|b| b.is_ascii_alphanumeric())
            })
        }
        UnseenKind::Destination => {
            let before = before.trim_end_matches(|c: char| c.is_whitespace() || c == '>');
            let pointed = own.starts_with('<') && own.ends_with('>') && !own.contains('\n');
            (before.ends_with("](") || before.ends_with("]:"))
                && (pointed || !own.contains(char::is_whitespace))
        }
        UnseenKind::Footnote => {
            let label = own.strip_suffix(':').unwrap_or(own);
            let label = label.strip_prefix("[^").and_then(|label| label.strip_suffix(']'));
            label.is_some_and(|label| !label.contains(|c: char| c.is_whitespace() || matches!(c, '[' | ']')))
        }
        UnseenKind::Task => matches!(own, "[x]" | "[X]"),
        UnseenKind::Label => {
            let reference = before.ends_with(']') && own.ends_with(']');
            let definition = own.ends_with("]:") && !after.is_empty();
            own.starts_with('[') && (reference || definition)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use postil_anchor::document::record::Record;
    use postil_anchor::document::{self, Unseen};
    use postil_archive::archive::Format;

    fn markdown(text: &str) -> Document {
        let id = || Arc::from("a");
        document::parse(id(), id(), text.as_bytes(), Format::Markdown, &Record::default())
            .value
            .expect("it has words")
    }

    /// Line, column and message of what a text is said to have lost, once `spoil` has been at it.
    fn lost(text: &str, spoil: impl Fn(&mut Document)) -> Option<(u32, u32, String)> {
        let mut doc = markdown(text);
        assert_eq!(compare(&doc), None, "{text:?}");
        spoil(&mut doc);
        compare(&doc).map(|problem| (problem.place.line, problem.place.column, problem.message))
    }

    fn check(text: &str, spoil: impl Fn(&mut Document), line: u32, column: u32, message: &str) {
        let (found_line, found_column, found) = lost(text, spoil).expect("it is spoilt");
        assert_eq!((found_line, found_column), (line, column), "{found}");
        assert!(found.contains(message), "{found}");
    }

    #[test]
    fn words_that_are_left_out_repeated_or_moved_are_missed() {
        let cut = |from: usize, to: usize| {
            move |doc: &mut Document| {
                // As if the parser had never seen them.
                let goes_on = doc.origin(to);
                doc.visible.replace_range(from..to, "");
                let (mut origins, after): (Vec<_>, Vec<_>) =
                    doc.origins.iter().partition(|&&(at, _)| at < from);
                origins.push((from, goes_on));
                let after = after.into_iter().filter(|&(at, _)| at > to);
                origins.extend(after.map(|(at, origin)| (at - (to - from), origin)));
                doc.origins = origins;
            }
        };
        check("One two three.", cut(4, 8), 1, 5, "`two`");
        check("One two three.\n\nFour", cut(8, 14), 1, 9, "`three`");
        check("One two.", |doc| doc.visible.push_str(" two"), 1, 9, "``");
        check("One two one.", |doc| doc.origins.push((8, 0)), 1, 1, "");
        check("One two.", |doc| doc.visible = "One twx.".to_owned(), 1, 7, "`o`");
        check("One\n\ntwo\n\nthree", |doc| doc.visible = "One\ntwx\nthrex".to_owned(), 3, 3, "`o`");
        check("One\n\ntwo\n\nthree", |doc| doc.visible = "One\ntwx\nthrex".to_owned(), 3, 3, "once more");
    }

    #[test]
    fn what_is_not_shown_is_of_a_kind_that_need_not_be() {
        let seen = |doc: &mut Document| doc.unseen.clear();
        check("a [b](c.html) d", seen, 1, 7, "`c.html`");
        check("a [b][c]\n\n[c]: d", seen, 1, 7, "`c`");
        check("a &eacute; b", seen, 1, 3, "`&eacute`");
        for kind in [
            UnseenKind::Destination,
            UnseenKind::Label,
            UnseenKind::Entity,
            UnseenKind::Footnote,
            UnseenKind::Task,
        ] {
            // A sentence is none of these, whatever a parser says.
            let hide = move |doc: &mut Document| {
                doc.unseen = vec![Unseen { span: (4..8).into(), kind }];
                doc.visible.replace_range(4..8, "");
                doc.origins = vec![(0, 0), (4, 8)];
            };
            check("One two three.", hide, 1, 5, "`two`");
        }
    }
}
