//! A day as people write it: its number, the month by name, the year.

use super::Date;

/// Words that may stand in a date and say nothing.
const FILLERS: [&str; 13] =
    ["the", "of", "day", "in", "on", "den", "der", "am", "le", "du", "de", "del", "el"];

/// The months by their names and abbreviations in the languages that pages speak, and in roman figures.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "jan", "januar", "jänner", "janvier", "janv", "enero", "gennaio", "januari", "janeiro",
        "styczeń", "stycznia", "ianuarie", "i", "ionawr",
    ],
    &[
        "february",
        "feb",
        "febr",
        "februar",
        "février",
        "févr",
        "febrero",
        "febbraio",
        "februari",
        "fevereiro",
        "luty",
        "lutego",
        "ii",
        "chwefror",
    ],
    &["march", "mar", "märz", "mars", "marzo", "maart", "março", "marzec", "marca", "iii", "mawrth"],
    &["april", "apr", "avril", "avr", "abril", "aprile", "kwiecień", "kwietnia", "iv", "ebrill"],
    &["may", "mai", "mayo", "maggio", "mei", "maio", "maj", "maja", "v"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "junho", "czerwiec", "czerwca", "vi", "mehefin"],
    &[
        "july",
        "jul",
        "juli",
        "juillet",
        "juil",
        "julio",
        "luglio",
        "julho",
        "lipiec",
        "lipca",
        "vii",
        "gorffennaf",
    ],
    &["august", "aug", "août", "aout", "agosto", "augustus", "sierpień", "sierpnia", "viii", "awst"],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "settembre",
        "setembro",
        "wrzesień",
        "września",
        "ix",
        "medi",
    ],
    &[
        "october",
        "oct",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "październik",
        "października",
        "x",
        "hydref",
    ],
    &["november", "nov", "novembre", "noviembre", "novembro", "listopad", "listopada", "xi", "tachwedd"],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "déc",
        "diciembre",
        "dicembre",
        "dezembro",
        "grudzień",
        "grudnia",
        "xii",
        "rhagfyr",
    ],
];

/// Reads EDTF, or a day, a month by name and a year; nothing where a word of it is not understood.
pub fn read(words: &str) -> Option<Date> {
    let words = words.trim();
    Date::parse(words).ok().or_else(|| of_east_asia(words)).or_else(|| of_parts(words))
}

fn of_parts(words: &str) -> Option<Date> {
    let (mut day, mut month, mut year) = (None, None, None);
    let words = words.to_lowercase();
    for part in words.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty()) {
        let part = part.trim_end_matches(['.', ':', ';']);
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, ending) = part.split_at(digits);
        let is_month = || MONTHS.iter().position(|names| names.contains(&part));
        if digits == 4 && ending.is_empty() && year.is_none() {
            year = Some(number.to_owned());
        } else if (1..=2).contains(&digits)
            && matches!(ending, "" | "st" | "nd" | "rd" | "th" | "d" | "º" | "er")
            && day.is_none()
        {
            day = Some(number.parse::<u8>().ok()?);
        } else if let Some(found) = is_month().filter(|_| digits == 0 && month.is_none()) {
            month = Some(found + 1);
        } else if !FILLERS.contains(&part) {
            return None;
        }
    }
    Date::parse(&format!("{}-{:02}-{:02}", year?, month?, day?)).ok()
}

/// `1818年3月5日`.
fn of_east_asia(words: &str) -> Option<Date> {
    let (year, rest) = words.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let number = |words: &str| words.trim().parse::<u16>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day.trim_end().strip_suffix('日')?)?);
    Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_a_month_by_name_and_a_year_are_read() {
        #[track_caller]
        fn check(words: &str, expected: &str) {
            assert_eq!(read(words).map(|date| date.to_string()).unwrap_or_default(), expected, "{words}");
        }
        check("5 March 1818", "1818-03-05");
        check("March 5th, 1818.", "1818-03-05");
        check("the 2d of Sept. 1666", "1666-09-02");
        check("5. März 1818", "1818-03-05");
        check("1er août 1789", "1789-08-01");
        check("5 de marzo de 1818", "1818-03-05");
        check("1818年3月5日", "1818-03-05");
        check("5 III 1818 r.", "");
        check("5 III 1818", "1818-03-05");
        check("5 Mawrth 1818", "1818-03-05");
        check("1818-03~", "1818-03~");
        for none in [
            "",
            "March [April?] 5, 1818",
            "Lady Day 1676/7",
            "March 1818",
            "5 March",
            "31 June 1818",
            "5 6 March 1818",
            "5 March 1818 1819",
            "5 March May 1818",
        ] {
            check(none, "");
        }
    }
}
