//! What comes in, and what it becomes before anything is written.

use std::collections::BTreeMap;

use crate::toml::{self, Value};
use postil_archive::archive::Format;

/// A file that somebody brings in.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Path as messages show it.
    pub path: String,
    /// Path below what was named, with `/`: ids are made of it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Incoming {
    /// The name without the folders.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }
}

/// One text, as it would come into the archive.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Path that its id is made of.
    pub name: String,
    /// What it was called where it came from, if that is more than the file's name: kept in `meta.file`.
    pub called: String,
    /// Index of the file that it came from.
    pub source: usize,
    /// Plain text or Markdown.
    pub format: Format,
    /// The raw text.
    pub bytes: Vec<u8>,
    /// What is known of it.
    pub record: Record,
    /// What may be true of it: each goes into the record if nothing else says so.
    pub guesses: Vec<Guess>,
    /// Why the layout is what it is.
    pub why: String,
    /// The files that it was made from, where none of them is the text itself.
    pub originals: Vec<Original>,
    /// Rows that the source itself says.
    pub derived: Rows,
    /// Notes that the source has.
    pub notes: Vec<Note>,
    /// Further files of the archive: path and text. One that is there already stays.
    pub others: Vec<(String, String)>,
    /// That it comes as it is, with its files, from another archive of this program.
    pub carried: Option<Carried>,
    /// What was left out, with how often.
    pub left_out: BTreeMap<String, u32>,
    /// Pictures that a Markdown text shows: where each lies from the folder of the text's id, and the file that it is.
    pub pictures: Vec<(String, usize)>,
    /// What a person should look at.
    pub doubts: Vec<String>,
}

impl Draft {
    /// A text that is the file itself.
    pub fn of(incoming: &Incoming, source: usize, format: Format) -> Self {
        Self {
            name: incoming.name.clone(),
            called: incoming.name.clone(),
            source,
            format,
            bytes: Vec::new(),
            record: Record::default(),
            guesses: Vec::new(),
            why: String::new(),
            originals: Vec::new(),
            derived: Rows::default(),
            notes: Vec::new(),
            others: Vec::new(),
            carried: None,
            left_out: BTreeMap::new(),
            pictures: Vec::new(),
            doubts: Vec::new(),
        }
    }
}

/// What comes with a text from another archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its id there.
    pub id: String,
    /// Its record, its notes and the like: path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Carried {
    /// The files as they lie around a text of this id.
    pub fn files_at(self, id: &str) -> Vec<(String, Vec<u8>)> {
        let Self { id: before, files } = self;
        let moved = |path: String| {
            for (folder, behind) in [("content", '.'), ("annotations", '/')] {
                let rest = path.strip_prefix(folder).and_then(|path| path.strip_prefix('/'));
                let rest = rest.and_then(|path| path.strip_prefix(&*before));
                if let Some(rest) = rest.filter(|rest| rest.starts_with(behind)) {
                    return format!("{folder}/{id}{rest}");
                }
            }
            path
        };
        files.into_iter().map(|(path, bytes)| (moved(path), bytes)).collect()
    }
}

/// A value of the record that nobody has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The key.
    pub key: &'static str,
    /// The value.
    pub value: Value,
    /// Where it is from, in a few words.
    pub from: &'static str,
}

/// The file that a text was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Index of the file.
    pub source: usize,
    /// What it is (IANA).
    pub media_type: &'static str,
    /// Which member or bytes of it.
    pub part: Option<String>,
}

/// A note that a source has of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file's name, if no other has it.
    pub slug: String,
    /// Who wrote it: a contributor's slug, or a name.
    pub by: String,
    /// The block that the quotation begins in.
    pub at: Option<u32>,
    /// Which of the places there, from 1, if there are several.
    pub nth: Option<u32>,
    /// The words that it stands on, the marked ones in bold if there are others; several places with an empty line between
    /// them. Empty if it is on the whole text.
    pub quotation: String,
    /// What it says, in Markdown.
    pub body: String,
}

/// The record of a text, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    keys: Vec<(String, Value)>,
    meta: Vec<(String, Value)>,
}

/// Keys of a record in the order in which they are written; others stand behind them.
const ORDER: [&str; 27] = [
    "title",
    "short",
    "date",
    "date_shown",
    "kind",
    "house",
    "author",
    "recipient",
    "people",
    "place",
    "number",
    "summary",
    "lang",
    "source",
    "rights",
    "refs",
    "unknown",
    "media",
    "encoding",
    "layout",
    "block_start",
    "sha256",
    "blocks",
    "parts",
    "was",
    "original",
    "left_out",
];

