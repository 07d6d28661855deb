//! What a run left serves the next one if nothing has changed, and never else: a command says and writes the
//! same with the store as without it, whatever happened to the archive, the output or the store in between.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::checking::write;
use super::command::postil;
use super::files;
use super::generated::making::made_up;
use super::random::Random;
use super::tier::often;

/// An archive in a folder, with an output that is built again and again.
struct Site {
    folder: tempfile::TempDir,
    /// Where the same is built without a store.
    cold: tempfile::TempDir,
}

/// What a command said: exit code, answer, messages without the time that it took.
type Said = (Option<i32>, String, String);

impl Site {
    fn new(seed: u64) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap(), cold: tempfile::tempdir().unwrap() };
        for (path, bytes) in made_up(seed).files {
            site.put(&path, &bytes);
        }
        site
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn run(&self, args: &[&str]) -> Said {
        let Output { status, stdout, stderr } = postil(self.root(), args).output().unwrap();
        let text = |bytes| {
            String::from_utf8(bytes).unwrap().replace(self.cold_output().to_str().unwrap(), "./public")
        };
        (status.code(), text(stdout), text(stderr))
    }

    fn cold_output(&self) -> PathBuf {
        self.cold.path().join("public")
    }

    /// Builds with the store: whether nothing was made anew.
    fn build(&self) -> (Said, bool) {
        let mut said = self.run(&["build", "--verbose"]);
        let is_kept = !said.2.contains("compiled after");
        said.2 = timeless(&said.2);
        (said, is_kept)
    }

    /// Builds and checks both ways: they say and write the same. Whether the build with the store made nothing anew.
    #[track_caller]
    fn compare(&self, what: &str) -> bool {
        let (warm, is_kept) = self.build();
        let output = self.cold_output();
        let mut cold = self.run(&["build", "--verbose", "--no-cache", "--output", output.to_str().unwrap()]);
        cold.2 = timeless(&cold.2);
        assert_eq!(warm, cold, "{what}");
        if warm.0 == Some(0) {
            let (warm, cold) = (files(&self.root().join("public")), files(&output));
            let differ = warm.iter().zip(&cold).find(|(a, b)| a != b).map(|(a, b)| (&a.0, &b.0));
            assert!(warm == cold, "{what}: {differ:?}");
        }
        is_kept
    }

    /// Checks both ways.
    #[track_caller]
    fn compare_check(&self, what: &str) {
        let check = |more: &[&str]| {
            let args = [&["check", "--today", "2026-11-30", "--format", "json"], more].concat();
            let (code, answer, messages) = self.run(&args);
            (code, answer, timeless(&messages))
        };
        let (first, second, cold) = (check(&[]), check(&[]), check(&["--no-cache"]));
        assert_eq!((&first, &second), (&cold, &cold), "{what}");
    }
}

