//! Names of files that become ids and addresses.
//!
//! Ids and slugs are lower-case ASCII letters, digits and `-`, with `/` between
//! the folders of a text's id: so they are the same on every file system, in
//! every address and in every language's keyboard.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Code, Diagnostic, Place};

/// Folders below `annotations/` or `content/` that have a meaning of their own.
pub(super) const RESERVED_FOLDERS: [&str; 5] = ["glossary", "topics", "links", "contributors", "pages"];

/// Pages at the root that the site makes itself.
pub(super) const RESERVED_PAGES: [&str; 7] =
    ["index", "connections", "provenance", "search", "404", "timeline", "problems"];

/// Whether a name is a slug.
pub fn is_slug(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether this can be the id of a text: slugs with `/` between them. `index`
/// cannot be its end: the site writes that page itself.
pub fn is_id(name: &str) -> bool {
    name.split('/').all(|part| is_slug(part) && !is_device(part)) && name.rsplit('/').next() != Some("index")
}

/// The slug that is proposed for a name: accents taken off, capitals made
/// small, everything else a `-`.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.nfkd().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ß' => slug.push_str("ss"),
            'æ' => slug.push_str("ae"),
            'œ' => slug.push_str("oe"),
            'ø' => slug.push('o'),
            'đ' | 'ð' => slug.push('d'),
            'ł' => slug.push('l'),
            'þ' => slug.push_str("th"),
            '\'' | '\u{2019}' => {}
            _ if unicode_normalization::char::is_combining_mark(c) => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let length = slug.trim_end_matches('-').len();
    slug.truncate(length);
    if slug.is_empty() { "name".to_owned() } else { slug }
}

/// The path that is proposed for a file whose name ends in these parts.
pub(super) fn proposed_path(path: &str, parts: &[&str], extension: &str) -> String {
    let length = parts.join("/").len() + 1 + extension.len();
    let folder = &path[..path.len().saturating_sub(length)];
    let slugs: Vec<String> = parts.iter().map(|part| slug(part)).collect();
    format!("{folder}{}.{extension}", slugs.join("/"))
}

/// What is wrong with the parts of a text's id, or with a slug (one part).
pub(super) fn check(path: &str, parts: &[&str], extension: &str) -> Option<Diagnostic> {
    let file = Place::file(path);
    if !parts.iter().all(|part| is_slug(part)) {
        let proposed: Vec<String> = parts.iter().map(|part| slug(part)).collect();
        let name = parts.join("/");
        return Some(
            Diagnostic::error(
                Code::BAD_NAME,
                file,
                format!("the name `{name}` holds more than `a` to `z`, `0` to `9` and `-`"),
            )
            .help(format!("rename it to `{}.{extension}`", proposed.join("/"))),
        );
    }
    let windows = parts.iter().find(|part| is_device(part))?;
    Some(
        Diagnostic::error(Code::RESERVED_NAME, file, format!("Windows cannot have a file named `{windows}`"))
            .help(format!("choose another name, such as `{windows}-1`")),
    )
}

/// What is wrong with the slug of a sidecar, by its path.
pub fn check_slug(path: &str, slug: &str, extension: &str) -> Option<Diagnostic> {
    check(path, &[slug], extension).or_else(|| {
        matches!(slug, "apparatus" | "none" | "index").then(|| {
            let message = format!("the slug `{slug}` has another meaning");
            Diagnostic::error(Code::RESERVED_NAME, Place::file(path), message).help("choose another name")
        })
    })
}

/// Names that Windows keeps for devices, with any ending.
fn is_device(name: &str) -> bool {
    matches!(name, "con" | "prn" | "aux" | "nul")
        || (name.len() == 4
            && (name.starts_with("com") || name.starts_with("lpt"))
            && name.ends_with(|c: char| c.is_ascii_digit()))
}

/// Checks names that something had before: `was`. Such a name may not be one
/// that exists, and may stand only once, since its address can lead to one
/// thing only.
///
/// `live` gives the file of each existing name, `old` each old name with its place.
pub fn check_old(
    live: &BTreeMap<&str, &str>,
    old: impl IntoIterator<Item = (String, Place)>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for (name, place) in old {
        let error = |message: String| Diagnostic::error(Code::WAS_TAKEN, place.clone(), message);
        if let Some(file) = live.get(name.as_str()) {
            problems.push(
                error(format!("`{name}` is not an old name: it exists"))
                    .related(Place::file(*file), format!("this is `{name}`"))
                    .help("take it out of `was`, or rename the other file"),
            );
        } else if let Some(first) = seen.get(&name) {
            problems.push(
                error(format!("`{name}` stands in `was` twice"))
                    .related(first.clone(), "first here")
                    .help("an old address can lead to one place: keep one of the two"),
            );
        } else if !is_id(&name) {
            problems.push(
                error(format!("`{name}` cannot have been an id or slug")).help(
                    "write it as it stood in addresses: `a` to `z`, `0` to `9`, `-`, without an ending",
                ),
            );
        } else {
            seen.insert(name, place);
        }
    }
    problems
}

/// Finds files that claim the same name; the first of each keeps it.
pub(super) fn clashes<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, path) in names {
        match first.get(name) {
            Some(other) if seen.insert(path) => problems.push(
                Diagnostic::error(Code::NAME_CLASH, Place::file(path), format!("`{name}` is there twice"))
                    .related(Place::file(*other), "the other file")
                    .help("rename one of the two files"),
            ),
            Some(_) => {}
            None => {
                first.insert(name, path);
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_proposed() {
        let check = |name, expected| {
            assert_eq!(slug(name), expected, "{name:?}");
            assert!(is_slug(&slug(name)), "{name:?}");
        };
        check("GLA remit", "gla-remit");
        check("Ärger_über  Öl.v2", "arger-uber-ol-v2");
        check("Children’s rights!", "childrens-rights");
        check("Straße–Łódź", "strasse-lodz");
        check("--", "name");
        check("政府", "name");
        check("ﬁrst", "first");
        check("a", "a");
    }

    #[test]
    fn names_are_checked() {
        let code = |parts: &[&str]| check("content/x.txt", parts, "txt").map(|p| p.code.name());
        assert_eq!(code(&["a", "b-1"]), None);
        assert_eq!(code(&["GLA remit"]), Some("bad-name"));
        assert_eq!(code(&["a", ""]), Some("bad-name"));
        assert_eq!(code(&["com1"]), Some("reserved-name"));
        assert_eq!(code(&["nul", "a"]), Some("reserved-name"));
        assert_eq!(code(&["com"]), None);
        let problem = check("content/GLA remit.md", &["GLA remit"], "md").expect("it has a space");
        assert_eq!(problem.help, ["rename it to `gla-remit.md`"]);
    }

    #[test]
    fn old_names_are_neither_live_nor_twice() {
        let live = BTreeMap::from([("gla", "annotations/glossary/gla.toml")]);
        let old = ["a", "gla", "a", "B c", "d/e"].map(|n| (n.to_owned(), Place::file("x")));
        let found: Vec<String> = check_old(&live, old).into_iter().map(|p| p.message).collect();
        assert_eq!(
            found,
            [
                "`gla` is not an old name: it exists",
                "`a` stands in `was` twice",
                "`B c` cannot have been an id or slug"
            ]
        );
    }
}
