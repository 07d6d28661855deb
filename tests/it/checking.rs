//! `postil check` as contributors and workflows use it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::command::postil;

/// An archive with one warning: a topic that nothing belongs to.
fn write_archive(folder: &Path) {
    super::cases::write_smallest_archive(folder);
    std::fs::write(folder.join("content/a.toml"), RECORD).unwrap();
    write(folder, "annotations/topics/t.toml", "title = \"T\"\n");
}

/// A record that leaves nothing to be told.
const RECORD: &str = "title = \"A\"\ndate = 2026-11-22\nkind = \"letter\"\nsource = { name = \"B\" }\n\
    rights = \"none\"\nlayout = \"lines\"\n\
    sha256 = \"b43a53f4b1f532bca5796d5a949423c2d849a7282513a9bd5f4ad40180c36c07\"\n";

pub(super) fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Exit code, answer, messages.
pub(super) fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = postil(folder, args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

pub(super) fn git(folder: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "user.name=A B", "-c", "user.email=a@example.org"]).args(args);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let Output { status, stderr, .. } = git.output().unwrap();
    assert!(status.success(), "{args:?}: {}", String::from_utf8_lossy(&stderr));
}

#[test]
fn warnings_may_count_as_errors() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let (code, answer, told) = run(folder.path(), &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}{told}");
    assert!(answer.contains("topics/t.toml:1:1: warning[topic-unused]"), "{answer}");
    let (code, answer, _) = run(folder.path(), &["check", "--format", "short", "--deny", "warnings", "-q"]);
    assert_eq!(code, 1);
    assert!(answer.contains("topics/t.toml:1:1: error[topic-unused]"), "{answer}");
}

#[test]
fn a_folded_note_is_asked_for_a_title() {
    let folder = tempfile::tempdir().unwrap();
    let long = "What came of it is told at some length, so that two such notes do not fit beside one line. "
        .repeat(6);
    let note =
        |title: &str, words: &str| format!("+++\nby = \"Ann Example\"\n{title}+++\n> {words}\n\n{long}\n");
    for (path, text) in [
        ("postil.toml", "title = \"A case\"\n"),
        ("content/a.txt", "The mate saw a spar and a signal at dusk.\n\nNothing else was seen.\n"),
        ("annotations/a/spar.md", &note("", "a spar")),
        ("annotations/a/signal.md", &note("title = \"Seen at dusk\"\n", "a signal")),
    ] {
        write(folder.path(), path, text);
    }
    let (code, answer, told) = run(folder.path(), &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}{told}");
    let asked: Vec<&str> = answer.lines().filter(|line| line.contains("note-untitled")).collect();
    let [one] = asked[..] else { panic!("{answer}") };
    assert!(one.starts_with("annotations/a/spar.md:1:1: note[note-untitled]"), "{one}");
    let (_, _, told) = run(folder.path(), &["build"]);
    assert!(!told.contains("note-untitled"), "{told}");
}

#[test]
fn a_build_does_not_look_at_the_archive_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let (_, _, told) = run(folder.path(), &["build"]);
    assert!(!told.contains("topic-unused"), "{told}");
}

#[test]
fn paths_in_a_workflow_count_from_the_root_of_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(&{
        let site = folder.path().join("my archive");
        std::fs::create_dir(&site).unwrap();
        site
    });
    let args = |format| ["check", "--site", "my archive", "--format", format];
    let (_, answer, _) = run(folder.path(), &args("github"));
    assert!(answer.contains("::warning file=my archive/annotations/topics/t.toml,line=1,"), "{answer}");
    let (_, answer, _) = run(folder.path(), &args("sarif"));
    let log: Value = serde_json::from_str(&answer).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let uri = |result: &Value| {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned()
    };
    assert!(!results.is_empty());
    assert!(results.iter().all(|result| uri(result).starts_with("my%20archive/")), "{answer}");
    let (_, answer, _) = run(folder.path(), &args("short"));
    assert!(answer.starts_with("annotations/topics/t.toml:1:1"), "{answer}");
}

#[test]
fn the_day_is_an_argument() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let note = "+++\nby = \"A B\"\nreview_by = 2026-11-21\n+++\n> One line\n\nSo.\n";
    write(folder.path(), "annotations/a/n.md", note);
    let due = |day| {
        let (_, answer, _) = run(folder.path(), &["check", "--format", "short", "--today", day]);
        answer.contains("annotations/a/n.md:3:13: warning[review-due]")
    };
    assert!(due("2026-11-22"));
    assert!(!due("2026-11-21"));
}

