//! The machine gets in the way: a call of the system fails, the power goes, the disk is full, others write at the
//! same time. What is published is a whole site, the one before or the new one; a file of the archive is what it
//! was or what it was to be; the next build is as good as any.

#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "figures of a long run, for who looks at them")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::browser::tree;
use super::checking::write;
use super::command::postil;
use super::files;
use super::nothing_lost::letters::Written;
use super::random::Random;

type Site = Vec<(String, Vec<u8>)>;

/// An archive in a folder of its own, with the sites of two states of it.
struct Tried {
    _folder: tempfile::TempDir,
    /// The first edition with its site, as each trial begins.
    first: PathBuf,
    root: PathBuf,
    before: Site,
    after: Site,
}

const TEXTS: usize = 12;

fn text(n: usize, edition: usize) -> String {
    let lines = |line: usize| format!("Text {n} in edition {edition} has some words on line {line}.\n\n");
    (0..20 + edition).map(lines).collect()
}

fn edit(root: &Path, edition: usize) {
    write(root, "postil.toml", "title = \"Tried\"\n");
    write(
        root,
        "annotations/glossary/g.toml",
        "term = \"edition\"\nkind = \"concept\"\ndefinition = \"D.\"\n",
    );
    for n in 0..TEXTS + edition {
        write(root, &format!("content/t{n}.txt"), &text(n, edition));
        write(root, &format!("content/t{n}.toml"), "title = \"T\"\nlayout = \"wrapped\"\n");
        let note =
            format!("+++\nby = \"A B\"\nat = \"p2\"\n+++\n> some words\n\nA note of edition {edition}.\n");
        write(root, &format!("annotations/t{n}/n.md"), &note);
    }
}

/// What is published, without what postil keeps there for itself.
fn published(root: &Path) -> Site {
    let mut site = files(&root.join("public"));
    site.retain(|(path, _)| !path.starts_with(".postil"));
    site
}

fn built(edition: usize) -> Site {
    let folder = tempfile::tempdir().unwrap();
    edit(folder.path(), edition);
    is_built(folder.path());
    published(folder.path())
}

#[track_caller]
fn is_built(root: &Path) {
    let Output { status, stderr, .. } = postil(root, &["build", "--quiet"]).output().unwrap();
    assert_eq!(status.code(), Some(0), "{}", String::from_utf8_lossy(&stderr));
}

impl Tried {
    /// The first edition is published, the files are those of the second.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("first");
        edit(&first, 0);
        is_built(&first);
        let root = folder.path().join("archive");
        let before = published(&first);
        let tried = Self { _folder: folder, first, root, before, after: built(1) };
        tried.begin();
        tried
    }

    fn begin(&self) {
        let _ = std::fs::remove_dir_all(&self.root);
        // With the times of the files: by them a build knows its own.
        let copied = Command::new("cp").arg("-a").args([&self.first, &self.root]).status().unwrap();
        assert!(copied.success());
        edit(&self.root, 1);
    }

    /// One whole site is there, the new one if the build said so; the next build makes the new one and leaves nothing behind.
    #[track_caller]
    fn is_whole(&self, was_built: bool, about: &str) -> bool {
        let found = published(&self.root);
        assert!(found == self.after || !was_built && found == self.before, "{about}: {}", what(&found, self));
        let is_new = found == self.after;
        is_built(&self.root);
        assert!(published(&self.root) == self.after, "{about}: the next build makes another site");
        let left: Vec<String> = names(&self.root);
        assert_eq!(left, ["annotations", "content", "postil.toml", "public"], "{about}");
        is_new
    }
}

fn what(found: &Site, tried: &Tried) -> String {
    let other = |site: &Site| {
        let differs = found.iter().filter(|file| !site.contains(file)).map(|(path, _)| path.as_str());
        format!("{} files of {}: {:?}", found.len(), site.len(), differs.take(5).collect::<Vec<_>>())
    };
    format!("{}; {}", other(&tried.before), other(&tried.after))
}

/// What lies beside the output; what a build may keep from one to the next is not counted.
fn names(root: &Path) -> Vec<String> {
    let names =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != ".postil").collect();
    names.sort();
    names
}

