//! What is known about a raw text: the record beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use typed_index_collections::{TiSlice, TiVec};

use super::collection::{Folders, Order};
use super::expression::Expression;
use postil_archive::archive::{Format, TextFile, name};
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Place, Source, Span};
use postil_archive::index::TextIx;
use postil_archive::sidecar::date::Date;
use postil_archive::sidecar::{self, OneOrMany, Pairs, Rows, Spanned, Word, WordsOr, address};

/// The record of one text. Everything is optional in the file; what is missing
/// is said by `check`, and `title` falls back to the first line or the id.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The record's file, if there is one.
    pub file: Option<Arc<Source>>,
    /// As shown.
    pub title: Option<String>,
    /// How its folder makes the titles of its texts, if the record has none.
    pub title_pattern: Option<TitlePattern>,
    /// What lists and links call it, if the title is long.
    pub short: Option<String>,
    /// When the text was made.
    pub date: Option<Date>,
    /// What is shown in place of the date: the words of the source.
    pub date_shown: Option<String>,
    /// Key of a kind of text; free, lower-case.
    pub kind: Option<String>,
    /// Which house or body.
    pub house: Option<String>,
    /// Where the file came from.
    pub origin: Option<Origin>,
    /// Under which terms the text may be used.
    pub rights: Option<String>,
    /// Where these terms are to be read.
    pub rights_url: Option<String>,
    /// References (columns, question numbers, ISBN): name and values, in file order.
    pub refs: Vec<(String, Vec<String>)>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Whom it was written to.
    pub recipients: Vec<Person>,
    /// Who else had a part in it, with the role they held then.
    pub people: Vec<Person>,
    /// Where it was written or printed: names, or slugs of terms of kind place.
    pub places: Vec<Person>,
    /// Which one of its collection it is.
    pub number: Option<String>,
    /// What it is about, as plain text.
    pub summary: Option<String>,
    /// The files that it was derived from.
    pub originals: Vec<Original>,
    /// What the derivation left out, and how often.
    pub left_out: Vec<(String, u64)>,
    /// What else is said of it: label and words, in file order. Not interpreted.
    pub meta: Vec<(String, String)>,
    /// What is looked for and not known (who asked, the column), in words: silence would not tell.
    pub unknown: Vec<String>,
    /// Where what was said is heard or seen: an address of the web.
    pub media: Option<String>,
    /// Language (BCP 47).
    pub lang: Option<String>,
    /// What a line is (plain text only).
    pub layout: Option<Layout>,
    /// Where a block also begins: at each line in which this is found (layouts but `lines`).
    pub block_start: Option<Expression>,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: Option<String>,
    /// Encoding label; UTF-8 if not said.
    pub encoding: Option<String>,
    /// How many blocks the text has. Optional; where it is given, a changed
    /// `layout` or `encoding` cannot move permalinks unnoticed.
    pub blocks: Option<u32>,
    /// How Markdown is read. Not in the file: other than now only where an older edition is followed.
    pub reading: Reading,
    /// Ids it had before.
    pub was: Vec<String>,
    /// Blocks of earlier editions, with those that have their words now.
    pub aliases: Vec<Alias>,
    /// Whether something in the file is wrong: what then seems to be missing may only be misspelt.
    pub misread: bool,
    /// Where values stand in the file, for messages.
    pub spans: RecordSpans,
}

/// Where some values of a record stand in its file.
#[derive(Debug, Clone, Default)]
pub struct RecordSpans {
    /// Of `sha256`.
    pub sha256: Option<Span>,
    /// Of `encoding`.
    pub encoding: Option<Span>,
    /// Of `blocks`.
    pub blocks: Option<Span>,
    /// Of each entry of `was`.
    pub was: Vec<Span>,
    /// Of `aliases`.
    pub aliases: Option<Span>,
}

/// Numbers that blocks had in an earlier edition, and where their words are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// First and last number then.
    pub was: (u32, u32),
    /// First and last number now: as many, or one for all.
    pub now: (u32, u32),
    /// Where `now` stands in the file.
    pub span: Span,
}

impl Alias {
    /// Each number then with the number now.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let Self { was, now, .. } = *self;
        (was.0..=was.1)
            .map(move |number| (number, if now.0 == now.1 { now.0 } else { now.0 + number - was.0 }))
    }
}

/// The title of many texts, with keys of their records in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitlePattern {
    /// As it is written.
    pub text: String,
    /// Where it stands in its file.
    pub span: Span,
}

impl TitlePattern {
    /// The names in braces.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
    }
}

