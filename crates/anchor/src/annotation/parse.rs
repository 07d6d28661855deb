//! All sidecar files of an archive, and what has to fit between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use typed_index_collections::{TiSlice, TiVec};

use super::except;
use super::lineage;
use super::names::{Names, Of};
use super::reader::Reader;
use super::references::Seen;
use super::{Annotations, Level, Located, Meaning, Note, Speaker, Term, Topic};
use crate::document::collection;
use crate::document::record::Record;
use postil_archive::archive::{Archive, SidecarKind, Sources, name};
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Place, Source, bug};
use postil_archive::index::{TextIx, TopicIx};
use postil_archive::sidecar::suggest;

/// Parses all sidecars of an archive.
///
/// What is wrong is left out and is among the problems; names that stay in the
/// value exist.
pub fn parse(archive: &Archive) -> Checked<Annotations> {
    parse_noting(archive, None)
}

/// The same; what is read as a name or as Markdown is noted down, if it is asked for.
pub(super) fn parse_noting(archive: &Archive, mut seen: Option<&mut Seen>) -> Checked<Annotations> {
    let names = Names::new(archive);
    let mut problems = Vec::new();
    let mut all = Annotations::default();
    let mut strays = BTreeSet::new();
    let default_kind = archive.config.note_kinds.first().map_or("", |(key, _)| key.as_str());
    for sidecar in &archive.sidecars {
        let mut reader = Reader {
            source: &sidecar.source,
            names: &names,
            problems: &mut problems,
            level: level(&names, &sidecar.kind),
            seen: seen.as_deref_mut(),
        };
        let read = bug::attempt(|| match &sidecar.kind {
            SidecarKind::Note { text, slug } => {
                let note = reader.note(text, slug, default_kind);
                let known = has_text(&mut reader, text, &mut strays);
                all.notes.extend(note.filter(|_| known));
            }
            SidecarKind::Apparatus { text } | SidecarKind::Derived { text } => {
                let apparatus = reader.apparatus(text);
                let known = reader.level == Level::Folder || has_text(&mut reader, text, &mut strays);
                all.apparatuses.extend(apparatus.filter(|_| known));
            }
            SidecarKind::Furniture => all.furniture = reader.shared_furniture().into(),
            SidecarKind::Term(slug) => all.terms.extend(reader.term(slug)),
            SidecarKind::Topic(slug) => all.topics.extend(reader.topic(slug)),
            SidecarKind::Link(slug) => all.links.extend(reader.link(slug)),
            SidecarKind::Contributor(slug) => all.contributors.extend(reader.contributor(slug)),
        });
        problems.extend(read.err().map(|bug| bug.problem(sidecar.source.start())));
    }
    all.pages = archive.pages.iter().map(|page| super::pages::page(page, &mut problems)).collect();
    // The outermost has only defaults.
    for collection in collection::parse_all(&archive.collections).take(&mut problems) {
        let source = &collection.source;
        let mut reader = Reader {
            source,
            names: &names,
            problems: &mut problems,
            seen: seen.as_deref_mut(),
            level: Level::Own,
        };
        let about = collection.about.clone().map(|(text, span)| reader.markdown_at(text, span));
        if !collection.folder.is_empty() {
            all.collections.push((collection, about));
        }
    }
    all.notes.sort_by(|a, b| (&a.text, &a.slug).cmp(&(&b.text, &b.slug)));
    all.apparatuses.sort_by(|a, b| (&a.text, a.level).cmp(&(&b.text, b.level)));
    all.terms.sort_by(|a, b| a.slug.cmp(&b.slug));
    all.topics.sort_by(|a, b| a.slug.cmp(&b.slug));
    all.links.sort_by(|a, b| a.slug.cmp(&b.slug));
    all.contributors.sort_by(|a, b| a.slug.cmp(&b.slug));
    except::apply(&mut all.apparatuses, &mut problems);
    check_speakers(&mut all, &mut problems);
    check_meanings(&all, &mut problems);
    lineage::check(&mut all.terms, &mut problems);
    check_sources(&all.notes.raw, archive.config.sources, &mut problems);
    check_parents(&mut all.topics, &mut problems);
    check_old_names(&mut all, &names, archive, &mut problems);
    Checked::new(all, problems)
}

