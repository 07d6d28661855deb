//! What holds in some languages only: in which other forms a word is found, and
//! which words are forms of one.
//!
//! The build and the engine in the browser go by the same tables: regular
//! expressions in the syntax that Rust and JavaScript share. An index brings
//! along those of the languages that its archive is in, and no others.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A rewriting: a pattern that says when, then pairs of a pattern and of what takes its place.
type Rule = &'static [&'static str];

/// Other forms in which a word is found, by the languages (none named: all) whose words have them.
///
/// They are read on folded words that still have their apostrophes, a diaeresis
/// upon `a`, `o`, `u`, a ring upon `a`, and `ø`. The first rule is another
/// spelling of the very word, also between quotation marks; what the others
/// give is a part of it.
const OTHERS: [(&str, Rule); 6] = [
    // Letters as they are spelled out where a keyboard lacks them: `Müller` is `Mueller`.
    (
        "",
        &[
            "[\u{308}\u{30A}ø]",
            "a\u{308}",
            "ae",
            "o\u{308}",
            "oe",
            "u\u{308}",
            "ue",
            "a\u{30A}",
            "aa",
            "ø",
            "oe",
        ],
    ),
    // Behind what has lost its vowel before another: `l'Europe`, `dell'Unione`, `jusqu'ici`, `l'11 settembre`.
    // Names have it in texts of any language.
    (
        "",
        &[
            r"^(?:[cdjlmnstv]|com|d?ov|entr|[a-z]*(?:ch|gl|ll|n[dtz]|qu|[st]t|un|zz))'(?:[aeiouyhø].|\d)",
            "^[^']*'",
            "",
        ],
    ),
    // Before a note's figure that has grown onto the word, or onto a year and its full stop. Codes have fewer
    // letters (`B12`) or more digits.
    ("", &[r"^(?:\p{L}\p{M}*){3,}(?:'s?)?\d{1,3}$|^\d{4}\.\d{1,3}$", r"(?:'s?)?\.?\d{1,3}$", ""]),
    // Without points that group digits, where fractions have a comma.
    (
        "ca cs da de el es et eu fi fr gl hr hu id is it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk vi",
        &[r"^\d{1,3}(?:\.\d{3})+$", r"\.", ""],
    ),
    // Before an ending: `they'll`; `Ankara'da`, `1923'te`, `Kennedy'ego`, `Bordeaux'n`.
    ("en", &[r"^(?:\p{L}\p{M}*){2,}'(?:d|ll|m|re|ve)$", "'.*", ""]),
    ("az et fi pl tr", &[r"^(?:(?:\p{L}\p{M}*){2,}|\d+)'(?:\p{L}\p{M}*){1,9}$", "'.*", ""]),
];

/// Where a language groups digits as others do.
const GROUPED_OTHERWISE: &str =
    " de-ch de-li es-419 es-cu es-do es-gt es-hn es-mx es-ni es-pa es-pe es-pr es-sv es-us fr-ch it-ch ";
/// The rule that these places do not follow.
const POINTS: usize = 3;

/// How the words of a language that have two spellings are spelt the same.
const SPELLINGS: [(&str, &[Rule]); 1] = [(
    "en",
    &[
        // `organize`; but words as short as `prize` have one spelling.
        &[r"^\D{3,}iz(?:e[drs]?|ers|ing|ations?|ational)$", r"iz(e[drs]?|ers|ing|ations?|ational)$", "is$1"],
        &["lyz(?:e[drs]?|ers|ing)$", "lyz", "lys"],
        &["(?:licen|defen|offen|preten|practi)s(?:e[drs]?|ers|ees?|ing)$", "s(e[drs]?|ers|ees?|ing)$", "c$1"],
        &[
            r"^(?:\D{3,}|od)our(?:s|ed|ing|ers?|al|abl[ey]|ful|fully|less|hoods?|ites?|ists?|ly)?$",
            "our",
            "or",
        ],
        &["(?:cen|thea|me|li|spec|lus)tr(?:e[ds]?|ing)$", "tre(s?)$", "ter$1", "tr(ed|ing)$", "ter$1"],
        &["(?:fi|cali|sa|som)bres?$", "bre", "ber"],
        &[r"^\D{3,}ogues?$", "gue(s?)$", "g$1"],
        &["programmes?$", "mme", "m"],
        &["dgements?$", "dge", "dg"],
        &["^(?:archae|encyclopae|mediae|orthopae|pae[di]|anae[ms]|haem|gynae|leukae)", "ae", "e"],
    ],
)];

