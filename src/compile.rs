//! The whole way, from an archive to the files of its site.

mod kept;
mod originals;
mod pictures;
mod outlet;
mod read;
mod texts;
mod trace;
mod zipped;

pub use kept::{Kept, Print, Shelf};
pub use texts::{Texts, texts};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::anchor::{self, Layers, gaps};
use postil_anchor::annotation::{self, Annotations};
use postil_anchor::document::{self, Document, record::Record};
use postil_archive::archive::{self, Archive, StaticFile, path};
use postil_archive::diagnostic::bug::{self, Bug};
use postil_archive::diagnostic::{self, Code, Diagnostic, Error, Place, Severity};
use postil_archive::index::{FurnitureIx, TextIx};
use postil_archive::memo::{Key, Memo};
use postil_archive::sidecar::date::Date;
use postil_propose::propose;
use postil_propose::review;
use postil_search::Concordance;
use postil_site::gather;
use postil_site::host::Table;
use postil_site::pages::{self, TextPage};
use postil_site::proof;
use postil_site::render::article::Input;
use postil_site::render::context;
use postil_site::render::picture;
use postil_site::render::press::{File, Press};
use postil_site::render::prose;
use postil_site::render::template::Templates;
use postil_site::render::title;
use postil_site::render::words::Words;
use postil_site::site::inventory::{self, Inventory};
use postil_site::site::news::Days;
use postil_site::site::uses::Shown;
use postil_site::site::{self, Facts, Site, address, link};

use kept::{Given, New, Reuse};
use outlet::{Outlet, Paged};
use trace::Tracer;
use typed_index_collections::{TiSlice, TiVec};

/// How to compile.
#[derive(Clone, Copy, Default)]
pub struct Options<'s> {
    /// Notes that cannot be placed are shown in a box instead of stopping the build (for previews only).
    pub lenient: bool,
    /// What only shows in the archive as a whole is looked for too, as of this
    /// day. It goes to the problems, never to the site.
    pub review: Option<Date>,
    /// Where the search index of a large archive is put aside while it is made; in memory if there is none.
    pub scratch: Option<&'s dyn postil_search::scratch::Scratch>,
    /// What was made before, if the site is made again and again.
    pub memo: Option<&'s Memo>,
    /// What texts gave in the last run, and where their files are.
    pub kept: Option<(&'s Kept, &'s dyn Shelf)>,
    /// What git knows of the archive's files, if it was asked.
    pub days: Option<&'s Days>,
    /// Takes in what search sees, for an engine of another kind than the site's own.
    pub bulk: Option<&'s postil_search::bulk::Bulk<'s>>,
}

/// The concordance is at most one part of so many of a site.
const SITE_TO_CONCORDANCE: u64 = 3;

/// Where finished files go: address from the site's root, bytes.
pub type Put<'a> = dyn Fn(&str, &[u8]) -> Result<(), Error> + Sync + 'a;

/// What came of it.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Everything that is wrong, sorted. With an error among it the site is not to be published.
    pub problems: Vec<Diagnostic>,
    /// What was made.
    pub summary: Summary,
    /// Texts of which what they gave in the last run was taken, and no work was done.
    pub taken: usize,
}

impl Compiled {
    /// Whether there is an error among the problems.
    pub fn failed(&self) -> bool {
        self.problems.iter().any(|p| p.severity == Severity::Error)
    }
}

/// What a site holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Texts.
    pub texts: usize,
    /// Notes.
    pub notes: usize,
    /// Notes that could not be placed (only in a lenient build).
    pub unplaced: usize,
    /// Terms.
    pub terms: usize,
    /// Topics.
    pub topics: usize,
    /// Words of all texts.
    pub words: usize,
    /// Pages.
    pub pages: usize,
    /// Files.
    pub files: usize,
    /// Bytes of all files.
    pub bytes: u64,
}

