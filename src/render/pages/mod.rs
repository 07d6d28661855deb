//! Every page but the texts': what it needs is gathered from the facts of all
//! texts, and shown by the theme.

mod citing;
mod glossary;
mod host;
mod lists;
mod parts;
mod people;
pub mod suggest;
mod text;
mod topic;

use rayon::prelude::*;
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::render::context::{Link, NavItem, Page};
use crate::render::data;
use crate::render::prose::Survey;
use crate::render::template::Templates;
use crate::render::words::Words;
use crate::site::{Facts, Site, address, link};

pub(crate) use parts::{licence, part};
pub use text::TextPage;

/// A finished file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Address from the root.
    pub address: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What pages are made with.
#[derive(Debug, Clone, Copy)]
pub struct Press<'a> {
    /// The plan.
    pub site: &'a Site<'a>,
    /// Words of the interface.
    pub words: &'a Words,
    /// The theme's templates.
    pub templates: &'a Templates,
    /// Where Markdown leads.
    pub survey: &'a Survey,
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
    /// Where: address from the root, and words for it.
    pub places: Vec<(String, String)>,
    /// Places left out.
    pub more: usize,
}

/// All pages but those of the texts, and what went wrong with the theme.
pub fn pages(
    press: Press<'_>,
    facts: &[Facts],
    concordance: &[ConcordanceLetter],
) -> (Vec<File>, Vec<Diagnostic>) {
    let all = press.site.annotations;
    let mut jobs: Vec<Job<'_>> = vec![
        Box::new(move || lists::front(press, facts)),
        Box::new(move || lists::texts(press, facts)),
        Box::new(move || lists::notes(press, facts)),
        Box::new(move || lists::connections(press, facts)),
        Box::new(move || lists::provenance(press, facts)),
        Box::new(move || topic::index(press, facts)),
        Box::new(move || glossary::index(press, facts)),
        Box::new(move || people::index(press, facts)),
        Box::new(move || people::contributors(press, facts)),
        Box::new(move || host::search(press)),
        Box::new(move || host::missing(press)),
        Box::new(move || host::concordance(press, concordance, None)),
    ];
    jobs.extend(
        (0..all.terms.len()).map(|i| -> Job<'_> { Box::new(move || glossary::term(press, facts, i)) }),
    );
    jobs.extend(
        (0..all.topics.len()).map(|i| -> Job<'_> { Box::new(move || topic::topic(press, facts, i)) }),
    );
    jobs.extend(
        (0..all.contributors.len())
            .map(|i| -> Job<'_> { Box::new(move || people::contributor(press, facts, i)) }),
    );
    jobs.extend((0..all.pages.len()).map(|i| -> Job<'_> { Box::new(move || host::page(press, i)) }));
    jobs.extend(
        (0..concordance.len())
            .map(|i| -> Job<'_> { Box::new(move || host::concordance(press, concordance, Some(i))) }),
    );
    jobs.extend(
        press
            .site
            .moved()
            .into_iter()
            .map(|(old, new)| -> Job<'_> { Box::new(move || host::moved(press, &old, &new)) }),
    );
    jobs.push(Box::new(move || host::data(press)));
    jobs.extend(
        data::FILES.iter().map(|(to, _)| -> Job<'_> { Box::new(move || Ok(data::file(press, facts, to))) }),
    );
    if press.site.archive.config.base_url.is_some() {
        jobs.push(Box::new(move || host::feed(press)));
        jobs.extend(
            (0..all.topics.len()).map(|i| -> Job<'_> { Box::new(move || topic::feed(press, facts, i)) }),
        );
    }
    let done: Vec<_> = jobs.par_iter().map(|job| job()).collect();
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for result in done {
        match result {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(*problem),
        }
    }
    files.sort_by(|a, b| a.address.cmp(&b.address));
    (files, problems)
}

/// The files a host wants besides pages, once all addresses are known.
pub fn host_files(press: Press<'_>, addresses: &[String]) -> Vec<File> {
    host::files(press, addresses)
}

type Made = Result<File, Box<Diagnostic>>;
type Job<'a> = Box<dyn Fn() -> Made + Sync + Send + 'a>;

impl Press<'_> {
    /// Shows a context by a template of the theme.
    fn show(&self, template: &str, address: &str, context: &impl Serialize) -> Made {
        let html = self.templates.render(template, context)?;
        Ok(File { address: address.to_owned(), bytes: html.into_bytes() })
    }

    /// What every page has.
    fn page(&self, address: &str, title: impl Into<String>, section: &str) -> Page {
        let base = self.site.archive.config.base_url.as_deref();
        Page {
            root: link::root(address),
            address: address.to_owned(),
            title: title.into(),
            description: None,
            section: section.to_owned(),
            canonical: base.map(|base| format!("{base}/{}", link::relative("", address))),
        }
    }

    /// A link from a page to an address.
    fn link(&self, from: &str, to: &str, text: impl Into<String>) -> Link {
        Link { href: link::relative(from, to), text: text.into() }
    }
}

/// What all templates share.
pub fn shared(site: &Site<'_>, words: &Words) -> crate::render::context::Site {
    let config = &site.archive.config;
    let item = |key: &str, href: &str, word: &str| NavItem {
        key: key.to_owned(),
        href: href.to_owned(),
        label: words.get(word).to_owned(),
    };
    let nav = vec![
        item("texts", address::TEXTS, "nav_texts"),
        item("topics", address::TOPICS, "nav_topics"),
        item("terms", address::GLOSSARY, "nav_terms"),
        item("notes", address::NOTES, "nav_notes"),
    ];
    let mut foot = vec![
        item("people", address::PEOPLE, "nav_people"),
        item("connections", address::CONNECTIONS, "nav_connections"),
        item("concordance", address::CONCORDANCE, "nav_concordance"),
        item("contributors", address::CONTRIBUTORS, "nav_contributors"),
        item("provenance", address::PROVENANCE, "nav_provenance"),
        item("data", address::DATA, "nav_data"),
    ];
    foot.extend(site.annotations.pages.iter().enumerate().map(|(i, page)| NavItem {
        key: page.slug.clone(),
        href: site.page_address(i),
        label: page.title.clone(),
    }));
    crate::render::context::Site {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        base_url: config.base_url.clone(),
        repository: config.repository.clone(),
        licence: parts::licence(&config.licence),
        feed: config.base_url.as_ref().map(|_| address::FEED.to_owned()),
        archive: site.zipped().then(|| address::ARCHIVE.to_owned()),
        nav,
        foot,
    }
}
