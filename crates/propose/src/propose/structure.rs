//! Rows that a text seems to ask for: headings, speakers, letters, songs, pages, marks of a print.
//!
//! Comes in: a text. Goes out: rows with patterns, each with what it finds, for a person to look at.
//! None is applied by itself: what looks like a heading may be a line of a poem.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use typed_index_collections::TiVec;

use super::toml::Root;
use super::{File, Refused};
use postil_anchor::document::expression::Expression;
use postil_anchor::document::record::Layout;
use postil_anchor::document::seen::Seen;
use postil_anchor::document::{BlockKind, Document};
use postil_archive::diagnostic::{Edit, Source};
use postil_archive::index::BlockIx;

/// A row that may be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The list it belongs to: `structure`, `furniture`, `join`; none for a key at the top of the file.
    pub list: Option<&'static str>,
    /// The row as it is written, or the key with its value.
    pub row: String,
    /// What it is for.
    pub what: &'static str,
    /// What it finds, a line each.
    pub evidence: Vec<String>,
}

impl Proposal {
    /// What of the row tells it from others: its expression, or its key.
    pub fn tells(&self) -> &str {
        match self.row.split('\'').nth(1) {
            Some(expression) => expression,
            None if self.list.is_some() => &self.row,
            None => self.row.split(" = ").next().unwrap_or(&self.row),
        }
    }
}

/// How often something has to look alike to be taken for what it seems.
const FEW: usize = 2;
const SOME: usize = 3;
const MANY: usize = 5;
/// What is shorter may be a heading, in characters.
const SHORT: usize = 40;
/// Words that begin a heading with a number, the outer before the inner.
const HEADS: [&str; 16] = [
    "VOLUME", "BOOK", "Book", "PART", "Part", "ACT", "CANTO", "CHAPTER", "Chapter", "LETTER", "Letter",
    "SCENE", "SECTION", "Section", "ARTICLE", "Article",
];

/// What a text seems to ask for, in the order in which rows are written.
pub fn propose(doc: &Document) -> Vec<Proposal> {
    let mut looks = Looks {
        doc,
        seen: Seen::new(doc),
        found: Vec::new(),
        folded: vec![false; doc.blocks.len()].into(),
        first_head: None,
        deepest: 0,
        deepest_head: None,
        numbered: None,
        is_letters: false,
        taken: vec![None; doc.blocks.len()].into(),
    };
    looks.licence();
    looks.marks();
    looks.pages();
    looks.heads();
    looks.letters();
    looks.speakers();
    looks.notes();
    looks.clauses();
    looks.verse();
    looks.tables();
    looks.joins();
    looks.hyphens();
    looks.found
}

/// A match of an expression.
struct Hit {
    block: BlockIx,
    words: String,
    group: Option<String>,
}

struct Looks<'d> {
    doc: &'d Document,
    seen: Seen,
    found: Vec<Proposal>,
    /// Blocks that are furniture, which patterns of other rows do not see.
    folded: TiVec<BlockIx, bool>,
    /// The first block that is a heading by its number, and how many levels of those there are.
    first_head: Option<BlockIx>,
    deepest: usize,
    /// The expression of the deepest.
    deepest_head: Option<String>,
    /// The expression of headings that are a number and nothing else, and how many there are.
    numbered: Option<(&'static str, usize)>,
    /// Whether the text is one of letters, in which names in capitals are not those of speakers.
    is_letters: bool,
    /// For each block the expression of the row that speaks for it as a whole.
    taken: TiVec<BlockIx, Option<String>>,
}

