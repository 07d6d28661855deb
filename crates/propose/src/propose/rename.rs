//! A term, topic, text, note or contributor under another name, with everything that names it.
//!
//! Comes in: an archive, what is to be renamed. Goes out: the files as they would be, and where
//! they would lie ([`Renamed`]). The old name goes into `was`, so that old addresses lead on. A
//! raw text is moved, its bytes are not touched. Nothing is written here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::toml::Root;
use super::{File, Refused};
use postil_anchor::annotation::references::{Named, Reference, references};
use postil_archive::archive::{Archive, SidecarKind, name};
use postil_archive::diagnostic::{Code, Diagnostic, Edit, Severity, Source, fix};
use postil_archive::sidecar::{front_matter, suggest};

/// What is to have another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A term of the glossary.
    Term,
    /// A topic.
    Topic,
    /// A text.
    Text,
    /// A note.
    Note,
    /// A contributor.
    Contributor,
}

impl Kind {
    /// What one of them is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Topic => "topic",
            Self::Text => "text",
            Self::Note => "note",
            Self::Contributor => "contributor",
        }
    }

    /// The slug of a sidecar of this kind; of a note with the id of its text before it.
    fn name_of(self, sidecar: &SidecarKind) -> Option<String> {
        match (self, sidecar) {
            (Self::Term, SidecarKind::Term(slug))
            | (Self::Topic, SidecarKind::Topic(slug))
            | (Self::Contributor, SidecarKind::Contributor(slug)) => Some(slug.clone()),
            (Self::Note, SidecarKind::Note { text, slug }) => Some(format!("{text}/{slug}")),
            _ => None,
        }
    }
}

/// What a renaming comes to.
#[derive(Debug, Default)]
pub struct Renamed {
    /// The name as it was, and as it is to be; of a note with the id of its text before it.
    pub names: (String, String),
    /// Files that get another text: path to text as it was and as it is to be.
    pub files: BTreeMap<String, (String, String)>,
    /// Files that lie elsewhere: path as it was to path as it is to be.
    pub moves: BTreeMap<String, String>,
    /// A record that is new, since a text without one cannot say what it was called.
    pub record: Option<File>,
    /// In how many places it is named.
    pub references: usize,
}

/// Renames something. `problems` are those of the archive as it is.
///
/// # Errors
/// There is no such thing; the new name is none that it can have, or is taken; a file that may name
/// it cannot be read.
pub fn rename(
    archive: &Archive,
    problems: &[Diagnostic],
    kind: Kind,
    old: &str,
    new: &str,
) -> Result<Renamed, Refused> {
    let old = find(archive, kind, old)?;
    let new = full_name(kind, &old, new)?;
    if old == new {
        return Err(Refused::because(
            format!("the {} is called `{new}` already", kind.word()),
            "give it another name",
        ));
    }
    let mut renamed = Renamed { names: (old.clone(), new.clone()), ..Renamed::default() };
    renamed.moves = moves(archive, kind, &old, &new);
    for path in renamed.moves.values() {
        illegal(path, &new)?;
    }
    is_free(archive, kind, &new)?;

    let named = match kind {
        Kind::Term => Named::Term(&old),
        Kind::Topic => Named::Topic(&old),
        Kind::Text => Named::Text(&old),
        Kind::Contributor => Named::Contributor(&old),
        Kind::Note => {
            old.rsplit_once('/').map(|(text, slug)| Named::Note(text, slug)).expect("it has a text")
        }
    };
    let (old_slug, new_slug) = match kind {
        Kind::Note => (last(&old), last(&new)),
        _ => (old.as_str(), new.as_str()),
    };
    is_readable(archive, problems, old_slug)?;

    let mut edits: BTreeMap<Arc<str>, (Arc<Source>, Vec<Edit>)> = BTreeMap::new();
    let mut add = |source: &Arc<Source>, edit: Edit| {
        edits.entry(source.path.clone()).or_insert_with(|| (source.clone(), Vec::new())).1.push(edit);
    };
    for Reference { source, span } in references(archive, named) {
        if source.text.get(span.range()) != Some(old_slug) {
            let place = source.place(span);
            return Err(Refused::because(
                format!("`{}:{}` names it in another way of writing", place.path, place.line),
                format!("write `{old_slug}` there as it is, without escapes, and run this again"),
            ));
        }
        add(&source, source.edit(span, new_slug));
        renamed.references += 1;
    }
    match own_file(archive, kind, &old) {
        Some(source) => {
            let edit = Root::of(&source, front(&source)).and_then(|root| root.called(old_slug, new_slug));
            let Some(edit) = edit else {
                return Err(Refused::because(
                    format!("`{}` cannot be read", source.path),
                    "`postil check` says why",
                ));
            };
            add(&source, edit);
        }
        None => {
            let text = format!("was = [\"{old}\"]\n");
            renamed.record = Some(File { path: format!("content/{new}.toml"), text });
        }
    }
    for (path, (source, edits)) in edits {
        let edits: Vec<&Edit> = edits.iter().collect();
        let text = fix::apply(&source.text, &edits).expect("names do not overlap");
        renamed.files.insert(path.to_string(), (source.text.clone(), text));
    }
    Ok(renamed)
}

