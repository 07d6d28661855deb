//! Books: what is in one is well-formed, leads somewhere, says every word of its texts, and is the same twice.

mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use postil::compile::{self, Options};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Diagnostic, Error, Severity};
use postil_export::epub::{Annotations, Book};
use postil_search::scratch::Memory;
use rayon::prelude::*;
use serde_json::Value;
use zip::{CompressionMethod, ZipArchive};

use self::tree::{Element, parse};
use super::checking::{run, write};
use super::made::{Files, archive, short};

/// A book as it was made: its bytes, the visible words of its texts, block by block, and what notes stand on.
struct Made {
    bytes: Vec<u8>,
    blocks: Vec<Vec<String>>,
    places: BTreeSet<String>,
}

/// The book of an archive, of these texts or all; what is wrong with it otherwise.
fn made(archive: &Archive, names: &[&str]) -> Result<Made, Vec<Diagnostic>> {
    let chosen: Vec<_> = archive
        .texts
        .keys()
        .filter(|&i| names.is_empty() || names.contains(&&*archive.texts[i].id))
        .collect();
    let work = |texts: &compile::Texts<'_>| -> Result<_, Error> {
        let scratch = Memory::default();
        let mut book = Book::new(texts.site, texts.words, &chosen, &scratch);
        let (mut blocks, mut places) = (Vec::new(), BTreeSet::new());
        let order = book.order().to_vec();
        for text in order {
            let chapter = texts.with(text, |input, facts| {
                let doc = input.doc;
                blocks.push(doc.blocks.iter().map(|block| doc.words(block.text).to_owned()).collect());
                for place in input.overlay.items.iter().flat_map(|item| &item.places) {
                    places.insert(squeezed(place.ranges.iter().flat_map(|range| doc.words(*range).chars())));
                }
                book.chapter(input, facts)
            })?;
            if let Some(chapter) = chapter {
                book.add(chapter).unwrap();
            }
        }
        let wrong = book.take_problems();
        let mut out = Cursor::new(Vec::new());
        if book.order().len() == blocks.len() {
            book.finish(&mut out, Annotations::Inside).unwrap();
        }
        Ok((Made { bytes: out.into_inner(), blocks, places }, wrong))
    };
    let ((made, wrong), mut problems) = compile::texts(archive, &Options::default(), work).unwrap();
    problems.retain(|problem| problem.severity == Severity::Error);
    assert_eq!(short(&wrong), "", "the proof");
    if problems.is_empty() && !made.bytes.is_empty() { Ok(made) } else { Err(problems) }
}

fn read(files: Files) -> Archive {
    Archive::from_memory(files, postil::theme::default_theme()).value
}

/// Without white space: between two paragraphs a book may have other than a passage.
fn squeezed(words: impl Iterator<Item = char>) -> String {
    words.filter(|c| !c.is_whitespace()).map(|c| if c < ' ' { '\u{fffd}' } else { c }).collect()
}

/// Name to bytes; the first is what a reading system looks at first.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let first = zip.by_index(0).unwrap();
    assert_eq!(
        (first.name().unwrap().into_owned(), first.compression()),
        ("mimetype".to_owned(), CompressionMethod::Stored)
    );
    drop(first);
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "a name twice");
    let mut read = |name: &String| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        (name.clone(), bytes)
    };
    names.iter().map(&mut read).collect()
}

