//! All the Markdown of the archive, rendered once to see what is wrong with it
//! and where it leads, whatever page it will stand on.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::annotation::Markdown;
use crate::diagnostic::Diagnostic;
use crate::render::markdown::{self, Place, Wanted};
use crate::site::Site;

/// What the Markdown of the archive holds.
#[derive(Debug, Default)]
pub struct Survey {
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
    /// Links into the site.
    pub wanted: Vec<Wanted>,
    /// Address of a page to what leads there: (address, words), sorted.
    pub backlinks: BTreeMap<String, Vec<(String, String)>>,
}

impl Survey {
    /// What leads to a page.
    pub fn leading_to(&self, page: &str) -> &[(String, String)] {
        self.backlinks.get(page).map_or(&[], Vec::as_slice)
    }
}

/// Looks through all Markdown.
pub fn survey(site: &Site<'_>) -> Survey {
    let pieces = pieces(site);
    let found: Vec<_> = pieces
        .par_iter()
        .map(|piece| {
            markdown::render(site, piece.markdown, Place { page: &piece.address, heading: piece.heading })
        })
        .collect();
    let mut survey = Survey::default();
    for (piece, rendered) in pieces.into_iter().zip(found) {
        survey.problems.extend(rendered.problems);
        survey.wanted.extend(rendered.wanted);
        let own = piece.address.split('#').next().unwrap_or("").to_owned();
        for page in rendered.leads_to.into_iter().filter(|page| *page != own) {
            survey.backlinks.entry(page).or_default().push((piece.address.clone(), piece.title.clone()));
        }
    }
    for list in survey.backlinks.values_mut() {
        list.sort();
        list.dedup();
    }
    survey
}

struct Piece<'a> {
    markdown: &'a Markdown,
    /// Where it is shown.
    address: String,
    title: String,
    heading: Option<u8>,
}

fn pieces<'a>(site: &'a Site<'_>) -> Vec<Piece<'a>> {
    let all = site.annotations;
    let mut out = Vec::new();
    for (i, note) in all.notes.iter().enumerate() {
        let text = site.text(&note.text).map_or("", |t| &site.texts[t].short);
        let title = format!("{}: {text}", site.note_kind(&note.kind));
        out.push(Piece { markdown: &note.body, address: site.note_address(i), title, heading: None });
    }
    for (i, term) in all.terms.iter().enumerate() {
        for sense in &term.senses {
            let (address, title) = (site.term_address(i), term.term.value.clone());
            out.push(Piece { markdown: &sense.definition, address, title, heading: None });
        }
    }
    for (i, topic) in all.topics.iter().enumerate() {
        let whys = topic.passages.iter().filter_map(|p| p.why.as_ref());
        for markdown in topic.scope.iter().chain(whys) {
            let (address, title) = (site.topic_address(i), topic.title.clone());
            out.push(Piece { markdown, address, title, heading: None });
        }
    }
    for (i, page) in all.pages.iter().enumerate() {
        let (address, title) = (site.page_address(i), page.title.clone());
        out.push(Piece { markdown: &page.body, address, title, heading: Some(2) });
    }
    for (i, link) in all.links.iter().enumerate() {
        if let Some(markdown) = &link.note {
            let address = site.link_address(i);
            out.push(Piece { markdown, address, title: link.title.clone(), heading: None });
        }
    }
    out
}
