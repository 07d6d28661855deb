//! `postil note TEXT WORDS`: the file of a note that stands on exactly these words.

use std::path::Path;

use super::args::Note;
use super::{Outcome, Terminal, Trouble, git, make, texts};
use postil_propose::propose::Refused;
use postil_propose::propose::note::{self, Wish};
use postil_propose::propose::prove;

/// Begins a note.
pub(super) fn run(site: &Path, args: &Note, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let editor = make::editor(&args.making)?;
    let mut archive = texts::archive(site)?;
    let loaded = prove::load(&archive, texts::find(&archive, &args.text)?)?;
    let text = loaded.map_err(|refused| make::refused(refused, terminal))?;
    let mut wish = Wish {
        words: args.words.clone(),
        nth: args.nth.map(usize::from),
        by: authors(site, &args.by)?,
        kind: args.kind.clone(),
        topics: args.topics.clone(),
        slug: args.making.slug.clone(),
        body: args.body.clone(),
    };
    let mut made = note::note(&mut archive, &text, &wish);
    if let Err(Refused::Several(spots)) = &made
        && let Some(nth) = make::ask(spots, terminal)?
    {
        wish.nth = Some(nth);
        made = note::note(&mut archive, &text, &wish);
    }
    let file = made.map_err(|refused| make::refused(refused, terminal))?;
    make::make(site, &archive, &file, &[text], args.making.dry_run, editor, terminal)
}

/// Who writes: as said, or the name that git signs with.
fn authors(site: &Path, by: &[String]) -> Result<Vec<String>, Trouble> {
    if !by.is_empty() {
        return Ok(by.to_vec());
    }
    let unknown = || {
        Trouble::new("who writes the note? nothing was written")
            .help("add `--by \"Your Name\"`, or the slug of a contributor")
    };
    git::user_name(site).map(|name| vec![name]).ok_or_else(unknown)
}
