//! A page as one file: style sheets, faces, scripts and pictures inside, so that it opens anywhere and
//! is whole wherever it is sent.
//!
//! Comes in: a page of the site and the files that it asks for. Goes out: the page, under the policy that
//! it had, with the hash of each script and style sheet in place of `'self'` (CSP Level 3, 2.3.1): what
//! is written into it later does not run.
//!
//! What only makes sense within the site is left out: a template says it by `data-site-only`. Links to
//! other pages lead to the site if its address is known; else they are plain words.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, element, rewrite_str};
use sha2::{Digest as _, Sha256};

use crate::path::{decoded, resolve};

/// What a template puts on an element that only makes sense within the site.
const SITE_ONLY: &str = "data-site-only";

/// Where a page says what it may load and run.
const POLICY: &str = "meta[http-equiv=\"Content-Security-Policy\"]";

/// Gives a file of the site by its address, if there is one.
pub type Files<'a> = dyn Fn(&str) -> Option<Vec<u8>> + 'a;

/// What stands in the way.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// The page asks for a file that the site does not have.
    Missing(String),
    /// The page is nothing that can be read as HTML.
    Page(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "the page asks for `{file}`, which the site does not have"),
            Self::Page(why) => write!(f, "the page cannot be read: {why}"),
        }
    }
}

/// The page at `address`, whose HTML is `html`, as one file. `base` is the address of the site on the
/// web, without a last `/`, if it is known.
///
/// # Errors
/// The page asks for what is not among the files.
pub fn page(address: &str, html: &str, files: &Files<'_>, base: Option<&str>) -> Result<String, Fault> {
    let site = Site { address, files, base };
    let inside = Inside::default();
    let whole = site.put_inside(html, &inside)?;
    let policy = |policy: &str| inside.policy(policy);
    let settings = RewriteStrSettings::new().append_element_content_handler(element!(POLICY, |meta| {
        let content = meta.get_attribute("content").unwrap_or_default();
        meta.set_attribute("content", &policy(&content))?;
        Ok(())
    }));
    rewrite_str(&whole, settings).map_err(|error| Fault::Page(error.to_string()))
}

/// What was put inside, for the policy.
#[derive(Debug, Default)]
struct Inside {
    scripts: RefCell<Vec<String>>,
    styles: RefCell<Vec<String>>,
}

impl Inside {
    /// The policy with what is inside for what lay beside the page.
    fn policy(&self, of_site: &str) -> String {
        let hashes = |list: &RefCell<Vec<String>>| match list.borrow().is_empty() {
            true => "'none'".to_owned(),
            false => list.borrow().join(" "),
        };
        let directive = |directive: &str| {
            let name = directive.split(' ').next().unwrap_or_default();
            match name {
                "script-src" => format!("script-src {}", hashes(&self.scripts)),
                "style-src" => format!("style-src {}", hashes(&self.styles)),
                "img-src" | "font-src" => format!("{name} data:"),
                "form-action" | "connect-src" => format!("{name} 'none'"),
                _ => directive.to_owned(),
            }
        };
        of_site.split(';').map(|part| directive(part.trim())).collect::<Vec<_>>().join("; ")
    }
}

/// The source of a hash in a policy.
fn hash(content: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content.as_bytes())))
}

struct Site<'a> {
    address: &'a str,
    files: &'a Files<'a>,
    base: Option<&'a str>,
}

