//! Dates as archives know them: EDTF (ISO 8601-2), level 1 and what archives need of level 2.
//!
//! A date may lack a day or a month, be about or uncertain, have unknown digits, name a season,
//! span years, or lie before our era. Whatever it says, it is a stretch of days: the earliest and
//! the latest that it allows.

use std::cmp::{Ordering, Reverse};
use std::fmt;

use jiff::civil;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

mod refused;
pub mod spoken;

pub use refused::{Offer, Refusal};

/// When something was, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Date {
    /// One day, month, season, year, decade …
    Point(Point),
    /// From one to another: `1821/1823`. Open where there is none (`../1823`); never on both sides.
    Span(Option<Point>, Option<Point>),
}

/// A day, month, season or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Point {
    /// Whether the year has a minus: `-0043` is 44 BC.
    negative: bool,
    year: [u8; 4],
    /// 01 to 12, or a season, 21 to 24.
    month: Option<[u8; 2]>,
    /// Only with a month.
    day: Option<[u8; 2]>,
    /// How sure it is.
    pub doubt: Doubt,
}

/// How sure a date is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// Known.
    #[default]
    None,
    /// `1821~`.
    About,
    /// `1821?`.
    Uncertain,
    /// `1821%`.
    Both,
}

/// A month or a day, as far as its digits are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its number.
    Known(u8),
    /// One digit is known: `1X`. Shown with a dash for the other, as catalogues do.
    Partly([char; 2]),
    /// Not known at all.
    Unknown,
}

impl Date {
    /// Reads EDTF.
    ///
    /// # Errors
    /// What is wrong, and what to write instead as far as that can be told.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::read(text).ok_or_else(|| Refusal::of(text))
    }

    fn read(text: &str) -> Option<Self> {
        let Some((from, until)) = text.split_once('/') else {
            let point = Point::read(text)?;
            // Of what is not known at all nothing can be said.
            return (point.year != *b"XXXX" || point.month.is_some()).then_some(Self::Point(point));
        };
        let end = |end: &str| match end {
            "" | ".." => Some(None),
            _ => Point::read(end).map(Some),
        };
        match (end(from)?, end(until)?) {
            (None, None) => None,
            (Some(from), Some(until)) if from.first_day() > until.last_day() => None,
            (from, until) => Some(Self::Span(from, until)),
        }
    }

    /// A day.
    pub fn of_day(day: civil::Date) -> Self {
        let two = |number: i8| decimal(u16::try_from(number).unwrap_or_default());
        let point = Point::of_year(day.year());
        Self::Point(Point { month: Some(two(day.month())), day: Some(two(day.day())), ..point })
    }

    /// A year.
    pub fn of_year(year: i16) -> Self {
        Self::Point(Point::of_year(year))
    }

    /// The earliest day that it allows; the first of all days if its beginning is open.
    pub fn first_day(self) -> civil::Date {
        match self {
            Self::Point(point) | Self::Span(Some(point), _) => point.first_day(),
            Self::Span(None, _) => civil::Date::MIN,
        }
    }

    /// The latest day that it allows; the last of all days if its end is open.
    pub fn last_day(self) -> civil::Date {
        match self {
            Self::Point(point) | Self::Span(_, Some(point)) => point.last_day(),
            Self::Span(_, None) => civil::Date::MAX,
        }
    }

    /// The day it stands at in a list: the earliest that it allows, or its end if its beginning is open.
    pub fn sorts_at(self) -> civil::Date {
        match self {
            Self::Span(None, Some(until)) => until.last_day(),
            _ => self.first_day(),
        }
    }

    /// The year it stands at in a list.
    pub fn year(self) -> i16 {
        self.sorts_at().year()
    }

    /// First and last year; none where it is open.
    pub fn years(self) -> (Option<i16>, Option<i16>) {
        let from = (!matches!(self, Self::Span(None, _))).then(|| self.first_day().year());
        let until = (!matches!(self, Self::Span(_, None))).then(|| self.last_day().year());
        (from, until)
    }

    /// The day, month or year, if it says exactly that: what programs read that know no EDTF.
    pub fn plain(self) -> Option<(i16, Option<i8>, Option<i8>)> {
        let Self::Point(point) = self else { return None };
        let part = |part: Option<Part>| match part {
            None => Some(None),
            Some(Part::Known(number @ 1..=31)) => Some(i8::try_from(number).ok()),
            Some(_) => None,
        };
        let known = point.doubt == Doubt::None && !point.year.contains(&b'X');
        let (month, day) = (part(point.month())?, part(point.day())?);
        (known && month.is_none_or(|month| month <= 12)).then(|| (self.year(), month, day))
    }

    /// Whether it is a stretch of years, or open, rather than a day, month, season or year.
    pub fn is_long(self) -> bool {
        let (from, until) = self.years();
        from.is_none() || from != until
    }
}

