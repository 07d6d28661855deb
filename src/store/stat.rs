//! What the system keeps of a file, and what that tells.

use std::fs::Metadata;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// A moment of a file system's clock: seconds and nanoseconds.
pub(super) type Moment = (i64, i64);

/// What changes when a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stat {
    size: u64,
    modified: Moment,
    /// When anything of it was changed, which nobody can set.
    changed: Moment,
    /// The file itself, and its disk.
    number: (u64, u64),
}

impl Stat {
    /// Whether the file was last changed before a moment. Only then does a later change show: one of the
    /// same moment would leave no trace.
    pub(super) fn is_before(&self, moment: Moment) -> bool {
        cfg!(unix) && self.changed < moment
    }

    /// Whether it lies on the same disk as another.
    pub(super) fn disk(&self) -> u64 {
        self.number.0
    }
}

/// What is kept of the file at a path, if there is one.
pub(super) fn of(path: &Path) -> Option<Stat> {
    path.symlink_metadata().ok().as_ref().map(from)
}

#[cfg(unix)]
pub(super) fn from(data: &Metadata) -> Stat {
    use std::os::unix::fs::MetadataExt;
    Stat {
        size: data.len(),
        modified: (data.mtime(), data.mtime_nsec()),
        changed: (data.ctime(), data.ctime_nsec()),
        number: (data.dev(), data.ino()),
    }
}

/// Nothing here tells for sure that a file was not changed: what it holds is always read.
#[cfg(not(unix))]
pub(super) fn from(data: &Metadata) -> Stat {
    Stat { size: data.len(), modified: (0, 0), changed: (0, 0), number: (0, 0) }
}

/// When a file was changed.
pub(super) fn moment(path: &Path) -> Option<Moment> {
    of(path).map(|stat| stat.changed)
}

/// What tells a folder from each other one, here and elsewhere: no two are made at one moment in one place.
pub(super) fn place(folder: &Path) -> Option<u64> {
    let data = folder.symlink_metadata().ok()?;
    let made = data.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let made = made.map_or(0, |time| time.as_nanos());
    Some(super::seed(&postcard::to_stdvec(&(from(&data).number, made)).ok()?))
}
