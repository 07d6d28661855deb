//! Words to compare a misspelt one with, by length.
//!
//! A slip of the keyboard changes a word's length by one or two at most, so
//! that a word is looked for in some of the lists. A list goes on from the
//! lengths of the one before; short lists are put together. Each is a
//! number and strings of words separated by spaces: first those that very many
//! segments have, then those that half as many have, and so on. The number of
//! the first string is that of leading zeros in the number of segments. Behind
//! a word that is not the first of its group stands that: `victim,victims`.

use std::collections::BTreeMap;

use crate::files::Files;
use crate::lexicon::lexical;
use crate::script::literal;
use crate::shard::Spelt;
use postil_archive::diagnostic::Error;

/// Most words that are listed, the rarest left out.
const MOST: usize = 50_000;
/// Of fewer words those of one segment are listed as well.
const FEW: usize = 10_000;
/// Longer words are listed with those of this length.
const LONGEST: usize = 20;
/// Lists of fewer bytes are put together.
const LEAST: usize = 12 * 1024;
const SHORTEST: usize = 3;

/// Writes the lists: the longest of its lengths in UTF-16 units, and name.
pub fn write<'a>(
    spelt: impl Iterator<Item = Spelt<'a>>,
    files: &Files<'_>,
) -> Result<Vec<(usize, String)>, Error> {
    let length = |form: &str| form.encode_utf16().count();
    let mut words: Vec<Spelt<'a>> = spelt
        .filter(|(form, ..)| length(form) >= SHORTEST && form.chars().all(char::is_alphabetic))
        .collect();
    if words.len() > FEW {
        words.retain(|(.., segments)| *segments > 1);
    }
    words.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| lexical(a.0, b.0)));
    words.dedup_by_key(|word| word.0);
    words.truncate(MOST);
    let mut lists: BTreeMap<usize, Vec<Spelt<'a>>> = BTreeMap::new();
    for word in words {
        lists.entry(length(word.0).min(LONGEST)).or_default().push(word);
    }
    let mut joined: Vec<(usize, Vec<Spelt<'a>>)> = Vec::new();
    for (length, words) in lists {
        let bytes = |words: &[Spelt<'a>]| words.iter().map(|(form, ..)| form.len() + 1).sum::<usize>();
        match joined.last_mut() {
            Some(last) if bytes(&last.1) + bytes(&words) <= LEAST => {
                last.0 = length;
                last.1.extend(words);
            }
            _ => joined.push((length, words)),
        }
    }
    joined.into_iter().map(|(length, words)| Ok((length, files.add('s', &list(words))?))).collect()
}

/// A list: the first level, and the words of each.
fn list(words: Vec<Spelt<'_>>) -> String {
    let mut levels: BTreeMap<u32, Vec<(&str, &str)>> = BTreeMap::new();
    for (form, first, segments) in words {
        levels.entry(segments.leading_zeros()).or_default().push((form, first));
    }
    let least = levels.keys().next().copied().unwrap_or(0);
    let mut strings = Vec::new();
    for (level, mut forms) in levels {
        forms.sort_by(|a, b| lexical(a.0, b.0));
        let shown = |(form, first): &(&str, &str)| {
            if form == first { (*form).to_owned() } else { format!("{form},{first}") }
        };
        strings.resize((level - least) as usize, String::new());
        strings.push(forms.iter().map(shown).collect::<Vec<_>>().join(" "));
    }
    literal(&(least, strings))
}
