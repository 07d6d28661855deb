//! The files of a book that say what it is, and the one file that holds them all.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Seek, Write};

use postil_archive::index::CollectionIx;
use postil_site::render::context::Name;
use postil_site::render::markdown::{self, Place};
use postil_site::site::bidi;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::xml::{self, TO, escaped};
use super::{Annotations, Book, annotations, cover, glossary, group, id, notes};

/// The file of the glossary.
pub(super) const GLOSSARY: &str = "glossary.xhtml";
const NAV: &str = "nav.xhtml";
const COVER: &str = "cover.png";
/// With more headings than this, the contents name texts only.
const MOST_HEADS: usize = 2_000;
/// The deepest headings that the contents name.
const DEEPEST_HEAD: u8 = 3;
/// So many of those who wrote notes are named in the book's description.
const MOST_NAMED: usize = 20;

const CSS: &str = include_str!("book.css");
const FACES: [(&str, &[u8]); 3] = [
    ("literata-regular.ttf", include_bytes!("faces/literata-regular.ttf")),
    ("literata-semibold.ttf", include_bytes!("faces/literata-semibold.ttf")),
    ("literata-italic.ttf", include_bytes!("faces/literata-italic.ttf")),
];
const FACES_LICENCE: &str = include_str!("faces/literata-OFL.txt");

/// An entry of the package: id, file, media type, properties, and whether it is read in order.
struct Item {
    id: String,
    file: String,
    media: &'static str,
    properties: &'static str,
    in_spine: Option<bool>,
}

impl Item {
    /// Where it lies. The contents lie beside the package: some reading systems take their links as if they did.
    fn path(&self) -> String {
        if self.file == NAV { NAV.to_owned() } else { format!("EPUB/{}", self.file) }
    }

    fn page(id: &str, file: &str) -> Self {
        Self {
            id: id.to_owned(),
            file: file.to_owned(),
            media: "application/xhtml+xml",
            properties: "",
            in_spine: Some(true),
        }
    }

    fn beside(id: &str, file: &str, media: &'static str, properties: &'static str) -> Self {
        Self { id: id.to_owned(), file: file.to_owned(), media, properties, in_spine: None }
    }
}

/// The one file while it is written.
struct Zip<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Zip<W> {
    fn put(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.begin(name)?;
        self.0.write_all(bytes)
    }

    fn begin(&mut self, name: &str) -> io::Result<()> {
        let packed = name == "mimetype" || name.ends_with(".png");
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level((!packed).then_some(6))
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        Ok(self.0.start_file(name, options)?)
    }
}

