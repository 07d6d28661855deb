//! The fixes of messages, applied as far as they can be proved.
//!
//! A problem with one fix is mended by it, if the file then says what it says now;
//! one with several leaves the choice to a person, and so does one whose fix only
//! proposes what may have been meant. Fixes that touch the same words are left alone.
//! What was applied is looked at again: the problem must be gone, no new error may
//! have come, and nothing that a mended file said may be said otherwise. Mending goes
//! on until nothing is left to mend, so doing it twice does no more than doing it once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use postil_archive::diagnostic::{Code, Diagnostic, Edit, Fix, Severity, Span, fix};

/// What became of the problems of an archive.
#[derive(Debug, Default)]
pub struct Mended {
    /// Files that get another text: path to text as it was and as it is to be.
    pub files: BTreeMap<String, (String, String)>,
    /// What was mended, in order.
    pub applied: Vec<Diagnostic>,
    /// What was left although there is a fix, and why.
    pub left: Vec<(Diagnostic, Left)>,
    /// The problems after it.
    pub problems: Vec<Diagnostic>,
}

/// Why a fix was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// There are several: somebody has to choose.
    Choice,
    /// The file might say something else then: only a person can tell what is meant.
    Meaning,
    /// Another fix touches the same words.
    Overlap,
    /// The problem would not be gone, or another error would come.
    Unproved,
}

/// What an archive is found to be.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
    /// What its files say: file, key, value. A file that cannot be read says nothing.
    pub says: BTreeSet<[String; 3]>,
}

/// Where the files are, and what is wrong with them.
pub trait Bench {
    /// Why it could not do its work.
    type Error;

    /// The text of a file that may be edited; none if there is no such file.
    ///
    /// # Errors
    /// It cannot be read.
    fn text(&self, path: &str) -> Result<Option<String>, Self::Error>;

    /// The archive with these texts in place of its own.
    ///
    /// # Errors
    /// A file cannot be read.
    fn look(&self, edited: &BTreeMap<String, String>) -> Result<Look, Self::Error>;
}

/// Rounds of mending: a file that can be read again may hold more to mend.
const ROUNDS: usize = 12;
/// How often the archive is looked at in one round to tell good fixes from bad ones.
const LOOKS: usize = 60;

/// Mends what can be mended.
///
/// # Errors
/// The bench cannot do its work.
pub fn mend<B: Bench>(bench: &B) -> Result<Mended, B::Error> {
    let mut mender = Mender {
        bench,
        originals: BTreeMap::new(),
        edited: BTreeMap::new(),
        found: bench.look(&BTreeMap::new())?,
        refused: BTreeSet::new(),
    };
    let mut mended = Mended::default();
    for _ in 0..ROUNDS {
        let (ready, _) = mender.ready(&mender.found.problems);
        let ready: Vec<Diagnostic> = ready.into_iter().cloned().collect();
        if ready.is_empty() || !mender.round(&ready, &mut mended)? {
            break;
        }
    }
    mended.left = mender.left(&mender.found.problems);
    mended.problems = mender.found.problems;
    for (path, new) in mender.edited {
        let old = mender.originals.remove(&path).unwrap_or_default();
        if old != new {
            mended.files.insert(path, (old, new));
        }
    }
    Ok(mended)
}

struct Mender<'b, B> {
    bench: &'b B,
    originals: BTreeMap<String, String>,
    edited: BTreeMap<String, String>,
    /// The archive with what was edited.
    found: Look,
    /// Fixes that did not prove good.
    refused: BTreeSet<Key>,
}