/// Makes the site of an archive.
///
/// Each text is read once, worked through in one task, and dropped; only its
/// facts and its part of the search index stay. Files go out as they are made:
/// whoever takes them publishes none before this has ended without an error.
///
/// A bug in one text, or in what needs all of them, is a problem among the others.
///
/// # Errors
/// A raw text cannot be read, or a file cannot be put.
pub fn compile(archive: &Archive, put: &Put<'_>, options: &Options<'_>) -> Result<Compiled, Error> {
    let mut problems = Vec::new();
    let mut taken = 0;
    let summary = match bug::attempt(|| stages(archive, put, options, &mut problems, &mut taken)) {
        Ok(summary) => summary?,
        Err(bug) => {
            problems.push(of_all(&bug));
            Summary::default()
        }
    };
    diagnostic::sort(&mut problems);
    Ok(Compiled { problems, summary, taken })
}

/// A bug in what is done for all texts.
fn of_all(bug: &Bug) -> Diagnostic {
    bug.problem(Place::file(archive::CONFIG))
}

/// The three stages; what is wrong is kept as it is found.
fn stages(
    archive: &Archive,
    put: &Put<'_>,
    options: &Options<'_>,
    problems: &mut Vec<Diagnostic>,
    taken: &mut usize,
) -> Result<Summary, Error> {
    // Small things first: what the sidecars say, and where every page will be.
    let records = document::record::parse_all(&archive.texts).take(problems);
    let annotations = annotation::parse(archive).take(problems);
    problems.extend(annotation::unknown_names(archive, &records));
    let mut titles = first_lines(archive, &records)?;
    let config = &archive.config;
    let words = Words::new(&archive.theme, &config.language).take(problems);
    problems.extend(words.lacking(&archive.theme, config));
    problems.extend(title::fill(archive, &annotations, &records, &words, &mut titles));
    let marked = words.marked();
    let said = |key: &str| {
        let word = |words: &Words| words.find(key).map(str::to_owned);
        Some(site::Word { plain: word(&words)?, shown: word(&marked)? })
    };
    let mut site = site::plan(archive, &annotations, records, |i| titles[i].clone(), said);
    site.days = options.days.cloned().unwrap_or_default();
    site.pictures = pictures::list(archive, &site)?;
    let outlet = Outlet::new(put, site.zipped(), options.memo);
    let no_originals = originals::publish(archive, &site, &outlet, problems)?;
    let shared = pages::shared(&site, &marked);
    let templates = templates(archive, &marked, &shared, options.memo);
    // What goes to another engine is not kept.
    let kept = options.kept.filter(|_| options.bulk.is_none());
    let survey = prose::survey(&site, kept.map_or(0, |(kept, _)| kept.seed()));
    problems.extend(survey.problems.iter().cloned());
    let defaults = Defaults { mark: archive.config.mark, headings: archive.config.headings };
    let glossary = Glossary::new(&annotations.terms, defaults).take(problems);
    let (templates, memo) = match templates {
        Ok(ready) => ready,
        Err(wrong) => {
            problems.extend(wrong);
            return Ok(Summary::default());
        }
    };

    // Then each text, once, on its own.
    let press =
        Press { site: &site, words: &marked, plain: &words, templates: &templates, survey: &survey, memo };
    let index = Index::new(&annotations);
    let vocabulary = options.review.map(|_| review::Vocabulary::new(&annotations));
    let paragraphs = gather::paragraphs(&words);
    let builder = postil_search::Builder::new(postil_search::Options {
        scratch: options.scratch,
        marks: gather::marks(&site),
        paragraphs: &paragraphs,
        ..postil_search::Options::default()
    });
    let shown = Shown::new(annotations.terms.len());
    let reuse = match kept {
        Some(kept) => {
            let tracer = Tracer::new(&site, &survey, &marked, &shared, options, kept.0.seed());
            let entries = tracer.entries(&glossary);
            Some(Reuse::new(kept, &tracer, entries, &site, &index, options)?)
        }
        None => None,
    };
    let job = Job {
        reuse: reuse.as_ref(),
        reader: read::Reader { archive, site: &site, glossary: &glossary, options },
        annotations: &annotations,
        press,
        vocabulary: vocabulary.as_ref(),
        outlet: &outlet,
        builder: &builder,
        shown: &shown,
        options,
    };
    let plans: Vec<_> = site.texts.iter_enumerated().collect();
    let worked: TiVec<TextIx, Worked> = plans
        .into_par_iter()
        .map(|(text, plan)| {
            let work = || job.text(text, &index.layers(&plan.id, plan.date()));
            bug::attempt(work).unwrap_or_else(|bug| {
                let problem = bug.problem(Place::file(archive.texts[text].path.clone()));
                Ok(Worked::unmade(text, vec![problem]))
            })
        })
        .collect::<Result<Vec<_>, _>>()?
        .into();

    let mut unmade = unmade(&site, &worked);
    unmade.extend(no_originals);
    let shown = shown.finish();

    // Then what needs all of them.
    let mut facts: TiVec<TextIx, Facts> = TiVec::with_capacity(worked.len());
    let mut given: TiVec<TextIx, Given> = TiVec::with_capacity(worked.len());
    let mut reads = Vec::new();
    let mut looks = Vec::new();
    let mut astray = Vec::new();
    let mut shared_found: TiVec<FurnitureIx, usize> = vec![0; annotations.furniture.len()].into();
    let mut found = BTreeSet::new();
    for text in worked {
        problems.extend(text.problems);
        facts.push(text.facts);
        *taken += usize::from(matches!(text.given, Given::Before(_)));
        given.push(text.given);
        reads.extend(text.read);
        looks.extend(text.look);
        astray.extend(text.astray);
        found.extend(text.found);
        for (row, found) in text.shared_found {
            shared_found[row] += found;
        }
    }
    if let Some(reuse) = reuse {
        reuse.end(&site, given, &shown);
    }
    let records: Vec<&Record> = site.texts.iter().map(|text| &text.record).collect();
    review::astray::say_where(archive, &records, &astray, problems)?;
    problems.extend(gaps::unused(&annotations.furniture, &shared_found));
    problems.extend(gaps::unused_patterns(&annotations.apparatuses, &found));
    if let Some((today, vocabulary)) = options.review.zip(vocabulary.as_ref()) {
        problems.extend(review::whole::problems(&annotations, &looks, vocabulary, today));
    }
    // The index and the pages do not need each other.
    let index = || -> Result<Concordance, Error> {
        for guide in gather::guides(&site, &words) {
            if let Some(bulk) = options.bulk {
                bulk.guide(&guide)?;
            }
            builder.add(postil_search::index_guide(&guide, gather::marks(&site)))?;
        }
        builder.finish(&|address, bytes| outlet.file(address, bytes))
    };
    let rest = || -> Result<Paged, Error> {
        let paged = Outlet::paged(pages::pages(press, &facts, &shown, &|page| outlet.page(&page)))?;
        outlet.file(SUGGEST, suggest(&site, &words).as_bytes())?;
        outlet.file(inventory::ADDRESS, &Inventory::new(&site, &facts).to_json())?;
        let assets = archive.theme.assets.par_iter();
        assets.try_for_each(|(path, bytes)| outlet.file(&format!("assets/{path}"), bytes))?;
        Ok(paged)
    };
    let (index, rest) = rayon::join(|| bug::attempt(index), || bug::attempt(rest));
    // The concordance has what room the other files leave it.
    let concordance = match index {
        Ok(concordance) => {
            let mut concordance = concordance?;
            let by_words = || -> Result<Paged, Error> {
                if !archive.config.concordance {
                    return Ok(Paged { all_are_made: true, ..Paged::default() });
                }
                let most = outlet.bytes() / (SITE_TO_CONCORDANCE - 1);
                concordance.fit(usize::try_from(most).unwrap_or(usize::MAX));
                let listed = gather::concordance(&site, &marked, concordance);
                Outlet::paged(pages::concordance(press, &listed, &|page| outlet.page(&page)))
            };
            bug::attempt(by_words)
        }
        Err(bug) => Err(bug),
    };
    let mut all_pages_are_made = true;
    for paged in [concordance, rest] {
        let paged =
            paged.unwrap_or_else(|bug| Ok(Paged { problems: vec![of_all(&bug)], ..Paged::default() }))?;
        all_pages_are_made &= paged.all_are_made;
        reads.extend(paged.reads);
        problems.extend(paged.problems);
    }
    pictures::publish(archive, &site, &outlet, &reads, problems)?;
    let mut addresses = outlet.addresses();
    addresses.push(address::DATA.to_owned());
    addresses.sort();
    let host_files = pages::host_files(press, &addresses);
    addresses.extend(host_files.iter().map(|file| file.address.clone()));
    addresses.push(address::ARCHIVE.to_owned());
    put_statics(archive, host_files, &addresses, &outlet, problems)?;
    // In how many files the whole comes is known now, and said on a page of it.
    let limit = archive.config.zip.is_none().then_some(LARGEST_FILE);
    let cuts = outlet.cuts(limit);
    let parts = cuts.as_ref().map_or(0, |cuts| cuts.len() + 1);
    let downloads: Vec<String> = (0..parts).map(zipped::address).collect();
    match pages::data(press, &downloads) {
        Ok(page) => {
            let (read, wrong) = outlet.page(&page)?.unzip();
            reads.extend(read);
            problems.extend(wrong.into_iter().flatten());
        }
        Err(wrong) => {
            all_pages_are_made = false;
            problems.push(*wrong);
        }
    }
    outlet.close(&cuts.unwrap_or_default())?;
    problems.extend((parts > 1).then(|| in_parts(parts)));

    // And at last: does everything lead somewhere? A page that its template could not make is told already.
    if all_pages_are_made {
        problems.extend(dead_links(press, &outlet, &reads, &survey, &unmade));
    }
    if options.review.is_some() {
        let of_text = |address: &str| {
            let text = site.texts.keys().find(|&text| site.text_address(text) == address)?;
            Some(&*archive.texts[text].path)
        };
        problems.extend(review::whole::large(&outlet.files(), of_text));
    }
    if let Some(memo) = options.memo {
        memo.turn();
    }
    Ok(summary(&site, &facts, &outlet, reads.len()))
}