/// The part of a name behind its last `/`.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Everything of a kind that has a name.
fn names(archive: &Archive, kind: Kind) -> Vec<String> {
    match kind {
        Kind::Text => archive.texts.iter().map(|text| text.id.to_string()).collect(),
        _ => archive.sidecars.iter().filter_map(|sidecar| kind.name_of(&sidecar.kind)).collect(),
    }
}

/// What is meant: by its name, by the path of its file, or a note by its slug if only one has it.
fn find(archive: &Archive, kind: Kind, name: &str) -> Result<String, Refused> {
    let all = names(archive, kind);
    let path = name.replace('\\', "/");
    let path = path.trim_start_matches("./");
    let by_path = || {
        let text = archive.texts.iter().find(|text| kind == Kind::Text && *text.path == *path);
        let sidecar = archive.sidecars.iter().find(|sidecar| *sidecar.source.path == *path);
        text.map(|text| text.id.to_string()).or_else(|| kind.name_of(&sidecar?.kind))
    };
    let by_slug = || {
        let mut notes = all.iter().filter(|one| kind == Kind::Note && last(one) == path);
        let first = notes.next()?;
        notes.next().is_none().then(|| first.clone())
    };
    let known = all.iter().find(|one| *one == path).cloned();
    known.or_else(by_path).or_else(by_slug).ok_or_else(|| {
        let why = format!("there is no {} `{name}`", kind.word());
        let options = || all.iter().map(String::as_str);
        let near = suggest::nearest_id(path, options()).map(|near| format!("did you mean `{near}`?"));
        let help = near.or_else(|| suggest::few(options())).unwrap_or_else(|| match kind {
            Kind::Text => {
                "a text is named by the path of its file below `content/`, without the ending".into()
            }
            Kind::Note => {
                "a note is named `ID/slug`: the id of its text, and its file name without the ending".into()
            }
            _ => format!("a {} is named by its file name, without the ending", kind.word()),
        });
        Refused::because(why, help)
    })
}

/// The new name as the old one is written: that of a note with its text.
fn full_name(kind: Kind, old: &str, new: &str) -> Result<String, Refused> {
    let Some((text, _)) = old.rsplit_once('/').filter(|_| kind == Kind::Note) else {
        return Ok(new.to_owned());
    };
    match new.rsplit_once('/') {
        None => Ok(format!("{text}/{new}")),
        Some((of, _)) if of == text => Ok(new.to_owned()),
        Some((_, slug)) => Err(Refused::because(
            format!("a note of `{text}` stays with its text"),
            format!("give the slug alone: `{slug}`"),
        )),
    }
}

/// Where the files go.
fn moves(archive: &Archive, kind: Kind, old: &str, new: &str) -> BTreeMap<String, String> {
    let mut moves = BTreeMap::new();
    let file = |path: &str, slug: &str| {
        let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
        let ending = path.rsplit('.').next().unwrap_or_default();
        format!("{folder}{slug}.{ending}")
    };
    let Kind::Text = kind else {
        let own = archive.sidecars.iter().find(|sidecar| kind.name_of(&sidecar.kind).as_deref() == Some(old));
        moves.extend(own.map(|own| (own.source.path.to_string(), file(&own.source.path, last(new)))));
        return moves;
    };
    if let Some(text) = archive.text(old) {
        let ending = text.path.rsplit('.').next().unwrap_or_default();
        moves.insert(text.path.to_string(), format!("content/{new}.{ending}"));
        moves.extend(
            text.record.iter().map(|record| (record.path.to_string(), format!("content/{new}.toml"))),
        );
    }
    for sidecar in &archive.sidecars {
        let (SidecarKind::Note { text, .. }
        | SidecarKind::Apparatus { text }
        | SidecarKind::Derived { text }) = &sidecar.kind
        else {
            continue;
        };
        if **text == *old {
            let path = &sidecar.source.path;
            moves.insert(path.to_string(), format!("annotations/{new}/{}", last(path)));
        }
    }
    moves
}

