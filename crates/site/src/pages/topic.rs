//! Topics: the tree, and a page for each with its passages quoted in date order.

use std::collections::{BTreeMap, BTreeSet};

use crate::pages::draw;
use crate::pages::paging::Parts;
use crate::pages::{Made, Press, host, parts as pieces};
use crate::render::context::{Entry, Html, list};
use crate::render::html::escaped;
use crate::site::{Facts, Mention, NoteFact, address};
use postil_anchor::annotation::Topic;

pub(super) fn index(press: Press<'_>, filed: &[Filed<'_>]) -> Made {
    let page = press.page(address::TOPICS, press.words.get("topics"), "topics");
    let topics = rows(press, filed, None, 0);
    press.show("topics.html", address::TOPICS, &list::Topics { page, topics })
}

/// Deepest level of the tree that is shown; parents never form a ring, but may be deep.
const LEVELS: usize = 3;

fn rows(press: Press<'_>, filed: &[Filed<'_>], parent: Option<&str>, level: usize) -> Vec<list::TopicRow> {
    if level == LEVELS {
        return Vec::new();
    }
    let site = press.site;
    children(press, parent)
        .into_iter()
        .map(|i| {
            let topic = &site.annotations.topics[i];
            list::TopicRow {
                topic: press.link(address::TOPICS, &site.topic_address(i), &topic.title),
                scope: topic.scope.as_ref().map(|scope| press.sentence(scope)),
                passages: filed[i].spots.len(),
                texts: filed[i].texts(),
                topics: rows(press, filed, Some(&topic.slug), level + 1),
            }
        })
        .collect()
}

/// Topics right below a topic (or at the top), by title.
fn children(press: Press<'_>, parent: Option<&str>) -> Vec<usize> {
    let topics = &press.site.annotations.topics;
    let of = |topic: &Topic| topic.parent.as_ref().map(|p| p.value.clone());
    let mut out: Vec<usize> = (0..topics.len()).filter(|&i| of(&topics[i]).as_deref() == parent).collect();
    out.sort_by_cached_key(|&i| (press.site.order.title(&topics[i].title), i));
    out
}

/// Something on a topic's page.
struct Spot<'a> {
    text: usize,
    /// The words; none for a note on a whole text.
    mention: Option<&'a Mention>,
    /// The topic's own passage: its index.
    passage: Option<usize>,
    /// The notes that name the topic.
    notes: Vec<&'a NoteFact>,
}

impl<'a> Spot<'a> {
    fn of_note(text: usize, mention: Option<&'a Mention>, note: &'a NoteFact) -> Self {
        Self { text, mention, passage: None, notes: vec![note] }
    }

    /// The same words of the same text: shown once.
    fn is_at(&self, text: usize, mention: Option<&Mention>) -> bool {
        let same = |(a, b): (&Mention, &Mention)| a.block == b.block && a.words == b.words;
        self.text == text && self.mention.zip(mention).is_some_and(same)
    }
}

/// What is filed under a topic, and the pages it takes.
pub(super) struct Filed<'a> {
    /// Passages, the topic's own and those of notes, by date of the text, then place.
    /// Words that are both a passage and a note's stand once, with the note.
    spots: Vec<Spot<'a>>,
    pub(super) parts: Parts,
}

impl Filed<'_> {
    /// How many texts it comes from.
    fn texts(&self) -> usize {
        self.spots.chunk_by(|a, b| a.text == b.text).count()
    }
}

/// Passages on one page of a topic.
const PER_PAGE: usize = 100;

/// What is filed under each topic.
pub(super) fn filed<'a>(press: Press<'_>, facts: &'a [Facts]) -> Vec<Filed<'a>> {
    let site = press.site;
    let mut all: Vec<Vec<Spot<'a>>> = site.annotations.topics.iter().map(|_| Vec::new()).collect();
    for facts in facts {
        let text = facts.text;
        for (topic, passage, mentions) in &facts.passages {
            all[*topic].extend(mentions.iter().map(|m| Spot {
                text,
                mention: Some(m),
                passage: Some(*passage),
                notes: Vec::new(),
            }));
        }
        for fact in &facts.notes {
            let topics = site.annotations.notes[fact.note].topics.iter();
            for topic in topics.filter_map(|t| site.topic(&t.value)).collect::<BTreeSet<_>>() {
                file_note(&mut all[topic], text, fact);
            }
        }
    }
    let of_topic = |(i, mut spots): (usize, Vec<Spot<'a>>)| {
        spots.sort_by_key(|s| (site.rank(s.text), s.mention.map_or(0, |m| m.block)));
        let parts = Parts::new(site.topic_address(i), spots.len(), PER_PAGE);
        Filed { spots, parts }
    };
    all.into_iter().enumerate().map(of_topic).collect()
}

