//! Where patterns are found: matches, regions, and what is said of rows that are not found as often
//! as they are meant to be.

use std::fmt::Write as _;

use typed_index_collections::TiVec;

use super::at;
use crate::annotation::{BlockRange, Level, Located, Pattern, Region, RegionEnd, Selector};
use crate::document::expression::Expression;
use crate::document::seen::Seen;
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic, Edit, Fix};
use postil_archive::index::BlockIx;

/// Most matches of all patterns of a text.
const MOST_MATCHES: usize = 200_000;

/// One place of a pattern.
#[derive(Debug, Clone)]
pub(super) struct Match {
    /// Index of the first and the last block.
    pub(super) blocks: (BlockIx, BlockIx),
    /// The words that it took: of a region, those that begin it.
    pub(super) range: TextRange,
    /// The words that its group `text` took.
    pub(super) text: Option<TextRange>,
    /// What its other groups took that took something: name and words.
    pub(super) keys: Vec<(String, String)>,
    /// What its groups fold.
    pub(super) folds: Vec<TextRange>,
    /// Whether it is a region of whole blocks.
    pub(super) whole: bool,
}

/// What a pattern finds in a text.
#[derive(Debug, Default)]
pub(super) struct Hits {
    /// The places, in the order of the text.
    pub(super) list: Vec<Match>,
    /// How many more lie in blocks that are furniture.
    pub(super) in_furniture: usize,
    /// Whether something about the row is wrong, so that its number says nothing.
    pub(super) broken: bool,
}

/// A row whose places are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) selector: &'a Selector,
    pub(super) pattern: &'a Pattern,
    pub(super) level: Level,
    /// Whether its numbers are to follow each other, and whether they begin anew behind headings.
    pub(super) sequence: Option<bool>,
}

/// The text in which patterns are looked for.
pub(super) struct Ground<'d> {
    pub(super) doc: &'d Document,
    pub(super) seen: Seen,
    /// Blocks that lie wholly in rows of furniture; empty as long as these are looked for.
    pub(super) hidden: TiVec<BlockIx, bool>,
    /// How many matches there were so far.
    pub(super) count: usize,
}

impl<'d> Ground<'d> {
    pub(super) fn new(doc: &'d Document) -> Self {
        Self { doc, seen: Seen::new(doc), hidden: TiVec::new(), count: 0 }
    }

    fn is_hidden(&self, block: BlockIx) -> bool {
        self.hidden.get(block).copied().unwrap_or(false)
    }

    /// One past the last block.
    fn end(&self) -> BlockIx {
        self.doc.blocks.next_key()
    }

    /// For each block whether something holds of it: of none yet.
    fn none(&self) -> TiVec<BlockIx, bool> {
        vec![false; self.doc.blocks.len()].into()
    }

    /// Whether an expression is found in a block.
    fn has(&self, expression: &Expression, block: BlockIx) -> bool {
        expression.regex().is_match(self.seen.words(block))
    }

    /// The first block from `from` on in which an expression is found.
    fn first(&self, expression: &Expression, from: BlockIx) -> Option<BlockIx> {
        from.until(self.end()).find(|&block| !self.is_hidden(block) && self.has(expression, block))
    }

