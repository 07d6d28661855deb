//! Which texts are connected with which.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{SIDE, WIDTH, room};
use crate::render::context::Html;
use crate::render::html::escaped;
use crate::render::press::Press;
use crate::site::link;
use postil_archive::index::TextIx;

/// Texts that are drawn, those with most connections.
const MOST_TEXTS: usize = 16;
/// Height of the handles of the widest arc.
const HIGH: f64 = 260.0;

/// Two texts, the earlier first, and how many connections there are between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) texts: (TextIx, TextIx),
    pub(crate) count: usize,
}

/// All pairs of texts that a connection joins, those with most first.
pub(crate) fn pairs(press: Press<'_>) -> Vec<Pair> {
    let site = press.site;
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for link in &site.annotations.links {
        let mut texts: Vec<usize> =
            link.ends.iter().filter_map(|end| site.text(&end.text.value)).map(|t| site.rank(t)).collect();
        texts.sort_unstable();
        texts.dedup();
        for (i, &a) in texts.iter().enumerate() {
            for &b in &texts[i + 1..] {
                *counts.entry((a, b)).or_default() += 1;
            }
        }
    }
    let mut out: Vec<Pair> = counts
        .into_iter()
        .map(|((a, b), count)| Pair { texts: (site.by_date[a], site.by_date[b]), count })
        .collect();
    out.sort_by_key(|pair| (std::cmp::Reverse(pair.count), site.rank(pair.texts.0), site.rank(pair.texts.1)));
    out
}

/// The texts along a line in order of date, with an arc between those that are
/// connected, the thicker the more; none where there is nothing between two.
pub(crate) fn between(press: Press<'_>, here: &str, pairs: &[Pair]) -> Option<Html> {
    let site = press.site;
    let mut weight: BTreeMap<TextIx, usize> = BTreeMap::new();
    for pair in pairs {
        *weight.entry(pair.texts.0).or_default() += pair.count;
        *weight.entry(pair.texts.1).or_default() += pair.count;
    }
    let mut chosen: Vec<TextIx> = weight.keys().copied().collect();
    chosen.sort_by_key(|t| (std::cmp::Reverse(weight[t]), *t));
    chosen.truncate(MOST_TEXTS);
    let texts: Vec<TextIx> = site.by_date.iter().copied().filter(|t| chosen.contains(t)).collect();
    if texts.len() < 2 {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "a drawing needs no exact places")]
    let x = |text: TextIx| {
        let at = texts.iter().position(|&t| t == text)? as f64;
        // Words stand below their dot: the outer ones need room on both sides.
        Some(at.mul_add((WIDTH - 2.0 * EDGE) / (texts.len() - 1) as f64, EDGE))
    };
    let most = pairs.iter().map(|p| p.count).max().unwrap_or(1);
    let high = |from: f64, to: f64| ((to - from) / (WIDTH - 2.0 * EDGE) * HIGH).clamp(48.0, HIGH);
    let mut body = String::new();
    // Wide arcs first, so that small ones lie above them.
    let mut arcs: Vec<(f64, f64, &Pair)> =
        pairs.iter().filter_map(|p| Some((x(p.texts.0)?, x(p.texts.1)?, p))).collect();
    arcs.sort_by(|a, b| (b.1 - b.0).total_cmp(&(a.1 - a.0)));
    // Such a curve rises to three quarters of its handles.
    let top = arcs.iter().map(|(from, to, _)| high(*from, *to)).fold(0.0, f64::max);
    let base = top * 0.75 + 12.0;
    for (from, to, pair) in arcs {
        #[allow(clippy::cast_precision_loss, reason = "a drawing needs no exact places")]
        let thick = (pair.count as f64 / most as f64).sqrt() * 9.0 + 1.0;
        let high = high(from, to);
        let name = |t: TextIx| press.words.titled(&site.texts[t]);
        let _ = write!(
            body,
            "<path class=\"arc\" d=\"M{from:.1} {base:.1} C{from:.1} {:.1} {to:.1} {:.1} {to:.1} {base:.1}\" stroke-width=\"{thick:.1}\"><title>{}</title></path>",
            base - high,
            base - high,
            escaped(&press.site.labelled(
                &format!("{} – {}", name(pair.texts.0), name(pair.texts.1)),
                &press.words.count("n_connections", pair.count)
            ))
        );
    }
    let space = (WIDTH - 2.0 * EDGE) / f64::from(u32::try_from(texts.len() - 1).unwrap_or(1));
    for &text in &texts {
        let Some(at) = x(text) else { continue };
        let plan = &site.texts[text];
        let year = plan.date().map(|date| press.words.years(date)).unwrap_or_default();
        let lines: Vec<String> = std::iter::once(year).chain(lines_of(&plan.short, space - 16.0)).collect();
        let _ = write!(
            body,
            "<a href=\"{}\"><title>{}</title><circle class=\"dot\" cx=\"{at:.1}\" cy=\"{base:.1}\" r=\"6\"/>",
            escaped(&link::relative(here, &site.text_address(text))),
            escaped(&press.words.titled(plan))
        );
        for ((line, class), y) in lines.iter().zip(["by", "q", "q"]).zip([24.0, 44.0, 62.0]) {
            let _ = write!(
                body,
                " <text class=\"{class}\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                base + y,
                escaped(line)
            );
        }
        body.push_str("</a>");
    }
    let label = escaped(press.words.get("between"));
    Some(Html(format!(
        "<svg viewBox=\"0 0 1000 {:.0}\" role=\"group\" aria-label=\"{label}\"><title>{label}</title>{body}</svg>",
        base + 70.0
    )))
}

/// Room for half of the words below the outer dots.
const EDGE: f64 = SIDE + 72.0;

/// Words in one or two lines of the room that there is, cut if they need more.
fn lines_of(words: &str, space: f64) -> Vec<String> {
    let space = space.clamp(40.0, 2.0 * EDGE - 8.0);
    let mut words = words.split_whitespace().peekable();
    let mut out = Vec::new();
    while out.len() < 2 && words.peek().is_some() {
        let mut line = String::new();
        while let Some(word) = words.peek() {
            let gap = if line.is_empty() { "" } else { " " };
            if !line.is_empty() && room(&line) + room(gap) + room(word) > space {
                break;
            }
            line.push_str(gap);
            line.push_str(word);
            words.next();
        }
        out.push(line);
    }
    if let Some(last) = out.last_mut() {
        let most = (space / room("m")) as usize;
        let long = last.chars().count() > most;
        if long || words.peek().is_some() {
            let kept: String = last.chars().take(most.saturating_sub(2)).collect();
            *last = format!("{}\u{a0}…", kept.trim_end_matches([' ', ':', ',', ';']));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_takes_two_lines_and_no_more() {
        let two = |words: &str| lines_of(words, 170.0);
        assert_eq!(two("Government reply"), ["Government reply"]);
        assert_eq!(two("Human Trafficking: speech"), ["Human Trafficking:", "speech"]);
        let cut = two("The Government Reply to the Sixth Report from the Home Affairs Committee");
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with("\u{a0}…"), "{cut:?}");
        assert!(cut.iter().all(|line| room(line) <= 170.0), "{cut:?}");
        assert_eq!(two(&"x".repeat(90)).len(), 1);
        assert!(two("").is_empty());
    }
}
