//! `postil add PATH…`: other people's files become texts of the archive.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use walkdir::WalkDir;

use super::args::{Add, As, Volume};
use super::{Outcome, Terminal, Trouble, blocks, make, patch, records, texts};
use crate::output::fresh;
use crate::output::rewrite::{self, Rewrite};
use postil_anchor::document::record::Layout;
use postil_archive::archive::{Limits, is_ignored, name};
use postil_archive::diagnostic::show::one_line;
use postil_archive::diagnostic::{Code, Diagnostic, Error};
use postil_intake::bring::{self, Brought, Expression};
use postil_intake::decode;
use postil_intake::draft::Incoming;
use postil_intake::kind::{self, Kind};
use postil_intake::plan::{self, Line, Plan};
use postil_intake::records::Target;
use postil_intake::zipped;
use postil_propose::propose::{Refused, structure};

/// Most bytes of all files together.
const MOST_BYTES: u64 = 2 << 30;
/// Of more new texts than this it is not said what rows they seem to ask for.
const MOST_PROPOSED: usize = 12;
/// Widest cell of the table, in characters.
const WIDEST: usize = 40;

/// Brings files in.
pub(super) fn run(site: &Path, args: &Add, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let archive = texts::archive(site)?;
    let to = args.to.as_deref().map(folder).transpose()?;
    let read = read(args, &archive.config.limits)?;
    let mut wish = wish(args, &read, &archive.config.limits)?;
    let brought = loop {
        let brought = bring::bring(&read.files, &read.named, &wish);
        match brought.map_err(|problems| ask_encoding(problems, &read.files, &mut wish, terminal)) {
            Ok(brought) => break brought,
            Err(None) => {}
            Err(Some(trouble)) => return Err(trouble),
        }
    };
    let Brought { mut drafts, left, mut said, collections, files: carried, .. } = brought;
    let filled = match &args.records {
        None => None,
        Some(path) => {
            let table = records::table(path, args.encoding.as_deref(), terminal)?;
            let mut targets: Vec<Target<'_>> = drafts
                .iter_mut()
                .map(|draft| Target {
                    names: vec![draft.called.clone(), draft.name.clone()],
                    record: &mut draft.record,
                })
                .collect();
            targets.iter_mut().for_each(|target| target.names.retain(|name| !name.is_empty()));
            Some(records::fill(&table, &mut targets, &args.mapping, terminal)?)
        }
    };
    if let Some(filled) = &filled {
        said.extend(filled.said.iter().cloned());
    }
    let plan_wish = plan::Wish { to, collections, files: carried };
    let plan = plan::plan(&archive, &read.files, drafts, &plan_wish)?;
    let plan = plan.map_err(|problems| make::refused(Refused::Wrong(problems), terminal))?;
    tell(&plan, &left, said, args, terminal)?;
    let wrong = filled.is_some_and(|filled| records::tell(&filled, terminal));
    if !args.dry_run {
        let files: Vec<(&str, &[u8])> = plan.files.iter().map(|(path, bytes)| (&**path, &**bytes)).collect();
        fresh::write(site, &files)?;
        let rewrites = plan.rewrites.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite(site, &rewrites.collect::<Vec<_>>())?;
        propose(site, &plan, terminal)?;
    }
    if plan.texts.is_empty() && plan.known.is_empty() && plan.changed.is_empty() && plan.files.is_empty() {
        return Err(Trouble::new("there is no text in what was named: nothing was written")
            .help("`postil add --help` says what can be read; `--as` says what a file is"));
    }
    Ok(if plan.changed.is_empty() && !wrong { Outcome::Fine } else { Outcome::ArchiveHasErrors })
}

/// The folder that texts go to, as an id has it.
fn folder(to: &str) -> Result<String, Trouble> {
    let to = to.replace('\\', "/");
    let to = to.trim_start_matches("./").trim_matches('/');
    let to = to.strip_prefix("content/").unwrap_or(to);
    if name::is_id(to) {
        return Ok(to.to_owned());
    }
    Err(Trouble::new(format!("`{to}` cannot be a folder of texts: nothing was written"))
        .help(format!("write it with `a` to `z`, `0` to `9` and `-`, such as `--to {}`", name::proposed(to))))
}

