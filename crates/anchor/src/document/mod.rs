//! PARSE: a raw text becomes blocks and visible text.
//!
//! Comes in: the bytes of a raw text and its record ([`record`]). Goes out: a
//! [`Document`]. Steps of [`parse`]: compare with the checksum of the record,
//! decode (`decode.rs`), cut into blocks, as plain text (`plain.rs`) or as
//! CommonMark (`markdown.rs`).
//!
//! This room knows no annotations: hidden or joined blocks are blocks here.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};

pub mod collection;
mod decode;
mod ends;
pub mod expression;
pub mod front_matter;
pub mod lines;
mod markdown;
mod plain;
pub mod record;
pub mod seen;
mod stream;

pub use ends::{only_ends_differ, recorded_ends};

use lines::Cells;
use plain::Cuts;
use postil_archive::archive::Format;
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Place, Source, Span};
use postil_archive::index::{BlockIx, InlineIx};
use record::{Layout, READS_ALL_WORDS_SINCE, Reading, Record};
use stream::Stream;
use typed_index_collections::TiVec;

/// One raw text, parsed into blocks.
#[derive(Debug)]
pub struct Document {
    /// The text's id: its path below `content/` without the ending.
    pub id: Arc<str>,
    /// The decoded file (a byte order mark dropped), with its lines; the raw
    /// text as an editor shows it. `Span`s of blocks are bytes of this.
    pub source: Source,
    /// Its language, if the record says it.
    pub lang: Option<String>,
    /// How it is cut into blocks; none for Markdown.
    pub layout: Option<Layout>,
    /// The visible text of all blocks in raw order, joined by one `\n`: the
    /// raw stream, unfolded. Every [`TextRange`] is bytes of this.
    pub visible: String,
    /// The blocks, in raw order; `blocks[i].number == i + 1`. Never empty: a
    /// text without words is an error.
    pub blocks: TiVec<BlockIx, Block>,
    /// Inline elements of Markdown texts, outer before inner, in order of their
    /// start; they nest and do not leave their block. Empty for plain text.
    pub inlines: TiVec<InlineIx, Inline>,
    /// Where the visible text comes from: (byte in `visible`, byte in
    /// `source.text`), one for each jump, sorted; between two, both run on
    /// alike.
    pub origins: Vec<(usize, usize)>,
    /// The rows of each table of a Markdown text, by the number of its block.
    pub tables: BTreeMap<u32, Vec<Cells>>,
    /// Where a Markdown text refers to a footnote, and to which, sorted: the number is no word of the text.
    pub marks: Vec<(usize, u32)>,
    /// The pictures of a Markdown text, sorted by place: each stands before its description.
    pub pictures: Vec<Picture>,
    /// What of the file is not in the visible text although it holds letters or digits, in the
    /// order of the file. Everything else that does is, once and in order. Empty for plain text.
    pub unseen: Vec<Unseen>,
    /// Whether the first block is what a Markdown text says of itself: it is folded away, as furniture is.
    pub has_front_matter: bool,
    /// Words of the visible text (runs of non-space characters with a letter or digit).
    pub words: usize,
}

/// A stretch of a document's visible text, in bytes.
///
/// Not a [`Span`], which is bytes of a file: two types, so that one is never
/// taken for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TextRange {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl TextRange {
    /// From first byte to one past the last.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// As a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether no byte is in it.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The part that is in both, possibly empty.
    #[must_use]
    pub fn meet(self, other: Self) -> Self {
        let start = self.start.max(other.start);
        Self { start, end: self.end.min(other.end).max(start) }
    }

    /// Whether all of `other` is in this.
    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A leaf block: a paragraph, heading, line, code block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// From 1, in raw order; the permalink is `#p` and this.
    pub number: u32,
    /// Its visible text.
    pub text: TextRange,
    /// Its bytes in the file.
    pub span: Span,
    /// First and last line in the file, from 1.
    pub lines: (u32, u32),
    /// What it is.
    pub kind: BlockKind,
    /// The containers around it, outermost first. Always empty for plain text.
    pub containers: Vec<Container>,
}

