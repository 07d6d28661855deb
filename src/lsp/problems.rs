//! What is wrong, as an editor shows it, and what would mend it.

use std::collections::BTreeMap;

use lsp_types::{
    CodeAction, CodeActionKind, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
    OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use super::desk::Reading;
use super::paper::Paper;
use crate::compile::Options;
use crate::look::{Workbench, look_at};
use postil_archive::archive::Store;
use postil_archive::diagnostic::{Diagnostic, Edit, Error, Fix, Severity};
use postil_archive::memo::Memo;
use postil_archive::sidecar::date::Date;
use postil_propose::propose::mend;

/// Everything that is wrong with an archive, as `check` finds it.
pub(super) fn problems(reading: &Reading, memo: &Memo, today: Date) -> Result<Vec<Diagnostic>, Error> {
    let options = Options { review: Some(today), memo: Some(memo), ..Options::default() };
    Ok(look_at(&reading.archive, reading.problems.clone(), &options)?.problems)
}

/// Problems as a client shows them, by path; positions count in what the client showed when they were found.
pub(super) fn shown(
    reading: &Reading,
    problems: &[Diagnostic],
) -> Result<BTreeMap<String, Vec<lsp_types::Diagnostic>>, Error> {
    let mut papers: BTreeMap<String, Paper> = BTreeMap::new();
    let mut range = |place: &postil_archive::diagnostic::Place| -> Result<Range, Error> {
        if !papers.contains_key(&*place.path) {
            papers.insert(place.path.to_string(), reading.paper(&place.path)?);
        }
        Ok(papers[&*place.path].range_of(place))
    };
    let mut shown: BTreeMap<String, Vec<lsp_types::Diagnostic>> = BTreeMap::new();
    for problem in problems {
        let mut related = Vec::new();
        for (place, label) in &problem.related {
            let Some(uri) = reading.uri(&place.path) else { continue };
            let location = Location { uri, range: range(place)? };
            related.push(DiagnosticRelatedInformation { location, message: label.clone() });
        }
        let diagnostic = lsp_types::Diagnostic {
            range: range(&problem.place)?,
            severity: Some(match problem.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(problem.code.name().to_owned())),
            source: Some("postil".to_owned()),
            message: message(problem),
            related_information: (!related.is_empty()).then_some(related),
            ..lsp_types::Diagnostic::default()
        };
        shown.entry(problem.place.path.to_string()).or_default().push(diagnostic);
    }
    Ok(shown)
}

/// What is wrong, what stands there, what to do.
fn message(problem: &Diagnostic) -> String {
    let mut message = problem.message.clone();
    if !problem.label.is_empty() {
        message.push_str(&format!(": {}", problem.label));
    }
    for help in &problem.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    message
}

/// What would mend the problems in a range of a file. What keeps its meaning comes first; what may mean something
/// else then is offered as such, for somebody to choose.
pub(super) fn actions(
    reading: &Reading,
    path: &str,
    asked: Range,
    problems: &[Diagnostic],
) -> Result<Vec<CodeAction>, Error> {
    let paper = reading.paper(path)?;
    let mut actions = Vec::new();
    for problem in problems.iter().filter(|problem| *problem.place.path == *path && !problem.fixes.is_empty())
    {
        let range = paper.range_of(&problem.place);
        if range.end < asked.start || asked.end < range.start {
            continue;
        }
        let diagnostic =
            shown(reading, std::slice::from_ref(problem))?.remove(path).and_then(|mut all| all.pop());
        for fix in &problem.fixes {
            let Some(edit) = edit(reading, fix)? else { continue };
            let only = problem.fixes.len() == 1;
            let sure = fix.keeps_meaning && only;
            let asks = if fix.keeps_meaning { "" } else { " (if that is meant)" };
            actions.push(CodeAction {
                title: format!("{}{asks}", capital(&fix.title)),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(diagnostic.clone().into_iter().collect()),
                edit: Some(edit),
                is_preferred: Some(sure),
                ..CodeAction::default()
            });
        }
    }
    actions.sort_by_key(|action| action.is_preferred != Some(true));
    Ok(actions)
}

fn capital(title: &str) -> String {
    let mut rest = title.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// A fix as edits; none if the files say something else by now.
fn edit(reading: &Reading, fix: &Fix) -> Result<Option<WorkspaceEdit>, Error> {
    let mut edits: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
    for Edit { place, span, old, new, .. } in &fix.edits {
        let paper = reading.paper(&place.path)?;
        if paper.text().get(span.range()) != Some(old) {
            return Ok(None);
        }
        let edit = TextEdit { range: paper.range(*span), new_text: new.clone() };
        edits.entry(place.path.to_string()).or_default().push(edit);
    }
    Ok(Some(workspace_edit(reading, edits)))
}

/// Edits by path, as a client takes them.
pub(super) fn workspace_edit(reading: &Reading, edits: BTreeMap<String, Vec<TextEdit>>) -> WorkspaceEdit {
    let changes = edits.into_iter().filter_map(|(path, edits)| Some((reading.uri(&path)?, edits)));
    WorkspaceEdit { changes: Some(changes.collect()), ..WorkspaceEdit::default() }
}

/// Edits of one document, with the version they are for.
pub(super) fn document_edit(reading: &Reading, path: &str, edits: Vec<TextEdit>) -> Option<TextDocumentEdit> {
    let version = reading.shown.get(path).map(|open| open.version);
    let text_document = OptionalVersionedTextDocumentIdentifier { uri: reading.uri(path)?, version };
    Some(TextDocumentEdit { text_document, edits: edits.into_iter().map(lsp_types::OneOf::Left).collect() })
}

/// The one edit that makes one text of another: of what lies between their common beginning and end.
pub(super) fn between(paper: &Paper, new: &str) -> TextEdit {
    let old = paper.text();
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let rest = old[start..].chars().rev().zip(new[start..].chars().rev());
    let end: usize = rest.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    TextEdit { range: paper.range(start..old.len() - end), new_text: new[start..new.len() - end].to_owned() }
}

/// All that `fix` would mend of a file by itself.
pub(super) fn fix_all(
    reading: &Reading,
    path: &str,
    store: Store,
    today: Date,
) -> Result<Option<CodeAction>, Error> {
    let mended = mend::mend(&Workbench { archive: &reading.archive, store, today })?;
    let Some((old, new)) = mended.files.get(path) else { return Ok(None) };
    let paper = reading.paper(path)?;
    if paper.text() != old {
        return Ok(None);
    }
    let edits = BTreeMap::from([(path.to_owned(), vec![between(&paper, new)])]);
    Ok(Some(CodeAction {
        title: "Mend what postil can mend by itself".to_owned(),
        kind: Some(CodeActionKind::new("source.fixAll.postil")),
        edit: Some(workspace_edit(reading, edits)),
        ..CodeAction::default()
    }))
}
