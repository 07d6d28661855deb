//! The page of one text: its article within everything that is known about it.

use std::collections::BTreeMap;

use crate::data::w3c;
use crate::pages::draw;
use crate::pages::ways;
use crate::pages::{File, Made, Press, glossary, parts};
use crate::render::article::{self, Input, is_point, label};
use crate::render::context::text::{
    Asked, Correction, Fact, KindShown, Part, Switches, TermUsed, Text, Unplaced,
};
use crate::render::context::{Connection, Html, Link, Name};
use crate::render::html::{self, Target, escaped, target};
use crate::render::margin::{self, Margin};
use crate::site::forge::Forge;
use crate::site::{Facts, NoteFact, Outline, link};
use postil_anchor::annotation::{RowKind, Words};
use postil_anchor::document::record::Person;
use postil_anchor::overlay::{Item, ItemKind, Node};
use postil_archive::index::{LinkIx, NoteIx, SenseIx, TermIx, TextIx, TopicIx};

/// The finished page of a text, and its article alone: the proof reads it.
#[derive(Debug)]
pub struct TextPage {
    /// The page.
    pub file: File,
    /// The `<article>`.
    pub article: String,
    /// Words of each item of the margin, for search.
    pub margin_texts: Vec<String>,
    /// Its annotations for programs.
    pub annotations: File,
    /// Notes that are folded to a line in its margin: indices in the annotations.
    pub folded: Vec<NoteIx>,
}

