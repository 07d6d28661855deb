//! TEI P5: plays, verse, letters, debates, editions.
//!
//! The words of `text` become a plain text, what its elements say rows, the header the record. What
//! is left out is counted; an element that is not known leaves its words, and is counted too.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::{Draft, Incoming, Note, Original, Record};
use crate::records;
use crate::standoff::{self, squeezed};
use crate::toml::{self, Value};
use crate::tree::{Id, Tree};
use crate::weave::{self, Group, Mark, Weave};
use postil_archive::archive::{Format, name};
use postil_archive::diagnostic::{Code, Diagnostic};
use postil_archive::sidecar::date::Date;

/// Elements that only hold others.
const HOLDERS: [&str; 40] = [
    "text",
    "front",
    "body",
    "back",
    "group",
    "floatingText",
    "div",
    "div0",
    "div1",
    "div2",
    "div3",
    "div4",
    "div5",
    "div6",
    "div7",
    "titlePage",
    "docTitle",
    "argument",
    "postscript",
    "opener",
    "closer",
    "figure",
    "castGroup",
    "set",
    "prologue",
    "epilogue",
    "performance",
    "sourceDoc",
    "surface",
    "zone",
    "listBibl",
    "divGen",
    "spGrp",
    "lg",
    "sp",
    "u",
    "list",
    "table",
    "cit",
    "eg",
];
/// Elements that are blocks wherever they stand.
const BLOCKS: [&str; 30] = [
    "p",
    "ab",
    "head",
    "trailer",
    "byline",
    "dateline",
    "salute",
    "signed",
    "titlePart",
    "docAuthor",
    "docImprint",
    "docDate",
    "docEdition",
    "imprimatur",
    "speaker",
    "castItem",
    "l",
    "item",
    "label",
    "headItem",
    "headLabel",
    "roleDesc_",
    "epigraph_",
    "bibl_",
    "address",
    "addrLine",
    "entryFree",
    "entry",
    "biblStruct",
    "figDesc_",
];
/// Elements whose words are emphasised.
const EMPHASIS: [&str; 9] =
    ["hi", "emph", "foreign", "title", "distinct", "mentioned", "soCalled", "term", "gloss"];
/// Elements that say something of words which the page does not show: the words stay.
const PLAIN: [&str; 50] = [
    "seg",
    "w",
    "c",
    "pc",
    "s",
    "cl",
    "phr",
    "m",
    "name",
    "rs",
    "persName",
    "placeName",
    "orgName",
    "geogName",
    "date",
    "time",
    "num",
    "measure",
    "ref",
    "abbr",
    "expan",
    "ex",
    "orig",
    "reg",
    "sic",
    "corr",
    "lem",
    "rdg",
    "q",
    "quote",
    "said",
    "role",
    "roleDesc",
    "actor",
    "forename",
    "surname",
    "roleName",
    "addName",
    "nameLink",
    "genName",
    "settlement",
    "country",
    "region",
    "bibl",
    "author",
    "editor",
    "publisher",
    "pubPlace",
    "anchor",
    "subst",
];

/// Makes a text of a file.
///
/// # Errors
/// It has no text; or not all of its words would come over, which is a bug that is told with its place.
pub fn draft(tree: &Tree, incoming: &Incoming, source: usize) -> Result<Draft, Box<Diagnostic>> {
    let top = tree.top();
    let texts: Vec<Id> = tree.all(top, "text").filter(|&text| !tree.is_in(text, &["text"])).collect();
    if texts.is_empty() {
        let problem = Diagnostic::error(Code::BAD_SOURCE, tree.place(top), "the file has no `text`");
        return Err(Box::new(
            problem.help("a TEI file has its words in `<text>`; a header alone is no text"),
        ));
    }
    let mut draft = Draft::of(incoming, source, Format::Plain);
    let header = tree.of_name(top, "teiHeader").next();
    let people = People::of(tree, header);
    if let Some(header) = header {
        draft.record = record(tree, top, header, &people);
    }
    let mut walk = Walk::new(tree, people);
    for &text in &texts {
        walk.all(text);
    }
    let woven = walk.weave.finish();
    if woven.text.is_empty() {
        return Err(Box::new(Diagnostic::error(
            Code::BAD_SOURCE,
            tree.place(texts[0]),
            "the text has no words",
        )));
    }
    prove(tree, &texts, &walk.weave, &woven)?;
    draft.derived = woven.rows;
    draft.record.set("layout", "wrapped");
    draft.originals = vec![Original { source, media_type: "application/tei+xml", part: None }];
    draft.left_out = std::mem::take(&mut walk.weave.left_out);
    draft.doubts = walk.weave.doubts.iter().map(|(what, count)| format!("{what}: {count}")).collect();
    if woven.cut > 0 {
        draft.doubts.push(format!("marks on parts of words, not shown: {}", woven.cut));
    }
    draft.notes = std::mem::take(&mut walk.notes);
    let blocks = woven.text.split("\n\n").zip(1..).map(|(block, number)| (number, squeezed(block)));
    let found = standoff::notes(tree, &BTreeSet::new(), &blocks.collect(), false);
    draft.notes.extend(found.notes);
    draft.doubts.extend(found.left);
    draft.bytes = woven.text.into_bytes();
    draft.others = walk.people.files(tree, &walk.authors);
    Ok(draft)
}

/// Tells where words were lost.
pub fn prove(tree: &Tree, roots: &[Id], weave: &Weave, woven: &weave::Woven) -> Result<(), Box<Diagnostic>> {
    weave::prove(tree, roots, weave, woven).map_err(|(node, expected, found)| {
        let message = format!("not all words of the source would be in the text: `{}` is not followed as it should be, `{}` is", 
            expected.chars().take(80).collect::<String>(), found);
        let problem = Diagnostic::error(Code::DERIVATION_LOST, tree.place(node), message);
        Box::new(problem.help("this is a bug in postil, not a mistake of yours: nothing was written; save the file as plain text, or report it"))
    })
}

