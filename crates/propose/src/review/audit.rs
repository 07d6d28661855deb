//! An account of the archive: what is explained and annotated, and what is not.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::Serialize;
use typed_index_collections::TiSlice;

use super::coverage::Coverage;
use super::{Look, Vocabulary, look, unexplained, used};
use postil_anchor::anchor::Anchored;
use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::annotation::{self, Annotations};
use postil_anchor::document::{self, Document, record::Record};
use postil_archive::archive::{Archive, TextFile};
use postil_archive::diagnostic::{Checked, Error, Place, bug};
use postil_archive::index::TextIx;

/// The account. Names of its fields are those of `postil audit --format json`:
/// stable; new ones may come.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// Acronyms that no term explains, sorted.
    pub acronyms: Vec<Unexplained>,
    /// Names that the texts themselves shorten, "Full Name (ABC)", sorted by short form.
    pub names: Vec<Name>,
    /// Slugs of terms that no reader comes to, sorted: no text uses them, and nothing that is
    /// read leads to them.
    pub unused_terms: Vec<String>,
    /// Senses that no text's date reaches.
    pub unreached_senses: Vec<Unreached>,
    /// Words that are joined at line ends and stand whole nowhere in the archive, the most frequent first: some of them
    /// may have a hyphen of their own.
    pub joined: Vec<JoinedWord>,
    /// What of each text is annotated, sorted by id.
    pub texts: Vec<Text>,
}

/// A word that is joined at a line end.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct JoinedWord {
    /// As it is joined, in small letters.
    pub joined: String,
    /// As an entry of `hyphens_keep` would have it.
    pub hyphened: String,
    /// How often it is joined.
    pub count: usize,
    /// Whether it stands somewhere with the hyphen.
    pub stands_hyphened: bool,
    /// Where first.
    pub first: Spot,
}

/// Words that are cut at line ends, and those that are not, of all texts.
#[derive(Default)]
struct Words {
    /// By the form without a hyphen.
    joined: BTreeMap<String, JoinedWord>,
    /// Those that stand whole, in small letters, with their hyphens.
    whole: FxHashSet<String>,
}

impl Words {
    /// Takes in the words of a text.
    fn hear(&mut self, doc: &Document, anchored: &Anchored) {
        for cut in &anchored.cut {
            let (head, tail) = cut.halves(doc);
            let joined = format!("{head}{tail}").to_lowercase();
            let found = || JoinedWord {
                joined: joined.clone(),
                hyphened: format!("{head}-{tail}").to_lowercase(),
                count: 0,
                stands_hyphened: false,
                first: (&doc.place(cut.sign())).into(),
            };
            self.joined.entry(joined.clone()).or_insert_with(found).count += 1;
        }
        let words = doc.visible.split(|c: char| !(c.is_alphanumeric() || c == '-'));
        for word in words.map(|word| word.trim_matches('-')).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            if !self.whole.contains(&word) {
                self.whole.insert(word);
            }
        }
    }

    /// Takes in what was heard of another text.
    fn add(&mut self, other: Self) {
        for (key, word) in other.joined {
            let count = word.count;
            let known = self.joined.entry(key).or_insert_with(|| JoinedWord { count: 0, ..word });
            known.count += count;
        }
        self.whole.extend(other.whole);
    }

    /// Those that nothing shows to be one word.
    fn doubtful(self) -> Vec<JoinedWord> {
        let Self { joined, whole } = self;
        let mut found: Vec<JoinedWord> =
            joined.into_values().filter(|word| !whole.contains(&word.joined)).collect();
        for word in &mut found {
            word.stands_hyphened = whole.contains(&word.hyphened);
        }
        found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.joined.cmp(&b.joined)));
        found
    }
}

/// An acronym that no term explains.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Unexplained {
    /// As it stands.
    pub form: String,
    /// How often.
    pub count: usize,
    /// In which texts, sorted.
    pub texts: Vec<String>,
    /// Where first.
    pub first: Spot,
}

/// A name that a text shortens.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Name {
    /// The short form.
    pub short: String,
    /// The name.
    pub name: String,
    /// Where first.
    pub first: Spot,
    /// The term that has the short form, if one has.
    pub term: Option<String>,
    /// Whether the name is a form of that term.
    pub is_form: bool,
}

