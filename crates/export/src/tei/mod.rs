//! TEI P5: a text with its record in the header, its blocks in the text, and what stands on it beside it,
//! in `standOff`, with pointers to the words.
//!
//! The characters of `text` are those of the raw text, white space and all, but for the readings of
//! misprints (`corr`). What is made is read again before it goes out.

mod body;
mod header;
mod inline;
mod prose;
mod standoff;

use crate::fault::Fault;
use crate::files::{Claim, Files};
use postil_intake::carried;
use postil_site::render::article::Input;
use postil_site::site::Site;

/// The version of TEI that the files are valid against.
pub const VERSION: &str = "4.3.0";

/// The file for what is no text's own.
pub const ARCHIVE: &str = "archive.tei.xml";

/// The file of a text.
///
/// # Errors
/// A file of the archive cannot be read; or the text would not come back as it is, which is a bug.
pub fn text(files: &Files<'_>, input: Input<'_>) -> Result<String, Fault> {
    let id = &input.site.texts[input.text].id;
    let mut body = body::Body::new(input);
    body.text();
    let claim = Claim::new(input.site, input.text, input.doc, body.raw.ends)?;
    let mut with = files.of_text(input.text)?;
    let mut out = String::with_capacity(body.raw.out.len() + 4096);
    begin(&mut out, &claim.says);
    // The raw text comes before its record, if it comes as a file at all.
    let whole = claim.whole.iter();
    header::of_text(&mut out, &body, whole.chain(&with));
    out.push_str(&body.raw.out);
    out.push('\n');
    standoff::of_text(&mut out, &body);
    out.push_str("</TEI>\n");
    with.retain(|file| claim.whole.as_ref().is_none_or(|whole| whole.path != file.path));
    claim.prove(id, &out, &["text"], &with)?;
    Ok(out)
}

/// The file of the archive: its glossary, topics and connections, and a list of its texts.
///
/// # Errors
/// A file of the archive cannot be read.
pub fn archive(files: &Files<'_>) -> Result<String, Fault> {
    let with = files.of_all()?;
    let mut out = String::new();
    begin(&mut out, &format!("<?{}?>", carried::TEXT));
    header::of_archive(&mut out, files.site, with.iter());
    standoff::of_archive(&mut out, files.site);
    out.push_str("</TEI>\n");
    Ok(out)
}

fn begin(out: &mut String, says: &str) {
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(says);
    out.push('\n');
    out.push_str("<TEI xmlns=\"http://www.tei-c.org/ns/1.0\" version=\"");
    out.push_str(VERSION);
    out.push_str("\">\n");
}

/// The address of the site's page, if the site has one.
fn page(site: &Site<'_>, address: &str) -> Option<String> {
    let base = site.archive.config.base_url.as_deref()?;
    Some(crate::xml::address(&format!("{base}/{address}")))
}
