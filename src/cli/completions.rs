//! `postil completions SHELL`: a script that completes commands and options.

use clap::CommandFactory;

use super::args::{Args, Completions};
use super::{Outcome, Terminal, Trouble};

/// Prints the script.
pub(super) fn run(args: &Completions, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "postil", &mut script);
    terminal.answer(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Fine)
}