/// Everything that must hold of any book; gives its files as trees.
fn check(made: &Made, about: &str) -> BTreeMap<String, Element> {
    let files = unzipped(&made.bytes);
    assert_eq!(files["mimetype"], b"application/epub+zip");
    let mut trees = BTreeMap::new();
    for (name, bytes) in &files {
        if [".xhtml", ".opf", ".xml"].iter().any(|ending| name.ends_with(ending)) {
            let text = std::str::from_utf8(bytes).unwrap();
            let tree = parse(text).unwrap_or_else(|error| panic!("{about}: {name}: {error}\n{text}"));
            trees.insert(name.clone(), tree);
        }
    }

    // Each file is in the package, and each that is in the package is there.
    let package = trees["package.opf"].all();
    let items: BTreeMap<&str, &str> = package
        .iter()
        .filter(|element| element.name == "item")
        .map(|item| (item.attribute("id").unwrap(), item.attribute("href").unwrap()))
        .collect();
    let listed: BTreeSet<&str> = items.values().copied().collect();
    let beside = |name: &str| name.starts_with("META-INF/") || ["mimetype", "package.opf"].contains(&name);
    let there: BTreeSet<&str> = files.keys().map(String::as_str).filter(|name| !beside(name)).collect();
    assert_eq!(listed, there, "{about}");
    let spine: Vec<&str> = package
        .iter()
        .filter(|element| element.name == "itemref")
        .map(|item| items[item.attribute("idref").unwrap()])
        .collect();

    // Ids are there once, and whatever is led to within the book is there and is read in its order.
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, tree) in &trees {
        let seen = ids.entry(name).or_default();
        for id in tree.all().into_iter().filter_map(|element| element.attribute("id")) {
            assert!(seen.insert(id), "{about}: {name}: `{id}` twice");
        }
    }
    for (name, tree) in &trees {
        for element in tree.all() {
            for (attribute, _) in &element.attributes {
                assert_ne!(attribute, "data-to", "{about}: {name}: a link was left over");
            }
            let Some(href) = element.attribute("href").filter(|_| element.name == "a") else { continue };
            if href.contains(':') {
                continue;
            }
            let (file, id) = href.split_once('#').map_or((href, None), |(file, id)| (file, Some(id)));
            let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            let file = if file.is_empty() { name.clone() } else { format!("{folder}{file}") };
            let ids = ids.get(&*file).unwrap_or_else(|| panic!("{about}: {name}: no `{href}`"));
            assert!(id.is_none_or(|id| ids.contains(id)), "{about}: {name}: nothing at `{href}`");
            assert!(spine.contains(&file.as_str()), "{about}: {name}: `{href}` is not read in order");
        }
    }

    // Every word of every text, in order, once.
    let mut texts: Vec<Vec<String>> = vec![Vec::new(); made.blocks.len()];
    for name in &spine {
        let number =
            name.strip_prefix("EPUB/t").and_then(|rest| rest.split('-').next()?.parse::<usize>().ok());
        let Some(number) = number else { continue };
        for element in trees[*name].all() {
            if let Some(block) = element.attribute("data-block") {
                let own = &mut texts[number - 1];
                assert_eq!(block, (own.len() + 1).to_string(), "{about}: {name}");
                own.push(element.words());
            }
        }
    }
    for (found, expected) in texts.iter().zip(&made.blocks) {
        let expected: Vec<String> = expected
            .iter()
            .map(|words| {
                words.chars().map(|c| if c < ' ' && !"\t\n\r".contains(c) { '\u{fffd}' } else { c }).collect()
            })
            .collect();
        assert_eq!(found, &expected, "{about}");
    }
    annotations(&files, &trees, made, about);
    trees
}

/// The annotations are as the draft has them, and stand on words that the archive's notes stand on.
fn annotations(
    files: &BTreeMap<String, Vec<u8>>,
    trees: &BTreeMap<String, Element>,
    made: &Made,
    about: &str,
) {
    let Some(file) = files.get("META-INF/annotations.json") else { return };
    let set: Value = serde_json::from_slice(file).unwrap();
    let schema: Value = serde_json::from_str(include_str!("books/annotations.schema.json")).unwrap();
    let wrong: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&set)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert_eq!(wrong, [""; 0], "{about}");
    let mut ids = BTreeSet::new();
    for item in set["items"].as_array().unwrap() {
        assert!(ids.insert(item["id"].as_str().unwrap()), "{about}: an id twice");
        let tree = &trees[item["target"]["source"].as_str().unwrap()];
        let Some(selector) = item["target"]["selector"].get(0) else { continue };
        let element = tree.with_id(selector["value"].as_str().unwrap().trim_start_matches('#')).unwrap();
        let at = |key: &str| selector["refinedBy"][key].as_u64().unwrap() as usize;
        let found = &element.characters()[at("start")..at("end")];
        let words = squeezed(found.iter().filter(|(_, generated)| !generated).map(|(c, _)| *c));
        // Words that the reading view folds away lie between those of a note: then they are there too.
        let stands = made.places.contains(&words) || made.places.iter().any(|place| is_within(place, &words));
        assert!(stands, "{about}: {item}: {words}");
    }
}