/// Files with whether each was named by itself.
#[derive(Default)]
struct Read {
    files: Vec<Incoming>,
    named: Vec<bool>,
    /// What the first path is called.
    first: String,
}

/// Reads files, folders and zips.
fn read(args: &Add, limits: &Limits) -> Result<Read, Trouble> {
    let mut read = Read::default();
    let mut bytes = 0;
    let table = args.records.as_ref().and_then(|path| path.canonicalize().ok());
    for path in &args.paths {
        let data = path.metadata().map_err(|error| Error::new("read", path, error))?;
        let called = path.canonicalize().ok().and_then(|full| full.file_name().map(ToOwned::to_owned));
        let called = called.unwrap_or_default().into_string();
        let called = called.map_err(|_| nameless(path))?;
        if read.first.is_empty() {
            read.first.clone_from(&called);
        }
        let files = if data.is_dir() { below(path)? } else { vec![(path.clone(), called)] };
        for (file, name) in files {
            if table.is_some() && file.canonicalize().ok() == table {
                continue;
            }
            let shown = file.display().to_string();
            let size = file.metadata().map_err(|error| Error::new("read", &file, error))?.len();
            bytes += size;
            if bytes > MOST_BYTES {
                return Err(Trouble::new("the files are more than 2 GB together: nothing was written")
                    .help("add them in several steps"));
            }
            if size > limits.text {
                return Err(Trouble::new(format!(
                    "`{shown}` is larger than {} bytes: nothing was written",
                    limits.text
                ))
                .help("raise `text` under `[limits]` in `postil.toml`"));
            }
            let content = std::fs::read(&file).map_err(|error| Error::new("read", &file, error))?;
            if kind::ending(&name) == "zip" {
                let members = zipped::members(&shown, &content, limits.text);
                let members = members.map_err(|problem| {
                    Trouble::new(format!("`{shown}`: {}: nothing was written", problem.message))
                        .help(problem.help.join("; "))
                })?;
                // A zip that was named by itself is a folder; one in a folder is one more below it.
                let prefix =
                    if data.is_dir() { format!("{}/", &name[..name.len() - 4]) } else { String::new() };
                read.named.extend(members.iter().map(|_| false));
                read.files.extend(
                    members
                        .into_iter()
                        .map(|member| Incoming { name: format!("{prefix}{}", member.name), ..member }),
                );
            } else {
                read.named.push(!data.is_dir());
                read.files.push(Incoming { path: shown, name, bytes: content });
            }
        }
    }
    Ok(read)
}

/// The files of a folder with their names from there, in the order of their names.
fn below(folder: &Path) -> Result<Vec<(std::path::PathBuf, String)>, Trouble> {
    let is_wanted =
        |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_str().is_some_and(is_ignored);
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_wanted) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            Trouble::from(Error::new("read", path, error.into()))
        })?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path().to_owned();
        let name = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Option<Vec<&str>> = name.iter().map(|part| part.to_str()).collect();
        let Some(parts) = parts else {
            return Err(nameless(&path));
        };
        let name = parts.join("/");
        files.push((path, name));
    }
    Ok(files)
}

/// A file whose name says nothing that could become an id: told, not passed over.
fn nameless(path: &Path) -> Trouble {
    Trouble::new(format!("the name of `{}` is not UTF-8", path.display()))
        .help("rename it; nothing was written")
}

