//! From drafts to the files of an archive: ids, records, rows; what is there already, and what has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::decode;
use crate::draft::{Draft, Guess, Incoming, Note};
use crate::plain;
use crate::toml::Value;
use postil_anchor::document::{self, record};
use postil_archive::archive::{Archive, Format, TextFile, name, path};
use postil_archive::diagnostic::{Code, Diagnostic, Error, Severity};

/// What would be written.
#[derive(Debug, Default)]
pub struct Plan {
    /// New files: path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Files that postil wrote and that are to be others: path to text as it is and as it is to be.
    pub rewrites: BTreeMap<String, (String, String)>,
    /// The new texts.
    pub texts: Vec<Line>,
    /// Ids of texts that are there already, as they would be.
    pub known: Vec<String>,
    /// Texts that are there, and whose source is another now: id and path of the source.
    pub changed: Vec<(String, String)>,
    /// What a person should know of the whole.
    pub said: Vec<String>,
}

/// What became of a file, for a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The id.
    pub id: String,
    /// The title, if it has one.
    pub title: String,
    /// The date.
    pub date: String,
    /// The layout, and why.
    pub layout: String,
    /// How many blocks.
    pub blocks: usize,
    /// What to look at.
    pub doubts: String,
    /// Whether the source itself says what its passages are.
    pub is_derived: bool,
}

/// Where texts go.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The folder, if not the root.
    pub to: Option<String>,
    /// Folders of texts that came of one file, below that folder, with the title that the file says.
    pub collections: Vec<(String, Option<String>)>,
    /// Files that come by themselves: path and bytes. One that is there already stays.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A text that the archive has.
struct Known<'a> {
    text: &'a TextFile,
    /// What it was called where it came from.
    called: Option<String>,
    /// Its sum, and those of what it was made from.
    own: Option<String>,
    originals: Vec<String>,
}

/// Plans what becomes of drafts.
///
/// # Errors
/// The machine is in the way; or a text cannot be one: all that is wrong.
pub fn plan(
    archive: &Archive,
    incoming: &[Incoming],
    drafts: Vec<Draft>,
    wish: &Wish,
) -> Result<Result<Plan, Vec<Diagnostic>>, Error> {
    let known: Vec<Known<'_>> = archive.texts.iter().map(of_record).collect();
    let mut work = Work {
        archive,
        incoming,
        wish,
        sums: vec![None; incoming.len()],
        taken: archive.texts.iter().map(|text| text.id.to_string()).collect(),
        files: BTreeMap::new(),
        plan: Plan::default(),
        problems: Vec::new(),
    };
    let (again, fresh): (Vec<_>, Vec<_>) = drafts
        .into_iter()
        .map(|draft| (work.known(&known, &draft), draft))
        .partition(|(there, _)| there.is_some());
    let shared = shared_titles(fresh.iter().map(|(_, draft)| draft));
    if !shared.is_empty() {
        let of: usize = shared.values().sum();
        work.plan.said.push(format!(
            "{of} texts have their first line in common with others: no title was made of it; `title` under `[defaults]` of a `collection.toml` can hold `{{date}}` or another key"
        ));
    }
    for (there, draft) in again {
        if let Some(there) = there {
            work.again(there, draft)?;
        }
    }
    for (_, draft) in fresh {
        let files = work.add(draft, &shared);
        for (path, bytes) in files {
            work.lay(path, bytes)?;
        }
    }
    for (path, bytes) in &wish.files {
        work.lay(path.clone(), bytes.clone())?;
    }
    work.collections();
    let Work { mut plan, files, mut problems, .. } = work;
    if problems.is_empty() {
        plan.files.extend(files);
        return Ok(Ok(plan));
    }
    postil_archive::diagnostic::sort(&mut problems);
    Ok(Err(problems))
}

