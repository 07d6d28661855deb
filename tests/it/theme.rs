//! The themes, page by page, over made-up views; their words; their documentation.
//!
//! `POSTIL_THEME_OUT=folder cargo test --test it theme` leaves the pages in a
//! folder, to be looked at.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use postil_archive::archive::Theme;
use postil_archive::diagnostic::Source as File;
use postil_site::render::context::list::{Front, Term, Topic};
use postil_site::render::context::text::Text;
use postil_site::render::context::{Html, Prose};
use postil_site::render::template::Templates;
use postil_site::render::words::Words;
use serde::Serialize;

use self::views::{site, views};
use super::repository;

mod documentation;
mod languages;
mod plain;
mod views;

#[test]
fn every_page_is_whole_and_safe() {
    for name in ["default", "plain"] {
        let pages = pages(&theme_of(name));
        for (address, html) in &pages {
            check_page(address, html);
        }
        if let Ok(folder) = std::env::var("POSTIL_THEME_OUT") {
            write_out(&Path::new(&folder).join(name), &pages, theme_of(name));
        }
    }
}

#[test]
fn every_template_has_a_page_here() {
    let shown: BTreeSet<String> = views().into_iter().map(|v| v.template.to_owned()).collect();
    let parts = ["base.html", "parts.html"];
    let theme = theme();
    let there = theme.templates.iter().map(|(name, _)| name.clone()).filter(|n| !parts.contains(&n.as_str()));
    assert_eq!(there.collect::<BTreeSet<_>>(), shown);
}

#[test]
fn a_page_with_nothing_to_show_is_whole_too() {
    let templates = templates();
    check_page("index.html", &render(&templates, "index.html", &Front::default()));
    check_page("text.html", &render(&templates, "text.html", &Text::default()));
    check_page("term.html", &render(&templates, "term.html", &Term::default()));
    check_page("topic.html", &render(&templates, "topic.html", &Topic::default()));
}

#[test]
fn what_an_archive_says_is_text() {
    let mut view = Prose { body: Html::text("<i>&\""), ..Prose::default() };
    view.page.title = "</title><script>x</script>".into();
    view.page.description = Some("\"><script>".into());
    let html = render(&templates(), "page.html", &view);
    assert!(html.contains("<h1>&lt;/title&gt;&lt;script&gt;"));
    assert!(html.contains("content=\"&quot;&gt;&lt;script&gt;\""));
    assert!(html.contains("&lt;i&gt;&amp;&quot;"));
    assert_eq!(html.matches("<script").count(), 1, "the theme's own script");
}

#[test]
fn each_note_of_a_unit_has_its_rules() {
    let css = include_str!("../../themes/default/assets/style.css");
    for k in 1..=40 {
        let rules = [
            format!("--m{k}{}", if k == 40 { ";" } else { "," }),
            format!(".n.k{k} {{ --m: --m{k}; }}"),
            format!(".ref.k{k} {{ anchor-name: --m{k}; }}"),
        ];
        for rule in rules {
            assert!(css.contains(&rule), "style.css lacks `{rule}`");
        }
    }
}

/// What every page has: the policy first, one heading, landmarks, no inline
/// script or style, no id twice.
#[track_caller]
fn check_page(address: &str, html: &str) {
    let policy = "<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
                  script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                  base-uri 'none'; form-action 'self'; object-src 'none'; \
                  require-trusted-types-for 'script'; trusted-types postil";
    // The search page of a site with a search server may ask that.
    let more = if address == "search.html" && html.contains("data-search-endpoint") {
        "; connect-src https://search.example"
    } else if address == "beside.html" {
        "; frame-src 'self'"
    } else {
        ""
    };
    assert!(html.contains(&format!("{policy}{more}\">\n")), "{address}: the policy comes first");
    for once in ["<h1", "<main", "<title>", "class=\"skip\"", "charset="] {
        assert_eq!(html.matches(once).count(), 1, "{address}: {once}");
    }
    for never in ["style=", "<style", " onclick", "integrity=", "crossorigin", "{{", "{%", "javascript:"] {
        assert!(!html.contains(never), "{address}: {never}");
    }
    for script in html.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap_or_default();
        assert!(tag.contains(" src=") || tag.contains("application/ld+json"), "{address}: inline script");
    }
    let mut ids = BTreeSet::new();
    for id in html.split(" id=\"").skip(1) {
        let id = id.split('"').next().unwrap_or_default();
        assert!(ids.insert(id), "{address}: id {id} twice");
    }
}

fn theme() -> Theme {
    theme_of("default")
}

/// The files of a theme over those of the default one, as a site has them.
fn theme_of(name: &str) -> Theme {
    let mut theme = Theme { english: postil::theme::default_theme().english, ..Theme::default() };
    for name in BTreeSet::from(["default", name]) {
        let root = repository("themes").join(name);
        let read = |path: &Path| std::fs::read(path).expect("a file of the theme can be read");
        let source = |path: PathBuf| {
            let text = String::from_utf8(read(&path)).expect("a template is UTF-8");
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, Arc::new(File::new(path.to_string_lossy(), text)))
        };
        let templates = files(&root).into_iter().filter(|p| p.extension().is_some_and(|e| e == "html"));
        put(&mut theme.templates, templates.map(source));
        put(&mut theme.lang, files(&root.join("lang")).into_iter().map(source));
        let assets = [root.join("assets"), root.join("assets/fonts")].into_iter().flat_map(|f| files(&f));
        let asset = |path: PathBuf| {
            let name = path.strip_prefix(root.join("assets")).expect("lies in assets");
            (name.to_string_lossy().into_owned(), read(&path))
        };
        put(&mut theme.assets, assets.map(asset));
    }
    theme
}

fn put<T>(all: &mut Vec<(String, T)>, own: impl Iterator<Item = (String, T)>) {
    for (name, file) in own {
        all.retain(|(other, _)| *other != name);
        all.push((name, file));
    }
}

/// The files of a folder, not of those in it; none if it is not there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> =
        entries.map(|e| e.expect("an entry can be read").path()).filter(|p| p.is_file()).collect();
    files.sort();
    files
}

fn templates() -> Templates {
    templates_of(&theme())
}

fn templates_of(theme: &Theme) -> Templates {
    let words = Words::new(theme, "en-GB");
    assert_eq!(words.problems, []);
    let templates = Templates::new(theme, &words.value, &site(&words.value));
    assert_eq!(templates.problems, []);
    templates.value
}

fn render(templates: &Templates, name: &str, view: &impl Serialize) -> String {
    match templates.render(name, view) {
        Ok(html) => html,
        Err(problem) => panic!("{name}: {problem:?}"),
    }
}

fn pages(theme: &Theme) -> Vec<(String, String)> {
    let templates = templates_of(theme);
    views()
        .into_iter()
        .map(|view| {
            let html = templates.render(view.template, &view.value);
            (view.address, html.unwrap_or_else(|problem| panic!("{}: {problem:?}", view.template)))
        })
        .collect()
}

fn write_out(folder: &Path, pages: &[(String, String)], theme: Theme) {
    let write = |path: &Path, bytes: &[u8]| {
        std::fs::create_dir_all(path.parent().expect("a page lies in a folder")).expect("folder");
        std::fs::write(path, bytes).expect("page");
    };
    for (address, html) in pages {
        write(&folder.join(address), html.as_bytes());
    }
    for (name, bytes) in theme.assets {
        write(&folder.join("assets").join(name), &bytes);
    }
}
