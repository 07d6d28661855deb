//! PARSE: sidecars become annotations, as they are meant.
//!
//! Comes in: the sidecar files of the archive. Goes out: [`Annotations`], all
//! kinds of `annotations/`, with spans for messages, names checked against each
//! other (kinds, topics, terms, texts, contributors), the quotations not yet
//! looked for.
//!
//! Steps of [`parse()`]: the names that exist (`names.rs`), then file by file: the
//! structs as they are written (`files.rs`) become what they mean (a file of this
//! room for each kind), then what has to fit between files (`parse.rs`).
//!
//! This room knows no raw text: what an annotation quotes, it only repeats.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use typed_index_collections::TiVec;

mod apparatus;
mod common_words;
mod except;
mod files;
mod glossary;
mod lineage;
mod names;
mod note;
mod pages;
mod parse;
mod pattern;
mod quotation;
mod reader;
pub mod references;
mod relations;
pub mod schema;
mod selector;
pub mod wiki;

pub use parse::{parse, unknown_names};
pub use pattern::{Except, Pattern, Region, RegionEnd, folds};
pub use selector::block_range;

use crate::document::collection::Collection;
use postil_archive::archive::MarkTerms;
use postil_archive::diagnostic::{Place, Source, Span};
use postil_archive::index::{
    CollectionIx, ContributorIx, EndIx, FurnitureIx, LinkIx, NoteIx, PassageIx, SenseIx, SitePageIx, TermIx,
    TopicIx,
};
use postil_archive::sidecar::date::{Date, Period};

/// A value with where it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Span,
}

/// All annotations of the archive, each list sorted by file path.
#[derive(Debug, Default)]
pub struct Annotations {
    /// Notes, sorted by text, then slug.
    pub notes: TiVec<NoteIx, Note>,
    /// One apparatus a text, sorted by text.
    pub apparatuses: Vec<Apparatus>,
    /// Rows of `annotations/furniture.toml`.
    pub furniture: TiVec<FurnitureIx, SharedFurniture>,
    /// Terms, sorted by slug.
    pub terms: TiVec<TermIx, Term>,
    /// Topics, sorted by slug.
    pub topics: TiVec<TopicIx, Topic>,
    /// Links, sorted by slug.
    pub links: TiVec<LinkIx, Link>,
    /// Contributors, sorted by slug.
    pub contributors: TiVec<ContributorIx, Contributor>,
    /// The site's own pages, sorted by slug.
    pub pages: TiVec<SitePageIx, Page>,
    /// Folders of texts, sorted by folder, with what they say they are.
    pub collections: TiVec<CollectionIx, (Collection, Option<Markdown>)>,
}

impl Annotations {
    /// The notes of a text with their indices.
    pub fn notes_of(&self, text: &str) -> impl Iterator<Item = (NoteIx, &Note)> {
        let first = self.notes.partition_point(|note| &*note.text < text);
        self.notes.iter_enumerated().skip(first.into()).take_while(move |(_, note)| &*note.text == text)
    }
}

/// How an annotation says where it stands (design, section 4; W3C Web
/// Annotation Data Model, section 4.2.4, for quote, prefix and suffix).
#[derive(Debug, Clone)]
pub struct Selector {
    /// The words, if any; without words, `at` names whole blocks.
    pub words: Option<Words>,
    /// Words that must touch the quotation before it; white space at the joint is ignored.
    pub prefix: Option<Located<String>>,
    /// Words that must touch the quotation after it.
    pub suffix: Option<Located<String>>,
    /// Blocks where the place must begin (with words), or that are the place (without).
    pub at: Vec<Located<BlockRange>>,
    /// Whether only white space may stand before or after it in its block.
    pub edge: Option<Edge>,
    /// Which of the places left, from 1.
    pub nth: Option<Located<u32>>,
    /// All of the places left.
    pub all: bool,
    /// What the places look like, of rows that say it so; there are no words then.
    pub pattern: Option<Box<Pattern>>,
    /// What a row of many places leaves out.
    pub except: Vec<Located<Except>>,
    /// The file, for messages.
    pub source: Arc<Source>,
    /// Where the selector stands: the quotation, or else the row.
    pub span: Span,
}

