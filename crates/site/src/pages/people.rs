//! People who speak in the texts, and people who wrote the notes.

use std::collections::BTreeMap;

use typed_index_collections::TiSlice;

use crate::pages::notes::{self, Notes};
use crate::pages::paging::Parts;
use crate::pages::{Made, Press};
use crate::render::context::{Name, list};
use crate::render::html::{Target, target};
use crate::site::{Facts, Outline, Where, address, link};
use postil_anchor::annotation::{By, RowKind, Speaker};
use postil_archive::index::{ContributorIx, TextIx};

/// People on one page, and speeches named with each there.
const PER_PAGE: usize = 200;
const MOST_SPEECHES: usize = 25;

/// Everybody who speaks or is named with a role, by name. All parts of the list
/// lie in one folder, so that links are the same in each.
pub(super) fn people(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Vec<list::Person> {
    let here = address::PEOPLE;
    let mut people: BTreeMap<String, list::Person> = BTreeMap::new();
    for &text in &press.site.by_date {
        for (turn, speaker) in
            turns(&facts[text]).filter(|(_, speaker)| press.site.is_person(&facts[text], speaker))
        {
            let name = press.speaker(here, speaker);
            let person = people
                .entry(name.text.clone())
                .or_insert_with(|| list::Person { name, ..list::Person::default() });
            match person.speeches.len() < MOST_SPEECHES {
                true => person.speeches.push(press.speech(here, &facts[text], turn)),
                false => person.more += 1,
            }
        }
    }
    // Whoever a record names has a line, too, whether they speak or not.
    for &text in &press.site.by_date {
        let plan = &press.site.texts[text];
        for named in plan.record.parts() {
            let other = press
                .site
                .term(&named.name)
                .is_some_and(|i| press.site.annotations.terms[i].kind != "person");
            let name = press.named(here, named);
            let address = press.site.text_address(text);
            let person = people
                .entry(name.text.clone())
                .or_insert_with(|| list::Person { name, ..list::Person::default() });
            let place = press.link(here, &address, &plan.short);
            let in_text = |speech: &list::Speech| speech.place.href.split('#').next() == Some(&place.href);
            if other || person.speeches.iter().any(in_text) {
                continue;
            }
            match person.speeches.len() < MOST_SPEECHES {
                true => person.speeches.push(list::Speech {
                    date: press.words.made(plan),
                    place,
                    role: named.role.clone(),
                }),
                false => person.more += 1,
            }
        }
    }
    people.retain(|_, person| !person.speeches.is_empty() || person.more > 0);
    // Persons of the glossary, who speak or are only spoken of.
    for (i, term) in press.site.annotations.terms.iter_enumerated().filter(|(_, t)| t.kind == "person") {
        let name = || Name {
            text: term.term.value.clone(),
            href: Some(link::relative(here, &press.site.term_address(i))),
        };
        let person = people
            .entry(term.term.value.clone())
            .or_insert_with(|| list::Person { name: name(), ..list::Person::default() });
        person.says = term.senses.first().map(|s| press.sentence(&s.definition));
    }
    let mut people: Vec<list::Person> = people.into_values().collect();
    people.sort_by_cached_key(|person| press.site.order.name(&person.name.text));
    people
}

pub(super) fn parts(people: &[list::Person]) -> Parts {
    Parts::new(address::PEOPLE, people.len(), PER_PAGE)
}

pub(super) fn index(press: Press<'_>, people: &[list::Person], part: usize) -> Made {
    let parts = parts(people);
    let here = parts.address(part);
    let page = press.page(&here, press.words.get("nav_people"), "people");
    let people = parts.of(part, people).to_vec();
    press.show("people.html", &here, &list::People { page, people, parts: parts.links(part) })
}

/// Turns of one text in reading order, and who speaks.
pub(super) fn turns(facts: &Facts) -> impl Iterator<Item = (&Outline, &Speaker)> {
    let turns = facts.outline.iter().filter(|turn| turn.kind != RowKind::Heading);
    turns.flat_map(|turn| turn.speaker.iter().flat_map(Speaker::each).map(move |speaker| (turn, speaker)))
}

impl Press<'_> {
    /// A turn of somebody who speaks.
    pub(super) fn speech(&self, here: &str, facts: &Facts, turn: &Outline) -> list::Speech {
        let (site, text) = (self.site, facts.text);
        let plan = &site.texts[text];
        let mut spoken = facts.spoken.iter();
        let role = spoken.find(|one| {
            turn.speaker.iter().flat_map(Speaker::each).any(|speaker| *speaker == one.speaker)
                && one.role.is_some()
        });
        let place = Where {
            kind: Some(turn.kind),
            number: turn.number.clone(),
            to: turn.to.clone(),
            ..Where::default()
        };
        let words = format!("{}, {}", plan.short, self.place_words(turn.block, &place));
        list::Speech {
            date: self.words.made(plan),
            place: self.link(here, &format!("{}#p{}", site.text_address(text), turn.block), words),
            role: role.and_then(|one| one.role.clone()),
        }
    }
}

