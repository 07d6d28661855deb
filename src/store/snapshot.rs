//! All files that an archive may be made of, with what they hold.
//!
//! As in git's index, a file whose name, size, times and number are what they were holds what it held, if
//! it was changed before it was looked at, and not in the same moment. Of all others the hash is taken anew.

use std::path::{Path, PathBuf};

use postil_archive::archive;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;
use xxhash_rust::xxh3::xxh3_128;

use super::stat::{self, Moment, Stat};

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Input {
    /// From the archive's root, with the separator of the system.
    path: String,
    stat: Stat,
    /// Whether a change would show in `stat`.
    settled: bool,
    /// What it holds.
    hash: u128,
}

/// All of them, sorted.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) inputs: Vec<Input>,
    /// When it was begun to be taken.
    pub(super) taken: Moment,
}

impl Snapshot {
    /// Looks at all files; what is known of them saves reading those that did not change. Nothing if there is
    /// something that is neither a file nor a folder, or cannot be read: what a run makes of that it says itself.
    pub(super) fn take(site: &Path, now: Moment, known: &[Input]) -> Option<Self> {
        let disk = stat::of(&site.join(".postil"))?.disk();
        let input = |path: PathBuf| {
            let below = path.strip_prefix(site).ok()?.to_str()?.to_owned();
            let stat = stat::of(&path)?;
            let settled = stat.is_before(now) && stat.disk() == disk;
            let known = known.binary_search_by(|input| input.path.cmp(&below)).ok().map(|at| &known[at]);
            let hash = match known {
                Some(known) if known.settled && known.stat == stat => known.hash,
                _ => xxh3_128(&std::fs::read(&path).ok()?),
            };
            Some(Input { path: below, stat, settled, hash })
        };
        let mut inputs = files(site)?.into_par_iter().map(input).collect::<Option<Vec<Input>>>()?;
        inputs.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Some(Self { inputs, taken: now })
    }

    /// Whether the files hold what those did.
    pub(super) fn is_same(&self, others: &[Input]) -> bool {
        let pairs = || self.inputs.iter().zip(others);
        self.inputs.len() == others.len() && pairs().all(|(a, b)| a.path == b.path && a.hash == b.hash)
    }
}

/// The files below the folders that an archive has, or that somebody meant for one of them, hidden ones too.
fn files(site: &Path) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(site).ok()? {
        let name = entry.ok()?.file_name();
        // A name that is not UTF-8 is none of them.
        let Some(name) = name.to_str() else { continue };
        if archive::is_of_archive(name) || archive::misnamed(name).is_some() {
            add(&site.join(name), &mut files)?;
        }
    }
    Some(files)
}

fn add(top: &Path, files: &mut Vec<PathBuf>) -> Option<()> {
    for entry in WalkDir::new(top) {
        let entry = entry.ok()?;
        match entry.file_type() {
            kind if kind.is_file() => files.push(entry.into_path()),
            kind if kind.is_dir() => {}
            _ => return None,
        }
    }
    Some(())
}
