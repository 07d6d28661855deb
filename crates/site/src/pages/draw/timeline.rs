//! Texts, events and the lives of bodies over time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use typed_index_collections::TiSlice;

use super::{Axis, ROW, WIDTH, YEARS, drawing, room, rows, stretches, year, year_end};
use crate::render::context::Html;
use crate::render::html::escaped;
use crate::render::press::Press;
use crate::site::cut::short;
use crate::site::{Facts, address, link, uses};
use postil_archive::index::{TermIx, TextIx};
use postil_archive::sidecar::date::Date;

/// Bodies on the front page's drawing, and on the timeline's.
const MOST_LIVES: (usize, usize) = (9, 30);
/// Rows of events, and their height.
const MOST_ROWS: usize = 12;
const EVENT: f64 = 22.0;
/// More events than this are drawn without their words.
const MOST_NAMED: usize = 40;
/// Most characters of an event's words in a drawing.
const WORDS: usize = 64;

/// Texts whose dots need more lanes than this are drawn as a bar a year. Height of a lane: two lines of words.
const MOST_LANES: usize = 6;
const LANE: f64 = 42.0;

/// Something that happened, and where the archive speaks of it.
#[derive(Debug, Clone)]
pub(crate) struct Happened {
    pub(crate) date: Date,
    pub(crate) what: String,
    /// Address from the root.
    pub(crate) address: String,
}

/// The front page's drawing: the texts, and below them the bodies they speak of most.
pub(crate) fn front(press: Press<'_>, facts: &TiSlice<TextIx, Facts>) -> Option<Html> {
    draw(press, facts, address::FRONT, &[], MOST_LIVES.0)
}

/// The whole timeline: texts, events, bodies.
pub(crate) fn timeline(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    events: &[Happened],
) -> Option<Html> {
    draw(press, facts, address::TIMELINE, events, MOST_LIVES.1)
}

fn draw(
    press: Press<'_>,
    facts: &TiSlice<TextIx, Facts>,
    here: &str,
    events: &[Happened],
    most: usize,
) -> Option<Html> {
    let site = press.site;
    let texts: Vec<(TextIx, Date)> =
        site.by_date.iter().filter_map(|&t| Some((t, site.texts[t].date()?))).collect();
    let ends = texts.iter().filter(|(_, date)| date.is_long()).map(|(_, date)| year_end(*date));
    let dates = texts.iter().map(|(_, date)| *date).chain(events.iter().map(|e| e.date)).map(year);
    let dates = dates.chain(ends);
    let (first, last) = dates.fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(y), b.max(y)));
    if first > last {
        return None;
    }
    let axis = Axis { from: first.floor() - 1.0, to: last.ceil() + 1.0 };
    let mut body = String::new();
    let mut y = YEARS;
    let dots: Vec<Dot> = texts.iter().map(|&(text, date)| Dot::new(press, here, text, date, &axis)).collect();
    match lanes(&dots) {
        Some(lanes) => {
            for (dot, &lane) in dots.iter().zip(&lanes) {
                dot.write(&mut body, y + LANE * lane as f64);
            }
            y += lanes.iter().max().map_or(0.0, |&last| (last + 1) as f64 * LANE + 12.0);
        }
        None => {
            per_year(press, &mut body, &axis, &texts);
            y += 64.0;
        }
    }
    y += EVENT * happened(press, &mut body, &axis, y, here, events);
    for term in lives(press, facts, most) {
        let entry = &site.annotations.terms[term];
        let href = link::relative(here, &site.term_address(term));
        y += ROW * rows(&mut body, &axis, y, &stretches(site, entry, &[]), Some(&href));
    }
    // Links inside a drawing are reached by keyboard only if it is a group.
    Some(drawing("group", y, press.words.get("timeline"), &axis, &body))
}

