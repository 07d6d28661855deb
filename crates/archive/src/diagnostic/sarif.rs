//! Problems as SARIF 2.1.0, which code hosts and editors read (OASIS standard,
//! 27 March 2020; section numbers below are its own).

use serde::Serialize;

use super::{Code, Diagnostic, Edit, Fix, Place, Severity};

/// Where the standard's schema lies; editors check the file by it.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// All problems as one document.
pub(super) fn document(problems: &[Diagnostic]) -> String {
    let rules: Vec<Code> =
        Code::ALL.iter().copied().filter(|code| problems.iter().any(|p| p.code == *code)).collect();
    let results = problems.iter().map(|problem| Outcome::new(problem, &rules)).collect();
    let driver = Driver {
        name: "postil",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: rules.iter().map(|code| Rule::new(*code)).collect(),
    };
    // Columns count code points, as everywhere in postil (3.14.17).
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    let mut text = serde_json::to_string_pretty(&log).expect("strings and numbers are JSON");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'a str,
    results: Vec<Outcome<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'a str,
    semantic_version: &'a str,
    rules: Vec<Rule>,
}

/// A kind of problem (3.49).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    full_description: Message<'static>,
}

impl Rule {
    fn new(code: Code) -> Self {
        Self { id: code.name(), full_description: Message { text: code.explanation().into() } }
    }
}

#[derive(Serialize)]
struct Message<'a> {
    text: std::borrow::Cow<'a, str>,
}

/// A problem (3.27).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Change<'a>>,
}

/// A proposed change (3.55); of several, one is to be chosen.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    description: Message<'a>,
    artifact_changes: [FileChange<'a>; 1],
}

/// What becomes of one file (3.56).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileChange<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

/// One stretch of it (3.57).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region<'a>,
    inserted_content: Message<'a>,
}

impl<'a> Change<'a> {
    fn new(fix: &'a Fix) -> Option<Self> {
        let path = fix.edits.first()?.path();
        let replacement = |edit: &'a Edit| Replacement {
            deleted_region: Region {
                start_line: edit.place.line,
                start_column: edit.place.column,
                end_line: edit.end.0,
                end_column: edit.end.1,
                snippet: None,
            },
            inserted_content: Message { text: edit.new.as_str().into() },
        };
        let replacements = fix.edits.iter().map(replacement).collect();
        Some(Self {
            description: Message { text: fix.title.as_str().into() },
            artifact_changes: [FileChange { artifact_location: Artifact { uri: uri(path) }, replacements }],
        })
    }
}

impl<'a> Outcome<'a> {
    fn new(problem: &'a Diagnostic, rules: &[Code]) -> Self {
        let mut text = problem.message.clone();
        for help in &problem.help {
            text.push_str("\nhelp: ");
            text.push_str(help);
        }
        let related = problem.related.iter().map(|(place, label)| Location::new(place, label));
        Self {
            rule_id: problem.code.name(),
            rule_index: rules.iter().position(|code| *code == problem.code).expect("its rule was kept"),
            level: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            message: Message { text: text.into() },
            locations: [Location::new(&problem.place, &problem.label)],
            related_locations: related.collect(),
            fixes: problem.fixes.iter().filter_map(Change::new).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact,
    region: Region<'a>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// A stretch of a file (3.30); `endColumn` is one past it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message<'a>>,
}

impl<'a> Location<'a> {
    fn new(place: &'a Place, label: &'a str) -> Self {
        let (end_line, end_column) = place.end();
        let words = place.words();
        let region = Region {
            start_line: place.line,
            start_column: place.column,
            end_line,
            end_column,
            snippet: (!words.is_empty()).then(|| Message { text: words.into() }),
        };
        let artifact_location = Artifact { uri: uri(&place.path) };
        let message = (!label.is_empty()).then(|| Message { text: label.into() });
        Self { physical_location: Physical { artifact_location, region }, message }
    }
}

/// A path as a relative reference (RFC 3986, section 4.2): what is not plain is
/// percent-encoded, so a colon in a name does not make a scheme of it.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::diagnostic::Source;

    fn parsed(problems: &[Diagnostic]) -> Value {
        serde_json::from_str(&document(problems)).unwrap()
    }

    #[test]
    fn no_problems_are_a_run_without_results() {
        let log = parsed(&[]);
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(log["runs"][0]["results"], json!([]));
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"], json!([]));
        assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    }

    #[test]
    fn a_problem_has_rule_level_message_and_places() {
        let note = Source::new("annotations/a/b c.md", "é> Say it\n");
        let raw = Source::new("content/a.txt", "Say\nit again.\n");
        let problems = [
            Diagnostic::warning(Code::UNEXPECTED_FILE, Place::file("x:y"), "stray"),
            Diagnostic::error(Code::QUOTE_AMBIGUOUS, note.place(4..10), "twice")
                .label("these words")
                .related(raw.place(0..6), "here")
                .help("quote more"),
        ];
        let run = &parsed(&problems)["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 2);
        for (result, problem) in run["results"].as_array().unwrap().iter().zip(&problems) {
            assert_eq!(result["ruleId"], problem.code.name());
            let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[rule]["id"], problem.code.name());
        }
        assert_eq!(
            run["results"][0]["locations"],
            json!([{
                "physicalLocation": {
                    "artifactLocation": { "uri": "x%3Ay" },
                    "region": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 }
                }
            }])
        );
        let second = &run["results"][1];
        assert_eq!(second["level"], "error");
        assert_eq!(second["message"]["text"], "twice\nhelp: quote more");
        assert_eq!(
            second["locations"][0],
            json!({
                "physicalLocation": {
                    "artifactLocation": { "uri": "annotations/a/b%20c.md" },
                    "region": {
                        "startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 10,
                        "snippet": { "text": "Say it" }
                    }
                },
                "message": { "text": "these words" }
            })
        );
        assert_eq!(second["fixes"], Value::Null);
        let region = &second["relatedLocations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["endLine"], &region["endColumn"]), (&json!(2), &json!(3)));
    }
    #[test]
    fn a_fix_has_its_regions() {
        let file = Source::new("annotations/a/b.md", "é = 1\n");
        let fix = Fix::mend("write `e`", file.edit(0..2, "e"));
        let problem = Diagnostic::error(Code::UNKNOWN_KEY, file.place(0..2), "unknown key").fix(fix);
        assert_eq!(
            parsed(&[problem])["runs"][0]["results"][0]["fixes"],
            json!([{
                "description": { "text": "write `e`" },
                "artifactChanges": [{
                    "artifactLocation": { "uri": "annotations/a/b.md" },
                    "replacements": [{
                        "deletedRegion": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2 },
                        "insertedContent": { "text": "e" }
                    }]
                }]
            }])
        );
    }
}
