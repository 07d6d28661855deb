//! What stands beside the words of a text: notes, the ends of links at a paragraph,
//! and the definitions that terms open.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use typed_index_collections::TiVec;

use crate::render::date;
use crate::render::fit::{self, Bulk, Shape};
use crate::render::html::{self, Target, escaped};
use crate::render::markdown::{self, Place, Rendered};
use crate::render::words::Words;
use crate::site::{Facts, Site, link};
use postil_anchor::annotation::{By, Certainty, Citation, SenseName};
use postil_anchor::overlay::{ItemKind, Overlay};
use postil_archive::index::{EndIx, ItemIx, LinkIx, NoteIx, SenseIx, TermIx, TextIx};
use postil_archive::sidecar::date::Date;

/// The margin of one text, rendered.
#[derive(Debug, Default)]
pub struct Margin {
    /// Address of the text's page.
    page: String,
    /// The notes, in their order.
    items: TiVec<ItemIx, Item>,
    /// What is said of each end of a link, in the order of the overlay's items after the notes.
    ends: Vec<String>,
    /// Definitions as HTML, by term and sense.
    definitions: BTreeMap<(TermIx, SenseIx), String>,
}

#[derive(Debug)]
struct Item {
    id: String,
    /// Ids that it had before.
    was: Vec<String>,
    class: String,
    name: String,
    /// Number, title, kind, and the way back.
    head: String,
    /// Number, and title or kind: the line that stands for it when it is folded.
    line: String,
    /// Body, who wrote it.
    inner: String,
    bulk: Bulk,
}

/// The id of a note, or of the words at an end of a link.
pub fn item_id(site: &Site<'_>, kind: ItemKind) -> String {
    match kind {
        ItemKind::Note(note) => format!("n-{}", site.annotations.notes[note].slug),
        ItemKind::End(link, end) => format!("l-{}-{}", site.annotations.links[link].slug, end.number()),
    }
}

/// The kind of a note as a number: its place in the site's list of kinds, from 1; 0 for
/// what is no note. Style sheets cannot know the names.
pub fn kind_number(site: &Site<'_>, kind: ItemKind) -> usize {
    let ItemKind::Note(note) = kind else { return 0 };
    let kind = &site.annotations.notes[note].kind;
    site.note_kinds.iter().position(|known| known.key == *kind).map_or(1, |i| i + 1)
}

impl Margin {
    /// Renders what stands beside the words of a text. Ends of links need the
    /// passages at the other ends only as links, so no other text is needed.
    ///
    /// Gives the words of each note beside it, for search. Problems in bodies
    /// are found by [`survey`](crate::render::prose::survey), once for all pages.
    pub fn new(
        site: &Site<'_>,
        words: &Words,
        text: TextIx,
        overlay: &Overlay,
        facts: &Facts,
        editors: &[By],
    ) -> (Self, Vec<String>) {
        let page = site.text_address(text);
        let mut margin = Self { page: page.clone(), ..Self::default() };
        let mut texts = Vec::new();
        for (i, item) in overlay.items.iter_enumerated() {
            match item.kind {
                ItemKind::Note(note) => {
                    let (item, body) = note_item(site, words, &page, note, i.number() as usize, editors);
                    margin.items.push(item);
                    texts.push(body.text);
                }
                ItemKind::End(link, end) => margin.ends.push(end_row(site, words, &page, facts, (link, end))),
            }
        }
        for used in &facts.uses {
            margin.definitions.entry((used.term, used.sense)).or_insert_with(|| {
                let sense = &site.annotations.terms[used.term].senses[used.sense];
                markdown::render(site, &sense.definition, Place { page: &page, heading: None }).html
            });
        }
        (margin, texts)
    }

    /// How much each note holds.
    pub(crate) fn bulks(&self) -> TiVec<ItemIx, Bulk> {
        self.items.iter().map(|item| item.bulk).collect()
    }

