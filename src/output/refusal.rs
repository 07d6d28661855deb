//! Why nothing was published.

use std::fmt;
use std::path::{Path, PathBuf};

use postil_archive::diagnostic::Error;

/// Why postil will not write its output. The published folder is as it was,
/// unless the variant says otherwise.
#[derive(Debug)]
pub enum Refusal {
    /// The output is, holds or lies in a folder that the site is made from.
    Source {
        /** the output, as resolved */
        output: PathBuf,
        /** the folder it would endanger */
        folder: PathBuf,
    },
    /// A list of what changed would lie where the site is, or what it is made from.
    ListInside {
        /** where it was to be */
        list: PathBuf,
        /** the folder or file that is in the way */
        taken: PathBuf,
    },
    /// Something that is no folder stands where the output is to be.
    NotFolder(PathBuf),
    /// The output is where a disk or another file system begins, which cannot be exchanged.
    MountPoint(PathBuf),
    /// Nothing can be written beside the output, where a new site is made.
    NoRoomBeside {
        /** the output */
        output: PathBuf,
        /** what stood in the way */
        error: Error,
    },
    /// A file or folder in the output that postil did not put there.
    Foreign(PathBuf),
    /// A file in the output that was changed after postil wrote it.
    Changed(PathBuf),
    /// Another build is writing there; the path is that of its lock.
    Busy(PathBuf),
    /// The new site is published, but the one before it could not be removed.
    OldKept {
        /** where it is now */
        kept: PathBuf,
        /** why */
        reason: Box<Refusal>,
    },
    /// A file that was to be new is there already.
    Taken(PathBuf),
    /// A folder that was to be new, or empty, holds something.
    NotEmpty(PathBuf),
    /// Something that is no folder stands on the way to a new file.
    LeadsAway(PathBuf),
    /// A file that is not what it was a moment ago.
    Moved(PathBuf),
    /// The machine is in the way.
    Machine(Error),
}

impl Refusal {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        // A new site is exchanged for the old one in one step: what lies inside can be.
        let inside = |output: &Path| {
            format!("choose a folder in it: `--output \"{}\"`", output.join("site").display())
        };
        match self {
            Self::MountPoint(output) => return Some(inside(output)),
            Self::NoRoomBeside { output, .. } => {
                return Some(format!("let postil write there, or {}", inside(output)));
            }
            _ => {}
        }
        let help = match self {
            Self::MountPoint(_) | Self::NoRoomBeside { .. } => None,
            Self::Source { .. } => Some("choose another folder with `--output`"),
            Self::ListInside { .. } => Some("choose a place outside of it; nothing was written"),
            Self::NotFolder(_) => Some("remove it, or choose another folder with `--output`"),
            Self::Foreign(_) => {
                Some("move it elsewhere, or choose another folder with `--output`; nothing was written")
            }
            Self::Changed(_) => Some(
                "make the change in the archive or its theme, remove this file, and build again; nothing was written",
            ),
            Self::Busy(_) => Some("wait until it is done, or choose another folder with `--output`"),
            Self::OldKept { .. } => Some("look through that folder and remove it"),
            Self::Taken(_) => Some("nothing was written"),
            Self::NotEmpty(_) => Some("name a new folder, or empty this one"),
            Self::Moved(_) => Some("run the command again; nothing was written"),
            Self::LeadsAway(_) => Some("put a folder there; nothing was written"),
            Self::Machine(_) => None,
        };
        help.map(str::to_owned)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { output, folder } => write!(
                f,
                "the output `{}` would overwrite `{}`, from which the site is made",
                output.display(),
                folder.display()
            ),
            Self::ListInside { list, taken } => {
                write!(f, "the list `{}` would lie in `{}`", list.display(), taken.display())
            }
            Self::NotFolder(path) => write!(f, "the output `{}` is not a folder", path.display()),
            Self::MountPoint(path) => write!(
                f,
                "another disk begins at the output `{}`, so that the old site there cannot be exchanged for a new one in one step",
                path.display()
            ),
            Self::NoRoomBeside { error, .. } => {
                write!(f, "{error}: a new site is made beside the old one")
            }
            Self::Foreign(path) => {
                write!(f, "the output holds `{}`, which postil did not write", path.display())
            }
            Self::Changed(path) => {
                write!(f, "`{}` was changed after postil wrote it", path.display())
            }
            Self::Busy(lock) => {
                write!(f, "another build is writing this output (it holds `{}`)", lock.display())
            }
            Self::OldKept { kept, reason } => write!(
                f,
                "the new site is published, but the old one, now in `{}`, could not be removed: {reason}",
                kept.display()
            ),
            Self::Taken(path) => write!(f, "`{}` is there already", path.display()),
            Self::NotEmpty(path) => write!(f, "`{}` is not empty", path.display()),
            Self::LeadsAway(path) => write!(f, "`{}` is not a folder", path.display()),
            Self::Moved(path) => write!(f, "`{}` is not the file that was looked at", path.display()),
            Self::Machine(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Machine(error) | Self::NoRoomBeside { error, .. } => error.source(),
            Self::OldKept { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Machine(error)
    }
}
