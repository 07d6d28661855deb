//! Points of a text: where a page or a column begins, and when something was said.

use rustc_hash::FxHashMap;

use super::stream::Streams;
use super::words::is_word;
use super::{Layers, Point, numbers};
use crate::annotation::{Located, Part, RowKind, Unit};
use crate::document::TextRange;
use postil_archive::diagnostic::{Code, Diagnostic};

/// The points of a text with their addresses; what has none is told.
pub(super) fn points(
    layers: &Layers<'_>,
    streams: &Streams<'_>,
    found: Vec<(Part, usize, Located<()>)>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Point> {
    let doc = streams.doc;
    let mut points: Vec<Point> = Vec::with_capacity(found.len());
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for (part, at, row) in found {
        let at = before_word(streams, at);
        let place = doc.place(TextRange::new(at, at));
        let row = layers.apparatuses.iter().rev().find_map(|apparatus| {
            let of = |of: &&crate::annotation::Row| of.selector.span == row.span && of.part.kind == part.kind;
            apparatus.structure.iter().find(of).map(|of| of.selector.place())
        });
        let Some((id, seconds)) = address(&part) else {
            let key = if part.kind == RowKind::Time { "time" } else { "number" };
            let shown = match part.kind {
                RowKind::Time => part.time.clone(),
                _ => part.number.clone(),
            };
            let problem = match shown {
                None => Diagnostic::error(
                    Code::MISSING_KEY,
                    row.unwrap_or(place),
                    format!("a row of kind `{}` has no `{key}`", part.kind.name()),
                )
                .help(format!("add `{key} = …`, or a group of this name to the expression")),
                Some(words) => {
                    let (what, help) = match part.kind {
                        RowKind::Time => (
                            "time",
                            "write minutes and seconds, `1:09`, or hours too, `1:01:09`; a clock has hours and minutes",
                        ),
                        _ => ("number of a page", "write the number that is printed, such as `12` or `xii`"),
                    };
                    let at = row.unwrap_or_else(|| place.clone());
                    Diagnostic::error(Code::BAD_VALUE, at, format!("`{words}` is not a {what}"))
                        .related(place, "here")
                        .help(help)
                }
            };
            problems.push(problem);
            continue;
        };
        if let Some(&first) = seen.get(&id) {
            // Of equal times the first has the address.
            if part.kind == RowKind::Page {
                let other: &Point = &points[first];
                let message = format!("two pages of `{}` have the address `#{id}`", doc.id);
                problems.push(
                    Diagnostic::error(Code::ADDRESS_TWICE, place, message)
                        .related(doc.place(TextRange::new(other.at, other.at)), "the other page")
                        .help("if the volume tells them apart, add `volume`, or a group of this name to the expression")
                        .help("if one is no page, leave it out: `except`"),
                );
            }
            continue;
        }
        seen.insert(id.clone(), points.len());
        points.push(Point { part, id, at, seconds });
    }
    points
}

/// Where a point stands: before the next word that is seen; one that falls inside a word before that.
fn before_word(streams: &Streams<'_>, at: usize) -> usize {
    let reading = &streams.reading;
    let mut here = reading.map.folded(at);
    let rest = &reading.text[here..];
    here += rest.len() - rest.trim_start().len();
    if here == reading.text.len() {
        return at;
    }
    let is_inside = |at: usize| {
        let (before, after) = reading.text.split_at(at);
        before.chars().next_back().is_some_and(is_word) && after.chars().next().is_some_and(is_word)
    };
    while is_inside(here) {
        here -= reading.text[..here].chars().next_back().map_or(1, char::len_utf8);
    }
    reading.map.start(here)
}

/// The address of a point, and of a time that counts from the beginning its seconds.
fn address(part: &Part) -> Option<(String, Option<u32>)> {
    if part.kind == RowKind::Page {
        let start = match part.unit.unwrap_or(Unit::Page) {
            Unit::Column => "col",
            Unit::Folio => "fol",
            _ => "page",
        };
        let number = slug(part.number.as_deref()?)?;
        let volume = part.volume.as_deref().and_then(slug);
        let parts: Vec<String> =
            [Some(start.to_owned()), volume, Some(number)].into_iter().flatten().collect();
        return Some((parts.join("-"), None));
    }
    let time = part.time.as_deref()?;
    let clock = part.unit == Some(Unit::Clock);
    let mut numbers = Vec::new();
    for (i, words) in time.split(':').enumerate() {
        // Fractions of a second are dropped.
        let words = if i > 0 { words.split(['.', ',']).next().unwrap_or(words) } else { words };
        numbers.push(numbers::arabic(words)?);
    }
    let (hours, minutes, seconds) = match (numbers[..].len(), clock) {
        (2, false) => (0, numbers[0], numbers[1]),
        (2, true) => (numbers[0], numbers[1], 0),
        (3, _) => (numbers[0], numbers[1], numbers[2]),
        _ => return None,
    };
    if seconds > 59 || (numbers.len() == 3 && minutes > 59) {
        return None;
    }
    let (hours, minutes) = (hours + minutes / 60, minutes % 60);
    let id = format!("t-{hours:02}-{minutes:02}-{seconds:02}");
    Some((id, (!clock).then(|| hours.saturating_mul(3600) + minutes * 60 + seconds)))
}

/// A number as part of an address.
fn slug(number: &str) -> Option<String> {
    let slug: String =
        numbers::plain(number).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_addresses() {
        let page = |number: &str, volume: Option<&str>, unit| {
            let part = Part {
                number: Some(number.into()),
                volume: volume.map(str::to_owned),
                unit,
                ..Part::new(RowKind::Page)
            };
            address(&part).map(|(id, _)| id)
        };
        assert_eq!(page("12", None, None).as_deref(), Some("page-12"));
        assert_eq!(page("37", Some("2"), None).as_deref(), Some("page-2-37"));
        assert_eq!(page("XII", None, None).as_deref(), Some("page-xii"));
        assert_eq!(page("421", None, Some(Unit::Column)).as_deref(), Some("col-421"));
        assert_eq!(page("12r", None, Some(Unit::Folio)).as_deref(), Some("fol-12r"));
        let time = |time: &str, unit| {
            let part = Part { time: Some(time.into()), unit, ..Part::new(RowKind::Time) };
            address(&part)
        };
        assert_eq!(time("1:09", None), Some(("t-00-01-09".into(), Some(69))));
        assert_eq!(time("01:02:03.5", None), Some(("t-01-02-03".into(), Some(3723))));
        assert_eq!(time("9:30", Some(Unit::Clock)), Some(("t-09-30-00".into(), None)));
        assert_eq!([time("9", None), time("a:1", None), time("1:60", None)], [None, None, None]);
    }
}
