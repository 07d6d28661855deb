//! What stands where in TOML that may be half typed.
//!
//! A parser gives nothing for a file that cannot be read; somebody who types has such a file most of the
//! time. So tokens are walked here: what is a key, what a value, of which table, whatever is wrong around it.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// Keys, values and tables of a file, as far as they can be seen.
#[derive(Debug, Default)]
pub(super) struct Toml {
    /// Headers of tables, in order.
    pub(super) tables: Vec<Table>,
    /// Every key, in order.
    pub(super) keys: Vec<Key>,
    /// Every value that is no list and no table, in order.
    pub(super) values: Vec<Value>,
    /// What each byte between them is: where a stretch begins that is of one sort.
    gaps: Vec<(usize, Gap)>,
}

/// A `[table]` or a row of `[[tables]]`.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Its name.
    pub(super) path: Vec<String>,
    /// Its header.
    pub(super) header: Range<usize>,
    /// From its header to the next.
    pub(super) all: Range<usize>,
}

/// A key of a table.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// The names of the tables around it, then its own.
    pub(super) path: Vec<String>,
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// The table or row that it is of: keys of one have one number.
    pub(super) scope: usize,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// The names of the tables around it, then that of its key.
    pub(super) path: Vec<String>,
    /// Where it stands; of a string, what is within its marks.
    pub(super) at: Range<usize>,
    /// Whether it is a string.
    pub(super) is_string: bool,
    /// The table or row that it is of.
    pub(super) scope: usize,
}

/// What could be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Gap {
    /// A key of the table or row of this name.
    Key { path: Vec<String>, scope: usize },
    /// A value of this key.
    Value { path: Vec<String>, scope: usize },
    /// The name of a table; whether of one of several.
    Header { several: bool },
    /// Nothing that could be proposed: a remark, or what comes behind a value.
    Nothing,
}

/// What is open around a place on the way.
enum Open {
    List,
    Inline { path: Vec<String>, scope: usize },
}

/// Walks the TOML in `within` of a text.
pub(super) fn read(text: &str, within: Range<usize>) -> Toml {
    let words = text.get(within.clone()).unwrap_or_default();
    let mut walk = Walk { text: words, offset: within.start, ..Walk::default() };
    walk.gap(0, walk.expect_key());
    let tokens: Vec<_> = Source::new(words).lex().collect();
    for token in tokens {
        walk.token(token.kind(), token.span().start()..token.span().end());
    }
    let mut toml = walk.toml;
    let ends: Vec<usize> =
        toml.tables.iter().skip(1).map(|next| next.header.start).chain([within.end]).collect();
    toml.tables.iter_mut().zip(ends).for_each(|(table, end)| table.all.end = end);
    toml
}

#[derive(Default)]
struct Walk<'t> {
    text: &'t str,
    offset: usize,
    toml: Toml,
    /// The table that keys belong to.
    table: Vec<String>,
    scope: usize,
    /// Numbers that were given to tables and rows.
    scopes: usize,
    open: Vec<Open>,
    /// The parts of a key so far, and where they stand.
    key: Vec<(String, Range<usize>)>,
    /// The key whose value comes.
    of: Option<Vec<String>>,
    /// The header that is being read: where it begins, whether of one of several, its parts.
    header: Option<(usize, bool, Vec<String>)>,
    /// Whether nothing has come on this line.
    line_begins: bool,
    /// Whether the value of the key is there.
    has_value: bool,
    started: bool,
}

