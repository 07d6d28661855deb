//! A raw text that was replaced, or is new: its record, and everything that stands in it.
//!
//! Numbers of blocks are those of the edition that the record's checksum names;
//! adopting a new edition turns all of them into the new one's, or none. What
//! would silently mean another place stops it; what is merely gone does not,
//! since every check says so from then on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::toml::Root;
use super::{File, Refused};
use postil_anchor::anchor::follow::{self, Edition, Fate, Followed, Pass};
use postil_anchor::anchor::layers::Index;
use postil_anchor::annotation;
use postil_anchor::document::record::{self, Alias, Layout, Reading, Record};
use postil_anchor::document::{self, Document};
use postil_archive::archive::{Archive, Format, TextFile};
use postil_archive::diagnostic::{Diagnostic, Edit, Error, Severity, Source, fix};

/// What adopting a text comes to.
#[derive(Debug, Default)]
pub struct Adopted {
    /// Everything that stands in the text, and what became of it.
    pub followed: Vec<Followed>,
    /// Files that get another text: path to text as it was and as it is to be.
    pub files: BTreeMap<String, (String, String)>,
    /// The record, if the text had none.
    pub record: Option<File>,
    /// Blocks of the old edition whose number is another now, or that are gone; none if the old
    /// edition is not at hand.
    pub moved: Option<Vec<(u32, Option<u32>)>>,
    /// How many blocks the text has now.
    pub blocks: usize,
    /// Whether the record said where blocks of earlier editions went, and nobody can tell any more.
    pub forgets: bool,
}

impl Adopted {
    /// Whether something would silently mean another place: then nothing may be written.
    pub fn is_blocked(&self) -> bool {
        self.followed.iter().any(|one| one.fate == Fate::Misplaced)
    }
}

/// Adopts the text of this id as it lies in the archive.
///
/// `old` is the edition that the record's checksum names, if it is at hand; `layout` is what the
/// record is to say from now on. The archive is left as it would be.
///
/// # Errors
/// The text cannot be read.
pub fn adopt(
    archive: &mut Archive,
    id: &str,
    old: Option<&[u8]>,
    layout: Option<Layout>,
) -> Result<Result<Adopted, Refused>, Error> {
    let Some(file) = archive.text(id) else {
        return Ok(Err(Refused::because(format!("there is no text `{id}`"), "raw texts lie in `content/`")));
    };
    let mut problems = Vec::new();
    let known = record::parse(file).take(&mut problems);
    let Some(bytes) = archive.load(file)?.take(&mut problems) else { return Ok(wrong(problems)) };
    let layout = layout.or(known.layout).unwrap_or_default();
    let new_record =
        Record { layout: Some(layout), sha256: None, blocks: None, aliases: Vec::new(), ..known.clone() };
    let Some(new) = parse(file, &bytes, &new_record, &mut problems) else { return Ok(wrong(problems)) };
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Ok(wrong(problems));
    }
    let sum = document::checksum(&bytes);
    let same_bytes = known.sha256.as_deref() == Some(sum.as_str());
    let same_blocks = known.blocks.is_none_or(|blocks| blocks as usize == new.blocks.len())
        && known.layout.is_none_or(|known| known == layout);
    let mut adopted = Adopted { blocks: new.blocks.len(), ..Adopted::default() };
    let mut texts = Texts::default();

    let mut says = Says { layout, sum: &sum, blocks: new.blocks.len(), aliases: None };
    let changed = known.sha256.is_some() && !(same_bytes && same_blocks);
    let (record, format) = (file.record.clone(), file.format);
    if changed {
        let old = if same_bytes { Some(&bytes[..]) } else { old };
        let old = old.and_then(|bytes| old_edition(file, bytes, &known));
        let moved: Option<Moved> =
            old.as_ref().map(|old| follow::moved_blocks(old, &new).into_iter().collect());
        adopted.followed = follow_all(archive, &mut texts, id, &known, old.as_ref(), (&new, moved.as_ref()));
        let aliases = moved.as_ref().map(|moved| aliases(&known, moved)).unwrap_or_default();
        adopted.forgets = moved.is_none() && !known.aliases.is_empty();
        if !aliases.is_empty() || !known.aliases.is_empty() {
            says.aliases = Some(written(&aliases));
        }
        let others = |moved: Moved| moved.into_iter().filter(|(old, new)| Some(*old) != *new).collect();
        adopted.moved = moved.map(others);
    }
    match &record {
        None => adopted.record = Some(says.file(id)),
        Some(source) => {
            let edits = says.edits(source, &known, format);
            texts.apply(source, &edits.iter().collect::<Vec<_>>());
        }
    }
    adopted.files = texts.files;
    adopted.files.retain(|_, (old, new)| old != new);
    Ok(Ok(adopted))
}

