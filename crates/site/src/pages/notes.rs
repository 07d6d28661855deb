//! Lists of notes: all, of one kind, of one contributor.

use typed_index_collections::TiSlice;

use crate::pages::paging::Parts;
use crate::pages::{Made, Press, lists};
use crate::render::context::{Name, list};
use crate::site::{Facts, NoteFact, NoteKind, address, link};
use postil_archive::index::{NoteIx, TextIx, TopicIx};

/// Notes of one page of a list.
pub(super) const PER_PAGE: usize = 150;

/// Notes with the index of their text.
pub(super) type Notes<'a> = Vec<(TextIx, &'a NoteFact)>;

/// Notes that are wanted, by date of their text, in the order of the text.
pub(super) fn wanted<'a>(
    press: Press<'_>,
    facts: &'a TiSlice<TextIx, Facts>,
    is: impl Fn(NoteIx) -> bool,
) -> Notes<'a> {
    let of = |&text: &TextIx| facts[text].notes.iter().map(move |fact| (text, fact));
    press.site.by_date.iter().flat_map(of).filter(|(_, fact)| is(fact.note)).collect()
}

/// Address of the list of one kind, where all notes are too many for one page.
fn kind_address(kind: &str) -> String {
    format!("notes/kind/{kind}.html")
}

/// Where all notes stand by topic.
const BY_TOPIC: &str = "notes/topics.html";
/// Notes with a topic that they name, or none.
type OfTopics<'a> = Vec<(Option<TopicIx>, &'a NoteFact)>;

/// A list of notes: all of them, by text or by topic, or those of a kind.
pub(super) struct List<'a> {
    /// Key of the kind.
    kind: Option<String>,
    /// The notes by topic, under each that they name, if this is the list of them.
    by_topic: Option<OfTopics<'a>>,
    notes: Notes<'a>,
    pub(super) parts: Parts,
}

/// All lists of notes. Few notes are on one page, which can show one kind at a time by itself.
pub(super) fn lists<'a>(press: Press<'_>, facts: &'a TiSlice<TextIx, Facts>) -> Vec<List<'a>> {
    let all = wanted(press, facts, |_| true);
    let split = all.len() > PER_PAGE;
    let parts = Parts::new(address::NOTES, all.len(), PER_PAGE);
    let by_topic = by_topic(press, &all);
    let mut out = vec![List { kind: None, by_topic: None, notes: all, parts }];
    if let Some(notes) = by_topic {
        let parts = Parts::new(BY_TOPIC, notes.len(), PER_PAGE);
        out.push(List { kind: None, by_topic: Some(notes), notes: Vec::new(), parts });
    }
    for kind in press.site.note_kinds.iter().map(|kind| &kind.key).filter(|_| split) {
        let notes = wanted(press, facts, |n| press.site.annotations.notes[n].kind == *kind);
        if !notes.is_empty() {
            let parts = Parts::new(kind_address(kind), notes.len(), PER_PAGE);
            out.push(List { kind: Some(kind.clone()), by_topic: None, notes, parts });
        }
    }
    out
}

