//! How a text is cited: one [`Reference`], written as a line for people
//! ([`mod@line`]) and for programs ([`bibtex`], [`ris`], [`csl`]).
//!
//! The line follows OSCOLA (fourth edition) for parliamentary material, as far
//! as the record knows what that needs: `HC Deb 9 March 2004, vol 418, cols
//! 1457W–1459W`. What a record does not say is left out and never guessed at.

use crate::render::html::{Target, target};
use crate::render::press::Press;
use crate::site::{Facts, Site};
use postil_anchor::annotation::Speaker;
use postil_anchor::document::record::{Person, Record};
use postil_archive::sidecar::date::Date;

pub(crate) mod bibtex;
pub(crate) mod csl;
pub(crate) mod line;
pub(crate) mod ris;

/// What is known of a text that a reference needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The text's id with `:` for `/`: a key that all formats allow.
    pub(crate) key: String,
    pub(crate) kind: Kind,
    /// Its kind as shown.
    pub(crate) genre: Option<String>,
    pub(crate) title: String,
    /// The archive it is read in.
    pub(crate) archive: String,
    pub(crate) people: Vec<Name>,
    /// The house or body it comes from.
    pub(crate) house: Option<String>,
    /// Who published it: the house, else the source of the file.
    pub(crate) publisher: Option<String>,
    pub(crate) date: Option<Date>,
    /// The words of its source for the date, if its record has them.
    pub(crate) date_shown: Option<String>,
    pub(crate) volume: Option<String>,
    /// Columns or pages, with an en dash between first and last.
    pub(crate) pages: Option<String>,
    /// Number in a series, with the series: `Cm 7693`; of a written question, its own.
    pub(crate) number: Option<String>,
    /// Where it was written or printed.
    pub(crate) place: Option<String>,
    /// Whom it was written to.
    pub(crate) recipients: Vec<Name>,
    /// What it is about.
    pub(crate) summary: Option<String>,
    pub(crate) isbn: Option<String>,
    /// What its publisher or an archive calls it, if the record says so.
    pub(crate) citation: Option<String>,
    pub(crate) lang: String,
    pub(crate) rights: Option<String>,
    /// Full address of its page here, if the site has a base address.
    pub(crate) url: Option<String>,
    /// Full address of its source, if it is on the web.
    pub(crate) source_url: Option<String>,
}

impl Reference {
    /// First and last column or page, where there are two. Several runs of them are not cut.
    pub(crate) fn first_and_last(&self) -> Option<(&str, Option<&str>)> {
        let pages = self.pages.as_deref()?;
        Some(match pages.split_once('–') {
            Some((first, last)) if !last.contains(['–', ',']) => (first.trim(), Some(last.trim())),
            _ => (pages, None),
        })
    }
}

/// What a text is to a reference manager.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What was said or answered in a house: it is cited by volume and column, or by number.
    Proceedings,
    /// What was printed as a paper of its own.
    Report,
    /// Anything else.
    #[default]
    Document,
}

impl Kind {
    /// The type of item that Zotero makes of it.
    pub(crate) fn zotero(self) -> &'static str {
        match self {
            Self::Proceedings => "hearing",
            Self::Report => "report",
            Self::Document => "document",
        }
    }
}

/// A name in parts where these are plain, else as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Parts {
        given: String,
        family: String,
    },
    Whole(String),
    /// A body, by what the glossary says of it: no person.
    Body(String),
}

impl Name {
    /// As people write it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Parts { given, family } => format!("{given} {family}"),
            Self::Whole(name) | Self::Body(name) => name.clone(),
        }
    }

    /// A name of two capitalised words is a given name and a family name. All
    /// else (titles, particles, bodies, other scripts) is not ours to cut.
    pub(crate) fn new(name: &str) -> Self {
        let words: Vec<&str> = name.split_whitespace().collect();
        let plain = |word: &&str| {
            let mut chars = word.chars();
            chars.next().is_some_and(|c| c.is_uppercase() && is_latin(c))
                && chars.all(|c| (c.is_alphabetic() && is_latin(c)) || matches!(c, '-' | '\'' | '’'))
        };
        match words[..] {
            [given, family] if words.iter().all(plain) && !TITLES.contains(&given) && !is_body(&words) => {
                Self::Parts { given: given.to_owned(), family: family.to_owned() }
            }
            _ => Self::Whole(name.to_owned()),
        }
    }
}

