//! Small archives, and the files that are proposed for them.

use std::collections::BTreeMap;

use super::entry::{self, Kind, Quoted};
use super::note::{self, Wish};
use super::prove::{self, Text};
use super::{File, Refused};
use postil_archive::archive::Archive;

fn archive(files: &[(&str, &str)]) -> Archive {
    let mut all: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    all.insert("postil.toml".into(), b"title = \"A case\"".to_vec());
    Archive::from_memory(all, &Default::default()).value
}

fn text(archive: &Archive, id: &str) -> Text {
    prove::load(archive, archive.text(id).unwrap()).unwrap().unwrap()
}

fn wish(words: &str) -> Wish {
    Wish { words: words.into(), by: vec!["A B".into()], body: "So.".into(), ..Wish::default() }
}

fn noted(files: &[(&str, &str)], wish: &Wish) -> Result<File, Refused> {
    let mut archive = archive(files);
    let text = text(&archive, "a");
    note::note(&mut archive, &text, wish)
}

/// What is wrong, as codes; or the refusal's words.
fn why(refused: Refused) -> String {
    match refused {
        Refused::Wrong(problems) => problems.iter().map(|p| p.code.name()).collect::<Vec<_>>().join(" "),
        Refused::Several(spots) => {
            let spot =
                |s: &note::Spot| format!("p{} L{} {}|{}|{}", s.block, s.line, s.before, s.words, s.after);
            spots.iter().map(spot).collect::<Vec<_>>().join("; ")
        }
        Refused::Because(why, _) => why,
    }
}

/// The lines between the front matter's `by` and the body.
#[track_caller]
fn check(text: &str, words: &str, nth: Option<usize>, expected: &str) {
    let found = noted(&[("content/a.txt", text)], &Wish { nth, ..wish(words) });
    let found = found.map_or_else(why, |file| {
        let text = file.text.strip_prefix("+++\nby = \"A B\"\n").unwrap();
        text.strip_suffix("\nSo.\n").unwrap().to_owned()
    });
    assert_eq!(found, expected, "{words:?} of {text:?}");
}

#[test]
fn words_that_stand_once_are_quoted_as_they_stand() {
    check("One two three.\n", "two", None, "+++\n> two\n");
    check("Say “two”\u{ad}\n— or three.\n", "Say \"two\" - or", None, "+++\n> Say “two” — or\n");
    check("One two.\n\nThree four.\n\nFive.\n", "two. Three", None, "+++\n> two.\n>\n> Three\n");
    check("One **two** three.\n", "One **two** three", None, "+++\n> One **two** three\n");
}

#[test]
fn just_enough_context_is_added() {
    let text = "A cat sat. The cat sat. Then the cat sat down.\n";
    check(text, "cat sat", Some(1), "+++\n> A **cat sat**\n");
    check(text, "cat sat", Some(3), "+++\n> **cat sat** down.\n");
    check("Of (GLA) and\n\nthe GLA's or the GLA.\n", "GLA", Some(1), "+++\n> **GLA**) and\n");
    check("Of (GLA) and\n\nthe GLA's or the GLA.\n", "GLA", Some(2), "+++\n> **GLA**'s\n");
    check("Two.\n\nA word.\n\nA word.\n\nThree.\n", "A word.", Some(2), "+++\n> **A word.**\n>\n> Three.\n");
}

#[test]
fn context_that_was_given_but_is_not_needed_is_left_out() {
    check("A cat. A dog.\n", "A **dog**", None, "+++\n> dog\n");
    check("A cat. The cat.\n", "A **cat**", None, "+++\n> A **cat**\n");
}

#[test]
fn places_that_no_context_tells_apart_are_named_by_block_and_number() {
    let lines = "Yes and no and yes and no and yes and no and yes and no and yes and no.\n\n";
    let text = lines.repeat(9);
    check(&text, "Yes and no", Some(5), "at = \"p5\"\n+++\n> Yes and no\n");
    let line = "no no no no no no no no no no no no no no no no no no no no no no no no no no no\n";
    check(line, "no", Some(14), "at = \"p1\"\nnth = 14\n+++\n> no\n");
}

#[test]
fn words_that_a_block_quote_would_read_otherwise_are_keys() {
    check(
        "One ** two **. Another ** two ** here.\n",
        "** two **",
        Some(2),
        "quote = \"** two **\"\nsuffix = \"here.\"\n+++",
    );
}

#[test]
fn a_passage_too_long_to_quote_is_shortened() {
    let words: Vec<String> = (1..=600).map(|n| format!("word{n}")).collect();
    let text = words.join(" ");
    let first = words[..12].join(" ");
    let last = words[588..].join(" ");
    check(&text, "word1 […] word600", None, &format!("+++\n> {first} […] {last}\n"));
}

#[test]
fn words_without_a_place() {
    check("One two.\n", "three", None, "quote-not-found");
    check("One two.\n", "on", None, "quote-not-found");
    check("One two.\n", "One tw", None, "quote-cuts-word");
    check("One two.\n", "…", None, "quote-empty");
    check("One two.\n", "two", Some(2), "there is no place 2, since the words stand in 1 place of `a`");
    check("A cat.\n\nThe cat.\n", "cat", None, "p1 L1 A |cat|. The cat.; p2 L3 A cat. The |cat|.");
}

