//! What a change of the archive does, as Markdown: for a pull request.
//!
//! It is read on a forge, and holds words of strangers: each is escaped, so that
//! none can pass for something else.

use std::fmt::Write as _;

use crate::site::compare::{Change, Changes, Fate, Says, Shift, TextChange};
use crate::site::cut::spaced;
use crate::site::inventory::{Entry, Kind, Spot};
use crate::site::wording::{self, Piece};

/// Most entries that are shown of one kind and fate: a forge takes only so much.
const MOST: usize = 60;

/// An error of the new side: where, what, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `path:line:column`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Vec<String>,
}

/// Where a change left what it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// What it is compared with, as it was named.
    pub name: String,
    /// The commit that both have in common.
    pub commit: String,
}

/// Letters of a commit's name that tell it from others.
const SHORT: usize = 12;

/// All that a change does. Always says something, also of a change that does nothing.
///
/// `faults` are errors of the new side, `left_out` files of it that mean nothing; `since` is told
/// if the other side has gone on since the change left it.
pub fn markdown(
    changes: &Changes<'_>,
    faults: &[Fault],
    left_out: &[Fault],
    since: Option<&Since>,
) -> String {
    let mut out = String::from("## What this change does\n\n");
    if let Some(Since { name, commit }) = since {
        let (name, commit) = (code(name), code(commit.get(..SHORT).unwrap_or(commit)));
        put(
            &mut out,
            format_args!(
                "Compared with {commit}, where it left {name}: what {name} has gained since is no part of it.\n\n"
            ),
        );
    }
    if changes.texts.is_empty() && changes.entries.is_empty() && faults.is_empty() && left_out.is_empty() {
        out.push_str("Nothing changes in texts, notes, terms, topics and links.\n");
        return out;
    }
    table(&mut out, changes);
    for (heading, list) in [("To be mended", faults), ("Left out", left_out)] {
        if list.is_empty() {
            continue;
        }
        put(&mut out, format_args!("\n### {heading}\n\n"));
        for fault in list.iter().take(MOST) {
            put(&mut out, format_args!("- {}: {}\n", code(&fault.place), escaped(&fault.message)));
            for help in &fault.help {
                put(&mut out, format_args!("  - {}\n", escaped(help)));
            }
        }
        more(&mut out, list.len());
    }
    if !changes.texts.is_empty() {
        out.push_str("\n### Texts\n\n");
        changes.texts.iter().take(MOST).for_each(|text| put(&mut out, format_args!("- {}\n", of_text(text))));
        more(&mut out, changes.texts.len());
    }
    let mut rest = changes.entries.as_slice();
    while let Some(first) = rest.first() {
        let (kind, fate) = (first.entry().kind, first.fate);
        let same = rest.iter().take_while(|c| c.entry().kind == kind && c.fate == fate).count();
        put(&mut out, format_args!("\n### {} {}\n", names(kind).1, verb(fate)));
        rest[..same].iter().take(MOST).for_each(|change| of_entry(&mut out, change));
        more(&mut out, same);
        rest = &rest[same..];
    }
    out
}

fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    out.write_fmt(words).expect("a string takes everything");
}

fn more(out: &mut String, count: usize) {
    if count > MOST {
        put(out, format_args!("\n… and {} more\n", count - MOST));
    }
}

const KINDS: [Kind; 4] = [Kind::Note, Kind::Term, Kind::Topic, Kind::Link];
const FATES: [Fate; 5] = [Fate::Added, Fate::Changed, Fate::Moved, Fate::Broken, Fate::Removed];

/// One, and several.
fn names(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Note => ("note", "Notes"),
        Kind::Term => ("term", "Terms"),
        Kind::Topic => ("topic", "Topics"),
        Kind::Link => ("link", "Links"),
    }
}

fn verb(fate: Fate) -> &'static str {
    match fate {
        Fate::Broken => "broken",
        Fate::Added => "added",
        Fate::Changed => "changed",
        Fate::Moved => "moved",
        Fate::Removed => "removed",
    }
}

fn table(out: &mut String, changes: &Changes<'_>) {
    let kinds = KINDS.into_iter().filter(|kind| changes.entries.iter().any(|c| c.entry().kind == *kind));
    let kinds: Vec<Kind> = kinds.collect();
    if kinds.is_empty() {
        return;
    }
    put(out, format_args!("| | {} |\n", FATES.map(verb).join(" | ")));
    put(out, format_args!("|---|{}\n", "---:|".repeat(FATES.len())));
    for kind in kinds {
        let counts = FATES.map(|fate| changes.count(kind, fate).to_string());
        put(out, format_args!("| {} | {} |\n", names(kind).1, counts.join(" | ")));
    }
}

