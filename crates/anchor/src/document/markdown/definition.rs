//! Definitions of links: which of them are definitions, and where their parts stand.
//!
//! CommonMark takes every `[words]: word` at the beginning of a paragraph for
//! a definition, and shows none of it. A transcript that marks its speakers so
//! (`[A]: Never.`) would lose its answers.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, OffsetIter, Options, Parser, Tag};

/// Endings of an address without a scheme or a `/`.
const ENDINGS: [&str; 13] = [
    ".md", ".html", ".htm", ".pdf", ".txt", ".xml", ".json", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg",
];

/// A definition that is one: a link or picture of the text takes its destination from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    /// The brackets and the colon.
    pub(super) label: Range<usize>,
    pub(super) destination: Range<usize>,
    /// With the marks around it.
    pub(super) title: Option<Range<usize>>,
}

/// The definitions of a text that are used as such, in the order of the text.
///
/// A reference that names its label, `[words][label]` or `[label][]`, says that a
/// definition is meant. A shortcut, `[label]`, is how people also write what has nothing
/// to do with links: it counts only if the destination looks like an address.
pub(super) fn used(text: &str, options: Options) -> Vec<Definition> {
    let mut events = Parser::new_ext(text, options).into_offset_iter();
    if events.reference_definitions().iter().next().is_none() {
        return Vec::new();
    }
    let mut used = BTreeMap::new();
    while let Some((event, range)) = events.next() {
        let Reference::To(span) = reference(text, &events, &event, &range) else { continue };
        if used.contains_key(&span.start) {
            continue;
        }
        let definition = parts(text, &span);
        if !is_shortcut(&event) || is_address(&text[definition.destination.clone()]) {
            used.insert(span.start, definition);
        }
    }
    used.into_values().collect()
}

/// What the beginning of a link or picture refers to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// Nothing: it has its own destination, or is none.
    None,
    /// The definition that stands there.
    To(Range<usize>),
    /// Nothing, since the parser took for a label what is an escaped bracket: `[a]\[b]`.
    Mistaken,
}

/// What an event refers to whose words stand at `range`.
pub(super) fn reference(
    text: &str,
    events: &OffsetIter<'_>,
    event: &Event<'_>,
    range: &Range<usize>,
) -> Reference {
    let Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) = event else {
        return Reference::None;
    };
    let written = &text[range.clone()];
    let is_reference = match link_type {
        LinkType::Reference => has_label(written.as_bytes()),
        LinkType::Collapsed => text[range.end..].starts_with("[]"),
        LinkType::Shortcut => true,
        _ => return Reference::None,
    };
    match events.reference_definitions().get(id) {
        Some(definition) if is_reference => Reference::To(definition.span.clone()),
        _ => Reference::Mistaken,
    }
}

fn is_shortcut(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Start(
            Tag::Link { link_type: LinkType::Shortcut, .. }
                | Tag::Image { link_type: LinkType::Shortcut, .. }
        )
    )
}

/// Whether a link ends with a label, `[words][label]`.
fn has_label(written: &[u8]) -> bool {
    let escaped = |at: usize| written[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    let brackets = (0..written.len().saturating_sub(1)).rev().filter(|&at| b"[]".contains(&written[at]));
    let opening = brackets.into_iter().find(|&at| !escaped(at));
    opening.is_some_and(|at| written[at] == b'[' && written[..at].ends_with(b"]"))
}

/// Cuts a definition into its parts. It is one as CommonMark has it, so each is there.
fn parts(text: &str, span: &Range<usize>) -> Definition {
    let bytes = text.as_bytes();
    let mut at = span.start + 1;
    while at < span.end && bytes[at] != b']' {
        at += if is_escape(bytes, at) { 2 } else { 1 };
    }
    let label = span.start..(at + 2).min(span.end);
    let destination = destination(text, after_space(text, label.end..span.end)..span.end);
    let title = after_space(text, destination.end..span.end)..span.end;
    Definition { label, destination, title: Some(title).filter(|title| !title.is_empty()) }
}

/// A destination at the beginning of a stretch: up to a space, the end of the stretch or a bracket that
/// none opened, or between `<` and `>`.
pub(super) fn destination(text: &str, within: Range<usize>) -> Range<usize> {
    let bytes = &text.as_bytes()[..within.end];
    let pointed = bytes.get(within.start) == Some(&b'<');
    let mut depth = 0_usize;
    let mut at = within.start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            _ if is_escape(bytes, at) => at += 1,
            b'>' if pointed => return within.start..at + 1,
            _ if pointed => {}
            byte if byte.is_ascii_whitespace() => break,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    within.start..at.min(within.end)
}

/// The first byte of a stretch that is no white space, nor the mark of a quotation that a line begins with.
pub(super) fn after_space(text: &str, within: Range<usize>) -> usize {
    let mut begins = false;
    let mut at = within.start;
    for &byte in &text.as_bytes()[within] {
        begins |= matches!(byte, b'\n' | b'\r');
        if !(byte.is_ascii_whitespace() || (begins && byte == b'>')) {
            break;
        }
        at += 1;
    }
    at
}

/// Whether a backslash stands here that takes a sign for what it is.
pub(super) fn is_escape(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'\\') && bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation)
}

