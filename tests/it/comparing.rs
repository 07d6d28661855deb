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
