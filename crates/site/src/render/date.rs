//! Dates as a reader reads them, and as programs do.

use crate::render::context::When;
use crate::render::tongue;
use crate::render::words::Words;
use crate::site::TextPlan;
use postil_archive::sidecar::date::{Date, Doubt, Part, Point};

impl Words {
    /// A date as it is shown, with as much of it as is known.
    pub fn when(&self, date: Date) -> When {
        // What HTML takes for a date is a plain one of our era.
        let iso = date.plain().filter(|&(year, ..)| year > 0).map(|_| date.to_string());
        When {
            long: self.date("months", date),
            short: self.date("months_short", date),
            iso: iso.unwrap_or_default(),
            year: self.year(date.year()),
        }
    }

    /// When a text was made: in the words of its source, if its record has them.
    pub fn made(&self, plan: &TextPlan) -> Option<When> {
        let when = plan.date().map(|date| self.when(date));
        match &plan.record.date_shown {
            Some(shown) => {
                Some(When { long: shown.clone(), short: shown.clone(), ..when.unwrap_or_default() })
            }
            None => when,
        }
    }

    /// What a text is called far from its page: with its year, or its years.
    pub fn titled(&self, plan: &TextPlan) -> String {
        match plan.date() {
            Some(date) => format!("{}, {}", plan.short, self.years(date)),
            None => plan.short.clone(),
        }
    }

    /// A year; one before our era, counted as astronomers do, as people call it.
    pub(crate) fn year(&self, year: i16) -> String {
        match year {
            1.. => year.to_string(),
            _ => self.fill("date_before_era", &[("year", &(1 - i32::from(year)).to_string())]),
        }
    }

    /// A date by its years alone.
    pub(crate) fn years(&self, date: Date) -> String {
        match date {
            Date::Point(point) => self.year_of(point),
            Date::Span(from, until) => self.span(from, until, |point| self.year_of(point)),
        }
    }

    fn date(&self, months: &str, date: Date) -> String {
        match date {
            Date::Point(point) => self.point(months, point),
            Date::Span(from, until) => self.span(from, until, |point| self.point(months, point)),
        }
    }

    fn span(&self, from: Option<Point>, until: Option<Point>, shown: impl Fn(Point) -> String) -> String {
        match (from.map(&shown), until.map(&shown)) {
            (Some(from), Some(until)) if from == until => from,
            (Some(from), Some(until)) if [&from, &until].iter().any(|end| end.contains([' ', '-'])) => {
                format!("{from} – {until}")
            }
            (Some(from), Some(until)) => format!("{from}–{until}"),
            (Some(date), None) => self.fill("from_date", &[("date", &date)]),
            (None, Some(date)) => self.fill("until_date", &[("date", &date)]),
            (None, None) => String::new(),
        }
    }

    fn point(&self, months: &str, point: Point) -> String {
        let date = self.certain(months, point);
        let doubtful = |key| self.fill(key, &[("date", &date)]);
        match point.doubt {
            Doubt::None => date,
            Doubt::About => doubtful("date_about"),
            Doubt::Uncertain => doubtful("date_uncertain"),
            Doubt::Both => doubtful("date_uncertain_about"),
        }
    }