impl Selector {
    /// A selector that says nothing yet.
    pub fn nowhere(source: Arc<Source>, span: Span) -> Self {
        Self {
            words: None,
            prefix: None,
            suffix: None,
            at: Vec::new(),
            edge: None,
            nth: None,
            all: false,
            pattern: None,
            except: Vec::new(),
            source,
            span,
        }
    }

    /// Where the selector stands.
    pub fn place(&self) -> Place {
        self.source.place(self.span)
    }
}

/// The words of a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// `quote`: literal, no bold, no `[…]`.
    Literal(String),
    /// The block quote that opens a note, its lines joined by `\n` (paragraphs
    /// by `\n` too), nothing escaped or unescaped: may hold one stretch in bold
    /// and ` […] `.
    Quotation(String),
}

/// A block or a range of blocks, by number or by line of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockRange {
    /// `"p59"`, `"p60-p62"`: first and last number.
    Blocks(u32, u32),
    /// `"L110"`, `"L112-L116"`: first and last line.
    Lines(u32, u32),
}

/// An end of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// Nothing but white space before the place in its block.
    Start,
    /// Nothing but white space after it.
    End,
}

/// How sure the annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Not doubted; not shown.
    #[default]
    Certain,
    /// Shown as "probable".
    Probable,
    /// Shown as "possible".
    Possible,
}

impl Certainty {
    /// As it stands in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Probable => "probable",
            Self::Possible => "possible",
        }
    }
}

/// What a claim rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// What it is called.
    pub title: String,
    /// Where it is, if on the web.
    pub url: Option<String>,
    /// Where in it, or what about it.
    pub note: Option<String>,
}

/// Something that a note says happened: it stands on the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The day, month or year.
    pub date: Date,
    /// In a few words.
    pub what: String,
}

/// A number that a note tells of, for the page of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Key of a series that `postil.toml` lists.
    pub series: String,
    /// The day, month or year that it is of.
    pub date: Date,
    /// The number; of a range, its lower end.
    pub value: f64,
    /// The upper end of a range.
    pub to: Option<f64>,
    /// As it is to be shown, if not as the number.
    pub shown: Option<String>,
    /// What was counted.
    pub what: String,
    /// Whether the words that the note stands on give it; else it rests on the note's sources.
    pub in_text: bool,
}

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A contributor with a file: the slug.
    Contributor(String),
    /// A name as it is to be shown.
    Name(String),
}

impl Note {
    /// Most characters of a title: it has one line of a margin.
    pub const LONGEST_TITLE: usize = 30;
}

/// One note.
#[derive(Debug)]
pub struct Note {
    /// The text it is about.
    pub text: Arc<str>,
    /// The file's name without ending; unique within its text.
    pub slug: String,
    /// The file.
    pub source: Arc<Source>,
    /// Who wrote it.
    pub by: Vec<By>,
    /// In which role, if said.
    pub role: Option<String>,
    /// What it finds, in a few words, if said.
    pub title: Option<String>,
    /// Key of a kind of note; the archive's first kind if not said.
    pub kind: String,
    /// Slugs of topics.
    pub topics: Vec<Located<String>>,
    /// When it was written, if said.
    pub date: Option<Date>,
    /// What it rests on.
    pub sources: Vec<Citation>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Slugs it had before.
    pub was: Vec<Located<String>>,
    /// What happened when, as it says.
    pub events: Vec<Event>,
    /// Numbers that it tells of.
    pub figures: Vec<Figure>,
    /// When somebody should look at it again.
    pub review_by: Option<Located<Date>>,
    /// What it stands on; empty for a note on the whole text (`on = "text"`).
    pub selectors: Vec<Selector>,
    /// What it says.
    pub body: Markdown,
}

