//! The command line as it is written. Types only; no decisions.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use postil_archive::sidecar::date::Date;

use postil_archive::sidecar::address;

/// Makes a web site out of an annotated archive.
#[derive(Debug, Parser)]
#[command(version = super::VERSION, propagate_version = true, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,

    /// The archive's folder, which holds `postil.toml`; if not given, what `POSTIL_SITE` says, or the
    /// nearest one above where you are
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) site: Option<PathBuf>,

    /// How many threads to use; all cores if not given. The result is the same
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,

    /// Tell of errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Tell what is done and how long it takes, and show each of many problems of a kind
    #[arg(long, short, global = true)]
    verbose: bool,
}

/// How much to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Volume {
    /// Errors.
    Quiet,
    /// Problems and a summary.
    #[default]
    Normal,
    /// The steps as well.
    Verbose,
}

impl Args {
    /// How much to tell.
    pub(super) fn volume(&self) -> Volume {
        match (self.quiet, self.verbose) {
            (true, _) => Volume::Quiet,
            (_, true) => Volume::Verbose,
            _ => Volume::Normal,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the site
    Build(Build),
    /// Look through the archive and report what is wrong; write nothing
    Check(Check),
    /// Apply what the messages of `check` propose, as far as it proves right; show it as a patch
    Fix(Fix),
    /// Bring texts in: files, folders, zips; each gets a legal name and a record
    Add(Add),
    /// Say in the records what a table says of the texts
    Records(Records),
    /// Take a raw text that was replaced, or is new, into the archive: everything that stands in it
    /// is followed, and its record says what it is
    Adopt(Adopt),
    /// Give a term, topic, text, note or contributor another name, everywhere; show it as a patch
    Rename(Rename),
    /// Show the site on this machine, and each change as it is saved
    Serve(Serve),
    /// Begin a note on some words of a text
    Note(Note),
    /// Begin a term, topic, link or contributor
    #[command(subcommand)]
    New(New),
    /// Begin a new archive, ready to build
    Init(Init),
    /// List what is not explained or annotated yet
    Audit(Audit),
    /// List the blocks of a text: number, line and beginning of each
    Blocks(Blocks),
    /// Propose rows for the apparatus of a text: headings, speakers, letters, verse, pages, marks of the print
    Structure(Structure),
    /// Say what a change does to notes, terms, topics and links, as Markdown for a pull request
    Diff(Diff),
    /// Make notes of what was annotated with another tool, or terms of a glossary
    Import(Import),
    /// Write what is in the archive for another program
    #[command(subcommand)]
    Export(Export),
    /// Help an editor with the archive's files while somebody writes: a language server, which the editor begins
    Lsp(Lsp),
    /// Print what a kind of file may hold, as JSON Schema, for editors
    Schema(Schema),
    /// Print a script that completes postil's commands in a shell
    Completions(Completions),
    /// Write the manual pages, for a package of postil
    #[command(hide = true)]
    Man(Man),
}

#[derive(Debug, clap::Args)]
pub(super) struct Build {
    /// Where to write; if not given, what `POSTIL_OUTPUT` says, or `public` in the archive's folder
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,

    /// Where the site will be, in place of `base_url` in `postil.toml`: for the
    /// feed, the sitemap and canonical links, which need full addresses
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub(super) base_url: Option<String>,

    /// For a preview: show notes that have no place as such, instead of refusing to publish
    #[arg(long)]
    pub(super) lenient: bool,

    /// Write a list of the files that are other than before, one a line: what has to be uploaded, or
    /// taken away if it is not there any more
    #[arg(long, value_name = "FILE")]
    pub(super) changed: Option<PathBuf>,

    /// Look at everything anew, and keep nothing of it in `.postil/cache`
    #[arg(long)]
    pub(super) no_cache: bool,
}

/// A base address without a last `/`, as the configuration has it.
fn base_url(text: &str) -> Result<String, String> {
    match address::is_web(text) {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => Err("it begins with `https://` or `http://` and holds no spaces".to_owned()),
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// How to report
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,

    /// Explain a kind of problem, such as `quote-not-found`, and do nothing else
    #[arg(long, value_name = "CODE")]
    pub(super) explain: Option<String>,

    /// Count as errors what would only be told otherwise
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) deny: Option<Deny>,

    /// Fail if the change since `--against` touches files outside `annotations/`
    #[arg(long, requires = "against")]
    pub(super) only_annotations: bool,

    /// What the change is compared with: a branch, tag or commit of git, such as `origin/main`
    #[arg(long, value_name = "REV", requires = "only_annotations")]
    pub(super) against: Option<String>,

    /// Ask the sites that notes, terms and records name whether their pages are still there, by `curl`;
    /// what answered is not asked again for a week
    #[arg(long)]
    pub(super) links: bool,

    /// The day on which `review_by` is looked at; today if not given
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) today: Option<Date>,

    /// Look at everything anew, and keep nothing of it in `.postil/cache`
    #[arg(long)]
    pub(super) no_cache: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Lsp {
    /// Speak over the standard input and output, as it does in any case: some editors ask for it
    #[arg(long, hide = true)]
    stdio: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The port; 0 is any that is free
    #[arg(long, value_name = "PORT", default_value_t = 1111)]
    pub(super) port: u16,

    /// The address to listen on; another than this lets other machines in
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(super) bind: IpAddr,

    /// Open the site in a browser
    #[arg(long)]
    pub(super) open: bool,

    /// Look for changes twice a second, where the system does not tell of them: on network drives
    #[arg(long)]
    pub(super) poll: bool,
}

/// A whole day.
fn day(text: &str) -> Result<Date, String> {
    let date = Date::parse(text).ok().filter(|date| matches!(date.plain(), Some((_, _, Some(_)))));
    date.ok_or_else(|| "a day is written `2026-11-22`".to_owned())
}

/// What is counted as an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    /// Every warning.
    Warnings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(super) enum Format {
    /// With the words, what stands there and what to do
    #[default]
    Human,
    /// One line a problem: `path:line:column: error[code]: message`
    Short,
    /// One JSON object a line
    Json,
    /// Workflow commands of GitHub Actions: each problem beside its line in the pull request
    Github,
    /// One document of SARIF 2.1.0
    Sarif,
}

/// A column and a key.
fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.rsplit_once('=').filter(|(column, key)| !column.is_empty() && !key.is_empty());
    pair.map(|(column, key)| (column.to_owned(), key.to_owned()))
        .ok_or_else(|| "it is written `COLUMN=KEY`".to_owned())
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// Files, folders, zips
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,

    /// The folder below `content/` that they go to; it becomes a collection
    #[arg(long, value_name = "FOLDER")]
    pub(super) to: Option<String>,

    /// What they are, in place of what they seem to be
    #[arg(long = "as", value_enum, value_name = "KIND")]
    pub(super) kind: Option<As>,

    /// A table that says what is known of them: CSV, TSV, CSL-JSON, BibTeX
    #[arg(long, value_name = "FILE")]
    pub(super) records: Option<PathBuf>,

    #[command(flatten)]
    pub(super) mapping: Mapping,

    /// Cut one file into texts, before each line in which a match of this expression begins; a group
    /// `(?<number>…)` gives their names, and others keys of their records
    #[arg(long, value_name = "PATTERN", conflicts_with = "join")]
    pub(super) split: Option<String>,

    /// Make one text of all files, which are its pages; of a large book, one text of its files
    #[arg(long)]
    pub(super) join: bool,

    /// The encoding of files that are not UTF-8 and do not say what they are, such as `windows-1252`
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,

    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// How the columns of a table become keys of records.
#[derive(Debug, clap::Args)]
pub(super) struct Mapping {
    /// A column of a table with the key that it fills, such as `oa_date=date`; `file` says which text a row is about
    #[arg(long, value_name = "COLUMN=KEY", value_parser = pair)]
    pub(super) map: Vec<(String, String)>,

    /// What becomes of columns without a key
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) rest: Option<Rest>,

    /// Let the table count for more than what the records say already
    #[arg(long)]
    pub(super) overwrite: bool,
}

/// What becomes of columns without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Rest {
    /// They go to `meta`, and are shown in the record
    Meta,
}

