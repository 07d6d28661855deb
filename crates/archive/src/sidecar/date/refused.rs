//! What people write for dates that is no EDTF, and what to write instead. For messages only.

use super::Date;

/// Why words are no date, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub message: String,
    /// What could have been meant. Of several, somebody has to choose.
    pub offers: Vec<Offer>,
    /// What else to say.
    pub advice: Option<String>,
}

/// A date that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// In EDTF.
    pub date: String,
    /// Whether the words of the source say more than it, and are to be kept as `date_shown`.
    pub keep_words: bool,
    /// What it says, where there is a choice.
    pub says: &'static str,
}

impl Offer {
    fn new(date: impl Into<String>, keep_words: bool, says: &'static str) -> Self {
        Self { date: date.into(), keep_words, says }
    }

    /// As it is written in TOML, which has days of its own.
    pub fn value(&self) -> String {
        let is_day = matches!(Date::read(&self.date).and_then(Date::plain), Some((0.., _, Some(_))));
        if is_day { self.date.clone() } else { format!("\"{}\"", self.date) }
    }
}

impl Refusal {
    fn new(message: String, offers: Vec<Offer>) -> Self {
        Self { message, offers, advice: None }
    }

    fn advised(message: String, advice: impl Into<String>) -> Self {
        Self { message, offers: Vec::new(), advice: Some(advice.into()) }
    }

    /// What is wrong with words that are no date.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        let message = format!("`{text}` is not a date");
        if let Some(refusal) = nearly(text) {
            return refusal;
        }
        let offers = [two_styles, decades, years, spans, about, before, season, spelt_out, numbers]
            .iter()
            .map(|read| read(text))
            .find(|offers| !offers.is_empty())
            .unwrap_or_default();
        // What is offered has to be taken.
        let good = |offer: &Offer| Date::read(&offer.date).is_some();
        let offers: Vec<Offer> = offers.into_iter().filter(good).collect();
        if offers.is_empty() && !text.is_ascii() {
            let advice = "if it is of another calendar, write the Western year, and the words of the source as `date_shown`";
            return Self::advised(message, advice);
        }
        let is_short = text.len() < 4 && text.bytes().all(|b| b.is_ascii_digit());
        Self { advice: is_short.then(|| SHORT_YEAR.to_owned()), ..Self::new(message, offers) }
    }
}

/// In the form of a date, but none.
fn nearly(text: &str) -> Option<Refusal> {
    if let Some(day) = text
        .get(..10)
        .filter(|day| matches!(Date::read(day), Some(Date::Point(point)) if point.day.is_some()))
        && text[10..].starts_with(['T', 't', ' '])
    {
        let message = format!("`{text}` has a time of day");
        return Some(Refusal::new(message, vec![Offer::new(day, false, "")]));
    }
    if let Some((from, until)) = text.split_once('/') {
        if from.trim_matches('.').is_empty() && until.trim_matches('.').is_empty() {
            let message = format!("`{text}` has neither a beginning nor an end");
            return Some(Refusal::advised(
                message,
                "write a beginning or an end: `\"1821/..\"`, `\"../1823\"`",
            ));
        }
        if let (Some(Date::Point(first)), Some(Date::Point(last))) = (Date::read(from), Date::read(until))
            && first.first_day() > last.last_day()
        {
            return Some(Refusal::advised(
                format!("`{text}` ends before it begins"),
                "put the earlier end first",
            ));
        }
        return None;
    }
    let part = |part: Option<&str>| {
        part.is_none_or(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit() || b == b'X'))
    };
    let mut parts = text.trim_start_matches('-').trim_end_matches(['~', '?', '%']).split('-');
    let (year, month, day) = (parts.next()?, parts.next(), parts.next());
    let shaped = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit() || b == b'X');
    if !shaped || !part(month) || !part(day) || parts.next().is_some() {
        return None;
    }
    if year == "XXXX" && month.is_none() {
        let message = format!("`{text}` says nothing");
        return Some(Refusal::advised(message, "leave the key out if the date is not known"));
    }
    let month = month?;
    if let Ok(end) = month.parse::<u32>().map(|month| format!("{}{month:02}", &year[..2]))
        && day.is_none()
        && year < end.as_str()
    {
        // 1815-22 is a summer, but 1815-25 can only be years.
        let mut refusal = Refusal::new(
            format!("there is no month `{month}`"),
            vec![Offer::new(format!("{year}/{end}"), false, "if years from one to the other are meant")],
        );
        refusal.advice = Some(MONTHS_ARE.to_owned());
        return Some(refusal);
    }
    let is_month = month.parse::<u32>().map_or(true, |month| (1..=12).contains(&month));
    Some(match day {
        _ if !is_month => Refusal::advised(format!("there is no month `{month}`"), MONTHS_ARE),
        Some(_) => Refusal::new(format!("there is no day `{text}`"), Vec::new()),
        None => return None,
    })
}

