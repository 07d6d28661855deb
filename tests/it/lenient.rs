//! A preview shows notes that have no place, and says what is wrong with them.

use postil::compile::Options;
use postil_archive::diagnostic::Severity;

use super::made::{Files, archive, make};

fn files() -> Files {
    let note = |quote: &str, body: &str| format!("+++\nby = \"Ann Example\"\n+++\n> {quote}\n\n{body}\n");
    archive([
        ("content/a.txt", "One two three. One two four.\n".to_owned()),
        ("annotations/a/found.md", note("three", "Stands beside its words.")),
        ("annotations/a/lost.md", note("five & <six>", "Stands in the box.")),
        ("annotations/a/twice.md", note("One two", "Stands there, too.")),
    ])
}

#[test]
fn notes_without_a_place_stand_in_a_box_and_are_counted() {
    let made = make(files(), &Options { lenient: true, ..Options::default() });
    assert!(made.problems.iter().all(|problem| problem.severity > Severity::Error), "{}", made.said());
    let said = made.said();
    assert!(said.contains("lost.md:4:1: warning[quote-not-found]"), "{said}");
    assert!(said.contains("twice.md:4:1: warning[quote-ambiguous]"), "{said}");
    assert_eq!((made.summary.notes, made.summary.unplaced), (3, 2));

    let page = made.page("texts/a.html");
    let (text, box_and_rest) = page.split_once("id=\"unplaced\"").expect("the box");
    assert!(text.contains("Stands beside its words.") && text.contains("data-note=\"found\""));
    for shown in ["n-lost", "n-twice", "Stands in the box.", "Stands there, too.", "five &amp; &lt;six&gt;"] {
        assert!(box_and_rest.contains(shown) && !text.contains(&format!("id=\"{shown}\"")), "{shown}");
    }
    assert_eq!(made.bugs(), "");
}

#[test]
fn without_it_they_are_errors() {
    let made = make(files(), &Options::default());
    let errors = made.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let codes: Vec<_> = errors.map(|problem| problem.code.name()).collect();
    assert_eq!(codes, ["quote-not-found", "quote-ambiguous"]);
}

#[test]
fn it_forgives_nothing_else() {
    let mut files = files();
    files.insert("annotations/a/odd.md".to_owned(), "+++\nbye = \"Ann\"\n+++\n> four\n\nx\n".into());
    files.insert(
        "annotations/topics/t.toml".to_owned(),
        "title = \"T\"\n[[passage]]\ntext = \"a\"\nquote = \"no\"\n".into(),
    );
    let made = make(files, &Options { lenient: true, ..Options::default() });
    let errors = made.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let codes: Vec<_> = errors.map(|problem| problem.code.name()).collect();
    assert_eq!(codes, ["missing-key", "unknown-key", "quote-not-found"], "{}", made.said());
}
