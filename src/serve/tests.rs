//! Requests and their answers, and what is shown as an archive changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::{Answer, Request, Response, Server, answer};
use super::page;
use super::stage::{Files, Scene, Stage};
use crate::compile::{self, Options};
use crate::output::Sink;
use crate::output::memory::Memory;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::{Checked, Error};

const SERVER: Server =
    Server { ip: core::net::IpAddr::V4(core::net::Ipv4Addr::LOCALHOST), port: 1111, run: 7 };

const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta http-equiv=\"Content-Security-Policy\" \
    content=\"default-src 'none'\">\n<title>T</title>\n</head>\n<body>é</body>\n</html>\n";

fn scene(files: &[(&str, &str)]) -> Scene {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes())));
    Scene { build: 3, files: Some(Arc::new(files.collect())), ..Scene::default() }
}

fn site() -> Scene {
    scene(&[
        ("index.html", PAGE),
        ("404.html", "<html><head></head><body>missing</body></html>"),
        ("texts/index.html", PAGE),
        ("assets/a b.css", "p {}"),
        ("raw/a.txt", "é"),
        ("strange", "<script>"),
    ])
}

fn asked(target: &str) -> Request<'_> {
    Request { method: "GET", target, host: Some("127.0.0.1:1111"), ..Request::default() }
}

#[track_caller]
fn whole(request: &Request<'_>, scene: &Scene) -> Response {
    match answer(request, &SERVER, scene) {
        Answer::Whole(response) => response,
        Answer::Events => panic!("{request:?} gives a stream"),
    }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_ref())
}

#[test]
fn files_of_the_build_are_sent_and_no_others() {
    let site = site();
    #[track_caller]
    fn check(site: &Scene, target: &str, status: u16, kind: &str) {
        let response = whole(&asked(target), site);
        let found = (response.status, header(&response, "Content-Type").unwrap());
        assert_eq!(found, (status, kind), "{target}");
        assert_eq!(header(&response, "X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(
            header(&response, "Content-Security-Policy"),
            Some(&*postil_site::host::policy(&["'self'"]))
        );
    }
    let html = "text/html; charset=utf-8";
    let plain = "text/plain; charset=utf-8";
    check(&site, "/", 200, html);
    check(&site, "/index.html?q=%C3%A9#x", 200, html);
    check(&site, "/texts/", 200, html);
    check(&site, "/assets/a%20b.css", 200, "text/css; charset=utf-8");
    check(&site, "/raw/a.txt", 200, plain);
    check(&site, "/strange", 200, "application/octet-stream");
    check(&site, "/texts", 301, plain);
    for missing in ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/texts/x/y.html"] {
        check(&site, missing, 404, html);
    }
    for unreadable in ["/%", "/%zz", "/%ff", "http://127.0.0.1:1111/", "*", ""] {
        check(&site, unreadable, 400, plain);
    }
    check(&site, "/.postil-serve/serve.js?build=1", 200, "text/javascript; charset=utf-8");
    check(&site, "/.postil-serve/serve.css", 200, "text/css; charset=utf-8");
    check(&site, "/.postil-serve/page.rs", 404, plain);
    check(&Scene::default(), "/", 503, html);
    assert_eq!(header(&whole(&asked("/texts"), &site), "Location"), Some("/texts/"));
    assert_eq!(answer(&asked("/.postil-serve/events"), &SERVER, &site), Answer::Events);
}

