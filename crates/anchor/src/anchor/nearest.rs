//! The passage that is most like some words, and how it differs from them.
//!
//! For messages, and for proposals that somebody looks over: nothing is anchored
//! by it. Pieces of the quotation that the text has vote for where it may stand;
//! there quotation and text are laid side by side, word by word, so that as
//! little as possible differs.

use memchr::memmem;

use super::words::{is_spaced, is_word};

/// Words of one text laid beside a quotation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Near {
    /// The passage, in bytes of the stream.
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
    /// What differs, in order.
    pub(super) differences: Vec<Difference>,
    /// Whether it is so like that nothing else can be meant, and no other passage is as like.
    pub(super) sure: bool,
    /// Token of the quotation and token of the text that stand side by side: their bytes.
    pairs: Vec<(Token, Token)>,
    cost: f64,
    /// The least cost of another passage in the same stretch.
    rival: f64,
    /// How much of the quotation the text has, in bytes; words that are alike count in part.
    alike: f64,
}

/// A stretch in which quotation and text differ; one of the two may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// Bytes of the quotation.
    pub(super) quoted: (usize, usize),
    /// Bytes of the stream.
    pub(super) text: (usize, usize),
}

/// A word, or a single mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    start: usize,
    end: usize,
    /// Whether a space stands before it.
    spaced: bool,
    word: bool,
}

/// Most pieces that are looked for.
const PIECES: usize = 40;
/// Most hits of a piece that vote.
const HITS: usize = 200;
/// Most stretches of the text that are looked at closely.
const STRETCHES: usize = 4;
/// Costs of laying side by side: a word against another word, a word alone, a mark alone, a space.
/// Another word is a little cheaper than none, so that the passage is as long as the quotation.
const OTHER_WORD: f64 = 0.95;
const WORD_ALONE: f64 = 1.0;
const MARK_ALONE: f64 = 0.4;
const SPACE: f64 = 0.1;
/// A passage is near if it differs in no more than this part of the words.
const NEAR: f64 = 0.5;
/// and has at least this part of its letters: `of the` alone is not like anything.
const ALIKE: f64 = 0.4;
/// Nothing else can be meant if it differs in no more than this part,
const SURE: f64 = 0.34;
/// and the next best differs in so many words more.
const AHEAD: f64 = 0.7;

impl Near {
    /// The byte of the text at which the quotation's words from byte `at` on begin.
    pub(super) fn text_start(&self, at: usize) -> usize {
        self.pairs.iter().find(|(quoted, _)| quoted.end > at).map_or(self.end, |(_, text)| text.start)
    }

    /// The byte of the text at which the quotation's words before byte `at` end.
    pub(super) fn text_end(&self, at: usize) -> usize {
        self.pairs.iter().rev().find(|(quoted, _)| quoted.start < at).map_or(self.start, |(_, text)| text.end)
    }
}

/// The passage of a folded text that is most like folded words, if any is like them.
/// `budget` is how many bytes may be looked at; what was looked at is taken off.
pub(super) fn nearest(words: &str, text: &str, budget: &mut usize) -> Option<Near> {
    let quoted = tokens(words, 0, words.len());
    let count = quoted.iter().filter(|token| token.word).count();
    if count == 0 {
        return None;
    }
    let mut found: Vec<Near> = Vec::new();
    for (from, to) in stretches(words, &quoted, text, budget) {
        let cells = quoted.len() * (to - from) / 4;
        *budget = budget.checked_sub(cells)?;
        let near = side_by_side(words, &quoted, text, from, to);
        // Two windows may show the same passage.
        let same = |other: &&mut Near| other.start < near.end && near.start < other.end;
        match found.iter_mut().find(same) {
            Some(other) if other.cost <= near.cost => {}
            Some(other) => *other = near,
            None => found.push(near),
        }
    }
    found.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.start.cmp(&b.start)));
    let next = found.get(1).map_or(f64::MAX, |next| next.cost);
    found.truncate(1);
    let mut best = found.pop()?;
    let ahead = next.min(best.rival) - best.cost;
    best.sure = count > 1 && best.cost <= SURE * count as f64 && ahead >= AHEAD;
    let near = best.cost <= NEAR * count as f64 && best.alike >= ALIKE * words.len() as f64;
    near.then_some(best)
}

/// Two known stretches laid side by side.
pub(super) fn beside(words: &str, text: &str, (start, end): (usize, usize)) -> Near {
    let mut near = side_by_side(words, &tokens(words, 0, words.len()), text, start, end);
    (near.start, near.end) = (start, end);
    near
}

