//! What programs read about the site: the feed, the sitemap, `robots.txt`.
//!
//! Written here and not by a template, because their form is a matter of
//! standards and not of looks.

use std::fmt::Write as _;

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
        element(&mut out, "published", &entry.published);
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

/// Most pages of one sitemap (sitemaps.org, 0.9).
const MOST_PAGES: usize = 50_000;

/// Sitemaps (sitemaps.org, 0.9) with their names; with the day of the last change where that is known: a file's
/// time is no date of its content. Of more pages than one may hold, the first lists the others.
pub fn sitemaps(map: &Sitemap) -> Vec<(String, String)> {
    let urls = |pages: &[(String, Option<String>)]| listed("urlset", "url", pages.iter());
    if map.pages.len() <= MOST_PAGES {
        return vec![("sitemap.xml".to_owned(), urls(&map.pages))];
    }
    let name = |part: usize| format!("sitemap-{}.xml", part + 1);
    let parts = map.pages.chunks(MOST_PAGES).enumerate().map(|(part, pages)| (name(part), urls(pages)));
    let mut out: Vec<_> = parts.collect();
    let addresses: Vec<_> = out.iter().map(|(name, _)| (format!("{}/{name}", map.base), None)).collect();
    out.insert(0, ("sitemap.xml".to_owned(), listed("sitemapindex", "sitemap", addresses.iter())));
    out
}

fn listed<'a>(list: &str, item: &str, pages: impl Iterator<Item = &'a (String, Option<String>)>) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{list} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (address, changed) in pages {
        let _ = write!(out, "<{item}>");
        element(&mut out, "loc", address);
        changed.iter().for_each(|day| element(&mut out, "lastmod", day));
        let _ = writeln!(out, "</{item}>");
    }
    let _ = writeln!(out, "</{list}>");
    out
}

/// `robots.txt`: everything may be read; here is the list.
pub fn robots(map: Option<&Sitemap>) -> String {
    let list = map.map(|map| format!("Sitemap: {}/sitemap.xml\n", map.base)).unwrap_or_default();
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
            published: "2026-11-20T00:00:00Z".into(),
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
<published>2026-11-20T00:00:00Z</published>
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
            base: "https://a.example".into(),
            pages: vec![
                ("https://a.example/a.html".into(), Some("2026-11-21".into())),
                ("https://a.example/b&c.html".into(), None),
            ],
        };
        let expected = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">
<url><loc>https://a.example/a.html</loc>
<lastmod>2026-11-21</lastmod>
</url>
<url><loc>https://a.example/b&amp;c.html</loc>
</url>
</urlset>
";
        assert_eq!(sitemaps(&map), [("sitemap.xml".to_owned(), expected.to_owned())]);
        assert_eq!(robots(Some(&map)), "User-agent: *\nAllow: /\nSitemap: https://a.example/sitemap.xml\n");
        assert_eq!(robots(None), "User-agent: *\nAllow: /\n");
    }

    #[test]
    fn no_sitemap_lists_more_than_it_may() {
        let page = |i: usize| format!("https://a.example/{i}.html");
        let maps = |pages: usize| {
            let maps = sitemaps(&Sitemap {
                base: "https://a.example".into(),
                pages: (0..pages).map(|i| (page(i), None)).collect(),
            });
            maps.into_iter().map(|(name, map)| (name, map.matches("<loc>").count(), map))
        };
        let sizes = |pages: usize| maps(pages).map(|(name, listed, _)| (name, listed)).collect::<Vec<_>>();
        assert_eq!(sizes(MOST_PAGES), [("sitemap.xml".to_owned(), MOST_PAGES)]);
        assert_eq!(sizes(MOST_PAGES + 1).iter().map(|size| size.1).collect::<Vec<_>>(), [2, MOST_PAGES, 1]);
        let all: Vec<_> = maps(MOST_PAGES + 1).collect();
        assert_eq!(
            all[0].2,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">
<sitemap><loc>https://a.example/sitemap-1.xml</loc>
</sitemap>
<sitemap><loc>https://a.example/sitemap-2.xml</loc>
</sitemap>
</sitemapindex>
"
        );
        assert_eq!(all[2].0, "sitemap-2.xml");
        assert!(all[2].2.contains("<urlset ") && all[2].2.contains(&page(MOST_PAGES)));
    }
}