impl Record {
    /// Takes what it does not say itself from what its folder says of all texts.
    fn inherit(&mut self, defaults: &Self) {
        fn either<T: Clone>(own: &mut Option<T>, other: &Option<T>) {
            if own.is_none() {
                own.clone_from(other);
            }
        }
        fn any<T: Clone>(own: &mut Vec<T>, other: &[T]) {
            if own.is_empty() {
                own.extend_from_slice(other);
            }
        }
        fn both<T: Clone>(own: &mut Vec<(String, T)>, other: &[(String, T)]) {
            let more = other.iter().filter(|(key, _)| own.iter().all(|(known, _)| known != key));
            let more: Vec<_> = more.cloned().collect();
            own.extend(more);
        }
        if self.title.is_none() {
            either(&mut self.title_pattern, &defaults.title_pattern);
        }
        if self.date.is_none() && self.date_shown.is_none() {
            self.date_shown.clone_from(&defaults.date_shown);
        }
        either(&mut self.short, &defaults.short);
        either(&mut self.date, &defaults.date);
        either(&mut self.kind, &defaults.kind);
        either(&mut self.house, &defaults.house);
        either(&mut self.origin, &defaults.origin);
        // The address is that of these terms and of no others.
        if self.rights.is_none() {
            either(&mut self.rights_url, &defaults.rights_url);
        }
        either(&mut self.rights, &defaults.rights);
        either(&mut self.number, &defaults.number);
        either(&mut self.summary, &defaults.summary);
        either(&mut self.lang, &defaults.lang);
        either(&mut self.layout, &defaults.layout);
        if self.layout != Some(Layout::Lines) {
            either(&mut self.block_start, &defaults.block_start);
        }
        either(&mut self.encoding, &defaults.encoding);
        any(&mut self.authors, &defaults.authors);
        any(&mut self.recipients, &defaults.recipients);
        any(&mut self.people, &defaults.people);
        any(&mut self.places, &defaults.places);
        any(&mut self.unknown, &defaults.unknown);
        both(&mut self.refs, &defaults.refs);
        both(&mut self.meta, &defaults.meta);
    }

    /// Who had a part in it: who wrote it, whom it was written to, and others.
    pub fn parts(&self) -> impl Iterator<Item = &Person> {
        self.authors.iter().chain(&self.recipients).chain(&self.people)
    }

    /// Every name of a person or place, which may be that of a term.
    pub fn named(&self) -> impl Iterator<Item = &Person> {
        self.parts().chain(&self.places)
    }

    /// The place of a value in the record's file; its first line if the value has no place.
    /// `None` without a file.
    pub fn place(&self, span: Option<Span>) -> Option<Place> {
        let file = self.file.as_ref()?;
        Some(span.map_or_else(|| file.start(), |span| file.place(span)))
    }
}

/// Where a raw text came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The collection or site.
    pub name: String,
    /// The page.
    pub url: Option<String>,
    /// When it was fetched.
    pub retrieved: Option<Date>,
}

/// Who had a part in a text, or where it was made.
#[derive(Debug, Clone)]
pub struct Person {
    /// As shown, or a slug of a term of kind person (place).
    pub name: String,
    /// The role held then.
    pub role: Option<String>,
    /// The file that says so.
    pub source: Arc<Source>,
    /// Where the name stands in it.
    pub span: Span,
}

impl Person {
    /// Whether the name has the form of a slug: then it is one.
    pub fn is_slug(&self) -> bool {
        name::is_slug(&self.name)
    }
}

/// A file that a text was derived from. It lies beside the text and is published as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its path from the root of the archive.
    pub path: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// What it is, as a media type.
    pub media_type: Option<String>,
    /// Which member or bytes of it the text is made from.
    pub part: Option<String>,
    /// Where its name stands in the record.
    pub span: Span,
}

/// What a line of plain text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Each non-empty line is a block.
    Lines,
    /// A block is a run of lines between empty lines.
    #[default]
    Wrapped,
    /// The same, and each line is a line of verse: its end and what stands before it are kept.
    Verse,
}

/// How a Markdown text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// All words of the file, with tables and footnotes.
    #[default]
    Now,
    /// All words of the file, as CommonMark alone: without tables, footnotes, definitions and tasks.
    CommonMark,
    /// Only those that a renderer of Markdown keeps, as before [`READS_ALL_WORDS_SINCE`]: numbers
    /// of blocks are those of this reading until the text is adopted.
    Older,
}

/// The longest summary, in characters.
const LONGEST_SUMMARY_CHARACTERS: usize = 1_000;

impl Reading {
    /// How Markdown was read before, the latest first.
    pub const BEFORE: [Self; 2] = [Self::CommonMark, Self::Older];
}

