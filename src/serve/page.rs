//! What the server adds to a page: a script that reloads it and shows what is
//! wrong, and leave to hear from the server.

use lol_html::html_content::ContentType;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use serde_json::{Value, json};

use super::answer::{self, OWN, Server};
use super::stage::Scene;
use postil_archive::diagnostic::Severity;
use postil_archive::diagnostic::show::{self, Format, Look};

/// The server's script: part of the program, in no build.
pub const SCRIPT: &str = include_str!("page/serve.js");
/// Its style.
pub const STYLE: &str = include_str!("page/serve.css");
/// What is shown before there is a good build.
pub const NOTHING_YET: &str = include_str!("page/nothing-yet.html");

/// What is added to the policy that a page carries itself, since the stricter of two counts.
const LEAVE: &str = "; connect-src 'self'";

/// Where a page's policy says whom it may ask: a search server, if the site has one.
const ASKS: &str = "; connect-src ";

/// A page as it is sent: with the server's script and style, and with leave to
/// hear from the server. A page that cannot be read is sent as it is.
pub fn dress(bytes: &[u8], build: &str) -> Vec<u8> {
    let Ok(html) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    // What is added is all in the head: the rest of a large page need not be read.
    let end = html.find(END_OF_HEAD).map_or(html.len(), |at| at + END_OF_HEAD.len());
    let (html, rest) = html.split_at(end);
    let added = format!(
        "<link rel=\"stylesheet\" href=\"/{OWN}serve.css\">\n<script src=\"/{OWN}serve.js?build={build}\" defer></script>\n"
    );
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("meta", |meta| {
            let policy = meta.get_attribute("http-equiv");
            if policy.is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy")) {
                let rules = meta.get_attribute("content").unwrap_or_default();
                let rules = match rules.split_once(ASKS) {
                    Some((before, after)) => format!("{before}{LEAVE} {after}"),
                    None => format!("{rules}{LEAVE}"),
                };
                meta.set_attribute("content", &rules)?;
            }
            Ok(())
        }))
        .append_element_content_handler(element!("head", |head| {
            head.append(&added, ContentType::Html);
            Ok(())
        }));
    rewrite_str(html, settings).map_or_else(|_| bytes.to_vec(), |head| (head + rest).into_bytes())
}

const END_OF_HEAD: &str = "</head>";

/// Most problems that are shown over a page.
const MOST: usize = 50;

/// One message of the stream: which build there is, and what is wrong. Remarks are left out.
pub fn event(server: &Server, scene: &Scene) -> String {
    let told: Vec<_> = scene.problems.iter().filter(|p| p.severity != Severity::Note).collect();
    let shown = told.iter().take(MOST).map(|&problem| {
        let line = show::show(std::slice::from_ref(problem), Format::Json, Look { colour: false, width: 0 });
        serde_json::from_str::<Value>(&line).expect("one problem is one line of JSON")
    });
    let data = json!({
        "build": answer::build_of(server, scene),
        "fresh": scene.is_up_to_date(),
        "trouble": scene.trouble,
        "problems": shown.collect::<Vec<_>>(),
        "more": told.len().saturating_sub(MOST),
    });
    format!("data: {data}\n\n")
}
