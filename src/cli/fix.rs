//! `postil fix`: what the messages of `check` propose, applied as far as files then say what they
//! say now, and as far as that can be proved.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::Fix;
use super::{Outcome, Terminal, Trouble, check, patch, report};
use crate::look::Workbench;
use crate::output::rewrite::{self, Rewrite};
use postil_archive::archive::Store;
use postil_archive::diagnostic::show::{self, Format, one_line};
use postil_archive::diagnostic::{self, Diagnostic, Edit, fix};
use postil_propose::propose::mend::{self, Bench, Left, Mended};

/// Files that change: path to text as it was and as it is to be.
type Files = BTreeMap<String, (String, String)>;

/// Mends what can be mended, and shows it.
pub(super) fn run(site: &Path, args: &Fix, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let mut problems = Vec::new();
    let archive = crate::theme::read(site)?.take(&mut problems);
    let bench = Workbench { archive: &archive, store: Store::Disk(site.to_owned()), today: check::today() };
    let mended = mend::mend(&bench)?;
    let Mended { files, applied, left, problems } = &mended;
    let (files, assented) =
        if args.dry_run { (files.clone(), 0) } else { ask(files, left, &bench, terminal)? };
    let files = &files;

    terminal.answer(&patch::of_files(files, terminal.look_of_answers()))?;
    if !args.dry_run {
        let rewrites = files.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite(site, &rewrites.collect::<Vec<_>>())?;
    }
    for (problem, why) in left.iter().filter(|(problem, _)| assented == 0 || !is_proposed(problem)) {
        let why = match why {
            Left::Choice => "there are several ways to mend it; choose one",
            Left::Meaning => {
                "only you can tell what is meant; on a terminal `postil fix` asks, or write by hand what `postil check` proposes"
            }
            Left::Overlap => "other fixes touch the same words; mend it by hand",
            Left::Unproved => "the fix would not mend it; mend it by hand",
        };
        let diagnostic::Place { path, line, column, .. } = &problem.place;
        let path = one_line(path);
        terminal.tell(&format!("left: {path}:{line}:{column}: {}: {why}\n", problem.code.name()));
    }
    let verb = if args.dry_run { "would be mended; nothing was written" } else { "mended" };
    let mended = applied.len() + assented;
    let done = format!("{} in {} {verb}", patch::some(mended, "problem"), patch::some(files.len(), "file"));
    let done = if mended == 0 { "nothing was to be mended".to_owned() } else { done };
    let rest = match report::counts(problems).as_str() {
        // Some of them are gone now.
        _ if assented > 0 => "`postil check` shows what is left".to_owned(),
        "no problems" => "nothing is left".to_owned(),
        counts => format!("{counts} left, which `postil check` shows"),
    };
    terminal.tell(&format!("{done}; {rest}\n"));
    Ok(report::outcome(problems))
}

/// Whether the message only proposes what may have been meant.
fn is_proposed(problem: &Diagnostic) -> bool {
    matches!(&problem.fixes[..], [fix] if !fix.keeps_meaning)
}

/// Asks a person, if one is there, of each fix that only proposes something; gives the files with those assented to, and
/// how many these are.
fn ask(
    files: &Files,
    left: &[(Diagnostic, Left)],
    bench: &Workbench<'_>,
    terminal: &Terminal,
) -> Result<(Files, usize), Trouble> {
    let mut files = files.clone();
    if !terminal.can_ask() {
        return Ok((files, 0));
    }
    let mut assented: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    let mut count = 0;
    for problem in left.iter().map(|(problem, _)| problem).filter(|problem| is_proposed(problem)) {
        terminal.tell(&show::show(std::slice::from_ref(problem), Format::Human, terminal.look_of_messages()));
        let title = one_line(&problem.fixes[0].title);
        if terminal.ask(&format!("{title}? (`y`, or nothing) ")).is_some_and(|answer| answer == "y") {
            count += 1;
            problem.fixes[0]
                .edits
                .iter()
                .for_each(|edit| assented.entry(edit.path()).or_default().push(edit));
        }
    }
    for (path, edits) in assented {
        let now = match files.get(path) {
            Some((_, new)) => Some(new.clone()),
            None => bench.text(path)?,
        };
        let new = now.as_ref().and_then(|now| fix::apply(now, &edits));
        let (Some(now), Some(new)) = (now, new) else {
            return Err(Trouble::new(format!(
                "`{path}` cannot be changed in all these ways at once: nothing was written"
            ))
            .help("assent to fewer, and run it again"));
        };
        files.entry(path.to_owned()).or_insert_with(|| (now, String::new())).1 = new;
    }
    Ok((files, count))
}
