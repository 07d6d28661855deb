//! Small sources in the form of real ones, and what comes of them.

use crate::draft::{Draft, Incoming};
use crate::html::{self, Book, Page};
use crate::{debates, tei, tree};
use postil_archive::archive::Format;
use postil_archive::diagnostic::Diagnostic;

fn incoming(name: &str, bytes: &[u8]) -> Incoming {
    Incoming { path: format!("in/{name}"), name: name.to_owned(), bytes: bytes.to_vec() }
}

fn text(draft: &Draft) -> &str {
    std::str::from_utf8(&draft.bytes).unwrap()
}

/// The rows of a draft as they are written, without the head.
fn rows(draft: &Draft) -> String {
    let written = draft.derived.write("");
    written.split_once('\n').unwrap().1.to_owned()
}

fn tei(xml: &str) -> Draft {
    let tree = tree::xml("in/a.xml", xml.to_owned()).unwrap();
    tei::draft(&tree, &incoming("a.xml", xml.as_bytes()), 0).unwrap()
}

/// A text in TEI of this body.
fn body(xml: &str) -> Draft {
    tei(&format!(
        "<TEI><teiHeader><fileDesc><titleStmt><editor xml:id='ed'>E. Example</editor></titleStmt></fileDesc></teiHeader><text><body>{xml}</body></text></TEI>"
    ))
}

#[test]
fn a_play_in_tei() {
    let draft = tei(include_str!("../samples/play.xml"));
    assert_eq!(
        text(&draft),
        "ACT 1\n\nScene 1\n\nEnter Hob and Moll.\n\nHOB\n\nThe lamp is out upon the pier tonight,\nAnd no one\n\nMOLL\n\n          comes to mend it.\n\nShe sits.\n\nI hve the oil.\n\nBOTH\n\nWe wait (aside) and wait, the weathervane turns.\n\nA cock.\n"
    );
    assert_eq!(
        rows(&draft),
        r#"structure = [
  { at = "p1", kind = "heading", level = 1 },
  { at = "p2", kind = "heading", level = 2 },
  { at = "p3", kind = "stage" },
  { at = "p4-p5", kind = "speech", speaker = "Hob" },
  { at = "p4", kind = "speaker", speaker = "Hob" },
  { at = "p5", kind = "verse" },
  { at = "p6-p9", kind = "speech", speaker = "Moll" },
  { at = "p6", kind = "speaker", speaker = "Moll" },
  { at = "p7", kind = "verse", first = 2 },
  { at = "p8", kind = "stage" },
  { at = "p9", kind = "verse", first = 3 },
  { at = "p10-p11", kind = "speech", speaker = ["Hob", "Moll"] },
  { at = "p10", kind = "speaker", speaker = ["Hob", "Moll"] },
  { at = "p11", quote = "(aside)", kind = "stage" },
  { at = "p11", quote = "weathervane", kind = "page", number = 12 },
  { at = "p11", quote = "weathervane", kind = "footnote-mark", covers = "after", number = "a" },
  { at = "p12", kind = "footnote", number = "a" },
]
correction = [
  { at = "p9", quote = "hve", reading = "have", reason = "misprint" },
]
"#
    );
    assert_eq!(
        draft.record.write(),
        "title  = \"The Pier\"\nauthor = \"Anna Pell\"\npeople = [\"Hob\", \"Moll\"]\nlayout = \"wrapped\"\n"
    );
    let left: Vec<(&str, u32)> = draft.left_out.iter().map(|(what, count)| (what.as_str(), *count)).collect();
    assert_eq!(left, [("corr", 1), ("gap", 1), ("note[@resp]", 1)]);
    let note = &draft.notes[0];
    assert_eq!(
        (note.by.as_str(), note.at, note.nth, note.quotation.as_str(), note.body.as_str()),
        ("ed", Some(11), None, "weathervane **turns**", "Compare the tide.")
    );
    assert_eq!(
        draft.others,
        [("annotations/contributors/ed.toml".to_owned(), "name = \"E. Example\"\n".to_owned())]
    );
    assert_eq!(
        draft.doubts,
        [
            "places where two letters touch over a break of a page: 1",
            "places where two letters touch over a line break: 1"
        ]
    );
}