fn wrong(mut problems: Vec<Diagnostic>) -> Result<Adopted, Refused> {
    problems.retain(|problem| problem.severity == Severity::Error);
    Err(Refused::Wrong(problems))
}

fn parse(file: &TextFile, bytes: &[u8], record: &Record, problems: &mut Vec<Diagnostic>) -> Option<Document> {
    document::parse(file.id.clone(), file.path.clone(), bytes, file.format, record).take(problems)
}

/// The old edition, in the layout, or the reading of its Markdown, in which it has as many blocks as the
/// record says.
fn old_edition(file: &TextFile, bytes: &[u8], known: &Record) -> Option<Document> {
    let said = known.layout.unwrap_or_default();
    let ways: &[(Layout, Reading)] = match file.format {
        Format::Plain => &[
            (said, Reading::Now),
            (Layout::Lines, Reading::Now),
            (Layout::Wrapped, Reading::Now),
            (Layout::Verse, Reading::Now),
        ],
        Format::Markdown => &[(said, Reading::Now), (said, Reading::CommonMark), (said, Reading::Older)],
    };
    let read = |&(layout, reading): &(Layout, Reading)| {
        let record = Record { layout: Some(layout), reading, sha256: None, blocks: None, ..known.clone() };
        parse(file, bytes, &record, &mut Vec::new())
    };
    let fits = |doc: &Document| known.blocks.is_none_or(|blocks| blocks as usize == doc.blocks.len());
    ways.iter().filter_map(read).find(fits).or_else(|| read(&ways[0]))
}

/// Blocks of the old edition with where their words went.
type Moved = BTreeMap<u32, Option<u32>>;

/// Numbers of all earlier editions that are others now, each with the block that has its words.
fn aliases(known: &Record, moved: &Moved) -> BTreeSet<(u32, u32)> {
    let earlier = known.aliases.iter().flat_map(Alias::pairs);
    let earlier = earlier.filter_map(|(was, now)| Some((was, moved.get(&now).copied()??)));
    let old = moved.iter().filter_map(|(was, now)| Some((*was, (*now)?)));
    earlier.chain(old).filter(|(was, now)| was != now).collect()
}

/// The same as a record says it: runs that moved alike as one.
fn written(aliases: &BTreeSet<(u32, u32)>) -> String {
    type Run = ((u32, u32), (u32, u32));
    let mut runs: Vec<Run> = Vec::new();
    for &(was, now) in aliases {
        // Of several earlier editions, runs alternate. A block goes on with those beside it, or with those before it
        // that became one with it.
        let beside = |((from, last), (first, to)): &Run| {
            *last + 1 == was && *to + 1 == now && (from == last || first < to)
        };
        let one = |((_, last), (first, to)): &Run| *last + 1 == was && first == to && *to == now;
        let near = runs.len().saturating_sub(MOST_ALTERNATING);
        let next = runs[near..].iter().position(beside).or_else(|| runs[near..].iter().position(one));
        match next {
            Some(at) => (runs[near + at].0.1, runs[near + at].1.1) = (was, now),
            None => runs.push(((was, was), (now, now))),
        }
    }
    if runs.is_empty() {
        return "[]".to_owned();
    }
    let blocks = |(first, last): (u32, u32)| match first == last {
        true => format!("p{first}"),
        false => format!("p{first}-p{last}"),
    };
    let rows = runs
        .into_iter()
        .map(|(was, now)| format!("  {{ was = \"{}\", now = \"{}\" }},\n", blocks(was), blocks(now)));
    format!("[\n{}]", rows.collect::<String>())
}

