//! What messages advise works when it is followed: each name, key, file and command that a message
//! proposes is written, made or run, and the message is gone.

use std::collections::{BTreeMap, BTreeSet};

use postil::compile::Options;
use postil_archive::diagnostic::Diagnostic;
use postil_archive::sidecar::date::Date;

use super::checking::{run, write};
use super::made::{Files, archive, make};
use super::tier::often;
use super::{cases, files, mistakes};

/// A line of advice without the names in it: what is the same of all of its kind.
fn template(help: &str) -> String {
    let part = |(i, part): (usize, &str)| if i % 2 == 1 { "`_`".to_owned() } else { part.to_owned() };
    let words: String = help.split('`').enumerate().map(part).collect();
    let mut shape = String::new();
    for c in words.chars() {
        match c {
            '0'..='9' if shape.ends_with('#') => {}
            '0'..='9' => shape.push('#'),
            c => shape.push(c),
        }
    }
    while shape.contains("`_`, `_`, `_`") {
        shape = shape.replace("`_`, `_`, `_`", "`_`, `_`");
    }
    shape
}

/// The names in a line of advice.
fn names(help: &str) -> Vec<&str> {
    help.split('`').skip(1).step_by(2).collect()
}

/// How a line of advice is followed; nothing if it only explains.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Follow {
    /// It names nothing that could be written as it is.
    Explains,
    /// The first name in place of the one that the message is about.
    Exchange,
    /// Any key that is not there yet in place of the one that the message is about.
    Key,
    /// A file of this name.
    Make,
    /// A file of the second name, the first in place of the one that the message is about.
    MakeAs,
    /// The key in the file, or in the row.
    Add,
    /// Each of them in the file, or in the row, or in place of the quotation.
    Each,
    /// `key = value` in place of the line with that key, or a value in place of the one there.
    Write,
    /// The words in place of the quotation.
    Quote,
    /// The file under this name, or in this folder.
    Move,
    /// Without the line that the message is about.
    Drop,
    /// Without the line that holds the first name.
    DropNamed,
    /// The first name, which is a command, with this behind it.
    Run(&'static [&'static str]),
    /// As [`Follow::Add`], in a record that may have to be made.
    Record,
    /// What only one message says.
    Own,
}

use Follow::{
    Add, Drop, DropNamed, Each, Exchange, Explains, Key, Make, MakeAs, Move, Own, Quote, Record, Run, Write,
};

