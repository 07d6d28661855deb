//! The glossary as a vocabulary that other programs join to theirs: SKOS (W3C Recommendation of
//! 18 August 2009) in Turtle (W3C Recommendation of 25 February 2014).
//!
//! A term is a concept. A term with several senses has each as a narrower concept, in its time: what a
//! name means in one year is not what it means in another, and a program that is given one definition
//! for all would have to choose. Spans of time are written as EDTF has them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::render::context::Name;
use crate::render::markdown::{self, Place};
use crate::site::{Site, address, link};
use postil_anchor::annotation::{Citation, Markdown, Sense, SenseName, Term};
use postil_archive::index::TermIx;

/// The glossary in Turtle. Concepts have the addresses of their pages: in full if the site's own is
/// known, else as they are seen from the file.
pub fn turtle(site: &Site<'_>) -> String {
    let config = &site.archive.config;
    let scheme = iri(site, address::GLOSSARY);
    let mut out = String::from(
        "@prefix dct: <http://purl.org/dc/terms/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
         @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n",
    );
    let mut of = Resource::begin(&mut out, &scheme, "skos:ConceptScheme");
    of.says("dct:title", &said(&config.title, &config.language));
    of.says("dct:language", &literal(&config.language));
    match Name::licence(&config.licence).href.filter(|href| is_iri(href)) {
        Some(href) => of.says("dct:license", &format!("<{href}>")),
        None => of.says("dct:rights", &literal(&config.licence)),
    }
    of.end();
    for (i, term) in site.annotations.terms.iter_enumerated() {
        concept(site, &mut out, &scheme, i, term);
    }
    out
}

/// What is said of one thing: predicates and objects, until the full stop.
struct Resource<'a> {
    out: &'a mut String,
}

impl<'a> Resource<'a> {
    fn begin(out: &'a mut String, iri: &str, class: &str) -> Self {
        let _ = write!(out, "\n{iri} a {class}");
        Self { out }
    }

    fn says(&mut self, predicate: &str, object: &str) {
        let _ = write!(self.out, " ;\n  {predicate} {object}");
    }

    fn end(self) {
        self.out.push_str(" .\n");
    }
}

fn concept(site: &Site<'_>, out: &mut String, scheme: &str, index: TermIx, term: &Term) {
    let language = &site.archive.config.language;
    let here = iri(site, &site.term_address(index));
    let mut of = Resource::begin(out, &here, "skos:Concept");
    of.says("skos:inScheme", scheme);
    of.says("skos:topConceptOf", scheme);
    of.says("skos:notation", &literal(&term.slug));
    // The three kinds of labels have none in common (SKOS, S13).
    let mut taken = BTreeSet::from([&*term.term.value]);
    of.says("skos:prefLabel", &said(&term.term.value, language));
    for (predicate, forms) in [("skos:altLabel", &term.forms), ("skos:hiddenLabel", &term.misprints)] {
        for form in forms.iter().filter(|form| taken.insert(&*form.value)) {
            of.says(predicate, &said(&form.value, language));
        }
    }
    of.says("dct:type", &literal(&term.kind));
    for other in term.see.iter().filter_map(|see| site.term(&see.value)).filter(|other| *other != index) {
        of.says("skos:related", &iri(site, &site.term_address(other)));
    }
    if let [sense] = &term.senses.raw[..] {
        meaning(site, &mut of, sense);
        of.end();
        return;
    }
    of.end();
    for (n, sense) in term.senses.iter_enumerated() {
        let mut of = Resource::begin(out, &iri(site, &site.sense_address(index, n)), "skos:Concept");
        of.says("skos:inScheme", scheme);
        of.says("skos:broader", &here);
        of.says("skos:notation", &literal(&format!("{}/{}", term.slug, sense.id)));
        let name = sense.name.as_ref().unwrap_or(&term.term.value);
        of.says("skos:prefLabel", &said(name, language));
        meaning(site, &mut of, sense);
        of.end();
    }
}

fn meaning(site: &Site<'_>, of: &mut Resource<'_>, sense: &Sense) {
    let language = &site.archive.config.language;
    of.says("skos:definition", &said(&plain(site, &sense.definition), language));
    let period = sense.period();
    if period.from.is_some() || period.until.is_some() {
        let end = |date: Option<_>| date.map_or_else(|| "..".to_owned(), |date| format!("{date}"));
        of.says("dct:temporal", &literal(&format!("{}/{}", end(period.from), end(period.until))));
    }
    let name = |name: &SenseName| {
        let term = site.term(&name.term)?;
        let senses = &site.annotations.terms[term].senses;
        let sense = name.sense.as_ref().and_then(|id| senses.position(|sense| sense.id == *id));
        let sense = sense.filter(|_| senses.len() > 1);
        let at = sense.map_or_else(|| site.term_address(term), |n| site.sense_address(term, n));
        Some(iri(site, &at))
    };
    let before = sense.predecessor.as_ref().and_then(|before| name(&before.value));
    before.into_iter().for_each(|before| of.says("dct:replaces", &before));
    let after = sense.successor.as_ref().and_then(|after| name(&after.value));
    after.into_iter().for_each(|after| of.says("dct:isReplacedBy", &after));
    for source in &sense.sources {
        of.says("dct:source", &literal(&cited(source)));
        let url = source.url.as_deref().filter(|url| is_iri(url));
        url.into_iter().for_each(|url| of.says("rdfs:seeAlso", &format!("<{url}>")));
    }
}

fn cited(source: &Citation) -> String {
    source.note.as_ref().map_or_else(|| source.title.clone(), |note| format!("{}, {note}", source.title))
}

fn plain(site: &Site<'_>, markdown: &Markdown) -> String {
    markdown::render(site, markdown, Place { page: "", heading: None }).text.trim().to_owned()
}

/// The address of a page as Turtle has it.
fn iri(site: &Site<'_>, to: &str) -> String {
    let full = site.full_address(to);
    format!("<{}>", full.unwrap_or_else(|| link::relative(address::DATA_SKOS, to)))
}

/// Whether an address can stand between `<` and `>` (Turtle, IRIREF).
fn is_iri(url: &str) -> bool {
    url.chars().all(|c| c > ' ' && !"<>\"{}|^`\\".contains(c))
}

fn said(words: &str, language: &str) -> String {
    format!("{}@{}", literal(words), language.to_lowercase())
}

/// A string in quotation marks (Turtle, STRING_LITERAL_QUOTE).
fn literal(words: &str) -> String {
    let mut out = String::from("\"");
    for c in words.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => _ = write!(out, "\\u{:04X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_within_their_marks() {
        assert_eq!(literal("a \"b\" \\ c\nd\te"), "\"a \\\"b\\\" \\\\ c\\nd\\u0009e\"");
        assert_eq!(said("É", "pt-PT"), "\"É\"@pt-pt");
        assert!(is_iri("https://a.example/b?c=d#é"));
        assert!(!is_iri("https://a.example/b c") && !is_iri("https://a.example/<"));
    }
}
