//! Notes with all their places.

use super::fold::fold;
use super::place::{Candidate, Outcome};
use super::report::Reporter;
use super::{Layers, Passage};
use crate::annotation::{Note, Words};
use postil_archive::diagnostic::{Code, Diagnostic, Fix, Span};
use postil_archive::index::NoteIx;

/// How many words a body must share with what follows its quotation to be taken
/// for a part of it; fewer if that is all of its first paragraph.
const ALIKE: usize = 5;
/// The same for a short first paragraph.
const ALIKE_SHORT: usize = 3;

/// The notes in reading order, and those that could not be placed.
///
/// A note that lost one of its places is broken as a whole: showing it at the
/// others would hide that.
pub(super) fn place(
    layers: &Layers<'_>,
    outcomes: &[Outcome],
    reporter: &Reporter<'_>,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<(NoteIx, Vec<Passage>)>, Vec<NoteIx>) {
    let mut notes = Vec::with_capacity(layers.notes.len());
    let mut unplaced = Vec::new();
    let mut rest = outcomes;
    for &(index, note) in &layers.notes {
        let (own, others) = rest.split_at(note.selectors.len());
        rest = others;
        let places: Option<Vec<&[Candidate]>> = own.iter().map(|outcome| outcome.as_deref().ok()).collect();
        let Some(places) = places else {
            unplaced.push(index);
            notes.push((index, Vec::new()));
            continue;
        };
        if let Some(last) = places.last() {
            problems.extend(body_continues(note, last, reporter));
        }
        let mut passages: Vec<Passage> = places.concat().into_iter().map(|place| place.passage).collect();
        passages.sort_by(|a, b| a.ranges.cmp(&b.ranges));
        passages.dedup();
        notes.push((index, passages));
    }
    notes.sort_by_key(|(index, places)| (places.first().map(Passage::hull), *index));
    (notes, unplaced)
}

/// Whether the body begins with the words that follow the quotation in the text.
fn body_continues(note: &Note, places: &[Candidate], reporter: &Reporter<'_>) -> Option<Diagnostic> {
    let selector = note.selectors.last()?;
    let (Some(Words::Quotation(_)), [place]) = (&selector.words, places) else { return None };
    let lines = note.body.text.lines().map(str::trim);
    let first: Vec<&str> =
        lines.skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty()).collect();
    let body = fold(&first.join(" "));
    if body.is_empty() {
        return None;
    }
    let stream = reporter.stream(place);
    let follows = stream.text[place.whole.1..].trim_start_matches(' ');
    let words = body.split(' ').zip(follows.split(' '));
    let alike = words.take_while(|(ours, theirs)| ours == theirs).count();
    let whole = alike == body.split(' ').count();
    if alike < ALIKE && !(whole && alike >= ALIKE_SHORT) {
        return None;
    }
    let start = note.body.span.start + (note.body.text.len() - note.body.text.trim_start().len());
    let end = start + first.first().map_or(0, |line| line.len());
    // Only if all of the paragraph is the text's words; else nobody knows where the note begins.
    let fix = whole.then(|| {
        let from = selector.span.end;
        let end = note.body.span.start + note.body.text.find(first.last()?)? + first.last()?.len();
        let lines: Vec<String> = first.iter().map(|line| format!("> {line}")).collect();
        let edit = note.source.edit(from..end, format!("\n>\n{}", lines.join("\n")));
        Some(Fix::propose("put `> ` before these words", edit))
    });
    let place_in_text = reporter.streams.doc.place(place.passage.hull());
    Some(
        Diagnostic::error(
            Code::BODY_CONTINUES_QUOTE,
            note.source.place(Span { start, end }),
            "the body begins with the words that follow the quotation in the text",
        )
        .label("this stands in the text, after the quotation")
        .related(place_in_text, "the quotation")
        .help("put `> ` before this line too; between two paragraphs of one quotation, a line with `>` alone")
        .help("if the note does begin with these words, begin it with another")
        .fix(fix.flatten()),
    )
}
