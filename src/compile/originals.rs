//! Files that texts were derived from: published as they are, if they still are what the record says.

use std::collections::BTreeSet;

use super::outlet::Outlet;
use postil_anchor::document;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Code, Diagnostic, Error, Place};
use postil_site::site::{Site, picture};

/// Publishes the originals that records name, and tells of files that nothing names. Gives the addresses of those
/// that are not there.
pub(super) fn publish(
    archive: &Archive,
    site: &Site<'_>,
    outlet: &Outlet<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Result<BTreeSet<String>, Error> {
    let (mut out, mut named, mut missing) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (file, plan) in archive.texts.iter().zip(&site.texts) {
        for original in &plan.record.originals {
            let place =
                plan.record.place(Some(original.span)).unwrap_or_else(|| Place::file(file.path.clone()));
            let path = original.path.as_str();
            named.insert(path);
            let Some(bytes) = archive.file(path)?.take(problems) else {
                let message = format!("there is no original `{path}`");
                let problem = Diagnostic::error(Code::ORIGINAL_CHANGED, place, message);
                problems.push(problem.help("put the file back beside the text, or mend its name here"));
                missing.insert(site.original_address(path));
                continue;
            };
            let found = document::checksum(&bytes);
            if found != original.sha256 {
                let message = format!("`{path}` is not the original of this record");
                problems.push(
                    Diagnostic::error(Code::ORIGINAL_CHANGED, place, message)
                        .label(format!("the record says {}", original.sha256))
                        .related(Place::file(path), format!("the file has {found}"))
                        .help("put the original back as it was; a text is derived anew from another one"),
                );
            }
            if out.insert(path) {
                outlet.file(&site.original_address(path), &bytes)?;
            }
        }
    }
    // Whether a picture is of use is known when all pages are made.
    let unnamed = archive.unexpected.iter().filter(|problem| !named.contains(&*problem.place.path));
    let unnamed = unnamed.filter(|problem| !picture::is_named(&problem.place.path));
    problems.extend(unnamed.cloned());
    Ok(missing)
}
