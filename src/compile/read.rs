//! One text, from its bytes to everything that stands on it: what a site is made of, and every export.

use std::collections::BTreeSet;

use super::Options;
use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::anchor::{self, Anchored, Layers, gaps};
use postil_anchor::document::{self, Document};
use postil_anchor::overlay::{self, Overlay};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Diagnostic, Error, Severity};
use postil_archive::index::{NoteIx, TextIx};
use postil_site::proof;
use postil_site::site::{self, Facts, Site};

/// What every text is read with.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) archive: &'a Archive,
    pub(super) site: &'a Site<'a>,
    pub(super) glossary: &'a Glossary,
    pub(super) options: &'a Options<'a>,
}

/// A text with everything that stands on it.
pub(super) struct Read {
    pub(super) bytes: Vec<u8>,
    pub(super) doc: Document,
    pub(super) anchored: Anchored,
    pub(super) overlay: Overlay,
    pub(super) facts: Facts,
}

impl Reader<'_> {
    /// A text with its layers; none if something is so wrong that its numbers could not be relied on.
    pub(super) fn text(
        &self,
        text: TextIx,
        layers: &Layers<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Result<Option<Read>, Error> {
        let file = &self.archive.texts[text];
        let record = &self.site.texts[text].record;
        let Some(bytes) = self.archive.load(file)?.take(problems) else { return Ok(None) };
        let doc = document::parse(file.id.clone(), file.path.clone(), &bytes, file.format, record);
        let Some(doc) = doc.take(problems) else { return Ok(None) };
        problems.extend(proof::bytes(&doc));
        let anchored = self.resolve(&doc, layers, problems);
        problems.extend(gaps::uncovered(&doc, &anchored));
        let overlay = overlay::lay(&doc, &anchored, self.site.annotations);
        let whole: Vec<NoteIx> =
            layers.notes.iter().filter(|(_, n)| n.selectors.is_empty()).map(|(i, _)| *i).collect();
        let mut facts = site::facts(text, &doc, &anchored, &overlay, &whole);
        facts.bytes = bytes.len();
        // A text that was parsed is that of its record, but for its line ends.
        facts.sha256 = record.sha256.clone().unwrap_or_else(|| document::checksum(&bytes));
        Ok(Some(Read { bytes, doc, anchored, overlay, facts }))
    }

    fn resolve(&self, doc: &Document, layers: &Layers<'_>, problems: &mut Vec<Diagnostic>) -> Anchored {
        let checked = anchor::resolve(doc, layers, self.glossary);
        let lenient = self.options.lenient;
        let notes = &self.site.annotations.notes;
        let unplaced: BTreeSet<_> =
            checked.value.unplaced.iter().map(|&note| notes[note].source.path.clone()).collect();
        // A preview shows notes that have no place in a box; what is wrong with them is still said.
        problems.extend(checked.problems.into_iter().map(|mut problem| {
            if lenient && unplaced.contains(&problem.place.path) {
                problem.severity = problem.severity.max(Severity::Warning);
            }
            problem
        }));
        checked.value
    }
}
