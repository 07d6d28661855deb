//! What a place in a file is: a key, a value and what it may be, a link, a quotation, words of a raw text.

use std::ops::Range;
use std::sync::Arc;

use super::desk::{Kind, Reading};
use super::toml::{self, Gap, Toml, Value};
use postil_anchor::annotation::wiki;
use postil_archive::archive::{SidecarKind, name};
use postil_archive::diagnostic::Source;
use postil_archive::sidecar::front_matter;

/// A place in a file.
#[derive(Debug)]
pub(super) struct Spot {
    /// What the file is.
    pub(super) kind: Kind,
    /// What stands at the place, or can be written there.
    pub(super) here: Here,
    /// What is typed there, in bytes of the file: what a proposal takes the place of.
    pub(super) typed: Range<usize>,
    /// The TOML of the file.
    pub(super) toml: Toml,
}

/// What stands at a place, or can be written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Here {
    /// A key of a table.
    Key {
        /** names of the tables around it, without its own */
        path: Vec<String>,
        /** the table or row */
        scope: usize,
    },
    /// The name of a table.
    Header {
        /** whether it is one of several */
        several: bool,
    },
    /// A value.
    Value {
        /** names of tables, then the key */
        path: Vec<String>,
        /** the table or row */
        scope: usize,
        /** whether it is in the marks of a string */
        is_string: bool,
    },
    /// The target of `[[target]]`.
    Link,
    /// Words of a text, in the block quote that opens a note.
    Quotation(Arc<str>),
    /// Words of a raw text.
    Raw(Arc<str>),
    /// Other words.
    Prose,
}

/// What a value of a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Means {
    /// A term.
    Term,
    /// A term, or one of its senses.
    Sense,
    /// A term of kind person or body, or a name.
    Speaker,
    /// A topic.
    Topic,
    /// A text.
    Text,
    /// A text, or a pattern over texts.
    Texts,
    /// A contributor, or a name.
    Contributor,
    /// A note, with its text.
    Note,
    /// A kind of notes.
    NoteKind,
    /// A kind of texts.
    TextKind,
    /// A kind of terms, as the archive has them.
    TermKind,
    /// A relation, as the archive has them.
    Relation,
    /// A series of figures.
    Series,
    /// Words of a text.
    Words(Option<Arc<str>>),
    /// Blocks of a text.
    Blocks(Option<Arc<str>>),
    /// Kinds of rows.
    RowKind,
    /// Markdown.
    Markdown,
    /// What the schema says.
    Other,
}

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// A term, and perhaps one of its senses.
    Term(String, Option<String>),
    /// A topic.
    Topic(String),
    /// A text.
    Text(String),
    /// A note, by its text and its slug.
    Note(String, String),
    /// A contributor.
    Contributor(String),
    /// A kind of notes.
    NoteKind(String),
    /// A kind of texts.
    TextKind(String),
    /// A series of figures.
    Series(String),
    /// Blocks of a text.
    Blocks(String, String),
}

/// Where the TOML of a file is, and what comes after it.
pub(super) fn parts(kind: &Kind, path: &str, text: &str) -> (Range<usize>, Range<usize>) {
    match kind {
        Kind::Text(_) => (0..0, 0..text.len()),
        Kind::Page | Kind::Sidecar(SidecarKind::Note { .. }) => {
            match front_matter::split(&Source::new(path, text)) {
                Ok(Some(parts)) => (parts.toml.range(), parts.body.range()),
                Ok(None) => (0..0, 0..text.len()),
                // Without an end, or in YAML: what follows the first line is not Markdown yet.
                Err(_) => {
                    let first = text.find("+++").or(text.find("---")).map_or(0, |at| at + 3);
                    let first = text[first..].find('\n').map_or(text.len(), |at| first + at + 1);
                    (first..text.len(), text.len()..text.len())
                }
            }
        }
        _ => (0..text.len(), text.len()..text.len()),
    }
}