fn of_text(change: &TextChange<'_>) -> String {
    match change {
        TextChange::Added(text) => format!("added: {}, {}", code(&text.id), escaped(&text.title)),
        TextChange::Removed(text) => format!("removed: {}, {}", code(&text.id), escaped(&text.title)),
        TextChange::Renamed(old, new) => format!("renamed: {}, before {}", code(&new.id), code(&old.id)),
        TextChange::Changed(old, new) => format!(
            "**the raw text was changed**: {} (SHA-256 {}… before, {}… now; {} blocks before, {} now)",
            code(&new.id),
            &short(&old.sha256),
            &short(&new.sha256),
            old.blocks,
            new.blocks
        ),
    }
}

fn short(sum: &str) -> String {
    sum.chars().take(8).collect()
}

fn of_entry(out: &mut String, change: &Change<'_>) {
    let entry = change.entry();
    put(out, format_args!("\n#### {}\n\n{}\n", escaped(&entry.title), code(&entry.file)));
    if let (Some(old), Some(new)) = (change.old, change.new)
        && old.id != new.id
    {
        put(out, format_args!("\nIt was {}.\n", code(&old.id)));
    }
    match change.fate {
        Fate::Broken if change.new.is_none() => out.push_str("\nIts file cannot be read.\n"),
        Fate::Broken => {
            put(out, format_args!("\n**{} it quotes stand nowhere.**\n", passages(entry.unplaced)));
        }
        _ => {}
    }
    change.spots.iter().for_each(|shift| of_shift(out, shift, change.fate));
    match change.fate {
        Fate::Added => whole(out, entry),
        _ => change.says.iter().for_each(|says| of_says(out, says)),
    }
}

fn passages(count: usize) -> String {
    if count == 1 { "The words".to_owned() } else { format!("{count} of the passages") }
}

/// What a new entry says.
fn whole(out: &mut String, entry: &Entry) {
    for (key, value) in &entry.says {
        let is_shown = !matches!(key.as_str(), "title" | "term") && *value != entry.title;
        if is_shown {
            of_says(out, &Says { key, old: String::new(), new: value.clone() });
        }
    }
    if !entry.uses.is_empty() {
        let uses = entry.uses.iter().map(|(text, count)| format!("{count} in {}", code(text)));
        put(out, format_args!("\nuses: {}\n", uses.collect::<Vec<_>>().join(", ")));
    }
}

/// The longest value that stands on one line, in characters.
const ONE_LINE: usize = 80;

fn of_says(out: &mut String, Says { key, old, new }: &Says<'_>) {
    let is_long = |value: &str| value.contains('\n') || value.chars().count() > ONE_LINE;
    let key = escaped(key);
    if !is_long(old) && !is_long(new) {
        let words = match (old.is_empty(), new.is_empty()) {
            (true, _) => escaped(new),
            (_, true) => format!("~~{}~~", escaped(old)),
            _ => format!("{} → {}", escaped(old), escaped(new)),
        };
        put(out, format_args!("\n{key}: {words}\n"));
        return;
    }
    let pieces = wording::pieces(old, new);
    if wording::is_alike(&pieces) {
        put(out, format_args!("\n{key}:\n\n> {}\n", marked(&pieces)));
        return;
    }
    let fence = fence(&[old, new]);
    if old.is_empty() {
        put(out, format_args!("\n{key}:\n{fence}markdown\n{new}\n{fence}\n"));
        return;
    }
    put(out, format_args!("\n{key}:\n{fence}diff\n"));
    for (sign, line) in lines_between(old, new) {
        put(out, format_args!("{sign}{line}\n"));
    }
    put(out, format_args!("{fence}\n"));
}

/// Words around a change that are shown, on each side.
const AROUND: usize = 8;

/// Words with what is gone and what has come marked. Of a long stretch that stays, its ends are shown.
fn marked(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    let last = pieces.len().saturating_sub(1);
    for (i, piece) in pieces.iter().enumerate() {
        let (tag, words) = match *piece {
            Piece::Kept(words) => ("", words),
            Piece::Gone(words) => ("del", words),
            Piece::Come(words) => ("ins", words),
        };
        if !out.is_empty() {
            out.push(' ');
        }
        match tag {
            "" => out.push_str(&escaped(&shortened(words, i > 0, i < last))),
            tag => put(&mut out, format_args!("<{tag}>{}</{tag}>", escaped(&spaced(words)))),
        }
    }
    out
}

/// A stretch that stays: as many words as tell where one is, beside a change on either side.
fn shortened(words: &str, has_before: bool, has_after: bool) -> String {
    let all: Vec<&str> = words.split_whitespace().collect();
    let head = if has_before { AROUND } else { 0 };
    let tail = if has_after { AROUND } else { 0 };
    if all.len() <= head + tail + AROUND {
        return all.join(" ");
    }
    let (first, end) = (all[..head].join(" "), all[all.len() - tail..].join(" "));
    format!("{first} … {end}").trim().to_owned()
}

