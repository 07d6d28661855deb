//! What is taken out of an archive: a new folder, or a new file, that is there once it is whole.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::remove::{self, MARKER};
use super::{Refusal, interrupt};
use postil_archive::diagnostic::Error;

/// Something new on its way to the disk: it lies beside its place until it is whole, and is gone if it never is.
#[derive(Debug)]
pub struct Whole {
    output: PathBuf,
    stage: PathBuf,
}

/// Where what is to be published lies in the stage, beside what is only needed to make it.
const INSIDE: &str = "whole";
const ASIDE: &str = "aside";

impl Whole {
    /// Makes ready to write to a folder that is empty or not there yet, or to a file that is not there yet.
    ///
    /// # Errors
    /// Something is there already, which is never overwritten; or the machine is in the way.
    pub fn begin(output: &Path) -> Result<Self, Refusal> {
        match output.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::new("look at", output, error).into()),
            Ok(found) if found.is_dir() => {
                let mut entries = fs::read_dir(output).map_err(|error| Error::new("read", output, error))?;
                if entries.next().is_some() {
                    return Err(Refusal::NotEmpty(output.to_owned()));
                }
            }
            Ok(_) => return Err(Refusal::Taken(output.to_owned())),
        }
        let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| Error::new("create the folder", parent, error))?;
        let _whole = interrupt::whole();
        let stage = stage(parent)?;
        interrupt::stage_begun(&stage, &stage.join(MARKER));
        let whole = Self { output: output.to_owned(), stage };
        let marker = whole.stage.join(MARKER);
        fs::write(&marker, b"postil is writing here\n")
            .map_err(|error| Error::new("write", marker, error))?;
        Ok(whole)
    }

    /// Writes a file of the folder, with the folders that it lies in.
    ///
    /// # Errors
    /// The machine is in the way.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let _whole = interrupt::whole();
        let mut file = create(&self.stage.join(INSIDE).join(path))?;
        file.write_all(bytes).map_err(|error| Error::new("write", self.output.join(path), error))
    }

    /// Opens the file, if it is one that is to be written.
    ///
    /// # Errors
    /// The machine is in the way.
    pub fn file(&self) -> Result<File, Error> {
        create(&self.stage.join(INSIDE))
    }

    /// Keeps a file that is needed only to make it.
    ///
    /// # Errors
    /// The machine is in the way.
    pub fn lay_aside(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let _whole = interrupt::whole();
        let full = self.stage.join(ASIDE).join(path);
        create(&full)?.write_all(bytes).map_err(|error| Error::new("write", full, error))
    }

    /// What was laid aside.
    ///
    /// # Errors
    /// Nothing was under this path; or the machine is in the way.
    pub fn laid_aside(&self, path: &str) -> Result<Vec<u8>, Error> {
        let full = self.stage.join(ASIDE).join(path);
        fs::read(&full).map_err(|error| Error::new("read", full, error))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// Something has come there since; or the machine is in the way.
    pub fn publish(self) -> Result<(), Refusal> {
        let _whole = interrupt::whole();
        let made = self.stage.join(INSIDE);
        if !made.exists() {
            // A folder without a file.
            fs::create_dir(&made).map_err(|error| Error::new("create the folder", &made, error))?;
        }
        match fs::remove_dir(&self.output) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Error::new("replace", &self.output, error).into());
            }
            _ => {}
        }
        fs::rename(&made, &self.output).map_err(|error| Error::new("create", &self.output, error))?;
        Ok(())
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // Nobody is left to tell, and the name says what it was.
        let _ = remove::leftover(&self.stage);
        interrupt::stage_done(&self.stage);
    }
}

/// A folder that nobody else has; the number of the process and a counter keep apart those that write side by side.
fn stage(parent: &Path) -> Result<PathBuf, Error> {
    for number in 0..1000 {
        let stage = parent.join(format!(".postil-export-{}-{number}", std::process::id()));
        match fs::create_dir(&stage) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::new("create the folder", stage, error)),
            Ok(()) => return Ok(stage),
        }
    }
    Err(Error::new("create a folder in", parent, ErrorKind::AlreadyExists.into()))
}

fn create(path: &Path) -> Result<File, Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::new("create the folder", folder, error))?;
    }
    File::create_new(path).map_err(|error| Error::new("create", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            folder.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_seen_before_all_is_there_and_nothing_stays_of_what_never_is() {
        let temp = tempfile::tempdir().unwrap();
        let output = temp.path().join("out");
        fs::create_dir(&output).unwrap();
        let whole = Whole::begin(&output).unwrap();
        whole.put("a/b.txt", b"b").unwrap();
        assert!(names(&output).is_empty());
        drop(whole);
        assert_eq!(names(temp.path()), ["out"]);
        let whole = Whole::begin(&output).unwrap();
        whole.put("a/b.txt", b"b").unwrap();
        whole.publish().unwrap();
        assert_eq!(names(temp.path()), ["out"]);
        assert_eq!(fs::read(output.join("a/b.txt")).unwrap(), b"b");
        assert!(matches!(Whole::begin(&output), Err(Refusal::NotEmpty(_))));

        let book = temp.path().join("book");
        let whole = Whole::begin(&book).unwrap();
        whole.file().unwrap().write_all(b"x").unwrap();
        whole.publish().unwrap();
        assert_eq!(fs::read(&book).unwrap(), b"x");
        assert!(matches!(Whole::begin(&book), Err(Refusal::Taken(_))));
        assert_eq!(names(temp.path()), ["book", "out"]);
    }
}
