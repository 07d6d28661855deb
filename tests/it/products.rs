//! What can be combined is combined: layouts with encodings and line ends, selectors with streams, commands with
//! wrong words. What fails is made as small as it can be; put it among the cases.

use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::anchor::layers::Index;
use postil_anchor::document::{self, Document, record};
use postil_anchor::{anchor, annotation};
use postil_archive::archive::{Archive, DefaultTheme, Format};
use postil_archive::diagnostic::{Diagnostic, Severity};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::command::postil;
use super::made::{archive, short};
use super::nothing_lost::letters::Written;

/// The same cases each time, so that a failure can be repeated; `PROPTEST_CASES` asks for more.
fn config() -> Config {
    let asked = Config::default();
    Config { rng_seed: RngSeed::Fixed(16), failure_persistence: None, ..asked }
}

const LAYOUTS: [&str; 3] = ["lines", "wrapped", "verse"];
const ENCODINGS: [&str; 5] = ["", "utf-8", "windows-1252", "utf-16le", "utf-16be"];
const ENDS: [&str; 3] = ["\n", "\r\n", "\r"];

fn encoded(text: &str, encoding: &str, has_mark: bool) -> Vec<u8> {
    let text = format!("{}{text}", if has_mark && encoding != "windows-1252" { "\u{feff}" } else { "" });
    match encoding {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "windows-1252" => text.chars().map(|c| u8::try_from(u32::from(c)).expect("a Latin letter")).collect(),
        _ => text.into_bytes(),
    }
}

fn read(bytes: &[u8], layout: &str, encoding: &str) -> Document {
    let said = if encoding.is_empty() { String::new() } else { format!("encoding = \"{encoding}\"\n") };
    let files = archive([
        ("content/a.txt", bytes),
        ("content/a.toml", format!("layout = \"{layout}\"\n{said}").as_bytes()),
    ]);
    let archive = Archive::from_memory(files, &DefaultTheme::default()).value;
    let file = archive.text("a").expect("it is there");
    let known = record::parse(file).value;
    let parsed = document::parse(file.id.clone(), file.path.clone(), bytes, Format::Plain, &known);
    parsed.value.unwrap_or_else(|| panic!("{}", short(&parsed.problems)))
}

