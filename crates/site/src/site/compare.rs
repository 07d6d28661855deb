//! What a change of the archive does: two inventories side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::inventory::{Entry, Inventory, Kind, Spot, Text};
use super::wording;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It stood somewhere and does no longer, or its file cannot be read.
    Broken,
    /// It is new.
    Added,
    /// It says something else, or stands on other words.
    Changed,
    /// It says the same, in another place.
    Moved,
    /// It is gone.
    Removed,
}

/// An entry that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'a> {
    /// What became of it.
    pub fate: Fate,
    /// As it was.
    pub old: Option<&'a Entry>,
    /// As it is.
    pub new: Option<&'a Entry>,
    /// What it says otherwise.
    pub says: Vec<Says<'a>>,
    /// What happened to its places.
    pub spots: Vec<Shift<'a>>,
}

impl<'a> Change<'a> {
    /// The entry as it is, or else was.
    pub fn entry(&self) -> &'a Entry {
        self.new.or(self.old).expect("a change has one side at least")
    }
}

/// A key with its values on both sides; empty where it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says<'a> {
    /// The key.
    pub key: &'a str,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
}

/// What happened to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shift<'a> {
    /// It is new.
    Added(&'a Spot),
    /// The same words, in another block.
    Moved(&'a Spot, &'a Spot),
    /// Other words in the same block, though most are the same.
    Reworded(&'a Spot, &'a Spot),
    /// It is gone.
    Removed(&'a Spot),
}

/// A text that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextChange<'a> {
    /// It is new.
    Added(&'a Text),
    /// Its bytes are others.
    Changed(&'a Text, &'a Text),
    /// It has another id.
    Renamed(&'a Text, &'a Text),
    /// It is gone.
    Removed(&'a Text),
}

/// All that a change does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes<'a> {
    /// Texts, by id.
    pub texts: Vec<TextChange<'a>>,
    /// Entries, by kind, then what became of them, then id.
    pub entries: Vec<Change<'a>>,
}

impl Changes<'_> {
    /// How many entries of a kind came to this.
    pub fn count(&self, kind: Kind, fate: Fate) -> usize {
        self.entries.iter().filter(|change| change.fate == fate && change.entry().kind == kind).count()
    }
}

/// Compares two inventories. `faulty` are files of the new side that have errors.
pub fn compare<'a>(old: &'a Inventory, new: &'a Inventory, faulty: &BTreeSet<String>) -> Changes<'a> {
    Changes { texts: texts(&old.texts, &new.texts), entries: entries(&old.entries, &new.entries, faulty) }
}

fn texts<'a>(old: &'a [Text], new: &'a [Text]) -> Vec<TextChange<'a>> {
    let before: BTreeMap<&str, &Text> = old.iter().map(|text| (text.id.as_str(), text)).collect();
    let mut kept = BTreeSet::new();
    let mut changes = Vec::new();
    for text in new {
        let ids = std::iter::once(&text.id).chain(&text.was);
        match ids.filter_map(|id| before.get(id.as_str())).find(|old| kept.insert(old.id.as_str())) {
            None => changes.push(TextChange::Added(text)),
            Some(was) if was.id != text.id => changes.push(TextChange::Renamed(was, text)),
            Some(was) if was.sha256 != text.sha256 => changes.push(TextChange::Changed(was, text)),
            Some(_) => {}
        }
    }
    changes.extend(old.iter().filter(|text| !kept.contains(text.id.as_str())).map(TextChange::Removed));
    changes
}