impl Walk<'_> {
    fn gap(&mut self, at: usize, gap: Gap) {
        self.toml.gaps.push((self.offset + at, gap));
    }

    fn place(&self, at: &Range<usize>) -> Range<usize> {
        self.offset + at.start..self.offset + at.end
    }

    /// The table that a key here is of.
    fn around(&self) -> (Vec<String>, usize) {
        match self.open.last() {
            Some(Open::Inline { path, scope }) => (path.clone(), *scope),
            _ => (self.table.clone(), self.scope),
        }
    }

    fn expect_key(&self) -> Gap {
        let (path, scope) = self.around();
        Gap::Key { path, scope }
    }

    fn expect_value(&self) -> Gap {
        let (around, scope) = self.around();
        Gap::Value { path: self.of.clone().unwrap_or(around), scope }
    }

    fn token(&mut self, kind: TokenKind, at: Range<usize>) {
        let begins = self.line_begins || !self.started;
        match kind {
            TokenKind::Whitespace | TokenKind::Eof => return,
            TokenKind::Newline => {
                self.header = None;
                if self.open.is_empty() {
                    self.of = None;
                    self.has_value = false;
                    let gap = self.expect_key();
                    self.gap(at.end, gap);
                }
                self.key.clear();
                self.line_begins = true;
                self.started = true;
                return;
            }
            TokenKind::Comment => {
                self.gap(at.start, Gap::Nothing);
                let after = if self.in_list() { self.expect_value() } else { Gap::Nothing };
                self.gap(at.end + 1, after);
            }
            TokenKind::LeftSquareBracket if begins && self.of.is_none() => self.begin_header(at),
            // A list that was begun in a line above, and a table after it: the list has no end.
            TokenKind::LeftSquareBracket if begins && self.in_list() && self.is_header(at.start) => {
                self.close_all();
                self.begin_header(at);
            }
            _ if self.header.is_some() => self.in_header(kind, at),
            TokenKind::LeftSquareBracket if self.of.is_some() => {
                self.open.push(Open::List);
                let gap = self.expect_value();
                self.gap(at.end, gap);
            }
            TokenKind::RightSquareBracket => {
                if self.in_list() {
                    self.open.pop();
                }
                self.gap(at.end, Gap::Nothing);
            }
            TokenKind::LeftCurlyBracket if self.of.is_some() => {
                self.scopes += 1;
                let path = self.of.clone().unwrap_or_default();
                self.open.push(Open::Inline { path, scope: self.scopes });
                self.of = None;
                self.key.clear();
                let gap = self.expect_key();
                self.gap(at.end, gap);
            }
            TokenKind::RightCurlyBracket => {
                while let Some(open) = self.open.pop() {
                    if let Open::Inline { path, .. } = open {
                        self.of = Some(path);
                        break;
                    }
                }
                self.key.clear();
                self.gap(at.end, Gap::Nothing);
            }
            TokenKind::Comma => {
                self.key.clear();
                let gap = match self.open.last() {
                    Some(Open::List) => self.expect_value(),
                    Some(Open::Inline { .. }) => {
                        self.of = None;
                        self.expect_key()
                    }
                    None => Gap::Nothing,
                };
                self.gap(at.end, gap);
            }
            TokenKind::Equals => self.equals(at),
            TokenKind::Dot => {}
            _ => self.word(kind, at, begins),
        }
        self.line_begins = false;
        self.started = true;
    }

    fn in_list(&self) -> bool {
        matches!(self.open.last(), Some(Open::List))
    }

    /// Whether a line reads as the header of a table.
    fn is_header(&self, at: usize) -> bool {
        let line = self.text[at..].lines().next().unwrap_or_default();
        let line = line.split('#').next().unwrap_or_default().trim();
        line.ends_with(']') && !line.contains(['"', '\'', ',', '{', '='])
    }

    fn close_all(&mut self) {
        self.open.clear();
        self.of = None;
        self.key.clear();
    }

    fn begin_header(&mut self, at: Range<usize>) {
        let several = self.text[at.end..].starts_with('[');
        self.header = Some((at.start, several, Vec::new()));
        self.gap(at.end, Gap::Header { several });
    }

    fn in_header(&mut self, kind: TokenKind, at: Range<usize>) {
        let name = name(kind, &self.text[at.clone()]);
        let Some((start, several, path)) = &mut self.header else { return };
        let (start, several) = (*start, *several);
        match kind {
            TokenKind::RightSquareBracket => {
                if several && self.text[at.end..].starts_with(']') {
                    return;
                }
                let path = std::mem::take(path);
                self.header = None;
                self.scopes += 1;
                self.scope = self.scopes;
                self.table.clone_from(&path);
                let header = self.place(&(start..at.end));
                self.toml.tables.push(Table { path, all: header.clone(), header });
                self.gap(at.end, Gap::Nothing);
            }
            TokenKind::LeftSquareBracket => self.gap(at.end, Gap::Header { several }),
            _ => path.extend(name),
        }
    }

    fn equals(&mut self, at: Range<usize>) {
        // A list without an end: the key of the next line is none of its values.
        if self.in_list() && !self.key.is_empty() {
            for (_, part) in &self.key {
                let start = self.offset + part.start;
                self.toml.values.retain(|value| value.at.start < start);
            }
            let key = std::mem::take(&mut self.key);
            self.close_all();
            self.key = key;
        }
        let (around, scope) = self.around();
        let parts = std::mem::take(&mut self.key);
        if let (Some((_, first)), Some((_, last))) = (parts.first(), parts.last()) {
            let mut path = around;
            path.extend(parts.iter().map(|(name, _)| name.clone()));
            let at = self.place(&(first.start..last.end));
            self.toml.keys.push(Key { path: path.clone(), at, scope });
            self.of = Some(path);
        }
        self.has_value = false;
        let gap = self.expect_value();
        self.gap(at.end, gap);
    }

    fn word(&mut self, kind: TokenKind, at: Range<usize>, begins: bool) {
        let words = &self.text[at.clone()];
        // What may turn out to be a key, if `=` follows.
        let may_be_key = match self.open.last() {
            Some(Open::List) => begins && kind == TokenKind::Atom,
            Some(Open::Inline { .. }) => self.of.is_none(),
            None => self.of.is_none(),
        };
        if may_be_key {
            let name = name(kind, words).unwrap_or_default();
            self.key.push((name, at.clone()));
        }
        if self.of.is_none() {
            return;
        }
        let (_, scope) = self.around();
        let path = self.of.clone().unwrap_or_default();
        let inner = inner(kind, words);
        let is_string = kind != TokenKind::Atom;
        let value = self.place(&(at.start + inner.start..at.start + inner.end));
        self.toml.values.push(Value { path, at: value, is_string, scope });
        self.gap(at.end, Gap::Nothing);
    }
}