/// Files of the site to which the publisher's own of that name are added, instead of being in their way.
const ADDED_TO: [&str; 3] = ["_headers", "_redirects", "robots.txt"];

/// What hosts read, and the publisher's own files: never in the place of one that the site makes (`addresses`).
fn put_statics(
    archive: &Archive,
    mut host_files: Vec<File>,
    addresses: &[String],
    outlet: &Outlet<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    // What a file system that ignores case takes for one is one; a file is in the way of a folder, too.
    let mut taken: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    for address in addresses {
        let folders = address.match_indices('/').map(|(end, _)| &address[..end]);
        folders.for_each(|folder| _ = taken.entry(path::fold(folder)).or_insert((folder, true)));
        taken.insert(path::fold(address), (address, false));
    }
    for file in &archive.statics {
        let Some(bytes) = archive.load_static(file)?.take(problems) else { continue };
        if let Some(made) = host_files.iter_mut().find(|made| made.address == file.address)
            && ADDED_TO.contains(&&*made.address)
        {
            made.bytes.extend_from_slice(&bytes);
            continue;
        }
        let folders = file.address.match_indices('/').map(|(end, _)| &file.address[..end]);
        let mut files_above = folders.filter_map(|folder| taken.get(&path::fold(folder)));
        let above = files_above.find(|(_, is_folder)| !is_folder);
        match taken.get(&path::fold(&file.address)).or(above).copied() {
            None => outlet.file(&file.address, &bytes)?,
            Some((made, is_folder)) => problems.push(in_the_way(file, made, is_folder)),
        }
    }
    host_files.iter().try_for_each(|file| outlet.file(&file.address, &file.bytes))
}

