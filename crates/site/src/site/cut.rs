//! Words cut to a length, always between two words.

/// White space as single spaces, none at the ends.
pub fn spaced(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The first characters, at most `most`, up to the end of a word. One word that is longer, or
/// writing without spaces, is cut where it must be.
pub fn head(words: &str, most: usize) -> &str {
    let Some((end, next)) = words.char_indices().nth(most) else { return words };
    let cut = &words[..end];
    let word = if next.is_whitespace() { end } else { cut.rfind(char::is_whitespace).unwrap_or(end) };
    match cut[..word].trim_end() {
        "" => cut,
        whole => whole,
    }
}

/// The last characters, at most `most`, from the beginning of a word, as [`head`] does.
pub fn tail(words: &str, most: usize) -> &str {
    let Some((at, before)) = words.char_indices().rev().nth(most) else { return words };
    let cut = &words[at + before.len_utf8()..];
    let word = if before.is_whitespace() { 0 } else { cut.find(char::is_whitespace).unwrap_or(0) };
    match cut[word..].trim_start() {
        "" => cut,
        whole => whole,
    }
}

/// The head, with a sign where words are left out; the sign never stands alone on a line.
pub fn short(words: &str, most: usize) -> String {
    let head = head(words, most);
    if head.len() < words.len() { format!("{head}\u{a0}…") } else { head.to_owned() }
}

/// Words around a passage that are longer than this, in characters, were cut.
const CUT: usize = 120;

/// Whether words end as a sentence does: not in an initial or a short form such as "Mr.".
pub fn ends_sentence(words: &str) -> bool {
    let words = words.trim_end().trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    let last = words.rsplit(char::is_whitespace).next().unwrap_or("");
    match last.strip_suffix('.') {
        // "e.g.", "Mr.", "A.", "hon."; but "UK." and "it." may well end one.
        Some(word) => {
            let short = word.chars().count() <= 3 && word.starts_with(char::is_uppercase);
            let title = short && (word.chars().count() < 2 || word.contains(char::is_lowercase));
            !word.is_empty() && !title && !word.contains('.') && word != "hon"
        }
        None => last.ends_with(['?', '!', '。', '؟', '।']),
    }
}

/// What of the words before a passage belongs to its sentence, and whether its beginning is missing.
pub fn sentence_before(words: &str) -> (bool, &str) {
    let starts = |at: &usize| {
        let next = words[*at..].chars().next();
        next.is_some_and(|c| !c.is_lowercase()) && ends_sentence(&words[..*at])
    };
    let after_spaces =
        words.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    let mut begin = after_spaces.filter(|at| *at == words.len() && ends_sentence(words) || starts(at));
    match begin.next_back() {
        Some(at) => (false, &words[at..]),
        None => (words.chars().count() > CUT, words),
    }
}

/// What of the words after a passage belongs to its sentence, and whether its end is missing.
pub fn sentence_after<'a>(quote: &str, words: &'a str) -> (&'a str, bool) {
    // The last word of the passage may go on: "UK" and a full stop.
    let last = quote.rsplit(char::is_whitespace).next().unwrap_or("");
    let ends = |at: usize| {
        let rest = words[at..].trim_start();
        ends_sentence(&[last, &words[..at]].concat()) && rest.chars().next().is_none_or(|c| !c.is_lowercase())
    };
    let spaces = words.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    match spaces.chain([words.len()]).find(|at| ends(*at)) {
        Some(at) => (&words[..at], false),
        None => (words, words.chars().count() > CUT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_ends_with_a_word() {
        #[track_caller]
        fn check(words: &str, most: usize, expected: &str) {
            assert_eq!(head(words, most), expected);
        }
        check("one two", 7, "one two");
        check("one two", 6, "one");
        check("one two", 4, "one");
        check("one two", 3, "one");
        check("one two", 2, "on");
        check(" é", 2, " é");
        check(" onetwo", 3, " on");
        check("語語語", 2, "語語");
    }

    #[test]
    fn the_tail_begins_with_a_word() {
        #[track_caller]
        fn check(words: &str, most: usize, expected: &str) {
            assert_eq!(tail(words, most), expected);
        }
        check("one two", 7, "one two");
        check("one two", 6, "two");
        check("one two", 4, "two");
        check("one two", 3, "two");
        check("one two", 2, "wo");
        check("é ", 2, "é ");
        check("onetwo ", 3, "wo ");
        check("語語語", 2, "語語");
    }

    #[test]
    fn a_sign_says_that_words_are_left_out() {
        assert_eq!(short("one two", 7), "one two");
        assert_eq!(short("one two", 6), "one\u{a0}…");
        assert_eq!(short("onetwo", 3), "one\u{a0}…");
    }

    #[test]
    fn white_space_is_one_space() {
        assert_eq!(spaced(" one\n\ttwo\u{a0} three "), "one two three");
    }
}