/// Which words are forms of one: those of which the same is left. A stemmer knows better, where a
/// language has one; but it cannot be in the browser, where a form that no text has is led back to others.
const ENDINGS: [(&str, &[Rule]); 11] = [
    (
        "en",
        &[
            &[r"^\D{2,}[^su]s$", "s$", ""],
            // In `hopping` a consonant is doubled, in `hoping` an `e` is missing; what has the latter ends in `+`.
            &[
                "..(?:ing|e[dr])$",
                "^([^aeiouy]*[aeiouy][^aeiouwxy])(?:ing|e[dr])$",
                "$1+",
                "(..)(?:ing|e[dr])$",
                "$1",
            ],
            &["^[^aeiouy]*[aeiouy][^aeiouwxy]e$", "e$", "+"],
            &["..e$", "e$", ""],
            &[".i$", "i$", "y"],
            &[
                "(?:bb|dd|gg|mm|nn|pp|rr|tt)$",
                "bb$",
                "b",
                "dd$",
                "d",
                "gg$",
                "g",
                "mm$",
                "m",
                "nn$",
                "n",
                "pp$",
                "p",
                "rr$",
                "r",
                "tt$",
                "t",
            ],
        ],
    ),
    ("da", &[&["", "^(.{3,}?)(?:e[nrst]?|ens|ets|ere?|erne|ernes|s|ede)$", "$1"]]),
    ("de", &[&["", "^(.{3,}?)(?:ern?|e[mns]?|n|s|st|t|te[nt]?|test|ung|ungen)$", "$1"]]),
    ("es", &[&["", "^(.{3,}?)(?:[aeo]s?|[aei]r|[ai]d[ao]s?|[ae]n|ando|iendo|aron|ieron)$", "$1"]]),
    ("fr", &[&["", "^(.{3,}?)(?:es?|s|e[rz]|ee?s?|ent|ant|ons|ai[st]?|aient|x)$", "$1"]]),
    ("it", &[&["", "^(.{3,}?)(?:[aeio]|[aei]re|[aiu]t[aeio]|[aeo]no|[ae]ndo)$", "$1"]]),
    ("nl", &[&["", "^(.{3,}?)(?:e[ns]?|s|t|den?|ten?|end)$", "$1"]]),
    ("no nb nn", &[&["", "^(.{3,}?)(?:e[nrt]?|ens|ets|enes?|s|a|ar|ane|te)$", "$1"]]),
    ("pt", &[&["", "^(.{3,}?)(?:[aeo]s?|[aei]r|[ai]d[ao]s?|[ae]m|[aei]ndo|[aei]ram)$", "$1"]]),
    ("sv", &[&["", "^(.{3,}?)(?:e[nt]?|[aoe]r|[aoe]rna|ens|ets|s|a|ade)$", "$1"]]),
    (
        "ko",
        &[
            // Particles; `V` is a syllable that ends in a vowel, `C` one that does not. Some follow only one of these,
            // so that 가을 and 국가 are whole; and one syllable behind one is mostly a part of the word: 회의, 제도.
            &[
                "",
                "^((?:V|C)+?)(?:에서|에서는|에서도|에서의|에게|에게는|에게서|에는|에도|에만|으로|으로는|으로도|으로서|으로써|로서|로써|\
                 께서|께서는|부터|까지|까지는|까지도|까지의|처럼|보다|마다|이나|이라|이라고|이라는|이란|라고|라는|하고|한테|조차|밖에|\
                 이다|이며|이고|이었다|입니다)$",
                "$1",
                "^((?:V|C)*C)(?:은|을)$",
                "$1",
                "^((?:V|C)*V)(?:는|를|와)$",
                "$1",
                "^((?:V|C)+C)(?:이|과)$",
                "$1",
                "^((?:V|C)+V)가$",
                "$1",
                "^((?:V|C)+Vᆯ?)로$",
                "$1",
                "^((?:V|C)+)에$",
                "$1",
                "^((?:V|C){2,})(?:의|도|만)$",
                "$1",
                "^((?:V|C){2,})들$",
                "$1",
            ],
        ],
    ),
];

