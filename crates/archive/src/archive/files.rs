//! What each file of `content/` and `annotations/` is, by its path.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ending::{self, Meant, Named};
use super::fs::{Found, What};
use super::{Format, SidecarKind, name};
use crate::diagnostic::{Code, Diagnostic, Place, Severity};

/// The files of an archive by what they are; nothing is read yet.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Raw texts, sorted by id.
    pub(super) texts: Vec<Text>,
    /// Annotation files, sorted by path.
    pub(super) sidecars: Vec<(SidecarKind, String)>,
    /// `collection.toml` of folders: the folder below `content/`, empty for that itself, and the path; sorted.
    pub(super) collections: Vec<(String, String)>,
    /// Site pages, slug and path.
    pub(super) pages: Vec<(String, String)>,
    pub(super) problems: Vec<Diagnostic>,
    /// Files that are to have other names.
    renames: Vec<Rename>,
    /// What word processors and other programs wrote, in `content/`.
    documents: Vec<String>,
    /// Files of `annotations/` itself that look like notes.
    homeless: Vec<String>,
}

/// A raw text by its files.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) format: Format,
    pub(super) record: Option<String>,
}

/// A file that is to have another name.
#[derive(Debug)]
struct Rename {
    /// Index of the problem that says so.
    problem: usize,
    /// The path without its ending as it is, which a text shares with its record.
    from: String,
    /// The same as it is to be.
    to: String,
    /// The ending as it is to be.
    ending: &'static str,
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
    files.check_collections();
    for found in annotations {
        if let Some(path) = files.usable(found) {
            files.annotation(path);
        }
    }
    files.send_home();
    files.tell_of_documents();
    files.find_clashes();
    files.name_renames(&paths);
    files
}

