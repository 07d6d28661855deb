//! Every kind of row with every key: it is shown, or refused at its row, and nothing else comes to harm.

use postil::compile::Options;
use postil_anchor::annotation::RowKind;

use super::made::{archive, make};

/// Keys of a row with the values that a person may write.
const KEYS: [(&str, &[&str]); 7] = [
    ("number", &["1", "\"1\"", "\"2 (b)\"", "\"\u{661}\"", "\"\"", "-1"]),
    ("to", &["7", "\"7\"", "[7, \"b\"]"]),
    ("level", &["2", "6"]),
    ("speaker", &["\"ada\"", "\"Mr. Poe\""]),
    ("role", &["\"Mayor\""]),
    ("refs", &["{ paragraph = 57 }", "{ page = \"3\" }"]),
    ("certainty", &["\"possible\""]),
];

/// Ways to say where a row is.
const PLACES: [&str; 4] =
    ["at = \"p2\"", "at = \"p2-p3\"", "quote = \"mayor\"", "at = \"p2\", starts = \"The mayor\""];

/// For each row, as the second of a text's: what is wrong, one a line, and the text's article.
fn made(rows: &[String]) -> Vec<(String, String)> {
    let person = "term = \"Ada\"\nkind = \"person\"\ndefinition = \"A mayor.\"\n";
    let mut files = vec![("annotations/glossary/ada.toml".to_owned(), person.to_owned())];
    let mut passages = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let text = "The board asked.\nThe mayor replied.\nAt length.\nWe recommend it.\n";
        files.push((format!("content/a{i}.txt"), text.to_owned()));
        let record = "title = \"A\"\ndate = 1850\nlayout = \"lines\"\n";
        files.push((format!("content/a{i}.toml"), record.to_owned()));
        let rows = format!(
            "structure = [\n  {{ at = \"p1\", kind = \"question\", number = 7 }},\n  {row},\n  \
             {{ at = \"p4\", kind = \"recommendation\", number = \"b\" }},\n]\n"
        );
        files.push((format!("annotations/a{i}/apparatus.toml"), rows));
        passages.push(format!("[[passage]]\ntext = \"a{i}\"\nquote = \"replied\"\n"));
    }
    for (i, some) in passages.chunks(500).enumerate() {
        files.push((format!("annotations/topics/t{i}.toml"), format!("title = \"T\"\n{}", some.concat())));
    }
    let made = make(archive(files), &Options::default());
    let article = |i: usize| {
        let page = made.files.get(&format!("texts/a{i}.html"));
        let page = page.map_or("", |bytes| std::str::from_utf8(bytes).unwrap());
        page.split_once("<article").map_or("", |(_, rest)| rest).to_owned()
    };
    let mut wrong = vec![String::new(); rows.len()];
    for line in made.said().lines().filter(|line| line.contains(": error")) {
        let row = line.strip_prefix("annotations/a").and_then(|rest| rest.split_once("/apparatus.toml:3:"));
        let (row, problem) = row.unwrap_or_else(|| panic!("not at a row: {line}"));
        wrong[row.parse::<usize>().unwrap()].push_str(&format!("{problem}\n"));
    }
    wrong.into_iter().enumerate().map(|(i, wrong)| (wrong, article(i))).collect()
}

/// Whether rows of the kind hold the key.
fn has(kind: RowKind, key: &str) -> bool {
    RowKind::with_key(key).is_none_or(|kinds| kinds.contains(&kind))
}

/// What rows of the kind cannot do without, if it is not the key at hand.
fn needed(kind: RowKind, key: &str) -> &'static str {
    match kind {
        RowKind::Time => ", time = \"1:09\"",
        RowKind::Page | RowKind::Footnote | RowKind::FootnoteMark if key != "number" => ", number = 3",
        _ => "",
    }
}

/// Whether rows of the kind may stand there: forms are of whole blocks.
fn takes(kind: RowKind, place: &str) -> bool {
    kind.form().is_none() || !place.starts_with("quote")
}

#[test]
fn every_kind_takes_a_key_or_refuses_it_at_its_row() {
    let mut rows = Vec::new();
    let mut refused = Vec::new();
    for (kind, name) in RowKind::ALL {
        for (key, values) in KEYS {
            let all = values.iter().flat_map(|value| PLACES.map(|place| (value, place)));
            for (value, place) in all.filter(|(_, place)| takes(kind, place)) {
                let needed = needed(kind, key);
                rows.push(format!("{{ {place}, kind = \"{name}\", {key} = {value}{needed} }}"));
                let unread = (kind == RowKind::Page && *key == *"number" && **value == *"\"\"")
                    .then(|| "is not a number of a page".to_owned());
                let message = format!("a row of kind `{name}` has no `{key}`");
                refused.push((!has(kind, key)).then_some(message).or(unread));
            }
        }
    }
    for ((row, refused), (problems, article)) in rows.iter().zip(refused).zip(made(&rows)) {
        assert_eq!(refused.is_some(), !problems.is_empty(), "{row}: {problems}");
        for line in problems.lines() {
            assert!(line.contains(refused.as_ref().unwrap()), "{row}: {line}");
        }
        // The words stay, whatever is wrong with the row.
        assert!(article.contains("At length."), "{row}");
    }
}

#[test]
fn all_that_a_kind_takes_goes_together() {
    let row = |(kind, name): (RowKind, &str), place: &str| {
        let keys = KEYS.iter().filter(|(key, _)| has(kind, key));
        let keys: String = keys.map(|(key, values)| format!(", {key} = {}", values[0])).collect();
        let needed = needed(kind, "number");
        format!("{{ {place}, kind = \"{name}\"{keys}{needed} }}")
    };
    let all = RowKind::ALL.iter().flat_map(|kind| PLACES.map(|place| (*kind, place)));
    let all = all.filter(|(kind, place)| takes(kind.0, place));
    let rows: Vec<String> = all.map(|(kind, place)| row(kind, place)).collect();
    for (row, (problems, _)) in rows.iter().zip(made(&rows)) {
        assert_eq!(problems, "", "{row}");
    }
}

#[test]
fn a_number_is_shown_above_what_has_one() {
    let expected = [
        ("kind = \"question\", number = 1", "Question 1"),
        ("kind = \"answer\", number = 1", "Answer 1"),
        ("kind = \"answer\", to = 7", "Answer to question 7"),
        ("kind = \"answer\", number = \"1a\", to = [7, \"b\"]", "Answer 1a, Answer to questions 7, b"),
        ("kind = \"response\", number = 1", "Response 1"),
        ("kind = \"recommendation\", number = 1", "Recommendation 1"),
        ("kind = \"speech\", number = 1", "Speech 1"),
        ("kind = \"narrative\", number = 1", "Narrative 1"),
        ("kind = \"answer\"", "Answer"),
    ];
    let rows: Vec<String> = expected.iter().map(|(row, _)| format!("{{ at = \"p2\", {row} }}")).collect();
    for ((row, label), (problems, article)) in expected.iter().zip(made(&rows)) {
        assert_eq!(problems, "", "{row}");
        let shown = article.split("class=\"lab\"").nth(2).and_then(|rest| rest.split_once("</"));
        assert_eq!(shown.unwrap().0.rsplit_once('>').unwrap().1, *label, "{row}");
    }
}