/// Lines that go (`-`), come (`+`) and stay (a space): what both begin and end with stays.
fn lines_between<'a>(old: &'a str, new: &'a str) -> Vec<(char, &'a str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (&old[first..], &new[first..]);
    let last = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let sign = |sign: char, lines: &[&'a str]| lines.iter().map(|line| (sign, *line)).collect::<Vec<_>>();
    let mut lines = sign(' ', &old[..first]);
    lines.extend(sign('-', &rest_old[..rest_old.len() - last]));
    lines.extend(sign('+', &rest_new[..rest_new.len() - last]));
    lines.extend(sign(' ', &rest_new[rest_new.len() - last..]));
    lines
}

/// A fence that the words cannot end.
fn fence(words: &[&str]) -> String {
    let longest = |text: &str| text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(words.iter().map(|text| longest(text)).max().unwrap_or(0).max(2) + 1)
}

fn of_shift(out: &mut String, shift: &Shift<'_>, fate: Fate) {
    match shift {
        Shift::Added(spot) => {
            let word = if fate == Fate::Added { "" } else { "now: " };
            passage(out, word, spot);
        }
        Shift::Removed(spot) => passage(out, "no longer: ", spot),
        Shift::Reworded(old, new) => {
            let Spot { before, after, .. } = new;
            let words = marked(&wording::pieces(&old.words, &new.words));
            put(out, format_args!("\nnow on other words: {}\n\n> ", address(new)));
            put(out, format_args!("{}<strong>{words}</strong>{}\n", escaped(before), escaped(after)));
        }
        Shift::Moved(old, new) => passage(out, &format!("moved from {}: ", address(old)), new),
    }
}

fn address(spot: &Spot) -> String {
    code(&format!("{}#p{}", spot.text, spot.block))
}

/// A paragraph with its words marked. By tags, since asterisks do not mark
/// every stretch of words.
fn passage(out: &mut String, what: &str, spot: &Spot) {
    let Spot { before, words, after, .. } = spot;
    put(out, format_args!("\n{what}{}\n\n> ", address(spot)));
    put(out, format_args!("{}<strong>{}</strong>{}\n", escaped(before), escaped(words), escaped(after)));
}

