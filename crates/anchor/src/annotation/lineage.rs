//! What came before and after a sense: it is there, it is another, it has its time, and whoever
//! follows it comes to an end.

use std::collections::{BTreeMap, BTreeSet};

use typed_index_collections::TiSlice;

use super::{Located, Sense, SenseName, Term};
use postil_archive::diagnostic::{Code, Diagnostic, Place};
use postil_archive::index::{SenseIx, TermIx};
use postil_archive::sidecar::date::Date;
use postil_archive::sidecar::suggest;

/// A term by index, and one of its senses if one is named.
type Found = (TermIx, Option<SenseIx>);

/// A sense that its term does not have.
#[derive(Debug)]
pub(super) struct Unknown<'a> {
    term: &'a Term,
    sense: &'a str,
}

impl Unknown<'_> {
    /// The problem of its name, which stands there.
    pub(super) fn problem(&self, place: Place) -> Diagnostic {
        let Self { term, sense } = self;
        let ids: Vec<&str> = term.senses.iter().map(|sense| sense.id.as_str()).collect();
        let message = format!("the term `{}` has no sense `{sense}`", term.slug);
        Diagnostic::error(Code::UNKNOWN_TERM, place, message)
            .related(term.source.start(), "the term")
            .help(format!("its senses are {}", suggest::list(&ids)))
    }
}

/// What a name means among terms that are sorted by slug; none if the file of the term cannot be read.
///
/// # Errors
/// The term has no such sense.
pub(super) fn find<'a>(
    terms: &'a TiSlice<TermIx, Term>,
    name: &'a SenseName,
) -> Result<Option<Found>, Unknown<'a>> {
    let Ok(index): Result<TermIx, _> = terms.binary_search_by(|term| term.slug.cmp(&name.term)) else {
        return Ok(None);
    };
    let term = &terms[index];
    match &name.sense {
        None => Ok(Some((index, None))),
        Some(id) => match term.sense(id) {
            Some(sense) => Ok(Some((index, Some(sense)))),
            None => Err(Unknown { term, sense: id }),
        },
    }
}

/// On which side of a sense another stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Side {
    const BOTH: [Self; 2] = [Self::Before, Self::After];

    fn key(self) -> &'static str {
        match self {
            Self::Before => "predecessor",
            Self::After => "successor",
        }
    }

    fn of(self, sense: &Sense) -> Option<&Located<SenseName>> {
        match self {
            Self::Before => sense.predecessor.as_ref(),
            Self::After => sense.successor.as_ref(),
        }
    }

    fn take(self, sense: &mut Sense) {
        match self {
            Self::Before => sense.predecessor = None,
            Self::After => sense.successor = None,
        }
    }
}

/// A sense by index: of which term, which.
type At = (TermIx, SenseIx);

/// One key of a sense.
type Key = (At, Side);

/// Checks what all senses say of what came before and after them. A key that is wrong is told and taken away.
pub(super) fn check(terms: &mut TiSlice<TermIx, Term>, problems: &mut Vec<Diagnostic>) {
    let keys: Vec<Key> = all(terms).flat_map(|at| Side::BOTH.map(|side| (at, side))).collect();
    let mut ways = Ways::default();
    let mut wrong = Vec::new();
    for key in keys {
        match one(terms, key) {
            Ok(Some((from, to))) => ways.entry(from).or_default().push((to, key)),
            Ok(None) => {}
            Err(problem) => wrong.push((*problem, key)),
        }
    }
    wrong.extend(circles(terms, &ways));
    for (problem, ((term, sense), side)) in wrong {
        problems.push(problem);
        side.take(&mut terms[term].senses[sense]);
    }
}

/// From each sense to those after it, with the key that says so.
type Ways = BTreeMap<At, Vec<(At, Key)>>;

/// All senses.
fn all(terms: &TiSlice<TermIx, Term>) -> impl Iterator<Item = At> {
    terms.iter_enumerated().flat_map(|(term, of)| of.senses.keys().map(move |sense| (term, sense)))
}

