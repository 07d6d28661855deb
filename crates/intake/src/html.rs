//! HTML, XHTML and EPUB: a Markdown text, with rows for verse and dates, and the notes of the source as footnotes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::decode;
use crate::draft::{self, Draft, Incoming, Original, Record};
use crate::markdown;
use crate::records;
use crate::toml::Value;
use crate::tree::{self, Id, Tree};
use postil_anchor::document::{self, InlineKind, record};
use postil_archive::archive::Format;
use postil_archive::diagnostic::{Code, Diagnostic};
use postil_archive::sidecar::address;

/// Elements that stand for themselves, not in a line.
const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "ul",
    "caption",
];
/// Elements without words for a reader.
const NOTHING: [&str; 22] = [
    "script", "style", "template", "noscript", "svg", "canvas", "iframe", "object", "audio", "video",
    "button", "input", "select", "textarea", "link", "meta", "head", "nav", "map", "datalist", "progress",
    "img",
];

/// One file of a book, or a page.
#[derive(Debug)]
pub struct Page {
    /// Its name in the book, with folders.
    pub name: String,
    /// The file.
    pub tree: Tree,
}

/// Pages that may lead to each other.
#[derive(Debug)]
pub struct Book<'p> {
    pages: &'p [&'p Page],
    /// Elements with an id, by page.
    ids: BTreeMap<(usize, &'p str), Id>,
    /// Pages by name.
    names: BTreeMap<&'p str, usize>,
    /// What links lead to: page and id.
    referred: BTreeSet<(usize, &'p str)>,
}

impl<'p> Book<'p> {
    /// Pages with what leads where.
    pub fn new(pages: &'p [&'p Page]) -> Self {
        let names = pages.iter().enumerate().map(|(page, file)| (file.name.as_str(), page)).collect();
        let mut book = Self { pages, ids: BTreeMap::new(), names, referred: BTreeSet::new() };
        for (page, file) in pages.iter().enumerate() {
            let tree = &file.tree;
            for id in tree.within(Tree::ROOT) {
                let is_link = tree.name(id) == "a";
                if let Some(own) =
                    tree.says(id, "id").or_else(|| is_link.then(|| tree.says(id, "name")).flatten())
                {
                    book.ids.entry((page, own)).or_insert(id);
                }
                let href = tree.says(id, "href").filter(|_| is_link && !is_back(tree, id));
                if let Some((target, fragment)) = href.and_then(|href| href.split_once('#')) {
                    book.referred.extend(book.page(page, target).map(|page| (page, fragment)));
                }
            }
        }
        book
    }

    /// The page that another names.
    fn page(&self, from: usize, target: &str) -> Option<usize> {
        match target {
            "" => Some(from),
            target => self.names.get(resolved(&self.pages[from].name, target).as_str()).copied(),
        }
    }

    /// Whether nothing is on a page but notes that others refer to, and their heading.
    pub fn holds_notes(&self, page: usize) -> bool {
        let tree = &self.pages[page].tree;
        let body = tree.find(Tree::ROOT, "body").unwrap_or(Tree::ROOT);
        let mut has_notes = false;
        let mut stack = vec![body];
        while let Some(id) = stack.pop() {
            let is_note = tree.says(id, "id").is_some_and(|own| self.referred.contains(&(page, own)))
                && matches!(tree.name(id), "li" | "aside" | "p" | "div" | "dd");
            if is_note {
                has_notes = true;
            } else if tree.text(id).is_some_and(|text| !text.trim().is_empty())
                && !tree.is_in(id, &["h1", "h2", "h3", "h4", "h5", "h6"])
            {
                return false;
            } else {
                stack.extend(tree.children(id));
            }
        }
        has_notes
    }
}

/// A text of pages.
#[derive(Debug, Default)]
pub struct Made {
    /// Pages whose notes were taken, besides those of the text.
    pub notes_of: BTreeSet<usize>,
    /// The Markdown.
    pub text: String,
    /// Rows.
    pub rows: draft::Rows,
    /// What was left out.
    pub left_out: BTreeMap<String, u32>,
    /// What a person should know.
    pub doubts: Vec<String>,
}

/// Reads a file of HTML or XHTML.
///
/// # Errors
/// Nobody knows its encoding; XHTML that is not well-formed is read as HTML.
pub fn read(incoming: &Incoming, encoding: Option<&str>) -> Result<Page, Box<Diagnostic>> {
    let declared = tree::declared(&incoming.bytes).or_else(|| tree::meta_charset(&incoming.bytes));
    let decoded = decode::decode(incoming, declared.as_deref(), encoding)?;
    let head: String = decoded.text.chars().take(2000).collect();
    let is_xml = head.trim_start().starts_with("<?xml") || head.contains("http://www.w3.org/1999/xhtml");
    let tree = match is_xml.then(|| tree::xml(&incoming.path, decoded.text.clone())) {
        Some(Ok(tree)) => tree,
        _ => tree::html(&incoming.path, &decoded.text)?,
    };
    Ok(Page { name: incoming.name.clone(), tree })
}

