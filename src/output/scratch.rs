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
    most_held: usize,
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
        Self { folder: folder.to_owned(), most_held: HELD, state: Mutex::default() }
    }

    /// For work that has no output: the file lies where the system wants such files.
    pub fn elsewhere() -> Self {
        Self { folder: std::env::temp_dir(), most_held: HELD, state: Mutex::default() }
    }

    /// The same with so many bytes held in memory: what comes before a file and what comes after shows
    /// with little.
    #[must_use]
    pub fn holding(mut self, bytes: usize) -> Self {
        self.most_held = bytes;
        self
    }
}

impl postil_search::scratch::Scratch for Scratch {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let at = state.held.len() as u64 + state.written;
        if state.file.is_none() && bytes.len() <= self.most_held.saturating_sub(state.held.len()) {
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
        let end = at.checked_add(length as u64).filter(|&end| end <= held + state.written);
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        // What of it is held, then what is in the file: either may be nothing.
        let from_memory = at.min(held) as usize..end.min(held) as usize;
        let mut bytes = state.held[from_memory].to_vec();
        let in_memory = bytes.len();
        bytes.resize(length, 0);
        if in_memory < length {
            let file = state.file.as_mut().expect("what is not held was written to it");
            file.seek(SeekFrom::Start(at.max(held) - held))?;
            file.read_exact(&mut bytes[in_memory..])?;
        }
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
        assert!(cfg!(not(unix)) || folder.path().read_dir().unwrap().next().is_none());
        drop(scratch);
        assert!(folder.path().read_dir().unwrap().next().is_none());
    }

    /// Puts pieces of these sizes aside and reads them, and every other range, from wherever they are.
    fn check(folder: &Path, most_held: usize, sizes: [usize; 4]) {
        let scratch = Scratch::beside(&folder.join("public")).holding(most_held);
        let mut all = Vec::new();
        for (piece, byte) in sizes.iter().zip(1..) {
            assert_eq!(scratch.append(&vec![byte; *piece]).unwrap(), all.len() as u64);
            all.resize(all.len() + piece, byte);
            for from in 0..=all.len() {
                for to in from..=all.len() {
                    let read = scratch.read(from as u64, to - from);
                    assert_eq!(read.unwrap(), all[from..to], "{most_held} held of {sizes:?}: {from} to {to}");
                }
                let beyond = scratch.read(from as u64, all.len() - from + 1);
                assert_eq!(beyond.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
            }
            for (at, length) in [(all.len() as u64 + 1, 0), (u64::MAX, 0), (u64::MAX, 1), (1, usize::MAX)] {
                assert_eq!(scratch.read(at, length).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
            }
        }
    }

    #[test]
    fn pieces_of_every_size_come_back_from_memory_from_the_file_and_from_where_they_meet() {
        let folder = tempfile::tempdir().unwrap();
        let sizes = || 0..4;
        for most_held in 0..8 {
            for (a, b) in sizes().flat_map(|a| sizes().map(move |b| (a, b))) {
                sizes()
                    .for_each(|c| [0, 2].iter().for_each(|d| check(folder.path(), most_held, [a, b, c, *d])));
            }
        }
    }
}
