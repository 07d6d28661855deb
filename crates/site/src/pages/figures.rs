//! Numbers that notes tell of, side by side: what was counted, when, and where it is said.
//!
//! Series and not one table, because numbers of different things are not to be compared; within a
//! series each says what it counts, for the same reason.

use std::fmt::Write as _;

use typed_index_collections::TiSlice;

use crate::pages::{Made, Press};
use crate::render::context::{Html, list};
use crate::site::figures::{Told, told};
use crate::site::{Facts, address};
use postil_anchor::annotation::Figure;
use postil_archive::index::TextIx;

pub(super) fn page(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Made {
    let here = address::FIGURES;
    let of_series = |(key, title): &(String, String)| {
        let told = told(press.site, facts, key);
        let most = told.iter().map(|(_, figure)| figure.to.unwrap_or(figure.value)).fold(0.0, f64::max);
        list::Series {
            id: key.clone(),
            title: title.clone(),
            rows: told.iter().map(|told| row(press, here, told, most)).collect(),
        }
    };
    let series = press.site.archive.config.series.iter().map(of_series);
    let series = series.filter(|series| !series.rows.is_empty()).collect();
    let page = press.page(here, press.words.get("nav_figures"), "figures");
    press.show("figures.html", here, &list::Figures { page, series })
}

fn row(press: Press<'_>, here: &str, (fact, figure): &Told<'_>, most: f64) -> list::FigureRow {
    let note = &press.site.annotations.notes[fact.note];
    let text = press.site.text(&note.text);
    let title = text.map_or("", |text| &*press.site.texts[text].short);
    let mention = fact.places.first();
    let words = match mention {
        Some(mention) => format!("{title}, {}", press.said_at(mention)),
        None => title.to_owned(),
    };
    let to = match text.zip(mention).filter(|_| figure.in_text) {
        Some((text, mention)) => format!("{}#{}", press.site.text_address(text), mention.fragment()),
        None => press.site.note_address(fact.note),
    };
    list::FigureRow {
        date: press.words.when(figure.date),
        shown: shown(press, figure),
        bar: bar(figure, most),
        what: figure.what.clone(),
        in_text: figure.in_text,
        place: press.link(here, &to, words),
    }
}

/// As it is shown: as the note has it, or the number as the language of the interface writes it.
fn shown(press: Press<'_>, figure: &Figure) -> String {
    let number = |value: f64| {
        let whole = value.fract() == 0.0 && (0.0..1e15).contains(&value);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and not too large"
        )]
        if whole { press.words.number(value as usize) } else { value.to_string() }
    };
    figure.shown.clone().unwrap_or_else(|| match figure.to {
        Some(to) => format!("{}–{}", number(figure.value), number(to)),
        None => number(figure.value),
    })
}

/// How large the number is beside the largest of its series; what it shows stands beside it in figures.
fn bar(figure: &Figure, most: f64) -> Option<Html> {
    if figure.value < 0.0 || most <= 0.0 {
        return None;
    }
    let at = |value: f64| (value / most * 100.0).clamp(0.0, 100.0);
    let (low, high) = (at(figure.value), at(figure.to.unwrap_or(figure.value)));
    let mut svg = String::from(
        "<svg class=\"fig-bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    );
    let _ = write!(svg, "<rect class=\"of\" x=\"0\" y=\"0\" width=\"{:.1}\" height=\"4\"/>", low.max(0.5));
    if high > low {
        let wide = high - low;
        let _ = write!(svg, "<rect class=\"to\" x=\"{low:.1}\" y=\"0\" width=\"{wide:.1}\" height=\"4\"/>");
    }
    svg.push_str("</svg>");
    Some(Html(svg))
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_archive::sidecar::date::Date;

    fn drawn(value: f64, to: Option<f64>, most: f64) -> Vec<String> {
        let date = Date::parse("2004").expect("a year");
        let (series, what) = ("s".to_owned(), "w".to_owned());
        let figure = Figure { series, date, value, to, shown: None, what, in_text: false };
        let svg = bar(&figure, most).map_or_else(String::new, |bar| bar.0);
        svg.split("<rect ").skip(1).map(|rect| rect.trim_end_matches("</svg>").to_owned()).collect()
    }

    #[test]
    fn a_bar_is_as_long_as_its_number_is_large() {
        let rect =
            |class, x, width| format!("class=\"{class}\" x=\"{x}\" y=\"0\" width=\"{width}\" height=\"4\"/>");
        assert_eq!(drawn(50.0, None, 200.0), [rect("of", "0", "25.0")]);
        assert_eq!(drawn(50.0, Some(200.0), 200.0), [rect("of", "0", "25.0"), rect("to", "25.0", "75.0")]);
        // What is too small to be seen is seen all the same.
        assert_eq!(drawn(0.0, None, 200.0), [rect("of", "0", "0.5")]);
        assert_eq!(drawn(0.0, None, 0.0), [""; 0]);
        assert_eq!(drawn(-3.0, None, 200.0), [""; 0]);
    }
}