    /// Writes a note; `place` is its place among those of its unit, from 1, `said` the
    /// attributes of its language where the text has another.
    ///
    /// It is a popover, so that its marker opens it where there is no margin; where there is one the theme shows
    /// it in the page. A folded one holds its body in a `<details>`, which the theme opens where there is no
    /// margin, where an address names it, and on paper.
    pub(crate) fn item(
        &self,
        out: &mut String,
        words: &Words,
        item: ItemIx,
        place: usize,
        shape: Shape,
        said: &str,
    ) {
        let item = &self.items[item];
        let after = if shape == Shape::After { " after-p" } else { "" };
        let _ = write!(
            out,
            "<div popover class=\"n k{place} {}{after}\" id=\"{}\" role=\"note\" aria-label=\"{}\"{said} data-generated data-note-body>",
            item.class,
            item.id,
            escaped(&item.name),
        );
        for id in &item.was {
            let _ = write!(out, "<span class=\"was\" id=\"{id}\"></span>");
        }
        let folded = shape == Shape::Folded;
        if folded {
            let _ = write!(out, "<details class=\"more-n\"><summary>{}</summary>", item.line);
        }
        out.push_str(&item.head);
        out.push_str(&item.inner);
        out.push_str(if folded { "</details>" } else { "" });
        let _ = write!(
            out,
            "<button type=\"button\" class=\"close\" popovertarget=\"{}\" popovertargetaction=\"hide\">{}</button></div>",
            item.id,
            escaped(words.get("close"))
        );
    }

    /// What the sign of a paragraph's connections opens: of each the relation, what it is about, and the
    /// way to its other ends. `items` are ends of links among the overlay's items.
    pub(crate) fn connections(
        &self,
        out: &mut String,
        words: &Words,
        items: &[ItemIx],
        block: u32,
        said: &str,
    ) {
        let label = words.fill("connections_of", &[("n", &block.to_string())]);
        let _ = write!(
            out,
            "<div popover id=\"cx-{block}\" class=\"pop cx-pop\" role=\"note\" aria-label=\"{}\"{said} data-generated><ul>",
            escaped(&label)
        );
        for item in items {
            out.push_str(&self.ends[usize::from(*item) - self.items.len()]);
        }
        out.push_str("</ul></div>");
    }

    /// The definition that a term opens: a native popover, so that it works without a script.
    pub(crate) fn popover(
        &self,
        site: &Site<'_>,
        words: &Words,
        term: TermIx,
        sense: SenseIx,
        id: &str,
        said: &str,
    ) -> String {
        let lang = &site.archive.config.language;
        let entry = &site.annotations.terms[term];
        let meaning = &entry.senses[sense];
        let name = meaning.name.as_deref().unwrap_or(&entry.term.value);
        let label = site.labelled(words.get("term"), name);
        let mut out = format!(
            "<div popover id=\"{id}\" class=\"pop\" role=\"note\" aria-label=\"{}\"{said} data-generated>",
            escaped(&label)
        );
        let _ = write!(out, "<p><strong{}>{}</strong></p>", html::auto(name, lang), escaped(name));
        out.push_str(self.definitions.get(&(term, sense)).map_or("", String::as_str));
        let dates = date::lifetime(words, meaning.from, meaning.until);
        let later = meaning.successor.as_ref().and_then(|name| named_sense(site, words, &name.value));
        if dates.is_some() || later.is_some() {
            out.push_str("<p class=\"meta\">");
            out.push_str(&escaped(&dates.unwrap_or_default()));
            if let Some((address, name)) = later {
                let href = link::relative(&self.page, &address);
                let _ = write!(
                    out,
                    " {} {}",
                    escaped(words.get("later_known_as")),
                    html::link(&href, &name, lang)
                );
            }
            out.push_str("</p>");
        }
        let href = link::relative(&self.page, &site.term_address(term));
        let _ = write!(out, "<p>{}</p></div>", html::link(&href, words.get("all_uses"), lang));
        out
    }
}

/// Where what came before or after a sense stands, and what to call it: a term by its name, one of
/// several senses by its own name or else by its time.
pub fn named_sense(site: &Site<'_>, words: &Words, name: &SenseName) -> Option<(String, String)> {
    let (index, sense) = site.sense(name)?;
    let term = &site.annotations.terms[index];
    let of_term = || term.term.value.clone();
    let Some((sense, meaning)) = sense.filter(|_| term.senses.len() > 1).map(|i| (i, &term.senses[i])) else {
        return Some((site.term_address(index), of_term()));
    };
    let in_its_time = || match date::lifetime(words, meaning.from, meaning.until) {
        Some(dates) => format!("{} ({dates})", of_term()),
        None => of_term(),
    };
    Some((site.sense_address(index, sense), meaning.name.clone().unwrap_or_else(in_its_time)))
}