/// What a problem is, wherever in its file it has moved to, and what its fix writes.
type Key = (Arc<str>, &'static str, String, String);

fn key(problem: &Diagnostic) -> Key {
    let writes = problem.fixes.first().map_or_else(String::new, |fix| {
        fix.edits.iter().map(|edit| format!("{}\u{0}{}\u{0}", edit.old, edit.new)).collect()
    });
    (problem.place.path.clone(), problem.code.name(), problem.message.clone(), writes)
}

impl<B: Bench> Mender<'_, B> {
    /// Applies fixes, all at once or else one by one; says whether any was.
    fn round(&mut self, ready: &[Diagnostic], mended: &mut Mended) -> Result<bool, B::Error> {
        let all: Vec<&Diagnostic> = ready.iter().collect();
        if self.attempt(&all, mended)? {
            return Ok(true);
        }
        if ready.len() == 1 {
            self.refused.insert(key(&ready[0]));
            return Ok(true);
        }
        // The edits of one round are made for the same text: after one of them the others move.
        for problem in ready.iter().take(LOOKS) {
            if self.attempt(&[problem], mended)? {
                return Ok(true);
            }
            self.refused.insert(key(problem));
        }
        Ok(ready.len() <= LOOKS)
    }

    /// Applies fixes if that proves good.
    fn attempt(&mut self, problems: &[&Diagnostic], mended: &mut Mended) -> Result<bool, B::Error> {
        let Some(edited) = self.with(problems)? else { return Ok(false) };
        let after = self.bench.look(&edited)?;
        let files: BTreeSet<&str> =
            problems.iter().flat_map(|p| &p.fixes[0].edits).map(|edit| &**edit.path()).collect();
        let unsaid = |said: &&[String; 3]| files.contains(said[0].as_str()) && !after.says.contains(*said);
        let better = is_better(&self.found.problems, &after.problems, problems);
        if !better || self.found.says.iter().any(|said| unsaid(&said)) {
            return Ok(false);
        }
        self.edited = edited;
        self.found = after;
        mended.applied.extend(problems.iter().map(|&problem| problem.clone()));
        Ok(true)
    }

    /// The texts with the fixes of some problems; `None` if one does not fit.
    fn with(&mut self, problems: &[&Diagnostic]) -> Result<Option<BTreeMap<String, String>>, B::Error> {
        let mut edits: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for edit in problems.iter().flat_map(|problem| &problem.fixes[0].edits) {
            edits.entry(edit.path()).or_default().push(edit);
        }
        let mut edited = self.edited.clone();
        for (path, edits) in edits {
            let text = match self.edited.get(path) {
                Some(text) => text.clone(),
                None => {
                    let Some(text) = self.bench.text(path)? else { return Ok(None) };
                    self.originals.insert(path.to_owned(), text.clone());
                    text
                }
            };
            let Some(new) = fix::apply(&text, &edits) else { return Ok(None) };
            edited.insert(path.to_owned(), new);
        }
        Ok(Some(edited))
    }

    /// The problems with one fix that may be applied and touches no other; and those with one that does.
    fn ready<'p>(&self, problems: &'p [Diagnostic]) -> (Vec<&'p Diagnostic>, Vec<&'p Diagnostic>) {
        let with_one: Vec<&Diagnostic> = problems
            .iter()
            .filter(
                |problem| matches!(&problem.fixes[..], [fix] if fix.keeps_meaning && !fix.edits.is_empty()),
            )
            .filter(|problem| !self.refused.contains(&key(problem)))
            .collect();
        let clashing = clashing(&with_one);
        let (mut ready, mut others): (Vec<&Diagnostic>, Vec<&Diagnostic>) = Default::default();
        for (i, problem) in with_one.into_iter().enumerate() {
            if clashing.contains(&i) { others.push(problem) } else { ready.push(problem) }
        }
        (ready, others)
    }

    fn left(&self, problems: &[Diagnostic]) -> Vec<(Diagnostic, Left)> {
        let clashing: Vec<&Diagnostic> = self.ready(problems).1;
        let why = |problem: &Diagnostic| match &problem.fixes[..] {
            [] => None,
            [fix] if !fix.keeps_meaning => Some(Left::Meaning),
            [_] if clashing.contains(&problem) => Some(Left::Overlap),
            [_] => Some(Left::Unproved),
            _ => Some(Left::Choice),
        };
        problems.iter().filter_map(|problem| Some((problem.clone(), why(problem)?))).collect()
    }
}

