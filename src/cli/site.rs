//! Where the archive lies.

use std::path::{Path, PathBuf};

use super::args::Command;
use super::{Trouble, texts};
use postil_archive::archive::CONFIG;
use postil_archive::diagnostic::Error;

/// The folder of the archive: the one that was named, or the nearest above the one somebody is in.
pub(super) fn find(named: Option<&Path>, command: &Command) -> Result<PathBuf, Trouble> {
    let site = match named.map(Path::to_owned).or_else(|| variable("POSTIL_SITE")) {
        Some(path) => folder(&path)?,
        None => above().unwrap_or_else(|| PathBuf::from(".")),
    };
    // Two folders may be compared anywhere.
    let in_an_archive = !matches!(command, Command::Diff(diff) if diff.new.is_some());
    if in_an_archive && !site.join(CONFIG).is_file() {
        texts::archive(&site)?;
    }
    Ok(site)
}

/// The path that a variable names; one that is set to nothing is as good as none.
pub(super) fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// A folder that somebody named, or that of the `postil.toml` that somebody named.
fn folder(path: &Path) -> Result<PathBuf, Trouble> {
    let trouble = match path.metadata() {
        Ok(data) if data.is_dir() => return Ok(path.to_owned()),
        Ok(_) if path.file_name().is_some_and(|name| name == CONFIG) => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            return Ok(parent.unwrap_or(Path::new(".")).to_owned());
        }
        Ok(_) => Trouble::new(format!("`{}` is not a folder", path.display())),
        Err(error) => Error::new("read", path, error).into(),
    };
    Err(trouble.help("`--site`, or `POSTIL_SITE`, names the folder that holds `postil.toml`"))
}

/// The nearest folder above with a `postil.toml`, as a way from here.
fn above() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let up = here.ancestors().position(|folder| folder.join(CONFIG).is_file())?;
    Some(if up == 0 { PathBuf::from(".") } else { std::iter::repeat_n("..", up).collect() })
}
