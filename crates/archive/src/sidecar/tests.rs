use serde::Deserialize;
use toml::Spanned;

use super::date::Date;
use super::*;

#[derive(Debug, Deserialize)]
struct File {
    title: Option<String>,
    date: Option<Date>,
    by: Option<OneOrMany<Spanned<String>>>,
    furniture: Option<Rows<Spanned<Row>>>,
    structure: Option<Rows<Spanned<Row>>>,
    refs: Option<Pairs<OneOrMany<Word>>>,
    inner: Option<Inner>,
}

#[derive(Debug, Deserialize)]
struct Row {
    at: Option<OneOrMany<Spanned<String>>>,
    reason: String,
    level: Option<Spanned<u8>>,
    all: Option<bool>,
    kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Heading,
    Speech,
}

#[derive(Debug, Deserialize)]
struct Inner {
    name: String,
    url: String,
    retrieved: Date,
}

fn run(toml: &str) -> Checked<Option<File>> {
    let source = Source::new("a.toml", toml);
    let span = Span { start: toml.find("+++\n").map_or(0, |at| at + 4), end: toml.len() };
    read(&source, span)
}

fn good(toml: &str) -> File {
    let checked = run(toml);
    assert_eq!(checked.problems, [], "{toml}");
    checked.value.expect("there are no problems")
}

/// Each problem as `line:column code: message (label) / help / help`.
fn problems(toml: &str) -> Vec<String> {
    run(toml).problems.iter().map(shown).collect()
}

fn shown(problem: &crate::diagnostic::Diagnostic) -> String {
    let label = if problem.label.is_empty() { String::new() } else { format!(" ({})", problem.label) };
    let help: String = problem.help.iter().map(|help| format!(" / {help}")).collect();
    let place = &problem.place;
    format!("{}:{} {}: {}{label}{help}", place.line, place.column, problem.code.name(), problem.message)
}

#[track_caller]
fn check(toml: &str, expected: &[&str]) {
    assert_eq!(problems(toml), expected, "{toml}");
}

#[test]
fn a_file_is_read_with_spans() {
    let file = good(
        "+++\ntitle = 'T'\nby = \"me\"\nfurniture = [\n  { at = \"p1\", reason = \"r\", level = 3 },\n  { at = [\"p2\", \"p3\"], reason = \"s\", all = true },\n]\nrefs = { z = 1, a = [\"x\", 2] }\ninner = { name = \"n\", url = \"u\", retrieved = 2009 }\n[[structure]]\nkind = \"heading\"\nreason = \"x\"\n",
    );
    let inner = file.inner.expect("it has one");
    assert_eq!((inner.name.as_str(), inner.url.as_str(), inner.retrieved.year()), ("n", "u", 2009));
    assert_eq!(file.title.as_deref(), Some("T"));
    let by = &file.by.expect("it has one").0[0];
    assert_eq!((by.get_ref().as_str(), by.span()), ("me", 21..25));
    let rows = file.furniture.expect("it has rows").0;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].get_ref().level.as_ref().map(|l| *l.get_ref()), Some(3));
    assert_eq!(rows[1].get_ref().at.as_ref().map(|at| at.0.len()), Some(2));
    assert_eq!(rows[1].get_ref().all, Some(true));
    let refs = file.refs.expect("it has refs").0;
    let refs: Vec<(&str, Vec<&str>)> =
        refs.iter().map(|(k, v)| (k.as_str(), v.0.iter().map(|w| w.0.as_str()).collect())).collect();
    assert_eq!(refs, [("z", vec!["1"]), ("a", vec!["x", "2"])]);
    let structure = file.structure.expect("it has rows").0;
    assert_eq!(structure[0].get_ref().kind, Some(Kind::Heading));
    assert_eq!((structure[0].get_ref().reason.as_str(), structure[0].span()), ("x", 218..231));
}

