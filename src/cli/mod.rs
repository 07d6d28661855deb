//! Arguments, commands, printing, exit codes.
//!
//! Comes in: the command line. Goes out: an exit code; files, by way of
//! [`crate::output`]; and words. What was asked for (a report, a list) goes to
//! the standard output; what a person should know besides goes to the standard
//! error, so that a pipe gets the one without the other.
//!
//! Exit codes: 0 fine; 1 the archive has errors; 2 postil could not do its work.
//!
//! This room decides nothing about archives: it calls the others and tells.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use postil_archive::diagnostic::Error;

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
mod make;
mod new;
mod note;
mod patch;
mod report;
mod schema;
mod serve;
mod terminal;
mod texts;
mod trouble;

use args::{Args, Command};
use terminal::Terminal;
use trouble::Trouble;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All is well.
    Fine,
    /// The archive has errors; they have been shown.
    ArchiveHasErrors,
}

/// Exit code when postil could not do its work.
const FAILED: u8 = 2;

/// Does what the command line says and tells how it went.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(tell_bug));
    let outcome = catch_unwind(AssertUnwindSafe(|| match Args::try_parse_from(args) {
        Ok(args) => obey(&args),
        Err(error) => tell_usage(&error),
    }));
    outcome.unwrap_or(ExitCode::from(FAILED))
}

fn obey(args: &Args) -> ExitCode {
    let terminal = Terminal::new(args.volume());
    let outcome =
        find_site(&args.site).and_then(|()| set_threads(args.threads)).and_then(|()| match &args.command {
            Command::Build(build) => build::run(&args.site, build, &terminal),
            Command::Check(check) => match &check.explain {
                Some(code) => explain::run(code, &terminal),
                None => check::run(&args.site, check, &terminal),
            },
            Command::Note(note) => note::run(&args.site, note, &terminal),
            Command::New(new) => new::run(&args.site, new, &terminal),
            Command::Init(init) => init::run(&init.folder, &terminal),
            Command::Audit(audit) => audit::run(&args.site, audit, &terminal),
            Command::Adopt(adopt) => adopt::run(&args.site, adopt, &terminal),
            Command::Fix(fix) => fix::run(&args.site, fix, &terminal),
            Command::Blocks(blocks) => blocks::run(&args.site, blocks, &terminal),
            Command::Serve(serve) => serve::run(&args.site, serve, &terminal),
            Command::Diff(diff) => diff::run(&args.site, diff, &terminal),
            Command::Import(import) => import::run(&args.site, import, &terminal),
            Command::Export(export) => export::run(&args.site, export, &terminal),
            Command::Schema(schema) => schema::run(schema, &terminal),
            Command::Completions(completions) => completions::run(completions, &terminal),
        });
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::ArchiveHasErrors) => ExitCode::from(1),
        Err(trouble) => {
            terminal.error(&trouble);
            ExitCode::from(FAILED)
        }
    }
}

/// Whether there is a folder where the archive is said to lie.
fn find_site(site: &Path) -> Result<(), Trouble> {
    let trouble = match site.metadata() {
        Ok(data) if data.is_dir() => return Ok(()),
        Ok(_) => Trouble::new(format!("`{}` is not a folder", site.display())),
        Err(error) => Error::new("read", site, error).into(),
    };
    Err(trouble.help("`--site` names the folder that holds `postil.toml`"))
}

/// Sets up the one pool of threads that all rooms use.
fn set_threads(threads: Option<u16>) -> Result<(), Trouble> {
    let Some(threads) = threads else { return Ok(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global();
    pool.map_err(|error| Trouble::new(format!("could not start {threads} threads: {error}")))
}

/// Help and version go to the standard output, wrong usage to the standard error.
fn tell_usage(error: &clap::Error) -> ExitCode {
    // A closed pipe is no error, and there is nobody to tell of another.
    let _ = error.print();
    if is_loose_word(error) {
        Terminal::default()
            .tell("  = help: words that belong together stand in quotation marks: `\"like these\"`\n");
    }
    if error.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
}

/// Whether a word is one too many for a command that takes some: most often one of several that
/// the shell took for arguments of their own.
fn is_loose_word(error: &clap::Error) -> bool {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return false };
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return false };
    let usage = usage.to_string();
    let takes_words = ["<WORDS>", "<NAME>"].iter().any(|words| usage.contains(words));
    error.kind() == ErrorKind::UnknownArgument && !word.starts_with('-') && takes_words
}

/// A panic is never the archive's fault.
fn tell_bug(panic: &PanicHookInfo<'_>) {
    let what = panic.payload_as_str().unwrap_or("no message");
    let place = panic.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
    let bug = Trouble::new(format!("this is a bug of postil: {what}{place}")).help(format!(
        "please report it with the command, the file it was about, and this message; this is postil {}",
        env!("CARGO_PKG_VERSION")
    ));
    Terminal::default().error(&bug);
}