/// Which problems have a fix that touches the words of another's, or is put at the same place.
fn clashing(problems: &[&Diagnostic]) -> BTreeSet<usize> {
    let edits = |(i, problem): (usize, &&Diagnostic)| {
        let edits: Vec<_> = problem
            .fixes
            .iter()
            .flat_map(|fix: &Fix| &fix.edits)
            .map(|edit| (edit.path().clone(), edit.span, i))
            .collect();
        edits
    };
    let mut all: Vec<_> = problems.iter().enumerate().flat_map(edits).collect();
    all.sort();
    let mut clashing = BTreeSet::new();
    // The edit before that reaches farthest.
    let mut reach: Option<&(Arc<str>, Span, usize)> = None;
    for edit in &all {
        if let Some(before) = reach.filter(|before| before.0 == edit.0) {
            if edit.1.start <= before.1.end && edit.2 != before.2 {
                clashing.extend([edit.2, before.2]);
            }
            if edit.1.end <= before.1.end {
                continue;
            }
        }
        reach = Some(edit);
    }
    clashing
}

/// Codes of problems that hide others of their file: once they are mended, those come up.
const HIDING: [Code; 5] =
    [Code::TOML_SYNTAX, Code::FRONT_MATTER, Code::UNKNOWN_KEY, Code::BAD_VALUE, Code::NOTE_WITHOUT_QUOTE];

