//! The days that rows of the structure say, and what of the text is of them.

use super::{Anchored, Placed};
use crate::annotation::RowKind;
use postil_archive::sidecar::date::Date;

/// From which byte on which day holds, in order.
pub(super) struct Days(Vec<(usize, Option<Date>)>);

impl Days {
    pub(super) fn of(anchored: &Anchored) -> Self {
        let rows = &anchored.structure.raw;
        let dated: Vec<(usize, usize, Date)> = rows
            .iter()
            .enumerate()
            .filter_map(|(i, row)| Some((row.place.start(), end(rows, i), row.part.date?)))
            .collect();
        // What begins later is nearer; what ends gives way to what it lies in.
        let mut days: Vec<(usize, Option<Date>)> = Vec::with_capacity(2 * dated.len());
        let mut open: Vec<(usize, Date)> = Vec::new();
        for (start, until, date) in dated {
            close(&mut open, &mut days, start);
            days.push((start, Some(date)));
            // Rows may not cross, but a heading's section may end inside what lies around it.
            open.retain(|(end, _)| *end >= until);
            open.push((until, date));
        }
        close(&mut open, &mut days, usize::MAX);
        Self(days)
    }

    /// The day of a byte, if a row says it.
    pub(super) fn at(&self, byte: usize) -> Option<Date> {
        let next = self.0.partition_point(|(from, _)| *from <= byte);
        self.0.get(next.checked_sub(1)?)?.1
    }
}

fn close(open: &mut Vec<(usize, Date)>, days: &mut Vec<(usize, Option<Date>)>, upto: usize) {
    while let Some((end, _)) = open.pop_if(|(end, _)| *end <= upto) {
        days.push((end, open.last().map(|(_, date)| *date)));
    }
}

/// Where that ends which a row dates: of a heading all below it, of a dateline its letter.
fn end(rows: &[Placed], of: usize) -> usize {
    let row = &rows[of];
    match row.part.kind {
        RowKind::Heading => {
            let level = row.part.level.unwrap_or(1);
            let ends = |other: &&Placed| {
                other.part.kind == RowKind::Heading && other.part.level.unwrap_or(1) <= level
            };
            rows[of + 1..].iter().find(ends).map_or(usize::MAX, |next| next.place.start())
        }
        RowKind::Dateline => {
            let holds =
                |other: &&Placed| other.part.kind == RowKind::Letter && other.place.end() >= row.place.end();
            let letter = rows[..of].iter().rev().find(holds);
            letter.map_or(row.place.end(), |letter| letter.place.end())
        }
        _ => row.place.end(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Passage;
    use super::*;
    use crate::annotation::Part;
    use crate::document::TextRange;

    #[test]
    fn what_lies_in_a_row_is_of_its_day() {
        let row = |kind, from, to, date: &str, level| {
            let mut part = Part::new(kind);
            part.date = Date::parse(date).ok();
            part.level = level;
            Placed { part, place: Passage { ranges: vec![TextRange::new(from, to)] }, blocks: None }
        };
        use RowKind::{Dateline, Heading, Item, Letter};
        let structure = vec![
            row(Heading, 0, 5, "1660", Some(2)),
            row(Item, 10, 20, "1660-01-02", None),
            row(Heading, 30, 35, "", Some(2)),
            row(Letter, 40, 60, "", None),
            row(Dateline, 42, 45, "1818-03-05", None),
        ];
        let days = Days::of(&Anchored { structure: structure.into(), ..Anchored::default() });
        let at = |byte| days.at(byte).map(|date| date.to_string()).unwrap_or_default();
        let found = [0, 9, 10, 19, 20, 29, 30, 41, 42, 59, 60].map(at);
        let expected = [
            "1660",
            "1660",
            "1660-01-02",
            "1660-01-02",
            "1660",
            "1660",
            "",
            "",
            "1818-03-05",
            "1818-03-05",
            "",
        ];
        assert_eq!(found, expected);
    }
}
