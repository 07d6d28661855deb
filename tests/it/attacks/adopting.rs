//! A new edition of a text: what `adopt` writes stands where it stood, or nowhere.

use std::collections::BTreeMap;

use postil_anchor::anchor::fold::fold;
use postil_anchor::anchor::glossary::Glossary;
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::{self, Passage};
use postil_anchor::annotation;
use postil_anchor::document::{self, Document, record};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::Severity;
use postil_propose::propose::adopt;

use super::super::made::{Files, archive};
use super::{Attack, bare, choice, parts};

pub(super) const ATTACK: Attack = Attack {
    name: "adopt",
    try_with,
    seeds: &[
        "1First the Forum met on Monday.\nThen the Forum met again.\nThe end.\u{1e}Then the Forum met again.\nThe end.\u{1e}Forum met\u{1e}at = \"p1\"\n",
        "1First the Forum met on Monday.\nThen the Forum met again.\nThe end.\u{1e}New.\nFirst the Forum met on Monday.\nThen the Forum met again.\nThe end.\u{1e}Forum met\u{1e}nth = 2\n",
        "0One lamp.\nTwo lamps.\nOne lamp.\u{1e}One lamp.\nOne lamp.\u{1e}One **lamp**\u{1e}all = true\n",
        "1One lamp burned at night.\nTwo lamps.\u{1e}One lamp burnt at night.\nTwo lamps.\u{1e}lamp burned at\u{1e}",
    ],
    cheap: 20,
};

fn try_with(bytes: &[u8]) {
    let (known, rest) = choice(bytes);
    let [old, new, words, keys] = parts(rest);
    let (Ok(words), Ok(keys)) = (std::str::from_utf8(words), std::str::from_utf8(keys)) else { return };
    let record = format!("layout = \"lines\"\nsha256 = \"{}\"\n", document::checksum(old));
    let quoted: String = words.lines().map(|line| format!("> {line}\n")).collect();
    let note = format!("+++\nby = \"A B\"\n{keys}\n+++\n{quoted}\nSo.\n");
    let files = |text: &[u8]| {
        archive([
            ("content/a.txt", text),
            ("content/a.toml", record.as_bytes()),
            ("annotations/a/n.md", note.as_bytes()),
        ])
    };
    let Some((before, places)) = stands(files(old)) else { return };
    let mut edition = bare(files(new)).value;
    let at_hand = (known % 2 == 1).then_some(old);
    let Ok(adopted) = adopt::adopt(&mut edition, "a", at_hand, None).expect("memory can be read") else {
        return;
    };
    assert!(!adopted.files.contains_key("content/a.txt"), "a raw text is never written");
    if adopted.is_blocked() {
        return;
    }
    let mut files = files(new);
    for (path, (old, new)) in adopted.files {
        let there = files.insert(path, new.into_bytes());
        assert_eq!(there.as_deref(), Some(old.as_bytes()));
    }
    let Some((after, now)) = stands(files) else { return };
    if at_hand.is_some() {
        stands_where_it_stood((&before, &places), (&after, &now));
    }
}

/// The text, and where its note stands in it; none if anything is wrong.
fn stands(files: Files) -> Option<(Document, Vec<Passage>)> {
    let checked = bare(files);
    let archive: Archive = checked.value;
    let file = archive.text("a")?;
    let known = record::parse(file).value;
    let bytes = archive.load(file).expect("memory can be read").value?;
    let doc = document::parse("a".into(), file.path.clone(), &bytes, file.format, &known).value?;
    let parsed = annotation::parse(&archive);
    let all = parsed.value;
    let is_error = |problem: &postil_archive::diagnostic::Diagnostic| problem.severity == Severity::Error;
    let layers = Index::new(&all).layers("a", None);
    let resolved = anchor::resolve(&doc, &layers, &Glossary::default());
    if parsed.problems.iter().chain(&resolved.problems).any(is_error) {
        return None;
    }
    let places = resolved.value.notes.into_iter().flat_map(|(_, places)| places).collect::<Vec<_>>();
    (!places.is_empty()).then_some((doc, places))
}

/// A passage in a line that both editions have once stands in that line; any other has at least its words.
fn stands_where_it_stood(before: (&Document, &[Passage]), after: (&Document, &[Passage])) {
    let once = |doc: &Document| {
        let mut lines: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for block in &doc.blocks {
            lines.entry(doc.words(block.text).to_owned()).or_default().push(block.number);
        }
        lines
    };
    let (old, new) = (once(before.0), once(after.0));
    let ([place], [now]) = (before.1, after.1) else { return };
    let block = |doc: &Document, passage: &Passage| doc.block_at(passage.start()).number;
    let line = |doc: &Document, passage: &Passage| doc.words(doc.block_at(passage.start()).text).to_owned();
    let was = line(before.0, place);
    if let (Some([_]), Some([is])) = (old.get(&was).map(Vec::as_slice), new.get(&was).map(Vec::as_slice)) {
        assert_eq!(block(after.0, now), *is, "{was:?}: from {place:?} to {now:?}");
    } else {
        let (one, other) = (fold(&place.words(before.0)), fold(&now.words(after.0)));
        let shared = one.split(' ').filter(|word| other.split(' ').any(|other| other == *word)).count();
        assert!(one == other || shared * 2 >= one.split(' ').count(), "{one:?} became {other:?}");
    }
}
