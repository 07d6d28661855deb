//! What is said about terms that cannot be told apart.

use super::Layers;
use super::rewrite::toml_string;
use super::sense::Pick;
use crate::annotation::{Apparatus, Sense};
use crate::document::{Document, TextRange};
use postil_archive::diagnostic::{Code, Diagnostic, Span};

/// Words that may be several terms or senses.
#[derive(Debug)]
pub(super) struct Ambiguous {
    /// The words, folded.
    pub(super) words: String,
    /// What they may mean.
    pub(super) picks: Vec<Pick>,
    /// Where they stand first.
    pub(super) first: TextRange,
    /// How often they stand.
    pub(super) count: usize,
}

/// Several terms or senses are left.
pub(super) fn ambiguous(doc: &Document, layers: &Layers<'_>, ambiguous: &Ambiguous) -> Diagnostic {
    let Ambiguous { words, picks, first, count } = ambiguous;
    let terms = &layers.all.terms;
    let one_term = picks.iter().all(|pick| pick.0 == picks[0].0);
    let what = if one_term { "senses of one term" } else { "terms" };
    let message = format!("`{words}` may be {} {what} in `{}`", picks.len(), doc.id);
    let label = if *count == 1 { "here".to_owned() } else { format!("here first, {count} times in all") };
    let mut error = Diagnostic::error(Code::TERM_AMBIGUOUS, doc.place(*first), message).label(label);
    let mut choices = Vec::with_capacity(picks.len());
    for &(term, sense) in picks {
        let (term, sense) = (&terms[term], &terms[term].senses[sense]);
        let id =
            if term.senses.len() > 1 { format!("{}/{}", term.slug, sense.id) } else { term.slug.clone() };
        error = error.related(term.source.place(term.term.span), format!("`{id}`{}", time(sense)));
        choices.push(row(words, &id));
    }
    if let (true, Some(date)) = (one_term, layers.date) {
        error = error.help(format!("the text is of `{date}`, which does not settle it"));
    }
    let file = format!("annotations/{}/apparatus.toml", doc.id);
    error
        .help(format!("add a row to `term` in `{file}`: {}", choices.join(" or ")))
        .help("if it is none of them: `is = \"none\"`; for one place only, a selector in place of `form`")
}

/// No sense covers the text's date.
pub(super) fn out_of_time(
    doc: &Document,
    layers: &Layers<'_>,
    place: TextRange,
    (term, sense): Pick,
) -> Diagnostic {
    let (term, sense) = (&layers.all.terms[term], &layers.all.terms[term].senses[sense]);
    let date = layers.date.map(|date| date.to_string()).unwrap_or_default();
    let message = format!("no sense of `{}` covers the date of `{}`, {date}", term.slug, doc.id);
    Diagnostic::warning(Code::SENSE_OUT_OF_TIME, doc.place(place), message)
        .label(format!("shown in the nearest sense{}", time(sense)))
        .related(term.source.place(term.term.span), "the term")
        .help("add a sense for that time, or mend its `from` and `until`")
        .help(format!(
            "if this sense is meant here, add a row to `term` in `annotations/{}/apparatus.toml`: {}",
            doc.id,
            row(&doc.words(place).replace('\n', " "), &format!("{}/{}", term.slug, sense.id))
        ))
}

/// The row of an apparatus that says what a form means.
fn row(form: &str, is: &str) -> String {
    format!("`{{ form = {}, is = \"{is}\" }}`", toml_string(form))
}

/// A row for a form that does not stand in its text.
pub(super) fn row_unused(apparatus: &Apparatus, span: Span, form: &str) -> Diagnostic {
    let message = format!("no term is marked for `{form}` in `{}`", apparatus.text);
    Diagnostic::warning(Code::TERM_ROW_UNUSED, apparatus.source.place(span), message)
        .help("check the spelling; the form must be one of a term's `term`, `forms` or `misprints`")
        .help("for words that are no form of a term, name the place: `{ quote = \"…\", is = \"…\" }`")
}

/// The time of a sense, as `, 2005 to 2016`; empty if it has none.
fn time(sense: &Sense) -> String {
    match (sense.from, sense.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!(", from {}", from),
        (None, Some(until)) => format!(", until {}", until),
        (Some(from), Some(until)) => format!(", {} to {}", from, until),
    }
}
