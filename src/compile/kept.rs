//! What texts gave in the last run, for the next one.
//!
//! Of each text that is as it was, in all that its work uses ([`super::trace`]), what it gave is taken instead of the
//! work: its facts, what was read back of its page, its part of the index. Its files are where they were put
//! ([`Shelf`]), or the work is done again. So nothing here changes a result, and all of it may be lost.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use typed_index_collections::{TiSlice, TiVec};

use super::trace::{self, Entries, Tracer};
use super::{Job, Options, Worked};
use postil_anchor::anchor::Layers;
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::sketch::Sketch;
use postil_archive::diagnostic::{Diagnostic, Error, Severity};
use postil_archive::index::{FurnitureIx, LinkIx, NoteIx, TermIx, TextIx, TopicIx};
use postil_archive::memo::{self, Key};
use postil_propose::review::Look;
use postil_search::TextPostings;
use postil_site::proof;
use postil_site::site::uses::{Line, MOST_SHOWN};
use postil_site::site::{Facts, Numbers, Site};

/// Of larger texts nothing is kept: it would be in memory twice.
const MOST_BYTES: usize = 4 << 20;

/// Of archives whose texts are longer together nothing is kept: what a text gave is some eight times as long as itself, and
/// to write and read that costs as much as it spares, while the index and the lists are made anew.
const MOST_BYTES_OF_ALL: usize = 16 << 20;

/// What is known of a file that was put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// Bytes.
    pub size: u64,
    /// What tells them from others; empty where nothing does.
    pub hash: String,
}

/// Where files were put, in the last run and in this one.
pub trait Shelf: Sync {
    /// What is known of a file that was put in this run.
    fn print(&self, address: &str) -> Option<Print>;

    /// Whether the file at an address is there from the last run.
    fn has(&self, address: &str, print: &Print) -> bool;

    /// Puts a file that is there once more.
    ///
    /// # Errors
    /// Those of putting a file.
    fn keep(&self, address: &str, print: &Print) -> Result<(), Error>;
}

/// What texts gave in the last run.
#[derive(Debug)]
pub struct Kept {
    /// That of all keys: nobody who writes a file knows it.
    seed: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    terms: Entries,
    texts: BTreeMap<Arc<str>, Arc<Product>>,
    /// Whether anything of it is not of the run before.
    #[serde(skip)]
    is_new: bool,
}

impl Default for Kept {
    fn default() -> Self {
        Self { seed: memo::seed(), state: Mutex::default() }
    }
}

impl Serialize for Kept {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.seed, &*self.lock()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (seed, state) = Deserialize::deserialize(deserializer)?;
        Ok(Self { seed, state: Mutex::new(state) })
    }
}

impl Kept {
    /// Whether the last run gave anything else than the one before it.
    pub fn is_new(&self) -> bool {
        self.lock().is_new
    }

    /// That of all keys.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one text gave. What it names is counted by itself: notes, topics and links by their place among those of the
/// text, terms by their place in `terms`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Product {
    key: Key,
    sketch: Sketch,
    facts: Facts,
    /// Slugs of the terms that it uses.
    terms: Vec<String>,
    problems: Vec<Diagnostic>,
    read: proof::Read,
    found: Vec<(Arc<str>, usize)>,
    shared_found: Vec<(FurnitureIx, usize)>,
    looked: Option<Looked>,
    /// Lines of its terms, as many as were shown.
    lines: BTreeMap<TermIx, Vec<Line>>,
    /// Its part of the index.
    postings: Vec<u8>,
    files: Vec<File>,
}

/// What a text showed to those who look after the archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Looked {
    /// The terms that were known.
    vocabulary: Key,
    pub(super) look: Look,
    pub(super) heard: Vec<u64>,
    pub(super) problems: Vec<Diagnostic>,
}

/// A file that a text gave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct File {
    address: String,
    print: Print,
    /// The file in the download of the whole site, if there is one.
    packed: Option<Vec<u8>>,
}

/// What is made of texts anew, and what is not.
pub(super) struct Reuse<'a> {
    kept: &'a Kept,
    shelf: &'a dyn Shelf,
    entries: Entries,
    /// Where texts are looked at for those who look after the archive: the terms that are known.
    vocabulary: Option<Key>,
    plans: TiVec<TextIx, Plan>,
}

