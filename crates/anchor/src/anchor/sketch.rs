//! What letters stand in a text, in little: enough to say that a form is not among them.
//!
//! A form that is added to the glossary, changed or taken away concerns the texts in which it may stand, and no
//! others. A sketch (a Bloom filter) of all that the glossary is looked for in is kept of each text: it may take a
//! form for one that stands there, and never the other way round.

use serde::{Deserialize, Serialize};

use super::hint::same_length_lower;

/// Bytes that are looked at together.
const GRAM: usize = 4;
/// Longest ending of an acronym's plural.
const LONGEST_ENDING: usize = 2;
/// Bits of a sketch, as powers of two: of the shortest text, and at most.
const BITS: (u32, u32) = (9, 21);

/// The letters of one text, in little.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch(Box<[u64]>);

impl Sketch {
    /// Of a folded text.
    pub(super) fn of(folded: &str) -> Self {
        let lower = same_length_lower(folded);
        let bits = (2 * lower.len()).next_power_of_two().clamp(1 << BITS.0, 1 << BITS.1);
        let mut sketch = Self(vec![0; bits / 64].into());
        lower.as_bytes().windows(GRAM).for_each(|gram| sketch.add(gram_key(gram)));
        let runs = lower.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        let short = runs.filter(|run| (1..GRAM + LONGEST_ENDING).contains(&run.len()));
        short.for_each(|run| sketch.add(run_key(run)));
        sketch
    }

    /// Whether a form may stand in the text, given as [`Glossary::looked_for`](super::glossary::Glossary::looked_for) has it.
    pub fn may_hold(&self, form: &str) -> bool {
        let bytes = form.as_bytes();
        if bytes.len() >= GRAM {
            return bytes.windows(GRAM).all(|gram| self.has(gram_key(gram)));
        }
        // A short form stands in many words, but it is found as a word only: by itself, or in the plural.
        let is_run = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_alphanumeric);
        !is_run || ["", "s", "es"].iter().any(|end| self.has(run_key(&[bytes, end.as_bytes()].concat())))
    }

    fn add(&mut self, key: u64) {
        for bit in self.bits(key) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }

    fn has(&self, key: u64) -> bool {
        !self.0.is_empty() && self.bits(key).into_iter().all(|bit| self.0[bit / 64] & 1 << (bit % 64) != 0)
    }

    /// The two bits of a key.
    fn bits(&self, key: u64) -> [usize; 2] {
        let count = 64 * self.0.len() as u64;
        let first = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let second = (first ^ (first >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        [first, second].map(|hash| (((hash >> 32) * count) >> 32) as usize)
    }
}

fn gram_key(gram: &[u8]) -> u64 {
    gram.iter().fold(0, |key, byte| (key << 8) | u64::from(*byte))
}

/// Of a run: other than that of any gram.
fn run_key(run: &[u8]) -> u64 {
    run.iter().fold(1, |key, byte| (key << 8) | u64::from(*byte)) | 1 << 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_is_never_denied() {
        let text = "the GLA said, of 3 NGOs and mps in Zürich: 難民の権利 is a right; Über-Lange Wörter";
        let sketch = Sketch::of(text);
        let lower = same_length_lower(text);
        for form in ["gla", "ngo", "mp", "3", "zürich", "難民", "権利 is", "über-lange wörter", "the"]
        {
            assert!(lower.contains(form) && sketch.may_hold(form), "{form}");
        }
        let held = ["gl", "sai", "ngos and nobody", "refugee", "zurich", "right of way"];
        assert_eq!(held.iter().filter(|form| sketch.may_hold(form)).count(), 0);
        assert!(!Sketch::default().may_hold("a form"));
    }
}
