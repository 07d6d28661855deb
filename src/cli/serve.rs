//! `postil serve`: the site on this machine, made anew as files change.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::args::{Serve, Volume};
use super::{Outcome, Terminal, Trouble, git, report};
use crate::compile::Summary;
use crate::serve::answer::Server;
use crate::serve::http::Listener;
use crate::serve::stage::{Read, Scene, Stage};
use crate::serve::watch::{self, How, Signal, Watch};
use postil_archive::archive::Dates;
use postil_archive::diagnostic::bug::{self, Bug};
use postil_archive::diagnostic::{Code, Error};

/// How often a watch that could not be set up is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// How long one waits for a change, if all is well: there is nothing else to do.
const LONG: Duration = Duration::from_secs(3600);

/// What the main thread waits for: it does nothing else, so that an end is never late.
enum Event {
    /// There is something to show, or nothing that ever could be.
    Shown,
    /// Somebody wants an end.
    Stop,
    /// Requests are not answered any more.
    Failed(Bug),
}

/// Serves until somebody wants an end.
pub(super) fn run(site: &Path, args: &Serve, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let listener = Listener::bind(args.bind, args.port).map(Arc::new).map_err(|error| {
        let help = match error.kind() {
            std::io::ErrorKind::AddrNotAvailable => "this machine has no such address: leave `--bind` out",
            _ => "choose another port with `--port`, or end what uses this one",
        };
        Trouble::new(format!("could not listen on port {} of {}: {error}", args.port, args.bind)).help(help)
    })?;
    let run = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_micros() as u64);
    let server = Server { ip: args.bind, port: listener.port(), run };
    let stage = Arc::<Stage>::default();
    let (sender, events) = mpsc::channel();
    // An event that nobody waits for any more does no harm.
    let send = move |event| _ = sender.send(event);
    stop_on_interrupt(send.clone())?;
    let how = if args.poll { How::Polled } else { How::Told };
    let shown = Shown {
        site: site.to_owned(),
        server,
        stage: stage.clone(),
        terminal: *terminal,
        told: None,
        history: git::History::default(),
    };
    std::thread::spawn({
        let send = send.clone();
        move || shown.follow(how, || send(Event::Shown))
    });

    let mut answers = false;
    for event in events {
        match event {
            Event::Shown if answers => {}
            Event::Shown => {
                if there_is_no_archive(&stage) {
                    return Ok(Outcome::ArchiveHasErrors);
                }
                answers = true;
                let (listener, stage, send) = (listener.clone(), stage.clone(), send.clone());
                std::thread::spawn(move || {
                    if let Err(bug) = bug::attempt(|| listener.serve(&server, &stage)) {
                        send(Event::Failed(bug));
                    }
                });
                let address = format!("{}/", server.address());
                terminal.answer(&format!("{address}\n"))?;
                if terminal.volume() > Volume::Quiet {
                    terminal.tell("changes are shown as files are saved; Ctrl-C ends\n");
                }
                if args.open && open::that_detached(&address).is_err() {
                    terminal.tell("no browser could be opened: go to the address yourself\n");
                }
            }
            Event::Stop => break,
            Event::Failed(bug) => return Err(Trouble::new(bug.to_string()).help(Bug::help())),
        }
    }
    if terminal.volume() > Volume::Quiet {
        terminal.tell("ended\n");
    }
    Ok(Outcome::Fine)
}

fn stop_on_interrupt(send: impl Fn(Event) + Send + 'static) -> Result<(), Trouble> {
    let stop = move || send(Event::Stop);
    ctrlc::set_handler(stop).map_err(|error| Trouble::new(format!("could not listen to Ctrl-C: {error}")))
}

fn there_is_no_archive(stage: &Stage) -> bool {
    stage.scene().problems.iter().any(|problem| problem.code == Code::CONFIG_MISSING)
}

