//! The blocks of a plain text as a source is walked through, with the rows that are said of them.
//!
//! Blocks come in the order of the file; a footnote stands behind the block that has its mark. White
//! space is that of the source, one space for a run of it. Rows name whole blocks, or words of one:
//! these are written so that the place is meant and no other in its block.

use std::collections::BTreeMap;

use crate::draft::{self, Row, Rows};
use crate::toml::Value;
use crate::tree::{Id, Tree};
use postil_anchor::anchor::fold::fold;

/// A text that grows.
#[derive(Debug, Default)]
pub struct Weave {
    blocks: Vec<Block>,
    open: Option<Block>,
    /// Whether white space was read that nothing has followed yet.
    space: bool,
    rows: Vec<Said>,
    /// Blocks of footnotes, which wait for the block of their mark to end.
    waiting: Vec<Aside>,
    /// How often something was left out.
    pub left_out: BTreeMap<String, u32>,
    /// Nodes whose words are not in the text.
    pub left: Vec<Id>,
    /// Nodes whose words stand elsewhere, in the order of the file.
    pub moved: Vec<Id>,
    /// What a person should know, with how often.
    pub doubts: BTreeMap<String, u32>,
}

/// A footnote: its blocks, what is said in it, and what is said of it.
#[derive(Debug)]
struct Aside {
    blocks: Vec<Block>,
    rows: Vec<Said>,
    keys: Vec<(String, Value)>,
}

#[derive(Debug, Default, Clone)]
struct Block {
    text: String,
    /// Whether it is a footnote, which does not stand where the file has it.
    moved: bool,
    /// Whether line breaks and white space in it stay.
    lines: bool,
}

/// A place in a text that grows: a block, from 1, and a byte in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The block.
    pub block: u32,
    /// The byte.
    pub at: usize,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Whole blocks.
    Blocks(u32, u32),
    /// Words of a block.
    Words(Mark, usize),
    /// Before the word that stands here, or before the block.
    Before(Mark),
    /// Behind the word that stands here.
    Behind(Mark),
}

#[derive(Debug, Clone)]
struct Said {
    about: About,
    group: Group,
    keys: Vec<(String, Value)>,
}

impl Said {
    /// The same, so many blocks further down.
    fn behind(mut self, blocks: u32) -> Self {
        self.about = match self.about {
            About::Blocks(first, last) => About::Blocks(first + blocks, last + blocks),
            About::Words(mark, end) => About::Words(Mark { block: mark.block + blocks, ..mark }, end),
            About::Before(mark) => About::Before(Mark { block: mark.block + blocks, ..mark }),
            About::Behind(mark) => About::Behind(Mark { block: mark.block + blocks, ..mark }),
        };
        self
    }

    /// What a row of this kind holds, so that the outer stands before the inner.
    fn rank(&self) -> u8 {
        let kind = self.keys.iter().find(|(key, _)| key == "kind").and_then(|(_, value)| value.text());
        match kind {
            Some("letter" | "speech" | "question" | "answer" | "item" | "cast" | "epigraph" | "footnote") => {
                0
            }
            Some("heading" | "title" | "narrative" | "dateline" | "salutation" | "signature") => 1,
            _ => 2,
        }
    }
}

/// Where a row stands among the others: by the block, what is before it first; wide before narrow; then by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    block: u32,
    class: u8,
    narrow: i64,
    rank: u8,
    at: i64,
}

impl Order {
    fn before(block: u32, said: usize) -> Self {
        Self { block, class: 0, narrow: 0, rank: 0, at: signed(said) }
    }

    fn blocks(first: u32, last: u32, rank: u8, said: usize) -> Self {
        // The outer of two is known when it ends, after the inner.
        Self { block: first, class: 1, narrow: -i64::from(last - first), rank, at: -signed(said) }
    }

    fn words(block: u32, at: usize) -> Self {
        Self { block, class: 2, narrow: 0, rank: 0, at: signed(at) }
    }
}

fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Which list of an apparatus a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What passages are.
    Structure,
    /// What is folded away.
    Furniture,
    /// What is misprinted.
    Correction,
    /// Which term is meant.
    Term,
}

