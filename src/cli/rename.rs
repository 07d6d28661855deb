//! `postil rename KIND OLD NEW`: another name, everywhere, proved before it is written.

use std::path::Path;

use super::args::{Nameable, Rename};
use super::{Outcome, Terminal, Trouble, make, patch, report, texts};
use crate::output::rewrite::{self, Rewrite};
use crate::renaming::{self, Proved, Unproved};
use postil_archive::archive::Store;
use postil_archive::diagnostic::show;
use postil_propose::propose::rename::Kind;

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
    let store = Store::Disk(site.to_owned());
    let Proved { renamed, problems } = renaming::renamed(&archive, store, kind, &args.old, &args.new)?
        .map_err(|unproved| refused(unproved, terminal))?;

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
    Ok(report::outcome(&problems))
}

/// Tells why something keeps its name.
fn refused(unproved: Unproved, terminal: &Terminal) -> Trouble {
    match unproved {
        Unproved::Refused(refused) => make::refused(refused, terminal),
        Unproved::Otherwise(problems, why, help) => {
            terminal.tell(&show::show(&problems, show::Format::Human, terminal.look_of_messages()));
            Trouble::new(format!("{why}: nothing was written")).help(help)
        }
    }
}
