//! Who speaks, and what a place belongs to: the rows of a text's structure as they lie in each other.

use serde::{Deserialize, Serialize};
use typed_index_collections::TiVec;

use postil_anchor::anchor::{self, Anchored};
use postil_anchor::annotation::{Part, RowKind, Speaker};
use postil_anchor::document::TextRange;
use postil_archive::index::RowIx;

/// What a place belongs to, as far as the structure says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Where {
    /// The innermost row that is a question, answer, recommendation, response, speech or narrative; one with a
    /// number, or that answers one, before a speech or narrative inside it.
    pub kind: Option<RowKind>,
    /// Its number.
    pub number: Option<String>,
    /// The numbers that it answers.
    pub to: Vec<String>,
    /// Who speaks: as the innermost row says that says it, else as the apparatus says of all rows of a kind.
    pub speaker: Option<Speaker>,
    /// The speaker's role then.
    pub role: Option<String>,
    /// First and last line of verse, where a row numbers them.
    pub lines: Option<(u32, u32)>,
    /// The page, or the time, in which it lies.
    pub point: Option<Part>,
}

/// The rows of a structure that have a place.
pub struct Turns<'a> {
    /// In the order of [`Anchored::structure`]: an outer row before those inside it.
    placed: TiVec<RowIx, Placed<'a>>,
}

struct Placed<'a> {
    range: TextRange,
    row: &'a Part,
    /// The row that it lies in.
    outer: Option<RowIx>,
    /// Who speaks, by its own word or that of a row around it.
    named: Option<&'a Speaker>,
    /// Who speaks in rows of its kind, or of that of a row around it.
    usual: Option<&'a Speaker>,
}

impl<'a> Turns<'a> {
    /// Of a text with its apparatus.
    pub fn new(anchored: &'a Anchored) -> Self {
        let mut placed: TiVec<RowIx, Placed<'a>> = TiVec::with_capacity(anchored.structure.len());
        let mut outer: Option<RowIx> = None;
        for anchor::Placed { part, place, .. } in &anchored.structure {
            let (range, row) = (place.hull(), part);
            while let Some(i) = outer.filter(|&i| placed[i].range.end <= range.start) {
                outer = placed[i].outer;
            }
            let around = outer.map(|i| &placed[i]);
            let of_kind = anchored.speaker_of.iter().find(|(kind, _)| *kind == row.kind);
            outer = Some(placed.push_and_get_key(Placed {
                range,
                row,
                outer,
                named: own(row).or(around.and_then(|around| around.named)),
                usual: of_kind.map(|(_, speaker)| speaker).or(around.and_then(|around| around.usual)),
            }));
        }
        Self { placed }
    }

    /// What a byte of the visible text belongs to.
    pub fn at(&self, at: usize) -> Where {
        let rows = || self.around(at).map(|placed| placed.row);
        let counts = |row: &&Part| row.number.is_some() || !row.to.is_empty();
        let says = |row: &&Part| counts(row) || !matches!(row.kind, RowKind::Speech | RowKind::Narrative);
        let named = rows().filter(|row| is_turn(row.kind));
        let part = named.clone().find(says).or_else(|| named.clone().next());
        let mut role = None;
        for row in rows() {
            role = role.or(row.role.as_ref().filter(|_| row.kind != RowKind::Speaker));
            if own(row).is_some() {
                break;
            }
        }
        Where {
            kind: part.map(|row| row.kind),
            number: part.and_then(|row| row.number.clone()),
            to: part.iter().flat_map(|row| &row.to).map(|number| number.value.clone()).collect(),
            speaker: self.speaker(at).cloned(),
            role: role.cloned(),
            lines: None,
            point: None,
        }
    }

    /// Who speaks at a byte of the visible text.
    pub fn speaker(&self, at: usize) -> Option<&'a Speaker> {
        let placed = self.around(at).next()?;
        placed.named.or(placed.usual)
    }

    /// Who begins to speak with a row, by its place among [`Anchored::structure`]: nobody if it is part of what
    /// somebody says already.
    pub fn begins(&self, index: RowIx) -> Option<&'a Speaker> {
        let placed = &self.placed[index];
        let around = placed.outer.and_then(|i| self.placed[i].usual);
        let of_kind = placed.usual.filter(|usual| placed.named.is_none() && around != Some(usual));
        own(placed.row).or(of_kind)
    }

    /// A range cut wherever somebody else begins to speak.
    pub fn stretches(&self, range: TextRange) -> Vec<TextRange> {
        let rows = self.placed.partition_point(|placed| placed.range.start < range.start);
        let inside = self.placed[rows..].iter().take_while(|placed| placed.range.start < range.end);
        let edges = inside.flat_map(|placed| [placed.range.start, placed.range.end]);
        let around = self.around(range.start).map(|placed| placed.range.end);
        let mut edges: Vec<usize> =
            edges.chain(around).filter(|&at| range.start < at && at < range.end).collect();
        edges.sort_unstable();
        let mut out = vec![range];
        for at in edges {
            let last = out.last_mut().expect("there is one from the start");
            if last.start < at && self.speaker(last.start) != self.speaker(at) {
                last.end = at;
                out.push(TextRange::new(at, range.end));
            }
        }
        out
    }

    /// The rows around a byte, the innermost first.
    fn around(&self, at: usize) -> impl Iterator<Item = &Placed<'a>> + Clone {
        let last = self.placed.raw.partition_point(|placed| placed.range.start <= at).checked_sub(1);
        std::iter::successors(last.map(RowIx::from), |&i| self.placed[i].outer)
            .map(|i| &self.placed[i])
            .filter(move |placed| at < placed.range.end)
    }
}

/// Whom a row itself names. One of kind `speaker` is the line that names somebody: whether they say it, others know.
fn own(row: &Part) -> Option<&Speaker> {
    row.speaker.as_ref().filter(|_| row.kind != RowKind::Speaker)
}

/// Whether a row says what its words belong to.
fn is_turn(kind: RowKind) -> bool {
    matches!(
        kind,
        RowKind::Speech
            | RowKind::Question
            | RowKind::Answer
            | RowKind::Recommendation
            | RowKind::Response
            | RowKind::Narrative
    )
}
