//! The first archive's texts, each line a block, with an apparatus.

use toml::{Table, Value};

use super::build::{Case, blocks, lines, quote};
use crate::annotation::{Edge, RowKind, Selector};

const Y2004: &str = include_str!("../../../../../content/commons/2004-03-09-child-trafficking.txt");
const Y2006: &str = include_str!("../../../../../content/commons/2006-10-24-human-trafficking.txt");
const Y2009: &str = include_str!("../../../../../content/home-office/2009-08-reply-hc23.txt");
const Y2012: &str = include_str!("../../../../../content/commons/2012-12-20-human-trafficking.txt");
const Y2019: &str = include_str!("../../../../../content/lords/2019-03-28-missing-children.txt");

/// The bare text of a year.
pub(super) fn bare(year: u16) -> Case {
    Case::of(lines(raw(year)))
}

/// The raw file of a year.
pub(super) fn raw(year: u16) -> &'static str {
    match year {
        2004 => Y2004,
        2006 => Y2006,
        2009 => Y2009,
        2012 => Y2012,
        2019 => Y2019,
        _ => panic!("no text of {year}"),
    }
}

/// The text of a year with its apparatus.
pub(super) fn text(year: u16) -> Case {
    let mut case = bare(year);
    let Some(rows) = apparatus(year) else { return case };
    let rows: Table = rows.parse().unwrap();
    let list = |key: &str| rows.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    for row in list("furniture") {
        case = case.furniture(selector(&row));
    }
    for row in list("join") {
        case = case.join(row["at"].as_str().unwrap());
    }
    for row in list("correction") {
        let reading = row.get("reading").and_then(Value::as_str).unwrap_or_default().to_owned();
        case = case.correction(selector(&row), &reading);
    }
    for row in list("structure") {
        let name = row["kind"].as_str().unwrap();
        let kind = RowKind::ALL.iter().find(|(_, known)| *known == name).unwrap().0;
        let starts = row.get("starts").and_then(Value::as_str).unwrap_or_default().to_owned();
        case = case.row(selector(&row), kind, &starts);
    }
    case
}

fn selector(row: &Value) -> Selector {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let mut selector = text("quote").map_or_else(|| blocks("p1"), quote);
    selector.at.clear();
    let at = match row.get("at") {
        Some(Value::Array(list)) => list.iter().map(|at| at.as_str().unwrap()).collect::<Vec<_>>().join(" "),
        at => at.and_then(Value::as_str).unwrap_or_default().to_owned(),
    };
    if !at.is_empty() {
        selector = selector.at(&at);
    }
    if text("edge") == Some("start") {
        selector = selector.edge(Edge::Start);
    }
    if let Some(words) = text("prefix") {
        selector = selector.prefix(words);
    }
    if let Some(words) = text("suffix") {
        selector = selector.suffix(words);
    }
    selector.all = row.get("all").is_some();
    selector
}

fn apparatus(year: u16) -> Option<&'static str> {
    Some(match year {
        2004 => include_str!("apparatus/2004.toml"),
        2006 => include_str!("apparatus/2006.toml"),
        2009 => include_str!("apparatus/2009.toml"),
        2012 => include_str!("apparatus/2012.toml"),
        2019 => include_str!("apparatus/2019.toml"),
        _ => return None,
    })
}
