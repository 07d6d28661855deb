//! Spans of dates as a reader reads them, and dates as programs do.

use crate::render::words::Words;
use postil_archive::sidecar::date::Date;

/// `1 April 2005 to 2016`, `from 2016`, `until 2012`; none without dates.
pub(crate) fn lifetime(words: &Words, from: Option<Date>, until: Option<Date>) -> Option<String> {
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

/// The date's first moment in UTC (RFC 3339), which feeds ask for.
pub(crate) fn rfc3339(date: Date) -> String {
    format!("{:04}-{:02}-{:02}T00:00:00Z", date.year, date.month.unwrap_or(1), date.day.unwrap_or(1))
}