impl Looks<'_> {
    /// What an expression finds in blocks for which no other row speaks.
    fn hits(&self, expression: &str, group: &str) -> Vec<Hit> {
        self.hits_in(expression, group, |block| self.is_free(block))
    }

    /// What an expression finds in all that is no furniture: parts of blocks lie in whatever the blocks are.
    fn parts(&self, expression: &str, group: &str) -> Vec<Hit> {
        self.hits_in(expression, group, |block| !self.folded[block])
    }

    fn hits_in(&self, expression: &str, group: &str, is_wanted: impl Fn(BlockIx) -> bool) -> Vec<Hit> {
        let expression = Expression::new(expression).expect("the expressions of this room can be read");
        let regex = expression.regex();
        let of_block = |block: BlockIx| {
            let captures = regex.captures_iter(self.seen.words(block));
            captures.map(move |captures| Hit {
                block,
                words: captures[0].to_owned(),
                group: captures.name(group).map(|took| took.as_str().trim().to_owned()),
            })
        };
        self.doc.blocks.keys().filter(|block| is_wanted(*block)).flat_map(of_block).collect()
    }

    /// Whether nothing speaks for a block as a whole.
    fn is_free(&self, block: BlockIx) -> bool {
        !self.folded[block] && self.taken[block].is_none()
    }

    /// Proposes a row by pattern. Blocks that another row speaks for are left out by the expression of that row.
    fn row(&mut self, list: &'static str, expression: &str, keys: &str, what: &'static str, hits: &[Hit]) {
        let read = Expression::new(expression).expect("the expressions of this room can be read");
        let others = self.doc.blocks.keys().filter(|block| !self.folded[*block]);
        let others = others.filter_map(|block| Some((block, self.taken[block].as_ref()?)));
        let others = others.filter(|(block, _)| read.regex().is_match(self.seen.words(*block)));
        let mut unless: Vec<&str> = others.map(|(_, by)| by.as_str()).collect();
        unless.sort_unstable();
        unless.dedup();
        let unless = without_groups(&unless.join("|"));
        if Expression::new(&unless).is_err() {
            return;
        }
        let limit =
            if unless.is_empty() { String::new() } else { format!(", unless = {}", literal(&unless)) };
        let row = format!("{{ match = {}{limit}, {keys}, count = {} }}", literal(expression), hits.len());
        self.found.push(Proposal { list: Some(list), row, what, evidence: self.evidence(hits) });
    }

    /// Proposes a row for parts of blocks.
    fn part(&mut self, expression: &str, kind: &str, what: &'static str, hits: &[Hit]) {
        let row = format!("{{ match = {}, kind = \"{kind}\", count = {} }}", literal(expression), hits.len());
        self.found.push(Proposal { list: Some("structure"), row, what, evidence: self.evidence(hits) });
    }

    fn evidence(&self, hits: &[Hit]) -> Vec<String> {
        let short = |hit: &Hit| {
            let words: Vec<&str> = hit.words.split_whitespace().collect();
            let words: String = words.join(" ").chars().take(60).collect();
            format!("p{} {words}", hit.block.number())
        };
        let mut lines = Vec::new();
        if let [first, .., last] = hits {
            lines.push(format!("first: {}", short(first)));
            lines.push(format!("last: {}", short(last)));
        } else if let Some(only) = hits.first() {
            lines.push(format!("only: {}", short(only)));
        }
        let mut values: BTreeMap<&str, usize> = BTreeMap::new();
        for group in hits.iter().filter_map(|hit| hit.group.as_deref()) {
            *values.entry(group).or_default() += 1;
        }
        if values.len() > 1 {
            let mut rarest: Vec<(usize, &str)> = values.iter().map(|(words, n)| (*n, *words)).collect();
            rarest.sort_unstable();
            let mut line = format!("{} values, the rarest: ", rarest.len());
            for (i, (count, words)) in rarest.iter().take(6).enumerate() {
                let _ = write!(line, "{}{words} ({count})", if i > 0 { ", " } else { "" });
            }
            lines.push(line);
        }
        lines
    }

    fn take(&mut self, expression: &str, hits: &[Hit]) {
        hits.iter().for_each(|hit| self.taken[hit.block] = Some(expression.to_owned()));
    }

    fn fold(&mut self, hits: &[Hit]) {
        hits.iter().for_each(|hit| self.folded[hit.block] = true);
    }

    /// What a library prints before and after a book.
    fn licence(&mut self) {
        let start = r"^\*\*\* ?START OF .+ \*\*\*$";
        let end = r"^\*\*\* ?END OF .+ \*\*\*$";
        if let [hit] = &self.hits(start, "")[..] {
            let row = format!(
                "{{ from = \"start\", through = {}, reason = \"licence of the source\", count = 1 }}",
                literal(start)
            );
            let evidence = vec![format!("p1 to p{}", hit.block.number())];
            self.folded[..=hit.block].fill(true);
            self.found.push(Proposal { list: Some("furniture"), row, what: "licence", evidence });
        }
        if let [hit] = &self.hits(end, "")[..] {
            let row = format!(
                "{{ from = {}, through = \"end\", reason = \"licence of the source\", count = 1 }}",
                literal(end)
            );
            let evidence = vec![format!("p{} to p{}", hit.block.number(), self.doc.blocks.len())];
            self.folded[hit.block..].fill(true);
            self.found.push(Proposal { list: Some("furniture"), row, what: "licence", evidence });
        }
    }

    /// Marks of a transcription, and heads that each page prints with another number.
    fn marks(&mut self) {
        let marks = r"\A\[(?:Illustration|Music|Decoration|Blank Page)[^\]]*\]\z";
        let hits = self.hits(marks, "");
        if !hits.is_empty() {
            self.row("furniture", marks, "reason = \"mark of the transcription\"", "marks", &hits);
            self.fold(&hits);
        }
        let mut alike: BTreeMap<String, Vec<BlockIx>> = BTreeMap::new();
        for block in self.doc.blocks.keys().filter(|block| self.is_free(*block)) {
            let words = self.seen.words(block);
            let short = words.chars().count() <= 80 && !words.contains('\n');
            let letters = words.chars().filter(|c| c.is_alphabetic()).count();
            let has_number = words.chars().any(|c| c.is_ascii_digit());
            if short
                && has_number
                && letters >= 4
                && words.chars().filter(|c| c.is_lowercase()).count() * 4 < letters
            {
                alike.entry(shape(words)).or_default().push(block);
            }
        }
        for (shape, blocks) in alike {
            let distinct: std::collections::BTreeSet<&str> =
                blocks.iter().map(|&block| self.seen.words(block)).collect();
            let is_head = HEADS.iter().any(|head| shape.starts_with(&format!(r"\A{head}")));
            if blocks.len() < MANY || distinct.len() < MANY || is_head || shape.chars().count() > 190 {
                continue;
            }
            let hits = self.hits(&shape, "");
            self.row("furniture", &shape, "reason = \"running head\"", "running heads", &hits);
            self.fold(&hits);
        }
    }

    /// Where pages begin.
    fn pages(&mut self) {
        for expression in [
            r"\A(?<fold>\[Pg (?<number>\d+|[ivxlc]+)\])\z",
            r"(?<fold>\[Pg (?<number>\d+|[ivxlc]+)\])",
            r"(?<fold>\[Page (?<number>\d+|[ivxlc]+)\])",
            r"(?<fold>\{(?<number>\d{1,4})\})",
        ] {
            let hits = self.hits(expression, "number");
            if hits.len() >= SOME && rises(&hits) {
                self.row("structure", expression, "kind = \"page\"", "pages", &hits);
                if expression.ends_with(r"\z") {
                    self.take(expression, &hits);
                }
                return;
            }
        }
        let alone = r"\A\[?(?<number>\d{1,4})\]?\z";
        let hits = self.hits(alone, "number");
        if hits.len() >= MANY && rises(&hits) {
            self.row("structure", alone, "kind = \"page\", folded = true", "pages", &hits);
            self.take(alone, &hits);
        }
    }

    /// Headings, by their words or by their capitals.
    fn heads(&mut self) {
        let mut heads: Vec<(usize, String, Vec<Hit>)> = Vec::new();
        // Whatever word it is (AIR, FABLE, Canto): its numbers tell it.
        let numbered = r"\A {0,20}(?<word>\p{Lu}[\p{L}]{1,14}) (?:[IVXLC]+|\d+)\b\.?[^\n]{0,80}\z";
        let words = self.hits(numbered, "word").into_iter().filter_map(|hit| hit.group);
        for head in words.collect::<std::collections::BTreeSet<String>>() {
            let expression = format!(r"\A {{0,20}}{head} (?<number>[IVXLC]+|\d+)\b\.?[^\n]{{0,80}}\z");
            let hits = self.hits(&expression, "number");
            let is_head = HEADS.contains(&head.as_str());
            if hits.len() >= FEW && (is_head || hits.len() >= SOME && mostly_follows(&hits)) {
                heads.push((hits.len(), expression, hits));
            }
        }
        for expression in
            [r"\A§ ?(?<number>\d+)\b[^\n]{0,80}\z", r"\AArt(?:icle|\.) ?(?<number>\d+)\b[^\n]{0,80}\z"]
        {
            let hits = self.hits(expression, "number");
            if hits.len() >= SOME
                && !heads.iter().any(|(_, _, other)| other.iter().any(|o| o.block == hits[0].block))
            {
                heads.push((hits.len(), expression.to_owned(), hits));
            }
        }
        // Numbers that stand alone: years that rise, letters, poems and chapters that are counted.
        for expression in [
            r"\A {0,40}(?<number>1[4-9]\d\d)\.(?:\[\d+\])?\z",
            r"\A {0,40}(?<number>\d{1,3})\.(?:\[\d+\])?\z",
            r"\A {0,40}(?<number>[IVXLC]+)\.?(?:\[\d+\])?\z",
        ] {
            let hits = self.hits(expression, "number");
            let is_year = expression.contains("1[4-9]");
            if hits.len() >= SOME && if is_year { rises(&hits) } else { mostly_follows(&hits) } {
                if !is_year {
                    self.numbered = Some((expression, hits.len()));
                }
                heads.push((hits.len(), expression.to_owned(), hits));
            }
        }
        // What there is less of holds the others.
        // The words of songs and the like are not among those that divide a book.
        let is_other = |expression: &str| {
            let word =
                expression.strip_prefix(r"\A {0,20}").filter(|rest| rest.starts_with(char::is_alphabetic));
            word.is_some_and(|rest| !HEADS.iter().any(|head| rest.starts_with(&format!("{head} "))))
        };
        heads.sort_by_key(|(count, expression, _)| (is_other(expression), *count));
        let depth = heads.len();
        for (level, (_, expression, hits)) in heads.into_iter().enumerate() {
            let sequence = if follows(&hits, false) {
                ", sequence = true"
            } else if follows(&hits, true) {
                ", sequence = \"restarts\""
            } else {
                ""
            };
            let keys = format!("kind = \"heading\", level = {}{sequence}", (level + 1).min(6));
            self.row("structure", &expression, &keys, "headings", &hits);
            self.take(&expression, &hits);
            self.first_head = [self.first_head.take(), Some(hits[0].block)].into_iter().flatten().min();
            self.deepest = level + 1;
            self.deepest_head = Some(expression);
        }
        self.contents();
        let of_markdown = self.doc.blocks.iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
        let capitals = r"\A {0,40}[\p{Lu}][\p{Lu} ,’.:;&-]+\z";
        let hits = self.hits(capitals, "");
        let share = hits.len() * 5 <= self.doc.blocks.len();
        if hits.len() >= SOME && share && !of_markdown && !repeats(&hits) {
            // What is so headed before the first of the others is a part of the book, as those are.
            let before =
                hits.iter().filter(|hit| self.first_head.is_some_and(|first| hit.block < first)).count();
            let level = if before * 2 > hits.len() { 1 } else { (depth + 1).min(6) };
            let keys = format!("kind = \"heading\", level = {level}");
            self.row("structure", capitals, &keys, "headings in capitals", &hits);
            self.take(capitals, &hits);
        }
    }

    /// Names at the beginning of blocks, and what is said.
    fn speakers(&mut self) {
        let stamp = r"\A(?<fold>\[(?<time>\d+:\d\d(?::\d\d)?)\])";
        let times = self.hits(stamp, "time");
        if times.len() >= SOME {
            self.row("structure", stamp, "kind = \"time\"", "times", &times);
        }
        let free = self.doc.blocks.keys().filter(|block| self.is_free(*block)).count();
        let mut speak = false;
        for expression in [
            r"\A_(?<speaker>[^_\n]{2,24})\._\s",
            r"\A(?<speaker>\p{Lu}[\p{Lu} .’-]*\p{Lu})\.\s",
            r"\A(?:\[[^\]]*\] ?)?(?<speaker>\p{Lu}[\p{L} .’-]*):\s",
            r"\A(?<speaker>\p{Lu}[\p{Lu} .’-]*\p{Lu})[.:]?\z",
        ] {
            let hits = self.hits(expression, "speaker");
            if self.is_letters {
                break;
            }
            // In what people say to each other, a tenth of all paragraphs at least begin with a name.
            if hits.len() < MANY || hits.len() * 10 < free || !repeats(&hits) {
                continue;
            }
            speak = true;
            // Names between underlines are that on the page; inside a song, too.
            let (name, named) = match expression.starts_with(r"\A_") {
                true => {
                    let name = r"^ *(?<fold>_)(?<speaker>[^_\n]{2,24})\.(?<fold_2>_)\s";
                    (name, self.parts(name, "speaker"))
                }
                false => (expression, self.hits(expression, "speaker")),
            };
            match name == expression {
                true => self.row("structure", name, "kind = \"speaker\"", "speakers", &named),
                false => self.part(name, "speaker", "speakers", &named),
            }
            // What is headed inside a speech, as songs are, does not end it.
            let is_headed = self.deepest > 1 && self.is_inside(&hits);
            let over =
                if is_headed { format!(", over = [\"heading-{}\"]", self.deepest) } else { String::new() };
            self.row(
                "structure",
                expression,
                &format!("kind = \"speech\", covers = \"until-next\"{over}"),
                "speeches, each up to the next",
                &hits,
            );
            let entries = r"(?s)\A *[\[(]?_?(?:Enter|Re-enter|Exit|Exeunt)\b.{0,200}\z";
            let stages = self.hits(entries, "");
            if stages.len() >= SOME {
                self.row("structure", entries, "kind = \"stage\"", "stage directions", &stages);
                self.take(entries, &stages);
            }
            break;
        }
        if !speak {
            return;
        }
        for stage in [r"\[_[^\]]+_\]", r"\A\[[^\]\n:]{3,200}\]\z", r"\A\([^)\n]{3,200}\)\z"] {
            let hits = self.hits(stage, "");
            if hits.len() >= SOME {
                self.row("structure", stage, "kind = \"stage\"", "stage directions", &hits);
                break;
            }
        }
        let cast = r"\A *(?:DRAMATIS PERSON(?:Æ|AE)|PERSONS REPRESENTED|CAST)\b[^\n]*\z";
        if let [hit] = &self.hits(cast, "")[..]
            && (hit.block.number() as usize) < self.doc.blocks.len()
        {
            let number = hit.block.after().number();
            let row = format!("{{ at = \"p{number}\", kind = \"cast\" }}");
            let evidence = vec![format!("behind p{} {}", hit.block.number(), hit.words.trim())];
            self.found.push(Proposal { list: Some("structure"), row, what: "cast", evidence });
        }
    }

    /// A list of contents before the first heading.
    fn contents(&mut self) {
        let head = r"\A *(?:TABLE OF )?(?i:CONTENTS)\.?\z";
        let (Some(first), [only]) = (self.first_head, &self.hits(head, "")[..]) else { return };
        let (from, to) = (only.block, first);
        let Some(before) = self.taken[first].clone() else { return };
        let is_next = from < to
            && self
                .doc
                .blocks
                .keys()
                .skip_while(|b| *b <= from)
                .take_while(|b| *b < to)
                .all(|b| self.is_free(b));
        let length = to.number() - from.number();
        if !is_next || length < 2 || length as usize * 4 > self.doc.blocks.len() {
            return;
        }
        let row = format!(
            "{{ from = {}, before = {}, reason = \"contents of the print\", count = 1 }}",
            literal(head),
            literal(&without_groups(&before))
        );
        let evidence = vec![format!("p{} to p{}", from.number(), to.number() - 1)];
        self.folded[from..to].fill(true);
        self.found.push(Proposal { list: Some("furniture"), row, what: "contents", evidence });
    }

    /// Whether the deepest headings are those of songs or the like, and stand among what is said.
    fn is_inside(&self, speeches: &[Hit]) -> bool {
        let Some(head) = self.deepest_head.as_deref() else { return false };
        let outer = HEADS.iter().any(|word| head.contains(&format!("{{0,20}}{word} ")));
        let is_head =
            |(block, by): (BlockIx, &Option<String>)| (by.as_deref() == Some(head)).then_some(block);
        let heads: Vec<BlockIx> = self.taken.iter_enumerated().filter_map(is_head).collect();
        let first = speeches.first().map(|hit| hit.block);
        let inside = heads.iter().filter(|head| first.is_some_and(|first| first < **head)).count();
        !outer && inside * 2 > heads.len()
    }

    /// What letters begin and end with.
    fn letters(&mut self) {
        let parts: [(&str, &str, &'static str, &str); 3] = [
            (r"\A(?i:to|an|à) [\p{Lu}][\p{Lu} ,.’\n-]+\z", "recipient", "recipients", ""),
            (
                r"\A *(?:[\p{Lu}][\p{L}. ]+, ){0,2}(?<date>[\p{Lu}]\p{L}+\.? (?:\[\w+\?\] )?\d{1,2}(?:st|nd|rd|th)?,? 1[4-9]\d\d)\.?\z",
                "dateline",
                "dates of letters",
                "date",
            ),
            (r"\A *(?i:my )?(?i:dear|dearest)\b[^.\n]{2,60}[,:!][-–—]*\z", "salutation", "salutations", ""),
        ];
        let mut found = 0;
        for (expression, kind, what, group) in parts {
            let hits = self.hits(expression, group);
            if hits.len() >= FEW {
                self.row("structure", expression, &format!("kind = \"{kind}\""), what, &hits);
                self.take(expression, &hits);
                found += hits.len();
            }
        }
        if found < MANY || found * 20 < self.doc.blocks.len() {
            return;
        }
        self.is_letters = true;
        let signature = r"\A *\p{Lu}[\p{Lu}.’ -]+\z";
        let hits = self.hits(signature, "");
        if hits.len() >= SOME && repeats(&hits) {
            self.row("structure", signature, "kind = \"signature\"", "signatures", &hits);
            self.take(signature, &hits);
        }
        // Letters that are numbered are told by their numbers.
        if let Some((expression, count)) = self.numbered.filter(|(_, count)| found * 2 > *count) {
            let expression = literal(&without_groups(expression));
            let row = format!(
                "{{ match = {expression}, kind = \"letter\", covers = \"until-next\", count = {count} }}"
            );
            let evidence = vec!["each from its number to before the next heading".to_owned()];
            self.found.push(Proposal { list: Some("structure"), row, what: "letters", evidence });
        }
    }

    /// Footnotes with their marks, and what a transcription sets between underlines.
    fn notes(&mut self) {
        let begin = r"\A *\[(?:Footnote |Note )?(?<number>\d+): ";
        let notes = self.hits(begin, "number");
        if !notes.is_empty() {
            let row = format!(
                "{{ from = {}, through = '\\]\\z', kind = \"footnote\", count = {} }}",
                literal(begin),
                notes.len()
            );
            let evidence = self.evidence(&notes);
            self.found.push(Proposal { list: Some("structure"), row, what: "footnotes", evidence });
            let mark = r"\[(?<number>\d+)\]";
            let marks = self.parts(mark, "number");
            if !marks.is_empty() {
                self.part(mark, "footnote-mark", "marks of footnotes", &marks);
            }
        }
        let emphasis = r"(?<fold>_)(?<text>[^_\s](?:[^_]*[^_\s])?)(?<fold_2>_)";
        let hits = self.parts(emphasis, "");
        if hits.len() >= SOME {
            self.part(emphasis, "emphasis", "emphasis", &hits);
        }
    }

    /// Blocks that begin with numbers that follow each other.
    fn clauses(&mut self) {
        for expression in [r"\A(?<number>\d{1,4})\. ", r"\A\((?<number>\d{1,4})\) "] {
            let hits = self.hits(expression, "number");
            if hits.len() >= MANY && follows(&hits, true) {
                let sequence = if follows(&hits, false) { "true" } else { "\"restarts\"" };
                let keys = format!("kind = \"clause\", sequence = {sequence}");
                self.row("structure", expression, &keys, "numbered clauses", &hits);
                return;
            }
        }
    }

    /// Blocks all of whose lines are indented.
    fn verse(&mut self) {
        if self.doc.layout != Some(Layout::Wrapped) {
            return;
        }
        let verse = r"\A(?: {2,}[^\n]*\p{L}.*(?:\n|\z)){2,}\z";
        let mut hits = self.hits(verse, "");
        // What stands before the first heading is a title page; what begins with a bracket, a remark.
        let mut limit = String::from(r#", unless = '\A *[\[(]'"#);
        hits.retain(|hit| !hit.words.trim_start().starts_with(['[', '(']));
        if let (Some(first), Some(taken)) =
            (self.first_head, self.first_head.and_then(|head| self.taken[head].clone()))
        {
            hits.retain(|hit| hit.block >= first);
            let _ = write!(limit, ", after = {}", literal(&without_groups(&taken)));
        }
        if hits.len() >= FEW && hits.len() * 2 <= self.doc.blocks.len() {
            let row =
                format!("{{ match = {}{limit}, kind = \"verse\", count = {} }}", literal(verse), hits.len());
            let evidence = self.evidence(&hits);
            self.found.push(Proposal {
                list: Some("structure"),
                row,
                what: "verse, told by its indentation",
                evidence,
            });
            self.take(verse, &hits);
        }
    }

    /// Blocks whose words stand in columns.
    fn tables(&mut self) {
        if self.doc.layout == Some(Layout::Lines) {
            return;
        }
        let is_table = |index: &BlockIx| {
            let block = &self.doc.blocks[*index];
            let lines = self.doc.lines(block);
            let signs = self.doc.words(block.text).contains(['\t', '|']);
            let wide = lines.iter().filter(|line| self.doc.words(line.words).contains("   ")).count();
            let table = self.doc.table(&[block]);
            let full = table.is_some_and(|table| {
                let cells = table
                    .rows
                    .iter()
                    .map(|(_, cells)| cells.iter().filter(|cell| !cell.words.is_empty()).count());
                table.rows.len() >= SOME && cells.filter(|count| *count >= FEW).count() * 2 > table.rows.len()
            });
            full && (signs || wide * 2 > lines.len())
        };
        let blocks: Vec<BlockIx> =
            self.doc.blocks.keys().filter(|i| self.is_free(*i)).filter(is_table).collect();
        if blocks.is_empty() || blocks.len() > 40 {
            return;
        }
        let names: Vec<String> = blocks.iter().map(|block| format!("\"p{}\"", block.number())).collect();
        let at = if let [one] = &names[..] { one.clone() } else { format!("[{}]", names.join(", ")) };
        let row = format!("{{ at = {at}, kind = \"table\" }}");
        let evidence = vec!["words in columns; add `head = 1` if the first row is the head".to_owned()];
        self.found.push(Proposal { list: Some("structure"), row, what: "tables", evidence });
    }

    /// Paragraphs that a page divides: one ends without a stop, and the next goes on in small letters.
    fn joins(&mut self) {
        if self.doc.layout != Some(Layout::Wrapped) {
            return;
        }
        let prose: Vec<BlockIx> = self.doc.blocks.keys().filter(|block| self.is_free(*block)).collect();
        let is_cut = |pair: &&[BlockIx]| {
            let (before, after) = (self.seen.words(pair[0]), self.seen.words(pair[1]));
            let last = before.trim_end().chars().next_back();
            let first = after.chars().next();
            let is_prose = before.contains('\n') || before.chars().count() > SHORT;
            is_prose
                && last.is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | ';' | '-' | '¬' | '\u{ad}'))
                && first.is_some_and(char::is_lowercase)
        };
        let pairs: Vec<&[BlockIx]> = prose.windows(2).filter(is_cut).collect();
        if pairs.len() * 3 > prose.len() {
            return;
        }
        let end =
            |words: &str| words.chars().skip(words.chars().count().saturating_sub(24)).collect::<String>();
        // What runs on twice is one paragraph.
        let mut runs: Vec<(BlockIx, BlockIx, Vec<String>)> = Vec::new();
        for pair in pairs {
            let begin: String = self.seen.words(pair[1]).chars().take(24).collect();
            let line = format!("… {} / {begin} …", end(self.seen.words(pair[0])));
            match runs.last_mut().filter(|(_, last, _)| *last == pair[0]) {
                Some((_, last, lines)) => {
                    *last = pair[1];
                    lines.push(line);
                }
                None => runs.push((pair[0], pair[1], vec![line])),
            }
        }
        self.found.extend(runs.into_iter().map(|(first, last, evidence)| {
            let row = format!("{{ at = \"p{}-p{}\" }}", first.number(), last.number());
            Proposal { list: Some("join"), row, what: "a paragraph that runs on", evidence }
        }));
    }

    /// Whether hyphens at line ends are of the words or of the print only: by what stands elsewhere.
    fn hyphens(&mut self) {
        if self.doc.layout != Some(Layout::Wrapped) {
            return;
        }
        let cut = Expression::new(r"([\p{L}-]*\p{L})[-¬]\n *(\p{Ll}\p{L}*)").expect("it can be read");
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        let mut cuts: Vec<(String, String)> = Vec::new();
        let mut lines = 0;
        for block in self.doc.blocks.keys() {
            let seen = self.seen.words(block);
            lines += seen.matches('\n').count();
            cuts.extend(cut.regex().captures_iter(seen).map(|c| (c[1].to_lowercase(), c[2].to_lowercase())));
            for word in seen.split(|c: char| !(c.is_alphabetic() || c == '-')).filter(|word| word.len() > 3) {
                *words.entry(word.to_lowercase()).or_default() += 1;
            }
        }
        if cuts.len() < MANY {
            return;
        }
        let stands = |word: String| words.contains_key(&word);
        let whole = cuts.iter().filter(|(head, tail)| stands(format!("{head}{tail}"))).count();
        let hyphened = cuts.iter().filter(|(head, tail)| stands(format!("{head}-{tail}"))).count();
        let value = if whole >= hyphened { "join" } else { "keep" };
        let evidence = vec![format!(
            "{} of {lines} line ends cut a word; {whole} of them stand elsewhere without the hyphen, {hyphened} with it",
            cuts.len()
        )];
        let row = format!("hyphens = \"{value}\"");
        self.found.push(Proposal { list: None, row, what: "hyphens at line ends", evidence });
    }
}