/// Words and marks of a stretch. A word is a run of letters and digits, with `'`
/// between letters and `.` or `,` between digits; where words are not spaced,
/// each character.
fn tokens(text: &str, from: usize, to: usize) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut spaced = false;
    let mut chars = text[from..to].char_indices().peekable();
    let mut last = ' ';
    while let Some((at, c)) = chars.next() {
        let (start, end) = (from + at, from + at + c.len_utf8());
        if c == ' ' {
            (spaced, last) = (true, c);
            continue;
        }
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let inner = (c == '\'' && last.is_alphabetic() && next.is_alphabetic())
            || (matches!(c, '.' | ',') && last.is_ascii_digit() && next.is_ascii_digit());
        let word = is_word(c) || inner;
        let goes_on = word && !spaced && is_spaced(c) && is_spaced(last);
        match tokens.last_mut().filter(|token| token.word && goes_on && token.end == start) {
            Some(token) => token.end = end,
            None => tokens.push(Token { start, end, spaced, word }),
        }
        (spaced, last) = (false, c);
    }
    tokens
}

/// Stretches of the text in which pieces of the quotation stand as they stand in it, the likeliest first.
fn stretches(words: &str, quoted: &[Token], text: &str, budget: &mut usize) -> Vec<(usize, usize)> {
    let of = |size: usize| {
        let long = |piece: &&[Token]| size > 1 || piece[0].end - piece[0].start > 4;
        quoted
            .windows(size)
            .filter(long)
            .map(|piece| (piece[0].start, piece[size - 1].end))
            .collect::<Vec<_>>()
    };
    let sizes: &[usize] = if quoted.len() >= 8 { &[3, 2, 1] } else { &[2, 1] };
    let slack = 40 + words.len() / 6;
    for &size in sizes {
        let pieces = of(size);
        let step = pieces.len().div_ceil(PIECES).max(1);
        let mut votes: Vec<(usize, usize)> = Vec::new();
        for (i, &(start, end)) in pieces.iter().enumerate().step_by(step) {
            let Some(left) = budget.checked_sub(text.len()) else { break };
            *budget = left;
            let hits = memmem::find_iter(text.as_bytes(), &words.as_bytes()[start..end]).take(HITS);
            // Where the quotation would begin; it may begin before the text does.
            votes.extend(hits.map(|hit| ((hit + words.len()).saturating_sub(start), i)));
        }
        if votes.is_empty() {
            continue;
        }
        votes.sort_unstable();
        return clusters(&votes, slack)
            .into_iter()
            .map(|(first, last)| {
                let from = first.saturating_sub(words.len() + slack);
                let to = (last + slack).min(text.len());
                (word_start(text, from), word_end(text, to))
            })
            .collect();
    }
    Vec::new()
}

/// Votes that lie together: first and last of each group, those with the most different pieces first.
fn clusters(votes: &[(usize, usize)], slack: usize) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, (usize, usize))> = Vec::new();
    let mut rest = votes;
    while let Some(&(first, _)) = rest.first() {
        // A piece that stands everywhere must not make one group of the whole text.
        let (group, others) = rest.split_at(rest.partition_point(|vote| vote.0 - first <= 2 * slack));
        rest = others;
        let mut pieces: Vec<usize> = group.iter().map(|vote| vote.1).collect();
        pieces.sort_unstable();
        pieces.dedup();
        groups.push((pieces.len(), (first, group[group.len() - 1].0)));
    }
    groups.sort_by_key(|(count, (first, _))| (std::cmp::Reverse(*count), *first));
    groups.into_iter().take(STRETCHES).map(|(_, group)| group).collect()
}

/// Longest word that a stretch is made longer for.
const LONGEST_WORD: usize = 100;

fn word_start(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let from = text.floor_char_boundary(at.saturating_sub(LONGEST_WORD));
    text[from..at].rfind(' ').map_or(from, |space| from + space + 1)
}

fn word_end(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let to = text.floor_char_boundary(at + LONGEST_WORD);
    text[at..to].find(' ').map_or(to, |space| at + space)
}

/// How a token of the quotation and one of the text were laid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Begin,
    Both,
    Quoted,
    Text,
}

