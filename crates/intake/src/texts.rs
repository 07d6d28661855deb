//! Tables whose rows are texts: CSV, TSV, JSON, JSON Lines.

use std::collections::BTreeMap;

use crate::draft::{Draft, Incoming, Original};
use crate::plain;
use crate::records::{self, Table};
use postil_anchor::document::record::Layout;
use postil_archive::archive::{Format, name};
use postil_archive::diagnostic::{Code, Diagnostic};

/// Names of columns that hold the words.
const WORDS: [&str; 9] =
    ["words", "text", "content", "body", "paragraphs", "lines", "full_text", "fulltext", "transcription"];
/// Keys of a record that a column of this name fills.
const KEYS: [&str; 12] = [
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
];

/// Whether a table is one of texts: it has words.
pub fn is_table(columns: &[String]) -> bool {
    columns.iter().any(|column| WORDS.iter().any(|name| column.trim().eq_ignore_ascii_case(name)))
}

/// Makes a text of each row.
///
/// # Errors
/// The file is not what its ending says, has no words, or a cell is refused: all that is wrong.
pub fn drafts(
    incoming: &Incoming,
    source: usize,
    encoding: Option<&str>,
    map: &[(String, String)],
    layout: Option<Layout>,
) -> Result<(Vec<Draft>, Vec<String>), Vec<Diagnostic>> {
    let table = records::read_rows(incoming, encoding).map_err(|problem| vec![*problem])?;
    let Some(words) = table.named("words", &WORDS, map) else {
        let problem = Diagnostic::error(
            Code::BAD_SOURCE,
            table.start(),
            "no column of the table holds the words of the texts",
        );
        return Err(vec![problem.help(format!(
            "name it by `--map COLUMN=words`; the columns are {}",
            table.columns.join(", ")
        ))]);
    };
    let keys = keys(&table, words, map);
    let id = table.named("id", &["id", "identifier", "slug", "file"], map);
    let titles = titles(&table, &keys);
    let stem = name::proposed(&incoming.name);
    let ending = incoming.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let media_type = match ending.as_str() {
        "json" => "application/json",
        "jsonl" | "ndjson" => "application/x-ndjson",
        "tsv" => "text/tab-separated-values",
        _ => "text/csv",
    };
    let mut drafts = Vec::new();
    let mut problems = Vec::new();
    for (number, (place, cells)) in table.rows().enumerate() {
        let cell =
            |column: usize| cells.iter().find(|(known, _)| *known == column).map(|(_, words)| words.trim());
        let Some(text) = cell(words).filter(|words| !words.is_empty()) else { continue };
        let mut draft = Draft { called: String::new(), ..Draft::of(incoming, source, Format::Plain) };
        for (column, key) in &keys {
            let Some(said) = cell(*column).filter(|said| !said.is_empty()) else { continue };
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            match records::value(key, &said) {
                Ok(value) => draft.record.set(key, value),
                Err((why, help)) => {
                    let problem =
                        Diagnostic::error(Code::RECORDS_ROW, place.clone(), format!("`{key}`: {why}"));
                    problems.push(if help.is_empty() { problem } else { problem.help(help) });
                }
            }
        }
        // By its id, or its title, or its number where titles repeat.
        let title = draft
            .record
            .text("title")
            .filter(|title| titles.get(*title) == Some(&1))
            .and_then(name::some_slug);
        let own =
            id.and_then(cell).and_then(name::some_slug).or(title).unwrap_or_else(|| (number + 1).to_string());
        draft.name = format!("{stem}/{own}");
        // Line ends are those of a text; nothing else of the cell changes.
        let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
        plain::say_layout(&mut draft, &text, layout);
        draft.bytes = text.into_bytes();
        draft.originals = vec![Original { source, media_type, part: Some(format!("row {}", number + 1)) }];
        drafts.push(draft);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let unread: Vec<&str> = (0..table.columns.len())
        .filter(|column| {
            *column != words && Some(*column) != id && !keys.iter().any(|(known, _)| known == column)
        })
        .map(|column| table.columns[column].as_str())
        .collect();
    let mut said = Vec::new();
    if !unread.is_empty() {
        said.push(format!(
            "`{}`: left out, since no key is named for them: {} (`--map COLUMN=KEY`)",
            incoming.path,
            unread.join(", ")
        ));
    }
    Ok((drafts, said))
}

/// Which columns fill which keys.
fn keys(table: &Table, words: usize, map: &[(String, String)]) -> Vec<(usize, String)> {
    let mut keys = Vec::new();
    for (column, name) in table.columns.iter().enumerate().filter(|(column, _)| *column != words) {
        let mapped =
            map.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, key)| key.clone());
        let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
        let known = KEYS
            .iter()
            .find(|key| **key == plain)
            .map(|key| (*key).to_owned())
            .or((plain == "language").then(|| "lang".to_owned()));
        if let Some(key) = mapped.or(known).filter(|key| !matches!(key.as_str(), "words" | "id" | "file")) {
            keys.push((column, key));
        }
    }
    keys
}