    /// The places of a row; problems with its limits are told.
    pub(super) fn find(&mut self, sought: Sought<'_>, problems: &mut Vec<Diagnostic>) -> Hits {
        let Sought { selector, pattern, .. } = sought;
        let mut hits = Hits::default();
        let before = problems.len();
        let Some((first, last)) = self.limits(sought, problems) else {
            hits.broken = problems.len() > before;
            return hits;
        };
        let mut allowed = self.none();
        allowed[first..last].fill(true);
        if !selector.at.is_empty() {
            let runs = match at::runs(self.doc, selector) {
                Ok(runs) => runs,
                Err((at, _)) => {
                    let place = selector.source.place(at.span);
                    let message = format!("`{}` has no such block", self.doc.id);
                    let help = format!("`postil blocks {}` lists its blocks", self.doc.id);
                    problems.push(Diagnostic::error(Code::UNKNOWN_BLOCK, place, message).help(help));
                    hits.broken = true;
                    return hits;
                }
            };
            for (block, allowed) in allowed.iter_mut_enumerated() {
                let number = block.number();
                *allowed &= runs.iter().any(|run| run.0 <= number && number <= run.1);
            }
        }
        let excepted = self.excepted(selector);
        let mut used = vec![false; selector.except.len()];
        let regions = pattern.region.as_ref().map(|region| self.regions(sought, region, problems));
        hits.broken = problems.len() > before;
        let Some(matches) = &pattern.matches else {
            for region in regions.unwrap_or_default() {
                if allowed[region.blocks.0] && !leaves_out(&excepted, &mut used, region.blocks.0) {
                    hits.list.push(region);
                }
            }
            self.count += hits.list.len();
            self.unused(sought, &used, problems);
            return hits;
        };
        if let Some(regions) = &regions {
            let mut inside = self.none();
            for region in regions {
                inside[region.blocks.0..=region.blocks.1].fill(true);
            }
            allowed.iter_mut().zip(inside).for_each(|(allowed, inside)| *allowed &= inside);
        }
        let regex = matches.value.regex();
        let names: Vec<(usize, &str)> =
            regex.capture_names().enumerate().filter_map(|(i, name)| Some((i, name?))).collect();
        let mut locations = regex.capture_locations();
        for block in self.doc.blocks.keys().filter(|&block| allowed[block]) {
            let words = self.seen.words(block);
            let is_hidden = self.is_hidden(block);
            if is_hidden && !regex.is_match(words)
                || pattern.unless.as_ref().is_some_and(|unless| self.has(&unless.value, block))
            {
                continue;
            }
            let mut from = 0;
            while from <= words.len() {
                let found = match names.is_empty() {
                    true => regex.find_at(words, from),
                    false => regex.captures_read_at(&mut locations, words, from),
                };
                let Some(found) = found else { break };
                let span = found.range();
                if span.is_empty() {
                    from = span.end + words[span.end..].chars().next().map_or(1, char::len_utf8);
                    continue;
                }
                from = span.end;
                if is_hidden {
                    hits.in_furniture += 1;
                    continue;
                }
                if leaves_out(&excepted, &mut used, block) {
                    continue;
                }
                self.count += 1;
                if self.count > MOST_MATCHES {
                    problems.push(self.too_many(sought));
                    return hits;
                }
                let group = |i: usize| locations.get(i).map(|(start, end)| start..end);
                hits.list.push(self.taken(block, span, &names, &group));
            }
        }
        self.unused(sought, &used, problems);
        hits
    }

    fn taken(
        &self,
        block: BlockIx,
        span: std::ops::Range<usize>,
        names: &[(usize, &str)],
        group: &dyn Fn(usize) -> Option<std::ops::Range<usize>>,
    ) -> Match {
        let range = self.seen.range(self.doc, block, span);
        let mut found = Match {
            blocks: (block, block),
            range,
            text: None,
            keys: Vec::new(),
            folds: Vec::new(),
            whole: false,
        };
        for &(i, name) in names {
            let Some(took) = group(i).filter(|took| !took.is_empty()) else { continue };
            if name == "text" {
                found.text = Some(self.seen.range(self.doc, block, took));
            } else if crate::annotation::folds(name) {
                found.folds.push(self.seen.range(self.doc, block, took));
            } else {
                found.keys.push((name.to_owned(), self.seen.words(block)[took].trim().to_owned()));
            }
        }
        found
    }

    /// First block and one past the last that `after` and `before` leave.
    fn limits(&self, sought: Sought<'_>, problems: &mut Vec<Diagnostic>) -> Option<(BlockIx, BlockIx)> {
        let Sought { pattern, level, .. } = sought;
        let start = BlockIx::from(0);
        let mut first = start;
        if let Some(after) = &pattern.after {
            match self.first(&after.value, start) {
                Some(block) => first = block,
                None => {
                    if level != Level::Folder {
                        problems.push(self.no_limit(sought, after, "after"));
                    }
                    return None;
                }
            }
        }
        let mut last = self.end();
        if let Some(before) = &pattern.before {
            let from = if pattern.after.is_some() { first.after() } else { start };
            match self.first(&before.value, from) {
                Some(block) => last = block,
                None if level == Level::Folder => {}
                None => {
                    problems.push(self.no_limit(sought, before, "before"));
                    return None;
                }
            }
        }
        Some((first, last.max(first)))
    }

