//! Word groups and texts become files.
//!
//! | kind | file | holds |
//! | --- | --- | --- |
//! | `t` | terms | the name of its `q` file, then a line for each group whose home lies in it: forms, number of segments, postings, and a fourth field for function words; and `form`, `>home` for a form whose group's home lies elsewhere |
//! | `q` | positions | for each line of the `t` file the positions, or nothing |
//! | `p` | long list | postings or positions too long for the files above, which then say `@` and its name |
//! | `d` | texts | some 16 KB of segments as they are shown |
//! | `e` | directory | for some 64 `d` files: number of the first segment, name |
//! | `f` | filters | kinds, topics, speakers |
//!
//! Limits are drawn where a hash of a word or an address says so, hence a new
//! word changes the file it falls into and no other.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::search::lexicon::{Group, lexical};
use crate::search::script::{base64, literal, registration};

/// One form in so many opens a new file.
const FORMS_PER_FILE: u32 = 256;
/// Longer lists, as base64, have a file of their own.
const LONG_LIST: usize = 6 * 1024;
/// Bytes of text that a `d` file holds, on average.
const TEXT_PER_FILE: u32 = 16 * 1024;
/// One `d` file in so many opens a new directory.
const FILES_PER_DIRECTORY: u32 = 64;

/// The files of an index, by name.
#[derive(Debug, Default)]
pub struct Files {
    scripts: BTreeMap<String, String>,
}

impl Files {
    /// Adds a value and says its name: its kind and a hash.
    pub fn add(&mut self, kind: char, value: &str) -> String {
        let hash = Sha256::digest(value);
        let hex: String = hash[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{kind}{hex}");
        self.scripts.entry(name.clone()).or_insert_with(|| registration(&name, value));
        name
    }

    /// Bytes of all.
    pub fn size(&self) -> usize {
        self.scripts.values().map(String::len).sum()
    }

    /// All one after the other.
    pub fn together(&self) -> String {
        self.scripts.values().map(String::as_str).collect()
    }

    /// Path below the site's root and bytes of each. Two digits of the hash
    /// are a folder, so that none holds more than a few hundred files.
    pub fn apart(self) -> impl Iterator<Item = (String, Vec<u8>)> {
        self.scripts.into_iter().map(|(name, script)| {
            let (kind, hash) = name.split_at(1);
            (format!("search/{kind}/{}/{hash}.js", &hash[..2]), script.into_bytes())
        })
    }
}

/// Writes the lexicon; the first form of each file, and the file's name.
pub fn terms(mut groups: Vec<Group>, files: &mut Files) -> Vec<(String, String)> {
    groups.sort_by(|a, b| lexical(a.home(), b.home()).then_with(|| a.forms.cmp(&b.forms)));
    let mut limits: Vec<&str> = vec![""];
    limits.extend(
        groups
            .iter()
            .flat_map(|g| &g.forms)
            .map(String::as_str)
            .filter(|f| spread(f).is_multiple_of(FORMS_PER_FILE)),
    );
    limits.sort_by(|a, b| lexical(a, b));
    limits.dedup();
    let file_of = |form: &str| limits.partition_point(|limit| lexical(limit, form).is_le()) - 1;

    let mut shards: Vec<Vec<Line<'_>>> = limits.iter().map(|_| Vec::new()).collect();
    for group in &groups {
        let home = group.home();
        let at = file_of(home);
        shards[at].push(Line { first: home, group: Some(group), home });
        for form in &group.forms {
            if file_of(form) != at {
                shards[file_of(form)].push(Line { first: form, group: None, home });
            }
        }
    }
    let names = shards.into_iter().map(|lines| term_file(lines, files));
    limits.iter().map(|limit| (*limit).to_owned()).zip(names.collect::<Vec<_>>()).collect()
}

/// A line of a `t` file: a group, or where it is.
struct Line<'a> {
    first: &'a str,
    group: Option<&'a Group>,
    home: &'a str,
}

