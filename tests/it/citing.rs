//! What programs read: references in the head of a page, annotations with their
//! places, the archive as data and as one download.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use postil::compile::Options;
use postil_archive::archive::Archive;
use postil_archive::sidecar::date::Date;
use postil_propose::propose::import;
use postil_site::site::news::{Days, Since};
use serde_json::Value;

use super::generated::making::made_up;
use super::made::{self, Files, Made, make};
use super::{files, repository};

/// The archive of this repository, with an address.
pub(super) fn first_archive() -> Files {
    let mut out = Files::new();
    for folder in ["content", "annotations"] {
        for (path, bytes) in files(&repository(folder)) {
            out.insert(format!("{folder}/{path}"), bytes);
        }
    }
    let config = std::fs::read_to_string(repository("postil.toml")).unwrap();
    out.insert("postil.toml".into(), format!("base_url = \"https://a.example\"\n{config}").into_bytes());
    out
}

/// Names and values of the `<meta>` of a page, in order, as a browser reads them.
fn metas(html: &str) -> Vec<(String, String)> {
    fn walk(node: &Handle, out: &mut Vec<(String, String)>) {
        if let NodeData::Element { name, attrs, .. } = &node.data
            && &*name.local == "meta"
        {
            let attrs = attrs.borrow();
            let value = |key: &str| attrs.iter().find(|a| &*a.name.local == key).map(|a| a.value.to_string());
            out.extend(value("name").zip(value("content")));
        }
        node.children.borrow().iter().for_each(|child| walk(child, out));
    }
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut out = Vec::new();
    walk(&dom.document, &mut out);
    out
}

/// The item that Zotero saves from a page without a translator of its own, as its
/// "Embedded Metadata" maps it: the type by its own name for it, else by what
/// Highwire tags suggest; Highwire's fields before those of Dublin Core.
fn zotero(html: &str) -> BTreeMap<&'static str, String> {
    let metas = metas(html);
    let first = |name: &str| metas.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let mut item = BTreeMap::new();
    let fallback = match () {
        () if first("citation_journal_title").is_some() => "journalArticle",
        () if first("citation_technical_report_institution").is_some() => "report",
        () if first("citation_isbn").is_some() => "book",
        () if first("citation_title").is_some() => "journalArticle",
        () => "webpage",
    };
    item.insert("itemType", first("z:itemType").unwrap_or_else(|| fallback.to_owned()));
    let fields: &[(&str, &[&str])] = &[
        ("title", &["citation_title", "DCTERMS.title"]),
        ("date", &["citation_date", "citation_publication_date", "DCTERMS.issued"]),
        ("publisher", &["citation_publisher", "DCTERMS.publisher"]),
        ("url", &["citation_public_url"]),
        ("language", &["citation_language", "DCTERMS.language"]),
        ("rights", &["DCTERMS.rights"]),
        ("ISBN", &["citation_isbn"]),
        ("number", &["citation_technical_report_number"]),
        ("volume", &["citation_volume"]),
    ];
    for (field, names) in fields {
        if let Some(value) = names.iter().find_map(|name| first(name)) {
            item.insert(field, value);
        }
    }
    let people: Vec<&str> =
        metas.iter().filter(|(name, _)| name == "citation_author").map(|(_, v)| v.as_str()).collect();
    item.insert("creators", people.join("; "));
    item
}

#[test]
fn a_reference_manager_gets_type_title_date_publisher_and_address_right() {
    let made = make(first_archive(), &Options::default());
    #[track_caller]
    fn check(made: &Made, id: &str, expected: &[(&str, &str)]) {
        let item = zotero(made.page(&format!("texts/{id}.html")));
        for (field, value) in expected {
            assert_eq!(item.get(field).map(String::as_str), Some(*value), "{field} of {id}");
        }
        assert_eq!(item["url"], format!("https://a.example/texts/{id}.html"));
    }
    check(
        &made,
        "commons/2004-03-09-child-trafficking",
        &[
            ("itemType", "hearing"),
            ("title", "Child Trafficking"),
            ("date", "2004-03-09"),
            ("publisher", "House of Commons"),
            ("creators", "Beverley Hughes"),
            ("language", "en-GB"),
            ("volume", "418"),
        ],
    );
    check(
        &made,
        "home-office/2009-08-reply-hc23",
        &[
            ("itemType", "report"),
            ("date", "2009-08"),
            ("ISBN", "978-0-10-176932-7"),
            ("creators", "Home Office"),
        ],
    );
    check(
        &made,
        "commons/2012-12-20-human-trafficking",
        &[("itemType", "hearing"), ("date", "2012-12-20"), ("creators", "Mark Harper")],
    );
    check(
        &made,
        "lords/2019-03-28-missing-children",
        &[("itemType", "hearing"), ("number", "HL14552"), ("creators", "Baroness Williams of Trafford")],
    );
}

