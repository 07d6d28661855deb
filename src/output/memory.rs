//! Sinks that write no disk.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_128;

use super::Sink;
use super::ledger::Ledger;
use crate::compile::{Print, Shelf};
use postil_archive::diagnostic::Error;

/// Files by path. Those of two sites that are the same may be in memory once.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Keeps every file in memory.
#[derive(Debug, Default)]
pub struct Memory {
    ledger: Mutex<Ledger<Arc<[u8]>>>,
    /// The site before this one.
    before: Option<Arc<Files>>,
}

impl Memory {
    /// After a site was made: of what is as it was, no second copy is kept.
    pub fn after(before: Option<Arc<Files>>) -> Self {
        Self { before, ..Self::default() }
    }

    /// What was put, by path.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.into_shared().into_iter().map(|(path, bytes)| (path, bytes.to_vec())).collect()
    }

    /// The same, shared with the site before where it is the same.
    pub fn into_shared(self) -> Files {
        let ledger = self.ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
        ledger.into_sorted().into_iter().map(|(path, bytes)| (path.into(), bytes)).collect()
    }

    fn before(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.before.as_ref()?.get(path)
    }
}

fn print(bytes: &[u8]) -> Print {
    Print { size: bytes.len() as u64, hash: format!("{:032x}", xxh3_128(bytes)) }
}

impl Sink for Memory {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let same = self.before(path).filter(|before| ***before == *bytes);
        enter(&self.ledger, path, same.map_or_else(|| bytes.into(), Arc::clone))
    }
}

impl Shelf for Memory {
    fn print(&self, path: &str) -> Option<Print> {
        let bytes = self.ledger.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        bytes.map(|bytes| print(&bytes))
    }

    fn has(&self, path: &str, of: &Print) -> bool {
        self.before(path).is_some_and(|bytes| bytes.len() as u64 == of.size && print(bytes) == *of)
    }

    fn keep(&self, path: &str, _print: &Print) -> Result<(), Error> {
        let bytes = self.before(path).cloned();
        enter(&self.ledger, path, bytes.expect("only what it has is asked for"))
    }
}

/// Keeps nothing, but refuses the same paths as any other sink, so that
/// checking an archive finds what building it would find.
#[derive(Debug, Default)]
pub struct Nowhere(Mutex<Ledger<u64>>);

impl Sink for Nowhere {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        enter(&self.0, path, bytes.len() as u64)
    }
}

/// Whatever was put anywhere can be put nowhere again.
impl Shelf for Nowhere {
    fn print(&self, path: &str) -> Option<Print> {
        let size = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied();
        size.map(|size| Print { size, hash: String::new() })
    }

    fn has(&self, _path: &str, _print: &Print) -> bool {
        true
    }

    fn keep(&self, path: &str, print: &Print) -> Result<(), Error> {
        enter(&self.0, path, print.size)
    }
}

/// Enters a file in a shared ledger.
///
/// A ledger is whole between two calls, so one whose thread panicked is used on.
pub(super) fn enter<T>(ledger: &Mutex<Ledger<T>>, path: &str, fact: T) -> Result<(), Error> {
    let entered = ledger.lock().unwrap_or_else(PoisonError::into_inner).enter(path, fact);
    entered.map_err(|fault| {
        let reason = format!("its path {fault}; this is a bug of postil");
        Error::new("publish", path, std::io::Error::new(std::io::ErrorKind::InvalidInput, reason))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_keeps_what_was_put() {
        let memory = Memory::default();
        memory.put("b", b"2").unwrap();
        memory.put("a/x", b"1").unwrap();
        let error = memory.put("B", b"3").unwrap_err();
        assert_eq!(
            error.to_string(),
            "could not publish `B`: its path clashes with the file `b`; this is a bug of postil"
        );
        let expected = BTreeMap::from([("a/x".to_owned(), b"1".to_vec()), ("b".to_owned(), b"2".to_vec())]);
        assert_eq!(memory.into_files(), expected);
    }

    #[test]
    fn nowhere_checks_all_the_same() {
        let nowhere = Nowhere::default();
        assert!(nowhere.put("a", b"").is_ok());
        assert!(nowhere.put("a", b"").is_err());
        assert!(nowhere.put("/a", b"").is_err());
    }
}