/// The version whose reading is [`Reading::Now`].
pub const READS_ALL_WORDS_SINCE: &str = "0.1.0";

/// The record of a text. (The comments are shown by editors that read schemas.)
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(rename = "RecordFile", deny_unknown_fields)]
struct File {
    /// The text's title.
    title: Option<String>,
    /// What lists and links call it, if the title is long.
    short: Option<String>,
    /// When the text was made.
    date: Option<Date>,
    /// What is shown in place of the date: the words of the source, such as `Lady Day 1676/7`.
    date_shown: Option<String>,
    /// What sort of text it is, in small letters: `written-answer`.
    kind: Option<Spanned<String>>,
    /// Which house or body it is of.
    house: Option<String>,
    /// Where the file came from.
    source: Option<SourceTable>,
    /// Under which terms the text may be used.
    rights: Option<String>,
    /// Where these terms are to be read: a full address.
    rights_url: Option<Spanned<String>>,
    /// References, such as `{ volume = "450", question = ["94668", "94675"] }`.
    refs: Option<Pairs<OneOrMany<Word>>>,
    /// Who wrote it: a name, a term of kind person, `{ name, role }`, or a list of these.
    author: Option<OneOrMany<Spanned<Entry>>>,
    /// Whom it was written to, as `author`.
    recipient: Option<OneOrMany<Spanned<Entry>>>,
    /// Who else had a part in it, as `author`.
    people: Option<OneOrMany<Spanned<Entry>>>,
    /// Where it was written or printed: a name, a term of kind place, or a list.
    place: Option<OneOrMany<Spanned<String>>>,
    /// Which one of its collection it is: a whole number, or words in quotes.
    number: Option<Word>,
    /// What it is about, as plain text of at most 1,000 characters.
    summary: Option<Spanned<String>>,
    /// The file that it was derived from, or a list of these.
    original: Option<OneOrMany<OriginalTable>>,
    /// What the derivation left out, and how often. `postil add` writes it.
    left_out: Option<Pairs<u64>>,
    /// What else is known of it: `{ printer = "A. Printer" }`.
    meta: Option<Pairs<String>>,
    /// What nobody knows about it, in words.
    unknown: Option<OneOrMany<String>>,
    /// Where what was said is heard or seen; times of the text lead into it.
    media: Option<Spanned<String>>,
    /// Its language, such as `en-GB`.
    lang: Option<Spanned<String>>,
    /// What a line of plain text is.
    layout: Option<Spanned<Layout>>,
    /// A block also begins at each line in which this regular expression is found.
    block_start: Option<Spanned<String>>,
    /// SHA-256 of the file: 64 digits.
    sha256: Option<Spanned<String>>,
    /// Encoding of the file, such as `windows-1252`; UTF-8 if nothing is said.
    encoding: Option<Spanned<String>>,
    /// How many blocks the text has.
    blocks: Option<Spanned<u32>>,
    /// Ids that it had before.
    was: Option<OneOrMany<Spanned<String>>>,
    /// Where the words of blocks of earlier editions are now: `{ was = "p5-p47", now = "p6-p48" }`.
    /// `postil adopt` writes it.
    aliases: Option<Spanned<Rows<AliasTable>>>,
}

/// What holds for all texts of a folder: the keys of a record that are not of one text.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "DefaultsOfRecords", deny_unknown_fields)]
pub(super) struct DefaultsTable {
    /// The title; a key of the record in braces stands for what the record says: `Account, {date}`.
    title: Option<Spanned<String>>,
    /// What lists and links call it, if the title is long.
    short: Option<String>,
    /// When the text was made.
    date: Option<Date>,
    /// What is shown in place of the date: the words of the source.
    date_shown: Option<String>,
    /// What sort of text it is, in small letters: `written-answer`.
    kind: Option<Spanned<String>>,
    /// Which house or body it is of.
    house: Option<String>,
    /// Where the file came from.
    source: Option<SourceTable>,
    /// Under which terms the text may be used.
    rights: Option<String>,
    /// Where these terms are to be read: a full address.
    rights_url: Option<Spanned<String>>,
    /// References, such as `{ volume = "450", question = ["94668", "94675"] }`.
    refs: Option<Pairs<OneOrMany<Word>>>,
    /// Who wrote it: a name, a term of kind person, `{ name, role }`, or a list of these.
    author: Option<OneOrMany<Spanned<Entry>>>,
    /// Whom it was written to, as `author`.
    recipient: Option<OneOrMany<Spanned<Entry>>>,
    /// Who else had a part in it, as `author`.
    people: Option<OneOrMany<Spanned<Entry>>>,
    /// Where it was written or printed: a name, a term of kind place, or a list.
    place: Option<OneOrMany<Spanned<String>>>,
    /// Which one of its collection it is: a whole number, or words in quotes.
    number: Option<Word>,
    /// What it is about, as plain text of at most 1,000 characters.
    summary: Option<Spanned<String>>,
    /// What else is known of it: `{ printer = "A. Printer" }`.
    meta: Option<Pairs<String>>,
    /// What nobody knows about it, in words.
    unknown: Option<OneOrMany<String>>,
    /// Its language, such as `en-GB`.
    lang: Option<Spanned<String>>,
    /// What a line of plain text is.
    layout: Option<Spanned<Layout>>,
    /// An expression: a block also begins at each line in which it is found. Not with `layout = "lines"`.
    block_start: Option<Spanned<String>>,
    /// Encoding of the file, such as `windows-1252`; UTF-8 if nothing is said.
    encoding: Option<Spanned<String>>,
}

