//! Files of other tools, and what becomes of their annotations.

use std::collections::BTreeMap;

use postil_intake::glossary::Entry;
use serde_json::{Value, json};

use super::*;

fn archive() -> Archive {
    let files = [
        ("postil.toml", "title = \"A case\"\n"),
        ("content/x/a.txt", "A cat sat. The “cat” sat down.\n\nOne dog barked.\n"),
        ("content/x/a.toml", "title = \"A\"\nsource = { name = \"S\", url = \"https://s.example/one/\" }\n"),
        ("content/a.txt", "Nothing here.\n"),
        ("annotations/topics/pets.toml", "title = \"Pets at home\"\n"),
        ("annotations/contributors/ann.toml", "name = \"Ann\"\n"),
    ];
    let bytes = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    Archive::from_memory(BTreeMap::from(bytes), &Default::default()).value
}

fn imported(archive: &mut Archive, tool: Tool, file: &Value, wish: &Wish) -> Imported {
    let foreign = read(tool, &serde_json::to_vec(file).unwrap()).unwrap();
    let mut imported = import(archive, &foreign, wish).unwrap();
    // What a later import knows a note by is tested by itself.
    let without =
        |text: &str| text.split_inclusive('\n').filter(|line| !line.starts_with(MARK)).collect::<String>();
    imported.files.iter_mut().for_each(|file| file.text = without(&file.text));
    imported
}

#[test]
fn a_later_import_brings_notes_up_to_date() {
    let mut archive = archive();
    let mut one = of_hypothesis("dog", "", "");
    let again = |archive: &mut Archive, one: &Value| {
        let foreign = read(Tool::Hypothesis, &serde_json::to_vec(&json!([one])).unwrap()).unwrap();
        import(archive, &foreign, &Wish::default()).unwrap()
    };
    let first = again(&mut archive, &one);
    let path = "annotations/x/a/dog.md";
    assert_eq!(first.files[0].path, path);
    let found = again(&mut archive, &one);
    assert_eq!((found.files.len(), found.changed.len(), found.known.len()), (0, 0, 1));

    one["text"] = json!("So, and more.");
    let found = again(&mut archive, &one);
    assert_eq!((found.files.len(), found.kept.len()), (0, 0));
    let (old, new) = &found.changed[path];
    assert_eq!(
        (old, new),
        (
            &first.files[0].text,
            &first.files[0]
                .text
                .replace("So.", "So, and more.")
                .replace(mark_of(old).unwrap().1, mark_of(new).unwrap().1)
        )
    );

    // By hand: what it says stays, and it gets what it lacks.
    let by_hand = new.replace("So, and more.", "By hand.").replace("topics = \"pets\"\n", "");
    archive.add_sidecar(path, by_hand.clone()).unwrap();
    let found = again(&mut archive, &one);
    assert_eq!((found.files.len(), found.kept.len(), found.known.len()), (0, 1, 1));
    assert_eq!(
        found.changed[path].1,
        by_hand.replace("quote = \"dog\"\n", "quote = \"dog\"\ntopics = [\"pets\"]\n")
    );
}

#[test]
fn tags_become_topics_if_that_is_wished() {
    let mut archive = archive();
    let wish = Wish { topics: true, ..Wish::default() };
    let found = imported(&mut archive, Tool::Hypothesis, &json!([of_hypothesis("dog", "", "")]), &wish);
    let topics: Vec<(&str, &str)> =
        found.topics.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    assert_eq!(topics, [("annotations/topics/other.toml", "title = \"other\"\n")]);
    assert!(found.files[0].text.contains("topics = [\"pets\", \"other\"]\n"), "{}", found.files[0].text);
    assert!(found.unknown_tags.is_empty());
}

#[test]
fn words_of_the_page_itself_are_left_out_of_a_quotation() {
    let quoted = |exact: &str| {
        let mut archive = archive();
        archive.theme.english = "note = \"Note\"\nparagraph = \"Paragraph\"\nnote_by = \"Note by {by}:\"\n";
        let note = "+++\nby = \"A B\"\n+++\n> One dog\n\nIt was *small* and black, they say.\n";
        archive.add_sidecar("annotations/x/a/one.md", note.to_owned()).unwrap();
        let found = imported(
            &mut archive,
            Tool::Hypothesis,
            &json!([of_hypothesis(exact, "", "")]),
            &Wish::default(),
        );
        let line = |file: &File| file.text.lines().find(|line| line.starts_with("quote")).unwrap().to_owned();
        found.files.first().map(line)
    };
    assert_eq!(quoted("One dogNote 1 barked").as_deref(), Some("quote = \"One dog barked\""));
    assert_eq!(
        quoted("Paragraph 2One dogNote 1It was small and black, they say. barked").as_deref(),
        Some("quote = \"One dog barked\"")
    );
    assert_eq!(quoted("One note dog barked"), None, "a word that is not postil's alone is not left out");
    assert_eq!(quoted("One dog never barked"), None);
}

