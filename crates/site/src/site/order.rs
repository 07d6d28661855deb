//! The order of lists of names: each stands where a reader of the site's language looks for it.
//!
//! As in the index of search, letters with marks are filed under the letter without, and such as `Œ` under what they
//! are spelled out as; where search keeps marks, letters are those of the language's own alphabet.

use postil_anchor::annotation::Term;
use postil_archive::archive::{Config, Marks as Kept};
use postil_search::token::{self, Kind, Manner, Marks};
use unicode_normalization::UnicodeNormalization;

/// In which order names stand.
#[derive(Debug, Clone, Default)]
pub struct Order {
    marks: Marks,
    /// Letters in their order, in small; some of more than one character.
    alphabet: Vec<&'static str>,
    /// Words that a title is not looked for under.
    articles: &'static str,
}

/// Where a name stands: by its letters, then as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    letters: String,
    name: String,
}

/// What stands between a letter and its mark, so that it comes after all words with the letter alone.
const MARKED: char = '\u{10FFFE}';

/// Where letters begin that have a place in an alphabet: after the digits.
const FIRST: u32 = 0x61;

/// What is before the letters.
pub const DIGITS: &str = "0–9";

/// Alphabets of languages in which letters with marks are letters of their own, not each behind that without.
const ALPHABETS: [(&str, &str); 19] = [
    ("az", "a b c ç d e ə f g ğ h x ı i̇ j k q l m n o ö p r s ş t u ü v y z"),
    ("bs", "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž"),
    ("cs", "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž"),
    ("da", "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å"),
    ("es", "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z"),
    ("et", "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y"),
    ("fi", "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö"),
    ("hr", "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž"),
    ("hu", "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs"),
    ("is", "a á b c d ð e é f g h i í j k l m n o ó p q r s t u ú v w x y ý z þ æ ö"),
    ("lt", "a b c č d e f g h i j k l m n o p r s š t u v z ž"),
    ("nb", "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å"),
    ("nn", "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å"),
    ("no", "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å"),
    ("pl", "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż"),
    ("sk", "a ä b c č d e f g h ch i j k l m n o ô p q r s š t u v w x y z ž"),
    ("sl", "a b c č ć d đ e f g h i j k l m n o p q r s š t u v w x y z ž"),
    ("sv", "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö"),
    ("tr", "a b c ç d e f g ğ h ı i̇ j k l m n o ö p r s ş t u ü v y z"),
];

/// Articles; an apostrophe ends those that are written together with what follows.
const ARTICLES: [(&str, &str); 9] = [
    ("cy", "y yr"),
    ("de", "der die das ein eine"),
    ("en", "the a an"),
    ("es", "el la lo los las un una"),
    ("fr", "le la les un une l'"),
    ("it", "il lo la i gli le un uno una l' un'"),
    ("nl", "de het een"),
    ("pt", "o a os as um uma"),
    ("ca", "el la els les un una l'"),
];

