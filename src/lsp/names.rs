//! What has a name: where it is defined, where it is named, what there is to say of it.

use std::fmt::Write as _;
use std::ops::Range;

use super::desk::{Kind, Reading};
use super::spot::{self, Means, Name};
use super::toml;
use postil_anchor::anchor::sense;
use postil_anchor::annotation::references::{Named, references};
use postil_anchor::annotation::{BlockRange, Markdown, RowKind, Sense, Term};
use postil_anchor::document::{Document, TextRange};
use postil_archive::archive::{CONFIG, SidecarKind};
use postil_archive::diagnostic::{Error, Source};
use postil_archive::index::SenseIx;
use postil_archive::sidecar::date::Date;
use postil_propose::propose::rename;

/// A stretch of a file: path from the archive's root, bytes.
pub(super) type Stretch = (String, Range<usize>);

/// Where something is defined: its file, and the place in it that says what it is called.
pub(super) fn defined(reading: &Reading, name: &Name) -> Result<Vec<Stretch>, Error> {
    let of = |is: &dyn Fn(&SidecarKind) -> bool, key: &str| {
        let source = reading.sidecar(is)?;
        Some((source.path.to_string(), value_of(source, key)))
    };
    let in_settings = |tables: &[&str], key: &str| -> Result<Option<Stretch>, Error> {
        let text = reading.archive.small_file(CONFIG)?.unwrap_or_default();
        let toml = toml::read(&text, 0..text.len());
        let path: Vec<&str> = tables.iter().copied().chain([key]).collect();
        let key = toml.keys.iter().find(|found| found.path == path);
        Ok(key.map(|key| (CONFIG.to_owned(), key.at.clone())))
    };
    let found = match name {
        Name::Term(slug, sense) => {
            let own = |kind: &SidecarKind| matches!(kind, SidecarKind::Term(own) if own == slug);
            let of_sense = sense.as_ref().and_then(|sense| {
                let source = reading.sidecar(own)?;
                let toml = toml::read(&source.text, 0..source.text.len());
                let is = |value: &&toml::Value| {
                    value.path == ["sense", "id"] && source.text[value.at.clone()] == **sense
                };
                Some((source.path.to_string(), toml.values.iter().find(is)?.at.clone()))
            });
            of_sense.or_else(|| of(&own, "term"))
        }
        Name::Topic(slug) => of(&|kind| matches!(kind, SidecarKind::Topic(own) if own == slug), "title"),
        Name::Contributor(slug) => {
            of(&|kind| matches!(kind, SidecarKind::Contributor(own) if own == slug), "name")
        }
        Name::Note(text, slug) => of(
            &|kind| matches!(kind, SidecarKind::Note { text: of, slug: own } if **of == **text && own == slug),
            "title",
        ),
        Name::Text(id) => reading.archive.text(id).map(|text| (text.path.to_string(), 0..0)),
        Name::NoteKind(key) => in_settings(&["notes", "kinds"], key)?,
        Name::TextKind(key) => in_settings(&["texts", "kinds"], key)?,
        Name::Series(key) => in_settings(&["figures", "series"], key)?,
        Name::Blocks(text, at) => {
            let text = reading.text(text)?;
            text.and_then(|text| Some((text.doc.source.path.to_string(), blocks(&text.doc, at)?.1)))
        }
    };
    Ok(found.into_iter().collect())
}

/// The value of a key of a file, or the file's beginning.
fn value_of(source: &Source, key: &str) -> Range<usize> {
    let is_note = source.path.ends_with(".md");
    let front = match postil_archive::sidecar::front_matter::split(source) {
        Ok(Some(parts)) if is_note => parts.toml.range(),
        _ if is_note => 0..0,
        _ => 0..source.text.len(),
    };
    let toml = toml::read(&source.text, front);
    toml.values.iter().find(|value| value.path == [key]).map_or(0..0, |value| value.at.clone())
}

