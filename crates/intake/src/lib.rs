//! How other people's material becomes texts of an archive.
//!
//! Comes in: files as they are, and what the archive has already. Goes out: the files that the
//! archive gets, all of them or none: raw texts, their records, rows and notes that the sources
//! have, proposals for a person to look at, and what was left out.
//!
//! 1. [`toml`]: values and files of TOML, written as a person would.
//! 2. [`draft`]: DRAFT: what comes in, and what it becomes before anything is written.
//! 3. [`decode`], [`zipped`]: its bytes to characters, or to the files in it; nothing is guessed or trusted.
//! 4. [`records`]: RECORDS: what a table says of many texts.
//! 5. [`layout`], [`plain`]: what a line of a plain text is; the file as it is, or cut into parts.
//! 6. [`tree`], [`weave`], [`markdown`]: XML and HTML as one kind of tree, and how a text is made of one, with
//!    its rows and the proof that no word is lost.
//! 7. [`standoff`], [`carried`], [`tei`], [`debates`], [`html`], [`epub`], [`turns`], [`texts`], [`gutenberg`]: each kind of source.
//! 8. [`kind`], [`bring`]: BRING: what a file is; files become drafts, each as its kind asks.
//! 9. [`glossary`]: what a glossary says of terms.
//! 10. [`plan`]: PLAN: from drafts to files: ids, records, what is there already.
//!
//! It touches no disk. A guess goes into a file that a person reads, and is told with its reason.

pub mod toml;
pub mod draft;
pub mod decode;
pub mod zipped;
pub mod records;
pub mod layout;
pub mod plain;
pub mod tree;
pub mod weave;
pub mod markdown;
pub mod standoff;
pub mod carried;
pub mod tei;
pub mod debates;
pub mod html;
pub mod epub;
pub mod turns;
pub mod texts;
pub mod gutenberg;
pub mod kind;
pub mod glossary;
pub mod bring;
pub mod plan;
