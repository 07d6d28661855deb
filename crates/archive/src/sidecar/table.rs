//! A parsed TOML value as a struct, by serde, with all problems.
//!
//! Serde stops at the first error. Therefore what is wrong is reported where it
//! stands, *dropped*, and the struct is read again without it; each round drops
//! something, so there is an end. Rows and free keys are retried one by one
//! (`lists.rs`), so the cost stays proportional to the file.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_spanned::de::{SpannedDeserializer, is_spanned};
use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::date::{Date, Offer, Refusal};
use super::fault::{self, Fault, missing_key};
use super::lists::{ONE_OR_MANY, WORDS_OR};
use super::{called, suggest};
use crate::diagnostic::{Checked, Code, Diagnostic, Fix, Place, Source, Span};

type Value<'i> = Spanned<DeValue<'i>>;

/// The key that holds the words of the source where a date cannot.
const SHOWN: &str = "date_shown";

/// Reads the root table as a `T`.
pub(super) fn read<'de, T: Deserialize<'de>>(
    source: &Source,
    offset: usize,
    root: &Value<'_>,
) -> Checked<Option<T>> {
    let mut reader = Reader {
        source,
        offset,
        root: id(root),
        root_keys: &[],
        problems: Vec::new(),
        dropped: BTreeSet::new(),
        absent: BTreeSet::new(),
    };
    loop {
        let before = reader.progress();
        match T::deserialize(Node { reader: &mut reader, value: root, key: "" }) {
            Ok(value) => return Checked::new(Some(value), reader.problems),
            Err(fault) => reader.report("", root, fault, false),
        }
        if reader.is_dropped(root) || reader.progress() == before {
            return Checked::new(None, reader.problems);
        }
    }
}

/// What one reading of a file knows.
struct Reader<'s> {
    source: &'s Source,
    /// Where the TOML begins in the file.
    offset: usize,
    root: usize,
    /// The keys of the file's struct, for keys that stand under a wrong table.
    root_keys: &'static [&'static str],
    problems: Vec<Diagnostic>,
    /// Values that are left out, by [`id`].
    dropped: BTreeSet<usize>,
    /// Keys that a table lacks, by the table's [`id`].
    absent: BTreeSet<(usize, &'static str)>,
}

/// Tells values apart: spans do not, since an array of `[[tables]]` and its
/// first table share theirs.
fn id(value: &Value<'_>) -> usize {
    std::ptr::from_ref(value) as usize
}

