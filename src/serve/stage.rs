//! What is shown: the last good build, and what was wrong with the last one.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::compile::{self, Kept, Options, Summary};
use crate::output::Sink;
use crate::output::memory::Memory;
use postil_archive::archive::{self, Archive};
use postil_archive::diagnostic::bug::{self, Bug};
use postil_archive::diagnostic::{self, Checked, Diagnostic, Error, Place, Severity};
use postil_archive::memo::Memo;
use postil_site::site::link;
use postil_site::site::news::Days;

pub use crate::output::memory::Files;

/// An archive as it is read, and since when things are in it, if git was asked.
pub type Read = (Checked<Archive>, Option<Arc<Days>>);

/// What is shown at one moment.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// Number of the build that made the files; 0 before the first good one.
    pub build: u64,
    /// Number of this scene: it grows whenever anything about it changes.
    pub number: u64,
    /// The last good build; none if there was none yet.
    pub files: Option<Arc<Files>>,
    /// The search server that its pages ask, if any: scheme, host and port.
    pub asks: Option<String>,
    /// What was wrong in the last try, sorted. With an error among it, the files are older.
    pub problems: Arc<Vec<Diagnostic>>,
    /// Why the last try could not even be made: a file that cannot be read.
    pub trouble: Option<String>,
}

impl Scene {
    /// Whether the last try went well, so that the files are what the archive says.
    pub fn is_up_to_date(&self) -> bool {
        let failed = self.problems.iter().any(|problem| problem.severity == Severity::Error);
        self.files.is_some() && self.trouble.is_none() && !failed
    }
}

/// The one place that builds go to and requests are answered from.
#[derive(Debug, Default)]
pub struct Stage {
    scene: Mutex<Scene>,
    changed: Condvar,
    /// What was made for the last builds, of which most is as it was.
    memo: Memo,
    kept: Kept,
}

impl Stage {
    /// What is shown now.
    pub fn scene(&self) -> Scene {
        self.lock().clone()
    }

    /// What is shown as soon as it is another than `number`; `None` if it is not within `patience`.
    pub fn scene_after(&self, number: u64, patience: Duration) -> Option<Scene> {
        let same = |scene: &mut Scene| scene.number == number;
        let waited = self.changed.wait_timeout_while(self.lock(), patience, same);
        let (scene, result) = waited.unwrap_or_else(PoisonError::into_inner);
        (!result.timed_out()).then(|| scene.clone())
    }

    /// Makes the site of an archive, with what git knows of it if that was asked, and shows it, if it is a
    /// good one. What was wrong is shown in either case, a bug like all else. Gives what a build holds, if
    /// there is one.
    pub fn show(&self, read: impl FnOnce() -> Result<Read, Error>) -> Option<Summary> {
        let before = self.lock().files.clone();
        let made = bug::attempt(|| {
            let (archive, days) = read()?;
            let options = Options { memo: Some(&self.memo), days: days.as_deref(), ..Options::default() };
            make(archive, &options, (&self.kept, before))
        });
        self.set(made.unwrap_or_else(|bug| Ok(Made::of_bug(&bug))))
    }

    /// Shows a bug in what goes on around builds.
    pub fn fail(&self, bug: &Bug) {
        self.set(Ok(Made::of_bug(bug)));
    }

    fn set(&self, made: Result<Made, Error>) -> Option<Summary> {
        let mut scene = self.lock();
        let before = scene.number;
        let mut summary = None;
        let (problems, trouble) = match made {
            Ok(Made { files, asks, problems, summary: of }) => {
                summary = Some(of);
                if let Some(files) = files {
                    scene.asks = asks;
                    if scene.files.as_deref() != Some(&files) {
                        scene.files = Some(Arc::new(files));
                        scene.build += 1;
                        scene.number += 1;
                    }
                }
                (problems, None)
            }
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        if *scene.problems != problems || scene.trouble != trouble {
            scene.problems = Arc::new(problems);
            scene.trouble = trouble;
            scene.number += 1;
        }
        if scene.number != before {
            self.changed.notify_all();
        }
        summary
    }

    /// A scene is whole between two changes, so one whose thread panicked is used on.
    fn lock(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came of a try.
struct Made {
    /// The site, if the archive has no errors.
    files: Option<Files>,
    asks: Option<String>,
    problems: Vec<Diagnostic>,
    summary: Summary,
}

impl Made {
    fn of_bug(bug: &Bug) -> Self {
        let problems = vec![bug.problem(Place::file(archive::CONFIG))];
        Self { files: None, asks: None, problems, summary: Summary::default() }
    }
}

fn make(
    archive: Checked<Archive>,
    options: &Options<'_>,
    (kept, before): (&Kept, Option<Arc<Files>>),
) -> Result<Made, Error> {
    let mut problems = Vec::new();
    let archive = archive.take(&mut problems);
    let memory = Memory::after(before);
    let put = |path: &str, bytes: &[u8]| memory.put(path, bytes);
    let options = Options { kept: Some((kept, &memory)), ..*options };
    let compiled = compile::compile(&archive, &put, &options)?;
    problems.extend(compiled.problems);
    diagnostic::sort(&mut problems);
    let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
    let files = (!failed).then(|| memory.into_shared());
    let asks = archive.config.search_endpoint.as_deref().map(|href| link::origin(href).to_owned());
    Ok(Made { files, asks, problems, summary: compiled.summary })
}