/// Numbers that blocks had in an earlier edition.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct AliasTable {
    /// The blocks then: `p5`, or `p5-p47`.
    was: Spanned<String>,
    /// The blocks that have their words now, as many as those then, or one.
    now: Spanned<String>,
}

/// Where a file came from.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SourceTable {
    /// The collection or site.
    name: String,
    /// The page.
    url: Option<Spanned<String>>,
    /// When it was fetched.
    retrieved: Option<Date>,
}

/// Who had a part in a text.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PersonTable {
    /// A name as it is to be shown, or a term of kind person.
    name: Spanned<String>,
    /// The role they held then.
    role: Option<String>,
}

/// The same, or the name alone.
type Entry = WordsOr<PersonTable>;

/// A file that a text was derived from.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct OriginalTable {
    /// Its path below the folder of the text.
    file: Spanned<String>,
    /// SHA-256 of the file: 64 digits.
    sha256: Spanned<String>,
    /// What it is, as a media type: `application/tei+xml`.
    media_type: Option<String>,
    /// Which member or bytes of it: `text/chapter-1.xhtml`, `bytes 0-4711`.
    part: Option<String>,
}

/// What a record may hold, as JSON Schema.
pub fn schema() -> serde_json::Value {
    sidecar::schema::of::<File>()
}

/// Reads the records of all texts, in the texts' order, and checks their old
/// ids against each other.
pub fn parse_all(texts: &TiSlice<TextIx, TextFile>) -> Checked<TiVec<TextIx, Record>> {
    let mut problems = Vec::new();
    let mut folders = Folders::default();
    let records: TiVec<TextIx, Record> =
        texts.iter().map(|text| parse_with(text, &mut folders).take(&mut problems)).collect();
    let live: BTreeMap<&str, &str> = texts.iter().map(|text| (&*text.id, &*text.path)).collect();
    let old = records.iter().flat_map(|record| {
        let places = record.spans.was.iter().filter_map(|span| record.place(Some(*span)));
        record.was.iter().cloned().zip(places)
    });
    problems.extend(name::check_old(&live, old));
    Checked::new(records, problems)
}

/// What a folder says of all its texts.
pub(super) fn defaults(of: &Arc<Source>, table: DefaultsTable) -> Checked<Record> {
    let mut problems = Vec::new();
    let DefaultsTable {
        title,
        short,
        date,
        date_shown,
        kind,
        house,
        source,
        rights,
        rights_url,
        refs,
        author,
        recipient,
        people,
        place,
        number,
        summary,
        meta,
        unknown,
        lang,
        layout,
        block_start,
        encoding,
    } = table;
    let file = File {
        short,
        date,
        date_shown,
        kind,
        house,
        source,
        rights,
        rights_url,
        refs,
        author,
        recipient,
        people,
        place,
        number,
        summary,
        meta,
        unknown,
        lang,
        layout,
        block_start,
        encoding,
        ..File::default()
    };
    let title_pattern = title.filter(|title| !title.get_ref().trim().is_empty());
    let title_pattern =
        title_pattern.map(|title| TitlePattern { span: title.span().into(), text: title.into_inner() });
    let record = Reader { source: of, problems: &mut problems, format: Format::Plain }.record(file);
    // It is no record of a text: what is said of one has no place in it.
    Checked::new(Record { title_pattern, file: None, spans: RecordSpans::default(), ..record }, problems)
}

/// Reads the record of one text; a text without a record has what its folders say.
pub fn parse(text: &TextFile) -> Checked<Record> {
    parse_with(text, &mut Folders::default())
}

