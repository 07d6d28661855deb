//! `postil audit`: what is explained and annotated, and what is not.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{self, AuditFormat};
use super::{Outcome, Terminal, Trouble, report};
use postil_archive::diagnostic::show::one_line;
use postil_propose::review::audit::{self, Audit, JoinedWord, Name, Text, Unreached};

/// Gives the account.
pub(super) fn run(site: &Path, args: &args::Audit, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let mut problems = Vec::new();
    let archive = crate::theme::read(site)?.take(&mut problems);
    let audit = audit::audit(&archive)?.take(&mut problems);
    let answer = match args.format {
        AuditFormat::Text => in_words(&audit),
        AuditFormat::Json => {
            serde_json::to_string_pretty(&audit).expect("strings and numbers are JSON") + "\n"
        }
    };
    terminal.answer(&answer)?;
    let outcome = report::outcome(&problems);
    if outcome != Outcome::Fine {
        let counts = report::counts(&problems);
        terminal.tell(&format!("{counts}: what has an error is left out here; `postil check` names it\n"));
    }
    Ok(outcome)
}

/// The account for a person: a heading a question, a line an answer.
fn in_words(audit: &Audit) -> String {
    let acronyms = audit.acronyms.iter().map(|acronym| {
        let first = &acronym.first;
        let texts = acronym.texts.len();
        let texts = if texts > 1 { format!(", {texts} texts") } else { String::new() };
        format!("{} ({}{texts})  {}:{}", acronym.form, acronym.count, first.path, first.line)
    });
    let sections = [
        section("Acronyms that no term explains", acronyms.collect()),
        section("Names that the texts shorten", audit.names.iter().map(name).collect()),
        section("Terms that nothing leads to", audit.unused_terms.clone()),
        section("Senses that no text's date reaches", audit.unreached_senses.iter().map(sense).collect()),
        section(
            "Words joined at line ends that stand whole nowhere",
            audit.joined.iter().map(joined).collect(),
        ),
        section("Texts", texts(&audit.texts)),
    ];
    sections.join("\n")
}

fn section(title: &str, lines: Vec<String>) -> String {
    let mut text = format!("{title}\n");
    if lines.is_empty() {
        text.push_str("  none\n");
    }
    for line in lines {
        writeln!(text, "  {}", one_line(&line)).expect("a string takes everything");
    }
    text
}

fn name(found: &Name) -> String {
    let Name { short, name, first, term, is_form } = found;
    let known = match term {
        None => "no term".to_owned(),
        Some(term) if *is_form => format!("term {term}"),
        Some(term) => format!("term {term}, which has no such form"),
    };
    format!("{short} = {name} ({known})  {}:{}", first.path, first.line)
}

fn joined(found: &JoinedWord) -> String {
    let JoinedWord { joined, hyphened, count, stands_hyphened, first } = found;
    let stands = if *stands_hyphened { ", which stands elsewhere" } else { "" };
    format!("{joined} ({count}), or {hyphened}{stands}  {}:{}", first.path, first.line)
}

fn sense(found: &Unreached) -> String {
    let Unreached { term, sense, from, until } = found;
    let open = |date: &Option<String>| date.clone().unwrap_or_default();
    format!("{term}/{sense}  {} to {}", open(from), open(until))
}

/// A table: what is counted, in columns.
fn texts(texts: &[Text]) -> Vec<String> {
    let widest = texts.iter().map(|text| text.id.len()).max().unwrap_or(0);
    let line = |text: &Text| {
        let Text { id, coverage } = text;
        let share = |words: usize| format!("{} %", (words * 100).div_ceil(coverage.words.max(1)));
        let bare = match coverage.longest_bare {
            Some((first, last)) if first == last => format!("p{first}"),
            Some((first, last)) => format!("p{first}-p{last}"),
            None => "none".to_owned(),
        };
        format!(
            "{id:<widest$}  {:>6} words  {:>3} {} {:>5}  {:>3} {} {:>5}  longest without either: {bare}",
            coverage.words,
            coverage.notes,
            if coverage.notes == 1 { "note on " } else { "notes on" },
            share(coverage.noted),
            coverage.topics,
            if coverage.topics == 1 { "topic on " } else { "topics on" },
            share(coverage.in_topics),
        )
    };
    texts.iter().map(line).collect()
}