    fn no_limit(&self, sought: Sought<'_>, limit: &Located<Expression>, key: &str) -> Diagnostic {
        let message = format!("`{}` has no block in which `{key}` is found", self.doc.id);
        Diagnostic::error(Code::PATTERN_LIMIT, sought.selector.source.place(limit.span), message)
            .help("a pattern sees the raw words of one block at a time, white space at the beginning of lines included")
    }

    /// The regions of a row.
    fn regions(&self, sought: Sought<'_>, region: &Region, problems: &mut Vec<Diagnostic>) -> Vec<Match> {
        let mut found = Vec::new();
        let start = BlockIx::from(0);
        let mut at = start;
        let unless = |block: BlockIx| {
            sought.pattern.unless.as_ref().is_some_and(|unless| self.has(&unless.value, block))
        };
        while at < self.end() {
            let (begin, mut begun) = match &region.from {
                None => (start, self.taken(start, 0..0, &[], &|_| None)),
                Some(from) => {
                    let regex = from.value.regex();
                    let block = at.until(self.end()).find(|&block| {
                        !self.is_hidden(block)
                            && self.has(&from.value, block)
                            && !(sought.pattern.matches.is_none() && unless(block))
                    });
                    let Some(block) = block else { break };
                    let captures = regex.captures(self.seen.words(block)).expect("it was found there");
                    let names: Vec<(usize, &str)> =
                        regex.capture_names().enumerate().filter_map(|(i, name)| Some((i, name?))).collect();
                    let group = |i: usize| captures.get(i).map(|group| group.range());
                    let whole = captures.get(0).expect("a match has words").range();
                    (block, self.taken(block, whole, &names, &group))
                }
            };
            let ends = match &region.end {
                RegionEnd::Text => self.end().before(),
                RegionEnd::Before(before) => {
                    self.first(&before.value, begin.after()).and_then(BlockIx::before)
                }
                RegionEnd::Through(through) => {
                    self.through(&through.value, begin, region.from.as_ref()).map(|(block, folds)| {
                        begun.folds.extend(folds);
                        block
                    })
                }
            };
            let Some(end) = ends else {
                if sought.level != Level::Folder || region.from.is_some() {
                    problems.push(self.without_end(sought, begin));
                }
                break;
            };
            begun.blocks = (begin, end);
            begun.whole = true;
            found.push(begun);
            at = end.after();
            if region.from.is_none() {
                break;
            }
        }
        found
    }

    /// The block in which a region ends, and what groups fold there.
    fn through(
        &self,
        through: &Expression,
        begin: BlockIx,
        from: Option<&Located<Expression>>,
    ) -> Option<(BlockIx, Vec<TextRange>)> {
        let regex = through.regex();
        begin.until(self.end()).filter(|&block| !self.is_hidden(block)).find_map(|block| {
            let words = self.seen.words(block);
            let start = match from.filter(|_| block == begin) {
                Some(from) => from.value.regex().find(words).map_or(0, |found| found.end()),
                None => 0,
            };
            let captures = regex.captures_at(words, start)?;
            let names = regex.capture_names().flatten().filter(|name| crate::annotation::folds(name));
            let took = names.filter_map(|name| captures.name(name)).filter(|took| !took.is_empty());
            Some((block, took.map(|took| self.seen.range(self.doc, block, took.range())).collect()))
        })
    }

    fn without_end(&self, sought: Sought<'_>, begin: BlockIx) -> Diagnostic {
        let block = &self.doc.blocks[begin];
        let message = format!("a region of `{}` that begins in p{} finds no end", self.doc.id, block.number);
        Diagnostic::error(Code::REGION_WITHOUT_END, sought.selector.place(), message)
            .related(self.doc.place(block.text), "it begins here")
            .help("mend the expression of its end, or write `through = \"end\"` for the end of the text")
    }

    fn too_many(&self, sought: Sought<'_>) -> Diagnostic {
        let message = format!("the patterns of `{}` have more than {MOST_MATCHES} places", self.doc.id);
        Diagnostic::error(Code::TOO_MANY_PLACES, sought.selector.place(), message).help(
            "write an expression that finds less: `\\A` before it, if only beginnings of blocks are meant",
        )
    }

