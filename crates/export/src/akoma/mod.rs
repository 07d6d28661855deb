//! Akoma Ntoso 3.0 (OASIS): a text in which somebody speaks, as a debate with its speeches, questions and answers.
//!
//! The characters of `debateBody` are those of the raw text, white space and all. Notes stand in the head, and
//! `noteRef` leads to each where its words end. What is made is read again before it goes out.

mod body;
mod head;

use crate::fault::Fault;
use crate::files::{Claim, Files};
use postil_anchor::annotation::RowKind;
use postil_site::render::article::Input;

/// The namespace of the elements.
const NAMESPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";

/// The file of a text; none if nobody speaks in it.
///
/// # Errors
/// A file of the archive cannot be read; or the text would not come back as it is, which is a bug.
pub fn text(files: &Files<'_>, input: Input<'_>) -> Result<Option<String>, Fault> {
    let is_said = |kind| matches!(kind, RowKind::Speech | RowKind::Question | RowKind::Answer);
    if !input.anchored.structure.iter().any(|row| is_said(row.part.kind)) {
        return Ok(None);
    }
    let id = &input.site.texts[input.text].id;
    let mut body = body::Body::new(input);
    body.text();
    let claim = Claim::new(input.site, input.text, input.doc, body.raw.ends)?;
    let mut with = files.of_text(input.text)?;
    let mut out = String::with_capacity(body.raw.out.len() + 4096);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&claim.says);
    out.push_str(&format!("\n<akomaNtoso xmlns=\"{NAMESPACE}\">\n<debate name=\"debate\">\n"));
    head::write(&mut out, &body, claim.whole.iter().chain(&with));
    out.push_str(&body.raw.out);
    out.push_str("\n</debate>\n</akomaNtoso>\n");
    with.retain(|file| claim.whole.as_ref().is_none_or(|whole| whole.path != file.path));
    claim.prove(id, &out, &["debateBody"], &with)?;
    Ok(Some(out))
}
