//! How a TOML file becomes a typed value, all its problems at once.
//!
//! Comes in: a file, or the stretch of it that is TOML. Goes out: a value of a
//! plain `#[derive(Deserialize)]` struct, and a problem for each thing that is
//! wrong, not for the first. Steps of [`read`]: the syntax (`syntax.rs`, in plain
//! words by `mistake.rs`), then the struct (`table.rs`). A key that is wrong is reported, left out, and the
//! rest is read; a row of [`Rows`] that cannot be read does not hide the others.
//!
//! This room knows no kind of sidecar: the structs say what is allowed. From the
//! same structs comes what editors are told ([`schema`]).

pub mod address;
mod called;
pub mod date;
mod fault;
pub mod front_matter;
mod lists;
mod mistake;
pub mod schema;
mod spanned;
pub mod suggest;
mod syntax;
mod table;
pub mod written;
pub mod yaml;

pub use lists::{OneOrMany, Pairs, Rows, Word, WordsOr};
pub use spanned::Spanned;

use serde::de::DeserializeOwned;

use crate::diagnostic::{Checked, Source, Span};

/// Reads the TOML that stands at `toml` in a file (the whole file, or the front
/// matter of a note).
///
/// Spans in the value count from the file's start. Gives no value when the
/// syntax is broken, since what was meant is then anybody's guess, or when a
/// key is missing without which the struct cannot be made.
pub fn read<T: DeserializeOwned>(source: &Source, toml: Span) -> Checked<Option<T>> {
    let text = &source.text[toml.range()];
    let (root, problems) = syntax::parse(source, text, toml.start);
    if !problems.is_empty() {
        return Checked::new(None, problems);
    }
    table::read(source, toml.start, &root)
}

/// Reads a whole file as [`read`] does.
pub fn read_file<T: DeserializeOwned>(source: &Source) -> Checked<Option<T>> {
    read(source, Span { start: 0, end: source.text.len() })
}

#[cfg(test)]
mod tests;
