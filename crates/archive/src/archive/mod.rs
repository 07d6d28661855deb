//! READ: everything a build depends on.
//!
//! Comes in: the archive's folder. Goes out: an [`Archive`]: configuration,
//! sidecar files, the list of raw texts (not their bytes: a text is read when
//! it is worked through, by [`Archive::load`], and dropped after), site pages,
//! theme. The only room that reads the disk.
//!
//! Steps of [`read`]: `postil.toml` (`config.rs`), the list of files (`fs.rs`),
//! what each is by its path (`files.rs`, `name.rs`), the small files' text, the
//! theme (`theme.rs`). What is in the small files is not this room's business.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

pub mod config;
mod ending;
mod files;
mod fs;
pub mod name;
pub mod path;
mod theme;

use crate::diagnostic::{Checked, Code, Diagnostic, Error, Place, Severity, Source};
pub use fs::is_ignored;

use crate::index::TextIx;
use files::Files;
use fs::Bytes;
use typed_index_collections::TiVec;

/// All that a build depends on.
#[derive(Debug)]
pub struct Archive {
    /// `postil.toml`.
    pub config: Config,
    /// Raw texts, sorted by id.
    pub texts: TiVec<TextIx, TextFile>,
    /// Folders of texts that say what they are, sorted by folder: `content/` itself is the first.
    pub collections: Vec<CollectionFile>,
    /// Files of `annotations/`, sorted by path.
    pub sidecars: Vec<Sidecar>,
    /// Files of `content/pages/*.md`, sorted by path; the slug is the name without ending.
    pub pages: Vec<SitePage>,
    /// Files of `static/`, which are copied into the site as they are, sorted.
    pub statics: Vec<StaticFile>,
    /// Files that mean nothing by their names, with what is to be said of each unless something names it.
    pub unexpected: Vec<Diagnostic>,
    /// Templates and assets.
    pub theme: Theme,
    /// Where raw texts are loaded from.
    pub store: Store,
}

/// Where raw texts are loaded from: the disk, or (tests) memory.
#[derive(Debug, Clone)]
pub enum Store {
    /// The archive's root folder.
    Disk(PathBuf),
    /// Path from the root to bytes.
    Memory(BTreeMap<String, Vec<u8>>),
    /// Another store, as it would be.
    Edited {
        /** the other */
        store: Box<Store>,
        /** files that lie elsewhere: path as it would be to path as it is */
        moved: BTreeMap<String, String>,
        /** files with other bytes, or new ones, by the path as it would be */
        files: BTreeMap<String, Vec<u8>>,
    },
}

/// One raw text, not yet read.
#[derive(Debug)]
pub struct TextFile {
    /// Path below `content/` without the ending.
    pub id: Arc<str>,
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Plain text or Markdown.
    pub format: Format,
    /// The record beside it, if there is one.
    pub record: Option<Arc<Source>>,
    /// What the folders that it lies in say of all their texts: `collection.toml`, the nearest first.
    pub folders: Vec<Arc<Source>>,
}

/// What a folder of texts says it is.
#[derive(Debug, Clone)]
pub struct CollectionFile {
    /// The folder below `content/`; empty for that itself.
    pub folder: Arc<str>,
    /// Its `collection.toml`.
    pub source: Arc<Source>,
}

/// How a raw text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.txt`: plain text, never Markdown.
    Plain,
    /// `.md`: CommonMark.
    Markdown,
}

/// One annotation file.
#[derive(Debug)]
pub struct Sidecar {
    /// What it is, by its path.
    pub kind: SidecarKind,
    /// The file.
    pub source: Arc<Source>,
}

/// What an annotation file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidecarKind {
    /// `annotations/<text>/<slug>.md`.
    Note {
        /** id of the text */
        text: Arc<str>,
        /** file name without ending */
        slug: String,
    },
    /// `annotations/<text>/apparatus.toml`, or that of a folder of texts.
    Apparatus {
        /** id of the text, or the folder; empty for all texts */
        text: Arc<str>,
    },
    /// `annotations/<text>/derived.toml`: rows that postil wrote for a text that it made of another file.
    Derived {
        /** id of the text */
        text: Arc<str>,
    },
    /// `annotations/furniture.toml`.
    Furniture,
    /// `annotations/glossary/**/<slug>.toml`.
    Term(String),
    /// `annotations/topics/**/<slug>.toml`.
    Topic(String),
    /// `annotations/links/**/<slug>.toml`.
    Link(String),
    /// `annotations/contributors/**/<slug>.toml`.
    Contributor(String),
}

