//! STORE: what a run left, for the next one.
//!
//! Comes in: an archive's folder, what is asked of it, what came of that. Goes out: that nothing has
//! changed since, and what there was to say.
//!
//! It lies in `.postil/cache` of the archive, may be taken away at any time, and is never what a result
//! depends on: a record is used if every file that the archive is made of, the output, the program
//! and all that was asked are what they were, and is thrown away otherwise. What a file holds is known by
//! a hash; that it still holds it by what the system keeps of it, as git's index does ([`snapshot`]). That
//! the output is as it was left shows the same way ([`seal`]).
//!
//! A record counts for the very folder in which it was made, on the machine where it was made: one that
//! comes with an archive, from a stranger, is worth nothing.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use postil_archive::diagnostic::Diagnostic;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128, xxh3_128_with_seed};

mod seal;
mod snapshot;
mod stat;

use crate::compile::{Kept, Summary};
use seal::Seal;
use snapshot::{Input, Snapshot};
use stat::Moment;

/// First bytes of a record; the last of them is the number of the format.
const MAGIC: [u8; 8] = *b"postil\0\x01";

/// Bytes of a record before and after what it says: [`MAGIC`] and the program; the hash of all before.
const HEAD: usize = MAGIC.len() + 16;
const FOOT: usize = 16;

/// Most bytes of all records, and of one: older ones go first.
const MOST_BYTES: u64 = 256 << 20;

/// Ending of a record's name.
const ENDING: &str = "run";

/// The record of what texts gave.
const TEXTS: &str = "texts.run";

/// Said to git, so that it takes nothing of the store for part of the archive.
const IGNORED: &str = "*\n";

/// The folder of an archive's store.
#[derive(Debug)]
pub struct Store {
    site: PathBuf,
    folder: PathBuf,
    /// What tells this folder from each other one.
    place: u64,
}

/// What was asked: the command, all that was said to it, and where it writes.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The command and its options, as far as they change what comes of it.
    pub what: &'a str,
    /// Where the site is written, if it is.
    pub output: Option<&'a Path>,
}

/// What came of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// All that there was to say, sorted.
    pub problems: Vec<Diagnostic>,
    /// What was made.
    pub summary: Summary,
    /// The hash of what else was asked, such as git: it is to be asked again.
    pub history: Option<u128>,
}

/// A run with what it was made from.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    inputs: Vec<Input>,
    output: Option<Seal>,
    run: Run,
}

/// One run, from before anything is read until it is done.
#[derive(Debug)]
pub struct Session<'s> {
    store: &'s Store,
    output: Option<&'s Path>,
    record: PathBuf,
    before: Snapshot,
    /// Whether the output is as the last run left it.
    is_untouched: bool,
    /// What the last run left, if all is as it was.
    last: Option<Record>,
}

impl Store {
    /// The store of an archive, made if there is none yet; nothing where it cannot be, such as where
    /// nothing may be written.
    pub fn open(site: &Path) -> Option<Self> {
        let mut folder = site.to_owned();
        for name in [".postil", "cache"] {
            folder.push(name);
            // Never through a link: files here are written and removed.
            match folder.symlink_metadata() {
                Ok(data) if data.is_dir() => {}
                Ok(_) => return None,
                Err(_) => fs::create_dir(&folder).ok()?,
            }
        }
        let ignored = folder.join(".gitignore");
        if ignored.symlink_metadata().is_err() {
            fs::write(ignored, IGNORED).ok()?;
        }
        let place = stat::place(&folder)?;
        Some(Self { site: site.to_owned(), folder, place })
    }

    /// Where something else is kept that may be forgotten: the same holds of it as of records.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Looks at all that the archive is made of. Nothing if that cannot be known.
    pub fn begin<'s>(&'s self, asked: Asked<'s>) -> Option<Session<'s>> {
        let named = format!(
            "{}\0{}",
            asked.what,
            asked.output.map_or_else(String::new, |path| path.display().to_string())
        );
        let record = self.folder.join(format!("{:032x}.{ENDING}", xxh3_128(named.as_bytes())));
        let last: Option<Record> = self.read(&record);
        let known = last.as_ref().map_or(&[][..], |last| &last.inputs);
        let before = Snapshot::take(&self.site, self.now()?, known)?;
        let is_untouched = last.as_ref().is_some_and(|last| match (asked.output, &last.output) {
            (None, None) => true,
            (Some(path), Some(seal)) => seal.is_whole(path),
            _ => false,
        });
        let last = last.filter(|last| is_untouched && before.is_same(&last.inputs));
        Some(Session { store: self, output: asked.output, record, before, is_untouched, last })
    }

    /// What texts gave in the last run, whatever was asked of it.
    pub fn kept(&self) -> Kept {
        self.read(&self.folder.join(TEXTS)).unwrap_or_default()
    }

    /// Keeps what texts gave for the next run. It is no matter if that cannot be.
    pub fn keep(&self, kept: &Kept) {
        if kept.is_new() {
            let path = self.folder.join(TEXTS);
            if self.write(&path, kept).is_none() {
                let _ = fs::remove_file(&path);
            }
        }
    }

