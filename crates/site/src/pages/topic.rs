//! Topics: the tree, and a page for each with its passages quoted in date order.

use std::collections::{BTreeMap, BTreeSet};

use typed_index_collections::{TiSlice, TiVec};

use crate::pages::paging::Parts;
use crate::pages::{Made, Press, host, parts as pieces};
use crate::render::context::{Entry, Html, Link, list};
use crate::render::html::escaped;
use crate::site::cut::{ends_sentence, sentence_after, sentence_before};
use crate::site::{Facts, Mention, NoteFact, address, link};
use postil_anchor::annotation::Topic;
use postil_archive::index::{PassageIx, TextIx, TopicIx};

pub(super) fn index(press: Press<'_>, filed: &TiSlice<TopicIx, Filed<'_>>) -> Made {
    let page = press.page(address::TOPICS, press.words.get("topics"), "topics");
    let topics = rows(press, filed, None, 0);
    press.show("topics.html", address::TOPICS, &list::Topics { page, topics })
}

/// Deepest level of the tree that is shown; parents never form a ring, but may be deep.
const LEVELS: usize = 3;

fn rows(
    press: Press<'_>,
    filed: &TiSlice<TopicIx, Filed<'_>>,
    parent: Option<&str>,
    level: usize,
) -> Vec<list::TopicRow> {
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
fn children(press: Press<'_>, parent: Option<&str>) -> Vec<TopicIx> {
    let topics = &press.site.annotations.topics;
    let of = |topic: &Topic| topic.parent.as_ref().map(|p| p.value.clone());
    let mut out: Vec<TopicIx> = topics.keys().filter(|&i| of(&topics[i]).as_deref() == parent).collect();
    out.sort_by_cached_key(|&i| (press.site.order.title(&topics[i].title), i));
    out
}

/// Something on a topic's page.
struct Spot<'a> {
    text: TextIx,
    /// The words that come first; none for a note on a whole text.
    mention: Option<&'a Mention>,
    /// The sentence they stand in, with all of it that is meant.
    quote: Option<Quote>,
    /// The topic's own passages: their indices.
    passages: Vec<PassageIx>,
    /// The notes that name the topic.
    notes: Vec<&'a NoteFact>,
}

impl<'a> Spot<'a> {
    fn new(text: TextIx, mention: Option<&'a Mention>) -> Self {
        Self { text, mention, quote: mention.map(Quote::new), passages: Vec::new(), notes: Vec::new() }
    }

    /// Takes in another of the same sentence; says whether it is of that.
    fn takes(&mut self, other: &mut Self) -> bool {
        let place = |spot: &Self| spot.mention.map(|m| (m.block, m.place.speaker.clone()));
        if self.text != other.text || place(self) != place(other) {
            return false;
        }
        let (Some(own), Some(others)) = (&mut self.quote, &mut other.quote) else { return false };
        if !own.takes(others) {
            if !others.takes(own) {
                return false;
            }
            std::mem::swap(own, others);
        }
        self.passages.append(&mut other.passages);
        other.notes.retain(|fact| self.notes.iter().all(|known| known.note != fact.note));
        self.notes.append(&mut other.notes);
        true
    }
}

/// One spot a sentence, however many of its words are filed.
fn merged(spots: Vec<Spot<'_>>) -> Vec<Spot<'_>> {
    let mut out: Vec<Spot<'_>> = Vec::new();
    for mut spot in spots {
        let block = |spot: &Spot<'_>| (spot.text, spot.mention.map(|m| m.block));
        let here = block(&spot);
        let from = out.iter().rposition(|known| block(known) != here).map_or(0, |last| last + 1);
        if !out[from..].iter_mut().any(|known| known.takes(&mut spot)) {
            out.push(spot);
        }
    }
    out
}

/// What is filed under a topic, and the pages it takes.
pub(super) struct Filed<'a> {
    /// Passages, the topic's own and those of notes, by date of the text, then place.
    /// A sentence stands once, with all that is said of it.
    spots: Vec<Spot<'a>>,
    pub(super) parts: Parts,
}

