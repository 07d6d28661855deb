//! `postil schema KIND`: what a kind of file may hold, as JSON Schema.

use super::args::{Kind, Schema};
use super::{Outcome, Terminal, Trouble};
use postil_anchor::annotation::schema;
use postil_anchor::document::{collection, record};
use postil_archive::archive::config;

/// Prints the schema.
pub(super) fn run(args: &Schema, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let schema = match args.kind {
        Kind::Site => config::schema(),
        Kind::Record => record::schema(),
        Kind::Collection => collection::schema(),
        Kind::Page => schema::page(),
        Kind::Note => schema::note(),
        Kind::Apparatus => schema::apparatus(),
        Kind::Furniture => schema::furniture(),
        Kind::Term => schema::term(),
        Kind::Topic => schema::topic(),
        Kind::Link => schema::link(),
        Kind::Contributor => schema::contributor(),
    };
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    terminal.answer(&format!("{text}\n"))?;
    Ok(Outcome::Fine)
}
