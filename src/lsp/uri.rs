//! Paths as editors call them: `file:///home/a%20b/postil.toml`, `file:///c%3A/a/postil.toml`.

use std::path::{Path, PathBuf};

use lsp_types::Uri;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What stands for something else in an address.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The path of a file; none of what is no file of this machine.
pub fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let host = rest.find('/').map(|at| &rest[..at])?;
    let path = percent_decode_str(&rest[host.len()..]).decode_utf8().ok()?;
    if !matches!(host, "" | "localhost") {
        return cfg!(windows).then(|| PathBuf::from(format!("//{host}{path}")));
    }
    // `/c:/a` is `C:/a`; a drive is the same in both cases.
    let bytes = path.as_bytes();
    if cfg!(windows) && bytes.len() > 2 && bytes[2] == b':' {
        return Some(PathBuf::from(format!("{}{}", path[1..2].to_ascii_uppercase(), &path[2..])));
    }
    Some(PathBuf::from(path.into_owned()))
}

/// The address of a file; none if its path is not UTF-8, or does not begin at a root.
pub(super) fn of_path(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', if cfg!(windows) { "/" } else { "\\" });
    let slash = if path.starts_with('/') { "" } else { "/" };
    if !slash.is_empty() && !cfg!(windows) {
        return None;
    }
    let encoded = utf8_percent_encode(&path, ENCODED).to_string();
    format!("file://{slash}{encoded}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for path in ["/a/b.toml", "/a b/é/c[1]#x?.md", "/100%/a:b", "/a\\b"] {
            let uri = of_path(Path::new(path)).unwrap();
            assert_eq!(to_path(&uri).unwrap(), Path::new(path), "{}", uri.as_str());
        }
        assert_eq!(to_path(&"file:///a%20b/c%3Ad".parse().unwrap()), Some("/a b/c:d".into()));
        assert_eq!(to_path(&"untitled:Untitled-1".parse().unwrap()), None);
        assert_eq!(to_path(&"file://server/share".parse().unwrap()), None);
        assert_eq!(of_path(Path::new("a")).map(|uri| uri.as_str().to_owned()), None);
    }
}
