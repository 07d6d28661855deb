//! Texts that change below their notes: nothing is misplaced, what is near is proposed, and
//! `adopt` follows what can be followed.

use std::collections::{BTreeMap, BTreeSet};

use postil_anchor::anchor::finder::Finder;
use postil_anchor::anchor::follow::Fate;
use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::words::visible_part;
use postil_anchor::anchor::{self, Hidden, Layers, Passage};
use postil_anchor::annotation::{self, Annotations};
use postil_anchor::document::record::{self, Layout, Record};
use postil_anchor::document::{self, Document, TextRange};
use postil_archive::archive::{self, Archive, Format};
use postil_archive::diagnostic::{Code, fix};
use postil_propose::propose::adopt::{self, Adopted};
use postil_propose::propose::note::{self, Wish};
use postil_propose::propose::prove::{self, Text};

use super::random::Random;
use super::tier::often;
use super::{files, repository};

/// A text of the archive with its lines, which are its blocks.
struct Real {
    text: Text,
    lines: Vec<String>,
}

fn reals(archive: &Archive) -> Vec<Real> {
    let real = |file: &archive::TextFile| {
        let text = prove::load(archive, file).unwrap().unwrap();
        let lines = text.doc.source.text.lines().map(str::to_owned).collect();
        Real { text, lines }
    };
    archive.texts.iter().map(real).collect()
}

/// The text of some lines, each a block.
fn parse(doc: &Document, lines: &[String]) -> Document {
    let record = Record { layout: Some(Layout::Lines), ..Record::default() };
    let bytes = lines.join("\n").into_bytes();
    document::parse(doc.id.clone(), doc.source.path.clone(), &bytes, Format::Plain, &record).value.unwrap()
}

fn words(doc: &Document) -> Vec<TextRange> {
    let mut words: Vec<TextRange> = Vec::new();
    for (at, c) in doc.visible.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        match words.last_mut() {
            Some(word) if word.end == at => word.end = at + c.len_utf8(),
            _ => words.push(TextRange::new(at, at + c.len_utf8())),
        }
    }
    words
}

/// One of a thousand: where it was taken from, and the file that says so.
struct Quoted {
    passage: Passage,
    words: usize,
    file: String,
}

fn quotations(text: &Text, all: &Annotations, count: usize, dice: &mut Random) -> Vec<Quoted> {
    let layers = Index::new(all).layers(&text.doc.id, text.date);
    let furniture = anchor::resolve(&text.doc, &layers, &Glossary::default()).value.furniture;
    let finder = Finder::new(&text.doc, &layers);
    let each = words(&text.doc);
    let mut quotations = Vec::new();
    while quotations.len() < count {
        let first = dice.below(each.len() - 1);
        let last = (first + 1 + dice.below(39)).min(each.len() - 1);
        let passage = visible_part(&text.doc, &furniture, TextRange::new(each[first].start, each[last].end));
        let quoted = passage.words(&text.doc);
        let good = quoted.chars().any(char::is_alphanumeric) && passage.block_count(&text.doc) <= 10;
        if !good || !finder.find(&quoted).is_ok_and(|places| places.contains(&passage)) {
            continue;
        }
        let wording = finder.quotation_for(&passage).unwrap();
        let wish = Wish { by: vec!["A B".into()], body: "So.".into(), ..Wish::default() };
        quotations.push(Quoted { words: last - first + 1, file: note::write(&wording, &wish), passage });
    }
    quotations
}

/// What comes of one note in a text, with the apparatus that the text has.
fn alone(
    archive: &mut Archive,
    doc: &Document,
    date: Option<postil_archive::sidecar::date::Date>,
    file: &str,
) -> (Vec<Passage>, Vec<Hidden>, Vec<postil_archive::diagnostic::Diagnostic>) {
    // Only the one note is parsed: the others say nothing about it.
    archive.add_sidecar(&format!("annotations/{}/random.md", doc.id), file.to_owned()).unwrap();
    let all = annotation::parse(archive).value;
    let index = Index::new(&all);
    let whole = index.layers(&doc.id, date);
    let notes = whole.notes.iter().filter(|(_, note)| note.slug == "random").copied().collect();
    let layers = Layers { notes, passages: Vec::new(), ends: Vec::new(), ..whole };
    let checked = anchor::resolve(doc, &layers, &Glossary::default());
    let places = checked.value.notes.into_iter().flat_map(|(_, places)| places).collect();
    let own = |problem: &postil_archive::diagnostic::Diagnostic| problem.place.path.ends_with("/random.md");
    (places, checked.value.furniture, checked.problems.into_iter().filter(own).collect())
}

