//! Lists of numbers as printable characters.
//!
//! Base64 would cut across the numbers and hide from a host's compression that
//! the same ones come again and again. Here a number ends with a character of
//! its own, so that in lists of frequent words one character is one posting.
//!
//! A number `n` with a tag (one of `tags` values) is written as the digits of
//! `n / lows` in base 32, if that is not 0, and last a character for both
//! `n % lows` and the tag, where `lows * tags` is [`ENDS`]. `engine/parts.js`
//! reads them.

/// Characters that end a number.
pub const ENDS: u32 = 60;

/// Printable ASCII without what JSON or a script would have to escape.
const SYMBOLS: [u8; 92] = symbols();

const fn symbols() -> [u8; 92] {
    let mut all = [0; 92];
    let (mut at, mut byte) = (0, b' ');
    while byte <= b'~' {
        if byte != b'"' && byte != b'\\' && byte != b'<' {
            all[at] = byte;
            at += 1;
        }
        byte += 1;
    }
    all
}

/// Appends a number with a tag below `tags`, a divisor of [`ENDS`].
// Inlined, so that it divides by a number that is known.
#[inline]
pub fn put(out: &mut String, number: u32, tag: u32, tags: u32) {
    let lows = ENDS / tags;
    let high = number / lows;
    let mut shift = (32 - high.leading_zeros()).div_ceil(5) * 5;
    while shift > 0 {
        shift -= 5;
        out.push(SYMBOLS[(ENDS + (high >> shift & 31)) as usize] as char);
    }
    out.push(SYMBOLS[((number % lows) * tags + tag) as usize] as char);
}

/// Appends rising numbers, each as its distance from the one before, with tags.
pub fn put_rising(out: &mut String, numbers: impl IntoIterator<Item = (u32, u32)>, tags: u32) {
    let mut next = 0;
    for (number, tag) in numbers {
        put(out, number - next, tag, tags);
        next = number + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, tags: u32) -> Vec<(u32, u32)> {
        let lows = ENDS / tags;
        let mut high = 0;
        let mut all = Vec::new();
        for byte in text.bytes() {
            let value = SYMBOLS.iter().position(|&s| s == byte).unwrap() as u32;
            if value >= ENDS {
                high = high * 32 + value - ENDS;
            } else {
                all.push((high * lows + value / tags, value % tags));
                high = 0;
            }
        }
        all
    }

    #[test]
    fn numbers_come_back() {
        for tags in [1, 2, 15] {
            let numbers = [0, 1, 3, 4, 59, 60, 127, 128, 1919, 1920, 65_536, u32::MAX];
            let mut out = String::new();
            for (number, tag) in numbers.into_iter().zip((0..tags).cycle()) {
                put(&mut out, number, tag, tags);
            }
            let expected: Vec<(u32, u32)> = numbers.into_iter().zip((0..tags).cycle()).collect();
            assert_eq!(read(&out, tags), expected);
            assert!(out.bytes().all(|b| (b' '..=b'~').contains(&b) && !b"\"\\<".contains(&b)));
        }
    }

    #[test]
    fn a_frequent_word_takes_a_character_a_posting() {
        let mut out = String::new();
        put_rising(&mut out, [(0, 14), (1, 0), (5, 7), (6, 7)], 15);
        assert_eq!(out.len(), 4);
    }
}
