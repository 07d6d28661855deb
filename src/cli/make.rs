//! What `note` and `new` share: telling why there is no file, writing it, and
//! looking at it again when somebody has edited it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::args::Making;
use super::{Outcome, Terminal, Trouble, report};
use crate::compile;
use crate::output::{fresh, interrupt};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::show::{self, Format, one_line};
use postil_propose::propose::note::Spot;
use postil_propose::propose::prove::{self, Text};
use postil_propose::propose::{File, Refused};

/// Most places that are listed.
const LISTED: usize = 20;

/// Tells why there is no file.
pub(super) fn refused(refused: Refused, terminal: &Terminal) -> Trouble {
    match refused {
        Refused::Wrong(problems) => {
            terminal.tell(&show::show(&problems, Format::Human, terminal.look_of_messages()));
            Trouble::new("nothing was written")
        }
        Refused::Several(spots) => {
            terminal.tell(&listed(&spots));
            Trouble::new(format!("the words stand in {} places: nothing was written", spots.len()))
                .help("give more words, with those that are meant in bold: `\"in the **Forum** met\"`; for a note, `--nth` chooses one of them too")
        }
        Refused::Because(why, help) => Trouble::new(format!("{why}: nothing was written")).help(help),
    }
}

/// Why something could not become a file, of several that were asked for at once.
pub(super) fn why(refused: &Refused, terminal: &Terminal) -> String {
    match refused {
        Refused::Wrong(problems) => show::show(problems, Format::Human, terminal.look_of_messages()),
        Refused::Several(spots) => format!("  the words stand in {} places:\n{}", spots.len(), listed(spots)),
        Refused::Because(why, help) => format!("  {}\n  = help: {}\n", one_line(why), one_line(help)),
    }
}

/// Places with their numbers and the words around them.
pub(super) fn listed(spots: &[Spot]) -> String {
    let mut text = String::new();
    for (i, spot) in spots.iter().enumerate().take(LISTED) {
        let Spot { block, line, before, words, after } = spot;
        let words = one_line(&format!("{before}[{words}]{after}"));
        writeln!(text, "{:>3}  p{block} (line {line}): … {words} …", i + 1)
            .expect("a string takes everything");
    }
    if spots.len() > LISTED {
        writeln!(text, "     and {} more", spots.len() - LISTED).expect("a string takes everything");
    }
    text
}

/// Lets a person choose one of several places; none if nobody is there to choose.
///
/// # Errors
/// If the person chooses none of them.
pub(super) fn ask(spots: &[Spot], terminal: &Terminal) -> Result<Option<usize>, Trouble> {
    let mut question = format!("{}which of them? (1 to {}) ", listed(spots), spots.len());
    while let Some(answer) = terminal.ask(&question) {
        if answer.is_empty() {
            return Err(Trouble::new("no place was chosen: nothing was written")
                .help("quote more of the words around the place, so that they stand there only"));
        }
        match answer.parse() {
            Ok(nth) if (1..=spots.len()).contains(&nth) => return Ok(Some(nth)),
            _ => question = format!("a number from 1 to {}, or nothing for none of them: ", spots.len()),
        }
    }
    Ok(None)
}

/// The command that opens an editor, if one is wanted; asked for before anything is written.
pub(super) fn editor(making: &Making) -> Result<Option<Vec<String>>, Trouble> {
    if !making.edit {
        return Ok(None);
    }
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    let words = named.map(|named| words(&named)).find(|words| !words.is_empty());
    words.map(Some).ok_or_else(|| {
        Trouble::new("no editor is named: nothing was written")
            .help("set `EDITOR` to the command that opens one")
    })
}

/// The words of a command, as a shell would take them: quotation marks keep words together, and before
/// one of them or a space `\` does. A path that is there is one word, whatever it holds.
fn words(command: &str) -> Vec<String> {
    let command = command.trim();
    if Path::new(command).is_file() {
        return vec![command.to_owned()];
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut mark = None;
    let mut rest = command.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if mark != Some('\'')
                && rest.peek().is_some_and(|next| matches!(next, '"' | '\'' | ' ' | '\\')) =>
            {
                word.get_or_insert_default().extend(rest.next());
            }
            _ if mark == Some(c) => mark = None,
            '"' | '\'' if mark.is_none() => {
                mark = Some(c);
                word.get_or_insert_default();
            }
            _ if c.is_whitespace() && mark.is_none() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Shows the file, which the archive given has already, or writes it; with an editor opens it and looks at it again.
///
/// The answer is its path alone, so that another program can take it up.
pub(super) fn make(
    site: &Path,
    archive: &Archive,
    file: &File,
    quoted: &[Text],
    dry_run: bool,
    editor: Option<Vec<String>>,
    terminal: &Terminal,
) -> Result<Outcome, Trouble> {
    let mut problems = compile::markdown(archive, &file.path)?;
    // There is no file yet that a fix could be applied to.
    problems.iter_mut().for_each(|problem| problem.fixes.clear());
    if report::outcome(&problems) != Outcome::Fine {
        return Err(refused(Refused::Wrong(problems), terminal));
    }
    let audible = report::audible(problems, terminal.volume());
    terminal.tell(&show::show(&audible, Format::Human, terminal.look_of_messages()));
    if dry_run {
        terminal.answer(&file.text)?;
        terminal.tell(&format!("this would be `{}`; nothing was written\n", file.path));
        return Ok(Outcome::Fine);
    }
    fresh::write(site, &[(&file.path, file.text.as_bytes())])?;
    let full = site.join(&file.path);
    if let Some(editor) = &editor {
        open(editor, &full)?;
    }
    terminal.answer(&format!("{}\n", full.display()))?;

    let archive = crate::theme::read(site)?.value;
    let texts: Vec<&Text> = quoted.iter().collect();
    let (mut problems, _) = prove::of_file(&archive, &file.path, &texts);
    if editor.is_some() {
        problems.extend(compile::markdown(&archive, &file.path)?);
        terminal.tell(&show::show(&problems, Format::Human, terminal.look_of_messages()));
        return Ok(report::outcome(&problems));
    }
    // What is left to say of a file that was proved is what its writer has still to write.
    for problem in &problems {
        terminal.tell(&format!("still to do: {}\n", problem.help.join("; ")));
    }
    Ok(Outcome::Fine)
}

fn open(editor: &[String], file: &Path) -> Result<(), Trouble> {
    let name = editor.first().map_or("", String::as_str);
    let status = interrupt::lend(|| Command::new(name).args(&editor[1..]).arg(file).status());
    let status = status.map_err(|error| {
        Trouble::new(format!("could not run the editor `{name}`: {error}"))
            .help(format!("`{}` was written", file.display()))
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Trouble::new(format!("the editor `{name}` ended with an error"))
        .help(format!("`{}` was written", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_editor() {
        fn check(command: &str, expected: &[&str]) {
            assert_eq!(words(command), expected, "{command}");
        }
        check("", &[]);
        check("  ", &[]);
        check("vi", &["vi"]);
        check("code --wait", &["code", "--wait"]);
        check("'/opt/My Editor/ed' -w", &["/opt/My Editor/ed", "-w"]);
        check("\"C:\\Program Files\\ed.exe\" -w", &["C:\\Program Files\\ed.exe", "-w"]);
        check("/opt/My\\ Editor/ed -w", &["/opt/My Editor/ed", "-w"]);
        check("C:\\tools\\ed.exe", &["C:\\tools\\ed.exe"]);
        check("emacsclient -a ''", &["emacsclient", "-a"]);
        check("ed --name=\"a b\"c", &["ed", "--name=a bc"]);
    }
}