/// Only the apparatus: quick to parse again and again.
fn bare(archive: &Archive, id: &str) -> Archive {
    let mut files: BTreeMap<String, Vec<u8>> = files(&repository("annotations"))
        .into_iter()
        .filter(|(path, _)| path == &format!("{id}/apparatus.toml") || path == "furniture.toml")
        .map(|(path, bytes)| (format!("annotations/{path}"), bytes))
        .collect();
    files.insert("postil.toml".into(), b"title = \"A\"".to_vec());
    for file in archive.texts.iter().filter(|file| *file.id == *id) {
        files.insert(file.path.to_string(), archive.load(file).unwrap().value.unwrap());
    }
    Archive::from_memory(files, postil::theme::default_theme()).value
}

/// A thousand notes: with their paragraphs gone, none stands anywhere; with one word of the passage
/// changed, the proposal is the passage, at least 98 times in 100 for quotations of eight words or more.
#[test]
fn notes_do_not_stray_and_are_found_again() {
    let archive = postil::theme::read(&repository("")).unwrap().value;
    let all = annotation::parse(&archive).value;
    let mut dice = Random::new(7);
    let (mut gone, mut strays, mut edited, mut right, mut wrong) = (0, Vec::new(), 0, 0, Vec::new());
    for real in reals(&archive) {
        let (doc, date) = (&real.text.doc, real.text.date);
        let mut small = bare(&archive, &doc.id);
        for quoted in quotations(&real.text, &all, often(60, 200), &mut dice) {
            let mut lines = real.lines.clone();
            for range in &quoted.passage.ranges {
                lines[doc.block_at(range.start).lines.0 as usize - 1] = "Taken away".into();
            }
            let (places, _, problems) = alone(&mut small, &parse(doc, &lines), date, &quoted.file);
            gone += 1;
            if !places.is_empty() || problems.is_empty() {
                strays.push(quoted.file.clone());
            }
            if quoted.words >= 8 {
                let (hull, lines) = change_a_word(doc, &real.lines, &quoted.passage, &mut dice);
                let Some(hull) = hull else { continue };
                edited += 1;
                let doc = parse(doc, &lines);
                let (places, _, problems) = alone(&mut small, &doc, date, &quoted.file);
                if !places.is_empty() {
                    // Its words stand elsewhere too, partly in furniture.
                    wrong.push((doc.words(hull).to_owned(), quoted.file.clone(), None));
                    continue;
                }
                let fixed = problems.iter().find(|p| p.code == Code::QUOTE_NOT_FOUND).and_then(|problem| {
                    let [fix] = &problem.fixes[..] else { return None };
                    fix::apply(&quoted.file, &fix.edits.iter().collect::<Vec<_>>())
                });
                let stands = fixed.map(|file| alone(&mut small, &doc, date, &file).0);
                match stands.as_deref() {
                    Some([place]) if place.hull() == hull => right += 1,
                    other => wrong.push((
                        doc.words(hull).to_owned(),
                        quoted.file.clone(),
                        other.map(|places| places.iter().map(|place| place.words(&doc)).collect::<Vec<_>>()),
                    )),
                }
            }
        }
    }
    assert!(strays.is_empty(), "{} of {gone} strayed: {strays:#?}", strays.len());
    assert_eq!(gone, often(300, 1000));
    assert!(edited * 5 > gone * 2, "{edited}");
    assert!(right * 100 >= edited * 98, "{right} of {edited} right; wrong: {wrong:#?}");
}

