//! What becomes of files, as a patch that other tools read too.

use std::collections::{BTreeMap, BTreeSet};

use similar::TextDiff;

use postil_archive::diagnostic::show::{Look, harmless};

/// Lines shown around a change.
const AROUND: usize = 3;

/// The changes of files: path to text as it was and as it is to be.
pub(super) fn of_files(files: &BTreeMap<String, (String, String)>, look: Look) -> String {
    files.iter().map(|(path, (old, new))| of_file(&format!("a/{path}"), path, old, new, look)).collect()
}

/// The same of files of which some lie elsewhere then, path to path, and one may be new; as git writes it.
pub(super) fn of_moved_files(
    files: &BTreeMap<String, (String, String)>,
    moves: &BTreeMap<String, String>,
    new: Option<(&str, &str)>,
    look: Look,
) -> String {
    let head = |head: String| head.split_inclusive('\n').map(line).collect::<String>();
    let paths: BTreeSet<&String> = files.keys().chain(moves.keys()).collect();
    let mut patch = String::new();
    for path in paths {
        let to = moves.get(path).unwrap_or(path);
        patch.push_str(&head(format!("diff --git a/{path} b/{to}\n")));
        if to != path {
            patch.push_str(&head(format!("rename from {path}\nrename to {to}\n")));
        }
        let change = files.get(path).map(|(old, new)| of_file(&format!("a/{path}"), to, old, new, look));
        patch.extend(change);
    }
    if let Some((path, text)) = new {
        patch.push_str(&head(format!("diff --git a/{path} b/{path}\nnew file mode 100644\n")));
        patch.push_str(&of_file("/dev/null", path, "", text, look));
    }
    patch
}

fn of_file(from: &str, to: &str, old: &str, new: &str, look: Look) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    let patch = unified.context_radius(AROUND).header(from, &format!("b/{to}")).to_string();
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
