//! In a crate, too, each room uses only the rooms above it. That no crate uses a later one the
//! compiler sees, and that only the ends touch the disk the lints (`crates/clippy.toml`).

use std::collections::BTreeMap;

use super::sources;

/// The rooms of each crate's `src`, in the order in which its `lib.rs` names them.
fn rooms() -> BTreeMap<String, Vec<String>> {
    let of_lib = |(path, text): (String, String)| {
        let rooms = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
        Some((path.strip_suffix("/lib.rs")?.to_owned(), rooms.map(str::to_owned).collect()))
    };
    sources().into_iter().filter_map(of_lib).collect()
}

/// The folder `src` that a file lies in, and its room there; `None` for `lib.rs` and `main.rs`.
fn room_of(path: &str) -> Option<(&str, &str)> {
    let at = if path.starts_with("src/") { 3 } else { path.find("/src/")? + 4 };
    let room = path[at + 1..].split('/').next()?;
    (room != "lib.rs" && room != "main.rs").then(|| (&path[..at], room.trim_end_matches(".rs")))
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
    assert!(rooms.len() >= 6, "the crates of the house: {:?}", rooms.keys());
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some((floor, room)) = room_of(&path) else { continue };
        // The rooms of search are files side by side, which need each other both ways.
        if floor == "crates/search/src" {
            continue;
        }
        let order = |room: &str| rooms[floor].iter().position(|r| r == room);
        let own = order(room).unwrap_or_else(|| panic!("{path} is in no room that lib.rs lists"));
        for name in named(&code(&text)) {
            if order(&name).is_none_or(|other| other > own) {
                wrong.push(format!("{path} names `crate::{name}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_room_takes_names_from_another_for_its_own() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let code = code(&text);
        let taken = code.match_indices("pub use ").map(|(at, found)| head(&code[at + found.len()..]));
        wrong.extend(taken.filter(|name| name.starts_with("postil_")).map(|name| format!("{path}: {name}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
