//! `postil blocks TEXT`: the blocks of a text, to quote from and to number by.

use std::fmt::Write as _;
use std::path::Path;

use super::args::Blocks;
use super::{Outcome, Terminal, Trouble, report, texts};
use postil_anchor::document::record::Record;
use postil_anchor::document::{self, Document};
use postil_archive::archive::{Archive, TextFile};
use postil_archive::diagnostic::Diagnostic;
use postil_archive::diagnostic::show::{self, Format, one_line};
use postil_site::site::cut::spaced;

/// Characters of a beginning: enough to tell one block from another.
const BEGINNING: usize = 72;

/// Lists the blocks of a text.
pub(super) fn run(site: &Path, args: &Blocks, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let archive = texts::archive(site)?;
    let text = texts::find(&archive, site, &args.text)?;
    let mut problems = Vec::new();
    let document = load(&archive, text, &mut problems)?;
    let shown = report::audible(problems, terminal.volume());
    terminal.tell(&show::show(&shown, Format::Human, terminal.look_of_messages()));
    match document {
        Some(document) => {
            terminal.answer(&list(&document))?;
            Ok(Outcome::Fine)
        }
        None => Ok(Outcome::ArchiveHasErrors),
    }
}

pub(super) fn load(
    archive: &Archive,
    text: &TextFile,
    problems: &mut Vec<Diagnostic>,
) -> Result<Option<Document>, Trouble> {
    let record: Record = document::record::parse(text).take(problems);
    let Some(bytes) = archive.load(text)?.take(problems) else { return Ok(None) };
    Ok(document::parse(text.id.clone(), text.path.clone(), &bytes, text.format, &record).take(problems))
}

/// A line a block: number, line of the file, beginning.
fn list(document: &Document) -> String {
    let wide = |n: u32| n.to_string().len();
    let numbers = document.blocks.last().map_or(0, |block| wide(block.number));
    let lines = document.blocks.last().map_or(0, |block| wide(block.lines.0));
    let mut text = String::new();
    for block in &document.blocks {
        let (number, line) = (format!("p{}", block.number), format!("L{}", block.lines.0));
        let words = beginning(document.words(block.text));
        writeln!(text, "{number:<0$}  {line:<1$}  {words}", numbers + 1, lines + 1)
            .expect("a string takes everything");
    }
    text
}

/// The first words of a block, on one line.
fn beginning(words: &str) -> String {
    let line = spaced(words);
    match line.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("{}…", one_line(&line[..end])),
        None => one_line(&line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_archive::archive::Format as TextFormat;

    #[test]
    fn a_line_a_block() {
        let raw = format!("One line,\nstill one.\n\n{}\n\n\u{1b}[31mred\n", "word ".repeat(30));
        let document = document::parse(
            "a".into(),
            "content/a.txt".into(),
            raw.as_bytes(),
            TextFormat::Plain,
            &Record::default(),
        );
        let expected =
            format!("p1  L1  One line, still one.\np2  L4  {}wo…\np3  L6  ␛[31mred\n", "word ".repeat(14));
        assert_eq!(list(&document.value.unwrap()), expected);
    }
}