/// A sense that no text's date reaches.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Unreached {
    /// Slug of the term.
    pub term: String,
    /// Id of the sense.
    pub sense: String,
    /// From when.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
}

/// What of a text is annotated.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Its id.
    pub id: String,
    /// How much.
    #[serde(flatten)]
    pub coverage: Coverage,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// Path from the archive's root.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

impl From<&Place> for Spot {
    fn from(place: &Place) -> Self {
        Self { path: place.path.to_string(), line: place.line, column: place.column }
    }
}

/// Takes the account of an archive. Annotations with errors are left out; what
/// is wrong is among the problems.
///
/// # Errors
/// A raw text cannot be read.
pub fn audit(archive: &Archive) -> Result<Checked<Audit>, Error> {
    let mut problems = Vec::new();
    let records = document::record::parse_all(&archive.texts).take(&mut problems);
    let annotations = annotation::parse(archive).take(&mut problems);
    let defaults = Defaults { mark: archive.config.mark, headings: archive.config.headings };
    let glossary = Glossary::new(&annotations.terms, defaults).take(&mut problems);
    let index = Index::new(&annotations);
    let vocabulary = Vocabulary::new(&annotations);

    let of_text = |(file, record): (&TextFile, &Record)| -> Result<Checked<Option<(Look, Words)>>, Error> {
        let mut problems = Vec::new();
        let Some(bytes) = archive.load(file)?.take(&mut problems) else {
            return Ok(Checked::new(None, problems));
        };
        let parsed = document::parse(file.id.clone(), file.path.clone(), &bytes, file.format, record);
        let Some(doc) = parsed.take(&mut problems) else { return Ok(Checked::new(None, problems)) };
        let layers = index.layers(&doc.id, record.date);
        let anchored = postil_anchor::anchor::resolve(&doc, &layers, &glossary).take(&mut problems);
        let mut words = Words::default();
        words.hear(&doc, &anchored);
        Ok(Checked::new(Some((look(&doc, &anchored, &layers, &vocabulary).0, words)), problems))
    };
    let of_text = |one: (&TextFile, &Record)| {
        let tried = bug::attempt(|| of_text(one));
        tried.unwrap_or_else(|bug| Ok(Checked::new(None, vec![bug.problem(Place::file(one.0.path.clone()))])))
    };
    let seen =
        archive.texts.raw.par_iter().zip(&records.raw).map(of_text).collect::<Result<Vec<_>, Error>>()?;
    let mut words = Words::default();
    let mut looks = Vec::new();
    for (look, heard) in seen.into_iter().filter_map(|look| look.take(&mut problems)) {
        looks.push(look);
        words.add(heard);
    }
    postil_archive::diagnostic::sort(&mut problems);
    let account = Audit { joined: words.doubtful(), ..account(&annotations, &records, &looks, &vocabulary) };
    Ok(Checked::new(account, problems))
}

/// The account of looks that were taken.
fn account(
    all: &Annotations,
    records: &TiSlice<TextIx, Record>,
    looks: &[Look],
    vocabulary: &Vocabulary<'_>,
) -> Audit {
    Audit {
        acronyms: acronyms(looks, vocabulary),
        names: names(all, looks, vocabulary),
        unused_terms: unused_terms(all, records, looks),
        unreached_senses: unreached_senses(all, looks),
        joined: Vec::new(),
        texts: looks.iter().map(|l| Text { id: l.id.to_string(), coverage: l.coverage }).collect(),
    }
}

fn acronyms(looks: &[Look], vocabulary: &Vocabulary<'_>) -> Vec<Unexplained> {
    let found = unexplained(looks, vocabulary).into_iter();
    found
        .map(|(form, seen)| Unexplained {
            form: form.to_owned(),
            count: seen.iter().map(|(_, seen)| seen.count).sum(),
            texts: seen.iter().map(|(look, _)| look.id.to_string()).collect(),
            first: (&seen[0].1.first).into(),
        })
        .collect()
}

