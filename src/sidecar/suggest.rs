//! "Did you mean": the name that was probably meant. For messages only.

/// The option that a misspelt word is nearest to, if any is near enough; of
/// several equally near the first.
///
/// Near enough is an edit for each three letters, begun ones counted: a slip of
/// the fingers, not another word.
pub fn nearest<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    closest(word, options).map(|(option, _)| option)
}

/// The same, and whether nothing else can be meant: no other option is as near, and the word is
/// long enough that one slip does not make another of it.
pub fn closest<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, bool)> {
    let lower = word.to_lowercase();
    let length = lower.chars().count();
    let most = length.div_ceil(3).max(1);
    let mut best: Option<(usize, &str, bool)> = None;
    for option in options {
        let distance = strsim::damerau_levenshtein(&lower, &option.to_lowercase());
        match best {
            _ if distance > most => {}
            Some((least, ..)) if distance > least => {}
            Some((least, first, _)) if distance == least => best = Some((least, first, false)),
            _ => best = Some((distance, option, length > 2)),
        }
    }
    best.map(|(_, option, alone)| (option, alone))
}

/// The advice "did you mean", or "there is none yet" with the options if they are few.
pub fn advice<'a>(word: &str, options: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(option) = nearest(word, options.clone()) {
        return Some(format!("did you mean `{option}`?"));
    }
    few(options)
}

/// The options there are, if they are few.
pub fn few<'a>(options: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let few: Vec<&str> = options.into_iter().take(MOST_LISTED + 1).collect();
    match &few[..] {
        [] => None,
        [one] => Some(format!("there is only `{one}`")),
        _ => (few.len() <= MOST_LISTED).then(|| format!("there are {}", list(&few))),
    }
}

/// Longest list of options that is still read.
const MOST_LISTED: usize = 24;

/// Names in backticks, separated by commas.
pub fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_found() {
        let check = |word, expected| {
            assert_eq!(nearest(word, ["context", "outcome", "source", "question"]), expected, "{word:?}");
        };
        check("contxt", Some("context"));
        check("Source", Some("source"));
        check("soucre", Some("source"));
        check("banana", None);
        check("", None);
        check("q", None);
    }

    #[test]
    fn only_one_can_be_meant() {
        assert_eq!(closest("contxt", ["context", "outcome"]), Some(("context", true)));
        assert_eq!(closest("abcx", ["abcd", "abce"]), Some(("abcd", false)));
        assert_eq!(closest("b", ["a"]), Some(("a", false)));
        assert_eq!(closest("banana", ["context"]), None);
    }

    #[test]
    fn advice_lists_few_options() {
        assert_eq!(advice("x", ["aaaa", "bbbb"]), Some("there are `aaaa`, `bbbb`".to_owned()));
        assert_eq!(advice("aaab", ["aaaa"]), Some("did you mean `aaaa`?".to_owned()));
        assert_eq!(advice("x", []), None);
    }
}