/// Words before a name that are no part of it.
const TITLES: &[&str] = &[
    "Baron",
    "Baroness",
    "Dame",
    "Dr",
    "Earl",
    "Lady",
    "Lord",
    "Miss",
    "Mr",
    "Mrs",
    "Ms",
    "Professor",
    "Sir",
    "The",
    "Viscount",
];

/// `Home Office` is no person.
fn is_body(words: &[&str]) -> bool {
    const BODIES: &[&str] =
        &["Agency", "Authority", "Centre", "Commission", "Committee", "Council", "Office"];
    words.last().is_some_and(|last| BODIES.contains(last))
}

fn is_latin(c: char) -> bool {
    c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c)
}

/// Names of references that count a paper within a series, as the series is cited.
const SERIES: &[(&str, &str)] =
    &[("cm", "Cm"), ("cmnd", "Cmnd"), ("cmd", "Cmd"), ("cd", "Cd"), ("cp", "CP"), ("hc", "HC"), ("hl", "HL")];

/// The first value of a reference of the record.
fn reference<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    let (_, values) = record.refs.iter().find(|(key, _)| key == name)?;
    values.first().map(String::as_str)
}

impl Press<'_> {
    /// What a reference to a text needs.
    pub(crate) fn cited(&self, facts: &Facts) -> Reference {
        let (site, text) = (self.site, facts.text);
        let plan = &site.texts[text];
        let record = &plan.record;
        let first = |names: &[&str]| names.iter().find_map(|name| reference(record, name)).map(str::to_owned);
        let paper = SERIES.iter().find_map(|(name, shown)| {
            let value = reference(record, name)?;
            let known = value.to_lowercase().starts_with(&shown.to_lowercase());
            Some(if known { value.to_owned() } else { format!("{shown} {value}") })
        });
        let question = first(&["uin"]);
        let pages = first(&["columns", "column", "pages", "page"]).map(|p| p.replace('-', "–"));
        let volume = first(&["volume"]);
        let isbn = first(&["isbn"]);
        let asked = record.refs.iter().any(|(name, _)| name == "question");
        let kind = match () {
            () if paper.is_some() || isbn.is_some() => Kind::Report,
            () if volume.is_some() || question.is_some() || asked => Kind::Proceedings,
            () => Kind::Document,
        };
        let source_url = record.origin.as_ref().and_then(|o| match o.url.as_deref().map(target) {
            Some(Target::Outside(url)) => Some(url),
            _ => None,
        });
        Reference {
            key: plan.id.replace('/', ":"),
            kind,
            genre: record.kind.as_ref().map(|k| site.archive.config.text_kind_label(k)),
            title: plan.title.clone(),
            archive: site.archive.config.title.clone(),
            people: authors(site, facts),
            house: record.house.clone(),
            publisher: record.house.clone().or_else(|| record.origin.as_ref().map(|o| o.name.clone())),
            date: record.date,
            date_shown: record.date_shown.clone(),
            volume,
            pages,
            number: paper.or(question).or_else(|| record.number.clone()),
            place: record.places.first().map(|place| name_of(site, place)),
            recipients: record.recipients.iter().map(|person| maker(site, person)).collect(),
            summary: record.summary.clone(),
            isbn,
            citation: first(&["citation"]),
            lang: plan.lang.clone(),
            rights: record.rights.clone(),
            url: self.full_address(&site.text_address(text)),
            source_url,
        }
    }

    /// The address of a page on the web, if the site has a base address.
    pub(crate) fn full_address(&self, address: &str) -> Option<String> {
        self.site.full_address(address)
    }
}

/// A person or place of a record, as shown.
fn name_of(site: &Site<'_>, named: &Person) -> String {
    let term = site.term(&named.name).map(|t| &site.annotations.terms[t].term.value);
    term.cloned().unwrap_or_else(|| named.name.clone())
}