/// The lives of some terms that have dates; none if there are fewer than two.
pub(crate) fn kind(press: Press<'_>, here: &str, label: &str, terms: &[TermIx]) -> Option<Html> {
    let all = &press.site.annotations.terms;
    let dated = |&i: &TermIx| all[i].senses.iter().any(|s| s.from.is_some());
    let mut terms: Vec<TermIx> = terms.iter().copied().filter(dated).take(MOST_LIVES.1).collect();
    if terms.len() < 2 {
        return None;
    }
    terms.sort_by_key(|&i| (all[i].senses.first().and_then(|s| s.from), i));
    let lines: Vec<_> = terms.iter().map(|&i| stretches(press.site, &all[i], &[])).collect();
    let dates = lines.iter().flat_map(|(line, _)| line).flat_map(|s| [s.from, s.until]).flatten().map(year);
    let texts = press.site.texts.iter().filter_map(|t| t.date()).map(year);
    let (first, last) = dates.chain(texts).fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(y), b.max(y)));
    let axis = Axis { from: first.floor() - 1.0, to: last.ceil() + 1.0 };
    let mut body = String::new();
    let mut y = YEARS;
    for (&term, line) in terms.iter().zip(&lines) {
        let href = link::relative(here, &press.site.term_address(term));
        y += ROW * rows(&mut body, &axis, y, line, Some(&href));
    }
    Some(drawing("group", y, label, &axis, &body))
}

/// Events as squares with their words, each in the first row that has room; gives the number of rows.
fn happened(
    press: Press<'_>,
    out: &mut String,
    axis: &Axis,
    top: f64,
    here: &str,
    events: &[Happened],
) -> f64 {
    let named = events.len() <= MOST_NAMED;
    // Where each row is free from.
    let mut free: Vec<f64> = Vec::new();
    for event in events {
        let x = axis.x(year(event.date));
        let short = short(&event.what, WORDS);
        let wide = if named { room(&short) + 14.0 } else { 0.0 };
        // At the right edge the words stand before their square.
        let before = x + wide > WIDTH;
        let (left, right) = if before { (x - wide, x + 10.0) } else { (x - 5.0, x + wide + 12.0) };
        let row = free.iter().position(|&from| from <= left);
        let row = row.or_else(|| {
            let room = free.len() < MOST_ROWS;
            room.then(|| {
                free.push(0.0);
                free.len() - 1
            })
        });
        let worded = named && row.is_some();
        let row = row.unwrap_or(MOST_ROWS - 1);
        free[row] = free[row].max(right);
        #[allow(clippy::cast_precision_loss, reason = "there are a dozen rows at the most")]
        let y = top + row as f64 * EVENT;
        let _ = write!(
            out,
            "<a href=\"{}\"><title>{}</title><rect class=\"ev\" x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\"/>",
            escaped(&link::relative(here, &event.address)),
            escaped(&press.site.labelled(&press.words.when(event.date).long, &event.what)),
            x - 4.5,
            y + 4.0
        );
        if worded {
            let (at, anchor) = if before { (x - 10.0, "end") } else { (x + 10.0, "start") };
            let _ = write!(
                out,
                " <text class=\"by\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                y + 13.5,
                escaped(&short)
            );
        }
        out.push_str("</a>");
    }
    #[allow(clippy::cast_precision_loss, reason = "there are a dozen rows at the most")]
    let rows = free.len() as f64;
    if rows > 0.0 { rows + 0.5 } else { 0.0 }
}

/// How many texts each year has, as bars between the lines of the years.
fn per_year(press: Press<'_>, out: &mut String, axis: &Axis, texts: &[(TextIx, Date)]) {
    const TALL: f64 = 36.0;
    let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
    for (_, date) in texts {
        *counts.entry(date.year()).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    let base = YEARS + 16.0 + TALL;
    for (&year, &n) in &counts {
        let (left, right) = (axis.x(f64::from(year)), axis.x(f64::from(year) + 1.0));
        let width = (right - left - 2.0).max(1.0);
        #[allow(clippy::cast_precision_loss, reason = "a drawing needs no exact places")]
        let height = (n as f64 / most as f64 * TALL).max(2.0);
        let _ = write!(
            out,
            "<rect class=\"texts\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{}</title></rect>",
            left + 1.0,
            base - height,
            escaped(&press.site.labelled(&press.words.year(year), &press.words.count("n_texts", n)))
        );
        if room(&n.to_string()) <= width {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{n}</text>",
                left + 1.0 + width / 2.0,
                base - height - 5.0
            );
        }
    }
}

/// A text as a dot with its kind and date beside it.
struct Dot {
    href: String,
    /// Who and when, for a pointer and for who listens.
    title: String,
    lines: [String; 2],
    x: f64,
    /// How far a date reaches that may be of several years.
    reach: f64,
}

