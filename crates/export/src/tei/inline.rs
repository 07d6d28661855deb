//! Words of a block with what stands on them.

use super::body::Body;
use crate::xml;
use postil_anchor::annotation::{Certainty, RowKind, Unit};
use postil_anchor::document::InlineKind;
use postil_anchor::overlay::{Step, What};
use postil_archive::index::{InlineIx, PointIx, RowIx};

/// Writes the steps of a block or a part of one; `bare` where only phrases may stand.
pub(super) fn steps(body: &mut Body<'_>, steps: &[Step], bare: bool) {
    let mut open: Vec<Close> = Vec::new();
    for step in steps {
        match step {
            Step::Open(what) => {
                let bare = bare || open.iter().any(|close| close.bare);
                let close = begin(body, what, bare);
                open.push(close);
            }
            Step::Close(_) => {
                if let Some(close) = open.pop() {
                    close.write(body);
                }
            }
            Step::Text(range) => body.raw.words(*range),
            Step::Footnote(number) => {
                let target = format!("#fn{number}");
                xml::empty(&mut body.raw.out, "ref", &[("type", "footnote"), ("target", &target)]);
            }
            Step::Picture(picture) => {
                let address = &body.input.doc.pictures[*picture].address;
                xml::empty(&mut body.raw.out, "graphic", &[("url", &xml::address(address))]);
            }
            Step::Point(point) => milestone(body, *point),
            Step::Marker(_) | Step::Sic(_) => {}
        }
    }
}

/// How what is open ends.
#[derive(Default)]
struct Close {
    names: &'static [&'static str],
    /// A reading in place of the words, with how sure it is and who says so.
    reading: Option<(String, &'static str, String)>,
    /// Whether only phrases may stand in it.
    bare: bool,
}

impl Close {
    fn of(names: &'static [&'static str]) -> Self {
        Self { names, ..Self::default() }
    }

    fn write(self, body: &mut Body<'_>) {
        match self.reading {
            None => self.names.iter().for_each(|name| body.end(name)),
            Some((reading, cert, resp)) => {
                body.end("sic");
                body.begin("corr", &[("cert", cert), ("resp", &resp)]);
                body.raw.beside(&reading);
                body.end("corr");
                body.end("choice");
            }
        }
    }
}

/// How sure somebody is, as TEI says it.
pub(super) fn cert(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "",
        Certainty::Probable => "medium",
        Certainty::Possible => "low",
    }
}

fn begin(body: &mut Body<'_>, what: &What, bare: bool) -> Close {
    match what {
        What::Part(index) => part(body, *index, bare),
        What::Inline(index) => markdown(body, *index),
        What::Correction { index, reads, .. } => {
            let row = &body.input.anchored.corrections[*index];
            let Some(reading) = row.reading.clone().filter(|_| *reads) else {
                body.begin("sic", &[]);
                return Close::of(&["sic"]);
            };
            let by = super::standoff::by(body.input.site, &row.by);
            body.begin("choice", &[]);
            body.begin("sic", &[]);
            Close { reading: Some((reading, cert(row.certainty), by)), ..Close::default() }
        }
        What::Term { index, .. } => {
            let used = &body.input.anchored.uses[*index];
            let target = super::standoff::sense_id(&body.input.site.annotations.terms[used.term], used.sense);
            body.begin("term", &[("ref", &format!("#{target}"))]);
            Close { bare: true, ..Close::of(&["term"]) }
        }
        What::Furniture if !body.folded => {
            body.begin("fw", &[("type", "furniture")]);
            Close { bare: true, ..Close::of(&["fw"]) }
        }
        What::Furniture | What::Mark(_) => Close::default(),
    }
}