#[derive(Debug, clap::Args)]
pub(super) struct Records {
    /// The table: CSV, TSV, CSL-JSON, BibTeX
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,

    #[command(flatten)]
    pub(super) mapping: Mapping,

    /// The encoding of the table, if it is not UTF-8
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,

    /// Show what would be changed, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// What files are that are brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum As {
    /// Plain text, each line a block
    Lines,
    /// Plain text, lines up to an empty one a block
    Wrapped,
    /// Plain text of verse: lines up to an empty one a block, whose line breaks stay
    Verse,
    /// Plain text
    Text,
    /// Markdown
    Markdown,
    /// Plain text of Project Gutenberg
    Gutenberg,
    /// HTML or XHTML
    Html,
    /// EPUB
    Epub,
    /// TEI P5
    Tei,
    /// Debates and laws in Akoma Ntoso
    AkomaNtoso,
    /// Debates as parlparse and TheyWorkForYou write them
    Parlparse,
    /// Talk in turns: WebVTT, SRT, or a table of time, speaker, words
    Turns,
    /// A table whose rows are texts: CSV, JSON, JSON Lines
    Texts,
    /// DOCX, ODT, RTF, read by pandoc
    Office,
}

#[derive(Debug, clap::Args)]
pub(super) struct Adopt {
    /// A text: its id, the path of its file, or the address of its page; or a folder of texts
    #[arg(value_name = "TEXT", required_unless_present = "all")]
    pub(super) texts: Vec<String>,

