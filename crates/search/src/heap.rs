//! Postings of many texts, gathered until there is no more room.
//!
//! Hits go to the end of one log, text after text, each entry with the number of
//! its form. So a heap takes the memory that it says, however many forms there
//! are. When it has grown to the budget it is written to the scratch, sorted by
//! stem: a *run*. `merge` reads the runs side by side.

use std::io;
use std::ops::Range;

use hashbrown::HashTable;

use crate::scratch::Scratch;
use crate::script::varint;
use crate::stem::Stemming;
use crate::text::{NO_BLOCK, TextPostings, appended, better, hash, part};

/// The part of the log of which the entries are gathered at a time: it is read about so many times, however
/// long it is, and needs so much more memory.
const READINGS: usize = 8;

/// Forms with their hits.
#[derive(Debug, Default)]
pub struct Heap {
    ids: HashTable<u32>,
    letters: String,
    forms: Vec<Known>,
    /// Entries: the form's place among all, number of bytes, bytes.
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
    /// How its best spelling is told from the form, if it has one that is.
    spelt: Option<Spelt>,
    count: u64,
    /// Bytes of its entries.
    bytes: u32,
}

/// How a spelling is told from the form. Most words are spelt in one of two ways: then the spelling that is
/// known need not come from memory to be found the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelt {
    /// As the form is.
    Plain,
    /// With a capital in front.
    Capital,
}

impl Spelt {
    /// How, if it is one of the two ways.
    fn of(surface: &str, form: &str) -> Option<Self> {
        let (first, rest) = surface.as_bytes().split_first()?;
        let (own_first, own_rest) = form.as_bytes().split_first()?;
        let how = match first {
            first if first == own_first => Self::Plain,
            first if first.is_ascii_uppercase() && first.to_ascii_lowercase() == *own_first => Self::Capital,
            _ => return None,
        };
        (rest == own_rest).then_some(how)
    }
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
            let is_spelt = !surface.is_empty();
            let spelt = Spelt::of(surface, own);
            if is_spelt && (spelt.is_none() || spelt != known.spelt) {
                better(&mut known.surface, surface);
                known.spelt = known.surface.as_deref().and_then(|best| Spelt::of(best, own));
            }
            entry.clear();
            for hit in &hits[form.hits.start as usize..form.hits.end as usize] {
                known.count += u64::from(hit.text) + u64::from(hit.notes);
                let capitals = u32::from(hit.capitals[0]) | u32::from(hit.capitals[1]) << 1;
                for number in [text, hit.segment << 2 | capitals, hit.text, hit.notes] {
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
                    runs.filter(|&block| is_spelt && block != NO_BLOCK)
                };
                rising(entry, blocks().count(), blocks());
            }
            known.bytes += entry.len() as u32;
            varint(log, id as u32);
            bytes(log, entry);
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
            spelt: None,
            count: 0,
            bytes: 0,
        });
        forms.len() - 1
    }

    /// Bytes held, more or less.
    pub fn size(&self) -> usize {
        // A form has its row, its places in the table, and mostly a spelling of its own.
        self.log.len() + self.letters.len() + self.forms.len() * (size_of::<Known>() + 48)
    }

    /// Puts all of it into the scratch as a run, which is read `piece` bytes at a time, or a form if that has more.
    ///
    /// # Errors
    /// The scratch cannot be written.
    pub fn run(mut self, scratch: &dyn Scratch, piece: usize) -> io::Result<Run> {
        self.ids = HashTable::new();
        let Self { letters, forms, log, .. } = &self;
        let sorted = sorted(letters, forms);
        let mut gathering = Gathering::new(forms.len());
        let mut run = Run { chunks: Vec::new() };
        let (mut chunk, mut record) = (Vec::new(), Vec::new());
        let mut left = &sorted[..];
        while !left.is_empty() {
            let some;
            (some, left) = left.split_at(gathering.gather(log, forms, left));
            let mut entries = Bytes { bytes: &gathering.entries, at: 0 };
            for row in some {
                let known = &forms[row.id as usize];
                record.clear();
                bytes(&mut record, row.stem.as_bytes());
                record.push(known.stemming.number());
                bytes(&mut record, part(letters, &known.form).as_bytes());
                bytes(&mut record, known.surface.as_deref().unwrap_or_default().as_bytes());
                record.extend_from_slice(&known.count.to_le_bytes());
                record.extend_from_slice(entries.take(known.bytes as usize));
                bytes(&mut chunk, &record);
                if chunk.len() >= piece {
                    run.chunks.push((scratch.append(&chunk)?, chunk.len()));
                    chunk.clear();
                }
            }
        }
        if !chunk.is_empty() {
            run.chunks.push((scratch.append(&chunk)?, chunk.len()));
        }
        Ok(run)
    }
}

/// A form on its way into a run.
struct Row {
    /// The first bytes of the stem: most rows are in order by these, and no stem has to come from memory.
    first: u64,
    stem: String,
    id: u32,
}

/// Forms in the order of a run.
fn sorted(letters: &str, forms: &[Known]) -> Vec<Row> {
    let row = |(known, id): (&Known, u32)| {
        let stem = known.stemming.stem(part(letters, &known.form));
        let mut first = [0; 8];
        first.iter_mut().zip(stem.bytes()).for_each(|(first, byte)| *first = byte);
        Row { first: u64::from_be_bytes(first), stem, id }
    };
    let mut rows: Vec<Row> = forms.iter().zip(0..).map(row).collect();
    let own = |row: &Row| {
        let known = &forms[row.id as usize];
        (known.stemming, part(letters, &known.form))
    };
    rows.sort_unstable_by(|a, b| {
        a.first.cmp(&b.first).then_with(|| a.stem.cmp(&b.stem)).then_with(|| own(a).cmp(&own(b)))
    });
    rows
}

