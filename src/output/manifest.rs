//! What lies in a published folder because postil put it there.
//!
//! The manifest lies in the folder itself and depends on the files only, so
//! that two builds of the same archive have the same one, and a folder that was
//! copied, or came out of version control, is still known as ours.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use postil_archive::archive::path;
use sha2::{Digest, Sha256};

/// Its name in the published folder.
pub(super) const NAME: &str = ".postil-manifest";

/// First line; the number is that of the format.
const HEAD: &str = "postil-manifest 1";

/// What is known of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// Bytes.
    pub(super) size: u64,
    /// SHA-256, lower-case hex.
    pub(super) sha256: String,
}

impl Fact {
    /// The fact about these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        let mut sha256 = String::with_capacity(digest.len() * 2);
        for byte in digest {
            write!(sha256, "{byte:02x}").expect("a string takes everything");
        }
        Self { size: bytes.len() as u64, sha256 }
    }
}

/// Files of a published folder by path, the manifest itself left out.
pub(super) type Manifest = BTreeMap<Box<str>, Fact>;

/// The manifest as text: for each file, sorted by path, its sum, size and path.
pub(super) fn write<'f>(files: impl IntoIterator<Item = (&'f str, &'f Fact)>) -> String {
    let mut text = format!("{HEAD}\n");
    for (path, Fact { size, sha256 }) in files {
        writeln!(text, "{sha256} {size} {path}").expect("a string takes everything");
    }
    text
}

/// Reads a manifest; `None` if it is not one, in whatever way.
///
/// Files are removed by what it says, and it may have come with strangers'
/// files: so every path is checked as if it were about to be written.
pub(super) fn read(text: &str) -> Option<Manifest> {
    let rest = text.strip_prefix(HEAD)?.strip_prefix('\n')?;
    rest.lines().map(read_line).collect()
}

fn read_line(line: &str) -> Option<(Box<str>, Fact)> {
    let (sha256, rest) = line.split_once(' ')?;
    let (size, path) = rest.split_once(' ')?;
    if path::fault(path).is_some() {
        return None;
    }
    Some((path.into(), Fact { size: size.parse().ok()?, sha256: sha256.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let files = [("a b.html".into(), Fact::of(b"abc")), ("c/d".into(), Fact::of(b""))];
        let text = write(files.iter().map(|(path, fact): &(Box<str>, Fact)| (&**path, fact)));
        assert_eq!(
            text,
            "postil-manifest 1\n\
             ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3 a b.html\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0 c/d\n"
        );
        assert_eq!(read(&text), Some(Manifest::from(files)));
    }

    #[track_caller]
    fn check(text: &str, files: Option<usize>) {
        assert_eq!(read(text).map(|m| m.len()), files, "{text:?}");
    }

    #[test]
    fn anything_else_is_no_manifest() {
        check("postil-manifest 1\n", Some(0));
        check("postil-manifest 1\nab 3 x\n", Some(1));
        check("", None);
        check("postil-manifest 2\n", None);
        check("postil-manifest 1\nab x y\n", None);
        check("postil-manifest 1\nab 3\n", None);
        check("postil-manifest 1\nab 3 ../x\n", None);
        check("postil-manifest 1\nab 3 /etc/passwd\n", None);
        check("postil-manifest 1\nab 3 a\\..\\b\n", None);
        check("postil-manifest 1\nab 3 .postil-manifest\n", None);
    }
}
