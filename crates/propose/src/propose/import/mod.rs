//! Notes that were written with other tools.
//!
//! Comes in: a file of such a tool. Goes out: the files of notes, in the form
//! with keys, and whatever could not become one, with the reason. What another
//! tool quotes is looked for as any quotation is: it stands exactly there, or it
//! is left for a person to decide.
//!
//! Steps: the file is read ([`hypothesis`], [`w3c`]); each annotation finds its
//! text and its place, without what postil itself had put between the words of its page ([`own`]);
//! all files are read back as a build would read them. What stands nowhere may become a draft, on
//! the words that are nearest, for a person to look at.

pub mod glossary;
mod hypothesis;
mod own;
mod place;
mod w3c;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::own::Own;
use self::place::Places;
use super::prove::{self, Text};
use super::toml::{Keys, Root};
use super::{File, Refused, note};
use postil_anchor::anchor::finder::{Finder, Wanted, Wording};
use postil_anchor::anchor::fold::fold;
use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::{self, Passage};
use postil_anchor::annotation::{self, Annotations, By, Note};
use postil_anchor::document::{self, TextRange, record};
use postil_archive::archive::{Archive, name};
use postil_archive::diagnostic::{Code, Diagnostic, Error, Severity, Source, fix};
use postil_archive::index::{NoteIx, TextIx};
use postil_archive::sidecar::date::Date;
use postil_archive::sidecar::{front_matter, written};

/// Which tool wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Hypothesis: its export, or an answer of its programming interface.
    Hypothesis,
    /// Any that writes W3C Web Annotations in JSON-LD.
    W3c,
}

/// An annotation of another tool, as far as a note can say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreign {
    /// What its own file calls it.
    pub label: String,
    /// Its address, if it has one.
    pub address: Option<String>,
    /// What tells it from all others, if its file says it.
    pub id: Option<String>,
    /// Addresses of what it is about.
    pub sources: Vec<String>,
    /// What it quotes; nothing if it is about the whole.
    pub quotes: Vec<Quote>,
    /// What it says, in Markdown.
    pub body: String,
    /// Words that sort it.
    pub tags: Vec<String>,
    /// What it rests on: title and address.
    pub cited: Vec<(String, Option<String>)>,
    /// What it is called, if it has a title.
    pub title: Option<String>,
    /// Who wrote it.
    pub by: Vec<String>,
    /// When.
    pub date: Option<Date>,
    /// Whether it asks something.
    pub asks: bool,
    /// Why it cannot be a note, if that is clear from its own file.
    pub no_note: Option<String>,
}

/// Words of a text with their neighbours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub exact: String,
    /// What stands before them; may be cut anywhere.
    pub prefix: String,
    /// What stands after them.
    pub suffix: String,
    /// From where to where they stand in the raw file, in characters, if it is that which is quoted.
    pub position: Option<(usize, usize)>,
}

/// What goes for all annotations of a file.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The text, if it is one and known.
    pub text: Option<String>,
    /// Who wrote what names nobody.
    pub by: Option<String>,
    /// Whether tags that are no topic become topics.
    pub topics: bool,
}

/// What came of a file.
#[derive(Debug, Default)]
pub struct Imported {
    /// Notes, in the order of the file.
    pub files: Vec<File>,
    /// Notes that are there already and get topics: path to text as it was and as it is to be.
    pub changed: BTreeMap<String, (String, String)>,
    /// What is in the archive already: what its file calls it, and the path.
    pub known: Vec<(String, String)>,
    /// Notes that somebody has changed since, and that stay: what its file calls it, and the path.
    pub kept: Vec<(String, String)>,
    /// What could not become a note: what its file calls it, and why.
    pub left: Vec<(String, Refused)>,
    /// Tags that are no topic of the archive.
    pub unknown_tags: BTreeSet<String>,
    /// Topics that were made of tags.
    pub topics: Vec<File>,
    /// Notes on the words that are nearest to what does not stand in its text, for a person to look at.
    pub drafts: Vec<File>,
}

