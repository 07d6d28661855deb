//! A package that lasts: a BagIt bag (RFC 8493) of the archive's own files, described as an RO-Crate 1.1, with
//! the file that says how it is cited (`CITATION.cff`).
//!
//! Files go out one at a time; what stays is a line of each. There is no clock: the bag is of the latest day that
//! a file of the archive names.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Seek, Write};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::fault::Fault;
use crate::files::Files;
use postil_archive::archive::Format;
use postil_archive::diagnostic::Error;
use postil_archive::index::TextIx;
use postil_archive::sidecar::date::Date;
use postil_archive::sidecar::written;
use postil_site::site::Site;

/// Takes a file: its path in the bag and its bytes.
pub type Put<'a> = dyn Fn(&str, &[u8]) -> Result<(), Error> + 'a;

/// A bag as one file (RFC 8493, 4): a zip with the bag as its one folder. The same bag gives the same bytes.
pub struct Zipped<W: Write + Seek> {
    folder: String,
    zip: RefCell<ZipWriter<W>>,
}

impl<W: Write + Seek> Zipped<W> {
    /// Begins one whose folder is called so.
    pub fn begin(folder: &str, out: W) -> Self {
        Self { folder: folder.to_owned(), zip: RefCell::new(ZipWriter::new(out)) }
    }

    /// Takes a file of the bag.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_level(Some(LEVEL))
            .large_file(bytes.len() as u64 > LARGE_BYTES)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let mut zip = self.zip.borrow_mut();
        zip.start_file(format!("{}/{path}", self.folder), options)?;
        zip.write_all(bytes)
    }

    /// Writes the end of it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> io::Result<()> {
        self.zip.into_inner().finish()?.flush()
    }
}

/// How hard a zip is packed, of 9.
const LEVEL: i64 = 6;
/// From this size on a file in a zip has sizes of 64 bits, in bytes.
const LARGE_BYTES: u64 = 2 << 30;

/// Where the archive's own files lie in the payload.
const ARCHIVE: &str = "archive";

/// Writes the bag; tells how many of the archive's files are in it.
///
/// # Errors
/// A file cannot be read, or cannot be put.
pub fn write(files: &Files<'_>, put: &Put<'_>) -> Result<usize, Fault> {
    let site = files.site;
    let mut bag = Bag { put, manifest: String::new(), bytes: 0, count: 0 };
    let mut entities = Vec::new();
    let mut parts = Vec::new();
    let paths = files.paths();
    let texts = site.archive.texts.iter_enumerated().map(|(index, text)| (&*text.path, index));
    let texts: BTreeMap<&str, TextIx> = texts.collect();
    for path in &paths {
        let bytes = site.archive.file(path)?.value.ok_or_else(|| Fault::Lost((*path).to_owned()))?;
        let sum = bag.payload(&format!("{ARCHIVE}/{path}"), &bytes)?;
        let id = iri(&format!("{ARCHIVE}/{path}"));
        parts.push(json!({ "@id": id }));
        entities.push(file(site, texts.get(path).copied(), path, &id, bytes.len(), &sum));
    }
    bag.payload("CITATION.cff", citation(site).as_bytes())?;
    parts.push(json!({ "@id": "CITATION.cff" }));
    entities.push(json!({
        "@id": "CITATION.cff",
        "@type": "File",
        "name": "How the archive is cited",
        "encodingFormat": "text/yaml",
    }));
    bag.payload("ro-crate-metadata.json", &crate_of(site, parts, entities))?;
    bag.finish(site)?;
    Ok(paths.len())
}

struct Bag<'a> {
    put: &'a Put<'a>,
    manifest: String,
    bytes: u64,
    count: usize,
}

impl Bag<'_> {
    /// A file of the payload; gives its sum.
    fn payload(&mut self, path: &str, bytes: &[u8]) -> Result<String, Error> {
        let path = format!("data/{path}");
        let sum = sum(bytes);
        (self.put)(&path, bytes)?;
        line(&mut self.manifest, &sum, &path);
        self.bytes += bytes.len() as u64;
        self.count += 1;
        Ok(sum)
    }

    /// What says that it is a bag, and of what.
    fn finish(self, site: &Site<'_>) -> Result<(), Error> {
        let config = &site.archive.config;
        let mut info = String::new();
        let mut say = |label: &str, words: &str| {
            // A line is a line.
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(info, "{label}: {words}");
        };
        say("Bag-Software-Agent", concat!("postil ", env!("CARGO_PKG_VERSION")));
        say("External-Identifier", config.base_url.as_deref().unwrap_or(&config.title));
        say("External-Description", config.description.as_deref().unwrap_or(&config.title));
        if let Some(day) = latest(site) {
            say("Bagging-Date", &day);
        }
        say("Payload-Oxum", &format!("{}.{}", self.bytes, self.count));
        let bagit = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        let mut tags = String::new();
        for (path, text) in
            [("bag-info.txt", &*info), ("bagit.txt", bagit), ("manifest-sha256.txt", &*self.manifest)]
        {
            (self.put)(path, text.as_bytes())?;
            line(&mut tags, &sum(text.as_bytes()), path);
        }
        (self.put)("tagmanifest-sha256.txt", tags.as_bytes())
    }
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A line of a manifest (RFC 8493, 2.1.3).
fn line(manifest: &mut String, sum: &str, path: &str) {
    let path = path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D");
    let _ = writeln!(manifest, "{sum}  {path}");
}