fn part(body: &mut Body<'_>, index: RowIx, bare: bool) -> Close {
    let anchored = body.input.anchored;
    let Some(row) = anchored.placed(index) else { return Close::default() };
    let part = &row.part;
    let number = part.number.as_deref().unwrap_or_default();
    let cert = cert(part.certainty);
    match part.kind {
        RowKind::Emphasis => {
            body.begin("emph", &[]);
            Close::of(&["emph"])
        }
        RowKind::Deleted => {
            body.begin("del", &[("cert", cert)]);
            Close::of(&["del"])
        }
        RowKind::Added => {
            body.begin("add", &[("cert", cert)]);
            Close::of(&["add"])
        }
        RowKind::Unclear => {
            body.begin("unclear", &[("cert", cert)]);
            Close::of(&["unclear"])
        }
        RowKind::Quotation => {
            body.begin("q", &[]);
            Close::of(&["q"])
        }
        RowKind::Stage if !bare => {
            body.begin("stage", &[]);
            Close::of(&["stage"])
        }
        RowKind::Speaker => {
            let who = part.speaker.as_ref().map(|who| body.names.who(who)).unwrap_or_default();
            body.begin("rs", &[("type", "speaker"), ("ref", &who), ("cert", cert)]);
            Close { bare: true, ..Close::of(&["rs"]) }
        }
        RowKind::FootnoteMark => {
            let leads = anchored.footnotes.iter().find(|footnote| footnote.mark == index);
            let target =
                leads.map(|footnote| format!("#footnote-{}", usize::from(footnote.note))).unwrap_or_default();
            body.begin("ref", &[("type", "footnote"), ("n", number), ("target", &target)]);
            Close::of(&["ref"])
        }
        kind => {
            body.begin("seg", &[("type", kind.name()), ("n", number)]);
            Close::of(&["seg"])
        }
    }
}

fn markdown(body: &mut Body<'_>, index: InlineIx) -> Close {
    let inline = &body.input.doc.inlines[index];
    match &inline.kind {
        InlineKind::Emphasis => {
            body.begin("emph", &[]);
            Close::of(&["emph"])
        }
        InlineKind::Strong => {
            body.begin("hi", &[("rend", "bold")]);
            Close::of(&["hi"])
        }
        InlineKind::Code => {
            // No element may stand in `code`, and something may stand on its words.
            body.begin("seg", &[("type", "code")]);
            Close::of(&["seg"])
        }
        InlineKind::Link(target) => {
            body.begin("ref", &[("target", &xml::address(target))]);
            Close::of(&["ref"])
        }
        InlineKind::Break => {
            xml::empty(&mut body.raw.out, "lb", &[]);
            Close::default()
        }
        InlineKind::Number | InlineKind::Label | InlineKind::Title | InlineKind::Description => {
            let kind = match inline.kind {
                InlineKind::Number => "number",
                InlineKind::Label => "label",
                InlineKind::Description => "description",
                _ => "title",
            };
            body.begin("seg", &[("type", kind)]);
            Close::of(&["seg"])
        }
        InlineKind::Struck => {
            body.begin("del", &[("rend", "struck")]);
            Close::of(&["del"])
        }
    }
}

/// A page, a column, a leaf or a time that begins.
fn milestone(body: &mut Body<'_>, point: PointIx) {
    let part = &body.input.anchored.points[point].part;
    let number = part.number.as_deref().or(part.time.as_deref()).unwrap_or_default();
    let volume = part.volume.as_ref().map(|volume| format!("volume {volume}")).unwrap_or_default();
    let cert = cert(part.certainty);
    let (name, kind) = match (part.kind, part.unit) {
        (RowKind::Time, Some(Unit::Offset)) => ("milestone", ("unit", "offset")),
        (RowKind::Time, _) => ("milestone", ("unit", "time")),
        (_, Some(Unit::Column)) => ("cb", ("type", "")),
        (_, Some(Unit::Folio)) => ("pb", ("type", "folio")),
        _ => ("pb", ("type", "")),
    };
    xml::empty(&mut body.raw.out, name, &[kind, ("n", number), ("rend", &volume), ("cert", cert)]);
}
