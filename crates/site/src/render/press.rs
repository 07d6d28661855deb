//! What every page is made with, and what comes of it.

use postil_archive::diagnostic::Diagnostic;
use postil_archive::memo::{Key, Memo};
use serde::Serialize;

use crate::render::context::{Link, Page};
use crate::render::prose::Survey;
use crate::render::template::Templates;
use crate::render::tongue;
use crate::render::words::Words;
use crate::site::{Site, link};

/// A finished file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Address from the root.
    pub address: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What pages are made with.
#[derive(Debug, Clone, Copy)]
pub struct Press<'a> {
    /// The plan.
    pub site: &'a Site<'a>,
    /// Words of the interface as pages have them.
    pub words: &'a Words,
    /// The same for all that is no page.
    pub plain: &'a Words,
    /// The theme's templates.
    pub templates: &'a Templates,
    /// Where Markdown leads.
    pub survey: &'a Survey,
    /// What was made before, and the key of all that the templates are made from.
    pub memo: Option<(&'a Memo, Key)>,
}

/// A page, or what is wrong with its template.
pub(crate) type Made = Result<File, Box<Diagnostic>>;

impl Press<'_> {
    /// Shows a context by a template of the theme.
    pub(crate) fn show(&self, template: &str, address: &str, context: &impl Serialize) -> Made {
        let render = || {
            let html = self.templates.render(template, context);
            let language = &self.site.archive.config.language;
            html.map(|html| match self.words.borrow_from_english() {
                true => tongue::spoken(&html, language),
                false => html,
            })
        };
        let html = match self.memo {
            None => render()?,
            Some((memo, theme)) => {
                let key = memo.input("page").key(theme).bytes(template.as_bytes()).value(context).done();
                String::clone(&*memo.recall(key, render)?)
            }
        };
        Ok(File { address: address.to_owned(), bytes: html.into_bytes() })
    }

    /// What every page has.
    pub(crate) fn page(&self, address: &str, title: impl Into<String>, section: &str) -> Page {
        let base = self.site.archive.config.base_url.as_deref();
        Page {
            root: link::root(address),
            address: address.to_owned(),
            title: title.into(),
            description: None,
            section: section.to_owned(),
            canonical: base.map(|base| format!("{base}/{}", link::relative("", address))),
        }
    }

    /// A link from a page to an address.
    pub(crate) fn link(&self, from: &str, to: &str, text: impl Into<String>) -> Link {
        Link { href: link::relative(from, to), text: text.into() }
    }
}
