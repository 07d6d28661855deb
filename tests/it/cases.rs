//! The folder cases: small archives, and what postil says of them. See `README.md`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use postil::compile::Options;
use postil_archive::diagnostic::Diagnostic;
use postil_archive::diagnostic::show::{Format, show};

use super::made::{CONFIG, Files, LOOK, Made, archive, make, short};
use super::{files, repository};

/// Files of a case that are not part of its archive.
const EXPECTED_PROBLEMS: &str = "expected.txt";
const EXPECTED_MESSAGES: &str = "shown.txt";
const EXPECTED_PAGES: &str = "expected/";

/// What a record lacks: said of nearly every case, so only compared where a case is about it.
const ABOUT_RECORDS: &str = "records";
const LACKING: [&str; 3] = ["record-incomplete", "layout-missing", "checksum-missing"];

/// Writes an archive that builds without an error.
pub(super) fn write_smallest_archive(folder: &Path) {
    std::fs::create_dir(folder.join("content")).unwrap();
    std::fs::write(folder.join("postil.toml"), CONFIG).unwrap();
    std::fs::write(folder.join("content/a.txt"), "One line.\n").unwrap();
}

/// The folders of all cases: `cases/<area>/<case>`.
fn cases() -> Vec<PathBuf> {
    let mut cases = Vec::new();
    for area in folders(&repository("tests/it/cases")) {
        cases.extend(folders(&area));
    }
    cases
}

/// The archives of all cases, without what is expected of them.
pub(super) fn archives() -> Vec<(String, Files)> {
    let of = |case: &PathBuf| {
        let input = files(case).into_iter().filter(|(path, _)| !is_expected(path));
        (case.strip_prefix(repository("tests/it")).unwrap().display().to_string(), archive(input))
    };
    cases().iter().map(of).collect()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

/// The text wrapped by a page, as its bytes: from `<article data-text` to its end.
fn article(page: &str) -> Option<&str> {
    let (_, from) = page.split_at(page.find("<article data-text")?);
    let end = from.rfind("</article>")? + "</article>".len();
    Some(&from[..end])
}

/// What is to be compared with a file of the case's `expected/`: of a page its
/// article, so that a change of the frame changes no case; else the whole file.
fn comparable(path: &str, made: &Made) -> String {
    let Some(bytes) = made.files.get(path) else { return format!("(the site has no `{path}`)\n") };
    let text = String::from_utf8_lossy(bytes);
    match article(&text) {
        Some(article) => format!("{article}\n"),
        None => text.into_owned(),
    }
}

fn is_expected(path: &str) -> bool {
    path == EXPECTED_PROBLEMS || path == EXPECTED_MESSAGES || path.starts_with(EXPECTED_PAGES)
}

/// The problems of a case.
fn problems_of(case: &Path, made: &Made) -> Vec<Diagnostic> {
    let about_records = case.parent().is_some_and(|area| area.ends_with(ABOUT_RECORDS));
    let mut problems = made.problems.clone();
    problems.retain(|problem| about_records || !LACKING.contains(&problem.code.name()));
    problems
}

/// Compares one file, or writes it anew when asked to.
fn compare(file: &Path, expected: &str, found: &str, accept: bool, wrong: &mut String) {
    if expected == found {
        return;
    }
    if accept {
        std::fs::write(file, found).unwrap();
        return;
    }
    let shown = file.strip_prefix(repository("")).unwrap().display();
    write!(wrong, "\n=== {shown}\n--- expected\n{expected}--- found\n{found}").unwrap();
}

fn accepts() -> bool {
    std::env::var_os("POSTIL_ACCEPT").is_some_and(|value| value == "1")
}

#[test]
fn cases_give_what_is_expected() {
    let accept = accepts();
    let mut wrong = String::new();
    let cases = cases();
    assert!(!cases.is_empty(), "there are no cases");
    for case in cases {
        let (expected, input): (Vec<_>, Vec<_>) =
            files(&case).into_iter().partition(|(path, _)| is_expected(path));
        let made = make(archive(input), &Options::default());

        let found = problems_of(&case, &made);
        if !expected.iter().any(|(path, _)| path == EXPECTED_PROBLEMS) {
            compare(&case.join(EXPECTED_PROBLEMS), "", &short(&found), accept, &mut wrong);
        }
        for (path, text) in &expected {
            let found = match path.strip_prefix(EXPECTED_PAGES) {
                Some(page) => comparable(page, &made),
                None if path == EXPECTED_MESSAGES => show(&found, Format::Human, LOOK),
                None => short(&found),
            };
            compare(&case.join(path), &String::from_utf8_lossy(text), &found, accept, &mut wrong);
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\n\nTo accept what was found: POSTIL_ACCEPT=1 cargo test --test it cases"
    );
}

#[test]
fn the_article_is_cut_out() {
    let check = |page: &str, expected: Option<&str>| assert_eq!(article(page), expected);
    check("<p><article data-text=\"a\">x</article></p>", Some("<article data-text=\"a\">x</article>"));
    check("<p>x</p>", None);
    check("</article><article data-text=\"a\">", None);
}
