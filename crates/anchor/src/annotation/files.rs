//! The files of `annotations/` as they are written.
//!
//! These structs are the list of what each kind of file may hold, and in what
//! shape; what it means is decided by the readers. Their comments are shown to
//! whoever writes such a file in an editor that reads schemas.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Case, Certainty, Covers, Edge, Hyphens, JoinTo, RowKind, Sequence, Unit};
use postil_archive::archive::MarkTerms;
use postil_archive::sidecar::date::Date;
use postil_archive::sidecar::{OneOrMany, Pairs, Rows, Spanned, Word};

/// A string with its place.
pub(super) type Str = Spanned<String>;
/// Strings with their places.
pub(super) type Strs = OneOrMany<Str>;

/// The keys of a selector as they are written.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) quote: Option<Str>,
    pub(super) prefix: Option<Str>,
    pub(super) suffix: Option<Str>,
    pub(super) at: Option<Strs>,
    pub(super) edge: Option<Spanned<Edge>>,
    pub(super) nth: Option<Spanned<u32>>,
    pub(super) all: Option<Spanned<bool>>,
}

/// The keys of a pattern as they are written.
#[derive(Debug, Default)]
pub(super) struct PatternKeys {
    pub(super) matches: Option<Str>,
    pub(super) from: Option<Str>,
    pub(super) through: Option<Str>,
    pub(super) before: Option<Str>,
    pub(super) after: Option<Str>,
    pub(super) unless: Option<Str>,
    pub(super) count: Option<Spanned<u32>>,
    pub(super) each: Option<Spanned<Word>>,
}

