//! What texts gave in the last run is taken in place of the work, and nobody sees it: after any edit the files and
//! the messages are those of a build from nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use postil::compile::{self, Compiled, Kept, Options};
use postil::output::Sink;
use postil::output::memory::{self, Memory, Nowhere};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{self, Diagnostic, Severity};
use postil_archive::sidecar::date::Date;

use super::made::{Files, archive, short};
use super::random::Random;
use super::tier::often;

/// An archive that is edited and made again and again.
struct Again {
    files: Files,
    kept: Kept,
    before: Option<Arc<memory::Files>>,
}

/// What came of an archive: files if there is no error, and the messages.
type Came = (Option<memory::Files>, Vec<Diagnostic>);

fn came(memory: Memory, mut problems: Vec<Diagnostic>, compiled: Compiled) -> Came {
    problems.extend(compiled.problems);
    diagnostic::sort(&mut problems);
    let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
    ((!failed).then(|| memory.into_shared()), problems)
}

impl Again {
    fn new(files: Files) -> Self {
        Self { files, kept: Kept::default(), before: None }
    }

    fn read(&self) -> (Archive, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let read = Archive::from_memory(self.files.clone(), postil::theme::default_theme());
        (read.take(&mut problems), problems)
    }

    fn cold(&self) -> Came {
        let (archive, problems) = self.read();
        let memory = Memory::default();
        let put = |path: &str, bytes: &[u8]| memory.put(path, bytes);
        let compiled = compile::compile(&archive, &put, &Options::default()).unwrap();
        came(memory, problems, compiled)
    }

    /// Makes the site with what is kept. Gives what came of it, and of how many texts nothing was done.
    fn make(&mut self) -> (Came, usize) {
        let (archive, problems) = self.read();
        let memory = Memory::after(self.before.clone());
        let put = |path: &str, bytes: &[u8]| memory.put(path, bytes);
        let options = Options { kept: Some((&self.kept, &memory)), ..Options::default() };
        let compiled = compile::compile(&archive, &put, &options).unwrap();
        let taken = compiled.taken;
        let came = came(memory, problems, compiled);
        if let Some(files) = &came.0 {
            self.before = Some(Arc::new(files.clone()));
        }
        (came, taken)
    }

    /// Makes it with what is kept and from nothing. Gives of how many texts nothing was done, and whether the site is
    /// a good one.
    #[track_caller]
    fn compare(&mut self, what: &str) -> (usize, bool) {
        let ((files, problems), taken) = self.make();
        let (cold_files, cold_problems) = self.cold();
        assert_eq!(short(&problems), short(&cold_problems), "{what}");
        assert_eq!(problems, cold_problems, "{what}");
        if let (Some(files), Some(cold)) = (&files, &cold_files) {
            let paths: BTreeSet<&String> = files.keys().chain(cold.keys()).collect();
            let differ: Vec<_> = paths.iter().filter(|path| files.get(**path) != cold.get(**path)).collect();
            assert!(differ.is_empty(), "{what}: {differ:?}");
        }
        (taken, files.is_some())
    }

    /// Looks at it with what is kept and from nothing, as `check` does.
    #[track_caller]
    fn compare_check(&self, what: &str) -> usize {
        let check = |kept: Option<&Kept>| {
            let (archive, mut problems) = self.read();
            let nowhere = Nowhere::default();
            let put = |path: &str, bytes: &[u8]| nowhere.put(path, bytes);
            let review = Some(Date::parse("2026-11-30").unwrap());
            let kept = kept.map(|kept| (kept, &nowhere as &dyn compile::Shelf));
            let options = Options { review, kept, ..Options::default() };
            let compiled = compile::compile(&archive, &put, &options).unwrap();
            problems.extend(compiled.problems);
            diagnostic::sort(&mut problems);
            (problems, compiled.taken)
        };
        let ((warm, taken), (cold, _)) = (check(Some(&self.kept)), check(None));
        assert_eq!(short(&warm), short(&cold), "{what}");
        assert_eq!(warm, cold, "{what}");
        taken
    }

    /// As another process has it.
    fn through_the_disk(&mut self) {
        let bytes = postcard::to_stdvec(&self.kept).unwrap();
        self.kept = postcard::from_bytes(&bytes).unwrap();
    }

