//! REVIEW: what only shows when one looks at the archive as a whole.
//!
//! Comes in: each text with where its annotations stand. Goes out: a [`Look`] at
//! each, small enough to keep; of all of them together the problems that no
//! single file has ([`whole`]: notes written twice, topics nobody uses, reviews
//! that are due, acronyms that nobody explains) and an account of what is
//! annotated and what is not ([`audit`]).
//!
//! Nothing here stops a site from being published, and nothing of it reaches the
//! site: it is for the people who look after the archive. What day it is comes in
//! as an argument.

pub mod acronym;
pub mod astray;
pub mod audit;
mod coverage;
pub mod outward;
mod used;
pub mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};

use acronym::{Candidate, Pair};
use coverage::Coverage;
use postil_anchor::anchor::fold::fold;
use postil_anchor::anchor::{Anchored, Layers, Passage, glob};
use postil_anchor::annotation::{Annotations, Note, RowKind, Speaker, TermRowOn};
use postil_anchor::document::{BlockKind, Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic, Place};
use postil_archive::index::{NoteIx, TermIx};
use postil_archive::sidecar::date::Date;

/// A remark for each note that is one line in its margin and has no words for it.
pub fn untitled(all: &Annotations, folded: &[NoteIx]) -> Vec<Diagnostic> {
    let notes = folded.iter().map(|&note| &all.notes[note]).filter(|note| note.title.is_none());
    let remark = |note: &Note| {
        let message = "this note is one line in the margin, and has no title to stand there";
        Diagnostic::note(Code::NOTE_UNTITLED, Place::file(note.source.path.clone()), message).help(
            "give it a `title` of at most 30 characters that says what it finds, such as “Widened in 2016”",
        )
    };
    notes.map(remark).collect()
}

/// What is kept of one text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Look {
    /// The text's id.
    pub id: Arc<str>,
    /// When it was made.
    pub date: Option<Date>,
    /// Notes that say the same of the same words.
    pub problems: Vec<Diagnostic>,
    /// What may be acronyms that no term explains, by form.
    pub acronyms: BTreeMap<String, Seen>,
    /// Names that the text itself shortens: "Full Name (ABC)", in reading order.
    pub names: Vec<(Pair, Place)>,
    /// Indices of the terms that are used, sorted, each once.
    pub terms: Vec<TermIx>,
    /// How much of it has notes and topics.
    pub coverage: Coverage,
}

/// What may be an acronym, as one text has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seen {
    /// How often.
    pub count: usize,
    /// How often it heads a line, as speakers do.
    pub heads: usize,
    /// How often it may be a name or a word that is shouted.
    pub doubtful: usize,
    /// Where first.
    pub first: Place,
}

/// The words that terms explain, ready to be asked for, and those that the texts are found to have.
#[derive(Debug)]
pub struct Vocabulary<'a> {
    all: &'a Annotations,
    /// Folded form to the terms that have it.
    terms: FxHashMap<String, Vec<TermIx>>,
    /// Sums of the words that stand in small letters somewhere, as far as they could be acronyms.
    small: Mutex<FxHashSet<u64>>,
}

impl<'a> Vocabulary<'a> {
    /// All forms of all terms.
    pub fn new(all: &'a Annotations) -> Self {
        let mut terms: FxHashMap<String, Vec<TermIx>> = FxHashMap::default();
        for (index, term) in all.terms.iter_enumerated() {
            for form in std::iter::once(&term.term).chain(&term.forms).chain(&term.misprints) {
                terms.entry(fold(&form.value)).or_default().push(index);
            }
        }
        let vocabulary = Self { all, terms, small: Mutex::default() };
        // A speaker's name is a word, however the text prints it.
        let rows = all.apparatuses.iter().flat_map(|apparatus| &apparatus.structure);
        for row in rows {
            for speaker in row.part.speaker.iter().flat_map(Speaker::each) {
                if let Speaker::Name(name) = speaker {
                    _ = vocabulary.hear(name);
                }
            }
        }
        vocabulary
    }

