//! Files of other tools, and what becomes of their annotations.

use std::collections::BTreeMap;

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
    import(archive, &foreign, wish).unwrap()
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
    let wish = Wish { by: Some("A B".into()), text: None };
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
    assert!(wrong(Tool::W3c, b"not json").starts_with("it is not JSON: "));
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