#[test]
fn a_change_of_annotations_only() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    git(site, &["init", "-q", "-b", "main"]);
    git(site, &["add", "."]);
    git(site, &["commit", "-q", "-m", "one"]);
    git(site, &["checkout", "-q", "-b", "mine"]);
    let outside = || {
        let args = ["check", "--only-annotations", "--against", "main", "--format", "short"];
        let (code, answer, told) = run(site, &args);
        assert!(code < 2, "{told}");
        let lines = answer.lines().filter(|line| line.contains("[change-outside]"));
        (code, lines.map(|line| line.split(":1:1: ").next().unwrap().to_owned()).collect::<Vec<_>>())
    };
    write(site, "annotations/topics/u.toml", "title = \"U\"\n");
    assert_eq!(outside(), (0, vec![]));

    // What the other side has done meanwhile is not of this change.
    git(site, &["checkout", "-q", "main"]);
    write(site, "postil.toml", "title = \"Another\"\n");
    git(site, &["commit", "-q", "-a", "-m", "two"]);
    git(site, &["checkout", "-q", "mine"]);
    assert_eq!(outside(), (0, vec![]));

    // New, changed and moved files count, committed or not.
    write(site, "content/é b.txt", "New.\n");
    assert_eq!(outside(), (1, vec!["content/é b.txt".to_owned()]));
    std::fs::remove_file(site.join("content/é b.txt")).unwrap();
    git(site, &["mv", "content/a.toml", "annotations/a.toml"]);
    git(site, &["commit", "-q", "-a", "-m", "three"]);
    write(site, "content/a.txt", "Forged.\n");
    assert_eq!(outside(), (1, vec!["content/a.toml".to_owned(), "content/a.txt".to_owned()]));
}

#[test]
fn revisions_that_git_does_not_know() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    let against = |revision: &str| {
        let (code, _, told) = run(site, &["check", "--only-annotations", &format!("--against={revision}")]);
        assert_eq!(code, 2, "{told}");
        told
    };
    assert!(against("main").contains("not a git repository"), "{}", against("main"));
    git(site, &["init", "-q", "-b", "main"]);
    git(site, &["add", "."]);
    git(site, &["commit", "-q", "-m", "one"]);
    for revision in ["nowhere", "--output=content/a.txt", ""] {
        assert!(against(revision).contains("git knows no revision"), "{revision}");
    }
    assert_eq!(std::fs::read_to_string(site.join("content/a.txt")).unwrap(), "One line.\n");
}

#[test]
fn an_account_of_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path());
    let (code, answer, told) = run(folder.path(), &["audit"]);
    assert_eq!((code, told.as_str()), (0, ""));
    let table = "a       2 words    0 notes on   0 %    0 topics on   0 %  longest without either: p1";
    assert!(answer.contains("Acronyms that no term explains\n  none\n"), "{answer}");
    assert!(answer.contains(table), "{answer}");
    let (_, answer, _) = run(folder.path(), &["audit", "--format", "json"]);
    let audit: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(audit["texts"][0]["longest_bare"], serde_json::json!([1, 1]));

    // The words of a page of print: which hyphens are of the print, nobody can tell but by the other words.
    write(
        folder.path(),
        "content/b.txt",
        "The com-\nmittee sat in a well-\nknown re-\nlit hall; the committee re-\nlit it, well-known.\n",
    );
    write(folder.path(), "annotations/b/apparatus.toml", "hyphens = \"join\"\n");
    let (_, answer, _) = run(folder.path(), &["audit"]);
    let joined = "stand whole nowhere\n  relit (2), or re-lit  content/b.txt:3\n  wellknown (1), or well-known, which stands elsewhere  content/b.txt:2\n";
    assert!(answer.contains(joined), "{answer}");

    write(folder.path(), "annotations/topics/t.toml", "titel = \"T\"\n");
    let (code, answer, told) = run(folder.path(), &["audit"]);
    assert_eq!(code, 1);
    assert!(answer.contains("Texts\n") && told.contains("`postil check` names it"), "{answer}{told}");
}

