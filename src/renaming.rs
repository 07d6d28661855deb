//! RENAME: another name for something, everywhere, proved before anybody writes it.
//!
//! Comes in: an archive, what is to be renamed. Goes out: the files as they would be, if the archive
//! then says and shows what it did; else why not. Nothing is written here.

use std::collections::BTreeMap;

use crate::compile::Options;
use crate::look::{Found, look};
use postil_archive::archive::{self, Archive, Store};
use postil_archive::diagnostic::{Diagnostic, Error, Severity};
use postil_propose::propose::Refused;
use postil_propose::propose::rename::{self, Kind, Renamed};
use postil_site::site::inventory::{Entry, Inventory};

/// What a renaming comes to, proved.
#[derive(Debug)]
pub struct Proved {
    /// The files.
    pub renamed: Renamed,
    /// What is wrong with the archive after it.
    pub problems: Vec<Diagnostic>,
}

/// Why something keeps its name.
#[derive(Debug)]
pub enum Unproved {
    /// It cannot have the new one.
    Refused(Refused),
    /// The archive would not be what it is: new problems if there are any, why, and what to do.
    Otherwise(Vec<Diagnostic>, String, String),
}

impl From<Refused> for Unproved {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Renames something in an archive that was read from `store`.
///
/// # Errors
/// A file cannot be read.
pub fn renamed(
    archive: &Archive,
    store: Store,
    kind: Kind,
    old: &str,
    new: &str,
) -> Result<Result<Proved, Unproved>, Error> {
    let options = Options::default();
    let theme = crate::theme::default_theme();
    let before = look(archive::read(store.clone(), theme)?, &options)?;
    let renamed = match rename::rename(archive, &before.problems, kind, old, new) {
        Ok(renamed) => renamed,
        Err(refused) => return Ok(Err(refused.into())),
    };
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let there = |path: &String| renamed.moves.get(path).unwrap_or(path).clone();
    texts.extend(renamed.files.iter().map(|(path, (_, new))| (there(path), new.clone())));
    texts.extend(renamed.record.iter().map(|file| (file.path.clone(), file.text.clone())));
    let moved = renamed.moves.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
    let files = texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let store = Store::Edited { store: Box::new(store), moved, files };
    let after = look(archive::read(store, theme)?, &options)?;
    Ok(prove(&renamed, kind, &before, &after).map(|()| Proved { renamed, problems: after.problems }))
}

/// Whether all is as it was, but for the name: no new problem, everything says the same and stands
/// on the same words.
fn prove(renamed: &Renamed, kind: Kind, before: &Found, after: &Found) -> Result<(), Unproved> {
    let (old, new) = &renamed.names;
    let refuse = |problems, why: String, help: &str| Unproved::Otherwise(problems, why, help.to_owned());
    // A text without a record gets one, of which then is said what it lacks.
    let counts_as = |problem: &&Diagnostic| match problem.severity {
        Severity::Error => true,
        Severity::Warning => renamed.record.is_none(),
        Severity::Note => false,
    };
    let count = |found: &Found, of: &Diagnostic| {
        found.problems.iter().filter(|problem| problem.code == of.code).filter(counts_as).count()
    };
    let more = |problem: &&Diagnostic| count(after, problem) > count(before, problem);
    let fresh: Vec<Diagnostic> = after.problems.iter().filter(counts_as).filter(more).cloned().collect();
    if !fresh.is_empty() {
        let why = format!("`{new}` in place of `{old}` would make new problems");
        return Err(refuse(fresh, why, "mend what stands above, or choose another name"));
    }
    let (Some(old_site), Some(new_site)) = (&before.inventory, &after.inventory) else {
        let why = "the archive cannot be compiled".to_owned();
        return Err(refuse(Vec::new(), why, "`postil check` says why"));
    };
    let under_one_name = |site: &Inventory| entries(site, kind, old, new);
    let (was, is) = (under_one_name(old_site), under_one_name(new_site));
    let differs = was.iter().zip(&is).find(|(was, is)| was != is).map(|(was, _)| was.file.clone());
    let differs = differs.or_else(|| (was.len() != is.len()).then(|| "the archive".to_owned()));
    differs.map_or(Ok(()), |file| {
        Err(refuse(
            Vec::new(),
            format!("`{file}` would say something else, or stand elsewhere"),
            "a pattern in `texts` may hold the one name and not the other: choose a name in the same folder",
        ))
    })
}

/// What stands where, with the one name wherever either stands, and without old names.
fn entries(site: &Inventory, kind: Kind, old: &str, new: &str) -> Vec<Entry> {
    let slug = |name: &str| match kind {
        Kind::Note => name.rsplit('/').next().unwrap_or(name).to_owned(),
        _ => name.to_owned(),
    };
    let (old, new) = (slug(old), slug(new));
    // In addresses the slug of a note stands behind `n-`.
    let one = |text: &str| exchanged(&exchanged(text, &new, &old), &format!("n-{new}"), &format!("n-{old}"));
    let mut entries = site.entries.clone();
    for entry in &mut entries {
        entry.was.clear();
        for text in [&mut entry.id, &mut entry.file, &mut entry.title] {
            *text = one(text);
        }
        for (_, value) in &mut entry.says {
            *value = one(value);
        }
        entry.places.iter_mut().for_each(|spot| spot.text = one(&spot.text));
        entry.places.sort_by(|a, b| (&a.text, a.block, &a.before).cmp(&(&b.text, b.block, &b.before)));
        for spot in &mut entry.places {
            for text in [&mut spot.before, &mut spot.words, &mut spot.after] {
                *text = one(text);
            }
        }
        entry.uses = std::mem::take(&mut entry.uses).into_iter().map(|(text, n)| (one(&text), n)).collect();
    }
    entries.sort_by(|a, b| (a.kind, &a.id, &a.file).cmp(&(b.kind, &b.id, &b.file)));
    entries
}

/// A text with one word in place of another, wherever that stands as a whole.
fn exchanged(text: &str, from: &str, to: &str) -> String {
    let of_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, _) in text.match_indices(from) {
        if !text[..at].ends_with(of_name) && !text[at + from.len()..].starts_with(of_name) {
            out.push_str(&text[rest..at]);
            out.push_str(to);
            rest = at + from.len();
        }
    }
    out.push_str(&text[rest..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exchanged_as_whole_words() {
        assert_eq!(exchanged("b, [[b]] b-c ab b", "b", "a"), "a, [[a]] b-c ab a");
        assert_eq!(exchanged("x/b.md x/b/c", "x/b", "a"), "a.md a/c");
    }
}