impl Files {
    /// The path of what is a file with a readable name, and somebody's text or annotation.
    fn usable(&mut self, found: Found) -> Option<String> {
        let Found { path, what } = found;
        let place = Place::file(path.as_str());
        self.problems.push(match what {
            What::File if ending::is_of_a_forge(&path) => Diagnostic::note(
                Code::FILE_OF_A_FORGE,
                place,
                "this file is for those who look at the folder: it is left alone",
            ),
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
        if let Some((folder, page)) = below.split_once('/')
            && folder.eq_ignore_ascii_case("pages")
        {
            return self.page(&path, folder, page);
        }
        let Named { stem, meant, exact } = ending::named(below);
        let format = match meant {
            Meant::Plain | Meant::Nothing => Some(Format::Plain),
            Meant::Markdown => Some(Format::Markdown),
            Meant::Toml => None,
            Meant::Document => return self.documents.push(path),
            Meant::Keys | Meant::Other => return self.unexpected(&path, CONTENT),
        };
        let parts: Vec<&str> = stem.split('/').collect();
        if let (Meant::Toml, true, Some((&"collection", folder))) = (meant, exact, parts.split_last()) {
            match (!folder.is_empty()).then(|| name::check(&path, folder)).flatten() {
                Some(problem) => self.problems.push(problem),
                None => self.collections.push((folder.join("/"), path)),
            }
            return;
        }
        let mut problem = name::check(&path, &parts);
        if let Some(problem) = problem.as_mut().filter(|_| parts.last() == Some(&"index")) {
            problem.help.push(INDEX.to_owned());
        }
        let problem = problem.or_else(|| id_is_reserved(&path, &parts)).or_else(|| {
            let what =
                if format.is_some() { "a text ends in `.txt` or `.md`" } else { "a record ends in `.toml`" };
            (!exact).then(|| wrong_ending(&path, meant, what))
        });
        if let Some(problem) = problem {
            let to = name::proposed_id(&parts);
            if !name::is_id(&to) {
                return self
                    .problems
                    .push(problem.help("take folders out of its path, or shorten their names"));
            }
            return self.rename(
                problem,
                &format!("content/{stem}"),
                &format!("content/{to}"),
                meant.ending().unwrap_or("txt"),
            );
        }
        let id = stem.to_owned();
        match format {
            Some(format) => self.texts.push(Text { id, path, format, record: None }),
            None => {
                records.insert(id, path);
            }
        }
    }

    /// A page of the site, below a folder `pages` however it is written.
    fn page(&mut self, path: &str, folder: &str, page: &str) {
        let Named { stem, meant, exact } = ending::named(page);
        if matches!(meant, Meant::Keys | Meant::Other) {
            return self.unexpected(path, PAGES);
        }
        if meant == Meant::Toml {
            return self.misplaced(
                path,
                "what a page says of itself stands in its front matter, between two lines of `+++`",
            );
        }
        let problem = name::check(path, &[stem]).or_else(|| {
            let message = format!("the site makes a page `{stem}.html` of its own");
            let made = name::RESERVED_PAGES.contains(&stem);
            made.then(|| Diagnostic::error(Code::RESERVED_NAME, Place::file(path), message))
        });
        let is_page = exact && meant == Meant::Markdown;
        let problem = problem.or_else(|| {
            (folder != "pages").then(|| wrong_folder(path, &format!("content/{folder}/"), "content/pages/"))
        });
        match problem.or_else(|| (!is_page).then(|| wrong_ending(path, meant, "a page ends in `.md`"))) {
            None => self.pages.push((stem.to_owned(), path.to_owned())),
            Some(problem) => {
                let to = format!("content/pages/{}", name::proposed_page(&stem.replace('/', "-")));
                self.rename(problem, &format!("content/{folder}/{stem}"), &to, "md");
            }
        }
    }

    fn join_records(&mut self, mut records: BTreeMap<String, String>) {
        for text in &mut self.texts {
            text.record = records.remove(&text.id);
        }
        for (id, path) in records {
            let stem = format!("content/{id}");
            if self.renames.iter().any(|rename| rename.from == stem || rename.to == stem) {
                // Its text is there, under a name that was told.
                continue;
            }
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

    /// A collection is a folder with texts, and no text has its name.
    fn check_collections(&mut self) {
        self.collections.sort();
        for (folder, path) in &self.collections {
            let below = format!("{folder}/");
            let from = self.texts.partition_point(|text| text.id < below);
            let holds =
                folder.is_empty() || self.texts.get(from).is_some_and(|text| text.id.starts_with(&below));
            if !holds {
                let message = format!("there is no text below `content/{folder}/`");
                self.problems.push(
                    Diagnostic::error(Code::RECORD_WITHOUT_TEXT, Place::file(path.as_str()), message)
                        .help("put texts into the folder, or remove the file"),
                );
            }
            if let Ok(clash) = self.texts.binary_search_by(|text| text.id.as_str().cmp(folder)) {
                let message = format!("`{folder}` is a text and a collection");
                self.problems.push(
                    Diagnostic::error(Code::NAME_CLASH, Place::file(path.as_str()), message)
                        .related(Place::file(self.texts[clash].path.as_str()), "the text")
                        .help("rename one of the two"),
                );
            }
        }
    }

    fn annotation(&mut self, path: String) {
        let below = path.strip_prefix("annotations/").unwrap_or(&path);
        if below == "furniture.toml" {
            return self.sidecars.push((SidecarKind::Furniture, path));
        }
        let Some((folder, file)) = below.rsplit_once('/') else { return self.of_the_root(path) };
        let first = folder.split('/').next().unwrap_or(folder);
        let kind: fn(String) -> SidecarKind = match first.to_ascii_lowercase().as_str() {
            "glossary" => SidecarKind::Term,
            "topics" => SidecarKind::Topic,
            "links" => SidecarKind::Link,
            "contributors" => SidecarKind::Contributor,
            _ => return self.of_text(&path, folder, file),
        };
        let group = first.to_ascii_lowercase();
        let Named { stem, meant, exact } = ending::named(file);
        let advice = format!("files of `annotations/{group}/` are `<slug>.toml`");
        match meant {
            Meant::Other => return self.unexpected(&path, &advice),
            Meant::Markdown => {
                let note = "a note lies in the folder of its text, `annotations/<text-id>/`";
                return self.misplaced(&path, &format!("{advice}; {note}"));
            }
            _ => {}
        }
        let problem = name::check_slug(&path, stem)
            .or_else(|| {
                let good = format!("annotations/{group}/");
                (first != group).then(|| wrong_folder(&path, &format!("annotations/{first}/"), &good))
            })
            .or_else(|| (!exact).then(|| wrong_ending(&path, meant, &advice)));
        let Some(problem) = problem else { return self.sidecars.push((kind(stem.to_owned()), path)) };
        let rest = &folder[first.len()..];
        let to = format!("annotations/{group}{rest}/{}", name::proposed_slug(stem));
        self.rename(problem, &format!("annotations/{folder}/{stem}"), &to, "toml");
    }

    /// A file of `annotations/` itself.
    fn of_the_root(&mut self, path: String) {
        let Named { stem, meant, exact } = ending::named(&path);
        let name = stem.strip_prefix("annotations/").unwrap_or(stem);
        if name == "apparatus" && exact && meant == Meant::Toml {
            self.sidecars.push((SidecarKind::Apparatus { text: "".into() }, path));
            return;
        }
        match meant {
            Meant::Toml | Meant::Nothing | Meant::Keys | Meant::Plain
                if name.eq_ignore_ascii_case("furniture") =>
            {
                let problem = wrong_ending(
                    &path,
                    meant,
                    "furniture that many pages share stands in `annotations/furniture.toml`",
                );
                self.rename(problem, stem, "annotations/furniture", "toml");
            }
            Meant::Toml => self.misplaced(&path, ANNOTATIONS),
            Meant::Other | Meant::Keys => self.unexpected(&path, ANNOTATIONS),
            Meant::Plain | Meant::Markdown | Meant::Nothing | Meant::Document => self.homeless.push(path),
        }
    }

    /// A file in the folder of a text.
    fn of_text(&mut self, path: &str, folder: &str, file: &str) {
        const ADVICE: &str = "a text's folder holds notes, `<slug>.md`, and `apparatus.toml`";
        let Named { stem, meant, exact } = ending::named(file);
        let text: Arc<str> = folder.into();
        let from = format!("annotations/{folder}/{stem}");
        let is_apparatus =
            stem.eq_ignore_ascii_case("apparatus") && matches!(meant, Meant::Toml | Meant::Keys);
        match meant {
            Meant::Toml if exact && stem == "apparatus" => {
                self.sidecars.push((SidecarKind::Apparatus { text }, path.to_owned()));
            }
            Meant::Toml if exact && stem == "derived" => {
                self.sidecars.push((SidecarKind::Derived { text }, path.to_owned()));
            }
            _ if is_apparatus => {
                self.rename(
                    wrong_ending(path, meant, ADVICE),
                    &from,
                    &format!("annotations/{folder}/apparatus"),
                    "toml",
                );
            }
            Meant::Toml => self.misplaced(path, &format!("{ADVICE}; {ANNOTATIONS}")),
            Meant::Other | Meant::Keys => self.unexpected(path, ADVICE),
            Meant::Plain | Meant::Markdown | Meant::Nothing | Meant::Document => {
                let is_note = exact && meant == Meant::Markdown;
                let problem = name::check_slug(path, stem);
                match problem
                    .or_else(|| (!is_note).then(|| wrong_ending(path, meant, "a note ends in `.md`")))
                {
                    None => self
                        .sidecars
                        .push((SidecarKind::Note { text, slug: stem.to_owned() }, path.to_owned())),
                    Some(problem) => {
                        let to = format!("annotations/{folder}/{}", name::proposed_slug(stem));
                        self.rename(problem, &from, &to, "md");
                    }
                }
            }
        }
    }

    /// Notes that lie beside the folders of texts: which folder is theirs.
    fn send_home(&mut self) {
        for path in std::mem::take(&mut self.homeless) {
            let Named { stem, .. } = ending::named(&path);
            let slug = name::proposed_slug(stem.strip_prefix("annotations/").unwrap_or(stem));
            let named = |text: &&Text| text.id == slug || text.id.rsplit('/').next() == Some(&slug);
            let text = self.texts.iter().find(named).or(self.texts.first().filter(|_| self.texts.len() == 1));
            let advice = match text {
                Some(text) => {
                    format!("move it to `annotations/{}/{slug}.md`, if it is about that text", text.id)
                }
                None => format!("move it to `annotations/<text-id>/{slug}.md`"),
            };
            self.misplaced(&path, &format!("a note lies in the folder of its text: {advice}"));
        }
    }

    /// Files that hold words, but not as a text does; those that a text was made from are its own.
    fn tell_of_documents(&mut self) {
        for path in std::mem::take(&mut self.documents) {
            let Named { stem, .. } = ending::named(&path);
            let id = name::proposed_id(
                &stem.strip_prefix("content/").unwrap_or(stem).split('/').collect::<Vec<_>>(),
            );
            if self.texts.binary_search_by(|text| text.id.as_str().cmp(&id)).is_err() {
                self.unexpected(
                    &path,
                    &format!("save it as plain text, `content/{id}.txt`, or as Markdown, `content/{id}.md`"),
                );
            }
        }
    }

    /// Something that means nothing here, and that nobody meant for a text or an annotation.
    fn unexpected(&mut self, path: &str, advice: &str) {
        let message = "this file has no meaning here and is left out";
        self.problems
            .push(Diagnostic::warning(Code::UNEXPECTED_FILE, Place::file(path), message).help(advice));
    }

    /// Something that somebody meant for an annotation, at a place where none is read.
    fn misplaced(&mut self, path: &str, advice: &str) {
        let message = "this file would be left out: nothing is read at this place";
        self.problems.push(Diagnostic::error(Code::MISPLACED_FILE, Place::file(path), message).help(advice));
    }

    /// Keeps a problem, and what the file is to be called.
    fn rename(&mut self, problem: Diagnostic, from: &str, to: &str, ending: &'static str) {
        let (from, to) = (from.to_owned(), to.to_owned());
        self.renames.push(Rename { problem: self.problems.len(), from, to, ending });
        self.problems.push(problem);
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

    /// Gives each file that is to have another name one that no other file has or is to have. A text
    /// and its record keep one name.
    fn name_renames(&mut self, paths: &BTreeSet<String>) {
        if self.renames.is_empty() {
            return;
        }
        // What lies there, without its ending, and what is to lie there, with what it was called.
        let mut stems: BTreeMap<String, &str> =
            paths.iter().map(|path| ending::named(path).stem).map(|stem| (stem.to_owned(), stem)).collect();
        let leaving: BTreeSet<&str> =
            self.renames.iter().map(|rename| &*self.problems[rename.problem].place.path).collect();
        let staying = paths.iter().filter(|path| !leaving.contains(path.as_str()));
        let mut taken: BTreeMap<String, Arc<str>> =
            staying.map(|path| (path.clone(), Arc::from(path.as_str()))).collect();
        for Rename { problem, from, to, ending } in &self.renames {
            let problem = &mut self.problems[*problem];
            let own = |stem: &String| stems.get(stem).is_none_or(|owner| owner == from);
            // A text is there once, in plain text or in Markdown.
            let endings: &[&str] = if *ending == "toml" { &["toml"] } else { &["txt", "md"] };
            let free = |stem: &String| {
                own(stem) && !endings.iter().any(|ending| taken.contains_key(&format!("{stem}.{ending}")))
            };
            let numbered = (2..).map(|n| format!("{to}-{n}"));
            let stem = std::iter::once(to.clone()).chain(numbered).find(free).expect("numbers do not end");
            if stem != *to {
                let beside = format!("{to}.");
                let beside =
                    || taken.range(beside.clone()..).next().filter(|(path, _)| path.starts_with(&beside));
                let other = taken.get_key_value(&format!("{to}.{ending}")).or_else(beside);
                let label = "this file has, or would get, the plainer name";
                problem.related.extend(other.map(|(_, file)| (Place::file(file.clone()), label.to_owned())));
            }
            let path = format!("{stem}.{ending}");
            let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            let shown = match path.rsplit_once('/') {
                Some((of, name)) if of == folder(&problem.place.path) => name,
                _ => &path,
            };
            problem.help.push(format!("rename it to `{shown}`"));
            taken.insert(path, problem.place.path.clone());
            stems.insert(stem, from);
        }
    }

    /// Whether there is a text, or a reason that was told why there is none.
    pub(super) fn explains_its_texts(&self) -> bool {
        let is_why = |problem: &Diagnostic| {
            problem.severity == Severity::Error && problem.place.path.starts_with("content/")
        };
        !self.texts.is_empty() || self.problems.iter().any(is_why)
    }
}

fn id_is_reserved(path: &str, parts: &[&str]) -> Option<Diagnostic> {
    let (first, last) = (parts.first()?, parts.last()?);
    let reserved = if name::RESERVED_FOLDERS.contains(first) {
        format!("`annotations/{first}/` and `{first}/` on the site have another meaning")
    } else if *last == "index" {
        INDEX.to_owned()
    } else if *last == "collection" {
        COLLECTION.to_owned()
    } else {
        return None;
    };
    let message = format!("a text cannot be `{}`: {reserved}", parts.join("/"));
    Some(Diagnostic::error(Code::RESERVED_NAME, Place::file(path), message))
}

/// An ending that is not the one of its kind.
fn wrong_ending(path: &str, meant: Meant, right: &str) -> Diagnostic {
    let message = match meant {
        Meant::Nothing => "the file has no ending, so that it would be left out",
        _ => "the file does not end as its kind does, so that it would be left out",
    };
    let problem = Diagnostic::error(Code::BAD_NAME, Place::file(path), message).help(right);
    match meant {
        Meant::Document => problem.help("a word processor keeps more than the words: save it as plain text"),
        Meant::Keys => problem.help("its keys are written in TOML"),
        _ => problem,
    }
}

/// A folder that has a meaning, in other letters.
fn wrong_folder(path: &str, folder: &str, right: &str) -> Diagnostic {
    let message = format!("`{folder}` is not `{right}`: the file would be left out");
    Diagnostic::error(Code::BAD_NAME, Place::file(path), message)
}

const INDEX: &str = "the site writes `index.html` itself";
const COLLECTION: &str = "`collection.toml` says what a folder of texts is";
const PAGES: &str = "pages of the site are `content/pages/<slug>.md`";
const CONTENT: &str = "`content/` holds texts, `<id>.txt` or `.md`, and their records, `<id>.toml`";
const ANNOTATIONS: &str = "`annotations/` holds a folder for each text, with its notes (`annotations/<text-id>/<slug>.md`), `glossary/`, `topics/`, `links/`, `contributors/` and `furniture.toml`";

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
    fn names_that_fold_to_one_are_told_apart() {
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
        let help: Vec<&str> = files.problems.iter().flat_map(|p| &p.help).map(String::as_str).collect();
        assert_eq!(help, ["rename it to `gla-2.txt`", "rename it to `e-b.md`", "rename it to `e-b-2.md`"]);
    }

    /// What a file of this path is to be called, by its message.
    fn proposed(problem: &Diagnostic) -> Option<String> {
        let name =
            problem.help.iter().find_map(|help| help.strip_prefix("rename it to `")?.strip_suffix('`'))?;
        let folder = problem.place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some(if name.contains('/') { name.to_owned() } else { format!("{folder}/{name}") })
    }

    #[test]
    fn names_that_are_proposed_are_taken() {
        let mut paths: Vec<String> = [
            "content/acts/dock_dues/index.md",
            "content/letter.TXT",
            "content/plan.markdown",
            "content/plan.toml",
            "content/Plan.md",
            "content/OA1.txt",
            "content/OA1.TOML",
            "content/oa1.txt",
            "content/UPPER.TXT",
            "content/a.text",
            "content/b",
            "content/Index.md",
            "content/Glossary/x.txt",
            "content/NUL.txt",
            "content/x.md.txt",
            "content/x.txt",
            "content/政府.txt",
            "content/!.txt",
            "content/?.txt",
            "content/pages/About.md",
            "content/Pages/more.md",
            "content/pages/c.txt",
            "content/pages/d/e.md",
            "content/pages/Search.md",
            "annotations/oa1/two.MD",
            "annotations/oa1/one.md.txt",
            "annotations/oa1/three",
            "annotations/oa1/One.md",
            "annotations/oa1/Apparatus.toml",
            "annotations/oa1/four.docx",
            "annotations/oa1/index.md",
            "annotations/Furniture.toml",
            "annotations/Glossary/gla.toml",
            "annotations/glossary/G L A.toml",
            "annotations/topics/t.txt",
            "annotations/links/l",
            "annotations/contributors/Ann.yaml",
        ]
        .map(str::to_owned)
        .to_vec();
        paths.push(format!("content/{}.txt", "ä".repeat(150)));
        paths.push(format!("content/{}.txt", "x".repeat(name::LONGEST_SLUG + 1)));
        let borrowed: Vec<&str> = paths.iter().map(String::as_str).collect();
        let renamed: BTreeMap<String, String> = run(&borrowed)
            .problems
            .iter()
            .map(|problem| {
                (problem.place.path.to_string(), proposed(problem).unwrap_or_else(|| panic!("{problem:?}")))
            })
            .collect();
        assert!(renamed.len() >= paths.len() - 4, "{renamed:#?}");
        for path in &mut paths {
            *path = renamed.get(path).unwrap_or(path).clone();
        }
        let all: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(all.len(), paths.len(), "two would have one name: {renamed:#?}");
        assert_eq!(run(&all.into_iter().collect::<Vec<_>>()).problems, [], "{renamed:#?}");
    }

    #[test]
    fn a_name_of_another_kind_is_an_error_with_the_right_one() {
        let check = |path: &str, expected: &str| {
            let files = run(&["content/a.txt", path]);
            let found: Vec<_> =
                files.problems.iter().map(|p| (p.severity, proposed(p).unwrap_or_default())).collect();
            assert_eq!(found, [(Severity::Error, expected.to_owned())], "{path}");
        };
        for name in
            ["n.MD", "n.md.txt", "n", "n.markdown", "n.txt", "N.Md", "n.mkd", "n.rtf", "n.md.html", "n.text"]
        {
            check(&format!("annotations/a/{name}"), "annotations/a/n.md");
        }
        for name in ["b.TXT", "B.txt", "b.text", "b.txt.txt", "b"] {
            check(&format!("content/{name}"), "content/b.txt");
        }
        for name in ["b.MD", "b.markdown", "b.md.txt"] {
            check(&format!("content/{name}"), "content/b.md");
        }
        for name in [
            "annotations/n.md",
            "annotations/n.txt",
            "annotations/n",
            "annotations/a/b.toml",
            "annotations/glossary/b.md",
        ] {
            check(name, "");
        }
        let misplaced = run(&["content/a/b.txt", "content/c.txt", "annotations/b.md"]);
        assert!(misplaced.problems[0].help[0].contains("move it to `annotations/a/b/b.md`"), "{misplaced:?}");
    }

    #[test]
    fn what_belongs_to_others_is_left_alone() {
        check(
            &[
                "content/README.md",
                "content/a.txt",
                "content/b/LICENSE-MIT",
                "annotations/a/README.md",
                "annotations/glossary/Contributing.md",
            ],
            &[
                ("content/README.md", "file-of-a-forge"),
                ("content/b/LICENSE-MIT", "file-of-a-forge"),
                ("annotations/a/README.md", "file-of-a-forge"),
                ("annotations/glossary/Contributing.md", "file-of-a-forge"),
            ],
        );
        // What a text was made from, and what word processors wrote that no text was made from.
        let files = run(&["content/a.txt", "content/a.docx", "content/b.docx", "content/c d.rtf"]);
        let found: Vec<_> =
            files.problems.iter().map(|p| (p.severity, &*p.place.path, p.help[0].as_str())).collect();
        let saved = |id: &str| {
            format!("save it as plain text, `content/{id}.txt`, or as Markdown, `content/{id}.md`")
        };
        let warned = |path, help| (Severity::Warning, path, help);
        assert_eq!(
            found,
            [warned("content/b.docx", saved("b").as_str()), warned("content/c d.rtf", saved("c-d").as_str())]
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
        check(&["content/pages/a.txt"], &[("content/pages/a.txt", "bad-name")]);
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
            &["content/a.pdf", "content/b.png"],
            &[("content/a.pdf", "unexpected-file"), ("content/b.png", "unexpected-file")],
        );
        check(&["annotations/a/b.md.bak"], &[("annotations/a/b.md.bak", "unexpected-file")]);
        check(&["annotations/a.csv"], &[("annotations/a.csv", "unexpected-file")]);
        check(&["annotations/a.md"], &[("annotations/a.md", "misplaced-file")]);
        check(&["annotations/a/b.toml"], &[("annotations/a/b.toml", "misplaced-file")]);
        check(&["annotations/glossary/b.md"], &[("annotations/glossary/b.md", "misplaced-file")]);
    }
}