/// Messages without how long something took, and without how many files were written: the other output has its own past.
fn timeless(messages: &str) -> String {
    let is_of_past =
        |line: &str| line.contains(" after ") && line.ends_with(" s") || line.contains(" written");
    let lines = messages.lines().filter(|line| !is_of_past(line));
    let cut = |line: &str| match line.rsplit_once(", ") {
        Some((rest, time)) if time.ends_with(" s") && time.contains('.') => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    lines.map(cut).collect()
}

/// One edit of an archive, of whatever kind; says what it was.
fn edit(site: &Site, random: &mut Random, step: usize) -> String {
    let all = sources(site);
    let all: Vec<&(String, Vec<u8>)> = all.iter().filter(|(path, _)| path != "postil.toml").collect();
    let (path, bytes) = all[random.below(all.len())];
    let is_text = path.starts_with("content/") && !path.ends_with(".toml");
    match random.below(9) {
        0 => {
            let mut bytes = bytes.clone();
            let more =
                if is_text { format!("\n\nwords{step} put in.\n") } else { format!("\n# line {step}\n") };
            bytes.extend(more.as_bytes());
            site.put(path, &bytes);
            format!("{path}: more at the end")
        }
        1 => {
            let more = format!("# line {step}\n");
            site.put(path, &[more.as_bytes(), bytes].concat());
            format!("{path}: more at the beginning")
        }
        2 if all.len() > 6 => {
            fs::remove_file(site.root().join(path)).unwrap();
            format!("{path}: removed")
        }
        3 => {
            let to = match path.rsplit_once('.') {
                Some((stem, ending)) => format!("{stem}-{step}.{ending}"),
                None => format!("{path}-{step}"),
            };
            fs::rename(site.root().join(path), site.root().join(&to)).unwrap();
            format!("{path}: now {to}")
        }
        4 => {
            let made = made_up(random.below(40) as u64);
            let (path, bytes) = made.files.iter().nth(random.below(made.files.len())).unwrap();
            site.put(path, bytes);
            format!("{path}: another one")
        }
        5 => {
            // The same size, and the time put back.
            let full = site.root().join(path);
            let time = full.metadata().unwrap().modified().unwrap();
            let mut bytes = bytes.clone();
            if let Some(at) = bytes.iter().position(|byte| *byte == b'e') {
                bytes[at] = b'a';
            }
            fs::write(&full, bytes).unwrap();
            fs::File::options().write(true).open(full).unwrap().set_modified(time).unwrap();
            format!("{path}: a letter, with the old time")
        }
        6 => {
            site.put("postil.toml", format!("title = \"Made up {}\"\n", random.below(3)).as_bytes());
            "the title".to_owned()
        }
        7 => {
            let name = random.of(&["templates/notes.html", "assets/own.css", "lang/en.toml", "README.md"]);
            let path = format!("themes/default/{name}");
            match random.once_in(2) {
                true => site.put(&path, format!("# {step}\n").as_bytes()),
                false => drop(fs::remove_file(site.root().join(&path))),
            }
            format!("{path}: there or gone")
        }
        _ => {
            let name =
                random.of(&["static/a.txt", "Content/a.txt", "content/pages/about.md", "content/.hidden"]);
            let full = site.root().join(name);
            match full.exists() {
                true => fs::remove_file(&full).unwrap(),
                false => site.put(name, format!("Words of {step}.\n").as_bytes()),
            }
            format!("{name}: there or gone")
        }
    }
}

/// The files that an archive is made of.
fn sources(site: &Site) -> Vec<(String, Vec<u8>)> {
    let mut all = files(site.root());
    all.retain(|(path, _)| !path.starts_with("public/") && !path.starts_with('.'));
    all
}

/// Makes the files what they were.
fn put_back(site: &Site, before: &[(String, Vec<u8>)]) {
    let now = sources(site);
    for (path, _) in now.iter().filter(|(path, _)| before.iter().all(|(other, _)| other != path)) {
        fs::remove_file(site.root().join(path)).unwrap();
    }
    for file in before.iter().filter(|file| !now.contains(file)) {
        site.put(&file.0, &file.1);
    }
}

#[test]
fn whatever_was_edited_the_store_changes_no_byte_and_no_word() {
    let (archives, edits) = often((3, 6), (40, 25));
    let (mut built, mut refused) = (0, 0);
    for seed in 1..=archives {
        let site = Site::new(seed);
        let mut random = Random::new(seed);
        assert!(!site.compare("the first build"));
        for step in 0..edits {
            let before = sources(&site);
            let what = edit(&site, &mut random, step);
            let what = format!("seed {seed}, step {step}: {what}");
            site.compare(&what);
            let (said, is_kept) = site.build();
            assert!(is_kept, "{what}: nothing changed, and it was made again");
            if step % 3 == 0 {
                site.compare_check(&what);
            }
            if said.0 == Some(0) {
                built += 1;
            } else {
                refused += 1;
                put_back(&site, &before);
                site.compare(&format!("{what}, and back"));
            }
        }
    }
    assert!(
        built > 3 && refused > 3,
        "{built} built, {refused} refused: the edits are too tame, or too wild"
    );
}

/// Whenever a build is killed, the next one says and writes what it would have.
#[test]
fn a_build_that_was_killed_leaves_no_record_that_is_wrong() {
    let rounds = often(6, 200);
    let site = Site::new(4);
    site.compare("the first build");
    let mut killed = 0;
    for round in 0..rounds {
        site.put("content/pages/about.md", format!("Words of round {round}.\n").as_bytes());
        let mut command = postil(site.root(), &["build", "--quiet"]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(round * 37 % 600));
        let _ = child.kill();
        killed += usize::from(!child.wait().unwrap().success());
        site.compare(&format!("round {round}"));
    }
    assert!(killed > 0, "every build was done before it could be killed");
}

/// The record of the last build, and that of what texts gave.
fn records(site: &Site) -> [PathBuf; 2] {
    let records = fs::read_dir(site.root().join(".postil/cache")).unwrap().map(|entry| entry.unwrap().path());
    let mut records: Vec<PathBuf> =
        records.filter(|path| path.extension().is_some_and(|ending| ending == "run")).collect();
    records.sort_by_key(|path| path.ends_with("texts.run"));
    records.try_into().expect("two records")
}

fn record(site: &Site) -> PathBuf {
    let [record, _] = records(site);
    record
}

/// A record that somebody broke or wrote, in each way.
fn broken(whole: &[u8]) -> [(&'static str, Vec<u8>); 4] {
    let middle = whole.len() / 2;
    let (mut flipped, mut version) = (whole.to_vec(), whole.to_vec());
    flipped[middle] ^= 1;
    version[7] += 1;
    let half = whole[..middle].to_vec();
    [("flipped", flipped), ("of another version", version), ("cut", half), ("empty", vec![])]
}

#[test]
fn a_record_that_is_not_whole_or_not_of_here_is_thrown_away() {
    let site = Site::new(3);
    site.compare("the first build");
    assert!(site.compare("nothing"));
    let whole = fs::read(record(&site)).unwrap();
    for (what, bytes) in broken(&whole) {
        fs::write(record(&site), bytes).unwrap();
        assert!(!site.compare(what), "{what}");
        assert!(site.compare(what), "{what}: it is made anew");
    }
    let [_, texts] = records(&site);
    let whole_texts = fs::read(&texts).unwrap();
    for (step, (what, bytes)) in broken(&whole_texts).into_iter().enumerate() {
        fs::write(&texts, bytes).unwrap();
        site.put("content/pages/about.md", format!("Words of {step}.\n").as_bytes());
        assert!(!site.compare(what), "{what}");
        assert!(fs::metadata(&texts).unwrap().len() > 1000, "{what}: it is made anew");
    }
    // One that came with an archive, even with its files, is worth nothing elsewhere.
    let other = Site::new(3);
    other.build();
    let [run, texts] = records(&other);
    fs::write(run, &whole).unwrap();
    fs::write(texts, &whole_texts).unwrap();
    assert!(!other.compare("from elsewhere"));
    // And none at all is as good.
    fs::remove_dir_all(site.root().join(".postil")).unwrap();
    assert!(!site.compare("taken away"));
    // A link in its place leads to somebody's files.
    #[cfg(unix)]
    {
        fs::remove_dir_all(site.root().join(".postil")).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), site.root().join(".postil")).unwrap();
        assert!(!site.compare("a link"));
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}

#[test]
fn an_output_that_is_not_as_it_was_left_is_built_again() {
    let site = Site::new(2);
    site.compare("the first build");
    let index = site.root().join("public/index.html");
    let bytes = fs::read(&index).unwrap();
    // Removed.
    fs::remove_file(&index).unwrap();
    assert!(!site.compare("a page was removed"));
    assert!(site.compare("nothing"));
    // Other words of the same size and time.
    let time = index.metadata().unwrap().modified().unwrap();
    let other: Vec<u8> = bytes.iter().map(|byte| if *byte == b'e' { b'a' } else { *byte }).collect();
    fs::write(&index, other).unwrap();
    fs::File::options().write(true).open(&index).unwrap().set_modified(time).unwrap();
    assert!(!site.compare("a page was changed and given its old time"));
    // What is not ours is refused, with a store too.
    write(&site.root().join("public"), "mine.txt", "mine");
    let (said, _) = site.build();
    assert!(said.0 == Some(2) && said.2.contains("mine.txt"), "{said:?}");
    fs::remove_file(site.root().join("public/mine.txt")).unwrap();
    assert!(site.compare("the file is gone"));
    // Files that were only touched hold what they held.
    let config = fs::File::options().write(true).open(site.root().join("postil.toml")).unwrap();
    config.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert!(site.compare("a file was touched"));
}

#[test]
fn what_is_asked_is_part_of_what_is_kept() {
    let site = Site::new(5);
    site.compare("the first build");
    let asked =
        |args: &[&str]| !site.run(&[&["build", "--verbose"], args].concat()).2.contains("compiled after");
    assert!(asked(&[]));
    assert!(!asked(&["--base-url", "https://a.example"]));
    // The output is another one now.
    assert!(!asked(&[]));
    assert!(!asked(&["--lenient"]));
    assert!(!asked(&["--output", "elsewhere"]));
    assert!(asked(&["--output", "elsewhere"]));
    // Nothing changed: the list of what did is empty, and there.
    assert!(asked(&["--output", "elsewhere", "--changed", "list"]));
    assert_eq!(fs::read_to_string(site.root().join("list")).unwrap(), "");
    assert!(!asked(&["--no-cache", "--output", "elsewhere"]));
    let (code, _, said) = site.run(&["build", "--changed", "content/a.txt"]);
    assert!(code == Some(2) && said.contains("would lie in"), "{said}");
}
