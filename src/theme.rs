//! What the program carries within it: the default theme, so that it works alone.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use postil_archive::archive::{self, Archive, DefaultTheme, Store, ThemeFile};
use postil_archive::diagnostic::{Checked, Error};

/// The default theme as it is maintained.
static MAINTAINED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Its scripts and style sheets as they are published; `tests/small` makes them.
static SMALL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/theme/small");

static DEFAULT: LazyLock<DefaultTheme> = LazyLock::new(|| {
    let mut files = Vec::new();
    add(&MAINTAINED, &mut files);
    DefaultTheme { files, english: include_str!("../themes/default/lang/en.toml") }
});

fn add(folder: &'static Dir<'_>, files: &mut Vec<ThemeFile>) {
    for file in folder.files() {
        let parts: Vec<_> = file.path().iter().map(|part| part.to_string_lossy()).collect();
        let path = parts.join("/");
        let small = path.strip_prefix("assets/").and_then(|name| SMALL.get_file(name));
        let bytes = file.contents();
        files.push(ThemeFile { path, bytes, published: small.map_or(bytes, |small| small.contents()) });
    }
    folder.dirs().for_each(|inner| add(inner, files));
}

/// The default theme.
pub fn default_theme() -> &'static DefaultTheme {
    &DEFAULT
}

/// Reads an archive from its folder; the default theme stands in for what it has none of its own of.
///
/// # Errors
/// A folder or file cannot be read. What is wrong with the files themselves is among the problems.
pub fn read(root: &Path) -> Result<Checked<Archive>, Error> {
    archive::read(Store::Disk(root.to_owned()), &DEFAULT)
}