/// That a file of the publisher's own would stand where the site has one.
fn in_the_way(file: &StaticFile, made: &str, is_folder: bool) -> Diagnostic {
    let what = if is_folder { "folder" } else { "file" };
    let message = format!("the site has a {what} `{made}` of its own");
    Diagnostic::error(Code::STATIC_CLASH, Place::file(file.path.clone()), message)
        .help("give this file another name, or take it away; a page is changed by its template, `themes/`")
}

/// Largest file that all hosts take: Cloudflare Pages refuses what is larger than 25 MiB.
const LARGEST_FILE: u64 = 24 << 20;

/// That the whole site comes in several files.
fn in_parts(parts: usize) -> Diagnostic {
    let message = format!("the whole site as one download is larger than 24 MiB: it comes in {parts} parts");
    Diagnostic::note(Code::DOWNLOAD_IN_PARTS, Place::file(archive::CONFIG), message).help(
        "some hosts take no larger file; if yours does, `zip = true` makes one of it, `zip = false` none",
    )
}

/// The theme's templates, and with a memo the key of all that they are made from; or what is wrong with them.
type Ready<'s> = (Arc<Templates>, Option<(&'s Memo, Key)>);

fn templates<'s>(
    archive: &Archive,
    words: &Words,
    shared: &context::Site,
    memo: Option<&'s Memo>,
) -> Result<Ready<'s>, Vec<Diagnostic>> {
    let theme = &archive.theme;
    let make = || match Templates::new(theme, words, shared) {
        made if made.problems.is_empty() => Ok(made.value),
        made => Err(made.problems),
    };
    let Some(memo) = memo else { return Ok((Arc::new(make()?), None)) };
    let mut input = memo.input("templates");
    input.bytes(archive.config.language.as_bytes()).value(shared);
    // The words are made from these files and the language.
    for (name, source) in theme.templates.iter().chain(&theme.lang) {
        input.bytes(name.as_bytes()).bytes(source.text.as_bytes());
    }
    let key = input.done();
    Ok((memo.recall(key, make)?, Some((memo, key))))
}