/// Words that stand for themselves in Markdown, on one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (i, c) in text.char_indices() {
        match c {
            '\n' | '\r' => out.push(' '),
            // Nobody is called by a forge because a text has a name with this sign.
            '@' => out.push_str("&#64;"),
            '-' | '+' if i == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if i > 0 && text[..i].bytes().all(|b| b.is_ascii_digit()) => {
                out.push('\\');
                out.push(c);
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A name in a code span.
fn code(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c == '`' || c.is_control() { '\u{fffd}' } else { c }).collect();
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::site::compare::compare;
    use crate::site::inventory::{Inventory, Text};

    fn note(id: &str, words: &str, block: u32, body: &str) -> Entry {
        let spot = |words: &str| Spot {
            text: "a".into(),
            block,
            before: "of the ".into(),
            words: words.into(),
            after: " and".into(),
        };
        Entry {
            kind: Kind::Note,
            id: id.into(),
            file: format!("annotations/{id}.md"),
            title: "Context, A B".into(),
            says: vec![("by".into(), "A B".into()), ("body".into(), body.into())],
            was: Vec::new(),
            places: if words.is_empty() { Vec::new() } else { vec![spot(words)] },
            unplaced: usize::from(words.is_empty()),
            uses: Default::default(),
        }
    }

    fn inventory(entries: Vec<Entry>, sum: &str) -> Inventory {
        let text = Text { id: "a".into(), title: "A".into(), sha256: sum.into(), blocks: 2, was: Vec::new() };
        Inventory { shape: 1, texts: vec![text], entries }
    }

    #[track_caller]
    fn check(old: Vec<Entry>, new: Vec<Entry>, expected: &str) {
        let (old, new) = (inventory(old, "0"), inventory(new, "0"));
        let found =
            markdown(&compare(&old, &new, &BTreeSet::from(["annotations/x.md".to_owned()])), &[], &[], None);
        let found = found.strip_prefix("## What this change does\n\n").unwrap();
        let after_table = found.split_once("\n\n### ").map_or(found, |(_, rest)| rest);
        assert_eq!(after_table, expected);
    }

    #[test]
    fn what_becomes_of_notes() {
        let one = || note("n", "GLA", 3, "So.");
        check(vec![one()], vec![one()], "Nothing changes in texts, notes, terms, topics and links.\n");
        check(
            vec![],
            vec![one()],
            "Notes added\n\n#### Context, A B\n\n`annotations/n.md`\n\n`a#p3`\n\n\
            > of the <strong>GLA</strong> and\n\nby: A B\n\nbody: So.\n",
        );
        check(
            vec![one()],
            vec![],
            "Notes removed\n\n#### Context, A B\n\n`annotations/n.md`\n\n\
            no longer: `a#p3`\n\n> of the <strong>GLA</strong> and\n",
        );
        check(
            vec![one()],
            vec![note("n", "GLA", 4, "So.")],
            "Notes moved\n\n#### Context, A B\n\n`annotations/n.md`\n\nmoved from `a#p3`: `a#p4`\n\n\
            > of the <strong>GLA</strong> and\n",
        );
        check(
            vec![one()],
            vec![note("n", "GLA", 3, "So?")],
            "Notes changed\n\n#### Context, A B\n\n`annotations/n.md`\n\nbody: So. → So?\n",
        );
        check(
            vec![one()],
            vec![note("n", "", 3, "So.")],
            "Notes broken\n\n#### Context, A B\n\n`annotations/n.md`\n\n**The words it quotes stand nowhere.**\n\n\
            no longer: `a#p3`\n\n> of the <strong>GLA</strong> and\n",
        );
        check(
            vec![note("x", "GLA", 3, "So.")],
            vec![],
            "Notes broken\n\n#### Context, A B\n\n`annotations/x.md`\n\nIts file cannot be read.\n\n\
            no longer: `a#p3`\n\n> of the <strong>GLA</strong> and\n",
        );
        let renamed = Entry { was: vec!["n".into()], ..note("m", "GLA", 3, "So.") };
        check(
            vec![one()],
            vec![renamed],
            "Notes changed\n\n#### Context, A B\n\n`annotations/m.md`\n\nIt was `n`.\n",
        );
    }

    #[test]
    fn long_values_are_compared_by_lines() {
        check(
            vec![note("n", "GLA", 3, "One.\nTwo ``` a b c.\nThree.")],
            vec![note("n", "GLA", 3, "One.\n2.\nThree.")],
            "Notes changed\n\n#### Context, A B\n\n`annotations/n.md`\n\nbody:\n````diff\n One.\n-Two ``` a b c.\n+2.\n Three.\n````\n",
        );
    }

    #[test]
    fn what_is_mended_is_marked_word_by_word() {
        let long = "It became the Authority in 2016, which took over *all* that the Gangmasters Licensing Authority had done \
            before, and more besides, as its name was to say from then on.";
        check(
            vec![note("n", "GLA", 3, long)],
            vec![note("n", "GLA", 3, &long.replace("2016", "July 2016").replace(" besides", ""))],
            "Notes changed\n\n#### Context, A B\n\n`annotations/n.md`\n\nbody:\n\n\
            > It became the Authority in <ins>July</ins> 2016, which took over \\*all\\* that the \
            Gangmasters Licensing Authority had done before, and <del>more besides,</del> <ins>more,</ins> as its name was to say from \
            then on.\n",
        );
        check(
            vec![note("n", "the old GLA's remit", 3, "So.")],
            vec![note("n", "the GLA's remit", 3, "So.")],
            "Notes changed\n\n#### Context, A B\n\n`annotations/n.md`\n\nnow on other words: `a#p3`\n\n\
            > of the <strong>the <del>old</del> GLA's remit</strong> and\n",
        );
        let many = (0..40).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        let found = marked(&wording::pieces(&format!("{many} a {many}"), &format!("{many} b {many}")));
        assert_eq!(
            found,
            "… w32 w33 w34 w35 w36 w37 w38 w39 <del>a</del> <ins>b</ins> w0 w1 w2 w3 w4 w5 w6 w7 …"
        );
    }

    #[test]
    fn a_raw_text_that_was_changed_is_said_loudly() {
        let (old, new) = (inventory(vec![], "0123456789"), inventory(vec![], "9876543210"));
        let found = markdown(&compare(&old, &new, &BTreeSet::new()), &[], &[], None);
        assert!(found.contains("**the raw text was changed**: `a` (SHA-256 01234567… before"), "{found}");
    }

    #[test]
    fn words_of_strangers_stand_for_themselves() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check(
            "<img src=x> & **b** [a](b) `c` @all |",
            "\\<img src=x\\> \\& \\*\\*b\\*\\* \\[a\\](b) \\`c\\` &#64;all \\|",
        );
        check("1. one", "1\\. one");
        check("- one\n\n# two", "\\- one  \\# two");
        check("it's 1.5 – so", "it's 1.5 – so");
        assert_eq!(fence(&["a ```` b", "`"]), "`````");
        assert_eq!(code("a`b\n"), "`a\u{fffd}b\u{fffd}`");
    }
}