/// What a block is. Plain text has only paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph or line.
    Paragraph,
    /// A heading of level 1 to 6 (Markdown only; those of plain text come from the apparatus).
    Heading(u8),
    /// A code block, with the label on its fence.
    Code,
    /// A thematic break; its visible text is empty.
    Rule,
    /// A table: its rows are lines, its cells divided by tabs.
    Table,
}

/// A container of CommonMark. Two blocks are in the same one if `id` is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Unique within the document.
    pub id: u32,
    /// What it is.
    pub kind: ContainerKind,
}

/// What a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerKind {
    /// A block quotation.
    Quote,
    /// A bulleted list.
    Bullets,
    /// A numbered list.
    Numbers,
    /// An item of a list, with its number if it has one, which may be any.
    Item(Option<u32>),
    /// A list of terms and their definitions.
    Definitions,
    /// A term of it.
    Term,
    /// A definition of it.
    Definition,
    /// A footnote, with its number; one that nothing refers to has none.
    Footnote(Option<u32>),
}

/// A picture of a Markdown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it stands in the visible text.
    pub at: usize,
    /// Its address, as written.
    pub address: String,
}

/// An inline element of a Markdown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    /// What it covers; images and line breaks cover what stands for them in the visible text.
    pub text: TextRange,
    /// What it is.
    pub kind: InlineKind,
}

/// What an inline element is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InlineKind {
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Code.
    Code,
    /// A link with its address, as written.
    Link(String),
    /// A hard line break: covers the `\n` in the visible text.
    Break,
    /// The number of a list item, with the sign behind it, before the words of the item's first block.
    Number,
    /// What stands behind the fence of a code block: its first line.
    Label,
    /// The title of a link or picture, with the marks around it, behind its words.
    Title,
    /// The description of a picture, behind it.
    Description,
    /// Struck-out words.
    Struck,
}

/// A stretch of the file that is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unseen {
    /// Its bytes.
    pub span: Span,
    /// Why it need not be shown. That it is of this kind is for `proof` to see.
    pub kind: UnseenKind,
}

/// What need not be shown. A list, so that nothing is left out for any other reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnseenKind {
    /// Where a link, a picture or a definition that is used leads.
    Destination,
    /// The label of such a definition, there and where it is used.
    Label,
    /// Letters that stand for a character, which is shown.
    Entity,
    /// The label of a footnote, there and where it is referred to: it is shown as a number.
    Footnote,
    /// The mark of a task that is done, for which a sign is shown.
    Task,
}

/// What cutting a text into blocks gives.
#[derive(Debug, Default)]
struct Parts {
    stream: Stream,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    unseen: Vec<Unseen>,
    tables: BTreeMap<u32, Vec<Cells>>,
    marks: Vec<(usize, u32)>,
    pictures: Vec<Picture>,
    /// What stands where front matter does: it is the first block, or why it is text like other.
    front_matter: Option<Result<(), (usize, String)>>,
}

