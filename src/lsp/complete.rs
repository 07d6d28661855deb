//! What could be written at a place: keys, values, names, the words of a text.

use std::ops::Range;

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, Documentation, MarkupContent,
    MarkupKind, TextEdit,
};
use serde_json::Value;

use super::desk::Reading;
use super::names;
use super::paper::Paper;
use super::schema;
use super::spot::{Here, Means, Spot};
use postil_anchor::anchor::finder::Onward;
use postil_archive::archive::SidecarKind;
use postil_archive::diagnostic::Error;
use postil_archive::sidecar::written;
use postil_site::site::cut;

/// Most proposals at once; with more of them the client asks again as somebody types.
const MOST: usize = 200;
/// Most places of a text that a quotation which is being typed may go on from.
const PLACES: usize = 20;
/// Words that are proposed to follow, and most words before them that are looked for.
const NEXT: usize = 6;
const BEFORE: usize = 12;

/// One proposal.
struct Proposal {
    label: String,
    detail: String,
    about: String,
    kind: CompletionItemKind,
    /// What is written in place of what is typed.
    text: String,
    /// What it takes the place of, if not of what is typed at the spot.
    instead: Option<Range<usize>>,
}

/// What could be written at a byte of a file.
pub(super) fn complete(
    reading: &Reading,
    paper: &Paper,
    spot: &Spot,
    byte: usize,
) -> Result<Option<CompletionList>, Error> {
    let text = paper.text();
    let proposals = match &spot.here {
        Here::Key { path, scope } => keys(spot, text, path, *scope),
        Here::Header { several } => headers(spot, *several),
        Here::Value { path, is_string, .. } => {
            let write = |words: &str| match is_string {
                true if is_basic(text, spot.typed.start) => {
                    let written = written::string(words);
                    written[1..written.len() - 1].to_owned()
                }
                true => words.to_owned(),
                false => written::string(words),
            };
            match spot.means(text) {
                Means::Words(of) => match of {
                    Some(of) => words(reading, &of, spot, text, byte, &write)?,
                    None => Vec::new(),
                },
                Means::Blocks(of) => blocks(reading, of.as_deref(), &write)?,
                Means::Markdown => Vec::new(),
                means => {
                    let mut all = named(reading, &means, &write);
                    all.extend(values(spot, path, *is_string));
                    if means == Means::Sense && path.first().is_some_and(|key| key == "term") {
                        all.push(simple("none", "no term", "", &write));
                    }
                    all
                }
            }
        }
        Here::Link => links(reading, &text[spot.typed.clone()]),
        Here::Quotation(of) => words(reading, of, spot, text, byte, &str::to_owned)?,
        Here::Raw(_) | Here::Prose => return Ok(None),
    };
    // Words of a quotation are found by what was typed; of names there may be thousands.
    let typed = text[spot.typed.start..byte.clamp(spot.typed.start, spot.typed.end)].to_lowercase();
    let fits = |proposal: &Proposal| {
        proposal.instead.is_some()
            || proposal.label.to_lowercase().contains(&typed)
            || proposal.detail.to_lowercase().contains(&typed)
    };
    let is_incomplete = proposals.len() > MOST
        || matches!(spot.here, Here::Quotation(_))
        || matches!(spot.means(text), Means::Words(_));
    let few: Vec<Proposal> = match proposals.len() > MOST {
        true => proposals.into_iter().filter(fits).take(MOST).collect(),
        false => proposals,
    };
    let items = few.into_iter().enumerate().map(|(i, proposal)| proposal.item(i, spot, paper)).collect();
    Ok(Some(CompletionList { is_incomplete, items }))
}

impl Proposal {
    fn item(self, i: usize, spot: &Spot, paper: &Paper) -> CompletionItem {
        let Self { label, detail, about, kind, text, instead } = self;
        let range = paper.range(instead.clone().unwrap_or_else(|| spot.typed.clone()));
        // Names are found by what they are called as well.
        let filter_text = match instead {
            Some(_) => text.clone(),
            None => format!("{text} {detail}"),
        };
        let is_said = !about.is_empty();
        let about = MarkupContent { kind: MarkupKind::Markdown, value: about };
        let documentation = is_said.then_some(Documentation::MarkupContent(about));
        CompletionItem {
            label,
            kind: Some(kind),
            detail: (!detail.is_empty()).then_some(detail),
            documentation,
            sort_text: Some(format!("{i:05}")),
            filter_text: Some(filter_text),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: text })),
            ..CompletionItem::default()
        }
    }
}

fn simple(label: &str, detail: &str, about: &str, write: &dyn Fn(&str) -> String) -> Proposal {
    Proposal {
        label: label.to_owned(),
        detail: detail.to_owned(),
        about: about.to_owned(),
        kind: CompletionItemKind::ENUM_MEMBER,
        text: write(label),
        instead: None,
    }
}

/// Whether the string that begins right before a byte may hold escapes.
fn is_basic(text: &str, start: usize) -> bool {
    text[..start].ends_with('"')
}

