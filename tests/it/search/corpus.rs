//! Texts to search in.

use postil_search::{Block, Dated, Entry, Guide, Named, Note};

pub(crate) fn note(anchor: &str, body: &str) -> Note {
    Note {
        anchor: anchor.to_owned(),
        title: "Context, Editors".to_owned(),
        body: body.to_owned(),
        ..Note::default()
    }
}

fn named(label: &str) -> Named {
    Named { slug: label.to_lowercase().replace(' ', "-"), label: label.to_owned() }
}

fn dated(year: i32, month: u8, day: u8, label: &str) -> Option<Dated> {
    Some(Dated { year, month, day, reach: None, label: label.to_owned() })
}

fn block(number: u32, text: &str) -> Block {
    Block { anchor: format!("p{number}"), text: text.to_owned(), ..Block::default() }
}

/// A few passages of each kind that readers look for.
pub(crate) fn by_hand() -> (Vec<Entry>, Vec<Guide>) {
    (vec![reply(), debate_2012(), answer_2004(), answer_2006(), odd()], guides())
}

fn entry(address: &str, title: &str, kind: &str, blocks: Vec<Block>) -> Entry {
    Entry {
        address: format!("texts/{address}.html"),
        title: title.to_owned(),
        kind: Some(named(kind)),
        language: "en-GB".to_owned(),
        notes_language: "en-GB".to_owned(),
        blocks,
        ..Entry::default()
    }
}

fn answer_2004() -> Entry {
    let beverley = Some(named("Beverley Hughes"));
    let blocks = vec![
        block(1, "HC Deb 09 March 2004 vol 418 cc1457-9W"),
        block(
            3,
            "To ask the Secretary of State for the Home Department if he will make a statement on the strategy. [158227]",
        ),
        Block {
            speaker: beverley.clone(),
            ..block(4, "The Government is committed to combating child trafficking.")
        },
        Block {
            speaker: beverley,
            ..block(5, "All activity has been co-ordinated through the multi-agency task force Reflex.")
        },
    ];
    Entry {
        date: dated(2004, 3, 9, "9 March 2004"),
        record: vec!["House of Commons".to_owned(), "9 March 2004".to_owned()],
        ..entry("2004", "Child Trafficking", "Written answer", blocks)
    }
}

fn answer_2006() -> Entry {
    let blocks = vec![
        Block {
            label: "Question 94668".to_owned(),
            opens: true,
            ..block(3, "What steps the Government are taking to tackle human trafficking in London. (94668)")
        },
        block(4, "The Child Exploitation and Online Protection Centre opened this year."),
        block(5, "The operation managed to rescue 84 women, many of them in London."),
    ];
    Entry {
        date: dated(2006, 10, 24, "24 October 2006"),
        ..entry("2006", "Human Trafficking", "Written answer", blocks)
    }
}

fn reply() -> Entry {
    let committee = Some(named("Home Affairs Committee"));
    let blocks = vec![
        block(22, "ISBN: 9780101769327"),
        block(54, "An estimated 4,000 victims are in the UK at any one time."),
        Block {
            label: "Recommendation 8".to_owned(),
            speaker: committee,
            opens: true,
            ..block(
                59,
                "Another part of the solution is to expand the remit of the Gangmasters Licensing Authority.",
            )
        },
        Block {
            notes: vec![note(
                "n-gla-remit",
                "Afterwards it became the Gangmasters and Labour Abuse Authority.",
            )],
            ..block(60, "There was no consensus in the Forum on whether the GLA’s remit should be extended.")
        },
        block(62, "Officials have a close relationship with GLA and look for forced labour."),
        block(63, "They labour hard and were never forced."),
        block(56, "The EAS Inspectorate is beginning to pay off."),
        block(68, "£1,321,610 in penalty payments has been collected within 45 days of the GLA's notice."),
        Block {
            corrected: Some("Guidance was agreed with the ADCS.".to_owned()),
            ..block(120, "Guidance was agreed with the ACDS.")
        },
        Block {
            corrected: Some("Victims of trafficking are helped.".to_owned()),
            ..block(121, "Victims of traf- ficking are helped.")
        },
    ];
    Entry {
        date: dated(2009, 8, 0, "August 2009"),
        ..entry("reply", "Government reply", "Command paper", blocks)
    }
}

fn debate_2012() -> Entry {
    let blocks = vec![
        block(
            4,
            "The cases referred through the national referral mechanism are only the tip of the iceberg.",
        ),
        block(
            5,
            "Some were re-trafficked; a 45-day period of reflection is granted. Police forces work for the police.",
        ),
        block(6, "CEOP has told the police so."),
    ];
    Entry {
        date: dated(2012, 12, 20, "20 December 2012"),
        ..entry("2012", "Human Trafficking", "Speech", blocks)
    }
}