/// What is missing while an ending is typed.
const TAILS: [(&str, &str); 1] = [("en", "g ng d s")];

/// A rewriting, ready for use.
struct Rewriting {
    /// As the engine reads it.
    written: Vec<String>,
    when: Regex,
    steps: Vec<(Regex, String)>,
}

impl Rewriting {
    fn new(rule: Rule) -> Self {
        let written: Vec<String> = rule.iter().map(|part| spelled_out(part)).collect();
        let regex = |pattern: &str| Regex::new(pattern).expect("the tables are well formed");
        let steps = written[1..].chunks(2).map(|pair| (regex(&pair[0]), pair[1].clone())).collect();
        Self { when: regex(&written[0]), steps, written }
    }

    /// The word rewritten, if the rule is one for it.
    fn apply(&self, word: &str) -> Option<String> {
        if !self.when.is_match(word) {
            return None;
        }
        let step = |word: String, (pattern, with): &(Regex, String)| match pattern.replace_all(&word, with) {
            Cow::Borrowed(_) => word,
            Cow::Owned(word) => word,
        };
        Some(self.steps.iter().fold(word.to_owned(), step))
    }
}

/// Folded words have the letters of a Korean syllable one by one, and so must the patterns.
fn spelled_out(pattern: &str) -> String {
    if !pattern.contains(|c| ('가'..='힣').contains(&c)) {
        return pattern.to_owned();
    }
    let open = r"[\u1100-\u1112][\u1161-\u1175]";
    pattern.replace('C', &format!(r"{open}[\u11A8-\u11C2]")).replace('V', open).nfd().collect()
}

static OTHER_FORMS: LazyLock<Vec<Rewriting>> =
    LazyLock::new(|| OTHERS.iter().map(|(_, rule)| Rewriting::new(rule)).collect());
static SAME_SPELLINGS: LazyLock<Vec<Vec<Rewriting>>> = LazyLock::new(|| rewritings(&SPELLINGS));
static WITHOUT_ENDINGS: LazyLock<Vec<Vec<Rewriting>>> = LazyLock::new(|| rewritings(&ENDINGS));

fn rewritings(table: &[(&str, &[Rule])]) -> Vec<Vec<Rewriting>> {
    table.iter().map(|(_, rules)| rules.iter().map(|rule| Rewriting::new(rule)).collect()).collect()
}

/// Whether a row of a table, which names its languages (none: all), is for one of them.
fn is_for(languages: &str, language: &str) -> bool {
    languages.is_empty() || languages.split(' ').any(|one| one == language)
}

/// A word that has gone through rewritings, one after the other.
fn rewritten<'w>(rules: &[Rewriting], word: &'w str) -> Cow<'w, str> {
    rules.iter().fold(Cow::Borrowed(word), |word, rule| match rule.apply(&word) {
        Some(other) => Cow::Owned(other),
        None => word,
    })
}

/// The language of a BCP 47 tag without script and country, in small letters.
pub fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// A folded word as its language spells it where it has two spellings.
pub fn same_spelling<'w>(language: &str, word: &'w str) -> Cow<'w, str> {
    let at = SPELLINGS.iter().position(|(own, _)| is_for(own, language));
    at.map_or(Cow::Borrowed(word), |at| rewritten(&SAME_SPELLINGS[at], word))
}

/// What is left of a folded word of a language without its ending.
pub fn without_ending<'w>(language: &str, word: &'w str) -> Cow<'w, str> {
    let at = ENDINGS.iter().position(|(own, _)| is_for(own, language));
    at.map_or(Cow::Borrowed(word), |at| rewritten(&WITHOUT_ENDINGS[at], word))
}

/// What holds for the words of some languages: sets of rows of two tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    others: u16,
    endings: u16,
}