fn entries<'a>(old: &'a [Entry], new: &'a [Entry], faulty: &BTreeSet<String>) -> Vec<Change<'a>> {
    let before: BTreeMap<(Kind, &str), &Entry> = old.iter().map(|e| ((e.kind, e.id.as_str()), e)).collect();
    let now: BTreeSet<(Kind, &str)> = new.iter().map(|e| (e.kind, e.id.as_str())).collect();
    let mut kept = BTreeSet::new();
    let mut changes = Vec::new();
    for entry in new {
        let same = before.get(&(entry.kind, entry.id.as_str()));
        // An old name counts only if nothing has it now.
        let renamed = || {
            let mut names = entry.was.iter().map(|id| (entry.kind, id.as_str()));
            names.find_map(|name| before.get(&name).filter(|_| !now.contains(&name)))
        };
        let was = same.or_else(renamed).copied();
        kept.extend(was.map(|was| (was.kind, was.id.as_str())));
        changes.extend(change(was, Some(entry), faulty));
    }
    let gone = old.iter().filter(|e| !kept.contains(&(e.kind, e.id.as_str())));
    changes.extend(gone.filter_map(|entry| change(Some(entry), None, faulty)));
    changes.sort_by(|a, b| {
        let key = |c: &Change<'a>| (c.entry().kind, c.fate, c.entry().id.as_str());
        key(a).cmp(&key(b))
    });
    changes
}

/// What became of one entry; `None` if it is as it was.
fn change<'a>(
    old: Option<&'a Entry>,
    new: Option<&'a Entry>,
    faulty: &BTreeSet<String>,
) -> Option<Change<'a>> {
    let says = said(old, new);
    let spots = shifted(old.map_or(&[][..], |e| &e.places), new.map_or(&[][..], |e| &e.places));
    let fate = match (old, new) {
        (_, Some(new)) if new.unplaced > old.map_or(0, |old| old.unplaced) => Fate::Broken,
        (Some(old), None) if faulty.contains(&old.file) => Fate::Broken,
        (Some(_), None) => Fate::Removed,
        (None, _) => Fate::Added,
        (Some(old), Some(new)) => {
            let stays = spots.iter().all(|shift| matches!(shift, Shift::Moved(..)));
            match (says.is_empty() && old.id == new.id && stays, spots.is_empty()) {
                (true, true) => return None,
                (true, false) => Fate::Moved,
                (false, _) => Fate::Changed,
            }
        }
    };
    Some(Change { fate, old, new, says, spots })
}

/// Keys whose values differ, the uses of a term among them.
fn said<'a>(old: Option<&'a Entry>, new: Option<&'a Entry>) -> Vec<Says<'a>> {
    let (Some(old), Some(new)) = (old, new) else { return Vec::new() };
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in new.says.iter().chain(&old.says) {
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    let values = |entry: &Entry, key: &str| {
        let values = entry.says.iter().filter(|(other, _)| other == key).map(|(_, value)| value.as_str());
        values.collect::<Vec<_>>().join("\n")
    };
    let words = keys.into_iter().map(|key| Says { key, old: values(old, key), new: values(new, key) });
    let mut says: Vec<Says<'_>> = words.filter(|says| says.old != says.new).collect();
    if old.uses != new.uses {
        let list = |entry: &Entry| {
            let uses = entry.uses.iter().map(|(text, count)| format!("{count} in {text}"));
            uses.collect::<Vec<_>>().join("\n")
        };
        says.push(Says { key: "uses", old: list(old), new: list(new) });
    }
    says
}

/// What happened to places: the same words in the same block stay, the same
/// words elsewhere moved, nearly the same in the same block were reworded.
fn shifted<'a>(old: &'a [Spot], new: &'a [Spot]) -> Vec<Shift<'a>> {
    let mut left: Vec<&Spot> = old.iter().collect();
    let mut take = |is: &dyn Fn(&Spot) -> bool| {
        let found = left.iter().position(|spot| is(spot))?;
        Some(left.remove(found))
    };
    let mut rest: Vec<&Spot> = new.iter().collect();
    rest.retain(|spot| {
        take(&|was| was.text == spot.text && was.block == spot.block && was.words == spot.words).is_none()
    });
    let mut shifts = Vec::new();
    rest.retain(|spot| match take(&|was| was.words == spot.words) {
        Some(was) => {
            shifts.push(Shift::Moved(was, spot));
            false
        }
        None => true,
    });
    for spot in rest {
        let is_mended = |was: &Spot| {
            let here = was.text == spot.text && was.block == spot.block;
            here && wording::is_alike(&wording::pieces(&was.words, &spot.words))
        };
        shifts.push(match take(&is_mended) {
            Some(was) => Shift::Reworded(was, spot),
            None => Shift::Added(spot),
        });
    }
    shifts.extend(left.into_iter().map(Shift::Removed));
    shifts
}
