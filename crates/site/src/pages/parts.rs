//! Pieces that several pages show: notes, places, names, sources.

use typed_index_collections::TiSlice;

use crate::render::article::label;
use crate::render::context::{Connection, End, Html, Link, Name, Note, Source};
use crate::render::html::{self, Target};
use crate::render::margin;
use crate::render::markdown::{self, Place};
use crate::render::press::Press;
use crate::render::words::Words;
use crate::site::{Facts, Mention, NoteFact, Where, address, cut, link};
use postil_anchor::annotation::{By, Citation, LinkEnd, Speaker};
use postil_anchor::document::record::Record;
use postil_archive::index::{EndIx, LinkIx, TextIx};

/// Most characters of a quotation in a list.
const QUOTE: usize = 280;

/// A quotation as lists show it: not more than what reminds of it.
pub(super) fn quoted(words: &str) -> String {
    cut::short(words, QUOTE)
}

/// What a block belongs to, in words: "Recommendation 8", "Response to
/// recommendation 8"; none for what has no number.
pub(crate) fn part(words: &Words, place: &Where) -> Option<String> {
    let to: Vec<&str> = place.to.iter().map(String::as_str).collect();
    let kind = place.kind.filter(|_| place.number.is_some() || !to.is_empty())?;
    label(words, kind, place.number.as_deref(), &to)
}

/// Under which terms a text may be used, with the way to read them.
pub(super) fn rights(record: &Record) -> Option<Html> {
    let rights = html::escaped(record.rights.as_deref()?);
    Some(Html(match record.rights_url.as_deref().map(html::target) {
        Some(Target::Outside(url)) => {
            format!("<a href=\"{}\" rel=\"license external\">{rights}</a>", html::escaped(&url))
        }
        _ => rights,
    }))
}