/// The tables as the engine reads them.
#[derive(Debug, Serialize)]
pub struct Tables {
    /// For each rule of other forms its pattern, then pairs of a pattern and of what takes its place.
    others: Vec<&'static [String]>,
    /// For each language such rules by which two forms of a word become the same.
    forms: Vec<Vec<&'static [String]>>,
    /// What may be missing while an ending is typed.
    tails: Vec<&'static str>,
}

impl Rules {
    /// Those of a language, by its BCP 47 tag; those of all languages for an empty one.
    pub fn of(tag: &str) -> Self {
        let language = primary(tag);
        let mut others = rows(OTHERS.iter().map(|row| row.0), &language);
        if GROUPED_OTHERWISE.contains(&format!(" {} ", tag.to_ascii_lowercase().replace('_', "-"))) {
            others &= !(1 << POINTS);
        }
        Self { others, endings: rows(ENDINGS.iter().map(|row| row.0), &language) }
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { others: self.others | other.others, endings: self.endings | other.endings }
    }

    /// The other forms of a word.
    pub fn other_forms(self, word: &str) -> impl Iterator<Item = String> {
        chosen(self.others, &OTHER_FORMS).filter_map(move |rule| rule.apply(word))
    }

    /// The tables for the engine.
    pub fn tables(self) -> Tables {
        let languages: Vec<&str> = chosen(self.endings, &ENDINGS).map(|(languages, _)| *languages).collect();
        let of = |rules: &'static [Rewriting]| rules.iter().map(|rule| &rule.written[..]);
        let spellings = |languages: &str| {
            let row = SPELLINGS.iter().position(|(own, _)| is_for(languages, own));
            row.map_or(&[][..], |row| &SAME_SPELLINGS[row])
        };
        let forms = languages.iter().zip(chosen(self.endings, &WITHOUT_ENDINGS));
        Tables {
            others: chosen(self.others, &OTHER_FORMS).map(|rule| &rule.written[..]).collect(),
            forms: forms.map(|(own, endings)| of(spellings(own)).chain(of(endings)).collect()).collect(),
            tails: TAILS
                .iter()
                .filter(|(own, _)| languages.contains(own))
                .flat_map(|(_, tails)| tails.split(' '))
                .collect(),
        }
    }
}

/// The set of rows that are for a language.
fn rows<'t>(languages: impl Iterator<Item = &'t str>, language: &str) -> u16 {
    languages.zip(0..).filter(|(own, _)| is_for(own, language)).fold(0, |set, (_, row)| set | 1 << row)
}

