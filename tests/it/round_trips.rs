//! Notes that go out for other programs and come in again stand where they stood, and say what they said.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use postil::compile::{self, Options, Texts};
use postil_archive::archive::{Archive, SidecarKind};
use postil_archive::diagnostic::{Error, Severity};
use postil_export::hypothesis;
use postil_propose::propose::import::{self, Imported, Tool};
use rayon::prelude::*;
use serde_json::Value;

use super::checking::{run, write};
use super::generated::making;
use super::made::{Files, Made, make};

/// What a note is on the site, as its annotations tell it: without its address, which is new.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Told {
    text: String,
    places: String,
    words: String,
    by: String,
    date: String,
    title: String,
}

/// All notes of a site, sorted.
fn told(made: &Made) -> Vec<Told> {
    let mut all = Vec::new();
    for (address, bytes) in made.files.iter().filter(|(address, _)| address.ends_with(".jsonld")) {
        let page: Value = serde_json::from_slice(bytes).unwrap();
        for item in page["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            if !id.split_once('#').is_some_and(|(_, id)| id.starts_with("n-")) {
                continue;
            }
            let bodies = match &item["body"] {
                Value::Array(bodies) => bodies.clone(),
                one => vec![one.clone()],
            };
            let mut words: Vec<String> = bodies.iter().map(Value::to_string).collect();
            words.sort();
            all.push(Told {
                text: address.clone(),
                places: item["target"].to_string(),
                words: words.join("\n"),
                by: item["creator"].to_string(),
                date: item["created"].to_string(),
                title: item["label"].to_string(),
            });
        }
    }
    all.sort();
    all
}

/// The files of an archive without its notes, and how many of them there were.
fn without_notes(mut files: Files) -> (Files, usize) {
    let all = Archive::from_memory(files.clone(), postil::theme::default_theme()).value;
    let is_note = |kind: &SidecarKind| matches!(kind, SidecarKind::Note { .. });
    let notes = all.sidecars.iter().filter(|sidecar| is_note(&sidecar.kind));
    let notes: Vec<String> = notes.map(|sidecar| sidecar.source.path.to_string()).collect();
    notes.iter().for_each(|path| drop(files.remove(path)));
    (files, notes.len())
}

/// What an archive takes out for Hypothesis, by text.
fn for_hypothesis(files: Files) -> BTreeMap<String, String> {
    let archive = Archive::from_memory(files, postil::theme::default_theme()).value;
    let work = |texts: &Texts<'_>| {
        let mut out = BTreeMap::new();
        for (index, plan) in texts.site.texts.iter_enumerated() {
            let made = texts.with(index, |input, _| hypothesis::text(input))?;
            out.extend(made.flatten().map(|json| (plan.id.to_string(), json)));
        }
        Ok::<_, Error>(out)
    };
    compile::texts(&archive, &Options::default(), work).unwrap().0
}

/// An archive with what was taken in.
fn with(mut files: Files, tool: Tool, taken: &BTreeMap<String, String>) -> (Files, Vec<Imported>) {
    let mut archive = Archive::from_memory(files.clone(), postil::theme::default_theme()).value;
    let mut all = Vec::new();
    for json in taken.values() {
        let foreign = import::read(tool, json.as_bytes()).unwrap_or_default();
        let found = import::import(&mut archive, &foreign, &import::Wish::default()).unwrap();
        files.extend(found.files.iter().map(|file| (file.path.clone(), file.text.clone().into_bytes())));
        all.push(found);
    }
    (files, all)
}

/// That the notes of an archive come back, both ways; how many there are. One with errors is not taken out.
#[track_caller]
fn come_back(name: &str, files: &Files) -> usize {
    let (bare, notes) = without_notes(files.clone());
    let site = make(files.clone(), &Options::default());
    if notes == 0 || site.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return 0;
    }
    let of_site = site.files.iter().filter(|(address, _)| address.ends_with(".jsonld"));
    let of_site = of_site.map(|(to, bytes)| (to.clone(), String::from_utf8(bytes.clone()).unwrap()));
    for (tool, taken) in [(Tool::W3c, of_site.collect()), (Tool::Hypothesis, for_hypothesis(files.clone()))] {
        let (back, imported) = with(bare.clone(), tool, &taken);
        let again = make(back, &Options::default());
        let compared = |made: &Made| {
            let mut all = told(made);
            if name.starts_with("made up") {
                // Some say the same of the same words twice, on another day or of another topic: import takes those for one.
                all.iter_mut().for_each(|one| {
                    one.words = one.words.lines().filter(|line| line.contains("commenting")).collect();
                    (one.date, one.title) = (String::new(), String::new());
                });
                all.sort();
                all.dedup();
            }
            all
        };
        let (before, after) = (compared(&site), compared(&again));
        let left = imported.iter().flat_map(|found| &found.left);
        let left: Vec<_> =
            left.filter(|(_, why)| !format!("{why:?}").contains("that is not a note")).collect();
        let lost = before.iter().find(|one| !after.contains(one));
        let new = after.iter().find(|one| !before.contains(one));
        assert!(before == after, "{name}, {tool:?}: lost {lost:#?}\nnew {new:#?}\nleft {left:?}");
    }
    told(&site).len()
}

