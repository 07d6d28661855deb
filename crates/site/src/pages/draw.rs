//! Pictures where looking beats reading, as SVG made at build time: readable
//! without a script, coloured by the theme's classes, each beside a list or
//! table that says the same.

mod between;
mod timeline;
mod years;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::render::article::Input;
use crate::render::context::Html;
use crate::render::html::escaped;
use crate::render::press::Press;
use crate::site::{Facts, Site};
use jiff::civil;
use postil_anchor::annotation::{RowKind, Sense, Term};
use postil_anchor::document::TextRange;
use postil_archive::index::TermIx;
use postil_archive::sidecar::date::Date;

pub(crate) use between::{between, pairs};
pub(crate) use timeline::{Happened, front, kind, timeline};
pub(crate) use years::years;

/// All drawings are this many units wide; type in them is 14 units high.
const WIDTH: f64 = 1000.0;
/// Height of one row of a drawing over time, and of the bar in it.
const ROW: f64 = 32.0;
const BAR: f64 = 20.0;
/// Height of the years at the top of a drawing over time.
const YEARS: f64 = 30.0;
/// Room for half a year's number at both ends of a drawing over time.
const SIDE: f64 = 24.0;
/// Width of a character, on the safe side, since faces differ.
const CHARACTER: f64 = 8.2;
/// More blocks than this are drawn by section.
const MOST_BARS: usize = 600;

/// Where notes, terms and topics lie in a text: one bar a paragraph, notes above,
/// terms and passages of topics below, one link a section.
pub(crate) fn strip(press: Press<'_>, input: Input<'_>, facts: &Facts) -> Option<Html> {
    if input.overlay.items.is_empty() && facts.uses.is_empty() && facts.passages.is_empty() {
        return None;
    }
    let doc = input.doc;
    let total = doc.visible.len().max(1);
    #[allow(clippy::cast_precision_loss, reason = "a drawing needs no exact places")]
    let x = |at: usize| at as f64 / total as f64 * WIDTH;
    let sections = sections(input, facts);
    let mut out = format!(
        "<svg viewBox=\"0 0 1000 52\" preserveAspectRatio=\"none\" role=\"group\" aria-label=\"{}\">",
        escaped(press.words.get("strip"))
    );
    for (section, next) in sections.iter().zip(sections.iter().skip(1).map(Some).chain([None])) {
        let end = next.map_or(doc.visible.len(), |n| n.at);
        let range = TextRange::new(section.at, end);
        let notes = ends(input).filter(|at| range.start <= *at && *at < range.end).count();
        let passages = input.anchored.passages.iter().flat_map(|(_, _, places)| places);
        let passages = passages.filter(|p| range.start <= p.start() && p.start() < range.end).count();
        let mut label = press.site.labelled(&section.words, &press.words.count("n_notes", notes));
        if passages > 0 {
            label = format!("{label}, {}", press.words.count("n_topic_passages", passages));
        }
        let _ = write!(
            out,
            "<a href=\"#p{}\" aria-label=\"{}\"><rect x=\"{:.1}\" y=\"0\" width=\"{:.1}\" height=\"52\" fill=\"transparent\"/>",
            section.block,
            escaped(&label),
            x(range.start),
            x(range.end) - x(range.start)
        );
        bars(&mut out, input, facts, range, &x);
        out.push_str("</a>");
    }
    out.push_str("</svg>");
    Some(Html(out))
}

struct Section {
    at: usize,
    block: u32,
    words: String,
}

