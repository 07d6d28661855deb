//! RECORDS: what a table says of many texts: CSV, TSV, CSL-JSON, BibTeX.
//!
//! Steps: the file is read as rows of named cells ([`read`]); each row finds its text, each cell its
//! key ([`fill`]). A cell or a row that cannot be used is told with its line and left out; the rest
//! is taken.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::decode;
use crate::draft::{Incoming, Record};
use crate::toml::Value;
use postil_archive::archive::name;
use postil_archive::diagnostic::{Code, Diagnostic, Place, Source};
use postil_archive::sidecar::address;
use postil_archive::sidecar::date::{Date, Offer, Refusal};
use postil_archive::sidecar::yaml;

/// A table of records.
#[derive(Debug)]
pub struct Table {
    source: Source,
    /// Names of its columns, in order.
    pub columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// What a row says in one column.
#[derive(Debug, Clone)]
struct Cell {
    column: usize,
    words: String,
    /// Where it stands in the file.
    span: (usize, usize),
}

/// How columns become keys.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Columns with the key of each.
    pub map: Vec<(String, String)>,
    /// Whether what has no key goes to `meta`.
    pub rest: bool,
    /// Whether what the table says counts for more than what is there.
    pub overwrite: bool,
}

/// A text that rows may be about.
#[derive(Debug)]
pub struct Target<'a> {
    /// What it is called: its id, its file, what it was called before.
    pub names: Vec<String>,
    /// What is known of it.
    pub record: &'a mut Record,
}

/// What came of a table.
#[derive(Debug, Default)]
pub struct Filled {
    /// Rows and cells that could not be used.
    pub problems: Vec<Diagnostic>,
    /// What a person should know.
    pub said: Vec<String>,
    /// Keys that were there with another value, and stayed: name of the text, key, the value there and in the table.
    pub kept: Vec<(String, String, String, String)>,
    /// How many texts got something.
    pub texts: usize,
}

/// Keys that a column may fill.
pub(crate) const KEYS: [&str; 22] = [
    "title",
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
    "summary",
    "lang",
    "rights",
    "media",
    "encoding",
    "layout",
    "unknown",
    "source.name",
    "source.url",
    "file",
    "id",
];
/// Keys that hold several values, divided by `;`.
pub(crate) const LISTS: [&str; 5] = ["author", "recipient", "people", "place", "unknown"];
/// Longest summary, in characters.
const LONGEST_SUMMARY: usize = 1000;

/// Reads a table.
///
/// # Errors
/// It is not what its ending says.
pub fn read(
    incoming: &Incoming,
    encoding: Option<&str>,
) -> Result<(Table, Vec<Diagnostic>), Box<Diagnostic>> {
    let decoded = decode::decode(incoming, None, encoding)?;
    let source = Source::new(incoming.path.as_str(), decoded.text);
    let ending = incoming.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "json" => csl(source).map(|table| (table, Vec::new())),
        "bib" | "bibtex" => bibtex(source).map(|table| (table, Vec::new())),
        _ => separated(source, (ending == "tsv").then_some(b'\t')),
    }
}

fn bad(source: &Source, at: usize, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::BAD_SOURCE, source.place(at..at), message))
}

/// Reads a table whose rows are texts, or turns of a talk: CSV, TSV, JSON, JSON Lines. A list is lines.
///
/// # Errors
/// It is not what its ending says.
pub fn read_rows(incoming: &Incoming, encoding: Option<&str>) -> Result<Table, Box<Diagnostic>> {
    let decoded = decode::decode(incoming, None, encoding)?;
    let source = Source::new(incoming.path.as_str(), decoded.text);
    let ending = incoming.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "json" | "jsonl" | "ndjson" => json_rows(source, ending != "json"),
        "yaml" | "yml" => yaml_rows(source),
        _ => {
            let (table, problems) = separated(source, (ending == "tsv").then_some(b'\t'))?;
            // A row that is cut wrongly would be a text that nobody wrote.
            problems
                .into_iter()
                .next()
                .map_or(Ok(table), |problem| Err(Box::new(Diagnostic { code: Code::BAD_SOURCE, ..problem })))
        }
    }
}

/// Where the items of a list of JSON begin; nothing if it is no list.
fn items(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = text.len() - text.trim_start().len();
    if !text[at..].starts_with('[') {
        return starts;
    }
    loop {
        let rest = text[at + 1..].trim_start();
        at = text.len() - rest.len();
        let mut item = serde_json::Deserializer::from_str(rest).into_iter::<Json>();
        let Some(Ok(_)) = item.next() else { return starts };
        starts.push(at);
        let rest = rest[item.byte_offset()..].trim_start();
        at = text.len() - rest.len();
        if !rest.starts_with(',') {
            return starts;
        }
    }
}

