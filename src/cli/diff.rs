//! `postil diff OLD NEW`: what a change of the archive does, as Markdown.

use std::collections::BTreeSet;
use std::path::Path;

use super::args::Diff;
use super::{Outcome, Terminal, Trouble, git, report};
use crate::compile::Options;
use crate::look::{Found, look};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Error, Severity};
use postil_site::changes::{self, Fault, Since};
use postil_site::site::compare::compare;
use postil_site::site::inventory::{self, Inventory};

/// Says what the change does. That the new side has errors is part of the answer.
pub(super) fn run(site: &Path, args: &Diff, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let Compared { old, new, since } = compared(site, args)?;
    let old = match &since {
        Some(since) => of_revision(site, &since.commit)?,
        None => side(site, &old)?,
    };
    let new = match &new {
        Some(new) => side(site, new)?,
        None => of_archive(crate::theme::read(site)?, "the archive as it lies here")?,
    };
    let errors = || new.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let faulty: BTreeSet<String> = errors().map(|problem| problem.place.path.to_string()).collect();
    let faults: Vec<Fault> = errors().map(fault).collect();
    // Of files that mean nothing, those that were there before are no part of the change.
    let known: BTreeSet<&str> =
        old.problems.iter().filter(|p| is_left_out(p)).map(|p| &*p.place.path).collect();
    let left_out = new.problems.iter().filter(|p| is_left_out(p) && !known.contains(&*p.place.path));
    let left_out: Vec<Fault> = left_out.map(fault).collect();
    let changes = compare(&old.inventory, &new.inventory, &faulty);
    terminal.answer(&changes::markdown(&changes, &faults, &left_out, since.as_ref()))?;
    Ok(Outcome::Fine)
}

fn is_left_out(problem: &Diagnostic) -> bool {
    problem.code == Code::UNEXPECTED_FILE
}

/// What is compared with what.
struct Compared {
    old: String,
    /// The archive as it lies here if there is none.
    new: Option<String>,
    /// Where the new side left the old one, if that is what it is compared with.
    since: Option<Since>,
}

/// What the command line means. A change is what was done since it left a revision: what others did
/// there in the meantime is not its own. `A..B` and `--direct` take the two as they are.
fn compared(site: &Path, args: &Diff) -> Result<Compared, Trouble> {
    let or_head = |name: &str| if name.is_empty() { HEAD.to_owned() } else { name.to_owned() };
    let is_folder = Path::new(&args.old).exists();
    let span = match (&args.new, is_folder) {
        (None, false) => ["...", ".."].into_iter().find_map(|dots| Some((args.old.split_once(dots)?, dots))),
        _ => None,
    };
    // What has a separator beside its dots is a way to a folder that is not there.
    let span = span.filter(|((a, b), _)| !b.starts_with(['/', '\\', '.']) && !a.ends_with(['/', '\\']));
    let (old, new, direct) = match span {
        Some(((a, b), dots)) => (or_head(a), Some(or_head(b)), args.direct || dots == ".."),
        None => (args.old.clone(), args.new.clone(), args.direct),
    };
    // A folder is as it is; of the archive itself git knows where it came from.
    let lies_here = |name: &str| same_folder(Path::new(name), site);
    let other = match &new {
        Some(name) if !Path::new(name).exists() => Some(name.as_str()),
        Some(name) => lies_here(name).then_some(HEAD),
        None => Some(HEAD),
    };
    let (Some(other), false, false) = (other, direct, Path::new(&old).exists()) else {
        return Ok(Compared { old, new, since: None });
    };
    let base = git::merge_base(site, &old, other)?;
    let since = (!base.is_itself).then(|| Since { name: old.clone(), commit: base.commit });
    Ok(Compared { old, new, since })
}

/// The revision that the archive as it lies here goes on from.
const HEAD: &str = "HEAD";

fn same_folder(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
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
    of_revision(site, name)
}

fn of_revision(site: &Path, name: &str) -> Result<Side, Trouble> {
    let files = git::files(site, name)?;
    of_archive(
        Archive::from_memory(files, crate::theme::default_theme()),
        &format!("the archive at `{name}`"),
    )
}

fn of_archive(archive: Checked<Archive>, what: &str) -> Result<Side, Trouble> {
    let Found { problems, inventory } = look(archive, &Options::default())?;
    let inventory = inventory.ok_or_else(|| {
        // Only a theme that cannot be used stops a build before that.
        Trouble::new(format!("{what} cannot be compiled: {}", report::counts(&problems)))
            .help("`postil check` names them")
    })?;
    Ok(Side { inventory, problems })
}