/// The address of a file within the crate.
fn iri(path: &str) -> String {
    // What divides an address is a letter of a name here.
    crate::xml::address(&path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
}

/// The latest day that a file of the archive names as one on which something came or was written.
fn latest(site: &Site<'_>) -> Option<String> {
    let all = site.annotations;
    let origins = site.texts.iter().filter_map(|text| text.record.origin.as_ref()?.retrieved);
    let notes = all.notes.iter().filter_map(|note| note.date);
    let terms = all.terms.iter().filter_map(|term| term.date);
    origins.chain(notes).chain(terms).map(Date::last_day).max().map(|day| day.to_string())
}

/// What is said of a file.
fn file(site: &Site<'_>, text: Option<TextIx>, path: &str, id: &str, bytes: usize, sum: &str) -> Value {
    let mut entity = json!({
        "@id": id,
        "@type": "File",
        "name": path,
        "contentSize": bytes.to_string(),
        "sha256": sum,
        "encodingFormat": kind(path),
    });
    if let Some(index) = text {
        let plan = &site.texts[index];
        let record = &plan.record;
        let said = entity.as_object_mut().expect("it is made as one");
        said.insert("name".to_owned(), json!(plan.title));
        said.insert("identifier".to_owned(), json!(&*plan.id));
        said.insert("inLanguage".to_owned(), json!(plan.lang));
        if let Some(date) = plan.date() {
            said.insert("dateCreated".to_owned(), json!(date.to_string()));
        }
        if let Some(rights) = &record.rights {
            said.insert("copyrightNotice".to_owned(), json!(rights));
        }
        if let Some(origin) = &record.origin {
            said.insert("isBasedOn".to_owned(), json!(origin.url.as_deref().unwrap_or(&origin.name)));
        }
        if site.archive.texts[index].format == Format::Markdown {
            said.insert("encodingFormat".to_owned(), json!("text/markdown"));
        }
    }
    entity
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "toml" => "application/toml",
        "md" => "text/markdown",
        "txt" => "text/plain",
        "xml" => "application/xml",
        "html" => "text/html",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "json" => "application/json",
        "csv" => "text/csv",
        _ => "application/octet-stream",
    }
}

/// `ro-crate-metadata.json`.
fn crate_of(site: &Site<'_>, parts: Vec<Value>, entities: Vec<Value>) -> Vec<u8> {
    let config = &site.archive.config;
    let licence = format!("https://spdx.org/licenses/{}", config.licence);
    let people = &site.annotations.contributors;
    let description =
        config.description.clone().unwrap_or_else(|| format!("{}: an annotated archive", config.title));
    let mut root = json!({
        "@id": "./",
        "@type": "Dataset",
        "name": config.title,
        "description": description,
        "license": { "@id": licence },
        "inLanguage": config.language,
        "hasPart": parts,
    });
    let said = root.as_object_mut().expect("it is made as one");
    // A crate must have a day. Of an archive whose files name none, it is that of the latest text, which it is not older than.
    let texts = || site.texts.iter().filter_map(|text| text.date()).map(Date::last_day).max();
    if let Some(day) = latest(site).or_else(|| texts().map(|day| day.to_string())) {
        said.insert("datePublished".to_owned(), json!(day));
    }
    if let Some(base) = &config.base_url {
        said.insert("url".to_owned(), json!(base));
    }
    if !people.is_empty() {
        let ids: Vec<Value> = people.iter().map(|one| json!({ "@id": format!("#{}", one.slug) })).collect();
        said.insert("author".to_owned(), json!(ids));
    }
    let mut graph = vec![
        json!({
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": { "@id": "./" },
            "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
        }),
        root,
        json!({
            "@id": licence,
            "@type": "CreativeWork",
            "name": config.licence,
            "description": "The licence of the notes and records; what holds for a text is said of it",
        }),
    ];
    for one in people {
        let mut person = json!({ "@id": format!("#{}", one.slug), "@type": "Person", "name": one.name });
        if let Some(url) = &one.url {
            person["url"] = json!(url);
        }
        graph.push(person);
    }
    graph.extend(entities);
    // Names of schema.org that are younger than the context of this version.
    let younger = json!({
        "copyrightNotice": "https://schema.org/copyrightNotice",
        "sha256": "https://schema.org/sha256",
    });
    let context = json!(["https://w3id.org/ro/crate/1.1/context", younger]);
    let whole = json!({ "@context": context, "@graph": graph });
    let mut bytes = serde_json::to_vec_pretty(&whole).expect("strings and numbers have a form in JSON");
    bytes.push(b'\n');
    bytes
}

/// `CITATION.cff` (Citation File Format 1.2.0).
fn citation(site: &Site<'_>) -> String {
    let config = &site.archive.config;
    let mut out = String::from(
        "cff-version: 1.2.0\nmessage: Cite the archive as below; its texts are cited by themselves.\ntype: dataset\n",
    );
    // A string of TOML is one of YAML.
    let mut say = |key: &str, words: &str| {
        let _ = writeln!(out, "{key}: {}", written::string(words));
    };
    say("title", &config.title);
    if let Some(description) = &config.description {
        say("abstract", description);
    }
    if let Some(base) = &config.base_url {
        say("url", base);
    }
    if let Some(repository) = &config.repository {
        say("repository-code", repository);
    }
    say("license", &config.licence);
    if let Some(day) = latest(site) {
        say("date-released", &day);
    }
    out.push_str("authors:\n");
    let people = &site.annotations.contributors;
    for name in people.iter().map(|one| &one.name).chain(people.is_empty().then_some(&config.title)) {
        let _ = writeln!(out, "  - name: {}", written::string(name));
    }
    out
}
