//! `postil diff` on revisions, archives and sites.

use std::path::Path;

use super::checking::{git, run, write};

const GLA: &str = "The remit of the GLA was narrow.\n\nNobody disputed it.\n";

fn note(words: &str, body: &str) -> String {
    format!("+++\nby = \"A B\"\n+++\n> {words}\n\n{body}\n")
}

fn write_archive(folder: &Path) {
    super::cases::write_smallest_archive(folder);
    write(folder, "content/b.txt", GLA);
    write(folder, "annotations/b/remit.md", &note("The remit", "So."));
    write(folder, "annotations/b/gone.md", &note("disputed", "So."));
    write(folder, "annotations/b/broken.md", &note("Nobody", "So."));
    write(folder, "annotations/topics/t.toml", "title = \"T\"\n[[passage]]\ntext = \"a\"\nquote = \"One\"\n");
}

#[track_caller]
fn check(folder: &Path, args: &[&str], expected: &[&str]) {
    let (code, answer, told) = run(folder, args);
    assert_eq!(code, 0, "{answer}{told}");
    for words in expected {
        assert!(answer.contains(words), "{args:?} does not say {words:?}:\n{answer}");
    }
}

#[test]
fn what_a_change_does() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    git(site, &["init", "-q", "-b", "main"]);
    git(site, &["add", "."]);
    git(site, &["commit", "-q", "-m", "one"]);
    check(site, &["diff", "main"], &["Nothing changes in texts, notes, terms, topics and links.\n"]);
    assert_eq!(run(site, &["build", "--output", "old", "-q"]).0, 0);

    write(site, "annotations/b/new.md", &note("**narrow**.", "See <b> and @all."));
    write(site, "annotations/b/remit.md", &note("remit of the **GLA**", "So."));
    std::fs::remove_file(site.join("annotations/b/gone.md")).unwrap();
    write(site, "annotations/b/broken.md", &note("No body", "So."));
    write(
        site,
        "annotations/glossary/gla.toml",
        "term = \"GLA\"\nkind = \"body\"\ndefinition = \"A body.\"\n",
    );
    write(site, "content/a.txt", "New.\n\nOne line.\n");
    let expected = [
        "| Notes | 1 | 1 | 0 | 1 | 1 |",
        "### To be mended\n\n- `annotations/b/broken.md:4:",
        "- **the raw text was changed**: `a` (SHA-256 ",
        "### Notes added\n\n#### Context, A B\n\n`annotations/b/new.md`\n\n`b#p1`\n\n\
            > The remit of the GLA was <strong>narrow</strong>.\n",
        "body: See \\<b\\> and &#64;all.\n",
        "### Notes changed\n\n#### Context, A B\n\n`annotations/b/remit.md`\n\nnow: `b#p1`\n\n\
            > The remit of the <strong>GLA</strong> was narrow.\n\nno longer: `b#p1`\n\n\
            > <strong>The remit</strong> of the GLA was narrow.\n",
        "### Notes broken\n\n#### Context, A B\n\n`annotations/b/broken.md`\n\n**The words it quotes stand nowhere.**\n",
        "### Notes removed\n\n#### Context, A B\n\n`annotations/b/gone.md`\n",
        "### Terms added\n\n#### GLA\n\n`annotations/glossary/gla.toml`\n\nkind: body\n\ndefinition: A body.\n\nuses: 1 in `b`\n",
        "### Topics moved\n\n#### T\n\n`annotations/topics/t.toml`\n\nmoved from `a#p1`: `a#p2`\n\n> <strong>One</strong> line.\n",
    ];
    check(site, &["diff", "main"], &expected);
    // A built site in place of the revision; a revision in place of the folder.
    check(site, &["diff", "old"], &expected);
    git(site, &["add", "."]);
    git(site, &["commit", "-q", "-m", "two"]);
    check(site, &["diff", "main~1", "main"], &expected);
    let (_, same, _) = run(site, &["diff", ".", "main"]);
    assert!(same.contains("### To be mended") && !same.contains("### Notes"), "{same}");
    // The archive in a folder of the repository.
    std::fs::create_dir(site.join("inner")).unwrap();
    write_archive(&site.join("inner"));
    git(site, &["add", "."]);
    git(site, &["commit", "-q", "-m", "three"]);
    write(site, "inner/annotations/b/remit.md", &note("The remit", "Otherwise."));
    check(site, &["diff", "main", "--site", "inner"], &["body: So. → Otherwise.\n"]);
}

#[test]
fn what_cannot_be_compared() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    let fails = |args: &[&str], words: &str| {
        let (code, _, told) = run(site, args);
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(words), "{told}");
    };
    fails(&["diff", "content"], "is neither an archive nor a site that postil made");
    fails(&["diff", "main"], "not a git repository");
    git(site, &["init", "-q", "-b", "main"]);
    git(site, &["add", "."]);
    git(site, &["commit", "-q", "-m", "one"]);
    fails(&["diff", "nowhere"], "git knows no revision `nowhere`");
    fails(&["diff", "--", "--output=x"], "git knows no revision");
    write(site, "out/data/places.json", "{\"shape\": 99, \"texts\": [], \"entries\": []}");
    fails(&["diff", "out"], "it has shape 99");
    write(site, "themes/default/base.html", "{% if %}");
    fails(&["diff", "main"], "the archive as it lies here cannot be compiled: 1 error");
}

