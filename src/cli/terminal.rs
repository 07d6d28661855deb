//! Where words go.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use super::args::Volume;
use super::trouble::Trouble;
use postil_archive::diagnostic::show::{Look, harmless};

/// Columns when the width is not known.
const USUAL_WIDTH: usize = 120;

/// So many things take long enough to be counted aloud.
const MANY: usize = 20;

/// The two streams, and how much to say on them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terminal {
    volume: Volume,
}

impl Terminal {
    pub(super) fn new(volume: Volume) -> Self {
        Self { volume }
    }

    pub(super) fn volume(&self) -> Volume {
        self.volume
    }

    /// What was asked for.
    pub(super) fn answer(&self, text: &str) -> Result<(), Trouble> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            // Whoever reads has enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(|error| Trouble::new(format!("could not write the answer: {error}"))),
        }
    }

    /// What a person should know besides; nobody may be listening.
    pub(super) fn tell(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// A step, told only if asked to be verbose.
    pub(super) fn step(&self, text: &str) {
        if self.volume == Volume::Verbose {
            self.tell(&format!("{}\n", harmless(text)));
        }
    }

    /// How far a long work is: one line that is written over, if somebody looks on.
    pub(super) fn progress(&self, done: usize, of: usize, what: &str) {
        let is_step = done == of || done * 100 / of.max(1) != done.saturating_sub(1) * 100 / of.max(1);
        if self.volume == Volume::Quiet || of < MANY || !is_step || !io::stderr().is_terminal() {
            return;
        }
        let end = if done == of { "\r\u{1b}[K" } else { "" };
        self.tell(&format!("\r{done} of {of} {what}{end}"));
    }

    /// Why postil could not do its work.
    pub(super) fn error(&self, trouble: &Trouble) {
        let (bold, plain) =
            if self.look_of_messages().colour { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        let mut text = format!("{bold}error{plain}: {}\n", harmless(&trouble.message));
        if let Some(help) = &trouble.help {
            text.push_str(&format!("  = help: {}\n", harmless(help)));
        }
        self.tell(&text);
    }

    /// Whether somebody is there to be asked.
    pub(super) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// What a person answers to a question; none if nobody is there to be asked.
    pub(super) fn ask(&self, question: &str) -> Option<String> {
        if !self.can_ask() {
            return None;
        }
        self.tell(question);
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).ok()?;
        Some(answer.trim().to_owned())
    }

    /// How problems look where answers go.
    pub(super) fn look_of_answers(&self) -> Look {
        look(AutoStream::choice(&io::stdout()), terminal_size::terminal_size_of(io::stdout()))
    }

    /// How problems look where messages go.
    pub(super) fn look_of_messages(&self) -> Look {
        look(AutoStream::choice(&io::stderr()), terminal_size::terminal_size_of(io::stderr()))
    }
}

/// Colours only for a terminal, and not if `NO_COLOR` or `TERM` says otherwise.
fn look(choice: ColorChoice, size: Option<(terminal_size::Width, terminal_size::Height)>) -> Look {
    let width = size.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0));
    Look { colour: choice != ColorChoice::Never, width }
}
