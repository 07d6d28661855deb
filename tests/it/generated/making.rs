//! How an archive is made up from a number.

use std::fmt::Write as _;

use crate::made::{self, Files};
use crate::random::Random;

/// An archive, and what its pages must hold.
pub(in super::super) struct Archive {
    pub(in super::super) files: Files,
    pub(in super::super) texts: Vec<Text>,
}

/// A text, as its page must show it.
pub(in super::super) struct Text {
    pub(super) id: String,
    /// The words of each block.
    pub(super) blocks: Vec<String>,
    /// Slugs of its notes.
    pub(super) notes: Vec<String>,
}

/// Words of all texts; the last of them would mean something in Markdown.
const WORDS: [&str; 27] = [
    "the",
    "Government",
    "said",
    "that",
    "a",
    "report",
    "of",
    "Parliament",
    "GLA",
    "CEOP",
    "GLA’s",
    "Home Office",
    "naïve",
    "Straße",
    "“quoted”",
    "well-known",
    "£1,321,610",
    "政府",
    "שלום",
    "e\u{301}tude",
    "ﬁrst",
    "soft\u{ad}hyphen",
    "<b>",
    "&amp;",
    "*",
    "AT&T",
    "[x]",
];
const PLAIN_IN_MARKDOWN: usize = 22;
/// A mark that the extraction of a text has left in it.
const STAIN: &str = "§§";

type Out = Vec<(String, String)>;
type Words = Vec<String>;

/// The archive of this number.
pub(in super::super) fn made_up(seed: u64) -> Archive {
    let mut random = Random::new(seed);
    let mut files = vec![("postil.toml".to_owned(), "title = \"Made up\"\n".to_owned())];
    glossary(&mut random, &mut files);
    let mut texts = Vec::new();
    for n in 0..random.between(1, 4) {
        let id = format!("{}text-{n}", random.of(&["", "commons/", "lords/deep/"]));
        let make = if random.once_in(3) { markdown } else { plain };
        texts.push(make(&mut random, id, &mut files));
    }
    Archive { files: made::archive(files), texts }
}

fn glossary(random: &mut Random, files: &mut Out) {
    let mark = random.of(&["all", "first-per-page", "first-per-section"]);
    let gla = format!(
        "term = \"GLA\"\nkind = \"body\"\nmark = \"{mark}\"\n\
         [[sense]]\nid = \"early\"\nuntil = 2010\ndefinition = \"Early.\"\n\
         [[sense]]\nid = \"late\"\nfrom = 2011\ndefinition = \"Late.\"\n"
    );
    let office = "term = \"Home Office\"\nkind = \"office\"\nforms = [\"Government\"]\ndefinition = \"See [[gla]].\"\n";
    files.push(("annotations/glossary/gla.toml".to_owned(), gla));
    files.push(("annotations/glossary/home-office.toml".to_owned(), office.to_owned()));
    files.push(("annotations/topics/work.toml".to_owned(), "title = \"Work\"\n".to_owned()));
}

/// Words in a row, some of which stand nowhere else in the text.
fn words(random: &mut Random, block: usize, choices: &[&str]) -> Words {
    let mut words = vec![format!("word{block}a")];
    for n in 0..random.between(2, 14) {
        words.push(random.of(choices).to_owned());
        if random.once_in(3) {
            words.push(format!("word{block}b{n}"));
        }
    }
    words
}

/// A plain text with its apparatus and notes.
fn plain(random: &mut Random, id: String, files: &mut Out) -> Text {
    let lines = random.once_in(2);
    let blocks: Vec<Words> = (1..=random.between(3, 24))
        .map(|block| {
            let mut words = words(random, block, &WORDS);
            if random.once_in(3) {
                let at = random.below(words.len() + 1);
                words.insert(at, STAIN.to_owned());
            }
            words
        })
        .collect();
    let layout = if lines { "lines" } else { "wrapped" };
    files.push((format!("content/{id}.txt"), written(random, &blocks, lines)));
    files.push((format!("content/{id}.toml"), record(random, &format!("layout = \"{layout}\"\n"))));
    let hidden = apparatus(random, &id, &blocks, files);
    let visible: Vec<usize> = (0..blocks.len()).filter(|block| !hidden.contains(block)).collect();
    let notes = notes(random, &id, &blocks, &visible, files);
    Text { id, blocks: blocks.iter().map(|words| words.join(" ")).collect(), notes }
}

