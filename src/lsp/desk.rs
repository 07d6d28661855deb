//! An archive on somebody's desk: files as the editor shows them, all others as they lie on the disk.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lsp_types::{Location, Uri};

use super::paper::{Columns, Paper};
use super::uri;
use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::{self, Anchored};
use postil_anchor::annotation::{self, Annotations};
use postil_archive::archive::{self, Archive, CONFIG, SidecarKind, Store};
use postil_archive::diagnostic::{Checked, Diagnostic, Error, Source};
use postil_propose::propose::prove::{self, Text};

/// A file that is open in the editor.
#[derive(Debug, Clone)]
pub(super) struct Open {
    /// As the client calls it.
    pub(super) uri: Uri,
    /// The client's number of this state.
    pub(super) version: i32,
    /// As the client shows it.
    pub(super) text: Arc<str>,
}

/// One archive, with the files of it that are open.
#[derive(Debug)]
pub(super) struct Desk {
    /// Its folder.
    pub(super) root: PathBuf,
    /// By path from its root.
    pub(super) open: BTreeMap<String, Open>,
    columns: Columns,
    /// What was read last, if nothing has changed since.
    reading: Option<Arc<Reading>>,
}

impl Desk {
    /// An archive of which no file is open.
    pub(super) fn new(root: PathBuf, columns: Columns) -> Self {
        Self { root, open: BTreeMap::new(), columns, reading: None }
    }

    /// Something changed: what was read is old.
    pub(super) fn touch(&mut self) {
        self.reading = None;
    }

    /// Where its files are read.
    pub(super) fn store(&self) -> Result<Store, Error> {
        Store::unsaved(&self.root, self.open.iter().map(|(path, open)| (path.as_str(), &*open.text)))
    }

    /// The archive as it is now.
    pub(super) fn reading(&mut self) -> Result<Arc<Reading>, Error> {
        if let Some(reading) = &self.reading {
            return Ok(reading.clone());
        }
        let store = self.store()?;
        let Checked { value: archive, problems } = archive::read(store, crate::theme::default_theme())?;
        let shown = self.open.clone();
        let reading = Arc::new(Reading {
            root: self.root.clone(),
            archive,
            problems,
            shown,
            columns: self.columns,
            annotations: OnceLock::new(),
            texts: Mutex::default(),
            resolved: Mutex::default(),
        });
        self.reading = Some(reading.clone());
        Ok(reading)
    }
}

/// An archive as it was at one moment, and what was found out about it since.
#[derive(Debug)]
pub(super) struct Reading {
    /// Its folder.
    root: PathBuf,
    /// What was read.
    pub(super) archive: Archive,
    /// What was found wrong while it was read.
    pub(super) problems: Vec<Diagnostic>,
    /// What the client shows.
    pub(super) shown: BTreeMap<String, Open>,
    columns: Columns,
    annotations: OnceLock<Annotations>,
    texts: Mutex<BTreeMap<String, Option<Arc<Text>>>>,
    resolved: Mutex<BTreeMap<String, Option<Arc<Anchored>>>>,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `postil.toml`.
    Site,
    /// A raw text.
    Text(Arc<str>),
    /// What is known of one.
    Record(Arc<str>),
    /// What is known of a folder of them.
    Collection,
    /// A page of the site.
    Page,
    /// A file of `annotations/`.
    Sidecar(SidecarKind),
}

impl Reading {
    /// What a file is; none if it means nothing to an archive, or cannot be read at all.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        let archive = &self.archive;
        if path == CONFIG {
            return Some(Kind::Site);
        }
        if let Ok(i) = archive.sidecars.binary_search_by(|sidecar| (*sidecar.source.path).cmp(path)) {
            return Some(Kind::Sidecar(archive.sidecars[i].kind.clone()));
        }
        let mut kinds = archive.texts.iter().filter_map(|text| match &text.record {
            _ if *text.path == *path => Some(Kind::Text(text.id.clone())),
            Some(record) if *record.path == *path => Some(Kind::Record(text.id.clone())),
            _ => None,
        });
        let is_collection = || archive.collections.iter().any(|folder| *folder.source.path == *path);
        let is_page = || archive.pages.iter().any(|page| *page.source.path == *path);
        kinds
            .next()
            .or_else(|| is_collection().then_some(Kind::Collection))
            .or_else(|| is_page().then_some(Kind::Page))
    }

    /// A file as the client counts in it.
    pub(super) fn paper(&self, path: &str) -> Result<Paper, Error> {
        let paper = |text: &str| Paper::new(path, text, self.columns);
        if let Some(shown) = self.shown.get(path) {
            return Ok(paper(&shown.text));
        }
        let text = self.archive.texts.iter().find(|text| *text.path == *path);
        if let Some(text) = text.and_then(|text| self.text(&text.id).transpose()) {
            return Ok(paper(&text?.doc.source.text));
        }
        let bytes = self.archive.file(path)?.value.unwrap_or_default();
        Ok(paper(&String::from_utf8_lossy(&bytes)))
    }

    /// How the client calls a file.
    pub(super) fn uri(&self, path: &str) -> Option<Uri> {
        self.shown.get(path).map(|open| open.uri.clone()).or_else(|| uri::of_path(&self.root.join(path)))
    }

    /// A stretch of a file, as the client counts; none of what it cannot name.
    pub(super) fn location(&self, (path, bytes): &(String, Range<usize>)) -> Result<Option<Location>, Error> {
        let range = self.paper(path)?.range(bytes.clone());
        Ok(self.uri(path).map(|uri| Location { uri, range }))
    }

    /// All annotations.
    pub(super) fn annotations(&self) -> &Annotations {
        self.annotations.get_or_init(|| annotation::parse(&self.archive).value)
    }

    /// A raw text, parsed; none if there is none of this id, or it cannot be read as one.
    pub(super) fn text(&self, id: &str) -> Result<Option<Arc<Text>>, Error> {
        if let Some(known) = lock(&self.texts).get(id) {
            return Ok(known.clone());
        }
        let text = match self.archive.text(id) {
            Some(file) => prove::load(&self.archive, file)?.ok().map(Arc::new),
            None => None,
        };
        lock(&self.texts).insert(id.to_owned(), text.clone());
        Ok(text)
    }

    /// Where everything stands in a text.
    pub(super) fn resolved(&self, id: &str) -> Result<Option<Arc<Anchored>>, Error> {
        if let Some(known) = lock(&self.resolved).get(id) {
            return Ok(known.clone());
        }
        let resolved = self.text(id)?.map(|text| {
            let all = self.annotations();
            let config = &self.archive.config;
            let defaults = Defaults { mark: config.mark, headings: config.headings };
            let glossary = Glossary::new(&all.terms, defaults).value;
            let index = Index::new(all);
            Arc::new(anchor::resolve(&text.doc, &index.layers(id, text.date), &glossary).value)
        });
        lock(&self.resolved).insert(id.to_owned(), resolved.clone());
        Ok(resolved)
    }

    /// The file of a sidecar.
    pub(super) fn sidecar(&self, is: impl Fn(&SidecarKind) -> bool) -> Option<&Arc<Source>> {
        self.archive.sidecars.iter().find(|sidecar| is(&sidecar.kind)).map(|sidecar| &sidecar.source)
    }
}

/// What is behind it is whole between two calls, so one whose thread panicked is used on.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path of a file from the root of an archive, with `/`.
pub(super) fn below(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = rest.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}
