//! The conversation with an editor: what it says changes the desks, what it asks is answered from them, what is
//! wrong is told whenever something has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, select, unbounded};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, FileOperationFilter,
    FileOperationPattern, FileOperationRegistrationOptions, HoverProviderCapability, InitializeParams, OneOf,
    PositionEncodingKind, PublishDiagnosticsParams, RenameOptions, SaveOptions, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    Uri, WorkspaceFileOperationsServerCapabilities, WorkspaceServerCapabilities,
};
use serde_json::{Value, json};

use super::answer::{self, Asked, Refused};
use super::desk::{Desk, Open, Reading, below};
use super::paper::{Columns, changed};
use super::{problems, uri};
use postil_archive::diagnostic::bug;
use postil_archive::diagnostic::{Diagnostic, Error};
use postil_archive::memo::Memo;
use postil_archive::sidecar::date::Date;

/// What the server has to be told of the machine it runs on.
#[derive(Clone, Copy)]
pub struct Surroundings {
    /// The archive that a file or folder lies in: the nearest folder above that holds `postil.toml`.
    pub archive_of: fn(&Path) -> Option<PathBuf>,
    /// The day on which `review_by` is looked at.
    pub today: fn() -> Date,
    /// The version of the program.
    pub version: &'static str,
}

/// Answers an editor until it says that it is done; `site` is the archive that somebody named, if anybody did.
///
/// # Errors
/// The editor does not keep to the protocol: what it did, in words.
pub fn serve(connection: &Connection, site: Option<&Path>, around: Surroundings) -> Result<(), String> {
    let trouble = |error: lsp_server::ProtocolError| error.to_string();
    let (id, params) = connection.initialize_start().map_err(trouble)?;
    let params: InitializeParams = serde_json::from_value(params).map_err(|error| error.to_string())?;
    let columns = columns(&params);
    let answer = json!({
        "capabilities": capabilities(columns),
        "serverInfo": { "name": "postil", "version": around.version },
    });
    connection.initialize_finish(id, answer).map_err(trouble)?;

    let (jobs, waiting) = unbounded();
    let (tell, found) = unbounded();
    let worker = std::thread::spawn(move || work(&waiting, &tell, around.today));
    let mut server = Server {
        to_client: connection.sender.clone(),
        jobs,
        around,
        columns,
        desks: BTreeMap::new(),
        stale: BTreeSet::new(),
        told: BTreeMap::new(),
        problems: BTreeMap::new(),
        watches: watches(&params),
    };
    server.begin(&params, site);
    let ended = server.converse(connection, &found);
    drop(server);
    // It ends as nobody sends it anything any more; what it was at need not be waited for.
    drop(worker);
    ended
}

/// How columns are counted: as the client likes best of what there is.
fn columns(params: &InitializeParams) -> Columns {
    let offered =
        params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    let utf8 = offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8));
    if utf8 { Columns::Utf8 } else { Columns::Utf16 }
}

/// Whether the client tells of files that change on the disk, if it is asked to.
fn watches(params: &InitializeParams) -> bool {
    let workspace = params.capabilities.workspace.as_ref();
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files);
    watched.and_then(|watched| watched.dynamic_registration).unwrap_or_default()
}

fn capabilities(columns: Columns) -> ServerCapabilities {
    let files = || FileOperationRegistrationOptions {
        filters: vec![FileOperationFilter {
            scheme: Some("file".to_owned()),
            pattern: FileOperationPattern { glob: "**/*.{md,toml,txt}".to_owned(), ..Default::default() },
        }],
    };
    ServerCapabilities {
        position_encoding: Some(match columns {
            Columns::Utf8 => PositionEncodingKind::UTF8,
            Columns::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["[", "\"", "'", ":", " ", "=", ">"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        document_link_provider: Some(lsp_types::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: Default::default(),
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::new("source.fixAll.postil"),
            ]),
            ..CodeActionOptions::default()
        })),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: Default::default(),
        })),
        workspace: Some(WorkspaceServerCapabilities {
            file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                will_rename: Some(files()),
                ..Default::default()
            }),
            ..WorkspaceServerCapabilities::default()
        }),
        ..ServerCapabilities::default()
    }
}

/// An archive that is to be looked through.
struct Job {
    root: PathBuf,
    reading: Arc<Reading>,
}

/// What was found.
struct Found {
    root: PathBuf,
    reading: Arc<Reading>,
    problems: Vec<Diagnostic>,
}

