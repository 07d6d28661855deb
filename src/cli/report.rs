//! Problems and figures, in words.

use std::time::Duration;

use super::Outcome;
use super::args::Volume;
use crate::compile::Summary;
use postil_archive::diagnostic::{Diagnostic, Severity};

/// Leaves out what is not to be told at this volume.
pub(super) fn audible(mut problems: Vec<Diagnostic>, volume: Volume) -> Vec<Diagnostic> {
    if volume == Volume::Quiet {
        problems.retain(|problem| problem.severity == Severity::Error);
    }
    problems
}

/// Whether an archive with these problems may be published.
pub(super) fn outcome(problems: &[Diagnostic]) -> Outcome {
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
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
    let Summary { texts, notes, unplaced, terms, topics, words, pages, bytes } = *summary;
    let held = [(texts, "text"), (notes, "note"), (terms, "term"), (topics, "topic"), (words, "word")];
    let held: Vec<String> = held.into_iter().map(|(n, word)| some(n, word)).collect();
    let unplaced = match unplaced {
        0 => String::new(),
        n => format!(" ({n} unplaced)"),
    };
    format!("{}{unplaced}; {}, {}", held.join(", "), some(pages, "page"), size(bytes))
}

/// "1 text", "12,345 texts".
fn some(n: usize, word: &str) -> String {
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
fn size(bytes: u64) -> String {
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
    use postil_archive::diagnostic::{Code, Place};

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
            bytes: 1_250_000,
        };
        assert_eq!(
            figures(&summary),
            "5 texts, 1 note, 40 terms, 6 topics, 30,123 words; 1,000 pages, 1.2 MB"
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
    }
}