/// One of the site's own pages.
#[derive(Debug)]
pub struct SitePage {
    /// File name without ending.
    pub slug: String,
    /// The file: Markdown with optional front matter `title = "…"`.
    pub source: Arc<Source>,
}

/// A file of the publisher's own that is copied into the site as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticFile {
    /// Its address from the site's root: its path below `static/`.
    pub address: String,
    /// Path from the root, with `/`.
    pub path: Arc<str>,
}

/// The file that says what the site is, and that a folder is an archive.
pub const CONFIG: &str = "postil.toml";

/// `postil.toml`, everything but the title with a default (design, section 3).
#[derive(Debug, Clone)]
pub struct Config {
    /// The site's title.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// Language of the interface and default of the texts (BCP 47).
    pub language: String,
    /// Where it is named.
    pub language_at: Place,
    /// Where the site will be; only for feeds, sitemap, canonical links. Ends without `/`.
    pub base_url: Option<String>,
    /// The repository's web address. Ends without `/`.
    pub repository: Option<String>,
    /// What sort of forge that is, if it is known.
    pub forge: Option<ForgeKind>,
    /// Where a proposal can be sent by mail: `mailto:` and an address.
    pub contact: Option<String>,
    /// Where "suggest a note" points.
    pub branch: String,
    /// Licence of the notes (SPDX).
    pub licence: String,
    /// Name of the theme.
    pub theme: String,
    /// Whether the site comes as one download too; if nothing is said, its size decides.
    pub zip: Option<bool>,
    /// Kinds of notes: key and label, in order.
    pub note_kinds: Vec<(String, String)>,
    /// Whether the kinds of notes are the usual ones: the language then has words for them.
    pub usual_kinds: bool,
    /// Kinds of texts: key and label.
    pub text_kinds: Vec<(String, String)>,
    /// Series of figures that notes give, each with its title, in the order of `postil.toml`.
    pub series: Vec<(String, String)>,
    /// Where uses of terms open their definition.
    pub mark: MarkTerms,
    /// Whether terms are marked in headings.
    pub headings: bool,
    /// The server that answers searches in place of the site's own index.
    pub search_endpoint: Option<String>,
    /// What search makes of marks on letters, and of letters that few keyboards have.
    pub marks: Marks,
    /// Whether there is a concordance.
    pub concordance: bool,
    /// From what it is known since when something is in the archive.
    pub dates: Dates,
    /// Whether notes have to name their sources.
    pub sources: Sources,
    /// Limits (trust, section 1).
    pub limits: Limits,
}

/// Whether notes have to name their sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sources {
    /// As their writers like.
    #[default]
    Optional,
    /// A note without one is a warning.
    Expected,
    /// A note without one is an error.
    Required,
}

/// What sort of forge holds the repository: each has its own address for a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForgeKind {
    /// GitHub, and its Enterprise Server.
    Github,
    /// GitLab.
    Gitlab,
    /// Forgejo and Gitea, such as Codeberg.
    Forgejo,
    /// Bitbucket.
    Bitbucket,
}

/// From what it is known since when something is in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dates {
    /// From the files: `retrieved` of a text, `date` of a note, a term, a passage of a topic.
    #[default]
    Files,
    /// From git as well, which knows when a file came and was changed; it needs the whole history.
    Git,
}

/// Where uses of a term open its definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MarkTerms {
    /// At the first use of each form in each section.
    #[default]
    FirstPerSection,
    /// At the first use of each form on the page.
    FirstPerPage,
    /// At each use.
    All,
}

/// What search makes of marks on letters, and of letters that few keyboards have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Marks {
    /// They are left out or spelled in plain letters: `cafe` finds `café`, `strasse` finds `Straße`.
    #[default]
    Fold,
    /// They make another letter: `å` is not `a`, `ø` is not `o`.
    Keep,
}

