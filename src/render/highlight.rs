//! Code blocks with classes for a style sheet. The grammars are loaded, and
//! compiled, only when something is highlighted: the first use of one costs
//! tens of milliseconds.

use std::sync::OnceLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::{SyntaxDefinition, SyntaxSet};
use syntect::util::LinesWithEndings;

use crate::render::html;

/// Classes begin with this, so that a theme's own never clash.
const STYLE: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "c-" };

fn grammars() -> &'static SyntaxSet {
    static SET: OnceLock<SyntaxSet> = OnceLock::new();
    SET.get_or_init(|| {
        let toml = SyntaxDefinition::load_from_str(include_str!("toml.sublime-syntax"), true, None)
            .expect("the grammar is part of the program and is tested");
        let mut builder = SyntaxSet::load_defaults_newlines().into_builder();
        builder.add(toml);
        builder.build()
    })
}

/// A code block as HTML; without a known language as plain words.
pub(crate) fn block(language: &str, words: &str) -> String {
    let plain = || format!("<pre><code>{}</code></pre>\n", html::escaped(words));
    if language.is_empty() {
        return plain();
    }
    let set = grammars();
    let Some(syntax) = set.find_syntax_by_token(language) else { return plain() };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, set, STYLE);
    for line in LinesWithEndings::from(words) {
        if generator.parse_html_for_line_which_includes_newline(line).is_err() {
            return plain();
        }
    }
    format!("<pre class=\"code\"><code>{}</code></pre>\n", generator.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_is_known() {
        let html = block("toml", "by = \"A & B\" # who\n[sense]\nfrom = 2005-04-01\n");
        assert!(html.contains("c-comment"), "{html}");
        assert!(html.contains("c-string"), "{html}");
        assert!(html.contains("A &amp; B"), "{html}");
        assert!(html.contains("c-variable"), "{html}");
    }

    #[test]
    fn words_without_a_language_are_kept() {
        assert_eq!(block("", "a < b\n"), "<pre><code>a &lt; b\n</code></pre>\n");
        assert_eq!(block("no-such-language", "x"), "<pre><code>x</code></pre>\n");
    }
}
