//! All the Markdown of the archive, rendered once to see what is wrong with it
//! and where it leads, whatever page it will stand on.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::render::markdown::{self, Place, Wanted};
use crate::site::Site;
use crate::site::cut::{short, spaced};
use postil_anchor::annotation::{Markdown, Note, Words};
use postil_archive::diagnostic::Diagnostic;
use postil_archive::memo::{Input, Key};

/// What the Markdown of the archive holds.
#[derive(Debug, Default)]
pub struct Survey {
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
    /// Links into the site.
    pub wanted: Vec<Wanted>,
    /// Address of a page to what leads there: (address, words), sorted.
    pub backlinks: BTreeMap<String, Vec<(String, String)>>,
    /// What became of the Markdown of each file: it changes with what links in it lead to, too.
    pub rendered: BTreeMap<Arc<str>, Vec<Key>>,
}

impl Survey {
    /// What became of the Markdown of a file.
    pub fn rendered(&self, file: &str) -> &[Key] {
        self.rendered.get(file).map_or(&[], Vec::as_slice)
    }

    /// What leads to a page.
    pub fn leading_to(&self, page: &str) -> &[(String, String)] {
        self.backlinks.get(page).map_or(&[], Vec::as_slice)
    }
}

/// Looks through all Markdown. `seed` is that of the keys of what became of it.
pub fn survey(site: &Site<'_>, seed: u64) -> Survey {
    let pieces = pieces(site);
    let found: Vec<_> = pieces
        .par_iter()
        .map(|piece| {
            markdown::render(site, piece.markdown, Place { page: &piece.address, heading: piece.heading })
        })
        .collect();
    let mut survey = Survey::default();
    let mut leading: BTreeMap<String, Vec<(&str, &str, &str)>> = BTreeMap::new();
    for (piece, rendered) in pieces.iter().zip(found) {
        let mut input = Input::seeded(seed, "markdown");
        let key = input.bytes(rendered.html.as_bytes()).bytes(rendered.text.as_bytes()).done();
        survey.rendered.entry(piece.markdown.source.path.clone()).or_default().push(key);
        survey.problems.extend(rendered.problems);
        survey.wanted.extend(rendered.wanted);
        let own = piece.address.split('#').next().unwrap_or("").to_owned();
        for page in rendered.leads_to.into_iter().filter(|page| *page != own) {
            leading.entry(page).or_default().push((&piece.address, &piece.title, &piece.on));
        }
    }
    for (page, mut list) in leading {
        list.sort_unstable();
        list.dedup();
        let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, title, _) in &list {
            *titles.entry(title).or_default() += 1;
        }
        // Several notes of one kind on one text are told apart by the words they are on.
        let named = |(address, title, on): (&str, &str, &str)| match titles[title] > 1 && !on.is_empty() {
            true => (address.to_owned(), format!("{title}, {on}")),
            false => (address.to_owned(), title.to_owned()),
        };
        let list = list.iter().copied().map(named).collect();
        survey.backlinks.insert(page, list);
    }
    survey
}

/// Most characters of the words that tell a note from another.
const ON: usize = 48;

/// The beginning of the words that a note is on, in quotation marks; nothing if it
/// is on a whole text or on blocks named by number.
fn on(note: &Note) -> String {
    let words = note.selectors.iter().find_map(|selector| selector.words.as_ref());
    let (Some(Words::Literal(words)) | Some(Words::Quotation(words))) = words else { return String::new() };
    // In a quotation the words in bold are meant.
    let mut parts = words.split("**");
    let words = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(bold), Some(_), None) => bold,
        _ => words,
    };
    format!("“{}”", short(&spaced(words), ON))
}

struct Piece<'a> {
    markdown: &'a Markdown,
    /// Where it is shown.
    address: String,
    title: String,
    /// What tells it from another of the same title; empty if nothing does.
    on: String,
    heading: Option<u8>,
}

fn pieces<'a>(site: &'a Site<'_>) -> Vec<Piece<'a>> {
    let all = site.annotations;
    let mut out = Vec::new();
    for (i, note) in all.notes.iter_enumerated() {
        let text = site.text(&note.text).map_or("", |t| &site.texts[t].short);
        let title = site.labelled(site.shown_note_kind(&note.kind), text);
        out.push(Piece {
            markdown: &note.body,
            address: site.note_address(i),
            title,
            on: on(note),
            heading: None,
        });
    }
    for (i, term) in all.terms.iter_enumerated() {
        for sense in &term.senses {
            let (address, title) = (site.term_address(i), term.term.value.clone());
            out.push(Piece { markdown: &sense.definition, address, title, on: String::new(), heading: None });
        }
    }
    for (i, topic) in all.topics.iter_enumerated() {
        let whys = topic.passages.iter().filter_map(|p| p.why.as_ref());
        for markdown in topic.scope.iter().chain(whys) {
            let (address, title) = (site.topic_address(i), topic.title.clone());
            out.push(Piece { markdown, address, title, on: String::new(), heading: None });
        }
    }
    for (i, (collection, about)) in all.collections.iter_enumerated() {
        if let Some(markdown) = about {
            let (address, title) = (site.collection_address(i), collection.title.clone());
            out.push(Piece { markdown, address, title, on: String::new(), heading: Some(2) });
        }
    }
    for (i, page) in all.pages.iter_enumerated() {
        let (address, title) = (site.page_address(i), page.title.clone());
        out.push(Piece { markdown: &page.body, address, title, on: String::new(), heading: Some(2) });
    }
    for (i, link) in all.links.iter_enumerated() {
        if let Some(markdown) = &link.note {
            let address = site.link_address(i);
            out.push(Piece {
                markdown,
                address,
                title: link.title.clone(),
                on: String::new(),
                heading: None,
            });
        }
    }
    out
}
