//! The command: exit codes, streams, what it writes.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs postil in a folder, without colours and whatever else the surroundings say.
pub(super) fn postil(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

#[track_caller]
fn check(folder: &Path, args: &[&str], code: i32, stdout: &str, stderr: &str) {
    let Output { status, stdout: out, stderr: err } = postil(folder, args).output().unwrap();
    let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
    assert!(
        status.code() == Some(code) && out.contains(stdout) && err.contains(stderr),
        "{args:?}: {status}\n{out}\n{err}"
    );
    if stdout.is_empty() {
        assert_eq!(out, "", "{args:?} answers nothing");
    }
}

#[test]
fn wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), &[], 2, "", "Usage: postil");
    check(folder.path(), &["bild"], 2, "", "a similar subcommand exists: 'build'");
    check(folder.path(), &["build", "--threads", "0"], 2, "", "invalid value '0'");
    check(folder.path(), &["--version"], 0, "postil 0", "");
}

/// What a newcomer types is answered by what was meant, where that can be seen.
#[test]
fn advice_to_newcomers() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    super::cases::write_smallest_archive(root);
    check(root, &["build", "content"], 2, "", "the folder of the archive is named by `--site \"content\"`");
    check(root, &["check", "content/a.txt"], 2, "", "looks at the whole archive, and takes no file");
    check(root, &["note", "a", "two", "words"], 2, "", "stand in quotation marks");
    check(root, &["new", "term", "Freedom"], 2, "", "`--kind` says what sort of thing it is");
    check(root, &["explain", "bad-name"], 2, "", "`postil check --explain CODE`");
    check(root, &["new", "topic", " "], 2, "", "a topic without a name says nothing");
    check(root, &["diff", "main"], 2, "", "a revision is one of git's");
    check(root, &["init"], 2, "", "is an archive already");
    std::fs::write(root.join("content/README.md"), "x").unwrap();
    check(&root.join("content"), &["init"], 2, "", "begin it in a folder of its own, `postil init DIR`");
    let empty = root.join("with a space");
    std::fs::create_dir(&empty).unwrap();
    check(&empty, &["init"], 0, "", "make its site: postil build\n");
    check(&empty, &["build"], 0, "", "`./public`: 1 text");
    check(
        root,
        &["build", "--site", "with a space", "--output", "with a space/other site"],
        0,
        "",
        "other site`: 1 text",
    );
}

#[test]
fn manual_pages() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), &["man", "a/pages"], 0, "", "");
    let page = |name: &str| std::fs::read_to_string(folder.path().join("a/pages").join(name));
    let first = page("postil.1").unwrap();
    for name in ["build", "check", "new", "export"] {
        assert!(first.contains(&format!("postil\\-{name}(1)")), "{name}: {first}");
        assert!(page(&format!("postil-{name}.1")).is_ok(), "{name}");
    }
    assert!(page("postil-new-term.1").unwrap().contains("\\-\\-kind"));
    assert!(page("postil-man.1").is_err(), "what is for those who pack the program has no page");
    std::fs::write(folder.path().join("file"), "").unwrap();
    check(folder.path(), &["man", "file"], 2, "", "could not create the folder");
}

#[test]
fn explaining() {
    let folder = tempfile::tempdir().unwrap();
    check(
        folder.path(),
        &["check", "--explain", "quote-not-found"],
        0,
        "quote-not-found\n\nThe text does not",
        "",
    );
    check(folder.path(), &["check", "--explain", "quote-not-fond"], 2, "", "did you mean `quote-not-found`?");
}

#[test]
fn a_folder_that_is_no_archive() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        &["check", "--format", "short"][..],
        &["build"],
        &["serve"],
        &["audit"],
        &["fix"],
        &["diff", "main"],
        &["adopt", "a"],
        &["note", "a", "words"],
        &["new", "contributor", "A B"],
        &["blocks", "a"],
        &["export", "search", "--format", "typesense", "--output", "x"],
    ] {
        check(folder.path(), command, 2, "", "there is no `postil.toml` here");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was written");
    for command in [&["check"][..], &["note", "a", "words"], &["serve"]] {
        check(folder.path(), &[command, &["--site", "nowhere"]].concat(), 2, "", "could not read `nowhere`");
    }
}

