//! The reference of the manual: what the program says of itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use postil_archive::diagnostic::Code;
use serde_json::Value;

use super::super::command::postil;
use super::super::{files, repository, utf8};
use super::{accept, accepts, manual};

/// What a command says, that says nothing else.
fn said(args: &[&str]) -> String {
    let output = postil(Path::new("."), args).output().unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The help of each command, by its name; that of the program by none.
pub(super) fn helps() -> BTreeMap<String, String> {
    let mut helps = BTreeMap::new();
    let mut open = vec![String::new()];
    while let Some(name) = open.pop() {
        let words: Vec<&str> = name.split_whitespace().chain(["--help"]).collect();
        let help = said(&words);
        let listed = help.split("\nCommands:\n").nth(1).unwrap_or_default().lines();
        let commands = listed.take_while(|line| !line.is_empty());
        // What is described on a second line stands further in.
        let names = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
        let below =
            names.filter(|n| !matches!(*n, "" | "help")).map(|n| format!("{name} {n}").trim().to_owned());
        open.extend(below);
        helps.insert(name, help);
    }
    helps
}

/// `6-reference/1-commands.md`.
fn commands() -> String {
    let helps = helps();
    let whole = &helps[""];
    let options = whole.split("\nOptions:\n").nth(1).expect("the program has options");
    // Each begins with a line that names it, and a short form or four spaces before that.
    let is_named = |line: &str| line.starts_with("  -") || line.starts_with("      --");
    let shared: Vec<&str> = options
        .lines()
        .filter(|line| is_named(line))
        .filter_map(|line| line.split("--").nth(1)?.split([' ', ',']).next())
        .collect();
    let own = |help: &str| {
        let mut out = String::new();
        let mut kept = true;
        for line in help.lines() {
            if is_named(line) {
                let name = line
                    .split("--")
                    .nth(1)
                    .and_then(|rest| rest.split([' ', ',']).next())
                    .unwrap_or_default();
                kept = !shared.contains(&name);
            } else if !line.starts_with(' ') {
                kept = true;
            }
            if kept {
                out += line;
                out.push('\n');
            }
        }
        let out = out.trim_end();
        out.strip_suffix("Options:").unwrap_or(out).trim_end().to_owned()
    };
    let mut out = String::from(
        "What each command takes, as its `--help` says it. The options of all commands stand first.\n",
    );
    let _ = write!(out, "\n## All commands\n\n```text\n{}\n```\n", whole.trim_end());
    // In the order of the list, and those below a command after it.
    let order = whole.split("\nCommands:\n").nth(1).unwrap_or_default().lines();
    let order = order.take_while(|l| !l.is_empty()).filter_map(|l| l.strip_prefix("  ")?.split(' ').next());
    for name in order.filter(|name| !matches!(*name, "" | "help")) {
        for (command, help) in helps.iter().filter(|(c, _)| *c == name || c.starts_with(&format!("{name} ")))
        {
            let _ = write!(out, "\n## postil {command}\n\n```text\n{}\n```\n", own(help));
        }
    }
    out
}

/// The kinds of files, in the order in which somebody meets them.
const KINDS: [&str; 11] = [
    "site",
    "record",
    "collection",
    "note",
    "term",
    "topic",
    "link",
    "contributor",
    "apparatus",
    "furniture",
    "page",
];

/// `6-reference/2-files.md`.
fn keys() -> String {
    let help = said(&["schema", "--help"]);
    let kinds: BTreeMap<&str, &str> = help
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- ")?.split_once(':'))
        .map(|(kind, says)| (kind, says.trim()))
        .collect();
    assert!(kinds.len() == KINDS.len() && KINDS.iter().all(|kind| kinds.contains_key(kind)), "{kinds:?}");
    let mut out = String::from(
        "What each kind of file may hold. An editor knows the same by `postil lsp`, another program by `postil schema KIND`. \
         Tables that several kinds of files share stand where they come up first. A key in bold must be there.\n",
    );
    let mut told = Vec::new();
    for kind in KINDS {
        let schema: Value = serde_json::from_str(&said(&["schema", kind])).unwrap();
        let _ = write!(out, "\n## {kind}\n\n{}\n", kinds[kind]);
        let mut open = Vec::new();
        let definitions = &schema["definitions"];
        table(&mut out, &schema, definitions, &mut open);
        while !open.is_empty() {
            let name: String = open.remove(0);
            if told.contains(&name) {
                continue;
            }
            let definition = &definitions[&name];
            let _ = write!(out, "\n### {}\n", plain_name(&name));
            if let Some(says) = definition["description"].as_str() {
                let _ = write!(out, "\n{}\n", one_line(says));
            }
            table(&mut out, definition, definitions, &mut open);
            told.push(name);
        }
    }
    out
}

/// Rows for the keys of a table; what they hold is added to what is still to be told.
fn table(out: &mut String, schema: &Value, definitions: &Value, open: &mut Vec<String>) {
    out.push_str("\n| key | holds | says |\n| --- | --- | --- |\n");
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        let mut holds = Vec::new();
        kinds_of(value, definitions, &mut holds, open);
        let mark = if required.contains(&key.as_str()) { "**" } else { "" };
        let says = value["description"].as_str().map(one_line).unwrap_or_default();
        let _ =
            writeln!(out, "| {mark}`{key}`{mark} | {} | {} |", holds.join(", or "), says.replace('|', "\\|"));
    }
}

