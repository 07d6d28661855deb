//! `postil import TOOL FILE`: notes of what was annotated with another tool.

use std::path::Path;

use super::args::{self, Tool, Volume};
use super::{Outcome, Terminal, Trouble, make, patch, texts};
use crate::output::fresh;
use crate::output::rewrite::{self, Rewrite};
use postil_archive::diagnostic::Error;
use postil_archive::diagnostic::show::{self, Format, one_line};
use postil_intake::draft::Incoming;
use postil_intake::glossary as intake;
use postil_propose::propose::import::{self, Imported, Wish, glossary};
use postil_propose::propose::{File, Refused};

/// Writes the notes, and tells what could not become one.
pub(super) fn run(site: &Path, args: &args::Import, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let bytes = std::fs::read(&args.file).map_err(|error| Error::new("read", &args.file, error))?;
    let tool = match args.tool {
        Tool::Hypothesis => import::Tool::Hypothesis,
        Tool::W3c => import::Tool::W3c,
        Tool::Glossary => return of_glossary(site, args, bytes, terminal),
    };
    let foreign = import::read(tool, &bytes).map_err(|why| {
        Trouble::new(format!("could not read `{}`: {why}", args.file.display()))
            .help("`postil import --help` says what can be read")
    })?;
    let mut archive = texts::archive(site)?;
    let text = args.text.as_deref().map(|name| texts::find(&archive, site, name)).transpose()?;
    let wish = Wish { text: text.map(|text| text.id.to_string()), by: args.by.clone(), topics: args.topics };
    let Imported { mut files, changed, known, kept, left, unknown_tags, topics, drafts } =
        import::import(&mut archive, &foreign, &wish)?;
    let count = files.len();
    // A topic that no note has got is nobody's.
    let all = files.iter().map(|file| &file.text).chain(changed.values().map(|(_, new)| new));
    let named: String =
        all.map(|text| text.lines().find(|line| line.starts_with("topics")).unwrap_or_default()).collect();
    let is_named = |topic: &&File| {
        let slug =
            topic.path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")).unwrap_or_default();
        named.contains(&format!("\"{slug}\""))
    };
    let topics: Vec<_> = topics.iter().filter(is_named).cloned().collect();
    files.splice(0..0, topics.iter().cloned());
    if args.dry_run {
        for file in &files {
            terminal.answer(&format!("{}\n\n{}\n", file.path, file.text))?;
        }
        terminal.answer(&patch::of_files(&changed, terminal.look_of_answers()))?;
    } else {
        let bytes: Vec<(&str, &[u8])> = files.iter().map(|f| (f.path.as_str(), f.text.as_bytes())).collect();
        fresh::write(site, &bytes)?;
        let rewrites = changed.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite(site, &rewrites.collect::<Vec<_>>())?;
        for path in files.iter().map(|file| &file.path).chain(changed.keys()) {
            terminal.answer(&format!("{}\n", site.join(path).display()))?;
        }
    }
    if let Some(folder) = &args.drafts {
        write_drafts(folder, &drafts, args.dry_run, terminal)?;
    } else if !drafts.is_empty() && terminal.volume() > Volume::Quiet {
        terminal.tell(&format!(
            "{} nearly in a text: `--drafts DIR` writes them there with the words of the text, to look through\n",
            if drafts.len() == 1 { "1 stands".to_owned() } else { format!("{} stand", drafts.len()) }
        ));
    }
    for (label, path) in &known {
        let does = if changed.contains_key(path) { ", and is brought up to date" } else { "" };
        terminal.tell(&format!("{}: is `{}` already{does}\n", one_line(label), one_line(path)));
    }
    for (label, path) in &kept {
        let (label, path) = (one_line(label), one_line(path));
        terminal.tell(&format!(
            "{label}: says something else now, and `{path}` was changed by hand since: kept\n"
        ));
    }
    for (label, refused) in &left {
        terminal.tell(&format!("{}: not imported\n", one_line(label)));
        terminal.tell(&make::why(refused, terminal));
    }
    if !unknown_tags.is_empty() {
        let tags = unknown_tags.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        terminal.tell(&format!("tags that are no topic were left out: {}\n", one_line(&tags)));
        let first = unknown_tags.first().map_or("", String::as_str);
        terminal.tell(&format!(
            "  = help: `postil new topic \"{}\"` begins one; then import again, and the notes get it; `--topics` makes all of them\n",
            one_line(first)
        ));
    }
    if count == 0 && known.is_empty() && (drafts.is_empty() || args.drafts.is_none()) && !foreign.is_empty() {
        return Err(Trouble::new(format!("nothing in `{}` became a note", args.file.display()))
            .help("why stands above, for each of its annotations"));
    }
    if terminal.volume() > Volume::Quiet {
        let written = if args.dry_run { "would be written" } else { "written" };
        terminal.tell(&format!("{count} of {} {written}\n", foreign.len()));
        if !topics.is_empty() {
            terminal.tell(&format!("{} made of tags\n", patch::some(topics.len(), "topic")));
        }
        if !changed.is_empty() {
            let get = if args.dry_run { "would be brought up to date" } else { "brought up to date" };
            terminal.tell(&format!("{} {get}\n", patch::some(changed.len(), "note")));
        }
    }
    Ok(Outcome::Fine)
}