/// What the header says of people, places and bodies.
#[derive(Debug, Default)]
struct People {
    /// Names by their id.
    names: BTreeMap<String, String>,
    /// Entries that say more than a name: id, and the slug of a file of their own.
    terms: BTreeMap<String, (String, &'static str, Id)>,
    /// In the order of the file: persons with what a record says of them.
    listed: Vec<Value>,
    /// Who is responsible: id and name.
    responsible: BTreeMap<String, String>,
}

impl People {
    fn of(tree: &Tree, header: Option<Id>) -> Self {
        let mut people = Self::default();
        // Lists may stand in the header, in `standOff`, or in the text.
        let kinds = [
            ("person", "persName", "person"),
            ("personGrp", "persName", "person"),
            ("place", "placeName", "place"),
            ("org", "orgName", "body"),
        ];
        for id in tree.within(tree.top()) {
            let Some((_, named, kind)) = kinds.iter().find(|(element, ..)| tree.name(id) == *element) else {
                continue;
            };
            let Some(xml_id) = tree.says(id, "xml:id") else { continue };
            let shown = tree.of_name(id, named).next().or_else(|| tree.of_name(id, "name").next());
            let shown = shown.map(|name| person_name(tree, name)).filter(|name| !name.is_empty());
            let shown = shown.unwrap_or_else(|| xml_id.to_owned());
            people.names.insert(xml_id.to_owned(), shown.clone());
            let more = says_more(tree, id, named);
            let slug = name::some_slug(xml_id).filter(|_| more && header.is_some());
            if let Some(slug) = slug {
                people.terms.insert(xml_id.to_owned(), (slug.clone(), kind, id));
                if *kind == "person" {
                    people.listed.push(slug.into());
                }
            } else if *kind == "person" {
                people.listed.push(shown.into());
            }
        }
        let responsible = header.into_iter().flat_map(|header| tree.within(header).collect::<Vec<_>>());
        for id in responsible {
            let is_editor =
                tree.name(id) == "editor" || tree.is_in(id, &["respStmt"]) || tree.name(id) == "respStmt";
            if let Some(xml_id) = tree.says(id, "xml:id").filter(|_| is_editor) {
                let name = match tree.name(id) {
                    "respStmt" => tree
                        .find(id, "persName")
                        .or_else(|| tree.find(id, "name"))
                        .map(|name| tree.words(name)),
                    _ => Some(tree.words(id)),
                };
                people.responsible.insert(
                    xml_id.to_owned(),
                    name.filter(|name| !name.is_empty()).unwrap_or_else(|| xml_id.to_owned()),
                );
            }
        }
        people
    }

    /// Who is meant by `#a #b`: slugs of those that have a file, else names.
    fn who(&self, who: &str) -> Option<Value> {
        let one = |reference: &str| -> Value {
            let id = reference.rsplit('#').next().unwrap_or(reference);
            match (self.terms.get(id), self.names.get(id)) {
                (Some((slug, ..)), _) => slug.as_str().into(),
                (None, Some(name)) => name.as_str().into(),
                (None, None) => id.into(),
            }
        };
        Value::one_or_many(who.split_whitespace().map(one).collect())
    }

