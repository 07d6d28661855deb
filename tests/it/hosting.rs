//! What hosts of files are told: it holds of a built site, and real servers do what it says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use postil::compile::Options;
use postil_site::host;

use super::checking::write;
use super::command::postil;
use super::made::{Made, archive, make};
use super::random::Random;
use super::{files, repository};

/// An archive with all that hosts are told of: hashed files of each kind, an old address, raw texts that are not
/// in UTF-8, alone and all of a folder.
fn sources(config: &str) -> Vec<(String, Vec<u8>)> {
    let mut dice = Random::new(7);
    let mut letter = |from: &str| from.as_bytes()[dice.below(from.len())] as char;
    let words = (0..30_000).map(|_| {
        let word: String = (0..4).flat_map(|_| [letter("bcdfghjklmnprstvz"), letter("aeiou")]).collect();
        word
    });
    let long = words.collect::<Vec<_>>().chunks(60).map(|line| line.join(" ") + "\n\n").collect::<String>();
    let latin = b"Caf\xe9 au lait.\n".to_vec();
    let files: [(&str, Vec<u8>); 11] = [
        ("postil.toml", format!("title = \"A case\"\n{config}").into()),
        ("content/long.txt", long.into()),
        ("content/a.txt", "Naïve words.\n".into()),
        ("content/a.toml", "title = \"A\"\ndate = 1850\nkind = \"letter\"\nwas = [\"before/a\"]\n".into()),
        ("content/mixed/a.txt", "Plain.\n".into()),
        ("content/mixed/latin.txt", latin.clone()),
        ("content/mixed/latin.toml", "encoding = \"latin1\"\ndate = 1900-05-01\nkind = \"speech\"\n".into()),
        ("content/old/b.txt", latin.clone()),
        ("content/old/b.toml", "encoding = \"windows-1252\"\n".into()),
        ("content/old/c.txt", latin),
        ("content/old/c.toml", "encoding = \"windows-1252\"\n".into()),
    ];
    files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect()
}

fn site(config: &str) -> Made {
    make(archive(sources(config)), &Options::default())
}

/// The rules of a `_headers`: path, names and values.
fn rules(text: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let mut rules: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            None => rules.push((line, Vec::new())),
            Some(header) => rules.last_mut().unwrap().1.push(header.split_once(": ").unwrap()),
        }
    }
    rules
}

/// Whether a rule is about a file.
fn is_about(path: &str, file: &str) -> bool {
    match path.split_once('*') {
        Some((before, after)) => {
            file.len() >= before.len() + after.len() && file.starts_with(before) && file.ends_with(after)
        }
        None => path == file,
    }
}

/// What `_headers` says of a file.
fn told<'h>(rules: &[(&str, Vec<(&'h str, &'h str)>)], file: &str) -> BTreeMap<&'h str, Vec<&'h str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, headers) in rules.iter().filter(|(path, _)| is_about(path, file)) {
        headers.iter().for_each(|(name, value)| all.entry(name).or_default().push(value));
    }
    all
}

#[test]
fn what_hosts_are_told_is_what_the_site_holds() {
    let made = site("");
    let rules = rules(made.page("_headers"));
    let is_hashed = |file: &str| {
        let name = file.strip_prefix("search/").and_then(|rest| rest.strip_suffix(".js"));
        name.is_some_and(|name| name.split('/').count() == 3)
    };
    let mut kinds = std::collections::BTreeSet::new();
    for file in made.files.keys() {
        let told = told(&rules, &format!("/{file}"));
        // Hosts join what two rules say under one name.
        assert!(told.values().all(|values| values.len() == 1), "{file}: {told:?}");
        let for_ever = told.get("Cache-Control").is_some_and(|value| value[0] == host::FOR_EVER);
        assert_eq!(for_ever, is_hashed(file), "{file}");
        if is_hashed(file) {
            kinds.insert(file.as_bytes()[7]);
        }
        assert_eq!(told["Content-Security-Policy"][0], host::policy(&[]), "{file}");
    }
    assert!(kinds.len() >= 5, "{kinds:?}");
    let about_nothing: Vec<&str> = rules
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| !path.starts_with("/search/"))
        .filter(|path| !made.files.keys().any(|file| is_about(path, &format!("/{file}"))))
        .collect();
    assert_eq!(about_nothing, [""; 0]);
    let charset = |file: &str| told(&rules, file).get("Content-Type").map(|kinds| kinds[0].to_owned());
    assert_eq!(charset("/raw/mixed/latin.txt").as_deref(), Some("text/plain; charset=windows-1252"));
    assert_eq!(charset("/raw/old/c.txt").as_deref(), Some("text/plain; charset=windows-1252"));
    assert_eq!(charset("/raw/a.txt"), None);
    assert_eq!(charset("/texts/a.jsonld").as_deref(), Some("application/ld+json"));
    assert!(made.page("_headers").contains("/raw/old/*\n"), "{}", made.page("_headers"));
    assert_eq!(
        made.page("_redirects"),
        "/texts/before/a.html /texts/a.html 301\n/raw/before/a.txt /raw/a.txt 301\n\
         /texts/before/a.jsonld /texts/a.jsonld 301\n"
    );
}

