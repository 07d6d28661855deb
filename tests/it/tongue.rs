//! Whether a site speaks one language: its own.
//!
//! An archive in Greek is published in a language that is English with each Latin
//! letter made a Cyrillic one. What is left in Latin letters was written into a
//! template, a drawing or a line of Rust, where no translation reaches it. And each
//! translation must have all that English has.
//!
//! And where there is no translation, whether what is said in English says so.

use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use postil::compile::Options;
use postil_archive::archive::Archive;
use postil_archive::diagnostic::Checked;
use postil_site::render::words::Words;

use super::made::{archive, make, short};
use super::repository;

/// Names, abbreviations and the key `a`, which are the same in every language.
const NAMES: &[&str] = &[
    "BibTeX", "RIS", "CSL", "SKOS", "Turtle", "JSON", "CSV", "SHA", "sic", "CC", "BY", "SA", "postil",
    "GitHub", "UTF", "W", "C", "a",
];

/// The words of the interface with Cyrillic for Latin letters, what stands in `{…}` as it is.
fn disguised() -> String {
    let english = std::fs::read_to_string(repository("themes/default/lang/en.toml")).unwrap();
    let table: toml::Table = english.parse().unwrap();
    let mut out = toml::Table::new();
    for (key, words) in table {
        let mut braces = false;
        let words = words.as_str().unwrap().chars().map(|c| {
            braces = (braces || c == '{') && c != '}';
            match c {
                'a'..='z' if !braces => char::from_u32('а' as u32 + (c as u32 - 'a' as u32)).unwrap(),
                'A'..='Z' if !braces => char::from_u32('А' as u32 + (c as u32 - 'A' as u32)).unwrap(),
                _ => c,
            }
        });
        out.insert(key, toml::Value::String(words.collect()));
    }
    out.to_string()
}

/// The words that a reader of the page meets, or hears: text, and attributes that are read.
fn said(node: &Handle, foreign: bool, out: &mut Vec<String>) {
    let mut foreign = foreign;
    match &node.data {
        NodeData::Text { contents } if !foreign => out.push(contents.borrow().to_string()),
        NodeData::Element { name, attrs, .. } => {
            let tag = &*name.local;
            let attrs = attrs.borrow();
            let get =
                |wanted: &str| attrs.iter().find(|a| &*a.name.local == wanted).map(|a| a.value.to_string());
            // What says that it is in another language, and code, is in no language of the site.
            foreign |= ["script", "style", "code", "pre", "kbd"].contains(&tag);
            foreign |= get("lang").is_some_and(|lang| lang != "el");
            let read = ["aria-label", "title", "alt", "placeholder", "data-copied", "label"];
            out.extend(read.iter().filter(|_| !foreign).filter_map(|name| get(name)));
            if get("name").as_deref() == Some("description") {
                out.extend(get("content"));
            }
        }
        _ => {}
    }
    for child in node.children.borrow().iter() {
        said(child, foreign, out);
    }
}

#[test]
fn a_site_in_another_language_has_no_word_that_no_translation_reaches() {
    let files = FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let files = files.chain([("themes/default/lang/el.toml".to_owned(), disguised())]);
    let made = make(archive(files), &Options::default());
    assert!(!made.said().contains("error["), "{}", made.said());

    let mut left = BTreeSet::new();
    let mut spoken = BTreeSet::new();
    for (address, html) in made.pages() {
        let mut words = Vec::new();
        said(
            &html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html).document,
            false,
            &mut words,
        );
        let apart = |c: char| !c.is_alphabetic() && !"./:@_-#<>".contains(c);
        for (text, word) in words.iter().flat_map(|text| text.split(apart).map(move |word| (text, word))) {
            // Addresses and names of files are as they are.
            let file = ["archive.", "texts.", "notes.", "terms.", "figures."]
                .iter()
                .any(|name| word.starts_with(name));
            if file
                || word.contains("//")
                || word.contains(".txt")
                || word.contains(".toml")
                || word.contains(".example")
            {
                continue;
            }
            for word in word.split(|c: char| !c.is_alphabetic()) {
                if word.chars().any(|c| c.is_ascii_alphabetic()) && !NAMES.contains(&word) {
                    left.insert(format!("{address}: {word} in {text}"));
                } else if word.chars().any(|c| ('А'..='я').contains(&c)) {
                    spoken.insert(word.to_owned());
                }
            }
        }
    }
    assert_eq!(left.into_iter().collect::<Vec<_>>().join("\n"), "");
    assert!(spoken.len() > 300, "only {} words of the interface were met", spoken.len());
}