/// Notes by topic, topics by title, those without one last; nothing if no note names a topic.
fn by_topic<'a>(press: Press<'_>, all: &[(TextIx, &'a NoteFact)]) -> Option<OfTopics<'a>> {
    let site = press.site;
    let mut order: Vec<TopicIx> = site.annotations.topics.keys().collect();
    order.sort_by_cached_key(|&i| (site.order.title(&site.annotations.topics[i].title), i));
    let of = |note: NoteIx| {
        let topics = site.annotations.notes[note].topics.iter();
        topics.filter_map(|topic| site.topic(&topic.value)).collect::<Vec<_>>()
    };
    let mut out: OfTopics<'a> = Vec::new();
    for topic in order {
        let own = all.iter().filter(|(_, fact)| of(fact.note).contains(&topic));
        out.extend(own.map(|&(_, fact)| (Some(topic), fact)));
    }
    let others = all.iter().filter(|(_, fact)| of(fact.note).is_empty());
    let named = !out.is_empty();
    out.extend(others.map(|&(_, fact)| (None, fact)));
    named.then_some(out)
}

/// One part of a list.
pub(super) fn page(press: Press<'_>, lists: &[List<'_>], index: usize, part: usize) -> Made {
    let list = &lists[index];
    let here = list.parts.address(part);
    let all = &press.site.annotations.notes;
    let split = lists.iter().any(|list| list.kind.is_some());
    let has_topics = lists.iter().any(|list| list.by_topic.is_some());
    let kinds = press
        .site
        .note_kinds
        .iter()
        .map(|NoteKind { key, label }| list::NoteKind {
            key: key.clone(),
            label: label.shown.clone(),
            count: all.iter().filter(|n| n.kind == *key).count(),
            page: split.then(|| link::relative(&here, &kind_address(key))),
            current: list.kind.as_ref() == Some(key),
        })
        .filter(|kind| kind.count > 0)
        .collect();
    let name = press.words.get("nav_notes");
    let title = match &list.kind {
        Some(kind) => press.site.labelled(name, press.site.shown_note_kind(kind)),
        None if list.by_topic.is_some() => press.site.labelled(name, press.words.get("notes_by_topic")),
        None => name.to_owned(),
    };
    let context = list::Notes {
        page: press.page(&here, title, "notes"),
        // Under topics a note may stand several times.
        count: if list.by_topic.is_some() { lists[0].notes.len() } else { list.notes.len() },
        kinds,
        all: (split && (list.kind.is_some() || part > 0)).then(|| link::relative(&here, address::NOTES)),
        orders: [(address::NOTES, "notes_by_text", false), (BY_TOPIC, "notes_by_topic", true)]
            .into_iter()
            .filter(|_| has_topics)
            .map(|(to, word, by_topic)| Name {
                text: press.words.get(word).to_owned(),
                href: (list.kind.is_some() || list.by_topic.is_some() != by_topic)
                    .then(|| link::relative(&here, to)),
            })
            .collect(),
        texts: match &list.by_topic {
            Some(notes) => under_topics(press, &here, list.parts.of(part, notes)),
            None => grouped(press, &here, list.parts.of(part, &list.notes)),
        },
        parts: list.parts.links(part),
    };
    press.show("notes.html", &here, &context)
}

/// Notes by topic, as they come; each says which text it is on.
fn under_topics(
    press: Press<'_>,
    here: &str,
    notes: &[(Option<TopicIx>, &NoteFact)],
) -> Vec<list::NotesOfText> {
    let of_topic = |same: &[(Option<TopicIx>, &NoteFact)]| {
        let text = match same[0].0 {
            Some(topic) => {
                let own = &press.site.annotations.topics[topic];
                press.link(here, &press.site.topic_address(topic), &own.title)
            }
            None => press.link(here, address::TOPICS, press.words.get("no_topic")),
        };
        let notes = same.iter().map(|(_, fact)| lists::taste(press, here, fact)).collect();
        list::NotesOfText { text, date: None, notes }
    };
    notes.chunk_by(|a, b| a.0 == b.0).map(of_topic).collect()
}

/// Notes by text, as they come.
pub(super) fn grouped(press: Press<'_>, here: &str, notes: &[(TextIx, &NoteFact)]) -> Vec<list::NotesOfText> {
    let mut out: Vec<list::NotesOfText> = Vec::new();
    for same in notes.chunk_by(|a, b| a.0 == b.0) {
        let plan = &press.site.texts[same[0].0];
        out.push(list::NotesOfText {
            text: press.link(here, &press.site.text_address(same[0].0), &plan.title),
            date: press.words.made(plan),
            notes: same.iter().map(|(_, fact)| press.note(here, fact)).collect(),
        });
    }
    out
}
