//! Small pieces of HTML made by hand, and where a link in a contributor's file may lead.

pub(crate) use crate::render::context::escape;

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

/// A link with words.
pub(crate) fn link(href: &str, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(href), escaped(words))
}

/// Scripts that are written from right to left (ISO 15924).
const FROM_THE_RIGHT: &[&str] =
    &["adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"];
/// Languages usually written in one of them (the likely subtags of Unicode CLDR).
const USUALLY_SO: &[&str] = &[
    "ar", "arc", "arz", "bal", "bqi", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "lrc", "mzn", "nqo",
    "ps", "rhg", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
];

/// The direction in which a language (BCP 47) is written: by its script if it
/// names one, else by what is usual.
pub(crate) fn direction(lang: &str) -> &'static str {
    let lang = lang.to_ascii_lowercase();
    let mut parts = lang.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    // A subtag of four letters, and no other, names a script.
    let script =
        parts.take_while(|p| p.len() > 1).find(|p| p.len() == 4 && p.chars().all(char::is_alphabetic));
    let right = match script {
        Some(script) => FROM_THE_RIGHT.contains(&script),
        None => USUALLY_SO.contains(&language),
    };
    if right { "rtl" } else { "ltr" }
}

/// Where a link in a contributor's file leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
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
pub(crate) fn target(address: &str) -> Target {
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
    fn the_direction_is_that_of_the_script() {
        let check = |lang: &str, expected: &str| assert_eq!(direction(lang), expected, "{lang}");
        check("en-GB", "ltr");
        check("he", "rtl");
        check("fa-IR", "rtl");
        check("ku", "ltr");
        check("ku-Arab-IQ", "rtl");
        check("ks-Deva", "ltr");
        check("AR", "rtl");
        check("de-1996", "ltr");
        check("", "ltr");
    }

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
