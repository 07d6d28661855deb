//! What becomes of files, as a patch that other tools read too.

use std::collections::{BTreeMap, BTreeSet};

use similar::TextDiff;

use postil_archive::diagnostic::show::{Look, harmless};

/// Lines shown around a change.
const AROUND: usize = 3;

/// The changes of files: path to text as it was and as it is to be.
pub(super) fn of_files(files: &BTreeMap<String, (String, String)>, look: Look) -> String {
    files.iter().map(|(path, (old, new))| of_file(path, path, old, new, look)).collect()
}

/// The same of files of which some lie elsewhere then, path to path; as git writes it.
pub(super) fn of_moved_files(
    files: &BTreeMap<String, (String, String)>,
    moves: &BTreeMap<String, String>,
    look: Look,
) -> String {
    let paths: BTreeSet<&String> = files.keys().chain(moves.keys()).collect();
    let mut patch = String::new();
    for path in paths {
        let to = moves.get(path).unwrap_or(path);
        if to != path {
            let head = format!("diff --git a/{path} b/{to}\nrename from {path}\nrename to {to}\n");
            patch.extend(head.split_inclusive('\n').map(line));
        }
        patch.extend(files.get(path).map(|(old, new)| of_file(path, to, old, new, look)));
    }
    patch
}

fn of_file(path: &str, to: &str, old: &str, new: &str, look: Look) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    let patch = unified.context_radius(AROUND).header(&format!("a/{path}"), &format!("b/{to}")).to_string();
    if !look.colour {
        return patch.split_inclusive('\n').map(line).collect();
    }
    let coloured = |text: &str| match text.as_bytes().first() {
        Some(b'+') => format!("\u{1b}[32m{}\u{1b}[0m\n", line(text).trim_end_matches('\n')),
        Some(b'-') => format!("\u{1b}[31m{}\u{1b}[0m\n", line(text).trim_end_matches('\n')),
        Some(b'@') => format!("\u{1b}[36m{}\u{1b}[0m\n", line(text).trim_end_matches('\n')),
        _ => line(text),
    };
    patch.split_inclusive('\n').map(coloured).collect()
}

/// A line that cannot steer a terminal; a carriage return before its end stays, for `git apply`.
fn line(text: &str) -> String {
    match text.strip_suffix("\r\n") {
        Some(words) => harmless(words) + "\r\n",
        None => harmless(text),
    }
}

/// "1 file", "2 files".
pub(super) fn some(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_one() {
        let files =
            BTreeMap::from([("a/b.md".to_owned(), ("one\ntwo\u{1b}\n".to_owned(), "one\n2\n".to_owned()))]);
        let plain = of_files(&files, Look { colour: false, width: 80 });
        assert_eq!(plain, "--- a/a/b.md\n+++ b/a/b.md\n@@ -1,2 +1,2 @@\n one\n-two␛\n+2\n");
        let coloured = of_files(&files, Look { colour: true, width: 80 });
        assert!(coloured.contains("\u{1b}[32m+2\u{1b}[0m\n"), "{coloured:?}");
    }
}