fn wrote(by: &[By], name: &By) -> bool {
    by.contains(name)
}

pub(super) fn contributors(press: Press<'_>, _facts: &TiSlice<TextIx, Facts>) -> Made {
    let all = press.site.annotations;
    let here = address::CONTRIBUTORS;
    let mut counts: BTreeMap<String, (By, usize)> = BTreeMap::new();
    for contributor in &all.contributors {
        counts.insert(contributor.name.clone(), (By::Contributor(contributor.slug.clone()), 0));
    }
    for by in all.notes.iter().flat_map(|n| &n.by) {
        counts.entry(press.site.name(by).to_owned()).or_insert_with(|| (by.clone(), 0)).1 += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_cached_key(|(name, _)| press.site.order.name(name));
    let contributors = counts
        .into_iter()
        .map(|(_, (by, notes))| {
            let file = match &by {
                By::Contributor(slug) => press.site.contributor(slug).map(|i| &all.contributors[i]),
                By::Name(_) => None,
            };
            list::ContributorRow {
                name: press.by(here, std::slice::from_ref(&by)).into_iter().next().unwrap_or_default(),
                affiliation: file.and_then(|c| c.affiliation.clone()),
                role: file.and_then(|c| c.role.clone()),
                notes,
            }
        })
        .collect();
    let page = press.page(here, press.words.get("nav_contributors"), "contributors");
    press.show("contributors.html", here, &list::Contributors { page, contributors })
}

/// The notes of a contributor, and how they are cut into pages.
pub(super) fn written<'a>(
    press: Press<'_>,
    facts: &'a TiSlice<TextIx, Facts>,
    index: ContributorIx,
) -> (Notes<'a>, Parts) {
    let all = press.site.annotations;
    let by = By::Contributor(all.contributors[index].slug.clone());
    let notes = notes::wanted(press, facts, |note| wrote(&all.notes[note].by, &by));
    let parts = Parts::new(press.site.contributor_address(index), notes.len(), notes::PER_PAGE);
    (notes, parts)
}

pub(super) fn contributor(
    press: Press<'_>,
    index: ContributorIx,
    (notes, parts): &(Notes<'_>, Parts),
    part: usize,
) -> Made {
    let entry = &press.site.annotations.contributors[index];
    let here = parts.address(part);
    let url = entry.url.as_deref().map(target).and_then(|t| match t {
        Target::Outside(url) => Some(url),
        _ => None,
    });
    let context = list::Contributor {
        page: press.page(&here, &entry.name, "contributors"),
        affiliation: entry.affiliation.clone(),
        role: entry.role.clone(),
        url,
        texts: notes::grouped(press, &here, parts.of(part, notes)),
        parts: parts.links(part),
    };
    press.show("contributor.html", &here, &context)
}
