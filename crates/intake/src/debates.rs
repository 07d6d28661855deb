//! Debates in XML: what parlparse and TheyWorkForYou write, and Akoma Ntoso.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::{Draft, Guess, Incoming, Original};
use crate::records;
use crate::tei;
use crate::toml::Value;
use crate::tree::{Id, Tree};
use crate::weave::{Group, Weave};
use postil_archive::archive::Format;
use postil_archive::diagnostic::{Code, Diagnostic};

/// Makes a text of a file of parlparse.
///
/// # Errors
/// It has no words; or not all of its words would come over, which is a bug that is told with its place.
pub fn parlparse(tree: &Tree, incoming: &Incoming, source: usize) -> Result<Draft, Box<Diagnostic>> {
    let mut walk = Walk::new(tree);
    let top = tree.top();
    for &child in tree.children(top) {
        walk.entry(child);
    }
    let mut draft = walk.finish(&[top], incoming, source)?;
    let day = tree.children(top).iter().find_map(|&child| {
        let id: &str = tree.says(child, "id")?.rsplit('/').next()?.get(..10)?;
        records::date(id).ok().filter(|day| matches!(day, Value::Bare(_)))
    });
    draft.record.fill("date", day);
    Ok(draft)
}

/// Makes a text of a file in Akoma Ntoso.
///
/// # Errors
/// As [`parlparse`].
pub fn akoma_ntoso(tree: &Tree, incoming: &Incoming, source: usize) -> Result<Draft, Box<Diagnostic>> {
    let mut walk = Walk::new(tree);
    let top = tree.top();
    for person in tree.all(top, "TLCPerson") {
        let id = tree.says(person, "id").or(tree.says(person, "eId"));
        if let (Some(id), Some(shown)) = (id, tree.says(person, "showAs")) {
            let href = tree.says(person, "href").unwrap_or_default();
            walk.persons.insert(id.to_owned(), (shown.to_owned(), href.to_owned()));
        }
    }
    walk.depth = 0;
    walk.hold(top);
    let mut draft = walk.finish(&[top], incoming, source)?;
    let dates = tree.all(top, "FRBRWork").flat_map(|work| tree.all(work, "FRBRdate"));
    let day = dates.filter_map(|date| tree.says(date, "date")).find_map(|day| records::date(day).ok());
    draft.record.fill("date", day);
    let language = tree.find(top, "FRBRlanguage").and_then(|id| tree.says(id, "language"));
    draft.record.fill("lang", language.filter(|tag| postil_archive::sidecar::address::is_language(tag)));
    Ok(draft)
}

struct Walk<'t> {
    tree: &'t Tree,
    weave: Weave,
    /// Persons by id: name, and what their own id is elsewhere.
    persons: BTreeMap<String, (String, String)>,
    depth: usize,
    /// Whether a block is open that words go on in.
    inline: usize,
    /// Whether a number has just been read, and what comes next belongs to it.
    numbered: bool,
    column: String,
    time: String,
    columns: BTreeSet<String>,
    mended: Vec<String>,
    title: Option<String>,
}

impl<'t> Walk<'t> {
    fn new(tree: &'t Tree) -> Self {
        Self {
            tree,
            weave: Weave::default(),
            persons: BTreeMap::new(),
            depth: 1,
            inline: 0,
            numbered: false,
            column: String::new(),
            time: String::new(),
            columns: BTreeSet::new(),
            mended: Vec::new(),
            title: None,
        }
    }

    fn finish(mut self, roots: &[Id], incoming: &Incoming, source: usize) -> Result<Draft, Box<Diagnostic>> {
        let woven = self.weave.finish();
        if woven.text.is_empty() {
            return Err(Box::new(Diagnostic::error(
                Code::BAD_SOURCE,
                self.tree.place(roots[0]),
                "the file has no words",
            )));
        }
        tei::prove(self.tree, roots, &self.weave, &woven)?;
        let mut draft = Draft::of(incoming, source, Format::Plain);
        draft.bytes = woven.text.into_bytes();
        draft.derived = woven.rows;
        draft.record.set("layout", "wrapped");
        draft.originals = vec![Original { source, media_type: "application/xml", part: None }];
        draft.left_out = std::mem::take(&mut self.weave.left_out);
        if let Some(first) = self.mended.first() {
            draft.doubts.push(format!("times of day mended: {} ({first})", self.mended.len()));
        }
        draft.doubts.extend(self.weave.doubts.iter().map(|(what, count)| format!("{what}: {count}")));
        if woven.cut > 0 {
            draft.doubts.push(format!("marks on parts of words, not shown: {}", woven.cut));
        }
        if !self.columns.is_empty() {
            draft.doubts.push("a column that changes inside a speech is not in the data".to_owned());
        }
        let title =
            self.title.map(|title| Guess { key: "title", value: title.into(), from: "first heading" });
        draft.guesses.extend(title);
        Ok(draft)
    }

