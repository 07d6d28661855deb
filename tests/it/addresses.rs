//! Addresses last: what was renamed is found by its old name, and no two things share an id.

use std::collections::BTreeMap;

use postil::compile::Options;
use postil_archive::diagnostic::Severity;

use super::made::{Files, Made, archive, make};

fn fine(files: Files) -> Made {
    let made = make(files, &Options::default());
    let wrong = made.problems.iter().any(|problem| problem.severity == Severity::Error);
    assert!(!wrong, "{}", made.said());
    made
}

/// The ids of a page, each with how often it stands there.
fn ids(page: &str) -> BTreeMap<&str, usize> {
    let mut ids = BTreeMap::new();
    for rest in page.split(" id=\"").skip(1) {
        *ids.entry(rest.split('"').next().unwrap()).or_default() += 1;
    }
    ids
}

#[test]
fn things_whose_names_are_alike_have_ids_of_their_own() {
    let note = "+++\nby = \"A B\"\n+++\n> words of it\n\nA note.\n";
    let record = |day: usize| format!("title = \"T\"\ndate = 2010-01-{day:02}\nlayout = \"lines\"\n");
    let mut files = archive([("content/a.txt", "The GLA, the GLA-2 and words of it. The GLA again.\n")]);
    // Texts whose ids differ by where a folder ends, or are those of parts of a page.
    for (i, id) in ["2009/10-12", "2009-10/12", "2009/10/12", "2009-10-12", "main", "q", "corrections"]
        .iter()
        .enumerate()
    {
        files.insert(format!("content/{id}.txt"), b"words of it and more words\n".to_vec());
        files.insert(format!("content/{id}.toml"), record(i + 1).into());
        files.insert(format!("annotations/{id}/n.md"), note.into());
    }
    // Notes with the names of parts of the page.
    for slug in ["ris", "text", "words", "paragraph", "csl", "bibtex", "n", "1", "n-1"] {
        files.insert(format!("annotations/a/{slug}.md"), note.replace("A note", slug).into());
    }
    // A term in two senses beside one that is named like its second.
    let senses = "term = \"GLA\"\nkind = \"body\"\n[[sense]]\nid = \"one\"\ndefinition = \"It.\"\n\
                  [[sense]]\nid = \"two\"\ndefinition = \"That.\"\n";
    files.insert("annotations/glossary/gla.toml".into(), senses.into());
    files.insert(
        "annotations/glossary/gla-2.toml".into(),
        b"term = \"GLA-2\"\nkind = \"body\"\ndefinition = \"X.\"\n".into(),
    );
    let rows = "term = [\n  { quote = \"The GLA\", nth = 1, is = \"gla/one\" },\n  { quote = \"The GLA\", nth = 2, is = \"gla/two\" },\n]\n";
    files.insert(
        "annotations/a/apparatus.toml".into(),
        rows.replace("The GLA", "GLA").replace("nth = 2", "nth = 3").into(),
    );
    // Connections, one of which is named like an end of another.
    for slug in ["x", "x-1", "x-1-1"] {
        let end = |words: &str| format!("[[end]]\ntext = \"a\"\nquote = \"{words}\"\n");
        let link =
            format!("title = \"{slug}\"\nrelation = \"refers\"\n{}{}", end("words of it"), end("again"));
        files.insert(format!("annotations/links/{slug}.toml"), link.into());
    }
    // Topics with two passages in one text.
    for slug in ["t", "t-1"] {
        let passage = |words: &str| format!("[[passage]]\ntext = \"a\"\nquote = \"{words}\"\n");
        let topic = format!("title = \"{slug}\"\n{}{}", passage("words of it"), passage("again"));
        files.insert(format!("annotations/topics/{slug}.toml"), topic.into());
    }
    let made = fine(files);
    for (address, page) in made.pages() {
        let twice: Vec<_> = ids(page).into_iter().filter(|(_, count)| *count > 1).collect();
        assert!(twice.is_empty(), "{address}: {twice:?}");
    }
    let provenance = made.page("provenance.html");
    for id in ["text-2009_10-12", "text-2009-10_12", "text-2009_10_12", "text-2009-10-12", "text-main"] {
        assert!(ids(provenance).contains_key(id), "{id}: {:?}", ids(provenance).keys());
    }
    let annotations = made.page("texts/a.jsonld");
    let named: Vec<&str> =
        annotations.lines().filter(|line| line.trim_start().starts_with("\"id\": ")).collect();
    let mut once = named.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), named.len(), "{named:?}");
}

/// An archive of which everything was renamed.
fn renamed() -> Files {
    archive([
        ("content/new/name.txt", "The GLA met.\nOf harbours and quays.\nSeven harbours and no quay.\n"),
        ("content/new/name.toml", "title = \"T\"\nlayout = \"lines\"\nwas = [\"old\", \"older/deep/name\"]\n"),
        ("annotations/new/name/note.md", "+++\nby = \"A B\"\nwas = [\"first\", \"second\"]\n+++\n> harbours and\n\nOf [[old-gla]].\n"
            .replace("> harbours and", "> harbours and quays\n\n> harbours and no").as_str()),
        ("annotations/new/name/whole.md", "+++\nby = \"A B\"\non = \"text\"\nwas = \"all\"\n+++\nSee [[note:old/first]], [[text:older/deep/name#p2]].\n"),
        ("annotations/glossary/gla.toml", "term = \"GLA\"\nkind = \"body\"\nwas = \"old-gla\"\ndefinition = \"See [[topic:old-topic]].\"\n"),
        ("annotations/topics/topic.toml", "title = \"Topic\"\nwas = \"old-topic\"\nscope = \"Of [[note:new/name/second]].\"\n[[passage]]\ntext = \"new/name\"\nquote = \"quays\"\n"),
    ].map(|(path, text)| (path, text.to_owned())))
}

