//! Rows that name their places by what they look like: expressions, regions, how often they are meant
//! to be there.

use super::files::{Keys, PatternKeys, Str, Strs};
use super::names::Of;
use super::reader::{Reader, list, located};
use super::{BlockRange, Level, Located, RowKind};
use crate::document::expression::Expression;
use postil_archive::diagnostic::{Code, Diagnostic, Span};
use postil_archive::sidecar::{Spanned, Word, suggest};

/// Where a row stands that names its places by what they look like.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    /// What is looked for in each block.
    pub matches: Option<Located<Expression>>,
    /// The region to which it is limited, or which is the place.
    pub region: Option<Region>,
    /// The row counts from the first block on in which this is found.
    pub after: Option<Located<Expression>>,
    /// The row counts up to the first block behind it in which this is found.
    pub before: Option<Located<Expression>>,
    /// Blocks in which this is found are passed over.
    pub unless: Option<Located<Expression>>,
    /// How often it is meant to be there.
    pub count: Option<Located<u32>>,
    /// The same for every text, of a row for many: at least, at most.
    pub each: Option<Located<(u32, u32)>>,
}

/// Whole blocks from one that begins it to one that ends it.
#[derive(Debug, Clone)]
pub struct Region {
    /// What is found in its first block; none for the beginning of the text.
    pub from: Option<Located<Expression>>,
    /// How it ends.
    pub end: RegionEnd,
}

/// How a region ends.
#[derive(Debug, Clone)]
pub enum RegionEnd {
    /// With the text.
    Text,
    /// With the block in which this is found.
    Through(Located<Expression>),
    /// Before the block in which this is found.
    Before(Located<Expression>),
}

/// A text, or a block of a text, that a row leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Except {
    /// The text, if the row is for many.
    pub text: Option<String>,
    /// The blocks, if not all.
    pub blocks: Option<BlockRange>,
}

impl Pattern {
    /// The expression whose groups fill keys: that of `match`, else that of `from`.
    pub fn telling(&self) -> Option<&Located<Expression>> {
        self.matches.as_ref().or_else(|| self.region.as_ref()?.from.as_ref())
    }

    /// Whether groups of it fold what they take.
    pub fn has_folds(&self) -> bool {
        self.expressions().any(|(e, _)| e.value.regex().capture_names().flatten().any(folds))
    }

    /// Where it stands in its file.
    pub fn span(&self) -> Option<Span> {
        self.telling().map(|expression| expression.span)
    }
}

/// Whether a group folds what it takes.
pub fn folds(group: &str) -> bool {
    group.starts_with("fold")
}

