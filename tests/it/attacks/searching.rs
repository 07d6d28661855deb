//! The index holds what counting finds, at whatever size it is put aside and read back.

use postil_search::{Block, Dated, Entry, Note, Options};

use super::super::search::built::build;
use super::super::search::decode::Index;
use super::super::search::oracle;
use super::{Attack, MOST, PARTED};

pub(super) const ATTACK: Attack = Attack {
    name: "shards",
    try_with,
    seeds: &[
        "\u{8}\u{1}\u{2}1821 First title\nHarbours and lamps, the GLA's 4 000 lights.\nUS using use\u{1e}Second\nL’Europe dell’Unione École ecole\n!A note on lamps",
        "\u{1}\u{0}\u{0}-44 T\na a a a a b\u{1e}T\n\u{1e}9999 x\nvery-long-word_with_marks 1,000,000.5 Qurʾān Müller",
    ],
    cheap: 8,
};

fn try_with(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let Some((&[budget, piece, together], rest)) = bytes.split_first_chunk() else { return };
    let entries: Vec<Entry> = rest
        .split(|&byte| byte == PARTED)
        .take(12)
        .zip(1..)
        .filter_map(|(text, at)| entry(text, at))
        .collect();
    let paragraphs = ["p", "para", "paragraph"].map(str::to_owned);
    let whole = Options { together: 0, paragraphs: &paragraphs, ..Options::default() };
    let (files, _) = build(&entries, &[], whole);
    let index = Index::read(&files);
    let units = oracle::units(&entries);
    assert_eq!(index.segments, units.len());
    assert_eq!(index.postings(), oracle::postings(&units));
    assert_eq!(index.forms(), oracle::forms(&units));
    let pieces = Options { budget: usize::from(budget) * 16, piece: usize::from(piece), ..whole };
    assert!(files == build(&entries, &[], pieces).0, "put aside in other pieces, the index is another");
    let together = Options { together: usize::from(together) * 64, ..pieces };
    build(&entries, &[], together);
}

/// A text: the year if it has one and the title, then a paragraph a line; what begins with `!` is a note on the last.
fn entry(text: &[u8], at: usize) -> Option<Entry> {
    let text = std::str::from_utf8(text).ok()?;
    let mut lines = text.lines();
    let title = lines.next().unwrap_or_default();
    let year = title.split(' ').next().and_then(|word| word.parse::<i16>().ok());
    let date = year.map(|year| Dated { year: i32::from(year), label: title.to_owned(), ..Dated::default() });
    let mut blocks: Vec<Block> = Vec::new();
    for (line, number) in lines.zip(1..) {
        match (line.strip_prefix('!'), blocks.last_mut()) {
            (Some(body), Some(block)) => block.notes.push(Note {
                anchor: format!("n-{number}"),
                title: String::new(),
                body: body.to_owned(),
                ..Note::default()
            }),
            _ => {
                blocks.push(Block { anchor: format!("p{number}"), text: line.to_owned(), ..Block::default() })
            }
        }
    }
    Some(Entry {
        address: format!("texts/t{at}.html"),
        title: title.to_owned(),
        date,
        language: "en".to_owned(),
        notes_language: "en".to_owned(),
        blocks,
        ..Entry::default()
    })
}
