//! Reads a file back as a build would.

use std::sync::Arc;

use super::{File, Refused};
use postil_anchor::anchor::finder::Finder;
use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::{self, Layers, Passage};
use postil_anchor::annotation::{self, Annotations};
use postil_anchor::document::{self, Document, record};
use postil_archive::archive::{Archive, TextFile, name};
use postil_archive::diagnostic::{self, Code, Diagnostic, Error};
use postil_archive::sidecar::date::Date;

/// A text that somebody annotates.
#[derive(Debug)]
pub struct Text {
    /// The text.
    pub doc: Document,
    /// When it was made.
    pub date: Option<Date>,
}

/// Loads a text.
///
/// # Errors
/// The file cannot be read.
pub fn load(archive: &Archive, file: &TextFile) -> Result<Result<Text, Refused>, Error> {
    let mut problems = Vec::new();
    let record = record::parse(file).take(&mut problems);
    let bytes = archive.load(file)?.take(&mut problems);
    let parse = |bytes: Vec<u8>| {
        document::parse(file.id.clone(), file.path.clone(), &bytes, file.format, &record).take(&mut problems)
    };
    let doc = bytes.and_then(parse);
    Ok(doc.map(|doc| Text { doc, date: record.date }).ok_or(Refused::Wrong(errors(problems))))
}

fn errors(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.retain(|problem| problem.severity == diagnostic::Severity::Error);
    problems
}

impl Text {
    /// Does something with a finder of this text, as the archive annotates it.
    pub fn with_finder<T>(&self, all: &Annotations, act: impl FnOnce(&Finder<'_>) -> T) -> T {
        let index = Index::new(all);
        let layers = index.layers(&self.doc.id, self.date);
        act(&Finder::new(&self.doc, &layers))
    }
}

/// The archive with a file too, read as a build reads it; the problems that the
/// file has of itself. `quoted` are the texts that it quotes.
///
/// # Errors
/// Its name is not one that such a file can have.
pub(super) fn problems(
    archive: &mut Archive,
    file: &File,
    quoted: &[&Text],
) -> Result<(Vec<Diagnostic>, Annotations), Refused> {
    archive.add_sidecar(&file.path, file.text.clone()).map_err(Refused::Wrong)?;
    Ok(of_file(archive, &file.path, quoted))
}

/// The problems that a file of the archive has of itself, and all annotations.
/// `quoted` are the texts that it quotes.
pub fn of_file(archive: &Archive, path: &str, quoted: &[&Text]) -> (Vec<Diagnostic>, Annotations) {
    let mut problems = Vec::new();
    let annotations = annotation::parse(archive).take(&mut problems);
    let glossary = Glossary::new(&annotations.terms, Defaults::default()).take(&mut problems);
    let index = Index::new(&annotations);
    for text in quoted {
        let layers: Layers<'_> = index.layers(&text.doc.id, text.date);
        problems.extend(anchor::resolve(&text.doc, &layers, &glossary).problems);
    }
    problems.retain(|problem| &*problem.place.path == path);
    diagnostic::sort(&mut problems);
    (problems, annotations)
}

/// Refuses a name that no file of the archive can have, or that leads to another folder.
pub(super) fn slug(slug: &str) -> Result<(), Refused> {
    let Some((why, better)) = name::refuse_slug(slug) else { return Ok(()) };
    Err(Refused::because(why, format!("choose another name with `--slug`, such as `--slug {better}`")))
}

/// Refuses a file that has an error, but for one: that nothing is said yet. There is no file
/// that a fix could be applied to.
pub(super) fn proved(problems: Vec<Diagnostic>) -> Result<(), Refused> {
    let mut errors = errors(problems);
    errors.retain(|problem| problem.code != Code::NOTE_EMPTY && problem.code != Code::DEFINITION_EMPTY);
    errors.iter_mut().for_each(|problem| problem.fixes.clear());
    if errors.is_empty() { Ok(()) } else { Err(Refused::Wrong(errors)) }
}

/// Where a note of this path stands.
pub(super) fn places(text: &Text, all: &Annotations, path: &str) -> Vec<Passage> {
    let index = Index::new(all);
    let layers = index.layers(&text.doc.id, text.date);
    // Terms do not matter to where a note stands.
    let anchored = anchor::resolve(&text.doc, &layers, &Glossary::default()).value;
    let path: Arc<str> = path.into();
    let own = anchored.notes.into_iter().find(|(index, _)| all.notes[*index].source.path == path);
    own.map_or_else(Vec::new, |(_, places)| places)
}
