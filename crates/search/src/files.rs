//! The files of an index on their way out.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};

use crate::script::registration;
use postil_archive::diagnostic::Error;

/// Where finished files go: path below the site's root, bytes.
pub type Put<'a> = dyn Fn(&str, &[u8]) -> Result<(), Error> + Sync + 'a;

/// What files with a hash in their names hold, each in a folder of its own (`search/d/`): what they are called by.
pub const KINDS: [char; 8] = ['c', 'd', 'f', 'p', 'q', 'r', 's', 't'];

/// Kinds that every search asks for: short files of them are a part of the head.
const WITH_HEAD: [char; 2] = ['c', 'f'];
const SHORT: usize = 2 * 1024;

/// Hands files on, or holds them as long as all of them fit into one.
pub struct Files<'p> {
    put: &'p Put<'p>,
    together: usize,
    state: Mutex<State>,
}

struct State {
    /// Scripts that stand in the head of the index.
    head: BTreeMap<String, String>,
    /// Scripts by name, as long as they are few.
    held: Option<BTreeMap<String, String>>,
    size: usize,
    names: FxHashSet<String>,
}

impl<'p> Files<'p> {
    /// Up to `together` bytes the whole index is one file.
    pub fn new(put: &'p Put<'p>, together: usize) -> Self {
        let state = State {
            head: BTreeMap::new(),
            held: Some(BTreeMap::new()),
            size: 0,
            names: FxHashSet::default(),
        };
        Self { put, together, state: Mutex::new(state) }
    }

    /// Adds a value and says its name: its kind and a hash of it.
    pub fn add(&self, kind: char, value: &str) -> Result<String, Error> {
        let name = format!("{kind}{}", hash([value]));
        self.write(name.clone(), value)?;
        Ok(name)
    }

    /// Adds values that change together, and says their name: that of each has its number behind.
    pub fn add_all(&self, kind: char, values: &[String]) -> Result<String, Error> {
        let name = format!("{kind}{}", hash(values.iter().map(String::as_str)));
        for (number, value) in values.iter().enumerate() {
            self.write(format!("{name}-{number}"), value)?;
        }
        Ok(name)
    }

    fn write(&self, name: String, value: &str) -> Result<(), Error> {
        debug_assert!(name.starts_with(KINDS), "hosts are told of each kind of files");
        let script = registration(&name, value);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.names.insert(name.clone()) {
            return Ok(());
        }
        state.size += script.len();
        if name.starts_with(WITH_HEAD) && script.len() <= SHORT {
            state.head.insert(name, script);
            return Ok(());
        }
        let Some(held) = &mut state.held else {
            drop(state);
            return (self.put)(&path(&name), script.as_bytes());
        };
        held.insert(name, script);
        if state.size <= self.together {
            return Ok(());
        }
        let held = state.held.take().unwrap_or_default();
        drop(state);
        held.iter().try_for_each(|(name, script)| (self.put)(&path(name), script.as_bytes()))
    }

    /// Writes `search/index.js`, together with all that is held.
    pub fn finish(self, mut index: String) -> Result<(), Error> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        index.extend(state.head.into_values());
        for (name, script) in state.held.unwrap_or_default() {
            if index.len() + state.size <= self.together {
                index.push_str(&script);
            } else {
                (self.put)(&path(&name), script.as_bytes())?;
            }
        }
        (self.put)("search/index.js", index.as_bytes())
    }
}

/// Two digits of the hash are a folder, so that none holds more than a few hundred files.
fn path(name: &str) -> String {
    let (kind, hash) = name.split_at(1);
    format!("search/{kind}/{}/{hash}.js", &hash[..2])
}

fn hash<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for value in values {
        hash.update(value);
        hash.update("\n");
    }
    hash.finalize()[..6].iter().map(|byte| format!("{byte:02x}")).collect()
}
