//! Why postil could not do its work.

use crate::output::Refusal;
use postil_archive::diagnostic::Error;

/// What stood in the way, in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Trouble {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self { message: refusal.to_string(), help: refusal.help() }
    }
}
