//! What an archive is found to be: what is wrong with it, and what stands where.

use std::sync::Mutex;

use crate::compile::{self, Options};
use crate::output::Sink;
use crate::output::memory::Nowhere;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{self, Checked, Diagnostic, Error};
use postil_site::site::inventory::{self, Inventory};

/// An archive, compiled for what is to be known of it.
pub(super) struct Found {
    /// What is wrong with it, sorted.
    pub(super) problems: Vec<Diagnostic>,
    /// What stands where; none if a theme that cannot be used stopped it.
    pub(super) inventory: Option<Inventory>,
}

/// Compiles an archive, and keeps of it only what stands where.
pub(super) fn look(archive: Checked<Archive>, options: &Options<'_>) -> Result<Found, Error> {
    let mut problems = Vec::new();
    let archive = archive.take(&mut problems);
    let (kept, nowhere) = (Mutex::new(Vec::new()), Nowhere::default());
    let put = |path: &str, bytes: &[u8]| {
        if path == inventory::ADDRESS {
            bytes.clone_into(&mut kept.lock().expect("nobody panics while holding this"));
        }
        nowhere.put(path, bytes)
    };
    problems.extend(compile::compile(&archive, &put, options)?.problems);
    diagnostic::sort(&mut problems);
    let bytes = kept.into_inner().expect("nobody panicked");
    Ok(Found { problems, inventory: Inventory::from_json(&bytes).ok() })
}
