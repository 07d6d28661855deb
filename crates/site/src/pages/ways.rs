//! Ways into the texts besides their dates: collections, titles, kinds, authors, places.
//!
//! Each is a list of groups, and each group a list of texts; both are cut into pages, so that
//! none leads to all others. A way is there where the records have it.

use std::collections::{BTreeMap, BTreeSet};

use typed_index_collections::TiSlice;

use crate::pages::lists::{self, named};
use crate::pages::paging::Parts;
use crate::pages::{Made, Press};
use crate::render::context::{Link, Name, list};
use crate::site::order::{Key, natural};
use crate::site::{Facts, address, link};
use postil_anchor::document::collection::Order;
use postil_anchor::document::record::{Person, Record};
use postil_archive::archive::name;
use postil_archive::index::{CollectionIx, TextIx};

/// Texts, or groups, on one page.
const PER_PAGE: usize = 200;
/// More initials than this (Han has one for each character) are put together in ranges of equal size.
const MOST_INITIALS: usize = 60;

/// One way into the texts.
#[derive(Debug)]
pub(super) struct Way {
    /// The word for it: key of the interface.
    word: &'static str,
    /// Its groups, in order.
    groups: Vec<Group>,
    /// Its pages.
    parts: Parts,
    /// Whether the texts stand under their groups on one page, since they are few.
    whole: bool,
}

/// Texts that have something in common.
#[derive(Debug)]
pub(super) struct Group {
    /// What that is, as shown.
    label: String,
    /// Index of the collection, if it is one.
    collection: Option<CollectionIx>,
    /// Texts, in order.
    texts: Vec<TextIx>,
    /// Its pages.
    parts: Parts,
}

/// The ways that there are.
pub(super) fn ways(press: Press<'_>) -> Vec<Way> {
    let all = [collections(press), titles(press), kinds(press), authors(press), places(press)];
    all.into_iter().flatten().collect()
}

fn way(word: &'static str, first: &str, groups: Vec<Group>, whole: bool) -> Way {
    let parts = Parts::new(first, groups.len(), PER_PAGE);
    Way { word, groups, parts, whole }
}

fn collections(press: Press<'_>) -> Option<Way> {
    let site = press.site;
    let group =
        |(index, (collection, _)): (CollectionIx, &(postil_anchor::document::collection::Collection, _))| {
            let mut texts = site.below(&collection.folder);
            let title = |t: TextIx| site.order.title(&site.texts[t].title);
            match collection.order {
                Order::Date => texts.sort_by_cached_key(|&t| site.rank(t)),
                Order::Title => texts.sort_by_cached_key(|&t| (title(t), t)),
                Order::File => texts.sort_by_cached_key(|&t| natural(&site.texts[t].id)),
            }
            Group {
                label: collection.title.clone(),
                collection: Some(index),
                parts: Parts::beside(site.collection_address(index), texts.len(), PER_PAGE),
                texts,
            }
        };
    let groups: Vec<Group> = site.annotations.collections.iter_enumerated().map(group).collect();
    (!groups.is_empty()).then(|| way("collections", "by/collection.html", groups, false))
}

/// By title, under the letters of the alphabet.
fn titles(press: Press<'_>) -> Option<Way> {
    let site = press.site;
    if site.texts.len() < 2 {
        return None;
    }
    let mut texts: Vec<(Key, TextIx)> =
        site.texts.iter_enumerated().map(|(i, text)| (site.order.title(&text.title), i)).collect();
    texts.sort();
    let mut initials: Vec<(String, Vec<TextIx>)> = Vec::new();
    for (key, text) in &texts {
        let initial = site.order.initial(key);
        match initials.last_mut().filter(|(last, _)| *last == initial) {
            Some((_, own)) => own.push(*text),
            None => initials.push((initial, vec![*text])),
        }
    }
    if initials.len() > MOST_INITIALS {
        let per = texts.len().div_ceil(texts.len().div_ceil(PER_PAGE).max(2));
        let initial = |(key, _): &(Key, TextIx)| site.order.initial(key);
        let range = |range: &[(Key, TextIx)]| {
            let (first, last) = (range.first().map(initial), range.last().map(initial));
            let label = [first, last].into_iter().flatten().collect::<Vec<_>>().join("–");
            (label, range.iter().map(|(_, text)| *text).collect())
        };
        initials = texts.chunks(per).map(range).collect();
    }
    let whole = texts.len() <= PER_PAGE;
    let groups = initials.into_iter().enumerate().map(|(i, (label, texts))| Group {
        parts: Parts::new(format!("by/title/{}.html", i + 1), texts.len(), PER_PAGE),
        label,
        collection: None,
        texts,
    });
    Some(way("titles", "by/title.html", groups.collect(), whole))
}

