//! `postil structure TEXT`: rows that texts seem to ask for, with what they find; written if a person agrees.

use std::fmt::Write as _;
use std::path::Path;

use super::args::Structure;
use super::{Outcome, Terminal, Trouble, blocks, make, report, texts};
use crate::output::fresh;
use crate::output::rewrite::{self, Rewrite};
use postil_archive::archive::{Archive, SidecarKind, TextFile};
use postil_archive::diagnostic::Source;
use postil_archive::diagnostic::show::{self, Format, one_line};
use postil_propose::propose::structure::{self, Proposal};

/// Proposes rows for each text.
pub(super) fn run(site: &Path, args: &Structure, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let archive = texts::archive(site)?;
    let found: Vec<&TextFile> =
        args.texts.iter().map(|text| texts::find(&archive, site, text)).collect::<Result<_, _>>()?;
    let mut outcome = Outcome::Fine;
    for text in found {
        if of_text(site, &archive, text, args, terminal)? != Outcome::Fine {
            outcome = Outcome::ArchiveHasErrors;
        }
    }
    Ok(outcome)
}

fn of_text(
    site: &Path,
    archive: &Archive,
    text: &TextFile,
    args: &Structure,
    terminal: &Terminal,
) -> Result<Outcome, Trouble> {
    let mut problems = Vec::new();
    let document = blocks::load(archive, text, &mut problems)?;
    let shown = report::audible(problems, terminal.volume());
    terminal.tell(&show::show(&shown, Format::Human, terminal.look_of_messages()));
    let Some(document) = document else { return Ok(Outcome::ArchiveHasErrors) };
    let there = archive
        .sidecars
        .iter()
        .find(|file| matches!(&file.kind, SidecarKind::Apparatus { text: of } if **of == *text.id));
    let there: Option<&Source> = there.map(|file| &*file.source);
    let mut rows = structure::propose(&document);
    // What the file says already need not be said again.
    rows.retain(|row| there.is_none_or(|file| !file.text.contains(row.tells())));
    if rows.is_empty() {
        terminal.tell(&format!("`{}`: nothing more to propose\n", text.id));
        return Ok(Outcome::Fine);
    }
    terminal.answer(&listed(&text.id, &rows))?;
    let chosen = match &args.write {
        Some(choice) => choose(choice, &rows)?,
        None => match terminal.ask("which of them are to be written? (numbers, `all`, or nothing) ") {
            Some(answer) if !answer.is_empty() => choose(&answer, &rows)?,
            _ => {
                terminal.tell("nothing was written; `--write all` or `--write 1,3` writes rows\n");
                return Ok(Outcome::Fine);
            }
        },
    };
    let file = structure::written(&text.id, there, &chosen).map_err(|why| make::refused(why, terminal))?;
    match there {
        Some(source) => {
            rewrite::rewrite(site, &[Rewrite { path: &file.path, old: &source.text, new: &file.text }])?;
        }
        None => fresh::write(site, &[(&file.path, file.text.as_bytes())])?,
    }
    let rows = if chosen.len() == 1 { "1 row".to_owned() } else { format!("{} rows", chosen.len()) };
    terminal.tell(&format!("{rows} written into `{}`; `postil check` says whether they hold\n", file.path));
    Ok(Outcome::Fine)
}

/// The rows with their numbers and what they find.
fn listed(text: &str, rows: &[Proposal]) -> String {
    let mut out = format!("{text}\n");
    for (i, row) in rows.iter().enumerate() {
        let list = row.list.map_or(String::new(), |list| format!("{list}: "));
        writeln!(out, "\n{:>3}  {list}{}", i + 1, row.what).expect("a string takes everything");
        writeln!(out, "     {}", one_line(&row.row)).expect("a string takes everything");
        for line in &row.evidence {
            writeln!(out, "     {}", one_line(line)).expect("a string takes everything");
        }
    }
    out
}

/// The rows that are named by `all`, or by numbers.
fn choose<'r>(choice: &str, rows: &'r [Proposal]) -> Result<Vec<&'r Proposal>, Trouble> {
    if choice.trim() == "all" {
        return Ok(rows.iter().collect());
    }
    let numbers = choice.split([',', ' ']).filter(|number| !number.is_empty());
    let row = |number: &str| {
        let row = number.parse::<usize>().ok().and_then(|n| rows.get(n.checked_sub(1)?));
        row.ok_or_else(|| {
            Trouble::new(format!("`{number}` is the number of no row: nothing was written"))
                .help(format!("write `all`, or numbers from 1 to {}, such as `1,3`", rows.len()))
        })
    };
    numbers.map(row).collect()
}
