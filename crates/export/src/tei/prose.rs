//! What a note says, in elements of TEI: from the HTML that pages have of it, so that it is read in one way only.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::xml;
use postil_anchor::annotation::Markdown;
use postil_site::render::markdown::{self, Place};
use postil_site::site::Site;

/// Adds what Markdown says.
pub(super) fn write(out: &mut String, site: &Site<'_>, markdown: &Markdown) {
    let rendered = markdown::render(site, markdown, Place { page: "", heading: None });
    match converted(site, &rendered.html) {
        Some(tei) => out.push_str(&tei),
        None => xml::leaf(out, "p", &[], rendered.text.trim()),
    }
}

/// HTML of notes as TEI; none if it is not well-formed.
fn converted(site: &Site<'_>, html: &str) -> Option<String> {
    let mut reader = Reader::from_str(html.trim());
    let mut out = String::with_capacity(html.len());
    let mut open: Vec<&'static str> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let attribute = |name: &str| attribute(&start, name);
                let element = begin(&mut out, site, start.name().0, &attribute);
                open.push(element);
            }
            Event::Empty(start) => {
                let attribute = |name: &str| attribute(&start, name);
                let element = match start.name().0 {
                    "br" => {
                        xml::empty(&mut out, "lb", &[]);
                        ""
                    }
                    "hr" => {
                        xml::empty(&mut out, "milestone", &[("unit", "rule")]);
                        ""
                    }
                    "img" => {
                        xml::text(&mut out, &attribute("alt").unwrap_or_default());
                        ""
                    }
                    name => begin(&mut out, site, name, &attribute),
                };
                if !element.is_empty() {
                    xml::end(&mut out, element);
                }
            }
            Event::End(_) => match open.pop()? {
                "" => {}
                element => xml::end(&mut out, element),
            },
            Event::Text(text) => xml::text(&mut out, &text),
            Event::CData(text) => xml::text(&mut out, &text),
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref().ok()? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_html5_entity(&reference)?.to_owned(),
                };
                xml::text(&mut out, &resolved);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => return open.is_empty().then_some(out),
        }
    }
}

fn attribute(start: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.0 == name)?;
    let value = quick_xml::escape::unescape_with(&found.value, quick_xml::escape::resolve_html5_entity);
    value.ok().map(std::borrow::Cow::into_owned)
}

/// Begins what an element of HTML is in TEI, and gives its name; none is empty.
fn begin(
    out: &mut String,
    site: &Site<'_>,
    name: &str,
    attribute: &dyn Fn(&str) -> Option<String>,
) -> &'static str {
    let (element, key, value) = match name {
        "p" => ("p", "", String::new()),
        "em" | "i" => ("emph", "", String::new()),
        "strong" | "b" => ("hi", "rend", "bold".to_owned()),
        "del" | "s" => ("del", "", String::new()),
        "code" => ("seg", "type", "code".to_owned()),
        "pre" => ("ab", "type", "code".to_owned()),
        "blockquote" => ("quote", "", String::new()),
        "ul" => ("list", "rend", "bulleted".to_owned()),
        "ol" => ("list", "rend", "numbered".to_owned()),
        "dl" => ("list", "", String::new()),
        "li" | "dt" | "dd" => ("item", "", String::new()),
        "table" => ("table", "", String::new()),
        "tr" => ("row", "", String::new()),
        "td" | "th" => ("cell", "", String::new()),
        "sup" | "sub" => ("hi", "rend", name.to_owned()),
        "a" => match attribute("href").and_then(|href| leads(site, &href)) {
            Some(target) => ("ref", "target", target),
            None => return "",
        },
        _ => return "",
    };
    xml::begin(out, element, &[(key, &value)]);
    element
}

/// Where a link of a page leads, seen from anywhere.
fn leads(site: &Site<'_>, href: &str) -> Option<String> {
    let is_outside = ["https://", "http://", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
    match is_outside {
        true => Some(xml::address(href)),
        false if href.starts_with('#') => None,
        false => super::page(site, href),
    }
}
