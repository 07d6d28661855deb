//! `postil export`.

use std::collections::BTreeSet;
use std::sync::Mutex;

use postil::compile::{self, Options};
use postil_archive::diagnostic::Error;
use postil_search::bulk::{Bulk, Format};
use postil_search::scratch::Memory;
use serde_json::{Value, json};

use super::checking::{run, write};

/// Files of an export: name and bytes, in order.
fn written(bulk: Bulk<'_>, format: Format) -> Vec<(String, String)> {
    let files = Mutex::new(Vec::new());
    let count = bulk
        .finish(format, |path, bytes| {
            files.lock().unwrap().push((path.to_owned(), String::from_utf8(bytes.to_vec()).unwrap()));
            Ok::<_, Error>(())
        })
        .unwrap();
    let files = files.into_inner().unwrap();
    let lines: usize =
        files.iter().filter(|(name, _)| name.ends_with(".ndjson")).map(|(_, t)| t.lines().count()).sum();
    assert_eq!(lines, if format == Format::OpenSearch { 2 * count } else { count });
    files
}

fn values(lines: &str) -> impl Iterator<Item = Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
}

#[test]
fn every_document_of_the_first_archive_leads_to_an_element_of_the_site() {
    let archive = postil::theme::read(&super::repository("")).unwrap().value;
    let scratch = Memory::default();
    let bulk = Bulk::new(&scratch);
    let pages = Mutex::new(std::collections::BTreeMap::new());
    let put = |path: &str, bytes: &[u8]| {
        if path.ends_with(".html") {
            pages.lock().unwrap().insert(path.to_owned(), String::from_utf8(bytes.to_vec()).unwrap());
        }
        Ok(())
    };
    let options = Options { bulk: Some(&bulk), ..Options::default() };
    assert!(!compile::compile(&archive, &put, &options).unwrap().failed());
    let pages = pages.into_inner().unwrap();
    let mut ids = BTreeSet::new();
    let mut seen = 0;
    for (_, lines) in written(bulk, Format::Meilisearch).iter().filter(|(name, _)| name.ends_with(".ndjson"))
    {
        for document in values(lines) {
            let id = document["id"].as_str().unwrap().to_owned();
            assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{id}");
            let page = &pages[document["url"].as_str().unwrap()];
            for passage in document["passages"].as_array().unwrap() {
                let notes = passage["notes"].as_array().unwrap().iter().map(|note| &note["anchor"]);
                for anchor in notes.chain([&passage["anchor"]]).map(|anchor| anchor.as_str().unwrap()) {
                    assert!(
                        anchor.is_empty() || page.contains(&format!("id=\"{anchor}\"")),
                        "{id}: {anchor}"
                    );
                    seen += usize::from(!anchor.is_empty());
                }
            }
            assert!(ids.insert(id), "two documents have one id");
        }
    }
    assert!(seen > 300, "only {seen} anchors");
}

fn write_archive(folder: &std::path::Path) {
    super::cases::write_smallest_archive(folder);
    write(folder, "content/2004/b.txt", "The GLA \"spoke\".\n\nNobody </answered>.\n");
    write(
        folder,
        "content/2004/b.toml",
        "title = \"B\"\ndate = 2004-03-09\nkind = \"speech\"\nlayout = \"wrapped\"\n",
    );
    write(folder, "annotations/2004/b/remit.md", "+++\nby = \"A B\"\n+++\n> The GLA\n\nA *note*.\n");
    write(
        folder,
        "annotations/glossary/gla.toml",
        "term = \"GLA\"\nkind = \"body\"\nforms = [\"Gangmasters Licensing Authority\"]\ndefinition = \"A body.\"\n",
    );
}

