//! Relative addresses that work from a folder, and text fragments.

use postil_archive::index::SenseIx;
use std::fmt::Write as _;

/// The way from one page to another, both given from the root of the site;
/// what `to` has after `#` is kept, and its path is percent-encoded.
///
/// Relative and ending in a file name, so that it works from `file://`.
pub fn relative(from: &str, to: &str) -> String {
    let (path, fragment) = to.split_once('#').map_or((to, None), |(p, f)| (p, Some(f)));
    let mut out = String::with_capacity(to.len() + 16);
    // On the same page only the fragment, so that nothing is loaded again.
    if path != from || fragment.is_none() {
        let shared = shared_folders(from, path);
        for _ in from[shared..].matches('/') {
            out.push_str("../");
        }
        encode(&mut out, &path[shared..]);
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

/// Length of the folders that two addresses begin with, with their last `/`.
fn shared_folders(one: &str, other: &str) -> usize {
    let pairs = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b);
    pairs.enumerate().filter(|(_, (byte, _))| *byte == b'/').last().map_or(0, |(at, _)| at + 1)
}

/// The way from a page to the root: `""`, `"../"`, `"../../"`.
pub fn root(from: &str) -> String {
    "../".repeat(from.matches('/').count())
}

/// The root of the site from the root of its host, for a base address without a last `/`:
/// `"/"`, or `"/archive/"`.
pub fn root_on_host(base: &str) -> String {
    let after = base.find("://").map_or(0, |at| at + "://".len());
    let path = base[after..].find('/').map_or("", |at| &base[after + at..]);
    format!("{path}/")
}

/// Scheme, host and port of an address of the web.
pub fn origin(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + "://".len());
    let end = url[after..].find(['/', '?', '#']).map_or(url.len(), |at| after + at);
    &url[..end]
}

/// The id of a sense on the page of its term.
pub fn sense(index: SenseIx) -> String {
    format!("s-{}", index.number())
}

/// A fragment that leads to a block, and in browsers that can to the words
/// themselves (WICG Scroll To Text Fragment); the block is the fallback.
///
/// Long words are given by their beginning and end.
pub fn fragment(block: u32, words: &str) -> String {
    let mut out = format!("p{block}");
    let list: Vec<&str> = words.split_whitespace().collect();
    if list.is_empty() {
        return out;
    }
    out.push_str(":~:text=");
    if list.len() <= 10 {
        encode_text(&mut out, &list.join(" "));
    } else {
        encode_text(&mut out, &list[..4].join(" "));
        out.push(',');
        encode_text(&mut out, &list[list.len() - 4..].join(" "));
    }
    out
}

/// A value of a query.
pub fn encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    encode_text(&mut out, value);
    out
}

/// A path, but for its `/`.
fn encode(out: &mut String, path: &str) {
    for &b in path.as_bytes() {
        if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
            out.push(b.into());
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
}

/// `-`, `,` and `&` have a meaning in a text directive, so they are encoded too.
fn encode_text(out: &mut String, words: &str) {
    for &b in words.as_bytes() {
        if b.is_ascii_alphanumeric() || b"._~".contains(&b) {
            out.push(b.into());
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_with_its_host() {
        fn check(url: &str, expected: &str) {
            assert_eq!(origin(url), expected);
        }
        check("https://a.b", "https://a.b");
        check("https://a.b:8/c?d", "https://a.b:8");
        check("http://a.b?c#d", "http://a.b");
    }

    #[test]
    fn the_root_on_a_host() {
        let check = |base: &str, expected: &str| assert_eq!(root_on_host(base), expected, "{base}");
        check("https://a.example", "/");
        check("https://a.example:8080", "/");
        check("https://a.example/archive", "/archive/");
        check("http://a.example/one/two", "/one/two/");
    }

    #[test]
    fn ways_between_pages() {
        let check =
            |from: &str, to: &str, expected: &str| assert_eq!(relative(from, to), expected, "{from} to {to}");
        check("index.html", "texts/a.html", "texts/a.html");
        check("texts/a.html", "index.html", "../index.html");
        check("texts/c/a.html", "texts/c/b.html#p1", "b.html#p1");
        check("texts/c/a.html", "texts/c/a.html#p1", "#p1");
        check("texts/c/a.html", "texts/c/a.html", "a.html");
        check("texts/c/a.html", "texts/d/a.html", "../d/a.html");
        check("texts/c/a.html", "glossary/gla.html", "../../glossary/gla.html");
        check("texts/cd/a.html", "texts/c/a.html", "../c/a.html");
        check("texts/c.html", "texts/c/a.html#x", "c/a.html#x");
        check("a.html", "raw/é %.txt", "raw/%C3%A9%20%25.txt");
    }

    #[test]
    fn fragments_name_the_words() {
        assert_eq!(fragment(3, ""), "p3");
        assert_eq!(fragment(3, "GLA-style, yes"), "p3:~:text=GLA%2Dstyle%2C%20yes");
        assert_eq!(fragment(1, "a b c d e f g h i j k"), "p1:~:text=a%20b%20c%20d,h%20i%20j%20k");
    }
}