/// For which texts a file is: the apparatus of a folder with texts below it, which is no text itself, is for all of
/// them.
fn level(names: &Names<'_>, kind: &SidecarKind) -> Level {
    match kind {
        SidecarKind::Derived { .. } => Level::Derived,
        SidecarKind::Furniture => Level::Folder,
        SidecarKind::Apparatus { text } => {
            let texts = names.all(Of::Text);
            let below = format!("{text}/");
            let is_folder = text.is_empty()
                || (!texts.contains_key(&**text)
                    && texts.range(&*below..).next().is_some_and(|(id, _)| id.starts_with(&below)));
            if is_folder { Level::Folder } else { Level::Own }
        }
        _ => Level::Own,
    }
}

/// Names in records that have the form of a slug, and are that of no term.
pub fn unknown_names(archive: &Archive, records: &TiSlice<TextIx, Record>) -> Vec<Diagnostic> {
    let names = Names::new(archive);
    let slugs = records.iter().flat_map(Record::named).filter(|named| named.is_slug());
    slugs.filter_map(|named| names.unknown(Of::Term, &named.name, &named.source, named.span)).collect()
}

/// Whether the text of a sidecar's folder exists; said once for each folder.
fn has_text(reader: &mut Reader<'_>, text: &Arc<str>, strays: &mut BTreeSet<Arc<str>>) -> bool {
    let texts = reader.names.all(Of::Text);
    if texts.contains_key(&**text) {
        return true;
    }
    if strays.insert(text.clone()) {
        let place = Place::file(reader.source.path.clone());
        let problem =
            Diagnostic::error(Code::SIDECAR_WITHOUT_TEXT, place, format!("there is no text `{text}`"));
        let problem = match suggest::nearest_id(text, texts.keys().copied()) {
            Some(near) => problem.help(format!("did you mean `annotations/{near}/`?")),
            None => problem,
        };
        reader.problems.push(problem.help(format!(
            "the folder of a note is the id of its text: `annotations/{text}/` is for `content/{text}.txt`"
        )));
    }
    false
}

fn find<'a>(terms: &'a [Term], slug: &str) -> Option<&'a Term> {
    terms.binary_search_by(|term| term.slug.as_str().cmp(slug)).ok().map(|i| &terms[i])
}

/// A speaker is a term of kind person, or a body.
fn check_speakers(all: &mut Annotations, problems: &mut Vec<Diagnostic>) {
    let terms = &all.terms;
    for apparatus in &mut all.apparatuses {
        let source = &apparatus.source;
        let mut speaks = |speaker: &Speaker, place: Place| {
            let slugs = speaker.each().iter().filter_map(|one| match one {
                Speaker::Term(slug) => Some(slug),
                Speaker::Name(_) | Speaker::Several(_) => None,
            });
            let mut others = slugs.filter(|slug| {
                find(&terms.raw, slug).is_some_and(|term| !matches!(&*term.kind, "person" | "body"))
            });
            let Some(slug) = others.next() else { return true };
            let other = find(&terms.raw, slug).filter(|term| !matches!(&*term.kind, "person" | "body"));
            let Some(term) = other else { return true };
            let message =
                format!("the speaker `{slug}` is neither a person nor a body, but of kind `{}`", term.kind);
            problems.push(
                Diagnostic::error(Code::BAD_VALUE, place, message)
                    .related(term.source.start(), "the term")
                    .help("name a term of kind `person` or `body`, or write the name as it is to be shown"),
            );
            false
        };
        for row in &mut apparatus.structure {
            let speaker = row.part.speaker.take();
            row.part.speaker = speaker.filter(|speaker| speaks(speaker, source.place(row.selector.span)));
        }
        apparatus.speakers.retain(|(_, speaker)| speaks(speaker, source.start()));
        apparatus.speaker_of.retain(|(_, speaker)| speaks(&speaker.value, source.place(speaker.span)));
    }
}

/// A row that names a sense names one that is there.
fn check_meanings(all: &Annotations, problems: &mut Vec<Diagnostic>) {
    for apparatus in &all.apparatuses {
        for row in &apparatus.terms {
            let Meaning::Some(name) = &row.is else { continue };
            problems.extend(
                lineage::find(&all.terms, name)
                    .err()
                    .map(|unknown| unknown.problem(apparatus.source.place(row.span))),
            );
        }
    }
}

