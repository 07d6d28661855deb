//! Problems as workflow commands of GitHub Actions: a runner that reads them
//! from the output of a step shows each beside its line in the pull request.
//!
//! Escaping is that of the runner (`ActionCommand` in actions/runner): in
//! values `%`, carriage return and line feed; in properties `:` and `,` too. So
//! nothing in a stranger's file begins a command of its own.

use std::fmt::Write as _;

use super::show::harmless;
use super::{Diagnostic, Severity};

/// Adds the command for one problem, with a line break.
pub(super) fn command(problem: &Diagnostic, text: &mut String) {
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    write!(text, "::{level} file={}", property(&problem.place.path)).expect("a string takes everything");
    let place = &problem.place;
    let (end_line, end_column) = place.end();
    write!(text, ",line={},endLine={end_line},col={}", place.line, place.column)
        .expect("a string takes everything");
    if end_line == place.line {
        // Columns of a stretch are only allowed within one line; the last belongs to it.
        write!(text, ",endColumn={}", end_column.saturating_sub(1).max(place.column))
            .expect("a string takes everything");
    }
    let title = property(problem.code.name());
    writeln!(text, ",title={title}::{}", value(&in_words(problem))).expect("a string takes everything");
}

/// The message with everything that has no place of its own in a command.
fn in_words(problem: &Diagnostic) -> String {
    let mut words = problem.message.clone();
    for (place, label) in &problem.related {
        write!(words, "\n{}:{}:{}", place.path, place.line, place.column).expect("a string takes everything");
        if !label.is_empty() {
            write!(words, ": {label}").expect("a string takes everything");
        }
    }
    for help in &problem.help {
        write!(words, "\nhelp: {help}").expect("a string takes everything");
    }
    words
}

fn value(text: &str) -> String {
    harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Place, Source};

    fn check(problem: &Diagnostic, expected: &str) {
        let mut text = String::new();
        command(problem, &mut text);
        assert_eq!(text, expected);
    }

    #[test]
    fn a_problem_is_one_command() {
        let note = Source::new("annotations/a/b.md", "+++\n> Say it\n");
        let raw = Source::new("content/a.txt", "Say it.\nSay it again.\n");
        let problem = Diagnostic::error(Code::QUOTE_AMBIGUOUS, note.place(6..12), "100% twice")
            .related(raw.place(8..14), "and here")
            .help("quote more");
        check(
            &problem,
            "::error file=annotations/a/b.md,line=2,endLine=2,col=3,endColumn=8,title=quote-ambiguous::\
             100%25 twice%0Acontent/a.txt:2:1: and here%0Ahelp: quote more\n",
        );
    }

    #[test]
    fn levels_and_places_without_words() {
        let place = || Place::file("content/A, b:c.txt");
        check(
            &Diagnostic::warning(Code::BAD_NAME, place(), "bad"),
            "::warning file=content/A%2C b%3Ac.txt,line=1,endLine=1,col=1,endColumn=1,title=bad-name::bad\n",
        );
        check(
            &Diagnostic::note(Code::BAD_NAME, place(), "bad"),
            "::notice file=content/A%2C b%3Ac.txt,line=1,endLine=1,col=1,endColumn=1,title=bad-name::bad\n",
        );
    }

    #[test]
    fn a_stretch_of_several_lines_has_no_last_column() {
        let source = Source::new("a.md", "one\ntwo\nthree\n");
        let problem = Diagnostic::error(Code::BAD_VALUE, source.place(1..9), "m");
        check(&problem, "::error file=a.md,line=1,endLine=3,col=2,title=bad-value::m\n");
    }

    #[test]
    fn no_text_begins_a_command_of_its_own() {
        for text in
            ["\n::set-env name=a::b", "\r\n::error::x", "\u{2028}::error::x", "::error::", "%0A::error::"]
        {
            let source = Source::new(text, text);
            let mut shown = String::new();
            let problem = Diagnostic::error(Code::BAD_VALUE, source.place(0..1), text).label(text).help(text);
            command(&problem, &mut shown);
            assert_eq!(shown.lines().count(), 1, "{shown:?}");
            assert!(shown.starts_with("::error file="), "{shown:?}");
            assert_eq!(
                shown.matches('%').count(),
                shown.matches("%0").count()
                    + shown.matches("%25").count()
                    + shown.matches("%3A").count()
                    + shown.matches("%2C").count(),
                "{shown:?}"
            );
        }
    }
}
