//! PROVE: the finished pages are read back; nothing lost, nothing dead,
//! nothing forbidden.
//!
//! Comes in: a page as it will be published, and for a text its document, which
//! is compared with the raw file first ([`bytes()`]). Goes
//! out: what is wrong with it ([`Diagnostic`]), and the ids and links it has
//! ([`Read`]), which are compared once all pages are there ([`Known`]).
//!
//! The page is read by lol_html, which shares no code with the room that wrote
//! it: its independence is the point. What is wrong here is a fault of a
//! template or of postil, never of a contributor.

mod bytes;
mod reader;
mod words;

use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};

use crate::site::address;
use postil_anchor::document::Document;
use postil_archive::diagnostic::{Code, Diagnostic, Place};

/// What a page has.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Read {
    /// The page, from the root.
    pub address: String,
    /// Hashes of its ids.
    ids: Box<[u64]>,
    /// Where it leads within the site, each once, sorted; not to itself, but to ids that it does not have.
    links: Box<[Arc<Target>]>,
}

impl Read {
    /// The files of the site that it leads to or shows.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.links.iter().map(|target| &*target.file)
    }
}

/// Where a link leads: file from the root, id on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Target {
    file: String,
    id: Option<String>,
}

/// Targets of links, each in memory once: those of a site lead to much the same pages.
#[derive(Debug, Default)]
pub struct Targets(Mutex<FxHashSet<Arc<Target>>>);

impl Targets {
    /// What a page had that was read in an earlier run, with its targets among these.
    pub fn again(&self, read: &Read) -> Read {
        let links = read.links.iter().map(|target| Target::clone(target)).collect();
        Read { address: read.address.clone(), ids: read.ids.clone(), links: self.share(links) }
    }

    fn share(&self, links: BTreeSet<Target>) -> Box<[Arc<Target>]> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let share = |target: Target| match known.get(&target) {
            Some(known) => known.clone(),
            None => {
                let target = Arc::new(target);
                known.insert(target.clone());
                target
            }
        };
        links.into_iter().map(share).collect()
    }
}

/// What of a raw text is neither in its visible text nor of a kind that need not be shown.
///
/// The page is compared with the visible text, which a parser made. The record is the file.
pub fn bytes(doc: &Document) -> Option<Diagnostic> {
    bytes::compare(doc)
}

/// Reads a page back. `text` is the document that its article must hold; a
/// page without one holds no article. `targets` are those of other pages too.
pub fn read(
    address: &str,
    html: &[u8],
    text: Option<&Document>,
    targets: &Targets,
) -> (Read, Vec<Diagnostic>) {
    let found = reader::read(html, text.is_some());
    let mut problems: Vec<Diagnostic> = found
        .forbidden
        .iter()
        .map(|what| {
            Diagnostic::error(Code::FORBIDDEN_ELEMENT, Place::file(address), format!("the page holds {what}"))
        })
        .collect();
    let mut seen = FxHashSet::default();
    for id in &found.ids {
        if !seen.insert(id) {
            problems.push(Diagnostic::error(
                Code::DUPLICATE_ID,
                Place::file(address),
                format!("the page has the id `{id}` twice"),
            ));
        }
    }
    if let Some(doc) = text {
        problems.extend(words::compare(address, doc, &found.articles));
    }
    let holds = |id: &String| seen.contains(id);
    let alive = |to: &Target| to.file == address && to.id.as_ref().is_none_or(holds);
    let links = found.links.iter().filter_map(|link| resolve(address, link));
    let links = targets.share(links.filter(|target| !alive(target)).collect());
    let ids = found.ids.iter().map(|id| hash(address, id)).collect();
    (Read { address: address.to_owned(), ids, links }, problems)
}

fn hash(address: &str, id: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one((address, id))
}

/// The file of the site that a link on a page leads to, and the id on it;
/// `None` if it leads out of the site.
fn resolve(from: &str, link: &str) -> Option<Target> {
    let lower = link.to_ascii_lowercase();
    if ["http:", "https:", "mailto:", "data:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return None;
    }
    let (path, fragment) = link.split_once('#').map_or((link, None), |(p, f)| (p, Some(f)));
    let path = path.split('?').next().unwrap_or(path);
    // The text directive is for the browser; the id before it is the place (Scroll To Text Fragment).
    let id = fragment.map(|f| f.split(":~:").next().unwrap_or(f)).filter(|f| !f.is_empty());
    let file = if path.is_empty() { from.to_owned() } else { join(from, &decode_percent(path)) };
    Some(Target { file, id: id.map(decode_percent) })
}