/// The archive is the nearest above the folder that somebody is in, or the one that is named.
#[test]
fn the_archive_is_looked_for_upwards() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    super::cases::write_smallest_archive(root);
    let deep = root.join("content/letters/1850");
    std::fs::create_dir_all(&deep).unwrap();
    for below in [root.join("content"), deep] {
        check(&below, &["check", "--format", "short"], 0, "content/a.txt:1:1", "1 text");
        check(&below, &["blocks", "a"], 0, "One line.", "");
        check(&below, &["build"], 0, "", "public`: 1 text");
        assert!(root.join("public/index.html").is_file());
        assert!(!below.join("public").exists());
    }
    // An archive within another is its own.
    let inner = root.join("drafts/inner");
    std::fs::create_dir_all(&inner).unwrap();
    super::cases::write_smallest_archive(&inner);
    std::fs::write(inner.join("content/b.txt"), "Another line.\n").unwrap();
    check(&inner.join("content"), &["check"], 0, "content/b.txt", "2 texts");
    check(&root.join("drafts"), &["check"], 0, "content/a.txt", "1 text,");
    // Named: by option or variable, by its folder or its file.
    check(root, &["check", "--site", "drafts/inner"], 0, "content/b.txt", "2 texts");
    check(root, &["check", "--site", "drafts/inner/postil.toml"], 0, "content/b.txt", "2 texts");
    check(&inner, &["check", "--site", "content"], 2, "", "there is no `postil.toml` here");
    let with = |name: &str, value: &str, args: &[&str]| {
        let output = postil(root, args).env(name, value).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = with("POSTIL_SITE", "drafts/inner", &["check"]);
    assert!(code == Some(0) && told.contains("2 texts"), "{told}");
    let (code, told) = with("POSTIL_SITE", "drafts/inner", &["check", "--site", "."]);
    assert!(code == Some(0) && told.contains("1 text,"), "{told}");
    let (code, told) = with("POSTIL_SITE", "", &["check"]);
    assert!(code == Some(0) && told.contains("1 text,"), "{told}");
    let (code, told) = with("POSTIL_OUTPUT", "elsewhere/site", &["build"]);
    assert!(code == Some(0) && told.contains("`elsewhere/site`"), "{told}");
    assert!(root.join("elsewhere/site/index.html").is_file());
    let (code, told) = with("POSTIL_OUTPUT", "", &["build"]);
    assert!(code == Some(0) && told.contains("public`"), "{told}");
}

/// A text may be named by whatever somebody has at hand of it.
#[test]
fn a_text_is_known_by_its_page_and_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    super::cases::write_smallest_archive(root);
    std::fs::create_dir(root.join("content/b")).unwrap();
    std::fs::write(root.join("content/b/a.txt"), "Another line.\n").unwrap();
    let record = "source = { name = \"S\", url = \"https://source.example/papers/7\" }\n";
    std::fs::write(root.join("content/b/a.toml"), record).unwrap();
    let absolute = root.join("content/b/a.txt");
    for name in [
        "b/a",
        "content/b/a.txt",
        "./content/b/a.txt",
        absolute.to_str().unwrap(),
        "https://example.org/texts/b/a.html",
        "https://example.org/some/archive/texts/b/a.html#p1",
        "https://example.org/texts/b/a.html?q=x#p1:~:text=line",
        "http://127.0.0.1:1111/texts/b/a.html",
        "public/texts/b/a.html",
        "https://example.org/raw/b/a.txt",
        "https://source.example/papers/7",
    ] {
        check(root, &["blocks", name], 0, "Another line.", "");
        check(
            root,
            &["note", name, "line", "--by", "A B", "--dry-run"],
            0,
            "> line",
            "annotations/b/a/line.md",
        );
    }
    check(&root.join("content/b"), &["blocks", "a.txt"], 0, "Another line.", "");
    check(root, &["blocks", "https://example.org/texts/a.html"], 0, "One line.", "");
    for name in ["https://example.org/texts/c.html", "https://example.org/", "content/c.txt", "nowhere"] {
        check(root, &["blocks", name], 2, "", "the archive has no text");
    }
}