/// What is within the marks of a string, as far as they are there.
fn inner(kind: TokenKind, words: &str) -> Range<usize> {
    let mark = match kind {
        TokenKind::BasicString => "\"",
        TokenKind::LiteralString => "'",
        TokenKind::MlBasicString => "\"\"\"",
        TokenKind::MlLiteralString => "'''",
        _ => return 0..words.len(),
    };
    let start = if words.starts_with(mark) { mark.len() } else { 0 };
    let end =
        words.len() - if words.len() >= start + mark.len() && words.ends_with(mark) { mark.len() } else { 0 };
    start..end.max(start)
}

/// The name that a token writes.
fn name(kind: TokenKind, words: &str) -> Option<String> {
    match kind {
        TokenKind::Atom => Some(words.to_owned()),
        TokenKind::BasicString | TokenKind::LiteralString => Some(words[inner(kind, words)].to_owned()),
        _ => None,
    }
}

impl Toml {
    /// The value that a byte stands in, or right behind.
    pub(super) fn value(&self, byte: usize) -> Option<&Value> {
        self.values.iter().find(|value| value.at.start <= byte && byte <= value.at.end)
    }

    /// The key that a byte stands in, or right behind.
    pub(super) fn key(&self, byte: usize) -> Option<&Key> {
        self.keys.iter().find(|key| key.at.start <= byte && byte <= key.at.end)
    }

