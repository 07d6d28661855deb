//! CommonMark to blocks.
//!
//! A block is a leaf block: paragraph, heading, code block, HTML block, rule, table.
//! Beyond CommonMark there are tables, footnotes, struck-out words, lists of definitions
//! and of tasks, as forges have them; no smart punctuation. HTML is shown as it is written, images by their alternative text,
//! entities and escapes as the characters they stand for.
//!
//! A parser of Markdown keeps what a renderer needs, which is less than a file
//! says. So this reader goes along the bytes: each letter and digit comes out
//! of an event, or is set down as not shown ([`Unseen`]), or is shown as it is
//! written. `proof` compares what comes of it with the file.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use memchr::memchr_iter;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::front_matter::{self, FrontMatter};
use super::lines::{Cell, Cells};
use super::record::Reading;
use super::stream::{self, Stream};
use super::{
    Block, BlockKind, Container, ContainerKind, Inline, InlineKind, Parts, Picture, TextRange, Unseen,
    UnseenKind,
};
use definition::{Definition, Reference};
use postil_archive::diagnostic::{Source, Span};

mod definition;

/// What a reading knows of Markdown.
const fn options(reading: Reading) -> Options {
    match reading {
        Reading::Now => Options::ENABLE_TABLES
            .union(Options::ENABLE_FOOTNOTES)
            .union(Options::ENABLE_STRIKETHROUGH)
            .union(Options::ENABLE_TASKLISTS)
            .union(Options::ENABLE_DEFINITION_LIST),
        Reading::CommonMark | Reading::Older => Options::empty(),
    }
}

/// Cuts a Markdown text into blocks.
pub(super) fn parse(source: &Source, reading: Reading) -> Parts {
    let (text, definitions) = match reading {
        Reading::Older => (Cow::Borrowed(source.text.as_str()), Vec::new()),
        Reading::Now | Reading::CommonMark => {
            let text = with_line_feeds(&source.text);
            let definitions = definition::used(&text, options(reading));
            (text, definitions)
        }
    };
    let found = if reading == Reading::Now { front_matter::find(&text) } else { Ok(None) };
    // The parser is not to see it; each byte stays where it is.
    let text = match &found {
        Ok(Some(found)) => Cow::Owned(without(&text, found.span.clone())),
        _ => text,
    };
    let options = options(reading);
    let mut reader = Reader {
        source,
        text: &text,
        reading,
        parts: Parts { stream: Stream::with_capacity(text.len()), ..Parts::default() },
        definitions,
        containers: Vec::new(),
        container_count: 0,
        numbers: Vec::new(),
        open: None,
        open_inlines: Vec::new(),
        settled: 0,
        footnotes: Footnotes::new(&text, options),
        cells: Vec::new(),
    };
    match found {
        Ok(Some(found)) => reader.front_matter(found),
        Ok(None) => {}
        Err(mistake) => reader.parts.front_matter = Some(Err(mistake)),
    }
    let mut events = Parser::new_ext(&text, options).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let is_link = match definition::reference(&text, &events, &event, &range) {
            Reference::None => true,
            Reference::To(definition) => reader.is_used(&definition),
            Reference::Mistaken => reading == Reading::Older,
        };
        reader.event(event, range, is_link);
    }
    reader.edge(text.len());
    let mut parts = reader.parts;
    parts.inlines.retain(|inline| !inline.text.is_empty());
    parts
}

/// The text with a line feed for each carriage return that alone ends a line: not all of the parser
/// takes it for one. Each byte stays where it is.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let ends_line = |&at: &usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    let mut lone = memchr_iter(b'\r', text.as_bytes()).filter(ends_line).peekable();
    if lone.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for at in lone {
        out.push_str(&text[out.len()..at]);
        out.push('\n');
    }
    out.push_str(&text[out.len()..]);
    Cow::Owned(out)
}

/// The text with blanks in place of a stretch.
fn without(text: &str, stretch: Range<usize>) -> String {
    let blanks = text[stretch.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
    text[..stretch.start].chars().chain(blanks).chain(text[stretch.end..].chars()).collect()
}

struct Reader<'a> {
    source: &'a Source,
    /// The text as the parser has it: that of the source, but for ends of lines.
    text: &'a str,
    reading: Reading,
    parts: Parts,
    definitions: Vec<Definition>,
    containers: Vec<Container>,
    container_count: u32,
    /// Numbers of items that wait for the first block of theirs.
    numbers: Vec<Range<usize>>,
    /// The leaf block that is being written.
    open: Option<Leaf>,
    open_inlines: Vec<OpenInline>,
    /// Up to here each letter and digit of the text is shown, or is said not to be.
    settled: usize,
    footnotes: Footnotes,
    /// The rows of the table that is being written: where each cell begins, and its words end.
    cells: Vec<Vec<TextRange>>,
}

/// Which footnotes are referred to, and how they are numbered.
#[derive(Default)]
struct Footnotes {
    /// Numbers from 1, in the order of their first references, by labels in small letters.
    numbers: HashMap<String, u32>,
    /// Where definitions begin that say nothing, or whose label is none: they are words, and no footnotes.
    bare: BTreeSet<usize>,
    /// Those whose footnote has been begun: of two with one label the first is the footnote.
    begun: BTreeSet<u32>,
}

