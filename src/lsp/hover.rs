//! What there is to say of a place: what a name means, where a quotation stands, what a key is for.

use std::ops::Range;
use std::sync::Arc;

use super::desk::Reading;
use super::names::{self, Stretch};
use super::schema;
use super::spot::{Here, Means, Name, Spot};
use postil_anchor::anchor::Passage;
use postil_anchor::anchor::finder::Finder;
use postil_anchor::anchor::layers::Index;
use postil_anchor::annotation::{Selector, TermRowOn};
use postil_anchor::document::Document;
use postil_archive::diagnostic::Error;
use postil_propose::propose::prove::Text;
use postil_site::site::cut;

/// Most places of one quotation that are shown.
const PLACES: usize = 3;

/// What there is to say of a byte of a file, and of which stretch.
pub(super) fn hover(
    reading: &Reading,
    path: &str,
    text: &str,
    spot: &Spot,
    byte: usize,
) -> Result<Option<(String, Range<usize>)>, Error> {
    let at = spot.typed.clone();
    if let Some((name, at)) = spot.name(text, byte) {
        let date = names::date_of(reading, &spot.kind)?;
        let said = names::about(reading, &name, date)?;
        return Ok(said.map(|said| (said, at)));
    }
    match &spot.here {
        Here::Key { path, .. } => {
            let Some(root) = schema::of(&spot.kind) else { return Ok(None) };
            let mut path = path.clone();
            path.push(text[at.clone()].to_owned());
            let about = schema::about(&schema::at(root, &path));
            Ok((!about.is_empty()).then(|| (about.to_owned(), at)))
        }
        Here::Raw(id) => raw(reading, id, byte),
        Here::Quotation(_) | Here::Value { .. } => {
            let Some((of, places, words)) = quotation(reading, path, text, spot, byte)? else {
                return Ok(None);
            };
            Ok(Some((stands(&of.doc, &places), words)))
        }
        Here::Header { .. } | Here::Link | Here::Prose => Ok(None),
    }
}

/// Where the words stand that are quoted here.
fn stands(doc: &Document, places: &[Passage]) -> String {
    if places.is_empty() {
        return format!("These words do not stand in `{}`.", doc.source.path);
    }
    let place = |passage: &Passage| {
        let block = doc.block_at(passage.start());
        let hull = passage.hull();
        let end = block.text.end.max(hull.start);
        let before = &doc.visible[block.text.start..hull.start];
        let words = passage.words(doc);
        let after = &doc.visible[hull.end.min(end)..end];
        let (is_cut, sentence) = cut::sentence_before(before);
        let (rest, goes_on) = cut::sentence_after(&words, after);
        let sign = |there: bool| if there { "… " } else { "" };
        let quoted = format!(
            "{}{}**{}**{}{}",
            sign(is_cut),
            names::shown(&cut::tail(sentence, 300).replace('\n', " ")),
            names::shown(words.trim()).replace('\n', " "),
            names::shown(&cut::head(rest, 300).replace('\n', " ")),
            if goes_on { " …" } else { "" },
        );
        format!("p{}, line {} of `{}`:\n\n> {quoted}\n", block.number, block.lines.0, doc.source.path)
    };
    let mut shown: Vec<String> = places.iter().take(PLACES).map(place).collect();
    if places.len() > PLACES {
        shown.push(format!("and in {} more places\n", places.len() - PLACES));
    }
    shown.join("\n")
}

/// A text that is quoted, where in it the words stand, and where they stand in the file that quotes them.
type Quoted = (Arc<Text>, Vec<Passage>, Range<usize>);

/// What is quoted at a place.
pub(super) fn quotation(
    reading: &Reading,
    path: &str,
    text: &str,
    spot: &Spot,
    byte: usize,
) -> Result<Option<Quoted>, Error> {
    let of = match (&spot.here, spot.means(text)) {
        (Here::Quotation(of), _) => of.clone(),
        (_, Means::Words(Some(of))) => of,
        _ => return Ok(None),
    };
    let Some(of) = reading.text(&of)? else { return Ok(None) };
    let all = reading.annotations();
    let index = Index::new(all);
    let layers = index.layers(&of.doc.id, of.date);
    let finder = Finder::new(&of.doc, &layers);
    // As it is meant in its row, if the file can be read.
    let rows = layers.apparatuses.iter().flat_map(|rows| {
        let terms = rows.terms.iter().filter_map(|row| match &row.on {
            TermRowOn::Place(selector) => Some(selector),
            TermRowOn::Form(_) => None,
        });
        let structure = rows.structure.iter().map(|row| &row.selector);
        let corrections = rows.corrections.iter().map(|row| &row.selector);
        let furniture = rows.furniture.iter().map(|row| &row.selector);
        structure.chain(corrections).chain(furniture).chain(terms)
    });
    let others = layers.passages.iter().map(|(_, _, passage)| &passage.selector);
    let others = others.chain(layers.ends.iter().map(|(_, _, end)| &end.selector));
    let notes = layers.notes.iter().flat_map(|(_, note)| &note.selectors);
    let is_here = |selector: &&Selector| {
        *selector.source.path == *path && selector.span.start <= byte && byte <= selector.span.end
    };
    if let Some(selector) = notes.chain(others).chain(rows).find(is_here) {
        let places = finder.places(selector).unwrap_or_default();
        return Ok(Some((of.clone(), places, selector.span.range())));
    }
    // Else as the words alone say.
    let words = &text[spot.typed.clone()];
    let places = match &spot.here {
        Here::Quotation(_) => finder.find(words),
        _ => finder.find_literal(words, "", ""),
    };
    Ok(Some((of.clone(), places.unwrap_or_default(), spot.typed.clone())))
}