/// Runs postil with calls of the system that fail as `inject` says; every call of that name goes into a file.
fn under(root: &Path, calls: &str, inject: &str, args: &[&str]) -> (Output, String) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-e", &format!("trace={calls}"), "-o"]).arg(log.path());
    if !inject.is_empty() {
        command.args(["-e", &format!("inject={inject}")]);
    }
    command.arg(env!("CARGO_BIN_EXE_postil")).args(args).current_dir(root).env_clear();
    let run =
        command.env("PATH", "/usr/bin:/bin").env("RAYON_NUM_THREADS", "2").stdin(Stdio::null()).output();
    let run = run.expect("strace is installed");
    (run, std::fs::read_to_string(log.path()).unwrap())
}

/// Each call with the ways in which it can fail.
const CALLS: [(&str, &[&str]); 9] = [
    ("write,pwrite64,copy_file_range", &["ENOSPC", "EIO"]),
    ("rename,renameat,renameat2", &["EIO", "EXDEV", "ENOSPC"]),
    ("fsync,fdatasync", &["EIO", "ENOSPC"]),
    ("open,openat", &["EMFILE", "EIO", "ENOSPC"]),
    ("mkdir,mkdirat", &["ENOSPC", "EIO"]),
    ("statx", &["EIO"]),
    ("unlink,unlinkat,rmdir", &["EIO"]),
    ("read,pread64", &["EIO"]),
    ("link,linkat", &["EIO", "EXDEV", "EMLINK"]),
];

/// How many places of each call fail, at most.
const PLACES: usize = 16;

/// Whether a call that failed was to write what is said, by the log of strace.
fn made_mute(log: &str) -> bool {
    // A call that others interrupt is told in two lines of one thread.
    let mut begun: BTreeMap<&str, &str> = BTreeMap::new();
    log.lines().filter_map(|line| line.split_once(' ')).any(|(thread, call)| {
        let call = call.trim_start();
        if !call.starts_with("<...") {
            begun.insert(thread, call);
        }
        call.ends_with("(INJECTED)") && begun.get(thread).is_some_and(|call| call.starts_with("write(2,"))
    })
}

/// A run that failed said why, in words for people, unless it could not, and is no bug.
#[track_caller]
fn is_told(run: &Output, log: &str, about: &str) -> bool {
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(!said.contains("bug of postil") && !said.contains("panicked"), "{about}: {said}");
    // What the system itself needs to begin a program is no affair of the program.
    let did_not_begin = run.status.code() == Some(127);
    assert!(
        run.status.code() == Some(0) || did_not_begin || made_mute(log) || !said.trim().is_empty(),
        "{about}: {:?}",
        run.status
    );
    assert!(matches!(run.status.code(), Some(0..=2 | 127)), "{about}: {:?} {said}", run.status);
    run.status.code() == Some(0)
}

#[test]
#[ignore = "takes minutes and wants strace: `cargo test --test it -- --ignored`"]
fn a_call_that_fails_leaves_one_whole_site() {
    let tried = Tried::new();
    let mut random = Random::new(16);
    let (mut runs, mut failed, mut new) = (0, 0, 0);
    for (calls, errors) in CALLS {
        tried.begin();
        let (run, log) = under(&tried.root, calls, "", &["build", "--quiet"]);
        assert!(run.status.success());
        let count = log.lines().filter(|line| line.contains('(') && !line.contains("resumed>")).count();
        for error in errors {
            let mut places: BTreeSet<usize> = (1..=count.min(PLACES / 2)).map(|at| count + 1 - at).collect();
            while places.len() < count.min(PLACES) {
                places.insert(random.between(1, count));
            }
            for place in places.into_iter().map(|place| place.to_string()).chain(["1+".to_owned()]) {
                // From the first on each of them fails: no more than reading can be wanted then.
                if place == "1+" && calls.starts_with("open") {
                    continue;
                }
                tried.begin();
                let inject = format!("{calls}:error={error}:when={place}");
                let (run, log) = under(&tried.root, calls, &inject, &["build", "--quiet"]);
                let was_built = is_told(&run, &log, &inject);
                new += usize::from(tried.is_whole(was_built, &inject));
                failed += usize::from(!was_built);
                runs += 1;
            }
        }
    }
    println!("{runs} runs with a call that failed: {failed} builds failed, {new} sites were published");
    assert!(failed > 50, "{failed} of {runs} failed");
}

