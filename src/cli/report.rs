//! Problems and figures, in words.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Outcome;
use super::args::Volume;
use crate::compile::Summary;
use crate::output::disk::Written;
use postil_archive::diagnostic::show::{self, Format, Look};
use postil_archive::diagnostic::{Code, Diagnostic, Severity};

/// Leaves out what is not to be told at this volume.
pub(super) fn audible(mut problems: Vec<Diagnostic>, volume: Volume) -> Vec<Diagnostic> {
    if volume == Volume::Quiet {
        problems.retain(|problem| problem.severity == Severity::Error);
    }
    problems
}

/// Most problems of a kind that are shown one by one.
const SHOWN: usize = 3;

/// Problems for a person. Of many of a kind the first are shown, and the others counted, unless
/// somebody wants to see all: else what matters would not be seen.
pub(super) fn shown(problems: &[Diagnostic], volume: Volume, look: Look) -> String {
    if volume == Volume::Verbose {
        return show::show(problems, Format::Human, look);
    }
    let mut seen: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    let mut first = Vec::new();
    for problem in problems {
        if is_of_many(problem) {
            let count = seen.entry((problem.severity, problem.code.name())).or_default();
            *count += 1;
            if *count > SHOWN {
                continue;
            }
        }
        first.push(problem.clone());
    }
    let mut text = show::show(&first, Format::Human, look);
    let more: Vec<_> = seen.into_iter().filter(|(_, count)| *count > SHOWN).collect();
    for ((severity, code), count) in &more {
        let word = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        text.push_str(&format!("{word}[{code}]: {} more of this kind\n", grouped(count - SHOWN)));
    }
    if !more.is_empty() {
        text.push_str(" = help: `--verbose` shows all of them\n\n");
    }
    text
}

/// Whether a problem is one that often comes in crowds, and is mended as a crowd: warnings, remarks,
/// and names of files. Other errors are somebody's to mend one by one.
fn is_of_many(problem: &Diagnostic) -> bool {
    problem.severity != Severity::Error
        || [Code::BAD_NAME, Code::RESERVED_NAME, Code::NAME_CLASH].contains(&problem.code)
}

/// Whether an archive with these problems may be published.
pub(super) fn outcome(problems: &[Diagnostic]) -> Outcome {
    if problems.iter().any(|problem| problem.code == Code::BUG) {
        Outcome::Failed
    } else if problems.iter().any(|problem| problem.severity == Severity::Error) {
        Outcome::ArchiveHasErrors
    } else {
        Outcome::Fine
    }
}

/// "2 errors, 1 warning", or "no problems". Remarks are not counted.
pub(super) fn counts(problems: &[Diagnostic]) -> String {
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let parts: Vec<String> = [(count(Severity::Error), "error"), (count(Severity::Warning), "warning")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| some(n, word))
        .collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}

/// What the archive holds and what came of it.
pub(super) fn figures(summary: &Summary) -> String {
    let Summary { texts, notes, unplaced, terms, topics, words, pages, files, bytes } = *summary;
    let held = [(texts, "text"), (notes, "note"), (terms, "term"), (topics, "topic"), (words, "word")];
    let held: Vec<String> = held.into_iter().map(|(n, word)| some(n, word)).collect();
    let unplaced = match unplaced {
        0 => String::new(),
        n => format!(" ({n} unplaced)"),
    };
    // Said when it comes near to what hosts such as Cloudflare Pages take.
    let files = match files {
        n if n >= MANY_FILES => {
            format!(" in {} of the {} that some hosts take", some(n, "file"), grouped(MOST_FILES))
        }
        _ => String::new(),
    };
    format!("{}{unplaced}; {}, {}{files}", held.join(", "), some(pages, "page"), size(bytes))
}

/// "3 files written, 357 unchanged, 1 removed".
pub(super) fn changes(written: &Written) -> String {
    let mut text = format!("{} written", some(written.written.len(), "file"));
    for (count, what) in [(written.unchanged(), "unchanged"), (written.removed.len(), "removed")] {
        if count > 0 {
            text.push_str(&format!(", {} {what}", grouped(count)));
        }
    }
    text
}

/// Most files of a site that all hosts take, and when to begin to say so.
const MOST_FILES: usize = 20_000;
const MANY_FILES: usize = 15_000;