    /// All texts of the archive
    #[arg(long, conflicts_with_all = ["texts", "old"])]
    pub(super) all: bool,

    /// The text as it was before, if it is one; looked for in `public/raw/` and in git if not given
    #[arg(long, value_name = "FILE")]
    pub(super) old: Option<PathBuf>,

    /// What a block of the text is; as the record says, or `wrapped`, if not given
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(super) layout: Option<Layout>,

    /// Show what would be changed, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// What a block of plain text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Layout {
    /// Each line
    Lines,
    /// Lines up to an empty one
    Wrapped,
    /// The same, and each line is a line of verse
    Verse,
}

#[derive(Debug, clap::Args)]
pub(super) struct Fix {
    /// Show what would be changed, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Rename {
    /// What it is
    #[arg(value_name = "KIND", value_enum)]
    pub(super) kind: Nameable,

    /// Its name: the slug, the id of a text, `ID/slug` for a note; or the path of its file
    #[arg(value_name = "OLD")]
    pub(super) old: String,

    /// The name it is to have
    #[arg(value_name = "NEW")]
    pub(super) new: String,

    /// Show what would be changed, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// What has a name that others name it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Nameable {
    /// A term of the glossary
    Term,
    /// A topic
    Topic,
    /// A raw text, with its record and what is annotated in it
    Text,
    /// A note
    Note,
    /// A contributor
    Contributor,
}

/// What becomes of a new file.
#[derive(Debug, clap::Args)]
pub(super) struct Making {
    /// The file's name without its ending; made of the words if not given
    #[arg(long, value_name = "SLUG")]
    pub(super) slug: Option<String>,

    /// Show the file instead of writing it
    #[arg(long, conflicts_with = "edit")]
    pub(super) dry_run: bool,

    /// Open the file in the editor that `VISUAL` or `EDITOR` names, then check it
    #[arg(long)]
    pub(super) edit: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Note {
    /// The text: its id, the path of its file, or the address of its page
    #[arg(value_name = "TEXT")]
    pub(super) text: String,

    /// The words that the note is about, as they stand on the page; a long passage as `beginning […] end`
    #[arg(value_name = "WORDS")]
    pub(super) words: String,

    /// Which place is meant, from 1, if the words stand in several
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) nth: Option<u16>,

    /// Who writes: a name, or the slug of a contributor; the name that git knows if not given
    #[arg(long, value_name = "NAME")]
    pub(super) by: Vec<String>,

    /// What the note finds, in at most 30 characters: its line where the margin is crowded
    #[arg(long, value_name = "WORDS")]
    pub(super) title: Option<String>,

    /// The kind of note, such as `outcome`
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Option<String>,

