//! Names of files that become ids and addresses.
//!
//! Ids and slugs are lower-case ASCII letters, digits and `-`, with `/` between
//! the folders of a text's id: so they are the same on every file system, in
//! every address and in every language's keyboard.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Code, Diagnostic, Fix, Place, Source, Span};

/// Folders below `annotations/` or `content/` that have a meaning of their own.
pub(super) const RESERVED_FOLDERS: [&str; 5] = ["glossary", "topics", "links", "contributors", "pages"];

/// Pages at the root that the site makes itself.
pub(super) const RESERVED_PAGES: [&str; 7] =
    ["index", "connections", "provenance", "search", "404", "timeline", "problems"];

/// Slugs that annotations cannot have: they mean something else.
const RESERVED_SLUGS: [&str; 3] = ["apparatus", "none", "index"];

/// Longest slug, in bytes, which are letters: file systems hold names of 255 bytes, and the site
/// puts endings behind them.
pub const LONGEST_SLUG: usize = 240;
/// Longest id of a text, in bytes: paths have an end, too.
pub const LONGEST_ID: usize = 1000;

/// Whether a name is a slug.
pub fn is_slug(name: &str) -> bool {
    fault(name).is_none()
}

/// What keeps a name from being a slug.
pub fn fault(name: &str) -> Option<String> {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if name.is_empty() || !name.bytes().all(is_plain) {
        return Some("holds more than `a` to `z`, `0` to `9` and `-`".to_owned());
    }
    (name.len() > LONGEST_SLUG).then(|| format!("has {} letters, of at most {LONGEST_SLUG}", name.len()))
}

/// Whether this can be the id of a text: slugs with `/` between them. `index`
/// cannot be its end: the site writes that page itself.
pub fn is_id(name: &str) -> bool {
    name.len() <= LONGEST_ID
        && name.split('/').all(|part| is_slug(part) && !is_device(part))
        && !matches!(name.rsplit('/').next(), Some("index" | "collection"))
}

/// The slug that is proposed for a name: accents taken off, letters of other scripts written in
/// Latin ones, capitals made small, everything else a `-`.
pub fn slug(name: &str) -> String {
    some_slug(name).unwrap_or_else(|| "name".to_owned())
}

/// The same; none for a name without a letter or digit that could stand in it.
pub fn some_slug(name: &str) -> Option<String> {
    slug_of(name, deunicode::deunicode_char)
}

/// The same of the Latin letters of a name alone: what a page in the browser can do as well.
pub fn latin_slug(name: &str) -> Option<String> {
    slug_of(name, |_| None)
}

/// `latin` writes a letter or sign of another script in Latin letters.
fn slug_of(name: &str, latin: impl Fn(char) -> Option<&'static str>) -> Option<String> {
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
            // Accents of Latin, Greek and Cyrillic letters.
            '\u{300}'..='\u{36f}' => {}
            _ => {
                let is_mark = unicode_normalization::char::is_combining_mark(c);
                let written = latin(c).filter(|_| is_mark || c.is_alphanumeric()).unwrap_or_default();
                let before = slug.len();
                slug.extend(
                    written.chars().map(|c| c.to_ascii_lowercase()).filter(char::is_ascii_alphanumeric),
                );
                // Words of scripts without spaces are set apart by those that their writing ends with.
                let parts = !is_mark && (slug.len() == before || written.ends_with(' '));
                if parts && !slug.is_empty() && !slug.ends_with('-') {
                    slug.push('-');
                }
            }
        }
    }
    shorten(&mut slug, LONGEST_SLUG);
    (!slug.is_empty()).then_some(slug)
}

/// How what a name nobody has would come to be defined, by a file of this folder.
pub fn would_define(folder: &str, name: &str) -> String {
    match some_slug(name) {
        Some(slug) if slug == name => format!("`{folder}/{slug}.toml` would define it"),
        Some(slug) => format!("write `{slug}`; `{folder}/{slug}.toml` would define it"),
        None => "a slug is written with `a` to `z`, `0` to `9` and `-`".to_owned(),
    }
}