/// Blocks by what names them: the words, and where they stand in the file.
fn blocks(doc: &Document, at: &str) -> Option<(TextRange, Range<usize>)> {
    let at = postil_anchor::annotation::block_range(at).ok()?;
    let of = |first: u32, last: u32| {
        let (first, last) = (doc.block(first)?, doc.block(last)?);
        Some((TextRange::new(first.text.start, last.text.end), first.span.start..last.span.end))
    };
    match at {
        BlockRange::Blocks(first, last) => of(first, last),
        BlockRange::Lines(first, last) => {
            let mut within =
                doc.blocks.iter().filter(|block| block.lines.0 <= last && block.lines.1 >= first);
            let first = within.next()?.number;
            of(first, within.next_back().map_or(first, |block| block.number))
        }
    }
}

/// Where something is named; of a term also where texts use it.
pub(super) fn named(reading: &Reading, name: &Name) -> Result<Vec<Stretch>, Error> {
    let archive = &reading.archive;
    let named = match name {
        Name::Term(slug, _) => Named::Term(slug),
        Name::Topic(slug) => Named::Topic(slug),
        Name::Text(id) => Named::Text(id),
        Name::Note(text, slug) => Named::Note(text, slug),
        Name::Contributor(slug) => Named::Contributor(slug),
        Name::NoteKind(_) | Name::TextKind(_) | Name::Series(_) | Name::Blocks(..) => {
            return Ok(keys_named(reading, name));
        }
    };
    let mut found: Vec<Stretch> = references(archive, named)
        .into_iter()
        .map(|reference| (reference.source.path.to_string(), reference.span.range()))
        .collect();
    if let Name::Term(slug, _) = name {
        found.extend(uses(reading, slug)?);
    }
    Ok(found)
}

/// Where keys of the settings, and blocks of a text, are named.
fn keys_named(reading: &Reading, name: &Name) -> Vec<Stretch> {
    let archive = &reading.archive;
    let records = archive.texts.iter().filter_map(|text| text.record.as_ref());
    let sources = archive.sidecars.iter().map(|sidecar| &sidecar.source).chain(records);
    let mut found = Vec::new();
    for source in sources.chain(archive.collections.iter().map(|folder| &folder.source)) {
        let Some(kind) = reading.kind(&source.path) else { continue };
        let (front, _) = spot::parts(&kind, &source.path, &source.text);
        for value in toml::read(&source.text, front).values {
            let spot = spot::spot(kind.clone(), &source.path, &source.text, value.at.start);
            let means_a_key = matches!(
                spot.means(&source.text),
                Means::NoteKind | Means::TextKind | Means::Series | Means::Blocks(_)
            );
            if means_a_key && spot.name(&source.text, value.at.start).is_some_and(|(own, _)| own == *name) {
                found.push((source.path.to_string(), value.at.clone()));
            }
        }
    }
    found
}

/// Where texts use a term.
fn uses(reading: &Reading, slug: &str) -> Result<Vec<Stretch>, Error> {
    let all = reading.annotations();
    let Ok(term) = all.terms.raw.binary_search_by(|term| term.slug.as_str().cmp(slug)) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for file in &reading.archive.texts {
        let Some(text) = reading.text(&file.id)? else { continue };
        // Most texts hold nothing of it: they need not be worked through.
        if !may_use(&text.doc, &all.terms.raw[term]) {
            continue;
        }
        let Some(resolved) = reading.resolved(&file.id)? else { continue };
        for place in resolved.uses.iter().filter(|place| usize::from(place.term) == term) {
            found.push((file.path.to_string(), in_file(&text.doc, place.passage.hull())));
        }
    }
    Ok(found)
}

/// Whether a text may use a term: it has the longest word of one of its forms, in whatever letters.
fn may_use(doc: &Document, term: &Term) -> bool {
    let forms = term.forms.iter().chain(&term.misprints).chain([&term.term]);
    let text = doc.visible.to_lowercase();
    forms.into_iter().any(|form| {
        let words = form.value.split(|c: char| !c.is_alphanumeric());
        let longest = words.max_by_key(|word| word.len()).unwrap_or_default().to_lowercase();
        text.contains(&longest)
    })
}

