//! Texts too large for the part of the index that is held in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;

use postil::compile::{self, Options};
use postil::output::scratch::Scratch;
use postil_anchor::document::checksum;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::Error;
use postil_search::bulk::{Bulk, Format};

use postil_search::{self as index, Block, Entry};

use super::made::{Files, archive};
use super::search::built::build;

/// A text of about so many bytes, a line a paragraph, with words that are in every line and words that are in few.
fn lines(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 1100);
    let mut number = 0;
    while text.len() < bytes {
        text.push_str(&"one two three four five six seven. ".repeat(29));
        text.push_str(&format!("The HDC met {number} times, {} of them at w{}.\n", number % 7, number % 997));
        number += 1;
    }
    text
}

/// Texts of these sizes in bytes, with a term, or without one.
fn texts(sizes: &[usize], with_term: bool) -> Files {
    let mut files = vec![("postil.toml".to_owned(), "title = \"Large\"\nzip = false\n".to_owned())];
    for (size, number) in sizes.iter().zip(1..) {
        files.push((format!("content/t{number}.txt"), lines(*size)));
        let record = format!("title = \"T{number}\"\ndate = {}\nlayout = \"lines\"\n", 1900 + number);
        files.push((format!("content/t{number}.toml"), record));
    }
    if with_term {
        let term = "term = \"HDC\"\nkind = \"body\"\ndefinition = \"Harbour Development Committee.\"\n";
        files.push(("annotations/glossary/hdc.toml".to_owned(), term.to_owned()));
    }
    archive(files)
}

/// The sums of all files that are made by so many threads, the site's and those of an export for a search engine;
/// `held`: how many bytes of the index stay in memory, if not as many as in a build.
fn sums(files: Files, threads: usize, held: Option<usize>) -> BTreeMap<String, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let scratch = || match held {
            Some(bytes) => Scratch::elsewhere().holding(bytes),
            None => Scratch::elsewhere(),
        };
        let (scratch, exported) = (scratch(), scratch());
        let bulk = Bulk::new(&exported);
        let sums = Mutex::new(BTreeMap::new());
        let put = |path: &str, bytes: &[u8]| {
            let before = sums.lock().unwrap().insert(path.to_owned(), checksum(bytes));
            assert!(before.is_none(), "{path} is written twice");
            Ok::<_, Error>(())
        };
        let archive = Archive::from_memory(files, postil::theme::default_theme()).value;
        let options = Options { scratch: Some(&scratch), bulk: Some(&bulk), ..Options::default() };
        let compiled = compile::compile(&archive, &put, &options).unwrap();
        assert!(!compiled.failed(), "{:?}", compiled.problems);
        bulk.finish(Format::OpenSearch, put).unwrap();
        sums.into_inner().unwrap()
    })
}

/// Any number of threads makes what one makes that holds all in memory.
fn check(sizes: &[usize], with_term: bool, held: Option<usize>) {
    let expected = sums(texts(sizes, with_term), 1, Some(usize::MAX));
    for threads in [1, 2, 8, 64] {
        let other = sums(texts(sizes, with_term), threads, held);
        assert!(expected == other, "{sizes:?}, term {with_term}: {threads} threads make other bytes");
    }
}

#[test]
fn texts_larger_than_what_is_held_of_the_index_are_the_same_at_any_number_of_threads() {
    check(&[200_000], false, Some(20_000));
    check(&[60_000, 50_000, 1, 60_000, 1_000], true, Some(20_000));
    check(&[20_000], true, Some(0));
}

/// Whatever size the held part and the pieces that are read back have: exactly as much as there is, one byte less, one more.
#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn every_size_of_what_is_put_aside_makes_the_same_index() {
    let text = lines(12_000);
    let entry = |at: usize| Entry {
        address: format!("texts/t{at}.html"),
        title: format!("T{at}"),
        language: "en".to_owned(),
        blocks: text
            .lines()
            .zip(1..)
            .map(|(line, number)| Block {
                anchor: format!("p{number}"),
                text: line.to_owned(),
                ..Block::default()
            })
            .collect(),
        ..Entry::default()
    };
    let entries: Vec<Entry> = (0..4).map(entry).collect();
    let (expected, _) = build(&entries, &[], index::Options::default());
    let mut budgets: Vec<usize> = (0..64).collect();
    // Around where all fits.
    for power in 6..20 {
        budgets.extend([-1, 0, 1].map(|by| (1_usize << power).saturating_add_signed(by)));
    }
    for budget in budgets {
        for piece in [0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 4_095, 4_096, 4_097, 65_536] {
            let options = index::Options { budget, piece, ..index::Options::default() };
            assert!(build(&entries, &[], options).0 == expected, "budget {budget}, piece {piece}");
        }
    }
}

#[test]
#[ignore = "takes minutes and gigabytes: `cargo test --test it -- --ignored`"]
fn texts_of_many_megabytes_are_the_same_at_any_number_of_threads() {
    check(&[110_000_000], true, None);
    check(&[9_000_000], false, None);
    check(&[5_000_000; 4], true, None);
}
