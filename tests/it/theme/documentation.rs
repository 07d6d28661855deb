//! `docs/theme/`: one page a template, made from the comments on what it is given.
//!
//! `POSTIL_ACCEPT=1 cargo test --test it theme::documentation` writes the pages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::super::repository;
use super::{theme, views};

const SOURCES: [&str; 3] = ["context.rs", "context/list.rs", "context/text.rs"];

#[derive(Default)]
struct Struct {
    says: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    says: String,
}

/// The structs of the context, by name.
fn structs() -> BTreeMap<String, Struct> {
    let mut out = BTreeMap::new();
    for file in SOURCES {
        let text = std::fs::read_to_string(repository("crates/site/src/render").join(file))
            .expect("a source can be read");
        let mut says: Vec<&str> = Vec::new();
        let mut open: Option<(String, Struct)> = None;
        for line in text.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix("///") {
                says.push(comment.trim());
            } else if let Some(name) = line.strip_prefix("pub struct ").and_then(|l| l.strip_suffix(" {")) {
                open = Some((name.to_owned(), Struct { says: says.join(" "), fields: Vec::new() }));
                says.clear();
            } else if let (Some((_, made)), Some((name, kind))) = (
                &mut open,
                line.strip_prefix("pub ").and_then(|l| l.strip_suffix(',')).and_then(|l| l.split_once(": ")),
            ) {
                made.fields.push(Field {
                    name: name.to_owned(),
                    kind: kind.to_owned(),
                    says: says.join(" "),
                });
                says.clear();
            } else if line == "}" {
                out.extend(open.take());
                says.clear();
            } else if !line.starts_with('#') {
                says.clear();
            }
        }
    }
    out
}

/// Markdown of a comment: links to Rust's items are only names here.
fn prose(says: &str) -> String {
    let mut out = String::new();
    for (i, part) in says.split("[`").enumerate() {
        match part.split_once("`]").filter(|_| i > 0) {
            Some((name, rest)) => {
                let rest =
                    rest.strip_prefix('(').and_then(|r| r.split_once(')')).map_or(rest, |(_, rest)| rest);
                let name = name.rsplit("::").next().unwrap_or(name);
                let _ = write!(out, "`{name}`{rest}");
            }
            None => out.push_str(part),
        }
    }
    out.replace('|', "\\|")
}

/// The struct that a field's type is about, if it is one of the context's.
fn inner<'a>(kind: &'a str, all: &BTreeMap<String, Struct>) -> Option<&'a str> {
    let name = kind.rsplit('<').next()?.trim_end_matches('>');
    let name = name.rsplit("::").next()?;
    all.contains_key(name).then_some(name)
}

fn kind(kind: &str, all: &BTreeMap<String, Struct>) -> String {
    if let Some(of) = kind.strip_prefix("Option<").and_then(|k| k.strip_suffix('>')) {
        return format!("{}, or nothing", self::kind(of, all));
    }
    if let Some(of) = kind.strip_prefix("Vec<").and_then(|k| k.strip_suffix('>')) {
        return format!("list of: {}", self::kind(of, all));
    }
    match (inner(kind, all), kind) {
        (Some(name), _) => format!("[{name}](#{})", name.to_lowercase()),
        (None, "String") => "text".to_owned(),
        (None, "Html") => "HTML".to_owned(),
        (None, "bool") => "true or false".to_owned(),
        (None, "usize" | "u32" | "u64" | "u8") => "number".to_owned(),
        (None, other) => format!("`{other}`"),
    }
}

fn rows(out: &mut String, made: &Struct, all: &BTreeMap<String, Struct>) {
    out.push_str("\n| key | is | says |\n| --- | --- | --- |\n");
    for field in made.fields.iter().filter(|f| f.kind != "Page") {
        let _ = writeln!(out, "| `{}` | {} | {} |", field.name, kind(&field.kind, all), prose(&field.says));
    }
}