/// Reads the annotations of a file.
///
/// # Errors
/// It is not a file of this tool.
pub fn read(tool: Tool, bytes: &[u8]) -> Result<Vec<Foreign>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value = serde_json::from_slice(bytes).or_else(|error| {
        lines(bytes).ok_or_else(|| format!("it is not JSON, nor an object of JSON on each line: {error}"))
    })?;
    match tool {
        Tool::Hypothesis => hypothesis::read(&value),
        Tool::W3c => w3c::read(&value),
    }
}

/// An object of JSON on each line, as a list.
fn lines(bytes: &[u8]) -> Option<serde_json::Value> {
    let lines = std::str::from_utf8(bytes).ok()?.lines().map(str::trim).filter(|line| !line.is_empty());
    let objects: Vec<serde_json::Value> =
        lines.map(|line| serde_json::from_str(line).ok()).collect::<Option<_>>()?;
    objects.iter().all(serde_json::Value::is_object).then_some(serde_json::Value::Array(objects))
}

/// Makes notes of annotations. The archive has them then, too.
///
/// # Errors
/// A raw text cannot be read.
pub fn import(archive: &mut Archive, foreign: &[Foreign], wish: &Wish) -> Result<Imported, Error> {
    // What is wrong with other files does not matter here.
    let mut all = annotation::parse(archive).value;
    let mut work = Work { found: BTreeMap::new(), imported: Imported::default() };
    if wish.topics {
        work.imported.topics = new_topics(archive, &all, foreign);
        all = annotation::parse(archive).value;
    }
    let own = Own::of(archive, &all);
    let (texts, of_text) = work.sort(archive, &all, foreign, wish)?;
    let mut names = Names::new(&all);
    let mut near: Vec<(usize, &Text, Found)> = Vec::new();
    for (text, items) in texts.iter().zip(&of_text) {
        text.with_finder(&all, |finder| {
            for &item in items {
                match passages(finder, text, &foreign[item], &own) {
                    Ok(passages) => drop(work.found.insert(item, (text, passages))),
                    Err(why) => {
                        near.extend(nearest(finder, text, &foreign[item]).map(|found| (item, text, found)));
                        work.leave(&foreign[item], why);
                    }
                }
            }
        });
    }
    let mut made = Vec::new();
    for (item, (text, found)) in std::mem::take(&mut work.found) {
        let (foreign, topics) = (&foreign[item], work.topics(&all, &foreign[item]));
        match write(archive, text, foreign, &found, topics, wish, &mut names) {
            Ok(file) => made.push((item, file, found.iter().map(|(passage, _)| passage.clone()).collect())),
            Err(why) => work.leave(foreign, why),
        }
    }
    let files =
        made.iter().map(|(_, file, _): &(usize, File, Vec<Passage>)| (file.path.clone(), file.text.clone()));
    archive.add_sidecars(files).expect("each is named as a note of a text that is there");
    let texts: Vec<&Text> = texts.iter().collect();
    let paths: BTreeSet<String> = made.iter().map(|(_, file, _)| file.path.clone()).collect();
    work.prove(archive, &texts, foreign, made);
    // What did not become a note is not there either; what changes has changed.
    let is_kept =
        |path: &str| !paths.contains(path) || work.imported.files.iter().any(|file| file.path == path);
    archive.sidecars.retain(|sidecar| is_kept(&sidecar.source.path));
    let changed = work.imported.changed.iter().map(|(path, (_, new))| (path.clone(), new.clone()));
    archive.add_sidecars(changed).expect("they are notes of the archive");
    for (item, text, found) in near {
        let (foreign, topics) = (&foreign[item], work.topics(&all, &foreign[item]));
        if let Ok(file) = write(archive, text, foreign, &found, topics, wish, &mut names) {
            let quoted: Vec<&str> = foreign.quotes.iter().map(|quote| quote.exact.as_str()).collect();
            work.imported.drafts.push(File { text: remarked(&file.text, &quoted), ..file });
        }
    }
    Ok(work.imported)
}

