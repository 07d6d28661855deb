//! postil makes a web site out of an annotated archive: raw texts that nobody
//! may alter, plus sidecar annotations that anybody may propose.
//!
//! # The way through the house
//!
//! Walk the floors downwards; each is a crate and uses only those above it. The
//! first page of each says what comes in, what goes out, and what it does not know.
//!
//! 1. [`postil_archive`]: READ: a folder becomes an archive, its problems found.
//! 2. [`postil_anchor`]: PARSE, RESOLVE, OVERLAY: raw texts and sidecars become places that nest.
//! 3. [`postil_search`]: INDEX: words with addresses become the client-side search index.
//! 4. [`postil_site`]: PLAN, RENDER, PROVE: pages, read back.
//! 5. [`postil_intake`]: INTAKE: other people's files become texts, records, rows and terms, proved.
//! 6. [`postil_propose`]: REVIEW, PROPOSE: what an archive lacks, and what somebody is about to add.
//! 7. [`postil_export`]: EXPORT: the same words in other forms.
//!
//! Then the rooms of this crate, in the same order:
//!
//! 8. [`theme`]: the default theme, part of the program.
//! 9. [`compile`]: the whole way in one function, from an archive to its files.
//! 10. [`output`]: WRITE: bytes go to the disk, all or nothing.
//! 11. [`store`]: what a run left, for the next one, so that nothing is done twice.
//! 12. [`look`]: LOOK: what an archive would be with other files.
//! 13. [`renaming`]: RENAME: another name, proved.
//! 14. [`serve`]: SERVE: the site from memory, made anew whenever a file changes.
//! 15. [`lsp`]: LSP: help for those who write, in their editor.
//! 16. [`cli`]: arguments, commands, printing, exit codes.
//!
//! Only `archive` in the first crate, [`output`] and [`store`] touch the disk (with [`serve`], which
//! watches it, and [`cli`]). `check` and `build` differ only in where the bytes go.

pub mod theme;
pub mod compile;
pub mod output;
pub mod store;
pub mod look;
pub mod renaming;
pub mod serve;
pub mod lsp;
pub mod cli;
