//! `postil init DIR`: a new archive, ready to build.

use std::path::Path;

use super::args::Volume;
use super::{Outcome, Terminal, Trouble};
use crate::output::fresh;
use postil_propose::propose::starter;

/// Writes the files of a new archive; none if one of them is there already.
pub(super) fn run(folder: &Path, terminal: &Terminal) -> Result<Outcome, Trouble> {
    if folder.join("postil.toml").exists() {
        return Err(Trouble::new(format!("`{}` is an archive already", folder.display()))
            .help("choose another folder; nothing was written"));
    }
    let files = starter::files();
    let files: Vec<(&str, &[u8])> = files.iter().map(|f| (f.path.as_str(), f.text.as_bytes())).collect();
    fresh::write(folder, &files)?;
    if terminal.volume() > Volume::Quiet {
        let folder = folder.display();
        terminal
            .tell(&format!("`{folder}` holds a small archive; `{folder}/README.md` says what to do next\n"));
        terminal.tell(&format!("make its site: postil build --site \"{folder}\"\n"));
    }
    Ok(Outcome::Fine)
}