/// How often each title stands in the table.
fn titles(table: &Table, keys: &[(usize, String)]) -> BTreeMap<String, usize> {
    let mut titles = BTreeMap::new();
    let Some((column, _)) = keys.iter().find(|(_, key)| key == "title") else { return titles };
    for (_, cells) in table.rows() {
        if let Some((_, title)) = cells.iter().find(|(known, _)| known == column) {
            *titles.entry(title.split_whitespace().collect::<Vec<_>>().join(" ")).or_default() += 1;
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts with name, words and record; and what is said.
    type Made = (Vec<(String, String, String)>, Vec<String>);

    fn run(name: &str, text: &str) -> Result<Made, Vec<String>> {
        let incoming =
            Incoming { path: format!("in/{name}"), name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let made = drafts(&incoming, 0, None, &[], None);
        let one = |draft: &Draft| {
            (draft.name.clone(), String::from_utf8(draft.bytes.clone()).unwrap(), draft.record.write())
        };
        made.map(|(drafts, said)| (drafts.iter().map(one).collect(), said)).map_err(|problems| {
            problems
                .iter()
                .map(|it| format!("{}:{} {}", it.place.line, it.place.column, it.message))
                .collect()
        })
    }

    #[test]
    fn each_row_is_a_text() {
        let json = r#"[{"title": "春曉", "author": "孟浩然", "paragraphs": ["春眠不覺曉，", "處處聞啼鳥。"], "notes": ["x"]},
            {"title": "無題", "paragraphs": ["一。"]}, {"title": "無題", "paragraphs": ["二。"]}, {"title": "空", "paragraphs": []}]"#;
        let (texts, said) = run("tang.json", json).unwrap();
        assert_eq!(texts[0].0, "tang/chun-xiao");
        assert_eq!(texts[0].1, "春眠不覺曉，\n處處聞啼鳥。\n");
        assert_eq!(texts[0].2, "title  = \"春曉\"\nauthor = \"孟浩然\"\nlayout = \"lines\"\n");
        assert_eq!((texts[1].0.as_str(), texts[2].0.as_str(), texts.len()), ("tang/2", "tang/3", 3));
        assert_eq!(
            said,
            ["`in/tang.json`: left out, since no key is named for them: notes (`--map COLUMN=KEY`)"]
        );

        let (texts, _) = run("a.csv", "id,text,date\nx 1,\"One.\r\n\r\nTwo.\",1676-05-17\n").unwrap();
        assert_eq!((texts[0].0.as_str(), texts[0].1.as_str()), ("a/x-1", "One.\n\nTwo.\n"));
        assert!(texts[0].2.starts_with("date   = 1676-05-17\n"));
        assert_eq!(run("a.csv", "text,date\nOne.,soon\n").unwrap_err().len(), 1);
        assert_eq!(
            run("a.csv", "a,b\n1,2\n").unwrap_err(),
            ["1:1 no column of the table holds the words of the texts"]
        );
        assert_eq!(run("a.json", "[1]").unwrap_err(), ["1:2 item 1 of the list is no object"]);
    }
}
