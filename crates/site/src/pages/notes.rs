//! Lists of notes: all, of one kind, of one contributor.

use typed_index_collections::TiSlice;

use crate::pages::paging::Parts;
use crate::pages::{Made, Press};
use crate::render::context::list;
use crate::site::{Facts, NoteFact, NoteKind, address, link};
use postil_archive::index::{NoteIx, TextIx};

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

/// A list of notes: all of them, or those of a kind.
pub(super) struct List<'a> {
    /// Key of the kind.
    kind: Option<String>,
    notes: Notes<'a>,
    pub(super) parts: Parts,
}

/// All lists of notes. Few notes are on one page, which can show one kind at a time by itself.
pub(super) fn lists<'a>(press: Press<'_>, facts: &'a TiSlice<TextIx, Facts>) -> Vec<List<'a>> {
    let all = wanted(press, facts, |_| true);
    let split = all.len() > PER_PAGE;
    let parts = Parts::new(address::NOTES, all.len(), PER_PAGE);
    let mut out = vec![List { kind: None, notes: all, parts }];
    for kind in press.site.note_kinds.iter().map(|kind| &kind.key).filter(|_| split) {
        let notes = wanted(press, facts, |n| press.site.annotations.notes[n].kind == *kind);
        if !notes.is_empty() {
            let parts = Parts::new(kind_address(kind), notes.len(), PER_PAGE);
            out.push(List { kind: Some(kind.clone()), notes, parts });
        }
    }
    out
}

/// One part of a list.
pub(super) fn page(press: Press<'_>, lists: &[List<'_>], index: usize, part: usize) -> Made {
    let list = &lists[index];
    let here = list.parts.address(part);
    let all = &press.site.annotations.notes;
    let split = lists.len() > 1;
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
        None => name.to_owned(),
    };
    let context = list::Notes {
        page: press.page(&here, title, "notes"),
        count: list.notes.len(),
        kinds,
        all: (split && (list.kind.is_some() || part > 0)).then(|| link::relative(&here, address::NOTES)),
        texts: grouped(press, &here, list.parts.of(part, &list.notes)),
        parts: list.parts.links(part),
    };
    press.show("notes.html", &here, &context)
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
