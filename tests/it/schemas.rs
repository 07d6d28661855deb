//! The schemas that lie in `schemas/` are those of the types, hold of every file
//! of the archive, and refuse what the reader refuses.

use postil_anchor::annotation::schema;
use postil_anchor::document::{collection, record};
use postil_archive::archive::{SidecarKind, config};
use postil_archive::diagnostic::Source;
use postil_archive::sidecar::front_matter;
use serde_json::{Value, json};

use super::{files, repository};

/// Every schema with the name of its file.
fn schemas() -> [(&'static str, Value); 11] {
    [
        ("apparatus.json", schema::apparatus()),
        ("collection.json", collection::schema()),
        ("contributor.json", schema::contributor()),
        ("furniture.json", schema::furniture()),
        ("link.json", schema::link()),
        ("note.json", schema::note()),
        ("page.json", schema::page()),
        ("record.json", record::schema()),
        ("site.json", config::schema()),
        ("term.json", schema::term()),
        ("topic.json", schema::topic()),
    ]
}

#[test]
fn the_files_are_those_of_the_types() {
    let lying = files(&repository("schemas"));
    let read = |(path, bytes): (String, Vec<u8>)| (path, serde_json::from_slice::<Value>(&bytes).unwrap());
    let lying: Vec<(String, Value)> = lying.into_iter().map(read).collect();
    let made: Vec<(String, Value)> = schemas().map(|(path, schema)| (path.to_owned(), schema)).into();
    let wrong = made.iter().zip(&lying).find(|(made, lying)| made != lying).map(|(made, _)| &made.0);
    assert_eq!(wrong, None, "write it anew: `postil schema KIND > schemas/KIND.json`");
    assert_eq!(made.len(), lying.len());
}

/// TOML as an editor gives it to a schema: dates are strings.
fn json_of(toml: &str) -> Value {
    fn value(of: toml::Value) -> Value {
        match of {
            toml::Value::Datetime(date) => json!(date.to_string()),
            toml::Value::Array(list) => list.into_iter().map(value).collect(),
            toml::Value::Table(table) => {
                Value::Object(table.into_iter().map(|(key, of)| (key, value(of))).collect())
            }
            other => serde_json::to_value(other).unwrap(),
        }
    }
    value(toml::Value::Table(toml.parse().unwrap()))
}

fn front_matter_of(source: &Source) -> &str {
    &source.text[front_matter::split(source).unwrap().unwrap().toml.range()]
}

#[test]
fn they_hold_of_the_whole_archive() {
    let archive = postil::theme::read(&repository("")).unwrap().value;
    let compiled = schemas().map(|(name, schema)| (name, jsonschema::validator_for(&schema).unwrap()));
    let validator = |name: &str| &compiled.iter().find(|(other, _)| *other == name).unwrap().1;
    let mut count = 0;
    let mut check = |name: &str, path: &str, toml: &str| {
        count += 1;
        let faults: Vec<String> =
            validator(name).iter_errors(&json_of(toml)).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{path}: {faults:?}");
    };
    let config = std::fs::read_to_string(repository("postil.toml")).unwrap();
    check("site.json", "postil.toml", &config);
    for record in archive.texts.iter().filter_map(|text| text.record.as_ref()) {
        check("record.json", &record.path, &record.text);
    }
    for page in archive.pages.iter().filter(|page| page.source.text.starts_with("+++")) {
        check("page.json", &page.source.path, front_matter_of(&page.source));
    }
    for sidecar in &archive.sidecars {
        let source = &sidecar.source;
        let (name, toml) = match &sidecar.kind {
            SidecarKind::Note { .. } => ("note.json", front_matter_of(source)),
            SidecarKind::Apparatus { .. } | SidecarKind::Derived { .. } => {
                ("apparatus.json", source.text.as_str())
            }
            SidecarKind::Furniture => ("furniture.json", source.text.as_str()),
            SidecarKind::Term(_) => ("term.json", source.text.as_str()),
            SidecarKind::Topic(_) => ("topic.json", source.text.as_str()),
            SidecarKind::Link(_) => ("link.json", source.text.as_str()),
            SidecarKind::Contributor(_) => ("contributor.json", source.text.as_str()),
        };
        check(name, &source.path, toml);
    }
    assert!(count > archive.sidecars.len() + archive.texts.len());
}

/// `good` validates; with `wrong` added it does not, at that place.
#[track_caller]
fn check(schema: &Value, good: &str, wrong: &str, place: &str) {
    let validator = jsonschema::validator_for(schema).unwrap();
    assert!(validator.is_valid(&json_of(good)), "{good}");
    let wrong = json_of(&format!("{good}\n{wrong}"));
    let faults: Vec<String> =
        validator.iter_errors(&wrong).map(|fault| format!("{} {fault}", fault.instance_path())).collect();
    assert!(faults.iter().any(|fault| fault.starts_with(place)), "{wrong}: {faults:?}");
}

#[test]
fn what_is_wrong_is_refused() {
    let note = "by = ['A B', 'editors']\ndate = 2009-08-31\ntopics = 'x'\nat = ['p1']\nnth = 2";
    check(&schema::note(), note, "knid = 'context'", " ");
    check(&schema::note(), note, "certainty = 'sure'", "/certainty");
    check(&schema::note(), note, "review_by = '2009-13'", "/review_by");
    check(&schema::note(), note, "sources = [{ url = 'https://a.example' }]", "/sources/0");
    check(&schema::note(), note, "quote = 3", "/quote");
    check(&schema::note(), note, "nth2 = 0", " ");
    let row =
        "[[structure]]\nkind = 'question'\nat = 'p1'\nnumber = 8\nto = ['8a', 9]\nrefs = { p = [1, '2'] }";
    check(&schema::apparatus(), row, "[[structure]]\nkind = 'question '", "/structure/1/kind");
    check(&schema::apparatus(), row, "[[structure]]\nat = 'p2'", "/structure/1");
    check(&schema::apparatus(), row, "[[furniture]]\nquote = 'x'", "/furniture/0");
    check(&schema::apparatus(), row, "[[join]]\nat = 45", "/join/0/at");
    let furniture = "[[furniture]]\nquote = 'x'\nreason = 'y'\ntexts = '**'";
    check(&schema::furniture(), furniture, "[[furniture]]\nquote = 'x'\nreason = 'y'", "/furniture/1");
    let term = "term = 'GLA'\nkind = 'body'\nsense = [{ definition = 'x', from = 2005, until = '2016-05' }]";
    check(&schema::term(), term, "mark = 'never'", "/mark");
    check(&schema::term(), term, "allow_common = 'yes'", "/allow_common");
    check(&schema::topic(), "title = 'T'", "[[passage]]\nquote = 'x'", "/passage/0");
    check(&schema::link(), "title = 'T'\nrelation = 'follows'", "ends = []", " ");
    check(&schema::contributor(), "name = 'A'", "url = 3", "/url");
    check(&schema::page(), "title = 'A'", "titel = 'A'", " ");
    let text = "title = 'T'\ndate = '2009-08'\nrefs = { asked = 2019-03-14, question = ['1', 2] }";
    check(&record::schema(), text, "layout = 'line'", "/layout");
    check(&record::schema(), text, "source = 'Hansard'", "/source");
    check(&config::schema(), "title = 'T'\n[notes.kinds]\na = 'A'", "[limits]\nnote = -1", "/limits/note");
    assert!(!jsonschema::is_valid(&config::schema(), &json!({})));
}
