//! What stands in the way of an export.

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
