//! What an editor asks of one archive, and the answer.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use lsp_server::{ErrorCode, RequestId, Response};
use lsp_types::{
    CodeActionParams, DocumentChangeOperation, DocumentChanges, DocumentLink, Hover, HoverContents, Location,
    MarkupContent, MarkupKind, PrepareRenameResponse, RenameFile, RenameFilesParams, RenameParams,
    ResourceOp, TextDocumentPositionParams, Uri, WorkspaceEdit,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::desk::{Kind, Reading, below};
use super::names::{self, Stretch};
use super::paper::Paper;
use super::spot::{self, Here, Name};
use super::toml;
use super::{complete, hover, outline, problems, uri};
use crate::renaming::{self, Proved, Unproved};
use postil_archive::archive::Store;
use postil_archive::diagnostic::{Diagnostic, Error};
use postil_archive::sidecar::date::Date;
use postil_propose::propose::Refused as Denied;
use postil_propose::propose::rename;

/// What is asked, with all that is needed to answer it.
pub(super) struct Asked {
    /// The archive as it is.
    pub(super) reading: Arc<Reading>,
    /// Where it was read.
    pub(super) store: Store,
    /// The file, from its root.
    pub(super) path: String,
    /// What is asked of it.
    pub(super) params: Value,
    /// What was found wrong last.
    pub(super) problems: Arc<Vec<Diagnostic>>,
    /// The archive's folder.
    pub(super) root: PathBuf,
    /// The day.
    pub(super) today: Date,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Refused {
    code: i32,
    why: String,
}

impl Refused {
    fn new(code: ErrorCode, why: impl Into<String>) -> Self {
        Self { code: code as i32, why: why.into() }
    }

    /// Of something that nobody knows how to answer.
    pub(super) fn unknown(method: &str) -> Self {
        Self::new(ErrorCode::MethodNotFound, format!("postil does not know `{method}`"))
    }

    /// As the client takes it.
    pub(super) fn response(self, id: RequestId) -> Response {
        Response::new_err(id, self.code, self.why)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::new(ErrorCode::RequestFailed, error.to_string())
    }
}

/// What can be asked.
const KNOWN: [&str; 12] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/documentSymbol",
    "textDocument/documentLink",
    "textDocument/codeAction",
    "workspace/symbol",
    "workspace/willRenameFiles",
    "shutdown",
];

/// Whether something can be asked.
pub(super) fn is_known(method: &str) -> bool {
    KNOWN.contains(&method)
}

/// The file that something is asked of.
pub(super) fn file_of(params: &Value) -> Option<Uri> {
    let document = || params.get("textDocument")?.get("uri")?.as_str();
    let renamed = || params.get("files")?.get(0)?.get("oldUri")?.as_str();
    document().or_else(renamed)?.parse().ok()
}

/// The answer.
pub(super) fn answer(method: &str, asked: &Asked) -> Result<Value, Refused> {
    match method {
        "textDocument/completion" => at(asked, |asked, paper, byte| {
            let Some(spot) = asked.reading.spot(&asked.path, paper.text(), byte) else { return written(()) };
            written(complete::complete(&asked.reading, paper, &spot, byte)?)
        }),
        "textDocument/hover" => at(asked, |asked, paper, byte| {
            let Some(spot) = asked.reading.spot(&asked.path, paper.text(), byte) else { return written(()) };
            let said = hover::hover(&asked.reading, &asked.path, paper.text(), &spot, byte)?;
            let said = said.map(|(value, bytes)| Hover {
                contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
                range: Some(paper.range(bytes)),
            });
            written(said)
        }),
        "textDocument/definition" => at(asked, |asked, paper, byte| {
            let Some(spot) = asked.reading.spot(&asked.path, paper.text(), byte) else { return written(()) };
            let places = hover::definition(&asked.reading, &asked.path, paper.text(), &spot, byte)?;
            written(locations(&asked.reading, &places)?)
        }),
        "textDocument/references" => at(asked, references),
        "textDocument/prepareRename" => at(asked, |asked, paper, byte| {
            let Some((_, own, bytes)) = renamable(asked, paper, byte) else { return written(()) };
            let placeholder = own.rsplit('/').next().unwrap_or(&own).to_owned();
            let range = paper.range(bytes.clone());
            // What stands there may be what it is called, not its name.
            let stands = paper.text().get(bytes).is_some_and(|words| words == own || words == placeholder);
            written(if stands {
                PrepareRenameResponse::Range(range)
            } else {
                PrepareRenameResponse::RangeWithPlaceholder { range, placeholder }
            })
        }),
        "textDocument/rename" => at(asked, |asked, paper, byte| {
            let params: RenameParams = read(&asked.params)?;
            let Some((kind, old, _)) = renamable(asked, paper, byte) else {
                return Err(Refused::new(
                    ErrorCode::RequestFailed,
                    "what stands here has no name that can be changed",
                ));
            };
            written(rename(asked, kind, &old, &params.new_name, true)?)
        }),
        "workspace/willRenameFiles" => will_rename(asked),
        "textDocument/documentSymbol" => {
            let paper = asked.reading.paper(&asked.path)?;
            written(outline::outline(&asked.reading, &asked.path, &paper)?)
        }
        "textDocument/documentLink" => written(links(asked)?),
        "textDocument/codeAction" => {
            let params: CodeActionParams = read(&asked.params)?;
            let wants = |kind: &str| {
                let only = params.context.only.as_ref();
                only.is_none_or(|only| {
                    only.iter().any(|wanted| {
                        kind == wanted.as_str() || kind.starts_with(&format!("{}.", wanted.as_str()))
                    })
                })
            };
            let mut actions = Vec::new();
            if wants("quickfix") {
                actions = problems::actions(&asked.reading, &asked.path, params.range, &asked.problems)?;
            }
            // It looks the archive through some times: only for who asks for it by name.
            if params.context.only.is_some() && wants("source.fixAll.postil") {
                actions.extend(problems::fix_all(
                    &asked.reading,
                    &asked.path,
                    asked.store.clone(),
                    asked.today,
                )?);
            }
            written(actions)
        }
        "workspace/symbol" => {
            let query = asked.params.get("query").and_then(Value::as_str).unwrap_or_default();
            written(outline::search(&asked.reading, query)?)
        }
        other => Err(Refused::unknown(other)),
    }
}

fn written(value: impl Serialize) -> Result<Value, Refused> {
    Ok(serde_json::to_value(value).expect("what is answered can be written down"))
}

fn read<T: DeserializeOwned>(params: &Value) -> Result<T, Refused> {
    serde_json::from_value(params.clone())
        .map_err(|error| Refused::new(ErrorCode::InvalidParams, error.to_string()))
}

/// Does something at the position that is asked about.
fn at(
    asked: &Asked,
    act: impl FnOnce(&Asked, &Paper, usize) -> Result<Value, Refused>,
) -> Result<Value, Refused> {
    // Each question about a place has a file and a position.
    let TextDocumentPositionParams { position, .. } = read(&asked.params)?;
    let paper = asked.reading.paper(&asked.path)?;
    let byte = paper.byte(position);
    act(asked, &paper, byte)
}

fn locations(reading: &Reading, places: &[Stretch]) -> Result<Vec<Location>, Error> {
    places.iter().filter_map(|place| reading.location(place).transpose()).collect()
}

fn references(asked: &Asked, paper: &Paper, byte: usize) -> Result<Value, Refused> {
    let reading = &asked.reading;
    let Some(spot) = reading.spot(&asked.path, paper.text(), byte) else { return written(()) };
    let names: Vec<Name> = match (spot.name(paper.text(), byte), &spot.here) {
        (Some((name, _)), _) => vec![name],
        (None, Here::Raw(id)) => hover::of_raw(reading, id, byte)?,
        // Of a quotation: what else stands on these words.
        (None, _) => match hover::quotation(reading, &asked.path, paper.text(), &spot, byte)? {
            Some((of, places, _)) => {
                let first = places.first().map(|place| names::in_file(&of.doc, place.hull()).start);
                first.map_or(Ok(Vec::new()), |first| hover::of_raw(reading, &of.doc.id, first))?
            }
            None => Vec::new(),
        },
    };
    let with_definition = asked.params.pointer("/context/includeDeclaration").and_then(Value::as_bool);
    let mut places = Vec::new();
    for name in &names {
        if with_definition.unwrap_or_default() {
            places.extend(names::defined(reading, name)?);
        }
        places.extend(names::named(reading, name)?);
    }
    places.dedup();
    written(locations(reading, &places)?)
}

/// What has its name at a place and can have another: its kind, its name, where that stands.
fn renamable(
    asked: &Asked,
    paper: &Paper,
    byte: usize,
) -> Option<(rename::Kind, String, std::ops::Range<usize>)> {
    let spot = asked.reading.spot(&asked.path, paper.text(), byte)?;
    let (name, bytes) = spot.name(paper.text(), byte)?;
    let (kind, old) = names::renamed(&name)?;
    Some((kind, old, bytes))
}

/// The edits that give something another name; the files, too, if the editor does not move them itself.
fn rename(
    asked: &Asked,
    kind: rename::Kind,
    old: &str,
    new: &str,
    moves: bool,
) -> Result<WorkspaceEdit, Refused> {
    let reading = &asked.reading;
    let proved = renaming::renamed(&reading.archive, asked.store.clone(), kind, old, new)?;
    let Proved { renamed, .. } =
        proved.map_err(|unproved| Refused::new(ErrorCode::RequestFailed, why(unproved)))?;
    let mut operations = Vec::new();
    for (path, (_, text)) in &renamed.files {
        let paper = reading.paper(path)?;
        let edit = problems::between(&paper, text);
        operations
            .extend(problems::document_edit(reading, path, vec![edit]).map(DocumentChangeOperation::Edit));
    }
    if let Some(record) = &renamed.record {
        operations.extend(new_file(reading, &record.path, &record.text));
    }
    for (from, to) in renamed.moves.iter().filter(|_| moves) {
        let (Some(old_uri), Some(new_uri)) = (reading.uri(from), reading.uri(to)) else { continue };
        let moved = RenameFile { old_uri, new_uri, options: None, annotation_id: None };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Rename(moved)));
    }
    let document_changes = Some(DocumentChanges::Operations(operations));
    Ok(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
}