#[test]
fn engines_get_documents_and_what_to_know_of_their_fields() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    for (format, settings) in
        [("opensearch", "index.json"), ("meilisearch", "settings.json"), ("typesense", "schema.json")]
    {
        let (code, answer, told) = run(site, &["export", "search", "--format", format, "--output", format]);
        assert_eq!((code, answer.as_str()), (0, ""), "{told}");
        assert!(told.contains("3 documents written"), "{told}");
        let names: Vec<String> = super::files(&site.join(format)).into_iter().map(|(name, _)| name).collect();
        let mut expected = vec!["documents-00001.ndjson", settings];
        expected.sort_unstable();
        assert_eq!(names, expected);
    }
    let read = |path: &str| std::fs::read_to_string(site.join(path)).unwrap();
    let documents: Vec<Value> = values(&read("meilisearch/documents-00001.ndjson")).collect();
    assert_eq!(read("meilisearch/documents-00001.ndjson"), read("typesense/documents-00001.ndjson"));
    let bulk: Vec<Value> = values(&read("opensearch/documents-00001.ndjson")).collect();
    for (pair, document) in bulk.chunks(2).zip(&documents) {
        assert_eq!(pair, [json!({ "index": { "_id": document["id"] } }), document.clone()]);
    }
    let ids: Vec<&str> = documents.iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["texts_2004_b--1", "texts_a--1", "glossary_gla"]);
    assert_eq!(
        documents[0],
        json!({
            "id": "texts_2004_b--1", "type": "text", "url": "texts/2004/b.html", "title": "B",
            "date": "2004-03-09", "year": 2004, "date_label": "9 March 2004",
            "kind": "speech", "kind_label": "Speech", "topics": [], "topic_labels": [], "speakers": [],
            "language": "en-GB", "segment": 1, "names": [], "record": [],
            "passages": [
                { "anchor": "p1", "label": "", "speaker": "", "text": "The GLA \"spoke\".", "corrected": "",
                  "notes": [{ "anchor": "n-remit", "title": "Context, A B", "text": "A note." }] },
                { "anchor": "p2", "label": "", "speaker": "", "text": "Nobody </answered>.", "corrected": "", "notes": [] },
            ],
        })
    );
    assert_eq!(documents[2]["names"], json!(["Gangmasters Licensing Authority"]));
    let settings: Value = serde_json::from_str(&read("meilisearch/settings.json")).unwrap();
    assert_eq!(settings["synonyms"]["gla"], json!(["gangmasters licensing authority"]));

    // Every field of a document is known to the engines that ask for it.
    let index: Value = serde_json::from_str(&read("opensearch/index.json")).unwrap();
    for field in documents[0].as_object().unwrap().keys() {
        assert!(index["mappings"]["properties"].get(field).is_some(), "{field}");
    }
    for field in documents[0]["passages"][0].as_object().unwrap().keys() {
        assert!(index["mappings"]["properties"]["passages"]["properties"].get(field).is_some(), "{field}");
    }
}

#[test]
fn nothing_is_exported_over_something_or_from_a_broken_archive() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    write(folder.path(), "taken/thesis.txt", "years");
    let asked =
        |output| run(folder.path(), &["export", "search", "--format", "typesense", "--output", output]);
    let (code, _, told) = asked("taken");
    assert!(code == 2 && told.contains("`taken` is not empty"), "{told}");
    write(
        folder.path(),
        "annotations/2004/b/broken.md",
        "+++\nby = \"A B\"\n+++\n> nowhere to be found\n\nNo.\n",
    );
    let (code, _, told) = asked("new");
    assert!(code == 1 && told.contains("nothing was written"), "{told}");
    assert!(!folder.path().join("new").exists());
}

/// A statement of the vocabulary: what it is of, and each predicate with its object.
fn statements(turtle: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    turtle
        .split("\n\n")
        .skip(1)
        .map(|statement| {
            let mut lines = statement.trim_end().trim_end_matches(" .").split(" ;\n  ");
            let subject = lines.next().unwrap().split(' ').next().unwrap();
            (subject, lines.map(|line| line.split_once(' ').unwrap()).collect())
        })
        .collect()
}

