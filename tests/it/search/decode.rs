//! Reads the files of an index back, as their format says.

use std::collections::BTreeMap;

use postil_search::stem::Stemming;
use serde_json::Value;

/// The parts of an index by name.
pub(super) struct Index {
    /// Segments of texts.
    pub(super) segments: usize,
    parts: BTreeMap<String, Value>,
    terms: Vec<(String, String)>,
}

impl Index {
    pub(super) fn read(files: &super::Files) -> Self {
        let mut parts = BTreeMap::new();
        let mut manifest = Value::Null;
        for (path, bytes) in files {
            for line in std::str::from_utf8(bytes).unwrap().lines() {
                if let Some(value) = line.strip_prefix("postilSearch.open(") {
                    manifest = serde_json::from_str(value.strip_suffix(");").unwrap()).unwrap();
                }
                if let Some(call) = line.strip_prefix("postilSearch.register(") {
                    let (name, value) = call.strip_suffix(");").unwrap().split_once(',').unwrap();
                    let name = name.trim_matches('"').to_owned();
                    if path != "search/index.js" {
                        assert_eq!(path, &format!("search/{}/{}/{}.js", &name[..1], &name[1..3], &name[1..]));
                    }
                    parts.insert(name, serde_json::from_str(value).unwrap());
                }
            }
        }
        let segments = manifest["ends"][0].as_u64().unwrap() as usize;
        let (forms, names): (String, String) = serde_json::from_value(manifest["terms"].take()).unwrap();
        let names =
            names.as_bytes().chunks(12).map(|name| format!("t{}", std::str::from_utf8(name).unwrap()));
        let terms: Vec<(String, String)> = forms.split(' ').map(str::to_owned).zip(names).collect();
        assert!(terms.is_sorted(), "files of terms are in order");
        Self { segments, parts, terms }
    }

    /// For each stem its segments with both impacts; marks left out.
    pub(super) fn postings(&self) -> BTreeMap<String, Vec<(u32, u8, u8)>> {
        let mut postings = BTreeMap::new();
        for (limit, name) in &self.terms {
            let lines = self.parts[name].as_array().unwrap();
            for line in lines[1..].iter().map(|line| line.as_str().unwrap()) {
                let fields: Vec<&str> = line.split('\t').collect();
                let first = fields[0].split(' ').min().unwrap();
                let last = fields[0].split(' ').max().unwrap();
                assert!(last >= limit.as_str(), "{last} stands in the file of {limit}");
                if first.starts_with('=') {
                    continue;
                }
                let flags = fields.get(4).copied().unwrap_or_default();
                let mut list = BTreeMap::<u32, (u8, u8)>::new();
                for (segment, impact) in self.list(fields[2], flags.contains('t')) {
                    list.entry(segment).or_default().0 = impact;
                }
                let notes = fields.get(3).copied().unwrap_or_default();
                for (segment, impact) in self.list(notes, flags.contains('n')) {
                    list.entry(segment).or_default().1 = impact;
                }
                let list: Vec<_> =
                    list.into_iter().map(|(segment, (text, notes))| (segment, text, notes)).collect();
                assert_eq!(list.len(), fields[1].parse::<usize>().unwrap());
                let stem = Stemming::of("en").stem(first);
                let other = postings.insert(stem.clone(), list);
                assert!(other.is_none_or(|other| other == postings[&stem]), "{first} has two lists");
            }
        }
        postings
    }

    /// A list, or all the blocks of a long one.
    fn list(&self, written: &str, is_long: bool) -> Vec<(u32, u8)> {
        if !is_long {
            return numbers(written, 0);
        }
        let mut fields = written.splitn(3, ';');
        let (directory, top, best) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        let mut names = directory.split(',');
        let shift: u32 = names.next().unwrap().parse().unwrap();
        let mut all = Vec::new();
        for (name, range) in names.zip(0..).filter(|(name, _)| !name.is_empty()) {
            all.extend(numbers(self.parts[name][0].as_str().unwrap(), range << shift));
        }
        for posting in numbers(best, 0) {
            assert!(all.contains(&posting), "the best of a list are of the list");
        }
        if !top.is_empty() {
            let top = self.parts[top].as_array().unwrap();
            let rest = top[0].as_u64().unwrap() as u8;
            let most = all.iter().map(|posting| posting.1).max().unwrap();
            let expected: Vec<_> =
                all.iter().filter(|posting| posting.1 > rest.min(most - 1)).take(8_192).copied().collect();
            assert_eq!(numbers(top[1].as_str().unwrap(), 0), expected, "all that count more than the rest");
        }
        all
    }
}

/// Postings from `next` on.
fn numbers(written: &str, mut next: u32) -> Vec<(u32, u8)> {
    let symbols: Vec<u8> = (b' '..=b'~').filter(|byte| !b"\"\\<".contains(byte)).collect();
    let mut high = 0;
    let mut list = Vec::new();
    for byte in written.bytes() {
        let value = symbols.iter().position(|&symbol| symbol == byte).unwrap() as u32;
        if value >= 60 {
            high = high * 32 + value - 60;
        } else {
            let segment = next + high * 4 + value / 15;
            list.push((segment, (value % 15) as u8 + 1));
            (next, high) = (segment + 1, 0);
        }
    }
    list
}