fn new_file(reading: &Reading, path: &str, text: &str) -> Vec<DocumentChangeOperation> {
    let Some(uri) = reading.uri(path) else { return Vec::new() };
    let create = lsp_types::CreateFile { uri, options: None, annotation_id: None };
    let edit = lsp_types::TextEdit { range: Default::default(), new_text: text.to_owned() };
    let edit = problems::document_edit(reading, path, vec![edit]).map(DocumentChangeOperation::Edit);
    let create = DocumentChangeOperation::Op(ResourceOp::Create(create));
    std::iter::once(create).chain(edit).collect()
}

fn why(unproved: Unproved) -> String {
    match unproved {
        Unproved::Refused(Denied::Because(why, help)) => format!("{why}; {help}"),
        Unproved::Refused(Denied::Wrong(problems)) => {
            problems.first().map_or_else(String::new, |problem| problem.message.clone())
        }
        Unproved::Refused(Denied::Several(spots)) => format!("it stands in {} places", spots.len()),
        Unproved::Otherwise(problems, why, help) => {
            let first = problems.first().map(|problem| format!("{}: ", problem.message)).unwrap_or_default();
            format!("{first}{why}; {help}")
        }
    }
}

/// What has to change in other files when somebody renames one in the editor's list of files.
fn will_rename(asked: &Asked) -> Result<Value, Refused> {
    let params: RenameFilesParams = read(&asked.params)?;
    // Of several at once, such as a folder, each would need an archive in which the others have moved already.
    let [file] = &params.files[..] else { return written(()) };
    let new = file.new_uri.parse().ok().and_then(|uri: Uri| below(&asked.root, &uri::to_path(&uri)?));
    let (Some(new), Some(kind)) = (new, asked.reading.kind(&asked.path)) else { return written(()) };
    let Some((kind, old, new)) = moved(&kind, &asked.path, &new) else { return written(()) };
    let edit = rename(asked, kind, &old, &new, false)?;
    written(edit)
}

