//! Postings of many texts, gathered until there is no more room.
//!
//! Hits go to the end of one log, text after text; each entry leads back to the
//! one before it of the same form. So a heap takes the memory that it says,
//! however many forms there are. When it has grown to the budget it is written
//! to the scratch, sorted by stem: a *run*. `merge` reads the runs side by side.

use std::io;
use std::ops::Range;

use hashbrown::HashTable;

use crate::search::scratch::Scratch;
use crate::search::script::varint;
use crate::search::stem::Stemming;
use crate::search::text::{NO_BLOCK, TextPostings, appended, better, hash, part};

/// Bytes of a run that are read at a time.
const CHUNK: usize = 256 * 1024;
/// Forms of which the entries are gathered at a time.
const TOGETHER: usize = 16;

/// Forms with their hits.
#[derive(Debug, Default)]
pub struct Heap {
    ids: HashTable<u32>,
    letters: String,
    forms: Vec<Known>,
    /// Entries: how far back the one before of its form begins (0 if there is
    /// none), number of bytes, bytes.
    log: Vec<u8>,
    /// An entry on its way to the log.
    entry: Vec<u8>,
}

#[derive(Debug)]
struct Known {
    form: Range<u32>,
    stemming: Stemming,
    is_function_word: bool,
    surface: Option<Box<str>>,
    /// Whether its best spelling is the form itself.
    is_plain: bool,
    count: u64,
    /// Where its last entry begins.
    last: Option<usize>,
}

/// A sorted part of the postings, in the scratch.
#[derive(Debug)]
pub struct Run {
    chunks: Vec<(u64, usize)>,
}

impl Heap {
    /// Takes in a text under a number of its own.
    pub fn add(&mut self, text: u32, postings: &TextPostings) {
        let TextPostings { letters, forms, hits, positions: all, .. } = postings;
        // By themselves, so that a processor looks up the next while it waits for the memory of one.
        let ids: Vec<usize> =
            forms.iter().map(|form| self.id(part(letters, &form.form), form.stemming)).collect();
        for (form, id) in forms.iter().zip(ids) {
            let Self { forms, log, entry, .. } = self;
            let known = &mut forms[id];
            let (own, surface) = (part(letters, &form.form), part(letters, &form.surface));
            let spelt = !surface.is_empty();
            // Most words are best spelt as they are folded: then the other spelling need not come from memory.
            if spelt && !(known.is_plain && surface == own) {
                better(&mut known.surface, surface);
                known.is_plain = known.surface.as_deref() == Some(own);
            }
            entry.clear();
            for hit in &hits[form.hits.start as usize..form.hits.end as usize] {
                known.count += u64::from(hit.text) + u64::from(hit.notes);
                for number in [text, hit.segment, hit.text, hit.notes] {
                    varint(entry, number);
                }
                // Nobody looks for the places of a word like `of`.
                let positions = match known.is_function_word {
                    true => &[],
                    false => &all[hit.positions.start as usize..hit.positions.end as usize],
                };
                rising(entry, positions.len(), positions.iter().map(|&(position, _)| position));
                let blocks = || {
                    let runs = positions.chunk_by(|a, b| a.1 == b.1).map(|run| run[0].1);
                    runs.filter(|&block| spelt && block != NO_BLOCK)
                };
                rising(entry, blocks().count(), blocks());
            }
            let at = log.len();
            varint(
                log,
                u32::try_from(known.last.map_or(0, |last| at - last)).expect("heaps are far smaller"),
            );
            bytes(log, entry);
            known.last = Some(at);
        }
    }

    fn id(&mut self, form: &str, stemming: Stemming) -> usize {
        let Self { ids, letters, forms, .. } = self;
        let same = |&id: &u32| {
            let known = &forms[id as usize];
            known.stemming == stemming && part(letters, &known.form) == form
        };
        let own = hash(form, stemming);
        if let Some(&id) = ids.find(own, same) {
            return id as usize;
        }
        let again = |&id: &u32| {
            let known = &forms[id as usize];
            hash(part(letters, &known.form), known.stemming)
        };
        ids.insert_unique(own, forms.len() as u32, again);
        forms.push(Known {
            form: appended(letters, form),
            stemming,
            is_function_word: stemming.is_function_word(form),
            surface: None,
            is_plain: false,
            count: 0,
            last: None,
        });
        forms.len() - 1
    }

