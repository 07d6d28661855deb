//! YAML as words, lists and tables: front matter of texts, glossaries, tables of records.
//!
//! Each scalar is what is written, so that `no`, `1902-03-04` and `007` stay words. Anchors may be set and
//! not gone back to: a few lines of them would be any number of words.

use saphyr_parser::{Event, Parser, ScalarStyle};

/// How deep lists and tables may lie in each other.
const DEEPEST: usize = 32;

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Its line, from 1; in a table that of its key.
    pub line: u32,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing: no words, `~` or `null`.
    Nothing,
    /// Words, as they are written.
    Words(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values, in their order.
    Table(Vec<(String, Node)>),
}

impl Value {
    /// What it says in words; what is listed is divided by `sign`.
    pub fn words(&self, sign: &str) -> String {
        let listed = |words: Vec<String>| {
            words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(sign)
        };
        match self {
            Self::Nothing => String::new(),
            Self::Words(words) => words.split_whitespace().collect::<Vec<_>>().join(" "),
            Self::List(list) => listed(list.iter().map(|one| one.value.words(sign)).collect()),
            Self::Table(table) => {
                listed(table.iter().map(|(key, node)| format!("{key}: {}", node.value.words(sign))).collect())
            }
        }
    }
}

/// Why something is not read as YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// In a few words.
    pub why: String,
    /// Its line, from 1.
    pub line: u32,
}

/// A list or table whose end is still to come.
enum Open {
    List(u32, Vec<Node>),
    Table(u32, Vec<(String, Node)>, Option<(String, u32)>),
}

/// Reads one document of YAML.
///
/// # Errors
/// It is none, or holds what is not taken from strangers.
pub fn read(text: &str) -> Result<Node, Mistake> {
    let mut open: Vec<Open> = Vec::new();
    let mut whole = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Mistake {
            why: error.info().to_owned(),
            line: u32::try_from(error.marker().line()).unwrap_or(1).max(1),
        })?;
        let line = u32::try_from(span.start.line()).unwrap_or(1).max(1);
        let mistake = |why: &str| Mistake { why: why.to_owned(), line };
        let node = match event {
            Event::Alias(_) => return Err(mistake("it goes back to what stands elsewhere (`*`)")),
            Event::Scalar(words, style, ..) => {
                let is_nothing =
                    style == ScalarStyle::Plain && matches!(&*words, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_nothing { Value::Nothing } else { Value::Words(words.into_owned()) };
                Node { value, line }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() == DEEPEST => {
                return Err(mistake("lists and tables lie too deep in each other"));
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(line, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Table(line, Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(line, list)) => Node { value: Value::List(list), line },
                Some(Open::Table(line, table, _)) => Node { value: Value::Table(table), line },
                None => continue,
            },
            Event::DocumentStart(_) if whole.is_some() => {
                return Err(mistake("it is more than one document"));
            }
            _ => continue,
        };
        match open.last_mut() {
            None => whole = Some(node),
            Some(Open::List(_, list)) => list.push(node),
            Some(Open::Table(_, table, key)) => match (key.take(), node.value) {
                (Some((key, line)), value) => table.push((key, Node { value, line })),
                (None, Value::Words(name)) if table.iter().all(|(known, _)| *known != name) => {
                    *key = Some((name, line))
                }
                (None, Value::Words(name)) => return Err(mistake(&format!("the key `{name}` stands twice"))),
                (None, _) => return Err(mistake("a key is not one word or line")),
            },
        }
    }
    Ok(whole.unwrap_or(Node { value: Value::Nothing, line: 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node) -> String {
        match &node.value {
            Value::Nothing => "-".to_owned(),
            Value::Words(words) => format!("{words:?}"),
            Value::List(list) => format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(" ")),
            Value::Table(table) => {
                let keys: Vec<String> =
                    table.iter().map(|(key, node)| format!("{key}@{}={}", node.line, shown(node))).collect();
                format!("{{{}}}", keys.join(" "))
            }
        }
    }

    #[test]
    fn scalars_are_as_they_are_written() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(
                read(text).map(|node| shown(&node)).unwrap_or_else(|it| format!("{}: {}", it.line, it.why)),
                expected
            );
        }
        check(
            "a: no\nb: 007\nc: 1902-03-04\nd: ~\ne: \"~\"\n",
            "{a@1=\"no\" b@2=\"007\" c@3=\"1902-03-04\" d@4=- e@5=\"~\"}",
        );
        check(
            "Title: Act on the\n  Lamps\n\ntags: [a, b]\nlist:\n  - c\n  - d: e\n",
            "{Title@1=\"Act on the Lamps\" tags@4=[\"a\" \"b\"] list@5=[\"c\" {d@7=\"e\"}]}",
        );
        check("a: |\n  b\n  c\n", "{a@1=\"b\\nc\\n\"}");
        check("", "-");
        check("Only words.", "\"Only words.\"");
        check("a: &x b\nc: *x\n", "2: it goes back to what stands elsewhere (`*`)");
        check("a: b\na: c\n", "2: the key `a` stands twice");
        check("? [a]\n: b\n", "1: a key is not one word or line");
        assert!(read("a: [").is_err());
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
