//! `postil serve` on a real folder: every change of a file comes to be shown, no
//! mistake takes the site down, and what is shown is what a build writes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postil::serve::page;

use super::checking::{git, write};
use super::command::postil;
use super::feeds::commit;
use super::files;
use super::random::Random;

/// A server that runs until it is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = postil(folder, &["serve", "--port", "0", "--quiet"]);
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix('/'));
        let port = port.unwrap_or_else(|| panic!("{line:?} is no address")).parse().unwrap();
        Self { child, port }
    }

    /// Status and body.
    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        ))
    }

    fn ask(&self, request: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
        (status, answer.split_off(end + 4))
    }

    /// Waits until a page holds some words; fails if it never does.
    #[track_caller]
    fn shows(&self, path: &str, words: &str) {
        let began = Instant::now();
        loop {
            let (_, body) = self.get(path);
            let body = String::from_utf8_lossy(&body);
            if body.contains(words) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{path} never shows {words:?}: {body}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The first message of the stream of changes.
    fn news(&self) -> serde_json::Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let request = format!("GET /.postil-serve/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        let lines = BufReader::new(stream).lines().map(Result::unwrap);
        let data = lines.filter_map(|line| line.strip_prefix("data: ").map(str::to_owned)).next().unwrap();
        serde_json::from_str(&data).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn note(words: &str, body: &str) -> String {
    format!("+++\nby = \"A B\"\n+++\n> {words}\n\n{body}\n")
}

#[test]
fn every_kind_of_change_is_shown() {
    for args in [&[][..], &["--poll"]] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        super::cases::write_smallest_archive(root);
        let server = Server::start(root, args);
        server.shows("/texts/a.html", "One line.");

        // A note in a folder that was not there; saved as editors do, by another file in its place.
        write(root, "annotations/a/n.md", &note("One line", "A first note."));
        server.shows("/texts/a.html", "A first note.");
        write(root, "annotations/a/.n.md.swp", &note("One line", "A second note."));
        std::fs::rename(root.join("annotations/a/.n.md.swp"), root.join("annotations/a/n.md")).unwrap();
        server.shows("/texts/a.html", "A second note.");
        std::fs::rename(root.join("annotations/a/n.md"), root.join("annotations/a/m.md")).unwrap();
        server.shows("/texts/a.html", "id=\"n-m\"");

        // A term, a text in new folders, a template, the configuration.
        write(
            root,
            "annotations/glossary/line.toml",
            "term = \"line\"\nkind = \"concept\"\ndefinition = \"D.\"\nallow_common = true\n",
        );
        server.shows("/glossary/line.html", "One");
        write(root, "content/b/c/d.txt", "A new text.\n");
        server.shows("/texts/b/c/d.html", "A new text.");
        write(root, "themes/default/404.html", "<!doctype html><html><head></head><body>gone</body></html>");
        server.shows("/nowhere/at/all.html", "gone");
        write(root, "postil.toml", "title = \"Another title\"\n");
        server.shows("/", "Another title");

        // A mistake: the page stays, and the stream says where it is.
        write(root, "annotations/a/m.md", "+++\nby = \"A B\n+++\n> One line\n\nBroken.\n");
        let began = Instant::now();
        while server.news()["fresh"] == true {
            assert!(began.elapsed() < Duration::from_secs(60), "the mistake is never told");
            std::thread::sleep(Duration::from_millis(50));
        }
        let news = server.news();
        assert_eq!(news["problems"][0]["path"], "annotations/a/m.md");
        assert_eq!(news["problems"][0]["line"], 2);
        server.shows("/texts/a.html", "A second note.");
        write(root, "annotations/a/m.md", &note("One line", "Mended."));
        server.shows("/texts/a.html", "Mended.");

        // Folders that go and come again.
        std::fs::rename(root.join("content"), root.join("elsewhere")).unwrap();
        std::fs::create_dir(root.join("content")).unwrap();
        std::fs::rename(root.join("elsewhere/b"), root.join("content/b")).unwrap();
        std::fs::rename(root.join("elsewhere/a.txt"), root.join("content/a.txt")).unwrap();
        write(root, "content/b/c/d.txt", "Changed after that.\n");
        server.shows("/texts/b/c/d.html", "Changed after that.");
    }
}

#[test]
fn after_many_changes_the_site_is_that_of_a_build() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    super::cases::write_smallest_archive(root);
    write(root, "postil.toml", "title = \"A case\"\nzip = false\n[feed]\ndates = \"git\"\n");
    git(root, &["init", "-q"]);
    commit(root, "2026-03-01");
    let server = Server::start(root, &[]);
    let mut dice = Random::new(3);
    for number in 0..60 {
        let name = format!("annotations/a/n-{}.md", dice.below(6));
        match dice.below(5) {
            0 => drop(std::fs::remove_file(root.join(&name))),
            1 => {
                let other = root.join(format!("annotations/a/n-{}.md", dice.below(6)));
                drop(std::fs::rename(root.join(&name), other));
            }
            2 => write(root, &name, &note("no such words", "x")),
            3 => write(root, "content/b.txt", &format!("Text {number}.\n")),
            _ => write(root, &name, &note("One line", &format!("Note {number}."))),
        }
        if dice.below(3) == 0 {
            std::thread::sleep(Duration::from_millis(dice.below(40) as u64));
        }
    }
    for path in files(&root.join("annotations")).into_iter().map(|(path, _)| path) {
        write(root, &format!("annotations/{path}"), &note("One line", &format!("The last of {path}.")));
    }
    // What was committed since has come since.
    commit(root, "2026-04-01");
    write(root, "content/last.txt", "The last text.\n");
    server.shows("/texts/last.html", "The last text.");

    let address = format!("http://127.0.0.1:{}", server.port);
    let built =
        postil(root, &["build", "--base-url", &address, "--output", "out", "--quiet"]).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let build = server.news()["build"].as_str().unwrap().to_owned();
    let files: BTreeMap<_, _> = files(&root.join("out")).into_iter().collect();
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with(".postil-")) {
        let (status, sent) = server.get(&format!("/{path}"));
        let expected = if path.ends_with(".html") { page::dress(bytes, &build) } else { bytes.clone() };
        assert_eq!(status, 200, "{path}");
        assert!(sent == expected, "{path} is not as it is built");
    }
}

