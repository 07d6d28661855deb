//! Which paths a file of the site may have.
//!
//! A site is copied to hosts, sticks and other systems: a path is good only if
//! it means the same file everywhere.

use unicode_normalization::UnicodeNormalization;

/// Longest part of a path, in bytes: what common file systems hold.
const LONGEST_PART: usize = 255;

/// How the names begin that postil uses in a folder it writes.
const KEPT: &str = ".postil-";

/// Characters that Windows does not take in a file's name, `\` among them.
const REFUSED: [char; 9] = ['\\', ':', '*', '?', '"', '<', '>', '|', '\u{7f}'];

/// What is wrong with a path, if anything: it must be relative, its parts
/// joined by `/`, and each part a name on every system.
pub fn fault(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if path.starts_with('/') {
        return Some("is not relative");
    }
    if path.starts_with(KEPT) {
        return Some("is a name that postil keeps for itself");
    }
    path.split('/').find_map(part_fault)
}

/// The path that an address in a file names from a folder; none if it leads out of the archive.
pub fn named_from(folder: &str, address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn part_fault(part: &str) -> Option<&'static str> {
    if part.is_empty() {
        Some("has an empty part")
    } else if part == "." || part == ".." {
        Some("has a part that is `.` or `..`")
    } else if part.len() > LONGEST_PART {
        Some("has a part of more than 255 bytes")
    } else if part.contains(|c: char| c < ' ' || REFUSED.contains(&c)) {
        Some("has a character that not every system takes")
    } else if part.ends_with(['.', ' ']) {
        Some("has a part that ends with a dot or a space")
    } else if is_device(part) {
        Some("has a part that is the name of a device on Windows")
    } else {
        None
    }
}

/// Whether Windows takes this name for a device, whatever its ending.
/// <https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file>
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ').to_ascii_lowercase();
    if matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") {
        return true;
    }
    let Some(number) = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")) else { return false };
    let mut digits = number.chars();
    matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// What a file system that ignores case and composition sees: two paths that
/// fold to one cannot lie in one folder.
pub fn fold(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.nfd().flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(fault(path), expected, "{path:?}");
    }

    #[test]
    fn good_paths() {
        for path in [
            "index.html",
            "texts/home-office/2009-08.html",
            "a/b.c/d",
            ".well-known/x",
            "console",
            "com",
            "com10",
            "é.html",
        ] {
            check(path, None);
        }
    }

    #[test]
    fn paths_that_leave_the_folder() {
        check("", Some("is empty"));
        check("/etc/passwd", Some("is not relative"));
        check("..", Some("has a part that is `.` or `..`"));
        check("a/../b", Some("has a part that is `.` or `..`"));
        check("./a", Some("has a part that is `.` or `..`"));
        check(".postil-manifest", Some("is a name that postil keeps for itself"));
        check("a//b", Some("has an empty part"));
        check("a/", Some("has an empty part"));
        check("a\\..\\b", Some("has a character that not every system takes"));
        check("c:/a", Some("has a character that not every system takes"));
    }

    #[test]
    fn names_that_some_system_refuses() {
        check("a\0b", Some("has a character that not every system takes"));
        check("a\nb", Some("has a character that not every system takes"));
        check("what?", Some("has a character that not every system takes"));
        check("a./b", Some("has a part that ends with a dot or a space"));
        check("a ", Some("has a part that ends with a dot or a space"));
        check(&"x".repeat(256), Some("has a part of more than 255 bytes"));
        for path in ["con", "NUL.txt", "a/aux.html", "com1", "LPT9.tar.gz", "com²", "con .txt"] {
            check(path, Some("has a part that is the name of a device on Windows"));
        }
    }

    #[test]
    fn folding() {
        let cases =
            [("A/b.HTML", "a/b.html"), ("É", "é"), ("E\u{301}", "é"), ("straße", "straße"), ("ΑΣ", "ασ")];
        for (path, folded) in cases {
            assert_eq!(fold(path), folded, "{path:?}");
        }
    }

    #[test]
    fn addresses_stay_in_the_archive() {
        let path = |address| named_from("content/a/b", address);
        assert_eq!(path("x%20y.png?v=1#f").as_deref(), Some("content/a/b/x y.png"));
        assert_eq!(path("./../../x.png").as_deref(), Some("content/x.png"));
        assert_eq!(path("../../../../x.png"), None);
        assert_eq!(named_from("", "x.png").as_deref(), Some("x.png"));
    }
}