fn note_item(
    site: &Site<'_>,
    words: &Words,
    page: &str,
    note: NoteIx,
    number: usize,
    editors: &[By],
) -> (Item, Rendered) {
    let entry = &site.annotations.notes[note];
    let id = item_id(site, ItemKind::Note(note));
    let label = site.shown_note_kind(&entry.kind);
    let body = markdown::render(site, &entry.body, Place { page, heading: None });
    let sign = words.find(&format!("sign_{}", entry.kind.replace('-', "_"))).unwrap_or("");
    let names: Vec<&str> = entry.by.iter().map(|by| site.name(by)).collect();
    let by =
        if names.is_empty() { String::new() } else { words.fill("note_by", &[("by", &names.join(", "))]) };
    let title = entry.title.as_deref();
    let head = Head { number, title, kind: label, sign, lang: &site.archive.config.language };
    // What the editors of the text wrote is theirs where nobody is named; that is said once.
    let signed = if entry.by == editors { &[][..] } else { &entry.by };
    let signature = Signature {
        by: signed,
        role: entry.role.as_deref(),
        date: entry.date,
        certainty: entry.certainty,
        sources: &entry.sources,
    };
    let signature = signature.html(site, words, page);
    let bulk = Bulk { body: fit::columns(&body.text), byline: shown(&signature) };
    let named = site.labelled(words.get("note"), title.unwrap_or(label));
    let item = Item {
        was: entry.was.iter().map(|was| format!("n-{}", was.value)).collect(),
        class: format!("kind-{} q{}", entry.kind, kind_number(site, ItemKind::Note(note))),
        name: named.replacen(words.get("note"), &format!("{} {number}", words.get("note")), 1),
        head: head.whole(words, &id, &by),
        line: head.line(),
        id,
        inner: format!("{}{signature}", body.html),
        bulk,
    };
    (item, body)
}

/// An end of a link: the relation, what it is about, the way to the other ends.
/// What the editors say of it stands below the text.
fn end_row(
    site: &Site<'_>,
    words: &Words,
    page: &str,
    facts: &Facts,
    (link, end): (LinkIx, EndIx),
) -> String {
    let entry = &site.annotations.links[link];
    let lang = &site.archive.config.language;
    let mut out = format!(
        "<li><p><b>{}</b> {}</p>",
        escaped(&relation(words, &entry.relation)),
        html::link(&format!("#connection-{}", entry.slug), &entry.title, lang)
    );
    let mut others: Vec<(String, String)> = entry
        .ends
        .iter_enumerated()
        .filter(|(i, _)| *i != end)
        .filter_map(|(i, other)| {
            let text = site.text(&other.text.value)?;
            let address = format!("{}#l-{}-{}", site.text_address(text), entry.slug, i.number());
            let plan = &site.texts[text];
            let here =
                facts.ends.iter().find(|(l, e, _)| (*l, *e) == (link, i)).and_then(|(_, _, m)| m.first());
            let shown = match here.filter(|_| site.text_address(text) == page) {
                Some(mention) => words.fill("paragraph_n", &[("n", &mention.block.to_string())]),
                None => words.titled(plan),
            };
            Some((link::relative(page, &address), shown))
        })
        .collect();
    number_alike(&mut others);
    let others: Vec<String> = others.iter().map(|(href, shown)| html::link(href, shown, lang)).collect();
    if !others.is_empty() {
        let _ = write!(out, "<p class=\"meta\">{}</p>", others.join(" · "));
    }
    out.push_str("</li>");
    out
}

/// Two links with the same words lead to different places, so those get numbers.
fn number_alike(links: &mut [(String, String)]) {
    for i in 0..links.len() {
        let words = links[i].1.clone();
        let alike: Vec<usize> = (i..links.len()).filter(|&j| links[j].1 == words).collect();
        if alike.len() > 1 {
            for (n, &j) in alike.iter().enumerate() {
                links[j].1 = format!("{words} ({})", n + 1);
            }
        }
    }
}

/// The width of the words of some HTML made here.
fn shown(html: &str) -> usize {
    html.split('<').map(|part| fit::columns(part.split_once('>').map_or(part, |(_, words)| words))).sum()
}

/// A relation as shown: the theme's words for the usual ones, else its name as a label.
pub fn relation(words: &Words, relation: &str) -> String {
    let key = format!("relation_{}", relation.replace('-', "_"));
    words.find(&key).map_or_else(|| postil_archive::archive::config::label(relation), str::to_owned)
}

