//! Addresses of other sites that files of the archive name.
//!
//! They are found in the words of the files, not in what the files mean: so each has its place, and none is
//! forgotten that a later key will hold. Raw texts are not looked at: nobody may mend them.

use std::collections::BTreeMap;
use std::ops::Range;

use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Place, Source};

/// Every address with the places where it stands, both sorted. What only leads to a part of a page is left out of it.
pub fn outward(archive: &Archive) -> BTreeMap<String, Vec<Place>> {
    let records = archive.texts.iter().filter_map(|text| text.record.as_deref());
    let sources = records
        .chain(archive.collections.iter().map(|collection| &*collection.source))
        .chain(archive.sidecars.iter().map(|sidecar| &*sidecar.source))
        .chain(archive.pages.iter().map(|page| &*page.source));
    let mut found: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for source in sources {
        for range in addresses(source) {
            let address = source.text[range.clone()].replace("&amp;", "&");
            let address = address.split('#').next().unwrap_or_default().to_owned();
            found.entry(address).or_default().push(source.place(range));
        }
    }
    found
}

/// Where addresses stand in a file. A comment is nobody's link.
fn addresses(source: &Source) -> Vec<Range<usize>> {
    let text = &source.text;
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("://").map(|at| from + at) {
        from = at + "://".len();
        let scheme = ["https", "http"].into_iter().find(|scheme| text[..at].ends_with(scheme));
        let Some(start) = scheme.map(|scheme| at - scheme.len()) else { continue };
        let line = &text[text[..start].rfind('\n').map_or(0, |end| end + 1)..start];
        let is_comment = source.path.ends_with(".toml") && line.trim_start().starts_with('#');
        let end = end(text, from);
        if !is_comment && end > from && !text[..start].ends_with(|c: char| c.is_alphanumeric()) {
            found.push(start..end);
        }
        from = end.max(from);
    }
    found
}

/// Where an address ends: before what can be in none, and before the stop or bracket that belongs to the sentence.
fn end(text: &str, from: usize) -> usize {
    let mut depth = 0_u32;
    let goes_on = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return false,
            ')' => depth -= 1,
            _ => {}
        }
        !c.is_whitespace() && !c.is_control() && !"\"'<>`|\\[]{}^".contains(*c)
    };
    let length: usize = text[from..].chars().take_while(goes_on).map(char::len_utf8).sum();
    from + text[from..from + length].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let source = Source::new(path, text);
        let found = addresses(&source);
        assert_eq!(found.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn addresses_end_where_they_do_in_print() {
        check(
            "a.md",
            "See <https://a.example/b>, or https://c.example.",
            &["https://a.example/b", "https://c.example"],
        );
        check(
            "a.md",
            "[x](https://a.example/b_(c)#d) (http://e.example/f?g=1&amp;h)",
            &["https://a.example/b_(c)#d", "http://e.example/f?g=1&amp;h"],
        );
        check(
            "a.toml",
            "url = \"https://a.example/b\" # https://c.example\n# https://d.example\n",
            &["https://a.example/b", "https://c.example"],
        );
        check(
            "a.md",
            "ftp://a.example xhttps://b.example https:// https://\u{e9}.example/\u{e9}",
            &["https://\u{e9}.example/\u{e9}"],
        );
    }
}
