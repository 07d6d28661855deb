//! Feeds and the list of pages tell what is new in the archive, not when its documents were written.

use std::path::Path;
use std::process::Command;

use postil::compile::Options;

use super::checking::{git, run, write};
use super::made::{Made, archive, make};

const CONFIG: &str = "title = \"A case\"\nbase_url = \"https://a.example\"\n";

fn site(files: &[(&str, &str)]) -> Made {
    let mut all = vec![("postil.toml", CONFIG)];
    all.extend(files);
    make(archive(all), &Options::default())
}

/// The entries of a feed: address, published, updated; each without the site's address and the time of day.
fn entries(feed: &str) -> Vec<(String, String, String)> {
    let value = |entry: &str, name: &str| {
        let value = entry.split(&format!("<{name}>")).nth(1).and_then(|rest| rest.split('<').next()).unwrap();
        value.replace("https://a.example/", "").replace("T00:00:00Z", "")
    };
    let entries = feed.split("<entry>").skip(1);
    entries.map(|entry| (value(entry, "id"), value(entry, "published"), value(entry, "updated"))).collect()
}

#[track_caller]
fn check(feed: &str, expected: &[(&str, &str)]) {
    let found = entries(feed);
    let found: Vec<(&str, &str)> = found.iter().map(|(id, _, day)| (id.as_str(), day.as_str())).collect();
    assert_eq!(found, expected, "{feed}");
}

fn day_of<'m>(map: &'m str, page: &str) -> Option<&'m str> {
    let entry = map.split("<url>").find(|entry| entry.contains(&format!("/{page}</loc>"))).unwrap();
    entry.split("<lastmod>").nth(1).and_then(|rest| rest.split('<').next())
}

#[test]
fn an_old_text_that_came_today_is_new() {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut text = |id: &str, record: &str| {
        files.push((format!("content/{id}.txt"), format!("The words of {id}.\n")));
        files.push((format!("content/{id}.toml"), format!("title = \"{id}\"\nlayout = \"lines\"\n{record}")));
    };
    for year in 1900..1960 {
        text(&format!("y{year}"), &format!("date = {year}\n"));
    }
    text("just-come", "date = 1790\nsource = { name = \"A box\", retrieved = 2026-11-20 }\n");
    text("undated", "source = { name = \"A box\", retrieved = 2026-11-21 }\n");
    text("month", "date = \"1821~\"\nsource = { name = \"A box\", retrieved = \"2026-10\" }\n");
    let note = "+++\nby = \"A B\"\ntopics = [\"boxes\"]\ndate = 2026-11-19\n+++\n> words of y1900\n\nSo.\n";
    let topic = "title = \"Boxes\"\n[[passage]]\ntext = \"just-come\"\nquote = \"words\"\n\
                 [[passage]]\ntext = \"y1901\"\nquote = \"words\"\ndate = 2026-11-18\n\
                 [[passage]]\ntext = \"y1902\"\nquote = \"words\"\n";
    let term = "term = \"BOX\"\nkind = \"concept\"\ndate = 2026-11-17\ndefinition = \"D.\"\n";
    let more = [
        ("annotations/y1900/n.md", note),
        ("annotations/topics/boxes.toml", topic),
        ("annotations/glossary/box.toml", term),
        ("annotations/glossary/undated.toml", "term = \"UDT\"\nkind = \"concept\"\ndefinition = \"D.\"\n"),
    ];
    let all: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).chain(more).collect();
    let made = site(&all);
    check(
        made.page("feed.xml"),
        &[
            ("texts/undated.html", "2026-11-21"),
            ("texts/just-come.html", "2026-11-20"),
            ("texts/y1900.html#n-n", "2026-11-19"),
            ("glossary/box.html", "2026-11-17"),
            ("texts/month.html", "2026-10-01"),
        ],
    );
    check(
        made.page("topics/boxes.xml"),
        &[
            ("texts/just-come.html#p1", "2026-11-20"),
            ("texts/y1900.html#n-n", "2026-11-19"),
            ("texts/y1901.html#p1", "2026-11-18"),
        ],
    );
    let map = made.page("sitemap.xml");
    assert_eq!(day_of(map, "texts/just-come.html"), Some("2026-11-20"));
    assert_eq!(day_of(map, "texts/y1900.html"), Some("2026-11-19"), "its note is newer than it");
    assert_eq!(day_of(map, "topics/boxes.html"), Some("2026-11-20"));
    assert_eq!(day_of(map, "texts/y1950.html"), None, "nobody says when it came");
}