/// A text with its rows.
#[derive(Debug, Default)]
pub struct Woven {
    /// The file.
    pub text: String,
    /// The rows.
    pub rows: Rows,
    /// The words where the source has them, and those that were moved, without white space.
    pub in_order: String,
    /// The same of what was moved.
    pub moved: String,
    /// How many rows could not be written since they cut a word.
    pub cut: u32,
}

impl Weave {
    /// Ends the block that is open, and lets its footnotes follow.
    pub fn flush(&mut self) {
        self.space = false;
        if let Some(mut block) = self.open.take() {
            block.text.truncate(block.text.trim_end().len());
            if block.text.trim().is_empty() {
                let number = self.next();
                // What was said of a block that has no words is said of nothing, but for where a page begins.
                self.rows.retain(|row| !matches!(row.about, About::Words(mark, _) | About::Behind(mark) if mark.block == number));
                for row in &mut self.rows {
                    if let About::Before(mark) = &mut row.about
                        && mark.block == number
                    {
                        mark.at = 0;
                    }
                }
            } else {
                self.blocks.push(block);
            }
        }
        for Aside { blocks, rows, keys } in std::mem::take(&mut self.waiting) {
            if blocks.is_empty() {
                continue;
            }
            let before = self.next() - 1;
            self.blocks.extend(blocks);
            let about = About::Blocks(before + 1, self.next() - 1);
            self.rows.push(Said { about, group: Group::Structure, keys });
            self.rows.extend(rows.into_iter().map(|said| said.behind(before)));
        }
    }

    /// Begins a block, after the one that is open; `lines` if its line breaks stay.
    pub fn begin(&mut self, lines: bool) {
        self.flush();
        self.open = Some(Block { lines, ..Block::default() });
    }

    /// Whether a block is open, and whether it keeps its lines.
    pub fn is_open(&self) -> Option<bool> {
        self.open.as_ref().map(|block| block.lines)
    }

    /// Whether the open block has words.
    pub fn has_words(&self) -> bool {
        self.open.as_ref().is_some_and(|block| !block.text.trim().is_empty())
    }

    /// The number of the block that is open, or comes next.
    pub fn next(&self) -> u32 {
        u32::try_from(self.blocks.len() + 1).unwrap_or(u32::MAX)
    }

    /// The number of the last block that has words and stands where the source has it, the open one included.
    pub fn last(&self) -> u32 {
        if self.has_words() {
            return self.next();
        }
        let footnotes = self.blocks.iter().rev().take_while(|block| block.moved).count();
        u32::try_from(self.blocks.len() - footnotes).unwrap_or(u32::MAX)
    }

