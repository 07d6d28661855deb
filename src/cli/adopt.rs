//! `postil adopt TEXT…`: raw texts that were replaced, or are new, become the archive's.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::args::{Adopt, Layout, Volume};
use super::git::Keeping;
use super::{Outcome, Terminal, Trouble, git, make, patch, texts};
use crate::output::fresh;
use crate::output::rewrite::{self, Rewrite};
use postil_anchor::anchor::follow::{Fate, Followed};
use postil_anchor::document::record;
use postil_anchor::document::{self};
use postil_archive::archive::{Archive, TextFile};
use postil_archive::diagnostic::Error;
use postil_archive::diagnostic::show::one_line;
use postil_propose::propose::File;
use postil_propose::propose::adopt::{self, Adopted};

/// Follows everything that stands in each text, shows what becomes of it, and writes it: all or nothing.
pub(super) fn run(site: &Path, args: &Adopt, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let mut archive = texts::archive(site)?;
    let ids = wanted(&archive, site, args)?;
    if args.old.is_some() && ids.len() > 1 {
        return Err(Trouble::new(format!("`--old` is one text, and {} are to be adopted", ids.len()))
            .help("adopt that text by itself"));
    }
    let mut all = All::default();
    for id in &ids {
        let (adopted, may_change) = adopt_one(&mut archive, site, id, args, terminal)?;
        all.ends_may_change |= may_change;
        let told = account(&adopted);
        match ids.len() {
            1 => terminal.tell(&told),
            _ => told.lines().for_each(|line| terminal.tell(&format!("{id}: {line}\n"))),
        }
        all.take(id, adopted)?;
    }
    if all.ends_may_change && terminal.volume() > Volume::Quiet {
        terminal.tell(&format!("{}\n", document::KEEP_ENDS));
    }
    let mut shown = patch::of_files(&all.files, terminal.look_of_answers());
    for record in &all.records {
        let new = [(record.path.clone(), (String::new(), record.text.clone()))].into();
        shown.push_str(&patch::of_files(&new, terminal.look_of_answers()));
    }
    terminal.answer(&shown)?;
    if all.blocked {
        terminal.tell(
            "nothing was written: what is marked `!` would silently mean another place; \
             mend or remove it, in the numbers of the old text, and run this again\n",
        );
        if all.misses_old {
            terminal
                .tell("if you have the old text, name it with `--old FILE`: then numbers can be followed\n");
        }
        return Ok(Outcome::ArchiveHasErrors);
    }
    let count = all.files.len() + all.records.len();
    if args.dry_run {
        terminal.tell(&format!("{} would be written; nothing was\n", patch::some(count, "file")));
    } else {
        let rewrites = all.files.iter().map(|(path, (old, new))| Rewrite { path, old, new });
        rewrite::rewrite(site, &rewrites.collect::<Vec<_>>())?;
        let records = all.records.iter().map(|record| (&*record.path, record.text.as_bytes()));
        fresh::write(site, &records.collect::<Vec<_>>())?;
        match count {
            0 => terminal.tell("all is as the record says: nothing to write\n"),
            _ => terminal.tell(&format!("{} written\n", patch::some(count, "file"))),
        }
    }
    Ok(if all.lost { Outcome::ArchiveHasErrors } else { Outcome::Fine })
}

