//! `postil new KIND NAME`: the file of a term, topic, link or contributor.

use std::path::Path;

use super::args::{Making, New};
use super::{Outcome, Terminal, Trouble, make, texts};
use postil_archive::archive::Archive;
use postil_archive::diagnostic::show::one_line;
use postil_propose::propose::entry::{self, Kind, Quoted, Wish};
use postil_propose::propose::prove::{self, Text};

/// Begins a file.
pub(super) fn run(site: &Path, args: &New, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let mut archive = texts::archive(site)?;
    let mut quoted = Vec::new();
    let mut load = |pairs: &[String]| load(&archive, site, pairs, &mut quoted, terminal);
    let (name, kind, making) = match args {
        New::Term { name, kind, forms, definition, making } => {
            let (kind, forms, definition) = (kind.clone(), forms.clone(), definition.clone());
            (name, Kind::Term { kind, forms, definition }, making)
        }
        New::Topic { name, scope, passages, making } => {
            (name, Kind::Topic { scope: scope.clone(), passages: load(passages)? }, making)
        }
        New::Link { name, relation, ends, by, making } => {
            (name, Kind::Link { relation: relation.clone(), ends: load(ends)?, by: by.clone() }, making)
        }
        New::Contributor { name, affiliation, role, url, making } => {
            let (affiliation, role, url) = (affiliation.clone(), role.clone(), url.clone());
            (name, Kind::Contributor { affiliation, role, url }, making)
        }
    };
    let Making { slug, dry_run, .. } = making;
    let editor = make::editor(making)?;
    let mut wish = Wish { name: name.clone(), slug: slug.clone(), kind };
    choose(&archive, &quoted, &mut wish, terminal)?;
    let file = entry::entry(&mut archive, &quoted, &wish);
    let file = file.map_err(|refused| make::refused(refused, terminal))?;
    make::make(site, &archive, &file, &quoted, *dry_run, editor, terminal)
}

/// Lets a person choose where words are meant that stand in several places, if a person is there.
fn choose(archive: &Archive, texts: &[Text], wish: &mut Wish, terminal: &Terminal) -> Result<(), Trouble> {
    if !terminal.can_ask() {
        return Ok(());
    }
    for quoted in wish.kind.quoted() {
        let spots = entry::several(archive, texts, quoted);
        if !spots.is_empty() {
            let text = &texts[quoted.text].doc.id;
            terminal.tell(&format!(
                "`{}` stands in {} places of `{text}`:\n",
                one_line(&quoted.words),
                spots.len()
            ));
            quoted.nth = make::ask(&spots, terminal)?;
        }
    }
    Ok(())
}

/// Loads the texts of pairs of a text and words, each once.
fn load(
    archive: &Archive,
    site: &Path,
    pairs: &[String],
    texts: &mut Vec<Text>,
    terminal: &Terminal,
) -> Result<Vec<Quoted>, Trouble> {
    let mut quoted = Vec::with_capacity(pairs.len() / 2);
    for pair in pairs.chunks_exact(2) {
        let file = texts::find(archive, site, &pair[0])?;
        let known = texts.iter().position(|text| text.doc.id == file.id);
        let text = match known {
            Some(known) => known,
            None => {
                let text = prove::load(archive, file)?;
                texts.push(text.map_err(|refused| make::refused(refused, terminal))?);
                texts.len() - 1
            }
        };
        quoted.push(Quoted { text, words: pair[1].clone(), nth: None });
    }
    Ok(quoted)
}