/// Topics of tags that are none; the archive has them then, too.
fn new_topics(archive: &mut Archive, all: &Annotations, foreign: &[Foreign]) -> Vec<File> {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for tag in foreign.iter().filter(|one| one.no_note.is_none()).flat_map(|one| &one.tags) {
        let Some(slug) = name::some_slug(tag).filter(|slug| name::refuse_slug(slug).is_none()) else {
            continue;
        };
        if topic(all, tag).is_none() {
            let mut keys = Keys::default();
            keys.string("title", tag.trim());
            let path = format!("annotations/topics/{slug}.toml");
            files.entry(slug).or_insert(File { path, text: keys.aligned() });
        }
    }
    let files: Vec<File> = files.into_values().collect();
    let sidecars = files.iter().map(|file| (file.path.clone(), file.text.clone()));
    archive.add_sidecars(sidecars).expect("each is named as a topic");
    files
}

/// The topic that a tag names, by slug or title.
fn topic<'a>(all: &'a Annotations, tag: &str) -> Option<&'a annotation::Topic> {
    let slug = name::slug(tag);
    let title = tag.trim().to_lowercase();
    all.topics.iter().find(|topic| topic.slug == slug || topic.title.to_lowercase() == title)
}

/// The words that are nearest to those of an annotation, each in one place.
fn nearest(finder: &Finder<'_>, text: &Text, foreign: &Foreign) -> Option<Found> {
    let mut quotes = Vec::with_capacity(foreign.quotes.len());
    for quote in &foreign.quotes {
        let exact = match passage(finder, text, quote) {
            Ok(passage) => passage.words(&text.doc),
            Err(_) => {
                let words = finder.nearest(&quote.exact)?;
                let [place] = &finder.find(&words).ok()?[..] else { return None };
                place.words(&text.doc)
            }
        };
        quotes.push(Quote { exact, ..Quote::default() });
    }
    let near = Foreign { quotes, ..foreign.clone() };
    passages(finder, text, &near, &Own::default()).ok().filter(|found| !found.is_empty())
}

/// A note with what was quoted, as remarks in its front matter.
fn remarked(note: &str, quoted: &[&str]) -> String {
    let remark = |words: &&str| {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{QUOTED}{}\n", words.chars().filter(|c| !c.is_control()).collect::<String>())
    };
    let remarks: String = quoted.iter().map(remark).collect();
    note.replacen("+++\n", &format!("+++\n{remarks}"), 1)
}

/// Names that are given and taken.
struct Names {
    /// Slugs of contributors, and their names with the slug.
    contributors: BTreeMap<String, String>,
    /// Paths of notes that are about to be there.
    made: BTreeSet<String>,
    /// How far the numbers of notes that would have one name have come: text and name.
    numbers: BTreeMap<(Arc<str>, String), usize>,
}

impl Names {
    fn new(all: &Annotations) -> Self {
        let named = all.contributors.iter().map(|one| (one.name.clone(), one.slug.clone()));
        let slugs = all.contributors.iter().map(|one| (one.slug.clone(), one.slug.clone()));
        let contributors = named.chain(slugs).collect();
        Self { contributors, made: BTreeSet::new(), numbers: BTreeMap::new() }
    }

    /// The path of another note.
    fn path(&mut self, archive: &Archive, text: &Text, base: String) -> String {
        let number = self.numbers.entry((text.doc.id.clone(), base.clone())).or_insert(1);
        let made = &self.made;
        let is_taken =
            |slug: &str| made.contains(&note::path(text, slug)) || note::is_taken(archive, text, slug);
        let path = note::path(text, &note::free_slug(&base, number, is_taken));
        self.made.insert(path.clone());
        path
    }
}

/// What makes two notes the same: who says what of which words of a text.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Saying<'a> {
    text: &'a str,
    body: &'a str,
    by: Vec<(bool, &'a str)>,
    places: Option<Vec<&'a [TextRange]>>,
}

impl<'a> Saying<'a> {
    fn of(note: &'a Note, places: Option<&'a Vec<Passage>>) -> Self {
        let by = |by: &'a By| match by {
            By::Contributor(slug) => (true, slug.as_str()),
            By::Name(name) => (false, name.as_str()),
        };
        Self {
            text: &note.text,
            body: note.body.text.trim(),
            by: note.by.iter().map(by).collect(),
            places: places.map(|places| places.iter().map(|place| &place.ranges[..]).collect()),
        }
    }
}

/// A place and how it is written.
type Found = Vec<(Passage, Wording)>;