/// Runs that are looked at for the one that a number goes on with: a text has had few editions.
const MOST_ALTERNATING: usize = 8;

/// Follows everything, and makes the edits that it takes.
fn follow_all(
    archive: &mut Archive,
    texts: &mut Texts,
    id: &str,
    known: &Record,
    old: Option<&Document>,
    (new, moved): (&Document, Option<&Moved>),
) -> Vec<Followed> {
    let before = annotation::parse(archive).value;
    let index = Index::new(&before);
    let layers = index.layers(id, known.date);
    let old_edition = old.map(|doc| Edition { doc, layers: &layers });

    let mut followed = follow::follow(old_edition, Edition { doc: new, layers: &layers }, Pass::Furniture);
    texts.apply_all(archive, &mut followed);

    let between = annotation::parse(archive).value;
    let index = Index::new(&between);
    let now = index.layers(id, known.date);
    let mut others = follow::follow(old_edition, Edition { doc: new, layers: &now }, Pass::Others);
    let count = others.len();
    others.extend(references(archive, id, known, moved));
    texts.apply_all(archive, &mut others);

    // What was rewritten is read back: each thing stands where it was to stand.
    let after = annotation::parse(archive).value;
    let index = Index::new(&after);
    let layers = index.layers(id, known.date);
    let stands = follow::stands(Edition { doc: new, layers: &layers }, Pass::Others);
    read_back(&mut others[..count], &stands);
    followed.extend(others);
    followed
}

/// Compares what was followed with where it stands once it is written.
fn read_back(followed: &mut [Followed], stands: &[Option<u32>]) {
    for (one, stands) in followed.iter_mut().zip(stands) {
        let placed = matches!(one.fate, Fate::Same | Fate::Moved | Fate::Changed);
        if placed && *stands != one.blocks.1 {
            one.fate = Fate::Misplaced;
            one.says = "what would be written does not stand where it should".into();
        }
    }
}

/// Files with the text they get.
#[derive(Debug, Default)]
struct Texts {
    files: BTreeMap<String, (String, String)>,
}

impl Texts {
    /// Applies edits of one file, which are made for the text that it has by now.
    fn apply(&mut self, source: &Source, edits: &[&Edit]) -> Option<&str> {
        let new = fix::apply(&source.text, edits)?;
        let entry = self.files.entry(source.path.to_string());
        let entry = entry.or_insert_with(|| (source.text.clone(), String::new()));
        entry.1 = new;
        Some(&entry.1)
    }

    /// Applies the edits of everything that was followed. Several selectors may share a key: then
    /// they ask for the same edit, or cannot be followed.
    fn apply_all(&mut self, archive: &mut Archive, followed: &mut [Followed]) {
        let mut edits: Vec<(Edit, usize)> = Vec::new();
        for (i, one) in followed.iter().enumerate() {
            edits.extend(one.edits.iter().map(|edit| (edit.clone(), i)));
        }
        edits.sort_by(|(a, i), (b, j)| (a.path(), a.span, &a.new, i).cmp(&(b.path(), b.span, &b.new, j)));
        edits.dedup_by(|next, edit| next.0 == edit.0);
        let clashes = |pair: &&[(Edit, usize)]| {
            let [(a, _), (b, _)] = pair else { return false };
            a.path() == b.path() && b.span.start < a.span.end.max(a.span.start + 1)
        };
        let clashing: Vec<usize> =
            edits.windows(2).filter(clashes).flat_map(|pair| [pair[0].1, pair[1].1]).collect();
        for &i in &clashing {
            followed[i].fate = Fate::Misplaced;
            followed[i].says = "its places ask for different numbers: give each a note of its own".into();
        }
        edits.retain(|(_, i)| !clashing.contains(i));
        for of_file in edits.chunk_by(|(a, _), (b, _)| a.path() == b.path()) {
            let path: Arc<str> = of_file[0].0.path().clone();
            let edits: Vec<&Edit> = of_file.iter().map(|(edit, _)| edit).collect();
            let sidecar = archive.sidecars.iter().find(|sidecar| sidecar.source.path == path);
            let page = archive.pages.iter().find(|page| page.source.path == path);
            let Some(source) = sidecar.map(|s| &s.source).or(page.map(|p| &p.source)).cloned() else {
                continue;
            };
            let Some(new) = self.apply(&source, &edits).map(str::to_owned) else {
                of_file.iter().for_each(|(_, i)| followed[*i].fate = Fate::Misplaced);
                continue;
            };
            if sidecar.is_some() {
                // It has the name of a sidecar: there is one.
                let _ = archive.add_sidecar(&path, new);
            }
        }
    }
}

