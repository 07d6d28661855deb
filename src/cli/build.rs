//! `postil build`: read, compile, write.

use std::path::Path;
use std::time::Instant;

use super::args::{Build, Volume};
use super::{Outcome, Terminal, Trouble, git, report, site};
use crate::compile::{self, Kept, Options, Shelf, Summary};
use crate::output::Sink;
use crate::output::disk::{self, Disk, Written};
use crate::output::memory::Nowhere;
use crate::output::scratch::Scratch;
use crate::store::{self, Asked, Run, Session, Store};
use postil_archive::archive::{Archive, Dates};
use postil_archive::diagnostic::{self, Diagnostic, Error};
use postil_site::site::news::Days;

/// Writes the site, unless the archive has errors: then the output stays as it was.
pub(super) fn run(site: &Path, args: &Build, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let named = args.output.clone().or_else(|| site::variable("POSTIL_OUTPUT"));
    let output = named.unwrap_or_else(|| site.join("public"));
    if let Some(list) = &args.changed {
        disk::may_list(list, &output, site)?;
    }
    let what = format!("build {:?} {}", args.base_url, args.lenient);
    let store = (!args.no_cache).then(|| Store::open(site)).flatten();
    let settled = disk::settled(&output, site);
    let asked = settled.as_deref().map(|output| Asked { what: &what, output: Some(output) });
    let session = store.as_ref().zip(asked).and_then(|(store, asked)| store.begin(asked));
    let unchanged = session.as_ref().and_then(Session::unchanged).filter(|run| is_same_history(site, run));
    let made = match unchanged.cloned() {
        Some(run) => Made { run, disk: None, kept: None, is_new: false },
        None => make(site, args, &output, store.as_ref().zip(session.as_ref()), &|what| {
            terminal.step(&format!("{what} after {}", report::time(began.elapsed())));
        })?,
    };
    let Made { run, disk, kept, is_new } = made;

    let counts = report::counts(&run.problems);
    let outcome = report::outcome(&run.problems);
    let audible = report::audible(run.problems.clone(), terminal.volume());
    terminal.tell(&report::shown(&audible, terminal.volume(), terminal.look_of_messages()));

    let summary = run.summary;
    let written = match (disk, outcome) {
        (Some(disk), Outcome::Fine) => Some(disk.commit()?),
        (None, Outcome::Fine) => {
            Some(Written { files: summary.files, bytes: summary.bytes, ..Written::default() })
        }
        _ => None,
    };
    if let (Some(store), Some(kept), Some(_)) = (&store, &kept, &written) {
        store.keep(kept);
    }
    if let Some(session) = session.filter(|_| outcome != Outcome::Failed) {
        match is_new {
            true => session.end(run),
            false => session.end_unchanged(),
        }
    }
    let Some(written) = written else {
        terminal.tell(&format!("{counts}: nothing was written, `{}` is as it was\n", output.display()));
        return Ok(outcome);
    };
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

/// What came of a build, made now or kept from the last one.
struct Made {
    run: Run,
    /// The site, not published yet; none if it was kept, or reading found errors.
    disk: Option<Disk>,
    /// What texts gave, if there is a store.
    kept: Option<Kept>,
    is_new: bool,
}

/// Reads the archive and makes its site.
fn make(
    site: &Path,
    args: &Build,
    output: &Path,
    past: Option<(&Store, &Session<'_>)>,
    step: &dyn Fn(&str),
) -> Result<Made, Trouble> {
    let scratch = Scratch::beside(output);
    let mut problems = Vec::new();
    let mut archive = crate::theme::read(site)?.take(&mut problems);
    if let Some(base_url) = &args.base_url {
        archive.config.base_url = Some(base_url.clone());
    }
    let (mut days, mut history) = (None, None);
    if archive.config.dates == Dates::Git {
        let known = git::days(site);
        history = Some(hash_of(&known));
        days = known.map_err(|why| problems.push(git::without_history(&why))).ok();
    }
    let options =
        Options { lenient: args.lenient, scratch: Some(&scratch), days: days.as_ref(), ..Options::default() };
    step("read");

    // Errors found by reading: the rest is looked for too, but nothing is written.
    let disk = match report::outcome(&problems) {
        Outcome::Fine => {
            let is_untouched = past.is_some_and(|(_, session)| session.is_untouched());
            Some(Disk::begin(output, site)?.untouched(is_untouched))
        }
        _ => None,
    };
    let kept = past.map(|(store, _)| store.kept());
    let summary = match &disk {
        Some(disk) => {
            let options = Options { kept: kept.as_ref().map(|kept| (kept, disk as &dyn Shelf)), ..options };
            compile(&archive, disk, &options, &mut problems)?
        }
        None => compile(&archive, &Nowhere::default(), &options, &mut problems)?,
    };
    diagnostic::sort(&mut problems);
    step("compiled");
    Ok(Made { run: Run { problems, summary, history }, disk, kept, is_new: true })
}

/// Whether git says what it said to an earlier run, if that asked.
fn is_same_history(site: &Path, run: &Run) -> bool {
    run.history.is_none_or(|hash| hash == hash_of(&git::days(site)))
}

fn hash_of(days: &Result<Days, String>) -> u128 {
    store::hash(format!("{days:?}").as_bytes())
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
