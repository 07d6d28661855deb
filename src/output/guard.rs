//! What must not be overwritten: the folders the site is made from, and files
//! that postil did not write.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use walkdir::{DirEntry, WalkDir};

use super::Refusal;
use super::manifest::{self, Fact, Manifest};
use postil_archive::archive;
use postil_archive::diagnostic::Error;

/// Folders of an archive that the site is made from.
const SOURCES: [&str; 4] = ["content", "annotations", "static", "themes"];

/// Where the output lies once links and `..` on the way to it are followed, or
/// why it may not lie there.
pub(super) fn place(output: &Path, archive_root: &Path) -> Result<PathBuf, Refusal> {
    // Without a separator at its end, which would follow a link there.
    let plain: PathBuf = output.components().collect();
    let resolved = resolve(&plain)?;
    let root = resolve(archive_root)?;
    if root.starts_with(&resolved) {
        return Err(Refusal::Source { output: resolved, folder: root });
    }
    for source in SOURCES {
        let folder = resolve(&root.join(source))?;
        if resolved.starts_with(&folder) || folder.starts_with(&resolved) {
            return Err(Refusal::Source { output: resolved, folder });
        }
    }
    match plain.symlink_metadata() {
        Ok(metadata) if !metadata.is_dir() => Err(Refusal::NotFolder(plain)),
        Ok(_) if is_mount_point(&resolved) => Err(Refusal::MountPoint(resolved)),
        Ok(_) => Ok(resolved),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(resolved),
        Err(error) => Err(Error::new("look at", plain, error).into()),
    }
}

/// Sees to it that a list of what was published lies neither in the output, where it would be a stranger's
/// file, nor among what the site is made from.
pub(super) fn aside(list: &Path, output: &Path, archive_root: &Path) -> Result<(), Refusal> {
    let place = resolve(list)?;
    let root = resolve(archive_root)?;
    let of_archive = SOURCES.iter().copied().chain([archive::CONFIG]).map(|name| root.join(name));
    for taken in of_archive.chain([output.to_owned()]) {
        if place.starts_with(resolve(&taken)?) {
            return Err(Refusal::ListInside { list: list.to_owned(), taken });
        }
    }
    Ok(())
}

/// Whether another disk begins at a folder.
#[cfg(unix)]
fn is_mount_point(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| path.metadata().map(|data| data.dev()).ok();
    folder.parent().is_some_and(|parent| disk(parent) != disk(folder))
}

#[cfg(not(unix))]
fn is_mount_point(folder: &Path) -> bool {
    folder.parent().is_none()
}

/// Whether a system puts files of this name into folders that somebody looks at: nobody's work.
pub(super) fn is_of_a_system(name: &OsStr) -> bool {
    let known = [
        ".DS_Store",
        ".localized",
        ".directory",
        "Thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        "Desktop.ini",
        "Icon\r",
    ];
    name.to_str().is_some_and(|name| known.contains(&name) || name.starts_with("._"))
}

/// The absolute path with links followed as far as it exists.
fn resolve(path: &Path) -> Result<PathBuf, Error> {
    let absolute = std::path::absolute(path).map_err(|e| Error::new("resolve", path, e))?;
    let mut resolved = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir => resolved.push(component),
            Component::Normal(name) => {
                resolved.push(name);
                match resolved.canonicalize() {
                    Ok(followed) => resolved = followed,
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(Error::new("resolve", resolved, error)),
                }
            }
        }
    }
    Ok(resolved)
}

/// What a folder that postil may have written holds.
#[derive(Debug)]
pub(super) enum Contents {
    /// There is no such folder.
    Absent,
    /// It is empty, but for what systems put into folders.
    Empty,
    /// What the manifest says, or less; nothing else.
    Ours(Manifest),
}

/// What lies in a folder, unless something there is not ours.
pub(super) fn contents(folder: &Path) -> Result<Contents, Refusal> {
    match folder.symlink_metadata() {
        Ok(metadata) if !metadata.is_dir() => return Err(Refusal::NotFolder(folder.to_owned())),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Contents::Absent),
        Err(error) => return Err(Error::new("look at", folder, error).into()),
    }
    let Some((manifest, written)) = read_manifest(&folder.join(manifest::NAME))? else {
        let mut found = WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
        let first = found.find(|entry| !entry.as_ref().is_ok_and(is_litter));
        return match first {
            None => Ok(Contents::Empty),
            Some(Ok(entry)) => Err(Refusal::Foreign(entry.into_path())),
            Some(Err(error)) => Err(walk_error(folder, error).into()),
        };
    };
    compare(folder, &manifest, written)?;
    Ok(Contents::Ours(manifest))
}

/// The manifest of a folder and when it was written; `None` without one, or if
/// the file is something else.
fn read_manifest(path: &Path) -> Result<Option<(Manifest, SystemTime)>, Error> {
    let fail = |error| Error::new("read", path, error);
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => Ok(None),
        Ok(metadata) => {
            let bytes = std::fs::read(path).map_err(fail)?;
            let written = metadata.modified().map_err(fail)?;
            let manifest = std::str::from_utf8(&bytes).ok().and_then(manifest::read);
            Ok(manifest.map(|manifest| (manifest, written)))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fail(error)),
    }
}

/// Looks for anything in the folder that is not as its manifest says.
///
/// The manifest is written last. A file that is older than it and has the right
/// size is taken as unchanged; another is read and its sum compared.
fn compare(folder: &Path, manifest: &Manifest, written: SystemTime) -> Result<(), Refusal> {
    let folders: BTreeSet<&str> =
        manifest.keys().flat_map(|path| path.rmatch_indices('/').map(|(end, _)| &path[..end])).collect();
    for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| walk_error(folder, error))?;
        let path = entry.path();
        if is_litter(&entry) {
            continue;
        }
        let Some(name) = relative(path, folder) else {
            return Err(Refusal::Foreign(path.to_owned()));
        };
        if entry.file_type().is_dir() && folders.contains(&*name) || name == manifest::NAME {
            continue;
        }
        let Some(fact) = manifest.get(&*name).filter(|_| entry.file_type().is_file()) else {
            return Err(Refusal::Foreign(path.to_owned()));
        };
        let metadata = entry.metadata().map_err(|error| walk_error(folder, error))?;
        let modified = metadata.modified().map_err(|error| Error::new("look at", path, error))?;
        if metadata.len() != fact.size || (modified > written && !has_sum(path, fact)?) {
            return Err(Refusal::Changed(path.to_owned()));
        }
    }
    Ok(())
}

fn is_litter(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && is_of_a_system(entry.file_name())
}

fn has_sum(path: &Path, fact: &Fact) -> Result<bool, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::new("read", path, error))?;
    Ok(Fact::of(&bytes) == *fact)
}

/// The path from a folder, with `/`; `None` if it is not Unicode.
fn relative(path: &Path, folder: &Path) -> Option<String> {
    let inside = path.strip_prefix(folder).expect("a walk stays in its folder");
    let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

fn walk_error(folder: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(folder).to_owned();
    Error::new("look through", path, error.into())
}