/// Parses a raw text.
///
/// Gives no document when its numbers could not be relied on: the bytes are not
/// those of the record's checksum, they cannot be decoded, or there are no words.
/// Whether the file is too large is for the caller to say, before it reads it.
pub fn parse(
    id: Arc<str>,
    path: Arc<str>,
    bytes: &[u8],
    format: Format,
    record: &Record,
) -> Checked<Option<Document>> {
    let mut problems = Vec::new();
    if let Some(problem) = changed_bytes(&path, bytes, record) {
        // The words and the numbers are those of the record: what else is wrong can be told.
        if problem.code != Code::LINE_ENDS_CHANGED {
            return Checked::new(None, vec![problem]);
        }
        problems.push(problem);
    }
    let Some(text) = decode::decode(&path, bytes, record).take(&mut problems) else {
        return Checked::new(None, problems);
    };
    let source = Source::new(path, text);
    if format == Format::Plain && record.layout.is_none() && !record.misread {
        problems.push(layout_missing(&source, record));
    }
    problems.extend(source.direction_overrides());
    let parts = match format {
        Format::Plain => plain::parse(&source.text, cuts(record)),
        Format::Markdown => markdown::parse(&source, record.reading),
    };
    let changed = changed_blocks(parts.blocks.len(), &source, format, record);
    if let Some(problem) = changed.or_else(|| empty(&parts, &source)) {
        problems.push(problem);
        return Checked::new(None, problems);
    }
    if let Some(Err((at, why))) = &parts.front_matter {
        problems.push(no_front_matter(&source, *at, why));
    }
    problems.extend(unchecked(bytes, record));
    problems.extend(astray(parts.blocks.len(), record));
    let words = count_words(&parts.stream.visible);
    let Parts {
        stream: Stream { visible, origins },
        blocks,
        inlines,
        unseen,
        tables,
        marks,
        pictures,
        front_matter,
    } = parts;
    let layout = (format == Format::Plain).then(|| record.layout.unwrap_or_default());
    let document = Document {
        id,
        source,
        lang: record.lang.clone(),
        layout,
        visible,
        blocks: blocks.into(),
        inlines: inlines.into(),
        origins,
        tables,
        marks,
        pictures,
        unseen,
        has_front_matter: front_matter.is_some_and(|found| found.is_ok()),
        words,
    };
    Checked::new(Some(document), problems)
}

fn no_front_matter(source: &Source, at: usize, why: &str) -> Diagnostic {
    let message = format!("what stands at the beginning of the text is no front matter: {why}");
    Diagnostic::warning(Code::FRONT_MATTER, source.place(at..at), message)
        .help("it is shown as the text that it is; what the text says of itself can be said in its record")
}

/// The SHA-256 of a raw text, as records have it: lower-case hex.
pub fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn changed_bytes(path: &Arc<str>, bytes: &[u8], record: &Record) -> Option<Diagnostic> {
    let expected = record.sha256.as_deref()?;
    let found = checksum(bytes);
    if found == expected {
        return None;
    }
    let place = record.place(record.spans.sha256).unwrap_or_else(|| Place::file(path.clone()));
    let said = |problem: Diagnostic| {
        let problem = problem.label(format!("the record says {expected}"));
        problem.related(Place::file(path.clone()), format!("the file has {found}"))
    };
    if let Some(ends) = recorded_ends(bytes, expected) {
        let message =
            format!("only the line ends of `{path}` are not those of this record, which are {ends}");
        let again = match ends {
            "LF" => format!(
                "then take it out of git anew: `git rm --cached {path}` and `git checkout HEAD -- {path}`"
            ),
            _ => "then put the raw text back as it came, and commit it".to_owned(),
        };
        let problem = said(Diagnostic::error(Code::LINE_ENDS_CHANGED, place, message));
        return Some(problem.help(KEEP_ENDS).help(again));
    }
    Some(
        said(Diagnostic::error(Code::TEXT_CHANGED, place, format!("`{path}` is not the text of this record")))
            .help("put the raw text back as it was; if nobody changed it, git may have changed its line ends")
            .help("if it was replaced on purpose, run `postil adopt` for this text: it follows the notes, and writes the new sum"),
    )
}

/// What keeps git from changing raw texts.
pub const KEEP_ENDS: &str = "git changes line ends on some machines: put the line `/content/** -text` into `.gitattributes` beside `postil.toml`";

/// A record without a checksum, and the checksum that belongs there.
fn unchecked(bytes: &[u8], record: &Record) -> Option<Diagnostic> {
    let file = record.file.as_ref().filter(|_| record.sha256.is_none() && !record.misread)?;
    let message = "the record has no `sha256`: nobody can tell whether the text was altered";
    Some(Diagnostic::warning(Code::CHECKSUM_MISSING, file.start(), message).help(format!(
        "if the text is as it came, run `postil adopt`, or add `sha256 = \"{}\"`",
        checksum(bytes)
    )))
}