    /// For each entry of `except` that is of this text the blocks that it leaves out.
    fn excepted(&self, selector: &Selector) -> Vec<Option<(BlockIx, BlockIx)>> {
        let of = |except: &Located<crate::annotation::Except>| {
            let here = except.value.text.as_deref().is_none_or(|text| text == &*self.doc.id);
            here.then(|| match except.value.blocks {
                None => Some((BlockIx::from(0), self.end())),
                Some(BlockRange::Blocks(first, last)) => {
                    Some((BlockIx::of_number(first)?, BlockIx::from(last as usize)))
                }
                Some(BlockRange::Lines(first, last)) => {
                    let start = self.doc.blocks.partition_point(|block| block.lines.1 < first);
                    let end = self.doc.blocks.partition_point(|block| block.lines.0 <= last);
                    Some((start, end))
                }
            })?
        };
        selector.except.iter().map(of).collect()
    }

    /// Entries of `except` that left nothing out.
    fn unused(&self, sought: Sought<'_>, used: &[bool], problems: &mut Vec<Diagnostic>) {
        for (except, used) in sought.selector.except.iter().zip(used) {
            let of_other = except.value.text.as_deref().is_some_and(|text| text != &*self.doc.id);
            if *used || of_other {
                continue;
            }
            let place = sought.selector.source.place(except.span);
            let missing = match except.value.blocks {
                Some(BlockRange::Blocks(_, last)) => last as usize > self.doc.blocks.len(),
                _ => false,
            };
            problems.push(if missing {
                Diagnostic::error(Code::UNKNOWN_BLOCK, place, format!("`{}` has no such block", self.doc.id))
                    .help(format!("`postil blocks {}` lists its blocks", self.doc.id))
            } else {
                let message = format!("this leaves nothing out in `{}`", self.doc.id);
                Diagnostic::warning(Code::EXCEPT_UNUSED, place, message).help("take the entry out")
            });
        }
    }

    /// What is wrong with how often a row is found.
    pub(super) fn check(&self, sought: Sought<'_>, hits: &Hits, problems: &mut Vec<Diagnostic>) {
        let Sought { selector, pattern, level, sequence } = sought;
        if hits.broken {
            return;
        }
        let found = u32::try_from(hits.list.len()).unwrap_or(u32::MAX);
        let place = |span| selector.source.place(span);
        let evidence = |problem: Diagnostic| {
            let problem = self.evidence(hits).into_iter().fold(problem, Diagnostic::help);
            let ends = [hits.list.first(), hits.list.last().filter(|_| hits.list.len() > 1)];
            let labels = ["the first", "the last"];
            let ends = ends.into_iter().zip(labels).filter_map(|(hit, label)| Some((hit?, label)));
            ends.fold(problem, |problem, (hit, label)| {
                problem.related(self.doc.place(self.doc.blocks[hit.blocks.0].text), label)
            })
        };
        if let Some(count) = &pattern.count
            && count.value != found
        {
            let message =
                format!("the row is found {} in `{}`, not {}", times(found), self.doc.id, times(count.value));
            let problem = Diagnostic::error(Code::PATTERN_COUNT, place(count.span), message)
                .help("look at the places, then mend the expression or the number")
                .fix(Fix::propose(
                    format!("write `count = {found}`"),
                    selector.source.edit(count.span, found.to_string()),
                ));
            problems.push(evidence(problem));
        }
        if let Some(each) =
            pattern.each.as_ref().filter(|each| !(each.value.0..=each.value.1).contains(&found))
        {
            let message = format!("the row is found {} in `{}`", times(found), self.doc.id);
            let problem = Diagnostic::error(Code::PATTERN_COUNT, place(each.span), message).help(format!(
                "mend the row or `each`, or leave the text out: `except = [\"{}\"]`",
                self.doc.id
            ));
            problems.push(evidence(problem));
        }
        if level == Level::Own && pattern.count.is_none() {
            if found == 0 {
                let message = format!("the row finds nothing in `{}`", self.doc.id);
                problems.push(
                    Diagnostic::error(Code::PATTERN_UNUSED, selector.place(), message)
                        .help("mend the expression, take the row out, or say that there is none: `count = 0`")
                        .help("a pattern sees the raw words of one block at a time, white space at the beginning of lines included"),
                );
            } else {
                let message = "the row does not say how often it is meant to be found";
                problems.push(evidence(
                    Diagnostic::warning(Code::COUNT_MISSING, selector.place(), message)
                        .help("look at the places; if they are right, say how many there are")
                        .fix(Fix::propose(
                            format!("write `count = {found}`"),
                            key_behind(selector, &format!("count = {found}")),
                        )),
                ));
            }
        }
        if let Some(restarts) = sequence {
            problems.extend(self.breaks(sought, hits, restarts));
        }
    }

