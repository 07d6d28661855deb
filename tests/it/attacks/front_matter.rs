//! What stands before a text or a note: whatever it is, no word is lost.

use postil_anchor::document;
use postil_anchor::document::record::{Layout, Reading, Record};
use postil_archive::archive::Format;
use postil_archive::diagnostic::Source;
use postil_archive::sidecar::front_matter;
use postil_site::proof;

use super::super::nothing_lost::letters::Written;
use super::{Attack, MOST, choice};

pub(super) const ATTACK: Attack = Attack {
    name: "front_matter",
    try_with,
    seeds: &[
        "n+++\nby = \"A B\"\n+++\n> words\n\nBody.\n",
        "n\n---\nby: A B\ntags: [a, b]\n---\n> words\n",
        "m---\ntitle: \"Harbour: a report\"\nauthors:\n  - A B\n  - C D\ndate: 2009-07-01\n\nlang: en\n---\n\n# Head\n\nWords [a][b] and `code`.\n\n[b]: c \"title\"\n",
        "m+++\ntitle = \"A\"\n[extra]\nx = 1\n+++\nWords.\n",
        "m---\n\nprose behind a rule\n\n---\n1. one\n5. five\n",
        "m---\ntitle: no end\n\nWords\n===\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n[^1]: note\n",
        "m[^1 ] b[^1] [^a b]\n\n[^1]: note\n\n[^a b]: not one\n",
        "pTitle: A\r\n\r\nWords\u{ad}\nover\u{c}lines\n",
    ],
    cheap: 60,
};

/// Letters of a text for which the reader of its bytes tries all ways, in a time that is bounded.
const MOST_READ: usize = 700;

fn try_with(bytes: &[u8]) {
    let (which, raw) = choice(&bytes[..bytes.len().min(MOST)]);
    let Ok(text) = std::str::from_utf8(raw) else { return };
    if u8::try_from(which) == Ok(b'n') {
        let source = Source::new("n.md", text);
        match front_matter::split(&source) {
            Ok(Some(parts)) => {
                assert!(parts.toml.start <= parts.toml.end && parts.toml.end <= parts.body.start);
                assert_eq!(parts.body.end, text.len());
                assert!(text.get(parts.toml.range()).is_some() && text.get(parts.body.range()).is_some());
            }
            Ok(None) => {}
            Err(problem) => problem.fixes.iter().for_each(|fix| {
                let new = postil_archive::diagnostic::fix::apply(text, &fix.edits.iter().collect::<Vec<_>>());
                let new = new.unwrap_or_else(|| panic!("{fix:?} cannot be applied"));
                assert!(front_matter::split(&Source::new("n.md", new)).is_ok(), "{fix:?}");
            }),
        }
        return;
    }
    let format = if u8::try_from(which) == Ok(b'p') { Format::Plain } else { Format::Markdown };
    let layouts: &[Layout] = match format {
        Format::Plain => &[Layout::Lines, Layout::Wrapped, Layout::Verse],
        Format::Markdown => &[Layout::Lines],
    };
    for layout in layouts {
        for reading in [Reading::Now, Reading::CommonMark] {
            let record = Record { layout: Some(*layout), reading, ..Record::default() };
            let doc = document::parse("a".into(), "content/a".into(), raw, format, &record).value;
            let Some(doc) = doc else { continue };
            assert!(proof::bytes(&doc).is_none(), "{:?}", proof::bytes(&doc));
            for (number, block) in (1..).zip(&doc.blocks) {
                assert_eq!(block.number, number);
                assert!(doc.visible.get(block.text.range()).is_some());
            }
            if text.len() <= MOST_READ {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                let written = match format {
                    Format::Plain => Written::plain(text),
                    Format::Markdown => Written::markdown(text),
                };
                assert_eq!(written.missed_by(&doc.visible), None, "{reading:?}: {text:?}: {:?}", doc.visible);
            }
        }
    }
}
