//! The whole site as one file, `archive.zip`.
//!
//! Each file is compressed where it is made, by many threads; at the end they
//! are laid into one archive, sorted by name. Nothing in it depends on the
//! time, the machine or the order of work: names are those of the site, every
//! file is of the same moment and may be read by everybody.

use std::io::{Cursor, Write as _};
use std::sync::Mutex;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Higher levels take half the time again, and more, for some hundredths of the
/// size; the lowest makes it a quarter larger.
const LEVEL: i64 = 2;

/// Files of a site, compressed, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Zip(Mutex<Vec<(String, Vec<u8>)>>);

const IN_MEMORY: &str = "an archive of these files can be written to memory";

impl Zip {
    /// Compresses a file, as an archive of its own.
    pub(super) fn add(&self, name: &str, bytes: &[u8]) {
        let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() / 3 + 256)));
        writer.start_file(name, options(name)).expect(IN_MEMORY);
        writer.write_all(bytes).expect(IN_MEMORY);
        let archive = writer.finish().expect(IN_MEMORY).into_inner();
        self.0.lock().expect("nobody panics while holding this").push((name.to_owned(), archive));
    }

    /// The archive of all files.
    pub(super) fn finish(&self) -> Vec<u8> {
        let mut files = std::mem::take(&mut *self.0.lock().expect("nobody panics while holding this"));
        files.sort();
        let mut writer =
            ZipWriter::new(Cursor::new(Vec::with_capacity(files.iter().map(|f| f.1.len()).sum())));
        for (_, archive) in files {
            let mut one = ZipArchive::new(Cursor::new(archive)).expect(IN_MEMORY);
            let file = one.by_index_raw(0).expect(IN_MEMORY);
            writer.raw_copy_file(file).expect(IN_MEMORY);
        }
        writer.finish().expect(IN_MEMORY).into_inner()
    }
}

fn options(name: &str) -> SimpleFileOptions {
    // What is compressed already would only grow.
    let packed = [".woff2", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".zip"];
    let method = match packed.iter().any(|ending| name.ends_with(ending)) {
        true => CompressionMethod::Stored,
        false => CompressionMethod::Deflated,
    };
    SimpleFileOptions::default()
        .compression_method(method)
        .compression_level((method == CompressionMethod::Deflated).then_some(LEVEL))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_order_of_work_changes_nothing_and_every_file_comes_out_as_it_went_in() {
        let files = [("b/é.html", "two ".repeat(900)), ("a.txt", String::new()), ("f.woff2", "x".into())];
        let zip = |order: &[usize]| {
            let zip = Zip::default();
            order.iter().for_each(|&i| zip.add(files[i].0, files[i].1.as_bytes()));
            zip.finish()
        };
        let bytes = zip(&[0, 1, 2]);
        assert!(bytes == zip(&[2, 0, 1]));
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).expect("an archive");
        let names: Vec<String> = archive.file_names().map(|name| name.expect("UTF-8").into_owned()).collect();
        assert_eq!(names, ["a.txt", "b/é.html", "f.woff2"]);
        for (name, text) in &files {
            let mut file = archive.by_name(name).expect("it is there");
            assert_eq!(file.unix_mode().map(|mode| mode & 0o7777), Some(0o644), "{name}");
            assert_eq!(file.last_modified(), Some(DateTime::default()));
            assert!(!file.is_symlink());
            let mut out = String::new();
            file.read_to_string(&mut out).expect("it can be read");
            assert_eq!(&out, text);
        }
    }
}