/// The ids of the texts that are meant: each named one, those of each named folder, or all.
fn wanted(archive: &Archive, site: &Path, args: &Adopt) -> Result<Vec<String>, Trouble> {
    if args.all {
        return Ok(archive.texts.iter().map(|text| text.id.to_string()).collect());
    }
    let mut ids = Vec::new();
    for name in &args.texts {
        let folder = name.replace('\\', "/");
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let folder = format!("{}/", folder.strip_prefix("content/").unwrap_or(folder));
        let below = || archive.texts.iter().filter(|text| text.id.starts_with(&folder));
        match texts::find(archive, site, name) {
            Ok(file) => ids.push(file.id.to_string()),
            Err(_) if below().next().is_some() => ids.extend(below().map(|text| text.id.to_string())),
            Err(unknown) => return Err(unknown),
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    Ok(ids)
}

/// What adopting several texts comes to.
#[derive(Default)]
struct All {
    /// Files that get another text: path to text as it was and as it is to be.
    files: BTreeMap<String, (String, String)>,
    /// Records of texts that had none.
    records: Vec<File>,
    blocked: bool,
    /// Whether an old text might help.
    misses_old: bool,
    lost: bool,
    /// Whether git would give one of the texts other line ends.
    ends_may_change: bool,
}

impl All {
    fn take(&mut self, id: &str, adopted: Adopted) -> Result<(), Trouble> {
        self.blocked |= adopted.is_blocked();
        self.misses_old |= adopted.is_blocked() && adopted.moved.is_none();
        self.lost |= adopted.followed.iter().any(|one| one.fate == Fate::Lost);
        for (path, (old, new)) in adopted.files {
            match self.files.get_mut(&path) {
                None => drop(self.files.insert(path, (old, new))),
                // The later text went on from what the earlier one had made of the file.
                Some((_, now)) if *now == old => *now = new,
                Some(_) => {
                    return Err(Trouble::new(format!(
                        "`{path}` names blocks of several of these texts: nothing was written"
                    ))
                    .help(format!("adopt `{id}` by itself, then the others")));
                }
            }
        }
        self.records.extend(adopted.record);
        Ok(())
    }
}

/// Adopts one text, in memory; says whether git may change its line ends.
fn adopt_one(
    archive: &mut Archive,
    site: &Path,
    id: &str,
    args: &Adopt,
    terminal: &Terminal,
) -> Result<(Adopted, bool), Trouble> {
    let file = archive.text(id).expect("it was found there");
    let wanted = record::parse(file).value.sha256;
    let now = archive.load(file)?.value;
    let is_changed = |wanted: &String| now.as_deref().is_some_and(|now| document::checksum(now) != *wanted);
    let old = match (&args.old, &wanted) {
        (Some(path), Some(wanted)) => Some(given(path, wanted)?),
        (None, Some(wanted)) if is_changed(wanted) => find_old(site, file, wanted),
        _ => None,
    };
    let mut may_change = false;
    if let Some(now) = &now {
        may_change = keep_line_ends(site, file, now, wanted.as_deref(), old.as_deref())?;
    }
    let layout = args.layout.map(|layout| match layout {
        Layout::Lines => record::Layout::Lines,
        Layout::Wrapped => record::Layout::Wrapped,
        Layout::Verse => record::Layout::Verse,
    });
    let adopted = adopt::adopt(archive, id, old.as_deref(), layout)?;
    adopted.map(|adopted| (adopted, may_change)).map_err(|refused| make::refused(refused, terminal))
}

/// Refuses what git or an editor did to line ends: the sum of such a text would be wrong for
/// everybody who has the text as it came. Says whether git may do so yet.
fn keep_line_ends(
    site: &Path,
    file: &TextFile,
    now: &[u8],
    wanted: Option<&str>,
    old: Option<&[u8]>,
) -> Result<bool, Trouble> {
    let path = one_line(&file.path);
    let differ = |sum: &str| {
        document::recorded_ends(now, sum).is_some_and(|_| document::checksum(now) != sum)
            || old.is_some_and(|old| document::only_ends_differ(old, now))
    };
    if wanted.is_some_and(differ) {
        return Err(Trouble::new(format!("only the line ends of `{path}` have changed: nothing was written")).help(format!(
            "{}; `postil check` says how to get the text back. If the text is to have these line ends, remove `sha256` from its record first",
            document::KEEP_ENDS
        )));
    }
    match git::keeping(site, &file.path, now) {
        Keeping::Changes => Err(Trouble::new(format!(
            "git keeps `{path}` with other line ends, so that it would be another text for everybody else: nothing was written"
        ))
        .help(document::KEEP_ENDS)),
        Keeping::MayChange => Ok(true),
        Keeping::Keeps => Ok(false),
    }
}

/// The old text that somebody named.
fn given(path: &Path, wanted: &str) -> Result<Vec<u8>, Trouble> {
    let bytes = fs::read(path).map_err(|error| Error::new("read", path, error))?;
    if document::checksum(&bytes) == *wanted {
        return Ok(bytes);
    }
    Err(Trouble::new(format!("`{}` is not the text that the record describes", path.display()))
        .help("the record's `sha256` is that of the old text"))
}

/// The old text, from the site as it was last built or from git, if one of them has it.
fn find_old(site: &Path, file: &TextFile, wanted: &str) -> Option<Vec<u8>> {
    let is_it = |bytes: &Vec<u8>| document::checksum(bytes) == *wanted;
    let published = site.join(format!("public/raw/{}.txt", file.id));
    fs::read(published).ok().filter(is_it).or_else(|| git::older_file(site, &file.path, is_it))
}

/// What became of everything, in words.
fn account(adopted: &Adopted) -> String {
    let mut text = String::new();
    let mut counts = [0; 5];
    for one in &adopted.followed {
        counts[one.fate as usize] += 1;
        if one.fate != Fate::Same {
            line(one, &mut text);
        }
    }
    if !adopted.followed.is_empty() {
        let [same, moved, changed, lost, misplaced] = counts;
        writeln!(text, "{same} same, {moved} moved, {changed} changed, {} lost", lost + misplaced)
            .expect("a string takes everything");
    }
    writeln!(text, "the text has {}", patch::some(adopted.blocks, "block"))
        .expect("a string takes everything");
    match &adopted.moved {
        Some(moved) if moved.is_empty() => text.push_str("no permalink moves\n"),
        Some(moved) => {
            permalinks(moved, &mut text);
            text.push_str("the record says it (`aliases`), so that the page tells who comes by an old one\n");
        }
        None if adopted.followed.is_empty() => {}
        None => text.push_str("the old text is not at hand, so nobody can tell which permalinks move\n"),
    }
    if adopted.forgets {
        text.push_str("`aliases` in the record are emptied: nobody can tell any more where they lead\n");
    }
    text
}

fn line(one: &Followed, text: &mut String) {
    let fate = match one.fate {
        Fate::Same => "same",
        Fate::Moved => "moved",
        Fate::Changed => "changed",
        Fate::Lost => "lost",
        Fate::Misplaced => "! lost",
    };
    let (path, line) = (one_line(&one.place.path), one.place.line);
    write!(text, "{fate:<8} {path}:{line}").expect("a string takes everything");
    match one.blocks {
        (Some(before), Some(after)) if before != after => write!(text, "  p{before} → p{after}"),
        (_, Some(after)) => write!(text, "  p{after}"),
        (Some(before), None) => write!(text, "  p{before}"),
        (None, None) => Ok(()),
    }
    .expect("a string takes everything");
    if !one.says.is_empty() {
        write!(text, "  {}", one.says).expect("a string takes everything");
    }
    text.push('\n');
}

/// Old numbers with new ones, runs that moved alike as one.
fn permalinks(moved: &[(u32, Option<u32>)], text: &mut String) {
    let mut from = 0;
    while from < moved.len() {
        let step = |(old, new): (u32, Option<u32>)| new.map(|new| i64::from(new) - i64::from(old));
        let alike = |i: &usize| {
            let (before, here) = (moved[*i - 1], moved[*i]);
            here.0 == before.0 + 1 && step(here) == step(before)
        };
        let to = (from + 1..moved.len()).take_while(alike).last().unwrap_or(from);
        let range = |first: u32, last: u32| {
            if first == last { format!("#p{first}") } else { format!("#p{first} to #p{last}") }
        };
        let old = range(moved[from].0, moved[to].0);
        match (moved[from].1, moved[to].1) {
            (Some(first), Some(last)) => writeln!(text, "permalink moves: {old} → {}", range(first, last)),
            _ => writeln!(text, "permalink is gone: {old}"),
        }
        .expect("a string takes everything");
        from = to + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permalinks_are_told_in_runs() {
        let mut text = String::new();
        permalinks(
            &[(2, Some(3)), (3, Some(4)), (5, None), (6, None), (7, Some(7)), (9, Some(2))],
            &mut text,
        );
        assert_eq!(
            text,
            "permalink moves: #p2 to #p3 → #p3 to #p4\npermalink is gone: #p5 to #p6\n\
             permalink moves: #p7 → #p7\npermalink moves: #p9 → #p2\n"
        );
    }
}
