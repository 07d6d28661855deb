//! A term, topic, link or contributor.

use super::prove::{self, Text};
use super::toml::Keys;
use super::{File, Refused, note};
use postil_anchor::anchor::fold::fold;
use postil_anchor::annotation::{self, Annotations};
use postil_archive::archive::{Archive, SidecarKind, name};

/// What somebody wants to add.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The name as shown.
    pub name: String,
    /// The file's name; from the name if not given.
    pub slug: Option<String>,
    /// What it is.
    pub kind: Kind,
}

/// What is to be added, with what its file says besides the name.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A term of the glossary.
    Term {
        /** body, law, person, … */
        kind: String,
        /** further forms */
        forms: Vec<String>,
        /** what it is; may be empty, for somebody to write later */
        definition: String,
    },
    /// A topic.
    Topic {
        /** what belongs to it */
        scope: Option<String>,
        /** passages that do */
        passages: Vec<Quoted>,
    },
    /// A relation between passages.
    Link {
        /** follows, revises, answers, … */
        relation: String,
        /** the passages, two or more */
        ends: Vec<Quoted>,
        /** who says so */
        by: Vec<String>,
    },
    /// Somebody who writes.
    Contributor {
        /** where they work */
        affiliation: Option<String>,
        /** in which role they write */
        role: Option<String>,
        /** their page */
        url: Option<String>,
    },
}

/// Words of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Index of the text among those given.
    pub text: usize,
    /// The words.
    pub words: String,
    /// Which of several places, from 1.
    pub nth: Option<usize>,
}

impl Kind {
    /// The words of texts that its file quotes.
    pub fn quoted(&mut self) -> &mut [Quoted] {
        match self {
            Self::Topic { passages, .. } => passages,
            Self::Link { ends, .. } => ends,
            Self::Term { .. } | Self::Contributor { .. } => &mut [],
        }
    }

    /// The folder of such files.
    fn folder(&self) -> &'static str {
        match self {
            Self::Term { .. } => "glossary",
            Self::Topic { .. } => "topics",
            Self::Link { .. } => "links",
            Self::Contributor { .. } => "contributors",
        }
    }

    /// What one of them is called.
    fn word(&self) -> &'static str {
        match self {
            Self::Term { .. } => "term",
            Self::Topic { .. } => "topic",
            Self::Link { .. } => "link",
            Self::Contributor { .. } => "contributor",
        }
    }

    /// Whether a sidecar is of this kind and has this slug.
    fn is(&self, sidecar: &SidecarKind, slug: &str) -> bool {
        let same = matches!(
            (self, sidecar),
            (Self::Term { .. }, SidecarKind::Term(_))
                | (Self::Topic { .. }, SidecarKind::Topic(_))
                | (Self::Link { .. }, SidecarKind::Link(_))
                | (Self::Contributor { .. }, SidecarKind::Contributor(_))
        );
        same && sidecar.slug() == Some(slug)
    }
}

/// The file of an entry. `texts` are those that it quotes.
///
/// # Errors
/// Its name is taken; the words it quotes stand nowhere, or in several places; a
/// name is unknown.
pub fn entry(archive: &mut Archive, texts: &[Text], wish: &Wish) -> Result<File, Refused> {
    if wish.name.trim().is_empty() {
        let why = format!("a {} without a name says nothing", wish.kind.word());
        return Err(Refused::because(why, "give its name in quotation marks: `\"like this\"`"));
    }
    // What is wrong with other files does not matter here.
    let all = annotation::parse(archive).value;
    let slug = slug(archive, &all, wish)?;
    let path = format!("annotations/{}/{slug}.toml", wish.kind.folder());
    prove::slug(&slug)?;
    let file = File { text: write(&all, texts, wish)?, path };
    let texts: Vec<&Text> = texts.iter().collect();
    let (problems, _) = prove::problems(archive, &file, &texts)?;
    prove::proved(problems)?;
    Ok(file)
}

