//! The editor's layer of one text, and the furniture that a source prints on many pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::except::Entry;
use super::files::{
    ApparatusFile, CorrectionRow, FurnitureFile, JoinRow, Keys, PatternKeys, Str, Strs, StructureRow,
    TermRow as TermRowFile,
};
use super::names::Of;
use super::reader::{Reader, list, located};
use super::{
    Apparatus, Class, Correction, Covers, FormKeys, Furniture, Join, Level, Located, Meaning, Over, Part,
    Row, RowKind, Selector, SharedFurniture, Speaker, TermRow, TermRowOn, Unit,
};
use crate::document::record;
use postil_archive::archive::name;
use postil_archive::diagnostic::{Code, Diagnostic, Span};
use postil_archive::sidecar::{self, Pairs, Rows, Spanned, Word, suggest};

impl Reader<'_> {
    /// Reads an `apparatus.toml`.
    pub(super) fn apparatus(&mut self, text: &Arc<str>) -> Option<Apparatus> {
        let file = sidecar::read_file::<ApparatusFile>(self.source).take(self.problems)?;
        let numbers = numbers(&file);
        let furniture = self.rows(file.furniture, |reader, mut row, span| {
            let pattern = row.pattern();
            let selector = reader.place_of_row(row.keys(), pattern, row.except.take(), None, span)?;
            reader.known_groups(&selector, &[], &[], false)?;
            Some(Furniture { selector, reason: row.reason })
        });
        let structure = self.rows(file.structure, Self::structure_row);
        self.check_numbers(&structure, &numbers);
        let speaker_of = self.speaker_of(file.speaker_of);
        let speakers = self.speakers(file.speakers);
        Some(Apparatus {
            text: text.clone(),
            level: self.level,
            source: self.source.clone(),
            speakers,
            hyphens: file.hyphens,
            hyphens_keep: list(file.hyphens_keep),
            hyphens_join: list(file.hyphens_join),
            by: self.by(file.by),
            furniture,
            joins: self.rows(file.join, Self::join),
            corrections: self.rows(file.correction, Self::correction),
            structure,
            speaker_of,
            terms: self.rows(file.term, Self::term_row),
            except: self.derived_out(file.except),
        })
    }

    /// Derived rows that the text's own apparatus takes out.
    fn derived_out(
        &mut self,
        entries: Option<Rows<Spanned<BTreeMap<String, serde_json::Value>>>>,
    ) -> Vec<Entry> {
        let entries: Vec<Entry> = entries.unwrap_or_default().0.into_iter().map(located).collect();
        if let Some(first) = entries.first().filter(|_| self.level != Level::Own) {
            let help =
                "write it into `apparatus.toml` of the text; a row for many texts has an `except` of its own";
            self.error(
                Code::UNKNOWN_KEY,
                first.span,
                "derived rows are of one text, and so is their `except`",
                help,
            );
            return Vec::new();
        }
        entries
    }

    /// Reads `annotations/furniture.toml`.
    pub(super) fn shared_furniture(&mut self) -> Vec<SharedFurniture> {
        let file = sidecar::read_file::<FurnitureFile>(self.source).take(self.problems);
        let rows = file.and_then(|file| file.furniture);
        self.rows(rows, |reader, mut row, span| {
            let (keys, pattern, except) = (row.keys(), row.pattern(), row.except.take());
            let texts = reader.globs(Some(row.texts));
            let has_pattern = pattern.matches.is_some() || pattern.from.is_some();
            let selector = match has_pattern {
                true => reader.place_of_row(keys, pattern, except, None, span)?,
                false => Selector { except: reader.except(except), ..reader.selector(keys, span)? },
            };
            reader.known_groups(&selector, &[], &[], false)?;
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

    fn join(&mut self, mut row: JoinRow, span: Span) -> Option<Join> {
        let (keys, pattern) = (row.keys(), row.pattern());
        let has_match = pattern.matches.is_some();
        let before = self.problems.len();
        let words = [
            keys.quote.as_ref().map(|key| ("quote", Span::from(key.span()))),
            keys.prefix.as_ref().map(|key| ("prefix", key.span().into())),
            keys.suffix.as_ref().map(|key| ("suffix", key.span().into())),
            keys.edge.as_ref().map(|key| ("edge", key.span().into())),
            keys.nth.as_ref().map(|key| ("nth", key.span().into())),
            keys.all.as_ref().map(|key| ("all", key.span().into())),
        ];
        for (key, span) in words.into_iter().flatten() {
            let message = format!("a join is of whole blocks, so it has no `{key}`");
            self.error(Code::SELECTOR_CONFLICT, span, message, "name the blocks: `at = \"p45-p46\"`");
        }
        if has_match && row.to.is_none() {
            let help = "add `to = \"previous\"` for the block before, or `to = \"next\"` for the one after";
            self.error(
                Code::MISSING_KEY,
                span,
                "the row does not say which block each place is joined to",
                help,
            );
        }
        if let Some(to) = row.to.as_ref().filter(|_| !has_match) {
            let help = "take `to` out: the row names all blocks that are joined";
            self.error(Code::SELECTOR_CONFLICT, to.span(), "`to` goes with `match`", help);
        }
        if self.problems.len() > before {
            return None;
        }
        let selector = self.place_of_row(keys, pattern, row.except.take(), None, span)?;
        self.known_groups(&selector, &[], &[], false)?;
        let to = row.to.map(Spanned::into_inner);
        Some(Join { selector, glue: row.glue.unwrap_or_else(|| " ".to_owned()), to })
    }

    /// Where a row stands: a selector, with its pattern if it has one.
    fn place_of_row(
        &mut self,
        keys: Keys,
        pattern: PatternKeys,
        except: Option<Strs>,
        starts: Option<Span>,
        row: Span,
    ) -> Option<Selector> {
        let of_many = keys.quote.is_some() && keys.all.as_ref().is_some_and(|all| *all.get_ref());
        let pattern = self.pattern(pattern, &keys, starts).ok()?;
        if self.level == Level::Folder && !self.fits_many(&keys, starts, pattern.is_some(), of_many, row) {
            return None;
        }
        let except_span =
            except.as_ref().and_then(|except| except.0.first()).map(|key| Span::from(key.span()));
        if let Some(span) = except_span.filter(|_| pattern.is_none() && !of_many) {
            let help = "take it out, or write `all = true` beside the quotation";
            self.error(
                Code::SELECTOR_CONFLICT,
                span,
                "`except` leaves places out, but the row has only one",
                help,
            );
        }
        let except = self.except(except);
        match pattern {
            Some(pattern) => {
                let span = pattern.span().unwrap_or(row);
                let at = self.blocks(keys.at)?;
                let pattern = Some(Box::new(pattern));
                Some(Selector { pattern, except, at, ..Selector::nowhere(self.source.clone(), span) })
            }
            None => Some(Selector { except, ..self.selector(keys, row)? }),
        }
    }

    /// Whether a row for many texts says where it stands in a way that holds for all of them.
    fn fits_many(
        &mut self,
        keys: &Keys,
        starts: Option<Span>,
        has_pattern: bool,
        of_many: bool,
        row: Span,
    ) -> bool {
        let at = keys.at.as_ref().and_then(|at| at.0.first()).map(|at| Span::from(at.span()));
        let own = [("at", at), ("nth", keys.nth.as_ref().map(|nth| nth.span().into())), ("starts", starts)];
        let mut fits = true;
        for (key, span) in own.into_iter().filter_map(|(key, span)| Some((key, span?))) {
            let message = format!("`{key}` is of one text, and the row is for many");
            let help = "write the row into the apparatus of the text, or say what is meant by `match`";
            self.error(Code::SELECTOR_CONFLICT, span, message, help);
            fits = false;
        }
        if fits && !(has_pattern || of_many) {
            let help = "write `match = '…'`, `from` with an end, or `quote` with `all = true`";
            let message = "a row for many texts means every place that looks alike";
            self.error(Code::SELECTOR_CONFLICT, row, message, help);
            fits = false;
        }
        fits
    }

    /// Groups of a pattern that this row does not know, or has as keys already.
    fn known_groups(
        &mut self,
        selector: &Selector,
        keys: &[&str],
        has: &[&str],
        narrows: bool,
    ) -> Option<()> {
        let before = self.problems.len();
        if let Some(pattern) = &selector.pattern {
            self.groups(pattern, keys, has, narrows);
        }
        (self.problems.len() == before).then_some(())
    }

    fn correction(&mut self, mut row: CorrectionRow, span: Span) -> Option<Correction> {
        let by = self.by(row.by.take());
        let (keys, pattern) = (row.keys(), row.pattern());
        let selector = self.place_of_row(keys, pattern, row.except.take(), None, span)?;
        self.only_match(&selector, "correction")?;
        let taken = row.reading.as_deref().map(groups_of).unwrap_or_default();
        let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
        self.known_groups(&selector, &taken, &[], true)?;
        if let Some(pattern) = &selector.pattern {
            let names: Vec<&str> =
                pattern.telling().iter().flat_map(|e| e.value.regex().capture_names().flatten()).collect();
            for group in taken.iter().filter(|group| !names.contains(group)) {
                let message =
                    format!("`reading` names the group `{group}`, which the expression does not have");
                let help =
                    "name a group of the expression, `(?<name>…)`; a `$` without `{` stands for itself";
                self.error(Code::PATTERN_GROUP, selector.span, message, help);
            }
        }
        let certainty = row.certainty.unwrap_or_default();
        Some(Correction { selector, reading: row.reading, reason: row.reason, certainty, by })
    }

    /// A row of words has no region.
    fn only_match(&mut self, selector: &Selector, what: &str) -> Option<()> {
        let region = selector.pattern.as_ref().and_then(|pattern| pattern.region.as_ref());
        if region.is_some() && selector.pattern.as_ref().is_some_and(|pattern| pattern.matches.is_none()) {
            let message = format!("a row of `{what}` is about words, not about a region of whole blocks");
            self.error(
                Code::SELECTOR_CONFLICT,
                selector.span,
                message,
                "add `match = '…'` for the words in it",
            );
            return None;
        }
        Some(())
    }

    fn structure_row(&mut self, mut row: StructureRow, span: Span) -> Option<Row> {
        let (keys, pattern, except) = (row.keys(), row.pattern(), row.except.take());
        let has_pattern = pattern.matches.is_some() || pattern.from.is_some();
        let level = self.of_kind(row.kind, "level", row.level.map(located));
        if let Some(level) = level.as_ref().filter(|level| !(1..=6).contains(&level.value)) {
            let help = "write 1 for the highest, 6 for the deepest";
            self.error(
                Code::BAD_VALUE,
                level.span,
                format!("a heading cannot have level {}", level.value),
                help,
            );
        }
        let starts = row.starts.map(located);
        if let Some(starts) = starts.as_ref().filter(|_| keys.at.is_none() && !has_pattern) {
            let help =
                "`starts` repeats the first words of the block in `at`: a row with `quote` does not need it";
            self.error(Code::SELECTOR_CONFLICT, starts.span, "`starts` goes with `at`", help);
        }
        let mut named = |key: &str, names: Option<Strs>| {
            let names = names.map(|names| list(Some(names))).unwrap_or_default();
            let span = names.first().map(|name| name.span);
            let names = span.map(|span| Located { value: names, span });
            self.of_kind(row.kind, key, names).and_then(|names| self.several(names.value))
        };
        let speaker = named("speaker", row.speaker);
        let (author, recipient) = (named("author", row.author), named("recipient", row.recipient));
        let place = self.of_kind(row.kind, "place", row.place.map(located));
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
        let volume = self.of_kind(row.kind, "volume", row.volume.map(located));
        let time = self.of_kind(row.kind, "time", row.time.map(located));
        let unit = self.of_kind(row.kind, "unit", row.unit.map(located));
        let unit = unit.and_then(|unit| self.unit(row.kind, unit));
        let covers = self.covers(row.kind, row.covers.map(located), &pattern);
        let over = self.over(row.kind, covers, row.over);
        let has: Vec<&str> = [
            ("number", row.number.is_some()),
            ("level", level.is_some()),
            ("speaker", speaker.is_some()),
            ("role", role.is_some()),
            ("date", row.date.is_some()),
            ("date_shown", row.date_shown.is_some()),
            ("author", author.is_some()),
            ("recipient", recipient.is_some()),
            ("place", place.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, has)| has.then_some(key))
        .collect();
        let sequence = row.sequence.map(located);
        let selector =
            self.place_of_row(keys, pattern, except, starts.as_ref().map(|starts| starts.span), span)?;
        self.known_groups(
            &selector,
            &row.kind.filled_by_groups(),
            &has,
            !matches!(covers, Some(Covers::Block | Covers::UntilNext | Covers::Line)),
        )?;
        let counts =
            selector.pattern.as_ref().and_then(|pattern| pattern.telling()).is_some_and(|told| {
                told.value.regex().capture_names().flatten().any(|name| name == "number")
            });
        if let Some(sequence) = sequence.as_ref().filter(|_| !counts) {
            let help = "put the number into a group: `(?<number>\\d+)`";
            self.error(
                Code::MISSING_KEY,
                sequence.span,
                "the row has no numbers that could follow each other",
                help,
            );
        }
        let folds = selector.pattern.as_ref().is_some_and(|pattern| pattern.has_folds());
        let folded = row.folded.map(located);
        if let Some(folded) = folded.as_ref().filter(|folded| folded.value && folds) {
            let help = "take `folded` out: the groups say what is folded away";
            self.error(Code::PATTERN_GROUP, folded.span, "`folded` does not go with a group `fold`", help);
        }
        let part = Part {
            kind: row.kind,
            level: level.map(|level| level.value).filter(|level| (1..=6).contains(level)),
            number: row.number.map(|number| number.into_inner().0),
            to,
            speaker,
            role: role.map(|role| role.value),
            volume: volume.map(|volume| volume.value.0),
            time: time.map(|time| time.value),
            unit,
            date: row.date,
            date_shown: row.date_shown.map(Spanned::into_inner),
            author,
            recipient,
            place: place.map(|place| place.value),
            is_behind: covers == Some(Covers::After),
            refs: record::refs(row.refs),
            certainty: row.certainty.unwrap_or_default(),
        };
        let (folded, sequence) = (folded.is_some_and(|folded| folded.value), sequence.map(|s| s.value));
        Some(Row { selector, part, starts, form, covers, over, folded, sequence })
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

    /// What a page or a time counts.
    fn unit(&mut self, kind: RowKind, unit: Located<Unit>) -> Option<Unit> {
        let of_page = matches!(unit.value, Unit::Page | Unit::Column | Unit::Folio);
        if of_page == (kind == RowKind::Page) {
            return Some(unit.value);
        }
        let help = "a page counts in `page`, `column` or `folio`, a time as `offset` or by the `clock`";
        self.error(
            Code::BAD_VALUE,
            unit.span,
            format!("a row of kind `{}` does not count so", kind.name()),
            help,
        );
        None
    }

    /// What a row covers, if that is said.
    fn covers(
        &mut self,
        kind: RowKind,
        covers: Option<Located<Covers>>,
        pattern: &PatternKeys,
    ) -> Option<Covers> {
        let covers = covers?;
        if pattern.matches.is_none() && pattern.from.is_some() {
            let help = "a region covers its blocks: take `covers` out, or add `match`";
            self.error(Code::SELECTOR_CONFLICT, covers.span, "`covers` goes with `match` or `quote`", help);
            return None;
        }
        let holds = kind.class() == Class::Holder
            && !matches!(kind, RowKind::Title | RowKind::Imprint | RowKind::Details | RowKind::Heading);
        let wrong = match covers.value {
            Covers::UntilNext => !holds,
            Covers::Match | Covers::Line => kind.class() == Class::Form,
            Covers::After => kind != RowKind::FootnoteMark,
            Covers::Block => false,
        } || kind.class() == Class::Milestone;
        if wrong {
            let message = format!("a row of kind `{}` cannot cover that", kind.name());
            let help = match covers.value {
                Covers::UntilNext => {
                    "`until-next` is for rows that hold blocks, such as `speech` or `letter`"
                }
                Covers::After => {
                    "`after` is for a `footnote-mark` that is not printed: it is shown behind the words"
                }
                _ => "a form is of whole blocks: take `covers` out",
            };
            self.error(Code::BAD_VALUE, covers.span, message, help);
            return None;
        }
        Some(covers.value)
    }

    /// Kinds that a row runs over.
    fn over(&mut self, kind: RowKind, covers: Option<Covers>, over: Option<Strs>) -> Vec<Over> {
        let mut out = Vec::new();
        for Located { value, span } in list(over) {
            if covers != Some(Covers::UntilNext) {
                let help = "`over` names what a row with `covers = \"until-next\"` runs over";
                self.error(Code::SELECTOR_CONFLICT, span, "`over` goes with `covers = \"until-next\"`", help);
                break;
            }
            let (name, level) = match value.rsplit_once('-').map(|(name, level)| (name, level.parse::<u8>()))
            {
                Some((name, Ok(level))) => (name, Some(level)),
                _ => (value.as_str(), None),
            };
            let known = RowKind::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind);
            match known.filter(|over| *over != kind && (level.is_none() || *over == RowKind::Heading)) {
                Some(kind) => out.push(Over { kind, level: level.unwrap_or(1) }),
                None => {
                    let message = format!("a row of kind `{}` cannot run over `{value}`", kind.name());
                    let help = "write `heading`, `heading-3` for those of level 3 and deeper, or another kind of rows";
                    self.error(Code::BAD_VALUE, span, message, help);
                }
            }
        }
        out
    }

    /// Who is meant by the names that a text prints.
    fn speakers(&mut self, table: Option<Spanned<Pairs<Strs>>>) -> Vec<(String, Speaker)> {
        let pairs = table.map(|table| table.into_inner().0).unwrap_or_default();
        let meant = |(name, names): (String, Strs)| Some((name, self.several(list(Some(names)))?));
        pairs.into_iter().filter_map(meant).collect()
    }

    /// One who speaks, or several.
    fn several(&mut self, names: Vec<Located<String>>) -> Option<Speaker> {
        let mut all: Vec<Speaker> = names.into_iter().filter_map(|name| self.speaker(name)).collect();
        match all.len() {
            0 | 1 => all.pop(),
            _ => Some(Speaker::Several(all)),
        }
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
        let (keys, pattern, except) = (row.keys(), row.pattern(), row.except.take());
        let form = row.form.map(located);
        let placed = keys.quote.is_some() || keys.at.is_some() || pattern.matches.is_some();
        if let Some(form) = form.as_ref().filter(|_| self.level == Level::Folder) {
            let help = "write the row into the apparatus of the text, or let the term be only of some texts: `texts`";
            self.error(
                Code::SELECTOR_CONFLICT,
                form.span,
                "`form` is of one text, and the row is for many",
                help,
            );
            return None;
        }
        let on = match form {
            Some(form) if placed => {
                let help = "`form` is for the whole text; for one place write `quote` or `at` alone";
                self.error(Code::SELECTOR_CONFLICT, form.span, "`form` and a place do not go together", help);
                return None;
            }
            Some(form) => TermRowOn::Form(form.value),
            None => {
                let selector = self.place_of_row(keys, pattern, except, None, span)?;
                self.only_match(&selector, "term")?;
                self.known_groups(&selector, &[], &[], true)?;
                TermRowOn::Place(selector)
            }
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

/// The groups that a reading names: `${name}`.
fn groups_of(reading: &str) -> Vec<String> {
    let parts = reading.split("${").skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}
