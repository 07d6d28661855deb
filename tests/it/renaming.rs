//! `postil rename`: another name everywhere, proved, shown as a patch; or nothing is written.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::checking::{run, write};
use super::files;

/// An archive in which everything is named in every way.
fn archive(folder: &Path) {
    let files = [
        ("postil.toml", "title = \"Names\"\n"),
        (
            "content/c/one.txt",
            "The GLA licensed the farm work.\r\nAda Byron said so in the House.\r\nIt rained all day.\r\n",
        ),
        (
            "content/c/one.toml",
            "title  = \"One\"\nlayout = \"lines\"\npeople = [{ name = \"ada\" }, { name = \"Somebody Else\" }]\n\n[source]\nname = \"S\"\n",
        ),
        ("content/c/two.txt", "The GLA came later. After that it rained.\n"),
        ("content/c/two.toml", "layout = \"lines\"\n"),
        ("content/c/one/more.txt", "More of it.\n"),
        (
            "content/pages/about.md",
            "+++\ntitle = \"About\"\n+++\nSee [[gla]], [[topic:work]], [[text:c/one#p2]], [the page](/topics/work.html) and [[note:c/one/farm]].\n",
        ),
        (
            "annotations/glossary/bodies/gla.toml",
            "term  = \"GLA\"\nkind  = \"body\"\nforms = [\n  \"Gangmasters Licensing Authority\",\n]\n\n[[sense]]\nid = \"gla\"\ndefinition = \"An \\\"authority\\\", not the [[gla]] of `[[gla]]`, on [[topic:work]].\"\n",
        ),
        (
            "annotations/glossary/after.toml",
            "term = \"After\"\nkind = \"body\"\nsee = [\"gla\", \"ada\"]\ntexts = [\"c/one\", \"x/**\"]\n[[sense]]\ndefinition = '''\nIt came after the [[gla|old one]] and [[ada]].'''\npredecessor = \"gla\"\n",
        ),
        (
            "annotations/glossary/ada.toml",
            "term = \"Ada Byron\"\nkind = \"person\"\ndefinition = \"Of [[text:c/one|it]].\"\nwas = \"ada-k\"\n",
        ),
        (
            "annotations/topics/work.toml",
            "title = \"Work\"\nscope = \"All [[topic:work|work]].\"\n[[passage]]\ntext = \"c/one\"\nquote = \"farm work\"\nwhy = \"See [it](texts/c/one.html#n-farm) and [[gla]].\"\n",
        ),
        ("annotations/topics/farms.toml", "title = \"Farms\"\nparent = \"work\"\nsee = [\"work\"]\n"),
        (
            "annotations/links/l.toml",
            "title = \"L\"\nrelation = \"follows\"\nby = \"editors\"\nnote = \"Of [[note:c/one/farm]].\"\n[[end]]\ntext = \"c/two\"\nquote = \"later\"\n[[end]]\ntext = \"c/one\"\nquote = \"rained\"\n",
        ),
        ("annotations/contributors/editors.toml", "name = \"The editors\"\n"),
        (
            "annotations/furniture.toml",
            "furniture = [\n  { quote = \"all day\", reason = \"r\", texts = [\"c/one\"] },\n]\n",
        ),
        (
            "annotations/c/one/apparatus.toml",
            "by = \"editors\"\nstructure = [\n  { at = \"p2\", kind = \"speech\", speaker = \"ada\" },\n]\ncorrection = [\n  { quote = \"so\", reading = \"it\", reason = \"r\", by = \"editors\" },\n]\nterm = [\n  { form = \"GLA\", is = \"gla/gla\" },\n  { quote = \"GLA\", is = \"gla\" },\n]\n",
        ),
        (
            "annotations/c/one/farm.md",
            "+++\nby = [\"editors\", \"Ann Example\"]\ntopics = [\"work\", \"farms\"]\n+++\n> licensed the farm work\n\nThe [[gla]] ([[term:gla]]), see [[text:c/one#p1]], [[note:c/one/farm]] and gla.\n",
        ),
        (
            "annotations/c/two/n.md",
            "+++\nby = \"editors\"\n+++\n> came later\n\nAs in [[note:c/one/farm|that note]], not `[[note:c/one/farm]]`.\n",
        ),
    ];
    for (path, text) in files {
        write(folder, path, text);
    }
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}");
}

type Tree = BTreeMap<String, Vec<u8>>;

fn tree(folder: &Path) -> Tree {
    files(folder).into_iter().filter(|(path, _)| !path.starts_with("public/")).collect()
}

/// What a patch makes of the files.
fn patched(before: &Tree, patch: &str) -> Tree {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in before {
        write(folder.path(), path, "");
        std::fs::write(folder.path().join(path), bytes).unwrap();
    }
    std::fs::write(folder.path().join("p.patch"), patch).unwrap();
    let git = Command::new("git").arg("-C").arg(folder.path()).args(["apply", "p.patch"]).output().unwrap();
    assert!(git.status.success(), "{}\n{patch}", String::from_utf8_lossy(&git.stderr));
    std::fs::remove_file(folder.path().join("p.patch")).unwrap();
    tree(folder.path())
}

