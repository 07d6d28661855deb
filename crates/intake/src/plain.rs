//! Plain text and Markdown: the file as it is, and what its name and its first lines say of it.

use std::ops::Range;

use regex::Regex;

use crate::decode::{self, Decoded};
use crate::draft::{Draft, Guess, Incoming, Original};
use crate::layout;
use crate::records;
use crate::toml::Value;
use postil_anchor::document::record::{self, Layout};
use postil_anchor::document::{self, front_matter};
use postil_archive::archive::{Format, name};
use postil_archive::diagnostic::{Code, Diagnostic, Place};
use postil_archive::sidecar::date::Date;
use postil_archive::sidecar::yaml;

/// Longest first line that may be a title, in characters.
const LONGEST_TITLE: usize = 120;

/// A text that is the file itself. `layout` is what somebody says of it.
///
/// # Errors
/// Nobody knows its encoding.
pub fn draft(
    incoming: &Incoming,
    source: usize,
    format: Format,
    layout: Option<Layout>,
    encoding: Option<&str>,
) -> Result<(Draft, String), Box<Diagnostic>> {
    let decoded = decode::decode(incoming, None, encoding)?;
    let mut draft = Draft::of(incoming, source, format);
    draft.bytes.clone_from(&incoming.bytes);
    Ok((begun(draft, &decoded, layout), decoded.text))
}

/// Says what the characters of a text show: encoding, layout, title, date.
pub fn begun(mut draft: Draft, decoded: &Decoded, layout: Option<Layout>) -> Draft {
    if let Some(label) = &decoded.encoding {
        draft.record.set("encoding", label.as_str());
    }
    draft.doubts.extend(decoded.doubt.clone());
    if draft.format == Format::Plain {
        say_layout(&mut draft, &decoded.text, layout);
    }
    if draft.format == Format::Markdown {
        say_front_matter(&mut draft, &decoded.text);
    }
    draft.guesses.extend(title(&decoded.text, draft.format));
    draft.guesses.extend(date(&draft.called));
    draft
}

/// Says what a Markdown text says of itself. What is no key of a record, or not as a record has it, goes to `meta`.
fn say_front_matter(draft: &mut Draft, text: &str) {
    let Ok(Some(found)) = front_matter::find(text) else { return };
    for (name, node) in found.keys {
        let words = node.value.words(", ");
        if words.is_empty() {
            continue;
        }
        let key = name.trim().to_lowercase();
        let is_list = matches!(node.value, yaml::Value::List(_));
        // What a file of another program calls its layout or id is not what a record calls so.
        let is_key = records::KEYS.contains(&key.as_str())
            && !matches!(key.as_str(), "file" | "id" | "layout" | "encoding");
        let value = is_key.then(|| match &node.value {
            yaml::Value::List(list) if records::LISTS.contains(&key.as_str()) => {
                Value::one_or_many(list.iter().map(|one| Value::from(one.value.words(", "))).collect())
                    .ok_or_else(String::new)
            }
            yaml::Value::Words(_) => records::value(&key, &words).map_err(|(why, _)| why),
            _ => Err(String::new()),
        });
        match value {
            Some(Ok(value)) => draft.record.set(&key, value),
            Some(Err(why)) if !is_list && !why.is_empty() => {
                draft.doubts.push(format!("`{name}` of the front matter is in `meta`: {why}"));
                draft.record.set(&format!("meta.{name}"), words);
            }
            _ => draft.record.set(&format!("meta.{name}"), words),
        }
    }
}

/// Says what a line of the text is: as somebody said, or as its lines show.
pub fn say_layout(draft: &mut Draft, text: &str, layout: Option<Layout>) {
    let layout = match layout {
        Some(layout) => {
            "as said".clone_into(&mut draft.why);
            layout
        }
        None => {
            let guess = layout::guess(text);
            draft.why = guess.why;
            if guess.doubtful {
                draft.doubts.push("layout".to_owned());
            }
            guess.layout
        }
    };
    draft.record.set("layout", written(layout));
}

/// The layout that a draft says.
pub fn layout_of(draft: &Draft) -> Layout {
    match draft.record.text("layout") {
        Some("lines") => Layout::Lines,
        Some("verse") => Layout::Verse,
        _ => Layout::Wrapped,
    }
}

