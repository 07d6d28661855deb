//! The manual (`docs/manual/`, an archive that postil builds) is true: what each page shows of commands, files and
//! messages is done in a folder of its own and compared, and its reference is what the program says of itself.
//!
//! A block of a page is one of three, by its fence: `sh` is run, `says` is what was said then, and any other names the
//! file that it is. In what is said, `…` stands for anything on its line, and alone on a line for lines.
//!
//! `POSTIL_ACCEPT=1 cargo test --test it manual` writes what was said into the pages, and the reference anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::command::postil;
use super::{files, repository, sources};

mod reference;

/// The archive of the manual.
fn manual() -> PathBuf {
    repository("docs/manual")
}

/// The pages of the manual below a folder, by their paths from the repository.
fn pages(folder: &str) -> Vec<(String, String)> {
    let pages = files(&manual().join("content").join(folder)).into_iter();
    let pages = pages.filter(|(path, _)| path.ends_with(".md")).map(super::utf8);
    pages.map(|(path, text)| (format!("docs/manual/content/{folder}/{path}"), text)).collect()
}

/// A block of code of a page.
#[derive(Debug, Clone)]
struct Block {
    /// What stands on its fence.
    info: String,
    /// What it holds.
    body: String,
    /// Its first line in the page, from 0.
    line: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((_, line)) = lines.next() {
        let info = line.trim_start_matches('`');
        let fence = &line[..line.len() - info.len()];
        if fence.len() < 3 {
            continue;
        }
        let mut block = Block { info: info.trim().to_owned(), body: String::new(), line: 0 };
        for (number, line) in lines.by_ref() {
            if block.line == 0 {
                block.line = number;
            }
            if line == fence {
                break;
            }
            block.body += line;
            block.body.push('\n');
        }
        blocks.push(block);
    }
    blocks
}

/// A folder in which somebody follows a page.
struct Desk {
    root: tempfile::TempDir,
    /// Where the commands before have led to, below the root.
    at: PathBuf,
}

impl Desk {
    /// An empty one, or one with a new archive in it.
    fn new(is_archive: bool) -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("bin")).unwrap();
        std::fs::create_dir_all(root.path().join("home")).unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_postil"));
        std::os::unix::fs::symlink(program, root.path().join("bin/postil")).unwrap();
        let mut desk = Self { at: root.path().join("home"), root };
        if is_archive {
            assert!(desk.run("postil init archive\ncd archive").0);
        }
        desk
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Runs lines as a shell does: whether all went well, and what was said.
    fn run(&mut self, lines: &str) -> (bool, String) {
        let ended = self.root.path().join("ended");
        let script = format!("exec 2>&1\nset -eu\ntrap 'pwd >\"{}\"' EXIT\n{lines}", ended.display());
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script).current_dir(&self.at).env_clear().stdin(Stdio::null());
        shell.env("PATH", format!("{}:{path}", self.root.path().join("bin").display()));
        shell.env("HOME", self.root.path().join("home")).env("NO_COLOR", "1");
        for (key, value) in [("NAME", "Your Name"), ("EMAIL", "you@example.org")] {
            shell.env(format!("GIT_AUTHOR_{key}"), value).env(format!("GIT_COMMITTER_{key}"), value);
        }
        let output = shell.output().expect("a shell is there");
        self.at = PathBuf::from(std::fs::read_to_string(ended).unwrap().trim_end());
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }
}

/// Whether something was said as a page has it.
fn is_said(expected: &str, said: &str) -> bool {
    let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
    of_lines(&expected.lines().collect::<Vec<_>>(), &lines)
}

fn of_lines(expected: &[&str], said: &[&str]) -> bool {
    match expected.split_first() {
        None => said.is_empty(),
        Some((&"…", rest)) => (0..=said.len()).any(|n| of_lines(rest, &said[n..])),
        Some((line, rest)) => {
            said.split_first().is_some_and(|(first, more)| is_line(line, first) && of_lines(rest, more))
        }
    }
}

