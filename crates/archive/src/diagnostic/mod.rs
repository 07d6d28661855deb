//! What can be wrong, and where.
//!
//! Comes in: places in files. Goes out: [`Diagnostic`]s, which are data and are
//! collected, never printed here. Three kinds of trouble stay apart: a
//! contributor's file is wrong ([`Diagnostic`]), the machine is in the way
//! ([`Error`]), a bug (`expect`; what is done in pieces is tried by [`bug::attempt`],
//! so that a bug in one does not hide what there is to say of the others).
//!
//! A diagnostic carries the words it points at, so that showing it needs no
//! file: raw texts are dropped as soon as they are worked through.

pub mod bug;
pub mod code;
pub mod fix;
mod github;
mod sarif;
pub mod show;
mod source;

pub use code::Code;
pub use fix::{Edit, Fix};
pub use source::{Excerpt, Place, Source, Span};

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// The archive cannot be published like this.
    Error,
    /// Publishable, but somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// One problem in a file of the archive: what is wrong, where, what to do.
///
/// Wording: a phrase, lower case, no full stop; names in backticks; paths from
/// the archive's root. First what is wrong, then where, then what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Which kind of problem; a stable name that can be looked up.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where; a problem of a whole file has the file's first place.
    pub place: Place,
    /// What stands at the place, in a few words; may be empty.
    pub label: String,
    /// Other places that matter (candidates, the raw text), each with a label.
    pub related: Vec<(Place, String)>,
    /// What to do; one line each.
    pub help: Vec<String>,
    /// Changes that would mend it. One that keeps the meaning can be applied; of several,
    /// somebody has to choose.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, place, message)
    }

    /// A warning at a place.
    pub fn warning(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, place, message)
    }

    /// A remark at a place.
    pub fn note(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, place, message)
    }

    /// A problem at a place.
    pub fn new(code: Code, severity: Severity, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            place,
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    /// Adds a line of advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a change that would mend it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fixes.extend(fix.into());
        self
    }
}

/// Sorts problems by file, line, column, then code, and drops exact repeats.
pub fn sort(problems: &mut Vec<Diagnostic>) {
    problems.sort_by(|a, b| {
        (&a.place.path, a.place.line, a.place.column, a.code.name(), &a.message).cmp(&(
            &b.place.path,
            b.place.line,
            b.place.column,
            b.code.name(),
            &b.message,
        ))
    });
    problems.dedup();
}

/// A value, and the problems found on the way to it.
#[derive(Debug, Clone)]
pub struct Checked<T> {
    /// The value, as good as it could be made.
    pub value: T,
    /// Every problem found on the way.
    pub problems: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value without problems.
    pub fn fine(value: T) -> Self {
        Self { value, problems: Vec::new() }
    }

    /// A value with problems.
    pub fn new(value: T, problems: Vec<Diagnostic>) -> Self {
        Self { value, problems }
    }

    /// Moves the problems to a list and gives the value.
    pub fn take(self, problems: &mut Vec<Diagnostic>) -> T {
        problems.extend(self.problems);
        self.value
    }
}

/// The machine is in the way: an unreadable file, a full disk.
#[derive(Debug)]
pub struct Error {
    /// The path that could not be worked with.
    pub path: PathBuf,
    /// What was tried, such as "read" or "create folder".
    pub action: &'static str,
    /// What the system said.
    pub source: std::io::Error,
}

impl Error {
    /// An error about a path.
    pub fn new(action: &'static str, path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self { path: path.into(), action, source }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "could not {} `{}`: {}", self.action, self.path.display(), self.source)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
