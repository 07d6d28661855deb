//! From the words of a raw text and what is written about them to places that nest.
//!
//! Comes in: the bytes of a raw text, its record, sidecar files. Goes out: a
//! [`document::Document`], where each annotation stands in it, and an [`overlay::Overlay`].
//!
//! 1. [`document`]: PARSE: a raw text becomes blocks and visible text.
//! 2. [`annotation`]: PARSE: sidecars become notes, terms, topics, an apparatus.
//! 3. [`anchor`]: RESOLVE: quotations become places; the glossary's terms are found.
//! 4. [`overlay`]: OVERLAY: places become marks that nest. Ranges only.
//!
//! It knows no HTML, no address and no disk.

pub mod document;
pub mod annotation;
pub mod anchor;
pub mod overlay;
