//! A note: front matter, the quotations it stands on, its body.

use std::sync::Arc;

use super::files::{EventRow, FigureRow, Keys, NoteFile, On};
use super::names::Of;
use super::quotation::{Quotation, opening};
use super::reader::{Reader, list, located};
use super::{Event, Figure, Located, Note, Selector, Words};
use postil_archive::diagnostic::{Code, Diagnostic, Fix, Span};
use postil_archive::sidecar::{self, Rows, front_matter};

impl Reader<'_> {
    /// Reads a note. `default_kind` is the kind of a note that names none.
    pub(super) fn note(&mut self, text: &Arc<str>, slug: &str, default_kind: &str) -> Option<Note> {
        let parts = match front_matter::split(self.source) {
            Ok(Some(parts)) => parts,
            Ok(None) => {
                self.error(
                    Code::FRONT_MATTER,
                    0..0,
                    "the note has no front matter",
                    "begin it with a line `+++`, a line `by = \"Your Name\"` and a line `+++`",
                );
                return None;
            }
            Err(problem) => {
                self.problems.push(*problem);
                return None;
            }
        };
        let file = sidecar::read::<NoteFile>(self.source, parts.toml).take(self.problems);
        let (quotations, body) = opening(&self.source.text[parts.body.range()], parts.body.start);
        let text_of_note = self.markdown_at(self.source.text[body.range()].to_owned(), body);
        let mut file = file?;

        let last_quotation = quotations.last().map(|quotation| quotation.span);
        let on = file.on.take();
        let keys = file.keys();
        let selectors = match on {
            Some(on) => self.on_text(Span::from(on.span()), *on.get_ref(), &keys, &quotations),
            None if quotations.is_empty() => self.by_machine(keys, body),
            None => self.by_hand(keys, quotations),
        };
        let title = file.title.and_then(|title| self.title(located(title)));
        let kind = file.kind.map(located);
        let kind = kind.filter(|kind| self.exists(Of::NoteKind, &kind.value, kind.span));
        let named_topics = file.topics.as_ref().is_some_and(|topics| !topics.0.is_empty());
        if body.start == body.end && !named_topics {
            self.error(
                Code::NOTE_EMPTY,
                last_quotation.unwrap_or(body),
                "the note says nothing",
                "write something below the quotation, or name `topics` that the passage belongs to",
            );
        }
        Some(Note {
            text: text.clone(),
            slug: slug.to_owned(),
            source: self.source.clone(),
            by: self.by(Some(file.by)),
            role: file.role,
            title,
            kind: kind.map_or_else(|| default_kind.to_owned(), |kind| kind.value),
            topics: self.existing(Of::Topic, file.topics),
            date: file.date,
            sources: self.citations(file.sources),
            certainty: file.certainty.unwrap_or_default(),
            was: list(file.was),
            events: self.events(file.events),
            figures: self.figures(file.figures),
            review_by: file.review_by.map(located),
            selectors: selectors?,
            body: text_of_note,
        })
    }

    /// The title of a note, on one line.
    fn title(&mut self, title: Located<String>) -> Option<String> {
        let words = title.value.split_whitespace().collect::<Vec<_>>().join(" ");
        let length = words.chars().count();
        if words.is_empty() {
            let help = "say in a few words what the note finds, or take the key away";
            self.error(Code::BAD_VALUE, title.span, "the title says nothing", help);
        } else if length > Note::LONGEST_TITLE {
            let message =
                format!("the title has {length} characters; the margin has room for {}", Note::LONGEST_TITLE);
            self.error(Code::BAD_VALUE, title.span, message, "say what the note finds, not what it is about");
        } else {
            return Some(words);
        }
        None
    }

    fn events(&mut self, rows: Option<Rows<EventRow>>) -> Vec<Event> {
        let mut out = Vec::new();
        for EventRow { date, what } in rows.unwrap_or_default().0 {
            let what = located(what);
            if what.value.trim().is_empty() {
                let help = "say in a few words what happened: the timeline shows them";
                self.error(Code::BAD_VALUE, what.span, "the event says nothing", help);
            } else {
                out.push(Event { date, what: what.value });
            }
        }
        out
    }

    fn figures(&mut self, rows: Option<Rows<FigureRow>>) -> Vec<Figure> {
        rows.unwrap_or_default().0.into_iter().filter_map(|row| self.figure(row)).collect()
    }

    fn figure(&mut self, row: FigureRow) -> Option<Figure> {
        let (series, what) = (located(row.series), located(row.what));
        let mut sound = true;
        if what.value.trim().is_empty() {
            let help = "say in a few words what was counted: two numbers are compared by it";
            self.error(Code::BAD_VALUE, what.span, "the figure does not say what it is of", help);
            sound = false;
        }
        for number in [Some(&row.value), row.to.as_ref()].into_iter().flatten() {
            if !number.get_ref().is_finite() {
                let help = "write a number that can be counted; what is not known has no figure";
                self.error(Code::BAD_VALUE, number.span(), "this is no number that something can have", help);
                sound = false;
            }
        }
        let value = *row.value.get_ref();
        if let Some(to) = row.to.as_ref().filter(|to| *to.get_ref() <= value) {
            let help = "`value` is the lower end of the range, `to` the upper; leave `to` out if there is one number";
            self.error(Code::BAD_VALUE, to.span(), "the range ends before it begins", help);
            sound = false;
        }
        sound &= self.exists(Of::Series, &series.value, series.span);
        sound.then(|| Figure {
            series: series.value,
            date: row.date,
            value,
            to: row.to.map(|to| *to.get_ref()),
            shown: row.shown,
            what: what.value,
            in_text: row.in_text.unwrap_or_default(),
        })
    }

    /// A note on the whole text stands on no words.
    fn on_text(
        &mut self,
        span: Span,
        on: On,
        keys: &Keys,
        quotations: &[Quotation],
    ) -> Option<Vec<Selector>> {
        let On::Text = on;
        let quotation = quotations.first().map(|quotation| quotation.span);
        let words = [&keys.quote, &keys.prefix, &keys.suffix].into_iter().flatten();
        let key = words.map(|key| Span::from(key.span())).next();
        let at = keys.at.as_ref().and_then(|at| at.0.first()).map(|at| Span::from(at.span()));
        let Some(other) = quotation.or(key).or(at) else { return Some(Vec::new()) };
        let problem = Diagnostic::error(
            Code::SELECTOR_CONFLICT,
            self.place(span),
            "a note on the whole text stands on no words",
        );
        self.problems.push(problem.related(self.source.place(other), "but these are given").help(
            "take `on = \"text\"` away; or, if the quotation belongs to what the note says, write some words before it",
        ));
        None
    }

    /// A note whose selector stands in its front matter.
    fn by_machine(&mut self, keys: Keys, body: Span) -> Option<Vec<Selector>> {
        let Some(quote) = &keys.quote else {
            if keys.at.is_none() {
                self.without_quote(body);
                return None;
            }
            let span =
                keys.at.as_ref().and_then(|at| at.0.first()).map_or(Span::default(), |at| at.span().into());
            return self.with_words(keys, None, span).map(|selector| vec![selector]);
        };
        let span = Span::from(quote.span());
        let words = Words::Literal(quote.get_ref().clone());
        self.with_words(keys, Some(words), span).map(|selector| vec![selector])
    }

    /// A note that opens with block quotes: each is a place.
    fn by_hand(&mut self, keys: Keys, quotations: Vec<Quotation>) -> Option<Vec<Selector>> {
        let first = quotations.first().map(|quotation| quotation.span).unwrap_or_default();
        let words = [("quote", &keys.quote), ("prefix", &keys.prefix), ("suffix", &keys.suffix)];
        let mut clash = false;
        for (name, key) in words {
            let Some(key) = key else { continue };
            clash = true;
            let problem = Diagnostic::error(
                Code::SELECTOR_CONFLICT,
                self.place(key.span()),
                format!("the note opens with a quotation and has `{name}` too"),
            );
            self.problems.push(problem.related(self.source.place(first), "the quotation").help(
                "keep one of the two; neighbouring words stand in the quotation, with those that are meant in bold",
            ));
        }
        if clash {
            return None;
        }
        // What is wrong with the keys is said once, not for each quotation.
        let Quotation { words, span } = quotations.first()?.clone();
        let first = self.with_words(keys, Some(Words::Quotation(words)), span)?;
        let rest = quotations.into_iter().skip(1).map(|quotation| Selector {
            words: Some(Words::Quotation(quotation.words)),
            span: quotation.span,
            ..first.clone()
        });
        Some(std::iter::once(first.clone()).chain(rest.collect::<Vec<_>>()).collect())
    }

    fn without_quote(&mut self, body: Span) {
        let text = &self.source.text[body.range()];
        let indent = text.len() - text.trim_start_matches(' ').len();
        let indented = indent > 3 && text[indent..].starts_with('>');
        let fix = indented.then(|| {
            let edit = self.source.edit(body.start..body.start + indent, "");
            Fix::mend("take the spaces before `>` away", edit)
        });
        let advice = if indented {
            "put at most three spaces before `>`: with four the line is code"
        } else if text.lines().any(|line| line.trim_start().starts_with('>')) {
            "move the quotation above all other words of the note"
        } else {
            "write the words of the text above the note, as a line that begins with `> `"
        };
        let problem = Diagnostic::error(
            Code::NOTE_WITHOUT_QUOTE,
            self.source.place(first_line(text, body)),
            "the note does not say what it stands on",
        );
        self.problems.push(
            problem
                .fix(fix)
                .help(advice)
                .help("a note on the whole text has `on = \"text\"` in its front matter"),
        );
    }
}

fn first_line(text: &str, body: Span) -> Span {
    let length = text.find('\n').unwrap_or(text.len());
    Span { start: body.start, end: body.start + length }
}