impl Reader<'_> {
    fn progress(&self) -> usize {
        self.dropped.len() + self.absent.len()
    }

    fn is_dropped(&self, value: &Value<'_>) -> bool {
        self.dropped.contains(&id(value))
    }

    fn drop(&mut self, value: &Value<'_>) {
        self.dropped.insert(id(value));
    }

    fn span(&self, of: std::ops::Range<usize>) -> Span {
        Span { start: self.offset + of.start, end: self.offset + of.end }
    }

    fn place(&self, of: std::ops::Range<usize>) -> Place {
        self.source.place(self.span(of))
    }

    /// Reports a fault of the value of `key`, unless that was done, and drops the value.
    ///
    /// `may_show` says whether the table around it may have [`SHOWN`] too, and has not.
    fn report(&mut self, key: &str, value: &Value<'_>, fault: Fault, may_show: bool) {
        let span = self.span(value.span());
        let refused = refused_date(value, &fault);
        let Some(problem) = fault.problem(key, self.source, span) else { return };
        let problem = match refused {
            Some(refusal) => self.no_date(key, span, refusal, may_show && key == "date"),
            None => problem,
        };
        self.problems.push(problem);
        self.drop(value);
    }

    /// The problem of a value that is no date, with what to write instead.
    fn no_date(&self, key: &str, span: Span, refusal: Refusal, may_show: bool) -> Diagnostic {
        let old = self.source.text.get(span.range()).unwrap_or_default();
        let behind = self.source.text.get(span.end..).unwrap_or_default();
        let behind = behind.split('\n').next().unwrap_or_default().trim();
        // The other key stands on the next line, or in the same row.
        let between = match behind {
            "" => Some("\n"),
            _ if behind.starts_with([',', '}']) => Some(", "),
            _ => None,
        };
        let message = format!("`{key}`: {}", refusal.message);
        let mut problem = Diagnostic::error(Code::BAD_VALUE, self.source.place(span), message);
        for offer in &refusal.offers {
            let Offer { keep_words, says, .. } = offer;
            let value = offer.value();
            let shown = (*keep_words && may_show).then(|| format!("{SHOWN} = {old}"));
            let says = if says.is_empty() { String::new() } else { format!(": {says}") };
            let title = match &shown {
                Some(shown) => format!("write `{value}` and `{shown}`{says}"),
                None => format!("write `{value}`{says}"),
            };
            let new = match shown.zip(between) {
                Some((shown, between)) => format!("{value}{between}{shown}"),
                None => value,
            };
            problem = problem.help(title.clone()).fix(Fix::propose(title, self.source.edit(span, new)));
        }
        let usual = || refusal.offers.is_empty().then(|| fault::like(key, ""));
        refusal.advice.clone().or_else(usual).into_iter().fold(problem, Diagnostic::help)
    }

    fn unknown_key(&mut self, key: &Spanned<DeString<'_>>, table: &Table<'_, '_>) {
        let name = key.get_ref().as_ref();
        let place = self.place(key.span());
        let mut problem = Diagnostic::error(Code::UNKNOWN_KEY, place, format!("unknown key `{name}`"));
        let misplaced = table.id != self.root && self.root_keys.contains(&name);
        problem = if misplaced {
            problem
                .label(format!("TOML counts it to `{}` above it", table.key))
                .help(format!("`{name}` belongs to the file itself: move it above the first line in `[ ]`"))
        } else {
            self.perhaps_meant(problem, key, table)
        };
        self.problems.push(problem.help(format!("keys here are {}", suggest::list(table.fields))));
    }

    /// Adds which key was probably meant, if any. Only a slip of the fingers is mended: a short key
    /// that is like another, or what other tools call it, may have been meant to say something else.
    fn perhaps_meant(
        &self,
        problem: Diagnostic,
        key: &Spanned<DeString<'_>>,
        table: &Table<'_, '_>,
    ) -> Diagnostic {
        let name = key.get_ref().as_ref();
        let fields = || table.fields.iter().copied();
        let slip = suggest::slip(name, fields());
        let near =
            slip.or_else(|| called::meant(name, table.fields)).or_else(|| suggest::nearest(name, fields()));
        let Some(near) = near else {
            return called::elsewhere(name).into_iter().fold(problem, Diagnostic::help);
        };
        let free = !table.entries.iter().any(|(key, _)| key.get_ref().as_ref() == near);
        let (title, edit) = (format!("write `{near}`"), self.source.edit(self.span(key.span()), near));
        let fix = if slip.is_some() { Fix::mend(title, edit) } else { Fix::propose(title, edit) };
        problem.fix(free.then_some(fix)).help(format!("did you mean `{near}`?"))
    }
}

/// One value, under the key that names it in messages.
struct Node<'a, 's, 't, 'i> {
    reader: &'a mut Reader<'s>,
    value: &'t Value<'i>,
    key: &'t str,
}

/// A table and what may stand in it.
struct Table<'t, 'i> {
    id: usize,
    key: &'t str,
    fields: &'static [&'static str],
    entries: Vec<(&'t Spanned<DeString<'i>>, &'t Value<'i>)>,
}

