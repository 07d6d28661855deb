//! Markdown texts that are made up from a number, with the words that each of their blocks must show.

use std::fmt::Write as _;

use crate::random::Random;

/// A Markdown text, as its page must show it.
#[derive(Debug, Default)]
pub(in super::super) struct Text {
    pub(in super::super) raw: String,
    /// The words of each block.
    pub(super) blocks: Vec<String>,
    /// The numbers of list items that have one.
    pub(super) numbers: Vec<String>,
}

/// How deep lists and quotations lie in each other.
const DEEPEST: usize = 3;

/// Words, of which some are signs of Markdown where they do not mean one.
const ODD: [&str; 14] = [
    "of",
    "the",
    "\u{e9}t\u{e9}",
    "\u{653f}\u{5e9c}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    "12.30",
    "Q&A",
    "a_b_c",
    "\u{a3}1,000",
    "5)",
    "(x)",
    "\u{1d51e}",
    "e\u{301}",
    "2\u{b3}",
];

/// The text of this number.
pub(in super::super) fn made_up(seed: u64) -> Text {
    let mut maker = Maker {
        random: Random::new(seed),
        text: Text::default(),
        words: 0,
        definitions: Vec::new(),
        waiting: String::new(),
    };
    let first = maker.paragraph();
    let lines = maker.blocks(0);
    let lines = maker.separated(first, lines);
    let mut lines = maker.separated(lines, Vec::new());
    // Definitions that references above mean: shown are their titles.
    for (label, title) in std::mem::take(&mut maker.definitions) {
        lines.extend([
            format!("[{label}]: <to {label}> {}", title.as_deref().unwrap_or_default()),
            String::new(),
        ]);
        if let Some(title) = title {
            maker.text.blocks.push(format!("[{label}]: {title}"));
        }
    }
    let end = maker.random.of(&["\n", "\r\n", "\r"]);
    maker.text.raw = lines.join(end);
    if maker.random.once_in(2) {
        maker.text.raw.truncate(maker.text.raw.trim_end().len());
    }
    maker.text
}

struct Maker {
    random: Random,
    text: Text,
    words: usize,
    /// Labels that a reference means, with their titles.
    definitions: Vec<(String, Option<String>)>,
    /// Numbers of items whose first block is still to come.
    waiting: String,
}

impl Maker {
    fn word(&mut self) -> String {
        self.words += 1;
        format!("w{}", self.words)
    }

    /// Some words: as they are written in a line that is no markup, and as they are shown.
    fn plain(&mut self, most: usize) -> String {
        let count = self.random.between(1, most);
        let words: Vec<_> =
            (0..count)
                .map(|i| {
                    if i > 0 && self.random.once_in(4) {
                        self.random.of(&ODD).to_owned()
                    } else {
                        self.word()
                    }
                })
                .collect();
        words.join(" ")
    }

    /// A block shows these words, behind the numbers that wait for it.
    fn shows(&mut self, words: &str) {
        let numbers = std::mem::take(&mut self.waiting);
        self.text.blocks.push(format!("{numbers}{words}").split_whitespace().collect::<Vec<_>>().join(" "));
    }

    /// Lines with an empty one between them and what comes before.
    fn separated(&mut self, mut before: Vec<String>, lines: Vec<String>) -> Vec<String> {
        if !before.is_empty() {
            before.push(String::new());
        }
        before.extend(lines);
        before
    }

    fn blocks(&mut self, depth: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for _ in 0..self.random.between(1, if depth == 0 { 9 } else { 3 }) {
            let block = self.block(depth);
            lines = self.separated(lines, block);
        }
        lines
    }

    fn block(&mut self, depth: usize) -> Vec<String> {
        match self.random.below(if depth < DEEPEST { 13 } else { 9 }) {
            0 => self.heading(),
            1 => self.fence(),
            2 => self.code(),
            3 => self.definition(),
            4 => self.html(),
            5 => self.rule(),
            6..=8 => self.paragraph(),
            9 => self.quotation(depth),
            10 => self.bullets(depth),
            _ => self.numbered(depth),
        }
    }

    fn paragraph(&mut self) -> Vec<String> {
        let (lines, shown) = self.inline();
        self.shows(&shown);
        lines
    }

