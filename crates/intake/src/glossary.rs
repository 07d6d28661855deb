//! Glossaries: CSV, TSV, JSON, YAML, a Markdown table, SKOS in Turtle or JSON-LD.

use std::collections::{BTreeMap, BTreeSet};

use oxttl::TurtleParser;
use serde_json::Value as Json;

use crate::decode;
use crate::draft::Incoming;
use crate::kind;
use crate::records::{self, Table};
use postil_archive::diagnostic::{Code, Diagnostic, Place, Source};
use postil_archive::sidecar::date::Date;

/// What a glossary says of a term in one sense.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The term as shown.
    pub term: String,
    /// Other forms.
    pub forms: Vec<String>,
    /// Body, law, concept; if it says so.
    pub kind: Option<String>,
    /// What it is.
    pub definition: String,
    /// What it is called in this sense, if it has several.
    pub name: Option<String>,
    /// From when it means this, and until when.
    pub period: (Option<String>, Option<String>),
    /// Related terms, as the glossary names them.
    pub see: Vec<String>,
    /// Line in the file, from 1.
    pub line: u32,
}

/// What a glossary holds.
#[derive(Debug, Default)]
pub struct Glossary {
    /// Its terms, in its order.
    pub entries: Vec<Entry>,
    /// Rows that are left out, and why.
    pub problems: Vec<Diagnostic>,
    /// Terms that have no name or definition in the language.
    pub other_language: Vec<String>,
    /// What a person should know.
    pub said: Vec<String>,
}

const TERM: [&str; 9] = ["term", "name", "headword", "entry", "word", "label", "title", "preflabel", "lemma"];
const DEFINITION: [&str; 8] =
    ["definition", "description", "gloss", "meaning", "explanation", "text", "def", "scopenote"];
const KIND: [&str; 3] = ["kind", "type", "category"];
const FORMS: [&str; 10] = [
    "forms",
    "synonyms",
    "synonym",
    "aliases",
    "alias",
    "variants",
    "altlabel",
    "abbreviation",
    "acronym",
    "abbr",
];
const SEE: [&str; 6] = ["see", "ref", "related", "see_also", "seealso", "see also"];
const LANGUAGE: [&str; 3] = ["lang", "language", "locale"];

/// Reads a glossary; `language` says whose terms and definitions are taken of several.
///
/// # Errors
/// It is not what its ending says, or nothing in it is a term.
pub fn read(
    incoming: &Incoming,
    encoding: Option<&str>,
    map: &[(String, String)],
    language: &str,
) -> Result<Glossary, Box<Diagnostic>> {
    match kind::ending(&incoming.name).as_str() {
        "ttl" | "nt" => turtle(incoming, encoding, language),
        "jsonld" => linked(incoming, encoding, language),
        "md" | "markdown" => of_table(&markdown(incoming, encoding)?, Vec::new(), map, language),
        "json" if is_linked(&incoming.bytes) => linked(incoming, encoding, language),
        "json" | "jsonl" | "ndjson" | "yaml" | "yml" => {
            of_table(&records::read_rows(incoming, encoding)?, Vec::new(), map, language)
        }
        _ => {
            let (table, problems) = records::read(incoming, encoding)?;
            of_table(&table, problems, map, language)
        }
    }
}

fn bad(incoming: &Incoming, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::BAD_SOURCE, Place::file(incoming.path.as_str()), message))
}

