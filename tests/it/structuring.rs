//! What `postil structure` proposes holds: each row is found as often as it says, and goes into a file beside others.

use postil::compile::Options;
use postil_anchor::document::record::{Layout, Record};
use postil_anchor::document::{self, Document};
use postil_archive::archive::Format;
use postil_archive::diagnostic::Source;
use postil_propose::propose::structure::{Proposal, propose, written};

use super::made::{archive, make};

/// A play of songs: acts, airs, speakers in capitals, stage directions, indented verse.
fn play() -> String {
    let mut text = String::from("*** START OF THE BOOK ***\n\nTHE KETTLE\n\n");
    for act in ["I", "II", "III"] {
        text += &format!("ACT {act}. SCENE I.\n\n");
        for line in 1..=3 {
            text += &format!("HOB. The kettle is cold, {line}.\n\n[_He sits._]\n\nJENNY. Fetch wood.\n\n");
            text += "    The fire is low,\n      the wood is wet.\n\n";
        }
    }
    text + "*** END OF THE BOOK ***\n\nThe licence.\n"
}

/// A scan: page marks, running heads, words cut at line ends.
fn scan() -> String {
    let mut text = String::new();
    for page in 11..=18 {
        text += &format!("[Pg {page}]\n\nTHE HARBOUR BOOK. {page}\n\n");
        text +=
            "The commit-\ntee met at the har-\nbour wall. The committee sat, and the harbour lay below.\n\n";
    }
    text
}

/// Letters with numbers, dates and footnotes.
fn letters() -> String {
    let mut text = String::new();
    for (i, number) in ["I", "II", "III"].iter().enumerate() {
        text += &format!("LETTER {number}\n\nTO HER BROTHER\n\nVienna, March {}, 1818.\n\n", i + 3);
        text += "My dear friend,\n\nThe _boats_ came in.[1]\n\nYours, ANNA.\n\n[Footnote 1: At noon.]\n\n";
    }
    text
}

fn interview() -> String {
    let turn =
        |i: usize| format!("[{i}:00] AB: When did you come?\n\nCP: In ninety-one, said my father.\n\n");
    (0..6).map(turn).collect()
}

fn parse(text: &str) -> Document {
    let record = Record { layout: Some(Layout::Wrapped), ..Record::default() };
    let path = "content/a.txt".into();
    document::parse("a".into(), path, text.as_bytes(), Format::Plain, &record).value.unwrap()
}

fn rows(text: &str) -> Vec<Proposal> {
    propose(&parse(text))
}

/// What the rows are for.
fn what(rows: &[Proposal]) -> Vec<&str> {
    rows.iter().map(|row| row.what).collect()
}

#[test]
fn what_a_text_looks_like_is_seen() {
    assert_eq!(
        what(&rows(&play())),
        [
            "licence",
            "licence",
            "headings",
            "speakers",
            "speeches, each up to the next",
            "stage directions",
            "emphasis",
            "verse, told by its indentation"
        ]
    );
    assert_eq!(what(&rows(&scan())), ["running heads", "pages", "hyphens at line ends"]);
    assert_eq!(
        what(&rows(&letters())),
        [
            "headings",
            "recipients",
            "dates of letters",
            "salutations",
            "footnotes",
            "marks of footnotes",
            "emphasis"
        ]
    );
    assert_eq!(what(&rows(&interview())), ["times", "speakers", "speeches, each up to the next"]);
    let prose = "Plain prose, which runs on.\n\nAnd so it does: without an end, as he said.\n";
    assert_eq!(what(&rows(prose)), [""; 0]);
}

#[test]
fn each_row_is_found_as_often_as_it_says() {
    for text in [play(), scan(), letters(), interview()] {
        let rows = rows(&text);
        let all: Vec<&Proposal> = rows.iter().collect();
        let file = written("a", None, &all).unwrap_or_else(|why| panic!("{why:?}"));
        let record = "title = \"A\"\nlayout = \"wrapped\"\n";
        let made = make(
            archive([("content/a.txt", &*text), ("content/a.toml", record), (&file.path, &file.text)]),
            &Options::default(),
        );
        let wrong: Vec<String> = made
            .problems
            .iter()
            .filter(|problem| *problem.place.path == *file.path && problem.code.name() != "speaker-unknown")
            .map(|problem| format!("{}: {}", problem.code.name(), problem.message))
            .collect();
        assert_eq!(wrong, [""; 0], "{}", file.text);
        assert_eq!(made.bugs(), "");
    }
}

#[test]
fn rows_go_into_a_file_that_is_there() {
    let row = |row: &str| Proposal { list: Some("structure"), row: row.into(), what: "", evidence: vec![] };
    let key = Proposal { list: None, row: "hyphens = \"join\"".into(), what: "", evidence: vec![] };
    let (one, two) = (row("{ at = \"p1\", kind = \"heading\" }"), row("{ at = \"p2\", kind = \"verse\" }"));
    #[track_caller]
    fn check(there: &str, chosen: &[&Proposal], expected: &str) {
        let source = Source::new("annotations/a/apparatus.toml", there);
        let file = written("a", Some(&source), chosen).unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!(file.text, expected);
        assert!(file.text.parse::<toml::Table>().is_ok());
    }
    let (a, b) = ("  { at = \"p1\", kind = \"heading\" },\n", "  { at = \"p2\", kind = \"verse\" },\n");
    check("", &[&one, &two, &key], &format!("hyphens = \"join\"\nstructure = [\n{a}{b}]\n"));
    check(
        "structure = [\n  { at = \"p9\" },\n]\n",
        &[&one],
        &format!("structure = [\n  {{ at = \"p9\" }},\n{a}]\n"),
    );
    check("structure = [{ at = \"p9\" }]\n", &[&two], &format!("structure = [{{ at = \"p9\" }},\n{b}]\n"));
    check("structure = []\nby = \"A\"\n", &[&two], &format!("structure = [\n{b}]\nby = \"A\"\n"));
    check("furniture = []\n", &[&one], &format!("furniture = []\nstructure = [\n{a}]\n"));
    let tables = Source::new("annotations/a/apparatus.toml", "[[structure]]\nat = \"p9\"\n");
    assert!(written("a", Some(&tables), &[&one]).is_err());
}