/// The same for a text.
pub fn would_be_text(id: &str) -> String {
    match is_id(id) {
        true => format!("`content/{id}.txt` would be its file"),
        false => "an id is written with `a` to `z`, `0` to `9`, `-`, and `/` between folders".to_owned(),
    }
}

/// The problem of a word that becomes a class or part of an address and is no slug, such as a kind.
pub fn not_a_slug(what: &str, word: &str, source: &Source, span: Span) -> Diagnostic {
    let message = format!("{what} is written in small letters, digits and `-`");
    let problem = Diagnostic::error(Code::BAD_VALUE, source.place(span), message);
    let Some(slug) = some_slug(word) else {
        return problem.help("write it with `a` to `z`, `0` to `9` and `-`");
    };
    let (title, edit) = (format!("write `{slug}`"), source.edit(span, format!("\"{slug}\"")));
    // In other letters it may be another word.
    let parts = word.split([' ', '_', '-']).filter(|part| !part.is_empty());
    let same = parts.map(str::to_lowercase).collect::<Vec<_>>().join("-") == slug;
    problem.help(title.clone()).fix(if same { Fix::mend(title, edit) } else { Fix::propose(title, edit) })
}

/// Cuts a slug, between two words if it can be, and takes a `-` off its end.
pub fn shorten(slug: &mut String, most: usize) {
    if slug.len() > most {
        // A slug is ASCII: every byte is a place to cut.
        let cut = slug[..most].rfind('-').filter(|&cut| cut > 0).unwrap_or(most);
        slug.truncate(cut);
    }
    slug.truncate(slug.trim_end_matches('-').len());
}

/// A name nearest to this one that a file may have: where it may not, with a number behind it.
fn allowed(name: &str, reserved: &[&str], otherwise: &str) -> String {
    let mut slug = some_slug(name).unwrap_or_else(|| otherwise.to_owned());
    if is_device(&slug) || reserved.contains(&&*slug) {
        slug.push_str("-1");
    }
    slug
}

/// The id that is proposed for a text whose path has these parts: a page `index` is what its folder is.
pub(super) fn proposed_id(parts: &[&str]) -> String {
    let mut parts: Vec<String> = parts.iter().map(|part| allowed(part, &[], "text-1")).collect();
    if parts.len() > 1 && parts.last().is_some_and(|last| last == "index") {
        parts.pop();
    }
    let count = parts.len();
    for (i, part) in parts.iter_mut().enumerate() {
        if i == 0 && RESERVED_FOLDERS.contains(&part.as_str())
            || i + 1 == count && matches!(part.as_str(), "index" | "collection")
        {
            part.push_str("-1");
        }
    }
    parts.join("/")
}

/// The id that is proposed for a text of whose file this is the path, whatever its ending: where a
/// script has no transliteration, `text-1`.
pub fn proposed(path: &str) -> String {
    let stem = super::ending::named(path).stem;
    let parts: Vec<&str> = stem.split('/').collect();
    proposed_id(&parts)
}

/// The slug that is proposed for an annotation.
pub(super) fn proposed_slug(name: &str) -> String {
    allowed(name, &RESERVED_SLUGS, "name")
}

/// The slug that is proposed for a page of the site.
pub(super) fn proposed_page(name: &str) -> String {
    allowed(name, &RESERVED_PAGES, "page")
}

/// What is wrong with the parts of a text's id, or with a slug (one part).
pub(super) fn check(path: &str, parts: &[&str]) -> Option<Diagnostic> {
    let file = Place::file(path);
    if let Some(fault) = parts.iter().find_map(|part| fault(part)) {
        let message = format!("the name `{}` {fault}", shown(&parts.join("/")));
        return Some(Diagnostic::error(Code::BAD_NAME, file, message));
    }
    let length = parts.join("/").len();
    if length > LONGEST_ID {
        let message = format!("the id of the text has {length} letters, of at most {LONGEST_ID}");
        return Some(Diagnostic::error(Code::BAD_NAME, file, message));
    }
    let windows = parts.iter().find(|part| is_device(part))?;
    let message = format!("Windows cannot have a file named `{windows}`");
    Some(Diagnostic::error(Code::RESERVED_NAME, file, message))
}

