//! What search sees of a text, a term, a topic: gathered from the rooms above,
//! so that the rest of this room knows words and addresses only.

use std::collections::BTreeMap;

use crate::pages::{self, ConcordanceLetter, ConcordanceText, ConcordanceWord, ListedWords};
use crate::render::article::Input;
use crate::render::markdown;
use crate::render::words::Words;
use crate::site::{Facts, Site, TextPlan, Turns, Where, quoted};
use postil_anchor::annotation::Speaker;
use postil_anchor::document::TextRange;
use postil_anchor::overlay::ItemKind;
use postil_archive::archive;
use postil_archive::index::TopicIx;
use postil_archive::sidecar::date::Date;
use postil_search::token::{Manner, tokenise};
use postil_search::{Block, Concordance, Dated, Entry, Guide, Marks, Named, Note};

/// What search sees of a text. `margin` holds the words of each item of the
/// margin, in the order of the overlay; `references` are how it is cited.
pub fn entry(input: Input<'_>, facts: &Facts, margin: &[String], references: Vec<String>) -> Entry {
    let site = input.site;
    let plan = &site.texts[input.text];
    let mut notes = notes(input, margin);
    let mut filed = BTreeMap::<u32, Vec<String>>::new();
    for (topic, _, mentions) in &facts.passages {
        let slug = &site.annotations.topics[*topic].slug;
        for mention in mentions {
            let own = filed.entry(mention.block).or_default();
            if !own.contains(slug) {
                own.push(slug.clone());
            }
        }
    }
    let turns = Turns::new(input.anchored);
    let opens: Vec<u32> = facts.outline.iter().map(|o| o.block).collect();
    let mut blocks: Vec<Block> = Vec::with_capacity(input.doc.blocks.len());
    // A word that is cut between two blocks is a word of the first.
    let halves = input.anchored.halves(input.doc);
    for block in &input.doc.blocks {
        let from = blocks.len();
        let before = halves.iter().find(|(_, to, _)| *to == block.number).map(|(.., half)| half.end);
        // Somebody who breaks in says their words and no others.
        blocks.extend(
            turns
                .stretches(block.text)
                .into_iter()
                .map(|stretch| TextRange::new(stretch.start.max(before.unwrap_or(0)), stretch.end))
                .filter(|stretch| stretch.start < stretch.end)
                .filter_map(|stretch| self::block(input, block.number, stretch, &turns.at(stretch.start))),
        );
        let goes_on = halves.iter().find(|(cut, ..)| *cut == block.number);
        if let (Some((.., half)), Some(last)) = (goes_on, blocks[from..].last_mut()) {
            let rest = shown(input, *half, false);
            last.text.truncate(last.text.trim_end().len());
            last.text.push_str(&rest);
            if let Some(corrected) = &mut last.corrected {
                corrected.truncate(corrected.trim_end().len());
                corrected.push_str(&shown(input, *half, true));
            }
        }
        if let Some(first) = blocks.get_mut(from) {
            first.opens = opens.binary_search(&block.number).is_ok();
        }
        if let Some(last) = blocks[from..].last_mut() {
            last.notes = notes.remove(&block.number).unwrap_or_default();
        }
        if let Some(topics) = filed.get(&block.number) {
            blocks[from..].iter_mut().for_each(|block| block.topics.clone_from(topics));
        }
    }
    Entry {
        address: site.text_address(input.text),
        title: plan.short.clone(),
        date: dated(input.words, plan),
        kind: plan
            .record
            .kind
            .as_ref()
            .map(|k| Named { slug: k.clone(), label: site.archive.config.text_kind_label(k) }),
        topics: topics(site, facts),
        collections: collections(site, &plan.id),
        language: plan.lang.clone(),
        notes_language: site.archive.config.language.clone(),
        marks: marks(site),
        record: record(input),
        blocks,
        references,
    }
}

/// What becomes of marks on letters.
pub fn marks(site: &Site<'_>) -> Marks {
    match site.archive.config.marks {
        archive::Marks::Fold => Marks::Fold,
        archive::Marks::Keep => Marks::Keep,
    }
}

/// What readers write before the number of a paragraph: what the site does, and what is short for it.
pub fn paragraphs(words: &Words) -> Vec<String> {
    let mut names = vec!["p".to_owned(), "para".to_owned()];
    tokenise(&words.fill("paragraph_n", &[("n", "")]), Manner::default(), |token| {
        names.push(token.form.to_owned());
    });
    names
}

