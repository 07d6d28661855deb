//! Which terms somebody can come to.

use std::collections::{BTreeMap, BTreeSet};

use typed_index_collections::TiSlice;

use super::Look;
use postil_anchor::annotation::{Annotations, Markdown, Speaker, Term};
use postil_anchor::document::record::Record;
use postil_archive::index::{TermIx, TextIx};

/// Indices of the terms that are of use: a reader comes to them from a text, or
/// from something that stands on a page anyway.
///
/// That is: words of a text, a speaker, a person of a record; what notes,
/// topics, links and the site's own pages link to; and what a term that is of use leads on to
/// (predecessor, successor, `see`, its definition). What only leads to itself, or
/// is led to by terms of no use only, is of no use.
pub(super) fn terms(
    all: &Annotations,
    records: &TiSlice<TextIx, Record>,
    looks: &[Look],
) -> BTreeSet<TermIx> {
    let by_slug: BTreeMap<&str, TermIx> =
        all.terms.iter_enumerated().map(|(index, term)| (term.slug.as_str(), index)).collect();
    let named = named(all, records);
    let mut open: Vec<TermIx> = looks.iter().flat_map(|look| look.terms.iter().copied()).collect();
    open.extend(named.iter().filter_map(|slug| by_slug.get(slug.as_str())));
    let mut used = BTreeSet::new();
    while let Some(index) = open.pop() {
        if used.insert(index) {
            open.extend(leads_to(&all.terms[index]).iter().filter_map(|slug| by_slug.get(slug.as_str())));
        }
    }
    used
}

/// Slugs (and names, which are nobody's slug) that are named outside the glossary.
fn named(all: &Annotations, records: &TiSlice<TextIx, Record>) -> Vec<String> {
    let bodies = all.notes.iter().map(|note| &note.body);
    let topics = all.topics.iter().flat_map(|topic| {
        topic.scope.iter().chain(topic.passages.iter().filter_map(|passage| passage.why.as_ref()))
    });
    let links = all.links.iter().filter_map(|link| link.note.as_ref());
    let pages = all.pages.iter().map(|page| &page.body);
    let rows = all.apparatuses.iter().flat_map(|apparatus| &apparatus.structure);
    let told = all.apparatuses.iter().flat_map(|apparatus| &apparatus.speakers);
    let speakers = rows.filter_map(|row| row.part.speaker.as_ref()).chain(told.map(|(_, speaker)| speaker));
    let speakers = speakers.flat_map(Speaker::each).filter_map(|speaker| match speaker {
        Speaker::Term(slug) => Some(slug.clone()),
        Speaker::Name(_) | Speaker::Several(_) => None,
    });
    let people = records.iter().flat_map(Record::named).map(|person| person.name.clone());
    let linked = bodies.chain(topics).chain(links).chain(pages).flat_map(Markdown::linked_terms);
    linked.chain(speakers).chain(people).collect()
}

/// Slugs of the terms that a term's page leads on to.
fn leads_to(term: &Term) -> Vec<String> {
    let mut slugs: Vec<String> = term.see.iter().map(|slug| slug.value.clone()).collect();
    for sense in &term.senses {
        let beside = sense.predecessor.iter().chain(&sense.successor);
        slugs.extend(beside.map(|name| name.value.term.clone()));
        slugs.extend(sense.definition.linked_terms());
    }
    slugs
}