/// Sizes beyond which a file is refused; bytes unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One raw text.
    pub text: u64,
    /// One sidecar or page.
    pub note: u64,
    /// Nesting of lists and quotations in notes, levels.
    pub nesting: u32,
    /// HTML made of one note.
    pub html: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { text: 256 << 20, note: 64 << 10, nesting: 16, html: 1 << 20 }
    }
}

/// Templates and assets, the site's own in place of the default theme's, file by file.
#[derive(Debug, Default)]
pub struct Theme {
    /// Template name (`text.html`) to file, sorted.
    pub templates: Vec<(String, Arc<Source>)>,
    /// Asset path (`style.css`) to bytes, sorted; published under `assets/`.
    pub assets: Vec<(String, Vec<u8>)>,
    /// Words of the interface: file name (`en.toml`) to file, sorted.
    pub lang: Vec<(String, Arc<Source>)>,
    /// The default theme's English: what there is a word for.
    pub english: &'static str,
}

/// The theme that the program brings along. It is handed in, since what lies in the
/// program's own folders is no business of this room.
#[derive(Debug, Default)]
pub struct DefaultTheme {
    /// Its files, in any order.
    pub files: Vec<ThemeFile>,
    /// Its words in English, a flat table of TOML: every key there is.
    pub english: &'static str,
}

/// A file of the default theme.
#[derive(Debug)]
pub struct ThemeFile {
    /// Path from the theme's folder, with `/`.
    pub path: String,
    /// As it is maintained, and as a site may hold a copy.
    pub bytes: &'static [u8],
    /// As it is published: scripts and style sheets made small.
    pub published: &'static [u8],
}

impl SidecarKind {
    /// The slug of a file that has one.
    pub fn slug(&self) -> Option<&str> {
        match self {
            Self::Note { slug, .. }
            | Self::Term(slug)
            | Self::Topic(slug)
            | Self::Link(slug)
            | Self::Contributor(slug) => Some(slug),
            Self::Apparatus { .. } | Self::Derived { .. } | Self::Furniture => None,
        }
    }
}

/// Reads an archive from where it lies; `default` stands in for what it has no theme of its own for.
///
/// # Errors
/// A folder or file cannot be read. What is wrong with the files themselves is
/// among the problems.
pub fn read(store: Store, default: &DefaultTheme) -> Result<Checked<Archive>, Error> {
    let mut problems = Vec::new();
    let config = read_config(&store, &mut problems)?;
    problems.extend(folders(&store, &problems)?);
    let files = files::sort(store.list("content")?, store.list("annotations")?);
    let is_why = |problem: &Diagnostic| [Code::CONFIG_MISSING, Code::BAD_NAME].contains(&problem.code);
    if !problems.iter().any(is_why) && !files.explains_its_texts() {
        problems.push(no_text());
    }
    let Files { texts, collections, sidecars, pages, problems: of_names, .. } = files;
    problems.extend(of_names);

    let limit = config.limits.note;
    let records = texts.iter().map(|text| text.record.as_deref()).collect::<Vec<_>>();
    let records = sources(&store, &records, limit, &mut problems)?;
    let paths = collections.iter().map(|(_, path)| Some(path.as_str())).collect::<Vec<_>>();
    let found = sources(&store, &paths, limit, &mut problems)?;
    let collections = collections.into_iter().zip(found);
    let collections: Vec<CollectionFile> = collections
        .filter_map(|((folder, _), source)| Some(CollectionFile { folder: folder.into(), source: source? }))
        .collect();
    let texts = texts.into_iter().zip(records).map(|(text, record)| TextFile {
        folders: folders_of(&collections, &text.id),
        id: text.id.into(),
        path: text.path.into(),
        format: text.format,
        record,
    });
    let texts = texts.collect();

    // What postil itself derived from a text may be as large as one; nobody has to look it through.
    let derived = |kind: &SidecarKind| matches!(kind, SidecarKind::Derived { .. });
    let wanted = |of_derived: bool| {
        let path = |(kind, path): &(SidecarKind, String)| (derived(kind) == of_derived).then(|| path.clone());
        sidecars.iter().map(path).collect::<Vec<_>>()
    };
    let [by_hand, by_postil] = [wanted(false), wanted(true)];
    let paths = by_hand.iter().map(Option::as_deref).collect::<Vec<_>>();
    let found = sources(&store, &paths, limit, &mut problems)?;
    let paths = by_postil.iter().map(Option::as_deref).collect::<Vec<_>>();
    let large = sources(&store, &paths, config.limits.text, &mut problems)?;
    let found = found.into_iter().zip(large).map(|(found, large)| found.or(large));
    let sidecars = sidecars.into_iter().zip(found);
    let sidecars =
        sidecars.filter_map(|((kind, _), source)| Some(Sidecar { kind, source: source? })).collect();

    let paths = pages.iter().map(|(_, path)| Some(path.as_str())).collect::<Vec<_>>();
    let found = sources(&store, &paths, limit, &mut problems)?;
    let pages = pages.into_iter().zip(found);
    let pages = pages.filter_map(|((slug, _), source)| Some(SitePage { slug, source: source? })).collect();

    let statics = statics(store.list_all(STATIC)?, &mut problems);
    let theme = theme::read(&store, &config.theme, default, &mut problems)?;
    let is_unexpected = |problem: &mut Diagnostic| problem.code == Code::UNEXPECTED_FILE;
    let unexpected = problems.extract_if(.., is_unexpected).collect();
    Ok(Checked::new(
        Archive { config, texts, collections, sidecars, pages, statics, unexpected, theme, store },
        problems,
    ))
}