#[test]
fn furniture_is_passed_over() {
    let rows = "furniture = [{ at = \"p2\", reason = \"page number\" }]\n";
    let files = [("content/a.txt", "To be\n\n17\n\nor not.\n"), ("annotations/a/apparatus.toml", rows)];
    let file = noted(&files, &wish("be or not")).unwrap();
    assert_eq!(file.text, "+++\nby = \"A B\"\n+++\n> be\n>\n> or not\n\nSo.\n");
    assert_eq!(why(noted(&files, &wish("17")).unwrap_err()), "quote-in-furniture");
}

#[test]
fn names_of_notes() {
    let path = |files: &[(&str, &str)], wish: &Wish| noted(files, wish).map(|file| file.path).map_err(why);
    let text =
        ("content/a.txt", "The GLA’s remit was narrow indeed, in an extraordinarily long word.\nNone.\n");
    let one = "+++\nby = \"A B\"\n+++\n> GLA\n\nx\n";
    check_path(path(&[text], &wish("The GLA's remit was narrow indeed")), "the-glas-remit-was-narrow");
    check_path(path(&[text], &wish("extraordinarily long word")), "extraordinarily-long-word");
    check_path(path(&[text], &wish("None.")), "none-2");
    check_path(path(&[text, ("annotations/a/gla.md", one)], &wish("GLA")), "gla-2");
    let named = |slug: &str| Wish { slug: Some(slug.into()), ..wish("GLA") };
    check_path(path(&[text], &named("remit")), "remit");
    let files = [text, ("annotations/a/gla.md", one)];
    assert_eq!(path(&files, &named("gla")), Err("`a` has a note `gla` already".into()));
    for slug in ["My Note", "../b"] {
        let refused = format!("the name `{slug}` holds more than `a` to `z`, `0` to `9` and `-`");
        assert_eq!(path(&[text], &named(slug)), Err(refused));
    }
    assert_eq!(path(&[text], &named("apparatus")), Err("the slug `apparatus` has another meaning".into()));
}

#[track_caller]
fn check_path(found: Result<String, String>, slug: &str) {
    assert_eq!(found, Ok(format!("annotations/a/{slug}.md")));
}

#[test]
fn what_a_note_says_of_itself() {
    let files = [
        ("content/a.txt", "One two and three follow.\n"),
        ("annotations/topics/t.toml", "title = \"T\"\n"),
        ("annotations/topics/u.toml", "title = \"U\"\n"),
    ];
    let full = Wish {
        title: Some("Said in 2016".into()),
        kind: Some("outcome".into()),
        topics: vec!["t".into(), "u".into()],
        by: vec!["A \"B\" C".into()],
        body: String::new(),
        ..wish("two")
    };
    let file = noted(&files, &full).unwrap();
    let expected = "+++\nby = \"A \\\"B\\\" C\"\ntitle = \"Said in 2016\"\nkind = \"outcome\"\ntopics = [\"t\", \"u\"]\n+++\n> two\n";
    assert_eq!(file.text, expected);
    let wrong = |wish: Wish| why(noted(&files, &wish).unwrap_err());
    assert_eq!(wrong(Wish { kind: Some("outcom".into()), ..wish("two") }), "unknown-kind");
    assert_eq!(wrong(Wish { title: Some("x".repeat(31)), ..wish("two") }), "bad-value");
    assert_eq!(wrong(Wish { topics: vec!["v".into()], ..wish("two") }), "unknown-topic");
    assert_eq!(wrong(Wish { by: vec!["nobody".into()], ..wish("two") }), "unknown-contributor");
    assert_eq!(wrong(Wish { body: "and three follow.".into(), ..wish("two") }), "body-continues-quote");
}