#[test]
fn what_nearly_stands_in_a_text_is_a_draft() {
    let near = |exact: &str| {
        let found = imported(
            &mut archive(),
            Tool::Hypothesis,
            &json!([of_hypothesis(exact, "", "")]),
            &Wish::default(),
        );
        assert_eq!((found.files.len(), found.left.len()), (0, 1), "{exact}");
        found.drafts.into_iter().next().map(|file| {
            file.text.split_inclusive('\n').filter(|line| !line.starts_with(MARK)).collect::<String>()
        })
    };
    let draft = near("ONE dog barked").unwrap();
    assert!(draft.starts_with("+++\n# quoted: ONE dog barked\n"), "{draft}");
    assert!(draft.contains("quote = \"One dog barked\"\n"), "{draft}");
    assert_eq!(near("nothing of the kind whatever"), None);
}

#[test]
fn what_other_tools_write_is_read() {
    let html = json!({
        "@context": "http://iiif.io/api/presentation/2/context.json", "@type": "sc:AnnotationList", "resources": [{
            "@id": "http://e.org/1", "@type": "oa:Annotation", "motivation": "oa:commenting",
            "resource": [
                { "@type": "dctypes:Text", "format": "text/html", "chars": "<p>A <b>b</b> &amp; <a href=\"https://e.org/\">c</a></p><ul><li>d</li></ul><script>x()</script>" },
                { "@type": "oa:Tag", "chars": "pets" },
            ],
            "on": { "@type": "oa:SpecificResource", "full": "raw/x/a.txt", "selector": { "@type": "oa:TextQuoteSelector", "exact": "dog" } },
        }, {
            "@id": "http://e.org/2", "@type": "oa:Annotation", "resource": { "chars": "A stain." }, "on": "raw/x/a.txt#xywh=1,2,3,4",
        }],
    });
    let wish = Wish { by: Some("A B".into()), ..Wish::default() };
    let found = imported(&mut archive(), Tool::W3c, &html, &wish);
    assert_eq!(
        found.files[0].text,
        "+++\nby = \"A B\"\ntopics = \"pets\"\nquote = \"dog\"\n+++\nA **b** & [c](<https://e.org/>)\n\n- d\n"
    );
    assert!(why(&found.left[0].1).contains("a place in a picture"));

    let one = |body: &str| json!({ "type": "Annotation", "body": { "value": body, "format": "text/html", "creator": { "name": "Tabitha Rowe" } }, "target": { "source": "raw/x/a.txt", "selector": { "type": "TextQuoteSelector", "exact": "dog" } } });
    let lines = format!("{}\r\n\r\n{}\n", one("<p>One"), one("<p>Two"));
    let foreign = read(Tool::W3c, lines.as_bytes()).unwrap();
    let says: Vec<(&str, &[String])> = foreign.iter().map(|one| (one.body.as_str(), &one.by[..])).collect();
    assert_eq!(says, [("One", &["Tabitha Rowe".to_owned()][..]), ("Two", &["Tabitha Rowe".to_owned()][..])]);
}

/// Why, in a few words.
fn why(refused: &Refused) -> String {
    match refused {
        Refused::Wrong(problems) => problems.iter().map(|p| p.code.name()).collect::<Vec<_>>().join(" "),
        Refused::Several(spots) => format!("{} places", spots.len()),
        Refused::Because(why, _) => why.clone(),
    }
}

