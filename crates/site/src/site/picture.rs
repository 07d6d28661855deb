//! Pictures that lie beside texts, notes and pages: which there are, and how large each is.

use std::collections::BTreeMap;

/// Endings of files that may be pictures.
pub const ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];
/// Most bytes of a picture: a page is to open on a slow line.
pub const MOST_BYTES: usize = 20 << 20;
/// Most dots of a picture to a side: beyond that some browsers show nothing.
pub const MOST_DOTS: u32 = 16_384;

/// A picture of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is published, from the site's root.
    pub address: String,
    /// Width and height in dots.
    pub size: (u32, u32),
}

/// The pictures of an archive by their paths; why a file that is named as one is none.
pub type Pictures = BTreeMap<String, Result<Picture, &'static str>>;

/// Whether a path is named as a picture.
pub fn is_named(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&&*ending.to_ascii_lowercase()))
}

/// What the bytes of a file are a picture of.
///
/// # Errors
/// Why it cannot be shown.
pub fn size(bytes: &[u8]) -> Result<(u32, u32), &'static str> {
    if bytes.len() > MOST_BYTES {
        return Err("is larger than 20 MB");
    }
    let (width, height) = dots(bytes).ok_or("is no PNG, JPEG, GIF or WebP")?;
    match (width, height) {
        (0, _) | (_, 0) => Err("has no width or no height"),
        (width, height) if width > MOST_DOTS || height > MOST_DOTS => {
            Err("is more than 16,384 dots wide or high")
        }
        size => Ok(size),
    }
}

fn dots(bytes: &[u8]) -> Option<(u32, u32)> {
    let at = |at: usize, count: usize| bytes.get(at..at + count);
    let big = |at_: usize, count: usize| Some(at(at_, count)?.iter().fold(0, |n, b| n << 8 | u32::from(*b)));
    let little =
        |at_: usize, count: usize| Some(at(at_, count)?.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b)));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((big(16, 4)?, big(20, 4)?));
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some((little(6, 2)?, little(8, 2)?));
    }
    if bytes.starts_with(b"RIFF") && at(8, 4)? == b"WEBP" {
        return match at(12, 4)? {
            b"VP8 " => Some((little(26, 2)? & 0x3fff, little(28, 2)? & 0x3fff)),
            b"VP8L" => Some(((little(21, 4)? & 0x3fff) + 1, (little(21, 4)? >> 14 & 0x3fff) + 1)),
            b"VP8X" => Some((little(24, 3)? + 1, little(27, 3)? + 1)),
            _ => None,
        };
    }
    if !bytes.starts_with(b"\xff\xd8") {
        return None;
    }
    // JPEG: segments up to the one that begins the frame.
    let mut here = 2;
    loop {
        while *bytes.get(here)? != 0xff {
            here += 1;
        }
        while *bytes.get(here)? == 0xff {
            here += 1;
        }
        match *bytes.get(here)? {
            0x01 | 0xd0..=0xd7 => here += 1,
            // Not the tables that share the row of numbers with frames.
            marker @ 0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(here + 6, 2)?, big(here + 4, 2)?));
            }
            0xd9 | 0xda => return None,
            _ => here += 1 + usize::try_from(big(here + 1, 2)?).ok()?.max(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_first_bytes() {
        #[track_caller]
        fn check(bytes: &[u8], expected: Result<(u32, u32), &str>) {
            assert_eq!(size(bytes), expected);
        }
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\x01\0", Ok((2, 256)));
        check(b"GIF89a\x03\0\x04\0", Ok((3, 4)));
        check(b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x02\xff\xc2\0\x0b\x08\0\x05\0\x06", Ok((6, 5)));
        check(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x07\0\0\x08\0\0", Ok((8, 9)));
        check(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x09\xc0\x02\0", Ok((10, 12)));
        check(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0abc\x9d\x01\x2a\x0b\0\x0c\0", Ok((11, 12)));
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\x01\0", Err("has no width or no height"));
        check(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\0\0\0\x01\0",
            Err("is more than 16,384 dots wide or high"),
        );
        for broken in
            [&b"<svg/>"[..], b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]
        {
            check(broken, Err("is no PNG, JPEG, GIF or WebP"));
        }
    }
}