fn parse_with(text: &TextFile, folders: &mut Folders) -> Checked<Record> {
    let Checked { value: mut record, mut problems } = own(text);
    let (order, defaults) = folders.of(text);
    defaults.iter().for_each(|defaults| record.inherit(defaults));
    if let Some(source) = text.record.as_ref().filter(|_| !record.misread) {
        problems.extend(incomplete(&record, order == Order::Date, source));
    }
    Checked::new(record, problems)
}

/// What the record of a text says itself.
fn own(text: &TextFile) -> Checked<Record> {
    let Some(source) = &text.record else {
        let problem = Diagnostic::warning(
            Code::RECORD_INCOMPLETE,
            Place::file(text.path.clone()),
            "the text has no record: nobody can see what it is and where it came from",
        )
        .help(format!("write `content/{}.toml`, beginning with `title = \"…\"`", text.id));
        return Checked::new(Record::default(), vec![problem]);
    };
    let mut problems = Vec::new();
    let empty = || Record { file: Some(source.clone()), misread: true, ..Record::default() };
    let file = sidecar::read_file::<File>(source).take(&mut problems);
    let Some(file) = file else { return Checked::new(empty(), problems) };
    let record = Reader { source, problems: &mut problems, format: text.format }.record(file);
    if !problems.is_empty() {
        return Checked::new(Record { misread: true, ..record }, problems);
    }
    Checked::new(record, problems)
}

/// What a record lacks that a reader or a librarian wants to know. A text need not have a date where none is looked
/// for: among texts that are listed otherwise, such as the chapters of a book.
fn incomplete(record: &Record, by_date: bool, source: &Source) -> Option<Diagnostic> {
    let missing: Vec<&str> = [
        ("title", record.title.is_none() && record.title_pattern.is_none()),
        ("date", by_date && record.date.is_none() && record.date_shown.is_none()),
        ("kind", record.kind.is_none()),
        ("source", record.origin.is_none()),
        ("rights", record.rights.is_none()),
    ]
    .into_iter()
    .filter_map(|(key, missing)| missing.then_some(key))
    .collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!("the record does not say {}", sidecar::suggest::list(&missing));
    Some(Diagnostic::warning(Code::RECORD_INCOMPLETE, source.start(), message).help("add what is known"))
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: &'a mut Vec<Diagnostic>,
    format: Format,
}

