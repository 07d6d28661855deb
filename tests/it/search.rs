//! The search index: against an oracle that knows no index, and in the engine
//! that readers use, run by Node.js.

pub(crate) mod built;
mod corpus;
pub(crate) mod decode;
mod large;
mod many;
pub(crate) mod oracle;
mod pairs;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use postil_search::scratch::{Memory, Scratch};
use postil_search::{Builder, Entry, Guide, Options, index_text};
use rayon::prelude::*;

use super::made::{archive, make};

use built::{Files, build};

fn files(entries: &[Entry], guides: &[Guide], together: usize) -> Files {
    let paragraphs = ["p", "para", "paragraph"].map(str::to_owned);
    build(entries, guides, Options { together, paragraphs: &paragraphs, ..Options::default() }).0
}

/// Writes an index below the folder that cargo keeps for tests.
fn written(name: &str, files: &Files) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("search").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    for (path, bytes) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

/// Runs a script of `tests/search/` with Node.js, which must be there unless
/// `POSTIL_WITHOUT_NODE` is set.
fn node(script: &str, arguments: &[&Path]) {
    if std::env::var_os("POSTIL_WITHOUT_NODE").is_some() {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search").join(script);
    let run = Command::new("node").arg(&script).args(arguments).output();
    let run = run.expect("Node.js 20 runs the engine's tests; POSTIL_WITHOUT_NODE=1 leaves them out");
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{}: {said}", script.display());
}

#[test]
fn the_engine_cuts_words_as_the_build_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let theme = postil::theme::read(root).unwrap().value.theme;
    let page = theme.assets.into_iter().find(|(name, _)| name == "search.js").unwrap();
    // An index for each language that a vector names: its engine has the rules of that language and no others.
    let vectors = root.join("tests/vectors/token.json");
    let cases: Vec<Vec<serde_json::Value>> =
        serde_json::from_slice(&std::fs::read(&vectors).unwrap()).unwrap();
    let mut languages: Vec<&str> = cases.iter().filter_map(|case| case.get(2)?.as_str()).collect();
    languages.sort_unstable();
    languages.dedup();
    let mut published = files(&[], &[], usize::MAX);
    published.push(page);
    let folder = written("vectors", &published);
    for language in languages {
        let entry = Entry { language: language.to_owned(), ..Entry::default() };
        written(&format!("vectors/{language}"), &files(&[entry], &[], usize::MAX));
    }
    node("vectors.mjs", &[&folder, &vectors]);
}

#[test]
fn a_word_that_is_cut_between_two_blocks_is_one_word_of_the_index() {
    let files = archive([
        ("content/a.txt", "He went for\u{ad}\n\n[Page 12]\n\nward to the un\u{ad}\n\nhappy end.\n"),
        ("content/a.toml", "layout = \"wrapped\"\n"),
        (
            "annotations/a/apparatus.toml",
            "furniture = [{ quote = \"[Page 12]\", reason = \"head\" }]\njoin = [{ at = \"p1-p4\" }]\n",
        ),
    ]);
    let made = make(files, &postil::compile::Options::default());
    let index = made.page("search/index.js");
    let has = |word: &str| index.split(|c: char| !c.is_alphanumeric()).any(|other| other == word);
    for (word, is_there) in
        [("forward", true), ("unhappy", true), ("end", true), ("ward", false), ("happy", false)]
    {
        assert_eq!(has(word), is_there, "{word}");
    }
}

#[test]
fn what_a_reader_types_is_found() {
    let (entries, guides) = corpus::by_hand();
    let together = files(&entries, &guides, usize::MAX);
    assert_eq!(together.len(), 1, "a small index is one file");
    let apart = files(&entries, &guides, 0);
    node("readers.mjs", &[&written("hand-together", &together), &written("hand-apart", &apart)]);
}

