//! Pictures as pages have them: found beside the file that names them, and shown or linked to.

use crate::render::html::{self, Target};
use crate::site::picture::Picture;
use crate::site::{Site, link};
use postil_anchor::document::{self, Document, TextRange};
use postil_archive::archive::path;
use postil_archive::diagnostic::{Code, Diagnostic, Place, Severity};

/// What the destination of a picture is.
#[derive(Debug)]
pub enum Found<'s> {
    /// A picture of the archive.
    Here(&'s Picture),
    /// An address of another site: its pictures are linked to, not shown, since that site would see each reader.
    Remote(String),
    /// None: why, and the paths where it was looked for.
    None(&'static str, Vec<String>),
}

/// The element, for a page; `more` are attributes that it is to have.
pub(crate) fn element(picture: &Picture, page: &str, alt: &str, more: &str) -> String {
    let Picture { address, size: (width, height) } = picture;
    format!(
        "<img src=\"{}\" alt=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"{more}>",
        html::escaped(&link::relative(page, address)),
        html::escaped(alt)
    )
}

/// The picture that a file of the archive, `from`, names. One of a text lies in the folder of the text's id, where
/// what it was made from lies, too, or beside the text.
pub fn find<'s>(site: &'s Site<'_>, from: &str, id: Option<&str>, destination: &str) -> Found<'s> {
    if let Target::Outside(address) = html::target(destination) {
        return Found::Remote(address);
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folders = id.map(|id| format!("content/{id}")).into_iter().chain([folder.to_owned()]);
    let paths: Vec<String> = folders
        .filter_map(|folder| path::named_from(&folder, destination))
        // Nothing is read elsewhere.
        .filter(|path| path.starts_with("content/") || path.starts_with("annotations/"))
        .collect();
    let mut why = "is not there";
    for path in &paths {
        match site.pictures.get(path) {
            Some(Ok(picture)) => return Found::Here(picture),
            Some(Err(wrong)) => why = wrong,
            None => {}
        }
    }
    Found::None(why, paths)
}

/// What is said of a picture that cannot be shown.
pub fn missing(place: Place, address: &str, why: &str, paths: &[String], severity: Severity) -> Diagnostic {
    let problem =
        Diagnostic::new(Code::PICTURE_MISSING, severity, place, format!("the picture `{address}` {why}"));
    match paths {
        [] => problem.help("its address leads out of the archive: only its description is shown"),
        [path, ..] => {
            problem.help(format!("lay it down as `{path}`; until then only its description is shown"))
        }
    }
}

/// What is said of a picture of another site.
pub fn remote(place: Place, address: &str) -> Diagnostic {
    Diagnostic::warning(
        Code::PICTURE_REMOTE,
        place,
        format!("the picture `{address}` is of another site: the page links to it"),
    )
    .help("to show it, lay a copy beside the file, if its rights allow that, and name that")
}

/// What is wrong with the pictures of a text. Its file is not altered, so nothing of it stops the build.
pub fn wrong(site: &Site<'_>, doc: &Document) -> Vec<Diagnostic> {
    let problem = |picture: &document::Picture| {
        let place = doc.place(TextRange::new(picture.at, picture.at));
        match find(site, &doc.source.path, Some(&doc.id), &picture.address) {
            Found::Here(_) => None,
            Found::Remote(address) => Some(remote(place, &address)),
            Found::None(why, paths) => Some(missing(place, &picture.address, why, &paths, Severity::Warning)),
        }
    };
    doc.pictures.iter().filter_map(problem).collect()
}
