//! Changes of files that would mend a problem.
//!
//! A fix is data, as a problem is: programs read it, `postil fix` applies it,
//! and nothing here touches a file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Place, Source, Span};

/// One way to mend a problem.
///
/// A problem with several of them leaves the choice to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, such as "write `topics`".
    pub title: String,
    /// What is replaced; stretches of one file that do not overlap.
    pub edits: Vec<Edit>,
    /// Whether the file goes on saying what it says. Only then may it be applied without being
    /// asked for: what somebody meant by a name that nobody has, they alone can tell.
    pub keeps_meaning: bool,
}

impl Fix {
    /// A fix after which the file says the same, without the slip.
    pub fn mend(title: impl Into<String>, edit: Edit) -> Self {
        Self { title: title.into(), edits: vec![edit], keeps_meaning: true }
    }

    /// A fix after which the file may say something else: shown, never applied unasked.
    pub fn propose(title: impl Into<String>, edit: Edit) -> Self {
        Self { keeps_meaning: false, ..Self::mend(title, edit) }
    }
}

/// A stretch of a file, and what is to stand there instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Where, with the lines around it.
    pub place: Place,
    /// The stretch, in bytes of the file (a byte order mark not counted).
    pub span: Span,
    /// Line and column right behind the stretch.
    pub end: (u32, u32),
    /// What stands there now: an edit of a file that says something else is none.
    pub old: String,
    /// What is to stand there.
    pub new: String,
}

impl Edit {
    /// The file, from the archive's root.
    pub fn path(&self) -> &Arc<str> {
        &self.place.path
    }
}

impl Source {
    /// The edit that puts other words into a stretch of this file.
    pub fn edit(&self, span: impl Into<Span>, new: impl Into<String>) -> Edit {
        let span = span.into();
        let old = self.text.get(span.range()).unwrap_or_default().to_owned();
        let end = self.place(Span { start: span.end, end: span.end });
        Edit { place: self.place(span), span, end: (end.line, end.column), old, new: new.into() }
    }
}

impl Source {
    /// The proposal "did you mean": another name in the place of one that stands in a stretch of
    /// this file, as a whole word. None if it does not stand there as it is, such as with escapes.
    pub fn rename(&self, within: impl Into<Span>, name: &str, meant: &str) -> Option<Fix> {
        let within = within.into();
        let words = self.text.get(within.range())?;
        let of_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let whole = |at: &usize| {
            let (before, after) = (&words[..*at], &words[at + name.len()..]);
            !before.ends_with(of_name) && !after.starts_with(of_name)
        };
        let at = within.start + words.match_indices(name).map(|(at, _)| at).find(whole)?;
        Some(Fix::propose(format!("write `{meant}`"), self.edit(at..at + name.len(), meant)))
    }
}

/// A text with edits applied; `None` if one of them does not fit it, or two overlap.
pub fn apply(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for edit in sorted {
        if edit.span.start < from || text.get(edit.span.range())? != edit.old {
            return None;
        }
        result.push_str(&text[from..edit.span.start]);
        result.push_str(&edit.new);
        from = edit.span.end;
    }
    result.push_str(&text[from..]);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exchanged_as_whole_words() {
        let source = Source::new("a", "is = \"gla/gla-2\"");
        let new = |name: &str| {
            let fix = source.rename(5..16, name, "x")?;
            apply(&source.text, &[&fix.edits[0]])
        };
        assert_eq!(new("gla-2").as_deref(), Some("is = \"gla/x\""));
        assert_eq!(new("gla").as_deref(), Some("is = \"x/gla-2\""));
        assert_eq!(new("gl"), None);
        assert_eq!(new("is"), None);
    }

    #[test]
    fn edits_are_applied_where_they_fit() {
        let source = Source::new("a", "one\ntwo three\n");
        let (two, three) = (source.edit(4..7, "2"), source.edit(8..13, "drei"));
        assert_eq!((two.place.line, two.place.column, two.end), (2, 1, (2, 4)));
        assert_eq!(apply(&source.text, &[&three, &two]).as_deref(), Some("one\n2 drei\n"));
        assert_eq!(apply("one\nTWO three\n", &[&two]), None);
        assert_eq!(apply(&source.text, &[&two, &source.edit(6..9, "")]), None);
        assert_eq!(
            apply(&source.text, &[&source.edit(14..14, "end")]).as_deref(),
            Some("one\ntwo three\nend")
        );
        assert_eq!(apply("", &[&two]), None);
    }
}