/// The file that says what it was called: a sidecar, or the record of a text if it has one.
fn own_file(archive: &Archive, kind: Kind, old: &str) -> Option<Arc<Source>> {
    if kind == Kind::Text {
        return archive.text(old)?.record.clone();
    }
    let own = archive.sidecars.iter().find(|sidecar| kind.name_of(&sidecar.kind).as_deref() == Some(old));
    own.map(|own| own.source.clone())
}

/// The TOML of a file: its front matter, or all of it.
fn front(source: &Source) -> Option<std::ops::Range<usize>> {
    if source.path.ends_with(".md") {
        return Some(front_matter::split(source).ok()??.toml.range());
    }
    Some(0..source.text.len())
}

/// Refuses a path that no file of an archive can have, and offers a name that one can.
fn illegal(path: &str, new: &str) -> Result<(), Refused> {
    let fault = |path: &str| {
        let files = BTreeMap::from([(path.to_owned(), Vec::new())]);
        let found = Archive::from_memory(files, &Default::default());
        let mut problems = found.problems.into_iter().chain(found.value.unexpected);
        let of_name = |problem: &Diagnostic| {
            *problem.place.path == *path
                && matches!(problem.code, Code::BAD_NAME | Code::RESERVED_NAME | Code::UNEXPECTED_FILE)
        };
        problems.find(|problem| of_name(problem))
    };
    let Some(problem) = fault(path) else { return Ok(()) };
    let offered: Vec<String> = new.split('/').map(name::slug).collect();
    let offered = offered.join("/");
    let other = path.replacen(new, &offered, 1);
    let help = if offered != new && fault(&other).is_none() {
        format!("a name that it can have is `{}`", last_of_note(path, &offered))
    } else {
        problem.help.join("; ")
    };
    Err(Refused::because(problem.message, help))
}

/// Of a note only the slug is given.
fn last_of_note<'n>(path: &str, name: &'n str) -> &'n str {
    if path.ends_with(".md") && path.starts_with("annotations/") { last(name) } else { name }
}

/// Refuses a name that something has, or had.
fn is_free(archive: &Archive, kind: Kind, new: &str) -> Result<(), Refused> {
    let taken = |path: &str| {
        Err(Refused::because(
            format!("there is a {} `{new}` already: `{path}`", kind.word()),
            "choose another name, or rename that one first",
        ))
    };
    if kind == Kind::Text {
        if let Some(text) = archive.text(new) {
            return taken(&text.path);
        }
        let stray = archive.sidecars.iter().find(|sidecar| match &sidecar.kind {
            SidecarKind::Note { text, .. }
            | SidecarKind::Apparatus { text }
            | SidecarKind::Derived { text } => **text == *new,
            _ => false,
        });
        return stray.map_or(Ok(()), |stray| {
            Err(Refused::because(
                format!("`{}` would become a file of this text", stray.source.path),
                "move it away first",
            ))
        });
    }
    let own = archive.sidecars.iter().find(|sidecar| kind.name_of(&sidecar.kind).as_deref() == Some(new));
    own.map_or(Ok(()), |own| taken(&own.source.path))
}

/// What keeps a file, or a part of it, from being read.
const UNREAD: [Code; 5] =
    [Code::TOML_SYNTAX, Code::FRONT_MATTER, Code::MISSING_KEY, Code::UNKNOWN_KEY, Code::BAD_VALUE];

/// Refuses where a file that cannot be read whole may name it.
fn is_readable(archive: &Archive, problems: &[Diagnostic], old: &str) -> Result<(), Refused> {
    let records = archive.texts.iter().filter_map(|text| text.record.as_ref());
    let sidecars = archive.sidecars.iter().map(|sidecar| &sidecar.source);
    let pages = archive.pages.iter().map(|page| &page.source);
    let files: BTreeMap<&str, &Source> =
        records.chain(sidecars).chain(pages).map(|source| (&*source.path, &**source)).collect();
    let of_name = |c: char| c.is_alphanumeric() || c == '-';
    let has = |source: &&Source| {
        source.text.match_indices(old).any(|(at, _)| {
            let (before, after) = (&source.text[..at], &source.text[at + old.len()..]);
            !before.ends_with(of_name) && !after.starts_with(of_name)
        })
    };
    let unread = problems.iter().find(|problem| {
        let error = problem.severity == Severity::Error && UNREAD.contains(&problem.code);
        error && files.get(&*problem.place.path).is_some_and(has)
    });
    let Some(problem) = unread else { return Ok(()) };
    Err(Refused::because(
        format!("`{}` cannot be read whole, and may name `{old}`", problem.place.path),
        "mend it first: `postil check` says what is wrong",
    ))
}