/// Makes texts of pages, each with the index of its file; a page of nothing but notes of others is none, and one
/// of many that has no words is told.
///
/// # Errors
/// One has no words; or not all of its words would come over, which is a bug that is told with its place.
pub fn drafts(
    incoming: &[Incoming],
    pages: &[(usize, Page)],
    said: &mut Vec<String>,
) -> Result<Vec<Draft>, Vec<Diagnostic>> {
    let sources: Vec<usize> = pages.iter().map(|(source, _)| *source).collect();
    let pages: Vec<&Page> = pages.iter().map(|(_, page)| page).collect();
    let book = Book::new(&pages);
    let original = |page: usize| {
        let is_xml = pages[page].tree.source.text.contains("http://www.w3.org/1999/xhtml");
        let media_type = if is_xml { "application/xhtml+xml" } else { "text/html" };
        Original { source: sources[page], media_type, part: None }
    };
    let mut drafts: Vec<Draft> = Vec::new();
    let mut problems = Vec::new();
    // Pages of nothing but notes whose headings are told already: by the first text that has notes of them.
    let mut told = BTreeSet::new();
    for page in (0..pages.len()).filter(|&page| !book.holds_notes(page)) {
        let mut draft = Draft::of(&incoming[sources[page]], sources[page], Format::Markdown);
        draft.record = head(&pages[page].tree);
        match convert(&book, &[page]) {
            Ok(mut made) => {
                draft.originals =
                    std::iter::once(page).chain(made.notes_of.iter().copied()).map(original).collect();
                for &notes in made.notes_of.iter().filter(|&&notes| book.holds_notes(notes)) {
                    let headings = headings(&pages[notes].tree, Tree::ROOT).count();
                    if headings > 0 && told.insert(notes) {
                        *made.left_out.entry(HEADING_OF_NOTES.to_owned()).or_default() += headings as u32;
                    }
                }
                fill(&mut draft, made);
                drafts.push(draft);
            }
            Err(problem) if problem.message == NO_WORDS && pages.len() > 1 => {
                said.push(format!("`{}` has no words and was left out", pages[page].tree.source.path));
            }
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() { Ok(drafts) } else { Err(problems) }
}

/// A piece of HTML that somebody wrote as Markdown: words, lists, links and emphasis; nothing that runs or loads.
pub fn fragment(html: &str) -> String {
    let Ok(tree) = tree::html("", html) else { return markdown::escaped(html) };
    let page = Page { name: String::new(), tree };
    let pages = [&page];
    let book = Book::new(&pages);
    match convert(&book, &[0]) {
        Ok(made) => made.text.trim().to_owned(),
        Err(_) => markdown::escaped(&page.tree.words(Tree::ROOT)),
    }
}

/// Gives a draft what was made.
pub fn fill(draft: &mut Draft, made: Made) {
    draft.bytes = made.text.into_bytes();
    draft.derived = made.rows;
    draft.left_out = made.left_out;
    draft.doubts.extend(made.doubts);
}

/// What the head of a page says.
fn head(tree: &Tree) -> Record {
    let mut record = Record::default();
    let title = tree.find(Tree::ROOT, "title").map(|title| tree.words(title));
    let heading = || tree.find(Tree::ROOT, "h1").map(|heading| tree.words(heading));
    record.fill(
        "title",
        title.filter(|title| !title.is_empty()).or_else(heading).filter(|title| !title.is_empty()),
    );
    let mut authors = Vec::new();
    for meta in tree.all(Tree::ROOT, "meta") {
        let name = tree.says(meta, "name").or(tree.says(meta, "property")).unwrap_or_default().to_lowercase();
        let Some(content) = tree.says(meta, "content") else { continue };
        match name.as_str() {
            "author" | "dc.creator" | "dcterms.creator" | "citation_author" | "article:author"
                if !address::is_web(content) =>
            {
                authors.push(Value::from(content));
            }
            "date"
            | "dc.date"
            | "dcterms.date"
            | "dcterms.created"
            | "citation_publication_date"
            | "article:published_time" => {
                let day = content.split('T').next().unwrap_or(content).replace('/', "-");
                record.fill("date", records::date(&day).ok());
            }
            "description" | "dc.description" | "dcterms.abstract" if content.chars().count() <= 1000 => {
                record.fill("summary", Some(content))
            }
            "rights" | "dc.rights" | "dcterms.rights" => record.fill("rights", Some(content)),
            _ => {}
        }
    }
    record.fill("author", Value::one_or_many(authors));
    let html = tree.find(Tree::ROOT, "html").unwrap_or(Tree::ROOT);
    let lang = tree.says(html, "lang").or(tree.says(html, "xml:lang"));
    record.fill("lang", lang.filter(|tag| address::is_language(tag)));
    record
}

/// Makes one text of some pages, in order; the others are looked into for notes.
///
/// # Errors
/// As [`draft`].
pub fn convert(book: &Book<'_>, wanted: &[usize]) -> Result<Made, Box<Diagnostic>> {
    let first = &book.pages[wanted[0]];
    let mut made = attempt(book, wanted, true)?;
    if made.is_err() {
        // Marks of emphasis may not be read as such beside some signs: the words matter more.
        let plain = attempt(book, wanted, false)?;
        if let Ok(mut plain) = plain {
            plain.doubts.push("emphasis left out, since its marks would not be read as such".to_owned());
            made = Ok(plain);
        }
    }
    made.map_err(|(expected, found)| {
        let message = format!("not all words of the source would be in the text: `{expected}` is not followed as it should be, `{found}` is");
        let problem = Diagnostic::error(Code::DERIVATION_LOST, first.tree.source.start(), message);
        Box::new(problem.help("this is a bug in postil, not a mistake of yours: nothing was written; save the file as plain text, or report it"))
    })
}

/// How the heading over notes is called among what was left out: the notes stand where they are referred to.
const HEADING_OF_NOTES: &str = "heading of the notes";

/// The headings within an element.
fn headings(tree: &Tree, id: Id) -> impl Iterator<Item = Id> + '_ {
    tree.within(id).filter(|&inner| matches!(tree.name(inner), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
}

/// What is said of a page of nothing but pictures and ways elsewhere.
const NO_WORDS: &str = "the page has no words";

/// What was made, or where words part.
type Attempt = Result<Made, (String, String)>;

fn attempt(book: &Book<'_>, wanted: &[usize], marks: bool) -> Result<Attempt, Box<Diagnostic>> {
    let pages = book.pages;
    let mut writer = Writer::new(book, marks);
    let mut expected = String::new();
    for &page in wanted {
        let root = writer.root(page);
        writer.page = page;
        writer.flow(root);
        expected.push_str(&writer.words(page, root));
    }
    writer.footnotes();
    let notes = std::mem::take(&mut writer.notes);
    for note in &notes {
        expected.push_str(&writer.words(note.page, note.body));
    }
    let start = pages[wanted[0]].tree.source.start();
    let record = record::Record { misread: true, ..record::Record::default() };
    let parsed = document::parse("a".into(), "a.md".into(), writer.out.as_bytes(), Format::Markdown, &record);
    let Some(doc) = parsed.value else {
        return Err(Box::new(Diagnostic::error(Code::BAD_SOURCE, start, NO_WORDS)));
    };
    let found = read_back(&doc, notes.len());
    if let Some(at) = parted(&expected, &found) {
        let around = |text: &str| text.chars().skip(at.saturating_sub(20)).take(60).collect::<String>();
        return Ok(Err((around(&expected), around(&found))));
    }
    let mut rows = draft::Rows::default();
    for (range, keys) in &writer.rows {
        let inside = doc.blocks.iter().filter(|block| range.contains(&block.span.start));
        let numbers: Vec<u32> = inside.map(|block| block.number).collect();
        if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
            rows.structure
                .push(draft::row((*first, *last)).into_iter().chain(keys.iter().cloned()).collect());
        }
    }
    let mut doubts: Vec<String> = Vec::new();
    doubts.extend(writer.doubts.iter().map(|(what, count)| format!("{what}: {count}")));
    let notes_of = notes.iter().map(|note| note.page).filter(|page| !wanted.contains(page)).collect();
    Ok(Ok(Made { notes_of, text: writer.out, rows, left_out: writer.left_out, doubts }))
}

/// The words of a Markdown text as it is read, without what only Markdown needs.
fn read_back(doc: &document::Document, notes: usize) -> String {
    let mut words = doc.visible.clone();
    // Numbers of lists are counted by browsers, and no words of the source.
    for inline in doc.inlines.iter().rev().filter(|inline| inline.kind == InlineKind::Number) {
        words.replace_range(inline.text.range(), "");
    }
    let mut text: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    for number in 1..=notes {
        text = text.replacen(&format!("[^{number}]:"), "", 1).replace(&format!("[^{number}]"), "");
    }
    text
}

/// Where two texts part, in characters.
fn parted(a: &str, b: &str) -> Option<usize> {
    let mut count = 0;
    let (mut a, mut b) = (a.chars(), b.chars());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return None,
            (x, y) if x == y => count += 1,
            _ => return Some(count),
        }
    }
}

