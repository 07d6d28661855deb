//! BRING: files become drafts, each as its kind asks; what holds no words is left where it is.

use std::collections::{BTreeMap, BTreeSet};

use regex::{Regex, RegexBuilder};

use crate::decode::{self, Decoded};
use crate::draft::{self, Draft, Incoming, Original};
use crate::kind::{self, Kind};
use crate::plain::{self, Part};
use crate::toml::Value;
use crate::{carried, debates, epub, gutenberg, html, records, tei, texts, tree, turns, zipped};
use postil_anchor::document;
use postil_anchor::document::record::{self, Layout};
use postil_archive::archive::{Format, path};
use postil_archive::diagnostic::{Code, Diagnostic, Place};

/// How files are to be read.
#[derive(Debug, Default, Clone)]
pub struct Wish {
    /// What they are, in place of what they seem to be.
    pub kind: Option<Kind>,
    /// What a line of plain text is.
    pub layout: Option<Layout>,
    /// The encoding of files that are not UTF-8 and do not say what they are.
    pub encoding: Option<String>,
    /// Where one file is cut into texts.
    pub split: Option<Expression>,
    /// Whether the texts that one file holds have a folder already.
    pub has_folder: bool,
    /// The name of the one text that all files together are.
    pub join: Option<String>,
    /// Columns of tables with the key of each.
    pub map: Vec<(String, String)>,
    /// What was made of files of word processors by another program: HTML, by index of the file.
    pub converted: BTreeMap<usize, Vec<u8>>,
    /// Largest member of a book, in bytes.
    pub limit: u64,
}

/// An expression of somebody, compiled.
#[derive(Debug, Clone)]
pub struct Expression {
    /// As it was given.
    pub text: String,
    regex: Regex,
}

/// Longest expression, in characters, and its size compiled, in bytes.
const LONGEST: usize = 200;
const SIZE: usize = 1 << 20;

/// Keys of a record that groups of an expression may fill.
const GROUPS: [&str; 10] =
    ["number", "date", "date_shown", "title", "author", "recipient", "place", "kind", "summary", "lang"];

impl Expression {
    /// Compiles an expression for the words of a block.
    ///
    /// # Errors
    /// It is none, too long, or has a group that is no key of a record: in words.
    pub fn new(text: &str) -> Result<Self, String> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(format!("it has {length} characters, of at most {LONGEST}"));
        }
        let regex = RegexBuilder::new(text)
            .multi_line(true)
            .size_limit(SIZE)
            .build()
            .map_err(|error| error.to_string())?;
        if let Some(group) = regex.capture_names().flatten().find(|name| !GROUPS.contains(name)) {
            return Err(format!(
                "its group `{group}` is no key of a record that can be filled: {}",
                GROUPS.join(", ")
            ));
        }
        Ok(Self { text: text.to_owned(), regex })
    }
}

/// What came of files.
#[derive(Debug, Default)]
pub struct Brought {
    /// The texts.
    pub drafts: Vec<Draft>,
    /// Paths of files that hold no words that could be read.
    pub left: Vec<String>,
    /// What a person should know.
    pub said: Vec<String>,
    /// Folders of texts that came of one file: the folder, and its title if the file says one.
    pub collections: Vec<(String, Option<String>)>,
    /// Files that came with texts of another archive, or by themselves: path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Pages, which may hold notes of each other: read first, then made to texts together.
    pages: Vec<(usize, html::Page)>,
}