#[test]
#[ignore = "takes minutes and wants strace: `cargo test --test it -- --ignored`"]
fn a_call_that_fails_leaves_each_file_of_an_archive_whole() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("archive");
    let begin = || {
        let _ = std::fs::remove_dir_all(&root);
        edit(&root, 0);
        let typed = "+++\nby = \"A B\"\nkinde = \"context\"\n+++\n> “some words”\n\nA note.\n";
        (0..4)
            .for_each(|n| write(&root, &format!("annotations/t{n}/m.md"), &typed.replace("> “", "> Text “")));
        (0..4).for_each(|n| {
            write(
                &root,
                &format!("annotations/t{n}/o.md"),
                &typed.replace("kinde = \"context\"\n", "titel = \"A title\"\nat = \"p3\"\n"),
            )
        });
        files(&root)
    };
    let (mut runs, mut failed) = (0, 0);
    let commands: [&[&str]; 4] = [
        &["fix"],
        &["adopt", "--all"],
        &["rename", "text", "t3", "renamed"],
        &["note", "t1", "Text 1 in edition 0 has some words on line 7.", "--by", "A B", "--body", "So."],
    ];
    for args in commands {
        for (calls, errors) in CALLS.iter().filter(|(calls, _)| !calls.starts_with("read")) {
            let before = begin();
            let (run, log) = under(&root, calls, "", args);
            assert!(
                run.status.code().is_some_and(|code| code < 2),
                "{args:?}: {}",
                String::from_utf8_lossy(&run.stderr)
            );
            let after = files(&root);
            assert!(before != after, "{args:?} does something");
            let count = log.lines().filter(|line| line.contains('(') && !line.contains("resumed>")).count();
            for error in errors.iter().take(2) {
                for place in (count.saturating_sub(PLACES - 1).max(1)..=count).rev() {
                    begin();
                    let inject = format!("{calls}:error={error}:when={place}");
                    let about = format!("{args:?}, {inject}");
                    let (run, log) = under(&root, calls, &inject, args);
                    failed += usize::from(!is_told(&run, &log, &about));
                    for file in files(&root) {
                        let is_known = before.contains(&file) || after.contains(&file);
                        assert!(is_known, "{about}: {} is neither old nor new", file.0);
                    }
                    for (path, bytes) in before.iter().filter(|(path, _)| path.ends_with(".txt")) {
                        let is_there = files(&root).iter().any(|(_, other)| other == bytes);
                        assert!(is_there, "{about}: the bytes of {path} are gone");
                    }
                    runs += 1;
                }
            }
        }
    }
    println!("{runs} runs with a call that failed, {failed} of them told of it");
    assert!(failed > 40, "{failed} of {runs} failed");
}