/// The blocks as a file: with any ends of lines, in a wrapped text between any two words.
fn written(random: &mut Random, blocks: &[Words], lines: bool) -> String {
    let end = random.of(&["\n", "\r\n", "\r"]);
    let mut raw = String::new();
    for words in blocks {
        for (n, word) in words.iter().enumerate() {
            let line_ends = !lines && random.once_in(6);
            raw.push_str(match n {
                0 => "",
                _ if line_ends => end,
                _ => " ",
            });
            raw.push_str(word);
        }
        raw.push_str(end);
        if !lines || random.once_in(4) {
            raw.push_str(end);
        }
    }
    raw
}

fn record(random: &mut Random, more: &str) -> String {
    let year = random.between(2004, 2019);
    format!("title = \"A text of {year}\"\ndate = {year}-03-01\n{more}")
}

/// Furniture, joins, corrections, structure. Gives the blocks that are hidden.
fn apparatus(random: &mut Random, id: &str, blocks: &[Words], files: &mut Out) -> Vec<usize> {
    let mut toml = String::from("furniture = [\n");
    // The first block stays, so that there is something to see.
    let hidden: Vec<usize> = (1..blocks.len()).filter(|_| random.once_in(8)).collect();
    for block in &hidden {
        let _ = writeln!(toml, "  {{ at = \"p{}\", reason = \"printed again\" }},", block + 1);
    }
    if blocks.iter().flatten().any(|word| word == STAIN) {
        let _ = writeln!(toml, "  {{ quote = \"{STAIN}\", all = true, reason = \"a stain\" }},");
    }
    toml.push_str("]\njoin = [\n");
    joins(random, blocks.len(), &mut toml);
    toml.push_str("]\ncorrection = [\n");
    for (block, words) in blocks.iter().enumerate() {
        if !hidden.contains(&block) && random.once_in(4) {
            let reading = random.of(&["reading = \"<corrected>\", ", ""]);
            let _ = writeln!(toml, "  {{ quote = \"{}\", {reading}reason = \"misprint\" }},", unique(words));
        }
    }
    toml.push_str("]\nstructure = [\n");
    structure(random, blocks.len(), &hidden, &mut toml);
    toml.push_str("]\n");
    files.push((format!("annotations/{id}/apparatus.toml"), toml));
    hidden
}

/// A word that stands nowhere else in the text.
fn unique(words: &[String]) -> &str {
    words.iter().find(|word| word.starts_with("word")).expect("each block has one")
}

fn joins(random: &mut Random, count: usize, toml: &mut String) {
    let mut first = 1;
    while first < count {
        if random.once_in(5) {
            let _ = writeln!(toml, "  {{ at = \"p{first}-p{}\" }},", first + 1);
            first += 1;
        }
        first += 1;
    }
}

/// Rows one after the other, some of them nested. A row on hidden blocks alone would be an error.
fn structure(random: &mut Random, count: usize, hidden: &[usize], toml: &mut String) {
    let seen = |number: &usize| !hidden.contains(&(number - 1));
    let mut from = 1;
    let mut number = 0;
    while from <= count {
        let to = (from + random.below(4)).min(count);
        number += 1;
        let at = format!("p{from}-p{to}");
        let _ = match random.below(6) {
            _ if !seen(&from) || !seen(&to) => Ok(()),
            0 => {
                let level = random.between(2, 4);
                writeln!(toml, "  {{ at = \"p{from}\", kind = \"heading\", level = {level} }},")
            }
            1 => writeln!(toml, "  {{ at = \"{at}\", kind = \"recommendation\", number = {number} }},"),
            2 => writeln!(
                toml,
                "  {{ at = \"{at}\", kind = \"speech\", speaker = \"Ann Example\" }},\n  {{ at = \"p{to}\", kind = \"item\" }},"
            ),
            3 => writeln!(toml, "  {{ at = \"{at}\", kind = \"imprint\" }},"),
            4 => writeln!(toml, "  {{ at = \"{at}\", kind = \"question\" }},"),
            _ => Ok(()),
        };
        from = to + 1;
    }
}

