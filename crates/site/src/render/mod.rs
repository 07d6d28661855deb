//! RENDER: pages become HTML.
//!
//! Comes in: the planned [`Site`](crate::site::Site); for a text its document,
//! overlay and places. Goes out: HTML, and what a template is given. Steps: what
//! stands over a text is woven in while its HTML is written ([`article`]); Markdown
//! of sidecars becomes HTML ([`markdown`]); what a page needs is gathered into a
//! [`context`]; the theme's [`template`] shows it. Every page is made with a [`press`].
//!
//! This room reads no file and finds no places.

mod fit;
mod highlight;
mod plural;
pub(crate) mod tongue;

pub mod article;
pub mod context;
pub mod date;
pub mod elements;
pub mod html;
pub mod margin;
pub mod markdown;
pub mod picture;
pub mod press;
pub mod prose;
pub mod template;
pub mod title;
pub mod words;