    /// Takes in what an earlier run heard of a text ([`look`]).
    pub fn heard(&self, sums: &[u64]) {
        self.small.lock().unwrap_or_else(PoisonError::into_inner).extend(sums);
    }

    /// Takes in the words of a text that stand in small letters, and gives their sums.
    fn hear(&self, text: &str) -> Vec<u64> {
        let mut heard = FxHashSet::default();
        for run in runs(text, char::is_alphabetic) {
            let word = &text[run];
            let mut letters = word.chars();
            let first = letters.next();
            let is_word = (2..=acronym::LONGEST * 4).contains(&word.len()) && letters.all(char::is_lowercase);
            if is_word && first.is_some() {
                heard.insert(sum(word));
            }
        }
        let mut sums: Vec<u64> = heard.into_iter().collect();
        sums.sort_unstable();
        self.heard(&sums);
        sums
    }

    /// Whether a word stands in small letters somewhere in the archive.
    fn is_word(&self, form: &str) -> bool {
        self.small.lock().unwrap_or_else(PoisonError::into_inner).contains(&sum(form))
    }

    /// The first term that has this form in this text.
    pub fn term(&self, form: &str, text: &str) -> Option<TermIx> {
        let is_for = |&index: &TermIx| {
            let texts = &self.all.terms[index].texts;
            texts.is_empty() || glob::any_matches(texts, text)
        };
        self.terms.get(&fold(form))?.iter().copied().find(is_for)
    }
}

/// A sum of a word, however it is written.
fn sum(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    word.chars().flat_map(char::to_lowercase).for_each(|c| hasher.write_u32(c.into()));
    hasher.finish()
}

/// The acronyms that no term explains, sorted by form, each with the texts that have it: names, and
/// words that are shouted, are none. What a text itself explains in brackets is one for certain.
pub(crate) fn unexplained<'l>(
    looks: &'l [Look],
    vocabulary: &Vocabulary<'_>,
) -> BTreeMap<&'l str, Vec<(&'l Look, &'l Seen)>> {
    let mut forms: BTreeMap<&str, Vec<(&Look, &Seen)>> = BTreeMap::new();
    for look in looks {
        for (form, seen) in &look.acronyms {
            forms.entry(form).or_default().push((look, seen));
        }
    }
    let explained: BTreeSet<&str> =
        looks.iter().flat_map(|look| &look.names).map(|(pair, _)| pair.short.as_str()).collect();
    forms.retain(|form, texts| {
        let sum_of = |of: fn(&Seen) -> usize| texts.iter().map(|(_, seen)| of(seen)).sum::<usize>();
        let count = sum_of(|seen| seen.count);
        let is_head = count > 1 && sum_of(|seen| seen.heads) == count;
        let is_shouted = sum_of(|seen| seen.doubtful) == count;
        explained.contains(form) || !(is_head || is_shouted || vocabulary.is_word(form))
    });
    forms
}

