//! The theme's templates.
//!
//! Comes in: the theme, the words of its interface, what all pages share. Goes
//! out: [`Templates`], which make HTML of the structs in
//! [`context`](crate::render::context).
//!
//! Values are escaped unless they are [`Html`](crate::render::context::Html).
//! Templates come from the theme only; what an archive says is a value and is
//! never read as a template.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};

use crate::render::context::Site;
use crate::render::html::{direction, turns};
use crate::render::words::Words;
use postil_archive::archive::Theme;
use postil_archive::diagnostic::{Checked, Code, Diagnostic, Place, Source};

/// The theme's templates, ready to make pages.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    sources: BTreeMap<String, Arc<Source>>,
}

impl Templates {
    /// Reads all templates of a theme. Each that is broken is a problem with
    /// its place; nothing can be rendered then.
    pub fn new(theme: &Theme, words: &Words, site: &Site) -> Checked<Self> {
        let mut tera = Tera::new();
        tera.register_filter("fill", filler(words));
        tera.register_filter("direction", |lang: &str, _: Kwargs, _: &State| direction(lang).to_owned());
        let language = site.language.clone();
        tera.register_filter("turns", move |words: &str, _: Kwargs, _: &State| turns(words, &language));
        tera.global_context().insert("t", words);
        tera.global_context().insert("site", site);
        let sources = theme.templates.iter().map(|(name, s)| (name.clone(), s.clone())).collect();
        let texts = theme.templates.iter().map(|(name, source)| (name, source.text.as_str()));
        let added = tera.add_raw_templates(texts);
        let templates = Self { tera, sources };
        let problems = match added {
            Ok(()) => Vec::new(),
            Err(first) => templates.all_errors(&first),
        };
        Checked::new(templates, problems)
    }

    /// Makes a page of what a template is given.
    ///
    /// # Errors
    /// The template is missing or asks for something that it is not given; the
    /// place is in the theme.
    pub fn render(&self, name: &str, view: &impl Serialize) -> Result<String, Box<Diagnostic>> {
        let page = Context::from_serialize(view).and_then(|context| self.tera.render(name, &context));
        page.map_err(|error| Box::new(self.diagnose(name, &error)))
    }

    /// Every syntax error, or else the one that came up when the templates were
    /// put together: the engine stops at the first.
    fn all_errors(&self, first: &tera::Error) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (name, source) in &self.sources {
            if let Err(error) = Tera::new().add_raw_template(name, &source.text)
                && let ErrorKind::SyntaxError(_) = error.kind()
            {
                problems.push(self.diagnose(name, &error));
            }
        }
        if problems.is_empty() {
            problems.extend(self.reports(first));
        }
        problems
    }

    /// Unknown filters, components and the like come as reports for a terminal,
    /// several in one message, each as `error: …` and `--> name:line:column`.
    fn reports(&self, error: &tera::Error) -> Vec<Diagnostic> {
        let ErrorKind::Msg(text) = error.kind() else { return vec![self.diagnose("", error)] };
        let mut problems = Vec::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(message) = line.strip_prefix("error: ") else { continue };
            let place = lines.peek().and_then(|l| l.trim_start().strip_prefix("--> "));
            problems.push(Diagnostic::error(
                Code::TEMPLATE,
                self.place_of(place.unwrap_or_default()),
                message,
            ));
        }
        if problems.is_empty() {
            problems.push(self.diagnose("", error));
        }
        problems
    }

    /// The place of `name:line:column`.
    fn place_of(&self, text: &str) -> Place {
        let mut parts = text.rsplitn(3, ':');
        let mut number = || parts.next().and_then(|n| n.parse::<usize>().ok());
        let (column, line) = (number(), number());
        let name = parts.next().unwrap_or_default();
        let (Some(source), Some(line), Some(column)) = (self.sources.get(name), line, column) else {
            return self.file(name);
        };
        let start = source.line_starts().get(line - 1).copied().unwrap_or_default();
        let rest = &source.text[start..];
        let at = rest.char_indices().nth(column - 1).map_or(rest.len(), |(i, _)| i);
        source.place(start + at..start + at + 1)
    }

    fn diagnose(&self, name: &str, error: &tera::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let name = if report.filename().is_empty() { name } else { report.filename() };
                let place = match self.sources.get(name) {
                    Some(source) => source.place(report.span().range.clone()),
                    None => self.file(name),
                };
                Diagnostic::error(Code::TEMPLATE, place, report.message())
            }
            ErrorKind::MissingParent { current, .. } | ErrorKind::CircularExtend { tpl: current, .. } => {
                Diagnostic::error(Code::TEMPLATE, self.file(current), error.to_string())
            }
            ErrorKind::CircularInclude { tpl, .. } => {
                Diagnostic::error(Code::TEMPLATE, self.file(tpl), error.to_string())
            }
            _ => Diagnostic::error(Code::TEMPLATE, self.file(name), error.to_string()),
        }
    }

    /// A template as a whole; one that is missing is named by where it would be.
    fn file(&self, name: &str) -> Place {
        match self.sources.get(name) {
            Some(source) => source.start(),
            None => Place::file(format!("themes/default/{name}")),
        }
    }
}

