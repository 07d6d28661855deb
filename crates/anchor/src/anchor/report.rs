//! What a contributor is told about a selector that has no place.
//!
//! Everything here is words: nothing is anchored by what these messages find.

use std::cell::{Cell, OnceCell, RefCell};

use super::Astray;
use super::at::AtError;
use super::context::{self, Context};
use super::fold::{Folded, fold_with_map};
use super::hint::short;
use super::nearest::Near;
use super::pattern::plain_words;
use super::place::{Candidate, Failure, LONGEST_QUOTE, MOST_BLOCKS, MOST_PLACES, Miss};
use super::rewrite::{edit_add_key, edit_words, span_in_file, toml_string, with_stars};
use super::stream::Streams;
use super::words::whole_words;
use crate::annotation::{BlockRange, Selector, Words};
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic, Fix};

/// How many places of an ambiguous quotation are shown.
const SHOWN: usize = 5;
/// Longest quotation that a message writes out whole, in bytes.
const SHORT: usize = 160;
/// How many bytes may be searched for hints in one text; a text with thousands
/// of broken quotations gets plain messages after that.
const HINT_BUDGET: usize = 2 << 30;

/// Says what is wrong with the selectors of one text.
#[derive(Debug)]
pub(super) struct Reporter<'s> {
    /// The text.
    pub(super) streams: &'s Streams<'s>,
    /// Its corrections: sorted, not overlapping.
    pub(super) corrections: Vec<(TextRange, &'s str)>,
    /// The reading stream as corrected.
    pub(super) corrected: OnceCell<Folded>,
    /// The reading stream in lower case, byte for byte.
    pub(super) lower: OnceCell<String>,
    /// The reading stream without case and marks.
    pub(super) loose: OnceCell<String>,
    /// How many bytes may still be searched for hints.
    pub(super) budget: Cell<usize>,
    /// Words that were found nowhere in this text.
    pub(super) astray: RefCell<Vec<Astray>>,
}

