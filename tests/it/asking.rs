//! `check --links`: what is gone is told at its place; what answered is not asked again; nothing else is asked.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::checking::{run, write};

/// A site of this machine that answers by the path, and what it was asked.
fn begin() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let seen = seen.clone();
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                lines.find(String::is_empty);
                let wanted = first.strip_suffix(" HTTP/1.1").unwrap_or(&first).to_owned();
                let status = match wanted.as_str() {
                    "HEAD /gone" | "GET /gone" => "404 Not Found",
                    "HEAD /shy" => "405 Method Not Allowed",
                    "HEAD /away" | "GET /away" => "503 Service Unavailable",
                    "HEAD /moved" => "301 Moved Permanently\r\nLocation: /good",
                    "HEAD /to-a-file" | "GET /to-a-file" => "302 Found\r\nLocation: file:///etc/passwd",
                    _ => "200 OK",
                };
                seen.lock().unwrap().push(wanted);
                let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            });
        }
    });
    (address, asked)
}

#[test]
fn what_is_gone_is_told_and_what_answers_is_remembered() {
    let (at, asked) = begin();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "postil.toml", "title = \"T\"\n");
    write(root, "content/a.txt", &format!("One line. {at}/in-the-text\n"));
    write(
        root,
        "content/a.toml",
        &format!(
            "layout = \"lines\"\nsource = {{ name = \"S\", url = \"{at}/good#part\" }}\n# {at}/comment\n"
        ),
    );
    let note = format!(
        "+++\nby = \"A B\"\n+++\n> One line\n\nSee [this]({at}/gone), <{at}/shy>,\n{at}/away and {at}/moved.\n\n{at}/to-a-file\n"
    );
    write(root, "annotations/a/n.md", &note);
    let check = |today: &str| {
        let (code, out, said) = run(root, &["check", "--links", "--today", today, "--format", "short"]);
        assert_eq!(code, 0, "{out}{said}");
        let of_links = out.lines().filter(|line| line.contains("[link-")).map(|line| line.replace(&at, ""));
        let mut asked = std::mem::take(&mut *asked.lock().unwrap());
        asked.sort();
        (of_links.collect::<Vec<_>>(), asked)
    };
    let (found, first) = check("2026-03-01");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found[0].starts_with("annotations/a/n.md:6:12: warning[link-gone]: nothing is at `/gone` any more"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("annotations/a/n.md:7:1: note[link-silent]: whether `/away` is there"),
        "{found:?}"
    );
    assert!(found[2].starts_with("annotations/a/n.md:9:1: note[link-silent]"), "{found:?}");
    for path in ["HEAD /good", "HEAD /shy", "GET /shy", "HEAD /moved", "GET /gone"] {
        assert!(first.iter().any(|asked| asked == path), "{path}: {first:?}");
    }
    assert!(
        first.iter().all(|asked| !asked.contains("comment") && !asked.contains("in-the-text")),
        "{first:?}"
    );

    // What answered is kept; what did not is asked again.
    let (again, second) = check("2026-03-04");
    assert_eq!(again, found);
    assert!(second.iter().all(|asked| !asked.ends_with("/shy") && !asked.ends_with("/moved")), "{second:?}");
    assert!(second.iter().any(|asked| asked == "HEAD /gone"), "{second:?}");
    let (_, third) = check("2026-03-09");
    assert!(third.iter().any(|asked| asked == "HEAD /shy"), "{third:?}");

    // Without the switch nobody is asked.
    run(root, &["check"]);
    run(root, &["build", "--quiet"]);
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
}

/// An archive comes from strangers, links in it too: what is remembered is written through none.
#[test]
#[cfg(unix)]
fn what_answered_is_not_written_through_a_link() {
    let (at, _) = begin();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "postil.toml", "title = \"T\"\n");
    write(root, "content/a.txt", "One line.\n");
    write(
        root,
        "content/a.toml",
        &format!("layout = \"lines\"\nsource = {{ name = \"S\", url = \"{at}/good\" }}\n"),
    );
    let check = || assert_eq!(run(root, &["check", "--links"]).0, 0);
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), root.join(".postil")).unwrap();
    check();
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);

    // In a folder of its own it is, and git does not see it.
    std::fs::remove_file(root.join(".postil")).unwrap();
    check();
    let kept = root.join(".postil/cache");
    assert!(std::fs::read_to_string(kept.join("links.json")).unwrap().contains("/good"));
    assert_eq!(std::fs::read_to_string(kept.join(".gitignore")).unwrap(), "*\n");
}