impl<'t> Node<'_, '_, 't, '_> {
    fn wrong_type<T>(&self, expected: &dyn Expected) -> Result<T, Fault> {
        let found = match self.value.get_ref() {
            DeValue::String(text) => Unexpected::Str(text),
            DeValue::Integer(_) => Unexpected::Other("a number"),
            DeValue::Float(_) => Unexpected::Other("a number with a point"),
            DeValue::Boolean(value) => Unexpected::Bool(*value),
            DeValue::Datetime(_) => Unexpected::Other("a date"),
            DeValue::Array(_) => Unexpected::Seq,
            DeValue::Table(_) => Unexpected::Map,
        };
        Err(serde::de::Error::invalid_type(found, expected))
    }

    /// Gives the entries of a table in the order of the file.
    fn table<'de, V: Visitor<'de>>(
        mut self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let DeValue::Table(table) = self.value.get_ref() else { return self.wrong_type(&visitor) };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let table = Table { id: id(self.value), key: self.key, fields: fields.unwrap_or_default(), entries };
        if fields.is_some() {
            if table.id == self.reader.root {
                self.reader.root_keys = table.fields;
            }
            for (key, value) in &table.entries {
                if !table.fields.contains(&key.get_ref().as_ref()) && !self.reader.is_dropped(value) {
                    self.reader.unknown_key(key, &table);
                    self.reader.drop(value);
                }
            }
        }
        let absent: Vec<_> =
            table.fields.iter().filter(|f| self.reader.absent.contains(&(table.id, **f))).copied().collect();
        let complete = absent.is_empty();
        let entries = Entries { reader: &mut *self.reader, table: &table, at: 0, absent };
        match visitor.visit_map(entries) {
            Ok(value) if complete => Ok(value),
            Ok(_) => {
                self.reader.drop(self.value);
                Err(Fault::Reported)
            }
            Err(Fault::Missing(key)) => {
                self.missing(&table, key);
                Err(Fault::Reported)
            }
            Err(fault) => {
                if !complete && !matches!(fault, Fault::Reported) {
                    self.reader.drop(self.value);
                    return Err(Fault::Reported);
                }
                Err(fault)
            }
        }
    }

    /// Reports a missing key, unless it is there and wrong, and remembers it, so
    /// that the next round finds the next one.
    fn missing(&mut self, table: &Table<'_, '_>, key: &'static str) {
        let there = table.entries.iter().any(|(k, _)| k.get_ref().as_ref() == key);
        if !there {
            let span = self.value.span();
            let span = if table.id == self.reader.root { 0..0 } else { span };
            let place = self.reader.place(span);
            self.reader.problems.push(missing_key(place, key));
        }
        if !self.reader.absent.insert((table.id, key)) {
            self.reader.drop(self.value);
        }
    }
}