/// The script that proposes notes in the browser: the pages of texts ask for it.
const SUGGEST: &str = "suggest/note.js";

fn suggest(site: &Site<'_>, words: &Words) -> String {
    let about = postil_search::script::literal(&pages::suggest::proposals(site, words));
    format!("{}self.postilArchive = {about};\n", propose::browser::ENGINE)
}

/// What a host of files is to be told of the site of an archive.
///
/// # Errors
/// A raw text cannot be read whose record gives no title.
pub fn hosted(archive: &Archive) -> Result<Table, Error> {
    let records = document::record::parse_all(&archive.texts).value;
    let annotations = annotation::parse(archive).value;
    let titles = first_lines(archive, &records)?;
    Ok(Table::new(&site::plan(archive, &annotations, records, |i| titles[i].clone(), |_| None)))
}

/// What is wrong with the Markdown of one file. No text has to be read for it.
///
/// # Errors
/// A raw text cannot be read whose record gives no title.
pub fn markdown(archive: &Archive, path: &str) -> Result<Vec<Diagnostic>, Error> {
    // What is wrong with all else is not asked.
    let records = document::record::parse_all(&archive.texts).value;
    let annotations = annotation::parse(archive).value;
    let titles = first_lines(archive, &records)?;
    let mut site = site::plan(archive, &annotations, records, |i| titles[i].clone(), |_| None);
    site.pictures = pictures::list(archive, &site)?;
    let mut problems = prose::survey(&site, 0).problems;
    problems.retain(|problem| &*problem.place.path == path);
    diagnostic::sort(&mut problems);
    Ok(problems)
}

/// Titles for texts whose record gives none: the first line with words, else the id.
fn first_lines(archive: &Archive, records: &TiSlice<TextIx, Record>) -> Result<TiVec<TextIx, String>, Error> {
    let title = |(file, record): (&postil_archive::archive::TextFile, &Record)| {
        if record.title.is_some() {
            return Ok(String::new());
        }
        // What is wrong with the file is said when the text is worked through.
        let bytes = archive.load(file)?.value.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let line = text.lines().map(str::trim).find(|line| line.chars().any(char::is_alphanumeric));
        Ok(line.map_or_else(|| file.id.to_string(), |line| line.chars().take(120).collect()))
    };
    archive.texts.iter().zip(records).map(title).collect()
}