#[test]
fn a_word_is_found_in_any_form_beside_the_bare_word() {
    for (archive, entries, guides) in pairs::archives() {
        written(&format!("pairs-together/{archive}"), &files(&entries, &guides, usize::MAX));
        written(&format!("pairs-apart/{archive}"), &files(&entries, &guides, 0));
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("search");
    node("pairs.mjs", &[&folder.join("pairs-together"), &folder.join("pairs-apart")]);
}

#[test]
fn the_index_holds_what_the_oracle_counts() {
    let entries = corpus::generated(150, 11);
    let index = decode::Index::read(&files(&entries, &[], 0));
    let units = oracle::units(&entries);
    assert_eq!(index.segments, units.len());
    assert_eq!(index.postings(), oracle::postings(&units));
    assert_eq!(index.forms(), oracle::forms(&units));
}

#[test]
fn the_engine_finds_what_the_oracle_finds() {
    let entries = corpus::generated(300, 12);
    let apart = written("generated", &files(&entries, &[], 0));
    let together = written("generated-together", &files(&entries, &[], usize::MAX));
    let expected = Path::new(env!("CARGO_TARGET_TMPDIR")).join("search/expected.json");
    std::fs::write(&expected, oracle::expectations(&entries, 1_000)).unwrap();
    node("oracle.mjs", &[&apart, &expected]);
    node("oracle.mjs", &[&together, &expected]);
}

#[test]
fn the_engine_finds_what_sqlite_finds() {
    if std::env::var_os("POSTIL_WITHOUT_PYTHON").is_some() {
        return;
    }
    let entries = corpus::generated(300, 16);
    let folder = written("fts5", &files(&entries, &[], 0));
    let (asked, answers) = (folder.join("asked.json"), folder.join("answers.json"));
    std::fs::write(&asked, oracle::tokens(&entries, 1_000)).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/fts5.py");
    let run = Command::new("python3").arg(script).arg(&asked).output();
    let run = run.expect("Python 3 asks SQLite; POSTIL_WITHOUT_PYTHON=1 leaves this test out");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    std::fs::write(&answers, run.stdout).unwrap();
    node("fts5.mjs", &[&folder, &asked, &answers]);
}

#[test]
fn the_index_is_the_same_in_any_order() {
    let mut entries = corpus::generated(40, 13);
    let (_, mut guides) = corpus::by_hand();
    let before = files(&entries, &guides, 0);
    entries.reverse();
    guides.reverse();
    assert_eq!(before, files(&entries, &guides, 0));
}

#[test]
fn the_index_is_the_same_at_any_budget_and_number_of_threads() {
    let entries = corpus::generated(120, 15);
    let (_, guides) = corpus::by_hand();
    let made = |budget, threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| build(&entries, &guides, Options { budget, together: 0, ..Options::default() }))
    };
    let expected = made(64 << 20, 1);
    for (budget, threads) in [(0, 1), (20_000, 1), (100_000, 3), (64 << 20, 4)] {
        let (files, concordance) = made(budget, threads);
        let other = files.iter().find(|file| !expected.0.contains(file));
        let other = other.map(|(path, bytes)| (path, String::from_utf8_lossy(bytes)));
        assert!(other.is_none(), "{budget} bytes, {threads} threads: {other:?}");
        assert_eq!(files.len(), expected.0.len());
        assert_eq!(concordance, expected.1, "{budget} bytes, {threads} threads");
    }
}

/// Notes where the pieces end that it takes.
#[derive(Debug, Default)]
struct Seams {
    memory: Memory,
    ends: Mutex<BTreeSet<usize>>,
}

impl Scratch for Seams {
    fn append(&self, bytes: &[u8]) -> std::io::Result<u64> {
        let at = self.memory.append(bytes)?;
        self.ends.lock().unwrap().insert(at as usize + bytes.len());
        Ok(at)
    }

    fn read(&self, at: u64, length: usize) -> std::io::Result<Vec<u8>> {
        self.memory.read(at, length)
    }
}

#[test]
fn the_index_is_the_same_wherever_what_is_put_aside_goes_from_memory_to_a_file() {
    let entries = corpus::generated(4, 17);
    let (_, guides) = corpus::by_hand();
    let guides = &guides[..2];
    let made = |scratch: &dyn Scratch, budget, piece| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let options = Options { budget, piece, scratch: Some(scratch), together: 0, ..Options::default() };
        pool.install(|| build(&entries, guides, options))
    };
    let expected = made(&Memory::default(), usize::MAX, usize::MAX);
    // Many parts of a form each; few parts, read as a whole.
    for (budget, piece) in [(20_000, 1), (usize::MAX, 1), (usize::MAX, 1 << 20)] {
        let seams = Seams::default();
        assert!(made(&seams, budget, piece) == expected, "{budget} bytes, {piece} at a time");
        let ends = seams.ends.into_inner().unwrap();
        for end in ends.iter().step_by(ends.len().div_ceil(6)) {
            for held in [end.saturating_sub(1), *end, end + 1] {
                let scratch = postil::output::scratch::Scratch::elsewhere().holding(held);
                assert!(
                    made(&scratch, budget, piece) == expected,
                    "{budget} bytes, {piece} at a time, {held} held"
                );
            }
        }
    }
}

#[test]
fn a_note_touches_only_the_files_of_its_words() {
    let mut entries = corpus::generated(300, 14);
    let before = files(&entries, &[], 0);
    let block = &mut entries[150].blocks[0];
    block.notes.push(corpus::note("n-new", "An afterthought"));
    let after = files(&entries, &[], 0);
    let changed: Vec<&str> = after
        .iter()
        .filter(|file| !before.contains(file))
        .map(|(path, _)| path.split('/').nth(1).unwrap_or(path))
        .collect();
    let of = |kind: &str| changed.iter().filter(|&&changed| changed == kind).count();
    // Two words, `an` and `afterthought`, and the note's title, two more.
    assert!((1..=4).contains(&of("t")), "{changed:?}");
    // All files of a group bear its hash.
    let shown = before.iter().filter(|(path, _)| path.starts_with("search/d/")).count();
    assert!((1..shown).contains(&of("d")), "{changed:?}");
    assert_eq!(of("index.js"), 1, "{changed:?}");
    assert!(changed.len() - of("d") <= 12, "{changed:?}");
}

