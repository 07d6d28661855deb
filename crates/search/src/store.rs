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
use crate::text::Class;
use postil_archive::diagnostic::Error;

/// Bytes of text in a file, more or less.
const TEXT_PER_FILE: usize = 14 * 1024;
/// The same where there is so little that ten results are of most of it: to ask for a file takes longer than to load it.
const TEXT_PER_FILE_OF_LITTLE: usize = 28 * 1024;
const LITTLE: usize = 256 * 1024;
/// One segment in so many opens a group.
const SEGMENTS_PER_GROUP: u32 = 192;
/// Most segments of a file: entries of a glossary are short.
const MOST_PER_FILE: usize = 128;

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

/// Writes the texts, or what else there is of each segment, as files of a kind: for each group its first segment,
/// segments in a file, and name. Each stretch of segments comes with its class: no group holds texts, which are long,
/// and entries of a glossary, which are short.
pub fn texts<'a>(
    kind: char,
    segments: impl Iterator<Item = (Class, &'a [Shown])>,
    scratch: &dyn Scratch,
    files: &Files<'_>,
) -> Result<Vec<(usize, usize, String)>, Error> {
    let (classes, segments): (Vec<Class>, Vec<&Shown>) =
        segments.flat_map(|(class, own)| own.iter().map(move |shown| (class, shown))).unzip();
    let mut groups: Vec<(usize, &[&Shown])> = Vec::new();
    let mut first = 0;
    for at in 1..=segments.len() {
        let is_first_guide = |at: usize| classes[at] != Class::Text && classes[at - 1] == Class::Text;
        let ends = at == segments.len() || is_first_guide(at);
        if ends || segments[at].hash.is_multiple_of(SEGMENTS_PER_GROUP) {
            groups.push((first, &segments[first..at]));
            first = at;
        }
    }
    let write = |(first, group): (usize, &[&Shown])| {
        let bytes: usize = group.iter().map(|s| s.bytes as usize).sum();
        let per_file = if bytes < LITTLE { TEXT_PER_FILE_OF_LITTLE } else { TEXT_PER_FILE };
        let each = (group.len() * per_file / bytes.max(1)).clamp(1, MOST_PER_FILE);
        let values: Vec<String> =
            group.chunks(each).map(|part| value(part, scratch)).collect::<Result<_, _>>()?;
        Ok((first, each, files.add_all(kind, &values)?))
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
