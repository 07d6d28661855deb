//! All postings become the files of `search/`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::search::lexicon::{Group, words};
use crate::search::script::literal;
use crate::search::shard::{Files, Shown, terms, texts};
use crate::search::text::{Class, TextPostings, index_guide};
use crate::search::{Guide, Named};

/// What reads the index in the browser, as it is maintained.
const ENGINE: &str = concat!(
    include_str!("engine/words.js"),
    include_str!("engine/parts.js"),
    include_str!("engine/query.js"),
    include_str!("engine/passages.js"),
    include_str!("engine/find.js"),
);

/// Version of the format; the engine is of the same.
const VERSION: u32 = 1;

/// How the index is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Up to this many bytes the whole index is one file.
    pub together: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { together: 256 * 1024 }
    }
}

/// What the engine reads first.
#[derive(Serialize)]
struct Manifest {
    version: u32,
    /// Segments of texts, terms and topics: where each class ends.
    ends: [u32; 3],
    /// First form and name of each file of terms.
    terms: Vec<(String, String)>,
    /// First segment and name of each directory of texts.
    texts: Vec<(usize, String)>,
    /// Name of the file of filters.
    filters: String,
    /// Each year that texts are from, with its first segment; last, with no
    /// year, the first segment without a date.
    years: Vec<(Option<i32>, u32)>,
}

/// Writes the index: path below the site's root, and bytes, sorted by path.
///
/// `search/index.js` is the one that the search page asks for. The order of
/// `parts` and `guides` does not matter.
pub fn assemble(parts: &[TextPostings], guides: &[Guide], options: &Options) -> Vec<(String, Vec<u8>)> {
    let guides: Vec<TextPostings> = guides.iter().map(index_guide).collect();
    let mut all: Vec<&TextPostings> = parts.iter().chain(&guides).collect();
    all.sort_by(|a, b| a.order.cmp(&b.order));
    let mut first = Vec::with_capacity(all.len());
    let mut segments = 0;
    for part in &all {
        first.push(segments);
        segments += part.segments.len() as u32;
    }

    let mut files = Files::default();
    let mut groups = words(&all, &first);
    groups.extend(marks(&all, &first));
    let manifest = Manifest {
        version: VERSION,
        ends: [Class::Text, Class::Term, Class::Topic].map(|class| end(&all, &first, segments, class)),
        terms: terms(groups, &mut files),
        texts: texts(&shown(&all), &mut files),
        filters: files.add('f', &filters(&all)),
        years: years(&all, &first, segments),
    };
    let mut index = format!("{}postilSearch.open({});\n", engine(), literal(&manifest));
    if index.len() + files.size() <= options.together {
        index.push_str(&files.together());
        return vec![("search/index.js".to_owned(), index.into_bytes())];
    }
    let mut written: Vec<(String, Vec<u8>)> = files.apart().collect();
    written.push(("search/index.js".to_owned(), index.into_bytes()));
    written.sort();
    written
}

/// The engine without comments and indentation, a third of it: every reader
/// who searches loads it. All comments of its files stand on lines of their own.
fn engine() -> String {
    let lines = ENGINE.lines().map(str::trim_start);
    let code =
        lines.filter(|line| !line.is_empty() && !["//", "/*", "*"].iter().any(|mark| line.starts_with(mark)));
    code.flat_map(|line| [line, "\n"]).collect()
}

/// The segment after the last of a class.
fn end(all: &[&TextPostings], first: &[u32], segments: u32, class: Class) -> u32 {
    all.iter().zip(first).find(|(part, _)| part.order.class > class).map_or(segments, |(_, &first)| first)
}

fn years(all: &[&TextPostings], first: &[u32], segments: u32) -> Vec<(Option<i32>, u32)> {
    let mut years: Vec<(Option<i32>, u32)> = Vec::new();
    for (part, &first) in all.iter().zip(first).filter(|(part, _)| part.order.class == Class::Text) {
        let year = part.order.date.as_ref().map(|date| date.year);
        if years.last().is_none_or(|&(last, _)| last != year) {
            years.push((year, first));
        }
    }
    if years.last().is_none_or(|(year, _)| year.is_some()) {
        years.push((None, end(all, first, segments, Class::Text)));
    }
    years
}

fn shown<'a>(all: &[&'a TextPostings]) -> Vec<Shown<'a>> {
    let segments = all.iter().flat_map(|part| part.segments.iter().enumerate().map(move |s| (part, s)));
    segments
        .map(|(part, (at, segment))| Shown {
            key: format!("{}#{at}", part.order.address),
            record: &segment.record,
            bytes: segment.bytes,
        })
        .collect()
}

/// Filters and names of terms, as groups beside the words: their names hold a
/// `:` or a `=`, which no word does.
fn marks(all: &[&TextPostings], first: &[u32]) -> Vec<Group> {
    let mut marks = BTreeMap::<String, BTreeSet<u32>>::new();
    for (part, first) in all.iter().zip(first) {
        for mark in &part.marks {
            let segments = mark.segments.iter().map(|segment| first + segment);
            marks.entry(format!("{}:{}", mark.facet, mark.value.slug)).or_default().extend(segments);
        }
        for name in &part.names {
            marks.entry(format!("={name}")).or_default().insert(*first);
        }
    }
    marks
        .into_iter()
        .map(|(name, segments)| Group::mark(name, &segments.into_iter().collect::<Vec<_>>()))
        .collect()
}

/// For each filter its values: slug, label, how many texts.
fn filters(all: &[&TextPostings]) -> String {
    let mut filters = BTreeMap::<&str, BTreeMap<&Named, u32>>::new();
    for mark in all.iter().flat_map(|part| &part.marks) {
        *filters.entry(mark.facet).or_default().entry(&mark.value).or_default() += 1;
    }
    let values = |values: &BTreeMap<&Named, u32>| -> Vec<(String, String, u32)> {
        values.iter().map(|(named, &texts)| (named.slug.clone(), named.label.clone(), texts)).collect()
    };
    literal(&filters.iter().map(|(facet, named)| (*facet, values(named))).collect::<Vec<_>>())
}
