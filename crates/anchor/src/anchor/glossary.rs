//! The glossary, compiled once for all texts.
//!
//! All forms of all terms are looked for in one pass. The automaton reports
//! *every* hit, not only the leftmost-longest, because whether a hit counts is
//! decided by what stands around it: in `MPs met` the longer form `MPS` must not
//! hide `MP`, and a form that would end inside a word must not hide a shorter
//! one. The leftmost-longest of the hits that count is chosen after.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::FxHashMap;

use super::fold::fold;
use super::hint::same_length_lower;
use super::words::is_word;
use crate::annotation::{Case, Located, Term};
use postil_archive::archive::MarkTerms;
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Span};
use postil_archive::index::TermIx;
use typed_index_collections::{TiSlice, TiVec};

/// The compiled glossary; shared by all threads.
#[derive(Debug, Default)]
pub struct Glossary {
    /// Forms that are matched as written.
    exact: Finder,
    /// Forms for which case does not count; matched on a text in lower case.
    any: Finder,
    slugs: FxHashMap<String, TermIx>,
    /// Of each term all that is looked for, in small letters.
    looked_for: TiVec<TermIx, Vec<String>>,
    defaults: Defaults,
}

/// What the archive says about terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Defaults {
    /// Where a use opens the definition, if the term does not say.
    pub mark: MarkTerms,
    /// Whether terms are marked in headings.
    pub headings: bool,
}

/// That a term has a certain form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// Index of the term.
    pub(super) term: TermIx,
    /// Index of the form: 0 is the term itself, then forms, then misprints.
    pub(super) form: usize,
    /// Whether the form is a misprint.
    pub(super) misprint: bool,
    /// Whether an `s` or `es` may follow.
    pub(super) plural: bool,
    /// Whether it only counts where a sentence begins.
    pub(super) initial: bool,
}

/// A stretch of a folded text that has a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'g> {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte, without a plural's ending.
    pub(super) end: usize,
    /// Who has this form.
    pub(super) claims: &'g [Claim],
}

#[derive(Debug, Default)]
struct Finder {
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton.
    claims: Vec<Vec<Claim>>,
}

impl Glossary {
    /// Compiles the terms, which later calls must get in the same order.
    ///
    /// Problems: forms without a letter or digit, and forms that stand twice in
    /// one file once both are folded.
    pub fn new(terms: &TiSlice<TermIx, Term>, defaults: Defaults) -> Checked<Self> {
        let mut problems = Vec::new();
        let (mut exact, mut any) = (Forms::default(), Forms::default());
        for (index, term) in terms.iter_enumerated().filter(|(_, term)| !term.nowhere) {
            let mut seen: BTreeMap<String, Span> = BTreeMap::new();
            for (number, form) in forms(term).enumerate() {
                let folded = fold(&form.value);
                let place = |span| term.source.place(span);
                if !folded.chars().any(is_word) {
                    problems.push(
                        Diagnostic::error(
                            Code::FORM_EMPTY,
                            place(form.span),
                            "the form holds no letter and no digit",
                        )
                        .help("write the words as the texts have them"),
                    );
                    continue;
                }
                if let Some(first) = seen.get(&folded) {
                    problems.push(
                        Diagnostic::error(
                            Code::FORM_REPEATED,
                            place(form.span),
                            format!("the form `{}` stands twice in this file", form.value),
                        )
                        .related(place(*first), "first here")
                        .help("keep one of them"),
                    );
                    continue;
                }
                if term.leaves_out(&form.value) {
                    continue;
                }
                let misprint = number > term.forms.len();
                let claim = Claim { term: index, form: number, misprint, plural: false, initial: false };
                add_form(term.case, &folded, claim, &mut exact, &mut any);
                seen.insert(folded, form.span);
            }
        }
        let slugs = terms.iter_enumerated().map(|(i, term)| (term.slug.clone(), i)).collect();
        let mut looked_for: TiVec<TermIx, Vec<String>> = vec![Vec::new(); terms.len()].into();
        for (form, claims) in
            [&exact, &any].into_iter().flat_map(|forms| forms.list.iter().zip(&forms.claims))
        {
            claims.iter().for_each(|claim| looked_for[claim.term].push(same_length_lower(form)));
        }
        let glossary = Self { exact: exact.compile(), any: any.compile(), slugs, looked_for, defaults };
        Checked::new(glossary, problems)
    }

