//! Who speaks: the nearest row around some words that says it, wherever these are quoted.

use postil::compile::{self, Options};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::Error;
use postil_search::bulk::{Bulk, Format};
use postil_search::scratch::Memory;
use serde_json::Value;

use super::made::{Made, archive, make};

const TEXT: &str = "\
The Minister: I will answer.
We will act on harbours. [Interruption.] We will act with speed.
Mr. Poe: Order.
Nobody says this.
1. We recommend a quay. It should be long.
We agree with the quay.
";

/// The archive of a text with these rows, a note and a passage on each of these words.
fn files(rows: &str, quoted: &[&str]) -> super::made::Files {
    let mut topic = "title = \"T\"\n".to_owned();
    for words in quoted {
        topic.push_str(&format!("[[passage]]\ntext = \"a\"\nquote = \"{words}\"\n"));
    }
    let term =
        |term: &str, kind: &str| format!("term = \"{term}\"\nkind = \"{kind}\"\ndefinition = \"It.\"\n");
    let mut files = archive([
        ("content/a.txt", TEXT),
        ("content/a.toml", "title = \"A\"\ndate = 2003\nlayout = \"lines\"\n"),
        ("annotations/a/apparatus.toml", rows),
        ("annotations/topics/t.toml", &topic),
        ("annotations/glossary/ada.toml", &term("Ada Byron", "person")),
        ("annotations/glossary/the-board.toml", &term("The Board", "body")),
        ("annotations/glossary/quay.toml", &term("quay", "place")),
        ("annotations/glossary/speed.toml", &term("speed", "concept")),
    ]);
    for (i, words) in quoted.iter().enumerate() {
        let note = format!("+++\nby = \"A B\"\n+++\n> {words}\n\nA note.\n");
        files.insert(format!("annotations/a/n{i}.md"), note.into());
    }
    files
}

fn made(rows: &str, quoted: &[&str]) -> Made {
    let made = make(files(rows, quoted), &Options::default());
    assert!(!made.said().contains(": error"), "{}", made.said());
    made
}

/// What search has of the text: words, and who says them.
fn found(rows: &str) -> Vec<(String, String)> {
    let archive = Archive::from_memory(files(rows, &[]), postil::theme::default_theme()).value;
    let scratch = Memory::default();
    let bulk = Bulk::new(&scratch);
    let options = Options { bulk: Some(&bulk), ..Options::default() };
    compile::compile(&archive, &|_, _| Ok(()), &options).unwrap();
    let mut out = Vec::new();
    let kept = std::cell::RefCell::new(&mut out);
    let put = |path: &str, bytes: &[u8]| {
        if path.ends_with(".ndjson") {
            kept.borrow_mut().extend_from_slice(bytes);
        }
        Ok::<_, Error>(())
    };
    bulk.finish(Format::Typesense, put).unwrap();
    let text = String::from_utf8(out).unwrap();
    let documents = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let texts = documents.filter(|document| document["type"] == "text");
    let passages = texts.flat_map(|document| document["passages"].as_array().unwrap().clone());
    let string = |value: &Value| value.as_str().unwrap().trim().to_owned();
    passages.map(|passage| (string(&passage["text"]), string(&passage["speaker"]))).collect()
}

/// Who says the words, by the data for programs.
fn speakers(rows: &str, quoted: &[&str]) -> Vec<String> {
    let made = made(rows, quoted);
    let data: Value = serde_json::from_str(made.page("data/archive.json")).unwrap();
    let name = |place: &Value| place["speaker"].as_str().unwrap_or_default().to_owned();
    let passages = data["topics"][0]["passages"].as_array().unwrap();
    let of_topic: Vec<String> = passages.iter().map(|passage| name(&passage["places"][0])).collect();
    let of_notes: Vec<String> =
        data["notes"].as_array().unwrap().iter().map(|n| name(&n["places"][0])).collect();
    let mut both = (of_topic.clone(), of_notes);
    both.0.sort();
    both.1.sort();
    assert_eq!(both.0, both.1);
    of_topic
}