impl Reader<'_> {
    /// The pattern of a row, if it has one; `Err` where something about it is wrong.
    pub(super) fn pattern(
        &mut self,
        keys: PatternKeys,
        other: &Keys,
        starts: Option<Span>,
    ) -> Result<Option<Pattern>, ()> {
        let before = self.problems.len();
        let span = |key: &Option<Str>| key.as_ref().map(|key| Span::from(key.span()));
        let has_match = keys.matches.is_some();
        let has_from = keys.from.is_some();
        if !(has_match || has_from) {
            let lonely = [
                ("through", span(&keys.through)),
                ("before", span(&keys.before)),
                ("after", span(&keys.after)),
                ("unless", span(&keys.unless)),
                ("count", keys.count.as_ref().map(|key| key.span().into())),
                ("each", keys.each.as_ref().map(|key| key.span().into())),
            ];
            for (key, span) in lonely.into_iter().filter_map(|(key, span)| Some((key, span?))) {
                let message = format!("`{key}` says something of a pattern, but there is none");
                let help = "add `match = '…'`, or `from = '…'` with `through` or `before`";
                self.error(Code::MISSING_KEY, span, message, help);
            }
            return if self.problems.len() == before { Ok(None) } else { Err(()) };
        }
        let words = [
            ("quote", span(&other.quote)),
            ("prefix", span(&other.prefix)),
            ("suffix", span(&other.suffix)),
            ("edge", other.edge.as_ref().map(|key| key.span().into())),
            ("nth", other.nth.as_ref().map(|key| key.span().into())),
            ("all", other.all.as_ref().map(|key| key.span().into())),
            ("starts", starts),
        ];
        for (key, span) in words.into_iter().filter_map(|(key, span)| Some((key, span?))) {
            let name = if has_match { "match" } else { "from" };
            let message =
                format!("`{key}` does not go with `{name}`, which says itself where the row stands");
            self.error(Code::SELECTOR_CONFLICT, span, message, format!("take `{key}` out, or `{name}`"));
        }
        let mut ends = 0;
        let region = match &keys.from {
            None => {
                if let Some(span) = span(&keys.through) {
                    let help = "add `from = '…'`, in whose block the region begins";
                    self.error(Code::MISSING_KEY, span, "`through` ends a region that begins nowhere", help);
                }
                None
            }
            Some(from) => {
                ends = usize::from(keys.through.is_some()) + usize::from(keys.before.is_some());
                let start = (from.get_ref() != "start").then(|| self.expression(from.clone()));
                let end = match (&keys.through, &keys.before) {
                    (Some(through), None) if through.get_ref() == "end" => Some(RegionEnd::Text),
                    (Some(through), None) => self.expression(through.clone()).map(RegionEnd::Through),
                    (None, Some(before)) => self.expression(before.clone()).map(RegionEnd::Before),
                    (None, None) => {
                        let help = "add `through = '…'` for the block that ends it, or `before = '…'` for the one behind";
                        self.error(
                            Code::MISSING_KEY,
                            from.span(),
                            "the region does not say where it ends",
                            help,
                        );
                        None
                    }
                    (Some(_), Some(before)) => {
                        let help = "keep `through`, which is part of the region, or `before`, which is not";
                        self.error(Code::SELECTOR_CONFLICT, before.span(), "the region has two ends", help);
                        None
                    }
                };
                match (start, end) {
                    (None, Some(end)) => Some(Region { from: None, end }),
                    (Some(Some(from)), Some(end)) => Some(Region { from: Some(from), end }),
                    _ => None,
                }
            }
        };
        let limit = keys.before.filter(|_| ends == 0);
        let mut read = |key: Option<Str>| key.and_then(|key| self.expression(key));
        let matches = read(keys.matches);
        let (after, limit, unless) = (read(keys.after), read(limit), read(keys.unless));
        let (count, each) = (self.count(keys.count), self.each(keys.each));
        if self.problems.len() > before {
            return Err(());
        }
        Ok(Some(Pattern { matches, region, after, before: limit, unless, count, each }))
    }

    pub(super) fn expression(&mut self, text: Str) -> Option<Located<Expression>> {
        let Located { value, span } = located(text);
        match Expression::new(&value) {
            Ok(value) => Some(Located { value, span }),
            Err(wrong) => {
                self.error(Code::BAD_PATTERN, span, wrong.message, wrong.help);
                None
            }
        }
    }

    fn count(&mut self, count: Option<Spanned<u32>>) -> Option<Located<u32>> {
        let count = located(count?);
        if self.level == Level::Folder {
            let help = "each text has its own number: `each = 1`, `each = \"0-1\"` or `each = \"2-\"` says how often in every one";
            self.error(Code::UNKNOWN_KEY, count.span, "a row for many texts has no `count`", help);
            return None;
        }
        Some(count)
    }

    /// `1`, `"0-1"`, `"2-"`.
    fn each(&mut self, each: Option<Spanned<Word>>) -> Option<Located<(u32, u32)>> {
        let Located { value: Word(text), span } = located(each?);
        if self.level != Level::Folder {
            let help = "`count = …` says how often in this text";
            self.error(Code::UNKNOWN_KEY, span, "a row for one text has no `each`", help);
            return None;
        }
        let number = |part: &str| part.parse::<u32>().ok();
        let range = match text.split_once('-') {
            None => number(&text).map(|n| (n, n)),
            Some((least, "")) => number(least).map(|n| (n, u32::MAX)),
            Some((least, most)) => number(least).zip(number(most)).filter(|(least, most)| least <= most),
        };
        if range.is_none() {
            let help = "write a number, or `\"0-1\"` or `\"2-\"`";
            self.error(Code::BAD_VALUE, span, format!("`each` cannot be `{text}`"), help);
        }
        range.map(|value| Located { value, span })
    }

    /// What a row leaves out.
    pub(super) fn except(&mut self, except: Option<Strs>) -> Vec<Located<Except>> {
        let mut out = Vec::new();
        for Located { value, span } in list(except) {
            let (text, blocks) = match (self.level, value.split_once('#')) {
                (Level::Folder, Some((text, blocks))) => (Some(text), Some(blocks)),
                (Level::Folder, None) => (Some(value.as_str()), None),
                _ => (None, Some(value.as_str())),
            };
            if text.is_some_and(|text| !self.exists(Of::Text, text, span)) {
                continue;
            }
            match blocks.map(super::selector::block_range).transpose() {
                Ok(blocks) => {
                    out.push(Located { value: Except { text: text.map(str::to_owned), blocks }, span });
                }
                Err(message) => {
                    let help = "write blocks as `\"p12\"` or `\"p12-p14\"`; in a file for many texts as `\"id#p12\"`";
                    self.error(Code::BAD_VALUE, span, message, help);
                }
            }
        }
        out
    }

    /// Whether the named groups of a pattern are keys of this kind of row that it does not have.
    ///
    /// `keys` are those that groups may fill, `has` those that the row has, `over` whether a group may
    /// say which words are meant.
    pub(super) fn groups(&mut self, pattern: &Pattern, keys: &[&str], has: &[&str], narrows: bool) {
        let mut seen: Vec<&str> = Vec::new();
        let telling = pattern.telling();
        for (expression, fills) in pattern.expressions() {
            let fills = fills && telling.is_some_and(|telling| telling.span == expression.span);
            for group in expression.value.regex().capture_names().flatten() {
                let known =
                    folds(group) || (fills && (keys.contains(&group) || (group == "text" && narrows)));
                let message = if !known {
                    format!("the group `{group}` is no key that this row can take from here")
                } else if has.contains(&group) {
                    format!("the row has `{group}` already")
                } else {
                    if fills {
                        seen.push(group);
                    }
                    continue;
                };
                let place = self.source.place(expression.span);
                let mut problem = Diagnostic::error(Code::PATTERN_GROUP, place, message);
                if !known {
                    let mut all: Vec<&str> = keys.to_vec();
                    all.extend(narrows.then_some("text"));
                    all.push("fold");
                    if let Some(near) = suggest::nearest(group, all.iter().copied()) {
                        problem = problem.help(format!("did you mean `{near}`?"));
                    }
                    problem = problem.help(format!("groups here are {}", suggest::list(&all)));
                } else {
                    problem = problem.help("take the group's name away, or the key");
                }
                self.problems.push(problem);
            }
        }
    }
}

impl Pattern {
    /// The expressions whose groups count, and whether they fill keys.
    fn expressions(&self) -> impl Iterator<Item = (&Located<Expression>, bool)> {
        let through = self.region.as_ref().and_then(|region| match &region.end {
            RegionEnd::Through(through) => Some((through, false)),
            RegionEnd::Text | RegionEnd::Before(_) => None,
        });
        let from = self.region.as_ref().and_then(|region| Some((region.from.as_ref()?, true)));
        self.matches.as_ref().map(|matches| (matches, true)).into_iter().chain(from).chain(through)
    }
}

impl RowKind {
    /// The keys of a row of this kind that groups of a pattern may fill.
    pub fn filled_by_groups(self) -> Vec<&'static str> {
        let all = [
            "number",
            "date",
            "date_shown",
            "level",
            "speaker",
            "role",
            "to",
            "volume",
            "time",
            "author",
            "recipient",
            "place",
        ];
        all.into_iter().filter(|key| Self::with_key(key).is_none_or(|kinds| kinds.contains(&self))).collect()
    }
}
