//! Runs are read side by side: all forms of a stem come together.

use std::io;

use crate::heap::{Reader, Record, Run};
use crate::scratch::Scratch;

/// Bytes of hits that are handed out at a time.
const BATCH: usize = 4 * 1024 * 1024;

/// Runs on their way to groups.
pub struct Merge<'a> {
    readers: Vec<(Option<Record>, Reader<'a>)>,
}

impl<'a> Merge<'a> {
    /// Begins with all runs.
    ///
    /// # Errors
    /// The scratch cannot be read.
    pub fn new(runs: Vec<Run>, scratch: &'a dyn Scratch) -> io::Result<Self> {
        let readers = runs.into_iter().map(|run| {
            let mut reader = Reader::new(run, scratch);
            Ok((reader.record()?, reader))
        });
        Ok(Self { readers: readers.collect::<io::Result<_>>()? })
    }

    /// The forms of some more stems; nothing at the end.
    ///
    /// # Errors
    /// The scratch cannot be read.
    pub fn batch(&mut self) -> io::Result<Vec<Vec<Record>>> {
        let mut batch = Vec::new();
        let mut size = 0;
        while size < BATCH {
            let heads = self.readers.iter().filter_map(|(head, _)| head.as_ref());
            let Some(least) = heads.min_by_key(|r| (&r.stem, r.stemming)) else { break };
            let (stem, stemming) = (least.stem.clone(), least.stemming);
            let mut group = Vec::new();
            for (head, reader) in &mut self.readers {
                while let Some(record) = head.take_if(|r| r.stem == stem && r.stemming == stemming) {
                    size += record.hits.len() + 64;
                    group.push(record);
                    *head = reader.record()?;
                }
            }
            batch.push(group);
        }
        Ok(batch)
    }
}