#[test]
fn a_debate_of_parlparse() {
    let xml = include_str!("../samples/debate.xml");
    let tree = tree::xml("in/a.xml", xml.to_owned()).unwrap();
    let draft = debates::parlparse(&tree, &incoming("a.xml", xml.as_bytes()), 0).unwrap();
    assert_eq!(
        text(&draft),
        "LAMPS\n\nThe House met at half-past Ten o'clock\n\nTo ask the warden about lamps.\n\nThey are lit.\n\n\"Lit at dusk, Lamps.\"\n\n\tEast\nOil\t2nd\n"
    );
    assert_eq!(
        rows(&draft),
        r#"structure = [
  { at = "p1", kind = "page", unit = "column", number = 421 },
  { at = "p1", kind = "time", unit = "clock", time = "10:30:00" },
  { at = "p1", kind = "heading", level = 1 },
  { at = "p2", kind = "narrative" },
  { at = "p3", kind = "speech", speaker = "Anna Pell" },
  { at = "p4", kind = "page", unit = "column", number = 422 },
  { at = "p4", kind = "time", unit = "clock", time = "10:31:00" },
  { at = "p4-p6", kind = "speech", speaker = "The Warden" },
  { at = "p5", kind = "quotation" },
  { at = "p5", quote = "Lamps", kind = "emphasis" },
  { at = "p6", kind = "table" },
]
"#
    );
    assert_eq!(draft.doubts[0], "times of day mended: 1 (`010:31:00` is 10:31:00)");
}

#[test]
fn a_debate_in_akoma_ntoso() {
    let xml = r##"<akomaNtoso><debate><meta><identification><FRBRWork><FRBRdate date="2011-05-04" name="x"/></FRBRWork></identification><references><TLCPerson id="pell" showAs="Anna Pell" href="/people/1"/></references></meta>
<preface><docTitle>Lamps</docTitle></preface>
<debateBody><debateSection><num>1.</num><heading>The <i>pier</i></heading><narrative>The House met.</narrative>
<speech by="#pell" startTime="2011-05-04T10:30:00"><from>Ms Pell:</from><p>Is it lit?<br/>Is it?</p></speech>
<speech by="#other" startTime="2011-05-04T10:30:00"><p>It is.</p></speech><question by="#pell"><p>Why?</p></question><answer by="#pell"><p>Because.</p></answer></debateSection></debateBody></debate></akomaNtoso>"##;
    let tree = tree::xml("in/a.xml", xml.to_owned()).unwrap();
    let draft = debates::akoma_ntoso(&tree, &incoming("a.xml", xml.as_bytes()), 0).unwrap();
    assert_eq!(
        text(&draft),
        "Lamps\n\n1. The pier\n\nThe House met.\n\nMs Pell:\n\nIs it lit?\nIs it?\n\nIt is.\n\nWhy?\n\nBecause.\n"
    );
    assert_eq!(
        rows(&draft),
        r#"structure = [
  { at = "p1", kind = "title" },
  { at = "p2", kind = "heading", level = 1 },
  { at = "p2", quote = "pier", kind = "emphasis" },
  { at = "p3", kind = "narrative" },
  { at = "p4", kind = "time", unit = "clock", time = "10:30:00" },
  { at = "p4-p5", kind = "speech", speaker = "Anna Pell", refs = { person = "/people/1" } },
  { at = "p4", kind = "speaker", speaker = "Anna Pell" },
  { at = "p6", kind = "speech", speaker = "other" },
  { at = "p7", kind = "question", speaker = "Anna Pell", refs = { person = "/people/1" } },
  { at = "p8", kind = "answer", speaker = "Anna Pell", refs = { person = "/people/1" } },
]
"#
    );
    assert_eq!(draft.record.write(), "date   = 2011-05-04\nlayout = \"wrapped\"\n");
}

