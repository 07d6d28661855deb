//! What each kind of file may hold, as JSON Schema, from the structs that read it.

use serde_json::Value;

use super::files::{ApparatusFile, ContributorFile, FurnitureFile, LinkFile, NoteFile, TermFile, TopicFile};
use super::pages::PageFile;
use postil_archive::sidecar::schema::of;

/// The front matter of a note.
pub fn note() -> Value {
    of::<NoteFile>()
}

/// `apparatus.toml`.
pub fn apparatus() -> Value {
    of::<ApparatusFile>()
}

/// `annotations/furniture.toml`.
pub fn furniture() -> Value {
    of::<FurnitureFile>()
}

/// A term.
pub fn term() -> Value {
    of::<TermFile>()
}

/// A topic.
pub fn topic() -> Value {
    of::<TopicFile>()
}

/// A link.
pub fn link() -> Value {
    of::<LinkFile>()
}

/// A contributor.
pub fn contributor() -> Value {
    of::<ContributorFile>()
}

/// The front matter of a page of the site.
pub fn page() -> Value {
    of::<PageFile>()
}
