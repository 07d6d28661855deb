//! `postil export search`: what search sees, for an engine that runs on a server.

use std::path::Path;
use std::time::Instant;

use super::args::{Export, ExportSearch, SearchEngine, Volume};
use super::{Outcome, Terminal, Trouble, report};
use crate::compile::{self, Compiled, Options};
use crate::output::Sink;
use crate::output::fresh;
use crate::output::memory::Nowhere;
use crate::output::scratch::Scratch;
use postil_archive::diagnostic;
use postil_archive::diagnostic::Error;
use postil_archive::diagnostic::show::{self, Format};
use postil_search::bulk::{self, Bulk};

/// Writes the archive for another program, unless it has errors.
pub(super) fn run(site: &Path, export: &Export, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let Export::Search(args) = export;
    search(site, args, terminal)
}

fn search(site: &Path, args: &ExportSearch, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    empty(&args.output)?;
    let mut problems = Vec::new();
    let archive = crate::theme::read(site)?.take(&mut problems);
    let scratch = Scratch::beside(&args.output);
    let bulk = Bulk::new(&scratch);
    let nowhere = Nowhere::default();
    let options = Options { scratch: Some(&scratch), bulk: Some(&bulk), ..Options::default() };
    let Compiled { problems: found, .. } =
        compile::compile(&archive, &|path, bytes| nowhere.put(path, bytes), &options)?;
    problems.extend(found);
    diagnostic::sort(&mut problems);
    let outcome = report::outcome(&problems);
    let counts = report::counts(&problems);
    let audible = report::audible(problems, terminal.volume());
    terminal.tell(&show::show(&audible, Format::Human, terminal.look_of_messages()));
    if outcome != Outcome::Fine {
        terminal.tell(&format!("{counts}: nothing was written\n"));
        return Ok(outcome);
    }

    let format = match args.format {
        SearchEngine::OpenSearch => bulk::Format::OpenSearch,
        SearchEngine::Meilisearch => bulk::Format::Meilisearch,
        SearchEngine::Typesense => bulk::Format::Typesense,
    };
    std::fs::create_dir_all(&args.output).map_err(|error| Error::new("make", &args.output, error))?;
    let documents = bulk.finish(format, |path, bytes| fresh::write(&args.output, &[(path, bytes)]))?;
    if terminal.volume() > Volume::Quiet {
        let time = report::time(began.elapsed());
        terminal.tell(&format!("{documents} documents written to `{}`, {time}\n", args.output.display()));
    }
    Ok(Outcome::Fine)
}

/// Whether nothing is in a folder: what it holds is never overwritten, and files of an earlier
/// export would be taken for a part of this one.
fn empty(folder: &Path) -> Result<(), Trouble> {
    let mut entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| Error::new("read", folder, error))?,
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(Trouble::new(format!("`{}` is not empty", folder.display()))
            .help("name a new folder, or empty this one")),
    }
}
