//! The visible text while it is written, with the way back to the file.

use memchr::memchr;

/// Visible text and where it comes from; see [`super::Document::origins`].
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) visible: String,
    pub(super) origins: Vec<(usize, usize)>,
}

/// A hyphen that is there only where a line ends: before a line end it says that the word goes on.
const SOFT_HYPHEN: char = '\u{ad}';

/// Whether a line end between these words cuts one of them.
pub(super) fn cuts_word(before: &str, after: &str) -> bool {
    let word = before.strip_suffix(SOFT_HYPHEN);
    word.is_some_and(|word| word.ends_with(char::is_alphabetic)) && after.starts_with(char::is_lowercase)
}

impl Stream {
    /// An empty stream with room for the visible text of a file of `bytes`, so
    /// that a large text is not copied again and again while it grows.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { visible: String::with_capacity(bytes), ..Self::default() }
    }

    /// The next byte of visible text.
    pub(super) fn end(&self) -> usize {
        self.visible.len()
    }

    /// Adds words that stand in the file from byte `origin` on.
    pub(super) fn push(&mut self, words: &str, origin: usize) {
        if words.is_empty() {
            return;
        }
        let end = self.end();
        let runs_on = self.origins.last().is_some_and(|&(visible, file)| file + (end - visible) == origin);
        if !runs_on {
            self.origins.push((end, origin));
        }
        self.visible.push_str(words);
    }

    /// Adds words as [`Stream::push`] does, each line end (LF, CRLF, CR) as one `\n`; but for that
    /// in which a word is cut by a soft hyphen.
    pub(super) fn push_lines(&mut self, words: &str, origin: usize) {
        let mut from = 0;
        for (at, hyphen) in words.match_indices(SOFT_HYPHEN) {
            let after = at + hyphen.len();
            let next = words.len() - words[after..].trim_start().len();
            if words[after..next].contains(['\n', '\r']) && cuts_word(&words[..after], &words[next..]) {
                self.push_ends(&words[from..after], origin + from);
                from = next;
            }
        }
        self.push_ends(&words[from..], origin + from);
    }

    fn push_ends(&mut self, words: &str, origin: usize) {
        let mut from = 0;
        while let Some(cr) = memchr(b'\r', &words.as_bytes()[from..]).map(|at| from + at) {
            self.push(&words[from..cr], origin + from);
            self.push("\n", origin + cr);
            let lf = words.as_bytes().get(cr + 1) == Some(&b'\n');
            from = cr + 1 + usize::from(lf);
        }
        self.push(&words[from..], origin + from);
    }

    /// Adds the newline between two blocks.
    pub(super) fn separate(&mut self) {
        self.visible.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_kept_only_where_the_file_does_not_run_on() {
        let mut stream = Stream::default();
        stream.push("ab", 3);
        stream.push("cd", 5);
        stream.push("e", 9);
        assert_eq!(stream.visible, "abcde");
        assert_eq!(stream.origins, [(0, 3), (4, 9)]);
    }

    #[test]
    fn a_word_that_a_soft_hyphen_cuts_is_one_word() {
        let check = |words: &str, expected: &str| {
            let mut stream = Stream::default();
            stream.push_lines(words, 0);
            assert_eq!(stream.visible, expected, "{words:?}");
            let back = |at: usize| {
                let (visible, file) = stream.origins[stream.origins.partition_point(|o| o.0 <= at) - 1];
                file + (at - visible)
            };
            for (at, letter) in expected.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
                assert!(words[back(at)..].starts_with(letter), "{words:?} {at}");
            }
        };
        for end in ["\n", "\r\n", "\r", " \n", "\n  ", "\t\r\n\t"] {
            check(&format!("the in\u{ad}{end}spec\u{ad}{end}tion was"), "the in\u{ad}spec\u{ad}tion was");
        }
        // What goes on in no small letter is another word; so is what no letter comes before.
        check("in\u{ad}\nSpec", "in\u{ad}\nSpec");
        check("18\u{ad}\n19", "18\u{ad}\n19");
        check("in \u{ad}\nspec", "in \u{ad}\nspec");
        check("in\u{ad} spec in\u{ad}spec in\u{ad}", "in\u{ad} spec in\u{ad}spec in\u{ad}");
    }

    #[test]
    fn line_ends_become_one_newline() {
        let mut stream = Stream::default();
        stream.push_lines("a\r\nb\rc\nd\r", 0);
        assert_eq!(stream.visible, "a\nb\nc\nd\n");
        assert_eq!(stream.origins, [(0, 0), (2, 3)]);
    }
}
