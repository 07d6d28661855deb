//! Notes that TEI has beside a text: `annotation`, or `note` with a target, in `standOff`.
//!
//! A target is an element (`#p12`), or characters of one (`#string-range(p12,4,9)`). What it means is said as any note
//! says it: by words, with the block, and which of several, where these alone do not tell. One whose words cannot be told is
//! left, and counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::Note;
use crate::markdown::escaped;
use crate::tree::{Id, Tree};
use postil_archive::archive::name;

/// The blocks of a text by their numbers, white space as one space.
pub type Blocks = BTreeMap<u32, String>;

/// Longest slug of a note, in characters.
const LONGEST_SLUG: usize = 40;

/// What was found: notes, and how many could not be placed.
#[derive(Debug, Default)]
pub struct Found {
    /// Notes, in the order of the file.
    pub notes: Vec<Note>,
    /// Notes whose words cannot be told, or that nobody is named for.
    pub left: Vec<String>,
}

/// Reads the notes of `standOff`, but those whose ids are known. `numbered` says whether ids of elements are numbers of
/// blocks, as this program writes them.
pub fn notes(tree: &Tree, known: &BTreeSet<String>, blocks: &Blocks, numbered: bool) -> Found {
    let mut found = Found::default();
    let ids: BTreeMap<&str, Id> =
        tree.within(Tree::ROOT).filter_map(|id| Some((tree.says(id, "xml:id")?, id))).collect();
    let reader = Reader { tree, ids, blocks, numbered };
    for beside in tree.all(Tree::ROOT, "standOff") {
        for id in tree.within(beside) {
            let is_note = tree.name(id) == "note" && !tree.is_in(id, &["annotation"]);
            let target = tree.says(id, "target").filter(|_| tree.name(id) == "annotation" || is_note);
            let own = tree.says(id, "xml:id").unwrap_or_default();
            let is_other = matches!(tree.says(id, "motivation"), Some("classifying" | "linking" | "tagging"));
            let Some(target) = target.filter(|_| !is_other && !known.contains(own)) else { continue };
            let Some(body) = reader.body(id) else { continue };
            match reader.note(id, own, target, body) {
                Ok(note) => found.notes.push(note),
                Err(why) => {
                    let name =
                        if own.is_empty() { format!("line {}", tree.line(id)) } else { format!("`{own}`") };
                    found.left.push(format!("the note {name} {why}: not taken over"));
                }
            }
        }
    }
    found
}

/// The blocks of a text whose elements have their numbers as ids (`p12`).
pub fn numbered(tree: &Tree) -> Blocks {
    let mut blocks = Blocks::new();
    for id in tree.within(Tree::ROOT) {
        let number = tree.says(id, "xml:id").and_then(|id| id.strip_prefix('p')?.parse().ok());
        if let Some(number) = number {
            let words = characters(tree, id).into_iter().filter_map(|(c, is_read)| is_read.then_some(c));
            blocks.insert(number, squeezed(&words.collect::<String>()));
        }
    }
    blocks
}

struct Reader<'t> {
    tree: &'t Tree,
    ids: BTreeMap<&'t str, Id>,
    blocks: &'t Blocks,
    numbered: bool,
}

/// Words of a block: their block, and where they stand in it, if that is known.
struct Place {
    words: String,
    block: Option<(u32, usize)>,
}

