//! What proposes a note in the browser: the same rules as [`note`](super::note),
//! in JavaScript, reading the text from the page itself.
//!
//! `tests/vectors/fold.json` pins the folding of both; the browser tests compare
//! whole files with those that [`note`](super::note::note) makes.

/// The script as it is maintained, in the order in which its parts need each other.
const ENGINE: &str = concat!(
    include_str!("engine/fold.js"),
    include_str!("engine/text.js"),
    include_str!("engine/place.js"),
    include_str!("engine/wording.js"),
    include_str!("engine/file.js"),
    include_str!("engine/page.js"),
);

/// The script without comments and indentation: every reader of a text loads it.
/// All comments of its files stand on lines of their own.
pub fn engine() -> String {
    let lines = ENGINE.lines().map(str::trim_start);
    let code =
        lines.filter(|line| !line.is_empty() && !["//", "/*", "*"].iter().any(|mark| line.starts_with(mark)));
    code.flat_map(|line| [line, "\n"]).collect()
}