#[test]
fn the_glossary_is_a_vocabulary_whose_meanings_have_their_time() {
    let files = [
        (
            "postil.toml",
            "title = \"T \\\"q\\\"\"\nlanguage = \"en-GB\"\nbase_url = \"https://a.example/x\"\n",
        ),
        ("content/a.txt", "The QXW and the BXC met.\n"),
        (
            "annotations/glossary/qxw.toml",
            "term = \"QXW\"\nkind = \"body\"\nforms = [\"the QXW\", \"Q.X.W.\"]\nmisprints = [\"QWX\"]\nsee = [\"bxc\"]\n\
             definition = \"Said of *two* things:\\n\\n- a \\\"b\\\"\"\nsources = [{ title = \"S\", note = \"p. 1\", url = \"https://s.example/a\" }]\n",
        ),
        (
            "annotations/glossary/bxc.toml",
            "term = \"BXC\"\nkind = \"body\"\n[[sense]]\nid = \"board\"\nname = \"Board of X\"\nuntil = 2006-12-31\ndefinition = \"D1\"\nsuccessor = \"bxc/centre\"\n\
             [[sense]]\nid = \"centre\"\nfrom = 2007\ndefinition = \"D2\"\npredecessor = \"bxc/board\"\n",
        ),
    ];
    let made = super::made::make(super::made::archive(files), &Options::default());
    let turtle = made.page("data/terms.ttl");
    let all = statements(turtle);
    let of = |subject: &str| {
        let found = all.iter().find(|(other, _)| *other == subject);
        found.unwrap_or_else(|| panic!("{subject}: {}{turtle}", made.said())).1.clone()
    };
    let base = "https://a.example/x/glossary";
    assert!(
        of(&format!("<{base}/index.html>")).contains(&("dct:title", "\"T \\\"q\\\"\"@en-gb")),
        "{turtle}"
    );
    let qxw = of(&format!("<{base}/qxw.html>"));
    for said in [
        ("skos:prefLabel", "\"QXW\"@en-gb"),
        ("skos:altLabel", "\"Q.X.W.\"@en-gb"),
        ("skos:hiddenLabel", "\"QWX\"@en-gb"),
        ("skos:notation", "\"qxw\""),
        ("dct:source", "\"S, p. 1\""),
        ("rdfs:seeAlso", "<https://s.example/a>"),
        ("skos:related", "<https://a.example/x/glossary/bxc.html>"),
    ] {
        assert!(qxw.contains(&said), "{said:?}: {turtle}");
    }
    let board = of(&format!("<{base}/bxc.html#s-1>"));
    assert!(board.contains(&("dct:temporal", "\"../2006-12-31\"")), "{turtle}");
    assert!(board.contains(&("dct:isReplacedBy", "<https://a.example/x/glossary/bxc.html#s-2>")), "{turtle}");
    assert!(board.contains(&("skos:broader", "<https://a.example/x/glossary/bxc.html>")), "{turtle}");
    let centre = of(&format!("<{base}/bxc.html#s-2>"));
    assert!(centre.contains(&("skos:prefLabel", "\"BXC\"@en-gb")), "its own name: {turtle}");
    // A term with several meanings has no definition of its own.
    assert!(of(&format!("<{base}/bxc.html>")).iter().all(|(says, _)| *says != "skos:definition"), "{turtle}");
}