    /// Bytes held, more or less.
    pub fn size(&self) -> usize {
        // A form has its row, its places in the table, and mostly a spelling of its own.
        self.log.len() + self.letters.len() + self.forms.len() * (size_of::<Known>() + 48)
    }

    /// Puts all of it into the scratch as a run.
    pub fn run(mut self, scratch: &dyn Scratch) -> io::Result<Run> {
        self.ids = HashTable::new();
        let Self { letters, forms, log, .. } = &self;
        let mut sorted: Vec<(String, &Known)> =
            forms.iter().map(|known| (known.stemming.stem(part(letters, &known.form)), known)).collect();
        sorted.sort_unstable_by(|(a, x), (b, y)| {
            let key = |known: &Known| (known.stemming, part(letters, &known.form));
            a.cmp(b).then_with(|| key(x).cmp(&key(y)))
        });
        let mut run = Run { chunks: Vec::new() };
        let (mut chunk, mut record) = (Vec::new(), Vec::new());
        let mut entries: Vec<Vec<&[u8]>> = vec![Vec::new(); TOGETHER];
        for some in sorted.chunks(TOGETHER) {
            follow(log, some.iter().map(|(_, known)| known.last), &mut entries);
            for ((stem, known), entries) in some.iter().zip(&mut entries) {
                record.clear();
                bytes(&mut record, stem.as_bytes());
                record.push(known.stemming.number());
                bytes(&mut record, part(letters, &known.form).as_bytes());
                bytes(&mut record, known.surface.as_deref().unwrap_or_default().as_bytes());
                record.extend_from_slice(&known.count.to_le_bytes());
                entries.drain(..).rev().for_each(|entry| record.extend_from_slice(entry));
                bytes(&mut chunk, &record);
                if chunk.len() >= CHUNK {
                    run.chunks.push((scratch.append(&chunk)?, chunk.len()));
                    chunk.clear();
                }
            }
        }
        run.chunks.push((scratch.append(&chunk)?, chunk.len()));
        Ok(run)
    }
}

/// The entries of some forms, the last of each first, given where that begins. Of all a step at a time: where the
/// one before begins is known only when an entry has come from memory, and so several come at once.
fn follow<'l>(log: &'l [u8], last: impl Iterator<Item = Option<usize>>, entries: &mut [Vec<&'l [u8]>]) {
    let mut left: Vec<(usize, usize)> =
        last.enumerate().filter_map(|(form, last)| Some((form, last?))).collect();
    while !left.is_empty() {
        left.retain_mut(|(form, at)| {
            let mut entry = Bytes { bytes: log, at: *at };
            let back = entry.number() as usize;
            entries[*form].push(entry.slice());
            *at -= back;
            back > 0
        });
    }
}

/// Appends bytes with their number before them.
pub fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, bytes.len() as u32);
    out.extend_from_slice(bytes);
}

/// Appends how many numbers, then each as its distance from the one before.
fn rising(out: &mut Vec<u8>, count: usize, numbers: impl Iterator<Item = u32>) {
    varint(out, count as u32);
    let mut last = 0;
    for number in numbers {
        varint(out, number - last);
        last = number;
    }
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
    chunks: std::vec::IntoIter<(u64, usize)>,
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
                Some((at, length)) => self.held = self.scratch.read(at, length)?,
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

/// Reads what was written.
pub struct Bytes<'a> {
    /// What was written.
    pub bytes: &'a [u8],
    /// How far it is read.
    pub at: usize,
}

impl<'a> Bytes<'a> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    /// The next number in groups of seven bits.
    pub fn number(&mut self) -> u32 {
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

    /// The next bytes with their number before them.
    pub fn slice(&mut self) -> &'a [u8] {
        let length = self.number() as usize;
        self.at += length;
        &self.bytes[self.at - length..self.at]
    }
}