/// A list of tables of YAML as rows, or a table whose keys are names: `Lamp: Gives light.`
fn yaml_rows(source: Source) -> Result<Table, Box<Diagnostic>> {
    let start = |line: u32| source.line_starts().get(line.saturating_sub(1) as usize).copied().unwrap_or(0);
    let node = yaml::read(&source.text)
        .map_err(|mistake| bad(&source, start(mistake.line), format!("it is not YAML: {}", mistake.why)))?;
    let mut gather = Gather::default();
    let mut row = |name: Option<&str>, node: &yaml::Node| -> Option<()> {
        let at = (start(node.line), start(node.line));
        gather.rows.push(Vec::new());
        name.into_iter().for_each(|name| gather.cell("term", name.to_owned(), at));
        match &node.value {
            yaml::Value::Table(keys) => {
                for (key, value) in keys {
                    let at = (start(value.line), start(value.line));
                    gather.cell(key, value.value.words("; "), at);
                }
            }
            value if name.is_some() => gather.cell("definition", value.words("; "), at),
            _ => return None,
        }
        Some(())
    };
    let of_tables = |node: &yaml::Node| match &node.value {
        yaml::Value::List(list) => {
            Some(list.iter().map(|item| (None, item.clone())).collect::<Vec<(Option<String>, yaml::Node)>>())
        }
        _ => None,
    };
    let rows = match &node.value {
        // A table that holds a list of tables, or names with what they are.
        yaml::Value::Table(keys) => keys
            .iter()
            .find_map(|(_, value)| of_tables(value))
            .or_else(|| Some(keys.iter().map(|(name, value)| (Some(name.clone()), value.clone())).collect())),
        _ => of_tables(&node),
    };
    for (name, node) in rows.unwrap_or_default() {
        if row(name.as_deref(), &node).is_none() {
            return Err(bad(
                &source,
                start(node.line),
                "an item of the list is no table of keys and values".to_owned(),
            ));
        }
    }
    let Gather { columns, rows } = gather;
    if rows.is_empty() {
        return Err(bad(&source, 0, "it holds no list of tables".to_owned()));
    }
    Ok(Table { source, columns, rows })
}

/// Objects of JSON as rows.
fn json_rows(source: Source, lines: bool) -> Result<Table, Box<Diagnostic>> {
    let wrong = |error: &serde_json::Error, first: usize| {
        let line = source.line_starts().get(first + error.line().saturating_sub(1)).copied().unwrap_or(0);
        bad(&source, line + error.column().saturating_sub(1), format!("it is not JSON: {error}"))
    };
    let mut objects: Vec<(usize, Json)> = Vec::new();
    if lines {
        for (number, line) in source.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let object = serde_json::from_str(line).map_err(|error| wrong(&error, number))?;
            objects.push((source.line_starts().get(number).copied().unwrap_or(0), object));
        }
    } else {
        let json: Json = serde_json::from_str(&source.text).map_err(|error| wrong(&error, 0))?;
        let starts = items(&source.text);
        // A list, or an object that has one of objects: its longest.
        let list = match json {
            Json::Array(list) => list,
            Json::Object(object) => {
                let lists = object.into_iter().filter_map(|(_, value)| match value {
                    Json::Array(list) if list.iter().all(Json::is_object) => Some(list),
                    _ => None,
                });
                lists.max_by_key(Vec::len).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let at = |i: usize| starts.get(i).copied().unwrap_or(0);
        objects.extend(list.into_iter().enumerate().map(|(i, object)| (at(i), object)));
    }
    let mut columns: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (number, (at, object)) in objects.iter().enumerate() {
        let Json::Object(object) = object else {
            return Err(bad(&source, *at, format!("item {} of the list is no object", number + 1)));
        };
        let mut row = Vec::new();
        for (key, value) in object {
            let words = match value {
                Json::Null => continue,
                Json::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("\n"),
                value => plain(value),
            };
            let column = columns.iter().position(|known| known == key).unwrap_or_else(|| {
                columns.push(key.clone());
                columns.len() - 1
            });
            row.push(Cell { column, words, span: (*at, *at) });
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(bad(&source, 0, "it holds no list of objects".to_owned()));
    }
    Ok(Table { source, columns, rows })
}

/// Cells divided by a sign: that which the head has most of.
fn separated(source: Source, sign: Option<u8>) -> Result<(Table, Vec<Diagnostic>), Box<Diagnostic>> {
    let sign = sign.unwrap_or_else(|| {
        let head = source.text.lines().next().unwrap_or_default();
        let count = |sign: &u8| head.bytes().filter(|b| b == sign).count();
        [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
    });
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sign)
        .flexible(true)
        .has_headers(false)
        .from_reader(source.text.as_bytes());
    let mut columns: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let at = error.position().map_or(0, |position| position.byte() as usize);
                return Err(bad(&source, at, format!("this is no row of a table: {error}")));
            }
        }
        let start = record.position().map_or(0, |position| position.byte() as usize);
        let spans = spans(&source.text, start, sign, record.len());
        if columns.is_empty() {
            columns =
                record.iter().map(|name| name.trim().trim_start_matches('\u{feff}').to_owned()).collect();
            continue;
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > columns.len() {
            let message = format!("the row has {} cells, the head {}", record.len(), columns.len());
            let (from, to) = spans[columns.len()];
            problems.push(
                Diagnostic::error(Code::RECORDS_ROW, source.place(from..to), message).help(
                    "put a cell that holds the dividing sign into quotation marks; the row was left out",
                ),
            );
            continue;
        }
        let cell = |(column, words): (usize, &str)| Cell {
            column,
            words: words.trim().to_owned(),
            span: spans[column],
        };
        rows.push(record.iter().enumerate().map(cell).filter(|cell| !cell.words.is_empty()).collect());
    }
    if columns.is_empty() {
        return Err(bad(&source, 0, "the table has no head".to_owned()));
    }
    Ok((Table { source, columns, rows }, problems))
}

