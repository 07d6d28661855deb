//! Folding: two spellings that a reader takes for the same become the same.
//!
//! A quotation is typed on another keyboard than the text, or copied from a
//! page that prints curly marks. Folding takes away exactly the differences
//! that no reader would defend (white space, kinds of quotation marks and
//! dashes, invisible characters, composed or decomposed letters) and nothing
//! else: case, accents and wording stay. `tests/vectors/fold.json` pins it for
//! this code and for the browser's.
//!
//! It works grapheme cluster by grapheme cluster, so that a letter is never
//! taken for the same letter with an accent. Folding all of a text this way
//! would cost more than the rest of its build; so runs that fold to themselves
//! are copied whole, and the [`Map`] back holds one entry for each jump, not for
//! each byte.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

/// A folded text with the way back to its source.
#[derive(Debug, Default)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// The way back.
    pub map: Map,
}

/// The way from bytes of a folded text back to bytes of its source.
///
/// The folded text is a row of stretches. A *run* goes on byte by byte as its
/// source does; a *unit* (an opened ligature, a composed letter) stands for its
/// source as a whole.
#[derive(Debug, Default)]
pub struct Map {
    jumps: Vec<Jump>,
}

/// Where a stretch begins.
#[derive(Debug, Clone, Copy)]
struct Jump {
    /// Its first byte in the folded text.
    folded: usize,
    /// Its first byte in the source.
    source: usize,
    /// Where the stretch before it ends in the source; what lies between `back`
    /// and `source` was dropped.
    back: usize,
    /// Whether the stretch is a unit.
    unit: bool,
}

/// Folds a text, without a way back.
pub fn fold(text: &str) -> String {
    fold_with_map(text).text
}

/// Folds a text.
pub fn fold_with_map(text: &str) -> Folded {
    let mut folder = Folder::default();
    folder.push(text, 0);
    folder.finish()
}

/// Whether folding leaves nothing of this character but, at most, a space.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_dropped(c)
}

impl Map {
    /// The source byte at which the folded text from `at` on begins.
    pub fn start(&self, at: usize) -> usize {
        match self.stretch(at) {
            Some(jump) if jump.unit => jump.source,
            Some(jump) => jump.source + (at - jump.folded),
            None => 0,
        }
    }

    /// The source byte at which the folded text before `at` ends.
    pub fn end(&self, at: usize) -> usize {
        let i = self.jumps.partition_point(|jump| jump.folded < at);
        match i.checked_sub(1).map(|before| self.jumps[before]) {
            Some(jump) if jump.unit => self.jumps.get(i).map_or(jump.source, |next| next.back),
            Some(jump) => jump.source + (at - jump.folded),
            None => self.jumps.first().map_or(0, |first| first.source),
        }
    }

    /// Whether `at` lies inside what stands for one cluster of the source.
    pub fn splits(&self, at: usize) -> bool {
        self.stretch(at).is_some_and(|jump| jump.unit && at > jump.folded)
    }

    /// The first folded byte that stands for the source byte `at` or a later one.
    pub fn folded(&self, at: usize) -> usize {
        let i = self.jumps.partition_point(|jump| jump.source <= at);
        let Some(jump) = i.checked_sub(1).map(|before| self.jumps[before]) else { return 0 };
        match self.jumps.get(i) {
            Some(next) if at > jump.source && (jump.unit || at >= next.back) => next.folded,
            Some(_) => jump.folded + (at - jump.source),
            None => jump.folded,
        }
    }

    fn stretch(&self, at: usize) -> Option<Jump> {
        let i = self.jumps.partition_point(|jump| jump.folded <= at);
        i.checked_sub(1).map(|before| self.jumps[before])
    }
}

/// Folds a text that comes in pieces, each from its own place in the source.
///
/// What lies between two pieces is left out as if it had never been there:
/// white space on both sides of the gap counts once.
#[derive(Debug, Default)]
pub(super) struct Folder {
    out: Folded,
    /// Where the source of what is written so far ends.
    back: usize,
    /// Whether the next byte written begins a stretch, because the last one was a unit.
    after_unit: bool,
}

impl Folder {
    /// Folds the next piece; its first byte is byte `origin` of the source.
    pub(super) fn push(&mut self, piece: &str, origin: usize) {
        let mut at = 0;
        while at < piece.len() {
            let mut run = plain_ascii(&piece.as_bytes()[at..], self.ends_in_space());
            let rest = piece[at + run..].chars().next();
            if run > 0 && rest.is_some_and(|c| !stands_alone(c)) {
                // The last letter may form a cluster with what follows.
                run -= 1;
            }
            self.copy(&piece[at..at + run], origin + at);
            at += run;
            at += self.push_cluster(&piece[at..], origin + at);
        }
    }

    /// Folds a piece that stands, as a whole, for a stretch of the source.
    pub(super) fn push_instead(&mut self, piece: &str, start: usize, end: usize) {
        let folded = fold(piece);
        let spaced = piece.starts_with(char::is_whitespace) && !self.ends_in_space();
        let trailing = piece.ends_with(char::is_whitespace) && !folded.is_empty();
        let whole = format!("{}{folded}{}", if spaced { " " } else { "" }, if trailing { " " } else { "" });
        self.unit(&whole, start, end);
    }

