//! What is taken out of an archive in other forms.
//!
//! Comes in: finished files of the site, proved; or a text with everything that stands on it. Goes out:
//! the same words in another form.
//!
//! 1. [`path`], [`single`]: one page with all that it needs inside.
//! 2. [`xml`], [`nodes`], [`raw`]: XML while it is written, and the raw text in it.
//! 3. [`files`]: which files of an archive come with each text.
//! 4. [`bag`]: all of them as a package that lasts.
//! 5. [`akoma`], [`tei`]: a text as XML, with what stands on it; it comes back to the byte.
//! 6. [`epub`]: texts as a book.
//!
//! It touches no disk but through the archive that it is given.

pub mod path;
pub mod single;
pub mod xml;
pub mod nodes;
pub mod raw;
pub mod files;
pub mod bag;
pub mod akoma;
pub mod tei;
pub mod epub;

use postil_archive::diagnostic::Error;

/// What stands in the way of an export.
#[derive(Debug)]
pub enum Fault {
    /// The machine is in the way.
    Machine(Error),
    /// What was made does not give the text again: a bug, told with the text.
    Lost(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Machine(error)
    }
}
