//! What stands where, for programs: small, and enough to say what a change of
//! the archive does ([`super::compare`]). Each site carries its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use typed_index_collections::TiSlice;

use super::{Facts, Mention, Site};
use postil_anchor::annotation::{By, Certainty, Citation, Located, Markdown, Note, Sense, Term};
use postil_archive::index::TextIx;
use postil_archive::sidecar::date::Date;

/// Where it lies in a site.
pub const ADDRESS: &str = "data/places.json";

/// The shape of the file; another number is another shape.
const SHAPE: u32 = 1;

/// Everything that is annotated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// [`SHAPE`].
    pub shape: u32,
    /// Texts, by id.
    pub texts: Vec<Text>,
    /// Notes, terms, topics and links, by kind and id.
    pub entries: Vec<Entry>,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Its id.
    pub id: String,
    /// As shown.
    pub title: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Number of blocks.
    pub blocks: u32,
    /// Ids that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<String>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A note.
    Note,
    /// A term.
    Term,
    /// A topic with its passages.
    Topic,
    /// A relation between passages.
    Link,
}

/// A note, term, topic or link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Its slug; of a note with the text before it.
    pub id: String,
    /// Its file.
    pub file: String,
    /// As shown.
    pub title: String,
    /// What it says: keys and values, as words.
    pub says: Vec<(String, String)>,
    /// Ids that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Spot>,
    /// How many of its passages stand nowhere.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unplaced: usize,
    /// Of a term: how often each text uses it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uses: BTreeMap<String, usize>,
}

/// One place, with the words around it in its paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The text.
    pub text: String,
    /// The block in which it begins.
    pub block: u32,
    /// Words before it.
    pub before: String,
    /// The words.
    pub words: String,
    /// Words after it.
    pub after: String,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Inventory {
    /// Everything that a site holds.
    pub fn new(site: &Site<'_>, facts: &TiSlice<TextIx, Facts>) -> Self {
        let texts = facts.iter().map(|facts| {
            let plan = &site.texts[facts.text];
            Text {
                id: plan.id.to_string(),
                title: plan.title.clone(),
                sha256: facts.sha256.clone(),
                blocks: facts.blocks,
                was: plan.record.was.clone(),
            }
        });
        let all = site.annotations;
        let mut entries: Vec<Entry> = all.notes.iter().map(|note| of_note(site, note)).collect();
        let terms = entries.len();
        entries.extend(all.terms.iter().map(of_term));
        let topics = entries.len();
        entries.extend(all.topics.iter().map(|topic| {
            let mut says = Says::default();
            says.add("title", &topic.title).markdown("scope", topic.scope.as_ref());
            says.list("parent", topic.parent.iter()).list("see", topic.see.iter());
            for passage in &topic.passages {
                says.markdown("why", passage.why.as_ref());
            }
            let mut entry = entry(Kind::Topic, &topic.slug, &topic.source.path, &topic.title, says);
            entry.was = values(&topic.was);
            entry.unplaced = topic.passages.len();
            entry
        }));
        let links = entries.len();
        entries.extend(all.links.iter().map(|link| {
            let mut says = Says::default();
            says.add("title", &link.title).add("relation", &link.relation);
            says.markdown("note", link.note.as_ref()).add("by", &by(site, &link.by));
            let mut entry = entry(Kind::Link, &link.slug, &link.source.path, &link.title, says);
            entry.unplaced = link.ends.len();
            entry
        }));
        for facts in facts {
            let text = &*site.texts[facts.text].id;
            let spots = |places: &[Mention]| places.iter().map(|place| spot(text, place)).collect::<Vec<_>>();
            for note in &facts.notes {
                entries[usize::from(note.note)].places = spots(&note.places);
                entries[usize::from(note.note)].unplaced = 0;
            }
            for used in &facts.uses {
                *entries[terms + usize::from(used.term)].uses.entry(text.to_owned()).or_default() +=
                    used.count;
            }
            let passages =
                facts.passages.iter().map(|(topic, _, places)| (topics + usize::from(*topic), places));
            for (index, places) in
                passages.chain(facts.ends.iter().map(|(l, _, places)| (links + usize::from(*l), places)))
            {
                entries[index].places.extend(spots(places));
                entries[index].unplaced = entries[index].unplaced.saturating_sub(1);
            }
        }
        Self { shape: SHAPE, texts: texts.collect(), entries }
    }

    /// What the files of its entries say: file, key, value, and where they stand.
    pub fn says(&self) -> BTreeSet<[String; 3]> {
        let of_entry = |entry: &Entry| {
            let place =
                |spot: &Spot| ["place".to_owned(), format!("{} p{}: {}", spot.text, spot.block, spot.words)];
            let said = entry.says.iter().map(|(key, value)| [key.clone(), value.clone()]);
            let all = said.chain(entry.places.iter().map(place));
            all.map(|[key, value]| [entry.file.clone(), key, value]).collect::<Vec<_>>()
        };
        self.entries.iter().flat_map(of_entry).collect()
    }

    /// As the file holds it.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("strings and numbers are JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Reads the file.
    ///
    /// # Errors
    /// It is not such a file, or one of another version of postil.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let inventory: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        match inventory.shape {
            SHAPE => Ok(inventory),
            other => Err(format!("it has shape {other}, and this postil reads shape {SHAPE}")),
        }
    }
}

