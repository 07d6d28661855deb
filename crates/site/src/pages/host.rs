//! The site's own pages, search and its stand-ins, and what a host expects.

use typed_index_collections::TiSlice;

use crate::data::feed;
use crate::data::files;
use crate::host::Table;
use crate::pages::lists::named;
use crate::pages::paging::Parts;
use crate::pages::{ConcordanceLetter, ConcordanceText, File, ListedWords, Made, Press};
use crate::render::context::{self, Entry, Feed, Html, Link, Sitemap, list};
use crate::render::date;
use crate::render::html;
use crate::render::markdown::{self, Place};
use crate::render::tongue;
use crate::site::news::Since;
use crate::site::{Facts, address, link};
use postil_archive::diagnostic::Code;
use postil_archive::index::{NoteIx, SitePageIx, TermIx, TextIx, TopicIx};

pub(super) fn page(press: Press<'_>, index: SitePageIx) -> Made {
    let page = &press.site.annotations.pages[index];
    let here = press.site.page_address(index);
    let body = markdown::render(press.site, &page.body, Place { page: &here, heading: Some(2) });
    let context = context::Prose { page: press.page(&here, &page.title, &page.slug), body: Html(body.html) };
    // How to contribute is shown in drawings first.
    let template = if here == address::CONTRIBUTE { "contribute.html" } else { "page.html" };
    press.show(template, &here, &context)
}

/// What each kind of problem means: for who is sent here by a message, from the
/// program that made the site, so that it always fits what that program says.
pub(super) fn problems(press: Press<'_>) -> Made {
    let here = address::PROBLEMS;
    let row = |code: &Code| context::Problem { name: code.name(), says: Html(with_code(code.explanation())) };
    let page = press.page(here, press.words.get("problems"), "");
    press.show("problems.html", here, &context::Problems { page, rows: Code::ALL.iter().map(row).collect() })
}

/// Words with what stands between backticks set as code.
fn with_code(words: &str) -> String {
    let parts = words.split('`').map(html::escaped).enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { format!("<code>{part}</code>") } else { part }).collect()
}

/// Ways to the words without a script.
pub(super) fn ways(press: Press<'_>, here: &str) -> Vec<Link> {
    [
        (address::CONCORDANCE, "nav_concordance"),
        (address::GLOSSARY, "nav_terms"),
        (address::TOPICS, "topics"),
        (address::TEXTS, "texts_by_date"),
        (address::PEOPLE, "nav_people"),
    ]
    .into_iter()
    .filter(|(to, _)| *to != address::CONCORDANCE || press.site.archive.config.concordance)
    .map(|(to, word)| press.link(here, to, press.words.get(word)))
    .collect()
}

/// Two pages beside each other: a script shows those that the address names.
pub(super) fn beside(press: Press<'_>) -> Made {
    let here = address::BESIDE;
    let page = press.page(here, press.words.get("beside"), "");
    press.show("beside.html", here, &context::Beside { page, ways: ways(press, here) })
}

/// A host shows it at any depth. With a base address its links begin at the root of the host; only the path of that
/// address counts, so that a preview on another host works too. Without one a script finds the root: it is looked for
/// at each depth, and where it is, the root is.
pub(super) fn missing(press: Press<'_>) -> Made {
    let here = address::MISSING;
    let base = press.site.archive.config.base_url.as_deref();
    let root = base.map_or_else(|| link::root(here), link::root_on_host);
    let ways = [
        (address::FRONT, press.site.archive.config.title.as_str()),
        (address::TEXTS, press.words.get("nav_texts")),
        (address::GLOSSARY, press.words.get("nav_terms")),
        (address::SEARCH, press.words.get("search")),
    ]
    .into_iter()
    .map(|(to, words)| Link { href: format!("{root}{}", link::relative("", to)), text: words.to_owned() })
    .collect();
    let mut page = press.page(here, press.words.get("missing"), "");
    page.root = root;
    let depths = if base.is_some() { &[][..] } else { &DEPTHS[..] };
    let roots = depths.iter().map(|depth| "../".repeat(*depth)).collect();
    press.show("404.html", here, &context::Missing { page, ways, roots })
}

/// At how many folders below the root the root is looked for. From the deepest on, all that is above the root of a
/// host is that root.
const DEPTHS: [usize; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 16];

/// What `postil export` has made of the whole archive, if it lies among the publisher's files, and the words that say what it
/// is.
const PUBLISHED: [(&str, &str); 3] =
    [("books/archive.epub", "data_book"), ("tei/archive.tei.xml", "data_tei"), ("bag.zip", "data_bag")];

