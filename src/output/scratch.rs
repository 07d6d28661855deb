//! A file for what a build puts aside, gone when the build ends.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes that are held in memory before a file is made: small archives make none.
const HELD: usize = 16 * 1024 * 1024;

/// Bytes put aside: in memory, and from [`HELD`] on in a file.
///
/// The file lies beside the output, on a disk that is about to take more than
/// that, if there is one. It has no name from the moment it is open, so that nothing is left
/// behind however the build ends (where a system does not allow this, the name
/// goes with the scratch).
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Vec<u8>,
    file: Option<File>,
    named: Option<PathBuf>,
    /// Bytes in the file, which follow those held.
    written: u64,
}

impl Scratch {
    /// For a build that writes to `output`.
    pub fn beside(output: &Path) -> Self {
        let folder = output.parent().filter(|folder| folder.is_dir()).unwrap_or(Path::new("."));
        Self { folder: folder.to_owned(), state: Mutex::default() }
    }

    /// For work that has no output: the file lies where the system wants such files.
    pub fn elsewhere() -> Self {
        Self { folder: std::env::temp_dir(), state: Mutex::default() }
    }
}

impl postil_search::scratch::Scratch for Scratch {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let at = state.held.len() as u64 + state.written;
        if state.file.is_none() && state.held.len() + bytes.len() <= HELD {
            state.held.extend_from_slice(bytes);
            return Ok(at);
        }
        if state.file.is_none() {
            open(&self.folder, &mut state)?;
        }
        let end = state.written;
        let file = state.file.as_mut().expect("it was opened just before");
        file.seek(SeekFrom::Start(end))?;
        file.write_all(bytes)?;
        state.written += bytes.len() as u64;
        Ok(at)
    }

    fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let held = state.held.len() as u64;
        if at < held || length == 0 {
            let from = usize::try_from(at).unwrap_or(usize::MAX);
            let bytes = state.held.get(from..from.saturating_add(length));
            return bytes.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        let file = state.file.as_mut().ok_or(io::ErrorKind::UnexpectedEof)?;
        file.seek(SeekFrom::Start(at - held))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Makes the file; the number of the process and a counter keep apart those that build side by side.
fn open(folder: &Path, state: &mut State) -> io::Result<()> {
    for number in 0..1000 {
        let path = folder.join(format!(".postil-scratch-{}-{number}", std::process::id()));
        match File::options().read(true).write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => {
                state.file = Some(file);
                if std::fs::remove_file(&path).is_err() {
                    state.named = Some(path);
                }
                return Ok(());
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.file = None;
        if let Some(path) = state.named.take() {
            // Nobody is left to tell, and the name says what it was.
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_search::scratch::Scratch as _;

    #[test]
    fn what_was_put_aside_comes_back_and_no_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::beside(&folder.path().join("public"));
        let pieces: Vec<Vec<u8>> = (0..5_u8).map(|i| vec![i; HELD / 3]).collect();
        let places: Vec<u64> = pieces.iter().map(|piece| scratch.append(piece).unwrap()).collect();
        for (piece, at) in pieces.iter().zip(places) {
            assert_eq!(&scratch.read(at, piece.len()).unwrap(), piece);
        }
        assert!(scratch.read(u64::MAX / 2, 1).is_err());
        assert!(cfg!(not(unix)) || folder.path().read_dir().unwrap().next().is_none());
        drop(scratch);
        assert!(folder.path().read_dir().unwrap().next().is_none());
    }
}