    fn heading(&mut self) -> Vec<String> {
        let (lines, shown) = self.inline();
        self.shows(&shown);
        if lines.len() > 1 || self.random.once_in(3) {
            let ruler = self.random.of(&["===", "---"]).to_owned();
            return lines.into_iter().chain([ruler]).collect();
        }
        let closing = self.random.of(&["", " ##", " #"]);
        vec![format!("{} {}{closing}", "#".repeat(self.random.between(1, 6)), lines[0])]
    }

    fn fence(&mut self) -> Vec<String> {
        let fence = self.random.of(&["```", "~~~~", "````"]).to_owned();
        let label = self.plain(3);
        let (written, shown) = match self.random.below(4) {
            0 => (String::new(), String::new()),
            1 => (format!(" {label} &eacute;\\* "), format!("{label} \u{e9}*")),
            2 => (format!("rust,{label}"), format!("rust,{label}")),
            _ => (label.clone(), label),
        };
        let code = [self.plain(3), String::new(), format!("  {}", self.plain(2))];
        self.shows(&format!("{shown} {}", code.join(" ")));
        let mut lines = vec![format!("{fence}{written}")];
        lines.extend(code);
        lines.push(fence);
        lines
    }

    fn code(&mut self) -> Vec<String> {
        let code = format!("[{}]: {} &amp; 1. x", self.word(), self.word());
        self.shows(&code);
        // Code that is told by its indentation cannot follow the number of an item in the same line.
        vec!["```".to_owned(), code, "```".to_owned()]
    }

    /// Definitions that nothing uses: paragraphs.
    fn definition(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            let label = if self.random.once_in(3) { "Q".to_owned() } else { self.word() };
            let answer = self.word();
            let title = match self.random.below(4) {
                0 => format!(" \"{}\"", self.plain(4)),
                1 => format!(" '{} &eacute;'", self.plain(2)),
                _ => String::new(),
            };
            self.shows(&format!("[{label}]: {answer}.{}", title.replace("&eacute;", "\u{e9}")));
            match self.random.below(4) {
                0 => lines.extend([format!("[{label}]:"), format!("   {answer}.{title}")]),
                1 if !title.is_empty() => lines.extend([format!("[{label}]: {answer}."), title]),
                _ => lines.push(format!("[{label}]: {answer}.{title}")),
            }
        }
        lines
    }

    fn html(&mut self) -> Vec<String> {
        let line = format!("<div title=\"{}\"><!-- {} --> {}", self.word(), self.word(), self.word());
        self.shows(&line);
        vec![line]
    }

    fn rule(&mut self) -> Vec<String> {
        if !self.waiting.is_empty() {
            self.shows("");
        }
        self.text.blocks.push(String::new());
        vec!["_ _ _".to_owned()]
    }

    fn quotation(&mut self, depth: usize) -> Vec<String> {
        self.blocks(depth + 1).into_iter().map(|line| format!("> {line}")).collect()
    }

    fn bullets(&mut self, depth: usize) -> Vec<String> {
        let bullet = self.random.of(&["-", "*", "+"]).to_owned();
        let mut lines = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            let item = self.blocks(depth + 1);
            let item = marked(&format!("{bullet} "), item);
            lines = self.separated(lines, item);
        }
        // Another list of the same kind would go on with it.
        lines.extend([String::new(), "<!-- -->".to_owned()]);
        self.shows("<!-- -->");
        lines
    }

    /// A list with any numbers. One with a single line an item has no empty line between them.
    fn numbered(&mut self, depth: usize) -> Vec<String> {
        let sign = self.random.of(&[".", ")"]).to_owned();
        let tight = self.random.once_in(2);
        let mut lines = Vec::new();
        for _ in 0..self.random.between(1, 4) {
            let number = match self.random.below(4) {
                0 => format!("{:03}", self.random.below(100)),
                1 => self.random.below(999_999_999).to_string(),
                _ => self.random.below(40).to_string(),
            };
            let number = format!("{number}{sign}");
            let _ = write!(self.waiting, "{number} ");
            self.text.numbers.push(number.clone());
            let item = match self.random.below(8) {
                0 => {
                    self.shows("");
                    vec![String::new()]
                }
                _ if tight => {
                    let (lines, shown) = self.inline();
                    self.shows(&shown);
                    lines
                }
                _ => self.blocks(depth + 1),
            };
            let item = marked(&format!("{number} "), item);
            if tight {
                lines.extend(item);
            } else {
                lines = self.separated(lines, item);
            }
        }
        lines.extend([String::new(), "<!-- -->".to_owned()]);
        self.shows("<!-- -->");
        lines
    }

    /// Words with everything that may stand in them: as lines, and as they are shown.
    fn inline(&mut self) -> (Vec<String>, String) {
        let mut lines = vec![self.word()];
        let mut shown = vec![lines[0].clone()];
        for _ in 0..self.random.below(7) {
            let (written, seen) = self.piece();
            if self.random.once_in(4) {
                let ends = self.random.of(&["", "", "  ", "\\"]);
                lines.last_mut().expect("one is there").push_str(ends);
                // A word first, which begins no block.
                let word = self.word();
                lines.push(format!("{word} {written}"));
                shown.extend([word, seen]);
            } else {
                let _ = write!(lines.last_mut().expect("one is there"), " {written}");
                shown.push(seen);
            }
        }
        (lines, shown.join(" "))
    }

    /// Something inside a block: as it is written, and as it is shown.
    fn piece(&mut self) -> (String, String) {
        let words = self.plain(3);
        let word = self.word();
        match self.random.below(16) {
            0 => (format!("*{words}*"), words),
            1 => (format!("**{words} *{word}***"), format!("{words} {word}")),
            2 => (format!("`{words} &amp; [{word}](x)`"), format!("{words} &amp; [{word}](x)")),
            3 => (format!("[{words}]({word}.html)"), words),
            4 => (
                format!("[{words}](<{word} x> \"{word} t&eacute; \\\"\")"),
                format!("{words} \"{word} t\u{e9} \"\""),
            ),
            5 => (format!("![{words}]({word}(1).png '{word} t')"), format!("{words} '{word} t'")),
            6 => (format!("[![{words}](a '{word}')](b)"), format!("{words} '{word}'")),
            7 => (format!("<https://{word}.example/>"), format!("https://{word}.example/")),
            8 => (format!("&eacute;{word}&#65;&frac12; &nope;"), format!("\u{e9}{word}A\u{bd} &nope;")),
            9 => (format!("\\*{word}\\_ \\[x\\]"), format!("*{word}_ [x]")),
            10 => (format!("<b title='{word}'>{words}</b>"), format!("<b title='{word}'>{words}</b>")),
            11 => (format!("[{words}][]"), format!("[{words}][]")),
            12 => (format!("[{words}][No-{word}]"), format!("[{words}][No-{word}]")),
            13 => {
                let title = self.random.once_in(2).then(|| format!("'{} t'", self.word()));
                self.definitions.push((word.clone(), title));
                (format!("[{words}][{}]", word.to_uppercase()), words)
            }
            14 => (format!("[Q] {word}"), format!("[Q] {word}")),
            _ => (words.clone(), words),
        }
    }
}