/// What is wrong with the slug of a sidecar, by its path.
pub(super) fn check_slug(path: &str, slug: &str) -> Option<Diagnostic> {
    check(path, &[slug]).or_else(|| {
        RESERVED_SLUGS.contains(&slug).then(|| {
            let message = format!("the slug `{slug}` has another meaning");
            Diagnostic::error(Code::RESERVED_NAME, Place::file(path), message)
        })
    })
}

/// Why a sidecar cannot have this slug, and one that it can have.
pub fn refuse_slug(slug: &str) -> Option<(String, String)> {
    check_slug("", slug).map(|problem| (problem.message, proposed_slug(slug)))
}

/// Longest name that is shown whole, in characters.
const LONGEST_SHOWN: usize = 80;

/// A name as messages show it.
fn shown(name: &str) -> String {
    if name.chars().count() <= LONGEST_SHOWN {
        return name.to_owned();
    }
    format!("{}…", name.chars().take(LONGEST_SHOWN).collect::<String>())
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
            let longest = name.split('/').map(str::len).max().unwrap_or_default();
            let help = if longest > LONGEST_SLUG || name.len() > LONGEST_ID {
                format!(
                    "each of its parts has at most {LONGEST_SLUG} letters, all of it at most {LONGEST_ID}"
                )
            } else {
                "write it as it stood in addresses: `a` to `z`, `0` to `9`, `-`, without an ending".to_owned()
            };
            problems.push(error(format!("`{}` cannot have been an id or slug", shown(&name))).help(help));
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
        check("政府", "zheng-fu");
        check("λιμένας", "limenas");
        check("το πλοίο", "to-ploio");
        check("Порт и корабль", "port-i-korabl");
        check("!?", "name");
        check("ﬁrst", "first");
        check("a", "a");
    }

    #[test]
    fn names_are_checked() {
        let code = |parts: &[&str]| check("content/x.txt", parts).map(|p| p.code.name());
        assert_eq!(code(&["a", "b-1"]), None);
        assert_eq!(code(&["GLA remit"]), Some("bad-name"));
        assert_eq!(code(&["a", ""]), Some("bad-name"));
        assert_eq!(code(&["com1"]), Some("reserved-name"));
        assert_eq!(code(&["nul", "a"]), Some("reserved-name"));
        assert_eq!(code(&["com"]), None);
        assert_eq!(code(&[&"a".repeat(LONGEST_SLUG)]), None);
        assert_eq!(code(&[&"a".repeat(LONGEST_SLUG + 1)]), Some("bad-name"));
        assert_eq!(code(&["a"; LONGEST_ID / 2 + 1]), Some("bad-name"));
    }

    #[test]
    fn what_is_proposed_is_allowed() {
        let long = "Ä".repeat(600);
        for name in [
            "Index",
            "NUL",
            "Com1",
            "glossary",
            "Topics",
            "a_b",
            "!",
            "政府",
            "none",
            "Apparatus",
            "Search",
            &long,
        ] {
            assert_eq!(check_slug("", &proposed_slug(name)).map(|p| p.message), None, "{name}");
            let page = proposed_page(name);
            assert!(is_slug(&page) && !is_device(&page) && !RESERVED_PAGES.contains(&&*page), "{name}");
            for parts in [&[name][..], &[name, "index"], &["a", name], &[name, "Index", "x"]] {
                let id = proposed_id(parts);
                assert!(is_id(&id), "{parts:?}: {id}");
                assert!(!RESERVED_FOLDERS.contains(&id.split('/').next().unwrap()), "{parts:?}: {id}");
            }
        }
        assert_eq!(proposed_id(&["acts", "dock_dues", "index"]), "acts/dock-dues");
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
