//! Files of an archive that get other words: each is exchanged in one step.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{Refusal, fresh, interrupt};
use postil_archive::diagnostic::Error;

/// A byte order mark, which the texts of files are given without.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What becomes of one file.
#[derive(Debug, Clone, Copy)]
pub struct Rewrite<'a> {
    /// Path below the folder, with `/`.
    pub path: &'a str,
    /// What it holds, so that nobody's later work is overwritten.
    pub old: &'a str,
    /// What it is to hold.
    pub new: &'a str,
}

/// Exchanges what files below a folder hold. A byte order mark and the permissions stay. All of
/// them are looked at before the first is written; each file is exchanged whole.
///
/// # Errors
/// A file does not hold what it did, is a link, or the machine is in the way.
pub fn rewrite(root: &Path, files: &[Rewrite<'_>]) -> Result<(), Refusal> {
    let _whole = interrupt::whole();
    let holds: Vec<bool> = files.iter().map(|file| has_mark(root, file)).collect::<Result<_, _>>()?;
    for (file, mark) in files.iter().zip(holds) {
        exchange(&root.join(file.path), file.new, mark)?;
    }
    Ok(())
}

/// The same; then files are moved, path below the folder to path below the folder, and one may be
/// new. Nothing is overwritten, the bytes of what is moved are not touched, and folders that are
/// empty then are taken away. If one step fails, those before it are taken back.
///
/// # Errors
/// As [`rewrite`], and where a file is to lie there is one already.
pub fn rewrite_and_move(
    root: &Path,
    files: &[Rewrite<'_>],
    moves: &BTreeMap<String, String>,
    new: Option<(&str, &str)>,
) -> Result<(), Refusal> {
    for (from, to) in moves {
        let full = root.join(from);
        let data = full.symlink_metadata().map_err(|error| Error::new("look at", &full, error))?;
        if !data.is_file() {
            return Err(Refusal::Moved(full));
        }
        fresh::way_is_free(root, to)?;
    }
    new.map_or(Ok(()), |(path, _)| fresh::way_is_free(root, path))?;
    rewrite(root, files)?;
    let mut moved = Vec::new();
    let done = moves.iter().try_for_each(|(from, to)| {
        move_one(root, from, to)?;
        moved.push((from, to));
        Ok(())
    });
    let done =
        done.and_then(|()| new.map_or(Ok(()), |(path, text)| fresh::write(root, &[(path, text.as_bytes())])));
    if done.is_err() {
        // The first trouble is the one to tell.
        for (from, to) in moved {
            let _ = move_one(root, to, from);
        }
        let back = files.iter().map(|file| Rewrite { path: file.path, old: file.new, new: file.old });
        let _ = rewrite(root, &back.collect::<Vec<_>>());
        return done;
    }
    for from in moves.keys() {
        let folders =
            Path::new(from).ancestors().skip(1).take_while(|folder| folder.components().count() > 1);
        // One that still holds something stays.
        let _ = folders.map(|folder| fs::remove_dir(root.join(folder))).take_while(Result::is_ok).count();
    }
    Ok(())
}

fn move_one(root: &Path, from: &str, to: &str) -> Result<(), Refusal> {
    let (full, there) = (root.join(from), root.join(to));
    if let Some(folder) = there.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::new("create the folder", folder, error))?;
    }
    fs::rename(&full, &there).map_err(|error| Error::new("move", &full, error).into())
}

/// Whether the file, which holds what it is said to, begins with a byte order mark.
fn has_mark(root: &Path, file: &Rewrite<'_>) -> Result<bool, Refusal> {
    let full = root.join(file.path);
    let data = full.symlink_metadata().map_err(|error| Error::new("look at", &full, error))?;
    if !data.is_file() {
        return Err(Refusal::Moved(full));
    }
    let bytes = fs::read(&full).map_err(|error| Error::new("read", &full, error))?;
    let mark = bytes.starts_with(MARK);
    let text = if mark { &bytes[MARK.len()..] } else { &bytes[..] };
    if text == file.old.as_bytes() { Ok(mark) } else { Err(Refusal::Moved(full)) }
}