impl Site<'_> {
    fn put_inside(&self, html: &str, inside: &Inside) -> Result<String, Fault> {
        let fault = RefCell::new(None);
        let keep = |result: Result<(), Fault>| {
            if let Err(found) = result {
                fault.borrow_mut().get_or_insert(found);
            }
            Ok(())
        };
        let settings = RewriteStrSettings::new()
            .append_element_content_handler(element!(format!("[{SITE_ONLY}]"), |element| {
                element.remove();
                Ok(())
            }))
            .append_element_content_handler(element!("link[href]", |link| match link.removed() {
                true => Ok(()),
                false => keep(self.link(link, inside)),
            }))
            .append_element_content_handler(element!("script[src]", |script| match script.removed() {
                true => Ok(()),
                false => keep(self.script(script, inside)),
            }))
            .append_element_content_handler(element!("img[src]", |img| keep(self.picture(img))))
            .append_element_content_handler(element!("a[href]", |a| {
                self.way(a);
                Ok(())
            }));
        let whole = rewrite_str(html, settings).map_err(|error| Fault::Page(error.to_string()))?;
        fault.into_inner().map_or(Ok(whole), Err)
    }

    /// A style sheet goes inside; what else a head names lies beside the page, or is elsewhere.
    fn link(&self, link: &mut Element<'_, '_>, inside: &Inside) -> Result<(), Fault> {
        let href = link.get_attribute("href").unwrap_or_default();
        if link.get_attribute("rel").as_deref() != Some("stylesheet") {
            if !is_elsewhere(&href) {
                link.remove();
            }
            return Ok(());
        }
        let (file, css) = self.text(&href)?;
        let css = self.with_faces(&file, &css)?;
        let media =
            link.get_attribute("media").map_or_else(String::new, |media| format!(" media=\"{media}\""));
        inside.styles.borrow_mut().push(hash(&css));
        link.replace(&format!("<style{media}>{css}</style>"), ContentType::Html);
        Ok(())
    }

    fn script(&self, script: &mut Element<'_, '_>, inside: &Inside) -> Result<(), Fault> {
        let src = script.get_attribute("src").unwrap_or_default();
        let (_, code) = self.text(&src)?;
        // Nothing but a comment or a string can hold these words; `\/` is `/` there.
        let code = code.replace("</script", "<\\/script");
        inside.scripts.borrow_mut().push(hash(&code));
        // What waited for the page stands in its head, and would not wait any more.
        let deferred =
            script.has_attribute("defer") || script.get_attribute("type").as_deref() == Some("module");
        if deferred {
            script.remove();
            return Err(Fault::Page(format!(
                "`{src}` waits for the page: mark it `{SITE_ONLY}`, or let it wait itself"
            )));
        }
        script.replace(&format!("<script>{code}</script>"), ContentType::Html);
        Ok(())
    }

    fn picture(&self, img: &mut Element<'_, '_>) -> Result<(), Fault> {
        let src = img.get_attribute("src").unwrap_or_default();
        if is_elsewhere(&src) {
            return Ok(());
        }
        let data = self.data(self.address, &src)?;
        img.set_attribute("src", &data).map_err(|error| Fault::Page(error.to_string()))
    }

    /// A link to another page leads to the site, or is plain words.
    fn way(&self, a: &mut Element<'_, '_>) {
        let href = a.get_attribute("href").unwrap_or_default();
        if is_elsewhere(&href) || href.starts_with('#') {
            return;
        }
        let (path, fragment) = href.split_once('#').map_or((&*href, None), |(path, f)| (path, Some(f)));
        let to = resolve(self.address, path);
        let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
        let found = match self.base {
            _ if decoded(&to) == self.address => {
                Some(if fragment.is_empty() { "#".to_owned() } else { fragment })
            }
            Some(base) => Some(format!("{base}/{to}{fragment}")),
            None => None,
        };
        match found {
            // An address that was an attribute's value is one again.
            Some(to) => _ = a.set_attribute("href", &to),
            None => a.remove_attribute("href"),
        }
    }

    fn text(&self, href: &str) -> Result<(String, String), Fault> {
        let (file, bytes) = self.file(self.address, href)?;
        Ok((file, String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn file(&self, from: &str, href: &str) -> Result<(String, Vec<u8>), Fault> {
        let path = href.split(['?', '#']).next().unwrap_or_default();
        let file = decoded(&resolve(from, path));
        let bytes = (self.files)(&file).ok_or_else(|| Fault::Missing(file.clone()))?;
        Ok((file, bytes))
    }

    /// A file as an address that holds it (RFC 2397).
    fn data(&self, from: &str, href: &str) -> Result<String, Fault> {
        let (file, bytes) = self.file(from, href)?;
        Ok(format!("data:{};base64,{}", media_type(&file), STANDARD.encode(bytes)))
    }

    /// A style sheet with what it asks for inside.
    fn with_faces(&self, file: &str, css: &str) -> Result<String, Fault> {
        let mut out = String::with_capacity(css.len());
        let mut rest = css;
        while let Some(at) = rest.find("url(") {
            let (before, from) = rest.split_at(at + "url(".len());
            out.push_str(before);
            let end = from.find(')').ok_or_else(|| Fault::Page(format!("`{file}`: `url(` has no end")))?;
            let href = from[..end].trim().trim_matches(['"', '\'']);
            if is_elsewhere(href) || href.starts_with('#') {
                out.push_str(&from[..end]);
            } else {
                out.push_str(&self.data(file, href)?);
            }
            rest = &from[end..];
        }
        out.push_str(rest);
        Ok(out.replace("</style", "<\\/style"))
    }
}

/// Whether an address has a scheme or a host: it leads out of the site, or holds what it means.
fn is_elsewhere(href: &str) -> bool {
    let scheme = href.split([':', '/', '?', '#']).next().unwrap_or_default();
    href.starts_with("//") || (href[scheme.len()..].starts_with(':') && !scheme.is_empty())
}

/// The media type of a file that a page may ask for, by its ending.
fn media_type(file: &str) -> &'static str {
    const TYPES: [(&str, &str); 9] = [
        ("woff2", "font/woff2"),
        ("woff", "font/woff"),
        ("ttf", "font/ttf"),
        ("otf", "font/otf"),
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("webp", "image/webp"),
        ("gif", "image/gif"),
    ];
    let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    TYPES.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const META: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; trusted-types postil\">";

    fn single(html: &str, base: Option<&str>) -> Result<String, Fault> {
        let all = [
            (
                "assets/a.css",
                "@font-face { src: url(fonts/x.woff2) } a { background: url(\"data:,\") } /* </style */",
            ),
            ("assets/fonts/x.woff2", "FACE"),
            ("assets/a.js", "\"</script>\";"),
            ("pictures/é.png", "PNG"),
        ];
        let file = |path: &str| {
            let found = all.iter().find(|(name, _)| *name == path);
            found.map(|(_, text)| text.as_bytes().to_vec())
        };
        page("texts/c/é.html", html, &file, base)
    }

    #[test]
    fn what_a_page_asks_for_is_inside_and_nothing_else_runs() {
        let html = format!(
            "{META}<link rel=\"stylesheet\" href=\"../../assets/a.css\" media=\"print\"><script src=\"../../assets/a.js\"></script><img src=\"../../pictures/%C3%A9.png\" alt=\"\">"
        );
        let out = single(&html, None).unwrap();
        let css = "@font-face { src: url(data:font/woff2;base64,RkFDRQ==) } a { background: url(\"data:,\") } /* <\\/style */";
        assert!(out.contains(&format!("<style media=\"print\">{css}</style>")), "{out}");
        assert!(out.contains("<script>\"<\\/script>\";</script>"), "{out}");
        assert!(out.contains("<img src=\"data:image/png;base64,UE5H\" alt=\"\">"), "{out}");
        let script = hash("\"<\\/script>\";");
        for part in [
            format!("script-src {script};"),
            format!("style-src {};", hash(css)),
            "img-src data:; font-src data:; form-action 'none'; trusted-types postil".to_owned(),
        ] {
            assert!(out.contains(&part), "{part}: {out}");
        }
        assert!(!out.contains("'self'"), "{out}");
    }

    #[test]
    fn ways_lead_to_the_site_or_are_plain_words() {
        let html = "<a href=\"../../glossary/g.html#s-1\">g</a> <a href=\"#p1\">p</a> <a href=\"%C3%A9.html#p2\">q</a> <a href=\"https://a.example/\">a</a> <a href=\"mailto:a@b\">m</a>";
        assert_eq!(
            single(html, Some("https://s.example/x")).unwrap(),
            "<a href=\"https://s.example/x/glossary/g.html#s-1\">g</a> <a href=\"#p1\">p</a> <a href=\"#p2\">q</a> <a href=\"https://a.example/\">a</a> <a href=\"mailto:a@b\">m</a>"
        );
        assert!(
            single(html, None).unwrap().starts_with("<a>g</a> <a href=\"#p1\">p</a> <a href=\"#p2\">q</a>")
        );
    }

    #[test]
    fn what_only_makes_sense_within_the_site_is_left_out() {
        let html = "<link rel=\"icon\" href=\"../../icon.png\"><link rel=\"canonical\" href=\"https://a.example/\"><script src=\"../../none.js\" defer data-site-only></script><nav data-site-only><a href=\"../x.html\">x</a></nav><p>y</p>";
        assert_eq!(
            single(html, None).unwrap(),
            "<link rel=\"canonical\" href=\"https://a.example/\"><p>y</p>"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_told() {
        let html = "<link rel=\"stylesheet\" href=\"../../assets/b.css\">";
        assert_eq!(single(html, None), Err(Fault::Missing("assets/b.css".to_owned())));
    }
}
