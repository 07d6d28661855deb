//! What is wrong, told while somebody types.

use std::collections::{BTreeMap, BTreeSet};

use postil::compile::Options;
use postil_archive::diagnostic::{Code, Diagnostic};
use serde_json::{Value, json};

use super::client::{Client, today};
use super::{NOTE, folder};
use crate::checking::write;
use crate::made::{CONFIG, Files, make};
use crate::tier::{is_long, often};
use crate::{cases, mistakes};

/// A problem as a client is told of it, in one line.
fn line(problem: &Diagnostic) -> String {
    let place = &problem.place;
    format!("{}:{} {}", place.path, place.line - 1, problem.code.name())
}

#[test]
fn unsaved_text_has_the_problems_that_check_finds_in_it() {
    let mut seen = BTreeSet::new();
    let mut wrong = String::new();
    // One in eight, and with `--all` every archive that the tests have: then each kind of problem comes up.
    let step = often(8, 1);
    let archives = cases::archives().into_iter().chain(mistakes::archives()).step_by(step);
    for (name, files) in archives.chain(others()) {
        // An archive is where `postil.toml` lies; everything else has never been saved, as far as it is text.
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "postil.toml", "title = \"Not this one\"\n");
        let texts: BTreeMap<&String, &str> =
            files.iter().filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?))).collect();
        for (path, bytes) in files.iter().filter(|(path, _)| !texts.contains_key(path)) {
            let whole = folder.path().join(path);
            std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
            std::fs::write(whole, bytes).unwrap();
        }
        let options = Options { review: Some(today()), ..Options::default() };
        let made = make(files.clone(), &options);
        let mut expected: Vec<String> = made.problems.iter().map(line).collect();
        expected.sort();
        seen.extend(made.problems.iter().map(|problem| problem.code.name()));

        let mut client = Client::begin(folder.path(), "utf-16");
        texts.iter().for_each(|(path, text)| client.open(path, text));
        for path in texts.keys() {
            client.settled(path);
        }
        let mut found: Vec<String> = Vec::new();
        for (path, (_, problems)) in &client.problems {
            found.extend(problems.iter().map(|problem| {
                format!("{path}:{} {}", problem["range"]["start"]["line"], problem["code"].as_str().unwrap())
            }));
        }
        found.sort();
        if found != expected {
            let both: BTreeSet<&String> = found.iter().filter(|line| expected.contains(line)).collect();
            let differs = |lines: &[String]| {
                lines.iter().filter(|line| !both.contains(line)).cloned().collect::<Vec<_>>()
            };
            wrong.push_str(&format!(
                "{name}\n  check: {:?}\n  editor: {:?}\n",
                differs(&expected),
                differs(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    if !is_long() {
        return;
    }
    let missing: Vec<&str> =
        Code::ALL.iter().map(|code| code.name()).filter(|name| !seen.contains(name)).collect();
    assert_eq!(missing, NOT_OF_TEXT, "every kind of problem comes up from unsaved text, but for these");
}

/// Problems that no text somebody types can have.
const NOT_OF_TEXT: &[&str] = &[
    // Of what lies on the disk, or does not.
    "config-missing",
    "file-gone",
    "special-file",
    // Of files that are brought in.
    "bad-source",
    "records-row",
    "derivation-lost",
    "encoding-unknown",
    // Of what git knows, and of very large sites.
    "history-missing",
    "download-in-parts",
    "page-large",
    "change-outside",
    // Of postil, or of a theme that shows words otherwise than they are.
    "text-lost",
    "words-not-shown",
    "forbidden-element",
    "duplicate-id",
    "bug",
];

/// Archives with the kinds of problems that no case is about.
fn others() -> Vec<(String, Files)> {
    let note = |quote: &str| format!("+++\nby = \"A B\"\n+++\n> {quote}\n\nSo it was.\n");
    let sum = postil_anchor::document::checksum(b"One.\r\n\r\nTwo.\r\n");
    let many = format!("{}\n", "word one, ".repeat(300));
    let wide: String = (0..20).map(|n| format!("Line number {n}.\n")).collect();
    let lines: Vec<&str> = wide.lines().take(15).collect();
    let files: &[(&str, &[(&str, &str)])] = &[
        (
            "conflict-marks",
            &[("annotations/topics/x.toml", "<<<<<<< a\ntitle = \"A\"\n=======\ntitle = \"B\"\n>>>>>>> b\n")],
        ),
        ("file-of-a-forge", &[("content/README.md", "# Texts\n"), ("content/b.txt", "Words.\n")]),
        (
            "line-ends-changed",
            &[
                ("content/a.toml", &format!("layout = \"wrapped\"\nsha256 = \"{sum}\"\n")),
                ("content/a.txt", "One.\n\nTwo.\n"),
            ],
        ),
        (
            "quote-too-wide",
            &[
                ("content/a.txt", &wide),
                ("content/a.toml", "layout = \"lines\"\n"),
                ("annotations/a/n.md", &note(&lines.join("\n> "))),
            ],
        ),
        (
            "too-many-places",
            &[
                ("content/a.txt", &many),
                ("annotations/a/n.md", "+++\nby = \"A B\"\nquote = \"word\"\nall = true\n+++\nSo.\n"),
            ],
        ),
        (
            "note-duplicate",
            &[
                ("content/a.txt", "One word.\n"),
                ("annotations/a/n.md", &note("One word")),
                ("annotations/a/m.md", &note("One word")),
            ],
        ),
        (
            "review-due",
            &[
                ("content/a.txt", "One word.\n"),
                ("annotations/a/n.md", "+++\nby = \"A B\"\nreview_by = 2020-01-01\n+++\n> One word\n\nSo.\n"),
            ],
        ),
        (
            "sources-missing",
            &[
                ("postil.toml", "title = \"A\"\n[notes]\nsources = \"required\"\n"),
                ("content/a.txt", "One word.\n"),
                ("annotations/a/n.md", &note("One word")),
            ],
        ),
        (
            "forge-unknown",
            &[("postil.toml", "title = \"A\"\nrepository = \"https://code.example.org/a/b\"\n")],
        ),
        ("static-clash", &[("static/index.html", "<p>Mine.</p>\n")]),
        ("words-missing", &[("postil.toml", "title = \"A\"\nlanguage = \"la\"\n")]),
    ];
    let whole = |(name, files): &(&str, &[(&str, &str)])| {
        let mut all: Files =
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        all.entry("postil.toml".to_owned()).or_insert_with(|| CONFIG.into());
        all.entry("content/a.txt".to_owned()).or_insert_with(|| b"One line.\n".to_vec());
        ((*name).to_owned(), all)
    };
    files.iter().map(whole).collect()
}

#[test]
fn a_problem_comes_and_goes_as_somebody_types() {
    let folder = folder();
    for encoding in ["utf-16", "utf-8"] {
        let mut client = Client::begin(folder.path(), encoding);
        assert_eq!(client.capabilities["positionEncoding"], encoding);
        let path = "annotations/a/n.md";
        client.open(path, NOTE);
        assert_eq!(client.settled(path), Vec::<Value>::new());
        // `é😀` before the place: two columns more in UTF-16 than characters, four more in UTF-8.
        let width = if encoding == "utf-16" { 3 } else { 6 };
        let start = json!({ "line": 2, "character": 0 });
        client.change(
            path,
            json!([{ "range": { "start": start, "end": start }, "text": "title = \"é😀\"\r\n" }]),
        );
        assert_eq!(client.settled(path), Vec::<Value>::new());
        let at = |line, character| json!({ "line": line, "character": character });
        let range = json!({ "start": at(2, 9), "end": at(2, 9 + width) });
        client.change(path, json!([{ "range": range, "text": "é😀\", x = \"" }]));
        let problems = client.settled(path);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0]["code"], "toml-syntax");
        assert_eq!(problems[0]["range"]["start"], at(2, 9 + width + 1), "{problems:?}");
        client.close(path);
        client.open(path, NOTE);
        assert_eq!(client.settled(path), Vec::<Value>::new());
    }
}

#[test]
fn a_problem_of_another_file_comes_and_goes_too() {
    let folder = folder();
    let mut client = Client::begin(folder.path(), "utf-16");
    let path = "annotations/a/n.md";
    client.open(path, NOTE);
    client.settled(path);
    let before = client.all();
    // The note names a topic that its file, not yet saved, does not make any more.
    client.open(
        "annotations/topics/work.toml",
        "title = \"Work\"\n[[passage]]\ntext = \"a\"\nquote = \"no such words\"\n",
    );
    let problems = client.settled("annotations/topics/work.toml");
    assert_eq!(problems[0]["code"], "quote-not-found");
    client.close("annotations/topics/work.toml");
    client.open("annotations/topics/work.toml", "title = \"Work\"\n");
    client.settled("annotations/topics/work.toml");
    let after = client.all();
    assert!(!after.iter().any(|line| line.contains("quote-not-found")), "{before:?} {after:?}");
}

#[test]
fn a_byte_order_mark_moves_nothing_but_the_first_line() {
    let folder = folder();
    let path = "annotations/topics/work.toml";
    write(folder.path(), path, "\u{feff}titel = \"Work\"\n");
    let mut client = Client::begin(folder.path(), "utf-16");
    for (text, column) in [("titel = \"Work\"\n", 0), ("\u{feff}titel = \"Work\"\n", 1)] {
        client.open(path, text);
        let problems = client.settled(path);
        let unknown = problems.iter().find(|problem| problem["code"] == "unknown-key").unwrap();
        assert_eq!(unknown["range"]["start"], json!({ "line": 0, "character": column }), "{text:?}");
        client.close(path);
    }
}