impl Press<'_> {
    /// Markdown as shown on a page.
    pub(super) fn prose(&self, page: &str, markdown: &postil_anchor::annotation::Markdown) -> Html {
        Html(markdown::render(self.site, markdown, Place { page, heading: None }).html)
    }

    /// The first sentence of some Markdown, without marks.
    pub(super) fn sentence(&self, markdown: &postil_anchor::annotation::Markdown) -> String {
        let text = markdown::render(self.site, markdown, Place { page: "", heading: None }).text;
        let text = text.trim();
        match text.find(". ") {
            Some(at) => text[..=at].to_owned(),
            None => text.to_owned(),
        }
    }

    pub(super) fn by(&self, page: &str, by: &[By]) -> Vec<Name> {
        by.iter()
            .map(|by| {
                let href = match by {
                    By::Contributor(slug) => {
                        self.site.contributor(slug).map(|i| self.site.contributor_address(i))
                    }
                    By::Name(_) => None,
                };
                Name {
                    text: self.site.name(by).to_owned(),
                    href: href.map(|address| link::relative(page, &address)),
                }
            })
            .collect()
    }

    pub(super) fn speaker(&self, page: &str, speaker: &Speaker) -> Name {
        let href = match speaker {
            Speaker::Term(slug) => self.site.term(slug).map(|i| self.site.term_address(i)),
            Speaker::Name(_) | Speaker::Several(_) => None,
        };
        Name { text: self.site.speaker(speaker).into_owned(), href: href.map(|a| link::relative(page, &a)) }
    }

    pub(super) fn sources(&self, sources: &[Citation]) -> Vec<Source> {
        sources
            .iter()
            .map(|s| {
                let href = match s.url.as_deref().map(html::target) {
                    Some(Target::Outside(url)) => Some(url),
                    _ => None,
                };
                Source { title: Name { text: s.title.clone(), href }, note: s.note.clone() }
            })
            .collect()
    }

    /// What a block belongs to, in words.
    pub(super) fn part(&self, place: &Where) -> Option<String> {
        part(self.words, place)
    }

    /// A place in a text as a link from a page: paragraph, and what it belongs to.
    pub(super) fn place(&self, page: &str, text: TextIx, mention: &Mention) -> Link {
        let address = format!("{}#{}", self.site.text_address(text), mention.fragment());
        self.link(page, &address, self.place_words(mention.block, &mention.place))
    }

    /// "paragraph 60, Response to recommendation 8".
    pub(super) fn place_words(&self, block: u32, place: &Where) -> String {
        let paragraph = match place.lines {
            Some((first, last)) if first == last => self.words.fill("line_n", &[("n", &first.to_string())]),
            Some((first, last)) => self.words.fill("lines_n", &[("n", &format!("{first}–{last}"))]),
            None => self.words.fill("paragraph_n", &[("n", &block.to_string())]),
        };
        let paragraph = match &place.point {
            Some(point) => format!("{}, {paragraph}", self.words.milestone(point)),
            None => paragraph,
        };
        match self.part(place) {
            Some(part) => format!("{paragraph}, {part}"),
            None => paragraph,
        }
    }

    /// The same with who says the words, where they are quoted.
    pub(super) fn said_at(&self, mention: &Mention) -> String {
        let place = self.place_words(mention.block, &mention.place);
        match &mention.place.speaker {
            Some(speaker) => format!("{place}, {}", self.site.speaker(speaker)),
            None => place,
        }
    }

    /// A note away from its words.
    pub(super) fn note(&self, page: &str, fact: &NoteFact) -> Note {
        let site = self.site;
        let note = &site.annotations.notes[fact.note];
        let place = match fact.places.first() {
            Some(mention) => self.said_at(mention),
            None => self.words.get("whole_text").to_owned(),
        };
        let quotes: Vec<String> = fact.places.iter().map(|m| quoted(&m.words)).collect();
        Note {
            slug: note.slug.clone(),
            was: note.was.iter().map(|was| was.value.clone()).collect(),
            kind: note.kind.clone(),
            label: site.shown_note_kind(&note.kind).to_owned(),
            title: note.title.clone(),
            quote: (!quotes.is_empty()).then(|| quotes.join(" … ")),
            place: self.link(page, &site.note_address(fact.note), place),
            by: self.by(page, &note.by),
            role: note.role.clone(),
            date: note.date.map(|d| self.words.when(d)),
            certainty: margin::certainty(self.words, note.certainty).map(str::to_owned),
            body: self.prose(page, &note.body),
            sources: self.sources(&note.sources),
            topics: note
                .topics
                .iter()
                .filter_map(|t| site.topic(&t.value))
                .map(|t| self.link(page, &site.topic_address(t), &site.annotations.topics[t].title))
                .collect(),
        }
    }

    /// A relation between passages; the words at its ends come from the facts of their texts.
    pub(super) fn connection(&self, page: &str, facts: &TiSlice<TextIx, Facts>, index: LinkIx) -> Connection {
        self.connection_with(page, index, |end, text| {
            let of = |(link, e, _): &&(LinkIx, EndIx, Vec<Mention>)| (*link, *e) == (index, end);
            let mention = facts[text].ends.iter().find(of)?.2.first()?;
            let title = &self.site.texts[text].short;
            let words = format!("{title}, {}", self.said_at(mention));
            Some((quoted(&mention.words), words))
        })
    }

    /// A relation between passages. `words` gives for an end, and the index of
    /// its text, the quotation and the name of its place; an end without is left out.
    pub(super) fn connection_with(
        &self,
        page: &str,
        index: LinkIx,
        words: impl Fn(EndIx, TextIx) -> Option<(String, String)>,
    ) -> Connection {
        let site = self.site;
        let entry = &site.annotations.links[index];
        let end = |(i, end): (EndIx, &LinkEnd)| {
            let text = site.text(&end.text.value)?;
            let (quote, place) = words(i, text)?;
            let address = site.text_address(text);
            let to = format!("{address}#l-{}-{}", entry.slug, i.number());
            let end = End {
                quote,
                place: self.link(page, &to, place),
                date: self.words.made(&site.texts[text]),
                here: address == page,
            };
            Some((to, end))
        };
        let (addresses, ends): (Vec<String>, Vec<End>) = entry.ends.iter_enumerated().filter_map(end).unzip();
        Connection {
            beside: beside(page, &addresses),
            id: entry.slug.clone(),
            title: entry.title.clone(),
            relation: margin::relation(self.words, &entry.relation),
            note: entry.note.as_ref().map(|note| self.prose(page, note)),
            by: self.by(page, &entry.by),
            ends,
        }
    }
}

/// The first two ends beside each other, as seen from a page; none where a connection has but one.
fn beside(page: &str, ends: &[String]) -> Option<String> {
    let [one, other, ..] = ends else { return None };
    let to = link::relative(page, address::BESIDE);
    Some(format!("{to}?a={}&b={}", link::encoded(one), link::encoded(other)))
}
