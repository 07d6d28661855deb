//! A text that an XML file carries as it is: what `postil export tei` and `export akn` write comes back
//! as the same bytes, with the files that say something of it.
//!
//! The words that a reader sees are the words of the elements. What the raw text has besides (marks of
//! Markdown, a form feed) stands in processing instructions, which no schema and no reader of XML minds:
//!
//! - `<?postil-text path="content/a.txt" ends="crlf" …?>` says that the file is such a one, and of which text;
//! - `<?postil-raw "**"?>` stands for characters that no element shows;
//! - `<?postil-as 1 "&amp;"?>` says what stands in the raw text for so many of the characters that follow.
//!
//! Elements that are no words of the text (what a misprint should be) are left out. A sidecar lies in the
//! header, in `xenoData` or `proprietary`, as it is: by its `n` the path, by its `type` how it is written.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use crate::decode;
use crate::draft::{Carried, Draft, Incoming};
use crate::standoff;
use crate::tree::{Id, Tree};
use postil_anchor::document;
use postil_archive::archive::{Format, name};
use postil_archive::diagnostic::{Code, Diagnostic};

/// Says that a file carries a text.
pub const TEXT: &str = "postil-text";
/// Characters of the raw text that are no words of an element.
pub const RAW: &str = "postil-raw";
/// What stands in the raw text for words of an element.
pub const AS: &str = "postil-as";
/// What a carried file is called that is UTF-8, and one that is not.
pub const FILE: &str = "postil-file";
/// A carried file in Base64.
pub const BASE64: &str = "postil-base64";
/// What a misprint should be: no words of the text.
pub const READING: &str = "corr";

/// How the lines of a whole text end, where all end alike; else each carriage return stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ends {
    /// LF, or some so and some so.
    #[default]
    AsTheyAre,
    /// CRLF.
    CrLf,
    /// CR.
    Cr,
}

impl Ends {
    /// How the lines of a text end.
    pub fn of(text: &str) -> Self {
        let (cr, lf) = (text.matches('\r').count(), text.matches('\n').count());
        match text.matches("\r\n").count() {
            0 if cr > 0 && lf == 0 => Self::Cr,
            both if both > 0 && both == cr && both == lf => Self::CrLf,
            _ => Self::AsTheyAre,
        }
    }

    /// As a file says it.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::AsTheyAre => None,
            Self::CrLf => Some("crlf"),
            Self::Cr => Some("cr"),
        }
    }

    fn named(name: Option<&String>) -> Self {
        match name.map(String::as_str) {
            Some("crlf") => Self::CrLf,
            Some("cr") => Self::Cr,
            _ => Self::AsTheyAre,
        }
    }
}

/// Whether XML can hold a character.
pub fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Characters between quotation marks, as an instruction holds them.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // It would end the instruction.
            '?' => out.push_str("\\q"),
            '\r' | '\t' => write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes everything"),
            c if is_xml(c) => out.push(c),
            c => write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes everything"),
        }
    }
    out.push('"');
    out
}

/// The characters again.
fn unquoted(data: &str) -> Option<String> {
    let data = data.trim().strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(data.len());
    let mut rest = data;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let kind = rest.chars().next()?;
        rest = &rest[kind.len_utf8()..];
        match kind {
            '\\' => out.push('\\'),
            'n' => out.push('\n'),
            'q' => out.push('?'),
            'u' => {
                let (number, after) = rest.strip_prefix('{')?.split_once('}')?;
                out.push(char::from_u32(u32::from_str_radix(number, 16).ok()?)?);
                rest = after;
            }
            _ => return None,
        }
    }
    out.push_str(rest);
    Some(out)
}

/// What the characters of an element are in the raw text.
///
/// # Errors
/// The instruction that cannot be understood.
pub fn characters(tree: &Tree, root: Id, ends: Ends) -> Result<String, Id> {
    let mut out = String::new();
    // Characters that are shown for what stands before them already.
    let mut shown = 0_usize;
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        if let Some(words) = tree.text(id) {
            let mut words = words.chars();
            words.by_ref().take(shown).for_each(|_| shown -= 1);
            for c in words {
                match (c, ends) {
                    ('\n', Ends::CrLf) => out.push_str("\r\n"),
                    ('\n', Ends::Cr) => out.push('\r'),
                    _ => out.push(c),
                }
            }
        } else if let Some((target, data)) = tree.instruction(id) {
            match target {
                RAW => out.push_str(&unquoted(data).ok_or(id)?),
                AS => {
                    let (count, raw) = data.trim().split_once(' ').ok_or(id)?;
                    shown += count.parse::<usize>().map_err(|_| id)?;
                    out.push_str(&unquoted(raw).ok_or(id)?);
                }
                _ => {}
            }
        } else if tree.name(id) != READING {
            stack.extend(tree.children(id).iter().rev());
        }
    }
    Ok(out)
}