/// Files a note; what is filed already of its text stands last.
fn file_note<'a>(spots: &mut Vec<Spot<'a>>, text: usize, fact: &'a NoteFact) {
    if fact.places.is_empty() {
        spots.push(Spot::of_note(text, None, fact));
    }
    for mention in fact.places.iter().map(Some) {
        let from = spots.partition_point(|spot| spot.text < text);
        match spots[from..].iter_mut().find(|spot| spot.is_at(text, mention)) {
            Some(spot) => spot.notes.push(fact),
            None => spots.push(Spot::of_note(text, mention, fact)),
        }
    }
}

pub(super) fn topic(press: Press<'_>, filed: &[Filed<'_>], index: usize, part: usize) -> Made {
    let site = press.site;
    let topic = &site.annotations.topics[index];
    let Filed { spots, parts } = &filed[index];
    let here = parts.address(part);
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for date in spots.iter().filter_map(|p| site.texts[p.text].date()) {
        *years.entry(date.year()).or_default() += 1;
    }
    let mut year = String::new();
    let shown = parts.of(part, spots);
    let passages = shown.iter().map(|spot| passage(press, &here, topic, spot, &mut year)).collect();
    let title = |i: usize| press.link(&here, &site.topic_address(i), &site.annotations.topics[i].title);
    let mut page = press.page(&here, &topic.title, "topics");
    page.description = topic.scope.as_ref().map(|scope| press.sentence(scope));
    let label = press.words.get("passages_by_year");
    let context = list::Topic {
        page,
        scope: topic.scope.as_ref().map(|scope| press.prose(&here, scope)),
        parents: parents(press, topic).into_iter().map(title).collect(),
        children: children(press, Some(&topic.slug)).into_iter().map(title).collect(),
        see: topic.see.iter().filter_map(|s| site.topic(&s.value)).map(title).collect(),
        feed: site
            .archive
            .config
            .base_url
            .as_ref()
            .map(|_| press.link(&here, &site.topic_feed_address(index), press.words.get("feed"))),
        texts: filed[index].texts(),
        count: spots.len(),
        years: draw::years(&years, label, |n| press.words.count("n_passages", n)).filter(|_| part == 0),
        passages,
        parts: parts.links(part),
    };
    press.show("topic.html", &here, &context)
}

/// What is new under a topic, as Atom: passages by when they or their texts came, notes likewise.
pub(super) fn feed(press: Press<'_>, filed: &[Filed<'_>], index: usize) -> Made {
    let site = press.site;
    let topic = &site.annotations.topics[index];
    let passage = |spot: &Spot<'_>| {
        let since = site.since_passage(index, spot.passage?);
        let mention = spot.mention?;
        let plan = &site.texts[spot.text];
        let address = format!("{}#p{}", site.text_address(spot.text), mention.block);
        let place = press.place_words(mention.block, &mention.place);
        let speaker = mention.place.speaker.as_ref().map(|s| site.speaker(s).into_owned());
        Some(Entry {
            by: speaker.or_else(|| plan.record.house.clone()).into_iter().collect(),
            summary: pieces::quoted(&mention.words),
            ..host::entry(press, &address, since, format!("{}, {place}", plan.short))?
        })
    };
    let of_spot = |spot: &Spot<'_>| {
        let entries = spot.notes.iter().map(|fact| host::note_entry(press, fact.note));
        passage(spot).into_iter().chain(entries.flatten()).collect::<Vec<_>>()
    };
    let mut entries: Vec<Entry> = filed[index].spots.iter().flat_map(of_spot).collect();
    // Several passages of one paragraph are one entry: an entry's address is its id.
    let mut seen = std::collections::BTreeSet::new();
    entries.retain(|entry| seen.insert(entry.address.clone()));
    let title = site.labelled(&site.archive.config.title, &topic.title);
    Ok(host::atom(press, title, &site.topic_feed_address(index), &site.topic_address(index), entries))
}

/// Topics above, the topmost first. Stops at a ring, which is an error elsewhere.
fn parents(press: Press<'_>, topic: &Topic) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    let mut next = topic.parent.as_ref();
    while let Some(i) = next.and_then(|p| press.site.topic(&p.value)) {
        if out.contains(&i) {
            break;
        }
        out.push(i);
        next = press.site.annotations.topics[i].parent.as_ref();
    }
    out.reverse();
    out
}

