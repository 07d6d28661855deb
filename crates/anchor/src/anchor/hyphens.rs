//! Words that are cut at the end of a line.
//!
//! A sign and a line end between two halves of a word are no part of it. Which signs are hyphens of the
//! word itself nobody can tell but an editor: nothing is joined that is not declared, but soft hyphens,
//! which say it themselves.

use typed_index_collections::TiVec;

use super::rows::{Of, join_runs};
use super::{Hidden, Layers};
use crate::annotation::{Hyphens, Join, Level, Located};
use crate::document::{Block, Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic};
use postil_archive::index::BlockIx;

/// Why a sign at a line end is folded away.
const REASON: &str = "hyphen at a line end";
/// Why a line end behind a hyphen is.
const BREAK: &str = "line end behind a hyphen";

/// What may follow a hyphen that is suspended (`West- und`), by language.
const SUSPENDED: [(&str, &[&str]); 7] = [
    ("en", &["and", "or", "to"]),
    ("de", &["und", "oder", "u.", "bis"]),
    ("fr", &["et", "ou"]),
    ("es", &["y", "o", "e", "u"]),
    ("it", &["e", "ed", "o"]),
    ("nl", &["en", "of"]),
    ("", &[]),
];

/// What is declared for a text.
struct Declared<'a> {
    mode: Option<Hyphens>,
    /// Words written with their hyphen, and whether each was met.
    keep: Vec<(String, &'a Located<String>, bool)>,
    join: Vec<(String, &'a Located<String>, bool)>,
}

/// A word that is cut: its sign, and where it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    sign: TextRange,
    next: usize,
}

impl Cut {
    /// The two halves of the word.
    pub fn halves(self, doc: &Document) -> (&str, String) {
        (head(doc, self.sign.start), tail(doc, self.next).trim_end_matches('.').to_owned())
    }

    /// The sign at the end of the line.
    pub fn sign(self) -> TextRange {
        self.sign
    }
}

/// What is known of words that are cut.
#[derive(Debug, Default)]
pub(super) struct Hyphened {
    /// Blocks at whose end a word goes on in another.
    pub(super) glued: Vec<u32>,
    /// Words whose sign is taken for one of the print, because the apparatus says so of all.
    pub(super) joined: Vec<Cut>,
}