fn term_file(mut lines: Vec<Line<'_>>, files: &mut Files) -> String {
    lines.sort_by(|a, b| lexical(a.first, b.first).then(b.group.is_some().cmp(&a.group.is_some())));
    let mut terms = vec![String::new()];
    let mut positions = Vec::new();
    for line in lines {
        match line.group {
            None => {
                terms.push(format!("{}\t>{}", line.first, line.home));
                positions.push(String::new());
            }
            Some(group) => {
                let postings = list(&group.postings, files);
                let forms = group.forms.join(" ");
                let common = if group.is_function_word { "\tf" } else { "" };
                terms.push(format!("{forms}\t{}\t{postings}{common}", group.segments));
                positions.push(list(&group.positions, files));
            }
        }
    }
    if positions.iter().any(|list| !list.is_empty()) {
        terms[0] = files.add('q', &literal(&positions));
    }
    files.add('t', &literal(&terms))
}

/// A list as base64, or where it is.
fn list(bytes: &[u8], files: &mut Files) -> String {
    let written = base64(bytes);
    if written.len() <= LONG_LIST {
        return written;
    }
    format!("@{}", files.add('p', &literal(&written)))
}

/// A segment to be shown.
#[derive(Debug)]
pub struct Shown<'a> {
    /// Unique to it: address and place in its text.
    pub key: String,
    /// Its record, a literal.
    pub record: &'a str,
    /// Bytes of its text.
    pub bytes: usize,
}

/// Writes the texts; the first segment of each directory, and the directory's name.
pub fn texts(segments: &[Shown<'_>], files: &mut Files) -> Vec<(usize, String)> {
    let mut packs: Vec<(usize, String)> = Vec::new();
    let mut directories: Vec<(usize, String)> = Vec::new();
    let mut first = 0;
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        if !last && (spread(&segment.key) % TEXT_PER_FILE) as usize >= segment.bytes {
            continue;
        }
        let records: Vec<&str> = segments[first..=at].iter().map(|s| s.record).collect();
        packs.push((first, files.add('d', &format!("[{}]", records.join(",")))));
        if last || spread(&segments[first].key).is_multiple_of(FILES_PER_DIRECTORY) {
            directories.push((packs[0].0, files.add('e', &literal(&packs))));
            packs.clear();
        }
        first = at + 1;
    }
    directories
}

/// A hash that stays the same in every version of postil: FNV-1a, mixed by the
/// last steps of MurmurHash3 because remainders are taken of it.
fn spread(key: &str) -> u32 {
    let fnv = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let mut hash = key.bytes().fold(0x811C_9DC5, fnv);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_word_changes_one_file_of_terms() {
        let groups = |more: Option<&str>| -> Vec<Group> {
            let words = (0..5_000).map(|i| format!("word{i}")).chain(more.map(str::to_owned));
            words.map(|word| Group::mark(word, &[1, 5])).collect()
        };
        let mut before = Files::default();
        let limits = terms(groups(None), &mut before);
        assert!((10..=35).contains(&limits.len()), "{}", limits.len());
        let mut after = Files::default();
        terms(groups(Some("word77a")), &mut after);
        let changed = after.scripts.keys().filter(|name| !before.scripts.contains_key(*name)).count();
        assert_eq!(changed, 1);
    }

    #[test]
    fn a_changed_text_changes_its_file_and_directory() {
        let keys: Vec<String> = (0..5_000).map(|i| format!("texts/{i}.html")).collect();
        let write = |changed: usize| {
            let record = |i| if i == changed { "[\"new\"]".to_owned() } else { format!("[{i}]") };
            let records: Vec<String> = (0..keys.len()).map(record).collect();
            let shown: Vec<_> = keys
                .iter()
                .zip(&records)
                .map(|(key, record)| Shown { key: key.clone(), record, bytes: 6_000 })
                .collect();
            let mut files = Files::default();
            texts(&shown, &mut files);
            files.scripts
        };
        let (before, after) = (write(usize::MAX), write(2_500));
        let changed = after.keys().filter(|name| !before.contains_key(*name));
        assert_eq!(changed.map(|name| &name[..1]).collect::<Vec<_>>(), ["d", "e"]);
        let packs = before.keys().filter(|name| name.starts_with('d')).count();
        assert!((1_200..2_600).contains(&packs), "{packs}");
    }
}