    /// Adds words of the source; begins a block if none is open.
    pub fn words(&mut self, text: &str) {
        if self.open.is_none() {
            if text.trim().is_empty() {
                return;
            }
            self.open = Some(Block::default());
        }
        let block = self.open.as_mut().expect("it was opened");
        for c in text.chars() {
            if c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}') {
                self.space = true;
                continue;
            }
            let at_start = block.text.is_empty() || block.text.ends_with(['\n', '\t', ' ']);
            if self.space && !at_start {
                block.text.push(' ');
            }
            self.space = false;
            block.text.push(c);
        }
    }

    /// Adds signs that are white space of the text: a line end, a tab, blanks before a line.
    pub fn sign(&mut self, sign: &str) {
        if let Some(block) = &mut self.open {
            block.text.push_str(sign);
            self.space = false;
        }
    }

    /// Where the next word will stand.
    pub fn mark(&mut self) -> Mark {
        let block = self.next();
        let Some(open) = &mut self.open else { return Mark { block, at: 0 } };
        if self.space && !open.text.is_empty() && !open.text.ends_with(['\n', '\t', ' ']) {
            open.text.push(' ');
        }
        self.space = false;
        Mark { block, at: open.text.len() }
    }

    /// Where the last word ended, with the byte behind it.
    pub fn end(&self) -> Mark {
        match &self.open {
            Some(open) => Mark { block: self.next(), at: open.text.trim_end().len() },
            None => Mark { block: self.next().saturating_sub(1), at: usize::MAX },
        }
    }

    /// The words of the open block from a byte on.
    pub fn since(&self, mark: Mark) -> &str {
        self.open
            .as_ref()
            .filter(|_| mark.block == self.next())
            .and_then(|open| open.text.get(mark.at..))
            .unwrap_or_default()
    }

    /// Says what whole blocks are.
    pub fn blocks(&mut self, group: Group, first: u32, last: u32, keys: Vec<(String, Value)>) {
        if first <= last {
            self.rows.push(Said { about: About::Blocks(first, last), group, keys });
        }
    }

    /// Says what the words since a mark are: words of one block, or the blocks from there.
    pub fn span(&mut self, group: Group, from: Mark, keys: Vec<(String, Value)>) {
        let to = self.end();
        let about = if from.block == to.block && self.open.is_some() {
            if from.at >= to.at {
                return;
            }
            About::Words(from, to.at)
        } else {
            let last = self.last();
            if from.block > last {
                return;
            }
            About::Blocks(from.block, last)
        };
        self.rows.push(Said { about, group, keys });
    }

    /// Says that something begins before the next word.
    pub fn before(&mut self, keys: Vec<(String, Value)>) {
        // A space that has been read stands before it; what is inside a word stands before the word.
        let at = self.mark();
        self.rows.push(Said { about: About::Before(at), group: Group::Structure, keys });
    }

    /// Says that a sign stands behind the last word.
    pub fn behind(&mut self, keys: Vec<(String, Value)>) {
        let at = self.end();
        self.rows.push(Said { about: About::Behind(at), group: Group::Structure, keys });
    }

    /// Takes what `act` adds for a footnote, which follows the block that is open.
    pub fn aside(&mut self, keys: Vec<(String, Value)>, act: impl FnOnce(&mut Self)) {
        let mut other = Self::default();
        act(&mut other);
        other.flush();
        for (what, count) in std::mem::take(&mut other.left_out) {
            *self.left_out.entry(what).or_default() += count;
        }
        for (what, count) in std::mem::take(&mut other.doubts) {
            *self.doubts.entry(what).or_default() += count;
        }
        self.left.append(&mut other.left);
        self.moved.append(&mut other.moved);
        let blocks: Vec<Block> =
            other.blocks.into_iter().map(|block| Block { moved: true, ..block }).collect();
        self.waiting.push(Aside { blocks, rows: other.rows, keys });
        if self.open.is_none() {
            self.flush();
        }
    }

    /// Leaves out a node, for a reason that is counted.
    pub fn leave(&mut self, node: Id, what: &str) {
        self.left.push(node);
        *self.left_out.entry(what.to_owned()).or_default() += 1;
    }

    /// Counts what a person should look at.
    pub fn doubt(&mut self, what: impl Into<String>) {
        *self.doubts.entry(what.into()).or_default() += 1;
    }

    /// The word that stands before a byte of a block, with the word before that.
    pub fn words_before(&self, mark: Mark) -> Option<(String, String)> {
        let text = self.text_of(mark.block)?;
        let text = text.get(..mark.at.min(text.len()))?.trim_end();
        let word = text.rsplit(char::is_whitespace).next()?;
        let before = text[..text.len() - word.len()].trim_end();
        let other = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        Some((other.to_owned(), word.to_owned()))
    }

    fn text_of(&self, block: u32) -> Option<&str> {
        match self.blocks.get((block as usize).checked_sub(1)?) {
            Some(block) => Some(&block.text),
            None => self.open.as_ref().filter(|_| block == self.next()).map(|open| open.text.as_str()),
        }
    }

    /// Which of the places of some words in a block begins at a byte, from 1, and how many there are.
    pub fn nth(&self, block: u32, words: &str, at: usize) -> (u32, u32) {
        self.text_of(block).map_or((1, 1), |text| nth(text, words, at))
    }

    /// The text, and the rows in the order in which their places stand.
    pub fn finish(&mut self) -> Woven {
        self.flush();
        let mut woven = Woven::default();
        for block in &self.blocks {
            if !woven.text.is_empty() {
                woven.text.push('\n');
            }
            woven.text.push_str(&block.text);
            woven.text.push('\n');
            let to = if block.moved { &mut woven.moved } else { &mut woven.in_order };
            to.extend(block.text.chars().filter(|c| !c.is_whitespace()));
        }
        let mut rows: Vec<(Order, Group, Row)> = Vec::with_capacity(self.rows.len());
        for (number, said) in std::mem::take(&mut self.rows).into_iter().enumerate() {
            match self.written(&said, number) {
                Some((order, row)) => rows.push((order, said.group, row)),
                None => woven.cut += 1,
            }
        }
        // What stands at one place stays in the order in which it was said.
        rows.sort_by_key(|(order, _, _)| *order);
        for (_, group, row) in rows {
            match group {
                Group::Structure => woven.rows.structure.push(row),
                Group::Furniture => woven.rows.furniture.push(row),
                Group::Correction => woven.rows.correction.push(row),
                Group::Term => woven.rows.term.push(row),
            }
        }
        woven
    }

    /// A row with its selector; none if it would cut a word.
    fn written(&self, said: &Said, number: usize) -> Option<(Order, Row)> {
        let with = |row: Row| row.into_iter().chain(said.keys.iter().cloned()).collect::<Row>();
        let count = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
        match said.about {
            About::Blocks(first, last) => {
                let last = last.min(count);
                (first <= last).then(|| {
                    (Order::blocks(first, last, said.rank(), number), with(draft::row((first, last))))
                })
            }
            About::Before(mark) if mark.block > count => None,
            About::Before(mark) => {
                let text = &self.blocks[mark.block as usize - 1].text;
                let at = word_start(text, mark.at.min(text.len()));
                if text[..at].trim().is_empty() {
                    return Some((
                        Order::before(mark.block, number),
                        with(draft::row((mark.block, mark.block))),
                    ));
                }
                let rest = text[at..].trim_start();
                let at = text.len() - rest.len();
                let word = rest.split(char::is_whitespace).next().filter(|word| !word.is_empty());
                // At the end of a block it stands before what comes next.
                let Some(word) = word else {
                    let next = mark.block + 1;
                    return (next <= count)
                        .then(|| (Order::before(next, number), with(draft::row((next, next)))));
                };
                let word = trimmed(word);
                let start = at + text[at..].find(word)?;
                Some((
                    Order::words(mark.block, start),
                    with(self.quoted(mark.block, start, start + word.len())?),
                ))
            }
            About::Behind(mark) => {
                let block = self.blocks.get((mark.block as usize).checked_sub(1)?)?;
                let at = mark.at.min(block.text.len());
                let before = block.text[..at].trim_end();
                let mut end = before.len();
                // Behind the word, where it was put into one.
                if is_inside(&block.text, end) {
                    end += block.text[end..]
                        .find(|c: char| !c.is_alphanumeric())
                        .unwrap_or(block.text.len() - end);
                }
                let start = block.text[..end]
                    .rfind(char::is_whitespace)
                    .map_or(0, |space| space + block.text[space..].chars().next().map_or(1, char::len_utf8));
                Some((Order::words(mark.block, start), with(self.quoted(mark.block, start, end)?)))
            }
            About::Words(mark, end) => {
                let block = self.blocks.get((mark.block as usize).checked_sub(1)?)?;
                let end = end.min(block.text.len());
                let words = block.text.get(mark.at..end)?;
                let start = mark.at + (words.len() - words.trim_start().len());
                let end = end - (words.len() - words.trim_end().len());
                if start >= end {
                    return None;
                }
                let whole = block.text[..start].trim().is_empty() && block.text[end..].trim().is_empty();
                if whole && said.group == Group::Structure {
                    return Some((
                        Order::blocks(mark.block, mark.block, said.rank(), number),
                        with(draft::row((mark.block, mark.block))),
                    ));
                }
                let part = is_inside(&block.text, start) || is_inside(&block.text, end);
                if part && said.group == Group::Correction {
                    return Some((
                        Order::words(mark.block, start),
                        self.whole_word(said, mark.block, start, end)?,
                    ));
                }
                if part && said.group != Group::Furniture {
                    return None;
                }
                Some((Order::words(mark.block, start), with(self.quoted(mark.block, start, end)?)))
            }
        }
    }

    /// A correction of a part of a word is one of the word.
    fn whole_word(&self, said: &Said, block: u32, start: usize, end: usize) -> Option<Row> {
        let text = &self.blocks[block as usize - 1].text;
        let from = word_start(text, start);
        let to = end + text[end..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - end);
        let mut row = self.quoted(block, from, to)?;
        for (key, value) in &said.keys {
            let value = match value {
                Value::Text(reading) if key == "reading" => {
                    format!("{}{reading}{}", &text[from..start], &text[end..to]).into()
                }
                value => value.clone(),
            };
            row.push((key.clone(), value));
        }
        Some(row)
    }

    /// A row on words of a block.
    fn quoted(&self, block: u32, start: usize, end: usize) -> Option<Row> {
        let text = &self.blocks.get(block as usize - 1)?.text;
        let words = text.get(start..end)?;
        if fold(words).is_empty() {
            return None;
        }
        let quote = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut row = draft::with(draft::row((block, block)), "quote", quote);
        let (nth, of) = nth(text, words, start);
        if of > 1 {
            row = draft::with(row, "nth", nth);
        }
        Some(row)
    }
}

