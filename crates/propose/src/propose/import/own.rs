//! Words that postil itself puts between those of a text on its page: signs of notes, numbers of
//! paragraphs, notes and definitions that were open, corrected readings. A quotation that was taken from such
//! a page may hold them; they are left out, and what is left must stand in the text to the letter.

use std::collections::BTreeSet;

use postil_anchor::anchor::fold::{fold, fold_with_map};
use postil_anchor::annotation::{Annotations, By};
use postil_anchor::document::Document;
use postil_archive::archive::Archive;

/// What an archive puts between the words of its texts, folded.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Words before a number: `Note 3`, `Paragraph 12`.
    labels: BTreeSet<String>,
    /// What may stand there as a whole: what notes and definitions say, and names that go with them.
    pieces: BTreeSet<String>,
}

/// Keys of the interface whose words stand before a number.
const LABELS: [&str; 4] = ["note", "paragraph", "paragraph_n", "find_note"];
/// Longest piece of the interface that is taken for one, in words; anything longer is no label.
const LONGEST: usize = 12;
/// Most places at which a quotation is tried.
const TRIED: usize = 200;
/// Characters by which the beginning of a quotation is looked for.
const BEGINNING: usize = 12;

impl Own {
    /// What this archive puts there.
    pub(super) fn of(archive: &Archive, all: &Annotations) -> Self {
        let mut own = Self::default();
        let languages = std::iter::once(archive.theme.english)
            .chain(archive.theme.lang.iter().map(|(_, source)| source.text.as_str()));
        for language in languages {
            let table: toml::Table = language.parse().unwrap_or_default();
            for (key, value) in &table {
                let Some(value) = value.as_str() else { continue };
                let first = value.split(['|', '{']).next().unwrap_or_default();
                if LABELS.contains(&key.as_str()) {
                    own.labels.insert(fold(first));
                }
                own.piece(value);
            }
        }
        for note in &all.notes {
            own.piece(&plain(&note.body.text));
            for by in &note.by {
                own.piece(match by {
                    By::Contributor(name) | By::Name(name) => name,
                });
            }
        }
        for term in &all.terms {
            own.piece(&term.term.value);
            term.senses.iter().for_each(|sense| own.piece(&plain(&sense.definition.text)));
        }
        all.topics.iter().for_each(|topic| own.piece(&topic.title));
        for apparatus in &all.apparatuses {
            for correction in &apparatus.corrections {
                correction.reading.iter().for_each(|reading| own.piece(reading));
            }
        }
        own.labels.remove("");
        own
    }

    fn piece(&mut self, words: &str) {
        let folded = fold(words);
        if folded.chars().any(char::is_alphanumeric) {
            self.pieces.insert(folded);
        }
    }

    /// The words of the text that a quotation means, if it holds postil's own besides; none if it holds none,
    /// or anything else that the text has not.
    pub(super) fn left_out(&self, doc: &Document, exact: &str) -> Option<String> {
        let text = fold_with_map(&doc.visible);
        let quote = fold(exact);
        let from = self.skipped(&quote).unwrap_or(0);
        let beginning: String = quote[from..].chars().take(BEGINNING).collect();
        // What is glued to the first words may be postil's own: then less of them is looked for.
        let lengths = (1..=beginning.len()).rev().filter(|&length| beginning.is_char_boundary(length));
        let found = lengths.map(|length| &beginning[..length]).find(|begin| text.text.contains(*begin))?;
        let mut places = BTreeSet::new();
        for (at, _) in text.text.match_indices(found).take(TRIED) {
            if let Some(end) = self.aligned(&text.text, at, &quote[from..]) {
                places.insert(text.text[at..end].trim().to_owned());
            }
        }
        let mut places = places.into_iter();
        let words = places.next().filter(|words| *words != quote)?;
        places.next().is_none().then_some(words)
    }

    /// Where a quotation ends that begins at a byte of the text, without postil's own words.
    fn aligned(&self, text: &str, at: usize, quote: &str) -> Option<usize> {
        let (mut t, mut q) = (at, 0);
        while q < quote.len() {
            let (a, b) = (text[t..].chars().next(), quote[q..].chars().next()?);
            if a == Some(b) {
                t += b.len_utf8();
                q += b.len_utf8();
                continue;
            }
            if let Some(skip) = self.skipped(&quote[q..]) {
                q += skip;
                // White space around it stands on one side, or on both.
                if quote[q..].starts_with(' ') && (text[..t].ends_with(' ') || !text[t..].starts_with(' ')) {
                    q += 1;
                } else if text[t..].starts_with(' ') && !quote[q..].starts_with(' ') && q < quote.len() {
                    t += 1;
                }
                continue;
            }
            // A block's end is white space in the text, and none where a sign follows it.
            if a == Some(' ') && self.skipped(&quote[q..]).is_some() {
                t += 1;
            } else {
                return None;
            }
        }
        Some(t)
    }

    /// How much of the beginning of a quotation is postil's own; there must be something in it that nothing else can be.
    fn skipped(&self, quote: &str) -> Option<usize> {
        let mut at = 0;
        let mut sure = false;
        loop {
            let rest = &quote[at..];
            let blank = rest.len()
                - rest.trim_start_matches([' ', '.', ':', ',', ';', '-', '\'', '"', '(', ')']).len();
            let here = &rest[blank..];
            if let Some(length) = self.labelled(here) {
                at += blank + length;
                sure = true;
                continue;
            }
            let piece = self
                .pieces
                .iter()
                .filter(|piece| here.starts_with(piece.as_str()))
                .max_by_key(|piece| piece.len());
            let Some(piece) = piece else { break };
            let words = piece.split(' ').count();
            // A word of the interface alone may be the text's own as well.
            sure |= words > LONGEST / 4 || piece.len() > 20;
            at += blank + piece.len();
        }
        (sure && at > 0).then_some(at)
    }

    /// A label with its number.
    fn labelled(&self, quote: &str) -> Option<usize> {
        let label = self
            .labels
            .iter()
            .filter(|label| quote.starts_with(label.as_str()))
            .max_by_key(|label| label.len())?;
        let rest = &quote[label.len()..];
        let blank = rest.len() - rest.trim_start().len();
        let digits = rest[blank..].bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0 && blank <= 1).then_some(label.len() + blank + digits)
    }
}

/// What Markdown says, as far as its signs go.
fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(at) = rest.find("[[") {
        text.push_str(&rest[..at]);
        let Some(end) = rest[at..].find("]]") else { break };
        let inside = &rest[at + 2..at + end];
        text.push_str(inside.rsplit('|').next().unwrap_or(inside));
        rest = &rest[at + end + 2..];
    }
    text.push_str(rest);
    text.replace(['*', '_', '`'], "")
}