/// Renames there and back; what it gave in between.
#[track_caller]
fn check(kind: &str, old: &str, new: &str, places: usize, old_page: Option<&str>) -> Tree {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    let before = tree(folder);
    let (code, patch, told) = run(folder, &["rename", kind, old, new, "--dry-run"]);
    assert_eq!(code, 0, "{told}");
    assert!(tree(folder) == before, "a dry run wrote something");
    let (code, again, told) = run(folder, &["rename", kind, old, new]);
    assert_eq!((code, &again), (0, &patch), "{told}");
    assert!(told.contains(&format!("so named in {places} place")), "{told}");
    let after = tree(folder);
    assert!(patched(&before, &patch) == after, "the patch is not what was written:\n{patch}");
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}");

    // No word of a raw text is another, and nothing names the old one but `was` and what is no link.
    let raw = |tree: &Tree| -> Vec<Vec<u8>> {
        tree.iter().filter(|(path, _)| path.ends_with(".txt")).map(|(_, bytes)| bytes.clone()).collect()
    };
    assert_eq!(raw(&before).len(), raw(&after).len());
    assert!(raw(&before).iter().all(|text| raw(&after).contains(text)));

    if let Some(page) = old_page {
        let (code, _, told) = run(folder, &["build"]);
        assert_eq!(code, 0, "{told}");
        assert!(folder.join("public").join(page).is_file(), "no page at the old address {page}");
    }
    let slug = |name: &str| name.rsplit('/').next().unwrap().to_owned();
    let (from, to) =
        if kind == "note" { (new.to_owned(), slug(old)) } else { (new.to_owned(), old.to_owned()) };
    let from = if kind == "note" { format!("c/one/{from}") } else { from };
    let (code, _, told) = run(folder, &["rename", kind, &from, &to]);
    assert_eq!(code, 0, "back: {told}");
    let mut back = tree(folder);
    // All is as it was, but that the name in between is remembered.
    for (path, bytes) in &mut back {
        let text = String::from_utf8(std::mem::take(bytes)).unwrap();
        let new = slug(new);
        let kept: Vec<&str> = text
            .split_inclusive('\n')
            .filter(|line| !(line.starts_with("was") && line.contains(&new) && !line.contains("ada-k")))
            .collect();
        *bytes = kept.concat().replace("was = [\"ada-k\", \"ada-byron\"]", "was = \"ada-k\"").into_bytes();
        assert!(before.contains_key(path), "{path}");
        assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&before[path]), "{path}");
    }
    assert_eq!(back.len(), before.len());
    after
}

fn text<'t>(tree: &'t Tree, path: &str) -> &'t str {
    std::str::from_utf8(tree.get(path).unwrap_or_else(|| panic!("no {path}: {:?}", tree.keys()))).unwrap()
}

#[test]
fn a_term_is_renamed_everywhere() {
    let after = check("term", "gla", "gla-2005", 10, Some("glossary/gla.html"));
    let term = text(&after, "annotations/glossary/bodies/gla-2005.toml");
    assert!(term.contains("\nwas   = [\"gla\"]\n\n[[sense]]\nid = \"gla\"\n"), "{term}");
    assert!(term.contains("An \\\"authority\\\", not the [[gla-2005]] of `[[gla]]`"), "{term}");
    assert!(text(&after, "annotations/c/one/apparatus.toml").contains("is = \"gla-2005/gla\""));
    assert!(text(&after, "annotations/c/one/farm.md").contains("The [[gla-2005]] ([[term:gla-2005]])"));
    assert!(text(&after, "annotations/c/one/farm.md").ends_with("and gla.\n"));
    let person = check("term", "ada", "ada-byron", 4, Some("glossary/ada.html"));
    assert!(text(&person, "content/c/one.toml").contains("people = [{ name = \"ada-byron\" }"));
    assert!(text(&person, "annotations/c/one/apparatus.toml").contains("speaker = \"ada-byron\""));
    assert!(text(&person, "annotations/glossary/ada-byron.toml").contains("was = [\"ada-k\", \"ada\"]"));
}

#[test]
fn a_topic_is_renamed_everywhere() {
    let after = check("topic", "work", "farm-work", 7, Some("topics/work.html"));
    assert!(
        text(&after, "annotations/topics/farms.toml")
            .contains("parent = \"farm-work\"\nsee = [\"farm-work\"]")
    );
    assert!(text(&after, "content/pages/about.md").contains("[the page](/topics/farm-work.html)"));
}

#[test]
fn a_text_is_renamed_with_what_is_annotated_in_it() {
    let after = check("text", "c/one", "d/e/first", 12, Some("texts/c/one.html"));
    assert!(
        after.contains_key("content/d/e/first.txt") && after.contains_key("annotations/d/e/first/farm.md")
    );
    assert!(after.contains_key("content/c/one/more.txt"), "a text of its own");
    assert!(text(&after, "content/d/e/first.toml").contains("\nwas    = [\"c/one\"]\n\n[source]"));
    assert!(text(&after, "annotations/furniture.toml").contains("texts = [\"d/e/first\"]"));
    assert!(
        text(&after, "annotations/c/two/n.md")
            .contains("[[note:d/e/first/farm|that note]], not `[[note:c/one/farm]]`")
    );
    // One without a record gets one, which says what it was called.
}