impl Footnotes {
    fn new(text: &str, options: Options) -> Self {
        let mut found = Self::default();
        if !options.contains(Options::ENABLE_FOOTNOTES) || !text.contains("[^") {
            return found;
        }
        let (mut references, mut told) = (Vec::new(), HashSet::new());
        // Definitions that are open: label, first byte, whether they say something.
        let mut open: Vec<(String, usize, bool)> = Vec::new();
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            let says = match &event {
                Event::Text(words) | Event::Html(words) => !words.trim().is_empty(),
                Event::Code(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => true,
                _ => false,
            };
            if says {
                open.iter_mut()
                    .rev()
                    .map_while(|(.., says)| (!*says).then_some(says))
                    .for_each(|says| *says = true);
            }
            match event {
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    open.push((label.to_lowercase(), range.start, false));
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    let is_one = text[label_of(text, &range)].strip_suffix(':').is_some_and(is_label);
                    match open.pop() {
                        Some((label, _, true)) if is_one => _ = told.insert(label),
                        Some((_, start, _)) => _ = found.bare.insert(start),
                        None => {}
                    }
                }
                Event::FootnoteReference(label) if is_label(&text[range]) => {
                    references.push(label.to_lowercase());
                }
                _ => {}
            }
        }
        for label in references.into_iter().filter(|label| told.contains(label)) {
            let next = super::to_u32(found.numbers.len() + 1);
            found.numbers.entry(label).or_insert(next);
        }
        found
    }

    /// Its number; none for what nothing refers to.
    fn number(&self, label: &str) -> Option<u32> {
        self.numbers.get(&label.to_lowercase()).copied()
    }
}

/// Whether what stands between `[^` and `]` names a footnote: one word, as GitHub and Pandoc have it. A sentence
/// is none, so that none is hidden, whatever the parser takes for a label.
fn is_label(written: &str) -> bool {
    let label = written.strip_prefix("[^").and_then(|label| label.strip_suffix(']'));
    label.is_some_and(|label| !label.contains(|c: char| c.is_whitespace() || matches!(c, '[' | ']')))
}

