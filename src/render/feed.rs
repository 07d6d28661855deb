//! What programs read about the site: the feed, the sitemap, `robots.txt`.
//!
//! Written here and not by a template, because their form is a matter of
//! standards and not of looks.

use crate::render::context::{Feed, Sitemap, escape};

/// An Atom feed (RFC 4287).
pub fn atom(feed: &Feed) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    element(&mut out, "title", &feed.title);
    element(&mut out, "id", &feed.address);
    link(&mut out, "self", &feed.address);
    link(&mut out, "alternate", &feed.page);
    element(&mut out, "updated", &feed.updated);
    // An entry without an author of its own has the feed's (RFC 4287, section 4.1.1).
    author(&mut out, &feed.title);
    for entry in &feed.entries {
        out.push_str("<entry>\n");
        element(&mut out, "title", &entry.title);
        element(&mut out, "id", &entry.address);
        link(&mut out, "alternate", &entry.address);
        element(&mut out, "updated", &entry.updated);
        for name in &entry.by {
            author(&mut out, name);
        }
        element(&mut out, "summary", &entry.summary);
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    out
}

/// A sitemap (sitemaps.org, 0.9), without dates: a file's time is no date of its content.
pub fn sitemap(map: &Sitemap) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in &map.pages {
        out.push_str("<url>");
        element(&mut out, "loc", page);
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out
}

/// `robots.txt`: everything may be read; here is the list.
pub fn robots(map: Option<&Sitemap>) -> String {
    let list = map.map(|map| format!("Sitemap: {}\n", map.address)).unwrap_or_default();
    format!("User-agent: *\nAllow: /\n{list}")
}

fn author(out: &mut String, name: &str) {
    out.push_str("<author>");
    element(out, "name", name);
    out.push_str("</author>\n");
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    xml(out, text);
    out.push_str("</");
    out.push_str(name);
    out.push_str(">\n");
}

fn link(out: &mut String, rel: &str, address: &str) {
    out.push_str("<link rel=\"");
    out.push_str(rel);
    out.push_str("\" href=\"");
    xml(out, address);
    out.push_str("\"/>\n");
}

/// Escapes, and drops the control characters that XML 1.0 does not allow at all
/// (section 2.2), since a reader refuses the whole feed for one of them.
fn xml(out: &mut String, text: &str) {
    let allowed = |c: char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().filter(|&c| allowed(c)).collect();
    escape(out, &text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::context::Entry;

    #[test]
    fn a_feed_holds_its_entries_escaped() {
        let entry = Entry {
            title: "A <note> & more".into(),
            address: "https://a.example/t.html#n-x".into(),
            updated: "2026-11-21T00:00:00Z".into(),
            by: vec!["A. \u{1}N. Other".into()],
            summary: "One.".into(),
        };
        let feed = Feed {
            title: "T".into(),
            address: "https://a.example/feed.xml?\"".into(),
            page: "https://a.example/".into(),
            updated: entry.updated.clone(),
            entries: vec![entry],
        };
        let expected = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<feed xmlns=\"http://www.w3.org/2005/Atom\">
<title>T</title>
<id>https://a.example/feed.xml?&quot;</id>
<link rel=\"self\" href=\"https://a.example/feed.xml?&quot;\"/>
<link rel=\"alternate\" href=\"https://a.example/\"/>
<updated>2026-11-21T00:00:00Z</updated>
<author><name>T</name>
</author>
<entry>
<title>A &lt;note&gt; &amp; more</title>
<id>https://a.example/t.html#n-x</id>
<link rel=\"alternate\" href=\"https://a.example/t.html#n-x\"/>
<updated>2026-11-21T00:00:00Z</updated>
<author><name>A. N. Other</name>
</author>
<summary>One.</summary>
</entry>
</feed>
";
        assert_eq!(atom(&feed), expected);
    }

    #[test]
    fn a_sitemap_lists_its_pages() {
        let map = Sitemap {
            address: "https://a.example/sitemap.xml".into(),
            pages: vec!["https://a.example/a.html".into(), "https://a.example/b&c.html".into()],
        };
        let expected = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">
<url><loc>https://a.example/a.html</loc>
</url>
<url><loc>https://a.example/b&amp;c.html</loc>
</url>
</urlset>
";
        assert_eq!(sitemap(&map), expected);
        assert_eq!(robots(Some(&map)), "User-agent: *\nAllow: /\nSitemap: https://a.example/sitemap.xml\n");
        assert_eq!(robots(None), "User-agent: *\nAllow: /\n");
    }
}