    /// An entry of a file of parlparse.
    fn entry(&mut self, id: Id) {
        if let Some(text) = self.tree.text(id) {
            return self.weave.words(text);
        }
        self.weave.flush();
        self.milestones(id);
        let first = self.weave.next();
        match self.tree.name(id) {
            "" => {}
            "gidredirect" => self.weave.leave(id, "gidredirect"),
            "oral-heading" | "major-heading" | "heading" => self.heading(id, 1),
            "minor-heading" => self.heading(id, 2),
            "speech" => {
                self.blocks(id);
                let kind = if self.tree.says(id, "nospeaker").is_some() && self.name(id).is_none() {
                    "narrative"
                } else {
                    "speech"
                };
                if kind == "speech" {
                    self.say_speech(first, kind, id);
                } else {
                    self.narrative(first);
                }
            }
            "ques" | "reply" => {
                self.blocks(id);
                let kind = if self.tree.name(id) == "ques" { "question" } else { "answer" };
                self.say_speech(first, kind, id);
            }
            "division" => self.blocks(id),
            _ => {
                self.weave.doubt(format!("`{}` not known: its words are kept", self.tree.name(id)));
                self.blocks(id);
            }
        }
    }

    /// Each block since one is narrated, but for what is said to be something else.
    fn narrative(&mut self, first: u32) {
        let last = self.weave.last();
        self.weave.blocks(Group::Structure, first, last, vec![("kind".to_owned(), "narrative".into())]);
    }

