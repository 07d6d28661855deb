//! All postings become the files of `search/`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::concordance::{self, Concordance, Found, Place, word};
use crate::facets::{COLUMN, Facet, Facets};
use crate::files::{Files, Put};
use crate::heap::{Heap, Run};
use crate::language::{Rules, Tables};
use crate::lexicon::{Group, Numbering, group};
use crate::merge::Merge;
use crate::scratch::{Memory, Scratch};
use crate::script::literal;
use crate::shard::{Lexicon, put_aside};
use crate::store::{self, Shown};
use crate::text::{Class, Order, TextPostings};
use crate::token::Marks;
use crate::{Named, spelling};
use postil_archive::diagnostic::Error;

/// What reads the index in the browser: the files of `engine/`, made small by `tests/small`.
const ENGINE: &str = include_str!("engine/small.js");

/// Version of the format; the engine is of the same.
const VERSION: u32 = 5;

/// How the index is laid out, and what its making may take.
#[derive(Debug, Clone, Copy)]
pub struct Options<'s> {
    /// Up to this many bytes the whole index is one file.
    pub together: usize,
    /// Postings held in memory before they are put aside, in bytes. The index
    /// is the same whatever it is.
    pub budget: usize,
    /// Bytes of what was put aside that are read back at a time, of each sorted part. The index is the same
    /// whatever it is.
    pub piece: usize,
    /// Where they are put aside; in memory if there is none.
    pub scratch: Option<&'s dyn Scratch>,
    /// What became of marks on letters in what is taken in: queries are cut as texts were.
    pub marks: Marks,
    /// Folded words that readers write before the number of a paragraph.
    pub paragraphs: &'s [String],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            together: 256 * 1024,
            budget: 64 * 1024 * 1024,
            piece: 256 * 1024,
            scratch: None,
            marks: Marks::Fold,
            paragraphs: &[],
        }
    }
}

/// What the engine reads first.
#[derive(Serialize)]
struct Manifest {
    version: u32,
    /// Whether marks on letters are kept.
    marks: Marks,
    /// What holds in the languages of the archive.
    words: Tables,
    /// What readers write before the number of a paragraph.
    paragraphs: Vec<String>,
    /// Segments of texts, terms and topics: where each class ends.
    ends: [u32; 3],
    /// First forms of the files of terms, separated by spaces; their names without
    /// the kind, one after the other. Every reader loads these: so packed they are
    /// a fifth smaller.
    terms: (String, String),
    /// For each group of files of texts: segments from the first of the group before, segments
    /// in a file; the names as those of terms.
    texts: (Vec<(usize, usize)>, String),
    /// Name of the file that says where references are, as `texts` does; empty without any.
    references: String,
    /// Name of the file of filters.
    filters: String,
    /// Names of the columns, and how many segments each has, as a power of two.
    columns: (u32, Vec<String>),
    /// Each year that texts are from, with its first segment; last, with no
    /// year, the first segment without a date.
    years: Vec<(Option<i32>, u32)>,
    /// Segments (the first, and the one after the last) of texts that may be of several years, with
    /// the first and the last of these; none where it is open.
    reaches: Vec<(u32, u32, Option<i32>, Option<i32>)>,
    /// The longest of its words, and name of a list; a list begins where the one before ends.
    spelling: Vec<(usize, String)>,
}

/// What stands with a segment that is not the first of its text.
const NO_REFERENCE: &str = "0";
/// No more is held than a heap can count, whatever the budget.
const MOST_BUDGET: usize = 1 << 30;

/// Takes in texts, terms and topics in any order and from many threads, and writes the index.
///
/// Holds no more postings than the budget allows, and of each text little more
/// than its address, title and date.
#[derive(Debug)]
pub struct Builder<'s> {
    options: Options<'s>,
    scratch: Store<'s>,
    heaps: Vec<Mutex<Heap>>,
    runs: Mutex<Vec<Run>>,
    texts: Mutex<Texts>,
}

/// The scratch that was given, or one of our own.
#[derive(Debug)]
enum Store<'s> {
    Given(&'s dyn Scratch),
    Own(Memory),
}

impl Store<'_> {
    fn get(&self) -> &dyn Scratch {
        match self {
            Self::Given(scratch) => *scratch,
            Self::Own(memory) => memory,
        }
    }
}