/// The name that a note is signed with is git's, unless that is none.
#[test]
fn who_writes_is_said_or_known() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    super::cases::write_smallest_archive(root);
    super::checking::git(root, &["init", "-q"]);
    let named = |name: &str| super::checking::git(root, &["config", "user.name", name]);
    let note = ["note", "a", "One line", "--dry-run"];
    named("Ada Byron");
    check(root, &note, 0, "by = \"Ada Byron\"", "as git's `user.name` says; `--by` names another");
    named("abyron");
    check(root, &note, 2, "", "git's `user.name` is `abyron`, which is no contributor");
    check(root, &note, 2, "", "add `--by \"Your Name\"`");
    assert!(!root.join("annotations").exists());
    super::checking::write(root, "annotations/contributors/abyron.toml", "name = \"Ada Byron\"\n");
    check(root, &note, 0, "by = \"abyron\"", "");
}

/// An editor may be named as a shell takes it; a variable that is set to nothing names none.
#[cfg(unix)]
#[test]
fn editors_are_found() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    super::cases::write_smallest_archive(root);
    let script = root.join("my editor.sh");
    std::fs::write(
        &script,
        "#!/bin/sh\nfor last; do :; done\nprintf 'Edited by %s\\n' \"$1\" >> \"$last\"\n",
    )
    .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let edit = |slug: &str, visual: Option<&str>, editor: Option<&str>| {
        let mut command = postil(root, &["note", "a", "One line", "--by", "A B", "--edit", "--slug", slug]);
        command.env("PATH", "/usr/bin:/bin");
        visual.map(|visual| command.env("VISUAL", visual));
        editor.map(|editor| command.env("EDITOR", editor));
        let output = command.output().unwrap();
        let note = std::fs::read_to_string(root.join(format!("annotations/a/{slug}.md")));
        (output.status.code(), String::from_utf8(output.stderr).unwrap(), note.unwrap_or_default())
    };
    let quoted = format!("'{}' --wait", script.display());
    let escaped = script.display().to_string().replace(' ', "\\ ") + " --wait";
    for (slug, command) in [("one", &quoted), ("two", &escaped)] {
        let (code, told, note) = edit(slug, None, Some(command));
        assert!(code == Some(0) && note.ends_with("Edited by --wait\n"), "{told}{note}");
    }
    let plain = script.display().to_string();
    let (code, told, note) = edit("three", Some(""), Some(&plain));
    assert!(code == Some(0) && note.contains("Edited by ./annotations/a/three.md"), "{told}{note}");
    for (visual, editor) in [(Some(""), None), (None, Some(" ")), (Some("''"), Some("")), (None, None)] {
        let (code, told, note) = edit("four", visual, editor);
        assert!(code == Some(2) && told.contains("no editor is named: nothing was written"), "{told}");
        assert_eq!(note, "");
    }
    let (code, told, _) = edit("five", None, Some("no-such-editor"));
    assert!(
        code == Some(2)
            && told.contains("could not run the editor `no-such-editor`")
            && told.contains("was written"),
        "{told}"
    );
}

/// That the system gives no more threads is nobody's mistake in postil.
#[cfg(target_os = "linux")]
#[test]
fn too_few_threads_are_no_bug() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let limited = |args: &str| {
        let line = format!("ulimit -v 900000; exec '{}' {args}", env!("CARGO_BIN_EXE_postil"));
        let output =
            Command::new("sh").args(["-c", &line]).current_dir(folder.path()).env_clear().output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = limited("check --threads 1024");
    assert!(
        code == Some(2) && told.contains("could not start 1024 threads") && told.contains("--threads 1"),
        "{told}"
    );
    assert!(!told.contains("bug"), "{told}");
    let (code, told) = limited("check --threads 1");
    assert!(code == Some(0) && told.contains("1 text"), "{told}");
}