/// Keys that the table may have and has not yet.
fn keys(spot: &Spot, text: &str, path: &[String], scope: usize) -> Vec<Proposal> {
    let Some(root) = schema::of(&spot.kind) else { return Vec::new() };
    let is_there = |name: &str| {
        spot.toml.keys.iter().any(|key| {
            key.scope == scope && key.at != spot.typed && key.path.last().is_some_and(|own| own == name)
        })
    };
    let rest = text[spot.typed.end..].trim_start_matches([' ', '\t']);
    let goes_on = rest.starts_with('=');
    let in_line = text[..spot.typed.start].rfind('\n').map_or(0, |at| at + 1)..spot.typed.start;
    let begins = text[in_line].trim().is_empty();
    let key = |(name, about, value): (&str, &str, Vec<&Value>)| {
        let of_rows = is_rows(&value);
        let text = match () {
            () if goes_on => name.to_owned(),
            // Rows of a file stand below its other keys, each with its header.
            () if of_rows && begins && path.is_empty() && !in_front_matter(spot) => format!("[[{name}]]\n"),
            () if of_rows => format!("{name} = [{{  }}]"),
            () if schema::may_be(&value, "object") && !schema::may_be(&value, "string") => {
                if begins {
                    format!("[{name}]\n")
                } else {
                    format!("{name} = {{  }}")
                }
            }
            () => format!("{name} = "),
        };
        let kind = CompletionItemKind::PROPERTY;
        let detail = sort_of(&value);
        Proposal { label: name.to_owned(), detail, about: about.to_owned(), kind, text, instead: None }
    };
    schema::keys(root, path).into_iter().filter(|(name, ..)| !is_there(name)).map(key).collect()
}

fn in_front_matter(spot: &Spot) -> bool {
    matches!(spot.kind, super::desk::Kind::Page | super::desk::Kind::Sidecar(SidecarKind::Note { .. }))
}

/// Whether a value is a list of tables.
fn is_rows(value: &[&Value]) -> bool {
    schema::may_be(value, "array") && schema::may_be(value, "object") && !schema::may_be(value, "string")
}

/// What a value is, in one word.
fn sort_of(value: &[&Value]) -> String {
    let sorts = ["boolean", "integer", "number", "array", "string", "object"];
    let of: Vec<&str> = sorts.into_iter().filter(|sort| schema::may_be(value, sort)).collect();
    match &of[..] {
        [.., "array", "string"] | ["array"] => "words, or a list".to_owned(),
        [.., "array", "object"] => "rows".to_owned(),
        _ => of.first().map_or(String::new(), |sort| (*sort).to_owned()).replace("object", "table"),
    }
}

/// Tables that the file may have.
fn headers(spot: &Spot, several: bool) -> Vec<Proposal> {
    let Some(root) = schema::of(&spot.kind) else { return Vec::new() };
    let is_table = |value: &Vec<&Value>| schema::may_be(value, "object");
    let mut out = Vec::new();
    let mut add = |label: String, about: &str| {
        out.push(Proposal {
            text: label.clone(),
            label,
            detail: String::new(),
            about: about.to_owned(),
            kind: CompletionItemKind::STRUCT,
            instead: None,
        });
    };
    for (name, about, value) in schema::keys(root, &[]).into_iter().filter(|(.., value)| is_table(value)) {
        if schema::may_be(&value, "array") == several {
            add(name.to_owned(), about);
        }
        let inner = schema::keys(root, &[name.to_owned()]).into_iter();
        for (inner, about, _) in inner.filter(|(.., value)| !several && is_table(value) && !is_rows(value)) {
            add(format!("{name}.{inner}"), about);
        }
    }
    out
}

/// Values that the schema lists.
fn values(spot: &Spot, path: &[String], is_string: bool) -> Vec<Proposal> {
    let Some(root) = schema::of(&spot.kind) else { return Vec::new() };
    let value = |(value, about): (&Value, &str)| {
        let text = match value {
            Value::String(words) if is_string => words.clone(),
            Value::String(words) => written::string(words),
            other if !is_string => other.to_string(),
            _ => return None,
        };
        let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let kind = CompletionItemKind::ENUM_MEMBER;
        Some(Proposal { label, detail: String::new(), about: about.to_owned(), kind, text, instead: None })
    };
    schema::values(&schema::at(root, path)).into_iter().filter_map(value).collect()
}

/// Names of the archive.
fn named(reading: &Reading, means: &Means, write: &dyn Fn(&str) -> String) -> Vec<Proposal> {
    let all = names::choices(reading, means).into_iter();
    all.map(|(name, detail, about)| Proposal {
        text: write(&name),
        label: name,
        detail,
        about,
        kind: CompletionItemKind::REFERENCE,
        instead: None,
    })
    .collect()
}

