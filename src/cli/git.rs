//! What git knows about the archive, asked by its command line.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use super::Trouble;
use postil_archive::archive;
use postil_archive::diagnostic::{Code, Diagnostic, Place};
use postil_archive::sidecar::date::Date;
use postil_site::site::news::{Days, Since};

/// Every file that differs from where the change left `revision`, in the commits
/// since or not yet committed, with its path from the archive's root (`../` for
/// what lies above it); sorted, each once. Renamed files count with both names.
pub(super) fn changed_files(site: &Path, revision: &str) -> Result<Vec<String>, Trouble> {
    let base = merge_base(site, revision, "HEAD")?.commit;
    let prefix = prefix(site)?;
    // Whatever the repository, or the change itself, says of submodules and of folders that are not looked at.
    let all = ["--no-renames", "--no-ext-diff", "--no-relative", "--ignore-submodules=none"];
    let mut changed = run(site, [&["diff", "--name-only", "-z"][..], &all, &[&base]].concat())?;
    changed.extend(run(site, ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"])?);
    let paths = changed.split(|&byte| byte == 0).filter(|path| !path.is_empty());
    let mut paths: Vec<String> =
        paths.map(|path| from_archive(&String::from_utf8_lossy(path), &prefix)).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The files of a revision that an archive is made of: path from the archive's
/// root to bytes. Nothing is checked out. Links are left out, as they are on the disk.
pub(super) fn files(site: &Path, revision: &str) -> Result<BTreeMap<String, Vec<u8>>, Trouble> {
    let commit = commit(site, revision)?;
    let prefix = prefix(site)?;
    let mut top = vec!["ls-tree", "-z", "--full-tree", "--name-only", commit.as_str()];
    top.extend((!prefix.is_empty()).then_some(prefix.as_str()));
    let top = run(site, top)?;
    let names = top.split(|&byte| byte == 0).map(String::from_utf8_lossy);
    // Those that were meant for one of the archive's are looked at too, to be told.
    let is_wanted = |path: &std::borrow::Cow<'_, str>| {
        let name = path.strip_prefix(&*prefix).unwrap_or(path);
        archive::is_of_archive(name) || archive::misnamed(name).is_some()
    };
    let wanted: Vec<String> = names.filter(is_wanted).map(std::borrow::Cow::into_owned).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut list = vec!["ls-tree", "-r", "-z", "--full-tree", commit.as_str(), "--"];
    list.extend(wanted.iter().map(String::as_str));
    let listed = run(site, list)?;
    let entries = listed.split(|&byte| byte == 0).filter_map(|entry| file_entry(entry, &prefix));
    let (paths, ids): (Vec<String>, Vec<String>) = entries.unzip();
    Ok(paths.into_iter().zip(blobs(site, &ids)?).collect())
}

/// Path and id of an entry `mode type id TAB path`, if it is a file.
fn file_entry(entry: &[u8], prefix: &str) -> Option<(String, String)> {
    let entry = String::from_utf8_lossy(entry);
    let (what, path) = entry.split_once('\t')?;
    let mut what = what.split(' ');
    let (mode, _, id) = (what.next()?, what.next()?, what.next()?);
    let is_file = matches!(mode, "100644" | "100755");
    is_file.then(|| (path.strip_prefix(prefix).unwrap_or(path).to_owned(), id.to_owned()))
}

/// The bytes of objects, in the order of their ids.
fn blobs(site: &Path, ids: &[String]) -> Result<Vec<Vec<u8>>, Trouble> {
    let broken = || Trouble::new("git gave an answer that cannot be read");
    let mut git = git(site);
    git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut git = git.spawn().map_err(|error| no_git(&error))?;
    let (input, output) = (git.stdin.take(), git.stdout.take());
    let wanted = ids.join("\n") + "\n";
    let read = std::thread::scope(|scope| {
        // Asked for by another thread: git answers while it is still being asked.
        let ask = move || input.map(|mut input| input.write_all(wanted.as_bytes()));
        std::thread::Builder::new().spawn_scoped(scope, ask).ok()?;
        let mut output = BufReader::new(output?);
        let blob = |_: &String| {
            let mut head = String::new();
            output.read_line(&mut head).ok()?;
            let size: usize = head.trim_end().rsplit_once(' ')?.1.parse().ok()?;
            let mut bytes = vec![0; size + 1];
            output.read_exact(&mut bytes).ok()?;
            bytes.pop();
            Some(bytes)
        };
        ids.iter().map(blob).collect::<Option<Vec<_>>>()
    });
    // How it ended does not matter: all of its answers are there, or not.
    let _ = git.wait();
    read.ok_or_else(broken)
}

/// The name that git has been told to sign commits with.
pub(super) fn user_name(site: &Path) -> Option<String> {
    let name = text(&run(site, ["config", "--get", "user.name"]).ok()?);
    (!name.is_empty()).then_some(name)
}

/// Most commits in which an older file is looked for.
const LOOKED_BACK: &str = "200";

/// The latest version of a file, by its path from the archive's root, that is the one looked for.
pub(super) fn older_file(site: &Path, path: &str, is_it: impl Fn(&Vec<u8>) -> bool) -> Option<Vec<u8>> {
    let log = ["log", "--format=%H", "-n", LOOKED_BACK, "--", path];
    let commits = text(&run(site, log).ok()?);
    // Where the file was changed, and what it was before that.
    let revisions = commits.lines().flat_map(|commit| [commit.to_owned(), format!("{commit}^")]);
    let version = |revision: String| run(site, ["show".to_owned(), format!("{revision}:./{path}")]).ok();
    revisions.filter_map(version).find(is_it)
}

/// What git does with the line ends of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// It leaves them alone, or is not there.
    Keeps,
    /// It leaves them alone on this machine.
    MayChange,
    /// It keeps the file with others.
    Changes,
}

/// Whether git keeps a file, by its path from the archive's root, as it is.
pub(super) fn keeping(site: &Path, path: &str, bytes: &[u8]) -> Keeping {
    let Ok(attributes) = run(site, ["check-attr", "-z", "text", "eol", "--", path]) else {
        return Keeping::Keeps;
    };
    let fields: Vec<String> = attributes.split(|&byte| byte == 0).map(text).collect();
    let value =
        |name: &str| fields.chunks_exact(3).find(|of| of[1] == name).map_or("unspecified", |of| &of[2]);
    let config =
        run(site, ["config", "--get", "core.autocrlf"]).map(|value| text(&value)).unwrap_or_default();
    let converts = match value("text") {
        "unset" => return Keeping::Keeps,
        // What has NUL bytes is no text for git, unless it is said to be one.
        "set" => true,
        _ if bytes.contains(&0) => return Keeping::Keeps,
        "auto" => true,
        _ => {
            ["crlf", "lf"].contains(&value("eol"))
                || ["true", "yes", "on", "1", "input"].contains(&&*config.to_ascii_lowercase())
        }
    };
    let has_crlf = bytes.windows(2).any(|pair| pair == b"\r\n");
    if converts && has_crlf { Keeping::Changes } else { Keeping::MayChange }
}

/// Where two lines of commits parted.
#[derive(Debug)]
pub(super) struct Base {
    /// The commit.
    pub(super) commit: String,
    /// Whether it is the first of the two revisions itself.
    pub(super) is_itself: bool,
}

/// The last commit that a revision and another have in common.
pub(super) fn merge_base(site: &Path, revision: &str, other: &str) -> Result<Base, Trouble> {
    let (one, other) = (commit(site, revision)?, commit(site, other)?);
    let base = run(site, ["merge-base", &one, &other]).map_err(|_| no_common_past(revision))?;
    let base = text(&base);
    Ok(Base { is_itself: base == one, commit: base })
}

/// What leads from the root of the repository to the archive, with `/` at its end.
fn prefix(site: &Path) -> Result<String, Trouble> {
    Ok(text(&run(site, ["rev-parse", "--show-prefix"])?))
}

/// The commit of a revision. Asked for first, so that nothing else that was
/// written in its place (an option, a path) comes through.
fn commit(site: &Path, revision: &str) -> Result<String, Trouble> {
    let wanted = format!("{revision}^{{commit}}");
    let found = run(site, ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
    match found {
        Ok(commit) => Ok(text(&commit)),
        Err(trouble) if trouble.message.is_empty() => {
            Err(Trouble::new(format!("git knows no revision `{revision}`"))
                .help("look at its name, or fetch it first: in a workflow, check out with `fetch-depth: 0`"))
        }
        Err(trouble) => Err(Trouble::new(format!("git says: {}", trouble.message))
            .help("a revision is one of git's; a folder is named as it lies here, such as `./public`")),
    }
}

fn no_common_past(revision: &str) -> Trouble {
    Trouble::new(format!("the commits at hand do not lead back to `{revision}`"))
        .help("fetch the whole history: in a workflow, check out with `fetch-depth: 0`; `diff --direct` compares the two as they are")
}

/// When each file of the archive came and was last changed, by the commits that lead to what is checked out.
///
/// # Errors
/// Why that is not known, in a few words.
pub(super) fn days(site: &Path) -> Result<Days, String> {
    let asked = |args: &[&str]| run(site, args.iter().copied()).map_err(|trouble| trouble.message);
    if text(&asked(&["rev-parse", "--is-shallow-repository"])?) != "false" {
        return Err("its history is cut off".to_owned());
    }
    let prefix = prefix(site).map_err(|trouble| trouble.message)?;
    let log = asked(&[
        "log",
        "--format=%x01%cs",
        "--name-only",
        "--no-renames",
        "--diff-filter=d",
        "HEAD",
        "--",
        ".",
    ])?;
    let mut days = Days::new();
    let mut day = None;
    // The newest commit comes first.
    for line in String::from_utf8_lossy(&log).lines() {
        if let Some(date) = line.strip_prefix('\u{1}') {
            day = Date::parse(date).ok();
        } else if let Some(day) = day.filter(|_| !line.is_empty()) {
            let file = days.entry(from_archive(line, &prefix)).or_insert(Since { added: day, changed: day });
            if day.first_day() < file.added.first_day() {
                file.added = day;
            }
        }
    }
    Ok(days)
}

/// That git could not be asked.
pub(super) fn without_history(why: &str) -> Diagnostic {
    let message = format!("git cannot say since when things are in the archive: {why}");
    Diagnostic::warning(Code::HISTORY_MISSING, Place::file(archive::CONFIG), message)
        .help("fetch the whole history (in a workflow, check out with `fetch-depth: 0`), or take `dates = \"git\"` away")
}

/// What git knows of an archive that is looked at again and again: it is asked anew when something was committed.
#[derive(Debug, Default)]
pub(super) struct History {
    /// What is checked out, and what git said of it.
    known: Option<(Vec<u8>, Arc<Days>)>,
}

impl History {
    /// See [`days`].
    ///
    /// # Errors
    /// Why that is not known, in a few words.
    pub(super) fn days(&mut self, site: &Path) -> Result<Arc<Days>, String> {
        let head = run(site, ["rev-parse", "HEAD"]).map_err(|trouble| trouble.message)?;
        if let Some((known, days)) = &self.known
            && *known == head
        {
            return Ok(days.clone());
        }
        let days = Arc::new(days(site)?);
        self.known = Some((head, days.clone()));
        Ok(days)
    }
}

/// What a command of git answers. The message of a failure is git's own.
fn run<S: AsRef<OsStr>>(site: &Path, args: impl IntoIterator<Item = S>) -> Result<Vec<u8>, Trouble> {
    let output = git(site).args(args).stdin(Stdio::null()).output();
    let Output { status, stdout, stderr } = output.map_err(|error| no_git(&error))?;
    if status.success() { Ok(stdout) } else { Err(Trouble::new(text(&stderr))) }
}

fn git(site: &Path) -> Command {
    let mut git = Command::new("git");
    // Looking must not write, not even git's own index, nor start a program.
    git.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    git.arg("-C").arg(site).args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]);
    git
}

fn no_git(error: &std::io::Error) -> Trouble {
    Trouble::new(format!("could not run git: {error}")).help("install git, or look without a revision")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned()
}

/// A path from the repository's root, as one from the archive's root.
fn from_archive(path: &str, prefix: &str) -> String {
    let shared = path.split('/').zip(prefix.split_terminator('/')).take_while(|(a, b)| a == b).count();
    let up = prefix.split_terminator('/').count() - shared;
    let down: Vec<&str> = path.split('/').skip(shared).collect();
    format!("{}{}", "../".repeat(up), down.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_the_archive() {
        let check = |path: &str, prefix: &str, expected: &str| {
            assert_eq!(from_archive(path, prefix), expected, "{path} {prefix}");
        };
        check("annotations/a/b.md", "", "annotations/a/b.md");
        check("site/annotations/a.md", "site/", "annotations/a.md");
        check("annotations/a.md", "site/", "../annotations/a.md");
        check("sites/x/a.md", "sites/y/", "../x/a.md");
        check("README.md", "a/b/", "../../README.md");
    }
}
