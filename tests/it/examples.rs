//! What contributors are shown is true: the examples of `contribute.html` are an
//! archive without a problem, and every kind of problem is explained on a page.

use postil::compile::Options;
use postil_archive::diagnostic::{Code, Severity};

use super::made::{Files, archive, make, short};
use super::{browser, files, repository};

/// The examples of the page: path and text. Their fences name language and path.
fn examples() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(repository("content/pages/contribute.md")).unwrap();
    let mut examples = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let (language, path) = info.split_once(' ').expect("an example says which file it is");
        assert!(matches!(language, "note" | "toml"), "{info}");
        let text: String =
            lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        examples.push((path.to_owned(), text));
    }
    examples
}

/// The raw texts of the archive with the examples as all their annotations.
fn archive_of_examples() -> Files {
    let texts = files(&repository("content")).into_iter().filter(|(path, _)| path.ends_with(".txt"));
    let texts = texts.map(|(path, bytes)| (format!("content/{path}"), bytes));
    let layouts = files(&repository("content")).into_iter().filter(|(path, _)| path.ends_with(".toml"));
    let layouts = layouts.map(|(path, _)| (format!("content/{path}"), b"layout = \"lines\"\n".to_vec()));
    let examples = examples().into_iter().map(|(path, text)| (path, text.into_bytes()));
    archive(texts.chain(layouts).chain(examples))
}

#[test]
fn the_examples_for_contributors_are_right() {
    let examples = examples();
    let kinds = [
        "apparatus.toml",
        "furniture.toml",
        "annotations/glossary/",
        "annotations/topics/",
        "annotations/links/",
        "annotations/contributors/",
        "content/",
        ".md",
    ];
    for kind in kinds {
        assert!(examples.iter().any(|(path, _)| path.contains(kind)), "no example of {kind}");
    }
    let made = make(archive_of_examples(), &Options::default());
    let wrong: Vec<_> =
        made.problems.into_iter().filter(|problem| problem.severity < Severity::Note).collect();
    let wrong: Vec<_> = wrong
        .into_iter()
        .filter(|p| !matches!(p.code.name(), "record-incomplete" | "checksum-missing"))
        .collect();
    assert_eq!(short(&wrong), "");
}

#[test]
fn every_kind_of_problem_is_explained_on_a_page() {
    let made = make(archive([("content/a.txt", "A cat.\n")]), &Options::default());
    let page = made.page("problems.html");
    let words = browser::tree(page).words;
    for code in Code::ALL {
        assert!(page.contains(&format!("id=\"{}\"", code.name())), "{}", code.name());
        let said = code.explanation().replace('`', "");
        assert!(words.contains(&said), "{}: {said}", code.name());
    }
}
