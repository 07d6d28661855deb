//! What two wordings have in common, word by word.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A stretch of two wordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// In both.
    Kept(&'a str),
    /// In the old one only.
    Gone(&'a str),
    /// In the new one only.
    Come(&'a str),
}

/// The stretches, in order, each with the white space after its words; of a
/// replacement, what is gone comes first.
pub fn pieces<'a>(old: &'a str, new: &'a str) -> Vec<Piece<'a>> {
    let (old, new) = (Words::new(old), Words::new(new));
    let mut pieces = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old.words, &new.words) {
        match op {
            DiffOp::Equal { new_index, len, .. } => pieces.push(Piece::Kept(new.from(new_index, len))),
            DiffOp::Delete { old_index, old_len, .. } => {
                pieces.push(Piece::Gone(old.from(old_index, old_len)))
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                pieces.push(Piece::Come(new.from(new_index, new_len)))
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                pieces.push(Piece::Gone(old.from(old_index, old_len)));
                pieces.push(Piece::Come(new.from(new_index, new_len)));
            }
        }
    }
    pieces
}

/// Whether so much stays that the one is the other, mended: at least as many words as go, and as come.
pub fn is_alike(pieces: &[Piece<'_>]) -> bool {
    let count = |words: &str| words.split_whitespace().count();
    let (mut kept, mut gone, mut come) = (0, 0, 0);
    for piece in pieces {
        match piece {
            Piece::Kept(words) => kept += count(words),
            Piece::Gone(words) => gone += count(words),
            Piece::Come(words) => come += count(words),
        }
    }
    kept >= gone && kept >= come && kept > 0
}

/// A text as words, and the way back to it.
struct Words<'a> {
    text: &'a str,
    /// Without the white space after them, which does not count.
    words: Vec<&'a str>,
    /// Where each begins; last, the end of the text.
    starts: Vec<usize>,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let (mut words, mut starts) = (Vec::new(), Vec::new());
        let mut at = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            if !word.trim().is_empty() {
                words.push(word.trim_end());
                starts.push(at);
            }
            at += word.len();
        }
        starts.push(text.len());
        Self { text, words, starts }
    }

    fn from(&self, first: usize, count: usize) -> &'a str {
        &self.text[self.starts[first]..self.starts[first + count]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_and_white_space_is_not() {
        let found = pieces("The remit  of the GLA\nwas narrow.", "The remit of the Authority was narrow.");
        use Piece::{Come, Gone, Kept};
        assert_eq!(
            found,
            [Kept("The remit of the "), Gone("GLA\n"), Come("Authority "), Kept("was narrow.")]
        );
        assert!(is_alike(&found));
        assert!(!is_alike(&pieces("One line", "Another thing")));
        assert!(!is_alike(&pieces("", "x")) && !is_alike(&pieces(" ", "")));
    }
}