/// Every line of advice that there is.
const ADVICE: &[(&str, Follow)] = &[
    ("# more lie in furniture", Explains),
    ("`_` is for rows that hold blocks, such as `_` or `_`", Explains),
    ("`_` lists its blocks", Explains),
    ("`_` names what a row with `_` runs over", Explains),
    ("`_` says how often in this text", Explains),
    ("a form is of whole blocks: take `_` out", Explains),
    ("a number may be missed, or something else taken for one", Explains),
    ("a page counts in `_`, `_` or `_`, a time as `_` or by the `_`", Explains),
    (
        "a pattern sees the raw words of one block at a time, white space at the beginning of lines included",
        Explains,
    ),
    ("add `_` for the block before, or `_` for the one after", Explains),
    ("add `_` for the block that ends it, or `_` for the one behind", Explains),
    ("add `_` for the words in it", Explains),
    ("add `_`, or `_` with `_` or `_`", Explains),
    ("add `_`, or a group of this name to the expression", Explains),
    ("begin the expression with `_`, so that only beginnings of blocks are meant", Explains),
    ("each text has its own number: `_`, `_` or `_` says how often in every one", Explains),
    ("groups here are `_`", Explains),
    ("groups here are `_`, `_`", Explains),
    ("if one is a person or body of the glossary, or has another name, say so: `_`", Explains),
    ("if one is no page, leave it out: `_`", Explains),
    ("if the volume tells them apart, add `_`, or a group of this name to the expression", Explains),
    ("keep `_`, which is part of the region, or `_`, which is not", Explains),
    ("look at the places, then mend the expression or the number", Explains),
    ("look at the places; if they are right, say how many there are", Explains),
    ("lay it down as `_`; until then only its description is shown", Explains),
    ("its address leads out of the archive: only its description is shown", Explains),
    ("to show it, lay a copy beside the file, if its rights allow that, and name that", Explains),
    ("mend the expression of its end, or write `_` for the end of the text", Explains),
    ("mend the expression, take the row out, or say that there is none: `_`", Explains),
    ("name a group of the expression, `_`; a `_` without `_` stands for itself", Explains),
    ("put the number into a group: `_`", Explains),
    ("rarest of # values of the group: `_`, `_`", Explains),
    ("remove it, or mend its expression", Explains),
    ("single words that are otherwise go into `_` or `_`", Explains),
    ("take `_` out, or `_`", Explains),
    ("take `_` out: the groups say what is folded away", Explains),
    ("take `_` out: the row names all blocks that are joined", Explains),
    ("take it out, or write `_` beside the quotation", Explains),
    ("take the entry out", Explains),
    ("take the entry out, or mend its spelling", Explains),
    ("take the group's name away, or the key", Explains),
    (
        "there is no look-around: what must not stand there goes into `_`, as an expression of its own",
        Explains,
    ),
    (
        "write `_` at the top of the text's apparatus if the signs are only of the print, `_` if they are hyphens",
        Explains,
    ),
    ("write `_`, `_` for those of level # and deeper, or another kind of rows", Explains),
    ("write minutes and seconds, `_`, or hours too, `_`; a clock has hours and minutes", Explains),
    ("write the row into the apparatus of the text, or say what is meant by `_`", Explains),
    ("take `_` out, or let the layout of a plain text be `_` or `_`", DropNamed),
    (
        "there is no look-around: match what stands behind, too, and put what is meant into a group `_`",
        Explains,
    ),
    ("take the key out, and write rows of kind `_` in the apparatus of the text for what is verse", Drop),
    (
        "the dialect is that of the `_` crate of Rust: `_`; a sign that is meant as it stands has a `_` before it",
        Explains,
    ),
    ("name the blocks: `_`", Explains),
    (
        "write `_` if that is right; a table has its cells under each other, or tabs or `_` between them",
        Explains,
    ),
    ("say so: `_`, `_` (Gitea, too) or `_`", Explains),
    ("without it, pages do not lead there; `_` takes notes by mail", Explains),
    ("write `_` and an address: `_`", Explains),
    ("write `_` or more, or take it out", Explains),
    ("let one of the two rows leave the block out", Explains),
    ("rows of kind `_` have it: take it out here, or change `_`", Explains),
    ("a note ends in `_`", Explains),
    ("a note lies in the folder of its text: move it to `_`", Explains),
    ("a note lies in the folder of its text: move it to `_`, if it is about that text", Move),
    ("a word processor keeps more than the words: save it as plain text", Explains),
    ("files of `_` are `_`; a note lies in the folder of its text, `_`", Explains),
    (
        "if they were changed on purpose, run `_` for this text: it follows the notes, and writes the new number",
        Run(&["TEXT"]),
    ),
    ("put `_` and `_` back as they were", Explains),
    ("put a raw text into `_`: `_` for plain text, `_` for Markdown", Explains),
    ("put the raw text back as it was; if nobody changed it, git may have changed its line ends", Explains),
    ("run `_` for this text: it follows the notes, and writes the new number", Run(&["TEXT"])),
    (
        "the text is the same: postil now shows words of it that it left out, such as definitions that nothing uses, as blocks of their own",
        Explains,
    ),
    ("the wording differs: the text has `_`, the quotation `_`", Explains),
    ("# more such characters follow in this file", Explains),
    ("`_` and `_` do not go together: write all rows in one of the two ways", Explains),
    (
        "`_` begins a term; or make it a form of one that there is",
        Run(&["--kind", "body", "--definition", "D."]),
    ),
    ("`_` belongs to the file itself: move it above the first line in `_`", Explains),
    ("`_` counts the places from #", Explains),
    ("`_` holds texts, `_` or `_`, and their records, `_`", Explains),
    ("`_` in `_` would define it", Own),
    ("`_` is one of several places, `_` is every one: keep one of the two", Drop),
    ("`_` must be the words that stand right before the quotation", Explains),
    ("`_` would be its file", Make),
    ("`_` would define it", Make),
    ("`_` would define it; a name as it is to be shown holds a capital or a space", Make),
    ("`_`: each line is a block, # in all", Record),
    ("`_`: lines up to an empty line are a block, # in all; taken now", Record),
    ("a dash differs: the text has `_`, the quotation `_`", Explains),
    ("a file with a NUL at every second byte is UTF-#: name the encoding in its record", Explains),
    ("a kind is written in small letters, digits and `_`", Explains),
    ("a series is written in small letters, digits and `_`", Explains),
    ("`_` is the lower end of the range, `_` the upper; leave `_` out if there is one number", Explains),
    ("say in a few words what was counted: two numbers are compared by it", Explains),
    ("write a number that can be counted; what is not known has no figure", Explains),
    ("a letter differs: the text has `_`, the quotation `_`", Explains),
    ("a mark differs: the text has `_`, the quotation `_`", Explains),
    ("a note on the whole text has `_` in its front matter", Add),
    ("a place must begin in one of the blocks of `_`", Explains),
    ("a slug is written with `_` to `_`, `_` to `_` and `_`", Explains),
    ("a text has no NUL bytes: remove it, or put the text itself in place of this file", Explains),
    ("a word differs: the text has `_`, the quotation `_`", Explains),
    ("add `_`", Add),
    ("add `_`, or `_` for a whole block", Each),
    ("add `_`, or a `_` for each meaning", Add),
    ("add a `_`, write `_` in a note, or remove the file", Own),
    ("add a row to `_` in `_`: `_` or `_`", Own),
    ("add a row with `_` to `_` or `_` in the text's apparatus", Own),
    ("add `_` to its front matter, or make it a `_`", Explains),
    ("add a sense for that time, or mend its `_` and `_`", Explains),
    ("add an `_` with `_` and `_` for each passage that it joins", Explains),
    ("add what is known", Explains),
    ("an id is written with `_` to `_`, `_` to `_`, `_`, and `_` between folders", Explains),
    ("an old address can lead to one place: keep one of the two", Explains),
    ("begin it with a line `_`, a line `_` and a line `_`", Own),
    ("check the spelling; the form must be one of a term's `_`, `_` or `_`", Explains),
    ("close the words on the line on which they begin; several lines stand between `_` and `_`", Explains),
    ("copy the parts in the order in which the text has them", Explains),
    ("copy the words from the page, or quote fewer of them", Explains),
    ("correct fewer words, or take the furniture away", Explains),
    ("dates are `_`, `_` or `_`", Explains),
    ("did you mean `_`?", Exchange),
    ("each part of the quotation stands in the text, but not one after the other", Explains),
    ("exchange the two dates, or mend one of them", Explains),
    ("for a note on two places write two block quotes, with an empty line between them", Explains),
    ("for a paragraph write `_`, for a note `_`", Explains),
    ("for the place in p#: `_`, or `_`", Each),
    ("for words that are no form of a term, name the place: `_`", Explains),
    ("give it a name that every system takes", Explains),
    ("give this file another name, or take it away; a page is changed by its template, `_`", Explains),
    ("give each its own `_`", Explains),
    ("give it a `_` of at most # characters that says what it finds, such as “Widened in #”", Explains),
    ("if all of them are meant: `_`", Add),
    ("if it is none of them: `_`; for one place only, a selector in place of `_`", Own),
    (
        "if it was replaced on purpose, run `_` for this text: it follows the notes, and writes the new sum",
        Run(&["TEXT"]),
    ),
    ("if that text is meant, move the file to `_`", Move),
    ("if the note does begin with these words, begin it with another", Explains),
    ("if the row means another block, mend `_`; if the text is right, write its beginning here", Explains),
    ("if the text came in another encoding, name it in its record, such as `_`", Explains),
    ("if the text is as it came, run `_`, or add `_`", Record),
    ("if this sense is meant here, add a row to `_` in `_`: `_`", Own),
    ("it is # digits, `_` to `_` and `_` to `_`; without the key, `_` tells it", Explains),
    ("it is one of `_`, `_`", Exchange),
    ("its blocks are p# to p#", Explains),
    ("its only block is p#", Explains),
    ("its senses are `_`", Exchange),
    ("keep one `_`", Drop),
    (
        "keep one of the two; neighbouring words stand in the quotation, with those that are meant in bold",
        Drop,
    ),
    ("keep one of them", Explains),
    ("keys here are `_`, `_`", Key),
    ("leave out what is not in the text: `_`", Quote),
    ("leave the last comma inside `_` out", Explains),
    ("let one end where the other begins, or let one lie inside the other", Explains),
    ("link to `_`, `_`, or a page of the site from its root", Explains),
    ("make it smaller, or raise `_` under `_` in `_`", Explains),
    ("make one correction of them", Explains),
    ("make one join of them, or let the second begin later", Explains),
    ("make the folder `_`, or write `_`", Make),
    ("make the list or quotation flatter", Explains),
    ("move the quotation above all other words of the note", Explains),
    ("mend the dates, or take `_` away", Drop),
    ("name another term, or another sense of its own, `_`, `_`, or take `_` away", Drop),
    ("name another term, or take `_` away", Drop),
    ("name the first and the last block of the paragraph: `_`", Explains),
    ("nothing close to it stands in the text", Explains),
    (
        "put `_` before this line too; between two paragraphs of one quotation, a line with `_` alone",
        Explains,
    ),
    ("put at most three spaces before `_`: with four the line is code", Explains),
    ("put only the words that the note is about in bold", Explains),
    ("put the senses in the order of their dates", Explains),
    ("put the text beside it, as `_` or `_`, or rename the record", Make),
    ("put the text into the file, or remove the file", Explains),
    ("put the value in straight quotes: `_`", Explains),
    ("put the whole in single quotes, `_`, or write the marks inside as `_` or `_`", Explains),
    ("quote a few words of the text, or name whole blocks: `_`", Explains),
    ("quote its beginning and its end, with `_` between them", Explains),
    ("quote the text as it stands: `_`", Quote),
    ("quote whole words: `_`", Quote),
    ("quote words that the reading view shows, or take these out of `_`", Explains),
    ("remove it, or mend its words or `_`", Explains),
    ("rename it to `_`", Move),
    ("rename one of the two files", Explains),
    ("say in a few words what the note finds, or take the key away", Drop),
    ("say what the note finds, not what it is about", Explains),
    ("save the file as UTF-#", Explains),
    ("take `_` away here, or another key of the circle", Drop),
    (
        "take `_` away; or, if the quotation belongs to what the note says, write some words before it",
        DropNamed,
    ),
    ("take it out of `_`, or rename the other file", Drop),
    ("take it out, or save the file as UTF-#", Explains),
    ("take it out, unless the words need it", Explains),
    ("take one `_` of the circle away", DropNamed),
    ("the block before is p# (L#)", Explains),
    ("the folder of a note is the id of its text: `_` is for `_`", Own),
    ("the number stands beside the paragraph on the page; `_` lists them", Explains),
    ("the quotation leaves out `_` after `_`", Explains),
    ("the row of the question or recommendation has `_`", Explains),
    ("the text does not have `_` after `_`", Explains),
    ("the text is of `_`, which does not settle it", Explains),
    ("there are `_`, `_`", Exchange),
    ("there is only `_`", Exchange),
    ("topics are named by notes, `_`, or name their passages themselves", Explains),
    ("use Markdown", Explains),
    (
        "use a label of the WHATWG encoding standard, such as `_`, `_` or `_`; leave the key out for UTF-#",
        Explains,
    ),
    ("use a longer form, or write `_`; if it is false, only longer forms are found", Add),
    ("with `_` only white space may stand between the words and that end of the block", Explains),
    ("write `_` for a term, `_`, `_` or `_`", Explains),
    ("write `_` for the first place", Write),
    ("write `_` in place of both `_` lines, and TOML between them: `_`", Explains),
    ("write `_` on a line of its own for each, with its keys on the lines below", Own),
    ("write `_` where it is theirs, or remove the file", Own),
    ("write `_`", Write),
    ("write `_`, `_` or `_`", Write),
    ("a month is `_` to `_`; `_` to `_` are spring, summer, autumn and winter", Explains),
    (
        "a year has four digits; of another calendar write the Western year, and the words of the source as `_`",
        Explains,
    ),
    ("if it is of another calendar, write the Western year, and the words of the source as `_`", Explains),
    ("leave the key out if the date is not known", Explains),
    ("put the earlier end first", Explains),
    ("write `_` and `_`", Write),
    ("write `_` and `_`: two styles of one year", Write),
    ("write `_`: a span", Write),
    ("write `_`: if years from one to the other are meant", Write),
    ("write a beginning or an end: `_`, `_`", Explains),
    ("write such a date in quotes: `_`", Write),
    ("in braces stands a key of the record, such as `_` or `_`", Explains),
    ("it is # digits, `_` to `_` and `_` to `_`", Explains),
    ("put texts into the folder, or remove the file", Explains),
    ("put the file back beside the text, or mend its name here", Explains),
    ("put the file beside the text", Explains),
    ("put the original back as it was; a text is derived anew from another one", Explains),
    ("rename one of the two", Explains),
    ("say in `_` what tells them apart, such as `_`", Explains),
    ("say it in fewer words", Explains),
    ("keys here are `_`", Explains),
    ("write a tag such as `_`, `_` or `_`", Explains),
    ("the text is the same: postil reads tables, footnotes and front matter since", Explains),
    (
        "what is read is a date as records have it, or a day, a month by name and a year: where it matters, write a row with `_`",
        Explains,
    ),
    ("`_` is for a `_` that is not printed: it is shown behind the words", Explains),
    ("the rows stand in `_` of the text: repeat what they say, or take the entry out", Explains),
    ("write `_`, beginning with `_`", Make),
    ("write `_`, not `_`", Explains),
    ("write `_`: the text's id, and the note's file name without its ending", Explains),
    ("write `_`; `_` would define it", MakeAs),
    ("write a line `_` below it", Own),
    ("write a month in quotes: `_`", Write),
    ("write blocks as `_` or `_`, or lines of the file as `_` or `_`", Write),
    ("write capitals as the text has them: `_`", Quote),
    ("write in a sentence or two what it is", Explains),
    ("write it as it stood in addresses: `_` to `_`, `_` to `_`, `_`, without an ending", Explains),
    ("write one, words in straight quotes: `_`", Write),
    ("write something below the quotation, or name `_` that the passage belongs to", Explains),
    ("write the address from the root of the site, such as `_`", Explains),
    ("write the words as the texts have them", Explains),
    ("write the words of the text above the note, as a line that begins with `_`", Explains),
    ("write who wrote this, such as `_`", Write),
];