#[test]
fn the_glossary_and_the_notes_go_out_in_files_that_come_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    write(
        site,
        "annotations/glossary/bxc.toml",
        "term = \"BXC\"\nkind = \"body\"\nforms = [\"the BXC\"]\nsee = [\"gla\"]\n\n[[sense]]\nid = \"a\"\nname = \"Board of X\"\nuntil = 2006-12-31\n\
         definition = \"D1\"\n\n[[sense]]\nid = \"b\"\nfrom = \"2007\"\ndefinition = \"D2\"\n",
    );
    let (code, _, told) = run(site, &["export", "skos", "--output", "terms.ttl"]);
    assert!(code == 0 && told.contains("2 terms written to `terms.ttl`"), "{told}");
    let (code, _, told) = run(site, &["import", "glossary", "terms.ttl"]);
    assert!(code == 0 && told.contains("2 there already by hand"), "{told}");
    std::fs::remove_file(site.join("annotations/glossary/gla.toml")).unwrap();
    std::fs::remove_file(site.join("annotations/glossary/bxc.toml")).unwrap();
    let (code, _, told) = run(site, &["import", "glossary", "terms.ttl"]);
    assert_eq!(code, 0, "{told}");
    let term = std::fs::read_to_string(site.join("annotations/glossary/gla.toml")).unwrap();
    for line in ["\"GLA\"", "\"Gangmasters Licensing Authority\"", "\"A body.\"", "\"body\""] {
        assert!(term.contains(line), "{line}: {term}");
    }
    let senses = std::fs::read_to_string(site.join("annotations/glossary/bxc.toml")).unwrap();
    let (_, senses) = senses.split_once('\n').unwrap();
    assert_eq!(
        senses,
        "term  = \"BXC\"\nkind  = \"body\"\nforms = \"the BXC\"\nsee   = \"gla\"\n\n\
         [[sense]]\nname       = \"Board of X\"\nuntil      = 2006-12-31\ndefinition = \"D1\"\n\n\
         [[sense]]\nfrom       = \"2007\"\ndefinition = \"D2\"\n"
    );

    let (code, _, told) = run(site, &["export", "hypothesis", "--output", "notes"]);
    assert!(code == 0 && told.contains("1 text written to `notes`"), "{told}");
    let json: Value =
        serde_json::from_slice(&std::fs::read(site.join("notes/2004/b.json")).unwrap()).unwrap();
    let one = &json["annotations"][0];
    assert_eq!(one["text"], "A *note*.");
    assert_eq!(one["user_info"]["display_name"], "A B");
    assert_eq!(one["target"][0]["selector"][0]["exact"], "The GLA");
    let (code, _, told) = run(site, &["import", "hypothesis", "notes/2004/b.json"]);
    assert!(code == 0 && told.contains("is `annotations/2004/b/remit.md` already"), "{told}");
    let (code, _, told) = run(site, &["export", "hypothesis", "a", "--output", "none"]);
    assert!(code == 2 && told.contains("no note stands on these texts"), "{told}");
}

#[test]
fn a_text_as_a_single_file_has_all_inside_and_leads_to_the_site_or_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "postil.toml", "title = \"T\"\n");
    write(folder.path(), "content/c/a.txt", "The QXW met.\n");
    write(folder.path(), "content/b.txt", "Another.\n");
    write(
        folder.path(),
        "annotations/glossary/qxw.toml",
        "term = \"QXW\"\nkind = \"body\"\ndefinition = \"A board.\"\n",
    );
    let (code, _, told) = run(folder.path(), &["export", "html", "c/a", "--output", "out", "--quiet"]);
    assert_eq!(code, 0, "{told}");
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path));
    let page = read("out/c/a.html").unwrap();
    assert!(read("out/b.html").is_err(), "nobody asked for it");
    let policy =
        page.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(!policy.contains("'self'") && policy.contains("'sha256-"), "{policy}");
    for beside in ["rel=\"stylesheet\"", "<script src", "data-site-only", "href=\"../"] {
        assert!(!page.contains(beside), "{beside}: {page}");
    }
    assert!(page.contains("A board."), "the definition is there");

    let (code, _, told) = run(folder.path(), &["export", "html", "--output", "out"]);
    assert!(code == 2 && told.contains("is not empty"), "{told}");
    let (code, _, told) = run(folder.path(), &["export", "html", "c/b", "--output", "new"]);
    assert!(code == 2 && told.contains("did you mean `c/a`?"), "{told}");
    assert!(!folder.path().join("new").exists());
    let (code, _, told) = run(folder.path(), &["export", "html", "--output", "all"]);
    assert!(code == 0 && told.contains("2 texts written to `all`"), "{told}");
    let (code, _, told) = run(folder.path(), &["export", "html", "c", "--output", "folder"]);
    assert!(code == 0 && told.contains("1 text written to `folder`"), "{told}");
    assert!(read("folder/c/a.html").is_ok() && read("folder/b.html").is_err());
    let staged = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with(".postil-");
    assert!(!folder.path().read_dir().unwrap().any(|entry| staged(entry.unwrap())), "something stays behind");

    write(folder.path(), "annotations/c/a/n.md", "+++\nby = \"A B\"\n+++\n> not there\n\nx\n");
    let (code, _, told) = run(folder.path(), &["export", "html", "--output", "none"]);
    assert!(code == 1 && told.contains("nothing was written"), "{told}");
    assert!(!folder.path().join("none").exists());
}