impl Filed<'_> {
    /// How much it has.
    pub(super) fn len(&self) -> usize {
        self.spots.len()
    }

    /// How many texts it comes from.
    fn texts(&self) -> usize {
        self.spots.chunk_by(|a, b| a.text == b.text).count()
    }
}

/// Passages on one page of a topic.
const PER_PAGE: usize = 100;

/// What is filed under each topic.
pub(super) fn filed<'a>(press: Press<'_>, facts: &'a TiSlice<TextIx, Facts>) -> TiVec<TopicIx, Filed<'a>> {
    let site = press.site;
    let mut all: TiVec<TopicIx, Vec<Spot<'a>>> = site.annotations.topics.iter().map(|_| Vec::new()).collect();
    for facts in facts {
        let text = facts.text;
        for (topic, passage, mentions) in &facts.passages {
            let spot = |m| Spot { passages: vec![*passage], ..Spot::new(text, Some(m)) };
            all[*topic].extend(mentions.iter().map(spot));
        }
        for fact in &facts.notes {
            let topics = site.annotations.notes[fact.note].topics.iter();
            for topic in topics.filter_map(|t| site.topic(&t.value)).collect::<BTreeSet<_>>() {
                let mentions: Vec<_> = match &fact.places[..] {
                    [] => vec![None],
                    places => places.iter().map(Some).collect(),
                };
                let spot = |mention| Spot { notes: vec![fact], ..Spot::new(text, mention) };
                all[topic].extend(mentions.into_iter().map(spot));
            }
        }
    }
    let of_topic = |(i, mut spots): (TopicIx, Vec<Spot<'a>>)| {
        spots.sort_by_key(|s| (site.rank(s.text), s.mention.map_or(0, |m| m.block)));
        let spots = merged(spots);
        let parts = Parts::new(site.topic_address(i), spots.len(), PER_PAGE);
        Filed { spots, parts }
    };
    all.into_iter_enumerated().map(of_topic).collect()
}

pub(super) fn topic(
    press: Press<'_>,
    filed: &TiSlice<TopicIx, Filed<'_>>,
    index: TopicIx,
    part: usize,
) -> Made {
    let site = press.site;
    let topic = &site.annotations.topics[index];
    let Filed { spots, parts } = &filed[index];
    let here = parts.address(part);
    let mut year = String::new();
    let shown = parts.of(part, spots);
    let choices = choices(press, spots);
    let passages =
        shown.iter().map(|spot| passage(press, &here, topic, spot, (&mut year, &choices))).collect();
    let pick = |(i, choice): (usize, &Choice)| {
        let id = (parts.len() == 1).then(|| format!("{}-{}", choice.name, choice.slug));
        let href = id.as_ref().map_or_else(
            || {
                let (topic, value) = (link::encoded(&topic.slug), link::encoded(&choice.slug));
                format!("{}?topic={topic}&{}={value}", link::relative(&here, address::SEARCH), choice.name)
            },
            |id| format!("#{id}"),
        );
        list::Pick {
            number: i + 1,
            id,
            link: Link { href, text: choice.label.clone() },
            count: choice.count,
            opens: i == 0 || choices[i - 1].name != choice.name,
        }
    };
    let picks = choices.iter().enumerate().map(pick).collect();
    let title = |i: TopicIx| press.link(&here, &site.topic_address(i), &site.annotations.topics[i].title);
    let mut page = press.page(&here, &topic.title, "topics");
    page.description = topic.scope.as_ref().map(|scope| press.sentence(scope));
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
        years: years(press, &here, &filed[index]),
        picks,
        passages,
        parts: parts.links(part),
    };
    press.show("topic.html", &here, &context)
}

/// Most choices of a topic: the style has rules for so many.
const MOST_CHOICES: usize = 12;

/// What the passages of a topic can be narrowed to.
struct Choice {
    /// As the search names it: `kind`, `speaker`.
    name: &'static str,
    slug: String,
    label: String,
    count: usize,
}