/// The terms of a table.
fn of_table(
    table: &Table,
    problems: Vec<Diagnostic>,
    map: &[(String, String)],
    language: &str,
) -> Result<Glossary, Box<Diagnostic>> {
    let primary = language.split('-').next().unwrap_or(language);
    // Of several languages side by side: `term_en`, `term@en`, `term (en)`.
    let in_language = |names: &[&str]| {
        let is = |column: &str, name: &str, tag: &str| {
            let column = column.trim().to_lowercase();
            [
                format!("{name}_{tag}"),
                format!("{name}@{tag}"),
                format!("{name} ({tag})"),
                format!("{name}-{tag}"),
                format!("{name}.{tag}"),
            ]
            .contains(&column)
        };
        names.iter().find_map(|name| {
            let found =
                |tag: &str| table.columns.iter().position(|column| is(column, name, &tag.to_lowercase()));
            found(language).or_else(|| found(primary))
        })
    };
    let column = |key: &str, names: &[&str]| in_language(names).or_else(|| table.named(key, names, map));
    let [term, definition] = [column("term", &TERM), column("definition", &DEFINITION)];
    let (Some(term), Some(definition)) = (term, definition) else {
        let missing = if term.is_none() { "term" } else { "definition" };
        let problem = Diagnostic::error(
            Code::BAD_SOURCE,
            table.start(),
            format!("no column of the glossary holds the {missing}"),
        );
        return Err(Box::new(problem.help(format!(
            "name it by `--map COLUMN={missing}`; the columns are {}",
            table.columns.join(", ")
        ))));
    };
    let [kind, see, lang] = [column("kind", &KIND), column("see", &SEE), table.named("lang", &LANGUAGE, map)];
    let forms: Vec<usize> = (0..table.columns.len())
        .filter(|&column| column != term && column != definition)
        .filter(|&column| {
            let name = table.columns[column].trim().to_lowercase();
            let mapped = map.iter().any(|(known, key)| known.eq_ignore_ascii_case(&name) && key == "forms");
            mapped || FORMS.contains(&name.as_str())
        })
        .collect();
    let mut glossary = Glossary { problems, ..Glossary::default() };
    let used = [Some(term), Some(definition), kind, see, lang];
    let unread: Vec<&str> = (0..table.columns.len())
        .filter(|column| !used.contains(&Some(*column)) && !forms.contains(column))
        .map(|column| table.columns[column].as_str())
        .collect();
    if !unread.is_empty() {
        glossary.said.push(format!("columns left out: {} (`--map COLUMN=KEY`)", unread.join(", ")));
    }
    for (place, cells) in table.rows() {
        let cell = |column: Option<usize>| {
            let column = column?;
            let words = cells.iter().find(|(known, _)| *known == column).map(|(_, words)| *words)?;
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            (!words.is_empty()).then_some(words)
        };
        let names = |column: usize| -> Vec<String> {
            let words =
                cells.iter().find(|(known, _)| *known == column).map(|(_, words)| *words).unwrap_or_default();
            let parts = words.split([';', '\n', '|']).map(str::trim).filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        let other = cell(lang).is_some_and(|tag| {
            let tag = tag.to_lowercase();
            tag != language.to_lowercase() && tag.split(['-', '_']).next() != Some(&primary.to_lowercase())
        });
        match (cell(Some(term)), cell(Some(definition))) {
            (Some(name), _) if other => glossary.other_language.push(name),
            (Some(name), Some(definition)) => glossary.entries.push(Entry {
                term: name,
                forms: forms.iter().flat_map(|&column| names(column)).collect(),
                kind: cell(kind),
                definition,
                see: see.map(names).unwrap_or_default(),
                line: place.line,
                ..Entry::default()
            }),
            (Some(name), None) => {
                let problem =
                    Diagnostic::error(Code::RECORDS_ROW, place, format!("`{name}` has no definition"));
                glossary.problems.push(problem.help("a term says what it is; the row was left out"));
            }
            (None, _) => {
                let problem = Diagnostic::error(Code::RECORDS_ROW, place, "the row names no term");
                glossary.problems.push(problem.help("it was left out"));
            }
        }
    }
    Ok(glossary)
}

/// The first table of a Markdown file.
fn markdown(incoming: &Incoming, encoding: Option<&str>) -> Result<Table, Box<Diagnostic>> {
    let decoded = decode::decode(incoming, None, encoding)?;
    let is_rule = |line: &str| {
        let line = line.trim();
        line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
    };
    let lines: Vec<&str> = decoded.text.lines().collect();
    let rule = lines.windows(2).position(|pair| pair[0].contains('|') && is_rule(pair[1]));
    let Some(head) = rule else {
        return Err(Box::new(
            bad(incoming, "it holds no table")
                .help("a table has a head, a line of `| --- | --- |`, and rows"),
        ));
    };
    // As a table of tabs, on the same lines.
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let is_row = number == head || number > head + 1 && line.contains('|');
        if is_row {
            text.push_str(&cells(line).join("\t"));
        } else if number > head + 1 {
            break;
        }
        if number >= head && number != head + 1 {
            text.push('\n');
        }
    }
    let table =
        Incoming { path: incoming.path.clone(), name: "table.tsv".to_owned(), bytes: text.into_bytes() };
    records::read_rows(&table, None)
}

