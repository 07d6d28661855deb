//! Values that go into attributes of pages: addresses and languages.

use super::Spanned;
use crate::diagnostic::{Code, Diagnostic, Source};

/// Whether a value is an address of the web, `https:` or `http:`, that a page may
/// link to. Control characters and spaces are refused: browsers leave some of
/// them out, so that the address would not be the one that was read here.
pub fn is_web(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default();
    let rest = &url[scheme.len()..];
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
        && rest.strip_prefix("://").is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric()))
        && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// The problem of a value that should be such an address.
pub fn problem(source: &Source, url: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(Code::BAD_ADDRESS, source.place(url.span()), "this is not an address of the web")
        .help("it begins with `https://` or `http://` and holds no spaces")
}

/// Whether a value has the shape of a language tag (BCP 47): `en`, `en-GB`, `zh-Hant-TW`.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked_to() {
        for url in ["https://a.b", "http://a.b/c?d#e", "HTTPS://é.fr"] {
            assert!(is_web(url), "{url:?}");
        }
        for url in [
            "",
            "a.b",
            "javascript:alert(1)",
            "https:a",
            "https:///a",
            "//a.b",
            " https://a.b",
            "https://a b",
            "ja\u{9}vascript://a",
            "ftp://a.b",
            "data:text/html,x",
        ] {
            assert!(!is_web(url), "{url:?}");
        }
    }

    #[test]
    fn languages_have_their_shape() {
        for tag in ["en", "en-GB", "zh-Hant-TW", "cy"] {
            assert!(is_language(tag), "{tag:?}");
        }
        for tag in ["", "e", "en_GB", "en-", "en GB", "\"><script>", "1a"] {
            assert!(!is_language(tag), "{tag:?}");
        }
    }
}
