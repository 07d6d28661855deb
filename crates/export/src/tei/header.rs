//! The record of a text as a header of TEI.

use super::body::Body;
use super::{page, standoff};
use crate::files::File;
use crate::xml;
use postil_anchor::document::record::{Person, Record};
use postil_archive::archive::name;
use postil_archive::index::TextIx;
use postil_archive::sidecar::date::Date;
use postil_site::site::Site;

/// How the files say what their characters are.
const HOW: &str = "The characters of the text are those of the raw text, white space included, but for corr. \
    What the raw text has besides (marks of Markdown, control characters) stands in instructions that begin with \
    postil-raw and postil-as. Annotations stand beside the text and point to it by string-range. The files of the \
    archive that say something of the text lie in xenoData as they are.";

pub(super) fn of_text<'f>(out: &mut String, body: &Body<'_>, files: impl Iterator<Item = &'f File>) {
    let site = body.input.site;
    let plan = &site.texts[body.input.text];
    let record = &plan.record;
    out.push_str("<teiHeader>\n<fileDesc>\n<titleStmt>\n");
    line(out, "title", &[], &plan.title);
    for author in &record.authors {
        out.push_str("<author>");
        person(out, site, "persName", author);
        out.push_str("</author>\n");
    }
    standoff::people(out, site, body.input);
    out.push_str("</titleStmt>\n");
    publication(
        out,
        site,
        Some((&plan.id, body.input.text)),
        record.rights.as_deref(),
        record.rights_url.as_deref(),
    );
    source(out, record);
    out.push_str("</fileDesc>\n");
    encoding(out);
    profile(out, body, record, &plan.lang);
    carried(out, files);
    out.push_str("</teiHeader>\n");
}

pub(super) fn of_archive<'f>(out: &mut String, site: &Site<'_>, files: impl Iterator<Item = &'f File>) {
    let config = &site.archive.config;
    out.push_str("<teiHeader>\n<fileDesc>\n<titleStmt>\n");
    line(out, "title", &[], &config.title);
    for contributor in &site.annotations.contributors {
        standoff::contributor(out, site, &contributor.slug);
    }
    out.push_str("</titleStmt>\n");
    publication(out, site, None, None, None);
    out.push_str("<sourceDesc>\n");
    line(out, "p", &[], "What holds for all texts of the archive; each of them says where it came from.");
    out.push_str("</sourceDesc>\n</fileDesc>\n");
    encoding(out);
    carried(out, files);
    out.push_str("</teiHeader>\n");
}

fn line(out: &mut String, name: &str, attributes: &[(&str, &str)], words: &str) {
    xml::leaf(out, name, attributes, words);
    out.push('\n');
}

/// A person or place: by the name, or as a term.
fn person(out: &mut String, site: &Site<'_>, element: &str, person: &Person) {
    let term = site.term(&person.name).filter(|_| person.is_slug());
    let (reference, name) = match term {
        Some(term) => {
            let term = &site.annotations.terms[term];
            (format!("#term-{}", term.slug), &term.term.value)
        }
        None => (String::new(), &person.name),
    };
    let role = person.role.as_deref().map(word).unwrap_or_default();
    xml::leaf(out, element, &[("ref", &reference), ("role", &role)], name);
}

/// What may stand where no space may.
fn word(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("-").chars().filter(|c| !c.is_control()).collect()
}

fn publication(
    out: &mut String,
    site: &Site<'_>,
    text: Option<(&str, TextIx)>,
    rights: Option<&str>,
    rights_url: Option<&str>,
) {
    let config = &site.archive.config;
    out.push_str("<publicationStmt>\n");
    line(out, "publisher", &[], &config.title);
    if let Some((id, index)) = text {
        line(out, "idno", &[("type", "postil")], id);
        if let Some(address) = page(site, &site.text_address(index)) {
            line(out, "idno", &[("type", "URI")], &address);
        }
    } else if let Some(base) = &config.base_url {
        line(out, "idno", &[("type", "URI")], base);
    }
    out.push_str("<availability>\n");
    if let Some(rights) = rights {
        let target = rights_url.map(xml::address).unwrap_or_default();
        line(out, "licence", &[("target", &target), ("n", "text")], rights);
    }
    line(out, "licence", &[("n", "annotations")], &config.licence);
    out.push_str("</availability>\n</publicationStmt>\n");
}

/// A date, with the form that machines read if it is a day, month or year of our era.
pub(super) fn date(out: &mut String, date: Option<Date>, shown: Option<&str>, attributes: &[(&str, &str)]) {
    let when = date.map(when).unwrap_or_default();
    let said = date.map(|date| date.to_string()).unwrap_or_default();
    let mut all = vec![("when", when.as_str())];
    all.extend(attributes);
    xml::leaf(out, "date", &all, shown.unwrap_or(&said));
}