/// What is shown, in the browser and on the terminal.
struct Shown {
    site: PathBuf,
    server: Server,
    stage: Arc<Stage>,
    terminal: Terminal,
    /// Number of the scene that was told of last.
    told: Option<u64>,
    history: git::History,
}

impl Shown {
    /// Shows each change, for ever; a bug on the way is shown too, and the next change tried.
    fn follow(mut self, how: How, first: impl Fn()) {
        loop {
            let Err(bug) = bug::attempt(|| self.changes(how, &first));
            self.stage.fail(&bug);
            self.terminal.error(&Trouble::new(bug.to_string()).help(Bug::help()));
            first();
            std::thread::sleep(AGAIN);
        }
    }

    fn changes(&mut self, how: How, first: impl Fn()) -> Infallible {
        let (sender, signals) = mpsc::channel();
        let site = self.site.clone();
        let watch = || {
            let sender = sender.clone();
            Watch::start(&site, how, move |signal| _ = sender.send(signal))
        };
        // The watch comes first: what changes while the archive is read is not missed.
        let mut watching = watch();
        self.tell_of_watch(&watching);
        self.renew();
        first();
        loop {
            let patience = if watching.is_ok() { LONG } else { AGAIN };
            match watch::wait(&signals, patience) {
                None if watching.is_ok() => continue,
                Some(Signal::Changed) if watching.is_ok() => {}
                // Set up anew before the archive is read: nothing falls between.
                _ => {
                    let before = watching.is_ok();
                    drop(std::mem::replace(&mut watching, watch()));
                    if before {
                        self.tell_of_watch(&watching);
                    }
                }
            }
            self.renew();
        }
    }

    /// Reads the archive, shows its site, and tells if that made a difference.
    fn renew(&mut self) {
        let began = Instant::now();
        let stage = self.stage.clone();
        let summary = stage.show(|| self.read());
        let scene = self.stage.scene();
        if self.told != Some(scene.number) {
            self.tell(&scene, summary, began.elapsed());
            self.told = Some(scene.number);
        }
    }

    /// The archive as it is now, with the server's address as that of the site, and without the download.
    fn read(&mut self) -> Result<Read, Error> {
        let mut archive = crate::theme::read(&self.site)?;
        archive.value.config.base_url = Some(self.server.address());
        // Packing everything anew at each change takes longer than all else, and nobody downloads it here.
        archive.value.config.zip = Some(false);
        let asked = (archive.value.config.dates == Dates::Git).then(|| self.history.days(&self.site));
        let (days, why) = asked.map_or((None, None), |asked| (asked.as_ref().ok().cloned(), asked.err()));
        archive.problems.extend(why.as_deref().map(git::without_history));
        Ok((archive, days))
    }

    fn tell(&self, scene: &Scene, summary: Option<Summary>, time: Duration) {
        let terminal = &self.terminal;
        let counts = report::counts(&scene.problems);
        let audible = report::audible(scene.problems.to_vec(), terminal.volume());
        terminal.tell(&report::shown(&audible, terminal.volume(), terminal.look_of_messages()));
        if let Some(trouble) = &scene.trouble {
            terminal.error(&Trouble::new(trouble.clone()));
        }
        let time = report::time(time);
        match summary {
            Some(summary) if scene.is_up_to_date() => {
                if terminal.volume() > Volume::Quiet {
                    terminal.tell(&format!("{}, {counts}, {time}\n", report::figures(&summary)));
                }
            }
            _ if scene.files.is_some() => {
                terminal.tell(&format!("{counts}: the last good build is still shown\n"));
            }
            _ => terminal.tell(&format!("{counts}: there is no page to show yet\n")),
        }
    }

    fn tell_of_watch(&self, watch: &notify::Result<Watch>) {
        if let Err(error) = watch {
            let trouble = Trouble::new(format!("could not watch the files: {error}"));
            self.terminal.error(&trouble.help("postil goes on and looks every second"));
        }
    }
}