/// Markdown in a sidecar: a note's body, a definition, a scope.
#[derive(Debug, Clone)]
pub struct Markdown {
    /// The Markdown, as it stands in the file or in a TOML string.
    pub text: String,
    /// The file, for messages.
    pub source: Arc<Source>,
    /// Its bytes in the file. For a note's body `text` is exactly these bytes;
    /// in a TOML string escapes may make it differ.
    pub span: Span,
}

/// The editor's layer of one text.
#[derive(Debug)]
pub struct Apparatus {
    /// The text it is about, or the folder of texts; empty for all.
    pub text: Arc<str>,
    /// For which texts it is.
    pub level: Level,
    /// The file.
    pub source: Arc<Source>,
    /// Who is meant by the names that a text prints.
    pub speakers: Vec<(String, Speaker)>,
    /// What becomes of hyphens at line ends, if that is declared.
    pub hyphens: Option<Hyphens>,
    /// Words, written with their hyphen, that keep it where others are joined.
    pub hyphens_keep: Vec<Located<String>>,
    /// Words, written with their hyphen, that are joined where others keep it.
    pub hyphens_join: Vec<Located<String>>,
    /// Who wrote it.
    pub by: Vec<By>,
    /// Artefacts of extraction, folded away in the reading view.
    pub furniture: Vec<Furniture>,
    /// Paragraphs that a page break cut.
    pub joins: Vec<Join>,
    /// Readings for misprints.
    pub corrections: Vec<Correction>,
    /// What the blocks are.
    pub structure: Vec<Row>,
    /// Who speaks in rows of a kind that do not say it.
    pub speaker_of: Vec<(RowKind, Located<Speaker>)>,
    /// Which term or sense a form means in this text.
    pub terms: Vec<TermRow>,
    /// Derived rows of the text that are taken out.
    pub except: Vec<Located<std::collections::BTreeMap<String, serde_json::Value>>>,
}

/// For which texts an apparatus is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// All below a folder.
    Folder,
    /// One, written by postil with the text.
    Derived,
    /// One.
    Own,
}

/// Words that are not part of the text.
#[derive(Debug)]
pub struct Furniture {
    /// Where.
    pub selector: Selector,
    /// Why, for the reader.
    pub reason: String,
}

/// A row of `annotations/furniture.toml`.
#[derive(Debug)]
pub struct SharedFurniture {
    /// The row.
    pub row: Furniture,
    /// Which texts it is looked for in.
    pub texts: Vec<Glob>,
}

/// A pattern over text ids: `*` stays inside a folder, `**` does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(pub String);

/// Blocks that are one paragraph.
#[derive(Debug)]
pub struct Join {
    /// Where: a selector without words.
    pub selector: Selector,
    /// What joins them: a space unless said otherwise.
    pub glue: String,
    /// Which block each place of its pattern is joined to.
    pub to: Option<JoinTo>,
}

/// Which block a place is joined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JoinTo {
    /// The one before.
    Previous,
    /// The one after.
    Next,
}

/// What a row covers of the blocks where it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// The words that are found.
    Match,
    /// The whole block.
    Block,
    /// The lines that it touches.
    Line,
    /// The blocks up to the next of its kind, or to a heading.
    UntilNext,
    /// The words that are found; the mark of the footnote stands behind them, and is not printed.
    After,
}

/// A kind of rows that another runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// The kind.
    pub kind: RowKind,
    /// Of headings, the highest level.
    pub level: u8,
}

/// Whether the numbers of a row's places follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// They do.
    Goes,
    /// They do, and begin anew behind headings.
    Restarts,
    /// Nothing is asked.
    Free,
}

