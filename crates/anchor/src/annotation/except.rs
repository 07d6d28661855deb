//! Derived rows that an editor takes out: `except` at the top of a text's own apparatus.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::Spanned;

use super::{Apparatus, Level, Located, TermRowOn};
use postil_archive::diagnostic::{Code, Diagnostic, Span};

/// Keys and values of the rows that are taken out.
pub(super) type Entry = Located<BTreeMap<String, Value>>;

/// Takes out of the derived rows of each text those that its own apparatus names.
///
/// The apparatuses are sorted by text and level.
pub(super) fn apply(apparatuses: &mut [Apparatus], problems: &mut Vec<Diagnostic>) {
    for of_text in apparatuses.chunk_by_mut(|a, b| a.text == b.text) {
        let (derived, own) = of_text.split_at_mut(of_text.partition_point(|file| file.level < Level::Own));
        for apparatus in own {
            for entry in &apparatus.except {
                let mut met = false;
                for file in derived.iter_mut().filter(|file| file.level == Level::Derived) {
                    met |= take_out(file, &entry.value);
                }
                if !met {
                    let place = apparatus.source.place(entry.span);
                    let problem = Diagnostic::warning(
                        Code::EXCEPT_UNUSED,
                        place,
                        "no derived row has these keys and values",
                    );
                    problems.push(problem.help(
                        "the rows stand in `derived.toml` of the text: repeat what they say, or take the entry out",
                    ));
                }
            }
        }
    }
}

fn take_out(derived: &mut Apparatus, entry: &BTreeMap<String, Value>) -> bool {
    type Lists = BTreeMap<String, Vec<Spanned<toml::Table>>>;
    // What is wrong with the file has been said.
    let Ok(lists) = toml::from_str::<Lists>(&derived.source.text) else { return false };
    let is_meant = |row: &toml::Table| {
        entry.iter().all(|(key, value)| {
            let found = row.get(key).and_then(|found| serde_json::to_value(found).ok());
            found.is_some_and(|found| same(&found, value))
        })
    };
    let rows = lists.values().flatten().filter(|row| !entry.is_empty() && is_meant(row.get_ref()));
    let spans: Vec<std::ops::Range<usize>> = rows.map(Spanned::span).collect();
    let stays = |span: Span| !spans.iter().any(|row| row.start <= span.start && span.start < row.end);
    derived.furniture.retain(|row| stays(row.selector.span));
    derived.joins.retain(|row| stays(row.selector.span));
    derived.corrections.retain(|row| stays(row.selector.span));
    derived.structure.retain(|row| stays(row.selector.span));
    derived.terms.retain(|row| match &row.on {
        TermRowOn::Place(selector) => stays(selector.span),
        TermRowOn::Form(_) => stays(row.span),
    });
    !spans.is_empty()
}

/// A number may be written with quotation marks or without.
fn same(one: &Value, other: &Value) -> bool {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    plain(one) == plain(other)
}
