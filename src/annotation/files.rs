//! The files of `annotations/` as they are written.
//!
//! These structs are the list of what each kind of file may hold, and in what
//! shape; what it means is decided by the readers.

use serde::Deserialize;
use toml::Spanned;

use super::{Case, Certainty, Edge, RowKind};
use crate::archive::MarkTerms;
use crate::sidecar::date::Date;
use crate::sidecar::{OneOrMany, Pairs, Rows, Word};

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

/// A table that holds the keys of a selector beside its own. (Serde's `flatten`
/// would do it, too, but gives up spans and the list of keys.)
macro_rules! with_selector {
    ($($(#[$doc:meta])* struct $name:ident { $($field:ident: $type:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub(super) struct $name {
            $(pub(super) $field: $type,)*
            quote: Option<Str>,
            prefix: Option<Str>,
            suffix: Option<Str>,
            at: Option<Strs>,
            edge: Option<Spanned<Edge>>,
            nth: Option<Spanned<u32>>,
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
        })*
    };
}

with_selector! {
    /// Front matter of a note.
    struct NoteFile {
        by: Strs,
        role: Option<String>,
        kind: Option<Str>,
        topics: Option<Strs>,
        date: Option<Date>,
        sources: Option<Rows<SourceRow>>,
        certainty: Option<Certainty>,
        was: Option<Strs>,
        on: Option<Spanned<On>>,
        events: Option<Rows<EventRow>>,
        review_by: Option<Spanned<Date>>,
    }

    /// A row of `furniture`.
    struct FurnitureRow {
        reason: String,
    }

    /// A row of `furniture` in `annotations/furniture.toml`.
    struct SharedFurnitureRow {
        reason: String,
        texts: Strs,
    }

    /// A row of `correction`.
    struct CorrectionRow {
        reading: Option<String>,
        reason: String,
        certainty: Option<Certainty>,
        by: Option<Strs>,
    }

    /// A row of `structure`.
    struct StructureRow {
        kind: RowKind,
        level: Option<Spanned<u8>>,
        number: Option<Spanned<Word>>,
        to: Option<OneOrMany<Spanned<Word>>>,
        speaker: Option<Str>,
        role: Option<String>,
        refs: Option<Pairs<OneOrMany<Word>>>,
        starts: Option<Str>,
        certainty: Option<Certainty>,
    }

    /// A row of `term`.
    struct TermRow {
        form: Option<Str>,
        is: Str,
    }

    /// A passage of a topic.
    struct PassageRow {
        text: Str,
        why: Option<Str>,
    }

    /// An end of a link.
    struct EndRow {
        text: Str,
    }
}

/// What a note is on, if not on words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum On {
    /// The whole text.
    Text,
}

/// What something rests on.
#[derive(Debug, Deserialize)]
pub(super) struct SourceRow {
    pub(super) title: String,
    pub(super) url: Option<Str>,
    pub(super) note: Option<String>,
}

/// Something that a note says happened.
#[derive(Debug, Deserialize)]
pub(super) struct EventRow {
    pub(super) date: Date,
    pub(super) what: Str,
}

/// `apparatus.toml`.
#[derive(Debug, Deserialize)]
pub(super) struct ApparatusFile {
    pub(super) by: Option<Strs>,
    pub(super) furniture: Option<Rows<Spanned<FurnitureRow>>>,
    pub(super) join: Option<Rows<Spanned<JoinRow>>>,
    pub(super) correction: Option<Rows<Spanned<CorrectionRow>>>,
    pub(super) structure: Option<Rows<Spanned<StructureRow>>>,
    pub(super) term: Option<Rows<Spanned<TermRow>>>,
}

/// A row of `join`.
#[derive(Debug, Deserialize)]
pub(super) struct JoinRow {
    pub(super) at: Str,
    pub(super) glue: Option<String>,
}

/// `annotations/furniture.toml`.
#[derive(Debug, Deserialize)]
pub(super) struct FurnitureFile {
    pub(super) furniture: Option<Rows<Spanned<SharedFurnitureRow>>>,
}

/// A term.
#[derive(Debug, Deserialize)]
pub(super) struct TermFile {
    pub(super) term: Str,
    pub(super) kind: Str,
    pub(super) forms: Option<Strs>,
    pub(super) misprints: Option<Strs>,
    pub(super) definition: Option<Str>,
    pub(super) sources: Option<Rows<SourceRow>>,
    pub(super) certainty: Option<Spanned<Certainty>>,
    pub(super) case: Option<Case>,
    pub(super) mark: Option<MarkTerms>,
    pub(super) texts: Option<Strs>,
    pub(super) was: Option<Strs>,
    pub(super) see: Option<Strs>,
    pub(super) allow_common: Option<bool>,
    pub(super) sense: Option<Rows<Spanned<SenseRow>>>,
}

/// A sense of a term.
#[derive(Debug, Deserialize)]
pub(super) struct SenseRow {
    pub(super) id: Option<Str>,
    pub(super) name: Option<String>,
    pub(super) from: Option<Spanned<Date>>,
    pub(super) until: Option<Spanned<Date>>,
    pub(super) definition: Str,
    pub(super) predecessor: Option<Str>,
    pub(super) successor: Option<Str>,
    pub(super) sources: Option<Rows<SourceRow>>,
    pub(super) certainty: Option<Certainty>,
}

/// A topic.
#[derive(Debug, Deserialize)]
pub(super) struct TopicFile {
    pub(super) title: String,
    pub(super) scope: Option<Str>,
    pub(super) parent: Option<Str>,
    pub(super) see: Option<Strs>,
    pub(super) was: Option<Strs>,
    pub(super) passage: Option<Rows<Spanned<PassageRow>>>,
}

/// A link.
#[derive(Debug, Deserialize)]
pub(super) struct LinkFile {
    pub(super) title: String,
    pub(super) relation: Str,
    pub(super) note: Option<Str>,
    pub(super) by: Option<Strs>,
    pub(super) end: Option<Rows<Spanned<EndRow>>>,
}

/// A contributor.
#[derive(Debug, Deserialize)]
pub(super) struct ContributorFile {
    pub(super) name: String,
    pub(super) affiliation: Option<String>,
    pub(super) role: Option<String>,
    pub(super) url: Option<Str>,
}
