//! `postil init DIR`: a new archive, ready to build.

use std::path::Path;

use super::args::Volume;
use super::{Outcome, Terminal, Trouble};
use crate::output::{Refusal, fresh};
use postil_propose::propose::starter;

/// Writes the files of a new archive; none if one of them is there already.
pub(super) fn run(folder: &Path, terminal: &Terminal) -> Result<Outcome, Trouble> {
    if folder.join("postil.toml").exists() {
        return Err(Trouble::new(format!("`{}` is an archive already", folder.display()))
            .help("choose another folder; nothing was written"));
    }
    let files = starter::files();
    let files: Vec<(&str, &[u8])> = files.iter().map(|f| (f.path.as_str(), f.text.as_bytes())).collect();
    fresh::write(folder, &files).map_err(|refusal| match refusal {
        Refusal::Taken(_) => Trouble::new(refusal.to_string())
            .help("begin it in a folder of its own, `postil init DIR`; nothing was written"),
        refusal => refusal.into(),
    })?;
    if terminal.volume() > Volume::Quiet {
        let here = folder == Path::new(".");
        let site = if here { String::new() } else { format!(" --site \"{}\"", folder.display()) };
        let readme = folder.join("README.md");
        let readme = readme.strip_prefix(".").unwrap_or(&readme).display();
        terminal.tell(&format!(
            "`{}` holds a small archive; `{readme}` says what to do next\n",
            folder.display()
        ));
        terminal.tell(&format!("make its site: postil build{site}\n"));
    }
    Ok(Outcome::Fine)
}
