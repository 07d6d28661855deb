//! Tells the program which commit it is made of, for `--version`.

use std::path::Path;
use std::process::Command;

/// Digits of a commit's name that are shown: always as many, where git's own short form grows with the repository.
const DIGITS: usize = 10;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // While one works on the program, a commit must not be a reason to compile it anew.
    let released = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo tells where the package lies");
    let commit = if released { commit(Path::new(&root)) } else { None };
    println!(
        "cargo::rustc-env=POSTIL_COMMIT={}",
        commit.map_or(String::new(), |commit| format!(" ({commit})"))
    );
}

/// The commit and the day it was made on, as git says; of a package its name alone, which cargo wrote there.
/// Nothing where nobody knows.
fn commit(root: &Path) -> Option<String> {
    if let Ok(facts) = std::fs::read_to_string(root.join(".cargo_vcs_info.json")) {
        let (_, name) = facts.split_once("\"sha1\": \"")?;
        return name.get(..DIGITS).map(str::to_owned);
    }
    // Not the repository of somebody who keeps the source in a folder of theirs.
    if !root.join(".git").exists() {
        return None;
    }
    for file in ["HEAD", "logs/HEAD"] {
        let file = root.join(git(root, &["rev-parse", "--git-path", file])?);
        // cargo takes a file that is not there for one that has changed.
        if file.exists() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    let facts = git(root, &["log", "-1", "--no-show-signature", "--format=%H %cs"])?;
    let (name, day) = facts.split_once(' ')?;
    Some(format!("{} {day}", name.get(..DIGITS)?))
}

fn git(root: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(args).output().ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| answer.trim_end().to_owned())
}