impl Press<'_> {
    /// Makes the page of a text. Ends of links on other texts are shown by
    /// address only, so that no other text is needed.
    ///
    /// # Errors
    /// The theme's template cannot be used.
    pub fn text(
        &self,
        input: Input<'_>,
        facts: &Facts,
    ) -> Result<TextPage, Box<postil_archive::diagnostic::Diagnostic>> {
        let editors = self.site.apparatus(input.text).map_or(&[][..], |apparatus| &apparatus.by);
        let (margin, margin_texts) =
            Margin::new(self.site, self.words, input.text, input.overlay, facts, editors);
        let (article, folded) = article::article(input, &margin);
        let address = self.site.annotations_address(input.text);
        let (file, annotations) = rayon::join(
            || self.text_file(input, facts, &article),
            || File { address, bytes: w3c::page(*self, input) },
        );
        Ok(TextPage { file: file?, article, margin_texts, annotations, folded })
    }

    fn text_file(&self, input: Input<'_>, facts: &Facts, article: &str) -> Made {
        let site = self.site;
        let plan = &site.texts[input.text];
        let here = site.text_address(input.text);
        let mut page = self.page(&here, &plan.title, "texts");
        page.description = Some(self.describe(input.text, facts));
        let position = site.rank(input.text);
        let neighbour = |i: Option<usize>| {
            let &text = site.by_date.get(i?)?;
            Some(self.link(&here, &site.text_address(text), &site.texts[text].short))
        };
        let context = Text {
            lang: plan.lang.clone(),
            kicker: self.kicker(input.text),
            line: self.line(&here, facts),
            up: ways::crumbs(*self, &here, site.collections_around(&plan.id)),
            facts: self.record(input.text, facts),
            strip: draw::strip(*self, input, facts),
            switches: switches(input, facts),
            kinds: self.kinds(input),
            asked: self.asked(facts),
            outline: self.outline(facts),
            article: Html(article.to_owned()),
            editors: self.editors(input, &here),
            whole: facts.notes.iter().filter(|n| n.places.is_empty()).map(|n| self.note(&here, n)).collect(),
            unplaced: self.unplaced(&here, facts),
            corrections: self.corrections(input, facts, &here),
            terms: self.terms_used(&here, facts),
            topics: self.topics_of(&here, facts),
            connections: self.connections_of(input, facts, &here),
            linked_from: self.linked_from(&here),
            cite: self.cite(input, facts),
            annotations: self.link(
                &here,
                &site.annotations_address(input.text),
                self.words.get("annotations"),
            ),
            rights: parts::rights(&plan.record),
            raw: self.link(&here, &site.raw_address(input.text), format!("{}.txt", plan.id)),
            also: site
                .forms(input.text)
                .iter()
                .map(|(name, address)| self.link(&here, address, *name))
                .collect(),
            sha256: facts.sha256.clone(),
            meta: self.meta(facts),
            json_ld: Some(Html(self.json_ld(input.text, facts))),
            previous: neighbour(position.checked_sub(1)),
            next: neighbour(Some(position + 1)),
            suggest: self.suggest(input.text),
            page,
        };
        self.show("text.html", &here, &context)
    }

    /// The line above a title: kind, house, date.
    pub(super) fn kicker(&self, text: TextIx) -> String {
        let plan = &self.site.texts[text];
        let kind = plan.record.kind.as_ref().map(|k| self.site.archive.config.text_kind_label(k));
        let date = self.words.made(plan).map(|when| when.long);
        [kind, plan.record.house.clone(), date].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn describe(&self, text: TextIx, facts: &Facts) -> String {
        let words = self.words.count("n_words", facts.words);
        let notes = self.words.count("n_notes", facts.notes.len());
        if let Some(summary) = &self.site.texts[text].record.summary {
            return summary.clone();
        }
        format!("{}. {words}, {notes}.", self.kicker(text))
    }

    /// The line below the title: who speaks, as far as a line has room, and how long the text is.
    fn line(&self, here: &str, facts: &Facts) -> Vec<Html> {
        let mut people = self.parts_in(here, facts);
        // Those that the record names come first; if it names some, they are enough.
        let named = self.site.texts[facts.text].record.people.len();
        people.truncate(if named > 0 { named } else { people.len() });
        let lang = &self.site.archive.config.language;
        let shown = people.iter().take(PEOPLE).map(|(person, _)| match &person.href {
            Some(href) => html::link(href, &person.text, lang),
            None => escaped(&person.text),
        });
        let more = people.len().saturating_sub(PEOPLE);
        let more = (more > 0).then(|| escaped(&self.words.count("n_more", more)));
        let who: Vec<String> = shown.chain(more).collect();
        let who = (!who.is_empty()).then(|| who.join(", "));
        who.into_iter().chain(self.length(facts).iter().map(|words| escaped(words))).map(Html).collect()
    }

    /// How long a text is: its words, and what it has of numbered parts.
    fn length(&self, facts: &Facts) -> Vec<String> {
        let mut out = vec![self.words.count("n_words", facts.words)];
        for (kind, key) in
            [(RowKind::Recommendation, "n_recommendations"), (RowKind::Question, "n_questions")]
        {
            let n = facts.outline.iter().filter(|o| o.kind == kind).count();
            if n > 0 {
                out.push(self.words.count(key, n));
            }
        }
        out
    }

    /// The record: what is known, one row a fact.
    fn record(&self, text: TextIx, facts: &Facts) -> Vec<Fact> {
        let site = self.site;
        let record = &site.texts[text].record;
        let here = site.text_address(text);
        let mut rows: Vec<Fact> = Vec::new();
        let mut add = |label: String, value: String| rows.push(Fact { label, value: Html(value) });
        if let Some(summary) = &record.summary {
            add(self.words.get("summary").to_owned(), escaped(summary));
        }
        let people = |people: &[(Name, Option<String>)]| {
            let shown = people.iter().map(|(person, role)| {
                let name = match &person.href {
                    Some(href) => html::link(href, &person.text, &site.archive.config.language),
                    None => escaped(&person.text),
                };
                match role {
                    Some(role) => format!("{name} ({})", escaped(role)),
                    None => name,
                }
            });
            shown.collect::<Vec<_>>().join(", ")
        };
        let named = |list: &[Person]| -> Vec<(Name, Option<String>)> {
            list.iter().map(|person| (self.named(&here, person), person.role.clone())).collect()
        };
        let (authors, recipients) = (named(&record.authors), named(&record.recipients));
        let mut others = self.parts_in(&here, facts);
        others
            .retain(|(name, _)| authors.iter().chain(&recipients).all(|(known, _)| known.text != name.text));
        for (key, list) in [("author", authors), ("recipient", recipients), ("nav_people", others)] {
            if !list.is_empty() {
                add(self.words.get(key).to_owned(), people(&list));
            }
        }
        let places = named(&record.places);
        if !places.is_empty() {
            add(self.words.get("place").to_owned(), people(&places));
        }
        if let Some(number) = &record.number {
            add(self.words.get("number").to_owned(), escaped(number));
        }
        for (name, values) in &record.refs {
            add(self.reference(name), escaped(&values.join(", ")));
        }
        for (label, value) in &record.meta {
            add(site.archive.config.text_kind_label(label), escaped(value));
        }
        if !record.unknown.is_empty() {
            add(self.words.get("not_known").to_owned(), escaped(&record.unknown.join("; ")));
        }
        if let Some(origin) = &record.origin {
            let name = match origin.url.as_deref().map(target) {
                Some(Target::Outside(url)) => {
                    format!("<a href=\"{}\" rel=\"external\">{}</a>", escaped(&url), escaped(&origin.name))
                }
                _ => escaped(&origin.name),
            };
            let when = origin.retrieved.map(|d| {
                format!(", {} {}", escaped(self.words.get("retrieved")), escaped(&self.words.when(d).long))
            });
            add(self.words.get("source").to_owned(), format!("{name}{}", when.unwrap_or_default()));
        }
        let language = &site.archive.config.language;
        let originals: Vec<String> = record
            .originals
            .iter()
            .map(|original| {
                let name = original.path.rsplit('/').next().unwrap_or(&original.path);
                let link = html::link(
                    &link::relative(&here, &site.original_address(&original.path)),
                    name,
                    language,
                );
                match &original.part {
                    Some(part) => format!("{link}, {}", escaped(part)),
                    None => link,
                }
            })
            .collect();
        if !originals.is_empty() {
            add(self.words.get("original_file").to_owned(), originals.join("; "));
        }
        add(self.words.get("length").to_owned(), escaped(&self.length(facts).join(", ")));
        let raw = self.words.get("raw_file");
        let raw = html::link(&link::relative(&here, &site.raw_address(text)), raw, language);
        add(self.words.get("file").to_owned(), raw);
        rows
    }

    /// A reference's name as shown: the theme's word, else its key with a capital.
    pub(super) fn reference(&self, name: &str) -> String {
        let key = format!("ref_{}", name.replace('-', "_"));
        self.words.find(&key).map_or_else(|| self.site.archive.config.text_kind_label(name), str::to_owned)
    }

    /// The editors of a text, if there are notes of theirs beside it.
    fn editors(&self, input: Input<'_>, here: &str) -> Vec<Name> {
        let Some(apparatus) = self.site.apparatus(input.text) else { return Vec::new() };
        let notes = input.overlay.items.raw[..input.overlay.notes()].iter();
        let theirs = |item: &Item| match item.kind {
            ItemKind::Note(note) => self.site.annotations.notes[note].by == apparatus.by,
            ItemKind::End(..) => false,
        };
        if notes.clone().any(theirs) { self.by(here, &apparatus.by) } else { Vec::new() }
    }

    /// The kinds of the notes beside the text, in the order of the site's list.
    fn kinds(&self, input: Input<'_>) -> Vec<KindShown> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for item in &input.overlay.items.raw[..input.overlay.notes()] {
            *counts.entry(margin::kind_number(self.site, item.kind)).or_default() += 1;
        }
        if counts.len() < 2 {
            return Vec::new();
        }
        let label =
            |n: usize| self.site.note_kinds.get(n.checked_sub(1)?).map(|kind| kind.label.shown.clone());
        counts.into_iter().filter_map(|(n, count)| Some(KindShown { n, label: label(n)?, count })).collect()
    }

    /// Recommendations and questions with the answers to them.
    fn asked(&self, facts: &Facts) -> Vec<Asked> {
        let answers = |number: &str| {
            let to = facts.outline.iter().filter(|o| o.to.iter().any(|n| n == number));
            let link = |block: u32| Link {
                href: format!("#p{block}"),
                text: self.words.fill("paragraph_n", &[("n", &block.to_string())]),
            };
            to.map(|o| link(o.block)).collect::<Vec<_>>()
        };
        let part = |o: &Outline| {
            let number = o.number.as_deref()?;
            matches!(o.kind, RowKind::Recommendation | RowKind::Question).then_some(())?;
            let text = label(self.words, o.kind, Some(number), &[])?;
            let part = Link { href: format!("#p{}", o.block), text };
            Some(Asked { part, begins: unnumbered(&o.begins, number).to_owned(), answers: answers(number) })
        };
        let out: Vec<Asked> = facts.outline.iter().filter_map(part).collect();
        let answered = out.iter().filter(|asked| !asked.answers.is_empty()).count();
        if answered < 2 { Vec::new() } else { out }
    }

    /// Headings, and below them recommendations, questions and speeches.
    fn outline(&self, facts: &Facts) -> Vec<Part> {
        let mut out: Vec<Part> = Vec::new();
        let mut headed = false;
        let numbered =
            |o: &Outline| matches!(o.kind, RowKind::Recommendation | RowKind::Question) && o.number.is_some();
        // Of many that differ by their number alone, the numbers say enough.
        let short = facts.outline.iter().filter(|o| numbered(o)).count() >= SHORT;
        // Who speaks next is no way through a long play that has acts and scenes.
        let is_speech = |o: &Outline| o.kind == RowKind::Speech && o.number.is_none();
        let count = |is: &dyn Fn(&Outline) -> bool| facts.outline.iter().filter(|o| is(o)).count();
        let crowded = count(&is_speech) > MOST_SPEECHES && count(&|o| o.kind == RowKind::Heading) > 1;
        for entry in facts.outline.iter().filter(|entry| !(crowded && is_speech(entry))) {
            let text = match entry.kind {
                RowKind::Heading => entry.words.clone(),
                RowKind::Recommendation | RowKind::Question | RowKind::Answer | RowKind::Speech => {
                    let named = label(self.words, entry.kind, entry.number.as_deref(), &[]);
                    let speaker = entry.speaker.as_ref().filter(|_| entry.kind == RowKind::Speech);
                    let speaker = speaker.map(|speaker| self.site.speaker(speaker).into_owned());
                    let named: Vec<String> = named.into_iter().chain(speaker).collect();
                    if named.is_empty() {
                        continue;
                    }
                    named.join(", ")
                }
                _ => continue,
            };
            let number = entry.number.clone().filter(|_| short && numbered(entry));
            let part = Part { href: format!("#p{}", entry.block), text, short: number, parts: Vec::new() };
            let top = entry.kind == RowKind::Heading && entry.level <= 2;
            headed |= top;
            match out.last_mut().filter(|_| headed && !top) {
                Some(last) => last.parts.push(part),
                None => out.push(part),
            }
        }
        out
    }

    fn unplaced(&self, here: &str, facts: &Facts) -> Vec<Unplaced> {
        let fact = |&note: &NoteIx| NoteFact { note, number: 0, places: Vec::new() };
        let row = |note: &NoteIx| {
            let quote = self.site.annotations.notes[*note].selectors.iter().find_map(|s| match &s.words {
                Some(
                    postil_anchor::annotation::Words::Literal(words)
                    | postil_anchor::annotation::Words::Quotation(words),
                ) => Some(words.clone()),
                None => None,
            });
            let mut shown = self.note(here, &fact(note));
            shown.quote = quote;
            Unplaced { note: shown, reason: self.words.get("unplaced_reason").to_owned() }
        };
        facts.unplaced.iter().map(row).collect()
    }

    fn corrections(&self, input: Input<'_>, facts: &Facts, here: &str) -> Vec<Correction> {
        facts
            .corrections
            .iter()
            .zip(&input.anchored.corrections)
            .zip(1..)
            .map(|((mention, row), n)| Correction {
                n,
                raw: mention.words.clone(),
                reading: row.reading.clone(),
                reason: row.reason.clone(),
                certainty: margin::certainty(self.words, row.certainty).map(str::to_owned),
                by: if row.by_row { self.by(here, &row.by) } else { Vec::new() },
                place: Link {
                    href: format!("#p{}", mention.block),
                    text: self.words.fill("paragraph_n", &[("n", &mention.block.to_string())]),
                },
            })
            .collect()
    }

    fn terms_used(&self, here: &str, facts: &Facts) -> Vec<TermUsed> {
        let mut counts: BTreeMap<TermIx, (SenseIx, usize)> = BTreeMap::new();
        for used in &facts.uses {
            counts.entry(used.term).or_insert((used.sense, 0)).1 += used.count;
        }
        let terms = &self.site.annotations.terms;
        let mut out: Vec<TermUsed> = counts
            .into_iter()
            .map(|(term, (sense, uses))| {
                let name = glossary::full_name(&terms[term], sense);
                let definition = self.inline(here, &terms[term].senses[sense].definition);
                // The name stands before it.
                let named = name.as_ref().and_then(|name| {
                    let rest = definition.0.strip_prefix(&*escaped(name))?;
                    rest.strip_prefix([':', ',']).map(|rest| Html(rest.trim_start().to_owned()))
                });
                TermUsed {
                    term: self.link(here, &self.site.term_address(term), &terms[term].term.value),
                    name,
                    definition: Some(named.unwrap_or(definition)),
                    uses,
                }
            })
            .collect();
        out.sort_by_cached_key(|row| self.site.order.title(&row.term.text));
        out
    }

    /// Markdown of one paragraph without its paragraph, to stand inside a line.
    fn inline(&self, here: &str, markdown: &postil_anchor::annotation::Markdown) -> Html {
        let html = self.prose(here, markdown).0;
        let html = html.trim();
        let inner = html.strip_prefix("<p>").and_then(|h| h.strip_suffix("</p>"));
        match inner.filter(|h| !h.contains("<p>")) {
            Some(inner) => Html(inner.to_owned()),
            None => Html(escaped(&self.sentence(markdown))),
        }
    }

    fn topics_of(&self, here: &str, facts: &Facts) -> Vec<Link> {
        let site = self.site;
        let own = facts.passages.iter().map(|(topic, _, _)| *topic);
        let named = facts
            .notes
            .iter()
            .flat_map(|n| &site.annotations.notes[n.note].topics)
            .filter_map(|t| site.topic(&t.value));
        let mut topics: Vec<TopicIx> = own.chain(named).collect();
        topics.sort_unstable();
        topics.dedup();
        let mut out: Vec<Link> = topics
            .into_iter()
            .map(|t| self.link(here, &site.topic_address(t), &site.annotations.topics[t].title))
            .collect();
        out.sort_by_cached_key(|link| site.order.title(&link.text));
        out
    }

    /// Relations that end on this text, with what lies at the other ends by address.
    fn connections_of(&self, input: Input<'_>, facts: &Facts, here: &str) -> Vec<Connection> {
        input.overlay.links().into_iter().map(|l| self.connection_by_address(here, facts, l)).collect()
    }

    /// Where a forge opens a new note for this text, or else to whom one can be sent.
    fn suggest(&self, text: TextIx) -> Option<Link> {
        let config = &self.site.archive.config;
        let plan = &self.site.texts[text];
        let forge = Forge::new(config).map(|forge| forge.new_file(&format!("annotations/{}", plan.id)));
        let mail = || Some(format!("{}?subject={}", config.contact.as_ref()?, link::relative("", &plan.id)));
        Some(Link { href: forge.or_else(mail)?, text: self.words.get("suggest").to_owned() })
    }

    /// A relation as its own text's page shows it: the words at the ends in other texts
    /// are those of the link's file, since no other text is at hand.
    fn connection_by_address(&self, here: &str, facts: &Facts, index: LinkIx) -> Connection {
        self.connection_with(here, index, |end, text| {
            let own = facts.ends.iter().find(|(link, e, _)| (*link, *e) == (index, end));
            if let Some(mention) = own.and_then(|(_, _, mentions)| mentions.first()) {
                return Some((parts::quoted(&mention.words), self.said_at(mention)));
            }
            let quote = match &self.site.annotations.links[index].ends[end].selector.words {
                Some(Words::Literal(words)) => words.clone(),
                _ => String::new(),
            };
            Some((quote, self.site.texts[text].short.clone()))
        })
    }
}

