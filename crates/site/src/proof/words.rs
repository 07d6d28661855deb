//! Compares the words of an article with the visible text of its document.

use postil_anchor::document::{Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic};

/// An article as read back: the words that are the text's own.
#[derive(Debug, Default)]
pub(super) struct Article {
    /// Blocks in the order of the page: number, and the raw words (entities not decoded).
    pub(super) blocks: Vec<(String, String)>,
    /// Words outside all blocks.
    pub(super) stray: String,
}

/// Every word of every block, in order, once; and no others.
pub(super) fn compare(address: &str, doc: &Document, articles: &[Article]) -> Vec<Diagnostic> {
    let place = |range: TextRange| doc.place(range);
    let whole = TextRange::new(0, 0);
    let [article] = articles else {
        return vec![Diagnostic::error(
            Code::TEXT_LOST,
            place(whole),
            format!("`{address}` holds {} articles instead of one", articles.len()),
        )];
    };
    let mut problems = Vec::new();
    let stray = decode(&article.stray);
    if !stray.trim().is_empty() {
        problems.push(Diagnostic::error(
            Code::TEXT_LOST,
            place(whole),
            format!("`{address}` has words that are in no block of the text: `{}`", cut(stray.trim())),
        ));
    }
    let mut read = article.blocks.iter();
    for block in &doc.blocks {
        let Some((number, words)) = read.next() else {
            let message = format!("`{address}` lacks block p{} and what follows", block.number);
            problems.push(Diagnostic::error(Code::TEXT_LOST, place(block.text), message));
            return problems;
        };
        if *number != block.number.to_string() {
            let message = format!("`{address}` has block p{number} where p{} belongs", block.number);
            problems.push(Diagnostic::error(Code::TEXT_LOST, place(block.text), message));
            return problems;
        }
        problems.extend(differs(address, doc, block.text, block.number, &decode(words)));
    }
    if let Some((number, _)) = read.next() {
        let message = format!("`{address}` has a block p{number} that the text does not have");
        problems.push(Diagnostic::error(Code::TEXT_LOST, place(whole), message));
    }
    problems
}

/// The first character at which a block differs.
fn differs(address: &str, doc: &Document, range: TextRange, number: u32, read: &str) -> Option<Diagnostic> {
    let words = doc.words(range);
    if words == read {
        return None;
    }
    let same = words.bytes().zip(read.bytes()).take_while(|(a, b)| a == b).count();
    let back = |text: &str| (0..=same.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let at = back(words).min(back(read));
    let message = format!(
        "`{address}` does not show p{number} as the text has it: `{}` instead of `{}`",
        cut(&read[at..]),
        cut(&words[at..])
    );
    let first = words[at..].chars().next().map_or(0, char::len_utf8);
    let place = doc.place(TextRange::new(range.start + at, range.start + at + first));
    Some(Diagnostic::error(Code::TEXT_LOST, place, message))
}

fn cut(words: &str) -> &str {
    words.char_indices().nth(40).map_or(words, |(at, _)| &words[..at])
}

/// Decodes the entities that postil and its template engine write; anything
/// else stays, and so is found to differ.
fn decode(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').map(|end| &rest[..=end]);
        let letter = match entity {
            Some("&amp;") => Some('&'),
            Some("&lt;") => Some('<'),
            Some("&gt;") => Some('>'),
            Some("&quot;") => Some('"'),
            Some("&#39;" | "&#x27;") => Some('\''),
            _ => None,
        };
        match (letter, entity) {
            (Some(letter), Some(entity)) => {
                out.push(letter);
                rest = &rest[entity.len()..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(decode("a &amp;lt; b &lt;c&gt; &#39;&quot; &nbsp; &"), "a &lt; b <c> '\" &nbsp; &");
    }
}