    fn put(&mut self, path: &str, text: impl AsRef<[u8]>) {
        self.files.insert(path.to_owned(), text.as_ref().to_vec());
    }

    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.files[path].clone()).unwrap();
        assert!(text.contains(from), "`{from}` is not in {path}");
        self.put(path, text.replacen(from, to, 1));
    }

    fn remove(&mut self, path: &str) {
        assert!(self.files.remove(path).is_some(), "no {path}");
    }
}

/// Ids of texts: of one day, one may be before the other by its id and after it by its address.
const IDS: [&str; 7] = ["a", "a-b", "a/b", "a/c", "b", "d/e", "f"];
/// Slugs of terms; the last three are names that records and rows have.
const TERMS: [&str; 7] = ["abc", "board", "centre", "gla", "harbour", "jones", "smith"];

/// Lines of texts, full of forms.
const LINES: [&str; 12] = [
    "Nothing of note was said that day.",
    "The GLA met the Harbour Board; the board was late.",
    "ABCs are taught here, and the ABC of trade.",
    "Mr Jones spoke of the Harbour.",
    "JONES: I do not agree with the Board.",
    "SMITH: The Centre is closed.",
    "Page 7 of 12",
    "A harbour is no board, and an abc is no ABC.",
    "Only here stands Zanzibar, and Éire.",
    "All were heard (see Jones, 1901). The General Lighthouse Authority (GLA) was not.",
    "Migrants migrate; migration migrated.",
    "The centre of the harbour is old.",
];

