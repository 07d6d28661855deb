//! Which text an annotation is about.

use typed_index_collections::{TiSlice, TiVec};

use super::{Foreign, Wish};
use crate::propose::Refused;
use crate::propose::address::{plain, text_of_page};
use postil_anchor::annotation::{Annotations, Note};
use postil_anchor::document::record::Record;
use postil_archive::archive::Archive;
use postil_archive::index::TextIx;
use postil_archive::sidecar::suggest;

/// The texts of an archive by their addresses.
pub(super) struct Places<'a> {
    archive: &'a Archive,
    /// Where each text came from on the web, if its record says it.
    origins: TiVec<TextIx, Option<String>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(archive: &'a Archive, records: &TiSlice<TextIx, Record>) -> Self {
        let origin = |record: &Record| record.origin.as_ref()?.url.as_deref().map(plain);
        Self { archive, origins: records.iter().map(origin).collect() }
    }

    /// The text of an annotation: the one that was named, or that its address
    /// leads to, as a page of the site, as its file, or as its source.
    pub(super) fn text(&self, foreign: &Foreign, wish: &Wish) -> Result<TextIx, Refused> {
        if let Some(id) = &wish.text {
            let found = self.archive.texts.position(|text| *text.id == **id);
            return found.ok_or_else(|| {
                let near = suggest::nearest_id(id, self.archive.texts.iter().map(|text| &*text.id));
                let help = near
                    .map_or("texts are named by their ids".to_owned(), |id| format!("did you mean `{id}`?"));
                Refused::because(format!("the archive has no text `{id}`"), help)
            });
        }
        let mut found: Vec<TextIx> =
            foreign.sources.iter().filter_map(|source| self.by_address(source)).collect();
        found.sort_unstable();
        found.dedup();
        let address = foreign.sources.first().map_or("", String::as_str);
        match found[..] {
            [text] => Ok(text),
            [] => Err(Refused::because(
                format!("no text of the archive has the address `{address}`"),
                "name the text with `--text ID`",
            )),
            _ => {
                Err(Refused::because("it is about several texts", "a note is about one: write one for each"))
            }
        }
    }

    /// The note of the archive that an annotation of a text is: what the archive itself has
    /// published (`texts/ID.jsonld`), by the address that the note has there.
    pub(super) fn own_note<'n>(
        &self,
        all: &'n Annotations,
        text: TextIx,
        foreign: &Foreign,
    ) -> Option<&'n Note> {
        let (page, id) = foreign.address.as_deref()?.split_once('#')?;
        let slug = id.strip_prefix("n-")?;
        let base = self.archive.config.base_url.as_deref();
        if page.contains("://") && base.is_some_and(|base| !page.starts_with(&format!("{base}/"))) {
            return None;
        }
        // From its own file, a page has no more of its address than its name.
        let (text, page) = (&self.archive.texts[text].id, plain(page));
        let names = |id: &str| page == id || page.ends_with(&format!("/{id}"));
        if !names(text) && page != text.rsplit('/').next().unwrap_or(text) {
            return None;
        }
        let is = |note: &&Note| {
            note.text == *text && (note.slug == slug || note.was.iter().any(|old| old.value == slug))
        };
        all.notes.iter().find(is)
    }

    fn by_address(&self, address: &str) -> Option<TextIx> {
        let address = plain(address);
        text_of_page(self.archive, &address)
            .or_else(|| self.origins.position(|origin| origin.as_ref() == Some(&address)))
    }
}
