//! Files that are broken and half typed, at random, the same each time.

use std::path::Path;

use postil::compile::Options;
use serde_json::{Value, json};

use super::client::{Client, today};
use super::{TEXT, archive, on_disk};
use crate::made::{Files, make};
use crate::random::Random;
use crate::tier::often;

/// How many edits are made; with `POSTIL_TESTS=all` as many as are promised.
fn edits() -> usize {
    often(400, 100_000)
}

/// After so many edits, what was told is compared with what a check of the same files finds.
const COMPARED: usize = 50;

/// What is typed: what files are made of, and what breaks them.
const PIECES: [&str; 40] = [
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ",",
    ".",
    "#",
    "\n",
    "\r\n",
    "\r",
    "+++\n",
    "---\n",
    "> ",
    "**",
    "[…]",
    "\\",
    "\u{0}",
    "\u{feff}",
    "é",
    "😀",
    "e\u{301}",
    "\u{202e}",
    "topics = [",
    "by = \"ann\"\n",
    "[[passage]]\n",
    "quote = \"the Forum\"\n",
    "[[gla]]",
    "[[text:a#p1|x]]",
    "at = \"p1-p2\"\n",
    "nth = 0\n",
    "2009-02-30",
    "<<<<<<< a\n",
    "Forum",
    " ",
];

/// A file with an edit, and the edit as an editor tells it.
fn edit(text: &str, random: &mut Random) -> (String, Value) {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let place = |random: &mut Random| random.below(chars.len() + 1);
    let from = place(random);
    // Mostly some characters are typed or taken away; at times a long stretch goes.
    let longest = if random.once_in(20) { chars.len() } else { 6 };
    let to = if random.once_in(2) { from } else { (from + random.below(longest + 1)).min(chars.len()) };
    let new = match random.below(3) {
        0 if to > from => String::new(),
        _ => (0..random.between(1, 2)).map(|_| random.of(&PIECES)).collect(),
    };
    let byte = |at: usize| chars.get(at).map_or(text.len(), |(byte, _)| *byte);
    let (from, to) = (byte(from), byte(to));
    let changed = format!("{}{new}{}", &text[..from], &text[to..]);
    let range = json!({ "start": position(text, from), "end": position(text, to) });
    // A line end that an edit would part or join is told with all of the file, as clients do that count otherwise.
    let ends = |at: usize| text[..at].ends_with('\r') && text[at..].starts_with('\n');
    match ends(from) || ends(to) {
        true => (changed.clone(), json!([{ "text": changed }])),
        false => (changed, json!([{ "range": range, "text": new }])),
    }
}

fn position(text: &str, byte: usize) -> Value {
    let before = &text[..byte];
    let bytes = before.as_bytes();
    let ends = |i: &usize| bytes[*i] == b'\n' && (*i == 0 || bytes[*i - 1] != b'\r') || bytes[*i] == b'\r';
    let lines = (0..bytes.len()).filter(ends).count();
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    json!({ "line": lines, "character": before[start..].encode_utf16().count() })
}

#[test]
fn whatever_is_typed_is_answered_and_judged_as_a_check_would() {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path());
    let files = on_disk(folder.path());
    let all: Vec<&str> = files.keys().map(String::as_str).collect();
    let mut random = Random::new(20);
    let mut client = Client::begin(folder.path(), "utf-16");
    let mut shown: Files = files.clone();
    for path in &all {
        client.open(path, std::str::from_utf8(&files[*path]).unwrap());
    }
    for n in 1..=edits() {
        let path = random.of(&all);
        let text = String::from_utf8(shown[path].clone()).unwrap();
        let (text, changes) = match random.below(40) {
            // Now and then a file is as it was again, so that not all is broken for ever.
            0..8 => {
                let old = String::from_utf8(files[path].clone()).unwrap();
                (old.clone(), json!([{ "text": old }]))
            }
            _ => edit(&text, &mut random),
        };
        client.change(path, changes);
        let at = random.below(text.chars().count() + 1);
        let at = text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
        shown.insert(path.to_owned(), text.clone().into_bytes());
        let question = random.of(&[
            "textDocument/completion",
            "textDocument/hover",
            "textDocument/definition",
            "textDocument/references",
            "textDocument/prepareRename",
            "textDocument/documentSymbol",
            "textDocument/documentLink",
        ]);
        let params = json!({
            "textDocument": { "uri": client.uri(path) },
            "position": position(&text, at),
            "context": { "includeDeclaration": true },
        });
        // A refusal is an answer; a bug says that it is one.
        if let Err(why) = client.try_ask(question, params) {
            assert!(!why.contains("bug"), "edit {n}, {question} in {path}: {why}\n{text:?}");
        }
        if n % COMPARED == 0 {
            compare(&mut client, &all, &shown, folder.path(), n);
        }
    }
}

/// What the client was told of, and what a check of the same files finds.
fn compare(client: &mut Client, paths: &[&str], shown: &Files, folder: &Path, n: usize) {
    paths.iter().for_each(|path| _ = client.settled(path));
    let made = make(shown.clone(), &Options { review: Some(today()), ..Options::default() });
    let mut expected: Vec<String> = Vec::new();
    for problem in &made.problems {
        expected.push(format!("{}:{} {}", problem.place.path, problem.place.line - 1, problem.code.name()));
    }
    let mut found = Vec::new();
    for (path, (_, problems)) in &client.problems {
        found.extend(problems.iter().map(|problem| {
            format!("{path}:{} {}", problem["range"]["start"]["line"], problem["code"].as_str().unwrap())
        }));
    }
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "edit {n} in {}", folder.display());
    assert!(!made.problems.iter().any(|problem| problem.code.name() == "bug"), "{}", made.said());
}

#[test]
fn edits_are_told_where_they_are_made() {
    assert_eq!(position("a\r\nb😀c", 8), json!({ "line": 1, "character": 3 }));
    assert_eq!(position(TEXT, 0), json!({ "line": 0, "character": 0 }));
}
