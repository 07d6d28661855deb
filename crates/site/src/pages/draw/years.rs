//! How many of something each year has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::room;
use crate::render::context::Html;
use crate::render::html::escaped;

/// Height of the tallest bar.
const TALL: f64 = 72.0;
/// Where bars stand: below the number of the tallest.
const BASE: f64 = TALL + 20.0;
/// A few bars need little room, so that their words stay large on a narrow screen.
const WIDE: f64 = 420.0;

/// A bar a year, its number above, its year below; none for fewer than two years, of
/// which there is nothing to see. `label` names what is counted, `says` gives a number in words.
pub(crate) fn years(
    counts: &BTreeMap<i16, usize>,
    label: &str,
    says: impl Fn(usize) -> String,
) -> Option<Html> {
    let (&first, &last) = (counts.keys().next()?, counts.keys().next_back()?);
    let most = counts.values().copied().max().filter(|_| first < last)?;
    let wide = WIDE / (f64::from(last) - f64::from(first) + 1.0);
    let width = (wide * 0.6).clamp(1.0, 36.0);
    let mut body = format!("<line class=\"base\" x1=\"0\" y1=\"{BASE}\" x2=\"{WIDE}\" y2=\"{BASE}\"/>");
    let mut all = Vec::new();
    // Where there is room again for a number, and for a year.
    let (mut number_from, mut year_from) = (0.0, 0.0);
    for (&year, &n) in counts {
        #[allow(clippy::cast_precision_loss, reason = "a drawing needs no exact places")]
        let height = (n as f64 / most as f64 * TALL).max(2.0);
        let x = (f64::from(year) - f64::from(first) + 0.5) * wide;
        let said = format!("{year}: {}", says(n));
        let _ = write!(
            body,
            "<rect class=\"yr-bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{}</title></rect>",
            x - width / 2.0,
            BASE - height,
            escaped(&said)
        );
        // Of a crowd only some bars have words; all of them are in the name of the drawing.
        let mut words = |from: &mut f64, class: &str, y: f64, words: &str| {
            let half = room(words) / 2.0;
            let x = x.clamp(half, WIDE - half);
            if x - half < *from {
                return;
            }
            *from = x + half + 4.0;
            let _ = write!(
                body,
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{words}</text>"
            );
        };
        words(&mut number_from, "n", BASE - height - 5.0, &n.to_string());
        words(&mut year_from, "q", BASE + 18.0, &year.to_string());
        all.push(said);
    }
    let label = escaped(&format!("{label}. {}", all.join("; ")));
    let height = BASE + 24.0;
    Some(Html(format!(
        "<svg viewBox=\"0 0 {WIDE} {height}\" role=\"img\" aria-label=\"{label}\"><title>{label}</title>{body}</svg>"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_year_has_its_bar_and_is_said() {
        let counts = BTreeMap::from([(2004, 1), (2009, 3)]);
        let svg = years(&counts, "Uses", |n| format!("{n} uses")).expect("two years").0;
        assert_eq!(svg.matches("<rect class=\"yr-bar\"").count(), 2);
        assert!(svg.contains("aria-label=\"Uses. 2004: 1 uses; 2009: 3 uses\""), "{svg}");
        assert_eq!(years(&BTreeMap::from([(2004, 9)]), "Uses", |n| n.to_string()), None);
        assert_eq!(years(&BTreeMap::new(), "Uses", |n| n.to_string()), None);
    }
}
