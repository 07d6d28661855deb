//! The files of an archive, on the disk or in memory, with the path in every error.

#![expect(clippy::disallowed_types, reason = "this is the end that reads")]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::Store;
use crate::diagnostic::Error;

/// Something that lies in a folder of the archive; folders themselves do not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// Path from the root, with `/`. A name that is not UTF-8 is shown with `�`.
    pub(super) path: String,
    /// What it is.
    pub(super) what: What,
}

/// What lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// A file.
    File,
    /// A symbolic link, pipe, socket or device.
    Special,
    /// A file whose name is not UTF-8.
    Nameless,
}

/// What reading a file gives.
pub(super) enum Bytes {
    /// All of it.
    All(Vec<u8>),
    /// It is larger than the limit.
    TooLarge,
    /// There is no such file.
    None,
}

impl Store {
    /// Everything below a folder, sorted by path. Hidden files, what editors and
    /// systems leave behind, and a folder that is not there are passed over.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<Found>, Error> {
        self.listed(folder, is_ignored)
    }

    /// The same with hidden files and folders, such as `.well-known/`.
    pub(super) fn list_all(&self, folder: &str) -> Result<Vec<Found>, Error> {
        self.listed(folder, is_left_behind)
    }

    fn listed(&self, folder: &str, passed_over: fn(&str) -> bool) -> Result<Vec<Found>, Error> {
        let mut found = match self {
            Self::Edited { store, moved, files } => {
                let mut found = store.listed(folder, passed_over)?;
                let gone: BTreeSet<&String> = moved.values().collect();
                found.retain(|found| !gone.contains(&found.path) && !files.contains_key(&found.path));
                let prefix = format!("{folder}/");
                // A path that leads out of the folder is no hidden file: what is wrong with it is to be told.
                let hidden = |name: &str| name != ".." && passed_over(name);
                let is_here = |path: &&String| path.starts_with(&prefix) && !path.split('/').any(hidden);
                let here: BTreeSet<&String> = moved.keys().chain(files.keys()).filter(is_here).collect();
                found.extend(here.into_iter().map(|path| Found { path: path.clone(), what: What::File }));
                found
            }
            Self::Disk(root) => on_disk(root, folder, passed_over)?,
            Self::Memory(files) => {
                let prefix = format!("{folder}/");
                files
                    .range(prefix.clone()..)
                    .take_while(|(path, _)| path.starts_with(&prefix))
                    .filter(|(path, _)| !path.split('/').any(passed_over))
                    .map(|(path, _)| Found { path: path.clone(), what: What::File })
                    .collect()
            }
        };
        found.sort();
        Ok(found)
    }

    /// Names in the archive's root, sorted; those that are passed over are not among them.
    pub(super) fn top(&self) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = match self {
            Self::Edited { store, .. } => return store.top(),
            Self::Memory(files) => {
                files.keys().map(|path| path.split('/').next().unwrap_or(path).to_owned()).collect()
            }
            Self::Disk(root) => {
                let fail = |error| Error::new("read", root, error);
                let entries = match root.read_dir() {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                    entries => entries.and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(fail)?,
                };
                entries.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect()
            }
        };
        names.sort();
        names.dedup();
        names.retain(|name| !is_ignored(name));
        Ok(names)
    }

    /// The bytes of a file, if they are not more than `limit`.
    pub(super) fn read(&self, path: &str, limit: u64) -> Result<Bytes, Error> {
        match self {
            Self::Edited { store, moved, files } => match files.get(path) {
                Some(bytes) if bytes.len() as u64 > limit => Ok(Bytes::TooLarge),
                Some(bytes) => Ok(Bytes::All(bytes.clone())),
                None => store.read(moved.get(path).map_or(path, String::as_str), limit),
            },
            Self::Memory(files) => Ok(match files.get(path) {
                Some(bytes) if bytes.len() as u64 > limit => Bytes::TooLarge,
                Some(bytes) => Bytes::All(bytes.clone()),
                None => Bytes::None,
            }),
            Self::Disk(root) => {
                let path = root.join(path);
                match read_limited(&path, limit) {
                    Ok(bytes) => Ok(bytes),
                    Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Bytes::None),
                    Err(e) => Err(Error::new("read", path, e)),
                }
            }
        }
    }
}

fn read_limited(path: &Path, limit: u64) -> io::Result<Bytes> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(Bytes::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // A file may grow while it is read: one byte more than allowed is enough to know.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > limit { Bytes::TooLarge } else { Bytes::All(bytes) })
}

fn on_disk(root: &Path, folder: &str, passed_over: fn(&str) -> bool) -> Result<Vec<Found>, Error> {
    let top = root.join(folder);
    match top.symlink_metadata() {
        Ok(data) if data.is_dir() => {}
        Ok(_) => return Ok(vec![Found { path: folder.to_owned(), what: What::Special }]),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::new("read", top, e)),
    }
    let visible = |entry: &DirEntry| entry.depth() == 0 || !passed_over(&entry.file_name().to_string_lossy());
    let mut found = Vec::new();
    for entry in WalkDir::new(&top).into_iter().filter_entry(visible) {
        let entry = entry.map_err(|e| walk_error(&top, e))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let what = match () {
            () if !entry.file_type().is_file() => What::Special,
            () if below.to_str().is_none() => What::Nameless,
            () => What::File,
        };
        found.push(Found { path: parts.join("/"), what });
    }
    Ok(found)
}

fn walk_error(top: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(top).to_owned();
    let source = error.into_io_error().unwrap_or_else(|| io::Error::other("the folder leads back to itself"));
    Error::new("read", path, source)
}

/// Hidden files and folders (`.gitkeep`, `.DS_Store`), and what editors keep
/// beside a file (`a.md~`, `#a.md#`, `~$a.docx`) or systems put into folders.
pub fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || is_left_behind(name)
}

/// What editors keep beside a file, git needs, or systems put into folders.
fn is_left_behind(name: &str) -> bool {
    name.ends_with('~')
        || name.starts_with("~$")
        || name.starts_with("._")
        || name.starts_with(".git")
        || matches!(name, ".DS_Store" | ".directory" | ".hg" | ".svn")
        || name.starts_with('.') && (name.ends_with(".swp") || name.ends_with(".swo"))
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || matches!(name, "Thumbs.db" | "ehthumbs.db" | "desktop.ini" | "Desktop.ini" | "Icon\r")
}
