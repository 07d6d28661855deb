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
//! 2. [`sidecar`]: how a TOML file becomes a typed value, all its problems at once.
//! 3. [`archive`]: READ: everything a build depends on.
//! 4. [`document`]: PARSE: a raw text becomes blocks and visible text.
//! 5. [`annotation`]: PARSE: sidecars become notes, terms, topics, an apparatus.
//! 6. [`anchor`]: RESOLVE: quotations become places; the glossary's terms are found.
//! 7. [`review`]: REVIEW: what only shows when one looks at the archive as a whole.
//! 8. [`propose`]: PROPOSE: the files that somebody is about to add.
//! 9. [`overlay`]: OVERLAY: places become marks that nest. Ranges only, no HTML.
//! 10. [`site`]: PLAN: every page and its address, and the facts of each text.
//! 11. [`render`]: RENDER: pages become HTML.
//! 12. [`proof`]: PROVE: the finished pages are read back; nothing lost, nothing dead.
//! 13. [`search`]: INDEX: the client-side search index.
//! 14. [`compile`]: the whole way in one function, from an archive to its files.
//! 15. [`output`]: WRITE: bytes go to the disk, all or nothing.
//! 16. [`serve`]: SERVE: the site from memory, made anew whenever a file changes.
//! 17. [`cli`]: arguments, commands, printing, exit codes.
//!
//! `check` and `build` differ only in where the bytes go.

pub mod diagnostic;
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