    /// Files of those that the header says more of than a name, and of those who wrote notes.
    fn files(&self, tree: &Tree, authors: &BTreeSet<String>) -> Vec<(String, String)> {
        let mut files = Vec::new();
        for (id, (slug, kind, entry)) in &self.terms {
            let mut keys: Vec<(String, Value)> =
                vec![("term".into(), self.names[id].as_str().into()), ("kind".into(), (*kind).into())];
            let named = match *kind {
                "person" => "persName",
                "place" => "placeName",
                _ => "orgName",
            };
            let others: Vec<Value> = tree
                .of_name(*entry, named)
                .map(|name| person_name(tree, name))
                .filter(|name| *name != self.names[id] && !name.is_empty())
                .map(Value::from)
                .collect();
            if !others.is_empty() {
                keys.push(("forms".into(), Value::List(others)));
            }
            keys.push(("definition".into(), definition(tree, *entry, named).into()));
            // Found nowhere by itself, only where a row says so.
            keys.push(("texts".into(), Value::List(Vec::new())));
            files.push((format!("annotations/glossary/{slug}.toml"), toml::aligned(&keys)));
        }
        for id in authors {
            if let (Some(name), Some(slug)) = (self.responsible.get(id), name::some_slug(id)) {
                let text = toml::aligned(&[("name".to_owned(), name.as_str().into())]);
                files.push((format!("annotations/contributors/{slug}.toml"), text));
            }
        }
        files
    }
}

/// A name as it is shown: forenames before the surname.
fn person_name(tree: &Tree, id: Id) -> String {
    let surname = tree.of_name(id, "surname").next();
    let forenames: Vec<String> = tree.of_name(id, "forename").map(|name| tree.words(name)).collect();
    match surname {
        Some(surname) if !forenames.is_empty() => {
            let links: String =
                tree.of_name(id, "nameLink").map(|link| format!("{} ", tree.words(link))).collect();
            format!("{} {links}{}", forenames.join(" "), tree.words(surname))
        }
        _ => tree.words(id),
    }
}

/// Whether an entry of a list says more than a name.
fn says_more(tree: &Tree, entry: Id, named: &str) -> bool {
    let is_more = |&child: &Id| {
        let name = tree.name(child);
        !name.is_empty()
            && name != named
            && !matches!(name, "name" | "idno" | "sex" | "gender")
            && !tree.words(child).is_empty()
    };
    tree.children(entry).iter().any(is_more)
}

/// What an entry says besides the name.
fn definition(tree: &Tree, entry: Id, named: &str) -> String {
    let parts = tree.children(entry).iter().filter(|&&child| {
        let name = tree.name(child);
        !name.is_empty() && name != named && !matches!(name, "name" | "idno" | "sex" | "gender")
    });
    let part = |&child: &Id| {
        let words = tree.words(child);
        match tree.name(child) {
            _ if words.is_empty() => words,
            "birth" => format!("Born {words}"),
            "death" => format!("Died {words}"),
            _ => words,
        }
    };
    let parts: Vec<String> = parts.map(part).filter(|words| !words.is_empty()).collect();
    let text = parts.join("; ");
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

/// What the header says.
fn record(tree: &Tree, top: Id, header: Id, people: &People) -> Record {
    let mut record = Record::default();
    let statement = tree.path(header, &["fileDesc", "titleStmt"]);
    let words = |id: Option<Id>| id.map(|id| tree.words(id)).filter(|words| !words.is_empty());
    if let Some(statement) = statement {
        let titles: Vec<Id> = tree.of_name(statement, "title").collect();
        let is_type = |wanted: &'static str| {
            titles.iter().copied().find(|&title| tree.says(title, "type") == Some(wanted))
        };
        let title = is_type("main").or_else(|| titles.first().copied());
        if let Some(main) = words(title) {
            let sub = words(is_type("sub").filter(|_| is_type("main").is_some()));
            record.set("title", sub.map_or_else(|| main.clone(), |sub| format!("{main}: {sub}")));
        }
        let authors: Vec<Value> = tree
            .of_name(statement, "author")
            .map(|author| {
                let named = tree.find(author, "persName").unwrap_or(author);
                person_name(tree, named)
            })
            .filter(|name| !name.is_empty())
            .map(Value::from)
            .collect();
        record.fill("author", Value::one_or_many(authors));
    }
    correspondence(tree, header, &mut record);
    // The date of the work or of its source, never of the electronic edition.
    let places = [
        &["profileDesc", "creation", "date"][..],
        &["sourceDesc", "msDesc", "origDate"],
        &["sourceDesc", "bibl", "date"],
        &["sourceDesc", "biblStruct", "date"],
        &["profileDesc", "settingDesc", "date"],
        &["sourceDesc", "date"],
    ];
    for path in places {
        // Where the source is an electronic edition itself, its date is not that of the work.
        let date = tree
            .path(header, path)
            .filter(|&date| !tree.is_in(date, &["publicationStmt", "biblFull"]) && !is_digital(tree, date));
        if let Some(date) = date.filter(|_| record.get("date").is_none()) {
            say_date(tree, date, &mut record);
        }
    }
    // Of some editions the days on which a work was written and printed stand beside the text.
    for kind in ["written", "print", "premiere"] {
        let event = tree.all(top, "event").find(|&event| tree.says(event, "type") == Some(kind));
        let date = event.filter(|_| record.get("date").is_none()).and_then(|event| date_of(tree, event));
        record.fill("date", date.and_then(|date| records::date(&date).ok()));
    }
    let ident = tree.find(header, "language").and_then(|language| tree.says(language, "ident"));
    record.fill(
        "lang",
        tree.says(top, "xml:lang").or(ident).filter(|tag| postil_archive::sidecar::address::is_language(tag)),
    );
    let licence = tree.path(header, &["publicationStmt", "availability"]);
    record.fill("rights", words(licence).filter(|words| words.chars().count() <= 500));
    let publisher = tree.path(header, &["publicationStmt", "publisher"]);
    if let Some(name) = words(publisher) {
        record.set("source", Value::Table(vec![("name".to_owned(), name.into())]));
    }
    record.fill("people", Value::one_or_many(people.listed.clone()));
    record
}

/// Whether a date is of a digital source.
fn is_digital(tree: &Tree, mut id: Id) -> bool {
    while let Some(parent) = tree.parent(id) {
        if tree.says(parent, "type").is_some_and(|kind| kind.to_lowercase().contains("digital")) {
            return true;
        }
        id = parent;
    }
    false
}

/// Who wrote to whom, from where and when.
fn correspondence(tree: &Tree, header: Id, record: &mut Record) {
    for action in tree.all(header, "correspAction") {
        let named = |id: Id| {
            let name = tree
                .find(id, "persName")
                .or_else(|| tree.find(id, "orgName"))
                .or_else(|| tree.find(id, "name"));
            name.map(|name| person_name(tree, name)).filter(|name| !name.is_empty())
        };
        match tree.says(action, "type") {
            Some("sent") => {
                record.fill("author", named(action));
                record.fill(
                    "place",
                    tree.find(action, "placeName").map(|place| tree.words(place)).filter(|it| !it.is_empty()),
                );
                if let Some(date) = tree.find(action, "date").filter(|_| record.get("date").is_none()) {
                    say_date(tree, date, record);
                }
            }
            Some("received") => record.fill("recipient", named(action)),
            _ => {}
        }
    }
}

/// A date as its attributes say it, with the words of the source where they are others.
fn say_date(tree: &Tree, id: Id, record: &mut Record) {
    let words = tree.words(id);
    if let Some(date) = date_of(tree, id) {
        let value = records::date(&date);
        if let Ok(value) = value {
            if !words.is_empty() && words != date && !words.chars().all(|c| c.is_ascii_digit() || c == '-') {
                record.set("date_shown", words);
            }
            return record.set("date", value);
        }
    }
    match records::date(&words) {
        Ok(value) => record.set("date", value),
        Err(_) if !words.is_empty() => record.set("date_shown", words),
        Err(_) => {}
    }
}

/// What the attributes of a date say, in EDTF.
pub fn date_of(tree: &Tree, id: Id) -> Option<String> {
    let day = |name: &str| tree.says(id, name).map(|when| when.split('T').next().unwrap_or(when).to_owned());
    if let Some(when) = day("when").or_else(|| day("when-iso")) {
        return Some(when);
    }
    let span = |from: Option<String>, to: Option<String>| match (from, to) {
        (None, None) => None,
        (Some(from), Some(to)) if from == to => Some(from),
        (from, to) => Some(format!(
            "{}/{}",
            from.unwrap_or_else(|| "..".to_owned()),
            to.unwrap_or_else(|| "..".to_owned())
        )),
    };
    span(day("notBefore"), day("notAfter")).or_else(|| span(day("from"), day("to")))
}

/// A way through a text.
struct Walk<'t> {
    tree: &'t Tree,
    people: People,
    weave: Weave,
    notes: Vec<Note>,
    /// Those whose notes there are.
    authors: BTreeSet<String>,
    /// Depth of divisions.
    depth: usize,
    /// Blocks that hold words are open so deep.
    inline: usize,
    /// How deep lists are.
    lists: usize,
    /// Characters of the verse line that others share.
    shared: usize,
    /// How many footnotes had no number.
    counted: u32,
    /// Notes by their id, for signs that are printed.
    note_numbers: BTreeMap<String, String>,
    /// Milestones that there are: a second one of the same address is none.
    pages: BTreeSet<(String, String)>,
    /// Deletions that end at an anchor: the id, and where they began.
    deletions: Vec<(String, u32)>,
    /// The first line of the verse that is open: its number, and how many lines it has.
    verse: Option<Verse>,
    /// Where elements with an id stand.
    places: BTreeMap<String, Mark>,
}