struct Work<'t> {
    /// By index of the annotation: so in the order of the file.
    found: BTreeMap<usize, (&'t Text, Found)>,
    imported: Imported,
}

impl<'t> Work<'t> {
    fn leave(&mut self, foreign: &Foreign, why: Refused) {
        self.imported.left.push((foreign.label.clone(), why));
    }

    /// The texts that are annotated, and the annotations of each.
    fn sort(
        &mut self,
        archive: &Archive,
        all: &Annotations,
        foreign: &[Foreign],
        wish: &Wish,
    ) -> Result<(Vec<Text>, Vec<Vec<usize>>), Error> {
        let records = record::parse_all(&archive.texts).value;
        let places = Places::new(archive, &records);
        let mut of_text: BTreeMap<TextIx, Vec<usize>> = BTreeMap::new();
        for (item, one) in foreign.iter().enumerate() {
            let text = match &one.no_note {
                Some(why) => Err(Refused::because(why.clone(), "it is left out")),
                None => places.text(one, wish),
            };
            let own = text.as_ref().ok().and_then(|&text| places.own_note(all, text, one));
            match (text, own) {
                (Ok(_), Some(note)) => {
                    self.imported.known.push((one.label.clone(), note.source.path.to_string()));
                }
                (Ok(text), None) => of_text.entry(text).or_default().push(item),
                (Err(why), _) => self.leave(one, why),
            }
        }
        let (mut texts, mut items) = (Vec::new(), Vec::new());
        for (text, of_it) in of_text {
            match prove::load(archive, &archive.texts[text])? {
                Ok(text) => {
                    texts.push(text);
                    items.push(of_it);
                }
                Err(why) => of_it.iter().for_each(|&item| self.leave(&foreign[item], why.clone())),
            }
        }
        Ok((texts, items))
    }

    /// Topics that its tags name, by slug or title.
    fn topics(&mut self, all: &Annotations, foreign: &Foreign) -> Vec<String> {
        let mut topics = Vec::new();
        for tag in &foreign.tags {
            match topic(all, tag) {
                Some(topic) if !topics.contains(&topic.slug) => topics.push(topic.slug.clone()),
                Some(_) => {}
                None => drop(self.imported.unknown_tags.insert(tag.clone())),
            }
        }
        topics
    }

    /// A note that was made of this annotation before is made anew, if nobody has changed it since.
    fn again(
        &mut self,
        foreign: &Foreign,
        there: &annotation::Note,
        new: &annotation::Note,
        same: bool,
        file: File,
    ) {
        let (path, text) = (there.source.path.to_string(), &there.source.text);
        self.imported.known.push((foreign.label.clone(), path.clone()));
        if is_untouched(text) {
            if *text != file.text {
                self.imported.changed.insert(path, (text.clone(), file.text));
            }
            return;
        }
        if !same {
            self.imported.kept.push((foreign.label.clone(), path));
        }
        self.add_topics(there, new);
    }

    /// A note that is there already gets the topics of the same note as it would be made now.
    fn add_topics(&mut self, there: &annotation::Note, new: &annotation::Note) {
        let path = there.source.path.to_string();
        let now = self.imported.changed.get(&path).map_or(&there.source.text, |(_, text)| text);
        let source = Source::new(path.as_str(), now.as_str());
        let topic = |topic: &&str| !there.topics.iter().any(|known| known.value == *topic);
        let topics: Vec<&str> = new.topics.iter().map(|topic| topic.value.as_str()).filter(topic).collect();
        let toml = front_matter::split(&source).ok().flatten().map(|parts| parts.toml.range());
        let edit = Root::of(&source, toml).and_then(|root| root.listed("topics", &topics, |_| true));
        if let Some(edit) = edit.filter(|_| !topics.is_empty())
            && let Some(text) = fix::apply(&source.text, &[&edit])
        {
            self.imported.changed.insert(path, (there.source.text.clone(), text));
        }
    }