/// Adds the signs and line ends of words that are joined to what is folded away.
pub(super) fn hide(
    doc: &Document,
    layers: &Layers<'_>,
    joins: &[Of<'_, Join>],
    mut hidden: Vec<Hidden>,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Hidden>, Hyphened) {
    let cuts = Cuts::new(doc, &hidden, joins).find();
    let mut declared = declared(layers);
    if cuts.is_empty() {
        problems.extend(unused(layers, &declared));
        return (hidden, Hyphened::default());
    }
    let suspended: Vec<&str> = suspended(doc.lang.as_deref());
    let (mut folds, mut undeclared) = (Vec::new(), Vec::new());
    let Hyphened { mut glued, mut joined } = Hyphened::default();
    for cut in cuts {
        let Cut { sign, next } = cut;
        let (head, tail) = (head(doc, sign.start), tail(doc, next));
        let soft = doc.words(sign) == "\u{ad}";
        if !soft {
            if suspended.contains(&tail.as_str()) {
                continue;
            }
            let Some(mode) = declared.mode else {
                undeclared.push(sign);
                continue;
            };
            let word = format!("{head}-{}", tail.trim_end_matches('.')).to_lowercase();
            let listed = |list: &mut Vec<(String, &Located<String>, bool)>| {
                list.iter_mut().filter(|(entry, ..)| *entry == word).map(|(.., met)| *met = true).count() > 0
            };
            let (kept, is_joined) = (listed(&mut declared.keep), listed(&mut declared.join));
            let keeps = match mode {
                Hyphens::Join => kept,
                Hyphens::Keep => !is_joined,
            };
            if keeps && doc.words(sign) != "¬" {
                fold(doc, TextRange::new(sign.end, next), BREAK, &mut folds);
                glue(doc, sign, next, &mut glued);
                continue;
            }
            if !is_joined {
                joined.push(cut);
            }
        }
        fold(doc, TextRange::new(sign.start, next), REASON, &mut folds);
        glue(doc, sign, next, &mut glued);
    }
    problems.extend(unused(layers, &declared));
    problems.extend(said(doc, &undeclared));
    if !folds.is_empty() {
        hidden.extend(folds);
        hidden.sort_by_key(|hidden| hidden.range);
        hidden.dedup_by(|next, before| {
            let overlaps = next.range.start < before.range.end;
            if overlaps {
                before.range.end = before.range.end.max(next.range.end);
            }
            overlaps
        });
    }
    (hidden, Hyphened { glued, joined })
}

/// What is folded of a stretch: its part in each block.
fn fold(doc: &Document, stretch: TextRange, reason: &str, folds: &mut Vec<Hidden>) {
    let first = doc.blocks.partition_point(|block| block.text.end <= stretch.start);
    for block in doc.blocks[first..].iter().take_while(|block| block.text.start < stretch.end) {
        let range = block.text.meet(stretch);
        if !range.is_empty() {
            folds.push(Hidden { range, reason: reason.to_owned() });
        }
    }
}

/// Notes where a word goes on in another block.
fn glue(doc: &Document, sign: TextRange, next: usize, glued: &mut Vec<u32>) {
    let (one, other) = (doc.block_at(sign.start).number, doc.block_at(next).number);
    if one != other {
        glued.push(one);
    }
}

fn declared<'a>(layers: &Layers<'a>) -> Declared<'a> {
    let mut declared = Declared { mode: None, keep: Vec::new(), join: Vec::new() };
    for apparatus in &layers.apparatuses {
        declared.mode = apparatus.hyphens.or(declared.mode);
        let entry = |word: &'a Located<String>| (word.value.to_lowercase(), word, false);
        declared.keep.extend(apparatus.hyphens_keep.iter().map(entry));
        declared.join.extend(apparatus.hyphens_join.iter().map(entry));
    }
    declared
}

/// Entries of a text's own lists that stand at no line end.
fn unused(layers: &Layers<'_>, declared: &Declared<'_>) -> Vec<Diagnostic> {
    let own: Vec<_> = layers.apparatuses.iter().filter(|apparatus| apparatus.level == Level::Own).collect();
    let lists = declared.keep.iter().chain(&declared.join).filter(|(.., met)| !met);
    let problem = |(_, word, _): &(String, &Located<String>, bool)| {
        let owner = own.iter().find(|apparatus| {
            apparatus
                .hyphens_keep
                .iter()
                .chain(&apparatus.hyphens_join)
                .any(|other| std::ptr::eq(other, *word))
        })?;
        let message = format!("`{}` is cut at no line end", word.value);
        let place = owner.source.place(word.span);
        Some(
            Diagnostic::warning(Code::HYPHEN_UNUSED, place, message)
                .help("take the entry out, or mend its spelling"),
        )
    };
    lists.filter_map(problem).collect()
}

/// Words that are cut while nothing is declared, once a text.
fn said(doc: &Document, undeclared: &[TextRange]) -> Option<Diagnostic> {
    let first = undeclared.first()?;
    let count = undeclared.len();
    let words = if count == 1 { "one word".to_owned() } else { format!("{count} words") };
    let message =
        format!("{words} of `{}` may be cut at line ends, so that they are not found whole", doc.id);
    Some(
        Diagnostic::warning(Code::HYPHENS_UNDECLARED, doc.place(*first), message)
            .help("write `hyphens = \"join\"` at the top of the text's apparatus if the signs are only of the print, `\"keep\"` if they are hyphens")
            .help("single words that are otherwise go into `hyphens_keep` or `hyphens_join`"),
    )
}

fn suspended(lang: Option<&str>) -> Vec<&'static str> {
    let language = lang.map(|lang| lang.split('-').next().unwrap_or(lang).to_ascii_lowercase());
    let of = SUSPENDED.iter().filter(|(of, _)| language.as_deref().is_none_or(|language| language == *of));
    of.flat_map(|(_, words)| words.iter().copied()).collect()
}

