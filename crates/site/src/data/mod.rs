//! DATA: what the site says in forms that programs read.
//!
//! Comes in: the plan and the facts of all texts. Goes out: the files of `data/`
//! ([`files`]), the glossary as a vocabulary ([`skos`]), references ([`cite`]), W3C annotations of a text ([`w3c`]), feeds and
//! sitemaps ([`feed`]). It knows no template.

pub(crate) mod cite;
pub mod feed;
pub(crate) mod files;
pub mod skos;
pub(crate) mod w3c;
