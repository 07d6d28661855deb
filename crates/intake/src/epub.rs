//! EPUB: a book of files, in the order of its spine.

use std::collections::BTreeMap;

use crate::draft::{Draft, Incoming, Original, Record};
use crate::html::{self, Book, Page};
use crate::toml::Value;
use crate::tree::{self, Tree};
use postil_archive::archive::Format;
use postil_archive::diagnostic::{Code, Diagnostic, Place};
use postil_archive::sidecar::address;

/// Above so many bytes of words each file of the spine is a text of its own.
const LARGE: usize = 150_000;

/// What a publisher puts before and after a book.
const MATTER: [&str; 14] = [
    "titlepage",
    "halftitlepage",
    "imprint",
    "colophon",
    "copyright-page",
    "cover",
    "toc",
    "landmarks",
    "loi",
    "lot",
    "page-list",
    "endnotes",
    "footnotes",
    "rearnotes",
];

/// Makes texts of a book; `members` are its files. `whole` makes one text of a large book too.
///
/// # Errors
/// It is no EPUB, or one of its files is none; or not all of its words would come over.
pub fn drafts(
    incoming: &Incoming,
    source: usize,
    members: &BTreeMap<String, Vec<u8>>,
    whole: bool,
) -> Result<(Vec<Draft>, Option<String>), Box<Diagnostic>> {
    let bad = |message: String| {
        Box::new(Diagnostic::error(Code::BAD_SOURCE, Place::file(incoming.path.as_str()), message))
    };
    let xml = |name: &str| -> Result<Tree, Box<Diagnostic>> {
        let bytes = members.get(name).ok_or_else(|| bad(format!("the book has no file `{name}`")))?;
        let text =
            String::from_utf8(bytes.clone()).map_err(|_| bad(format!("its file `{name}` is not UTF-8")))?;
        tree::xml(&format!("{}/{name}", incoming.path), text.trim_start_matches('\u{feff}').to_owned())
    };
    let container = xml("META-INF/container.xml")?;
    let root = container.find(Tree::ROOT, "rootfile").and_then(|file| container.says(file, "full-path"));
    let root = root.ok_or_else(|| bad("the book does not say where its contents are".to_owned()))?.to_owned();
    let package = xml(&root)?;
    let mut manifest: BTreeMap<&str, (String, &str)> = BTreeMap::new();
    for item in package.all(Tree::ROOT, "item") {
        if let (Some(id), Some(href)) = (package.says(item, "id"), package.says(item, "href")) {
            manifest.insert(
                id,
                (html::resolved(&root, href), package.says(item, "properties").unwrap_or_default()),
            );
        }
    }
    let spine =
        package.all(Tree::ROOT, "itemref").filter_map(|item| manifest.get(package.says(item, "idref")?));
    let spine: Vec<String> = spine
        .filter(|(_, properties)| !properties.split(' ').any(|word| word == "nav"))
        .map(|(name, _)| name.clone())
        .collect();
    if spine.is_empty() {
        return Err(bad("the spine of the book names no file".to_owned()));
    }
    let mut pages = Vec::new();
    for name in &spine {
        let bytes = members
            .get(name)
            .ok_or_else(|| bad(format!("the book has no file `{name}`, which its spine names")))?;
        let file =
            Incoming { path: format!("{}/{name}", incoming.path), name: name.clone(), bytes: bytes.clone() };
        pages.push(html::read(&file, None)?);
    }
    let (left, wanted): (Vec<usize>, Vec<usize>) =
        (0..pages.len()).partition(|&page| is_matter(&pages[page]));
    if wanted.is_empty() {
        return Err(bad("the book has nothing but a title page, an imprint and the like".to_owned()));
    }
    let pages: Vec<&Page> = pages.iter().collect();
    let book = Book::new(&pages);
    let record = record(&package);
    let title = record.text("title").map(str::to_owned);
    let size: usize = wanted.iter().map(|&page| pages[page].tree.words(Tree::ROOT).len()).sum();
    let matter = || {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for &page in left.iter().filter(|&&page| !pages[page].tree.words(Tree::ROOT).is_empty()) {
            *counts
                .entry(format!("file {}", pages[page].name.rsplit('/').next().unwrap_or_default()))
                .or_default() += 1;
        }
        counts
    };
    let media_type = "application/epub+zip";
    if size <= LARGE || whole {
        let mut draft = Draft::of(incoming, source, Format::Markdown);
        html::fill(&mut draft, html::convert(&book, &wanted)?);
        draft.record = record;
        draft.left_out.extend(matter());
        draft.originals = vec![Original { source, media_type, part: None }];
        return Ok((vec![draft], None));
    }
    let stem = postil_archive::archive::name::proposed(&incoming.name);
    let mut drafts = Vec::new();
    for (number, &page) in wanted.iter().enumerate() {
        let mut draft = Draft { called: String::new(), ..Draft::of(incoming, source, Format::Markdown) };
        let name = &pages[page].name;
        let file = name.rsplit('/').next().unwrap_or(name);
        draft.name = format!("{stem}/{file}");
        if pages[page]
            .tree
            .find(Tree::ROOT, "body")
            .is_none_or(|body| pages[page].tree.words(body).is_empty())
        {
            continue;
        }
        html::fill(&mut draft, html::convert(&book, &[page])?);
        draft.record = record.clone();
        let own = pages[page].tree.find(Tree::ROOT, "title").map(|title| pages[page].tree.words(title));
        if let Some(own) = own.filter(|own| !own.is_empty()) {
            draft.record.set("title", own);
        }
        draft.record.set("number", number + 1);
        if number == 0 {
            draft.left_out.extend(matter());
        }
        draft.originals = vec![Original { source, media_type, part: Some(name.clone()) }];
        drafts.push(draft);
    }
    Ok((drafts, title))
}

/// Whether a file is what the publisher added, or holds notes that are fetched.
fn is_matter(page: &Page) -> bool {
    let tree = &page.tree;
    let Some(body) = tree.find(Tree::ROOT, "body") else { return true };
    let sections = tree.children(body).iter().copied().filter(|&child| !tree.name(child).is_empty());
    let says = |id| {
        let words = tree.says(id, "epub:type").unwrap_or_default();
        words.split_whitespace().any(|word| MATTER.contains(&word))
    };
    let sections: Vec<_> = sections.collect();
    says(body) || (!sections.is_empty() && sections.iter().all(|&section| says(section)))
}

/// What the package says of the book.
fn record(package: &Tree) -> Record {
    let mut record = Record::default();
    let words = |name: &str| {
        package.all(Tree::ROOT, name).map(|id| package.words(id)).find(|words| !words.is_empty())
    };
    record.fill("title", words("title"));
    let creators: Vec<Value> = package
        .all(Tree::ROOT, "creator")
        .map(|id| package.words(id))
        .filter(|name| !name.is_empty())
        .map(Value::from)
        .collect();
    record.fill("author", Value::one_or_many(creators));
    record.fill("lang", words("language").filter(|tag| address::is_language(tag)));
    record.fill("rights", words("rights").filter(|rights| rights.chars().count() <= 500));
    record.fill(
        "summary",
        words("description").filter(|words| words.chars().count() <= 1000 && !words.contains('<')),
    );
    if let Some(name) = words("publisher") {
        record.set("source", Value::Table(vec![("name".to_owned(), name.into())]));
    }
    record
}
