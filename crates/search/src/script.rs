//! How values become script files.
//!
//! The one place that writes JavaScript. Values are JSON, which is JavaScript
//! too; all of it is ASCII, so that no charset question arises on `file://`,
//! and `<` is escaped, so that nothing in it can end a script element even if
//! a theme puts it into a page. Records are arrays, never objects: no key
//! comes from data.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

/// A value as a JavaScript literal.
pub fn literal(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    value
        .serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Ascii))
        .expect("strings, numbers and arrays always serialise into memory");
    String::from_utf8(bytes).expect("the formatter writes ASCII")
}

/// A script that registers a value under a name.
pub fn registration(name: &str, value: &str) -> String {
    format!("postilSearch.register({},{value});\n", literal(&name))
}

/// Appends a number in groups of seven bits, the lowest first.
pub fn varint(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let is_plain = |byte: u8| byte.is_ascii() && byte != b'<' && byte != b'\x7F';
        // Without a way out of the loop, so that many bytes are looked at in one step.
        if fragment.bytes().fold(true, |all, byte| all & is_plain(byte)) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut plain = 0;
        for (at, c) in fragment.char_indices() {
            if u8::try_from(c).is_ok_and(is_plain) {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            plain = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_ascii_and_cannot_end_a_script() {
        fn check(input: &str, expected: &str) {
            let written = literal(&input);
            assert_eq!(written, expected);
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), input);
        }
        check("plain", r#""plain""#);
        check("a \"b\" \\ 'c'", r#""a \"b\" \\ 'c'""#);
        check("</script><!--", r#""\u003c/script>\u003c!--""#);
        check("é\u{2028}\u{1F642}\0\n", r#""\u00e9\u2028\ud83d\ude42\u0000\n""#);
    }

    #[test]
    fn numbers_in_groups_of_seven_bits() {
        fn check(input: u32, expected: &[u8]) {
            let mut bytes = Vec::new();
            varint(&mut bytes, input);
            assert_eq!(bytes, expected);
        }
        check(0, &[0]);
        check(127, &[127]);
        check(128, &[0x80, 1]);
        check(u32::MAX, &[0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
    }
}
