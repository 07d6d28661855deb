//! The words of a block, and what stands on them. Each step opens or closes one thing; the overlay has seen to it
//! that they nest.

use std::fmt::Write as _;

use postil_anchor::document::InlineKind;
use postil_anchor::overlay::{ItemKind, Step, What};
use postil_archive::index::{InlineIx, ItemIx, UseIx};
use postil_site::render::elements;
use postil_site::render::html::{Target, target};

use super::annotations::Span;
use super::chapter::Writer;
use super::xml::{TO, escaped};

impl Writer<'_> {
    pub(super) fn steps(&mut self, steps: Vec<Step>) {
        let doc = self.input.doc;
        for i in 0..steps.len() {
            match steps[i] {
                Step::Text(range) => self.words(doc.words(range)),
                Step::Open(What::Furniture) => {
                    let mut inside =
                        steps[i..].iter().take_while(|step| **step != Step::Close(What::Furniture));
                    let has_letters = |step: &Step| matches!(step, Step::Text(range) if doc.words(*range).contains(char::is_alphanumeric));
                    let class = if inside.any(has_letters) { "furn" } else { "furn stray" };
                    self.hidden = true;
                    let _ = write!(self.out, "<span class=\"{class}\" data-furniture=\"\">");
                }
                Step::Open(ref what) => self.open(what),
                Step::Close(ref what) => self.close(what),
                Step::Marker(item) => self.reference(item),
                Step::Point(index) => self.point(index),
                Step::Sic(index) => self.sic(index),
                // A book has the words of its pictures.
                Step::Picture(_) => {}
                Step::Footnote(number) => {
                    let id = format!("fr-n{number}");
                    let id = if self.id(&id) { format!(" id=\"{id}\"") } else { String::new() };
                    let to = self.here(&format!("fn-n{number}"));
                    let _ = write!(
                        self.out,
                        "<sup class=\"nr\" data-generated=\"\">\u{200a}<a epub:type=\"noteref\" role=\"doc-noteref\"{id} {to}>{number}</a></sup>"
                    );
                }
            }
        }
    }

    fn open(&mut self, what: &What) {
        match what {
            What::Part(row) => match self.footnote(*row) {
                Some(note) => {
                    let to = self.here(&self.footnote_id(note));
                    let id = format!("fr-{}", usize::from(*row));
                    let id = if self.id(&id) { format!(" id=\"{id}\"") } else { String::new() };
                    let _ = write!(
                        self.out,
                        "<a class=\"footnote-mark\" epub:type=\"noteref\" role=\"doc-noteref\"{id} {to}>"
                    );
                }
                None => {
                    let _ = match elements::of_part(self.row(*row).map(|row| row.kind)) {
                        (tag, "") => write!(self.out, "<{tag}>"),
                        (tag, class) => write!(self.out, "<{tag} class=\"{class}\">"),
                    };
                }
            },
            What::Inline(i) => self.inline(*i, true),
            What::Correction { .. } => self.out.push_str("<span class=\"sic\">"),
            What::Term { index, .. } => self.term(*index),
            What::Mark(mark) => {
                let overlay = self.input.overlay;
                let is_note = |item: &ItemIx| matches!(overlay.items[*item].kind, ItemKind::Note(_));
                let class = if mark.items.iter().any(is_note) { "on" } else { "end" };
                let _ = write!(self.out, "<span class=\"{class}\"");
                // The words at the end of a connection have its address, where they begin.
                let begun = mark.items.iter().find(|&&item| {
                    let begins = overlay.items[item].places[0].start() == mark.range.start;
                    !is_note(&item) && begins
                });
                if let Some(&item) = begun {
                    let id = postil_site::render::margin::item_id(self.input.site, overlay.items[item].kind);
                    let id = format!("w{id}");
                    if self.id(&id) {
                        let _ = write!(self.out, " id=\"{id}\"");
                    }
                }
                self.out.push('>');
                let place = |item: ItemIx| {
                    let places = &overlay.items[item].places;
                    places.iter().position(|place| place.ranges.iter().any(|range| range.holds(mark.range)))
                };
                let here = self.out.len();
                for &item in &mark.items {
                    if let Some(place) = place(item) {
                        self.part.spans.push(Span { item, place, start: here, end: here });
                    }
                }
                self.open.push(mark.items.iter().filter_map(|&item| Some((item, place(item)?))).collect());
            }
            // Where it is opened its words are asked: see `steps`.
            What::Furniture => {}
        }
    }

    fn close(&mut self, what: &What) {
        match what {
            What::Furniture => {
                self.hidden = false;
                self.out.push_str("</span>");
            }
            What::Part(row) if self.footnote(*row).is_some() => self.out.push_str("</a>"),
            What::Part(row) => {
                let (tag, _) = elements::of_part(self.row(*row).map(|row| row.kind));
                let _ = write!(self.out, "</{tag}>");
            }
            What::Inline(i) => self.inline(*i, false),
            What::Correction { .. } => self.out.push_str("</span>"),
            What::Term { .. } => {
                let end = if self.linked.pop().unwrap_or_default() { "</a>" } else { "" };
                self.out.push_str(end);
            }
            What::Mark(_) => {
                let here = self.out.len();
                for (item, place) in self.open.pop().unwrap_or_default() {
                    let mut spans = self.part.spans.iter_mut().rev();
                    if let Some(span) = spans.find(|span| span.item == item && span.place == place) {
                        span.end = here;
                    }
                }
                self.out.push_str("</span>");
            }
        }
    }

    /// A term leads to the glossary where a file uses it first: links take the taps that turn pages.
    fn term(&mut self, index: UseIx) {
        let found = &self.input.anchored.uses[index];
        let links = found.opens && !self.hidden && self.defined.insert(found.term);
        self.linked.push(links);
        if links {
            let to = escaped(&self.input.site.term_address(found.term));
            let _ = write!(
                self.out,
                "<a class=\"term\" epub:type=\"glossref\" role=\"doc-glossref\" {TO}=\"{to}\">"
            );
        }
    }

    fn inline(&mut self, i: InlineIx, opens: bool) {
        let slash = if opens { "" } else { "/" };
        let tag = match &self.input.doc.inlines[i].kind {
            InlineKind::Emphasis => "em",
            InlineKind::Strong => "strong",
            InlineKind::Code => "code",
            InlineKind::Struck => "del",
            InlineKind::Break => {
                self.out.push_str(if opens { "<br/>" } else { "" });
                return;
            }
            // Only out of the archive; what may not be a link stays words.
            InlineKind::Link(address) => {
                let (start, end) = match target(address) {
                    Target::Outside(href) => (format!("<a href=\"{}\">", escaped(&href)), "</a>"),
                    _ => ("<span>".to_owned(), "</span>"),
                };
                return self.out.push_str(if opens { &start } else { end });
            }
            InlineKind::Number => return self.span("item-number", opens),
            InlineKind::Label => return self.span("fence-label", opens),
            InlineKind::Title => return self.span("link-title", opens),
            InlineKind::Description => return self.span("description", opens),
        };
        let _ = write!(self.out, "<{slash}{tag}>");
    }

    fn span(&mut self, class: &str, opens: bool) {
        let _ = match opens {
            true => write!(self.out, "<span class=\"{class}\">"),
            false => write!(self.out, "</span>"),
        };
    }
}