impl Record {
    /// Says a key, or a key of `meta`, in place of what was said of it before.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let (keys, key) = match key.strip_prefix("meta.") {
            Some(key) => (&mut self.meta, key),
            None => (&mut self.keys, key),
        };
        match keys.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value.into(),
            None => keys.push((key.to_owned(), value.into())),
        }
    }

    /// Says it if there is something to say and nothing was said.
    pub fn fill(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value.filter(|_| self.get(key).is_none()) {
            self.set(key, value);
        }
    }

    /// What is said of a key, or a key of `meta`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let (keys, key) = match key.strip_prefix("meta.") {
            Some(key) => (&self.meta, key),
            None => (&self.keys, key),
        };
        keys.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The string of a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::text)
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: &str) {
        self.keys.retain(|(known, _)| known != key);
    }

    /// All that is said, keys of `meta` as `meta.key`.
    pub fn all(&self) -> impl Iterator<Item = (String, &Value)> {
        let keys = self.keys.iter().map(|(key, value)| (key.clone(), value));
        keys.chain(self.meta.iter().map(|(key, value)| (format!("meta.{key}"), value)))
    }

    /// The file.
    pub fn write(&self) -> String {
        let place =
            |(key, _): &(String, Value)| ORDER.iter().position(|known| known == key).unwrap_or(ORDER.len());
        let mut keys = self.keys.clone();
        keys.sort_by_key(place);
        if !self.meta.is_empty() {
            keys.push(("meta".to_owned(), Value::Table(self.meta.clone())));
        }
        toml::aligned(&keys)
    }
}

/// A row of an apparatus: keys and values.
pub type Row = Vec<(String, Value)>;

/// Rows of an apparatus, by what they are of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// What is folded away.
    pub furniture: Vec<Row>,
    /// What is one paragraph.
    pub join: Vec<Row>,
    /// What passages are.
    pub structure: Vec<Row>,
    /// What is misprinted, or written otherwise today.
    pub correction: Vec<Row>,
    /// Which term is meant.
    pub term: Vec<Row>,
}

impl Rows {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.groups().iter().map(|(_, rows)| rows.len()).sum()
    }

    fn groups(&self) -> [(&'static str, &[Row]); 5] {
        [
            ("furniture", &self.furniture),
            ("join", &self.join),
            ("structure", &self.structure),
            ("correction", &self.correction),
            ("term", &self.term),
        ]
    }

    /// The file, one row a line.
    pub fn write(&self, head: &str) -> String {
        let mut text = format!("# {head}\n");
        for (name, rows) in self.groups().iter().filter(|(_, rows)| !rows.is_empty()) {
            text.push_str(&format!("{name} = [\n"));
            for row in *rows {
                text.push_str(&format!("  {},\n", Value::Table(row.clone())));
            }
            text.push_str("]\n");
        }
        text
    }
}

/// A row on whole blocks.
pub fn row(at: (u32, u32)) -> Row {
    let (first, last) = at;
    let at = if first == last { format!("p{first}") } else { format!("p{first}-p{last}") };
    vec![("at".to_owned(), at.into())]
}

/// The row with a key more.
#[must_use]
pub fn with(mut row: Row, key: &str, value: impl Into<Value>) -> Row {
    row.push((key.to_owned(), value.into()));
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_written_in_order() {
        let mut record = Record::default();
        record.set("layout", "lines");
        record.set("meta.file", "A.txt");
        record.set("title", "A");
        record.set("other", 1_u32);
        record.fill("title", Some("B"));
        record.fill("date", Some(Value::Bare("1676-05-17".into())));
        assert_eq!(
            record.write(),
            "title  = \"A\"\ndate   = 1676-05-17\nlayout = \"lines\"\nother  = 1\nmeta   = { file = \"A.txt\" }\n"
        );
    }

    #[test]
    fn rows_stand_one_a_line() {
        let rows = Rows {
            structure: vec![with(row((4, 5)), "kind", "speech"), with(row((4, 4)), "kind", "speaker")],
            ..Rows::default()
        };
        let expected = "# From a.\nstructure = [\n  { at = \"p4-p5\", kind = \"speech\" },\n  { at = \"p4\", kind = \"speaker\" },\n]\n";
        assert_eq!(rows.write("From a."), expected);
        assert_eq!((rows.count(), Rows::default().is_empty()), (2, true));
    }
}
