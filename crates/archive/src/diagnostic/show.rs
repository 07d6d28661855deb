//! How problems look: for a person, one a line, or for programs.
//!
//! Everything in a problem may come from strangers' files, and is shown on
//! terminals: control characters and direction overrides never get through.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Edit, Excerpt, Fix, Place, Severity, github, sarif};

/// A way to show problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// With the words, what stands there and what to do.
    #[default]
    Human,
    /// One a line: `path:line:column: error[code]: message`.
    Short,
    /// One JSON object a line, so that a long list can be read as it comes.
    Json,
    /// Workflow commands of GitHub Actions, one a line: shown in the pull request.
    Github,
    /// One document of SARIF 2.1.0.
    Sarif,
}

/// How to show problems for a person; the other formats ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether to use colours (ANSI escapes).
    pub colour: bool,
    /// Columns of the terminal; longer lines of files are cut.
    pub width: usize,
}

/// Problems as text, in the order given, the last line with its line break.
pub fn show(problems: &[Diagnostic], format: Format, look: Look) -> String {
    let mut text = String::new();
    let mut each = |add: &dyn Fn(&Diagnostic, &mut String)| problems.iter().for_each(|p| add(p, &mut text));
    match format {
        Format::Human => each(&|problem, text| human(problem, look, text)),
        Format::Short => each(&short),
        Format::Json => each(&json),
        Format::Github => each(&github::command),
        Format::Sarif => return sarif::document(problems),
    }
    text
}

fn human(problem: &Diagnostic, look: Look, text: &mut String) {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(one_line(&problem.message)).id(problem.code.name());
    let mut group = Group::with_title(title);
    group = shown_place(group, &problem.place, &problem.label, AnnotationKind::Primary);
    for (place, label) in &problem.related {
        group = shown_place(group, place, label, AnnotationKind::Context);
    }
    for help in &problem.help {
        group = group.element(Level::HELP.message(harmless(help)));
    }
    let mut groups = vec![group];
    // Several are a choice, which the advice describes.
    if let [fix] = &problem.fixes[..] {
        groups.extend(shown_fix(fix));
    }
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    text.push_str(&renderer.term_width(look.width).render(&groups));
    text.push_str("\n\n");
}

/// Adds a place: its path with line and column, and the words if there are any.
fn shown_place<'a>(group: Group<'a>, place: &Place, label: &str, kind: AnnotationKind) -> Group<'a> {
    match &place.excerpt {
        Some(excerpt) => {
            let (text, words) = at_its_column(excerpt, place.column);
            let mut annotation = kind.span(words);
            if !label.is_empty() {
                annotation = annotation.label(one_line(label));
            }
            let snippet = Snippet::source(text).line_start(excerpt.first_line as usize);
            group.element(snippet.path(one_line(&place.path)).annotation(annotation))
        }
        None => {
            let origin = Origin::path(one_line(&place.path));
            let group = group.element(origin.line(place.line as usize).char_column(place.column as usize));
            if label.is_empty() { group } else { group.element(Level::NOTE.message(harmless(label))) }
        }
    }
}

/// The lines as they are and as they would be; none for what is too long to be looked through.
fn shown_fix(fix: &Fix) -> Option<Group<'_>> {
    let would = if fix.keeps_meaning { "`postil fix` would" } else { "if that is meant:" };
    let title = Level::HELP.secondary_title(format!("{would} {}", one_line(&fix.title)));
    let mut group = Group::with_title(title);
    for edit in &fix.edits {
        let excerpt = edit.place.excerpt.as_ref().filter(|excerpt| excerpt.is_whole(edit.old.len()))?;
        let snippet = Snippet::source(same_length(&excerpt.text)).line_start(excerpt.first_line as usize);
        let patch = Patch::new(excerpt.range.clone(), harmless(&edit.new));
        group = group.element(snippet.path(one_line(edit.path())).patch(patch));
    }
    Some(group)
}

/// Columns beyond which the place in a cut line is only shown about right.
const FARTHEST: usize = 100_000;

/// The words of an excerpt, with spaces in place of what was cut from the
/// beginning of the line: the renderer counts the column, and leaves the spaces out.
fn at_its_column(excerpt: &Excerpt, column: u32) -> (String, Range<usize>) {
    let text = same_length(&excerpt.text);
    let start = text.floor_char_boundary(excerpt.range.start);
    let end = text.floor_char_boundary(excerpt.range.end).max(start);
    let shown = text[..start].rsplit('\n').next().unwrap_or_default().chars().count();
    let cut = (column as usize).saturating_sub(1 + shown).min(FARTHEST);
    (" ".repeat(cut) + &text, start + cut..end + cut)
}

