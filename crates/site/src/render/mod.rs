//! RENDER: pages become HTML.
//!
//! Comes in: the planned [`Site`](crate::site::Site); for a text its document,
//! overlay and places; for the other pages the facts of all texts. Goes out:
//! pages, as (address, bytes). Steps: what stands over a text is woven in while
//! its HTML is written ([`article`]); Markdown of sidecars becomes HTML
//! ([`markdown`]); what a page needs is gathered into a [`context`]; the
//! theme's [`template`] shows it.
//!
//! This room reads no file and finds no places.

mod cite;
mod data;
mod date;
mod draw;
mod fit;
mod highlight;
mod html;
mod plural;
mod w3c;

pub mod article;
pub mod changes;
pub mod context;
pub mod feed;
pub mod margin;
pub mod markdown;
pub mod pages;
pub mod prose;
pub mod template;
pub mod words;