#[test]
fn requests_by_another_name_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let server = Server::start(folder.path(), &[]);
    let ask = |path: &str, headers: &str| {
        server.ask(&format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n")).0
    };
    let own = format!("Host: localhost:{}\r\n", server.port);
    assert_eq!(ask("/", &own), 200);
    assert_eq!(ask("/", "Host: evil.example\r\n"), 403);
    assert_eq!(ask("/", &format!("{own}Origin: http://evil.example\r\n")), 403);
    assert_eq!(ask("/../postil.toml", &own), 404);
    assert_eq!(ask("/%2e%2e/postil.toml", &own), 404);
    assert_eq!(ask("/", ""), 400);
    assert_eq!(ask("/", &own.repeat(2)), 400);
    assert_eq!(server.ask("no request\r\n\r\n").0, 400);
    assert_eq!(server.ask(&format!("HEAD / HTTP/1.1\r\n{own}Connection: close\r\n\r\n")), (200, Vec::new()));
    assert_eq!(server.ask(&format!("POST / HTTP/1.1\r\n{own}Content-Length: 3\r\n\r\nabc")).0, 405);
    // Two requests on one connection.
    let two = format!("GET /raw/a.txt HTTP/1.1\r\n{own}\r\nGET /raw/a.txt HTTP/1.0\r\n{own}\r\n");
    let (_, rest) = server.ask(&two);
    assert!(String::from_utf8(rest).unwrap().starts_with("One line.\nHTTP/1.1 200 OK\r\n"));
}

/// As many connections as a browser opens, all at once, each kept: none waits for another.
#[test]
fn connections_do_not_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let server = Server::start(folder.path(), &[]);
    let connect = |_| TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let mut kept: Vec<TcpStream> = (0..40).map(connect).collect();
    let request = format!("GET /raw/a.txt HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", server.port);
    for _ in 0..3 {
        for stream in &mut kept {
            stream.write_all(request.as_bytes()).unwrap();
        }
        // The last first: whoever waited for the others would wait for ever.
        for stream in kept.iter_mut().rev() {
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"One line.\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                answer.push(byte[0]);
            }
        }
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Whether a process has begun to listen to SIGTERM.
#[cfg(target_os = "linux")]
fn listens(child: &Child) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0").trim();
    u64::from_str_radix(caught, 16).unwrap() & (1 << (15 - 1)) != 0
}

#[cfg(target_os = "linux")]
#[test]
fn an_end_is_never_late() {
    // What takes far longer to build than an end may take.
    let large = "one two three four five six seven eight nine ten\n".repeat(200_000);
    let ends = |mut server: Server| {
        signal(&server.child, "-TERM");
        let began = Instant::now();
        let code = server.child.wait().unwrap().code();
        assert_eq!(code, Some(0));
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    };
    for args in [&[][..], &["--poll"]] {
        let folder = tempfile::tempdir().unwrap();
        super::cases::write_smallest_archive(folder.path());
        // While a change is being built.
        let server = Server::start(folder.path(), args);
        write(folder.path(), "content/large.txt", &large);
        std::thread::sleep(Duration::from_millis(700));
        ends(server);
        // While the first build is made.
        let mut command = postil(folder.path(), &["serve", "--port", "0", "--quiet"]);
        let child = command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while !listens(&child) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(100));
        ends(Server { child, port: 0 });
    }
}

/// A port that is in use; a folder that is no archive; an end by Ctrl-C.
#[cfg(unix)]
#[test]
fn how_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let none = postil(root, &["serve", "--port", "0"]).output().unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("there is no `postil.toml` here"));

    super::cases::write_smallest_archive(root);
    let mut server = Server::start(root, &[]);
    let second = postil(root, &["serve", "--port", &server.port.to_string()]).output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        told.contains(&format!("could not listen on port {}", server.port)) && told.contains("--port"),
        "{told}"
    );

    signal(&server.child, "-INT");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    // Nothing was written.
    let mut written: Vec<String> = files(root).into_iter().map(|(path, _)| path).collect();
    written.sort();
    assert_eq!(written, ["content/a.txt", "postil.toml"]);
}

/// Connections on which nothing is asked keep nobody out.
#[test]
fn idle_connections_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    super::cases::write_smallest_archive(folder.path());
    let server = Server::start(folder.path(), &[]);
    server.shows("/", "A case");
    let mut idle = Vec::new();
    for i in 0..600 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        // Some of them begin a request and never end it.
        if i % 2 == 0 {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nX: ");
        }
        idle.push(stream);
        if i % 50 == 0 {
            let began = Instant::now();
            assert_eq!(server.get("/").0, 200);
            assert!(began.elapsed() < Duration::from_secs(10), "{i} connections hold it up");
        }
    }
    assert_eq!(server.get("/").0, 200);
}