/// The bytes of characters in an encoding; none if it has no such characters.
pub fn bytes(text: &str, encoding: Option<&str>, mark: bool) -> Option<Vec<u8>> {
    let encoding = match encoding {
        Some(label) => decode::of_label(label)?,
        None => UTF_8,
    };
    let marked = |text: &str| if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    if encoding == UTF_16LE {
        return Some(marked(text).encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(marked(text).encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    if encoding == UTF_8 {
        return Some(marked(text).into_bytes());
    }
    let (bytes, _, lost) = encoding.encode(text);
    (!lost).then(|| bytes.into_owned())
}

/// Whether a file carries a text, or only files that say something of texts.
pub fn is(tree: &Tree) -> bool {
    declared(tree).is_some()
}

fn declared(tree: &Tree) -> Option<Id> {
    tree.within(Tree::ROOT).find(|&id| tree.instruction(id).is_some_and(|(target, _)| target == TEXT))
}

/// `a="b" c="d"` of an instruction.
fn attributes(data: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = data;
    while let Some((key, after)) = rest.split_once("=\"") {
        let Some((value, after)) = after.split_once('"') else { break };
        let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&");
        found.insert(key.trim().to_owned(), value);
        rest = after;
    }
    found
}

/// What a file carries: a text with its files, or files alone.
pub enum Found {
    /// A text.
    Text(Box<Draft>),
    /// Files of the archive.
    Files(Vec<(String, Vec<u8>)>),
}

/// Takes out what a file carries; its words are in elements of the names in `roots`.
///
/// # Errors
/// Somebody changed the file in a way that leaves it without sense: told with its place.
pub fn take(
    tree: &Tree,
    roots: &[&str],
    incoming: &Incoming,
    source: usize,
) -> Result<Found, Box<Diagnostic>> {
    let says = declared(tree).expect("the caller has asked");
    let said = attributes(tree.instruction(says).map(|(_, data)| data).unwrap_or_default());
    let mut files = files(tree)?;
    let Some(path) = said.get("path") else { return Ok(Found::Files(files)) };
    let bad = |id: Id, message: String| {
        let problem = Diagnostic::error(Code::BAD_SOURCE, tree.place(id), message);
        Box::new(problem.help("export the text again, or take out all instructions that begin with `postil`: then it is read as any other file"))
    };
    let id_and_format = path.strip_prefix("content/").and_then(|path| match path.rsplit_once('.')? {
        (id, "txt") => Some((id, Format::Plain)),
        (id, "md") => Some((id, Format::Markdown)),
        _ => None,
    });
    let Some((id, format)) = id_and_format.filter(|(id, _)| name::is_id(id)) else {
        return Err(bad(says, format!("`{path}` is no path of a text")));
    };
    let mut draft = Draft::of(incoming, source, format);
    id.clone_into(&mut draft.name);
    draft.called = String::new();
    let own = files.iter().position(|(name, _)| name == path);
    if let Some(own) = own {
        // No characters give these bytes.
        draft.bytes = files.remove(own).1;
    } else {
        let root = tree.within(Tree::ROOT).find(|&id| roots.contains(&tree.name(id)));
        let root = root.ok_or_else(|| bad(says, "the file has no text".to_owned()))?;
        let ends = Ends::named(said.get("ends"));
        let text = characters(tree, root, ends)
            .map_err(|id| bad(id, "nobody can tell what this instruction stands for".to_owned()))?;
        let mark = said.get("mark").is_some_and(|mark| mark == "yes");
        let encoding = said.get("encoding").map(String::as_str);
        draft.bytes = bytes(&text, encoding, mark).ok_or_else(|| {
            let encoding = encoding.unwrap_or("utf-8");
            bad(root, format!("the text has characters that `{encoding}`, in which it is written, does not"))
        })?;
    }
    for key in ["layout", "encoding", "title", "date"] {
        draft.record.fill(key, said.get(key).map(String::as_str));
    }
    if said.get("sha256").is_some_and(|sum| *sum != document::checksum(&draft.bytes)) {
        draft.doubts.push("its words are not those that were exported".to_owned());
    }
    // Notes that somebody has written into the file since stand beside those that come with it.
    let of_text = format!("annotations/{id}/");
    let slug = |path: &str| Some(path.strip_prefix(&of_text)?.strip_suffix(".md")?.to_owned());
    let slugs = files.iter().filter_map(|(path, _)| slug(path));
    let known = slugs.map(|slug| format!("note-{slug}")).collect();
    let found = standoff::notes(tree, &known, &standoff::numbered(tree), true);
    draft.notes = found.notes;
    draft.doubts.extend(found.left);
    draft.carried = Some(Carried { id: id.to_owned(), files });
    Ok(Found::Text(Box::new(draft)))
}

/// Files in the header: path and bytes.
fn files(tree: &Tree) -> Result<Vec<(String, Vec<u8>)>, Box<Diagnostic>> {
    let mut files = Vec::new();
    for id in tree.within(Tree::ROOT) {
        let Some(kind) = tree.says(id, "type").filter(|kind| matches!(*kind, FILE | BASE64)) else {
            continue;
        };
        let path = tree.says(id, "n").unwrap_or_default();
        let bad = |message: String| Box::new(Diagnostic::error(Code::BAD_SOURCE, tree.place(id), message));
        if !may_be_written(path) {
            return Err(bad(format!("`{path}` is no path of a file that texts come with")));
        }
        let text = characters(tree, id, Ends::AsTheyAre);
        let text = text.map_err(|_| bad(format!("nobody can tell what is in `{path}`")))?;
        let bytes = match kind {
            BASE64 => STANDARD.decode(text.split_whitespace().collect::<String>()).ok(),
            _ => Some(text.into_bytes()),
        };
        files.push((path.to_owned(), bytes.ok_or_else(|| bad(format!("`{path}` is not in Base64")))?));
    }
    Ok(files)
}

/// Whether a stranger's file may say that there is a file of this path: texts, what belongs to them,
/// and annotations; nothing that decides how an archive is built.
fn may_be_written(path: &str) -> bool {
    let Some((folder, rest)) = path.split_once('/') else { return false };
    let Some((stem, ending)) = rest.rsplit_once('.') else { return false };
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with(['.', ' '])
            && !part.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
    };
    let is_ending = !ending.is_empty() && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_known = match folder {
        "content" => true,
        "annotations" => matches!(ending, "toml" | "md"),
        _ => false,
    };
    is_known && is_ending && stem.split('/').all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    fn read(xml: &str, ends: Ends) -> String {
        let tree = tree::xml("a.xml", xml.to_owned()).unwrap();
        characters(&tree, tree.top(), ends).unwrap()
    }

    #[test]
    fn what_is_quoted_comes_back() {
        for text in ["", "a", " ** ", "a \"b\" ?> <!-- \\u{41} \\", "\u{0}\u{c}\r\n\t\u{ffff}é\u{1f600}"] {
            let quoted = quoted(text);
            assert!(
                quoted.chars().all(is_xml) && !quoted.contains("?>") && !quoted.contains('\r'),
                "{quoted}"
            );
            assert_eq!(read(&format!("<a><?postil-raw {quoted}?></a>"), Ends::AsTheyAre), text);
        }
    }

    #[test]
    fn characters_are_those_of_the_raw_text() {
        #[track_caller]
        fn check(xml: &str, ends: Ends, expected: &str) {
            assert_eq!(read(xml, ends), expected, "{xml}");
        }
        check("<a><b>x</b>\n<c>y</c></a>", Ends::AsTheyAre, "x\ny");
        check("<a>x\ny</a>", Ends::CrLf, "x\r\ny");
        check("<a>x\ny</a>", Ends::Cr, "x\ry");
        check("<a>x&#13;\ny</a>", Ends::AsTheyAre, "x\r\ny");
        check("<a><choice><sic>teh</sic><corr>the</corr></choice> end</a>", Ends::AsTheyAre, "teh end");
        check("<a><?postil-as 1 \"&amp;amp;\"?>&amp;b</a>", Ends::AsTheyAre, "&amp;amp;b");
        check("<a><?postil-as 3 \"x\"?>a<b>bc</b>d</a>", Ends::AsTheyAre, "xd");
        check("<a>x<?other y?><!-- z --></a>", Ends::AsTheyAre, "x");
    }

    #[test]
    fn bytes_are_those_of_the_encoding() {
        assert_eq!(bytes("é", None, true).unwrap(), b"\xef\xbb\xbf\xc3\xa9");
        assert_eq!(bytes("é", Some("windows-1252"), false).unwrap(), b"\xe9");
        assert_eq!(bytes("é", Some("utf-16le"), true).unwrap(), b"\xff\xfe\xe9\x00");
        assert_eq!(bytes("é", Some("utf-16be"), false).unwrap(), b"\x00\xe9");
        assert_eq!(bytes("\u{416}", Some("windows-1252"), false), None);
    }

    #[test]
    fn only_files_of_texts_are_written() {
        for path in [
            "content/a.toml",
            "content/a/b-c.docx",
            "content/a b.txt.original",
            "annotations/a/b.md",
            "annotations/x.toml",
        ] {
            assert!(may_be_written(path), "{path}");
        }
        for path in [
            "postil.toml",
            "content",
            "content/a",
            "content/../postil.toml",
            "content/./a.toml",
            "/etc/a.toml",
            "themes/default/text.html",
            "annotations/a.html",
            "content/a\\b.txt",
            "content/c:a.txt",
            "content/.a.txt",
            ".github/a.toml",
            "content//a.txt",
        ] {
            assert!(!may_be_written(path), "{path}");
        }
    }

    #[test]
    fn line_ends_are_told_apart() {
        for (text, ends) in [
            ("a\nb", Ends::AsTheyAre),
            ("a\r\nb\r\n", Ends::CrLf),
            ("a\rb", Ends::Cr),
            ("a\r\nb\n", Ends::AsTheyAre),
            ("a\r\n\r", Ends::AsTheyAre),
            ("a", Ends::AsTheyAre),
        ] {
            assert_eq!(Ends::of(text), ends, "{text:?}");
        }
    }
}
