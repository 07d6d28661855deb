//! Lists of topics, terms and notes show each thing once, and under the right name.

use postil::compile::Options;

use super::made::{CONFIG, Made, archive, make};

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
fn a_sentence_stands_once_under_its_topic_with_its_reason_and_all_notes_on_it() {
    let site = site();
    let page = site.page("topics/reports.html");
    assert_eq!(page.matches("<blockquote").count(), 1, "{}{page}", site.said());
    assert!(
        page.contains("The BXC <mark>shall report</mark>, and the BXC <mark>shall meet</mark>."),
        "{page}"
    );
    assert_eq!(page.matches("It did.").count(), 3, "all notes are there: {page}");
    assert_eq!(page.matches("The promise.").count(), 1, "{page}");
    assert!(page.contains("1\u{a0}passage"), "{page}");
    assert_eq!(page.matches("class=\"rw\"").count(), 3, "each names the words it is on: {page}");
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

/// What stands in a page between these words and the end of the element's name.
fn after<'p>(page: &'p str, begin: &str, end: &str) -> Vec<&'p str> {
    page.split(begin).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[test]
fn names_stand_where_a_reader_of_the_language_looks_for_them() {
    let term =
        |name: &str, kind: &str| format!("term = \"{name}\"\nkind = \"{kind}\"\ndefinition = \"D.\"\n");
    let topic = |title: &str| format!("title = \"{title}\"\n");
    let site = |language: &str, marks: &str| {
        let config =
            format!("title = \"A case\"\nlanguage = \"{language}\"\n[search]\nmarks = \"{marks}\"\n");
        let names = ["État", "Zèbre", "Île", "Edile", "Œuvre", "Omega", "L’Ancre", "Čech"];
        let mut files = vec![("postil.toml".to_owned(), config)];
        let text = "État, Zèbre, Île, Edile, Œuvre, Omega, L’Ancre, Čech.\n";
        files.push(("content/a.txt".to_owned(), text.to_owned()));
        for (n, name) in names.iter().enumerate() {
            files.push((format!("annotations/glossary/t{n}.toml"), term(name, "place")));
            files.push((format!("annotations/topics/t{n}.toml"), topic(name)));
            files.push((format!("annotations/contributors/c{n}.toml"), format!("name = \"{name}\"\n")));
            files.push((format!("annotations/glossary/p{n}.toml"), term(&format!("{name} Né"), "person")));
        }
        make(archive(files), &Options::default())
    };
    let listed = |made: &Made, page: &str, names: &[&str]| {
        let page = made.page(page);
        let main = page.split("<main").nth(1).unwrap();
        let main = main.split("class=\"terms-used\"").nth(1).unwrap_or(main);
        let at = |name: &&str| main.find(&format!(">{name}<")).unwrap_or_else(|| panic!("{name}: {main}"));
        let places: Vec<usize> = names.iter().map(at).collect();
        assert!(places.is_sorted(), "{names:?} {places:?} {main}");
    };
    let french = site("fr", "fold");
    let folded = ["L’Ancre", "Čech", "Edile", "État", "Île", "Œuvre", "Omega", "Zèbre"];
    listed(&french, "glossary/index.html", &folded);
    listed(&french, "topics/index.html", &folded);
    listed(&french, "texts/a.html", &folded);
    let heads = after(french.page("glossary/index.html"), "<h2 id=\"letter-", "</h2>");
    let heads: Vec<&str> = heads.iter().map(|head| head.rsplit('>').next().unwrap()).collect();
    assert_eq!(heads, ["A", "C", "E", "I", "L", "O", "Z"]);
    // A name has no article.
    let people = ["Čech", "Edile", "État", "Île", "L’Ancre", "Œuvre", "Omega", "Zèbre"];
    listed(&french, "contributors/index.html", &people);
    listed(
        &french,
        "people/index.html",
        &people.map(|name| format!("{name} Né")).each_ref().map(String::as_str),
    );
    // Where search keeps marks, the letters of the language are letters.
    let czech = site("cs", "keep");
    let own = ["Čech", "Edile", "État", "Île", "L’Ancre", "Omega", "Zèbre"];
    listed(&czech, "glossary/index.html", &own);
    let heads = after(czech.page("glossary/index.html"), "<h2 id=\"letter-", "</h2>");
    let heads: Vec<&str> = heads.iter().map(|head| head.rsplit('>').next().unwrap()).collect();
    assert_eq!(heads, ["Č", "E", "I", "L", "O", "Z", "Œ"]);
}

