//! An end that comes while postil writes.
//!
//! Whoever ends it (Ctrl-C, a system that goes down) is obeyed between two writes, and what lies
//! there half done is taken away. One process writes one thing at a time, so one gate is enough.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use super::remove;

/// Held for reading by those who write, and for writing by who ends them: for ever.
static GATE: RwLock<()> = RwLock::new(());
/// Stages that are not published yet, each with its lock's file.
static STAGES: Mutex<Vec<(PathBuf, PathBuf)>> = Mutex::new(Vec::new());
/// Whether an end is meant for another program, which was started and has the terminal.
static LENT: AtomicBool = AtomicBool::new(false);

/// What is done while this is held is done whole. It must not be asked for twice by one thread.
pub(super) fn whole() -> RwLockReadGuard<'static, ()> {
    GATE.read().unwrap_or_else(PoisonError::into_inner)
}

/// Has a stage taken away if an end comes.
pub(super) fn stage_begun(stage: &Path, lock: &Path) {
    stages().push((stage.to_owned(), lock.to_owned()));
}

/// It is gone, or published.
pub(super) fn stage_done(stage: &Path) {
    stages().retain(|(other, _)| other != stage);
}

fn stages() -> std::sync::MutexGuard<'static, Vec<(PathBuf, PathBuf)>> {
    STAGES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until what must be done whole is done, lets nothing more be written, and takes away what is
/// half done. Says whether the process is to end now: not while another program has the terminal.
pub fn stop() -> bool {
    if LENT.load(Ordering::SeqCst) {
        return false;
    }
    // Nobody passes any more.
    std::mem::forget(GATE.write().unwrap_or_else(PoisonError::into_inner));
    for (stage, lock) in stages().drain(..) {
        // Nobody is left to tell; the next build finds what stays and tries again.
        let _ = remove::leftover(&stage);
        if cfg!(unix) {
            let _ = std::fs::remove_file(lock);
        }
    }
    true
}

/// Does something during which another program has the terminal, and Ctrl-C is meant for that one.
pub fn lend<T>(act: impl FnOnce() -> T) -> T {
    LENT.store(true, Ordering::SeqCst);
    let done = act();
    LENT.store(false, Ordering::SeqCst);
    done
}