    fn name(&self, id: Id) -> Option<&'t str> {
        self.tree.says(id, "speakername").filter(|name| !name.eq_ignore_ascii_case("unknown"))
    }

    fn say_speech(&mut self, first: u32, kind: &str, id: Id) {
        let last = self.weave.last();
        let mut keys = vec![("kind".to_owned(), Value::from(kind))];
        keys.extend(self.name(id).map(|name| ("speaker".to_owned(), name.into())));
        let known =
            self.tree.says(id, "person_id").or(self.tree.says(id, "speakerid")).filter(|id| *id != "unknown");
        keys.extend(
            known.map(|known| ("refs".to_owned(), Value::Table(vec![("person".to_owned(), known.into())]))),
        );
        self.weave.blocks(Group::Structure, first, last, keys);
    }

    fn heading(&mut self, id: Id, level: usize) {
        let first = self.weave.next();
        self.block(id);
        let last = self.weave.last();
        if first <= last && self.title.is_none() {
            self.title = Some(self.tree.words(id));
        }
        self.weave.blocks(
            Group::Structure,
            first,
            last,
            vec![("kind".to_owned(), "heading".into()), ("level".to_owned(), level.into())],
        );
    }

    /// Columns and times stand where they change.
    fn milestones(&mut self, id: Id) {
        if let Some(column) = self.tree.says(id, "colnum")
            && column != self.column
        {
            column.clone_into(&mut self.column);
            if self.columns.insert(column.to_owned()) {
                let keys = vec![
                    ("kind".to_owned(), Value::from("page")),
                    ("unit".to_owned(), "column".into()),
                    ("number".to_owned(), Value::number(column)),
                ];
                self.weave.before(keys);
            } else {
                self.weave.doubt("numbers of columns that there are already");
            }
        }
        let time = self
            .tree
            .says(id, "time")
            .or_else(|| self.tree.says(id, "startTime").and_then(|start| start.split('T').nth(1)));
        let Some(time) = time
            .map(|time| time.trim_end_matches('Z').split(['+', '.']).next().unwrap_or(time))
            .filter(|time| !time.is_empty())
        else {
            return;
        };
        let Some(clock) = clock(time) else { return self.weave.doubt("times of day that are none") };
        if clock != time {
            self.mended.push(format!("`{time}` is {clock}"));
        }
        if clock != self.time {
            clock.clone_into(&mut self.time);
            let keys = vec![
                ("kind".to_owned(), Value::from("time")),
                ("unit".to_owned(), "clock".into()),
                ("time".to_owned(), clock.into()),
            ];
            self.weave.before(keys);
        }
    }

    /// The blocks of an element.
    fn blocks(&mut self, id: Id) {
        for &child in self.tree.children(id) {
            self.one(child);
        }
        if self.inline == 0 {
            self.weave.flush();
        }
    }

    /// One block.
    fn block(&mut self, id: Id) {
        if !std::mem::take(&mut self.numbered) {
            self.weave.begin(false);
        }
        self.inline += 1;
        self.blocks(id);
        self.inline -= 1;
        self.weave.flush();
    }

    fn one(&mut self, id: Id) {
        if let Some(text) = self.tree.text(id) {
            return self.weave.words(text);
        }
        let name = self.tree.name(id);
        match name {
            "p" | "blockContainer" | "docTitle" | "docNumber" | "docDate" | "docProponent" | "subheading"
            | "caption"
                if self.inline == 0 =>
            {
                let first = self.weave.next();
                self.block(id);
                let kind = match self.tree.says(id, "class") {
                    Some("indent") => Some("quotation"),
                    Some("italic") if !self.is_narrated(id) => Some("narrative"),
                    _ if name == "docTitle" => Some("title"),
                    _ => None,
                };
                if let Some(kind) = kind {
                    let last = self.weave.last();
                    self.weave.blocks(Group::Structure, first, last, vec![("kind".to_owned(), kind.into())]);
                }
            }
            "i" | "em" => {
                let from = self.weave.mark();
                self.blocks_inline(id);
                self.weave.span(Group::Structure, from, vec![("kind".to_owned(), "emphasis".into())]);
            }
            "br" | "eol" => {
                if self.weave.has_words() {
                    self.weave.sign("\n");
                }
            }
            "table" => self.table(id),
            "ul" | "ol" | "mplist" | "msplist" | "lordlist" if self.inline == 0 => self.list(id),
            "mpname" | "mspname" | "lord" | "li" => {
                if self.weave.has_words() {
                    self.weave.sign("\n");
                }
                self.blocks_inline(id);
            }
            "divisioncount" | "gidredirect" => self.weave.leave(id, name),
            _ if self.inline > 0 => self.blocks_inline(id),
            "b" | "strong" | "a" | "span" | "phrase" | "sup" | "sub" | "ref" | "u" | "small" => {
                self.blocks_inline(id)
            }
            _ => self.blocks(id),
        }
    }

    /// Whether the speech that a paragraph is in has no speaker: all of it is narrated.
    fn is_narrated(&self, id: Id) -> bool {
        self.tree.parent(id).is_some_and(|speech| {
            self.tree.says(speech, "nospeaker").is_some() && self.name(speech).is_none()
        })
    }

    fn blocks_inline(&mut self, id: Id) {
        for &child in self.tree.children(id) {
            self.one(child);
        }
    }

    fn list(&mut self, id: Id) {
        self.weave.begin(true);
        let block = self.weave.next();
        self.inline += 1;
        self.blocks_inline(id);
        self.inline -= 1;
        let has_words = self.weave.has_words();
        self.weave.flush();
        if has_words && matches!(self.tree.name(id), "ul" | "ol") {
            self.weave.blocks(Group::Structure, block, block, vec![("kind".to_owned(), "list".into())]);
        }
    }

    fn table(&mut self, id: Id) {
        self.weave.begin(true);
        let block = self.weave.next();
        self.inline += 1;
        let mut head = 0;
        let mut is_head = true;
        let mut rows = 0;
        let parts: Vec<Id> =
            self.tree.within(id).filter(|&inner| matches!(self.tree.name(inner), "tr" | "caption")).collect();
        for part in parts {
            if self.tree.is_in(part, &["td", "th"]) && self.tree.is_in(part, &["tr"]) {
                continue;
            }
            if self.weave.has_words() || rows > 0 {
                self.weave.sign("\n");
            }
            if self.tree.name(part) == "caption" {
                self.blocks_inline(part);
                continue;
            }
            let cells: Vec<Id> = self
                .tree
                .children(part)
                .iter()
                .copied()
                .filter(|&cell| matches!(self.tree.name(cell), "td" | "th"))
                .collect();
            is_head &= self.tree.is_in(part, &["thead"])
                || (!cells.is_empty() && cells.iter().all(|&cell| self.tree.name(cell) == "th"));
            head += usize::from(is_head);
            for (number, cell) in cells.into_iter().enumerate() {
                if number > 0 {
                    self.weave.sign("\t");
                }
                self.cell(cell);
            }
            rows += 1;
        }
        self.inline -= 1;
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
            match self.tree.name(child) {
                "br" | "eol" => self.weave.words(" "),
                "p" | "div" | "tr" | "td" | "tbody" | "table" => {
                    self.weave.words(" ");
                    self.cell(child);
                    self.weave.words(" ");
                }
                _ => self.one(child),
            }
        }
    }

    /// What an element of Akoma Ntoso holds.
    fn hold(&mut self, id: Id) {
        for &child in self.tree.children(id) {
            self.held(child);
        }
    }

    fn held(&mut self, id: Id) {
        if let Some(text) = self.tree.text(id) {
            return self.weave.words(text);
        }
        let name = self.tree.name(id);
        match name {
            "" => {}
            "meta" => self.weave.left.push(id),
            "toc" | "analysis" => self.weave.leave(id, name),
            "num" => {
                if !self.numbered {
                    self.weave.begin(false);
                }
                self.blocks_inline(id);
                self.weave.words(" ");
                self.numbered = true;
            }
            "heading" => {
                let level = self.depth.clamp(1, 6);
                self.heading(id, level);
            }
            "speech" | "question" | "answer" => {
                self.weave.flush();
                self.milestones(id);
                let first = self.weave.next();
                self.hold(id);
                self.weave.flush();
                let mut keys = vec![("kind".to_owned(), Value::from(name))];
                keys.extend(self.by(id));
                let last = self.weave.last();
                self.weave.blocks(Group::Structure, first, last, keys);
            }
            "from" => {
                let first = self.weave.next();
                self.block(id);
                let speech = self.tree.parent(id).unwrap_or(id);
                let mut keys = vec![("kind".to_owned(), Value::from("speaker"))];
                let known = self.by(speech).into_iter().find(|(key, _)| key == "speaker");
                let printed = || {
                    let words = self.tree.words(id);
                    let words = words.trim_end_matches(['.', ':', ',', ' ']);
                    (!words.is_empty()).then(|| ("speaker".to_owned(), words.into()))
                };
                keys.extend(known.or_else(printed));
                let last = self.weave.last();
                self.weave.blocks(Group::Structure, first, last, keys);
            }
            "narrative" | "scene" | "summary" => {
                let first = self.weave.next();
                let has_blocks = self.tree.find(id, "p").is_some();
                if has_blocks {
                    self.hold(id)
                } else {
                    self.block(id)
                }
                self.narrative(first);
            }
            "p" | "docTitle" | "docNumber" | "docDate" | "docProponent" | "subheading" | "table" | "ul"
            | "ol" => self.one(id),
            "i" | "em" | "b" | "a" | "span" | "ref" | "sup" | "sub" | "br" | "eol" | "inline" | "def"
            | "date" | "person" | "organization" | "concept" | "term" | "role" | "location" | "quantity"
            | "ins" | "del" | "remark" | "authorialNote" | "rref" | "mref" => self.one(id),
            _ => {
                let is_section = name.ends_with("Section")
                    || matches!(
                        name,
                        "administrationOfOath"
                            | "declarationOfVote"
                            | "communication"
                            | "petitions"
                            | "papers"
                            | "noticesOfMotion"
                            | "questions"
                            | "address"
                            | "proceduralMotions"
                            | "pointOfOrder"
                            | "adjournment"
                            | "rollCall"
                            | "prayers"
                            | "oralStatements"
                            | "writtenStatements"
                            | "personalStatements"
                            | "ministerialStatements"
                            | "resolutions"
                            | "nationalInterest"
                            | "part"
                            | "chapter"
                            | "section"
                            | "article"
                            | "title"
                            | "book"
                    );
                self.depth += usize::from(is_section);
                if !self.numbered {
                    self.weave.flush();
                }
                self.hold(id);
                self.weave.flush();
                self.numbered = false;
                self.depth -= usize::from(is_section);
            }
        }
    }

    /// Who speaks, by the list of persons.
    fn by(&self, id: Id) -> Vec<(String, Value)> {
        let Some(by) = self.tree.says(id, "by") else { return Vec::new() };
        let by = by.trim_start_matches('#');
        let (name, href) = self.persons.get(by).map_or((by, ""), |(name, href)| (name, href));
        let mut keys = vec![("speaker".to_owned(), name.into())];
        if !href.is_empty() {
            keys.push(("refs".to_owned(), Value::Table(vec![("person".to_owned(), href.into())])));
        }
        keys
    }
}

/// A time of day as an address has it, with two digits each; none if it is none.
fn clock(time: &str) -> Option<String> {
    let parts: Vec<u32> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [hours, minutes] if hours < 24 && minutes < 60 => Some(format!("{hours:02}:{minutes:02}")),
        [hours, minutes, seconds] if hours < 24 && minutes < 60 && seconds < 60 => {
            Some(format!("{hours:02}:{minutes:02}:{seconds:02}"))
        }
        _ => None,
    }
}
