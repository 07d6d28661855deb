//! Markdown of the archive for those who do not have the archive.

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::{Place, Writer};
use crate::render::html::{self, Target};
use crate::render::tongue;
use crate::site::Site;
use postil_anchor::annotation::{Markdown, wiki};

/// The same Markdown, but that its links into the archive (`[[…]]`, and those to pages of the site) lead to the published
/// site; where nobody knows its address, they are their words. Everything else is as it was written.
pub fn portable(site: &Site<'_>, markdown: &Markdown) -> String {
    let text = &markdown.text;
    let mut writer = Writer::new(site, markdown, Place { page: "", heading: None });
    let mut out = String::with_capacity(text.len());
    let mut written = 0;
    // The link in hand: where it leads, and its words.
    let mut open: Option<(Option<String>, String)> = None;
    let mut named = false;
    for (event, range) in Parser::new_ext(text, wiki::OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let found = match link_type {
                    LinkType::WikiLink { has_pothole } => {
                        writer.wiki(&dest_url, has_pothole, range).unwrap_or_default()
                    }
                    _ => match html::target(&dest_url) {
                        Target::Inside(path) => (path, None),
                        _ => continue,
                    },
                };
                let (address, words) = found;
                let address = (!address.is_empty()).then(|| site.full_address(&address)).flatten();
                named = words.is_some();
                open = Some((address, words.map(|words| tongue::bare(&words)).unwrap_or_default()));
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some((_, of_link)) = open.as_mut().filter(|_| !named) {
                    of_link.push_str(&words);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, of_link)) = open.as_mut().filter(|_| !named) {
                    of_link.push(' ');
                }
            }
            Event::End(TagEnd::Link) => {
                let Some((address, words)) = open.take() else { continue };
                out.push_str(&text[written..range.start]);
                let words = escaped(&words);
                match address {
                    Some(address) => out.push_str(&format!("[{words}](<{address}>)")),
                    None => out.push_str(&words),
                }
                written = range.end;
            }
            _ => {}
        }
    }
    out.push_str(&text[written..]);
    out
}

/// Words as Markdown in which they stand for themselves, in a link and in a cell of a table too.
pub fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if "\\[]*_`<>|".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
