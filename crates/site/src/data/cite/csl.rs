//! A reference as CSL-JSON (Citation Style Language, 1.0.2).

use serde_json::{Map, Value, json};

use super::{Kind, Name, Reference};

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
    if let Some(date) = reference.date {
        let parts: Vec<i16> = std::iter::once(date.year)
            .chain([date.month, date.day].into_iter().flatten().map(i16::from))
            .collect();
        put("issued", json!({ "date-parts": [parts] }));
    }
    let texts = [
        ("publisher", reference.publisher.as_deref()),
        ("volume", reference.volume.as_deref()),
        ("page", reference.pages.as_deref()),
        ("number", reference.number.as_deref()),
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

fn name(name: &Name) -> Value {
    match name {
        Name::Parts { given, family } => json!({ "family": family, "given": given }),
        Name::Whole(name) => json!({ "literal": name }),
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
}
