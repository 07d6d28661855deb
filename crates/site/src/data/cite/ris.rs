//! A reference as RIS.

use super::{Kind, Name, Reference};
use crate::site::cut::spaced;

/// One entry. Lines end as the format wants them, in carriage return and line feed.
pub(crate) fn ris(reference: &Reference) -> String {
    let mut out = String::new();
    let mut line = |tag: &str, value: &str| {
        let value = spaced(value);
        if !value.is_empty() {
            out.push_str(&format!("{tag}  - {value}\r\n"));
        }
    };
    line(
        "TY",
        match reference.kind {
            Kind::Proceedings => "HEAR",
            Kind::Report => "RPRT",
            Kind::Document => "GEN",
        },
    );
    line("ID", &reference.key);
    line("TI", &reference.title);
    for person in &reference.people {
        match person {
            Name::Parts { given, family } => line("AU", &format!("{family}, {given}")),
            // A comma at the end says that it is not to be cut.
            Name::Whole(name) | Name::Body(name) => line("AU", &format!("{name},")),
        }
    }
    if let Some(date) = reference.date {
        let year = Some(date.year()).filter(|year| *year > 0).map(|year| format!("{year:04}"));
        let year = year.unwrap_or_default();
        line("PY", &year);
        let part = |part: Option<i8>| part.map(|part| format!("{part:02}")).unwrap_or_default();
        let more = reference.date_shown.as_ref();
        line(
            "DA",
            &match date.plain() {
                Some((1.., month, day)) => {
                    let more = more.map(|shown| format!("/{shown}")).unwrap_or_default();
                    format!("{year}/{}/{}{more}", part(month), part(day))
                }
                // What numbers do not say stands in the fourth part.
                _ => format!("{year}///{}", more.cloned().unwrap_or_else(|| date.to_string())),
            },
        );
    }
    let mut maybe = |tag: &str, value: Option<&str>| {
        if let Some(value) = value {
            line(tag, value);
        }
    };
    maybe("PB", reference.publisher.as_deref());
    maybe("CY", reference.place.as_deref());
    maybe("AB", reference.summary.as_deref());
    maybe("VL", reference.volume.as_deref());
    let (first, last) = reference.first_and_last().unzip();
    maybe("SP", first);
    maybe("EP", last.flatten());
    maybe("M1", reference.number.as_deref());
    maybe("M3", reference.genre.as_deref());
    maybe("SN", reference.isbn.as_deref());
    maybe("DP", Some(&reference.archive));
    maybe("LA", Some(&reference.lang));
    maybe("UR", reference.url.as_deref().or(reference.source_url.as_deref()));
    out.push_str("ER  - \r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, paper};
    use super::*;

    #[test]
    fn an_entry_has_what_is_known() {
        let expected = "TY  - HEAR
ID  - commons:a
TI  - Women & children: 100% {of} them
AU  - Doughty, Sue
AU  - Baroness Williams of Trafford,
PY  - 2004
DA  - 2004/03/09
PB  - House of Commons
VL  - 418
SP  - 1457W
EP  - 1459W
M3  - Written answer
DP  - An archive
LA  - en-GB
UR  - https://a.example/texts/commons/a.html
ER  - \n";
        assert_eq!(ris(&answer()), expected.replace('\n', "\r\n"));
        let paper = ris(&paper());
        assert!(
            paper.contains("DA  - 2009/08/\r\n") && paper.contains("SN  - 978-0-10-176932-7\r\n"),
            "{paper}"
        );
    }

    #[test]
    fn only_one_run_of_pages_has_a_first_and_a_last() {
        #[track_caller]
        fn check(pages: &str, expected: &str) {
            let ris = ris(&Reference { pages: Some(pages.into()), ..answer() });
            let lines: Vec<&str> =
                ris.lines().filter(|line| line.starts_with("SP") || line.starts_with("EP")).collect();
            assert_eq!(lines.join("; "), expected);
        }
        check("348WH", "SP  - 348WH");
        check("12–15", "SP  - 12; EP  - 15");
        check("12–15, 20–21", "SP  - 12–15, 20–21");
    }

    #[test]
    fn a_value_cannot_begin_a_line() {
        let forged = Reference { title: "a\r\nER  - \nTY  - BOOK".into(), ..paper() };
        assert_eq!(ris(&forged).matches("\r\nER  -").count(), 1);
        assert_eq!(ris(&forged).lines().filter(|l| l.starts_with("TY")).count(), 1);
    }
}
