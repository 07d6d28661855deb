//! Small pieces of HTML made by hand, and where a link in a contributor's file may lead.

pub(crate) use crate::render::context::escape;
pub(crate) use crate::site::bidi::{direction, turns};

/// Text, escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    out
}

/// JSON as it may stand inside a `<script>`: nothing in it ends the element or opens a comment.
pub(crate) fn json_for_script(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// A link with words, which may run against the lines of a language: those of the site.
pub(crate) fn link(href: &str, words: &str, lang: &str) -> String {
    format!("<a href=\"{}\"{}>{}</a>", escaped(href), auto(words, lang), escaped(words))
}

/// The attribute that isolates words in a line of this language, with what is before it;
/// empty if they need none.
pub(crate) fn auto(words: &str, lang: &str) -> &'static str {
    if turns(words, lang) { " dir=\"auto\"" } else { "" }
}

/// The attributes of something said in the site's language inside a text in another: its
/// language, and its direction where that differs. With what is before them; else empty.
pub(crate) fn said(site: &str, text: &str) -> String {
    if site == text {
        return String::new();
    }
    let mut out = format!(" lang=\"{}\"", escaped(site));
    if direction(site) != direction(text) {
        out.push_str(" dir=\"");
        out.push_str(direction(site));
        out.push('"');
    }
    out
}

/// Where a link in a contributor's file leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Out of the site: https, http, mailto.
    Outside(String),
    /// A page of the site, from its root, with what follows `#`.
    Inside(String),
    /// A place on the same page: what follows `#`.
    Here(String),
    /// Nowhere a link may lead.
    Refused,
}

/// Sorts an address out. Entities are decoded already; control characters and
/// spaces do not count, since browsers drop them ("java\tscript:").
pub fn target(address: &str) -> Target {
    let plain: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let lower = plain.to_ascii_lowercase();
    if ["https://", "http://", "mailto:"].iter().any(|s| lower.starts_with(s)) {
        return Target::Outside(plain);
    }
    if let Some(id) = plain.strip_prefix('#') {
        return Target::Here(id.to_owned());
    }
    let path = plain.split(['#', '?']).next().unwrap_or("");
    let scheme = path.split('/').next().is_some_and(|first| first.contains(':'));
    let climbs = path.split('/').any(|part| part == "..");
    if scheme || climbs || path.contains('\\') || plain.starts_with("//") || path.is_empty() {
        return Target::Refused;
    }
    Target::Inside(plain.trim_start_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_sorted_out() {
        let refused = |a: &str| assert_eq!(target(a), Target::Refused, "{a}");
        refused("javascript:alert(1)");
        refused("JaVaScRiPt:alert(1)");
        refused("java\tscript:alert(1)");
        refused(" javascript:x");
        refused("data:image/svg+xml,x");
        refused("//elsewhere.example/x");
        refused("../x");
        refused("a\\b");
        refused("file:///etc/passwd");
        refused("");
        assert_eq!(target("https://a.example/?b#c"), Target::Outside("https://a.example/?b#c".into()));
        assert_eq!(target("mailto:a@b.example"), Target::Outside("mailto:a@b.example".into()));
        assert_eq!(target("about.html#x"), Target::Inside("about.html#x".into()));
        assert_eq!(target("/texts/a.html"), Target::Inside("texts/a.html".into()));
        assert_eq!(target("#p3"), Target::Here("p3".into()));
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("a<b>\"&é"), "a&lt;b&gt;&quot;&amp;é");
    }
}