/// Entries of some forms, out of the log.
struct Gathering {
    /// Where the next entry of each form goes; nowhere for those whose turn it is not.
    next: Vec<u32>,
    entries: Vec<u8>,
}

impl Gathering {
    const NOWHERE: u32 = u32::MAX;

    fn new(forms: usize) -> Self {
        Self { next: vec![Self::NOWHERE; forms], entries: Vec::new() }
    }

    /// Gathers the entries of as many rows as there is room for, at least one, and says of how many.
    ///
    /// The log is read from its beginning to its end each time, which a processor does ahead. To follow
    /// the entries of one form would be less to read, but each would have to come from memory before the
    /// next is known.
    fn gather(&mut self, log: &[u8], forms: &[Known], rows: &[Row]) -> usize {
        let (mut size, mut count, room) = (0, 0, log.len() / READINGS);
        for row in rows {
            let more = forms[row.id as usize].bytes as usize;
            if count > 0 && size + more > room {
                break;
            }
            self.next[row.id as usize] = size as u32;
            size += more;
            count += 1;
        }
        self.entries.resize(size, 0);
        let mut log = Bytes { bytes: log, at: 0 };
        while log.at < log.bytes.len() {
            let next = &mut self.next[log.number() as usize];
            let entry = log.slice();
            if *next != Self::NOWHERE {
                self.entries[*next as usize..][..entry.len()].copy_from_slice(entry);
                *next += entry.len() as u32;
            }
        }
        rows[..count].iter().for_each(|row| self.next[row.id as usize] = Self::NOWHERE);
        count
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
        if self.at == self.held.len() {
            let Some((at, length)) = self.chunks.next() else { return Ok(None) };
            self.held = self.scratch.read(at, length)?;
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
    /// Whether the text, and whether a note, has it in capitals.
    pub capitals: [bool; 2],
}

/// Calls `each` for each hit of a record, with its positions and with the numbers of its blocks.
pub fn hits(bytes: &[u8], mut each: impl FnMut(Hit, &mut Rising<'_, '_>, bool)) {
    let mut bytes = Bytes { bytes, at: 0 };
    while bytes.at < bytes.bytes.len() {
        let (text, segment) = (bytes.number(), bytes.number());
        let hit = Hit {
            text,
            segment: segment >> 2,
            count: bytes.number(),
            notes: bytes.number(),
            capitals: [segment & 1 != 0, segment & 2 != 0],
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
    #[inline]
    pub fn number(&mut self) -> u32 {
        match self.byte() {
            byte @ ..0x80 => byte.into(),
            byte => self.longer(byte),
        }
    }

    /// A number that begins with a byte that is not all: few are so great.
    fn longer(&mut self, first: u8) -> u32 {
        let (mut value, mut shift) = (u32::from(first & 0x7F), 7);
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
        self.take(length)
    }

    /// So many bytes.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        self.at += length;
        &self.bytes[self.at - length..self.at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Memory;
    use crate::text::index_text;
    use crate::{Block, Entry};

    /// What a heap writes that took in these texts, one after the other.
    fn records(texts: &[&str]) -> Vec<Record> {
        let expected = records_by(texts, usize::MAX);
        for piece in [0, 1, 20, 50, 100, 1000] {
            assert_eq!(records_by(texts, piece), expected, "{piece} bytes at a time");
        }
        expected
    }

    fn records_by(texts: &[&str], piece: usize) -> Vec<Record> {
        let mut heap = Heap::default();
        for (text, number) in texts.iter().zip(0..) {
            let blocks = vec![Block { text: (*text).to_owned(), ..Block::default() }];
            heap.add(number, &index_text(&Entry { blocks, language: "en".to_owned(), ..Entry::default() }));
        }
        let scratch = Memory::default();
        let run = heap.run(&scratch, piece).unwrap();
        let mut reader = Reader::new(run, &scratch);
        std::iter::from_fn(|| reader.record().unwrap()).collect()
    }

    #[test]
    fn the_best_spelling_is_kept_in_whatever_order_they_come() {
        fn check(texts: &[&str], expected: &str) {
            let [record] = &records(texts)[..] else { panic!("{texts:?} is one word") };
            assert_eq!(&*record.surface, expected, "{texts:?}");
        }
        check(&["police", "Police"], "police");
        check(&["Police", "police"], "police");
        check(&["POLICE", "Police", "POLICE"], "Police");
        check(&["Police", "POLICE", "Police"], "Police");
        check(&["GLA", "GLA"], "GLA");
        check(&["O'Brien", "O\u{2019}Brien", "obrien"], "obrien");
        check(&["\u{c9}tude", "\u{e9}tude", "etude"], "etude");
    }

    #[test]
    fn of_nothing_there_is_nothing_to_read() {
        assert_eq!(records(&[]), []);
    }

    #[test]
    fn entries_come_by_form_and_in_the_order_of_the_texts() {
        // Far more than is gathered at a time, some of it of one form.
        let texts: Vec<String> = (0..60).map(|i| format!("all w{i} of n{} x{}", i % 7, i % 3)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let records = records(&texts);
        let keys: Vec<(&str, &str)> = records.iter().map(|r| (&*r.stem, &*r.form)).collect();
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(records.len(), 2 + 60 + 7 + 3);
        for record in &records {
            let mut found = Vec::new();
            hits(&record.hits, |hit, _, is_positions| {
                if is_positions {
                    found.push(hit.text as usize);
                }
            });
            let expected: Vec<usize> =
                (0..60).filter(|&i| texts[i].split(' ').any(|word| word == record.form)).collect();
            assert_eq!(found, expected, "{}", record.form);
        }
    }
}