/// Links to paragraphs of the text, `[[text:ID#p12]]`, wherever Markdown stands.
fn references(archive: &Archive, id: &str, known: &Record, moved: Option<&Moved>) -> Vec<Followed> {
    let went = moved.map(|moved| {
        let mut went = moved.clone();
        // A number that only an earlier edition had was led on until now.
        for (was, now) in known.aliases.iter().flat_map(Alias::pairs) {
            went.entry(was).or_insert_with(|| moved.get(&now).copied().flatten());
        }
        went
    });
    let sidecars = archive.sidecars.iter().map(|sidecar| &sidecar.source);
    let sources = sidecars.chain(archive.pages.iter().map(|page| &page.source));
    let opening = format!("[[text:{id}#p");
    let mut found = Vec::new();
    for source in sources {
        for (at, _) in source.text.match_indices(&opening) {
            let start = at + opening.len();
            let digits = source.text[start..].bytes().take_while(u8::is_ascii_digit).count();
            let line = source.text[..at].rsplit('\n').next().unwrap_or_default();
            let Ok(number) = source.text[start..start + digits].parse::<u32>() else { continue };
            if line.matches('`').count() % 2 == 1 {
                continue;
            }
            let mut one = Followed {
                place: source.place(at..start + digits),
                fate: Fate::Misplaced,
                blocks: (Some(number), None),
                edits: Vec::new(),
                says: "without the old text nobody can tell which paragraph is meant".into(),
            };
            if let Some(went) = &went {
                match went.get(&number).copied().flatten() {
                    None => one.says = "this paragraph is not in the new text".into(),
                    Some(there) => {
                        one.fate = if there == number { Fate::Same } else { Fate::Moved };
                        one.blocks.1 = Some(there);
                        one.says.clear();
                        if there != number {
                            let words = source.text[start + digits..].split("]]").next().unwrap_or_default();
                            let old = number.to_string();
                            if words.split(|c: char| !c.is_ascii_digit()).any(|part| part == old) {
                                one.says =
                                    format!("its words still say {old}: see whether they mean the number");
                            }
                            one.edits.push(source.edit(start..start + digits, there.to_string()));
                        }
                    }
                }
            }
            found.push(one);
        }
    }
    found
}

/// What a record says of the bytes of its text.
struct Says<'a> {
    layout: Layout,
    sum: &'a str,
    blocks: usize,
    /// Where blocks of earlier editions went, if that is to be said.
    aliases: Option<String>,
}

impl Says<'_> {
    fn lines(&self) -> impl Iterator<Item = (&'static str, String)> {
        let layout = match self.layout {
            Layout::Lines => "lines",
            Layout::Wrapped => "wrapped",
            Layout::Verse => "verse",
        };
        let always = [
            ("layout", format!("\"{layout}\"")),
            ("sha256", format!("\"{}\"", self.sum)),
            ("blocks", self.blocks.to_string()),
        ];
        always.into_iter().chain(self.aliases.clone().map(|aliases| ("aliases", aliases)))
    }

    /// A record of its own.
    fn file(&self, id: &str) -> File {
        let lines: Vec<String> = self.lines().map(|(key, value)| format!("{key} = {value}\n")).collect();
        File { path: format!("content/{id}.toml"), text: lines.concat() }
    }

    /// The edits of a record: values that are others now, and keys that are missing.
    fn edits(&self, source: &Source, known: &Record, format: Format) -> Vec<Edit> {
        let spans = [record_layout(source), known.spans.sha256, known.spans.blocks, known.spans.aliases];
        let mut edits = Vec::new();
        let mut missing = Vec::new();
        for ((key, value), span) in self.lines().zip(spans) {
            match span {
                // Markdown has its blocks from its own signs.
                None if key == "layout" && format == Format::Markdown => {}
                None => missing.push((key, value)),
                Some(span) if source.text.get(span.range()) != Some(value.as_str()) => {
                    let same = key == "sha256" && known.sha256.as_deref() == Some(self.sum)
                        || key == "layout" && known.layout == Some(self.layout);
                    if !same {
                        edits.push(source.edit(span, value));
                    }
                }
                Some(_) => {}
            }
        }
        if !missing.is_empty()
            && let Some(root) = Root::of(source, Some(0..source.text.len()))
        {
            edits.push(root.add(&missing));
        }
        edits
    }
}

