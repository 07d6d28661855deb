//! Promises, each attacked with any bytes whatever: `fuzz/` lets a fuzzer look for bytes that break one,
//! `attacked` tries bytes by a seed. One body for both.
//!
//! Several files in one input are parted by a byte that no file needs ([`PARTED`]); the seeds show what
//! each attack takes.

mod adopting;
mod bringing_in;
mod folding;
mod front_matter;
mod importing;
mod pages;
mod searching;
mod sidecars;

use std::collections::BTreeMap;

use postil_archive::archive::{Archive, DefaultTheme};

/// What parts an input into files.
pub(crate) const PARTED: u8 = 0x1e;
/// Bytes of an input that are looked at: what breaks with more breaks with fewer, or by size, which others try.
const MOST: usize = 4096;

/// A promise, and how it is attacked.
pub(crate) struct Attack {
    /// The name of the target.
    pub(crate) name: &'static str,
    /// Tries these bytes; panics if the promise is broken.
    pub(crate) try_with: fn(&[u8]),
    /// Where to begin.
    pub(crate) seeds: &'static [&'static str],
    /// How many inputs are tried in the time of one of the dearest.
    pub(crate) cheap: usize,
}

/// All of them.
pub(crate) static ATTACKS: [Attack; 8] = [
    sidecars::ATTACK,
    pages::ATTACK,
    front_matter::ATTACK,
    importing::ATTACK,
    bringing_in::ATTACK,
    searching::ATTACK,
    folding::ATTACK,
    adopting::ATTACK,
];

/// The files of an input; those that it lacks are empty.
fn parts<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut parts = bytes[..bytes.len().min(MOST)].splitn(N, |&byte| byte == PARTED);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// A first byte that chooses, and the rest.
fn choice(bytes: &[u8]) -> (usize, &[u8]) {
    bytes.split_first().map_or((0, bytes), |(first, rest)| (usize::from(*first), rest))
}

/// An archive without a theme: pages are not asked for.
fn bare(files: BTreeMap<String, Vec<u8>>) -> postil_archive::diagnostic::Checked<Archive> {
    Archive::from_memory(files, &DefaultTheme::default())
}