impl<'de> Deserialize<'de> for Sequence {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Sequence;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`true`, or `\"restarts\"`")
            }
            fn visit_bool<E>(self, goes: bool) -> Result<Sequence, E> {
                Ok(if goes { Sequence::Goes } else { Sequence::Free })
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Sequence, E> {
                match word {
                    "restarts" => Ok(Sequence::Restarts),
                    other => Err(E::unknown_variant(other, &["restarts"])),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Sequence {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sequence".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": [true, false, "restarts"] })
    }
}

/// A reading for a misprint.
#[derive(Debug)]
pub struct Correction {
    /// Where.
    pub selector: Selector,
    /// What it should be; without it, a bare *sic*.
    pub reading: Option<String>,
    /// Why.
    pub reason: String,
    /// How sure.
    pub certainty: Certainty,
    /// Who says so, if not the apparatus's author.
    pub by: Vec<By>,
}

/// A row of the structure.
#[derive(Debug)]
pub struct Row {
    /// Where.
    pub selector: Selector,
    /// What it says of these words.
    pub part: Part,
    /// What the first block must begin with.
    pub starts: Option<Located<String>>,
    /// What a row of a form says besides.
    pub form: FormKeys,
    /// What it covers, if that is said.
    pub covers: Option<Covers>,
    /// What it runs over.
    pub over: Vec<Over>,
    /// Whether its words are folded away.
    pub folded: bool,
    /// Whether the numbers of its places follow each other.
    pub sequence: Option<Sequence>,
}

/// A form of whole blocks: how they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Lines of verse.
    Verse,
    /// Lines as they lie.
    Preformatted,
    /// Rows of cells.
    Table,
    /// Lines that are items.
    List,
}

/// The keys of a row of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FormKeys {
    /// Every how manieth number of a line of verse is printed.
    pub numbers: Option<u32>,
    /// Number of its first line.
    pub first: Option<u32>,
    /// Rows of a table that are its head.
    pub head: Option<u32>,
}

/// What a part of a text is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its kind.
    pub kind: RowKind,
    /// Level of a heading, 2 to 6.
    pub level: Option<u8>,
    /// Its number, as shown.
    pub number: Option<String>,
    /// Numbers that an answer or response is to.
    pub to: Vec<Located<String>>,
    /// Who speaks.
    pub speaker: Option<Speaker>,
    /// The speaker's role then.
    pub role: Option<String>,
    /// Volume of a page.
    pub volume: Option<String>,
    /// When something was said.
    pub time: Option<String>,
    /// What a number of a page, or a time, counts.
    pub unit: Option<Unit>,
    /// When it was.
    pub date: Option<Date>,
    /// When it was, as it is shown.
    pub date_shown: Option<String>,
    /// Who wrote a letter.
    pub author: Option<Speaker>,
    /// Whom a letter was written to.
    pub recipient: Option<Speaker>,
    /// Where a letter was written.
    pub place: Option<String>,
    /// Whether the mark of a footnote stands behind these words, and is not printed.
    pub is_behind: bool,
    /// References, as in a record: name and values.
    pub refs: Vec<(String, Vec<String>)>,
    /// How sure.
    pub certainty: Certainty,
}

/// What the number of a page, or a time, counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Pages.
    Page,
    /// Columns.
    Column,
    /// Leaves.
    Folio,
    /// Time since the beginning.
    Offset,
    /// Time of the day.
    Clock,
}

/// What becomes of hyphens at line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hyphens {
    /// They are of the print only: the halves are one word.
    Join,
    /// They are hyphens of the words.
    Keep,
}