/// What the folders around a text say, the nearest first.
fn folders_of(collections: &[CollectionFile], id: &str) -> Vec<Arc<Source>> {
    let around = std::iter::successors(id.rsplit_once('/').map(|(folder, _)| folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(outer, _)| outer))
    });
    let around = around.chain((!id.contains('/')).then_some(""));
    let find = |folder: &str| {
        let at = collections.binary_search_by(|collection| (*collection.folder).cmp(folder)).ok()?;
        Some(collections[at].source.clone())
    };
    around.filter_map(find).collect()
}

impl Store {
    /// A folder as it would be if these files had other texts: path from the root to text.
    pub fn edited(root: &Path, texts: &BTreeMap<String, String>) -> Self {
        Self::moved(root, BTreeMap::new(), texts)
    }

    /// The same with files that lie elsewhere, too: path as it would be to path as it is.
    pub fn moved(root: &Path, moved: BTreeMap<String, String>, texts: &BTreeMap<String, String>) -> Self {
        let files = texts.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
        Self::Edited { store: Box::new(Self::Disk(root.to_owned())), moved, files }
    }

    /// A folder as it would be if what editors show of some files were saved: path from the root to text.
    ///
    /// A byte order mark that an editor does not show stays. A file that is not UTF-8 is as it lies there,
    /// whatever is shown: in which bytes the editor would save it, only the editor knows.
    ///
    /// # Errors
    /// One of these files is there and cannot be read.
    pub fn unsaved<'t>(
        root: &Path,
        shown: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Self, Error> {
        const MARK: &str = "\u{feff}";
        let disk = Self::Disk(root.to_owned());
        let mut files = BTreeMap::new();
        for (path, text) in shown {
            let saved = match disk.read(path, LARGEST_STATIC)? {
                Bytes::All(bytes) => Some(bytes),
                Bytes::TooLarge => continue,
                Bytes::None => None,
            };
            let saved = saved.map(String::from_utf8);
            let marked = match &saved {
                Some(Err(_)) => continue,
                Some(Ok(saved)) => saved.starts_with(MARK),
                None => false,
            };
            let mark = if marked && !text.starts_with(MARK) { MARK } else { "" };
            files.insert(path.to_owned(), format!("{mark}{text}").into_bytes());
        }
        Ok(Self::Edited { store: Box::new(disk), moved: BTreeMap::new(), files })
    }
}

impl Archive {
    /// The text of one of its small files, without a byte order mark; none if it is gone, too
    /// large or not UTF-8.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn small_file(&self, path: &str) -> Result<Option<String>, Error> {
        let is_derived = path.ends_with("/derived.toml");
        let limit = if is_derived {
            self.config.limits.text
        } else {
            self.config.limits.note.max(Limits::default().note)
        };
        let Bytes::All(bytes) = self.store.read(path, limit)? else { return Ok(None) };
        let text = String::from_utf8(bytes).ok();
        Ok(text.map(|text| text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
    }

    /// The same from files in memory: path from the root to bytes.
    pub fn from_memory(files: BTreeMap<String, Vec<u8>>, default: &DefaultTheme) -> Checked<Self> {
        read(Store::Memory(files), default).expect("memory can always be read")
    }

    /// The bytes of a raw text; none, and a problem, if it is larger than the
    /// limit or is gone since the archive was read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load(&self, text: &TextFile) -> Result<Checked<Option<Vec<u8>>>, Error> {
        let mut problems = Vec::new();
        let bytes = small(&self.store, &text.path, self.config.limits.text, "text", &mut problems)?;
        Ok(Checked::new(bytes, problems))
    }

