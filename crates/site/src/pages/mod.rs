//! Every page but the texts': what it needs is gathered from the facts of all
//! texts, and shown by the theme.

mod citing;
pub(crate) mod draw;
mod figures;
mod glossary;
mod host;
mod lists;
mod notes;
mod paging;
mod parts;
mod people;
mod relations;
mod search;
pub mod suggest;
mod text;
mod timeline;
mod topic;
mod ways;

use crate::data::files;
use rayon::prelude::*;
use typed_index_collections::{TiSlice, TiVec};

use crate::render::context::{self, NavItem};
use crate::render::press::{File, Made, Press};
use crate::render::words::Words;
use crate::site::uses::Line;
use crate::site::{Facts, Site, address};
use postil_archive::diagnostic::Diagnostic;
use postil_archive::index::{ContributorIx, TermIx, TextIx};

pub(crate) use parts::part;
pub use text::TextPage;

/// The concordance, as the index gives it.
#[derive(Debug, Default)]
pub struct ListedWords {
    /// Its places in the alphabet.
    pub letters: Vec<ConcordanceLetter>,
    /// Whether words that stand in one place only are left out.
    pub is_cut: bool,
}

/// A place in the alphabet of the concordance, as the index gives it.
#[derive(Debug, Clone, Default)]
pub struct ConcordanceLetter {
    /// As shown.
    pub letter: String,
    /// Name of the page without ending, ASCII.
    pub slug: String,
    /// Its words.
    pub words: Vec<ConcordanceWord>,
}

/// A word of the concordance.
#[derive(Debug, Clone, Default)]
pub struct ConcordanceWord {
    /// As shown.
    pub word: String,
    /// How often it occurs.
    pub count: usize,
    /// Where, by text.
    pub texts: Vec<ConcordanceText>,
    /// Places left out.
    pub more: usize,
}

/// The places of a word in one text.
#[derive(Debug, Clone, Default)]
pub struct ConcordanceText {
    /// Title of the text.
    pub title: String,
    /// Where: address from the root, words for it, and a line of context if there is one.
    pub places: Vec<(String, String, Option<[String; 3]>)>,
}

