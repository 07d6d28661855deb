//! Which sense of a term a text means, by the dates of both.

use crate::annotation::Term;
use postil_archive::index::{SenseIx, TermIx};
use postil_archive::sidecar::date::{Date, Period};
use typed_index_collections::TiSlice;

/// A term and one of its senses, by index.
pub(super) type Pick = (TermIx, SenseIx);

/// What the dates say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// One sense fits.
    One(Pick),
    /// None fits; this is the nearest.
    OutOfTime(Pick),
    /// Several are left; or there is none at all, since what the file says of them cannot be read.
    Many(Vec<Pick>),
}

/// The sense of one term that a text of this date means; none if the dates leave several.
pub fn of_date(term: &Term, date: Option<Date>) -> Option<SenseIx> {
    match choose(std::slice::from_ref(term).as_ref(), &[TermIx::from(0)], date) {
        Choice::One((_, sense)) | Choice::OutOfTime((_, sense)) => Some(sense),
        Choice::Many(_) => None,
    }
}

/// Chooses among all senses of the terms.
///
/// Months and years are spans. A sense fits if its span meets the text's; of several, one that
/// covers all of the text's span. A text without a date may be of any day.
pub(super) fn choose(terms: &TiSlice<TermIx, Term>, candidates: &[TermIx], date: Option<Date>) -> Choice {
    let picks: Vec<(Pick, Period)> = candidates
        .iter()
        .flat_map(|&term| {
            terms[term].senses.iter_enumerated().map(move |(i, sense)| ((term, i), sense.period()))
        })
        .collect();
    let of = |fits: &dyn Fn(Period) -> bool| -> Vec<Pick> {
        picks.iter().filter(|(_, period)| fits(*period)).map(|(pick, _)| *pick).collect()
    };
    let meeting = of(&|period| date.is_none_or(|date| period.meets(date)));
    let covering = of(&|period| date.map_or(period == Period::default(), |date| period.covers(date)));
    match (&meeting[..], &covering[..], date) {
        ([one], ..) | (_, [one], _) => Choice::One(*one),
        ([], _, Some(date)) => nearest(&picks, date),
        (_, [], _) => Choice::Many(meeting),
        _ => Choice::Many(covering),
    }
}

/// The sense with the fewest days between it and the date; of two as near, that before the date,
/// since a text knows what was and not what will be.
fn nearest(picks: &[(Pick, Period)], date: Date) -> Choice {
    let distance = |period: Period| {
        let is_later = period.from.is_some_and(|from| from.first_day() > date.last_day());
        (period.days_from(date), is_later)
    };
    let least = picks.iter().map(|(_, period)| distance(*period)).min();
    let near = picks.iter().filter(|(_, period)| Some(distance(*period)) == least).map(|(pick, _)| *pick);
    match near.collect::<Vec<_>>()[..] {
        [one] => Choice::OutOfTime(one),
        ref several => Choice::Many(several.to_vec()),
    }
}