/// The label of a definition with the colon behind it; nothing where none is written as one.
fn label_of(text: &str, definition: &Range<usize>) -> Range<usize> {
    let written = &text[definition.clone()];
    let start = definition.start + (written.len() - written.trim_start().len());
    // A bracket behind a backslash is one of the label.
    let mut escaped = false;
    let closes = text[start..definition.end].find(|c: char| {
        let closes = c == ']' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    let closing = closes.map(|at| start + at).filter(|at| text[*at..].starts_with("]:"));
    start..closing.map_or(start, |at| at + "]:".len())
}

struct Leaf {
    kind: BlockKind,
    /// First byte of visible text.
    start: usize,
    /// One past the numbers of the items that begin with it.
    numbered: usize,
    span: Range<usize>,
    /// A paragraph of a tight list item, which has no events of its own.
    implied: bool,
}

struct OpenInline {
    /// None for an image, which leaves only its words.
    index: Option<usize>,
    ends: Ends,
}

/// What stands behind the words of an inline element.
#[derive(Clone, Copy)]
enum Ends {
    /// Nothing that holds words.
    Mark,
    /// A bracket, and the destination.
    Destination,
    /// A bracket, and the label of a definition.
    Label,
    /// A bracket.
    Bracket,
    /// A bracket that is shown: there is no such definition.
    Text,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>, is_link: bool) {
        match event {
            Event::Start(tag) => self.start(tag, range, is_link),
            Event::End(tag) => self.end(tag, range),
            Event::Code(words) => self.code(&words, range),
            // A word that a soft hyphen cuts goes on.
            Event::SoftBreak if self.cuts_word(range.end) => self.settled = range.end,
            Event::SoftBreak => self.words("\n", range),
            Event::HardBreak => {
                let start = self.parts.stream.end();
                self.words("\n", range);
                let text = TextRange::new(start, self.parts.stream.end());
                self.parts.inlines.push(Inline { text, kind: InlineKind::Break });
            }
            Event::Rule => {
                self.block(BlockKind::Rule, range);
                self.close();
            }
            Event::TaskListMarker(done) => self.task(done, range),
            Event::FootnoteReference(label) => self.reference(&label, range),
            Event::Text(words)
            | Event::Html(words)
            | Event::InlineHtml(words)
            | Event::InlineMath(words)
            | Event::DisplayMath(words) => self.words(&words, range),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>, is_link: bool) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.block(BlockKind::Paragraph, range),
            Tag::Heading { level, .. } => self.block(BlockKind::Heading(level as u8), range),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.block(BlockKind::Code, range),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.fence(range),
            Tag::BlockQuote(_) => self.enter(ContainerKind::Quote, &range),
            Tag::List(None) => self.enter(ContainerKind::Bullets, &range),
            Tag::List(Some(_)) => self.enter(ContainerKind::Numbers, &range),
            Tag::Item => self.item(range),
            Tag::Emphasis => self.open_inline(Some(InlineKind::Emphasis), Ends::Mark, range),
            Tag::Strong => self.open_inline(Some(InlineKind::Strong), Ends::Mark, range),
            Tag::Strikethrough => self.open_inline(Some(InlineKind::Struck), Ends::Mark, range),
            Tag::Table(_) => {
                self.block(BlockKind::Table, range);
                self.cells.clear();
            }
            Tag::TableHead | Tag::TableRow => self.cells.push(Vec::new()),
            Tag::TableCell => self.cell(range.start),
            Tag::DefinitionList => self.enter(ContainerKind::Definitions, &range),
            Tag::DefinitionListTitle => self.enter(ContainerKind::Term, &range),
            Tag::DefinitionListDefinition => self.enter(ContainerKind::Definition, &range),
            Tag::FootnoteDefinition(label) => self.footnote(&label, range),
            Tag::Link { link_type, dest_url, .. } => {
                self.link(Some(InlineKind::Link(dest_url.into_string())), link_type, range, is_link);
            }
            Tag::Image { link_type, dest_url, .. } => {
                if is_link {
                    self.need_leaf(&range);
                    let at = self.parts.stream.end();
                    self.parts.pictures.push(Picture { at, address: dest_url.into_string() });
                }
                self.link(Some(InlineKind::Description), link_type, range, is_link);
            }
            // Extensions of CommonMark that are not switched on.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::Heading(_) | TagEnd::CodeBlock => {
                self.settle(range.end);
                self.close();
            }
            // The parser ends it behind the paragraph after it, which is no part of it.
            TagEnd::DefinitionList => {
                self.close();
                self.containers.pop();
            }
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::FootnoteDefinition => {
                self.edge(range.end);
                if matches!(tag, TagEnd::Item | TagEnd::FootnoteDefinition) {
                    self.bare_numbers();
                }
                self.containers.pop();
            }
            TagEnd::TableCell => self.cell_ends(range.end),
            TagEnd::TableHead | TagEnd::TableRow => self.row_ends(range),
            TagEnd::Table => self.table_ends(range),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {
                if let Some(inline) = self.open_inlines.pop() {
                    self.close_inline(&inline, range.end);
                }
            }
            // Extensions of CommonMark that are not switched on.
            _ => {}
        }
    }

    /// What the text says of itself: a block of its own, line by line.
    fn front_matter(&mut self, found: FrontMatter) {
        self.open(BlockKind::Code, found.span.clone(), false);
        self.parts.stream.push_lines(&self.source.text[found.words.clone()], found.words.start);
        self.close();
        self.settled = found.span.end;
        self.parts.front_matter = Some(Ok(()));
    }

    // What forges have beyond CommonMark.

    /// A task is done or not: a sign stands for the brackets, and for the letter in them.
    fn task(&mut self, done: bool, range: Range<usize>) {
        self.need_leaf(&range);
        self.parts.stream.push(if done { "\u{2611} " } else { "\u{2610} " }, range.start);
        if done {
            self.unseen(UnseenKind::Task, range.clone());
        }
        self.settled = after_blanks(self.text, range.end);
    }

    /// A reference to a footnote: the page shows its number, which is no word of the text.
    fn reference(&mut self, label: &str, range: Range<usize>) {
        let written = &self.text[range.clone()];
        let Some(number) = self.footnotes.number(label).filter(|_| is_label(written)) else {
            return self.words(written, range);
        };
        self.need_leaf(&range);
        self.parts.marks.push((self.parts.stream.end(), number));
        self.unseen(UnseenKind::Footnote, range.clone());
        self.settled = range.end;
    }

    /// A footnote, in its place. The label of one that nothing refers to, and of the second of two, is words.
    fn footnote(&mut self, label: &str, range: Range<usize>) {
        self.edge(range.start);
        let label_range = label_of(self.text, &range);
        let is_one = !self.footnotes.bare.contains(&range.start);
        let number = self.footnotes.number(label).filter(|_| is_one);
        let number = number.filter(|number| self.footnotes.begun.insert(*number));
        self.enter(ContainerKind::Footnote(number), &range);
        match number {
            Some(_) => self.unseen(UnseenKind::Footnote, label_range.clone()),
            None => self.numbers.push(label_range.clone()),
        }
        self.settled = label_range.end;
    }

    /// A cell begins: what divides it from the one before is a tab, rows are lines.
    fn cell(&mut self, at: usize) {
        self.settle(at);
        let first_row = self.cells.len() < 2;
        let Some(row) = self.cells.last_mut() else { return };
        let divider = match (row.is_empty(), first_row) {
            (true, true) => "",
            (true, false) => "\n",
            (false, _) => "\t",
        };
        self.parts.stream.push(divider, at.saturating_sub(1));
        let start = self.parts.stream.end();
        row.push(TextRange::new(start, start));
    }

    fn cell_ends(&mut self, at: usize) {
        self.settle(at);
        let end = self.parts.stream.end();
        if let Some(cell) = self.cells.last_mut().and_then(|row| row.last_mut()) {
            cell.end = end;
        }
    }

    /// Cells beyond the head, which the parser leaves out, are cells, too.
    fn row_ends(&mut self, range: Range<usize>) {
        let rest = self.settled.min(range.end)..range.end;
        if has_words(&self.text[rest.clone()]) {
            let bytes = self.text.as_bytes();
            let mut at = rest.start;
            while at < rest.end {
                let bar = (at..rest.end).find(|&i| bytes[i] == b'|' && (i == 0 || bytes[i - 1] != b'\\'));
                let end = bar.unwrap_or(rest.end);
                let written = self.text[at..end].trim();
                if !written.is_empty() {
                    let start = at + (written.as_ptr() as usize - self.text[at..end].as_ptr() as usize);
                    self.settled = start;
                    self.cell(start);
                    self.written(start..start + written.len());
                    self.settled = start + written.len();
                    self.cell_ends(start + written.len());
                }
                at = end + 1;
            }
        }
        self.settled = self.settled.max(range.end);
    }

    fn table_ends(&mut self, range: Range<usize>) {
        self.settle(range.end);
        let end = self.parts.stream.end();
        let rows = std::mem::take(&mut self.cells);
        let starts: Vec<usize> = rows.iter().flatten().skip(1).map(|cell| cell.start).chain([end]).collect();
        let mut starts = starts.into_iter();
        let cell = |words: TextRange| Cell {
            text: TextRange::new(words.start, starts.next().unwrap_or(end)),
            words,
        };
        let mut cell = cell;
        let rows: Vec<Cells> = rows.into_iter().map(|row| row.into_iter().map(&mut cell).collect()).collect();
        let number = super::to_u32(self.parts.blocks.len() + 1);
        self.close();
        self.parts.tables.insert(number, rows);
    }

    fn enter(&mut self, kind: ContainerKind, range: &Range<usize>) {
        self.edge(range.start);
        self.containers.push(Container { id: self.container_count, kind });
        self.container_count += 1;
    }

    /// An item begins with its bullet, or with a number, which is words of the text.
    fn item(&mut self, range: Range<usize>) {
        let marked = &self.text[range.clone()];
        let start = range.start + (marked.len() - marked.trim_start().len());
        let digits = self.text[start..range.end].bytes().take_while(u8::is_ascii_digit).count();
        let number = self.text[start..start + digits].parse().ok();
        self.enter(ContainerKind::Item(number), &range);
        if number.is_some() && self.reading != Reading::Older {
            self.numbers.push(start..start + digits + 1);
        }
        self.settled = (start + digits + 1).min(range.end);
    }

    /// A numbered item without a block, whose number is one.
    fn bare_numbers(&mut self) {
        if let [first, ..] = &self.numbers[..] {
            let span = first.start..self.numbers[self.numbers.len() - 1].end;
            self.open(BlockKind::Paragraph, span, false);
            self.close();
        }
    }

    /// A block with events of its own begins.
    fn block(&mut self, kind: BlockKind, range: Range<usize>) {
        self.edge(range.start);
        if kind == BlockKind::Rule {
            self.bare_numbers();
        }
        self.open(kind, range, false);
    }

    /// A code block between fences; what stands behind the first of them is its label.
    fn fence(&mut self, range: Range<usize>) {
        let line = self.text[range.clone()].lines().next().unwrap_or_default();
        let label = line.trim_start().trim_start_matches(['`', '~']).trim();
        let start = range.start + (label.as_ptr() as usize - line.as_ptr() as usize);
        let after = range.start + line.len();
        self.block(BlockKind::Code, range);
        if label.is_empty() || self.reading == Reading::Older {
            return;
        }
        let from = self.parts.stream.end();
        self.written(start..start + label.len());
        let text = TextRange::new(from, self.parts.stream.end());
        self.parts.inlines.push(Inline { text, kind: InlineKind::Label });
        self.parts.stream.push("\n", after);
        self.settled = after;
    }

    fn open(&mut self, kind: BlockKind, span: Range<usize>, implied: bool) {
        self.close();
        if !self.parts.blocks.is_empty() {
            self.parts.stream.separate();
        }
        let start = self.parts.stream.end();
        let numbers = std::mem::take(&mut self.numbers);
        for number in &numbers {
            let from = self.parts.stream.end();
            self.parts.stream.push(&self.text[number.clone()], number.start);
            let text = TextRange::new(from, self.parts.stream.end());
            // That of a footnote is words like others.
            if !self.text[number.clone()].starts_with('[') {
                self.parts.inlines.push(Inline { text, kind: InlineKind::Number });
            }
            self.parts.stream.push(" ", number.end);
        }
        if !numbers.is_empty() && kind == BlockKind::Code {
            // Beside the first line of code it would push that out of its column.
            self.parts.stream.visible.pop();
            self.parts.stream.visible.push('\n');
        }
        let span = numbers.first().map_or(span.start, |number| number.start)..span.end;
        self.open = Some(Leaf { kind, start, numbered: self.parts.stream.end(), span, implied });
    }

    /// Makes sure that words have a block to stand in.
    fn need_leaf(&mut self, range: &Range<usize>) {
        self.settle(range.start);
        match &mut self.open {
            Some(leaf) if leaf.implied => leaf.span.end = leaf.span.end.max(range.end),
            Some(_) => {}
            None => self.open(BlockKind::Paragraph, range.clone(), true),
        }
    }

    fn close(&mut self) {
        let Some(leaf) = self.open.take() else { return };
        let visible = &mut self.parts.stream.visible;
        if matches!(leaf.kind, BlockKind::Code | BlockKind::Paragraph) {
            // The line end of the last line of a code or HTML block belongs to no word.
            let kept = visible[leaf.start..].trim_end_matches('\n').len();
            visible.truncate(leaf.start + kept);
        }
        if visible.len() == leaf.numbered {
            // Nothing but numbers.
            visible.truncate(leaf.start + visible[leaf.start..].trim_end().len());
        }
        let text = TextRange::new(leaf.start, visible.len());
        while self.parts.stream.origins.last().is_some_and(|&(at, _)| at >= text.end) {
            self.parts.stream.origins.pop();
        }
        let end = leaf.span.start + self.source.text[leaf.span.clone()].trim_end().len();
        let span = Span { start: leaf.span.start, end: end.max(leaf.span.start) };
        self.parts.blocks.push(Block {
            number: super::to_u32(self.parts.blocks.len() + 1),
            text,
            span,
            lines: (self.line(span.start), self.line(span.end.max(span.start + 1) - 1)),
            kind: leaf.kind,
            containers: self.containers.clone(),
        });
    }

    fn line(&self, at: usize) -> u32 {
        super::to_u32(self.source.line_starts().partition_point(|&start| start <= at))
    }

    // Words of events.

    /// Whether the line end before byte `at` is inside a word; signs of a quotation may stand behind it.
    fn cuts_word(&self, at: usize) -> bool {
        let next = self.text[at..].trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        stream::cuts_word(&self.parts.stream.visible, next)
    }

    fn words(&mut self, words: &str, range: Range<usize>) {
        self.need_leaf(&range);
        let raw = &self.text[range.clone()];
        if raw == words {
            self.parts.stream.push_lines(words, range.start);
        } else {
            // The parser gives an entity at the end of a heading some of the space behind it.
            match raw.find(';').filter(|_| raw.starts_with('&')) {
                Some(last) => self.entity(words, range.start, last + 1),
                None => self.along(words, range.clone(), 0),
            }
        }
        self.settled = range.end;
    }

    /// Inline code: the events do not say where its words begin behind the
    /// backticks, nor which line ends became spaces.
    fn code(&mut self, words: &str, range: Range<usize>) {
        self.need_leaf(&range);
        let start = self.parts.stream.end();
        let raw = &self.text[range.clone()];
        self.along(words, range.clone(), raw.len() - raw.trim_start_matches('`').len());
        let text = TextRange::new(start, self.parts.stream.end());
        self.parts.inlines.push(Inline { text, kind: InlineKind::Code });
        self.settled = range.end;
    }

    /// Words with what stands between them in the file left out, from the byte `at` of the range.
    fn along(&mut self, words: &str, range: Range<usize>, mut at: usize) {
        let raw = &self.text[range.clone()];
        for (i, c) in words.char_indices() {
            let same = |r: char| r == c || (c == ' ' && matches!(r, '\n' | '\r'));
            at += raw[at..].find(same).unwrap_or(0);
            self.parts.stream.push(&words[i..i + c.len_utf8()], range.start + at);
            at += raw[at..].chars().next().map_or(0, char::len_utf8);
        }
    }

    fn entity(&mut self, words: &str, at: usize, length: usize) {
        self.parts.stream.push(words, at);
        self.unseen(UnseenKind::Entity, at..at + length);
    }

    fn unseen(&mut self, kind: UnseenKind, range: Range<usize>) {
        self.parts.unseen.push(Unseen { span: range.into(), kind });
    }

    fn open_inline(&mut self, kind: Option<InlineKind>, ends: Ends, range: Range<usize>) {
        self.need_leaf(&range);
        let start = self.parts.stream.end();
        let index = kind.map(|kind| {
            self.parts.inlines.push(Inline { text: TextRange::new(start, start), kind });
            self.parts.inlines.len() - 1
        });
        self.open_inlines.push(OpenInline { index, ends });
    }

    fn link(&mut self, kind: Option<InlineKind>, link_type: LinkType, range: Range<usize>, is_link: bool) {
        let ends = match link_type {
            _ if !is_link => Ends::Text,
            LinkType::Inline => Ends::Destination,
            LinkType::Reference => Ends::Label,
            LinkType::Collapsed | LinkType::Shortcut => Ends::Bracket,
            _ => Ends::Mark,
        };
        let start = range.start;
        let bracket = match self.text.as_bytes()[start] {
            _ if matches!(ends, Ends::Mark) => 0,
            b'!' => 2,
            _ => 1,
        };
        self.open_inline(kind.filter(|_| is_link), ends, range);
        if matches!(ends, Ends::Text) {
            self.parts.stream.push(&self.text[start..start + bracket], start);
        }
        self.settled = self.settled.max(start + bracket);
    }

    /// An inline element ends before the byte `end` of the text.
    fn close_inline(&mut self, inline: &OpenInline, end: usize) {
        let rest = &self.text[self.settled.min(end)..end];
        let bracket =
            rest.find(']').filter(|_| !matches!(inline.ends, Ends::Mark)).map(|at| self.settled + at);
        if let Some(bracket) = bracket {
            self.settle(bracket);
        }
        if let Some(index) = inline.index {
            self.parts.inlines[index].text.end = self.parts.stream.end();
        }
        let Some(bracket) = bracket.filter(|_| self.reading != Reading::Older) else { return };
        match inline.ends {
            Ends::Destination => self.destination(bracket + 2, end),
            Ends::Label => self.unseen(UnseenKind::Label, bracket + 1..end),
            Ends::Text => {
                self.parts.stream.push("]", bracket);
                self.settled = bracket + 1;
                self.settle(end);
            }
            Ends::Bracket | Ends::Mark => {}
        }
        self.settled = end;
    }

    /// The destination of a link, which is not shown, and its title, which is.
    fn destination(&mut self, from: usize, end: usize) {
        let before_bracket = end - 1;
        let start = definition::after_space(self.text, from..before_bracket);
        let destination = definition::destination(self.text, start..before_bracket);
        let title = definition::after_space(self.text, destination.end..before_bracket);
        let space = destination.end;
        self.unseen(UnseenKind::Destination, destination);
        let written =
            self.text[title..before_bracket].trim_end_matches(|c: char| c.is_whitespace() || c == '>');
        if has_words(written) {
            self.parts.stream.push(" ", space);
            let from = self.parts.stream.end();
            self.written(title..title + written.len());
            let text = TextRange::new(from, self.parts.stream.end());
            self.parts.inlines.push(Inline { text, kind: InlineKind::Title });
        }
    }

    // What no event accounts for.

    /// Whether a definition, which begins where this range does, is used as one.
    fn is_used(&self, span: &Range<usize>) -> bool {
        let at = self.definitions.binary_search_by_key(&span.start, |known| known.label.start);
        at.is_ok() || self.reading == Reading::Older
    }

    /// Between two blocks, or where a container ends.
    fn edge(&mut self, at: usize) {
        self.close();
        self.settle(at);
    }

    /// Accounts for all that stands before a byte of the text.
    fn settle(&mut self, upto: usize) {
        let gap = self.settled..upto.max(self.settled);
        self.settled = gap.end;
        if self.reading == Reading::Older || !has_words(&self.text[gap.clone()]) {
            return;
        }
        if self.open.is_none() {
            return self.between(gap);
        }
        let words = self.text[gap.clone()].trim();
        let start = gap.start + (words.as_ptr() as usize - self.text[gap].as_ptr() as usize);
        self.parts.stream.push(" ", start);
        self.written(start..start + words.len());
    }

    /// Words between two blocks: definitions. Of those that are used only the title is shown.
    fn between(&mut self, gap: Range<usize>) {
        let mut at = gap.start;
        while let Some(next) = self.definition_in(at..gap.end) {
            let Definition { label, destination, title } = next;
            self.paragraphs(at..label.start);
            at = title.as_ref().map_or(destination.end, |title| title.end);
            if let Some(title) = title.filter(|title| has_words(&self.text[title.clone()])) {
                self.open(BlockKind::Paragraph, label.start..title.end, false);
                self.written(label);
                self.parts.stream.push(" ", destination.end);
                self.unseen(UnseenKind::Destination, destination);
                self.written(title);
                self.close();
            } else {
                self.unseen(UnseenKind::Label, label);
                self.unseen(UnseenKind::Destination, destination);
            }
        }
        self.paragraphs(at..gap.end);
    }

    fn definition_in(&mut self, gap: Range<usize>) -> Option<Definition> {
        let at = self.definitions.partition_point(|known| known.label.start < gap.start);
        self.definitions.get(at).filter(|known| known.label.start < gap.end).cloned()
    }

    /// Lines that are shown as they are written. Each opening bracket at the beginning of one is a
    /// paragraph's beginning: that of a definition.
    fn paragraphs(&mut self, gap: Range<usize>) {
        let mut lines: Vec<Range<usize>> = Vec::new();
        let mut at = gap.start;
        for line in self.text[gap].split_inclusive('\n') {
            let words = self.without_marks(line).trim();
            let start = at + (words.as_ptr() as usize - line.as_ptr() as usize);
            at += line.len();
            if words.is_empty() || words.starts_with('[') {
                self.paragraph(&std::mem::take(&mut lines));
            }
            if !words.is_empty() {
                lines.push(start..start + words.len());
            }
        }
        self.paragraph(&lines);
    }

    fn paragraph(&mut self, lines: &[Range<usize>]) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let span = first.start..last.end;
        if !has_words(&self.text[span.clone()]) {
            return;
        }
        self.open(BlockKind::Paragraph, span, false);
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                self.parts.stream.push("\n", lines[i - 1].end);
            }
            self.written(line.clone());
        }
        self.close();
    }

    /// A line without the marks of the quotations that it stands in.
    fn without_marks<'l>(&self, line: &'l str) -> &'l str {
        let quotations = self.containers.iter().filter(|container| container.kind == ContainerKind::Quote);
        quotations.fold(line, |line, _| line.trim_start().strip_prefix('>').unwrap_or(line))
    }

    /// Words as they are written, escapes and entities as what they stand for.
    fn written(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.text[at..range.end];
            let plain = rest.find(['\\', '&', '\n', '\r']).unwrap_or(rest.len());
            self.parts.stream.push(&rest[..plain], at);
            at += plain;
            let Some(sign) = self.text.as_bytes()[at..range.end].first() else { break };
            if matches!(sign, b'\n' | b'\r') {
                self.parts.stream.push("\n", at);
                at = definition::after_space(self.text, at..range.end);
                continue;
            }
            if let Some((words, length)) = entity(&self.text[at..range.end]) {
                self.entity(&words, at, length);
                at += length;
                continue;
            }
            // The sign itself; or what it is an escape of, which then does not begin anything.
            at += usize::from(definition::is_escape(&self.text.as_bytes()[..range.end], at));
            self.parts.stream.push(&self.text[at..=at], at);
            at += 1;
        }
    }
}