fn is_line(expected: &str, said: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = said.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut open = false;
    for part in parts {
        open = part.is_empty();
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    open || rest.is_empty()
}

#[test]
fn what_is_left_out_may_be_anything() {
    let check =
        |expected: &str, said: &str, is| assert_eq!(is_said(expected, said), is, "{expected:?}, {said:?}");
    check("a\nb\n", "a\nb\n", true);
    check("a\n", "a\nb\n", false);
    check("1 text, …\n", "1 text, 3 pages\n", true);
    check("1 text, …\n", "2 texts\n", false);
    check("a … c … e\n", "a b c d e\n", true);
    check("a … c\n", "a b c d\n", false);
    check("…\nz\n", "a\nb\nz\n", true);
    check("a\n…\nz\n", "a\nb\n", false);
}

/// Follows a page, in a new archive unless it shows how one begins; what it should say of each block that it has wrong.
fn follow(page: &str) -> Vec<(Block, String)> {
    let all = blocks(page);
    let mut desk = Desk::new(!all.iter().any(|block| block.body.contains("postil init my-archive")));
    let mut wrong = Vec::new();
    for (i, block) in all.iter().enumerate() {
        match &*block.info {
            "sh" => {
                let (went_well, said) = desk.run(&block.body);
                let shown = all.get(i + 1).filter(|next| next.info == "says");
                if let Some(shown) = shown
                    && !is_said(&shown.body, &said)
                {
                    wrong.push((shown.clone(), said.clone()));
                }
                // What ends with an error is shown with its error.
                let errs = shown.is_some_and(|shown| shown.body.contains("error"));
                if went_well == errs {
                    wrong.push((
                        block.clone(),
                        format!("ended {}:\n{said}", if errs { "well" } else { "badly" }),
                    ));
                }
            }
            "says" => {
                let after = i.checked_sub(1).is_some_and(|before| all[before].info == "sh");
                assert!(after, "line {}: what is said comes after what was done", block.line);
            }
            info => {
                let (language, path) = info.split_once(' ').unwrap_or_default();
                assert!(!path.is_empty(), "line {}: `{info}` names no file", block.line);
                match language {
                    "json" => _ = serde_json::from_str::<serde_json::Value>(&block.body).expect(path),
                    "toml" => _ = toml::from_str::<toml::Table>(&block.body).expect(path),
                    _ => {}
                }
                desk.write(path, &block.body);
            }
        }
    }
    wrong
}

/// What was said, as a page has it: what is another each time, or wherever it is done, is left out.
fn shown(said: &str) -> String {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let line = |line: &str| {
        if line.contains(" files written") {
            return "… files written…\n".to_owned();
        }
        let line = line.trim_end();
        // The pages and bytes of a site, and how long it took.
        let line = line
            .split_once(" pages, ")
            .and_then(|(before, _)| before.rsplit_once(' '))
            .map_or_else(|| line.to_owned(), |(before, _)| format!("{before} …"));
        let words: Vec<&str> = line.split(' ').collect();
        let measured = |i: usize| {
            let unit = words.get(i + 1).map(|word| word.trim_end_matches(','));
            is_number(words[i]) && matches!(unit, Some("s" | "kB" | "MB"))
        };
        let kept =
            words.iter().enumerate().filter_map(|(i, word)| match i.checked_sub(1).is_some_and(measured) {
                _ if measured(i) => Some("…"),
                true => None,
                false => Some(*word),
            });
        kept.collect::<Vec<_>>().join(" ") + "\n"
    };
    said.lines().map(line).collect()
}

/// Whether what is said now is to be written into the pages.
fn accepts() -> bool {
    std::env::var_os("POSTIL_ACCEPT").is_some()
}

/// Writes a page, and its sum into its record. Old addresses of its paragraphs are let go, as `adopt` would not.
fn accept(page: &Path, text: &str) {
    std::fs::write(page, text).unwrap();
    let record = page.with_extension("toml");
    let said = std::fs::read_to_string(&record).unwrap();
    let kept: String =
        said.lines().filter(|line| !line.starts_with("sha256")).flat_map(|line| [line, "\n"]).collect();
    let sum = postil_anchor::document::checksum(text.as_bytes());
    std::fs::write(record, format!("{kept}sha256  = \"{sum}\"\n")).unwrap();
}

/// Follows all pages of a folder, or writes into them what was said.
#[track_caller]
fn check(folder: &str) {
    let pages = pages(folder);
    assert!(!pages.is_empty(), "{folder} has no pages");
    let accepts = accepts();
    let one = |(path, text): &(String, String)| {
        let wrong = follow(text);
        let said: Vec<&(Block, String)> = wrong.iter().filter(|(block, _)| block.info == "says").collect();
        if accepts {
            let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
            for (block, said) in said.into_iter().rev() {
                let end = block.line + block.body.lines().count();
                lines.splice(block.line..end, [shown(said)]);
            }
            accept(&repository(path), &lines.concat());
        }
        let tell = |(block, said): &(Block, String)| {
            format!("{path}:{}: {}\n{}---- is\n{said}\n", block.line, block.info, block.body)
        };
        wrong.iter().filter(|(block, _)| !(accepts && block.info == "says")).map(tell).collect::<String>()
    };
    let wrong: String = std::thread::scope(|scope| {
        let running: Vec<_> = pages.iter().map(|page| scope.spawn(|| one(page))).collect();
        running.into_iter().map(|page| page.join().expect("a page can be followed")).collect()
    });
    assert!(wrong.is_empty(), "{wrong}");
}

/// The parts of the manual that are followed.
const PARTS: [&str; 5] = ["1-begin", "2-texts", "3-annotate", "4-look-after", "5-publish"];

#[test]
fn to_begin() {
    check(PARTS[0]);
}

#[test]
fn texts() {
    check(PARTS[1]);
}

#[test]
fn to_annotate() {
    check(PARTS[2]);
}

#[test]
fn to_look_after() {
    check(PARTS[3]);
}

#[test]
fn to_publish() {
    check(PARTS[4]);
}

/// The manual is built without a problem, whatever there is to say of it; its links lead somewhere.
#[test]
fn it_is_an_archive_without_a_problem() {
    if accepts() {
        // Pages and their sums are being written.
        return;
    }
    let checked = postil(&manual(), &["check", "--deny", "warnings", "--no-cache"]).output().unwrap();
    let said =
        String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
    let parts: BTreeSet<String> = files(&manual().join("content"))
        .into_iter()
        .filter(|(path, _)| path.ends_with(".md"))
        .filter_map(|(path, _)| path.split_once('/').map(|(part, _)| part.to_owned()))
        .collect();
    let followed: BTreeSet<String> =
        PARTS.iter().copied().chain(["6-reference"]).map(str::to_owned).collect();
    assert_eq!(parts, followed, "each part is followed");
}

/// A link of a page to a file of the repository leads to one, also to another page.
#[test]
fn links_between_files_lead_somewhere() {
    for (path, text) in documents() {
        let folder = Path::new(&path).parent().unwrap().to_owned();
        // The pages of a site are linked as they stand on it.
        if path.starts_with("content/") || path.contains("/content/pages/") {
            continue;
        }
        for link in text.split("](").skip(1) {
            let Some((link, _)) = link.split_once([')', ' ']) else { continue };
            let file = link.split('#').next().unwrap_or_default();
            let is_file = !file.is_empty() && !link.contains(':') && !file.contains("…");
            assert!(!is_file || repository("").join(&folder).join(file).exists(), "{path}: {link}");
        }
    }
}

/// Everything that is written for people who use or change postil: path and text, without blocks of code.
fn documents() -> Vec<(String, String)> {
    let below = |folder: &str| {
        let folder = folder.to_owned();
        let files = files(&repository(&folder)).into_iter().filter(|(path, _)| path.ends_with(".md"));
        files.map(move |(path, bytes)| super::utf8((format!("{folder}/{path}"), bytes))).collect::<Vec<_>>()
    };
    let mut all: Vec<(String, String)> =
        ["docs", "examples", "packaging", "content/pages"].into_iter().flat_map(below).collect();
    for path in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "editors/vscode/README.md"] {
        all.push((path.to_owned(), std::fs::read_to_string(repository(path)).unwrap()));
    }
    for (_, text) in &mut all {
        let mut fenced = false;
        let line = |line: &str| {
            let is_fence = line.starts_with("```");
            let out = if fenced || is_fence { "\n".to_owned() } else { format!("{line}\n") };
            fenced ^= is_fence;
            out
        };
        *text = text.lines().map(line).collect();
    }
    all
}

