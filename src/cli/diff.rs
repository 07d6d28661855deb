//! `postil diff OLD NEW`: what a change of the archive does, as Markdown.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use super::args::Diff;
use super::{Outcome, Terminal, Trouble, git, report};
use crate::compile::{self, Options};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{self, Checked, Diagnostic, Error, Severity};
use postil_site::changes::{self, Fault};
use postil_site::site::compare::compare;
use postil_site::site::inventory::{self, Inventory};

/// Says what the change does. That the new side has errors is part of the answer.
pub(super) fn run(site: &Path, args: &Diff, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let old = side(site, &args.old)?;
    let new = match &args.new {
        Some(new) => side(site, new)?,
        None => of_archive(crate::theme::read(site)?, "the archive as it lies here")?,
    };
    let errors = || new.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let faulty: BTreeSet<String> = errors().map(|problem| problem.place.path.to_string()).collect();
    let faults: Vec<Fault> = errors().map(fault).collect();
    let changes = compare(&old.inventory, &new.inventory, &faulty);
    terminal.answer(&changes::markdown(&changes, &faults))?;
    Ok(Outcome::Fine)
}

fn fault(problem: &Diagnostic) -> Fault {
    let place = &problem.place;
    let line = if place.line > 0 { format!(":{}:{}", place.line, place.column) } else { String::new() };
    Fault {
        place: format!("{}{line}", place.path),
        message: format!("{} ({})", problem.message, problem.code.name()),
        help: problem.help.clone(),
    }
}

/// One of the two that are compared.
struct Side {
    inventory: Inventory,
    problems: Vec<Diagnostic>,
}

/// A site or an archive in a folder, or else a revision.
fn side(site: &Path, name: &str) -> Result<Side, Trouble> {
    let folder = Path::new(name);
    let of_site = folder.join(inventory::ADDRESS);
    if of_site.is_file() {
        let bytes = std::fs::read(&of_site).map_err(|error| Error::new("read", &of_site, error))?;
        let inventory = Inventory::from_json(&bytes).map_err(|why| {
            Trouble::new(format!("could not read `{}`: {why}", of_site.display()))
                .help("build that site anew, with this postil")
        })?;
        return Ok(Side { inventory, problems: Vec::new() });
    }
    if folder.join("postil.toml").is_file() {
        return of_archive(crate::theme::read(folder)?, &format!("the archive in `{name}`"));
    }
    if folder.is_dir() {
        return Err(Trouble::new(format!("`{name}` is neither an archive nor a site that postil made"))
            .help("name a site's folder, an archive's folder, or a revision of git such as `origin/main`"));
    }
    let files = git::files(site, name)?;
    of_archive(
        Archive::from_memory(files, crate::theme::default_theme()),
        &format!("the archive at `{name}`"),
    )
}

/// Compiles an archive, and keeps of it only what stands where.
fn of_archive(archive: Checked<Archive>, what: &str) -> Result<Side, Trouble> {
    let mut problems = Vec::new();
    let archive = archive.take(&mut problems);
    let kept = Mutex::new(Vec::new());
    let put = |path: &str, bytes: &[u8]| {
        if path == inventory::ADDRESS {
            bytes.clone_into(&mut kept.lock().expect("nobody panics while holding this"));
        }
        Ok(())
    };
    let compiled = compile::compile(&archive, &put, &Options::default())?;
    problems.extend(compiled.problems);
    diagnostic::sort(&mut problems);
    let bytes = kept.into_inner().expect("nobody panicked");
    let inventory = Inventory::from_json(&bytes).map_err(|_| {
        // Only a theme that cannot be used stops a build before that.
        Trouble::new(format!("{what} cannot be compiled: {}", report::counts(&problems)))
            .help("`postil check` names them")
    })?;
    Ok(Side { inventory, problems })
}