#[test]
fn the_server_listens_to_its_own_name_only() {
    let site = site();
    #[track_caller]
    fn check(server: Server, host: Option<&str>, origin: Option<&str>, status: u16) {
        for target in ["/", "/.postil-serve/events"] {
            let request = Request { host, origin, ..asked(target) };
            let found = match answer(&request, &server, &self::site()) {
                Answer::Whole(response) => response.status,
                Answer::Events => 200,
            };
            assert_eq!(found, status, "{host:?} {origin:?} {target}");
        }
    }
    let own = Some("127.0.0.1:1111");
    check(SERVER, own, None, 200);
    check(SERVER, Some("localhost:1111"), Some("http://localhost:1111"), 200);
    check(SERVER, Some("LOCALHOST:1111"), None, 200);
    check(SERVER, Some("[::1]:1111"), None, 200);
    check(SERVER, None, None, 400);
    for host in [
        "evil.example:1111",
        "127.0.0.1",
        "127.0.0.1:80",
        "192.168.0.1:1111",
        "localhost.evil.example:1111",
        "",
    ] {
        check(SERVER, Some(host), None, 403);
    }
    for origin in ["http://evil.example", "https://127.0.0.1:1111", "http://127.0.0.1:2222", "null"] {
        check(SERVER, own, Some(origin), 403);
    }
    let open = Server { ip: "0.0.0.0".parse().unwrap(), ..SERVER };
    check(open, Some("192.168.0.1:1111"), None, 200);
    check(open, Some("evil.example:1111"), None, 403);
    let other = Server { ip: "192.168.0.1".parse().unwrap(), ..SERVER };
    check(other, Some("192.168.0.1:1111"), None, 200);
    check(other, Some("localhost:1111"), None, 403);
    let response = whole(&Request { method: "POST", ..asked("/") }, &site);
    assert_eq!((response.status, header(&response, "Allow")), (405, Some("GET, HEAD")));
    assert_eq!(whole(&Request { method: "HEAD", ..asked("/") }, &site).status, 200);
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    let site = site();
    let first = whole(&asked("/raw/a.txt"), &site);
    let tag = header(&first, "ETag").unwrap();
    let again = |tags: &str| {
        let response = whole(&Request { if_none_match: Some(tags), ..asked("/raw/a.txt") }, &site);
        (response.status, response.body.len())
    };
    assert_eq!(again(tag), (304, 0));
    assert_eq!(again(&format!("\"x\", {tag}")), (304, 0));
    assert_eq!(again("\"x\""), (200, 2));
    assert_eq!(header(&whole(&asked("/"), &site), "Cache-Control"), Some("no-store"));
}

#[test]
fn a_page_is_dressed_when_it_is_sent() {
    let sent = String::from_utf8(whole(&asked("/"), &site()).body).unwrap();
    let own = "<link rel=\"stylesheet\" href=\"/.postil-serve/serve.css\">\n\
        <script src=\"/.postil-serve/serve.js?build=7-3\" defer></script>\n</head>";
    assert_eq!(sent.matches(own).count(), 1, "{sent}");
    assert!(sent.contains("content=\"default-src 'none'; connect-src 'self'\""), "{sent}");
    let undressed = sent.replace(own, "</head>").replace("; connect-src 'self'", "");
    assert_eq!(undressed, PAGE);
    assert_eq!(page::dress(&[0xff], "1"), [0xff]);
}

#[test]
fn a_page_that_may_ask_a_search_server_may_ask_it_here() {
    let page = PAGE.replace("'none'\">", "'none'; connect-src https://s.example:8\">");
    let asks = Some("https://s.example:8".to_owned());
    let sent = whole(&asked("/"), &Scene { asks, ..scene(&[("index.html", &page)]) });
    let policy = header(&sent, "Content-Security-Policy").unwrap();
    assert!(policy.contains("; connect-src 'self' https://s.example:8; "), "{policy}");
    let body = String::from_utf8(sent.body).unwrap();
    assert!(body.contains("'none'; connect-src 'self' https://s.example:8\">"), "{body}");
    // What a page says of itself gives no leave.
    let sent = whole(&asked("/"), &scene(&[("index.html", &page)]));
    assert_eq!(header(&sent, "Content-Security-Policy"), Some(&*postil_site::host::policy(&["'self'"])));
}

#[test]
fn the_search_server_is_that_of_the_last_good_build() {
    let stage = Stage::default();
    let mut files = archive();
    let mut shown = |config: &str| {
        files.insert("postil.toml".to_owned(), format!("title = \"A case\"\n{config}").into_bytes());
        show(&stage, &files);
        stage.scene().asks
    };
    let asks = Some("https://s.example:8".to_owned());
    assert_eq!(shown(""), None);
    assert_eq!(shown("[search]\nendpoint = \"https://s.example:8/u?v=w\"\n"), asks);
    assert_eq!(shown("[search]\nendpoint = 1\n"), asks, "the pages shown are the older ones");
    assert_eq!(shown(""), None);
}

