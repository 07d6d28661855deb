//! The second theme in a site: a few files in place of the default ones, and every
//! promise kept.

use std::collections::BTreeSet;

use postil::compile::Options;

use super::super::made::{Files, Made, make};
use super::repository;

/// The archive of this repository in a theme.
fn archive_in(theme: &str) -> Made {
    let mut files = Files::new();
    for folder in ["content", "annotations", "themes"] {
        for (path, bytes) in super::super::files(&repository(folder)) {
            files.insert(format!("{folder}/{path}"), bytes);
        }
    }
    let config = std::fs::read_to_string(repository("postil.toml")).expect("the archive has settings");
    let config = config.replace("\"default\"", &format!("\"{theme}\""));
    files.insert("postil.toml".into(), config.into_bytes());
    make(files, &Options::default())
}

/// How often a page has each of the hooks that scripts and tests rely on.
fn hooks(page: &str) -> Vec<(&str, usize)> {
    let names = [
        "<article data-text=",
        "data-block=",
        "data-note=",
        "data-note-body",
        "data-term=",
        "data-furniture",
        "data-correction=",
        "<ins data-generated>",
        "data-search-input",
    ];
    names.map(|name| (name, page.matches(name).count())).to_vec()
}

#[test]
fn a_site_keeps_its_hooks_and_its_proof_in_another_theme() {
    let (default, plain) = (archive_in("default"), archive_in("plain"));
    assert_eq!(plain.said(), default.said(), "the proof reads every page of both");
    let addresses =
        |made: &Made| made.files.keys().filter(|f| f.ends_with(".html")).cloned().collect::<BTreeSet<_>>();
    assert_eq!(addresses(&plain), addresses(&default));
    let page = "texts/home-office/2009-08-reply-hc23.html";
    let (here, there) = (hooks(plain.page(page)), hooks(default.page(page)));
    for ((name, found), (_, expected)) in here.into_iter().zip(there) {
        // The search box of the masthead is the theme's to leave out.
        if name != "data-search-input" {
            assert!(found > 0 && found == expected, "{name}: {found}, not {expected}");
        }
    }
    assert!(plain.page("search.html").contains("data-search-input"));
    assert_ne!(plain.files["assets/style.css"], default.files["assets/style.css"], "it has its own style");
    assert_eq!(
        plain.files["assets/postil.js"], default.files["assets/postil.js"],
        "what it leaves out is there"
    );
}