/// Notes on stretches of blocks; many overlap. Gives their slugs.
fn notes(random: &mut Random, id: &str, blocks: &[Words], visible: &[usize], files: &mut Out) -> Vec<String> {
    let mut slugs = Vec::new();
    for n in 0..random.below(12) {
        let block = visible[random.below(visible.len())];
        let words = &blocks[block];
        let unique: Vec<usize> = (0..words.len()).filter(|&i| words[i].starts_with("word")).collect();
        let middle = unique[random.below(unique.len())];
        let start = random.between(0, middle);
        let end = random.between(middle, words.len() - 1);
        let slug = format!("note-{n}");
        let quote = words[start..=end].join(" ");
        files.push((format!("annotations/{id}/{slug}.md"), note(random, id, block + 1, &quote)));
        slugs.push(slug);
    }
    slugs
}

fn note(random: &mut Random, id: &str, number: usize, quote: &str) -> String {
    const BY: &str = "by = \"Ann Example\"";
    let more = random.of(&["", "topics = [\"work\"]\n", "kind = \"source\"\ncertainty = \"possible\"\n"]);
    match random.below(5) {
        0 => format!("+++\n{BY}\nat = \"p{number}\"\n{more}+++\nOn a block.\n"),
        1 => format!("+++\n{BY}\nquote = '{quote}'\n{more}+++\nOn *words*.\n"),
        2 => format!("+++\n{BY}\non = \"text\"\n{more}+++\nOn it all.\n"),
        _ => format!("+++\n{BY}\n{more}+++\n> {quote}\n\nOn `words`, see [[gla]] and [[text:{id}#p1]].\n"),
    }
}

/// A Markdown text: headings, lists, quotations, code, links, rules.
fn markdown(random: &mut Random, id: String, files: &mut Out) -> Text {
    let mut raw = String::new();
    let mut blocks: Vec<Words> = Vec::new();
    for block in 1..=random.between(4, 20) {
        let mut words = words(random, block, &WORDS[..PLAIN_IN_MARKDOWN]);
        let line = dressed(random, &words);
        let _ = match random.below(8) {
            0 => write!(raw, "{} {line}\n\n", "#".repeat(random.between(1, 6))),
            1 => write!(raw, "- {line}\n\n"),
            2 => {
                words.insert(0, "3.".to_owned());
                write!(raw, "3. {line}\n\n")
            }
            3 => write!(raw, "> {line}\n\n"),
            4 => write!(raw, "> - {line}\n\n"),
            5 => {
                let code = words.join(" ");
                words.insert(0, "toml".to_owned());
                write!(raw, "```toml\n{code}\n```\n\n")
            }
            6 => {
                blocks.push(Words::new());
                write!(raw, "***\n\n{line}\n\n")
            }
            _ => write!(raw, "{line}\n\n"),
        };
        blocks.push(words);
    }
    files.push((format!("content/{id}.md"), raw));
    files.push((format!("content/{id}.toml"), record(random, "")));
    let visible: Vec<usize> = (0..blocks.len()).filter(|&block| !blocks[block].is_empty()).collect();
    let notes = notes(random, &id, &blocks, &visible, files);
    Text { id, blocks: blocks.iter().map(|words| words.join(" ")).collect(), notes }
}

/// The words with emphasis, code and links among them.
fn dressed(random: &mut Random, words: &[String]) -> String {
    let dress = |word: &String| match random.below(9) {
        0 => format!("*{word}*"),
        1 => format!("**{word}**"),
        2 => format!("`{word}`"),
        3 => format!("[{word}](https://good.example/)"),
        4 => format!("[{word}](javascript:alert)"),
        _ => word.clone(),
    };
    words.iter().map(dress).collect::<Vec<_>>().join(" ")
}