/// Makes all pages but those of the texts and the concordance. `shown` are the uses
/// of each term. A page is handed to `take` as soon as it is made, so that no two
/// have to be in memory; what came of each is returned, or what is wrong with the theme.
pub fn pages<T: Send>(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    shown: &TiSlice<TermIx, Vec<Line>>,
    take: Take<'_, T>,
) -> Taken<T> {
    let all = press.site.annotations;
    let entries = timeline::entries(press, facts);
    let notes = notes::lists(press, facts);
    let terms = glossary::lists(press, facts);
    let people = people::people(press, facts);
    let years = lists::years(press);
    let links = relations::by_relation(press);
    let written: TiVec<ContributorIx, _> =
        all.contributors.keys().map(|i| people::written(press, facts, i)).collect();
    let (entries, notes, terms) = (&entries[..], &notes[..], &terms);
    let topics = &topic::filed(press, facts);
    let (people, years, links, written) = (&people[..], &years[..], &links[..], &written);

    let ways = &ways::ways(press)[..];
    let mut jobs: Vec<Job<'_>> = vec![
        Box::new(move || lists::front(press, facts)),
        Box::new(move || lists::texts(press, facts, ways)),
        Box::new(move || topic::index(press, topics)),
        Box::new(move || glossary::index(press, terms)),
        Box::new(move || people::contributors(press, facts)),
        Box::new(move || figures::page(press, facts)),
        Box::new(move || search::search(press, facts, topics)),
        Box::new(move || host::beside(press)),
        Box::new(move || host::missing(press)),
        Box::new(move || host::problems(press)),
    ];
    if lists::in_years(press) {
        for (i, (_, slug, texts)) in years.iter().enumerate() {
            let parts = 0..lists::year_parts(slug, texts).len();
            jobs.extend(
                parts.map(|p| -> Job<'_> { Box::new(move || lists::year(press, facts, years, i, p)) }),
            );
        }
    }
    jobs.extend(
        ways::pages(ways)
            .into_iter()
            .map(|at| -> Job<'_> { Box::new(move || ways::page(press, facts, ways, at)) }),
    );
    jobs.extend(
        (0..timeline::parts(entries).len())
            .map(|p| -> Job<'_> { Box::new(move || timeline::page(press, facts, entries, p)) }),
    );
    for (i, list) in notes.iter().enumerate() {
        let parts = 0..list.parts.len();
        jobs.extend(parts.map(|p| -> Job<'_> { Box::new(move || notes::page(press, notes, i, p)) }));
    }
    jobs.extend(
        (0..relations::connection_parts(links).len())
            .map(|p| -> Job<'_> { Box::new(move || relations::connections(press, facts, links, p)) }),
    );
    jobs.extend(
        (0..relations::provenance_parts(press).len())
            .map(|p| -> Job<'_> { Box::new(move || relations::provenance(press, facts, p)) }),
    );
    jobs.extend(
        (0..people::parts(people).len())
            .map(|p| -> Job<'_> { Box::new(move || people::index(press, people, p)) }),
    );
    jobs.extend(
        terms
            .letter_pages()
            .into_iter()
            .map(|at| -> Job<'_> { Box::new(move || glossary::letter(press, terms, at)) }),
    );
    jobs.extend(
        terms
            .kind_pages()
            .into_iter()
            .map(|at| -> Job<'_> { Box::new(move || glossary::kind(press, terms, at)) }),
    );
    jobs.extend(
        all.terms.keys().map(|i| -> Job<'_> { Box::new(move || glossary::term(press, terms, i, &shown[i])) }),
    );
    for (i, filed) in topics.iter_enumerated() {
        let parts = 0..filed.parts.len();
        jobs.extend(parts.map(|p| -> Job<'_> { Box::new(move || topic::topic(press, topics, i, p)) }));
    }
    for (i, list) in written.iter_enumerated() {
        let parts = 0..list.1.len();
        jobs.extend(parts.map(|p| -> Job<'_> { Box::new(move || people::contributor(press, i, list, p)) }));
    }
    jobs.extend(all.pages.keys().map(|i| -> Job<'_> { Box::new(move || host::page(press, i)) }));
    jobs.extend(
        press
            .site
            .moved()
            .into_iter()
            .map(|(old, new)| -> Job<'_> { Box::new(move || host::moved(press, &old, &new)) }),
    );
    jobs.extend(files::FILES.iter().map(|data| -> Job<'_> { Box::new(move || Ok(data.file(press, facts))) }));
    if press.site.archive.config.base_url.is_some() {
        jobs.push(Box::new(move || host::feed(press, facts)));
        jobs.extend(
            all.topics.keys().map(|i| -> Job<'_> { Box::new(move || topic::feed(press, topics, i)) }),
        );
    }
    make(&jobs, take)
}

/// Makes the pages of the concordance, as [`pages`] makes the others.
pub fn concordance<T: Send>(press: Press<'_>, listed: &ListedWords, take: Take<'_, T>) -> Taken<T> {
    let mut jobs: Vec<Job<'_>> = vec![Box::new(move || host::concordance(press, listed, None))];
    for (i, letter) in listed.letters.iter().enumerate() {
        let parts = 0..host::letter_parts(letter).len();
        jobs.extend(
            parts.map(|p| -> Job<'_> { Box::new(move || host::concordance(press, listed, Some((i, p)))) }),
        );
    }
    make(&jobs, take)
}

fn make<T: Send>(jobs: &[Job<'_>], take: Take<'_, T>) -> Taken<T> {
    jobs.par_iter().map(|job| job().map(take)).collect()
}

/// Takes a finished page in.
pub type Take<'a, T> = &'a (dyn Fn(File) -> T + Sync);
/// What came of each page, or why its template could not make it.
pub type Taken<T> = Vec<Result<T, Box<Diagnostic>>>;

/// The page of what there is for programs, once it is known in how many files the whole site is offered: their addresses.
///
/// # Errors
/// What is wrong with the theme.
pub fn data(press: Press<'_>, downloads: &[String]) -> Made {
    host::data(press, downloads)
}

/// The files a host wants besides pages, once all addresses are known.
pub fn host_files(press: Press<'_>, addresses: &[String]) -> Vec<File> {
    host::files(press, addresses)
}

type Job<'a> = Box<dyn Fn() -> Made + Sync + Send + 'a>;

/// What all templates share.
pub fn shared(site: &Site<'_>, words: &Words) -> context::Site {
    let config = &site.archive.config;
    let item = |key: &str, href: &str, word: &str| NavItem {
        key: key.to_owned(),
        href: href.to_owned(),
        label: words.get(word).to_owned(),
    };
    let all = site.annotations;
    // A page that would be empty has its address all the same, but nothing leads there.
    let empty = |item: &NavItem| match item.key.as_str() {
        "topics" => all.topics.is_empty(),
        "terms" => all.terms.is_empty(),
        "notes" => all.notes.is_empty(),
        "connections" => all.links.is_empty(),
        "figures" => all.notes.iter().all(|note| note.figures.is_empty()),
        "people" => !site.names_people(),
        "timeline" => !site.knows_dates(),
        "concordance" => !config.concordance,
        _ => false,
    };
    let mut nav = vec![
        item("texts", address::TEXTS, "nav_texts"),
        item("topics", address::TOPICS, "nav_topics"),
        item("terms", address::GLOSSARY, "nav_terms"),
        item("notes", address::NOTES, "nav_notes"),
    ];
    let mut foot = vec![
        item("people", address::PEOPLE, "nav_people"),
        item("timeline", address::TIMELINE, "nav_timeline"),
        item("figures", address::FIGURES, "nav_figures"),
        item("connections", address::CONNECTIONS, "nav_connections"),
        item("concordance", address::CONCORDANCE, "nav_concordance"),
        item("contributors", address::CONTRIBUTORS, "nav_contributors"),
        item("provenance", address::PROVENANCE, "nav_provenance"),
        item("data", address::DATA, "nav_data"),
    ];
    nav.retain(|item| !empty(item));
    foot.retain(|item| !empty(item));
    foot.extend(site.annotations.pages.iter_enumerated().map(|(i, page)| NavItem {
        key: page.slug.clone(),
        href: site.page_address(i),
        label: page.title.clone(),
    }));
    // What the publisher has put there stands in for what the theme draws.
    let own = |names: &[&'static str]| {
        let has = |name: &&&str| site.archive.statics.iter().any(|file| file.address == **name);
        names.iter().find(has).copied()
    };
    context::Site {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        base_url: config.base_url.clone(),
        repository: config.repository.clone(),
        licence: context::Name::licence(&config.licence),
        feed: config.base_url.as_ref().map(|_| address::FEED.to_owned()),
        icon: own(&["favicon.svg", "favicon.ico", "favicon.png"]).unwrap_or("assets/favicon.svg").to_owned(),
        card: config.base_url.as_ref().map(|base| {
            let card = own(&["card.png", "card.jpg"]).unwrap_or("assets/card.png");
            format!("{base}/{card}")
        }),
        archive: site.zipped().then(|| format!("{}#download", address::DATA)),
        nav,
        foot,
    }
}