/// So many people are named below a title.
const PEOPLE: usize = 3;

/// Most speeches without a number that a list of contents names, where there are headings.
const MOST_SPEECHES: usize = 60;
/// With so many recommendations or questions, the outline shows their numbers alone.
const SHORT: usize = 12;

/// Words without the number that they are printed with, for where that number stands before them.
fn unnumbered<'a>(words: &'a str, number: &str) -> &'a str {
    let after = words.trim_start().strip_prefix(number).unwrap_or(words);
    let rest = after.trim_start_matches(['.', ')', ':']).trim_start();
    match after.len() < words.len() && !rest.is_empty() && rest.len() < after.len() {
        true => rest,
        false => words,
    }
}

fn switches(input: Input<'_>, facts: &Facts) -> Switches {
    fn pairs(nodes: &[Node]) -> bool {
        nodes.iter().any(|node| match node {
            Node::Pair(_) => true,
            Node::Group { nodes, .. } => pairs(nodes),
            Node::Unit(_) | Node::Fold { .. } | Node::Form { .. } => false,
        })
    }
    let whole = |block: u32| {
        input.doc.block(block).is_some_and(|b| {
            let hidden = &input.anchored.furniture;
            let at = hidden.partition_point(|h| h.range.end <= b.text.start);
            hidden.get(at).is_some_and(|h| h.range.holds(b.text))
        })
    };
    Switches {
        notes: !input.overlay.items.is_empty(),
        corrections: !facts.corrections.is_empty(),
        // Marks of pages that are folded away whole are no lines of the page, but shown by the switch.
        furniture: facts.furniture.iter().any(|(block, _, reason)| !whole(*block) || is_point(reason)),
        pairs: pairs(&input.overlay.nodes),
        terms: !facts.uses.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_does_not_stand_twice() {
        assert_eq!(unnumbered("1. Trafficking is", "1"), "Trafficking is");
        assert_eq!(unnumbered("12) It", "12"), "It");
        assert_eq!(unnumbered("7 Part of", "7"), "Part of");
        assert_eq!(unnumbered("12 of them", "1"), "12 of them");
        assert_eq!(unnumbered("1.", "1"), "1.");
        assert_eq!(unnumbered("To ask", "94668"), "To ask");
    }
}
