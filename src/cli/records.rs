//! `postil records FILE`: what a table says of texts goes into their records.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::args::{self, Mapping, Volume};
use super::{Outcome, Terminal, Trouble, make, patch, texts};
use crate::output::fresh;
use crate::output::rewrite::{self, Rewrite};
use postil_archive::diagnostic::show::{self, Format, one_line};
use postil_archive::diagnostic::{self, Error};
use postil_intake::draft::{Incoming, Record};
use postil_intake::records::{self, Filled, Table, Target, Wish};
use postil_propose::propose::Refused;

/// Fills the records of the archive.
pub(super) fn run(site: &Path, args: &args::Records, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let archive = texts::archive(site)?;
    let table = table(&args.file, args.encoding.as_deref(), terminal)?;
    let mut before = Vec::with_capacity(archive.texts.len());
    for text in &archive.texts {
        let record = text.record.as_ref().map(|source| records::of_file(&source.text));
        before.push(match record {
            None => Record::default(),
            Some(Some(record)) => record,
            Some(None) => {
                return Err(Trouble::new(format!(
                    "the record of `{}` is not valid TOML: nothing was written",
                    text.id
                ))
                .help("`postil check` says where"));
            }
        });
    }
    let mut after = before.clone();
    let mut targets: Vec<Target<'_>> = archive
        .texts
        .iter()
        .zip(&mut after)
        .map(|(text, record)| {
            let called = record.text("meta.file").map(str::to_owned);
            let mut names = vec![text.id.to_string(), text.path.to_string()];
            names.extend(called);
            Target { names, record }
        })
        .collect();
    let filled = fill(&table, &mut targets, &args.mapping, terminal)?;
    drop(targets);

    let mut rewrites: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut files = Vec::new();
    for ((text, before), after) in archive.texts.iter().zip(&before).zip(&after) {
        match &text.record {
            _ if before == after => {}
            None => files.push((format!("content/{}.toml", text.id), after.write())),
            Some(source) => {
                let new = records::edit(&source.text, before, after).ok_or_else(|| {
                    Trouble::new(format!(
                        "the record of `{}` cannot be changed by itself: nothing was written",
                        text.id
                    ))
                    .help("put its tables on lines of their own")
                })?;
                rewrites.insert(source.path.to_string(), (source.text.clone(), new));
            }
        }
    }
    let mut shown = patch::of_files(&rewrites, terminal.look_of_answers());
    for (path, text) in &files {
        let new = [(path.clone(), (String::new(), text.clone()))].into();
        shown.push_str(&patch::of_files(&new, terminal.look_of_answers()));
    }
    terminal.answer(&shown)?;
    let wrong = tell(&filled, terminal);
    let count = patch::some(rewrites.len() + files.len(), "record");
    if args.dry_run {
        terminal.tell(&format!("{count} would be written; nothing was\n"));
    } else {
        let rewrites = rewrites.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite(site, &rewrites.collect::<Vec<_>>())?;
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (&**path, text.as_bytes())).collect();
        fresh::write(site, &files)?;
        terminal.tell(&format!("{count} written\n"));
    }
    if terminal.volume() > Volume::Quiet {
        filled.said.iter().for_each(|line| terminal.tell(&format!("{}\n", one_line(line))));
    }
    Ok(if wrong { Outcome::ArchiveHasErrors } else { Outcome::Fine })
}

/// A table with what is wrong with its rows.
pub(super) struct Loaded {
    table: Table,
    problems: Vec<diagnostic::Diagnostic>,
}

/// Reads the table.
pub(super) fn table(path: &Path, encoding: Option<&str>, terminal: &Terminal) -> Result<Loaded, Trouble> {
    let bytes = std::fs::read(path).map_err(|error| Error::new("read", path, error))?;
    let shown = path.display().to_string();
    let incoming = Incoming { name: shown.clone(), path: shown, bytes };
    let read = records::read(&incoming, encoding);
    let (table, problems) =
        read.map_err(|problem| make::refused(Refused::Wrong(vec![*problem]), terminal))?;
    Ok(Loaded { table, problems })
}

/// Fills records from it.
pub(super) fn fill(
    loaded: &Loaded,
    targets: &mut [Target<'_>],
    mapping: &Mapping,
    terminal: &Terminal,
) -> Result<Filled, Trouble> {
    let wish = Wish { map: mapping.map.clone(), rest: mapping.rest.is_some(), overwrite: mapping.overwrite };
    let filled = records::fill(&loaded.table, targets, &wish);
    let mut filled = filled.map_err(|problem| make::refused(Refused::Wrong(vec![*problem]), terminal))?;
    filled.problems.extend(loaded.problems.iter().cloned());
    diagnostic::sort(&mut filled.problems);
    Ok(filled)
}

/// Tells what could not be used, and what is there already; says whether anything was wrong.
pub(super) fn tell(filled: &Filled, terminal: &Terminal) -> bool {
    terminal.tell(&show::show(&filled.problems, Format::Human, terminal.look_of_messages()));
    if terminal.volume() > Volume::Quiet && !filled.kept.is_empty() {
        let mut text = String::new();
        for (name, key, there, table) in &filled.kept {
            let line = format!("{name}: `{key}` is `{there}` already, `{table}` in the table: kept");
            writeln!(text, "{}", one_line(&line)).expect("a string takes everything");
        }
        text.push_str("  = help: `--overwrite` lets the table count for more\n");
        terminal.tell(&text);
    }
    !filled.problems.is_empty()
}
