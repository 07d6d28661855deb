//! Since when things are in the archive, and when they last changed: as their files say, or as git knows.
//!
//! That is another date than that of a document: a letter of 1790 may have come yesterday.

use std::collections::BTreeMap;

use super::Site;
use postil_archive::index::{NoteIx, PassageIx, TermIx, TextIx, TopicIx};
use postil_archive::sidecar::date::Date;

/// When a file came into the archive, and when it was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The day on which it came.
    pub added: Date,
    /// The day of the last change.
    pub changed: Date,
}

/// What git knows of files: path from the archive's root to days.
pub type Days = BTreeMap<String, Since>;

/// Both together: what the file says of itself stands, but a later change counts.
fn since(says: Option<Date>, knows: Option<Since>) -> Option<Since> {
    let later = |a: Date, b: Date| if b.first_day() > a.first_day() { b } else { a };
    match (says, knows) {
        (None, knows) => knows,
        (Some(says), None) => Some(Since { added: says, changed: says }),
        (Some(says), Some(knows)) => Some(Since { added: says, changed: later(says, knows.changed) }),
    }
}

/// The earlier arrival and the later change.
fn joined(one: Option<Since>, other: Option<Since>) -> Option<Since> {
    let (Some(a), Some(b)) = (one, other) else { return one.or(other) };
    let added = if b.added.first_day() < a.added.first_day() { b.added } else { a.added };
    let changed = if b.changed.first_day() > a.changed.first_day() { b.changed } else { a.changed };
    Some(Since { added, changed })
}

impl Site<'_> {
    fn known(&self, path: &str) -> Option<Since> {
        self.days.get(path).copied()
    }

    /// A text: since its record says that it was fetched, or git has it.
    pub fn since_text(&self, text: TextIx) -> Option<Since> {
        let plan = &self.texts[text];
        let file = &self.archive.texts[text];
        let record = file.record.as_ref().and_then(|record| self.known(&record.path));
        // That a record came later makes the text no newer than it is.
        let mut knows = joined(self.known(&file.path), record);
        if let (Some(knows), Some(file)) = (&mut knows, self.known(&file.path)) {
            knows.added = file.added;
        }
        since(plan.record.origin.as_ref().and_then(|origin| origin.retrieved), knows)
    }

    /// A note.
    pub fn since_note(&self, note: NoteIx) -> Option<Since> {
        let note = &self.annotations.notes[note];
        since(note.date, self.known(&note.source.path))
    }

    /// A term.
    pub fn since_term(&self, term: TermIx) -> Option<Since> {
        let term = &self.annotations.terms[term];
        since(term.date, self.known(&term.source.path))
    }

    /// A topic itself, its passages with it as far as git knows the file only.
    pub fn since_topic(&self, topic: TopicIx) -> Option<Since> {
        self.known(&self.annotations.topics[topic].source.path)
    }

    /// A passage of a topic: by its own date, or else that of its text.
    pub fn since_passage(&self, topic: TopicIx, passage: PassageIx) -> Option<Since> {
        let passage = &self.annotations.topics[topic].passages[passage];
        let of_text = || self.since_text(self.text(&passage.text.value)?);
        since(passage.date, None).or_else(of_text)
    }

    /// When pages last changed, as far as that is known: address and day.
    pub fn changed(&self) -> BTreeMap<String, Date> {
        let mut pages: BTreeMap<String, Since> = BTreeMap::new();
        let mut add = |address: String, since: Option<Since>| {
            let Some(since) = since else { return };
            let all = joined(pages.get(&address).copied(), Some(since));
            pages.extend(all.map(|all| (address, all)));
        };
        for text in self.texts.keys() {
            let address = self.text_address(text);
            add(address.clone(), self.since_text(text));
            add(address, self.apparatus(text).and_then(|apparatus| self.known(&apparatus.source.path)));
        }
        for (i, note) in self.annotations.notes.iter_enumerated() {
            let Some(text) = self.text(&note.text) else { continue };
            add(self.text_address(text), self.since_note(i));
            for topic in note.topics.iter().filter_map(|topic| self.topic(&topic.value)) {
                add(self.topic_address(topic), self.since_note(i));
            }
        }
        for term in self.annotations.terms.keys() {
            add(self.term_address(term), self.since_term(term));
        }
        for (i, topic) in self.annotations.topics.iter_enumerated() {
            add(self.topic_address(i), self.since_topic(i));
            for passage in topic.passages.keys() {
                add(self.topic_address(i), self.since_passage(i, passage));
            }
        }
        pages.into_iter().map(|(address, since)| (address, since.changed)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_stands_and_a_later_change_counts() {
        let day = |text: &str| Date::parse(text).expect("a date");
        let days = |added: &str, changed: &str| Some(Since { added: day(added), changed: day(changed) });
        let says = Some(day("2026-05-01"));
        assert_eq!(since(None, None), None);
        assert_eq!(since(says, None), days("2026-05-01", "2026-05-01"));
        assert_eq!(since(None, days("2026-01-01", "2026-02-01")), days("2026-01-01", "2026-02-01"));
        assert_eq!(since(says, days("2026-01-01", "2026-02-01")), days("2026-05-01", "2026-05-01"));
        assert_eq!(since(says, days("2026-01-01", "2026-06-01")), days("2026-05-01", "2026-06-01"));
        assert_eq!(
            joined(days("2026-03-01", "2026-03-01"), days("2026-01-01", "2026-02-01")),
            days("2026-01-01", "2026-03-01")
        );
    }
}
