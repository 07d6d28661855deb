//! Postings of many texts, gathered form by form until there is no more room.
//!
//! Each form has one growing list of bytes: its hits, text after text. When the
//! lists have grown to the budget they are written to the scratch, sorted by
//! stem: a *run*. `merge` reads the runs side by side.

use std::io;

use rustc_hash::FxHashMap;

use crate::search::scratch::Scratch;
use crate::search::script::varint;
use crate::search::stem::Stemming;
use crate::search::text::{Place, TextPostings, better};

/// Bytes of a run that are read at a time.
const CHUNK: usize = 256 * 1024;
/// What a form costs beside its bytes.
const OVERHEAD: usize = 160;

/// Forms with their hits.
#[derive(Debug, Default)]
pub struct Heap {
    ids: FxHashMap<(Box<str>, Stemming), u32>,
    lists: Vec<List>,
    /// Bytes held, more or less.
    size: usize,
}

#[derive(Debug, Default)]
struct List {
    surface: Option<Box<str>>,
    count: u64,
    hits: Vec<u8>,
}

/// A sorted part of the postings.
#[derive(Debug)]
pub struct Run {
    chunks: Vec<Chunk>,
}

#[derive(Debug)]
enum Chunk {
    Held(Vec<u8>),
    Aside { at: u64, length: usize },
}

impl Heap {
    /// Takes in a text under a number of its own.
    pub fn add(&mut self, text: u32, postings: TextPostings) {
        let TextPostings { forms, hits, positions: all, places, .. } = postings;
        for form in forms {
            // Nobody looks for the places of a word like `of`.
            let is_function_word = form.stemming.is_function_word(&form.form);
            let length = form.form.len();
            let id = *self.ids.entry((form.form, form.stemming)).or_insert_with(|| {
                self.lists.push(List::default());
                self.size += OVERHEAD + length;
                self.lists.len() as u32 - 1
            });
            let list = &mut self.lists[id as usize];
            let spelt = !form.surface.is_empty();
            if spelt {
                better(&mut list.surface, &form.surface);
            }
            let before = list.hits.len();
            for hit in &hits[form.hits.start as usize..form.hits.end as usize] {
                list.count += u64::from(hit.text) + u64::from(hit.notes);
                for number in [text, hit.segment, hit.text, hit.notes] {
                    varint(&mut list.hits, number);
                }
                let positions = match is_function_word {
                    true => &[],
                    false => &all[hit.positions.start as usize..hit.positions.end as usize],
                };
                rising(&mut list.hits, positions);
                let own = if spelt { blocks(&places, hit.segment, positions) } else { Vec::new() };
                rising(&mut list.hits, &own);
            }
            self.size += list.hits.len() - before;
        }
    }

    /// Bytes held, more or less.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Empties the heap into a run; with a scratch, the run is put there.
    pub fn run(&mut self, scratch: Option<&dyn Scratch>) -> io::Result<Run> {
        let heap = std::mem::take(self);
        let mut keys: Vec<(String, Stemming, Box<str>, u32)> = heap
            .ids
            .into_iter()
            .map(|((form, stemming), id)| (stemming.stem(&form), stemming, form, id))
            .collect();
        keys.sort_unstable();
        let mut lists = heap.lists;
        let mut run = Run { chunks: Vec::new() };
        let mut chunk = Vec::new();
        for (stem, stemming, form, id) in keys {
            let list = std::mem::take(&mut lists[id as usize]);
            let mut record = Vec::with_capacity(list.hits.len() + 64);
            bytes(&mut record, stem.as_bytes());
            record.push(stemming.number());
            bytes(&mut record, form.as_bytes());
            bytes(&mut record, list.surface.unwrap_or_default().as_bytes());
            record.extend_from_slice(&list.count.to_le_bytes());
            record.extend_from_slice(&list.hits);
            bytes(&mut chunk, &record);
            if chunk.len() >= CHUNK {
                run.push(std::mem::take(&mut chunk), scratch)?;
            }
        }
        run.push(chunk, scratch)?;
        Ok(run)
    }
}

impl Run {
    fn push(&mut self, chunk: Vec<u8>, scratch: Option<&dyn Scratch>) -> io::Result<()> {
        self.chunks.push(match scratch {
            None => Chunk::Held(chunk),
            Some(scratch) => Chunk::Aside { at: scratch.append(&chunk)?, length: chunk.len() },
        });
        Ok(())
    }
}

