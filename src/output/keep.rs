//! A file of the output that is to stay as it is.
//!
//! It gets a second name in the stage, and loses its first with the old site: the same file, of the same
//! time, and nothing is written. What it holds is read and compared, whatever its size and time say, so
//! that a file which somebody changed is never taken for the one that was written.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::manifest::Fact;

/// A file that holds what is to be published.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    data: Metadata,
}

/// The file at a path, if it holds exactly these bytes.
pub(super) fn find(path: &Path, bytes: &[u8]) -> Option<Kept> {
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let data = file.metadata().ok()?;
    if !data.is_file() || data.len() != bytes.len() as u64 {
        return None;
    }
    holds(&mut file, bytes).ok()?.then(|| Kept { path: path.to_owned(), data })
}

/// The file at a path, whatever it holds.
///
/// # Errors
/// It is not there.
pub(super) fn at(path: &Path) -> io::Result<Kept> {
    path.symlink_metadata().map(|data| Kept { path: path.to_owned(), data })
}

/// Whether the file at a path has this size and SHA-256.
pub(super) fn has(path: &Path, size: u64, sha256: &str) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|data| data.is_file() && data.len() == size);
    is_file && std::fs::read(path).is_ok_and(|bytes| Fact::of(&bytes).sha256 == sha256)
}

/// Whether a file holds these bytes and no more.
fn holds(file: &mut File, bytes: &[u8]) -> io::Result<bool> {
    let mut buffer = [0; 16 * 1024];
    let mut rest = bytes;
    loop {
        let read = file.read(&mut buffer)?;
        match rest.split_at_checked(read) {
            _ if read == 0 => return Ok(rest.is_empty()),
            Some((here, more)) if *here == buffer[..read] => rest = more,
            _ => return Ok(false),
        }
    }
}

impl Kept {
    /// Gives it a second name.
    ///
    /// # Errors
    /// The file system has no links; or the file has a second name already, elsewhere: to write to that
    /// would change the site, so the site gets a file of its own.
    pub(super) fn link(&self, to: &Path) -> io::Result<()> {
        match names(&self.data) {
            1 => std::fs::hard_link(&self.path, to),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Makes a copy of it look as old. Where that cannot be, it looks new, which does no harm.
    pub(super) fn lend_time(&self, file: &File) {
        let _ = self.data.modified().and_then(|time| file.set_modified(time));
    }
}

#[cfg(unix)]
fn names(data: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(data)
}

/// It cannot be asked here.
#[cfg(not(unix))]
fn names(_data: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_bytes_are_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let long = vec![b'x'; 40_000];
        std::fs::write(&path, &long).unwrap();
        assert!(find(&path, &long).is_some());
        let mut other = long.clone();
        other[39_999] = b'y';
        assert!(find(&path, &other).is_none());
        assert!(find(&path, &long[1..]).is_none());
        assert!(find(&path, &[]).is_none());
        assert!(find(folder.path(), &[]).is_none());
        assert!(find(&folder.path().join("b"), &[]).is_none());
    }
}
