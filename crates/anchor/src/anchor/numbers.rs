//! Numbers as texts print them.

/// Zeros of the scripts that have digits of their own.
const ZEROS: [u32; 20] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
    0xf20, 0x1040, 0x17e0, 0x1810, 0xff10,
];

fn digit(c: char) -> Option<u32> {
    ZEROS.iter().map(|zero| (c as u32).wrapping_sub(*zero)).find(|value| *value < 10)
}

/// Digits of any script.
pub(super) fn arabic(words: &str) -> Option<u32> {
    let add = |value: u32, c: char| value.checked_mul(10)?.checked_add(digit(c)?);
    (!words.is_empty()).then(|| words.chars().try_fold(0, add))?
}

/// Roman numerals, also those that print four strokes.
pub(super) fn roman(words: &str) -> Option<u32> {
    let value = |c: char| {
        Some(match c.to_ascii_lowercase() {
            'i' | 'j' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            'd' => 500,
            'm' => 1000,
            _ => return None,
        })
    };
    let values = words.chars().map(value).collect::<Option<Vec<i64>>>()?;
    let of = |(i, n): (usize, &i64)| if values.get(i + 1).is_some_and(|next| next > n) { -n } else { *n };
    let sum: i64 = values.iter().enumerate().map(of).sum();
    u32::try_from(sum).ok().filter(|sum| *sum > 0)
}

/// One letter as its place in the alphabet.
pub(super) fn letters(words: &str) -> Option<u32> {
    let mut letters = words.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.next().is_none().then(|| u32::from(letter.to_ascii_lowercase()) - u32::from('a') + 1)
}

/// A number as it is shown: digits of any script are one, other words stay.
pub(super) fn plain(words: &str) -> String {
    arabic(words).map_or_else(|| words.to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read() {
        assert_eq!(
            ["7", "037", "٣٧", "१२", "", "7a", "99999999999"].map(arabic),
            [Some(7), Some(37), Some(37), Some(12), None, None, None]
        );
        assert_eq!(["IV", "xiiii", "XCIX", "A"].map(roman), [Some(4), Some(14), Some(99), None]);
        assert_eq!(["a", "C", "ab", "1"].map(letters), [Some(1), Some(3), None, None]);
        assert_eq!([plain("037"), plain("8a")], ["37", "8a"]);
    }
}
