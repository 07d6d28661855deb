//! Identifiers that are the same whenever the book is made.

use sha2::{Digest as _, Sha256};

/// A UUID of these words as a URN (RFC 9562, version 8: of a hash, here SHA-256).
pub(super) fn urn(words: &[&str]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word.as_bytes());
    }
    let mut bytes = hash.finalize();
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_and_depends_on_where_words_end() {
        let id = urn(&["a", "b"]);
        assert_eq!(id, urn(&["a", "b"]));
        assert_ne!(id, urn(&["ab"]));
        assert_ne!(id, urn(&["ab", ""]));
        let parts: Vec<usize> = id.trim_start_matches("urn:uuid:").split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&id["urn:uuid:xxxxxxxx-xxxx-".len()..][..1], "8");
    }
}