/// Looks through archives, one after the other; of several states of one only the newest.
fn work(jobs: &Receiver<Job>, tell: &Sender<Found>, today: fn() -> Date) {
    let mut memos: BTreeMap<PathBuf, Memo> = BTreeMap::new();
    while let Ok(first) = jobs.recv() {
        let mut newest = BTreeMap::from([(first.root, first.reading)]);
        newest.extend(jobs.try_iter().map(|job| (job.root, job.reading)));
        for (root, reading) in newest {
            let memo = memos.entry(root.clone()).or_default();
            let problems = bug::attempt(|| problems::problems(&reading, memo, today()));
            let problems = match problems {
                Ok(Ok(problems)) => problems,
                // A file that cannot be read now may be read when something changes next.
                Ok(Err(_)) => continue,
                Err(bug) => vec![
                    bug.problem(postil_archive::diagnostic::Place::file(postil_archive::archive::CONFIG)),
                ],
            };
            if tell.send(Found { root, reading, problems }).is_err() {
                return;
            }
        }
    }
}

struct Server {
    to_client: Sender<Message>,
    jobs: Sender<Job>,
    around: Surroundings,
    columns: Columns,
    /// Archives by their folders.
    desks: BTreeMap<PathBuf, Desk>,
    /// Archives of which something changed since they were looked through.
    stale: BTreeSet<PathBuf>,
    /// Files of which problems were told.
    told: BTreeMap<PathBuf, BTreeMap<String, Uri>>,
    /// What was found last.
    problems: BTreeMap<PathBuf, Arc<Vec<Diagnostic>>>,
    watches: bool,
}