/// Line ends that git changed are told as what they are; what the message says brings the text back.
#[test]
fn line_ends_that_git_changed() {
    let folder = tempfile::tempdir().unwrap();
    let hers = folder.path().join("hers");
    std::fs::create_dir(&hers).unwrap();
    let (text, crlf) = ("One.\n\nTwo.\n", "One.\r\n\r\nTwo.\r\n");
    let sum = postil_anchor::document::checksum(text.as_bytes());
    write(&hers, "postil.toml", "title = \"T\"\n");
    write(&hers, "content/a.txt", text);
    write(
        &hers,
        "content/a.toml",
        &format!("title = \"A\"\nlayout = \"wrapped\"\nsha256 = \"{sum}\"\nblocks = 2\n"),
    );
    write(&hers, "annotations/a/n.md", "+++\nby = \"A B\"\n+++\n> Two\n\nSo.\n");
    git(&hers, &["init", "-q", "-b", "main"]);
    git(&hers, &["add", "."]);
    git(&hers, &["commit", "-q", "-m", "one"]);
    let his = folder.path().join("his");
    git(
        &hers,
        &["-c", "core.autocrlf=true", "clone", "-q", "-c", "core.autocrlf=true", ".", his.to_str().unwrap()],
    );
    assert_eq!(std::fs::read_to_string(his.join("content/a.txt")).unwrap(), crlf, "git changes line ends");

    let (code, answer, _) = run(&his, &["check"]);
    assert!(
        code == 1 && answer.contains("error[line-ends-changed]: only the line ends of `content/a.txt`"),
        "{answer}"
    );
    assert!(answer.contains("`/content/** -text`") && !answer.contains("postil adopt"), "{answer}");
    // It is the only error, and no note is said to be broken.
    assert_eq!(answer.matches("error[").count(), 1, "{answer}");
    let (_, changes, _) = run(&his, &["diff", "HEAD"]);
    assert!(!changes.contains("broken") && !changes.contains("raw text was changed"), "{changes}");
    let record = std::fs::read_to_string(his.join("content/a.toml")).unwrap();
    for args in [&["adopt", "a"][..], &["adopt", "a", "--layout", "lines"]] {
        let (code, _, told) = run(&his, args);
        assert!(
            code == 2
                && told.contains("only the line ends of `content/a.txt` have changed: nothing was written"),
            "{told}"
        );
    }
    assert_eq!(std::fs::read_to_string(his.join("content/a.toml")).unwrap(), record);
    // As the message says.
    write(&his, ".gitattributes", "/content/** -text\n");
    let commands: Vec<&str> = answer.split('`').filter(|words| words.starts_with("git ")).collect();
    assert_eq!(commands, ["git rm --cached content/a.txt", "git checkout HEAD -- content/a.txt"]);
    for command in commands {
        git(&his, &command.split(' ').skip(1).collect::<Vec<_>>());
    }
    assert_eq!(std::fs::read_to_string(his.join("content/a.txt")).unwrap(), text);
    assert_eq!(run(&his, &["check"]).0, 0);

    // A change of words is adopted, but not with line ends that git would not keep.
    write(&his, "content/a.txt", "One!\r\n\r\nTwo.\r\n");
    std::fs::remove_file(his.join(".gitattributes")).unwrap();
    let (code, _, told) = run(&his, &["adopt", "a"]);
    assert!(code == 2 && told.contains("git keeps `content/a.txt` with other line ends"), "{told}");
    write(&his, ".gitattributes", "/content/** -text\n");
    let (code, _, told) = run(&his, &["adopt", "a"]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(run(&his, &["check"]).0, 0);
    // A text whose line ends were mixed is known by what it was.
    write(&his, "content/a.txt", "One!\n\r\nTwo.\r\n");
    let (code, _, told) = run(&his, &["adopt", "a"]);
    assert!(code == 2 && told.contains("only the line ends"), "{told}");
}

/// Neither a configuration nor a change can hide what is changed outside `annotations/`.
#[test]
fn a_submodule_is_outside() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other");
    let site = folder.path().join("site");
    for path in [&other, &site] {
        std::fs::create_dir(path).unwrap();
        git(path, &["init", "-q", "-b", "main"]);
    }
    write(&other, "x", "1");
    git(&other, &["add", "."]);
    git(&other, &["commit", "-q", "-m", "one"]);
    super::cases::write_smallest_archive(&site);
    git(
        &site,
        &[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            other.to_str().unwrap(),
            "themes/x",
        ],
    );
    git(&site, &["config", "-f", ".gitmodules", "submodule.themes/x.ignore", "all"]);
    git(&site, &["config", "diff.ignoreSubmodules", "all"]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "-q", "-m", "one"]);
    git(&site, &["checkout", "-q", "-b", "mine"]);
    let args = ["check", "--only-annotations", "--against", "main", "--format", "short"];
    assert!(!run(&site, &args).1.contains("change-outside"));
    write(&site.join("themes/x"), "x", "2");
    git(&site.join("themes/x"), &["commit", "-q", "-a", "-m", "two"]);
    assert!(run(&site, &args).1.contains("themes/x:1:1: error[change-outside]"));
    git(&site, &["add", "themes/x"]);
    git(&site, &["commit", "-q", "-m", "two"]);
    assert!(run(&site, &args).1.contains("themes/x:1:1: error[change-outside]"));
    // From a folder of the archive, whatever git is told to leave out there.
    git(&site, &["config", "diff.relative", "true"]);
    write(&site, "content/a.txt", "Two lines.\n");
    let (_, answer, _) = run(&site.join("content"), &args);
    assert!(
        answer.contains("content/a.txt:1:1: error[change-outside]") && answer.contains("themes/x"),
        "{answer}"
    );
}
