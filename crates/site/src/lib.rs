//! From texts with their places to the pages of a site, read back and proved.
//!
//! Comes in: an archive, its annotations, each text with its overlay. Goes out: every file of the
//! site but the index, each proved, and what search is to know of each text.
//!
//! 1. [`site`]: PLAN: every page and its address, and the facts of each text.
//! 2. [`render`]: RENDER: pages become HTML.
//! 3. [`gather`]: what search is to know of a text, as the reader sees it.
//! 4. [`proof`]: PROVE: the finished pages are read back; nothing lost, nothing dead.
//!
//! It does not touch the disk and does not know in which order a site is made.

pub mod site;
pub mod render;
pub mod gather;
pub mod proof;
