//! Each room uses only the rooms above it, and only the two ends touch the disk.

use super::{repository, sources};

/// Rooms that may use the disk and the network: the two ends, the server, and the command.
const ENDS: [&str; 4] = ["archive", "output", "serve", "cli"];

/// The rooms in walking order: that of the numbered list in `lib.rs`, which has
/// to have every room.
fn rooms() -> Vec<String> {
    let lib = std::fs::read_to_string(repository("src/lib.rs")).unwrap();
    let listed =
        |line: &str| Some(line.strip_prefix("//! ")?.split_once(". [`")?.1.split_once('`')?.0.to_owned());
    let rooms: Vec<String> = lib.lines().filter_map(listed).collect();
    let mut modules: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut sorted: Vec<&str> = rooms.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    modules.sort_unstable();
    assert_eq!(sorted, modules, "the list in lib.rs and its modules differ");
    rooms
}

/// The room a file of `src/` belongs to; `None` for `lib.rs` and `main.rs`.
fn room_of(path: &str) -> Option<&str> {
    let first = path.split('/').next()?;
    (first != "lib.rs" && first != "main.rs").then(|| first.trim_end_matches(".rs"))
}

/// Code without its comments, and on one line, so that a list of names is not cut.
///
/// A `//` in a string cuts that line short; what is cut is data, not names.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().trim()).collect::<Vec<_>>().join(" ")
}

/// The rooms that a file names by `crate::room` or `use crate::{room, …}`.
fn named(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, prefix) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => found.extend(list_heads(list)),
            None => found.push(head(rest)),
        }
    }
    found
}

/// The first name of each entry of a list in braces: `a::{b, c}, d}` gives a and d.
fn list_heads(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = vec![head(list)];
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(head(&list[at + 1..])),
            _ => {}
        }
    }
    heads
}

fn head(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a chain of `super::` goes out of the room: a file is as deep in the
/// house as its path is long, and its tests are one deeper.
fn leaves_by_super(path: &str, code: &str) -> bool {
    let parts = path.split('/').count();
    let depth = if path.ends_with("/mod.rs") { parts - 1 } else { parts };
    let (own, tests) = code.split_once("mod tests {").unwrap_or((code, ""));
    let longest =
        |code: &str| (0..=parts + 1).rev().find(|&n| code.contains(&"super::".repeat(n))).unwrap_or(0);
    longest(own) >= depth || longest(tests) > depth
}

#[test]
fn ways_out_by_super_are_found() {
    let check = |path: &str, code: &str, leaves: bool| {
        assert_eq!(leaves_by_super(path, code), leaves, "{path}: {code}")
    };
    check("a/mod.rs", "use super::b;", true);
    check("a/mod.rs", "mod tests { use super::*; }", false);
    check("a/mod.rs", "mod tests { use super::super::b; }", true);
    check("a/x.rs", "use super::y;", false);
    check("a/x.rs", "use super::super::b;", true);
    check("a/x.rs", "mod tests { use super::super::y; }", false);
    check("a.rs", "use super::b;", true);
}

#[test]
fn names_are_found() {
    let check = |code: &str, expected: &[&str]| assert_eq!(named(code), expected, "{code}");
    check("use crate::anchor::Anchor;", &["anchor"]);
    check("use crate::{a::{b, c}, d, e::f}; use std::io;", &["a", "d", "e"]);
    check("let x = crate::site::Page::new(); my_crate::y", &["site"]);
    check("pub(crate) fn x()", &[]);
}

#[test]
fn no_room_names_a_later_one() {
    let rooms = rooms();
    let order = |room: &str| rooms.iter().position(|r| r == room);
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room_of(&path) else { continue };
        let own = order(room).unwrap_or_else(|| panic!("{path} is in no room that lib.rs lists"));
        for name in named(&code(&text)) {
            // What is no room is an item of lib.rs: only the command may call those.
            match order(&name) {
                Some(other) if other <= own => {}
                None if room == "cli" => {}
                _ => wrong.push(format!("{path} names `crate::{name}`")),
            }
        }
        if leaves_by_super(&path, &code(&text)) {
            wrong.push(format!("{path} leaves its room by `super`: name the other room"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_ends_touch_the_disk() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room_of(&path) else { continue };
        if ENDS.contains(&room) {
            continue;
        }
        let code = code(&text);
        for word in
            ["std::fs", "fs::File", "std::net", "std::process", "walkdir", "tempfile", "rustix", "std::env"]
        {
            if code.contains(word) {
                wrong.push(format!("{path} uses `{word}`"));
            }
        }
        if named_from_std(&code, "fs") {
            wrong.push(format!("{path} uses `std::fs`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a module of `std` is named in a list: `use std::{fs, io}`.
fn named_from_std(code: &str, module: &str) -> bool {
    code.match_indices("std::{")
        .any(|(at, prefix)| list_heads(&code[at + prefix.len()..]).iter().any(|name| name == module))
}

#[test]
fn lists_of_std_are_seen_through() {
    assert!(named_from_std("use std::{fmt, fs};", "fs"));
    assert!(named_from_std("use std::{fs::{self, File}, io};", "fs"));
    assert!(!named_from_std("use std::{fmt, io};", "fs"));
}

#[test]
fn no_room_takes_names_from_another_for_its_own() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (at, _) in code(&text).match_indices("pub use crate::") {
            let name = head(&code(&text)[at + "pub use crate::".len()..]);
            if rooms.contains(&name) {
                wrong.push(format!("{path} re-exports from `{name}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