/// Files of texts in which something is so wrong that they were not made.
fn unmade(site: &Site<'_>, worked: &TiSlice<TextIx, Worked>) -> BTreeSet<String> {
    let mut unmade = BTreeSet::new();
    for (text, worked) in worked.iter_enumerated() {
        if worked.read.is_none() {
            unmade.insert(site.text_address(text));
        }
        if !worked.indexed {
            unmade.insert(site.raw_address(text));
        }
    }
    unmade
}

/// Links that lead nowhere: those that somebody wrote at their place, the others on their page.
/// That a file is `unmade` has a reason that was told already.
fn dead_links(
    press: Press<'_>,
    outlet: &Outlet<'_>,
    reads: &[Arc<proof::Read>],
    survey: &prose::Survey,
    unmade: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let mut known = proof::Known::new(outlet.addresses(), reads);
    if let Some(base) = &press.site.archive.config.base_url {
        known = known.on_host(link::root_on_host(base));
    }
    let mut told = BTreeSet::new();
    let mut problems = Vec::new();
    for wanted in &survey.wanted {
        if !unmade.contains(&wanted.page) && !known.has(&wanted.page, wanted.id.as_deref()) {
            problems.push(wanted.missing.clone());
            told.insert((wanted.page.clone(), wanted.id.clone()));
        }
    }
    problems.extend(proof::dead(reads, &known, &|file, id| {
        unmade.contains(file) || told.contains(&(file.to_owned(), id.map(str::to_owned)))
    }));
    problems
}

fn summary(site: &Site<'_>, facts: &TiSlice<TextIx, Facts>, outlet: &Outlet<'_>, pages: usize) -> Summary {
    Summary {
        texts: site.texts.len(),
        notes: site.annotations.notes.len(),
        unplaced: facts.iter().map(|f| f.unplaced.len()).sum(),
        terms: site.annotations.terms.len(),
        topics: site.annotations.topics.len(),
        words: facts.iter().map(|f| f.words).sum(),
        pages,
        files: outlet.files().len(),
        bytes: outlet.files().iter().map(|(_, bytes)| bytes).sum(),
    }
}

/// What a text leaves behind.
struct Worked {
    facts: Facts,
    problems: Vec<Diagnostic>,
    read: Option<Arc<proof::Read>>,
    /// Whether its raw text is out, and its words are in the index.
    indexed: bool,
    look: Option<review::Look>,
    astray: Vec<anchor::Astray>,
    /// Rows of folders that find something in it.
    found: Vec<(Arc<str>, usize)>,
    /// Rows of `annotations/furniture.toml` and how often each was found.
    shared_found: Vec<(FurnitureIx, usize)>,
    /// What is kept of it for the next run.
    given: Given,
}

impl Worked {
    /// Of a text that could not be worked through.
    fn unmade(text: TextIx, problems: Vec<Diagnostic>) -> Self {
        Self {
            facts: Facts::none(text),
            problems,
            read: None,
            indexed: false,
            look: None,
            astray: Vec::new(),
            found: Vec::new(),
            shared_found: Vec::new(),
            given: Given::Nothing,
        }
    }
}

/// What every text is worked through with.
#[derive(Clone, Copy)]
struct Job<'a> {
    reader: read::Reader<'a>,
    annotations: &'a Annotations,
    press: Press<'a>,
    vocabulary: Option<&'a review::Vocabulary<'a>>,
    outlet: &'a Outlet<'a>,
    builder: &'a postil_search::Builder<'a>,
    shown: &'a Shown,
    options: &'a Options<'a>,
    reuse: Option<&'a Reuse<'a>>,
}