#[test]
fn a_site_in_a_folder_of_its_host_is_told_as_such() {
    let made =
        site("base_url = \"https://a.example/sub/path\"\n[search]\nendpoint = \"https://s.example/q\"\n");
    let rules = rules(made.page("_headers"));
    assert!(rules.iter().all(|(path, _)| path.starts_with("/sub/path/")), "{rules:?}");
    let policy = told(&rules, "/sub/path/index.html")["Content-Security-Policy"][0];
    assert!(
        policy.contains("; connect-src https://s.example; frame-src 'self'; frame-ancestors 'self'"),
        "{policy}"
    );
    assert!(
        made.page("_redirects").starts_with("/sub/path/texts/before/a.html /sub/path/texts/a.html 301\n")
    );
}

/// Pages carry the policy themselves, for folders and for hosts without headers.
#[test]
fn pages_and_headers_have_one_policy() {
    for theme in ["default", "plain"] {
        let base = std::fs::read_to_string(repository(&format!("themes/{theme}/base.html"))).unwrap();
        let policy = base.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
        let policy = policy.split(['"', '{']).next().unwrap();
        assert_eq!(policy, host::POLICY, "{theme}");
    }
}

#[test]
fn the_page_of_what_is_not_there_finds_the_root() {
    let made = site("");
    let page = made.page("404.html");
    for up in ["", "../", "../../../../"] {
        assert!(page.contains(&format!("<script src=\"{up}assets/root.js\"></script>")), "{up}: {page}");
    }
    assert!(made.files.contains_key("assets/root.js"));
    assert_eq!(made.bugs(), "");
    assert!(!made.said().contains("dead-link"), "{}", made.said());
    let made = site("base_url = \"https://a.example/sub\"\n");
    let page = made.page("404.html");
    assert!(!page.contains("root.js") && page.contains("href=\"/sub/assets/style.css\""), "{page}");
}

/// A site with files of the publisher's own: path below `static/` and text.
fn with_static(config: &str, own: &[(&str, &str)]) -> Made {
    let mut files = vec![
        ("postil.toml".to_owned(), format!("title = \"A case\"\n{config}")),
        ("content/a.txt".to_owned(), "One line.\n".to_owned()),
        ("content/pages/about.md".to_owned(), "See [the plan](files/plan.pdf).\n".to_owned()),
    ];
    files.extend(own.iter().map(|(path, text)| (format!("static/{path}"), (*text).to_owned())));
    make(archive(files), &Options::default())
}

