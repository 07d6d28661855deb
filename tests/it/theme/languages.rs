//! The files of words: what is peculiar to one language.

use std::collections::BTreeMap;

use postil_site::render::words::Words;

use super::theme;

fn table(text: &str) -> BTreeMap<String, String> {
    toml::from_str(text).expect("a file of words is a flat table of strings")
}

/// As the Imprimerie nationale prints: a thin space before `;`, `?`, `!`, a whole one before `:`
/// and inside `« »`, none of which ends a line.
#[test]
fn french_signs_stand_apart_from_their_words_and_on_their_line() {
    let theme = theme();
    let (_, file) = theme.lang.iter().find(|(name, _)| name.as_str() == "fr.toml").expect("there is French");
    for (key, word) in table(&file.text) {
        let signs: Vec<char> = word.chars().collect();
        for pair in signs.windows(2) {
            let good = match pair {
                [before, ';' | '?' | '!'] => *before == '\u{202f}',
                [before, ':' | '»'] => *before == '\u{a0}',
                ['«', after] => *after == '\u{a0}',
                _ => true,
            };
            assert!(good, "{key}: {pair:?} in {word:?}");
        }
    }
}

#[test]
fn a_site_in_another_language_has_no_english_left() {
    let theme = theme();
    let of = |language| Words::new(&theme, language).value;
    let (english, french) = (of("en-GB"), of("fr-FR"));
    for key in ["skip", "search", "cite", "back_to_words", "folded_away"] {
        assert_ne!(english.get(key), french.get(key), "{key}");
    }
    assert_eq!(french.count("n_notes", 0), "0\u{a0}note");
    assert_eq!(french.count("n_words", 12_398), "12\u{202f}398\u{a0}mots");
}
