//! Archives that a generator makes up: everything has its place, nothing is lost, and
//! the number of threads changes nothing.

pub(super) mod making;

use postil::compile::Options;
use postil_archive::diagnostic::Severity;

use self::making::{Archive, made_up};
use super::browser::tree;
use super::made::{Files, Made, make};
use super::random::Random;
use super::tier::often;

/// How many archives are made up.
const ARCHIVES: u64 = 40;

fn with_threads(threads: usize, files: Files) -> Made {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| make(files, &Options::default()))
}

fn one_space(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn everything_has_its_place_and_nothing_is_lost() {
    let (mut notes, mut terms, mut folded, mut corrected, mut joined) = (0, 0, 0, 0, 0);
    for seed in 1..=ARCHIVES {
        let Archive { files, texts } = made_up(seed);
        let made = with_threads(1, files);
        let wrong = made.problems.iter().find(|problem| problem.severity == Severity::Error);
        assert!(wrong.is_none(), "seed {seed}:\n{}", made.said());
        for text in &texts {
            let page = made.page(&format!("texts/{}.html", text.id));
            let tree = tree(page);
            let shown: Vec<_> = tree.blocks.iter().map(|(_, words)| one_space(words)).collect();
            let expected: Vec<_> = text.blocks.iter().map(|words| one_space(words)).collect();
            assert_eq!(shown, expected, "seed {seed}, {}", text.id);
            let numbers: Vec<usize> = tree.blocks.iter().map(|(number, _)| number.parse().unwrap()).collect();
            assert_eq!(numbers, (1..=expected.len()).collect::<Vec<_>>(), "seed {seed}, {}", text.id);
            assert_eq!(tree.stray.trim(), "", "seed {seed}, {}", text.id);
            for note in &text.notes {
                assert!(page.contains(&format!("id=\"n-{note}\"")), "seed {seed}, {}: note {note}", text.id);
                notes += 1;
            }
            terms += page.matches("data-term=").count();
            folded += page.matches("data-furniture").count();
            corrected += page.matches("data-correction").count();
            joined += page.matches("class=\"jp\"").count();
        }
        assert_eq!(made.summary.unplaced, 0, "seed {seed}");
    }
    // The archives are not so plain that all this is no wonder.
    let seen = [notes, terms, folded, corrected, joined];
    assert!(seen.iter().all(|&n| n > 50), "{seen:?}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for seed in 1..=ARCHIVES / 4 {
        let one = with_threads(1, made_up(seed).files);
        let more = with_threads(3, made_up(seed).files);
        assert_eq!(one.said(), more.said(), "seed {seed}");
        assert_eq!(
            one.files.keys().collect::<Vec<_>>(),
            more.files.keys().collect::<Vec<_>>(),
            "seed {seed}"
        );
        for (address, bytes) in &one.files {
            assert!(more.files[address] == *bytes, "seed {seed}: {address} differs");
        }
    }
}

/// What gets into files by editors, merges and mail.
const JUNK: [&str; 12] =
    ["\u{fffd}", "\0", "\"", "'", "[", "]]", "{", "+++\n", "<<<<<<< ours\n", "\r", "\u{202e}", "> **"];

fn spoil(bytes: &mut Vec<u8>, random: &mut Random) {
    let start = random.below(bytes.len() + 1);
    let end = (start + random.below(30)).min(bytes.len());
    match random.below(5) {
        0 => drop(bytes.drain(start..end)),
        1 => drop(bytes.splice(start..start, random.of(&JUNK).bytes())),
        2 => bytes.insert(start, 0xff),
        3 => {
            let again = bytes[start..end].to_vec();
            bytes.splice(start..start, again);
        }
        _ => bytes.truncate(end),
    }
}

#[test]
fn a_spoilt_archive_is_told_of_and_does_no_harm() {
    let mut told = 0_u64;
    let archives = often(ARCHIVES / 2, ARCHIVES * 2);
    for seed in 1..=archives {
        let mut files = made_up(seed).files;
        let mut random = Random::new(seed);
        for _ in 0..random.between(1, 6) {
            let which = random.below(files.len());
            let bytes = files.values_mut().nth(which).expect("there are as many");
            spoil(bytes, &mut random);
        }
        let made = make(files, &Options { lenient: random.once_in(2), ..Options::default() });
        assert_eq!(made.bugs(), "", "seed {seed}");
        told += u64::from(made.problems.iter().any(|problem| problem.severity == Severity::Error));
    }
    assert!(told * 4 > archives, "only {told} archives were found to be wrong");
}
