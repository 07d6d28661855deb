//! PROPOSE: the files that somebody is about to add.
//!
//! Comes in: an archive, and what a contributor wants to say. Goes out: a [`File`]
//! as it would lie in the archive, or why there can be none ([`Refused`]). Notes
//! and other annotations quote the text so that the place is meant and no other
//! ([`note`], [`entry`]); a new archive comes whole ([`starter`]); notes that were written
//! with other tools become notes of the archive ([`import`]). What messages propose is
//! applied as far as it proves right ([`mend`]); a new edition of a text takes everything that
//! stands in it along ([`adopt`]), another name everything that names it ([`rename`]).
//!
//! Everything is proved before it is given: the file is read back as a build
//! reads it. Nothing is written here: whoever asked does that. [`browser`] is
//! the script that does the same on a page.

pub mod address;
pub mod adopt;
pub mod browser;
pub mod entry;
pub mod import;
pub mod mend;
pub mod note;
pub mod prove;
pub mod rename;
pub mod starter;
pub mod structure;
mod toml;

use postil_archive::diagnostic::Diagnostic;

/// A file of the archive that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path from the archive's root, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Why there is no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It would not be right: what is wrong.
    Wrong(Vec<Diagnostic>),
    /// The words stand in several places: which, and none was chosen.
    Several(Vec<note::Spot>),
    /// In words: what is in the way, and what to do.
    Because(String, String),
}

impl Refused {
    fn because(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Because(why.into(), help.into())
    }
}

#[cfg(test)]
mod tests;