/// What is filled in: `{n}`, `{date}`.
fn placeholders(words: &str) -> BTreeSet<&str> {
    words.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn each_translation_has_every_word_with_its_placeholders_and_forms() {
    let files = archive([("postil.toml", "title = 'A'\n")]);
    let theme = Archive::from_memory(files, postil::theme::default_theme()).value.theme;
    let table = |name: &str| -> toml::Table {
        let (_, source) = theme.lang.iter().find(|(file, _)| file == name).expect("a file of the theme");
        source.text.parse().unwrap()
    };
    let english = table("en.toml");
    let mut wrong = Vec::new();
    for (name, _) in &theme.lang {
        let language = name.strip_suffix(".toml").unwrap();
        // A key that nothing asks for is a problem.
        let Checked { value: words, problems } = Words::new(&theme, language);
        wrong.extend(problems.iter().map(|problem| short(std::slice::from_ref(problem))));
        // The words of a country stand on those of its language.
        let base = language.split('-').next().unwrap();
        let mut own = table(&format!("{base}.toml"));
        own.extend(table(name));
        for (key, expected) in &english {
            let expected = expected.as_str().unwrap();
            let Some(said) = own.get(key).and_then(toml::Value::as_str) else {
                wrong.push(format!("{name}: `{key}` is missing"));
                continue;
            };
            if said.trim().is_empty() && key != "thousands" {
                wrong.push(format!("{name}: `{key}` is empty"));
            }
            // A decade goes by its first year in some languages, by both its ends in others.
            let both = key == "date_decade" && placeholders(said) == placeholders("{year}{last}");
            if placeholders(said) != placeholders(expected) && !both {
                wrong.push(format!("{name}: `{key}` has not the placeholders of English"));
            }
            let listed = match &**key {
                "seasons" => Some(4),
                key => key.starts_with("months").then_some(12),
            };
            let counted = listed.is_none() && expected.contains('|');
            let forms = listed.unwrap_or(if counted { words.forms() } else { 1 });
            if said.split('|').count() != forms {
                wrong.push(format!("{name}: `{key}` has not {forms} forms"));
            }
            // Only the form for one, and in some languages none, can do without the number.
            for n in [2, 3, 5, 6, 11, 22, 1_000].into_iter().filter(|_| counted) {
                if !words.count(key, n).contains(&words.number(n)) {
                    wrong.push(format!("{name}: `{key}` does not say {n}"));
                }
            }
        }
    }
    assert_eq!(wrong.join("\n"), "");
    assert!(theme.lang.len() >= 9, "only {} languages", theme.lang.len());
}

#[test]
fn the_words_of_a_drawing_keep_apart_where_dates_are_long() {
    let dates = [("a", "2004-03-09"), ("b", "2014-12-20"), ("c", "2019-03-28")];
    let config = "title = 'Archivo'\nlanguage = 'es'\n".to_owned();
    let files = dates.into_iter().flat_map(|(name, date)| {
        let record = format!("title = '{name}'\ndate = {date}\n");
        [(format!("content/{name}.txt"), "Un texto.\n".to_owned()), (format!("content/{name}.toml"), record)]
    });
    let made = make(archive(files.chain([("postil.toml".to_owned(), config)])), &Options::default());
    let dates = made.page("index.html").split("<text class=\"q\" x=\"").skip(1);
    let mut places: Vec<(String, f64, f64)> = dates
        .filter_map(|rest| {
            let (x, rest) = rest.split_once('"').unwrap();
            let (attributes, rest) = rest.split_once('>').unwrap();
            let x: f64 = x.parse().unwrap();
            let y = attributes.split("y=\"").nth(1)?.split('"').next()?.to_owned();
            let wide = rest.split('<').next().unwrap().chars().map(|_| 7.0).sum::<f64>();
            if attributes.contains("middle") {
                return None; // a year of the axis
            }
            Some(if attributes.contains("end") { (y, x - wide, x) } else { (y, x, x + wide) })
        })
        .collect();
    places.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    assert_eq!(places.len(), 3, "each text has its date: {places:?}");
    let apart = |pair: &[(String, f64, f64)]| pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1;
    assert!(places.windows(2).all(apart), "{places:?}");
}

/// The words of a page with the language that each is in, and what holds them.
fn languages(node: &Handle, language: &str, out: &mut Vec<(String, String, String)>) {
    let mut language = language.to_owned();
    if let NodeData::Element { name, attrs, .. } = &node.data {
        // What is plain text in a browser's eyes is asked for apart.
        if ["script", "style", "code", "pre", "kbd", "title", "head"].contains(&&*name.local) {
            return;
        }
        if let Some(own) = attrs.borrow().iter().find(|a| &*a.name.local == "lang") {
            language = own.value.to_string();
        }
    }
    for child in node.children.borrow().iter() {
        match (&child.data, &node.data) {
            (NodeData::Text { contents }, NodeData::Element { name, .. }) => {
                out.push((language.clone(), name.local.to_string(), contents.borrow().to_string()));
            }
            _ => languages(child, &language, out),
        }
    }
}

/// An archive in Greek whose interface has no word of Greek, or only one.
fn without_words(language: &str, more: &[(&str, &str)]) -> super::made::Made {
    let files = FILES.iter().map(|(path, text)| {
        let text = text.replace("language = 'el'", &format!("language = '{language}'"));
        ((*path).to_owned(), text)
    });
    let more = more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    make(archive(files.chain(more)), &Options::default())
}

#[test]
fn what_no_translation_has_is_in_english_and_says_so() {
    let one = ("themes/default/lang/el.toml", "search = 'Αναζήτηση'\n");
    for (language, more, said) in [
        ("el", &[][..], "postil.toml:3:12"),
        ("el-CY", &[one][..], "themes/default/lang/el.toml:1:1"),
        // Right to left, and languages of six forms and of one.
        ("ar", &[][..], "postil.toml:3:12"),
        ("kw", &[][..], "postil.toml:3:12"),
        ("ja", &[][..], "postil.toml:3:12"),
    ] {
        let made = without_words(language, more);
        assert!(made.said().contains("words-missing") && made.said().contains(said), "{}", made.said());
        let mut count = 0;
        let mut wrong = BTreeSet::new();
        for (address, html) in made.pages() {
            let page = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
            assert!(html.contains(&format!("<html lang=\"{language}\"")), "{address}");
            let mut words = Vec::new();
            languages(&page.document, language, &mut words);
            for (own, element, text) in words {
                for word in text.split(|c: char| !c.is_alphabetic()) {
                    let english = word.chars().count() > 1 && word.is_ascii() && !NAMES.contains(&word);
                    let greek = word.chars().any(|c| ('α'..='ω').contains(&c));
                    // Names and addresses that are shown as they are.
                    let as_is = [
                        "://", "archive.", "texts.", "notes.", "terms.", "figures.", ".txt", ".toml",
                        ".jsonld",
                    ];
                    if english && !as_is.iter().any(|name| text.contains(name)) {
                        count += 1;
                        wrong.extend(
                            (own != "en").then(|| format!("{address}: <{element} lang={own}> {text}")),
                        );
                    } else if greek {
                        wrong.extend((own == "en").then(|| format!("{address}: <{element} lang=en> {text}")));
                    }
                }
            }
        }
        assert_eq!(wrong.into_iter().collect::<Vec<_>>().join("\n"), "", "{language}");
        assert!(count > 500, "{language}: only {count} words in English were met");
        for (address, bytes) in &made.files {
            let marks = [&b"\0("[..], b"\0)", b"\0[", b"\\u0000"];
            let left = marks.iter().any(|mark| bytes.windows(mark.len()).any(|w| w == *mark));
            let packed = [".zip", ".woff2"].iter().any(|ending| address.ends_with(ending));
            assert!(!left || packed, "{language}: {address} holds a mark");
        }
    }
}

#[test]
fn words_in_english_are_counted_as_english_counts() {
    // Japanese has one form, Cornish and Arabic have six, French says "0 note".
    for language in ["ja", "kw", "ar", "vi"] {
        let made = without_words(language, &[]);
        let front = made.page("index.html");
        assert!(front.contains("2 texts, whole and unaltered, by date."), "{language}: {front}");
        assert!(!front.contains("One text"), "{language}");
        assert!(made.page("texts/one.html").contains("3\u{a0}notes"), "{language}");
    }
}

const FILES: &[(&str, &str)] = &[
    (
        "postil.toml",
        "title = 'Αρχείο'\ndescription = 'Δύο κείμενα.'\nlanguage = 'el'\nbase_url = 'https://archive.example'\n\
         repository = 'https://github.com/o/r'\n[texts.kinds]\nspeech = 'Ομιλία'\nreply = 'Απάντηση'\n",
    ),
    (
        "content/one.txt",
        "Τίτλος\n\nΣελίδα 1\n\nΠρώτη σύσταση του ΑΒΓ.\n\nΗ απάντηση στην πρώτη.\n\nΔεύτερη σύστασι εδώ.\n\nΜια παράγραφος που\n\nσυνεχίζεται.\n",
    ),
    (
        "content/one.toml",
        "title = 'Πρώτο'\ndate = 2009-08-01\nkind = 'reply'\nhouse = 'Βουλή'\nsource = { name = 'Πηγή', url = 'https://source.example/' }\n\
         rights = 'Ελεύθερο'\nrefs = { volume = '4', isbn = '978-0-10-176932-7' }\nunknown = ['ποιος']\nlayout = 'wrapped'\n",
    ),
    ("content/two.txt", "Τίτλος\n\nΟ Άλφα: τι λέει το ΑΒΓ;\n\nΤο ΑΒΓ λέει πολλά, και ο Άλφα.\n"),
    (
        "content/two.toml",
        "title = 'Δεύτερο'\ndate = '2012'\nkind = 'speech'\nhouse = 'Βουλή'\nsource = { name = 'Πηγή' }\nrights = 'Ελεύθερο'\nlayout = 'wrapped'\n",
    ),
    (
        "annotations/one/apparatus.toml",
        "furniture = [\n  { at = 'p2', reason = 'αριθμός' },\n]\njoin = [\n  { at = 'p6-p7' },\n]\n\
         correction = [\n  { quote = 'σύστασι', reading = 'σύσταση', reason = 'λάθος', certainty = 'probable' },\n  { quote = 'Μια', reason = 'έτσι' },\n]\n\
         structure = [\n  { at = 'p1', kind = 'heading', level = 2 },\n  { at = 'p3', kind = 'recommendation', number = 1 },\n  { at = 'p4', kind = 'response', to = [1] },\n  { at = 'p5', kind = 'recommendation', number = 2 },\n]\n",
    ),
    (
        "annotations/two/apparatus.toml",
        "structure = [\n  { at = 'p1', kind = 'title' },\n  { at = 'p2', kind = 'question', number = 1, speaker = 'alpha' },\n  { at = 'p3', kind = 'answer', to = [1] },\n]\n",
    ),
    (
        "annotations/one/context.md",
        "+++\nby = 'editor'\nkind = 'context'\ntopics = ['thema']\ndate = 2010-01-02\ncertainty = 'possible'\nsources = [{ title = 'Βιβλίο', url = 'https://book.example/', note = 'σ. 4' }]\n+++\n> Πρώτη σύσταση\n\nΔες [[gla]], [[text:two#p2]] και [[note:two/outcome]].\n",
    ),
    ("annotations/one/source.md", "+++\nby = 'Ωμέγα'\nkind = 'source'\n+++\n> Η απάντηση\n\nΠηγή.\n"),
    ("annotations/one/question.md", "+++\nby = 'Ωμέγα'\nkind = 'question'\non = 'text'\n+++\nΓιατί;\n"),
    (
        "annotations/two/outcome.md",
        "+++\nby = 'Ωμέγα'\nkind = 'outcome'\ntopics = ['below']\ndate = 2013-02-03\n+++\n> λέει πολλά\n\nΑποτέλεσμα.\n",
    ),
    (
        "annotations/glossary/gla.toml",
        "term = 'ΑΒΓ'\nkind = 'body'\nmisprints = ['ΑΓΒ']\nsee = ['law']\n[[sense]]\nid = 'gla'\nname = 'Αρχή Βήτα Γάμα'\nfrom = 2005-04-01\nuntil = '2011'\ndefinition = 'Αρχή.'\nsuccessor = 'law'\n[[sense]]\nid = 'glaa'\nname = 'Νέα Αρχή'\nfrom = '2012'\ndefinition = 'Άλλη αρχή.'\n",
    ),
    (
        "annotations/glossary/law.toml",
        "term = 'Νόμος Δέλτα'\nkind = 'law'\ndefinition = 'Νόμος.'\nsources = [{ title = 'Εφημερίδα' }]\n",
    ),
    ("annotations/glossary/alpha.toml", "term = 'Άλφα'\nkind = 'person'\ndefinition = 'Κάποιος.'\n"),
    (
        "annotations/topics/thema.toml",
        "title = 'Θέμα'\nscope = 'Όλα.'\nsee = ['below']\n[[passage]]\ntext = 'two'\nquote = 'τι λέει'\nwhy = 'Γιατί.'\n",
    ),
    ("annotations/topics/below.toml", "title = 'Υπό'\nscope = 'Λίγα.'\nparent = 'thema'\n"),
    (
        "annotations/links/tie.toml",
        "title = 'Δεσμός'\nrelation = 'follows'\nnote = 'Μετά.'\n[[end]]\ntext = 'one'\nquote = 'του ΑΒΓ'\n[[end]]\ntext = 'two'\nquote = 'Το ΑΒΓ'\n",
    ),
    (
        "annotations/contributors/editor.toml",
        "name = 'Σύνταξη'\naffiliation = 'Σχολή'\nrole = 'εκδότης'\nurl = 'https://editor.example/'\n",
    ),
    ("content/pages/contribute.md", "+++\ntitle = 'Συμβολή'\n+++\nΠώς.\n"),
    ("content/pages/about.md", "+++\ntitle = 'Περί'\n+++\nΤι.\n"),
];