#[test]
fn files_of_the_publisher_are_copied_as_they_are() {
    let own = [
        ("CNAME", "archive.example.org\n"),
        (".nojekyll", ""),
        (".well-known/security.txt", "Contact: mailto:a@b.example\n"),
        ("files/plan.pdf", "%PDF"),
        ("assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("_headers", "/files/*\n  X-Robots-Tag: noindex\n"),
        ("_redirects", "/old /index.html 301\n"),
        ("robots.txt", "User-agent: Bad\nDisallow: /\n"),
        (".DS_Store", "x"),
        ("files/.gitkeep", ""),
    ];
    let made = with_static("", &own);
    assert!(!made.said().contains("error"), "{}", made.said());
    for (path, text) in &own[..5] {
        assert_eq!(made.page(path), *text, "{path}");
    }
    assert!(made.page("_headers").starts_with("/*\n  Content-Security-Policy: "), "what the site says stays");
    assert!(made.page("_headers").ends_with("/files/*\n  X-Robots-Tag: noindex\n"));
    assert_eq!(made.page("_redirects"), "/old /index.html 301\n");
    assert!(made.page("robots.txt").starts_with("User-agent: *\nAllow: /\n"));
    assert!(made.page("robots.txt").ends_with("User-agent: Bad\nDisallow: /\n"));
    assert!(!made.files.keys().any(|path| path.contains("DS_Store") || path.contains("gitkeep")));
    // The download holds them too; without them the page would lead nowhere.
    assert!(with_static("", &[]).said().contains("files/plan.pdf"));
}

#[test]
fn no_file_of_the_publisher_hides_one_of_the_site() {
    for (path, made_of) in [
        ("index.html", "file `index.html`"),
        ("Index.HTML", "file `index.html`"),
        ("texts/a.html", "file `texts/a.html`"),
        ("texts", "folder `texts`"),
        ("search.html/x", "file `search.html`"),
        ("archive.zip", "file `archive.zip`"),
        ("data/index.html", "file `data/index.html`"),
        ("assets/style.css", "file `assets/style.css`"),
        ("raw/a.txt", "file `raw/a.txt`"),
    ] {
        let made = with_static("", &[(path, "mine"), ("files/plan.pdf", "x")]);
        let told = format!("static/{path}:1:1: error[static-clash]: the site has a {made_of} of its own\n");
        assert!(made.said().contains(&told), "{path}: {}", made.said());
        assert!(made.files.values().all(|bytes| bytes != b"mine"), "{path}");
    }
    let made = with_static("", &[("a:b.txt", "x"), ("files/plan.pdf", "x")]);
    assert!(
        made.said().contains("error[bad-name]: the address of this file has a character"),
        "{}",
        made.said()
    );
}

#[test]
fn a_site_has_an_icon_and_a_picture_of_its_own_or_drawn_ones() {
    let made = with_static("base_url = \"https://a.example/x\"\n", &[("files/plan.pdf", "x")]);
    let page = made.page("texts/a.html");
    assert!(page.contains("<link rel=\"icon\" href=\"../assets/favicon.svg\">"), "{page}");
    assert!(
        page.contains("<meta property=\"og:image\" content=\"https://a.example/x/assets/card.png\">"),
        "{page}"
    );
    assert!(page.contains("<meta property=\"og:title\" content=\"One line.\">"), "{page}");
    assert!(made.files.contains_key("assets/favicon.svg") && made.files.contains_key("assets/card.png"));
    let own = [("files/plan.pdf", "x"), ("favicon.ico", "i"), ("card.jpg", "j")];
    let page = with_static("base_url = \"https://a.example/x\"\n", &own);
    let page = page.page("texts/a.html");
    assert!(page.contains("<link rel=\"icon\" href=\"../favicon.ico\">"), "{page}");
    assert!(page.contains("content=\"https://a.example/x/card.jpg\">"), "{page}");
    // Without an address of the site there is none of its picture.
    assert!(!with_static("", &own).page("texts/a.html").contains("og:image"));
}

/// `init` for each host, in a new archive and in one that is there.
#[test]
fn init_writes_what_a_host_needs() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let hosts = [
        ("netlify", "netlify.toml"),
        ("cloudflare", "wrangler.toml"),
        ("github", ".github/workflows/publish.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("s3", "deploy-s3.sh"),
        ("nginx", "nginx.conf"),
        ("caddy", "Caddyfile"),
        ("apache", "apache.conf"),
    ];
    let init = |args: &[&str]| {
        let args: Vec<&str> = ["init"].iter().chain(args).copied().collect();
        let output = postil(root, &args).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (host, file) in hosts {
        let (code, told) = init(&[host, "--host", host]);
        assert_eq!(code, Some(0), "{told}");
        let text = std::fs::read_to_string(root.join(host).join(file)).unwrap();
        assert!(!text.contains("{{p") && !text.contains("= \"\""), "{host}: {text}");
        let readme = std::fs::read_to_string(root.join(host).join("README.md")).unwrap();
        assert!(readme.contains("to publish"), "{readme}");
        // Again: nothing is written over.
        let (code, told) = init(&[host, "--host", host]);
        assert_eq!(code, Some(2), "{host}");
        assert!(told.contains("is there already") && told.contains("take it away first"), "{told}");
        // The file alone, in an archive that is there.
        if host != "netlify" {
            let (code, told) = init(&["netlify", "--host", host]);
            assert_eq!(code, Some(0), "{told}");
            assert!(told.contains(&format!("{file}`: to publish")), "{told}");
            assert!(root.join("netlify").join(file).is_file());
        }
        let check = postil(&root.join(host), &["check", "--deny", "warnings", "--today", "2026-11-22"]);
        let output = { check }.output().unwrap();
        assert!(output.status.success(), "{host}: {}", String::from_utf8_lossy(&output.stdout));
    }
    let (code, told) = init(&["netlify"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("`postil init --host NAME`"), "{told}");
    for (host, file) in hosts {
        let text = std::fs::read_to_string(root.join(host).join(file)).unwrap();
        if file.ends_with("toml") && file != "Cargo.toml" {
            assert!(text.parse::<toml::Table>().is_ok(), "{text}");
        }
        if ["netlify", "cloudflare", "github", "gitlab"].contains(&host) {
            let version = env!("CARGO_PKG_VERSION");
            assert!(text.contains(&format!("install postil=={version} || cargo install")), "{text}");
        }
    }
}

/// The script for stores puts each file once, with the type and age that the table gives it.
#[test]
fn the_script_for_stores_puts_each_file_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, bytes) in sources("") {
        std::fs::create_dir_all(root.join(&path).parent().unwrap()).unwrap();
        std::fs::write(root.join(path), bytes).unwrap();
    }
    assert!(postil(root, &["build"]).output().unwrap().status.success());
    assert!(postil(root, &["init", "--host", "s3"]).output().unwrap().status.success());
    // Stands in for the command line of AWS: writes down what it is asked for.
    write(
        root,
        "bin/aws",
        "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done >> \"$LOG\"\necho >> \"$LOG\"\n",
    );
    let chmod = Command::new("chmod").args(["+x", "bin/aws"]).current_dir(root).status().unwrap();
    assert!(chmod.success());
    let path = format!("{}:/usr/bin:/bin", root.join("bin").display());
    let run = Command::new("sh")
        .args(["deploy-s3.sh", "s3://bucket", "--endpoint-url", "https://s.example"])
        .env("PATH", path)
        .env("LOG", root.join("log"))
        .current_dir(root)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let log = std::fs::read_to_string(root.join("log")).unwrap();
    let mut as_put: BTreeMap<String, (String, String)> = BTreeMap::new();
    let calls: Vec<Vec<&str>> = log.trim().split("\n\n").map(|call| call.lines().collect()).collect();
    let (last, puts) = calls.split_last().unwrap();
    assert!(last[..2] == ["s3", "sync"] && last.contains(&"--delete"), "{last:?}");
    let glob = |pattern: &str, file: &str| match pattern.split_once('*') {
        Some((before, after)) => file.starts_with(before) && file.ends_with(after),
        None => pattern == file,
    };
    let site = files(&root.join("public"));
    for call in puts {
        let value = |key: &str| call[call.iter().position(|word| *word == key).unwrap() + 1].to_owned();
        assert_eq!(value("--endpoint-url"), "https://s.example");
        for (file, _) in &site {
            // The last of those that are about a file counts.
            let mut taken = true;
            for pair in call.windows(2).filter(|pair| glob(pair[1], file)) {
                match pair[0] {
                    "--include" => taken = true,
                    "--exclude" => taken = false,
                    _ => {}
                }
            }
            if taken {
                as_put.insert(file.clone(), (value("--content-type"), value("--cache-control")));
            }
        }
    }
    for (file, _) in site.iter().filter(|(file, _)| file != ".postil-manifest") {
        let hashed = file.strip_prefix("search/").is_some_and(|rest| rest.matches('/').count() == 2);
        let kind = match file.as_str() {
            "raw/mixed/latin.txt" | "raw/old/b.txt" | "raw/old/c.txt" => {
                "text/plain; charset=windows-1252".into()
            }
            file => host::kind(file),
        };
        let age = if hashed { host::FOR_EVER } else { host::ASK_AGAIN };
        assert_eq!(as_put.get(file), Some(&(kind, age.to_owned())), "{file}");
    }
}

/// A server that is ended when this is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An answer: status, headers, body.
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

fn get(port: u16, path: &str, more: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: archive.example.org\r\nConnection: close\r\n{more}\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Ok(Answer { status, headers, body: bytes.get(end + 4..).unwrap_or_default().to_vec() })
}

/// Begins a server with the settings that `init` writes, on a port of this machine.
fn begin(server: &str, root: &Path, port: u16) -> Server {
    let own = root.join("server");
    std::fs::create_dir_all(&own).unwrap();
    let file = match server {
        "nginx" => "nginx.conf",
        "caddy" => "Caddyfile",
        _ => "apache.conf",
    };
    let written = postil(root, &["init", "--host", server]).output().unwrap();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let text = std::fs::read_to_string(root.join(file)).unwrap();
    let text = text.replace("/srv/archive/public", root.join("public").to_str().unwrap());
    let path = |name: &str| own.join(name).display().to_string();
    let mut command = match server {
        "nginx" => {
            let text = text
                .replace("    listen 80;", &format!("    listen 127.0.0.1:{port};"))
                .replace("    listen [::]:80;\n", "");
            std::fs::write(own.join("site.conf"), text).unwrap();
            let temp: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map(|name| format!("{name}_temp_path {};\n", path(name)))
                .concat();
            let main = format!(
                "daemon off;\nmaster_process off;\npid {};\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temp}include {};\n}}\n",
                path("pid"),
                path("site.conf")
            );
            std::fs::write(own.join("nginx.conf"), main).unwrap();
            let mut command = Command::new("nginx");
            command.args(["-p", &path(""), "-c", &path("nginx.conf")]);
            command
        }
        "caddy" => {
            let text =
                text.replace("archive.example.org {", &format!("http://archive.example.org:{port} {{"));
            std::fs::write(own.join("Caddyfile"), format!("{{\n\tadmin off\n\tauto_https off\n}}\n{text}"))
                .unwrap();
            let mut command = Command::new("caddy");
            command.args(["run", "--adapter", "caddyfile", "--config", &path("Caddyfile")]).env("HOME", &own);
            command
        }
        _ => {
            let text = text.replace("<VirtualHost *:80>", &format!("<VirtualHost 127.0.0.1:{port}>"));
            let mut main = format!(
                "ServerRoot {}\nServerName x.example\nListen 127.0.0.1:{port}\nPidFile {}\nErrorLog /dev/stderr\nTypesConfig /dev/null\n",
                own.display(),
                path("pid")
            );
            let modules = "/usr/lib/apache2/modules";
            for module in ["mpm_event", "authz_core", "dir", "mime", "headers", "alias", "filter", "deflate"]
            {
                let _ = writeln!(main, "LoadModule {module}_module {modules}/mod_{module}.so");
            }
            let main = main.replacen("TypesConfig /dev/null\n", "", 1) + "TypesConfig /dev/null\n" + &text;
            std::fs::write(own.join("apache.conf"), main).unwrap();
            let mut command = Command::new("apache2");
            command.args(["-X", "-f", &path("apache.conf")]);
            command
        }
    };
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    let mut server = Server(child.unwrap_or_else(|error| panic!("{server}: {error}")));
    for _ in 0..200 {
        if get(port, "/", "").is_ok() {
            return server;
        }
        if let Some(ended) = server.0.try_wait().unwrap() {
            panic!("the server ended: {ended}\n{text}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the server does not answer");
}

#[test]
#[ignore = "wants nginx, Caddy and Apache: `cargo test --test it -- --ignored real_servers`"]
fn real_servers_do_what_the_table_says() {
    for base in ["https://archive.example.org", "https://archive.example.org/sub/path"] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for (path, bytes) in sources(&format!("base_url = \"{base}\"\n")) {
            std::fs::create_dir_all(root.join(&path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), bytes).unwrap();
        }
        let built = postil(root, &["build"]).output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        // Some servers go by another user than the one that made the folder.
        let open = Command::new("chmod").args(["-R", "a+rX", "."]).current_dir(root).status().unwrap();
        assert!(open.success());
        let at = base.strip_prefix("https://archive.example.org").unwrap().to_owned() + "/";
        for server in ["nginx", "caddy", "apache"] {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let running = begin(server, root, port);
            ask(server, port, &at, root);
            drop(running);
        }
    }
}

fn ask(server: &str, port: u16, at: &str, root: &Path) {
    let check = |path: &str, status: u16, expected: &[(&str, &str)]| {
        let answer = get(port, &format!("{at}{path}"), "").unwrap();
        let told = format!("{server} {at}{path}: {} {:#?}", answer.status, answer.headers);
        assert_eq!(answer.status, status, "{told}");
        for (name, value) in expected {
            assert_eq!(answer.headers.get(*name).map(String::as_str), Some(*value), "{name}: {told}");
        }
        if status != 301 {
            for (name, value) in host::headers(&[]) {
                let name = name.to_ascii_lowercase();
                assert_eq!(answer.headers.get(&name), Some(&value), "{name}: {told}");
            }
            assert!(answer.headers.contains_key("cache-control"), "{told}");
        }
        answer
    };
    let html = ("content-type", "text/html; charset=utf-8");
    let again = ("cache-control", host::ASK_AGAIN);
    check("", 200, &[html, again]);
    check("texts/a.html", 200, &[html, again]);
    check("topics/", 200, &[html]);
    for missing in ["nothing", "texts/nothing.html", "a/b/c/d/e.html", "raw/nothing.txt"] {
        let answer = check(missing, 404, &[html]);
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(body.contains(&format!("href=\"{at}assets/style.css\"")), "{server} {missing}: {body}");
    }
    let text = |charset: &str| format!("text/plain; charset={charset}");
    check("raw/a.txt", 200, &[("content-type", &text("utf-8")), again]);
    for path in ["raw/mixed/latin.txt", "raw/old/b.txt"] {
        let answer = check(path, 200, &[("content-type", &text("windows-1252"))]);
        assert_eq!(answer.body, b"Caf\xe9 au lait.\n", "{server}");
    }
    check("raw/mixed/a.txt", 200, &[("content-type", &text("utf-8"))]);
    check("texts/a.jsonld", 200, &[("content-type", "application/ld+json")]);
    check("data/texts.bib", 200, &[("content-type", "application/x-bibtex; charset=utf-8")]);
    check("assets/style.css", 200, &[("content-type", "text/css; charset=utf-8"), again]);
    check("archive.zip", 200, &[("content-type", "application/zip")]);
    let site = files(&root.join("public"));
    let hashed = site.iter().map(|(path, _)| path).filter(|path| path.starts_with("search/"));
    let hashed: Vec<&String> = hashed.filter(|path| path.matches('/').count() == 3).collect();
    assert!(hashed.len() > 4, "{hashed:?}");
    for path in hashed {
        let kind = ("content-type", "text/javascript; charset=utf-8");
        check(path, 200, &[("cache-control", host::FOR_EVER), kind]);
    }
    check("search/index.js", 200, &[again]);
    for (old, new) in [("texts/before/a.html", "texts/a.html"), ("raw/before/a.txt", "raw/a.txt")] {
        let answer = check(old, 301, &[]);
        let to = &answer.headers["location"];
        assert!(to.ends_with(&format!("{at}{new}")), "{server}: {to}");
    }
    if at != "/" {
        let answer = get(port, at.trim_end_matches('/'), "").unwrap();
        assert_eq!(answer.status, 301, "{server}");
        assert!(answer.headers["location"].ends_with(at), "{server}");
    }
    let packed = get(port, &format!("{at}assets/style.css"), "Accept-Encoding: gzip\r\n").unwrap();
    assert_eq!(packed.headers.get("content-encoding").map(String::as_str), Some("gzip"), "{server}");
}
