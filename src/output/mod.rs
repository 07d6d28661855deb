//! WRITE: bytes go to the disk, all or nothing.
//!
//! Comes in: (path, bytes), one call of [`Sink::put`] for each file, from many
//! threads and in any order. Goes out: a published folder ([`disk::Disk`]), a map
//! ([`memory::Memory`], for tests and servers), or nothing but the checks
//! ([`memory::Nowhere`], for looking through an archive without writing).
//!
//! Steps of a build on the disk: refuse what must not be overwritten
//! ([`guard`]), lock ([`lock`]), stage in a folder beside the output
//! ([`disk`]), where files that are as they were are the old ones themselves ([`keep`]), write down what was written ([`manifest`]), exchange the two in
//! one step ([`swap`]), remove the old one ([`remove`]).
//!
//! Files of an archive that its people add are written by [`fresh`]: new ones only. Those that
//! `postil fix` and `postil adopt` mend are exchanged by [`rewrite`], if they still are what they were;
//! those that `postil rename` moves lie elsewhere then, and their bytes are not touched.
//!
//! What is taken out of an archive is a new folder or file that is there once it is whole ([`whole`]).
//!
//! What a build has to put aside for a while goes to a file without a name ([`scratch`]).
//!
//! An end that somebody asks for in the middle of it leaves nothing half done ([`interrupt`]).
//!
//! This room knows no page and no archive: only paths and bytes.

use postil_archive::diagnostic::Error;

pub mod disk;
pub mod fresh;
mod guard;
pub mod interrupt;
mod keep;
mod ledger;
mod lock;
mod manifest;
pub mod memory;
mod refusal;
mod remove;
pub mod rewrite;
pub mod scratch;
mod swap;
pub mod whole;

pub use refusal::Refusal;

/// Where the files of a site go.
pub trait Sink: Sync {
    /// Takes one file.
    ///
    /// # Errors
    /// The machine is in the way; or the path is no good ([`fault`](postil_archive::archive::path::fault)) or
    /// clashes with an earlier one, which is a bug of postil, since names from
    /// the archive are checked when they are read.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error>;
}
