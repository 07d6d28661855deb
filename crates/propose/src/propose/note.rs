//! A note: from words that somebody points at to the file that says so.

use super::prove::{self, Text};
use super::toml::Keys;
use super::{File, Refused};
use postil_anchor::anchor::Passage;
use postil_anchor::anchor::finder::{Finder, Wanted, Wording};
use postil_anchor::annotation;
use postil_anchor::document::Document;
use postil_archive::archive::{Archive, name};

/// What somebody wants to note.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The words, read as the block quote of a note is.
    pub words: String,
    /// Which of several places, from 1.
    pub nth: Option<usize>,
    /// Who writes: names or slugs.
    pub by: Vec<String>,
    /// What it finds, in a few words.
    pub title: Option<String>,
    /// The kind, if not the archive's first.
    pub kind: Option<String>,
    /// Slugs of topics.
    pub topics: Vec<String>,
    /// The file's name; from the words if not given.
    pub slug: Option<String>,
    /// What it says; may be empty, for somebody to write later.
    pub body: String,
}

/// One of several places, for a person to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Number of the block in which it begins.
    pub block: u32,
    /// Line of the raw text in which the block begins.
    pub line: u32,
    /// The words before.
    pub before: String,
    /// The words.
    pub words: String,
    /// The words after.
    pub after: String,
}

/// Words shown on each side of a place.
const AROUND: usize = 8;
/// Words of the text that become a slug, and how long it may be.
const SLUG_WORDS: usize = 5;
const SLUG_LENGTH: usize = 40;

/// The file of a note that stands on exactly the words that are wished for.
///
/// # Errors
/// The words stand nowhere, or in several places and none was chosen; a name in
/// the wish is unknown; the slug is taken.
pub fn note(archive: &mut Archive, text: &Text, wish: &Wish) -> Result<File, Refused> {
    // What is wrong with other files does not matter here.
    let all = annotation::parse(archive).value;
    let (passage, wording) = text.with_finder(&all, |finder| {
        let passage = choose(finder, &text.doc, &wish.words, wish.nth)?;
        let wording = finder.quotation_for(&passage).ok_or_else(|| cannot_write(&passage, &text.doc))?;
        Ok((passage, wording))
    })?;
    let slug = slug(archive, text, wish, &passage)?;
    let path = path(text, &slug);
    prove::slug(&slug)?;
    let file = File { text: write(&wording, wish), path };
    let (problems, all) = prove::problems(archive, &file, &[text])?;
    prove::proved(problems)?;
    if prove::places(text, &all, &file.path) != [passage.clone()] {
        return Err(cannot_write(&passage, &text.doc));
    }
    Ok(file)
}

/// The one place of some words, or the one that was chosen.
pub(super) fn choose(
    finder: &Finder<'_>,
    doc: &Document,
    words: &str,
    nth: Option<usize>,
) -> Result<Passage, Refused> {
    let places = finder.find(words).map_err(|problem| Refused::Wrong(vec![*problem]))?;
    let count = places.len();
    match (nth, &places[..]) {
        (None, [one]) => Ok(one.clone()),
        (None, several) => Err(Refused::Several(several.iter().map(|p| spot(finder, doc, p)).collect())),
        (Some(nth), _) => places.into_iter().nth(nth.wrapping_sub(1)).ok_or_else(|| {
            let places = if count == 1 { "1 place".to_owned() } else { format!("{count} places") };
            Refused::because(
                format!("there is no place {nth}, since the words stand in {places} of `{}`", doc.id),
                "places are counted from 1, in reading order",
            )
        }),
    }
}

pub(super) fn spot(finder: &Finder<'_>, doc: &Document, passage: &Passage) -> Spot {
    let block = doc.block_at(passage.start());
    let (before, after) = finder.around(passage, AROUND);
    Spot { block: block.number, line: block.lines.0, before, words: passage.words(doc), after }
}

