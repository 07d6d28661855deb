//! Which sense of a term a text means, by the dates of both.

use crate::annotation::{Sense, Term};
use postil_archive::sidecar::date::Date;

/// A term and one of its senses, by index.
pub(super) type Pick = (usize, usize);

/// What the dates say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// One sense fits.
    One(Pick),
    /// None fits; this is the nearest.
    OutOfTime(Pick),
    /// Several are left.
    Many(Vec<Pick>),
}

/// Chooses among all senses of the terms.
///
/// Months and years are spans. A sense fits if its span meets the text's; of
/// several, one that covers all of the text's span.
pub(super) fn choose(terms: &[Term], candidates: &[usize], date: Option<Date>) -> Choice {
    let text = date.map_or(EVER, |date| Days { first: first_day(date), last: last_day(date) });
    let picks: Vec<(Pick, Days)> = candidates
        .iter()
        .flat_map(|&term| {
            terms[term].senses.iter().enumerate().map(move |(i, sense)| ((term, i), days(sense)))
        })
        .collect();
    let of = |fits: &dyn Fn(&Days) -> bool| -> Vec<Pick> {
        picks.iter().filter(|(_, days)| fits(days)).map(|(pick, _)| *pick).collect()
    };
    let meeting = of(&|days| days.first <= text.last && text.first <= days.last);
    let covering = of(&|days| days.first <= text.first && text.last <= days.last);
    match (&meeting[..], &covering[..]) {
        ([one], _) | (_, [one]) => Choice::One(*one),
        ([], _) => nearest(&picks, text),
        (_, []) => Choice::Many(meeting),
        _ => Choice::Many(covering),
    }
}

fn nearest(picks: &[(Pick, Days)], text: Days) -> Choice {
    let distance = |days: &Days| (days.first - text.last).max(text.first - days.last);
    let least = picks.iter().map(|(_, days)| distance(days)).min();
    let near = picks.iter().filter(|(_, days)| Some(distance(days)) == least).map(|(pick, _)| *pick);
    match near.collect::<Vec<_>>()[..] {
        [one] => Choice::OutOfTime(one),
        ref several => Choice::Many(several.to_vec()),
    }
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy)]
struct Days {
    first: i64,
    last: i64,
}

/// No bound on either side; far from overflow when subtracted.
const EVER: Days = Days { first: i64::MIN / 4, last: i64::MAX / 4 };

fn days(sense: &Sense) -> Days {
    Days { first: sense.from.map_or(EVER.first, first_day), last: sense.until.map_or(EVER.last, last_day) }
}

fn first_day(date: Date) -> i64 {
    number(date.year, date.month.unwrap_or(1), date.day.unwrap_or(1))
}

fn last_day(date: Date) -> i64 {
    let month = date.month.unwrap_or(12);
    number(date.year, month, date.day.unwrap_or_else(|| month_length(date.year, month)))
}

/// A number that grows with the day. Every month counts 31 days: only order
/// and, roughly, distance matter.
fn number(year: i16, month: i8, day: i8) -> i64 {
    i64::from(year) * 372 + i64::from(month) * 31 + i64::from(day)
}

fn month_length(year: i16, month: i8) -> i8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
