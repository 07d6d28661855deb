//! INDEX: the client-side search index.
//!
//! Comes in: for each text an [`Entry`], for each term and topic a [`Guide`]:
//! plain words with addresses, as the reader sees them. Goes out: the files of
//! `search/` ([`Builder`]), and a [`Concordance`] for readers without script.
//!
//! 1. [`token`], [`stem`]: a text becomes words, words become groups.
//! 2. [`segment`]: long texts are cut into stretches worth one hit.
//! 3. [`text`]: one text becomes its [`TextPostings`]; pure, in any order.
//! 4. [`heap`], [`scratch`]: postings are gathered until there are too many,
//!    then sorted and put aside.
//! 5. [`merge`], [`lexicon`]: what was put aside comes together by word group.
//! 6. [`shard`], [`store`], [`facets`], [`spelling`]: groups, texts, filters and
//!    spellings become small [`files`]; [`code`], [`script`]: their letters.
//! 7. `engine/*.js`: reads them in the browser.
//! 8. [`bulk`]: the same segments, for a search engine that runs on a server.
//!
//! # Why the files look as they do
//!
//! A classic `<script src>` is the only thing that a page opened by
//! double-click, under the site's content security policy, may load in every
//! browser; so each file is one call of `postilSearch.register` with strings.
//! An archive grows and is edited, and neither may rewrite the whole index:
//! a file's name is the hash of its bytes, its limits depend on the words in
//! it and not on their number, and the score of a word in a text does not
//! depend on other texts (how rare the word is, is weighed by the engine). A
//! note that is added or mended touches the files of its own words, and of the
//! shown texts the megabyte that its text lies in. Segments are numbered by
//! date, so that years are ranges; a text that is added or replaced renumbers
//! those after it.
//!
//! To the first result there are four loads one after the other, at any size:
//! engine and manifest, terms, blocks of long lists, the text that is shown.
//! What most texts have is not counted before that: of a word the best
//! postings stand with it, and more of them in one file. A score that no other
//! can clearly exceed, given these, is shown first (the bounds of Fagin's
//! threshold algorithm, with tolerance).
//!
//! This room knows no overlay and no HTML: what is furniture, a correction or
//! a note is decided before. It does not touch the disk either: what it has to
//! put aside goes to a [`scratch`] that it is given.

pub mod assemble;
pub mod bulk;
pub mod code;
pub mod concordance;
pub mod facets;
pub mod files;
pub mod heap;
pub mod language;
pub mod lexicon;
pub mod merge;
pub mod scratch;
pub mod script;
pub mod segment;
pub mod shard;
pub mod spelling;
pub mod stem;
pub mod store;
pub mod text;
pub mod token;

pub use assemble::{Builder, Options};
pub use concordance::Concordance;
pub use text::{TextPostings, index_guide, index_text};
pub use token::Marks;

use serde::{Deserialize, Serialize};

/// One text, as search sees it.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Address of its page from the site's root: `texts/commons/2004.html`.
    pub address: String,
    /// Its title.
    pub title: String,
    /// When it is from.
    pub date: Option<Dated>,
    /// Kind of text.
    pub kind: Option<Named>,
    /// Topics that quote it or that its notes name.
    pub topics: Vec<Named>,
    /// Collections that it lies in, the outermost first.
    pub collections: Vec<Named>,
    /// BCP 47 tag of the record.
    pub language: String,
    /// BCP 47 tag of the notes.
    pub notes_language: String,
    /// What becomes of marks on letters; the same in all texts.
    pub marks: Marks,
    /// What else of its record a reader may type: house, references, date in words.
    pub record: Vec<String>,
    /// What the reading view shows, in order; furniture left out.
    pub blocks: Vec<Block>,
    /// The reference to it in each form that results can be saved in, handed out as it is.
    pub references: Vec<String>,
}

/// A date to sort by and to show.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Dated {
    /// Year.
    pub year: i32,
    /// Month, 0 if not known.
    pub month: u8,
    /// Day, 0 if not known.
    pub day: u8,
    /// The first and the last year it may be of, if that is not one year; none where it is open.
    pub reach: Option<(Option<i32>, Option<i32>)>,
    /// As it is shown: `9 March 2004`.
    pub label: String,
}

/// Something that results can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Named {
    /// How addresses name it: no white space, no `:`.
    pub slug: String,
    /// How pages name it.
    pub label: String,
}

/// A paragraph: what a hit leads to.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Id of its element on the page: `p12`.
    pub anchor: String,
    /// What it is, if it has a name: `Recommendation 8`.
    pub label: String,
    /// Who says it.
    pub speaker: Option<Named>,
    /// Whether a part of the text begins here (a heading, a recommendation, a
    /// speech): a good place to cut a long text.
    pub opens: bool,
    /// The words as they stand.
    pub text: String,
    /// The words as corrected, if that differs.
    pub corrected: Option<String>,
    /// Topics that it is filed under: their slugs.
    pub topics: Vec<String>,
    /// Notes on words of this block.
    pub notes: Vec<Note>,
}

/// A note, as search sees it.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// Id of its element on the text's page: `n-gla-remit`.
    pub anchor: String,
    /// Kind, author or title: what a hit is called.
    pub title: String,
    /// Its visible words.
    pub body: String,
    /// Topics that it names: their slugs.
    pub topics: Vec<String>,
}

/// A page that explains rather than records.
#[derive(Debug, Clone)]
pub enum Guide {
    /// A term of the glossary.
    Term {
        /// Address of its page from the site's root.
        address: String,
        /// The term as shown.
        term: String,
        /// `body`, `law`, `person` … as shown.
        kind: String,
        /// All its other names: a query for one finds all.
        names: Vec<String>,
        /// Misspelt names that the texts have: found, never offered.
        misprints: Vec<String>,
        /// What it means; several senses one after the other.
        definition: String,
        /// BCP 47 tag of the definition.
        language: String,
    },
    /// A topic.
    Topic {
        /// Address of its page from the site's root.
        address: String,
        /// Its title.
        title: String,
        /// What it covers, visible words.
        scope: String,
        /// BCP 47 tag.
        language: String,
    },
}