#[derive(Debug, Default)]
struct Verse {
    first: Option<i64>,
    lines: i64,
    /// Lines whose number is not that of a running count.
    others: u32,
}

impl<'t> Walk<'t> {
    fn new(tree: &'t Tree, people: People) -> Self {
        let mut note_numbers = BTreeMap::new();
        let mut counted = 0;
        for note in tree.all(Tree::ROOT, "note") {
            if let Some(id) = tree.says(note, "xml:id") {
                counted += 1;
                let number = tree.says(note, "n").map_or_else(|| counted.to_string(), str::to_owned);
                note_numbers.insert(id.to_owned(), number);
            }
        }
        Self {
            tree,
            people,
            weave: Weave::default(),
            notes: Vec::new(),
            authors: BTreeSet::new(),
            depth: 0,
            inline: 0,
            lists: 0,
            shared: 0,
            counted: 0,
            note_numbers,
            pages: BTreeSet::new(),
            deletions: Vec::new(),
            verse: None,
            places: BTreeMap::new(),
        }
    }

    fn all(&mut self, id: Id) {
        for &child in self.tree.children(id) {
            self.one(child);
        }
    }

    fn one(&mut self, id: Id) {
        if let Some(text) = self.tree.text(id) {
            return self.weave.words(text);
        }
        if let Some(xml_id) = self.tree.says(id, "xml:id") {
            let mark = Mark {
                block: self.weave.next(),
                at: self.weave.since(Mark { block: self.weave.next(), at: 0 }).len(),
            };
            self.places.insert(xml_id.to_owned(), mark);
            self.end_deletions(xml_id);
        }
        let name = self.tree.name(id);
        match name {
            "" => {}
            "lb" => self.breaks(id, "line break"),
            "pb" | "cb" | "milestone" | "gb" => self.milestone(id, name),
            "gap" | "teiHeader" | "graphic" | "figDesc" | "facsimile" | "standOff" | "ptr" | "space"
            | "certainty" | "fs" | "listPerson" | "listPlace" | "listOrg" | "index" | "interp"
            | "interpGrp" | "spanGrp" | "link" | "linkGrp" | "handShift" | "addSpan" | "damageSpan"
            | "metamark" => {
                if !self.tree.words(id).is_empty() || name == "gap" {
                    self.weave.leave(id, name);
                } else {
                    self.weave.left.push(id);
                }
            }
            "delSpan" => {
                if let Some(to) = self.tree.says(id, "spanTo") {
                    let next = if self.weave.has_words() { self.weave.next() + 1 } else { self.weave.next() };
                    self.deletions.push((to.trim_start_matches('#').to_owned(), next));
                }
            }
            "choice" => self.choice(id),
            "app" => self.app(id),
            "note" => self.note(id),
            "fw" => self.furniture(id),
            "kinesic" | "vocal" | "incident" | "writing"
                if self.inline == 0
                    || self.tree.parent(id).is_some_and(|parent| self.tree.name(parent) == "u") =>
            {
                self.block(id, if self.tree.is_in(id, &["sp", "u"]) { "stage" } else { "narrative" });
            }
            "kinesic" | "vocal" | "incident" | "writing" | "stage" | "move" if self.inline > 0 => {
                self.inline(id, "stage")
            }
            "stage" | "view" | "camera" | "sound" | "tech" | "caption" => self.block(id, "stage"),
            "head"
                if self
                    .tree
                    .parent(id)
                    .is_some_and(|parent| matches!(self.tree.name(parent), "table" | "figure" | "list"))
                    || self.lists > 0 =>
            {
                self.plain_block(id)
            }
            "head" => self.heading(id),
            "speaker" => self.speaker(id),
            "sp" | "u" => self.speech(id),
            "castList" => self.held(id, "cast"),
            "epigraph" => self.held(id, "epigraph"),
            "dateline" => self.block(id, "dateline"),
            "salute" => self.block(id, "salutation"),
            "signed" => self.block(id, "signature"),
            "lg" => {
                self.end_verse();
                self.depth += 1;
                self.all(id);
                self.depth -= 1;
                self.end_verse();
            }
            "l" => self.line(id),
            "list" | "listBibl" if self.inline == 0 || self.lists > 0 => self.list(id),
            "list" => {
                let inline = std::mem::take(&mut self.inline);
                self.list(id);
                self.inline = inline;
            }
            "table" => self.table(id),
            "seg" if self.tree.parent(id).is_some_and(|parent| self.tree.name(parent) == "u") => {
                self.plain_block(id)
            }
            "q" | "quote" | "said" | "cit" => self.quotation(id),
            "del" | "surplus" => self.inline(id, "deleted"),
            "add" | "secl" => self.inline(id, "added"),
            "unclear" | "supplied" | "damage" => self.inline(id, "unclear"),
            "persName" | "placeName" | "orgName" | "rs" | "name" if self.tree.says(id, "ref").is_some() => {
                self.term(id)
            }
            "ref" => self.reference(id),
            "addrLine" if self.inline > 0 => self.lines_of(id),
            _ if EMPHASIS.contains(&name) && self.inline > 0 => self.inline(id, "emphasis"),
            _ if EMPHASIS.contains(&name) && self.weave.is_open().is_some() => self.inline(id, "emphasis"),
            _ if BLOCKS.contains(&name) => self.plain_block(id),
            _ if HOLDERS.contains(&name) => self.division(id),
            _ if PLAIN.contains(&name) => self.all(id),
            _ if self.holds_blocks(id) => {
                self.weave.doubt(format!("`{name}` not known: its words are kept"));
                self.division(id);
            }
            _ => {
                self.weave.doubt(format!("`{name}` not known: its words are kept"));
                self.all(id);
            }
        }
    }