/// How a record writes a layout.
pub fn written(layout: Layout) -> &'static str {
    match layout {
        Layout::Lines => "lines",
        Layout::Wrapped => "wrapped",
        Layout::Verse => "verse",
    }
}

/// First lines that are looked at for a title: a number, or a sign, may stand before it.
const TITLE_LINES: usize = 3;

/// The title that the first line, or the first heading, may be.
fn title(text: &str, format: Format) -> Option<Guess> {
    let line = match format {
        Format::Plain => {
            let words = layout::lines(text).map(|line| text[line].trim()).filter(|line| !line.is_empty());
            words.take(TITLE_LINES).find(|line| line.chars().any(char::is_alphabetic))?
        }
        Format::Markdown => {
            let text = &text[front_matter::find(text).ok().flatten().map_or(0, |found| found.span.end)..];
            let heading = |line: Range<usize>| {
                let line = text[line].trim();
                let title = line.trim_start_matches('#');
                (title.len() < line.len() && title.starts_with(' '))
                    .then(|| title.trim_end_matches('#').trim())
            };
            layout::lines(text).find_map(heading)?
        }
    };
    let from = if format == Format::Plain { "first line" } else { "first heading" };
    let title = unmarked(line, format);
    (title.chars().count() <= LONGEST_TITLE).then(|| Guess { key: "title", value: title.into(), from })
}

/// The line without marks of footnotes at its end, and without the signs of Markdown: a title is plain words.
fn unmarked(line: &str, format: Format) -> String {
    let mark = Regex::new(r"(?:\s*\[(?:\d{1,3}|[*†‡]|\^[^\]\s]+)\])+$").expect("it compiles");
    let line = mark.replace(line, "");
    if format == Format::Plain {
        return line.into_owned();
    }
    let parsed =
        document::parse("a".into(), "a.md".into(), line.as_bytes(), format, &record::Record::default());
    parsed.value.map_or_else(|| line.into_owned(), |doc| doc.visible.trim().to_owned())
}

/// The day that a file's name may hold: `2004-03-09-reply.txt`, `OA16760517.txt`.
fn date(name: &str) -> Option<Guess> {
    let day = Regex::new(r"(?:^|\D)([12]\d{3})([-_.]?)(\d{2})([-_.]?)(\d{2})(?:\D|$)").expect("it compiles");
    let found = day.captures(name.rsplit('/').next()?)?;
    if found[2] != found[4] {
        return None;
    }
    let written = format!("{}-{}-{}", &found[1], &found[3], &found[5]);
    Date::parse(&written).ok()?;
    Some(Guess { key: "date", value: crate::toml::Value::Bare(written), from: "file name" })
}

/// A part of a text that is split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes in the file.
    pub bytes: Range<usize>,
    /// What the groups of the expression took.
    pub groups: Vec<(String, String)>,
    /// Its name below the folder.
    pub name: String,
    /// The line on which it begins.
    pub line: u32,
}

/// Where a text is cut: before each line in which a match of the expression begins.
///
/// # Errors
/// The expression matches nothing, or the file's encoding cannot be cut into lines.
pub fn split(
    incoming: &Incoming,
    text: &str,
    layout: Layout,
    wanted: &Regex,
    pattern: &str,
) -> Result<Vec<Part>, Box<Diagnostic>> {
    let error =
        |message: String| Diagnostic::error(Code::BAD_SOURCE, Place::file(incoming.path.as_str()), message);
    let starts = byte_lines(&incoming.bytes);
    let lines: Vec<Range<usize>> = layout::lines(text).collect();
    if starts.len() != lines.len() {
        return Err(Box::new(
            error("a text in this encoding cannot be cut between its bytes".to_owned())
                .help("save it as UTF-8 first"),
        ));
    }
    let mut cuts: Vec<(usize, Vec<(String, String)>)> = Vec::new();
    for (first, words) in blocks(text, &lines, layout) {
        for found in wanted.captures_iter(&words).filter(|found| !found[0].is_empty()) {
            let at = found.get(0).expect("the whole match").start();
            let line = first + words[..at].matches('\n').count();
            let group = |name: &str| Some((name.to_owned(), found.name(name)?.as_str().trim().to_owned()));
            let groups =
                wanted.capture_names().flatten().filter_map(group).filter(|(_, took)| !took.is_empty());
            if cuts.last().is_none_or(|(last, _)| *last < line) {
                cuts.push((line, groups.collect()));
            }
        }
    }
    if cuts.is_empty() {
        return Err(Box::new(
            error(format!("`{pattern}` is found nowhere in it"))
                .help("`--dry-run` shows what an expression finds; `\\A` is the beginning of a block"),
        ));
    }
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let begin = |line: usize| if line == 0 { 0 } else { starts[line] };
    let before = begin(cuts[0].0);
    let first = text.get(..lines[cuts[0].0].start).unwrap_or_default();
    let has_front = first.chars().any(char::is_alphanumeric);
    if has_front {
        parts.push(Part { bytes: 0..before, groups: Vec::new(), name: "front".to_owned(), line: 1 });
    }
    for (i, (line, groups)) in cuts.iter().enumerate() {
        // What is before the first and has no words is part of it: nothing of the file is lost.
        let start = if i == 0 && !has_front { 0 } else { begin(*line) };
        let end = cuts.get(i + 1).map_or(incoming.bytes.len(), |(next, _)| begin(*next));
        let number = groups.iter().find(|(name, _)| name == "number").map(|(_, took)| took.clone());
        parts.push(Part {
            bytes: start..end,
            groups: groups.clone(),
            name: number.unwrap_or_else(|| (i + 1).to_string()),
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
        });
    }
    Ok(parts)
}