pub(super) fn when(date: Date) -> String {
    match date.plain() {
        Some((1..=9999, ..)) => date.to_string(),
        _ => String::new(),
    }
}

fn source(out: &mut String, record: &Record) {
    out.push_str("<sourceDesc>\n");
    let is_empty = record.origin.is_none() && record.refs.is_empty() && record.house.is_none();
    if is_empty && record.date.is_none() {
        line(out, "p", &[], "The record of the archive names no source.");
    } else {
        out.push_str("<bibl>\n");
        if let Some(origin) = &record.origin {
            line(out, "title", &[], &origin.name);
            if let Some(url) = &origin.url {
                xml::empty(out, "ptr", &[("target", &xml::address(url))]);
                out.push('\n');
            }
            if origin.retrieved.is_some() {
                date(out, origin.retrieved, None, &[("type", "retrieved")]);
                out.push('\n');
            }
        }
        if let Some(house) = &record.house {
            line(out, "publisher", &[], house);
        }
        if record.date.is_some() || record.date_shown.is_some() {
            date(out, record.date, record.date_shown.as_deref(), &[]);
            out.push('\n');
        }
        for (key, values) in &record.refs {
            for value in values {
                line(out, "idno", &[("type", &word(key))], value);
            }
        }
        out.push_str("</bibl>\n");
    }
    out.push_str("</sourceDesc>\n");
}

fn encoding(out: &mut String) {
    let version = env!("CARGO_PKG_VERSION").split(['-', '+']).next().unwrap_or("0");
    out.push_str("<encodingDesc>\n<editorialDecl>\n");
    line(out, "p", &[], HOW);
    out.push_str("</editorialDecl>\n<appInfo>\n");
    xml::begin(out, "application", &[("ident", "postil"), ("version", version)]);
    xml::leaf(out, "label", &[], "postil");
    out.push_str("</application>\n</appInfo>\n</encodingDesc>\n");
}

fn profile(out: &mut String, body: &Body<'_>, record: &Record, lang: &str) {
    let site = body.input.site;
    out.push_str("<profileDesc>\n");
    if let Some(summary) = &record.summary {
        out.push_str("<abstract>");
        xml::leaf(out, "p", &[], summary);
        out.push_str("</abstract>\n");
    }
    if record.date.is_some() || record.date_shown.is_some() || !record.places.is_empty() {
        out.push_str("<creation>");
        if record.date.is_some() || record.date_shown.is_some() {
            date(out, record.date, record.date_shown.as_deref(), &[]);
        }
        record.places.iter().for_each(|place| person(out, site, "placeName", place));
        out.push_str("</creation>\n");
    }
    out.push_str("<langUsage>");
    xml::empty(out, "language", &[("ident", lang)]);
    out.push_str("</langUsage>\n");
    if !body.names.list.is_empty() || !record.people.is_empty() {
        out.push_str("<particDesc>\n<listPerson>\n");
        for (i, name) in body.names.list.iter().enumerate() {
            let id = format!("who-{}", i + 1);
            xml::begin(out, "person", &[("xml:id", &id)]);
            xml::leaf(out, "persName", &[], name);
            out.push_str("</person>\n");
        }
        for one in &record.people {
            out.push_str("<person>");
            person(out, site, "persName", one);
            out.push_str("</person>\n");
        }
        out.push_str("</listPerson>\n</particDesc>\n");
    }
    if let Some(kind) = &record.kind {
        out.push_str("<textClass><keywords>");
        xml::leaf(out, "term", &[], kind);
        out.push_str("</keywords></textClass>\n");
    }
    if !record.recipients.is_empty() {
        out.push_str("<correspDesc>\n");
        let has_sent = !record.authors.is_empty() || !record.places.is_empty() || record.date.is_some();
        if has_sent {
            xml::begin(out, "correspAction", &[("type", "sent")]);
            record.authors.iter().for_each(|author| person(out, site, "persName", author));
            record.places.iter().for_each(|place| person(out, site, "placeName", place));
            if record.date.is_some() {
                date(out, record.date, record.date_shown.as_deref(), &[]);
            }
            out.push_str("</correspAction>\n");
        }
        xml::begin(out, "correspAction", &[("type", "received")]);
        record.recipients.iter().for_each(|recipient| person(out, site, "persName", recipient));
        out.push_str("</correspAction>\n</correspDesc>\n");
    }
    out.push_str("</profileDesc>\n");
}

/// The files that come with it, as they are.
fn carried<'f>(out: &mut String, files: impl Iterator<Item = &'f File>) {
    for file in files {
        let (kind, text) = file.written();
        xml::begin(out, "xenoData", &[("type", kind), ("n", &file.path)]);
        out.push_str(&text);
        out.push_str("</xenoData>\n");
    }
}

/// An id of somebody who wrote something, by the name.
pub(super) fn named(name: &str) -> String {
    format!("name-{}", name::slug(name))
}
