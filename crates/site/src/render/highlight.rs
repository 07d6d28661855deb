//! Code blocks with classes for a style sheet. The grammars are loaded, and
//! compiled, only when something is highlighted: the first use of one costs
//! tens of milliseconds.

use std::sync::OnceLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::{SyntaxDefinition, SyntaxSet, SyntaxSetBuilder};
use syntect::util::LinesWithEndings;

use crate::render::html;

/// Classes begin with this, so that a theme's own never clash.
const STYLE: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "c-" };

/// The grammars of this program, which the library's do not have. A set of their
/// own: to add one to the library's is to pack all of those anew, at every start.
fn own() -> &'static SyntaxSet {
    static SET: OnceLock<SyntaxSet> = OnceLock::new();
    SET.get_or_init(|| {
        let mut builder = SyntaxSetBuilder::new();
        for grammar in [include_str!("toml.sublime-syntax"), include_str!("note.sublime-syntax")] {
            let read = SyntaxDefinition::load_from_str(grammar, true, None);
            builder.add(read.expect("the grammar is part of the program and is tested"));
        }
        builder.build()
    })
}

/// The grammars of the library.
fn common() -> &'static SyntaxSet {
    static SET: OnceLock<SyntaxSet> = OnceLock::new();
    SET.get_or_init(SyntaxSet::load_defaults_newlines)
}

/// A code block as HTML; without a known language as plain words.
pub(crate) fn block(language: &str, words: &str) -> String {
    let highlighted = match language {
        "" => None,
        "note" => note(words),
        _ => spans(language, words),
    };
    match highlighted {
        Some(spans) => format!("<pre class=\"code\"><code>{spans}</code></pre>\n"),
        None => format!("<pre><code>{}</code></pre>\n", html::escaped(words)),
    }
}

/// The file of a note: TOML between two lines of `+++`, then Markdown.
fn note(words: &str) -> Option<String> {
    let (toml, markdown) = words.strip_prefix(FENCE)?.split_once(FENCE)?;
    Some(format!("{FENCE}{}{FENCE}{}", spans("toml", toml)?, spans("note-body", markdown)?))
}

/// The line around the front matter of a note.
const FENCE: &str = "+++\n";

/// Words of a known language with classes; `None` if the language is not known.
fn spans(language: &str, words: &str) -> Option<String> {
    let of = |set: &'static SyntaxSet| set.find_syntax_by_token(language).map(|syntax| (set, syntax));
    let (set, syntax) = of(own()).or_else(|| of(common()))?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, set, STYLE);
    for line in LinesWithEndings::from(words) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    Some(generator.finalize())
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
    fn a_note_is_toml_and_then_markdown() {
        let html = block("note", "+++\nby = \"A\"\n+++\n> a **b** <c>\n\nSo.\n");
        assert!(html.starts_with("<pre class=\"code\"><code>+++\n<span"), "{html}");
        assert!(html.contains("c-string") && html.contains("c-bold") && html.contains("&lt;c&gt;"), "{html}");
        assert!(!block("note", "no front matter").contains("c-"));
    }

    #[test]
    fn words_without_a_language_are_kept() {
        assert_eq!(block("", "a < b\n"), "<pre><code>a &lt; b\n</code></pre>\n");
        assert_eq!(block("no-such-language", "x"), "<pre><code>x</code></pre>\n");
    }
}