/// Reads files; `named` are those that somebody named one by one, so that none of them may be left out.
///
/// # Errors
/// All that is wrong with them.
pub fn bring(incoming: &[Incoming], named: &[bool], wish: &Wish) -> Result<Brought, Vec<Diagnostic>> {
    let mut brought = Brought::default();
    let mut problems = Vec::new();
    let mut pages = Vec::new();
    for (source, file) in incoming.iter().enumerate() {
        let is_named = named.get(source).copied().unwrap_or_default();
        let Some(kind) = wish.kind.or_else(|| kind::of(&file.name, &file.bytes)) else {
            if is_named {
                problems.push(unreadable(file));
            } else {
                brought.left.push(file.path.clone());
            }
            continue;
        };
        if wish.join.is_some() && matches!(kind, Kind::Plain | Kind::Gutenberg) {
            match decode::decode(file, None, wish.encoding.as_deref()) {
                Ok(decoded) => pages.push((source, decoded)),
                Err(problem) => problems.push(*problem),
            }
            continue;
        }
        let before = brought.drafts.len();
        match one(file, source, kind, wish, &mut brought) {
            Ok(true) => {}
            Ok(false) if is_named => problems.push(unreadable(file)),
            Ok(false) => brought.left.push(file.path.clone()),
            Err(found) => problems.extend(found),
        }
        if brought.drafts.len() > before
            && let Some(draft) =
                brought.drafts.last().filter(|draft| draft.called.is_empty() && draft.carried.is_none())
        {
            let folder = postil_archive::archive::name::proposed(&draft.name);
            let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            if !folder.is_empty() && !brought.collections.iter().any(|(known, _)| *known == folder) {
                brought.collections.push((folder, None));
            }
        }
    }
    pictures(incoming, &mut brought);
    match html::drafts(incoming, &std::mem::take(&mut brought.pages), &mut brought.said) {
        Ok(drafts) => brought.drafts.extend(drafts),
        Err(found) => problems.extend(found),
    }
    if let Some(name) = &wish.join {
        brought.drafts.extend(join(incoming, pages, name, wish.layout));
    }
    if problems.is_empty() { Ok(brought) } else { Err(problems) }
}

/// Gives Markdown texts the pictures that they show and that come with them.
fn pictures(incoming: &[Incoming], brought: &mut Brought) {
    let by_name: BTreeMap<&str, usize> =
        incoming.iter().enumerate().map(|(index, file)| (file.name.as_str(), index)).collect();
    let mut used = BTreeSet::new();
    let texts =
        brought.drafts.iter_mut().filter(|draft| draft.format == Format::Markdown && draft.carried.is_none());
    for draft in texts {
        let record = record::Record { misread: true, ..record::Record::default() };
        let parsed = document::parse("a".into(), "a.md".into(), &draft.bytes, Format::Markdown, &record);
        let Some(doc) = parsed.value.filter(|doc| !doc.pictures.is_empty()) else { continue };
        let folder = incoming[draft.source].name.rsplit_once('/').map_or("", |(folder, _)| folder);
        for picture in &doc.pictures {
            let found =
                path::named_from(folder, &picture.address).and_then(|path| by_name.get(&*path).copied());
            // From the folder of the text's id, as `./x.png` is meant from the folder of the file.
            if let Some(index) =
                found.filter(|_| draft.pictures.iter().all(|(known, _)| *known != picture.address))
            {
                used.insert(incoming[index].path.clone());
                draft.pictures.push((picture.address.clone(), index));
            }
        }
    }
    brought.left.retain(|path| !used.contains(path));
}