impl Dot {
    fn new(press: Press<'_>, here: &str, text: TextIx, date: Date, axis: &Axis) -> Self {
        let plan = &press.site.texts[text];
        let when = press.words.made(plan).unwrap_or_default();
        let kind = plan.record.kind.as_ref().map(|k| press.site.archive.config.text_kind_label(k));
        let lines = [kind.unwrap_or_else(|| plan.short.clone()), when.long];
        let x = axis.x(year(date));
        Self {
            href: link::relative(here, &press.site.text_address(text)),
            // The name holds what is to be seen: who says it to a machine is understood.
            title: format!("{}, {}, {}", plan.title, lines[0], lines[1]),
            lines,
            x,
            reach: if date.is_long() { axis.x(year_end(date)) - x } else { 0.0 },
        }
    }

    /// Whether its words stand before it: at the right edge there is no room behind.
    fn is_last(&self) -> bool {
        self.x + self.wide() > WIDTH
    }

    fn wide(&self) -> f64 {
        self.lines.iter().map(|line| room(line)).fold(0.0, f64::max) + 11.0
    }

    /// From where to where it takes its lane.
    fn space(&self) -> Range<f64> {
        let (before, behind) = if self.is_last() { (self.wide(), 6.0) } else { (6.0, self.wide()) };
        self.x - before..(self.x + behind).max(self.x + self.reach) + 8.0
    }

    fn write(&self, out: &mut String, top: f64) {
        let Self { href, title, lines, x, reach } = self;
        let _ = write!(out, "<a href=\"{}\"><title>{}</title>", escaped(href), escaped(title));
        if *reach > 0.0 {
            let y = top + 9.0;
            let _ = write!(
                out,
                "<rect class=\"texts\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{reach:.1}\" height=\"4\"/>"
            );
        }
        let _ = write!(out, "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"6\"/>", top + 11.0);
        let (at, anchor) = if self.is_last() { (x - 11.0, "end") } else { (x + 11.0, "start") };
        for ((line, class), y) in lines.iter().zip(["by", "q"]).zip([16.0, 36.0]) {
            let _ = write!(
                out,
                " <text class=\"{class}\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                top + y,
                escaped(line)
            );
        }
        out.push_str("</a>");
    }
}

/// The lane of each dot, the first that has room for it and its words; nothing if they need more than
/// [`MOST_LANES`].
fn lanes(dots: &[Dot]) -> Option<Vec<usize>> {
    let mut free: Vec<f64> = Vec::new();
    let lane = |dot: &Dot| {
        let Range { start, end } = dot.space();
        let lane = free.iter().position(|&from| from <= start).unwrap_or(free.len());
        if lane == free.len() {
            free.push(end);
        }
        free[lane] = end;
        (lane < MOST_LANES).then_some(lane)
    };
    dots.iter().map(lane).collect()
}

/// Bodies with dates, those most used, by their beginning.
fn lives(press: Press<'_>, facts: &TiSlice<TextIx, Facts>, most: usize) -> Vec<TermIx> {
    let terms = &press.site.annotations.terms;
    let uses = uses::totals(facts, terms.len());
    let dated = |i: &TermIx| terms[*i].kind == "body" && terms[*i].senses.iter().any(|s| s.from.is_some());
    let mut out: Vec<TermIx> = terms.keys().filter(dated).filter(|&i| uses[i] > 0).collect();
    out.sort_by_key(|&i| (std::cmp::Reverse(uses[i]), i));
    out.truncate(most);
    out.sort_by_key(|&i| (terms[i].senses.first().and_then(|s| s.from), i));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(x: f64, words: &str) -> Dot {
        let lines = [words.to_owned(), String::new()];
        Dot { href: String::new(), title: String::new(), lines, x, reach: 0.0 }
    }

    #[test]
    fn dots_whose_words_would_meet_lie_in_lanes_and_all_keep_their_words() {
        let dots =
            [dot(100.0, "Written answer"), dot(150.0, "Reply"), dot(400.0, "Speech"), dot(980.0, "Reply")];
        assert_eq!(lanes(&dots), Some(vec![0, 1, 0, 0]));
        assert!(dots[3].is_last() && dots[3].space().end < WIDTH);
        let mut out = String::new();
        dots[1].write(&mut out, 0.0);
        assert!(out.contains(">Reply</text>"), "{out}");
    }

    #[test]
    fn more_dots_at_once_than_there_are_lanes_are_not_drawn_as_dots() {
        let dots: Vec<Dot> = (0..=MOST_LANES).map(|_| dot(100.0, "Letter")).collect();
        assert_eq!(lanes(&dots), None);
        assert!(lanes(&dots[1..]).is_some());
    }
}