/// The cells of a line of a Markdown table.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                cells.last_mut().expect("there is one").extend(chars.next())
            }
            '|' => cells.push(String::new()),
            '\t' => cells.last_mut().expect("there is one").push(' '),
            c => cells.last_mut().expect("there is one").push(c),
        }
    }
    cells
        .iter()
        .map(|cell| cell.trim().replace('"', "\"\""))
        .map(|cell| if cell.contains('"') { format!("\"{cell}\"") } else { cell })
        .collect()
}

/// What is said of a concept, by the language of each word.
#[derive(Debug, Default)]
struct Concept {
    names: Vec<(String, Option<String>)>,
    forms: Vec<(String, Option<String>)>,
    definitions: Vec<(String, Option<String>)>,
    related: Vec<String>,
    broader: Vec<String>,
    kind: Option<String>,
    period: Option<String>,
}

const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
/// What Dublin Core says of a concept: its kind, and its time.
const DUBLIN_CORE: &str = "http://purl.org/dc/terms/";
/// Where a vocabulary lies whose addresses are seen from its file: the address is no part of what is taken.
const HERE: &str = "file:///data/";

/// SKOS in Turtle.
fn turtle(incoming: &Incoming, encoding: Option<&str>, language: &str) -> Result<Glossary, Box<Diagnostic>> {
    let decoded = decode::decode(incoming, None, encoding)?;
    let source = Source::new(incoming.path.as_str(), decoded.text);
    let mut order = Vec::new();
    let mut concepts: BTreeMap<String, Concept> = BTreeMap::new();
    let parser = TurtleParser::new().with_base_iri(HERE).unwrap_or_default();
    for triple in parser.for_slice(source.text.as_bytes()) {
        let triple = triple.map_err(|error| {
            let at = usize::try_from(error.location().start.offset).unwrap_or(0);
            Box::new(Diagnostic::error(
                Code::BAD_SOURCE,
                source.place(at..at),
                format!("this is no Turtle: {}", error.message()),
            ))
        })?;
        let predicate = triple.predicate.as_str();
        let dublin_core =
            || predicate.strip_prefix(DUBLIN_CORE).filter(|key| matches!(*key, "type" | "temporal"));
        let Some(key) = predicate.strip_prefix(SKOS).or_else(dublin_core) else { continue };
        let subject = triple.subject.to_string();
        if !concepts.contains_key(&subject) {
            order.push(subject.clone());
        }
        let concept = concepts.entry(subject).or_default();
        let (words, lang) = match &triple.object {
            oxrdf::Term::Literal(literal) => {
                (literal.value().to_owned(), literal.language().map(str::to_owned))
            }
            other => (other.to_string(), None),
        };
        said(concept, key, words, lang);
    }
    of_concepts(
        incoming,
        &source,
        order
            .into_iter()
            .map(|id| {
                let concept = concepts.remove(&id).unwrap_or_default();
                (id, concept)
            })
            .collect(),
        language,
    )
}

fn said(concept: &mut Concept, key: &str, words: String, lang: Option<String>) {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match key {
        "prefLabel" => concept.names.push((words, lang)),
        "altLabel" | "hiddenLabel" => concept.forms.push((words, lang)),
        "definition" => concept.definitions.insert(0, (words, lang)),
        "scopeNote" | "note" => concept.definitions.push((words, lang)),
        "broader" => {
            concept.broader.push(words.clone());
            concept.related.push(words);
        }
        "related" | "narrower" => concept.related.push(words),
        "type" if !words.contains([':', '<']) => concept.kind = Some(words),
        "temporal" => concept.period = Some(words),
        _ => {}
    }
}

/// Whether JSON is linked data with concepts.
fn is_linked(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(1 << 20)]);
    text.contains("prefLabel")
        && (text.contains("@graph") || text.contains("@context") || text.contains("@id"))
}