impl Part {
    /// A part of a kind, of which no more is said.
    pub fn new(kind: RowKind) -> Self {
        Self {
            kind,
            level: None,
            number: None,
            to: Vec::new(),
            speaker: None,
            role: None,
            volume: None,
            time: None,
            unit: None,
            date: None,
            date_shown: None,
            author: None,
            recipient: None,
            place: None,
            is_behind: false,
            refs: Vec::new(),
            certainty: Certainty::default(),
        }
    }
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Speaker {
    /// A term of kind `person` or `body`: the slug.
    Term(String),
    /// A name as it is to be shown.
    Name(String),
    /// Several who speak together.
    Several(Vec<Speaker>),
}

impl Speaker {
    /// Each who speaks.
    pub fn each(&self) -> &[Speaker] {
        match self {
            Self::Several(all) => all,
            one => std::slice::from_ref(one),
        }
    }
}

/// What a row of the structure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are those of the design, section 3.3")]
pub enum RowKind {
    Title,
    Imprint,
    Details,
    Heading,
    Speaker,
    Speech,
    Question,
    Answer,
    Recommendation,
    Response,
    Narrative,
    Item,
    Letter,
    Recipient,
    Dateline,
    Salutation,
    Signature,
    Epigraph,
    Cast,
    Clause,
    Footnote,
    FootnoteMark,
    Stage,
    Emphasis,
    Deleted,
    Added,
    Unclear,
    Quotation,
    Page,
    Time,
    Verse,
    Preformatted,
    Table,
    List,
}

impl RowKind {
    /// Every kind with its name in files.
    pub const ALL: [(Self, &'static str); 34] = [
        (Self::Title, "title"),
        (Self::Imprint, "imprint"),
        (Self::Details, "details"),
        (Self::Heading, "heading"),
        (Self::Speaker, "speaker"),
        (Self::Speech, "speech"),
        (Self::Question, "question"),
        (Self::Answer, "answer"),
        (Self::Recommendation, "recommendation"),
        (Self::Response, "response"),
        (Self::Narrative, "narrative"),
        (Self::Item, "item"),
        (Self::Letter, "letter"),
        (Self::Recipient, "recipient"),
        (Self::Dateline, "dateline"),
        (Self::Salutation, "salutation"),
        (Self::Signature, "signature"),
        (Self::Epigraph, "epigraph"),
        (Self::Cast, "cast"),
        (Self::Clause, "clause"),
        (Self::Footnote, "footnote"),
        (Self::FootnoteMark, "footnote-mark"),
        (Self::Stage, "stage"),
        (Self::Emphasis, "emphasis"),
        (Self::Deleted, "deleted"),
        (Self::Added, "added"),
        (Self::Unclear, "unclear"),
        (Self::Quotation, "quotation"),
        (Self::Page, "page"),
        (Self::Time, "time"),
        (Self::Verse, "verse"),
        (Self::Preformatted, "preformatted"),
        (Self::Table, "table"),
        (Self::List, "list"),
    ];

    /// What rows of this kind are to the blocks that they stand on.
    pub fn class(self) -> Class {
        match self {
            Self::Verse | Self::Preformatted | Self::Table | Self::List => Class::Form,
            Self::Page | Self::Time => Class::Milestone,
            Self::Speaker
            | Self::Stage
            | Self::Emphasis
            | Self::Deleted
            | Self::Added
            | Self::Unclear
            | Self::Quotation
            | Self::FootnoteMark => Class::Part,
            _ => Class::Holder,
        }
    }

    /// The kind that answers rows of this one, or is answered by them.
    pub fn counterpart(self) -> Option<Self> {
        Some(match self {
            Self::Question => Self::Answer,
            Self::Answer => Self::Question,
            Self::Recommendation => Self::Response,
            Self::Response => Self::Recommendation,
            _ => return None,
        })
    }

    /// The form of blocks that rows of this kind give.
    pub fn form(self) -> Option<Form> {
        match self {
            Self::Verse => Some(Form::Verse),
            Self::Preformatted => Some(Form::Preformatted),
            Self::Table => Some(Form::Table),
            Self::List => Some(Form::List),
            _ => None,
        }
    }

    /// The name in files and in classes.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(k, _)| *k == self).map_or("", |(_, n)| n)
    }

