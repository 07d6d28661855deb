//! `postil man DIR`: the manual pages, for those who pack the program.

use std::path::Path;

use clap::CommandFactory;

use super::args::Args;
use super::{Outcome, Trouble};
use postil_archive::diagnostic::Error;

/// Writes a page for the program and one for each command.
pub(super) fn run(folder: &Path) -> Result<Outcome, Trouble> {
    std::fs::create_dir_all(folder).map_err(|error| Error::new("create the folder", folder, error))?;
    clap_mangen::generate_to(Args::command(), folder).map_err(|error| Error::new("write", folder, error))?;
    Ok(Outcome::Fine)
}
