//! What a file may hold, as JSON Schema: for editors that help while one writes.
//!
//! The structs say it: their schemas are derived. Only what is read by hand
//! (dates, lists that may be one value) has its schema written beside its reader,
//! here. A file that a schema refuses is refused by the reader, too; the reverse
//! does not hold, since a schema knows no other file.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::date::Date;
use super::{OneOrMany, Pairs, Rows, Word, WordsOr};

/// The schema of a kind of file, of the draft that editors of TOML read (draft 7).
pub fn of<T: JsonSchema>() -> serde_json::Value {
    let settings = SchemaSettings::draft07().with_transform(NoNull);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Takes `null` out, which TOML does not have: a key that is optional is left away.
#[derive(Debug, Clone)]
struct NoNull;

impl Transform for NoNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if let Some(serde_json::Value::Array(types)) = object.get_mut("type") {
            types.retain(|name| name != "null");
            if let [one] = &types[..] {
                let one = one.clone();
                object.insert("type".to_owned(), one);
            }
        }
        for list in ["anyOf", "enum"] {
            if let Some(serde_json::Value::Array(some)) = object.get_mut(list) {
                some.retain(|one| !one.is_null() && one.get("type").is_none_or(|name| name != "null"));
            }
        }
        let only = match object.get_mut("anyOf") {
            Some(serde_json::Value::Array(some)) if some.len() == 1 => some.pop(),
            _ => None,
        };
        if let Some(serde_json::Value::Object(only)) = only {
            object.remove("anyOf");
            match object.is_empty() {
                true => *object = only,
                // In draft 7 whatever stands beside a `$ref` does not count.
                false => {
                    object.insert("allOf".to_owned(), serde_json::json!([only]));
                }
            }
        }
    }
}

impl<T: JsonSchema> JsonSchema for Rows<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("RowsOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": generator.subschema_for::<T>() })
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one.clone(), { "type": "array", "items": one }] })
    }
}

impl<T: JsonSchema> JsonSchema for Pairs<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("PairsOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
    }
}

impl JsonSchema for Word {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Word".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"] })
    }
}

impl<T: JsonSchema> JsonSchema for WordsOr<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("WordsOr{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, generator.subschema_for::<T>()] })
    }
}

/// A day, month, season or year of EDTF.
const POINT: &str =
    "-?[0-9X]{4}(-(0[1-9X]|1[0-2X]|2[1-4X]|X[0-9X])(-(0[1-9X]|[12][0-9X]|3[01X]|X[0-9X]))?)?[~?%]?";

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    /// A date of TOML comes to a schema as a string.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A day (2009-08-31, without quotes), a month (\"2009-08\") or a year (2009); or EDTF in quotes: about \"1821~\", uncertain \"1821?\", both \"1821%\", unknown digits \"182X\", a season \"1817-21\" to \"1817-24\", a span \"1821/1823\", \"../1823\", \"1821/..\", 44 BC \"-0043\".",
            "anyOf": [
                { "type": "string", "pattern": format!("^({POINT}|({POINT}|\\.\\.)?/{POINT}|{POINT}/({POINT}|\\.\\.)?)$") },
                { "type": "integer", "minimum": 1000, "maximum": 9999 },
            ],
        })
    }
}
