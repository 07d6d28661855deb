//! What each file of `content/` and `annotations/` is, by its path.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fs::{Found, What};
use super::{Format, SidecarKind, name};
use crate::diagnostic::{Code, Diagnostic, Place};

/// The files of an archive by what they are; nothing is read yet.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Raw texts, sorted by id.
    pub(super) texts: Vec<Text>,
    /// Annotation files, sorted by path.
    pub(super) sidecars: Vec<(SidecarKind, String)>,
    /// Site pages, slug and path.
    pub(super) pages: Vec<(String, String)>,
    pub(super) problems: Vec<Diagnostic>,
    /// Files with bad names: index of the problem, path that is proposed.
    bad_names: Vec<(usize, String)>,
}

/// A raw text by its files.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) format: Format,
    pub(super) record: Option<String>,
}

/// Sorts the files of both folders.
pub(super) fn sort(content: Vec<Found>, annotations: Vec<Found>) -> Files {
    let mut files = Files::default();
    let mut records = BTreeMap::new();
    let paths: BTreeSet<String> =
        content.iter().chain(&annotations).map(|found| found.path.clone()).collect();
    for found in content {
        if let Some(path) = files.usable(found) {
            files.content(path, &mut records);
        }
    }
    files.texts.sort_by(|a, b| (&a.id, &a.path).cmp(&(&b.id, &b.path)));
    files.join_records(records);
    for found in annotations {
        if let Some(path) = files.usable(found) {
            files.annotation(path);
        }
    }
    files.find_clashes();
    files.warn_of_taken_names(&paths);
    files
}

impl Files {
    /// The path of what is a file with a readable name.
    fn usable(&mut self, found: Found) -> Option<String> {
        let Found { path, what } = found;
        let place = Place::file(path.as_str());
        self.problems.push(match what {
            What::File => return Some(path),
            What::Special => Diagnostic::error(
                Code::SPECIAL_FILE,
                place,
                "not a file, but a symbolic link, pipe or device",
            )
            .help("put the file itself there"),
            What::Nameless => Diagnostic::error(Code::BAD_NAME, place, "the file's name is not UTF-8")
                .help("rename it with `a` to `z`, `0` to `9` and `-`"),
        });
        None
    }

    fn content(&mut self, path: String, records: &mut BTreeMap<String, String>) {
        let below = path.strip_prefix("content/").unwrap_or(&path);
        let Some((stem, extension)) = split(below) else { return self.unexpected(&path, CONTENT) };
        if let Some(page) = stem.strip_prefix("pages/") {
            return self.page(page.to_owned(), extension.to_owned(), path);
        }
        let format = match extension {
            "txt" => Some(Format::Plain),
            "md" => Some(Format::Markdown),
            "toml" => None,
            _ => return self.unexpected(&path, CONTENT),
        };
        if !self.id_is_good(&path, stem, extension) {
            return;
        }
        let id = stem.to_owned();
        match format {
            Some(format) => self.texts.push(Text { id, path, format, record: None }),
            None => {
                records.insert(id, path);
            }
        }
    }

    fn id_is_good(&mut self, path: &str, stem: &str, extension: &str) -> bool {
        let parts: Vec<&str> = stem.split('/').collect();
        let problem = name::check(path, &parts, extension).or_else(|| {
            let (first, last) = (parts.first().copied()?, parts.last().copied()?);
            let reserved = if name::RESERVED_FOLDERS.contains(&first) {
                format!("`annotations/{first}/` and `{first}/` on the site have another meaning")
            } else if last == "index" {
                "the site writes `index.html` itself".to_owned()
            } else {
                return None;
            };
            Some(
                Diagnostic::error(
                    Code::RESERVED_NAME,
                    Place::file(path),
                    format!("a text cannot be `{stem}`: {reserved}"),
                )
                .help("choose another name"),
            )
        });
        self.note_problem(problem, path, &parts, extension)
    }

    /// Keeps the problem of a name; says whether there was none.
    fn note_problem(
        &mut self,
        problem: Option<Diagnostic>,
        path: &str,
        parts: &[&str],
        extension: &str,
    ) -> bool {
        let Some(problem) = problem else { return true };
        if problem.code == Code::BAD_NAME {
            let proposed = name::proposed_path(path, parts, extension);
            self.bad_names.push((self.problems.len(), proposed));
        }
        self.problems.push(problem);
        false
    }

    fn page(&mut self, slug: String, extension: String, path: String) {
        if extension != "md" || slug.contains('/') {
            return self.unexpected(&path, "pages of the site are `content/pages/<slug>.md`");
        }
        let problem = name::check(&path, &[&slug], &extension).or_else(|| {
            let made = name::RESERVED_PAGES.contains(&slug.as_str());
            made.then(|| {
                Diagnostic::error(
                    Code::RESERVED_NAME,
                    Place::file(path.as_str()),
                    format!("the site makes a page `{slug}.html` of its own"),
                )
                .help("rename the file")
            })
        });
        if self.note_problem(problem, &path, &[&slug], &extension) {
            self.pages.push((slug, path));
        }
    }