/// The characters that an entity at the beginning of some words stands for, and its length.
fn entity(words: &str) -> Option<(String, usize)> {
    let name = words.strip_prefix('&')?;
    let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    if !name[length..].starts_with(';') {
        return None;
    }
    let written = &words[..length + 2];
    let mut read = String::new();
    for event in Parser::new_ext(written, Options::empty()) {
        if let Event::Text(text) = event {
            read.push_str(&text);
        }
    }
    (read != written).then_some((read, written.len()))
}

/// The first byte behind blanks.
fn after_blanks(text: &str, from: usize) -> usize {
    from + text[from..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Parts {
        parse(&Source::new("content/a.md", text), Reading::Now)
    }

    fn check(text: &str, expected: &[&str]) {
        let parts = parts(text);
        let blocks: Vec<&str> = parts.blocks.iter().map(|b| &parts.stream.visible[b.text.range()]).collect();
        assert_eq!(blocks, expected, "{text:?}");
        assert_eq!(parts.stream.visible, expected.join("\n"), "{text:?}");
    }

    fn check_inlines(text: &str, expected: &[(&str, InlineKind)]) {
        let parts = parts(text);
        let found: Vec<(&str, InlineKind)> =
            parts.inlines.iter().map(|i| (&parts.stream.visible[i.text.range()], i.kind.clone())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn leaf_blocks_are_blocks() {
        check("# A\n\nb\nc\n\nd", &["A", "b\nc", "d"]);
        check("A\n=\n\n> b\n>\n> c", &["A", "b", "c"]);
        check("- a\n- b\n\n  c\n- d", &["a", "b", "c", "d"]);
        check("- a\n  - b\n- c", &["a", "b", "c"]);
        check("```\na\r\n\n b\n```\n\n    code\n", &["a\n\n b", "code"]);
        check("a\n\n---\n\nb", &["a", "", "b"]);
        check("#\n\na", &["", "a"]);
        check("", &[]);
    }

    #[test]
    fn numbers_of_items_are_words_before_their_first_block() {
        check("3. a\n9. b\n\n1) c", &["3. a", "9. b", "1) c"]);
        check("- 007. a\n\n  b", &["007. a", "b"]);
        check("1. 2. a\n   3. b\n2. - c", &["1. 2. a", "3. b", "2. c"]);
        check("> 5. > a\n>\n>    b", &["5. a", "b"]);
        check("5.\n6. # a\n7. #", &["5.", "6. a", "7."]);
        check("1. ```x\n   a\n   ```\n2.     b", &["1.\nx\na", "2.\nb"]);
        check("1. ***\n2. > ***", &["1.", "", "2.", ""]);
        check("4. [a]: Never.\n5. > \n", &["4. [a]: Never.", "5."]);
        check("1. <b>\n\n3. ![a](b)", &["1. <b>", "3. a"]);
        check("1.\ta\r\n\tb\r\n4294967296. c", &["1. a\nb\n4294967296. c"]);
    }

    #[test]
    fn the_label_of_a_fence_is_the_first_line_of_its_block() {
        check("```rust x\na\n```", &["rust x\na"]);
        check("~~~ Exhibit `A`, &amp; \\*\nb", &["Exhibit `A`, & *\nb"]);
        check("> ```a\n> b\n\n- ```c\n  d\n  ```", &["a\nb", "c\nd"]);
        check("```a\n```\n\n```\n```\n\n``` b ", &["a", "", "b"]);
        check_inlines("```a b\nc\n```", &[("a b", InlineKind::Label)]);
    }

    #[test]
    fn titles_stand_behind_their_words_as_they_are_written() {
        use InlineKind::{Link, Title};
        check("[a](b \"c d\") e", &["a \"c d\" e"]);
        check("![a](<b c> 'd') ![](e (f))", &["a 'd'  (f)"]);
        check("> [a](b\n> \"c\n>   d\"\n> ) e", &["a \"c\nd\" e"]);
        check("[a](b(c)\\)d \"e &eacute; \\\" f\")", &["a \"e \u{e9} \" f\""]);
        check("[a](b \"\") [c](d) [e](<> 'f')", &["a c e 'f'"]);
        check("[![a](b 'c')](d 'e')", &["a 'c' 'e'"]);
        check_inlines("[a](u 't')", &[("a", Link("u".into())), ("'t'", Title)]);
    }

    #[test]
    fn a_definition_that_nothing_uses_is_a_paragraph() {
        check("[A]: Never.\n\n[B]: Order!", &["[A]: Never.", "[B]: Order!"]);
        check("[A]: Never.\n[B]: Order!\nc", &["[A]: Never.", "[B]: Order!", "c"]);
        check("a\n\n> [B]: Quoted.\n\n- [C]: Listed.\n- d", &["a", "[B]: Quoted.", "[C]: Listed.", "d"]);
        check("> > [a]:\n> >  b\n> >  'c\n> > d'\n> e", &["[a]:\nb\n'c\nd'", "e"]);
        check("see [1]\n\n[1]: Ibid.", &["see [1]", "[1]: Ibid."]);
        check("![*a* `b`]\n\n[*a* `b`]: c", &["![a b]", "[*a* `b`]: c"]);
        check("[a][b]\n\n[b]: c\n[b]: d", &["a", "[b]: d"]);
        check("[a][b]\n\n[B]: c 'T'\n[c]: d", &["a", "[B]: 'T'", "[c]: d"]);
        check("[a][]\n\n[a]: b", &["a"]);
        check("[a]\n\n[a]: b.md\n[a\\*&amp;]: c", &["a", "[a*&]: c"]);
        check("[a]: b\r\n\tc", &["[a]: b", "c"]);
        check("# a\n[b]: c\n# d", &["a", "[b]: c", "d"]);
        check("- # a\n  [b]: c\n  d", &["a", "[b]: c", "d"]);
        check("[\u{e9}]: \u{e9}", &["[\u{e9}]: \u{e9}"]);
        // What the parser takes for references.
        check("[a]\\[b] c\n\n[b]: d", &["[a] [b] c", "[b]: d"]);
        check("[a]\\[] c\n\n[a]: d", &["[a] c", "[a]: d"]);
        check_inlines("[*a*]\n\n[*a*]: b", &[("a", InlineKind::Emphasis)]);
    }

    #[test]
    fn lines_end_alike_however_they_are_written() {
        let text = "# a\n\n```b\nc\n```\n\n<p>\nd\n</p>\n\n1. e\n2. f\n\n[g]: h\n";
        let expected = parts(text);
        for end in ["\r\n", "\r"] {
            let found = parts(&text.replace('\n', end));
            assert_eq!(found.stream.visible, expected.stream.visible, "{end:?}");
            let kinds =
                |parts: &Parts| parts.blocks.iter().map(|b| (b.kind.clone(), b.lines)).collect::<Vec<_>>();
            assert_eq!(kinds(&found), kinds(&expected), "{end:?}");
        }
    }

    #[test]
    fn an_older_edition_is_read_as_it_was() {
        let text = "[A]: Never.\n\n5. a [A]\n6.\n\n```b\nc\n```\n\n[d](e 'f')";
        let older = parse(&Source::new("content/a.md", text), Reading::Older);
        assert_eq!(older.stream.visible, "a A\nc\nd");
    }

    #[test]
    fn nothing_but_what_forges_have_is_read() {
        check("\"a\" -- b...", &["\"a\" -- b..."]);
        check("$b$ [^1] https://c.d :smile:", &["$b$ [^1] https://c.d :smile:"]);
        check("# a {#b}", &["a {#b}"]);
        check("+++\na\n+++", &["+++\na\n+++"]);
        check("a\n\n---\nb: c\n---", &["a", "", "b: c"]);
    }

    #[test]
    fn front_matter_is_a_block_of_its_own_lines() {
        check("---\na: _b_\n  c\n\n---\n# d\n", &["a: _b_\n  c", "d"]);
        check("---\r\n\u{e9}: b\r\n---\r\n\r\nd", &["\u{e9}: b", "d"]);
        check("---\ra: b\rc: d\r---\r1. e", &["a: b\nc: d", "1. e"]);
        check("+++\na = [\n  1,\n]\n+++\nd\n\n---\n\ne", &["a = [\n  1,\n]", "d", "", "e"]);
        // The title of a section that is no more than a line between rules.
        check("---\nOne day.\n---\n\nTwo.", &["", "One day.", "Two."]);
        let older = parse(&Source::new("content/a.md", "---\na: b\n---\n\nc"), Reading::CommonMark);
        assert_eq!(older.stream.visible, "\na: b\nc");
    }

    #[test]
    fn a_table_is_one_block_of_cells_and_rows() {
        check("| a | b |\n|---|--:|\n| c | `d\\|e` \\| f |\n|   | g |\n\nh", &["a\tb\nc\td|e | f\n\tg", "h"]);
        check("|a|b|\n|-|-|\n|c|d|e | *f*|\n", &["a\tb\nc\td\te\t*f*"]);
        check("> a | b\n> -|-\n> 1 | **2**", &["a\tb\n1\t2"]);
        let parts = parts("x\n\n|a|b|\n|-|-|\n|c|\n");
        let cells: Vec<Vec<&str>> = parts.tables[&2]
            .iter()
            .map(|row| row.iter().map(|cell| &parts.stream.visible[cell.words.range()]).collect())
            .collect();
        assert_eq!(cells, [vec!["a", "b"], vec!["c", ""]]);
        let whole: String =
            parts.tables[&2].iter().flatten().map(|cell| &parts.stream.visible[cell.text.range()]).collect();
        assert_eq!(whole, parts.stream.visible[parts.blocks[1].text.range()]);
    }

    #[test]
    fn footnotes_stand_in_their_place_and_their_labels_are_numbers() {
        check("a[^F1] b[^2]\n\n[^2]: c\n\n    d\n\n[^F1]: e", &["a b", "c", "d", "e"]);
        check("a\n\n[^late]: b", &["a", "[^late]: b"]);
        check("a[^x]\n\n[^x]: b\n\n[^x]: c", &["a", "b", "[^x]: c"]);
        check("a[^x]\n\n[^ x ]: b", &["a[^x]", "[^ x ]: b"]);
        // What says nothing is no footnote.
        check("a[^x]\n\n[^x]:", &["a[^x]", "[^x]:"]);
        check("a[^x]\n\n[^x]:\n\n[^x]: b", &["a", "[^x]:", "b"]);
        // Words, whatever the parser says.
        check("a[^x y]\n\n[^x y]: b", &["a[^x y]", "[^x y]: b"]);
        check("a[^x ] b[^x]\n\n[^ x]: c\n\n[^x]: d", &["a[^x ] b", "[^ x]: c", "d"]);
        check("a[^x\\]y]\n\n[^x\\]y]: b\n\n[^x\\]:y]: c", &["a[^x\\]y]", "[^x\\]y]: b", "[^x\\]:y]: c"]);
        let found = parts("a[^F1] b[^2] c[^f1]\n\n[^2]: c\n\n[^F1]: e");
        assert_eq!(found.marks, [(1, 1), (3, 2), (5, 1)]);
        let kinds: Vec<_> = found.blocks.iter().map(|b| b.containers.first().map(|c| c.kind)).collect();
        assert_eq!(
            kinds,
            [None, Some(ContainerKind::Footnote(Some(2))), Some(ContainerKind::Footnote(Some(1)))]
        );
    }

    #[test]
    fn what_else_forges_have() {
        check("- [ ] a\n- [x] b", &["\u{2610} a", "\u{2611} b"]);
        check("Date\n:   1902\n:   b\n\n    c", &["Date", "1902", "b", "c"]);
        check_inlines("a ~~b~~ c", &[("b", InlineKind::Struck)]);
    }

    #[test]
    fn html_is_shown_as_it_is_written() {
        check("<div onclick=x>\n<b>a</b>\n</div>\n\nb", &["<div onclick=x>\n<b>a</b>\n</div>", "b"]);
        check("a <b>c</b> <!-- d -->", &["a <b>c</b> <!-- d -->"]);
    }

    #[test]
    fn entities_and_escapes_are_decoded() {
        check("a &amp; b \\* c &#8217; &nope;", &["a & b * c \u{2019} &nope;"]);
        check("![alt *x*](y.png) [](z)", &["alt x "]);
        check("# \\< &#66;\t  \nb", &["< B", "b"]);
    }

    #[test]
    fn inline_elements_cover_their_words() {
        use InlineKind::{Break, Code, Emphasis, Link, Strong};
        check_inlines("a *b **c** d*", &[("b c d", Emphasis), ("c", Strong)]);
        check_inlines("[a *b*](u)", &[("a b", Link("u".into())), ("b", Emphasis)]);
        check_inlines("a  \nb\\\nc", &[("\n", Break), ("\n", Break)]);
        check_inlines("`` `a` `` <http://x.y>", &[("`a`", Code), ("http://x.y", Link("http://x.y".into()))]);
    }

    /// Each character of the visible text comes from an equal one in the file,
    /// but for decoded entities and line ends.
    fn check_origins(text: &str, decoded: &str) {
        let document = super::super::tests::markdown(text);
        for (at, c) in document.visible.char_indices() {
            if decoded.contains(c) || c == '\n' {
                continue;
            }
            let raw = &document.source.text[document.origin(at)..];
            let joined = c == ' ' && raw.starts_with(['\n', '\r']);
            assert!(joined || raw.starts_with(c), "{text:?}: {c:?} at {at} comes from {raw:?}");
        }
    }

    #[test]
    fn origins_lead_back_to_the_file() {
        check_origins("# A\n\n> b *c\n> d* `e\n> f`\n\n\\*g &amp; h\n\n- i\n- j  \n  k", "&");
        check_origins("``` x\r\ny\r\n z\r\n```\r\n\r\n<p>\r\nq</p>", "");
        check_origins("`` a ` b `` c [d](e) ![f](g) <h@i.j>", "");
    }

    #[test]
    fn blocks_know_lines_and_containers() {
        let parts = parts("a\n\n1. b\n   > c\n   d\n2. e\n");
        let lines: Vec<_> = parts.blocks.iter().map(|b| b.lines).collect();
        assert_eq!(lines, [(1, 1), (3, 3), (4, 5), (6, 6)]);
        let kinds: Vec<Vec<_>> =
            parts.blocks.iter().map(|b| b.containers.iter().map(|c| c.kind).collect()).collect();
        use ContainerKind::{Item, Numbers, Quote};
        assert_eq!(
            kinds,
            [
                vec![],
                vec![Numbers, Item(Some(1))],
                vec![Numbers, Item(Some(1)), Quote],
                vec![Numbers, Item(Some(2))]
            ]
        );
        assert_ne!(parts.blocks[1].containers[1].id, parts.blocks[3].containers[1].id);
        assert_eq!(parts.blocks[1].containers[0].id, parts.blocks[3].containers[0].id);
    }
}
