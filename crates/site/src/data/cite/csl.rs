//! A reference as CSL-JSON (Citation Style Language, 1.0.2).

use serde_json::{Map, Value, json};

use super::{Kind, Name, Reference};
use postil_archive::sidecar::date::{Date, Doubt, Part, Point};

/// One item.
pub(crate) fn csl(reference: &Reference) -> Value {
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| {
        item.insert(key.to_owned(), value);
    };
    put("id", json!(reference.key));
    put(
        "type",
        json!(match reference.kind {
            Kind::Proceedings => "hearing",
            Kind::Report => "report",
            Kind::Document => "document",
        }),
    );
    put("title", json!(reference.title));
    if !reference.people.is_empty() {
        let people: Vec<Value> = reference.people.iter().map(name).collect();
        put("author", json!(people));
    }
    if !reference.recipients.is_empty() {
        let people: Vec<Value> = reference.recipients.iter().map(name).collect();
        put("recipient", json!(people));
    }
    if let Some(date) = reference.date {
        put("issued", issued(date, reference.date_shown.as_deref()));
    } else if let Some(shown) = &reference.date_shown {
        put("issued", json!({ "literal": shown }));
    }
    let texts = [
        ("publisher", reference.publisher.as_deref()),
        ("volume", reference.volume.as_deref()),
        ("page", reference.pages.as_deref()),
        ("number", reference.number.as_deref()),
        ("publisher-place", reference.place.as_deref()),
        ("abstract", reference.summary.as_deref()),
        ("genre", reference.genre.as_deref()),
        ("ISBN", reference.isbn.as_deref()),
        ("archive", Some(reference.archive.as_str())),
        ("language", Some(reference.lang.as_str())),
        ("URL", reference.url.as_deref().or(reference.source_url.as_deref())),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            put(key, json!(value));
        }
    }
    Value::Object(item)
}

/// A date: as far as numbers say it, with what they do not say beside them.
fn issued(date: Date, shown: Option<&str>) -> Value {
    let mut season = None;
    let parts = match (date.plain(), date) {
        (Some((year, month, day)), _) => {
            vec![std::iter::once(year).chain([month, day].into_iter().flatten().map(i16::from)).collect()]
        }
        (None, Date::Point(point)) if point.year().is_some() => {
            if let Some(Part::Known(known @ 21..)) = point.month() {
                season = Some(known - 20);
            }
            let month = match point.month() {
                Some(Part::Known(month @ ..=12)) => Some(i16::from(month)),
                _ => None,
            };
            let day = match point.day() {
                Some(Part::Known(day)) if month.is_some() => Some(i16::from(day)),
                _ => None,
            };
            vec![[Some(date.year()), month, day].into_iter().flatten().collect::<Vec<i16>>()]
        }
        _ => {
            let (from, until) = super::years(date);
            [Some(from), until].into_iter().flatten().map(|year| vec![year]).collect()
        }
    };
    let mut issued = json!({ "date-parts": parts });
    let exact = |point: Option<Point>| point.is_none_or(|point| Date::Point(point).plain().is_some());
    let is_exact = match date {
        Date::Point(point) => exact(Some(point)) || season.is_some() && point.doubt == Doubt::None,
        Date::Span(from, until) => exact(from) && exact(until),
    };
    if !is_exact {
        issued["circa"] = json!(true);
    }
    if let Some(season) = season {
        issued["season"] = json!(season);
    }
    if let Some(shown) = shown {
        issued["literal"] = json!(shown);
    }
    issued
}

fn name(name: &Name) -> Value {
    match name {
        Name::Parts { given, family } => json!({ "family": family, "given": given }),
        Name::Whole(name) | Name::Body(name) => json!({ "literal": name }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, paper};
    use super::*;

    #[test]
    fn an_item_has_what_is_known() {
        let item = csl(&answer());
        assert_eq!(item["type"], "hearing");
        assert_eq!(
            item["author"],
            json!([{ "family": "Doughty", "given": "Sue" }, { "literal": "Baroness Williams of Trafford" }])
        );
        assert_eq!(item["issued"], json!({ "date-parts": [[2004, 3, 9]] }));
        let item = csl(&paper());
        assert_eq!((&item["type"], &item["number"]), (&json!("report"), &json!("Cm 7693")));
        assert_eq!(item["issued"], json!({ "date-parts": [[2009, 8]] }));
        assert_eq!(item.get("volume"), None);
    }

    #[test]
    fn a_date_says_what_numbers_can() {
        let check = |date: &str, expected: Value| {
            assert_eq!(issued(Date::parse(date).expect("a date"), None), expected, "{date}");
        };
        check("1821~", json!({ "date-parts": [[1821]], "circa": true }));
        check("1821-05-04?", json!({ "date-parts": [[1821, 5, 4]], "circa": true }));
        check("182X", json!({ "date-parts": [[1820], [1829]], "circa": true }));
        check("17XX-12-11", json!({ "date-parts": [[1700], [1799]], "circa": true }));
        check("1817-23", json!({ "date-parts": [[1817]], "season": 3 }));
        check("1821/1823", json!({ "date-parts": [[1821], [1823]] }));
        check("-0043", json!({ "date-parts": [[-43]] }));
        let shown = issued(Date::parse("1821~").expect("a date"), Some("c. 1821"));
        assert_eq!(shown["literal"], "c. 1821");
    }
}
