//! An editor as far as a language server sees one: it says what it shows, asks, and hears what is wrong.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::JoinHandle;
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use postil::lsp::server::{self, Surroundings};
use postil_archive::sidecar::date::Date;
use serde_json::{Value, json};

/// Longest that an answer may take before a test fails: a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// The day on which archives are looked at.
pub(super) fn today() -> Date {
    Date::parse("2026-11-30").unwrap()
}

/// The archive that a file lies in.
fn archive_of(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join("postil.toml").is_file()).map(Path::to_owned)
}

/// A conversation with a server.
pub(super) struct Client {
    to_server: Connection,
    server: Option<JoinHandle<Result<(), String>>>,
    root: PathBuf,
    next: i32,
    versions: BTreeMap<String, i32>,
    /// What is wrong with each file, as it was told last, and of which version of it.
    pub(super) problems: BTreeMap<String, (Option<i64>, Vec<Value>)>,
    /// What the server said it can do.
    pub(super) capabilities: Value,
}

impl Client {
    /// Begins in a folder, and counts columns in this encoding.
    pub(super) fn begin(root: &Path, encoding: &str) -> Self {
        let around = Surroundings { archive_of, today, version: "test" };
        Self::with(root, encoding, move |theirs| server::serve(&theirs, None, around))
    }

    /// Begins the program in a folder, and speaks with it as an editor does.
    pub(super) fn begin_program(root: &Path) -> Self {
        let mut program = super::super::command::postil(root, &["lsp"]);
        program.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = program.spawn().expect("the program is there");
        let mut input = child.stdin.take().expect("it is piped");
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        Self::with(root, "utf-16", move |theirs| {
            let Connection { sender, receiver } = theirs;
            std::thread::spawn(move || {
                while let Ok(Some(message)) = Message::read(&mut output) {
                    if sender.send(message).is_err() {
                        return;
                    }
                }
            });
            for message in receiver {
                let ends = matches!(&message, Message::Notification(told) if told.method == "exit");
                message.write(&mut input).map_err(|error| error.to_string())?;
                if ends {
                    break;
                }
            }
            let status = child.wait().map_err(|error| error.to_string())?;
            if status.success() { Ok(()) } else { Err(status.to_string()) }
        })
    }

    fn with(
        root: &Path,
        encoding: &str,
        serve: impl FnOnce(Connection) -> Result<(), String> + Send + 'static,
    ) -> Self {
        let (ours, theirs) = Connection::memory();
        let server = std::thread::spawn(move || serve(theirs));
        let mut client = Self {
            to_server: ours,
            server: Some(server),
            root: root.to_owned(),
            next: 0,
            versions: BTreeMap::new(),
            problems: BTreeMap::new(),
            capabilities: Value::Null,
        };
        let uri = client.uri("");
        let encodings = if encoding == "utf-16" { json!(["utf-16"]) } else { json!([encoding, "utf-16"]) };
        let params = json!({
            "processId": null,
            "rootUri": uri,
            "capabilities": { "general": { "positionEncodings": encodings } },
        });
        client.capabilities = client.ask("initialize", params)["capabilities"].clone();
        client.tell("initialized", json!({}));
        client
    }

    /// The address of a file.
    pub(super) fn uri(&self, path: &str) -> String {
        let whole = if path.is_empty() { self.root.clone() } else { self.root.join(path) };
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"/-_.~".contains(b);
        let byte = |b: u8| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") };
        format!("file://{}", whole.to_str().unwrap().bytes().map(byte).collect::<String>())
    }

    /// The path of a file from the root.
    pub(super) fn path(&self, uri: &str) -> String {
        let uri = uri.parse().expect("it is an address");
        let path = postil::lsp::to_path(&uri).expect("it is that of a file");
        path.strip_prefix(&self.root).expect("it is of the archive").to_str().unwrap().to_owned()
    }

    pub(super) fn tell(&self, method: &str, params: Value) {
        let message = Notification::new(method.to_owned(), params);
        self.to_server.sender.send(message.into()).expect("the server is there");
    }

    /// The answer to a question.
    #[track_caller]
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Value {
        match self.try_ask(method, params) {
            Ok(value) => value,
            Err(why) => panic!("{method}: {why}"),
        }
    }

    /// The answer to a question, or why there is none.
    pub(super) fn try_ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.next += 1;
        let id = RequestId::from(self.next);
        let request = Request::new(id.clone(), method.to_owned(), params);
        self.to_server.sender.send(request.into()).expect("the server is there");
        loop {
            match self.hear() {
                Message::Response(Response { id: of, response_result }) if of == id => {
                    return response_result.map_err(|error| error.message);
                }
                other => self.heed(other),
            }
        }
    }

    fn hear(&self) -> Message {
        self.to_server.receiver.recv_timeout(PATIENCE).expect("the server says something")
    }

    fn heed(&mut self, message: Message) {
        if let Message::Notification(notification) = message
            && notification.method == "textDocument/publishDiagnostics"
        {
            let path = self.path(notification.params["uri"].as_str().unwrap());
            let version = notification.params["version"].as_i64();
            let all = notification.params["diagnostics"].as_array().unwrap().clone();
            self.problems.insert(path, (version, all));
        }
    }

    /// The number of the next state of a file.
    fn newer(&mut self, path: &str) -> i32 {
        let version = self.versions.entry(path.to_owned()).or_default();
        *version += 1;
        *version
    }

    /// Shows a file.
    pub(super) fn open(&mut self, path: &str, text: &str) {
        let version = self.newer(path);
        let document =
            json!({ "uri": self.uri(path), "languageId": "toml", "version": version, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes a file that is shown: a range and what stands there then, or all of it.
    pub(super) fn change(&mut self, path: &str, changes: Value) {
        let version = self.versions.entry(path.to_owned()).or_default();
        *version += 1;
        let document =
            json!({ "uri": format!("file://{}", self.root.join(path).display()), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub(super) fn close(&mut self, path: &str) {
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": self.uri(path) } }));
    }

    /// Waits until the newest state of a file has been looked at, and all is told that was found then; what is
    /// wrong with the file.
    pub(super) fn settled(&mut self, path: &str) -> Vec<Value> {
        let wanted = self.versions.get(path).map(|version| i64::from(*version));
        while self.problems.get(path).is_none_or(|(version, _)| *version != wanted) {
            let heard = self.to_server.receiver.recv_timeout(PATIENCE);
            let silent = |_| panic!("nothing is said of {path} in {}", self.root.display());
            self.heed(heard.unwrap_or_else(silent));
        }
        // Other files are told of one after the other; an answer comes behind the last.
        self.ask("workspace/symbol", json!({ "query": "" }));
        self.problems[path].1.clone()
    }

    /// All problems, one a line: path, line, column, code.
    pub(super) fn all(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (path, (_, problems)) in &self.problems {
            all.extend(problems.iter().map(|problem| {
                let start = &problem["range"]["start"];
                format!(
                    "{path}:{}:{}: {}",
                    start["line"],
                    start["character"],
                    problem["code"].as_str().unwrap()
                )
            }));
        }
        all.sort();
        all
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        let server = self.server.take().expect("it is ended once");
        assert_eq!(server.join().expect("the server does not panic"), Ok(()));
    }
}
