//! `postil lsp`: a language server on the standard input and output, for editors.

use std::path::{Path, PathBuf};

use super::{Outcome, Trouble, VERSION, check};
use crate::lsp::server::{self, Surroundings};
use lsp_server::Connection;
use postil_archive::archive::CONFIG;

/// Serves an editor until it says that it is done.
pub(super) fn run(site: Option<&Path>) -> Result<Outcome, Trouble> {
    let (connection, threads) = Connection::stdio();
    let around = Surroundings { archive_of, today: check::today, version: VERSION };
    let site = site.and_then(|site| std::path::absolute(site).ok());
    server::serve(&connection, site.as_deref(), around).map_err(|why| {
        Trouble::new(format!("the editor did not keep to the protocol: {why}"))
            .help("this command is for editors, which begin it themselves")
    })?;
    drop(connection);
    // What was said last goes out before the program ends.
    let _ = threads.join();
    Ok(Outcome::Fine)
}

/// The nearest folder around a file, or that folder itself, that holds `postil.toml`.
fn archive_of(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join(CONFIG).is_file()).map(Path::to_owned)
}
