//! That an output is as a run left it.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::stat::{self, Moment};

/// One hash for all names, numbers and times in a folder. Nobody can write to a file, nor put another in its
/// place, without that it changes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    hash: u128,
    /// Files that were changed in the very moment in which they were looked at, by number: what they hold counts.
    fresh: Vec<usize>,
}

impl Seal {
    /// The seal of a folder, which may not be there. Nothing if that cannot be told.
    pub(super) fn of(folder: &Path, now: Moment) -> Option<Self> {
        let paths = paths(folder)?;
        let is_fresh = |path: &PathBuf| stat::of(path).map(|stat| !stat.is_before(now));
        let fresh = paths.par_iter().map(is_fresh).collect::<Option<Vec<bool>>>()?;
        let fresh: Vec<usize> = (0..paths.len()).filter(|&number| fresh[number]).collect();
        Some(Self { hash: hash(folder, &paths, &fresh)?, fresh })
    }

    /// Whether the folder is as it was.
    pub(super) fn is_whole(&self, folder: &Path) -> bool {
        paths(folder)
            .and_then(|paths| hash(folder, &paths, &self.fresh))
            .is_some_and(|hash| hash == self.hash)
    }
}

/// Everything in a folder but folders, sorted.
fn paths(folder: &Path) -> Option<Vec<PathBuf>> {
    if folder.symlink_metadata().is_err() {
        return Some(Vec::new());
    }
    let walk = WalkDir::new(folder).min_depth(1).into_iter();
    let mut paths = Vec::new();
    for entry in walk {
        let entry = entry.ok()?;
        if !entry.file_type().is_dir() {
            paths.push(entry.into_path());
        }
    }
    paths.sort_unstable();
    Some(paths)
}

fn hash(folder: &Path, paths: &[PathBuf], fresh: &[usize]) -> Option<u128> {
    let one = |(number, path): (usize, &PathBuf)| {
        let mut hash = Xxh3::new();
        hash.update(path.strip_prefix(folder).ok()?.to_str()?.as_bytes());
        match fresh.binary_search(&number) {
            Ok(_) => hash.update(&xxh3_128(&std::fs::read(path).ok()?).to_le_bytes()),
            Err(_) => hash.update(&postcard::to_stdvec(&stat::of(path)?).ok()?),
        }
        Some(hash.digest128())
    };
    let each = paths.par_iter().enumerate().map(one).collect::<Option<Vec<u128>>>()?;
    let mut hash = Xxh3::new();
    hash.update(&[u8::from(folder.is_dir())]);
    each.iter().for_each(|one| hash.update(&one.to_le_bytes()));
    Some(hash.digest128())
}