/// The files of an archive.
type Sources = BTreeMap<String, Vec<u8>>;

fn files(pairs: &[(&str, &str)]) -> Sources {
    pairs.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn archive() -> Sources {
    files(&[
        ("postil.toml", "title = \"A case\"\n"),
        ("content/a.txt", "One line of a text.\n\nAnother line of it.\n"),
        ("content/b.txt", "A line of the ILO.\n"),
        ("annotations/a/n.md", "+++\nby = \"A B\"\n+++\n> Another line\n\nWhat of the [[ilo]]?\n"),
        ("annotations/glossary/ilo.toml", "term = \"ILO\"\nkind = \"body\"\ndefinition = \"A body.\"\n"),
        ("annotations/topics/t.toml", "title = \"T\"\n[[passage]]\ntext = \"b\"\nquote = \"A line\"\n"),
    ])
}

/// The archive as the server reads it: without the download.
fn read(files: &Sources) -> Checked<Archive> {
    let mut archive = Archive::from_memory(files.clone(), crate::theme::default_theme());
    archive.value.config.zip = Some(false);
    archive
}

fn show(stage: &Stage, files: &Sources) {
    stage.show(|| Ok((read(files), None)));
}

#[test]
fn a_broken_archive_leaves_the_last_good_build() {
    let stage = Stage::default();
    let mut files = archive();
    show(&stage, &files);
    let good = stage.scene();
    assert!(good.is_up_to_date() && good.build == 1);
    show(&stage, &files);
    assert_eq!(stage.scene().number, good.number, "nothing changed");

    let note = "annotations/a/n.md".to_owned();
    let whole = files[&note].clone();
    files.insert(note.clone(), b"+++\nby = \"A B\n+++\n> Another line\n\n<script>x</script>\n".to_vec());
    show(&stage, &files);
    let broken = stage.scene();
    assert!(!broken.is_up_to_date());
    assert_eq!((broken.build, broken.files.clone()), (1, good.files.clone()));
    let event = page::event(&SERVER, &broken);
    assert_eq!(event.lines().count(), 2, "{event}");
    assert!(event.contains("\"path\":\"annotations/a/n.md\"") && event.contains("\"line\":2"), "{event}");
    assert!(event.contains("\"build\":\"7-1\"") && event.contains("\"fresh\":false"), "{event}");

    let gone = std::io::Error::other("no");
    stage.show(|| Err(Error::new("read", "content/a.txt", gone)));
    let troubled = stage.scene();
    assert_eq!(troubled.trouble.as_deref(), Some("could not read `content/a.txt`: no"));
    assert_eq!(troubled.files, good.files);

    stage.show(|| panic!("nobody thought of this"));
    let failed = stage.scene();
    let event = page::event(&SERVER, &failed);
    assert!(event.contains("this is a bug of postil: nobody thought of this"), "{event}");
    assert!(event.contains("please report it") && event.contains("\"fresh\":false"), "{event}");
    assert!(!failed.is_up_to_date());
    assert_eq!(failed.files, good.files);

    files.insert(note, whole);
    show(&stage, &files);
    let mended = stage.scene();
    assert!(mended.is_up_to_date());
    assert_eq!((mended.build, mended.files), (1, good.files), "the same site is the same build");
}

/// Numbers by a seed (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }
}

/// The note that is about no words, if it is there.
const WRONG: &str = "annotations/a/wrong.md";