    /// Whether blocks lie in an element.
    fn holds_blocks(&self, id: Id) -> bool {
        self.tree.within(id).any(|inner| {
            inner != id && matches!(self.tree.name(inner), "p" | "ab" | "l" | "lg" | "list" | "table" | "sp")
        })
    }

    fn division(&mut self, id: Id) {
        self.end_verse();
        let is_deeper = self.tree.name(id).starts_with("div")
            || (self.tree.name(id) == "text" && self.tree.is_in(id, &["group"]));
        self.depth += usize::from(is_deeper);
        let inline = std::mem::take(&mut self.inline);
        let first = self.weave.next();
        if self.lists == 0 {
            self.weave.flush();
        }
        self.all(id);
        if self.lists == 0 {
            self.weave.flush();
        }
        self.end_verse();
        self.inline = inline;
        self.depth -= usize::from(is_deeper);
        if self.tree.name(id).starts_with("div") && self.tree.says(id, "type") == Some("letter") {
            self.say(first, "letter", Vec::new());
        }
    }

    /// A block, about which nothing is said.
    fn plain_block(&mut self, id: Id) {
        self.end_verse();
        if self.lists > 0 {
            // In a list a block is a line.
            return self.lines_of(id);
        }
        if self.inline == 0 {
            self.weave.begin(false);
        }
        self.inline += 1;
        self.all(id);
        self.inline -= 1;
        if self.inline == 0 {
            self.weave.flush();
        }
    }

    /// Words on a line of their own in the block that is open.
    fn lines_of(&mut self, id: Id) {
        if self.weave.has_words()
            && !self.weave.since(Mark { block: self.weave.next(), at: 0 }).ends_with(['\n', ' '])
        {
            self.weave.sign("\n");
        }
        self.inline += 1;
        self.all(id);
        self.inline -= 1;
    }

    /// A block with what it is.
    fn block(&mut self, id: Id, kind: &str) {
        let first = self.first();
        self.plain_block(id);
        self.say(first, kind, Vec::new());
    }

    /// The number of the block that comes next.
    fn first(&mut self) -> u32 {
        if self.inline == 0 && self.lists == 0 {
            self.end_verse();
            self.weave.flush();
        }
        self.weave.next()
    }

    /// Says what the blocks since one are.
    fn say(&mut self, first: u32, kind: &str, mut keys: Vec<(String, Value)>) {
        keys.insert(0, ("kind".to_owned(), kind.into()));
        let last = self.weave.last();
        self.weave.blocks(Group::Structure, first, last, keys);
    }

    /// Everything in an element is of a kind.
    fn held(&mut self, id: Id, kind: &str) {
        let first = self.first();
        self.division(id);
        self.say(first, kind, Vec::new());
    }

    fn heading(&mut self, id: Id) {
        let first = self.first();
        self.plain_block(id);
        let level = self.depth.clamp(1, 6);
        self.say(first, "heading", vec![("level".to_owned(), level.into())]);
    }

    fn speaker(&mut self, id: Id) {
        let first = self.first();
        self.plain_block(id);
        let who = self.tree.parent(id).and_then(|speech| self.tree.says(speech, "who"));
        let printed = || {
            let words = self.tree.words(id);
            let words = words.trim_end_matches(['.', ':', ',', ' ']);
            (!words.is_empty()).then(|| words.into())
        };
        let speaker = who.and_then(|who| self.people.who(who)).or_else(printed);
        let keys = speaker.map(|speaker| ("speaker".to_owned(), speaker));
        self.say(first, "speaker", keys.into_iter().collect());
    }

    fn speech(&mut self, id: Id) {
        let first = self.first();
        let who = self.tree.says(id, "who").and_then(|who| self.people.who(who));
        let inline = std::mem::take(&mut self.inline);
        self.all(id);
        self.end_verse();
        self.weave.flush();
        self.inline = inline;
        let printed = self.tree.of_name(id, "speaker").next().map(|speaker| self.tree.words(speaker));
        let printed = printed
            .map(|name| name.trim_end_matches(['.', ':', ',', ' ']).to_owned())
            .filter(|name| !name.is_empty());
        let speaker = who.or(printed.map(Value::from)).map(|speaker| ("speaker".to_owned(), speaker));
        self.say(first, "speech", speaker.into_iter().collect());
    }

