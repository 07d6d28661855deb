//! How many of something each year has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Axis, YEARS, drawing};
use crate::render::context::Html;
use crate::render::html::escaped;

/// Height of the tallest bar.
const TALL: f64 = 72.0;

/// A bar a year; none for fewer than two years, of which there is nothing to see.
/// `label` names what is counted, `says` gives a number in words.
pub(crate) fn years(
    counts: &BTreeMap<i16, usize>,
    label: &str,
    says: impl Fn(usize) -> String,
) -> Option<Html> {
    let (&first, &last) = (counts.keys().next()?, counts.keys().next_back()?);
    let most = counts.values().copied().max().filter(|_| first < last)?;
    let axis = Axis { from: f64::from(first) - 1.0, to: f64::from(last) + 2.0 };
    let width =
        (axis.x(f64::from(first) + 1.0) - axis.x(f64::from(first))).mul_add(0.6, 0.0).clamp(2.0, 40.0);
    let base = YEARS + 20.0 + TALL;
    let mut body = String::new();
    let mut all = Vec::new();
    for (&year, &n) in counts {
        #[allow(clippy::cast_precision_loss, reason = "a drawing needs no exact places")]
        let height = (n as f64 / most as f64 * TALL).max(2.0);
        let x = axis.x(f64::from(year) + 0.5);
        let said = format!("{year}: {}", says(n));
        let _ = write!(
            body,
            "<rect class=\"yr-bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{}</title></rect>",
            x - width / 2.0,
            base - height,
            escaped(&said)
        );
        // Of a crowd only the bars speak; the numbers are in the name of the drawing.
        if counts.len() <= 40 {
            let _ = write!(
                body,
                "<text class=\"q\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{n}</text>",
                base - height - 5.0
            );
        }
        all.push(said);
    }
    Some(drawing("img", base + 1.0, &format!("{label}. {}", all.join("; ")), &axis, &body))
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
