//! Reads the files of an index back, as their format says.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use postil::search::stem::Stemming;
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
                    assert_eq!(path, &format!("search/{}/{}/{}.js", &name[..1], &name[1..3], &name[1..]));
                    parts.insert(name, serde_json::from_str(value).unwrap());
                }
            }
        }
        let segments = manifest["ends"][0].as_u64().unwrap() as usize;
        let terms: Vec<(String, String)> = serde_json::from_value(manifest["terms"].take()).unwrap();
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
                assert!(first >= limit.as_str(), "{first} stands in the file of {limit}");
                if fields[1].starts_with('>') || first.contains([':', '=']) {
                    continue;
                }
                let list = self.list(fields[2]);
                assert_eq!(list.len(), fields[1].parse::<usize>().unwrap());
                let stem = Stemming::of("en").stem(first);
                assert!(postings.insert(stem, list).is_none(), "{first} has two lists");
            }
        }
        postings
    }

    fn list(&self, written: &str) -> Vec<(u32, u8, u8)> {
        let written = written.strip_prefix('@').map_or(written, |name| self.parts[name].as_str().unwrap());
        let bytes = BASE64_STANDARD_NO_PAD.decode(written).unwrap();
        let mut bytes = bytes.into_iter();
        let mut list = Vec::new();
        let mut segment = 0;
        while let Some(first) = bytes.next() {
            let (mut value, mut shift, mut byte) = (u32::from(first & 0x7F), 7, first);
            while byte >= 0x80 {
                byte = bytes.next().unwrap();
                value |= u32::from(byte & 0x7F) << shift;
                shift += 7;
            }
            segment += value >> 5;
            let notes = if value & 16 == 0 { 0 } else { bytes.next().unwrap() };
            list.push((segment, (value & 15) as u8, notes));
        }
        list
    }
}
