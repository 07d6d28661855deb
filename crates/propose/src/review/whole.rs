//! Problems of the archive as a whole.

use super::{Look, Vocabulary};
use postil_anchor::annotation::{Annotations, By};
use postil_archive::diagnostic::{Code, Diagnostic, Place};
use postil_archive::sidecar::date::Date;

/// Everything that no single file shows, as of a day.
pub fn problems(
    all: &Annotations,
    looks: &[Look],
    vocabulary: &Vocabulary<'_>,
    today: Date,
) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = looks.iter().flat_map(|look| look.problems.clone()).collect();
    problems.extend(unused_topics(all));
    problems.extend(unused_contributors(all));
    problems.extend(reviews_due(all, today));
    problems.extend(unexplained(looks, vocabulary));
    problems
}

/// Largest page, in bytes, that opens without a wait on a small device.
const LARGE: u64 = 8 << 20;

/// A remark for each page that is larger than that. `files` are those of the site with their
/// sizes; `text` gives the path of the raw text that a page shows.
pub fn large<'a>(files: &[(String, u64)], text: impl Fn(&str) -> Option<&'a str>) -> Vec<Diagnostic> {
    let large = files.iter().filter(|(address, bytes)| *bytes > LARGE && address.ends_with(".html"));
    let remark = |(address, bytes): &(String, u64)| {
        let place = Place::file(text(address).map_or_else(|| address.clone(), str::to_owned));
        let megabytes = bytes.div_ceil(1_000_000);
        Diagnostic::note(Code::PAGE_LARGE, place, format!("the page `{address}` has {megabytes} MB"))
            .help("it takes long to open: divide the text at its parts, if it has some")
    };
    large.map(remark).collect()
}

/// Topics that gather nothing: no passage, no note, no topic below them.
fn unused_topics(all: &Annotations) -> Vec<Diagnostic> {
    let noted = all.notes.iter().flat_map(|note| &note.topics).map(|topic| &topic.value);
    let parents = all.topics.iter().filter_map(|topic| Some(&topic.parent.as_ref()?.value));
    let mut used: Vec<&String> = noted.chain(parents).collect();
    used.sort_unstable();
    let unused = |topic: &&postil_anchor::annotation::Topic| {
        topic.passages.is_empty() && used.binary_search(&&topic.slug).is_err()
    };
    let problem = |topic: &postil_anchor::annotation::Topic| {
        Diagnostic::warning(
            Code::TOPIC_UNUSED,
            topic.source.start(),
            format!("nothing belongs to the topic `{}`", topic.slug),
        )
        .help(format!(
            "add a `[[passage]]`, write `topics = [\"{}\"]` in a note, or remove the file",
            topic.slug
        ))
    };
    all.topics.iter().filter(unused).map(problem).collect()
}

/// Contributors who wrote nothing.
fn unused_contributors(all: &Annotations) -> Vec<Diagnostic> {
    let notes = all.notes.iter().flat_map(|note| &note.by);
    let rows = all.apparatuses.iter().flat_map(|apparatus| &apparatus.corrections).flat_map(|row| &row.by);
    let apparatuses = all.apparatuses.iter().flat_map(|apparatus| &apparatus.by);
    let links = all.links.iter().flat_map(|link| &link.by);
    let mut used: Vec<&str> = notes
        .chain(rows)
        .chain(apparatuses)
        .chain(links)
        .filter_map(|by| match by {
            By::Contributor(slug) => Some(slug.as_str()),
            By::Name(_) => None,
        })
        .collect();
    used.sort_unstable();
    let unused = all.contributors.iter().filter(|person| used.binary_search(&person.slug.as_str()).is_err());
    unused
        .map(|person| {
            Diagnostic::warning(
                Code::CONTRIBUTOR_UNUSED,
                person.source.start(),
                format!("nothing in the archive is by the contributor `{}`", person.slug),
            )
            .help(format!("write `by = \"{}\"` where it is theirs, or remove the file", person.slug))
        })
        .collect()
}

/// Notes and terms whose `review_by` has passed: the day itself, the month or year as a whole.
fn reviews_due(all: &Annotations, today: Date) -> Vec<Diagnostic> {
    let notes = all.notes.iter().map(|note| ("note", &note.source, &note.review_by));
    let terms = all.terms.iter().map(|term| ("term", &term.source, &term.review_by));
    let due = notes.chain(terms).filter_map(|(what, source, review_by)| {
        let review_by = review_by.as_ref()?;
        let passed = review_by.value.last_day() < today.first_day();
        passed.then(|| {
            Diagnostic::warning(
                Code::REVIEW_DUE,
                source.place(review_by.span),
                format!("this {what} was to be looked at again by {}", review_by.value),
            )
            .help("see whether it still holds, mend it if not, and write a later date or take the key away")
        })
    });
    due.collect()
}

/// A remark for each acronym, at the first place of the first text that has it.
fn unexplained(looks: &[Look], vocabulary: &Vocabulary<'_>) -> Vec<Diagnostic> {
    let times = |count: usize| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let texts = |count: usize| if count == 1 { "one text".to_owned() } else { format!("{count} texts") };
    let remark = |(form, seen): (&str, Vec<(&Look, &super::Seen)>)| {
        let count = seen.iter().map(|(_, seen)| seen.count).sum();
        Diagnostic::note(
            Code::ACRONYM_UNEXPLAINED,
            seen[0].1.first.clone(),
            format!("no term explains `{form}`, which stands {} in {}", times(count), texts(seen.len())),
        )
        .help(format!("`postil new term {form}` begins a term; or make it a form of one that there is"))
    };
    super::unexplained(looks, vocabulary).into_iter().map(remark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pages_are_told() {
        let files = [
            ("texts/a.html".to_owned(), LARGE + 1),
            ("b.html".to_owned(), LARGE),
            ("c.zip".to_owned(), u64::MAX),
        ];
        let found = large(&files, |address| (address == "texts/a.html").then_some("content/a.txt"));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&*found[0].place.path, found[0].message.as_str()),
            ("content/a.txt", "the page `texts/a.html` has 9 MB")
        );
    }
}