    /// A topic that it belongs to; may be given more than once
    #[arg(long = "topic", value_name = "SLUG")]
    pub(super) topics: Vec<String>,

    /// What the note says
    #[arg(long, value_name = "MARKDOWN", default_value = "", hide_default_value = true)]
    pub(super) body: String,

    #[command(flatten)]
    pub(super) making: Making,
}

/// What is to be begun. `--end` and `--passage` take two values: a text and words of it.
#[derive(Debug, Subcommand)]
pub(super) enum New {
    /// Begin a term of the glossary
    Term {
        /// The term as it stands in the texts
        name: String,
        /// What sort of thing it is, such as `body`, `law`, `person`, `concept`
        #[arg(long, value_name = "KIND")]
        kind: String,
        /// Another form that texts use; may be given more than once
        #[arg(long = "form", value_name = "FORM")]
        forms: Vec<String>,
        /// What it is, in a sentence or two
        #[arg(long, value_name = "MARKDOWN", default_value = "", hide_default_value = true)]
        definition: String,
        #[command(flatten)]
        making: Making,
    },
    /// Begin a topic
    Topic {
        /// Its title
        name: String,
        /// What belongs to it
        #[arg(long, value_name = "MARKDOWN")]
        scope: Option<String>,
        /// A passage that belongs to it; may be given more than once
        #[arg(long = "passage", num_args = 2, value_names = ["TEXT", "WORDS"])]
        passages: Vec<String>,
        #[command(flatten)]
        making: Making,
    },
    /// Begin a relation between passages
    Link {
        /// Its title
        name: String,
        /// What the one is to the other, such as `follows`, `revises`, `answers`, `contradicts`
        #[arg(long, value_name = "RELATION")]
        relation: String,
        /// A passage that it joins; given twice or more
        #[arg(long = "end", num_args = 2, value_names = ["TEXT", "WORDS"])]
        ends: Vec<String>,
        /// Who says so: a name, or the slug of a contributor
        #[arg(long, value_name = "NAME")]
        by: Vec<String>,
        #[command(flatten)]
        making: Making,
    },
    /// Begin a contributor
    Contributor {
        /// Their name as it is to be shown
        name: String,
        /// Where they work
        #[arg(long)]
        affiliation: Option<String>,
        /// In which role they write
        #[arg(long)]
        role: Option<String>,
        /// Their page
        #[arg(long)]
        url: Option<String>,
        #[command(flatten)]
        making: Making,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The folder of the new archive; the one you are in if not given
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub(super) folder: PathBuf,

    /// Where the site is to be published: writes the file that goes there; in an archive that is
    /// there already, that file alone. May be given more than once; `netlify` if not given
    #[arg(long = "host", value_enum, value_name = "NAME")]
    pub(super) hosts: Vec<Host>,
}

/// What publishes a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Host {
    /// Netlify
    Netlify,
    /// Cloudflare Pages
    Cloudflare,
    /// GitHub Pages
    Github,
    /// GitLab Pages
    Gitlab,
    /// S3 or another store of objects
    S3,
    /// A server of one's own: nginx
    Nginx,
    /// A server of one's own: Caddy
    Caddy,
    /// A server of one's own: Apache
    Apache,
}