#[test]
fn a_text_without_a_record_gets_one_that_says_what_it_was_called() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    let before = tree(folder);
    let (code, patch, told) = run(folder, &["rename", "text", "content/c/one/more.txt", "c/more"]);
    assert_eq!(code, 0, "{told}");
    let after = tree(folder);
    assert!(patched(&before, &patch) == after, "{patch}");
    assert_eq!(text(&after, "content/c/more.toml"), "was = [\"c/one/more\"]\n");
    assert!(
        !folder.join("content/c/one").join("more.txt").exists() && folder.join("content/c/one.txt").exists()
    );
}

#[test]
fn a_note_and_a_contributor_are_renamed_everywhere() {
    let after = check("note", "farm", "farm-licences", 5, None);
    let note = text(&after, "annotations/c/one/farm-licences.md");
    assert!(note.contains("topics = [\"work\", \"farms\"]\nwas"), "{note}");
    assert!(note.contains("[[note:c/one/farm-licences]] and gla."), "{note}");
    assert!(text(&after, "annotations/topics/work.toml").contains("texts/c/one.html#n-farm-licences"));
    let after = check("contributor", "editors", "the-editors", 5, Some("contributors/editors.html"));
    assert!(text(&after, "annotations/contributors/the-editors.toml").ends_with("was  = [\"editors\"]\n"));
}

#[test]
fn what_cannot_be_is_refused_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    write(folder, "annotations/topics/old.toml", "title = \"O\"\nwas = \"elder\"\n");
    write(folder, "annotations/c/gone/n.md", "+++\nby = \"A B\"\n+++\n> x\n\nSo.\n");
    let before = tree(folder);
    let check = |args: [&str; 3], expected: &[&str]| {
        let args = [&["rename"][..], &args].concat();
        let (code, answer, told) = run(folder, &args);
        assert_eq!((code, answer.as_str()), (2, ""), "{args:?}: {told}");
        for expected in expected {
            assert!(told.contains(expected), "{args:?}: no {expected:?} in\n{told}");
        }
        assert!(tree(folder) == before, "{args:?} wrote something");
    };
    check(["term", "glaa", "x"], &["there is no term `glaa`: nothing was written", "did you mean `gla`?"]);
    check(["topic", "gla", "x"], &["there is no topic `gla`", "there are `farms`, `old`, `work`"]);
    check(["text", "one", "x"], &["there is no text `one`", "did you mean `c/one`?"]);
    check(["note", "c/two/farm", "x"], &["there is no note `c/two/farm`"]);
    check(["term", "gla", "after"], &["there is a term `after` already", "choose another name"]);
    check(["text", "c/one", "c/two"], &["there is a text `c/two` already: `content/c/two.txt`"]);
    check(["text", "c/one", "c/gone"], &["annotations/c/gone/n.md", "move it away first"]);
    check(["term", "gla", "gla"], &["is called `gla` already"]);
    check(["term", "gla", "GLA 2005"], &["a name that it can have is `gla-2005`"]);
    check(["note", "farm", "Farm_Licences"], &["a name that it can have is `farm-licences`"]);
    check(["note", "farm", "c/two/x"], &["stays with its text", "give the slug alone: `x`"]);
    check(["text", "c/one", "c/index"], &["`index"]);
    check(["text", "c/one", "topics/one"], &["another meaning"]);
    check(["text", "c/one", "../one"], &["holds more than"]);
    check(["term", "gla", "con"], &["Windows"]);
    check(["topic", "work", "elder"], &["was-taken", "would make new problems"]);
    // `texts = ["x/**"]` of a term holds the new name and did not hold the old one.
    check(["text", "c/two", "x/two"], &["would say something else, or stand elsewhere"]);
}

#[test]
fn a_file_that_cannot_be_read_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    write(folder, "annotations/c/two/broken.md", "+++\nby = A B\n+++\n> came later\n\nThe [[gla]].\n");
    let (code, _, told) = run(folder, &["rename", "term", "gla", "g"]);
    assert!(
        code == 2 && told.contains("`annotations/c/two/broken.md` cannot be read whole, and may name `gla`"),
        "{told}"
    );
    // Another name, and another mistake, is not in the way.
    let (code, _, told) = run(folder, &["rename", "topic", "work", "w"]);
    assert!(code == 1 && told.contains("is now `w`"), "{told}");
    write(
        folder,
        "annotations/c/two/broken.md",
        "+++\nby = \"A B\"\n+++\n> nowhere at all\n\nThe [[gla]].\n",
    );
    let (code, _, told) = run(folder, &["rename", "term", "gla", "g"]);
    assert_eq!(code, 1, "{told}");
    let note = std::fs::read_to_string(folder.join("annotations/c/two/broken.md")).unwrap();
    assert!(note.contains("The [[g]]."), "a note without a place names it, too: {note}");
}