/// What a file's new path calls it, if that is another name, and nothing else is moved.
fn moved(kind: &Kind, old: &str, new: &str) -> Option<(rename::Kind, String, String)> {
    let (old_folder, _) = old.rsplit_once('/')?;
    let (new_folder, name) = new.rsplit_once('/')?;
    let (slug, ending) = name.rsplit_once('.')?;
    if old_folder != new_folder || !old.ends_with(&format!(".{ending}")) {
        return None;
    }
    let name = match kind {
        Kind::Sidecar(kind) => match kind {
            postil_archive::archive::SidecarKind::Term(own) => Name::Term(own.clone(), None),
            postil_archive::archive::SidecarKind::Topic(own) => Name::Topic(own.clone()),
            postil_archive::archive::SidecarKind::Contributor(own) => Name::Contributor(own.clone()),
            postil_archive::archive::SidecarKind::Note { text, slug } => {
                Name::Note(text.to_string(), slug.clone())
            }
            _ => return None,
        },
        _ => return None,
    };
    let (kind, own) = names::renamed(&name)?;
    Some((kind, own, slug.to_owned()))
}

/// Every name in a file, as a link to what has it.
fn links(asked: &Asked) -> Result<Vec<DocumentLink>, Error> {
    let reading = &asked.reading;
    let paper = reading.paper(&asked.path)?;
    let text = paper.text();
    let Some(kind) = reading.kind(&asked.path) else { return Ok(Vec::new()) };
    let (front, body) = spot::parts(&kind, &asked.path, text);
    let values = toml::read(text, front).values.into_iter().map(|value| value.at.start);
    let in_body = |at: &usize| body.contains(at);
    let wikis = text.match_indices("[[").map(|(at, _)| at + 2).filter(|_| !matches!(kind, Kind::Text(_)));
    let strings: Vec<usize> = values.collect();
    let mut links: BTreeMap<usize, DocumentLink> = BTreeMap::new();
    for at in strings.iter().copied().chain(wikis.filter(|at| in_body(at) || !strings.is_empty())) {
        let spot = spot::spot(kind.clone(), &asked.path, text, at);
        let Some((name, bytes)) = spot.name(text, at) else { continue };
        let Some((path, _)) = names::defined(reading, &name)?.into_iter().next() else { continue };
        // What a file says it is called leads nowhere.
        if path == asked.path || links.contains_key(&bytes.start) {
            continue;
        }
        let target = reading.uri(&path);
        let range = paper.range(bytes.clone());
        links.insert(bytes.start, DocumentLink { range, target, tooltip: Some(path), data: None });
    }
    Ok(links.into_values().collect())
}