/// What the head of a note says.
struct Head<'a> {
    number: usize,
    title: Option<&'a str>,
    kind: &'a str,
    sign: &'a str,
    /// The site's language.
    lang: &'a str,
}

impl Head<'_> {
    /// The head of a note. `by` is read out and copied with the note, so that its words are
    /// never taken for the record's; a script puts it before a part of a note that is copied.
    fn whole(&self, words: &Words, id: &str, by: &str) -> String {
        let mut out =
            format!("<p class=\"n-h\"><a href=\"#r{id}\"><span class=\"no\">{}</span> ", self.number);
        if let Some(title) = self.title {
            let _ =
                write!(out, "<span class=\"ti\"{}>{}</span> ", html::auto(title, self.lang), escaped(title));
        }
        let _ = write!(
            out,
            "<span class=\"kd\">{}</span><span class=\"sr\">, {}</span>{}</a>",
            escaped(self.kind),
            escaped(words.get("back_to_words")),
            self.sign()
        );
        if !by.is_empty() {
            let _ = write!(out, "<span class=\"sr\" data-by> {}</span>", escaped(by));
        }
        out.push_str("</p>");
        out
    }

    /// The line that stands for a folded note: its title; without one, its kind.
    fn line(&self) -> String {
        let words = match self.title {
            Some(title) => {
                format!("<span class=\"ti\"{}>{}</span>", html::auto(title, self.lang), escaped(title))
            }
            None => format!("<span class=\"kd\">{}</span>", escaped(self.kind)),
        };
        format!("<span class=\"no\">{}</span> {words}{}", self.number, self.sign())
    }

    fn sign(&self) -> String {
        match self.sign {
            "" => String::new(),
            sign => format!(" <span class=\"sig\" aria-hidden=\"true\">{}</span>", escaped(sign)),
        }
    }
}

/// Who wrote a note, when, how sure, and what it rests on.
pub(crate) struct Signature<'a> {
    /// Who.
    pub(crate) by: &'a [By],
    /// In which role.
    pub(crate) role: Option<&'a str>,
    /// When.
    pub(crate) date: Option<Date>,
    /// How sure.
    pub(crate) certainty: Certainty,
    /// What it rests on.
    pub(crate) sources: &'a [Citation],
}

impl Signature<'_> {
    fn html(&self, site: &Site<'_>, words: &Words, page: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        let names: Vec<String> = self.by.iter().map(|by| name(site, page, by)).collect();
        let mut who = names.join(", ");
        if let Some(role) = self.role {
            let _ = write!(who, ", {}", escaped(role));
        }
        if let Some(date) = self.date {
            let _ = write!(who, ", {}", escaped(&words.when(date).long));
        }
        if !who.is_empty() {
            parts.push(who);
        }
        if let Some(certainty) = certainty(words, self.certainty) {
            parts.push(escaped(certainty));
        }
        parts.extend(self.sources.iter().map(citation));
        if parts.is_empty() {
            return String::new();
        }
        format!("<p class=\"n-by\">{}</p>", parts.join(" · "))
    }
}

fn name(site: &Site<'_>, page: &str, by: &By) -> String {
    let shown = site.name(by);
    match by {
        By::Contributor(slug) => match site.contributor(slug) {
            Some(i) => html::link(
                &link::relative(page, &site.contributor_address(i)),
                shown,
                &site.archive.config.language,
            ),
            None => escaped(shown),
        },
        By::Name(_) => escaped(shown),
    }
}

/// The word for how sure something is; none if it is certain.
pub fn certainty(words: &Words, certainty: Certainty) -> Option<&str> {
    match certainty {
        Certainty::Certain => None,
        Certainty::Probable => Some(words.get("probable")),
        Certainty::Possible => Some(words.get("possible")),
    }
}

fn citation(citation: &Citation) -> String {
    let title = escaped(&citation.title);
    let mut out = match citation.url.as_deref().map(html::target) {
        Some(Target::Outside(url)) => {
            format!("<cite><a href=\"{}\" rel=\"external\">{title}</a></cite>", escaped(&url))
        }
        _ => format!("<cite>{title}</cite>"),
    };
    if let Some(note) = &citation.note {
        let _ = write!(out, ", {}", escaped(note));
    }
    out
}