/// What a record says of where its text came from; whether all of it is right is for `check` to say.
fn of_record(text: &TextFile) -> Known<'_> {
    let table: toml::Table =
        text.record.as_ref().and_then(|source| source.text.parse().ok()).unwrap_or_default();
    let word = |value: Option<&toml::Value>| value.and_then(toml::Value::as_str).map(str::to_owned);
    let sum = |table: &toml::Value| word(table.get("sha256"));
    let originals = match table.get("original") {
        Some(toml::Value::Array(list)) => list.iter().filter_map(sum).collect(),
        Some(one) => sum(one).into_iter().collect(),
        None => Vec::new(),
    };
    let called = word(table.get("meta").and_then(|meta| meta.get("file")));
    Known { text, called, own: word(table.get("sha256")), originals }
}

/// First lines that several texts would have for a title, with how many.
fn shared_titles<'d>(drafts: impl Iterator<Item = &'d Draft>) -> BTreeMap<String, usize> {
    let mut titles: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts.filter(|draft| draft.record.get("title").is_none()) {
        if let Some(guess) = draft.guesses.iter().find(|guess| guess.key == "title") {
            *titles.entry(guess.value.plain()).or_default() += 1;
        }
    }
    titles.retain(|_, count| *count > 1);
    titles
}

struct Work<'a> {
    archive: &'a Archive,
    incoming: &'a [Incoming],
    wish: &'a Wish,
    /// Sums of the files, as far as they were asked for.
    sums: Vec<Option<String>>,
    taken: BTreeSet<String>,
    files: BTreeMap<String, Vec<u8>>,
    plan: Plan,
    problems: Vec<Diagnostic>,
}

