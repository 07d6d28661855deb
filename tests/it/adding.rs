//! Texts that are brought in: what the command writes, and what it refuses.

use std::path::Path;
use std::process::Output;

use super::cases::write_smallest_archive;
use super::command::postil;

/// Runs postil in a folder; its exit code and what it says on both streams.
#[track_caller]
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = postil(folder, args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn many_texts_are_adopted_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_smallest_archive(root);
    let write = |path: &str, text: &str| {
        std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        std::fs::write(root.join(path), text).unwrap();
    };
    let record = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    write("content/x/b.txt", "One.\n\nTwo.\n");
    write("content/x/c.txt", "One.\n");
    write("content/x/c.toml", "title = \"C\"\n");

    let (code, _, said) = run(root, &["adopt"]);
    assert_eq!((code, said.contains("<TEXT>...")), (2, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "--all", "--old", "content/x/b.txt"]);
    assert_eq!((code, said.contains("cannot be used with")), (2, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "x", "--old", "content/x/b.txt"]);
    assert_eq!((code, said.contains("`--old` is one text, and 2 are")), (2, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "y/"]);
    assert_eq!((code, said.contains("the archive has no text `y/`")), (2, true), "{said}");

    let (code, patch, said) = run(root, &["adopt", "content/x/", "x/b"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.ends_with("x/b: the text has 2 blocks\nx/c: the text has 1 block\n2 files written\n"),
        "{said}"
    );
    assert!(patch.contains("+++ b/content/x/b.toml") && patch.contains("+++ b/content/x/c.toml"), "{patch}");
    assert!(record("content/x/b.toml").starts_with("layout = \"wrapped\"\nsha256 = "));
    assert!(record("content/x/c.toml").starts_with("title = \"C\"\nlayout"));
    assert!(!root.join("content/a.toml").exists(), "what was not named is left alone");

    let (code, _, said) = run(root, &["adopt", "--all"]);
    assert_eq!((code, said.ends_with("1 file written\n")), (0, true), "{said}");
    let (code, _, said) = run(root, &["adopt", "--all"]);
    assert_eq!((code, said.ends_with("nothing to write\n")), (0, true), "{said}");

    // One that cannot be read stops all.
    write("content/x/b.txt", "One.\n\nTwo.\n\nThree.\n");
    write("content/x/c.txt", "caf\u{0}\n");
    let before = record("content/x/b.toml");
    let (code, _, said) = run(root, &["adopt", "--all"]);
    assert_eq!((code, said.contains("nul-byte")), (2, true), "{said}");
    assert_eq!(record("content/x/b.toml"), before);
}