/// Every selector of every annotation page, looked up in the file that it names;
/// gives how many there were.
#[track_caller]
fn resolve_all(made: &Made, decode: impl Fn(&[u8]) -> String) -> usize {
    let mut resolved = 0;
    for (address, bytes) in made.files.iter().filter(|(address, _)| address.ends_with(".jsonld")) {
        let page: Value = serde_json::from_slice(bytes).unwrap();
        assert_eq!(page["type"], "AnnotationPage", "{address}");
        let items = page["items"].as_array().expect("a list");
        assert_eq!(page["partOf"]["total"], items.len());
        let id = address.strip_prefix("texts/").unwrap().strip_suffix(".jsonld").unwrap();
        let raw: Vec<char> = decode(&made.files[&format!("raw/{id}.txt")]).chars().collect();
        for item in items {
            assert!(item["body"].is_array() || item["body"].is_object(), "{address}: {item}");
            let targets = match &item["target"] {
                Value::Array(targets) => targets.clone(),
                one => vec![one.clone()],
            };
            for target in targets {
                let source = target["source"].as_str().or(target.as_str()).expect("a source");
                assert!(source.ends_with(&format!("raw/{id}.txt")), "{source}");
                let Some([quote, position]) = target["selector"].as_array().map(Vec::as_slice) else {
                    continue;
                };
                assert_eq!(
                    (&quote["type"], &position["type"]),
                    (&"TextQuoteSelector".into(), &"TextPositionSelector".into())
                );
                let number = |key: &str| usize::try_from(position[key].as_u64().unwrap()).unwrap();
                let (start, end) = (number("start"), number("end"));
                let words = |key: &str| quote[key].as_str().unwrap().chars().collect::<Vec<_>>();
                let exact = words("exact");
                assert!(!exact.is_empty());
                assert_eq!(raw[start..end], exact, "{address}: {}", item["id"]);
                assert!(raw[..start].ends_with(&words("prefix")), "{address}: {}", item["id"]);
                assert!(raw[end..].starts_with(&words("suffix")), "{address}: {}", item["id"]);
                resolved += 1;
            }
        }
    }
    resolved
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn every_annotation_is_found_again_in_the_untouched_file() {
    let made = make(first_archive(), &Options::default());
    let resolved = resolve_all(&made, utf8);
    assert!(resolved > 200, "only {resolved} places");
    assert!(notes_known_again(first_archive(), &made) > 100);
    let mut made_up_places = 0;
    for seed in 1..=20 {
        made_up_places += resolve_all(&make(made_up(seed).files, &Options::default()), utf8);
    }
    assert!(made_up_places > 200, "only {made_up_places} places");
}

/// Counts the notes that the archive has published; fails if importing one would write a second.
fn notes_known_again(files: Files, made: &Made) -> usize {
    let mut archive = Archive::from_memory(files, postil::theme::default_theme()).value;
    let mut known = 0;
    for (address, bytes) in made.files.iter().filter(|(address, _)| address.ends_with(".jsonld")) {
        let foreign = import::read(import::Tool::W3c, bytes).unwrap();
        let found = import::import(&mut archive, &foreign, &import::Wish::default()).unwrap();
        assert_eq!(found.files, [], "{address}");
        known += found.known.len();
    }
    assert_eq!(known, made.summary.notes);
    known
}

#[test]
fn positions_count_the_characters_of_the_decoded_file() {
    let note = "+++\nby = \"A B\"\n+++\n> the **café & “bar”**\n\nx";
    let sides = [
        ("content/a.txt", "\u{feff}naïve 😀 one\r\nand the café & “bar” end\r\n".as_bytes().to_vec()),
        ("annotations/a/n.md", note.into()),
        ("content/b.md", "# naïve &amp; one\n\nand *the* café &amp; “bar” end\n".into()),
        ("annotations/b/n.md", note.into()),
        ("content/c.toml", "encoding = \"windows-1252\"\n".into()),
        ("content/c.txt", b"na\xefve \x80 one\n\nand the caf\xe9 & \x93bar\x94 end".to_vec()),
        ("annotations/c/n.md", note.into()),
    ];
    let made = make(made::archive(sides), &Options::default());
    // A decoder drops the mark at the beginning, as that of every browser does.
    let decode = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    };
    assert_eq!(resolve_all(&made, decode), 3, "{}", made.said());
}

#[test]
fn the_download_holds_every_file_but_itself() {
    let made = make(first_archive(), &Options::default());
    let bytes = &made.files["archive.zip"];
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(zip.len(), made.files.len() - 1);
    let mut names = Vec::new();
    for i in 0..zip.len() {
        let mut file = zip.by_index(i).unwrap();
        let mut found = Vec::new();
        file.read_to_end(&mut found).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(made.files[&name] == found, "{name} differs");
        names.push(name);
    }
    assert!(names.is_sorted());
    assert!(made.page("index.html").contains("href=\"data/index.html#download\""));
    assert!(made.page("data/index.html").contains("href=\"../archive.zip\""));

    let off = make(
        made::archive([("content/a.txt", "x"), ("postil.toml", "title = \"t\"\nzip = false\n")]),
        &Options::default(),
    );
    assert!(!off.files.contains_key("archive.zip"));
    assert!(!off.page("index.html").contains("#download"));
}