#[derive(Debug, clap::Args)]
pub(super) struct Audit {
    /// How to list it
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: AuditFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(super) enum AuditFormat {
    /// For a person
    #[default]
    Text,
    /// One JSON document
    Json,
}

#[derive(Debug, clap::Args)]
pub(super) struct Blocks {
    /// The text: its id, the path of its file, or the address of its page
    #[arg(value_name = "TEXT")]
    pub(super) text: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Structure {
    /// The texts: their ids, the paths of their files, or the addresses of their pages
    #[arg(value_name = "TEXT", required = true)]
    pub(super) texts: Vec<String>,
    /// Write these rows into the text's apparatus: `all`, or their numbers, such as `1,3`
    #[arg(long, value_name = "ROWS")]
    pub(super) write: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    /// Before: a revision of git, such as `origin/main`, or the folder of a site or an archive.
    /// Of a revision it is where the change left it; `A...B` names both sides, `A..B` takes them as they are
    #[arg(value_name = "OLD")]
    pub(super) old: String,

    /// After; the archive as it lies here if not given
    #[arg(value_name = "NEW")]
    pub(super) new: Option<String>,

    /// Compare with OLD as it is now, not with where the change left it
    #[arg(long)]
    pub(super) direct: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// What the file is, or what wrote it
    #[arg(value_name = "TOOL", value_enum)]
    pub(super) tool: Tool,

    /// The file
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,

    /// The text that all of it is about; by the addresses in the file if not given
    #[arg(long, value_name = "ID")]
    pub(super) text: Option<String>,

    /// Who wrote what names nobody: a name, or the slug of a contributor
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,

    /// Make topics of tags that are none
    #[arg(long)]
    pub(super) topics: bool,

    /// Of a glossary: only terms that stand in the texts
    #[arg(long)]
    pub(super) used: bool,

    /// Of a glossary of several languages: whose terms and definitions are taken; the site's if not given
    #[arg(long, value_name = "TAG")]
    pub(super) lang: Option<String>,

    /// Of a glossary: a column with what it holds: `term`, `definition`, `forms`, `kind`, `see`, `lang`
    #[arg(long, value_name = "COLUMN=KEY", value_parser = pair)]
    pub(super) map: Vec<(String, String)>,

    /// The encoding of a glossary that is not UTF-8
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,

    /// A folder for what nearly stands in a text: notes on the words that are nearest, to look through
    #[arg(long, value_name = "DIR")]
    pub(super) drafts: Option<PathBuf>,

    /// Tell what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// What a file is, or what wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Tool {
    /// Hypothesis: what its export or its programming interface gives
    Hypothesis,
    /// W3C Web Annotations in JSON-LD, such as postil's own `texts/<id>.jsonld`; Open Annotation, lists of IIIF 2
    W3c,
    /// Terms with definitions: CSV, TSV, JSON, a Markdown table, SKOS in Turtle or JSON-LD
    Glossary,
}

/// What is written.
#[derive(Debug, Subcommand)]
pub(super) enum Export {
    /// Write what search sees, for a search engine that runs on a server
    Search(ExportSearch),
    /// Write texts as single files of HTML, with all inside that their pages need
    Html(ExportTexts),
    /// Print texts to PDF, by Chromium or Chrome without a window
    Pdf(ExportTexts),
    /// Write texts as TEI P5, with what stands on them beside them; `postil add` takes it in again
    Tei(ExportTexts),
    /// Write texts in which somebody speaks as debates in Akoma Ntoso; `postil add` takes it in again
    Akn(ExportTexts),
    /// Write a text, a collection or the whole archive as one book (EPUB 3), with notes, glossary and contents
    Epub(ExportBook),
    /// Write the glossary as a vocabulary: SKOS in Turtle; `postil import glossary` reads it
    Skos(ExportFile),
    /// Write notes as Hypothesis exports and imports them, a file for each text; `postil import hypothesis` reads it
    Hypothesis(ExportTexts),
    /// Write the archive as a package that lasts: a BagIt bag with RO-Crate metadata and `CITATION.cff`
    Bag(ExportAll),
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportBook {
    /// The texts: ids, files, or collections by their folders; all if none is named
    #[arg(value_name = "TEXT")]
    pub(super) texts: Vec<String>,

    /// The book; a file that is not there yet, such as `book.epub`
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,

    /// Where the notes lie that programs read, as W3C EPUB Annotations
    #[arg(long, value_enum, value_name = "WHERE", default_value_t)]
    pub(super) annotations: AnnotationsAt,
}

/// Where the annotations of a book lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum AnnotationsAt {
    /// In the book
    #[default]
    Inside,
    /// In a file beside it, with the ending `.annotations`
    Beside,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportTexts {
    /// The texts: ids, files, or collections by their folders; all if none is named
    #[arg(value_name = "TEXT")]
    pub(super) texts: Vec<String>,

    /// Where to write; a folder that is empty or not there yet
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportAll {
    /// Where to write: a folder that is empty or not there yet, or, with the ending `.zip`, a file that is not there yet
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportFile {
    /// Where to write; a file that is not there yet, such as `terms.ttl`
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportSearch {
    /// The engine
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub(super) format: SearchEngine,

    /// Where to write; a folder that is empty or not there yet
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: PathBuf,
}

/// A search engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SearchEngine {
    /// OpenSearch or Elasticsearch: settings with mapping, files for `_bulk`
    #[value(name = "opensearch")]
    OpenSearch,
    /// Meilisearch: settings, files of documents
    Meilisearch,
    /// Typesense: schema, files of documents
    Typesense,
}

#[derive(Debug, clap::Args)]
pub(super) struct Schema {
    /// The kind of file
    #[arg(value_name = "KIND", value_enum)]
    pub(super) kind: Kind,
}

/// A kind of file of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// `postil.toml`
    Site,
    /// The record of a text, `content/**/<name>.toml`
    Record,
    /// What a folder of texts is, `content/**/collection.toml`
    Collection,
    /// The front matter of a page, `content/pages/*.md`
    Page,
    /// The front matter of a note, `annotations/<text>/<name>.md`
    Note,
    /// `annotations/<text>/apparatus.toml`
    Apparatus,
    /// `annotations/furniture.toml`
    Furniture,
    /// `annotations/glossary/**/<name>.toml`
    Term,
    /// `annotations/topics/**/<name>.toml`
    Topic,
    /// `annotations/links/**/<name>.toml`
    Link,
    /// `annotations/contributors/**/<name>.toml`
    Contributor,
}

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(super) struct Man {
    /// Where to write them
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[track_caller]
    fn check(line: &str, volume: Option<Volume>) {
        let args = Args::try_parse_from(line.split(' '));
        assert_eq!(args.ok().map(|args| args.volume()), volume, "{line}");
    }

    #[test]
    fn volumes_and_mistakes() {
        check("postil build", Some(Volume::Normal));
        check("postil build -q", Some(Volume::Quiet));
        check("postil --verbose check --format json", Some(Volume::Verbose));
        check("postil build --output o --lenient --site s --threads 3", Some(Volume::Normal));
        check("postil build --base-url https://a.example/", Some(Volume::Normal));
        check("postil build --base-url javascript:x", None);
        check("postil check --only-annotations --against main --deny warnings", Some(Volume::Normal));
        check("postil check --today 2026-11-22 --format sarif", Some(Volume::Normal));
        check("postil check --only-annotations", None);
        check("postil check --against main", None);
        check("postil check --deny notes", None);
        check("postil check --today 2026-11", None);
        check("postil note a words --nth 2 --topic t --topic u --by x --edit", Some(Volume::Normal));
        check("postil new link L --relation r --end a b --end c d", Some(Volume::Normal));
        check("postil note a", None);
        check("postil note a words --nth 0", None);
        check("postil note a words --edit --dry-run", None);
        check("postil new term T", None);
        check("postil new link L --relation r --end a", None);
        check("postil build -q -v", None);
        check("postil build --threads 0", None);
        check("postil blocks", None);
        check("postil rename note a/n m --dry-run", Some(Volume::Normal));
        check("postil rename link a b", None);
        check("postil rename term a", None);
        check("postil serve --port 0 --bind ::1 --open --poll", Some(Volume::Normal));
        check("postil serve --bind localhost", None);
        check("postil diff origin/main", Some(Volume::Normal));
        check("postil diff a b --site c", Some(Volume::Normal));
        check("postil diff --direct main", Some(Volume::Normal));
        check("postil diff main...HEAD", Some(Volume::Normal));
        check("postil init", Some(Volume::Normal));
        check("postil init new --host nginx --host s3", Some(Volume::Normal));
        check("postil init --host geocities", None);
        check("postil diff", None);
        check("postil import w3c a.jsonld --text a/b --by x --dry-run", Some(Volume::Normal));
        check("postil import json a.json", None);
        check("postil schema term", Some(Volume::Normal));
        check("postil schema terms", None);
        check("postil completions zsh", Some(Volume::Normal));
        check("postil completions", None);
        check("postil man pages", Some(Volume::Normal));
        check("postil", None);
    }
}
