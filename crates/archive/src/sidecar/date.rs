//! Dates that may lack a day or a month.

use std::fmt;

use jiff::civil;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A day, a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: Option<i8>,
    /// Day, 1 to 31; only with a month.
    pub day: Option<i8>,
}

impl Date {
    /// Reads `2009`, `2009-08` or `2009-08-31`.
    ///
    /// # Errors
    /// What is wrong, in words for a message.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        let shaped = match parts[..] {
            [y] => digits(y, 4),
            [y, m] => digits(y, 4) && digits(m, 2),
            [y, m, d] => digits(y, 4) && digits(m, 2) && digits(d, 2),
            _ => false,
        };
        if !shaped {
            return Err(match text.as_bytes().get(10) {
                Some(b'T' | b't' | b' ') if Self::parse(&text[..10]).is_ok() => {
                    format!("`{text}` has a time of day: write `{}`", &text[..10])
                }
                _ => format!("`{text}` is not a date: write {EXPECTED}"),
            });
        }
        let number = |part: Option<&&str>| part.and_then(|part| part.parse::<i8>().ok());
        let date = Self {
            year: parts[0].parse().map_err(|_| format!("`{text}` is not a date"))?,
            month: number(parts.get(1)),
            day: number(parts.get(2)),
        };
        if date.first_civil().is_some() { Ok(date) } else { Err(format!("there is no day `{text}`")) }
    }

    fn first_civil(self) -> Option<civil::Date> {
        (self.year > 0).then_some(())?;
        civil::Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()
    }

    /// Its first day.
    pub fn first_day(self) -> civil::Date {
        self.first_civil().unwrap_or(civil::Date::MIN)
    }

    /// Its last day.
    pub fn last_day(self) -> civil::Date {
        let first = self.first_day();
        match (self.month, self.day) {
            (None, _) => first.last_of_year(),
            (Some(_), None) => first.last_of_month(),
            (Some(_), Some(_)) => first,
        }
    }
}

const EXPECTED: &str = "`2009-08-31`, `\"2009-08\"` or `\"2009\"`";

impl fmt::Display for Date {
    /// ISO 8601, as long as it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DateVisitor)
    }
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a date such as {EXPECTED}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        Date::parse(text).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, year: i64) -> Result<Date, E> {
        Date::parse(&year.to_string()).map_err(E::custom)
    }
}

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
        for text in ["2009", "2009-08", "2009-08-31", "2008-02-29", "0001-01-01"] {
            assert_eq!(date(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_date_is_said() {
        let check = |text, expected| assert_eq!(Date::parse(text), Err(String::from(expected)));
        check("2009-02-30", "there is no day `2009-02-30`");
        check("2009-13", "there is no day `2009-13`");
        check("2009-00", "there is no day `2009-00`");
        check("0000", "there is no day `0000`");
        check("2009-8", "`2009-8` is not a date: write `2009-08-31`, `\"2009-08\"` or `\"2009\"`");
        check("2009-08-01T12:00:00", "`2009-08-01T12:00:00` has a time of day: write `2009-08-01`");
        for text in ["", "-", "august", "20090801", "+009", "2009-08-01-01", "２００９", "2009-08-0é x"]
        {
            assert!(Date::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn months_and_years_are_spans() {
        let check = |text, first: &str, last: &str| {
            assert_eq!(date(text).first_day().to_string(), first);
            assert_eq!(date(text).last_day().to_string(), last);
        };
        check("2009", "2009-01-01", "2009-12-31");
        check("2008-02", "2008-02-01", "2008-02-29");
        check("2009-08-31", "2009-08-31", "2009-08-31");
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
