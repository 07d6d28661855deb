//! How a string is written in TOML, and which byte of the file each of its bytes comes from.

use std::fmt::Write as _;

/// A string as it is written on one line.
pub fn string(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            c if c.is_control() => {
                write!(text, "\\u{:04X}", u32::from(c)).expect("a string takes everything")
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// For each byte of a string's value the byte of what is written, quotation marks counted, and
/// one for its end; none if it is not written as a string of TOML.
///
/// Escapes make what is written longer than what it says; a line break may be written as two bytes.
pub fn origins(written: &str) -> Option<Vec<usize>> {
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let three = quote.to_string().repeat(3);
    let marks = if written.len() >= 6 && written.starts_with(&three) { 3 } else { 1 };
    let end = written.len().checked_sub(marks).filter(|end| *end >= marks)?;
    let mut at = marks;
    if marks == 3 {
        // A line break right behind the opening marks says nothing.
        let rest = &written[at..end];
        at += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    }
    let mut origins = Vec::with_capacity(written.len());
    while at < end {
        let rest = &written[at..end];
        let (says, length) = match rest.chars().next()? {
            '\\' if quote == '"' => escape(rest)?,
            c => (c.len_utf8(), c.len_utf8()),
        };
        // A character written as itself is as long as what it says.
        let step = usize::from(says == length);
        origins.extend((0..says).map(|byte| at + byte * step));
        at += length;
    }
    origins.push(end);
    Some(origins)
}

/// How many bytes an escape says, and how many it is written with.
fn escape(rest: &str) -> Option<(usize, usize)> {
    let kind = rest.chars().nth(1)?;
    let digits = match kind {
        'b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\' => return Some((1, 2)),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        // A line is gone on with: what is between says nothing.
        _ => return Some((0, 1 + (rest.len() - 1 - rest[1..].trim_start().len()))),
    };
    let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
    Some((char::from_u32(code)?.len_utf8(), 2 + digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_found() {
        #[track_caller]
        fn check(written: &str, word: &str, expected: &str) {
            let table: toml::Table = format!("x = {written}").parse().unwrap();
            let value = table["x"].as_str().unwrap();
            let origins = origins(written).unwrap();
            assert_eq!(origins.len(), value.len() + 1, "{written}");
            let at = value.find(word).unwrap();
            assert_eq!(&written[origins[at]..origins[at + word.len()]], expected, "{written}");
        }
        check("\"a [[gla]] b\"", "gla", "gla");
        check("\"a \\\"b\\\" [[gla]]\"", "gla", "gla");
        check("\"\\u00e9é\\n\\t[[gla]]\"", "gla", "gla");
        check("\"a\\u0062c\"", "abc", "a\\u0062c");
        check("'a \\\" [[gla]]'", "gla", "gla");
        check("\"\"\"\na \\\n   b [[gla]]\n\"\"\"", "gla", "gla");
        check("'''\r\na\n[[gla]]'''", "gla", "gla");
        check("\"\"", "", "");
        assert_eq!(origins("12"), None);
        assert_eq!(origins("\""), None);
    }
}
