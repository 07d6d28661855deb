//! Every kind of problem can come up, and is explained.

use std::collections::BTreeSet;

use postil_archive::diagnostic::Code;

use super::{repository, sources};

/// Constant and name of each code, as declared.
fn declared() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(repository("crates/archive/src/diagnostic/code.rs")).unwrap();
    let (_, list) = text.split_once("\ncodes! {").expect("code.rs declares its codes by `codes!`");
    let entry = |line: &str| {
        let (constant, rest) = line.trim().split_once(" \"")?;
        let (name, _) = rest.split_once('"')?;
        constant
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            .then(|| (constant.to_owned(), name.to_owned()))
    };
    list.lines().filter_map(entry).collect()
}

#[test]
fn every_code_is_declared_as_it_is_named() {
    let declared = declared();
    assert_eq!(declared.len(), Code::ALL.len());
    for (constant, name) in declared {
        assert_eq!(constant, name.to_uppercase().replace('-', "_"));
    }
}

#[test]
fn every_code_is_explained() {
    for code in Code::ALL {
        let explanation = code.explanation();
        assert!(explanation.len() >= 20 && explanation.ends_with('.'), "{}: {explanation:?}", code.name());
        assert_eq!(Code::find(code.name()), Some(*code));
    }
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len(), "a name stands twice");
}

#[test]
fn every_code_is_used() {
    let sources: String = sources()
        .into_iter()
        .filter(|(path, _)| path != "crates/archive/src/diagnostic/code.rs")
        .map(|(_, text)| outside_tests(text))
        .collect();
    let unused: Vec<_> = declared()
        .into_iter()
        .filter(|(constant, _)| !is_used(&sources, constant))
        .map(|(_, name)| name)
        .collect();
    assert!(unused.is_empty(), "no code of postil gives these: {}", unused.join(", "));
}

/// A file up to its tests, which stand at its end.
fn outside_tests(text: String) -> String {
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

fn is_used(sources: &str, constant: &str) -> bool {
    let name = format!("Code::{constant}");
    sources.match_indices(&name).any(|(at, _)| {
        let after = sources[at + name.len()..].chars().next();
        !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}
