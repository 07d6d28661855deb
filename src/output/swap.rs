//! The one step in which a site is published.

use std::io;
use std::path::Path;

use super::Refusal;
use super::remove;
use postil_archive::diagnostic::Error;

/// Puts the stage in the output's place. The old site, if there was one, is in
/// the stage's place after that, or at `old`.
pub(super) fn publish(stage: &Path, output: &Path, old: &Path) -> Result<(), Refusal> {
    if !exists(output)? {
        return Ok(rename(stage, output)?);
    }
    let done = match exchange(stage, output) {
        Err(error) if is_unsupported(&error) => replace(stage, output, old),
        done => done.map_err(|error| Error::new("publish", output, error)),
    };
    done.map_err(|error| match error.source.kind() {
        // Also where the same disk is shown at a second place, which nothing else tells.
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => Refusal::MountPoint(output.to_owned()),
        _ => error.into(),
    })
}

/// Where the system has no exchange: two renames. [`recover`] mends what is
/// left if the power goes between them.
fn replace(stage: &Path, output: &Path, old: &Path) -> Result<(), Error> {
    rename(output, old)?;
    rename(stage, output).inspect_err(|_| {
        // The first error is the one to tell; the next build tries this again.
        let _ = rename(old, output);
    })
}

/// Finishes what [`replace`] was stopped in: without an output, the old site is
/// put back; else the old one is removed.
pub(super) fn recover(output: &Path, old: &Path) -> Result<(), Refusal> {
    if !exists(output)? && exists(old)? {
        return Ok(rename(old, output)?);
    }
    remove::written(old)
}

fn exists(path: &Path) -> Result<bool, Error> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::new("look at", path, error)),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::rename(from, to).map_err(|error| Error::new("publish", to, error))
}

/// Exchanges two folders in one step (`renameat2` of Linux, `renameatx_np` of macOS).
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether an exchange failed because this system or file system has none: the
/// flag is answered by "invalid argument" where it is not known.
fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// What the three folders hold: the stage, the output and the old one.
    type State = [Option<&'static str>; 3];

    #[track_caller]
    fn check(act: impl Fn(&Path, &Path, &Path), before: State, after: State) {
        let temp = tempfile::tempdir().unwrap();
        let paths = ["stage", "output", "old"].map(|name| temp.path().join(name));
        for (path, content) in paths.iter().zip(before) {
            if let Some(content) = content {
                fs::create_dir(path).unwrap();
                fs::write(path.join("x"), content).unwrap();
                let fact = crate::output::manifest::Fact::of(content.as_bytes());
                let manifest = crate::output::manifest::write([("x", &fact)]);
                fs::write(path.join(crate::output::manifest::NAME), manifest).unwrap();
            }
        }
        act(&paths[0], &paths[1], &paths[2]);
        let found = paths.map(|path| fs::read_to_string(path.join("x")).ok());
        assert_eq!(found.each_ref().map(Option::as_deref), after);
    }

    #[test]
    fn publishing() {
        let act = |stage: &Path, output: &Path, old: &Path| publish(stage, output, old).unwrap();
        check(act, [Some("new"), None, None], [None, Some("new"), None]);
        if exchange_works() {
            check(act, [Some("new"), Some("before"), None], [Some("before"), Some("new"), None]);
        }
    }

    fn exchange_works() -> bool {
        cfg!(target_os = "linux")
    }

    #[test]
    fn replacing_without_exchange() {
        let act = |stage: &Path, output: &Path, old: &Path| replace(stage, output, old).unwrap();
        check(act, [Some("new"), Some("before"), None], [None, Some("new"), Some("before")]);
    }

    #[test]
    fn replacing_that_fails_puts_the_old_site_back() {
        let act = |stage: &Path, output: &Path, old: &Path| {
            replace(stage, output, old).unwrap_err();
        };
        check(act, [None, Some("before"), None], [None, Some("before"), None]);
    }

    #[test]
    fn recovering() {
        let act = |_: &Path, output: &Path, old: &Path| recover(output, old).unwrap();
        check(act, [None, None, None], [None, None, None]);
        check(act, [None, Some("now"), None], [None, Some("now"), None]);
        check(act, [None, None, Some("before")], [None, Some("before"), None]);
        check(act, [None, Some("now"), Some("before")], [None, Some("now"), None]);
    }
}