#[test]
fn what_is_advised_works() {
    let table: BTreeMap<&str, Follow> = ADVICE.iter().copied().collect();
    let day = Date::parse("2026-11-22").ok();
    let options = Options { review: day, ..Options::default() };
    let mut followed: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    let (mut wrong, mut met) = (String::new(), BTreeSet::new());
    for (name, files) in mistakes::archives().into_iter().chain(cases::archives()).chain(more()) {
        let problems = make(files.clone(), &options).problems;
        for problem in &problems {
            for help in &problem.help {
                let shape = template(help);
                let Some(follow) = table.get(shape.as_str()) else {
                    wrong.push_str(&format!("{name}: nobody has said how to follow {shape:?} ({help})\n"));
                    continue;
                };
                met.insert(shape.clone());
                // Of each kind of advice one or two are followed.
                let count = followed.entry((problem.code.name(), shape)).or_default();
                *count += 1;
                if *follow == Explains || *count > often(1, 2) {
                    continue;
                }
                for (what, edited) in follow_it(*follow, &files, problem, help) {
                    let after = make(edited, &options).problems;
                    let same = |other: &&Diagnostic| {
                        (other.code, &other.message) == (problem.code, &problem.message)
                            && other.place.path == problem.place.path
                    };
                    let had = problems.iter().filter(same).count();
                    let has = after.iter().filter(same).count();
                    if has >= had {
                        wrong.push_str(&format!(
                            "{name}: {} is still told: {}\n  {help}\n  {what}\n",
                            problem.code.name(),
                            problem.message
                        ));
                    }
                }
            }
        }
    }
    let unmet: Vec<&&str> = table.keys().filter(|shape| !met.contains(**shape)).collect();
    assert!(wrong.is_empty(), "{wrong}");
    assert!(unmet.is_empty(), "no message advises this: {unmet:#?}");
}

