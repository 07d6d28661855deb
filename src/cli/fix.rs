//! `postil fix`: what the messages of `check` propose, applied as far as files then say what they
//! say now, and as far as that can be proved.

use std::path::Path;

use super::args::Fix;
use super::{Outcome, Terminal, Trouble, check, patch, report};
use crate::look::Workbench;
use crate::output::rewrite::{self, Rewrite};
use postil_archive::archive::Store;
use postil_archive::diagnostic;
use postil_archive::diagnostic::show::one_line;
use postil_propose::propose::mend::{self, Left, Mended};

/// Mends what can be mended, and shows it.
pub(super) fn run(site: &Path, args: &Fix, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let mut problems = Vec::new();
    let archive = crate::theme::read(site)?.take(&mut problems);
    let mended = mend::mend(&Workbench {
        archive: &archive,
        store: Store::Disk(site.to_owned()),
        today: check::today(),
    })?;
    let Mended { files, applied, left, problems } = &mended;

    terminal.answer(&patch::of_files(files, terminal.look_of_answers()))?;
    if !args.dry_run {
        let rewrites = files.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite(site, &rewrites.collect::<Vec<_>>())?;
    }
    for (problem, why) in left {
        let why = match why {
            Left::Choice => "there are several ways to mend it; choose one",
            Left::Meaning => {
                "only you can tell what is meant; if it is what `postil check` proposes, write it by hand"
            }
            Left::Overlap => "other fixes touch the same words; mend it by hand",
            Left::Unproved => "the fix would not mend it; mend it by hand",
        };
        let diagnostic::Place { path, line, column, .. } = &problem.place;
        let path = one_line(path);
        terminal.tell(&format!("left: {path}:{line}:{column}: {}: {why}\n", problem.code.name()));
    }
    let verb = if args.dry_run { "would be mended; nothing was written" } else { "mended" };
    let done =
        format!("{} in {} {verb}", patch::some(applied.len(), "problem"), patch::some(files.len(), "file"));
    let done = if applied.is_empty() { "nothing was to be mended".to_owned() } else { done };
    let rest = match report::counts(problems).as_str() {
        "no problems" => "nothing is left".to_owned(),
        counts => format!("{counts} left, which `postil check` shows"),
    };
    terminal.tell(&format!("{done}; {rest}\n"));
    Ok(report::outcome(problems))
}