fn short(problem: &Diagnostic, text: &mut String) {
    let Place { path, line, column, .. } = &problem.place;
    text.push_str(&one_line(path));
    write!(text, ":{line}:{column}").expect("a string takes everything");
    let (severity, code) = (severity(problem.severity), problem.code.name());
    let message = one_line(&problem.message);
    writeln!(text, ": {severity}[{code}]: {message}").expect("a string takes everything");
}

/// A problem as a program reads it. Names are stable; new ones may come.
#[derive(Serialize)]
struct JsonProblem<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: JsonPlace<'a>,
    related: Vec<JsonPlace<'a>>,
    help: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<JsonFix<'a>>,
}

/// A change that would mend the problem; of several, one is to be chosen.
#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    /// Whether `postil fix` would apply it.
    keeps_meaning: bool,
    edits: Vec<JsonEdit<'a>>,
}

/// Bytes `start` to `end` of the file, which are given by line and column too, become `replacement`.
#[derive(Serialize)]
struct JsonEdit<'a> {
    path: &'a str,
    start: usize,
    end: usize,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    replacement: &'a str,
}

impl<'a> From<&'a Edit> for JsonEdit<'a> {
    fn from(edit: &'a Edit) -> Self {
        Self {
            path: edit.path(),
            start: edit.span.start,
            end: edit.span.end,
            line: edit.place.line,
            column: edit.place.column,
            end_line: edit.end.0,
            end_column: edit.end.1,
            replacement: &edit.new,
        }
    }
}

impl<'a> From<&'a Fix> for JsonFix<'a> {
    fn from(fix: &'a Fix) -> Self {
        let edits = fix.edits.iter().map(JsonEdit::from).collect();
        Self { title: &fix.title, keeps_meaning: fix.keeps_meaning, edits }
    }
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    words: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
}

impl<'a> JsonPlace<'a> {
    fn new(place: &'a Place, label: &'a str) -> Self {
        Self { path: &place.path, line: place.line, column: place.column, words: place.words(), label }
    }
}