impl Reader<'_> {
    fn note(&self, id: Id, own: &str, target: &str, body: String) -> Result<Note, String> {
        let by = self.by(id).ok_or("does not say who wrote it")?;
        let places: Vec<Place> =
            target.split_whitespace().map(|pointer| self.place(pointer)).collect::<Result<_, _>>()?;
        let places: Vec<Place> = places.into_iter().filter(|place| !place.words.is_empty()).collect();
        let (quotation, at, nth) = self.quotation(&places)?;
        let first = places.first().map(|place| place.words.as_str()).unwrap_or_default();
        let slug = own.strip_prefix("note-").unwrap_or(own);
        let mut slug = name::some_slug(slug)
            .or_else(|| name::some_slug(first))
            .or_else(|| name::some_slug(&body))
            .unwrap_or_else(|| "note".to_owned());
        name::shorten(&mut slug, LONGEST_SLUG);
        Ok(Note { slug, by, at, nth, quotation, body })
    }

    /// Who wrote it: the name of whom it points to; if it points to nobody, the one who is responsible for the file.
    fn by(&self, id: Id) -> Option<String> {
        let tree = self.tree;
        let name = |id: Id| {
            let named = ["persName", "name", "orgName"].iter().find_map(|name| tree.find(id, name));
            Some(tree.words(named.unwrap_or(id))).filter(|name| !name.is_empty())
        };
        let said = tree.says(id, "resp").or_else(|| tree.says(tree.find(id, "note")?, "resp"));
        if let Some(pointer) = said.and_then(|said| said.split_whitespace().next()) {
            let id = pointer.rsplit('#').next().unwrap_or(pointer);
            return match self.ids.get(id) {
                Some(&id) => name(id),
                None => Some(id.to_owned()),
            };
        }
        let mut all = tree.all(Tree::ROOT, "respStmt").chain(tree.all(Tree::ROOT, "editor"));
        let only = all.next()?;
        all.next().is_none().then(|| name(only))?
    }

    /// What it says: paragraphs, below its label.
    fn body(&self, id: Id) -> Option<String> {
        let tree = self.tree;
        let note = if tree.name(id) == "note" { id } else { tree.of_name(id, "note").next()? };
        let mut parts = Vec::new();
        let label = tree.of_name(note, "label").next();
        parts.extend(label.map(|label| format!("**{}**", escaped(&tree.words(label)))));
        let mut open = String::new();
        for &child in tree.children(note).iter().filter(|&&child| Some(child) != label) {
            match tree.name(child) {
                "p" | "ab" | "list" | "quote" => {
                    parts.push(escaped(&squeezed(&std::mem::take(&mut open))));
                    parts.push(escaped(&tree.words(child)));
                }
                _ => open.push_str(&tree.text(child).map_or_else(|| tree.words(child), str::to_owned)),
            }
        }
        parts.push(escaped(&squeezed(&open)));
        parts.retain(|part| !part.is_empty());
        (!parts.is_empty()).then(|| parts.join("\n\n"))
    }

    /// The words of a pointer; none if it is the whole text.
    fn place(&self, pointer: &str) -> Result<Place, String> {
        let inside = pointer.strip_prefix('#').ok_or_else(|| format!("points to `{pointer}`"))?;
        let range = inside.strip_prefix("string-range(").and_then(|inside| inside.strip_suffix(')'));
        let (id, range) = match range {
            Some(range) => {
                let parts: Vec<&str> = range.split(',').map(str::trim).collect();
                let number = |at: usize| parts.get(at)?.parse::<usize>().ok();
                match (parts.first(), number(1), number(2)) {
                    (Some(id), Some(at), Some(length)) => (*id, Some((at, length))),
                    _ => return Err(format!("points to `{pointer}`, which cannot be read")),
                }
            }
            None => (inside, None),
        };
        let id = id.trim_start_matches('#');
        let element = *self.ids.get(id).ok_or_else(|| format!("points to `{id}`, which is not there"))?;
        if range.is_none() && matches!(self.tree.name(element), "TEI" | "text" | "body") {
            return Ok(Place { words: String::new(), block: None });
        }
        let characters = characters(self.tree, element);
        let (at, length) = range.unwrap_or((0, characters.len()));
        let stretch = |from: usize, to: usize| {
            let part = characters.get(from..to.min(characters.len())).unwrap_or_default();
            squeezed(&part.iter().filter_map(|(c, is_read)| is_read.then_some(*c)).collect::<String>())
        };
        let words = stretch(at, at.saturating_add(length));
        if words.is_empty() {
            return Err(format!("points to `{pointer}`, where there are no words"));
        }
        let whole = stretch(0, characters.len());
        let before = stretch(0, at).len();
        let number = id.strip_prefix('p').and_then(|number| number.parse().ok()).filter(|_| self.numbered);
        let block = match number {
            Some(number) => Some((number, 0)),
            // The one block that has these words, if one has them once.
            None => {
                let mut having = self
                    .blocks
                    .iter()
                    .flat_map(|(number, text)| text.match_indices(&*whole).map(move |(at, _)| (*number, at)));
                having.next().filter(|_| having.next().is_none())
            }
        };
        Ok(Place { words, block: block.map(|(number, at)| (number, at + before)) })
    }

    /// The quotation of some places, with its block and which of several there.
    fn quotation(&self, places: &[Place]) -> Result<(String, Option<u32>, Option<u32>), String> {
        let whole = self.blocks.values().map(String::as_str).collect::<Vec<_>>().join(" ");
        let often = |words: &str| whole.matches(words).take(2).count();
        let gone = |words: &str| Err(format!("stands on “{words}”, which is not in the text"));
        let [place] = places else {
            let words: Vec<&str> = places.iter().map(|place| place.words.as_str()).collect();
            let joined = words.join(" ");
            if often(&joined) == 1 {
                return Ok((joined, None, None));
            }
            return match words.iter().find(|words| often(words) != 1) {
                None => Ok((words.join("\n\n"), None, None)),
                Some(words) if often(words) == 0 => gone(words),
                Some(words) => {
                    Err(format!("stands on “{words}” among others, which the text has several times"))
                }
            };
        };
        let words = &place.words;
        match (often(words), place.block) {
            (0, _) => gone(words),
            (1, _) => Ok((words.clone(), None, None)),
            (_, None) => Err(format!("stands on “{words}”, which the text has several times")),
            (_, Some((block, at))) => {
                let text = self.blocks.get(&block).map(String::as_str).unwrap_or_default();
                let hits: Vec<usize> = text.match_indices(words.as_str()).map(|(hit, _)| hit).collect();
                let nearest = hits.iter().enumerate().min_by_key(|(_, hit)| hit.abs_diff(at));
                let Some((nth, _)) = nearest else { return gone(words) };
                let nth = u32::try_from(nth + 1).ok().filter(|_| hits.len() > 1);
                Ok((words.clone(), Some(block), nth))
            }
        }
    }
}

/// Characters of an element, each with whether it is one of the text: readings and footnotes are not.
fn characters(tree: &Tree, id: Id) -> Vec<(char, bool)> {
    let mut found = Vec::new();
    let mut stack = vec![(id, true)];
    while let Some((id, is_read)) = stack.pop() {
        if let Some(text) = tree.text(id) {
            found.extend(text.chars().map(|c| (c, is_read)));
        }
        let is_read = is_read && !matches!(tree.name(id), "corr" | "note");
        stack.extend(tree.children(id).iter().rev().map(|&child| (child, is_read)));
    }
    found
}

/// Words with one space between them.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