/// Text that means to break out, and other scripts.
fn odd() -> Entry {
    let blocks = vec![
        block(
            1,
            "A pre-paid card </script><script>alert(1)</script> \u{2028} \"quoted\" 'single' \\ ${x} `y`",
        ),
        block(2, "__proto__ constructor hasOwnProperty"),
        block(
            3,
            "\u{645F}\u{5BEB}\u{4E2D}\u{6587}\u{6587}\u{672C} and caf\u{E9} and \u{5E9}\u{5DC}\u{5D5}\u{5DD}",
        ),
        block(4, &"Far away words fill the beginning of this long paragraph. ".repeat(30)),
        block(
            5,
            &format!(
                "{}then the needle lies in hay; {}",
                "Many words come first, ".repeat(40),
                "many follow, ".repeat(40)
            ),
        ),
    ];
    entry("odd", "Odd & <b>ends</b>", "Odds", blocks)
}

fn guides() -> Vec<Guide> {
    let term = |slug: &str, term: &str, names: &[&str], misprints: &[&str], definition: &str| Guide::Term {
        address: format!("glossary/{slug}.html"),
        term: term.to_owned(),
        kind: "Body".to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        misprints: misprints.iter().map(|name| (*name).to_owned()).collect(),
        definition: definition.to_owned(),
        language: "en-GB".to_owned(),
    };
    vec![
        term(
            "ceop",
            "CEOP",
            &["Child Exploitation and Online Protection Centre"],
            &[],
            "Police-led centre against abuse.",
        ),
        term(
            "gla",
            "GLA",
            &["Gangmasters Licensing Authority"],
            &[],
            "Public body that licensed labour providers.",
        ),
        term(
            "adcs",
            "ADCS",
            &["Association of Directors of Children's Services"],
            &["ACDS"],
            "Professional association.",
        ),
        Guide::Topic {
            address: "topics/labour-exploitation.html".to_owned(),
            title: "Labour exploitation".to_owned(),
            scope: "Work under threat, and who inspects it.".to_owned(),
            language: "en-GB".to_owned(),
        },
    ]
}

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// From 0 to `sides`, not included.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

/// A word, low ones more often, with endings that English has.
pub(crate) fn word(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 12] =
        ["ba", "cor", "di", "fen", "gol", "hu", "lam", "mer", "no", "pra", "ti", "vest"];
    const ENDINGS: [&str; 8] = ["", "", "", "s", "ed", "ing", "er", "ation"];
    let number = dice.roll(30) * dice.roll(30);
    let stem =
        format!("{}{}{}", SYLLABLES[number % 12], SYLLABLES[number / 12 % 12], SYLLABLES[number / 144 % 12]);
    stem + ENDINGS[dice.roll(8)]
}

fn sentence(dice: &mut Dice, words: usize) -> String {
    let words: Vec<String> = (0..words)
        .map(|_| match dice.roll(40) {
            0 => format!("{},", dice.roll(3000)),
            1 => format!("{}-{}", word(dice), word(dice)),
            2 | 3 => "the".to_owned(),
            4 => word(dice).to_uppercase(),
            _ => word(dice),
        })
        .collect();
    words.join(" ") + "."
}

/// Texts of pseudo-words, a few of them long.
pub(crate) fn generated(count: usize, seed: u64) -> Vec<Entry> {
    let mut dice = Dice(seed);
    (0..count).map(|number| text(&mut dice, number)).collect()
}

fn text(dice: &mut Dice, number: usize) -> Entry {
    let paragraphs = if number % 50 == 7 { 90 } else { 1 + dice.roll(6) };
    let blocks = (1..=paragraphs as u32).map(|number| {
        let length = 5 + dice.roll(80);
        let mut block = block(number, &sentence(dice, length));
        block.opens = dice.roll(10) == 0;
        if dice.roll(8) == 0 {
            block.notes.push(note(&format!("n-{number}"), &sentence(dice, 12)));
        }
        block
    });
    let blocks = blocks.collect();
    let year = 1990 + dice.roll(30) as i32;
    let kind = ["Letter", "Speech", "Report"][dice.roll(3)];
    let title = sentence(dice, 4);
    Entry {
        date: (!number.is_multiple_of(17)).then(|| Dated {
            year,
            // Some may be of several years, or of any from or up to one.
            reach: match number % 7 {
                0 => Some((Some(year), Some(year + 3))),
                1 => Some((Some(year), None)),
                2 => Some((None, Some(year))),
                _ => None,
            },
            label: year.to_string(),
            ..Dated::default()
        }),
        topics: vec![named(["Bread", "Wine"][dice.roll(2)])],
        ..entry(&format!("generated/{number}"), &title, kind, blocks)
    }
}
