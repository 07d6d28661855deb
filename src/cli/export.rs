//! `postil export`: the archive in other forms than a site.
//!
//! What needs pages is made with the site ([`made`]); what needs only texts and what stands on them asks for those, one
//! at a time ([`texts`]). Either way what is written is there once it is whole, and only if the archive has no error.

mod book;
mod each;
mod print;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use super::args::{Export, ExportFile, ExportSearch, ExportTexts, SearchEngine, Volume};
use super::{Outcome, Terminal, Trouble, report, texts};
use crate::compile::{self, Compiled, Options, Put, Texts};
use crate::output::Sink as _;
use crate::output::memory::Nowhere;
use crate::output::scratch::Scratch;
use crate::output::whole::Whole;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::show::{self, Format};
use postil_archive::diagnostic::{self, Diagnostic, Error};
use postil_archive::index::TextIx;
use postil_export::single;
use postil_search::bulk::{self, Bulk};
use postil_site::site::text_page;

/// Writes the archive for another program, unless it has errors.
pub(super) fn run(site: &Path, export: &Export, terminal: &Terminal) -> Result<Outcome, Trouble> {
    match export {
        Export::Search(args) => search(site, args, terminal),
        Export::Html(args) => {
            let html = |_: &str, html: &str| Ok(html.as_bytes().to_vec());
            each_page(site, args, "html", &html, terminal)
        }
        Export::Pdf(args) => {
            let browser = print::browser()?;
            let pdf = |id: &str, html: &str| print::print(&browser, id, html);
            each_page(site, args, "pdf", &pdf, terminal)
        }
        Export::Tei(args) => from_texts(site, args, each::tei, terminal),
        Export::Bag(args) => {
            let all = ExportTexts { texts: Vec::new(), output: args.output.clone() };
            let is_zip = args.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
            let packed = is_zip.then_some(args.output.as_path());
            from_texts(
                site,
                &all,
                |texts, chosen, whole, progress| each::bag(packed, texts, chosen, whole, progress),
                terminal,
            )
        }
        Export::Skos(args) => skos(site, args, terminal),
        Export::Hypothesis(args) => from_texts(site, args, each::hypothesis, terminal),
        Export::Akn(args) => from_texts(site, args, each::akoma_ntoso, terminal),
        Export::Epub(args) => book::run(site, args, terminal),
    }
}

fn search(site: &Path, args: &ExportSearch, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let archive = Read::archive(site)?;
    let whole = Whole::begin(&args.output)?;
    let scratch = Scratch::beside(&args.output);
    let bulk = Bulk::new(&scratch);
    let nowhere = Nowhere::default();
    let options = Options { scratch: Some(&scratch), bulk: Some(&bulk), ..Options::default() };
    let outcome = made(archive, &|path, bytes| nowhere.put(path, bytes), &options, terminal)?;
    if outcome != Outcome::Fine {
        return Ok(outcome);
    }

    let format = match args.format {
        SearchEngine::OpenSearch => bulk::Format::OpenSearch,
        SearchEngine::Meilisearch => bulk::Format::Meilisearch,
        SearchEngine::Typesense => bulk::Format::Typesense,
    };
    let documents = bulk.finish(format, |path, bytes| whole.put(path, bytes))?;
    whole.publish()?;
    tell(terminal, &format!("{documents} documents"), &args.output, began);
    Ok(Outcome::Fine)
}

/// Writes the glossary, which needs no text.
fn skos(site: &Path, args: &ExportFile, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let read = Read::archive(site)?;
    let whole = Whole::begin(&args.output)?;
    let work = |texts: &Texts<'_>| -> Result<usize, Trouble> {
        let turtle = postil_site::data::skos::turtle(texts.site);
        let failed = |error| Error::new("write", &args.output, error);
        whole.file()?.write_all(turtle.as_bytes()).map_err(failed)?;
        Ok(texts.site.annotations.terms.len())
    };
    let (terms, found) = compile::texts(&read.archive, &Options::default(), work)?;
    let outcome = read.verdict(found, terminal);
    if outcome == Outcome::Fine {
        whole.publish()?;
        tell(terminal, &report::some(terms, "term"), &args.output, began);
    }
    Ok(outcome)
}

/// An archive as it was read.
struct Read {
    archive: Archive,
    problems: Vec<Diagnostic>,
}

impl Read {
    fn archive(site: &Path) -> Result<Self, Trouble> {
        let mut problems = Vec::new();
        let archive = crate::theme::read(site)?.take(&mut problems);
        Ok(Self { archive, problems })
    }

    /// The texts that are meant, in the order of the archive: those that are named, and those of the collections that
    /// are; all if none is named.
    fn chosen(&self, site: &Path, names: &[String]) -> Result<Vec<TextIx>, Trouble> {
        let texts = &self.archive.texts;
        if names.is_empty() {
            return Ok(texts.keys().collect());
        }
        let mut chosen = BTreeSet::new();
        for name in names {
            let folder = name.trim_end_matches('/');
            let folder = folder.strip_prefix("content/").unwrap_or(folder);
            let below = |id: &str| id.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let before = chosen.len();
            if name.ends_with('/') || self.archive.text(folder).is_none() {
                chosen.extend(texts.keys().filter(|&i| below(&texts[i].id)));
            }
            if chosen.len() == before {
                let found = texts::find(&self.archive, site, name)?;
                chosen.extend(texts.position(|text| text.id == found.id));
            }
        }
        Ok(chosen.into_iter().collect())
    }