/// What there is for programs, and what it holds; `downloads` are the addresses of the whole site as one download, or
/// in parts.
pub(super) fn data(press: Press<'_>, downloads: &[String]) -> Made {
    let here = address::DATA;
    let file = |to: &str, says: &str| context::DataFile {
        file: press.link(here, to, to.rsplit('/').next().unwrap_or(to)),
        says: press.words.get(says).to_owned(),
    };
    let files = files::FILES.iter().map(|data| file(data.address, data.says)).collect();
    let part = |(n, address): (usize, &String)| match n {
        0 => file(address, "data_zip"),
        n => {
            let says = press.words.fill("data_zip_part", &[("n", &(n + 1).to_string())]);
            context::DataFile { says, ..file(address, "data_zip") }
        }
    };
    let taken_out = PUBLISHED.iter().filter(|(address, _)| press.site.is_published(address));
    let taken_out = taken_out.map(|(address, says)| file(address, says));
    let downloads = downloads.iter().enumerate().map(part).chain(taken_out).collect();
    let mut forms: Vec<&str> = Vec::new();
    for (name, _) in press.site.texts.keys().flat_map(|text| press.site.forms(text)) {
        if !forms.contains(&name) {
            forms.push(name);
        }
    }
    let forms = (!forms.is_empty()).then(|| press.words.fill("data_forms", &[("forms", &forms.join(", "))]));
    let page = press.page(here, press.words.get("nav_data"), "data");
    press.show("data.html", here, &context::Data { page, files, downloads, forms })
}

pub(super) fn moved(press: Press<'_>, old: &str, new: &str) -> Made {
    let page = press.page(old, press.words.get("moved"), "");
    press.show("redirect.html", old, &context::Moved { page, to: press.link(old, new, new) })
}

/// Words of the concordance on one page.
const WORDS_PER_PAGE: usize = 300;

/// How the words of a letter are cut into pages.
pub(super) fn letter_parts(letter: &ConcordanceLetter) -> Parts {
    Parts::new(format!("concordance/{}.html", letter.slug), letter.words.len(), WORDS_PER_PAGE)
}

/// The concordance's first page (`None`), or the words of one letter, or a part of them.
pub(super) fn concordance(press: Press<'_>, listed: &ListedWords, letter: Option<(usize, usize)>) -> Made {
    let letters = &listed.letters;
    let parts = letter.map(|(i, part)| (letter_parts(&letters[i]), part));
    let here = parts.as_ref().map_or_else(|| address::CONCORDANCE.to_owned(), |(p, part)| p.address(*part));
    let names: Vec<(String, String)> =
        letters.iter().map(|l| (l.letter.clone(), letter_parts(l).address(0))).collect();
    let words =
        letter.zip(parts.as_ref()).map_or(&[][..], |((i, part), (p, _))| p.of(part, &letters[i].words));
    let words = words
        .iter()
        .map(|word| list::Word {
            word: word.word.clone(),
            count: word.count,
            texts: word.texts.iter().map(|text| of_text(press, &here, text)).collect(),
            more: word.more,
        })
        .collect();
    let name = press.words.get("nav_concordance");
    let title =
        letter.map_or_else(|| name.to_owned(), |(i, _)| press.site.labelled(name, &letters[i].letter));
    let context = list::Concordance {
        page: press.page(&here, title, "concordance"),
        letters: named(&here, &names),
        is_cut: listed.is_cut,
        words,
        parts: parts.map(|(p, part)| p.links(part)).unwrap_or_default(),
    };
    press.show("concordance.html", &here, &context)
}

fn of_text(press: Press<'_>, here: &str, text: &ConcordanceText) -> list::WordInText {
    let place = |(to, label, line): &(String, String, Option<[String; 3]>)| list::WordPlace {
        place: press.link(here, to, label),
        line: line.clone(),
    };
    list::WordInText { title: text.title.clone(), places: text.places.iter().map(place).collect() }
}

/// Entries of a feed: a reader of feeds keeps what it has seen. Those of the day that the last of them is of are there
/// as well, so that many that come at once are told too, up to the other number.
const ENTRIES: usize = 50;
const MOST_ENTRIES: usize = 1_000;

