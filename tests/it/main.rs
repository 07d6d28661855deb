//! What must hold of postil as a whole, one module a subject.

mod adding;
mod advice;
mod addresses;
mod books;
mod brought;
mod asking;
mod attacked;
mod attacks;
mod browser;
mod bugs;
mod cases;
mod checking;
mod citing;
mod codes;
mod command;
mod comparing;
mod editorial;
mod examples;
mod exporting;
mod first_archive;
mod generated;
mod hostile;
mod hosting;
mod faults;
mod feeds;
mod following;
mod interrupted;
mod large_archives;
mod large_texts;
mod lenient;
mod lists;
mod long_lists;
mod lsp;
mod made;
#[cfg(unix)]
mod manual;
mod markdown;
mod meaning;
mod mending;
mod mistakes;
mod names;
mod packaging;
mod nothing_lost;
mod pictures;
mod products;
mod proof;
mod proposing;
mod publish;
mod random;
mod renaming;
mod reuse;
mod rooms;
mod round_trips;
mod rows;
mod schemas;
mod search;
mod selections;
mod serving;
mod speaking;
mod storing;
mod structuring;
mod taking_out;
mod theme;
mod tier;
mod tongue;

use std::path::{Path, PathBuf};

/// A path of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file of Rust of the program with its path from the root, with `/`, and its text; sorted.
fn sources() -> Vec<(String, String)> {
    let below = |folder: &str| {
        let folder = folder.to_owned();
        let files = files(&repository(&folder)).into_iter();
        files.map(move |(path, bytes)| (format!("{folder}/{path}"), bytes))
    };
    let all = below("crates").chain(below("src"));
    all.filter(|(path, _)| path.ends_with(".rs")).map(utf8).collect()
}

/// Every file of a folder with its path from there, with `/`, and its bytes; sorted.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    // What a build remembers is no part of an archive.
    let walk = walk.filter_entry(|entry| entry.file_name() != ".postil").map(Result::unwrap);
    walk.filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let path = path.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("/");
            (path, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn utf8((path, bytes): (String, Vec<u8>)) -> (String, String) {
    (path, String::from_utf8(bytes).unwrap())
}