/// Archives of what no other case shows.
fn more() -> Vec<(String, Files)> {
    let text = [("content/a.txt", "It rains.\n"), ("content/a.toml", "layout = \"lines\"\n")];
    let with =
        |name: &str, more: &[(&str, &str)]| (name.to_owned(), archive(text.iter().chain(more).copied()));
    let note = |keys: &str, body: &str| format!("+++\nby = \"A B\"\n{keys}+++\n> It rains\n\n{body}\n");
    vec![
        with(
            "names in capitals",
            &[(
                "annotations/a/n.md",
                &note(
                    "topics = [\"Child Labour\"]\n",
                    "See [[The GLA]], [[topic:Child Labour]] and [[text:A B]].",
                ),
            )],
        ),
        with(
            "names that no slug can be made of",
            &[("annotations/a/n.md", &note("topics = [\"!?\"]\nkind = \"?\"\n", "See [[?!]]."))],
        ),
        with(
            "keys of other tools",
            &[
                ("annotations/a/n.md", &note("tags = [\"rain\"]\nauthor = \"B C\"\n", "So.")),
                ("content/a.toml", "layout = \"lines\"\ntags = [\"rain\"]\nhash = \"x\"\npage = 12\n"),
            ],
        ),
        with(
            "a term that follows itself",
            &[(
                "annotations/glossary/gla.toml",
                "term = \"GLA\"\nkind = \"body\"\n[[sense]]\ndefinition = \"D.\"\nsuccessor = \"gla\"\n",
            )],
        ),
        with(
            "a note without sources",
            &[
                ("postil.toml", "title = \"T\"\n[notes]\nsources = \"required\"\n"),
                ("annotations/a/n.md", &note("", "So.")),
            ],
        ),
        with(
            "a forge that is not known, and no address of mail",
            &[(
                "postil.toml",
                "title = \"T\"\nrepository = \"https://git.example/o/r\"\ncontact = \"a@b.example\"\n",
            )],
        ),
        with(
            "files of the publisher's own in the way",
            &[("static/index.html", "mine"), ("static/a:b", "mine")],
        ),
        with(
            "senses that do not follow one another",
            &[(
                "annotations/glossary/gla.toml",
                "term = \"GLA\"\nkind = \"body\"\n\
                 [[sense]]\nid = \"a\"\nuntil = \"2005\"\ndefinition = \"D.\"\nsuccessor = \"gla\"\n\
                 [[sense]]\nid = \"b\"\nfrom = \"2006\"\ndefinition = \"D.\"\nsuccessor = \"gla/a\"\n\
                 [[sense]]\nid = \"c\"\nfrom = \"2007\"\ndefinition = \"D.\"\nsuccessor = \"gla/d\"\n\
                 [[sense]]\nid = \"d\"\nfrom = \"2007\"\ndefinition = \"D.\"\nsuccessor = \"gla/c\"\n",
            )],
        ),
    ]
}

