//! What the script that proposes notes in the browser is told about the archive.

use serde::Serialize;

use crate::render::context::Name;
use crate::render::words::Words;
use crate::site::Site;
use crate::site::forge::{Filling, Forge};

/// Kinds, topics and names to choose from, and where a proposal goes. Lists of
/// pairs, never maps: no key comes from data.
#[derive(Debug, Serialize)]
pub struct Proposals<'a> {
    /// The archive's title: drafts of several archives may lie in one storage.
    title: &'a str,
    /// Key and label, the default first.
    kinds: Vec<(&'a str, &'a str)>,
    /// Slug and title.
    topics: Vec<(&'a str, &'a str)>,
    /// Slug and name.
    contributors: Vec<(&'a str, &'a str)>,
    /// The forge that a new file is proposed at, if there is one.
    forge: Option<Filling>,
    /// Where a note can be sent by mail.
    contact: Option<&'a str>,
    /// Of the notes, as shown.
    licence: String,
    /// Words of the panel: key and word.
    words: Vec<(&'a str, &'a str)>,
    /// Their language, if it is not that of the site.
    language: Option<&'static str>,
}

/// What proposals in the browser need to know.
pub fn proposals<'a>(site: &'a Site<'_>, words: &'a Words) -> Proposals<'a> {
    let config = &site.archive.config;
    let mut topics: Vec<(&str, &str)> =
        site.annotations.topics.iter().map(|topic| (topic.slug.as_str(), topic.title.as_str())).collect();
    topics.sort_by_cached_key(|&(slug, title)| (site.order.title(title), slug));
    let contributors = &site.annotations.contributors;
    Proposals {
        title: &config.title,
        kinds: site.note_kinds.iter().map(|kind| (&*kind.key, &*kind.label.plain)).collect(),
        topics,
        contributors: contributors.iter().map(|c| (c.slug.as_str(), c.name.as_str())).collect(),
        forge: Forge::new(config).map(|forge| forge.filling()),
        contact: config.contact.as_deref(),
        licence: Name::licence(&config.licence).text,
        words: ["panel", "own", "paragraph_n"].into_iter().flat_map(|key| words.beginning(key)).collect(),
        language: words.language_beginning("panel"),
    }
}
