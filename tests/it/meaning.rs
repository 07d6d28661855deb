//! `postil fix` changes nothing that files say. Every archive of the cases and the mistakes is
//! mended and compared with what it was; names that are gone and keys that are none are made up.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use postil::compile::Options;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Code, Diagnostic, Severity};
use postil_propose::propose::mend::{self, Bench, Left, Look, Mended};
use postil_site::site::compare::{Fate, Shift, compare};
use postil_site::site::inventory::{self, Inventory};

use super::checking::{run, write};
use super::made::{Files, Made, archive, make, short};
use super::{cases, mistakes};

/// An archive in memory.
struct Desk(Files);

impl Desk {
    fn with(&self, edited: &BTreeMap<String, String>) -> Made {
        let mut files = self.0.clone();
        files.extend(edited.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
        make(files, &Options::default())
    }
}

impl Bench for Desk {
    type Error = Infallible;

    fn text(&self, path: &str) -> Result<Option<String>, Infallible> {
        let archive = Archive::from_memory(self.0.clone(), postil::theme::default_theme()).value;
        let is_raw = archive.texts.iter().any(|text| *text.path == *path);
        Ok((!is_raw).then(|| archive.small_file(path).unwrap()).flatten())
    }

    fn look(&self, edited: &BTreeMap<String, String>) -> Result<Look, Infallible> {
        let made = self.with(edited);
        let says = inventory(&made).says();
        Ok(Look { problems: made.problems, says })
    }
}

/// What stands where; nothing if no site could be made.
fn inventory(made: &Made) -> Inventory {
    made.files.get(inventory::ADDRESS).map_or_else(Inventory::default, |b| Inventory::from_json(b).unwrap())
}

fn mended(files: Files) -> (Desk, Mended) {
    let desk = Desk(files);
    let mended = mend::mend(&desk).unwrap();
    (desk, mended)
}

/// What `postil diff` says that mending did, but for what could not be read before and can be now.
fn changes(desk: &Desk, mended: &Mended) -> String {
    if mended.files.is_empty() {
        return String::new();
    }
    let edited = mended.files.iter().map(|(path, (_, new))| (path.clone(), new.clone())).collect();
    let (before, after) = (desk.with(&BTreeMap::new()), desk.with(&edited));
    let (old, new) = (inventory(&before), inventory(&after));
    let changes = compare(&old, &new, &BTreeSet::new());
    let mut said = String::new();
    if !changes.texts.is_empty() {
        said.push_str(&format!("{:?}\n", changes.texts));
    }
    for change in &changes.entries {
        let entry = change.entry();
        let faulty = |file: &str| before.problems.iter().any(|problem| *problem.place.path == *file);
        // What no file said is only said now; what terms are used in follows from what terms there are.
        let says = change.says.iter().filter(|says| says.key != "uses" && !says.old.is_empty());
        let spots = change.spots.iter().filter(|shift| !matches!(shift, Shift::Added(_)));
        let fate = match change.fate {
            Fate::Added => !faulty(&entry.file),
            Fate::Changed => false,
            Fate::Broken | Fate::Moved | Fate::Removed => true,
        };
        let (says, spots): (Vec<_>, Vec<_>) = (says.collect(), spots.collect());
        if fate || !says.is_empty() || !spots.is_empty() {
            said.push_str(&format!("{} is {:?}: {says:?} {spots:?}\n", entry.file, change.fate));
        }
    }
    said
}

/// Kinds of problems of which one at least is mended, and those of which fixes are only proposed.
const MENDED: [Code; 6] = [
    Code::BAD_VALUE,
    Code::FRONT_MATTER,
    Code::NOTE_WITHOUT_QUOTE,
    Code::QUOTE_NOT_FOUND,
    Code::TOML_SYNTAX,
    Code::UNKNOWN_KEY,
];
const PROPOSED: [Code; 11] = [
    Code::BODY_CONTINUES_QUOTE,
    Code::COUNT_MISSING,
    Code::PATTERN_COUNT,
    Code::QUOTE_AMBIGUOUS,
    Code::QUOTE_CUTS_WORD,
    Code::UNKNOWN_CONTRIBUTOR,
    Code::UNKNOWN_KIND,
    Code::UNKNOWN_NOTE,
    Code::UNKNOWN_TERM,
    Code::UNKNOWN_TEXT,
    Code::UNKNOWN_TOPIC,
];

#[test]
fn no_kind_of_problem_is_mended_by_saying_something_else() {
    let (mut wrong, mut of_codes) = (String::new(), BTreeMap::<&str, bool>::new());
    let names = ("names that are gone".to_owned(), archive_of_names());
    for (name, files) in mistakes::archives().into_iter().chain(cases::archives()).chain([names]) {
        let problems = make(files.clone(), &Options::default()).problems;
        let fixes = problems.iter().flat_map(|problem| problem.fixes.iter().map(|fix| (problem.code, fix)));
        for (code, fix) in fixes {
            *of_codes.entry(code.name()).or_default() |= fix.keeps_meaning;
        }
        if problems.iter().all(|problem| problem.fixes.is_empty()) {
            continue;
        }
        let (desk, mended) = mended(files);
        let said = changes(&desk, &mended);
        if !said.is_empty() {
            wrong.push_str(&format!("=== {name}\n{said}"));
        }
        for (problem, why) in &mended.left {
            let proposed = problem.fixes.iter().all(|fix| !fix.keeps_meaning);
            assert!(proposed || *why != Left::Meaning, "{name}: {problem:?}");
        }
        let errors = |problems: &[Diagnostic]| {
            problems.iter().filter(|problem| problem.severity == Severity::Error).count()
        };
        assert!(mended.applied.is_empty() || errors(&mended.problems) <= errors(&problems), "{name}");
    }
    assert!(wrong.is_empty(), "{wrong}");
    // A fix of another kind of problem needs an answer here, and a mistake or a case that shows it.
    let with = |keeps: bool| of_codes.iter().filter(move |(_, kept)| **kept == keeps).map(|(name, _)| *name);
    let names = |codes: &[Code]| codes.iter().map(|code| code.name()).collect::<Vec<_>>();
    assert_eq!(with(true).collect::<Vec<_>>(), names(&MENDED));
    assert_eq!(with(false).collect::<Vec<_>>(), names(&PROPOSED));
}

/// Names that are gone, each beside one that is there and looks like it.
const GONE: [(&str, &str); 8] = [
    ("gla", "glaa"),
    ("glaas", "glaa-s"),
    ("visits", "visit"),
    ("labour-exploitation", "sexual-exploitation"),
    ("child-traficking", "child-trafficking"),
    ("2009-07-01-debate", "2009-07-02-debate"),
    ("debate-1", "debate-2"),
    ("organised-crime", "organized-crime"),
];

/// An archive in which everything that can be named is named, by a name that is gone.
fn archive_of_names() -> Files {
    let mut files: Vec<(String, String)> = vec![(
        "postil.toml".into(),
        "title = \"Names\"\n[notes.kinds]\ncontext = \"Context\"\nvisit = \"Visit\"\nglaa = \"GLAA\"\n"
            .into(),
    )];
    let mut add = |path: String, text: String| files.push((path, text));
    for (i, (gone, there)) in GONE.into_iter().enumerate() {
        let words = format!("Line of the number {i} alone.");
        add(format!("content/{there}.txt"), format!("{words}\n"));
        add(format!("content/{there}.toml"), "layout = \"lines\"\n".into());
        add(
            format!("annotations/{there}/{there}.md"),
            format!("+++\nby = \"A B\"\n+++\n> {words}\n\nIt is.\n"),
        );
        add(
            format!("annotations/glossary/{there}.toml"),
            format!("term = \"Word{i}\"\nkind = \"person\"\ndefinition = \"D.\"\n"),
        );
        add(format!("annotations/topics/{there}.toml"), "title = \"T\"\n".into());
        add(format!("annotations/contributors/{there}.toml"), "name = \"N N\"\n".into());
        // What names them.
        add(
            format!("annotations/glossary/see-{i}.toml"),
            format!(
                "term = \"Other{i}\"\nkind = \"body\"\nsee = [\"{gone}\"]\ntexts = [\"{gone}\"]\n\
                 [[sense]]\ndefinition = \"Of [[{gone}]].\"\npredecessor = \"{gone}\"\nsuccessor = \"{gone}\"\n"
            ),
        );
        add(
            format!("annotations/topics/see-{i}.toml"),
            format!(
                "title = \"T {i}\"\nparent = \"{gone}\"\nsee = [\"{gone}\"]\nscope = \"[[topic:{gone}]]\"\n\
                 [[passage]]\ntext = \"{gone}\"\nquote = \"{words}\"\n"
            ),
        );
        add(
            format!("annotations/links/see-{i}.toml"),
            format!(
                "title = \"L {i}\"\nrelation = \"follows\"\nby = \"{gone}\"\nnote = \"[[text:{gone}#p1]]\"\n\
                 [[end]]\ntext = \"{gone}\"\nquote = \"{words}\"\n[[end]]\ntext = \"{there}\"\nquote = \"{words}\"\n"
            ),
        );
        add(
            format!("annotations/{there}/apparatus.toml"),
            format!(
                "by = \"{gone}\"\nstructure = [\n  {{ at = \"p1\", kind = \"speech\", speaker = \"{gone}\" }},\n]\n\
                 term = [\n  {{ form = \"Line\", is = \"{gone}\" }},\n  {{ quote = \"number\", is = \"{gone}/one\" }},\n]\n"
            ),
        );
        let links = format!(
            "[[{gone}]] [[term:{gone}]] [[topic:{gone}|that]] [[text:{gone}]] [[note:{there}/{gone}]]"
        );
        add(
            format!("annotations/{there}/see.md"),
            format!(
                "+++\nby = \"{gone}\"\nkind = \"{gone}\"\ntopics = [\"{gone}\"]\n+++\n> {words}\n\nSee {links} [[note:{gone}/{gone}]].\n"
            ),
        );
        add(format!("content/pages/page-{i}.md"), format!("See {links}.\n"));
    }
    let texts: Vec<String> = GONE.iter().map(|(gone, _)| format!("\"{gone}\"")).collect();
    add(
        "annotations/furniture.toml".into(),
        format!(
            "furniture = [\n  {{ quote = \"Line\", reason = \"r\", texts = [{}] }},\n]\n",
            texts.join(", ")
        ),
    );
    archive(files)
}

#[test]
fn no_reference_is_pointed_elsewhere() {
    let (_, mended) = mended(archive_of_names());
    assert!(mended.files.is_empty(), "{:#?}", mended.files);
    let said = short(&mended.problems);
    let count = |code: &str| said.matches(&format!("error[{code}]")).count();
    // Each is told in each place, and told how it may be meant.
    assert!(count("unknown-term") >= 9 * GONE.len(), "{said}");
    assert!(count("unknown-topic") >= 5 * GONE.len(), "{said}");
    assert!(count("unknown-text") >= 4 * GONE.len(), "{said}");
    assert!(count("unknown-note") >= 3 * GONE.len(), "{said}");
    assert!(count("unknown-contributor") >= 3 * GONE.len(), "{said}");
    assert!(count("unknown-kind") >= GONE.len(), "{said}");
    let near = |p: &&Diagnostic| p.help.iter().any(|help| help.starts_with("did you mean"));
    assert!(mended.problems.iter().filter(near).count() > 20 * GONE.len());
    assert!(mended.left.iter().all(|(_, why)| *why == Left::Meaning) && !mended.left.is_empty());
}

/// Keys of other tools, or what is near to a key without being one.
const FOREIGN: [&str; 32] = [
    "tags", "tag", "hash", "name", "note", "page", "term", "form", "link", "text", "texts", "names", "notes",
    "dates", "pages", "writer", "writers", "url", "uri", "key", "keys", "al", "a", "nh", "kin", "bye",
    "wars", "rule", "role", "roles", "sea", "edges",
];

#[test]
fn no_key_becomes_another() {
    let mut files: Vec<(String, String)> =
        vec![("postil.toml".into(), "title = \"Keys\"\nnames = 1\n".into())];
    for (i, key) in FOREIGN.into_iter().enumerate() {
        for (j, value) in ["\"rain\"", "[\"rain\"]", "12", "true", "1850-01-02"].into_iter().enumerate() {
            let line = format!("{key} = {value}\n");
            let mut add = |path: String, text: String| files.push((path, text));
            add(format!("content/t{i}-{j}.txt"), "It rains.\n".into());
            add(format!("content/t{i}-{j}.toml"), format!("layout = \"lines\"\n{line}"));
            add(
                format!("annotations/t{i}-{j}/n.md"),
                format!("+++\nby = \"A B\"\n{line}+++\n> It rains\n\nSo.\n"),
            );
            add(
                format!("annotations/glossary/g{i}-{j}.toml"),
                format!("kind = \"body\"\ndefinition = \"D.\"\nterm = \"W{i}x{j}\"\n{line}"),
            );
            add(format!("annotations/topics/o{i}-{j}.toml"), format!("title = \"T\"\n{line}"));
            add(
                format!("annotations/links/l{i}-{j}.toml"),
                format!(
                    "title = \"L\"\nrelation = \"follows\"\n{line}[[end]]\ntext = \"t0-0\"\nquote = \"rains\"\n{line}"
                ),
            );
            add(format!("annotations/contributors/c{i}-{j}.toml"), format!("name = \"N\"\n{line}"));
        }
    }
    let (_, mended) = mended(archive(files));
    assert!(mended.files.is_empty(), "{:#?}", mended.files);
    assert!(mended.problems.iter().filter(|problem| problem.code == Code::UNKNOWN_KEY).count() > 500);
}

/// Every key that is long enough, in the file in which it stands.
const KEYS: [(&str, &str); 6] = [
    (
        "content/a.toml",
        "title = \"A\"\nshort = \"A\"\nhouse = \"H\"\nsource = { name = \"S\" }\nrights = \"R\"\nlayout = \"lines\"\nblocks = 2\n",
    ),
    (
        "annotations/a/n.md",
        "+++\nby = \"A B\"\ntopics = [\"t\"]\nsources = [{ title = \"S\" }]\ncertainty = \"probable\"\nreview_by = 2030-01-01\nquote = \"rains\"\nprefix = \"It\"\nsuffix = \"again\"\n+++\nSo.\n",
    ),
    (
        "annotations/glossary/g.toml",
        "term = \"Wind\"\nkind = \"concept\"\nforms = [\"Winds\"]\nmisprints = [\"Wnd\"]\ndefinition = \"D.\"\ncertainty = \"possible\"\ntexts = [\"a\"]\nreview_by = 2030\n",
    ),
    (
        "annotations/topics/t.toml",
        "title = \"T\"\nscope = \"S.\"\n\n[[passage]]\ntext = \"a\"\nquote = \"rains\"\n",
    ),
    (
        "annotations/links/l.toml",
        "title = \"L\"\nrelation = \"follows\"\n[[end]]\ntext = \"a\"\nquote = \"It rains\"\n[[end]]\ntext = \"a\"\nquote = \"again\"\n",
    ),
    ("annotations/contributors/c.toml", "name = \"N\"\naffiliation = \"A\"\n"),
];

#[test]
fn a_slip_in_a_long_key_is_mended() {
    let base = || {
        let texts = [("content/a.txt", "It rains again.\nThe Wind.\n")];
        archive(texts.into_iter().chain(KEYS))
    };
    let (_, clean) = mended(base());
    assert!(clean.problems.iter().all(|problem| problem.severity != Severity::Error), "{:?}", clean.problems);
    let keys = |text: &str| -> Vec<String> {
        let key = |line: &str| Some(line.split_once(" = ")?.0.to_owned()).filter(|key| key.len() >= 5);
        text.lines().filter_map(key).collect()
    };
    // One slip of each sort at a time, in all files at once.
    for slip in 0..4 {
        let mut files = base();
        for (path, text) in KEYS {
            let mut spoilt = text.to_owned();
            for key in keys(text) {
                let (a, b) = (key.len() / 2, key.len() / 2 + 1);
                let wrong = match slip {
                    0 => [&key[..a], &key[b..]].concat(),
                    1 => [&key[..a], &key[b..=b], &key[a..b], &key[b + 1..]].concat(),
                    2 => [&key[..b], "x", &key[b..]].concat(),
                    _ => [&key[..a], "x", &key[b..]].concat(),
                };
                // Of four letters too many a word can be made.
                if wrong.len() >= 5 {
                    spoilt = spoilt.replacen(&format!("{key} = "), &format!("{wrong} = "), 1);
                }
            }
            files.insert(path.to_owned(), spoilt.into_bytes());
        }
        let (_, mended) = mended(files);
        for (path, text) in KEYS {
            if let Some((_, new)) = mended.files.get(path) {
                assert_eq!(new, text, "{slip} {path}");
            }
        }
        assert_eq!(mended.left.len(), 0, "{slip}: {:#?}", mended.left);
        assert!(mended.files.len() >= 5, "{slip}");
    }
}

#[test]
fn a_quotation_is_mended_only_where_it_can_mean_one_place() {
    let text = "The Minister met the farmers in May.\nthe minister met the farmers in June.\n\
        A report of 1.5 million pounds was made.\nThe GLAA licensed it.\n7. Accept this in full.\n\
        It rained all day long on the harbour.\nNOTHING WAS DONE about the mills.\n";
    let check = |quote: &str, expected: Option<&str>| {
        let note = format!("+++\nby = \"A B\"\n+++\n> {quote}\n\nSo.\n");
        let files = [("content/a.txt", text), ("content/a.toml", "layout = \"lines\"\n")];
        let (_, mended) = mended(archive(files.into_iter().chain([("annotations/a/n.md", &*note)])));
        let new = mended.files.get("annotations/a/n.md").map(|(_, new)| new.clone());
        let expected = expected.map(|expected| note.replace(quote, expected));
        assert_eq!(new, expected, "{quote}");
        let errors = mended.problems.iter().any(|problem| problem.severity == Severity::Error);
        assert_eq!(errors, expected.is_none(), "{quote}");
    };
    // Case, marks, dashes, a slip.
    check("nothing was done about the mills", Some("NOTHING WAS DONE about the mills"));
    check("“It rained all day long”", Some("It rained all day long"));
    check("It rained - all day long", Some("It rained all day long"));
    check("It *rained* all day", Some("It rained all day"));
    check("It raind all day long", Some("It rained all day long"));
    // Two places but for the capitals.
    check("The MINISTER met the farmers", None);
    // Another number, another word, a word of which another is made.
    check("A report of 15 million pounds", None);
    check("A report of 1.6 million pounds was made", None);
    check("5. Accept this in full.", None);
    check("The GLA licensed it", None);
    check("the GLA", None);
    check("It rained all night long on the harbour", None);
    check("It rained day long on the harbour", None);
    // `farmers` stands elsewhere: it is no slip for what the text has.
    check("the minister met the farmer in June", None);
    check("about the mill", None);
}

#[test]
fn a_term_that_was_renamed_keeps_its_notes_and_the_archive_its_errors() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "postil.toml", "title = \"A case\"\n");
    write(folder, "content/a.txt", "The council licensed farm work.\n");
    write(folder, "content/a.toml", "layout = \"lines\"\n");
    let term = "term = \"GLAA\"\nkind = \"body\"\n[[sense]]\nid = \"glaa\"\ndefinition = \"An authority.\"\npredecessor = \"gla\"\n";
    write(folder, "annotations/glossary/glaa.toml", term);
    write(folder, "annotations/topics/sexual-exploitation.toml", "title = \"S\"\n");
    let note = "+++\nby = \"editor\"\ntopics = [\"labour-exploitation\"]\ntags = [\"x\"]\n+++\n> licensed farm work\n\nThe [[gla]] was renamed the [[glaa]].\n";
    write(folder, "annotations/a/n.md", note);
    write(folder, "annotations/contributors/editors.toml", "name = \"The editors\"\n");
    let (code, patch, told) = run(folder, &["fix"]);
    assert_eq!((code, patch.as_str()), (1, ""), "{told}");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    assert_eq!(read("annotations/a/n.md"), note);
    assert_eq!(read("annotations/glossary/glaa.toml"), term);
    assert!(told.contains("n.md:2:6: unknown-contributor: only you can tell what is meant"), "{told}");
    assert!(told.contains("nothing was to be mended; ") && told.contains("errors"), "{told}");

    // A sense that follows itself is told.
    write(folder, "annotations/glossary/glaa.toml", &term.replace("\"gla\"", "\"glaa\""));
    let (_, answer, _) = run(folder, &["check", "--format", "short"]);
    assert!(answer.contains("error[sense-broken]: `glaa` is its own predecessor"), "{answer}");
}
