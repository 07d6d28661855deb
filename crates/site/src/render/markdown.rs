//! Markdown of a sidecar becomes HTML: an allowlist over the events of
//! pulldown-cmark, `[[…]]` resolved, nothing passed through.

mod bare;
mod footnotes;
mod portable;

pub use portable::{escaped, portable};

use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd,
    TextMergeWithOffset,
};

use crate::render::highlight;
use crate::render::html::{self, Target};
use crate::render::picture::{self, Found};
use crate::render::tongue;
use crate::site::{Site, link};
use postil_anchor::annotation::{Markdown, wiki};
use postil_archive::archive::name;
use postil_archive::diagnostic::{Code, Diagnostic, Severity, Span};
use postil_archive::sidecar::suggest;

/// Markdown as HTML, and what was found on the way.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The HTML: block elements, safe as they are.
    pub html: String,
    /// The words alone, for search and summaries.
    pub text: String,
    /// What is wrong.
    pub problems: Vec<Diagnostic>,
    /// Links into the site: only the finished pages can say whether they lead anywhere.
    pub wanted: Vec<Wanted>,
    /// Addresses of pages this leads to, from the root, without fragment.
    pub leads_to: Vec<String>,
}

/// A link into the site.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The page or file, from the root.
    pub page: String,
    /// The id on it.
    pub id: Option<String>,
    /// What to say if it does not exist.
    pub missing: Diagnostic,
}

/// Where the Markdown is shown.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The page, from the root.
    pub page: &'a str,
    /// What its highest heading becomes, `#` or `##` as the writer prefers; the others follow without
    /// a gap. Headings of a note become bold paragraphs (`None`).
    pub heading: Option<u8>,
}

/// Renders Markdown for a page.
pub fn render(site: &Site<'_>, markdown: &Markdown, place: Place<'_>) -> Rendered {
    let mut writer = Writer::new(site, markdown, place);
    let parser = Parser::new_ext(&markdown.text, wiki::OPTIONS).into_offset_iter();
    for (event, range) in TextMergeWithOffset::new(parser) {
        writer.event(event, range);
    }
    let has_own_page = place.heading.is_some();
    let Writer { mut out, mut events, footnotes, .. } = writer;
    footnotes.close(&mut events, has_own_page);
    out.text = tongue::bare(&out.text);
    pulldown_cmark::html::push_html(&mut out.html, events.into_iter());
    let limit = site.archive.config.limits.html;
    if out.html.len() as u64 > limit {
        out.problems.push(
            Diagnostic::error(
                Code::TOO_LARGE,
                markdown.source.place(markdown.span),
                format!("this becomes {} bytes of HTML, the limit is {limit}", out.html.len()),
            )
            .help("shorten it, or raise `html` under `[limits]` in `postil.toml`"),
        );
        out.html = format!("<p>{}</p>", html::escaped(out.text.trim()));
    }
    out
}

/// The levels of the headings, 1 to 6.
fn headings(markdown: &str) -> impl Iterator<Item = u8> {
    Parser::new_ext(markdown, wiki::OPTIONS).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as u8),
        _ => None,
    })
}

/// What an alert (`> [!NOTE]`) is called, as its writer wrote it.
fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}

struct Writer<'a> {
    site: &'a Site<'a>,
    markdown: &'a Markdown,
    place: Place<'a>,
    out: Rendered,
    events: Vec<Event<'a>>,
    /// Level of the highest heading, as written.
    highest: u8,
    /// The heading in hand or last seen, as it is shown.
    above: Option<HeadingLevel>,
    depth: u32,
    /// Links that were opened without an element: their ends are dropped too.
    refused: u32,
    /// Whether the link in hand has its words already, so that its target is not shown.
    named: bool,
    /// Language and words of the code block in hand.
    code: Option<(String, String)>,
    /// Whether a link is open: there is none in a link.
    in_link: bool,
    /// Pictures whose description is in hand, with their titles; links to pictures have none.
    pictures: Vec<Option<String>>,
    /// The table in hand: how its columns stand, whether its head is open, and the column.
    table: Option<(Vec<Alignment>, bool, usize)>,
    footnotes: footnotes::Footnotes<'a>,
}