const MONTHS_ARE: &str = "a month is `01` to `12`; `21` to `24` are spring, summer, autumn and winter";

/// `1676/7`: from one year to the next, or one year by two calendars.
fn two_styles(text: &str) -> Vec<Offer> {
    let Some((from, until)) = text.split_once(['/', '–']).map(|(a, b)| (a.trim(), b.trim())) else {
        return Vec::new();
    };
    let is_short = from.len() == 4 && (1..=2).contains(&until.len()) && number(from).is_some();
    let Some((first, short)) = number(from).zip(number(until)).filter(|_| is_short) else {
        return Vec::new();
    };
    let all = if until.len() == 1 { 10 } else { 100 };
    let last = first - first % all + short;
    let last = if last <= first { last + all } else { last };
    let span = Offer::new(format!("{first:04}/{last:04}"), false, "a span");
    match text.contains('/') && last == first + 1 {
        true => vec![span, Offer::new(format!("{last:04}"), true, "two styles of one year")],
        false => vec![Offer { says: "", ..span }],
    }
}

/// `1820s`, `182x`, `17--`, `182-`, `182u`, `19th century`.
fn decades(text: &str) -> Vec<Offer> {
    let bare = text.strip_prefix("the ").unwrap_or(text);
    if let Some(years) =
        bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).or_else(|| bare.strip_suffix('s'))
        && years.len() == 4
        && number(years).is_some()
    {
        return match (years.strip_suffix("00"), years.strip_suffix('0')) {
            (Some(century), Some(decade)) => vec![
                Offer::new(format!("{century}XX"), true, "the century"),
                Offer::new(format!("{decade}X"), true, "the decade"),
            ],
            (None, Some(decade)) => vec![Offer::new(format!("{decade}X"), true, "")],
            _ => Vec::new(),
        };
    }
    let century = bare.split_once(' ').filter(|(_, word)| matches!(*word, "century" | "cent." | "c."));
    if let Some((nth, _)) = century {
        let nth = nth.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        return match number(nth) {
            Some(nth @ 2..=99) => vec![Offer::new(format!("{:02}XX", nth - 1), true, "")],
            _ => Vec::new(),
        };
    }
    let unknown = |c: char| if matches!(c, 'x' | 'u' | '-' | '_' | '.' | '–' | '—') { 'X' } else { c };
    let year: String = text.trim_matches(['[', ']']).chars().map(unknown).collect();
    let year = if year.len() == 4 && year.ends_with('?') { year.replace('?', "X") } else { year };
    let is_year = year.len() == 4 && year.ends_with('X') && number(year.trim_end_matches('X')).is_some();
    if is_year { vec![Offer::new(year, !text.ends_with(['x', 'u']), "")] } else { Vec::new() }
}

/// Years that are not four digits, in brackets, or with the name of an era.
fn years(text: &str) -> Vec<Offer> {
    if let Some(year) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let (year, doubt) = year.strip_suffix('?').map_or((year, ""), |year| (year, "?"));
        return match number(year) {
            Some(year) => vec![Offer::new(format!("{year:04}{doubt}"), true, "")],
            None => Some(about(year)).filter(|about| !about.is_empty()).unwrap_or_else(|| again(year)),
        };
    }
    let upper = text.to_ascii_uppercase();
    let era = |names: &[&str]| {
        let bare =
            names.iter().find_map(|name| upper.strip_suffix(name).or_else(|| upper.strip_prefix(name)))?;
        number(bare.trim())
    };
    if let Some(year) = era(&["B.C.E.", "BCE", "B.C.", "BC", "V. CHR.", "AV. J.-C.", "A. C."]) {
        let year = year.max(1) - 1;
        let sign = if year == 0 { "" } else { "-" };
        return vec![Offer::new(format!("{sign}{year:04}"), false, "")];
    }
    if let Some(year) = era(&["A.D.", "AD", "C.E.", "CE", "N. CHR."]) {
        return vec![Offer::new(format!("{year:04}"), false, "")];
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    match number(digits) {
        Some(year) if digits.len() < 4 => vec![Offer::new(format!("{sign}{year:04}"), false, "")],
        _ => Vec::new(),
    }
}

const SHORT_YEAR: &str = "a year has four digits; of another calendar write the Western year, and the words of the source as `date_shown`";