/// Looks at one text. Gives what was heard of it, too: sums of its words in small letters.
pub fn look(
    doc: &Document,
    anchored: &Anchored,
    layers: &Layers<'_>,
    vocabulary: &Vocabulary<'_>,
) -> (Look, Vec<u64>) {
    let mut terms: Vec<TermIx> = anchored.uses.iter().map(|used| used.term).collect();
    terms.sort_unstable();
    terms.dedup();
    let mut look = Look {
        id: doc.id.clone(),
        date: layers.date,
        problems: duplicates(anchored, layers.all),
        acronyms: BTreeMap::new(),
        names: Vec::new(),
        terms,
        coverage: coverage::of(doc, anchored, layers.all),
    };
    let heard = vocabulary.hear(&doc.visible);
    let settled = settled(anchored);
    let decided: Vec<&str> = layers
        .apparatuses
        .iter()
        .flat_map(|apparatus| &apparatus.terms)
        .filter_map(|row| match &row.on {
            TermRowOn::Form(form) => Some(form.as_str()),
            TermRowOn::Place(_) => None,
        })
        .collect();
    for block in doc.blocks.iter().filter(|block| !matches!(block.kind, BlockKind::Code)) {
        let text = doc.words(block.text);
        let in_text = |range: &std::ops::Range<usize>| {
            TextRange::new(block.text.start + range.start, block.text.start + range.end)
        };
        for pair in acronym::pairs(text) {
            let range = in_text(&pair.range);
            look.names.push((pair, doc.place(range)));
        }
        for Candidate { range, form, doubtful, heads } in acronym::candidates(text) {
            let place = in_text(&range);
            let known = overlaps(&settled, place)
                || decided.contains(&form)
                || vocabulary.term(form, &doc.id).is_some();
            if !known {
                let first = || Seen { count: 0, heads: 0, doubtful: 0, first: doc.place(place) };
                let seen = look.acronyms.entry(form.to_owned()).or_insert_with(first);
                seen.count += 1;
                seen.heads += usize::from(heads);
                seen.doubtful += usize::from(doubtful);
            }
        }
    }
    (look, heard)
}

/// What is spoken for: uses of terms, corrections, names of speakers, and what is folded away.
/// Sorted, not touching.
fn settled(anchored: &Anchored) -> Vec<TextRange> {
    let uses = anchored.uses.iter().flat_map(|used| &used.passage.ranges);
    let rows = anchored.structure.iter().chain(&anchored.parts);
    let speakers = rows.filter(|row| row.part.kind == RowKind::Speaker);
    let speakers = speakers.flat_map(|row| &row.place.ranges);
    let corrections = anchored.corrections.iter().flat_map(|row| &row.place.ranges);
    let hidden = anchored.furniture.iter().map(|hidden| &hidden.range);
    coverage::union(uses.chain(corrections).chain(speakers).chain(hidden).copied().collect())
}

/// Runs of characters that `belongs` takes, in bytes.
fn runs(text: &str, belongs: impl Fn(char) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| belongs(*c)) {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = end,
            _ => runs.push(at..end),
        }
    }
    runs
}

/// Whether a range meets one of a sorted list.
fn overlaps(sorted: &[TextRange], range: TextRange) -> bool {
    let next = sorted.partition_point(|other| other.end <= range.start);
    sorted.get(next).is_some_and(|other| other.start < range.end)
}

/// What makes two notes the same: where they stand, what they say and, if they say nothing, their topics.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Saying<'a> {
    places: Vec<&'a [TextRange]>,
    body: String,
    topics: Vec<&'a str>,
}

/// Notes that say the same of the same words.
fn duplicates(anchored: &Anchored, all: &Annotations) -> Vec<Diagnostic> {
    let mut first: BTreeMap<Saying<'_>, &Note> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut placed: Vec<&(NoteIx, Vec<Passage>)> = anchored.notes.iter().collect();
    placed.sort_by_key(|(index, _)| *index);
    for (index, places) in placed {
        if anchored.unplaced.contains(index) {
            continue;
        }
        let note = &all.notes[*index];
        let body = fold(&note.body.text);
        let mut topics: Vec<&str> = Vec::new();
        if body.is_empty() {
            topics.extend(note.topics.iter().map(|topic| topic.value.as_str()));
            topics.sort_unstable();
        }
        let saying = Saying { places: places.iter().map(|place| &place.ranges[..]).collect(), body, topics };
        match first.entry(saying) {
            std::collections::btree_map::Entry::Occupied(other) => problems.push(
                Diagnostic::warning(
                    Code::NOTE_DUPLICATE,
                    note.source.place(note.body.span),
                    "another note says the same of the same words",
                )
                .related(other.get().source.place(other.get().body.span), "the other note")
                .help("remove one of the two"),
            ),
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(note);
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests;