/// Where the value of `layout` stands in a record.
fn record_layout(source: &Source) -> Option<postil_archive::diagnostic::Span> {
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        if let Some(rest) =
            line.strip_prefix("layout").map(str::trim_start).and_then(|rest| rest.strip_prefix('='))
        {
            let value = rest.trim();
            let start = at + (value.as_ptr() as usize - line.as_ptr() as usize);
            let length = value.split('#').next().unwrap_or_default().trim_end().len();
            return Some((start..start + length).into());
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_archive::diagnostic::Place;

    /// The words stand twice.
    const OLD: &str = "First the Forum met on Monday with all its members.\n\
        Then the Forum met again in the spring of that year.\nThe end came soon.\n";
    /// The first of them are gone.
    const NEW: &str = "Then the Forum met again in the spring of that year.\nThe end came soon.\n";

    /// Adopts a new edition of the text `a`, with the old one at hand or not.
    fn adopted(known: bool, new: &str, sidecars: &[(&str, &str)]) -> Adopted {
        let sum = document::checksum(OLD.as_bytes());
        let record = format!("layout = \"lines\"\nsha256 = \"{sum}\"\nblocks = 3\n");
        let own =
            [("postil.toml", "title = \"A case\""), ("content/a.txt", new), ("content/a.toml", &record)];
        let files =
            own.iter().chain(sidecars).map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let mut archive = Archive::from_memory(files.collect(), &Default::default()).value;
        adopt(&mut archive, "a", known.then_some(OLD.as_bytes()), None).unwrap().unwrap()
    }

    fn note(key: &str, words: &str) -> String {
        format!("+++\nby = \"A B\"\n{key}\n+++\n> {words}\n\nSo.\n")
    }

    /// What becomes of one note: fates, whether anything may be written, the note as it would be.
    #[track_caller]
    fn check(known: bool, key: &str, words: &str, fate: Fate, new_key: &str) {
        let before = note(key, words);
        let adopted = adopted(known, NEW, &[("annotations/a/n.md", &before)]);
        let fates: Vec<Fate> = adopted.followed.iter().map(|one| one.fate).collect();
        assert_eq!((fates, adopted.is_blocked()), (vec![fate], fate == Fate::Misplaced), "{key} {words}");
        let after = adopted.files.get("annotations/a/n.md").map_or(&before, |(_, new)| new);
        assert_eq!(*after, note(new_key, words), "{key} {words}");
    }

    #[test]
    fn a_lost_note_stops_it_or_stays_as_it_is() {
        let gone = |key: &str, words: &str, fate: Fate| check(true, key, words, fate, key);
        gone("at = \"p1\"", "Forum met", Fate::Misplaced);
        gone("nth = 1", "Forum met", Fate::Misplaced);
        gone("nth = 2", "the end […] soon", Fate::Lost);
        gone("", "First the **Forum met**", Fate::Lost);
        gone("", "Forum met on Monday", Fate::Lost);
        gone("at = \"p1-p2\"\nall = true", "Forum met", Fate::Misplaced);
        check(true, "at = \"p2\"", "Forum met", Fate::Moved, "at = \"p1\"");
        check(true, "at = \"L2\"", "Forum met", Fate::Moved, "at = \"L1\"");
        check(true, "nth = 2", "Forum met", Fate::Moved, "nth = 1");
        check(true, "all = true", "Forum met", Fate::Changed, "all = true");
        check(true, "", "The end came", Fate::Moved, "");
    }

    #[test]
    fn without_the_old_text_a_number_stops_it() {
        check(false, "at = \"p1\"", "Forum met", Fate::Misplaced, "at = \"p1\"");
        check(false, "nth = 1", "Forum met", Fate::Misplaced, "nth = 1");
        check(false, "", "Forum met", Fate::Same, "");
        check(false, "", "First the **Forum met**", Fate::Lost, "");
    }

    #[test]
    fn of_several_notes_one_is_lost() {
        let (lost, kept, other) =
            (note("at = \"p1\"", "Forum met"), note("at = \"p2\"", "Forum met"), note("", "Monday"));
        let topic = "title = \"T\"\n[[passage]]\ntext = \"a\"\nquote = \"Forum met\"\nat = \"p2\"\n";
        let notes = [
            ("annotations/a/k.md", &*kept),
            ("annotations/a/o.md", &other),
            ("annotations/topics/t.toml", topic),
        ];
        let adopted_without = adopted(true, NEW, &notes);
        assert!(!adopted_without.is_blocked());
        let fates = |adopted: &Adopted| adopted.followed.iter().map(|one| one.fate).collect::<Vec<_>>();
        assert_eq!(fates(&adopted_without), [Fate::Moved, Fate::Lost, Fate::Moved]);
        assert_eq!(adopted_without.files["annotations/a/k.md"].1, note("at = \"p1\"", "Forum met"));
        assert_eq!(adopted_without.files["annotations/topics/t.toml"].1, topic.replace("p2", "p1"));
        assert!(!adopted_without.files.contains_key("annotations/a/o.md"), "what is lost is not touched");

        let with = [&notes[..], &[("annotations/a/l.md", &*lost)]].concat();
        let adopted_with = adopted(true, NEW, &with);
        assert!(adopted_with.is_blocked());
        assert_eq!(adopted_with.moved, Some(vec![(1, None), (2, Some(1)), (3, Some(2))]));
    }

    #[test]
    fn places_of_one_note_that_ask_for_different_numbers_stop_it() {
        let both = "+++\nby = \"A B\"\nat = \"p2-p3\"\n+++\n> Forum met\n\n> The end\n\nSo.\n";
        assert!(adopted(true, NEW, &[("annotations/a/n.md", both)]).is_blocked());
    }

    #[test]
    fn a_link_to_a_paragraph_that_is_gone_stops_it() {
        let links = |text: &str| note("", "The end came").replace("So.", text);
        let after = |known: bool, text: &str| {
            let adopted = adopted(known, NEW, &[("annotations/a/n.md", &links(text))]);
            let new = adopted.files.get("annotations/a/n.md").map(|(_, new)| new.clone());
            (adopted.is_blocked(), new)
        };
        assert_eq!(after(true, "See [[text:a#p2]]."), (false, Some(links("See [[text:a#p1]]."))));
        assert_eq!(after(true, "See [[text:a#p1]]."), (true, None));
        assert_eq!(after(false, "See [[text:a#p2]]."), (true, None));
        assert_eq!(after(true, "See `[[text:a#p1]]`."), (false, None));
    }

    #[test]
    fn what_does_not_stand_where_it_should_is_told() {
        let one = |fate: Fate, block: Option<u32>| Followed {
            place: Place::file("f"),
            fate,
            blocks: (None, block),
            edits: Vec::new(),
            says: String::new(),
        };
        let mut followed = [
            one(Fate::Moved, Some(2)),
            one(Fate::Moved, Some(2)),
            one(Fate::Changed, Some(3)),
            one(Fate::Lost, None),
        ];
        read_back(&mut followed, &[Some(2), Some(4), None, Some(1)]);
        let fates: Vec<Fate> = followed.iter().map(|one| one.fate).collect();
        assert_eq!(fates, [Fate::Moved, Fate::Misplaced, Fate::Misplaced, Fate::Lost]);
    }
}
