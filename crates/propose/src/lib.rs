//! What somebody is about to add to an archive, and what it still lacks.
//!
//! Comes in: an archive with its texts placed; words that somebody points at; a new edition of a
//! text. Goes out: files to add or to change, each proved, and an account of the whole.
//!
//! 1. [`review`]: REVIEW: what only shows when one looks at the archive as a whole.
//! 2. [`propose`]: PROPOSE: the files that somebody is about to add.
//!
//! It writes nothing itself and knows no page.

pub mod review;
pub mod propose;
