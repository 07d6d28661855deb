//! A reader of raw texts that knows no Markdown but its signs: which letters and
//! digits of a file have to be on its page. It is the oracle for "nothing lost",
//! so it uses no parser, neither postil's nor the one that postil uses.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::browser::tree;

/// Letters and digits of a raw text that have to be shown, in their order; of a Markdown text with
/// the stretches that need not be.
pub(crate) struct Written {
    characters: Vec<char>,
    /// First character of a stretch that need not be shown, to one past its last.
    optional: BTreeMap<usize, Vec<usize>>,
    /// First character of an entity to one past its last, and what it stands for.
    entities: BTreeMap<usize, (usize, Vec<char>)>,
}

impl Written {
    /// A plain text: everything is to be shown.
    pub(crate) fn plain(raw: &str) -> Self {
        Self { characters: raw.chars().collect(), optional: BTreeMap::new(), entities: BTreeMap::new() }
    }

    /// A Markdown text.
    pub(crate) fn markdown(raw: &str) -> Self {
        let mut written = Self::plain(raw);
        let found = Signs { raw: &written.characters }.all();
        for (start, end) in found.into_iter().filter(|(start, end)| start < end) {
            written.optional.entry(start).or_default().push(end);
        }
        written.entities = entities(&written.characters);
        written
    }

    /// Where the words of a page first differ from what has to be shown, if they do: what the file
    /// has there. All ways are tried in which what need not be shown may be left out.
    pub(crate) fn missed_by(&self, shown: &str) -> Option<String> {
        let shown: Vec<char> = shown.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut waiting: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::from([(0, BTreeSet::from([0]))]);
        let mut furthest = 0;
        while let Some((at, places)) = waiting.pop_first() {
            furthest = at;
            let Some(c) = self.characters.get(at) else {
                let left = places.iter().max().map_or(0, |place| shown.len() - place);
                return (left > 0).then(|| format!("{left} letters that the file does not have"));
            };
            let mut go = |to: usize, place: usize| _ = waiting.entry(to).or_default().insert(place);
            for place in places {
                match c.is_alphanumeric() {
                    false => go(at + 1, place),
                    true if shown.get(place) == Some(c) => go(at + 1, place + 1),
                    true => {}
                }
                for &end in self.optional.get(&at).into_iter().flatten() {
                    go(end, place);
                }
                if let Some((end, stands_for)) = self.entities.get(&at)
                    && shown[place..].starts_with(stands_for)
                {
                    go(*end, place + stands_for.len());
                }
            }
        }
        let end = (furthest + 60).min(self.characters.len());
        Some(self.characters[furthest.saturating_sub(60)..end].iter().collect())
    }
}

/// What an ampersand and a semicolon may hold between them, as browsers know it.
fn entities(raw: &[char]) -> BTreeMap<usize, (usize, Vec<char>)> {
    let mut found = BTreeMap::new();
    for start in (0..raw.len()).filter(|&at| raw[at] == '&') {
        let name = raw[start + 1..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '#').count();
        let end = start + name + 2;
        if name > 0 && raw.get(end - 1) == Some(&';') {
            let written: String = raw[start..end].iter().collect();
            let stands_for = tree(&format!("<body><p>{written}</p>")).words;
            if stands_for.trim() != written {
                found.insert(start, (end, stands_for.chars().filter(|c| c.is_alphanumeric()).collect()));
            }
        }
    }
    found
}

/// The signs of links and definitions.
struct Signs<'a> {
    raw: &'a [char],
}