/// A table that holds the keys of a selector beside its own. (Serde's `flatten`
/// would do it, too, but gives up spans and the list of keys.)
macro_rules! with_selector {
    ($($(#[$doc:meta])* struct $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* })*) => {
        $(selected! { $(#[$doc])* struct $name { $($(#[$about])* $field: $type,)* } })*
    };
}

/// The same, and those of a pattern.
macro_rules! with_pattern {
    ($($(#[$doc:meta])* struct $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* })*) => {
        $(selected! { $(#[$doc])* struct $name {
            $($(#[$about])* $field: $type,)*
            /// A regular expression: every place of it in a block is meant. It sees the raw words of one
            /// block at a time; `\\A` and `\\z` are its ends, `^` and `$` those of a line.
            r#match: Option<Str>,
            /// Begins a region of whole blocks: an expression, or `start`.
            from: Option<Str>,
            /// Ends a region with the block in which it is found: an expression, or `end`.
            through: Option<Str>,
            /// Ends a region before the block in which it is found; without `from`: the row counts up to there.
            before: Option<Str>,
            /// The row counts from the first block on in which this expression is found.
            after: Option<Str>,
            /// Blocks in which this expression is found are passed over.
            unless: Option<Str>,
            /// Blocks that are left out: `p12`; in a file for many texts an id, or `id#p12`.
            except: Option<Strs>,
            /// How often the row is meant to be found in its text.
            count: Option<Spanned<u32>>,
            /// How often a row for many texts is meant to be found in each: `1`, `0-1`, `2-`.
            each: Option<Spanned<Word>>,
        } }

        impl $name {
            /// Takes the pattern out.
            pub(super) fn pattern(&mut self) -> PatternKeys {
                PatternKeys {
                    matches: self.r#match.take(),
                    from: self.from.take(),
                    through: self.through.take(),
                    before: self.before.take(),
                    after: self.after.take(),
                    unless: self.unless.take(),
                    count: self.count.take(),
                    each: self.each.take(),
                }
            }
        })*
    };
}

macro_rules! selected {
    ($(#[$doc:meta])* struct $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$about])* pub(super) $field: $type,)*
            /// The words of the text that are meant, as they stand there.
            quote: Option<Str>,
            /// Words that stand right before the quotation.
            prefix: Option<Str>,
            /// Words that stand right after the quotation.
            suffix: Option<Str>,
            /// A block, `p59`, or a range, `p60-p62`, or a line of the file, `L110`; or several.
            at: Option<Strs>,
            /// Nothing but white space stands before (`start`) or after (`end`) the place in its block.
            edge: Option<Spanned<Edge>>,
            /// Which of several places is meant, from 1.
            nth: Option<Spanned<u32>>,
            /// Every place is meant.
            all: Option<Spanned<bool>>,
        }

        impl $name {
            /// Takes the selector out.
            pub(super) fn keys(&mut self) -> Keys {
                Keys {
                    quote: self.quote.take(),
                    prefix: self.prefix.take(),
                    suffix: self.suffix.take(),
                    at: self.at.take(),
                    edge: self.edge.take(),
                    nth: self.nth.take(),
                    all: self.all.take(),
                }
            }
        }
    };
}

with_selector! {
    /// Front matter of a note.
    struct NoteFile {
        /// Who wrote it: a name as it is to be shown, or the slug of a contributor; or several.
        by: Strs,
        /// In which role.
        role: Option<String>,
        /// What the note finds, in at most 30 characters ("Widened in 2016"): the line that stands for it where a
        /// margin is crowded.
        title: Option<Str>,
        /// What sort of note it is: one of the kinds that `postil.toml` lists.
        kind: Option<Str>,
        /// Topics that it belongs to: names of files in `annotations/topics/`.
        topics: Option<Strs>,
        /// When it was written.
        date: Option<Date>,
        /// What it rests on.
        sources: Option<Rows<SourceRow>>,
        /// How sure it is; certain if nothing is said.
        certainty: Option<Certainty>,
        /// Names that the file had before.
        was: Option<Strs>,
        /// `text`: it is about the whole text, and needs no quotation.
        on: Option<Spanned<On>>,
        /// What it says happened, and when.
        events: Option<Rows<EventRow>>,
        /// Numbers that it tells of, for the page of figures.
        figures: Option<Rows<FigureRow>>,
        /// When somebody should look at it again.
        review_by: Option<Spanned<Date>>,
    }

    /// A passage of a topic.
    struct PassageRow {
        /// The id of the text.
        text: Str,
        /// Why it is here, in Markdown.
        why: Option<Str>,
        /// The day on which it was added: feeds tell it then.
        date: Option<Date>,
    }

    /// An end of a link.
    struct EndRow {
        /// The id of the text.
        text: Str,
    }
}

with_pattern! {
    /// A row of `furniture`: words that are not part of the text.
    struct FurnitureRow {
        /// Why, for the reader.
        reason: String,
    }

    /// A row of `furniture` in `annotations/furniture.toml`.
    struct SharedFurnitureRow {
        /// Why, for the reader.
        reason: String,
        /// Which texts: patterns such as `commons/**`.
        texts: Strs,
    }

    /// A row of `correction`.
    struct CorrectionRow {
        /// What it should be; without it, a bare sic.
        reading: Option<String>,
        /// Why, for the reader.
        reason: String,
        /// How sure it is; certain if nothing is said.
        certainty: Option<Certainty>,
        /// Who says so, if not the author of the file.
        by: Option<Strs>,
    }

    /// A row of `structure`: what a block is.
    struct StructureRow {
        /// What it is.
        kind: RowKind,
        /// Level of a heading, 2 to 6; no other kind has one.
        level: Option<Spanned<u8>>,
        /// Its number.
        number: Option<Spanned<Word>>,
        /// Numbers that an answer or response is to; no other kind has them.
        to: Option<OneOrMany<Spanned<Word>>>,
        /// Who speaks: a term of kind person or body, or a name with a capital; or several.
        speaker: Option<Strs>,
        /// The role they held then.
        role: Option<Str>,
        /// Volume of a page.
        volume: Option<Spanned<Word>>,
        /// When something was said: `1:09`, `1:01:09`.
        time: Option<Str>,
        /// What the number of a page counts (`page`, `column`, `folio`), or a time (`offset` from the beginning,
        /// `clock`).
        unit: Option<Spanned<Unit>>,
        /// When it was: of a heading, all that stands below it; of a dateline, its letter.
        date: Option<Date>,
        /// When it was, as it is shown.
        date_shown: Option<Str>,
        /// Who wrote a letter: a term of kind person or body, or a name with a capital; or several.
        author: Option<Strs>,
        /// Whom a letter was written to, as `author`.
        recipient: Option<Strs>,
        /// Where a letter was written.
        place: Option<Str>,
        /// Every how manieth number of a line of verse is printed; none if nothing is said.
        numbers: Option<Spanned<u32>>,
        /// The number of the first line of verse; 1 if nothing is said.
        first: Option<Spanned<u32>>,
        /// Rows of a table that are its head; none if nothing is said.
        head: Option<Spanned<u32>>,
        /// What it covers of the blocks where it is found; by its kind if nothing is said.
        covers: Option<Spanned<Covers>>,
        /// Kinds of rows that a row with `covers = "until-next"` runs over: `heading-3` is a heading of level 3
        /// or deeper.
        over: Option<Strs>,
        /// Whether the numbers of its places follow each other: `true`, or `restarts` if they begin anew behind
        /// headings.
        sequence: Option<Spanned<Sequence>>,
        /// Whether its words are folded away.
        folded: Option<Spanned<bool>>,
        /// References, such as `{ paragraph = 57 }`.
        refs: Option<Pairs<OneOrMany<Word>>>,
        /// The words that the first block begins with, so that the row can be read by itself.
        starts: Option<Str>,
        /// How sure it is; certain if nothing is said.
        certainty: Option<Certainty>,
    }

    /// A row of `term`: which term or sense a form means in this text.
    struct TermRow {
        /// The form, wherever it stands in this text.
        form: Option<Str>,
        /// The slug of a term, `slug/sense`, or `none`.
        is: Str,
    }

    /// A row of `join`: blocks that are one paragraph.
    struct JoinRow {
        /// What joins them; a space if nothing is said.
        glue: Option<String>,
        /// With `match`: the block of each place is joined to the one before, `previous`, or after it, `next`.
        to: Option<Spanned<JoinTo>>,
    }
}

/// What a note is on, if not on words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum On {
    /// The whole text.
    Text,
}

/// What something rests on.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SourceRow {
    /// What it is called.
    pub(super) title: String,
    /// Where it is on the web.
    pub(super) url: Option<Str>,
    /// Where in it, or what about it.
    pub(super) note: Option<String>,
}

/// Something that a note says happened.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct EventRow {
    /// When.
    pub(super) date: Date,
    /// What, in words.
    pub(super) what: Str,
}

/// A number that a note tells of.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FigureRow {
    /// Which series it belongs to: one of those that `postil.toml` lists.
    pub(super) series: Str,
    /// The day, month or year that it is of.
    pub(super) date: Date,
    /// The number; of a range, its lower end.
    pub(super) value: Spanned<f64>,
    /// The upper end of a range.
    pub(super) to: Option<Spanned<f64>>,
    /// As it is to be shown: `"£2.3 million"`; the number if nothing is said.
    pub(super) shown: Option<String>,
    /// What was counted, in words.
    pub(super) what: Str,
    /// Whether the words that the note stands on give it; else it rests on the note's sources.
    pub(super) in_text: Option<bool>,
}

/// The apparatus of one text: what is folded away, joined, corrected, and what each part is.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ApparatusFile {
    /// Who wrote it.
    pub(super) by: Option<Strs>,
    /// What is not part of the text, and is folded away.
    pub(super) furniture: Option<Rows<Spanned<FurnitureRow>>>,
    /// Paragraphs that a page break cut.
    pub(super) join: Option<Rows<Spanned<JoinRow>>>,
    /// Readings for misprints.
    pub(super) correction: Option<Rows<Spanned<CorrectionRow>>>,
    /// What the blocks are.
    pub(super) structure: Option<Rows<Spanned<StructureRow>>>,
    /// Who is meant by the names that a text prints: `HAM = "hamlet"`, a term of kind person or body, or a name
    /// with a capital; or several.
    pub(super) speakers: Option<Spanned<Pairs<Strs>>>,
    /// What becomes of hyphens at line ends: `join` makes one word of the halves, `keep` leaves the hyphen.
    pub(super) hyphens: Option<Hyphens>,
    /// Words, written with their hyphen, that keep it where others are joined.
    pub(super) hyphens_keep: Option<Strs>,
    /// Words, written with their hyphen, that are joined where others keep it.
    pub(super) hyphens_join: Option<Strs>,
    /// Who speaks in rows of a kind, if neither they nor a row around them name a speaker:
    /// `recommendation = "some-committee"`, a term of kind person or body, or a name with a capital.
    pub(super) speaker_of: Option<Spanned<Pairs<Str>>>,
    /// Which term or sense a form means in this text.
    pub(super) term: Option<Rows<Spanned<TermRow>>>,
    /// Rows of `derived.toml` that are taken out: all that have these keys with these values,
    /// `{ at = "p7", kind = "stage" }`.
    pub(super) except: Option<Rows<Spanned<BTreeMap<String, serde_json::Value>>>>,
}

/// Furniture that a source prints in many texts.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FurnitureFile {
    /// What is not part of the texts, and is folded away.
    pub(super) furniture: Option<Rows<Spanned<SharedFurnitureRow>>>,
}

/// A term of the glossary.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TermFile {
    /// The term as it stands in the texts.
    pub(super) term: Str,
    /// What sort of thing it is: body, law, operation, office, person, place, concept, …
    pub(super) kind: Str,
    /// Further forms that texts use.
    pub(super) forms: Option<Strs>,
    /// Misprints of it: found in texts, never offered as a name.
    pub(super) misprints: Option<Strs>,
    /// What it is, in Markdown; a term with `sense` has one there.
    pub(super) definition: Option<Str>,
    /// What the definition rests on.
    pub(super) sources: Option<Rows<SourceRow>>,
    /// How sure it is; certain if nothing is said.
    pub(super) certainty: Option<Spanned<Certainty>>,
    /// Whether capitals count; by the form if nothing is said.
    pub(super) case: Option<Case>,
    /// Where a use opens the definition; as `postil.toml` says if nothing is said.
    pub(super) mark: Option<MarkTerms>,
    /// Which texts: patterns such as `commons/**`; all if nothing is said, and none by itself if it is empty.
    pub(super) texts: Option<Strs>,
    /// The day on which it was written, or last changed: feeds tell it then.
    pub(super) date: Option<Date>,
    /// Names that the file had before.
    pub(super) was: Option<Strs>,
    /// Related terms: names of files in `annotations/glossary/`.
    pub(super) see: Option<Strs>,
    /// Whether a common word may be a form; with `false` it is in the glossary, and found by longer forms only.
    pub(super) allow_common: Option<bool>,
    /// When somebody should look at it again.
    pub(super) review_by: Option<Spanned<Date>>,
    /// Its meanings, each in its time.
    pub(super) sense: Option<Rows<Spanned<SenseRow>>>,
}

/// A sense of a term.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SenseRow {
    /// Its id within the term; its number if nothing is said.
    pub(super) id: Option<Str>,
    /// The name in this sense.
    pub(super) name: Option<String>,
    /// The first day, month or year.
    pub(super) from: Option<Spanned<Date>>,
    /// The last day, month or year.
    pub(super) until: Option<Spanned<Date>>,
    /// What it is, in Markdown.
    pub(super) definition: Str,
    /// The term that came before, or one of its senses: `gla`, `gla/glaa`.
    pub(super) predecessor: Option<Str>,
    /// The term that came after, or one of its senses.
    pub(super) successor: Option<Str>,
    /// What the definition rests on.
    pub(super) sources: Option<Rows<SourceRow>>,
    /// How sure it is; certain if nothing is said.
    pub(super) certainty: Option<Certainty>,
}

/// A topic.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TopicFile {
    /// Its title.
    pub(super) title: String,
    /// What belongs to it, in Markdown.
    pub(super) scope: Option<Str>,
    /// The topic above it: the name of a file in `annotations/topics/`.
    pub(super) parent: Option<Str>,
    /// Related topics.
    pub(super) see: Option<Strs>,
    /// Names that the file had before.
    pub(super) was: Option<Strs>,
    /// Passages that belong to it.
    pub(super) passage: Option<Rows<Spanned<PassageRow>>>,
}

/// A relation between passages.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct LinkFile {
    /// Its title.
    pub(super) title: String,
    /// What the one is to the other: follows, revises, answers, quotes, contradicts, same-figure, refers, …
    pub(super) relation: Str,
    /// What there is to say about it, in Markdown.
    pub(super) note: Option<Str>,
    /// Who says so.
    pub(super) by: Option<Strs>,
    /// The passages, two or more.
    pub(super) end: Option<Rows<Spanned<EndRow>>>,
}

/// Somebody who writes notes.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ContributorFile {
    /// Their name as it is to be shown.
    pub(super) name: String,
    /// Where they work.
    pub(super) affiliation: Option<String>,
    /// In which role they write.
    pub(super) role: Option<String>,
    /// Their page on the web.
    pub(super) url: Option<Str>,
    /// Names that the file had before.
    pub(super) was: Option<Strs>,
}