/// Where words stand, if in several places and none is chosen yet. That they stand
/// nowhere is for [`entry`] to tell.
pub fn several(archive: &Archive, texts: &[Text], quoted: &Quoted) -> Vec<note::Spot> {
    let all = annotation::parse(archive).value;
    let text = &texts[quoted.text];
    let found = text.with_finder(&all, |finder| note::choose(finder, &text.doc, &quoted.words, quoted.nth));
    if let Err(Refused::Several(spots)) = found { spots } else { Vec::new() }
}

/// The name of the file. A name that is taken is somebody's mistake: the same
/// thing twice; so no number is added, but where the name gives no letter for one.
fn slug(archive: &Archive, all: &Annotations, wish: &Wish) -> Result<String, Refused> {
    let path = |slug: &str| format!("annotations/{}/{slug}.toml", wish.kind.folder());
    let numbered = || {
        let slugs = (1..).map(|n| format!("{}-{n}", wish.kind.word()));
        slugs.into_iter().find(|slug| !archive.has_sidecar(&path(slug))).expect("numbers do not end")
    };
    let of_name = || name::some_slug(&wish.name).unwrap_or_else(numbered);
    let slug = wish.slug.clone().unwrap_or_else(of_name);
    let taken = archive.sidecars.iter().find(|sidecar| wish.kind.is(&sidecar.kind, &slug));
    let is_term = matches!(wish.kind, Kind::Term { .. });
    if let Some(taken) = taken {
        let more = if is_term { "another meaning of it is a `[[sense]]` there" } else { "add to it" };
        return Err(Refused::because(
            format!("`{}` is there already", taken.source.path),
            format!("{more}; or choose another name with `--slug`"),
        ));
    }
    if is_term && wish.slug.is_none() {
        let form = fold(&wish.name);
        let has = |term: &&annotation::Term| {
            std::iter::once(&term.term).chain(&term.forms).any(|other| fold(&other.value) == form)
        };
        if let Some(term) = all.terms.iter().find(has) {
            return Err(Refused::because(
                format!("the term `{}` has the form `{}` already", term.slug, wish.name),
                format!(
                    "another meaning of it is a `[[sense]]` of `{}`; for another thing of the same name, say `--slug {slug}`",
                    term.source.path
                ),
            ));
        }
    }
    Ok(slug)
}

fn write(all: &Annotations, texts: &[Text], wish: &Wish) -> Result<String, Refused> {
    let mut keys = Keys::default();
    let rows = match &wish.kind {
        Kind::Term { kind, forms, definition } => {
            keys.string("term", &wish.name).string("kind", kind);
            keys.strings("forms", forms).string("definition", definition);
            String::new()
        }
        Kind::Topic { scope, passages } => {
            keys.string("title", &wish.name).maybe("scope", scope.as_deref());
            rows("passage", all, texts, passages)?
        }
        Kind::Link { relation, ends, by } => {
            if ends.len() < 2 {
                return Err(Refused::because(
                    format!("a link has two ends or more, this one has {}", ends.len()),
                    "name each passage by `--end TEXT \"words\"`",
                ));
            }
            keys.string("title", &wish.name).string("relation", relation).strings("by", by);
            rows("end", all, texts, ends)?
        }
        Kind::Contributor { affiliation, role, url } => {
            keys.string("name", &wish.name).maybe("affiliation", affiliation.as_deref());
            keys.maybe("role", role.as_deref()).maybe("url", url.as_deref());
            String::new()
        }
    };
    Ok(keys.aligned() + &rows)
}

/// A table for each passage.
fn rows(table: &str, all: &Annotations, texts: &[Text], quoted: &[Quoted]) -> Result<String, Refused> {
    let mut rows = String::new();
    for Quoted { text, words, nth } in quoted {
        let text = &texts[*text];
        let wording = text.with_finder(all, |finder| {
            let passage = note::choose(finder, &text.doc, words, *nth)?;
            finder.keys_for(&passage).ok_or_else(|| note::cannot_write(&passage, &text.doc))
        })?;
        let mut keys = Keys::default();
        keys.string("text", &text.doc.id);
        note::add_selector(&mut keys, &wording);
        rows.push_str(&format!("\n[[{table}]]\n{}", keys.aligned()));
    }
    Ok(rows)
}