proptest! {
    #![proptest_config(config())]

    /// Whatever the bytes are written with, the words and the blocks are those of the lines.
    #[test]
    fn layouts_encodings_and_line_ends(
        lines in prop::collection::vec("( {0,3}|\t)?[a-z\u{e9}0-9.&<*_#>|-]{0,6}( [a-z\u{ad}]{1,4}){0,3} {0,2}", 1..12),
        layout in prop::sample::select(&LAYOUTS[..]),
        encoding in prop::sample::select(&ENCODINGS[..]),
        end in prop::sample::select(&ENDS[..]),
        has_mark: bool,
    ) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).chain(["end"]).collect();
        let doc = read(&encoded(&lines.join(end), encoding, has_mark), layout, encoding);
        prop_assert_eq!(Written::plain(&lines.join("\n")).missed_by(&doc.visible), None);
        let is_blank = |line: &&str| line.trim().is_empty();
        let blocks = match layout {
            "lines" => lines.iter().filter(|line| !is_blank(line)).count(),
            _ => lines.split(|line| is_blank(line)).filter(|stanza| !stanza.is_empty()).count(),
        };
        prop_assert_eq!(doc.blocks.len(), blocks);
        for (block, line) in doc.blocks.iter().zip(lines.iter().filter(|line| !is_blank(line))) {
            if layout == "lines" {
                prop_assert_eq!(doc.words(block.text).trim(), line.trim());
            }
        }
    }

    /// A quotation stands where counting finds it, in the stream that it means, or nowhere.
    #[test]
    fn selectors_and_streams(
        blocks in prop::collection::vec(prop::collection::vec(0..7_usize, 1..8), 1..6),
        quote in prop::collection::vec(1..7_usize, 1..3),
        at in prop::option::of(1..6_usize),
        nth in prop::option::of(1..4_usize),
        before in prop::option::of(1..7_usize),
        after in prop::option::of(1..7_usize),
        all: bool,
        keys: bool,
    ) {
        // The word 0 is folded away.
        const WORDS: [&str; 7] = ["[9]", "alpha", "beta", "gamma", "delta", "eps", "zeta"];
        // A quotation that overlaps itself can be counted in two ways.
        prop_assume!(quote.len() == 1 || quote[0] != quote[1]);
        let words = |list: &[usize]| list.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ");
        let text: String = blocks.iter().map(|block| words(block) + "\n").collect();
        let mut front = String::new();
        let mut line = |key: &str, value: &dyn std::fmt::Debug| front.push_str(&format!("{key} = {value:?}\n"));
        let (before, after) = (before.filter(|_| keys), after.filter(|_| keys));
        if keys {
            line("quote", &words(&quote));
        }
        before.into_iter().for_each(|word| line("prefix", &WORDS[word]));
        after.into_iter().for_each(|word| line("suffix", &WORDS[word]));
        at.into_iter().for_each(|block| line("at", &format!("p{block}")));
        let nth = nth.filter(|_| !all);
        nth.into_iter().for_each(|nth| line("nth", &nth));
        if all {
            line("all", &true);
        }
        let quoted = if keys { String::new() } else { format!("> {}\n\n", words(&quote)) };
        let note = format!("+++\nby = \"A B\"\n{front}+++\n{quoted}So.\n");
        let files = archive([
            ("content/a.txt", text.as_str()),
            ("content/a.toml", "layout = \"lines\"\n"),
            ("annotations/a/n.md", &note),
            ("annotations/a/apparatus.toml", "furniture = [{ quote = \"[9]\", all = true, reason = \"sign\" }]\n"),
        ]);
        // The stream that is read: each word with its block.
        let stream: Vec<(usize, usize)> = blocks
            .iter()
            .zip(1..)
            .flat_map(|(block, number)| block.iter().map(move |&word| (word, number)))
            .filter(|(word, _)| *word != 0)
            .collect();
        let is_there = |start: &usize| {
            let beside = |at: Option<usize>, wanted: Option<usize>| {
                wanted.is_none_or(|word| at.and_then(|at| stream.get(at)).is_some_and(|(other, _)| *other == word))
            };
            stream[*start..].iter().map(|(word, _)| word).take(quote.len()).eq(&quote)
                && beside(start.checked_sub(1), before)
                && beside(Some(start + quote.len()), after)
                && at.is_none_or(|block| stream[*start].1 == block)
        };
        let there: Vec<usize> = (0..stream.len()).filter(is_there).collect();
        let expected: Vec<usize> = match nth {
            _ if at.is_some_and(|block| block > blocks.iter().filter(|block| !block.is_empty()).count()) => Vec::new(),
            Some(nth) => there.get(nth - 1).copied().into_iter().collect(),
            None if all || there.len() == 1 => there,
            None => Vec::new(),
        };
        let (found, problems) = starts(files, &stream);
        prop_assert_eq!(&found, &expected, "{}{}\n{}", text, note, short(&problems));
        let is_error = problems.iter().any(|problem| problem.severity == Severity::Error);
        prop_assert_eq!(is_error, expected.is_empty(), "{}{}\n{}", text, note, short(&problems));
    }
}