/// SKOS in JSON-LD, as it is usually written: short keys, keys with `skos:`, or whole addresses.
fn linked(incoming: &Incoming, encoding: Option<&str>, language: &str) -> Result<Glossary, Box<Diagnostic>> {
    let decoded = decode::decode(incoming, None, encoding)?;
    let source = Source::new(incoming.path.as_str(), decoded.text);
    let json: Json = serde_json::from_str(&source.text).map_err(|error| {
        let line = source.line_starts().get(error.line().saturating_sub(1)).copied().unwrap_or(0);
        let at = line + error.column().saturating_sub(1);
        Box::new(Diagnostic::error(
            Code::BAD_SOURCE,
            source.place(at..at),
            format!("it is not JSON: {error}"),
        ))
    })?;
    let mut concepts = Vec::new();
    gather(&json, 0, &mut concepts);
    of_concepts(incoming, &source, concepts, language)
}

fn gather(json: &Json, depth: usize, concepts: &mut Vec<(String, Concept)>) {
    match json {
        Json::Array(list) if depth < 16 => list.iter().for_each(|one| gather(one, depth + 1, concepts)),
        Json::Object(object) if depth < 16 => {
            let mut concept = Concept::default();
            for (key, value) in object {
                let key = key.strip_prefix(SKOS).or_else(|| key.strip_prefix("skos:")).unwrap_or(key);
                for (words, lang) in values(value) {
                    said(&mut concept, key, words, lang);
                }
            }
            let id = object.get("@id").or(object.get("id")).and_then(Json::as_str).unwrap_or_default();
            if !concept.names.is_empty() {
                concepts.push((id.to_owned(), concept));
            }
            for (_, value) in object.iter().filter(|(key, _)| {
                matches!(key.as_str(), "@graph" | "@included" | "hasTopConcept" | "concepts")
            }) {
                gather(value, depth + 1, concepts);
            }
        }
        _ => {}
    }
}

/// Words with their language.
fn values(value: &Json) -> Vec<(String, Option<String>)> {
    match value {
        Json::String(words) => vec![(words.clone(), None)],
        Json::Array(list) => list.iter().flat_map(values).collect(),
        Json::Object(object) => match (object.get("@value"), object.get("@id")) {
            (Some(words), _) => {
                let lang = object.get("@language").and_then(Json::as_str).map(str::to_owned);
                vec![(words.as_str().unwrap_or_default().to_owned(), lang)]
            }
            (None, Some(id)) => vec![(id.as_str().unwrap_or_default().to_owned(), None)],
            // By language: `{ "en": "Lamp" }`.
            (None, None) => object
                .iter()
                .flat_map(|(lang, words)| {
                    values(words).into_iter().map(move |(words, _)| (words, Some(lang.clone())))
                })
                .collect(),
        },
        _ => Vec::new(),
    }
}

