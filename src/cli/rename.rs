//! `postil rename KIND OLD NEW`: another name, everywhere, proved before it is written.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::{Nameable, Rename};
use super::look::{Found, look};
use super::{Outcome, Terminal, Trouble, make, patch, report, texts};
use crate::compile::Options;
use crate::output::rewrite::{self, Rewrite};
use postil_archive::archive::{self, Store};
use postil_archive::diagnostic::{Diagnostic, Severity, show};
use postil_propose::propose::rename::{self, Kind, Renamed};
use postil_site::site::inventory::{Entry, Inventory};

/// Renames something, shows what changes, and writes it if the archive then says and shows what it did.
pub(super) fn run(site: &Path, args: &Rename, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let archive = texts::archive(site)?;
    let kind = match args.kind {
        Nameable::Term => Kind::Term,
        Nameable::Topic => Kind::Topic,
        Nameable::Text => Kind::Text,
        Nameable::Note => Kind::Note,
        Nameable::Contributor => Kind::Contributor,
    };
    let options = Options::default();
    let before = look(crate::theme::read(site)?, &options)?;
    let renamed = rename::rename(&archive, &before.problems, kind, &args.old, &args.new);
    let renamed = renamed.map_err(|refused| make::refused(refused, terminal))?;

    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let there = |path: &String| renamed.moves.get(path).unwrap_or(path).clone();
    texts.extend(renamed.files.iter().map(|(path, (_, new))| (there(path), new.clone())));
    texts.extend(renamed.record.iter().map(|file| (file.path.clone(), file.text.clone())));
    let moved = renamed.moves.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
    let store = Store::moved(site, moved, &texts);
    let after = look(archive::read(store, crate::theme::default_theme())?, &options)?;
    prove(&renamed, kind, &before, &after, terminal)?;

    let record = renamed.record.as_ref().map(|file| (file.path.as_str(), file.text.as_str()));
    let look = terminal.look_of_answers();
    terminal.answer(&patch::of_moved_files(&renamed.files, &renamed.moves, record, look))?;
    if !args.dry_run {
        let rewrites = renamed.files.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite_and_move(site, &rewrites.collect::<Vec<_>>(), &renamed.moves, record)?;
    }
    let (old, new) = &renamed.names;
    let (was, done) = match args.dry_run {
        true => ("would be", "; nothing was written"),
        false => ("is now", ""),
    };
    terminal.tell(&format!(
        "the {} `{old}` {was} `{new}`, and so named in {}{done}\n",
        kind.word(),
        patch::some(renamed.references, "place"),
    ));
    Ok(report::outcome(&after.problems))
}

/// Whether all is as it was, but for the name: no new problem, everything says the same and stands
/// on the same words.
fn prove(
    renamed: &Renamed,
    kind: Kind,
    before: &Found,
    after: &Found,
    terminal: &Terminal,
) -> Result<(), Trouble> {
    let (old, new) = &renamed.names;
    let refuse = |why: String| Trouble::new(format!("{why}: nothing was written"));
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
        terminal.tell(&show::show(&fresh, show::Format::Human, terminal.look_of_messages()));
        return Err(refuse(format!("`{new}` in place of `{old}` would make new problems"))
            .help("mend what stands above, or choose another name"));
    }
    let (Some(old_site), Some(new_site)) = (&before.inventory, &after.inventory) else {
        return Err(refuse("the archive cannot be compiled".to_owned()).help("`postil check` says why"));
    };
    let under_one_name = |site: &Inventory| entries(site, kind, old, new);
    let (was, is) = (under_one_name(old_site), under_one_name(new_site));
    let differs = was.iter().zip(&is).find(|(was, is)| was != is).map(|(was, _)| was.file.clone());
    let differs = differs.or_else(|| (was.len() != is.len()).then(|| "the archive".to_owned()));
    differs.map_or(Ok(()), |file| {
        Err(refuse(format!("`{file}` would say something else, or stand elsewhere")).help(
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
