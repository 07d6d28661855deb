//! What is taken out of an archive's site in other forms.
//!
//! Comes in: finished files of the site, proved. Goes out: the same words in another form.
//!
//! 1. [`single`]: one page with all that it needs inside.
//!
//! It knows neither annotations nor templates, only what a browser would be given; it touches no disk.

pub mod single;