#[test]
fn what_tei_says_inside_a_line_and_over_many() {
    let draft = body(
        "<div><head>A</head><lg><l n='5'>One <hi>two</hi>,</l><l>three <del>fo</del>ur.</l></lg><lg><l>Five</l></lg></div>",
    );
    assert_eq!(text(&draft), "A\n\nOne two,\nthree four.\n\nFive\n");
    assert_eq!(
        rows(&draft),
        "structure = [\n  { at = \"p1\", kind = \"heading\", level = 1 },\n  { at = \"p2\", kind = \"verse\", first = 5 },\n  { at = \"p2\", quote = \"two\", kind = \"emphasis\" },\n  { at = \"p3\", kind = \"verse\" },\n]\n"
    );
    assert_eq!(draft.doubts, ["marks on parts of words, not shown: 1"]);

    let draft = body(
        "<p>Go <choice><sic/><corr>to</corr></choice> the p<choice><orig>ie</orig><reg>ee</reg></choice>r, the <fw type='header'>HEAD</fw> pier.</p><p><delSpan spanTo='#x'/>Gone.</p><p>Gone too.<anchor xml:id='x'/></p><p>Here.</p>",
    );
    assert_eq!(text(&draft), "Go the pier, the HEAD pier.\n\nGone.\n\nGone too.\n\nHere.\n");
    assert_eq!(
        rows(&draft),
        "furniture = [\n  { at = \"p1\", quote = \"HEAD\", reason = \"header of the print\" },\n]\nstructure = [\n  { at = \"p2-p3\", kind = \"deleted\" },\n]\ncorrection = [\n  { at = \"p1\", quote = \"Go\", reading = \"Go to\", reason = \"misprint\" },\n  { at = \"p1\", quote = \"pier\", nth = 1, reading = \"peer\", reason = \"spelling\" },\n]\n"
    );

    let draft = body(
        "<list><head>Stores</head><item>Oil<list><item>for <hi>lamps</hi></item></list></item><item>Tar</item></list><table><row role='label'><cell>A</cell><cell>B</cell></row><row><cell/><cell>1</cell></row></table><p>Said <said>no</said><note n='*'><p>One.</p><p>Two <hi>x</hi>.</p></note>.</p>",
    );
    assert_eq!(text(&draft), "Stores\n\nOil\n  for lamps\nTar\n\nA\tB\n\t1\n\nSaid no.\n\nOne.\n\nTwo x.\n");
    assert_eq!(
        rows(&draft),
        "structure = [\n  { at = \"p2\", kind = \"list\" },\n  { at = \"p2\", quote = \"lamps\", kind = \"emphasis\" },\n  { at = \"p3\", kind = \"table\", head = 1 },\n  { at = \"p4\", quote = \"no\", kind = \"quotation\" },\n  { at = \"p4\", quote = \"no\", kind = \"footnote-mark\", covers = \"after\", number = \"*\" },\n  { at = \"p5-p6\", kind = \"footnote\", number = \"*\" },\n  { at = \"p6\", quote = \"x\", kind = \"emphasis\" },\n]\n"
    );
}

#[test]
fn people_of_a_header_and_a_letter() {
    let draft = tei(
        r##"<TEI xml:lang="de"><teiHeader><fileDesc><titleStmt><title>An Wieck</title></titleStmt></fileDesc><profileDesc><correspDesc><correspAction type="sent"><persName><forename>Anna</forename><surname>Pell</surname></persName><placeName>Wien</placeName><date when="1838-01-05">5. Jänner 1838</date></correspAction><correspAction type="received"><persName>B. Wieck</persName></correspAction></correspDesc></profileDesc></teiHeader>
<standOff><listPerson><person xml:id="BW"><persName>B. Wieck</persName><occupation>Pilot</occupation><birth>1800</birth></person></listPerson></standOff>
<text><body><div type="letter"><opener><dateline>Wien</dateline><salute>Liebe!</salute></opener><p>Ich grüße <persName ref="#BW">B. Wieck</persName> und <rs ref="#other">ihn</rs>.</p><closer><signed>A.</signed></closer></div></body></text></TEI>"##,
    );
    assert_eq!(
        draft.record.write(),
        "title      = \"An Wieck\"\ndate       = 1838-01-05\ndate_shown = \"5. Jänner 1838\"\nauthor     = \"Anna Pell\"\nrecipient  = \"B. Wieck\"\npeople     = \"bw\"\nplace      = \"Wien\"\nlang       = \"de\"\nlayout     = \"wrapped\"\n"
    );
    assert_eq!(
        rows(&draft),
        "structure = [\n  { at = \"p1-p4\", kind = \"letter\" },\n  { at = \"p1\", kind = \"dateline\" },\n  { at = \"p2\", kind = \"salutation\" },\n  { at = \"p4\", kind = \"signature\" },\n]\nterm = [\n  { at = \"p3\", quote = \"B. Wieck\", is = \"bw\" },\n]\n"
    );
    assert_eq!(
        draft.others,
        [(
            "annotations/glossary/bw.toml".to_owned(),
            "term       = \"B. Wieck\"\nkind       = \"person\"\ndefinition = \"Pilot; Born 1800.\"\ntexts      = []\n".to_owned()
        )]
    );
}

/// A page of HTML as Markdown, and its rows.
fn page(html: &str) -> Result<Draft, Vec<Diagnostic>> {
    let file = incoming("a.html", html.as_bytes());
    let page = html::read(&file, None).unwrap();
    html::drafts(&[file], &[(0, page)], &mut Vec::new()).map(|mut drafts| drafts.pop().unwrap())
}

