//! Arguments, commands, printing, exit codes.
//!
//! Comes in: the command line. Goes out: an exit code; files, by way of
//! [`crate::output`]; and words. What was asked for (a report, a list) goes to
//! the standard output; what a person should know besides goes to the standard
//! error, so that a pipe gets the one without the other.
//!
//! Exit codes: 0 fine; 1 the archive has errors; 2 postil could not do its work; 130 somebody ended it.
//!
//! This room decides nothing about archives: it calls the others and tells.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::output::interrupt;
use postil_archive::diagnostic::bug::{self, Bug};
use postil_archive::diagnostic::show::one_line;

mod add;
mod adopt;
mod args;
mod audit;
mod blocks;
mod build;
mod check;
mod completions;
mod diff;
mod explain;
mod export;
mod fix;
mod git;
mod import;
mod init;
mod links;
mod lsp;
mod make;
mod man;
mod new;
mod note;
mod patch;
mod records;
mod rename;
mod report;
mod schema;
mod serve;
mod site;
mod structure;
mod terminal;
mod texts;
mod trouble;

use args::{Args, Check, Command};
use terminal::Terminal;
use trouble::Trouble;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All is well.
    Fine,
    /// The archive has errors; they have been shown.
    ArchiveHasErrors,
    /// There is a bug among what has been shown.
    Failed,
}

/// Exit code when postil could not do its work.
const FAILED: u8 = 2;
/// Exit code when somebody ended it: that of a program that SIGINT (2) ends in a shell (128 and more).
const INTERRUPTED: i32 = 128 + 2;

/// Version, and the commit and its day as far as they are known (`build.rs`).
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), env!("POSTIL_COMMIT"));

/// Does what the command line says and tells how it went.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| bug::heard(panic).iter().for_each(tell_bug)));
    let outcome = bug::attempt(|| match Args::try_parse_from(args) {
        Ok(args) => obey(&args),
        Err(error) => tell_usage(&error),
    });
    outcome.unwrap_or_else(|bug| {
        tell_bug(&bug);
        ExitCode::from(FAILED)
    })
}

fn obey(args: &Args) -> ExitCode {
    let terminal = Terminal::new(args.volume());
    let outcome = match &args.command {
        Command::Init(init) => end_cleanly().and_then(|()| init::run(init, &terminal)),
        Command::Schema(schema) => schema::run(schema, &terminal),
        Command::Completions(completions) => completions::run(completions, &terminal),
        Command::Man(man) => man::run(&man.folder),
        Command::Lsp(_) => {
            set_threads(args.threads, &args.command).and_then(|()| lsp::run(args.site.as_deref()))
        }
        Command::Check(Check { explain: Some(code), .. }) => explain::run(code, &terminal),
        command => site::find(args.site.as_deref(), command)
            .and_then(|site| set_threads(args.threads, command).map(|()| site))
            .and_then(|site| in_archive(&site, command, &terminal)),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::ArchiveHasErrors) => ExitCode::from(1),
        Ok(Outcome::Failed) => ExitCode::from(FAILED),
        Err(trouble) => {
            terminal.error(&trouble);
            ExitCode::from(FAILED)
        }
    }
}

