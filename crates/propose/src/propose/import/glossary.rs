//! Terms of a glossary that was written elsewhere: a file a term, same name the senses of one.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::super::toml::Keys;
use super::super::{File, prove};
use postil_anchor::anchor;
use postil_anchor::anchor::fold::fold;
use postil_anchor::anchor::glossary::{Defaults, Glossary};
use postil_anchor::anchor::layers::Index;
use postil_anchor::annotation::{self, Annotations};
use postil_anchor::document;
use postil_archive::archive::{Archive, name};
use postil_archive::diagnostic::Error;
use postil_archive::index::TermIx;
use postil_archive::sidecar::date::Date;
use postil_intake::glossary::Entry;
use postil_intake::markdown;

/// How terms are taken over.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// What the file is called.
    pub file: String,
    /// Whether only terms are taken that the texts have.
    pub used: bool,
}

/// What came of a glossary.
#[derive(Debug, Default)]
pub struct Made {
    /// Files of new terms.
    pub files: Vec<File>,
    /// Files that an earlier import made, and that say something else now: path to text as it was and as it is to be.
    pub changed: BTreeMap<String, (String, String)>,
    /// Terms that are there as they would be made.
    pub known: usize,
    /// Terms that are there and were written, or changed, by hand: term and path.
    pub kept: Vec<(String, String)>,
    /// Terms that no text has, and that were left out.
    pub unused: Vec<String>,
    /// Terms that are common words, and are found by longer forms only.
    pub common: Vec<String>,
    /// Forms that another term has already: form and the slug of that term.
    pub taken: Vec<(String, String)>,
    /// Terms whose name gives no name for a file.
    pub nameless: Vec<String>,
}

/// What the remark begins with that says which file a term is from.
const MARK: &str = "# imported: ";

/// Makes terms of entries. The archive has them then, too.
///
/// # Errors
/// A raw text cannot be read.
pub fn glossary(archive: &mut Archive, entries: &[Entry], wish: &Wish) -> Result<Made, Error> {
    let all = annotation::parse(archive).value;
    let mut made = Made::default();
    let mut groups: Vec<(String, Vec<&Entry>)> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let key = fold(&entry.term);
        match at.get(&key) {
            Some(&group) => groups[group].1.push(entry),
            None => {
                at.insert(key.clone(), groups.len());
                groups.push((key, vec![entry]));
            }
        }
    }
    let slugs = slugs(&all, &groups, &mut made);
    // Whose each form is: of the archive's own terms first, then of names, then of other forms.
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for term in &all.terms {
        let own = mark_of(&term.source.text).is_some();
        for form in std::iter::once(&term.term).chain(&term.forms).filter(|_| !own) {
            owners.entry(fold(&form.value)).or_insert_with(|| term.slug.clone());
        }
    }
    for (key, _) in &groups {
        if let Some(slug) = slugs.get(key) {
            owners.entry(key.clone()).or_insert_with(|| slug.clone());
        }
    }
    let mut files: Vec<(&str, File)> = Vec::new();
    for (key, senses) in &groups {
        let Some(slug) = slugs.get(key) else { continue };
        let term = senses[0].term.as_str();
        let path = format!("annotations/glossary/{slug}.toml");
        let text = write(slug, senses, &slugs, &mut owners, wish, &mut made);
        let there = all.terms.iter().find(|known| known.slug == *slug);
        match there {
            None => files.push((term, File { path, text })),
            Some(there) if there.source.text == text => made.known += 1,
            Some(there) if is_untouched(&there.source.text) => {
                made.changed.insert(there.source.path.to_string(), (there.source.text.clone(), text));
            }
            Some(there) => made.kept.push((term.to_owned(), there.source.path.to_string())),
        }
    }
    let sidecars = files.iter().map(|(_, file)| (file.path.clone(), file.text.clone()));
    archive.add_sidecars(sidecars).expect("each is named as a term");
    if wish.used {
        let used = used(archive)?;
        let (is_used, is_not): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(_, file)| used.contains(&file.path));
        made.unused.extend(is_not.into_iter().map(|(term, _)| term.to_owned()));
        files = is_used;
    }
    let names: BTreeSet<&str> = files.iter().map(|(term, _)| *term).collect();
    let kept: BTreeSet<&str> = made.kept.iter().map(|(term, _)| term.as_str()).collect();
    made.common.retain(|term| !kept.contains(term.as_str()) && (names.contains(term.as_str()) || !wish.used));
    made.files = files.into_iter().map(|(_, file)| file).collect();
    Ok(made)
}

/// The slug of each name: that of a term that is there, or one that nobody has.
fn slugs(all: &Annotations, groups: &[(String, Vec<&Entry>)], made: &mut Made) -> BTreeMap<String, String> {
    let mut taken: BTreeSet<String> = all.terms.iter().map(|term| term.slug.clone()).collect();
    let mut slugs = BTreeMap::new();
    let keys: BTreeSet<&str> = groups.iter().map(|(key, _)| key.as_str()).collect();
    for (key, senses) in groups {
        let has = |term: &&annotation::Term| {
            std::iter::once(&term.term).chain(&term.forms).any(|form| fold(&form.value) == *key)
        };
        if let Some(term) = all
            .terms
            .iter()
            .find(|term| fold(&term.term.value) == *key)
            .or_else(|| all.terms.iter().find(has))
            // A capital more or less is another name only where the glossary has both.
            .or_else(|| {
                let small = key.to_lowercase();
                let alike = |own: String| own.to_lowercase() == small && !keys.contains(own.as_str());
                all.terms.iter().find(|term| alike(fold(&term.term.value)))
            })
        {
            slugs.insert(key.clone(), term.slug.clone());
            continue;
        }
        let Some(base) = name::some_slug(&senses[0].term) else {
            made.nameless.push(senses[0].term.clone());
            continue;
        };
        let free = |slug: &String| !taken.contains(slug) && name::refuse_slug(slug).is_none();
        let slug = (1..).map(|n| if n == 1 { base.clone() } else { format!("{base}-{n}") }).find(free);
        let slug = slug.expect("numbers do not end");
        taken.insert(slug.clone());
        slugs.insert(key.clone(), slug);
    }
    slugs
}