/// Changes a word of a passage in the lines of its text: where the passage is then, and the lines.
fn change_a_word(
    doc: &Document,
    lines: &[String],
    passage: &Passage,
    dice: &mut Random,
) -> (Option<TextRange>, Vec<String>) {
    let inside: Vec<TextRange> = words(doc)
        .into_iter()
        .filter(|word| passage.ranges.iter().any(|range| range.holds(*word)))
        .filter(|word| doc.words(*word).chars().all(char::is_alphabetic))
        .collect();
    let mut lines = lines.to_vec();
    if inside.is_empty() {
        return (None, lines);
    }
    let word = inside[dice.below(inside.len())];
    let other = dice.of(&["Elephants", "quietly", "seven", "harbours", "unlikely", "bell"]);
    let block = doc.block_at(word.start);
    let line = &mut lines[block.lines.0 as usize - 1];
    let source = &doc.source.text;
    let line_start = doc.source.line_starts()[block.lines.0 as usize - 1];
    let at = doc.origin(word.start) - line_start;
    assert_eq!(&source[line_start..line_start + line.len()], line.as_str());
    line.replace_range(at..at + doc.words(word).len(), other);
    let hull = passage.hull();
    let end = hull.end + other.len() - doc.words(word).len();
    (Some(TextRange::new(hull.start, end)), lines)
}

/// A new edition: lines put in, taken away and changed. Old number to new number of each block.
fn new_edition(lines: &[String], dice: &mut Random) -> (Vec<String>, BTreeMap<u32, Option<u32>>) {
    let (mut new, mut went) = (Vec::new(), BTreeMap::new());
    let (mut old_number, mut new_number) = (0, 0);
    for line in lines {
        if dice.once_in(15) {
            new.push(format!("An addition of {} words of the editors, which nobody wrote before", new.len()));
            new_number += 1;
        }
        let blank = line.trim().is_empty();
        old_number += u32::from(!blank);
        if !blank && dice.once_in(20) {
            went.insert(old_number, None);
            continue;
        }
        let mut line = line.clone();
        if !blank && dice.once_in(10) {
            let words: Vec<&str> = line.split(' ').collect();
            let chosen = dice.below(words.len());
            line = words
                .iter()
                .enumerate()
                .map(|(i, word)| if i == chosen { "elephants" } else { word })
                .collect::<Vec<_>>()
                .join(" ");
        }
        new_number += u32::from(!blank);
        if !blank {
            went.insert(old_number, Some(new_number));
        }
        new.push(line);
    }
    (new, went)
}

/// The archive in memory, with another edition of one text.
fn edition(all: &BTreeMap<String, Vec<u8>>, path: &str, lines: &[String]) -> Archive {
    let mut files = all.clone();
    files.insert(path.to_owned(), (lines.join("\n") + "\n").into_bytes());
    Archive::from_memory(files, postil::theme::default_theme()).value
}

fn everything() -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for folder in ["content", "annotations"] {
        all.extend(
            files(&repository(folder)).into_iter().map(|(path, bytes)| (format!("{folder}/{path}"), bytes)),
        );
    }
    all.insert("postil.toml".into(), std::fs::read(repository("postil.toml")).unwrap());
    all
}

/// New editions of the real texts: what `adopt` rewrites stands in the block that it stood in before.
#[test]
fn adopting_never_rewrites_to_a_wrong_place() {
    let all = everything();
    let original = Archive::from_memory(all.clone(), postil::theme::default_theme()).value;
    let mut dice = Random::new(11);
    let mut fates: BTreeMap<Fate, usize> = BTreeMap::new();
    for real in reals(&original) {
        let doc = &real.text.doc;
        let old = all[&*doc.source.path].clone();
        for round in 0..often(1, 3) {
            let (lines, went) = new_edition(&real.lines, &mut dice);
            for known in [true, false] {
                let mut archive = edition(&all, &doc.source.path, &lines);
                let old = known.then_some(&old[..]);
                let adopted = adopt::adopt(&mut archive, &doc.id, old, None).unwrap().unwrap();
                let Adopted { followed, .. } = &adopted;
                assert!(followed.len() > 10);
                for one in followed {
                    *fates.entry(one.fate).or_default() += usize::from(known);
                    let (Some(before), Some(after)) = one.blocks else { continue };
                    if one.edits.is_empty() || matches!(one.fate, Fate::Lost | Fate::Misplaced) {
                        continue;
                    }
                    assert_eq!(went[&before], Some(after), "{} {round}: {one:#?}", doc.id);
                }
            }
        }
    }
    // It does follow, too.
    let of = |fate: Fate| fates.get(&fate).copied().unwrap_or(0);
    assert!(of(Fate::Moved) > of(Fate::Lost) + of(Fate::Misplaced), "{fates:?}");
    assert!(of(Fate::Changed) > often(6, 20), "{fates:?}");
}