/// Lays the quotation beside a stretch of the text, of which both ends may stay free.
fn side_by_side(words: &str, quoted: &[Token], text: &str, from: usize, to: usize) -> Near {
    let there = tokens(text, from, to);
    let width = there.len() + 1;
    let alone = |token: &Token| if token.word { WORD_ALONE } else { MARK_ALONE };
    let mut costs = vec![0.0; width];
    // Where the passage begins that ends here.
    let mut begins: Vec<usize> = (0..width).collect();
    let mut steps = vec![Step::Begin; width * (quoted.len() + 1)];
    for (i, token) in quoted.iter().enumerate() {
        let mut diagonal = (costs[0], begins[0]);
        costs[0] += alone(token);
        steps[(i + 1) * width] = Step::Quoted;
        for (j, other) in there.iter().enumerate() {
            let both = diagonal.0 + against(words, token, text, other, i > 0);
            let only_quoted = costs[j + 1] + alone(token);
            let only_text = costs[j] + alone(other);
            // A mark of the quotation before the passage is not laid beside the mark that ends the
            // sentence before.
            let begun = begins[j + 1] <= j;
            let no_dearer = both < only_quoted || (begun && both <= only_quoted);
            let (cost, step, begin) = if no_dearer && both <= only_text {
                (both, Step::Both, diagonal.1)
            } else if only_quoted <= only_text {
                (only_quoted, Step::Quoted, begins[j + 1])
            } else {
                (only_text, Step::Text, begins[j])
            };
            diagonal = (costs[j + 1], begins[j + 1]);
            (costs[j + 1], begins[j + 1]) = (cost, begin);
            steps[(i + 1) * width + j + 1] = step;
        }
    }
    let best = (0..width).min_by(|&a, &b| costs[a].total_cmp(&costs[b])).unwrap_or(0);
    let apart = |end: &usize| begins[*end] >= best || *end <= begins[best];
    let rival = (0..width).filter(apart).map(|end| costs[end]).fold(f64::MAX, f64::min);
    let mut way = Vec::new();
    let (mut i, mut j) = (quoted.len(), best);
    loop {
        match steps[i * width + j] {
            Step::Begin => break,
            step => {
                way.push((step, i, j));
                i -= usize::from(step != Step::Text);
                j -= usize::from(step != Step::Quoted);
            }
        }
    }
    way.reverse();
    Near { rival, ..near(words, quoted, text, &there, &way, costs[best]) }
}

/// What it costs to lay two tokens side by side.
fn against(words: &str, quoted: &Token, text: &str, there: &Token, inside: bool) -> f64 {
    let (ours, theirs) = (&words[quoted.start..quoted.end], &text[there.start..there.end]);
    let space = if inside && quoted.spaced != there.spaced { SPACE } else { 0.0 };
    if ours == theirs {
        return space;
    }
    match (quoted.word, there.word) {
        (true, true) => {
            let (short, long) = (ours.len().min(theirs.len()), ours.len().max(theirs.len()));
            if short * 2 < long {
                return OTHER_WORD + space;
            }
            0.1 + (OTHER_WORD - 0.1) * (1.0 - strsim::normalized_damerau_levenshtein(ours, theirs)) + space
        }
        (false, false) => MARK_ALONE + space,
        _ => 2.0 * WORD_ALONE,
    }
}

fn near(
    words: &str,
    quoted: &[Token],
    text: &str,
    there: &[Token],
    way: &[(Step, usize, usize)],
    cost: f64,
) -> Near {
    let mut pairs = Vec::new();
    let mut alike_bytes = 0.0;
    let mut differences: Vec<Difference> = Vec::new();
    // Where the last tokens end that are alike.
    let mut alike = None;
    let mut differs = false;
    // Where the passage begins: the tokens of the text before that are none of it.
    let first = way.iter().find(|(step, ..)| *step != Step::Quoted).map_or(0, |(_, _, j)| j - 1);
    let begins = there.get(first).map_or(0, |token| token.start);
    for &(step, i, j) in way {
        let (ours, theirs) = (i.checked_sub(1).map(|i| quoted[i]), (j > first).then(|| there[j - 1]));
        if step == Step::Both
            && let (Some(ours), Some(theirs)) = (ours, theirs)
        {
            let likeness = (1.0 - against(words, &ours, text, &theirs, false)).max(0.0);
            alike_bytes += likeness * (ours.end - ours.start) as f64;
            let same = words[ours.start..ours.end] == text[theirs.start..theirs.end];
            let spaced = pairs.is_empty() || ours.spaced == theirs.spaced;
            pairs.push((ours, theirs));
            if same && spaced {
                differs = false;
                alike = Some((ours.end, theirs.end));
                continue;
            }
        }
        let (quoted_end, text_end) = (ours.map_or(0, |ours| ours.end), theirs.map_or(begins, |t| t.end));
        if differs && let Some(last) = differences.last_mut() {
            last.quoted.1 = last.quoted.1.max(quoted_end);
            last.text.1 = last.text.1.max(text_end);
            continue;
        }
        let begin = |end: Option<usize>, token: Option<Token>, takes: bool| match (takes, token, end) {
            (true, Some(token), _) => Some(token.start),
            (_, _, Some(end)) => Some(end),
            (_, token, None) => token.map(|token| token.start),
        };
        let quoted_start = begin(alike.map(|a| a.0), ours, step != Step::Text).unwrap_or(0);
        let text_start = begin(alike.map(|a| a.1), theirs, step != Step::Quoted).unwrap_or(begins);
        differs = true;
        differences.push(Difference {
            quoted: (quoted_start, quoted_end.max(quoted_start)),
            text: (text_start, text_end.max(text_start)),
        });
    }
    let start = pairs.first().map_or(0, |(_, text): &(Token, Token)| text.start);
    let end = pairs.last().map_or(start, |(_, text)| text.end);
    Near { start, end, differences, sure: false, pairs, cost, rival: f64::MAX, alike: alike_bytes }
}

