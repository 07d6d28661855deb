//! Every letter and digit of a raw text is on its page, once and in order, but what need not be
//! shown: that of plain texts in any encoding, of Markdown with everything in it, and of signs in
//! any order. What a page must show is told by `letters`, which knows no parser.
//!
//! What is left out unless it is asked for makes up thirty times as many texts, and looks at every `.md`
//! and `.txt` below the folder that `POSTIL_TEXTS` names.

pub(crate) mod letters;
pub(super) mod markdown;

use std::path::Path;

use postil::compile::Options;
use postil_anchor::document;
use postil_anchor::document::record::{Layout, Reading, Record};
use postil_archive::archive::Format;
use postil_archive::diagnostic::Severity;
use postil_site::proof;

use self::letters::Written;
use super::browser::tree;
use super::made::{Files, Made, archive, make, short};
use super::random::Random;

/// How many texts one archive has: a site has pages of its own, which are made once.
const TOGETHER: u64 = 40;
/// How many texts are only read, without pages, for each that has one.
const READ: u64 = 100;

/// How many times as many texts the long tier makes up.
const LONG: u64 = 30;

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn many_more_texts_lose_nothing() {
    marked_texts_show_what_is_in_them(LONG);
    signs_lose_no_word(LONG);
    plain_texts_show_all_that_is_in_them(LONG);
}

/// The words of a text's page, block by block.
#[track_caller]
fn shown(made: &Made, id: &str, about: &str) -> Vec<String> {
    let tree = tree(made.page(&format!("texts/{id}.html")));
    assert_eq!(tree.stray.trim(), "", "{about}");
    let numbers: Vec<usize> = tree.blocks.iter().map(|(number, _)| number.parse().unwrap()).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{about}");
    tree.blocks.into_iter().map(|(_, words)| words).collect()
}

