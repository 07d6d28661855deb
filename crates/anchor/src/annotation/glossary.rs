//! A term of the glossary, its forms and senses.

use std::collections::BTreeMap;

use super::common_words;
use super::files::{SenseRow, TermFile};
use super::names::Of;
use super::reader::{Reader, list, located};
use super::{Case, Certainty, Located, Sense, Term};
use postil_archive::archive::name;
use postil_archive::diagnostic::{Code, Diagnostic, Span};
use postil_archive::sidecar::{self, Spanned};

impl Reader<'_> {
    /// Reads a term.
    pub(super) fn term(&mut self, slug: &str) -> Option<Term> {
        let mut file = sidecar::read_file::<TermFile>(self.source).take(self.problems)?;
        let senses = self.senses(&mut file);
        let term = located(file.term);
        let forms = list(file.forms);
        let misprints = list(file.misprints);
        let allow_common = file.allow_common;
        let nowhere = file.texts.as_ref().is_some_and(|texts| texts.0.is_empty());
        let written: Vec<&Located<String>> = std::iter::once(&term).chain(&forms).chain(&misprints).collect();
        self.check_forms(&written, file.case, allow_common);
        let kind = self.slug("a kind", file.kind)?;
        Some(Term {
            slug: slug.to_owned(),
            source: self.source.clone(),
            term,
            kind: kind.value,
            forms,
            misprints,
            case: file.case,
            mark: file.mark,
            texts: self.globs(file.texts),
            date: file.date,
            was: list(file.was),
            see: self.existing(Of::Term, file.see),
            allow_common,
            nowhere,
            review_by: file.review_by.map(located),
            senses: senses.into(),
        })
    }

    fn check_forms(&mut self, forms: &[&Located<String>], case: Option<Case>, allow_common: Option<bool>) {
        for Located { value, span } in forms {
            if allow_common.is_none() && common_words::is_common(value, case == Some(Case::Any)) {
                let message = format!("`{value}` is a common word: it would be marked everywhere");
                self.error(
                    Code::COMMON_WORD,
                    *span,
                    message,
                    "use a longer form, or write `allow_common = true`; if it is false, only longer forms are found",
                );
            }
        }
    }

    /// The senses: tables, or the short form, which is one.
    fn senses(&mut self, file: &mut TermFile) -> Vec<Sense> {
        let rows = file.sense.take();
        let definition = file.definition.take().map(located);
        let sources = file.sources.take();
        match (definition, rows) {
            (None, None) => {
                self.error(
                    Code::MISSING_KEY,
                    0..0,
                    "`definition` is missing",
                    "add `definition = \"…\"`, or a `[[sense]]` for each meaning",
                );
                Vec::new()
            }
            (definition, Some(rows)) => {
                if let Some(definition) = definition {
                    let help = "move it into the `[[sense]]` that it defines";
                    self.error(
                        Code::SENSE_BROKEN,
                        definition.span,
                        "a term with `[[sense]]` has no `definition` of its own",
                        help,
                    );
                }
                if let Some(certainty) = &file.certainty {
                    let help = "move it into the `[[sense]]` that it is about";
                    self.error(
                        Code::SENSE_BROKEN,
                        certainty.span(),
                        "a term with `[[sense]]` has no `certainty` of its own",
                        help,
                    );
                }
                let common = self.citations(sources);
                let rows: Vec<_> = rows.0.into_iter().map(located).collect();
                let senses = rows.into_iter().enumerate().map(|(i, row)| {
                    let mut sense = self.sense(row.value, i);
                    sense.0.sources.extend(common.iter().cloned());
                    sense
                });
                let senses: Vec<(Sense, Span)> = senses.collect();
                self.check_senses(&senses);
                senses.into_iter().map(|(sense, _)| sense).collect()
            }
            (Some(Located { value, span }), None) => {
                let definition = self.markdown_at(value, span);
                self.check_definition(&definition);
                vec![Sense {
                    id: "1".to_owned(),
                    name: None,
                    from: None,
                    until: None,
                    definition,
                    predecessor: None,
                    successor: None,
                    sources: self.citations(sources),
                    certainty: file.certainty.take().map_or(Certainty::Certain, Spanned::into_inner),
                }]
            }
        }
    }

    /// A sense, and where its id, or else its definition, stands.
    fn sense(&mut self, row: SenseRow, index: usize) -> (Sense, Span) {
        let definition = self.markdown(row.definition);
        self.check_definition(&definition);
        let id = row.id.map(located);
        let span = id.as_ref().map_or(definition.span, |id| id.span);
        if let Some(id) = id.as_ref().filter(|id| !name::is_slug(&id.value)) {
            self.problems.push(name::not_a_slug("an id", &id.value, self.source, id.span));
        }
        let (from, until) = (row.from.map(located), row.until.map(located));
        if let (Some(from), Some(until)) = (&from, &until)
            && from.value.first_day() > until.value.last_day()
        {
            let message = format!("the sense ends in {} before it begins in {}", until.value, from.value);
            self.error(
                Code::SENSE_BROKEN,
                until.span,
                message,
                "exchange the two dates, or mend one of them",
            );
        }
        let sense = Sense {
            id: id.map_or_else(|| (index + 1).to_string(), |id| id.value),
            name: row.name,
            from: from.map(|from| from.value),
            until: until.map(|until| until.value),
            definition,
            predecessor: row.predecessor.map(located).and_then(|name| self.sense_name(name)),
            successor: row.successor.map(located).and_then(|name| self.sense_name(name)),
            sources: self.citations(row.sources),
            certainty: row.certainty.unwrap_or_default(),
        };
        (sense, span)
    }

    fn check_definition(&mut self, definition: &super::Markdown) {
        if definition.text.trim().is_empty() {
            self.error(
                Code::DEFINITION_EMPTY,
                definition.span,
                "the definition says nothing",
                "write in a sentence or two what it is",
            );
        }
    }

    fn check_senses(&mut self, senses: &[(Sense, Span)]) {
        let mut ids: BTreeMap<&str, Span> = BTreeMap::new();
        for (sense, span) in senses {
            if let Some(first) = ids.insert(&sense.id, *span) {
                let problem = Diagnostic::error(
                    Code::SENSE_BROKEN,
                    self.place(*span),
                    format!("two senses have the id `{}`", sense.id),
                );
                let first = self.place(first);
                self.problems.push(problem.related(first, "the other").help("give each its own `id`"));
            }
        }
        for pair in senses.windows(2) {
            let [(before, _), (after, span)] = pair else { continue };
            let begins = |sense: &Sense| sense.from.map(|from| from.first_day());
            if let (Some(first), Some(second)) = (begins(before), begins(after))
                && second < first
            {
                let message = format!("sense `{}` begins before sense `{}` above it", after.id, before.id);
                self.error(Code::SENSE_BROKEN, *span, message, "put the senses in the order of their dates");
            }
        }
    }
}