/// The texts of the parts.
pub fn parts(
    whole: &Draft,
    incoming: &Incoming,
    decoded: &Decoded,
    parts: &[Part],
    layout: Layout,
) -> Vec<Draft> {
    let folder = name::proposed(&whole.name);
    let mut drafts = Vec::with_capacity(parts.len());
    for part in parts {
        let mut draft =
            Draft { name: format!("{folder}/{}", part.name), called: String::new(), ..whole.clone() };
        draft.bytes = incoming.bytes[part.bytes.clone()].to_vec();
        let text = decoded.encoding.as_deref().and_then(decode::of_label).map_or_else(
            || String::from_utf8_lossy(&draft.bytes).into_owned(),
            |encoding| encoding.decode_without_bom_handling(&draft.bytes).0.into_owned(),
        );
        draft.guesses = title(&text, draft.format).into_iter().collect();
        if draft.format == Format::Plain {
            say_layout(&mut draft, &text, Some(layout));
            draft.why.clone_from(&whole.why);
        }
        for (key, took) in &part.groups {
            match key.as_str() {
                "number" => draft.record.set("number", crate::toml::Value::number(took)),
                "date" if Date::parse(took).is_err() => draft.record.set("date_shown", took.as_str()),
                "date" => draft.record.set("date", took.as_str()),
                key => draft.record.set(key, took.as_str()),
            }
        }
        let last = part.bytes.end.saturating_sub(1);
        draft.originals = vec![Original {
            source: whole.source,
            media_type: if draft.format == Format::Plain { "text/plain" } else { "text/markdown" },
            part: Some(format!("bytes {}-{last}", part.bytes.start)),
        }];
        drafts.push(draft);
    }
    drafts
}

/// First byte of each line of a file; line ends are those of ASCII.
fn byte_lines(bytes: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut from = 0;
    while from < bytes.len() {
        starts.push(from);
        let end =
            bytes[from..].iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(bytes.len(), |at| from + at);
        from = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    starts
}

/// Where each block of a plain text begins, and its words.
pub fn block_starts(text: &str, layout: Layout) -> Vec<(usize, String)> {
    let lines: Vec<Range<usize>> = layout::lines(text).collect();
    blocks(text, &lines, layout).into_iter().map(|(line, words)| (lines[line].start, words)).collect()
}

/// The blocks of a plain text as an expression sees them, with the number of their first line.
fn blocks(text: &str, lines: &[Range<usize>], layout: Layout) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in lines.iter().enumerate() {
        let space = |c: char| if c.is_whitespace() && c != '\t' { ' ' } else { c };
        let words: String =
            text[line.clone()].trim_end().trim_start_matches('\u{feff}').chars().map(space).collect();
        if words.is_empty() {
            open = false;
        } else if open && layout != Layout::Lines {
            let (_, block) = blocks.last_mut().expect("it is open");
            block.push('\n');
            block.push_str(&words);
        } else {
            blocks.push((number, words));
            open = true;
        }
    }
    blocks
}
