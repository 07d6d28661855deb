//! Titles that a folder makes of what the records of its texts say.

use std::collections::BTreeMap;

use typed_index_collections::TiSlice;

use crate::render::words::{Words, replace};
use postil_anchor::annotation::Annotations;
use postil_anchor::document::record::{Person, Record};
use postil_archive::archive::{Archive, Config};
use postil_archive::diagnostic::{Code, Diagnostic, Place};
use postil_archive::index::TextIx;

/// Gives texts whose records have no title the one that their folder makes, in place of the one in `titles`.
///
/// A record that lacks what the title is to say keeps what is there, and is told; a title that many
/// texts of a folder share is told once a folder.
pub fn fill(
    archive: &Archive,
    all: &Annotations,
    records: &TiSlice<TextIx, Record>,
    words: &Words,
    titles: &mut TiSlice<TextIx, String>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for ((file, record), title) in archive.texts.iter().zip(records).zip(titles.iter_mut()) {
        let (None, Some(pattern)) = (&record.title, &record.title_pattern) else { continue };
        let value = |name: &str| Some((name.to_owned(), value(name, record, all, &archive.config, words)?));
        let values: Vec<(String, String)> = pattern.names().filter_map(value).collect();
        match pattern.names().find(|name| values.iter().all(|(known, _)| known != name)) {
            None => {
                let values: Vec<_> = values.iter().map(|(name, value)| (&**name, &**value)).collect();
                *title = replace(&pattern.text, &values);
            }
            Some(name) => {
                let place = record.place(None).unwrap_or_else(|| Place::file(file.path.clone()));
                let message =
                    format!("the record does not say `{name}`, which the title of its folder's texts has");
                problems.push(
                    Diagnostic::warning(Code::RECORD_INCOMPLETE, place, message).help("add what is known"),
                );
            }
        }
    }
    problems.extend(repeated(archive, all, records, titles));
    problems
}

/// What a record says under a key, as it is shown.
fn value(name: &str, record: &Record, all: &Annotations, config: &Config, words: &Words) -> Option<String> {
    let people = |people: &[Person]| {
        let shown = |person: &Person| {
            let term = all.terms.iter().find(|term| term.slug == person.name);
            term.map_or_else(|| person.name.clone(), |term| term.term.value.clone())
        };
        (!people.is_empty()).then(|| people.iter().map(shown).collect::<Vec<_>>().join(", "))
    };
    if let Some(label) = name.strip_prefix("meta.") {
        return Some(record.meta.iter().find(|(key, _)| key == label)?.1.clone());
    }
    if let Some(label) = name.strip_prefix("refs.") {
        return Some(record.refs.iter().find(|(key, _)| key == label)?.1.join(", "));
    }
    match name {
        "date" => record.date_shown.clone().or_else(|| Some(words.when(record.date?).long)),
        "date_shown" => record.date_shown.clone(),
        "short" => record.short.clone(),
        "kind" => record.kind.as_ref().map(|kind| config.text_kind_label(kind)),
        "house" => record.house.clone(),
        "author" => people(&record.authors),
        "recipient" => people(&record.recipients),
        "people" => people(&record.people),
        "place" => people(&record.places),
        "number" => record.number.clone(),
        "lang" => record.lang.clone(),
        "rights" => record.rights.clone(),
        "summary" => record.summary.clone(),
        _ => None,
    }
}

/// A title that several texts of a collection share, once a collection.
fn repeated(
    archive: &Archive,
    all: &Annotations,
    records: &TiSlice<TextIx, Record>,
    titles: &TiSlice<TextIx, String>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (collection, _) in &all.collections {
        let below = format!("{}/", collection.folder);
        let from = archive.texts.partition_point(|text| *text.id < *below);
        let end = archive.texts.partition_point(|text| *text.id < *below || text.id.starts_with(&below));
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for (record, title) in records[from..end].iter().zip(&titles[from..]) {
            *count.entry(record.title.as_deref().unwrap_or(title)).or_default() += 1;
        }
        let most = count.into_iter().filter(|(_, n)| *n > 2).max_by_key(|(_, n)| *n);
        problems.extend(most.map(|(title, n)| {
            let message = format!("{n} texts of the collection have the title `{title}`");
            Diagnostic::warning(Code::TITLE_REPEATED, collection.source.start(), message)
                .help("say in `[defaults]` what tells them apart, such as `title = \"…, {date}\"`")
        }));
    }
    problems
}