/// What one file becomes; whether it is of a kind that is known.
fn one(
    file: &Incoming,
    source: usize,
    kind: Kind,
    wish: &Wish,
    brought: &mut Brought,
) -> Result<bool, Vec<Diagnostic>> {
    let several = |problem: Box<Diagnostic>| vec![*problem];
    let encoding = wish.encoding.as_deref();
    let xml = || {
        let decoded = decode::decode(file, tree::declared(&file.bytes).as_deref(), encoding)?;
        tree::xml(&file.path, decoded.text)
    };
    let mut drafts = match kind {
        Kind::Plain => text(file, source, Format::Plain, wish, &mut brought.said).map_err(several)?,
        Kind::Gutenberg => of_gutenberg(file, source, wish, &mut brought.said).map_err(several)?,
        Kind::Markdown => text(file, source, Format::Markdown, wish, &mut brought.said).map_err(several)?,
        Kind::Html => {
            brought.pages.push((source, html::read(file, encoding).map_err(several)?));
            return Ok(true);
        }
        Kind::Epub => {
            let members = zipped::members(&file.path, &file.bytes, wish.limit).map_err(several)?;
            let members = members.into_iter().map(|member| (member.name, member.bytes)).collect();
            let (drafts, title) =
                epub::drafts(file, source, &members, wish.join.is_some()).map_err(several)?;
            if let Some(title) = title {
                brought.collections.push((postil_archive::archive::name::proposed(&file.name), Some(title)));
            }
            drafts
        }
        Kind::Tei | Kind::AkomaNtoso => {
            let tree = xml().map_err(several)?;
            if carried::is(&tree) {
                match carried::take(&tree, &["text", "debateBody"], file, source).map_err(several)? {
                    carried::Found::Text(draft) => brought.drafts.push(*draft),
                    carried::Found::Files(files) => brought.files.extend(files),
                }
                return Ok(true);
            }
            let draft = match kind {
                Kind::Tei => tei::draft(&tree, file, source),
                _ => debates::akoma_ntoso(&tree, file, source),
            };
            vec![draft.map_err(several)?]
        }
        Kind::Parlparse => {
            vec![xml().and_then(|tree| debates::parlparse(&tree, file, source)).map_err(several)?]
        }
        Kind::Turns => vec![turns::draft(file, source, encoding, &wish.map).map_err(several)?],
        Kind::Texts | Kind::Table => {
            let is_mapped = wish.map.iter().any(|(_, key)| key == "words");
            if kind == Kind::Table {
                let table = match records::read_rows(file, encoding) {
                    Ok(table) => table,
                    // Among the files of a folder it may be anything; who names it is told what is wrong with it.
                    Err(_) if wish.has_folder => return Ok(false),
                    Err(problem) => return Err(vec![*problem]),
                };
                if turns::is_table(&table.columns) {
                    brought.drafts.push(turns::draft(file, source, encoding, &wish.map).map_err(several)?);
                    return Ok(true);
                }
                if !texts::is_table(&table.columns) && !is_mapped {
                    return Ok(false);
                }
            }
            let (drafts, said) = texts::drafts(file, source, encoding, &wish.map, wish.layout)?;
            brought.said.extend(said);
            drafts
        }
        Kind::Office => {
            let Some(bytes) = wish.converted.get(&source) else { return Ok(false) };
            let page = Incoming { bytes: bytes.clone(), ..file.clone() };
            let read = html::read(&page, None).map_err(several)?;
            let mut all = vec![file.clone(); source + 1];
            all.truncate(source + 1);
            let mut draft = html::drafts(&all, &[(source, read)], &mut brought.said)?
                .pop()
                .expect("a page is a text, or an error");
            let media_type = match kind::ending(&file.name).as_str() {
                "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "odt" => "application/vnd.oasis.opendocument.text",
                _ => "application/rtf",
            };
            draft.originals = vec![Original { source, media_type, part: None }];
            vec![draft]
        }
    };
    if wish.has_folder && kind != Kind::Epub {
        for draft in drafts.iter_mut().filter(|draft| draft.called.is_empty()) {
            draft.name = draft.name.rsplit('/').next().unwrap_or_default().to_owned();
        }
    }
    brought.drafts.extend(drafts);
    Ok(true)
}

/// A text of Project Gutenberg.
fn of_gutenberg(
    file: &Incoming,
    source: usize,
    wish: &Wish,
    said: &mut Vec<String>,
) -> Result<Vec<Draft>, Box<Diagnostic>> {
    let declared = gutenberg::declared(&file.bytes);
    let decoded = decode::decode(file, declared.as_deref(), wish.encoding.as_deref())?;
    let mut draft = Draft::of(file, source, Format::Plain);
    draft.bytes.clone_from(&file.bytes);
    let mut draft = plain::begun(draft, &decoded, wish.layout);
    if wish.split.is_some() {
        return cut(file, draft, &decoded, wish, said);
    }
    gutenberg::say(&mut draft, &decoded.text);
    Ok(vec![draft])
}

/// A file that somebody named and that nothing can be made of.
fn unreadable(file: &Incoming) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::BAD_SOURCE,
        Place::file(file.path.as_str()),
        "nobody can see what kind of text this is",
    );
    problem.help("say what it is by `--as`, or save its words as plain text")
}

/// A text that is the file itself, or several that are parts of it.
fn text(
    file: &Incoming,
    source: usize,
    format: Format,
    wish: &Wish,
    said: &mut Vec<String>,
) -> Result<Vec<Draft>, Box<Diagnostic>> {
    let (draft, text) = plain::draft(file, source, format, wish.layout, wish.encoding.as_deref())?;
    if wish.split.is_none() {
        return Ok(vec![draft]);
    }
    let decoded = Decoded { text, encoding: draft.record.text("encoding").map(str::to_owned), doubt: None };
    cut(file, draft, &decoded, wish, said)
}

/// The parts of a text that is to be split.
fn cut(
    file: &Incoming,
    draft: Draft,
    decoded: &Decoded,
    wish: &Wish,
    said: &mut Vec<String>,
) -> Result<Vec<Draft>, Box<Diagnostic>> {
    let wanted = wish.split.as_ref().expect("it is asked for");
    let layout = plain::layout_of(&draft);
    let parts = plain::split(file, &decoded.text, layout, &wanted.regex, &wanted.text)?;
    said.extend(sequence(&parts, file));
    Ok(plain::parts(&draft, file, decoded, &parts, layout))
}