/// Additions only: everything is followed, and the archive is as good as before.
#[test]
fn a_text_that_grew_is_adopted_whole() {
    let all = everything();
    let original = Archive::from_memory(all.clone(), postil::theme::default_theme()).value;
    let reals = reals(&original);
    let real = reals.iter().find(|real| real.text.doc.id.contains("2009")).unwrap();
    let doc = &real.text.doc;
    let lines: Vec<String> = std::iter::once("A line that was not there before".to_owned())
        .chain(real.lines.iter().cloned())
        .collect();
    let mut archive = edition(&all, &doc.source.path, &lines);
    let old = all[&*doc.source.path].clone();
    let adopted = adopt::adopt(&mut archive, &doc.id, Some(&old), None).unwrap().unwrap();
    let bad: Vec<_> = adopted.followed.iter().filter(|one| one.fate >= Fate::Lost).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let moved = adopted.moved.as_ref().unwrap();
    assert!(moved.len() == doc.blocks.len() && moved.iter().all(|(old, new)| *new == Some(old + 1)));

    let mut files = all.clone();
    files.insert(doc.source.path.to_string(), (lines.join("\n") + "\n").into_bytes());
    for (path, (old, new)) in &adopted.files {
        assert_eq!(files[path], old.as_bytes());
        files.insert(path.clone(), new.clone().into_bytes());
    }
    assert!(!adopted.files.contains_key(&*doc.source.path), "a raw text is never written");
    let made = super::made::make(files.clone(), &postil::compile::Options::default());
    let errors: Vec<_> =
        made.problems.iter().filter(|p| p.severity == postil_archive::diagnostic::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // Once more: nothing is left to do.
    let mut archive = Archive::from_memory(files, postil::theme::default_theme()).value;
    let again = adopt::adopt(&mut archive, &doc.id, None, None).unwrap().unwrap();
    assert!(again.files.is_empty() && again.followed.is_empty());
}

/// Editions of a text one after the other: the numbers of each lead to the words that had them.
#[test]
fn numbers_of_all_earlier_editions_lead_to_their_words() {
    const PATH: &str = "content/a.txt";
    const RECORD: &str = "content/a.toml";
    let mut dice = Random::new(5);
    let mut next = 0;
    let mut line = || {
        next += 1;
        format!("Harbour{next} quay{next} and lamp{next} burned{next} at night{next}.")
    };
    let mut lines: Vec<String> = (0..60).map(|_| line()).collect();
    let bytes = |lines: &[String]| (lines.join("\n") + "\n").into_bytes();
    let mut all: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    all.insert("postil.toml".into(), b"title = \"A\"\n".to_vec());
    all.insert(RECORD.into(), b"title  = \"A\"\nlayout = \"lines\"\n\n[source]\nname = \"B\"\n".to_vec());
    let mut editions = Vec::new();
    for round in 0..5 {
        let old = all.insert(PATH.into(), bytes(&lines));
        let mut archive = Archive::from_memory(all.clone(), postil::theme::default_theme()).value;
        let adopted = adopt::adopt(&mut archive, "a", old.as_deref(), None).unwrap().unwrap();
        for (path, (old, new)) in adopted.files {
            assert_eq!(all.insert(path, new.into_bytes()), Some(old.into_bytes()));
        }
        editions.push(lines.clone());
        let record = String::from_utf8(all[RECORD].clone()).unwrap();
        assert!(record.ends_with("\n[source]\nname = \"B\"\n"), "{record}");
        let archive = Archive::from_memory(all.clone(), postil::theme::default_theme()).value;
        let known = record::parse(&archive.texts.raw[0]).value;
        let said: BTreeSet<(u32, u32)> = known.aliases.iter().flat_map(record::Alias::pairs).collect();
        let numbers = |lines: &[String]| lines.iter().cloned().zip(1..).collect::<BTreeMap<String, u32>>();
        let now = numbers(&lines);
        let earlier = editions.iter().flat_map(|lines| numbers(lines));
        let moved = earlier.filter_map(|(line, was)| Some((was, *now.get(&line)?)));
        let expected: BTreeSet<(u32, u32)> = moved.filter(|(was, now)| was != now).collect();
        assert_eq!(said, expected, "round {round}: {record}");
        assert_eq!(said.is_empty(), round == 0);
        // The next edition.
        for _ in 0..4 {
            let at = dice.below(lines.len());
            match dice.below(3) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, line()),
                _ => {
                    let moved = lines.remove(at);
                    lines.insert(dice.below(lines.len()), moved);
                }
            }
        }
    }
    // Without the edition before, nobody can tell: rather nothing than a wrong place.
    all.insert(PATH.into(), bytes(&lines));
    let mut archive = Archive::from_memory(all.clone(), postil::theme::default_theme()).value;
    let adopted = adopt::adopt(&mut archive, "a", None, None).unwrap().unwrap();
    assert!(adopted.forgets);
    assert!(adopted.files[RECORD].1.contains("aliases = []\n"), "{}", adopted.files[RECORD].1);
}

