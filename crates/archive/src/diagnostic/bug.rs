//! A bug in one piece of work is told among all other problems, and hides none of them.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};

use super::{Code, Diagnostic, Place};

thread_local! {
    /// How many attempts this thread is in the middle of.
    static ATTEMPTS: Cell<u32> = const { Cell::new(0) };
}

/// Panics that an attempt is about to catch: what they say, and where in the program they began, which whoever
/// catches one is not told.
static HEARD: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// A panic, which is never the archive's fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bug(String);

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is a bug of postil: {}", self.0)
    }
}

impl Bug {
    /// What whoever meets with it can do.
    pub fn help() -> String {
        format!(
            "please report it with the command, the file it was about, and this message; this is postil {}",
            env!("CARGO_PKG_VERSION")
        )
    }

    /// It as a problem of what was worked on.
    pub fn problem(&self, place: Place) -> Diagnostic {
        Diagnostic::error(Code::BUG, place, self.to_string()).help(Self::help())
    }
}

/// Does a piece of work; a panic in it ends this piece alone.
///
/// What it changed half is not to be relied on: nothing that holds a problem of this kind is published.
///
/// # Errors
/// The work panicked.
pub fn attempt<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    ATTEMPTS.set(ATTEMPTS.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    ATTEMPTS.set(ATTEMPTS.get() - 1);
    done.map_err(|payload| {
        let what = said(&*payload);
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        match heard.iter().rposition(|(said, _)| said == what) {
            Some(at) => Bug(heard.remove(at).1),
            None => Bug(what.to_owned()),
        }
    })
}

/// What the hook for panics is to tell at once: nothing if an attempt will catch it, here or where this
/// thread's work was handed out.
pub fn heard(panic: &PanicHookInfo<'_>) -> Option<Bug> {
    let what = said(panic.payload());
    let place = panic.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
    let told = format!("{what}{place}");
    if ATTEMPTS.get() == 0 && rayon::current_thread_index().is_none() {
        return Some(Bug(told));
    }
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).push((what.to_owned(), told));
    None
}

fn said(payload: &(dyn Any + Send)) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_one_piece_of_work() {
        assert_eq!(attempt(|| 1), Ok(1));
        assert_eq!(attempt(|| panic!("no")), Err::<(), _>(Bug("no".to_owned())));
        assert_eq!(attempt(|| panic!("{}", 1)), Err::<(), _>(Bug("1".to_owned())));
        assert_eq!(attempt(|| attempt(|| panic!("inner")).is_err()), Ok(true));
        let handed_out = || rayon::join(|| panic!("elsewhere"), || 1);
        assert_eq!(attempt(handed_out), Err::<((), i32), _>(Bug("elsewhere".to_owned())));
        assert_eq!(ATTEMPTS.get(), 0);
    }
}