    /// Reads all files back: each stands where it was meant to, and nothing is said twice.
    fn prove(
        &mut self,
        archive: &Archive,
        texts: &[&Text],
        foreign: &[Foreign],
        made: Vec<(usize, File, Vec<Passage>)>,
    ) {
        let mut problems = Vec::new();
        let all = annotation::parse(archive).take(&mut problems);
        let index = Index::new(&all);
        let mut placed: BTreeMap<NoteIx, Vec<Passage>> = BTreeMap::new();
        for text in texts {
            let layers = index.layers(&text.doc.id, text.date);
            // Terms do not matter to where a note stands.
            let anchored = anchor::resolve(&text.doc, &layers, &Glossary::default()).take(&mut problems);
            placed.extend(anchored.notes);
        }
        let by_path: BTreeMap<&str, NoteIx> =
            all.notes.iter_enumerated().map(|(i, note)| (&*note.source.path, i)).collect();
        let mut faults: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
        for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
            faults.entry(&problem.place.path).or_default().push(problem);
        }
        let fresh: BTreeSet<NoteIx> =
            made.iter().filter_map(|(_, file, _)| by_path.get(file.path.as_str()).copied()).collect();
        let older = all.notes.iter_enumerated().filter(|(note, _)| !fresh.contains(note));
        let imported: BTreeMap<&str, NoteIx> =
            older.filter_map(|(i, note)| Some((mark_of(&note.source.text)?.0, i))).collect();
        let mut said: BTreeMap<Saying<'_>, NoteIx> = BTreeMap::new();
        for (note, of) in all.notes.iter_enumerated().filter(|(note, _)| !fresh.contains(note)) {
            said.entry(Saying::of(of, placed.get(&note))).or_insert(note);
        }
        for (item, file, meant) in made {
            let foreign = &foreign[item];
            let note = by_path.get(file.path.as_str()).copied();
            let stands = note.and_then(|note| placed.get(&note));
            if let Some(faults) = faults.get(file.path.as_str()) {
                let why = faults.iter().map(|&problem| advised(problem)).collect();
                self.leave(foreign, Refused::Wrong(why));
                continue;
            }
            if stands.is_some_and(|places| *places != meant) || note.is_none() {
                let why = "no quotation means these words alone";
                self.leave(foreign, Refused::because(why, "write the note by hand"));
                continue;
            }
            let note = note.expect("one that is not there was left");
            let saying = Saying::of(&all.notes[note], stands);
            let before = foreign.id.as_deref().and_then(|id| imported.get(id).copied());
            if let Some(before) = before.filter(|before| said.get(&saying).is_none_or(|same| same == before))
            {
                self.again(foreign, &all.notes[before], &all.notes[note], said.contains_key(&saying), file);
                continue;
            }
            match said.get(&saying).copied() {
                Some(other) => {
                    let (there, new) = (&all.notes[other], &all.notes[note]);
                    self.imported.known.push((foreign.label.clone(), there.source.path.to_string()));
                    self.add_topics(there, new);
                }
                None => {
                    said.insert(saying, note);
                    self.imported.files.push(file);
                }
            }
        }
    }
}

/// A problem of a file that will not be there: what to do is to be done by hand.
fn advised(problem: &Diagnostic) -> Diagnostic {
    let problem = problem.clone();
    match problem.code {
        Code::NOTE_EMPTY => {
            Diagnostic { message: "it says nothing, and no tag of it is a topic".into(), ..problem }
        }
        _ => problem,
    }
}

/// Where an annotation stands, and how that is written: as keys, or, of several
/// places, as block quotes, since keys say one.
fn passages(finder: &Finder<'_>, text: &Text, foreign: &Foreign, own: &Own) -> Result<Found, Refused> {
    let mut found: Found = Vec::new();
    for quote in &foreign.quotes {
        let passage = passage(finder, text, quote).or_else(|why| {
            // What postil itself put between the words of its page is no part of them.
            let exact = own.left_out(&text.doc, &quote.exact).ok_or(why.clone())?;
            passage(finder, text, &Quote { exact, ..quote.clone() }).map_err(|_| why)
        })?;
        if found.iter().any(|(known, _)| *known == passage) {
            continue;
        }
        let wording = match foreign.quotes.len() {
            1 => finder.keys_for(&passage).or_else(|| finder.quotation_for(&passage)),
            _ => finder.quotation_for(&passage).filter(|wording| wording.at.is_none()),
        };
        let wording = wording.ok_or_else(|| note::cannot_write(&passage, &text.doc))?;
        found.push((passage, wording));
    }
    Ok(found)
}