#[derive(Default)]
struct Plan {
    /// The key of its work; none of a text that cannot be read.
    key: Option<Key>,
    /// What it gave for the same key.
    before: Option<Arc<Product>>,
    /// Whether that is all that is asked.
    is_enough: bool,
}

impl<'a> Reuse<'a> {
    /// Asks of each text whether it has to be worked through.
    pub(super) fn new(
        (kept, shelf): (&'a Kept, &'a dyn Shelf),
        tracer: &Tracer<'_>,
        entries: Entries,
        site: &Site<'_>,
        index: &Index<'_>,
        options: &Options<'_>,
    ) -> Result<Self, Error> {
        let vocabulary = options.review.map(|_| tracer.vocabulary());
        let length = AtomicUsize::new(0);
        let state = kept.lock();
        let changed = trace::changed(&state.terms, &entries);
        let plan = |(text, plan): (TextIx, &postil_site::site::TextPlan)| {
            if length.load(Ordering::Relaxed) > MOST_BYTES_OF_ALL {
                return Ok(Plan::default());
            }
            let bytes = site.archive.load(&site.archive.texts[text])?;
            let is_good = |raw: &Vec<u8>| bytes.problems.is_empty() && raw.len() <= MOST_BYTES;
            let Some(bytes) = bytes.value.as_ref().filter(|raw| is_good(raw)) else {
                return Ok(Plan::default());
            };
            length.fetch_add(bytes.len(), Ordering::Relaxed);
            let key = tracer.text(text, &index.layers(&plan.id, plan.date()), bytes);
            let concerns = |product: &Product| changed.iter().any(|form| product.sketch.may_hold(form));
            let before = state.texts.get(&plan.id).filter(|product| product.key == key && !concerns(product));
            let is_enough = before.is_some_and(|product| {
                let looked = product.looked.as_ref().map(|looked| looked.vocabulary);
                (vocabulary.is_none() || looked == vocabulary)
                    && product.files.iter().all(|file| shelf.has(&file.address, &file.print))
            });
            Ok(Plan { key: Some(key), before: before.cloned(), is_enough })
        };
        let all: Vec<_> = site.texts.iter_enumerated().collect();
        let mut plans = all.into_par_iter().map(plan).collect::<Result<Vec<_>, Error>>()?;
        if length.into_inner() > MOST_BYTES_OF_ALL {
            plans.fill_with(Plan::default);
        }
        drop(state);
        let mut reuse = Self { kept, shelf, entries, vocabulary, plans: plans.into() };
        reuse.ask_for_lines(site);
        Ok(reuse)
    }

    /// The first lines of a term in all texts are shown. Where an early text has fewer than before, one is asked for
    /// lines that nobody made.
    fn ask_for_lines(&mut self, site: &Site<'_>) {
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        let plans: &mut TiSlice<TextIx, Plan> = &mut self.plans;
        let products: TiVec<TextIx, Option<Arc<Product>>> =
            plans.iter().map(|plan| plan.before.clone().filter(|_| plan.is_enough)).collect();
        for &text in &site.by_date {
            let Some(product) = &products[text] else { continue };
            let mut counts: BTreeMap<TermIx, usize> = BTreeMap::new();
            product.facts.uses.iter().for_each(|used| *counts.entry(used.term).or_default() += used.count);
            let slug = |term: TermIx| product.terms.get(usize::from(term)).map_or("", String::as_str);
            let has_all = counts.iter().all(|(term, count)| {
                let before = shown.get(slug(*term)).copied().unwrap_or_default();
                let lines = product.lines.get(term).map_or(0, Vec::len);
                lines >= (*count).min(MOST_SHOWN.saturating_sub(before))
            });
            plans[text].is_enough = has_all;
            if has_all {
                counts.iter().for_each(|(term, count)| *shown.entry(slug(*term)).or_default() += count);
            }
        }
    }

