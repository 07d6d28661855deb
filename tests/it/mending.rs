//! `postil fix` and `postil adopt` as commands: what they write, and that they write nothing else.

use std::path::Path;

use super::checking::{run, write};
use super::files;

const RECORD: &str =
    "title = \"A\"\ndate = 2026-11-22\nkind = \"letter\"\nsource = { name = \"B\" }\nrights = \"none\"\n";

fn read(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).unwrap()
}

/// A text, adopted, with notes that have mistakes.
fn archive(folder: &Path) {
    write(folder, "postil.toml", "title = \"A case\"\n");
    write(
        folder,
        "content/a.txt",
        "There was no consensus in the Forum.\nWe note it.\nIt rained all day long.\nWe note it.\n",
    );
    write(folder, "content/a.toml", RECORD);
    let (code, _, told) = run(folder, &["adopt", "a", "--layout", "lines"]);
    assert_eq!(code, 0, "{told}");
}

#[test]
fn what_is_proposed_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    let note =
        "\u{feff}+++\nby = \"A B\"\ncertanty = \"possible\"\n+++\n> There was no concensus in\n\nSo.\n";
    write(folder, "annotations/a/n.md", note);
    write(folder, "annotations/a/m.md", "+++\nby = \"A B\"\n+++\n> We note it.\n\nSo.\n");
    write(folder, "annotations/a/y.md", "---\nby: A B\n---\n> It raind all day long.\n\nSo.\n");
    let before = files(folder);

    let (code, patch, told) = run(folder, &["fix", "--dry-run"]);
    assert_eq!(code, 1, "a choice is left: {told}");
    assert!(patch.contains("-> There was no concensus in\n+> There was no consensus in\n"), "{patch}");
    assert!(patch.contains("--- a/annotations/a/n.md\n+++ b/annotations/a/n.md\n"), "{patch}");
    assert!(told.contains("m.md:4:1: quote-ambiguous: there are several ways"), "{told}");
    assert!(files(folder) == before, "a dry run wrote something");

    let (code, again, told) = run(folder, &["fix"]);
    assert_eq!((code, &again), (1, &patch), "{told}");
    let fixed = note.replace("certanty", "certainty").replace("concensus", "consensus");
    assert_eq!(read(folder, "annotations/a/n.md"), fixed, "with its byte order mark");
    // What came up only when the file could be read was mended too.
    assert_eq!(
        read(folder, "annotations/a/y.md"),
        "+++\nby = \"A B\"\n+++\n> It rained all day long.\n\nSo.\n"
    );
    let once = files(folder);
    let (code, patch, _) = run(folder, &["fix"]);
    assert_eq!((code, patch.as_str()), (1, ""));
    assert!(files(folder) == once, "a second time changed something");

    std::fs::remove_file(folder.join("annotations/a/m.md")).unwrap();
    let (code, _, told) = run(folder, &["fix"]);
    assert_eq!(code, 0, "{told}");
}

#[test]
fn a_new_edition_is_adopted_or_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    let old = read(folder, "content/a.txt");
    write(
        folder,
        "annotations/a/at.md",
        "+++\nby = \"A B\"\nat = \"p4\"\n+++\n> We note it.\n\nSee [[text:a#p3]].\n",
    );
    write(folder, "annotations/a/day.md", "+++\nby = \"A B\"\n+++\n> It rained all day long.\n\nSo.\n");
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}");

    let new = format!("A new line.\n{}", old.replace("all day long", "all night long"));
    write(folder, "content/a.txt", &new);
    let before = files(folder);
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert!(code == 1 && answer.contains("text-changed"), "{answer}");

    // Without the old text nobody can tell what a number meant.
    let (code, _, told) = run(folder, &["adopt", "a"]);
    assert!(code == 1 && told.contains("nothing was written") && told.contains("--old FILE"), "{told}");
    assert!(files(folder) == before, "something was written");

    write(folder, "old.txt", "Something else.\n");
    let (code, _, told) = run(folder, &["adopt", "a", "--old", "old.txt"]);
    assert!(code == 2 && told.contains("is not the text that the record describes"), "{told}");

    write(folder, "old.txt", &old);
    let before = files(folder);
    let (code, patch, told) = run(folder, &["adopt", "a", "--old", "old.txt", "--dry-run"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("permalink moves: #p1 to #p4 → #p2 to #p5"), "{told}");
    assert!(
        told.contains("changed  annotations/a/day.md:4") && patch.contains("+> It rained all night long."),
        "{told}{patch}"
    );
    assert!(files(folder) == before, "a dry run wrote something");

    let (code, ..) = run(folder, &["adopt", "a", "--old", "old.txt"]);
    assert_eq!(code, 0);
    assert_eq!(read(folder, "content/a.txt"), new, "a raw text is never written");
    let note = read(folder, "annotations/a/at.md");
    assert!(note.contains("at = \"p5\"") && note.contains("[[text:a#p4]]"), "{note}");
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}");
    let (code, patch, told) = run(folder, &["adopt", "a"]);
    assert!(code == 0 && patch.is_empty() && told.contains("nothing to write"), "{told}");

    // Another layout moves numbers although the bytes are the same.
    let record = read(folder, "content/a.toml");
    write(folder, "content/a.toml", &record.replace("\"lines\"", "\"wrapped\""));
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert!(code == 1 && answer.contains("text-changed"), "{answer}");

    // What is gone is said from then on by every check.
    write(folder, "content/a.toml", &record);
    let lines: Vec<&str> = new.lines().collect();
    write(folder, "old.txt", &new);
    write(folder, "content/a.txt", &lines[..4].join("\n"));
    let (code, _, told) = run(folder, &["adopt", "a", "--old", "old.txt"]);
    assert!(code == 1 && told.contains("lost     annotations/a/at.md:5  p5"), "{told}");
    assert!(told.contains("permalink is gone: #p5"), "{told}");
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert!(code == 1 && answer.contains("annotations/a/at.md:3:6: error[unknown-block]"), "{answer}");
}
