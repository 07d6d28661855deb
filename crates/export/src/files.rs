//! The files of an archive that come with each text, and those that are of all texts, as an XML file
//! carries them (see [`postil_intake::carried`]).

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fault::Fault;
use postil_anchor::document::Document;
use postil_anchor::document::record::Layout;
use postil_archive::archive::{Archive, CONFIG, Format, SidecarKind};
use postil_archive::diagnostic::Error;
use postil_archive::index::TextIx;
use postil_intake::carried::{self, Ends, is_xml};
use postil_intake::draft::Incoming;
use postil_intake::tree;
use postil_site::site::Site;

/// Which file belongs to which text.
pub struct Files<'a> {
    pub(crate) site: &'a Site<'a>,
    /// Notes and rows, by the text or folder.
    of: BTreeMap<&'a str, Vec<&'a str>>,
    /// What is of all texts.
    shared: Vec<&'a str>,
    /// Files that texts were made from, each with the first text that names it.
    originals: BTreeMap<&'a str, TextIx>,
}

/// A file to carry.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

impl<'a> Files<'a> {
    /// Sorts the files of an archive.
    pub fn new(site: &'a Site<'a>) -> Self {
        let archive = site.archive;
        let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut shared: Vec<&str> = archive.pages.iter().map(|page| &*page.source.path).collect();
        for sidecar in &archive.sidecars {
            let path = &*sidecar.source.path;
            match &sidecar.kind {
                SidecarKind::Note { text, .. }
                | SidecarKind::Apparatus { text }
                | SidecarKind::Derived { text } => of.entry(text).or_default().push(path),
                SidecarKind::Furniture
                | SidecarKind::Term(_)
                | SidecarKind::Topic(_)
                | SidecarKind::Link(_)
                | SidecarKind::Contributor(_) => shared.push(path),
            }
        }
        let mut originals = BTreeMap::new();
        for (text, plan) in site.texts.iter_enumerated() {
            for original in &plan.record.originals {
                originals.entry(&*original.path).or_insert(text);
            }
        }
        Self { site, of, shared, originals }
    }

    /// Every file of the archive, by its path, sorted.
    pub(crate) fn paths(&self) -> Vec<&'a str> {
        let archive = self.site.archive;
        let texts = archive.texts.iter();
        let of_texts =
            texts.flat_map(|text| [Some(&*text.path), text.record.as_ref().map(|file| &*file.path)]);
        let mut paths: BTreeSet<&str> = of_texts.flatten().chain([CONFIG]).collect();
        paths.extend(self.of.values().flatten().chain(&self.shared).copied());
        paths.extend(self.originals.keys());
        paths.extend(archive.collections.iter().map(|collection| &*collection.source.path));
        paths.extend(archive.statics.iter().map(|file| &*file.path));
        paths.into_iter().collect()
    }

    /// What is of all texts.
    pub(crate) fn of_all(&self) -> Result<Vec<File>, Error> {
        let collections = self.site.archive.collections.iter().map(|collection| &*collection.source.path);
        read(self.site.archive, self.shared.iter().copied().chain(collections))
    }

    /// What comes with a text: its record and its notes, what its folders say, what it was made from.
    pub(crate) fn of_text(&self, text: TextIx) -> Result<Vec<File>, Error> {
        let file = &self.site.archive.texts[text];
        let mut paths: Vec<&str> = file.record.iter().map(|record| &*record.path).collect();
        paths.extend(file.folders.iter().map(|folder| &*folder.path));
        let id = &*file.id;
        let folders = std::iter::once("").chain(id.match_indices('/').map(|(end, _)| &id[..end]));
        for of in folders.chain([id]) {
            paths.extend(self.of.get(of).into_iter().flatten());
        }
        let originals = &self.site.texts[text].record.originals;
        paths.extend(
            originals.iter().map(|original| &*original.path).filter(|path| self.originals[path] == text),
        );
        read(self.site.archive, paths.into_iter())
    }
}

fn read<'p>(archive: &Archive, paths: impl Iterator<Item = &'p str>) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for path in paths {
        // One that is gone, or too large, is told where the archive is read.
        if let Some(bytes) = archive.file(path)?.value {
            files.push(File { path: path.to_owned(), bytes });
        }
    }
    Ok(files)
}