impl Book<'_> {
    /// Writes the book.
    ///
    /// # Errors
    /// It cannot be written, or what was put aside cannot be read.
    pub fn finish(&mut self, out: impl Write + Seek, place: Annotations) -> io::Result<()> {
        self.terms = glossary::closed(self.site, &self.terms);
        let mut zip = Zip(ZipWriter::new(out));
        zip.put("mimetype", b"application/epub+zip")?;
        zip.put("META-INF/container.xml", CONTAINER.as_bytes())?;
        if place == Annotations::Inside && self.annotations() > 0 {
            zip.begin("META-INF/annotations.json")?;
            self.annotations_file(&mut zip.0)?;
        }
        let mut items = vec![Item { in_spine: Some(false), ..Item::page("cover", "cover.xhtml") }];
        let mut page = |zip: &mut Zip<_>, item: Item, xhtml: &str| {
            zip.put(&item.path(), self.with_links(xhtml).as_bytes())?;
            items.push(item);
            io::Result::Ok(())
        };
        page(&mut zip, Item::page("title", "title.xhtml"), &self.title_page())?;
        page(&mut zip, Item { properties: "nav", ..Item::page("nav", NAV) }, &self.contents())?;
        let grouped = self.groups();
        let mut last = None;
        for (place, added) in self.added.iter().enumerate() {
            let own = group(self.site, added.text).filter(|_| grouped);
            if let Some(collection) = own.filter(|_| own != last) {
                let file = format!("c{}.xhtml", collection.number());
                page(
                    &mut zip,
                    Item::page(&format!("c{}", collection.number()), &file),
                    &self.collection(collection),
                )?;
            }
            last = own;
            for (part, &(at, length)) in added.parts.iter().enumerate() {
                let bytes = self.scratch.read(at, length)?;
                let file = self.names.file(added.text, part).unwrap_or_default();
                let item = Item::page(&format!("t{}-{}", place + 1, part + 1), &file);
                page(&mut zip, item, &String::from_utf8_lossy(&bytes))?;
            }
        }
        if !self.terms.is_empty() {
            let body = glossary::body(self.site, self.words, &self.terms);
            page(&mut zip, Item::page("glossary", GLOSSARY), &self.page(self.words.get("nav_terms"), &body))?;
        }
        page(&mut zip, Item::page("about", "about.xhtml"), &self.colophon())?;
        let title = escaped(&self.about.title);
        let picture = format!(
            "<section epub:type=\"cover\" class=\"cover\"><img src=\"{COVER}\" alt=\"{title}\" role=\"doc-cover\"/></section>"
        );
        zip.put("EPUB/cover.xhtml", self.page(&self.about.title, &picture).as_bytes())?;
        zip.put(&format!("EPUB/{COVER}"), &self.drawn_cover())?;
        items.push(Item::beside("cover-picture", COVER, "image/png", "cover-image"));
        zip.put("EPUB/book.css", CSS.as_bytes())?;
        items.push(Item::beside("css", "book.css", "text/css", ""));
        for (i, (name, bytes)) in FACES.iter().enumerate() {
            zip.put(&format!("EPUB/faces/{name}"), bytes)?;
            items.push(Item::beside(&format!("face{}", i + 1), &format!("faces/{name}"), "font/ttf", ""));
        }
        zip.put("EPUB/faces/literata-OFL.txt", FACES_LICENCE.as_bytes())?;
        items.push(Item::beside("face-licence", "faces/literata-OFL.txt", "text/plain", ""));
        zip.put("package.opf", self.package(&items).as_bytes())?;
        zip.0.finish()?.flush()
    }

    /// Writes the annotations as a file of their own.
    ///
    /// # Errors
    /// It cannot be written, or what was put aside cannot be read.
    pub fn finish_annotations(&self, out: impl Write + Seek) -> io::Result<()> {
        let mut zip = Zip(ZipWriter::new(out));
        zip.begin("annotations.json")?;
        self.annotations_file(&mut zip.0)?;
        zip.0.finish()?.flush()
    }

    fn annotations_file(&self, out: &mut impl Write) -> io::Result<()> {
        let mut about = json!({ "dc:identifier": [self.identifier()], "dc:title": self.about.title });
        let people = self.people();
        if !people.is_empty() {
            about["dc:creator"] = Value::from(people);
        }
        if let Some(year) = self.year() {
            about["dc:date"] = Value::from(year);
        }
        let all = self.added.iter().flat_map(|added| &added.annotations);
        let items = all.map(|&(at, length)| self.scratch.read(at, length));
        annotations::write(out, &self.names, about, &self.about.title, items)
    }

    fn identifier(&self) -> String {
        let ids = self.order.iter().map(|&text| &*self.site.texts[text].id);
        let whole = self.order.len() == self.site.texts.len();
        let mut words = vec![self.names.seed.as_str(), "book"];
        if !whole {
            words.extend(ids);
        }
        id::urn(&words)
    }

    /// Who speaks in the text of a book of one.
    fn people(&self) -> Vec<String> {
        let Some(text) = self.about.text else { return Vec::new() };
        let authors = &self.site.texts[text].record.authors;
        authors.iter().map(|person| notes::person(self.site, person)).collect()
    }

    fn year(&self) -> Option<String> {
        let year = self.site.texts[self.about.text?].date()?.year();
        (year > 0).then(|| format!("{year:04}"))
    }

    /// Whether texts stand in groups: not where all are of one.
    fn groups(&self) -> bool {
        let groups: BTreeSet<Option<CollectionIx>> =
            self.order.iter().map(|&text| group(self.site, text)).collect();
        groups.len() > 1
    }

    fn page(&self, title: &str, body: &str) -> String {
        xml::clean(&xml::page(title, &self.names.language, body)).into_owned()
    }

    fn auto(&self, words: &str) -> &'static str {
        if bidi::turns(words, &self.names.language) { " dir=\"auto\"" } else { "" }
    }

    /// Puts links in: to a file of the book, else to the site if its address is known; or there is none.
    fn with_links(&self, xhtml: &str) -> String {
        let begin = format!("{TO}=\"");
        let mut out = String::with_capacity(xhtml.len());
        let mut rest = xhtml;
        while let Some(at) = rest.find(&begin) {
            let (before, from) = rest.split_at(at);
            let from = &from[begin.len()..];
            let end = from.find('"').unwrap_or(from.len());
            let address = unescaped(&from[..end]);
            out.push_str(before);
            let base = self.site.archive.config.base_url.as_ref();
            let href = self
                .found(&address)
                .or_else(|| Some(format!("{}/{}", base?, postil_site::site::link::relative("", &address))));
            match href {
                Some(href) => {
                    let _ = write!(out, "href=\"{}\"", escaped(&href));
                }
                None => plain(&mut out),
            }
            rest = from.get(end + 1..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    fn title_page(&self) -> String {
        let config = &self.site.archive.config;
        let mut body = "<section class=\"titlepage\" epub:type=\"titlepage\">\n".to_owned();
        if self.about.title != config.title {
            let _ = write!(body, "<p class=\"lab\">{}</p>", escaped(&config.title));
        }
        let title = &self.about.title;
        let _ = write!(body, "<h1{}>{}</h1>", self.auto(title), escaped(title));
        let people = self.people();
        if !people.is_empty() {
            let _ = write!(body, "<p class=\"facts\">{}</p>", escaped(&people.join(", ")));
        }
        match self.about.collection {
            Some(collection) => body.push_str(&self.about_collection(collection)),
            None if self.about.text.is_none() => {
                body.extend(config.description.as_ref().map(|says| format!("<p>{}</p>", escaped(says))));
            }
            None => {}
        }
        body.push_str("</section>");
        self.page(title, &body)
    }

    fn about_collection(&self, collection: CollectionIx) -> String {
        let about = self.site.annotations.collections[collection].1.as_ref();
        let from = self.site.collection_address(collection);
        about.map(|about| notes::prose(self.site, about, &from)).unwrap_or_default()
    }

    fn collection(&self, collection: CollectionIx) -> String {
        let title = &self.site.annotations.collections[collection].0.title;
        let body = format!(
            "<section class=\"titlepage\" epub:type=\"part\" role=\"doc-part\">\n<h1{}>{}</h1>{}</section>",
            self.auto(title),
            escaped(title),
            self.about_collection(collection)
        );
        self.page(title, &body)
    }

    /// Contents, pages of print, and where things are.
    fn contents(&self) -> String {
        let contents = self.words.get("contents");
        let mut body = format!(
            "<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\">\n<h1>{}</h1>\n<ol>\n",
            escaped(contents)
        );
        let entry = |href: &str, words: &str| {
            format!("<a href=\"EPUB/{href}\"{}>{}</a>", self.auto(words), escaped(words.trim()))
        };
        let with_heads = self.added.iter().map(|added| added.heads.len()).sum::<usize>() <= MOST_HEADS;
        let grouped = self.groups();
        let mut last = None;
        for added in &self.added {
            let own = group(self.site, added.text).filter(|_| grouped);
            if last.is_some() && own != last {
                body.push_str("</ol></li>\n");
            }
            if let Some(collection) = own.filter(|_| own != last) {
                let title = &self.site.annotations.collections[collection].0.title;
                let _ =
                    writeln!(body, "<li>{}<ol>", entry(&format!("c{}.xhtml", collection.number()), title));
            }
            last = own;
            let plan = &self.site.texts[added.text];
            let title = if self.about.text.is_some() { plan.title.clone() } else { self.words.titled(plan) };
            let file = |part| self.names.file(added.text, part).unwrap_or_default();
            let _ = write!(body, "<li>{}", entry(&file(0), &title));
            let heads = added.heads.iter().filter(|head| with_heads && head.level <= DEEPEST_HEAD);
            let heads: Vec<String> = heads
                .map(|head| {
                    format!("<li>{}</li>", entry(&format!("{}#{}", file(head.part), head.id), &head.words))
                })
                .collect();
            if !heads.is_empty() {
                let _ = write!(body, "<ol>\n{}\n</ol>", heads.join("\n"));
            }
            body.push_str("</li>\n");
        }
        if last.is_some() {
            body.push_str("</ol></li>\n");
        }
        if !self.terms.is_empty() {
            let _ = writeln!(body, "<li>{}</li>", entry(GLOSSARY, self.words.get("nav_terms")));
        }
        let _ = write!(
            body,
            "<li>{}</li>\n</ol>\n</nav>\n",
            entry("about.xhtml", self.words.get("nav_provenance"))
        );
        let pages: Vec<String> = self
            .added
            .iter()
            .flat_map(|added| added.pages.iter().map(move |page| (added, page)))
            .map(|(added, page)| {
                let file = self.names.file(added.text, page.part).unwrap_or_default();
                format!("<li><a href=\"EPUB/{file}#{}\">{}</a></li>", page.id, escaped(&page.label))
            })
            .collect();
        if !pages.is_empty() {
            let _ = write!(
                body,
                "<nav epub:type=\"page-list\" role=\"doc-pagelist\" hidden=\"hidden\">\n<ol>\n{}\n</ol>\n</nav>\n",
                pages.join("\n")
            );
        }
        let first = self.order.first().map(|&text| self.names.source(text, 0)).unwrap_or_default();
        let terms = format!("EPUB/{GLOSSARY}");
        let mut marks = vec![
            ("cover", "EPUB/cover.xhtml", self.about.title.as_str()),
            ("toc", "nav.xhtml#toc", contents),
            ("bodymatter", &first, self.words.get("the_text")),
        ];
        if !self.terms.is_empty() {
            marks.push(("glossary", &terms, self.words.get("nav_terms")));
        }
        let marks: Vec<String> = marks
            .iter()
            .map(|(kind, href, words)| {
                format!("<li><a epub:type=\"{kind}\" href=\"{href}\">{}</a></li>", escaped(words))
            })
            .collect();
        let _ = write!(
            body,
            "<nav epub:type=\"landmarks\" hidden=\"hidden\">\n<ol>\n{}\n</ol>\n</nav>",
            marks.join("\n")
        );
        self.page(contents, &body).replace("href=\"book.css\"", "href=\"EPUB/book.css\"")
    }

    /// Where the texts come from, under which terms, and how the book is to be read.
    fn colophon(&self) -> String {
        let (config, words) = (&self.site.archive.config, self.words);
        let title = words.get("nav_provenance");
        let mut body = format!(
            "<section class=\"about\" epub:type=\"colophon\" role=\"doc-colophon\">\n<header class=\"arc\"><h1>{}</h1></header>\n<p>{}</p>\n",
            escaped(title),
            escaped(words.get("book_says"))
        );
        if let Some(base) = &config.base_url {
            let base = escaped(base);
            let _ = writeln!(body, "<p><a href=\"{base}/\">{base}/</a></p>");
        }
        let licence = Name::licence(&config.licence);
        let shown = match &licence.href {
            Some(href) => format!("<a href=\"{}\">{}</a>", escaped(href), escaped(&licence.text)),
            None => escaped(&licence.text),
        };
        let _ = write!(body, "<p>{} {shown}</p>\n<dl class=\"from\">\n", escaped(words.get("rights_notes")));
        for added in &self.added {
            let plan = &self.site.texts[added.text];
            let record = &plan.record;
            let mut parts: Vec<String> = Vec::new();
            if let Some(origin) = &record.origin {
                let name = escaped(&origin.name);
                let web = origin.url.as_deref().filter(|url| address_is_web(url));
                parts.push(match web {
                    Some(url) => format!("<a href=\"{}\">{name}</a>", escaped(url)),
                    None => name,
                });
            }
            if let Some(rights) = &record.rights {
                parts.push(match record.rights_url.as_deref().filter(|url| address_is_web(url)) {
                    Some(url) => format!("<a href=\"{}\">{}</a>", escaped(url), escaped(rights)),
                    None => escaped(rights),
                });
            }
            if !parts.is_empty() {
                let title = words.titled(plan);
                let _ = writeln!(
                    body,
                    "<div><dt{}>{}</dt><dd>{}</dd></div>",
                    self.auto(&title),
                    escaped(&title),
                    parts.join(" · ")
                );
            }
        }
        body.push_str("</dl>\n</section>");
        body = body.replace("<dl class=\"from\">\n</dl>\n", "");
        self.page(title, &body)
    }

    fn drawn_cover(&self) -> Vec<u8> {
        let config = &self.site.archive.config;
        let below = match self.about.text {
            Some(text) => {
                let made = self.words.made(&self.site.texts[text]).map(|when| when.long);
                self.people().into_iter().chain(made).collect::<Vec<_>>().join(" · ")
            }
            None => self.words.count("n_texts", self.order.len()),
        };
        let above = if self.about.title == config.title { "" } else { &config.title };
        cover::draw(&self.about.title, above, &below)
    }

    fn package(&self, items: &[Item]) -> String {
        let (config, about) = (&self.site.archive.config, &self.about);
        let mut meta = String::new();
        let mut say = |line: String| {
            meta.push_str(&line);
            meta.push('\n');
        };
        say(format!("<dc:identifier id=\"id\">{}</dc:identifier>", self.identifier()));
        say(format!("<dc:title>{}</dc:title>", escaped(&about.title)));
        let languages: BTreeSet<&str> = self.order.iter().map(|&text| &*self.site.texts[text].lang).collect();
        say(format!("<dc:language>{}</dc:language>", escaped(&about.language)));
        for language in languages.into_iter().filter(|language| *language != about.language).take(MOST_NAMED)
        {
            say(format!("<dc:language>{}</dc:language>", escaped(language)));
        }
        for (i, name) in self.people().iter().enumerate() {
            let n = i + 1;
            say(format!("<dc:creator id=\"by{n}\">{}</dc:creator>", escaped(name)));
            say(format!("<meta refines=\"#by{n}\" property=\"role\" scheme=\"marc:relators\">aut</meta>"));
        }
        for (i, name) in self.annotators().iter().enumerate() {
            let n = i + 1;
            say(format!("<dc:contributor id=\"ann{n}\">{}</dc:contributor>", escaped(name)));
            say(format!("<meta refines=\"#ann{n}\" property=\"role\" scheme=\"marc:relators\">ann</meta>"));
        }
        let description = match (about.text, about.collection) {
            (Some(text), _) => self.site.texts[text].record.summary.clone(),
            (None, Some(collection)) => {
                let says = self.site.annotations.collections[collection].1.as_ref();
                says.map(|says| markdown::render(self.site, says, Place { page: "", heading: None }).text)
            }
            (None, None) => config.description.clone(),
        };
        if let Some(says) = description.filter(|says| !says.trim().is_empty()) {
            say(format!("<dc:description>{}</dc:description>", escaped(says.trim())));
        }
        if let Some(text) = about.text {
            let record = &self.site.texts[text].record;
            if let Some(date) =
                record.date.and_then(|date| date.plain().map(|_| date)).filter(|date| date.year() > 0)
            {
                say(format!("<dc:date>{date}</dc:date>"));
            }
            if let Some(origin) = &record.origin {
                say(format!(
                    "<dc:source>{}</dc:source>",
                    escaped(origin.url.as_ref().unwrap_or(&origin.name))
                ));
            }
            if let Some(rights) = &record.rights {
                say(format!("<dc:rights>{}</dc:rights>", escaped(rights)));
            }
        }
        let notes_rights =
            format!("{} {}", self.words.get("rights_notes"), Name::licence(&config.licence).text);
        say(format!("<dc:rights>{}</dc:rights>", escaped(&notes_rights)));
        if about.text.is_some() || about.collection.is_some() {
            say(format!(
                "<meta property=\"belongs-to-collection\" id=\"in\">{}</meta>",
                escaped(&config.title)
            ));
            say("<meta refines=\"#in\" property=\"collection-type\">set</meta>".to_owned());
        }
        say(format!("<meta property=\"dcterms:modified\">{}</meta>", self.names.modified));
        for (property, value) in [
            ("accessMode", "textual"),
            ("accessModeSufficient", "textual"),
            ("accessibilityFeature", "tableOfContents"),
            ("accessibilityFeature", "readingOrder"),
            ("accessibilityFeature", "structuralNavigation"),
            ("accessibilityFeature", "ARIA"),
            ("accessibilityFeature", "displayTransformability"),
            ("accessibilityFeature", "alternativeText"),
            ("accessibilityHazard", "none"),
        ] {
            say(format!("<meta property=\"schema:{property}\">{value}</meta>"));
        }
        if self.added.iter().any(|added| !added.pages.is_empty()) {
            say("<meta property=\"schema:accessibilityFeature\">pageNavigation</meta>".to_owned());
            say("<meta property=\"schema:accessibilityFeature\">pageBreakMarkers</meta>".to_owned());
            let printed = about.text.and_then(|text| self.site.texts[text].record.origin.as_ref());
            let printed = printed.map_or(&about.title, |origin| &origin.name);
            say(format!("<dc:source id=\"print\">{}</dc:source>", escaped(printed)));
            say("<meta refines=\"#print\" property=\"source-of\">pagination</meta>".to_owned());
        }
        say(format!(
            "<meta property=\"schema:accessibilitySummary\">{}</meta>",
            escaped(self.words.get("book_says"))
        ));
        say("<meta name=\"cover\" content=\"cover-picture\"/>".to_owned());
        let mut manifest = String::new();
        let mut spine = String::new();
        for item in items {
            let properties = match item.properties {
                "" => String::new(),
                properties => format!(" properties=\"{properties}\""),
            };
            let _ = writeln!(
                manifest,
                "<item id=\"{}\" href=\"{}\" media-type=\"{}\"{properties}/>",
                item.id,
                item.path(),
                item.media
            );
            if let Some(linear) = item.in_spine {
                let linear = if linear { "" } else { " linear=\"no\"" };
                let _ = writeln!(spine, "<itemref idref=\"{}\"{linear}/>", item.id);
            }
        }
        let direction = match bidi::direction(&about.language) {
            "rtl" => " page-progression-direction=\"rtl\"",
            _ => "",
        };
        let lang = escaped(&config.language);
        xml::clean(&format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" xml:lang=\"{lang}\">\n<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n{meta}</metadata>\n<manifest>\n{manifest}</manifest>\n<spine{direction}>\n{spine}</spine>\n</package>\n"
        ))
        .into_owned()
    }

    /// Who wrote the notes of the book's texts.
    fn annotators(&self) -> BTreeSet<String> {
        let notes =
            self.order.iter().flat_map(|&text| self.site.annotations.notes_of(&self.site.texts[text].id));
        let all: BTreeSet<String> = notes.flat_map(|(_, note)| notes::names(self.site, &note.by)).collect();
        all.into_iter().take(MOST_NAMED).collect()
    }
}

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile full-path=\"package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";

fn address_is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// What was escaped for an attribute.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// A link that leads nowhere is plain words: what makes it one goes from its tag.
fn plain(out: &mut String) {
    let Some(at) = out.rfind('<') else { return };
    for attribute in [
        " epub:type=\"glossref\"",
        " role=\"doc-glossref\"",
        " epub:type=\"noteref\"",
        " role=\"doc-noteref\"",
        " role=\"doc-backlink\"",
    ] {
        if let Some(found) = out[at..].find(attribute) {
            out.replace_range(at + found..at + found + attribute.len(), "");
        }
    }
}