/// What is new in the archive, as Atom: texts, notes, terms, topics, each dated by when it came or was changed there.
pub(super) fn feed(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Made {
    let site = press.site;
    let all = site.annotations;
    let notes = all.notes.keys().filter_map(|n| note_entry(press, n));
    let texts = site.texts.keys().filter_map(|t| text_entry(press, &facts[t]));
    let terms = all.terms.keys().filter_map(|t| term_entry(press, t));
    let topics = all.topics.keys().filter_map(|t| topic_entry(press, t));
    let entries = notes.chain(texts).chain(terms).chain(topics).collect();
    Ok(atom(press, site.archive.config.title.clone(), address::FEED, address::FRONT, entries))
}

/// A feed of these entries, the newest first and no more than a reader of feeds keeps.
pub(super) fn atom(press: Press<'_>, title: String, here: &str, page: &str, mut entries: Vec<Entry>) -> File {
    let full = |to: &str| press.full_address(to).unwrap_or_else(|| to.to_owned());
    entries.sort_by(|a, b| (&b.updated, &a.address).cmp(&(&a.updated, &b.address)));
    if let Some(last) = entries.get(ENTRIES - 1).map(|entry| entry.updated.clone()) {
        entries.truncate(entries.partition_point(|entry| entry.updated >= last).min(MOST_ENTRIES));
    }
    let updated = entries.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |e| e.updated.clone());
    let atom = feed::atom(&Feed { title, address: full(here), page: full(page), updated, entries });
    File { address: here.to_owned(), bytes: atom.into_bytes() }
}

/// An entry that came and changed then; none without a base address, or if its day is none that feeds can say.
pub(super) fn entry(press: Press<'_>, address: &str, since: Option<Since>, title: String) -> Option<Entry> {
    let since = since?;
    Some(Entry {
        title,
        address: press.full_address(address)?,
        published: date::rfc3339(since.added)?,
        updated: date::rfc3339(since.changed)?,
        ..Entry::default()
    })
}

/// A note as an entry of a feed; none if nobody says when it came.
pub(super) fn note_entry(press: Press<'_>, index: NoteIx) -> Option<Entry> {
    let site = press.site;
    let note = &site.annotations.notes[index];
    let title = site.labelled(site.note_kind(&note.kind), &site.texts[site.text(&note.text)?].short);
    Some(Entry {
        by: note.by.iter().map(|by| site.name(by).to_owned()).collect(),
        summary: press.sentence(&note.body),
        ..entry(press, &site.note_address(index), site.since_note(index), title)?
    })
}

fn text_entry(press: Press<'_>, facts: &Facts) -> Option<Entry> {
    let index = facts.text;
    let plan = &press.site.texts[index];
    let by = press.people_of("", facts).into_iter().map(|person| person.text);
    let since = press.site.since_text(index);
    Some(Entry {
        by: plan.record.house.iter().cloned().chain(by).collect(),
        summary: plan.record.summary.clone().unwrap_or_else(|| tongue::bare(&press.kicker(index))),
        ..entry(press, &press.site.text_address(index), since, plan.title.clone())?
    })
}

fn term_entry(press: Press<'_>, index: TermIx) -> Option<Entry> {
    let site = press.site;
    let term = &site.annotations.terms[index];
    let title = site.labelled(press.plain.get("term"), &term.term.value);
    let summary = term.senses.first().map(|sense| press.sentence(&sense.definition));
    Some(Entry {
        summary: summary.unwrap_or_default(),
        ..entry(press, &site.term_address(index), site.since_term(index), title)?
    })
}

fn topic_entry(press: Press<'_>, index: TopicIx) -> Option<Entry> {
    let site = press.site;
    let topic = &site.annotations.topics[index];
    let title = site.labelled(press.plain.get("topic"), &topic.title);
    let summary = topic.scope.as_ref().map(|scope| press.sentence(scope));
    Some(Entry {
        summary: summary.unwrap_or_default(),
        ..entry(press, &site.topic_address(index), site.since_topic(index), title)?
    })
}

/// What hosts read (`_headers`, `_redirects`), `robots.txt`, and sitemaps if there is a base address, which they need.
pub(super) fn files(press: Press<'_>, addresses: &[String]) -> Vec<File> {
    let file = |name: &str, text: String| File { address: name.to_owned(), bytes: text.into_bytes() };
    let base = press.site.archive.config.base_url.as_ref();
    let table = Table::new(press.site);
    let mut files = vec![file("_headers", table.headers_file())];
    files.extend(table.redirects_file().map(|rules| file("_redirects", rules)));
    let Some(base) = base else {
        files.push(file("robots.txt", feed::robots(None)));
        return files;
    };
    let changed = press.site.changed();
    let pages = addresses
        .iter()
        .filter(|a| a.ends_with(".html") && *a != address::MISSING)
        .map(|a| {
            let day = changed.get(a).map(|day| day.sorts_at().to_string());
            (format!("{base}/{}", link::relative("", a)), day)
        })
        .collect();
    let map = Sitemap { base: base.clone(), pages };
    files.push(file("robots.txt", feed::robots(Some(&map))));
    files.extend(feed::sitemaps(&map).into_iter().map(|(name, text)| file(&name, text)));
    files
}
