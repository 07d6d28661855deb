//! What a line of a plain text is, as far as its lines show it.

use std::ops::Range;

use postil_anchor::document::record::Layout;

/// Longest line that may be a line of a print; a longer one is a paragraph on a line.
const LONGEST_PRINTED: usize = 200;
/// Shortest line that prose is filled up to.
const SHORTEST_PRINTED: usize = 30;
/// Longest line of verse in the middle.
const VERSE: usize = 60;

/// A layout, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The layout.
    pub layout: Layout,
    /// What the lines are like.
    pub why: String,
    /// Whether a person should look.
    pub doubtful: bool,
}

/// What the lines of a text are most likely.
pub fn guess(text: &str) -> Guess {
    let groups = groups(text);
    let lines = groups.iter().map(Vec::len).sum::<usize>();
    let found = |layout, why: String| Guess { layout, why, doubtful: false };
    if lines == groups.len() {
        return found(Layout::Wrapped, "an empty line after each line".to_owned());
    }
    let length = |line: &&str| line.trim_end().chars().count();
    let mut lengths: Vec<usize> = groups.iter().flatten().map(length).collect();
    lengths.sort_unstable();
    let middle = lengths[lengths.len() / 2];
    let width = lengths[(lengths.len() * 19 / 20).min(lengths.len() - 1)];
    let broken: Vec<(&str, &str)> =
        groups.iter().flat_map(|group| group.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    let is_full = |(line, next): &(&str, &str)| {
        let word = next.split_whitespace().next().unwrap_or_default().chars().count();
        length(line) + 1 + word > width
    };
    let full = share(&broken, is_full);
    let cased: Vec<bool> = broken
        .iter()
        .filter_map(|(_, next)| next.chars().find(|c| c.is_alphabetic()))
        .filter(|c| c.is_lowercase() || c.is_uppercase())
        .map(char::is_uppercase)
        .collect();
    let begins = share(&cased, |upper| *upper);
    if (SHORTEST_PRINTED..=LONGEST_PRINTED).contains(&width) && full >= 60 && begins < 90 {
        return found(Layout::Wrapped, format!("lines are filled up to {width} characters"));
    }
    if groups.len() > 1 && lines >= groups.len() * 2 && middle <= VERSE && full < 40 && begins >= 70 {
        return found(Layout::Verse, format!("short lines, {begins} in 100 begin with a capital"));
    }
    let ends = share(&broken, |(line, _)| {
        line.trim_end().ends_with(['.', '!', '?', '…', '”', '"', '»', ':', ';', '。', '！', '？', '۔', '।'])
    });
    if groups.len() == 1 {
        return found(Layout::Lines, "no empty line".to_owned());
    }
    if ends >= 60 || middle > LONGEST_PRINTED / 2 {
        return found(Layout::Lines, format!("{ends} lines in 100 end a sentence"));
    }
    Guess { layout: Layout::Wrapped, why: "empty lines between blocks".to_owned(), doubtful: true }
}

/// How many in a hundred are so.
fn share<T>(all: &[T], is: impl Fn(&T) -> bool) -> usize {
    all.iter().filter(|one| is(one)).count() * 100 / all.len().max(1)
}

/// Lines up to an empty one.
fn groups(text: &str) -> Vec<Vec<&str>> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    let mut open = false;
    for line in lines(text) {
        let line = &text[line];
        let is_blank = line.chars().all(char::is_whitespace);
        if is_blank {
            open = false;
        } else if open {
            groups.last_mut().expect("it is open").push(line);
        } else {
            groups.push(vec![line]);
            open = true;
        }
    }
    groups
}

/// The lines of a text without their ends, which are LF, CRLF and CR.
pub fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
        let start = from;
        let end = rest.find(['\n', '\r']).map_or(text.len(), |at| start + at);
        from = end + if text[end..].starts_with("\r\n") { 2 } else { 1 };
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_seen() {
        #[track_caller]
        fn check(text: &str, layout: Layout, why: &str) {
            let found = guess(text);
            assert_eq!((found.layout, found.why.as_str()), (layout, why), "{text}");
            assert_eq!(guess(&text.replace('\n', "\r\n")), found, "{text}");
        }
        let prose = "The lamp was lit upon the pier that night, and nobody\ncame to mend it, though the wind was up and the boats\nwere still out. In the morning it was dark again, and\nthe boats came in one after the other, all of them.\n";
        check(prose, Layout::Wrapped, "lines are filled up to 53 characters");
        check(
            &format!("TITLE.\n\n{prose}\n{prose}"),
            Layout::Wrapped,
            "lines are filled up to 53 characters",
        );
        check("A.\n\nB.\n", Layout::Wrapped, "an empty line after each line");
        check(
            "[0:09] DB: Where were you?\n[0:12] AP: At the pier.\n[1:09] DB: And then?\n",
            Layout::Lines,
            "no empty line",
        );
        let verse = "The tide is out,\nThe tide is in,\nAnd no one comes to mend it.\n";
        check(&format!("{verse}\n{verse}"), Layout::Verse, "short lines, 100 in 100 begin with a capital");
        let long = "A paragraph of a page that nobody has broken into lines. ".repeat(6);
        check(
            &format!("{long}\n{long}\n\n{long}\n{long}\n"),
            Layout::Lines,
            "100 lines in 100 end a sentence",
        );
    }
}
