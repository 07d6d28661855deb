//! The sink that publishes a folder, all or nothing.

use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::ledger::Ledger;
use super::lock::Lock;
use super::manifest::{self, Fact};
use super::remove::{self, MARKER};
use super::{Refusal, Sink, guard, interrupt, memory, swap};
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
    ledger: Mutex<Ledger<Fact>>,
    /// Held until all else is done: the last field is dropped last.
    _lock: Lock,
}

/// What was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Number of files, the manifest left out.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
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
        guard::contents(&output)?;

        std::fs::create_dir(&stage).map_err(|error| Error::new("create the folder", &stage, error))?;
        interrupt::stage_begun(&stage, &lock);
        let disk = Self { output, stage, old, ledger: Mutex::default(), _lock: held };
        disk.write(MARKER, b"postil is writing a site here\n")?;
        Ok(disk)
    }

    /// Publishes: everything that was put is the output from here on, and the
    /// site before it is removed.
    ///
    /// # Errors
    /// The output holds something now that it did not when the build began; or
    /// the machine is in the way. The output is as it was then, unless the
    /// error is [`Refusal::OldKept`].
    pub fn commit(self) -> Result<Written, Refusal> {
        let ledger = std::mem::take(&mut *self.ledger.lock().unwrap_or_else(PoisonError::into_inner));
        let files = ledger.into_sorted();
        {
            let _whole = interrupt::whole();
            self.write(manifest::NAME, manifest::write(&files).as_bytes())?;
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
        Ok(Written { files: files.len(), bytes: files.iter().map(|(_, fact)| fact.size).sum() })
    }

    /// Writes a new file of the stage, with its folders.
    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let full = self.stage.join(path);
        let mut file = match File::create_new(&full) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let folder = full.parent().expect("it was joined to the stage");
                std::fs::create_dir_all(folder)
                    .map_err(|error| Error::new("create the folder", folder, error))?;
                File::create_new(&full)
            }
            result => result,
        }
        .map_err(|error| Error::new("create", &full, error))?;
        file.write_all(bytes)
            .and_then(|()| sync_file(&file))
            .map_err(|error| Error::new("write", &full, error))
    }
}

impl Sink for Disk {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        memory::enter(&self.ledger, path, Fact::of(bytes))?;
        let _whole = interrupt::whole();
        self.write(path, bytes)
    }
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
