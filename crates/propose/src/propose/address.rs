//! Addresses by which people know a text.

use postil_archive::archive::Archive;
use postil_archive::index::TextIx;

/// The text whose page, or raw file, has this address, wherever the site is published.
pub fn text_of_page(archive: &Archive, address: &str) -> Option<TextIx> {
    let address = plain(address);
    let of_site = |id: &str| {
        let rest = address.strip_suffix(id)?;
        let rest = rest.strip_suffix("texts/").or_else(|| rest.strip_suffix("raw/"))?;
        (rest.is_empty() || rest.ends_with('/')).then_some(id.len())
    };
    // Of two ids that fit, the longer says more.
    let ids = archive.texts.iter_enumerated();
    ids.filter_map(|(i, text)| Some((of_site(&text.id)?, i))).max().map(|(_, i)| i)
}

/// An address without what does not tell pages apart: query, place on the page, ending.
pub fn plain(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let ending = [".html", ".txt", ".jsonld"].iter().find_map(|ending| address.strip_suffix(ending));
    ending.unwrap_or(address).to_owned()
}