    /// The folded text, trimmed.
    pub(super) fn finish(mut self) -> Folded {
        if self.out.text.ends_with(' ') {
            self.back = self.out.map.end(self.out.text.len() - 1);
            self.out.text.pop();
        }
        let end = self.out.text.len();
        let jumps = &mut self.out.map.jumps;
        if jumps.last().is_some_and(|last| last.folded >= end) {
            jumps.pop();
        }
        jumps.push(Jump { folded: end, source: self.back, back: self.back, unit: false });
        self.out
    }

    /// Folds the first cluster of `rest`; says how long it is.
    fn push_cluster(&mut self, rest: &str, source: usize) -> usize {
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { return 0 };
        if stands_alone(first) && chars.next().is_none_or(stands_alone) {
            let len = first.len_utf8();
            self.push_char(first, source);
            return len;
        }
        let cluster = cluster(rest);
        self.push_joined(cluster, source);
        cluster.len()
    }

    /// Folds a cluster that is one character.
    fn push_char(&mut self, c: char, source: usize) {
        let len = c.len_utf8();
        if c.is_whitespace() {
            self.space(source, source + len);
        } else if is_dropped(c) {
        } else if let Some(other) = replacement(c) {
            self.unit(other, source, source + len);
        } else {
            self.copy(c.encode_utf8(&mut [0; 4]), source);
        }
    }

    /// Folds a cluster of several characters, or one that composes.
    fn push_joined(&mut self, cluster: &str, source: usize) {
        let end = source + cluster.len();
        if cluster.chars().all(is_blank) {
            if cluster.chars().any(char::is_whitespace) {
                self.space(source, end);
            }
            return;
        }
        let changes = |c: char| is_blank(c) || replacement(c).is_some();
        if is_nfc(cluster) && !cluster.chars().any(changes) {
            self.copy(cluster, source);
            return;
        }
        let mut seen = String::with_capacity(cluster.len());
        for c in cluster.chars() {
            if c.is_whitespace() {
                if !(seen.is_empty() && self.ends_in_space() || seen.ends_with(' ')) {
                    seen.push(' ');
                }
            } else if let Some(other) = replacement(c) {
                seen.push_str(other);
            } else if !is_dropped(c) {
                seen.push(c);
            }
        }
        // Now that nothing stands between a letter and its marks.
        let folded: String = seen.nfc().collect();
        self.unit(&folded, source, end);
    }

    /// One space for white space, unless one stands there already.
    fn space(&mut self, start: usize, end: usize) {
        if self.ends_in_space() {
            return;
        }
        if end - start == 1 {
            self.copy(" ", start);
        } else {
            self.unit(" ", start, end);
        }
    }

    /// Whether a space would be one too many: after a space, or at the very beginning.
    fn ends_in_space(&self) -> bool {
        self.out.text.is_empty() || self.out.text.ends_with(' ')
    }

    fn copy(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        if self.after_unit || self.back != source || self.out.text.is_empty() {
            self.jump(source, false);
        }
        self.out.text.push_str(text);
        self.back = source + text.len();
        self.after_unit = false;
    }

    fn unit(&mut self, text: &str, start: usize, end: usize) {
        if text.is_empty() {
            return;
        }
        self.jump(start, true);
        self.out.text.push_str(text);
        self.back = end;
        self.after_unit = true;
    }

    fn jump(&mut self, source: usize, unit: bool) {
        let folded = self.out.text.len();
        self.out.map.jumps.push(Jump { folded, source, back: self.back, unit });
    }
}

/// The first cluster of a text: what is dropped parts no letter from its marks.
fn cluster(text: &str) -> &str {
    let mut piece = text.graphemes(true).next().unwrap_or(text);
    let mut end = piece.len();
    let mut last = None;
    loop {
        let next = text[end..].trim_start_matches(is_dropped);
        if next.len() == text.len() - end {
            break;
        }
        last = piece.chars().rev().find(|&c| !is_dropped(c)).or(last);
        piece = next.graphemes(true).next().unwrap_or_default();
        let joins = |(last, mark): (char, char)| {
            !last.is_whitespace() && [last, mark].iter().collect::<String>().graphemes(true).count() == 1
        };
        if !last.zip(piece.chars().next()).is_some_and(joins) {
            break;
        }
        end = text.len() - next.len() + piece.len();
    }
    &text[..end]
}

/// How many bytes fold to themselves at the beginning: ASCII, without a space after a space.
fn plain_ascii(bytes: &[u8], mut after_space: bool) -> usize {
    for (i, &b) in bytes.iter().enumerate() {
        let space = b == b' ';
        if !b.is_ascii() || (space && after_space) || matches!(b, b'\t'..=b'\r') {
            return i;
        }
        after_space = space;
    }
    bytes.len()
}

/// Whether a character never forms a cluster with another of this kind, and
/// does not change under NFC beside one. Only a short cut around the tables of
/// Unicode, for the scripts and marks that are common in archives: what is
/// missing here folds the same, more slowly.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\0'..='\x7f' // CRLF is one cluster, but two characters of white space fold to one space just so
        | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' // Latin
        | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' // Cyrillic
        | '\u{2010}'..='\u{2027}' | '\u{202f}'..='\u{205e}' // dashes, quotation marks
        | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' // kana
        | '\u{3001}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' // punctuation, Han
        | '\u{fb00}'..='\u{fb06}' // ligatures
    )
}

/// Characters that no reader sees: soft hyphen, zero-width and direction marks.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What a character is folded to, if it is one of those with several spellings.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | 'ʼ' => "'",
        '“' | '”' | '„' | '‟' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => "-",
        '…' => "...",
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return None,
    })
}