/// The day that a text stands at, as far as it is known, and the years that it may be of.
fn dated(words: &Words, plan: &TextPlan) -> Option<Dated> {
    let date = plan.date()?;
    let at = date.sorts_at();
    let (has_month, has_day) = match date {
        Date::Point(point) | Date::Span(Some(point), _) => (point.month().is_some(), point.day().is_some()),
        Date::Span(None, _) => (true, true),
    };
    let part = |part: i8, known: bool| u8::try_from(part).ok().filter(|_| known).unwrap_or(0);
    let (from, until) = date.years();
    Some(Dated {
        year: at.year().into(),
        month: part(at.month(), has_month),
        day: part(at.day(), has_day),
        reach: date.is_long().then(|| (from.map(i32::from), until.map(i32::from))),
        label: words.made(plan)?.long,
    })
}

fn topics(site: &Site<'_>, facts: &Facts) -> Vec<Named> {
    let own = facts.passages.iter().map(|(topic, _, _)| *topic);
    let named = facts.notes.iter().flat_map(|n| &site.annotations.notes[n.note].topics);
    let mut list: Vec<TopicIx> = own.chain(named.filter_map(|t| site.topic(&t.value))).collect();
    list.sort_unstable();
    list.dedup();
    let topic = |i: TopicIx| &site.annotations.topics[i];
    list.into_iter().map(|i| Named { slug: topic(i).slug.clone(), label: topic(i).title.clone() }).collect()
}

/// The collections that a text lies in.
fn collections(site: &Site<'_>, id: &str) -> Vec<Named> {
    let named = |at: postil_archive::index::CollectionIx| {
        let (collection, _) = &site.annotations.collections[at];
        Named { slug: collection.folder.to_string(), label: collection.title.clone() }
    };
    site.collections_around(id).into_iter().map(named).collect()
}

/// What else of the record a reader may type.
fn record(input: Input<'_>) -> Vec<String> {
    let record = &input.site.texts[input.text].record;
    let refs =
        record.refs.iter().flat_map(|(name, values)| values.iter().map(move |v| format!("{name} {v}")));
    let site = input.site;
    let named = record.named().map(|named| {
        let term = site.term(&named.name).map(|term| site.annotations.terms[term].term.value.clone());
        term.unwrap_or_else(|| named.name.clone())
    });
    let more = record.summary.iter().chain(&record.number).chain(record.meta.iter().map(|(_, value)| value));
    record.house.iter().cloned().chain(refs).chain(named).chain(more.cloned()).collect()
}

/// Notes by the block that holds their body.
fn notes(input: Input<'_>, margin: &[String]) -> BTreeMap<u32, Vec<Note>> {
    let site = input.site;
    let mut out: BTreeMap<u32, Vec<Note>> = BTreeMap::new();
    // The notes are the first of the items.
    for (item, body) in input.overlay.items.iter().zip(margin) {
        let ItemKind::Note(index) = item.kind else { continue };
        let note = &site.annotations.notes[index];
        let by: Vec<&str> = note.by.iter().map(|by| site.name(by)).collect();
        out.entry(item.last_block).or_default().push(Note {
            anchor: format!("n-{}", note.slug),
            title: match &note.title {
                Some(title) => format!("{title} · {}, {}", site.note_kind(&note.kind), by.join(", ")),
                None => format!("{}, {}", site.note_kind(&note.kind), by.join(", ")),
            },
            body: body.clone(),
            topics: note.topics.iter().map(|topic| topic.value.clone()).collect(),
        });
    }
    out
}

/// A block, or what one speaker says of it, without furniture; none if nothing is left.
fn block(input: Input<'_>, number: u32, words: TextRange, place: &Where) -> Option<Block> {
    let text = shown(input, words, false);
    if text.trim().is_empty() {
        return None;
    }
    let corrected = shown(input, words, true);
    Some(Block {
        anchor: format!("p{number}"),
        label: pages::part(input.words, place).unwrap_or_default(),
        speaker: place.speaker.as_ref().map(|speaker| named(input.site, speaker)),
        opens: false,
        corrected: (corrected != text).then_some(corrected),
        text,
        topics: Vec::new(),
        notes: Vec::new(),
    })
}

fn named(site: &Site<'_>, speaker: &Speaker) -> Named {
    Named { slug: site.speaker_slug(speaker), label: site.speaker(speaker).into_owned() }
}

/// The words of a range without furniture, as they stand or as corrected.
fn shown(input: Input<'_>, range: TextRange, corrected: bool) -> String {
    let anchored = input.anchored;
    let hidden = &anchored.furniture;
    let from = hidden.partition_point(|h| h.range.end <= range.start);
    let gone = hidden[from..].iter().take_while(|h| h.range.start < range.end).map(|h| (h.range, ""));
    let mut cuts: Vec<(TextRange, &str)> = gone.collect();
    if corrected {
        cuts.extend(readings(input, range));
        cuts.sort_by_key(|(range, _)| *range);
    }
    let mut out = String::new();
    let mut at = range.start;
    for (cut, reading) in cuts {
        if at < cut.start {
            out.push_str(&quoted(input.doc, anchored, TextRange::new(at, cut.start)));
        }
        out.push_str(reading);
        at = at.max(cut.end);
    }
    if at < range.end {
        out.push_str(&quoted(input.doc, anchored, TextRange::new(at, range.end)));
    }
    out
}