/// The rows of a set.
fn chosen<T>(set: u16, rows: &[T]) -> impl Iterator<Item = &T> {
    rows.iter().zip(0..).filter(move |&(_, row)| set & 1 << row != 0).map(|(rule, _)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_become_one() {
        fn check(words: &[&str]) {
            let spelt: Vec<Cow<'_, str>> = words.iter().map(|word| same_spelling("en", word)).collect();
            assert!(spelt.windows(2).all(|two| two[0] == two[1]), "{words:?}: {spelt:?}");
        }
        check(&["organise", "organize"]);
        check(&["organisational", "organizational"]);
        check(&["analysed", "analyzed"]);
        check(&["licence", "license"]);
        check(&["practised", "practiced"]);
        check(&["colourful", "colorful"]);
        check(&["labour", "labor"]);
        check(&["neighbours", "neighbors"]);
        check(&["centred", "centered"]);
        check(&["theatres", "theaters"]);
        check(&["fibre", "fiber"]);
        check(&["catalogue", "catalog"]);
        check(&["programmes", "programs"]);
        check(&["judgement", "judgment"]);
        check(&["archaeology", "archeology"]);
        for word in
            ["prize", "four", "hours", "tourist", "sense", "string", "journal", "does", "israel", "rogue"]
        {
            assert_eq!(same_spelling("en", word), word);
        }
        assert_eq!(same_spelling("de", "licence"), "licence");
    }

    #[test]
    fn what_is_left_of_a_form_is_left_of_the_others() {
        fn check(language: &str, words: &[&str], others: &[&str]) {
            let left = |word: &&str| without_ending(language, &word.nfd().collect::<String>()).into_owned();
            let first = left(&words[0]);
            assert!(words.iter().all(|word| left(word) == first), "{words:?}: {first}");
            for other in others {
                assert_ne!(left(other), first, "{other}");
            }
        }
        check("en", &["use", "used", "uses", "using", "user"], &["us"]);
        check("en", &["pay", "pays", "paying", "payer"], &["pa"]);
        check("en", &["buy", "buys", "buying", "buyer", "buyers"], &[]);
        check("en", &["row", "rows", "rowed", "rowing"], &[]);
        check("en", &["hop", "hops", "hopped", "hopping"], &["hope"]);
        check("en", &["hope", "hopes", "hoped", "hoping"], &["hop"]);
        check("en", &["care", "cared", "caring"], &["car", "cars"]);
        check("en", &["note", "noted"], &["not"]);
        check("en", &["add", "adds", "adding", "added"], &[]);
        check("en", &["try", "tries", "tried", "trying"], &[]);
        check("en", &["tie", "ties", "tied", "tying"], &[]);
        check("en", &["push", "pushes", "pushed", "pushing"], &[]);
        check("en", &["change", "changes", "changed", "changing"], &[]);
        check("en", &["owe", "owes", "owed", "owing"], &[]);
        check("en", &["bed", "beds"], &["be"]);
        check("de", &["tag", "tage", "tagen", "tages"], &[]);
        check("ko", &["서울", "서울은", "서울에서", "서울로", "서울의", "서울까지", "서울이다"], &[]);
        check("ko", &["아이", "아이들", "아이들은", "아이들에게", "아이가"], &[]);
        check("ko", &["법", "법은", "법을", "법에", "법으로"], &["법률"]);
        check("ko", &["국가", "국가는", "국가의"], &["국"]);
        for whole in ["가을", "마을", "회의", "제도", "효과", "휴가", "아들", "에도"] {
            assert_eq!(
                without_ending("ko", &whole.nfd().collect::<String>()),
                whole.nfd().collect::<String>()
            );
        }
    }

    #[test]
    fn other_forms_by_language() {
        fn check(language: &str, word: &str, expected: &[&str]) {
            let found: Vec<String> = Rules::of(language).other_forms(word).collect();
            assert_eq!(found, expected, "{language} {word}");
        }
        check("", "o'malley", &[]);
        check("", "don't", &[]);
        check("", "qur'an", &[]);
        check("fr", "l'europe", &["europe"]);
        check("en", "d'estaing", &["estaing"]);
        check("en", "they'll", &["they"]);
        check("fr", "they'll", &[]);
        check("tr", "ankara'da", &["ankara"]);
        check("tr-TR", "1923'te", &["1923"]);
        check("de-AT", "6.500", &["6500"]);
        check("de-CH", "6.500", &[]);
        check("en-GB", "6.500", &[]);
        check("es_MX", "1.234.567", &[]);
        check("de", "1.5", &[]);
        check("", "trafficking5", &["trafficking"]);
        check("", "2006.3", &["2006"]);
        check("en", "gla's2", &["gla"]);
        check("en", "ministers'12", &["ministers"]);
        check("it", "gl'italiani", &["italiani"]);
        check("it", "dov'erano", &["erano"]);
        check("fr", "entr'ouvrir", &["ouvrir"]);
        for code in ["b12", "h2o", "hc23", "iso9001", "3.5", "9w"] {
            check("en", code, &[]);
        }
    }

    #[test]
    fn an_index_brings_the_tables_of_its_languages() {
        let tables = |tag: &str| Rules::of(tag).tables();
        assert_eq!((tables("").others.len(), tables("").forms.len()), (3, 0));
        assert_eq!((tables("de").others.len(), tables("de").forms.len()), (4, 1));
        let both = Rules::of("en").and(Rules::of("ko")).tables();
        assert_eq!((both.others.len(), both.forms.len(), both.tails.len()), (4, 2, 4));
        assert_eq!(both.forms[0].len(), SPELLINGS[0].1.len() + ENDINGS[0].1.len());
    }
}