fn passage(press: Press<'_>, here: &str, topic: &Topic, spot: &Spot<'_>, year: &mut String) -> list::Passage {
    let site = press.site;
    let plan = &site.texts[spot.text];
    let when = press.words.made(plan);
    let this = when.as_ref().map(|w| w.year.clone()).unwrap_or_default();
    let shown = if this == *year { String::new() } else { this.clone() };
    *year = this;
    let own = spot.passage.map(|p| &topic.passages[p]);
    let place = match (spot.mention, spot.notes.first()) {
        (Some(mention), _) => {
            let mut place = press.place(here, spot.text, mention);
            place.text = format!("{}, {}", plan.short, place.text);
            place
        }
        (None, Some(note)) => press.link(here, &site.note_address(note.note), &plan.short),
        (None, None) => press.link(here, &site.text_address(spot.text), &plan.short),
    };
    list::Passage {
        year: shown,
        quote: spot.mention.map(quoted),
        lang: plan.lang.clone(),
        speaker: spot.mention.and_then(|m| m.place.speaker.as_ref()).map(|s| press.speaker(here, s)),
        role: spot.mention.and_then(|m| m.place.role.clone()),
        date: when,
        place,
        why: own.and_then(|p| p.why.as_ref()).map(|why| press.prose(here, why)),
        notes: spot.notes.iter().map(|fact| press.note(here, fact)).collect(),
    }
}

/// The words in their sentence, as far as it is at hand: a part of one says little by itself.
fn quoted(mention: &Mention) -> Html {
    let (cut, before) = sentence_before(&mention.before);
    let (after, more) = match ends_sentence(&mention.words) {
        true => ("", false),
        false => sentence_after(&mention.words, &mention.after),
    };
    Html(format!(
        "{}{}<mark>{}</mark>{}{}",
        if cut { "…\u{a0}" } else { "" },
        escaped(before),
        escaped(&mention.words),
        escaped(after),
        if more { "\u{a0}…" } else { "" },
    ))
}

/// Words around a passage that are longer than this were cut.
const CUT: usize = 120;

/// Whether words end as a sentence does: not in an initial or a short form such as "Mr.".
fn ends_sentence(words: &str) -> bool {
    let words = words.trim_end().trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    let last = words.rsplit(char::is_whitespace).next().unwrap_or("");
    match last.strip_suffix('.') {
        // "e.g.", "Mr.", "A.", "hon."; but "UK." and "it." may well end one.
        Some(word) => {
            let short = word.chars().count() <= 3 && word.starts_with(char::is_uppercase);
            let title = short && (word.chars().count() < 2 || word.contains(char::is_lowercase));
            !word.is_empty() && !title && !word.contains('.') && word != "hon"
        }
        None => last.ends_with(['?', '!', '。', '؟', '।']),
    }
}

/// What of the words before a passage belongs to its sentence, and whether its beginning is missing.
fn sentence_before(words: &str) -> (bool, &str) {
    let starts = |at: &usize| {
        let next = words[*at..].chars().next();
        next.is_some_and(|c| !c.is_lowercase()) && ends_sentence(&words[..*at])
    };
    let after_spaces =
        words.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    let mut begin = after_spaces.filter(|at| *at == words.len() && ends_sentence(words) || starts(at));
    match begin.next_back() {
        Some(at) => (false, &words[at..]),
        None => (words.chars().count() > CUT, words),
    }
}

/// What of the words after a passage belongs to its sentence, and whether its end is missing.
fn sentence_after<'a>(quote: &str, words: &'a str) -> (&'a str, bool) {
    // The last word of the passage may go on: "UK" and a full stop.
    let last = quote.rsplit(char::is_whitespace).next().unwrap_or("");
    let ends = |at: usize| {
        let rest = words[at..].trim_start();
        ends_sentence(&[last, &words[..at]].concat()) && rest.chars().next().is_none_or(|c| !c.is_lowercase())
    };
    let spaces = words.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    match spaces.chain([words.len()]).find(|at| ends(*at)) {
        Some(at) => (&words[..at], false),
        None => (words, words.chars().count() > CUT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_quoted_in_its_sentence() {
        #[track_caller]
        fn check(before: &str, words: &str, after: &str, expected: &str) {
            let mention = Mention {
                before: before.to_owned(),
                words: words.to_owned(),
                after: after.to_owned(),
                ..Mention::default()
            };
            assert_eq!(quoted(&mention).0, expected);
        }
        check(
            "It was so. A new offence covering ",
            "trafficking",
            ", is in it. More.",
            "A new offence covering <mark>trafficking</mark>, is in it.",
        );
        check("It was so. ", "We agree.", " And more.", "<mark>We agree.</mark>");
        check("As Mr. Harper said, ", "no", " to this", "As Mr. Harper said, <mark>no</mark> to this");
        check("(", "e.g. forced labour", ") to do it. Then", "(<mark>e.g. forced labour</mark>) to do it.");
        let long = "word ".repeat(30);
        check(
            &long,
            "x",
            &format!(" {}", long.trim_end()),
            &format!("…\u{a0}{long}<mark>x</mark> {}\u{a0}…", long.trim_end()),
        );
        check("We saw ", "4,000 in the UK", ". An analysis", "We saw <mark>4,000 in the UK</mark>.");
        check("", "a < b", "", "<mark>a &lt; b</mark>");
    }
}
