//! Small builders: a text, selectors, an apparatus, a glossary, and what comes of them.

use std::ops::Range;
use std::sync::Arc;

use typed_index_collections::TiVec;

use crate::anchor::glossary::{Defaults, Glossary};
use crate::anchor::{Anchored, Layers, Passage, resolve};
use crate::annotation::{
    Annotations, Apparatus, BlockRange, Certainty, Correction, Edge, FormKeys, Furniture, Join, Level,
    LinkEnd, Located, Markdown, Meaning, Note, Part, Row, RowKind, Selector, Sense, SenseName, Term, TermRow,
    TermRowOn, Words,
};
use crate::document::{Block, BlockKind, Document, TextRange};
use postil_archive::diagnostic::{Checked, Diagnostic, Source, Span};
use postil_archive::sidecar::date::Date;

/// A text of which each line is a block.
pub(in crate::anchor) fn lines(text: &str) -> Document {
    document(text, |ranges| ranges.into_iter().map(|(lines, range)| ((lines, lines), range)).collect())
}

/// A text whose blocks are runs of lines.
pub(super) fn wrapped(text: &str) -> Document {
    document(text, |ranges| {
        let mut blocks: Vec<((u32, u32), Range<usize>)> = Vec::new();
        for (line, range) in ranges {
            match blocks.last_mut() {
                Some((lines, block)) if lines.1 + 1 == line => (lines.1, block.end) = (line, range.end),
                _ => blocks.push(((line, line), range)),
            }
        }
        blocks
    })
}

type Numbered = ((u32, u32), Range<usize>);

fn document(text: &str, cut: impl FnOnce(Vec<(u32, Range<usize>)>) -> Vec<Numbered>) -> Document {
    let source = Source::new("content/t.txt", text);
    let starts = source.line_starts().to_vec();
    let ends = starts[1..].iter().copied().chain([text.len()]);
    let mut filled = Vec::new();
    for (i, (start, end)) in starts.iter().copied().zip(ends).enumerate() {
        let line = text[start..end].trim_end_matches(['\n', '\r']);
        if !line.trim().is_empty() {
            filled.push((u32::try_from(i).unwrap() + 1, start..start + line.len()));
        }
    }
    let (mut visible, mut blocks, mut origins) = (String::new(), Vec::new(), Vec::new());
    for (i, (lines, range)) in cut(filled).into_iter().enumerate() {
        if i > 0 {
            visible.push('\n');
        }
        origins.push((visible.len(), range.start));
        let start = visible.len();
        visible.push_str(&text[range.clone()]);
        blocks.push(Block {
            number: u32::try_from(i).unwrap() + 1,
            text: TextRange::new(start, visible.len()),
            span: range.into(),
            lines,
            kind: BlockKind::Paragraph,
            containers: Vec::new(),
        });
    }
    Document {
        tables: Default::default(),
        marks: Vec::new(),
        pictures: Vec::new(),
        id: "t".into(),
        source,
        lang: None,
        layout: None,
        visible,
        blocks: blocks.into(),
        inlines: TiVec::new(),
        origins,
        unseen: Vec::new(),
        has_front_matter: false,
        words: 0,
    }
}

/// A selector with `quote`.
pub(super) fn quote(words: &str) -> Selector {
    selector(Some(Words::Literal(words.to_owned())))
}

/// The block quote that opens a note.
pub(super) fn opening(words: &str) -> Selector {
    selector(Some(Words::Quotation(words.to_owned())))
}

/// A selector with `at` alone.
pub(super) fn blocks(at: &str) -> Selector {
    selector(None).at(at)
}

fn selector(words: Option<Words>) -> Selector {
    let source = Arc::new(Source::new("annotations/t/s.toml", "selector"));
    let span = Span { start: 0, end: 8 };
    Selector {
        words,
        pattern: None,
        except: vec![],
        prefix: None,
        suffix: None,
        at: vec![],
        edge: None,
        nth: None,
        all: false,
        source,
        span,
    }
}

fn located<T>(value: T) -> Located<T> {
    Located { value, span: Span::default() }
}

/// `p1`, `p1-p2`, `L3`, several with a space between.
fn ranges(at: &str) -> Vec<Located<BlockRange>> {
    let one = |part: &str| {
        let number = |n: &str| n[1..].parse().unwrap();
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (number(first), number(last));
        if part.starts_with('L') { BlockRange::Lines(first, last) } else { BlockRange::Blocks(first, last) }
    };
    at.split(' ').map(|part| located(one(part))).collect()
}

