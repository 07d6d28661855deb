//! The editor's layer of one text, and the furniture that a source prints on many pages.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::files::{
    ApparatusFile, CorrectionRow, FurnitureFile, JoinRow, Str, StructureRow, TermRow as TermRowFile,
};
use super::names::Of;
use super::reader::{Reader, located};
use super::{
    Apparatus, Correction, FormKeys, Furniture, Join, Located, Meaning, Part, Row, RowKind, SharedFurniture,
    Speaker, TermRow, TermRowOn,
};
use crate::document::record;
use postil_archive::archive::name;
use postil_archive::diagnostic::{Code, Diagnostic, Span};
use postil_archive::sidecar::{self, OneOrMany, Pairs, Rows, Spanned, Word, suggest};

impl Reader<'_> {
    /// Reads an `apparatus.toml`.
    pub(super) fn apparatus(&mut self, text: &Arc<str>) -> Option<Apparatus> {
        let file = sidecar::read_file::<ApparatusFile>(self.source).take(self.problems)?;
        let numbers = numbers(&file);
        let furniture = self.rows(file.furniture, |reader, mut row, span| {
            let selector = reader.selector(row.keys(), span)?;
            Some(Furniture { selector, reason: row.reason })
        });
        let structure = self.rows(file.structure, Self::structure_row);
        self.check_numbers(&structure, &numbers);
        let speaker_of = self.speaker_of(file.speaker_of);
        Some(Apparatus {
            text: text.clone(),
            source: self.source.clone(),
            by: self.by(file.by),
            furniture,
            joins: self.rows(file.join, Self::join),
            corrections: self.rows(file.correction, Self::correction),
            structure,
            speaker_of,
            terms: self.rows(file.term, Self::term_row),
        })
    }

    /// Reads `annotations/furniture.toml`.
    pub(super) fn shared_furniture(&mut self) -> Vec<SharedFurniture> {
        let file = sidecar::read_file::<FurnitureFile>(self.source).take(self.problems);
        let rows = file.and_then(|file| file.furniture);
        self.rows(rows, |reader, mut row, span| {
            let keys = row.keys();
            let texts = reader.globs(Some(row.texts));
            let selector = reader.selector(keys, span)?;
            Some(SharedFurniture { row: Furniture { selector, reason: row.reason }, texts })
        })
    }

    /// Makes something of each row; those that are wrong are left out.
    pub(super) fn rows<R, T>(
        &mut self,
        rows: Option<Rows<Spanned<R>>>,
        make: impl Fn(&mut Self, R, Span) -> Option<T>,
    ) -> Vec<T> {
        let rows = rows.unwrap_or_default().0.into_iter().map(located);
        rows.filter_map(|row| make(self, row.value, row.span)).collect()
    }

    fn join(&mut self, row: JoinRow, span: Span) -> Option<Join> {
        let keys = super::files::Keys { at: Some(OneOrMany(vec![row.at])), ..Default::default() };
        let selector = self.selector(keys, span)?;
        Some(Join { selector, glue: row.glue.unwrap_or_else(|| " ".to_owned()) })
    }

    fn correction(&mut self, mut row: CorrectionRow, span: Span) -> Option<Correction> {
        let by = self.by(row.by.take());
        let selector = self.selector(row.keys(), span)?;
        let certainty = row.certainty.unwrap_or_default();
        Some(Correction { selector, reading: row.reading, reason: row.reason, certainty, by })
    }

    fn structure_row(&mut self, mut row: StructureRow, span: Span) -> Option<Row> {
        let keys = row.keys();
        let level = self.of_kind(row.kind, "level", row.level.map(located));
        if let Some(level) = level.as_ref().filter(|level| !(2..=6).contains(&level.value)) {
            let help = "level 1 is the title of the page: write 2 to 6";
            self.error(
                Code::BAD_VALUE,
                level.span,
                format!("a heading cannot have level {}", level.value),
                help,
            );
        }
        let starts = row.starts.map(located);
        if let Some(starts) = starts.as_ref().filter(|_| keys.at.is_none()) {
            let help =
                "`starts` repeats the first words of the block in `at`: a row with `quote` does not need it";
            self.error(Code::SELECTOR_CONFLICT, starts.span, "`starts` goes with `at`", help);
        }
        let speaker = self.of_kind(row.kind, "speaker", row.speaker.map(located));
        let speaker = speaker.and_then(|speaker| self.speaker(speaker));
        let role = self.of_kind(row.kind, "role", row.role.map(located));
        let to = row.to.unwrap_or_default().0.into_iter().map(word);
        let to = to.filter_map(|to| self.of_kind(row.kind, "to", Some(to))).collect();
        let form = self.form_keys(row.kind, row.numbers, row.first, row.head);
        if row.kind.form().is_some() && keys.quote.is_some() {
            let span = keys.quote.as_ref().map_or(span, |quote| Span::from(quote.span()));
            let message = format!("`{}` is a form of whole blocks, not of some words", row.kind.name());
            self.error(Code::SELECTOR_CONFLICT, span, message, "name the blocks: `at = \"p12\"`");
            return None;
        }
        let selector = self.selector(keys, span)?;
        let part = Part {
            kind: row.kind,
            level: level.map(|level| level.value).filter(|level| (2..=6).contains(level)),
            number: row.number.map(|number| number.into_inner().0),
            to,
            speaker,
            role: role.map(|role| role.value),
            refs: record::refs(row.refs),
            certainty: row.certainty.unwrap_or_default(),
        };
        Some(Row { selector, part, starts, form })
    }

    fn form_keys(
        &mut self,
        kind: RowKind,
        numbers: Option<Spanned<u32>>,
        first: Option<Spanned<u32>>,
        head: Option<Spanned<u32>>,
    ) -> FormKeys {
        let mut key = |key: &str, value: Option<Spanned<u32>>| {
            let value = self.of_kind(kind, key, value.map(located))?;
            if value.value == 0 {
                let help = format!("write `{key} = 1` or more, or take it out");
                self.error(Code::BAD_VALUE, value.span, format!("`{key}` is less than 1"), help);
                return None;
            }
            Some(value.value)
        };
        FormKeys { numbers: key("numbers", numbers), first: key("first", first), head: key("head", head) }
    }

    /// A key of a row, if rows of this kind have it.
    fn of_kind<T>(&mut self, kind: RowKind, key: &str, value: Option<Located<T>>) -> Option<Located<T>> {
        let value = value?;
        let Some(kinds) = RowKind::with_key(key).filter(|kinds| !kinds.contains(&kind)) else {
            return Some(value);
        };
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let help =
            format!("rows of kind {} have it: take it out here, or change `kind`", suggest::list(&kinds));
        let message = format!("a row of kind `{}` has no `{key}`", kind.name());
        self.error(Code::UNKNOWN_KEY, value.span, message, help);
        None
    }

    /// Who speaks in rows of a kind.
    fn speaker_of(&mut self, table: Option<Spanned<Pairs<Str>>>) -> Vec<(RowKind, Located<Speaker>)> {
        let mut out = Vec::new();
        let kinds = RowKind::with_key("speaker").unwrap_or_default();
        let kinds: Vec<RowKind> = kinds.iter().copied().filter(|kind| *kind != RowKind::Speaker).collect();
        for (name, speaker) in table.map(|table| table.into_inner().0).unwrap_or_default() {
            let speaker = located(speaker);
            let Some(&kind) = kinds.iter().find(|kind| kind.name() == name) else {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let message = format!("rows of kind `{name}` have no speaker");
                let problem = Diagnostic::error(Code::UNKNOWN_KIND, self.place(speaker.span), message);
                let near = suggest::nearest(&name, names.iter().copied());
                let problem =
                    near.into_iter().fold(problem, |p, near| p.help(format!("did you mean `{near}`?")));
                self.problems
                    .push(problem.help(format!("those that have one are {}", suggest::list(&names))));
                continue;
            };
            let span = speaker.span;
            out.extend(self.speaker(speaker).map(|value| (kind, Located { value, span })));
        }
        out
    }

    /// A slug is a term; that it is a person or a body is checked when all terms are read.
    fn speaker(&mut self, speaker: Located<String>) -> Option<Speaker> {
        if speaker.value.trim().is_empty() {
            let help = "write the name as it is to be shown, or the slug of a term";
            self.error(Code::BAD_VALUE, speaker.span, "the name of the speaker is empty", help);
            return None;
        }
        if !name::is_slug(&speaker.value) {
            return Some(Speaker::Name(speaker.value));
        }
        self.exists(Of::Term, &speaker.value, speaker.span).then_some(Speaker::Term(speaker.value))
    }

    fn check_numbers(&mut self, structure: &[Row], numbers: &BTreeSet<String>) {
        for to in structure.iter().flat_map(|row| &row.part.to) {
            if numbers.contains(&to.value) {
                continue;
            }
            let place = self.place(to.span);
            let message = format!("no row of this text has the number {}", to.value);
            let problem = Diagnostic::error(Code::UNKNOWN_NUMBER, place, message);
            let listed = suggest::few(numbers.iter().map(String::as_str));
            let problem = listed.into_iter().fold(problem, Diagnostic::help);
            self.problems.push(problem.help("the row of the question or recommendation has `number = …`"));
        }
    }

    fn term_row(&mut self, mut row: TermRowFile, span: Span) -> Option<TermRow> {
        let is = self.meaning(located(row.is.clone()));
        let keys = row.keys();
        let form = row.form.map(located);
        let placed = keys.quote.is_some() || keys.at.is_some();
        let on = match form {
            Some(form) if placed => {
                let help = "`form` is for the whole text; for one place write `quote` or `at` alone";
                self.error(Code::SELECTOR_CONFLICT, form.span, "`form` and a place do not go together", help);
                return None;
            }
            Some(form) => TermRowOn::Form(form.value),
            None => TermRowOn::Place(self.selector(keys, span)?),
        };
        Some(TermRow { on, is: is?, span })
    }

    /// `"none"`, a term, or a term and one of its senses.
    fn meaning(&mut self, is: Located<String>) -> Option<Meaning> {
        if is.value == "none" {
            return Some(Meaning::None);
        }
        self.sense_name(is).map(|name| Meaning::Some(name.value))
    }
}

fn word(word: Spanned<Word>) -> Located<String> {
    let Located { value: Word(value), span } = located(word);
    Located { value, span }
}

/// The numbers of all rows, also of those that are wrong in something else.
fn numbers(file: &ApparatusFile) -> BTreeSet<String> {
    let rows = file.structure.iter().flat_map(|rows| &rows.0);
    rows.filter_map(|row| row.get_ref().number.as_ref()).map(|number| number.get_ref().0.clone()).collect()
}
