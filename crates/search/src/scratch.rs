//! Where the build keeps what does not fit into its share of memory.
//!
//! This room does not touch the disk. It asks for a scratch: bytes are put at
//! its end and read back by their place. `output` has one on the disk; a small
//! archive, a test or a check uses [`Memory`].

use std::io;
use std::sync::{Mutex, PoisonError};

/// Bytes that are put aside for the time of a build.
pub trait Scratch: Sync + std::fmt::Debug {
    /// Puts bytes at the end and says where they begin.
    ///
    /// # Errors
    /// The machine is in the way.
    fn append(&self, bytes: &[u8]) -> io::Result<u64>;

    /// Bytes that were put there.
    ///
    /// # Errors
    /// The machine is in the way.
    fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>>;
}

/// A scratch in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Vec<u8>>);

impl Scratch for Memory {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.len() as u64;
        all.extend_from_slice(bytes);
        Ok(at)
    }

    fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let from = usize::try_from(at).unwrap_or(usize::MAX);
        let bytes = all.get(from..from.saturating_add(length));
        bytes.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
