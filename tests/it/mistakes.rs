//! What people get wrong, and the exact words that they are told: `mistakes.txt`.
//!
//! The table holds files that are added to one small archive, and all problems of
//! each with their advice and what `postil fix` would do.

use std::fmt::Write as _;

use postil::compile::Options;
use postil_archive::diagnostic::{Diagnostic, Severity, fix};

use super::made::{Files, archive, make};
use super::repository;

/// The archive that the mistakes are made in.
const ARCHIVE: [(&str, &str); 9] = [
    ("postil.toml", "title = \"A case\"\n"),
    (
        "content/a.txt",
        "There was no consensus in the Forum on whether the GLA’s remit should be extended to other sectors.\nThe ACDS has developed and published the guidance for all police forces.\nIt will review the costs—and the forms—and report to the House. The Forum met in March.\nPrinted by the Stationer\nWe note the Committee's conclusion.\nWe note the Committee's conclusion. The House rose.\n",
    ),
    (
        "content/a.toml",
        "title = \"A\"\ndate = 2009-08-01\nkind = \"reply\"\nsource = { name = \"S\" }\nrights = \"R\"\nlayout = \"lines\"\nsha256 = \"SUM-A\"\n",
    ),
    ("content/b.txt", "Another text speaks of the salvation of the poor and of the Minister’s answer.\n"),
    (
        "content/b.toml",
        "title = \"B\"\ndate = 2010-08-01\nkind = \"reply\"\nsource = { name = \"S\" }\nrights = \"R\"\nlayout = \"lines\"\nsha256 = \"SUM-B\"\n",
    ),
    (
        "annotations/a/apparatus.toml",
        "furniture = [\n  { quote = \"Printed by the Stationer\", reason = \"imprint\" },\n]\ncorrection = [\n  { quote = \"ACDS\", reading = \"ADCS\", reason = \"misprint\" },\n]\n",
    ),
    ("annotations/glossary/gla.toml", "term = \"GLA\"\nkind = \"body\"\ndefinition = \"A body.\"\n"),
    ("annotations/topics/work.toml", "title = \"Work\"\n"),
    ("annotations/contributors/editors.toml", "name = \"The editors\"\n"),
];

/// The archive with one file more, or instead of one of its own.
fn with(path: &str, text: &str) -> Files {
    let mut files = archive(ARCHIVE);
    for (record, raw, sum) in
        [("content/a.toml", "content/a.txt", "SUM-A"), ("content/b.toml", "content/b.txt", "SUM-B")]
    {
        let sum_of = postil_anchor::document::checksum(&files[raw]);
        let record = files.get_mut(record).unwrap();
        *record = String::from_utf8(record.clone()).unwrap().replace(sum, &sum_of).into_bytes();
    }
    files.insert(path.to_owned(), text.as_bytes().to_vec());
    files
}

/// A mistake: its name, the file, what is said.
struct Mistake {
    name: String,
    path: String,
    text: String,
    said: String,
}

fn table() -> Vec<Mistake> {
    let table = std::fs::read_to_string(repository("tests/it/mistakes.txt")).unwrap();
    let entries = table.split("#### ").skip(1);
    entries
        .map(|entry| {
            let (name, rest) = entry.split_once('\n').unwrap();
            let (path, rest) = rest.split_once('\n').unwrap();
            let (text, said) =
                rest.split_once("---- says\n").unwrap_or_else(|| panic!("{name}: nothing is said"));
            Mistake { name: name.into(), path: path.into(), text: text.into(), said: said.into() }
        })
        .collect()
}

/// The archives of all mistakes.
pub(super) fn archives() -> Vec<(String, Files)> {
    table().iter().map(|mistake| (mistake.name.clone(), with(&mistake.path, &mistake.text))).collect()
}

/// Everything that is said of a file, with advice and what would be written.
fn said(problems: &[Diagnostic]) -> String {
    let mut text = String::new();
    for problem in problems {
        text.push_str(&super::made::short(std::slice::from_ref(problem)));
        for (place, label) in &problem.related {
            writeln!(text, "  {}:{}:{}: {label}", place.path, place.line, place.column).unwrap();
        }
        for help in &problem.help {
            writeln!(text, "  help: {help}").unwrap();
        }
        for fix in &problem.fixes {
            let what = if fix.keeps_meaning { "fix" } else { "proposal" };
            writeln!(text, "  {what}: {}", fix.title).unwrap();
            for edit in &fix.edits {
                writeln!(text, "    {:?} for {:?}", edit.new, edit.old).unwrap();
            }
        }
    }
    text + "\n"
}

#[test]
fn every_mistake_is_told_in_these_words() {
    let mistakes = table();
    assert!(mistakes.len() >= 60, "{}", mistakes.len());
    let (mut wrong, mut accepted) = (String::new(), String::new());
    for mistake in &mistakes {
        let Mistake { name, path, text, said: expected } = mistake;
        let mut problems = make(with(path, text), &Options::default()).problems;
        problems.retain(|problem| problem.severity != Severity::Note);
        assert!(!problems.is_empty(), "{name}: nothing is wrong");
        for problem in &problems {
            let place = &problem.place;
            assert!(!place.path.is_empty() && place.line > 0 && place.column > 0, "{name}: {problem:?}");
            if problem.help.is_empty() {
                writeln!(wrong, "{name}: no advice: {}", problem.message).unwrap();
            }
            for edit in problem.fixes.iter().flat_map(|fix| &fix.edits).filter(|edit| **edit.path() == **path)
            {
                assert!(fix::apply(text, &[edit]).is_some(), "{name}: {edit:?}");
            }
        }
        let found = said(&problems);
        write!(accepted, "#### {name}\n{path}\n{text}---- says\n{found}").unwrap();
        if found.trim_end() != expected.trim_end() {
            write!(wrong, "\n=== {name}\n--- expected\n{expected}--- found\n{found}").unwrap();
        }
    }
    if std::env::var_os("POSTIL_ACCEPT").is_some_and(|value| value == "1") {
        std::fs::write(repository("tests/it/mistakes.txt"), accepted).unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}");
}
