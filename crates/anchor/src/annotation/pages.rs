//! The site's own pages: front matter with a title, then Markdown.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Markdown, Page};
use postil_archive::archive::SitePage;
use postil_archive::archive::config::label;
use postil_archive::diagnostic::{Diagnostic, Span};
use postil_archive::sidecar::{self, front_matter};

/// Front matter of a page of the site.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PageFile {
    /// Its title; from the file's name if nothing is said.
    title: Option<String>,
}

/// Parses a page. Without a title it is called by its slug.
pub(super) fn page(page: &SitePage, problems: &mut Vec<Diagnostic>) -> Page {
    let source = &page.source;
    let parts = match front_matter::split(source) {
        Ok(parts) => parts,
        Err(problem) => {
            problems.push(*problem);
            None
        }
    };
    let whole = Span { start: 0, end: source.text.len() };
    let body = parts.map_or(whole, |parts| parts.body);
    let file = parts.and_then(|parts| sidecar::read::<PageFile>(source, parts.toml).take(problems));
    let title = file.unwrap_or_default().title.unwrap_or_else(|| label(&page.slug));
    let text = source.text[body.range()].to_owned();
    Page { slug: page.slug.clone(), title, body: Markdown { text, source: source.clone(), span: body } }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use postil_archive::diagnostic::Source;

    #[test]
    fn a_page_has_a_title_and_a_body() {
        #[track_caller]
        fn check(text: &str, title: &str, body: &str, wrong: usize) {
            let file = Arc::new(Source::new("content/pages/how-to-cite.md", text));
            let mut problems = Vec::new();
            let found = page(&SitePage { slug: "how-to-cite".into(), source: file }, &mut problems);
            assert_eq!((found.title.as_str(), found.body.text.as_str()), (title, body));
            assert_eq!(problems.len(), wrong, "{problems:?}");
        }
        check("+++\ntitle = \"Citing\"\n+++\nWords\n", "Citing", "Words\n", 0);
        check("Words\n", "How to cite", "Words\n", 0);
        check("+++\ntitel = \"Citing\"\n+++\nWords\n", "How to cite", "Words\n", 1);
        check("---\ntitle: Citing\n---\n", "How to cite", "---\ntitle: Citing\n---\n", 1);
    }
}