/// A reader of feeds that looks once a day sees all that came that day.
#[test]
fn many_that_come_at_once_are_all_told() {
    let mut files: Vec<(String, String)> = Vec::new();
    for n in 0..120 {
        let day = if n < 100 { "2026-11-20" } else { "2026-11-01" };
        files.push((format!("content/t{n}.txt"), "Words.\n".to_owned()));
        let record = format!("title = \"T{n}\"\nsource = {{ name = \"A box\", retrieved = {day} }}\n");
        files.push((format!("content/t{n}.toml"), record));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(entries(site(&files).page("feed.xml")).len(), 100);
}

pub(super) fn commit(root: &Path, day: &str) {
    git(root, &["add", "-A"]);
    let done = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "x"])
        .env("GIT_AUTHOR_DATE", format!("{day}T12:00:00Z"))
        .env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"))
        .current_dir(root)
        .status();
    assert!(done.unwrap().success());
}

#[test]
fn git_knows_since_when_where_it_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path();
    let root = &repository.join("archive");
    git(repository, &["init", "-q", "-b", "main"]);
    write(root, "postil.toml", &format!("{CONFIG}[feed]\ndates = \"git\"\n"));
    write(root, "content/a.txt", "The words.\n");
    write(root, "content/b.txt", "The words of b.\n");
    write(root, "content/b.toml", "source = { name = \"A box\", retrieved = 2026-02-01 }\n");
    write(root, "annotations/glossary/box.toml", "term = \"BOX\"\nkind = \"concept\"\ndefinition = \"D.\"\n");
    commit(root, "2026-03-01");
    write(root, "annotations/a/n.md", "+++\nby = \"A B\"\ndate = 2026-03-05\n+++\n> words\n\nSo.\n");
    write(root, "annotations/topics/t.toml", "title = \"T\"\n[[passage]]\ntext = \"a\"\nquote = \"words\"\n");
    commit(root, "2026-04-01");
    write(root, "annotations/glossary/box.toml", "term = \"BOX\"\nkind = \"concept\"\ndefinition = \"E.\"\n");
    commit(root, "2026-05-01");
    let (code, _, told) = run(root, &["build"]);
    assert_eq!(code, 0, "{told}");
    let feed = std::fs::read_to_string(root.join("public/feed.xml")).unwrap();
    let found = entries(&feed);
    let found: Vec<(&str, &str, &str)> =
        found.iter().map(|(id, added, changed)| (id.as_str(), added.as_str(), changed.as_str())).collect();
    assert_eq!(
        found,
        [
            ("glossary/box.html", "2026-03-01", "2026-05-01"),
            ("texts/a.html#n-n", "2026-03-05", "2026-04-01"),
            ("topics/t.html", "2026-04-01", "2026-04-01"),
            ("texts/a.html", "2026-03-01", "2026-03-01"),
            ("texts/b.html", "2026-02-01", "2026-03-01"),
        ]
    );
    // Without the whole history nothing is made up.
    let other = folder.path().join("shallow");
    let from = format!("file://{}", repository.display());
    git(repository, &["clone", "-q", "--depth", "1", &from, other.to_str().unwrap()]);
    let (code, _, told) = run(&other.join("archive"), &["build"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("warning[history-missing]: git cannot say since when"), "{told}");
    let feed = std::fs::read_to_string(other.join("archive/public/feed.xml")).unwrap();
    check(&feed, &[("texts/a.html#n-n", "2026-03-05"), ("texts/b.html", "2026-02-01")]);
    // Nor where there is no git.
    let none = tempfile::tempdir().unwrap();
    write(none.path(), "postil.toml", &format!("{CONFIG}[feed]\ndates = \"git\"\n"));
    write(none.path(), "content/a.txt", "The words.\n");
    let (code, _, told) = run(none.path(), &["build"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("history-missing"), "{told}");
}