impl File {
    /// How the file is written: the type, and the characters as they stand in an element.
    pub(crate) fn written(&self) -> (&'static str, String) {
        let mut out = String::with_capacity(self.bytes.len() + 64);
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => {
                for c in text.chars() {
                    match is_xml(c) {
                        true => crate::xml::character(&mut out, c),
                        false => {
                            let raw = carried::quoted(c.encode_utf8(&mut [0; 4]));
                            out.push_str(&format!("<?{} {raw}?>", carried::RAW));
                        }
                    }
                }
                (carried::FILE, out)
            }
            Err(_) => (carried::BASE64, STANDARD.encode(&self.bytes)),
        }
    }
}

/// What the head of a file says of the text that it carries, and the text itself where no characters give its bytes.
pub(crate) struct Claim {
    /// The instruction.
    pub(crate) says: String,
    /// The bytes of the raw text.
    bytes: Vec<u8>,
    /// The text as a file.
    pub(crate) whole: Option<File>,
}

impl Claim {
    pub(crate) fn new(site: &Site<'_>, text: TextIx, doc: &Document, ends: Ends) -> Result<Self, Fault> {
        let file = &site.archive.texts[text];
        let plan = &site.texts[text];
        let record = &plan.record;
        let bytes = site.archive.load(file)?.value.ok_or_else(|| Fault::Lost(file.id.to_string()))?;
        let encoding = record.encoding.as_deref();
        let is_so = |mark| carried::bytes(&doc.source.text, encoding, mark).as_ref() == Some(&bytes);
        let (plain, marked) = (is_so(false), is_so(true));
        let whole = (!plain && !marked).then(|| File { path: file.path.to_string(), bytes: bytes.clone() });
        let layout = match (file.format, record.layout.unwrap_or_default()) {
            (Format::Markdown, _) => "",
            (Format::Plain, Layout::Lines) => "lines",
            (Format::Plain, Layout::Wrapped) => "wrapped",
            (Format::Plain, Layout::Verse) => "verse",
        };
        let date = record.date.map(|date| date.to_string()).unwrap_or_default();
        let sum = postil_anchor::document::checksum(&bytes);
        let attributes = [
            ("path", &*file.path),
            ("sha256", &sum),
            ("encoding", encoding.unwrap_or_default()),
            ("mark", if marked && !plain { "yes" } else { "" }),
            ("ends", ends.name().unwrap_or_default()),
            ("layout", layout),
            ("title", &plan.title),
            ("date", &date),
        ];
        let mut says = String::new();
        for (key, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            // What would end the instruction, or its value, has another sign.
            let value: String = value.chars().filter(|&c| is_xml(c)).collect();
            let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            let value = value.replace("?>", "? >").replace(['\n', '\r', '\t'], " ");
            says.push_str(&format!(" {key}=\"{value}\""));
        }
        Ok(Self { says: format!("<?{}{says}?>", carried::TEXT), bytes, whole })
    }

    /// That an XML file gives the text again, to the byte, with all that it carries: read as `postil add` reads it.
    pub(crate) fn prove(&self, id: &str, xml: &str, roots: &[&str], files: &[File]) -> Result<(), Fault> {
        let lost = || Fault::Lost(id.to_owned());
        let incoming = Incoming { path: format!("{id}.xml"), name: format!("{id}.xml"), bytes: Vec::new() };
        let tree = tree::xml(&incoming.path, xml.to_owned()).map_err(|_| lost())?;
        let found = carried::take(&tree, roots, &incoming, 0).map_err(|_| lost())?;
        let carried::Found::Text(draft) = found else { return Err(lost()) };
        let came = draft.carried.as_ref().map(|carried| &carried.files[..]).unwrap_or_default();
        let same_files = came.len() == files.len()
            && came.iter().zip(files).all(|((path, bytes), file)| *path == file.path && *bytes == file.bytes);
        (draft.bytes == self.bytes && same_files).then_some(()).ok_or_else(lost)
    }
}
