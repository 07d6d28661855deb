//! The files of a zip, which nobody trusts.

use std::io::{Cursor, Read as _};

use crate::draft::Incoming;
use postil_archive::archive::is_ignored;
use postil_archive::diagnostic::{Code, Diagnostic, Place};

/// Most files of a zip.
const MOST: usize = 100_000;
/// Most bytes of all its files together, unpacked.
const LARGEST: u64 = 2 << 30;

/// The files of a zip, sorted by name; `limit` is how large one may be. A name that leads out of it is
/// refused, and so is what grows too large.
///
/// # Errors
/// It is no zip that can be read in good faith.
pub fn members(path: &str, bytes: &[u8], limit: u64) -> Result<Vec<Incoming>, Box<Diagnostic>> {
    let bad = |message: String| Box::new(Diagnostic::error(Code::BAD_SOURCE, Place::file(path), message));
    let broken = |error: zip::result::ZipError| bad(format!("the zip cannot be read: {error}"));
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if zip.len() > MOST {
        return Err(bad(format!("the zip holds more than {MOST} files")));
    }
    let mut files: Vec<Incoming> = Vec::new();
    let mut all: u64 = 0;
    for i in 0..zip.len() {
        let file = zip.by_index(i).map_err(broken)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(broken)?.into_owned();
        if file.enclosed_name().is_none()
            || name.contains('\\')
            || name.starts_with('/')
            || name.split('/').any(|part| part == "..")
        {
            let problem = bad(format!("the file `{name}` of the zip leads out of it"));
            return Err(Box::new(problem.help("a zip with such names was not made in good faith, or by a broken program: nothing was written")));
        }
        if name.split('/').any(|part| is_ignored(part) || part == "__MACOSX") {
            continue;
        }
        let most = limit.min(LARGEST.saturating_sub(all));
        let mut content = Vec::new();
        let read = file.take(most + 1).read_to_end(&mut content);
        read.map_err(|error| bad(format!("the file `{name}` of the zip cannot be read: {error}")))?;
        all += content.len() as u64;
        if content.len() as u64 > most {
            let problem = bad(format!("the file `{name}` of the zip is larger than {most} bytes"));
            return Err(Box::new(
                problem
                    .help("raise `text` under `[limits]` in `postil.toml`, or unpack it and add it in steps"),
            ));
        }
        files.push(Incoming { path: format!("{path}/{name}"), name, bytes: content });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_zip_is_not_trusted() {
        let names = |bytes: &[u8], limit| {
            members("a.zip", bytes, limit)
                .map(|files| files.into_iter().map(|file| file.name).collect::<Vec<_>>())
        };
        let fine = zip(&[("b/x.txt", b"x"), ("a.txt", b"y"), ("__MACOSX/a.txt", b"z"), (".hidden", b"z")]);
        assert_eq!(names(&fine, 10).unwrap(), ["a.txt", "b/x.txt"]);
        for name in ["../x.txt", "a/../../x.txt", "/etc/x.txt", "a\\x.txt"] {
            let why = names(&zip(&[(name, b"x")]), 10).unwrap_err();
            assert!(why.message.contains("leads out of it"), "{name}: {}", why.message);
        }
        // A small file that unpacks to a large one.
        let bomb = zip(&[("a.txt", &vec![b'a'; 1 << 20])]);
        assert!(
            bomb.len() < 10_000 && names(&bomb, 1000).unwrap_err().message.contains("larger than 1000 bytes")
        );
        assert!(names(b"PK", 10).is_err());
    }
}
