//! The bytes of a raw text to its characters.
//!
//! Nothing is guessed and nothing is replaced: a byte that does not belong to
//! the encoding is an error with its place, because a text with `�` in it is
//! not the text that came.

use std::sync::Arc;

use encoding_rs::{DecoderResult, Encoding, REPLACEMENT, UTF_8};

use super::record::Record;
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Place, Source};

/// Decodes a raw text; a byte order mark is dropped and said.
pub(super) fn decode(path: &Arc<str>, bytes: &[u8], record: &Record) -> Checked<Option<String>> {
    let encoding = match encoding(path, record) {
        Ok(encoding) => encoding,
        Err(problem) => return Checked::new(None, vec![*problem]),
    };
    let mut problems = Vec::new();
    let mut bytes = bytes;
    let mut dropped = 0;
    if let Some((marked, length)) = Encoding::for_bom(bytes)
        && marked == encoding
    {
        bytes = &bytes[length..];
        dropped = length;
        problems.push(Diagnostic::note(
            Code::BYTE_ORDER_MARK,
            Place::file(path.clone()),
            "the file begins with a byte order mark, which is left out of the text",
        ));
    }
    let decoded = if encoding == UTF_8 { utf_8(bytes) } else { other(bytes, encoding) };
    match decoded {
        Ok(text) => {
            let nul = nul(path, &text, encoding);
            let value = nul.is_none().then_some(text);
            problems.extend(nul);
            Checked::new(value, problems)
        }
        Err(bad) => {
            problems.push(undecodable(path, encoding, dropped, &bad, bytes));
            Checked::new(None, problems)
        }
    }
}

fn encoding(path: &Arc<str>, record: &Record) -> Result<&'static Encoding, Box<Diagnostic>> {
    let Some(label) = &record.encoding else { return Ok(UTF_8) };
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding != REPLACEMENT => Ok(encoding),
        _ => {
            let place = record.place(record.spans.encoding).unwrap_or_else(|| Place::file(path.clone()));
            Err(Box::new(
                Diagnostic::error(Code::UNKNOWN_ENCODING, place, format!("unknown encoding `{label}`"))
                    .help("use a label of the WHATWG encoding standard, such as `windows-1252`, `iso-8859-15` or `utf-16le`; leave the key out for UTF-8"),
            ))
        }
    }
}

impl Record {
    /// The charset of the raw text, as headers name it; none for UTF-8.
    pub fn charset(&self) -> Option<String> {
        let encoding = Encoding::for_label(self.encoding.as_ref()?.as_bytes())?;
        (encoding != UTF_8).then(|| encoding.name().to_ascii_lowercase())
    }
}

/// Bytes that do not belong to the encoding.
struct Bad {
    /// Where they begin.
    at: usize,
    /// What was decoded before them.
    before: String,
}

fn utf_8(bytes: &[u8]) -> Result<String, Bad> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(e) => {
            let at = e.valid_up_to();
            Err(Bad { at, before: String::from_utf8_lossy(&bytes[..at]).into_owned() })
        }
    }
}

fn other(bytes: &[u8], encoding: &'static Encoding) -> Result<String, Bad> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 4);
    let mut read = 0;
    loop {
        let (result, n) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += n;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve((bytes.len() - read).max(64)),
            DecoderResult::Malformed(length, beyond) => {
                let at = read.saturating_sub(usize::from(length) + usize::from(beyond));
                return Err(Bad { at, before: text });
            }
        }
    }
}

fn undecodable(
    path: &Arc<str>,
    encoding: &'static Encoding,
    dropped: usize,
    bad: &Bad,
    bytes: &[u8],
) -> Diagnostic {
    let shown = Source::new(path.clone(), format!("{}\u{fffd}", bad.before));
    let place = shown.place(bad.before.len()..shown.text.len());
    let byte = bytes.get(bad.at).copied().unwrap_or_default();
    let problem = Diagnostic::error(
        Code::INVALID_UTF8,
        place,
        format!("byte 0x{byte:02X} at offset {} is not {}", dropped + bad.at, encoding.name()),
    );
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return problem.help("the file looks like UTF-16: save it as UTF-8, or write `encoding = \"utf-16le\"` (or `\"utf-16be\"`) in its record");
    }
    if encoding == UTF_8 {
        problem.help("if the text came in another encoding, name it in its record, such as `encoding = \"windows-1252\"`")
    } else {
        problem.help("the record names another encoding than the file has")
    }
}