/// Aliases that lead to no block.
fn astray(blocks: usize, record: &Record) -> Vec<Diagnostic> {
    let aliases = record.aliases.iter().filter(|alias| alias.now.1 as usize > blocks);
    let problem = |alias: &record::Alias| {
        let message = format!("the text has no block p{}", alias.now.1);
        let help = "`postil adopt` writes where the blocks of an earlier edition went; `postil blocks` lists those of this one";
        Some(Diagnostic::error(Code::UNKNOWN_BLOCK, record.place(Some(alias.span))?, message).help(help))
    };
    aliases.filter_map(problem).collect()
}

/// A changed `layout` or `encoding` moves the numbers of blocks although the
/// bytes are the same, and so does a version that reads more of them; the count
/// that the record keeps gives it away.
fn changed_blocks(found: usize, source: &Source, format: Format, record: &Record) -> Option<Diagnostic> {
    let expected = record.blocks.map(u64::from)?;
    let place = record.place(record.spans.blocks)?;
    if expected == found as u64 {
        return None;
    }
    let problem = Diagnostic::error(
        Code::TEXT_CHANGED,
        place,
        format!("the text has {found} blocks, the record says {expected}"),
    );
    let reads = |reading: &Reading| markdown::parse(source, *reading).blocks.len() as u64 == expected;
    let before = (format == Format::Markdown).then(|| Reading::BEFORE.into_iter().find(reads)).flatten();
    Some(if let Some(before) = before {
        let since = match before {
            Reading::CommonMark => {
                "the text is the same: postil reads tables, footnotes and front matter since"
            }
            _ => {
                "the text is the same: postil now shows words of it that it left out, such as definitions that nothing uses, as blocks of their own"
            }
        };
        problem
            .label(format!("as postil read it before version {READS_ALL_WORDS_SINCE}"))
            .help(since)
            .help("run `postil adopt` for this text: it follows the notes, and writes the new number")
    } else {
        problem
            .help("put `layout` and `encoding` back as they were")
            .help("if they were changed on purpose, run `postil adopt` for this text: it follows the notes, and writes the new number")
    })
}

fn empty(parts: &Parts, source: &Source) -> Option<Diagnostic> {
    parts.stream.visible.trim().is_empty().then(|| {
        Diagnostic::error(Code::TEXT_EMPTY, source.start(), "the text has no words")
            .help("put the text into the file, or remove the file")
    })
}

fn cuts(record: &Record) -> Cuts<'_> {
    Cuts { layout: record.layout.unwrap_or_default(), block_start: record.block_start.as_ref() }
}

fn layout_missing(source: &Source, record: &Record) -> Diagnostic {
    let place = record.file.as_ref().map_or_else(|| source.start(), |file| file.start());
    let count = |layout| plain::count(&source.text, Cuts { layout, ..cuts(record) });
    let (lines, wrapped) = (count(Layout::Lines), count(Layout::Wrapped));
    Diagnostic::warning(Code::LAYOUT_MISSING, place, format!("no `layout` for `{}`", source.path))
        .help(format!("`layout = \"lines\"`: each line is a block, {lines} in all"))
        .help(format!(
            "`layout = \"wrapped\"`: lines up to an empty line are a block, {wrapped} in all; taken now"
        ))
}