/// The structs that the fields of some hold, and theirs, in the order in which they come up.
fn below<'a>(made: &'a Struct, all: &'a BTreeMap<String, Struct>, seen: &mut Vec<&'a str>) {
    for field in &made.fields {
        if let Some(name) = inner(&field.kind, all).filter(|n| *n != "Page")
            && !seen.contains(&name)
        {
            seen.push(name);
            below(&all[name], all, seen);
        }
    }
}

fn page(title: &str, roots: &[&str], all: &BTreeMap<String, Struct>) -> String {
    let mut out = format!("# `{title}`\n");
    let mut seen = roots.to_vec();
    for root in roots {
        let made = &all[*root];
        let says = prose(&made.says);
        let says = says
            .strip_prefix(&format!("`{title}`: "))
            .or(says.strip_prefix(&format!("`{title}`. ")))
            .unwrap_or(&says);
        let mut letters = says.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        let _ = write!(out, "\n{first}{}\n", letters.as_str());
        if made.fields.iter().any(|f| f.kind == "Page") {
            out.push_str("\nIt is given what [every page](base.md) is given, and:\n");
        }
        rows(&mut out, made, all);
        below(made, all, &mut seen);
    }
    for name in &seen[roots.len()..] {
        let _ = write!(out, "\n## {name}\n\n{}\n", prose(&all[*name].says));
        rows(&mut out, &all[*name], all);
    }
    out
}

/// The pages as they are to be: file name to Markdown.
fn pages() -> BTreeMap<String, String> {
    let all = structs();
    let mut out = BTreeMap::new();
    for (name, made) in &all {
        let template =
            made.says.strip_prefix('`').and_then(|s| s.split_once('`')).map(|(template, _)| template);
        if let Some(template) = template.filter(|t| t.ends_with(".html")) {
            let file = format!("{}.md", template.trim_end_matches(".html"));
            out.insert(file, page(template, &[name], &all));
        }
    }
    out.insert("contribute.md".into(), page("contribute.html", &["Prose"], &all)); // as page.html
    out.insert("base.md".into(), page("base.html", &["Page", "Site"], &all));
    out
}

#[test]
fn the_pages_say_what_the_templates_are_given() {
    let folder = repository("docs/theme");
    let accept = std::env::var_os("POSTIL_ACCEPT").is_some_and(|value| value == "1");
    for (name, expected) in pages() {
        let path = folder.join(&name);
        if accept {
            std::fs::write(&path, &expected).expect("docs/theme can be written");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            found, expected,
            "docs/theme/{name} is not what the code says: POSTIL_ACCEPT=1 writes it anew"
        );
    }
}

/// The keys come from what a template is really given, not from reading the source.
#[test]
fn every_template_and_every_key_has_its_words() {
    let read = |name: &str| {
        let file = format!("docs/theme/{}.md", name.trim_end_matches(".html"));
        std::fs::read_to_string(repository(&file)).unwrap_or_else(|_| panic!("{file} is missing"))
    };
    let index = read("README.html");
    let parts = ["base.html", "parts.html"];
    let templates: BTreeSet<String> = theme().templates.into_iter().map(|(name, _)| name).collect();
    for name in &templates {
        assert!(index.contains(&format!("`{name}`")), "docs/theme/README.md does not name {name}");
    }
    let every = read("base.html");
    let mut told = BTreeSet::new();
    for view in views::views() {
        let own = read(view.template);
        let map = view.value.as_map().expect("a view is a map");
        let keys: BTreeSet<&str> = map.keys().filter_map(|key| key.as_str()).collect();
        assert!(keys.contains("title"), "{}", view.template);
        for key in keys {
            let row = format!("| `{key}` |");
            assert!(own.contains(&row) || every.contains(&row), "{}: no {row}", view.template);
        }
        told.insert(view.template.to_owned());
    }
    let untold: Vec<_> =
        templates.iter().filter(|t| !told.contains(*t) && !parts.contains(&t.as_str())).collect();
    assert_eq!(untold, Vec::<&String>::new());
}