    /// A line of verse: of the stanza that is open, or the first of one.
    fn line(&mut self, id: Id) {
        if self.lists > 0 || (self.inline > 0 && self.verse.is_none()) {
            return self.lines_of(id);
        }
        if self.verse.is_some() && self.weave.is_open() == Some(true) {
            self.weave.sign("\n");
        } else {
            self.end_verse();
            self.weave.begin(true);
            self.verse = Some(Verse::default());
        }
        let part = self.tree.says(id, "part").unwrap_or("N");
        if matches!(part, "M" | "F") && self.shared > 0 {
            self.weave.sign(&" ".repeat(self.shared));
        }
        let begin = self.weave.mark();
        self.inline += 1;
        self.all(id);
        self.inline -= 1;
        let length = self.weave.since(begin).trim_end().chars().count();
        self.shared = match part {
            "I" => length,
            "M" => self.shared + length + 1,
            _ => 0,
        };
        let number = self.tree.says(id, "n").and_then(|n| n.parse::<i64>().ok()).filter(|n| *n > 0);
        if let Some(verse) = &mut self.verse {
            match (number, verse.first) {
                (Some(number), None) if number > verse.lines => verse.first = Some(number - verse.lines),
                (Some(number), Some(first)) if number != first + verse.lines => verse.others += 1,
                _ => {}
            }
            verse.lines += 1;
        }
    }

    fn end_verse(&mut self) {
        let Some(verse) = self.verse.take() else { return };
        let block = self.weave.next();
        let has_words = self.weave.has_words();
        self.weave.flush();
        if has_words {
            let first = verse
                .first
                .filter(|first| *first > 1)
                .map(|first| ("first".to_owned(), Value::Number(first)));
            let keys = std::iter::once(("kind".to_owned(), Value::from("verse"))).chain(first).collect();
            self.weave.blocks(Group::Structure, block, block, keys);
        }
        for _ in 0..verse.others {
            self.weave.doubt("numbers of lines that are not a running count");
        }
    }

    fn list(&mut self, id: Id) {
        self.end_verse();
        let is_outer = self.lists == 0;
        let block = if is_outer {
            self.weave.flush();
            for head in self.tree.of_name(id, "head").collect::<Vec<_>>() {
                self.one(head);
            }
            self.weave.begin(true);
            self.weave.next()
        } else {
            0
        };
        self.lists += 1;
        let mut label = false;
        for &child in self.tree.children(id) {
            match self.tree.name(child) {
                "head" if is_outer => {}
                "item" | "label" | "bibl" | "biblStruct" | "headItem" | "headLabel" => {
                    let begun = self.weave.has_words();
                    if begun && !label {
                        self.weave.sign("\n");
                        self.weave.sign(&"  ".repeat(self.lists - 1));
                    } else if label {
                        self.weave.words(" ");
                    }
                    label = matches!(self.tree.name(child), "label" | "headLabel");
                    self.inline += 1;
                    self.all(child);
                    self.inline -= 1;
                }
                _ => self.one(child),
            }
        }
        self.lists -= 1;
        if is_outer {
            let number = self.weave.next();
            let has_words = self.weave.has_words();
            self.weave.flush();
            if has_words && number == block {
                self.weave.blocks(Group::Structure, block, block, vec![("kind".to_owned(), "list".into())]);
            }
        }
    }

    fn table(&mut self, id: Id) {
        self.end_verse();
        let heads: Vec<Id> = self.tree.of_name(id, "head").collect();
        for head in heads {
            self.one(head);
        }
        let rows: Vec<Id> = self.tree.of_name(id, "row").collect();
        let is_head = |row: &Id| self.tree.says(*row, "role") == Some("label");
        let head = rows.iter().take_while(|row| is_head(row)).count();
        self.weave.begin(true);
        let block = self.weave.next();
        for (number, &child) in
            self.tree.children(id).iter().filter(|&&child| self.tree.name(child) != "head").enumerate()
        {
            let _ = number;
            if self.tree.name(child) != "row" {
                self.one(child);
                continue;
            }
            if self.weave.has_words() {
                self.weave.sign("\n");
            }
            let cells: Vec<Id> = self.tree.children(child).to_vec();
            let mut first = true;
            for cell in cells {
                if self.tree.name(cell) == "cell" {
                    if !first {
                        self.weave.sign("\t");
                    }
                    first = false;
                    self.inline += 1;
                    self.lists += 1;
                    self.cell(cell);
                    self.lists -= 1;
                    self.inline -= 1;
                } else {
                    self.one(cell);
                }
            }
        }
        let has_words = self.weave.has_words();
        self.weave.flush();
        if has_words {
            let mut keys = vec![("kind".to_owned(), Value::from("table"))];
            if head > 0 {
                keys.push(("head".to_owned(), head.into()));
            }
            self.weave.blocks(Group::Structure, block, block, keys);
        }
    }

    /// The words of a cell, on one line.
    fn cell(&mut self, id: Id) {
        for &child in self.tree.children(id) {
            if BLOCKS.contains(&self.tree.name(child)) || HOLDERS.contains(&self.tree.name(child)) {
                self.weave.words(" ");
                self.cell(child);
                self.weave.words(" ");
            } else {
                self.one(child);
            }
        }
    }

    fn quotation(&mut self, id: Id) {
        if self.inline > 0 && !self.holds_blocks(id) {
            return self.inline(id, "quotation");
        }
        let first = self.first();
        if self.holds_blocks(id) {
            self.division(id);
        } else {
            self.plain_block(id);
        }
        if self.lists == 0 {
            self.say(first, "quotation", Vec::new());
        }
    }

