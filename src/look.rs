//! LOOK: what an archive is found to be, or would be with other files: what is wrong with it, what stands
//! where. Nothing is kept of its site.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::compile::{self, Options};
use crate::output::Sink;
use crate::output::memory::Nowhere;
use postil_archive::archive::{self, Archive, Store};
use postil_archive::diagnostic::{self, Checked, Diagnostic, Error};
use postil_archive::sidecar::date::Date;
use postil_propose::propose::mend::{Bench, Look};
use postil_site::site::inventory::{self, Inventory};

/// An archive, compiled for what is to be known of it.
#[derive(Debug, Clone)]
pub struct Found {
    /// What is wrong with it, sorted.
    pub problems: Vec<Diagnostic>,
    /// What stands where; none if a theme that cannot be used stopped it.
    pub inventory: Option<Inventory>,
}

/// Compiles an archive, and keeps of it only what stands where.
///
/// # Errors
/// A raw text cannot be read.
pub fn look(archive: Checked<Archive>, options: &Options<'_>) -> Result<Found, Error> {
    let mut problems = Vec::new();
    let archive = archive.take(&mut problems);
    look_at(&archive, problems, options)
}

/// The same of one that is kept; with the problems that were found when it was read.
///
/// # Errors
/// A raw text cannot be read.
pub fn look_at(
    archive: &Archive,
    mut problems: Vec<Diagnostic>,
    options: &Options<'_>,
) -> Result<Found, Error> {
    let (kept, nowhere) = (Mutex::new(Vec::new()), Nowhere::default());
    let put = |path: &str, bytes: &[u8]| {
        if path == inventory::ADDRESS {
            bytes.clone_into(&mut kept.lock().expect("nobody panics while holding this"));
        }
        nowhere.put(path, bytes)
    };
    problems.extend(compile::compile(archive, &put, options)?.problems);
    diagnostic::sort(&mut problems);
    let bytes = kept.into_inner().expect("nobody panicked");
    Ok(Found { problems, inventory: Inventory::from_json(&bytes).ok() })
}

/// An archive that is to be mended.
#[derive(Debug)]
pub struct Workbench<'a> {
    /// The archive,
    pub archive: &'a Archive,
    /// where it was read from,
    pub store: Store,
    /// and the day on which it is looked at.
    pub today: Date,
}

impl Bench for Workbench<'_> {
    type Error = Error;

    fn text(&self, path: &str) -> Result<Option<String>, Error> {
        // A raw text is nobody's to mend.
        if self.archive.texts.iter().any(|text| *text.path == *path) {
            return Ok(None);
        }
        self.archive.small_file(path)
    }

    fn look(&self, edited: &BTreeMap<String, String>) -> Result<Look, Error> {
        let files = edited.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
        let store = Store::Edited { store: Box::new(self.store.clone()), moved: BTreeMap::new(), files };
        let options = Options { review: Some(self.today), ..Options::default() };
        let found = look(archive::read(store, crate::theme::default_theme())?, &options)?;
        let says = found.inventory.as_ref().map(Inventory::says).unwrap_or_default();
        Ok(Look { problems: found.problems, says })
    }
}
