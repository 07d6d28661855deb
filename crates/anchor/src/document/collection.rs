//! What a folder of texts is, and what holds for all its texts: `collection.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::record::{self, DefaultsTable, Record};
use postil_archive::archive::{CollectionFile, TextFile};
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Source, Span};
use postil_archive::sidecar::{self, Spanned};

/// A folder of texts.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The folder below `content/`; empty for that itself, which is no collection but has defaults.
    pub folder: Arc<str>,
    /// Its file.
    pub source: Arc<Source>,
    /// Its name.
    pub title: String,
    /// What it is: Markdown, and where that stands in the file.
    pub about: Option<(String, Span)>,
    /// In which order its texts are listed.
    pub order: Order,
    /// What holds for each of its texts whose own record does not say otherwise.
    pub defaults: Record,
}

/// In which order the texts of a collection are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By date; those without one behind them, by title.
    #[default]
    Date,
    /// By title.
    Title,
    /// By the name of the file, digits as numbers.
    File,
}

/// A folder of texts. (The comments are shown by editors that read schemas.)
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "CollectionFile", deny_unknown_fields)]
struct File {
    /// The collection's name.
    title: String,
    /// What it is: Markdown, as in a note.
    about: Option<Spanned<String>>,
    /// In which order its texts are listed; by date if nothing is said.
    order: Option<Order>,
    /// What holds for each of its texts whose own record does not say otherwise.
    defaults: Option<DefaultsTable>,
}

/// `content/collection.toml`: it holds for all texts, and is no collection.
#[derive(Debug, Deserialize)]
struct Outermost {
    defaults: Option<DefaultsTable>,
}

/// What `collection.toml` may hold, as JSON Schema.
pub fn schema() -> serde_json::Value {
    sidecar::schema::of::<File>()
}

/// Reads what folders say of themselves, in the archive's order.
pub fn parse_all(files: &[CollectionFile]) -> Checked<Vec<Collection>> {
    let mut problems = Vec::new();
    let collections = files.iter().filter_map(|file| parse(file).take(&mut problems)).collect();
    Checked::new(collections, problems)
}

fn parse(file: &CollectionFile) -> Checked<Option<Collection>> {
    let CollectionFile { folder, source } = file;
    let mut problems = Vec::new();
    let (title, about, order, defaults) = if folder.is_empty() {
        let Some(file) = sidecar::read_file::<Outermost>(source).take(&mut problems) else {
            return Checked::new(None, problems);
        };
        (String::new(), None, Order::default(), file.defaults)
    } else {
        let Some(file) = sidecar::read_file::<File>(source).take(&mut problems) else {
            return Checked::new(None, problems);
        };
        (file.title, file.about, file.order.unwrap_or_default(), file.defaults)
    };
    let defaults = defaults.map(|table| record::defaults(source, table).take(&mut problems));
    let defaults = defaults.unwrap_or_default();
    if let Some(pattern) = &defaults.title_pattern {
        problems.extend(unknown_names(pattern).map(|name| {
            let message = format!("no record has a key `{name}`");
            Diagnostic::error(Code::BAD_VALUE, source.place(pattern.span), message)
                .help("in braces stands a key of the record, such as `{date}` or `{meta.printer}`")
        }));
    }
    let about = about.filter(|about| !about.get_ref().trim().is_empty());
    let about = about.map(|about| (about.get_ref().clone(), about.span().into()));
    let collection =
        Collection { folder: folder.clone(), source: source.clone(), title, about, order, defaults };
    Checked::new(Some(collection), problems)
}

/// Names in braces that are no key of a record.
fn unknown_names(pattern: &record::TitlePattern) -> impl Iterator<Item = String> + '_ {
    const KEYS: [&str; 13] = [
        "short",
        "date",
        "date_shown",
        "kind",
        "house",
        "author",
        "recipient",
        "people",
        "place",
        "number",
        "lang",
        "rights",
        "summary",
    ];
    let known = |name: &str| KEYS.contains(&name) || name.starts_with("meta.") || name.starts_with("refs.");
    pattern.names().filter(move |name| !known(name)).map(str::to_owned)
}

