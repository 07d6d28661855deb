//! Texts as a book: EPUB 3, with everything that stands on them.
//!
//! Comes in: texts with their places, one at a time. Goes out: one file, whose bytes depend on the archive only.
//!
//! 1. [`Book::new`]: which texts, in which order; what the book is called.
//! 2. [`Book::chapter`]: a text becomes a chapter, by itself, so that many may be made at once; every word is proved.
//! 3. [`Book::add`]: chapters are put aside in their order; what stays is where their ids are.
//! 4. [`Book::finish`]: links between files are put in, and everything is written into one file.
//!
//! Notes pop up where a reading system can do that, and stand in a list at the end of their file for all others
//! (`epub:type="footnote"`). Two voices stay apart without colour: the record has a face with serifs; what the archive
//! says has none, and a rule beside it.

mod annotations;
mod chapter;
mod cover;
mod form;
mod glossary;
mod id;
mod inline;
mod notes;
mod package;
mod xml;

use std::collections::BTreeSet;
use std::io;

use postil_archive::diagnostic::Diagnostic;
use postil_archive::index::{CollectionIx, TermIx, TextIx};
use postil_search::scratch::Scratch;
use postil_site::render::article::Input;
use postil_site::render::words::Words;
use postil_site::site::{Facts, Site};

pub use chapter::Chapter;
use chapter::{Head, PageBreak};

/// Where the annotations of a book lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Annotations {
    /// In it, where the draft has them: `META-INF/annotations.json`.
    Inside,
    /// Beside it, in a file of their own.
    Beside,
}

/// A book while it is made.
pub struct Book<'a> {
    site: &'a Site<'a>,
    words: &'a Words,
    scratch: &'a dyn Scratch,
    names: Names,
    about: About,
    /// Its texts, in order.
    order: Vec<TextIx>,
    added: Vec<Added>,
    terms: BTreeSet<TermIx>,
    problems: Vec<Diagnostic>,
}

/// What the whole book is.
#[derive(Debug)]
struct About {
    title: String,
    language: String,
    /// The text, if it is of one.
    text: Option<TextIx>,
    /// The collection, if it is of one.
    collection: Option<CollectionIx>,
}

/// What is the same in all files of a book.
#[derive(Debug)]
pub(crate) struct Names {
    /// What all identifiers are made from: where the archive is, or what it is called.
    seed: String,
    /// The newest day that the archive's files tell of, as a moment.
    modified: String,
    language: String,
    /// For each text of the archive its place in the book.
    places: Vec<Option<usize>>,
}

impl Names {
    /// The file of a part of a text, beside the others.
    fn file(&self, text: TextIx, part: usize) -> Option<String> {
        Some(format!("t{}-{}.xhtml", self.places.get(usize::from(text)).copied()?? + 1, part + 1))
    }

    /// The same as the package and annotations name it.
    fn source(&self, text: TextIx, part: usize) -> String {
        format!("EPUB/{}", self.file(text, part).unwrap_or_default())
    }
}

/// A chapter that was put aside.
#[derive(Debug)]
struct Added {
    text: TextIx,
    /// Where its files are put aside, and how long they are.
    parts: Vec<(u64, usize)>,
    annotations: Vec<(u64, usize)>,
    first_blocks: Vec<u32>,
    /// Sorted.
    ids: Vec<(String, usize)>,
    heads: Vec<Head>,
    pages: Vec<PageBreak>,
    notes: usize,
}

/// Days of files without a day are taken for this one.
const NO_DAY: &str = "2000-01-01T00:00:00Z";