impl Signs<'_> {
    fn has(&self, at: usize, c: char) -> bool {
        self.raw.get(at) == Some(&c)
    }

    /// Stretches that need not be shown.
    fn all(&self) -> Vec<(usize, usize)> {
        let labels: Vec<(usize, usize, String)> =
            self.labels().into_iter().map(|(start, end)| (start, end, self.name(start, end))).collect();
        let refers = |start: usize| start > 0 && self.has(start - 1, ']');
        // Of each name: whether something defines it, whether a reference means it, how often it stands there.
        let (mut defined, mut meant) = (HashSet::new(), HashSet::new());
        let mut count: HashMap<&String, usize> = HashMap::new();
        for (start, end, name) in &labels {
            if self.has(*end, ':') {
                defined.insert(name);
            }
            if refers(*start) || (self.has(*end, '[') && self.has(end + 1, ']')) {
                meant.insert(name);
            }
            *count.entry(name).or_default() += 1;
        }
        let mut found = Vec::new();
        for at in 0..self.raw.len() {
            if self.has(at, ']') && self.has(at + 1, '(') {
                let start = self.after_space(at + 2);
                found.push((start, self.destination(start)));
            }
        }
        for (start, end, name) in &labels {
            // A footnote is numbered by the page; a task that is done has a box.
            if name.starts_with('^') && count[name] > 1 && defined.contains(name)
                || name == "x" && self.begins_item(*start)
            {
                found.push((*start, *end));
            }
            if refers(*start) && defined.contains(name) {
                found.push((*start, *end));
            }
            if self.has(*end, ':') {
                let from = self.after_space(end + 1);
                let destination = (from, self.destination(from));
                if meant.contains(name) || (count[name] > 1 && self.is_address(destination)) {
                    found.extend([(*start, *end), destination]);
                }
            }
        }
        found
    }

    /// What stands between two brackets, with them.
    fn labels(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for start in (0..self.raw.len()).filter(|&at| self.has(at, '[')) {
            let mut at = start + 1;
            while at < self.raw.len() && !self.has(at, ']') && !self.has(at, '[') {
                at += if self.is_escape(at) { 2 } else { 1 };
            }
            if self.has(at, ']') {
                found.push((start, at + 1));
            }
        }
        found
    }

    /// Whether the sign of an item of a list stands before a place.
    fn begins_item(&self, start: usize) -> bool {
        let line = self.raw[..start].iter().rev().take_while(|c| **c != '\n').collect::<String>();
        line.starts_with(char::is_whitespace) && line.trim_start().starts_with(['-', '*', '+', '.', ')'])
    }

    fn name(&self, start: usize, end: usize) -> String {
        let mut name: String = self.raw[start + 1..end - 1].iter().collect();
        // A quotation's marks stand between two lines of one.
        name = name.replace("\n>", "\n").replace("\n >", "\n").to_lowercase();
        name.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn is_escape(&self, at: usize) -> bool {
        self.has(at, '\\') && self.raw.get(at + 1).is_some_and(char::is_ascii_punctuation)
    }

    fn after_space(&self, from: usize) -> usize {
        let space = |c: &&char| c.is_whitespace() || **c == '>';
        from + self.raw[from.min(self.raw.len())..].iter().take_while(space).count()
    }

    /// One past a destination: up to white space, a bracket that closes more than was opened, or `>` of `<`.
    fn destination(&self, start: usize) -> usize {
        let (mut at, mut depth) = (start, 0);
        while at < self.raw.len() {
            match self.raw[at] {
                _ if self.is_escape(at) => at += 1,
                '>' if self.has(start, '<') => return at + 1,
                '\n' => break,
                _ if self.has(start, '<') => {}
                c if c.is_whitespace() => break,
                '(' => depth += 1,
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        at.min(self.raw.len())
    }

    /// Whether a destination is one by its look: with a scheme, a path, a host or the ending of a file.
    fn is_address(&self, (start, end): (usize, usize)) -> bool {
        let written: String = self.raw[start..end].iter().collect::<String>().to_lowercase();
        let scheme = written.find(':').is_some_and(|at| at > 1 && at + 1 < written.len());
        let mail = written.split_once('@').is_some_and(|(_, host)| host.contains('.'));
        let begins = written.starts_with(['/', '#', '<']) || written.starts_with("www.");
        let file = written.rsplit_once('.').is_some_and(|(_, ending)| {
            let known = "md html htm pdf txt xml json png jpg jpeg gif webp svg";
            known.split(' ').any(|one| one == ending)
        });
        scheme || mail || begins || file || written.contains('/')
    }
}

#[test]
fn the_oracle_wants_every_letter_but_those_that_need_not_be_shown() {
    let check = |raw: &str, shown: &str, fine: bool| {
        assert_eq!(Written::markdown(raw).missed_by(shown).is_none(), fine, "{raw:?} as {shown:?}");
    };
    check("One *two*.", "One two.", true);
    check("One *two*.", "One.", false);
    check("One *two*.", "One two two.", false);
    check("One *two*.", "two One.", false);
    check("[a](b.html \"c\") d", "a c d", true);
    check("[a](b.html \"c\") d", "a b.html c d", true);
    check("[a](b.html \"c\") d", "a d", false);
    check("One[^a].\n\n[^a]: Two.", "One. Two.", true);
    check("One[^a].\n\n[^b]: Two.", "One. Two.", false);
    check("- [x] One", "One", true);
    check("Not [x] One", "Not One", false);
    check("[A]: Never.", "[A]: Never.", true);
    check("[A]: Never.", "", false);
    check("[A] [A]: Never.", "A", false);
    check("[a][b] [b]: c", "a", true);
    check("[b] [b]: c.html", "b", true);
    check("&eacute; &amp; &nope;", "\u{e9} nope", true);
    check("1. a", "a", false);
    let plain = Written::plain("[a](b)");
    assert!(plain.missed_by("a").is_some() && plain.missed_by("a b").is_none());
}