/// Where words of a text stand in its file.
pub(super) fn in_file(doc: &Document, range: TextRange) -> Range<usize> {
    let end = if range.is_empty() { doc.origin(range.start) } else { doc.origin(range.end - 1) + 1 };
    let mut end = end.min(doc.source.text.len());
    while !doc.source.text.is_char_boundary(end) {
        end += 1;
    }
    doc.origin(range.start).min(end)..end
}

/// The byte of the visible text that a byte of the file shows.
pub(super) fn seen(doc: &Document, byte: usize) -> Option<usize> {
    let i = doc.origins.partition_point(|(_, file)| *file <= byte).checked_sub(1)?;
    let (visible, file) = doc.origins[i];
    let at = visible + (byte - file);
    let next = doc.origins.get(i + 1).map_or(doc.visible.len(), |(visible, _)| *visible);
    (at <= next && doc.visible.is_char_boundary(at)).then_some(at)
}

/// What a name can be renamed as.
pub(super) fn renamed(name: &Name) -> Option<(rename::Kind, String)> {
    Some(match name {
        Name::Term(slug, None) => (rename::Kind::Term, slug.clone()),
        Name::Topic(slug) => (rename::Kind::Topic, slug.clone()),
        Name::Text(id) => (rename::Kind::Text, id.clone()),
        Name::Note(text, slug) => (rename::Kind::Note, format!("{text}/{slug}")),
        Name::Contributor(slug) => (rename::Kind::Contributor, slug.clone()),
        _ => return None,
    })
}

/// What there is to say of something, as Markdown; `date` is that of the text where it is named.
pub(super) fn about(reading: &Reading, name: &Name, date: Option<Date>) -> Result<Option<String>, Error> {
    let all = reading.annotations();
    Ok(match name {
        Name::Term(slug, sense) => all.terms.iter().find(|term| term.slug == *slug).map(|term| {
            let named = sense.as_ref().and_then(|sense| term.sense(sense));
            about_term(term, named.or_else(|| sense::of_date(term, date)))
        }),
        Name::Topic(slug) => all.topics.iter().find(|topic| topic.slug == *slug).map(|topic| {
            let scope = topic.scope.as_ref().map_or("", |scope| scope.text.trim());
            format!("**{}** · {}\n\n{scope}", topic.title, some(topic.passages.len(), "passage"))
        }),
        Name::Contributor(slug) => {
            all.contributors.iter().find(|person| person.slug == *slug).map(|person| {
                let more: Vec<&str> =
                    [&person.role, &person.affiliation].into_iter().flatten().map(String::as_str).collect();
                format!("**{}**\n\n{}", person.name, more.join(", "))
            })
        }
        Name::Note(text, slug) => {
            let note = all.notes.iter().find(|note| *note.text == **text && note.slug == *slug);
            note.map(|note| {
                let title = note.title.as_deref().unwrap_or(slug);
                format!("**{title}** · {}\n\n{}", note.kind, first_words(&note.body))
            })
        }
        Name::Text(id) => reading.text(id)?.map(|text| {
            let record =
                reading.archive.text(id).map(|file| postil_anchor::document::record::parse(file).value);
            let title = record.as_ref().and_then(|record| record.title.clone());
            let first = text.doc.blocks.first().map_or("", |block| text.doc.words(block.text));
            let title = title.unwrap_or_else(|| postil_site::site::cut::short(first, 120));
            let date = text.date.map(|date| format!("{date}, ")).unwrap_or_default();
            format!(
                "**{title}**\n\n{date}{}, {}",
                some(text.doc.blocks.len(), "block"),
                some(text.doc.words, "word")
            )
        }),
        Name::NoteKind(key) => label(&reading.archive.config.note_kinds, key),
        Name::TextKind(key) => label(&reading.archive.config.text_kinds, key),
        Name::Series(key) => label(&reading.archive.config.series, key),
        Name::Blocks(text, at) => reading.text(text)?.and_then(|text| {
            let (range, _) = blocks(&text.doc, at)?;
            let words = postil_site::site::cut::short(text.doc.words(range), 600);
            let line = text.doc.block_at(range.start).lines.0;
            Some(format!("{at}, line {line} of `{}`:\n\n{}", text.doc.source.path, quoted(&words)))
        }),
    })
}

