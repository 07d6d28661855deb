//! Sinks that write no disk.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::Sink;
use super::ledger::Ledger;
use postil_archive::diagnostic::Error;

/// Keeps every file in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Ledger<Vec<u8>>>);

impl Memory {
    /// What was put, by path.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        let ledger = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        ledger.into_sorted().into_iter().map(|(path, bytes)| (path.into(), bytes)).collect()
    }
}

impl Sink for Memory {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        enter(&self.0, path, bytes.to_vec())
    }
}

/// Keeps nothing, but refuses the same paths as any other sink, so that
/// checking an archive finds what building it would find.
#[derive(Debug, Default)]
pub struct Nowhere(Mutex<Ledger<()>>);

impl Sink for Nowhere {
    fn put(&self, path: &str, _bytes: &[u8]) -> Result<(), Error> {
        enter(&self.0, path, ())
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
