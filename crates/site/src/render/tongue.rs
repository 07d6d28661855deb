//! Words of the interface that are said in another language than the site's.
//!
//! Where a translation lacks a word, English has it. Such a word carries marks from
//! where it is looked up to the finished page, through templates that know nothing of
//! them; there the marks become elements with a language and a direction of their own.
//! Each begins with NUL, which no file of an archive may hold.

use crate::render::html::{direction, escaped};

/// The language of the words that every theme has.
pub(super) const ENGLISH: &str = "en";

/// Begins words in English, or, within them, words in the language of the site.
const OPEN: [&str; 2] = ["\0(", "\0["];
const CLOSE: &str = "\0)";

/// Words of the interface in English, marked; what has no letter is of every language.
pub(super) fn marked(words: &str) -> String {
    let mut braces = false;
    let speaks = words.chars().any(|c| {
        braces = (braces || c == '{') && c != '}';
        !braces && c.is_alphabetic()
    });
    if speaks { format!("{}{words}{CLOSE}", OPEN[0]) } else { words.to_owned() }
}

/// The words between marks, if they have them.
pub(super) fn unmarked(words: &str) -> Option<&str> {
    words.strip_prefix(OPEN[0])?.strip_suffix(CLOSE)
}

/// A value to be filled into words in English: its own words are not English.
pub(super) fn filled(value: &str) -> String {
    let bare = value.starts_with(OPEN[0]) || !value.chars().any(char::is_alphabetic);
    if bare { value.to_owned() } else { format!("{}{value}{CLOSE}", OPEN[1]) }
}

/// Elements whose text has no elements in it.
const PLAIN: &[&str] = &["title", "script", "style", "textarea", "option", "desc"];

/// A finished page with its marks made into elements. Where there can be no element, in an
/// attribute or the title, they go.
pub(super) fn spoken(html: &str, site: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    // The elements in hand whose text is plain, or drawn.
    let mut plain = None;
    let mut drawings = 0_usize;
    let mut rest = html;
    while !rest.is_empty() {
        let (text, from) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        match plain {
            Some(_) => strip(&mut out, text),
            None => run(&mut out, text, site, if drawings > 0 { "tspan" } else { "span" }),
        }
        let (tag, after) = from.split_at(end_of_tag(from));
        strip(&mut out, tag);
        rest = after;
        let (closes, name) = match tag.strip_prefix("</") {
            Some(tag) => (true, name_of(tag)),
            None => (false, name_of(tag.get(1..).unwrap_or_default())),
        };
        match (closes, plain) {
            (true, Some(open)) if name == open => plain = None,
            (false, None) => plain = PLAIN.iter().copied().find(|p| *p == name),
            _ => {}
        }
        if name == "svg" {
            drawings = if closes { drawings.saturating_sub(1) } else { drawings + 1 };
        }
    }
    out
}

fn name_of(tag: &str) -> &str {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    &tag[..end]
}

/// Where a tag or comment ends: a `>` in a value does not end it.
fn end_of_tag(html: &str) -> usize {
    if html.starts_with("<!--") {
        return html.find("-->").map_or(html.len(), |at| at + "-->".len());
    }
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    html.len()
}

fn strip(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('\0') {
        out.push_str(&rest[..at]);
        let mark = [OPEN[0], OPEN[1], CLOSE].into_iter().find(|mark| rest[at..].starts_with(mark));
        rest = &rest[at + mark.map_or(1, str::len)..];
    }
    out.push_str(rest);
}

/// Text for programs: without marks.
pub(crate) fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    strip(&mut out, text);
    out
}

/// Text between two tags. What it opens it closes.
fn run(out: &mut String, text: &str, site: &str, element: &str) {
    // For each mark that is open, its language, and whether it became an element.
    let mut open: Vec<(&str, bool)> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\0') {
        strip(out, &rest[..at]);
        rest = &rest[at..];
        let current = open.last().map_or(site, |(language, _)| language);
        if let Some(after) = rest.strip_prefix(CLOSE) {
            rest = after;
            if let Some((_, true)) = open.pop() {
                close(out, element);
            }
            continue;
        }
        let opened = [(OPEN[0], ENGLISH), (OPEN[1], site)];
        let Some((after, language)) =
            opened.into_iter().find_map(|(mark, language)| Some((rest.strip_prefix(mark)?, language)))
        else {
            rest = &rest[1..];
            continue;
        };
        rest = after;
        let differs = language != current;
        if differs {
            out.push_str(&format!("<{element} lang=\"{}\"", escaped(language)));
            // A drawing is laid out by hand.
            if direction(language) != direction(current) && element == "span" {
                out.push_str(&format!(" dir=\"{}\"", direction(language)));
            }
            out.push('>');
        }
        open.push((language, differs));
    }
    out.push_str(rest);
    for (_, is_element) in open.into_iter().rev() {
        if is_element {
            close(out, element);
        }
    }
}

fn close(out: &mut String, element: &str) {
    out.push_str(&format!("</{element}>"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_english_say_so_where_there_can_be_an_element() {
        #[track_caller]
        fn check(html: &str, site: &str, expected: &str) {
            assert_eq!(spoken(html, site), expected);
        }
        let search = marked("Search");
        check(&format!("<p>{search}</p>"), "ja", "<p><span lang=\"en\">Search</span></p>");
        check(&format!("<p>{search}</p>"), "ar", "<p><span lang=\"en\" dir=\"ltr\">Search</span></p>");
        check(&format!("<a title=\"> {search}\">x</a>"), "ja", "<a title=\"> Search\">x</a>");
        check(
            &format!("<title>{search}</title>{search}"),
            "ja",
            "<title>Search</title><span lang=\"en\">Search</span>",
        );
        check(
            &format!("<svg><title>{search}</title><text>{search}</text></svg>"),
            "he",
            "<svg><title>Search</title><text><tspan lang=\"en\">Search</tspan></text></svg>",
        );
        let by = format!("\0(By {}.\0)", filled("歌子"));
        check(
            &format!("<p>{by}</p>"),
            "ja",
            "<p><span lang=\"en\">By <span lang=\"ja\">歌子</span>.</span></p>",
        );
        // Marks that a template took apart, and a NUL of another kind.
        check("<b>\0(No</b>te\0)<i>\0x\0[", "ja", "<b><span lang=\"en\">No</span></b>te<i>x");
        check("<!-- <p>\0( --><p>x</p>", "ja", "<!-- <p> --><p>x</p>");
    }

    #[test]
    fn what_has_no_letters_is_of_every_language() {
        for words in ["", ", ", "→", "{day} {month} {year}"] {
            assert_eq!(marked(words), words);
        }
        assert_eq!(unmarked(&marked("{n} words")), Some("{n} words"));
        assert_eq!(filled("12"), "12");
    }
}
