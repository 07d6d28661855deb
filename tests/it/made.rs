//! Sites made in memory.

use std::collections::BTreeMap;

use postil::compile::{self, Options, Summary};
use postil::output::Sink;
use postil::output::memory::Memory;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::show::{Format, Look, show};
use postil_archive::diagnostic::{self, Diagnostic};

/// The configuration of an archive that needs none of its own.
pub(crate) const CONFIG: &str = "title = \"A case\"\n";

/// Path from the archive's root to bytes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// How problems are shown here.
pub(crate) const LOOK: Look = Look { colour: false, width: 100 };

/// What postil made of an archive.
pub(crate) struct Made {
    pub(crate) problems: Vec<Diagnostic>,
    pub(crate) summary: Summary,
    pub(crate) files: Files,
}

/// Files of an archive, with a configuration if it has none.
pub(crate) fn archive<P: AsRef<str>, T: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, T)>) -> Files {
    let mut files: Files =
        files.into_iter().map(|(path, text)| (path.as_ref().to_owned(), text.as_ref().to_vec())).collect();
    files.entry("postil.toml".to_owned()).or_insert_with(|| CONFIG.into());
    files
}

/// Compiles an archive, whatever is wrong with it.
pub(crate) fn make(files: Files, options: &Options) -> Made {
    let mut problems = Vec::new();
    let archive = Archive::from_memory(files, postil::theme::default_theme()).take(&mut problems);
    let memory = Memory::default();
    let compiled = compile::compile(&archive, &|path, bytes| memory.put(path, bytes), options);
    let compiled = compiled.expect("memory is not in the way");
    problems.extend(compiled.problems);
    diagnostic::sort(&mut problems);
    Made { problems, summary: compiled.summary, files: memory.into_files() }
}

impl Made {
    /// The text of a file of the site.
    #[track_caller]
    pub(crate) fn page(&self, address: &str) -> &str {
        let bytes = self.files.get(address).unwrap_or_else(|| panic!("no `{address}`:\n{}", self.said()));
        std::str::from_utf8(bytes).unwrap()
    }

    /// All pages: address and HTML.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        let pages = self.files.iter().filter(|(address, _)| address.ends_with(".html"));
        pages.map(|(address, bytes)| (address.as_str(), std::str::from_utf8(bytes).unwrap()))
    }

    /// The problems, one a line.
    pub(crate) fn said(&self) -> String {
        short(&self.problems)
    }

    /// The problems that only postil or a theme can cause, one a line.
    pub(crate) fn bugs(&self) -> String {
        let bugs = ["text-lost", "words-not-shown", "forbidden-element", "duplicate-id", "template"];
        let bugs = self.problems.iter().filter(|problem| bugs.contains(&problem.code.name()));
        short(&bugs.cloned().collect::<Vec<_>>())
    }
}

/// Problems, one a line.
pub(crate) fn short(problems: &[Diagnostic]) -> String {
    show(problems, Format::Short, LOOK)
}
