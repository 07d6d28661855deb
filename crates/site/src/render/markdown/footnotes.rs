//! Footnotes of some Markdown: a number where each is referred to, all of them at the end.
//!
//! They are numbered as they are referred to, as forges do. One that nothing refers to comes
//! after the others, so that no word is lost. On a page of their own number and footnote lead to
//! each other; a note may be shown on a page twice, so there no id could be theirs.

use pulldown_cmark::{CowStr, Event, Parser};
use rustc_hash::FxHashMap;

use postil_anchor::annotation::wiki;

#[derive(Default)]
pub(super) struct Footnotes<'a> {
    /// In the order of their numbers.
    all: Vec<Footnote<'a>>,
    /// Labels and their places in `all`.
    labels: FxHashMap<CowStr<'a>, usize>,
    /// The one in hand, and the events before it.
    open: Option<(usize, Vec<Event<'a>>)>,
}

#[derive(Default)]
struct Footnote<'a> {
    /// How often it was referred to.
    references: usize,
    /// What it says.
    says: Vec<Event<'a>>,
}

impl<'a> Footnotes<'a> {
    /// Those that this Markdown refers to, by number: a footnote may stand before what refers to it.
    pub(super) fn of(markdown: &'a str) -> Self {
        let mut footnotes = Self::default();
        if markdown.contains("[^") {
            for event in Parser::new_ext(markdown, wiki::OPTIONS) {
                if let Event::FootnoteReference(label) = event {
                    footnotes.find(label);
                }
            }
        }
        footnotes
    }

    fn find(&mut self, label: CowStr<'a>) -> usize {
        *self.labels.entry(label).or_insert_with(|| {
            self.all.push(Footnote::default());
            self.all.len() - 1
        })
    }

    /// The number of a footnote where it is referred to.
    pub(super) fn reference(&mut self, label: CowStr<'a>, has_own_page: bool) -> String {
        let index = self.find(label);
        let footnote = &mut self.all[index];
        footnote.references += 1;
        let n = index + 1;
        match (has_own_page, footnote.references) {
            (false, _) => format!("<sup>{n}</sup>"),
            (true, 1) => format!("<sup><a href=\"#fn-{n}\" id=\"fnr-{n}\">{n}</a></sup>"),
            (true, _) => format!("<sup><a href=\"#fn-{n}\">{n}</a></sup>"),
        }
    }

    /// What follows is said in a footnote.
    pub(super) fn open(&mut self, label: CowStr<'a>, events: &mut Vec<Event<'a>>) {
        let index = self.find(label);
        self.open = Some((index, std::mem::take(events)));
    }

    /// The footnote has ended.
    pub(super) fn end(&mut self, events: &mut Vec<Event<'a>>) {
        if let Some((index, before)) = self.open.take() {
            self.all[index].says.extend(std::mem::replace(events, before));
        }
    }

    /// All footnotes, at the end.
    pub(super) fn close(self, events: &mut Vec<Event<'a>>, has_own_page: bool) {
        if self.all.is_empty() {
            return;
        }
        let mut html = |html: String| events.push(Event::Html(html.into()));
        html("<ol class=\"footnotes\">".to_owned());
        for (index, footnote) in self.all.into_iter().enumerate() {
            let n = index + 1;
            let (id, number) = match has_own_page {
                true if footnote.references > 0 => {
                    (format!(" id=\"fn-{n}\""), format!("<a href=\"#fnr-{n}\">{n}</a>"))
                }
                _ => (String::new(), n.to_string()),
            };
            events.push(Event::Html(format!("<li{id}><span class=\"fn\">{number}</span> <div>").into()));
            events.extend(footnote.says);
            events.push(Event::Html("</div></li>".into()));
        }
        events.push(Event::Html("</ol>".into()));
    }
}
