//! `postil build`: read, compile, write.

use std::path::Path;
use std::time::Instant;

use super::args::{Build, Volume};
use super::{Outcome, Terminal, Trouble, git, report, site};
use crate::compile::{self, Options, Summary};
use crate::output::Sink;
use crate::output::disk::Disk;
use crate::output::memory::Nowhere;
use crate::output::scratch::Scratch;
use postil_archive::archive::{self, Archive, Dates};
use postil_archive::diagnostic;
use postil_archive::diagnostic::{Code, Diagnostic, Error, Place};

/// Writes the site, unless the archive has errors: then the output stays as it was.
pub(super) fn run(site: &Path, args: &Build, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let step = |what: &str| terminal.step(&format!("{what} after {}", report::time(began.elapsed())));
    let named = args.output.clone().or_else(|| site::variable("POSTIL_OUTPUT"));
    let output = named.unwrap_or_else(|| site.join("public"));
    let scratch = Scratch::beside(&output);
    let mut problems = Vec::new();
    let mut archive = crate::theme::read(site)?.take(&mut problems);
    if let Some(base_url) = &args.base_url {
        archive.config.base_url = Some(base_url.clone());
    }
    let days = match archive.config.dates {
        Dates::Files => None,
        Dates::Git => git::days(site).map_err(|why| problems.push(without_history(&why))).ok(),
    };
    let options =
        Options { lenient: args.lenient, scratch: Some(&scratch), days: days.as_ref(), ..Options::default() };
    step("read");

    // Errors found by reading: the rest is looked for too, but nothing is written.
    let disk = match report::outcome(&problems) {
        Outcome::Fine => Some(Disk::begin(&output, site)?),
        _ => None,
    };
    if let (Some(disk), Some(list)) = (&disk, &args.changed) {
        disk.may_list(list, site)?;
    }
    let summary = match &disk {
        Some(disk) => compile(&archive, disk, &options, &mut problems)?,
        None => compile(&archive, &Nowhere::default(), &options, &mut problems)?,
    };
    diagnostic::sort(&mut problems);
    step("compiled");

    let counts = report::counts(&problems);
    let outcome = report::outcome(&problems);
    let audible = report::audible(problems, terminal.volume());
    terminal.tell(&report::shown(&audible, terminal.volume(), terminal.look_of_messages()));

    let written = match (disk, outcome) {
        (Some(disk), Outcome::Fine) => disk.commit()?,
        _ => {
            terminal.tell(&format!("{counts}: nothing was written, `{}` is as it was\n", output.display()));
            return Ok(outcome);
        }
    };
    step("published");
    if let Some(list) = &args.changed {
        std::fs::write(list, written.list()).map_err(|error| Error::new("write", list, error))?;
    }
    if terminal.volume() > Volume::Quiet {
        let figures = report::figures(&summary);
        let time = report::time(began.elapsed());
        terminal.tell(&format!("`{}`: {figures}, {counts}, {time}\n", output.display()));
        terminal.tell(&format!("{}\n", report::changes(&written)));
    }
    Ok(Outcome::Fine)
}

/// That git could not be asked.
fn without_history(why: &str) -> Diagnostic {
    let message = format!("git cannot say since when things are in the archive: {why}");
    Diagnostic::warning(Code::HISTORY_MISSING, Place::file(archive::CONFIG), message)
        .help("fetch the whole history (in a workflow, check out with `fetch-depth: 0`), or take `dates = \"git\"` away")
}

fn compile(
    archive: &Archive,
    sink: &dyn Sink,
    options: &Options<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Result<Summary, Error> {
    let compiled = compile::compile(archive, &|path, bytes| sink.put(path, bytes), options)?;
    problems.extend(compiled.problems);
    Ok(compiled.summary)
}