impl Selector {
    pub(super) fn at(mut self, at: &str) -> Self {
        self.at = ranges(at);
        self
    }
    pub(super) fn nth(mut self, nth: u32) -> Self {
        self.nth = Some(located(nth));
        self
    }
    pub(super) fn all(mut self) -> Self {
        self.all = true;
        self
    }
    pub(super) fn prefix(mut self, words: &str) -> Self {
        self.prefix = Some(located(words.to_owned()));
        self
    }
    pub(super) fn suffix(mut self, words: &str) -> Self {
        self.suffix = Some(located(words.to_owned()));
        self
    }
    pub(super) fn edge(mut self, edge: Edge) -> Self {
        self.edge = Some(edge);
        self
    }
}

/// A term in the short form.
pub(super) fn term(slug: &str, forms: &[&str]) -> Term {
    let text = forms.iter().map(|form| format!("{form}\n")).collect::<String>();
    Term {
        slug: slug.to_owned(),
        source: Arc::new(Source::new(format!("annotations/glossary/{slug}.toml"), text)),
        term: located(forms[0].to_owned()),
        kind: "body".to_owned(),
        forms: forms[1..].iter().map(|form| located((*form).to_owned())).collect(),
        misprints: vec![],
        case: None,
        mark: None,
        texts: vec![],
        date: None,
        was: vec![],
        see: vec![],
        allow_common: None,
        nowhere: false,
        review_by: None,
        senses: vec![sense("1", None, None)].into(),
    }
}

/// A sense with its dates.
pub(super) fn sense(id: &str, from: Option<&str>, until: Option<&str>) -> Sense {
    Sense {
        id: id.to_owned(),
        name: None,
        from: from.map(date),
        until: until.map(date),
        definition: markdown("A body."),
        predecessor: None,
        successor: None,
        sources: vec![],
        certainty: Certainty::Certain,
    }
}

/// `gla`, `gla/new`.
pub(super) fn meant(name: &str) -> Meaning {
    let (term, sense) = name.split_once('/').map_or((name, None), |(term, sense)| (term, Some(sense)));
    Meaning::Some(SenseName { term: term.to_owned(), sense: sense.map(str::to_owned) })
}

/// `2009`, `2009-08`, `2009-08-01`.
pub(super) fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn markdown(text: &str) -> Markdown {
    let span = Span { start: 0, end: text.len() };
    Markdown { text: text.to_owned(), source: Arc::new(Source::new("annotations/t/n.md", text)), span }
}

/// A note.
pub(super) fn note(selectors: Vec<Selector>, body: &str) -> Note {
    Note {
        text: "t".into(),
        slug: "n".to_owned(),
        source: Arc::new(Source::new("annotations/t/n.md", body)),
        by: vec![],
        role: None,
        title: None,
        kind: "context".to_owned(),
        topics: vec![],
        date: None,
        sources: vec![],
        certainty: Certainty::Certain,
        was: vec![],
        events: Vec::new(),
        figures: Vec::new(),
        review_by: None,
        selectors,
        body: markdown(body),
    }
}

/// A text with its annotations.
pub(super) struct Case {
    pub(super) doc: Document,
    pub(super) apparatus: Apparatus,
    pub(super) all: Annotations,
    pub(super) notes: Vec<Note>,
    pub(super) date: Option<Date>,
    pub(super) defaults: Defaults,
}