/// What a table has for a language.
fn of_language(table: &[(&str, &'static str)], language: &str) -> &'static str {
    let language = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    table.iter().find(|(of, _)| *of == language).map_or("", |(_, says)| says)
}

impl Order {
    /// The order of an archive's lists.
    pub fn new(config: &Config) -> Self {
        let marks = match config.marks {
            Kept::Fold => Marks::Fold,
            Kept::Keep => Marks::Keep,
        };
        let own = if marks == Marks::Keep { of_language(&ALPHABETS, &config.language) } else { "" };
        let articles = of_language(&ARTICLES, &config.language);
        Self { marks, alphabet: own.split_whitespace().collect(), articles }
    }

    /// Where the name of a person or a body stands.
    pub fn name(&self, name: &str) -> Key {
        Key { letters: self.letters(name), name: name.to_owned() }
    }

    /// Where a title stands: an article before it does not count.
    pub fn title(&self, title: &str) -> Key {
        Key { letters: self.letters(self.without_article(title)), name: title.to_owned() }
    }

    /// Where a term stands; `La Rochefoucauld` has no article.
    pub fn term(&self, term: &Term) -> Key {
        match &*term.kind {
            "person" => self.name(&term.term.value),
            _ => self.title(&term.term.value),
        }
    }

    /// The letter under which it stands, as heads of lists show it.
    pub fn initial(&self, key: &Key) -> String {
        let mut letters = key.letters.chars();
        let Some(first) = letters.next() else { return DIGITS.to_owned() };
        let own = (first as u32).checked_sub(FIRST).and_then(|rank| self.alphabet.get(rank as usize));
        if let Some(own) = own {
            return own.to_uppercase().nfc().collect();
        }
        if !first.is_alphabetic() {
            return DIGITS.to_owned();
        }
        let mark = letters.next().filter(|&c| c == MARKED).and(letters.next());
        first.to_uppercase().chain(mark).nfc().collect()
    }

    /// What is looked for of a title that begins with an article.
    fn without_article<'t>(&self, title: &'t str) -> &'t str {
        let title = title.trim_start();
        let rest = |article: &str| {
            let mut rest = title.char_indices();
            for letter in article.chars() {
                let (_, c) = rest.next()?;
                let same = c.to_lowercase().eq(letter.to_lowercase()) || (letter == '\'' && c == '’');
                if !same {
                    return None;
                }
            }
            let rest = &title[rest.next()?.0..];
            let ends = article.ends_with('\'') || rest.starts_with(char::is_whitespace);
            Some(rest.trim_start()).filter(|rest| ends && rest.starts_with(char::is_alphanumeric))
        };
        self.articles.split_whitespace().find_map(rest).unwrap_or(title)
    }

    /// What is compared: words without what does not count.
    fn letters(&self, name: &str) -> String {
        let mut out = String::with_capacity(name.len());
        token::tokenise(name, Manner { marks: self.marks, ..Manner::default() }, |token| {
            if token.kind != Kind::Word {
                return;
            }
            if !out.is_empty() {
                out.push(' ');
            }
            match self.marks {
                Marks::Fold => out.extend(token.form.chars().filter(|c| !is_mark(*c))),
                Marks::Keep => self.spell(token.form, &mut out),
            }
        });
        out
    }

    /// A word in the letters of the alphabet.
    fn spell(&self, word: &str, out: &mut String) {
        let word: String = word.nfc().collect();
        let mut rest = word.as_str();
        while let Some(first) = rest.chars().next() {
            let own = self.alphabet.iter().enumerate().filter(|(_, letter)| rest.starts_with(**letter));
            if let Some((rank, letter)) = own.max_by_key(|(_, letter)| letter.len()) {
                out.extend(char::from_u32(FIRST + rank as u32));
                rest = &rest[letter.len()..];
                continue;
            }
            let mut parts = std::iter::once(first).nfd();
            let plain = parts.next().unwrap_or(first);
            let mut letter = [0; 4];
            match self.alphabet.iter().position(|own| *own == plain.encode_utf8(&mut letter)) {
                // A mark that makes no letter of its own there.
                Some(rank) => out.extend(char::from_u32(FIRST + rank as u32)),
                None => {
                    out.push(plain);
                    parts.for_each(|mark| out.extend([MARKED, mark]));
                }
            }
            rest = &rest[first.len_utf8()..];
        }
    }
}

/// A mark that a word of search keeps for its other forms.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

/// An id as people sort files: digits as numbers. What has no number comes before what has one.
pub fn natural(id: &str) -> Vec<(String, Option<u64>)> {
    let mut out = Vec::new();
    let mut rest = id;
    while !rest.is_empty() {
        let words = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[words..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |at| words + at);
        let number = &rest[words..digits];
        // What is too long for a number is the largest one.
        out.push((
            rest[..words].to_owned(),
            (!number.is_empty()).then(|| number.parse().unwrap_or(u64::MAX)),
        ));
        rest = &rest[digits..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, marks: Kept, names: &[&str], expected: &str) {
        let order = Order::new(&Config { language: language.to_owned(), marks, ..Config::default() });
        let mut keys: Vec<Key> = names.iter().map(|name| order.title(name)).collect();
        keys.sort();
        let shown: Vec<String> =
            keys.iter().map(|key| format!("{}: {}", order.initial(key), key.name)).collect();
        assert_eq!(shown.join(", "), expected);
    }

    #[test]
    fn letters_with_marks_stand_under_the_letter() {
        let names = ["Zèbre", "Œuvre", "Omega", "Île", "État", "Edile", "Ébats", "Österreich", "O’Brien"];
        check(
            "fr",
            Kept::Fold,
            &names,
            "E: Ébats, E: Edile, E: État, I: Île, O: O’Brien, O: Œuvre, O: Omega, O: Österreich, Z: Zèbre",
        );
        check(
            "pl",
            Kept::Fold,
            &["Łódź", "Lublin", "Mazury", "Lwów", "ćma", "cień", "czas"],
            "C: cień, C: ćma, C: czas, L: Łódź, L: Lublin, L: Lwów, M: Mazury",
        );
        check(
            "en",
            Kept::Fold,
            &["b", "“A” and B", "ß", "8 June", "(a)", "…", "東京", "Ünal", "Ulm", "Αρχή", "ﬁne", "fin"],
            "0–9: …, 0–9: 8 June, A: (a), A: “A” and B, B: b, F: fin, F: ﬁne, S: ß, U: Ulm, U: Ünal, Α: Αρχή, 東: 東京",
        );
    }

    #[test]
    fn articles_do_not_count_in_titles() {
        check(
            "en-GB",
            Kept::Fold,
            &["The Forum", "A", "An act", "Theory", "Dawn", "the"],
            "A: A, A: An act, D: Dawn, F: The Forum, T: the, T: Theory",
        );
        check(
            "fr",
            Kept::Fold,
            &["L’Europe", "La loi", "Lause", "l'été"],
            "E: l'été, E: L’Europe, L: Lause, L: La loi",
        );
        check("de", Kept::Fold, &["Der Staat", "Derby", "Ein Tag"], "D: Derby, S: Der Staat, T: Ein Tag");
        let order = Order::new(&Config { language: "fr".to_owned(), ..Config::default() });
        assert_eq!(order.initial(&order.name("La Rochefoucauld")), "L");
    }

    #[test]
    fn a_language_may_have_letters_of_its_own() {
        check(
            "sv",
            Kept::Keep,
            &["Åbo", "Ärla", "Öland", "Zorn", "Abo", "Àbo"],
            "A: Abo, A: Àbo, Z: Zorn, Å: Åbo, Ä: Ärla, Ö: Öland",
        );
        check("da", Kept::Keep, &["Åbo", "Æbo", "Øland", "Zorn"], "Z: Zorn, Æ: Æbo, Ø: Øland, Å: Åbo");
        check(
            "cs",
            Kept::Keep,
            &["Chleb", "Hrad", "Ibis", "Čech", "Cukr", "Cena"],
            "C: Cena, C: Cukr, Č: Čech, H: Hrad, CH: Chleb, I: Ibis",
        );
        check("et", Kept::Keep, &["Zoo", "Tee", "Õun", "Vesi"], "Z: Zoo, T: Tee, V: Vesi, Õ: Õun");
        // Without an alphabet such a letter follows that without a mark.
        check("vi", Kept::Keep, &["Ăn", "An", "Az", "Ba"], "A: An, A: Az, Ă: Ăn, B: Ba");
        check("sv", Kept::Keep, &["Αρχή", "8", "Öland"], "0–9: 8, Ö: Öland, Α: Αρχή");
    }

    #[test]
    fn files_stand_by_their_numbers() {
        let mut ids = ["a/10", "a/9", "a/b2", "a/b10", "a/b", "a/9-x", "a"];
        ids.sort_by_cached_key(|id| natural(id));
        assert_eq!(ids, ["a", "a/9", "a/9-x", "a/10", "a/b", "a/b2", "a/b10"]);
    }
}