    /// Words of a block that are of a kind.
    fn inline(&mut self, id: Id, kind: &str) {
        let from = self.weave.mark();
        self.all(id);
        self.weave.span(Group::Structure, from, vec![("kind".to_owned(), kind.into())]);
    }

    fn term(&mut self, id: Id) {
        let from = self.weave.mark();
        self.all(id);
        let reference = self.tree.says(id, "ref").unwrap_or_default();
        let slug = self
            .people
            .terms
            .get(reference.rsplit('#').next().unwrap_or(reference))
            .map(|(slug, ..)| slug.clone());
        if let Some(slug) = slug {
            self.weave.span(Group::Term, from, vec![("is".to_owned(), slug.into())]);
        }
    }

    /// A printed sign that leads to a note.
    fn reference(&mut self, id: Id) {
        let target = self.tree.says(id, "target").unwrap_or_default().trim_start_matches('#').to_owned();
        let number = self.note_numbers.get(&target).cloned();
        let from = self.weave.mark();
        self.all(id);
        let is_sign = self.tree.words(id).chars().count() <= 4;
        if let Some(number) = number.filter(|_| is_sign) {
            let keys = vec![
                ("kind".to_owned(), "footnote-mark".into()),
                ("number".to_owned(), Value::number(&number)),
            ];
            self.weave.span(Group::Structure, from, keys);
        }
    }

    fn furniture(&mut self, id: Id) {
        let reason = self
            .tree
            .says(id, "type")
            .map_or_else(|| "running matter of the print".to_owned(), |kind| format!("{kind} of the print"));
        let keys = vec![("reason".to_owned(), Value::from(reason))];
        if self.inline > 0 || self.weave.is_open().is_some() {
            let from = self.weave.mark();
            self.inline += 1;
            self.all(id);
            self.inline -= 1;
            return self.weave.span(Group::Furniture, from, keys);
        }
        let first = self.first();
        self.plain_block(id);
        let last = self.weave.last();
        self.weave.blocks(Group::Furniture, first, last, keys);
    }

    /// A page, column or leaf begins.
    fn milestone(&mut self, id: Id, name: &str) {
        self.breaks(id, "break of a page");
        let unit = match (name, self.tree.says(id, "unit")) {
            ("pb", _) | ("milestone", Some("page")) => None,
            ("cb", _) | ("milestone", Some("column")) => Some("column"),
            ("milestone", Some("folio")) => Some("folio"),
            _ => return,
        };
        let Some(number) = self.tree.says(id, "n") else {
            return self.weave.doubt("breaks of pages without a number");
        };
        if !self.pages.insert((unit.unwrap_or("page").to_owned(), number.to_owned())) {
            return self.weave.doubt("numbers of pages that there are already");
        }
        let mut keys = vec![("kind".to_owned(), Value::from("page"))];
        keys.extend(unit.map(|unit| ("unit".to_owned(), unit.into())));
        keys.push(("number".to_owned(), Value::number(number)));
        self.weave.before(keys);
    }

