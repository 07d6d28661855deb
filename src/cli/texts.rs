//! The archive that something is added to, and its texts as they are named on the command line.

use std::path::Path;

use super::Trouble;
use postil_anchor::document::record;
use postil_archive::archive::{Archive, TextFile};
use postil_archive::diagnostic::Code;
use postil_archive::sidecar::suggest;
use postil_propose::propose::address;

/// The archive of a folder. What is wrong with its files is for `check` to tell; but nothing is
/// written into a folder that is none.
pub(super) fn archive(site: &Path) -> Result<Archive, Trouble> {
    let read = crate::theme::read(site)?;
    match read.problems.into_iter().find(|problem| problem.code == Code::CONFIG_MISSING) {
        Some(missing) => Err(Trouble { message: missing.message, help: Some(missing.help.join("; ")) }),
        None => Ok(read.value),
    }
}

/// The text that is meant: by its id, the path of its file from here or from the archive's root, or
/// the address of its page or its source.
pub(super) fn find<'a>(archive: &'a Archive, site: &Path, name: &str) -> Result<&'a TextFile, Trouble> {
    let path = name.replace('\\', "/");
    let by_path = |path: &str| archive.texts.iter().find(|text| *text.path == *path.trim_start_matches("./"));
    let from_here = || {
        let full = Path::new(name).canonicalize().ok()?;
        let below = full.strip_prefix(site.canonicalize().ok()?).ok()?.to_str()?.replace('\\', "/");
        by_path(&below)
    };
    let by_source = || {
        let address = address::plain(&path);
        let origin = |text: &TextFile| record::parse(text).value.origin?.url;
        archive.texts.iter().find(|text| origin(text).is_some_and(|url| address::plain(&url) == address))
    };
    let by_address = || {
        let page = address::text_of_page(archive, &path).map(|i| &archive.texts[i]);
        page.or_else(|| path.contains("://").then(by_source).flatten())
    };
    let unknown = || {
        let trouble = Trouble::new(format!("the archive has no text `{name}`"));
        let near = suggest::nearest_id(&path, archive.texts.iter().map(|text| &*text.id));
        match (near, archive.texts.first()) {
            (Some(near), _) => trouble.help(format!("did you mean `{near}`?")),
            (None, Some(first)) => trouble.help(format!("a text is named by its id, such as `{}`", first.id)),
            (None, None) => trouble.help("it has no texts at all: raw texts lie in `content/`"),
        }
    };
    archive.text(&path).or_else(|| by_path(&path)).or_else(from_here).or_else(by_address).ok_or_else(unknown)
}