impl Work<'_> {
    fn sum(&mut self, source: usize) -> String {
        let bytes = &self.incoming[source].bytes;
        self.sums[source].get_or_insert_with(|| document::checksum(bytes)).clone()
    }

    /// Where an id lies: below the folder that texts go to.
    fn below(&self, id: &str) -> String {
        self.wish.to.as_ref().map_or_else(|| id.to_owned(), |to| format!("{to}/{id}"))
    }

    /// The text that the archive has of this draft.
    fn known<'k>(&self, known: &'k [Known<'k>], draft: &Draft) -> Option<&'k Known<'k>> {
        if let Some(carried) = &draft.carried {
            let id = self.below(&carried.id);
            return known.iter().find(|one| *one.text.id == *id);
        }
        let folder = self.wish.to.as_ref().map_or(String::new(), |to| format!("{to}/"));
        let is_here = |one: &&Known<'_>| one.text.id.starts_with(&folder);
        let called =
            |one: &&Known<'_>| !draft.called.is_empty() && one.called.as_deref() == Some(&*draft.called);
        let id = self.below(&name::proposed(&draft.name));
        let named =
            |one: &&Known<'_>| *one.text.id == *id && (one.called.is_none() || draft.called.is_empty());
        known.iter().filter(is_here).find(called).or_else(|| known.iter().find(named))
    }

    /// A text that is there already: is it as it would be?
    fn again(&mut self, there: &Known<'_>, draft: Draft) -> Result<(), Error> {
        let id = there.text.id.to_string();
        let path = self.incoming[draft.source].path.clone();
        self.taken.insert(id.clone());
        let is_derived = !draft.originals.is_empty();
        let carried = draft.carried.clone();
        let source = match &carried {
            Some(_) => document::checksum(&draft.bytes),
            None => self.sum(draft.source),
        };
        let same_source = if is_derived {
            draft.originals.iter().all(|original| there.originals.contains(&self.sum(original.source)))
        } else {
            let own = match &there.own {
                Some(own) => Some(own.clone()),
                None => self.archive.load(there.text)?.value.map(|bytes| document::checksum(&bytes)),
            };
            own.as_ref() == Some(&source)
        };
        let same_text = !is_derived || there.own.as_deref() == Some(&*document::checksum(&draft.bytes));
        if !(same_source && same_text) {
            self.plan.changed.push((id, path));
            return Ok(());
        }
        self.plan.known.push(id.clone());
        for (path, bytes) in carried.into_iter().flat_map(|carried| carried.files_at(&id)) {
            self.lay(path, bytes)?;
        }
        if is_derived {
            let path = derived_path(&id);
            let now = self.archive.small_file(&path)?.unwrap_or_default();
            let new = self.derived(&draft);
            match (now.is_empty(), new.is_empty()) {
                (_, true) => {}
                (true, false) => drop(self.files.insert(path, new.into_bytes())),
                (false, false) if now != new => drop(self.plan.rewrites.insert(path, (now, new))),
                (false, false) => {}
            }
        }
        Ok(())
    }

    /// The file of rows that the source says; empty if it says none.
    fn derived(&self, draft: &Draft) -> String {
        if draft.derived.is_empty() {
            return String::new();
        }
        let names: Vec<&str> =
            draft.originals.iter().map(|original| self.incoming[original.source].file_name()).collect();
        let name = match names[..] {
            [] => self.incoming[draft.source].file_name().to_owned(),
            [one] => one.to_owned(),
            [one, other] => format!("{one} and {other}"),
            _ => format!("{} files", names.len()),
        };
        draft.derived.write(&format!(
            "Written by postil from {name}, not by hand: the next run replaces it as a whole."
        ))
    }

    /// An id that nobody has.
    fn free_id(&mut self, draft: &Draft) -> String {
        let base = name::proposed(&draft.name);
        let numbered = |n: usize| match (n, base.strip_suffix("text-1")) {
            (1, _) => base.clone(),
            // A name without a letter: the number is the name.
            (n, Some(folder)) => format!("{folder}text-{n}"),
            (n, None) => format!("{base}-{n}"),
        };
        let id = (1..).map(|n| self.below(&numbered(n))).find(|id| !self.taken.contains(id));
        let id = id.expect("numbers do not end");
        self.taken.insert(id.clone());
        id
    }

    /// Lays down a file that came with a text, if nobody has one of this path.
    fn lay(&mut self, path: String, bytes: Vec<u8>) -> Result<(), Error> {
        if !self.files.contains_key(&path) && self.archive.file(&path)?.value.is_none() {
            self.files.insert(path, bytes);
        }
        Ok(())
    }

    /// A new text with its files; gives those that came with it.
    fn add(&mut self, mut draft: Draft, shared: &BTreeMap<String, usize>) -> Vec<(String, Vec<u8>)> {
        let source = &self.incoming[draft.source];
        let path: Arc<str> = source.path.as_str().into();
        let mut record = record::Record {
            layout: (draft.format == Format::Plain).then(|| plain::layout_of(&draft)),
            encoding: draft.record.text("encoding").map(str::to_owned),
            ..record::Record::default()
        };
        // What a record would be told to lack, it is given now.
        record.misread = true;
        let parsed = document::parse(path.clone(), path, &draft.bytes, draft.format, &record);
        if parsed.problems.iter().any(|problem| problem.code == Code::TEXT_EMPTY) {
            self.plan.said.push(format!("`{}` has no words and was left out", source.path));
            return Vec::new();
        }
        let errors = parsed.problems.into_iter().filter(|problem| problem.severity == Severity::Error);
        self.problems.extend(errors);
        let Some(doc) = parsed.value else { return Vec::new() };

        let id = self.free_id(&draft);
        if !name::is_id(&id) {
            let message = format!("no id can be made of the name `{}`", source.name);
            let problem = Diagnostic::error(
                Code::BAD_NAME,
                postil_archive::diagnostic::Place::file(&*source.path),
                message,
            );
            self.problems.push(problem.help("give the file a shorter name, or take folders out of its path"));
            return Vec::new();
        }
        // What comes with its files has a record among them, or had none.
        let carried = draft.carried.take().map(|carried| carried.files_at(&id));
        let guessed = self.guesses(&mut draft, shared);
        self.say_name(&id, &mut draft);
        draft.record.set("sha256", document::checksum(&draft.bytes));
        draft.record.set("blocks", doc.blocks.len());
        let derived = self.derived(&draft);
        self.keep_originals(&id, &mut draft);
        if !draft.left_out.is_empty() {
            let counts = draft.left_out.iter().map(|(what, count)| (what.clone(), Value::from(*count)));
            draft.record.set("left_out", Value::Table(counts.collect()));
        }
        let ending = if draft.format == Format::Plain { "txt" } else { "md" };
        let layout = match (draft.record.text("layout"), draft.why.as_str()) {
            (Some(layout), "") => layout.to_owned(),
            (Some(layout), why) => format!("{layout}: {why}"),
            (None, _) => "Markdown".to_owned(),
        };
        let shown = |key: &str| draft.record.get(key).map(Value::plain).unwrap_or_default();
        let mut doubts = guessed;
        doubts.append(&mut draft.doubts);
        self.plan.texts.push(Line {
            id: id.clone(),
            title: shown("title"),
            date: draft
                .record
                .get("date_shown")
                .or(draft.record.get("date"))
                .map(Value::plain)
                .unwrap_or_default(),
            layout,
            blocks: doc.blocks.len(),
            doubts: doubts.join("; "),
            is_derived: !derived.is_empty(),
        });
        if carried.is_none() {
            self.put(format!("content/{id}.toml"), draft.record.write().into_bytes());
        }
        if !derived.is_empty() {
            self.put(derived_path(&id), derived.into_bytes());
        }
        for (address, index) in &draft.pictures {
            // One whose address leads elsewhere than below the text would lie in the way of others.
            let path = path::named_from(&format!("content/{id}"), address)
                .filter(|path| path.starts_with("content/"));
            if let Some(path) = path.filter(|path| !self.files.contains_key(path)) {
                self.put(path, self.incoming[*index].bytes.clone());
            }
        }
        for note in &draft.notes {
            let path = self.free_path(&format!("annotations/{id}/{}", note.slug), "md");
            self.put(path, note_file(note).into_bytes());
        }
        for (path, text) in std::mem::take(&mut draft.others) {
            self.files.entry(path).or_insert_with(|| text.into_bytes());
        }
        self.put(format!("content/{id}.{ending}"), draft.bytes);
        carried.unwrap_or_default()
    }

    fn put(&mut self, path: String, bytes: Vec<u8>) {
        let there = self.files.insert(path, bytes);
        debug_assert!(there.is_none(), "two files of one name");
    }

    fn free_path(&self, base: &str, ending: &str) -> String {
        let numbered =
            |n: usize| if n == 1 { format!("{base}.{ending}") } else { format!("{base}-{n}.{ending}") };
        (1..).map(numbered).find(|path| !self.files.contains_key(path)).expect("numbers do not end")
    }

    /// Puts guesses into the record, and says which.
    fn guesses(&self, draft: &mut Draft, shared: &BTreeMap<String, usize>) -> Vec<String> {
        let mut said = Vec::new();
        for Guess { key, value, from } in std::mem::take(&mut draft.guesses) {
            if draft.record.get(key).is_some() || key == "title" && shared.contains_key(&value.plain()) {
                continue;
            }
            draft.record.set(key, value);
            said.push(format!("{key} from the {from}"));
        }
        said
    }

    /// Keeps the old name, where it is another than the new.
    fn say_name(&self, id: &str, draft: &mut Draft) {
        if draft.called.is_empty() {
            return;
        }
        let own = self
            .wish
            .to
            .as_ref()
            .and_then(|to| id.strip_prefix(to.as_str())?.strip_prefix('/'))
            .unwrap_or(id);
        let ending = match (draft.originals.is_empty(), draft.format) {
            (false, _) => draft.called.rsplit_once('.').map_or("", |(_, ending)| ending),
            (true, Format::Plain) => "txt",
            (true, Format::Markdown) => "md",
        };
        if draft.called != format!("{own}.{ending}") {
            draft.record.set("meta.file", draft.called.as_str());
        }
    }

    /// Lays the files that a text was made from beside it.
    fn keep_originals(&mut self, id: &str, draft: &mut Draft) {
        let originals = std::mem::take(&mut draft.originals);
        let many = originals.len() > 1;
        let mut tables = Vec::with_capacity(originals.len());
        for original in originals {
            let sum = self.sum(original.source);
            let source = &self.incoming[original.source];
            let ending =
                source.file_name().rsplit_once('.').map_or("txt", |(_, ending)| ending).to_ascii_lowercase();
            let (folder, last) = id.rsplit_once('/').unwrap_or(("", id));
            // A file that many texts were made from has its own name, and so has each of many.
            let own = || name::proposed(source.file_name());
            let mut file = match (&original.part, many) {
                (None, true) => format!("{last}/{}.{ending}", own()),
                (Some(_), _) => format!("{}.{ending}", own()),
                (None, false) => format!("{last}.{ending}"),
            };
            if matches!(ending.as_str(), "txt" | "md" | "toml") {
                file.push_str(".original");
            }
            let path = if folder.is_empty() {
                format!("content/{file}")
            } else {
                format!("content/{folder}/{file}")
            };
            self.files.entry(path).or_insert_with(|| source.bytes.clone());
            let mut keys: Vec<(String, Value)> = vec![
                ("file".into(), file.into()),
                ("sha256".into(), sum.into()),
                ("media_type".into(), original.media_type.into()),
            ];
            keys.extend(original.part.map(|part| ("part".to_owned(), part.into())));
            tables.push(Value::Table(keys));
        }
        if let Some(value) = Value::one_or_many(tables) {
            draft.record.set("original", value);
        }
    }

    /// The files that make folders collections, of those that have none.
    fn collections(&mut self) {
        let own = self.wish.to.iter().map(|to| (to.clone(), None));
        let below = self.wish.collections.iter().map(|(folder, title)| (self.below(folder), title.clone()));
        let folders: Vec<(String, Option<String>)> = own.chain(below).collect();
        for (folder, title) in folders {
            let path = format!("content/{folder}/collection.toml");
            let is_there = self.archive.small_file(&path).is_ok_and(|text| text.is_some());
            let prefix = format!("{folder}/");
            if is_there || !self.plan.texts.iter().any(|text| text.id.starts_with(&prefix)) {
                continue;
            }
            let mut keys =
                vec![("title".to_owned(), Value::from(title.clone().unwrap_or_else(|| title_of(&folder))))];
            if title.is_some() {
                keys.push(("order".to_owned(), "file".into()));
            }
            self.files.insert(path, crate::toml::aligned(&keys).into_bytes());
        }
    }
}

