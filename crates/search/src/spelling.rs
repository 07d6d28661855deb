//! Words to compare a misspelt one with, by length.
//!
//! A slip of the keyboard changes a word's length by one or two at most, so
//! that a word is looked for in three or five of the lists. Each list is a
//! number and strings of words separated by spaces: first those that very many
//! segments have, then those that half as many have, and so on. The number of
//! the first string is that of leading zeros in the number of segments.

use std::collections::BTreeMap;

use crate::files::Files;
use crate::lexicon::lexical;
use crate::script::literal;
use crate::shard::Spelt;
use postil_archive::diagnostic::Error;

/// Most words that are listed, the rarest left out.
const MOST: usize = 50_000;
/// Longer words are listed with those of this length.
const LONGEST: usize = 20;
const SHORTEST: usize = 3;

/// Writes the lists: length in UTF-16 units, and name.
pub fn write<'a>(
    spelt: impl Iterator<Item = Spelt<'a>>,
    files: &Files<'_>,
) -> Result<Vec<(usize, String)>, Error> {
    let length = |form: &str| form.encode_utf16().count();
    let mut words: Vec<Spelt<'a>> = spelt
        .filter(|(form, segments)| {
            *segments > 1 && length(form) >= SHORTEST && form.chars().all(char::is_alphabetic)
        })
        .collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| lexical(a.0, b.0)));
    words.dedup_by_key(|word| word.0);
    words.truncate(MOST);
    let mut lists: BTreeMap<usize, BTreeMap<u32, Vec<&str>>> = BTreeMap::new();
    for (form, segments) in words {
        let list = lists.entry(length(form).min(LONGEST)).or_default();
        list.entry(segments.leading_zeros()).or_default().push(form);
    }
    let write = |(length, levels): (usize, BTreeMap<u32, Vec<&str>>)| {
        let first = levels.keys().next().copied().unwrap_or(0);
        let mut strings = Vec::new();
        for (level, mut forms) in levels {
            forms.sort_by(|a, b| lexical(a, b));
            strings.resize((level - first) as usize, String::new());
            strings.push(forms.join(" "));
        }
        Ok((length, files.add('s', &literal(&(first, strings)))?))
    };
    lists.into_iter().map(write).collect()
}