/// Somebody of a record as a name; a body is one, by what the glossary says.
fn maker(site: &Site<'_>, named: &Person) -> Name {
    match site.term(&named.name).map(|t| &site.annotations.terms[t]) {
        Some(term) if term.kind == "body" => Name::Body(term.term.value.clone()),
        _ => Name::new(&name_of(site, named)),
    }
}

/// Who is named as a maker of a text: its authors, if its record has them; else of the people of its record those who speak
/// in it, or all if its structure names no speaker among them (who only sits in
/// the chair made no part of it); without any, the persons who speak. Bodies that
/// speak (a committee, a government) made a part of it, not the text.
fn authors(site: &Site<'_>, facts: &Facts) -> Vec<Name> {
    let mut speakers: Vec<String> = Vec::new();
    for speaker in facts.spoken.iter().filter(|one| one.makes).map(|one| &one.speaker) {
        let body = match speaker {
            Speaker::Name(_) | Speaker::Several(_) => false,
            Speaker::Term(slug) => {
                site.term(slug).is_some_and(|t| site.annotations.terms[t].kind != "person")
            }
        };
        let name = site.speaker(speaker).into_owned();
        if !body && !speakers.contains(&name) {
            speakers.push(name);
        }
    }
    let record = &site.texts[facts.text].record;
    let makers = |people: &[Person]| people.iter().map(|person| maker(site, person)).collect::<Vec<_>>();
    if !record.authors.is_empty() {
        return makers(&record.authors);
    }
    let named = makers(&record.people);
    let heard: Vec<Name> = named.iter().filter(|name| speakers.contains(&name.shown())).cloned().collect();
    match (named.is_empty(), heard.is_empty()) {
        (true, _) => speakers.iter().map(|name| Name::new(name)).collect(),
        (false, true) => named,
        (false, false) => heard,
    }
}

/// First and last year of a date; one, where it is of one year or open on the other side.
fn years(date: Date) -> (i16, Option<i16>) {
    match date.years() {
        (Some(from), Some(until)) if from != until => (from, Some(until)),
        _ => (date.year(), None),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A written answer, with everything.
    pub(crate) fn answer() -> Reference {
        Reference {
            key: "commons:a".into(),
            kind: Kind::Proceedings,
            genre: Some("Written answer".into()),
            title: "Women & children: 100% {of} them".into(),
            archive: "An archive".into(),
            people: vec![Name::new("Sue Doughty"), Name::new("Baroness Williams of Trafford")],
            house: Some("House of Commons".into()),
            publisher: Some("House of Commons".into()),
            date: Date::parse("2004-03-09").ok(),
            date_shown: None,
            volume: Some("418".into()),
            pages: Some("1457W–1459W".into()),
            number: None,
            place: None,
            recipients: Vec::new(),
            summary: None,
            isbn: None,
            citation: None,
            lang: "en-GB".into(),
            rights: Some("Open Parliament Licence".into()),
            url: Some("https://a.example/texts/commons/a.html".into()),
            source_url: None,
        }
    }

    /// A command paper of which only the month is known.
    pub(crate) fn paper() -> Reference {
        Reference {
            key: "b".into(),
            kind: Kind::Report,
            title: "A reply".into(),
            archive: "An archive".into(),
            house: Some("Home Office".into()),
            publisher: Some("Home Office".into()),
            date: Date::parse("2009-08").ok(),
            number: Some("Cm 7693".into()),
            isbn: Some("978-0-10-176932-7".into()),
            lang: "en-GB".into(),
            ..Reference::default()
        }
    }

    #[test]
    fn names_are_cut_only_where_that_is_plain() {
        #[track_caller]
        fn check(name: &str, expected: Option<(&str, &str)>) {
            let expected = match expected {
                Some((given, family)) => Name::Parts { given: given.into(), family: family.into() },
                None => Name::Whole(name.into()),
            };
            assert_eq!(Name::new(name), expected);
        }
        check("Mark Harper", Some(("Mark", "Harper")));
        check("Éva O’Brien-Smith", Some(("Éva", "O’Brien-Smith")));
        check("Mr Harper", None);
        check("Baroness Williams of Trafford", None);
        check("Ludwig van Beethoven", None);
        check("Home Office", None);
        check("王 小波", None);
        check("UNICEF", None);
        check("", None);
    }
}
