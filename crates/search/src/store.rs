//! Texts as they are shown, some 14 KB a file.
//!
//! Segments that follow each other make a group of about a megabyte; the
//! manifest lists the groups. In a group each file has the same number of
//! segments, so that the engine knows from a segment's number in which file it
//! is, and asks for it without looking anywhere else.

use rayon::prelude::*;

use crate::files::Files;
use crate::scratch::Scratch;
use crate::shard::{put_aside, spread};
use postil_archive::diagnostic::Error;

/// Bytes of text in a file, more or less.
const TEXT_PER_FILE: usize = 14 * 1024;
/// One segment in so many opens a group.
const SEGMENTS_PER_GROUP: u32 = 192;
/// Most segments of a file: entries of a glossary are short.
const MOST_PER_FILE: usize = 64;

/// A segment to be shown.
#[derive(Debug)]
pub struct Shown {
    /// A hash of what is unique to it: address and place in its text.
    pub hash: u32,
    /// Where its record, a literal, lies in the scratch.
    pub at: u64,
    /// Bytes of the record.
    pub length: u32,
    /// Bytes of its text.
    pub bytes: u32,
}

impl Shown {
    /// What groups are cut by.
    pub fn hash(address: &str, at: usize) -> u32 {
        spread(&format!("{address}#{at}"))
    }
}

/// Writes the texts: for each group its first segment, segments in a file, and name.
pub fn texts<'a>(
    segments: impl Iterator<Item = &'a [Shown]>,
    scratch: &dyn Scratch,
    files: &Files<'_>,
) -> Result<Vec<(usize, usize, String)>, Error> {
    let segments: Vec<&Shown> = segments.flatten().collect();
    let mut groups: Vec<(usize, &[&Shown])> = Vec::new();
    let mut first = 0;
    for at in 1..=segments.len() {
        if at == segments.len() || segments[at].hash.is_multiple_of(SEGMENTS_PER_GROUP) {
            groups.push((first, &segments[first..at]));
            first = at;
        }
    }
    let write = |(first, group): (usize, &[&Shown])| {
        let bytes: usize = group.iter().map(|s| s.bytes as usize).sum();
        let each = (group.len() * TEXT_PER_FILE / bytes.max(1)).clamp(1, MOST_PER_FILE);
        let values: Vec<String> =
            group.chunks(each).map(|part| value(part, scratch)).collect::<Result<_, _>>()?;
        Ok((first, each, files.add_all('d', &values)?))
    };
    groups.into_par_iter().map(write).collect()
}

fn value(segments: &[&Shown], scratch: &dyn Scratch) -> Result<String, Error> {
    let mut value = String::from("[");
    for segment in segments {
        if value.len() > 1 {
            value.push(',');
        }
        let record = scratch.read(segment.at, segment.length as usize).map_err(put_aside)?;
        value.push_str(std::str::from_utf8(&record).expect("it was put there as text"));
    }
    value.push(']');
    Ok(value)
}
