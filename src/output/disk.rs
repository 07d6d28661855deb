//! The sink that publishes a folder, all or nothing.

use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::guard::Contents;
use super::ledger::Ledger;
use super::lock::Lock;
use super::manifest::{self, Fact, Manifest};
use super::remove::{self, MARKER};
use super::{Refusal, Sink, guard, interrupt, keep, memory, swap};
use crate::compile::{Print, Shelf};
use postil_archive::diagnostic::Error;

/// A site on its way to the disk.
///
/// Everything is written to a stage: a folder beside the output, so that it is
/// on the same disk. [`Disk::commit`] puts it in the output's place. Dropped
/// before that, it leaves the output as it was.
#[derive(Debug)]
pub struct Disk {
    output: PathBuf,
    stage: PathBuf,
    old: PathBuf,
    /// What lay in the output when the build began, by its manifest.
    before: Manifest,
    ledger: Mutex<Ledger<Entry>>,
    /// Whether it is known that the output is as it was left: what its manifest says of a file need not be looked at.
    is_untouched: bool,
    /// Held until all else is done: the last field is dropped last.
    _lock: Lock,
}

/// A file that was put.
#[derive(Debug)]
struct Entry {
    fact: Fact,
    /// Whether the output had it with the same bytes.
    unchanged: bool,
}

/// What was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Number of files, the manifest left out.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Paths of those that are new or have other bytes than before, sorted.
    pub written: Vec<String>,
    /// Paths of files that the output had before and has no more, sorted.
    pub removed: Vec<String>,
}

impl Written {
    /// Number of files that lie there as they did before.
    pub fn unchanged(&self) -> usize {
        self.files - self.written.len()
    }

    /// What somebody has to copy, or to take away, who has a copy of the site before this one: paths
    /// from the output, one a line, sorted. What is not in the output any more is to be taken away.
    pub fn list(&self) -> String {
        let mut paths: Vec<&str> = self.written.iter().chain(&self.removed).map(String::as_str).collect();
        if !paths.is_empty() {
            paths.push(manifest::NAME);
        }
        paths.sort_unstable();
        paths.iter().flat_map(|path| [path, "\n"]).collect()
    }
}

impl Disk {
    /// Makes ready to write: refuses what must not be overwritten, takes the
    /// lock, clears away what a build that was killed left behind.
    ///
    /// # Errors
    /// Every reason not to write; see [`Refusal`].
    pub fn begin(output: &Path, archive_root: &Path) -> Result<Self, Refusal> {
        let output = guard::place(output, archive_root)?;
        let parent = output.parent().ok_or_else(|| Refusal::NotFolder(output.clone()))?;
        std::fs::create_dir_all(parent).map_err(|error| Error::new("create the folder", parent, error))?;

        let stage = beside(&output, "stage");
        let old = beside(&output, "old");
        let lock = beside(&output, "lock");
        let _whole = interrupt::whole();
        let held = Lock::take(lock.clone()).map_err(|refusal| kept_out(refusal, &output))?;
        swap::recover(&output, &old)?;
        remove::leftover(&stage)?;
        let before = match guard::contents(&output)? {
            Contents::Ours(manifest) => manifest,
            Contents::Absent | Contents::Empty => Manifest::new(),
        };

        std::fs::create_dir(&stage).map_err(|error| Error::new("create the folder", &stage, error))?;
        interrupt::stage_begun(&stage, &lock);
        let disk =
            Self { output, stage, old, before, ledger: Mutex::default(), is_untouched: false, _lock: held };
        disk.write(MARKER, b"postil is writing a site here\n")?;
        Ok(disk)
    }

    /// Says that nobody touched the output since postil wrote it, so that its files need not be read.
    #[must_use]
    pub fn untouched(mut self, is_untouched: bool) -> Self {
        self.is_untouched = is_untouched;
        self
    }

    /// Gives a file of the output a second name in the stage, or where that cannot be, makes a copy of it.
    fn stay(
        &self,
        path: &str,
        there: &keep::Kept,
        bytes: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<(), Error> {
        let full = self.stage.join(path);
        if in_folder(&full, || there.link(&full)).is_err() {
            // Where there are no links, or too many: the same file by its bytes and its time.
            let file = self.write(path, &bytes()?)?;
            there.lend_time(&file);
        }
        Ok(())
    }

    /// Publishes: everything that was put is the output from here on, and the
    /// site before it is removed. An output that has all of it already, and nothing else, is left alone.
    ///
    /// # Errors
    /// The output holds something now that it did not when the build began; or
    /// the machine is in the way. The output is as it was then, unless the
    /// error is [`Refusal::OldKept`].
    pub fn commit(self) -> Result<Written, Refusal> {
        let ledger = std::mem::take(&mut *self.ledger.lock().unwrap_or_else(PoisonError::into_inner));
        let files = ledger.into_sorted();
        let result = self.changes(&files);
        if result.written.is_empty() && result.removed.is_empty() && !self.before.is_empty() {
            let _whole = interrupt::whole();
            guard::contents(&self.output)?;
            return Ok(result);
        }
        {
            let _whole = interrupt::whole();
            let facts = files.iter().map(|(path, entry)| (&**path, &entry.fact));
            self.write(manifest::NAME, manifest::write(facts).as_bytes())?;
        }
        sync(&self.stage)?;

        let _whole = interrupt::whole();
        guard::contents(&self.output)?;
        let marker = self.stage.join(MARKER);
        std::fs::remove_file(&marker).map_err(|error| Error::new("remove", marker, error))?;
        swap::publish(&self.stage, &self.output, &self.old)?;

        for kept in [&self.stage, &self.old] {
            let removed = remove::written(kept);
            removed.map_err(|reason| Refusal::OldKept { kept: kept.clone(), reason: Box::new(reason) })?;
        }
        Ok(result)
    }

    /// What is new in these files, sorted by path, beside what the output had.
    fn changes(&self, files: &[(Box<str>, Entry)]) -> Written {
        let written = files.iter().filter(|(_, entry)| !entry.unchanged).map(|(path, _)| path.to_string());
        let is_put = |path: &str| files.binary_search_by(|(other, _)| (**other).cmp(path)).is_ok();
        let removed = self.before.keys().filter(|path| !is_put(path)).map(ToString::to_string);
        Written {
            files: files.len(),
            bytes: files.iter().map(|(_, entry)| entry.fact.size).sum(),
            written: written.collect(),
            removed: removed.collect(),
        }
    }

    /// Writes a new file of the stage, with its folders.
    fn write(&self, path: &str, bytes: &[u8]) -> Result<File, Error> {
        let full = self.stage.join(path);
        let mut file = in_folder(&full, || File::create_new(&full))
            .map_err(|error| Error::new("create", &full, error))?;
        file.write_all(bytes)
            .and_then(|()| sync_file(&file))
            .map_err(|error| Error::new("write", &full, error))?;
        Ok(file)
    }
}

/// Does what makes a file, with the folders that it needs.
fn in_folder<T>(file: &Path, make: impl Fn() -> std::io::Result<T>) -> std::io::Result<T> {
    match make() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(file.parent().unwrap_or(file))?;
            make()
        }
        result => result,
    }
}

