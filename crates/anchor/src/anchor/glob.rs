//! Patterns over text ids, as in `texts = ["commons/**"]`.

use crate::annotation::Glob;

/// Whether a text is meant by one of the patterns; by none if there is none.
pub fn any_matches(globs: &[Glob], text: &str) -> bool {
    globs.iter().any(|glob| matches(&glob.0, text))
}

/// Whether a pattern means an id: `*` is any part of a name, `**` any folders, also none.
///
/// A table over the parts of both, not a search that tries and goes back: a
/// stranger's pattern cannot make it slow.
pub fn matches(pattern: &str, id: &str) -> bool {
    let parts: Vec<&str> = id.split('/').collect();
    // reached[i]: the pattern so far means the first i parts.
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    for piece in pattern.split('/') {
        let mut next = vec![false; parts.len() + 1];
        if piece == "**" {
            let first = reached.iter().position(|&r| r).unwrap_or(reached.len());
            next[first..].fill(true);
        } else {
            for (i, part) in parts.iter().enumerate() {
                next[i + 1] = reached[i] && name_matches(piece, part);
            }
        }
        reached = next;
    }
    reached[parts.len()]
}

/// `*` in one name: what stands between the stars must follow in order.
fn name_matches(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let check = |pattern: &str, id: &str, expected: bool| {
            assert_eq!(matches(pattern, id), expected, "{pattern} on {id}");
        };
        check("commons/**", "commons/2004-a", true);
        check("commons/**", "commons/2004/a", true);
        check("commons/**", "lords/2004-a", false);
        check("commons/*", "commons/2004-a", true);
        check("commons/*", "commons/2004/a", false);
        check("**", "a/b/c", true);
        check("a/**/c", "a/c", true);
        check("a/**/c", "a/b/b/c", true);
        check("a/**/c", "a/b", false);
        check("*-b", "a-b", true);
        check("a*b*c", "axxbxxc", true);
        check("a*b*c", "axxc", false);
        check("ab*ba", "aba", false);
        check("a", "a", true);
        check("a", "ab", false);
        check("", "a", false);
    }
}