fn of_hypothesis(exact: &str, prefix: &str, suffix: &str) -> Value {
    json!({
        "id": "i1",
        "created": "2024-05-06T07:08:09.123456+00:00",
        "user": "acct:jo@hypothes.is",
        "user_info": { "display_name": "Jo Reader" },
        "uri": "https://site.example/texts/x/a.html",
        "text": "So.",
        "tags": ["Pets at Home", "other"],
        "target": [{
            "source": "https://site.example/texts/x/a.html?v=1#p1",
            "selector": [
                { "type": "TextPositionSelector", "start": 1, "end": 2 },
                { "type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix },
            ],
        }],
    })
}

/// One annotation of Hypothesis, as its note, or why there is none.
#[track_caller]
fn check(one: &Value, expected: Result<&str, &str>) {
    let found = imported(&mut archive(), Tool::Hypothesis, &json!({ "rows": [one] }), &Wish::default());
    let found = match (&found.files[..], &found.left[..]) {
        ([file], []) => Ok(format!("{}\n{}", file.path, file.text)),
        ([], [(_, refused)]) => Err(why(refused)),
        other => panic!("{other:?}"),
    };
    assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{one}");
}

#[test]
fn annotations_of_hypothesis_become_notes() {
    let head = "+++\nby = \"Jo Reader\"\ntopics = \"pets\"\ndate = 2024-05-06\n";
    let dog = format!("annotations/x/a/dog.md\n{head}quote = \"dog\"\n+++\nSo.\n");
    check(&of_hypothesis("dog", "One ", " bar"), Ok(&dog));
    // Context may hold what is not of the text.
    check(&of_hypothesis("dog", "¶ 2 One ", "3 barked"), Ok(&dog));
    let cat = format!("annotations/x/a/cat.md\n{head}quote = \"cat\"\nsuffix = \"\\\" sat\"\n+++\nSo.\n");
    check(&of_hypothesis("cat", "t. The “", "” sat do"), Ok(&cat));
    check(&of_hypothesis("cat", "t. The \"", " (note)"), Ok(&cat));
    check(&of_hypothesis("cat", "", ""), Err("2 places"));
    check(&of_hypothesis("cat", "My ", " ran"), Err("2 places"));
    check(&of_hypothesis("bird", "", ""), Err("quote-not-found"));
    check(&of_hypothesis("arke", "", ""), Err("quote-cuts-word"));
    check(&of_hypothesis("", "", ""), Err("quote-empty"));

    let mut one = of_hypothesis("dog", "", "");
    one["text"] = json!("A <b>bold</b> word, <https://a.example> and `<i>`.");
    one["user_info"] = json!({});
    one["tags"] = json!([]);
    let note = "annotations/x/a/dog.md\n+++\nby = \"jo (user name)\"\ndate = 2024-05-06\nquote = \"dog\"\n+++\n\
        A \\<b>bold\\</b> word, <https://a.example> and `<i>`.\n";
    check(&one, Ok(note));
    one["user"] = json!("acct:ann@hypothes.is");
    one["text"] = json!("");
    check(&one, Err("note-empty"));
    one["text"] = json!("So.");
    check(
        &one,
        Ok("annotations/x/a/dog.md\n+++\nby = \"ann\"\ndate = 2024-05-06\nquote = \"dog\"\n+++\nSo.\n"),
    );
    one["references"] = json!(["i0"]);
    check(&one, Err("it replies to another annotation"));
}

#[test]
fn annotations_find_their_text() {
    let mut one = of_hypothesis("dog", "", "");
    one["tags"] = json!([]);
    let mut at = |source: &str, expected: Option<&str>| {
        one["target"][0]["source"] = json!(source);
        let found = imported(&mut archive(), Tool::Hypothesis, &json!([one]), &Wish::default());
        assert_eq!(found.files.first().map(|file| file.path.as_str()), expected, "{source}");
    };
    let found = Some("annotations/x/a/dog.md");
    at("https://s.example/one", found);
    at("https://s.example/one?print=1", found);
    at("file:///home/x/public/texts/x/a.html", found);
    at("raw/x/a.txt", found);
    at("https://site.example/texts/x/a", found);
    at("https://site.example/mytexts/x/a.html", None);
    at("https://elsewhere.example/", None);
    at("https://site.example/texts/a.html", None);
    let wish = Wish { text: Some("x/a".into()), ..Wish::default() };
    assert_eq!(imported(&mut archive(), Tool::Hypothesis, &json!([one]), &wish).files.len(), 1);
    let wish = Wish { text: Some("x/b".into()), ..Wish::default() };
    let left = imported(&mut archive(), Tool::Hypothesis, &json!([one]), &wish).left;
    assert_eq!(why(&left[0].1), "the archive has no text `x/b`");
}

/// What is looked into is what is there, so that a large file of something else is read at once.
#[test]
fn a_file_without_annotations_says_so() {
    let items = vec![json!({ "type": "Person" }); 1000];
    for file in [json!({}), json!("x"), json!({ "items": items }), json!({ "first": { "items": [[[{}]]] } })]
    {
        let why = read(Tool::W3c, file.to_string().as_bytes()).unwrap_err();
        assert!(why.starts_with("it holds no annotation"), "{why}");
    }
}

#[test]
fn web_annotations_become_notes() {
    let quote = |exact: &str| json!({ "type": "TextQuoteSelector", "exact": exact });
    let target = |exact: &str| json!({ "source": "../raw/x/a.txt", "selector": quote(exact) });
    let page = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": [
            {
                "type": "Annotation", "id": "one", "motivation": "questioning",
                "creator": { "type": "Person", "name": "Jo Reader" }, "created": "2024-05-06T00:00:00Z",
                "body": [
                    { "type": "TextualBody", "value": "Why?", "purpose": "commenting" },
                    { "type": "TextualBody", "value": "pets", "purpose": "tagging" },
                ],
                "target": { "source": { "id": "../raw/x/a.txt" }, "selector": [quote("dog")] },
            },
            { "type": ["Annotation"], "id": "two", "bodyValue": "Both <b>[[x]]</b>, `[[x]]`.", "target": [target("A cat"), target("dog")] },
            { "type": "Annotation", "id": "three", "bodyValue": "All of it.", "target": "../raw/x/a.txt" },
            { "type": "Annotation", "id": "four", "motivation": "linking", "target": target("dog") },
            {
                "type": "Annotation", "id": "five", "bodyValue": "x",
                "target": { "source": "../raw/x/a.txt", "selector": { "type": "TextPositionSelector", "start": 1, "end": 2 } },
            },
        ],
    });
    let mut archive = archive();
    let wish = Wish { by: Some("A B".into()), ..Wish::default() };
    let found = imported(&mut archive, Tool::W3c, &page, &wish);
    let files: Vec<(&str, &str)> =
        found.files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    assert_eq!(
        files,
        [
            (
                "annotations/x/a/dog.md",
                "+++\nby = \"Jo Reader\"\nkind = \"question\"\ntopics = \"pets\"\ndate = 2024-05-06\nquote = \"dog\"\n+++\nWhy?\n"
            ),
            (
                "annotations/x/a/a-cat.md",
                "+++\nby = \"A B\"\n+++\n> A cat\n\n> dog\n\nBoth \\<b>\\[[x]]\\</b>, `[[x]]`.\n"
            ),
            ("annotations/x/a/all-of-it.md", "+++\nby = \"A B\"\non = \"text\"\n+++\nAll of it.\n"),
        ]
    );
    let left: Vec<(&str, String)> =
        found.left.iter().map(|(label, refused)| (label.as_str(), why(refused))).collect();
    assert_eq!(
        left,
        [
            ("`four`", "its motivation is `linking`: that is not a note".to_owned()),
            ("`five`", "it has a place, but quotes no words".to_owned()),
        ]
    );

    // Once more: each is there already.
    let again = imported(&mut archive, Tool::W3c, &page, &wish);
    assert_eq!(again.files, []);
    assert_eq!(again.known[0].1, "annotations/x/a/dog.md");
    assert_eq!((again.known.len(), again.left.len(), again.changed.len()), (3, 2, 0));
}

