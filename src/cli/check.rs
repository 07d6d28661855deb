//! `postil check`: read, compile, report; nothing is written.

use std::path::{Component, Path, PathBuf};
use std::time::Instant;

use super::args::{Check, Deny, Format, Volume};
use super::{Outcome, Terminal, Trouble, git, links, report};
use crate::compile::{self, Options, Shelf};
use crate::output::Sink;
use crate::output::memory::Nowhere;
use crate::output::scratch::Scratch;
use crate::store::{Asked, Run, Session, Store};
use postil_archive::diagnostic;
use postil_archive::diagnostic::{Code, Diagnostic, Place, Severity, show};
use postil_archive::sidecar::date::Date;

/// Reports every problem of the archive.
pub(super) fn run(site: &Path, args: &Check, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let mut problems = match &args.against {
        Some(revision) => outside_annotations(site, revision)?,
        None => Vec::new(),
    };
    let review = args.today.unwrap_or_else(today);
    let what = format!("check {review:?}");
    let store = (!args.no_cache).then(|| Store::open(site)).flatten();
    let session = store.as_ref().and_then(|store| store.begin(Asked { what: &what, output: None }));
    let (run, is_new) = match session.as_ref().and_then(Session::unchanged) {
        Some(run) => (run.clone(), false),
        None => (look(site, review, store.as_ref())?, true),
    };
    let Run { problems: found, summary, .. } = run.clone();
    match session {
        Some(session) if !is_new => session.end_unchanged(),
        Some(session) if report::outcome(&found) != Outcome::Failed => session.end(run),
        _ => {}
    }
    problems.extend(found);
    if args.links {
        let archive = crate::theme::read(site)?.value;
        let answers = store.as_ref().map(|store| store.file(links::ANSWERS));
        problems.extend(links::check(answers.as_deref(), &archive, review)?);
    }
    diagnostic::sort(&mut problems);
    if args.deny == Some(Deny::Warnings) {
        deny_warnings(&mut problems);
    }

    let counts = report::counts(&problems);
    let outcome = report::outcome(&problems);
    let mut audible = report::audible(problems, terminal.volume());
    if matches!(args.format, Format::Github | Format::Sarif) {
        from_here(&mut audible, site);
    }
    let look = terminal.look_of_answers();
    terminal.answer(&match format(args.format) {
        show::Format::Human => report::shown(&audible, terminal.volume(), look),
        format => show::show(&audible, format, look),
    })?;
    if terminal.volume() > Volume::Quiet {
        let figures = report::figures(&summary);
        terminal.tell(&format!("{figures}, {counts}, {}\n", report::time(began.elapsed())));
    }
    Ok(outcome)
}

/// Looks at all of the archive.
fn look(site: &Path, today: Date, store: Option<&Store>) -> Result<Run, Trouble> {
    let mut problems = Vec::new();
    let archive = crate::theme::read(site)?.take(&mut problems);
    let nowhere = Nowhere::default();
    let scratch = Scratch::elsewhere();
    let kept = store.map(Store::kept);
    let options = Options {
        review: Some(today),
        scratch: Some(&scratch),
        kept: kept.as_ref().map(|kept| (kept, &nowhere as &dyn Shelf)),
        ..Options::default()
    };
    let compiled = compile::compile(&archive, &|path, bytes| nowhere.put(path, bytes), &options)?;
    if let Some((store, kept)) = store.zip(kept.as_ref()) {
        store.keep(kept);
    }
    problems.extend(compiled.problems);
    Ok(Run { problems, summary: compiled.summary, history: None })
}

/// Today, in Universal Time: a note is due at the same moment for everybody.
pub(super) fn today() -> Date {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Date::of_day(now)
}

fn deny_warnings(problems: &mut [Diagnostic]) {
    for problem in problems.iter_mut().filter(|problem| problem.severity == Severity::Warning) {
        problem.severity = Severity::Error;
    }
}

/// An error for each file outside `annotations/` that the change touches.
fn outside_annotations(site: &Path, revision: &str) -> Result<Vec<Diagnostic>, Trouble> {
    let changed = git::changed_files(site, revision)?;
    let outside = changed.iter().filter(|path| !path.starts_with("annotations/"));
    let problem = |path: &String| {
        Diagnostic::error(
            Code::CHANGE_OUTSIDE,
            Place::file(path.as_str()),
            format!("the change since `{revision}` touches a file outside `annotations/`"),
        )
        .help("put it into a change of its own, or take it out of this one")
    };
    Ok(outside.map(problem).collect())
}

/// Makes paths count from where postil runs, which is where those who read these
/// formats look from: in a workflow, the root of the repository.
fn from_here(problems: &mut [Diagnostic], site: &Path) {
    let Some(prefix) = prefix(site, std::env::current_dir().ok()) else { return };
    let longer = |place: &mut Place| place.path = format!("{prefix}{}", place.path).into();
    for problem in problems {
        longer(&mut problem.place);
        problem.related.iter_mut().for_each(|(place, _)| longer(place));
    }
}

/// What leads from here to the archive, with `/` at its end; none if it lies
/// elsewhere, or here.
fn prefix(site: &Path, here: Option<PathBuf>) -> Option<String> {
    let below = if site.is_absolute() { site.strip_prefix(here?).ok()? } else { site };
    let mut prefix = String::new();
    for part in below.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => {
                prefix.push_str(name.to_str()?);
                prefix.push('/');
            }
            _ => return None,
        }
    }
    (!prefix.is_empty()).then_some(prefix)
}

fn format(format: Format) -> show::Format {
    match format {
        Format::Human => show::Format::Human,
        Format::Short => show::Format::Short,
        Format::Json => show::Format::Json,
        Format::Github => show::Format::Github,
        Format::Sarif => show::Format::Sarif,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_here() {
        let check = |site: &str, expected: Option<&str>| {
            assert_eq!(prefix(Path::new(site), Some("/home".into())).as_deref(), expected, "{site}");
        };
        check(".", None);
        check("archive", Some("archive/"));
        check("./a/b/", Some("a/b/"));
        check("/home/archive", Some("archive/"));
        check("/home", None);
        check("/elsewhere", None);
        check("../archive", None);
    }
}