    /// The bytes of a file of `static/`; none, and a problem, if it is too large or is gone since the archive was read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load_static(&self, file: &StaticFile) -> Result<Checked<Option<Vec<u8>>>, Error> {
        let problem = |code, message: String, help: &str| {
            Checked::new(
                None,
                vec![Diagnostic::error(code, Place::file(file.path.clone()), message).help(help)],
            )
        };
        Ok(match self.store.read(&file.path, LARGEST_STATIC)? {
            Bytes::All(bytes) => Checked::new(Some(bytes), Vec::new()),
            Bytes::TooLarge => problem(
                Code::TOO_LARGE,
                format!("the file is larger than {LARGEST_STATIC} bytes"),
                "offer it elsewhere, and link to it",
            ),
            Bytes::None => problem(
                Code::FILE_GONE,
                "the file went away while it was read".to_owned(),
                "run the command again",
            ),
        })
    }

    /// The bytes of a file that something names; none if it is not there, and a problem if it is larger than a text
    /// may be.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn file(&self, path: &str) -> Result<Checked<Option<Vec<u8>>>, Error> {
        let limit = self.config.limits.text;
        Ok(match self.store.read(path, limit)? {
            Bytes::All(bytes) => Checked::fine(Some(bytes)),
            Bytes::TooLarge => Checked::new(None, vec![too_large(path, limit, "text")]),
            Bytes::None => Checked::fine(None),
        })
    }

    /// The archive as it would be with this file too, or instead of the one
    /// there is. What is wrong with what is in it is for others to say.
    ///
    /// # Errors
    /// Its name is not that of a sidecar: why.
    pub fn add_sidecar(&mut self, path: &str, text: String) -> Result<(), Vec<Diagnostic>> {
        self.add_sidecars([(path.to_owned(), text)])
    }

    /// The same with many files, in one go: path and text.
    ///
    /// # Errors
    /// A name is not that of a sidecar: why. None of them is there then.
    pub fn add_sidecars(
        &mut self,
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), Vec<Diagnostic>> {
        let sidecar = |(path, text): (String, String)| {
            let found = fs::Found { path, what: fs::What::File };
            let Files { sidecars, problems, .. } = files::sort(Vec::new(), vec![found]);
            let (kind, path) = sidecars.into_iter().next().ok_or(problems)?;
            Ok(Sidecar { kind, source: Arc::new(Source::new(path, text)) })
        };
        let added = files.into_iter().map(sidecar).collect::<Result<Vec<Sidecar>, Vec<Diagnostic>>>()?;
        self.sidecars.extend(added);
        // The order of equals stays: of two with one path, the later takes the place of the earlier.
        self.sidecars.sort_by(|a, b| a.source.path.cmp(&b.source.path));
        self.sidecars.dedup_by(|later, earlier| {
            let same = later.source.path == earlier.source.path;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Ok(())
    }

    /// Whether it has an annotation file of this path.
    pub fn has_sidecar(&self, path: &str) -> bool {
        self.sidecars.binary_search_by(|sidecar| (*sidecar.source.path).cmp(path)).is_ok()
    }

    /// The text of this id.
    pub fn text(&self, id: &str) -> Option<&TextFile> {
        let found = self.texts.binary_search_by(|text| (*text.id).cmp(id));
        found.ok().map(|i| &self.texts[i])
    }
}

/// The folder of what is copied into the site as it is.
const STATIC: &str = "static";

/// Largest file of it, in bytes: what is larger, no host of files takes.
const LARGEST_STATIC: u64 = 1 << 30;

/// The files of `static/`, sorted by their addresses.
fn statics(found: Vec<fs::Found>, problems: &mut Vec<Diagnostic>) -> Vec<StaticFile> {
    let mut files = Vec::new();
    for found in found {
        let place = Place::file(found.path.as_str());
        if found.what != fs::What::File {
            problems.push(
                Diagnostic::error(Code::SPECIAL_FILE, place, "not a file, or its name is not UTF-8")
                    .help("put the file itself there"),
            );
            continue;
        }
        let address = found.path[STATIC.len()..].trim_start_matches('/').to_owned();
        match path::fault(&address) {
            None => files.push(StaticFile { address, path: found.path.into() }),
            Some(fault) => problems.push(
                Diagnostic::error(Code::BAD_NAME, place, format!("the address of this file {fault}"))
                    .help("give it a name that every system takes"),
            ),
        }
    }
    files.sort_by(|one, other| one.address.cmp(&other.address));
    files
}

/// The folders of an archive.
const FOLDERS: [&str; 4] = ["content", "annotations", "themes", STATIC];

/// Whether a name in the archive's root is that of a folder or file that a build depends on.
pub fn is_of_archive(name: &str) -> bool {
    name == CONFIG || FOLDERS.contains(&name)
}

/// Whether a name is that of a folder or file of an archive, in other letters or with a slip: which.
/// What is so called would not be read.
pub fn misnamed(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if [CONFIG, "postil.tml", "postil.toml.txt"].contains(&&*lower) {
        return (name != CONFIG).then_some(CONFIG);
    }
    let slip = |folder: &&&str| match **folder {
        "themes" | STATIC => lower == **folder,
        "content" => lower.trim_end_matches('s') == "content",
        long => strsim::damerau_levenshtein(&lower, long) <= 1,
    };
    FOLDERS.iter().find(slip).copied().filter(|folder| *folder != name)
}

/// An error for each folder whose name is nearly that of one of the archive's, and that holds files of its kind.
fn folders(store: &Store, problems: &[Diagnostic]) -> Result<Vec<Diagnostic>, Error> {
    if problems.iter().any(|problem| problem.code == Code::CONFIG_MISSING) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for name in store.top()? {
        let Some(right) = misnamed(&name).filter(|right| *right != CONFIG) else { continue };
        // What else a folder is for that has another name, besides one that has texts, is nobody's slip.
        let in_other_letters = name.eq_ignore_ascii_case(right);
        if !in_other_letters && right == "content" && !store.list(right)?.is_empty() {
            continue;
        }
        let is_like = |path: &str| in_other_letters || ending::named(path).meant.ending().is_some();
        let count = store.list(&name)?.iter().filter(|found| is_like(&found.path)).count();
        if count == 0 {
            continue;
        }
        let files = if count == 1 { "its file is".to_owned() } else { format!("its {count} files are") };
        let message = format!("`{name}/` is not `{right}/`: {files} left out");
        let problem = Diagnostic::error(Code::BAD_NAME, Place::file(name.as_str()), message);
        found.push(problem.help(format!("rename it to `{right}`; if that is there, move the files to it")));
    }
    Ok(found)
}

/// A site without a text is nobody's wish.
fn no_text() -> Diagnostic {
    Diagnostic::error(Code::NO_TEXT, Place::file("content"), "the archive has no text")
        .help("put a raw text into `content/`: `<id>.txt` for plain text, `<id>.md` for Markdown")
}

fn read_config(store: &Store, problems: &mut Vec<Diagnostic>) -> Result<Config, Error> {
    let bytes = match store.read(CONFIG, Limits::default().note)? {
        Bytes::None => {
            let nearly = store.top()?.into_iter().find(|name| misnamed(name) == Some(CONFIG));
            let problem = Diagnostic::error(
                Code::CONFIG_MISSING,
                Place::file(CONFIG),
                "there is no `postil.toml` here",
            );
            problems.push(match nearly {
                Some(name) => problem.help(format!("rename `{name}` to `{CONFIG}`")),
                None => problem
                    .help("go to the folder of the archive, or name it with `--site`")
                    .help("to begin a new archive, run `postil init`"),
            });
            return Ok(Config::default());
        }
        Bytes::TooLarge => {
            problems.push(too_large(CONFIG, Limits::default().note, "note"));
            return Ok(Config::default());
        }
        Bytes::All(bytes) => bytes,
    };
    let source = source(CONFIG, bytes, problems);
    Ok(source.map_or_else(Config::default, |source| config::parse(&source, problems)))
}

/// The small files at `paths`, read in parallel, their problems in the order of the paths.
fn sources(
    store: &Store,
    paths: &[Option<&str>],
    limit: u64,
    problems: &mut Vec<Diagnostic>,
) -> Result<Vec<Option<Arc<Source>>>, Error> {
    let read = |path: &Option<&str>| {
        let mut problems = Vec::new();
        let Some(path) = path else { return Ok((None, problems)) };
        let bytes = small(store, path, limit, "note", &mut problems)?;
        let source = bytes.and_then(|bytes| source(path, bytes, &mut problems));
        Ok((source, problems))
    };
    let read = paths.par_iter().with_min_len(64).map(read).collect::<Result<Vec<_>, Error>>()?;
    let mut sources = Vec::with_capacity(read.len());
    for (source, found) in read {
        sources.push(source);
        problems.extend(found);
    }
    Ok(sources)
}

/// The bytes of a file, if they are within the limit of this name.
fn small(
    store: &Store,
    path: &str,
    limit: u64,
    key: &str,
    problems: &mut Vec<Diagnostic>,
) -> Result<Option<Vec<u8>>, Error> {
    Ok(match store.read(path, limit)? {
        Bytes::All(bytes) => Some(bytes),
        Bytes::TooLarge => {
            problems.push(too_large(path, limit, key));
            None
        }
        Bytes::None => {
            problems.push(
                Diagnostic::error(Code::FILE_GONE, Place::file(path), "the file went away while it was read")
                    .help("run the command again"),
            );
            None
        }
    })
}

fn too_large(path: &str, limit: u64, key: &str) -> Diagnostic {
    Diagnostic::error(Code::TOO_LARGE, Place::file(path), format!("the file is larger than {limit} bytes"))
        .help(format!("make it smaller, or raise `{key}` under `[limits]` in `postil.toml`"))
}

/// A small file's text: UTF-8, without a byte order mark and NUL bytes.
fn source(path: &str, bytes: Vec<u8>, problems: &mut Vec<Diagnostic>) -> Option<Arc<Source>> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(&e.as_bytes()[..at]).into_owned();
            let shown = Source::new(path, format!("{before}\u{fffd}"));
            problems.push(
                Diagnostic::error(
                    Code::INVALID_UTF8,
                    shown.place(at..at + '\u{fffd}'.len_utf8()),
                    format!("byte 0x{:02X} at offset {at} is not UTF-8", e.as_bytes()[at]),
                )
                .help("save the file as UTF-8"),
            );
            return None;
        }
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let source = Source::new(path, text);
    if let Some(at) = source.text.find('\0') {
        problems.push(
            Diagnostic::error(Code::NUL_BYTE, source.place(at..at + 1), format!("NUL byte at offset {at}"))
                .help("take it out, or save the file as UTF-8"),
        );
        return None;
    }
    if let Some(at) = conflict(&source.text) {
        problems.push(
            Diagnostic::error(Code::CONFLICT_MARKS, source.place(at..at + CONFLICT.len()), "git left a conflict in this file")
                .help("keep one of the two versions, or what is right of both, and take the three lines of marks out"),
        );
        return None;
    }
    // A raw text may have them; in a contributor's file they deceive whoever looks it over.
    problems.extend(source.direction_overrides().map(|problem| {
        Diagnostic { severity: Severity::Warning, ..problem }.help("take it out, unless the words need it")
    }));
    Some(Arc::new(source))
}

/// What the first line of a conflict begins with.
const CONFLICT: &str = "<<<<<<<";

/// Where git wrote two versions into a file, one after the other: the first mark of three.
fn conflict(text: &str) -> Option<usize> {
    let mark = |from: usize, mark: &str| {
        let mut at = from;
        for line in text[from..].split_inclusive('\n') {
            let rest = line.strip_prefix(mark).map(|rest| rest.trim_end_matches(['\r', '\n']));
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) {
                return Some(at);
            }
            at += line.len();
        }
        None
    };
    let first = mark(0, CONFLICT)?;
    let between = mark(first, "=======")?;
    mark(between, ">>>>>>>").map(|_| first)
}

#[cfg(test)]
mod tests;