fn kinds(press: Press<'_>) -> Option<Way> {
    let config = &press.site.archive.config;
    let kind = |record: &Record| {
        record.kind.iter().map(|kind| (kind.clone(), config.text_kind_label(kind))).collect::<Vec<_>>()
    };
    // One kind that all texts have is no way in.
    grouped(press, "kinds", "kind", kind).filter(|way| way.groups.len() > 1)
}

fn authors(press: Press<'_>) -> Option<Way> {
    grouped(press, "authors", "author", |record| people(press, &record.authors))
}

fn places(press: Press<'_>) -> Option<Way> {
    grouped(press, "places", "place", |record| people(press, &record.places))
}

/// What each is called, with what makes its address.
fn people(press: Press<'_>, people: &[Person]) -> Vec<(String, String)> {
    let shown = |person: &Person| {
        let term = press.site.term(&person.name).map(|i| &press.site.annotations.terms[i].term.value);
        (person.name.clone(), term.unwrap_or(&person.name).clone())
    };
    people.iter().map(shown).collect()
}

/// Texts by what their records say: for each value what makes its address, and how it is shown.
fn grouped(
    press: Press<'_>,
    word: &'static str,
    folder: &str,
    values: impl Fn(&Record) -> Vec<(String, String)>,
) -> Option<Way> {
    let site = press.site;
    let mut groups: BTreeMap<(Key, String), (String, Vec<TextIx>)> = BTreeMap::new();
    for &text in &site.by_date {
        let own: BTreeSet<(String, String)> = values(&site.texts[text].record).into_iter().collect();
        for (key, label) in own {
            let sorted = (site.order.name(&label), label);
            groups.entry(sorted).or_insert_with(|| (key, Vec::new())).1.push(text);
        }
    }
    let mut taken = BTreeSet::new();
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|((_, label), (key, texts))| {
            let slug = name::some_slug(&key).unwrap_or_else(|| "name".to_owned());
            let numbered = (2..).map(|n| format!("{slug}-{n}"));
            let slug = std::iter::once(slug.clone()).chain(numbered).find(|slug| taken.insert(slug.clone()));
            let address = format!("by/{folder}/{}.html", slug.unwrap_or_default());
            Group { parts: Parts::beside(address, texts.len(), PER_PAGE), label, collection: None, texts }
        })
        .collect();
    (!groups.is_empty()).then(|| way(word, &format!("by/{folder}.html"), groups, false))
}

/// The ways, as links from a page; that in hand has none.
pub(super) fn links(press: Press<'_>, ways: &[Way], here: &str) -> Vec<Name> {
    let by_date =
        press.site.is_dated.then(|| (press.words.get("by_date").to_owned(), address::TEXTS.to_owned()));
    let way = |way: &Way| (press.words.get(&format!("by_{}", way.word)).to_owned(), way.parts.address(0));
    let names: Vec<(String, String)> = by_date.into_iter().chain(ways.iter().map(way)).collect();
    if names.len() < 2 { Vec::new() } else { named(here, &names) }
}

/// All pages of all ways: way, group if it is one of a group, part.
pub(super) fn pages(ways: &[Way]) -> Vec<(usize, Option<usize>, usize)> {
    let mut out = Vec::new();
    for (i, way) in ways.iter().enumerate() {
        out.extend((0..way.parts.len()).map(|part| (i, None, part)));
        for (j, group) in way.groups.iter().enumerate().filter(|_| !way.whole) {
            out.extend((0..group.parts.len()).map(|part| (i, Some(j), part)));
        }
    }
    out
}

