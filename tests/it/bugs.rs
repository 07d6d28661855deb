//! A bug of postil: it is told with the name of what it was about, beside all that is wrong in the archive.

use std::panic::panic_any;

use postil::compile::{self, Options};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Code, Diagnostic, Severity};

use super::made::{archive, short};

/// What is wrong with a small archive whose making fails wherever a file with such an address is put.
fn problems(fails_at: &str) -> Vec<Diagnostic> {
    let note = "+++\nby = \"A B\"\n+++\n> no such words\n\nNo.\n";
    let files = archive([
        ("content/a.txt", "One.\n"),
        ("content/b.txt", "Two.\n"),
        ("content/c.txt", "Three.\n"),
        ("annotations/a/n.md", note),
        ("annotations/c/n.md", note),
        ("annotations/topics/t.toml", "title = \"T\"\nparent = \"none-such\"\n"),
    ]);
    let put = |address: &str, _: &[u8]| {
        if address.starts_with(fails_at) {
            panic_any(format!("{address} went wrong"));
        }
        Ok(())
    };
    compile::compile(
        &Archive::from_memory(files, postil::theme::default_theme()).value,
        &put,
        &Options::default(),
    )
    .unwrap()
    .problems
}

/// Lines of the errors.
fn errors(fails_at: &str) -> String {
    let errors = problems(fails_at).into_iter().filter(|problem| problem.severity == Severity::Error);
    short(&errors.collect::<Vec<_>>())
}

#[test]
fn a_bug_in_one_text_names_it_and_hides_no_other_problem() {
    let rest = errors("nowhere");
    for name in ["annotations/a/n.md", "annotations/c/n.md", "annotations/topics/t.toml"] {
        assert!(rest.contains(name), "{rest}");
    }
    for (fails_at, place) in [
        ("raw/b.txt", "content/b.txt"),
        ("texts/b.html", "content/b.txt"),
        ("texts/b.jsonld", "content/b.txt"),
        ("search/index.js", "postil.toml"),
        ("index.html", "postil.toml"),
        ("data/archive.json", "postil.toml"),
        ("robots.txt", "postil.toml"),
    ] {
        let said = errors(fails_at);
        let others: Vec<&str> = said.lines().filter(|line| !line.contains("error[bug]")).collect();
        assert_eq!(others, rest.lines().collect::<Vec<_>>(), "{fails_at}");
        let bug = said.lines().find(|line| line.contains("error[bug]")).unwrap();
        assert!(bug.starts_with(place) && bug.contains("went wrong"), "{fails_at}: {bug}");
        assert_eq!(said.matches("error[bug]").count(), 1, "{fails_at}: {said}");
    }
}

#[test]
fn it_is_said_what_to_do_about_a_bug() {
    let problems = problems("raw/b.txt");
    let bug = problems.iter().find(|problem| problem.code == Code::BUG).unwrap();
    assert!(bug.help.iter().any(|help| help.contains("please report it")), "{:?}", bug.help);
    assert!(bug.fixes.is_empty());
}