/// Counts runs of non-space characters that hold a letter or digit.
fn count_words(text: &str) -> usize {
    let mut words = 0;
    let mut counted = false;
    for c in text.chars() {
        if c.is_whitespace() {
            counted = false;
        } else if !counted && c.is_alphanumeric() {
            counted = true;
            words += 1;
        }
    }
    words
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Document {
    /// The visible text of a range.
    pub fn words(&self, range: TextRange) -> &str {
        &self.visible[range.range()]
    }

    /// The block that holds a byte of the visible text (the newline between two belongs to the first).
    pub fn block_at(&self, at: usize) -> &Block {
        let next = self.blocks.partition_point(|b| b.text.start <= at);
        &self.blocks[next.before().unwrap_or(next)]
    }

    /// The block of this number.
    pub fn block(&self, number: u32) -> Option<&Block> {
        self.blocks.get(BlockIx::of_number(number)?)
    }

    /// The visible text of the blocks from one number to another, which are there.
    pub fn whole(&self, first: u32, last: u32) -> TextRange {
        let run = self.run(first, last);
        TextRange::new(run[0].text.start, run[run.len() - 1].text.end)
    }

    /// The blocks from one number to another, which are there.
    pub fn run(&self, first: u32, last: u32) -> &[Block] {
        &self.blocks.raw[first as usize - 1..last as usize]
    }

    /// The byte of the file that a byte of the visible text comes from.
    pub fn origin(&self, at: usize) -> usize {
        let i = self.origins.partition_point(|&(visible, _)| visible <= at);
        match i.checked_sub(1).map(|i| self.origins[i]) {
            Some((visible, file)) => file + (at - visible),
            None => 0,
        }
    }

    /// The byte of the visible text that a byte of the file has become, or the next that there is.
    pub fn visible_at(&self, file: usize) -> usize {
        let i = self.origins.partition_point(|&(_, from)| from <= file);
        let next = self.origins.get(i).map_or(self.visible.len(), |&(visible, _)| visible);
        let before = i.checked_sub(1).map(|i| self.origins[i]);
        before.map_or(next, |(visible, from)| (visible + (file - from)).min(next))
    }

    /// The place of a range in the raw file.
    pub fn place(&self, range: TextRange) -> Place {
        let end = if range.is_empty() { self.origin(range.start) } else { self.origin(range.end - 1) + 1 };
        self.source.place(Span { start: self.origin(range.start), end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(bytes: &[u8], format: Format, record: &Record) -> Checked<Option<Document>> {
        parse(Arc::from("a"), Arc::from("content/a.txt"), bytes, format, record)
    }

    pub(super) fn markdown(text: &str) -> Document {
        run(text.as_bytes(), Format::Markdown, &Record::default()).value.expect("it has words")
    }

    fn plain(text: &str, layout: Layout) -> Document {
        let record = Record { layout: Some(layout), ..Record::default() };
        run(text.as_bytes(), Format::Plain, &record).value.expect("it has words")
    }

    fn codes(checked: &Checked<Option<Document>>) -> Vec<Code> {
        checked.problems.iter().map(|p| p.code).collect()
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_text() {
        let record = Record { layout: Some(Layout::Lines), ..Record::default() };
        let checked = run(b"\xef\xbb\xbfa", Format::Plain, &record);
        assert_eq!(codes(&checked), [Code::BYTE_ORDER_MARK]);
        assert_eq!(checked.value.expect("it can be decoded").visible, "a");
    }

    #[test]
    fn a_missing_layout_is_said_with_both_counts() {
        let checked = run(b"a\nb\n\nc", Format::Plain, &Record::default());
        assert_eq!(codes(&checked), [Code::LAYOUT_MISSING]);
        assert!(checked.problems[0].help[0].contains("3 in all"), "{:?}", checked.problems);
        assert!(checked.problems[0].help[1].contains("2 in all"), "{:?}", checked.problems);
        assert_eq!(checked.value.expect("it has words").blocks.len(), 2);
        assert!(codes(&run(b"a", Format::Markdown, &Record::default())).is_empty());
    }

    #[test]
    fn a_real_text_has_other_blocks_in_another_layout() {
        let text = include_str!("../../../../content/commons/2004-03-09-child-trafficking.txt");
        assert_eq!(plain(text, Layout::Lines).blocks.len(), 17);
        assert_eq!(plain(text, Layout::Wrapped).blocks.len(), 15);
    }

    #[test]
    fn another_text_than_the_record_s_is_not_worked_through() {
        let record =
            Record { sha256: Some(checksum(b"a")), layout: Some(Layout::Lines), ..Record::default() };
        assert!(run(b"a", Format::Plain, &record).value.is_some());
        let checked = run(b"b", Format::Plain, &record);
        assert!(checked.value.is_none());
        assert_eq!(codes(&checked), [Code::TEXT_CHANGED]);
        assert_eq!(checked.problems[0].label, format!("the record says {}", checksum(b"a")));
        assert_eq!(checked.problems[0].related[0].1, format!("the file has {}", checksum(b"b")));
    }

    #[test]
    fn a_text_with_other_line_ends_is_worked_through_and_told() {
        let check = |recorded: &[u8], found: &[u8], format, expected: &[Code]| {
            let sum = Some(checksum(recorded));
            let record = Record { sha256: sum, layout: Some(Layout::Wrapped), ..Record::default() };
            let checked = run(found, format, &record);
            assert_eq!(codes(&checked), expected, "{recorded:?} {found:?}");
            if expected == [Code::LINE_ENDS_CHANGED] {
                let (now, then) = (checked.value.unwrap(), run(recorded, format, &record).value.unwrap());
                assert_eq!(now.visible, then.visible);
                assert_eq!(now.blocks.len(), then.blocks.len());
            }
        };
        let ends = [Code::LINE_ENDS_CHANGED];
        for format in [Format::Plain, Format::Markdown] {
            check(b"One.\n\nTwo.\n", b"One.\r\n\r\nTwo.\r\n", format, &ends);
            check(b"One.\r\n\r\nTwo.\r\n", b"One.\n\nTwo.\n", format, &ends);
        }
        check(b"One.\n\nTwo.\n", b"One.\r\n\nTwo.\n", Format::Plain, &ends);
        check(b"One.\r\rTwo.", b"One.\n\nTwo.", Format::Plain, &ends);
        check(b"One.\n\nTwo.\n", b"One.\r\n\r\nTwo!\r\n", Format::Plain, &[Code::TEXT_CHANGED]);
        // Nobody can tell which of its line ends a mixed text had.
        check(b"One.\r\n\nTwo.\n", b"One.\n\nTwo.\n", Format::Plain, &[Code::TEXT_CHANGED]);
    }

    #[test]
    fn another_layout_than_before_is_a_changed_text() {
        let file = Arc::new(Source::new("content/a.toml", "blocks = 2"));
        let mut record = Record { file: Some(file), layout: Some(Layout::Lines), ..Record::default() };
        record.blocks = Some(2);
        record.spans.blocks = Some(Span { start: 9, end: 10 });
        assert!(run(b"a\nb", Format::Plain, &record).value.is_some());
        record.layout = Some(Layout::Wrapped);
        assert_eq!(codes(&run(b"a\nb", Format::Plain, &record)), [Code::TEXT_CHANGED]);
    }

    #[test]
    fn a_text_without_words_is_an_error() {
        let record = Record { layout: Some(Layout::Lines), ..Record::default() };
        assert_eq!(codes(&run(b" \n\x0c", Format::Plain, &record)), [Code::TEXT_EMPTY]);
        assert_eq!(codes(&run(b"---", Format::Markdown, &Record::default())), [Code::TEXT_EMPTY]);
    }

    #[test]
    fn places_are_those_of_the_file() {
        let document = plain("\r\n  a\r\nb c\r\n", Layout::Wrapped);
        assert_eq!(document.visible, "a\nb c");
        let place = document.place(TextRange::new(4, 5));
        assert_eq!((place.line, place.column), (3, 3));
        let place = document.place(TextRange::new(0, 1));
        assert_eq!((place.line, place.column), (2, 3));
    }

    #[test]
    fn words_are_counted() {
        let check = |text, expected| assert_eq!(count_words(text), expected, "{text:?}");
        check("", 0);
        check("a b\nc", 3);
        check("well-being isn\u{2019}t \u{2013} 4,000 **", 3);
        check("\u{a0}\u{653f}\u{5e9c} \u{e9}", 2);
    }
}
