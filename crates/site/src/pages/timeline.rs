//! What the archive knows to have happened, and when: its texts, the events that
//! notes tell of, the beginnings and ends of bodies.

use std::collections::BTreeMap;

use typed_index_collections::TiSlice;

use crate::pages::draw::{self, Happened};
use crate::pages::paging::Parts;
use crate::pages::{Made, Press};
use crate::render::context::{When, list};
use crate::site::{Facts, address, uses};
use postil_archive::index::TextIx;
use postil_archive::sidecar::date::Date;

/// Entries of one page.
const PER_PAGE: usize = 250;

/// An entry of the timeline.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    date: Date,
    /// As it is shown.
    when: When,
    /// What sort of entry it is: `text`, `event`, `begins`, `ends`, `texts`.
    kind: &'static str,
    what: String,
    address: String,
}

/// All entries by date; of one date, texts first, then by what they say.
pub(super) fn entries(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Entry> {
    let mut out = texts(press);
    out.extend(events(press, facts).into_iter().map(|happened| Entry {
        date: happened.date,
        when: press.words.when(happened.date),
        kind: "event",
        what: happened.what,
        address: happened.address,
    }));
    let uses = uses::totals(facts, press.site.annotations.terms.len());
    for (i, term) in press.site.annotations.terms.iter_enumerated() {
        if term.kind != "body" || uses[i] == 0 {
            continue;
        }
        let senses = term.senses.iter();
        let entry = |date: Date, kind: &'static str, name: &Option<String>| Entry {
            date,
            when: press.words.when(date),
            kind,
            what: name.clone().unwrap_or_else(|| term.term.value.clone()),
            address: press.site.term_address(i),
        };
        out.extend(senses.clone().filter_map(|s| Some(entry(s.from?, "begins", &s.name))));
        // That a sense ends on the eve of the next is said by the next.
        let last = senses.last().and_then(|s| Some(entry(s.until?, "ends", &s.name)));
        out.extend(last);
    }
    let rank = |kind: &str| ["texts", "text", "event", "ends", "begins"].iter().position(|k| *k == kind);
    out.sort_by(|a, b| {
        let key = |e: &Entry| (e.date.sorts_at(), e.date.last_day(), rank(e.kind));
        key(a).cmp(&key(b)).then_with(|| (&a.what, &a.address).cmp(&(&b.what, &b.address)))
    });
    out
}

fn texts(press: Press<'_>) -> Vec<Entry> {
    let site = press.site;
    let dated = site.by_date.iter().filter_map(|&t| Some((t, site.texts[t].date()?)));
    if !super::lists::in_years(press) {
        let entry = |(t, date): (TextIx, Date)| Entry {
            date,
            when: press.words.made(&site.texts[t]).unwrap_or_default(),
            kind: "text",
            what: site.texts[t].short.clone(),
            address: site.text_address(t),
        };
        return dated.map(entry).collect();
    }
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    dated.for_each(|(_, date)| *years.entry(date.year()).or_default() += 1);
    let entry = |(year, n): (i16, usize)| Entry {
        date: Date::of_year(year),
        when: press.words.when(Date::of_year(year)),
        kind: "texts",
        what: press.words.count("n_texts", n),
        address: super::lists::year_address(&year.to_string()),
    };
    years.into_iter().map(entry).collect()
}

/// What notes say happened, by date.
pub(super) fn events(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<Happened> {
    let notes = &press.site.annotations.notes;
    let mut out: Vec<Happened> = facts
        .iter()
        .flat_map(|f| &f.notes)
        .flat_map(|fact| notes[fact.note].events.iter().map(move |event| (fact.note, event)))
        .map(|(note, event)| Happened {
            date: event.date,
            what: event.what.clone(),
            address: press.site.note_address(note),
        })
        .collect();
    out.sort_by(|a, b| {
        (a.date.sorts_at(), &a.what, &a.address).cmp(&(b.date.sorts_at(), &b.what, &b.address))
    });
    out
}

/// How the entries are cut into pages.
pub(super) fn parts(entries: &[Entry]) -> Parts {
    Parts::new(address::TIMELINE, entries.len(), PER_PAGE)
}

pub(super) fn page(press: Press<'_>, facts: &TiSlice<TextIx, Facts>, entries: &[Entry], part: usize) -> Made {
    let parts = parts(entries);
    let here = parts.address(part);
    let mut years: Vec<list::TimelineYear> = Vec::new();
    for entry in parts.of(part, entries) {
        let year = press.words.year(entry.date.year());
        if years.last().is_none_or(|y| y.year != year) {
            years.push(list::TimelineYear { year: year.clone(), entries: Vec::new() });
        }
        let row = list::TimelineRow {
            // A year alone stands at the side already.
            date: (entry.when.long != year).then(|| entry.when.clone()),
            kind: entry.kind.to_owned(),
            label: press.words.get(&format!("timeline_{}", entry.kind)).to_owned(),
            what: press.link(&here, &entry.address, &entry.what),
        };
        if let Some(last) = years.last_mut() {
            last.entries.push(row);
        }
    }
    let drawing = (part == 0).then(|| draw::timeline(press, facts, &events(press, facts))).flatten();
    let page = press.page(&here, press.words.get("nav_timeline"), "timeline");
    press.show("timeline.html", &here, &list::Timeline { page, drawing, years, parts: parts.links(part) })
}