#[test]
fn a_row_inside_what_somebody_says_keeps_the_speaker() {
    let around = "{ at = \"p1-p2\", kind = \"speech\", speaker = \"ada\" },";
    let quoted = ["act on harbours", "Interruption", "act with speed", "Nobody says this"];
    let part = "at = \"p2\", quote = \"[Interruption.]\"";
    let kinds = ["narrative", "recommendation", "item", "heading", "question", "speaker"];
    let places = ["at = \"p2\"", "quote = \"act with speed\""].map(|place| (place, "narrative"));
    for (place, inner) in kinds.map(|kind| (part, kind)).into_iter().chain(places) {
        let rows = format!("structure = [\n  {around}\n  {{ {place}, kind = \"{inner}\" }},\n]\n");
        assert_eq!(speakers(&rows, &quoted), ["Ada Byron", "Ada Byron", "Ada Byron", ""], "{rows}");
    }
    let rows = format!("structure = [\n  {around}\n  {{ {part}, kind = \"narrative\" }},\n]\n");
    let say = |words: &str, speaker: &str| (words.to_owned(), speaker.to_owned());
    let line = "We will act on harbours. [Interruption.] We will act with speed.";
    assert_eq!(
        found(&rows)[1..4],
        [say(line, "Ada Byron"), say("Mr. Poe: Order.", ""), say("Nobody says this.", "")]
    );
}

#[test]
fn words_that_somebody_else_throws_in_are_theirs_and_no_others() {
    let rows = "structure = [\n  { at = \"p1-p2\", kind = \"speech\", speaker = \"ada\" },\n  \
                { quote = \"[Interruption.]\", kind = \"speech\", speaker = \"Mr. Poe\", role = \"Member\" },\n  \
                { at = \"p3\", kind = \"speech\", speaker = \"Mr. Poe\" },\n]\n";
    let quoted = ["act on harbours", "Interruption", "act with speed", "Order"];
    assert_eq!(speakers(rows, &quoted), ["Ada Byron", "Mr. Poe", "Ada Byron", "Mr. Poe"]);
    let say = |words: &str, speaker: &str| (words.to_owned(), speaker.to_owned());
    assert_eq!(
        found(rows)[..5],
        [
            say("The Minister: I will answer.", "Ada Byron"),
            say("We will act on harbours.", "Ada Byron"),
            say("[Interruption.]", "Mr. Poe"),
            say("We will act with speed.", "Ada Byron"),
            say("Mr. Poe: Order.", "Mr. Poe"),
        ]
    );
    let made = made(rows, &quoted);
    let page = made.page("texts/a.html");
    assert!(page.contains("<section class=\"turn speech\" data-speaker=\"Ada Byron\">"), "{page}");
    assert!(page.contains("<span class=\"part speech\" data-speaker=\"Mr. Poe\">"), "{page}");
    // The concordance has the paragraph once for a word in two of its stretches.
    let letter = made.page("concordance/a.html");
    assert_eq!(letter.matches("texts/a.html#p2").count(), 1, "{letter}");
}

#[test]
fn part_of_a_paragraph_alone_gives_the_paragraph_no_speaker() {
    let rows =
        "structure = [\n  { quote = \"[Interruption.]\", kind = \"speech\", speaker = \"Mr. Poe\" },\n]\n";
    assert_eq!(speakers(rows, &["harbours", "Interruption", "speed"]), ["", "Mr. Poe", ""]);
}