#[test]
fn notes_that_went_out_stand_where_they_stood_when_they_come_in_again() {
    let mut archives = super::cases::archives();
    archives.extend((1..=6).map(|seed| (format!("made up {seed}"), making::made_up(seed).files)));
    archives.push(("the first archive".to_owned(), super::citing::first_archive()));
    let notes: usize = archives.par_iter().map(|(name, files)| come_back(name, files)).sum();
    assert!(notes > 200, "only {notes}");
}

/// An archive of several kinds of text: verse, a table, words from right to left, somebody who speaks, notes, a term.
fn of_several_kinds(folder: &Path) {
    let files = [
        ("postil.toml", "title = \"Several kinds\"\nbase_url = \"https://a.example\"\n"),
        ("content/v/verse.txt", "Roses are red\nViolets are blue\n\nSugar is sweet\n"),
        ("content/v/verse.toml", "layout = \"verse\"\ndate = 1784\n"),
        (
            "content/table.md",
            "# Figures\n\n| Year | Count |\n|---|---|\n| 2009 | 211 |\n\nThe *QXW* counted.\n",
        ),
        ("content/right.txt", "מְגִלָּה אַחַת\n\nשורה שנייה\n"),
        ("content/right.toml", "lang = \"he\"\nlayout = \"lines\"\n"),
        ("content/debate.txt", "Mr Smith\n\nThe QXW met. It spoke.\n"),
        ("content/debate.toml", "date = 2009-05-14\n"),
        (
            "annotations/debate/apparatus.toml",
            "structure = [{ at = \"p2\", kind = \"speech\", speaker = \"Mr Smith\" }]\n",
        ),
        (
            "annotations/debate/met.md",
            "+++\nby = [\"A B\", \"C D\"]\ndate = 2020-01-02\n+++\n> The QXW met.\n\nSo [[qxw]].\n",
        ),
        ("annotations/right/second.md", "+++\nby = \"A B\"\n+++\n> שורה שנייה\n\nA *second*.\n"),
        ("annotations/v/verse/red.md", "+++\nby = \"A B\"\n+++\n> red\n\nOf roses.\n"),
        ("annotations/glossary/qxw.toml", "term = \"QXW\"\nkind = \"body\"\ndefinition = \"A board.\"\n"),
    ];
    files.iter().for_each(|(path, text)| write(folder, path, text));
}

#[test]
fn every_export_of_the_same_archive_has_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    of_several_kinds(folder.path());
    for (form, name) in [
        ("html", "html"),
        ("tei", "tei"),
        ("akn", "akn"),
        ("hypothesis", "hypothesis"),
        ("bag", "bag"),
        ("bag", "bag.zip"),
        ("epub", "book.epub"),
        ("skos", "terms.ttl"),
    ] {
        let made = ["first", "second"].map(|time| {
            let output = format!("{time}/{name}");
            let (code, _, told) = run(folder.path(), &["export", form, "--output", &output, "--quiet"]);
            assert_eq!(code, 0, "{form}: {told}");
            let output = folder.path().join(output);
            match output.is_dir() {
                true => super::files(&output),
                false => vec![(name.to_owned(), std::fs::read(output).unwrap())],
            }
        });
        let [first, second] = made;
        assert!(!first.is_empty() && first.iter().all(|(_, bytes)| !bytes.is_empty()), "{form}");
        for ((path, one), (other, two)) in first.iter().zip(&second) {
            assert!(path == other && one == two, "{form}: `{path}` is not the same twice");
        }
        assert_eq!(first.len(), second.len(), "{form}");
    }
    // The one file is the folder, packed.
    let packed = std::fs::File::open(folder.path().join("first/bag.zip")).unwrap();
    let mut packed = zip::ZipArchive::new(packed).unwrap();
    for (path, bytes) in super::files(&folder.path().join("first/bag")) {
        let mut found = Vec::new();
        packed.by_name(&format!("bag/{path}")).unwrap().read_to_end(&mut found).unwrap();
        assert!(found == bytes, "{path}");
    }
}
