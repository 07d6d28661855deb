//! Texts of Project Gutenberg: the file as it is, its header as the record, and rows to look at.

use regex::Regex;

use crate::draft::{Draft, Record};
use crate::layout;
use crate::toml::Value;

/// Bytes of a file in which its header stands.
const HEAD: usize = 30_000;

/// Languages as headers name them.
const LANGUAGES: [(&str, &str); 20] = [
    ("english", "en"),
    ("french", "fr"),
    ("german", "de"),
    ("spanish", "es"),
    ("italian", "it"),
    ("dutch", "nl"),
    ("portuguese", "pt"),
    ("latin", "la"),
    ("greek", "el"),
    ("finnish", "fi"),
    ("swedish", "sv"),
    ("danish", "da"),
    ("norwegian", "no"),
    ("polish", "pl"),
    ("russian", "ru"),
    ("hungarian", "hu"),
    ("czech", "cs"),
    ("chinese", "zh"),
    ("japanese", "ja"),
    ("welsh", "cy"),
];

/// Whether a file is one of Project Gutenberg.
pub fn is(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    head.contains("Project Gutenberg")
        && (head.contains("*** START OF")
            || head.contains("***START OF")
            || head.contains("*END*THE SMALL PRINT"))
}

/// The encoding that the header names.
pub fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).into_owned();
    let line = head.lines().find_map(|line| line.trim().strip_prefix("Character set encoding:"))?.trim();
    let label = match line.to_ascii_uppercase().as_str() {
        "ASCII" | "US-ASCII" => "utf-8",
        "ISO LATIN-1" | "ISO-LATIN-1" => "iso-8859-1",
        _ => line,
    };
    (!label.is_empty()).then(|| label.to_owned())
}

/// Says what the header says.
fn header(text: &str) -> Record {
    let mut record = Record::default();
    let head =
        &text[..text.char_indices().map(|(at, _)| at).take_while(|at| *at <= HEAD).last().unwrap_or(0)];
    let head = head.split("*** START OF").next().unwrap_or(head);
    let head = head.split("***START OF").next().unwrap_or(head);
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in layout::lines(head).map(|line| &head[line]) {
        let field = line.split_once(':').filter(|(name, _)| {
            matches!(
                *name,
                "Title"
                    | "Author"
                    | "Editor"
                    | "Translator"
                    | "Illustrator"
                    | "Language"
                    | "Release date"
                    | "Release Date"
                    | "Credits"
                    | "Produced by"
                    | "Original publication"
                    | "Posting Date"
                    | "Character set encoding"
                    | "Most recently updated"
            )
        });
        if let Some((name, words)) = field {
            fields.push((name.to_owned(), words.trim().to_owned()));
            open = true;
        } else if line.trim().is_empty() {
            open = false;
        } else if open && line.starts_with(char::is_whitespace) {
            let (_, words) = fields.last_mut().expect("one is open");
            words.push(' ');
            words.push_str(line.trim());
        }
    }
    let field = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, words)| words.as_str())
            .filter(|words| !words.is_empty())
    };
    record.fill("title", field("Title"));
    let authors = fields.iter().filter(|(name, words)| name == "Author" && !words.is_empty());
    record.fill("author", Value::one_or_many(authors.map(|(_, words)| words.as_str().into()).collect()));
    let language = field("Language").map(str::to_lowercase);
    let tag = language
        .and_then(|language| LANGUAGES.iter().find(|(name, _)| *name == language).map(|(_, tag)| *tag));
    record.fill("lang", tag);
    let number = Regex::new(r"\[(?i:e-?book|etext) #(\d+)\]").expect("it compiles");
    let mut source = vec![("name".to_owned(), Value::from("Project Gutenberg"))];
    if let Some(found) = number.captures(head) {
        source.push(("url".to_owned(), format!("https://www.gutenberg.org/ebooks/{}", &found[1]).into()));
    }
    record.set("source", Value::Table(source));
    for (name, key) in [("Translator", "translator"), ("Editor", "editor"), ("Illustrator", "illustrator")] {
        if let Some(words) = field(name) {
            record.set(&format!("meta.{key}"), words);
        }
    }
    record
}

/// Says what the file says of itself.
pub fn say(draft: &mut Draft, text: &str) {
    for (key, value) in header(text).all() {
        draft.record.fill(&key, Some(value.clone()));
    }
    draft.guesses.retain(|guess| guess.key != "title");
}
