//! A reference as one line for people.

use super::{Kind, Reference};
use crate::render::html::escaped;
use crate::render::words::Words;

/// A line in three parts, so that the title can be set apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// What stands before the title.
    pub(crate) before: String,
    pub(crate) title: String,
    /// What stands after it.
    pub(crate) after: String,
}

impl Line {
    /// As plain text.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        format!("{}{}{}", self.before, self.title, self.after)
    }

    /// As HTML, with the title as `<cite>`.
    pub(crate) fn html(&self) -> String {
        format!("{}<cite>{}</cite>{}", escaped(&self.before), escaped(&self.title), escaped(&self.after))
    }
}

/// A text, or a place in it: what it is called there (`para 12`) and its fragment.
pub(crate) fn line(reference: &Reference, words: &Words, place: Option<(&str, &str)>) -> Line {
    let date = reference.date_shown.clone().or_else(|| reference.date.map(|d| words.when(d).long));
    let (mut before, mut after) = (String::new(), String::new());
    match (reference.kind, short_house(reference.house.as_deref())) {
        (Kind::Proceedings, Some(house)) => {
            before = format!("{}, ‘", proceedings(reference, words, house, date.as_deref()));
            after.push('’');
        }
        (Kind::Report, _) => {
            // A body of its own made a paper; a house only had it printed.
            if let Some(body) = reference.house.as_deref().filter(|h| short_house(Some(h)).is_none()) {
                before = format!("{body}, ");
            }
            let year = reference.date.map(|date| words.years(date));
            let facts: Vec<String> = reference.number.iter().cloned().chain(year).collect();
            if !facts.is_empty() {
                after = format!(" ({})", facts.join(", "));
            }
        }
        _ => {
            let known = reference.citation.as_ref().map(|c| format!("{c}, ‘"));
            if let Some(known) = known {
                before = known;
                after.push('’');
            } else {
                let facts: Vec<String> = reference.publisher.iter().cloned().chain(date).collect();
                if !facts.is_empty() {
                    after = format!(" ({})", facts.join(", "));
                }
            }
        }
    }
    after.push_str(&format!(", {}", words.fill("cite_in", &[("archive", &reference.archive)])));
    if let Some((name, _)) = place {
        after.push_str(&format!(", {name}"));
    }
    if let Some(url) = &reference.url {
        let fragment = place.map(|(_, fragment)| format!("#{fragment}")).unwrap_or_default();
        after.push_str(&format!(" <{url}{fragment}>"));
    }
    Line { before, title: reference.title.clone(), after }
}

/// `HC Deb 9 March 2004, vol 418, cols 1457W–1459W`; a written question of the years
/// after the volumes: `HL Written Answers 28 March 2019, HL14552`.
fn proceedings(reference: &Reference, words: &Words, house: &str, date: Option<&str>) -> String {
    let in_volumes = reference.volume.is_some() || reference.pages.is_some();
    if let Some(citation) = reference.citation.as_ref().filter(|_| !in_volumes) {
        return citation.clone();
    }
    let series = match in_volumes || reference.number.is_none() {
        true => words.fill("cite_debates", &[("house", house)]),
        false => words.fill("cite_answers", &[("house", house)]),
    };
    let mut out = match date {
        Some(date) => format!("{series} {date}"),
        None => series,
    };
    let mut add = |part: String| {
        out.push_str(", ");
        out.push_str(&part);
    };
    if let Some(volume) = &reference.volume {
        add(words.fill("cite_volume", &[("n", volume)]));
    }
    if let Some(pages) = &reference.pages {
        let key = if pages.contains(['–', ',']) { "cite_columns" } else { "cite_column" };
        add(words.fill(key, &[("n", pages)]));
    }
    if let Some(number) = reference.number.as_ref().filter(|_| !in_volumes) {
        add(number.clone());
    }
    out
}

/// `HC` or `HL`.
fn short_house(house: Option<&str>) -> Option<&'static str> {
    let house = house?;
    [("House of Commons", "HC"), ("House of Lords", "HL")]
        .into_iter()
        .find_map(|(name, short)| house.starts_with(name).then_some(short))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, paper};
    use super::*;
    use crate::render::words::english_theme;

    fn words() -> Words {
        Words::new(&english_theme(), "en").value
    }

    #[test]
    fn a_line_says_what_the_record_knows() {
        #[track_caller]
        fn check(reference: &Reference, expected: &str) {
            assert_eq!(line(reference, &words(), None).text(), expected);
        }
        let title = answer().title;
        let end = "in An archive <https://a.example/texts/commons/a.html>";
        check(&answer(), &format!("HC Deb 9 March 2004, vol 418, cols 1457W–1459W, ‘{title}’, {end}"));
        let one = Reference { pages: Some("348WH".into()), ..answer() };
        check(&one, &format!("HC Deb 9 March 2004, vol 418, col 348WH, ‘{title}’, {end}"));
        let numbered = Reference {
            house: Some("House of Lords".into()),
            volume: None,
            pages: None,
            number: Some("HL14552".into()),
            ..answer()
        };
        check(&numbered, &format!("HL Written Answers 9 March 2004, HL14552, ‘{title}’, {end}"));
        check(&paper(), "Home Office, A reply (Cm 7693, 2009), in An archive");
        let bare = Reference { title: "T".into(), archive: "An archive".into(), ..Reference::default() };
        check(&bare, "T, in An archive");
        let named = Reference { citation: Some("MS 12, fol 3".into()), ..bare };
        check(&named, "MS 12, fol 3, ‘T’, in An archive");
    }

    #[test]
    fn a_place_is_named_and_led_to() {
        let line = line(&answer(), &words(), Some(("para 12", "p12")));
        assert!(
            line.after.ends_with(", para 12 <https://a.example/texts/commons/a.html#p12>"),
            "{}",
            line.after
        );
        assert!(line.html().contains("<cite>Women &amp; children"), "{}", line.html());
        assert!(line.html().contains("&lt;https://"), "{}", line.html());
    }
}
