//! What the editors of the archive of this repository promise: that it is complete,
//! in proportion, and rests on something everywhere. Places, forms and names are the
//! build's to check; this is what no rule of postil asks of an archive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use postil_anchor::annotation::{self, Annotations, By, Markdown, RowKind};
use postil_anchor::document::record::{self, Record};
use postil_archive::archive::Archive;
use postil_propose::review::audit::audit;
use pulldown_cmark::{Event, Options, Parser};

use super::{made, repository};

const REPLY: &str = "home-office/2009-08-reply-hc23";

struct Edition {
    archive: Archive,
    annotations: Annotations,
    /// Id of each text, with its record and how many words its file has.
    texts: BTreeMap<String, (Record, usize)>,
}

static EDITION: LazyLock<Edition> = LazyLock::new(|| {
    let archive = postil::theme::read(&repository("")).unwrap().value;
    let annotations = annotation::parse(&archive).value;
    let records = record::parse_all(&archive.texts).value;
    let texts = archive.texts.iter().zip(records).map(|(file, record)| {
        let raw = std::fs::read_to_string(repository(&file.path)).unwrap();
        (file.id.to_string(), (record, raw.split_whitespace().count()))
    });
    let texts = texts.collect();
    Edition { archive, annotations, texts }
});

/// How many words a reader sees.
fn words(markdown: &Markdown) -> usize {
    let mut seen = String::new();
    for event in Parser::new_ext(&markdown.text, Options::ENABLE_WIKILINKS) {
        match event {
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => seen.push(' '),
            _ => {}
        }
    }
    seen.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// What annotates a text, by what it is; each entry is the text's id.
fn layers() -> [(&'static str, Vec<&'static str>); 3] {
    let all = &EDITION.annotations;
    let notes = all.notes.iter().map(|note| &*note.text).collect();
    let passages = all.topics.iter().flat_map(|topic| &topic.passages);
    let ends = all.links.iter().flat_map(|link| &link.ends);
    [
        ("notes", notes),
        ("passages of topics", passages.map(|passage| &*passage.text.value).collect()),
        ("ends of links", ends.map(|end| &*end.text.value).collect()),
    ]
}

#[test]
fn every_text_is_annotated_in_proportion_to_its_length() {
    let all: usize = EDITION.texts.values().map(|(_, words)| words).sum();
    for (what, where_) in layers() {
        for (id, (_, words)) in &EDITION.texts {
            let found = where_.iter().filter(|text| **text == id).count();
            let (share, of_words) = (found * 100 / where_.len(), words * 100 / all);
            assert!(found >= 3, "{id} has {found} {what}");
            assert!(share * 2 >= of_words, "{id} has {share} % of all {what} and {of_words} % of all words");
        }
    }
    let audit = audit(&EDITION.archive).unwrap().value;
    for text in &audit.texts {
        let coverage = &text.coverage;
        assert!(coverage.notes * 200 >= coverage.words, "{}: {} notes", text.id, coverage.notes);
        assert!(coverage.topics >= 10, "{}: {} topics", text.id, coverage.topics);
    }
}

#[test]
fn every_note_is_short_signed_and_rests_on_something() {
    let notes = &EDITION.annotations.notes;
    assert!(notes.len() >= 120, "{} notes", notes.len());
    for note in notes {
        let (path, length) = (&note.source.path, words(&note.body));
        assert!((40..=150).contains(&length), "{path} has {length} words");
        assert!(!note.sources.is_empty(), "{path} names no source");
        assert_eq!(note.by, [By::Contributor("editors".to_owned())], "{path}");
        assert!(note.sources.iter().all(|source| !source.title.trim().is_empty()), "{path}");
    }
}

#[test]
fn the_kinds_of_notes_are_balanced() {
    let notes = &EDITION.annotations.notes;
    let kinds: Vec<&str> = EDITION.archive.config.note_kinds.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(kinds, ["context", "outcome", "source", "question"]);
    for kind in kinds {
        let found = notes.iter().filter(|note| note.kind == kind).count();
        assert!(found * 10 >= notes.len(), "{found} of {} notes are of kind {kind}", notes.len());
    }
}

#[test]
fn topics_cut_across_the_texts_and_say_why() {
    let topics = &EDITION.annotations.topics;
    assert!(topics.len() >= 12, "{} topics", topics.len());
    let mut of_one_text = Vec::new();
    for topic in topics {
        let slug = &topic.slug;
        assert!(topic.scope.as_ref().is_some_and(|scope| words(scope) >= 8), "{slug} has no scope");
        assert!(topic.passages.len() >= 5, "{slug} has {} passages", topic.passages.len());
        for passage in &topic.passages {
            let why = passage.why.as_ref();
            assert!(why.is_some_and(|why| words(why) >= 3), "{slug}: a passage does not say why");
        }
        let texts: BTreeSet<&str> = topic.passages.iter().map(|passage| &*passage.text.value).collect();
        if texts.len() == 1 {
            of_one_text.push(slug.as_str());
        }
    }
    assert_eq!(of_one_text, ["domestic-workers"], "its scope says that one text only speaks of it");
    let parents = topics.iter().filter(|topic| topic.parent.is_some()).count();
    assert!(parents >= 4 && parents < topics.len(), "{parents} topics stand under another");
}

#[test]
fn the_47_recommendations_are_paired_with_their_answers() {
    let apparatuses = &EDITION.annotations.apparatuses;
    let reply = apparatuses.iter().find(|apparatus| &*apparatus.text == REPLY).unwrap();
    let of = |kind: RowKind| reply.structure.iter().filter(move |row| row.part.kind == kind);
    let expected: Vec<String> = (1..=47).map(|number| number.to_string()).collect();
    let recommended: Vec<String> =
        of(RowKind::Recommendation).filter_map(|row| row.part.number.clone()).collect();
    assert_eq!(recommended, expected);
    let answered: Vec<String> =
        of(RowKind::Response).flat_map(|row| row.part.to.iter().map(|to| to.value.clone())).collect();
    assert_eq!(answered, expected, "each is answered once, in order");
    for row in of(RowKind::Recommendation) {
        let paragraph = row.part.refs.iter().find(|(name, _)| name == "paragraph");
        assert!(paragraph.is_some(), "{:?} cites no paragraph of the report", row.part.number);
    }
    let headings = of(RowKind::Heading).map(|row| row.part.level);
    assert_eq!(headings.filter(|level| *level == Some(2)).count(), 8, "headings of the reply");
    assert_eq!(of(RowKind::Heading).count(), 12);
}

#[test]
fn every_row_of_structure_can_be_read_and_every_block_is_spoken_for() {
    for apparatus in &EDITION.annotations.apparatuses {
        assert!(apparatus.structure.len() >= 5, "{} has little structure", apparatus.text);
        for row in &apparatus.structure {
            let place = row.selector.place();
            let readable = row.starts.is_some() || row.selector.words.is_some();
            assert!(readable, "{}:{} does not say how it starts", place.path, place.line);
        }
        for furniture in &apparatus.furniture {
            assert!(!furniture.reason.trim().is_empty(), "{}", apparatus.source.path);
        }
        for correction in &apparatus.corrections {
            assert!(!correction.reason.trim().is_empty(), "{}", apparatus.source.path);
        }
    }
    assert_eq!(EDITION.annotations.apparatuses.len(), EDITION.texts.len());
}

#[test]
fn the_records_are_complete() {
    for (id, (record, _)) in &EDITION.texts {
        let has = |what: &str, it_is: bool| assert!(it_is, "the record of {id} has no {what}");
        has("title", record.title.is_some());
        has("date", record.date.is_some());
        has("kind", record.kind.is_some());
        has("house", record.house.is_some());
        has("source", record.origin.is_some());
        has("rights", record.rights.is_some());
        has("reference", !record.refs.is_empty());
        has("people, or a word that they are not known", {
            record.parts().next().is_some() || record.unknown.iter().any(|it| it.contains("who "))
        });
        has("word on what is not known", !record.unknown.is_empty());
        has("checksum", record.sha256.is_some());
        assert!(record.parts().all(|person| person.role.is_some()), "{id}: a person without a role");
    }
}

#[test]
fn every_definition_rests_on_something() {
    let terms = &EDITION.annotations.terms;
    assert!(terms.len() >= 190, "{} terms", terms.len());
    for term in terms {
        let path = &term.source.path;
        for sense in &term.senses {
            assert!(!sense.sources.is_empty(), "{path} names no source");
            let length = words(&sense.definition);
            assert!((1..=60).contains(&length), "{path}: a definition of {length} words");
        }
    }
}

#[test]
fn nothing_is_left_unexplained_or_unused() {
    let audit = audit(&EDITION.archive).unwrap().value;
    let unexplained: Vec<&str> = audit.acronyms.iter().map(|acronym| acronym.form.as_str()).collect();
    assert_eq!(unexplained, [""; 0]);
    assert_eq!(audit.unused_terms, [""; 0]);
    for name in &audit.names {
        assert!(name.is_form, "{} is not known as {}", name.name, name.short);
    }
}

#[test]
fn the_head_of_a_text_says_what_is_not_known() {
    let files = made::archive([
        ("content/a.txt", "One line.\n"),
        ("content/a.toml", "unknown = [\"who asked\", \"the <column>\", \" \"]\n"),
        ("content/b.txt", "Another line.\n"),
    ]);
    let made = made::make(files, &postil::compile::Options::default());
    let fact = "<dt>Not known</dt><dd>who asked; the &lt;column&gt;</dd>";
    assert!(made.page("texts/a.html").contains(fact), "{}", made.page("texts/a.html"));
    assert!(!made.page("texts/b.html").contains("Not known"));
}
