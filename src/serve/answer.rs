//! A request and what is sent back. No disk, no network: a request is some words.

use std::borrow::Cow;

use core::net::IpAddr;

use super::page;
use super::stage::Scene;
use postil_anchor::document::checksum;
use postil_site::host;

/// The folder of what is not of the site but of the server. No file of a site
/// can have such an address ([`postil_archive::archive::path::fault`]).
pub const OWN: &str = ".postil-serve/";

/// What a browser asks for, as far as it matters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// Such as `GET`.
    pub method: &'a str,
    /// Path and query, as they came.
    pub target: &'a str,
    /// The header `Host`.
    pub host: Option<&'a str>,
    /// The header `Origin`.
    pub origin: Option<&'a str>,
    /// The header `If-None-Match`.
    pub if_none_match: Option<&'a str>,
}

/// What is sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// All at once.
    Whole(Response),
    /// The stream of what changes.
    Events,
}

/// Status, headers, body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Such as 200.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Where the server is, and so by which names it may be called.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// The address it listens on.
    pub ip: IpAddr,
    /// The port.
    pub port: u16,
    /// Tells this run of the server from others on the same port.
    pub run: u64,
}

impl Server {
    /// Whether a `Host` is the server's own.
    ///
    /// A name that anybody can point at this machine is not: a page of the web
    /// could read through it (DNS rebinding). An address in figures cannot be
    /// pointed elsewhere, so on all interfaces each one is good.
    fn is_called(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, port),
            _ => (host, "80"),
        };
        if port.parse() != Ok(self.port) {
            return false;
        }
        let ip = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        match ip.parse::<IpAddr>() {
            Ok(ip) => {
                self.ip.is_unspecified() || ip == self.ip || (self.ip.is_loopback() && ip.is_loopback())
            }
            Err(_) => {
                name.eq_ignore_ascii_case("localhost") && (self.ip.is_loopback() || self.ip.is_unspecified())
            }
        }
    }

    /// Where its site is, for a browser on this machine.
    pub fn address(&self) -> String {
        let ip = match self.ip {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(core::net::Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(core::net::Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", core::net::SocketAddr::new(ip, self.port))
    }
}

/// Answers a request from what is shown.
pub fn answer(request: &Request<'_>, server: &Server, scene: &Scene) -> Answer {
    let refuse = |status, words: &str| Answer::Whole(plain(status, words));
    let Some(host) = request.host else {
        return refuse(400, "The request does not say which host it means.");
    };
    if !server.is_called(host) {
        return refuse(403, "This is not the name of this server: use the address that postil shows.");
    }
    let foreign = |origin: &str| origin.strip_prefix("http://").is_none_or(|host| !server.is_called(host));
    if request.origin.is_some_and(foreign) {
        return refuse(403, "Another site may not ask for this.");
    }
    if !matches!(request.method, "GET" | "HEAD") {
        let mut response = plain(405, "Only GET and HEAD are answered.");
        response.headers.push(("Allow", "GET, HEAD".into()));
        return Answer::Whole(response);
    }
    let Some(path) = path(request.target) else { return refuse(400, "The address cannot be read.") };
    match path.strip_prefix(OWN) {
        Some("events") => Answer::Events,
        Some("serve.js") => Answer::Whole(file("serve.js", page::SCRIPT.as_bytes(), request)),
        Some("serve.css") => Answer::Whole(file("serve.css", page::STYLE.as_bytes(), request)),
        Some(_) => refuse(404, "There is nothing here."),
        None => Answer::Whole(of_site(&path, request, server, scene)),
    }
}

/// The path that is asked for, decoded, without the first `/`.
fn path(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next().unwrap_or_default().strip_prefix('/')?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn of_site(path: &str, request: &Request<'_>, server: &Server, scene: &Scene) -> Response {
    let Some(files) = &scene.files else {
        return html(503, page::NOTHING_YET.as_bytes(), server, scene);
    };
    let folder = path.is_empty() || path.ends_with('/');
    let address = if folder { format!("{path}index.html") } else { path.to_owned() };
    match files.get(&address) {
        Some(bytes) if address.ends_with(".html") => html(200, bytes, server, scene),
        Some(bytes) => file(&address, bytes, request),
        None if files.contains_key(&format!("{path}/index.html")) => {
            // What the page links to counts from its own folder. The path is a
            // key of the build's, so it holds nothing that a header could not.
            let mut response = plain(301, "The page is in this folder.");
            response.headers.push(("Location", format!("/{path}/").into()));
            response
        }
        None => match files.get("404.html") {
            Some(bytes) => html(404, bytes, server, scene),
            None => plain(404, "There is no such page."),
        },
    }
}

/// What every answer has. The policy is that of the host's headers, with what
/// the stream of changes needs and, on a page, a search server.
fn headers(kind: String, cache: &'static str, asks: Option<&str>) -> Vec<(&'static str, Cow<'static, str>)> {
    let mut all = vec![("Content-Type", kind.into()), ("Cache-Control", cache.into())];
    let asks: Vec<&str> = std::iter::once("'self'").chain(asks).collect();
    all.extend(host::headers(&asks).into_iter().map(|(name, value)| (name, value.into())));
    all.push(("Cross-Origin-Resource-Policy", "same-origin".into()));
    all
}

/// A few words.
pub(super) fn plain(status: u16, words: &str) -> Response {
    let headers = headers(host::kind(".txt"), "no-store", None);
    Response { status, headers, body: format!("{words}\n").into_bytes() }
}

/// A page, with the server's script. Never cached: the script's build is in it.
fn html(status: u16, bytes: &[u8], server: &Server, scene: &Scene) -> Response {
    let body = page::dress(bytes, &build_of(server, scene));
    Response { status, headers: headers(host::kind(".html"), "no-store", scene.asks.as_deref()), body }
}

/// The build that a page is of, in this run of the server.
pub fn build_of(server: &Server, scene: &Scene) -> String {
    format!("{:x}-{}", server.run, scene.build)
}

/// Another file: asked for anew each time, sent only if it is another than before.
fn file(address: &str, bytes: &[u8], request: &Request<'_>) -> Response {
    let tag = format!("\"{}\"", &checksum(bytes)[..16]);
    let mut headers = headers(host::kind(address), host::ASK_AGAIN, None);
    let is_known = request.if_none_match.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    headers.push(("ETag", tag.into()));
    match is_known {
        true => Response { status: 304, headers, body: Vec::new() },
        false => Response { status: 200, headers, body: bytes.to_vec() },
    }
}
