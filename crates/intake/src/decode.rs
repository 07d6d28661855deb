//! The bytes of a file to its characters. Nothing is guessed: a file says its encoding, is UTF-8, or somebody is asked.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, REPLACEMENT, UTF_8};

use crate::draft::Incoming;
use postil_archive::diagnostic::{Code, Diagnostic, Place, Source};

/// The characters of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Without a byte order mark.
    pub text: String,
    /// The label that the record is to name; none for UTF-8.
    pub encoding: Option<String>,
    /// What a person should know.
    pub doubt: Option<String>,
}

impl Decoded {
    fn new(text: String, encoding: Option<String>) -> Self {
        Self { text, encoding, doubt: None }
    }
}

/// The encoding of a label, if it is one that texts can have.
pub fn of_label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes()).filter(|encoding| *encoding != REPLACEMENT)
}

/// Decodes a file. `declared` is what it says itself; `asked` is for files that say nothing and are not UTF-8.
///
/// # Errors
/// Nobody knows the encoding, or the bytes are not of it.
pub fn decode(
    incoming: &Incoming,
    declared: Option<&str>,
    asked: Option<&str>,
) -> Result<Decoded, Box<Diagnostic>> {
    let bytes = &incoming.bytes[..];
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = strict(&bytes[mark..], encoding).map_err(|at| bad(incoming, encoding, mark + at, None))?;
        let label = (encoding != UTF_8).then(|| encoding.name().to_ascii_lowercase());
        return Ok(Decoded::new(text, label));
    }
    let of_declared = declared.and_then(|label| Some((of_label(label)?, label)));
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let mut decoded = Decoded::new(text.to_owned(), None);
            if let Some((_, label)) =
                of_declared.filter(|(encoding, _)| *encoding != UTF_8 && !text.is_ascii())
            {
                decoded.doubt = Some(format!("says that it is {label}, is UTF-8"));
            }
            Ok(decoded)
        }
        Err(error) => {
            let of_asked = asked.and_then(|label| Some((of_label(label)?, label)));
            let known = of_declared.filter(|(encoding, _)| *encoding != UTF_8).or(of_asked);
            let Some((encoding, label)) = known else {
                return Err(bad(incoming, UTF_8, error.valid_up_to(), Some(declared.is_some())));
            };
            let text = strict(bytes, encoding).map_err(|at| bad(incoming, encoding, at, None))?;
            Ok(Decoded::new(text, Some(label.trim().to_ascii_lowercase())))
        }
    }
}

/// All characters, or the byte that is not of the encoding.
fn strict(bytes: &[u8], encoding: &'static Encoding) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 4);
    let mut read = 0;
    loop {
        let (result, count) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += count;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve((bytes.len() - read).max(64)),
            DecoderResult::Malformed(length, beyond) => {
                return Err(read.saturating_sub(usize::from(length) + usize::from(beyond)));
            }
        }
    }
}

/// What is wrong with a byte; `says` is whether the file names UTF-8, if it is not known what it is.
fn bad(incoming: &Incoming, encoding: &'static Encoding, at: usize, says: Option<bool>) -> Box<Diagnostic> {
    let before = String::from_utf8_lossy(&incoming.bytes[..at]).into_owned();
    let shown = Source::new(incoming.path.as_str(), format!("{before}\u{fffd}"));
    let place = if incoming.bytes[..at].is_ascii() || encoding == UTF_8 {
        shown.place(before.len()..shown.text.len())
    } else {
        Place::file(incoming.path.as_str())
    };
    let byte = incoming.bytes.get(at).copied().unwrap_or_default();
    let message = format!("byte 0x{byte:02X} at offset {at} is not {}", encoding.name());
    let problem = Diagnostic::error(Code::ENCODING_UNKNOWN, place, message);
    Box::new(match says {
        None => problem.help("the file says that it has this encoding, and has another: save it as UTF-8, or name the right one by `--encoding NAME` where the file says nothing"),
        Some(says) => {
            let looks = looks_like(&incoming.bytes).name().to_ascii_lowercase();
            let why = if says { "the file says that it is UTF-8" } else { "nothing in the file names its encoding" };
            problem.help(format!("{why}; it looks like {looks}: if its words are right then, add `--encoding {looks}`"))
        }
    })
}

/// What the encoding of bytes may be that are not UTF-8.
pub fn looks_like(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(
        bytes: &[u8],
        declared: Option<&str>,
        asked: Option<&str>,
    ) -> Result<(String, Option<String>), String> {
        let incoming = Incoming { path: "in/a.txt".into(), name: "a.txt".into(), bytes: bytes.to_vec() };
        let decoded = decode(&incoming, declared, asked);
        decoded.map(|it| (it.text, it.encoding)).map_err(|problem| {
            format!(
                "{}:{} {} | {}",
                problem.place.line,
                problem.place.column,
                problem.message,
                problem.help.join("; ")
            )
        })
    }

    #[test]
    fn encodings_are_said_or_asked_for() {
        let fine = |text: &str, label: Option<&str>| Ok((text.to_owned(), label.map(str::to_owned)));
        assert_eq!(run("é".as_bytes(), None, None), fine("é", None));
        assert_eq!(run(b"\xef\xbb\xbfa", None, None), fine("a", None));
        assert_eq!(run(b"\xff\xfea\0", None, None), fine("a", Some("utf-16le")));
        assert_eq!(run(b"\xe9", Some("ISO-8859-1"), None), fine("é", Some("iso-8859-1")));
        assert_eq!(run(b"\xe9", None, Some("windows-1252")), fine("é", Some("windows-1252")));
        // What a file says is nearer to it than what is said of all.
        assert_eq!(run(b"\xa4", Some("iso-8859-15"), Some("windows-1252")), fine("€", Some("iso-8859-15")));
        assert_eq!(run("é".as_bytes(), Some("iso-8859-1"), None), fine("é", None));
        let why = run(b"ab\nc\xe9t\xe9 de l'\xe9t\xe9", None, None).unwrap_err();
        assert!(
            why.starts_with("2:2 byte 0xE9 at offset 4 is not UTF-8 | nothing in the file names"),
            "{why}"
        );
        assert!(why.ends_with("add `--encoding windows-1252`"), "{why}");
        let why = run(b"caf\xe9", Some("utf-8"), None).unwrap_err();
        assert!(why.contains("the file says that it is UTF-8"), "{why}");
        let why = run(b"a\x81\xff", Some("shift_jis"), None).unwrap_err();
        assert!(why.contains("offset 1 is not Shift_JIS"), "{why}");
    }
}
