//! Lists of topics, terms and notes show each thing once, and under the right name.

use postil::compile::Options;

use super::made::{Made, archive, make};

fn site() -> Made {
    let text = "The BXC met in 2005.\n\nThe BXC shall report, and the BXC shall meet.";
    let note = |words: &str| format!("+++\nby = \"ed\"\ntopics = [\"reports\"]\n+++\n> {words}\n\nIt did.");
    let files = [
        ("content/a.txt", text.to_owned()),
        ("content/a.toml", "title = \"A\"\ndate = 2005-05-01\nkind = \"speech\"\n".to_owned()),
        ("annotations/contributors.toml", "[ed]\nname = \"Ed\"\n".to_owned()),
        ("annotations/a/one.md", note("The BXC **shall report**, and")),
        ("annotations/a/two.md", note("The BXC **shall report**, and")),
        ("annotations/a/other.md", note("the BXC **shall meet**.")),
        (
            "annotations/topics/reports.toml",
            "title = \"Reports\"\n[[passage]]\ntext = \"a\"\nquote = \"shall report\"\nwhy = \"The promise.\"\n"
                .to_owned(),
        ),
        (
            "annotations/glossary/bxc.toml",
            "term = \"BXC\"\nkind = \"body\"\n\
             [[sense]]\nid = \"board\"\nname = \"Board of X\"\nfrom = 2004\nuntil = 2006-12-31\ndefinition = \"Board of X: the first of its kind.\"\n\
             [[sense]]\nid = \"centre\"\nname = \"Centre of X\"\nfrom = 2007-01-01\ndefinition = \"What the board became.\"\n"
                .to_owned(),
        ),
    ];
    make(archive(files), &Options::default())
}

#[test]
fn words_that_are_a_passage_and_have_notes_stand_once_under_their_topic() {
    let site = site();
    let page = site.page("topics/reports.html");
    assert_eq!(page.matches("<blockquote").count(), 2, "{}{page}", site.said());
    assert_eq!(page.matches("It did.").count(), 3, "all notes are there: {page}");
    assert_eq!(page.matches("The promise.").count(), 1, "{page}");
    assert!(page.contains("2\u{a0}passages"), "{page}");
}

#[test]
fn a_term_is_listed_under_the_name_that_its_uses_have() {
    let site = site();
    let page = site.page("glossary/index.html");
    assert!(page.contains("Board of X") && !page.contains("Centre of X"), "{}{page}", site.said());
}

#[test]
fn a_name_that_a_definition_begins_with_is_not_repeated() {
    let site = site();
    let page = site.page("texts/a.html");
    let terms =
        page.split("class=\"terms-used\"").nth(1).and_then(|rest| rest.split("</ul>").next()).unwrap();
    assert_eq!(terms.matches("Board of X").count(), 1, "{terms}");
    assert!(terms.contains("the first of its kind"), "{terms}");
}
