//! Removing what postil wrote, and nothing else.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use super::Refusal;
use super::guard::{self, Contents};
use super::manifest::{self, Manifest};
use postil_archive::diagnostic::Error;

/// Marks a folder that is being staged: all in it is ours, though no manifest
/// says so yet.
pub(super) const MARKER: &str = ".postil-stage";

/// Removes a folder beside the output that an earlier build left behind: one
/// that it did not finish, or the old site after an exchange.
///
/// Whatever tells that the folder is ours goes last, so that a removal which is
/// itself cut short can be taken up again.
pub(super) fn leftover(folder: &Path) -> Result<(), Refusal> {
    let marked = folder.join(MARKER).symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let is_folder = folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    if marked && is_folder { Ok(unfinished(folder)?) } else { written(folder) }
}

/// Removes a folder that is as its manifest says, or empty.
pub(super) fn written(folder: &Path) -> Result<(), Refusal> {
    match guard::contents(folder)? {
        Contents::Absent => Ok(()),
        Contents::Empty => Ok(clear(folder)?),
        Contents::Ours(manifest) => Ok(listed(folder, &manifest)?),
    }
}

/// Removes the files that a manifest lists, the folders they were in, the
/// manifest and the folder. A folder that is not empty then stays and is an error.
fn listed(folder: &Path, manifest: &Manifest) -> Result<(), Error> {
    let mut folders = BTreeSet::new();
    for path in manifest.keys() {
        unlink(&folder.join(&**path))?;
        folders.extend(path.rmatch_indices('/').map(|(end, _)| &path[..end]));
    }
    // What lies in a folder sorts after it.
    for inner in folders.iter().rev() {
        clear(&folder.join(inner))?;
    }
    // The manifest goes last: it tells that the folder is ours.
    litter(folder)?;
    unlink(&folder.join(manifest::NAME))?;
    rmdir(folder)
}

/// Removes a folder in which nothing is but what systems put there.
fn clear(folder: &Path) -> Result<(), Error> {
    litter(folder)?;
    rmdir(folder)
}

/// Removes what systems put into a folder.
fn litter(folder: &Path) -> Result<(), Error> {
    let fail = |error| Error::new("look through", folder, error);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(fail)?,
    };
    for entry in entries {
        let entry = entry.map_err(fail)?;
        if guard::is_of_a_system(&entry.file_name()) && entry.file_type().is_ok_and(|of| of.is_file()) {
            unlink(&entry.path())?;
        }
    }
    Ok(())
}

/// Removes a marked stage with all that is in it. Links are removed, not followed.
fn unfinished(folder: &Path) -> Result<(), Error> {
    let fail = |error| Error::new("look through", folder, error);
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        if entry.file_name() == MARKER {
            continue;
        }
        if entry.file_type().map_err(fail)?.is_dir() {
            let path = entry.path();
            std::fs::remove_dir_all(&path).map_err(|error| Error::new("remove", path, error))?;
        } else {
            unlink(&entry.path())?;
        }
    }
    unlink(&folder.join(MARKER))?;
    rmdir(folder)
}

fn unlink(path: &Path) -> Result<(), Error> {
    gone(path, std::fs::remove_file(path))
}

fn rmdir(path: &Path) -> Result<(), Error> {
    gone(path, std::fs::remove_dir(path))
}

/// What is not there needs no removing.
fn gone(path: &Path, result: std::io::Result<()>) -> Result<(), Error> {
    match result {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::new("remove", path, error)),
        _ => Ok(()),
    }
}
