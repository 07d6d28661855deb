//! Small archives in which one text has a word in another form and a second has the bare word: what is not
//! found without help is told from what is found because no text has it as it was typed.

use postil_search::{Block, Entry, Guide, Named, Note};

/// A name, and texts: address, language, paragraphs.
type Archive = (&'static str, &'static [(&'static str, &'static str, &'static [&'static str])]);

const ARCHIVES: &[Archive] = &[
    (
        "elision",
        &[
            ("a", "fr", &["L’harmonie de l’Europe, d’Italie et d’Allemagne; jusqu'ici qu’elle vint."]),
            ("b", "fr", &["Cette harmonie est la plus belle Europe, une Italie, ici, elle."]),
            (
                "c",
                "it",
                &[
                    "Gli Stati dell’Unione, nell’articolo primo, l'8 settembre.",
                    "Una Unione, un articolo, 8.",
                ],
            ),
            ("d", "ca", &["L'aigua sull'onda.", "Aigua, onda."]),
            ("h", "it", &["Gl’Italiani, dov’erano?", "Italiani, erano."]),
            ("e", "en", &["Mr d'Estaing met O'Malley; don't go.", "Estaing, Malley, don, OMalley, dont."]),
            ("g", "en", &["The Ministers'll see that they've gone.", "Ministers see that they go."]),
        ],
    ),
    (
        "endings",
        &[("a", "tr", &["Ankara’da ve İstanbul'daki, 1923'te."]), ("b", "tr", &["Ankara, İstanbul, 1923."])],
    ),
    (
        "stems",
        &[
            ("a", "en-GB", &["We use it, we pay, we buy, we row, they owe; I hope, the tax."]),
            ("b", "en-GB", &["He used it, pays, buys, rowed, owed; us, hop, ow, taxes."]),
            ("c", "en-GB", &["The old die; a tie that he denies.", "She tries; the dying, denied."]),
        ],
    ),
    (
        "spelt",
        &[
            (
                "a",
                "en-GB",
                &["A licence to organise labour in the centre; the judgement, an analysed programme."],
            ),
            (
                "b",
                "en-US",
                &["A license to organize labor in the center; the judgment, an analyzed program."],
            ),
        ],
    ),
    (
        "digits",
        &[
            (
                "a",
                "fr",
                &[
                    "On compta 4\u{202F}000 hommes, 4\u{A0}500 femmes, 1\u{2009}234\u{2009}567 moutons et 1,5 pour cent.",
                ],
            ),
            ("b", "fr", &["4000, 4500, 1234567 et 6500; en 2009 100 autres, 1945."]),
            ("c", "de", &["In der Schweiz 6.500 Tonnen, 1.234.567 Fässer, 3.5."]),
            ("d", "en-GB", &["A weight of 6.500 and a sum of $4,000; ٢٠٠٩, १९४५; 12,34,567 rupees."]),
        ],
    ),
    (
        "names",
        &[
            (
                "a",
                "en-GB",
                &["The Qurʾān, ʿUmar, Hawaiʻi, Rasʹputin; Herr Müller aus Köln, Ålborg; Israel does."],
            ),
            (
                "b",
                "en-GB",
                &["The Quran, Umar, Hawaii, Rasputin; Herr Mueller aus Koeln, Aalborg; Israel does."],
            ),
        ],
    ),
    (
        "marks",
        &[
            ("a", "fr", &["La traite des êtres humains."]),
            ("b", "fr", &["Des êtres sans traite, et les humains."]),
            ("c", "he", &["דובר צה״ל אמר.", "ועוד חז\"ל אמרו."]),
        ],
    ),
    (
        "korean",
        &[
            ("a", "ko", &["서울은 한국의 수도이다. 서울에서 회의가 열렸다.", "법을 지켰다. 가을이 왔다."]),
            ("b", "ko", &["서울 시청에 모였다.", "법 한국 수도", "회 가"]),
        ],
    ),
    (
        "figures",
        &[
            (
                "a",
                "en-GB",
                &[
                    "UKHTC2 was launched in 2006.3 The UKHTC’s5 trafficking5 was grave12.",
                    "Vitamin B12, H2O.",
                    "The board’s7 and the ministers’12 plans.",
                ],
            ),
            (
                "b",
                "en-GB",
                &["The UKHTC met in 2006 on trafficking, grave.", "Vitamin B, H.", "Board, ministers."],
            ),
        ],
    ),
    (
        "forms",
        &[
            (
                "a",
                "en-GB",
                &["The universal declaration was universally read. Give us aid: they told us. Who told us?"],
            ),
            (
                "b",
                "en-GB",
                &["The university met once in a long sentence about other matters; the US wrote to the WHO."],
            ),
        ],
    ),
];

/// Each archive by its name.
pub(super) fn archives() -> Vec<(&'static str, Vec<Entry>, Vec<Guide>)> {
    let made = |&(name, texts): &Archive| {
        let entries = texts.iter().map(|&(address, language, blocks)| text(address, language, blocks));
        let seoul = Guide::Term {
            address: "glossary/seoul.html".to_owned(),
            term: "서울".to_owned(),
            kind: "place".to_owned(),
            names: Vec::new(),
            misprints: Vec::new(),
            definition: "A city.".to_owned(),
            language: "en-GB".to_owned(),
        };
        (name, entries.collect(), if name == "korean" { vec![seoul] } else { Vec::new() })
    };
    ARCHIVES.iter().map(made).chain([cousins(), partial()]).collect()
}

fn text(address: &str, language: &str, blocks: &[&str]) -> Entry {
    let block = |(text, number): (&&str, u32)| Block {
        anchor: format!("p{number}"),
        text: (*text).to_owned(),
        ..Block::default()
    };
    Entry {
        address: format!("texts/{address}.html"),
        title: "A letter".to_owned(),
        kind: Some(Named { slug: "letter".to_owned(), label: "Letter".to_owned() }),
        language: language.to_owned(),
        notes_language: "en-GB".to_owned(),
        blocks: blocks.iter().zip(1..).map(block).collect(),
        ..Entry::default()
    }
}

/// Many short texts with other words of a stem, many times, and few with a word itself, once and far back.
fn cousins() -> (&'static str, Vec<Entry>, Vec<Guide>) {
    let other = "Much else was said about matters of no weight at all. ".repeat(60);
    let mut entries: Vec<Entry> = (0..60)
        .map(|number| text(&format!("s{number}"), "en-GB", &["universal, universally: told us, who told us"]))
        .collect();
    entries.push(text(
        "long1",
        "en-GB",
        &["It was universal.", &format!("{other}The university."), "Of us."],
    ));
    entries.push(text("long2", "en-GB", &[&format!("{other}A university wrote to the US and the WHO.")]));
    ("cousins", entries, Vec::new())
}

/// A note that has two words of which the text's paragraphs have one each.
fn partial() -> (&'static str, Vec<Entry>, Vec<Guide>) {
    let mut text = text("a", "en-GB", &["The harbour was closed.", "The bridge was open.", "Nothing else."]);
    text.blocks[2].notes.push(Note {
        anchor: "n-one".to_owned(),
        title: "Context".to_owned(),
        body: "A harbour with a bridge.".to_owned(),
        ..Note::default()
    });
    ("partial", vec![text], Vec::new())
}