/// Concepts as terms of one language.
fn of_concepts(
    incoming: &Incoming,
    source: &Source,
    concepts: Vec<(String, Concept)>,
    language: &str,
) -> Result<Glossary, Box<Diagnostic>> {
    let primary = language.split('-').next().unwrap_or(language).to_lowercase();
    let is_wanted = |lang: &Option<String>| {
        lang.as_ref().is_none_or(|lang| lang.to_lowercase().split(['-', '_']).next() == Some(&primary))
    };
    let of_language = |words: &[(String, Option<String>)]| {
        let said = |words: &[(String, Option<String>)], all: bool| {
            words
                .iter()
                .filter(|(words, lang)| !words.is_empty() && is_wanted(lang) && (all || lang.is_some()))
                .map(|(words, _)| words.clone())
                .collect::<Vec<_>>()
        };
        // What says its language is nearer than what says none.
        let sure = said(words, false);
        if sure.is_empty() { said(words, true) } else { sure }
    };
    let names: BTreeMap<&str, String> = concepts
        .iter()
        .filter_map(|(id, concept)| Some((id.as_str(), of_language(&concept.names).into_iter().next()?)))
        .collect();
    let mut glossary = Glossary::default();
    let by_id: BTreeMap<&str, &Concept> =
        concepts.iter().map(|(id, concept)| (id.as_str(), concept)).collect();
    // A concept whose broader one is not defined is a sense of that: so an archive takes its terms out.
    let term_of = |concept: &Concept| {
        let [broader] = &concept.broader[..] else { return None };
        let broader = *by_id.get(broader.as_str())?;
        let is_term = broader.definitions.is_empty() && broader.kind.is_some() && broader.broader.is_empty();
        is_term.then_some(broader)
    };
    let are_terms: BTreeSet<*const Concept> =
        concepts.iter().filter_map(|(_, concept)| term_of(concept)).map(std::ptr::from_ref).collect();
    for (_, concept) in &concepts {
        if concept.names.is_empty() || are_terms.contains(&std::ptr::from_ref(concept)) {
            continue;
        }
        let whole = term_of(concept);
        let definition = of_language(&concept.definitions).into_iter().next();
        let (Some(term), Some(definition)) = (of_language(&concept.names).into_iter().next(), definition)
        else {
            glossary.other_language.push(concept.names[0].0.clone());
            continue;
        };
        let of = whole.unwrap_or(concept);
        let name = whole.map(|_| term.clone());
        let term = whole.and_then(|whole| of_language(&whole.names).into_iter().next()).unwrap_or(term);
        let see = of.related.iter().filter_map(|id| {
            names.get(id.as_str()).or_else(|| names.get(id.trim_matches(['<', '>']))).cloned()
        });
        // A concept is where its name first stands.
        let at = source.text.find(&format!("\"{term}\"")).unwrap_or(0);
        let line = source.place(at..at).line;
        glossary.entries.push(Entry {
            forms: of_language(&of.forms),
            kind: of.kind.clone(),
            definition,
            name: name.filter(|name| *name != term),
            period: concept.period.as_deref().map(period).unwrap_or_default(),
            term,
            see: see.collect(),
            line,
        });
    }
    if glossary.entries.is_empty() && glossary.other_language.is_empty() {
        return Err(bad(incoming, "it holds no concept of SKOS: nothing has a `prefLabel`"));
    }
    Ok(glossary)
}