/// The word that ends before a sign, hyphens in it included.
fn head(doc: &Document, at: usize) -> &str {
    let block = doc.block_at(at).text;
    let before = &doc.visible[block.start..at];
    let start = before.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric() || *c == '-').last();
    &before[start.map_or(before.len(), |(start, _)| start)..]
}

/// The word that begins at a byte, with a stop behind it.
fn tail(doc: &Document, at: usize) -> String {
    let rest = &doc.visible[at..doc.block_at(at).text.end];
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let stop = usize::from(rest[end..].starts_with('.'));
    rest[..end + stop].to_owned()
}

/// Looks for words that are cut.
struct Cuts<'a> {
    doc: &'a Document,
    hidden: &'a [Hidden],
    /// For each block, whether it is joined to what comes after it.
    joined: TiVec<BlockIx, bool>,
}

impl<'a> Cuts<'a> {
    fn new(doc: &'a Document, hidden: &'a [Hidden], joins: &[Of<'_, Join>]) -> Self {
        let mut joined: TiVec<BlockIx, bool> = vec![false; doc.blocks.len()].into();
        for (first, last) in joins.iter().flat_map(|of| join_runs(doc, hidden, of)) {
            joined.raw[first as usize - 1..last as usize - 1].fill(true);
        }
        Self { doc, hidden, joined }
    }

    fn find(&self) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for block in &self.doc.blocks {
            let text = self.doc.words(block.text);
            let start = block.text.start;
            for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
                cuts.extend(self.cut(block, start + text[..end].trim_end().len()));
            }
            if self.goes_on(block.number) {
                cuts.extend(self.cut(block, start + text.trim_end().len()));
            }
            for sign in ['¬', '⸗'] {
                for (at, _) in text.match_indices(sign) {
                    let end = start + at + sign.len_utf8();
                    let rest = &self.doc.visible[end..block.text.end];
                    // What ends a line is found already.
                    let ends_line =
                        rest.trim_start_matches([' ', '\t']).starts_with('\n') || rest.trim().is_empty();
                    if rest.starts_with(char::is_whitespace) && !ends_line {
                        cuts.extend(self.cut(block, end));
                    }
                }
            }
        }
        cuts.sort_by_key(|cut| cut.sign);
        cuts
    }

    /// The word whose first half ends, with its sign, at a byte.
    fn cut(&self, block: &Block, end: usize) -> Option<Cut> {
        let before = &self.doc.visible[block.text.start..end];
        let sign = before.chars().next_back().filter(|c| matches!(c, '-' | '¬' | '⸗' | '\u{ad}'))?;
        let sign = TextRange::new(end - sign.len_utf8(), end);
        let letter = self.doc.visible[block.text.start..sign.start].chars().next_back()?;
        if !letter.is_alphabetic() || self.hides(sign.start).is_some() {
            return None;
        }
        let next = self.next(block, end)?;
        let goes_on =
            self.doc.visible[next..].chars().next().is_some_and(|c| c.is_alphabetic() && c.is_lowercase());
        goes_on.then_some(Cut { sign, next })
    }

    /// Whether a block is joined to what comes after it.
    fn goes_on(&self, number: u32) -> bool {
        BlockIx::of_number(number).is_some_and(|block| self.joined[block])
    }

    /// The furniture that a byte lies in.
    fn hides(&self, at: usize) -> Option<TextRange> {
        let i = self.hidden.partition_point(|hidden| hidden.range.end <= at);
        self.hidden.get(i).map(|hidden| hidden.range).filter(|range| range.start <= at)
    }

    /// The next byte that is neither white space nor furniture, in this block or one joined to it.
    fn next(&self, block: &Block, from: usize) -> Option<usize> {
        let mut block = block;
        let mut at = from;
        loop {
            if at >= block.text.end {
                if !self.goes_on(block.number) {
                    return None;
                }
                block = self.doc.block(block.number + 1)?;
                at = block.text.start;
                continue;
            }
            if let Some(range) = self.hides(at) {
                at = range.end;
                continue;
            }
            let c = self.doc.visible[at..].chars().next()?;
            if !c.is_whitespace() {
                return Some(at);
            }
            at += c.len_utf8();
        }
    }
}