/// One change such as people make: of words, of a name, a file more or less, a mistake.
fn change(files: &mut Sources, dice: &mut Dice) {
    let notes: Vec<String> = files
        .keys()
        .filter(|path| path.ends_with(".md") && path.starts_with("annotations/") && *path != WRONG)
        .cloned()
        .collect();
    let number = dice.below(1000);
    let note = |words: &str| format!("+++\nby = \"A B\"\n+++\n> {words}\n\nNote {number}.\n").into_bytes();
    let some = |dice: &mut Dice| notes.get(dice.below(notes.len().max(1))).cloned();
    match dice.below(12) {
        0 | 1 => drop(files.insert(format!("annotations/a/n-{}.md", dice.below(4)), note("One line"))),
        2 => drop(files.insert(format!("annotations/b/n-{}.md", dice.below(4)), note("of the ILO"))),
        3 => drop(files.insert(WRONG.into(), note("no such words"))),
        // Mistakes are mended more often than made, or there would be little to see.
        4 if files.contains_key(WRONG) => drop(files.remove(WRONG)),
        4 => drop(some(dice).and_then(|path| files.remove(&path))),
        5 => {
            if let Some((path, bytes)) = some(dice).and_then(|path| files.remove_entry(&path)) {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                files.insert(format!("{folder}/m-{}.md", dice.below(4)), bytes);
            }
        }
        6 => {
            let text = format!("One line of a text.\n\nAnother line of it, {number}.\n");
            files.insert("content/a.txt".into(), text.into_bytes());
        }
        7 => match files.contains_key("content/c.md") {
            true => drop(files.remove("content/c.md")),
            false => {
                drop(files.insert("content/c.md".into(), format!("# {number}\n\nThe ILO.\n").into_bytes()))
            }
        },
        8 => {
            let term = format!("term = \"ILO\"\nkind = \"body\"\ndefinition = \"Body {number}.\"\n");
            files.insert("annotations/glossary/ilo.toml".into(), term.into_bytes());
        }
        9 if dice.below(3) == 0 => {
            drop(files.insert("annotations/topics/t.toml".into(), b"title = \"T\n".to_vec()))
        }
        10 => drop(
            files
                .insert("annotations/topics/t.toml".into(), format!("title = \"T {number}\"\n").into_bytes()),
        ),
        _ => drop(files.insert("postil.toml".into(), format!("title = \"Case {number}\"\n").into_bytes())),
    }
}

fn cold(files: &Sources) -> Option<Files> {
    let archive = read(files);
    let memory = Memory::default();
    let put = |path: &str, bytes: &[u8]| memory.put(path, bytes);
    let compiled = compile::compile(&archive.value, &put, &Options::default()).unwrap();
    let is_error = |p: &postil_archive::diagnostic::Diagnostic| {
        p.severity == postil_archive::diagnostic::Severity::Error
    };
    let failed = compiled.failed() || archive.problems.iter().any(is_error);
    (!failed).then(|| memory.into_shared())
}

/// A hundred and fifty edits, renames, deletions and mistakes, or a thousand (`tests/run --all`),
/// and after each the site is that of a cold build, or that of the last good one.
#[test]
fn after_many_changes_the_site_is_that_of_a_cold_build() {
    let steps = if std::env::var("POSTIL_TESTS").is_ok_and(|tier| tier == "all") { 1000 } else { 150 };
    let stage = Stage::default();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut files = archive();
    let mut good = None;
    let (mut fresh, mut stale) = (0, 0);
    for step in 0..steps {
        change(&mut files, &mut dice);
        show(&stage, &files);
        let scene = stage.scene();
        // Each is compared with what was shown last; every tenth with a build from nothing.
        match scene.is_up_to_date() {
            true => fresh += 1,
            false => {
                stale += 1;
                assert_eq!(scene.files, good, "step {step}");
            }
        }
        if step % 10 == 9 {
            let cold = cold(&files);
            assert_eq!(cold.is_some(), scene.is_up_to_date(), "step {step}");
            if let Some(cold) = cold {
                assert!(scene.files.as_deref() == Some(&cold), "step {step}: {:?}", differing(&scene, &cold));
            }
        }
        good = scene.files;
    }
    assert!(fresh * 10 > steps && stale * 10 > steps, "{fresh} {stale}");
}

fn differing(scene: &Scene, cold: &Files) -> Vec<String> {
    let shown: BTreeMap<_, _> = scene.files.as_deref().cloned().unwrap_or_default();
    let paths = shown.keys().chain(cold.keys()).filter(|path| shown.get(*path) != cold.get(*path));
    paths.cloned().collect()
}