#[test]
fn who_speaks_is_said_once_for_all_rows_of_a_kind() {
    let rows = |more: &str| {
        format!(
            "structure = [\n  {{ at = \"p5\", kind = \"recommendation\", number = 1{more} }},\n  \
             {{ quote = \"It should be long\", kind = \"narrative\" }},\n  \
             {{ at = \"p6\", kind = \"response\", to = 1 }},\n]\n\n\
             [speaker_of]\nrecommendation = \"the-board\"\nresponse = \"Her Majesty's Government\"\n"
        )
    };
    let quoted = ["We recommend", "It should be long", "We agree", "Nobody"];
    let government = "Her Majesty's Government";
    assert_eq!(speakers(&rows(""), &quoted), ["The Board", "The Board", government, ""]);
    let own = rows(", speaker = \"ada\"");
    assert_eq!(speakers(&own, &quoted), ["Ada Byron", "Ada Byron", government, ""]);
    // The row around comes before what is said of a kind.
    let around = rows("").replace("[\n", "[\n  { at = \"p5-p6\", kind = \"speech\", speaker = \"ada\" },\n");
    assert_eq!(speakers(&around, &quoted), ["Ada Byron", "Ada Byron", "Ada Byron", ""]);
}

#[test]
fn the_speaker_stands_wherever_words_are_quoted() {
    let rows = "structure = [\n  { at = \"p5\", kind = \"recommendation\", number = 1 },\n  \
                { at = \"p6\", kind = \"response\", to = 1 },\n  { at = \"p1-p2\", kind = \"speech\", speaker = \"ada\" },\n]\n\n\
                [speaker_of]\nrecommendation = \"the-board\"\nresponse = \"Her Majesty's Government\"\n";
    let mut files = files(rows, &["We recommend", "We agree"]);
    let end = |words: &str| format!("[[end]]\ntext = \"a\"\nquote = \"{words}\"\n");
    let link = format!("title = \"L\"\nrelation = \"answers\"\n{}{}", end("We recommend"), end("We agree"));
    files.insert("annotations/links/l.toml".to_owned(), link.into());
    let made = make(files, &Options::default());
    assert!(!made.said().contains(": error"), "{}", made.said());
    for (address, words) in [
        ("topics/t.html", "<b><a href=\"../glossary/the-board.html\">The Board</a></b>"),
        ("topics/t.html", "<b>Her Majesty's Government</b>"),
        ("notes/index.html", "paragraph 5, Recommendation 1, The Board"),
        ("notes/index.html", "paragraph 6, Response to recommendation 1, Her Majesty"),
        ("connections.html", "paragraph 5, Recommendation 1, The Board"),
        ("glossary/quay.html", "2003, para 5, The Board"),
        ("glossary/speed.html", "2003, para 2, Ada Byron"),
        ("glossary/the-board.html", "paragraph 5, Recommendation 1"),
        ("data/notes.csv", ",5,The Board,We recommend,"),
        ("texts/a.html", "data-speaker=\"The Board\""),
        ("texts/a.html", "<span data-cite-speaker> (Ada Byron)</span>"),
    ] {
        let page = made.page(address);
        assert!(page.replace("&#39;", "'").contains(words), "{address}: {words}: {page}");
    }
    // Bodies are no people.
    let people = made.page("people/index.html");
    assert!(
        people.contains("Ada Byron") && !people.contains("The Board") && !people.contains("Majesty"),
        "{people}"
    );
}

#[test]
fn what_is_wrong_with_who_speaks_is_said_at_its_line() {
    #[track_caller]
    fn check(line: &str, code: &str, words: &str) {
        let rows = format!(
            "structure = [\n  {{ at = \"p5\", kind = \"recommendation\" }},\n]\n[speaker_of]\n{line}\n"
        );
        let said = make(files(&rows, &[]), &Options::default()).said();
        let wrong = said.lines().find(|problem| problem.contains("apparatus.toml:5:"));
        assert!(wrong.is_some_and(|wrong| wrong.contains(code) && wrong.contains(words)), "{line}: {said}");
    }
    check("recomendation = \"the-board\"", "unknown-kind", "rows of kind `recomendation` have no speaker");
    check("heading = \"the-board\"", "unknown-kind", "`heading`");
    check("recommendation = \"the-bord\"", "unknown-term", "the-bord");
    check("recommendation = \"quay\"", "bad-value", "neither a person nor a body");
    check("recommendation = \" \"", "bad-value", "is empty");
    check("recommendation = 3", "bad-value", "");
}
