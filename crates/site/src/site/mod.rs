//! PLAN: every page and its address, before any is rendered; and what the
//! pages over all texts need to know of each text.
//!
//! Comes in: the archive, the records, the annotations (all small). Goes out: a
//! [`Site`]. Later, from each text as it is worked through, its [`Facts`]: a
//! small record, so that a text itself can be dropped.
//!
//! This room knows addresses, not HTML.

pub mod bidi;
pub mod compare;
pub mod cut;
mod facts;
pub mod forge;
pub(crate) mod figures;
pub mod inventory;
pub mod link;
pub mod news;
pub mod order;
pub mod picture;
mod turns;
pub mod uses;
pub mod wording;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use postil_anchor::annotation::{Annotations, Apparatus, By, SenseName, Speaker};
use postil_anchor::document::collection;
use postil_anchor::document::record::Record;
use postil_archive::archive::{Archive, name};
use postil_archive::index::{
    CollectionIx, ContributorIx, LinkIx, NoteIx, SenseIx, SitePageIx, TermIx, TextIx, TopicIx,
};
use postil_archive::sidecar::date::Date;

use order::{Order, natural};
use typed_index_collections::{TiSlice, TiVec};

pub(crate) use facts::quoted;
pub use facts::{Facts, Mention, NoteFact, Numbers, Outline, Spoken, facts, lines};
pub use turns::{Turns, Where};

/// All pages, planned.
#[derive(Debug)]
pub struct Site<'a> {
    /// What everything is made from.
    pub archive: &'a Archive,
    /// All annotations.
    pub annotations: &'a Annotations,
    /// Texts in the order of [`Archive::texts`].
    pub texts: TiVec<TextIx, TextPlan>,
    /// Indices of texts in date order (no date last), then by id.
    pub by_date: Vec<TextIx>,
    /// Whether any text has a date.
    pub is_dated: bool,
    /// Kinds of notes, in order.
    pub note_kinds: Vec<NoteKind>,
    /// The order of lists of names.
    pub order: Order,
    /// What git knows of files, if it was asked.
    pub days: news::Days,
    /// Pictures beside texts, notes and pages.
    pub pictures: picture::Pictures,
    said: Said,
    index: Index,
}

/// A word of the interface.
#[derive(Debug, Clone, Default)]
pub struct Word {
    /// As programs get it.
    pub plain: String,
    /// As pages have it, which may say what language it is in.
    pub shown: String,
}

/// A kind of notes.
#[derive(Debug)]
pub struct NoteKind {
    /// As sidecars name it.
    pub key: String,
    /// What it is called.
    pub label: Word,
}

/// One text, planned.
#[derive(Debug)]
pub struct TextPlan {
    /// Its id.
    pub id: Arc<str>,
    /// What is known about it.
    pub record: Record,
    /// As shown.
    pub title: String,
    /// What lists and links call it: the record's short title, else the title; isolated
    /// where it runs against the lines of the site's language.
    pub short: String,
    /// Its language (BCP 47).
    pub lang: String,
}

impl TextPlan {
    /// Its date.
    pub fn date(&self) -> Option<Date> {
        self.record.date
    }
}

#[derive(Debug, Default)]
struct Index {
    texts: BTreeMap<Arc<str>, TextIx>,
    terms: BTreeMap<String, TermIx>,
    topics: BTreeMap<String, TopicIx>,
    contributors: BTreeMap<String, ContributorIx>,
    notes: BTreeMap<(Arc<str>, String), NoteIx>,
    /// For each text its place in [`Site::by_date`].
    ranks: TiVec<TextIx, usize>,
}

impl Index {
    /// Old names stand for what has them as `was`, unless something has such a name now.
    fn add_old_names(&mut self, all: &Annotations, texts: &TiSlice<TextIx, TextPlan>) {
        for (i, text) in texts.iter_enumerated() {
            text.record.was.iter().for_each(|was| _ = self.texts.entry(was.as_str().into()).or_insert(i));
        }
        for (i, term) in all.terms.iter_enumerated() {
            term.was.iter().for_each(|was| _ = self.terms.entry(was.value.clone()).or_insert(i));
        }
        for (i, topic) in all.topics.iter_enumerated() {
            topic.was.iter().for_each(|was| _ = self.topics.entry(was.value.clone()).or_insert(i));
        }
        for (i, note) in all.notes.iter_enumerated() {
            let old = note.was.iter().map(|was| (note.text.clone(), was.value.clone()));
            old.for_each(|key| _ = self.notes.entry(key).or_insert(i));
        }
    }
}

