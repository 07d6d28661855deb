//! What a file is, by its ending, its bytes and its first lines.

use crate::gutenberg;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Plain text, as it is.
    Plain,
    /// Plain text of Project Gutenberg.
    Gutenberg,
    /// Markdown, as it is.
    Markdown,
    /// HTML or XHTML.
    Html,
    /// EPUB.
    Epub,
    /// TEI P5.
    Tei,
    /// Akoma Ntoso.
    AkomaNtoso,
    /// What parlparse and TheyWorkForYou write.
    Parlparse,
    /// WebVTT, SRT; a table of turns.
    Turns,
    /// A table of texts.
    Texts,
    /// A table of turns or of texts, as its head says.
    Table,
    /// What a word processor writes.
    Office,
}

/// Bytes of a file that tell what it is.
const HEAD: usize = 64 << 10;

/// The ending of a name, in small letters.
pub fn ending(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map_or("", |(_, ending)| ending).trim_end().to_ascii_lowercase()
}

/// What a file is; none if it holds no words that could be read.
pub fn of(name: &str, bytes: &[u8]) -> Option<Kind> {
    match ending(name).as_str() {
        "txt" | "text" | "asc" if gutenberg::is(bytes) => Some(Kind::Gutenberg),
        "txt" | "text" | "asc" => Some(Kind::Plain),
        "md" | "markdown" | "mdown" | "mkd" | "mkdn" | "mdx" => Some(Kind::Markdown),
        "htm" | "html" | "xhtml" => Some(Kind::Html),
        "epub" => Some(Kind::Epub),
        "vtt" | "srt" => Some(Kind::Turns),
        "csv" | "tsv" | "json" | "jsonl" | "ndjson" => Some(Kind::Table),
        "docx" | "odt" | "rtf" => Some(Kind::Office),
        "xml" | "tei" => of_xml(bytes),
        ending if is_ending(ending) => None,
        // A dot in a name is no ending: `Letter 4. March`.
        _ => is_text(bytes).then_some(Kind::Plain),
    }
}

/// What an XML file is, by its first element.
fn of_xml(bytes: &[u8]) -> Option<Kind> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).into_owned();
    let mut rest = head.as_str();
    let first = loop {
        let at = rest.find('<')?;
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
        } else if rest.starts_with('!')
            && rest.find('[').is_some_and(|open| rest.find('>').is_some_and(|end| open < end))
        {
            rest = rest.split_once("]").map_or("", |(_, rest)| rest);
        } else if !rest.starts_with(['?', '!']) {
            break rest;
        }
    };
    let name = first.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
    match name.rsplit(':').next()? {
        "TEI" | "TEI.2" | "teiCorpus" => Some(Kind::Tei),
        "akomaNtoso" => Some(Kind::AkomaNtoso),
        "publicwhip" => Some(Kind::Parlparse),
        "html" => Some(Kind::Html),
        _ => None,
    }
}

fn is_ending(ending: &str) -> bool {
    (1..=10).contains(&ending.len())
        && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        && ending.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether a file without an ending is text at all.
fn is_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let is_marked = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let is_control = |b: &&u8| **b < 0x20 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a);
    !head.is_empty() && (is_marked || head.iter().filter(is_control).count() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart() {
        #[track_caller]
        fn check(name: &str, bytes: &[u8], expected: Option<Kind>) {
            assert_eq!(of(name, bytes), expected, "{name}");
        }
        check("OA1676.TXT", b"a", Some(Kind::Plain));
        check("pg1.txt", b"The Project Gutenberg EBook\r\n*** START OF THIS", Some(Kind::Gutenberg));
        check("a/plan.markdown", b"a", Some(Kind::Markdown));
        check("letter", b"Dear A.", Some(Kind::Plain));
        check("Letter 4. March", b"Dear A.", Some(Kind::Plain));
        check("letter", b"\x7fELF\0", None);
        check("letter", b"", None);
        check("a.png", b"\x89PNG", None);
        check("v1.2", b"a", Some(Kind::Plain));
        check(
            "a.xml",
            b"<?xml version='1.0'?>\n<!-- <TEI> -->\n<!DOCTYPE x [<!ENTITY a 'b'>]><tei:TEI xmlns:tei='x'>",
            Some(Kind::Tei),
        );
        check("a.xml", b"<publicwhip>", Some(Kind::Parlparse));
        check("a.xml", b"<akomaNtoso xmlns='x'>", Some(Kind::AkomaNtoso));
        check("a.xml", b"<rss>", None);
        check("a.srt", b"", Some(Kind::Turns));
    }
}
