//! What is said of a debate: work, expression and manifestation; who speaks; notes; the files that come with it.

use std::collections::BTreeSet;

use super::body::Body;
use crate::files::File;
use crate::xml;
use postil_archive::archive::name;
use postil_archive::index::TermIx;
use postil_site::render::markdown::{self, Place};

pub(super) fn write<'f>(out: &mut String, body: &Body<'_>, files: impl Iterator<Item = &'f File>) {
    out.push_str("<meta>\n");
    identification(out, body);
    references(out, body);
    notes(out, body);
    out.push_str("<proprietary source=\"#postil\">\n");
    for file in files {
        let (kind, text) = file.written();
        xml::begin(out, "file", &[("xmlns", "urn:postil:files"), ("type", kind), ("n", &file.path)]);
        out.push_str(&text);
        out.push_str("</file>\n");
    }
    out.push_str("</proprietary>\n</meta>\n");
}

/// Elements of FRBR, a level each.
fn identification(out: &mut String, body: &Body<'_>) {
    let site = body.input.site;
    let plan = &site.texts[body.input.text];
    // A work is of a country; of which, the language may say.
    let country =
        plan.lang.split('-').skip(1).find(|part| part.len() == 2).unwrap_or("zz").to_ascii_lowercase();
    let date = plan.record.date;
    let (day, of) = match date {
        Some(date) if (1..=9999).contains(&date.first_day().year()) => {
            let is_day = date.first_day() == date.last_day();
            (date.first_day().to_string(), if is_day { "sitting" } else { "earliest" })
        }
        _ => ("0001-01-01".to_owned(), "unknown"),
    };
    let language = plan.lang.split('-').next().unwrap_or("und");
    let work = format!("/akn/{country}/debate/{day}/{}", plan.id);
    let expression = format!("{work}/{language}@");
    let manifestation = format!("{expression}.xml");
    out.push_str("<identification source=\"#postil\">\n");
    for (element, uri) in
        [("FRBRWork", &work), ("FRBRExpression", &expression), ("FRBRManifestation", &manifestation)]
    {
        xml::begin(out, element, &[]);
        xml::empty(out, "FRBRthis", &[("value", &format!("{uri}/!main"))]);
        xml::empty(out, "FRBRuri", &[("value", uri)]);
        if element == "FRBRWork" {
            xml::empty(out, "FRBRalias", &[("name", "title"), ("value", &plan.title)]);
        }
        xml::empty(out, "FRBRdate", &[("date", &day), ("name", of)]);
        xml::empty(out, "FRBRauthor", &[("href", if element == "FRBRWork" { "#author" } else { "#postil" })]);
        match element {
            "FRBRWork" => xml::empty(out, "FRBRcountry", &[("value", &country)]),
            "FRBRExpression" => xml::empty(out, "FRBRlanguage", &[("language", &plan.lang)]),
            _ => {}
        }
        xml::end(out, element);
        out.push('\n');
    }
    out.push_str("</identification>\n");
}

fn references(out: &mut String, body: &Body<'_>) {
    let site = body.input.site;
    let record = &site.texts[body.input.text].record;
    let config = &site.archive.config;
    let author = record.house.as_deref().unwrap_or(&config.title);
    let mut said = BTreeSet::new();
    let mut lines = vec![
        ("TLCOrganization", "author".to_owned(), "organization", name::slug(author), author.to_owned()),
        (
            "TLCOrganization",
            "postil".to_owned(),
            "organization",
            name::slug(&config.title),
            config.title.clone(),
        ),
    ];
    for (id, shown) in &body.people {
        let slug = id.strip_prefix("term-").map_or_else(|| name::slug(shown), str::to_owned);
        lines.push(("TLCPerson", id.clone(), "person", slug, shown.clone()));
        said.insert(id.clone());
    }
    let used: BTreeSet<TermIx> = body.input.anchored.uses.iter().map(|used| used.term).collect();
    for term in used {
        let term = &site.annotations.terms[term];
        let id = format!("term-{}", term.slug);
        if said.insert(id.clone()) {
            lines.push(("TLCConcept", id, "concept", term.slug.clone(), term.term.value.clone()));
        }
    }
    out.push_str("<references source=\"#postil\">\n");
    for (element, id, kind, slug, shown) in &lines {
        let href = format!("/ontology/{kind}/{slug}");
        xml::empty(out, element, &[("eId", id), ("href", &href), ("showAs", shown)]);
        out.push('\n');
    }
    out.push_str("</references>\n");
}

fn notes(out: &mut String, body: &Body<'_>) {
    let site = body.input.site;
    let mut list = String::new();
    for (_, note) in site.annotations.notes_of(&site.texts[body.input.text].id) {
        let text = markdown::render(site, &note.body, Place { page: "", heading: None }).text;
        xml::begin(&mut list, "note", &[("eId", &format!("note-{}", note.slug)), ("class", &note.kind)]);
        let paragraphs = text.split("\n\n").map(str::trim).filter(|words| !words.is_empty());
        let mut count = 0;
        for words in note.title.as_deref().into_iter().chain(paragraphs) {
            xml::leaf(&mut list, "p", &[], words);
            count += 1;
        }
        if count == 0 {
            xml::empty(&mut list, "p", &[]);
        }
        list.push_str("</note>\n");
    }
    if !list.is_empty() {
        out.push_str("<notes source=\"#postil\">\n");
        out.push_str(&list);
        out.push_str("</notes>\n");
    }
}