#[test]
fn each_topic_has_a_feed_where_the_site_has_an_address() {
    let files = first_archive();
    let day = Date::parse("2026-01-02").unwrap();
    let since = Since { added: day, changed: day };
    let days: Days = files.keys().map(|path| (path.clone(), since)).collect();
    let made = make(files, &Options { days: Some(&days), ..Options::default() });
    let feed = made.page("topics/labour-exploitation.xml");
    assert!(feed.contains("<id>https://a.example/topics/labour-exploitation.xml</id>"));
    assert!(feed.contains("https://a.example/texts/home-office/2009-08-reply-hc23.html#p60"), "{feed}");
    assert!(made.page("topics/labour-exploitation.html").contains("href=\"labour-exploitation.xml\""));
    let mut ids: Vec<&str> =
        feed.split("<entry>").skip(1).filter_map(|e| e.split("<id>").nth(1)?.split('<').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), all > 5), (all, true));
    let without = make(
        made::archive([
            ("content/a.txt", "x"),
            ("annotations/topics/t.toml", "title = \"T\"\n[[passage]]\ntext = \"a\"\nquote = \"x\""),
        ]),
        &Options::default(),
    );
    assert!(!without.files.contains_key("topics/t.xml"), "{}", without.said());
}

#[test]
fn the_archive_as_data_is_what_it_says() {
    let made = make(first_archive(), &Options::default());
    let json: Value = serde_json::from_str(made.page("data/archive.json")).unwrap();
    let count = |key: &str| json[key].as_array().map_or(0, Vec::len);
    assert_eq!((count("texts"), count("notes")), (made.summary.texts, made.summary.notes));
    assert_eq!((count("terms"), count("topics")), (made.summary.terms, made.summary.topics));
    let csl: Value = serde_json::from_str(made.page("data/texts.csl.json")).unwrap();
    assert_eq!(csl.as_array().map(Vec::len), Some(made.summary.texts));
    assert_eq!(made.page("data/texts.bib").matches("\n@").count() + 1, made.summary.texts);
    assert_eq!(made.page("data/texts.ris").matches("TY  - ").count(), made.summary.texts);
    assert_eq!(made.page("data/texts.csv").lines().count(), made.summary.texts + 1);
}

#[test]
fn a_body_that_made_a_text_is_no_person() {
    let term = |kind: &str| format!("term = \"Old Board\"\nkind = \"{kind}\"\ndefinition = \"It.\"\n");
    for (kind, expected) in [("body", "Organization"), ("person", "Person")] {
        let files = [
            ("content/a.txt", "One.\n"),
            ("content/a.toml", "title = \"A\"\nlayout = \"lines\"\npeople = [{ name = \"old-board\" }]\n"),
            ("annotations/glossary/old-board.toml", &term(kind)),
        ];
        let made = make(made::archive(files), &Options::default());
        let maker = format!("\"author\":[{{\"@type\":\"{expected}\",\"name\":\"Old Board\"}}]");
        assert!(made.page("texts/a.html").contains(&maker), "{kind}");
    }
}

#[test]
fn the_terms_of_a_text_lead_to_where_they_are_to_be_read() {
    let record = |more: &str| format!("title = \"A\"\nrights = \"Free & open\"\n{more}layout = \"lines\"\n");
    let url = "https://b.example/terms?a&b";
    let made = |more: &str| {
        let record = record(more);
        let files = [("content/a.txt", "One.\n"), ("content/a.toml", record.as_str())];
        make(made::archive(files), &Options::default())
    };
    let (with, without) = (made(&format!("rights_url = \"{url}\"\n")), made(""));
    let linked = "<a href=\"https://b.example/terms?a&amp;b\" rel=\"license external\">Free &amp; open</a>";
    for page in ["texts/a.html", "provenance.html"] {
        assert!(with.page(page).contains(linked), "{page}");
        assert!(without.page(page).contains("<dd>Free &amp; open</dd>"), "{page}");
    }
    let data: Value = serde_json::from_str(with.page("data/archive.json")).unwrap();
    assert_eq!(data["texts"][0]["rights_url"], url);
    assert!(with.page("data/texts.csv").contains(url));
    assert!(with.page("texts/a.html").contains("\"license\":\"https://b.example/terms?a&b\""));
}

#[test]
fn a_text_makes_three_files_and_no_more() {
    let made = |n: usize| {
        let texts = (0..n).map(|i| (format!("content/t{i}.txt"), format!("words {i}")));
        make(made::archive(texts), &Options::default()).files
    };
    let per_text =
        |files: &Files| files.keys().filter(|a| a.starts_with("texts/t") || a.starts_with("raw/")).count();
    assert_eq!((per_text(&made(1)), per_text(&made(7))), (3, 21));
}