/// A note that something refers to.
#[derive(Debug, Clone, Copy)]
struct Footnote {
    page: usize,
    body: Id,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// Words as Markdown has them, and the characters at both ends as a reader sees them.
    Words(String),
    /// A mark opens or closes.
    Mark { mark: &'static str, opens: bool },
    /// A line ends here.
    Break,
    /// White space.
    Space,
}

struct Writer<'p> {
    book: &'p Book<'p>,
    pages: &'p [&'p Page],
    page: usize,
    /// Whether emphasis is marked.
    marks: bool,
    out: String,
    /// What each line begins with.
    prefix: String,
    /// What the next line begins with instead, and the prefix of the line before it.
    marker: Option<String>,
    last_prefix: String,
    /// Whether items follow each other without an empty line.
    tight: bool,
    /// The sign of the list that has just ended.
    ended_list: Option<char>,
    /// Nodes without words, by page.
    left: BTreeSet<(usize, Id)>,
    left_out: BTreeMap<String, u32>,
    doubts: BTreeMap<String, u32>,
    rows: Vec<(Range<usize>, draft::Row)>,
    notes: Vec<Footnote>,
    /// The first date of the article that is open.
    date: Option<(String, String)>,
}

impl<'p> Writer<'p> {
    fn new(book: &'p Book<'p>, marks: bool) -> Self {
        Self {
            book,
            pages: book.pages,
            page: 0,
            marks,
            out: String::new(),
            prefix: String::new(),
            marker: None,
            last_prefix: String::new(),
            tight: false,
            ended_list: None,
            left: BTreeSet::new(),
            left_out: BTreeMap::new(),
            doubts: BTreeMap::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            date: None,
        }
    }