/// Blocks of a text, with how each begins.
fn blocks(
    reading: &Reading,
    of: Option<&str>,
    write: &dyn Fn(&str) -> String,
) -> Result<Vec<Proposal>, Error> {
    let text = of.map(|of| reading.text(of)).transpose()?.flatten();
    let Some(text) = text else { return Ok(Vec::new()) };
    let block = |block: &postil_anchor::document::Block| {
        let label = format!("p{}", block.number);
        Proposal {
            text: write(&label),
            label,
            detail: cut::short(text.doc.words(block.text), 60),
            about: names::quoted(&cut::short(text.doc.words(block.text), 400)),
            kind: CompletionItemKind::REFERENCE,
            instead: None,
        }
    };
    Ok(text.doc.blocks.iter().map(block).collect())
}

/// What `[[target]]` may be.
fn links(reading: &Reading, typed: &str) -> Vec<Proposal> {
    let plain = |means: &Means, before: &str| {
        let all = names::choices(reading, means).into_iter();
        all.map(|(name, detail, about)| {
            let label = format!("{before}{name}");
            Proposal {
                text: label.clone(),
                label,
                detail,
                about,
                kind: CompletionItemKind::REFERENCE,
                instead: None,
            }
        })
        .collect::<Vec<_>>()
    };
    let notes = || plain(&Means::Note, "note:");
    match typed.split_once(':').map(|(kind, _)| kind.trim()) {
        Some("term") => plain(&Means::Term, "term:"),
        Some("topic") => plain(&Means::Topic, "topic:"),
        Some("text") => plain(&Means::Text, "text:"),
        Some("note") => notes(),
        _ => {
            let mut all = plain(&Means::Term, "");
            all.extend(plain(&Means::Topic, "topic:"));
            all.extend(plain(&Means::Text, "text:"));
            all.extend(notes());
            all
        }
    }
}

/// How a quotation may go on that has been typed up to a byte.
fn words(
    reading: &Reading,
    of: &str,
    spot: &Spot,
    text: &str,
    byte: usize,
    write: &dyn Fn(&str) -> String,
) -> Result<Vec<Proposal>, Error> {
    let Some(of) = reading.text(of)? else { return Ok(Vec::new()) };
    let line = spot.typed.start..byte.clamp(spot.typed.start, spot.typed.end);
    // What is left out, and where bold begins and ends, parts the words.
    let typed = &text[line.clone()];
    let after = ["[…]", "**"].into_iter().filter_map(|sign| Some(typed.rfind(sign)? + sign.len())).max();
    let from = line.start + after.unwrap_or(0);
    let from = from + (text[from..line.end].len() - text[from..line.end].trim_start().len());
    let typed = &text[from..line.end];
    let starts: Vec<usize> = std::iter::once(0)
        .chain(typed.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8()))
        .collect();
    let found = of.with_finder(reading.annotations(), |finder| {
        // What was mistyped at the beginning need not keep the rest from being found.
        let near = starts.iter().rev().take(BEFORE).rev();
        let mut tries = near.map(|start| (*start, &typed[*start..]));
        tries.find_map(|(start, words)| {
            let found = finder.onward(words, PLACES);
            (!found.is_empty()).then_some((start, found))
        })
    });
    let Some((start, found)) = found else { return Ok(Vec::new()) };
    let instead = from + start..line.end;
    let mut out: Vec<Proposal> = Vec::new();
    for onward in &found {
        for (words, how) in continued(onward) {
            let text = write(words);
            if out.iter().any(|proposal| proposal.text == text) || words.len() <= onward.found {
                continue;
            }
            out.push(Proposal {
                label: cut::short(words[onward.found..].trim_start(), 60),
                detail: format!("p{}{how}", onward.block),
                about: names::quoted(words),
                kind: CompletionItemKind::TEXT,
                text,
                instead: Some(instead.clone()),
            });
        }
    }
    Ok(out)
}

/// Up to where somebody may mean: a few words on, to the end of the sentence.
fn continued(onward: &Onward) -> Vec<(&str, &'static str)> {
    let Onward { words, found, .. } = onward;
    let (typed, rest) = words.split_at((*found).min(words.len()));
    // The rest of a word that is half there counts as one.
    let mut ends = rest.match_indices(' ').map(|(at, _)| at).filter(|at| *at > 0);
    let few = ends.nth(NEXT - 1).unwrap_or(rest.len());
    let (sentence, _) = cut::sentence_after(typed, rest);
    vec![(&words[..found + few], ""), (&words[..found + sentence.len()], ", to the end of the sentence")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_goes_on_for_some_words_or_to_its_end() {
        let check = |words: &str, found: usize, expected: [&str; 2]| {
            let onward = Onward { block: 1, words: words.to_owned(), found };
            let found: Vec<&str> = continued(&onward).into_iter().map(|(words, _)| words).collect();
            assert_eq!(found, expected, "{words}");
        };
        let words = "One two three four five six seven eight nine. And ten.";
        check(
            words,
            5,
            ["One two three four five six seven", "One two three four five six seven eight nine."],
        );
        check("One two. Three", 0, ["One two. Three", "One two."]);
        check("One", 3, ["One", "One"]);
    }
}