impl<'s> Reporter<'s> {
    /// A reporter for one text.
    pub(super) fn new(streams: &'s Streams<'s>, corrections: Vec<(TextRange, &'s str)>) -> Self {
        let (corrected, lower, loose) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (budget, astray) = (Cell::new(HINT_BUDGET), RefCell::default());
        Self { streams, corrections, corrected, lower, loose, budget, astray }
    }

    /// The diagnostic for a failure.
    pub(super) fn report(&self, selector: &Selector, failure: &Failure) -> Diagnostic {
        let error = |code, message: String| Diagnostic::error(code, selector.place(), message);
        let doc = self.streams.doc;
        match failure {
            Failure::Conflict => error(Code::SELECTOR_CONFLICT, "`nth` and `all` do not go together".into())
                .help("`nth` names one of several places, `all = true` names all; keep one of them"),
            Failure::Nothing => error(Code::MISSING_KEY, "neither words nor `at`".into())
                .help("say where it stands: `quote = \"…\"`, `at = \"p12\"`, or both"),
            Failure::Empty => error(Code::QUOTE_EMPTY, "there is no letter and no digit to look for".into())
                .help("quote a few words of the text, or name whole blocks: `at = \"p12\"`"),
            Failure::TooLong(count) => too_long(selector, *count),
            Failure::TooWide(count) => too_wide(doc, selector, *count),
            Failure::At(at, why) => bad_at(doc, selector, at, *why),
            Failure::HiddenBlocks => error(
                Code::QUOTE_IN_FURNITURE,
                format!("these blocks of `{}` hold nothing but furniture", doc.id),
            )
            .help("name blocks that the reading view shows, or take them out of `furniture`"),
            Failure::TwoBold => error(Code::QUOTE_TWO_BOLD, "two stretches in bold in one quotation".into())
                .help("put only the words that the note is about in bold")
                .help("for a note on two places write two block quotes, with an empty line between them"),
            Failure::NotFound => self.not_found(selector),
            Failure::Elsewhere(candidate, miss) => self.elsewhere(selector, candidate, *miss),
            Failure::CutsWord(candidate) => self.cuts_word(selector, candidate),
            Failure::InFurniture(range) => {
                error(Code::QUOTE_IN_FURNITURE, format!("these words are furniture in `{}`", doc.id))
                    .label("the reading view folds these words away")
                    .related(doc.place(*range), in_block(doc, *range, "here, as furniture"))
                    .help("quote words that the reading view shows, or take these out of `furniture`")
            }
            Failure::Ambiguous(places, all) => self.ambiguous(selector, places, *all),
            Failure::Nth(count) => wrong_nth(doc, selector, *count),
            Failure::TooMany => error(
                Code::TOO_MANY_PLACES,
                format!("`all = true` would mark more than {MOST_PLACES} places in `{}`", doc.id),
            )
            .help("quote more words, name the blocks by `at`, or make the words a term of the glossary"),
        }
    }

    fn elsewhere(&self, selector: &Selector, candidate: &Candidate, miss: Miss) -> Diagnostic {
        let doc = self.streams.doc;
        let (stream, hull) = (self.stream(candidate), candidate.passage.hull());
        let before = context::words_before(&stream.text, candidate.whole.0, 4);
        let after = context::words_after(&stream.text, candidate.whole.1, 4);
        let (message, label, help) = match miss {
            Miss::Prefix => (
                "quote not found after its `prefix`",
                format!("before the words stands `{before}`"),
                "`prefix` must be the words that stand right before the quotation",
            ),
            Miss::Suffix => (
                "quote not found before its `suffix`",
                format!("after the words stands `{after}`"),
                "`suffix` must be the words that stand right after the quotation",
            ),
            Miss::At => (
                "quote not found where `at` says",
                in_block(doc, hull, "the words stand here"),
                "a place must begin in one of the blocks of `at`",
            ),
            Miss::Edge => (
                "quote not found at the edge of a block",
                in_block(doc, hull, "the words stand here"),
                "with `edge` only white space may stand between the words and that end of the block",
            ),
        };
        let bare = || Selector { prefix: None, suffix: None, ..selector.clone() };
        let fix = match (miss, &selector.at[..]) {
            (Miss::At, [at]) => self.fix_at(selector, at),
            (Miss::Prefix, _) => selector.prefix.as_ref().and_then(|prefix| {
                let without = Selector { suffix: selector.suffix.clone(), ..bare() };
                self.fix_neighbours(selector, prefix, &without, |place, count| {
                    context::words_before(&self.stream(place).text, place.whole.0, count).to_owned()
                })
            }),
            (Miss::Suffix, _) => selector.suffix.as_ref().and_then(|suffix| {
                let without = Selector { prefix: selector.prefix.clone(), ..bare() };
                self.fix_neighbours(selector, suffix, &without, |place, count| {
                    context::words_after(&self.stream(place).text, place.whole.1, count).to_owned()
                })
            }),
            _ => None,
        };
        Diagnostic::error(Code::QUOTE_NOT_FOUND, selector.place(), format!("{message} in `{}`", doc.id))
            .label("these words stand in the text, but not there")
            .related(doc.place(hull), label)
            .help(help)
            .fix(fix)
    }

    fn cuts_word(&self, selector: &Selector, candidate: &Candidate) -> Diagnostic {
        let stream = self.stream(candidate);
        let (start, end) = whole_words(&stream.text, candidate.marked.0, candidate.marked.1);
        let place = self.streams.doc.place(Streams::source(stream, start, end));
        let message = format!("the quotation cuts a word of `{}`", self.streams.doc.id);
        let error = Diagnostic::error(Code::QUOTE_CUTS_WORD, selector.place(), message);
        let whole = &stream.text[start..end];
        let source = Streams::source(stream, start, end);
        let alone = candidate.whole == candidate.marked;
        let fix = alone.then(|| self.fix_words(selector, None, source)).flatten();
        let error = error.label("these words begin or end inside a word").related(place, "here").fix(fix);
        if whole.len() > SHORT {
            return error.help("quote whole words");
        }
        error.help(format!("quote whole words: `{whole}`"))
    }

    fn ambiguous(&self, selector: &Selector, places: &[Candidate], all: bool) -> Diagnostic {
        let doc = self.streams.doc;
        let count = if all { places.len().to_string() } else { format!("at least {}", places.len()) };
        let message = format!("the quotation stands in {count} places of `{}`", doc.id);
        let mut error = Diagnostic::error(Code::QUOTE_AMBIGUOUS, selector.place(), message)
            .label("which of them is meant?");
        for (i, place) in places.iter().enumerate().take(SHOWN) {
            let stream = self.stream(place);
            let hull = place.passage.hull();
            let before = context::words_before(&stream.text, place.whole.0, 3);
            let after = context::words_after(&stream.text, place.whole.1, 3);
            let number = doc.block_at(hull.start).number;
            error = error.related(
                doc.place(hull),
                format!("{} in p{number}, between `{before}` and `{after}`", i + 1),
            );
            let unique = context::unique(&stream.text, places, i);
            error = error.help(self.way_out(selector, places, i, unique.as_ref()));
            let fix = unique.and_then(|context| self.fix_context(selector, place, &context));
            error = error.fix(fix);
        }
        if places.len() > SHOWN {
            error = error.help(format!("{} more places are not shown", places.len() - SHOWN));
        }
        error.help("if all of them are meant: `all = true`")
    }

    /// What to write so that one of several places is meant.
    fn way_out(
        &self,
        selector: &Selector,
        places: &[Candidate],
        i: usize,
        unique: Option<&Context>,
    ) -> String {
        let doc = self.streams.doc;
        let number = |place: &Candidate| doc.block_at(place.passage.hull().start).number;
        let here = number(&places[i]);
        let by_key = if selector.at.is_empty() && places.iter().filter(|p| number(p) == here).count() == 1 {
            format!("`at = \"p{here}\"`")
        } else {
            format!("`nth = {}`", i + 1)
        };
        match unique.map(|context| self.write_out(selector, &places[i], context)) {
            Some(words) => format!("for the place in p{here}: {words}, or {by_key}"),
            None => format!("for the place in p{here}: {by_key}"),
        }
    }

    fn write_out(&self, selector: &Selector, place: &Candidate, context: &Context) -> String {
        let Context { before, after } = context;
        if matches!(selector.words, Some(Words::Literal(_)) | None) {
            let key = |name: &str, words: &str| format!("`{name} = {}`", toml_string(words));
            return match (before.is_empty(), after.is_empty()) {
                (true, _) => key("suffix", after),
                (false, true) => key("prefix", before),
                (false, false) => format!("{} and {}", key("prefix", before), key("suffix", after)),
            };
        }
        let words = &self.stream(place).text[place.whole.0..place.whole.1];
        if words.len() > SHORT || place.whole != place.marked {
            let add = |words: &str, where_: &str| format!("add `{words}` {where_} the quotation");
            return match (before.is_empty(), after.is_empty()) {
                (true, _) => add(after, "after"),
                (false, true) => add(before, "before"),
                (false, false) => format!("{} and `{after}` after it", add(before, "before")),
            };
        }
        let quotation = [before, &format!("**{words}**"), after];
        let quotation: Vec<&str> =
            quotation.into_iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
        format!("`> {}`", quotation.join(" "))
    }

    /// The fix that adds such context: one of several, since nobody knows which place is meant.
    pub(super) fn fix_context(
        &self,
        selector: &Selector,
        place: &Candidate,
        context: &Context,
    ) -> Option<Fix> {
        let Context { before, after } = context;
        let number = self.streams.doc.block_at(place.passage.hull().start).number;
        let title = format!("mean the place in p{number}");
        if matches!(selector.words, Some(Words::Literal(_))) {
            if selector.prefix.is_some() || selector.suffix.is_some() {
                return None;
            }
            let keys =
                [("suffix", after), ("prefix", before)].into_iter().filter(|(_, words)| !words.is_empty());
            let mut edits = keys.map(|(key, words)| edit_add_key(selector, key, words));
            let mut first = edits.next()?;
            // Both are added at one place, so they are one edit.
            if let Some(second) = edits.next() {
                first.new.push_str(&second.new);
            }
            return Some(Fix::propose(title, first));
        }
        if place.in_raw || place.whole != place.marked {
            return None;
        }
        let text = &self.streams.reading.text;
        let (start, end) = place.marked;
        let left = text[..start].trim_end_matches(' ').len();
        let right = text.len() - text[end..].trim_start_matches(' ').len();
        let words = self.lines(&[
            ((left - before.len(), left), ""),
            ((start, end), "**"),
            ((right, right + after.len()), ""),
        ]);
        let rewritten = Selector { words: Some(Words::Quotation(words)), ..selector.clone() };
        let places = self.place_one(&rewritten).ok()?;
        let right_one = matches!(&places[..], [one] if one.passage == place.passage);
        right_one.then(|| {
            Fix::propose(title, edit_words(selector, rewritten.words.as_ref().expect("given above")))
        })
    }

    /// The stream that a place was found in.
    pub(super) fn stream(&self, candidate: &Candidate) -> &Folded {
        match &self.streams.raw {
            Some(raw) if candidate.in_raw => raw,
            _ => &self.streams.reading,
        }
    }

    fn not_found(&self, selector: &Selector) -> Diagnostic {
        let message = format!("quote not found in `{}`", self.streams.doc.id);
        let error = Diagnostic::error(Code::QUOTE_NOT_FOUND, selector.place(), message)
            .label("these words are not in the text");
        let Some(words) = &selector.words else { return error };
        let quotation = plain_words(words);
        let hint = self.hint(&quotation, matches!(words, Words::Quotation(_)));
        let mut error = match hint.place {
            Some(range) => {
                error.related(self.streams.doc.place(range), in_block(self.streams.doc, range, &hint.says))
            }
            None => error.help(hint.says),
        };
        if let Some(near) = &hint.near {
            self.narrow(&mut error, selector, &quotation, hint.part, near);
        }
        if hint.meant
            && let Some(range) = hint.place
        {
            error = error.fix(self.fix_words(selector, hint.part, range));
        }
        if hint.astray {
            self.astray.borrow_mut().push(Astray {
                words: words.clone(),
                path: error.place.path.clone(),
                line: error.place.line,
                column: error.place.column,
            });
        }
        hint.help.into_iter().fold(error, Diagnostic::help)
    }

    /// Points at the words that differ, instead of at the whole quotation.
    fn narrow(
        &self,
        error: &mut Diagnostic,
        selector: &Selector,
        quotation: &str,
        part: Option<(usize, usize)>,
        near: &Near,
    ) {
        let (Some(first), Some(last), Some(words)) =
            (near.differences.first(), near.differences.last(), &selector.words)
        else {
            return;
        };
        let (from, to) = part.unwrap_or((0, quotation.len()));
        let folded = fold_with_map(&quotation[from..to]);
        let plain = (from + folded.map.start(first.quoted.0), from + folded.map.end(last.quoted.1));
        let Some(span) = span_in_file(selector, with_stars(words, plain)) else { return };
        error.place = selector.source.place(span);
        let there = &self.streams.reading.text[first.text.0..first.text.1];
        if near.differences.len() == 1 {
            error.label = match there.trim() {
                "" => "the text does not have this".to_owned(),
                words => format!("the text has `{}` here", short(words)),
            };
        }
    }
}

/// What is said about a stretch, with the number of its block.
pub(super) fn in_block(doc: &Document, range: TextRange, says: &str) -> String {
    format!("{says} (p{})", doc.block_at(range.start).number)
}

fn too_long(selector: &Selector, count: usize) -> Diagnostic {
    let message = format!("the quotation has {count} characters; at most {LONGEST_QUOTE} are allowed");
    let error = Diagnostic::error(Code::QUOTE_TOO_LONG, selector.place(), message);
    if matches!(selector.words, Some(Words::Quotation(_))) {
        error.help("quote its beginning and its end, with ` […] ` between them")
    } else {
        error.help("name whole blocks (`at = \"p12-p14\"`), or quote fewer words")
    }
}

fn too_wide(doc: &Document, selector: &Selector, count: usize) -> Diagnostic {
    let message =
        format!("the place covers {count} blocks of `{}`; at most {MOST_BLOCKS} are allowed", doc.id);
    Diagnostic::error(Code::QUOTE_TOO_WIDE, selector.place(), message)
        .help("stand on the first paragraph, or on the heading above, or on the whole text (`on = \"text\"`)")
}

fn wrong_nth(doc: &Document, selector: &Selector, count: usize) -> Diagnostic {
    let place = selector.nth.as_ref().map_or_else(|| selector.place(), |nth| selector.source.place(nth.span));
    let asked = selector.nth.as_ref().map_or(0, |nth| nth.value);
    let places = if count == 1 { "1 place".to_owned() } else { format!("{count} places") };
    let message = format!("there is no place {asked}: the words stand in {places} of `{}`", doc.id);
    Diagnostic::error(Code::QUOTE_NOT_FOUND, place, message).help("`nth` counts the places from 1")
}

fn bad_at(
    doc: &Document,
    selector: &Selector,
    at: &crate::annotation::Located<BlockRange>,
    why: AtError,
) -> Diagnostic {
    let count = doc.blocks.len();
    let (message, help) = match why {
        AtError::NoBlock(number) => {
            let there = match count {
                1 => "its only block is p1".to_owned(),
                _ => format!("its blocks are p1 to p{count}"),
            };
            (format!("`{}` has no block p{number}", doc.id), there)
        }
        AtError::Backwards => ("the range ends before it begins".to_owned(), backwards(at.value)),
        AtError::NoLine(line, before, after) => {
            let lines = doc.source.line_starts().len();
            let missing = usize::try_from(line).is_ok_and(|line| line == 0 || line > lines);
            let what = if missing { "does not exist" } else { "is empty" };
            (format!("line {line} of `{}` {what}", doc.id), neighbours(doc, before, after))
        }
    };
    Diagnostic::error(Code::UNKNOWN_BLOCK, selector.source.place(at.span), message).help(help)
}

fn backwards(range: BlockRange) -> String {
    match range {
        BlockRange::Blocks(first, last) => format!("write `p{last}-p{first}`"),
        BlockRange::Lines(first, last) => format!("write `L{last}-L{first}`"),
    }
}

/// The blocks around an empty line, with their lines.
fn neighbours(doc: &Document, before: Option<u32>, after: Option<u32>) -> String {
    let say = |number: Option<u32>, what: &str| {
        let block = doc.block(number?)?;
        Some(format!("the block {what} is p{} (L{})", block.number, block.lines.0))
    };
    let both: Vec<String> = [say(before, "before"), say(after, "after")].into_iter().flatten().collect();
    if both.is_empty() { "the text has no blocks".to_owned() } else { both.join(", ") }
}
