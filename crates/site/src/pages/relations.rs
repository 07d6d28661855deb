//! The page of connections, and where each text comes from.

use std::collections::BTreeMap;

use typed_index_collections::TiSlice;

use crate::pages::draw;
use crate::pages::paging::Parts;
use crate::pages::{Made, Press, parts};
use crate::render::context::{Name, list};
use crate::render::html::{Target, target};
use crate::site::{CONNECTIONS_PER_PAGE, Facts, address};
use postil_archive::index::{LinkIx, TextIx};

/// Texts on one page of provenance.
const TEXTS_PER_PAGE: usize = 100;
/// Pairs of texts that are told below their drawing.
const MOST_PAIRS: usize = 60;

/// Connections by relation, then by date of their first end.
pub(super) fn by_relation(press: Press<'_>) -> Vec<LinkIx> {
    let site = press.site;
    let links = &site.annotations.links;
    let mut order: Vec<LinkIx> = links.keys().collect();
    order.sort_by_cached_key(|&l| {
        let dates = links[l].ends.iter().filter_map(|e| site.texts[site.text(&e.text.value)?].date());
        let first = dates.min();
        (links[l].relation.clone(), first.is_none(), first, l)
    });
    order
}

pub(super) fn connection_parts(links: &[LinkIx]) -> Parts {
    Parts::new(address::CONNECTIONS, links.len(), CONNECTIONS_PER_PAGE)
}

pub(super) fn connections(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    links: &[LinkIx],
    part: usize,
) -> Made {
    let all = &press.site.annotations.links;
    let parts = connection_parts(links);
    let here = parts.address(part);
    let relation = |same: &[LinkIx]| {
        let relation = &all[same[0]].relation;
        list::Relation {
            label: crate::render::margin::relation(press.words, relation),
            id: format!("r-{}", crate::render::article::id(relation)),
            connections: same.iter().map(|&l| press.connection(&here, facts, l)).collect(),
        }
    };
    let shown = parts.of(part, links);
    let relations = shown.chunk_by(|&a, &b| all[a].relation == all[b].relation).map(relation).collect();
    let pairs = if part == 0 { draw::pairs(press) } else { Vec::new() };
    let text =
        |t: TextIx| press.link(&here, &press.site.text_address(t), press.words.titled(&press.site.texts[t]));
    let context = list::Connections {
        page: press.page(&here, press.words.get("connections"), "connections"),
        between: draw::between(press, &here, &pairs),
        pairs: pairs
            .iter()
            .take(MOST_PAIRS)
            .map(|pair| list::Pair { one: text(pair.texts.0), other: text(pair.texts.1), count: pair.count })
            .collect(),
        relations,
        parts: parts.links(part),
    };
    press.show("connections.html", &here, &context)
}

pub(super) fn provenance_parts(press: Press<'_>) -> Parts {
    Parts::new(address::PROVENANCE, press.site.texts.len(), TEXTS_PER_PAGE)
}

pub(super) fn provenance(press: Press<'_>, facts: &TiSlice<TextIx, Facts>, part: usize) -> Made {
    let parts = provenance_parts(press);
    let here = parts.address(part);
    let shown = parts.of(part, &press.site.by_date);
    let texts = shown.iter().map(|&text| provenance_row(press, &here, &facts[text], text)).collect();
    let page = press.page(&here, press.words.get("nav_provenance"), "provenance");
    press.show("provenance.html", &here, &list::Provenance { page, texts, parts: parts.links(part) })
}

fn provenance_row(press: Press<'_>, here: &str, facts: &Facts, text: TextIx) -> list::ProvenanceRow {
    let site = press.site;
    let plan = &site.texts[text];
    let record = &plan.record;
    let mut removals: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, _, reason) in &facts.furniture {
        *removals.entry(reason).or_default() += 1;
    }
    let url = |url: &str| match target(url) {
        Target::Outside(url) => Some(url),
        _ => None,
    };
    let has_list = !facts.corrections.is_empty();
    list::ProvenanceRow {
        // No id has a `_`: so no two texts share one.
        id: format!("text-{}", plan.id.replace('/', "_")),
        text: press.link(here, &site.text_address(text), &plan.title),
        date: plan.date().map(|d| press.words.when(d)),
        raw: press.link(here, &site.raw_address(text), format!("{}.txt", plan.id)),
        bytes: facts.bytes as u64,
        sha256: facts.sha256.clone(),
        declared: record.sha256.is_some(),
        source: record
            .origin
            .as_ref()
            .map(|o| Name { text: o.name.clone(), href: o.url.as_deref().and_then(url) }),
        retrieved: record.origin.as_ref().and_then(|o| o.retrieved).map(|d| press.words.when(d)),
        rights: parts::rights(record),
        originals: record
            .originals
            .iter()
            .map(|original| list::Original {
                file: press.link(
                    here,
                    &site.original_address(&original.path),
                    original.path.strip_prefix("content/").unwrap_or(&original.path),
                ),
                sha256: original.sha256.clone(),
                part: original.part.clone(),
            })
            .collect(),
        left_out: record
            .left_out
            .iter()
            .map(|(what, count)| list::Removal {
                reason: what.clone(),
                places: usize::try_from(*count).unwrap_or(usize::MAX),
            })
            .collect(),
        removals: removals
            .into_iter()
            .map(|(reason, places)| list::Removal { reason: reason.to_owned(), places })
            .collect(),
        corrections: facts.corrections.len(),
        corrections_href: has_list
            .then(|| press.link(here, &format!("{}#corrections", site.text_address(text)), "").href),
    }
}