/// What is kept of each text, in the order in which they came.
#[derive(Debug, Default)]
struct Texts {
    kept: Vec<Kept>,
    words: Vec<Box<[u32]>>,
    /// Ids and names of blocks, each once.
    strings: Interner,
    values: Vec<(Facet, Named)>,
    value_ids: FxHashMap<(Facet, Named), u32>,
}

#[derive(Debug)]
struct Kept {
    order: Order,
    title: Box<str>,
    shown: Box<[Shown]>,
    /// Its references, with the first segment; nothing with the others.
    references: Box<[Shown]>,
    /// Value of a filter, with the segments that have it.
    marks: Box<[(u32, Vec<u32>)]>,
    names: Vec<String>,
    rules: Rules,
    /// Anchor and label of each block, and where its words end in the scratch.
    blocks: Box<[(u32, u32, u32)]>,
    /// Where the words of its blocks begin there.
    at: u64,
}

#[derive(Debug, Default)]
struct Interner {
    ids: FxHashMap<Arc<str>, u32>,
    all: Vec<Arc<str>>,
}

impl Interner {
    fn id(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let text: Arc<str> = text.into();
        self.ids.insert(text.clone(), self.all.len() as u32);
        self.all.push(text);
        self.all.len() as u32 - 1
    }
}

impl<'s> Builder<'s> {
    /// With nothing in it.
    pub fn new(options: Options<'s>) -> Self {
        let heaps = rayon::current_num_threads().clamp(1, 8);
        Self {
            options,
            scratch: options.scratch.map_or_else(|| Store::Own(Memory::default()), Store::Given),
            heaps: (0..heaps).map(|_| Mutex::default()).collect(),
            runs: Mutex::default(),
            texts: Mutex::default(),
        }
    }

    /// Takes in a text, a term or a topic.
    ///
    /// # Errors
    /// The scratch cannot be written.
    pub fn add(&self, mut postings: TextPostings) -> Result<(), Error> {
        let mut records = String::new();
        let mut shown = Vec::with_capacity(postings.segments.len());
        for (at, segment) in postings.segments.iter().enumerate() {
            shown.push(Shown {
                hash: Shown::hash(&postings.order.address, at),
                at: records.len() as u64,
                length: segment.record.len() as u32,
                bytes: segment.bytes as u32,
            });
            records.push_str(&segment.record);
        }
        let mut references = Vec::new();
        if !postings.references.is_empty() {
            let at = records.len() as u64;
            records.push_str(&postings.references);
            records.push_str(NO_REFERENCE);
            let (length, least) = (postings.references.len(), NO_REFERENCE.len());
            references.extend(shown.iter().enumerate().map(|(i, own)| Shown {
                hash: own.hash,
                at: if i == 0 { at } else { at + length as u64 },
                length: if i == 0 { length } else { least } as u32,
                bytes: if i == 0 { length } else { least } as u32,
            }));
        }
        let texts = records.len() as u64;
        records.extend(postings.blocks.iter().map(|(.., text)| text.as_str()));
        let begin = self.scratch.get().append(records.as_bytes()).map_err(put_aside)?;
        drop(records);
        shown.iter_mut().chain(&mut references).for_each(|shown| shown.at += begin);
        let words = postings.segments.drain(..).map(|segment| segment.words).collect();

        let text = self.keep(&mut postings, [shown, references], begin + texts, words);
        let own = rayon::current_thread_index().unwrap_or(0) % self.heaps.len();
        let mut heap = lock(&self.heaps[own]);
        heap.add(text, &postings);
        if heap.size() > self.options.budget.min(MOST_BUDGET) / self.heaps.len() {
            let full = std::mem::take(&mut *heap);
            drop(heap);
            let run = full.run(self.scratch.get(), self.options.piece).map_err(put_aside)?;
            lock(&self.runs).push(run);
        }
        Ok(())
    }

