//! `postil import TOOL FILE`: notes of what was annotated with another tool.

use std::path::Path;

use super::args::{self, Tool, Volume};
use super::{Outcome, Terminal, Trouble, make, patch, texts};
use crate::output::fresh;
use crate::output::rewrite::{self, Rewrite};
use postil_archive::diagnostic::Error;
use postil_archive::diagnostic::show::one_line;
use postil_propose::propose::import::{self, Imported, Wish};

/// Writes the notes, and tells what could not become one.
pub(super) fn run(site: &Path, args: &args::Import, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let bytes = std::fs::read(&args.file).map_err(|error| Error::new("read", &args.file, error))?;
    let tool = match args.tool {
        Tool::Hypothesis => import::Tool::Hypothesis,
        Tool::W3c => import::Tool::W3c,
    };
    let foreign = import::read(tool, &bytes).map_err(|why| {
        Trouble::new(format!("could not read `{}`: {why}", args.file.display()))
            .help("`postil import --help` says what can be read")
    })?;
    let mut archive = texts::archive(site)?;
    let text = args.text.as_deref().map(|name| texts::find(&archive, site, name)).transpose()?;
    let wish = Wish { text: text.map(|text| text.id.to_string()), by: args.by.clone() };
    let Imported { files, changed, known, left, unknown_tags } =
        import::import(&mut archive, &foreign, &wish)?;
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
    for (label, path) in &known {
        let does = if changed.contains_key(path) { ", and gets topics" } else { "" };
        terminal.tell(&format!("{}: is `{}` already{does}\n", one_line(label), one_line(path)));
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
            "  = help: `postil new topic \"{}\"` begins one; then import again, and the notes get it\n",
            one_line(first)
        ));
    }
    if files.is_empty() && known.is_empty() && !foreign.is_empty() {
        return Err(Trouble::new(format!("nothing in `{}` became a note", args.file.display()))
            .help("why stands above, for each of its annotations"));
    }
    if terminal.volume() > Volume::Quiet {
        let written = if args.dry_run { "would be written" } else { "written" };
        terminal.tell(&format!("{} of {} {written}\n", files.len(), foreign.len()));
        if !changed.is_empty() {
            let get = if args.dry_run { "would get topics" } else { "got topics" };
            terminal.tell(&format!("{} {get}\n", patch::some(changed.len(), "note")));
        }
    }
    Ok(Outcome::Fine)
}
