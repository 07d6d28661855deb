//! Small archives, and what is seen of them as a whole.

use postil_archive::index::TextIx;
use std::collections::BTreeMap;
use typed_index_collections::{TiSlice, TiVec};

use super::{Look, Vocabulary, look, whole};
use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::annotation::{self, Annotations};
use postil_anchor::document::{self, record::Record};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::Code;
use postil_archive::sidecar::date::Date;

/// What is done with the annotations of an archive, the records of its texts, the looks at them, and
/// the words.
pub(super) fn look_at<T>(
    files: &[(&str, &str)],
    act: impl FnOnce(&Annotations, &TiSlice<TextIx, Record>, &[Look], &Vocabulary<'_>) -> T,
) -> T {
    let mut all: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    all.insert("postil.toml".into(), b"title = \"A case\"".to_vec());
    let archive = Archive::from_memory(all, &Default::default()).value;
    let checked = annotation::parse(&archive);
    assert_eq!(checked.problems, []);
    let annotations = checked.value;
    let glossary = Glossary::new(&annotations.terms, Defaults::default()).value;
    let index = Index::new(&annotations);
    let vocabulary = Vocabulary::new(&annotations);
    let records: TiVec<TextIx, Record> =
        archive.texts.iter().map(|file| document::record::parse(file).value).collect();
    let of_text = |(file, record): (&postil_archive::archive::TextFile, &Record)| {
        let bytes = archive.load(file).unwrap().value.unwrap();
        let parsed = document::parse(file.id.clone(), file.path.clone(), &bytes, file.format, record);
        let doc = parsed.value.unwrap();
        let layers = index.layers(&doc.id, record.date);
        let anchored = postil_anchor::anchor::resolve(&doc, &layers, &glossary).value;
        look(&doc, &anchored, &layers, &vocabulary).0
    };
    let looks: Vec<Look> = archive.texts.iter().zip(&records).map(of_text).collect();
    act(&annotations, &records, &looks, &vocabulary)
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let today = Date::parse("2026-11-22").unwrap();
    let problems = look_at(files, |all, _, looks, vocabulary| whole::problems(all, looks, vocabulary, today));
    let found: Vec<String> = problems
        .iter()
        .map(|p| format!("{}:{}: {}: {}", p.place.path, p.place.line, p.code.name(), p.message))
        .collect();
    assert_eq!(found, expected, "{files:?}");
}

const TEXT: (&str, &str) = ("content/a.txt", "One line.\n\nOne line of the GLA.\n\nAnother GLA.\n");

#[test]
fn the_same_note_twice() {
    let one = ("annotations/a/one.md", "+++\nby = \"A B\"\n+++\n> Another GLA\n\nIt says  so.\n");
    let duplicate = ["annotations/a/two.md:6: note-duplicate: another note says the same of the same words"];
    let term = ("annotations/glossary/gla.toml", "term = \"GLA\"\nkind = \"body\"\ndefinition = \"x\"\n");
    let note = |text| [TEXT, term, one, ("annotations/a/two.md", text)];
    check(&note("+++\nby = \"C D\"\n+++\n> Another GLA\n\nIt says\nso.\n"), &duplicate);
    check(&note("+++\nby = \"C D\"\n+++\n> Another GLA\n\nIt says it.\n"), &[]);
    check(&note("+++\nby = \"C D\"\n+++\n> One line of\n\nIt says so.\n"), &[]);
    check(&note("+++\nby = \"A B\"\non = \"text\"\n+++\nIt says so.\n"), &[]);
}

#[test]
fn notes_on_the_whole_text_can_be_the_same_too() {
    let note = "+++\nby = \"A B\"\non = \"text\"\n+++\nShort.\n";
    check(
        &[("content/a.txt", "One.\n"), ("annotations/a/one.md", note), ("annotations/a/two.md", note)],
        &["annotations/a/two.md:5: note-duplicate: another note says the same of the same words"],
    );
}

#[test]
fn what_nobody_uses() {
    check(
        &[
            ("content/a.txt", "One.\n"),
            ("annotations/topics/above.toml", "title = \"Above\"\n"),
            ("annotations/topics/below.toml", "title = \"Below\"\nparent = \"above\"\n"),
            ("annotations/topics/noted.toml", "title = \"Noted\"\n"),
            ("annotations/contributors/idle.toml", "name = \"Idle Hand\"\n"),
            ("annotations/contributors/busy.toml", "name = \"Busy Hand\"\n"),
            ("annotations/a/n.md", "+++\nby = \"busy\"\ntopics = \"noted\"\n+++\n> One\n"),
        ],
        &[
            "annotations/topics/below.toml:1: topic-unused: nothing belongs to the topic `below`",
            "annotations/contributors/idle.toml:1: contributor-unused: nothing in the archive is by the contributor `idle`",
        ],
    );
}

#[test]
fn reviews_that_are_due() {
    #[track_caller]
    fn due(review_by: &str, expected: bool) {
        let note = format!("+++\nby = \"A B\"\nreview_by = {review_by}\n+++\n> One\n\nSo.\n");
        let term =
            format!("term = \"One\"\nkind = \"body\"\ndefinition = \"It.\"\nreview_by = {review_by}\n");
        let senses = format!(
            "term = \"Two\"\nkind = \"body\"\nreview_by = {review_by}\n[[sense]]\ndefinition = \"It.\"\n"
        );
        let files = [
            ("content/a.txt", "One.\n"),
            ("annotations/a/n.md", note.as_str()),
            ("annotations/glossary/one.toml", term.as_str()),
            ("annotations/glossary/two.toml", senses.as_str()),
        ];
        let today = Date::parse("2026-11-22").unwrap();
        let problems =
            look_at(&files, |all, _, looks, vocabulary| whole::problems(all, looks, vocabulary, today));
        let due = |path: &str| problems.iter().any(|p| &*p.place.path == path && p.code == Code::REVIEW_DUE);
        let said = ["annotations/a/n.md", "annotations/glossary/one.toml", "annotations/glossary/two.toml"];
        assert_eq!(said.map(due), [expected; 3], "{review_by}: {problems:?}");
    }
    due("2026-11-21", true);
    due("2026-11-22", false);
    due("\"2026-10\"", true);
    due("\"2026-11\"", false);
    due("2025", true);
    due("2026", false);
}

/// The acronyms that are told.
#[track_caller]
fn check_acronyms(files: &[(&str, &str)], expected: &[&str]) {
    let found: Vec<String> = look_at(files, |_, _, looks, vocabulary| {
        super::unexplained(looks, vocabulary).into_keys().map(str::to_owned).collect()
    });
    assert_eq!(found, expected, "{files:?}");
}

#[test]
fn names_and_words_in_capitals_are_no_acronyms() {
    let play = "FIRST SAILOR. Is the door OPEN?\n\nOLD PILOT. It was open, says the ILO.\n\nMARGARET. No.\n\nMARGARET. Yes.\n";
    let rows = "structure = [\n  { at = \"p1\", quote = \"FIRST SAILOR.\", kind = \"speaker\", speaker = \"First Sailor\" },\n\
        { at = \"p2\", quote = \"OLD PILOT.\", kind = \"speaker\", speaker = \"Old Pilot\" },\n]\n";
    check_acronyms(&[("content/a.txt", play), ("annotations/a/apparatus.toml", rows)], &["ILO"]);
    // A speaker's name is one elsewhere too; without a row, two words of a head may be anything.
    let other = ("content/b.txt", "The SAILOR and the PILOT of the OSCE met.\n");
    check_acronyms(
        &[("content/a.txt", play), ("annotations/a/apparatus.toml", rows), other],
        &["ILO", "OSCE"],
    );
    // A word that another text has in small letters.
    let tract = ("content/a.txt", "Of LIBERTY, the KING and the GLA.\n");
    check_acronyms(&[tract], &["GLA", "KING", "LIBERTY"]);
    check_acronyms(&[tract, ("content/b.txt", "The liberty of a King.\n")], &["GLA"]);
    // What a text explains is one, whatever else stands in small letters.
    let who = ("content/a.txt", "The World Health Organization (WHO) asked who the WHO is.\n");
    check_acronyms(&[who], &["WHO"]);
    check_acronyms(&[("content/a.txt", "He asked who the WHO is.\n")], &[]);
}

#[test]
fn acronyms_without_a_term() {
    check(
        &[TEXT, ("content/b.txt", "Of the GLA and the ILO.\n")],
        &[
            "content/a.txt:3: acronym-unexplained: no term explains `GLA`, which stands 3 times in 2 texts",
            "content/b.txt:1: acronym-unexplained: no term explains `ILO`, which stands once in one text",
        ],
    );
    // A form of a term for this text, a row of the apparatus, furniture, a correction: each settles it.
    let gla = "term = \"GLA\"\nkind = \"body\"\ndefinition = \"x\"\n";
    check(&[TEXT, ("annotations/glossary/gla.toml", gla)], &[]);
    let elsewhere = format!("{gla}texts = \"b/**\"\n");
    check(
        &[TEXT, ("annotations/glossary/gla.toml", &elsewhere)],
        &["content/a.txt:3: acronym-unexplained: no term explains `GLA`, which stands 2 times in one text"],
    );
    check(&[TEXT, ("annotations/a/apparatus.toml", "term = [{ form = \"GLA\", is = \"none\" }]\n")], &[]);
    check(
        &[TEXT, ("annotations/a/apparatus.toml", "furniture = [{ at = \"p2-p3\", reason = \"x\" }]\n")],
        &[],
    );
    let correction =
        "correction = [{ quote = \"GLA\", all = true, reading = \"the Authority\", reason = \"x\" }]\n";
    check(&[TEXT, ("annotations/a/apparatus.toml", correction)], &[]);
}
