//! The page of search, with what is seen there before anything is asked.

use std::collections::{BTreeMap, BTreeSet};

use typed_index_collections::TiSlice;

use crate::pages::topic::Filed;
use crate::pages::{Made, Press, host};
use crate::render::context::{self, Link, list};
use crate::site::{Facts, address, link, uses};
use postil_archive::index::{TermIx, TextIx, TopicIx};

/// Topics and speakers that are offered by name, the fullest; the page of all is behind them.
const MOST: usize = 12;
/// With more years than this, decades are offered.
const MOST_YEARS: usize = 16;
/// The paragraph that is asked for by its number as an example; in short texts the middle one.
const PARAGRAPH: u32 = 60;

pub(super) fn search(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    filed: &TiSlice<TopicIx, Filed<'_>>,
) -> Made {
    let here = address::SEARCH;
    let page = press.page(here, press.words.get("search"), "search");
    let words: BTreeMap<&str, &str> =
        press.plain.beginning("find_").map(|(key, word)| (&key["find_".len()..], word)).collect();
    let words = serde_json::to_string(&words).expect("strings always serialise");
    let endpoint = press.site.archive.config.search_endpoint.as_deref();
    let endpoint = endpoint
        .map(|href| context::Endpoint { href: href.to_owned(), origin: link::origin(href).to_owned() });
    let words_lang = press.plain.language_beginning("find_").map(str::to_owned);
    // A server searches for words only.
    let ways = match endpoint {
        Some(_) => Vec::new(),
        None => [topics(press, filed), speakers(press, facts), years(press)].into_iter().flatten().collect(),
    };
    let examples = examples(press, facts);
    let fallback = host::ways(press, here);
    let context = list::Search { page, fallback, words, words_lang, endpoint, examples, ways };
    press.show("search.html", here, &context)
}

/// What is asked for by a link.
fn asked(text: impl Into<String>, asked: &[(&str, &str)]) -> Link {
    let mut href = String::from(address::SEARCH);
    for (i, (name, value)) in asked.iter().enumerate() {
        href.push(if i == 0 { '?' } else { '&' });
        href.push_str(&format!("{name}={}", link::encoded(value)));
    }
    Link { href, text: text.into() }
}

/// Queries that this archive answers, one for each way of asking.
fn examples(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<list::Example> {
    let terms = &press.site.annotations.terms;
    let totals = uses::totals(facts, terms.len());
    let mut used: Vec<TermIx> = terms.keys().filter(|&term| totals[term] > 0).collect();
    used.sort_by_key(|&term| (std::cmp::Reverse(totals[term]), term));
    let words = |term: TermIx| terms[term].term.value.split_whitespace().count();
    let mut out = Vec::new();
    let mut add = |query: &str, says: &str| {
        let says = press.words.get(says).to_owned();
        out.push(list::Example { ask: asked(query, &[("q", query)]), says });
    };
    // One that is short for other names shows most.
    let is_long = |name: &str| name.split_whitespace().count() > 2;
    let is_short =
        |term: TermIx| words(term) == 1 && terms[term].forms.iter().any(|form| is_long(&form.value));
    let named = used.iter().find(|&&term| is_short(term)).or(used.first());
    let phrase = used.iter().find(|&&term| (2..=3).contains(&words(term)));
    if let Some(&term) = named {
        add(&terms[term].term.value, "search_how_name");
    }
    if let Some(&term) = phrase {
        let phrase = &terms[term].term.value;
        add(&format!("\"{phrase}\""), "search_how_phrase");
        if let Some(&other) = named.filter(|&&other| words(other) == 1) {
            add(&format!("\"{phrase}\" -{}", terms[other].term.value), "search_how_without");
        }
    }
    let most = facts.iter().map(|facts| facts.blocks).max().unwrap_or(0);
    if most > 1 {
        let n = if most >= PARAGRAPH { PARAGRAPH } else { most.div_ceil(2) };
        add(&press.site.paragraph(n), "search_how_paragraph");
    }
    out
}

/// The best of some, in the order they came in.
fn most<T>(mut all: Vec<(usize, T)>) -> (Vec<T>, bool) {
    let is_cut = all.len() > MOST;
    if is_cut {
        let mut counts: Vec<usize> = all.iter().map(|(count, _)| *count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let least = counts[MOST - 1];
        all.retain(|(count, _)| *count >= least);
        all.truncate(MOST);
    }
    (all.into_iter().map(|(_, one)| one).collect(), is_cut)
}

fn topics(press: Press<'_>, filed: &TiSlice<TopicIx, Filed<'_>>) -> Option<list::WayIn> {
    let topics = &press.site.annotations.topics;
    let mut order: Vec<TopicIx> = topics.keys().filter(|&i| filed[i].len() > 0).collect();
    order.sort_by_cached_key(|&i| (press.site.order.title(&topics[i].title), i));
    let counted = order.into_iter().map(|i| (filed[i].len(), i)).collect();
    let (shown, is_cut) = most(counted);
    let links = shown.into_iter().map(|i| asked(&topics[i].title, &[("topic", &topics[i].slug)]));
    way(press, "nav_topics", links.collect(), is_cut.then_some(address::TOPICS))
}

fn speakers(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Option<list::WayIn> {
    let site = press.site;
    let mut all: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for spoken in facts.iter().flat_map(|facts| &facts.spoken) {
        let label = site.speaker(&spoken.speaker).into_owned();
        all.entry(site.speaker_slug(&spoken.speaker)).or_insert((0, label)).0 += 1;
    }
    let mut all: Vec<(usize, (String, String))> =
        all.into_iter().map(|(slug, (count, label))| (count, (slug, label))).collect();
    all.sort_by_cached_key(|(_, (_, label))| site.order.name(label));
    let (shown, is_cut) = most(all);
    let links = shown.into_iter().map(|(slug, label)| asked(label, &[("speaker", &slug)]));
    way(press, "nav_people", links.collect(), is_cut.then_some(address::PEOPLE))
}

fn years(press: Press<'_>) -> Option<list::WayIn> {
    let site = press.site;
    let years: BTreeSet<i16> = site.texts.iter().filter_map(|text| Some(text.date()?.year())).collect();
    let links = match years.len() {
        ..=MOST_YEARS => years.iter().map(|year| span(*year, *year, press.words.year(*year))).collect(),
        _ => {
            let decades: BTreeSet<i16> = years.iter().map(|year| year.div_euclid(10) * 10).collect();
            let label =
                |decade: i16| format!("{}–{}", press.words.year(decade), press.words.year(decade + 9));
            decades.iter().map(|decade| span(*decade, decade + 9, label(*decade))).collect()
        }
    };
    way(press, "years", links, None)
}

fn span(from: i16, to: i16, label: String) -> Link {
    asked(label, &[("from", &from.to_string()), ("to", &to.to_string())])
}

/// Ways in under their name; none where there is nothing to choose from.
fn way(press: Press<'_>, title: &str, links: Vec<Link>, more: Option<&str>) -> Option<list::WayIn> {
    let more = more.map(|to| press.link(address::SEARCH, to, press.words.get("search_all")));
    let title = press.words.get(title).to_owned();
    (links.len() > 1).then_some(list::WayIn { title, links, more })
}