/// What stands at a byte of a file, or can be written there.
pub(super) fn spot(kind: Kind, path: &str, text: &str, byte: usize) -> Spot {
    let (front, body) = parts(&kind, path, text);
    let toml = toml::read(text, front.clone());
    let (here, typed) = match &kind {
        Kind::Text(id) => (Here::Raw(id.clone()), word(text, byte)),
        _ if front.start <= byte
            && byte <= front.end
            && !(byte == front.end && byte == body.start && front.is_empty()) =>
        {
            in_toml(&toml, text, byte)
        }
        _ => match link(text, byte, body.clone()) {
            Some(target) => (Here::Link, target),
            None => match quoted(&kind, text, &body, byte) {
                Some((of, line)) => (Here::Quotation(of), line),
                None => (Here::Prose, word(text, byte)),
            },
        },
    };
    let mut spot = Spot { kind, here, typed, toml };
    // Markdown in a string may hold links as well.
    if spot.means(text) == Means::Markdown
        && let Some(target) = link(text, byte, spot.typed.clone())
    {
        (spot.here, spot.typed) = (Here::Link, target);
    }
    spot
}

fn in_toml(toml: &Toml, text: &str, byte: usize) -> (Here, Range<usize>) {
    if let Some(Value { path, at, is_string, scope }) = toml.value(byte) {
        let here = Here::Value { path: path.clone(), scope: *scope, is_string: *is_string };
        return (here, at.clone());
    }
    if let Some(key) = toml.key(byte) {
        let path = key.path[..key.path.len() - 1].to_vec();
        return (Here::Key { path, scope: key.scope }, key.at.clone());
    }
    let typed = typed(text, byte);
    match toml.gap(typed.start) {
        Gap::Key { path, scope } => (Here::Key { path, scope }, typed),
        Gap::Value { path, scope } => (Here::Value { path, scope, is_string: false }, typed),
        Gap::Header { several } => (Here::Header { several }, typed),
        Gap::Nothing => (Here::Prose, byte..byte),
    }
}

/// The bare word around a place.
fn typed(text: &str, byte: usize) -> Range<usize> {
    let of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start =
        byte - text[..byte].chars().rev().take_while(|c| of_word(*c)).map(char::len_utf8).sum::<usize>();
    let end = byte + text[byte..].chars().take_while(|c| of_word(*c)).map(char::len_utf8).sum::<usize>();
    start..end
}

/// The word of a text around a place.
fn word(text: &str, byte: usize) -> Range<usize> {
    let of_word = |c: &char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-');
    let start = byte - text[..byte].chars().rev().take_while(of_word).map(char::len_utf8).sum::<usize>();
    let end = byte + text[byte..].chars().take_while(of_word).map(char::len_utf8).sum::<usize>();
    start..end
}

/// The target of the link that a place is in: from behind `[[` to `]]`, `|` or whatever ends a name that is half typed.
fn link(text: &str, byte: usize, within: Range<usize>) -> Option<Range<usize>> {
    if byte < within.start || byte > within.end {
        return None;
    }
    let before = &text[within.start..byte];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let open = line + before[line..].rfind("[[")? + 2;
    if before[open..].contains("]]") || before[open..].contains('|') {
        return None;
    }
    let rest = &text[byte..within.end];
    let end = rest.find([']', '|', '\n', '\r', ' ', '"']).unwrap_or(rest.len());
    Some(within.start + open..byte + end)
}