    /// The time, as the file system has it.
    fn now(&self) -> Option<Moment> {
        let probe = self.folder.join("now");
        // A new file each time: one that is written over may keep its time for a moment.
        let _ = fs::remove_file(&probe);
        File::create_new(&probe).and_then(|mut file| file.write_all(b"now")).ok()?;
        stat::moment(&probe)
    }

    fn read<T: DeserializeOwned>(&self, record: &Path) -> Option<T> {
        let is_file = record.symlink_metadata().is_ok_and(|data| data.is_file() && data.len() <= MOST_BYTES);
        let bytes = is_file.then(|| fs::read(record).ok()).flatten()?;
        let (written, hash) = bytes.split_at_checked(bytes.len().checked_sub(FOOT)?)?;
        let (head, body) = written.split_at_checked(HEAD)?;
        let is_ours = head == self.head() && hash == self.hash(written);
        is_ours.then(|| postcard::from_bytes(body).ok()).flatten()
    }

    /// Writes a record beside its place, then there, and makes room for it.
    fn write(&self, path: &Path, record: &impl Serialize) -> Option<()> {
        let mut bytes = postcard::to_extend(record, self.head()).ok()?;
        bytes.extend(self.hash(&bytes));
        if bytes.len() as u64 > MOST_BYTES {
            return None;
        }
        let beside = path.with_extension(format!("{}.new", std::process::id()));
        let written = fs::write(&beside, &bytes).and_then(|()| fs::rename(&beside, path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written.ok()?;
        self.make_room(path)
    }

    /// Removes the oldest records until the others are not too large, and what killed runs left.
    fn make_room(&self, newest: &Path) -> Option<()> {
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.folder).ok()? {
            let Ok(entry) = entry else { continue };
            let path = entry.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let Some(data) = entry.metadata().ok().filter(|_| [ENDING, "new"].contains(&ending)) else {
                continue;
            };
            if data.is_file() && path != newest {
                records.push((ending == ENDING, data.modified().ok(), data.len(), path));
            }
        }
        records.sort_by(|a, b| b.cmp(a));
        let mut bytes = newest.metadata().ok()?.len();
        for (is_record, _, length, path) in records {
            bytes = bytes.saturating_add(length);
            if !is_record || bytes > MOST_BYTES {
                let _ = fs::remove_file(path);
            }
        }
        Some(())
    }

    /// What a record of this program begins with.
    fn head(&self) -> Vec<u8> {
        [&MAGIC[..], &program().to_le_bytes()].concat()
    }

    /// The hash of a record, which is another one in each folder.
    fn hash(&self, bytes: &[u8]) -> [u8; FOOT] {
        xxh3_128_with_seed(bytes, self.place).to_le_bytes()
    }
}

/// What tells this program from each other one, built from the same version too.
fn program() -> u128 {
    let mut hash = Xxh3::new();
    hash.update(concat!(env!("CARGO_PKG_VERSION"), env!("POSTIL_COMMIT")).as_bytes());
    if let Some(stat) = std::env::current_exe().ok().and_then(|path| stat::of(&path)) {
        hash.update(&postcard::to_stdvec(&stat).unwrap_or_default());
    }
    hash.digest128()
}

impl Session<'_> {
    /// What the last run left, if everything is as it was then.
    pub fn unchanged(&self) -> Option<&Run> {
        self.last.as_ref().map(|last| &last.run)
    }

    /// Whether nobody touched the output since the last run.
    pub fn is_untouched(&self) -> bool {
        self.is_untouched
    }

    /// Keeps what came of this run, unless something was changed while it went on. It is no matter if that cannot be.
    pub fn end(self, run: Run) {
        let _ = self.keep(run);
    }

    /// Nothing had changed: what is known of files that were only touched is brought up to date.
    pub fn end_unchanged(mut self) {
        if let Some(mut last) = self.last.take().filter(|last| last.inputs != self.before.inputs) {
            last.inputs = std::mem::take(&mut self.before.inputs);
            let _ = self.store.write(&self.record, &last);
        }
    }

    fn keep(self, run: Run) -> Option<()> {
        let kept = self.record_of(run).and_then(|record| self.store.write(&self.record, &record));
        if kept.is_none() {
            let _ = fs::remove_file(&self.record);
        }
        kept
    }

    fn record_of(&self, run: Run) -> Option<Record> {
        // What was read in between is what was there before and is there still.
        let after = Snapshot::take(&self.store.site, self.before.taken, &self.before.inputs)?;
        if after.inputs != self.before.inputs {
            return None;
        }
        let output = match self.output {
            Some(path) => Some(Seal::of(path, self.store.now()?)?),
            None => None,
        };
        Some(Record { inputs: after.inputs, output, run })
    }
}

/// The hash of what else was asked.
pub fn hash(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}

/// A seed for what only tells things apart.
fn seed(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}