    /// What could be written at a byte that stands in no value.
    pub(super) fn gap(&self, byte: usize) -> Gap {
        let i = self.gaps.partition_point(|(at, _)| *at <= byte);
        i.checked_sub(1).map_or(Gap::Nothing, |i| self.gaps[i].1.clone())
    }

    /// The value of a key beside others of the same table or row.
    pub(super) fn beside<'t>(&self, text: &'t str, scope: usize, key: &str) -> Option<&'t str> {
        let of = |value: &&Value| value.scope == scope && value.path.last().is_some_and(|name| name == key);
        self.values.iter().find(of).and_then(|value| text.get(value.at.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value that `|` stands in, or what can be written there.
    fn at(text: &str) -> Result<String, Gap> {
        let byte = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let toml = read(&text, 0..text.len());
        let value = toml.value(byte).map(|v| format!("{} {}", v.path.join("."), &text[v.at.clone()]));
        value.ok_or_else(|| toml.gap(byte))
    }

    #[test]
    fn what_is_half_typed_is_seen() {
        let key =
            |path: &[&str], scope| Gap::Key { path: path.iter().map(|p| (*p).to_owned()).collect(), scope };
        let value =
            |path: &[&str], scope| Gap::Value { path: path.iter().map(|p| (*p).to_owned()).collect(), scope };
        let gap = |text: &str, expected: Gap| assert_eq!(at(text), Err(expected), "{text:?}");
        let inside = |text: &str, expected: &str| assert_eq!(at(text), Ok(expected.to_owned()), "{text:?}");
        gap("|", key(&[], 0));
        gap("by = \"A\"\nto|", key(&[], 0));
        gap("kind = |", value(&["kind"], 0));
        inside("kind = \"|", "kind ");
        inside("kind = \"|\nby = \"A\"", "kind ");
        gap("topics = [|", value(&["topics"], 0));
        gap("topics = [\"a\", |]", value(&["topics"], 0));
        inside("topics = [\"a\", \"b|\n", "topics b");
        inside("topics = [\"a\",\nkind = \"|\"", "kind ");
        gap("topics = [\n  \"a\",\n  |\n]\n", value(&["topics"], 0));
        gap("[[passage]]\n|", key(&["passage"], 1));
        inside("[[passage]]\ntext = \"x|\"", "passage.text x");
        gap("events = [{ date = 2004, |", key(&["events"], 1));
        gap("events = [{ date = |", value(&["events", "date"], 1));
        inside("events = [{ date = 2004 }, { what = '|' }]", "events.what ");
        inside("[notes.kinds]\na = \"|\"", "notes.kinds.a ");
        gap("[|", Gap::Header { several: false });
        gap("[[|]]", Gap::Header { several: true });
        gap("a = 1 # |", Gap::Nothing);
        gap("a = [\n[[b]]\n|", key(&["b"], 1));
        inside("definition = \"\"\"\nx [[|", "definition \nx [[");
    }

    #[test]
    fn values_beside_each_other_are_found() {
        let text = "[[end]]\ntext = \"a\"\nquote = \"x\"\n[[end]]\ntext = \"b\"\n";
        let toml = read(text, 0..text.len());
        let quote = toml.values.iter().find(|value| value.path == ["end", "quote"]).unwrap();
        assert_eq!(toml.beside(text, quote.scope, "text"), Some("a"));
        assert_eq!(toml.tables[0].all, 0..31);
        assert_eq!(toml.keys.len(), 3);
    }

    #[test]
    fn whatever_stands_there_is_read() {
        for text in
            ["]", "}}", "= = =", "[[[", "a = {{[", "[a]]]", "\"", "'''", "a.b.=", "[=\n]", "\\\u{0}é = é[é"]
        {
            let toml = read(text, 0..text.len());
            (0..=text.len()).for_each(|byte| _ = (toml.value(byte), toml.key(byte), toml.gap(byte)));
        }
    }
}
