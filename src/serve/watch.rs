//! What changes on the disk.
//!
//! Nobody relies on which file changed: the archive is read anew each time. So
//! all that matters is that no change goes unnoticed. When the system says that
//! it lost track, or a folder that is watched goes or comes, the watch is set up anew.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use postil_archive::archive;

/// The folders of an archive that a site is made from.
const FOLDERS: [&str; 3] = ["content", "annotations", "themes"];

/// How often the files are looked at, where the system does not tell.
const INTERVAL: Duration = Duration::from_millis(500);

/// A program that saves a file does so in several steps, some milliseconds apart.
const QUIET: Duration = Duration::from_millis(8);
/// Changes that do not end are shown in between.
const LONGEST: Duration = Duration::from_millis(200);

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// Files changed.
    Changed,
    /// So much did that the watch has to be set up anew.
    Lost,
}

/// How to notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The system tells.
    Told,
    /// By looking: for network drives and the like, where the system does not tell.
    Polled,
}

/// A watch over the files of an archive, until it is dropped.
pub struct Watch {
    _watcher: Box<dyn Watcher + Send>,
}

impl Watch {
    /// Begins to watch.
    ///
    /// # Errors
    /// The folder is not there, or the system cannot watch any more files.
    pub fn start(root: &Path, how: How, tell: impl Fn(Signal) + Send + 'static) -> notify::Result<Self> {
        let root = root.canonicalize().map_err(notify::Error::io)?;
        let below = root.clone();
        let heard = move |event: notify::Result<Event>| {
            if let Some(signal) = signal(&below, event) {
                tell(signal);
            }
        };
        let mut watcher: Box<dyn Watcher + Send> = match how {
            How::Told => Box::new(RecommendedWatcher::new(heard, Config::default())?),
            // By what is in the files: times are compared in whole seconds, and one saves faster.
            How::Polled => {
                let config = Config::default().with_poll_interval(INTERVAL).with_compare_contents(true);
                Box::new(PollWatcher::new(heard, config)?)
            }
        };
        watcher.watch(&root, RecursiveMode::NonRecursive)?;
        for folder in FOLDERS.map(|folder| root.join(folder)) {
            // A link is not followed: what it leads to is not of the archive.
            if folder.symlink_metadata().is_ok_and(|data| data.is_dir()) {
                watcher.watch(&folder, RecursiveMode::Recursive)?;
            }
        }
        Ok(Self { _watcher: watcher })
    }
}

/// What an event means for the archive.
fn signal(root: &Path, event: notify::Result<Event>) -> Option<Signal> {
    let Ok(event) = event else { return Some(Signal::Lost) };
    if event.need_rescan() {
        return Some(Signal::Lost);
    }
    if let EventKind::Access(_) = event.kind {
        return None;
    }
    let comes_or_goes = !matches!(event.kind, EventKind::Modify(notify::event::ModifyKind::Data(_)));
    event.paths.iter().filter_map(|path| concerns(root, path, comes_or_goes)).max()
}

fn concerns(root: &Path, path: &Path, comes_or_goes: bool) -> Option<Signal> {
    let below: PathBuf = path.strip_prefix(root).ok()?.into();
    let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
    match &names[..] {
        [] => comes_or_goes.then_some(Signal::Lost),
        [name] if name == archive::CONFIG => Some(Signal::Changed),
        [name] if FOLDERS.contains(&&**name) => comes_or_goes.then_some(Signal::Lost),
        [name, rest @ ..] if FOLDERS.contains(&&**name) => {
            (!rest.iter().any(|name| archive::is_ignored(name))).then_some(Signal::Changed)
        }
        _ => None,
    }
}

/// Waits for a change and until it is over: the worst that was heard. `None`
/// when `patience` ends before anything is heard.
pub fn wait(signals: &Receiver<Signal>, patience: Duration) -> Option<Signal> {
    let mut worst = signals.recv_timeout(patience).ok()?;
    let began = Instant::now();
    while began.elapsed() < LONGEST {
        match signals.recv_timeout(QUIET) {
            Ok(signal) => worst = worst.max(signal),
            Err(_) => break,
        }
    }
    Some(worst)
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, AccessMode, CreateKind, DataChange, Flag, ModifyKind, RemoveKind};

    use super::*;

    #[track_caller]
    fn check(kind: EventKind, path: &str, expected: Option<Signal>) {
        let event = Event::new(kind).add_path(path.into());
        assert_eq!(signal(Path::new("/a b"), Ok(event)), expected, "{kind:?} {path}");
    }

    #[test]
    fn what_an_event_means() {
        let data = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let (create, remove) = (EventKind::Create(CreateKind::Any), EventKind::Remove(RemoveKind::Any));
        let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
        check(data, "/a b/postil.toml", Some(Signal::Changed));
        check(data, "/a b/annotations/x/n.md", Some(Signal::Changed));
        check(create, "/a b/content/new", Some(Signal::Changed));
        check(create, "/a b/themes", Some(Signal::Lost));
        check(remove, "/a b/content", Some(Signal::Lost));
        check(remove, "/a b", Some(Signal::Lost));
        check(data, "/a b/public/index.html", None);
        check(create, "/a b/target", None);
        check(data, "/a b/content/.x.swp", None);
        check(data, "/a b/annotations/x/n.md~", None);
        check(closed, "/a b/annotations/x/n.md", None);
        check(data, "/elsewhere/content/a", None);
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(signal(Path::new("/a"), Ok(overflow)), Some(Signal::Lost));
        assert_eq!(signal(Path::new("/a"), Err(notify::Error::generic("x"))), Some(Signal::Lost));
    }

    #[test]
    fn changes_are_heard_together_and_the_worst_counts() {
        let (sender, signals) = std::sync::mpsc::channel();
        assert_eq!(wait(&signals, Duration::ZERO), None);
        for signal in [Signal::Changed, Signal::Lost, Signal::Changed] {
            sender.send(signal).unwrap();
        }
        assert_eq!(wait(&signals, Duration::ZERO), Some(Signal::Lost));
        assert_eq!(wait(&signals, Duration::ZERO), None);
    }
}