/// The file of a term.
fn write(
    slug: &str,
    senses: &[&Entry],
    slugs: &BTreeMap<String, String>,
    owners: &mut BTreeMap<String, String>,
    wish: &Wish,
    made: &mut Made,
) -> String {
    let term = &senses[0].term;
    let mut keys = Keys::default();
    keys.string("term", term);
    let kind = senses.iter().find_map(|entry| name::some_slug(entry.kind.as_deref()?));
    keys.string("kind", kind.as_deref().unwrap_or("concept"));
    let mut forms: Vec<String> = Vec::new();
    let mut known = BTreeSet::from([fold(term)]);
    for form in
        senses.iter().flat_map(|entry| &entry.forms).filter(|form| form.chars().any(char::is_alphanumeric))
    {
        let folded = fold(form);
        let owner = owners.entry(folded.clone()).or_insert_with(|| slug.to_owned());
        if owner != slug {
            made.taken.push((form.clone(), owner.clone()));
        } else if known.insert(folded) {
            forms.push(form.clone());
        }
    }
    if !forms.is_empty() {
        // A list of one is one for whoever adds another.
        keys.strings("forms", &forms);
    }
    let is_common = std::iter::once(term).chain(&forms).any(|form| annotation::is_common_word(form));
    if is_common {
        keys.raw("allow_common", "false");
        made.common.push(term.clone());
    }
    let see: BTreeSet<&String> = senses
        .iter()
        .flat_map(|entry| &entry.see)
        .filter_map(|name| slugs.get(&fold(name)))
        .filter(|other| *other != slug)
        .collect();
    keys.strings("see", &see.into_iter().cloned().collect::<Vec<_>>());
    let definition = |entry: &Entry| markdown::escaped(&entry.definition);
    let mut rows = String::new();
    let mut said = BTreeSet::new();
    let senses: Vec<&&Entry> =
        senses.iter().filter(|one| said.insert((definition(one), &one.name, &one.period))).collect();
    match &senses[..] {
        [one] if one.name.is_none() && one.period == (None, None) => {
            keys.string("definition", &definition(one));
        }
        several => {
            for entry in several {
                let mut keys = Keys::default();
                keys.maybe("name", entry.name.as_deref());
                date(&mut keys, "from", entry.period.0.as_deref());
                date(&mut keys, "until", entry.period.1.as_deref());
                keys.string("definition", &definition(entry));
                rows.push_str(&format!("\n[[sense]]\n{}", keys.aligned()));
            }
        }
    }
    let text = keys.aligned() + &rows;
    let file: String = wish.file.split_whitespace().collect::<Vec<_>>().join("-");
    format!("{MARK}{file} {}\n{text}", sum(&text))
}

/// A date, of TOML if it has a day.
fn date(keys: &mut Keys, key: &str, date: Option<&str>) {
    match date.and_then(|date| Date::parse(date).ok()).and_then(Date::plain) {
        Some((_, _, Some(_))) => drop(keys.raw(key, date.unwrap_or_default())),
        _ => drop(keys.maybe(key, date)),
    }
}

fn sum(text: &str) -> String {
    document::checksum(text.as_bytes())[..12].to_owned()
}

/// The sum that a file had when it was made, and what is below the remark that says so.
fn mark_of(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.strip_prefix(MARK)?.split_once('\n')?;
    Some((line.rsplit(' ').next()?, rest))
}

/// Whether nobody has changed a file since it was made.
fn is_untouched(text: &str) -> bool {
    mark_of(text).is_some_and(|(then, rest)| sum(rest) == then)
}

/// Paths of the terms that some text has.
fn used(archive: &Archive) -> Result<BTreeSet<String>, Error> {
    let all = annotation::parse(archive).value;
    let glossary = Glossary::new(&all.terms, Defaults::default()).value;
    let index = Index::new(&all);
    let of_text = |file: &postil_archive::archive::TextFile| -> Result<BTreeSet<TermIx>, Error> {
        let Ok(text) = prove::load(archive, file)? else { return Ok(BTreeSet::new()) };
        let layers = index.layers(&text.doc.id, text.date);
        let anchored = anchor::resolve(&text.doc, &layers, &glossary).value;
        Ok(anchored.uses.iter().map(|term| term.term).collect())
    };
    let used: Vec<BTreeSet<TermIx>> = archive.texts.raw.par_iter().map(of_text).collect::<Result<_, _>>()?;
    let used: BTreeSet<TermIx> = used.into_iter().flatten().collect();
    Ok(used.into_iter().map(|term| all.terms[term].source.path.to_string()).collect())
}
