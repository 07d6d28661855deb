//! What stands on a text, beside it: notes, passages of topics, ends of connections, and the entries of the
//! glossary, the topics and the people that these and the text name.

use std::collections::{BTreeMap, BTreeSet};

use super::body::Body;
use super::header::{self, named};
use super::inline::cert;
use super::{page, prose};
use crate::xml;
use postil_anchor::anchor::Passage;
use postil_anchor::annotation::{By, Citation, Speaker, Term};
use postil_archive::index::{EndIx, LinkIx, NoteIx, SenseIx, TermIx, TopicIx};
use postil_site::render::article::Input;
use postil_site::site::Site;

/// The id of a sense: that of its term if it is the only one.
pub(super) fn sense_id(term: &Term, sense: SenseIx) -> String {
    match term.senses.len() {
        0 | 1 => format!("term-{}", term.slug),
        _ => format!("term-{}.{}", term.slug, sense.number()),
    }
}

/// Pointers to who wrote something.
pub(super) fn by(site: &Site<'_>, by: &[By]) -> String {
    let one = |by: &By| match by {
        By::Contributor(slug) if site.contributor(slug).is_some() => format!("#by-{slug}"),
        By::Contributor(name) | By::Name(name) => format!("#{}", named(name)),
    };
    by.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Whoever wrote what stands on a text.
pub(super) fn people(out: &mut String, site: &Site<'_>, input: Input<'_>) {
    let all = site.annotations;
    let mut contributors: BTreeSet<&str> = BTreeSet::new();
    let mut names: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let notes = all.notes_of(&site.texts[input.text].id).flat_map(|(_, note)| &note.by);
    let corrections = input.anchored.corrections.iter().flat_map(|row| &row.by);
    let links = input.anchored.ends.iter().flat_map(|(link, ..)| &all.links[*link].by);
    for by in notes.chain(corrections).chain(links) {
        match by {
            By::Contributor(slug) if site.contributor(slug).is_some() => {
                contributors.insert(slug);
            }
            By::Contributor(name) | By::Name(name) => {
                names.entry(named(name)).or_default().insert(name);
            }
        }
    }
    contributors.into_iter().for_each(|slug| contributor(out, site, slug));
    for (id, names) in names {
        xml::begin(out, "respStmt", &[("xml:id", &id)]);
        xml::leaf(out, "resp", &[], "annotation");
        names.into_iter().for_each(|name| xml::leaf(out, "name", &[], name));
        out.push_str("</respStmt>\n");
    }
}

pub(super) fn contributor(out: &mut String, site: &Site<'_>, slug: &str) {
    let Some(contributor) = site.contributor(slug).map(|index| &site.annotations.contributors[index]) else {
        return;
    };
    xml::begin(out, "respStmt", &[("xml:id", &format!("by-{slug}"))]);
    xml::leaf(out, "resp", &[], contributor.role.as_deref().unwrap_or("annotation"));
    let url = contributor.url.as_deref().map(xml::address).unwrap_or_default();
    xml::leaf(out, "name", &[("ref", &url)], &contributor.name);
    out.push_str("</respStmt>\n");
}

pub(super) fn of_text(out: &mut String, body: &Body<'_>) {
    let writer = Writer { body, site: body.input.site };
    let mut inside = String::new();
    writer.annotations(&mut inside);
    let (terms, topics) = writer.named();
    glossary(&mut inside, writer.site, &terms);
    self::topics(&mut inside, writer.site, topics.into_iter());
    if inside.is_empty() {
        return;
    }
    out.push_str("<standOff>\n");
    out.push_str(&inside);
    out.push_str("</standOff>\n");
}

pub(super) fn of_archive(out: &mut String, site: &Site<'_>) {
    out.push_str("<standOff>\n");
    glossary(out, site, &site.annotations.terms.keys().collect());
    topics(out, site, site.annotations.topics.keys());
    if !site.texts.is_empty() {
        out.push_str("<listBibl>\n");
        for plan in &site.texts {
            xml::begin(out, "bibl", &[]);
            xml::begin(out, "ref", &[("target", &format!("{}.xml", plan.id))]);
            xml::leaf(out, "title", &[], &plan.title);
            out.push_str("</ref>");
            if let Some(date) = plan.record.date {
                out.push(' ');
                header::date(out, Some(date), None, &[]);
            }
            out.push_str("</bibl>\n");
        }
        out.push_str("</listBibl>\n");
    }
    if out.ends_with("<standOff>\n") {
        out.push_str("<note>There is nothing in the archive yet.</note>\n");
    }
    out.push_str("</standOff>\n");
}

struct Writer<'b, 'a> {
    body: &'b Body<'a>,
    site: &'a Site<'a>,
}

impl Writer<'_, '_> {
    fn targets(&self, places: &[Passage]) -> String {
        let pointers: Vec<String> = places.iter().flat_map(|place| self.body.raw.pointers(place)).collect();
        match pointers.is_empty() {
            true => "#text".to_owned(),
            false => pointers.join(" "),
        }
    }

    fn annotations(&self, out: &mut String) {
        let input = self.body.input;
        let id = &self.site.texts[input.text].id;
        let placed: BTreeMap<NoteIx, &[Passage]> =
            input.anchored.notes.iter().map(|(note, places)| (*note, &places[..])).collect();
        let mut list = String::new();
        for (index, _) in self.site.annotations.notes_of(id) {
            self.note(&mut list, index, placed.get(&index).copied().unwrap_or_default());
        }
        group(out, "notes", &list);
        list.clear();
        for (topic, passage, places) in
            input.anchored.passages.iter().filter(|(.., places)| !places.is_empty())
        {
            let entry = &self.site.annotations.topics[*topic];
            let id = format!("passage-{}-{}", entry.slug, passage.number());
            let target = self.targets(places);
            xml::begin(
                &mut list,
                "annotation",
                &[("xml:id", &id), ("motivation", "classifying"), ("target", &target)],
            );
            xml::empty(&mut list, "ptr", &[("type", "topic"), ("target", &format!("#topic-{}", entry.slug))]);
            if let Some(why) = &entry.passages[*passage].why {
                xml::begin(&mut list, "note", &[]);
                prose::write(&mut list, self.site, why);
                xml::end(&mut list, "note");
            }
            list.push_str("</annotation>\n");
        }
        group(out, "topics", &list);
        list.clear();
        for (link, end, places) in input.anchored.ends.iter().filter(|(.., places)| !places.is_empty()) {
            self.end(&mut list, *link, *end, places);
        }
        group(out, "connections", &list);
    }

    fn note(&self, out: &mut String, index: NoteIx, places: &[Passage]) {
        let note = &self.site.annotations.notes[index];
        let motivation = match note.kind.as_str() {
            "question" => "questioning",
            _ => "commenting",
        };
        xml::begin(
            out,
            "annotation",
            &[
                ("xml:id", &format!("note-{}", note.slug)),
                ("motivation", motivation),
                ("target", &self.targets(places)),
                ("resp", &by(self.site, &note.by)),
                ("cert", cert(note.certainty)),
            ],
        );
        if let Some(date) = note.date {
            out.push_str("<revisionDesc>");
            xml::empty(out, "change", &[("when", &header::when(date))]);
            out.push_str("</revisionDesc>");
        }
        for topic in note.topics.iter().filter(|topic| self.site.topic(&topic.value).is_some()) {
            xml::empty(out, "ptr", &[("type", "topic"), ("target", &format!("#topic-{}", topic.value))]);
        }
        xml::begin(out, "note", &[("type", &note.kind)]);
        if let Some(title) = &note.title {
            xml::leaf(out, "label", &[], title);
        }
        prose::write(out, self.site, &note.body);
        out.push_str("</note>");
        note.sources.iter().for_each(|source| citation(out, source));
        out.push_str("</annotation>\n");
    }

    /// An end of a connection, with where the others are.
    fn end(&self, out: &mut String, index: LinkIx, end: EndIx, places: &[Passage]) {
        let link = &self.site.annotations.links[index];
        let id = format!("connection-{}-{}", link.slug, end.number());
        xml::begin(
            out,
            "annotation",
            &[
                ("xml:id", &id),
                ("motivation", "linking"),
                ("target", &self.targets(places)),
                ("resp", &by(self.site, &link.by)),
            ],
        );
        let own = &self.site.texts[self.body.input.text].id;
        for (i, other) in link.ends.iter_enumerated().filter(|(i, _)| *i != end) {
            let file = match *other.text.value == **own {
                true => String::new(),
                false => format!("{}{}.xml", "../".repeat(own.matches('/').count()), other.text.value),
            };
            let target = format!("{file}#connection-{}-{}", link.slug, i.number());
            xml::empty(out, "ptr", &[("type", "connection"), ("target", &target)]);
        }
        xml::begin(out, "note", &[("type", "connection"), ("subtype", &link.relation)]);
        xml::leaf(out, "label", &[], &link.title);
        if let Some(note) = &link.note {
            prose::write(out, self.site, note);
        }
        out.push_str("</note></annotation>\n");
    }

    /// Terms and topics that something in the file names.
    fn named(&self) -> (BTreeSet<TermIx>, BTreeSet<TopicIx>) {
        let input = self.body.input;
        let all = self.site.annotations;
        let mut terms: BTreeSet<TermIx> = input.anchored.uses.iter().map(|used| used.term).collect();
        let rows = input.anchored.structure.iter().chain(&input.anchored.parts);
        let speakers = rows.filter_map(|row| row.part.speaker.as_ref());
        let of_kind = input.anchored.speaker_of.iter().map(|(_, speaker)| speaker);
        for speaker in speakers.chain(of_kind) {
            self.speaks(speaker, &mut terms);
        }
        let record = &self.site.texts[input.text].record;
        terms.extend(
            record.named().filter(|name| name.is_slug()).filter_map(|name| self.site.term(&name.name)),
        );
        let notes = all.notes_of(&self.site.texts[input.text].id);
        let of_notes =
            notes.flat_map(|(_, note)| &note.topics).filter_map(|topic| self.site.topic(&topic.value));
        let mut topics: BTreeSet<TopicIx> = of_notes.collect();
        topics.extend(input.anchored.passages.iter().map(|(topic, ..)| *topic));
        (terms, topics)
    }

    fn speaks(&self, speaker: &Speaker, terms: &mut BTreeSet<TermIx>) {
        for one in speaker.each() {
            match one {
                Speaker::Term(slug) => terms.extend(self.site.term(slug)),
                Speaker::Several(_) => self.speaks(one, terms),
                Speaker::Name(_) => {}
            }
        }
    }
}

fn group(out: &mut String, kind: &str, list: &str) {
    if !list.is_empty() {
        xml::begin(out, "listAnnotation", &[("type", kind)]);
        out.push('\n');
        out.push_str(list);
        out.push_str("</listAnnotation>\n");
    }
}

fn citation(out: &mut String, source: &Citation) {
    xml::begin(out, "note", &[("type", "source")]);
    match &source.url {
        Some(url) => xml::leaf(out, "ref", &[("target", &xml::address(url))], &source.title),
        None => xml::text(out, &source.title),
    }
    if let Some(note) = &source.note {
        out.push_str(", ");
        xml::text(out, note);
    }
    out.push_str("</note>");
}

/// Entries of the glossary: persons, places and bodies as such, all else as a list.
fn glossary(out: &mut String, site: &Site<'_>, terms: &BTreeSet<TermIx>) {
    let kinds = [
        ("person", "listPerson", "persName"),
        ("place", "listPlace", "placeName"),
        ("body", "listOrg", "orgName"),
    ];
    let is_of = |index: &TermIx, kind: &str| site.annotations.terms[*index].kind == kind;
    for (kind, list, name) in kinds {
        let found: Vec<TermIx> = terms.iter().copied().filter(|index| is_of(index, kind)).collect();
        if found.is_empty() {
            continue;
        }
        xml::begin(out, list, &[]);
        out.push('\n');
        let element = if kind == "body" { "org" } else { kind };
        for index in found {
            let term = &site.annotations.terms[index];
            xml::begin(out, element, &[("xml:id", &format!("term-{}", term.slug))]);
            xml::leaf(out, name, &[], &term.term.value);
            term.forms.iter().for_each(|form| xml::leaf(out, name, &[("type", "form")], &form.value));
            senses(out, site, term, "note");
            xml::end(out, element);
            out.push('\n');
        }
        xml::end(out, list);
        out.push('\n');
    }
    let others: Vec<TermIx> =
        terms.iter().copied().filter(|index| kinds.iter().all(|(kind, ..)| !is_of(index, kind))).collect();
    if others.is_empty() {
        return;
    }
    xml::begin(out, "list", &[("type", "gloss")]);
    out.push('\n');
    for index in others {
        let term = &site.annotations.terms[index];
        let address = page(site, &site.term_address(index)).unwrap_or_default();
        xml::begin(out, "label", &[("xml:id", &format!("term-{}", term.slug))]);
        xml::leaf(out, "term", &[("type", &word(&term.kind)), ("ref", &address)], &term.term.value);
        out.push_str("</label>\n<item>");
        match term.senses.len() {
            1 => prose::write(out, site, &term.senses.raw[0].definition),
            _ => senses(out, site, term, "note"),
        }
        out.push_str("</item>\n");
    }
    out.push_str("</list>\n");
}

fn word(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("-")
}

fn senses(out: &mut String, site: &Site<'_>, term: &Term, element: &str) {
    for (index, sense) in term.senses.iter_enumerated() {
        let id = sense_id(term, index);
        let id = if term.senses.len() > 1 { id.as_str() } else { "" };
        let year =
            |date: Option<postil_archive::sidecar::date::Date>| date.map(header::when).unwrap_or_default();
        let (from, until) = (year(sense.from), year(sense.until));
        let dates = [&*from, &*until].join("/");
        let n = if dates == "/" { "" } else { &*dates };
        xml::begin(
            out,
            element,
            &[("type", "definition"), ("xml:id", id), ("n", n), ("cert", cert(sense.certainty))],
        );
        if let Some(name) = &sense.name {
            xml::leaf(out, "label", &[], name);
        }
        prose::write(out, site, &sense.definition);
        xml::end(out, element);
    }
}

fn topics(out: &mut String, site: &Site<'_>, topics: impl Iterator<Item = TopicIx>) {
    let mut list = String::new();
    for index in topics {
        let topic = &site.annotations.topics[index];
        let above = topic.parent.as_ref().filter(|parent| site.topic(&parent.value).is_some());
        let above = above.map(|parent| format!("#topic-{}", parent.value)).unwrap_or_default();
        xml::leaf(
            &mut list,
            "interp",
            &[("xml:id", &format!("topic-{}", topic.slug)), ("corresp", &above)],
            &topic.title,
        );
        list.push('\n');
    }
    if !list.is_empty() {
        out.push_str("<interpGrp type=\"topic\">\n");
        out.push_str(&list);
        out.push_str("</interpGrp>\n");
    }
}
