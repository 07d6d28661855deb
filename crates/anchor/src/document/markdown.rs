//! CommonMark to blocks.
//!
//! A block is a leaf block: paragraph, heading, code block, HTML block, rule.
//! Nothing of the words is interpreted beyond CommonMark: no smart punctuation,
//! no tables. HTML is shown as it is written, images by their alternative text,
//! entities and escapes as the characters they stand for.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::stream::Stream;
use super::{Block, BlockKind, Container, ContainerKind, Inline, InlineKind, Parts, TextRange};
use postil_archive::diagnostic::{Source, Span};

/// Cuts a Markdown text into blocks.
pub(super) fn parse(source: &Source) -> Parts {
    let mut reader = Reader {
        source,
        parts: Parts {
            stream: Stream::with_capacity(source.text.len()),
            blocks: Vec::new(),
            inlines: Vec::new(),
        },
        containers: Vec::new(),
        container_count: 0,
        open: None,
        open_inlines: Vec::new(),
    };
    for (event, range) in Parser::new_ext(&source.text, Options::empty()).into_offset_iter() {
        reader.event(event, range);
    }
    reader.close();
    let mut parts = reader.parts;
    parts.inlines.retain(|inline| !inline.text.is_empty());
    parts
}

struct Reader<'a> {
    source: &'a Source,
    parts: Parts,
    containers: Vec<Container>,
    container_count: u32,
    /// The leaf block that is being written.
    open: Option<Leaf>,
    /// Index of each open inline element; `None` for an image, which leaves only its words.
    open_inlines: Vec<Option<usize>>,
}