/// Where the cells of a row stand.
fn spans(text: &str, start: usize, sign: u8, count: usize) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = start;
    while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
        at += 1;
    }
    let mut spans = Vec::with_capacity(count);
    for _ in 0..count {
        let from = at;
        let quoted = bytes.get(at) == Some(&b'"');
        at += usize::from(quoted);
        while let Some(&b) = bytes.get(at) {
            if quoted && b == b'"' {
                at += 1;
                if bytes.get(at) == Some(&b'"') {
                    at += 1;
                    continue;
                }
                break;
            }
            if !quoted && (b == sign || matches!(b, b'\n' | b'\r')) {
                break;
            }
            at += 1;
        }
        spans.push((from, at));
        at += usize::from(bytes.get(at) == Some(&sign));
    }
    spans
}

/// Cells with names, gathered into rows of one table.
#[derive(Default)]
struct Gather {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Gather {
    fn cell(&mut self, column: &str, words: String, span: (usize, usize)) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return;
        }
        let column = self.columns.iter().position(|known| known == column).unwrap_or_else(|| {
            self.columns.push(column.to_owned());
            self.columns.len() - 1
        });
        self.rows.last_mut().expect("a row was begun").push(Cell { column, words, span });
    }
}

/// A list of items of CSL-JSON (<https://docs.citationstyles.org/>).
fn csl(source: Source) -> Result<Table, Box<Diagnostic>> {
    let json: Json = serde_json::from_str(&source.text).map_err(|error| {
        let line = source.line_starts().get(error.line().saturating_sub(1)).copied().unwrap_or(0);
        bad(&source, line + error.column().saturating_sub(1), format!("it is not JSON: {error}"))
    })?;
    let items = json.as_array().or_else(|| json.get("items").and_then(Json::as_array));
    let Some(items) = items.filter(|items| items.iter().all(Json::is_object)) else {
        return Err(bad(&source, 0, "it is no list of items as CSL-JSON has them".to_owned()));
    };
    let mut gather = Gather::default();
    let mut from = 0;
    for item in items {
        gather.rows.push(Vec::new());
        // An item has no place of its own: it is where its id stands.
        let id = item.get("id").map(plain).unwrap_or_default();
        let at = source.text[from..].find(&format!("\"{id}\"")).map_or(from, |at| from + at);
        from = at;
        let span = (at, (at + id.len() + 2).min(source.text.len()));
        for (key, value) in item.as_object().into_iter().flatten() {
            let column = match key.as_str() {
                "language" => "lang",
                "abstract" => "summary",
                "publisher-place" => "place",
                "URL" => "source.url",
                "title-short" | "shortTitle" => "short",
                key => key,
            };
            match (key.as_str(), value) {
                ("issued", _) => {
                    if let Some(date) = csl_date(value) {
                        gather.cell("date", date, span);
                    } else if let Some(words) = value.get("literal").or(value.get("raw")) {
                        let words = plain(words);
                        gather.cell(
                            if Date::parse(&words).is_ok() { "date" } else { "date_shown" },
                            words,
                            span,
                        );
                    }
                }
                (_, Json::Array(names)) if names.iter().all(|name| name.is_object()) => {
                    let names: Vec<String> = names.iter().map(csl_name).collect();
                    gather.cell(column, names.join("; "), span);
                }
                (_, Json::Object(_)) => {
                    if let Some(date) = csl_date(value) {
                        gather.cell(column, date, span);
                    }
                }
                (_, Json::Array(values)) => {
                    gather.cell(column, values.iter().map(plain).collect::<Vec<_>>().join("; "), span);
                }
                _ => gather.cell(column, plain(value), span),
            }
        }
    }
    let Gather { columns, rows } = gather;
    Ok(Table { source, columns, rows })
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn csl_name(name: &Json) -> String {
    let part = |key: &str| name.get(key).and_then(Json::as_str).filter(|part| !part.is_empty());
    if let Some(literal) = part("literal") {
        return literal.to_owned();
    }
    let parts = ["given", "dropping-particle", "non-dropping-particle", "family", "suffix"];
    parts.iter().filter_map(|key| part(key)).collect::<Vec<_>>().join(" ")
}

fn csl_date(value: &Json) -> Option<String> {
    let number = |part: &Json| part.as_i64().or_else(|| part.as_str()?.parse().ok());
    let one = |parts: &Json| -> Option<String> {
        let parts: Vec<i64> = parts.as_array()?.iter().filter_map(number).collect();
        let (year, rest) = parts.split_first()?;
        let rest: String = rest.iter().map(|part| format!("-{part:02}")).collect();
        Some(if *year < 0 { format!("-{:04}{rest}", -year) } else { format!("{year:04}{rest}") })
    };
    let dates: Vec<String> = value.get("date-parts")?.as_array()?.iter().filter_map(one).collect();
    let circa = value.get("circa").is_some_and(|circa| *circa != Json::Bool(false) && !circa.is_null());
    let sign = if circa { "~" } else { "" };
    let dates: Vec<String> = dates.iter().map(|date| format!("{date}{sign}")).collect();
    (!dates.is_empty()).then(|| dates.join("/"))
}

/// Entries of BibTeX or BibLaTeX.
fn bibtex(source: Source) -> Result<Table, Box<Diagnostic>> {
    use biblatex::{Bibliography, ChunksExt as _, DateValue, PermissiveType};
    let entries = Bibliography::parse(&source.text).map_err(|error| {
        bad(&source, error.span.start, format!("this is no entry of BibTeX: {}", error.kind))
    })?;
    let mut gather = Gather::default();
    for entry in entries.iter() {
        gather.rows.push(Vec::new());
        let at = source.text.find(&format!("{{{},", entry.key)).map_or(0, |at| at + 1);
        let span = (at, (at + entry.key.len()).min(source.text.len()));
        gather.cell("id", entry.key.clone(), span);
        for (key, chunks) in &entry.fields {
            let words = chunks.format_verbatim();
            let column = match key.as_str() {
                "language" | "langid" => "lang",
                "abstract" => "summary",
                "location" | "address" => "place",
                "url" => "source.url",
                "shorttitle" => "short",
                "date" | "year" | "month" | "day" => continue,
                key => key,
            };
            let is_names = matches!(key.as_str(), "author" | "editor" | "translator");
            let names = || words.split(" and ").map(person).collect::<Vec<_>>().join("; ");
            gather.cell(column, if is_names { names() } else { words.clone() }, span);
        }
        match entry.date() {
            Ok(PermissiveType::Typed(date)) => {
                let day = |day: &biblatex::Datetime| {
                    let year =
                        if day.year < 0 { format!("-{:04}", -day.year) } else { format!("{:04}", day.year) };
                    let month = day.month.map(|month| format!("-{:02}", month + 1)).unwrap_or_default();
                    let number = day.day.map(|number| format!("-{:02}", number + 1)).unwrap_or_default();
                    format!("{year}{month}{number}")
                };
                let sign = match (date.approximate, date.uncertain) {
                    (true, true) => "%",
                    (true, false) => "~",
                    (false, true) => "?",
                    (false, false) => "",
                };
                let words = match &date.value {
                    DateValue::At(at) => format!("{}{sign}", day(at)),
                    DateValue::After(from) => format!("{}{sign}/..", day(from)),
                    DateValue::Before(to) => format!("../{}{sign}", day(to)),
                    DateValue::Between(from, to) => format!("{}{sign}/{}{sign}", day(from), day(to)),
                };
                gather.cell("date", words, span);
            }
            Ok(PermissiveType::Chunks(chunks)) => gather.cell("date_shown", chunks.format_verbatim(), span),
            Err(_) => {}
        }
    }
    let Gather { columns, rows } = gather;
    Ok(Table { source, columns, rows })
}

/// `Pell, Anna` is Anna Pell.
fn person(name: &str) -> String {
    match name.trim().split_once(", ") {
        Some((family, given)) => format!("{given} {family}"),
        None => name.trim().to_owned(),
    }
}

impl Table {
    /// The key of each column: by `--map`, by its name, or none.
    fn keys(&self, wish: &Wish) -> Result<Vec<Option<String>>, Box<Diagnostic>> {
        for (column, key) in &wish.map {
            let is_key = KEYS.contains(&key.as_str()) || key.starts_with("meta.") || key.starts_with("refs.");
            if !is_key {
                let problem = Diagnostic::error(
                    Code::BAD_SOURCE,
                    self.source.start(),
                    format!("`{key}` is no key that a column can fill"),
                );
                return Err(Box::new(
                    problem.help(format!("keys are {}, and `meta.…`, `refs.…`", KEYS.join(", "))),
                ));
            }
            if !self.columns.iter().any(|known| known.eq_ignore_ascii_case(column)) {
                let problem = Diagnostic::error(
                    Code::BAD_SOURCE,
                    self.source.start(),
                    format!("the table has no column `{column}`"),
                );
                return Err(Box::new(problem.help(format!("its columns are {}", self.columns.join(", ")))));
            }
        }
        let key = |column: &String| {
            let mapped = wish.map.iter().find(|(known, _)| known.eq_ignore_ascii_case(column));
            if let Some((_, key)) = mapped {
                return Some(key.clone());
            }
            let plain = column.trim().to_lowercase().replace([' ', '-'], "_");
            let known = KEYS.iter().find(|key| **key == plain).map(|key| (*key).to_owned());
            let free = plain.starts_with("meta.") || plain.starts_with("refs.");
            known
                .or_else(|| free.then_some(plain))
                .or_else(|| wish.rest.then(|| format!("meta.{}", column.trim())))
        };
        Ok(self.columns.iter().map(key).collect())
    }

    fn place(&self, cell: &Cell) -> Place {
        self.source.place(cell.span.0..cell.span.1)
    }

    /// The rows: what each says in which column, with its place.
    pub fn rows(&self) -> impl Iterator<Item = (Place, Vec<(usize, &str)>)> {
        self.rows.iter().map(|row| {
            let place = row.first().map_or_else(|| self.source.start(), |cell| self.place(cell));
            (place, row.iter().map(|cell| (cell.column, cell.words.as_str())).collect())
        })
    }

    /// The column that is mapped to a key, or has one of these names.
    pub fn named(&self, key: &str, names: &[&str], map: &[(String, String)]) -> Option<usize> {
        let is = |column: &str, name: &str| column.trim().eq_ignore_ascii_case(name);
        let mapped = map.iter().find(|(_, to)| to == key).map(|(column, _)| column.as_str());
        match mapped {
            Some(column) => self.columns.iter().position(|known| is(known, column)),
            None => names.iter().find_map(|name| self.columns.iter().position(|known| is(known, name))),
        }
    }

    /// The first place of the file.
    pub fn start(&self) -> Place {
        self.source.start()
    }

    /// What the cells of a column say.
    fn column(&self, column: usize) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(move |row| row.iter().filter(move |cell| cell.column == column))
    }
}

