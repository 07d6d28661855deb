//! All that the work on one text uses, as a key: it is asked before the work.
//!
//! A file that the work reads counts by its path and text, so that every place in it is what it was, too; what it
//! asks about other texts and files counts by the answer. Only which terms are found is not known before: terms
//! that are changed concern a text if its [sketch](postil_anchor::anchor::sketch) may hold a form of theirs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use typed_index_collections::TiVec;

use super::Options;
use postil_anchor::anchor::Layers;
use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::annotation::{Apparatus, Meaning, Speaker, Term};
use postil_archive::archive::{Archive, Format};
use postil_archive::diagnostic::Source;
use postil_archive::index::{TermIx, TextIx};
use postil_archive::memo::{Input, Key};
use postil_site::render::context;
use postil_site::render::prose::Survey;
use postil_site::render::words::Words;
use postil_site::site::{CONNECTIONS_PER_PAGE, Site};

/// A term as it counts for the texts that it is found in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Its file, what became of its Markdown, what it names.
    key: Key,
    /// All that is looked for of it.
    looked_for: Vec<String>,
}

/// The terms of an archive, by slug.
pub(super) type Entries = BTreeMap<String, Entry>;

/// What every text is traced with.
pub(super) struct Tracer<'a> {
    site: &'a Site<'a>,
    survey: &'a Survey,
    words: &'a Words,
    seed: u64,
    /// What all texts use.
    frame: Key,
    furniture: Option<Key>,
    /// Names of persons, which rows may take from the text.
    persons: Key,
    /// Names of texts, which links in Markdown may lead to.
    texts: Key,
    terms: TiVec<TermIx, Key>,
}

impl<'a> Tracer<'a> {
    /// Of what all texts use.
    pub(super) fn new(
        site: &'a Site<'a>,
        survey: &'a Survey,
        words: &'a Words,
        shared: &context::Site,
        options: &Options<'_>,
        seed: u64,
    ) -> Self {
        let all = site.annotations;
        let frame = frame(site, shared, options, seed);
        let furniture = all.furniture.first().map(|row| of_file(seed, &row.row.selector.source));
        let mut persons = Input::seeded(seed, "persons");
        for term in all.terms.iter().filter(|term| term.kind == "person") {
            persons.bytes(term.slug.as_bytes());
            let forms = std::iter::once(&term.term).chain(&term.forms).chain(&term.misprints);
            forms.for_each(|form| _ = persons.bytes(form.value.as_bytes()));
        }
        let mut texts = Input::seeded(seed, "texts");
        for plan in &site.texts {
            texts.bytes(plan.id.as_bytes()).number(plan.record.was.len() as u128);
            plan.record.was.iter().for_each(|was| _ = texts.bytes(was.as_bytes()));
        }
        let mut tracer = Self {
            texts: texts.done(),
            site,
            survey,
            words,
            seed,
            frame,
            furniture,
            persons: persons.done(),
            terms: TiVec::new(),
        };
        tracer.terms = all.terms.iter().map(|term| tracer.term(term)).collect();
        tracer
    }

    /// The terms, for the next run to compare.
    pub(super) fn entries(&self, glossary: &Glossary) -> Entries {
        let terms = self.site.annotations.terms.iter_enumerated();
        let entry = |(i, term): (TermIx, &Term)| {
            let entry = Entry { key: self.terms[i], looked_for: glossary.looked_for(i).to_vec() };
            (term.slug.clone(), entry)
        };
        terms.map(entry).collect()
    }

    /// The key of all terms together.
    pub(super) fn vocabulary(&self) -> Key {
        let mut input = Input::seeded(self.seed, "vocabulary");
        self.terms.iter().for_each(|term| _ = input.key(*term));
        input.done()
    }

    fn term(&self, term: &Term) -> Key {
        let mut input = Input::seeded(self.seed, "term");
        self.file(&mut input, &term.source);
        for later in term.senses.iter().filter_map(|sense| sense.successor.as_ref()) {
            match self.site.sense(&later.value) {
                Some((later, _)) => input.file(&self.site.annotations.terms[later].source),
                None => input.number(0),
            };
        }
        input.done()
    }

    /// A file, and what became of its Markdown.
    fn file(&self, input: &mut Input, file: &Source) {
        input.file(file);
        self.survey.rendered(&file.path).iter().for_each(|key| _ = input.key(*key));
    }

