//! What keys are called elsewhere: in other tools, in other kinds of files. For messages only.

/// A key, and what people write who do not know it.
const CALLED: [(&str, &[&str]); 18] = [
    ("topics", TOPICS),
    ("by", &["author", "authors", "creator", "writer", "contributor", "annotator"]),
    ("people", &["author", "authors", "creator", "speaker", "speakers", "by"]),
    ("sha256", &["hash", "checksum", "sha", "digest"]),
    ("lang", &["language", "locale"]),
    ("language", &["lang", "locale"]),
    ("term", &["title", "name", "headword", "label"]),
    ("title", &["name", "heading", "headline", "term"]),
    ("name", &["title", "author"]),
    ("date", &["created", "written", "day", "when"]),
    ("refs", &["page", "pages", "volume", "column", "columns", "number"]),
    ("rights", &["licence", "license", "copyright"]),
    ("licence", &["license", "rights", "copyright"]),
    ("sources", &["source", "reference", "references", "citation", "citations"]),
    ("source", &["sources", "publisher", "origin", "provenance"]),
    ("definition", &["description", "meaning", "summary"]),
    ("url", &["link", "href", "website", "homepage"]),
    ("was", &["alias", "aliases", "redirect_from", "old"]),
];

const TOPICS: &[&str] =
    &["tag", "tags", "topic", "keyword", "keywords", "category", "categories", "subjects"];

/// The key among those of a table that other tools call by this name.
pub(super) fn meant(name: &str, fields: &[&'static str]) -> Option<&'static str> {
    let is = |(key, names): &&(&'static str, &[&str])| fields.contains(key) && names.contains(&name);
    CALLED.iter().find(is).map(|(key, _)| *key)
}

/// What to do with a key that the table has under no name.
pub(super) fn elsewhere(name: &str) -> Option<&'static str> {
    let sorts = TOPICS.contains(&name) || name == "topics";
    sorts.then_some("topics are named by notes, `topics = [\"…\"]`, or name their passages themselves")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_other_names() {
        let check = |name: &str, fields: &[&'static str], expected: Option<&str>| {
            assert_eq!(meant(name, fields), expected, "{name}");
        };
        check("tags", &["by", "topics", "was"], Some("topics"));
        check("tags", &["title", "was"], None);
        check("hash", &["title", "sha256"], Some("sha256"));
        check("author", &["by"], Some("by"));
        check("colour", &["by"], None);
        assert!(elsewhere("tags").is_some() && elsewhere("colour").is_none());
    }
}