#[test]
fn dates_have_three_forms() {
    let date = |toml| good(toml).date.expect("it has one").to_string();
    assert_eq!(date("date = 2009-08-31"), "2009-08-31");
    assert_eq!(date("date = \"2009-08\""), "2009-08");
    assert_eq!(date("date = 2009"), "2009");
    check(
        "date = \"2009-02-30\"",
        &[
            "1:8 bad-value: `date`: there is no day `2009-02-30` / write `date = 2009-08-31`, `date = \"2009-08\"` or `date = \"2009\"`",
        ],
    );
    check(
        "date = 2009-08-01T12:00:00",
        &["1:8 bad-value: `date`: `2009-08-01T12:00:00` has a time of day / write `2009-08-01`"],
    );
    check(
        "date = true",
        &[
            "1:8 bad-value: `date` is `true`, but should be a date such as `2009-08-31`, `\"2009-08\"` or `\"2009\"` / write `date = 2009-08-31`, `date = \"2009-08\"` or `date = \"2009\"`",
        ],
    );
}

#[test]
fn every_unknown_key_is_reported() {
    let keys = "keys here are `title`, `date`, `by`, `furniture`, `structure`, `refs`, `inner`";
    check(
        "titel = 1\nx = 2",
        &[
            &format!("1:1 unknown-key: unknown key `titel` / did you mean `title`? / {keys}"),
            &format!("2:1 unknown-key: unknown key `x` / {keys}"),
        ],
    );
    check(
        "furniture = [{ at = 'p1', reason = 'r', al = true }]",
        &["1:41 unknown-key: unknown key `al` / keys here are `at`, `reason`, `level`, `all`, `kind`"],
    );
}

#[test]
fn every_wrong_value_is_reported() {
    let checked = run(
        "title = 3\nby = ['a', 4]\nfurniture = [\n { reason = 1, level = 'x' },\n { reason = 'r', level = -1, kind = 'heding' },\n 7,\n]\nrefs = { a = 1.5, b = 2, c = true }\n",
    );
    let found: Vec<String> = checked.problems.iter().map(shown).collect();
    assert_eq!(
        found,
        [
            "1:9 bad-value: `title` is a number, but should be words in quotes / write `title = \"…\"`",
            "2:12 bad-value: `by` is a number, but should be words in quotes / write `by = \"…\"`",
            "4:13 bad-value: `reason` is a number, but should be words in quotes / write `reason = \"…\"`",
            "4:24 bad-value: `level` is words in quotes, but should be a whole number from 0 up / write `level = 1`",
            "5:26 bad-value: `level` is the number -1, but should be a whole number from 0 up / write `level = 1`",
            "5:37 unknown-kind: `kind` cannot be `heding` / did you mean `heading`? / it is one of `heading`, `speech`",
            "6:2 bad-value: `furniture` is a number, but should be a table / write `furniture = [{ … }]`",
            "8:14 bad-value: `a` is the number 1.5, but should be words in quotes or a whole number / look at another file of this kind: how it has the key is how it is written",
            "8:30 bad-value: `c` is `true`, but should be words in quotes or a whole number / look at another file of this kind: how it has the key is how it is written",
        ]
    );
    let file = checked.value.expect("the rest can be read");
    assert_eq!(file.by.map(|by| by.0.len()), Some(1));
    assert_eq!(file.furniture.map(|rows| rows.0.len()), Some(1));
    assert_eq!(file.refs.map(|refs| refs.0.iter().map(|(_, v)| v.0.len()).collect()), Some(vec![0, 1, 0]));
}

#[test]
fn every_missing_key_is_reported() {
    check("[[furniture]]\nat = 'p1'\n", &["1:1 missing-key: `reason` is missing / add `reason = \"…\"`"]);
    check(
        "inner = {}\nfurniture = [{}, {}]",
        &[
            "1:9 missing-key: `name` is missing / add `name = \"…\"`",
            "1:9 missing-key: `url` is missing / add `url = \"…\"`",
            "1:9 missing-key: `retrieved` is missing / add `retrieved = \"…\"`",
            "2:14 missing-key: `reason` is missing / add `reason = \"…\"`",
            "2:18 missing-key: `reason` is missing / add `reason = \"…\"`",
        ],
    );
    check(
        "inner = { url = 3, retrieved = 2009 }",
        &[
            "1:17 bad-value: `url` is a number, but should be words in quotes / write `url = \"…\"`",
            "1:9 missing-key: `name` is missing / add `name = \"…\"`",
        ],
    );
}