impl Job<'_> {
    /// What one text gives: what it gave in the last run, or what it gives now.
    fn text(&self, text: TextIx, layers: &Layers<'_>) -> Result<Worked, Error> {
        if let Some(reuse) = self.reuse
            && let Some(worked) = reuse.take(self, text, layers)?
        {
            return Ok(worked);
        }
        self.work(text, layers)
    }

    /// One text, from its bytes to its proved page.
    fn work(&self, text: TextIx, layers: &Layers<'_>) -> Result<Worked, Error> {
        let site = self.press.site;
        let mut problems = Vec::new();
        let Some(read) = self.reader.text(text, layers, &mut problems)? else {
            return Ok(Worked::unmade(text, problems));
        };
        let reuse = self.reuse.filter(|reuse| reuse.wants(text));
        let read::Read { bytes, doc, mut anchored, overlay, facts } = read;
        let astray = std::mem::take(&mut anchored.astray);
        let found = std::mem::take(&mut anchored.found);
        let looked = self.vocabulary.map(|vocabulary| review::look(&doc, &anchored, layers, vocabulary));
        problems.extend(picture::wrong(site, &doc));
        site::lines(text, site.rank(text), &doc, &anchored, self.shown);
        let raw = self.file(&site.raw_address(text), &bytes)?;
        drop(bytes);

        let input =
            Input { site, words: self.press.words, text, doc: &doc, anchored: &anchored, overlay: &overlay };
        let made = self.press.text(input, &facts);
        let margin: &[String] = made.as_ref().map_or(&[], |page| &page.margin_texts);
        let index = || -> Result<Vec<u8>, Error> {
            let input = Input { words: self.press.plain, ..input };
            let entry = gather::entry(input, &facts, margin, self.press.references(&facts));
            if let Some(bulk) = self.options.bulk {
                bulk.text(&entry)?;
            }
            let postings = postil_search::index_text(&entry);
            let kept = reuse.map(|_| postcard::to_stdvec(&postings).expect("memory takes everything"));
            self.builder.add(postings).map(|()| kept.unwrap_or_default())
        };
        let publish = || made.as_ref().ok().map(|page| self.publish(page, &doc)).transpose();
        let (published, indexed) = rayon::join(publish, index);
        let postings = indexed?;
        let untitled = match &made {
            Ok(page) if self.options.review.is_some() => review::untitled(self.annotations, &page.folded),
            _ => Vec::new(),
        };
        let (read, wrong, files) = match published? {
            Some(Published { read, wrong, files }) => (Some(read), wrong, files),
            None => (None, Vec::new(), Vec::new()),
        };
        problems.extend(wrong);
        problems.extend(made.err().map(|problem| *problem));
        let shared_found = layers.shared.iter().map(|(row, _)| *row).zip(anchored.shared_found).collect();
        let (look, heard) = looked.unzip();
        let mut worked = Worked {
            facts,
            problems: Vec::new(),
            read,
            indexed: true,
            look,
            astray,
            found,
            shared_found,
            given: Given::Nothing,
        };
        if let Some(reuse) = reuse {
            let looked = worked.look.clone().zip(heard).map(|(look, heard)| (look, heard, untitled.clone()));
            let files = std::iter::once(raw).chain(files).collect();
            let new = New { problems: problems.clone(), sketch: anchored.sketch, postings, files, looked };
            let product = reuse.product(self, &worked, new, layers);
            worked.given = product.map_or(Given::Nothing, |product| Given::Now(Box::new(product)));
        }
        worked.problems = problems;
        worked.problems.extend(untitled);
        Ok(worked)
    }

    /// Hands a file of a text on; gives its address, and itself as it is packed if that is to be kept.
    fn file(&self, address: &str, bytes: &[u8]) -> Result<(String, Option<Vec<u8>>), Error> {
        let packed = match self.reuse {
            Some(_) => self.outlet.file_to_keep(address, bytes)?,
            None => {
                self.outlet.file(address, bytes)?;
                None
            }
        };
        Ok((address.to_owned(), packed))
    }

    /// Reads the page of a text back and hands it on, with its annotations.
    fn publish(&self, page: &TextPage, doc: &Document) -> Result<Published, Error> {
        let ((read, wrong), files) = rayon::join(
            || self.outlet.read(&page.file, Some(doc)),
            || -> Result<Vec<_>, Error> {
                let page_file = self.file(&page.file.address, &page.file.bytes)?;
                Ok(vec![page_file, self.file(&page.annotations.address, &page.annotations.bytes)?])
            },
        );
        Ok(Published { read, wrong, files: files? })
    }
}

/// What came of the page of a text.
struct Published {
    read: Arc<proof::Read>,
    wrong: Vec<Diagnostic>,
    files: Vec<(String, Option<Vec<u8>>)>,
}