/// What the archive has published is known by its address, though its words are not those of the file.
#[test]
fn notes_of_the_archive_itself_are_known() {
    let files = [
        ("postil.toml", "title = \"A case\"\nbase_url = \"https://a.example/x\"\n"),
        ("content/x/a.txt", "A cat sat.\n"),
        ("annotations/x/a/cat.md", "+++\nby = \"A B\"\nwas = [\"kitten\"]\n+++\n> cat\n\n*So.*\n"),
    ];
    let bytes = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let known = |id: &str| {
        let mut archive = Archive::from_memory(BTreeMap::from(bytes.clone()), &Default::default()).value;
        let one = json!({
            "type": "Annotation", "id": id, "bodyValue": "So.", "creator": "A B",
            "target": {
                "source": "../raw/x/a.txt",
                "selector": { "type": "TextQuoteSelector", "exact": "cat" },
            },
        });
        let found = imported(&mut archive, Tool::W3c, &one, &Wish::default());
        assert_eq!(found.files.len() + found.left.len() + found.known.len(), 1, "{id}");
        found.known.first().is_some_and(|(_, path)| path == "annotations/x/a/cat.md")
    };
    let own = [
        "a.html#n-cat",
        "texts/x/a.html#n-cat",
        "https://a.example/x/texts/x/a.html#n-cat",
        "a.html#n-kitten",
    ];
    assert!(own.into_iter().all(known));
    let others = [
        "",
        "a.html",
        "a.html#n-dog",
        "b.html#n-cat",
        "https://b.example/x/texts/x/a.html#n-cat",
        "urn:x#n-cat",
    ];
    assert!(!others.into_iter().any(known));
}

