//! What a file is made of: the structure of a text, the rows of a table, the quotations of a note.

use std::ops::Range;

use lsp_types::{DocumentSymbol, Location, OneOf, SymbolKind, WorkspaceSymbol};

use super::desk::{Kind, Reading};
use super::names;
use super::paper::Paper;
use super::spot::{self, Means, Name};
use super::toml;
use postil_anchor::annotation::{Class, RowKind};
use postil_anchor::document::{BlockKind, Document};
use postil_archive::archive::SidecarKind;
use postil_archive::diagnostic::Error;
use postil_site::site::cut;

/// One part of a file.
struct Part {
    name: String,
    detail: String,
    kind: SymbolKind,
    all: Range<usize>,
    head: Range<usize>,
}

/// Longest name of a part, in characters.
const LONGEST: usize = 80;

/// The parts of a file, one in another.
pub(super) fn outline(reading: &Reading, path: &str, paper: &Paper) -> Result<Vec<DocumentSymbol>, Error> {
    let Some(kind) = reading.kind(path) else { return Ok(Vec::new()) };
    let parts = match &kind {
        Kind::Text(id) => of_text(reading, id)?,
        kind => of_file(kind, path, paper.text()),
    };
    Ok(nested(parts, paper))
}

fn of_text(reading: &Reading, id: &str) -> Result<Vec<Part>, Error> {
    let (Some(text), Some(resolved)) = (reading.text(id)?, reading.resolved(id)?) else {
        return Ok(Vec::new());
    };
    let doc = &text.doc;
    let span = |first: u32, last: u32| {
        let (first, last) = (doc.block(first), doc.block(last));
        first.zip(last).map(|(first, last)| first.span.start..last.span.end)
    };
    let mut parts = Vec::new();
    // Headings, by Markdown or by rows: block, level, words.
    let mut headings: Vec<(u32, u8, String)> = Vec::new();
    for block in &doc.blocks {
        if let BlockKind::Heading(level) = block.kind {
            headings.push((block.number, level, named(doc.words(block.text))));
        }
    }
    for row in &resolved.structure {
        let first = doc.block_at(row.place.start()).number;
        let words = row.place.words(doc);
        if row.part.kind == RowKind::Heading {
            headings.retain(|(block, ..)| *block != first);
            headings.push((first, row.part.level.unwrap_or(2), named(&words)));
            continue;
        }
        if row.part.kind.class() != Class::Holder {
            continue;
        }
        let Some((first, last)) = row.blocks else { continue };
        let number = row.part.number.as_ref().map(|number| format!(" {number}")).unwrap_or_default();
        let Some(all) = span(first, last) else { continue };
        let head = span(first, first).unwrap_or(all.start..all.start);
        parts.push(Part {
            name: format!("{}{number}", row.part.kind.name()),
            detail: named(&words),
            kind: SymbolKind::NAMESPACE,
            all,
            head,
        });
    }
    headings.sort();
    for (i, (block, level, words)) in headings.iter().enumerate() {
        let next = headings[i + 1..].iter().find(|(_, other, _)| other <= level).map(|(block, ..)| block - 1);
        let last = next.unwrap_or(doc.blocks.last().map_or(1, |block| block.number)).max(*block);
        if let (Some(all), Some(head)) = (span(*block, last), span(*block, *block)) {
            parts.push(Part {
                name: words.clone(),
                detail: format!("p{block}"),
                kind: SymbolKind::STRING,
                all,
                head,
            });
        }
    }
    if parts.is_empty() {
        parts.extend(doc.blocks.iter().filter_map(|block| of_block(doc, block)));
    }
    Ok(parts)
}

/// A block of a text of which nothing more is said.
fn of_block(doc: &Document, block: &postil_anchor::document::Block) -> Option<Part> {
    let name = named(doc.words(block.text));
    let span = block.span.range();
    (!name.is_empty()).then(|| Part {
        name,
        detail: format!("p{}", block.number),
        kind: SymbolKind::STRING,
        all: span.clone(),
        head: span,
    })
}

/// Words as the name of a part.
fn named(words: &str) -> String {
    cut::short(&cut::spaced(words), LONGEST)
}

