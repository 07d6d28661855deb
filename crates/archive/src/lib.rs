//! What an archive is, as it lies in a folder: read whole, with all that is wrong with it.
//!
//! Comes in: a folder (or a map of files), and the theme that the program brings along.
//! Goes out: an [`archive::Archive`]: settings, sidecars as they are written, the list of raw
//! texts, templates and assets.
//!
//! 1. [`index`]: the types that count texts, notes, terms and so on.
//! 2. [`diagnostic`]: what can be wrong, and where; how it is shown.
//! 3. [`memo`]: MEMO: what a pure step gave for the same input.
//! 4. [`sidecar`]: how a TOML file becomes a typed value, all its problems at once.
//! 5. [`archive`]: READ: everything a build depends on. The only room here that touches the disk.
//!
//! It does not know what a note or a term means, nor what is in a raw text.

pub mod index;
pub mod diagnostic;
pub mod memo;
pub mod sidecar;
pub mod archive;
