//! What results can be narrowed to: kinds, collections, topics, speakers; and which segments have notes.
//!
//! | kind | file | holds |
//! | --- | --- | --- |
//! | `f` | filters | each filter with its values: slug, label, number of texts |
//! | `c` | column | for a range of segments, where texts begin, and for each filter its values with their segments |
//!
//! Segments are in order of date, so a range is a stretch of time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Named;
use crate::code::put_rising;
use crate::files::Files;
use crate::script::literal;
use postil_archive::diagnostic::Error;

/// Segments of a column, as a power of two.
pub const COLUMN: u32 = 14;

/// Values by their number, with their segments as characters.
type Lists = Vec<(usize, String)>;

/// What results are narrowed by, in the order of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facet {
    /// A folder of texts.
    Collection,
    /// Whether a segment has notes.
    In,
    /// A kind of texts.
    Kind,
    /// Who speaks.
    Speaker,
    /// A topic.
    Topic,
}

/// Values with the segments that have them.
#[derive(Debug, Default)]
pub struct Facets {
    values: BTreeMap<(Facet, Named), (u32, Vec<u32>)>,
    starts: Vec<u32>,
}

impl Facets {
    /// A text begins at this segment; texts come in order.
    pub fn text(&mut self, first: u32) {
        self.starts.push(first);
    }

    /// A text has this value in these segments.
    pub fn add(&mut self, facet: Facet, value: &Named, segments: impl Iterator<Item = u32>) {
        let known = self.values.entry((facet, value.clone())).or_default();
        known.0 += 1;
        known.1.extend(segments);
    }

    /// Writes all: the name of the filters, and the names of the columns.
    pub fn write(mut self, files: &Files<'_>) -> Result<(String, Vec<String>), Error> {
        let mut filters: BTreeMap<Facet, Vec<(&str, &str, u32)>> = BTreeMap::new();
        for ((facet, value), (texts, segments)) in &mut self.values {
            segments.sort_unstable();
            segments.dedup();
            filters.entry(*facet).or_default().push((&value.slug, &value.label, *texts));
        }
        let filters = files.add('f', &literal(&filters.iter().collect::<Vec<_>>()))?;
        let columns = self.starts.last().map_or(0, |last| (last >> COLUMN) + 1);
        let last = self.values.values().filter_map(|(_, segments)| segments.last()).max();
        let columns = last.map_or(columns, |last| columns.max((last >> COLUMN) + 1));
        let names = (0..columns).map(|column| files.add('c', &self.column(column)));
        Ok((filters, names.collect::<Result<_, Error>>()?))
    }

    fn column(&self, column: u32) -> String {
        let within = |segments: &[u32]| {
            let from = segments.partition_point(|segment| segment >> COLUMN < column);
            let to = segments.partition_point(|segment| segment >> COLUMN <= column);
            let mut written = String::new();
            let base = column << COLUMN;
            put_rising(&mut written, segments[from..to].iter().map(|segment| (segment - base, 0)), 1);
            written
        };
        let mut facets: BTreeMap<Facet, (usize, Lists)> = BTreeMap::new();
        for ((facet, _), (_, segments)) in &self.values {
            let (count, lists) = facets.entry(*facet).or_default();
            let list = within(segments);
            if !list.is_empty() {
                lists.push((*count, list));
            }
            *count += 1;
        }
        let facets: Vec<_> = facets.into_iter().map(|(facet, (_, lists))| (facet, lists)).collect();
        literal(&(within(&self.starts), facets))
    }
}