    /// The key of the work on a text with these bytes.
    pub(super) fn text(&self, text: TextIx, layers: &Layers<'_>, bytes: &[u8]) -> Key {
        let (site, all) = (self.site, self.site.annotations);
        let plan = &site.texts[text];
        let mut input = Input::seeded(self.seed, "text");
        input.key(self.frame).bytes(bytes);

        // What is known of it.
        let file = &site.archive.texts[text];
        input.bytes(file.path.as_bytes()).number((file.format as u8).into());
        input.number(file.record.is_some().into());
        if file.format == Format::Markdown && bytes.iter().any(|byte| matches!(byte, b'[' | b'<')) {
            input.key(self.texts);
        }
        file.record.iter().chain(&file.folders).for_each(|source| _ = input.file(source));
        for known in [&plan.title, &plan.short, &plan.lang] {
            input.bytes(known.as_bytes());
        }
        for (_, address) in site.forms(text) {
            input.bytes(address.as_bytes());
        }

        // What stands on it.
        let mut names: BTreeSet<&str> = plan.record.named().map(|person| person.name.as_str()).collect();
        input.number(layers.apparatuses.len() as u128);
        for &apparatus in layers.apparatuses.iter().chain(&site.apparatus(text)) {
            input.file(&apparatus.source).number((apparatus.level as u8).into()).key(self.persons);
            self::names(apparatus, &mut names);
        }
        input.number(layers.shared.len() as u128);
        for (row, _) in &layers.shared {
            input.number(usize::from(*row) as u128);
        }
        if let Some(furniture) = self.furniture.filter(|_| !layers.shared.is_empty()) {
            input.key(furniture);
        }
        input.number(layers.notes.len() as u128);
        for (_, note) in &layers.notes {
            self.file(&mut input, &note.source);
            for topic in &note.topics {
                match site.topic(&topic.value).map(|topic| &all.topics[topic]) {
                    Some(topic) => input.bytes(topic.slug.as_bytes()).bytes(topic.title.as_bytes()),
                    None => input.number(0),
                };
            }
        }
        input.number(layers.passages.len() as u128);
        for (topic, passage, _) in &layers.passages {
            self.file(&mut input, &all.topics[*topic].source);
            input.number(usize::from(*passage) as u128);
        }
        input.number(layers.ends.len() as u128);
        for (link, end, _) in &layers.ends {
            let entry = &all.links[*link];
            self.file(&mut input, &entry.source);
            input.number(usize::from(*end) as u128).bytes(site.link_address(*link).as_bytes());
            for other in &entry.ends {
                self.shown(&mut input, site.text(&other.text.value));
            }
        }

        // What leads to it, what it names, and what stands beside it.
        for (address, words) in self.survey.leading_to(&site.text_address(text)) {
            input.bytes(address.as_bytes()).bytes(words.as_bytes());
        }
        input.number(names.len() as u128);
        for name in names {
            input.bytes(name.as_bytes());
            match site.term(name) {
                Some(term) => input.bytes(all.terms[term].slug.as_bytes()).key(self.terms[term]),
                None => input.number(0),
            };
        }
        let rank = site.rank(text);
        for beside in [rank.checked_sub(1), Some(rank + 1)] {
            self.shown(&mut input, beside.and_then(|rank| site.by_date.get(rank).copied()));
        }
        input.done()
    }

    /// How another text is shown.
    fn shown(&self, input: &mut Input, text: Option<TextIx>) {
        let Some(text) = text else {
            input.number(0);
            return;
        };
        let plan = &self.site.texts[text];
        input.bytes(plan.id.as_bytes()).bytes(plan.short.as_bytes());
        input.bytes(self.words.titled(plan).as_bytes()).value(&self.words.made(plan));
    }
}

/// What the work on every text uses.
fn frame(site: &Site<'_>, shared: &context::Site, options: &Options<'_>, seed: u64) -> Key {
    let Archive { config, theme, collections, .. } = site.archive;
    let mut input = Input::seeded(seed, "frame");
    input.bytes(format!("{config:?}").as_bytes()).number(options.lenient.into()).value(shared);
    // Few archives have pictures, and those that have few change them.
    input.bytes(format!("{:?}", site.pictures).as_bytes());
    let is_long = site.annotations.links.len() > CONNECTIONS_PER_PAGE;
    input.number(is_long.into()).number(site.zipped().into());
    let sources = theme.templates.iter().chain(&theme.lang).map(|(_, source)| source);
    let sources = sources.chain(collections.iter().map(|collection| &collection.source));
    let sources = sources.chain(site.annotations.contributors.iter().map(|one| &one.source));
    sources.for_each(|source| _ = input.file(source));
    input.done()
}

fn of_file(seed: u64, file: &Source) -> Key {
    Input::seeded(seed, "file").file(file).done()
}

/// The slugs of terms that an apparatus names.
fn names<'a>(apparatus: &'a Apparatus, names: &mut BTreeSet<&'a str>) {
    let parts = apparatus.structure.iter().map(|row| &row.part);
    let of_parts = parts.flat_map(|part| [&part.speaker, &part.author, &part.recipient]).flatten();
    let of_kinds = apparatus.speaker_of.iter().map(|(_, speaker)| &speaker.value);
    let told = apparatus.speakers.iter().map(|(_, speaker)| speaker);
    for speaker in of_parts.chain(of_kinds).chain(told).flat_map(Speaker::each) {
        if let Speaker::Term(slug) = speaker {
            names.insert(slug);
        }
    }
    for row in &apparatus.terms {
        if let Meaning::Some(name) = &row.is {
            names.insert(&name.term);
        }
    }
}

/// All that is looked for of terms that are not what they were, before and now.
pub(super) fn changed<'e>(before: &'e Entries, now: &'e Entries) -> BTreeSet<&'e str> {
    let is_other = |slug: &str, entry: &Entry, others: &Entries| others.get(slug) != Some(entry);
    let gone = before.iter().filter(|(slug, entry)| is_other(slug, entry, now));
    let new = now.iter().filter(|(slug, entry)| is_other(slug, entry, before));
    gone.chain(new).flat_map(|(_, entry)| &entry.looked_for).map(String::as_str).collect()
}