fn one_space(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// No error of any kind, or of those that only postil can cause.
#[track_caller]
fn is_well(made: &Made, about: &str) {
    assert_eq!(made.bugs(), "", "{about}");
    let wrong = made.problems.iter().filter(|problem| problem.severity == Severity::Error);
    assert_eq!(short(&wrong.cloned().collect::<Vec<_>>()), "", "{about}");
}

fn id(seed: u64) -> String {
    format!("text-{seed}")
}

#[test]
fn a_markdown_text_shows_what_is_in_it() {
    marked_texts_show_what_is_in_them(1);
}

fn marked_texts_show_what_is_in_them(runs: u64) {
    let (mut notes, mut numbers) = (0, 0);
    for batch in 0..2 * runs {
        let seeds = batch * TOGETHER..(batch + 1) * TOGETHER;
        let texts: Vec<(u64, markdown::Text)> = seeds.map(|seed| (seed, markdown::made_up(seed))).collect();
        let mut files = archive([("postil.toml", "title = \"Made up\"\n")]);
        for (seed, text) in &texts {
            files.insert(format!("content/{}.md", id(*seed)), text.raw.clone().into_bytes());
            notes += quoted(*seed, text, &mut files);
        }
        let made = make(files, &Options::default());
        is_well(&made, &format!("texts {batch}"));
        for (seed, text) in &texts {
            let about = format!("seed {seed}:\n{}", text.raw);
            let shown = shown(&made, &id(*seed), &about);
            let blocks: Vec<_> = shown.iter().map(|words| one_space(words)).collect();
            assert_eq!(blocks, text.blocks, "{about}");
            assert_eq!(Written::markdown(&text.raw).missed_by(&shown.concat()), None, "{about}");
            let page = made.page(&format!("texts/{}.html", id(*seed)));
            let values: Vec<&str> =
                page.split("<li value=\"").skip(1).filter_map(|li| li.split('"').next()).collect();
            let expected: Vec<String> = text
                .numbers
                .iter()
                .map(|number| number[..number.len() - 1].parse::<u32>().unwrap().to_string())
                .collect();
            assert_eq!(values, expected, "{about}");
            numbers += values.len();
        }
    }
    // The texts are not so plain that all this is no wonder.
    assert!(notes > 100 && numbers > 300, "{notes} notes, {numbers} numbers");
}

/// Notes that quote some words of a block as it is shown, with the number before it if it has one.
fn quoted(seed: u64, text: &markdown::Text, files: &mut Files) -> usize {
    let mut random = Random::new(seed);
    let mut notes = 0;
    for (i, block) in text.blocks.iter().enumerate() {
        let words: Vec<&str> = block.split(' ').collect();
        let has_words = |words: &[&str]| words.iter().any(|word| word.starts_with('w') && word.len() > 1);
        let end = random.between(1, words.len());
        let start = if random.once_in(2) { 0 } else { random.below(end) };
        // Bold has a meaning of its own in a quotation.
        if !has_words(&words[start..end]) || block.contains(['*', '<']) {
            continue;
        }
        let note = format!(
            "+++\nby = \"Ann Example\"\nat = \"p{}\"\n+++\n> {}\n\nA note.\n",
            i + 1,
            words[start..end].join(" ")
        );
        files.insert(format!("annotations/{}/n-{i}.md", id(seed)), note.into_bytes());
        notes += 1;
    }
    notes
}

/// A text as it is read, without a page: its visible text, in which nothing may be lost either.
fn visible(bytes: &[u8], format: Format, record: &Record, about: &str) -> String {
    let parsed = document::parse("a".into(), "content/a".into(), bytes, format, record);
    let doc = parsed.value.unwrap_or_else(|| panic!("{about}: {:?}", parsed.problems));
    assert_eq!(proof::bytes(&doc), None, "{about}");
    doc.visible
}

#[test]
fn signs_in_any_order_lose_no_word() {
    signs_lose_no_word(1);
}

fn signs_lose_no_word(runs: u64) {
    let check = |raw: &str, shown: &str, about: &str| {
        assert_eq!(Written::markdown(raw).missed_by(shown), None, "{about}");
    };
    for seed in 0..TOGETHER * READ * runs {
        let raw = markdown::scrambled(seed);
        let about = format!("seed {seed}: {raw:?}");
        check(&raw, &visible(raw.as_bytes(), Format::Markdown, &Record::default(), &about), &about);
    }
    let texts: Vec<(String, String)> =
        (0..TOGETHER).map(|seed| (id(seed), markdown::scrambled(seed))).collect();
    let files = texts.iter().map(|(id, raw)| (format!("content/{id}.md"), raw.as_bytes()));
    let made = make(archive(files), &Options::default());
    is_well(&made, "signs");
    for (id, raw) in &texts {
        check(raw, &shown(&made, id, raw).concat(), raw);
    }
}

/// What is shown of a text without this is what a renderer of Markdown keeps. Oracle and proof both
/// miss the rest of it, so they can.
#[test]
fn what_a_renderer_drops_is_missed() {
    let older = Record { reading: Reading::Older, ..Record::default() };
    let mut missed = 0;
    for seed in 0..TOGETHER * READ / 4 {
        let raw = markdown::scrambled(seed);
        let parsed =
            document::parse("a".into(), "content/a".into(), raw.as_bytes(), Format::Markdown, &older);
        let doc = parsed.value.expect("it has words");
        if Written::markdown(&raw).missed_by(&doc.visible).is_some() {
            assert_ne!(proof::bytes(&doc), None, "seed {seed}: {raw:?}");
            missed += 1;
        }
    }
    assert!(missed > 100, "only {missed} texts have anything to miss");
}

/// Labels of encodings, and how a text is written in each. None needs more than Latin letters.
const ENCODINGS: [&str; 6] = ["", "utf-8", "windows-1252", "iso-8859-1", "utf-16le", "utf-16be"];

fn encoded(text: &str, encoding: &str, random: &mut Random) -> Vec<u8> {
    let mark = if random.once_in(2) { "\u{feff}" } else { "" };
    let sixteen =
        |bytes: fn(u16) -> [u8; 2]| mark.encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect();
    match encoding {
        "utf-16le" => sixteen(u16::to_le_bytes),
        "utf-16be" => sixteen(u16::to_be_bytes),
        "windows-1252" | "iso-8859-1" => {
            text.chars().map(|c| u8::try_from(u32::from(c)).expect("a Latin letter")).collect()
        }
        _ => format!("{mark}{text}").into_bytes(),
    }
}

#[test]
fn a_plain_text_shows_all_that_is_in_it() {
    plain_texts_show_all_that_is_in_them(1);
}

fn plain_texts_show_all_that_is_in_them(runs: u64) {
    const PIECES: [&str; 20] = [
        "word",
        "\u{e9}t\u{e9}",
        "12.30",
        "[a]: b",
        "1. ",
        "```",
        "> ",
        "&amp;",
        "<b>",
        "**",
        " ",
        "  ",
        "\t",
        "\u{a0}",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\u{c}",
        "\n \n",
    ];
    let mut files = archive([("postil.toml", "title = \"Made up\"\n")]);
    let mut texts = Vec::new();
    for seed in 0..TOGETHER * READ * runs {
        let mut random = Random::new(seed);
        let raw: String = (0..random.between(1, 80)).map(|_| random.of(&PIECES)).chain(["end"]).collect();
        let about = format!("seed {seed}: {raw:?}");
        let encoding = random.of(&ENCODINGS);
        let bytes = encoded(&raw, encoding, &mut random);
        let label = Some(encoding.to_owned()).filter(|label| !label.is_empty());
        let record = |layout| Record { layout: Some(layout), encoding: label.clone(), ..Record::default() };
        for layout in [Layout::Lines, Layout::Wrapped] {
            let shown = visible(&bytes, Format::Plain, &record(layout), &about);
            assert_eq!(Written::plain(&raw).missed_by(&shown), None, "{about}");
        }
        let shown = visible(&bytes, Format::Markdown, &record(Layout::Lines), &about);
        assert_eq!(Written::markdown(&raw).missed_by(&shown), None, "{about}");
        if seed < TOGETHER {
            let layout = random.of(&["lines", "wrapped"]);
            let said =
                if encoding.is_empty() { String::new() } else { format!("encoding = \"{encoding}\"\n") };
            files.insert(format!("content/{}.txt", id(seed)), bytes);
            let record = format!("title = \"A\"\nlayout = \"{layout}\"\n{said}");
            files.insert(format!("content/{}.toml", id(seed)), record.into_bytes());
            texts.push((seed, raw));
        }
    }
    let made = make(files, &Options::default());
    is_well(&made, "plain texts");
    for (seed, raw) in texts {
        let about = format!("seed {seed}: {raw:?}");
        let shown = shown(&made, &id(seed), &about);
        assert_eq!(Written::plain(&raw).missed_by(&shown.concat()), None, "{about}");
    }
}

/// Texts that nobody wrote for this.
#[test]
#[ignore = "wants a folder: `POSTIL_TEXTS=folder cargo test --test it -- --ignored the_texts_of_a_folder`"]
fn the_texts_of_a_folder_lose_no_word() {
    let Some(folder) = std::env::var_os("POSTIL_TEXTS") else { return };
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (path, bytes) in super::files(Path::new(&folder)) {
        let (format, written): (_, fn(&str) -> Written) = match path.rsplit_once('.') {
            Some((_, "md")) => (Format::Markdown, Written::markdown),
            Some((_, "txt")) => (Format::Plain, Written::plain),
            _ => continue,
        };
        let Ok(raw) = std::str::from_utf8(&bytes) else { continue };
        let parsed = document::parse("a".into(), path.as_str().into(), &bytes, format, &Record::default());
        let Some(doc) = parsed.value else { continue };
        looked_at += 1;
        wrong.extend(proof::bytes(&doc).map(|problem| format!("{path}: {}", problem.message)));
        wrong.extend(written(raw).missed_by(&doc.visible).map(|missed| format!("{path}: {missed:?}")));
    }
    assert!(looked_at > 0, "no texts in {}", Path::new(&folder).display());
    assert!(wrong.is_empty(), "{looked_at} texts; of these\n{}", wrong.join("\n"));
}