impl Point {
    fn of_year(year: i16) -> Self {
        let digits = decimal(year.unsigned_abs());
        Self { negative: year < 0, year: digits, month: None, day: None, doubt: Doubt::None }
    }

    fn read(text: &str) -> Option<Self> {
        let (text, doubt) = match text.as_bytes().last()? {
            b'~' => (&text[..text.len() - 1], Doubt::About),
            b'?' => (&text[..text.len() - 1], Doubt::Uncertain),
            b'%' => (&text[..text.len() - 1], Doubt::Both),
            _ => (text, Doubt::None),
        };
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let mut parts = text.split('-');
        let year = digits(parts.next()?)?;
        let month = parts.next().map(digits).map_or(Some(None), |month| month.map(Some))?;
        let day = parts.next().map(digits).map_or(Some(None), |day| day.map(Some))?;
        let point = Self { negative, year, month, day, doubt };
        let season = month.is_some_and(|month| month[0] == b'2');
        let good = parts.next().is_none() && !(season && day.is_some()) && point.find(false).is_some();
        good.then_some(point)
    }

    /// The earliest day that it allows.
    pub fn first_day(self) -> civil::Date {
        self.find(false).unwrap_or(civil::Date::MIN)
    }

    /// The latest day that it allows.
    pub fn last_day(self) -> civil::Date {
        let Some(first) = self.find(true) else { return civil::Date::MAX };
        match (self.season(true), self.month, self.day) {
            (Some(_), _, _) => first
                .checked_add(jiff::Span::new().months(2))
                .map_or(civil::Date::MAX, civil::Date::last_of_month),
            (None, None, _) => first.last_of_year(),
            (None, Some(_), None) => first.last_of_month(),
            (None, Some(_), Some(_)) => first,
        }
    }

    /// The first day of the earliest, or of the latest, day, month, season or year that its digits allow.
    fn find(self, latest: bool) -> Option<civil::Date> {
        let all = |range: std::ops::RangeInclusive<i16>, reverse: bool| -> Box<dyn Iterator<Item = i16>> {
            if reverse { Box::new(range.rev()) } else { Box::new(range) }
        };
        // A year before our era is the later the smaller its digits are.
        let years = match self.year.contains(&b'X') {
            true => all(0..=9999, latest != self.negative),
            false => Box::new(std::iter::once(value(self.year))),
        };
        for year in years.filter(|year| fits(decimal(year.unsigned_abs()), self.year)) {
            let year = if self.negative { -year } else { year };
            let months = match (self.month, self.season(latest)) {
                (_, Some(season)) => Box::new(std::iter::once(3 * (season - 20))),
                (None, None) => Box::new(std::iter::once(1)),
                (Some(_), None) => all(1..=12, latest),
            };
            let is_season = self.season(latest).is_some();
            let pattern = self.month.filter(|_| !is_season);
            let fitting =
                |month: &i16| pattern.is_none_or(|pattern| fits(decimal(month.unsigned_abs()), pattern));
            for month in months.filter(fitting) {
                let days =
                    if self.day.is_some() { all(1..=31, latest) } else { Box::new(std::iter::once(1)) };
                let found = days
                    .filter(|day| self.day.is_none_or(|pattern| fits(decimal(day.unsigned_abs()), pattern)))
                    .find_map(|day| {
                        civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
                    });
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// The first or the last of the seasons that the digits allow: 21 to 24.
    fn season(self, latest: bool) -> Option<i16> {
        match self.month? {
            [b'2', b'X'] => Some(if latest { 24 } else { 21 }),
            [b'2', digit @ b'1'..=b'4'] => Some(20 + i16::from(digit - b'0')),
            _ => None,
        }
    }

    /// The digits of its year, if all are known: before our era, negative or 0.
    pub fn year(self) -> Option<i16> {
        let year = (!self.year.contains(&b'X')).then(|| value(self.year))?;
        Some(if self.negative { -year } else { year })
    }

    /// The first year of the decade, if it says one: `182X` is 1820.
    pub fn decade(self) -> Option<i16> {
        let [a, b, c, last] = self.year;
        let is_decade = last == b'X' && ![a, b, c].contains(&b'X') && !self.negative && self.month.is_none();
        is_decade.then(|| value([a, b, c, b'0']))
    }

    /// The year with a dash for each digit that is not known, as catalogues write it: `17--`.
    pub fn dashed_year(self) -> String {
        let digits = self.year.iter().map(|&digit| if digit == b'X' { '-' } else { char::from(digit) });
        let minus = self.negative.then_some('\u{2212}');
        minus.into_iter().chain(digits).collect()
    }

    /// Its month, or its season, 21 to 24.
    pub fn month(self) -> Option<Part> {
        self.month.map(Part::of)
    }

    /// Its day.
    pub fn day(self) -> Option<Part> {
        self.day.map(Part::of)
    }
}

impl Part {
    fn of(digits: [u8; 2]) -> Self {
        match digits {
            [b'X', b'X'] => Self::Unknown,
            _ if digits.contains(&b'X') => {
                Self::Partly(digits.map(|digit| if digit == b'X' { '-' } else { char::from(digit) }))
            }
            [tens, ones] => Self::Known((tens - b'0') * 10 + (ones - b'0')),
        }
    }
}

/// Digits and `X`, of this number exactly.
fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'X').then_some(bytes)
}

/// The last digits of a number, zeros before them.
fn decimal<const N: usize>(mut number: u16) -> [u8; N] {
    let mut out = [b'0'; N];
    for digit in out.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out
}

fn value(digits: [u8; 4]) -> i16 {
    digits.iter().fold(0, |number, digit| number * 10 + i16::from(digit - b'0'))
}

fn fits<const N: usize>(digits: [u8; N], pattern: [u8; N]) -> bool {
    digits.iter().zip(pattern).all(|(digit, wanted)| wanted == b'X' || *digit == wanted)
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Date {
    /// By the day it [stands at](Date::sorts_at); of one day, what is less exact first.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |date: &Self| (date.sorts_at(), Reverse(date.last_day()), date.to_string());
        if self == other { Ordering::Equal } else { key(self).cmp(&key(other)) }
    }
}

impl fmt::Display for Date {
    /// EDTF.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: &Option<Point>| end.map_or_else(|| "..".to_owned(), |point| point.to_string());
        match self {
            Self::Point(point) => point.fmt(f),
            Self::Span(from, until) => write!(f, "{}/{}", end(from), end(until)),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |f: &mut fmt::Formatter<'_>, digits: &[u8]| {
            digits.iter().try_for_each(|&digit| fmt::Write::write_char(f, char::from(digit)))
        };
        f.write_str(if self.negative { "-" } else { "" })?;
        write(f, &self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            f.write_str("-")?;
            write(f, &part)?;
        }
        f.write_str(match self.doubt {
            Doubt::None => "",
            Doubt::About => "~",
            Doubt::Uncertain => "?",
            Doubt::Both => "%",
        })
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What the program keeps for itself does not say what comes: it is a string, as below.
        match deserializer.is_human_readable() {
            true => deserializer.deserialize_any(DateVisitor),
            false => deserializer.deserialize_str(DateVisitor),
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a date such as {EXPECTED}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        Date::parse(text).map_err(|refusal| E::custom(refusal.message))
    }

