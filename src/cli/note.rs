//! `postil note TEXT WORDS`: the file of a note that stands on exactly these words.

use std::path::Path;

use super::args::{Note, Volume};
use super::{Outcome, Terminal, Trouble, git, make, texts};
use postil_archive::archive::{Archive, SidecarKind, name};
use postil_archive::diagnostic::show::one_line;
use postil_propose::propose::Refused;
use postil_propose::propose::note::{self, Wish};
use postil_propose::propose::prove;

/// Begins a note.
pub(super) fn run(site: &Path, args: &Note, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let editor = make::editor(&args.making)?;
    let mut archive = texts::archive(site)?;
    let loaded = prove::load(&archive, texts::find(&archive, site, &args.text)?)?;
    let text = loaded.map_err(|refused| make::refused(refused, terminal))?;
    let mut wish = Wish {
        words: args.words.clone(),
        nth: args.nth.map(usize::from),
        by: authors(site, &archive, &args.by, terminal)?,
        title: args.title.clone(),
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

/// Who writes: as said, or the name that git signs with, if it is a name.
fn authors(
    site: &Path,
    archive: &Archive,
    by: &[String],
    terminal: &Terminal,
) -> Result<Vec<String>, Trouble> {
    if !by.is_empty() {
        return Ok(by.to_vec());
    }
    let help = "add `--by \"Your Name\"`, or the slug of a contributor";
    let name = git::user_name(site)
        .ok_or_else(|| Trouble::new("who writes the note? nothing was written").help(help))?;
    let is_known = archive
        .sidecars
        .iter()
        .any(|sidecar| matches!(&sidecar.kind, SidecarKind::Contributor(slug) if *slug == name));
    if name::is_slug(&name) && !is_known {
        let message = format!(
            "git's `user.name` is `{name}`, which is no contributor of this archive: nothing was written"
        );
        return Err(Trouble::new(message).help(help));
    }
    if terminal.volume() > Volume::Quiet {
        terminal.tell(&format!("by {}, as git's `user.name` says; `--by` names another\n", one_line(&name)));
    }
    Ok(vec![name])
}