/// Where links of the strip begin: top headings, else numbered parts, else the text.
fn sections(input: Input<'_>, facts: &Facts) -> Vec<Section> {
    let heading = |kind: RowKind, level: u8| kind == RowKind::Heading && level <= 2;
    let headed = facts.outline.iter().any(|o| heading(o.kind, o.level));
    let starts = facts.outline.iter().filter(|o| match headed {
        true => heading(o.kind, o.level),
        false => matches!(o.kind, RowKind::Question | RowKind::Recommendation | RowKind::Speech),
    });
    let mut out: Vec<Section> = Vec::new();
    let title = &input.site.texts[input.text].title;
    for start in starts {
        let at = input.doc.block(start.block).map_or(0, |b| b.text.start);
        let words = match start.words.is_empty() {
            true => start.number.clone().unwrap_or_else(|| title.clone()),
            false => start.words.clone(),
        };
        if out.last().is_none_or(|last| last.at < at) {
            out.push(Section { at, block: start.block, words });
        }
    }
    if out.first().is_none_or(|first| first.at > 0) {
        out.insert(0, Section { at: 0, block: 1, words: title.clone() });
    }
    out
}

/// Where the words of notes end.
fn ends<'a>(input: Input<'a>) -> impl Iterator<Item = usize> + 'a {
    input.overlay.items.raw[..input.overlay.notes()]
        .iter()
        .filter_map(|item| Some(item.places.last()?.end().saturating_sub(1)))
}

/// The bars of a section: one path for all that look alike, since a text has very many.
fn bars(out: &mut String, input: Input<'_>, facts: &Facts, range: TextRange, x: &impl Fn(usize) -> f64) {
    let blocks = &input.doc.blocks;
    let from = blocks.partition_point(|b| b.text.start < range.start);
    let to = blocks.partition_point(|b| b.text.start < range.end);
    let width = |start: usize, end: usize| (x(end) - x(start) - 1.0).max(0.4);
    let looks = [Asked::No, Asked::Recommendation, Asked::Question];
    let mut said = looks.map(|asked| Bars { class: asked.class(), y: 20, height: 14, ..Bars::default() });
    if blocks.len() > MOST_BARS {
        said[0].add(x(range.start), width(range.start, range.end));
    } else {
        let asked = asked(input, facts);
        for block in &blocks[from..to.max(from)] {
            let how = asked.get(&block.number).copied().unwrap_or_default();
            said[how as usize].add(x(block.text.start), width(block.text.start, block.text.end));
        }
    }
    // Passages of topics lie along the foot, as wide as they are.
    let mut passages = Bars { class: "tp", y: 48, height: 4, ..Bars::default() };
    let topics = input.anchored.passages.iter().flat_map(|(_, _, places)| places);
    for place in topics.filter(|p| !p.ranges.is_empty() && range.start <= p.start() && p.start() < range.end)
    {
        passages.add(x(place.start()).min(WIDTH - 2.0), (x(place.end()) - x(place.start())).max(2.0));
    }
    let mut notes = Bars { class: "nt", y: 5, height: 12, ..Bars::default() };
    for at in ends(input).filter(|at| range.start <= *at && *at < range.end) {
        notes.add(x(at).min(WIDTH - 3.0), 3.0);
    }
    let mut terms = Bars { class: "tm", y: 37, height: 7, ..Bars::default() };
    let mut seen = std::collections::BTreeSet::new();
    let first = input.anchored.uses.iter().filter(|u| seen.insert(u.term)).map(|u| u.passage.start());
    for at in first.filter(|at| range.start <= *at && *at < range.end) {
        terms.add(x(at).min(WIDTH - 3.0), 3.0);
    }
    for bars in said.iter().chain(&[passages, notes, terms]) {
        bars.write(out);
    }
}

/// Bars of one look at one height.
#[derive(Default)]
struct Bars {
    class: &'static str,
    y: u32,
    height: u32,
    path: String,
}

impl Bars {
    fn add(&mut self, x: f64, width: f64) {
        let _ = write!(self.path, "M{x:.1} {}h{width:.1}v{}h-{width:.1}z", self.y, self.height);
    }

    fn write(&self, out: &mut String) {
        if !self.path.is_empty() {
            let _ = write!(out, "<path class=\"{}\" d=\"{}\"/>", self.class, self.path);
        }
    }
}

