//! Line ends that git or an editor changed on the way.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// Line ends, and what people call them.
const ENDS: [(&[u8], &str); 3] = [(b"\n", "LF"), (b"\r\n", "CRLF"), (b"\r", "CR")];

/// The line ends with which bytes have this checksum; none if more than that is different.
pub fn recorded_ends(bytes: &[u8], sum: &str) -> Option<&'static str> {
    // Git takes `\r` alone for a letter; editors take it for a line end.
    let forms = ENDS.iter().flat_map(|(ends, name)| [(false, *ends, *name), (true, *ends, *name)]);
    let mut forms = forms.filter(|(all, ends, _)| *all || *ends != b"\r");
    forms.find(|(all, ends, _)| checksum_with(bytes, ends, *all) == sum).map(|(.., name)| name)
}

/// Whether two texts are the same, their line ends apart.
pub fn only_ends_differ(one: &[u8], other: &[u8]) -> bool {
    one != other && lines(one, true).eq(lines(other, true))
}

fn checksum_with(bytes: &[u8], ends: &[u8], all: bool) -> String {
    let mut digest = Sha256::new();
    for (i, line) in lines(bytes, all).enumerate() {
        if i > 0 {
            digest.update(ends);
        }
        digest.update(line);
    }
    let mut sum = String::new();
    for byte in digest.finalize() {
        write!(sum, "{byte:02x}").expect("a string takes everything");
    }
    sum
}

/// The lines of a text without their ends; with `all`, a `\r` alone ends one, too.
fn lines(bytes: &[u8], all: bool) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let from = rest?;
        let mut at = 0;
        let (end, next) = loop {
            let Some(found) = memchr::memchr2(b'\n', b'\r', &from[at..]).map(|found| at + found) else {
                rest = None;
                return Some(from);
            };
            match (from[found], from.get(found + 1)) {
                (b'\r', Some(b'\n')) => break (found, found + 2),
                (b'\r', _) if !all => at = found + 1,
                _ => break (found, found + 1),
            }
        };
        rest = Some(&from[next..]);
        Some(&from[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        fn check(text: &str, all: bool, expected: &[&str]) {
            let found: Vec<&str> =
                lines(text.as_bytes(), all).map(|line| std::str::from_utf8(line).unwrap()).collect();
            assert_eq!(found, expected, "{text:?}");
        }
        check("", true, &[""]);
        check("a\nb\r\nc\rd", true, &["a", "b", "c", "d"]);
        check("a\nb\r\nc\rd", false, &["a", "b", "c\rd"]);
        check("\r\n\n\r", true, &["", "", "", ""]);
        check("\r\r\n", false, &["\r", ""]);
    }

    #[test]
    fn texts_that_differ_in_line_ends_only() {
        assert!(only_ends_differ(b"a\nb\r\n", b"a\r\nb\n"));
        assert!(!only_ends_differ(b"a\n", b"a\n"));
        assert!(!only_ends_differ(b"a\n", b"a\n\n"));
        assert!(!only_ends_differ(b"a\n", b"b\r\n"));
    }
}
