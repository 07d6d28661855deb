//! An archive of 2,000 texts: every list holds everything once, and no page of a list is heavy.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use postil::compile::Options;
use postil_archive::diagnostic::Severity;

use super::made::{self, Files, Made, make};
use super::random::Random;

const TEXTS: usize = 2_000;
const TERMS: usize = 900;
const LINKS: usize = 450;
/// The most that a page of a list may weigh as a host sends it.
const HEAVY: usize = 100 * 1024;

/// A word that is like no other's; those of one number are of one text only.
fn word(random: &mut Random) -> String {
    let syllables = ["ba", "den", "cor", "mi", "tal", "ver", "os", "ru", "pen", "lia", "gra", "so"];
    (0..random.between(2, 4)).map(|_| random.of(&syllables)).collect()
}

fn archive() -> Files {
    let mut random = Random::new(7);
    let mut files: Vec<(String, String)> = Vec::new();
    for i in 0..TEXTS {
        let id = format!("t{:02}/t{i:04}", i % 40);
        let words: Vec<String> = (0..40).map(|_| word(&mut random)).collect();
        let term = format!("TERM{}", i % TERMS);
        let text = format!(
            "Mark{i} said {} of {term} and Person{i}.\n\nAnd {}.",
            words[..20].join(" "),
            words[20..].join(" ")
        );
        files.push((format!("content/{id}.txt"), text));
        // One year holds far more texts than a page does.
        let year = if i % 2 == 0 { 2001 } else { 1990 + i % 25 };
        files.push((
            format!("content/{id}.toml"),
            format!("title = \"Text number {i}\"\ndate = {year}-0{}-1{}\nkind = \"speech\"\npeople = [{{ name = \"Person{i}\" }}]\n", 1 + i % 9, i % 10),
        ));
        files.push((
            format!("annotations/{id}/n.md"),
            format!("+++\nby = \"ed\"\nkind = \"{}\"\ntopics = [\"all\"]\nevents = [{{ date = {year}, what = \"Event {i}\" }}]\n+++\n> Mark{i}\n\nNote {i}: {}.", ["context", "source"][i % 2], words[..20].join(" ")),
        ));
        files.push((
            format!("annotations/{id}/apparatus.toml"),
            format!("structure = [{{ at = \"p1-p2\", kind = \"speech\", speaker = \"Speaker {i}\" }}]\n"),
        ));
    }
    for i in 0..TERMS {
        let kind = ["body", "law"][i % 2];
        files.push((
            format!("annotations/glossary/term{i}.toml"),
            format!("term = \"TERM{i}\"\nkind = \"{kind}\"\n[[sense]]\nid = \"a\"\nname = \"Term number {i}\"\nfrom = {}\ndefinition = \"Something of the number {i}.\"\n", 1980 + i % 40),
        ));
    }
    for i in 0..LINKS {
        let mut link = format!(
            "title = \"Link {i}\"\nrelation = \"{}\"\nnote = \"See [[topic:all]].\"\n",
            ["follows", "refers"][i % 2]
        );
        for text in [i, TEXTS - 1 - i] {
            let _ =
                write!(link, "[[end]]\ntext = \"t{:02}/t{text:04}\"\nquote = \"Mark{text}\"\n", text % 40);
        }
        files.push((format!("annotations/links/link{i}.toml"), link));
    }
    files.push(("annotations/topics/all.toml".into(), "title = \"All\"\nscope = \"Everything.\"\n".into()));
    files.push(("annotations/contributors/ed.toml".into(), "name = \"Ed Itor\"\n".into()));
    made::archive(files)
}

fn packed(bytes: &[u8]) -> usize {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    coder.write_all(bytes).unwrap();
    coder.finish().unwrap().len()
}

/// How often a mark stands on the pages of a list, all its parts together.
fn count(made: &Made, is_part: impl Fn(&str) -> bool, mark: &str) -> usize {
    made.pages().filter(|(address, _)| is_part(address)).map(|(_, html)| html.matches(mark).count()).sum()
}

#[test]
fn lists_of_two_thousand_texts_are_light_and_whole() {
    let made = make(archive(), &Options::default());
    let wrong = made.problems.iter().find(|problem| problem.severity == Severity::Error);
    assert!(wrong.is_none(), "{}", made.said().lines().take(20).collect::<Vec<_>>().join("\n"));
    assert_eq!(made.summary.texts, TEXTS);

    let text_pages: BTreeSet<&str> =
        made.pages().map(|(address, _)| address).filter(|a| a.starts_with("texts/t")).collect();
    assert_eq!(text_pages.len(), TEXTS);
    let mut heavy = Vec::new();
    for (address, html) in made.pages().filter(|(address, _)| !text_pages.contains(address)) {
        let bytes = packed(html.as_bytes());
        if bytes > HEAVY {
            heavy.push(format!("{address}: {bytes}"));
        }
    }
    assert!(heavy.is_empty(), "{heavy:?}");

    // Every entry stands in its list, once.
    let part_of = |list: &'static str| {
        move |address: &str| address == format!("{list}.html") || address.starts_with(&format!("{list}/"))
    };
    let rows = "<li><span class=\"day\">";
    assert_eq!(count(&made, |a| a.starts_with("dates/"), rows), TEXTS);
    let notes = |a: &str| {
        a == "notes/index.html" || a.starts_with("notes/") && !a.contains("/kind/") && !a.contains("/topics")
    };
    assert_eq!(count(&made, notes, "<p class=\"aside-h\">"), TEXTS);
    assert_eq!(count(&made, part_of("notes/topics"), "<p class=\"aside-h\">"), TEXTS);
    assert_eq!(count(&made, part_of("notes/kind/context"), "<p class=\"aside-h\">"), TEXTS / 2);
    assert_eq!(count(&made, part_of("contributors/ed"), "<p class=\"aside-h\">"), TEXTS);
    assert_eq!(count(&made, part_of("topics/all"), "<p class=\"aside-h\">"), TEXTS);
    assert_eq!(count(&made, part_of("provenance"), "<dt>SHA-256</dt>"), TEXTS);
    // Whoever speaks, and whoever a record names.
    assert_eq!(count(&made, part_of("people"), "<h2 class=\"who\">"), 2 * TEXTS);
    assert_eq!(count(&made, part_of("by/title"), rows), TEXTS);
    assert_eq!(count(&made, part_of("connections"), "<li id=\"l-"), LINKS);
    assert_eq!(count(&made, |a| a.starts_with("glossary/letter/"), "Term number"), TERMS);
    assert_eq!(count(&made, part_of("glossary/kind/law"), "Something of the number"), TERMS / 2);
    assert_eq!(count(&made, part_of("timeline"), "<li class=\"t-event\">"), TEXTS);
    // Where texts are many, each folder of entries that we name stays small.
    assert!(!made.files.contains_key("archive.zip"), "2,000 texts have no download unless it is asked for");
}