    fn join_records(&mut self, mut records: BTreeMap<String, String>) {
        for text in &mut self.texts {
            text.record = records.remove(&text.id);
        }
        for (id, path) in records {
            self.problems.push(
                Diagnostic::error(
                    Code::RECORD_WITHOUT_TEXT,
                    Place::file(path),
                    format!("there is no text `{id}`"),
                )
                .help(format!(
                    "put the text beside it, as `content/{id}.txt` or `.md`, or rename the record"
                )),
            );
        }
    }

    fn annotation(&mut self, path: String) {
        let below = path.strip_prefix("annotations/").unwrap_or(&path);
        if below == "furniture.toml" {
            return self.sidecars.push((SidecarKind::Furniture, path));
        }
        let Some((stem, extension)) = split(below) else { return self.unexpected(&path, ANNOTATIONS) };
        let Some((folder, slug)) = stem.rsplit_once('/') else { return self.unexpected(&path, ANNOTATIONS) };
        let first = folder.split('/').next().unwrap_or(folder);
        let kind: fn(String) -> SidecarKind = match first {
            "glossary" => SidecarKind::Term,
            "topics" => SidecarKind::Topic,
            "links" => SidecarKind::Link,
            "contributors" => SidecarKind::Contributor,
            _ => return self.of_text(folder.to_owned(), slug.to_owned(), extension.to_owned(), path),
        };
        if extension != "toml" {
            let advice = format!("files of `annotations/{first}/` are `<slug>.toml`");
            return self.unexpected(&path, &advice);
        }
        if self.slug_is_good(&path, slug, extension) {
            self.sidecars.push((kind(slug.to_owned()), path.clone()));
        }
    }

    /// A file in the folder of a text.
    fn of_text(&mut self, text: String, slug: String, extension: String, path: String) {
        let text: Arc<str> = text.into();
        match (slug.as_str(), extension.as_str()) {
            ("apparatus", "toml") => self.sidecars.push((SidecarKind::Apparatus { text }, path)),
            (_, "md") => {
                if self.slug_is_good(&path, &slug, &extension) {
                    self.sidecars.push((SidecarKind::Note { text, slug }, path));
                }
            }
            _ => self.unexpected(&path, "a text's folder holds notes, `<slug>.md`, and `apparatus.toml`"),
        }
    }

    fn slug_is_good(&mut self, path: &str, slug: &str, extension: &str) -> bool {
        let problem = name::check_slug(path, slug, extension);
        self.note_problem(problem, path, &[slug], extension)
    }

    fn unexpected(&mut self, path: &str, advice: &str) {
        self.problems.push(
            Diagnostic::warning(
                Code::UNEXPECTED_FILE,
                Place::file(path),
                "this file has no meaning here and is left out",
            )
            .help(advice),
        );
    }

    fn find_clashes(&mut self) {
        let texts = name::clashes(self.texts.iter().map(|t| (t.id.as_str(), t.path.as_str())));
        self.problems.extend(texts);
        self.texts.dedup_by(|later, first| later.id == first.id);
        for group in ["glossary", "topics", "links", "contributors"] {
            let prefix = format!("annotations/{group}/");
            let of_group = self.sidecars.iter().filter(|(_, path)| path.starts_with(&prefix));
            let names = of_group.filter_map(|(kind, path)| Some((kind.slug()?, path.as_str())));
            let clashes = name::clashes(names);
            let left_out: BTreeSet<&str> = clashes.iter().map(|clash| &*clash.place.path).collect();
            self.sidecars.retain(|(_, path)| !left_out.contains(path.as_str()));
            self.problems.extend(clashes);
        }
    }
}

impl Files {
    /// Names that differ in capitals or accents only would be one after the
    /// renaming: the message names both files.
    fn warn_of_taken_names(&mut self, paths: &BTreeSet<String>) {
        let mut proposed: BTreeMap<&str, Arc<str>> = BTreeMap::new();
        for (index, path) in &self.bad_names {
            let Some(problem) = self.problems.get_mut(*index) else { continue };
            let other = if paths.contains(path) {
                Some(Arc::from(path.as_str()))
            } else {
                proposed.insert(path, problem.place.path.clone())
            };
            if let Some(other) = other {
                problem
                    .related
                    .push((Place::file(other), "this file has, or would get, that name".to_owned()));
                problem.help.push("the two would have one name: choose another for one of them".to_owned());
            }
        }
    }
}

const CONTENT: &str = "`content/` holds texts, `<id>.txt` or `.md`, and their records, `<id>.toml`";
const ANNOTATIONS: &str = "`annotations/` holds a folder for each text, with its notes (`annotations/<text-id>/<slug>.md`), `glossary/`, `topics/`, `links/`, `contributors/` and `furniture.toml`";