fn label(pairs: &[(String, String)], key: &str) -> Option<String> {
    pairs.iter().find(|(own, _)| own == key).map(|(_, label)| label.clone())
}

/// The definition of a term: in one sense, or in each if the date leaves several.
pub(super) fn about_term(term: &Term, sense: Option<SenseIx>) -> String {
    let mut out = format!("**{}** · {}\n", term.term.value, term.kind);
    let mut add = |sense: &Sense| {
        let name = sense.name.as_ref().map(|name| format!("*{name}* ")).unwrap_or_default();
        let time = time(sense);
        write!(out, "\n{name}{time}{}\n", sense.definition.text.trim()).expect("a string takes everything");
    };
    match sense.and_then(|sense| term.senses.get(sense)) {
        Some(sense) => add(sense),
        None => term.senses.iter().for_each(add),
    }
    out
}

fn time(sense: &Sense) -> String {
    match (sense.from, sense.until) {
        (None, None) => String::new(),
        (from, until) => {
            let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
            format!("({}–{}) ", date(from), date(until))
        }
    }
}

/// The first words of some Markdown.
pub(super) fn first_words(markdown: &Markdown) -> String {
    postil_site::site::cut::short(markdown.text.trim(), 400)
}

/// Words as a quotation of Markdown; what means something there is written so that it is shown.
pub(super) fn quoted(words: &str) -> String {
    words.lines().map(|line| format!("> {}\n", shown(line))).collect()
}

/// Words written so that Markdown shows them as they are.
pub(super) fn shown(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A number of things.
pub(super) fn some(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

/// What can be named: its name, what it is called, what there is to say of it.
pub(super) type Choice = (String, String, String);

/// Everything that can be named by a value of this sort. A file counts as soon as it is there, readable or not.
pub(super) fn choices(reading: &Reading, means: &Means) -> Vec<Choice> {
    let all = reading.annotations();
    let pair = |(key, label): &(String, String)| (key.clone(), label.clone(), String::new());
    let config = &reading.archive.config;
    let kinds = reading.archive.sidecars.iter().map(|sidecar| &sidecar.kind);
    let unread = |slug: &str| (slug.to_owned(), String::new(), String::new());
    match means {
        Means::Term | Means::Speaker | Means::Sense => {
            let speaks = |term: &Term| *means != Means::Speaker || matches!(&*term.kind, "person" | "body");
            let slugs = kinds.filter_map(|kind| match kind {
                SidecarKind::Term(slug) => Some(slug),
                _ => None,
            });
            let of = |slug: &String| match find(&all.terms.raw, |term| &term.slug, slug) {
                Some(term) if !speaks(term) => Vec::new(),
                Some(term) => of_term(term, *means == Means::Sense),
                None => vec![unread(slug)],
            };
            slugs.flat_map(of).collect()
        }
        Means::Topic => {
            let of = |slug: &String| match find(&all.topics.raw, |topic| &topic.slug, slug) {
                Some(topic) => {
                    let scope = topic.scope.as_ref().map(first_words).unwrap_or_default();
                    (slug.clone(), topic.title.clone(), scope)
                }
                None => unread(slug),
            };
            let slugs = kinds.filter_map(|kind| match kind {
                SidecarKind::Topic(slug) => Some(slug),
                _ => None,
            });
            slugs.map(of).collect()
        }
        Means::Contributor => {
            let of = |slug: &String| match find(&all.contributors.raw, |person| &person.slug, slug) {
                Some(person) => (slug.clone(), person.name.clone(), String::new()),
                None => unread(slug),
            };
            let slugs = kinds.filter_map(|kind| match kind {
                SidecarKind::Contributor(slug) => Some(slug),
                _ => None,
            });
            slugs.map(of).collect()
        }
        Means::Note => kinds
            .filter_map(|kind| match kind {
                SidecarKind::Note { text, slug } => Some((text, slug)),
                _ => None,
            })
            .map(|(text, slug)| {
                let read = all.notes_of(text).find(|(_, note)| note.slug == *slug).map(|(_, note)| note);
                let title = read.and_then(|note| note.title.clone()).unwrap_or_default();
                let about = read.map(|note| first_words(&note.body)).unwrap_or_default();
                (format!("{text}/{slug}"), title, about)
            })
            .collect(),
        Means::Text | Means::Texts => texts(reading, *means == Means::Texts),
        Means::NoteKind => config.note_kinds.iter().map(pair).collect(),
        Means::TextKind => config.text_kinds.iter().map(pair).collect(),
        Means::Series => config.series.iter().map(pair).collect(),
        Means::TermKind => counted(all.terms.iter().map(|term| term.kind.as_str()), &TERM_KINDS),
        Means::Relation => counted(all.links.iter().map(|link| link.relation.as_str()), &RELATIONS),
        Means::RowKind => RowKind::ALL.iter().map(|(_, name)| unread(name)).collect(),
        Means::Words(_) | Means::Blocks(_) | Means::Markdown | Means::Other => Vec::new(),
    }
}

/// What has a slug, in a list that is sorted by slugs.
fn find<'a, T>(all: &'a [T], slug_of: impl Fn(&T) -> &String, slug: &str) -> Option<&'a T> {
    all.binary_search_by(|one| slug_of(one).as_str().cmp(slug)).ok().map(|i| &all[i])
}

