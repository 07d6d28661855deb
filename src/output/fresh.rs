//! New files of an archive: each is written whole and as a new one, or nothing is.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{Refusal, interrupt};
use postil_archive::diagnostic::Error;

/// Writes new files below a folder: path from there, with `/`, and bytes.
///
/// Nothing is ever overwritten, and nothing is written through a link. If one
/// file cannot be written, those written before it are taken away again.
///
/// # Errors
/// A file is there already, a link leads elsewhere, or the machine is in the way.
pub fn write(root: &Path, files: &[(&str, &[u8])]) -> Result<(), Refusal> {
    let _whole = interrupt::whole();
    for (path, _) in files {
        way_is_free(root, path)?;
    }
    let mut written = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let full = root.join(path);
        if let Err(refusal) = write_one(&full, bytes, &mut written) {
            for path in &written {
                // The first trouble is the one to tell.
                let _ = fs::remove_file(path);
            }
            return Err(refusal);
        }
    }
    Ok(())
}

/// Whether the file is not there, and all folders on the way to it are folders or not there.
pub(super) fn way_is_free(root: &Path, path: &str) -> Result<(), Refusal> {
    let full = root.join(path);
    let folders: Vec<&Path> = full.ancestors().skip(1).take(path.split('/').count() - 1).collect();
    for folder in folders.into_iter().rev() {
        match folder.symlink_metadata() {
            Ok(data) if data.is_dir() => {}
            Ok(_) => return Err(Refusal::LeadsAway(folder.to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::new("look at", folder, error).into()),
        }
    }
    match full.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::new("look at", full, error).into()),
        Ok(_) => Err(Refusal::Taken(full)),
    }
}

fn write_one(full: &Path, bytes: &[u8], written: &mut Vec<PathBuf>) -> Result<(), Refusal> {
    if let Some(folder) = full.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::new("create the folder", folder, error))?;
    }
    let mut file = File::create_new(full).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Refusal::Taken(full.to_owned()),
        _ => Error::new("create", full, error).into(),
    })?;
    written.push(full.to_owned());
    let done = file.write_all(bytes).and_then(|()| file.sync_all());
    done.map_err(|error| Error::new("write", full, error).into())
}
