//! The Markdown of sidecars and pages, and `[[…]]` in it: the links of the archive to itself.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use super::Markdown;

/// What is read as Markdown: CommonMark with what forges add to it, so that a note looks on the
/// site as its preview did, and `[[…]]`.
pub const OPTIONS: Options = Options::ENABLE_WIKILINKS
    .union(Options::ENABLE_TABLES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_GFM);

/// What the target of `[[target|words]]` says: the kind of thing (`term`, `text`,
/// `topic`, `note`, or what somebody wrote by mistake) and its name. A bare name
/// is a term's. In a cell of a table the bar after it is written `\|`, as any bar there is.
pub fn target(target: &str) -> (&str, &str) {
    let target = target.strip_suffix('\\').unwrap_or(target);
    let (kind, name) = target.split_once(':').unwrap_or(("term", target));
    (kind.trim(), name.trim())
}

impl Markdown {
    /// Slugs of the terms that it links to, in order; whether they exist is not asked.
    pub fn linked_terms(&self) -> Vec<String> {
        let links = Parser::new_ext(&self.text, OPTIONS).filter_map(|event| match event {
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