    /// Keeps what is not words, and says the text's number.
    fn keep(
        &self,
        postings: &mut TextPostings,
        [shown, references]: [Vec<Shown>; 2],
        at: u64,
        words: Box<[u32]>,
    ) -> u32 {
        let mut texts = lock(&self.texts);
        let Texts { strings, values, value_ids, .. } = &mut *texts;
        let mut end = 0;
        let blocks = postings.blocks.iter().map(|(anchor, label, text)| {
            end += text.len() as u32;
            (strings.id(anchor), strings.id(label), end)
        });
        let blocks = blocks.collect();
        let marks = postings.marks.drain(..).map(|mark| {
            let id = *value_ids.entry((mark.facet, mark.value.clone())).or_insert_with(|| {
                values.push((mark.facet, mark.value));
                values.len() as u32 - 1
            });
            (id, mark.segments)
        });
        let marks = marks.collect();
        texts.kept.push(Kept {
            order: postings.order.clone(),
            title: std::mem::take(&mut postings.title).into(),
            shown: shown.into(),
            references: references.into(),
            marks,
            names: std::mem::take(&mut postings.names),
            rules: postings.rules,
            blocks,
            at,
        });
        texts.words.push(words);
        texts.kept.len() as u32 - 1
    }

    /// Writes the index: `search/index.js`, which the search page asks for, and all that
    /// it asks for. Says where each word stands.
    ///
    /// # Errors
    /// The scratch is in the way, or a file cannot be put.
    pub fn finish(self, put: &Put<'_>) -> Result<Concordance, Error> {
        let Self { options, scratch, heaps, runs, texts } = self;
        let scratch = scratch.get();
        let mut runs = runs.into_inner().unwrap_or_else(PoisonError::into_inner);
        for heap in heaps {
            let heap = heap.into_inner().unwrap_or_else(PoisonError::into_inner);
            runs.push(heap.run(scratch, options.piece).map_err(put_aside)?);
        }
        let Texts { kept, words, strings, values, .. } =
            texts.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<u32> = (0..kept.len() as u32).collect();
        sorted.sort_by(|&a, &b| kept[a as usize].order.cmp(&kept[b as usize].order));
        let mut numbering = Numbering { first: vec![0; kept.len()], words };
        let mut ranks = vec![0; kept.len()];
        let mut segments = 0;
        for (&text, rank) in sorted.iter().zip(0..) {
            ranks[text as usize] = rank;
            numbering.first[text as usize] = segments;
            segments += kept[text as usize].shown.len() as u32;
        }

        let files = Files::new(put, options.together);
        let mut lexicon = Lexicon::new(scratch);
        let mut found = Vec::new();
        let rank = |text: u32| (kept[text as usize].order.class == Class::Text).then(|| ranks[text as usize]);
        let mut merge = Merge::new(runs, scratch).map_err(put_aside)?;
        loop {
            let batch = merge.batch().map_err(put_aside)?;
            if batch.is_empty() {
                break;
            }
            let done: Vec<(Group, Option<Found>)> =
                batch.par_iter().map(|records| (group(records, &numbering), word(records, &rank))).collect();
            let (groups, words): (Vec<Group>, Vec<Option<Found>>) = done.into_iter().unzip();
            lexicon.add(&groups, segments, &files)?;
            found.extend(words.into_iter().flatten());
        }
        let sorted: Vec<(&Kept, u32)> =
            sorted.iter().map(|&text| (&kept[text as usize], numbering.first[text as usize])).collect();
        lexicon.add(&names(&sorted), segments, &files)?;

        let mut facets = Facets::default();
        for (text, first) in sorted.iter().filter(|(text, _)| text.order.class == Class::Text) {
            facets.text(*first);
            for (value, own) in &text.marks {
                let (facet, value) = &values[*value as usize];
                facets.add(*facet, value, own.iter().map(|segment| first + segment));
            }
        }
        let (filters, columns) = facets.write(&files)?;
        let terms = lexicon.finish(&files)?;
        let spelling = spelling::write(lexicon.spelt(), &files)?;
        let texts = sorted.iter().map(|(text, _)| (text.order.class, &text.shown[..]));
        let texts = packed_texts(&store::texts('d', texts, scratch, &files)?);
        let references = sorted.iter().map(|(text, _)| (text.order.class, &text.references[..]));
        let references = match sorted.iter().any(|(text, _)| !text.references.is_empty()) {
            true => {
                files.add('r', &literal(&packed_texts(&store::texts('r', references, scratch, &files)?)))?
            }
            false => String::new(),
        };
        let manifest = Manifest {
            version: VERSION,
            marks: options.marks,
            words: sorted.iter().fold(Rules::of(""), |all, (text, _)| all.and(text.rules)).tables(),
            paragraphs: options.paragraphs.to_vec(),
            ends: [Class::Text, Class::Term, Class::Topic].map(|class| end(&sorted, segments, class)),
            terms: packed_terms(&terms),
            texts,
            references,
            filters,
            columns: (COLUMN, columns),
            years: years(&sorted, segments),
            reaches: reaches(&sorted, segments),
            spelling,
        };
        files.finish(format!("{ENGINE}postilSearch.open({});\n", literal(&manifest)))?;

        let addresses: Vec<(Arc<str>, Arc<str>)> = sorted
            .iter()
            .map(|(text, _)| (text.order.address.as_str().into(), text.title.as_ref().into()))
            .collect();
        concordance::concordance(found, |rank, block, words| {
            let text = sorted[rank as usize].0;
            let (anchor, label, end) = text.blocks[block as usize];
            let line = match words {
                [] => None,
                words => {
                    let from = if block == 0 { 0 } else { text.blocks[block as usize - 1].2 };
                    let bytes = scratch.read(text.at + u64::from(from), (end - from) as usize);
                    concordance::line(&String::from_utf8_lossy(&bytes.map_err(put_aside)?), words)
                }
            };
            let (address, title) = addresses[rank as usize].clone();
            let string = |id: u32| strings.all[id as usize].clone();
            Ok(Place { address, title, anchor: string(anchor), label: string(label), line })
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn packed_terms(terms: &[(String, String)]) -> (String, String) {
    let forms: Vec<&str> = terms.iter().map(|(form, _)| form.as_str()).collect();
    (forms.join(" "), terms.iter().map(|(_, name)| &name[1..]).collect())
}

fn packed_texts(groups: &[(usize, usize, String)]) -> (Vec<(usize, usize)>, String) {
    let mut before = 0;
    let steps = groups.iter().map(|&(first, each, _)| (first - std::mem::replace(&mut before, first), each));
    (steps.collect(), groups.iter().map(|(.., name)| &name[1..]).collect())
}

/// The segment after the last of a class.
fn end(sorted: &[(&Kept, u32)], segments: u32, class: Class) -> u32 {
    sorted.iter().find(|(text, _)| text.order.class > class).map_or(segments, |&(_, first)| first)
}

fn years(sorted: &[(&Kept, u32)], segments: u32) -> Vec<(Option<i32>, u32)> {
    let mut years: Vec<(Option<i32>, u32)> = Vec::new();
    for (text, first) in sorted.iter().filter(|(text, _)| text.order.class == Class::Text) {
        let year = text.order.date.as_ref().map(|date| date.year);
        if years.last().is_none_or(|&(last, _)| last != year) {
            years.push((year, *first));
        }
    }
    if years.last().is_none_or(|(year, _)| year.is_some()) {
        years.push((None, end(sorted, segments, Class::Text)));
    }
    years
}

fn reaches(sorted: &[(&Kept, u32)], segments: u32) -> Vec<(u32, u32, Option<i32>, Option<i32>)> {
    let mut reaches: Vec<(u32, u32, Option<i32>, Option<i32>)> = Vec::new();
    for (i, (text, first)) in sorted.iter().enumerate() {
        let Some((from, until)) = text.order.date.as_ref().and_then(|date| date.reach) else { continue };
        let end = sorted.get(i + 1).map_or(segments, |(_, next)| *next);
        match reaches.last_mut() {
            Some(last) if (last.1, last.2, last.3) == (*first, from, until) => last.1 = end,
            _ => reaches.push((*first, end, from, until)),
        }
    }
    reaches
}

/// Names of terms and topics, as groups beside the words: their names begin with a `=`, which no word does.
fn names(sorted: &[(&Kept, u32)]) -> Vec<Group> {
    let mut names = BTreeMap::<String, BTreeSet<u32>>::new();
    for (text, first) in sorted {
        for name in &text.names {
            names.entry(format!("={name}")).or_default().insert(*first);
        }
    }
    let groups = names.into_iter();
    groups.map(|(name, segments)| Group::mark(name, &segments.into_iter().collect::<Vec<_>>())).collect()
}