/// What the numbers of parts are like.
fn sequence(parts: &[Part], file: &Incoming) -> Vec<String> {
    let number = |part: &Part| {
        let (_, took) = part.groups.iter().find(|(name, _)| name == "number")?;
        Some((ordinal(took)?, took.clone(), part.line))
    };
    let numbers: Vec<(u32, String, u32)> = parts.iter().filter_map(number).collect();
    let breaks = numbers.windows(2).filter(|pair| pair[1].0 != pair[0].0 + 1);
    let breaks: Vec<String> =
        breaks.map(|pair| format!("{} after {} (line {})", pair[1].1, pair[0].1, pair[1].2)).collect();
    let mut said = vec![format!("`{}` has {} parts", file.path, parts.len())];
    if !breaks.is_empty() {
        said.push(format!("their numbers do not follow each other: {}", breaks.join(", ")));
    }
    said
}

/// A number in arabic or roman digits.
fn ordinal(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let value = |c: char| match c.to_ascii_uppercase() {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        'C' => Some(100),
        'D' => Some(500),
        'M' => Some(1000),
        _ => None,
    };
    let digits: Vec<u32> = text.chars().map(value).collect::<Option<_>>()?;
    let counts = |(i, digit): (usize, &u32)| {
        let is_less = digits.get(i + 1).is_some_and(|next| next > digit);
        if is_less { -i64::from(*digit) } else { i64::from(*digit) }
    };
    u32::try_from(digits.iter().enumerate().map(counts).sum::<i64>()).ok().filter(|number| *number > 0)
}

/// One text of files that are its pages, with a mark where each begins.
fn join(
    incoming: &[Incoming],
    mut pages: Vec<(usize, Decoded)>,
    name: &str,
    layout: Option<Layout>,
) -> Option<Draft> {
    pages.sort_by_cached_key(|(source, _)| natural(&incoming[*source].name));
    let (first, _) = pages.first()?;
    let mut draft = Draft {
        name: name.to_owned(),
        called: String::new(),
        ..Draft::of(&incoming[*first], *first, Format::Plain)
    };
    let mut text = String::new();
    // Where each page begins, as a number of lines, and what it is called.
    let mut begins: Vec<(usize, String)> = Vec::new();
    for (i, (source, page)) in pages.iter().enumerate() {
        if !text.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        let stem = incoming[*source].file_name().split('.').next().unwrap_or_default();
        let digits: String = stem
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let number = digits.trim_start_matches('0');
        begins.push((text.len(), if number.is_empty() { (i + 1).to_string() } else { number.to_owned() }));
        text.push_str(&page.text);
    }
    plain::say_layout(&mut draft, &text, layout);
    draft.guesses = Vec::new();
    let wrapped = draft.record.text("layout") != Some("lines");
    let starts = plain::block_starts(&text, if wrapped { Layout::Wrapped } else { Layout::Lines });
    for (at, number) in begins {
        let before = starts.partition_point(|(start, _)| *start < at);
        if before >= starts.len() {
            continue;
        }
        let block = u32::try_from(before + 1).unwrap_or(u32::MAX);
        let row = draft::with(draft::row((block, block)), "kind", "page");
        draft.derived.structure.push(draft::with(row, "number", Value::number(&number)));
    }
    let originals: Vec<Original> = pages
        .iter()
        .map(|(source, _)| Original { source: *source, media_type: "text/plain", part: None })
        .collect();
    draft.bytes = text.into_bytes();
    draft.originals = originals;
    Some(draft)
}

/// A name by which digits are ordered as numbers.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts: Vec<(String, u64)> = vec![(String::new(), 0)];
    let mut digits = false;
    for c in name.chars() {
        let last = parts.last_mut().expect("there is one");
        if let Some(digit) = c.to_digit(10) {
            last.1 = last.1.saturating_mul(10).saturating_add(digit.into());
            digits = true;
        } else if digits {
            parts.push((c.to_string(), 0));
            digits = false;
        } else {
            last.0.push(c);
        }
    }
    parts
}

/// Files by the folder in which they lie, for a message.
pub fn by_ending(paths: &[String]) -> BTreeMap<String, usize> {
    let mut endings = BTreeMap::new();
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        *endings.entry(ending).or_default() += 1;
    }
    endings
}

#[cfg(test)]
mod tests;