    fn visit_i64<E: Error>(self, year: i64) -> Result<Date, E> {
        Date::parse(&year.to_string()).map_err(|refusal| E::custom(refusal.message))
    }
}

const EXPECTED: &str = "`2009-08-31`, `\"2009-08\"` or `\"2009\"`";

/// A stretch of time; an end that is not given is open. Both ends belong to it,
/// a month or year as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// First day, month or year.
    pub from: Option<Date>,
    /// Last day, month or year.
    pub until: Option<Date>,
}

impl Period {
    /// Whether some day of the date is in the period.
    pub fn meets(self, date: Date) -> bool {
        self.from.is_none_or(|from| from.first_day() <= date.last_day())
            && self.until.is_none_or(|until| date.first_day() <= until.last_day())
    }

    /// Whether every day of the date is in the period.
    pub fn covers(self, date: Date) -> bool {
        self.from.is_none_or(|from| from.first_day() <= date.first_day())
            && self.until.is_none_or(|until| date.last_day() <= until.last_day())
    }

    /// How many days lie between the date and the period; 0 if they meet.
    pub fn days_from(self, date: Date) -> u32 {
        let days = |from: civil::Date, to: civil::Date| {
            from.until(to).map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
        };
        let before = self.from.map_or(0, |from| days(date.last_day(), from.first_day()));
        let after = self.until.map_or(0, |until| days(until.last_day(), date.first_day()));
        before.max(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).expect("a date")
    }