impl Case {
    pub(super) fn of(doc: Document) -> Self {
        let apparatus = Apparatus {
            except: Vec::new(),
            text: "t".into(),
            level: Level::Own,
            speakers: vec![],
            hyphens: None,
            hyphens_keep: vec![],
            hyphens_join: vec![],
            source: Arc::new(Source::new("annotations/t/apparatus.toml", "rows")),
            by: vec![],
            furniture: vec![],
            joins: vec![],
            corrections: vec![],
            structure: vec![],
            speaker_of: vec![],
            terms: vec![],
        };
        let (all, defaults) = (Annotations::default(), Defaults::default());
        Self { doc, apparatus, all, notes: vec![], date: None, defaults }
    }
    pub(super) fn furniture(mut self, selector: Selector) -> Self {
        self.apparatus.furniture.push(Furniture { selector, reason: "artefact".to_owned() });
        self
    }
    pub(super) fn join(mut self, at: &str) -> Self {
        self.apparatus.joins.push(Join { selector: blocks(at), glue: " ".to_owned(), to: None });
        self
    }
    pub(super) fn correction(mut self, selector: Selector, reading: &str) -> Self {
        let reading = (!reading.is_empty()).then(|| reading.to_owned());
        let (reason, by) = ("misprint".to_owned(), vec![]);
        let certainty = Certainty::Certain;
        self.apparatus.corrections.push(Correction { selector, reading, reason, certainty, by });
        self
    }
    pub(super) fn row(mut self, selector: Selector, kind: RowKind, starts: &str) -> Self {
        let starts = (!starts.is_empty()).then(|| located(starts.to_owned()));
        self.apparatus.structure.push(Row {
            selector,
            part: Part::new(kind),
            starts,
            form: FormKeys::default(),
            covers: None,
            over: vec![],
            folded: false,
            sequence: None,
        });
        self
    }
    pub(super) fn terms(mut self, terms: Vec<Term>) -> Self {
        self.all.terms = terms.into();
        self
    }
    pub(super) fn form_row(mut self, form: &str, is: Meaning) -> Self {
        self.apparatus.terms.push(TermRow {
            on: TermRowOn::Form(form.to_owned()),
            is,
            span: Span::default(),
        });
        self
    }
    pub(super) fn place_row(mut self, selector: Selector, is: Meaning) -> Self {
        self.apparatus.terms.push(TermRow { on: TermRowOn::Place(selector), is, span: Span::default() });
        self
    }
    pub(super) fn note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }
    pub(super) fn dated(mut self, text: &str) -> Self {
        self.date = Some(date(text));
        self
    }

    /// Everything of the text, with one end of a link besides.
    pub(super) fn resolve_with(&self, selector: Option<Selector>) -> Checked<Anchored> {
        let end = selector.map(|selector| LinkEnd { text: located("t".into()), selector });
        let layers = Layers {
            date: self.date,
            apparatuses: vec![&self.apparatus],
            shared: vec![],
            notes: self.notes.iter().enumerate().map(|(i, note)| (i.into(), note)).collect(),
            passages: vec![],
            ends: end.iter().map(|end| (0.into(), 0.into(), end)).collect(),
            all: &self.all,
        };
        let glossary = Glossary::new(&self.all.terms, self.defaults);
        assert_eq!(glossary.problems, []);
        resolve(&self.doc, &layers, &glossary.value)
    }

    /// The places of a selector, `p1:words`, with `+` between ranges and `|`
    /// between places; or the code of the error.
    pub(super) fn find(&self, selector: Selector) -> String {
        let Checked { value, problems } = self.resolve_with(Some(selector));
        match value.ends.first() {
            Some((_, _, places)) => {
                assert!(problems.is_empty(), "{problems:?}");
                places.iter().map(|place| show(&self.doc, place)).collect::<Vec<_>>().join(" | ")
            }
            None => problems.iter().map(|problem| problem.code.name()).collect::<Vec<_>>().join(" "),
        }
    }

    /// The one problem with a selector.
    pub(super) fn problem(&self, selector: Selector) -> Diagnostic {
        let mut problems = self.resolve_with(Some(selector)).problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems.remove(0)
    }

    /// All that the one problem with a selector says, a line each.
    pub(super) fn says(&self, selector: Selector) -> String {
        said(&self.problem(selector))
    }

    /// Codes of all problems without any further selector.
    pub(super) fn codes(&self) -> String {
        let problems = self.resolve_with(None).problems;
        problems.iter().map(|problem| problem.code.name()).collect::<Vec<_>>().join(" ")
    }

    /// The furniture.
    pub(super) fn hidden(&self) -> String {
        let hidden = self.resolve_with(None).value.furniture;
        hidden.iter().map(|hidden| self.doc.words(hidden.range)).collect::<Vec<_>>().join(" | ")
    }

    /// Uses of terms: `slug:words`, with `*` where the definition opens.
    pub(super) fn uses(&self) -> String {
        let Checked { value, problems } = self.resolve_with(None);
        assert!(problems.is_empty(), "{problems:?}");
        self.show_uses(&value)
    }

    pub(super) fn show_uses(&self, anchored: &Anchored) -> String {
        let one = |used: &crate::anchor::TermUse| {
            let term = &self.all.terms[used.term];
            let sense = if term.senses.len() > 1 {
                format!("/{}", term.senses[used.sense].id)
            } else {
                String::new()
            };
            let opens = if used.opens { "*" } else { "" };
            format!("{}{sense}:{}{opens}", term.slug, used.passage.words(&self.doc))
        };
        anchored.uses.iter().map(one).collect::<Vec<_>>().join(" | ")
    }
}

/// Message, labels and help of a diagnostic, a line each.
pub(super) fn said(problem: &Diagnostic) -> String {
    let related = problem.related.iter().map(|(place, label)| format!("{}: {label}", place.line));
    let head = [format!("{}: {}", problem.code.name(), problem.message), problem.label.clone()];
    head.into_iter().chain(related).chain(problem.help.iter().cloned()).collect::<Vec<_>>().join("\n")
}

fn show(doc: &Document, place: &Passage) -> String {
    let one = |range: &TextRange| format!("p{}:{}", doc.block_at(range.start).number, doc.words(*range));
    place.ranges.iter().map(one).collect::<Vec<_>>().join("+")
}