    fn certain(&self, months: &str, point: Point) -> String {
        let year = self.year_of(point);
        let nth = |key: &str, index: u8| {
            let all = self.get(key);
            let word = match tongue::unmarked(all) {
                Some(english) => english.split('|').nth(index.into()).map(tongue::marked),
                None => all.split('|').nth(index.into()).map(str::to_owned),
            };
            word.unwrap_or_default()
        };
        // A dash for each digit that is not known, as catalogues have it.
        let dashed = |digits: [char; 2]| digits.iter().collect::<String>().trim_start_matches('0').to_owned();
        let day = match point.day() {
            Some(Part::Known(day)) => Some(day.to_string()),
            Some(Part::Partly(digits)) => Some(dashed(digits)),
            Some(Part::Unknown) | None => None,
        };
        let month = match point.month() {
            Some(Part::Known(season @ 21..)) => {
                return self
                    .fill("date_season", &[("season", &nth("seasons", season - 21)), ("year", &year)]);
            }
            Some(Part::Known(month)) => nth(months, month.saturating_sub(1)),
            Some(Part::Partly(_) | Part::Unknown) if day.is_some() => "--".to_owned(),
            Some(Part::Partly(_) | Part::Unknown) | None => return year,
        };
        let key = match day.as_deref() {
            Some("1") => "date_first",
            Some(_) => "date_day",
            None => "date_month",
        };
        self.fill(key, &[("day", &day.unwrap_or_default()), ("month", &month), ("year", &year)])
    }

    fn year_of(&self, point: Point) -> String {
        if let Some(year) = point.year() {
            return self.year(year);
        }
        match point.decade() {
            Some(year) => {
                let last = (year + 9).to_string();
                self.fill("date_decade", &[("year", &year.to_string()), ("last", &last)])
            }
            None => point.dashed_year(),
        }
    }
}

/// `1 April 2005 to 2016`, `from 2016`, `until 2012`; none without dates.
pub fn lifetime(words: &Words, from: Option<Date>, until: Option<Date>) -> Option<String> {
    let long = |date: Date| words.when(date).long;
    match (from, until) {
        (Some(from), Some(until)) => {
            Some(words.fill("from_until", &[("from", &long(from)), ("until", &long(until))]))
        }
        (Some(date), None) => Some(words.fill("from_date", &[("date", &long(date))])),
        (None, Some(date)) => Some(words.fill("until_date", &[("date", &long(date))])),
        (None, None) => None,
    }
}

/// The first moment (RFC 3339, in UTC) of the day that a date stands at, which feeds ask for; none before our era.
pub fn rfc3339(date: Date) -> Option<String> {
    (date.year() > 0).then(|| format!("{:04}T00:00:00Z", date.sorts_at()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::words::english_theme;

    fn when(date: &str) -> When {
        Words::new(&english_theme(), "en").value.when(Date::parse(date).expect("a date"))
    }

    #[test]
    fn a_date_shows_what_is_known() {
        #[track_caller]
        fn check(date: &str, expected: [&str; 4]) {
            let When { long, short, iso, year } = when(date);
            assert_eq!([long, short, iso, year], expected);
        }
        check("2006-10-24", ["24 October 2006", "24 Oct 2006", "2006-10-24", "2006"]);
        check("2009-08", ["August 2009", "Aug 2009", "2009-08", "2009"]);
        check("0987", ["987", "987", "0987", "987"]);
        check("1821~", ["about 1821", "about 1821", "", "1821"]);
        check("-0043-03-15", ["15 March 44 BC", "15 Mar 44 BC", "", "44 BC"]);
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        #[track_caller]
        fn check(date: &str, expected: &str) {
            assert_eq!(when(date).long, expected, "{date}");
        }
        check("1821?", "perhaps 1821");
        check("1821-05%", "perhaps about May 1821");
        check("182X", "1820s");
        check("182X~", "about 1820s");
        check("18XX", "18--");
        check("17XX-12-11", "11 December 17--");
        check("1821-XX-04", "4 -- 1821");
        check("1821-XX-XX", "1821");
        check("1821-05-XX", "May 1821");
        check("1821-05-1X", "1- May 1821");
        check("1821-1X", "1821");
        check("1817-21", "Spring 1817");
        check("1817-24~", "about Winter 1817");
        check("1821/1823", "1821–1823");
        check("1815~/1818?", "about 1815 – perhaps 1818");
        check("1821-05-04/1821-06", "4 May 1821 – June 1821");
        check("-0043/0014", "44 BC – 14");
        check("17XX/1823", "17-- – 1823");
        check("../1823", "until 1823");
        check("1821/..", "from 1821");
    }
}