#[test]
fn senses_of_one_term_follow_one_another() {
    let text = ("content/a.txt", "The QXHB met.");
    let record = ("content/a.toml", "title = \"A\"\ndate = 2011-01-01\n");
    let term = |late: &str| {
        format!(
            "term = \"QXHB\"\nkind = \"body\"\n[[sense]]\nid = \"early\"\nuntil = 2011-02-20\ndefinition = \"D.\"\n\
             successor = \"qxhb/late\"\n[[sense]]\nid = \"late\"\nfrom = 2011-03-01\ndefinition = \"E.\"\n{late}"
        )
    };
    let next = "term = \"NX\"\nkind = \"body\"\n[[sense]]\nid = \"a\"\nname = \"Next of X\"\nfrom = 2012\nuntil = 2013\n\
                definition = \"F.\"\n[[sense]]\nid = \"b\"\nfrom = 2014\ndefinition = \"G.\"\n";
    let site = |late: &str| {
        make(
            archive([
                text,
                record,
                ("annotations/glossary/qxhb.toml", &term(late)),
                ("annotations/glossary/nx.toml", next),
            ]),
            &Options::default(),
        )
    };
    let made = site("predecessor = \"qxhb/early\"\nsuccessor = \"nx/a\"\n");
    assert_eq!(made.said().matches("error").count(), 0, "{}", made.said());
    let page = made.page("glossary/qxhb.html");
    assert!(page.contains("<a href=\"#s-2\">QXHB (from 1 March 2011)</a>"), "{page}");
    assert!(page.contains("<a href=\"#s-1\">QXHB (until 20 February 2011)</a>"), "{page}");
    assert!(page.contains("<a href=\"nx.html#s-1\">Next of X</a>"), "{page}");
    let popover = made.page("texts/a.html");
    assert!(
        popover.contains("<a href=\"../glossary/qxhb.html#s-2\">QXHB (from 1 March 2011)</a>"),
        "{popover}"
    );
    assert!(made.page("data/archive.json").contains("\"nx/a\""));
    // What comes before a later sense only did not come before the term.
    let made = site("successor = \"nx/b\"\n");
    assert!(
        !made.page("glossary/nx.html").contains("href=\"qxhb.html\""),
        "{}",
        made.page("glossary/nx.html")
    );
    let made = site("predecessor = \"qxhb/late\"\n");
    assert!(made.said().contains("`qxhb/late` is its own predecessor"), "{}", made.said());
}

#[test]
fn figures_stand_by_series_and_date_and_lead_to_the_words_or_to_the_note() {
    let note =
        |rows: &str| format!("+++\nby = \"Ada\"\nfigures = [\n{rows}]\n+++\n> Twelve lights\n\nIt did.");
    let files = [
        ("postil.toml", "title = \"T\"\nlanguage = \"en-GB\"\n[figures.series]\nlights = \"Lights\"\nships = \"Ships\"\nnone = \"Nothing\"\n".to_owned()),
        ("content/a.txt", "One.\n\nTwelve lights were paid for.\n".to_owned()),
        ("content/a.toml", "title = \"A\"\nlayout = \"wrapped\"\n".to_owned()),
        ("annotations/a/later.md", note("{ series = \"lights\", date = 1872, value = 12000, in_text = true, what = \"lights paid for\" },\n")),
        ("annotations/a/early.md", note("{ series = \"lights\", date = 1871, value = 3, to = 5, what = \"lights seen\" },\n{ series = \"ships\", date = \"1871-05\", value = 0.5, shown = \"half a\", what = \"ship\" },\n")),
    ];
    let site = make(archive(files), &Options::default());
    let page = site.page("figures.html");
    let order = ["Lights</h2>", "3–5", "lights seen", "12,000", "lights paid for", "Ships</h2>", "half a"];
    let mut rest = page;
    for words in order {
        let at = rest.find(words).unwrap_or_else(|| panic!("{words}: {}{page}", site.said()));
        rest = &rest[at..];
    }
    assert!(!page.contains("Nothing"), "a series without figures: {page}");
    let row = |what: &str| page.split("<tr").find(|row| row.contains(what)).unwrap();
    assert!(row("lights paid for").contains("texts/a.html#p2:~:text=Twelve"), "{page}");
    assert!(row("lights seen").contains("texts/a.html#n-early\""), "{page}");
    assert!(site.page("index.html").contains("figures.html"), "the way there");
    let table = site.page("data/figures.csv");
    assert!(table.contains("lights,Lights,1871,3,5,,lights seen,false,a,early,2,"), "{table}");
}

#[test]
fn an_archive_may_do_without_a_concordance() {
    let built = |config: &str| {
        let files = vec![
            ("postil.toml".to_owned(), format!("{CONFIG}{config}")),
            ("content/a.txt".to_owned(), "The lamp is lit.\n".to_owned()),
        ];
        make(archive(files), &Options::default()).files
    };
    let leads = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files.values().any(|bytes| String::from_utf8_lossy(bytes).contains("concordance/"))
    };
    let with = built("");
    assert!(with.contains_key("concordance/l.html") && leads(&with));
    let without = built("[search]\nconcordance = false\n");
    assert!(!without.keys().any(|path| path.starts_with("concordance/")) && !leads(&without));
}
