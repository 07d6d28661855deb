//! Reads the files of an index back, as their format says.

use std::collections::BTreeMap;

use postil_search::stem::Stemming;
use serde_json::Value;

/// For each stem its segments with both impacts.
type Impacts = BTreeMap<String, Vec<(u32, u8, u8)>>;
/// For each form the segments whose text and whose notes have it.
type Forms = BTreeMap<String, [Vec<u32>; 2]>;

/// The parts of an index by name.
pub(crate) struct Index {
    /// Segments of texts.
    pub(crate) segments: usize,
    parts: BTreeMap<String, Value>,
    terms: Vec<(String, String)>,
}

impl Index {
    pub(crate) fn read(files: &super::built::Files) -> Self {
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
    pub(crate) fn postings(&self) -> Impacts {
        self.read_groups().0
    }

    /// For each form, and for stems in capitals (`STEM!`), the segments whose text and whose notes have it.
    pub(crate) fn forms(&self) -> Forms {
        self.read_groups().1
    }

    fn read_groups(&self) -> (Impacts, Forms) {
        let (mut postings, mut exact) = (BTreeMap::new(), BTreeMap::<String, [Vec<u32>; 2]>::new());
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
                let mut list = BTreeMap::<u32, [u8; 2]>::new();
                let forms: Vec<&str> = fields[0].split(' ').collect();
                let stem = Stemming::of("en").stem(first);
                let capitals = format!("{stem}!");
                let mut own: BTreeMap<&str, [Vec<u32>; 2]> = BTreeMap::new();
                for (side, flag) in ['t', 'n'].into_iter().enumerate() {
                    let field = |at: usize| fields.get(at).copied().unwrap_or_default();
                    let of = Group { forms: forms.len(), mostly_capitals: flags.contains('C') };
                    for (posting, has) in
                        self.list(field(2 + side), flags.contains(flag), field(6 + side), of)
                    {
                        list.entry(posting.0).or_default()[side] = posting.1;
                        let names = forms.iter().copied().chain([capitals.as_str()]);
                        for (name, _) in names.zip(has).filter(|(_, has)| *has) {
                            own.entry(name).or_default()[side].push(posting.0);
                        }
                    }
                }
                for (name, segments) in own {
                    let before = exact.insert(name.to_owned(), segments.clone());
                    assert!(before.is_none_or(|before| before == segments), "{name} is told in two ways");
                }
                let list: Vec<_> =
                    list.into_iter().map(|(segment, [text, notes])| (segment, text, notes)).collect();
                assert_eq!(list.len(), fields[1].parse::<usize>().unwrap());
                let other = postings.insert(stem.clone(), list);
                assert!(other.is_none_or(|other| other == postings[&stem]), "{first} has two lists");
            }
        }
        (postings, exact)
    }

    /// A list, or all the blocks of a long one, each posting with the forms that it has.
    fn list(&self, written: &str, is_long: bool, exact: &str, of: Group) -> Vec<(Posting, Vec<bool>)> {
        if !is_long {
            return of.postings(written, exact, 0);
        }
        let mut fields = written.splitn(3, ';');
        let (directory, top, best) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        let mut names = directory.split(',');
        let shift: u32 = names.next().unwrap().parse().unwrap();
        let mut all = Vec::new();
        for (name, range) in names.zip(0..).filter(|(name, _)| !name.is_empty()) {
            let [list, exact] = [0, 1].map(|at| self.parts[name][at].as_str().unwrap());
            all.extend(of.postings(list, exact, range << shift));
        }
        for posting in of.postings(best, exact, 0) {
            assert!(all.contains(&posting), "the best of a list are of the list");
        }
        if !top.is_empty() {
            let top = self.parts[top].as_array().unwrap();
            let rest = top[0].as_u64().unwrap() as u8;
            let most = all.iter().map(|(posting, _)| posting.1).max().unwrap();
            let is_more = |(posting, _): &&(Posting, _)| posting.1 > rest.min(most - 1);
            let expected: Vec<_> = all.iter().filter(is_more).take(8_192).cloned().collect();
            let [list, exact] = [1, 2].map(|at| top[at].as_str().unwrap());
            assert_eq!(of.postings(list, exact, 0), expected, "all that count more than the rest");
        }
        all
    }
}

/// A segment, and what a word counts there.
type Posting = (u32, u8);

/// What has to be known of a group to read its lists.
#[derive(Clone, Copy)]
struct Group {
    forms: usize,
    mostly_capitals: bool,
}

impl Group {
    /// Postings from `next` on, each with the forms that it has, and whether in capitals.
    fn postings(self, written: &str, exact: &str, mut next: u32) -> Vec<(Posting, Vec<bool>)> {
        let lacks: Vec<bool> =
            (0..=self.forms).map(|at| at == 0 || at == self.forms && self.mostly_capitals).collect();
        let mut list = Vec::new();
        for (number, tag) in numbers(written, 15) {
            list.push(((next + number, tag + 1), lacks.clone()));
            next += number + 1;
        }
        // Zeros at the end go without saying.
        let mut exact = numbers(exact, 1).into_iter().map(|(number, _)| number as usize);
        let mut number = || exact.next().unwrap_or(0);
        for (form, lacks) in lacks.into_iter().enumerate() {
            let mut at = 0;
            for _ in 0..number() {
                at += number();
                list[at].1[form] = !lacks;
                at += 1;
            }
        }
        list
    }
}

/// Numbers with their tags, one of so many.
fn numbers(written: &str, tags: u32) -> Vec<(u32, u8)> {
    let symbols: Vec<u8> = (b' '..=b'~').filter(|byte| !b"\"\\<".contains(byte)).collect();
    let mut high = 0;
    let mut all = Vec::new();
    for byte in written.bytes() {
        let value = symbols.iter().position(|&symbol| symbol == byte).unwrap() as u32;
        if value >= 60 {
            high = high * 32 + value - 60;
        } else {
            all.push((high * (60 / tags) + value / tags, (value % tags) as u8));
            high = 0;
        }
    }
    all
}
