//! Whether the addresses of other sites answer: asked by `curl`, which knows proxies, certificates and
//! all that is between here and there. What answered is remembered for a while.
//!
//! The addresses are strangers' words: they go to `curl` one by one, in quotation marks, and lead to no
//! other scheme than that of web pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::Trouble;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Code, Diagnostic, Error, Place};
use postil_archive::sidecar::date::Date;
use postil_propose::review::outward::outward;

/// How long one address may take, in seconds.
const PATIENCE_SECONDS: u32 = 20;
/// How many are asked at once.
const AT_ONCE: u32 = 8;
/// How many redirects are followed.
const REDIRECTS: u32 = 6;
/// How many are asked in one go of `curl`: what one of them costs is bounded, and what was heard is kept.
const TOGETHER: usize = 200;
/// How long what answered is not asked again, in days.
const KEPT_DAYS: i32 = 7;

/// What the file in the store is called that has what was heard.
pub(super) const ANSWERS: &str = "links.json";

/// What an address answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    /// The status; 0 if there was none.
    status: u16,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    why: String,
    /// When.
    day: String,
}

impl Answer {
    fn is_fine(&self) -> bool {
        // A redirect that was not followed leads nowhere that is a page.
        (200..300).contains(&self.status)
    }

    /// Whether there is nothing at the address, said by who must know.
    fn is_gone(&self) -> bool {
        matches!(self.status, 404 | 410)
    }
}

/// What is wrong with the addresses of other sites. What answers is remembered in a file, if there is one for it.
pub(super) fn check(
    answered: Option<&Path>,
    archive: &Archive,
    today: Date,
) -> Result<Vec<Diagnostic>, Trouble> {
    let outward = outward(archive);
    let known = answered.map(read).unwrap_or_default();
    let is_fresh = |answer: &Answer| {
        let day = Date::parse(&answer.day).ok();
        let age = day.and_then(|day| today.first_day().since(day.first_day()).ok()).map(|age| age.get_days());
        answer.is_fine() && age.is_some_and(|age| (0..KEPT_DAYS).contains(&age))
    };
    let mut answers: BTreeMap<&str, Answer> = outward
        .keys()
        .filter_map(|address| {
            Some((address.as_str(), known.get(address).filter(|answer| is_fresh(answer))?.clone()))
        })
        .collect();
    let wanted: Vec<&str> =
        outward.keys().map(String::as_str).filter(|address| !answers.contains_key(address)).collect();
    let day = today.first_day().to_string();
    for some in wanted.chunks(TOGETHER) {
        answers.extend(some.iter().copied().zip(ask(some, true, &day)?));
        // Some answer nothing good when asked for no more than the head of a page.
        let again: Vec<&str> = some.iter().copied().filter(|address| !answers[address].is_fine()).collect();
        answers.extend(again.iter().copied().zip(ask(&again, false, &day)?));
        answered.map_or(Ok(()), |path| write(path, &answers))?;
    }
    let problems = outward.iter().filter(|(address, _)| !answers[address.as_str()].is_fine());
    Ok(problems.flat_map(|(address, places)| said(address, &answers[address.as_str()], places)).collect())
}

fn said(address: &str, answer: &Answer, places: &[Place]) -> Vec<Diagnostic> {
    let of = |place: &Place| {
        if answer.is_gone() {
            let message = format!("nothing is at `{address}` any more: it answers {}", answer.status);
            return Diagnostic::warning(Code::LINK_GONE, place.clone(), message)
                .help("look where it is now, or give the address of a copy in an archive of the web");
        }
        let why = match answer.status {
            0 => answer.why.clone(),
            status => format!("it answers {status}"),
        };
        Diagnostic::note(
            Code::LINK_SILENT,
            place.clone(),
            format!("whether `{address}` is there is not known: {why}"),
        )
        .help("open it in a browser: some sites answer no program, others are away for a day")
    };
    places.iter().map(of).collect()
}

/// What was heard before; nothing, if that cannot be read: then all are asked.
fn read(path: &Path) -> BTreeMap<String, Answer> {
    std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn write(path: &Path, answers: &BTreeMap<&str, Answer>) -> Result<(), Error> {
    let fail = |error| Error::new("write", path, error);
    let text = serde_json::to_string_pretty(answers).expect("answers can be written down");
    let new = PathBuf::from(format!("{}.new", path.display()));
    std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path)).map_err(fail)
}

/// Asks each address, for the head of what is there or for its first byte.
fn ask(addresses: &[&str], head: bool, day: &str) -> Result<Vec<Answer>, Trouble> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let curl = Command::new("curl")
        // Nothing of what somebody has set up for themselves, as names and passwords.
        .args(["--disable", "--config", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut curl = curl.map_err(no_curl)?;
    let mut input = curl.stdin.take().expect("it was asked for");
    let wishes = wishes(addresses, head);
    // What it prints meanwhile is read below: neither waits for the other.
    let writing = std::thread::spawn(move || input.write_all(wishes.as_bytes()));
    let output = curl.wait_with_output().map_err(no_curl)?;
    // If it ended early, it has not answered.
    let _ = writing.join();
    let silent = || Answer { status: 0, why: "nothing was heard".to_owned(), day: day.to_owned() };
    let mut answers: Vec<Answer> = addresses.iter().map(|_| silent()).collect();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut parts = line.splitn(3, '\t');
        let mut number = || parts.next()?.parse::<usize>().ok();
        let (Some(at), Some(status)) = (number(), number()) else { continue };
        let why = parts.next().unwrap_or_default();
        if let Some(answer) = answers.get_mut(at) {
            answer.status = u16::try_from(status).unwrap_or(0);
            why.clone_into(&mut answer.why);
        }
    }
    Ok(answers)
}

/// What `curl` is to do, in its own language.
fn wishes(addresses: &[&str], head: bool) -> String {
    let mut out = format!("parallel\nparallel-max = {AT_ONCE}\n");
    for (address, at) in addresses.iter().zip(0..) {
        if at > 0 {
            out.push_str("next\n");
        }
        let address = address.replace('\\', "\\\\").replace('"', "\\\"");
        let how = if head { "head" } else { "range = \"0-0\"" };
        let _ = write!(
            out,
            "url = \"{address}\"\n{how}\nsilent\ngloboff\nlocation\nmax-redirs = {REDIRECTS}\nmax-time = {PATIENCE_SECONDS}\n\
             proto = \"=http,https\"\nproto-redir = \"=http,https\"\nuser-agent = \"postil/{}\"\noutput = \"{}\"\n\
             write-out = \"{at}\\t%{{http_code}}\\t%{{errormsg}}\\n\"\n",
            env!("CARGO_PKG_VERSION"),
            if cfg!(windows) { "NUL" } else { "/dev/null" },
        );
    }
    out
}

fn no_curl(error: std::io::Error) -> Trouble {
    Trouble::new(format!("could not run curl: {error}")).help("install curl, or look without `--links`")
}