impl Reader<'_> {
    fn record(&mut self, file: File) -> Record {
        let sha256 = self.good(
            file.sha256,
            is_sha256,
            (
                "`sha256` is not a SHA-256",
                "it is 64 digits, `0` to `9` and `a` to `f`; without the key, `postil check` tells it",
            ),
        );
        let kind = file.kind.filter(|kind| {
            let good = name::is_slug(kind.get_ref());
            let wrong = || name::not_a_slug("a kind", kind.get_ref(), self.source, kind.span().into());
            self.problems.extend((!good).then(wrong));
            good
        });
        let lang = self.good(
            file.lang,
            address::is_language,
            ("`lang` is not a language", "write a tag such as `en-GB`, `de` or `ar`"),
        );
        let layout = self.layout(file.layout);
        let was = file.was.unwrap_or_default().0;
        let aliases = file.aliases.as_ref().map(|aliases| Span::from(aliases.span()));
        let span = |value: &Spanned<String>| Span::from(value.span());
        Record {
            file: Some(self.source.clone()),
            title: non_empty(file.title),
            title_pattern: None,
            short: non_empty(file.short),
            date: file.date,
            date_shown: non_empty(file.date_shown),
            kind: kind.map(Spanned::into_inner),
            house: non_empty(file.house),
            origin: file.source.map(|table| self.origin(table)),
            rights: non_empty(file.rights),
            rights_url: file.rights_url.and_then(|url| self.web(url)),
            refs: refs(file.refs),
            authors: self.people(file.author),
            recipients: self.people(file.recipient),
            people: self.people(file.people),
            places: file.place.unwrap_or_default().0.into_iter().map(|it| self.person(it, None)).collect(),
            number: non_empty(file.number.map(|number| number.0)),
            summary: self.summary(file.summary),
            originals: file
                .original
                .unwrap_or_default()
                .0
                .into_iter()
                .filter_map(|it| self.original(it))
                .collect(),
            left_out: file.left_out.unwrap_or_default().0,
            meta: file.meta.unwrap_or_default().0,
            unknown: file
                .unknown
                .unwrap_or_default()
                .0
                .into_iter()
                .filter_map(|it| non_empty(Some(it)))
                .collect(),
            media: file.media.and_then(|media| self.web(media)),
            lang: lang.map(Spanned::into_inner),
            block_start: self.block_start(file.block_start, layout.as_ref()),
            layout: layout.map(Spanned::into_inner),
            misread: false,
            spans: RecordSpans {
                sha256: sha256.as_ref().map(span),
                encoding: file.encoding.as_ref().map(span),
                blocks: file.blocks.as_ref().map(|blocks| Span::from(blocks.span())),
                was: was.iter().map(span).collect(),
                aliases,
            },
            sha256: sha256.map(|sum| sum.into_inner().to_ascii_lowercase()),
            encoding: file.encoding.map(Spanned::into_inner),
            blocks: file.blocks.map(Spanned::into_inner),
            reading: Reading::default(),
            was: was.into_iter().map(Spanned::into_inner).collect(),
            aliases: self.aliases(file.aliases),
        }
    }

    /// `verse` says what line ends of plain text mean; Markdown says it itself.
    fn layout(&mut self, layout: Option<Spanned<Layout>>) -> Option<Spanned<Layout>> {
        let of_markdown = self.format == Format::Markdown;
        layout.filter(|layout| {
            let wrong = of_markdown && *layout.get_ref() == Layout::Verse;
            if wrong {
                let problem = Diagnostic::error(
                    Code::BAD_VALUE,
                    self.source.place(layout.span()),
                    "a Markdown text has no layout `verse`",
                );
                self.problems.push(problem.help(
                    "take the key out, and write rows of kind `verse` in the apparatus of the text for what is verse",
                ));
            }
            !wrong
        })
    }

    fn block_start(
        &mut self,
        text: Option<Spanned<String>>,
        layout: Option<&Spanned<Layout>>,
    ) -> Option<Expression> {
        let text = text?;
        let place = self.source.place(text.span());
        let lines = layout.is_some_and(|layout| *layout.get_ref() == Layout::Lines);
        if lines || self.format == Format::Markdown {
            let message = match lines {
                true => "with `layout = \"lines\"` each line is a block, so `block_start` says nothing",
                false => "a Markdown text has no `block_start`: its marks say where blocks begin",
            };
            let problem = Diagnostic::error(Code::BAD_VALUE, place, message);
            let help = "take `block_start` out, or let the layout of a plain text be `wrapped` or `verse`";
            self.problems.push(problem.help(help));
            return None;
        }
        match Expression::new(text.get_ref()) {
            Ok(expression) => Some(expression),
            Err(wrong) => {
                let problem = Diagnostic::error(Code::BAD_PATTERN, place, wrong.message);
                self.problems.push(problem.help(wrong.help));
                None
            }
        }
    }

    fn aliases(&mut self, rows: Option<Spanned<Rows<AliasTable>>>) -> Vec<Alias> {
        let mut out = Vec::new();
        for row in rows.map(|rows| rows.into_inner().0).unwrap_or_default() {
            let spans = [Span::from(row.was.span()), Span::from(row.now.span())];
            let wrong = match (blocks(row.was.get_ref()), blocks(row.now.get_ref())) {
                (Some(was), Some(now)) if now.0 == now.1 || now.1 - now.0 == was.1 - was.0 => {
                    out.push(Alias { was, now, span: spans[1] });
                    continue;
                }
                (Some(_), Some(_)) => (spans[1], "`now` is as many blocks as `was`, or one"),
                (None, _) => (spans[0], "`was` names no blocks"),
                (_, None) => (spans[1], "`now` names no blocks"),
            };
            let problem = Diagnostic::error(Code::BAD_VALUE, self.source.place(wrong.0), wrong.1);
            self.problems.push(problem.help("write blocks as `\"p59\"` or `\"p60-p62\"`"));
        }
        out
    }

    /// Keeps a good value; message and advice are for another.
    fn good(
        &mut self,
        value: Option<Spanned<String>>,
        is_good: impl Fn(&str) -> bool,
        (message, help): (&str, &str),
    ) -> Option<Spanned<String>> {
        let value = value?;
        if is_good(value.get_ref()) {
            return Some(value);
        }
        let place = self.source.place(value.span());
        self.problems.push(Diagnostic::error(Code::BAD_VALUE, place, message).help(help));
        None
    }

    /// An address of the web.
    fn web(&mut self, url: Spanned<String>) -> Option<String> {
        if !address::is_web(url.get_ref()) {
            self.problems.push(address::problem(self.source, &url));
            return None;
        }
        Some(url.into_inner())
    }

    fn people(&self, entries: Option<OneOrMany<Spanned<Entry>>>) -> Vec<Person> {
        let person = |entry: Spanned<Entry>| {
            let span = entry.span();
            match entry.into_inner() {
                WordsOr::Words(name) => {
                    Person { name, role: None, source: self.source.clone(), span: span.into() }
                }
                WordsOr::Table(table) => self.person(table.name, table.role),
            }
        };
        entries.unwrap_or_default().0.into_iter().map(person).collect()
    }

    fn person(&self, name: Spanned<String>, role: Option<String>) -> Person {
        let span = name.span().into();
        Person { name: name.into_inner(), role, source: self.source.clone(), span }
    }

    fn summary(&mut self, summary: Option<Spanned<String>>) -> Option<String> {
        let summary = summary?;
        let characters = summary.get_ref().chars().count();
        if characters > LONGEST_SUMMARY_CHARACTERS {
            let message =
                format!("`summary` has {characters} characters, and may have {LONGEST_SUMMARY_CHARACTERS}");
            let problem = Diagnostic::error(Code::BAD_VALUE, self.source.place(summary.span()), message);
            self.problems.push(problem.help("say it in fewer words"));
            return None;
        }
        non_empty(Some(summary.into_inner().split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    fn original(&mut self, table: OriginalTable) -> Option<Original> {
        let folder = self.source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = joined(folder, table.file.get_ref()).filter(|path| path.starts_with("content/"));
        let mut wrong = |at: &Spanned<String>, message: &str, help: &str| {
            let problem = Diagnostic::error(Code::BAD_VALUE, self.source.place(at.span()), message);
            self.problems.push(problem.help(help));
        };
        if path.is_none() {
            wrong(&table.file, "the original lies outside `content/`", "put the file beside the text");
        }
        let good = is_sha256(table.sha256.get_ref());
        if !good {
            wrong(&table.sha256, "`sha256` is not a SHA-256", "it is 64 digits, `0` to `9` and `a` to `f`");
        }
        Some(Original {
            path: path.filter(|_| good)?,
            sha256: table.sha256.get_ref().to_ascii_lowercase(),
            media_type: non_empty(table.media_type),
            part: non_empty(table.part),
            span: table.file.span().into(),
        })
    }

    fn origin(&mut self, table: SourceTable) -> Origin {
        let url = table.url.and_then(|url| self.web(url));
        Origin { name: table.name, url, retrieved: table.retrieved }
    }
}

/// `p5` or `p5-p47`: first and last number.
fn blocks(text: &str) -> Option<(u32, u32)> {
    let number = |part: &str| {
        let digits = part.strip_prefix('p').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok().filter(|number| *number > 0)
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    number(first).zip(number(last)).filter(|(first, last)| first <= last)
}

/// A path as it is from the root, written from a folder; none if it leads out or is none.
fn joined(folder: &str, written: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in written.split('/') {
        match part {
            "" => return None,
            "." => {}
            ".." => _ = parts.pop()?,
            _ if part.contains(['\\', '\0', ':']) => return None,
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn is_sha256(sum: &str) -> bool {
    sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit())
}

/// References as a record and a row of the structure have them: name and values.
pub fn refs(refs: Option<Pairs<OneOrMany<Word>>>) -> Vec<(String, Vec<String>)> {
    let refs = refs.unwrap_or_default().0.into_iter();
    refs.map(|(name, values)| (name, values.0.into_iter().map(|word| word.0).collect())).collect()
}

fn non_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_archive::archive::Format;

    fn text(id: &str, record: Option<&str>) -> TextFile {
        TextFile {
            id: id.into(),
            path: format!("content/{id}.txt").into(),
            format: Format::Plain,
            folders: Vec::new(),
            record: record.map(|toml| Arc::new(Source::new(format!("content/{id}.toml"), toml))),
        }
    }

    #[test]
    fn numbers_of_earlier_editions() {
        #[track_caller]
        fn pairs(rows: &str, expected: &[(u32, u32)]) {
            let record = parse(&text("a", Some(&format!("title = 'A'\naliases = [{rows}]\n"))));
            assert!(record.problems.iter().all(|p| p.code != Code::BAD_VALUE), "{:?}", record.problems);
            let found: Vec<_> = record.value.aliases.iter().flat_map(Alias::pairs).collect();
            assert_eq!(found, expected, "{rows}");
        }
        pairs("", &[]);
        pairs("{ was = 'p5', now = 'p6' }", &[(5, 6)]);
        pairs("{ was = 'p5-p7', now = 'p6-p8' }", &[(5, 6), (6, 7), (7, 8)]);
        pairs("{ was = 'p5-p6', now = 'p3' }, { was = 'p5', now = 'p9' }", &[(5, 3), (6, 3), (5, 9)]);
        #[track_caller]
        fn wrong(row: &str, expected: &str) {
            let record = parse(&text("a", Some(&format!("aliases = [{{ {row} }}]\n"))));
            let said: Vec<_> =
                record.problems.iter().map(|p| format!("{}: {}", p.place.column, p.message)).collect();
            assert_eq!(said[0], expected, "{row}");
        }
        wrong("was = 'p5-p7', now = 'p6-p7'", "35: `now` is as many blocks as `was`, or one");
        wrong("was = '5', now = 'p6'", "20: `was` names no blocks");
        wrong("was = 'p6-p5', now = 'p6'", "20: `was` names no blocks");
        wrong("was = 'p5', now = 'p0'", "32: `now` names no blocks");
        wrong("was = 'p5', now = 'L3'", "32: `now` names no blocks");
    }

    fn shown(problems: &[Diagnostic]) -> Vec<String> {
        problems.iter().map(|p| format!("{} {}: {}", p.place.line, p.code.name(), p.message)).collect()
    }

    fn check(toml: &str, expected: &[&str]) {
        assert_eq!(shown(&parse(&text("a", Some(toml))).problems), expected, "{toml}");
    }

    const COMPLETE: &str = "title = 'T'\ndate = 2006-10-24\nkind = 'written-answer'\nrights = 'R'\nsource = { name = 'S' }\nsha256 = '0000000000000000000000000000000000000000000000000000000000000ABC'\n";

    #[test]
    fn a_record_is_read() {
        let toml = format!(
            "{COMPLETE}refs = {{ volume = '450', question = ['94668', 94675], asked = 2019-03-14 }}\npeople = [{{ name = 'mark-harper', role = 'Minister' }}]\nunknown = 'who asked'\nlayout = 'lines'\nlang = 'en-GB'\nwas = 'old'\n"
        );
        let checked = parse(&text("a", Some(&toml)));
        assert_eq!(shown(&checked.problems), [""; 0]);
        let record = checked.value;
        assert_eq!(record.title.as_deref(), Some("T"));
        assert_eq!(record.date.map(|d| d.to_string()).as_deref(), Some("2006-10-24"));
        assert_eq!(record.layout, Some(Layout::Lines));
        assert!(record.sha256.is_some_and(|sum| sum.ends_with("0abc")));
        assert_eq!(record.refs[1], ("question".to_owned(), vec!["94668".to_owned(), "94675".to_owned()]));
        assert_eq!(record.refs[2], ("asked".to_owned(), vec!["2019-03-14".to_owned()]));
        assert_eq!(record.people[0].role.as_deref(), Some("Minister"));
        assert_eq!(record.unknown, ["who asked"]);
        assert_eq!(record.was, ["old"]);
        assert_eq!(&toml[record.spans.sha256.expect("it is there").range()].len(), &66);
    }

    #[test]
    fn what_is_missing_is_said() {
        check(
            "",
            &["1 record-incomplete: the record does not say `title`, `date`, `kind`, `source`, `rights`"],
        );
        // Words in place of a date say what there is to say.
        check(&COMPLETE.replace("date = 2006-10-24", "date_shown = 'undated'"), &[]);
        check(COMPLETE, &[]);
        let checked = parse(&text("a", None));
        assert_eq!(
            shown(&checked.problems),
            ["1 record-incomplete: the text has no record: nobody can see what it is and where it came from"]
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let with = |toml: &str| format!("{COMPLETE}{toml}");
        check(&with("lang = 'de_DE'"), &["7 bad-value: `lang` is not a language"]);
        check(&with("layout = 'line'"), &["7 bad-value: `layout` cannot be `line`"]);
        check(&with("pepole = []"), &["7 unknown-key: unknown key `pepole`"]);
        check(
            &COMPLETE.replace("'written-answer'", "'Written answer'"),
            &["3 bad-value: a kind is written in small letters, digits and `-`"],
        );
        check(
            &COMPLETE.replace("name = 'S'", "name = 'S', url = 'javascript:x'"),
            &["5 bad-address: this is not an address of the web"],
        );
        check(&with("rights_url = 'terms.html'"), &["7 bad-address: this is not an address of the web"]);
        check(&COMPLETE.replace("0ABC", "0AB"), &["6 bad-value: `sha256` is not a SHA-256"]);
        check("date = 2006-10", &["1 toml-syntax: not valid TOML: `2006-10` is not a date"]);
    }

    #[test]
    fn old_ids_are_not_taken() {
        let with = |was: &str| format!("{COMPLETE}was = {was}");
        let texts = [text("a", Some(&with("['b', 'c']"))), text("b", Some(&with("'c'")))];
        assert_eq!(
            shown(&parse_all(&TiVec::from(Vec::from(texts))).problems),
            ["7 was-taken: `b` is not an old name: it exists", "7 was-taken: `c` stands in `was` twice"]
        );
    }
}