/// Which of the places of some words begins at a byte, from 1, and how many there are; a place that cuts a word is none.
fn nth(text: &str, words: &str, at: usize) -> (u32, u32) {
    let (text_before, words) = (fold(&text[..at.min(text.len())]), fold(words));
    let folded = fold(text);
    let mut found = (1, 0);
    for (start, _) in folded.match_indices(&words) {
        if is_inside(&folded, start) || is_inside(&folded, start + words.len()) {
            continue;
        }
        found.1 += 1;
        if start <= text_before.len() + 1 {
            found.0 = found.1;
        }
    }
    found
}

/// Whether a byte lies inside a word or number.
fn is_inside(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].chars().next_back(), text[at..].chars().next()) else {
        return false;
    };
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    let is_point = |c: char| matches!(c, '.' | ',');
    if is_point(after) && before.is_numeric() && digit(text[at..].chars().nth(1)) {
        return true;
    }
    if is_point(before) && after.is_numeric() && digit(text[..at].chars().rev().nth(1)) {
        return true;
    }
    before.is_alphanumeric()
        && (after.is_alphanumeric() || is_mark(after))
        && !is_scriptless(before)
        && !is_scriptless(after)
}

/// Marks on letters.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36f | 0x591..=0x5c7 | 0x610..=0x61a | 0x64b..=0x65f | 0x900..=0x903 | 0x93a..=0x94f | 0x1ab0..=0x1aff | 0x20d0..=0x20ff)
}

