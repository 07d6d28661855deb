//! The names that annotations may use, and what to say of one that nobody has.

use std::collections::BTreeMap;

use postil_archive::archive::{Archive, SidecarKind, name};
use postil_archive::diagnostic::{Code, Diagnostic, Source, Span};
use postil_archive::sidecar::suggest;

/// Everything of the archive that can be named, with the file that defines it.
///
/// A file counts as soon as it is there, readable or not: one broken file is
/// one problem, not one more for each use of its name.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    texts: BTreeMap<&'a str, &'a str>,
    terms: BTreeMap<&'a str, &'a str>,
    topics: BTreeMap<&'a str, &'a str>,
    contributors: BTreeMap<&'a str, &'a str>,
    note_kinds: BTreeMap<&'a str, &'a str>,
    series: BTreeMap<&'a str, &'a str>,
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Text,
    Term,
    Topic,
    Contributor,
    NoteKind,
    Series,
}

impl<'a> Names<'a> {
    pub(super) fn new(archive: &'a Archive) -> Self {
        let mut names = Self::default();
        names.texts.extend(archive.texts.iter().map(|text| (&*text.id, &*text.path)));
        names
            .note_kinds
            .extend(archive.config.note_kinds.iter().map(|(key, _)| (key.as_str(), "postil.toml")));
        names.series.extend(archive.config.series.iter().map(|(key, _)| (key.as_str(), "postil.toml")));
        for sidecar in &archive.sidecars {
            let group = match &sidecar.kind {
                SidecarKind::Term(_) => &mut names.terms,
                SidecarKind::Topic(_) => &mut names.topics,
                SidecarKind::Contributor(_) => &mut names.contributors,
                SidecarKind::Note { .. }
                | SidecarKind::Apparatus { .. }
                | SidecarKind::Derived { .. }
                | SidecarKind::Furniture
                | SidecarKind::Link(_) => continue,
            };
            group.extend(sidecar.kind.slug().map(|slug| (slug, &*sidecar.source.path)));
        }
        names
    }

    /// The names of one kind, each with its file.
    pub(super) fn all(&self, of: Of) -> &BTreeMap<&'a str, &'a str> {
        match of {
            Of::Text => &self.texts,
            Of::Term => &self.terms,
            Of::Topic => &self.topics,
            Of::Contributor => &self.contributors,
            Of::NoteKind => &self.note_kinds,
            Of::Series => &self.series,
        }
    }

    /// The problem of a name that nobody has.
    pub(super) fn unknown(&self, of: Of, name: &str, source: &Source, span: Span) -> Option<Diagnostic> {
        let known = self.all(of);
        if known.contains_key(name) {
            return None;
        }
        let (code, what, define) = match of {
            Of::Text => (Code::UNKNOWN_TEXT, "text", name::would_be_text(name)),
            Of::Term => (Code::UNKNOWN_TERM, "term", name::would_define("annotations/glossary", name)),
            Of::Topic => (Code::UNKNOWN_TOPIC, "topic", name::would_define("annotations/topics", name)),
            Of::Contributor => (
                Code::UNKNOWN_CONTRIBUTOR,
                "contributor",
                format!(
                    "{}; a name as it is to be shown holds a capital or a space",
                    name::would_define("annotations/contributors", name)
                ),
            ),
            Of::NoteKind => {
                (Code::UNKNOWN_KIND, "kind of note", in_configuration("notes.kinds", "a kind", name))
            }
            Of::Series => (
                Code::UNKNOWN_KIND,
                "series of figures",
                in_configuration("figures.series", "a series", name),
            ),
        };
        let problem = Diagnostic::error(code, source.place(span), format!("there is no {what} `{name}`"));
        let near = suggest::closest(name, known.keys().copied()).filter(|(_, alone)| *alone);
        let problem = problem.fix(near.and_then(|(near, _)| source.rename(span, name, near)));
        Some(match suggest::advice(name, known.keys().copied()) {
            Some(advice) => problem.help(advice).help(define),
            None => problem.help(define),
        })
    }
}

/// What would define a name that a table of `postil.toml` lists.
fn in_configuration(table: &str, what: &str, name: &str) -> String {
    match name::is_slug(name) {
        true => format!("`[{table}]` in `postil.toml` would define it"),
        false => format!("{what} is written in small letters, digits and `-`"),
    }
}
