//! The theme: what the program brings along, and the site's own files in its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fs::{Bytes, What};
use super::{DefaultTheme, Store, Theme};
use crate::diagnostic::{Code, Diagnostic, Error, Place, Source};

/// Largest file of a theme, in bytes: far more than a font or picture needs.
const LIMIT: u64 = 32 << 20;

/// The default theme with the files of `themes/<name>/` in place of its own.
pub(super) fn read(
    store: &Store,
    name: &str,
    default: &DefaultTheme,
    problems: &mut Vec<Diagnostic>,
) -> Result<Theme, Error> {
    let mut files: BTreeMap<String, (String, Vec<u8>)> = BTreeMap::new();
    for file in &default.files {
        files.insert(file.path.clone(), (format!("themes/default/{}", file.path), file.published.to_vec()));
    }
    let folder = format!("themes/{name}");
    let own = store.list(&folder)?;
    if own.is_empty() && name != "default" {
        problems.push(
            Diagnostic::error(
                Code::BAD_VALUE,
                Place::file("postil.toml"),
                format!("there is no theme `{name}`"),
            )
            .help(format!("make the folder `{folder}/`, or write `theme = \"default\"`")),
        );
    }
    for found in own {
        let place = Place::file(found.path.as_str());
        let below = found.path.strip_prefix(&folder).unwrap_or_default().trim_start_matches('/');
        if found.what != What::File {
            problems.push(
                Diagnostic::error(Code::SPECIAL_FILE, place, "not a file, or its name is not UTF-8")
                    .help("put the file itself there"),
            );
        } else {
            match store.read(&found.path, LIMIT)? {
                Bytes::All(bytes) => {
                    files.insert(below.to_owned(), (found.path.clone(), published(default, below, bytes)));
                }
                Bytes::TooLarge => problems.push(
                    Diagnostic::error(Code::TOO_LARGE, place, format!("larger than {LIMIT} bytes"))
                        .help("make the file smaller"),
                ),
                Bytes::None => {}
            }
        }
    }
    Ok(sort(files, default.english, problems))
}

/// A file as it is published: our own scripts and sheets are made small, also where a site holds a copy.
fn published(default: &DefaultTheme, path: &str, bytes: Vec<u8>) -> Vec<u8> {
    let ours = default.files.iter().find(|file| file.path == path && file.bytes == bytes);
    ours.map_or(bytes, |file| file.published.to_vec())
}

/// Templates are the `.html` files at the top, words `lang/*.toml`, assets
/// everything in `assets/`. The rest (a README, a licence) is not published.
fn sort(
    files: BTreeMap<String, (String, Vec<u8>)>,
    english: &'static str,
    problems: &mut Vec<Diagnostic>,
) -> Theme {
    let mut theme = Theme { english, ..Theme::default() };
    for (name, (path, bytes)) in files {
        if let Some(asset) = name.strip_prefix("assets/") {
            theme.assets.push((asset.to_owned(), bytes));
        } else if let Some(lang) = name.strip_prefix("lang/").filter(|lang| lang.ends_with(".toml")) {
            theme.lang.extend(text(&path, bytes, problems).map(|source| (lang.to_owned(), source)));
        } else if name.ends_with(".html") && !name.contains('/') {
            theme.templates.extend(text(&path, bytes, problems).map(|source| (name, source)));
        }
    }
    theme
}

fn text(path: &str, bytes: Vec<u8>, problems: &mut Vec<Diagnostic>) -> Option<Arc<Source>> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(Arc::new(Source::new(path, text))),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            problems.push(
                Diagnostic::error(Code::INVALID_UTF8, Place::file(path), format!("not UTF-8 at byte {at}"))
                    .help("save the file as UTF-8"),
            );
            None
        }
    }
}