/// "1 text", "12,345 texts".
pub(super) fn some(n: usize, word: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {word}{s}", grouped(n))
}

fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in decimal units, as disks and hosts count them.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut unit = 0;
    let mut rest = bytes as f64;
    // From 999.95 on, one decimal place would round up to a thousand.
    while rest >= 999.95 && unit + 1 < UNITS.len() {
        rest /= 1000.0;
        unit += 1;
    }
    if unit == 0 { some(bytes as usize, "byte") } else { format!("{rest:.1} {}", UNITS[unit]) }
}

/// "0.21 s".
pub(super) fn time(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_archive::diagnostic::Place;

    #[test]
    fn of_many_of_a_kind_the_first_are_shown() {
        let look = Look { colour: false, width: 80 };
        let problem = |make: fn(Code, Place, &'static str) -> Diagnostic, code, i: usize| {
            make(code, Place::file(format!("f{i}")), "m")
        };
        let mut problems: Vec<Diagnostic> = Vec::new();
        for i in 0..1500 {
            problems.push(problem(Diagnostic::warning, Code::RECORD_INCOMPLETE, i));
            problems.push(problem(Diagnostic::error, Code::BAD_NAME, i));
        }
        problems.extend((0..9).map(|i| problem(Diagnostic::error, Code::QUOTE_NOT_FOUND, i)));
        problems.extend((0..3).map(|i| problem(Diagnostic::note, Code::PAGE_LARGE, i)));
        let count = |text: &str, code: &str| text.matches(&format!("[{code}]: m\n")).count();
        let text = shown(&problems, Volume::Normal, look);
        for (code, times) in
            [("record-incomplete", 3), ("bad-name", 3), ("quote-not-found", 9), ("page-large", 3)]
        {
            assert_eq!(count(&text, code), times, "{code}:\n{text}");
        }
        assert!(text.ends_with(
            "error[bad-name]: 1,497 more of this kind\nwarning[record-incomplete]: 1,497 more of this kind\n = help: `--verbose` shows all of them\n\n"
        ), "{text}");
        let all = shown(&problems, Volume::Verbose, look);
        assert_eq!((count(&all, "record-incomplete"), count(&all, "bad-name")), (1500, 1500));
        assert!(!all.contains("more of this kind"));
    }

    #[test]
    fn figures_in_words() {
        let summary = Summary {
            texts: 5,
            notes: 1,
            unplaced: 0,
            terms: 40,
            topics: 6,
            words: 30123,
            pages: 1000,
            files: 14_999,
            bytes: 1_250_000,
        };
        assert_eq!(
            figures(&summary),
            "5 texts, 1 note, 40 terms, 6 topics, 30,123 words; 1,000 pages, 1.2 MB"
        );
        let many = figures(&Summary { files: 15_000, ..summary });
        assert!(
            many.ends_with("; 1,000 pages, 1.2 MB in 15,000 files of the 20,000 that some hosts take"),
            "{many}"
        );
    }

    #[test]
    fn sizes() {
        let cases = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (999_999, "1.0 MB"),
            (2_500_000_000, "2.5 GB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn numbers() {
        for (n, expected) in [(0, "0"), (12, "12"), (123, "123"), (1234, "1,234"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(n), expected);
        }
    }

    #[test]
    fn counting_and_judging_problems() {
        let place = || Place::file("x");
        let error = || Diagnostic::error(Code::BAD_NAME, place(), "");
        let warning = || Diagnostic::warning(Code::BAD_NAME, place(), "");
        let note = || Diagnostic::note(Code::BAD_NAME, place(), "");
        let check = |problems: Vec<Diagnostic>, words: &str, expected: Outcome, quiet: usize| {
            assert_eq!(counts(&problems), words);
            assert_eq!(outcome(&problems), expected);
            assert_eq!(audible(problems, Volume::Quiet).len(), quiet);
        };
        check(vec![], "no problems", Outcome::Fine, 0);
        check(vec![note()], "no problems", Outcome::Fine, 0);
        check(vec![note(), warning()], "1 warning", Outcome::Fine, 0);
        check(vec![error(), warning(), error()], "2 errors, 1 warning", Outcome::ArchiveHasErrors, 2);
        let bug = || Diagnostic::error(Code::BUG, place(), "");
        check(vec![error(), bug(), warning()], "2 errors, 1 warning", Outcome::Failed, 2);
    }
}
