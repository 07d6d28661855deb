//! An archive of ten thousand texts, made from the five of this repository.
//!
//! Paragraphs are drawn again and again, and a part of their words is replaced
//! by names and numbers whose vocabulary grows as that of political speech does
//! (by Heaps' law, 22.7 m^0.585 over m replaced words): repeated words alone
//! would flatter an index.

use postil_search::{Block, Dated, Entry, Named};

use super::corpus::Dice;

/// Paragraphs of the repository's texts.
pub(super) fn pool() -> Vec<String> {
    let content = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let mut paths: Vec<_> = walkdir::WalkDir::new(content)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    paths.sort();
    let text = |path| std::fs::read_to_string(path).unwrap();
    let lines = paths.iter().map(text).collect::<Vec<_>>();
    lines.iter().flat_map(|text| text.lines()).filter(|line| line.len() >= 60).map(str::to_owned).collect()
}

/// Names and numbers, more and more of them.
#[derive(Default)]
struct Tail {
    used: Vec<String>,
}

impl Tail {
    fn next(&mut self, dice: &mut Dice) -> String {
        const SYLLABLES: [&str; 24] = [
            "ba", "be", "bra", "ca", "cre", "da", "en", "fi", "gar", "hal", "in", "ka", "la", "me", "no",
            "or", "pra", "ri", "sha", "si", "ter", "va", "wi", "zo",
        ];
        let m = self.used.len().max(1) as f64;
        let fresh = 22.7 * 0.585 * m.powf(-0.415);
        let word = if self.used.is_empty() || (dice.roll(10_000) as f64) < fresh * 10_000.0 {
            match dice.roll(5) {
                0 => format!("{},{:03}", 1 + dice.roll(998), dice.roll(1000)),
                _ => (0..2 + dice.roll(3)).map(|_| SYLLABLES[dice.roll(24)]).collect(),
            }
        } else {
            self.used[dice.roll(self.used.len())].clone()
        };
        self.used.push(word.clone());
        word
    }
}

/// Texts of 0.6 to 80 KB, 6 KB on average.
pub(super) fn texts(count: usize) -> impl Iterator<Item = Entry> {
    let pool = pool();
    let mut dice = Dice(5);
    let mut tail = Tail::default();
    (0..count).map(move |number| {
        // Four dice are nearly a normal distribution, of deviation 0.577.
        let normal = (0..4).map(|_| dice.roll(1000) as f64 / 1000.0 - 0.5).sum::<f64>() / 0.577;
        let target = ((6000_f64.ln() - 0.5 + normal).exp() as usize).clamp(600, 80_000);
        let mut blocks = Vec::new();
        let mut size = 0;
        while size < target {
            let text = changed(&pool[dice.roll(pool.len())], &mut tail, &mut dice);
            size += text.len();
            let anchor = format!("p{}", blocks.len() + 1);
            blocks.push(Block { anchor, opens: blocks.len() % 12 == 0, text, ..Block::default() });
        }
        let year = 2004 + (number % 20) as i32;
        let kind = ["debate", "letter", "report"][number % 3].to_owned();
        Entry {
            address: format!("texts/s{:03}/d{number:05}.html", number / 100),
            title: format!("{} {} debate {number}", tail.next(&mut dice), tail.next(&mut dice)),
            date: Some(Dated {
                year,
                month: 1 + (number % 12) as u8,
                day: 1,
                reach: None,
                label: year.to_string(),
            }),
            kind: Some(Named { slug: kind.clone(), label: kind }),
            language: "en-GB".to_owned(),
            notes_language: "en-GB".to_owned(),
            blocks,
            ..Entry::default()
        }
    })
}

/// A third of the words of five letters or more are replaced.
fn changed(paragraph: &str, tail: &mut Tail, dice: &mut Dice) -> String {
    let words = paragraph.split(' ').map(|word| {
        let is_long = word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_long && dice.roll(3) == 0 { tail.next(dice) } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}