/// Corrections in a range, with their readings; one that begins before it was read there.
fn readings<'a>(input: Input<'a>, range: TextRange) -> Vec<(TextRange, &'a str)> {
    let all = &input.anchored.corrections;
    let from = all.partition_point(|row| row.place.end() <= range.start);
    all[from..]
        .iter()
        .take_while(|row| row.place.start() < range.end)
        .filter_map(|row| {
            let (p, reading) = (&row.place, row.reading.as_deref()?);
            let reading = if p.start() < range.start { "" } else { reading };
            Some((TextRange::new(p.start().max(range.start), p.end().min(range.end)), reading))
        })
        .collect()
}

/// What search sees of the pages that explain: terms and topics.
pub fn guides(site: &Site<'_>, said: &Words) -> Vec<Guide> {
    let place = |page| markdown::Place { page, heading: None };
    let language = site.archive.config.language.clone();
    let words = |markdown| markdown::render(site, markdown, place("")).text.trim().to_owned();
    let terms = site.annotations.terms.iter_enumerated().map(|(i, term)| {
        let names = term.forms.iter().map(|f| f.value.clone());
        let named = term.senses.iter().filter_map(|s| s.name.clone());
        let mut seen = std::collections::BTreeSet::new();
        let definitions: Vec<String> = term.senses.iter().map(|s| words(&s.definition)).collect();
        Guide::Term {
            address: site.term_address(i),
            term: term.term.value.clone(),
            kind: said.term_kind(&term.kind),
            names: names.chain(named).filter(|name| seen.insert(name.clone())).collect(),
            misprints: term.misprints.iter().map(|f| f.value.clone()).collect(),
            definition: definitions.join(" "),
            language: language.clone(),
        }
    });
    let topics = site.annotations.topics.iter_enumerated().map(|(i, topic)| Guide::Topic {
        address: site.topic_address(i),
        title: topic.title.clone(),
        scope: topic.scope.as_ref().map(&words).unwrap_or_default(),
        language: language.clone(),
    });
    terms.chain(topics).collect()
}

/// The concordance as its pages want it.
pub fn concordance(site: &Site<'_>, said: &Words, all: Concordance) -> ListedWords {
    let letter = |(i, letter): (usize, postil_search::concordance::Letter)| ConcordanceLetter {
        slug: slug(&letter.initial, i),
        letter: letter.initial,
        words: letter.words.into_iter().map(|found| word(site, said, found)).collect(),
    };
    ListedWords { letters: all.letters.into_iter().enumerate().map(letter).collect(), is_cut: all.is_cut }
}

/// The name of a letter's page: itself if ASCII, else its place in the alphabet. The capital of a
/// letter may be two (`SS` of `ß`), which is not the first of them.
fn slug(initial: &str, index: usize) -> String {
    match *initial.as_bytes() {
        [c] if c.is_ascii_alphabetic() => char::from(c.to_ascii_lowercase()).to_string(),
        [c, ..] if c.is_ascii_digit() => "digits".to_owned(),
        _ => format!("letter-{}", index + 1),
    }
}

fn word(site: &Site<'_>, said: &Words, word: postil_search::concordance::Word) -> ConcordanceWord {
    let forms = word.forms.iter().map(|form| format!(", {form}")).collect::<String>();
    let more = word.total.saturating_sub(word.places.len());
    let mut texts: Vec<ConcordanceText> = Vec::new();
    let mut address = std::sync::Arc::<str>::default();
    for place in word.places {
        // A block is named as part of what was printed with a number, or by its own.
        let number = place.anchor.strip_prefix('p').and_then(|n| n.parse().ok());
        let label = match number.filter(|_| place.label.is_empty()) {
            Some(number) => site.paragraph(number),
            None => said.shown_part(&place.label),
        };
        if address != place.address {
            texts.push(ConcordanceText { title: place.title.to_string(), places: Vec::new() });
        }
        if let Some(text) = texts.last_mut() {
            text.places.push((format!("{}#{}", place.address, place.anchor), label, place.line));
        }
        address = place.address;
    }
    ConcordanceWord { word: format!("{}{forms}", word.word), count: word.total, texts, more }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_letters_have_names_of_their_own() {
        let named = ["0–9", "A", "S", "SS", "É"].iter().enumerate().map(|(i, initial)| slug(initial, i));
        assert_eq!(named.collect::<Vec<_>>(), ["digits", "a", "s", "letter-4", "letter-5"]);
    }
}