/// Kills that are tried.
const KILLS: usize = 200;

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn a_build_that_is_killed_leaves_one_whole_site() {
    let tried = Tried::new();
    let mut random = Random::new(200);
    let began = std::time::Instant::now();
    is_built(&tried.root);
    let whole = began.elapsed();
    let (mut killed, mut new) = (0, 0);
    for kill in 0..KILLS {
        tried.begin();
        let mut child = postil(&tried.root, &["build", "--quiet"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Mostly near the end, where the folders are exchanged.
        let share = if kill % 4 == 0 { random.below(100) } else { 60 + random.below(50) };
        std::thread::sleep(whole * u32::try_from(share).unwrap() / 100);
        child.kill().unwrap();
        let was_built = child.wait().unwrap().success();
        killed += usize::from(!was_built);
        new += usize::from(tried.is_whole(was_built, &format!("kill {kill}, at {share} in 100")));
    }
    println!("{killed} of {KILLS} builds were killed, {new} sites were published");
    assert!(killed > KILLS / 4, "{killed} were killed");
}

/// A small disk of its own, taken away in the end.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new(kilobytes: usize) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "postil"]).arg(folder.path()).output();
        mount.is_ok_and(|mount| mount.status.success()).then(|| Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[test]
#[ignore = "mounts a disk, for which it has to be root: `cargo test --test it -- --ignored`"]
fn a_disk_that_is_full_leaves_one_whole_site() {
    let (before, after) = (built(0), built(1));
    let of_both: usize = before.iter().chain(&after).map(|(_, bytes)| bytes.len()).sum();
    let (mut full, mut fits) = (0, 0);
    // A site and nothing more; then more and more, until both fit.
    for share in (60..=260).step_by(10) {
        let disk = Disk::new(of_both / 1024 * share / 100).expect("this test has to be root");
        let root = disk.0.path().join("archive");
        edit(&root, 0);
        let first = postil(&root, &["build", "--quiet"]).output().unwrap();
        let was_built = is_told(&first, "", "the first");
        assert!(was_built || !root.join("public").exists(), "{share}");
        if !was_built {
            assert!(names(&root).iter().all(|name| !name.contains("stage")), "{share}: {:?}", names(&root));
            full += 1;
            continue;
        }
        edit(&root, 1);
        let second = postil(&root, &["build", "--quiet"]).output().unwrap();
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        let found = published(&root);
        match is_told(&second, "", "the second") {
            true => assert!(found == after, "{share}"),
            false => {
                assert!(found == before && said.to_lowercase().contains("no space left"), "{share}: {said}")
            }
        }
        *(if second.status.success() { &mut fits } else { &mut full }) += 1;
        assert_eq!(names(&root), ["annotations", "content", "postil.toml", "public"], "{share}");
    }
    println!("{full} disks were full, {fits} held both sites");
    assert!(full > 3 && fits > 3, "{full} full, {fits} fit");
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn builds_at_once_make_one_whole_site() {
    let tried = Tried::new();
    let (mut waited, mut all) = (0, 0);
    for round in 0..40 {
        tried.begin();
        let start = || postil(&tried.root, &["build", "--quiet"]).stderr(Stdio::piped()).spawn().unwrap();
        let running: Vec<_> = (0..2 + round % 2).map(|_| start()).collect();
        let mut built = 0;
        for child in running {
            let run = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&run.stderr);
            match run.status.code() {
                Some(0) => built += 1,
                Some(2) => assert!(said.contains("another build"), "{said}"),
                code => panic!("{code:?}: {said}"),
            }
            waited += usize::from(!run.status.success());
            all += 1;
        }
        assert!(built > 0, "round {round}");
        tried.is_whole(true, &format!("round {round}"));
    }
    println!("of {all} builds {waited} found another at work");
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn files_that_change_while_they_are_read_make_a_site_that_agrees_with_itself() {
    let tried = Tried::new();
    let (mut sites, mut refused) = (0, 0);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut random = Random::new(3);
            let mut edition = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                edition += 1;
                let path = tried.root.join(format!("content/t{}.txt", random.below(TEXTS)));
                match random.below(4) {
                    // As editors write, as careful editors write, and gone for a moment.
                    0 | 1 => std::fs::write(&path, text(0, edition % 90)).unwrap(),
                    2 => {
                        std::fs::write(tried.root.join("new"), text(1, edition % 90)).unwrap();
                        std::fs::rename(tried.root.join("new"), &path).unwrap();
                    }
                    _ => {
                        std::fs::remove_file(&path).unwrap();
                        std::thread::sleep(Duration::from_millis(1));
                        std::fs::write(&path, text(2, edition % 90)).unwrap();
                    }
                }
                std::thread::sleep(Duration::from_millis(random.below(4) as u64));
            }
        });
        for round in 0..60 {
            let run = postil(&tried.root, &["build", "--quiet"]).output().unwrap();
            if !is_told(&run, "", "while files change") {
                refused += 1;
                continue;
            }
            sites += 1;
            for (path, raw) in published(&tried.root) {
                let Some(id) = path.strip_prefix("raw/").and_then(|path| path.strip_suffix(".txt")) else {
                    continue;
                };
                let page =
                    std::fs::read_to_string(tried.root.join(format!("public/texts/{id}.html"))).unwrap();
                let shown: String = tree(&page).blocks.into_iter().map(|(_, words)| words).collect();
                let raw = String::from_utf8(raw).unwrap();
                assert_eq!(Written::plain(&raw).missed_by(&shown), None, "{round}: {id}");
            }
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    println!("{sites} sites, {refused} builds were refused");
    assert!(sites > 0);
}