/// How the files are to be read.
fn wish(args: &Add, read: &Read, limits: &Limits) -> Result<bring::Wish, Trouble> {
    let (kind, layout) = match args.kind {
        None => (None, None),
        Some(As::Lines) => (None, Some(Layout::Lines)),
        Some(As::Wrapped) => (None, Some(Layout::Wrapped)),
        Some(As::Verse) => (None, Some(Layout::Verse)),
        Some(As::Text) => (Some(Kind::Plain), None),
        Some(As::Markdown) => (Some(Kind::Markdown), None),
        Some(As::Gutenberg) => (Some(Kind::Gutenberg), None),
        Some(As::Html) => (Some(Kind::Html), None),
        Some(As::Epub) => (Some(Kind::Epub), None),
        Some(As::Tei) => (Some(Kind::Tei), None),
        Some(As::AkomaNtoso) => (Some(Kind::AkomaNtoso), None),
        Some(As::Parlparse) => (Some(Kind::Parlparse), None),
        Some(As::Turns) => (Some(Kind::Turns), None),
        Some(As::Texts) => (Some(Kind::Texts), None),
        Some(As::Office) => (Some(Kind::Office), None),
    };
    let split = args.split.as_deref().map(Expression::new).transpose();
    let split = split.map_err(|why| {
        Trouble::new(format!("`--split` is no expression that can be used: {why}"))
            .help("it is one of the `regex` crate, without look-around: `'\\ALETTER (?<number>\\d+)'`")
    })?;
    if let Some(label) = &args.encoding
        && decode::of_label(label).is_none()
    {
        return Err(Trouble::new(format!("unknown encoding `{label}`"))
            .help("use a label of the WHATWG encoding standard, such as `windows-1252`, `iso-8859-15` or `utf-16le`"));
    }
    let mut converted = BTreeMap::new();
    for (source, file) in read.files.iter().enumerate() {
        if kind.or_else(|| kind::of(&file.name, &file.bytes)) == Some(Kind::Office) {
            converted.insert(source, pandoc(file)?);
        }
    }
    Ok(bring::Wish {
        kind,
        layout,
        encoding: args.encoding.clone(),
        has_folder: args.to.is_some() && read.files.len() == 1,
        split,
        join: args.join.then(|| read.first.clone()),
        map: args.mapping.map.clone(),
        converted,
        limit: limits.text,
    })
}

/// What pandoc makes of a file of a word processor.
fn pandoc(file: &Incoming) -> Result<Vec<u8>, Trouble> {
    let ending = kind::ending(&file.name);
    let from = match ending.as_str() {
        "docx" | "odt" | "rtf" => ending,
        _ => {
            return Err(Trouble::new(format!("`{}` is no DOCX, ODT or RTF: nothing was written", file.path))
                .help("save it as one of these, or as plain text"));
        }
    };
    let failed = |why: String| {
        Trouble::new(format!("pandoc could not read `{}`: {why}: nothing was written", file.path))
    };
    let mut command = Command::new("pandoc");
    // It may read and fetch nothing but the file.
    command.args(["--sandbox", "--from", &from, "--to", "html", "--wrap", "none"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        Trouble::new(format!(
            "`{}` is read by pandoc, which could not be run: {error}: nothing was written",
            file.path
        ))
        .help("get it from https://pandoc.org/installing.html, or save the file as plain text or HTML")
    })?;
    let mut input = child.stdin.take().expect("it is piped");
    let bytes = file.bytes.clone();
    // Written beside, since pandoc may write before it has read all.
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    // That it did not read to its end is told by how it ended.
    let _ = writer.join();
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}

/// Lets a person name the encoding of files that are not UTF-8, if a person is there; else what is wrong.
fn ask_encoding(
    problems: Vec<Diagnostic>,
    files: &[Incoming],
    wish: &mut bring::Wish,
    terminal: &Terminal,
) -> Option<Trouble> {
    let is_asked =
        wish.encoding.is_none() && problems.iter().all(|problem| problem.code == Code::ENCODING_UNKNOWN);
    let first =
        problems.first().and_then(|problem| files.iter().find(|file| *file.path == *problem.place.path));
    let Some(first) = first.filter(|_| is_asked && terminal.can_ask()) else {
        return Some(make::refused(Refused::Wrong(problems), terminal));
    };
    let looks = decode::looks_like(&first.bytes).name().to_ascii_lowercase();
    let others = if problems.len() > 1 { format!(" and {} more", problems.len() - 1) } else { String::new() };
    let mut question =
        format!("`{}`{others}: not UTF-8. Which encoding is it? ({looks}) ", one_line(&first.path));
    loop {
        let answer = terminal.ask(&question)?;
        let label = if answer.is_empty() { looks.clone() } else { answer };
        if decode::of_label(&label).is_some() {
            wish.encoding = Some(label);
            return None;
        }
        question = format!("`{}` is no encoding; such as `windows-1252`: ", one_line(&label));
    }
}