/// The folder's name as a title: `court-accounts` is `Court accounts`.
fn title_of(folder: &str) -> String {
    let words = folder.rsplit('/').next().unwrap_or(folder).replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn derived_path(id: &str) -> String {
    format!("annotations/{id}/derived.toml")
}

/// The file of a note.
fn note_file(note: &Note) -> String {
    let mut keys = vec![("by".to_owned(), Value::from(note.by.as_str()))];
    keys.extend(note.at.map(|at| ("at".to_owned(), format!("p{at}").into())));
    keys.extend(note.nth.map(|nth| ("nth".to_owned(), nth.into())));
    keys.extend(note.quotation.is_empty().then(|| ("on".to_owned(), "text".into())));
    let keys: String = keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("> {line}\n") };
    let quotation: String = note.quotation.lines().map(line).collect();
    format!("+++\n{keys}+++\n{quotation}\n{}\n", note.body.trim())
}

/// The text of a draft.
pub fn text_of(draft: &Draft) -> String {
    let encoding = draft.record.text("encoding").and_then(decode::of_label);
    match encoding {
        Some(encoding) => encoding.decode_with_bom_removal(&draft.bytes).0.into_owned(),
        None => String::from_utf8_lossy(draft.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&draft.bytes))
            .into_owned(),
    }
}
