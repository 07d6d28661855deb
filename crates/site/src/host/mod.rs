//! HOST: what a host of files is told: with which headers each file goes out, of what type and
//! charset it is, how long it is good, and where old addresses lead.
//!
//! Comes in: the plan of a site. Goes out: one table ([`Table`]), and from it what hosts read:
//! `_headers` and `_redirects` in the site itself, settings of nginx, Caddy and Apache, a script
//! for stores such as S3. No list of these is kept by hand anywhere else.

mod servers;
mod store;

use std::fmt::Write as _;

use crate::site::{Site, link};

pub use servers::{apache, caddy, nginx};
pub use store::s3;

/// What a page may load and do. A theme's pages say the same themselves, for folders and hosts without headers.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; \
    require-trusted-types-for 'script'; trusted-types postil";

/// What a browser can do and no page of a site needs.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), camera=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), storage-access=(), usb=(), web-share=(), window-management=(), \
    xr-spatial-tracking=()";

/// What holds a hash of its bytes in its name never changes.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Everything else is asked for anew each time, and sent only if it is another.
pub const ASK_AGAIN: &str = "no-cache";

/// The type of what is unknown: it is never run nor shown.
const UNKNOWN: &str = "application/octet-stream";

/// Types by endings; those of text are in UTF-8.
const TYPES: [(&str, &str); 31] = [
    ("html", "text/html"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
    ("xml", "application/xml"),
    ("json", "application/json"),
    ("jsonld", "application/ld+json"),
    ("bib", "application/x-bibtex"),
    ("ris", "application/x-research-info-systems"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("zip", "application/zip"),
    ("epub", "application/epub+zip"),
    ("pdf", "application/pdf"),
    ("mp3", "audio/mpeg"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("m4a", "audio/mp4"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("vtt", "text/vtt"),
];

/// Whether a type says in which charset it is.
fn has_charset(kind: &str) -> bool {
    kind.starts_with("text/")
        || ["application/xml", "application/x-bibtex", "application/x-research-info-systems"].contains(&kind)
}

/// Whether files of a type become much smaller when they are packed on the way.
fn is_packed(kind: &str) -> bool {
    has_charset(kind) || kind.ends_with("json") || kind == "image/svg+xml"
}

/// The type of a file by its ending, with the charset of text.
pub fn kind(address: &str) -> String {
    let ending = address.rsplit_once('.').map_or("", |(_, ending)| ending);
    let kind = TYPES.iter().find(|(of, _)| *of == ending).map_or(UNKNOWN, |(_, kind)| kind);
    if has_charset(kind) { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

/// The policy as a header, where alone it can say who may show a page in a frame: the site itself, side by side; `asks` are those
/// whom a page may ask.
pub fn policy(asks: &[&str]) -> String {
    let asks = if asks.is_empty() { String::new() } else { format!("; connect-src {}", asks.join(" ")) };
    format!("{POLICY}{asks}; frame-src 'self'; frame-ancestors 'self'")
}

/// Headers that every file goes out with.
pub fn headers(asks: &[&str]) -> Vec<(&'static str, String)> {
    vec![
        ("Content-Security-Policy", policy(asks)),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "no-referrer".to_owned()),
        ("Permissions-Policy", PERMISSIONS.to_owned()),
        ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
    ]
}

/// What a host is told of one site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The root of the site on its host, with a `/` at both ends.
    root: String,
    /// A server that the search page asks.
    asks: Option<String>,
    /// Raw texts that are not in UTF-8: address of a file, or of a folder with `/` behind it, and charset.
    charsets: Vec<(String, String)>,
    /// Old addresses and where they lead, from the root of the site.
    moved: Vec<(String, String)>,
}

impl Table {
    /// The table of a new site at the root of its host, that has nothing of its own.
    pub fn plain() -> Self {
        Self { root: "/".to_owned(), ..Self::default() }
    }

    /// The table of a site.
    pub fn new(site: &Site<'_>) -> Self {
        let config = &site.archive.config;
        Self {
            root: config.base_url.as_deref().map_or_else(|| "/".to_owned(), link::root_on_host),
            asks: config.search_endpoint.as_deref().map(|href| link::origin(href).to_owned()),
            charsets: charsets(site),
            moved: moved(site),
        }
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let asks: Vec<&str> = self.asks.iter().map(String::as_str).collect();
        headers(&asks)
    }

    /// `_headers`, which Netlify, Cloudflare Pages and others read.
    pub fn headers_file(&self) -> String {
        let root = &self.root;
        let mut out = String::new();
        let mut rule = |path: &str, headers: &[(&str, &str)]| {
            let _ = writeln!(out, "{path}");
            headers.iter().for_each(|(name, value)| _ = writeln!(out, "  {name}: {value}"));
        };
        let all = self.headers();
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        rule(&format!("{root}*"), &all);
        for folder in hashed() {
            rule(&format!("{root}{folder}*"), &[("Cache-Control", FOR_EVER)]);
        }
        // Types that not every host knows by the ending.
        for (path, ending) in [("texts/*", "jsonld"), ("data/*", "bib"), ("data/*", "ris")] {
            let kind = kind(&format!(".{ending}"));
            rule(&format!("{root}{path}.{ending}"), &[("Content-Type", &kind)]);
        }
        for (address, charset) in &self.charsets {
            let below = if address.ends_with('/') { "*" } else { "" };
            let kind = format!("text/plain; charset={charset}");
            rule(&format!("{root}{}{below}", link::relative("", address)), &[("Content-Type", &kind)]);
        }
        out
    }

    /// `_redirects`, where there is something to say.
    pub fn redirects_file(&self) -> Option<String> {
        let rules = self.moves().map(|(old, new)| format!("{old} {new} 301\n")).collect::<String>();
        (!rules.is_empty()).then_some(rules)
    }

    /// Old addresses and new ones, from the root of the host.
    fn moves(&self) -> impl Iterator<Item = (String, String)> {
        self.moved.iter().map(|(old, new)| (format!("{}{old}", self.root), format!("{}{new}", self.root)))
    }
}

/// Folders of files that have a hash of their bytes in their names.
fn hashed() -> impl Iterator<Item = String> {
    postil_search::files::KINDS.iter().map(|kind| format!("search/{kind}/"))
}

/// Where old addresses lead, those of a text's other files too, which have no page to say it.
fn moved(site: &Site<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (old, new) in site.moved() {
        let id = |address: &str| Some(address.strip_prefix("texts/")?.strip_suffix(".html")?.to_owned());
        let ids = id(&old).zip(id(&new));
        all.push((old, new));
        if let Some((old, new)) = ids {
            all.push((format!("raw/{old}.txt"), format!("raw/{new}.txt")));
            all.push((format!("texts/{old}.jsonld"), format!("texts/{new}.jsonld")));
        }
    }
    all
}

/// The charset of each raw text that is not in UTF-8; of a folder in which all texts have the same, the folder's.
fn charsets(site: &Site<'_>) -> Vec<(String, String)> {
    let texts: Vec<(String, Option<String>)> = site
        .texts
        .iter_enumerated()
        .map(|(index, text)| (site.raw_address(index), text.record.charset()))
        .collect();
    let mut out = Vec::new();
    below("raw/", &texts, &mut out);
    out
}

/// The same of texts that all lie below a folder, sorted.
fn below(folder: &str, texts: &[(String, Option<String>)], out: &mut Vec<(String, String)>) {
    let Some((_, first)) = texts.first() else { return };
    let all_the_same = texts.iter().all(|(_, charset)| charset == first);
    match first {
        None if all_the_same => return,
        Some(charset) if all_the_same && texts.len() > 1 => {
            out.push((folder.to_owned(), charset.clone()));
            return;
        }
        _ => {}
    }
    let inner = |address: &str| {
        let end = address[folder.len()..].find('/')?;
        Some(address[..=folder.len() + end].to_owned())
    };
    for group in texts.chunk_by(|(a, _), (b, _)| inner(a).is_some() && inner(a) == inner(b)) {
        let (address, charset) = &group[0];
        match inner(address) {
            Some(folder) => below(&folder, group, out),
            None => out.extend(charset.clone().map(|charset| (address.clone(), charset))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_the_endings() {
        let check = |address: &str, expected: &str| assert_eq!(kind(address), expected, "{address}");
        check("raw/a/b.txt", "text/plain; charset=utf-8");
        check("texts/a.jsonld", "application/ld+json");
        check("data/texts.bib", "application/x-bibtex; charset=utf-8");
        check("a/CNAME", "application/octet-stream");
        check("a.unknown", "application/octet-stream");
    }

    #[test]
    fn a_folder_of_one_charset_is_one_rule() {
        let check = |texts: &[(&str, Option<&str>)], expected: &[(&str, &str)]| {
            let texts: Vec<(String, Option<String>)> = texts
                .iter()
                .map(|(address, charset)| ((*address).to_owned(), charset.map(str::to_owned)))
                .collect();
            let mut found = Vec::new();
            below("raw/", &texts, &mut found);
            let found: Vec<(&str, &str)> = found.iter().map(|(a, c)| (a.as_str(), c.as_str())).collect();
            assert_eq!(found, expected);
        };
        let latin = Some("windows-1252");
        check(&[("raw/a.txt", None), ("raw/b.txt", None)], &[]);
        check(&[("raw/a.txt", latin)], &[("raw/a.txt", "windows-1252")]);
        check(&[("raw/a.txt", latin), ("raw/b/c.txt", latin)], &[("raw/", "windows-1252")]);
        check(
            &[
                ("raw/a.txt", None),
                ("raw/b/c.txt", latin),
                ("raw/b/d/e.txt", latin),
                ("raw/e.txt", Some("koi8-r")),
            ],
            &[("raw/b/", "windows-1252"), ("raw/e.txt", "koi8-r")],
        );
        check(
            &[("raw/b/c.txt", latin), ("raw/b/d.txt", None), ("raw/b/e.txt", latin)],
            &[("raw/b/c.txt", "windows-1252"), ("raw/b/e.txt", "windows-1252")],
        );
    }
}