/// A command that is named in passing is one, with each of its options.
#[test]
fn commands_that_are_named_are_there() {
    let helps: BTreeMap<String, String> = reference::helps();
    for (path, text) in documents() {
        for code in text.split('`').skip(1).step_by(2) {
            let Some(command) = code.strip_prefix("postil ") else { continue };
            let words: Vec<&str> = command.split_whitespace().collect();
            let longest =
                (1..=words.len().min(2)).rev().map(|n| words[..n].join(" ")).find(|w| helps.contains_key(w));
            let name = longest.unwrap_or_default();
            let help = helps.get(&name).filter(|_| !name.is_empty() || command.starts_with('-'));
            let help = help.unwrap_or_else(|| panic!("{path}: no command `postil {command}`"));
            for option in words.iter().filter(|word| word.starts_with("--")) {
                let option = option.split('=').next().unwrap_or_default().trim_end_matches([']', ',']);
                assert!(help.contains(option), "{path}: `postil {command}`: no {option}");
            }
        }
    }
}

/// What the program asks its surroundings for stands in the manual.
#[test]
fn variables_of_the_environment_are_told() {
    let told = std::fs::read_to_string(manual().join("content/6-reference/4-settings.md")).unwrap();
    let mut named = BTreeSet::new();
    for (_, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let quoted = text.split('"').filter(|word| word.starts_with("POSTIL_"));
        named.extend(
            quoted.filter(|w| w.chars().all(|c| c == '_' || c.is_ascii_uppercase())).map(str::to_owned),
        );
    }
    // What builds and tests set.
    for name in named.iter().filter(|name| !matches!(&***name, "POSTIL_COMMIT" | "POSTIL_TESTS")) {
        assert!(told.contains(&format!("`{name}`")), "{name}");
    }
}