/// What stands on a word of a raw text.
fn raw(reading: &Reading, id: &str, byte: usize) -> Result<Option<(String, Range<usize>)>, Error> {
    let (Some(text), Some(resolved)) = (reading.text(id)?, reading.resolved(id)?) else { return Ok(None) };
    let Some(at) = names::seen(&text.doc, byte) else { return Ok(None) };
    let holds = |passage: &Passage| passage.ranges.iter().any(|range| range.start <= at && at < range.end);
    let all = reading.annotations();
    let mut said = Vec::new();
    let mut stretch = None;
    for place in resolved.uses.iter().filter(|place| holds(&place.passage)) {
        said.push(names::about_term(&all.terms[place.term], Some(place.sense)));
        stretch.get_or_insert(place.passage.hull());
    }
    for (note, places) in &resolved.notes {
        let Some(passage) = places.iter().find(|passage| holds(passage)) else { continue };
        let note = &all.notes[*note];
        let name = Name::Note(note.text.to_string(), note.slug.clone());
        said.extend(names::about(reading, &name, text.date)?);
        stretch.get_or_insert(passage.hull());
    }
    for (topic, passage, places) in &resolved.passages {
        let Some(place) = places.iter().find(|place| holds(place)) else { continue };
        let topic = &all.topics[*topic];
        let why = topic.passages[*passage].why.as_ref().map(names::first_words).unwrap_or_default();
        said.push(format!("**{}** · topic\n\n{why}", topic.title));
        stretch.get_or_insert(place.hull());
    }
    let block = text.doc.block_at(at);
    said.push(format!("p{}", block.number));
    let stretch = stretch.map(|range| names::in_file(&text.doc, range)).unwrap_or(byte..byte);
    Ok(Some((said.join("\n\n---\n\n"), stretch)))
}

/// Where to go from a place: to what has its name here, or to the words that are quoted.
pub(super) fn definition(
    reading: &Reading,
    path: &str,
    text: &str,
    spot: &Spot,
    byte: usize,
) -> Result<Vec<Stretch>, Error> {
    if let Some((name, _)) = spot.name(text, byte) {
        return names::defined(reading, &name);
    }
    if let Here::Raw(id) = &spot.here {
        return of_raw(reading, id, byte)?.iter().try_fold(Vec::new(), |mut all, name| {
            all.extend(names::defined(reading, name)?);
            Ok(all)
        });
    }
    let Some((of, places, _)) = quotation(reading, path, text, spot, byte)? else { return Ok(Vec::new()) };
    let place = |passage: &Passage| (of.doc.source.path.to_string(), names::in_file(&of.doc, passage.hull()));
    Ok(places.iter().map(place).collect())
}

/// What stands on a word of a raw text: terms and notes.
pub(super) fn of_raw(reading: &Reading, id: &str, byte: usize) -> Result<Vec<Name>, Error> {
    let (Some(text), Some(resolved)) = (reading.text(id)?, reading.resolved(id)?) else {
        return Ok(Vec::new());
    };
    let Some(at) = names::seen(&text.doc, byte) else { return Ok(Vec::new()) };
    let holds = |passage: &Passage| passage.ranges.iter().any(|range| range.start <= at && at < range.end);
    let all = reading.annotations();
    let uses = resolved.uses.iter().filter(|place| holds(&place.passage));
    let terms = uses.map(|place| Name::Term(all.terms[place.term].slug.clone(), None));
    let notes = resolved.notes.iter().filter(|(_, places)| places.iter().any(holds));
    let notes = notes.map(|(note, _)| {
        let note = &all.notes[*note];
        Name::Note(note.text.to_string(), note.slug.clone())
    });
    Ok(terms.chain(notes).collect())
}