fn json(problem: &Diagnostic, text: &mut String) {
    let object = JsonProblem {
        code: problem.code.name(),
        severity: severity(problem.severity),
        message: &problem.message,
        place: JsonPlace::new(&problem.place, &problem.label),
        related: problem.related.iter().map(|(place, label)| JsonPlace::new(place, label)).collect(),
        help: &problem.help,
        fixes: problem.fixes.iter().map(JsonFix::from).collect(),
    };
    text.push_str(&serde_json::to_string(&object).expect("strings and numbers are JSON"));
    text.push('\n');
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Text that cannot steer a terminal. Line breaks stay.
pub fn harmless(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(&same_length(text))
}

/// The same, in one line: a line break in data cannot pass for another problem.
pub fn one_line(text: &str) -> String {
    harmless(text).replace('\n', "␊")
}

/// Text for the renderer, which replaces most control characters itself: the
/// rest replaced by others of as many bytes, so that the stretch still fits.
///
/// A carriage return ends a line here, as it does in raw texts. The controls
/// U+0080 to U+009F are commands on some terminals; they take two bytes.
fn same_length(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut result = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        result.push(match c {
            '\r' if rest.peek() == Some(&'\n') => ' ',
            '\r' => '\n',
            '\u{80}'..='\u{9f}' => '¿',
            c => c,
        });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Source};

    const PLAIN: Look = Look { colour: false, width: 100 };

    fn place(text: &str, words: &str) -> Place {
        let start = text.find(words).unwrap();
        Source::new("annotations/a/b.md", text).place(start..start + words.len())
    }

    #[track_caller]
    fn check(problem: &Diagnostic, format: Format, expected: &str) {
        assert_eq!(show(std::slice::from_ref(problem), format, PLAIN), expected);
    }

    fn example() -> Diagnostic {
        let raw = Source::new("content/a.txt", "Say it.\nSay it again.\n");
        Diagnostic::error(
            Code::QUOTE_AMBIGUOUS,
            place("+++\n+++\n> Say it\n", "Say it"),
            "the words stand in `a` twice",
        )
        .label("these words")
        .related(raw.place(0..6), "here")
        .related(raw.place(8..14), "and here")
        .help("quote more")
        .help("or add `nth`")
    }

    #[test]
    fn for_a_person() {
        check(
            &example(),
            Format::Human,
            "\
error[quote-ambiguous]: the words stand in `a` twice
 --> annotations/a/b.md:3:3
  |
3 | > Say it
  |   ^^^^^^ these words
  |
 ::: content/a.txt:1:1
  |
1 | Say it.
  | ------ here
  |
 ::: content/a.txt:2:1
  |
2 | Say it again.
  | ------ and here
  |
  = help: quote more
  = help: or add `nth`

",
        );
    }

    #[test]
    fn one_a_line() {
        check(
            &example(),
            Format::Short,
            "annotations/a/b.md:3:3: error[quote-ambiguous]: the words stand in `a` twice\n",
        );
    }

    #[test]
    fn for_a_program() {
        check(
            &example(),
            Format::Json,
            concat!(
                r#"{"code":"quote-ambiguous","severity":"error","message":"the words stand in `a` twice","#,
                r#""path":"annotations/a/b.md","line":3,"column":3,"words":"Say it","label":"these words","#,
                r#""related":[{"path":"content/a.txt","line":1,"column":1,"words":"Say it","label":"here"},"#,
                r#"{"path":"content/a.txt","line":2,"column":1,"words":"Say it","label":"and here"}],"#,
                r#""help":["quote more","or add `nth`"]}"#,
                "\n"
            ),
        );
    }

    #[test]
    fn a_place_without_words() {
        let problem =
            Diagnostic::warning(Code::BAD_NAME, Place::file("content/A b.txt"), "bad").help("rename it");
        check(
            &problem,
            Format::Human,
            "warning[bad-name]: bad\n--> content/A b.txt:1:1\n = help: rename it\n\n",
        );
        check(&problem, Format::Short, "content/A b.txt:1:1: warning[bad-name]: bad\n");
        check(
            &problem,
            Format::Json,
            concat!(
                r#"{"code":"bad-name","severity":"warning","message":"bad","path":"content/A b.txt","#,
                r#""line":1,"column":1,"related":[],"help":["rename it"]}"#,
                "\n"
            ),
        );
    }

    #[test]
    fn columns_of_a_cut_line_count_from_its_start() {
        let long = format!("{} here {}", "word ".repeat(400), "word ".repeat(400));
        let shown =
            show(&[Diagnostic::error(Code::BAD_VALUE, place(&long, "here"), "m")], Format::Human, PLAIN);
        assert!(shown.contains("annotations/a/b.md:1:2002\n"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 110), "{shown}");
        assert!(shown.contains("^^^^"), "{shown}");
    }

    #[test]
    fn any_text_and_any_place_can_be_shown() {
        for text in [
            "",
            "\n",
            "\r",
            "a\r\nb",
            "a\rb",
            "é",
            "\u{feff}",
            "a\u{9b}31mb",
            "\u{202e}abc",
            "\t\tx\n\n\n\n\n\ny",
            "👩‍👩‍👧 x",
        ] {
            let source = Source::new("p", text);
            for start in 0..=text.len() + 1 {
                for end in start..=text.len() + 1 {
                    let problem = Diagnostic::error(Code::BAD_VALUE, source.place(start..end), text)
                        .label(text)
                        .help(text);
                    let shown = show(&[problem], Format::Human, Look { colour: false, width: 20 });
                    let steers =
                        |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
                    assert!(!shown.contains(steers), "{text:?} {start}..{end}: {shown:?}");
                }
            }
        }
    }

    #[test]
    fn a_problem_cannot_pass_for_two() {
        let problem = Diagnostic::error(Code::BAD_VALUE, Place::file("a\nb"), "x\ny\u{1b}[31m");
        check(&problem, Format::Short, "a␊b:1:1: error[bad-value]: x␊y␛[31m\n");
    }

    #[test]
    fn a_fix_is_shown_and_told_to_programs() {
        let file = Source::new("annotations/a/b.md", "+++\nknid = 1\n+++\n");
        let fix = Fix::mend("write `kind`", file.edit(4..8, "kind"));
        let problem = Diagnostic::error(Code::UNKNOWN_KEY, file.place(4..8), "unknown key `knid`").fix(fix);
        check(
            &problem,
            Format::Human,
            "\
error[unknown-key]: unknown key `knid`
 --> annotations/a/b.md:2:1
  |
2 | knid = 1
  | ^^^^
  |
help: `postil fix` would write `kind`
  |
2 - knid = 1
2 + kind = 1
  |

",
        );
        let shown = show(std::slice::from_ref(&problem), Format::Json, PLAIN);
        let expected = concat!(
            r#""fixes":[{"title":"write `kind`","keeps_meaning":true,"edits":[{"path":"annotations/a/b.md","#,
            r#""start":4,"end":8,"line":2,"column":1,"end_line":2,"end_column":5,"replacement":"kind"}]}]}"#
        );
        assert!(shown.trim_end().ends_with(expected), "{shown}");
        let proposal = Fix::propose("write `kind`", file.edit(4..8, "kind"));
        let proposed = Diagnostic { fixes: vec![proposal], ..problem.clone() };
        let shown = show(&[proposed], Format::Human, PLAIN);
        assert!(shown.contains("help: if that is meant: write `kind`\n"), "{shown}");
        let other = Fix::mend("write `by`", file.edit(4..8, "by"));
        assert!(!show(&[problem.fix(other)], Format::Human, PLAIN).contains("postil fix"));
    }

    #[test]
    fn colours_only_when_asked_for() {
        let shown = show(&[example()], Format::Human, Look { colour: true, width: 100 });
        assert!(shown.contains("\u{1b}["), "{shown:?}");
    }
}