/// Scripts without spaces between words.
fn is_scriptless(c: char) -> bool {
    matches!(u32::from(c), 0xe00..=0xe7f | 0xe80..=0xeff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x2e80..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// Where the word begins that a byte lies in.
fn word_start(text: &str, at: usize) -> usize {
    if !is_inside(text, at) {
        return at;
    }
    let letters =
        text[..at].chars().rev().take_while(|c| c.is_alphanumeric() || is_mark(*c)).map(char::len_utf8);
    at - letters.sum::<usize>()
}

/// A word without the signs around it, if it has letters.
fn trimmed(word: &str) -> &str {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() { word } else { bare }
}

/// Proves that all words of a source are in what was made of it: where it has them, or moved as a whole.
///
/// # Errors
/// The node at which the words part, and what is expected and found there.
pub fn prove(tree: &Tree, roots: &[Id], weave: &Weave, woven: &Woven) -> Result<(), (Id, String, String)> {
    let mut fate = BTreeMap::new();
    fate.extend(weave.left.iter().map(|&id| (id, true)));
    fate.extend(weave.moved.iter().map(|&id| (id, false)));
    let mut in_order = woven.in_order.chars();
    let mut moved = woven.moved.chars();
    let mut stack: Vec<(Id, bool)> = roots.iter().rev().map(|&id| (id, false)).collect();
    let mut last = roots.first().copied().unwrap_or(Tree::ROOT);
    while let Some((id, mut aside)) = stack.pop() {
        match fate.get(&id) {
            Some(true) => continue,
            Some(false) => aside = true,
            None => {}
        }
        if let Some(text) = tree.text(id) {
            last = id;
            let found = if aside { &mut moved } else { &mut in_order };
            for c in text.chars().filter(|c| !c.is_whitespace()) {
                let rest = found.clone();
                if found.next() != Some(c) {
                    let found: String = rest.take(40).collect();
                    return Err((id, text.split_whitespace().collect::<Vec<_>>().join(" "), found));
                }
            }
        }
        stack.extend(tree.children(id).iter().rev().map(|&child| (child, aside)));
    }
    let rest: String = in_order.take(20).chain(moved.take(20)).collect();
    if rest.is_empty() { Ok(()) } else { Err((last, String::new(), rest)) }
}
