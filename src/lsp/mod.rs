//! LSP: help for those who write, in their editor, over the Language Server Protocol.
//!
//! Comes in: what an editor shows of files, whether it is saved or not, and what it asks. Goes out: what is wrong
//! with the archive as it would be if all were saved, the same that `check` finds, whenever something has changed;
//! answers.
//!
//! Steps: the conversation ([`server`]) keeps for each archive a desk with the files that are open (`desk.rs`); from
//! it the archive is read as it would be, and looked through in a thread of its own (`problems.rs`). What is asked
//! of a place is answered (`answer.rs`) by what stands there (`spot.rs`), whatever is broken around it (`toml.rs`):
//! proposals (`complete.rs`), explanations (`hover.rs`), names and where they stand (`names.rs`), the parts of a
//! file (`outline.rs`). Editors count lines and columns in their own way (`paper.rs`), and name files by addresses
//! (`uri.rs`).
//!
//! Nothing is written: changes go to the editor, which shows them and saves them if somebody wants that.

mod answer;
mod complete;
mod desk;
mod hover;
mod names;
mod outline;
mod paper;
mod problems;
mod schema;
pub mod server;
mod spot;
mod toml;
mod uri;

pub use uri::to_path;
