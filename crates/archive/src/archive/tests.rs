#![expect(clippy::disallowed_methods, reason = "archives are laid out on the disk to be read")]

use super::*;

fn archive(files: &[(&str, &[u8])]) -> Checked<Archive> {
    let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
    let files = files.chain([("postil.toml".to_owned(), b"title = 'T'".to_vec())]).collect();
    Archive::from_memory(files, &Default::default())
}

fn problems(checked: &Checked<Archive>) -> Vec<String> {
    let shown =
        |p: &Diagnostic| format!("{}:{} {}: {}", p.place.path, p.place.line, p.code.name(), p.message);
    checked.problems.iter().map(shown).collect()
}

#[test]
fn an_archive_is_read_from_memory() {
    let checked = archive(&[
        ("content/commons/a.txt", b"one"),
        ("content/commons/a.toml", b"title = 'A'"),
        ("content/b.md", b"# two"),
        ("content/.DS_Store", b"x"),
        ("content/commons/a.txt~", b"x"),
        ("annotations/commons/a/n.md", b"+++\n+++\n"),
        ("annotations/.hidden/x", b""),
    ]);
    assert_eq!(problems(&checked), [""; 0]);
    let archive = checked.value;
    assert_eq!(archive.config.title, "T");
    assert_eq!(archive.texts.iter().map(|t| &*t.id).collect::<Vec<_>>(), ["b", "commons/a"]);
    let text = archive.text("commons/a").expect("it is there");
    assert_eq!(text.record.as_ref().map(|r| r.text.as_str()), Some("title = 'A'"));
    assert_eq!(archive.load(text).expect("memory").value.as_deref(), Some(&b"one"[..]));
    assert_eq!(archive.sidecars.len(), 1);
    assert!(archive.text("commons").is_none());
}

#[test]
fn a_folder_without_configuration_is_no_archive() {
    let checked = Archive::from_memory(BTreeMap::new(), &Default::default());
    assert_eq!(problems(&checked), ["postil.toml:1 config-missing: there is no `postil.toml` here"]);
}

#[test]
fn small_files_have_a_limit_and_are_utf_8() {
    let checked = archive(&[
        ("content/a.txt", b"a"),
        ("content/a.toml", &[b' '; 70_000]),
        ("annotations/a/b.md", b"ok\n\xe9x"),
        ("annotations/a/c.md", b"\xef\xbb\xbf+++"),
        ("annotations/a/d.md", b"a\0"),
    ]);
    assert_eq!(
        problems(&checked),
        [
            "content/a.toml:1 too-large: the file is larger than 65536 bytes",
            "annotations/a/b.md:2 invalid-utf8: byte 0xE9 at offset 3 is not UTF-8",
            "annotations/a/d.md:1 nul-byte: NUL byte at offset 1",
        ]
    );
    assert_eq!(checked.value.sidecars.len(), 1);
    assert_eq!(checked.value.sidecars[0].source.text, "+++");
}

#[test]
fn a_text_over_the_limit_is_not_loaded() {
    let files = BTreeMap::from([
        ("postil.toml".to_owned(), b"title = 'T'\n[limits]\ntext = 3".to_vec()),
        ("content/a.txt".to_owned(), b"four".to_vec()),
    ]);
    let archive = Archive::from_memory(files, &Default::default()).value;
    let loaded = archive.load(&archive.texts.raw[0]).expect("memory");
    assert_eq!(loaded.value, None);
    assert_eq!(loaded.problems[0].code, Code::TOO_LARGE);
}

#[test]
fn a_theme_is_overridden_file_by_file() {
    let files = BTreeMap::from([
        ("postil.toml".to_owned(), b"title = 'T'\ntheme = 'own'".to_vec()),
        ("content/a.txt".to_owned(), b"a".to_vec()),
        ("themes/own/zz-test.html".to_owned(), b"own".to_vec()),
        ("themes/own/assets/fonts/zz.woff2".to_owned(), b"\xff".to_vec()),
        ("themes/own/lang/zz.toml".to_owned(), b"x = 'y'".to_vec()),
        ("themes/own/README.md".to_owned(), b"no".to_vec()),
    ]);
    let checked = Archive::from_memory(files, &Default::default());
    assert_eq!(problems(&checked), [""; 0]);
    let theme = checked.value.theme;
    assert_eq!(
        theme.templates.last().map(|(n, s)| (n.as_str(), &*s.path)),
        Some(("zz-test.html", "themes/own/zz-test.html"))
    );
    assert!(theme.assets.iter().any(|(name, bytes)| name == "fonts/zz.woff2" && bytes == b"\xff"));
    assert!(theme.lang.iter().any(|(name, _)| name == "zz.toml"));
}

#[test]
fn a_theme_that_is_not_there_is_an_error() {
    let files = BTreeMap::from([
        ("postil.toml".to_owned(), b"title = 'T'\ntheme = 'own'".to_vec()),
        ("content/a.txt".to_owned(), b"a".to_vec()),
    ]);
    assert_eq!(
        problems(&Archive::from_memory(files, &Default::default())),
        ["postil.toml:1 bad-value: there is no theme `own`"]
    );
}