/// Whether something has the characters of another, in order, from its first to its last.
fn is_within(place: &str, words: &str) -> bool {
    let mut rest = words.chars();
    let ends = place.chars().next() == words.chars().next() && place.chars().last() == words.chars().last();
    ends && place.chars().all(|c| rest.any(|other| other == c))
}

#[test]
fn a_book_of_any_archive_is_well_formed_leads_somewhere_and_says_every_word() {
    let book =
        |(about, files): (String, Files)| made(&read(files), &[]).ok().map(|made| drop(check(&made, &about)));
    let books = super::cases::archives().into_par_iter().filter_map(book).count();
    assert!(books > 40, "only {books} books");
}

#[test]
fn the_first_archive_is_a_book_that_is_the_same_twice() {
    let archive = postil::theme::read(&super::repository("")).unwrap().value;
    let first = made(&archive, &[]).map_err(|wrong| short(&wrong)).unwrap();
    let trees = check(&first, "the first archive");
    let again = made(&archive, &[]).map_err(|wrong| short(&wrong)).unwrap();
    assert!(first.bytes == again.bytes, "another book");
    // A text that is long is in several files, and its notes with their words.
    let parts = trees.keys().filter(|name| name.starts_with("EPUB/t3-")).count();
    assert!(parts > 1, "{parts}");
    for (name, tree) in trees.iter().filter(|(name, _)| name.starts_with("EPUB/t")) {
        for element in tree.all().into_iter().filter(|e| e.attribute("epub:type") == Some("noteref")) {
            let href = element.attribute("href").unwrap();
            assert!(href.starts_with('#'), "{name}: {href} is in another file: some readers do not open it");
        }
    }
    // Kinds of things that somebody looks for.
    let all: Vec<&Element> = trees.values().flat_map(Element::all).collect();
    for kind in ["footnotes", "footnote", "noteref", "glossary", "glossref", "glossterm", "toc", "landmarks"]
    {
        assert!(all.iter().any(|element| element.attribute("epub:type") == Some(kind)), "{kind}");
    }
    assert!(all.iter().filter(|element| element.attribute("class") == Some("pair")).count() > 30);
}

#[test]
fn pages_of_print_become_a_list_and_languages_keep_their_direction() {
    let files = [
        ("postil.toml", "title = \"כתבים\"\nlanguage = \"he\"\n"),
        ("content/a.txt", "[12]\n\nFirst words.\n\n[13]\n\nMore words.\n"),
        ("content/a.toml", "title = \"A\"\nlang = \"en\"\nlayout = \"lines\"\n"),
        (
            "annotations/a/apparatus.toml",
            "structure = [{ match = '\\A(?<fold>\\[(?<number>\\d+)\\])\\z', kind = \"page\", count = 2 }]\n",
        ),
    ];
    let made = made(&read(archive(files)), &[]).map_err(|wrong| short(&wrong)).unwrap();
    let trees = check(&made, "pages");
    let pages: Vec<(String, &str)> = trees["nav.xhtml"]
        .all()
        .into_iter()
        .filter(|element| element.name == "nav" && element.attribute("epub:type") == Some("page-list"))
        .flat_map(Element::all)
        .filter(|element| element.name == "a")
        .map(|a| (a.words(), a.attribute("href").unwrap()))
        .collect();
    assert_eq!(pages.len(), 2, "{pages:?}");
    assert_eq!((&*pages[0].0, &*pages[1].0), ("12", "13"));
    let chapter = &trees["EPUB/t1-1.xhtml"];
    let record = chapter.with_id("record").unwrap();
    assert_eq!((record.attribute("lang"), record.attribute("dir")), (Some("en"), Some("ltr")));
    let html = chapter.all().into_iter().find(|element| element.name == "html").unwrap();
    assert_eq!((html.attribute("xml:lang"), html.attribute("dir")), (Some("he"), Some("rtl")));
}

