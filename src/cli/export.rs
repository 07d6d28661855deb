//! `postil export`: what search sees, for an engine that runs on a server; texts as single files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::args::{Export, ExportSearch, ExportTexts, SearchEngine, Volume};
use super::{Outcome, Terminal, Trouble, report, texts};
use crate::compile::{self, Compiled, Options, Put};
use crate::output::Sink;
use crate::output::fresh;
use crate::output::memory::{Memory, Nowhere};
use crate::output::scratch::Scratch;
use postil_archive::archive::Archive;
use postil_archive::diagnostic;
use postil_archive::diagnostic::Error;
use postil_archive::diagnostic::show::{self, Format};
use postil_export::single;
use postil_search::bulk::{self, Bulk};
use postil_site::site::text_page;

/// Writes the archive for another program, unless it has errors.
pub(super) fn run(site: &Path, export: &Export, terminal: &Terminal) -> Result<Outcome, Trouble> {
    match export {
        Export::Search(args) => search(site, args, terminal),
        Export::Html(args) => {
            let html = |_: &str, html: &str| Ok(html.as_bytes().to_vec());
            each_text(site, args, "html", &html, terminal)
        }
        Export::Pdf(args) => {
            let browser = browser()?;
            let pdf = |id: &str, html: &str| print(&browser, id, html);
            each_text(site, args, "pdf", &pdf, terminal)
        }
    }
}

fn search(site: &Path, args: &ExportSearch, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    empty(&args.output)?;
    let scratch = Scratch::beside(&args.output);
    let bulk = Bulk::new(&scratch);
    let nowhere = Nowhere::default();
    let options = Options { scratch: Some(&scratch), bulk: Some(&bulk), ..Options::default() };
    let (outcome, _) = made(site, &|_| Ok(()), &|path, bytes| nowhere.put(path, bytes), &options, terminal)?;
    if outcome != Outcome::Fine {
        return Ok(outcome);
    }

    let format = match args.format {
        SearchEngine::OpenSearch => bulk::Format::OpenSearch,
        SearchEngine::Meilisearch => bulk::Format::Meilisearch,
        SearchEngine::Typesense => bulk::Format::Typesense,
    };
    std::fs::create_dir_all(&args.output).map_err(|error| Error::new("make", &args.output, error))?;
    let documents = bulk.finish(format, |path, bytes| fresh::write(&args.output, &[(path, bytes)]))?;
    tell(terminal, &format!("{documents} documents"), &args.output, began);
    Ok(Outcome::Fine)
}

/// Makes the site of an archive, and tells what is wrong with it; `before` sees the archive first.
fn made(
    site: &Path,
    before: &dyn Fn(&Archive) -> Result<(), Trouble>,
    put: &Put<'_>,
    options: &Options<'_>,
    terminal: &Terminal,
) -> Result<(Outcome, Archive), Trouble> {
    let mut problems = Vec::new();
    let archive = crate::theme::read(site)?.take(&mut problems);
    before(&archive)?;
    let Compiled { problems: found, .. } = compile::compile(&archive, put, options)?;
    problems.extend(found);
    diagnostic::sort(&mut problems);
    let outcome = report::outcome(&problems);
    let counts = report::counts(&problems);
    let audible = report::audible(problems, terminal.volume());
    terminal.tell(&show::show(&audible, Format::Human, terminal.look_of_messages()));
    if outcome != Outcome::Fine {
        terminal.tell(&format!("{counts}: nothing was written\n"));
    }
    Ok((outcome, archive))
}

/// What a text is in another form, from its id and its page as one file.
type Form<'a> = dyn Fn(&str, &str) -> Result<Vec<u8>, Trouble> + 'a;

/// Endings of what a page asks for besides itself.
const BESIDE: [&str; 11] = ["css", "js", "woff2", "woff", "ttf", "otf", "png", "jpg", "jpeg", "webp", "gif"];

/// Writes texts in another form, a file each.
fn each_text(
    site: &Path,
    args: &ExportTexts,
    ending: &str,
    form: &Form<'_>,
    terminal: &Terminal,
) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    empty(&args.output)?;
    let memory = Memory::default();
    let needed = |path: &str, bytes: &[u8]| {
        let beside = path.rsplit('.').next().is_some_and(|ending| BESIDE.contains(&ending));
        let text = path.starts_with("texts/") && path.ends_with(".html");
        if beside || text { memory.put(path, bytes) } else { Ok(()) }
    };
    let named =
        |archive: &Archive| args.texts.iter().try_for_each(|name| texts::find(archive, site, name).map(drop));
    let (outcome, archive) = made(site, &named, &needed, &Options::default(), terminal)?;
    if outcome != Outcome::Fine {
        return Ok(outcome);
    }
    let asked: BTreeSet<&str> = match args.texts.is_empty() {
        true => archive.texts.iter().map(|text| &*text.id).collect(),
        false => args
            .texts
            .iter()
            .map(|name| texts::find(&archive, site, name).map(|text| &*text.id))
            .collect::<Result<_, _>>()?,
    };
    let files = memory.into_files();
    std::fs::create_dir_all(&args.output).map_err(|error| Error::new("make", &args.output, error))?;
    for id in &asked {
        let address = text_page(id);
        let html = files.get(&address).map(|bytes| String::from_utf8_lossy(bytes));
        let html = html.expect("each text has a page: the site was made without an error");
        let base = archive.config.base_url.as_deref();
        let page = single::page(&address, &html, &files, base).map_err(|fault| {
            Trouble::new(format!("`{id}`: {fault}")).help("a page of the default theme can be exported; in a theme of your own, look at the template of texts")
        })?;
        fresh::write(&args.output, &[(&format!("{id}.{ending}"), &form(id, &page)?)])?;
    }
    let texts = if asked.len() == 1 { "1 text".to_owned() } else { format!("{} texts", asked.len()) };
    tell(terminal, &texts, &args.output, began);
    Ok(Outcome::Fine)
}

fn tell(terminal: &Terminal, what: &str, output: &Path, began: Instant) {
    if terminal.volume() > Volume::Quiet {
        let time = report::time(began.elapsed());
        terminal.tell(&format!("{what} written to `{}`, {time}\n", output.display()));
    }
}

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
fn browser() -> Result<PathBuf, Trouble> {
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
fn print(browser: &Path, id: &str, html: &str) -> Result<Vec<u8>, Trouble> {
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
    std::fs::read(&pdf).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
        Trouble::new(format!("`{id}`: `{}` printed nothing: {last}", browser.display()))
    })
}

/// Whether nothing is in a folder: what it holds is never overwritten, and files of an earlier
/// export would be taken for a part of this one.
fn empty(folder: &Path) -> Result<(), Trouble> {
    let mut entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| Error::new("read", folder, error))?,
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(Trouble::new(format!("`{}` is not empty", folder.display()))
            .help("name a new folder, or empty this one")),
    }
}