/// The text whose words stand here, and the line of the block quote.
fn quoted(kind: &Kind, text: &str, body: &Range<usize>, byte: usize) -> Option<(Arc<str>, Range<usize>)> {
    let Kind::Sidecar(SidecarKind::Note { text: of, .. }) = kind else { return None };
    if byte < body.start {
        return None;
    }
    // Only quotations that open the note.
    let mut at = body.start;
    for line in text[body.clone()].split_inclusive('\n') {
        let words = line.trim_start_matches(' ');
        let from = at + (line.len() - words.len());
        at += line.len();
        if !words.trim().is_empty() && !words.starts_with('>') {
            return None;
        }
        if byte < at || at == body.end {
            let words = words.strip_prefix('>')?;
            let words = words.strip_prefix(' ').unwrap_or(words);
            let start = from + (line.trim_start_matches(' ').len() - words.len());
            let end = start + words.trim_end_matches(['\n', '\r']).len();
            return (byte >= start).then(|| (of.clone(), start..end));
        }
    }
    None
}

impl Spot {
    /// What the value here is.
    pub(super) fn means(&self, text: &str) -> Means {
        let Here::Value { path, scope, .. } = &self.here else { return Means::Other };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let own = || match &self.kind {
            Kind::Sidecar(
                SidecarKind::Note { text, .. }
                | SidecarKind::Apparatus { text }
                | SidecarKind::Derived { text },
            ) => Some(text.clone()),
            _ => self.toml.beside(text, *scope, "text").map(Arc::from),
        };
        match (&self.kind, &path[..]) {
            (Kind::Sidecar(kind), [.., "quote" | "prefix" | "suffix" | "starts"]) if has_places(kind) => {
                Means::Words(own())
            }
            (Kind::Sidecar(kind), [.., "at"]) if has_places(kind) => Means::Blocks(own()),
            (Kind::Sidecar(SidecarKind::Apparatus { .. } | SidecarKind::Derived { .. }), [_, "except"]) => {
                Means::Blocks(own())
            }
            (Kind::Sidecar(kind), path) => of_sidecar(kind, path),
            (Kind::Record(_), path) | (Kind::Collection, ["defaults", path @ ..]) => match path {
                ["kind"] => Means::TextKind,
                ["author" | "recipient" | "people", ..] if path.last() != Some(&"role") => Means::Speaker,
                ["place"] => Means::Term,
                _ => Means::Other,
            },
            (Kind::Collection, ["about"]) => Means::Markdown,
            _ => Means::Other,
        }
    }

    /// What has its name here, and where that stands.
    pub(super) fn name(&self, text: &str, byte: usize) -> Option<(Name, Range<usize>)> {
        let words = text.get(self.typed.clone())?;
        if self.here == Here::Link {
            return named_by_link(words, self.typed.start);
        }
        if let Some(own) = self.own_name() {
            return Some((own, self.typed.clone()));
        }
        let Here::Value { .. } = &self.here else { return None };
        let whole = |name: Name| Some((name, self.typed.clone()));
        let slug = || name::is_slug(words).then(|| words.to_owned());
        match self.means(text) {
            Means::Term | Means::Speaker => whole(Name::Term(slug()?, None)),
            Means::Sense => {
                let term = words.split('/').next().unwrap_or_default();
                let sense = words.split_once('/').map(|(_, sense)| sense.to_owned());
                let at = self.typed.start..self.typed.start + term.len();
                match sense.filter(|_| byte > at.end) {
                    Some(sense) => whole(Name::Term(term.to_owned(), Some(sense))),
                    None => Some((Name::Term(term.to_owned(), None), at)),
                }
            }
            Means::Topic => whole(Name::Topic(words.to_owned())),
            Means::Text => whole(Name::Text(words.to_owned())),
            Means::Texts => {
                (!words.contains('*')).then(|| (Name::Text(words.to_owned()), self.typed.clone()))
            }
            Means::Contributor => whole(Name::Contributor(slug()?)),
            Means::NoteKind => whole(Name::NoteKind(words.to_owned())),
            Means::TextKind => whole(Name::TextKind(words.to_owned())),
            Means::Series => whole(Name::Series(words.to_owned())),
            Means::Blocks(of) => whole(Name::Blocks(of?.to_string(), words.to_owned())),
            _ => None,
        }
    }