#[test]
fn keys_of_the_file_below_a_row_are_told_to_move() {
    check(
        "[[structure]]\nreason = 'x'\nfurniture = [ ]\n",
        &[
            "3:1 unknown-key: unknown key `furniture` (TOML counts it to `structure` above it) / `furniture` belongs to the file itself: move it above the first line in `[ ]` / keys here are `at`, `reason`, `level`, `all`, `kind`",
        ],
    );
}

#[test]
fn broken_syntax_has_advice() {
    check(
        "date = 2009-08",
        &[
            "1:8 toml-syntax: not valid TOML: `2009-08` is not a date / write a month in quotes: `\"2009-08\"`",
        ],
    );
    check(
        "title = \"the \"Blue Blindfold\" banner\"",
        &[
            "1:15 toml-syntax: not valid TOML: a quotation mark inside the words ends them / put the whole in single quotes, `'…'`, or write the marks inside as `“…”` or `\\\"`",
        ],
    );
    check(
        "structure = [ ]\n[[structure]]\nkind = 'heading'",
        &[
            "2:3 toml-syntax: not valid TOML: `structure` stands twice / `structure = [ … ]` and `[[structure]]` do not go together: write all rows in one of the two ways",
        ],
    );
    check(
        "title = 'a'\ntitle = 'b'",
        &["2:1 toml-syntax: not valid TOML: `title` stands twice / keep one `title`"],
    );
    check(
        "title = Your Name\ndate = 2009-02-30",
        &[
            "1:9 toml-syntax: not valid TOML: words that are not in quotes / put the value in straight quotes: `\"…\"`",
            "2:8 toml-syntax: not valid TOML: `2009-02-30` is not a date / dates are `2009-08-31`, `\"2009-08\"` or `\"2009\"`",
        ],
    );
}

#[test]
fn syntax_errors_count_lines_from_the_start_of_the_file() {
    check(
        "+++\ntitle = x",
        &[
            "2:9 toml-syntax: not valid TOML: words that are not in quotes / put the value in straight quotes: `\"…\"`",
        ],
    );
}

#[test]
fn toml_newer_than_1_0_is_refused() {
    let line = "toml-syntax: a line ends inside `{ }` / write what is inside `{ }` on one line, or use a `[table]` of its own";
    let comma = "toml-syntax: a comma stands before `}` / leave the last comma inside `{ }` out";
    check("refs = { a = 1,\n\n b = 2 }", &[&format!("1:16 {line}")]);
    check("refs = { a = 1, }", &[&format!("1:15 {comma}")]);
    check("refs = { a = [1,\n 2,\n], b = 'x,}\u{a0}' }", &[]);
    check(
        "furniture = [\n { reason = 'r', },\n { reason = 's'\n },\n]\n",
        &[&format!("2:16 {comma}"), &format!("3:16 {line}")],
    );
}

#[test]
fn no_input_panics() {
    let pieces = [
        "[[",
        "]]",
        "a",
        "=",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "'",
        "\n",
        "furniture",
        "1",
        ".",
        "\u{feff}",
        "é",
        "#",
        "\r",
        "\\",
    ];
    let mut state: usize = 7;
    for _ in 0..4000 {
        let mut toml = String::new();
        for _ in 0..state % 23 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            toml.push_str(pieces[(state >> 33) % pieces.len()]);
        }
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 1;
        run(&toml);
    }
    run(&"[".repeat(60_000));
    run(&format!("a={}", "{a=".repeat(20_000)));
    run(&"a.".repeat(30_000));
}

#[test]
fn many_wrong_rows_are_read_in_one_go() {
    let rows: String = (0..4000).map(|_| " { at = 3 },\n").collect();
    assert_eq!(run(&format!("furniture = [\n{rows}]\n")).problems.len(), 8000);
}