struct Leaf {
    kind: BlockKind,
    /// First byte of visible text.
    start: usize,
    span: Range<usize>,
    /// A paragraph of a tight list item, which has no events of its own.
    implied: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Code(words) => self.code(&words, range),
            Event::SoftBreak => self.words("\n", range),
            Event::HardBreak => {
                let start = self.parts.stream.end();
                self.words("\n", range);
                let text = TextRange::new(start, self.parts.stream.end());
                self.parts.inlines.push(Inline { text, kind: InlineKind::Break });
            }
            Event::Rule => {
                self.open(BlockKind::Rule, range, false);
                self.close();
            }
            Event::TaskListMarker(_) => {}
            Event::Text(words)
            | Event::Html(words)
            | Event::InlineHtml(words)
            | Event::InlineMath(words)
            | Event::DisplayMath(words)
            | Event::FootnoteReference(words) => self.words(&words, range),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.open(BlockKind::Paragraph, range, false),
            Tag::Heading { level, .. } => self.open(BlockKind::Heading(level as u8), range, false),
            Tag::CodeBlock(kind) => self.open(BlockKind::Code(language(kind)), range, false),
            Tag::BlockQuote(_) => self.enter(ContainerKind::Quote),
            Tag::List(None) => self.enter(ContainerKind::Bullets),
            Tag::List(Some(first)) => self.enter(ContainerKind::Numbers(first)),
            Tag::Item => self.enter(ContainerKind::Item),
            Tag::Emphasis => self.open_inline(Some(InlineKind::Emphasis), range),
            Tag::Strong => self.open_inline(Some(InlineKind::Strong), range),
            Tag::Link { dest_url, .. } => {
                self.open_inline(Some(InlineKind::Link(dest_url.into_string())), range);
            }
            Tag::Image { .. } => self.open_inline(None, range),
            // Extensions of CommonMark, none of which is switched on.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::Heading(_) | TagEnd::CodeBlock => self.close(),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.close();
                self.containers.pop();
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image => {
                let end = self.parts.stream.end();
                if let Some(Some(index)) = self.open_inlines.pop() {
                    self.parts.inlines[index].text.end = end;
                }
            }
            // Extensions of CommonMark, none of which is switched on.
            _ => {}
        }
    }

    fn enter(&mut self, kind: ContainerKind) {
        self.close();
        self.containers.push(Container { id: self.container_count, kind });
        self.container_count += 1;
    }

    fn open(&mut self, kind: BlockKind, span: Range<usize>, implied: bool) {
        self.close();
        if !self.parts.blocks.is_empty() {
            self.parts.stream.separate();
        }
        let start = self.parts.stream.end();
        self.open = Some(Leaf { kind, start, span, implied });
    }

    /// Makes sure that words have a block to stand in.
    fn need_leaf(&mut self, range: &Range<usize>) {
        match &mut self.open {
            Some(leaf) if leaf.implied => leaf.span.end = leaf.span.end.max(range.end),
            Some(_) => {}
            None => self.open(BlockKind::Paragraph, range.clone(), true),
        }
    }

    fn close(&mut self) {
        let Some(leaf) = self.open.take() else { return };
        let visible = &mut self.parts.stream.visible;
        if matches!(leaf.kind, BlockKind::Code(_) | BlockKind::Paragraph) {
            // The line end of the last line of a code or HTML block belongs to no word.
            let kept = visible[leaf.start..].trim_end_matches('\n').len();
            visible.truncate(leaf.start + kept);
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

    fn words(&mut self, words: &str, range: Range<usize>) {
        self.need_leaf(&range);
        self.parts.stream.push_lines(words, range.start);
    }

    /// Inline code: the events do not say where its words begin behind the
    /// backticks, nor which line ends became spaces.
    fn code(&mut self, words: &str, range: Range<usize>) {
        self.need_leaf(&range);
        let start = self.parts.stream.end();
        let raw = &self.source.text[range.clone()];
        let mut at = raw.len() - raw.trim_start_matches('`').len();
        for (i, c) in words.char_indices() {
            let same = |r: char| r == c || (c == ' ' && matches!(r, '\n' | '\r'));
            let skipped = raw[at..].find(same).unwrap_or(0);
            at += skipped;
            self.parts.stream.push(&words[i..i + c.len_utf8()], range.start + at);
            at += raw[at..].chars().next().map_or(0, char::len_utf8);
        }
        let text = TextRange::new(start, self.parts.stream.end());
        self.parts.inlines.push(Inline { text, kind: InlineKind::Code });
    }

    fn open_inline(&mut self, kind: Option<InlineKind>, range: Range<usize>) {
        self.need_leaf(&range);
        let start = self.parts.stream.end();
        let index = kind.map(|kind| {
            self.parts.inlines.push(Inline { text: TextRange::new(start, start), kind });
            self.parts.inlines.len() - 1
        });
        self.open_inlines.push(index);
    }
}

fn language(kind: CodeBlockKind<'_>) -> Option<String> {
    match kind {
        CodeBlockKind::Fenced(info) => first_word(&info),
        CodeBlockKind::Indented => None,
    }
}

fn first_word(info: &CowStr<'_>) -> Option<String> {
    info.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Parts {
        parse(&Source::new("content/a.md", text))
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
        check("```rust x\na\r\n\n b\n```\n\n    code\n", &["a\n\n b", "code"]);
        check("a\n\n---\n\nb", &["a", "", "b"]);
        check("#\n\na", &["", "a"]);
        check("", &[]);
        check("[a]: http://b\n", &[]);
    }

    #[test]
    fn nothing_but_commonmark_is_read() {
        check("\"a\" -- b... | c\n|-|-|\n", &["\"a\" -- b... | c\n|-|-|"]);
        check("~~a~~ $b$ [^1] https://c.d :smile:", &["~~a~~ $b$ [^1] https://c.d :smile:"]);
        check("# a {#b}", &["a {#b}"]);
        check("+++\na\n+++", &["+++\na\n+++"]);
        check("- [ ] a", &["[ ] a"]);
    }

    #[test]
    fn html_is_shown_as_it_is_written() {
        check("<div onclick=x>\n<b>a</b>\n</div>\n\nb", &["<div onclick=x>\n<b>a</b>\n</div>", "b"]);
        check("a <b>c</b> <!-- d -->", &["a <b>c</b> <!-- d -->"]);
    }

    #[test]
    fn entities_and_escapes_are_decoded() {
        check("a &amp; b \\* c &#8217; &nope;", &["a & b * c \u{2019} &nope;"]);
        check("![alt *x*](y.png \"t\") [](z)", &["alt x "]);
    }

    #[test]
    fn inline_elements_cover_their_words() {
        use InlineKind::{Break, Code, Emphasis, Link, Strong};
        check_inlines("a *b **c** d*", &[("b c d", Emphasis), ("c", Strong)]);
        check_inlines("[a *b*](u \"t\")", &[("a b", Link("u".into())), ("b", Emphasis)]);
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
            [vec![], vec![Numbers(1), Item], vec![Numbers(1), Item, Quote], vec![Numbers(1), Item]]
        );
        assert_ne!(parts.blocks[1].containers[1].id, parts.blocks[3].containers[1].id);
        assert_eq!(parts.blocks[1].containers[0].id, parts.blocks[3].containers[0].id);
    }
}
