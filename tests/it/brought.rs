//! The archives of `examples/` are what the commands of their READMEs make, and are built without a problem.

use std::path::Path;

use super::command::postil;
use super::{files, repository};

/// The commands of a README, each as its words.
fn commands(readme: &str) -> Vec<Vec<String>> {
    let lines = readme.lines().filter_map(|line| line.strip_prefix("postil "));
    let words = |line: &str| {
        let parts = line.split('\'').enumerate();
        let words = parts.flat_map(|(i, part)| match i % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect()
    };
    lines.map(words).collect()
}

fn copy(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) {
    for (path, bytes) in files(from).into_iter().filter(|(path, _)| wanted(path)) {
        std::fs::create_dir_all(to.join(&path).parent().unwrap()).unwrap();
        std::fs::write(to.join(path), bytes).unwrap();
    }
}

#[track_caller]
fn check(name: &str, texts: usize) {
    let example = repository("examples").join(name);
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    // What is there before the first command.
    copy(&example, root, |path| {
        path.starts_with("in/") || matches!(path, "postil.toml" | "content/collection.toml")
    });
    let readme = std::fs::read_to_string(example.join("README.md")).unwrap();
    let commands = commands(&readme);
    assert!(!commands.is_empty(), "{name}");
    for command in commands {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let output = postil(root, &words).output().unwrap();
        assert!(output.status.success(), "{name}: {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    // Rows that a person writes stand beside those that postil proposes.
    for (path, bytes) in files(root) {
        let (made, kept) = (String::from_utf8(bytes).unwrap(), std::fs::read_to_string(example.join(&path)));
        let kept = kept.unwrap_or_else(|error| panic!("{name}: {path}: {error}"));
        if path.ends_with("/apparatus.toml") {
            let missing = made.lines().find(|line| !kept.contains(line));
            assert_eq!(missing, None, "{name}: {path}");
        } else {
            assert_eq!(made, kept, "{name}: {path}");
        }
    }
    copy(&example, root, |path| path.starts_with("annotations/"));
    assert_eq!(
        files(root).len() + 1,
        files(&example).len(),
        "{name}: only the README is of no use to a build"
    );
    let output = postil(root, &["build", "--output", "out"]).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && !said.contains("warning"), "{name}: {said}");
    let pages = files(&root.join("out/texts")).into_iter();
    let pages = pages.filter(|(_, bytes)| bytes.windows(9).any(|bytes| bytes == b"data-text"));
    assert_eq!(pages.count(), texts, "{name}");
}

#[test]
fn a_play_with_songs() {
    check("play", 1);
}

#[test]
fn letters_with_a_table_of_records() {
    check("letters", 6);
}

#[test]
fn pages_of_a_scan() {
    check("chronicle", 1);
}