impl<'a> Book<'a> {
    /// A book of these texts of an archive, by date, those of a collection together.
    pub fn new(site: &'a Site<'a>, words: &'a Words, chosen: &[TextIx], scratch: &'a dyn Scratch) -> Self {
        let config = &site.archive.config;
        let all_around: BTreeSet<Option<CollectionIx>> = chosen
            .iter()
            .map(|&text| site.collections_around(&site.texts[text].id).last().copied())
            .collect();
        let collection = match &all_around.into_iter().collect::<Vec<_>>()[..] {
            [Some(one)] if chosen.len() > 1 => Some(*one),
            _ => None,
        };
        let text = (chosen.len() == 1).then(|| chosen[0]);
        let title = match (text, collection) {
            (Some(text), _) => site.texts[text].title.clone(),
            (None, Some(collection)) => site.annotations.collections[collection].0.title.clone(),
            (None, None) => config.title.clone(),
        };
        let mut order = chosen.to_vec();
        order.sort_by_key(|&text| (group(site, text), site.rank(text)));
        let mut places = vec![None; site.texts.len()];
        order.iter().enumerate().for_each(|(place, &text)| places[usize::from(text)] = Some(place));
        let days = site.annotations.notes.iter().filter_map(|note| note.date);
        let days = days.chain(site.annotations.terms.iter().filter_map(|term| term.date));
        let days = days.chain(site.texts.iter().filter_map(|text| text.record.origin.as_ref()?.retrieved));
        let newest = days.filter_map(postil_site::render::date::rfc3339).max();
        let names = Names {
            seed: config.base_url.clone().unwrap_or_else(|| config.title.clone()),
            modified: newest.unwrap_or_else(|| NO_DAY.to_owned()),
            language: config.language.clone(),
            places,
        };
        let language = text.map_or(&config.language, |text| &site.texts[text].lang).clone();
        let about = About { title, language, text, collection };
        let (added, terms, problems) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { site, words, scratch, names, about, order, added, terms, problems }
    }

    /// The texts in the order in which they are to be [added](Book::add).
    pub fn order(&self) -> &[TextIx] {
        &self.order
    }

    /// Makes the chapter of a text.
    pub fn chapter(&self, input: Input<'_>, facts: &Facts) -> Chapter {
        chapter::chapter(input, facts, &self.names)
    }

    /// Takes a chapter in.
    ///
    /// # Errors
    /// It cannot be put aside.
    pub fn add(&mut self, chapter: Chapter) -> io::Result<()> {
        let aside = |bytes: &[u8]| Ok((self.scratch.append(bytes)?, bytes.len()));
        let parts = chapter.parts.iter().map(|part| aside(part.as_bytes())).collect::<io::Result<_>>()?;
        let of_annotation = |value: &serde_json::Value| aside(value.to_string().as_bytes());
        let annotations: Vec<_> = chapter.annotations.iter().map(of_annotation).collect::<io::Result<_>>()?;
        let mut ids = chapter.ids;
        ids.sort();
        self.terms.extend(chapter.terms);
        self.problems.extend(chapter.problems);
        self.added.push(Added {
            text: chapter.text,
            parts,
            notes: annotations.len(),
            annotations,
            first_blocks: chapter.first_blocks,
            ids,
            heads: chapter.heads,
            pages: chapter.pages,
        });
        Ok(())
    }

    /// What the proof found: a fault of postil, with which no book is to be written.
    pub fn take_problems(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.problems)
    }

    /// How many annotations it has.
    pub fn annotations(&self) -> usize {
        self.added.iter().map(|added| added.notes).sum()
    }

    /// Where an address of the site is in the book: a file, and an id in it.
    fn found(&self, address: &str) -> Option<String> {
        let (page, id) = address.split_once('#').map_or((address, None), |(page, id)| (page, Some(id)));
        if let Some(slug) = page.strip_prefix("glossary/").and_then(|page| page.strip_suffix(".html")) {
            let term = self.site.term(slug).filter(|term| self.terms.contains(term))?;
            return Some(format!("{}#{}", package::GLOSSARY, glossary::id(self.site, term)));
        }
        let text = self.site.text(page.strip_prefix("texts/")?.strip_suffix(".html")?)?;
        let added = self.added.get(self.names.places[usize::from(text)]?)?;
        let part = match id {
            None => 0,
            Some(id) => {
                let number = id.strip_prefix('p').and_then(|n| n.parse::<u32>().ok());
                let known = added.ids.binary_search_by(|(known, _)| (**known).cmp(id));
                match (known, number) {
                    (Ok(at), _) => added.ids[at].1,
                    (_, Some(n)) => added.first_blocks.partition_point(|first| *first <= n).checked_sub(1)?,
                    // The words that a note or connection is about have another name here, or none.
                    _ => return self.names.file(text, 0),
                }
            }
        };
        let id = id.map(|id| format!("#{id}")).unwrap_or_default();
        Some(format!("{}{id}", self.names.file(text, part)?))
    }
}

/// The outermost collection that a text lies in: the texts of one stand together.
fn group(site: &Site<'_>, text: TextIx) -> Option<CollectionIx> {
    site.collections_around(&site.texts[text].id).first().copied()
}
