//! The archive of this repository, built as anybody would build it.

use std::path::Path;
use std::process::Command;

use super::{files, repository};

/// Builds the archive of this repository.
fn build(output: &Path, threads: &str) -> Vec<(String, Vec<u8>)> {
    build_with(output, &["--threads", threads])
}

fn build_with(output: &Path, more: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    command.arg("build").arg("--site").arg(repository("")).arg("--output").arg(output);
    let built = command.args(more).env_clear().output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    files(output)
}

#[test]
fn two_builds_give_the_same_bytes() {
    let temp = tempfile::tempdir().unwrap();
    let one = build(&temp.path().join("here"), "1");
    let other = build(&temp.path().join("there/and deeper"), "4");
    assert!(one.len() > 20, "only {} files", one.len());
    for (a, b) in one.iter().zip(&other) {
        assert_eq!(a.0, b.0);
        assert!(a.1 == b.1, "{} differs", a.0);
    }
    assert_eq!(one.len(), other.len());
}

#[test]
fn the_raw_texts_are_published_byte_for_byte() {
    let temp = tempfile::tempdir().unwrap();
    let site = build(&temp.path().join("public"), "2");
    let mut texts = 0;
    for (path, bytes) in files(&repository("content")) {
        let raw = path.ends_with(".txt") || path.ends_with(".md") && !path.starts_with("pages/");
        if raw {
            let address = format!("raw/{path}");
            let published = site.iter().find(|(path, _)| *path == address);
            assert!(published.is_some_and(|(_, found)| *found == bytes), "{address}");
            texts += 1;
        }
    }
    assert!(texts >= 5, "only {texts} texts");
}

/// A host shows the page for what is missing in place of a page in any folder.
#[test]
fn the_page_for_what_is_missing_loads_at_any_depth() {
    let temp = tempfile::tempdir().unwrap();
    let site = build_with(&temp.path().join("public"), &["--base-url", "https://a.example/archive"]);
    let (_, page) = site.iter().find(|(path, _)| path == "404.html").unwrap();
    let page = str::from_utf8(page).unwrap();
    let addresses: Vec<&str> = [" href=\"", " src=\""]
        .iter()
        .flat_map(|key| page.split(key).skip(1).filter_map(|rest| rest.split('"').next()))
        .collect();
    assert!(addresses.iter().any(|address| address.ends_with(".css")), "{addresses:?}");
    for address in addresses {
        let good = ["/archive/", "#", "data:", "https:"].iter().any(|start| address.starts_with(start));
        assert!(good, "{address}");
    }
}