/// What may stand there, in words.
fn kinds_of(value: &Value, definitions: &Value, holds: &mut Vec<String>, open: &mut Vec<String>) {
    let mut add = |words: String| {
        if !holds.contains(&words) {
            holds.push(words);
        }
    };
    if let Some(name) = value["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let definition = &definitions[name];
        // What is no table is told where it stands.
        if !definition["properties"].is_object() {
            return kinds_of(definition, definitions, holds, open);
        }
        open.push(name.to_owned());
        return add(plain_name(name));
    }
    if let Some(values) = value["enum"].as_array() {
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        return add(values.join(", "));
    }
    if let Some(only) = value.get("const") {
        return add(format!("`{only}`"));
    }
    let any = ["anyOf", "oneOf", "allOf"].iter().find_map(|key| value[*key].as_array());
    if let Some(any) = any {
        return any.iter().for_each(|one| kinds_of(one, definitions, holds, open));
    }
    let types: Vec<&str> = match &value["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    for kind in types {
        match kind {
            "null" => {}
            "array" => {
                let mut inner = Vec::new();
                kinds_of(&value["items"], definitions, &mut inner, open);
                let words = format!(
                    "list of {}",
                    if inner.is_empty() { "values".to_owned() } else { inner.join(", or ") }
                );
                add(words);
            }
            "string" => add("words".to_owned()),
            "integer" | "number" => add("number".to_owned()),
            "boolean" => add("`true`, `false`".to_owned()),
            _ => add("table".to_owned()),
        }
    }
}

/// The name of a type in words: `SourceTable` is a source.
fn plain_name(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim_end_matches("Table").trim_end_matches("Row").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `6-reference/3-messages.md`. An example that it has stays as long as the tests have it.
fn messages(kept: &str) -> String {
    let mut out = String::from(
        "Each kind of problem has a name, which stands in brackets: `error[quote-not-found]`. `postil check --explain NAME` says \
         the same as this page. The line below each is one that postil has said, with file, line and column before it.\n",
    );
    let examples = examples();
    let mut codes: Vec<&Code> = Code::ALL.iter().collect();
    codes.sort_by_key(|code| code.name());
    for code in codes {
        let _ = write!(out, "\n## {}\n\n{}\n", code.name(), code.explanation());
        let all = examples.get(code.name()).into_iter().flatten();
        let stays = all.clone().find(|line| kept.contains(&format!("\n```text\n{line}\n```\n")));
        if let Some(example) = stays.or_else(|| all.min_by_key(|line| (line.len(), *line))) {
            let _ = write!(out, "\n```text\n{example}\n```\n");
        }
    }
    out
}

/// For each kind of problem the messages of that kind that the cases and mistakes of the tests give, each in one line.
fn examples() -> BTreeMap<String, Vec<String>> {
    let cases = files(&repository("tests/it/cases")).into_iter();
    let cases = cases.filter(|(path, _)| path.ends_with("/expected.txt")).map(|file| utf8(file).1);
    let mistakes = std::fs::read_to_string(repository("tests/it/mistakes.txt")).unwrap();
    let mut examples: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in cases.chain([mistakes]) {
        for line in text.lines().filter(|line| !line.starts_with(' ')) {
            let told = ["error[", "warning[", "note["].iter().find_map(|severity| {
                let (_, rest) = line.split_once(&format!(": {severity}"))?;
                rest.split_once(']')
            });
            if let Some((code, _)) = told {
                examples.entry(code.to_owned()).or_default().push(line.to_owned());
            }
        }
    }
    examples
}

#[test]
fn the_reference_is_what_the_program_says() {
    let path = |name: &str| manual().join(format!("content/6-reference/{name}.md"));
    let kept = std::fs::read_to_string(path("3-messages")).unwrap_or_default();
    let pages = [("1-commands", commands()), ("2-files", keys()), ("3-messages", messages(&kept))];
    for (name, text) in pages {
        let path = path(name);
        if accepts() {
            accept(&path, &text);
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text,
            "{name}.md is not what the program says: POSTIL_ACCEPT=1 cargo test --test it manual"
        );
    }
}