fn join(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            // Above the root there is nothing: kept, so that it is found to be dead.
            ".." if !parts.is_empty() && parts.last() != Some(&"..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn decode_percent(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        let mut ahead = bytes.clone();
        let digits = (b == b'%').then(|| Some((hex(ahead.next()?)?, hex(ahead.next()?)?))).flatten();
        match digits {
            Some((high, low)) => {
                out.push(high * 16 + low);
                bytes = ahead;
            }
            None => out.push(b),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Everything that links may lead to.
#[derive(Debug, Default)]
pub struct Known {
    files: BTreeSet<String>,
    ids: FxHashSet<u64>,
    /// The root of the site on its host, with a `/` at both ends; empty if it is not known.
    root: String,
}

impl Known {
    /// All files of the site and the ids of all pages.
    pub fn new(files: impl IntoIterator<Item = String>, pages: &[Arc<Read>]) -> Self {
        Self {
            files: files.into_iter().collect(),
            ids: pages.iter().flat_map(|page| page.ids.iter().copied()).collect(),
            root: String::new(),
        }
    }

    /// The same, where links may also begin at the root of the host, and this is the site's there.
    pub fn on_host(self, root: String) -> Self {
        Self { root, ..self }
    }

    /// Whether a file exists, and the id on it.
    pub fn has(&self, file: &str, id: Option<&str>) -> bool {
        let on_host = (!self.root.is_empty()).then(|| file.strip_prefix(&self.root)).flatten();
        let file = on_host.unwrap_or(file);
        self.files.contains(file) && id.is_none_or(|id| self.ids.contains(&hash(file, id)))
    }
}

/// Links that lead nowhere, but for those of which `told` says that they were told already.
pub fn dead(
    pages: &[Arc<Read>],
    known: &Known,
    told: &dyn Fn(&str, Option<&str>) -> bool,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for page in pages {
        for target in &page.links {
            let id = target.id.as_deref();
            let file = match page.address == address::MISSING {
                // It is shown at any depth, and looks for the root at each.
                true => target.file.trim_start_matches("../"),
                false => &*target.file,
            };
            if !known.has(file, id) && !told(file, id) {
                let id = id.map(|id| format!("#{id}")).unwrap_or_default();
                out.push(Diagnostic::error(
                    Code::DEAD_LINK,
                    Place::file(page.address.as_str()),
                    format!("the page leads to `{file}{id}`, which does not exist"),
                ));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved() {
        let check = |from: &str, link: &str, expected: Option<(&str, Option<&str>)>| {
            let found = resolve(from, link);
            let found = found.as_ref().map(|to| (to.file.as_str(), to.id.as_deref()));
            assert_eq!(found, expected, "{link} on {from}");
        };
        check("a/b.html", "../c.html#p1", Some(("c.html", Some("p1"))));
        check("a/b.html", "#p1:~:text=x%20y", Some(("a/b.html", Some("p1"))));
        check("a/b.html", "d.html?q=1", Some(("a/d.html", None)));
        check("a/b.html", "%C3%A9.txt", Some(("a/é.txt", None)));
        check("a.html", "../x.html", Some(("../x.html", None)));
        check("a.html", "https://elsewhere.example/", None);
        check("a.html", "mailto:a@b.example", None);
    }

    #[test]
    fn a_dead_link_is_found_unless_told() {
        let page = b"<p id=\"x\"><a href=\"#x\">a</a><a href=\"#y\">b</a><a href=\"no.html\">c</a></p>";
        let (read, problems) = read("a.html", page, None, &Targets::default());
        assert_eq!(problems, []);
        let pages = [Arc::new(read)];
        let known = Known::new(["a.html".to_owned()], &pages);
        assert_eq!(dead(&pages, &known, &|_, _| false).len(), 2);
        assert_eq!(dead(&pages, &known, &|file, _| file == "no.html").len(), 1);
    }

    #[test]
    fn a_link_may_begin_at_the_root_of_the_host() {
        let known = || Known::new(["a/b.html".to_owned()], &[]);
        assert!(!known().has("/x/a/b.html", None));
        assert!(known().on_host("/x/".to_owned()).has("/x/a/b.html", None));
        assert!(known().on_host("/x/".to_owned()).has("a/b.html", None));
        assert!(!known().on_host("/x/".to_owned()).has("/a/b.html", None));
        assert!(known().on_host("/".to_owned()).has("/a/b.html", None));
        assert!(!known().on_host("/".to_owned()).has("/b.html", None));
    }
}