impl<'a> Writer<'a> {
    /// Ready to read.
    fn new(site: &'a Site<'a>, markdown: &'a Markdown, place: Place<'a>) -> Self {
        Self {
            site,
            markdown,
            place,
            out: Rendered::default(),
            events: Vec::new(),
            // Where headings are not allowed, their level does not matter.
            highest: place.heading.and_then(|_| headings(&markdown.text).min()).unwrap_or(1),
            above: None,
            depth: 0,
            refused: 0,
            code: None,
            named: false,
            in_link: false,
            pictures: Vec::new(),
            table: None,
            footnotes: footnotes::Footnotes::of(&markdown.text),
        }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, words)) => words.push_str(&text),
                None if self.named => {}
                None => self.words(text, range),
            },
            Event::Code(code) => {
                self.out.text.push_str(&code);
                self.events.push(Event::Code(code));
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                self.raw_html(&text, range);
                self.text(text);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.out.text.push(' ');
                self.events.push(event);
            }
            Event::Rule => self.events.push(event),
            Event::FootnoteReference(label) => {
                let has_own_page = self.place.heading.is_some();
                let number = self.footnotes.reference(label, has_own_page);
                self.html(number);
            }
            // A sign and not a box to tick: nobody can tick it here.
            Event::TaskListMarker(done) => {
                self.html(format!("<span class=\"task\">{}</span> ", if done { '☑' } else { '☐' }));
            }
            // Switched off by the options; shown as nothing rather than as something unchecked.
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// HTML that was made here.
    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.events.push(Event::InlineHtml(html.into()));
    }

    /// Words, with links where there are addresses in them.
    fn words(&mut self, text: CowStr<'a>, range: Range<usize>) {
        // What stands there by a backslash or an entity is not meant as an address.
        let source = self.markdown.text.get(range).unwrap_or_default();
        let is_written = |address: &str| source.contains(address) || source.contains(&html::escaped(address));
        let found = if self.in_link { Vec::new() } else { bare::addresses(&text) };
        let mut at = 0;
        for (place, href) in found {
            let Target::Outside(href) = html::target(&href) else { continue };
            if is_written(&text[place.clone()]) {
                self.text(text[at..place.start].to_owned().into());
                self.open_link(href);
                self.text(text[place.clone()].to_owned().into());
                self.events.push(Event::End(TagEnd::Link));
                at = place.end;
            }
        }
        match at {
            0 => self.text(text),
            _ => self.text(text[at..].to_owned().into()),
        }
    }

    fn open_link(&mut self, href: String) {
        self.events.push(Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: href.into(),
            title: "".into(),
            id: "".into(),
        }));
    }

    fn text(&mut self, text: CowStr<'a>) {
        self.out.text.push_str(&text);
        self.events.push(Event::Text(text));
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => {
                self.depth += 1;
                if self.depth == self.site.archive.config.limits.nesting + 1 {
                    self.problem(
                        Diagnostic::error(
                            Code::TOO_DEEP,
                            self.at(range),
                            format!("nested deeper than {} levels", self.depth - 1),
                        )
                        .help("make the list or quotation flatter"),
                    );
                }
                if self.depth <= self.site.archive.config.limits.nesting {
                    let (tag, kind) = match tag {
                        Tag::BlockQuote(kind) => (Tag::BlockQuote(None), kind),
                        other => (other, None),
                    };
                    self.events.push(Event::Start(tag));
                    if let Some(kind) = kind {
                        self.html(format!("<p><strong>{}</strong></p>", alert(kind)));
                    }
                }
            }
            Tag::Heading { level, .. } => {
                let level = self.heading(level);
                self.above = level;
                self.events.push(Event::Start(match level {
                    Some(level) => Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() },
                    None => Tag::Paragraph,
                }));
                if level.is_none() {
                    self.events.push(Event::Start(Tag::Strong));
                }
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or("").to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::Link { link_type, dest_url, .. } => self.link(link_type, &dest_url, range),
            Tag::Image { dest_url, title, .. } => self.picture(&dest_url, &title, range),
            Tag::Paragraph | Tag::Emphasis | Tag::Strong => self.events.push(Event::Start(tag)),
            // Not `<del>`, which says that a text is corrected.
            Tag::Strikethrough => self.html("<s>"),
            Tag::Table(columns) => {
                self.table = Some((columns, false, 0));
                // Focusable, since it may be wider than the page and is then moved by keys.
                self.html("<div class=\"wide\" tabindex=\"0\"><table>");
            }
            Tag::TableHead => {
                self.row(true);
                self.html("<thead><tr>");
            }
            Tag::TableRow => {
                self.row(false);
                self.html("<tr>");
            }
            Tag::TableCell => self.cell(),
            Tag::FootnoteDefinition(label) => self.footnotes.open(label, &mut self.events),
            // HTML blocks are shown as text, and need a paragraph around them.
            Tag::HtmlBlock => self.events.push(Event::Start(Tag::Paragraph)),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                if self.depth <= self.site.archive.config.limits.nesting {
                    let tag = match tag {
                        TagEnd::BlockQuote(_) => TagEnd::BlockQuote(None),
                        other => other,
                    };
                    self.events.push(Event::End(tag));
                }
                self.depth -= 1;
                self.out.text.push(' ');
            }
            TagEnd::Heading(_) => {
                match self.above {
                    Some(level) => self.events.push(Event::End(TagEnd::Heading(level))),
                    None => {
                        self.events.push(Event::End(TagEnd::Strong));
                        self.events.push(Event::End(TagEnd::Paragraph));
                    }
                }
                self.out.text.push(' ');
            }
            TagEnd::CodeBlock => {
                if let Some((language, words)) = self.code.take() {
                    self.out.text.push_str(&words);
                    self.events.push(Event::Html(highlight::block(&language, &words).into()));
                }
            }
            TagEnd::Link => {
                self.named = false;
                self.in_link = false;
                if self.refused > 0 {
                    self.refused -= 1;
                } else {
                    self.events.push(Event::End(tag));
                }
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                self.events.push(Event::End(TagEnd::Paragraph));
                self.out.text.push(' ');
            }
            TagEnd::Emphasis | TagEnd::Strong => self.events.push(Event::End(tag)),
            TagEnd::Strikethrough => self.html("</s>"),
            TagEnd::Table => {
                self.table = None;
                self.html("</tbody></table></div>");
            }
            TagEnd::TableHead => self.html("</tr></thead><tbody>"),
            TagEnd::TableRow => self.html("</tr>"),
            TagEnd::TableCell => {
                let is_head = self.table.as_ref().is_some_and(|(_, is_head, _)| *is_head);
                self.html(if is_head { "</th>" } else { "</td>" });
                self.out.text.push(' ');
            }
            TagEnd::FootnoteDefinition => self.footnotes.end(&mut self.events),
            TagEnd::Image => self.picture_ends(),
            _ => {}
        }
    }

    /// A row of a table begins.
    fn row(&mut self, is_head: bool) {
        if let Some((_, head, column)) = &mut self.table {
            (*head, *column) = (is_head, 0);
        }
    }

    /// A cell begins. How its column stands is said by a class: there is no style on a page.
    fn cell(&mut self) {
        let Some((columns, is_head, column)) = &mut self.table else { return };
        let class = match columns.get(*column) {
            Some(Alignment::Center) => " class=\"mid\"",
            Some(Alignment::Right) => " class=\"end\"",
            _ => "",
        };
        *column += 1;
        let cell = match *is_head {
            true => format!("<th scope=\"col\"{class}>"),
            false => format!("<td{class}>"),
        };
        self.html(cell);
    }

    /// The level a heading gets on this page, at most one below the heading before it: who reads by
    /// headings would look for what a gap leaves out. None where headings are not allowed.
    fn heading(&self, level: HeadingLevel) -> Option<HeadingLevel> {
        let top = self.place.heading?;
        let deepest = self.above.map_or(top, |above| above as u8 + 1).min(6);
        let level = (level as u8 - self.highest + top).min(deepest);
        HeadingLevel::try_from(usize::from(level)).ok()
    }

    fn link(&mut self, kind: LinkType, address: &str, range: Range<usize>) {
        let found = match kind {
            LinkType::WikiLink { has_pothole } => self.wiki(address, has_pothole, range.clone()),
            LinkType::Email => Some((format!("mailto:{address}"), None)),
            _ => self.plain(address, range.clone()),
        };
        let Some((href, words)) = found else {
            self.refused += 1;
            return;
        };
        self.open_link(href);
        self.in_link = true;
        if let Some(words) = words {
            self.text(words.into());
            self.named = true;
        }
    }

    /// A picture; its description and title stand behind it.
    fn picture(&mut self, address: &str, title: &str, range: Range<usize>) {
        let site = self.site;
        match picture::find(site, &self.markdown.source.path, None, address) {
            Found::Here(picture) => {
                self.html(picture::element(picture, self.place.page, "", ""));
                self.html("<span class=\"description\">");
                self.pictures.push(Some(title.to_owned()));
            }
            Found::Remote(address) => {
                self.problem(picture::remote(self.at(range), &address));
                self.html(format!("<a href=\"{}\" rel=\"external\">", html::escaped(&address)));
                self.pictures.push(None);
            }
            Found::None(why, paths) => {
                self.problem(picture::missing(self.at(range), address, why, &paths, Severity::Error));
                self.html("<span>");
                self.pictures.push(Some(String::new()));
            }
        }
    }

    /// Behind the description of a picture.
    fn picture_ends(&mut self) {
        match self.pictures.pop() {
            Some(Some(title)) => {
                if !title.is_empty() {
                    self.text(format!(" {title}").into());
                }
                self.html("</span>");
            }
            Some(None) => self.html("</a>"),
            None => {}
        }
    }

    fn plain(&mut self, address: &str, range: Range<usize>) -> Option<(String, Option<String>)> {
        match html::target(address) {
            Target::Outside(address) => Some((address, None)),
            Target::Here(id) if self.place.heading.is_some() => {
                let missing = self.dead(range, &format!("#{id}"));
                self.want(self.place.page, Some(&id), missing);
                Some((format!("#{id}"), None))
            }
            Target::Here(id) => {
                self.problem(
                    Diagnostic::error(
                        Code::BAD_ADDRESS,
                        self.at(range),
                        format!("`#{id}` names no page, and this is shown on several"),
                    )
                    .help("for a paragraph write `[[text:ID#p12]]`, for a note `[[note:ID/slug]]`"),
                );
                None
            }
            Target::Inside(path) => {
                let (page, id) = path.split_once('#').map_or((path.as_str(), None), |(p, i)| (p, Some(i)));
                let missing = self.dead(range, &path);
                let missing = match is_like_a_host(&path) {
                    true => missing.help(format!(
                        "an address of the web begins with `https://`: write `https://{path}`"
                    )),
                    false => missing
                        .help("write the address from the root of the site, such as `texts/index.html`"),
                };
                self.want(page, id, missing);
                Some((link::relative(self.place.page, &path), None))
            }
            Target::Refused => {
                self.problem(
                    Diagnostic::error(
                        Code::BAD_ADDRESS,
                        self.at(range),
                        format!("a link may not lead to `{address}`"),
                    )
                    .help("link to `https:`, `http:`, `mailto:`, or a page of the site from its root"),
                );
                None
            }
        }
    }

    fn dead(&self, range: Range<usize>, address: &str) -> Diagnostic {
        Diagnostic::error(Code::DEAD_LINK, self.at(range), format!("the site has no `{address}`"))
    }

    /// `[[slug]]`, `[[text:ID#p12]]`, `[[topic:slug]]`, `[[note:ID/slug]]`: address, and the words if none are given.
    fn wiki(
        &mut self,
        target: &str,
        has_words: bool,
        range: Range<usize>,
    ) -> Option<(String, Option<String>)> {
        let site = self.site;
        let (kind, name) = wiki::target(target);
        let (address, words) = match kind {
            "term" => {
                let Some(i) = site.term(name) else {
                    return self.unknown(
                        Code::UNKNOWN_TERM,
                        "term",
                        name,
                        site.annotations.terms.iter().map(|t| t.slug.as_str()),
                        range,
                    );
                };
                (site.term_address(i), site.annotations.terms[i].term.value.clone())
            }
            "topic" => {
                let Some(i) = site.topic(name) else {
                    return self.unknown(
                        Code::UNKNOWN_TOPIC,
                        "topic",
                        name,
                        site.annotations.topics.iter().map(|t| t.slug.as_str()),
                        range,
                    );
                };
                (site.topic_address(i), site.annotations.topics[i].title.clone())
            }
            "text" => self.text_link(name, range)?,
            "note" => {
                let found = name.rsplit_once('/').and_then(|(text, slug)| site.note(text, slug));
                let Some(i) = found else {
                    let notes = &site.annotations.notes;
                    let ids: Vec<String> = notes.iter().map(|n| format!("{}/{}", n.text, n.slug)).collect();
                    return self.unknown(
                        Code::UNKNOWN_NOTE,
                        "note",
                        name,
                        ids.iter().map(String::as_str),
                        range,
                    );
                };
                let note = &site.annotations.notes[i];
                let title = site.text(&note.text).map_or("", |t| &site.texts[t].short);
                (site.note_address(i), site.labelled(site.shown_note_kind(&note.kind), title))
            }
            other => {
                let kinds = ["term", "topic", "text", "note"];
                return self.unknown(Code::UNKNOWN_KIND, "kind of link", other, kinds.into_iter(), range);
            }
        };
        self.out.leads_to.push(address.split('#').next().unwrap_or("").to_owned());
        Some((link::relative(self.place.page, &address), (!has_words).then_some(words)))
    }

    fn text_link(&mut self, name: &str, range: Range<usize>) -> Option<(String, String)> {
        let site = self.site;
        let (id, block) = name.split_once('#').map_or((name, None), |(id, b)| (id, Some(b)));
        let Some(text) = site.text(id) else {
            let ids = site.texts.iter().map(|t| &*t.id);
            self.unknown(Code::UNKNOWN_TEXT, "text", id, ids, range)?;
            return None;
        };
        let Some(block) = block else {
            return Some((site.text_address(text), site.texts[text].short.clone()));
        };
        let missing = Diagnostic::error(
            Code::UNKNOWN_BLOCK,
            self.at(range),
            format!("`{id}` has no paragraph `{block}`"),
        )
        .help("the number stands beside the paragraph on the page; `postil blocks` lists them");
        let Some(number) = block.strip_prefix('p').and_then(|n| n.parse::<u32>().ok()) else {
            self.problem(missing);
            return None;
        };
        self.want(&site.text_address(text), Some(&format!("p{number}")), missing);
        let words = format!("{}, {}", site.texts[text].short, site.paragraph(number));
        Some((format!("{}#p{number}", site.text_address(text)), words))
    }

    fn unknown<'b, T>(
        &mut self,
        code: Code,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'b str>,
        range: Range<usize>,
    ) -> Option<T> {
        let span = self.span(range);
        let place = self.markdown.source.place(span);
        let mut problem = Diagnostic::error(code, place, format!("there is no {what} `{name}`"));
        if let Some((near, alone)) = suggest::closest(name, known) {
            let fix = alone.then(|| self.markdown.source.rename(span, name, near)).flatten();
            problem = problem.help(format!("did you mean `{near}`?")).fix(fix);
        }
        self.problem(match what {
            "term" => problem.help(name::would_define("annotations/glossary", name)),
            "topic" => problem.help(name::would_define("annotations/topics", name)),
            "text" => problem.help(name::would_be_text(name)),
            "note" => problem
                .help("write `[[note:ID/slug]]`: the text's id, and the note's file name without its ending"),
            _ => problem.help(
                "write `[[slug]]` for a term, `[[text:ID#p12]]`, `[[topic:slug]]` or `[[note:ID/slug]]`",
            ),
        });
        None
    }

    fn want(&mut self, page: &str, id: Option<&str>, missing: Diagnostic) {
        self.out.leads_to.push(page.to_owned());
        self.out.wanted.push(Wanted { page: page.to_owned(), id: id.map(str::to_owned), missing });
    }

    fn raw_html(&mut self, text: &str, range: Range<usize>) {
        if text.trim().is_empty() {
            return;
        }
        self.problem(
            Diagnostic::warning(
                Code::RAW_HTML,
                self.at(range),
                "HTML is not allowed here and is shown as text",
            )
            .help("use Markdown"),
        );
    }

    fn problem(&mut self, problem: Diagnostic) {
        self.out.problems.push(problem);
    }

    /// Where a stretch of the Markdown stands in its file. In a TOML string
    /// with escapes it can only be the string.
    fn span(&self, range: Range<usize>) -> Span {
        let Markdown { text, source, span } = self.markdown;
        if source.text.get(span.range()) == Some(text.as_str()) {
            return Span { start: span.start + range.start, end: span.start + range.end };
        }
        *span
    }

    fn at(&self, range: Range<usize>) -> postil_archive::diagnostic::Place {
        self.markdown.source.place(self.span(range))
    }
}
/// Endings of files that sites hold: what ends so is no host.
const FILES: [&str; 18] = [
    "html", "htm", "txt", "md", "toml", "json", "jsonld", "xml", "zip", "csv", "css", "js", "png", "jpg",
    "jpeg", "webp", "gif", "pdf",
];

/// Whether somebody has left out `https://`: the address begins as that of a host does.
fn is_like_a_host(path: &str) -> bool {
    let host = path.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((rest, last)) = host.rsplit_once('.') else { return false };
    !rest.is_empty()
        && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        && last.len() >= 2
        && last.chars().all(char::is_alphabetic)
        && !FILES.contains(&last.to_ascii_lowercase().as_str())
}