    fn tree(&self) -> &'p Tree {
        &self.pages[self.page].tree
    }

    /// What of a page is the text: its main part, if it says which.
    fn root(&mut self, page: usize) -> Id {
        let tree = &self.pages[page].tree;
        let body = tree.find(Tree::ROOT, "body").unwrap_or(Tree::ROOT);
        let mains: Vec<Id> = tree
            .within(body)
            .filter(|&id| tree.name(id) == "main" || tree.says(id, "role") == Some("main"))
            .collect();
        match mains[..] {
            [main] => {
                if tree.words(main).len() < tree.words(body).len() {
                    *self.left_out.entry("what stands outside of the main part".to_owned()).or_default() += 1;
                }
                main
            }
            _ => body,
        }
    }

    /// The words of a node, but for those that were left out or are a note elsewhere; without white space.
    fn words(&self, page: usize, root: Id) -> String {
        let tree = &self.pages[page].tree;
        let mut words = String::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            let is_note = id != root && self.notes.iter().any(|note| note.page == page && note.body == id);
            if is_note || self.left.contains(&(page, id)) {
                continue;
            }
            if let Some(text) = tree.text(id) {
                words.extend(text.chars().filter(|c| !c.is_whitespace()));
            }
            stack.extend(tree.children(id).iter().rev());
        }
        words
    }

    fn leave(&mut self, id: Id, what: &str) {
        if self.left.insert((self.page, id)) && (!self.tree().words(id).is_empty() || what == "img") {
            *self.left_out.entry(what.to_owned()).or_default() += 1;
        }
    }

    /// Words of `epub:type`, `role` and `class`.
    fn is(&self, id: Id, what: &[&str]) -> bool {
        let tree = self.tree();
        ["epub:type", "role", "class"].iter().filter_map(|name| tree.says(id, name)).any(|value| {
            value.split_whitespace().any(|word| what.iter().any(|what| word.eq_ignore_ascii_case(what)))
        })
    }

    /// Everything in a node: blocks as blocks, words between them as paragraphs.
    fn flow(&mut self, id: Id) {
        let mut line = Vec::new();
        for &child in self.tree().children(id) {
            if self.is_block(child) {
                self.paragraph(&mut line, "");
                self.block(child);
            } else {
                self.inline(child, &mut line);
            }
        }
        self.paragraph(&mut line, "");
    }

    /// Whether a node is, or holds, a block.
    fn is_block(&self, id: Id) -> bool {
        let tree = self.tree();
        tree.within(id).any(|inner| BLOCKS.contains(&tree.name(inner)))
    }

    fn block(&mut self, id: Id) {
        let tree = self.tree();
        let name = tree.name(id);
        if NOTHING.contains(&name)
            || self.is(
                id,
                &[
                    "navigation",
                    "search",
                    "toc",
                    "doc-toc",
                    "pagelist",
                    "banner",
                    "contentinfo",
                    "mw-editsection",
                ],
            )
        {
            return self.leave(id, if name.is_empty() { "nothing" } else { name });
        }
        if self.notes.iter().any(|note| note.page == self.page && note.body == id) {
            return;
        }
        let start = self.out.len();
        if self.is_note(id) {
            // A note that something refers to is taken there; one that nothing does stays.
            if let Some(own) = tree.says(id, "id")
                && self.is_referred(own)
            {
                return;
            }
        }
        if self.is(id, &["endnotes", "footnotes", "rearnotes", "doc-endnotes", "doc-footnotes"]) {
            let headings: Vec<Id> = headings(tree, id).collect();
            headings.into_iter().for_each(|heading| self.leave(heading, HEADING_OF_NOTES));
        }
        let outer_date = self.is_article(id).then(|| self.date.take());
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if self.is_line(id) => {
                let mut line = Vec::new();
                self.inline_all(id, &mut line);
                let marks = "#".repeat(usize::from(name.as_bytes()[1] - b'0')) + " ";
                line.iter_mut().filter(|part| **part == Part::Break).for_each(|part| *part = Part::Space);
                self.paragraph(&mut line, &marks);
            }
            "p" | "address" | "figcaption" | "summary" | "dt" | "caption" if self.is_line(id) => {
                let mut line = Vec::new();
                self.inline_all(id, &mut line);
                self.paragraph(&mut line, "");
            }
            "hr" if tree.is_in(id, &["section"])
                && self.is(tree.parent(id).unwrap_or(id), &["footnotes", "doc-endnotes"]) => {}
            "hr" => self.emit("* * *"),
            "pre" if self.is_line(id) => self.code(id),
            "blockquote" => self.quoted(id),
            "ul" | "ol" | "menu" | "dir" => self.list(id),
            "table" => self.table(id),
            _ => self.flow(id),
        }
        if let Some(outer) = outer_date
            && let Some((date, shown)) = std::mem::replace(&mut self.date, outer)
        {
            let mut keys =
                vec![("kind".to_owned(), Value::from("item")), ("date".to_owned(), date.as_str().into())];
            if shown != date {
                keys.push(("date_shown".to_owned(), shown.into()));
            }
            self.rows.insert(0, (start..self.out.len(), keys));
            self.rows.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        }
        if self.is(
            id,
            &[
                "z3998:verse",
                "z3998:poem",
                "z3998:song",
                "z3998:hymn",
                "z3998:lyrics",
                "poem",
                "poetry",
                "verse",
            ],
        ) && !self
            .rows
            .iter()
            .any(|(range, keys)| range.start >= start && keys[0].1 == Value::from("verse"))
        {
            self.rows.push((start..self.out.len(), vec![("kind".to_owned(), "verse".into())]));
        }
    }

    /// An entry of a diary, a letter, an article: what a date in it is the date of.
    fn is_article(&self, id: Id) -> bool {
        self.tree().name(id) == "article" || self.is(id, &["z3998:diary-entry", "z3998:letter"])
    }

    /// Whether no block lies in a block.
    fn is_line(&self, id: Id) -> bool {
        !self.tree().children(id).iter().any(|&child| self.is_block(child))
    }

    fn is_note(&self, id: Id) -> bool {
        self.is(id, &["footnote", "endnote", "rearnote", "note", "doc-footnote", "doc-endnote"])
            && self.tree().says(id, "id").is_some()
    }

    /// Whether a link leads to this id of the page.
    fn is_referred(&self, own: &str) -> bool {
        self.book.referred.contains(&(self.page, own))
    }

    /// The note that a link is the sign of.
    fn note_of(&self, id: Id) -> Option<Footnote> {
        let tree = self.tree();
        let href = tree.says(id, "href")?;
        let (file, fragment) = href.split_once('#')?;
        if is_back(tree, id) {
            return None;
        }
        let page = self.book.page(self.page, file)?;
        let target = *self.book.ids.get(&(page, fragment))?;
        let said = self
            .is(id, &["noteref", "doc-noteref", "footnote-ref", "footnote-reference", "fnref", "fnanchor"]);
        let raised = tree.parent(id).is_some_and(|parent| tree.name(parent) == "sup")
            || tree.of_name(id, "sup").next().is_some();
        let short = tree.words(id).chars().count() <= 6;
        let there = &self.pages[page].tree;
        // The target may be an anchor at the beginning of the note.
        let body = if BLOCKS.contains(&there.name(target)) {
            target
        } else {
            let mut up = target;
            while !BLOCKS.contains(&there.name(up)) {
                up = there.parent(up)?;
            }
            up
        };
        let leads_back = there.all(body, "a").any(|link| {
            is_back(there, link) || there.says(link, "href").is_some_and(|href| href.contains('#'))
        });
        let is_root = matches!(there.name(body), "body" | "html" | "main" | "section" | "article");
        (!is_root && (said || (raised && short && leads_back))).then_some(Footnote { page, body })
    }

    fn inline_all(&mut self, id: Id, line: &mut Vec<Part>) {
        for &child in self.tree().children(id) {
            self.inline(child, line);
        }
    }

    fn inline(&mut self, id: Id, line: &mut Vec<Part>) {
        let tree = self.tree();
        if let Some(text) = tree.text(id) {
            return push_words(text, line);
        }
        let name = tree.name(id);
        match name {
            "" => {}
            _ if NOTHING.contains(&name)
                || self.is(id, &["mw-editsection", "pagebreak", "doc-pagebreak"]) =>
            {
                self.leave(id, name)
            }
            "br" => line.push(Part::Break),
            "wbr" => {}
            "i" | "em" | "cite" | "var" | "dfn" => self.marked(id, "*", line),
            "b" | "strong" => self.marked(id, "**", line),
            "code" | "kbd" | "samp" | "tt"
                if tree.words(id).len()
                    == tree.within(id).filter_map(|id| tree.text(id)).map(str::len).sum::<usize>() =>
            {
                let words = tree.words(id);
                if !words.is_empty() {
                    line.push(Part::Words(code_span(&words)));
                }
            }
            "a" => self.link(id, line),
            "time" => {
                let date = tree.says(id, "datetime").map(str::to_owned);
                if let Some(date) = date.filter(|date| self.date.is_none() && records::date(date).is_ok()) {
                    self.date = Some((date, tree.words(id)));
                }
                self.inline_all(id, line);
            }
            // A line of verse that is an element of its own.
            "span" | "div" if self.is(id, &["line", "i0", "i1", "i2", "i4", "i6", "verse-line"]) => {
                let begun = line.iter().any(|part| matches!(part, Part::Words(_)));
                if begun && !matches!(line.last(), Some(Part::Break)) {
                    line.push(Part::Break);
                }
                self.inline_all(id, line);
            }
            _ => self.inline_all(id, line),
        }
    }

    fn marked(&mut self, id: Id, mark: &'static str, line: &mut Vec<Part>) {
        if !self.marks {
            return self.inline_all(id, line);
        }
        line.push(Part::Mark { mark, opens: true });
        self.inline_all(id, line);
        line.push(Part::Mark { mark, opens: false });
    }

    fn link(&mut self, id: Id, line: &mut Vec<Part>) {
        let tree = self.tree();
        if let Some(note) = self.note_of(id) {
            let number = match self
                .notes
                .iter()
                .position(|known| known.page == note.page && known.body == note.body)
            {
                Some(known) => known + 1,
                None => {
                    self.notes.push(note);
                    self.notes.len()
                }
            };
            self.leave(id, "noteref");
            return line.push(Part::Words(format!("[^{number}]")));
        }
        if is_back(tree, id) {
            return self.leave(id, "backlink");
        }
        let href = tree.says(id, "href").filter(|href| address::is_web(href) || href.starts_with("mailto:"));
        match href {
            Some(href) if !tree.words(id).is_empty() && self.marks => {
                let mut inner = Vec::new();
                self.inline_all(id, &mut inner);
                let words = rendered(&inner);
                line.push(Part::Words(format!(
                    "[{}](<{}>)",
                    words.trim().replace("\\\n", " "),
                    href.replace(['<', '>', ' ', '\n'], "%20")
                )));
            }
            _ => {
                if tree.says(id, "href").is_some() && !tree.words(id).is_empty() && href.is_none() {
                    *self
                        .doubts
                        .entry("links inside the source, whose words are kept".to_owned())
                        .or_default() += 1;
                }
                self.inline_all(id, line);
            }
        }
    }

    /// A paragraph, if there are words.
    fn paragraph(&mut self, line: &mut Vec<Part>, marks: &str) {
        let words = rendered(&std::mem::take(line));
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        let lines: Vec<String> = words.split('\n').map(|line| markdown::begun(line.trim_start())).collect();
        let text = lines.join("\n");
        if marks.is_empty() {
            self.emit(&text);
        } else {
            // What closes a heading would be taken for its mark.
            let closed = text.ends_with('#') && !text.ends_with("\\#");
            let text = if closed { format!("{}\\#", &text[..text.len() - 1]) } else { text };
            self.emit(&format!("{marks}{text}"));
        }
    }

    /// Lines of a block, behind an empty line.
    fn emit(&mut self, text: &str) {
        if !self.out.is_empty() && !self.tight {
            let common =
                self.last_prefix.bytes().zip(self.prefix.bytes()).take_while(|(a, b)| a == b).count();
            let blank = self.prefix[..common].trim_end().to_owned();
            self.out.push_str(&blank);
            self.out.push('\n');
        }
        for (number, line) in text.split('\n').enumerate() {
            let begin = match self.marker.take() {
                Some(marker) if number == 0 => marker,
                _ => self.prefix.clone(),
            };
            if line.is_empty() {
                self.out.push_str(begin.trim_end());
            } else {
                self.out.push_str(&begin);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        self.last_prefix.clone_from(&self.prefix);
        self.ended_list = None;
    }

    fn quoted(&mut self, id: Id) {
        let outer = self.prefix.clone();
        if let Some(marker) = &mut self.marker {
            marker.push_str("> ");
        }
        self.prefix.push_str("> ");
        let tight = std::mem::take(&mut self.tight);
        self.flow(id);
        self.tight = tight;
        self.prefix = outer.clone();
        self.last_prefix = outer;
        // A marker that nothing took is none.
        if let Some(marker) = &mut self.marker {
            marker.truncate(marker.len() - 2);
        }
    }

    fn list(&mut self, id: Id) {
        let tree = self.tree();
        let ordered = tree.name(id) == "ol";
        let items: Vec<Id> = tree.children(id).to_vec();
        let is_loose = |&item: &Id| {
            tree.children(item)
                .iter()
                .any(|&child| self.is_block(child) && !matches!(tree.name(child), "ul" | "ol"))
        };
        let outer_tight = self.tight;
        let tight = !items.iter().any(is_loose);
        let sign = match (ordered, self.ended_list) {
            (true, Some('.')) => ')',
            (true, _) => '.',
            (false, Some('-')) => '*',
            (false, _) => '-',
        };
        let mut number: i64 =
            tree.says(id, "start").and_then(|start| start.parse().ok()).filter(|n| *n >= 0).unwrap_or(1);
        let outer = self.prefix.clone();
        let mut first = true;
        for item in items {
            if tree.name(item) != "li" {
                if self.is_block(item) {
                    self.block(item);
                } else {
                    let mut line = Vec::new();
                    self.inline(item, &mut line);
                    self.paragraph(&mut line, "");
                }
                continue;
            }
            if self.notes.iter().any(|note| note.page == self.page && note.body == item)
                || tree.words(item).is_empty()
            {
                continue;
            }
            if self.is_note(item) && tree.says(item, "id").is_some_and(|own| self.is_referred(own)) {
                continue;
            }
            number = tree
                .says(item, "value")
                .and_then(|value| value.parse().ok())
                .filter(|n| *n >= 0)
                .unwrap_or(number);
            let marker = if ordered { format!("{number}{sign} ") } else { format!("{sign} ") };
            number += 1;
            // The first item is a block as any other; the next follow it.
            self.tight = if first { outer_tight } else { tight };
            let begin = self.marker.take().unwrap_or_else(|| outer.clone());
            self.prefix = format!("{outer}{}", " ".repeat(marker.chars().count()));
            self.marker = Some(format!("{begin}{marker}"));
            let mut line = Vec::new();
            for &child in tree.children(item) {
                if self.is_block(child) {
                    self.item_line(&mut line, tight);
                    if !first || self.marker.is_none() {
                        self.tight = tight;
                    }
                    self.block(child);
                    self.tight = tight;
                } else {
                    self.inline(child, &mut line);
                }
            }
            self.item_line(&mut line, tight);
            if self.marker.take().is_none() {
                first = false;
            }
            self.last_prefix.clone_from(&outer);
        }
        self.prefix = outer;
        self.tight = outer_tight;
        self.ended_list = (!first).then_some(sign);
    }

    fn item_line(&mut self, line: &mut Vec<Part>, tight: bool) {
        if line.iter().any(|part| matches!(part, Part::Words(_))) {
            self.paragraph(line, "");
            self.tight = tight;
        }
        line.clear();
    }

    fn code(&mut self, id: Id) {
        let tree = self.tree();
        let mut words: String = String::new();
        for inner in tree.within(id) {
            if NOTHING.contains(&tree.name(inner)) {
                self.leave(inner, tree.name(inner));
            } else if tree.name(inner) == "br" {
                words.push('\n');
            }
            words.push_str(tree.text(inner).unwrap_or_default());
        }
        let words = words.trim_matches('\n').trim_end();
        if words.trim().is_empty() {
            return;
        }
        let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.emit(&format!("{fence}\n{words}\n{fence}"));
    }

    fn table(&mut self, id: Id) {
        let tree = self.tree();
        let is_plain = |cell: &Id| {
            !tree.within(*cell).any(|inner| {
                matches!(
                    tree.name(inner),
                    "table" | "ul" | "ol" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "hr"
                )
            })
        };
        let rows: Vec<Id> = tree.all(id, "tr").collect();
        let cells = |row: Id| {
            tree.children(row)
                .iter()
                .copied()
                .filter(|&cell| matches!(tree.name(cell), "td" | "th"))
                .collect::<Vec<Id>>()
        };
        let columns = rows.iter().map(|&row| cells(row).len()).max().unwrap_or(0);
        if columns < 2 || !rows.iter().all(|&row| cells(row).iter().all(is_plain)) {
            // It sets things beside each other: what is in it are blocks.
            return self.flow_cells(id);
        }
        for caption in tree.of_name(id, "caption").collect::<Vec<_>>() {
            self.block(caption);
        }
        let is_head = |row: Id| {
            tree.is_in(row, &["thead"])
                || (!cells(row).is_empty() && cells(row).iter().all(|&cell| tree.name(cell) == "th"))
        };
        let mut lines = Vec::new();
        let head = rows.first().copied().filter(|&row| is_head(row));
        if head.is_none() {
            lines.push(format!("|{}", "   |".repeat(columns)));
            lines.push(format!("|{}", "---|".repeat(columns)));
        }
        for &row in &rows {
            let mut written = String::from("|");
            let own = cells(row);
            for cell in &own {
                let mut line = Vec::new();
                self.cell(*cell, &mut line);
                line.iter_mut().filter(|part| **part == Part::Break).for_each(|part| *part = Part::Space);
                written.push_str(&format!(" {} |", rendered(&line).trim()));
            }
            written.push_str(&"   |".repeat(columns - own.len()));
            lines.push(written);
            if Some(row) == head {
                lines.push(format!("|{}", "---|".repeat(columns)));
            }
        }
        let has_words = rows.iter().any(|&row| !tree.words(row).is_empty());
        if has_words {
            self.emit(&lines.join("\n"));
        }
    }

    /// The words of a cell, on one line.
    fn cell(&mut self, id: Id, line: &mut Vec<Part>) {
        for &child in self.tree().children(id) {
            if BLOCKS.contains(&self.tree().name(child)) {
                line.push(Part::Space);
                self.cell(child, line);
                line.push(Part::Space);
            } else {
                self.inline(child, line);
            }
        }
    }

    fn flow_cells(&mut self, id: Id) {
        for &child in self.tree().children(id) {
            match self.tree().name(child) {
                "tbody" | "thead" | "tfoot" | "tr" => self.flow_cells(child),
                "td" | "th" => self.flow(child),
                "" if self.tree().text(child).is_none_or(|text| text.trim().is_empty()) => {}
                _ if self.is_block(child) => self.block(child),
                _ => {
                    let mut line = Vec::new();
                    self.inline(child, &mut line);
                    self.paragraph(&mut line, "");
                }
            }
        }
    }

    /// The notes that something refers to, behind all else; a note may refer to another.
    fn footnotes(&mut self) {
        let mut number = 0;
        while let Some(&note) = self.notes.get(number) {
            number += 1;
            self.page = note.page;
            self.prefix.clear();
            self.last_prefix.clear();
            self.tight = false;
            self.marker = Some(format!("[^{number}]: "));
            self.prefix = "    ".to_owned();
            let before = self.out.len();
            if self.is_line(note.body) {
                let mut line = Vec::new();
                self.inline_all(note.body, &mut line);
                self.paragraph(&mut line, "");
            } else {
                self.flow(note.body);
            }
            if self.out.len() == before {
                // A note without words still has its sign.
                self.emit("");
            }
        }
        self.prefix.clear();
    }
}

/// Whether a link leads back from a note to its sign.
fn is_back(tree: &Tree, id: Id) -> bool {
    let said =
        ["epub:type", "role", "class", "rev"].iter().filter_map(|name| tree.says(id, name)).any(|value| {
            value.split_whitespace().any(|word| {
                matches!(
                    word,
                    "backlink"
                        | "doc-backlink"
                        | "footnote-back"
                        | "footnote-backref"
                        | "reversefootnote"
                        | "footnote"
                )
            })
        });
    let signs = tree.words(id);
    let is_arrow = !signs.is_empty()
        && signs
            .chars()
            .all(|c| matches!(c, '↩' | '↑' | '^' | '⇑' | '←' | '\u{fe0e}' | '\u{fe0f}' | '⬆' | '⏎'));
    let leads = tree.says(id, "href").is_some_and(|href| href.contains('#'));
    leads && (said || is_arrow)
}

/// The name of a file as another names it.
pub fn resolved(from: &str, href: &str) -> String {
    let decoded = percent(href);
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A name with its percent signs resolved.
fn percent(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| name.to_owned())
}

/// Words of a source with its white space as parts.
fn push_words(text: &str, line: &mut Vec<Part>) {
    let is_space = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
    let mut words = String::new();
    let mut plain = String::new();
    let finish = |plain: &mut String, words: &mut String, line: &mut Vec<Part>| {
        if !plain.is_empty() {
            markdown::inline(plain, words);
            line.push(Part::Words(std::mem::take(words)));
            plain.clear();
        }
    };
    for c in text.chars() {
        if is_space(c) {
            finish(&mut plain, &mut words, line);
            if line.last() != Some(&Part::Space) {
                line.push(Part::Space);
            }
        } else {
            plain.push(c);
        }
    }
    finish(&mut plain, &mut words, line);
}

/// A code span whose fence its words do not hold.
fn code_span(words: &str) -> String {
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if words.starts_with('`') || words.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{words}{pad}{fence}")
}

/// The parts of a line as Markdown: marks stand where they are read as marks, white space outside of them.
fn rendered(parts: &[Part]) -> String {
    // White space at the inner side of a mark goes to its outer side.
    let mut parts: Vec<Part> = parts.to_vec();
    let mut changed = true;
    while changed {
        changed = false;
        for i in 1..parts.len() {
            let swaps = matches!(
                (&parts[i - 1], &parts[i]),
                (Part::Mark { opens: true, .. }, Part::Space | Part::Break)
                    | (Part::Space | Part::Break, Part::Mark { opens: false, .. })
            );
            if swaps {
                parts.swap(i - 1, i);
                changed = true;
            }
        }
        // What marks nothing is none; what ends and begins anew goes on.
        let empty = parts.windows(2).position(|pair| match (&pair[0], &pair[1]) {
            (Part::Mark { mark: a, opens: x }, Part::Mark { mark: b, opens: y }) => a == b && x != y,
            _ => false,
        });
        if let Some(at) = empty {
            parts.drain(at..at + 2);
            changed = true;
        }
    }
    // A mark is written only where it is read as one: see the rules of CommonMark on flanking.
    let mut drops = BTreeSet::new();
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let Part::Mark { mark, opens } = part else { continue };
        if *opens {
            open.push((i, mark));
            continue;
        }
        let Some((from, _)) = open.pop() else {
            drops.insert(i);
            continue;
        };
        let before = edge(&parts[..from], false);
        let first = edge(&parts[from + 1..], true);
        let last = edge(&parts[..i], false);
        let after = edge(&parts[i + 1..], true);
        let nested = open.iter().any(|(_, outer)| outer == mark);
        let is_outside = |c: Option<char>| c.is_none_or(is_sign);
        let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if nested || !(inner(first) || is_outside(before)) || !(inner(last) || is_outside(after)) {
            drops.extend([from, i]);
        }
    }
    drops.extend(open.iter().map(|(i, _)| *i));
    let mut text = String::new();
    for (_, part) in parts.iter().enumerate().filter(|(i, _)| !drops.contains(i)) {
        match part {
            Part::Words(words) => text.push_str(words),
            Part::Mark { mark, .. } => text.push_str(mark),
            Part::Space if !text.is_empty() && !text.ends_with([' ', '\n']) => text.push(' '),
            Part::Space => {}
            Part::Break => {
                text.truncate(text.trim_end_matches(' ').len());
                if !text.is_empty() && !text.ends_with("\\\n") {
                    text.push_str("\\\n");
                }
            }
        }
    }
    // A line end at the end of a paragraph is none.
    while let Some(rest) = text
        .trim_end()
        .strip_suffix('\\')
        .filter(|rest| text.trim_end_matches(' ').ends_with('\n') && !rest.ends_with('\\'))
    {
        text = rest.trim_end().to_owned();
    }
    text
}

/// Whether a character is white space, or a sign beside which a mark of Markdown may stand; of signs that few
/// texts have it is not sure, and then it is none.
fn is_sign(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{ff01}' | '\u{ff0c}' | '\u{ff0e}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}')
}

/// The character of words that is nearest to a mark.
fn edge(parts: &[Part], first: bool) -> Option<char> {
    let mut words = parts.iter().filter(|part| !matches!(part, Part::Mark { .. }));
    let near = if first { words.next() } else { words.next_back() };
    match near? {
        Part::Words(words) => {
            if first {
                words.chars().next()
            } else {
                words.chars().next_back()
            }
        }
        _ => None,
    }
}