/// What a passage answers to: its kind of text, who speaks.
fn values(press: Press<'_>, spot: &Spot<'_>) -> Vec<(&'static str, String, String)> {
    let site = press.site;
    let kind = site.texts[spot.text].record.kind.as_ref();
    let kind = kind.map(|kind| ("kind", kind.clone(), site.archive.config.text_kind_label(kind)));
    let speaker = spot.mention.and_then(|mention| mention.place.speaker.as_ref());
    let speaker = speaker.map(|own| ("speaker", site.speaker_slug(own), site.speaker(own).into_owned()));
    kind.into_iter().chain(speaker).collect()
}

/// Kinds of texts and speakers, where there are several of each: the most frequent, in the order of their names.
fn choices(press: Press<'_>, spots: &[Spot<'_>]) -> Vec<Choice> {
    let mut counts: BTreeMap<(&'static str, String), (String, usize)> = BTreeMap::new();
    for (name, slug, label) in spots.iter().flat_map(|spot| values(press, spot)) {
        counts.entry((name, slug)).or_insert((label, 0)).1 += 1;
    }
    let of = |((name, slug), (label, count))| Choice { name, slug, label, count };
    let all: Vec<Choice> = counts.into_iter().map(of).collect();
    let several = |name| all.iter().filter(|choice| choice.name == name).count() > 1;
    let has = [several("kind"), several("speaker")];
    let mut all: Vec<Choice> =
        all.into_iter().filter(|choice| has[usize::from(choice.name == "speaker")]).collect();
    all.sort_by_key(|choice| std::cmp::Reverse(choice.count));
    all.truncate(MOST_CHOICES);
    all.sort_by_cached_key(|choice| (choice.name, press.site.order.name(&choice.label)));
    all
}

/// The years of a topic, each with how much it has and where that begins.
fn years(press: Press<'_>, here: &str, filed: &Filed<'_>) -> Vec<list::YearOf> {
    let year = |spot: &Spot<'_>| press.site.texts[spot.text].date().map(|date| date.year());
    let mut first = 0;
    let mut out = Vec::new();
    for spots in filed.spots.chunk_by(|a, b| year(a) == year(b)) {
        if let Some(year) = year(&spots[0]) {
            let address = format!("{}#{}", filed.parts.address(first / PER_PAGE), year_id(year));
            let shown = press.words.made(&press.site.texts[spots[0].text]).map(|when| when.year);
            let year = press.link(here, &address, shown.unwrap_or_default());
            out.push(list::YearOf { year, count: spots.len() });
        }
        first += spots.len();
    }
    if out.len() > 1 { out } else { Vec::new() }
}

fn year_id(year: impl std::fmt::Display) -> String {
    format!("y{year}")
}

/// What is new under a topic, as Atom: passages by when they or their texts came, notes likewise.
pub(super) fn feed(press: Press<'_>, filed: &TiSlice<TopicIx, Filed<'_>>, index: TopicIx) -> Made {
    let site = press.site;
    let topic = &site.annotations.topics[index];
    let passage = |spot: &Spot<'_>| {
        let since = site.since_passage(index, *spot.passages.first()?);
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

/// Most topics above one that its page names: the nearest. A chain without end would make pages without end.
const MOST_ABOVE: usize = 12;

/// Topics above, the topmost first. Stops at a ring, which is an error elsewhere.
fn parents(press: Press<'_>, topic: &Topic) -> Vec<TopicIx> {
    let mut out: Vec<TopicIx> = Vec::new();
    let mut next = topic.parent.as_ref();
    while let Some(i) = next.and_then(|p| press.site.topic(&p.value)) {
        if out.contains(&i) || out.len() == MOST_ABOVE {
            break;
        }
        out.push(i);
        next = press.site.annotations.topics[i].parent.as_ref();
    }
    out.reverse();
    out
}

fn passage(
    press: Press<'_>,
    here: &str,
    topic: &Topic,
    spot: &Spot<'_>,
    (year, choices): (&mut String, &[Choice]),
) -> list::Passage {
    let site = press.site;
    let plan = &site.texts[spot.text];
    let when = press.words.made(plan);
    let this = when.as_ref().map(|w| w.year.clone()).unwrap_or_default();
    let again = this == *year;
    year.clone_from(&this);
    let id = plan.date().filter(|_| !again).map(|date| year_id(date.year())).unwrap_or_default();
    let own = values(press, spot);
    let answers = |(_, choice): &(usize, &Choice)| {
        own.iter().any(|(name, slug, _)| (*name, slug) == (choice.name, &choice.slug))
    };
    let picked = choices.iter().enumerate().filter(answers).map(|(i, _)| i + 1).collect();
    let whys = spot.passages.iter().filter_map(|p| topic.passages[*p].why.as_ref());
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
        year: this,
        again,
        picked,
        id,
        quote: spot.quote.as_ref().map(Quote::html),
        lang: plan.lang.clone(),
        speaker: spot.mention.and_then(|m| m.place.speaker.as_ref()).map(|s| press.speaker(here, s)),
        role: spot.mention.and_then(|m| m.place.role.clone()),
        date: when,
        place,
        why: whys.map(|why| press.prose(here, why)).collect(),
        notes: spot.notes.iter().map(|fact| press.note(here, fact)).collect(),
    }
}

/// Words in their sentence, as far as it is at hand: a part of one says little by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Quote {
    text: String,
    /// What of it is meant: sorted, apart.
    marks: Vec<(usize, usize)>,
    /// Whether its beginning is missing, and its end.
    cut: bool,
    more: bool,
}