/// A name as it is compared: without folders' signs, ending and capitals.
fn folded(name: &str) -> String {
    let name = name.trim().replace('\\', "/").to_lowercase();
    let slash = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[slash..].rfind('.') {
        Some(dot) if dot > 0 && (2..=6).contains(&(name.len() - slash - dot)) => {
            name[..slash + dot].to_owned()
        }
        _ => name,
    }
}

/// Gives the texts what the table says of them.
///
/// # Errors
/// Its columns cannot be mapped.
pub fn fill(table: &Table, targets: &mut [Target<'_>], wish: &Wish) -> Result<Filled, Box<Diagnostic>> {
    let mut filled = Filled::default();
    let mut keys = table.keys(wish)?;
    let mut names: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (i, target) in targets.iter().enumerate() {
        for name in &target.names {
            let folded = folded(name);
            if let Some((_, file)) = folded.rsplit_once('/') {
                names.entry(file.to_owned()).or_default().insert(i);
            }
            names.entry(folded).or_default().insert(i);
        }
    }
    let is_name = |key: &Option<String>| matches!(key.as_deref(), Some("file" | "id"));
    let mut by =
        keys.iter().position(|key| key.as_deref() == Some("file")).or_else(|| keys.iter().position(is_name));
    if by.is_none() {
        let all_names = |column: &usize| {
            let mut cells = table.column(*column).peekable();
            cells.peek().is_some() && cells.all(|cell| names.contains_key(&folded(&cell.words)))
        };
        by = (0..table.columns.len()).find(all_names);
        if let Some(column) = by {
            keys[column] = Some("file".to_owned());
            filled.said.push(format!("column `{}` of the table names the files", table.columns[column]));
        }
    }
    let Some(by) = by else {
        let problem = Diagnostic::error(
            Code::BAD_SOURCE,
            table.source.start(),
            "no column says which text a row is about",
        );
        return Err(Box::new(
            problem.help("name it by `--map COLUMN=file`; a file is named without its ending and capitals"),
        ));
    };
    let unknown: Vec<&str> = keys
        .iter()
        .zip(&table.columns)
        .filter(|(key, _)| key.is_none())
        .map(|(_, name)| name.as_str())
        .collect();
    if !unknown.is_empty() {
        filled.said.push(format!(
            "columns without a key were left out: {} (`--map COLUMN=KEY`, or `--rest meta`)",
            unknown.join(", ")
        ));
    }
    let mut got = BTreeSet::new();
    for row in &table.rows {
        let Some(named) = row.iter().find(|cell| cell.column == by) else {
            if let Some(first) = row.first() {
                filled.problems.push(
                    Diagnostic::error(
                        Code::RECORDS_ROW,
                        table.place(first),
                        format!("the row has nothing in `{}`", table.columns[by]),
                    )
                    .help("say there which text it is about; the row was left out"),
                );
            }
            continue;
        };
        let found = names.get(&folded(&named.words));
        let target = match found.map(|found| found.iter().copied().collect::<Vec<_>>()).as_deref() {
            Some([one]) => *one,
            Some(_) => {
                filled.problems.push(
                    Diagnostic::error(
                        Code::RECORDS_ROW,
                        table.place(named),
                        format!("several texts are called `{}`", named.words),
                    )
                    .help("write the path with its folders; the row was left out"),
                );
                continue;
            }
            None => {
                check_row(table, row, &keys, by, &mut filled.problems);
                filled.problems.push(
                    Diagnostic::error(
                        Code::RECORDS_ROW,
                        table.place(named),
                        format!("there is no text `{}`", named.words),
                    )
                    .help("add the text, or take the row out; it was left out"),
                );
                continue;
            }
        };
        got.insert(target);
        let target = &mut targets[target];
        for cell in row.iter().filter(|cell| cell.column != by) {
            let Some(key) = keys[cell.column].as_deref().filter(|key| !matches!(*key, "file" | "id")) else {
                continue;
            };
            match value(key, &cell.words) {
                Ok(value) => say(target, key, value, wish, &mut filled),
                Err((why, help)) => filled.problems.push(refused(table, cell, key, &why, &help)),
            }
        }
    }
    filled.texts = got.len();
    Ok(filled)
}

/// What is wrong with the cells of a row whose text is not there.
fn check_row(
    table: &Table,
    row: &[Cell],
    keys: &[Option<String>],
    by: usize,
    problems: &mut Vec<Diagnostic>,
) {
    for cell in row.iter().filter(|cell| cell.column != by) {
        if let Some(key) = keys[cell.column].as_deref()
            && let Err((why, help)) = value(key, &cell.words)
        {
            problems.push(refused(table, cell, key, &why, &help));
        }
    }
}

fn refused(table: &Table, cell: &Cell, key: &str, why: &str, help: &str) -> Diagnostic {
    let problem = Diagnostic::error(Code::RECORDS_ROW, table.place(cell), format!("`{key}`: {why}"));
    problem.help(if help.is_empty() {
        "the cell was left out".to_owned()
    } else {
        format!("{help}; the cell was left out")
    })
}

/// Puts a value into a record, or tells that another is there.
fn say(target: &mut Target<'_>, key: &str, value: Value, wish: &Wish, filled: &mut Filled) {
    if let Some((table, inner)) = key.split_once('.').filter(|(table, _)| *table != "meta") {
        let mut keys = match target.record.get(table) {
            Some(Value::Table(keys)) => keys.clone(),
            _ => Vec::new(),
        };
        match keys.iter_mut().find(|(known, _)| known == inner) {
            Some((_, there)) if *there == value => return,
            Some((_, there)) if wish.overwrite => *there = value,
            Some((_, there)) => {
                let name = target.names.first().cloned().unwrap_or_default();
                return filled.kept.push((name, key.to_owned(), there.plain(), value.plain()));
            }
            None => keys.push((inner.to_owned(), value)),
        }
        return target.record.set(table, Value::Table(keys));
    }
    match target.record.get(key) {
        Some(there) if there.plain() == value.plain() => {}
        Some(there) if !wish.overwrite => {
            let name = target.names.first().cloned().unwrap_or_default();
            filled.kept.push((name, key.to_owned(), there.plain(), value.plain()));
        }
        _ => target.record.set(key, value),
    }
}

/// The value of a key, or why it is none, and what to do.
pub fn value(key: &str, words: &str) -> Result<Value, (String, String)> {
    let refuse = |why: &str, help: &str| Err((why.to_owned(), help.to_owned()));
    match key {
        "date" => date(words).map_err(|refusal| {
            let offer = |offer: &Offer| {
                let shown =
                    if offer.keep_words { format!(" and `date_shown = \"{words}\"`") } else { String::new() };
                let says = if offer.says.is_empty() { String::new() } else { format!(": {}", offer.says) };
                format!("write `{}`{shown}{says}", offer.date)
            };
            let offers: Vec<String> =
                refusal.offers.iter().map(offer).chain(refusal.advice.clone()).collect();
            (refusal.message, offers.join("; or "))
        }),
        "number" => Ok(Value::number(words)),
        "kind" => match name::some_slug(words) {
            Some(slug) if slug == words => Ok(words.into()),
            Some(slug) => refuse(
                &format!("`{words}` is not written in small letters, digits and `-`"),
                &format!("write `{slug}`"),
            ),
            None => refuse("a kind is written in small letters, digits and `-`", ""),
        },
        "lang" if !address::is_language(words) => {
            refuse(&format!("`{words}` is not a language"), "write a tag such as `en-GB`, `de` or `ar`")
        }
        "source.url" | "media" if !address::is_web(words) => refuse(
            &format!("`{words}` is no address"),
            "it begins with `https://` or `http://` and holds no spaces",
        ),
        "summary" if words.chars().count() > LONGEST_SUMMARY => {
            refuse(&format!("it has {} characters, of at most {LONGEST_SUMMARY}", words.chars().count()), "")
        }
        "encoding" if decode::of_label(words).is_none() => refuse(&format!("unknown encoding `{words}`"), ""),
        "layout" if !matches!(words, "lines" | "wrapped" | "verse") => {
            refuse(&format!("`{words}` is no layout"), "write `lines`, `wrapped` or `verse`")
        }
        key if LISTS.contains(&key) => {
            let values: Vec<Value> =
                words.split(';').map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect();
            Value::one_or_many(values).map_or_else(|| refuse("it names nobody", ""), Ok)
        }
        _ => Ok(words.into()),
    }
}

/// A date as records have it: a whole day as TOML has it, anything else as a string.
///
/// # Errors
/// It is none: what could have been meant.
pub fn date(words: &str) -> Result<Value, Refusal> {
    Date::parse(words)?;
    let is_day = words.len() == 10
        && words
            .bytes()
            .enumerate()
            .all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    Ok(if is_day { Value::Bare(words.to_owned()) } else { words.into() })
}

/// What a record's file says; none if it is not TOML.
pub fn of_file(text: &str) -> Option<Record> {
    let table: toml::Table = text.parse().ok()?;
    let mut record = Record::default();
    for (key, value) in &table {
        match value {
            toml::Value::Table(meta) if key == "meta" => {
                meta.iter().for_each(|(key, value)| record.set(&format!("meta.{key}"), of_toml(value)));
            }
            value => record.set(key, of_toml(value)),
        }
    }
    Some(record)
}

fn of_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => Value::Number(*number),
        toml::Value::Array(values) => Value::List(values.iter().map(of_toml).collect()),
        toml::Value::Table(table) => {
            Value::Table(table.iter().map(|(key, value)| (key.clone(), of_toml(value))).collect())
        }
        other => Value::Bare(other.to_string()),
    }
}

