//! The glossary of a book: the terms that it uses, and those that these lead to.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use postil_archive::index::TermIx;
use postil_site::render::date::lifetime;
use postil_site::render::margin::named_sense;
use postil_site::render::words::Words;
use postil_site::site::{Site, bidi};

use super::notes;
use super::xml::{TO, escaped};

/// Terms with all that their entries lead to, and so on.
pub(super) fn closed(site: &Site<'_>, terms: &BTreeSet<TermIx>) -> BTreeSet<TermIx> {
    let mut closed = BTreeSet::new();
    let mut next: Vec<TermIx> = terms.iter().copied().collect();
    while let Some(term) = next.pop() {
        if !closed.insert(term) {
            continue;
        }
        let entry = &site.annotations.terms[term];
        next.extend(entry.see.iter().filter_map(|see| site.term(&see.value)));
        for sense in &entry.senses {
            let beside = [&sense.predecessor, &sense.successor].into_iter().flatten();
            next.extend(beside.filter_map(|name| Some(site.sense(&name.value)?.0)));
            next.extend(notes::led_to(site, &sense.definition, &site.term_address(term)));
        }
    }
    closed
}

/// The id of a term.
pub(super) fn id(site: &Site<'_>, term: TermIx) -> String {
    format!("g-{}", site.annotations.terms[term].slug)
}

/// The body of the glossary's file.
pub(super) fn body(site: &Site<'_>, words: &Words, terms: &BTreeSet<TermIx>) -> String {
    let lang = &site.archive.config.language;
    let auto = |words: &str| if bidi::turns(words, lang) { " dir=\"auto\"" } else { "" };
    let mut order: Vec<TermIx> = terms.iter().copied().collect();
    order.sort_by_cached_key(|&term| site.order.term(&site.annotations.terms[term]));
    let title = escaped(words.get("nav_terms"));
    let mut out = format!(
        "<section class=\"gl\" epub:type=\"glossary\" role=\"doc-glossary\">\n<header class=\"arc\"><h1>{title}</h1></header>\n<dl>\n"
    );
    for term in order {
        let entry = &site.annotations.terms[term];
        let name = &entry.term.value;
        let page = site.term_address(term);
        // The id stands on the pair, so that what pops up holds the definition.
        let _ = write!(
            out,
            "<div id=\"{}\"><dt class=\"gt\"><dfn epub:type=\"glossterm\"{}>{}</dfn> <span class=\"kd\">{}</span></dt>",
            id(site, term),
            auto(name),
            escaped(name),
            escaped(&words.term_kind(&entry.kind))
        );
        for sense in &entry.senses {
            let _ = write!(out, "<dd class=\"gd\" epub:type=\"glossdef\">");
            let own = sense.name.as_deref().filter(|own| own != name);
            let dates = lifetime(words, sense.from, sense.until);
            if own.is_some() || dates.is_some() {
                let own = own.map(|own| format!("<b{}>{}</b>", auto(own), escaped(own)));
                let parts: Vec<String> = own.into_iter().chain(dates.as_deref().map(escaped)).collect();
                let _ = write!(out, "<p class=\"by\">{}</p>", parts.join(" · "));
            }
            out.push_str(&notes::prose(site, &sense.definition, &page));
            let later = sense.successor.as_ref().and_then(|name| named_sense(site, words, &name.value));
            if let Some((address, name)) = later {
                let _ = write!(
                    out,
                    "<p class=\"by\">{} <a {TO}=\"{}\"{}>{}</a></p>",
                    escaped(words.get("later_known_as")),
                    escaped(&address),
                    auto(&name),
                    escaped(&name)
                );
            }
            if !sense.sources.is_empty() {
                let sources: Vec<String> = sense.sources.iter().map(notes::source).collect();
                let _ = write!(out, "<p class=\"by\">{}</p>", sources.join(" · "));
            }
            out.push_str("</dd>");
        }
        let see: Vec<String> = entry
            .see
            .iter()
            .filter_map(|see| site.term(&see.value))
            .map(|other| {
                let name = &site.annotations.terms[other].term.value;
                let to = escaped(&site.term_address(other));
                format!("<a {TO}=\"{to}\"{}>{}</a>", auto(name), escaped(name))
            })
            .collect();
        if !see.is_empty() {
            let _ = write!(
                out,
                "<dd class=\"gd\"><p class=\"by\">{} {}</p></dd>",
                escaped(words.get("see_also")),
                see.join(" · ")
            );
        }
        out.push_str("</div>\n");
    }
    out.push_str("</dl>\n</section>");
    out
}