    #[test]
    fn dates_are_read_and_shown() {
        for text in [
            "2009",
            "2009-08",
            "2009-08-31",
            "2008-02-29",
            "0001-01-01",
            "0000",
            "-0043",
            "-0043-03-15",
            "1821~",
            "1821?",
            "1821%",
            "1821-05~",
            "182X",
            "18XX",
            "1X21",
            "17XX-12-11",
            "1821-XX-04",
            "1821-05-XX",
            "1821-XX-XX",
            "1821-1X",
            "1817-21",
            "1817-24",
            "1821/1823",
            "1815~/1818?",
            "../1823",
            "1821/..",
            "17XX-02-29",
            "XXXX-12-11",
        ] {
            assert_eq!(date(text).to_string(), text);
        }
        assert_eq!(date("/1823"), date("../1823"));
        assert_eq!(date("1821/"), date("1821/.."));
        assert_eq!(Date::of_year(-43), date("-0043"));
        assert_eq!(Date::of_day(civil::date(2009, 8, 1)), date("2009-08-01"));
    }

    #[test]
    fn a_date_is_the_days_that_it_allows() {
        #[track_caller]
        fn check(text: &str, first: &str, last: &str) {
            let days = (date(text).first_day().to_string(), date(text).last_day().to_string());
            assert_eq!((&*days.0, &*days.1), (first, last), "{text}");
        }
        check("2009", "2009-01-01", "2009-12-31");
        check("2008-02", "2008-02-01", "2008-02-29");
        check("2009-08-31", "2009-08-31", "2009-08-31");
        check("1821~", "1821-01-01", "1821-12-31");
        check("182X", "1820-01-01", "1829-12-31");
        check("1X21", "1021-01-01", "1921-12-31");
        check("17XX-12-11", "1700-12-11", "1799-12-11");
        check("17XX-02-29", "1704-02-29", "1796-02-29");
        check("1821-XX-04", "1821-01-04", "1821-12-04");
        check("1821-XX-31", "1821-01-31", "1821-12-31");
        check("1821-02-XX", "1821-02-01", "1821-02-28");
        check("1821-02-2X", "1821-02-20", "1821-02-28");
        check("1821-1X", "1821-10-01", "1821-12-31");
        check("1817-21", "1817-03-01", "1817-05-31");
        check("1817-22", "1817-06-01", "1817-08-31");
        check("1817-24", "1817-12-01", "1818-02-28");
        check("1817-2X", "1817-03-01", "1818-02-28");
        check("9999-24", "9999-12-01", "9999-12-31");
        check("-0043", "-000043-01-01", "-000043-12-31");
        check("-004X", "-000049-01-01", "-000040-12-31");
        check("1815~/1818?", "1815-01-01", "1818-12-31");
        check("../1823", "-009999-01-01", "1823-12-31");
        check("1821/..", "1821-01-01", "9999-12-31");
    }

    #[test]
    fn dates_stand_at_the_earliest_day_the_less_exact_first() {
        let sorted =
            ["-0043", "18XX", "1815/1822", "1815-02", "1820", "1820-01", "1821-02-03", "../1823", "1824"];
        let mut dates: Vec<Date> = sorted.iter().rev().map(|text| date(text)).collect();
        dates.sort();
        assert_eq!(dates.iter().map(Date::to_string).collect::<Vec<_>>(), sorted);
        assert_eq!(date("../1823").sorts_at().to_string(), "1823-12-31");
        assert_eq!(date("1821/..").sorts_at().to_string(), "1821-01-01");
    }

    #[test]
    fn only_what_everybody_reads_is_plain() {
        assert_eq!(date("2009-08").plain(), Some((2009, Some(8), None)));
        assert_eq!(date("-0043").plain(), Some((-43, None, None)));
        for text in ["1821~", "182X", "1821-XX-04", "1821-05-XX", "1817-21", "1821/1823", "1821/.."] {
            assert_eq!(date(text).plain(), None, "{text}");
        }
    }

    #[test]
    fn periods_meet_and_cover() {
        let check = |from: Option<&str>, until: Option<&str>, day, meets, covers| {
            let period = Period { from: from.map(date), until: until.map(date) };
            assert_eq!(
                (period.meets(date(day)), period.covers(date(day))),
                (meets, covers),
                "{period:?} {day}"
            );
        };
        check(None, None, "2009", true, true);
        check(Some("2005-04-01"), None, "2005", true, false);
        check(Some("2005-04-01"), None, "2005-03-31", false, false);
        check(None, Some("2016-05-11"), "2016-05-11", true, true);
        check(None, Some("2016-05-11"), "2016-05-12", false, false);
        check(None, Some("2016-05-11"), "2016-05", true, false);
        check(Some("2016-05-12"), None, "2016-05", true, false);
        check(None, Some("2016"), "2016-12-31", true, true);
    }

    #[test]
    fn distances_are_days() {
        let period = Period { from: Some(date("2005")), until: Some(date("2006-01")) };
        assert_eq!(period.days_from(date("2005-07")), 0);
        assert_eq!(period.days_from(date("2004-12-30")), 2);
        assert_eq!(period.days_from(date("2006-02")), 1);
    }
}