/// An expression whose groups have no names: those of a limit fill no key.
fn without_groups(expression: &str) -> String {
    ["number", "date", "fold", "speaker", "word"]
        .iter()
        .fold(expression.to_owned(), |out, name| out.replace(&format!("(?<{name}>"), "(?:"))
}

/// An expression as TOML writes it without escapes.
fn literal(expression: &str) -> String {
    format!("'{expression}'")
}

/// The words of a block as an expression, in which each number may be another.
fn shape(words: &str) -> String {
    let mut out = String::from(r"\A");
    let mut digits = false;
    for c in words.chars() {
        if c.is_ascii_digit() {
            if !digits {
                out.push_str(r"\d+");
            }
            digits = true;
            continue;
        }
        digits = false;
        match c {
            '\'' => out.push('.'),
            c if c.is_alphanumeric() || c == ' ' => out.push(c),
            c if c.is_ascii_punctuation() && c != '<' && c != '>' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push_str(r"\z");
    out
}

/// Whether some of the values come again and again, as names of speakers do.
fn repeats(hits: &[Hit]) -> bool {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for hit in hits {
        *counts.entry(hit.group.as_deref().unwrap_or(&hit.words)).or_default() += 1;
    }
    counts.values().any(|count| *count >= SOME) && counts.len() * 2 <= hits.len()
}

fn values(hits: &[Hit]) -> Vec<Option<u32>> {
    let roman = |words: &str| {
        let value = |c: char| {
            Some(match c.to_ascii_uppercase() {
                'I' => 1,
                'V' => 5,
                'X' => 10,
                'L' => 50,
                'C' => 100,
                _ => return None,
            })
        };
        let values = words.chars().map(value).collect::<Option<Vec<i64>>>()?;
        let sum: i64 =
            (0..values.len())
                .map(|i| {
                    if values.get(i + 1).is_some_and(|next| *next > values[i]) {
                        -values[i]
                    } else {
                        values[i]
                    }
                })
                .sum();
        u32::try_from(sum).ok()
    };
    let value = |hit: &Hit| {
        let words = hit.group.as_deref()?;
        words.parse().ok().or_else(|| roman(words))
    };
    hits.iter().map(value).collect()
}

/// Whether numbers mostly rise, as those of pages do.
fn rises(hits: &[Hit]) -> bool {
    let values = values(hits);
    let rising = values.windows(2).filter(|pair| pair[0].zip(pair[1]).is_some_and(|(a, b)| b > a)).count();
    rising * 10 >= values.len().saturating_sub(1) * 9
}

/// Whether most numbers follow each other, or begin anew: of those of a book some may be missing.
fn mostly_follows(hits: &[Hit]) -> bool {
    let values = values(hits);
    let goes = |pair: &&[Option<u32>]| pair[0].zip(pair[1]).is_some_and(|(a, b)| b == a + 1 || b == 1);
    values.windows(2).filter(goes).count() * 4 >= values.len().saturating_sub(1) * 3
}

/// Whether numbers follow each other, or begin anew.
fn follows(hits: &[Hit], restarts: bool) -> bool {
    let values = values(hits);
    let goes =
        |pair: &[Option<u32>]| pair[0].zip(pair[1]).is_some_and(|(a, b)| b == a + 1 || (restarts && b == 1));
    values.len() > 1 && values.windows(2).all(goes)
}

/// The apparatus with some proposals in it.
///
/// # Errors
/// The file there is cannot be read, or holds its rows in a way that they cannot be added to.
pub fn written(text: &str, source: Option<&Source>, chosen: &[&Proposal]) -> Result<File, Refused> {
    let path = format!("annotations/{text}/apparatus.toml");
    let empty = Source::new(path.clone(), String::new());
    let source = source.unwrap_or(&empty);
    let broken = || {
        Refused::because(
            format!("`{path}` cannot be added to"),
            "write the rows into it by hand: they are shown above",
        )
    };
    let root = Root::of(source, Some(0..source.text.len())).ok_or_else(broken)?;
    let mut edits: Vec<Edit> = Vec::new();
    for list in ["furniture", "join", "structure"] {
        let rows: Vec<&str> =
            chosen.iter().filter(|row| row.list == Some(list)).map(|row| row.row.as_str()).collect();
        if !rows.is_empty() {
            edits.push(root.rows(list, &rows).ok_or_else(broken)?);
        }
    }
    let mut out = source.text.clone();
    // From the end on, so that the places of those before stay; of two at one place the first comes first.
    edits.sort_by_key(|edit| edit.span.start);
    for edit in edits.into_iter().rev() {
        out.replace_range(edit.span.range(), &edit.new);
    }
    let top: String =
        chosen.iter().filter(|row| row.list.is_none()).map(|row| format!("{}\n", row.row)).collect();
    Ok(File { path, text: format!("{top}{out}") })
}
