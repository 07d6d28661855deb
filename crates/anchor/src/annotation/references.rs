//! Where something is named: every reference to a term, topic, text, note or contributor.
//!
//! What is read as a name ([`Reader::exists`](super::reader::Reader)) and every Markdown are noted
//! down while all files are read, so nothing that a build follows is missed.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use super::names::Of;
use super::{Markdown, parse, wiki};
use crate::document::record;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Source, Span};
use postil_archive::sidecar::written;

/// What can be named by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// A term, by its slug.
    Term(&'a str),
    /// A topic, by its slug.
    Topic(&'a str),
    /// A text, by its id.
    Text(&'a str),
    /// A note, by the id of its text and its slug.
    Note(&'a str, &'a str),
    /// A contributor, by the slug.
    Contributor(&'a str),
}

/// A place where a name stands, as one that is looked for.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The file.
    pub source: Arc<Source>,
    /// The name alone, in bytes of the file.
    pub span: Span,
}

/// What was read as a name or as Markdown, noted down on the way.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What it is a name of, the name, the file, where the whole value stands.
    pub(super) names: Vec<(Of, String, Arc<Source>, Span)>,
    /// Every Markdown.
    pub(super) markdown: Vec<Markdown>,
}

/// Every place of the archive that names this, by file and place.
pub fn references(archive: &Archive, named: Named<'_>) -> Vec<Reference> {
    let mut seen = Seen::default();
    let all = parse::parse_noting(archive, Some(&mut seen)).value;
    seen.markdown.extend(all.pages.into_iter().map(|page| page.body));
    let of = match named {
        Named::Term(slug) => Some((Of::Term, slug)),
        Named::Topic(slug) => Some((Of::Topic, slug)),
        Named::Text(id) => Some((Of::Text, id)),
        Named::Contributor(slug) => Some((Of::Contributor, slug)),
        Named::Note(..) => None,
    };
    let mut found = Vec::new();
    let mut add = |source: &Arc<Source>, value: Span, within: Range<usize>| {
        if let Some(span) = in_value(source, value, within) {
            found.push(Reference { source: source.clone(), span });
        }
    };
    for (_, name, source, span) in seen.names.iter().filter(|(of_it, name, ..)| of == Some((*of_it, name))) {
        // A sense is named with its term before it, so a name begins its value.
        add(source, *span, 0..name.len());
    }
    if let Named::Term(slug) = named {
        // People of a record may be terms.
        for text in &archive.texts {
            let record = record::parse(text).value;
            for named in record.named().filter(|named| named.name == slug) {
                add(&named.source, named.span, 0..slug.len());
            }
        }
    }
    for markdown in &seen.markdown {
        for range in in_markdown(&markdown.text, named) {
            add(&markdown.source, markdown.span, range);
        }
    }
    found.sort_by(|a, b| (&a.source.path, a.span).cmp(&(&b.source.path, b.span)));
    found.dedup_by(|a, b| (&a.source.path, a.span) == (&b.source.path, b.span));
    found
}

/// Where a stretch of a value stands in its file; the value is written as it is or as a string of TOML.
fn in_value(source: &Source, value: Span, within: Range<usize>) -> Option<Span> {
    let written = source.text.get(value.range())?;
    match written::origins(written).filter(|_| !source.path.ends_with(".md") || !is_body(source, value)) {
        Some(origins) => {
            let (start, end) = (origins.get(within.start)?, origins.get(within.end)?);
            Some(Span { start: value.start + start, end: value.start + end })
        }
        None => Some(Span { start: value.start + within.start, end: value.start + within.end }),
    }
}

/// Whether a stretch is what a Markdown file says below its front matter.
fn is_body(source: &Source, value: Span) -> bool {
    value.end == source.text.len()
}

/// Where Markdown names something: in links of the archive to itself, and in addresses of its pages.
fn in_markdown(text: &str, named: Named<'_>) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(text, Options::ENABLE_WIKILINKS);
    let definitions: Vec<Range<usize>> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    let mut found: Vec<Range<usize>> =
        definitions.into_iter().filter_map(|range| in_address(text, range, named)).collect();
    for (event, range) in parser.into_offset_iter() {
        let Event::Start(Tag::Link { link_type, dest_url, .. }) = event else { continue };
        found.extend(match link_type {
            LinkType::WikiLink { .. } => {
                let target = text[range.clone()].find(&*dest_url).map(|at| range.start + at);
                target.and_then(|at| {
                    in_target(&text[at..at + dest_url.len()], named).map(|r| r.start + at..r.end + at)
                })
            }
            LinkType::Inline | LinkType::Autolink => in_address(text, range, named),
            _ => None,
        });
    }
    found
}

/// The name in the target of `[[target]]`, if it is this one.
fn in_target(target: &str, named: Named<'_>) -> Option<Range<usize>> {
    let (kind, name) = wiki::target(target);
    let start = name.as_ptr() as usize - target.as_ptr() as usize;
    let whole = |expected: &str| (name == expected).then(|| start..start + name.len());
    match (kind, named) {
        ("term", Named::Term(slug)) | ("topic", Named::Topic(slug)) => whole(slug),
        ("text", Named::Text(id)) => {
            let of = name.split('#').next().unwrap_or_default();
            (of == id).then(|| start..start + id.len())
        }
        ("note", Named::Text(id)) => {
            let (text, _) = name.rsplit_once('/')?;
            (text == id).then(|| start..start + id.len())
        }
        ("note", Named::Note(text, slug)) => {
            let (of, note) = name.rsplit_once('/')?;
            (of == text && note == slug).then(|| start + of.len() + 1..start + name.len())
        }
        _ => None,
    }
}

/// The name in the address of a page, written from the root of the site, if it is this one's.
fn in_address(text: &str, within: Range<usize>, named: Named<'_>) -> Option<Range<usize>> {
    let (before, name, ends): (String, &str, &[&str]) = match named {
        Named::Term(slug) => ("glossary/".into(), slug, &[".html"]),
        Named::Topic(slug) => ("topics/".into(), slug, &[".html", ".xml"]),
        Named::Contributor(slug) => ("contributors/".into(), slug, &[".html"]),
        Named::Text(id) => ("texts/".into(), id, &[".html", ".jsonld"]),
        Named::Note(of, slug) => (format!("texts/{of}.html#n-"), slug, &[""]),
    };
    let words = &text[within.clone()];
    let opens = |at: usize| {
        let rest = words[..at].strip_suffix('/').unwrap_or(&words[..at]);
        rest.ends_with(['(', '<', ' ', '\t', '\n'])
    };
    let closes = |at: usize| {
        words[at..].chars().next().is_none_or(|c| matches!(c, ')' | '>' | '#' | ' ' | '\t' | '\n'))
    };
    let find = |end: &&str| {
        let address = format!("{before}{name}{end}");
        let at = words
            .match_indices(&address)
            .map(|(at, _)| at)
            .filter(|&at| opens(at) && closes(at + address.len()));
        at.last().map(|at| within.start + at + before.len()..within.start + at + before.len() + name.len())
    };
    ends.iter().find_map(find)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_addresses_are_found() {
        let check = |text: &str, named: Named<'_>, expected: &[&str]| {
            let found: Vec<&str> = in_markdown(text, named).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        };
        let term = Named::Term("gla");
        check("See [[gla]], [[ gla |it]], [[term:gla]] and [[glaa]].", term, &["gla"; 3]);
        check("Not `[[gla]]` nor [[topic:gla]], nor gla.", term, &[]);
        check(
            "[x](glossary/gla.html#a), [y](</glossary/gla.html> 'gla'), [z](glossary/gla.htm)",
            term,
            &["gla"; 2],
        );
        check("[x][y]\n\n[y]: glossary/gla.html\n", term, &["gla"]);
        let text = Named::Text("c/a");
        check(
            "[[text:c/a]] [[text:c/a#p1|x]] [[text:c/ab]] [[note:c/a/n]] [[note:c/a/b/n]]",
            text,
            &["c/a"; 3],
        );
        check("[x](texts/c/a.html#p3)", text, &["c/a"]);
        let note = Named::Note("c/a", "n");
        check(
            "[[note:c/a/n]] [[note:c/b/n]] [x](texts/c/a.html#n-n) [x](texts/c/a.html#n-nn)",
            note,
            &["n"; 2],
        );
    }
}
