//! "Did you mean": the name that was probably meant. For messages only.

/// The option that a misspelt word is nearest to, if any is near enough; of
/// several equally near the first.
///
/// Near enough is an edit for each three letters, begun ones counted, and more than half of
/// either word stays as it was: a slip of the fingers, not another word.
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
        let shorter = length.min(option.chars().count());
        match best {
            _ if distance > most || (distance > 0 && 2 * distance >= shorter) => {}
            Some((least, ..)) if distance > least => {}
            Some((least, first, _)) if distance == least => best = Some((least, first, false)),
            _ => best = Some((distance, option, length > 2)),
        }
    }
    best.map(|(_, option, alone)| (option, alone))
}

/// The option of which a word is a misspelling, beyond doubt: both are of some length, one slip
/// lies between them, and between no other option and the word.
pub fn slip<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let long = |word: &str| word.chars().count() >= LONG_ENOUGH;
    let near = |option: &&str| strsim::damerau_levenshtein(word, option) == 1;
    let mut near = options.into_iter().filter(near);
    let first = near.next().filter(|option| long(word) && long(option))?;
    near.next().is_none().then_some(first)
}

/// The same for any two words, such as one that is quoted and one of a text.
pub fn is_slip(word: &str, meant: &str) -> bool {
    slip(word, [meant]).is_some()
}

/// In a word with fewer letters, one slip easily makes another word of it.
const LONG_ENOUGH: usize = 5;

/// The same for the id of a text, of which people often leave out folders, or know a part: else the
/// only one that ends with the same name, or holds the words.
pub fn nearest_id<'a>(id: &str, ids: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    fn name(id: &str) -> &str {
        id.rsplit('/').next().unwrap_or(id)
    }
    fn only<'a>(mut found: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
    let all = || ids.clone().into_iter();
    nearest(id, all())
        .or_else(|| only(all().filter(|other| name(other) == name(id))))
        .or_else(|| only(all().filter(|other| id.len() >= SHORTEST_PART && other.contains(id))))
}

/// A part of an id that is shorter says too little.
const SHORTEST_PART: usize = 4;

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
    fn an_id_is_known_by_its_name_or_a_part_if_only_one_has_it() {
        let ids = ["commons/2004-03-09-child", "lords/2019-missing", "lords/2004", "commons/2004"];
        let check = |id: &str, expected: Option<&str>| assert_eq!(nearest_id(id, ids), expected, "{id}");
        check("comons/2004-03-09-child", Some("commons/2004-03-09-child"));
        check("2004-03-09-child", Some("commons/2004-03-09-child"));
        check("texts/deep/2019-missing", Some("lords/2019-missing"));
        check("missing", Some("lords/2019-missing"));
        check("speeches/2004", None);
        check("2004", None);
        check("201", None);
        check("nothing", None);
    }

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
        assert_eq!(closest("ac", ["ab"]), None);
        assert_eq!(closest("tags", ["was", "date"]), None);
        assert_eq!(closest("wrok", ["work"]), Some(("work", true)));
        assert_eq!(closest("banana", ["context"]), None);
    }

    #[test]
    fn a_slip_is_beyond_doubt() {
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(
                slip(word, ["topics", "rights", "date", "was", "sources", "source"]),
                expected,
                "{word}"
            );
        };
        check("topcis", Some("topics"));
        check("topic", Some("topics"));
        check("rigths", Some("rights"));
        check("Rights", Some("rights"));
        check("rihts", Some("rights"));
        check("rigt", None);
        check("dates", None);
        check("tags", None);
        check("sourcs", None);
        check("rights", None);
    }

    #[test]
    fn advice_lists_few_options() {
        assert_eq!(advice("x", ["aaaa", "bbbb"]), Some("there are `aaaa`, `bbbb`".to_owned()));
        assert_eq!(advice("aaab", ["aaaa"]), Some("did you mean `aaaa`?".to_owned()));
        assert_eq!(advice("x", []), None);
    }
}
