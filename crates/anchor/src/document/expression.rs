//! Regular expressions as contributors write them.
//!
//! They come from strangers' pull requests, so they are those of the `regex` crate, which takes linear
//! time, and neither they nor what they compile to may be large.

use regex::{Regex, RegexBuilder};

/// Most characters of an expression.
const LONGEST: usize = 200;
/// Most bytes that one may compile to.
const LARGEST: usize = 1 << 20;

/// An expression that holds: `^` and `$` are ends of lines, `\A` and `\z` of what is looked at.
#[derive(Debug, Clone)]
pub struct Expression(Regex);

/// Why an expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// It is no expression of this dialect, or too large.
    pub fn new(text: &str) -> Result<Self, Unusable> {
        let wrong = |message: &str, help: &str| Err(Unusable { message: message.into(), help: help.into() });
        let length = text.chars().count();
        if length > LONGEST {
            return wrong(
                &format!("the expression has {length} characters; at most {LONGEST} are read"),
                "write several rows, each with a shorter expression",
            );
        }
        match RegexBuilder::new(text).multi_line(true).size_limit(LARGEST).build() {
            Ok(regex) => Ok(Self(regex)),
            Err(regex::Error::CompiledTooBig(_)) => wrong(
                "the expression is too large once it is compiled",
                "write smaller numbers in `{…}`, or `*` and `+` in their place",
            ),
            Err(error) => {
                let error = error.to_string();
                let reason =
                    error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                wrong(&format!("the expression cannot be read: {reason}"), way_round(text))
            }
        }
    }

    /// What finds it.
    pub fn regex(&self) -> &Regex {
        &self.0
    }
}

/// What stands in for things that other dialects have.
fn way_round(text: &str) -> &'static str {
    let way = [
        (r"\Z", r"the end of a block is `\z`"),
        (
            "(?!",
            "there is no look-around: what must not stand there goes into `unless`, as an expression of its own",
        ),
        (
            "(?<!",
            "there is no look-around: what must not stand there goes into `unless`, as an expression of its own",
        ),
        (
            "(?<=",
            "there is no look-around: match what stands before, too, and put what is meant into a group `(?<text>…)`",
        ),
        (
            "(?=",
            "there is no look-around: match what stands behind, too, and put what is meant into a group `(?<text>…)`",
        ),
        (r"\1", "an expression cannot name what a group took before: write the words again"),
        (r"\2", "an expression cannot name what a group took before: write the words again"),
    ];
    let found = way.iter().find(|(sign, _)| text.contains(sign));
    found.map_or(
        "the dialect is that of the `regex` crate of Rust: `docs.rs/regex`; a sign that is meant as it stands has a `\\` before it",
        |(_, way)| way,
    )
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_blocks_have_ends() {
        let ends = |text: &str| Expression::new(text).unwrap().regex().find_iter("a\nb").count();
        assert_eq!([ends("^."), ends(r"\A."), ends(".$"), ends(r".\z"), ends("a.b")], [2, 1, 2, 1, 0]);
    }

    #[test]
    fn what_cannot_be_used_says_the_way_round() {
        #[track_caller]
        fn check(text: &str, message: &str, help: &str) {
            let Err(wrong) = Expression::new(text) else { panic!("{text} is read") };
            assert!(wrong.message.contains(message), "{wrong:?}");
            assert!(wrong.help.contains(help), "{wrong:?}");
        }
        check("a(", "unclosed group", "regex");
        check(r"a\Z", "unrecognized escape", r"`\z`");
        check("a(?!b)", "look-around", "unless");
        check("(?<=a)b", "look-around", "(?<text>");
        check(r"(a)\1", "backreferences", "write the words again");
        check(&"a".repeat(201), "201 characters", "several rows");
        check(r"\w{1000}{100}", "too large", "smaller");
    }
}