fn of_file(kind: &Kind, path: &str, text: &str) -> Vec<Part> {
    let (front, body) = spot::parts(kind, path, text);
    let toml = toml::read(text, front);
    let mut parts = Vec::new();
    let first_row = toml.tables.first().map_or(usize::MAX, |table| table.all.start);
    for key in toml.keys.iter().filter(|key| key.path.len() == 1 && key.at.start < first_row) {
        let value = toml.values.iter().find(|value| value.path == key.path);
        let end = toml
            .values
            .iter()
            .rev()
            .find(|value| value.path.starts_with(&key.path))
            .map_or(key.at.end, |value| value.at.end);
        parts.push(Part {
            name: key.path[0].clone(),
            detail: value.map(|value| named(&text[value.at.clone()])).unwrap_or_default(),
            kind: SymbolKind::PROPERTY,
            all: key.at.start..end.max(key.at.end),
            head: key.at.clone(),
        });
    }
    for table in &toml.tables {
        let of_it = |key: &str| {
            let is = |value: &&toml::Value| {
                table.all.start <= value.at.start
                    && value.at.end <= table.all.end
                    && value.path.len() == table.path.len() + 1
                    && value.path.last().is_some_and(|own| own == key)
            };
            toml.values.iter().find(is).map(|value| named(&text[value.at.clone()]))
        };
        let said =
            ["title", "name", "id", "number", "kind", "form", "quote", "match", "text", "at", "reason"];
        let said: Vec<String> = said.into_iter().filter_map(of_it).take(2).collect();
        parts.push(Part {
            name: table.path.join("."),
            detail: said.join(" · "),
            kind: SymbolKind::STRUCT,
            all: table.all.start..table.all.start + text[table.all.clone()].trim_end().len(),
            head: table.header.clone(),
        });
    }
    if matches!(kind, Kind::Sidecar(SidecarKind::Note { .. })) {
        let mut at = body.start;
        let mut open: Option<Part> = None;
        for line in text[body].split_inclusive('\n') {
            let span = at..at + line.trim_end().len();
            at += line.len();
            match line.trim_start().strip_prefix('>') {
                Some(words) => match &mut open {
                    Some(part) => part.all.end = span.end,
                    None => {
                        open = Some(Part {
                            name: named(words),
                            detail: "quotation".to_owned(),
                            kind: SymbolKind::STRING,
                            all: span.clone(),
                            head: span,
                        });
                    }
                },
                None => parts.extend(open.take()),
            }
            if !line.trim().is_empty() && !line.trim_start().starts_with('>') {
                break;
            }
        }
        parts.extend(open);
    }
    parts
}

/// Parts as they lie in each other.
fn nested(mut parts: Vec<Part>, paper: &Paper) -> Vec<DocumentSymbol> {
    parts.sort_by_key(|part| (part.all.start, usize::MAX - part.all.end));
    let mut open: Vec<(usize, DocumentSymbol)> = Vec::new();
    let mut top = Vec::new();
    let close = |open: &mut Vec<(usize, DocumentSymbol)>, top: &mut Vec<DocumentSymbol>| {
        let Some((_, done)) = open.pop() else { return };
        match open.last_mut() {
            Some((_, around)) => around.children.get_or_insert_default().push(done),
            None => top.push(done),
        }
    };
    for part in parts {
        while open.last().is_some_and(|(end, _)| *end <= part.all.start) {
            close(&mut open, &mut top);
        }
        // One that reaches over the end of what it begins in is shown up to there.
        let end = open.last().map_or(part.all.end, |(end, _)| part.all.end.min(*end));
        let all = part.all.start..end.max(part.all.start);
        let head = part.head.start.clamp(all.start, all.end)..part.head.end.clamp(all.start, all.end);
        open.push((end, symbol(part, paper, all, head)));
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    top
}

fn symbol(part: Part, paper: &Paper, all: Range<usize>, head: Range<usize>) -> DocumentSymbol {
    #[allow(deprecated, reason = "the type asks for a field that nobody uses any more")]
    DocumentSymbol {
        // An empty name is refused by clients.
        name: if part.name.is_empty() { "…".to_owned() } else { part.name },
        detail: (!part.detail.is_empty()).then_some(part.detail),
        kind: part.kind,
        tags: None,
        deprecated: None,
        range: paper.range(all),
        selection_range: paper.range(head),
        children: None,
    }
}

/// Most things that are found by a name.
const MOST: usize = 200;

/// What of the archive is called so.
pub(super) fn search(reading: &Reading, query: &str) -> Result<Vec<WorkspaceSymbol>, Error> {
    let query = query.to_lowercase();
    let sorts = [
        (Means::Term, SymbolKind::CONSTANT),
        (Means::Topic, SymbolKind::PACKAGE),
        (Means::Text, SymbolKind::FILE),
        (Means::Contributor, SymbolKind::OBJECT),
    ];
    let name = |means: &Means, slug: String| match means {
        Means::Topic => Name::Topic(slug),
        Means::Text => Name::Text(slug),
        Means::Contributor => Name::Contributor(slug),
        _ => Name::Term(slug, None),
    };
    let mut out = Vec::new();
    for (means, kind) in sorts {
        for (slug, title, _) in names::choices(reading, &means) {
            if out.len() == MOST {
                return Ok(out);
            }
            if !slug.contains(&query) && !title.to_lowercase().contains(&query) {
                continue;
            }
            let places = names::defined(reading, &name(&means, slug.clone()))?;
            let Some(place) = places.first() else { continue };
            let Some(Location { uri, range }) = reading.location(place)? else { continue };
            let called = if title.is_empty() { slug.clone() } else { title };
            out.push(WorkspaceSymbol {
                name: called,
                kind,
                tags: None,
                container_name: Some(slug),
                location: OneOf::Left(Location { uri, range }),
                data: None,
            });
        }
    }
    Ok(out)
}
