//! What the readers of all kinds of files share: a file at hand, the names that
//! exist, the problems so far.

use std::sync::Arc;

use super::files::{SourceRow, Str, Strs};
use super::names::{Names, Of};
use super::references::Seen;
use super::{By, Citation, Glob, Level, Located, Markdown, SenseName};
use postil_archive::archive::name;
use postil_archive::diagnostic::{Code, Diagnostic, Place, Source, Span};
use postil_archive::sidecar::{Rows, Spanned, address};

/// Reads one file.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) names: &'a Names<'a>,
    pub(super) problems: &'a mut Vec<Diagnostic>,
    /// For which texts the file is.
    pub(super) level: Level,
    pub(super) seen: Option<&'a mut Seen>,
}

/// A value with its place, out of the file.
pub(super) fn located<T>(value: Spanned<T>) -> Located<T> {
    Located { span: Span::from(value.span()), value: value.into_inner() }
}

/// Values with their places, out of the file.
pub(super) fn list(values: Option<Strs>) -> Vec<Located<String>> {
    values.unwrap_or_default().0.into_iter().map(located).collect()
}

impl Reader<'_> {
    pub(super) fn place(&self, span: impl Into<Span>) -> Place {
        self.source.place(span)
    }

    /// Reports an error with its advice.
    pub(super) fn error(
        &mut self,
        code: Code,
        span: impl Into<Span>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.place(span);
        self.problems.push(Diagnostic::error(code, place, message).help(help));
    }

    /// Whether a name exists; reports one that does not.
    pub(super) fn exists(&mut self, of: Of, name: &str, span: Span) -> bool {
        if let Some(seen) = &mut self.seen {
            seen.names.push((of, name.to_owned(), self.source.clone(), span));
        }
        let problem = self.names.unknown(of, name, self.source, span);
        let good = problem.is_none();
        self.problems.extend(problem);
        good
    }

    /// The names of a list that exist.
    pub(super) fn existing(&mut self, of: Of, names: Option<Strs>) -> Vec<Located<String>> {
        let mut names = list(names);
        names.retain(|name| self.exists(of, &name.value, name.span));
        names
    }

    /// A name that exists.
    pub(super) fn existing_one(&mut self, of: Of, name: Option<Str>) -> Option<Located<String>> {
        name.map(located).filter(|name| self.exists(of, &name.value, name.span))
    }

    /// A term that exists, or one of its senses, which is looked for when all terms are read.
    pub(super) fn sense_name(&mut self, name: Located<String>) -> Option<Located<SenseName>> {
        let (term, sense) = match name.value.split_once('/') {
            Some((term, sense)) => (term, Some(sense.to_owned())),
            None => (name.value.as_str(), None),
        };
        let value = SenseName { term: term.to_owned(), sense };
        self.exists(Of::Term, term, name.span).then_some(Located { value, span: name.span })
    }

    /// Who wrote something: what looks like a slug is one of a contributor.
    pub(super) fn by(&mut self, by: Option<Strs>) -> Vec<By> {
        let mut authors = Vec::new();
        for author in list(by) {
            let Located { value, span } = author;
            if value.trim().is_empty() {
                self.error(
                    Code::BAD_VALUE,
                    span,
                    "the name is empty",
                    "write who wrote this, such as `by = \"Your Name\"`",
                );
            } else if !name::is_slug(&value) {
                authors.push(By::Name(value));
            } else if self.exists(Of::Contributor, &value, span) {
                authors.push(By::Contributor(value));
            }
        }
        authors
    }

    /// What something rests on; an address that may not be linked to is reported and left out.
    pub(super) fn citations(&mut self, sources: Option<Rows<SourceRow>>) -> Vec<Citation> {
        let rows = sources.unwrap_or_default().0.into_iter();
        rows.map(|row| Citation { title: row.title, url: self.web(row.url), note: row.note }).collect()
    }

    /// An address of the web.
    pub(super) fn web(&mut self, url: Option<Str>) -> Option<String> {
        let url = url?;
        if !address::is_web(url.get_ref()) {
            self.problems.push(address::problem(self.source, &url));
            return None;
        }
        Some(url.into_inner())
    }

    /// Markdown in a TOML string.
    pub(super) fn markdown(&mut self, text: Str) -> Markdown {
        let Located { value, span } = located(text);
        self.markdown_at(value, span)
    }

    /// Markdown that stands here.
    pub(super) fn markdown_at(&mut self, text: String, span: Span) -> Markdown {
        let markdown = Markdown { text, source: self.source.clone(), span };
        self.seen.iter_mut().for_each(|seen| seen.markdown.push(markdown.clone()));
        markdown
    }

    /// A word that becomes a class or part of an address.
    pub(super) fn slug(&mut self, what: &str, word: Str) -> Option<Located<String>> {
        let word = located(word);
        if name::is_slug(&word.value) {
            return Some(word);
        }
        self.problems.push(name::not_a_slug(what, &word.value, self.source, word.span));
        None
    }

    /// Patterns over text ids. One without `*` names a text, which has to exist.
    pub(super) fn globs(&mut self, globs: Option<Strs>) -> Vec<Glob> {
        let mut good = Vec::new();
        for Located { value, span } in list(globs) {
            let parts = value.split('/').all(|part| part == "**" || name::is_slug(&part.replace('*', "x")));
            if !parts {
                self.error(
                    Code::BAD_VALUE,
                    span,
                    format!("`{value}` is not a pattern over the ids of texts"),
                    "write an id, or `*` for any name in a folder and `**` for any folders: `\"commons/**\"`",
                );
            } else if value.contains('*') || self.exists(Of::Text, &value, span) {
                good.push(Glob(value));
            }
        }
        good
    }
}