/// `1815-1822`, `1815–1822`, `unknown/1823`, `1821/open`.
fn spans(text: &str) -> Vec<Offer> {
    let old = text.replace("unknown", "..").replace("open", "..");
    if text.contains('/') && Date::read(&old).is_some() {
        return vec![Offer::new(old, false, "")];
    }
    for sign in [" to ", " - ", " – ", "–", "—", "-"] {
        let Some((from, until)) = text.split_once(sign) else { continue };
        let (from, until) = (from.trim(), until.trim());
        if from.len() >= 4 && until.len() >= 4 && Date::read(from).is_some() && Date::read(until).is_some() {
            return vec![Offer::new(format!("{from}/{until}"), false, "")];
        }
        if Date::read(from).is_some() && from.len() >= 4 && until.is_empty() {
            return vec![Offer::new(format!("{from}/.."), false, "")];
        }
    }
    Vec::new()
}

/// `c. 1821`, `1821 ca.`, `vers 1821`.
fn about(text: &str) -> Vec<Offer> {
    const ABOUT: [&str; 14] = [
        "circa", "ca.", "ca", "c.", "c", "about", "around", "approx.", "um", "env.", "vers", "hacia",
        "około", "~",
    ];
    let lower = text.to_ascii_lowercase();
    let rest = ABOUT.iter().find_map(|word| {
        let before =
            lower.strip_prefix(word).filter(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        let behind = || lower.strip_suffix(word).filter(|rest| rest.ends_with(' '));
        before.or_else(behind)
    });
    let Some(rest) = rest.map(str::trim) else { return Vec::new() };
    let (rest, doubt) = rest.strip_suffix('?').map_or((rest, "~"), |rest| (rest.trim(), "%"));
    match Date::read(rest) {
        Some(Date::Point(_)) => vec![Offer::new(format!("{rest}{doubt}"), true, "")],
        _ => {
            again(rest).into_iter().map(|offer| Offer { date: format!("{}~", offer.date), ..offer }).collect()
        }
    }
}

/// `before 1823`, `after 1821`.
fn before(text: &str) -> Vec<Offer> {
    let lower = text.to_ascii_lowercase();
    let after =
        |words: &[&str]| words.iter().find_map(|word| Some(lower.strip_prefix(word)?.trim().to_owned()));
    let good = |date: &String| Date::read(date).is_some();
    if let Some(date) =
        after(&["before", "not after", "until", "vor", "bis", "avant", "ante", "prima del"]).filter(good)
    {
        return vec![Offer::new(format!("../{date}"), true, "")];
    }
    if let Some(date) =
        after(&["after", "not before", "since", "from", "nach", "seit", "ab", "après", "post"]).filter(good)
    {
        return vec![Offer::new(format!("{date}/.."), true, "")];
    }
    Vec::new()
}

/// `Spring 1817`, `the Autumn of 1817`.
fn season(text: &str) -> Vec<Offer> {
    const SEASONS: [&str; 5] = ["spring", "summer", "autumn", "winter", "fall"];
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split([' ', ',']).filter(|word| !matches!(*word, "" | "the" | "of" | "in")).collect();
    let [season, year] = words[..] else { return Vec::new() };
    let season = SEASONS.iter().position(|name| *name == season);
    match season.zip(number(year).filter(|_| year.len() == 4)) {
        Some((season, _)) => {
            vec![Offer::new(format!("{year}-{}", if season == 4 { 23 } else { 21 + season }), true, "")]
        }
        None => Vec::new(),
    }
}

/// `24 October 2006`, `Oct. 24th, 2006`, `October 2006`.
fn spelt_out(text: &str) -> Vec<Offer> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split([' ', ',', '.', '-']).filter(|word| !matches!(*word, "" | "of" | "the")).collect();
    let month = |word: &str| {
        let at = MONTHS.iter().position(|month| word.starts_with(month))?;
        word.chars().all(|c| c.is_ascii_alphabetic()).then_some(at + 1)
    };
    let day = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        number(digits).filter(|day| (1..=31).contains(day))
    };
    let read = match words[..] {
        [a, b, year] => {
            let found = month(a).zip(day(b)).or_else(|| month(b).zip(day(a)));
            found
                .zip(number(year).filter(|_| year.len() == 4))
                .map(|((m, d), y)| format!("{y:04}-{m:02}-{d:02}"))
        }
        [name, year] => {
            month(name).zip(number(year).filter(|_| year.len() == 4)).map(|(m, y)| format!("{y:04}-{m:02}"))
        }
        _ => None,
    };
    read.map(|date| Offer::new(date, false, "")).into_iter().collect()
}

