//! Whatever stands in a field, it comes out as words.

mod filling;

use std::collections::BTreeSet;

use postil::compile::Options;

use self::filling::{Filled, fill};
use super::browser::{Tree, tree};
use super::made::{Made, archive, make};
use super::tier::often;

/// Shapes that Markdown may add to a page.
const OF_MARKDOWN: [&str; 25] = [
    "p",
    "em",
    "strong",
    "code",
    "pre",
    "pre class",
    "span",
    "span class",
    "ul",
    "ol",
    "ol start",
    "li",
    "blockquote",
    "a",
    "a href",
    "hr",
    "br",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "b",
    "i",
    "a class",
];

/// Where absolute addresses on the pages of this archive may lead.
const GOOD: [&str; 5] = [
    "https://good.example/",
    "https://code.example/o/r",
    "https://archive.example/",
    "https://creativecommons.org/",
    "https://spdx.org/",
];

/// The picture among what strangers write.
const PICTURE_ELSEWHERE: &str = "https://evil.example/x.png";

fn made(seed: u64, hostile: bool) -> (Made, Filled) {
    let filled = fill(seed, hostile);
    (make(filled.files.clone(), &Options { lenient: true, ..Options::default() }), filled)
}

/// Everything that pages of this archive may be made of.
fn allowed() -> BTreeSet<String> {
    let (harmless, _) = made(0, false);
    let said = harmless.said();
    let errors: Vec<_> = said.lines().filter(|line| line.contains(": error[")).collect();
    assert_eq!(errors, [""; 0], "the archive is right but for what is put in its fields");
    let mut allowed: BTreeSet<String> = OF_MARKDOWN.map(str::to_owned).into();
    for (_, html) in harmless.pages() {
        allowed.extend(tree(html).shapes);
    }
    allowed
}

fn one_space(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Absolute addresses that lead where nobody said, and schemes that are not those of the web.
fn wrong_addresses(tree: &Tree) -> Vec<&String> {
    let wrong = |value: &&String| {
        let plain: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        let first = plain.split(['/', '?', '#']).next().unwrap_or_default();
        let absolute = first.contains(':') || plain.starts_with("//") || plain.starts_with('\\');
        absolute && plain != "data:," && !GOOD.iter().any(|good| plain.starts_with(good))
    };
    // A picture of another site is not shown, but a press leads to it, as a link in the same words would.
    let fetched = tree.addresses.iter().filter(|(tag, _, value)| !(tag == "a" && value == PICTURE_ELSEWHERE));
    fetched.map(|(_, _, value)| value).filter(wrong).collect()
}

#[test]
fn words_of_strangers_stay_words() {
    let allowed = allowed();
    for seed in 1..=often(15, 60) {
        let (made, filled) = made(seed, true);
        assert_eq!(made.bugs(), "", "seed {seed}");
        let mut pages = 0;
        for (address, html) in made.pages() {
            let tree = tree(html);
            let strange: Vec<_> = tree.shapes.difference(&allowed).collect();
            assert!(strange.is_empty(), "seed {seed}, {address}: {strange:?}");
            assert_eq!(wrong_addresses(&tree), [""; 0], "seed {seed}, {address}");
            assert!(!tree.comment, "seed {seed}, {address}: a comment");
            for data in &tree.data {
                let read = serde_json::from_str::<serde_json::Value>(data);
                assert!(read.is_ok(), "seed {seed}, {address}: {read:?} in {data}");
            }
            pages += 1;
        }
        assert!(pages > 20, "seed {seed}: only {pages} pages");
        check_text(&made, &filled, seed);
        check_other_files(&made, seed);
    }
}

/// The text is there to the letter, and its title.
fn check_text(made: &Made, filled: &Filled, seed: u64) {
    let tree = tree(made.page("texts/a.html"));
    let shown: Vec<_> = tree.blocks.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(shown, filled.lines, "seed {seed}");
    assert_eq!(tree.stray.trim(), "", "seed {seed}");
    let title = one_space(&filled.title);
    assert_eq!(one_space(&tree.heading), title, "seed {seed}");
    assert!(one_space(&tree.title).contains(&title), "seed {seed}: {}", tree.title);
}

/// Scripts and feeds hold nothing that ends a script or is not XML.
fn check_other_files(made: &Made, seed: u64) {
    for (address, bytes) in &made.files {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        if address.ends_with(".js") && !address.starts_with("assets/") {
            let ends =
                ["</script", "<!--", "\u{2028}", "\u{2029}"].into_iter().find(|end| text.contains(end));
            assert_eq!(ends, None, "seed {seed}, {address}");
        }
        if address.ends_with(".xml") {
            let not_xml = text.chars().find(|&c| {
                c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}')
            });
            assert_eq!(not_xml, None, "seed {seed}, {address}");
            assert!(!text.contains("<script") && !text.contains("<img"), "seed {seed}, {address}");
        }
    }
}

#[test]
fn names_of_files_never_become_addresses_unseen() {
    let names = [
        "content/<img src=x onerror=alert(1)>.txt",
        "content/\"><script>.txt",
        "content/{{ 7*7 }}.txt",
        "content/x\\..\\..\\y.txt",
        "content/a\u{202e}txt.exe.txt",
        "content/a\u{2028}b.txt",
        "content/a b.txt",
        "content/a%2fb.txt",
        "content/a?b#c.txt",
        "content/javascript:alert(1).txt",
        "content/con.txt",
        "content/x./y.txt",
        "annotations/fine/\"><b>.md",
        "annotations/fine/{{ x }}.md",
        "annotations/glossary/<b>.toml",
        "annotations/topics/a'b.toml",
        "annotations/contributors/a\nb.toml",
        "content/pages/<b>.md",
    ];
    let mut files = archive(names.map(|name| (name, "+++\n+++\n")));
    files.insert("content/fine.txt".to_owned(), b"Fine.\n".to_vec());
    let made = make(files, &Options::default());
    assert_eq!(made.bugs(), "");
    for address in made.files.keys() {
        let plain = address.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
        assert!(plain && !address.contains(".."), "{address:?}");
    }
    let said = made.said();
    for name in names {
        assert!(made.problems.iter().any(|problem| *problem.place.path == *name), "{name:?}:\n{said}");
    }
    assert!(!said.contains('\u{202e}') && said.lines().all(|line| line.contains(": ")), "{said}");
}
