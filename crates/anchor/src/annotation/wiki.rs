//! `[[…]]` in Markdown: the links of the archive to itself.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use super::Markdown;

/// What the target of `[[target|words]]` says: the kind of thing (`term`, `text`,
/// `topic`, `note`, or what somebody wrote by mistake) and its name. A bare name
/// is a term's.
pub fn target(target: &str) -> (&str, &str) {
    let (kind, name) = target.split_once(':').unwrap_or(("term", target));
    (kind.trim(), name.trim())
}

impl Markdown {
    /// Slugs of the terms that it links to, in order; whether they exist is not asked.
    pub fn linked_terms(&self) -> Vec<String> {
        let links = Parser::new_ext(&self.text, Options::ENABLE_WIKILINKS).filter_map(|event| match event {
            Event::Start(Tag::Link { link_type: LinkType::WikiLink { .. }, dest_url, .. }) => Some(dest_url),
            _ => None,
        });
        links
            .filter_map(|link| match target(&link) {
                ("term", name) => Some(name.to_owned()),
                _ => None,
            })
            .collect()
    }
}
