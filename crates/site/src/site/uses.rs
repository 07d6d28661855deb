//! Uses of the glossary's terms, and those of them that are shown in context.
//!
//! A large archive has millions of uses, and the page of a term shows the first
//! [`MOST_SHOWN`] by date. So a text leaves behind how often it uses a term
//! ([`Used`]), and words in context ([`Line`]) only while they are among the first.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use typed_index_collections::{TiSlice, TiVec};

use postil_anchor::annotation::Speaker;

use super::Facts;
use postil_archive::index::{SenseIx, TermIx, TextIx};

/// Most uses of a term that are shown with the words around them; beyond, the search finds them.
pub const MOST_SHOWN: usize = 500;

/// How often a text uses a term in one sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Index of the term.
    pub term: TermIx,
    /// Index of the sense.
    pub sense: SenseIx,
    /// How often.
    pub count: usize,
}

/// One use of a term in its context: a line of a concordance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Index of the text.
    pub text: TextIx,
    /// Block.
    pub block: u32,
    /// Words before, white space as single spaces.
    pub left: String,
    /// The words as they stand.
    pub words: String,
    /// Words after.
    pub right: String,
    /// Who says them.
    pub speaker: Option<Speaker>,
}

/// How often each of so many terms is used in all texts.
pub fn totals(facts: &TiSlice<TextIx, Facts>, terms: usize) -> TiVec<TermIx, usize> {
    let mut out: TiVec<TermIx, usize> = vec![0; terms].into();
    for used in facts.iter().flat_map(|f| &f.uses) {
        out[used.term] += used.count;
    }
    out
}

/// Takes in lines from texts in any order, and keeps the first of each term: by
/// the rank of the text, then in reading order.
#[derive(Debug)]
pub struct Shown(TiVec<TermIx, Mutex<Kept>>);

/// Lines by the rank of their text and their place among those of the text.
type Kept = BTreeMap<(usize, usize), Line>;

impl Shown {
    /// None yet, of so many terms.
    pub fn new(terms: usize) -> Self {
        Self((0..terms).map(|_| Mutex::default()).collect())
    }

    /// Takes in the first [`MOST_SHOWN`] lines of a term in the text of this rank;
    /// they are not made if earlier texts have enough.
    pub fn add(&self, term: TermIx, rank: usize, lines: impl Iterator<Item = Line>) {
        let enough =
            |kept: &Kept| kept.len() >= MOST_SHOWN && kept.last_key_value().is_some_and(|l| l.0.0 < rank);
        if enough(&self.lock(term)) {
            return;
        }
        let lines: Vec<Line> = lines.take(MOST_SHOWN).collect();
        let mut kept = self.lock(term);
        kept.extend(lines.into_iter().enumerate().map(|(i, line)| ((rank, i), line)));
        while kept.len() > MOST_SHOWN {
            kept.pop_last();
        }
    }

    /// The lines of each term, the earliest first.
    pub fn finish(self) -> TiVec<TermIx, Vec<Line>> {
        let lines = |kept: Mutex<Kept>| kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.0.into_iter().map(|kept| lines(kept).into_values().collect()).collect()
    }

    fn lock(&self, term: TermIx) -> MutexGuard<'_, Kept> {
        self.0[term].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_in_whatever_order_texts_come() {
        let of = |rank: usize, count: usize| {
            let line = move |i| Line {
                text: rank.into(),
                block: i,
                left: String::new(),
                words: String::new(),
                right: String::new(),
                speaker: None,
            };
            (rank, (0..u32::try_from(count).expect("few")).map(line))
        };
        let half = MOST_SHOWN / 2;
        let texts = [of(0, half), of(1, 1), of(2, MOST_SHOWN + 7), of(3, 4)];
        let kept = |order: &[usize]| {
            let shown = Shown::new(2);
            order
                .iter()
                .map(|&i| texts[i].clone())
                .for_each(|(rank, lines)| shown.add(1.into(), rank, lines));
            shown.finish().raw
        };
        let all = kept(&[0, 1, 2, 3]);
        assert_eq!(all[0], []);
        assert_eq!(all[1].len(), MOST_SHOWN);
        assert_eq!(all[1][half].text, 1.into());
        assert_eq!(
            (all[1][MOST_SHOWN - 1].text, all[1][MOST_SHOWN - 1].block as usize),
            (2.into(), MOST_SHOWN - half - 2)
        );
        for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
            assert_eq!(kept(&order), all, "{order:?}");
        }
    }

    #[test]
    fn lines_that_would_not_be_kept_are_not_made() {
        let line = || Line {
            text: 0.into(),
            block: 0,
            left: String::new(),
            words: String::new(),
            right: String::new(),
            speaker: None,
        };
        let shown = Shown::new(1);
        shown.add(0.into(), 1, (0..MOST_SHOWN).map(|_| line()));
        shown.add(0.into(), 2, std::iter::once_with(|| unreachable!("an earlier text has enough")));
        shown.add(0.into(), 0, std::iter::once_with(line));
        assert_eq!(shown.finish().raw[0].len(), MOST_SHOWN);
    }
}
