//! `postil check --explain CODE`: what a kind of problem means.

use super::{Outcome, Terminal, Trouble};
use postil_archive::diagnostic::Code;

/// Prints the explanation of a code.
pub(super) fn run(name: &str, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let Some(code) = Code::find(name) else { return Err(unknown(name)) };
    terminal.answer(&format!("{}\n\n{}\n", code.name(), code.explanation()))?;
    Ok(Outcome::Fine)
}

fn unknown(name: &str) -> Trouble {
    let trouble = Trouble::new(format!("there is no kind of problem named `{name}`"));
    match nearest(name) {
        Some(near) => trouble.help(format!("did you mean `{near}`?")),
        None => trouble.help("the name stands in brackets in a message, as in `error[quote-not-found]`"),
    }
}

/// The code whose name is most like this one, if any is like it at all.
fn nearest(name: &str) -> Option<&'static str> {
    const LIKE: f64 = 0.6;
    let likeness = |code: &Code| strsim::normalized_damerau_levenshtein(name, code.name());
    let near = Code::ALL.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(near) >= LIKE).then(|| near.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name() {
        let cases = [
            ("quote-not-fond", Some("quote-not-found")),
            ("unknown-terms", Some("unknown-term")),
            ("xyzzy", None),
        ];
        for (name, expected) in cases {
            assert_eq!(nearest(name), expected, "{name}");
        }
    }
}
