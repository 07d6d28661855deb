//! The direction in which something is written, and how words of one direction
//! are kept from disturbing a line of the other.

/// Scripts that are written from right to left (ISO 15924).
const FROM_THE_RIGHT: &[&str] =
    &["adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"];
/// Languages usually written in one of them (the likely subtags of Unicode CLDR).
const USUALLY_SO: &[&str] = &[
    "ar", "arc", "arz", "bal", "bqi", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "lrc", "mzn", "nqo",
    "ps", "rhg", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
];

/// U+2068, FIRST STRONG ISOLATE, and U+2069, POP DIRECTIONAL ISOLATE.
const ISOLATE: char = '\u{2068}';
const END: char = '\u{2069}';

/// The direction in which a language (BCP 47) is written, as HTML's `dir` has it:
/// by its script if it names one, else by what is usual.
pub fn direction(lang: &str) -> &'static str {
    let lang = lang.to_ascii_lowercase();
    let mut parts = lang.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    // A subtag of four letters, and no other, names a script.
    let script =
        parts.take_while(|p| p.len() > 1).find(|p| p.len() == 4 && p.chars().all(char::is_alphabetic));
    let right = match script {
        Some(script) => FROM_THE_RIGHT.contains(&script),
        None => USUALLY_SO.contains(&language),
    };
    if right { "rtl" } else { "ltr" }
}

/// Whether words hold a letter that runs against the direction of a language's lines.
///
/// Such words are to be isolated: without that, a date or a bracket beside a Hebrew
/// title is drawn as part of it, on its other side. What is isolated already does not count.
pub fn turns(words: &str, lang: &str) -> bool {
    let right = direction(lang) == "rtl";
    let mut depth = 0_usize;
    words.chars().any(|c| {
        match c {
            ISOLATE => depth += 1,
            END => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c.is_alphabetic() && from_the_right(c) != right
    })
}

/// Words as they may be set into a line of a language: between the characters that
/// isolate them (U+2068, U+2069) if they [turn](turns) the line's direction.
pub fn isolated(words: String, lang: &str) -> String {
    if turns(&words, lang) { format!("{ISOLATE}{words}{END}") } else { words }
}

/// The blocks of letters whose direction is from the right (Unicode, `Bidi_Class` R and AL).
fn from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direction_is_that_of_the_script() {
        let check = |lang: &str, expected: &str| assert_eq!(direction(lang), expected, "{lang}");
        check("en-GB", "ltr");
        check("he", "rtl");
        check("fa-IR", "rtl");
        check("ku", "ltr");
        check("ku-Arab-IQ", "rtl");
        check("ks-Deva", "ltr");
        check("AR", "rtl");
        check("de-1996", "ltr");
        check("", "ltr");
    }

    #[test]
    fn words_that_run_against_the_line_are_isolated() {
        #[track_caller]
        fn check(words: &str, lang: &str, expected: &str) {
            assert_eq!(isolated(words.to_owned(), lang), expected);
        }
        check("Human trafficking, 1948", "en", "Human trafficking, 1948");
        check("世界人権宣言", "en", "世界人権宣言");
        check("מילה", "en", "\u{2068}מילה\u{2069}");
        check("1948 (كلمة)", "en-GB", "\u{2068}1948 (كلمة)\u{2069}");
        check("كلمة", "ar", "كلمة");
        check("CEOP", "ar", "\u{2068}CEOP\u{2069}");
        check("1948", "ar", "1948");
        check("\u{2068}מילה\u{2069}, 1948", "en", "\u{2068}מילה\u{2069}, 1948");
    }
}