/// Prints what became of the files, and what to look at.
fn tell(
    plan: &Plan,
    left: &[String],
    said: Vec<String>,
    args: &Add,
    terminal: &Terminal,
) -> Result<(), Trouble> {
    if !plan.texts.is_empty() {
        terminal.answer(&table(&plan.texts))?;
    }
    if !plan.rewrites.is_empty() {
        terminal.answer(&patch::of_files(&plan.rewrites, terminal.look_of_answers()))?;
    }
    if terminal.volume() == Volume::Quiet {
        return Ok(());
    }
    let mut text = String::new();
    for line in said.iter().chain(&plan.said) {
        writeln!(text, "{}", one_line(line)).expect("a string takes everything");
    }
    for (id, path) in &plan.changed {
        writeln!(
            text,
            "`{}` is not what `{id}` was made from any more: nothing was changed; put it in the place of the text, and run `postil adopt {id}`",
            one_line(path)
        )
        .expect("a string takes everything");
    }
    if !left.is_empty() {
        let endings = bring::by_ending(left);
        let endings: Vec<String> = endings
            .iter()
            .map(|(ending, count)| match ending.as_str() {
                "" => format!("{count} without an ending"),
                ending => format!("{count} `.{}`", one_line(ending)),
            })
            .collect();
        writeln!(text, "left where they are, since no kind of text is known in them: {}", endings.join(", "))
            .expect("a string takes everything");
    }
    if !plan.known.is_empty() {
        writeln!(text, "{} there already, as they are", patch::some(plan.known.len(), "text"))
            .expect("a string takes everything");
    }
    let does = if args.dry_run { "would be added; nothing was written" } else { "added" };
    writeln!(text, "{} {does}", patch::some(plan.texts.len(), "text")).expect("a string takes everything");
    if !args.dry_run && !plan.texts.is_empty() {
        text.push_str("look at the records, then run `postil check`\n");
    }
    terminal.tell(&text);
    Ok(())
}

/// Says of which new texts `postil structure` has rows to propose. Of many that would take its time, and they are known
/// to be alike more often than not.
fn propose(site: &Path, plan: &Plan, terminal: &Terminal) -> Result<(), Trouble> {
    if terminal.volume() == Volume::Quiet || plan.texts.len() > MOST_PROPOSED {
        return Ok(());
    }
    let archive = texts::archive(site)?;
    let mut text = String::new();
    for line in plan.texts.iter().filter(|line| !line.is_derived) {
        let file = archive.texts.iter().find(|file| *file.id == *line.id);
        // What is wrong with it is for `check` to say.
        let document = file.map(|file| blocks::load(&archive, file, &mut Vec::new())).transpose()?.flatten();
        let Some(document) = document else { continue };
        let rows = structure::propose(&document);
        let mut of: Vec<&str> = rows.iter().map(|row| row.what).collect();
        of.dedup();
        if !rows.is_empty() {
            let (count, of) = (patch::some(rows.len(), "row"), of.join(", "));
            writeln!(text, "`postil structure {}` proposes {count}: {of}", line.id)
                .expect("a string takes everything");
        }
    }
    terminal.tell(&text);
    Ok(())
}

/// The new texts, a line each.
fn table(lines: &[Line]) -> String {
    let head = ["id", "title", "date", "blocks", "layout", "look at"].map(str::to_owned);
    let row = |line: &Line| {
        let Line { id, title, date, layout, blocks, doubts, .. } = line;
        let blocks = blocks.to_string();
        [id, title, date, &blocks, layout, doubts].map(|cell| one_line(cell))
    };
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(lines.iter().map(row)).collect();
    let shown = |column: usize, cell: &str| match column {
        1 | 2 if cell.chars().count() > WIDEST => cell.chars().take(WIDEST - 1).chain(['…']).collect(),
        _ => cell.to_owned(),
    };
    let width =
        |column: usize| rows.iter().map(|row| shown(column, &row[column]).chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = (0..6)
            .map(|column| {
                let cell = shown(column, &row[column]);
                let rest = " ".repeat(widths[column] - cell.chars().count());
                if column == 3 { rest + &cell } else { cell + &rest }
            })
            .collect();
        writeln!(text, "{}", cells.join("  ").trim_end()).expect("a string takes everything");
    }
    text
}