/// The keys that close a circle.
fn circles(terms: &TiSlice<TermIx, Term>, ways: &Ways) -> Vec<(Diagnostic, Key)> {
    let mut found = Vec::new();
    // Those on the way that is gone now, and those behind which every way was gone.
    let (mut open, mut done) = (BTreeSet::new(), BTreeSet::new());
    for start in all(terms) {
        if done.contains(&start) {
            continue;
        }
        let mut way = vec![(start, 0)];
        open.insert(start);
        while let Some((here, next)) = way.last_mut() {
            let here = *here;
            let Some(&(to, key)) = ways.get(&here).and_then(|ways| ways.get(*next)) else {
                way.pop();
                open.remove(&here);
                done.insert(here);
                continue;
            };
            *next += 1;
            if open.contains(&to) {
                let from = way.iter().position(|(at, _)| *at == to).unwrap_or_default();
                let circle = way[from..].iter().map(|(at, _)| *at).chain([to]);
                let circle: Vec<String> = circle.map(|at| format!("`{}`", called(terms, at))).collect();
                found.push((closes(terms, key, to, &circle), key));
            } else if !done.contains(&to) {
                way.push((to, 0));
                open.insert(to);
            }
        }
    }
    found
}

/// The problem of a key that closes a circle.
fn closes(
    terms: &TiSlice<TermIx, Term>,
    ((term, sense), side): Key,
    at: At,
    circle: &[String],
) -> Diagnostic {
    let key = side.key();
    let source = &terms[term].source;
    let place = side.of(&terms[term].senses[sense]).map_or(source.start(), |name| source.place(name.span));
    Diagnostic::error(Code::SENSE_BROKEN, place, format!("`{}` comes after itself", called(terms, at)))
        .label(circle.join(", then "))
        .help(format!("take `{key}` away here, or another key of the circle"))
}

/// What one key says: from which sense to which.
fn one(
    terms: &TiSlice<TermIx, Term>,
    ((term, index), side): Key,
) -> Result<Option<(At, At)>, Box<Diagnostic>> {
    let sense = &terms[term].senses[index];
    let Some(name) = side.of(sense) else { return Ok(None) };
    let place = terms[term].source.place(name.span);
    let found = find(terms, &name.value).map_err(|unknown| Box::new(unknown.problem(place.clone())))?;
    let Some((other, which)) = found else { return Ok(None) };
    let own = called(terms, (term, index));
    let key = side.key();
    let broken = |message: String, help: String| {
        Err(Box::new(Diagnostic::error(Code::SENSE_BROKEN, place.clone(), message).help(help)))
    };
    if other == term && which.is_none_or(|which| which == index) {
        let senses = terms[term].senses.iter_enumerated().filter(|(i, _)| *i != index);
        let senses: Vec<String> = senses.map(|(i, _)| called(terms, (term, i))).collect();
        let senses: Vec<&str> = senses.iter().map(String::as_str).collect();
        let of_its_own = if senses.is_empty() {
            String::new()
        } else {
            format!(" or another sense of its own, {},", suggest::list(&senses))
        };
        return broken(
            format!("`{}` is its own {key}", name.value),
            format!("name another term,{of_its_own} or take `{key}` away"),
        );
    }
    // A term with several senses comes before or after as a whole.
    let whole = &terms[other].senses;
    let meant = which.or_else(|| whole.first_key().filter(|_| whole.len() == 1));
    let (Some(first), Some(last)) = (whole.first(), whole.last()) else { return Ok(None) };
    let (first, last) = meant.map_or((first, last), |meant| (&whole[meant], &whole[meant]));
    let (before, after, until) = match side {
        Side::Before => (first.from, sense.from, sense.until),
        Side::After => (sense.from, first.from, last.until),
    };
    let names = match side {
        Side::Before => [name.value.to_string(), own.clone()],
        Side::After => [own.clone(), name.value.to_string()],
    };
    let [earlier, later] = &names;
    let too_early = |date: Option<Date>| {
        date.filter(|date| before.is_some_and(|before| date.last_day() < before.first_day()))
    };
    let wrong = too_early(after).map(|date| format!("begins before it, in {date}"));
    let wrong = wrong.or_else(|| too_early(until).map(|date| format!("ends before that begins, in {date}")));
    if let Some(wrong) = wrong {
        let message = format!("`{later}` is to come after `{earlier}`, but {wrong}");
        return broken(message, format!("mend the dates, or take `{key}` away"));
    }
    let Some(meant) = meant else { return Ok(None) };
    let (own, other) = ((term, index), (other, meant));
    Ok(Some(if side == Side::Before { (other, own) } else { (own, other) }))
}

/// A sense as files name it: by its term alone if that has no other.
fn called(terms: &TiSlice<TermIx, Term>, (term, sense): At) -> String {
    let term = &terms[term];
    match term.senses.len() {
        1 => term.slug.clone(),
        _ => format!("{}/{}", term.slug, term.senses[sense].id),
    }
}