#[test]
fn a_page_at_an_old_address_leads_on() {
    let made = fine(renamed());
    for (old, href) in [
        ("texts/old.html", "new/name.html"),
        ("texts/older/deep/name.html", "../../new/name.html"),
        ("glossary/old-gla.html", "gla.html"),
        ("topics/old-topic.html", "topic.html"),
    ] {
        let page = made.page(old);
        let link = page.split("data-moved").nth(1).and_then(|rest| rest.split("href=\"").nth(1)).unwrap();
        assert!(link.starts_with(&format!("{href}\"")), "{old}: {link}");
        // A browser that goes on by itself would leave the fragment behind.
        assert!(!page.contains("http-equiv=\"refresh\""), "{old}");
        assert!(page.contains("postil.js"), "{old}");
    }
    let redirects = made.page("_redirects");
    for line in [
        "/texts/old.html /texts/new/name.html 301",
        "/raw/older/deep/name.txt /raw/new/name.txt 301",
        "/texts/old.jsonld /texts/new/name.jsonld 301",
        "/glossary/old-gla.html /glossary/gla.html 301",
    ] {
        assert!(redirects.lines().any(|l| l == line), "{line}: {redirects}");
    }
    assert!(!fine(archive([("content/a.txt", "One.\n")])).files.contains_key("_redirects"));
}

#[test]
fn the_old_ids_of_a_note_stand_in_it_once() {
    let made = fine(renamed());
    let page = made.page("texts/new/name.html");
    for (old, new) in [("n-first", "n-note"), ("n-second", "n-note"), ("n-all", "n-whole")] {
        assert_eq!(ids(page).get(old), Some(&1), "{old}");
        let note = page.split(&format!(" id=\"{new}\"")).nth(1).unwrap();
        assert!(
            note.split("</div>")
                .next()
                .unwrap()
                .contains(&format!("<span class=\"was\" id=\"{old}\"></span>")),
            "{old}"
        );
    }
}

#[test]
fn links_by_an_old_name_lead_to_the_new_one() {
    let made = fine(renamed());
    let text = made.page("texts/new/name.html");
    assert!(text.contains("href=\"../../glossary/gla.html\""), "{text}");
    assert!(text.contains("href=\"name.html#n-note\"") || text.contains("href=\"#n-note\""), "{text}");
    assert!(text.contains("href=\"name.html#p2\"") || text.contains("href=\"#p2\""), "{text}");
    assert!(made.page("glossary/gla.html").contains("href=\"../topics/topic.html\""));
    assert!(made.page("topics/topic.html").contains("href=\"../texts/new/name.html#n-note\""));
}

#[test]
fn a_number_of_an_earlier_edition_tells_where_its_words_went() {
    let files = |aliases: &str| {
        archive([
            ("content/a.txt", "One.\nTwo.\nThree.\nFour.\n".to_owned()),
            ("content/a.toml", format!("title = \"A\"\nlayout = \"lines\"\naliases = [{aliases}]\n")),
            ("annotations/topics/t.toml", "title = \"T\"\nscope = \"See [[text:a#p9]].\"\n".to_owned()),
        ])
    };
    let aliases = "{ was = \"p1-p2\", now = \"p2-p3\" }, { was = \"p2\", now = \"p4\" }, { was = \"p9\", now = \"p1\" }, \
                   { was = \"p9\", now = \"p3\" }, { was = \"p8\", now = \"p1\" }";
    let made = fine(files(aliases));
    let page = made.page("texts/a.html");
    assert!(ids(page).values().all(|count| *count == 1), "{:?}", ids(page));
    let after = |block: u32| {
        let rest = page.split(&format!("<p id=\"p{block}\" data-block")).nth(1).unwrap();
        let rest = rest.split("</p>").nth(1).unwrap();
        rest.starts_with("<p class=\"was-there\"")
            .then(|| rest.split(" data-generated> ").nth(1).unwrap().to_owned())
    };
    let link = |number: u32| format!("<a href=\"#p{number}\">paragraph {number}</a>");
    assert_eq!(after(1), Some(format!("In an earlier edition paragraph 1 was what is now: {}", link(2))));
    assert_eq!(
        after(2),
        Some(format!("In an earlier edition paragraph 2 was what is now: {}, {}", link(3), link(4)))
    );
    assert_eq!((after(3), after(4)), (None, None));
    // Nothing else has these numbers: they lead to the words themselves.
    let first = page.split("<p id=\"p1\" data-block").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(
        first.contains("<span class=\"was\" id=\"p8\"") && first.contains("<span class=\"was\" id=\"p9\""),
        "{first}"
    );
    assert!(
        first.contains(&format!("In an earlier edition paragraph 9 was what is now: {}", link(3))),
        "{first}"
    );
    // The words of the text are what they were.
    assert!(made.page("topics/t.html").contains("../texts/a.html#p9"));

    let wrong = make(files("{ was = \"p1\", now = \"p5\" }"), &Options::default()).said();
    assert!(!wrong.contains("dead-link"), "{wrong}");
    assert!(wrong.contains("content/a.toml:3:32: error[unknown-block]: the text has no block p5"), "{wrong}");
}
