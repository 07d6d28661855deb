//! `postil import TOOL FILE`: notes of what was annotated with another tool.

use std::path::Path;

use super::args::{self, Tool, Volume};
use super::{Outcome, Terminal, Trouble, make, texts};
use crate::output::fresh;
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
    let Imported { files, left, unknown_tags } = import::import(&mut archive, &foreign, &wish)?;
    if args.dry_run {
        for file in &files {
            terminal.answer(&format!("{}\n\n{}\n", file.path, file.text))?;
        }
    } else {
        let bytes: Vec<(&str, &[u8])> = files.iter().map(|f| (f.path.as_str(), f.text.as_bytes())).collect();
        fresh::write(site, &bytes)?;
        for file in &files {
            terminal.answer(&format!("{}\n", site.join(&file.path).display()))?;
        }
    }
    for (label, refused) in &left {
        terminal.tell(&format!("{}: not imported\n", one_line(label)));
        terminal.tell(&make::why(refused, terminal));
    }
    if !unknown_tags.is_empty() {
        let tags = unknown_tags.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        terminal.tell(&format!("tags that are no topic were left out: {}\n", one_line(&tags)));
        terminal.tell("  = help: `postil new topic \"TAG\"` begins one; then import again\n");
    }
    if files.is_empty() && !foreign.is_empty() {
        return Err(Trouble::new(format!("nothing in `{}` became a note", args.file.display()))
            .help("why stands above, for each of its annotations"));
    }
    if terminal.volume() > Volume::Quiet {
        let written = if args.dry_run { "would be written" } else { "written" };
        terminal.tell(&format!("{} of {} {written}\n", files.len(), foreign.len()));
    }
    Ok(Outcome::Fine)
}