/// `2009-8-1`, `2009/08/01`, `20090801`: numbers whose order is plain, since the year is first.
fn numbers(text: &str) -> Vec<Offer> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let cut: Vec<&str> = match text {
        _ if text.len() == 8 && number(text).is_some() => vec![&text[..4], &text[4..6], &text[6..]],
        _ => parts,
    };
    let numbers: Option<Vec<u32>> = cut.iter().map(|part| number(part)).collect();
    let Some(numbers) = numbers.filter(|_| cut[0].len() == 4) else { return Vec::new() };
    match numbers[..] {
        [y, m] => vec![Offer::new(format!("{y:04}-{m:02}"), false, "")],
        [y, m, d] => vec![Offer::new(format!("{y:04}-{m:02}-{d:02}"), false, "")],
        _ => Vec::new(),
    }
}

/// What is offered for a part of the words.
fn again(rest: &str) -> Vec<Offer> {
    let offers = [decades, season, spelt_out].iter().map(|read| read(rest)).find(|offers| !offers.is_empty());
    offers.unwrap_or_default().into_iter().map(|offer| Offer { keep_words: true, ..offer }).collect()
}

/// ASCII digits and nothing else, few enough for a year.
fn number(text: &str) -> Option<u32> {
    (text.len() <= 8 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_offered() {
        #[track_caller]
        fn check(text: &str, expected: &[(&str, bool)]) {
            let refusal = Date::parse(text).expect_err(text);
            let offers: Vec<_> = refusal.offers.iter().map(|o| (o.date.as_str(), o.keep_words)).collect();
            assert_eq!(offers, expected, "{text}: {refusal:?}");
            for offer in refusal.offers {
                assert_eq!(Date::parse(&offer.date).expect("it is taken").to_string(), offer.date);
            }
        }
        check("c. 1821", &[("1821~", true)]);
        check("ca 1821?", &[("1821%", true)]);
        check("circa 1820s", &[("182X~", true)]);
        check("~1821", &[("1821~", true)]);
        check("1820s", &[("182X", true)]);
        check("the 1800s", &[("18XX", true), ("180X", true)]);
        check("19th century", &[("18XX", true)]);
        check("17--", &[("17XX", true)]);
        check("182x", &[("182X", false)]);
        check("182?", &[("182X", true)]);
        check("[1821]", &[("1821", true)]);
        check("[1821?]", &[("1821?", true)]);
        check("[c. 1821]", &[("1821~", true)]);
        check("1815-1822", &[("1815/1822", false)]);
        check("1815 – 1822", &[("1815/1822", false)]);
        check("1914-", &[("1914/..", false)]);
        check("unknown/1823", &[("../1823", false)]);
        check("1676/7", &[("1676/1677", false), ("1677", true)]);
        check("1699/00", &[("1699/1700", false), ("1700", true)]);
        check("1815/22", &[("1815/1822", false)]);
        check("1815-25", &[("1815/1825", false)]);
        check("276", &[("0276", false)]);
        check("44 BC", &[("-0043", false)]);
        check("1 BC", &[("0000", false)]);
        check("AD 79", &[("0079", false)]);
        check("-43", &[("-0043", false)]);
        check("before 1823", &[("../1823", true)]);
        check("after 1821-05", &[("1821-05/..", true)]);
        check("The Autumn of 1817", &[("1817-23", true)]);
        check("Feb. 23, 1817", &[("1817-02-23", false)]);
        check("24th October 2006", &[("2006-10-24", false)]);
        check("May 1821", &[("1821-05", false)]);
        check("2009-8", &[("2009-08", false)]);
        check("2009/08/01", &[("2009-08-01", false)]);
        check("20090801", &[("2009-08-01", false)]);
        check("2009-08-01T12:00:00", &[("2009-08-01", false)]);
        for text in [
            "",
            "-",
            "august",
            "+009",
            "2009-08-01-01",
            "２００９",
            "2009-08-0é x",
            "04/05/1821",
            "é",
            "2009-02-30",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn what_nothing_can_be_offered_for_is_said() {
        #[track_caller]
        fn check(text: &str, message: &str, advice: &str) {
            let refusal = Date::parse(text).expect_err(text);
            assert_eq!(refusal.message, message);
            assert!(refusal.advice.as_deref().is_some_and(|said| said.contains(advice)), "{refusal:?}");
        }
        check("1821-13", "there is no month `13`", "`01` to `12`");
        check("1821-13-01", "there is no month `13`", "`21` to `24`");
        check("1821-22-01", "there is no month `22`", "`01` to `12`");
        check("../..", "`../..` has neither a beginning nor an end", "a beginning or an end");
        check("/", "`/` has neither a beginning nor an end", "a beginning or an end");
        check("1823/1821", "`1823/1821` ends before it begins", "earlier");
        check("XXXX", "`XXXX` says nothing", "leave");
        check("1418 هـ", "`1418 هـ` is not a date", "Western year");
    }
}
