//! The raw text of a document while an XML file is made of it: every character of the file in its order,
//! once: as words of an element, as white space, or in an instruction (see [`postil_intake::carried`]).
//!
//! Where words stand in the elements is kept, so that annotations can point to them from outside.

use postil_anchor::anchor::Passage;
use postil_anchor::document::{Document, TextRange};
use postil_intake::carried::{self, Ends, is_xml};

use crate::xml;

/// The file so far.
pub(crate) struct Raw<'a> {
    doc: &'a Document,
    pub(crate) ends: Ends,
    /// The XML.
    pub(crate) out: String,
    /// How much of the raw text is written, in bytes.
    at: usize,
    /// The block that is open, and how many characters it has so far.
    block: u32,
    characters: usize,
    /// Where words begin: byte of the visible text, block, characters of the block before it.
    places: Vec<(usize, u32, usize)>,
}

impl<'a> Raw<'a> {
    pub(crate) fn new(doc: &'a Document) -> Self {
        Self {
            doc,
            ends: Ends::of(&doc.source.text),
            out: String::with_capacity(doc.source.text.len() * 2),
            at: 0,
            block: 0,
            characters: 0,
            places: Vec::new(),
        }
    }

    /// Writes what is before a block, which begins now.
    pub(crate) fn before(&mut self, number: u32) {
        if let Some(block) = self.doc.block(number)
            && !block.text.is_empty()
        {
            self.skip(self.doc.origin(block.text.start));
        }
    }

    /// Says that the element of a block begins here.
    pub(crate) fn begin(&mut self, number: u32) {
        self.block = number;
        self.characters = 0;
    }

    /// Writes all that is left.
    pub(crate) fn rest(&mut self) {
        self.block = 0;
        self.skip(self.doc.source.text.len());
    }

    /// Writes words of the visible text.
    pub(crate) fn words(&mut self, range: TextRange) {
        let doc = self.doc;
        let mut at = range.start;
        while at < range.end {
            let next = doc.origins.partition_point(|&(visible, _)| visible <= at);
            let (visible, file) = next.checked_sub(1).map_or((0, 0), |i| doc.origins[i]);
            let next = doc.origins.get(next).copied().filter(|(next, _)| *next < range.end);
            let to = next.map_or(range.end, |(next, _)| next);
            let from = file + (at - visible);
            self.skip(from);
            let shown = &doc.visible[at..to];
            self.places.push((at, self.block, self.characters));
            match doc.source.text.get(from..from + shown.len()) {
                Some(raw) if from == self.at && alike(shown, raw) => {
                    self.at = from + shown.len();
                    self.shown(raw);
                }
                _ => self.instead(shown, at),
            }
            at = to;
        }
    }

    /// Writes words that are no words of the text: a reading, which stands beside them.
    pub(crate) fn beside(&mut self, words: &str) {
        xml::text(&mut self.out, words);
        self.characters += words.chars().count();
    }

    /// Words that stand for others of the file.
    fn instead(&mut self, shown: &str, at: usize) {
        let text = &self.doc.source.text;
        let next = self.doc.origins.partition_point(|&(visible, _)| visible <= at);
        let end = self.doc.origins.get(next).map_or(text.len(), |&(_, file)| file).max(self.at);
        // The white space behind the last of a block stands for nothing.
        let raw = text.get(self.at..end).unwrap_or_default().trim_end();
        self.at += raw.len();
        let held = shown.chars().filter(|&c| is_xml(c)).count();
        self.out.push_str(&format!("<?{} {held} {}?>", carried::AS, carried::quoted(raw)));
        for c in shown.chars().filter(|&c| is_xml(c)) {
            xml::character(&mut self.out, c);
        }
        self.characters += held;
    }

    /// Words of the file that are words of an element.
    fn shown(&mut self, raw: &str) {
        for c in raw.chars() {
            match (c, self.ends) {
                ('\r', Ends::CrLf) => continue,
                ('\r', Ends::Cr) => self.out.push('\n'),
                (c, _) if is_xml(c) => xml::character(&mut self.out, c),
                (c, _) => {
                    self.instruction(c.encode_utf8(&mut [0; 4]));
                    continue;
                }
            }
            self.characters += 1;
        }
    }

    /// Writes what no element shows, up to a byte of the file.
    fn skip(&mut self, to: usize) {
        let Some(raw) = self.doc.source.text.get(self.at..to).filter(|raw| !raw.is_empty()) else { return };
        self.at = to;
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let mut rest = raw;
        while !rest.is_empty() {
            let words = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
            self.shown(&rest[..words]);
            rest = &rest[words..];
            // An instruction for each line, so that line ends stay what they are.
            let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
            let held = rest[..line].trim_end_matches(is_space).len();
            if held > 0 {
                self.instruction(&rest[..held]);
            }
            rest = &rest[held..];
        }
    }

    fn instruction(&mut self, raw: &str) {
        self.out.push_str(&format!("<?{} {}?>", carried::RAW, carried::quoted(raw)));
    }

    /// Where words stand: pointers into the file, as TEI has them.
    pub(crate) fn pointers(&self, passage: &Passage) -> Vec<String> {
        passage.ranges.iter().filter_map(|range| self.pointer(*range)).collect()
    }

    fn pointer(&self, range: TextRange) -> Option<String> {
        let (block, from) = self.place(range.start)?;
        let last = self.doc.visible[..range.end].char_indices().next_back()?.0.max(range.start);
        let (_, to) = self.place(last)?;
        let length = to + 1 - from.min(to);
        Some(format!("#string-range(p{block},{from},{length})"))
    }

    /// The block that has a byte of the visible text, and how many of its characters are before it.
    fn place(&self, at: usize) -> Option<(u32, usize)> {
        let i = self.places.partition_point(|(visible, ..)| *visible <= at).checked_sub(1)?;
        let (visible, block, before) = self.places[i];
        let between = self.doc.visible.get(visible..at)?.chars().filter(|&c| is_xml(c)).count();
        Some((block, before + between))
    }
}

/// Whether words of the file are shown as they are; a line end is shown as LF.
fn alike(shown: &str, raw: &str) -> bool {
    shown.len() == raw.len()
        && shown.bytes().zip(raw.bytes()).all(|(shown, raw)| shown == raw || (shown == b'\n' && raw == b'\r'))
}