impl Sink for Disk {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let fact = Fact::of(bytes);
        let may_be_there = self.before.get(path) == Some(&fact);
        let there = may_be_there.then(|| keep::find(&self.output.join(path), bytes)).flatten();
        memory::enter(&self.ledger, path, Entry { fact, unchanged: there.is_some() })?;
        let _whole = interrupt::whole();
        let Some(there) = there else { return self.write(path, bytes).map(drop) };
        self.stay(path, &there, || Ok(bytes.to_vec()))
    }
}

impl Shelf for Disk {
    fn print(&self, path: &str) -> Option<Print> {
        let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.get(path).map(|Entry { fact, .. }| Print { size: fact.size, hash: fact.sha256.clone() })
    }

    fn has(&self, path: &str, print: &Print) -> bool {
        let is_known =
            self.before.get(path).is_some_and(|fact| (fact.size, &fact.sha256) == (print.size, &print.hash));
        is_known && (self.is_untouched || keep::has(&self.output.join(path), print.size, &print.hash))
    }

    fn keep(&self, path: &str, print: &Print) -> Result<(), Error> {
        let fact = Fact { size: print.size, sha256: print.hash.clone() };
        memory::enter(&self.ledger, path, Entry { fact, unchanged: true })?;
        let _whole = interrupt::whole();
        let full = self.output.join(path);
        let fail = |error| Error::new("read", &full, error);
        let there = keep::at(&full).map_err(fail)?;
        self.stay(path, &there, || std::fs::read(&full).map_err(fail))
    }
}

/// Whether a list of what is published may be written to a file.
///
/// # Errors
/// It lies in the output, or among what the site is made from.
pub fn may_list(list: &Path, output: &Path, archive_root: &Path) -> Result<(), Refusal> {
    guard::aside(list, output, archive_root)
}

/// Where an output lies, if a build of it would begin with nothing to clear away, and would be let.
pub fn settled(output: &Path, archive_root: &Path) -> Option<PathBuf> {
    let output = guard::place(output, archive_root).ok()?;
    let is_clear = |what| beside(&output, what).symlink_metadata().is_err();
    ["stage", "old"].into_iter().all(is_clear).then_some(output)
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Nobody is left to tell; the next build finds it and tries again.
        let _ = remove::leftover(&self.stage);
        interrupt::stage_done(&self.stage);
    }
}

/// Why the lock could not be had: most often, nothing may be written beside the output.
fn kept_out(refusal: Refusal, output: &Path) -> Refusal {
    match refusal {
        Refusal::Machine(error)
            if matches!(error.source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) =>
        {
            Refusal::NoRoomBeside { output: output.to_owned(), error }
        }
        refusal => refusal,
    }
}

/// A name beside the output that cannot be taken for one of the archive's.
fn beside(output: &Path, what: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(format!(".postil-{what}"));
    output.with_file_name(name)
}

/// Has the system write down all files of the stage before it is published, so
/// that a loss of power leaves a whole site. One call for the file system: one
/// for each file takes several times as long as writing them (300 files of
/// 20 kB: 0.10 s against 0.02 s).
#[cfg(target_os = "linux")]
fn sync(stage: &Path) -> Result<(), Error> {
    let fail = |error| Error::new("write down", stage, error);
    let folder = File::open(stage).map_err(fail)?;
    rustix::fs::syncfs(&folder).map_err(|error| fail(error.into()))
}

#[cfg(target_os = "linux")]
fn sync_file(_file: &File) -> std::io::Result<()> {
    Ok(())
}

/// Each file was handed to the disk; told once, the disk writes down all that it was handed. To tell
/// it so for each file, as `sync_all` does here, makes it wait each time.
#[cfg(target_vendor = "apple")]
fn sync(stage: &Path) -> Result<(), Error> {
    let last = stage.join(manifest::NAME);
    File::open(&last).and_then(|file| file.sync_all()).map_err(|error| Error::new("write down", last, error))
}

#[cfg(target_vendor = "apple")]
fn sync_file(file: &File) -> std::io::Result<()> {
    Ok(rustix::fs::fsync(file)?)
}

/// Files were written down one by one.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn sync(_stage: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn sync_file(file: &File) -> std::io::Result<()> {
    file.sync_all()
}