/// A folder at which another disk begins cannot be exchanged; one in it can.
#[cfg(target_os = "linux")]
#[test]
fn a_mount_point_as_output_gets_advice() {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &str| std::fs::metadata(path).map(|data| data.dev()).ok();
    let mount = ["/dev/shm", "/proc", "/sys"]
        .into_iter()
        .find(|path| disk(path).is_some() && disk(path) != disk(&format!("{path}/..")));
    let Some(mount) = mount else { return };
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    check(folder.path(), &["build", "--output", mount], 2, "", "another disk begins at the output");
    check(
        folder.path(),
        &["build", "--output", mount],
        2,
        "",
        &format!("choose a folder in it: `--output \"{mount}/site\"`"),
    );
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    check(folder.path(), &["serve", "--port", &port], 2, "", "choose another port with `--port`");
}

#[test]
fn quiet_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let Output { stderr, .. } = postil(folder.path(), &["check", "-q"]).output().unwrap();
    assert_eq!(String::from_utf8(stderr).unwrap(), "");
}

#[test]
fn a_refused_output() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    check(folder.path(), &["build", "--output", "content"], 2, "", "choose another folder with `--output`");
    std::fs::create_dir(folder.path().join("public")).unwrap();
    std::fs::write(folder.path().join("public/thesis.doc"), "years").unwrap();
    check(folder.path(), &["build"], 2, "", "which postil did not write");
    assert_eq!(std::fs::read(folder.path().join("public/thesis.doc")).unwrap(), b"years");
}

#[test]
fn a_build_tells_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    check(folder.path(), &["build", "--threads", "2"], 0, "", "1 text, 0 notes");
    assert!(folder.path().join("public/.postil-manifest").is_file());
}

/// A reader that closes its end, such as `head`, has enough: that is no error.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status =
        postil(folder.path(), &["check", "--explain", "quote-not-found"]).stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(0));
}

/// A disk that is full is: the answer did not get through.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status =
        postil(folder.path(), &["check", "--explain", "quote-not-found"]).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

/// Errors in the archive: nothing is written, and the old site stays.
#[test]
fn a_build_with_errors_leaves_the_old_site() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    check(folder.path(), &["build"], 0, "", "1 text, 0 notes");
    let before = super::files(&folder.path().join("public"));
    let note = folder.path().join("annotations/a/n.md");
    std::fs::create_dir_all(note.parent().unwrap()).unwrap();
    std::fs::write(&note, "+++\nby = \"Ann Example\"\n+++\n> Two lines.\n\nA note.\n").unwrap();
    check(folder.path(), &["build"], 1, "", "error[quote-not-found]: quote not found in `a`");
    check(
        folder.path(),
        &["build"],
        1,
        "",
        "1 error, 2 warnings: nothing was written, `./public` is as it was",
    );
    assert!(super::files(&folder.path().join("public")) == before, "the old site was changed");
    check(folder.path(), &["build", "--lenient"], 0, "", "warning[quote-not-found]");
    check(folder.path(), &["check"], 1, "annotations/a/n.md:4:1", "1 error");
}

#[test]
fn an_output_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    check(folder.path(), &["build", "--output", "postil.toml/public"], 2, "", "postil.toml");
    check(folder.path(), &["build", "--output", "themes"], 2, "", "choose another folder with `--output`");
    check(folder.path(), &["build", "--output", "."], 2, "", "choose another folder with `--output`");
    check(folder.path(), &["check", "--site", "content/a.txt"], 2, "", "`content/a.txt` is not a folder");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let content = folder.path().join("content");
    std::os::unix::fs::symlink("/etc/passwd", content.join("b.txt")).unwrap();
    std::os::unix::fs::symlink("/etc", content.join("c")).unwrap();
    let made = Command::new("mkfifo").arg(content.join("d.txt")).status().unwrap();
    assert!(made.success());
    for name in ["content/b.txt", "content/c", "content/d.txt"] {
        check(
            folder.path(),
            &["check", "--format", "short"],
            1,
            &format!("{name}:1:1: error[special-file]"),
            "3 errors",
        );
    }
}