fn entry(kind: Kind, id: &str, file: &str, title: &str, says: Says) -> Entry {
    Entry {
        kind,
        id: id.to_owned(),
        file: file.to_owned(),
        title: title.to_owned(),
        says: says.0,
        was: Vec::new(),
        places: Vec::new(),
        unplaced: 0,
        uses: BTreeMap::new(),
    }
}

fn of_note(site: &Site<'_>, note: &Note) -> Entry {
    let mut says = Says::default();
    says.add("by", &by(site, &note.by)).add("role", note.role.as_deref().unwrap_or_default());
    says.add("title", note.title.as_deref().unwrap_or_default());
    says.add("kind", &note.kind).list("topics", note.topics.iter()).date("date", note.date);
    says.add("certainty", certainty(note.certainty)).sources(&note.sources);
    says.markdown("body", Some(&note.body));
    let id = format!("{}/{}", note.text, note.slug);
    let title = format!("{}, {}", site.note_kind(&note.kind), by(site, &note.by));
    let mut entry = entry(Kind::Note, &id, &note.source.path, &title, says);
    entry.was = note.was.iter().map(|was| format!("{}/{}", note.text, was.value)).collect();
    // Until a text says where it stands.
    entry.unplaced = 1;
    entry
}

fn of_term(term: &Term) -> Entry {
    let mut says = Says::default();
    says.add("term", &term.term.value).add("kind", &term.kind);
    says.list("forms", term.forms.iter()).list("misprints", term.misprints.iter());
    says.list("see", term.see.iter()).date("date", term.date);
    for sense in &term.senses {
        let Sense { id, name, from, until, definition, predecessor, successor, sources, certainty: sure } =
            sense;
        let id = if term.senses.len() == 1 { String::new() } else { format!(" ({id})") };
        says.add(&format!("name{id}"), name.as_deref().unwrap_or_default());
        says.date(&format!("from{id}"), *from).date(&format!("until{id}"), *until);
        for (key, beside) in [("predecessor", predecessor), ("successor", successor)] {
            let name = beside.as_ref().map(|name| name.value.to_string());
            says.add(&format!("{key}{id}"), &name.unwrap_or_default());
        }
        says.add(&format!("certainty{id}"), certainty(*sure));
        says.markdown(&format!("definition{id}"), Some(definition)).sources(sources);
    }
    let mut entry = entry(Kind::Term, &term.slug, &term.source.path, &term.term.value, says);
    entry.was = values(&term.was);
    entry
}

fn spot(text: &str, place: &Mention) -> Spot {
    Spot {
        text: text.to_owned(),
        block: place.block,
        before: place.before.clone(),
        words: place.words.clone(),
        after: place.after.clone(),
    }
}

fn by(site: &Site<'_>, by: &[By]) -> String {
    by.iter().map(|by| site.name(by)).collect::<Vec<_>>().join(", ")
}

fn values(list: &[Located<String>]) -> Vec<String> {
    list.iter().map(|located| located.value.clone()).collect()
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "",
        Certainty::Probable => "probable",
        Certainty::Possible => "possible",
    }
}

/// Keys and values; what is empty is left out.
#[derive(Default)]
struct Says(Vec<(String, String)>);

impl Says {
    fn add(&mut self, key: &str, value: &str) -> &mut Self {
        if !value.is_empty() {
            self.0.push((key.to_owned(), value.to_owned()));
        }
        self
    }

    fn list<'a>(&mut self, key: &str, list: impl Iterator<Item = &'a Located<String>>) -> &mut Self {
        let joined = list.map(|located| located.value.as_str()).collect::<Vec<_>>().join(", ");
        self.add(key, &joined)
    }

    fn markdown(&mut self, key: &str, markdown: Option<&Markdown>) -> &mut Self {
        self.add(key, markdown.map_or("", |markdown| markdown.text.trim()))
    }

    fn date(&mut self, key: &str, date: Option<Date>) -> &mut Self {
        self.add(key, &date.map(|date| date.to_string()).unwrap_or_default())
    }

    fn sources(&mut self, sources: &[Citation]) -> &mut Self {
        for Citation { title, url, note } in sources {
            let parts = [Some(title), note.as_ref(), url.as_ref()];
            self.add("source", &parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", "));
        }
        self
    }
}