/// The same name for the same short form counts once.
fn names(all: &Annotations, looks: &[Look], vocabulary: &Vocabulary<'_>) -> Vec<Name> {
    let mut found: BTreeMap<(&str, &str), Name> = BTreeMap::new();
    for look in looks {
        for (pair, place) in &look.names {
            found.entry((&pair.short, &pair.name)).or_insert_with(|| {
                let term = vocabulary.term(&pair.short, &look.id);
                let named = vocabulary.term(&pair.name, &look.id);
                Name {
                    short: pair.short.clone(),
                    name: pair.name.clone(),
                    first: place.into(),
                    term: term.map(|term| all.terms[term].slug.clone()),
                    is_form: term.is_some() && named == term,
                }
            });
        }
    }
    found.into_values().collect()
}

fn unused_terms(all: &Annotations, records: &TiSlice<TextIx, Record>, looks: &[Look]) -> Vec<String> {
    let used = used::terms(all, records, looks);
    let unused = all.terms.iter_enumerated().filter(|(index, _)| !used.contains(index));
    unused.map(|(_, term)| term.slug.clone()).collect()
}

/// A text without a date may be of any time, and reaches all senses.
fn unreached_senses(all: &Annotations, looks: &[Look]) -> Vec<Unreached> {
    let mut unreached = Vec::new();
    for term in &all.terms {
        for sense in &term.senses {
            let period = sense.period();
            if looks.iter().any(|look| look.date.is_none_or(|date| period.meets(date))) {
                continue;
            }
            unreached.push(Unreached {
                term: term.slug.clone(),
                sense: sense.id.clone(),
                from: sense.from.map(|date| date.to_string()),
                until: sense.until.map(|date| date.to_string()),
            });
        }
    }
    unreached
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::review::tests::look_at;

    #[track_caller]
    fn check(files: &[(&str, &str)], key: &str, expected: &Value) {
        let audit = look_at(files, |all, records, looks, vocabulary| {
            serde_json::to_value(account(all, records, looks, vocabulary)).unwrap()
        });
        assert_eq!(&audit[key], expected, "{files:?}");
    }

    const TERM: &str = "term = \"GLA\"\nkind = \"body\"\n[[sense]]\nid = \"one\"\nuntil = \"2016\"\n\
        definition = \"x\"\n[[sense]]\nid = \"two\"\nfrom = \"2017\"\ndefinition = \"x\"\n";
    const TEXT: (&str, &str) =
        ("content/a.txt", "Of the Gangmasters Licensing Authority (GLA).\n\nThe GLA. The ILO.\n");

    #[test]
    fn acronyms_and_names() {
        let ilo = json!([{ "form": "ILO", "count": 1, "texts": ["a"],
            "first": { "path": "content/a.txt", "line": 3, "column": 14 } }]);
        check(&[TEXT, ("annotations/glossary/gla.toml", TERM)], "acronyms", &ilo);
        let name = |term: Value, is_form: bool| {
            json!([{ "short": "GLA", "name": "Gangmasters Licensing Authority", "term": term,
                "is_form": is_form, "first": { "path": "content/a.txt", "line": 1, "column": 8 } }])
        };
        check(&[TEXT], "names", &name(Value::Null, false));
        check(&[TEXT, ("annotations/glossary/gla.toml", TERM)], "names", &name(json!("gla"), false));
        let with_form = TERM.replacen('\n', "\nforms = \"Gangmasters Licensing Authority\"\n", 1);
        check(&[TEXT, ("annotations/glossary/gla.toml", &with_form)], "names", &name(json!("gla"), true));
    }

    #[test]
    fn terms_and_senses_that_no_text_needs() {
        let ilo = "term = \"ILOX\"\nkind = \"body\"\ndefinition = \"x\"\n";
        let terms = [("annotations/glossary/gla.toml", TERM), ("annotations/glossary/ilo.toml", ilo)];
        let text = |date| [TEXT, ("content/a.toml", date), terms[0], terms[1]];
        check(&text("date = 2009"), "unused_terms", &json!(["ilo"]));
        let two = json!([{ "term": "gla", "sense": "two", "from": "2017", "until": null }]);
        check(&text("date = 2009"), "unreached_senses", &two);
        check(&text("title = \"undated\""), "unreached_senses", &json!([]));
    }

    /// Slugs are those of the files; each case says what leads to `x`, or does not.
    #[test]
    fn a_term_is_of_use_if_a_reader_comes_to_it() {
        let x = (
            "annotations/glossary/x.toml",
            "term = \"X Y Z\"\nkind = \"person\"\ndefinition = \"See [[x]].\"\n",
        );
        let gla = |more: &str| format!("term = \"GLA\"\nkind = \"body\"\n{more}\n");
        let other = |more: &str| format!("term = \"Q Q\"\nkind = \"body\"\n{more}\n");
        let leads = |path: &str, file: &str| {
            check(&[TEXT, x, (path, file)], "unused_terms", &json!([]));
        };
        let does_not = |path: &str, file: &str, unused: &Value| {
            check(&[TEXT, x, (path, file)], "unused_terms", unused);
        };
        let note = |body: &str| format!("+++\nby = \"A B\"\n+++\n> The GLA\n\n{body}\n");
        let topic =
            "title = \"T\"\nscope = \"S\"\n[[passage]]\ntext = \"a\"\nquote = \"The GLA\"\nwhy = \"W\"\n";
        let link = "title = \"L\"\nrelation = \"refers\"\nnote = \"N\"\n[[end]]\ntext = \"a\"\nquote = \"The GLA\"\n\
            [[end]]\ntext = \"a\"\nquote = \"The ILO\"\n";
        leads("annotations/a/n.md", &note("Of [[x|somebody]]."));
        leads("annotations/a/n.md", &note("Of [[term:x]]."));
        leads("annotations/topics/t.toml", &topic.replace('S', "[[x]]"));
        leads("annotations/topics/t.toml", &topic.replace('W', "[[x]]"));
        leads("annotations/links/l.toml", &link.replace('N', "[[x]]"));
        leads("content/pages/p.md", "[[x]]\n");
        leads("content/a.toml", "people = [{ name = \"x\" }]\n");
        leads(
            "annotations/a/apparatus.toml",
            "structure = [{ at = \"p1\", kind = \"speech\", speaker = \"x\" }]\n",
        );
        let one_sense = "[[sense]]\nid = \"s\"\ndefinition = \"D\"\n";
        for way in ["see = [\"x\"]\ndefinition = \"D\"", "definition = \"[[x]]\""] {
            leads("annotations/glossary/gla.toml", &gla(way));
        }
        for way in ["predecessor = \"x\"", "successor = \"x\""] {
            leads("annotations/glossary/gla.toml", &gla(&format!("{one_sense}{way}")));
        }
        does_not("annotations/a/n.md", &note("Of `[[x]]`, [[topic:x]] and x."), &json!(["x"]));
        does_not("annotations/glossary/q.toml", &other("definition = \"[[x]]\""), &json!(["q", "x"]));
    }

    #[test]
    fn coverage_in_words() {
        let files = [
            ("content/a.txt", "One two three.\n\nFour five — six.\n\nSeven.\n\nEight nine.\n\nPage 1\n"),
            ("annotations/a/apparatus.toml", "furniture = [{ at = \"p5\", reason = \"x\" }]\n"),
            ("annotations/a/n.md", "+++\nby = \"A B\"\n+++\n> two three\n\nSo.\n"),
            ("annotations/a/w.md", "+++\nby = \"A B\"\non = \"text\"\n+++\nSo.\n"),
            ("annotations/topics/t.toml", "title = \"T\"\n[[passage]]\ntext = \"a\"\nquote = \"Seven\"\n"),
        ];
        let coverage = json!([{ "id": "a", "words": 9, "noted": 2, "in_topics": 1, "notes": 2, "topics": 1,
            "longest_bare": [2, 2] }]);
        check(&files, "texts", &coverage);
        check(
            &files[..1],
            "texts",
            &json!([{ "id": "a", "words": 11, "noted": 0, "in_topics": 0, "notes": 0, "topics": 0,
                "longest_bare": [1, 5] }]),
        );
    }
}