/// A note that says something names what it rests on, where the archive wants that; who asks need not.
fn check_sources(notes: &[Note], wanted: Sources, problems: &mut Vec<Diagnostic>) {
    let problem = match wanted {
        Sources::Optional => return,
        Sources::Expected => Diagnostic::warning,
        Sources::Required => Diagnostic::error,
    };
    let says = |note: &&Note| note.kind != "question" && !note.body.text.trim().is_empty();
    for note in notes.iter().filter(says).filter(|note| note.sources.is_empty()) {
        problems.push(
            problem(Code::SOURCES_MISSING, note.source.start(), "the note does not say what it rests on".to_owned())
                .help("add `sources = [{ title = \"…\", url = \"https://…\" }]` to its front matter, or make it a `question`"),
        );
    }
}

/// A topic is not its own ancestor. A cycle is cut where it is reported, so that
/// whoever climbs from topic to topic comes to an end.
fn check_parents(topics: &mut TiSlice<TopicIx, Topic>, problems: &mut Vec<Diagnostic>) {
    let index: BTreeMap<String, TopicIx> =
        topics.iter_enumerated().map(|(i, topic)| (topic.slug.clone(), i)).collect();
    // The climb in which a topic was passed, from 1; 0 for never.
    let mut climbed: TiVec<TopicIx, usize> = vec![0; topics.len()].into();
    for (start, climb) in topics.keys().zip(1..) {
        let mut at = Some(start);
        while let Some(i) = at.filter(|&i| climbed[i] == 0 || climbed[i] == climb) {
            if climbed[i] == climb {
                problems.extend(cycle(topics, &index, i));
                topics[i].parent = None;
                break;
            }
            climbed[i] = climb;
            at = parent(topics, &index, i);
        }
    }
}

fn parent(
    topics: &TiSlice<TopicIx, Topic>,
    index: &BTreeMap<String, TopicIx>,
    of: TopicIx,
) -> Option<TopicIx> {
    index.get(&topics[of].parent.as_ref()?.value).copied()
}

/// The problem of a topic that is above itself, with the way round.
fn cycle(
    topics: &TiSlice<TopicIx, Topic>,
    index: &BTreeMap<String, TopicIx>,
    start: TopicIx,
) -> Option<Diagnostic> {
    let topic = &topics[start];
    let span = topic.parent.as_ref()?.span;
    let mut chain = format!("`{}`", topic.slug);
    let mut at = parent(topics, index, start);
    while let Some(i) = at {
        chain.push_str(&format!(" under `{}`", topics[i].slug));
        at = parent(topics, index, i).filter(|_| i != start);
    }
    let message = format!("the topic `{}` is above itself", topic.slug);
    Some(
        Diagnostic::error(Code::PARENT_CYCLE, topic.source.place(span), message)
            .label(chain)
            .help("take one `parent` of the circle away"),
    )
}

/// Old names of terms, topics, contributors and notes.
fn check_old_names(
    all: &mut Annotations,
    names: &Names<'_>,
    archive: &Archive,
    problems: &mut Vec<Diagnostic>,
) {
    let terms = all.terms.iter().flat_map(|term| old(&term.source, &term.was));
    problems.extend(name::check_old(names.all(Of::Term), terms));
    let topics = all.topics.iter().flat_map(|topic| old(&topic.source, &topic.was));
    problems.extend(name::check_old(names.all(Of::Topic), topics));
    let people = all.contributors.iter().flat_map(|person| old(&person.source, &person.was));
    problems.extend(name::check_old(names.all(Of::Contributor), people));

    let mut live: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for sidecar in &archive.sidecars {
        if let SidecarKind::Note { text, slug } = &sidecar.kind {
            live.entry(text).or_default().insert(slug, &sidecar.source.path);
        }
    }
    for notes in all.notes.chunk_by_mut(|a, b| a.text == b.text) {
        let Some(live) = notes.first().and_then(|note| live.get(&*note.text)) else { continue };
        let wrong = name::check_old(live, notes.iter().flat_map(|note| old(&note.source, &note.was)));
        // What is refused is no id on the page.
        for note in notes {
            let source = note.source.clone();
            note.was.retain(|was| wrong.iter().all(|problem| problem.place != source.place(was.span)));
        }
        problems.extend(wrong);
    }
}

fn old<'a>(source: &'a Source, was: &'a [Located<String>]) -> impl Iterator<Item = (String, Place)> + 'a {
    was.iter().map(|was| (was.value.clone(), source.place(was.span)))
}