    /// Counts places where two letters touch over a break.
    fn breaks(&mut self, id: Id, what: &str) {
        let Some(parent) = self.tree.parent(id) else { return };
        let children = self.tree.children(parent);
        let Some(at) = children.iter().position(|&child| child == id) else { return };
        let before = at
            .checked_sub(1)
            .and_then(|before| self.tree.text(children[before]))
            .and_then(|text| text.chars().next_back());
        let after = children
            .get(at + 1)
            .and_then(|&after| self.tree.text(after))
            .and_then(|text| text.chars().next());
        if before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric) {
            self.weave.doubt(format!("places where two letters touch over a {what}"));
        }
    }

    /// What stands there, and what it is to be.
    fn choice(&mut self, id: Id) {
        let pairs =
            [("sic", "corr", "misprint"), ("orig", "reg", "spelling"), ("abbr", "expan", "abbreviation")];
        let child = |name: &str| self.tree.of_name(id, name).next();
        let pair = pairs.iter().find_map(|(is, other, reason)| Some((child(is)?, child(other), *reason)));
        let Some((stands, other, reason)) = pair else {
            // The first way to read it is the text.
            let mut first = true;
            for &way in self.tree.children(id) {
                if self.tree.name(way).is_empty() {
                    continue;
                }
                if first {
                    self.one(way);
                } else {
                    let name = self.tree.name(way).to_owned();
                    self.weave.leave(way, &name);
                }
                first = false;
            }
            return;
        };
        let from = self.weave.mark();
        for &way in self.tree.children(id) {
            if way == stands {
                self.all(way);
            } else if !self.tree.name(way).is_empty() {
                let name = self.tree.name(way).to_owned();
                self.weave.leave(way, &name);
            }
        }
        let Some(reading) = other.map(|other| self.tree.words(other)).filter(|reading| !reading.is_empty())
        else {
            return;
        };
        let keys = |reading: String| {
            vec![("reading".to_owned(), Value::from(reading)), ("reason".to_owned(), reason.into())]
        };
        if self.tree.words(stands).is_empty() {
            // Words that are missing are read with the word before them.
            if let Some((_, word)) = self.weave.words_before(from).filter(|(_, word)| !word.is_empty()) {
                let text_end = Mark {
                    block: from.block,
                    at: from.at.saturating_sub(
                        word.len()
                            + usize::from(self.weave.since(Mark { block: from.block, at: 0 }).ends_with(' ')),
                    ),
                };
                self.weave.span(Group::Correction, text_end, keys(format!("{word} {reading}")));
            }
            return;
        }
        self.weave.span(Group::Correction, from, keys(reading));
    }

    /// The reading of the edition is the text.
    fn app(&mut self, id: Id) {
        let lem = self.tree.of_name(id, "lem").next().or_else(|| self.tree.of_name(id, "rdg").next());
        for &child in self.tree.children(id) {
            if Some(child) == lem {
                self.all(child);
            } else if !self.tree.name(child).is_empty() {
                let name = self.tree.name(child).to_owned();
                self.weave.leave(child, &name);
            }
        }
    }

    fn note(&mut self, id: Id) {
        let printed = self.tree.says(id, "place").is_some_and(|place| {
            place.split_whitespace().any(|word| {
                matches!(
                    word,
                    "foot" | "bottom" | "end" | "margin" | "left" | "right" | "inline" | "below" | "top"
                )
            })
        });
        let by = self.tree.says(id, "resp").map(|by| by.rsplit('#').next().unwrap_or(by).to_owned());
        let by = by.filter(|by| self.people.responsible.contains_key(by) && !printed);
        if let Some(by) = by {
            return self.note_of_the_archive(id, &by);
        }
        let is_proceedings = self.tree.is_in(id, &["u"]) || self.tree.find(self.tree.top(), "u").is_some();
        if is_proceedings {
            return match self.tree.says(id, "type") {
                Some("speaker") => {
                    let first = self.first();
                    self.plain_block(id);
                    let words = self.tree.words(id);
                    let words = words.trim_end_matches(['.', ':', ',', ' ']).to_owned();
                    self.say(first, "speaker", vec![("speaker".to_owned(), words.into())]);
                }
                _ if self.inline > 0 => self.inline(id, "stage"),
                _ => self.block(id, "narrative"),
            };
        }
        let is_apart =
            self.inline == 0 && self.tree.says(id, "xml:id").is_some() && self.tree.is_in(id, &["back"]);
        let number = self
            .tree
            .says(id, "n")
            .map(str::to_owned)
            .or_else(|| self.note_numbers.get(self.tree.says(id, "xml:id")?).cloned());
        let number = number.unwrap_or_else(|| {
            self.counted += 1;
            self.counted.to_string()
        });
        let footnote =
            vec![("kind".to_owned(), Value::from("footnote")), ("number".to_owned(), Value::number(&number))];
        if is_apart {
            // Notes at the end stand where they stand.
            let first = self.first();
            if self.holds_blocks(id) {
                self.division(id);
            } else {
                self.plain_block(id);
            }
            let last = self.weave.last();
            return self.weave.blocks(Group::Structure, first, last, footnote);
        }
        let end = self.weave.end();
        if self.weave.has_words() || (self.weave.is_open().is_none() && end.block > 0) {
            let keys = vec![
                ("kind".to_owned(), Value::from("footnote-mark")),
                ("covers".to_owned(), "after".into()),
                ("number".to_owned(), Value::number(&number)),
            ];
            self.weave.behind(keys);
        }
        self.weave.moved.push(id);
        let mut other = Walk::new(self.tree, std::mem::take(&mut self.people));
        other.note_numbers.clone_from(&self.note_numbers);
        other.counted = self.counted;
        std::mem::swap(&mut other.pages, &mut self.pages);
        let mut weave = std::mem::take(&mut self.weave);
        weave.aside(footnote, |aside| {
            std::mem::swap(aside, &mut other.weave);
            other.aside(id);
            std::mem::swap(aside, &mut other.weave);
        });
        self.weave = weave;
        self.people = std::mem::take(&mut other.people);
        std::mem::swap(&mut other.pages, &mut self.pages);
        self.notes.append(&mut other.notes);
        self.authors.append(&mut other.authors);
        self.counted = other.counted;
    }

    /// The words of a footnote.
    fn aside(&mut self, id: Id) {
        if self.holds_blocks(id) {
            self.division(id);
        } else {
            self.plain_block(id);
        }
    }

    /// A note of those who made the edition: it is no word of the text.
    fn note_of_the_archive(&mut self, id: Id, by: &str) {
        self.weave.leave(id, "note[@resp]");
        let body = self.tree.words(id);
        let Some(slug) = name::some_slug(by).filter(|_| !body.is_empty()) else { return };
        let end = match self
            .tree
            .says(id, "target")
            .and_then(|target| self.places.get(target.trim_start_matches('#')))
        {
            Some(mark) => *mark,
            None => self.weave.end(),
        };
        let Some((before, word)) =
            self.weave.words_before(end).filter(|(_, word)| word.chars().any(char::is_alphanumeric))
        else {
            return self.weave.doubt("notes that stand behind no word: not taken over");
        };
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let (quotation, phrase) = match before.as_str() {
            "" => (bare.to_owned(), bare.to_owned()),
            before => (format!("{before} **{bare}**"), format!("{before} {bare}")),
        };
        self.authors.insert(by.to_owned());
        let (nth, of) =
            self.weave.nth(end.block, &phrase, end.at.saturating_sub(phrase.len() + word.len() - bare.len()));
        let mut note_slug = name::slug(bare);
        name::shorten(&mut note_slug, 40);
        let nth = (of > 1).then_some(nth);
        self.notes.push(Note {
            slug: note_slug,
            by: slug,
            at: Some(end.block),
            nth,
            quotation,
            body: crate::markdown::escaped(&body),
        });
    }

    /// Deletions that end here.
    fn end_deletions(&mut self, id: &str) {
        let (ended, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.deletions).into_iter().partition(|(to, _)| to == id);
        self.deletions = left;
        for (_, first) in ended {
            let last = self.weave.last();
            self.weave.blocks(Group::Structure, first, last, vec![("kind".to_owned(), "deleted".into())]);
        }
    }
}

/// Whether a date can be said as it is.
pub fn is_date(words: &str) -> bool {
    Date::parse(words).is_ok()
}