/// Writes the terms of a glossary.
fn of_glossary(
    site: &Path,
    args: &args::Import,
    bytes: Vec<u8>,
    terminal: &Terminal,
) -> Result<Outcome, Trouble> {
    let mut archive = texts::archive(site)?;
    let path = args.file.display().to_string();
    let incoming = Incoming { name: path.clone(), path, bytes };
    let language = args.lang.clone().unwrap_or_else(|| archive.config.language.clone());
    let read = intake::read(&incoming, args.encoding.as_deref(), &args.map, &language);
    let read = read.map_err(|problem| make::refused(Refused::Wrong(vec![*problem]), terminal))?;
    let name = args.file.file_name().and_then(|name| name.to_str()).unwrap_or("glossary").to_owned();
    let made =
        glossary::glossary(&mut archive, &read.entries, &glossary::Wish { file: name, used: args.used })?;
    if args.dry_run {
        for file in &made.files {
            terminal.answer(&format!("{}\n\n{}\n", file.path, file.text))?;
        }
        terminal.answer(&patch::of_files(&made.changed, terminal.look_of_answers()))?;
    } else {
        let bytes: Vec<(&str, &[u8])> =
            made.files.iter().map(|f| (f.path.as_str(), f.text.as_bytes())).collect();
        fresh::write(site, &bytes)?;
        let rewrites = made.changed.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite(site, &rewrites.collect::<Vec<_>>())?;
    }
    terminal.tell(&show::show(&read.problems, Format::Human, terminal.look_of_messages()));
    if terminal.volume() > Volume::Quiet {
        let mut text = String::new();
        let mut say = |line: String| text.push_str(&(one_line(&line) + "\n"));
        read.said.iter().for_each(|line| say(line.clone()));
        let listed = |names: &[String]| {
            let shown: Vec<&str> = names.iter().take(LISTED).map(String::as_str).collect();
            let more = if names.len() > LISTED {
                format!(" and {} more", names.len() - LISTED)
            } else {
                String::new()
            };
            format!("{}{more}", shown.join(", "))
        };
        for (names, what) in [
            (&read.other_language, "without a term or definition in this language (`--lang`)"),
            (&made.common, "common words, found by longer forms only (`allow_common = false`)"),
            (&made.unused, "in no text, left out"),
            (&made.nameless, "no file can be named after them"),
        ] {
            if !names.is_empty() {
                say(format!("{}: {what}: {}", names.len(), listed(names)));
            }
        }
        let taken: Vec<String> = made.taken.iter().map(|(form, slug)| format!("{form} ({slug})")).collect();
        if !taken.is_empty() {
            say(format!(
                "{} forms that another term has already were left out: {}",
                taken.len(),
                listed(&taken)
            ));
        }
        let kept: Vec<String> = made.kept.iter().map(|(term, path)| format!("{term} ({path})")).collect();
        if !kept.is_empty() {
            say(format!("{} there already by hand, kept: {}", kept.len(), listed(&kept)));
        }
        let written = if args.dry_run { "would be written" } else { "written" };
        say(format!(
            "{} of {} {written}, {} brought up to date, {} there already",
            made.files.len(),
            patch::some(read.entries.len(), "entry").replace("entrys", "entries"),
            made.changed.len(),
            made.known
        ));
        terminal.tell(&text);
    }
    Ok(if read.problems.is_empty() { Outcome::Fine } else { Outcome::ArchiveHasErrors })
}

/// Names that are listed of many.
const LISTED: usize = 12;

/// Writes drafts into a folder of their own, as they would lie in the archive.
fn write_drafts(folder: &Path, drafts: &[File], dry_run: bool, terminal: &Terminal) -> Result<(), Trouble> {
    let bytes: Vec<(&str, &[u8])> = drafts.iter().map(|f| (f.path.as_str(), f.text.as_bytes())).collect();
    if !dry_run {
        fresh::write(folder, &bytes)?;
    }
    if terminal.volume() > Volume::Quiet && !drafts.is_empty() {
        let shown = folder.display();
        let written = if dry_run { "would be written" } else { "written" };
        terminal.tell(&format!(
            "{} {written} to `{shown}`: look through them, and copy those that are right into the archive\n",
            patch::some(drafts.len(), "draft")
        ));
    }
    Ok(())
}