    /// What a text gave, in place of its work; nothing if that has to be done.
    pub(super) fn take(
        &self,
        job: &Job<'_>,
        text: TextIx,
        layers: &Layers<'_>,
    ) -> Result<Option<Worked>, Error> {
        let plan = &self.plans[text];
        let Some(product) = plan.before.as_ref().filter(|_| plan.is_enough) else { return Ok(None) };
        let site = job.press.site;
        let Some((facts, look, postings)) = product.counted(text, layers, site) else { return Ok(None) };
        for (term, lines) in &product.lines {
            let Some(term) = product.term(*term, site) else { continue };
            let lines = lines.iter().map(|line| Line { text, ..line.clone() });
            job.shown.add(term, site.rank(text), lines);
        }
        for File { address, print, packed } in &product.files {
            job.outlet.keep(self.shelf, address, print, packed.as_deref())?;
        }
        job.builder.add(postings)?;
        let mut problems = product.problems.clone();
        let looked = product.looked.as_ref().filter(|_| self.vocabulary.is_some());
        if let (Some(looked), Some(vocabulary)) = (looked, job.vocabulary) {
            vocabulary.heard(&looked.heard);
            problems.extend(looked.problems.iter().cloned());
        }
        Ok(Some(Worked {
            facts,
            problems,
            read: Some(Arc::new(job.outlet.again(&product.read))),
            indexed: true,
            look: look.filter(|_| looked.is_some()),
            astray: Vec::new(),
            found: product.found.clone(),
            shared_found: product.shared_found.clone(),
            given: Given::Before(product.clone()),
        }))
    }

    /// Whether what a text gives can be kept at all.
    pub(super) fn wants(&self, text: TextIx) -> bool {
        self.plans[text].key.is_some()
    }

    /// What is to be kept of a text that was worked through; nothing if something is wrong with it.
    pub(super) fn product(
        &self,
        job: &Job<'_>,
        worked: &Worked,
        new: New,
        layers: &Layers<'_>,
    ) -> Option<Product> {
        let text = worked.facts.text;
        let plan = &self.plans[text];
        let New { problems, sketch, postings, files, looked } = new;
        let is_wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
        if is_wrong || !worked.astray.is_empty() || !worked.facts.unplaced.is_empty() {
            return None;
        }
        let key = plan.key?;
        let own =
            |vocabulary| looked.map(|(look, heard, problems)| Looked { vocabulary, look, heard, problems });
        let mut looked = self.vocabulary.and_then(own);
        let looks = looked.iter().flat_map(|looked| &looked.look.terms);
        let mut terms: Vec<TermIx> =
            worked.facts.uses.iter().map(|used| used.term).chain(looks.copied()).collect();
        terms.sort_unstable();
        terms.dedup();
        let local = |term: TermIx| terms.binary_search(&term).ok().map(TermIx::from);
        let numbers = Numbers {
            text,
            note: &|note| layers.notes.binary_search_by_key(&note, |(one, _)| *one).ok().map(NoteIx::from),
            term: &local,
            topic: &|topic| layers.passages.iter().position(|(one, ..)| *one == topic).map(TopicIx::from),
            link: &|link| layers.ends.iter().position(|(one, ..)| *one == link).map(LinkIx::from),
        };
        let facts = worked.facts.clone().counted(&numbers)?;
        if let Some(looked) = &mut looked {
            looked.look.terms = looked.look.terms.iter().map(|&term| local(term)).collect::<Option<_>>()?;
        }
        let print = |(address, packed): (String, Option<Vec<u8>>)| {
            let print = self.shelf.print(&address)?;
            Some(File { address, print, packed })
        };
        let mut product = Product {
            key,
            sketch,
            facts,
            terms: terms.iter().map(|&term| job.annotations.terms[term].slug.clone()).collect(),
            problems,
            read: proof::Read::clone(worked.read.as_ref()?),
            found: worked.found.clone(),
            shared_found: worked.shared_found.clone(),
            looked,
            lines: BTreeMap::new(),
            postings,
            files: files.into_iter().map(print).collect::<Option<_>>()?,
        };
        // What the same work gave before, and was not asked for now, it would give again.
        if let Some(before) = &plan.before {
            product.looked = product.looked.or_else(|| before.looked_by(&product.terms));
            let no_print = product.files.iter().all(|file| file.print.hash.is_empty());
            if no_print {
                product.files.clone_from(&before.files);
            }
        }
        Some(product)
    }

