//! What proposes a note in the browser: the same rules as [`note`](super::note),
//! in JavaScript, reading the text from the page itself.
//!
//! `tests/vectors/fold.json` pins the folding of both; the browser tests compare
//! whole files with those that [`note`](super::note::note) makes.

/// The script as readers load it: the files of `engine/`, made small by `tests/small`.
pub const ENGINE: &str = include_str!("engine/small.js");