/// Lines as those of one item: the first behind its mark, the others below it.
fn marked(mark: &str, lines: Vec<String>) -> Vec<String> {
    let wide = " ".repeat(mark.len());
    let line = |(i, line): (usize, String)| match (i, line.is_empty()) {
        (0, _) => format!("{mark}{line}"),
        (_, true) => line,
        _ => format!("{wide}{line}"),
    };
    lines.into_iter().enumerate().map(line).collect()
}

/// Pieces that mean something beside each other.
const SCRAPS: [&str; 58] = [
    " ", " ", "\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r", "\t", "    ", "> ", ">", "- ", "* ", "1. ",
    "7) ", "007.", "# ", "## ", "===\n", "---\n", "***\n", "```", "~~~", "````\n", "`", "``", "*", "**", "_",
    "[", "]", "![", "](", ")", "][", "[]", "]:", "]: ", "(", "<", ">", "<!--", "-->", "<b>", "</div>\n",
    "<div>\n", "\"", "'", "&amp;", "&eacute;", "&#66;", "&", ";", "\\", "\\\n", "  \n",
];

/// Labels and destinations, the same again and again.
const NAMES: [&str; 6] = ["[a]", "[a]: x", "[B]: b.html", "[b]", "[a][b]", "[q][]"];

/// Signs and words in any order. Each word stands once.
pub(in super::super) fn scrambled(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut raw = String::new();
    for n in 0..random.between(4, 60) {
        match random.below(7) {
            0 | 1 => {
                let _ = write!(raw, "w{n}");
            }
            2 => raw.push_str(random.of(&NAMES)),
            _ => raw.push_str(random.of(&SCRAPS)),
        }
    }
    raw.push_str("\n\nend");
    raw
}