/// Addresses of pages there is one of.
pub mod address {
    /// Front page.
    pub const FRONT: &str = "index.html";
    /// Texts by date.
    pub const TEXTS: &str = "texts/index.html";
    /// Topics.
    pub const TOPICS: &str = "topics/index.html";
    /// Terms, A to Z.
    pub const GLOSSARY: &str = "glossary/index.html";
    /// People.
    pub const PEOPLE: &str = "people/index.html";
    /// Notes.
    pub const NOTES: &str = "notes/index.html";
    /// Links between passages.
    pub const CONNECTIONS: &str = "connections.html";
    /// Who wrote the notes.
    pub const CONTRIBUTORS: &str = "contributors/index.html";
    /// Texts, events and the lives of bodies over time.
    pub const TIMELINE: &str = "timeline.html";
    /// Numbers that notes tell of.
    pub const FIGURES: &str = "figures.html";
    /// Where every text comes from and what was done to it.
    pub const PROVENANCE: &str = "provenance.html";
    /// Search.
    pub const SEARCH: &str = "search.html";
    /// Two pages beside each other.
    pub const BESIDE: &str = "beside.html";
    /// The stand-in for search without script.
    pub const CONCORDANCE: &str = "concordance/index.html";
    /// For addresses that lead nowhere.
    pub const MISSING: &str = "404.html";
    /// Feed of texts and notes.
    pub const FEED: &str = "feed.xml";
    /// What there is for programs.
    pub const DATA: &str = "data/index.html";
    /// Everything but the words of the texts.
    pub const DATA_JSON: &str = "data/archive.json";
    /// The texts as a table.
    pub const DATA_TEXTS_CSV: &str = "data/texts.csv";
    /// The notes as a table.
    pub const DATA_NOTES_CSV: &str = "data/notes.csv";
    /// The terms as a table, a row a sense.
    pub const DATA_TERMS_CSV: &str = "data/terms.csv";
    /// The figures as a table.
    pub const DATA_FIGURES_CSV: &str = "data/figures.csv";
    /// The glossary as a vocabulary.
    pub const DATA_SKOS: &str = "data/terms.ttl";
    /// References to all texts.
    pub const DATA_BIBTEX: &str = "data/texts.bib";
    /// References to all texts.
    pub const DATA_RIS: &str = "data/texts.ris";
    /// References to all texts.
    pub const DATA_CSL: &str = "data/texts.csl.json";
    /// The whole site as one file.
    pub const ARCHIVE: &str = "archive.zip";
    /// What each kind of problem means.
    pub const PROBLEMS: &str = "problems.html";
    /// How to propose a note, if the archive has such a page.
    pub const CONTRIBUTE: &str = "contribute.html";
}

/// Forms of a text besides its page: what each is called, the folder of `static/` that it lies in, and its ending.
const FORMS: [(&str, &str, &str); 6] = [
    ("EPUB", "books", "epub"),
    ("PDF", "pdf", "pdf"),
    ("HTML", "html", "html"),
    ("TEI", "tei", "xml"),
    ("Akoma Ntoso", "akn", "xml"),
    ("Hypothesis", "hypothesis", "json"),
];

/// Address of a text's page, by the text's id.
pub fn text_page(id: &str) -> String {
    format!("texts/{id}.html")
}

/// What the plan says in the language of the site.
#[derive(Debug)]
struct Said {
    colon: String,
    paragraph: String,
}

