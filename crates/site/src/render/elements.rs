//! Elements that a text has wherever it is shown, on its page and in a book: one table, so that both nest alike.

use postil_anchor::annotation::RowKind;
use postil_anchor::document::ContainerKind;

/// Markdown nested deeper than this is shown flat: browsers stop nesting at some
/// hundreds of elements, and text must not get lost there.
pub const DEEPEST_CONTAINERS: usize = 32;

/// The element of a part of a block, and its class, possibly empty.
pub fn of_part(kind: Option<RowKind>) -> (&'static str, &'static str) {
    match kind {
        Some(RowKind::Speaker) => ("span", "who"),
        Some(RowKind::Emphasis) => ("em", ""),
        Some(RowKind::Deleted) => ("del", "deleted"),
        Some(RowKind::Added) => ("ins", "added"),
        Some(RowKind::Quotation) => ("q", ""),
        Some(kind) => ("span", kind.name()),
        None => ("span", ""),
    }
}

/// What a container of Markdown begins and ends with; nothing for a footnote, which has links of its own.
pub fn of_container(kind: ContainerKind) -> (&'static str, &'static str) {
    match kind {
        ContainerKind::Quote => ("<blockquote>", "</blockquote>"),
        ContainerKind::Bullets => ("<ul>", "</ul>"),
        ContainerKind::Numbers => ("<ol class=\"numbered\">", "</ol>"),
        ContainerKind::Item(_) => ("<li>", "</li>"),
        ContainerKind::Definitions => ("<dl>", "</dl>"),
        ContainerKind::Term => ("<dt>", "</dt>"),
        ContainerKind::Definition => ("<dd>", "</dd>"),
        ContainerKind::Footnote(_) => ("", ""),
    }
}

/// A list while it is written: items further in lie in the item before them.
#[derive(Debug, Default)]
pub struct List {
    /// Indentation of each list that is open.
    open: Vec<usize>,
}

impl List {
    /// Opens an item, after what has to end before it.
    pub fn item(&mut self, out: &mut String, indent: usize) {
        while self.open.len() > 1 && self.open.last().is_some_and(|&open| open > indent) {
            out.push_str("</li></ul>");
            self.open.pop();
        }
        match self.open.last() {
            Some(&open) if open >= indent => out.push_str("</li>"),
            _ => {
                out.push_str("<ul class=\"items\">");
                self.open.push(indent);
            }
        }
        out.push_str("<li>");
    }

    /// Ends whatever is open.
    pub fn end(self, out: &mut String) {
        for _ in self.open {
            out.push_str("</li></ul>");
        }
    }
}
