//! The front page, and the lists of all texts.

use typed_index_collections::TiSlice;

use crate::pages::draw;
use crate::pages::paging::Parts;
use crate::pages::ways::{self, Way};
use crate::pages::{Made, Press};
use crate::render::context::{Html, Link, Name, Note, list};
use crate::render::html::escaped;
use crate::site::{Facts, NoteFact, address, link, uses};
use postil_anchor::annotation::Speaker;
use postil_anchor::document::record::Person;
use postil_archive::index::{TermIx, TextIx, TopicIx};

/// How many texts, terms and topics the front page leads to by name.
const FIRST: usize = 5;
/// Archives up to this many texts list them all on the front page.
const SMALL: usize = 12;
/// On the front page a title longer than this gives way to the text's short one, in characters.
const LONG: usize = 72;

pub(super) fn front(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Made {
    let site = press.site;
    let all = site.annotations;
    let here = address::FRONT;
    let short = |mut row: list::TextRow, text: TextIx| {
        if row.text.text.chars().count() > LONG {
            let title = std::mem::replace(&mut row.text.text, site.texts[text].short.clone());
            row.kind = Some(title);
        }
        row
    };
    let rows =
        |texts: &[TextIx]| texts.iter().map(|&t| short(row(press, here, facts, t), t)).collect::<Vec<_>>();
    let texts = match site.by_date.len() {
        n if n <= SMALL => rows(&site.by_date),
        n => rows(&[&site.by_date[..SMALL / 2], &site.by_date[n - SMALL / 2..]].concat()),
    };
    let mut page = press.page(here, "", "");
    page.description.clone_from(&site.archive.config.description);
    let newest = newest(press, facts);
    let context = list::Front {
        page,
        intro: site.archive.config.description.as_ref().map(|d| Html(escaped(d))),
        text_count: site.texts.len(),
        term_count: all.terms.len(),
        topic_count: all.topics.len(),
        note_count: all.notes.len(),
        read: longest(press, facts),
        look_up: look_up(press, facts),
        follow: fullest(press, facts),
        dated: site.is_dated,
        timeline: draw::front(press, facts),
        texts,
        some: if newest.is_empty() { some(press, facts) } else { Vec::new() },
        newest,
    };
    press.show("index.html", here, &context)
}

/// Texts with most notes, then most words, in date order.
fn longest(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Link> {
    let site = press.site;
    let mut texts = site.by_date.clone();
    texts.sort_by_key(|&t| std::cmp::Reverse((facts[t].notes.len(), facts[t].words)));
    texts.truncate(FIRST);
    texts.sort_by_key(|&t| site.rank(t));
    texts
        .into_iter()
        .map(|t| press.link(address::FRONT, &site.text_address(t), press.words.titled(&site.texts[t])))
        .collect()
}

/// Names worth looking up: first those that had a beginning or an end, then the most used.
fn look_up(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Link> {
    let site = press.site;
    let terms = &site.annotations.terms;
    let uses = uses::totals(facts, terms.len());
    let dated = |term: TermIx| terms[term].senses.iter().filter(|s| s.from.or(s.until).is_some()).count();
    let mut found: Vec<(TermIx, usize)> = uses.into_iter_enumerated().filter(|&(_, n)| n > 0).collect();
    found.sort_by_key(|&(term, n)| (std::cmp::Reverse((dated(term).min(2), n)), term));
    found.truncate(2 * FIRST);
    let link = |(term, _): (TermIx, usize)| {
        press.link(address::FRONT, &site.term_address(term), &terms[term].term.value)
    };
    found.into_iter().map(link).collect()
}

fn fullest(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Link> {
    let site = press.site;
    let count = |topic: TopicIx| {
        let slug = &site.annotations.topics[topic].slug;
        let own: usize =
            facts.iter().flat_map(|f| &f.passages).filter(|(t, _, _)| *t == topic).map(|p| p.2.len()).sum();
        let named =
            site.annotations.notes.iter().filter(|n| n.topics.iter().any(|t| t.value == *slug)).count();
        own + named
    };
    let mut topics: Vec<TopicIx> = site.annotations.topics.keys().collect();
    topics.sort_by_cached_key(|&t| (std::cmp::Reverse(count(t)), t));
    topics.truncate(FIRST);
    let link =
        |t: TopicIx| press.link(address::FRONT, &site.topic_address(t), &site.annotations.topics[t].title);
    topics.into_iter().map(link).collect()
}

fn newest(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Note> {
    let notes = &press.site.annotations.notes;
    let mut found: Vec<_> =
        facts.iter().flat_map(|f| &f.notes).filter(|fact| notes[fact.note].date.is_some()).collect();
    found.sort_by_key(|fact| (std::cmp::Reverse(notes[fact.note].date), fact.note));
    found.into_iter().take(3).map(|fact| taste(press, address::FRONT, fact)).collect()
}

/// A note far from its text: its place names the text too.
pub(super) fn taste(press: Press<'_>, here: &str, fact: &NoteFact) -> Note {
    let mut note = press.note(here, fact);
    let text = press.site.text(&press.site.annotations.notes[fact.note].text);
    if let Some(text) = text.map(|t| &press.site.texts[t]) {
        note.place.text = format!("{}, {}", press.words.titled(text), note.place.text);
    }
    note
}

/// The shortest note of each text that has most of them: something to taste.
fn some(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Note> {
    let notes = &press.site.annotations.notes;
    let mut texts: Vec<TextIx> = press.site.by_date.clone();
    texts.sort_by_key(|&t| std::cmp::Reverse(facts[t].notes.len()));
    texts.truncate(3);
    texts.sort_by_key(|&t| press.site.rank(t));
    let shortest = |&text: &TextIx| {
        let placed = facts[text].notes.iter().filter(|fact| !fact.places.is_empty());
        let fact = placed.min_by_key(|fact| (notes[fact.note].body.text.len(), fact.note))?;
        Some(taste(press, address::FRONT, fact))
    };
    texts.iter().filter_map(shortest).collect()
}

pub(super) fn row(
    press: Press<'_>,
    here: &str,
    facts: &TiSlice<TextIx, Facts>,
    text: TextIx,
) -> list::TextRow {
    let site = press.site;
    let plan = &site.texts[text];
    list::TextRow {
        text: press.link(here, &site.text_address(text), &plan.title),
        date: press.words.made(plan),
        undated: plan.date().is_none() && site.is_dated,
        number: plan.record.number.clone(),
        summary: plan.record.summary.clone(),
        kind: plan.record.kind.as_ref().map(|k| site.archive.config.text_kind_label(k)),
        house: plan.record.house.clone(),
        people: press.people_of(here, &facts[text]),
        words: facts[text].words,
        notes: facts[text].notes.len(),
    }
}

/// Texts of one page of a list.
const PER_PAGE: usize = 150;

/// Where the texts of a year are listed, where one list would be too long.
pub(super) fn year_address(year: &str) -> String {
    format!("dates/{year}.html")
}

/// Texts by year: as shown, name of the page, texts.
pub(super) fn years(press: Press<'_>) -> Vec<(String, String, Vec<TextIx>)> {
    let site = press.site;
    let mut years: Vec<(String, String, Vec<TextIx>)> = Vec::new();
    for &text in &site.by_date {
        let (label, slug) = match site.texts[text].date() {
            Some(date) => (press.words.year(date.year()), date.year().to_string()),
            None => (press.words.get("undated").to_owned(), "undated".to_owned()),
        };
        if years.last().is_none_or(|y| y.1 != slug) {
            years.push((label, slug, Vec::new()));
        }
        if let Some(year) = years.last_mut() {
            year.2.push(text);
        }
    }
    years
}

/// Whether the texts need more than one page by date.
pub(super) fn in_years(press: Press<'_>) -> bool {
    press.site.texts.len() > PER_PAGE && press.site.is_dated
}

/// All texts; of many, the years with their numbers.
pub(super) fn texts(press: Press<'_>, facts: &TiSlice<TextIx, Facts>, ways: &[Way]) -> Made {
    let here = address::TEXTS;
    let links = ways::links(press, ways, here);
    if !press.site.is_dated {
        let years = ways::by_title(press, facts, ways, here);
        let page = press.page(here, press.words.get("nav_texts"), "texts");
        return press.show(
            "texts.html",
            here,
            &list::Texts { page, years, ways: links, ..list::Texts::default() },
        );
    }
    let split = in_years(press);
    let year = |(label, slug, texts): (String, String, Vec<TextIx>)| list::Year {
        page: split
            .then(|| press.link(here, &year_address(&slug), press.words.count("n_texts", texts.len()))),
        texts: if split { Vec::new() } else { texts.iter().map(|&t| row(press, here, facts, t)).collect() },
        label,
    };
    let years = years(press).into_iter().map(year).collect();
    let page = press.page(here, press.words.get("nav_texts"), "texts");
    press.show("texts.html", here, &list::Texts { page, years, ways: links, ..list::Texts::default() })
}

/// How the texts of a year are cut into pages.
pub(super) fn year_parts(slug: &str, texts: &[TextIx]) -> Parts {
    Parts::new(year_address(slug), texts.len(), PER_PAGE)
}

/// The texts of one year, or a part of them.
pub(super) fn year(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    all: &[(String, String, Vec<TextIx>)],
    index: usize,
    part: usize,
) -> Made {
    let (label, slug, texts) = &all[index];
    let parts = year_parts(slug, texts);
    let here = parts.address(part);
    let rows = parts.of(part, texts).iter().map(|&t| row(press, &here, facts, t)).collect();
    let years = vec![list::Year { label: label.clone(), page: None, texts: rows }];
    let names: Vec<(String, String)> = all.iter().map(|(l, s, _)| (l.clone(), year_address(s))).collect();
    let title = press.site.labelled(press.words.get("nav_texts"), label);
    let page = press.page(&here, title, "texts");
    let pages = named(&here, &names);
    press.show(
        "texts.html",
        &here,
        &list::Texts { page, years, ways: Vec::new(), pages, parts: parts.links(part) },
    )
}

/// Links of a list that is cut by names instead of numbers; that in hand has none.
pub(super) fn named(here: &str, names: &[(String, String)]) -> Vec<Name> {
    let link = |(text, to): &(String, String)| Name {
        text: text.clone(),
        href: (to != here).then(|| link::relative(here, to)),
    };
    names.iter().map(link).collect()
}

impl Press<'_> {
    /// Who speaks in a text, or has a part in it, each once.
    pub(super) fn people_of(&self, here: &str, facts: &Facts) -> Vec<Name> {
        self.parts_in(here, facts).into_iter().map(|(name, _)| name).collect()
    }

    /// Somebody, or a place, that a record names: with the page of the term, if it is one.
    pub(super) fn named(&self, here: &str, person: &Person) -> Name {
        let speaker = match self.site.term(&person.name) {
            Some(_) => Speaker::Term(person.name.clone()),
            None => Speaker::Name(person.name.clone()),
        };
        self.speaker(here, &speaker)
    }

    /// The same, with the role they held then, if it is known.
    pub(super) fn parts_in(&self, here: &str, facts: &Facts) -> Vec<(Name, Option<String>)> {
        let site = self.site;
        let plan = &site.texts[facts.text];
        let speakers = facts.spoken.iter().map(|one| (self.speaker(here, &one.speaker), one.role.clone()));
        let named = plan.record.parts().map(|person| (self.named(here, person), person.role.clone()));
        let mut out: Vec<(Name, Option<String>)> = Vec::new();
        for (name, role) in named.chain(speakers) {
            match out.iter_mut().find(|(known, _)| known.text == name.text) {
                Some((_, known)) => *known = known.take().or(role),
                None => out.push((name, role)),
            }
        }
        out
    }
}
