//! What a file may hold, as its schema says.

use std::sync::LazyLock;

use serde_json::Value;

use super::desk::Kind;
use postil_anchor::annotation::schema;
use postil_anchor::document::{collection, record};
use postil_archive::archive::{SidecarKind, config};

/// The schema of a kind of file; none of a raw text.
pub(super) fn of(kind: &Kind) -> Option<&'static Value> {
    macro_rules! made_once {
        ($make:expr) => {{
            static SCHEMA: LazyLock<Value> = LazyLock::new($make);
            Some(&*SCHEMA)
        }};
    }
    match kind {
        Kind::Text(_) => None,
        Kind::Site => made_once!(config::schema),
        Kind::Record(_) => made_once!(record::schema),
        Kind::Collection => made_once!(collection::schema),
        Kind::Page => made_once!(schema::page),
        Kind::Sidecar(kind) => match kind {
            SidecarKind::Note { .. } => made_once!(schema::note),
            SidecarKind::Apparatus { .. } | SidecarKind::Derived { .. } => made_once!(schema::apparatus),
            SidecarKind::Furniture => made_once!(schema::furniture),
            SidecarKind::Term(_) => made_once!(schema::term),
            SidecarKind::Topic(_) => made_once!(schema::topic),
            SidecarKind::Link(_) => made_once!(schema::link),
            SidecarKind::Contributor(_) => made_once!(schema::contributor),
        },
    }
}

/// Deepest way from one part of a schema to another that is followed.
const DEEPEST: usize = 8;

/// A part of a schema with all that it may be instead: what it refers to, each of several, what a list holds.
fn open<'s>(root: &'s Value, node: &'s Value, depth: usize, out: &mut Vec<&'s Value>) {
    if depth > DEEPEST {
        return;
    }
    out.push(node);
    let target = node.get("$ref").and_then(Value::as_str).and_then(|to| root.pointer(to.strip_prefix('#')?));
    let several = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| node.get(key)?.as_array());
    for inner in target.into_iter().chain(several.flatten()).chain(node.get("items")) {
        open(root, inner, depth + 1, out);
    }
}

/// What stands at a key, by the names of the tables around it, then its own: all that it may be.
pub(super) fn at<'s>(root: &'s Value, path: &[String]) -> Vec<&'s Value> {
    let mut nodes = Vec::new();
    open(root, root, 0, &mut nodes);
    for key in path {
        let inner: Vec<&Value> = nodes
            .iter()
            .filter_map(|node| {
                let named = node.get("properties").and_then(|properties| properties.get(key));
                named.or_else(|| node.get("additionalProperties").filter(|any| any.is_object()))
            })
            .collect();
        nodes = Vec::new();
        inner.into_iter().for_each(|node| open(root, node, 0, &mut nodes));
    }
    nodes
}

/// The keys of a table: name, what it is about, and all that its value may be.
pub(super) fn keys<'s>(root: &'s Value, path: &[String]) -> Vec<(&'s str, &'s str, Vec<&'s Value>)> {
    let tables = at(root, path);
    let properties = tables.iter().filter_map(|node| node.get("properties")?.as_object()).flatten();
    let key = |(name, node): (&'s String, &'s Value)| {
        let mut all = Vec::new();
        open(root, node, 0, &mut all);
        (name.as_str(), about(&all), all)
    };
    properties.map(key).collect()
}

/// What is said of a part of a schema.
pub(super) fn about<'s>(nodes: &[&'s Value]) -> &'s str {
    nodes.iter().find_map(|node| node.get("description")?.as_str()).unwrap_or_default()
}

/// Whether it may be a value of this type.
pub(super) fn may_be(nodes: &[&Value], what: &str) -> bool {
    nodes.iter().filter_map(|node| node.get("type")).any(|of| match of {
        Value::Array(several) => several.iter().any(|one| one == what),
        one => one == what,
    })
}

/// The values that a schema lists, as they are written in TOML, and what is said of each.
pub(super) fn values<'s>(nodes: &[&'s Value]) -> Vec<(&'s Value, &'s str)> {
    let mut out = Vec::new();
    for node in nodes {
        let about = node.get("description").and_then(Value::as_str).unwrap_or_default();
        out.extend(node.get("const").map(|value| (value, about)));
        out.extend(node.get("enum").and_then(Value::as_array).into_iter().flatten().map(|value| (value, "")));
        if node.get("type").is_some_and(|of| of == "boolean") {
            out.extend([(&Value::Bool(true), ""), (&Value::Bool(false), "")]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_found() {
        let note = of(&Kind::Sidecar(SidecarKind::Note { text: "t".into(), slug: "n".into() })).unwrap();
        let names: Vec<&str> = keys(note, &[]).iter().map(|(name, ..)| *name).collect();
        assert!(names.contains(&"topics") && names.contains(&"quote"), "{names:?}");
        let names: Vec<&str> = keys(note, &["events".to_owned()]).iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, ["date", "what"]);
        let sure = values(&at(note, &["certainty".to_owned()]));
        assert_eq!(sure.len(), 3, "{sure:?}");
        let site = of(&Kind::Site).unwrap();
        let kinds = at(site, &["notes".to_owned(), "kinds".to_owned(), "any".to_owned()]);
        assert!(may_be(&kinds, "string"), "{kinds:?}");
        let said = about(&at(site, &["title".to_owned()]));
        assert!(!said.is_empty());
    }
}
