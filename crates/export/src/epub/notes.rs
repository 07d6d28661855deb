//! What the archive says: the head of a chapter, bodies of notes, connections and corrections, definitions.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use postil_anchor::annotation::{By, Citation, Markdown};
use postil_anchor::document::record::Person;
use postil_anchor::overlay::ItemKind;
use postil_archive::index::{CorrectionIx, EndIx, ItemIx, LinkIx, NoteIx, TermIx};
use postil_site::render::article::Input;
use postil_site::render::html::{Target, target};
use postil_site::render::margin::{certainty, item_id, relation};
use postil_site::render::markdown::{self, Place};
use postil_site::site::{Facts, Site, bidi};

use super::chapter::label;
use super::xml::{TO, escaped, of_page};

/// The attribute that isolates words in a line of the site's language.
pub(super) fn auto(words: &str, input: Input<'_>) -> &'static str {
    if bidi::turns(words, &input.site.archive.config.language) { " dir=\"auto\"" } else { "" }
}

/// Markdown of a sidecar as XHTML.
pub(super) fn prose(site: &Site<'_>, body: &Markdown, from: &str) -> String {
    of_page(&markdown::render(site, body, Place { page: from, heading: None }).html, from)
}

/// What stands above the record: kind and date, the title, who speaks.
pub(super) fn heading(input: Input<'_>) -> String {
    let (plan, config) = (&input.site.texts[input.text], &input.site.archive.config);
    let record = &plan.record;
    let mut line: Vec<String> = Vec::new();
    line.extend(record.kind.as_ref().map(|kind| config.text_kind_label(kind)));
    line.extend(record.house.clone());
    line.extend(input.words.made(plan).map(|when| when.long));
    let mut out = "<header class=\"arc\">".to_owned();
    if !line.is_empty() {
        let _ = write!(out, "<p class=\"lab\">{}</p>", escaped(&line.join(" · ")));
    }
    let _ = write!(out, "<h1{}>{}</h1>", auto(&plan.title, input), escaped(&plan.title));
    let authors: Vec<String> = record.authors.iter().map(|one| person(input.site, one)).collect();
    if !authors.is_empty() {
        let _ = write!(out, "<p class=\"facts\">{}</p>", escaped(&authors.join(", ")));
    }
    out.push_str("</header>\n");
    out
}

/// The name of somebody whom a record names: of the glossary, or as it stands.
pub(super) fn person(site: &Site<'_>, person: &Person) -> String {
    let term = person.is_slug().then(|| site.term(&person.name)).flatten();
    term.map_or_else(|| person.name.clone(), |term| site.annotations.terms[term].term.value.clone())
}

/// Notes on the whole text: they stand before it, and nothing in it leads to them.
pub(super) fn whole(input: Input<'_>, facts: &Facts) -> String {
    let notes: Vec<NoteIx> =
        facts.notes.iter().filter(|fact| fact.number == 0).map(|fact| fact.note).collect();
    if notes.is_empty() {
        return String::new();
    }
    let title = escaped(input.words.get("whole_notes"));
    let mut out = format!("<section class=\"notes whole\"><h2>{title}</h2>\n");
    for note in notes {
        let id = item_id(input.site, ItemKind::Note(note));
        let _ =
            writeln!(out, "<div id=\"{id}\"><div class=\"n\">{}</div></div>", note_inner(input, note, None));
    }
    out.push_str("</section>\n");
    out
}

/// The body of a note, or of a connection, for the end of its file. The class is on an inner box: what pops up is the
/// content alone.
pub(super) fn body(input: Input<'_>, facts: &Facts, item: ItemIx, shown: &str) -> String {
    let kind = input.overlay.items[item].kind;
    let id = item_id(input.site, kind);
    let back = backlink(&format!("r{id}"), shown);
    let (class, inner) = match kind {
        ItemKind::Note(note) => ("n", note_inner(input, note, Some(&back))),
        ItemKind::End(link, end) => ("n cn", connection(input, facts, (link, end), &back)),
    };
    footnote(&id, class, &inner)
}

fn footnote(id: &str, class: &str, inner: &str) -> String {
    format!(
        "<div epub:type=\"footnote\" role=\"doc-footnote\" id=\"{id}\"><div class=\"{class}\">{inner}</div></div>\n"
    )
}

fn backlink(id: &str, shown: &str) -> String {
    format!("<a class=\"no\" role=\"doc-backlink\" href=\"#{id}\">{shown}</a> ")
}

fn note_inner(input: Input<'_>, note: NoteIx, back: Option<&str>) -> String {
    let site = input.site;
    let entry = &site.annotations.notes[note];
    let kind = escaped(site.note_kind(&entry.kind));
    let mut out = format!("<p class=\"nh\">{}", back.unwrap_or_default());
    let _ = match &entry.title {
        Some(title) => {
            write!(out, "<b{}>{}</b> <span class=\"kd\">{kind}</span>", auto(title, input), escaped(title))
        }
        None => write!(out, "<b>{kind}</b>"),
    };
    out.push_str("</p>");
    out.push_str(&prose(site, &entry.body, &site.text_address(input.text)));
    let mut by: Vec<String> = names(site, &entry.by);
    by.extend(entry.role.clone());
    by.extend(entry.date.map(|date| input.words.when(date).long));
    let mut parts: Vec<String> = Vec::new();
    if !by.is_empty() {
        parts.push(escaped(&by.join(", ")));
    }
    parts.extend(certainty(input.words, entry.certainty).map(escaped));
    parts.extend(entry.sources.iter().map(source));
    if !parts.is_empty() {
        let _ = write!(out, "<p class=\"by\">{}</p>", parts.join(" · "));
    }
    out
}

pub(super) fn names(site: &Site<'_>, by: &[By]) -> Vec<String> {
    by.iter().map(|by| site.name(by).to_owned()).collect()
}

/// What something rests on.
pub(super) fn source(citation: &Citation) -> String {
    let title = escaped(&citation.title);
    let mut out = match citation.url.as_deref().map(target) {
        Some(Target::Outside(url)) => format!("<cite><a href=\"{}\">{title}</a></cite>", escaped(&url)),
        _ => format!("<cite>{title}</cite>"),
    };
    if let Some(note) = &citation.note {
        let _ = write!(out, ", {}", escaped(note));
    }
    out
}

/// One end of a connection: the relation, what is said of it, the way to the other ends.
fn connection(input: Input<'_>, facts: &Facts, (link, end): (LinkIx, EndIx), back: &str) -> String {
    let site = input.site;
    let entry = &site.annotations.links[link];
    let here = site.text_address(input.text);
    let mut out = format!(
        "<p class=\"nh\">{back}<b>{}</b> <span{}>{}</span></p>",
        escaped(&relation(input.words, &entry.relation)),
        auto(&entry.title, input),
        escaped(&entry.title)
    );
    if let Some(note) = &entry.note {
        out.push_str(&prose(site, note, &here));
    }
    let others = entry.ends.iter_enumerated().filter(|(i, _)| *i != end);
    let mut shown: Vec<String> = Vec::new();
    for (i, other) in others {
        let Some(text) = site.text(&other.text.value) else { continue };
        let id = item_id(site, ItemKind::End(link, i));
        let own = facts.ends.iter().find(|(l, e, _)| (*l, *e) == (link, i));
        let own = own.and_then(|(_, _, places)| places.first()).filter(|_| text == input.text);
        let words = match own {
            Some(place) => input.words.fill("paragraph_n", &[("n", &place.block.to_string())]),
            None => input.words.titled(&site.texts[text]),
        };
        let to = escaped(&format!("{}#w{id}", site.text_address(text)));
        shown.push(format!("<a {TO}=\"{to}\"{}>{}</a>", auto(&words, input), escaped(&words)));
    }
    if !shown.is_empty() {
        let _ = write!(out, "<p class=\"by\">{}</p>", shown.join(" · "));
    }
    let by = names(site, &entry.by);
    if !by.is_empty() {
        let _ = write!(out, "<p class=\"by\">{}</p>", escaped(&by.join(", ")));
    }
    out
}

/// What is said of a correction.
pub(super) fn correction(input: Input<'_>, index: CorrectionIx) -> String {
    let n = index.number();
    let back = backlink(&format!("rc{n}"), "sic");
    let Some(row) = input.anchored.corrections.get(index) else { return String::new() };
    let words: Vec<&str> = row.place.ranges.iter().map(|range| input.doc.words(*range).trim()).collect();
    let mut out = format!("<p class=\"nh\">{back}<q>{}</q>", escaped(&words.join(" ")));
    if let Some(reading) = &row.reading {
        let _ = write!(out, " · {} <q>{}</q>", escaped(input.words.get("read_as")), escaped(reading));
    }
    out.push_str("</p>");
    let mut parts = vec![escaped(&row.reason)];
    parts.extend(certainty(input.words, row.certainty).map(escaped));
    if row.by_row {
        parts.push(escaped(&names(input.site, &row.by).join(", ")));
    }
    let _ = write!(out, "<p>{}</p>", parts.join(" · "));
    footnote(&format!("c{n}"), "n corr", &out)
}

/// Terms that the notes and connections of a text lead to.
pub(super) fn terms_led_to(input: Input<'_>, facts: &Facts) -> BTreeSet<TermIx> {
    let all = input.site.annotations;
    let notes = facts.notes.iter().map(|fact| &all.notes[fact.note].body);
    let links = facts.ends.iter().filter_map(|(link, ..)| all.links[*link].note.as_ref());
    let here = input.site.text_address(input.text);
    notes.chain(links).flat_map(|body| led_to(input.site, body, &here)).collect()
}

/// Terms that some Markdown leads to.
pub(super) fn led_to(site: &Site<'_>, body: &Markdown, from: &str) -> Vec<TermIx> {
    let leads = markdown::render(site, body, Place { page: from, heading: None }).leads_to;
    let term = |page: &String| site.term(page.strip_prefix("glossary/")?.strip_suffix(".html")?);
    leads.iter().filter_map(term).collect()
}

/// The words of a note's body for programs, with what it rests on.
pub(super) fn plain(input: Input<'_>, item: ItemIx) -> String {
    let site = input.site;
    let text = |body: &Markdown| {
        markdown::render(site, body, Place { page: "", heading: None }).text.trim().to_owned()
    };
    match input.overlay.items[item].kind {
        ItemKind::Note(note) => note_plain(site, note),
        ItemKind::End(link, _) => {
            let entry = &site.annotations.links[link];
            let head = format!(
                "{} {}: {}",
                label(input.overlay, item),
                relation(input.words, &entry.relation),
                entry.title
            );
            entry.note.as_ref().map_or(head.clone(), |note| format!("{head}\n{}", text(note)))
        }
    }
}

/// A note on its own, in plain words.
pub(super) fn note_plain(site: &Site<'_>, note: NoteIx) -> String {
    let entry = &site.annotations.notes[note];
    let body = markdown::render(site, &entry.body, Place { page: "", heading: None }).text;
    let mut lines: Vec<String> = entry.title.iter().cloned().collect();
    lines.push(body.trim().to_owned());
    for citation in &entry.sources {
        let parts = [Some(&citation.title), citation.note.as_ref(), citation.url.as_ref()];
        lines.push(parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", "));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}
