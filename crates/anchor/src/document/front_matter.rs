//! What a Markdown text says of itself before its first words: YAML between lines of `---`, TOML between `+++`.

use std::ops::Range;

use postil_archive::sidecar::yaml::{self, Node, Value};

/// The longest stretch that is read, in bytes: a file that happens to begin and end with a rule is text.
const LONGEST_BYTES: usize = 1 << 16;

/// Front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// Its bytes, with the lines around it.
    pub span: Range<usize>,
    /// What stands between these lines.
    pub words: Range<usize>,
    /// Keys and values, in their order.
    pub keys: Vec<(String, Node)>,
}

/// Looks for front matter at the beginning of a text.
///
/// # Errors
/// What stands between the lines is no table of keys and values: where, and why.
pub fn find(text: &str) -> Result<Option<FrontMatter>, (usize, String)> {
    let Some((mark, words, end)) = fenced(text) else { return Ok(None) };
    let own = &text[words.clone()];
    if own.trim().is_empty() {
        return Ok(None);
    }
    let keys = if mark == "---" {
        match yaml::read(own) {
            Ok(Node { value: Value::Table(keys), .. }) => keys,
            Ok(_) => return Err((words.start, "it is no table of keys and values".to_owned())),
            Err(mistake) => {
                let line = own.split_inclusive('\n').take(mistake.line.saturating_sub(1) as usize);
                return Err((words.start + line.map(str::len).sum::<usize>(), mistake.why));
            }
        }
    } else {
        let table: toml::Table = own.parse().map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start.min(own.len()));
            (words.start + at, error.message().to_owned())
        })?;
        table.into_iter().map(|(key, value)| (key, of_toml(value))).collect()
    };
    Ok(Some(FrontMatter { span: 0..end, words, keys }))
}

/// The mark, what stands between its two lines, and where the second ends.
fn fenced(text: &str) -> Option<(&'static str, Range<usize>, usize)> {
    let mark = ["---", "+++"].into_iter().find(|mark| text.starts_with(mark))?;
    let mut at = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let is_mark = line.trim_end() == mark;
        match start {
            None if !is_mark => return None,
            None => start = Some(at + line.len()),
            Some(start) if at - start > LONGEST_BYTES => return None,
            Some(start) if is_mark => return Some((mark, start..at, at + line.trim_end().len())),
            Some(_) => {}
        }
        at += line.len();
    }
    None
}

/// As YAML has it: words, lists, tables.
fn of_toml(value: toml::Value) -> Node {
    let value = match value {
        toml::Value::String(words) => Value::Words(words),
        toml::Value::Array(list) => Value::List(list.into_iter().map(of_toml).collect()),
        toml::Value::Table(table) => {
            Value::Table(table.into_iter().map(|(key, value)| (key, of_toml(value))).collect())
        }
        other => Value::Words(other.to_string()),
    };
    Node { value, line: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands between the lines, and the keys; where and why it is none; nothing where there is nothing.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match find(text) {
            Ok(None) => String::new(),
            Ok(Some(found)) => {
                let keys: Vec<&str> = found.keys.iter().map(|(key, _)| key.as_str()).collect();
                format!("{:?} {}", &text[found.words], keys.join(" "))
            }
            Err((at, why)) => format!("{at}: {why}"),
        };
        assert!(
            found == expected || !expected.is_empty() && found.starts_with(expected),
            "{text:?}: {found}"
        );
    }

    #[test]
    fn only_a_table_between_two_lines_is_front_matter() {
        check("---\nTitle: a\n  b\n\n---\n\nc", r#""Title: a\n  b\n\n" Title"#);
        check("--- \r\na: b\r\n---", r#""a: b\r\n" a"#);
        check("+++\na = 1\nb = 1902-03-04\n+++\nc", r#""a = 1\nb = 1902-03-04\n" a b"#);
        let none =
            ["", "a", "---\n---\n", "---\n\n---\na", "---\na: b", "----\na: b\n---", " ---\na: b\n---"];
        none.into_iter().for_each(|text| check(text, ""));
        check("---\nOnce upon a time.\n---\n", "4: it is no table");
        check("---\n- a\n- b\n---\n", "4: it is no table");
        check("---\na: b\nc: *b\n---\n", "9: ");
        check("+++\na = \n+++\n", "8: ");
        let long = format!("---\na: {}\n---\n", "b ".repeat(LONGEST_BYTES));
        check(&long, "");
    }
}