/// Whether the mended problems are gone and no other error has come.
fn is_better(before: &[Diagnostic], after: &[Diagnostic], mended: &[&Diagnostic]) -> bool {
    fn counts<'p>(
        list: impl IntoIterator<Item = &'p Diagnostic>,
    ) -> BTreeMap<(&'p str, &'p str, &'p str), usize> {
        let mut counts = BTreeMap::new();
        for problem in list {
            *counts
                .entry((&*problem.place.path, problem.code.name(), problem.message.as_str()))
                .or_default() += 1;
        }
        counts
    }
    let (had, has) = (counts(before), counts(after));
    fn of(counts: &BTreeMap<(&str, &str, &str), usize>, what: &(&str, &str, &str)) -> usize {
        counts.get(what).copied().unwrap_or(0)
    }
    let asked = counts(mended.iter().copied());
    let gone = asked.iter().all(|(what, asked)| of(&has, what) + asked <= of(&had, what));
    let hidden = |error: &Diagnostic| {
        let hid = |problem: &&Diagnostic| {
            // A value that the right key does not take was meant for no key of this file.
            let own = problem.code == Code::UNKNOWN_KEY
                && error.code == Code::BAD_VALUE
                && error.place.line == problem.place.line;
            HIDING.contains(&problem.code) && problem.place.path == error.place.path && !own
        };
        mended.iter().any(hid)
    };
    let is_error = |problem: &&Diagnostic| problem.severity == Severity::Error;
    let more = |error: &&Diagnostic| {
        let what = (&*error.place.path, error.code.name(), error.message.as_str());
        of(&has, &what) > of(&had, &what)
    };
    let new = after.iter().filter(is_error).filter(more).find(|error| !hidden(error));
    gone && new.is_none()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use postil_archive::diagnostic::Source;

    /// A file in which some words are problems; the fixes write what stands in `instead`, or only
    /// propose it with a `?`.
    struct Words {
        text: &'static str,
        instead: &'static [(&'static str, &'static [&'static str])],
    }

    impl Bench for Words {
        type Error = Infallible;

        fn text(&self, _: &str) -> Result<Option<String>, Infallible> {
            Ok(Some(self.text.to_owned()))
        }

        fn look(&self, edited: &BTreeMap<String, String>) -> Result<Look, Infallible> {
            let source = Source::new("f", edited.get("f").map_or(self.text, String::as_str));
            let mut problems = Vec::new();
            for (at, word) in
                source.text.split(' ').map(|w| (w.as_ptr() as usize - source.text.as_ptr() as usize, w))
            {
                let Some((_, fixes)) = self.instead.iter().find(|(bad, _)| *bad == word) else { continue };
                let mut problem =
                    Diagnostic::error(Code::UNKNOWN_TERM, source.place(at..at + word.len()), word);
                for new in *fixes {
                    let edit = source.edit(at..at + word.len(), new.trim_end_matches('?'));
                    let proposed = new.ends_with('?');
                    problem =
                        problem.fix(if proposed { Fix::propose("", edit) } else { Fix::mend("", edit) });
                }
                problems.push(problem);
            }
            // `k=v` says something; what is no word yet says nothing.
            let said = source.text.split(' ').filter_map(|word| word.split_once('='));
            let says = said.map(|(key, value)| ["f", key, value].map(str::to_owned)).collect();
            Ok(Look { problems, says })
        }
    }

    #[track_caller]
    fn check(bench: &Words, text: &str, left: &[Left]) {
        let mended = mend(bench).unwrap();
        let found = mended.files.get("f").map_or(bench.text, |(_, new)| new);
        assert_eq!(found, text);
        assert_eq!(mended.left.iter().map(|(_, why)| *why).collect::<Vec<_>>(), left);
    }

    #[test]
    fn what_can_be_mended_is() {
        check(&Words { text: "a x b", instead: &[("x", &["y"])] }, "a y b", &[]);
        check(&Words { text: "x x", instead: &[("x", &["y"])] }, "y y", &[]);
        check(&Words { text: "x", instead: &[("x", &["y"]), ("y", &["z"])] }, "x", &[Left::Unproved]);
        check(&Words { text: "x w", instead: &[("x", &["y", "z"]), ("w", &["v"])] }, "x v", &[Left::Choice]);
        check(&Words { text: "x w", instead: &[("x", &["x"]), ("w", &["v"])] }, "x v", &[Left::Unproved]);
        check(&Words { text: "x", instead: &[("x", &[])] }, "x", &[]);
    }

    #[test]
    fn what_a_file_says_stays_said() {
        check(&Words { text: "x w", instead: &[("x", &["y?"]), ("w", &["v"])] }, "x v", &[Left::Meaning]);
        check(&Words { text: "x", instead: &[("x", &["y?", "z"])] }, "x", &[Left::Choice]);
        check(&Words { text: "k:v", instead: &[("k:v", &["k=v"])] }, "k=v", &[]);
        check(&Words { text: "k=v", instead: &[("k=v", &["k=w"])] }, "k=v", &[Left::Unproved]);
        check(
            &Words { text: "k=v w", instead: &[("k=v", &["k=w"]), ("w", &["u"])] },
            "k=v u",
            &[Left::Unproved],
        );
    }

    #[test]
    fn what_touches_is_left() {
        let source = Source::new("f", "abcd");
        let problem = |span: std::ops::Range<usize>| {
            Diagnostic::error(Code::BAD_VALUE, source.place(span.clone()), "m")
                .fix(Fix::mend("", source.edit(span, "x")))
        };
        let check = |spans: &[std::ops::Range<usize>], expected: &[usize]| {
            let problems: Vec<Diagnostic> = spans.iter().cloned().map(problem).collect();
            let found = clashing(&problems.iter().collect::<Vec<_>>());
            assert_eq!(found.into_iter().collect::<Vec<_>>(), expected, "{spans:?}");
        };
        check(&[0..2, 1..3], &[0, 1]);
        check(&[1..1, 1..1], &[0, 1]);
        check(&[0..1, 2..3], &[]);
        check(&[0..4, 1..2, 3..4], &[0, 1, 2]);
    }
}
