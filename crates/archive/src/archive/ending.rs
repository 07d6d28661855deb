//! What a file was meant to be, by its name: whatever ending an editor gave it.

/// What the ending of a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// Plain text.
    Plain,
    /// Markdown.
    Markdown,
    /// TOML.
    Toml,
    /// Nothing: there is no ending.
    Nothing,
    /// Keys and values, but not in TOML.
    Keys,
    /// Words, but with their look: what a word processor writes.
    Document,
    /// Something else.
    Other,
}

impl Meant {
    /// The ending that files of this kind have here.
    pub(super) fn ending(self) -> Option<&'static str> {
        match self {
            Self::Plain => Some("txt"),
            Self::Markdown => Some("md"),
            Self::Toml => Some("toml"),
            Self::Nothing | Self::Keys | Self::Document | Self::Other => None,
        }
    }
}

/// A file's name: what it is called, and what it was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named<'a> {
    /// The path without every ending that says what kind of file it is.
    pub(super) stem: &'a str,
    /// What it was meant to be.
    pub(super) meant: Meant,
    /// Whether the ending is written as it is to be.
    pub(super) exact: bool,
}

/// What a path was meant to be. Editors put an ending behind the one that somebody gave
/// (`note.md.txt`), so the one further in counts.
pub(super) fn named(path: &str) -> Named<'_> {
    let Some((stem, ending)) = split(path) else {
        return Named { stem: path, meant: Meant::Nothing, exact: false };
    };
    let outer = of_ending(ending);
    let inner = split(stem).map(|(_, inner)| of_ending(inner));
    match (outer, inner) {
        (
            Meant::Plain | Meant::Markdown | Meant::Document,
            Some(Meant::Plain | Meant::Markdown | Meant::Toml),
        ) => Named { exact: false, ..named(stem) },
        // A dot in a name is no ending: `Letter 4. March`, `St. Petersburg`.
        (Meant::Other, _) if !is_ending(ending) => Named { stem: path, meant: Meant::Nothing, exact: false },
        _ => Named { stem, meant: outer, exact: outer.ending() == Some(ending) },
    }
}

fn of_ending(ending: &str) -> Meant {
    match ending.trim_end().to_ascii_lowercase().as_str() {
        "txt" | "text" => Meant::Plain,
        "md" | "markdown" | "mdown" | "mdwn" | "mdtxt" | "mdtext" | "mkd" | "mkdn" | "mkdown" | "mdx" => {
            Meant::Markdown
        }
        "toml" | "tml" => Meant::Toml,
        "yaml" | "yml" | "json" | "ini" => Meant::Keys,
        "rtf" | "doc" | "docx" | "dot" | "dotx" | "odt" | "fodt" | "ott" | "pages" | "wps" | "htm"
        | "html" | "xhtml" => Meant::Document,
        _ => Meant::Other,
    }
}

/// Most letters of an ending; a longer one is a part of the name.
const LONGEST: usize = 10;

/// Whether what follows a dot can be an ending: letters and digits, and a letter among them.
fn is_ending(ending: &str) -> bool {
    ending.len() <= LONGEST
        && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        && ending.bytes().any(|b| b.is_ascii_alphabetic())
}

/// A path without its ending, and the ending.
fn split(path: &str) -> Option<(&str, &str)> {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = name + path[name..].rfind('.')?;
    Some((&path[..dot], &path[dot + 1..]))
}

/// Files that forges show to whoever looks at a folder; they are nobody's text or note.
const OF_A_FORGE: [&str; 6] = ["README", "LICENSE", "LICENCE", "COPYING", "CHANGELOG", "CONTRIBUTING"];

/// Most letters of what may stand between such a name and its ending: a language, a licence.
const LONGEST_VARIANT: usize = 16;

/// Whether a file is one of those: `README.md`, `LICENSE-MIT`, `Readme.fr.md`. In small letters it
/// is a name like any other.
pub(super) fn is_of_a_forge(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = match named(name) {
        Named { stem, meant: Meant::Plain | Meant::Markdown | Meant::Nothing, .. } => stem,
        Named { meant: Meant::Toml | Meant::Keys, .. } => return false,
        _ => name.strip_suffix(".rst").or(name.strip_suffix(".adoc")).unwrap_or(name),
    };
    let is = |word: &&str| {
        let Some((start, rest)) = name.split_at_checked(word.len()) else { return false };
        let variant = rest.strip_prefix(['.', '-', '_']);
        let is_variant = variant.is_some_and(|variant| {
            (1..=LONGEST_VARIANT).contains(&variant.len())
                && variant.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        });
        start.eq_ignore_ascii_case(word) && (rest.is_empty() || is_variant)
    };
    name.starts_with(|c: char| c.is_ascii_uppercase()) && OF_A_FORGE.iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_that_editors_give() {
        #[track_caller]
        fn check(path: &str, stem: &str, meant: Meant, exact: bool) {
            assert_eq!(named(path), Named { stem, meant, exact }, "{path}");
        }
        check("a/n.md", "a/n", Meant::Markdown, true);
        check("a.b/n", "a.b/n", Meant::Nothing, false);
        check("n.MD", "n", Meant::Markdown, false);
        check("n.md.txt", "n", Meant::Markdown, false);
        check("n.md.md", "n", Meant::Markdown, false);
        check("n.toml.txt", "n", Meant::Toml, false);
        check("n.txt.rtf", "n", Meant::Plain, false);
        check("n.TXT", "n", Meant::Plain, false);
        check("n.markdown", "n", Meant::Markdown, false);
        check("n.md.bak", "n.md", Meant::Other, false);
        check("n.docx", "n", Meant::Document, false);
        check("v1.2", "v1.2", Meant::Nothing, false);
        check("To Mr. Smith", "To Mr. Smith", Meant::Nothing, false);
        check("n.", "n.", Meant::Nothing, false);
        check("n.txt ", "n", Meant::Plain, false);
    }

    #[test]
    fn files_of_a_forge() {
        for name in [
            "README.md",
            "a/README",
            "Readme.txt",
            "LICENSE-MIT",
            "LICENSE.CC-BY-4.0",
            "README.fr.md",
            "CHANGELOG.md",
        ] {
            assert!(is_of_a_forge(name), "{name}");
        }
        for name in ["readme.md", "READMES.txt", "LICENCE to print.txt", "README.toml", "letter.txt", ""] {
            assert!(!is_of_a_forge(name), "{name}");
        }
    }
}