impl Server {
    /// Looks for archives where the editor was opened.
    fn begin(&mut self, params: &InitializeParams, site: Option<&Path>) {
        if self.watches {
            let watchers =
                json!([{ "globPattern": "**/{postil.toml,content/**,annotations/**,themes/**,static/**}" }]);
            let registration = json!({
                "id": "postil-files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            });
            let params = json!({ "registrations": [registration] });
            self.send(Request::new(
                RequestId::from("postil-watch".to_owned()),
                "client/registerCapability".to_owned(),
                params,
            ));
        }
        #[allow(deprecated, reason = "older clients tell their folder so")]
        let root = params.root_uri.iter();
        let folders = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
        let paths: Vec<PathBuf> = folders.chain(root).filter_map(uri::to_path).collect();
        for path in site.map(Path::to_owned).into_iter().chain(paths) {
            if let Some(root) = (self.around.archive_of)(&path) {
                self.desk(root);
            }
        }
    }

    fn desk(&mut self, root: PathBuf) -> &mut Desk {
        let columns = self.columns;
        if !self.desks.contains_key(&root) {
            self.stale.insert(root.clone());
        }
        self.desks.entry(root.clone()).or_insert_with(|| Desk::new(root, columns))
    }

    fn send(&self, message: impl Into<Message>) {
        // An editor that is gone is noticed where it is listened to.
        let _ = self.to_client.send(message.into());
    }

    fn converse(&mut self, connection: &Connection, found: &Receiver<Found>) -> Result<(), String> {
        loop {
            // What has come meanwhile is heard first: a state that is old already need not be looked through.
            if connection.receiver.is_empty() {
                self.look_through();
            }
            select! {
                recv(connection.receiver) -> message => {
                    let Ok(message) = message else { return Ok(()) };
                    match message {
                        Message::Request(request) => {
                            if connection.handle_shutdown(&request).map_err(|error| error.to_string())? {
                                return Ok(());
                            }
                            self.asked(request);
                        }
                        Message::Notification(notification) => self.told(notification),
                        Message::Response(_) => {}
                    }
                }
                recv(found) -> found => {
                    let Ok(found) = found else { return Err("the archive is not looked through any more".to_owned()) };
                    self.publish(found);
                }
            }
        }
    }

    /// Has every archive looked through of which something changed.
    fn look_through(&mut self) {
        for root in std::mem::take(&mut self.stale) {
            let Some(desk) = self.desks.get_mut(&root) else { continue };
            match desk.reading() {
                Ok(reading) => _ = self.jobs.send(Job { root, reading }),
                Err(error) => self.trouble(&error),
            }
        }
    }

    fn trouble(&self, error: &Error) {
        let params = json!({ "type": 1, "message": error.to_string() });
        self.send(Notification::new("window/logMessage".to_owned(), params));
    }

    /// The desk that a file lies on, and its path from the archive's root.
    fn place(&mut self, uri: &Uri) -> Option<(PathBuf, String)> {
        let path = uri::to_path(uri)?;
        let known = self.desks.keys().rev().find(|root| path.starts_with(root)).cloned();
        let root = (self.around.archive_of)(&path).or(known)?;
        let inside = below(&root, &path)?;
        self.desk(root.clone());
        Some((root, inside))
    }

    fn told(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        // What cannot be read says nothing; a client that sends such things gets no answer to them.
        let _ = match method.as_str() {
            "textDocument/didOpen" => serde_json::from_value(params).map(|params| self.opened(params)),
            "textDocument/didChange" => serde_json::from_value(params).map(|params| self.changed(params)),
            "textDocument/didClose" => serde_json::from_value(params).map(|params| self.closed(&params)),
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.desks.values_mut().for_each(Desk::touch);
                self.stale.extend(self.desks.keys().cloned());
                Ok(())
            }
            _ => Ok(()),
        };
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let Some((root, path)) = self.place(&document.uri) else { return };
        let open = Open { uri: document.uri, version: document.version, text: document.text.into() };
        self.set(root, path, Some(open));
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let Some((root, path)) = self.place(&document.uri) else { return };
        let before = self.desks.get(&root).and_then(|desk| desk.open.get(&path));
        let text = before.map_or_else(String::new, |open| open.text.to_string());
        let text = changed(text, params.content_changes, self.columns);
        let open = Open { uri: document.uri, version: document.version, text: text.into() };
        self.set(root, path, Some(open));
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let Some((root, path)) = self.place(&params.text_document.uri) else { return };
        self.set(root, path, None);
    }

    fn set(&mut self, root: PathBuf, path: String, open: Option<Open>) {
        let desk = self.desk(root.clone());
        match open {
            Some(open) => _ = desk.open.insert(path, open),
            None => _ = desk.open.remove(&path),
        }
        desk.touch();
        self.stale.insert(root);
    }

    /// Tells what is wrong with an archive, and of what is not wrong any more.
    fn publish(&mut self, found: Found) {
        let Found { root, reading, problems } = found;
        let mut shown = match problems::shown(&reading, &problems) {
            Ok(shown) => shown,
            Err(error) => return self.trouble(&error),
        };
        self.problems.insert(root.clone(), Arc::new(problems));
        let mut told = self.told.remove(&root).unwrap_or_default();
        // A file that is open is told of even if nothing was wrong and nothing is: so it is known that it was looked at.
        for path in reading.shown.keys() {
            shown.entry(path.clone()).or_default();
        }
        for (path, uri) in std::mem::take(&mut told) {
            if !shown.contains_key(&path) {
                self.diagnostics(uri, None, Vec::new());
            }
        }
        for (path, diagnostics) in shown {
            let Some(uri) = reading.uri(&path) else { continue };
            let version = reading.shown.get(&path).map(|open| open.version);
            if !diagnostics.is_empty() {
                told.insert(path, uri.clone());
            }
            self.diagnostics(uri, version, diagnostics);
        }
        self.told.insert(root, told);
    }

    fn diagnostics(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<lsp_types::Diagnostic>) {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        self.send(Notification::new("textDocument/publishDiagnostics".to_owned(), params));
    }

    /// Answers what is asked; what may take long is answered beside, so that the next is heard.
    fn asked(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let asked = match self.question(&method, params) {
            Ok(Some(asked)) => asked,
            Ok(None) => return self.send(Response::new_ok(id, Value::Null)),
            Err(refused) => return self.send(refused.response(id)),
        };
        let to_client = self.to_client.clone();
        let answer = move || {
            let answered = bug::attempt(|| answer::answer(&method, &asked));
            let response = match answered {
                Ok(Ok(value)) => Response::new_ok(id, value),
                Ok(Err(refused)) => refused.response(id),
                Err(bug) => Response::new_err(id, ErrorCode::InternalError as i32, bug.to_string()),
            };
            let _ = to_client.send(response.into());
        };
        if std::thread::Builder::new().spawn(answer).is_err() {
            self.trouble(&Error::new("answer in", "a thread", std::io::Error::other("there is none left")));
        }
    }

    /// What is asked, with the archive that it is asked of; none if that is no archive.
    fn question(&mut self, method: &str, params: Value) -> Result<Option<Asked>, Refused> {
        let query = (method == "workspace/symbol").then(|| self.desks.keys().next().cloned()).flatten();
        let (root, path) = match (query, answer::file_of(&params)) {
            (Some(root), _) => (root, String::new()),
            (None, Some(uri)) => match self.place(&uri) {
                Some(place) => place,
                None => return Ok(None),
            },
            (None, None) => {
                return if answer::is_known(method) { Ok(None) } else { Err(Refused::unknown(method)) };
            }
        };
        let problems = self.problems.get(&root).cloned().unwrap_or_default();
        let today = (self.around.today)();
        let Some(desk) = self.desks.get_mut(&root) else { return Ok(None) };
        let reading = desk.reading()?;
        let store = desk.store()?;
        Ok(Some(Asked { reading, store, path, params, problems, root, today }))
    }
}
