//! Small pieces of XHTML, and HTML that was made for pages as XHTML of a book.

use std::borrow::Cow;

use lol_html::{RewriteStrSettings, element, rewrite_str};
use postil_site::site::bidi;

/// The attribute that names where a link leads, as an address of the site, until the book knows in which of its
/// files that is.
pub(super) const TO: &str = "data-to";

/// Text, escaped.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

/// The same by itself.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    out
}

/// Characters that XML cannot hold, a form feed for instance, are shown as such.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let cannot = |c: char| match c {
        '\t' | '\n' | '\r' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        c => c < ' ',
    };
    match text.contains(cannot) {
        true => Cow::Owned(text.replace(cannot, "\u{fffd}")),
        false => Cow::Borrowed(text),
    }
}

/// The attributes of a language, with what is before them.
pub(super) fn lang(lang: &str) -> String {
    format!(" lang=\"{0}\" xml:lang=\"{0}\" dir=\"{1}\"", escaped(lang), bidi::direction(lang))
}

/// A whole file of the book.
pub(super) fn page(title: &str, language: &str, body: &str) -> String {
    let title = escaped(title);
    let lang = lang(language);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"{lang}>\n<head><title>{title}</title><link rel=\"stylesheet\" type=\"text/css\" href=\"book.css\"/></head>\n<body>\n{body}\n</body>\n</html>\n"
    )
}

/// What Markdown became for a page of the site at `from`: links lead out, or to an address of the site ([`TO`]).
pub(super) fn of_page(html: &str, from: &str) -> String {
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("a[href]", |a| {
            let href = a.get_attribute("href").unwrap_or_default();
            a.remove_attribute("rel");
            if !leads_out(&href) {
                a.remove_attribute("href");
                a.set_attribute(TO, &address(from, &href))?;
            }
            Ok(())
        }))
        .append_element_content_handler(element!("[tabindex]", |wide| {
            wide.remove_attribute("tabindex");
            Ok(())
        }));
    // What was made here can be read here; else it is plain words.
    rewrite_str(html, settings).unwrap_or_else(|_| escaped(html))
}

/// Whether a link leads out of the site.
fn leads_out(href: &str) -> bool {
    ["https:", "http:", "mailto:"].iter().any(|scheme| href.starts_with(scheme))
}

/// The address from the root of the site of what a link on a page leads to, decoded.
fn address(from: &str, href: &str) -> String {
    let (path, fragment) = href.split_once('#').map_or((href, None), |(path, f)| (path, Some(f)));
    let mut to = match path {
        "" => from.to_owned(),
        path => crate::path::decoded(&crate::path::resolve(from, path)),
    };
    if let Some(fragment) = fragment {
        to.push('#');
        to.push_str(fragment.split(":~:").next().unwrap_or(fragment));
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_page_become_addresses_of_the_site() {
        assert_eq!(
            of_page(
                "<p><a href=\"../../glossary/g.html#s-1\">g</a> <a href=\"#p3\">p</a> <a href=\"https://a.example/?b&amp;c\" rel=\"external\">a</a><br /></p>",
                "texts/c/a.html"
            ),
            "<p><a data-to=\"glossary/g.html#s-1\">g</a> <a data-to=\"texts/c/a.html#p3\">p</a> <a href=\"https://a.example/?b&amp;c\">a</a><br /></p>"
        );
    }

    #[test]
    fn what_xml_cannot_hold_is_shown_as_such() {
        assert_eq!(clean("a\u{c}b\tc\u{0}"), "a\u{fffd}b\tc\u{fffd}");
        assert!(matches!(clean("plain"), Cow::Borrowed(_)));
    }
}