    /// What the file is about, where it says what that is called.
    fn own_name(&self) -> Option<Name> {
        let Here::Value { path, .. } = &self.here else { return None };
        let [key] = &path[..] else { return None };
        match (&self.kind, key.as_str()) {
            (Kind::Sidecar(SidecarKind::Term(slug)), "term") => Some(Name::Term(slug.clone(), None)),
            (Kind::Sidecar(SidecarKind::Topic(slug)), "title") => Some(Name::Topic(slug.clone())),
            (Kind::Sidecar(SidecarKind::Contributor(slug)), "name") => Some(Name::Contributor(slug.clone())),
            (Kind::Record(id), "title") => Some(Name::Text(id.to_string())),
            (Kind::Sidecar(SidecarKind::Note { text, slug }), "title") => {
                Some(Name::Note(text.to_string(), slug.clone()))
            }
            _ => None,
        }
    }
}

/// Whether a file of this kind says where things stand in texts.
fn has_places(kind: &SidecarKind) -> bool {
    !matches!(kind, SidecarKind::Term(_) | SidecarKind::Contributor(_) | SidecarKind::Furniture)
}

fn of_sidecar(kind: &SidecarKind, path: &[&str]) -> Means {
    match (kind, path) {
        (SidecarKind::Note { .. }, ["by"]) => Means::Contributor,
        (SidecarKind::Note { .. }, ["kind"]) => Means::NoteKind,
        (SidecarKind::Note { .. }, ["topics"]) => Means::Topic,
        (SidecarKind::Note { .. }, ["figures", "series"]) => Means::Series,
        (SidecarKind::Apparatus { .. } | SidecarKind::Derived { .. }, path) => match path {
            ["by"] | ["correction", "by"] => Means::Contributor,
            ["structure", "speaker"] | ["speakers" | "speaker_of", _] => Means::Speaker,
            ["structure", "over"] => Means::RowKind,
            ["term", "is"] => Means::Sense,
            _ => Means::Other,
        },
        (SidecarKind::Furniture, ["furniture", "texts"]) | (SidecarKind::Term(_), ["texts"]) => Means::Texts,
        (SidecarKind::Term(_), ["kind"]) => Means::TermKind,
        (SidecarKind::Term(_), ["see"]) => Means::Term,
        (SidecarKind::Term(_), ["sense", "predecessor" | "successor"]) => Means::Sense,
        (SidecarKind::Term(_), ["definition"] | ["sense", "definition"]) => Means::Markdown,
        (SidecarKind::Topic(_), ["parent" | "see"]) => Means::Topic,
        (SidecarKind::Topic(_), ["scope"] | ["passage", "why"]) | (SidecarKind::Link(_), ["note"]) => {
            Means::Markdown
        }
        (SidecarKind::Topic(_), ["passage", "text"]) | (SidecarKind::Link(_), ["end", "text"]) => Means::Text,
        (SidecarKind::Link(_), ["relation"]) => Means::Relation,
        (SidecarKind::Link(_), ["by"]) => Means::Contributor,
        _ => Means::Other,
    }
}

/// What a target of `[[target]]` names.
fn named_by_link(target: &str, start: usize) -> Option<(Name, Range<usize>)> {
    let (kind, name) = wiki::target(target);
    let at = start + (name.as_ptr() as usize - target.as_ptr() as usize);
    let place = at..at + name.len();
    let owned = name.to_owned();
    match kind {
        "term" => Some((Name::Term(owned, None), place)),
        "topic" => Some((Name::Topic(owned), place)),
        "text" => {
            let id = name.split('#').next().unwrap_or_default();
            Some((Name::Text(id.to_owned()), at..at + id.len()))
        }
        "note" => {
            let (text, slug) = name.rsplit_once('/')?;
            Some((Name::Note(text.to_owned(), slug.to_owned()), at + text.len() + 1..place.end))
        }
        _ => None,
    }
}