#[test]
fn a_diary_in_two_files() {
    let read = |name: &str, text: &str| html::read(&incoming(name, text.as_bytes()), None).unwrap();
    let pages: [Page; 2] = [
        read("text/chapter.xhtml", include_str!("../samples/chapter.xhtml")),
        read("text/endnotes.xhtml", include_str!("../samples/endnotes.xhtml")),
    ];
    let pages: Vec<&Page> = pages.iter().collect();
    let book = Book::new(&pages);
    assert_eq!([book.holds_notes(0), book.holds_notes(1)], [false, true]);
    let made = html::convert(&book, &[0]).unwrap();
    assert_eq!(made.notes_of, [1].into());
    assert_eq!(
        made.text,
        "## January 1659–60[^1]\n\n2nd. To the *Lamp*.[^2] She sang:\n\n> The tide is out,\\\n> The tide is in.\n\n[^1]: Old style.\n\n[^2]: A ship.\n"
    );
    let rows = made.rows.write("");
    assert_eq!(
        rows,
        "# \nstructure = [\n  { at = \"p2-p3\", kind = \"item\", date = \"1660-01-12\", date_shown = \"2nd\" },\n  { at = \"p3\", kind = \"verse\" },\n]\n"
    );
    let left: Vec<(&str, u32)> = made.left_out.iter().map(|(what, count)| (what.as_str(), *count)).collect();
    assert_eq!(left, [("backlink", 2), ("noteref", 2)]);
}

#[test]
fn pages_of_html_become_markdown() {
    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(text(&page(html).unwrap()), expected, "{html}");
    }
    check(
        "<h1>A <b>b</b></h1><p>One<br>two &amp; 3 < 4</p>text",
        "# A **b**\n\nOne\\\ntwo & 3 \\< 4\n\ntext\n",
    );
    check(
        "<p>1. not a list</p><p># x</p><p>*stars* _x_ [y]</p>",
        "1\\. not a list\n\n\\# x\n\n\\*stars\\* \\_x\\_ \\[y\\]\n",
    );
    check(
        "<ul><li>a<li>b<ul><li>c</ul><li>d</ul><ol start=3><li>x<li><p>y<p>z</ol>",
        "- a\n- b\n  - c\n- d\n\n3. x\n\n4. y\n\n   z\n",
    );
    check(
        "<p>One <em> two </em>three, un<i>believ</i>able <i>(</i>x",
        "One *two* three, un*believ*able (x\n",
    );
    check("<blockquote><p>a<p>b</blockquote><blockquote>c</blockquote>", "> a\n>\n> b\n\n> c\n");
    check(
        "<p><a href='https://e.org/a_b'>a</a> <a href='#x'>b</a> <code>`c`</code></p><hr><pre>x\n  y\n</pre>",
        "[a](<https://e.org/a_b>) b `` `c` ``\n\n* * *\n\n```\nx\n  y\n```\n",
    );
    check("<nav>Menu</nav><script>x()</script><p>Words<img alt=a>", "Words\n");
    check("<body>Menu<main><p>Words</main>", "Words\n");
    check(
        "<p>A<sup><a href='#n1' id='r1'>1</a></sup> b.</p><ol><li id='n1'>Note. <a href='#r1'>↩</a></li></ol>",
        "A[^1] b.\n\n[^1]: Note.\n",
    );
    assert!(page("<p></p>").is_err());
    let record = page("<html lang=de><title>T</title><meta name=author content='A B'><meta name=DC.date content=1818-03><p>x").unwrap().record;
    assert_eq!(record.write(), "title  = \"T\"\ndate   = \"1818-03\"\nauthor = \"A B\"\nlang   = \"de\"\n");
}

#[test]
fn a_title_is_plain_words() {
    #[track_caller]
    fn check(name: &str, text: &str, expected: &str) {
        let (draft, _) =
            crate::plain::draft(&incoming(name, text.as_bytes()), 0, format_of(name), None, None).unwrap();
        assert_eq!(draft.guesses[0].value.plain(), expected);
    }
    fn format_of(name: &str) -> Format {
        if name.ends_with(".md") { Format::Markdown } else { Format::Plain }
    }
    check("a.txt", "101.\n\nTO HER BROTHER.[1]\n", "TO HER BROTHER.");
    check("a.txt", "The lamps [1818]\n", "The lamps [1818]");
    check("a.txt", "The lamps [of the pier]\n", "The lamps [of the pier]");
    check("a.md", "# *The* `lamps` of 1\\. May[^1][^b]\n\n[^1]: Old.\n\n[^b]: Odd.\n", "The lamps of 1. May");
}

#[test]
fn headings_over_notes_of_another_file_are_told() {
    let files = [
        incoming("text/chapter.xhtml", include_bytes!("../samples/chapter.xhtml")),
        incoming("text/endnotes.xhtml", include_bytes!("../samples/endnotes.xhtml")),
    ];
    let pages: Vec<(usize, Page)> =
        files.iter().enumerate().map(|(source, file)| (source, html::read(file, None).unwrap())).collect();
    let drafts = html::drafts(&files, &pages, &mut Vec::new()).unwrap();
    let left: Vec<_> = drafts
        .iter()
        .flat_map(|draft| &draft.left_out)
        .map(|(what, count)| (what.as_str(), *count))
        .collect();
    assert_eq!(left, [("backlink", 2), ("heading of the notes", 1), ("noteref", 2)]);
}