/// A file of an archive, as one dice makes it; none if it is not to be there.
fn rolled(path: &str, random: &mut Random) -> Option<String> {
    let number = random.below(3);
    let text = |random: &mut Random| random.of(&IDS).to_owned();
    let link = |random: &mut Random| {
        let (id, term) = (random.of(&IDS).to_owned(), random.of(&TERMS).to_owned());
        match random.below(8) {
            0 => format!("[[{term}]]"),
            1 => format!("[[text:{id}]]"),
            2 => format!("[[text:{id}#p2]]"),
            3 => "[[topic:t1]]".to_owned(),
            4 => format!("[[note:{id}/n1]]"),
            _ => "nothing".to_owned(),
        }
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut out = String::new();
    let optional = |random: &mut Random, n: usize, line: &str| {
        if random.once_in(n) { format!("{line}\n") } else { String::new() }
    };
    match path {
        "postil.toml" => {
            out.push_str(random.of(&["title = \"One\"\n", "title = \"Two\"\n"]));
            out.push_str(&optional(random, 4, "base_url = \"https://a.example\""));
            out.push_str(&optional(random, 4, "description = \"A site.\""));
            out.push_str(&optional(random, 6, "zip = false"));
            out.push_str(&optional(random, 6, "[terms]\nmark = \"all\""));
        }
        _ if path.starts_with("content/") && path.ends_with(".txt") => {
            // What notes quote stands in most texts.
            for line in 0..random.between(2, 6) {
                let _ = write!(out, "{}\n\n", random.of(&LINES));
                if line == 0 && !random.once_in(40) {
                    out.push_str("The quay is made of stone.\n\nSMITH: The GLA is closed.\n\n");
                }
            }
        }
        "content/d/collection.toml" => {
            let _ = writeln!(out, "title = \"Folder {number}\"");
            out.push_str(&optional(random, 3, "[defaults]\nkind = \"act\"\nrights = \"Free.\""));
        }
        _ if path.starts_with("content/pages/") => {
            let _ = writeln!(out, "Of {} and {}.", link(random), link(random));
        }
        _ if path.starts_with("content/") => {
            let date = random.of(&["2009", "2009-05-01", "2009-05-02", "2011", "1901-01"]);
            let _ = writeln!(out, "date = \"{date}\"");
            out.push_str(&optional(random, 2, &format!("title = \"Text {number}\"")));
            out.push_str(&optional(random, 3, &format!("short = \"T{number}\"")));
            out.push_str(&optional(random, 3, "kind = \"speech\""));
            out.push_str(&optional(random, 3, "people = [\"jones\", \"Nobody\"]"));
            out.push_str(&optional(random, 6, "author = [\"smith\"]"));
            let was = path.trim_start_matches("content/").replace(['/', '.'], "-");
            out.push_str(&optional(random, 8, &format!("was = [\"old/{was}\"]")));
            out.push_str(&optional(random, 8, "lang = \"fr\""));
            out.push_str(&optional(random, 8, "number = \"7\""));
        }
        "annotations/furniture.toml" => {
            out.push_str("furniture = [\n");
            for _ in 0..random.between(1, 3) {
                let quote = random.of(&["Page 7 of 12", "Zanzibar", "Page 7"]);
                let texts = random.of(&["**", "a/**", "b"]);
                let _ = writeln!(
                    out,
                    "  {{ quote = \"{quote}\", all = true, texts = [\"{texts}\"], reason = \"r{number}\" }},"
                );
            }
            out.push_str("]\n");
        }
        _ if name == "apparatus.toml" => {
            if random.once_in(2) {
                out.push_str("speakers = { SMITH = \"smith\" }\n");
            }
            out.push_str(&optional(random, 4, "by = \"Ann Example\""));
            if random.once_in(2) {
                out.push_str("structure = [\n  { match = '\\A(?<speaker>[A-Z]+):', kind = \"speech\", covers = \"until-next\" },\n]\n");
            }
            if random.once_in(3) {
                out.push_str("correction = [\n  { quote = \"made of stone\", reading = \"built of stone\", reason = \"misprint\" },\n]\n");
            }
            if random.once_in(3) {
                out.push_str("join = [\n  { at = \"p1-p2\" },\n]\n");
            }
            if random.once_in(2) {
                let is = random.of(&["none", "centre", "board", "harbour"]);
                let on = random.of(&["quote = \"The quay\"", "form = \"GLA\""]);
                let _ = writeln!(out, "term = [\n  {{ {on}, is = \"{is}\" }},\n]");
            }
        }
        _ if path.starts_with("annotations/glossary/") => {
            let slug = name.trim_end_matches(".toml");
            let term = match slug {
                "abc" => "ABC",
                "board" => random.of(&["Board", "Harbour Board"]),
                "centre" => "Centre",
                "gla" => "GLA",
                "harbour" => random.of(&["Harbour", "harbour"]),
                "jones" => random.of(&["Jones", "JONES"]),
                _ => "Smith",
            };
            let kind = match slug {
                "jones" | "smith" => "person",
                _ => random.of(&["body", "person", "concept"]),
            };
            let _ = writeln!(out, "term = \"{term}\"\nkind = \"{kind}\"");
            if random.once_in(3) {
                let form = random.of(&[
                    "Centre House",
                    "quay",
                    "General Lighthouse Authority",
                    "ABCs",
                    "Zanzibar",
                    "Éire",
                    "7",
                ]);
                let _ = writeln!(out, "forms = [\"{form}\"]");
            }
            out.push_str(&optional(random, 4, "case = \"any\""));
            out.push_str(&optional(random, 5, "mark = \"first-per-section\""));
            out.push_str(&optional(random, 6, "texts = [\"a/**\"]"));
            out.push_str(&optional(random, 9, "texts = []"));
            if random.once_in(3) {
                // What comes later has a later letter, so that nothing is its own successor.
                let later = TERMS.iter().rev().find(|later| **later > slug && random.once_in(2));
                let later = later.map(|later| format!("successor = \"{later}\"\n")).unwrap_or_default();
                let _ = write!(
                    out,
                    "[[sense]]\nid = \"early\"\nuntil = 2010\ndefinition = \"Early, {}.\"\n{later}\
                     [[sense]]\nid = \"late\"\nname = \"Later {number}\"\nfrom = 2011\ndefinition = \"Late.\"\n",
                    link(random)
                );
            } else {
                let _ = writeln!(out, "definition = \"Of {number}, {}.\"", link(random));
            }
        }
        _ if path.starts_with("annotations/topics/") => {
            let _ = writeln!(out, "title = \"Topic {number}\"");
            let scope = format!("scope = \"On {}.\"", link(random));
            out.push_str(&optional(random, 3, &scope));
            for _ in 0..random.below(3) {
                let (id, why) = (text(random), link(random));
                let _ =
                    write!(out, "[[passage]]\ntext = \"{id}\"\nquote = \"The quay\"\nwhy = \"For {why}.\"\n");
            }
        }
        _ if path.starts_with("annotations/links/") => {
            let _ = writeln!(
                out,
                "title = \"Link {number}\"\nrelation = \"answers\"\nnote = \"See {}.\"",
                link(random)
            );
            for _ in 0..2 {
                let _ = write!(out, "[[end]]\ntext = \"{}\"\nquote = \"of stone\"\n", text(random));
            }
        }
        _ if path.starts_with("annotations/contributors/") => {
            let _ = writeln!(out, "name = \"Ann Example{}\"", " the Elder".repeat(number));
        }
        _ if path.starts_with("annotations/") => {
            let by = random.of(&["ann", "Bob"]);
            let _ = writeln!(out, "+++\nby = \"{by}\"");
            out.push_str(&optional(random, 3, "topics = [\"t1\"]"));
            out.push_str(&optional(random, 3, "kind = \"source\""));
            out.push_str(&optional(random, 3, "title = \"Titled\""));
            out.push_str(&optional(random, 6, "on = \"text\""));
            let on = if out.contains("on = ") { "" } else { "> The quay is\n\n" };
            let _ = write!(out, "+++\n{on}Words {number} of {}, {}.\n", link(random), link(random));
        }
        _ if path.ends_with("en.toml") => {
            let _ = writeln!(out, "note_by = \"from {{by}} {number}\"");
        }
        _ => out = format!("Words {number}.\n"),
    }
    Some(out)
}

/// All files that the archive may have.
fn slots() -> Vec<String> {
    let mut slots: Vec<String> = Vec::new();
    for id in IDS {
        slots.push(format!("content/{id}.txt"));
        slots.push(format!("content/{id}.toml"));
        slots.push(format!("annotations/{id}/apparatus.toml"));
        slots.extend((1..=2).map(|n| format!("annotations/{id}/n{n}.md")));
    }
    slots.extend(TERMS.map(|slug| format!("annotations/glossary/{slug}.toml")));
    slots.extend(["t1", "t2"].map(|slug| format!("annotations/topics/{slug}.toml")));
    slots.extend(["l1", "l2"].map(|slug| format!("annotations/links/{slug}.toml")));
    slots.extend(
        [
            "postil.toml",
            "content/d/collection.toml",
            "content/pages/about.md",
            "annotations/furniture.toml",
            "annotations/contributors/ann.toml",
            "themes/default/lang/en.toml",
            "static/pdf/b.pdf",
        ]
        .map(str::to_owned),
    );
    slots
}

/// An archive to begin with: all is there, and nothing asks for what is not.
fn whole(random: &mut Random) -> Files {
    let files = slots().into_iter().filter(|path| !path.starts_with("themes/"));
    let rolled = files.filter_map(|path| rolled(&path, random).map(|text| (path, text)));
    archive(rolled)
}

/// One edit of whatever kind; says what it was.
fn edit(again: &mut Again, random: &mut Random, step: usize) -> String {
    let slots = slots();
    let path = slots[random.below(slots.len())].clone();
    match random.below(12) {
        0 if path != "postil.toml" => {
            again.files.remove(&path);
            format!("{path}: removed")
        }
        // All that is of a text goes to another id.
        1 => {
            let (from, to) = (random.of(&IDS), format!("g{}", step % 3));
            let mut moved = BTreeMap::new();
            for (path, bytes) in std::mem::take(&mut again.files) {
                let of_it = [format!("content/{from}."), format!("annotations/{from}/")];
                let new = of_it.iter().find_map(|of_it| {
                    Some(format!("{}{}", of_it.replace(from, &to), path.strip_prefix(of_it.as_str())?))
                });
                moved.insert(new.unwrap_or(path), bytes);
            }
            again.files = moved;
            format!("{from}: now {to}")
        }
        // Two records change places.
        2 => {
            let (one, other) = (random.of(&IDS), random.of(&IDS));
            let (one, other) = (format!("content/{one}.toml"), format!("content/{other}.toml"));
            let texts = (again.files.remove(&one), again.files.remove(&other));
            again.files.extend(texts.0.map(|text| (other.clone(), text)));
            again.files.extend(texts.1.map(|text| (one.clone(), text)));
            format!("{one} and {other}: exchanged")
        }
        3 if again.files.contains_key(&path) => {
            let comment = if path.ends_with(".toml") { format!("# {step}\n") } else { format!("{step}\n\n") };
            let at_end = path.ends_with(".md");
            let bytes = &again.files[&path];
            let both =
                if at_end { [&bytes[..], comment.as_bytes()] } else { [comment.as_bytes(), &bytes[..]] };
            again.put(&path, both.concat());
            format!("{path}: a line more")
        }
        4 => {
            let number = random.below(2);
            let path = "themes/default/text.html";
            let own = postil::theme::default_theme().files.iter().find(|file| file.path == "text.html");
            let mut text = own.expect("the theme has one").bytes.to_vec();
            text.extend(format!("<!-- {number} -->\n").as_bytes());
            match again.files.contains_key(path) {
                true => drop(again.files.remove(path)),
                false => again.put(path, text),
            }
            format!("{path}: there or gone")
        }
        _ => {
            if let Some(text) = rolled(&path, random) {
                again.put(&path, text);
            }
            format!("{path}: another one")
        }
    }
}

#[test]
fn whatever_was_edited_what_is_kept_changes_no_byte_and_no_word() {
    let (archives, edits) = often((1, 5), (40, 25));
    let (mut taken, mut made, mut good) = (0, 0, 0);
    for seed in 1..=archives {
        let mut random = Random::new(seed);
        let mut again = Again::new(whole(&mut random));
        again.compare(&format!("seed {seed}, the first build"));
        let mut last_good = again.files.clone();
        for step in 0..edits {
            let what = format!("seed {seed}, step {step}: {}", edit(&mut again, &mut random, step));
            let (of, is_good) = again.compare(&what);
            taken += of;
            made += again.files.keys().filter(|path| path.ends_with(".txt")).count();
            if step % 4 == 1 {
                again.through_the_disk();
            }
            if step % 4 == 3 {
                again.compare_check(&what);
            }
            // An error is mended more often than not, or there would be little to see.
            good += usize::from(is_good);
            match is_good {
                true => last_good.clone_from(&again.files),
                false if random.once_in(4) => {}
                false => again.files.clone_from(&last_good),
            }
        }
    }
    let steps = archives as usize * edits;
    assert!(taken * 6 > made && good * 3 > steps, "{taken} of {made} texts, {good} of {steps} builds");
}

/// Three texts that know of each other: `b` stands between the others by its date.
fn three() -> Again {
    Again::new(archive([
        ("postil.toml", "title = \"Three\"\nzip = false\n"),
        ("content/a.txt", "The GLA met.\n\nIt met the Board.\n\nPage 7\n"),
        ("content/a.toml", "title = \"First\"\ndate = 2009-05-01\nlayout = \"wrapped\"\n"),
        ("content/b.txt", "A line of the quay.\n\nThe quay is old.\n\nNo more.\n"),
        ("content/b.toml", "date = 2009-05-02\nlayout = \"wrapped\"\n"),
        ("content/c.txt", "ABCs are taught. The ABC Board sat.\n\nThe Centre is closed.\n"),
        (
            "content/c.toml",
            "title = \"Third\"\ndate = 2009-05-03\nlayout = \"wrapped\"\npeople = [\"jones\"]\n",
        ),
        ("annotations/a/n.md", "+++\nby = \"ann\"\n+++\n> It met\n\nSee [[text:b]] and [[text:b#p3]].\n"),
        ("annotations/glossary/gla.toml", "term = \"GLA\"\nkind = \"body\"\ndefinition = \"A body.\"\n"),
        ("annotations/glossary/board.toml", "term = \"Board\"\nkind = \"body\"\ndefinition = \"A board.\"\n"),
        ("annotations/glossary/jones.toml", "term = \"Jones\"\nkind = \"person\"\ndefinition = \"A man.\"\n"),
        ("annotations/contributors/ann.toml", "name = \"Ann\"\n"),
    ]))
}

/// An edit of an archive, with what it is called.
type Edit<'e> = (&'e str, &'e dyn Fn(&mut Again));

/// Edits three texts, one edit after the other; after each all is as from nothing.
#[track_caller]
fn check(edits: &[Edit<'_>]) {
    let mut again = three();
    assert_eq!(again.compare("the first build"), (0, true));
    for (what, edit) in edits {
        edit(&mut again);
        again.compare(what);
    }
}

#[test]
fn what_was_not_touched_is_taken() {
    let mut again = three();
    assert_eq!(again.compare("the first build"), (0, true));
    assert_eq!(again.compare("nothing"), (3, true));
    again.through_the_disk();
    assert_eq!(again.compare("nothing, in another process"), (3, true));
    again.edit("content/c.txt", "closed", "open");
    assert_eq!(again.compare("a word"), (2, true));
    again.edit("annotations/a/n.md", "See", "Look at");
    assert_eq!(again.compare("a note"), (2, true));
    again.edit("annotations/glossary/gla.toml", "A body", "Some body");
    assert_eq!(again.compare("a term that one text uses"), (2, true));
    again.put(
        "annotations/glossary/new.toml",
        "term = \"Zanzibar\"\nkind = \"place\"\ndefinition = \"Far.\"\n",
    );
    assert_eq!(again.compare("a term that no text uses"), (3, true));
    assert_eq!(again.compare_check("a look at it"), 0);
    assert_eq!(again.compare_check("another"), 3);
    assert_eq!(again.compare("the site, after that"), (3, true));
    again.edit("content/c.txt", "open", "shut");
    assert_eq!(again.compare("a word"), (2, true));
    assert_eq!(again.compare_check("a look at it"), 2);
}

#[test]
fn a_first_line_is_a_title_elsewhere() {
    check(&[
        ("the first line", &|all| all.edit("content/b.txt", "A line", "One line")),
        ("a title", &|all| all.edit("content/b.toml", "date", "title = \"Second\"\ndate")),
        ("a short title", &|all| all.edit("content/b.toml", "date", "short = \"2nd\"\ndate")),
    ]);
}

#[test]
fn texts_change_their_neighbours() {
    check(&[
        ("the last is the first", &|all| all.edit("content/c.toml", "2009-05-03", "2009-04-03")),
        ("ids of one day", &|all| {
            all.put("content/a-b.txt", "More of it.\n");
            all.put("content/a-b.toml", "date = 2009-05-01\n");
            all.put("content/a/b.txt", "And more.\n");
            all.put("content/a/b.toml", "date = 2009-05-01\n");
        }),
        ("one of them goes", &|all| all.remove("content/a-b.txt")),
    ]);
}

#[test]
fn an_early_text_loses_uses_and_later_ones_are_shown() {
    let mut again = three();
    for id in ["a", "b", "c"] {
        again.put(
            &format!("content/{id}.txt"),
            format!("The GLA. {}\n\nIt met the quay.\n\nEnd.\n", "GLA, ".repeat(300)),
        );
    }
    again.compare("the first build");
    again.put("content/a.txt", "No more of it. It met.\n\nOnce.\n");
    again.compare("the first has none");
    again.remove("content/a.txt");
    again.remove("content/a.toml");
    again.remove("annotations/a/n.md");
    again.compare("the first is gone");
}

#[test]
fn a_form_swallows_another() {
    let longer = "term = \"ABC Board\"\nkind = \"body\"\ncase = \"exact\"\ndefinition = \"Longer.\"\n";
    check(&[
        ("a longer form", &|all| all.put("annotations/glossary/abc-board.toml", longer)),
        ("a shorter one with a plural", &|all| {
            all.put(
                "annotations/glossary/abc.toml",
                "term = \"ABC\"\nkind = \"body\"\ndefinition = \"Short.\"\n",
            );
        }),
        ("paragraphs are joined", &|all| {
            all.put("annotations/c/apparatus.toml", "join = [{ at = \"p1-p2\" }]\n")
        }),
        ("without the longer one", &|all| all.remove("annotations/glossary/abc-board.toml")),
    ]);
}

#[test]
fn dates_of_senses_settle_a_form_in_a_text_that_nobody_touched() {
    let senses = |until: &str| {
        format!(
            "term = \"Centre\"\nkind = \"body\"\n[[sense]]\nid = \"old\"\nuntil = {until}\ndefinition = \"Old.\"\n\
             [[sense]]\nid = \"new\"\nfrom = 2000\ndefinition = \"New.\"\n"
        )
    };
    let put = |until: &'static str| {
        move |all: &mut Again| all.put("annotations/glossary/centre.toml", senses(until))
    };
    check(&[
        ("two senses, of which either may be meant", &put("2015")),
        ("one is too old", &put("1999")),
        ("by a row only", &|all| {
            let text = String::from_utf8(all.files["annotations/glossary/centre.toml"].clone()).unwrap();
            all.put("annotations/glossary/centre.toml", text.replacen("kind", "texts = []\nkind", 1));
            all.put(
                "annotations/b/apparatus.toml",
                "term = [{ quote = \"quay is old\", is = \"centre/new\" }]\n",
            );
        }),
        ("the sense has a name", &|all| {
            all.edit("annotations/glossary/centre.toml", "id = \"new\"", "id = \"new\"\nname = \"New C\"")
        }),
    ]);
}

#[test]
fn what_leads_to_a_text_is_named_there() {
    check(&[
        ("another note leads there", &|all| {
            all.put("annotations/c/n.md", "+++\nby = \"ann\"\n+++\n> The Centre\n\nSee [[text:b]].\n");
        }),
        ("two of one kind on one text", &|all| {
            all.put("annotations/a/m.md", "+++\nby = \"ann\"\n+++\n> The GLA\n\nSee [[text:b]].\n");
        }),
        ("one of them is gone", &|all| all.remove("annotations/a/n.md")),
        ("the text that they stand on has another title", &|all| {
            all.edit("content/a.toml", "First", "Number one")
        }),
        ("who wrote it has another name", &|all| {
            all.edit("annotations/contributors/ann.toml", "Ann", "Ann the Very Elder")
        }),
    ]);
}

#[test]
fn a_paragraph_that_somebody_leads_to_goes_and_comes_back() {
    check(&[
        ("it is gone", &|all| all.put("content/b.txt", "A line of the quay.\n\nThe quay is old.\n")),
        ("it is back", &|all| {
            all.put("content/b.txt", "A line of the quay.\n\nThe quay is old.\n\nAgain.\n")
        }),
        ("the text is gone", &|all| all.remove("content/b.txt")),
        ("it is another's old name", &|all| {
            all.remove("content/b.toml");
            all.edit("content/a.toml", "date", "was = [\"b\"]\ndate");
        }),
        ("a new one has it", &|all| all.put("content/b.txt", "A new one.\n\nOf three.\n\nLines.\n")),
    ]);
}

#[test]
fn a_line_more_in_a_file_moves_what_is_said_of_it() {
    check(&[
        ("a term out of time", &|all| {
            all.put(
                "annotations/glossary/gla.toml",
                "term = \"GLA\"\nkind = \"body\"\n[[sense]]\nid = \"x\"\nfrom = 2020\ndefinition = \"Late.\"\n",
            );
        }),
        ("a comment above it", &|all| {
            all.edit("annotations/glossary/gla.toml", "term", "# A comment.\nterm")
        }),
        ("furniture that finds nothing", &|all| {
            all.put(
                "annotations/furniture.toml",
                "furniture = [\n  { quote = \"Page 8\", texts = [\"**\"], reason = \"r\" },\n]\n",
            );
        }),
        ("a comment above that", &|all| {
            all.edit("annotations/furniture.toml", "furniture", "# A comment.\nfurniture")
        }),
        ("it finds something", &|all| all.edit("annotations/furniture.toml", "Page 8", "Page 7")),
        ("it finds nothing again", &|all| all.edit("content/a.txt", "Page 7", "Page seven")),
        ("two rows for one place", &|all| {
            let row = |reason: &str| {
                format!("  {{ quote = \"Page seven\", texts = [\"**\"], reason = \"{reason}\" }},\n")
            };
            all.put("annotations/furniture.toml", format!("furniture = [\n{}{}]\n", row("one"), row("two")));
        }),
        ("the other way round", &|all| {
            all.edit("annotations/furniture.toml", "\"one\"", "\"x\"");
            all.edit("annotations/furniture.toml", "\"two\"", "\"one\"");
            all.edit("annotations/furniture.toml", "\"x\"", "\"two\"");
        }),
    ]);
}

#[test]
fn somebody_named_is_a_term() {
    let kind = |from: &'static str, to: &'static str| {
        move |all: &mut Again| all.edit("annotations/glossary/jones.toml", from, to)
    };
    check(&[
        ("no person", &kind("person", "body")),
        ("a person again", &kind("body", "person")),
        ("of another name", &kind("\"Jones\"", "\"J. Jones\"")),
        ("nobody", &|all| all.remove("annotations/glossary/jones.toml")),
        ("another's old name", &|all| {
            all.edit("annotations/glossary/board.toml", "kind", "was = [\"jones\"]\nkind")
        }),
        ("a successor", &|all| {
            let senses = "term = \"GLA\"\nkind = \"body\"\n[[sense]]\nid = \"x\"\nsuccessor = \"board\"\ndefinition = \"Was.\"\n";
            all.put("annotations/glossary/gla.toml", senses);
        }),
        ("that has another name", &|all| {
            all.edit("annotations/glossary/board.toml", "\"Board\"", "\"Boards\"")
        }),
    ]);
}

#[test]
fn the_first_and_the_last_of_a_kind_change_every_page() {
    check(&[
        ("the first topic", &|all| {
            all.put(
                "annotations/topics/t.toml",
                "title = \"T\"\n[[passage]]\ntext = \"c\"\nquote = \"The Centre\"\n",
            );
        }),
        ("a topic before it", &|all| {
            all.put(
                "annotations/topics/s.toml",
                "title = \"S\"\n[[passage]]\ntext = \"c\"\nquote = \"ABCs\"\n",
            );
        }),
        ("the first page", &|all| all.put("content/pages/about.md", "About [[text:b]].\n")),
        ("the last note", &|all| all.remove("annotations/a/n.md")),
        ("a hundred links and one", &|all| {
            for n in 0..101 {
                let ends = "[[end]]\ntext = \"a\"\nquote = \"The GLA\"\n[[end]]\ntext = \"c\"\nquote = \"The Centre\"\n";
                all.put(
                    &format!("annotations/links/l{n}.toml"),
                    format!("title = \"L{n}\"\nrelation = \"answers\"\n{ends}"),
                );
            }
        }),
        ("a hundred", &|all| all.remove("annotations/links/l7.toml")),
        ("a form besides the page", &|all| all.put("static/pdf/b.pdf", "A form.")),
        ("a download of it all", &|all| all.put("postil.toml", "title = \"Three\"\n")),
        ("which a note changes", &|all| {
            all.put("annotations/b/n.md", "+++\nby = \"ann\"\n+++\n> The quay is\n\nOld.\n");
        }),
    ]);
}

#[test]
fn a_link_to_the_file_of_another_text_leads_to_its_page_while_there_is_one() {
    check(&[
        ("a link to nothing", &|all| all.put("content/m.md", "See [the other](n.md) of it.\n")),
        ("the other comes", &|all| all.put("content/n.md", "The other.\n")),
        ("and goes", &|all| all.remove("content/n.md")),
    ]);
}

#[test]
fn pictures_come_change_their_size_and_go() {
    let png = |width: u8| {
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0", &[width][..], b"\0\0\0\x02\x08\x02\0\0\0"].concat()
    };
    check(&[
        ("one that a note will show", &|all| all.put("annotations/a/lamp.png", png(3))),
        ("a note that shows it", &|all| all.edit("annotations/a/n.md", "See", "![A lamp](lamp.png) See")),
        ("another width", &|all| all.put("annotations/a/lamp.png", png(5))),
        ("a picture of a text", &|all| {
            all.put("content/m.md", "![A boat](boat.png)\n\nIt met nobody.\n");
            all.put("content/boat.png", png(4));
        }),
        ("its width", &|all| all.put("content/boat.png", png(6))),
        ("it goes", &|all| all.remove("content/boat.png")),
        ("the note's goes", &|all| all.remove("annotations/a/lamp.png")),
        ("the note forgets it", &|all| all.edit("annotations/a/n.md", "![A lamp](lamp.png) ", "")),
    ]);
}