/// What the archive is once a line of advice is followed, and what was done.
fn follow_it(follow: Follow, files: &Files, problem: &Diagnostic, help: &str) -> Vec<(String, Files)> {
    let names = names(help);
    let path = problem.place.path.to_string();
    let file = || String::from_utf8_lossy(&files[&path]).trim_start_matches('\u{feff}').to_owned();
    let with = |what: String, path: &str, text: String| {
        let mut files = files.clone();
        files.insert(path.to_owned(), text.into_bytes());
        vec![(what, files)]
    };
    let one = names.first().copied().unwrap_or_default();
    match follow {
        Explains => Vec::new(),
        Exchange if one.ends_with('/') => moved(files, &path, one),
        Exchange => {
            let text = exchange(&file(), problem, one);
            with(format!("{one} in place of the name"), &path, text)
        }
        Key => {
            let file = file();
            let free = names.iter().find(|key| !file.contains(*key)).unwrap_or(&one);
            let text = exchange(&file, problem, free);
            with(format!("{free} in place of the key"), &path, text)
        }
        Make => made(files, one),
        MakeAs => {
            let text = exchange(&file(), problem, one);
            let (what, files) = made(files, names[1]).remove(0);
            let mut files = files;
            files.insert(path, text.into_bytes());
            vec![(format!("{what}, named {one}"), files)]
        }
        Add => with(format!("with {one}"), &path, add(&file(), problem, one)),
        Each => names
            .iter()
            .flat_map(|one| {
                let text = match one.strip_prefix("> ") {
                    Some(words) => quote(&file(), problem, words),
                    None => add(&file(), problem, one),
                };
                with(format!("with {one}"), &path, text)
            })
            .collect(),
        Write => with(format!("{one} is written"), &path, rewrite(&file(), problem, one)),
        Quote => with(format!("{one} is quoted"), &path, quote(&file(), problem, one)),
        Move => moved(files, &path, one),
        Drop => with(
            "without the line".into(),
            &path,
            without(&file(), |n, _| n + 1 == problem.place.line as usize),
        ),
        DropNamed => with(format!("without {one}"), &path, without(&file(), |_, line| line.starts_with(one))),
        Record => {
            let path = path.replace(".txt", ".toml").replace(".md", ".toml");
            let record = files.get(&path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let key = names.iter().find(|name| name.contains(" = ")).expect("it names a key");
            let text = format!("{key}\n{}", record.unwrap_or_default());
            with(format!("with {key} in the record"), &path, text)
        }
        Run(args) => vec![(format!("{one} is run"), ran(files, one, args, problem))],
        Own => own(files, problem, help, &names),
    }
}

fn without(text: &str, is: impl Fn(usize, &str) -> bool) -> String {
    let lines = text.split_inclusive('\n').enumerate().filter(|(n, line)| !is(*n, line));
    lines.map(|(_, line)| line).collect()
}

/// Where a problem is told, in bytes.
fn offset(text: &str, problem: &Diagnostic) -> usize {
    let line = text.split_inclusive('\n').nth(problem.place.line as usize - 1).unwrap_or_default();
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let column = line.char_indices().nth(problem.place.column as usize - 1).map_or(line.len(), |(at, _)| at);
    if line.is_empty() { text.len() } else { start + column }
}

/// Another name in place of the one that the message names last.
fn exchange(text: &str, problem: &Diagnostic, name: &str) -> String {
    let from = offset(text, problem);
    let said = names(&problem.message);
    // A number is not named in the message, but stands there.
    let said = said.into_iter().rev().chain([problem.place.words()]);
    let found = said.into_iter().find_map(|old| text[from..].find(old).map(|at| (from + at, old.len())));
    let (at, length) = found.unwrap_or_else(|| panic!("{problem:?} names nothing in its file"));
    [&text[..at], name, &text[at + length..]].concat()
}

/// A key with a value of its own, in the row or at the beginning of the file.
fn add(text: &str, problem: &Diagnostic, key: &str) -> String {
    let key = filled(key);
    let at = offset(text, problem);
    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let row = text[line..].find('{').map(|open| line + open);
    let end = text[line..].find('\n').map_or(text.len(), |end| line + end);
    match row.filter(|row| *row < end && !key.starts_with("on =") && !key.starts_with("allow_common")) {
        Some(row) => [&text[..=row], &format!(" {key},"), &text[row + 1..]].concat(),
        // A passage or an end has its keys on the lines below its head.
        None if text[line..end].starts_with("quote") => [&text[..end], "\n", &key, &text[end..]].concat(),
        None => match text.strip_prefix("+++\n") {
            Some(rest) => format!("+++\n{key}\n{rest}"),
            None => format!("{key}\n{text}"),
        },
    }
}

/// A value for what is left open.
fn filled(key: &str) -> String {
    key.replace("[…]", "[\"a\"]")
        .replace("{ … }", "{ title = \"x\" }")
        .replace('…', "body")
        .replace("p12", "p1")
}

/// `key = value` in place of the line with that key; a value in place of the one there.
fn rewrite(text: &str, problem: &Diagnostic, new: &str) -> String {
    let new = filled(new);
    let at = offset(text, problem);
    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let whole = new.contains(" = ") || new.starts_with("[[");
    let value = text[at..end].find([',', '}', ']']).map_or(end, |comma| at + comma);
    let quoted = if new.contains(['"', '-']) && new.starts_with(['"', '1', '2']) || new.starts_with('[') {
        new.clone()
    } else {
        format!("\"{new}\"")
    };
    match whole {
        true if text[line..end].contains('{') => {
            let key = new.split(" = ").next().unwrap_or_default();
            let from = text[line..end].find(&format!("{key} =")).map_or(at, |at| line + at);
            let to = text[from..end].find([',', '}']).map_or(end, |to| from + to);
            [&text[..from], &new, " ", &text[to..]].concat()
        }
        true => [&text[..line], &new, &text[end..]].concat(),
        false => [&text[..at], &quoted, &text[value..]].concat(),
    }
}

/// Other words in place of the quotation that the message points at.
fn quote(text: &str, problem: &Diagnostic, words: &str) -> String {
    let at = offset(text, problem);
    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let new = match &text[line..end] {
        old if old.starts_with('>') => format!("> {words}"),
        old if old.starts_with("quote") => format!("quote = \"{words}\""),
        old => old.replace(problem.place.words(), &format!("\"{words}\"")),
    };
    [&text[..line], &new, &text[end..]].concat()
}

/// A file of its kind.
fn made(files: &Files, path: &str) -> Vec<(String, Files)> {
    let text = match path {
        _ if path.starts_with("annotations/glossary/") => {
            "term = \"Xyz\"\nkind = \"body\"\ndefinition = \"D.\"\n"
        }
        _ if path.starts_with("annotations/topics/") => "title = \"T\"\n",
        _ if path.starts_with("annotations/contributors/") => "name = \"N N\"\n",
        _ if path.starts_with("themes/") => "",
        _ if path.ends_with(".toml") => "title = \"T\"\n",
        _ => "Words.\n",
    };
    let mut files = files.clone();
    let path = if path.ends_with('/') { format!("{path}style.css") } else { path.to_owned() };
    files.insert(path.clone(), text.into());
    vec![(format!("{path} is made"), files)]
}

/// The file under another name in its folder, or in another folder.
fn moved(files: &Files, path: &str, to: &str) -> Vec<(String, Files)> {
    let mut files = files.clone();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    if to.ends_with('/') {
        // All of the folder goes.
        let own: Vec<String> =
            files.keys().filter(|other| other.starts_with(&format!("{folder}/"))).cloned().collect();
        for other in own.iter().filter(|other| *other == path || !to.starts_with(folder)) {
            let bytes = files.remove(other).expect("it is there");
            files.insert(other.replacen(&format!("{folder}/"), to, 1), bytes);
        }
        return vec![(format!("{folder} is moved to {to}"), files)];
    }
    let parts = to.matches('/').count();
    let above: Vec<&str> = folder.split('/').collect();
    let kept = above[..above.len() - parts.min(above.len())].join("/");
    let to = if to.contains('.') {
        to.to_owned()
    } else {
        format!("{to}.{}", file.rsplit('.').next().unwrap_or_default())
    };
    let bytes = files.remove(path).expect("it is there");
    files.insert(format!("{kept}/{to}"), bytes);
    vec![(format!("{path} is renamed to {to}"), files)]
}

/// The archive as a command leaves it.
fn ran(all: &Files, command: &str, args: &[&str], problem: &Diagnostic) -> Files {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in all {
        write(folder.path(), path, "");
        std::fs::write(folder.path().join(path), bytes).unwrap();
    }
    let text = problem.place.path.trim_start_matches("content/");
    let text = text.rsplit_once('.').map_or(text, |(id, _)| id);
    let words = command.split(' ').skip(1).map(str::to_owned);
    let args: Vec<String> = words.chain(args.iter().map(|arg| arg.replace("TEXT", text))).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (code, _, told) = run(folder.path(), &args);
    assert!(code == 0, "{args:?}: {told}");
    files(folder.path()).into_iter().collect()
}

/// What only one message says.
fn own(files: &Files, problem: &Diagnostic, help: &str, names: &[&str]) -> Vec<(String, Files)> {
    let path = problem.place.path.to_string();
    let with = |what: &str, path: &str, edit: &dyn Fn(String) -> String| {
        let mut files = files.clone();
        let text =
            files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        files.insert(path.to_owned(), edit(text).into_bytes());
        (what.to_owned(), files)
    };
    let row = |text: String, key: &str, row: &str| match text.find(&format!("{key} = [")) {
        Some(at) => {
            let at = at + key.len() + 4;
            [&text[..at], "\n  ", row, ",", &text[at..]].concat()
        }
        None => format!("{key} = [\n  {row},\n]\n{text}"),
    };
    let form = self::names(&problem.message).first().copied().unwrap_or_default();
    match help {
        _ if help.starts_with("add a row to `term` in") => {
            names[2..].iter().map(|one| with(one, names[1], &|text| row(text, "term", one))).collect()
        }
        _ if help.starts_with("if this sense is meant here") => {
            vec![with(names[2], names[1], &|text| row(text, "term", names[2]))]
        }
        _ if help.starts_with("if it is none of them") => {
            let apparatus = path.replace("content/", "annotations/").replace(".txt", "/apparatus.toml");
            let one = format!("{{ form = \"{form}\", {} }}", names[0]);
            vec![with(&one, &apparatus, &|text| row(text, "term", &one))]
        }
        _ if help.starts_with("add a row with `at") => {
            let id = path.trim_end_matches(".txt").trim_end_matches(".md");
            let apparatus = format!("{}/apparatus.toml", id.replace("content/", "annotations/"));
            let one = |more: &str| format!("{{ {}, {more} }}", names[0]);
            vec![
                with("structure", &apparatus, &|text| row(text, "structure", &one("kind = \"narrative\""))),
                with("furniture", &apparatus, &|text| row(text, "furniture", &one("reason = \"r\""))),
            ]
        }
        _ if help.contains("in a note, or remove the file") || help.contains("where it is theirs") => {
            let key = names.iter().find(|name| name.contains(" = ")).expect("it names a key");
            let note = match key.starts_with("by") {
                true => format!("+++\n{key}\non = \"text\"\n+++\nSo.\n"),
                false => format!("+++\nby = \"A B\"\n{key}\non = \"text\"\n+++\nSo.\n"),
            };
            let of = files.keys().find_map(|path| path.strip_prefix("content/")?.strip_suffix(".txt"));
            let mut all =
                vec![with(key, &format!("annotations/{}/mine.md", of.expect("a text")), &|_| note.clone())];
            let mut less = files.clone();
            less.remove(&path);
            all.push(("without the file".to_owned(), less));
            all
        }
        _ if help.starts_with("write `[[passage]]` on a line") || help.starts_with("write `[[end]]`") => {
            vec![with("rows", &path, &|text| {
                let line = without(&text, |n, _| n + 1 == problem.place.line as usize);
                format!("{line}{}\ntext = \"a\"\nquote = \"x\"\n", names[0])
            })]
        }
        _ if help.starts_with("`[notes.kinds]`") => {
            let kind = self::names(&problem.message)[0];
            vec![with("a kind", "postil.toml", &|text| format!("{text}\n[notes.kinds]\n{kind} = \"K\"\n"))]
        }
        _ if help.starts_with("the folder of a note") => made(files, names[1]),
        _ if help.starts_with("begin it with a line") => {
            vec![with("front matter", &path, &|text| {
                format!("{}\n{}\n{}\n{text}", names[0], names[1], names[2])
            })]
        }
        _ if help.starts_with("write a line `+++` below") => {
            vec![with("an end", &path, &|text| text.replacen("\n>", &format!("\n{}\n>", names[0]), 1))]
        }
        _ => panic!("nobody has said how to follow {help:?}"),
    }
}

/// Runs a command that fails, does what its help proposes, and runs it again: until all is well.
#[track_caller]
fn follow(folder: &std::path::Path, args: &[&str]) {
    let mut args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    for step in 0.. {
        let (code, answer, told) = run(folder, &args.iter().map(String::as_str).collect::<Vec<_>>());
        if code == 0 {
            assert!(step > 0, "{args:?} does not fail: {told}");
            return;
        }
        let told = answer + &told;
        assert!(step < 3, "{args:?} goes on failing: {told}");
        let message = told.lines().find(|line| line.starts_with("error")).unwrap_or_else(|| panic!("{told}"));
        let proposed: Vec<&str> =
            told.lines().filter(|line| line.contains("help: ")).flat_map(names).collect();
        assert!(!proposed.is_empty(), "{args:?}: no help: {told}");
        let command = proposed.iter().find(|name| name.starts_with("postil "));
        let option = proposed.iter().find(|name| name.starts_with("--") && name.contains(' '));
        if let Some(command) = command {
            let words: Vec<&str> = command.split(' ').skip(1).chain(["new"]).collect();
            let (code, _, told) = run(folder, &words);
            assert_eq!(code, 0, "{command}: {told}");
            args.extend(["--site".to_owned(), "new".to_owned()]);
        } else if let Some(option) = option {
            let (option, value) = option.split_once(' ').expect("it has a value");
            match args.iter().position(|arg| arg == option) {
                Some(given) => args[given + 1] = value.to_owned(),
                None => args.extend([option.to_owned(), value.to_owned()]),
            }
        } else {
            let old = names(message);
            let at = args.iter().position(|arg| {
                old.contains(&arg.as_str()) || proposed[0] == postil_archive::archive::name::slug(arg)
            });
            let at = at.unwrap_or_else(|| panic!("{args:?}: nothing to exchange: {told}"));
            args[at] = proposed[0].to_owned();
        }
    }
}

#[test]
fn what_commands_advise_works() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    follow(folder, &["check"]);
    for (path, text) in [
        ("postil.toml", "title = \"A\"\n"),
        ("content/commons/2004-pier.txt", "The pier was built of oak and iron.\n"),
        ("content/commons/2004-pier.toml", "layout = \"lines\"\n"),
        ("annotations/glossary/gla.toml", "term = \"GLA\"\nkind = \"body\"\ndefinition = \"D.\"\n"),
    ] {
        write(folder, path, text);
    }
    follow(folder, &["blocks", "2004-pier"]);
    follow(folder, &["blocks", "commons/2004-peir"]);
    follow(folder, &["check", "--explain", "quote-not-fund"]);
    follow(folder, &["note", "commons/2004-pier", "oak", "--by", "A B", "--body", "So.", "--slug", "Of Oak"]);
    follow(folder, &["note", "2004-pier", "iron", "--by", "A B", "--body", "So."]);
    follow(folder, &["rename", "term", "gal", "gangmasters"]);
    follow(folder, &["rename", "term", "gangmasters", "The GLA"]);
    follow(folder, &["rename", "note", "commons/2004-pier/of-oak", "Oak_1"]);
    follow(folder, &["rename", "text", "2004-pier", "commons/pier"]);
}