/// From when until when, of `from/until`; `..` is open.
fn period(words: &str) -> (Option<String>, Option<String>) {
    let end = |words: &str| Date::parse(words).is_ok().then(|| words.to_owned());
    words.split_once('/').map(|(from, until)| (end(from), end(until))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Terms, those of other languages, and what is told.
    type Found = (Vec<Entry>, Vec<String>, Vec<String>);

    fn run(name: &str, text: &str) -> Result<Found, String> {
        let incoming =
            Incoming { path: format!("in/{name}"), name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let read = read(&incoming, None, &[], "en-GB");
        read.map(|glossary| {
            let told = glossary
                .problems
                .iter()
                .map(|it| format!("{}: {}", it.place.line, it.message))
                .chain(glossary.said);
            (glossary.entries, glossary.other_language, told.collect())
        })
        .map_err(|problem| format!("{}: {}", problem.place.line, problem.message))
    }

    fn short(entries: &[Entry]) -> Vec<String> {
        entries
            .iter()
            .map(|it| {
                format!(
                    "{} ({}) [{}]: {} -> {}",
                    it.term,
                    it.forms.join(","),
                    it.kind.clone().unwrap_or_default(),
                    it.definition,
                    it.see.join(",")
                )
            })
            .collect()
    }

    #[test]
    fn glossaries_of_each_kind() {
        let csv = "Term,Definition,Acronym,Type,Ref,Page\nTide gauge,\"A gauge, for tides.\",TG,tool,Lamp; Oil,3\nLamp,Gives light.,,,,\nOil\n,Nothing.,,,,\nTar,a,b,c,d,e,f\n";
        let (entries, _, told) = run("a.csv", csv).unwrap();
        assert_eq!(
            short(&entries),
            ["Tide gauge (TG) [tool]: A gauge, for tides. -> Lamp,Oil", "Lamp () []: Gives light. -> "]
        );
        assert_eq!(
            told,
            [
                "6: the row has 7 cells, the head 6",
                "4: `Oil` has no definition",
                "5: the row names no term",
                "columns left out: Page (`--map COLUMN=KEY`)"
            ]
        );

        let (entries, other, _) =
            run("a.csv", "term,definition,lang\nLamp,Gives light.,en\nLampe,Leuchtet.,de\n").unwrap();
        assert_eq!((entries.len(), other), (1, vec!["Lampe".to_owned()]));
        let (entries, ..) =
            run("a.csv", "term_de,term_en,definition_de,definition_en\nLampe,Lamp,Leuchtet.,Gives light.\n")
                .unwrap();
        assert_eq!(short(&entries), ["Lamp () []: Gives light. -> "]);
        let (entries, ..) = run("a.json", "[{\"term\": \"Lamp\", \"definition\": \"Gives light.\", \"synonyms\": [\"Light\", \"Lantern\"]}]").unwrap();
        assert_eq!(short(&entries), ["Lamp (Light,Lantern) []: Gives light. -> "]);
        let yaml = "terms:\n  - term: Lamp\n    definition: Gives\n      light.\n    synonyms: [Light, Lantern]\n  - term: Oil\n    definition: Burns.\n";
        let (entries, ..) = run("a.yaml", yaml).unwrap();
        assert_eq!(short(&entries), ["Lamp (Light,Lantern) []: Gives light. -> ", "Oil () []: Burns. -> "]);
        assert_eq!(entries[1].line, 6);
        let (entries, ..) =
            run("a.yml", "Lamp: Gives light.\nOil:\n  definition: Burns.\n  see: Lamp\n").unwrap();
        assert_eq!(short(&entries), ["Lamp () []: Gives light. -> ", "Oil () []: Burns. -> Lamp"]);
        assert_eq!(
            run("a.yaml", "- a\n- b\n").unwrap_err(),
            "1: an item of the list is no table of keys and values"
        );
        assert!(run("a.yaml", "a: [").unwrap_err().contains("it is not YAML"));
        let (entries, ..) = run(
            "a.md",
            "# Words\n\n| Term | Definition |\n|:--|--|\n| Lamp | Gives \"light\" \\| heat. |\n\nEnd.\n",
        )
        .unwrap();
        assert_eq!(short(&entries), ["Lamp () []: Gives \"light\" | heat. -> "]);

        let ttl = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<#lamp> a skos:Concept ; skos:prefLabel \"Lamp\"@en, \"Lampe\"@de ; skos:altLabel \"Light\"@en ; skos:definition \"Gives light.\"@en ; skos:related <#oil> .\n<#oil> skos:prefLabel \"Oil\"@en ; skos:scopeNote \"Burns.\" .\n<#teer> skos:prefLabel \"Teer\"@de ; skos:definition \"Klebt.\"@de .\n";
        let base = ttl.replace("<#", "<http://e.org/#");
        let (entries, other, _) = run("a.ttl", &base).unwrap();
        assert_eq!(short(&entries), ["Lamp (Light) []: Gives light. -> Oil", "Oil () []: Burns. -> "]);
        assert_eq!((entries[0].line, entries[1].line), (2, 3));
        assert_eq!(other, ["Teer"]);
        let json = r#"{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#"}, "@graph": [{"@id": "l", "skos:prefLabel": {"@value": "Lamp", "@language": "en"}, "skos:definition": {"en": "Gives light."}, "skos:related": {"@id": "o"}}, {"@id": "o", "skos:prefLabel": "Oil", "skos:definition": "Burns."}]}"#;
        let (entries, ..) = run("a.jsonld", json).unwrap();
        assert_eq!(short(&entries), ["Lamp () []: Gives light. -> Oil", "Oil () []: Burns. -> "]);

        assert_eq!(run("a.csv", "a,b\n1,2\n").unwrap_err(), "1: no column of the glossary holds the term");
        assert_eq!(run("a.md", "words").unwrap_err(), "1: it holds no table");
        assert!(run("a.ttl", "<a").unwrap_err().starts_with("1: this is no Turtle"));
        assert!(run("a.jsonld", "{").unwrap_err().starts_with("1: it is not JSON"));
        assert!(run("a.jsonld", "{}").is_err());
    }
}