    /// Tells what is wrong, and whether anything may be written.
    fn verdict(self, found: Vec<Diagnostic>, terminal: &Terminal) -> Outcome {
        let mut problems = self.problems;
        problems.extend(found);
        diagnostic::sort(&mut problems);
        let outcome = report::outcome(&problems);
        let counts = report::counts(&problems);
        let audible = report::audible(problems, terminal.volume());
        terminal.tell(&show::show(&audible, Format::Human, terminal.look_of_messages()));
        if outcome != Outcome::Fine {
            terminal.tell(&format!("{counts}: nothing was written\n"));
        }
        outcome
    }
}

/// Makes the site of an archive, and tells what is wrong with it.
fn made(read: Read, put: &Put<'_>, options: &Options<'_>, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let Compiled { problems, .. } = compile::compile(&read.archive, put, options)?;
    Ok(read.verdict(problems, terminal))
}

/// Writes texts in another form, from everything that stands on them: `form` gets them one at a time, with what may be
/// written to, and tells how many it wrote.
fn from_texts(
    site: &Path,
    args: &ExportTexts,
    form: impl FnOnce(&Texts<'_>, &[TextIx], &Whole, &dyn Fn(usize)) -> Result<usize, Trouble>,
    terminal: &Terminal,
) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let read = Read::archive(site)?;
    let chosen = read.chosen(site, &args.texts)?;
    let whole = Whole::begin(&args.output)?;
    let progress = |done: usize| terminal.progress(done, chosen.len(), "texts");
    let work = |texts: &Texts<'_>| form(texts, &chosen, &whole, &progress);
    let (written, found) = compile::texts(&read.archive, &Options::default(), work)?;
    let outcome = read.verdict(found, terminal);
    if outcome == Outcome::Fine {
        whole.publish()?;
        tell(terminal, &report::some(written, "text"), &args.output, began);
    }
    Ok(outcome)
}

/// What a text is in another form, from its id and its page as one file.
type Form<'a> = dyn Fn(&str, &str) -> Result<Vec<u8>, Trouble> + 'a;

/// Endings of what a page asks for besides itself.
const BESIDE: [&str; 11] = ["css", "js", "woff2", "woff", "ttf", "otf", "png", "jpg", "jpeg", "webp", "gif"];

/// Writes the pages of texts in another form, a file each. The pages lie on the disk until then, and one at a time is
/// in memory.
fn each_page(
    site: &Path,
    args: &ExportTexts,
    ending: &str,
    form: &Form<'_>,
    terminal: &Terminal,
) -> Result<Outcome, Trouble> {
    let began = Instant::now();
    let read = Read::archive(site)?;
    let chosen = read.chosen(site, &args.texts)?;
    let ids: Vec<String> = chosen.iter().map(|&text| read.archive.texts[text].id.to_string()).collect();
    let base = read.archive.config.base_url.clone();
    let pages: BTreeSet<String> = ids.iter().map(|id| text_page(id)).collect();
    let whole = Whole::begin(&args.output)?;
    let put = |path: &str, bytes: &[u8]| {
        let beside = path.rsplit('.').next().is_some_and(|ending| BESIDE.contains(&ending));
        if beside || pages.contains(path) { whole.lay_aside(path, bytes) } else { Ok(()) }
    };
    let scratch = Scratch::beside(&args.output);
    let options = Options { scratch: Some(&scratch), ..Options::default() };
    let outcome = made(read, &put, &options, terminal)?;
    if outcome != Outcome::Fine {
        return Ok(outcome);
    }
    for (done, id) in ids.iter().enumerate() {
        let address = text_page(id);
        let html = whole.laid_aside(&address)?;
        let html = String::from_utf8_lossy(&html);
        let file = |path: &str| whole.laid_aside(path).ok();
        let page = single::page(&address, &html, &file, base.as_deref()).map_err(|fault| {
            Trouble::new(format!("`{id}`: {fault}")).help("a page of the default theme can be exported; in a theme of your own, look at the template of texts")
        })?;
        whole.put(&format!("{id}.{ending}"), &form(id, &page)?)?;
        terminal.progress(done + 1, ids.len(), "texts");
    }
    whole.publish()?;
    tell(terminal, &report::some(ids.len(), "text"), &args.output, began);
    Ok(Outcome::Fine)
}

fn tell(terminal: &Terminal, what: &str, output: &Path, began: Instant) {
    if terminal.volume() > Volume::Quiet {
        let time = report::time(began.elapsed());
        terminal.tell(&format!("{what} written to `{}`, {time}\n", output.display()));
    }
}