/// Appends bytes with their number before them.
fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, bytes.len() as u32);
    out.extend_from_slice(bytes);
}

/// Appends how many numbers, then each as its distance from the one before.
fn rising(out: &mut Vec<u8>, numbers: &[u32]) {
    varint(out, numbers.len() as u32);
    let mut last = 0;
    for &number in numbers {
        varint(out, number - last);
        last = number;
    }
}

/// Numbers of the blocks whose text has one of these positions, rising; positions of
/// labels, corrections and notes lie in none.
fn blocks(places: &[Place], segment: u32, positions: &[u32]) -> Vec<u32> {
    let mut found = Vec::new();
    for &position in positions {
        let at = places.partition_point(|p| (p.segment, p.positions.start) <= (segment, position));
        let Some(at) = at.checked_sub(1) else { continue };
        if places[at].segment == segment && places[at].positions.contains(&position) {
            found.push(at as u32);
        }
    }
    found.dedup();
    found
}

// ---- Reading runs ----

/// A form as it stands in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is sorted by first.
    pub stem: String,
    /// How it is stemmed.
    pub stemming: Stemming,
    /// The folded form.
    pub form: String,
    /// Its best spelling; possibly empty.
    pub surface: Box<str>,
    /// How often it occurs.
    pub count: u64,
    /// Its hits; see [`hits`].
    pub hits: Vec<u8>,
}

/// Reads a run from its beginning.
pub struct Reader<'a> {
    chunks: std::vec::IntoIter<Chunk>,
    scratch: &'a dyn Scratch,
    held: Vec<u8>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of a run.
    pub fn new(run: Run, scratch: &'a dyn Scratch) -> Self {
        Self { chunks: run.chunks.into_iter(), scratch, held: Vec::new(), at: 0 }
    }

    /// The next form; none at the end.
    pub fn record(&mut self) -> io::Result<Option<Record>> {
        while self.at >= self.held.len() {
            match self.chunks.next() {
                None => return Ok(None),
                Some(Chunk::Held(bytes)) => self.held = bytes,
                Some(Chunk::Aside { at, length }) => self.held = self.scratch.read(at, length)?,
            }
            self.at = 0;
        }
        let mut whole = Bytes { bytes: &self.held, at: self.at };
        let mut record = Bytes { bytes: whole.slice(), at: 0 };
        self.at = whole.at;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let stem = text(record.slice());
        let stemming = Stemming::numbered(record.byte());
        let form = text(record.slice());
        let surface = text(record.slice()).into_boxed_str();
        let count = (0..8).fold(0, |sum, i| sum | u64::from(record.byte()) << (8 * i));
        let hits = record.bytes[record.at..].to_vec();
        Ok(Some(Record { stem, stemming, form, surface, count, hits }))
    }
}

/// A hit of a form.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// Number of the text.
    pub text: u32,
    /// The segment, counted within the text.
    pub segment: u32,
    /// How often in the text.
    pub count: u32,
    /// How often in notes.
    pub notes: u32,
}

/// Calls `each` for each hit of a record, with its positions and with the numbers of its blocks.
pub fn hits(bytes: &[u8], mut each: impl FnMut(Hit, &mut Rising<'_, '_>, bool)) {
    let mut bytes = Bytes { bytes, at: 0 };
    while bytes.at < bytes.bytes.len() {
        let hit = Hit {
            text: bytes.number(),
            segment: bytes.number(),
            count: bytes.number(),
            notes: bytes.number(),
        };
        for is_positions in [true, false] {
            let left = bytes.number();
            let mut rising = Rising { bytes: &mut bytes, left, last: 0 };
            each(hit, &mut rising, is_positions);
            rising.for_each(drop);
        }
    }
}

/// Rising numbers.
pub struct Rising<'r, 'a> {
    bytes: &'r mut Bytes<'a>,
    left: u32,
    last: u32,
}

impl Iterator for Rising<'_, '_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        self.last += self.bytes.number();
        Some(self.last)
    }
}

struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    fn number(&mut self) -> u32 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return value;
            }
            shift += 7;
        }
    }

    fn slice(&mut self) -> &'a [u8] {
        let length = self.number() as usize;
        self.at += length;
        &self.bytes[self.at - length..self.at]
    }
}
