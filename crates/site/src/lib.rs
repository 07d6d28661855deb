//! From texts with their places to the pages of a site, read back and proved.
//!
//! Comes in: an archive, its annotations, each text with its overlay. Goes out: every file of the
//! site but the index, each proved, and what search is to know of each text.
//!
//! 1. [`site`]: PLAN: every page and its address, and the facts of each text.
//! 2. [`host`]: HOST: headers, types, old addresses: what a host of files is told.
//! 3. [`render`]: RENDER: what every page is made with: texts, Markdown, templates.
//! 4. [`data`]: DATA: the same for programs: JSON, CSV, citations, annotations, feeds.
//! 5. [`pages`]: PAGES: a file for each kind of page.
//! 6. [`gather`]: what search is to know of a text, as the reader sees it.
//! 7. [`changes`]: what differs between two sites, in words.
//! 8. [`proof`]: PROVE: the finished pages are read back; nothing lost, nothing dead.
//!
//! It does not touch the disk and does not know in which order a site is made.

pub mod site;
pub mod host;
pub mod render;
pub mod data;
pub mod pages;
pub mod gather;
pub mod changes;
pub mod proof;