/// The file of a record with what is new in it; all else stays as it is written.
pub fn edit(text: &str, before: &Record, after: &Record) -> Option<String> {
    let mut file: toml_edit::DocumentMut = text.parse().ok()?;
    let width = file
        .iter()
        .filter_map(|(_, item)| item.as_value().map(|_| ()))
        .zip(file.iter())
        .map(|(_, (key, _))| key.len())
        .max();
    for (key, value) in after.all() {
        if before.get(&key) == Some(value) {
            continue;
        }
        match (key.split_once('.').filter(|(table, _)| *table == "meta"), value) {
            (Some((table, inner)), value) => put(&mut file, table, inner, value, width)?,
            (None, Value::Table(keys)) => {
                for (inner, value) in keys {
                    put(&mut file, &key, inner, value, width)?;
                }
            }
            (None, value) => set(file.as_table_mut(), &key, value, width)?,
        }
    }
    Some(file.to_string())
}

/// A key of the file itself, its sign below the others'.
fn set(table: &mut toml_edit::Table, key: &str, value: &Value, width: Option<usize>) -> Option<()> {
    let mut value: toml_edit::Value = value.to_string().parse().ok()?;
    if let Some(there) = table.get_mut(key).and_then(toml_edit::Item::as_value_mut) {
        *value.decor_mut() = there.decor().clone();
        *there = value;
        return Some(());
    }
    value.decor_mut().set_prefix(" ");
    table.insert(key, toml_edit::Item::Value(value));
    let pad = width.unwrap_or(0).saturating_sub(key.len()) + 1;
    if let Some(mut key) = table.key_mut(key) {
        key.leaf_decor_mut().set_suffix(" ".repeat(pad));
    }
    Some(())
}