/// Does what is done in an archive.
fn in_archive(site: &Path, command: &Command, terminal: &Terminal) -> Result<Outcome, Trouble> {
    if !matches!(command, Command::Serve(_)) {
        end_cleanly()?;
    }
    match command {
        Command::Build(build) => build::run(site, build, terminal),
        Command::Check(check) => check::run(site, check, terminal),
        Command::Note(note) => note::run(site, note, terminal),
        Command::New(new) => new::run(site, new, terminal),
        Command::Audit(audit) => audit::run(site, audit, terminal),
        Command::Add(add) => add::run(site, add, terminal),
        Command::Records(records) => records::run(site, records, terminal),
        Command::Adopt(adopt) => adopt::run(site, adopt, terminal),
        Command::Fix(fix) => fix::run(site, fix, terminal),
        Command::Rename(rename) => rename::run(site, rename, terminal),
        Command::Blocks(blocks) => blocks::run(site, blocks, terminal),
        Command::Structure(structure) => structure::run(site, structure, terminal),
        Command::Serve(serve) => serve::run(site, serve, terminal),
        Command::Diff(diff) => diff::run(site, diff, terminal),
        Command::Import(import) => import::run(site, import, terminal),
        Command::Export(export) => export::run(site, export, terminal),
        Command::Init(_)
        | Command::Schema(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Lsp(_) => {
            unreachable!("these have no archive, and are done before")
        }
    }
}

/// Sees to it that Ctrl-C, or an end that the system asks for, leaves nothing half done behind.
#[allow(clippy::disallowed_methods, reason = "what is half done has been cleared away")]
fn end_cleanly() -> Result<(), Trouble> {
    let end = || {
        if interrupt::stop() {
            Terminal::default().tell("ended\n");
            std::process::exit(INTERRUPTED);
        }
    };
    ctrlc::set_handler(end).map_err(|error| Trouble::new(format!("could not listen to Ctrl-C: {error}")))
}

/// Sets up the one pool of threads that all rooms use.
fn set_threads(threads: Option<u16>, command: &Command) -> Result<(), Trouble> {
    let mut pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or_default().into());
    // One is there already. A server's waits for changes, or for its editor, and is not free to work.
    if threads == Some(1) && !matches!(command, Command::Serve(_) | Command::Lsp(_)) {
        pool = pool.use_current_thread();
    }
    pool.build_global().map_err(|error| {
        let count = threads.map_or("the".to_owned(), |threads| threads.to_string());
        Trouble::new(format!("could not start {count} threads: {error}"))
            .help("ask for fewer with `--threads 1`, or raise the limit that the system sets (`ulimit -u`, `ulimit -v`)")
    })
}

/// Help and version go to the standard output, wrong usage to the standard error.
fn tell_usage(error: &clap::Error) -> ExitCode {
    // A closed pipe is no error, and there is nobody to tell of another.
    let _ = error.print();
    if let Some(advice) = advice(error) {
        Terminal::default().tell(&format!("  = help: {}\n", one_line(&advice)));
    }
    if error.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
}

/// What somebody most likely meant, if that can be seen.
fn advice(error: &clap::Error) -> Option<String> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        _ => Vec::new(),
    };
    let first = |kind| said(kind).into_iter().next();
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let word = first(ContextKind::InvalidArg).filter(|word| !word.starts_with('-'))?;
            let usage = first(ContextKind::Usage)?;
            // One of several that the shell took for arguments of their own.
            if ["<WORDS>", "<NAME>"].iter().any(|words| usage.contains(words)) {
                return Some(
                    "words that belong together stand in quotation marks: `\"like these\"`".to_owned(),
                );
            }
            let path = Path::new(&word);
            match path.is_dir() {
                true => Some(format!("the folder of the archive is named by `--site \"{word}\"`")),
                false if path.exists() => {
                    Some("this looks at the whole archive, and takes no file".to_owned())
                }
                false => None,
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let is_kind = said(ContextKind::InvalidArg).iter().any(|arg| arg.starts_with("--kind"));
            is_kind.then(|| {
                "`--kind` says what sort of thing it is: `body`, `law`, `person`, `place`, `concept` …"
                    .to_owned()
            })
        }
        ErrorKind::InvalidSubcommand => {
            let word = first(ContextKind::InvalidSubcommand)?;
            (word == "explain").then(|| "`postil check --explain CODE` explains a kind of problem".to_owned())
        }
        _ => None,
    }
}

fn tell_bug(bug: &Bug) {
    Terminal::default().error(&Trouble::new(bug.to_string()).help(Bug::help()));
}