/// The one place of a quotation. Context that another tool took from a page may
/// hold words that are not of the text: then the words alone count, or the side
/// of the context that fits, if they stand in one place so.
fn passage(finder: &Finder<'_>, text: &Text, quote: &Quote) -> Result<Passage, Refused> {
    let Quote { exact, prefix, suffix, .. } = quote;
    if let Some(passage) = in_file(finder, text, quote) {
        return Ok(passage);
    }
    if let Some(passage) = long(finder, text, exact) {
        return Ok(passage);
    }
    let one = |places: Option<Vec<Passage>>| places.filter(|places| places.len() == 1)?.pop();
    let with = |prefix: &str, suffix: &str| one(finder.find_literal(exact, prefix, suffix).ok());
    if let Some(passage) = with(prefix, suffix) {
        return Ok(passage);
    }
    let places = finder.find_literal(exact, "", "").map_err(|problem| Refused::Wrong(vec![*problem]))?;
    if let [passage] = &places[..] {
        return Ok(passage.clone());
    }
    match (with(prefix, ""), with("", suffix)) {
        (Some(before), Some(after)) if before != after => {}
        (Some(passage), _) | (_, Some(passage)) => return Ok(passage),
        (None, None) => {}
    }
    Err(Refused::Several(places.iter().map(|passage| note::spot(finder, &text.doc, passage)).collect()))
}

/// The place of words that were quoted from the raw file, as they stand there: of several alike, this one.
fn in_file(finder: &Finder<'_>, text: &Text, quote: &Quote) -> Option<Passage> {
    let (start, end) = quote.position?;
    let raw = &text.doc.source.text;
    let begin = raw.char_indices().nth(start)?.0;
    let length =
        raw[begin..].char_indices().nth(end.checked_sub(start)?).map_or(raw.len() - begin, |(at, _)| at);
    let is_it = raw[begin..begin + length] == quote.exact;
    let at = |byte| text.doc.visible_at(byte);
    is_it.then(|| finder.stretch(TextRange::new(at(begin), at(begin + length))))?
}

/// Characters above which a quotation is looked for by its beginning and its end.
const LONG: usize = 2000;
/// Words of a long quotation at each end.
const ENDS: usize = 24;

/// The place of a quotation that is too long to be looked for as a whole: from its beginning to its
/// end, if all of its words stand between.
fn long(finder: &Finder<'_>, text: &Text, exact: &str) -> Option<Passage> {
    if exact.chars().count() <= LONG {
        return None;
    }
    let words: Vec<&str> = exact.split_whitespace().collect();
    let (head, tail) = (words.get(..ENDS)?, words.get(words.len() - ENDS..)?);
    let quotation = format!("{} […] {}", head.join(" "), tail.join(" "));
    let places = finder.find(&quotation).ok()?;
    let [place] = &places[..] else { return None };
    (fold(&place.words(&text.doc)) == fold(exact)).then(|| place.clone())
}

/// The file of a note.
fn write(
    archive: &Archive,
    text: &Text,
    foreign: &Foreign,
    found: &Found,
    topics: Vec<String>,
    wish: &Wish,
    names: &mut Names,
) -> Result<File, Refused> {
    let mut keys = Keys::default();
    keys.strings("by", &authors(names, foreign, wish)?);
    let asks = foreign.asks && archive.config.note_kind_label("question").is_some();
    // A longer one would not be taken.
    let title = foreign.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    keys.maybe("title", title.filter(|title| title.chars().count() <= Note::LONGEST_TITLE));
    keys.maybe("kind", asks.then_some("question")).strings("topics", &topics);
    if let Some(date) = foreign.date {
        // Without a day it is no date of TOML.
        match date.plain() {
            Some((_, _, Some(_))) => keys.raw("date", date.to_string()),
            _ => keys.string("date", &date.to_string()),
        };
    }
    let mut quotations = String::new();
    for (_, wording) in found {
        note::add_selector(&mut keys, wording);
        if let Wanted::Quotation(words) = &wording.words {
            let lines: Vec<String> = words.lines().map(|line| format!("> {line}\n")).collect();
            quotations.push_str(&format!("{}\n", lines.join(">\n")));
        }
    }
    if found.is_empty() {
        keys.string("on", "text");
    }
    if !foreign.cited.is_empty() {
        let cited = foreign.cited.iter().map(|(title, url)| {
            let url = url.as_ref().map(|url| format!(", url = {}", written::string(url)));
            format!("{{ title = {}{} }}", written::string(title), url.unwrap_or_default())
        });
        keys.raw("sources", format!("[{}]", cited.collect::<Vec<_>>().join(", ")));
    }
    let body = in_plain_markdown(foreign.body.trim());
    let whole = format!("+++\n{}+++\n{quotations}{body}", keys.plain());
    let whole = marked(&format!("{}\n", whole.trim_end()), foreign.id.as_deref());
    let base = note::base_slug(text, found.first().map(|(passage, _)| passage), &foreign.body);
    Ok(File { text: whole, path: names.path(archive, text, base) })
}

