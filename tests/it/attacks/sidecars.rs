//! Whatever stands in a sidecar, it is read or told of: no panic, places that are in the file, fixes
//! that can be applied.

use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::annotation;
use postil_anchor::document::{self, collection, record};
use postil_anchor::{anchor, overlay};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::show::{Format, Look, show};
use postil_archive::diagnostic::{Diagnostic, fix};

use super::super::made::{Files, archive};
use super::{Attack, MOST, choice};

pub(super) const ATTACK: Attack = Attack {
    name: "sidecar",
    try_with,
    seeds: &[
        "0title = \"A\"\ndate = \"1821~\"\nlayout = \"lines\"\nlang = \"en\"\nwas = [\"b\"]\n[source]\nname = \"S\"\nurl = \"https://good.example/\"\n",
        "1title = \"All\"\norder = \"date\"\n[defaults]\nlayout = \"lines\"\nauthor = \"A B\"\n",
        "2+++\nby = \"A B\"\ntitle = \"T\"\nkind = \"context\"\ntopics = [\"t\"]\n+++\n> Lamps **were** lit\n\nSee [[quay]] and [[text:a#p1]].\n",
        "3structure = [\n  { at = \"p1\", kind = \"heading\", level = 2 },\n  { match = \"(?<number>[0-9]+)\", kind = \"item\", count = 1 },\n  { at = \"p2-p3\", kind = \"speech\", speaker = \"quay\" },\n]\nfurniture = [{ quote = \"Page 3\", reason = \"head\" }]\ncorrection = [{ quote = \"teh\", reading = \"the\" }]\njoin = [{ at = \"p2\", to = \"next\" }]\nterm = [{ quote = \"quay\", is = \"quay\" }]\n",
        "5furniture = [{ quote = \"Page\", reason = \"r\", all = true, texts = [\"*\"] }]\n",
        "6term = \"quay\"\nkind = \"place\"\nforms = [\"quays\"]\n[[sense]]\nid = \"one\"\ndefinition = \"D.\"\nfrom = 1900\n[[sense]]\nid = \"two\"\ndefinition = \"E.\"\npredecessor = \"quay/one\"\n",
        "7title = \"T\"\nscope = \"S.\"\nparent = \"t\"\n[[passage]]\ntext = \"a\"\nquote = \"Lamps\"\nat = \"p1\"\n",
        "8title = \"L\"\nrelation = \"follows\"\n[[end]]\ntext = \"a\"\nquote = \"Lamps\"\n[[end]]\ntext = \"b\"\nquote = \"went\"\nnth = 2\n",
        "9name = \"N\"\naffiliation = \"A\"\n",
        ":+++\ntitle = \"P\"\n+++\n# Page\n\n[^1] ![a](b.png)\n\n[^1]: x\n",
        ";title = \"C\"\nlanguage = \"fr\"\nbase_url = \"https://x.example/\"\n[notes.kinds]\ncontext = \"Context\"\n[limits]\nnote = 100\n",
    ],
    cheap: 20,
};

const PLACES: [&str; 12] = [
    "content/a.toml",
    "content/collection.toml",
    "annotations/a/n.md",
    "annotations/a/apparatus.toml",
    "annotations/a/derived.toml",
    "annotations/furniture.toml",
    "annotations/glossary/g.toml",
    "annotations/topics/t.toml",
    "annotations/links/l.toml",
    "annotations/contributors/c.toml",
    "content/pages/p.md",
    "postil.toml",
];

/// Files beside the one in question.
const OTHERS: [(&str, &str); 5] = [
    ("content/a.txt", "Lamps were lit at teh quay. Page 3\n12 of them, and quays.\nThe quay went dark.\n"),
    ("content/b.txt", "It went well. It went on.\n"),
    ("annotations/glossary/quay.toml", "term = \"quay\"\nkind = \"place\"\ndefinition = \"A place.\"\n"),
    ("annotations/topics/t.toml", "title = \"T\"\n"),
    ("content/b.toml", "layout = \"lines\"\n"),
];

fn try_with(bytes: &[u8]) {
    let (place, file) = choice(&bytes[..bytes.len().min(MOST)]);
    let place = PLACES[(place + PLACES.len() - usize::from(b'0') % PLACES.len()) % PLACES.len()];
    let mut files = archive(OTHERS);
    files.insert(place.to_owned(), file.to_vec());
    let (problems, read) = check(files.clone());
    is_sound(&problems, &read);
    // What is mended can be read, too.
    let Ok(Some(text)) = read.small_file(place) else { return };
    let of_file = |fix: &&fix::Fix| fix.keeps_meaning && fix.edits.iter().all(|edit| **edit.path() == *place);
    let mut fixes = problems.iter().filter_map(|problem| match &problem.fixes[..] {
        [fix] => Some(fix),
        _ => None,
    });
    if let Some(fix) = fixes.find(of_file) {
        let new = fix::apply(&text, &fix.edits.iter().collect::<Vec<_>>());
        let new = new.unwrap_or_else(|| panic!("{fix:?} cannot be applied to {text:?}"));
        files.insert(place.to_owned(), new.into_bytes());
        check(files);
    }
}

/// All that is read of an archive but pages.
fn check(files: Files) -> (Vec<Diagnostic>, Archive) {
    let mut problems = Vec::new();
    let archive = super::bare(files).take(&mut problems);
    let records = record::parse_all(&archive.texts).take(&mut problems);
    collection::parse_all(&archive.collections).take(&mut problems);
    let annotations = annotation::parse(&archive).take(&mut problems);
    problems.extend(annotation::unknown_names(&archive, &records));
    let glossary = Glossary::new(&annotations.terms, Defaults::default()).take(&mut problems);
    let index = Index::new(&annotations);
    for (file, record) in archive.texts.iter().zip(&records) {
        let Some(bytes) = archive.load(file).unwrap().value else { continue };
        let parsed = document::parse(file.id.clone(), file.path.clone(), &bytes, file.format, record);
        let Some(doc) = parsed.take(&mut problems) else { continue };
        let layers = index.layers(&file.id, record.date);
        let anchored = anchor::resolve(&doc, &layers, &glossary).take(&mut problems);
        overlay::lay(&doc, &anchored, &annotations);
    }
    (problems, archive)
}

fn is_sound(problems: &[Diagnostic], archive: &Archive) {
    for format in [Format::Short, Format::Human, Format::Json, Format::Github, Format::Sarif] {
        show(problems, format, Look { colour: false, width: 60 });
    }
    for problem in problems {
        assert!(!problem.message.is_empty(), "{problem:?}");
        assert!(!problem.message.contains('\n'), "{problem:?}");
        for edits in problem.fixes.iter().map(|fix| &fix.edits) {
            for edit in edits {
                let Ok(Some(text)) = archive.small_file(edit.path()) else { continue };
                assert!(fix::apply(&text, &[edit]).is_some(), "{edit:?} in {text:?}");
            }
        }
    }
}
