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
    check(folder.path(), &["check", "--format", "short"], 1, "postil.toml", "1 error");
    check(folder.path(), &["build"], 1, "", "postil.toml");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "build wrote something");
    for command in [&["note", "a", "words"][..], &["new", "contributor", "A B"], &["blocks", "a"]] {
        check(folder.path(), command, 2, "", "there is no `postil.toml` here");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was written");
    for command in [&["check"][..], &["note", "a", "words"], &["serve"]] {
        check(folder.path(), &[command, &["--site", "nowhere"]].concat(), 2, "", "could not read `nowhere`");
    }
}

#[test]
fn quiet_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
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
    check(folder.path(), &["check", "--site", "postil.toml"], 2, "", "postil.toml");
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