/// A key of a table of the file, which is begun on a line if it is not there.
fn put(
    file: &mut toml_edit::DocumentMut,
    table: &str,
    key: &str,
    value: &Value,
    width: Option<usize>,
) -> Option<()> {
    match file.get_mut(table) {
        None => set(file.as_table_mut(), table, &Value::Table(vec![(key.to_owned(), value.clone())]), width),
        Some(toml_edit::Item::Table(there)) => set(there, key, value, None),
        Some(item) => {
            let there = item.as_inline_table_mut()?;
            let value: toml_edit::Value = value.to_string().parse().ok()?;
            there.insert(key, value.decorated(" ", ""));
            there.fmt();
            Some(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(name: &str, text: &str) -> Incoming {
        Incoming { path: format!("in/{name}"), name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    /// Fills the records of texts that are so called; what the records are then, and what is told.
    fn run(name: &str, text: &str, texts: &[&str], wish: &Wish) -> (Vec<String>, Vec<String>) {
        let (table, problems) = read(&incoming(name, text), None).unwrap();
        let mut records: Vec<Record> = texts.iter().map(|_| Record::default()).collect();
        let mut targets: Vec<Target<'_>> = texts
            .iter()
            .zip(&mut records)
            .map(|(name, record)| Target { names: vec![(*name).to_owned()], record })
            .collect();
        let filled = fill(&table, &mut targets, wish).unwrap();
        let problems = problems.into_iter().chain(filled.problems);
        let told = problems.map(|it| {
            format!("{}:{} {} | {}", it.place.line, it.place.column, it.message, it.help.join("; "))
        });
        let told = told.chain(filled.said).collect();
        (records.iter().map(Record::write).collect(), told)
    }

    fn map(pairs: &[(&str, &str)]) -> Wish {
        let map = pairs.iter().map(|(column, key)| ((*column).to_owned(), (*key).to_owned())).collect();
        Wish { map, rest: true, overwrite: false }
    }

    #[test]
    fn a_row_finds_its_text_without_ending_and_capitals() {
        let text = "\"oa_id\",\"oa_date\",\"ordinary\",\"printer\"\r\n\"OA1\",\"1676-05-17\",\"S. Example\",\"A. Printer\"\r\n\"oa2\",\"1676-07-05\",\"S. Example; T. Example\",\"\"\r\n\"OA3\",\"1717/8\",\"P. Example\",\"\"\r\n";
        let wish = map(&[("oa_id", "file"), ("oa_date", "date"), ("ordinary", "author")]);
        let (records, told) = run("a.csv", text, &["OA1.txt", "x/OA2.TXT"], &wish);
        assert_eq!(
            records[0],
            "date   = 1676-05-17\nauthor = \"S. Example\"\nmeta   = { printer = \"A. Printer\" }\n"
        );
        assert_eq!(records[1], "date   = 1676-07-05\nauthor = [\"S. Example\", \"T. Example\"]\n");
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].starts_with("4:7 `date`: ") && told[0].ends_with("the cell was left out"),
            "{told:?}"
        );
        assert_eq!(
            told[1],
            "4:1 there is no text `OA3` | add the text, or take the row out; it was left out"
        );
    }

    #[test]
    fn rows_that_are_ragged_and_cells_that_are_wrong_are_told() {
        let text =
            "file;title;kind;lang\n\"a.txt\";\"A \"\"b\"\"; c\";Court account;en_GB\nb;B;x;en;more\nb\n\n";
        let (records, told) = run("a.csv", text, &["a", "b"], &Wish::default());
        assert_eq!(records, ["title = \"A \\\"b\\\"; c\"\n", ""]);
        assert_eq!(
            told,
            [
                "3:10 the row has 5 cells, the head 4 | put a cell that holds the dividing sign into quotation marks; the row was left out",
                "2:22 `kind`: `Court account` is not written in small letters, digits and `-` | write `court-account`; the cell was left out",
                "2:36 `lang`: `en_GB` is not a language | write a tag such as `en-GB`, `de` or `ar`; the cell was left out",
            ]
        );
    }

    #[test]
    fn the_column_of_files_is_found() {
        let (records, told) = run(
            "a.tsv",
            "Shelf\tScan\tYear\nI\tb.txt\t1676\nII\ta\t1677\n",
            &["a.txt", "b.txt"],
            &Wish::default(),
        );
        assert_eq!(records, ["", ""]);
        assert_eq!(
            told,
            [
                "column `Scan` of the table names the files",
                "columns without a key were left out: Shelf, Year (`--map COLUMN=KEY`, or `--rest meta`)"
            ]
        );
        let (table, _) = read(&incoming("a.csv", "a,b\n1,2\n"), None).unwrap();
        let why = fill(&table, &mut [], &Wish::default()).unwrap_err();
        assert_eq!(why.message, "no column says which text a row is about");
        let why = fill(&table, &mut [], &map(&[("c", "file")])).unwrap_err();
        assert_eq!(why.message, "the table has no column `c`");
        let why = fill(&table, &mut [], &map(&[("a", "files")])).unwrap_err();
        assert_eq!(why.message, "`files` is no key that a column can fill");
    }

    #[test]
    fn citations_are_read() {
        let json = r#"[{"id": "a", "type": "letter", "title": "To  her\n brother", "author": [{"family": "Pell", "given": "Anna"}, {"literal": "The Wardens"}], "issued": {"date-parts": [[1818, 3, 5]]}, "publisher-place": "Vienna", "language": "en", "URL": "https://e.org/a"},
            {"id": "b", "issued": {"date-parts": [[1818]]}, "abstract": "Short."}]"#;
        let (records, told) =
            run("a.json", json, &["a.txt", "b.txt"], &Wish { rest: true, ..Wish::default() });
        assert_eq!(
            records[0],
            "title  = \"To her brother\"\ndate   = 1818-03-05\nauthor = [\"Anna Pell\", \"The Wardens\"]\nplace  = \"Vienna\"\nlang   = \"en\"\nsource = { url = \"https://e.org/a\" }\nmeta   = { type = \"letter\" }\n"
        );
        assert_eq!(records[1], "date    = \"1818\"\nsummary = \"Short.\"\n");
        assert_eq!(told, Vec::<String>::new());

        let bib = "@letter{a,\n  author = {Pell, Anna and {The Wardens}},\n  title = {To her {Brother}},\n  date = {1818-03},\n  address = {Vienna},\n}\n@misc{b, year = 1820, note = {x}}\n";
        let (records, told) = run("a.bib", bib, &["a.txt", "b.txt"], &Wish { rest: true, ..Wish::default() });
        assert_eq!(
            records[0],
            "title  = \"To her Brother\"\ndate   = \"1818-03\"\nauthor = [\"Anna Pell\", \"The Wardens\"]\nplace  = \"Vienna\"\n"
        );
        assert_eq!(records[1], "date = \"1820\"\nmeta = { note = \"x\" }\n");
        assert_eq!(told, Vec::<String>::new());

        for (name, text) in
            [("a.json", "{"), ("a.json", "{\"a\": 1}"), ("a.bib", "@a{b, c = {"), ("a.csv", "")]
        {
            assert!(read(&incoming(name, text), None).is_err(), "{name} {text}");
        }
    }

    #[test]
    fn what_a_record_says_already_stays() {
        #[track_caller]
        fn check(text: &str, set: &[(&str, Value)], expected: &str) {
            let before = of_file(text).unwrap();
            let mut after = before.clone();
            set.iter().for_each(|(key, value)| after.set(key, value.clone()));
            assert_eq!(edit(text, &before, &after).unwrap(), expected);
        }
        check("title  = \"A\" # so\nlayout = \"lines\"\n", &[], "title  = \"A\" # so\nlayout = \"lines\"\n");
        check(
            "title  = \"A\" # so\nlayout = \"lines\"\n",
            &[("date", Value::Bare("1676-05-17".into())), ("title", "B".into()), ("meta.x", "1".into())],
            "title  = \"B\" # so\nlayout = \"lines\"\ndate   = 1676-05-17\nmeta   = { x = \"1\" }\n",
        );
        check(
            "title = \"A\"\nmeta = { file = \"a\" }\n\n[source]\nname = \"S\"\n",
            &[
                ("meta.x", "1".into()),
                (
                    "source",
                    Value::Table(vec![("name".into(), "S".into()), ("url".into(), "https://e.org".into())]),
                ),
            ],
            "title = \"A\"\nmeta = { file = \"a\", x = \"1\" }\n\n[source]\nname = \"S\"\nurl = \"https://e.org\"\n",
        );
    }
}