#[test]
fn a_book_is_a_new_file_and_its_annotations_may_lie_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "postil.toml", "title = \"T\"\nbase_url = \"https://a.example/x\"\n");
    write(folder.path(), "content/c/a.txt", "The QXW met.\n");
    write(folder.path(), "content/b.txt", "Another.\n");
    write(
        folder.path(),
        "annotations/c/a/n.md",
        "+++\nby = \"A B\"\n+++\n> The QXW\n\nOf [another](/texts/b.html).\n",
    );
    let book = |more: &[&str]| run(folder.path(), &[&["export", "epub"], more].concat());
    let (code, _, told) = book(&["--output", "all.epub", "--annotations", "beside"]);
    assert!(code == 0 && told.contains("2 texts"), "{told}");
    let all = unzipped(&std::fs::read(folder.path().join("all.epub")).unwrap());
    assert!(!all.contains_key("META-INF/annotations.json"));
    let beside = std::fs::read(folder.path().join("all.annotations")).unwrap();
    let mut beside = ZipArchive::new(Cursor::new(beside)).unwrap();
    assert!(beside.by_name("annotations.json").is_ok());
    let (code, _, told) = book(&["--output", "all.epub"]);
    assert!(code == 2 && told.contains("`all.epub` is there already"), "{told}");

    // Of one text: what lies in another leads to the site.
    let (code, _, told) = book(&["c/a", "--output", "a.epub"]);
    assert!(code == 0, "{told}");
    let one = unzipped(&std::fs::read(folder.path().join("a.epub")).unwrap());
    let chapter = String::from_utf8_lossy(&one["EPUB/t1-1.xhtml"]);
    assert!(chapter.contains("href=\"https://a.example/x/texts/b.html\""), "{chapter}");

    write(folder.path(), "annotations/c/a/n.md", "+++\nby = \"A B\"\n+++\n> not there\n\nx\n");
    let (code, _, told) = book(&["--output", "new.epub"]);
    assert!(code == 1 && told.contains("nothing was written"), "{told}");
    assert!(!folder.path().join("new.epub").exists());
}

#[test]
fn what_was_taken_out_and_lies_among_the_files_of_the_publisher_is_offered_where_it_belongs() {
    let files = [
        ("content/c/a.txt", "The QXW met.\n"),
        ("content/b.txt", "Another.\n"),
        ("static/books/c/a.epub", "x"),
        ("static/tei/c/a.xml", "x"),
        ("static/pdf/c/a.pdf", "x"),
        ("static/books/archive.epub", "x"),
        ("static/tei/archive.tei.xml", "x"),
        ("static/bag.zip", "x"),
    ];
    let made = super::made::make(archive(files), &Options::default());
    let page = made.page("texts/c/a.html");
    for (form, address) in [("EPUB", "books/c/a.epub"), ("PDF", "pdf/c/a.pdf"), ("TEI", "tei/c/a.xml")] {
        assert!(page.contains(&format!("href=\"../../{address}\">{form}</a>")), "{form}: {}", made.said());
    }
    assert!(!page.contains("Akoma") && !made.page("texts/b.html").contains("Also as"));
    let data = made.page("data/index.html");
    for address in ["books/archive.epub", "tei/archive.tei.xml", "bag.zip"] {
        assert!(data.contains(&format!("href=\"../{address}\"")), "{address}");
    }
    assert!(data.contains("Texts also come as EPUB, PDF, TEI:"), "{data}");
}