/// What the folders say that texts lie in, each read once. What is wrong in them is not told here.
#[derive(Debug, Default)]
pub(super) struct Folders(BTreeMap<Arc<str>, (Order, Record)>);

impl Folders {
    /// In which order a text is listed, as the nearest folder that lists its texts otherwise than by date says, and
    /// the defaults for it, the nearest first.
    pub(super) fn of(&mut self, text: &TextFile) -> (Order, Vec<&Record>) {
        for source in &text.folders {
            if !self.0.contains_key(&source.path) {
                let folder = source
                    .path
                    .strip_prefix("content/")
                    .and_then(|path| path.strip_suffix("/collection.toml"));
                let file =
                    CollectionFile { folder: folder.unwrap_or_default().into(), source: source.clone() };
                let said = parse(&file).value.map(|collection| (collection.order, collection.defaults));
                self.0.insert(source.path.clone(), said.unwrap_or_default());
            }
        }
        let said = || text.folders.iter().filter_map(|source| self.0.get(&source.path));
        let order = said().map(|(order, _)| *order).find(|order| *order != Order::Date);
        (order.unwrap_or_default(), said().map(|(_, defaults)| defaults).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_archive::archive::Format;

    fn collection(folder: &str, toml: &str) -> Checked<Option<Collection>> {
        let path = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let source = Arc::new(Source::new(format!("content/{path}collection.toml"), toml));
        parse(&CollectionFile { folder: folder.into(), source })
    }

    fn said(folder: &str, toml: &str) -> Vec<String> {
        let problems = collection(folder, toml).problems;
        problems.iter().map(|p| format!("{} {}: {}", p.place.line, p.code.name(), p.message)).collect()
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(said("a", "title = 'A'\norder = 'file'\n[defaults]\nkind = 'act'\n"), [""; 0]);
        assert_eq!(said("a", "order = 'date'\n"), ["1 missing-key: `title` is missing"]);
        assert_eq!(said("a", "title = 'A'\norder = 'size'\n"), ["2 bad-value: `order` cannot be `size`"]);
        assert_eq!(
            said("a", "title = 'A'\n[defaults]\nsha256 = 'x'\n"),
            ["3 unknown-key: unknown key `sha256`"]
        );
        assert_eq!(said("", "title = 'A'\n"), ["1 unknown-key: unknown key `title`"]);
        assert_eq!(said("", "[defaults]\nlang = 'de'\n"), [""; 0]);
        assert_eq!(
            said("a", "title = 'A'\n[defaults]\ntitle = 'Of {date}, {printer}'\n"),
            ["3 bad-value: no record has a key `printer`"]
        );
    }

    #[test]
    fn a_text_has_what_its_folders_say_the_nearest_first() {
        let source = |path: &str, toml: &str| Arc::new(Source::new(path, toml));
        let text = TextFile {
            id: "a/b/c".into(),
            path: "content/a/b/c.txt".into(),
            format: Format::Plain,
            record: Some(source("content/a/b/c.toml", "kind = 'letter'\nmeta = { x = '1' }\n")),
            folders: vec![
                source(
                    "content/a/b/collection.toml",
                    "title = 'B'\n[defaults]\nhouse = 'B'\nkind = 'act'\nmeta = { x = '2', y = '3' }\n",
                ),
                source("content/a/collection.toml", "title = 'A'\n[defaults]\nhouse = 'A'\nlang = 'de'\n"),
                source("content/collection.toml", "[defaults]\nrights = 'R'\nlang = 'fr'\n"),
            ],
        };
        let record = record::parse(&text).value;
        assert_eq!(record.kind.as_deref(), Some("letter"));
        assert_eq!(record.house.as_deref(), Some("B"));
        assert_eq!((record.lang.as_deref(), record.rights.as_deref()), (Some("de"), Some("R")));
        assert_eq!(record.meta, [("x".to_owned(), "1".to_owned()), ("y".to_owned(), "3".to_owned())]);
    }
}
