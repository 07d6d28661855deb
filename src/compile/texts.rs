//! Texts with everything that stands on them, for whoever writes them in another form than pages.
//!
//! No page is made, and no index: what is small is read first, then each text when it is asked for,
//! in whatever order, by whichever thread, and dropped behind.

use std::sync::{Mutex, PoisonError};

use super::Options;
use super::read::Reader;
use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::annotation;
use postil_anchor::document;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::bug;
use postil_archive::diagnostic::{self, Diagnostic, Error, Place};
use postil_archive::index::TextIx;
use postil_site::render::article::Input;
use postil_site::render::prose;
use postil_site::render::title;
use postil_site::render::words::Words;
use postil_site::site::{self, Facts, Site};

/// An archive whose texts can be asked for.
pub struct Texts<'a> {
    /// Every page and its address.
    pub site: &'a Site<'a>,
    /// Words of the interface, in the site's language.
    pub words: &'a Words,
    reader: Reader<'a>,
    index: &'a Index<'a>,
    problems: Mutex<Vec<Diagnostic>>,
}

impl Texts<'_> {
    /// Hands a text over with its facts; nothing if it cannot be worked through, which is told at the end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn with<T>(
        &self,
        text: TextIx,
        take: impl FnOnce(Input<'_>, &Facts) -> T,
    ) -> Result<Option<T>, Error> {
        let plan = &self.site.texts[text];
        let mut problems = Vec::new();
        let work = || {
            let layers = self.index.layers(&plan.id, plan.date());
            let Some(read) = self.reader.text(text, &layers, &mut problems)? else { return Ok(None) };
            let input = Input {
                site: self.site,
                words: self.words,
                text,
                doc: &read.doc,
                anchored: &read.anchored,
                overlay: &read.overlay,
            };
            Ok(Some(take(input, &read.facts)))
        };
        let taken = bug::attempt(work).unwrap_or_else(|bug| {
            let path = self.reader.archive.texts[text].path.clone();
            self.told().push(bug.problem(Place::file(path)));
            Ok(None)
        });
        self.told().extend(problems);
        taken
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Vec<Diagnostic>> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads what is small of an archive and lets `work` ask for its texts; gives what came of it, and
/// everything that is wrong, sorted. With an error among it nothing is to be published.
///
/// # Errors
/// Those of `work`; or a raw text cannot be read whose record gives no title.
pub fn texts<T, E: From<Error>>(
    archive: &Archive,
    options: &Options<'_>,
    work: impl FnOnce(&Texts<'_>) -> Result<T, E>,
) -> Result<(T, Vec<Diagnostic>), E> {
    let mut problems = Vec::new();
    let records = document::record::parse_all(&archive.texts).take(&mut problems);
    let annotations = annotation::parse(archive).take(&mut problems);
    problems.extend(annotation::unknown_names(archive, &records));
    let mut titles = super::first_lines(archive, &records)?;
    let config = &archive.config;
    let words = Words::new(&archive.theme, &config.language).take(&mut problems);
    problems.extend(title::fill(archive, &annotations, &records, &words, &mut titles));
    let said = |key: &str| {
        let plain = words.find(key)?.to_owned();
        Some(site::Word { shown: plain.clone(), plain })
    };
    let site = site::plan(archive, &annotations, records, |i| titles[i].clone(), said);
    problems.extend(prose::survey(&site, 0).problems);
    let defaults = Defaults { mark: config.mark, headings: config.headings };
    let glossary = Glossary::new(&annotations.terms, defaults).take(&mut problems);
    let index = Index::new(&annotations);
    let reader = Reader { archive, site: &site, glossary: &glossary, options };
    let texts = Texts { site: &site, words: &words, reader, index: &index, problems: Mutex::new(Vec::new()) };
    let made = work(&texts)?;
    problems.extend(texts.problems.into_inner().unwrap_or_else(PoisonError::into_inner));
    diagnostic::sort(&mut problems);
    Ok((made, problems))
}
