//! One build of an output at a time.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::Refusal;
use postil_archive::diagnostic::Error;

/// The right to write an output, held until dropped or until the process ends
/// in whatever way: the system frees the lock of a process that is gone.
#[derive(Debug)]
pub(super) struct Lock {
    /// Open for as long as the lock is held.
    _file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock, without waiting.
    pub(super) fn take(path: PathBuf) -> Result<Self, Refusal> {
        loop {
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)
                .map_err(|error| Error::new("open the lock", &path, error))?;
            match file.try_lock() {
                Ok(()) if still_there(&file, &path)? => return Ok(Self { _file: file, path }),
                // The build before us removed the file after we opened it.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Refusal::Busy(path)),
                Err(TryLockError::Error(error)) => return Err(Error::new("lock", path, error).into()),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Only where `still_there` can tell that it was removed. A lock file
        // that stays does no harm: what counts is who holds it.
        if cfg!(unix) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Whether the open file is the one that has this path.
#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> Result<bool, Error> {
    use std::os::unix::fs::MetadataExt;
    let fail = |error| Error::new("look at the lock", path, error);
    let ours = file.metadata().map_err(fail)?;
    match path.symlink_metadata() {
        Ok(there) => Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(fail(error)),
    }
}

/// Lock files stay where they are here.
#[cfg(not(unix))]
fn still_there(_file: &File, _path: &Path) -> Result<bool, Error> {
    Ok(true)
}