impl Quote {
    fn new(mention: &Mention) -> Self {
        let (cut, before) = sentence_before(&mention.before);
        let (after, more) = match ends_sentence(&mention.words) {
            true => ("", false),
            false => sentence_after(&mention.words, &mention.after),
        };
        let text = [before, &mention.words, after].concat();
        Self { text, marks: vec![(before.len(), before.len() + mention.words.len())], cut, more }
    }

    /// Takes in what is meant by another quotation, if this one holds it.
    fn takes(&mut self, other: &Self) -> bool {
        let Some(at) = self.text.find(&other.text) else { return false };
        self.marks.extend(other.marks.iter().map(|(from, to)| (from + at, to + at)));
        self.marks.sort_unstable();
        self.marks.dedup_by(|next, before| {
            let joined = next.0 <= before.1;
            before.1 = if joined { before.1.max(next.1) } else { before.1 };
            joined
        });
        true
    }

    fn html(&self) -> Html {
        let mut out = String::from(if self.cut { "…\u{a0}" } else { "" });
        let mut at = 0;
        for &(from, to) in &self.marks {
            out.push_str(&escaped(&self.text[at..from]));
            out.push_str("<mark>");
            out.push_str(&escaped(&self.text[from..to]));
            out.push_str("</mark>");
            at = to;
        }
        out.push_str(&escaped(&self.text[at..]));
        out.push_str(if self.more { "\u{a0}…" } else { "" });
        Html(out)
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
            assert_eq!(Quote::new(&mention).html().0, expected);
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

    #[test]
    fn what_is_meant_of_one_sentence_is_quoted_once() {
        let quote = |before: &str, words: &str, after: &str| {
            let [before, words, after] = [before, words, after].map(str::to_owned);
            Quote::new(&Mention { before, words, after, ..Mention::default() })
        };
        let mut one = quote("It was so. We saw ", "4,000", " in the UK then.");
        assert!(one.takes(&quote("It was so. We saw 4,000 in ", "the UK", " then.")));
        assert!(one.takes(&quote("It was so. We ", "saw 4,000 in", " the UK then.")));
        assert_eq!(one.html().0, "We <mark>saw 4,000 in</mark> <mark>the UK</mark> then.");
        assert!(!one.takes(&quote("It was so. ", "We saw none", ".")));
    }
}