fn nul(path: &Arc<str>, text: &str, encoding: &'static Encoding) -> Option<Diagnostic> {
    let at = memchr::memchr(0, text.as_bytes())?;
    let shown = Source::new(path.clone(), &text[..=at]);
    let mut problem = Diagnostic::error(
        Code::NUL_BYTE,
        shown.place(at..at + 1),
        format!("NUL byte at offset {at} of the decoded text"),
    )
    .help("a text has no NUL bytes: remove it, or put the text itself in place of this file");
    if encoding == UTF_8 {
        problem =
            problem.help("a file with a NUL at every second byte is UTF-16: name the encoding in its record");
    }
    Some(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(bytes: &[u8], encoding: Option<&str>) -> Checked<Option<String>> {
        let record = Record { encoding: encoding.map(str::to_owned), ..Record::default() };
        decode(&Arc::from("content/a.txt"), bytes, &record)
    }

    fn check(bytes: &[u8], encoding: Option<&str>, expected: &str) {
        let checked = run(bytes, encoding);
        assert_eq!(checked.value.as_deref(), Some(expected));
        assert!(checked.problems.iter().all(|p| p.code == Code::BYTE_ORDER_MARK), "{:?}", checked.problems);
    }

    fn check_error(bytes: &[u8], encoding: Option<&str>, code: Code, message: &str, at: (u32, u32)) {
        let checked = run(bytes, encoding);
        assert_eq!(checked.value, None);
        let errors: Vec<_> = checked.problems.iter().filter(|p| p.code != Code::BYTE_ORDER_MARK).collect();
        let [problem] = errors[..] else { panic!("{:?}", checked.problems) };
        assert_eq!((problem.code, problem.message.as_str()), (code, message));
        assert_eq!((problem.place.line, problem.place.column), at);
    }

    #[test]
    fn texts_are_decoded() {
        check("é\r\nb".as_bytes(), None, "é\r\nb");
        check(b"\xe9\x93", Some("windows-1252"), "é“");
        check(b"\xa4", Some("iso-8859-15"), "€");
        check(b"a\0b\0", Some("utf-16le"), "ab");
        check(b"\xff\xfea\0", Some("UTF-16LE"), "a");
        check(b"a", Some("utf-8"), "a");
        check(b"", None, "");
    }

    #[test]
    fn a_byte_order_mark_is_dropped_and_said() {
        let checked = run(b"\xef\xbb\xbfa", None);
        assert_eq!(checked.value.as_deref(), Some("a"));
        assert_eq!(checked.problems.iter().map(|p| p.code).collect::<Vec<_>>(), [Code::BYTE_ORDER_MARK]);
    }

    #[test]
    fn undecodable_bytes_are_errors_with_their_offset() {
        let utf8 = Code::INVALID_UTF8;
        check_error(b"ab\nc\xe9d", None, utf8, "byte 0xE9 at offset 4 is not UTF-8", (2, 2));
        check_error(b"\xff\xfea\0b", Some("utf-16le"), utf8, "byte 0x62 at offset 4 is not UTF-16LE", (1, 2));
        check_error(b"\xff\xfea\0", None, utf8, "byte 0xFF at offset 0 is not UTF-8", (1, 1));
        check_error(b"a\x81\xff", Some("shift_jis"), utf8, "byte 0x81 at offset 1 is not Shift_JIS", (1, 2));
    }

    #[test]
    fn nul_bytes_are_refused() {
        check_error(b"ab\0c", None, Code::NUL_BYTE, "NUL byte at offset 2 of the decoded text", (1, 3));
    }

    #[test]
    fn unknown_encodings_are_errors() {
        let code = Code::UNKNOWN_ENCODING;
        check_error(b"a", Some("latin-one"), code, "unknown encoding `latin-one`", (1, 1));
        check_error(b"a", Some("iso-2022-kr"), code, "unknown encoding `iso-2022-kr`", (1, 1));
    }
}