/// The filter `fill`: `{{ t.n_notes | fill(n=3) }}` is "3 notes". The form is chosen by
/// `n`, by the rules of the language that the words are in; whole numbers get their thousands set apart.
fn filler(words: &Words) -> impl Fn(&str, Kwargs, &State) -> String + Sync + Send + 'static {
    let words = words.clone();
    move |text, values, _| {
        let mut n = None;
        let values: Vec<(String, String)> = values
            .iter()
            .map(|(key, value)| {
                let name = key.to_string();
                let number = whole(value);
                if name == "n" {
                    n = number;
                }
                (name, number.map_or_else(|| value.to_string(), |n| words.number(n)))
            })
            .collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        words.filled(text, n, &values)
    }
}

fn whole(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::context::{Html, Prose};

    fn templates(files: &[(&str, &str)]) -> Checked<Templates> {
        let file = |(name, text): &(&str, &str)| {
            ((*name).to_owned(), Arc::new(Source::new(format!("themes/own/{name}"), *text)))
        };
        let theme =
            Theme { templates: files.iter().map(file).collect(), ..crate::render::words::english_theme() };
        let words = Words::new(&theme, "en").value;
        Templates::new(&theme, &words, &Site { title: "A & B".into(), ..Site::default() })
    }

    fn said(problem: &Diagnostic) -> String {
        let place = &problem.place;
        format!("{}:{}:{} {}", place.path, place.line, place.column, problem.message)
    }

    #[test]
    fn text_is_escaped_and_html_is_not() {
        #[track_caller]
        fn check(template: &str, expected: &str) {
            let templates = templates(&[("a.html", template)]);
            assert_eq!(templates.problems, []);
            let mut view = Prose { body: Html("<b>x</b>".into()), ..Prose::default() };
            view.page.title = "<i \"'>&".into();
            assert_eq!(templates.value.render("a.html", &view).expect("renders"), expected);
        }
        check("{{ title }}", "&lt;i &quot;&#39;&gt;&amp;");
        check("<p title=\"{{ title }}\">", "<p title=\"&lt;i &quot;&#39;&gt;&amp;\">");
        check("{{ body }}", "<b>x</b>");
        check("{{ site.title }}", "A &amp; B");
        check("{{ t.search }}", "Search");
        check("{{ t.n_notes | fill(n=1) }}", "1\u{a0}note");
        check("{{ t.n_notes | fill(n=1234) }}", "1,234\u{a0}notes");
        check("{{ t.in_texts_of | fill(n=1, all=\"<5>\") }}", "in 1 of &lt;5&gt; texts.");
    }

    #[test]
    fn a_broken_template_is_a_problem_with_its_place() {
        #[track_caller]
        fn check(files: &[(&str, &str)], expected: &[&str]) {
            let problems = templates(files).problems;
            assert!(problems.iter().all(|p| p.code == Code::TEMPLATE));
            assert_eq!(problems.iter().map(said).collect::<Vec<_>>(), expected);
        }
        check(&[("a.html", "{% if x %}y")], &["themes/own/a.html:1:11 Unexpected end of input"]);
        check(&[("a.html", "x\n{{ 1 | nosuch }}")], &["themes/own/a.html:2:8 Unknown filter `nosuch`"]);
        check(
            &[("a.html", "{% extends \"b.html\" %}")],
            &[
                "themes/own/a.html:1:1 Template 'a.html' is inheriting from 'b.html', which doesn't exist or isn't loaded.",
            ],
        );
    }

    #[test]
    fn every_broken_template_is_said_at_once() {
        let problems = templates(&[("a.html", "{{ }}"), ("b.html", "{% x %}"), ("c.html", "")]).problems;
        let paths: Vec<_> = problems.iter().map(|p| &*p.place.path).collect();
        assert_eq!(paths, ["themes/own/a.html", "themes/own/b.html"]);
    }

    #[test]
    fn what_a_template_is_not_given_is_a_problem_with_its_place() {
        #[track_caller]
        fn check(name: &str, template: &str, expected: &str) {
            let templates = templates(&[("a.html", template)]).value;
            let problem = templates.render(name, &Prose::default()).expect_err("does not render");
            assert_eq!(said(&problem), expected);
        }
        let expected = "themes/own/a.html:2:5 Variable `nosuch` is not defined. Available variables: \
                        address, body, canonical, description, root, section, site, t, title";
        check("a.html", "\n {{ nosuch }}", expected);
        check("b.html", "", "themes/default/b.html:1:1 Template 'b.html' not found");
    }
}