/// Whether a paragraph is what somebody asked for.
#[derive(Debug, Clone, Copy, Default)]
enum Asked {
    #[default]
    No,
    Recommendation,
    Question,
}

impl Asked {
    fn class(self) -> &'static str {
        match self {
            Self::No => "blk",
            Self::Recommendation => "blk rec",
            Self::Question => "blk rec que",
        }
    }
}

/// Blocks of questions and recommendations.
fn asked(input: Input<'_>, facts: &Facts) -> BTreeMap<u32, Asked> {
    let mut out = BTreeMap::new();
    if facts.outline.is_empty() {
        return out;
    }
    for row in &input.anchored.structure {
        let asked = match row.part.kind {
            RowKind::Question => Asked::Question,
            RowKind::Recommendation => Asked::Recommendation,
            _ => continue,
        };
        out.extend(row.place.ranges.iter().map(|r| (input.doc.block_at(r.start).number, asked)));
    }
    out
}

/// A span of years, and where they lie in a drawing.
struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    fn x(&self, year: f64) -> f64 {
        let part = (year - self.from) / (self.to - self.from).max(1.0);
        SIDE + part.clamp(0.0, 1.0) * (WIDTH - 2.0 * SIDE)
    }

    /// A number and a line at years a round step apart.
    fn draw(&self, out: &mut String, height: f64) {
        let years = self.to - self.from;
        let step =
            [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].into_iter().find(|s| years / s <= 10.0).unwrap_or(500.0);
        let mut year = (self.from / step).ceil() * step;
        while year <= self.to {
            let x = self.x(year);
            let _ = write!(
                out,
                "<text class=\"q\" x=\"{x:.1}\" y=\"14\" text-anchor=\"middle\">{}</text><line class=\"ax\" x1=\"{x:.1}\" y1=\"22\" x2=\"{x:.1}\" y2=\"{height:.0}\"/>",
                year as i64
            );
            year += step;
        }
    }
}

/// The day that a date stands at as a year with a fraction.
fn year(date: Date) -> f64 {
    of_day(date.sorts_at())
}

/// The end of a date: of the day, month or year; where it is open, what it stands at.
fn year_end(date: Date) -> f64 {
    let last = date.last_day();
    match date.years().1 {
        None => year(date),
        Some(_) if date.first_day() == last => of_day(last),
        Some(_) => of_day(last.tomorrow().unwrap_or(last)),
    }
}

fn of_day(day: civil::Date) -> f64 {
    let (month, of_month) = (f64::from(day.month() - 1), f64::from(day.day() - 1));
    f64::from(day.year()) + month / 12.0 + of_month / 366.0
}

/// How long the day, month or year of a date lasts, in years.
fn vagueness(date: Date) -> f64 {
    year_end(date) - year(date)
}

/// A stretch of time under one name.
struct Stretch {
    /// In full, and short.
    names: [String; 2],
    from: Option<Date>,
    until: Option<Date>,
}

/// At most this many terms before and after one are drawn with it.
const MOST_RELATIVES: usize = 3;

