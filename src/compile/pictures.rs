//! Pictures that lie beside texts, notes and pages: published as they are, if a page shows them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::outlet::Outlet;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Diagnostic, Error};
use postil_site::proof;
use postil_site::site::Site;
use postil_site::site::picture::{self, Picture, Pictures};

/// The pictures that an archive has.
pub(super) fn list(archive: &Archive, site: &Site<'_>) -> Result<Pictures, Error> {
    let named =
        archive.unexpected.iter().map(|problem| &*problem.place.path).filter(|path| picture::is_named(path));
    let look = |path: &str| {
        // That it is too large is told where it is named.
        let bytes = archive.file(path)?.value;
        let size = bytes.map_or(Err("is too large, or gone"), |bytes| picture::size(&bytes));
        let picture = size.map(|size| Picture { address: site.original_address(path), size });
        Ok((path.to_owned(), picture))
    };
    named.map(look).collect()
}

/// Publishes the pictures that pages show; others have no meaning here.
pub(super) fn publish(
    archive: &Archive,
    site: &Site<'_>,
    outlet: &Outlet<'_>,
    reads: &[Arc<proof::Read>],
    problems: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    let shown: BTreeSet<&str> = if site.pictures.is_empty() {
        BTreeSet::new()
    } else {
        reads.iter().flat_map(|read| read.files()).collect()
    };
    let there: BTreeSet<String> = outlet.addresses().into_iter().collect();
    for (path, picture) in &site.pictures {
        let address = site.original_address(path);
        // One that a text was made from is published already.
        if there.contains(&address) {
            continue;
        }
        match picture {
            Ok(_) if shown.contains(&*address) => {
                if let Some(bytes) = archive.file(path)?.take(problems) {
                    outlet.file(&address, &bytes)?;
                }
            }
            _ => problems
                .extend(archive.unexpected.iter().find(|problem| *problem.place.path == **path).cloned()),
        }
    }
    Ok(())
}
