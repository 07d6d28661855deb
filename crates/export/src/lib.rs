//! What is taken out of an archive in other forms.
//!
//! Comes in: finished files of the site, proved; or a text with everything that stands on it. Goes out:
//! the same words in another form.
//!
//! 1. [`fault`]: what stands in the way.
//! 2. [`path`], [`single`]: one page with all that it needs inside.
//! 3. [`xml`], [`nodes`], [`raw`]: XML while it is written, and the raw text in it.
//! 4. [`files`]: which files of an archive come with each text.
//! 5. [`bag`]: all of them as a package that lasts.
//! 6. [`akoma`], [`tei`]: a text as XML, with what stands on it; it comes back to the byte.
//! 7. [`hypothesis`]: the notes of a text for another program.
//! 8. [`epub`]: texts as a book.
//!
//! It touches no disk but through the archive that it is given.

pub mod fault;
pub mod path;
pub mod single;
pub mod xml;
pub mod nodes;
pub mod raw;
pub mod files;
pub mod bag;
pub mod akoma;
pub mod tei;
pub mod hypothesis;
pub mod epub;

pub use fault::Fault;