/// What the branch `main` has gained since another left it is not that one's doing.
#[test]
fn a_branch_that_is_behind() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    let commit = |message: &str| {
        git(site, &["add", "."]);
        git(site, &["commit", "-q", "-m", message]);
    };
    git(site, &["init", "-q", "-b", "main"]);
    commit("start");
    git(site, &["branch", "mine"]);
    // Others add, remove, rename and change.
    write(site, "annotations/b/theirs.md", &note("narrow", "Theirs."));
    write(
        site,
        "annotations/topics/theirs.toml",
        "title = \"Theirs\"\n[[passage]]\ntext = \"b\"\nquote = \"Nobody\"\n",
    );
    write(
        site,
        "annotations/glossary/remit.toml",
        "term = \"remit\"\nkind = \"concept\"\ndefinition = \"Theirs.\"\n",
    );
    write(site, "content/theirs.txt", "Theirs.\n");
    std::fs::rename(site.join("annotations/b/remit.md"), site.join("annotations/b/scope.md")).unwrap();
    commit("theirs");
    git(site, &["checkout", "-q", "mine"]);
    write(site, "annotations/b/mine.md", &note("disputed it", "Mine."));
    std::fs::remove_file(site.join("annotations/b/gone.md")).unwrap();
    commit("mine");

    let mine = |args: &[&str]| {
        let (code, answer, told) = run(site, args);
        assert_eq!(code, 0, "{told}");
        assert!(answer.contains("| Notes | 1 | 0 | 0 | 0 | 1 |"), "{args:?}: {answer}");
        assert!(!answer.to_lowercase().contains("theirs") && !answer.contains("remit"), "{args:?}: {answer}");
        assert!(answer.contains("where it left `main`"), "{args:?}: {answer}");
        answer
    };
    let told = mine(&["diff", "main"]);
    for args in [
        &["diff", "main...HEAD"][..],
        &["diff", "main...mine"],
        &["diff", "main..."],
        &["diff", "main", "mine"],
        &["diff", "main", "."],
    ] {
        assert_eq!(mine(args), told, "{args:?}");
    }
    // Not committed yet; and after main went on.
    write(site, "annotations/b/late.md", &note("was **narrow**", "Late."));
    check(site, &["diff", "main"], &["| Notes | 2 | 0 | 0 | 0 | 1 |"]);
    std::fs::remove_file(site.join("annotations/b/late.md")).unwrap();
    git(site, &["checkout", "-q", "main"]);
    write(site, "annotations/b/later.md", &note("The remit of the", "Theirs."));
    commit("theirs too");
    git(site, &["checkout", "-q", "mine"]);
    assert_eq!(mine(&["diff", "main"]), told);
    // The two as they are, and a revision that this one goes on from.
    for args in [&["diff", "main..mine"][..], &["diff", "--direct", "main"]] {
        check(site, args, &["theirs.md", "### Texts"]);
        assert!(!run(site, args).1.contains("where it left"));
    }
    assert!(!run(site, &["diff", "main~3", "main"]).1.contains("where it left"));
    let (code, _, told) = run(site, &["diff", "main...nowhere"]);
    assert!(code == 2 && told.contains("git knows no revision `nowhere`"), "{told}");

    // A clone of the last commit alone does not know where the two parted.
    let shallow = folder.path().join("shallow");
    let from = format!("file://{}", site.display());
    git(
        site,
        &[
            "clone",
            "-q",
            "--depth",
            "1",
            "--no-single-branch",
            "--branch",
            "mine",
            &from,
            shallow.to_str().unwrap(),
        ],
    );
    let (code, _, told) = run(&shallow, &["diff", "origin/main"]);
    assert!(code == 2 && told.contains("fetch-depth: 0") && told.contains("--direct"), "{told}");
    assert_eq!(run(&shallow, &["diff", "--direct", "origin/main"]).0, 0);
}

/// What means nothing is told of a change that brings it, once.
#[test]
fn what_is_left_out_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write_archive(site);
    write(site, "annotations/b/old.csv", "x");
    git(site, &["init", "-q", "-b", "main"]);
    git(site, &["add", "."]);
    git(site, &["commit", "-q", "-m", "one"]);
    write(site, "annotations/b/new.csv", "x");
    check(
        site,
        &["diff", "main"],
        &["### Left out\n\n- `annotations/b/new.csv:1:1`: this file has no meaning here"],
    );
    assert!(!run(site, &["diff", "main"]).1.contains("old.csv"));
}