/// Kinds of terms that are usual, and that the site has lists of.
const TERM_KINDS: [&str; 7] = ["body", "law", "operation", "office", "person", "place", "concept"];
/// Relations that are usual.
const RELATIONS: [&str; 7] =
    ["follows", "revises", "answers", "quotes", "contradicts", "same-figure", "refers"];

/// Words that are usual, and those that the archive uses, with how often it does.
fn counted<'a>(used: impl Iterator<Item = &'a str>, usual: &[&'a str]) -> Vec<Choice> {
    let mut counts: std::collections::BTreeMap<&str, usize> = usual.iter().map(|word| (*word, 0)).collect();
    used.for_each(|word| *counts.entry(word).or_default() += 1);
    let row = |(word, count): (&str, usize)| {
        let often = if count == 0 { String::new() } else { format!("used {count} times here") };
        (word.to_owned(), often, String::new())
    };
    counts.into_iter().map(row).collect()
}

/// A term, and its senses if they can be named and there are several.
fn of_term(term: &Term, with_senses: bool) -> Vec<Choice> {
    let mut out = vec![(term.slug.clone(), term.term.value.clone(), about_term(term, None))];
    if with_senses && term.senses.len() > 1 {
        let sense = |(i, sense): (SenseIx, &Sense)| {
            let name = sense.name.clone().unwrap_or_else(|| term.term.value.clone());
            (format!("{}/{}", term.slug, sense.id), name, about_term(term, Some(i)))
        };
        out.extend(term.senses.iter_enumerated().map(sense));
    }
    out
}

/// Ids of texts; with patterns over the folders they lie in, if those may stand there.
fn texts(reading: &Reading, patterns: bool) -> Vec<Choice> {
    let mut out = Vec::new();
    let mut folders = std::collections::BTreeSet::new();
    for text in &reading.archive.texts {
        let record = postil_anchor::document::record::parse(text).value;
        out.push((text.id.to_string(), record.title.unwrap_or_default(), String::new()));
        folders.extend(text.id.match_indices('/').map(|(end, _)| format!("{}/**", &text.id[..end])));
    }
    if patterns {
        out.extend(folders.into_iter().map(|folder| (folder, "every text below".to_owned(), String::new())));
    }
    out
}

/// The date of the text that a file is about, if it is about one.
pub(super) fn date_of(reading: &Reading, kind: &Kind) -> Result<Option<Date>, Error> {
    let text = match kind {
        Kind::Text(id) | Kind::Record(id) => id,
        Kind::Sidecar(
            SidecarKind::Note { text, .. } | SidecarKind::Apparatus { text } | SidecarKind::Derived { text },
        ) => text,
        _ => return Ok(None),
    };
    Ok(reading.text(text)?.and_then(|text| text.date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_shows_words_as_they_are() {
        assert_eq!(shown("a *b* [c] <d>"), "a \\*b\\* \\[c\\] \\<d\\>");
        assert_eq!(quoted("a\nb"), "> a\n> b\n");
    }
}