fn exchange(full: &Path, new: &str, mark: bool) -> Result<(), Refusal> {
    let beside = beside(full);
    let done = stage(full, &beside, new, mark);
    if done.is_err() {
        // The first trouble is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    done
}

fn stage(full: &Path, beside: &Path, new: &str, mark: bool) -> Result<(), Refusal> {
    let mut file = File::create_new(beside).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Refusal::Taken(beside.to_owned()),
        _ => Error::new("create", beside, error).into(),
    })?;
    let written = file.write_all(if mark { MARK } else { b"" }).and_then(|()| file.write_all(new.as_bytes()));
    written.and_then(|()| file.sync_all()).map_err(|error| Error::new("write", beside, error))?;
    let kept = fs::metadata(full).and_then(|data| fs::set_permissions(beside, data.permissions()));
    kept.map_err(|error| Error::new("write", beside, error))?;
    fs::rename(beside, full).map_err(|error| Error::new("write", full, error).into())
}

/// A hidden file of the same folder, which archives pass over.
fn beside(full: &Path) -> PathBuf {
    let name = full.file_name().unwrap_or_default().to_string_lossy();
    full.with_file_name(format!(".{name}.postil"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_moved_or_all_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let holds = |path: &str| fs::read_to_string(root.join(path)).ok();
        fs::create_dir_all(root.join("x/a")).unwrap();
        fs::write(root.join("x/a/n"), "one").unwrap();
        fs::write(root.join("x/b"), b"\xff raw").unwrap();
        let moves = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
        };
        let edit = Rewrite { path: "x/a/n", old: "one", new: "two" };
        fs::write(root.join("x/taken"), "").unwrap();
        let to_taken = moves(&[("x/a/n", "x/c/n"), ("x/b", "x/taken")]);
        assert!(matches!(rewrite_and_move(root, &[edit], &to_taken, None), Err(Refusal::Taken(_))));
        assert_eq!(holds("x/a/n").as_deref(), Some("one"));
        // What comes up only on the way is taken back, too: a file stands where a folder is to be.
        let blocked = moves(&[("x/a/n", "x/c/n"), ("x/b", "x/c/n/b")]);
        assert!(rewrite_and_move(root, &[edit], &blocked, None).is_err());
        assert_eq!((holds("x/a/n").as_deref(), root.join("x/b").is_file()), (Some("one"), true));

        let good = moves(&[("x/a/n", "x/c/d/n"), ("x/b", "x/c/b")]);
        rewrite_and_move(root, &[edit], &good, Some(("x/c/new", "three"))).unwrap();
        assert_eq!((holds("x/c/d/n").as_deref(), holds("x/c/new").as_deref()), (Some("two"), Some("three")));
        assert_eq!(fs::read(root.join("x/c/b")).unwrap(), b"\xff raw");
        assert!(!root.join("x/a").exists(), "an empty folder is left");
    }

    #[test]
    fn files_are_exchanged_if_they_hold_what_they_did() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("a"), "one").unwrap();
        fs::write(root.join("b"), b"\xef\xbb\xbfone").unwrap();
        let edit = |path, old| Rewrite { path, old, new: "two" };
        let moved = rewrite(root, &[edit("a", "one"), edit("b", "other")]);
        assert!(matches!(moved, Err(Refusal::Moved(_))));
        assert_eq!(fs::read(root.join("a")).unwrap(), b"one", "nothing was written");
        rewrite(root, &[edit("a", "one"), edit("b", "one")]).unwrap();
        assert_eq!(fs::read(root.join("a")).unwrap(), b"two");
        assert_eq!(fs::read(root.join("b")).unwrap(), b"\xef\xbb\xbftwo");
        assert_eq!(fs::read_dir(root).unwrap().count(), 2, "nothing is left behind");
        assert!(rewrite(root, &[edit("c", "one")]).is_err());
    }
}