/// Whether a destination, as written, looks like an address.
fn is_address(written: &str) -> bool {
    let lower = written.to_ascii_lowercase();
    let begins = ["/", "./", "../", "#", "<", "www."].iter().any(|start| lower.starts_with(start));
    let ends = ENDINGS.iter().any(|ending| lower.ends_with(ending));
    let mail = lower.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    begins || ends || mail || lower.contains('/') || has_scheme(&lower)
}

/// Whether a scheme stands before something, as in `urn:isbn:…`.
fn has_scheme(lower: &str) -> bool {
    let Some((scheme, rest)) = lower.split_once(':') else { return false };
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte);
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(in_scheme)
        && !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str, Option<&str>)]) {
        let found = used(text, Options::empty());
        let found: Vec<_> = found
            .iter()
            .map(|d| {
                (&text[d.label.clone()], &text[d.destination.clone()], d.title.clone().map(|t| &text[t]))
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_definition_is_one_if_it_is_meant() {
        check("[a]\n\n[a]: Never.", &[]);
        check("[A]: Never.", &[]);
        check("[b][a]\n\n[a]: LICENCE", &[("[a]:", "LICENCE", None)]);
        check("[A][]\n\n[a]: x 'T'", &[("[a]:", "x", Some("'T'"))]);
        check("![b][a] [a]\n\n[a]: x", &[("[a]:", "x", None)]);
        check("[a]\n\n[a]: x.md\n[a]: y.md", &[("[a]:", "x.md", None)]);
        check("[b][z] [a][y]\n\n[y]: 1\n[z]: 2", &[("[y]:", "1", None), ("[z]:", "2", None)]);
        check("[a](b) <c:d>\n\n[b]: x.md", &[]);
    }

    #[test]
    fn a_label_stands_directly_behind_the_words() {
        for (written, expected) in [
            ("[a][b]", true),
            ("[a][b\\[c]", true),
            ("[a\\]][b\\]]", true),
            ("[a]\\[b]", false),
            ("[a[b][c]]\\[d]", false),
        ] {
            assert_eq!(has_label(written.as_bytes()), expected, "{written}");
        }
    }

    #[test]
    fn parts_are_found_over_lines_and_in_quotations() {
        check("> [b][a]\n>\n> [a]:\n>  x\n>  'two\n> lines'", &[("[a]:", "x", Some("'two\n> lines'"))]);
        check("[b][a\\]\nc]\n\n[a\\]\nc]: <x y> (T)", &[("[a\\]\nc]:", "<x y>", Some("(T)"))]);
        check("[b][a]\n\n[a]: x(y)z\\ \"T\"", &[("[a]:", "x(y)z\\", Some("\"T\""))]);
        check("[b][a]\n\n[a]: >x", &[("[a]:", ">x", None)]);
    }

    #[test]
    fn addresses_are_told_from_words() {
        for address in [
            "https://a.b",
            "mailto:a",
            "urn:isbn:1",
            "/a",
            "./a",
            "../a",
            "#a",
            "<a b>",
            "www.a.b",
            "a/b",
            "a@b.c",
            "a.MD",
            "a.pdf",
        ] {
            assert!(is_address(address), "{address}");
        }
        for words in ["Never.", "a", "a@b", "Note:", "C:x", "1:2", "a.b", "pdf", "Order!", "12.30"] {
            assert!(!is_address(words), "{words}");
        }
    }
}
