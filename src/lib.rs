//! postil makes a web site out of an annotated archive: raw texts that nobody
//! may alter, plus sidecar annotations that anybody may propose.
//!
//! # The way through the house
//!
//! Walk the rooms downwards; each uses only the rooms above it, and a test
//! keeps it so. Only [`archive`] and [`output`] touch the disk (with [`serve`], which
//! watches it, and [`cli`]).
//!
//! 1. [`diagnostic`]: what can be wrong, and where.
//! 2. [`memo`]: MEMO: what a pure step gave for the same input.
//! 3. [`sidecar`]: how a TOML file becomes a typed value, all its problems at once.
//! 4. [`archive`]: READ: everything a build depends on.
//! 5. [`document`]: PARSE: a raw text becomes blocks and visible text.
//! 6. [`annotation`]: PARSE: sidecars become notes, terms, topics, an apparatus.
//! 7. [`anchor`]: RESOLVE: quotations become places; the glossary's terms are found.
//! 8. [`review`]: REVIEW: what only shows when one looks at the archive as a whole.
//! 9. [`propose`]: PROPOSE: the files that somebody is about to add.
//! 10. [`overlay`]: OVERLAY: places become marks that nest. Ranges only, no HTML.
//! 11. [`site`]: PLAN: every page and its address, and the facts of each text.
//! 12. [`render`]: RENDER: pages become HTML.
//! 13. [`proof`]: PROVE: the finished pages are read back; nothing lost, nothing dead.
//! 14. [`search`]: INDEX: the client-side search index.
//! 15. [`compile`]: the whole way in one function, from an archive to its files.
//! 16. [`output`]: WRITE: bytes go to the disk, all or nothing.
//! 17. [`serve`]: SERVE: the site from memory, made anew whenever a file changes.
//! 18. [`cli`]: arguments, commands, printing, exit codes.
//!
//! `check` and `build` differ only in where the bytes go.

pub mod diagnostic;
pub mod memo;
pub mod sidecar;
pub mod archive;
pub mod document;
pub mod annotation;
pub mod anchor;
pub mod review;
pub mod propose;
pub mod overlay;
pub mod site;
pub mod render;
pub mod proof;
pub mod search;
pub mod compile;
pub mod output;
pub mod serve;
pub mod cli;
