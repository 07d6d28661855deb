//! Ctrl-C leaves nothing half done behind, and no site that is not whole.

#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::checking::write;
use super::command::postil;
use super::files;
use super::tier::often;

/// Sends a signal, as a terminal or a system does.
fn signal(child: &Child, name: &str) {
    let sent =
        std::process::Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// What lies in a folder, hidden files too.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn wait(child: &mut Child) -> Option<i32> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_build_that_is_ended_leaves_no_stage() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    write(site, "postil.toml", "title = \"T\"\n");
    let text = |n: usize| format!("Text {n} has some words.\n\n").repeat(200);
    (0..150).for_each(|n| write(site, &format!("content/t{n}.txt"), &text(n)));
    let whole = [".postil", "content", "postil.toml", "public"];
    let mut ended = 0;
    let mut before = None;
    for delay in often(&[0, 60, 200, 450][..], &[0, 20, 60, 120, 200, 300, 450, 700]) {
        for name in ["INT", "TERM"] {
            let mut command = postil(site, &["build", "--quiet"]);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // Not before it listens: until then there is nothing to clear away either.
            let began = Instant::now();
            while !site.join(".public.postil-stage").exists() && began.elapsed() < Duration::from_secs(30) {
                if child.try_wait().unwrap().is_some() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis(*delay));
            signal(&child, name);
            match wait(&mut child) {
                Some(0) => before = Some(files(&site.join("public"))),
                code => {
                    assert_eq!(code, Some(130));
                    ended += 1;
                }
            }
            let found = names(site);
            assert!(found.iter().all(|name| whole.contains(&name.as_str())), "{delay}: {found:?}");
            if let (Some(before), true) = (&before, site.join("public").exists()) {
                assert!(files(&site.join("public")) == *before, "{delay}: the site is another");
            }
        }
    }
    assert!(ended > 0, "every build was done before it could be ended");
    assert_eq!(postil(site, &["build", "--quiet"]).status().unwrap().code(), Some(0));
}