/// One page of a way: its groups, or the texts of one.
pub(super) fn page(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    ways: &[Way],
    (index, group, part): (usize, Option<usize>, usize),
) -> Made {
    let way = &ways[index];
    let title = press.words.get(&format!("by_{}", way.word));
    match group {
        None => {
            let here = way.parts.address(part);
            let groups = way.parts.of(part, &way.groups).iter().map(|group| list::WayGroup {
                link: if way.whole {
                    None
                } else {
                    Some(press.link(&here, &group.parts.address(0), &group.label))
                },
                label: group.label.clone(),
                count: group.texts.len(),
                about: about(press, &here, group).map(|about| press.sentence(about)),
                texts: match way.whole {
                    true => group.texts.iter().map(|&t| lists::row(press, &here, facts, t)).collect(),
                    false => Vec::new(),
                },
            });
            let context = list::Way {
                groups: groups.collect(),
                ways: links(press, ways, &here),
                parts: way.parts.links(part),
                page: press.page(&here, title, "texts"),
                ..list::Way::default()
            };
            press.show("way.html", &here, &context)
        }
        Some(group) => {
            let group = &way.groups[group];
            let here = group.parts.address(part);
            let shown = group.parts.of(part, &group.texts);
            let rows = shown.iter().map(|&t| lists::row(press, &here, facts, t)).collect();
            let up = match group.collection {
                Some(collection) => {
                    let outer = press
                        .site
                        .collections_around(&press.site.annotations.collections[collection].0.folder);
                    crumbs(press, &here, outer)
                }
                None => vec![press.link(&here, &way.parts.address(0), title)],
            };
            let inner = group.collection.map(|index| inner(press, ways, &here, index)).unwrap_or_default();
            let context = list::Way {
                up,
                about: about(press, &here, group).map(|about| press.prose(&here, about)),
                groups: if part == 0 { inner } else { Vec::new() },
                count: group.texts.len(),
                texts: rows,
                ways: Vec::new(),
                parts: group.parts.links(part),
                page: press.page(&here, &group.label, "texts"),
            };
            press.show("way.html", &here, &context)
        }
    }
}

fn about<'a>(press: Press<'a>, _: &str, group: &Group) -> Option<&'a postil_anchor::annotation::Markdown> {
    press.site.annotations.collections[group.collection?].1.as_ref()
}

/// Collections inside one, as groups.
fn inner(press: Press<'_>, ways: &[Way], here: &str, index: CollectionIx) -> Vec<list::WayGroup> {
    let folder = format!("{}/", press.site.annotations.collections[index].0.folder);
    let all = ways.iter().flat_map(|way| &way.groups);
    let inside = all.filter(|group| {
        group.collection.is_some_and(|i| press.site.annotations.collections[i].0.folder.starts_with(&folder))
    });
    let shown = inside.map(|group| list::WayGroup {
        link: Some(press.link(here, &group.parts.address(0), &group.label)),
        label: group.label.clone(),
        count: group.texts.len(),
        ..list::WayGroup::default()
    });
    shown.collect()
}

/// The way down to something: all texts, then the collections around it, the outermost first.
pub(super) fn crumbs(press: Press<'_>, here: &str, around: Vec<CollectionIx>) -> Vec<Link> {
    if around.is_empty() && press.site.annotations.collections.is_empty() {
        return Vec::new();
    }
    let all =
        Link { href: link::relative(here, address::TEXTS), text: press.words.get("nav_texts").to_owned() };
    let collection = |index: CollectionIx| {
        let title = &press.site.annotations.collections[index].0.title;
        press.link(here, &press.site.collection_address(index), title)
    };
    std::iter::once(all).chain(around.into_iter().map(collection)).collect()
}

/// For an archive without dates: its texts by title, or the pages that have them.
pub(super) fn by_title(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    ways: &[Way],
    here: &str,
) -> Vec<list::Year> {
    let Some(way) = ways.iter().find(|way| way.word == "titles") else {
        let texts = press.site.by_date.iter().map(|&t| lists::row(press, here, facts, t)).collect();
        return vec![list::Year { label: String::new(), page: None, texts }];
    };
    let year = |group: &Group| list::Year {
        label: group.label.clone(),
        page: (!way.whole).then(|| {
            press.link(here, &group.parts.address(0), press.words.count("n_texts", group.texts.len()))
        }),
        texts: match way.whole {
            true => group.texts.iter().map(|&t| lists::row(press, here, facts, t)).collect(),
            false => Vec::new(),
        },
    };
    way.groups.iter().map(year).collect()
}