/// Plans the site. `titles` gives a title to a text whose record has none; `words` are
/// those of the interface, by their keys.
pub fn plan<'a>(
    archive: &'a Archive,
    annotations: &'a Annotations,
    records: TiVec<TextIx, Record>,
    titles: impl Fn(TextIx) -> String,
    words: impl Fn(&str) -> Option<Word>,
) -> Site<'a> {
    let language = &archive.config.language;
    let texts: TiVec<TextIx, TextPlan> = archive
        .texts
        .iter_enumerated()
        .zip(records)
        .map(|((i, file), record)| {
            let title = record.title.clone().unwrap_or_else(|| titles(i));
            TextPlan {
                id: file.id.clone(),
                short: bidi::isolated(record.short.clone().unwrap_or_else(|| title.clone()), language),
                title,
                lang: record.lang.clone().unwrap_or_else(|| language.clone()),
                record,
            }
        })
        .collect();
    let order = Order::new(&archive.config);
    // Those without a date stand behind the others: those of collections by file, then by title.
    let mut by_date: Vec<TextIx> = texts.keys().collect();
    by_date.sort_by_cached_key(|&i| {
        let TextPlan { id, title, .. } = &texts[i];
        let date = texts[i].date();
        let by_file = date.is_none() && stands_by_file(annotations, id);
        let title = (date.is_none() && !by_file).then(|| order.title(title));
        (date.is_none(), date, title, by_file.then(|| natural(id)), id.clone())
    });
    let mut ranks: TiVec<TextIx, usize> = vec![0; texts.len()].into();
    by_date.iter().enumerate().for_each(|(rank, &text)| ranks[text] = rank);
    let mut index = Index {
        ranks,
        texts: texts.iter_enumerated().map(|(i, t)| (t.id.clone(), i)).collect(),
        terms: annotations.terms.iter_enumerated().map(|(i, t)| (t.slug.clone(), i)).collect(),
        topics: annotations.topics.iter_enumerated().map(|(i, t)| (t.slug.clone(), i)).collect(),
        contributors: annotations.contributors.iter_enumerated().map(|(i, c)| (c.slug.clone(), i)).collect(),
        notes: annotations
            .notes
            .iter_enumerated()
            .map(|(i, n)| ((n.text.clone(), n.slug.clone()), i))
            .collect(),
    };
    index.add_old_names(annotations, &texts);
    let config = &archive.config;
    let label = |(key, label): &(String, String)| {
        let said = words(&format!("kind_{key}")).filter(|_| config.usual_kinds);
        let own = || Word { plain: label.clone(), shown: label.clone() };
        NoteKind { key: key.clone(), label: said.unwrap_or_else(own) }
    };
    let note_kinds = config.note_kinds.iter().map(label).collect();
    let said = |key: &str| words(key).unwrap_or_default();
    let said = Said { colon: said("colon").plain, paragraph: said("paragraph_n").shown };
    let is_dated = texts.iter().any(|text| text.date().is_some());
    let (days, pictures) = (news::Days::new(), picture::Pictures::new());
    Site { archive, annotations, texts, by_date, is_dated, note_kinds, order, days, pictures, said, index }
}

/// The collections that a text lies in, the outermost first.
fn collections_around(annotations: &Annotations, id: &str) -> impl DoubleEndedIterator<Item = CollectionIx> {
    let all = &annotations.collections;
    let around = |(folder, _): (usize, &str)| {
        all.binary_search_by(|(collection, _)| (*collection.folder).cmp(&id[..folder])).ok()
    };
    id.match_indices('/').filter_map(around).collect::<Vec<_>>().into_iter()
}

/// Whether the nearest collection around a text that lists its texts otherwise than by date does so by their files.
fn stands_by_file(annotations: &Annotations, id: &str) -> bool {
    let orders = collections_around(annotations, id).map(|index| annotations.collections[index].0.order);
    orders.rev().find(|order| *order != collection::Order::Date) == Some(collection::Order::File)
}

/// Connections on one page.
pub const CONNECTIONS_PER_PAGE: usize = 100;

/// Sites of more texts than this come as one download only if that is asked for.
const MOST_ZIPPED: usize = 2_000;