    /// The index of the term with this slug.
    pub fn term(&self, slug: &str) -> Option<TermIx> {
        self.slugs.get(slug).copied()
    }

    /// All that is looked for of a term, folded, in small letters: it is in a text only where one of these
    /// may stand ([`Sketch`](super::sketch::Sketch)), or where an apparatus names it.
    pub fn looked_for(&self, term: TermIx) -> &[String] {
        &self.looked_for[term]
    }

    /// What the archive says about terms.
    pub fn defaults(&self) -> Defaults {
        self.defaults
    }

    /// Gives every form that stands in a folded text, in no particular order.
    pub(super) fn each_hit<'g>(&'g self, text: &str, mut give: impl FnMut(Hit<'g>)) {
        self.exact.each_hit(text, &mut give);
        if self.any.automaton.is_some() {
            self.any.each_hit(&same_length_lower(text), &mut give);
        }
    }
}

/// The forms of a term: itself, then `forms`, then `misprints`.
pub(super) fn forms(term: &Term) -> impl Iterator<Item = &Located<String>> {
    std::iter::once(&term.term).chain(&term.forms).chain(&term.misprints)
}

/// The form of a claim, as in the file.
pub(super) fn form_of(term: &Term, number: usize) -> &str {
    forms(term).nth(number).map_or("", |form| &form.value)
}

fn add_form(case: Option<Case>, folded: &str, claim: Claim, exact: &mut Forms, any: &mut Forms) {
    let capitals = folded.chars().filter(|c| c.is_uppercase()).count();
    match case {
        Some(Case::Any) => any.add(same_length_lower(folded), claim),
        Some(Case::Exact) => exact.add(folded.to_owned(), Claim { plural: is_acronym(folded), ..claim }),
        None => {
            exact.add(folded.to_owned(), Claim { plural: is_acronym(folded), ..claim });
            if let Some(raised) = raised(folded).filter(|_| capitals < 2) {
                exact.add(raised, Claim { initial: true, ..claim });
            }
        }
    }
}

/// With a capital at the beginning, if it has none.
fn raised(form: &str) -> Option<String> {
    let mut chars = form.chars();
    let first = chars.next().filter(|c| c.is_lowercase())?;
    Some(first.to_uppercase().chain(chars).collect())
}

/// One word, of capitals for the most part, two at least: `GLA`, `DfID`, `NGO`.
fn is_acronym(form: &str) -> bool {
    let capitals = form.chars().filter(|c| c.is_uppercase()).count();
    let letters = form.chars().filter(|c| c.is_alphabetic()).count();
    capitals >= 2 && 2 * capitals > letters && !form.contains(' ')
}

/// Forms on the way to an automaton, each once.
#[derive(Debug, Default)]
struct Forms {
    list: Vec<String>,
    claims: Vec<Vec<Claim>>,
    numbers: FxHashMap<String, usize>,
}

impl Forms {
    fn add(&mut self, form: String, claim: Claim) {
        let next = self.list.len();
        let number = *self.numbers.entry(form.clone()).or_insert(next);
        if number == next {
            self.list.push(form);
            self.claims.push(Vec::new());
        }
        self.claims[number].push(claim);
    }

    fn compile(self) -> Finder {
        if self.list.is_empty() {
            return Finder::default();
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(&self.list)
            .expect("sidecars are too small, all together, for the automaton's two thousand million states");
        Finder { automaton: Some(automaton), claims: self.claims }
    }
}

impl Finder {
    fn each_hit<'g>(&'g self, text: &str, give: &mut impl FnMut(Hit<'g>)) {
        let Some(automaton) = &self.automaton else { return };
        for hit in automaton.find_overlapping_iter(text) {
            let claims = &self.claims[hit.pattern().as_usize()];
            give(Hit { start: hit.start(), end: hit.end(), claims });
        }
    }
}
