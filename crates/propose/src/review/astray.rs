//! Quotations that their own text does not have: is it another text that was meant?
//!
//! The first that looks at more than one text at a time. Only what went astray is
//! looked for, so an archive without such quotations pays nothing.

use rayon::prelude::*;

use postil_anchor::anchor::{self, Astray};
use postil_anchor::document;
use postil_anchor::document::record::Record;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Diagnostic, Error, Place};

/// Most quotations that are looked for, and most bytes of texts that are looked through:
/// messages are not worth more.
const MOST_WORDS: usize = 50;
const MOST_BYTES: usize = 256 << 20;

/// Adds to problems where the words stand, if they do in another text than their own.
///
/// `records` are those of the texts, in their order.
///
/// # Errors
/// A raw text cannot be read.
pub fn say_where(
    archive: &Archive,
    records: &[&Record],
    astray: &[Astray],
    problems: &mut [Diagnostic],
) -> Result<(), Error> {
    let wanted = &astray[..astray.len().min(MOST_WORDS)];
    if wanted.is_empty() {
        return Ok(());
    }
    let mut found: Vec<Vec<(String, Place)>> = vec![Vec::new(); wanted.len()];
    let mut left = MOST_BYTES;
    // A few texts at a time: those that were looked through are dropped.
    for (files, records) in archive.texts.raw.chunks(64).zip(records.chunks(64)) {
        let looked = files.par_iter().zip(records).map(|(file, record)| {
            let Some(bytes) = archive.load(file)?.value else { return Ok((0, Vec::new())) };
            let (id, path) = (file.id.clone(), file.path.clone());
            let Some(doc) = document::parse(id, path, &bytes, file.format, record).value else {
                return Ok((bytes.len(), Vec::new()));
            };
            let stands = |one: &Astray| {
                let range = anchor::stands_in(&doc, &one.words)?;
                Some((doc.id.to_string(), doc.place(range)))
            };
            Ok((bytes.len(), wanted.iter().map(stands).collect::<Vec<_>>()))
        });
        for (bytes, places) in looked.collect::<Result<Vec<_>, Error>>()? {
            left = left.saturating_sub(bytes);
            for (list, place) in found.iter_mut().zip(places) {
                list.extend(place);
            }
        }
        if left == 0 {
            break;
        }
    }
    for (one, places) in wanted.iter().zip(found) {
        let here =
            |place: &Place| (&place.path, place.line, place.column) == (&one.path, one.line, one.column);
        let problem = problems.iter_mut().find(|problem| here(&problem.place));
        if let (Some(problem), Some((id, place))) = (problem, places.into_iter().next()) {
            say(problem, &id, place);
        }
    }
    Ok(())
}

fn say(problem: &mut Diagnostic, id: &str, place: Place) {
    // What is near in the wrong text is beside the point.
    problem.related.clear();
    problem.fixes.clear();
    problem.label = "these words are in another text".to_owned();
    problem.related.push((place, format!("found in the text `{id}`")));
    let is_note = problem.place.path.ends_with(".md");
    problem.help = vec![if is_note {
        format!("if that text is meant, move the file to `annotations/{id}/`")
    } else {
        format!("if that text is meant, write `text = \"{id}\"`")
    }];
}