#[test]
fn entries() {
    let files = [("content/a.txt", "A cat. The \"cat\".\n"), ("content/b.txt", "A dog.\n")];
    #[track_caller]
    fn check(files: &[(&str, &str)], name: &str, kind: Kind, expected: Result<(&str, &str), &str>) {
        let mut archive = archive(files);
        let texts = [text(&archive, "a"), text(&archive, "b")];
        let found = entry::entry(&mut archive, &texts, &entry::Wish { name: name.into(), slug: None, kind });
        let found = found.map(|file| (file.path, file.text)).map_err(why);
        let expected = expected.map(|(path, text)| (path.to_owned(), text.to_owned())).map_err(str::to_owned);
        assert_eq!(found, expected, "{name}");
    }
    let term = |definition: &str| Kind::Term {
        kind: "animal".into(),
        forms: vec!["tom".into()],
        definition: definition.into(),
    };
    let written =
        "term       = \"House Cat\"\nkind       = \"animal\"\nforms      = \"tom\"\ndefinition = \"\"\n";
    check(&files, "House Cat", term(""), Ok(("annotations/glossary/house-cat.toml", written)));
    let there = (
        "annotations/glossary/felis.toml",
        "term = \"F\"\nkind = \"x\"\nforms = \"House  Cat\"\ndefinition = \"x\"\n",
    );
    let taken = "the term `felis` has the form `House Cat` already";
    check(&[files[0], files[1], there], "House Cat", term(""), Err(taken));
    check(&files, "the", term("x"), Err("common-word"));
    let slug = Some("../../../content/b".to_owned());
    let outside = entry::Wish { name: "Cat".into(), slug, kind: term("x") };
    let refused = "the name `../../../content/b` holds more than `a` to `z`, `0` to `9` and `-`";
    assert_eq!(why(entry::entry(&mut archive(&files), &[], &outside).unwrap_err()), refused);

    let quoted = |text, words: &str| Quoted { text, words: words.into(), nth: None };
    let topic = |passages| Kind::Topic { scope: None, passages };
    let written =
        "title = \"Cats\"\n\n[[passage]]\ntext   = \"a\"\nquote  = \"cat\"\nprefix = \"The \\\"\"\n";
    check(&files, "Cats", topic(vec![quoted(0, "\"**cat**")]), Ok(("annotations/topics/cats.toml", written)));
    let several = "p1 L1 A |cat|. The \"cat\".; p1 L1 A cat. The \"|cat|\".";
    check(&files, "Cats", topic(vec![quoted(0, "cat")]), Err(several));
    // The same, for a person who chooses.
    let archived = archive(&files);
    let texts = [text(&archived, "a")];
    assert_eq!(entry::several(&archived, &texts, &quoted(0, "cat")).len(), 2);
    let second = Quoted { nth: Some(2), ..quoted(0, "cat") };
    assert_eq!(entry::several(&archived, &texts, &second), []);
    check(&files, "Cats", topic(vec![second]), Ok(("annotations/topics/cats.toml", written)));

    let link = |ends| Kind::Link { relation: "follows".into(), ends, by: vec!["A B".into()] };
    let written = "title    = \"Pets\"\nrelation = \"follows\"\nby       = \"A B\"\n\n[[end]]\ntext  = \"a\"\n\
        quote = \"A cat\"\n\n[[end]]\ntext  = \"b\"\nquote = \"dog\"\n";
    let ends = vec![quoted(0, "A cat"), quoted(1, "dog")];
    check(&files, "Pets", link(ends), Ok(("annotations/links/pets.toml", written)));
    check(&files, "Pets", link(vec![quoted(1, "dog")]), Err("a link has two ends or more, this one has 1"));

    let person = |url: Option<&str>| Kind::Contributor {
        affiliation: None,
        role: Some("Reader".into()),
        url: url.map(str::to_owned),
    };
    let written = "name = \"Zoë Ó\"\nrole = \"Reader\"\n";
    check(&files, "Zoë Ó", person(None), Ok(("annotations/contributors/zoe-o.toml", written)));
    check(&files, "Zoë Ó", person(Some("javascript:x")), Err("bad-address"));
}

#[test]
fn names_of_every_script_make_a_file_each() {
    let names = [
        ("λιμένας", "limenas"),
        ("πλοίο", "ploio"),
        ("Порт", "port"),
        ("נמל", "nml"),
        ("ميناء", "myn"),
        ("港口", "gang-kou"),
        ("항구", "hanggu"),
        ("बंदरगाह", "bndrgaah"),
        ("ท่าเรือ", "thaaeruue"),
        ("ნავი", "navi"),
        ("նավ", "nav"),
        ("Порт of 港", "port-of-gang"),
        ("«»", "topic-1"),
        ("…", "topic-2"),
        ("😀", "topic-3"),
    ];
    let mut archive = archive(&[("content/a.txt", "A.")]);
    for (name, slug) in names {
        let kind = Kind::Topic { scope: None, passages: Vec::new() };
        let wish = entry::Wish { name: name.to_owned(), slug: None, kind };
        let made = entry::entry(&mut archive, &[], &wish).map(|file| file.path);
        assert_eq!(made, Ok(format!("annotations/topics/{slug}.toml")), "{name}");
    }
}

/// The same cases are those of the script in the browser.
#[test]
fn the_vectors_that_the_browser_shares() {
    let vectors = include_str!("../../../../tests/vectors/note.json");
    let vectors: Vec<serde_json::Value> = serde_json::from_str(vectors).unwrap();
    assert!(vectors.len() >= 30);
    for vector in &vectors {
        let blocks: Vec<&str> =
            vector["blocks"].as_array().unwrap().iter().map(|b| b.as_str().unwrap()).collect();
        let text = format!("{}\n", blocks.join("\n\n"));
        let nth = vector["nth"].as_u64().map(|nth| usize::try_from(nth).unwrap());
        let wished = Wish { nth, ..wish(vector["words"].as_str().unwrap()) };
        let made = noted(&[("content/a.txt", &text)], &wished).map_err(why);
        let expected = File {
            path: format!("annotations/a/{}.md", vector["slug"].as_str().unwrap()),
            text: vector["file"].as_str().unwrap().to_owned(),
        };
        assert_eq!(made, Ok(expected), "{}", vector["why"]);
    }
}
