//! The visible text while it is written, with the way back to the file.

use memchr::memchr;

/// Visible text and where it comes from; see [`super::Document::origins`].
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) visible: String,
    pub(super) origins: Vec<(usize, usize)>,
}

impl Stream {
    /// An empty stream with room for the visible text of a file of `bytes`, so
    /// that a large text is not copied again and again while it grows.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { visible: String::with_capacity(bytes), origins: Vec::new() }
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

    /// Adds words as [`Stream::push`] does, each line end (LF, CRLF, CR) as one `\n`.
    pub(super) fn push_lines(&mut self, words: &str, origin: usize) {
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
    fn line_ends_become_one_newline() {
        let mut stream = Stream::default();
        stream.push_lines("a\r\nb\rc\nd\r", 0);
        assert_eq!(stream.visible, "a\nb\nc\nd\n");
        assert_eq!(stream.origins, [(0, 0), (2, 3)]);
    }
}