/// What kind of difference it is, in words that go before "differs".
pub(super) fn kind(quoted: &str, text: &str) -> &'static str {
    let only = |words: &str, of: fn(char) -> bool| words.chars().filter(|&c| of(c)).collect::<String>();
    let same = |of: fn(char) -> bool| only(quoted, of) == only(text, of);
    if same(is_word) {
        return match () {
            () if same(|c| c != ' ') && !quoted.contains('-') => "a space",
            () if quoted.contains('-') || text.contains('-') => "a dash",
            () => "a mark",
        };
    }
    let words = |words: &str| words.split(' ').filter(|word| !word.is_empty()).count();
    match (words(quoted), words(text)) {
        (1, 1) if strsim::damerau_levenshtein(&only(quoted, is_word), &only(text, is_word)) == 1 => {
            "a letter"
        }
        (1, 1) => "a word",
        _ => "the wording",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "There was no consensus in the Forum on whether the GLA's remit should be extended. \
        It will review the costs - of 4,000 pounds - and report. The Forum met in March; the House rose. \
        We note the Committee's conclusion. We will act. We note the Committee's conclusion. Others act.";

    #[track_caller]
    fn check(words: &str, passage: &str, differences: &[(&str, &str)], sure: bool) {
        let near = nearest(words, TEXT, &mut 1_000_000).unwrap_or_else(|| panic!("nothing near {words:?}"));
        assert_eq!(&TEXT[near.start..near.end], passage, "{words:?}");
        let found: Vec<(&str, &str)> = near
            .differences
            .iter()
            .map(|d| (&words[d.quoted.0..d.quoted.1], &TEXT[d.text.0..d.text.1]))
            .collect();
        assert_eq!((found.as_slice(), near.sure), (differences, sure), "{words:?}");
    }

    #[test]
    fn what_differs_is_found() {
        check(
            "It will review the price - of 4,000 pounds",
            "It will review the costs - of 4,000 pounds",
            &[("price", "costs")],
            true,
        );
        check("no concensus in the Forum", "no consensus in the Forum", &[("concensus", "consensus")], true);
        check("Hence was no consensus in the", "There was no consensus in the", &[("Hence", "There")], true);
        check(
            "whether the GLA's remit should be expanded",
            "whether the GLA's remit should be extended",
            &[("expanded", "extended")],
            true,
        );
        check(
            "There was very no consensus in the Forum",
            "There was no consensus in the Forum",
            &[("very", "")],
            true,
        );
        check("There was consensus in the Forum", "There was no consensus in the Forum", &[("", "no")], true);
        check(
            "[It will review the costs](x) - of 4,000",
            "It will review the costs - of 4,000",
            &[("[", ""), ("](x)", "")],
            true,
        );
        check("of 4,000 pounds-and report", "of 4,000 pounds - and report", &[("-and", "- and")], true);
        check(
            "We note the Committee's conclusions.",
            "We note the Committee's conclusion.",
            &[("conclusions", "conclusion")],
            false,
        );
    }

    #[test]
    fn far_is_not_near() {
        for words in [
            "Quite other words altogether",
            "",
            "-",
            "unicorns in the air",
            "report of unicorns in Whitehall",
        ] {
            assert_eq!(nearest(words, TEXT, &mut 1_000_000), None, "{words:?}");
        }
        assert_eq!(nearest("no concensus in the Forum", TEXT, &mut 10), None);
    }

    #[test]
    fn words_are_kept_whole() {
        let words = |text: &str| {
            tokens(text, 0, text.len()).iter().map(|t| text[t.start..t.end].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(words("the GLA's 4,000 (a-b)."), ["the", "GLA's", "4,000", "(", "a", "-", "b", ")", "."]);
        assert_eq!(words("政府a"), ["政", "府", "a"]);
        assert_eq!(words(" ' "), ["'"]);
    }
}