#[test]
fn folders_in_other_letters_are_told() {
    let check = |path: &str, expected: &[&str]| {
        assert_eq!(problems(&archive(&[("content/a.txt", b"a"), (path, b"x")])), expected, "{path}");
    };
    let left_out = |name: &str, right: &str| {
        format!("{name}:1 bad-name: `{name}/` is not `{right}/`: its file is left out")
    };
    for name in ["Annotations", "ANNOTATIONS", "annotation", "anotations", "annotatoins"] {
        check(&format!("{name}/a/n.md"), &[&left_out(name, "annotations")]);
    }
    check("Content/b.txt", &[&left_out("Content", "content")]);
    check("Themes/x/text.html", &[&left_out("Themes", "themes")]);
    for path in [
        "contents/a.txt",
        "Annotations/.gitkeep",
        "animation/x.md",
        "notes/a.md",
        "theme/x.html",
        "annotation/x.png",
    ] {
        check(path, &[]);
    }
    assert_eq!(problems(&archive(&[("contents/a.txt", b"a")])), [left_out("contents", "content")]);
    let files = BTreeMap::from([("Postil.toml".to_owned(), b"title = 'T'".to_vec())]);
    assert_eq!(
        Archive::from_memory(files, &Default::default()).problems[0].help,
        ["rename `Postil.toml` to `postil.toml`"]
    );
}

#[test]
fn an_archive_has_a_text() {
    let none = ["content:1 no-text: the archive has no text"];
    assert_eq!(problems(&archive(&[])), none);
    assert_eq!(problems(&archive(&[("content/pages/about.md", b"x")])), none);
    let with_others = problems(&archive(&[("content/a.docx", b"x"), ("content/README.md", b"x")]));
    assert_eq!(with_others.iter().filter(|problem| problem.contains("no-text")).count(), 1);
    // What is wrong with its file is the reason.
    assert_eq!(problems(&archive(&[("content/a.TXT", b"x")])).len(), 1);
}

#[test]
fn marks_of_a_conflict_are_told_as_what_they_are() {
    let conflict = "title = 'A'\n<<<<<<< HEAD\ndate = 1\n=======\ndate = 2\n>>>>>>> branch\n";
    let crlf = conflict.replace('\n', "\r\n");
    for text in [conflict, &crlf] {
        for path in ["content/a.toml", "annotations/a/n.md", "annotations/glossary/g.toml"] {
            let found = problems(&archive(&[("content/a.txt", b"a"), (path, text.as_bytes())]));
            assert_eq!(found, [format!("{path}:2 conflict-marks: git left a conflict in this file")]);
        }
    }
    // A heading underlined by `=`, and one mark alone.
    let heading = b"+++\n+++\n> a\n\nTitle\n=======\n\n<<<<<<<\n";
    assert_eq!(problems(&archive(&[("content/a.txt", b"a"), ("annotations/a/n.md", heading)])), [""; 0]);
}

#[cfg(unix)]
mod disk {
    use super::*;

    /// A folder of its own for one test, removed at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("postil-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).expect("the temporary folder is writable");
            Self(path)
        }

        fn write(&self, path: &str, bytes: &[u8]) {
            let path = self.0.join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("writable");
            std::fs::write(path, bytes).expect("writable");
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // A folder left behind in the temporary folder harms no later test.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn an_archive_is_read_from_the_disk() {
        use std::os::unix::ffi::OsStrExt;
        let folder = Folder::new("read");
        folder.write("postil.toml", b"title = 'T'");
        folder.write("content/a/b.txt", b"x");
        folder.write("content/a.txt", b"y");
        folder.write("content/.git/c.txt", b"z");
        std::os::unix::fs::symlink("b.txt", folder.0.join("content/a/link.txt")).expect("links work");
        std::os::unix::fs::symlink("/", folder.0.join("annotations")).expect("links work");
        let odd = std::ffi::OsStr::from_bytes(b"od\xffd.txt");
        std::fs::write(folder.0.join("content").join(odd), b"x").expect("writable");
        let checked = read(Store::Disk(folder.0.clone()), &Default::default()).expect("it can be read");
        assert_eq!(
            problems(&checked),
            [
                "content/a/link.txt:1 special-file: not a file, but a symbolic link, pipe or device",
                "content/od\u{fffd}d.txt:1 bad-name: the file's name is not UTF-8",
                "annotations:1 special-file: not a file, but a symbolic link, pipe or device",
            ]
        );
        let ids: Vec<&str> = checked.value.texts.iter().map(|t| &*t.id).collect();
        assert_eq!(ids, ["a", "a/b"]);
        let loaded = checked.value.load(&checked.value.texts.raw[1]).expect("it can be read");
        assert_eq!(loaded.value.as_deref(), Some(&b"x"[..]));
    }
}