impl Site<'_> {
    /// Whether the site comes as one download too.
    pub fn zipped(&self) -> bool {
        self.archive.config.zip.unwrap_or(self.texts.len() < MOST_ZIPPED)
    }

    /// Texts in a folder and below it, by id.
    pub fn below(&self, folder: &str) -> Vec<TextIx> {
        let below = format!("{folder}/");
        let from = self.texts.partition_point(|text| *text.id < *below);
        let own = self.texts.iter_enumerated().skip(from.into());
        own.take_while(|(_, text)| text.id.starts_with(&below)).map(|(text, _)| text).collect()
    }

    /// The page of a collection.
    pub fn collection_address(&self, index: CollectionIx) -> String {
        format!("texts/{}/index.html", self.annotations.collections[index].0.folder)
    }

    /// The collections that something lies in, by its id or folder: the outermost first.
    pub fn collections_around(&self, id: &str) -> Vec<CollectionIx> {
        collections_around(self.annotations, id).collect()
    }

    /// Whether anybody is named as a person, or speaks.
    pub fn names_people(&self) -> bool {
        let all = self.annotations;
        let speaks = |apparatus: &Apparatus| {
            !apparatus.speaker_of.is_empty()
                || apparatus.structure.iter().any(|row| row.part.speaker.is_some())
        };
        all.terms.iter().any(|term| term.kind == "person")
            || self.texts.iter().any(|text| text.record.parts().next().is_some())
            || all.apparatuses.iter().any(speaks)
    }

    /// Whether anything has a date that a timeline could show.
    pub fn knows_dates(&self) -> bool {
        let all = self.annotations;
        self.texts.iter().any(|text| text.date().is_some())
            || all.notes.iter().any(|note| !note.events.is_empty())
            || all
                .terms
                .iter()
                .any(|term| term.kind == "body" && term.senses.iter().any(|s| s.from.or(s.until).is_some()))
    }

    /// Index of the text with this id.
    pub fn text(&self, id: &str) -> Option<TextIx> {
        self.index.texts.get(id).copied()
    }

    /// The text that a link in the words of another leads to: the path of its file, from that of the other.
    pub fn text_beside(&self, text: TextIx, link: &str) -> Option<TextIx> {
        let path = link.split(['#', '?']).next().unwrap_or_default();
        let path = path.strip_suffix(".md").or_else(|| path.strip_suffix(".txt"))?;
        let mut parts: Vec<&str> = self.texts[text].id.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "." => {}
                ".." => _ = parts.pop()?,
                part => parts.push(part),
            }
        }
        self.text(&parts.join("/"))
    }

    /// The place of a text among all by date: it is `by_date[rank(text)]`.
    pub fn rank(&self, text: TextIx) -> usize {
        self.index.ranks[text]
    }

    /// Index of the term with this slug.
    pub fn term(&self, slug: &str) -> Option<TermIx> {
        self.index.terms.get(slug).copied()
    }

    /// Indices of a term and of the sense that is named, if one is.
    pub fn sense(&self, name: &SenseName) -> Option<(TermIx, Option<SenseIx>)> {
        let term = self.term(&name.term)?;
        Some((term, name.sense.as_ref().and_then(|id| self.annotations.terms[term].sense(id))))
    }

    /// Index of the topic with this slug.
    pub fn topic(&self, slug: &str) -> Option<TopicIx> {
        self.index.topics.get(slug).copied()
    }

    /// Index of the contributor with this slug.
    pub fn contributor(&self, slug: &str) -> Option<ContributorIx> {
        self.index.contributors.get(slug).copied()
    }

    /// Index of the note of this text with this slug.
    pub fn note(&self, text: &str, slug: &str) -> Option<NoteIx> {
        // The text may have been renamed too.
        let text = self.text(text).map_or_else(|| Arc::from(text), |text| self.texts[text].id.clone());
        self.index.notes.get(&(text, slug.to_owned())).copied()
    }

    /// Address of a text's page.
    pub fn text_address(&self, text: TextIx) -> String {
        text_page(&self.texts[text].id)
    }

    /// Address of the untouched file.
    pub fn raw_address(&self, text: TextIx) -> String {
        format!("raw/{}.txt", self.texts[text].id)
    }

    /// Address of a file that texts were derived from, by its path in the archive. One that ends as a text or record
    /// does has `.original` behind its name: so it never has the address of a raw text.
    pub fn original_address(&self, path: &str) -> String {
        let below = path.strip_prefix("content/").unwrap_or(path);
        let lower = below.to_ascii_lowercase();
        let ends = |ending: &&str| lower.ends_with(*ending);
        let more = if [".txt", ".md", ".toml"].iter().any(ends) { ".original" } else { "" };
        format!("raw/{below}{more}")
    }

    /// In which other forms a text lies among the files that are published as they are, where `postil export` puts
    /// them: what each is called, and its address.
    pub fn forms(&self, text: TextIx) -> Vec<(&'static str, String)> {
        let id = &self.texts[text].id;
        let form = |&(name, folder, ending): &(&'static str, &str, &str)| {
            let address = format!("{folder}/{id}.{ending}");
            self.is_published(&address).then_some((name, address))
        };
        FORMS.iter().filter_map(form).collect()
    }

    /// Whether the publisher has a file of this address.
    pub fn is_published(&self, address: &str) -> bool {
        self.archive.statics.binary_search_by(|file| (*file.address).cmp(address)).is_ok()
    }

    /// Address of its annotations as W3C Web Annotations.
    pub fn annotations_address(&self, text: TextIx) -> String {
        format!("texts/{}.jsonld", self.texts[text].id)
    }

    /// The editor's layer of a text, if it has one.
    pub fn apparatus(&self, text: TextIx) -> Option<&Apparatus> {
        let (id, all) = (&self.texts[text].id, &self.annotations.apparatuses);
        all.get(all.partition_point(|a| a.text < *id)).filter(|a| a.text == *id)
    }

    /// Address of a topic's own feed.
    pub fn topic_feed_address(&self, topic: TopicIx) -> String {
        format!("topics/{}.xml", self.annotations.topics[topic].slug)
    }

    /// Address of a term's page.
    pub fn term_address(&self, term: TermIx) -> String {
        format!("glossary/{}.html", self.annotations.terms[term].slug)
    }

    /// Address of a sense on its term's page.
    pub fn sense_address(&self, term: TermIx, sense: SenseIx) -> String {
        format!("{}#{}", self.term_address(term), link::sense(sense))
    }

    /// Address of a topic's page.
    pub fn topic_address(&self, topic: TopicIx) -> String {
        format!("topics/{}.html", self.annotations.topics[topic].slug)
    }

    /// Address of a contributor's page.
    pub fn contributor_address(&self, contributor: ContributorIx) -> String {
        format!("contributors/{}.html", self.annotations.contributors[contributor].slug)
    }

    /// Address of a note: its text's page and its id there.
    pub fn note_address(&self, note: NoteIx) -> String {
        let note = &self.annotations.notes[note];
        format!("texts/{}.html#n-{}", note.text, note.slug)
    }

    /// The whole address of a page or file, if the site's own is known.
    pub fn full_address(&self, address: &str) -> Option<String> {
        let base = self.archive.config.base_url.as_deref()?;
        Some(format!("{base}/{}", link::relative("", address)))
    }

    /// Address of a connection: on the page of all, or where that is in parts, with
    /// the text of its first end.
    pub fn link_address(&self, link: LinkIx) -> String {
        let links = &self.annotations.links;
        let entry = &links[link];
        let text = entry.ends.first().and_then(|end| self.text(&end.text.value));
        match text.filter(|_| links.len() > CONNECTIONS_PER_PAGE) {
            Some(text) => format!("{}#l-{}-1", self.text_address(text), entry.slug),
            None => format!("{}#l-{}", address::CONNECTIONS, entry.slug),
        }
    }

    /// Address of one of the site's own pages.
    pub fn page_address(&self, page: SitePageIx) -> String {
        format!("{}.html", self.annotations.pages[page].slug)
    }

    /// The name of who wrote something.
    pub fn name<'b>(&'b self, by: &'b By) -> &'b str {
        match by {
            By::Name(name) => name,
            By::Contributor(slug) => {
                self.contributor(slug).map_or(slug, |c| &self.annotations.contributors[c].name)
            }
        }
    }

    /// The name of who speaks.
    pub fn speaker<'b>(&'b self, speaker: &'b Speaker) -> Cow<'b, str> {
        match speaker {
            Speaker::Name(name) => Cow::Borrowed(name),
            Speaker::Term(slug) => {
                Cow::Borrowed(self.term(slug).map_or(slug, |t| &self.annotations.terms[t].term.value))
            }
            Speaker::Several(all) => {
                Cow::Owned(all.iter().map(|one| self.speaker(one)).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// How addresses of searches name who speaks.
    pub fn speaker_slug(&self, speaker: &Speaker) -> String {
        match speaker {
            Speaker::Term(slug) => slug.clone(),
            Speaker::Name(_) | Speaker::Several(_) => {
                let label = self.speaker(speaker);
                let letters = label.chars().map(|c| if c.is_alphanumeric() { c } else { '-' });
                letters.flat_map(char::to_lowercase).collect()
            }
        }
    }

    /// Whether who speaks may be a person: all but terms of another kind, and names that an apparatus gives to all
    /// rows of a kind, which are bodies.
    pub fn is_person(&self, facts: &Facts, speaker: &Speaker) -> bool {
        match speaker {
            Speaker::Term(slug) => {
                self.term(slug).is_none_or(|term| self.annotations.terms[term].kind == "person")
            }
            Speaker::Several(all) => all.iter().any(|one| self.is_person(facts, one)),
            Speaker::Name(_) => facts.spoken.iter().all(|one| !one.of_kind || one.speaker != *speaker),
        }
    }

    /// The label of a kind of note.
    pub fn note_kind<'b>(&'b self, kind: &'b str) -> &'b str {
        self.kind(kind).map_or(kind, |label| &label.plain)
    }

    /// The same as pages have it.
    pub fn shown_note_kind<'b>(&'b self, kind: &'b str) -> &'b str {
        self.kind(kind).map_or(kind, |label| &label.shown)
    }

    fn kind(&self, kind: &str) -> Option<&Word> {
        Some(&self.note_kinds.iter().find(|known| known.key == kind)?.label)
    }

    /// Words with what they are before them, set apart as the language does it: "Note: Context".
    pub fn labelled(&self, label: &str, words: &str) -> String {
        format!("{label}{}{words}", self.said.colon)
    }

    /// A paragraph by its number, as pages have it.
    pub fn paragraph(&self, number: u32) -> String {
        self.said.paragraph.replace("{n}", &number.to_string())
    }

    /// Old addresses that point on: (old, new). What cannot be an old address is
    /// reported where it stands, and left out here.
    pub fn moved(&self) -> Vec<(String, String)> {
        let mut taken: BTreeSet<String> =
            [address::TEXTS, address::TOPICS, address::GLOSSARY, address::CONTRIBUTORS]
                .map(str::to_owned)
                .into();
        taken.extend(self.texts.keys().map(|i| self.text_address(i)));
        taken.extend(self.annotations.terms.keys().map(|i| self.term_address(i)));
        taken.extend(self.annotations.topics.keys().map(|i| self.topic_address(i)));
        taken.extend(self.annotations.contributors.keys().map(|i| self.contributor_address(i)));
        let mut moved = self.old_addresses();
        moved.retain(|(old, _)| {
            let id = old.split_once('/').and_then(|(_, rest)| rest.strip_suffix(".html"));
            id.is_some_and(name::is_id) && taken.insert(old.clone())
        });
        moved
    }

    fn old_addresses(&self) -> Vec<(String, String)> {
        let a = self.annotations;
        let terms = a.terms.iter_enumerated().flat_map(|(i, t)| {
            t.was.iter().map(move |w| (format!("glossary/{}.html", w.value), self.term_address(i)))
        });
        let topics = a.topics.iter_enumerated().flat_map(|(i, t)| {
            t.was.iter().map(move |w| (format!("topics/{}.html", w.value), self.topic_address(i)))
        });
        let texts = self.texts.iter_enumerated().flat_map(|(i, t)| {
            t.record.was.iter().map(move |w| (format!("texts/{w}.html"), self.text_address(i)))
        });
        let people = a.contributors.iter_enumerated().flat_map(|(i, c)| {
            c.was.iter().map(move |w| (format!("contributors/{}.html", w.value), self.contributor_address(i)))
        });
        terms.chain(topics).chain(texts).chain(people).collect()
    }
}