#[test]
fn a_topic_that_is_made_as_advised_is_given_to_what_was_imported() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "postil.toml", "title = \"A\"\n");
    write(folder, "content/pier.txt", "The pier was built of oak and iron.\n");
    let one = |exact: &str, tags: &str| {
        format!(
            r#"{{"id": "{exact}", "created": "2024-03-01T10:00:00+00:00", "user": "acct:reader@hypothes.is", "uri": "https://example.org/texts/pier.html", "text": "On {exact}.", "tags": [{tags}], "target": [{{"selector": [{{"type": "TextQuoteSelector", "exact": "{exact}"}}]}}]}}"#
        )
    };
    let file = format!(
        r#"{{"total": 2, "rows": [{}, {}]}}"#,
        one("oak", r#""Old Timber", "Ships""#),
        one("iron", "")
    );
    write(folder, "h.json", &file);
    let import = ["import", "hypothesis", "h.json", "--text", "pier"];
    let (code, _, told) = run(folder, &import);
    assert_eq!(code, 0, "{told}");
    let oak = || std::fs::read_to_string(folder.join("annotations/pier/oak.md")).unwrap();
    assert!(!oak().contains("topics"));
    // Somebody goes on with the note.
    write(folder, "annotations/pier/oak.md", &oak().replace("date", "role = \"Reader\"\ndate"));

    for slug in ["old-timber", "ships"] {
        let help = told_help(folder, &import);
        let command = names(&help)[0].to_owned();
        let (_, name) = command.split_once("postil new topic ").unwrap_or_else(|| panic!("{help}"));
        let (code, _, told) = run(folder, &["new", "topic", name.trim_matches('"'), "--scope", "S."]);
        assert_eq!(code, 0, "{told}");
        let (code, answer, told) = run(folder, &import);
        assert!(code == 0 && answer.contains("annotations/pier/oak.md"), "{answer}{told}");
        assert!(oak().contains(&format!("\"{slug}\"")) && oak().contains("role = \"Reader\""), "{}", oak());
    }
    assert!(oak().contains("topics = [\"old-timber\", \"ships\"]\n+++"), "{}", oak());
    let before = files(folder);
    let (code, answer, told) = run(folder, &import);
    assert_eq!((code, answer.as_str()), (0, ""), "nothing to do is no failure: {told}");
    assert!(files(folder) == before);
    let (code, answer, _) = run(folder, &["check", "--format", "short"]);
    assert_eq!(code, 0, "{answer}");
}

/// The line of help that a command ends with.
fn told_help(folder: &std::path::Path, args: &[&str]) -> String {
    let (_, _, told) = run(folder, &[args, &["--dry-run"]].concat());
    told.lines().find(|line| line.contains("help: ")).unwrap_or_else(|| panic!("no help: {told}")).to_owned()
}
