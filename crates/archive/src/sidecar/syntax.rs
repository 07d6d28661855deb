//! The syntax of TOML: what is wrong, each line's first error.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::lexer::TokenKind;

use super::mistake::{self, Mistake, line_around};
use crate::diagnostic::{Code, Diagnostic, Fix, Source, Span};

/// Parses `text`, which stands at byte `offset` of the file.
pub(super) fn parse<'i>(
    source: &Source,
    text: &'i str,
    offset: usize,
) -> (Spanned<DeValue<'i>>, Vec<Diagnostic>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut found: Vec<(Span, String)> = errors
        .iter()
        .map(|e| (e.span().map_or(Span { start: 0, end: 0 }, Span::from), e.message().to_owned()))
        .collect();
    found.sort_by_key(|(span, _)| span.start);
    let mut problems = Vec::new();
    let mut last_line = None;
    for (span, message) in found {
        let line = line_around(text, span.start);
        // Further errors of a line mostly follow from its first.
        if last_line.replace(line.start) == Some(line.start) {
            continue;
        }
        problems.push(problem(source, offset, text, span, &message));
    }
    if problems.is_empty() {
        problems = newer_than_1_0(source, text, offset);
    }
    let span = root.span();
    (Spanned::new(span, DeValue::Table(root.into_inner())), problems)
}

fn problem(source: &Source, offset: usize, text: &str, span: Span, message: &str) -> Diagnostic {
    let place = source.place(Span { start: offset + span.start, end: offset + span.end });
    let Mistake { message, help, fix } = mistake::explain(text, span, message);
    let problem = Diagnostic::error(Code::TOML_SYNTAX, place, format!("not valid TOML: {message}"));
    let fix = fix.map(|(title, span, new)| {
        let span = Span { start: offset + span.start, end: offset + span.end };
        Fix::mend(title, source.edit(span, new))
    });
    help.into_iter().fold(problem, Diagnostic::help).fix(fix)
}

/// Line breaks and last commas in inline tables, which TOML 1.1 allows and 1.0
/// does not: other tools that read the archive's files would stumble.
fn newer_than_1_0(source: &Source, text: &str, offset: usize) -> Vec<Diagnostic> {
    if !text.contains('{') {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let mut open = Vec::new();
    let mut comma = None;
    let mut said = false;
    for token in toml_parser::Source::new(text).lex() {
        let at = Span { start: token.span().start(), end: token.span().end() };
        let within = open.last() == Some(&TokenKind::LeftCurlyBracket);
        let mut report = |span: Span, message: &str, help: &str| {
            let place = source.place(Span { start: offset + span.start, end: offset + span.end });
            let mut problem = Diagnostic::error(Code::TOML_SYNTAX, place, message).help(help);
            if &text[span.range()] == "," {
                let edit = source.edit(offset + span.start..offset + span.end, "");
                problem = problem.fix(Fix::mend("leave the comma out", edit));
            }
            problems.push(problem);
        };
        match token.kind() {
            TokenKind::LeftCurlyBracket | TokenKind::LeftSquareBracket => {
                open.push(token.kind());
                said = false;
            }
            TokenKind::RightCurlyBracket | TokenKind::RightSquareBracket => {
                if let Some(comma) = comma.filter(|_| within) {
                    report(comma, "a comma stands before `}`", "leave the last comma inside `{ }` out");
                }
                open.pop();
            }
            TokenKind::Newline if within && !said => {
                said = true;
                report(
                    at,
                    "a line ends inside `{ }`",
                    "write what is inside `{ }` on one line, or use a `[table]` of its own",
                );
            }
            _ => {}
        }
        comma = match token.kind() {
            TokenKind::Comma => Some(at),
            TokenKind::Whitespace | TokenKind::Newline | TokenKind::Comment => comma,
            _ => None,
        };
    }
    problems
}
