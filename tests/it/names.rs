//! Names: those of the repository's own files, on every system, and those that people give.

use std::collections::BTreeMap;
use std::process::Command;

use postil::compile::Options;
use postil_archive::archive::name::{LONGEST_ID, LONGEST_SLUG};
use postil_archive::archive::path;
use postil_archive::diagnostic::{Diagnostic, Severity};

use super::checking::{git, run, write};
use super::made::{Made, archive, make};
use super::repository;

/// Longest path, in bytes: Windows has 260 letters for it, with the folder that holds the checkout.
const LONGEST_PATH: usize = 180;

/// No system refuses a path of the repository, or takes two for one. Files with such names are
/// written where a test needs them.
#[test]
fn the_repository_can_be_checked_out_anywhere() {
    if !repository(".git").exists() {
        // The source as a package has no list of its own.
        return;
    }
    let listed = Command::new("git").arg("-C").arg(repository("")).args(["ls-files", "-z"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).expect("a name that is not UTF-8");
    let paths: Vec<&str> = listed.split_terminator('\0').collect();
    assert!(paths.len() > 500, "{}", paths.len());
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for whole in paths {
        assert_eq!(path::fault(whole), None, "{whole}");
        assert!(whole.len() <= LONGEST_PATH, "{whole}");
        // Folders too: `a/x` and `A/y` are of one folder on some systems.
        let folders = whole.match_indices('/').map(|(end, _)| &whole[..end]);
        for part in folders.chain([whole]) {
            let other = folded.insert(path::fold(part), part);
            assert!(other.is_none_or(|other| other == part), "{part} and {other:?} are one on some systems");
        }
    }
}

fn errors(made: &Made) -> Vec<&Diagnostic> {
    made.problems.iter().filter(|problem| problem.severity == Severity::Error).collect()
}

/// Everything that can have a name, with the name given.
fn named(name: &str) -> Vec<(String, String)> {
    let file = |path: &str, text: &str| (path.replace("NAME", name), text.replace("NAME", name));
    vec![
        file("content/NAME.txt", "One line.\n"),
        file("content/NAME.toml", "title = \"A\"\nlayout = \"lines\"\nkind = \"letter\"\n"),
        file("content/NAME/NAME.md", "Another line.\n"),
        file("content/pages/NAME.md", "A page.\n"),
        file("annotations/NAME/NAME.md", "+++\nby = \"NAME\"\n+++\n> One line\n\nSo [[NAME]].\n"),
        file("annotations/glossary/NAME.toml", "term = \"One line\"\nkind = \"NAME\"\ndefinition = \"L.\"\n"),
        file(
            "annotations/topics/NAME.toml",
            "title = \"T\"\n[[passage]]\ntext = \"NAME\"\nquote = \"One\"\n",
        ),
        file("annotations/contributors/NAME.toml", "name = \"N\"\n"),
    ]
}

#[test]
fn the_longest_name_makes_a_site() {
    let name = "x".repeat(LONGEST_SLUG);
    let made = make(archive(named(&name)), &Options::default());
    assert_eq!(errors(&made), [] as [&Diagnostic; 0]);
    // On a disk, too: every file of the site has a name that it takes.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "postil.toml", "title = \"T\"\n");
    named(&name).iter().for_each(|(path, text)| write(folder.path(), path, text));
    let (code, _, told) = run(folder.path(), &["build"]);
    assert_eq!(code, 0, "{told}");
}

/// A longer one is a mistake in the file that has it, whatever it names.
#[test]
fn a_name_that_is_too_long_is_told_at_its_place() {
    for name in ["x".repeat(LONGEST_SLUG + 1), "é".repeat(LONGEST_SLUG), "x".repeat(3000)] {
        for (path, text) in named(&name) {
            let files = [("content/a.txt".to_owned(), "One line.\n".to_owned()), (path.clone(), text)];
            let made = make(archive(files), &Options::default());
            let errors = errors(&made);
            assert!(errors.iter().any(|problem| *problem.place.path == *path), "{path}: {errors:?}");
            assert!(errors.iter().all(|problem| problem.message.len() < 400), "{errors:?}");
        }
    }
    let was = [
        ("content/a.toml", "title = \"A\"\n"),
        ("annotations/a/n.md", "+++\nby = \"A B\"\nwas = WAS\n+++\n> One line\n\nSo.\n"),
        ("annotations/glossary/g.toml", "term = \"Gg\"\nkind = \"body\"\ndefinition = \"G.\"\n"),
        ("annotations/topics/t.toml", "title = \"T\"\n"),
    ];
    let deep = ["x"; LONGEST_ID / 2 + 1].join("/");
    for name in ["x".repeat(LONGEST_SLUG + 1), deep, "é".repeat(280), format!("a/{}", "x".repeat(280))] {
        for (path, text) in was {
            let text = match text.contains("WAS") {
                true => text.replace("WAS", &format!("[\"{name}\"]")),
                false => format!("{text}was = [\"{name}\"]\n"),
            };
            let files = [("content/a.txt", "One line.\n"), (path, &text)];
            let made = make(archive(files), &Options::default());
            let found = errors(&made);
            assert!(
                found.len() == 1 && *found[0].place.path == *path && found[0].code.name() == "was-taken",
                "{path}: {found:?}"
            );
            assert!(found[0].place.line > 1 || found[0].place.column > 1, "it stands at the key: {found:?}");
        }
    }
}

#[test]
fn names_that_windows_keeps_are_refused() {
    for name in ["con", "prn", "aux", "nul", "com1", "lpt9"] {
        let made = make(archive([(format!("content/{name}.txt"), "One.\n")]), &Options::default());
        let found = errors(&made);
        assert_eq!(found[0].code.name(), "reserved-name", "{name}");
        assert_eq!(found[0].help, [format!("rename it to `{name}-1.txt`")]);
    }
}

/// A note under a name that no note has is an error, which says the right one; with it the note is there.
#[test]
fn a_note_is_never_left_out_behind_a_green_check() {
    let note = "+++\nby = \"A B\"\n+++\n> One line\n\nSo.\n";
    let check = |path: &str, right: &str| {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path();
        super::cases::write_smallest_archive(site);
        git(site, &["init", "-q", "-b", "main"]);
        git(site, &["add", "."]);
        git(site, &["commit", "-q", "-m", "one"]);
        write(site, path, note);
        let (code, answer, _) = run(site, &["check"]);
        assert!(code == 1 && answer.contains(right), "{path}: {code} {answer}");
        let (_, changes, _) = run(site, &["diff", "main"]);
        let named = path.split('/').next().filter(|top| *top != "annotations").unwrap_or(path);
        assert!(changes.contains("### To be mended") && changes.contains(named), "{path}: {changes}");
        std::fs::create_dir_all(site.join("annotations/a")).unwrap();
        std::fs::rename(site.join(path), site.join("annotations/a/n.md")).unwrap();
        let (code, answer, told) = run(site, &["check"]);
        assert!(code == 0 && told.contains("1 note"), "{path}: {answer} {told}");
    };
    for name in ["n.MD", "n.md.txt", "n.txt", "n", "n.markdown", "N.md", "n.rtf", "n.Md", "n.mkd"] {
        check(&format!("annotations/a/{name}"), "rename it to `n.md`");
    }
    for name in ["n.md", "n.txt", "n"] {
        check(&format!("annotations/{name}"), "move it to `annotations/a/n.md`");
    }
    check("Annotations/a/n.md", "rename it to `annotations`");
    check("annotations/glossary/n.md", "a note lies in the folder of its text");
    // What editors and systems leave behind does no harm.
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    for name in
        ["n.md~", ".n.md.swp", "#n.md#", ".DS_Store", "Thumbs.db", "~$n.docx", "desktop.ini", "n.md.bak"]
    {
        write(folder.path(), &format!("annotations/a/{name}"), note);
    }
    let (code, answer, _) = run(folder.path(), &["check", "--format", "short"]);
    assert!(code == 0 && answer.contains("n.md.bak:1:1: warning[unexpected-file]"), "{answer}");
}

/// Texts of every ending that editors give, beside one good one.
#[test]
fn a_text_is_never_left_out_behind_a_green_check() {
    for (name, right) in [
        ("UPPER.TXT", "upper.txt"),
        ("plan.markdown", "plan.md"),
        ("plan.text", "plan.txt"),
        ("letter", "letter.txt"),
        ("OA1676.txt", "oa1676.txt"),
        ("acts/dock_dues/index.md", "content/acts/dock-dues.md"),
        ("λιμένας.txt", "limenas.txt"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        super::cases::write_smallest_archive(folder.path());
        write(folder.path(), &format!("content/{name}"), "Words.\n");
        let (code, answer, _) = run(folder.path(), &["check"]);
        assert!(code == 1 && answer.contains(&format!("rename it to `{right}`")), "{name}: {answer}");
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "postil.toml", "title = \"T\"\n");
    write(folder.path(), "content/two.docx", "PK");
    let (code, answer, _) = run(folder.path(), &["check"]);
    assert!(
        code == 1
            && answer.contains("error[no-text]")
            && answer.contains("save it as plain text, `content/two.txt`"),
        "{answer}"
    );
    // Hundreds of one kind are three and a number.
    for n in 0..475 {
        write(folder.path(), &format!("content/OA{n}.txt"), "Words.\n");
    }
    let (code, answer, _) = run(folder.path(), &["check"]);
    assert!(code == 1 && answer.contains("error[bad-name]: 472 more of this kind"), "{answer}");
    assert!(answer.lines().count() < 40, "{answer}");
    let (_, answer, _) = run(folder.path(), &["check", "--verbose"]);
    assert_eq!(answer.matches("error[bad-name]").count(), 475);
    let (_, answer, _) = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(answer.matches("\"bad-name\"").count(), 475);
}

/// README.md and the like explain folders on a forge; each is named once, and nothing else is said.
#[test]
fn files_of_a_forge_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let places = [
        "content",
        "content/letters",
        "content/pages",
        "annotations",
        "annotations/a",
        "annotations/glossary",
        "annotations/topics",
    ];
    let names = [
        "README.md",
        "LICENSE",
        "LICENSE.md",
        "LICENCE.txt",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Readme.md",
        "README.fr.md",
    ];
    for (place, name) in places.iter().flat_map(|place| names.map(|name| (place, name))) {
        write(folder.path(), &format!("{place}/{name}"), "# Of this folder\n\n<b>x</b>\n");
    }
    let (code, answer, told) = run(folder.path(), &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}{told}");
    assert_eq!(answer.matches("note[file-of-a-forge]").count(), places.len() * names.len(), "{answer}");
    assert!(told.contains("1 text, 0 notes"), "{told}");
}

#[test]
fn a_second_term_of_any_script_can_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write(site, "postil.toml", "title = \"T\"\nlanguage = \"el\"\n");
    write(site, "content/a.txt", "Ο λιμένας και το πλοίο. 港口和船。\n");
    let made = |args: &[&str]| {
        let (code, answer, told) = run(site, args);
        assert_eq!(code, 0, "{args:?}: {told}");
        answer.trim().to_owned()
    };
    assert!(made(&["new", "term", "λιμένας", "--kind", "concept"]).ends_with("glossary/limenas.toml"));
    assert!(made(&["new", "term", "πλοίο", "--kind", "concept"]).ends_with("glossary/ploio.toml"));
    assert!(made(&["new", "topic", "港口"]).ends_with("topics/gang-kou.toml"));
    assert!(made(&["note", "a", "λιμένας", "--by", "A B"]).ends_with("a/p1.md"));
    assert!(made(&["note", "a", "πλοίο", "--by", "A B"]).ends_with("a/p1-2.md"));
    let (code, _, told) = run(site, &["new", "term", "πλοίο", "--kind", "concept"]);
    assert!(code == 2 && told.contains("a `[[sense]]` there"), "{told}");
}