    /// The kinds whose rows may hold a key of the structure, if not all do.
    pub fn with_key(key: &str) -> Option<&'static [Self]> {
        match key {
            "level" => Some(&[Self::Heading]),
            "volume" => Some(&[Self::Page]),
            "unit" => Some(&[Self::Page, Self::Time]),
            "time" => Some(&[Self::Time]),
            "numbers" | "first" => Some(&[Self::Verse]),
            "head" => Some(&[Self::Table]),
            "to" => Some(&[Self::Answer, Self::Response]),
            "author" | "recipient" | "place" => Some(&[Self::Letter]),
            "speaker" | "role" => Some(&[
                Self::Speaker,
                Self::Speech,
                Self::Question,
                Self::Answer,
                Self::Recommendation,
                Self::Response,
            ]),
            _ => None,
        }
    }

    /// Whether a section of the glossary begins here (design, section 3.4).
    pub fn opens_section(self) -> bool {
        matches!(
            self,
            Self::Heading
                | Self::Speech
                | Self::Question
                | Self::Answer
                | Self::Recommendation
                | Self::Response
                | Self::Letter
        )
    }
}

/// What rows of a kind are to the blocks that they stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// They hold blocks: they nest and do not cross.
    Holder,
    /// They say how whole blocks are shown.
    Form,
    /// They are part of a block, and may lie over each other.
    Part,
    /// They mark a point, and cover nothing.
    Milestone,
}

/// Which term or sense a form means here.
#[derive(Debug)]
pub struct TermRow {
    /// The form, for the whole text; or the place.
    pub on: TermRowOn,
    /// What it means.
    pub is: Meaning,
    /// Where the row stands.
    pub span: Span,
}

/// What a row of `term` is about.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "an archive has few of them")]
pub enum TermRowOn {
    /// A form wherever it stands in this text.
    Form(String),
    /// One place (or all, with `all`).
    Place(Selector),
}

/// What a form means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// No term.
    None,
    /// A term, the sense chosen by date if none is named.
    Some(SenseName),
}

/// One entry of the glossary.
#[derive(Debug)]
pub struct Term {
    /// The file's name without ending.
    pub slug: String,
    /// The file.
    pub source: Arc<Source>,
    /// The term as shown.
    pub term: Located<String>,
    /// Body, law, operation, office, person, place, concept, …
    pub kind: String,
    /// Further forms that are matched.
    pub forms: Vec<Located<String>>,
    /// Forms that are matched but never offered as a name.
    pub misprints: Vec<Located<String>>,
    /// How case counts; `None`: exact where a form has two or more capitals, else also a sentence-initial capital.
    pub case: Option<Case>,
    /// Where a use opens the definition; the archive's setting if not said.
    pub mark: Option<MarkTerms>,
    /// Which texts; all if empty.
    pub texts: Vec<Glob>,
    /// When it was written or last changed, if the file says so.
    pub date: Option<Date>,
    /// Slugs it had before.
    pub was: Vec<Located<String>>,
    /// Slugs of related terms.
    pub see: Vec<Located<String>>,
    /// Whether common words are allowed as forms; if it is said that they are not, they are no forms.
    pub allow_common: Option<bool>,
    /// Whether it is found only where an apparatus says so: `texts = []`.
    pub nowhere: bool,
    /// When somebody should look at it, with all its senses, again.
    pub review_by: Option<Located<Date>>,
    /// One or more; a term in the short form has one without id, name and dates.
    pub senses: TiVec<SenseIx, Sense>,
}

/// Whether a form is a common word, which would be found in every text.
pub fn is_common_word(form: &str) -> bool {
    common_words::is_common(form, false)
}

impl Term {
    /// Whether a form of it is a common word that is not to be found.
    pub fn leaves_out(&self, form: &str) -> bool {
        self.allow_common == Some(false) && common_words::is_common(form, self.case == Some(Case::Any))
    }