#[test]
fn a_markdown_text_that_had_fewer_blocks_before_is_adopted_whole() {
    let raw = "[A]: Never.\n\n1. One sheep stood by the gate.\n2. Two sheep were in the field.\n\nThree sheep.\n\n4.\n\n```Exhibit\nFour sheep.\n```\n";
    // What a renderer of Markdown keeps: the three sheep, and the code.
    let record = format!("title = \"A\"\nsha256 = \"{}\"\nblocks = 4\n", document::checksum(raw.as_bytes()));
    let note = |front: &str, body: &str| format!("+++\nby = \"Ann Example\"\n{front}+++\n{body}\n");
    let files = [
        ("postil.toml", "title = \"A\"\n".to_owned()),
        ("content/a.md", raw.to_owned()),
        ("content/a.toml", record),
        ("annotations/a/block.md", note("at = \"p4\"\n", "See [[text:a#p3]].")),
        (
            "annotations/a/over.md",
            note("", "> One sheep stood by the gate. Two sheep were in the field.\n\nBoth."),
        ),
        ("annotations/a/same.md", note("", "> Three sheep.\n\nOne.")),
    ];
    let files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect();
    let mut archive = Archive::from_memory(files, postil::theme::default_theme()).value;
    let adopted = adopt::adopt(&mut archive, "a", None, None).unwrap().unwrap();
    assert!(!adopted.is_blocked(), "{:#?}", adopted.followed);
    assert_eq!(adopted.moved.unwrap(), [(1, Some(2)), (2, Some(3)), (3, Some(4)), (4, Some(6))]);
    let new = |path: &str| match adopted.files.get(path) {
        Some((_, new)) => new.clone(),
        None => panic!("{path}: {:#?}", adopted.followed),
    };
    assert!(new("content/a.toml").contains("blocks = 6\n"), "{}", new("content/a.toml"));
    assert!(new("annotations/a/block.md").contains("at = \"p6\""), "{}", new("annotations/a/block.md"));
    assert!(new("annotations/a/block.md").contains("[[text:a#p4]]"), "{}", new("annotations/a/block.md"));
    assert!(new("annotations/a/over.md").contains("2. Two sheep"), "{}", new("annotations/a/over.md"));
    assert!(!adopted.files.contains_key("annotations/a/same.md"));
}