/// A path without its ending, and the ending.
fn split(path: &str) -> Option<(&str, &str)> {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = name + path[name..].rfind('.')?;
    Some((&path[..dot], &path[dot + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(paths: &[&str]) -> Files {
        let found = |folder: &str| {
            let below = paths.iter().filter(|p| p.starts_with(folder));
            below.map(|p| Found { path: (*p).to_owned(), what: What::File }).collect()
        };
        sort(found("content/"), found("annotations/"))
    }

    fn check(paths: &[&str], expected: &[(&str, &str)]) {
        let files = run(paths);
        let found: Vec<(&str, &str)> =
            files.problems.iter().map(|p| (&*p.place.path, p.code.name())).collect();
        assert_eq!(found, expected, "{paths:?}");
    }

    #[test]
    fn files_are_sorted_by_what_they_are() {
        let files = run(&[
            "content/commons/a.txt",
            "content/commons/a.toml",
            "content/b.md",
            "content/pages/about.md",
            "annotations/furniture.toml",
            "annotations/commons/a/apparatus.toml",
            "annotations/commons/a/note-1.md",
            "annotations/glossary/bodies/gla.toml",
            "annotations/topics/t.toml",
            "annotations/links/l.toml",
            "annotations/contributors/editors.toml",
        ]);
        assert_eq!(files.problems, []);
        let texts: Vec<_> =
            files.texts.iter().map(|t| (t.id.as_str(), t.format, t.record.as_deref())).collect();
        assert_eq!(
            texts,
            [("b", Format::Markdown, None), ("commons/a", Format::Plain, Some("content/commons/a.toml"))]
        );
        assert_eq!(files.pages, [("about".to_owned(), "content/pages/about.md".to_owned())]);
        let text: Arc<str> = "commons/a".into();
        let kinds: Vec<_> = files.sidecars.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(
            kinds,
            [
                SidecarKind::Furniture,
                SidecarKind::Apparatus { text: text.clone() },
                SidecarKind::Note { text, slug: "note-1".into() },
                SidecarKind::Term("gla".into()),
                SidecarKind::Topic("t".into()),
                SidecarKind::Link("l".into()),
                SidecarKind::Contributor("editors".into()),
            ]
        );
    }

    #[test]
    fn bad_names_offer_a_slug() {
        let files = run(&["content/a.txt", "annotations/a/GLA remit.md"]);
        assert_eq!(files.problems[0].code, Code::BAD_NAME);
        assert_eq!(files.problems[0].help, ["rename it to `gla-remit.md`"]);
        assert!(files.sidecars.is_empty());
    }

    #[test]
    fn names_that_fold_to_one_name_both_files() {
        let files = run(&["content/GLA.txt", "content/gla.txt", "content/É b.md", "content/é-b.md"]);
        let related: Vec<(&str, Vec<&str>)> = files
            .problems
            .iter()
            .map(|p| (&*p.place.path, p.related.iter().map(|(place, _)| &*place.path).collect()))
            .collect();
        assert_eq!(
            related,
            [
                ("content/GLA.txt", vec!["content/gla.txt"]),
                ("content/É b.md", vec![]),
                ("content/é-b.md", vec!["content/É b.md"]),
            ]
        );
    }

    #[test]
    fn reserved_names_are_refused() {
        check(&["content/glossary/a.txt"], &[("content/glossary/a.txt", "reserved-name")]);
        check(&["content/topics.txt"], &[("content/topics.txt", "reserved-name")]);
        check(&["content/a/index.txt"], &[("content/a/index.txt", "reserved-name")]);
        check(&["content/a/aux.txt"], &[("content/a/aux.txt", "reserved-name")]);
        check(&["annotations/a/apparatus.md"], &[("annotations/a/apparatus.md", "reserved-name")]);
        check(&["annotations/glossary/none.toml"], &[("annotations/glossary/none.toml", "reserved-name")]);
        check(&["content/pages/a.txt"], &[("content/pages/a.txt", "unexpected-file")]);
    }

    #[test]
    fn two_files_of_one_name_clash() {
        check(&["content/x.md", "content/x.txt"], &[("content/x.txt", "name-clash")]);
        check(
            &["annotations/glossary/a.toml", "annotations/glossary/b/a.toml", "annotations/topics/a.toml"],
            &[("annotations/glossary/b/a.toml", "name-clash")],
        );
        assert_eq!(run(&["content/x.md", "content/x.txt"]).texts.len(), 1);
    }

    #[test]
    fn a_record_has_a_text() {
        check(&["content/x.toml"], &[("content/x.toml", "record-without-text")]);
        check(
            &["content/X.toml", "content/X.txt"],
            &[("content/X.toml", "bad-name"), ("content/X.txt", "bad-name")],
        );
    }

    #[test]
    fn unknown_files_are_said() {
        check(
            &["content/a.pdf", "content/b"],
            &[("content/a.pdf", "unexpected-file"), ("content/b", "unexpected-file")],
        );
        check(&["annotations/a.md"], &[("annotations/a.md", "unexpected-file")]);
        check(&["annotations/a/b.toml"], &[("annotations/a/b.toml", "unexpected-file")]);
        check(&["annotations/glossary/b.md"], &[("annotations/glossary/b.md", "unexpected-file")]);
    }
}