/// The names of a term one after another: what came before it, its senses, what came after.
/// Gives the index of its own first sense too.
fn stretches(site: &Site<'_>, term: &Term, before: &[TermIx]) -> (Vec<Stretch>, usize) {
    let stretch = |term: &Term, from: Option<Date>, sense: &Sense| Stretch {
        names: [sense.name.clone().unwrap_or_else(|| term.term.value.clone()), term.term.value.clone()],
        from: from.or(sense.from),
        until: sense.until,
    };
    let mut out: Vec<Stretch> = Vec::new();
    for &earlier in before.iter().take(MOST_RELATIVES) {
        let earlier = &site.annotations.terms[earlier];
        out.extend(
            earlier
                .senses
                .last()
                .filter(|s| s.from.or(s.until).is_some())
                .map(|s| stretch(earlier, s.from, s)),
        );
    }
    let own = out.len();
    out.extend(term.senses.iter().map(|s| stretch(term, None, s)));
    let mut last = term.senses.last();
    for _ in 0..MOST_RELATIVES {
        let ended = last.filter(|s| s.until.is_some());
        let after = ended.and_then(|s| site.sense(&s.successor.as_ref()?.value));
        let after = after.map(|(i, sense)| (&site.annotations.terms[i], sense));
        // A sense of its own is drawn already.
        let after = after.filter(|(after, _)| after.slug != term.slug);
        let (Some(ended), Some((after, sense))) = (ended, after) else { break };
        let first = match sense {
            Some(sense) => after.senses.get(sense),
            None => after.senses.first(),
        };
        out.extend(first.map(|s| stretch(after, s.from.or(ended.until), s)));
        last = if sense.is_some() { first } else { after.senses.last() };
    }
    (out, own)
}

/// Draws stretches in as few rows as they need: that at `own` filled, the others dashed. A name stands
/// in its bar; those without room there stand beside their row. Gives the number of rows.
fn rows(
    out: &mut String,
    axis: &Axis,
    top: f64,
    (stretches, own): &(Vec<Stretch>, usize),
    href: Option<&str>,
) -> f64 {
    let (mut y, mut right) = (top, f64::MIN);
    let mut row = Row::default();
    if let Some(href) = href {
        let _ = write!(out, "<a href=\"{}\">", escaped(href));
    }
    for (i, stretch) in stretches.iter().enumerate() {
        let mut left = axis.x(stretch.from.map_or(axis.from, year));
        // An end that is known by month or year only is not after a beginning within it.
        let known = i.checked_sub(1).and_then(|before| stretches[before].until).map_or(0.0, vagueness);
        if left < right && right - left <= axis.x(axis.from + known) - axis.x(axis.from) + 0.5 {
            left = right;
        }
        if left < right - 0.5 {
            y += ROW * std::mem::take(&mut row).names(out, y, right);
        }
        right = axis.x(stretch.until.map_or(axis.to, year_end)).max(left + 2.0);
        row.left = row.left.or(Some(left));
        let class = if i == *own { "life" } else { "life2" };
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{BAR}\"><title>{}</title></rect>",
            right - left,
            escaped(&stretch.names[0])
        );
        // Later stretches often share the short name: to repeat it would say nothing.
        let telling = |name: &&String| i <= *own || **name != stretches[*own].names[1];
        let mut names = stretch.names.iter().filter(telling).peekable();
        match names.clone().find(|name| room(name) + 14.0 <= right - left) {
            Some(name) => write_name(out, "in", left + 7.0, y, "start", name),
            None => row.beside.extend(names.next_if(|_| true).map(String::as_str)),
        }
    }
    y += ROW * row.names(out, y, right);
    out.push_str(if href.is_some() { "</a>" } else { "" });
    (y - top) / ROW
}

/// A row of bars: where it begins, and the names that have no room in it.
#[derive(Default)]
struct Row<'a> {
    left: Option<f64>,
    beside: Vec<&'a str>,
}

impl Row<'_> {
    /// Writes them behind the row, before it, or on a line of their own below. Gives how many rows that makes.
    fn names(self, out: &mut String, y: f64, right: f64) -> f64 {
        let names = self.beside.join(" · ");
        let left = self.left.unwrap_or(SIDE);
        if names.is_empty() {
        } else if right + 8.0 + room(&names) <= WIDTH {
            write_name(out, "by", right + 8.0, y, "start", &names);
        } else if room(&names) + 8.0 <= left {
            write_name(out, "by", left - 8.0, y, "end", &names);
        } else {
            write_name(out, "by", right, y + ROW, "end", &names);
            return 2.0;
        }
        1.0
    }
}

