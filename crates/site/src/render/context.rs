//! What a template is given: one struct a page kind, filled by Rust, shown by
//! the theme.
//!
//! Three kinds of values, told apart by their type: a `String` is text and is
//! escaped by the template engine; [`Html`] was made and escaped by this room
//! and is not; an `href` is a ready address, relative to its page, that a
//! template only copies. Lists come in the order in which they are shown.
//!
//! [`Site`] is the same for all pages and given once; every other struct holds
//! a flattened [`Page`]. The pages about one text are in [`text`], the lists and
//! the pages of terms, topics and people in [`list`].
//!
//! | template | struct |
//! | --- | --- |
//! | `index.html` | [`list::Front`] |
//! | `texts.html` | [`list::Texts`] |
//! | `way.html` | [`list::Way`] |
//! | `text.html` | [`text::Text`] |
//! | `topics.html`, `topic.html` | [`list::Topics`], [`list::Topic`] |
//! | `terms.html`, `term.html` | [`list::Terms`], [`list::Term`] |
//! | `kind.html` | [`list::Kind`] |
//! | `people.html` | [`list::People`] |
//! | `notes.html` | [`list::Notes`] |
//! | `connections.html` | [`list::Connections`] |
//! | `timeline.html` | [`list::Timeline`] |
//! | `figures.html` | [`list::Figures`] |
//! | `contributors.html`, `contributor.html` | [`list::Contributors`], [`list::Contributor`] |
//! | `provenance.html` | [`list::Provenance`] |
//! | `concordance.html` | [`list::Concordance`] |
//! | `data.html` | [`Data`] |
//! | `search.html` | [`list::Search`] |
//! | `beside.html` | [`Beside`] |
//! | `page.html`, `contribute.html` | [`Prose`] |
//! | `problems.html` | [`Problems`] |
//! | `404.html` | [`Missing`] |
//! | `redirect.html` | [`Moved`] |
//!
//! [`Feed`] and [`Sitemap`] need no template: see [`feed`](crate::data::feed).

use serde::{Serialize, Serializer};

pub mod list;
pub mod text;

/// HTML made by Rust: the one kind of value that a template does not escape.
///
/// Whoever makes one answers for it: text and attributes in it are escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Html(pub String);

impl Html {
    /// Text, escaped.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + text.len() / 16);
        escape(&mut out, text);
        Self(out)
    }
}

/// Writes text so that it is text in HTML and XML, between tags and in
/// double-quoted attributes: the one place where this is done by hand.
pub fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        tera::Value::safe_string(&self.0).serialize(serializer)
    }
}

/// What all pages share; given to the templates once, as `site`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Site {
    /// The site's title.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// Language of the interface (BCP 47).
    pub language: String,
    /// Where the site will be, without a last `/`.
    pub base_url: Option<String>,
    /// The repository's web address, without a last `/`.
    pub repository: Option<String>,
    /// Licence of the notes, with its address if it is a known one.
    pub licence: Name,
    /// The feed's address from the site's root, if there is one.
    pub feed: Option<String>,
    /// Where the whole site is offered as a download: address from the site's root.
    pub archive: Option<String>,
    /// The icon of the site: address from the site's root.
    pub icon: String,
    /// The picture of the site where somebody shares a link to it: full address, if the site has a base address.
    pub card: Option<String>,
    /// Main navigation, shown in the masthead.
    pub nav: Vec<NavItem>,
    /// Further pages, shown in the foot.
    pub foot: Vec<NavItem>,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NavItem {
    /// Which entry it is; that of the page in hand equals [`Page::section`].
    pub key: String,
    /// Address from the site's root: the template puts `root` before it.
    pub href: String,
    /// As shown.
    pub label: String,
}

/// What every page has. Flattened into the page's own struct, so that a
/// template says `root` and `title`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Page {
    /// The way from this page to the site's root: `""`, `"../"`, `"../../"` …
    pub root: String,
    /// Address from the site's root, such as `texts/a.html`.
    pub address: String,
    /// The page's title, without the site's. Empty on the front page.
    pub title: String,
    /// One plain sentence for search engines and link previews.
    pub description: Option<String>,
    /// Key of the navigation's entry that this page belongs to; may be empty.
    pub section: String,
    /// The page's full address, if the site has a base address.
    pub canonical: Option<String>,
}

/// Words with a link. The address is ready, relative to the page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// As shown.
    pub text: String,
}

/// Words that may have a link: a contributor, a speaker, a source.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Name {
    /// As shown.
    pub text: String,
    /// Where it leads, if anywhere.
    pub href: Option<String>,
}

impl Name {
    /// A licence by its SPDX name; those that a site is likely to name have their addresses.
    pub fn licence(spdx: &str) -> Self {
        let (text, href) = match spdx {
            "CC-BY-4.0" => ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
            "CC-BY-SA-4.0" => ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
            "CC0-1.0" => ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            other => return Self { text: other.to_owned(), href: None },
        };
        Self { text: text.to_owned(), href: Some(href.to_owned()) }
    }
}

