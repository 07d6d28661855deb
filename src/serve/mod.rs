//! SERVE: the site from memory, made anew whenever a file changes.
//!
//! Comes in: the archive again and again, requests of a browser. Goes out: the
//! bytes of the last good build, with a script that reloads the page and shows
//! what is wrong ([`page`]). The script and its style are this room's own: they
//! are put in when a page is sent, and are in no build.
//!
//! Steps: something changes on the disk ([`watch`]); the site is made anew, or
//! stays as it was ([`stage`]); requests are answered from what is there
//! ([`answer`]), over HTTP ([`http`]).
//!
//! Only files of the build are ever sent: no request opens a path. Requests that
//! come by another name than the server's own are refused, so that no page of the
//! web can read drafts through the reader's browser.

pub mod answer;
pub mod http;
pub mod page;
pub mod stage;
pub mod watch;

#[cfg(test)]
mod tests;
