//! The words of a block, and what stands on them: marks and their markers, terms,
//! corrections, furniture, inline markup. Each step opens or closes one thing; the
//! overlay has seen to it that they nest.

use std::fmt::Write as _;

use super::Writer;
use crate::render::elements;
use crate::render::html::{self, Target, escape};
use crate::render::margin;
use crate::render::picture::{self, Found};
use crate::site::link;
use postil_anchor::document::InlineKind;
use postil_anchor::overlay::{ItemKind, Step, What};
use postil_archive::index::{CorrectionIx, InlineIx, ItemIx, PointIx, RowIx, UseIx};

impl Writer<'_> {
    pub(super) fn step(&mut self, step: Step) {
        match step {
            Step::Text(range) => {
                self.at = range.end;
                self.words(self.input.doc.words(range));
            }
            Step::Open(what) => self.open(&what),
            Step::Close(what) => self.close(&what),
            Step::Marker(item) => self.marker(item),
            Step::Point(index) => self.point(index),
            Step::Picture(index) => self.picture(index),
            Step::Footnote(number) => {
                let id = format!("fr-n{number}");
                let id = if self.ids.insert(id.clone()) { format!(" id=\"{id}\"") } else { String::new() };
                let _ = write!(
                    self.out,
                    "<a class=\"part footnote-mark\"{id} href=\"#fn-n{number}\" data-generated>{number}</a>"
                );
            }
            Step::Sic(index) => {
                let n = index.number();
                let word = html::escaped(&format!("{} {n}", self.word("correction")));
                let _ = write!(
                    self.out,
                    "<a class=\"sic-a\" href=\"#c{n}\" data-generated>sic<span class=\"sr\"{}>, {word}</span></a>",
                    self.said
                );
            }
        }
    }

    /// Words of the record; the number that a recommendation is printed with stands out.
    fn words(&mut self, words: &str) {
        let begun = words.trim_start();
        let mut rest = words;
        if !self.hidden && !begun.is_empty() {
            let number = self.number.take().unwrap_or_default();
            let after = begun.strip_prefix(&*number).filter(|_| !number.is_empty());
            let after = after.map(|after| after.strip_prefix('.').unwrap_or(after));
            if let Some(after) = after.filter(|after| !after.starts_with(char::is_alphanumeric)) {
                let end = words.len() - after.len();
                let _ = write!(self.out, "<span class=\"num\">{}</span>", html::escaped(&words[..end]));
                rest = after;
            }
        }
        escape(&mut self.out, rest);
    }

    fn open(&mut self, what: &What) {
        match what {
            What::Part(row) if self.row(*row).is_some_and(|row| row.is_behind) => {}
            What::Part(row) if self.footnote(*row).is_some() => {
                let to = self.footnote(*row).map(|note| self.footnote_id(note)).unwrap_or_default();
                let id = format!("fr-{}", usize::from(*row));
                let id = if self.ids.insert(id.clone()) { format!(" id=\"{id}\"") } else { String::new() };
                let _ = write!(self.out, "<a class=\"part footnote-mark\"{id} href=\"#{to}\">");
            }
            What::Part(row) => {
                let kind = self.row(*row).map(|r| r.kind);
                let (tag, class) = elements::of_part(kind);
                let _ = match class {
                    "" => write!(self.out, "<{tag}>"),
                    class => write!(self.out, "<{tag} class=\"part {class}\"{}>", self.speaker(*row)),
                };
            }
            What::Inline(i) => self.inline(*i, true),
            What::Correction { index, .. } => {
                let _ = write!(self.out, "<span class=\"sic\" data-correction=\"{}\">", index.number());
                if self.reading(*index).is_some() {
                    self.out.push_str("<del>");
                }
            }
            What::Term { index, .. } => self.term(*index),
            What::Mark(mark) => self.mark(&mark.items),
            What::Furniture => {
                self.hidden = true;
                self.out.push_str("<span class=\"furn\" data-furniture>");
            }
        }
    }

    fn close(&mut self, what: &What) {
        match what {
            What::Furniture => {
                self.hidden = false;
                self.out.push_str("</span>");
            }
            What::Part(row) if self.row(*row).is_some_and(|row| row.is_behind) => self.sign_behind(*row),
            What::Part(row) if self.footnote(*row).is_some() => self.out.push_str("</a>"),
            What::Part(row) => {
                let (tag, _) = elements::of_part(self.row(*row).map(|r| r.kind));
                let _ = write!(self.out, "</{tag}>");
            }
            What::Inline(i) => self.inline(*i, false),
            What::Correction { index, reads, items } => {
                if let Some(reading) = self.reading(*index).map(str::to_owned) {
                    self.out.push_str("</del>");
                    if *reads {
                        self.out.push_str("<ins data-generated>");
                        let marked = self.noted(items);
                        if marked {
                            let classes = self.classes(items);
                            let _ = write!(self.out, "<mark{classes}>");
                        }
                        escape(&mut self.out, &reading);
                        self.out.push_str(if marked { "</mark></ins>" } else { "</ins>" });
                    }
                }
                self.out.push_str("</span>");
            }
            What::Term { index, .. } => self.term_end(*index),
            What::Mark(mark) => {
                for _ in 0..self.within.pop().unwrap_or_default() {
                    self.out.push_str("</span>");
                }
                self.out.push_str(if self.noted(&mark.items) { "</mark>" } else { "</span>" });
            }
        }
    }

    /// The mark of a footnote that the text does not print, behind the last of its words.
    fn sign_behind(&mut self, row: RowIx) {
        let Some(placed) = self.input.anchored.placed(row).filter(|placed| placed.place.end() <= self.at)
        else {
            return;
        };
        let sign = html::escaped(placed.part.number.as_deref().unwrap_or_default());
        let id = format!("fr-{}", usize::from(row));
        let id = if self.ids.insert(id.clone()) { format!(" id=\"{id}\"") } else { String::new() };
        let _ = match self.footnote(row).map(|note| self.footnote_id(note)) {
            Some(to) => {
                write!(
                    self.out,
                    "<a class=\"part footnote-mark\"{id} href=\"#{to}\" data-generated>{sign}</a>"
                )
            }
            None => write!(self.out, "<span class=\"part footnote-mark\" data-generated>{sign}</span>"),
        };
    }

    /// The footnote that a mark of the text leads to.
    fn footnote(&self, mark: RowIx) -> Option<RowIx> {
        let pairs = &self.input.anchored.footnotes;
        let at = pairs.binary_search_by_key(&mark, |pair| pair.mark).ok()?;
        Some(pairs[at].note)
    }

    /// Where a page or a time begins: an address in the margin.
    fn point(&mut self, index: PointIx) {
        let Some(point) = self.input.anchored.points.get(index) else { return };
        let said = self.input.words.milestone(&point.part);
        let media = self.input.site.texts[self.input.text].record.media.as_deref();
        let link = media.zip(point.seconds).map(|(media, seconds)| format!("{media}#t={seconds}"));
        let _ = match link {
            Some(link) => write!(
                self.out,
                "<a class=\"pt\" id=\"{}\" href=\"{}\" rel=\"external\" data-generated>{}</a>",
                point.id,
                html::escaped(&link),
                html::escaped(&said)
            ),
            None => write!(
                self.out,
                "<a class=\"pt\" id=\"{0}\" href=\"#{0}\" data-generated>{1}</a>",
                point.id,
                html::escaped(&said)
            ),
        };
    }

    /// Whether a picture that stands at a byte of the text is shown.
    fn is_shown(&self, at: usize) -> bool {
        let doc = self.input.doc;
        let index = doc.pictures.partition_point(|picture| picture.at < at);
        let picture = doc.pictures.get(index).filter(|picture| picture.at == at);
        let found = picture
            .map(|picture| picture::find(self.input.site, &doc.source.path, Some(&doc.id), &picture.address));
        matches!(found, Some(Found::Here(_)))
    }

    /// A picture: its description stands behind it, as words of the text. One of another site is only linked to.
    fn picture(&mut self, index: usize) {
        let Some(picture) = self.input.doc.pictures.get(index) else { return };
        let site = self.input.site;
        match picture::find(site, &self.input.doc.source.path, Some(&self.input.doc.id), &picture.address) {
            Found::Here(picture) => {
                let from = site.text_address(self.input.text);
                self.out.push_str(&picture::element(picture, &from, "", " data-generated"));
            }
            Found::Remote(address) => {
                let words = self.word("picture_elsewhere").to_owned();
                let _ = write!(
                    self.out,
                    "<a class=\"picture-elsewhere\" href=\"{}\" rel=\"external\" data-generated>{} </a>",
                    html::escaped(&address),
                    html::escaped(&words)
                );
            }
            Found::None(..) => {}
        }
    }

    /// The reading of a placed correction.
    fn reading(&self, index: CorrectionIx) -> Option<&str> {
        self.input.anchored.corrections.get(index)?.reading.as_deref()
    }

    fn inline(&mut self, i: InlineIx, opens: bool) {
        let slash = if opens { "" } else { "/" };
        let tag = match &self.input.doc.inlines[i].kind {
            InlineKind::Emphasis => "em",
            InlineKind::Strong => "strong",
            InlineKind::Code => "code",
            InlineKind::Struck => "del",
            InlineKind::Break => {
                if opens {
                    self.out.push_str("<br>");
                }
                return;
            }
            InlineKind::Link(address) => return self.text_link(&address.clone(), opens),
            InlineKind::Number => return self.span("item-number", opens),
            InlineKind::Label => return self.span("fence-label", opens),
            InlineKind::Title => return self.span("link-title", opens),
            InlineKind::Description if self.is_shown(self.input.doc.inlines[i].text.start) => {
                return self.span("description", opens);
            }
            // Of what is not shown the words are words like others.
            InlineKind::Description => return,
        };
        let _ = write!(self.out, "<{slash}{tag}>");
    }

    fn span(&mut self, class: &str, opens: bool) {
        let _ = match opens {
            true => write!(self.out, "<span class=\"{class}\">"),
            false => write!(self.out, "</span>"),
        };
    }

    /// A link of the raw text itself: out of the site, or to a text beside it; what may not be a link stays words.
    fn text_link(&mut self, address: &str, opens: bool) {
        let site = self.input.site;
        let beside = || site.text_beside(self.input.text, address);
        let (start, end) = if let Target::Outside(href) = html::target(address) {
            (format!("<a href=\"{}\" rel=\"external\">", html::escaped(&href)), "</a>")
        } else if let Some(text) = beside() {
            let here = site.text_address(self.input.text);
            (format!("<a href=\"{}\">", link::relative(&here, &site.text_address(text))), "</a>")
        } else {
            ("<span>".to_owned(), "</span>")
        };
        self.out.push_str(if opens { &start } else { end });
    }

    fn term(&mut self, index: UseIx) {
        let input = self.input;
        let found = &input.anchored.uses[index];
        let slug = &input.site.annotations.terms[found.term].slug;
        if !found.opens {
            let from = input.site.text_address(input.text);
            let href = link::relative(&from, &input.site.term_address(found.term));
            let _ = write!(self.out, "<a class=\"tq\" href=\"{href}\" data-term=\"{slug}\">");
            return;
        }
        let key = (found.term, found.sense);
        if !self.opened.contains_key(&key) {
            // A second sense on the same page has a popover of its own.
            let other = self.opened.keys().any(|k| k.0 == found.term);
            // No slug has a `_`: so it is not the id of another term's.
            let id = if other { format!("t-{slug}_{}", found.sense.number()) } else { format!("t-{slug}") };
            self.opened.insert(key, id);
            self.popovers.push(key);
        }
        let _ = write!(self.out, "<label class=\"term\" data-term=\"{slug}\"><span aria-hidden=\"true\">");
    }

    /// A button cannot break over two lines and lets a line break between itself and a
    /// bracket or comma beside it. So the words stand in its label, and the button, which
    /// bears them as its name, lies over their end without taking room.
    fn term_end(&mut self, index: UseIx) {
        let found = &self.input.anchored.uses[index];
        if !found.opens {
            return self.out.push_str("</a>");
        }
        let words = self.input.anchored.words(self.input.doc, &found.passage);
        let name: Vec<&str> = words.split_whitespace().collect();
        let _ = write!(
            self.out,
            "</span><button type=\"button\" popovertarget=\"{}\" aria-label=\"{}\" data-generated></button></label>",
            self.opened[&(found.term, found.sense)],
            html::escaped(&name.join(" "))
        );
    }

    /// Whether a note stands on words with these items: they come first.
    fn noted(&self, items: &[ItemIx]) -> bool {
        items.first().is_some_and(|&item| self.is_note(item))
    }

    fn is_note(&self, item: ItemIx) -> bool {
        matches!(self.input.overlay.items[item].kind, ItemKind::Note(_))
    }

    /// The class attribute of words with notes.
    fn classes(&self, items: &[ItemIx]) -> String {
        let notes: Vec<ItemIx> = items.iter().copied().filter(|&item| self.is_note(item)).collect();
        let mut classes = Vec::new();
        if notes.len() > 1 {
            classes.push("two".to_owned());
        }
        let mut kinds = notes.iter().map(|&item| self.kind(item));
        classes.extend(
            kinds.next().filter(|first| kinds.all(|kind| kind == *first)).map(|kind| format!("q{kind}")),
        );
        if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
    }

    /// Words on which something stands: notes are washed; ends of links are marked by nothing until they
    /// are asked for, but have their address where they begin.
    fn mark(&mut self, items: &[ItemIx]) {
        let noted = self.noted(items);
        let _ = match noted {
            true => write!(self.out, "<mark{}", self.classes(items)),
            false => write!(self.out, "<span class=\"lk\""),
        };
        let (mut notes, mut links, mut begin) = (Vec::new(), Vec::new(), Vec::new());
        for &item in items {
            let kind = self.input.overlay.items[item].kind;
            match kind {
                ItemKind::Note(note) => notes.push(self.input.site.annotations.notes[note].slug.as_str()),
                ItemKind::End(link, _) => {
                    links.push(self.input.site.annotations.links[link].slug.as_str());
                    if self.begun.insert(item) {
                        begin.push(margin::item_id(self.input.site, kind));
                    }
                }
            }
        }
        for (name, slugs) in [("note", notes), ("link", links)] {
            if !slugs.is_empty() {
                let _ = write!(self.out, " data-{name}=\"{}\"", slugs.join(" "));
            }
        }
        let mut begin = begin.into_iter();
        if let Some(id) = begin.next() {
            let _ = write!(self.out, " id=\"{id}\"");
        }
        self.out.push('>');
        self.within.push(begin.len());
        for id in begin {
            let _ = write!(self.out, "<span id=\"{id}\">");
        }
    }

    fn kind(&self, item: ItemIx) -> usize {
        margin::kind_number(self.input.site, self.input.overlay.items[item].kind)
    }

    fn marker(&mut self, item: ItemIx) {
        let id = margin::item_id(self.input.site, self.input.overlay.items[item].kind);
        let place = self.units.items[item].1;
        let word = html::escaped(self.word("note"));
        let kind = self.kind(item);
        let said = format!("<span class=\"sr\"{}>{word} </span>{}", self.said, item.number());
        let _ = write!(
            self.out,
            "<span class=\"refs q{kind}\" id=\"r{id}\" data-generated><a class=\"ref in-margin k{place}\" href=\"#{id}\">{said}</a><button type=\"button\" class=\"ref in-sheet\" popovertarget=\"{id}\">{said}</button></span>"
        );
    }
}