#[test]
fn readers_of_the_first_archive_find_what_they_look_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let archive = postil::theme::read(root).unwrap().value;
    let found = Mutex::new(Vec::new());
    let put = |path: &str, bytes: &[u8]| {
        if path.starts_with("search/") {
            found.lock().unwrap().push((path.to_owned(), bytes.to_vec()));
        }
        Ok(())
    };
    postil::compile::compile(&archive, &put, &postil::compile::Options::default()).unwrap();
    let folder = written("first-archive", &found.into_inner().unwrap());
    node("first-archive.mjs", &[&folder, &root.join("content")]);
}

#[test]
fn words_that_markdown_takes_for_syntax_are_found() {
    let marked = "[A]: Never.\n\n```Exhibit A\nThe ledger.\n```\n\n5. Goats are\n9. sheep.\n\n\
                  See [the map](destination.html \"drawn in 1840\") and [1].\n\n[1]: Ibid.\n";
    let plain = "never ibid exhibit drawn goats destination\n";
    let made = make(archive([("content/a.md", marked), ("content/b.txt", plain)]), &Default::default());
    let index: Files = made.files.into_iter().filter(|(path, _)| path.starts_with("search/")).collect();
    node("markdown.mjs", &[&written("markdown", &index)]);
}

#[test]
fn a_search_in_ten_thousand_texts_loads_little() {
    let builder = Builder::new(Options::default());
    let texts: Vec<Entry> = large::texts(10_000).collect();
    texts.par_iter().for_each(|entry| builder.add(index_text(entry)).unwrap());
    let files = Mutex::new(Vec::new());
    builder
        .finish(&|path, bytes| {
            files.lock().unwrap().push((path.to_owned(), bytes.to_vec()));
            Ok(())
        })
        .unwrap();
    let folder = written("large", &files.into_inner().unwrap());
    node("budget.mjs", &[&folder]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_best_for_two_very_common_words_come_before_all_are_counted() {
    let entries = many::texts();
    let files = files(&entries, &[many::guide()], 0);
    // Reads the files of the best, too.
    assert!(decode::Index::read(&files).postings().contains_key("harbor"));
    let folder = written("many", &files);
    let counts = serde_json::json!({
        "harbour": many::count(&entries, |text| text.to_lowercase().contains("harbour")),
        "harbour bridge": many::count(&entries, |text| {
            text.to_lowercase().contains("harbour") && text.contains("bridge")
        }),
        "harbours": many::count(&entries, |text| text.contains("harbours")),
        "HARBOUR": many::count(&entries, |text| text.contains("HARBOUR")),
        "\"harbour bridge\"": many::count(&entries, |text| text.contains("harbour bridge")),
    });
    let file = folder.join("counts.json");
    std::fs::write(&file, counts.to_string()).unwrap();
    node("many.mjs", &[&folder, &file]);
}

#[test]
fn all_files_are_scripts_that_nothing_can_leave() {
    let (entries, guides) = corpus::by_hand();
    for (path, bytes) in files(&entries, &guides, 0).iter().filter(|(path, _)| path != "search/index.js") {
        let script = std::str::from_utf8(bytes).unwrap();
        assert!(script.is_ascii() && !script.contains('<'), "{path}");
        assert!(script.starts_with("postilSearch.register(\"") && script.ends_with(");\n"), "{path}");
        let hash = path.strip_prefix("search/").and_then(|path| path.get(5..17)).unwrap_or_default();
        assert!(hash.len() == 12 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{path}");
    }
}

#[test]
fn the_concordance_lists_words_with_their_blocks() {
    let (entries, _) = corpus::by_hand();
    let (_, concordance) = build(&entries, &[], Options::default());
    let check = |initial: &str, word: &str, forms: &[&str], total: usize, places: &[&str]| {
        let letter = concordance.letters.iter().find(|l| l.initial == initial).unwrap();
        let word =
            letter.words.iter().find(|w| w.word == word).unwrap_or_else(|| panic!("{word}: {letter:?}"));
        let at: Vec<String> = word.places.iter().map(|p| format!("{}#{}", p.address, p.anchor)).collect();
        assert_eq!(
            (&word.forms[..], word.total),
            (&forms.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>()[..], total)
        );
        assert_eq!(at, places);
    };
    check("E", "EAS", &[], 1, &["texts/reply.html#p56"]);
    check("R", "Reflex", &[], 1, &["texts/2004.html#p5"]);
    check("0–9", "1,321,610", &[], 1, &["texts/reply.html#p68"]);
    check("P", "pre", &[], 1, &["texts/odd.html#p1"]);
    check("G", "GLA", &[], 3, &["texts/reply.html#p60", "texts/reply.html#p62", "texts/reply.html#p68"]);
    let all = || concordance.letters.iter().flat_map(|l| &l.words);
    for absent in ["the", "of", "prepaid", "ADCS", "Afterwards"] {
        assert!(all().all(|w| w.word != absent), "{absent}");
    }
}
