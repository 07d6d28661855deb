//! The whole site as one file, `archive.zip`; one that would be too large for many hosts, in parts.
//!
//! Each file is compressed where it is made, by many threads; at the end they
//! are laid into one archive, sorted by name. Nothing in it depends on the
//! time, the machine or the order of work: names are those of the site, every
//! file is of the same moment and may be read by everybody.

use std::io::{Cursor, Write as _};
use std::sync::Mutex;

use postil_site::site::address;
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
    /// Takes in a file.
    pub(super) fn add(&self, name: &str, bytes: &[u8]) {
        self.add_packed(name, Self::pack(name, bytes));
    }

    /// Takes in a file that is compressed.
    pub(super) fn add_packed(&self, name: &str, packed: Vec<u8>) {
        self.0.lock().expect("nobody panics while holding this").push((name.to_owned(), packed));
    }

    /// Compresses a file, as an archive of its own.
    pub(super) fn pack(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() / 3 + 256)));
        writer.start_file(name, options(name)).expect(IN_MEMORY);
        writer.write_all(bytes).expect(IN_MEMORY);
        writer.finish().expect(IN_MEMORY).into_inner()
    }

    /// Where the files are to be cut into several archives, so that none is larger than `limit` if no file is: the first
    /// name of each but the first. A few small files may still come.
    pub(super) fn cuts(&self, limit: u64) -> Vec<String> {
        let files = self.0.lock().expect("nobody panics while holding this");
        let mut sizes: Vec<(&str, u64)> =
            files.iter().map(|(name, archive)| (name.as_str(), archive.len() as u64)).collect();
        sizes.sort_unstable();
        let most = limit.saturating_sub(STILL_TO_COME);
        let mut cuts = Vec::new();
        let mut size = 0;
        for (name, bytes) in sizes {
            if size > 0 && size + bytes > most {
                cuts.push(name.to_owned());
                size = 0;
            }
            size += bytes;
        }
        cuts
    }

    /// The archives of all files, cut there: address and bytes.
    pub(super) fn finish(&self, cuts: &[String]) -> Vec<(String, Vec<u8>)> {
        let mut files = std::mem::take(&mut *self.0.lock().expect("nobody panics while holding this"));
        files.sort();
        let part = |name: &str| cuts.partition_point(|cut| cut.as_str() <= name);
        let mut out = Vec::new();
        for group in files.chunk_by(|(a, _), (b, _)| part(a) == part(b)) {
            let size = group.iter().map(|(_, archive)| archive.len()).sum();
            let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(size)));
            for (_, archive) in group {
                let mut one = ZipArchive::new(Cursor::new(archive.as_slice())).expect(IN_MEMORY);
                let file = one.by_index_raw(0).expect(IN_MEMORY);
                writer.raw_copy_file(file).expect(IN_MEMORY);
            }
            out.push((address(part(&group[0].0)), writer.finish().expect(IN_MEMORY).into_inner()));
        }
        out
    }
}

/// Room that is left in each archive for what comes after the cuts are known.
const STILL_TO_COME: u64 = 1 << 20;

/// `archive.zip`, `archive-2.zip` …
pub(super) fn address(part: usize) -> String {
    match part {
        0 => address::ARCHIVE.to_owned(),
        part => address::ARCHIVE.replace(".zip", &format!("-{}.zip", part + 1)),
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
            let [(address, bytes)] = &zip.finish(&[])[..] else { panic!("one archive") };
            assert_eq!(address, "archive.zip");
            bytes.clone()
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

    /// Names in archives of files that become no smaller: so many bytes each, and one that comes late.
    fn names(sizes: &[(&str, usize)], limit: u64) -> Vec<(String, Vec<String>)> {
        let zip = Zip::default();
        sizes.iter().for_each(|(name, size)| zip.add(name, &vec![b'x'; *size]));
        let cuts = zip.cuts(limit);
        zip.add("late.png", b"late");
        let of = |bytes: &[u8]| {
            assert!(bytes.len() as u64 <= limit || sizes.iter().any(|(_, size)| *size as u64 > limit));
            let archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
            archive.file_names().map(|name| name.expect("UTF-8").into_owned()).collect()
        };
        zip.finish(&cuts).iter().map(|(address, bytes)| (address.clone(), of(bytes))).collect()
    }

    #[test]
    fn what_is_too_large_for_one_comes_in_parts() {
        const KB: usize = 1 << 10;
        let check = |sizes: &[(&str, usize)], expected: &[(&str, &[&str])]| {
            let found = names(sizes, 3 << 20);
            let found: Vec<(&str, Vec<&str>)> = found
                .iter()
                .map(|(address, names)| (address.as_str(), names.iter().map(String::as_str).collect()))
                .collect();
            let expected: Vec<(&str, Vec<&str>)> =
                expected.iter().map(|(address, names)| (*address, names.to_vec())).collect();
            assert_eq!(found, expected);
        };
        check(&[("a.png", KB)], &[("archive.zip", &["a.png", "late.png"])]);
        check(
            &[("a.png", 1500 * KB), ("m.png", 1500 * KB), ("z.png", 100 * KB)],
            &[("archive.zip", &["a.png", "late.png"]), ("archive-2.zip", &["m.png", "z.png"])],
        );
        // What is larger by itself is alone.
        check(
            &[("a.png", 4000 * KB), ("b.png", KB), ("m.png", 4000 * KB)],
            &[
                ("archive.zip", &["a.png"]),
                ("archive-2.zip", &["b.png", "late.png"]),
                ("archive-3.zip", &["m.png"]),
            ],
        );
    }
}