    /// What was found, in a few lines.
    fn evidence(&self, hits: &Hits) -> Vec<String> {
        let mut lines = Vec::new();
        if hits.in_furniture > 0 {
            lines.push(format!("{} more lie in furniture", hits.in_furniture));
        }
        let mut values: std::collections::BTreeMap<(&str, &str), usize> = std::collections::BTreeMap::new();
        for (name, words) in hits.list.iter().flat_map(|hit| &hit.keys) {
            *values.entry((name, words)).or_default() += 1;
        }
        let mut names: Vec<&str> = values.keys().map(|(name, _)| *name).collect();
        names.dedup();
        for name in names {
            let mut of: Vec<(usize, &str)> = values
                .iter()
                .filter(|((of, _), _)| *of == name)
                .map(|((_, words), n)| (*n, *words))
                .collect();
            of.sort_unstable();
            if of.len() < 2 {
                continue;
            }
            let mut line = format!("rarest of {} values of the group: ", of.len());
            for (i, (count, words)) in of.iter().take(5).enumerate() {
                let comma = if i > 0 { ", " } else { "" };
                let words: String = words.chars().take(40).collect();
                let _ = write!(line, "{comma}`{words} ({count})`");
            }
            lines.push(line);
        }
        lines
    }

    /// Where numbers do not follow each other.
    fn breaks(&self, sought: Sought<'_>, hits: &Hits, restarts: bool) -> Option<Diagnostic> {
        let numbers: Vec<(&Match, &str)> = hits
            .list
            .iter()
            .filter_map(|hit| Some((hit, hit.keys.iter().find(|(name, _)| name == "number")?.1.as_str())))
            .collect();
        let readings = [super::numbers::arabic, super::numbers::roman, super::numbers::letters];
        let broken = |read: fn(&str) -> Option<u32>| -> Vec<usize> {
            let values: Vec<Option<u32>> = numbers.iter().map(|(_, words)| read(words)).collect();
            let follows = |i: &usize| match (values[i - 1], values[*i]) {
                (Some(before), Some(value)) => value == before + 1 || (restarts && value == 1),
                _ => false,
            };
            (1..values.len()).filter(|i| !follows(i)).collect()
        };
        let broken = readings.into_iter().map(broken).min_by_key(Vec::len)?;
        broken.first()?;
        let message = format!(
            "the numbers of the row do not follow each other at {} in `{}`",
            match broken.len() {
                1 => "one place".to_owned(),
                n => format!("{n} places"),
            },
            self.doc.id
        );
        let problem = Diagnostic::warning(Code::PATTERN_SEQUENCE, sought.selector.place(), message);
        let shown = broken.iter().take(5).fold(problem, |problem, &i| {
            let (before, here) = (numbers[i - 1].1, numbers[i].1);
            let place = self.doc.place(self.doc.blocks[numbers[i].0.blocks.0].text);
            problem.related(place, format!("{here} after {before}"))
        });
        Some(shown.help("a number may be missed, or something else taken for one"))
    }
}

/// Whether a block is left out; notes which entries are of use.
fn leaves_out(excepted: &[Option<(BlockIx, BlockIx)>], used: &mut [bool], block: BlockIx) -> bool {
    let mut out = false;
    for (range, used) in excepted.iter().zip(used) {
        if range.is_some_and(|(first, last)| first <= block && block < last) {
            *used = true;
            out = true;
        }
    }
    out
}

/// Another key behind the expression of a row, which is an inline table, or has a line for each key.
fn key_behind(selector: &Selector, key: &str) -> Edit {
    let (source, end) = (&selector.source, selector.span.end);
    let is_inline = source.text[end..].trim_start_matches([' ', '\t']).starts_with([',', '}']);
    source.edit(end..end, if is_inline { format!(", {key}") } else { format!("\n{key}") })
}

fn times(n: u32) -> String {
    match n {
        0 => "nowhere".to_owned(),
        1 => "once".to_owned(),
        n => format!("{n} times"),
    }
}