pub(super) fn cannot_write(passage: &Passage, doc: &Document) -> Refused {
    let number = doc.block_at(passage.start()).number;
    Refused::because(
        format!("no quotation means these words of p{number} alone"),
        "choose other words, or a whole sentence",
    )
}

/// The name of the file: as wished, or from the words, with a number if it is taken.
fn slug(archive: &Archive, text: &Text, wish: &Wish, passage: &Passage) -> Result<String, Refused> {
    if let Some(slug) = &wish.slug {
        if is_taken(archive, text, slug) {
            return Err(Refused::because(
                format!("`{}` has a note `{slug}` already", text.doc.id),
                "choose another name with `--slug`",
            ));
        }
        return Ok(slug.clone());
    }
    let is_taken = |slug: &str| is_taken(archive, text, slug);
    Ok(free_slug(&base_slug(text, Some(passage), ""), &mut 1, is_taken))
}

/// The name of a note before it is known whether another note has it: made of the words that it
/// stands on. Words without a Latin letter give none, and the browser has no table of all scripts:
/// then it is the block's number, or of a note on the whole text what it says.
pub(super) fn base_slug(text: &Text, passage: Option<&Passage>, body: &str) -> String {
    let first = |words: &str| words.split_whitespace().take(SLUG_WORDS).collect::<Vec<_>>().join(" ");
    let mut slug = match passage {
        Some(passage) => name::latin_slug(&first(&passage.words(&text.doc)))
            .unwrap_or_else(|| format!("p{}", text.doc.block_at(passage.start()).number)),
        None => name::some_slug(&first(body)).unwrap_or_else(|| "on-the-text".to_owned()),
    };
    name::shorten(&mut slug, SLUG_LENGTH);
    slug
}

/// The name with the first number from `number` on that nobody has; the number is kept there.
pub(super) fn free_slug(base: &str, number: &mut usize, is_taken: impl Fn(&str) -> bool) -> String {
    loop {
        let slug = if *number == 1 { base.to_owned() } else { format!("{base}-{number}") };
        if !is_taken(&slug) && name::refuse_slug(&slug).is_none() {
            return slug;
        }
        *number += 1;
    }
}

/// Whether a note of the text has this name.
pub(super) fn is_taken(archive: &Archive, text: &Text, slug: &str) -> bool {
    archive.has_sidecar(&path(text, slug))
}

/// The file of a note.
pub(super) fn path(text: &Text, slug: &str) -> String {
    format!("annotations/{}/{slug}.md", text.doc.id)
}

/// The keys of a selector, as far as its words do not stand in a block quote.
pub(super) fn add_selector(keys: &mut Keys, wording: &Wording) {
    if let Wanted::Literal { quote, prefix, suffix } = &wording.words {
        let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        keys.string("quote", quote);
        keys.maybe("prefix", some(prefix).as_deref()).maybe("suffix", some(suffix).as_deref());
    }
    if let Some(at) = wording.at {
        keys.string("at", &format!("p{at}"));
    }
    if let Some(nth) = wording.nth {
        keys.raw("nth", nth.to_string());
    }
}

/// What the file holds: front matter, quotation, body.
pub fn write(wording: &Wording, wish: &Wish) -> String {
    let mut keys = Keys::default();
    keys.strings("by", &wish.by)
        .maybe("title", wish.title.as_deref())
        .maybe("kind", wish.kind.as_deref())
        .strings("topics", &wish.topics);
    add_selector(&mut keys, wording);
    let quotation = match &wording.words {
        Wanted::Quotation(words) => {
            let lines: Vec<String> = words.lines().map(|line| format!("> {line}\n")).collect();
            format!("{}\n", lines.join(">\n"))
        }
        Wanted::Literal { .. } => String::new(),
    };
    let body = wish.body.trim();
    let body = if body.is_empty() { String::new() } else { format!("{body}\n") };
    let text = format!("+++\n{}+++\n{quotation}{body}", keys.plain());
    format!("{}\n", text.trim_end())
}