fn write_name(out: &mut String, class: &str, x: f64, y: f64, anchor: &str, name: &str) {
    let _ = write!(
        out,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
        y + 15.0,
        escaped(name)
    );
}

/// Room that words take.
fn room(words: &str) -> f64 {
    words.chars().map(|_| CHARACTER).sum()
}

/// The names of a term over time, with what came before and after it, and the
/// years in which the texts use it; none for a term without dates.
pub(crate) fn life(
    press: Press<'_>,
    term: &Term,
    before: &[TermIx],
    uses: &BTreeMap<i16, usize>,
) -> Option<Html> {
    let words = press.words;
    term.senses.iter().flat_map(|s| [s.from, s.until]).flatten().next()?;
    let line = stretches(press.site, term, before);
    let dates = line.0.iter().flat_map(|s| [s.from, s.until]).flatten().map(year);
    let used = uses.keys().map(|&y| f64::from(y));
    let (mut from, mut to) = (f64::MAX, f64::MIN);
    for y in dates.chain(used) {
        from = from.min(y);
        to = to.max(y);
    }
    let axis = Axis { from: from.floor() - 1.0, to: to.ceil() + 2.0 };
    let mut body = String::new();
    let y = YEARS + ROW * rows(&mut body, &axis, YEARS, &line, None);
    let dots: Vec<_> = uses.iter().map(|(&at, &n)| (axis.x(f64::from(at) + 0.5), at, n)).collect();
    for (i, (x, at, n)) in dots.iter().enumerate() {
        let long = words.count("n_uses", *n);
        let next = dots.get(i + 1).map_or(WIDTH, |d| d.0 - 12.0);
        let shown = if x + 12.0 + room(&long) <= next { long.clone() } else { n.to_string() };
        let _ = write!(
            body,
            "<circle class=\"use\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"6\"><title>{at}: {}</title></circle><text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            y + 10.0,
            escaped(&long),
            x + 12.0,
            y + 15.0,
            escaped(&shown)
        );
    }
    let height = y + if dots.is_empty() { 0.0 } else { ROW };
    Some(drawing("img", height, &words.fill("life_of", &[("name", &term.term.value)]), &axis, &body))
}

fn drawing(role: &str, height: f64, label: &str, axis: &Axis, body: &str) -> Html {
    let label = escaped(label);
    let mut out = format!(
        "<svg viewBox=\"0 0 1000 {height:.0}\" role=\"{role}\" aria-label=\"{label}\"><title>{label}</title>"
    );
    axis.draw(&mut out, height);
    out.push_str(body);
    out.push_str("</svg>");
    Html(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(name: &str, from: &str, until: &str) -> Stretch {
        Stretch {
            names: [format!("{name} in full"), name.to_owned()],
            from: Date::parse(from).ok(),
            until: Date::parse(until).ok(),
        }
    }

    fn drawn(line: Vec<Stretch>) -> (String, f64) {
        let mut out = String::new();
        let rows = rows(&mut out, &Axis { from: 1900.0, to: 2000.0 }, 0.0, &(line, 0), None);
        (out, rows)
    }

    #[test]
    fn a_name_without_room_in_its_bar_stands_beside_its_row() {
        let (svg, rows) = drawn(vec![stretch("Board", "1900", "1950"), stretch("Office", "1951", "1952")]);
        assert_eq!(rows, 1.0);
        assert!(svg.contains("class=\"in\"") && svg.contains(">Board in full</text>"), "{svg}");
        assert!(svg.contains("text-anchor=\"start\">Office in full</text>"), "{svg}");
    }

    #[test]
    fn names_without_room_on_either_side_have_a_line_of_their_own() {
        let (svg, rows) = drawn(vec![
            stretch("Board", "1900", "1998"),
            stretch("Office of the Commissioner", "1999", "1999"),
        ]);
        assert_eq!(rows, 2.0);
        assert!(svg.contains("text-anchor=\"end\">Office of the Commissioner in full</text>"), "{svg}");
    }
}