#[test]
fn files_of_something_else() {
    let wrong = |tool, bytes: &[u8]| read(tool, bytes).unwrap_err();
    assert!(
        wrong(Tool::W3c, b"not json").starts_with("it is not JSON, nor an object of JSON on each line: ")
    );
    assert!(wrong(Tool::W3c, b"{}").contains("nothing has the type `Annotation`"));
    assert!(wrong(Tool::Hypothesis, b"{\"total\": 0}").contains("neither `annotations` nor `rows`"));
    // Of any shape, without a panic.
    for value in [json!([1, null, "x", []]), json!({ "rows": [{ "target": 3, "tags": {}, "created": "é" }] })]
    {
        let foreign = read(Tool::Hypothesis, &serde_json::to_vec(&value).unwrap()).unwrap();
        let found = import(&mut archive(), &foreign, &Wish::default()).unwrap();
        assert_eq!(found.files, []);
    }
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(read(Tool::W3c, deep.as_bytes()).is_err());
}

#[test]
fn terms_of_a_glossary() {
    let entry = |term: &str, definition: &str, forms: &[&str], see: &[&str]| Entry {
        term: term.into(),
        definition: definition.into(),
        forms: forms.iter().map(|form| (*form).to_owned()).collect(),
        see: see.iter().map(|name| (*name).to_owned()).collect(),
        ..Entry::default()
    };
    let mut archive = archive();
    let old = "term = \"Dog\"\nkind = \"animal\"\nforms = [\"hound\"]\ndefinition = \"By hand.\"\n";
    archive.add_sidecar("annotations/glossary/dog.toml", old.to_owned()).unwrap();
    let entries = [
        entry("Cat", "A *small* animal.", &["Puss", "hound"], &["dog", "Nobody"]),
        entry("light", "Not heavy.", &[], &[]),
        entry("Light", "What a lamp gives.", &[], &[]),
        entry("Light", "What a window lets in.", &[], &[]),
        entry("dog", "Barks.", &[], &[]),
        entry("!", "A sign.", &[], &[]),
    ];
    let wish = glossary::Wish { file: "my words.csv".into(), used: false };
    let made = glossary::glossary(&mut archive, &entries, &wish).unwrap();
    let files: Vec<(&str, &str)> =
        made.files.iter().map(|file| (file.path.as_str(), file.text.split_once('\n').unwrap().1)).collect();
    assert_eq!(
        files,
        [
            (
                "annotations/glossary/cat.toml",
                "term       = \"Cat\"\nkind       = \"concept\"\nforms      = \"Puss\"\nsee        = \"dog\"\ndefinition = \"A \\\\*small\\\\* animal.\"\n"
            ),
            (
                "annotations/glossary/light.toml",
                "term         = \"light\"\nkind         = \"concept\"\nallow_common = false\ndefinition   = \"Not heavy.\"\n"
            ),
            (
                "annotations/glossary/light-2.toml",
                "term = \"Light\"\nkind = \"concept\"\n\n[[sense]]\ndefinition = \"What a lamp gives.\"\n\n[[sense]]\ndefinition = \"What a window lets in.\"\n"
            ),
        ]
    );
    assert!(made.files[0].text.starts_with("# imported: my-words.csv "), "{}", made.files[0].text);
    assert_eq!(made.common, ["light"]);
    assert_eq!(made.taken, [("hound".to_owned(), "dog".to_owned())]);
    assert_eq!(made.kept, [("dog".to_owned(), "annotations/glossary/dog.toml".to_owned())]);
    assert_eq!(made.nameless, ["!"]);

    // Once more; then with another definition, in a file that nobody changed, and in one that somebody did.
    let again = glossary::glossary(&mut archive, &entries, &wish).unwrap();
    assert_eq!((again.files.len(), again.changed.len(), again.known, again.kept.len()), (0, 0, 3, 1));
    let entries = [entry("Cat", "Another animal.", &[], &[]), entry("light", "Bright.", &[], &[])];
    archive
        .add_sidecar("annotations/glossary/light.toml", made.files[1].text.replace("Not heavy", "By hand"))
        .unwrap();
    let again = glossary::glossary(&mut archive, &entries, &wish).unwrap();
    let changed: Vec<&String> = again.changed.keys().collect();
    assert_eq!((changed, again.kept.len()), (vec![&"annotations/glossary/cat.toml".to_owned()], 1));

    let used = glossary::Wish { used: true, ..wish };
    let entries = [entry("barked", "Cried.", &[], &[]), entry("Zebra", "An animal.", &[], &[])];
    let made = glossary::glossary(&mut archive, &entries, &used).unwrap();
    assert_eq!((made.files.len(), made.unused), (1, vec!["Zebra".to_owned()]));
}