    /// Keeps what all texts gave, with the lines of terms that were shown.
    pub(super) fn end(
        self,
        site: &Site<'_>,
        given: TiVec<TextIx, Given>,
        shown: &TiSlice<TermIx, Vec<Line>>,
    ) {
        let mut fresh: TiVec<TextIx, Option<Product>> = TiVec::with_capacity(given.len());
        let (mut texts, mut is_new) = (BTreeMap::new(), false);
        for (text, given) in given.into_iter_enumerated() {
            let id = site.texts[text].id.clone();
            fresh.push(match given {
                Given::Now(product) => {
                    is_new = true;
                    Some(*product)
                }
                Given::Before(product) => {
                    texts.insert(id, product);
                    None
                }
                Given::Nothing => None,
            });
        }
        for (term, lines) in shown.iter_enumerated() {
            let slug = &site.annotations.terms[term].slug;
            for line in lines {
                let Some(product) = &mut fresh[line.text] else { continue };
                let local = product.terms.iter().position(|one| one == slug);
                if let Some(local) = local {
                    product.lines.entry(local.into()).or_default().push(line.clone());
                }
            }
        }
        for (text, product) in fresh.into_iter_enumerated() {
            texts.extend(product.map(|product| (site.texts[text].id.clone(), Arc::new(product))));
        }
        let mut state = self.kept.lock();
        is_new |= texts.len() != state.texts.len() || state.terms != self.entries;
        *state = State { terms: self.entries, texts, is_new };
    }
}

/// What a text gave that can be kept.
#[derive(Default)]
pub(super) enum Given {
    /// Nothing.
    #[default]
    Nothing,
    /// What it gave in the last run.
    Before(Arc<Product>),
    /// What it gave now.
    Now(Box<Product>),
}

/// What the work on a text gave besides what every run wants.
pub(super) struct New {
    pub(super) problems: Vec<Diagnostic>,
    pub(super) sketch: Sketch,
    pub(super) postings: Vec<u8>,
    pub(super) files: Vec<(String, Option<Vec<u8>>)>,
    /// What was looked at, heard, and found wrong, if anybody asked.
    pub(super) looked: Option<(Look, Vec<u64>, Vec<Diagnostic>)>,
}

impl Product {
    fn term(&self, local: TermIx, site: &Site<'_>) -> Option<TermIx> {
        let slug = self.terms.get(usize::from(local))?;
        site.term(slug).filter(|&term| site.annotations.terms[term].slug == *slug)
    }

    /// What it gave, as this archive counts.
    fn counted(
        &self,
        text: TextIx,
        layers: &Layers<'_>,
        site: &Site<'_>,
    ) -> Option<(Facts, Option<Look>, TextPostings)> {
        let term = |term: TermIx| self.term(term, site);
        let numbers = Numbers {
            text,
            note: &|note| Some(layers.notes.get(usize::from(note))?.0),
            term: &term,
            topic: &|topic| Some(layers.passages.get(usize::from(topic))?.0),
            link: &|link| Some(layers.ends.get(usize::from(link))?.0),
        };
        let facts = self.facts.clone().counted(&numbers)?;
        let look = match &self.looked {
            Some(looked) => {
                let mut look = looked.look.clone();
                look.terms = look.terms.iter().map(|&local| term(local)).collect::<Option<_>>()?;
                look.terms.sort_unstable();
                Some(look)
            }
            None => None,
        };
        Some((facts, look, postcard::from_bytes(&self.postings).ok()?))
    }

    /// What was looked at, with terms as another counts them.
    fn looked_by(&self, terms: &[String]) -> Option<Looked> {
        let mut looked = self.looked.clone()?;
        let local = |term: &TermIx| {
            let slug = self.terms.get(usize::from(*term))?;
            terms.iter().position(|one| one == slug).map(TermIx::from)
        };
        looked.look.terms = looked.look.terms.iter().map(local).collect::<Option<_>>()?;
        Some(looked)
    }
}
