//! A page printed to PDF by a browser without a window.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::Trouble;
use postil_archive::diagnostic::Error;

/// Programs that print a page without a window, by the names under which systems have them.
const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// Where macOS and Windows have them, which put no programs into the path.
const ELSEWHERE: [&str; 4] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/// The browser that prints: what `POSTIL_BROWSER` says, or one that the system has.
pub(super) fn browser() -> Result<PathBuf, Trouble> {
    if let Some(named) = std::env::var_os("POSTIL_BROWSER").filter(|named| !named.is_empty()) {
        return Ok(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let in_path = BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let mut known = in_path.chain(ELSEWHERE.iter().map(PathBuf::from));
    known.find(|program| program.is_file()).ok_or_else(|| {
        Trouble::new("there is no Chromium or Chrome here, which prints to PDF").help(
            "install one of them, or name its program: `POSTIL_BROWSER=/path/to/chrome postil export pdf …`",
        )
    })
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// A page as the browser prints it: tagged, with bookmarks from its headings.
pub(super) fn print(browser: &Path, id: &str, html: &str) -> Result<Vec<u8>, Trouble> {
    let folder = tempfile::tempdir().map_err(|error| Error::new("make", std::env::temp_dir(), error))?;
    let (page, pdf) = (folder.path().join("page.html"), folder.path().join("page.pdf"));
    std::fs::write(&page, html).map_err(|error| Error::new("write", &page, error))?;
    let mut to_pdf = std::ffi::OsString::from("--print-to-pdf=");
    to_pdf.push(&pdf);
    let mut profile = std::ffi::OsString::from("--user-data-dir=");
    profile.push(folder.path().join("profile"));
    let mut command = Command::new(browser);
    command.args([
        "--headless",
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
    ]);
    if is_root() {
        // It refuses to start otherwise; the page runs nothing but its own script.
        command.arg("--no-sandbox");
    }
    command.args([&profile, &to_pdf]).arg(&page);
    let output = command.output().map_err(|error| Error::new("run", browser, error))?;
    let made = std::fs::read(&pdf).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
        Trouble::new(format!("`{id}`: `{}` printed nothing: {last}", browser.display()))
    })?;
    Ok(without_clock(made))
}

/// The day of every file, since the browser's own says when it printed: the one that zips have who know none.
const DAY: &[u8] = b"19800101000000";

/// A PDF without the moment of printing, so that the same browser prints the same page alike. Nothing in it moves.
fn without_clock(mut pdf: Vec<u8>) -> Vec<u8> {
    for key in [&b"/CreationDate (D:"[..], b"/ModDate (D:"] {
        let found = pdf.windows(key.len()).position(|window| window == key);
        let moment = found.and_then(|at| pdf.get_mut(at + key.len()..)?.get_mut(..DAY.len()));
        if let Some(moment) = moment.filter(|moment| moment.iter().all(u8::is_ascii_digit)) {
            moment.copy_from_slice(DAY);
        }
    }
    pdf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_does_not_say_when_it_was_printed() {
        let at = |moment: &str| {
            let pdf = format!("%PDF <</CreationDate (D:{moment}+00'00')\n/ModDate (D:{moment}+00'00')>>");
            String::from_utf8(without_clock(pdf.into_bytes())).unwrap()
        };
        assert_eq!(at("20261201001008"), at("20261130235959"));
        assert!(at("20261201001008").contains("(D:19800101000000+00'00')"));
        assert!(at("2026").contains("(D:2026+"), "what has another form stays");
        assert_eq!(without_clock(b"/ModDate (D:2026".to_vec()), b"/ModDate (D:2026");
    }
}