/// A date as shown and as machines read it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct When {
    /// In full, such as `24 October 2006`.
    pub long: String,
    /// For narrow columns, such as `24 Oct 2006`.
    pub short: String,
    /// `2006-10-24`, `2009-08` or `2009`; empty if it is no such date of our era.
    pub iso: String,
    /// The year alone.
    pub year: String,
}

/// What a claim rests on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Source {
    /// What it is called, with its address on the web if it has one.
    pub title: Name,
    /// Where in it, or what about it.
    pub note: Option<String>,
}

/// A note as it is shown away from its words: on the list of notes, with the
/// whole text, on a contributor's or topic's page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Note {
    /// The file's name; the id on its text's page is `n-` and this.
    pub slug: String,
    /// Names that it had before, whose ids lead to it.
    pub was: Vec<String>,
    /// Key of its kind, for classes and anchors.
    pub kind: String,
    /// Its kind as shown.
    pub label: String,
    /// What it finds, in a few words, if it says so.
    pub title: Option<String>,
    /// The words it stands on, cut short; none for a note on the whole text.
    pub quote: Option<String>,
    /// Where the words are: label and address of the note on the text's page.
    pub place: Link,
    /// Who wrote it.
    pub by: Vec<Name>,
    /// In which role.
    pub role: Option<String>,
    /// When, if said.
    pub date: Option<When>,
    /// "probable" or "possible", as shown; none if it is certain.
    pub certainty: Option<String>,
    /// What it says.
    pub body: Html,
    /// What it rests on.
    pub sources: Vec<Source>,
    /// Topics it belongs to.
    pub topics: Vec<Link>,
}

/// A relation between passages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Connection {
    /// The file's name; the id on the page of connections.
    pub id: String,
    /// As shown.
    pub title: String,
    /// The relation as shown, such as "follows".
    pub relation: String,
    /// What is said about it.
    pub note: Option<Html>,
    /// Who wrote it.
    pub by: Vec<Name>,
    /// Two or more passages.
    pub ends: Vec<End>,
    /// Where the first two stand beside each other; none if there is but one.
    pub beside: Option<String>,
}

/// One end of a relation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct End {
    /// The words, cut short.
    pub quote: String,
    /// Where they are: label and address.
    pub place: Link,
    /// Date of the text.
    pub date: Option<When>,
    /// Whether the end lies on the page in hand.
    pub here: bool,
}

/// `beside.html`: two pages beside each other, which a script shows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Beside {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Where to find the pages, without a script.
    pub ways: Vec<Link>,
}

/// A server that answers searches.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Endpoint {
    /// Its address, to which the query is added.
    pub href: String,
    /// Scheme, host and port: what the page has to be allowed to ask.
    pub origin: String,
}

/// `data.html`: what there is for programs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Data {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// The files of the whole archive.
    pub files: Vec<DataFile>,
    /// The whole site as one file, or in parts, and the archive in other forms; empty if nothing is offered.
    pub downloads: Vec<DataFile>,
    /// In which forms texts come besides, if in any.
    pub forms: Option<String>,
}

/// A file for programs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DataFile {
    /// Its name and address.
    pub file: Link,
    /// What it holds.
    pub says: String,
}

/// `page.html`: a page written in Markdown.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Prose {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// What it says, without its title.
    pub body: Html,
}

/// `problems.html`: what each kind of problem means.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Problems {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Each kind, in the order of the pipeline.
    pub rows: Vec<Problem>,
}

/// A kind of problem.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Problem {
    /// Its stable name, also its id on the page.
    pub name: &'static str,
    /// What it means and how to mend it.
    pub says: Html,
}

/// `404.html`. A host shows it at any depth, so that its links and `root` begin
/// at the root of the host where the site has a base address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Missing {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Ways on: front page, texts, terms, search.
    pub ways: Vec<Link>,
    /// Ways up to where the site's root may be, if it has no base address: `assets/root.js` is looked
    /// for there, and mends the links of the page.
    pub roots: Vec<String>,
}

/// `redirect.html`: something stood here that has another address now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Moved {
    /// What every page has.
    #[serde(flatten)]
    pub page: Page,
    /// Where it is now.
    pub to: Link,
}

/// `feed.xml`: an Atom feed (RFC 4287) of the site or of one topic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Feed {
    /// As shown by a feed reader.
    pub title: String,
    /// Full address of the feed itself; also its id.
    pub address: String,
    /// Full address of the page that it follows.
    pub page: String,
    /// Time of the newest entry (RFC 3339).
    pub updated: String,
    /// Newest first.
    pub entries: Vec<Entry>,
}

/// An entry of a feed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Entry {
    /// As shown.
    pub title: String,
    /// Full address; also its id.
    pub address: String,
    /// When it came into the archive (RFC 3339).
    pub published: String,
    /// When it was last changed (RFC 3339).
    pub updated: String,
    /// Who wrote it.
    pub by: Vec<String>,
    /// In one or two plain sentences.
    pub summary: String,
}

/// `sitemap.xml` and `robots.txt`: what a host publishes about its pages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sitemap {
    /// Full address of the site's root, without `/` at its end.
    pub base: String,
    /// Full addresses of all pages, sorted, each with the day of its last change, if that is known (ISO 8601).
    pub pages: Vec<(String, Option<String>)>,
}