/// What the remark begins with that says what was quoted.
const QUOTED: &str = "# quoted: ";
/// What the remark begins with that says which annotation a note was made of.
const MARK: &str = "# imported: ";

/// A note with a remark that says which annotation it was made of, and the sum of all else in it: by that a
/// later import sees whether somebody has changed it since.
fn marked(note: &str, id: Option<&str>) -> String {
    let id = id.map(|id| id.split_whitespace().collect::<String>()).filter(|id| !id.is_empty());
    match id {
        Some(id) => note.replacen("+++\n", &format!("+++\n{MARK}{id} {}\n", sum(note)), 1),
        None => note.to_owned(),
    }
}

/// The sum of a note; what was quoted is a remark, and not of it.
fn sum(note: &str) -> String {
    let note: String = note.split_inclusive('\n').filter(|line| !line.starts_with(QUOTED)).collect();
    document::checksum(note.as_bytes())[..12].to_owned()
}

/// The annotation that a note was made of, and the sum that it had then.
fn mark_of(note: &str) -> Option<(&str, &str)> {
    let (_, rest) = note.split_once(MARK)?;
    rest.lines().next()?.split_once(' ')
}

/// Whether nobody has changed a note since it was made.
fn is_untouched(note: &str) -> bool {
    let line = note.lines().find(|line| line.starts_with(MARK));
    line.zip(mark_of(note))
        .is_some_and(|(line, (_, then))| sum(&note.replacen(&format!("{line}\n"), "", 1)) == then)
}

/// Who wrote it, as a note says it: the slug of whom the archive knows, by slug or name.
fn authors(names: &Names, foreign: &Foreign, wish: &Wish) -> Result<Vec<String>, Refused> {
    let shown = |name: &String| {
        let name = name.trim();
        let is_name = name.contains(' ') || name.chars().any(char::is_uppercase);
        match names.contributors.get(name) {
            Some(slug) => slug.clone(),
            None if is_name => name.to_owned(),
            None => format!("{name} (user name)"),
        }
    };
    let named: Vec<String> = foreign.by.iter().filter(|name| !name.trim().is_empty()).map(shown).collect();
    match (named.is_empty(), &wish.by) {
        (false, _) => Ok(named),
        (true, Some(by)) => Ok(vec![by.clone()]),
        (true, None) => {
            let help = "say it with `--by \"A Name\"`, or the slug of a contributor";
            Err(Refused::because("it does not say who wrote it", help))
        }
    }
}

/// A body without HTML, which notes may not hold, and without links into an archive that its
/// writer did not know: what looks like a tag or a `[[term]]` stands for itself. Links in `< >`
/// and code stay as they are.
fn in_plain_markdown(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut in_code = false;
    // Behind an odd number of backslashes a sign stands for itself already.
    let mut is_escaped = false;
    for (at, c) in body.char_indices() {
        in_code ^= c == '`';
        let rest = &body[at + c.len_utf8()..];
        let opens =
            rest.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'));
        let is_link = ["https://", "http://", "mailto:"].iter().any(|scheme| rest.starts_with(scheme));
        let is_tag = c == '<' && opens && !is_link;
        let is_term = c == '[' && rest.starts_with('[');
        if (is_tag || is_term) && !in_code && !is_escaped {
            out.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