impl Reading {
    /// What stands at a byte of a file.
    pub(super) fn spot(&self, path: &str, text: &str, byte: usize) -> Option<Spot> {
        Some(spot(self.kind(path)?, path, text, byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> Kind {
        Kind::Sidecar(SidecarKind::Note { text: "t".into(), slug: "n".into() })
    }

    /// The place of `|` in a file.
    fn at(kind: Kind, text: &str) -> (Spot, String, usize) {
        let byte = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        (spot(kind, "a.md", &text, byte), text, byte)
    }

    #[test]
    fn places_of_a_note_are_told_apart() {
        let check = |text: &str, here: Here, typed: &str| {
            let (spot, text, _) = at(note(), text);
            assert_eq!((&spot.here, &text[spot.typed.clone()]), (&here, typed), "{text:?}");
        };
        let value = |key: &str, is_string| Here::Value { path: vec![key.into()], scope: 0, is_string };
        check("+++\nby = \"|\"\n+++\n> w\n", value("by", true), "");
        check("+++\nki|\n+++\n> w\n", Here::Key { path: vec![], scope: 0 }, "ki");
        check("+++\nkind = con|\n+++\n", value("kind", false), "con");
        check("+++\n+++\n> wo|rds\n\nBody", Here::Quotation("t".into()), "words");
        check("+++\n+++\n> a\n> |\n", Here::Quotation("t".into()), "");
        check("+++\n+++\n>|", Here::Quotation("t".into()), "");
        check("+++\n+++\n> w\n\nSee [[gl|", Here::Link, "gl");
        check("+++\n+++\n> w\n\nSee [[topic:a|]] x", Here::Link, "topic:a");
        check("+++\n+++\n> w\n\nSee it|.\n\n> x", Here::Prose, "it");
        check("+++\n+++\n> w\n\nBody\n\n> |x", Here::Prose, "x");
        check("+++\nby = \"|", value("by", true), "");
        check("|", Here::Prose, "");
    }

    #[test]
    fn names_are_seen() {
        let check = |kind: &Kind, text: &str, expected: Option<(Name, &str)>| {
            let (spot, text, byte) = at(kind.clone(), text);
            let found = spot.name(&text, byte);
            let found = found.map(|(name, at)| (name, text[at].to_owned()));
            assert_eq!(found, expected.map(|(name, at)| (name, at.to_owned())), "{text:?}");
        };
        let term = |slug: &str| Name::Term(slug.into(), None);
        check(&note(), "+++\ntopics = [\"a\", \"b|\"]\n+++\n", Some((Name::Topic("b".into()), "b")));
        check(&note(), "+++\nby = \"Ann E|xample\"\n+++\n", None);
        check(&note(), "+++\n+++\n> w\n\n[[g|la]]", Some((term("gla"), "gla")));
        check(&note(), "+++\n+++\n> w\n\n[[text:a/b#p|1]]", Some((Name::Text("a/b".into()), "a/b")));
        check(&note(), "+++\n+++\n> w\n\n[[note:a/b/c|]]", Some((Name::Note("a/b".into(), "c".into()), "c")));
        let kind = Kind::Sidecar(SidecarKind::Term("gla".into()));
        check(&kind, "see = [\"cp|s\"]", Some((term("cps"), "cps")));
        check(&kind, "[[sense]]\nsuccessor = \"gl|a/x\"", Some((term("gla"), "gla")));
        check(
            &kind,
            "[[sense]]\nsuccessor = \"gla/x|\"",
            Some((Name::Term("gla".into(), Some("x".into())), "gla/x")),
        );
        check(&kind, "term = \"GL|A\"", Some((term("gla"), "GLA")));
        check(&kind, "definition = \"a [[cp|s]]\"", Some((term("cps"), "cps")));
        let kind = Kind::Sidecar(SidecarKind::Topic("x".into()));
        check(
            &kind,
            "[[passage]]\ntext = \"a\"\nat = \"p|1\"",
            Some((Name::Blocks("a".into(), "p1".into()), "p1")),
        );
    }
}