/// At which word of the stream each place of the note begins.
fn starts(files: super::made::Files, stream: &[(usize, usize)]) -> (Vec<usize>, Vec<Diagnostic>) {
    let archive = Archive::from_memory(files, &DefaultTheme::default()).value;
    let file = archive.text("a").expect("it is there");
    let known = record::parse(file).value;
    let bytes = archive.load(file).expect("memory can be read").value.expect("it is small");
    let parsed = document::parse(file.id.clone(), file.path.clone(), &bytes, file.format, &known);
    let Some(doc) = parsed.value else { return (Vec::new(), parsed.problems) };
    let annotations = annotation::parse(&archive);
    let mut problems = annotations.problems;
    let layers = Index::new(&annotations.value).layers("a", None);
    let resolved = anchor::resolve(&doc, &layers, &Glossary::default());
    problems.extend(resolved.problems);
    problems.retain(|problem| problem.place.path.ends_with("n.md"));
    // Words of the text in the order of their bytes, without those that are folded away.
    let words: Vec<usize> = words_of(&doc).collect();
    assert_eq!(words.len(), stream.len());
    let places = resolved.value.notes.iter().flat_map(|(_, places)| places);
    let found = places.map(|place| words.iter().position(|&at| at == place.start()).expect("at a word"));
    (found.collect(), problems)
}

fn words_of(doc: &Document) -> impl Iterator<Item = usize> + '_ {
    let starts = doc.visible.char_indices().filter(|&(at, c)| {
        c.is_ascii_alphabetic() && !doc.visible[..at].ends_with(|c: char| c.is_ascii_alphabetic())
    });
    starts.map(|(at, _)| at)
}

/// Words that are no names, or none that is there.
const WRONG: [&str; 14] = [
    "",
    " ",
    "..",
    "../../etc/passwd",
    "/",
    "a b",
    "A",
    "\u{e9}",
    "a\nb",
    "\u{202e}a",
    "-",
    "nul",
    "nowhere",
    "https://x.example/texts/nowhere.html?q#p1",
];

/// Each command with a wrong word in each of its places.
const COMMANDS: [&[&str]; 16] = [
    &["note", "*", "One line"],
    &["note", "a", "*"],
    &["new", "term", "*"],
    &["new", "topic", "*"],
    &["new", "contributor", "*"],
    &["rename", "term", "t", "*"],
    &["rename", "term", "*", "new"],
    &["rename", "text", "a", "*"],
    &["rename", "note", "*", "new"],
    &["adopt", "*"],
    &["blocks", "*"],
    &["structure", "*"],
    &["add", "*"],
    &["import", "hypothesis", "*"],
    &["diff", "*"],
    &["explain", "*"],
];

#[test]
fn commands_and_wrong_words() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("archive");
    let begin = || {
        let _ = std::fs::remove_dir_all(&root);
        let write = |path: &str, text: &str| super::checking::write(&root, path, text);
        write("postil.toml", "title = \"T\"\n");
        write("content/a.txt", "One line of edition.\n");
        write("content/a.toml", "title = \"A\"\nlayout = \"lines\"\n");
        write("annotations/glossary/t.toml", "term = \"edition\"\nkind = \"concept\"\ndefinition = \"D.\"\n");
        super::files(folder.path())
    };
    let before = begin();
    for command in COMMANDS {
        for wrong in WRONG.into_iter().chain([&*"x".repeat(300)]) {
            let args: Vec<&str> =
                command.iter().map(|word| if *word == "*" { wrong } else { word }).collect();
            let run = postil(&root, &args).output().unwrap();
            let said = String::from_utf8_lossy(&run.stderr);
            assert!(!said.contains("bug of postil") && !said.contains("panicked"), "{args:?}: {said}");
            let code = run.status.code().unwrap_or(-1);
            assert!((0..=2).contains(&code), "{args:?}: {code}");
            let after = super::files(folder.path());
            if code != 0 {
                assert!(!said.trim().is_empty(), "{args:?} fails without a word");
                assert!(after == before, "{args:?} fails, and has written");
            }
            // Nothing is written but files of the archive, and nothing that is there is gone but by `rename`.
            for (path, bytes) in &before {
                let is_there = after.iter().any(|(other, now)| other == path && now == bytes);
                assert!(is_there || command[0] == "rename", "{args:?}: {path}");
            }
            if after != before {
                begin();
            }
        }
    }
}