impl<'de> Deserializer<'de> for Node<'_, '_, '_, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.get_ref() {
            DeValue::String(text) => visitor.visit_str(text),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => Err(Fault::Wrong("the number is too large".to_owned())),
            },
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => self.wrong_type(&visitor),
            },
            DeValue::Boolean(value) => visitor.visit_bool(*value),
            DeValue::Datetime(date) => visitor.visit_string(date.to_string()),
            DeValue::Array(_) => self.deserialize_seq(visitor),
            DeValue::Table(_) => self.table(None, visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.get_ref() {
            DeValue::String(text) => visitor.visit_str(text),
            _ => self.wrong_type(&visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.get_ref() {
            DeValue::Array(items) => {
                let items = items.iter().collect();
                visitor.visit_seq(Items { reader: self.reader, key: self.key, items, at: 0 })
            }
            _ => self.wrong_type(&visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.table(None, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name == WORDS_OR {
            return match self.value.get_ref() {
                DeValue::String(text) => visitor.visit_str(text),
                DeValue::Table(_) => visitor.visit_newtype_struct(self),
                _ => self.wrong_type(&visitor),
            };
        }
        if name != ONE_OR_MANY {
            return visitor.visit_newtype_struct(self);
        }
        if self.value.get_ref().is_array() {
            return self.deserialize_seq(visitor);
        }
        visitor.visit_seq(Items { reader: self.reader, key: self.key, items: vec![self.value], at: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if is_spanned(name) {
            let span = self.reader.span(self.value.span());
            return visitor.visit_map(SpannedDeserializer::new(self, span.range()));
        }
        self.table(Some(fields), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value.get_ref() {
            DeValue::String(text) => visitor.visit_enum(StrDeserializer::new(text)),
            _ => self.wrong_type(&"a string"),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf
        unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Node<'_, '_, '_, '_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries of a list that are not dropped. After an error the next call
/// gives the same entry again, without what was dropped from it, or the next.
struct Items<'a, 's, 't, 'i> {
    reader: &'a mut Reader<'s>,
    key: &'t str,
    items: Vec<&'t Value<'i>>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, '_, '_, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        while self.items.get(self.at).is_some_and(|item| self.reader.is_dropped(item)) {
            self.at += 1;
        }
        let Some(&item) = self.items.get(self.at) else { return Ok(None) };
        let value = read_value(self.reader, self.key, item, seed, false)?;
        self.at += 1;
        Ok(Some(value))
    }
}

/// The entries of a table that are not dropped, then the keys it lacks.
struct Entries<'a, 's, 't, 'i> {
    reader: &'a mut Reader<'s>,
    table: &'a Table<'t, 'i>,
    at: usize,
    absent: Vec<&'static str>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_, '_, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        while self.table.entries.get(self.at).is_some_and(|(_, value)| self.reader.is_dropped(value)) {
            self.at += 1;
        }
        let name = match self.table.entries.get(self.at) {
            Some((key, _)) => key.get_ref().as_ref(),
            None => match self.absent.last() {
                Some(name) => name,
                None => return Ok(None),
            },
        };
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some(&(key, value)) = self.table.entries.get(self.at) else {
            self.absent.pop();
            return seed.deserialize(Placeholder);
        };
        let shows = |(key, _): &(&Spanned<DeString<'_>>, &Value<'_>)| key.get_ref().as_ref() == SHOWN;
        let may_show = self.table.fields.contains(&SHOWN) && !self.table.entries.iter().any(shows);
        let value = read_value(self.reader, key.get_ref().as_ref(), value, seed, may_show)?;
        self.at += 1;
        Ok(value)
    }
}

/// Reads one value; what is wrong is reported and dropped, so that the next try gets further.
fn read_value<'de, T: DeserializeSeed<'de>>(
    reader: &mut Reader<'_>,
    key: &str,
    value: &Value<'_>,
    seed: T,
    may_show: bool,
) -> Result<T::Value, Fault> {
    let before = reader.progress();
    match seed.deserialize(Node { reader: &mut *reader, value, key }) {
        Ok(read) => Ok(read),
        Err(fault) => {
            reader.report(key, value, fault, may_show);
            if reader.progress() == before {
                reader.drop(value);
            }
            Err(Fault::Reported)
        }
    }
}

/// Why a value is no date, if it was read as one: the fault is known by its words.
fn refused_date(value: &Value<'_>, fault: &Fault) -> Option<Refusal> {
    let Fault::Wrong(message) = fault else { return None };
    let words = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok()?.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        _ => return None,
    };
    Date::parse(&words).err().filter(|refusal| refusal.message == *message)
}

/// Stands for a missing value, so that serde goes on to the next missing key.
/// What is made of it is thrown away.
struct Placeholder;

impl<'de> Deserializer<'de> for Placeholder {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str("2000")
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if is_spanned(name) {
            return visitor.visit_map(SpannedDeserializer::new(self, 0..0));
        }
        Err(Fault::Reported)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(serde::de::value::SeqDeserializer::new(std::iter::empty::<()>()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match name {
            ONE_OR_MANY => self.deserialize_seq(visitor),
            WORDS_OR => visitor.visit_str(""),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        options: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(StrDeserializer::new(options.first().copied().unwrap_or_default()))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct map tuple tuple_struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Placeholder {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
