//! A reference as BibTeX, with the fields of biblatex beside the old ones.

use super::{Kind, Name, Reference};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// One entry, ending in a line break.
pub(crate) fn bibtex(reference: &Reference) -> String {
    let kind = match reference.kind {
        Kind::Report => "techreport",
        Kind::Proceedings | Kind::Document => "misc",
    };
    let mut out = format!("@{kind}{{{}", reference.key);
    let mut raw = |name: &str, value: &str| {
        out.push_str(",\n  ");
        out.push_str(name);
        out.push_str(" = ");
        out.push_str(value);
    };
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            raw(name, &format!("{{{}}}", escaped(value)));
        }
    };
    let people: Vec<String> = reference.people.iter().map(name).collect();
    // The braces keep the capitals, and a name that is not to be cut.
    let title = format!("{{{}}}", escaped(&reference.title));
    let body = match reference.kind {
        Kind::Report => "institution",
        Kind::Proceedings | Kind::Document => "publisher",
    };
    field(body, reference.publisher.as_deref());
    field("volume", reference.volume.as_deref());
    field("pages", reference.pages.as_deref());
    field("number", reference.number.as_deref());
    field("address", reference.place.as_deref());
    field("abstract", reference.summary.as_deref());
    field("type", reference.genre.as_deref());
    field("isbn", reference.isbn.as_deref());
    field("howpublished", Some(&reference.archive));
    field("langid", Some(&reference.lang));
    field("url", reference.url.as_deref().or(reference.source_url.as_deref()));
    raw("title", &format!("{{{title}}}"));
    if !people.is_empty() {
        raw("author", &format!("{{{}}}", people.join(" and ")));
    }
    if let Some(date) = reference.date {
        raw("date", &format!("{{{date}}}"));
        let (from, until) = super::years(date);
        let until = until.map(|year| format!("--{year:04}")).unwrap_or_default();
        raw("year", &format!("{{{from:04}{until}}}"));
        let month = date.plain().and_then(|(_, month, _)| usize::try_from(month?).ok());
        let month = month.and_then(|m| MONTHS.get(m.checked_sub(1)?));
        if let Some(month) = month {
            raw("month", month);
        }
    }
    out.push_str("\n}\n");
    out
}

fn name(name: &Name) -> String {
    match name {
        Name::Parts { given, family } => format!("{}, {}", escaped(family), escaped(given)),
        Name::Whole(name) | Name::Body(name) => format!("{{{}}}", escaped(name)),
    }
}

/// What TeX would take for a command is written so that it is printed. All else
/// stays as it is, in UTF-8.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for word in value.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars().filter(|c| !c.is_control()) {
            match c {
                '\\' => out.push_str("\\textbackslash{}"),
                '~' => out.push_str("\\textasciitilde{}"),
                '^' => out.push_str("\\textasciicircum{}"),
                '{' | '}' | '%' | '&' | '#' | '$' | '_' => {
                    out.push('\\');
                    out.push(c);
                }
                _ => out.push(c),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, paper};
    use super::*;

    #[test]
    fn an_entry_has_what_is_known() {
        let expected = r"@misc{commons:a,
  publisher = {House of Commons},
  volume = {418},
  pages = {1457W–1459W},
  type = {Written answer},
  howpublished = {An archive},
  langid = {en-GB},
  url = {https://a.example/texts/commons/a.html},
  title = {{Women \& children: 100\% \{of\} them}},
  author = {Doughty, Sue and {Baroness Williams of Trafford}},
  date = {2004-03-09},
  year = {2004},
  month = mar
}
";
        assert_eq!(bibtex(&answer()), expected);
        let paper = bibtex(&paper());
        assert!(
            paper.starts_with("@techreport{b,\n  institution = {Home Office},\n  number = {Cm 7693}"),
            "{paper}"
        );
    }

    #[test]
    fn what_tex_would_run_is_printed() {
        assert_eq!(
            escaped("a\\b {c} d\n\te ~^#$_"),
            "a\\textbackslash{}b \\{c\\} d e \\textasciitilde{}\\textasciicircum{}\\#\\$\\_"
        );
    }
}