    /// Index of the sense with this id.
    pub fn sense(&self, id: &str) -> Option<SenseIx> {
        self.senses.position(|sense| sense.id == id)
    }
}

/// One meaning of a term, in its time.
#[derive(Debug)]
pub struct Sense {
    /// Id within the term; its number if not given.
    pub id: String,
    /// The name in this sense, if given (shown, not matched).
    pub name: Option<String>,
    /// First day, month or year.
    pub from: Option<Date>,
    /// Last day, month or year.
    pub until: Option<Date>,
    /// What it is.
    pub definition: Markdown,
    /// What came before.
    pub predecessor: Option<Located<SenseName>>,
    /// What came after.
    pub successor: Option<Located<SenseName>>,
    /// What the definition rests on.
    pub sources: Vec<Citation>,
    /// How sure.
    pub certainty: Certainty,
}

impl Sense {
    /// Its time.
    pub fn period(&self) -> Period {
        Period { from: self.from, until: self.until }
    }
}

/// A term, or one of its senses, as files name it: `gla` or `gla/glaa`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenseName {
    /// Slug of the term.
    pub term: String,
    /// Id of the sense, if one is named.
    pub sense: Option<String>,
}

impl std::fmt::Display for SenseName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.term)?;
        self.sense.iter().try_for_each(|sense| write!(f, "/{sense}"))
    }
}

/// How case counts when a form is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// As written.
    Exact,
    /// Not at all.
    Any,
}

/// One topic.
#[derive(Debug)]
pub struct Topic {
    /// The file's name without ending.
    pub slug: String,
    /// The file.
    pub source: Arc<Source>,
    /// As shown.
    pub title: String,
    /// What belongs to it.
    pub scope: Option<Markdown>,
    /// Slug of the topic above.
    pub parent: Option<Located<String>>,
    /// Slugs of related topics.
    pub see: Vec<Located<String>>,
    /// Slugs it had before.
    pub was: Vec<Located<String>>,
    /// Its passages, in file order.
    pub passages: TiVec<PassageIx, TopicPassage>,
}

/// A passage that speaks to a topic.
#[derive(Debug)]
pub struct TopicPassage {
    /// The text.
    pub text: Located<Arc<str>>,
    /// Where.
    pub selector: Selector,
    /// Why it is here.
    pub why: Option<Markdown>,
    /// When it was added, if the file says so.
    pub date: Option<Date>,
}

/// A relation between passages.
#[derive(Debug)]
pub struct Link {
    /// The file's name without ending.
    pub slug: String,
    /// The file.
    pub source: Arc<Source>,
    /// As shown.
    pub title: String,
    /// follows, revises, answers, quotes, contradicts, same-figure, refers, …
    pub relation: String,
    /// What it says about it.
    pub note: Option<Markdown>,
    /// Two or more.
    pub ends: TiVec<EndIx, LinkEnd>,
    /// Who wrote it, if said.
    pub by: Vec<By>,
}

/// One end of a link.
#[derive(Debug)]
pub struct LinkEnd {
    /// The text.
    pub text: Located<Arc<str>>,
    /// Where.
    pub selector: Selector,
}

/// One of the site's own pages.
#[derive(Debug)]
pub struct Page {
    /// The file's name without ending.
    pub slug: String,
    /// As shown.
    pub title: String,
    /// What it says.
    pub body: Markdown,
}

/// Somebody who wrote notes.
#[derive(Debug)]
pub struct Contributor {
    /// The file's name without ending.
    pub slug: String,
    /// The file.
    pub source: Arc<Source>,
    /// As shown.
    pub name: String,
    /// Where they work.
    pub affiliation: Option<String>,
    /// In which role they write.
    pub role: Option<String>,
    /// Their page.
    pub url: Option<String>,
    /// Slugs they had before.
    pub was: Vec<Located<String>>,
}

#[cfg(test)]
mod tests;
