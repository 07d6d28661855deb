//! Made-up views, one a template: an archive of harbour lights that never was.

use postil_site::render::context::list::*;
use postil_site::render::context::text::{
    Cite, CiteForm, Correction, Fact, Meta, Part, Switches, TermUsed, Text, Unplaced,
};
use postil_site::render::context::*;
use postil_site::render::words::Words;
use serde::Serialize;

const ARTICLE: &str = include_str!("article.html");
const DRAWING: &str = include_str!("timeline.svg");
const BAR: &str = "<svg class=\"fig-bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
    <rect class=\"of\" x=\"0\" y=\"0\" width=\"25.0\" height=\"4\"/></svg>";
const STRIP: &str = "<svg viewBox=\"0 0 1000 52\" preserveAspectRatio=\"none\" role=\"group\" \
    aria-label=\"Where notes and terms lie\"><a href=\"#rec-1\" aria-label=\"Recommendation 1: 4 notes\">\
    <rect class=\"hot\" x=\"0\" y=\"0\" width=\"1000\" height=\"52\"/><rect class=\"blk rec\" x=\"0\" y=\"20\" \
    width=\"300\" height=\"14\"/><rect class=\"blk\" x=\"304\" y=\"20\" width=\"696\" height=\"14\"/>\
    <rect class=\"nt\" x=\"400\" y=\"6\" width=\"4\" height=\"12\"/><rect class=\"tm\" x=\"120\" y=\"37\" \
    width=\"4\" height=\"7\"/></a></svg>";

/// A page to be made: its address, its template and what the template is given.
pub(crate) struct View {
    pub(crate) address: String,
    pub(crate) template: &'static str,
    pub(crate) value: tera::Value,
}

fn view<T: Serialize>(template: &'static str, page: &Page, value: &T) -> View {
    View { address: page.address.clone(), template, value: tera::Value::from_serializable(value) }
}

fn page(address: &str, title: &str, section: &str) -> Page {
    Page {
        root: "../".repeat(address.matches('/').count()),
        address: address.into(),
        title: title.into(),
        description: Some(format!("{title}: made up to look at a page.")),
        section: section.into(),
        canonical: Some(format!("https://lights.example/{address}")),
    }
}

pub(crate) fn site(words: &Words) -> Site {
    let item = |key: &str, href: &str| NavItem {
        key: key.into(),
        href: href.into(),
        label: words.get(&format!("nav_{key}")).into(),
    };
    Site {
        title: "Harbour lights: two texts".into(),
        description: Some(
            "What a board that never was said about lamps that never burned, with notes.".into(),
        ),
        language: "en-GB".into(),
        base_url: Some("https://lights.example".into()),
        repository: None,
        licence: Name {
            text: "CC BY 4.0".into(),
            href: Some("https://creativecommons.org/licenses/by/4.0/".into()),
        },
        feed: Some("feed.xml".into()),
        archive: None,
        icon: "assets/favicon.svg".into(),
        card: Some("https://lights.example/assets/card.png".into()),
        nav: vec![
            item("texts", "texts/index.html"),
            item("topics", "topics/index.html"),
            item("terms", "glossary/index.html"),
            item("people", "people/index.html"),
            item("notes", "notes/index.html"),
        ],
        foot: vec![
            item("connections", "connections.html"),
            item("contributors", "contributors/index.html"),
            item("provenance", "provenance.html"),
            item("concordance", "concordance/index.html"),
        ],
    }
}

pub(crate) fn views() -> Vec<View> {
    let mut views = views_of_texts();
    views.extend(views_of_annotations());
    views.extend(views_of_the_rest());
    views
}

fn link(href: &str, text: &str) -> Link {
    Link { href: href.into(), text: text.into() }
}

fn name(text: &str) -> Name {
    Name { text: text.into(), href: None }
}

fn when(year: &str) -> When {
    When {
        long: format!("4 May {year}"),
        short: format!("4 May {year}"),
        iso: format!("{year}-05-04"),
        year: year.into(),
    }
}

fn note(slug: &str, kind: &str) -> Note {
    Note {
        was: Vec::new(),
        slug: slug.into(),
        kind: kind.into(),
        title: Some("Seen at dusk".into()),
        label: kind[..1].to_uppercase() + &kind[1..],
        quote: Some("looked carefully at lighting the lamp at dusk in every month of the year".into()),
        place: link("../texts/harbour/1893-reply.html#n-dusk", "Reply of 1893, paragraph 8"),
        by: vec![
            Name { text: "A. Tester".into(), href: Some("../contributors/a-tester.html".into()) },
            name("B. Tester"),
        ],
        role: None,
        date: Some(when("1999")),
        certainty: Some("probable".into()),
        body: Html(
            "<p>Two years later it was: from November 1895 the northern lamp was lit at dusk.</p>".into(),
        ),
        sources: vec![Source { title: name("Return of Lights, 1895"), note: Some("p. 4".into()) }],
        topics: vec![link("../topics/oil.html", "Oil")],
    }
}

fn row(title: &str, year: &str) -> TextRow {
    TextRow {
        undated: false,
        number: None,
        summary: Some("What the keepers asked for, and what they got.".into()),
        text: link("harbour/1893-reply.html", title),
        date: Some(when(year)),
        kind: Some("Command paper".into()),
        house: Some("Board of Lights".into()),
        people: vec![name("Mr Specimen")],
        words: 12_398,
        notes: 4,
    }
}

fn connection(id: &str) -> Connection {
    Connection {
        id: id.into(),
        title: "The lamp that was to be lit at dusk".into(),
        relation: "follows".into(),
        note: Some(Html("<p>The return gives the date that the reply leaves open.</p>".into())),
        by: vec![name("A. Tester")],
        beside: Some("beside.html?a=texts%2Fone.html%23l-dusk-1&b=texts%2Fother.html%23l-dusk-2".into()),
        ends: vec![
            End {
                quote: "lighting the lamp at dusk".into(),
                place: link("#p8", "Paragraph 8"),
                date: Some(when("1893")),
                here: true,
            },
            End {
                quote: "the northern lamp was lit at dusk".into(),
                place: link("1895-return.html#p4", "Return of 1895, paragraph 4"),
                date: Some(when("1895")),
                here: false,
            },
        ],
    }
}

fn views_of_texts() -> Vec<View> {
    let front = Front {
        page: page("index.html", "", ""),
        intro: None,
        text_count: 2,
        term_count: 31,
        topic_count: 3,
        note_count: 5,
        read: vec![
            link("texts/harbour/1893-reply.html", "Reply of 1893"),
            link("texts/harbour/1895-return.html", "Return of 1895"),
        ],
        look_up: vec![link("glossary/board.html", "Board of Lights"), link("glossary/mole.html", "Mole")],
        follow: vec![link("topics/oil.html", "Oil"), link("topics/keepers.html", "Keepers")],
        timeline: Some(Html(DRAWING.into())),
        texts: vec![row("Reply to the Report on Harbour Lights", "1893"), row("Return of Lights", "1895")],
        newest: vec![note("dusk", "outcome"), note("oil", "question")],
        ..Front::default()
    };
    let texts = Texts {
        page: page("texts/index.html", "Texts", "texts"),
        years: vec![
            Year {
                label: "1893".into(),
                texts: vec![row("Reply to the Report on Harbour Lights", "1893")],
                ..Year::default()
            },
            Year { label: "1895".into(), texts: vec![row("Return of Lights", "1895")], ..Year::default() },
        ],
        pages: vec![name("1890s"), Name { text: "1900s".into(), href: Some("1900s.html".into()) }],
        ..Texts::default()
    };
    let way = Way {
        page: page("texts/harbour/index.html", "The harbour", "texts"),
        up: vec![link("../index.html", "Texts")],
        about: Some(Html("<p>What the Board printed on the harbour.</p>".into())),
        groups: vec![
            WayGroup {
                label: "Returns".into(),
                link: Some(link("returns/index.html", "Returns")),
                count: 12,
                about: Some("One a year.".into()),
                ..WayGroup::default()
            },
            WayGroup {
                label: "R".into(),
                count: 1,
                texts: vec![row("Return of Lights", "1895")],
                ..WayGroup::default()
            },
        ],
        count: 1,
        texts: vec![row("Reply to the Report on Harbour Lights", "1893")],
        ways: vec![
            name("By collection"),
            Name { text: "By date".into(), href: Some("../index.html".into()) },
        ],
        parts: vec![name("1–1"), Name { text: "2–2".into(), href: Some("index_2.html".into()) }],
    };
    let text = text();
    let text_view = view("text.html", &text.page, &text);
    vec![
        view("index.html", &front.page, &front),
        view("texts.html", &texts.page, &texts),
        view("way.html", &way.page, &way),
        text_view,
    ]
}

fn text() -> Text {
    let fact = |label: &str, value: &str| Fact { label: label.into(), value: Html(value.into()) };
    let part =
        |href: &str, text: &str, parts| Part { href: href.into(), text: text.into(), short: None, parts };
    let correction = |n, raw: &str, reading: Option<&str>| Correction {
        n,
        raw: raw.into(),
        reading: reading.map(Into::into),
        reason: "misprint".into(),
        certainty: None,
        by: Vec::new(),
        place: link("#p8", "paragraph 8"),
    };
    let mut lost = note("lost", "context");
    lost.place = Link::default();
    let mut whole = note("whole", "context");
    whole.quote = None;
    whole.place = Link::default();
    Text {
        page: page("texts/harbour/1893-reply.html", "Reply to the Report on Harbour Lights", "texts"),
        lang: "en-GB".into(),
        kicker: "Command paper · 4 May 1893".into(),
        line: vec![Html("Harbour Board".into()), Html("9,876 words".into())],
        facts: vec![
            fact("Report", "Report on Harbour Lights, Session 1892–93"),
            fact("Presented by", "The Secretary to the Board"),
            fact("Length", "398 words, 1 recommendation"),
            fact("File", "<a href=\"../../raw/harbour/1893-reply.txt\">Raw text</a>, unaltered"),
        ],
        strip: Some(Html(STRIP.into())),
        switches: Switches { notes: true, corrections: true, furniture: true, pairs: true, terms: true },
        outline: vec![part("#p6", "Lamps and keepers", vec![part("#rec-1", "Recommendation 1", vec![])])],
        article: Html(ARTICLE.into()),
        whole: vec![whole],
        unplaced: vec![Unplaced { note: lost, reason: "the text does not have these words".into() }],
        corrections: vec![correction(1, "fourty", Some("forty")), correction(2, "recieved", None)],
        terms: vec![TermUsed {
            term: link("../../glossary/board.html", "Board"),
            name: Some("Board of Lights".into()),
            definition: Some(Html("Body of seven that kept the lamps of the coast.".into())),
            uses: 2,
        }],
        topics: vec![link("../../topics/oil.html", "Oil")],
        connections: vec![connection("dusk")],
        linked_from: vec![link("1895-return.html#n-answer", "Note on the Return of 1895")],
        cite: Cite {
            text: Html(
                "Board of Lights, <cite>Reply to the Report on Harbour Lights</cite> (4 May 1893)".into(),
            ),
            forms: vec![CiteForm {
                label: "BibTeX".into(),
                id: "cite-bibtex".into(),
                text: "@report{reply, title = {Reply}}".into(),
            }],
            ..Cite::default()
        },
        rights: Some(Html("Nobody’s copyright.".into())),
        raw: link("../../raw/harbour/1893-reply.txt", "1893-reply.txt"),
        sha256: "0123456789abcdef".repeat(4),
        meta: vec![Meta { name: "citation_title".into(), content: "Reply to the \"Report\"".into() }],
        json_ld: Some(Html("{\"@type\":\"CreativeWork\",\"name\":\"\\u003c\"}".into())),
        previous: None,
        next: Some(link("1895-return.html", "Return of Lights, 1895")),
        suggest: Some(link("https://forge.example/new", "Suggest a note on this text")),
        ..Text::default()
    }
}

fn views_of_annotations() -> Vec<View> {
    let topics = Topics { page: page("topics/index.html", "Topics", "topics"), topics: vec![topic_row(2)] };
    let topic = topic();
    let terms = Terms {
        page: page("glossary/index.html", "Terms", "terms"),
        count: 2,
        letters: ["B", "M"].map(letter).to_vec(),
        ..Terms::default()
    };
    let term = term();
    let people = People {
        page: page("people/index.html", "People", "people"),
        people: vec![
            Person { name: name("Mr Specimen"), speeches: vec![speech()], ..Person::default() },
            Person { name: name("Ms Example"), speeches: vec![speech()], ..Person::default() },
        ],
        ..People::default()
    };
    let of_text = NotesOfText {
        text: link("../texts/harbour/1893-reply.html", "Reply to the Report on Harbour Lights"),
        date: Some(when("1893")),
        notes: vec![note("dusk", "outcome"), note("oil", "question"), note("walk", "outcome")],
    };
    let kind = |key: &str, label: &str, count| NoteKind {
        key: key.into(),
        label: label.into(),
        count,
        ..NoteKind::default()
    };
    let notes = Notes {
        page: page("notes/index.html", "Notes", "notes"),
        count: 3,
        kinds: vec![kind("outcome", "Outcome", 2), kind("question", "Question", 1)],
        orders: vec![name("By text"), Name { text: "By topic".into(), href: Some("topics.html".into()) }],
        texts: vec![of_text.clone()],
        ..Notes::default()
    };
    let relation = Relation {
        label: "Follows".into(),
        id: "follows".into(),
        connections: vec![connection("dusk"), connection("oil")],
    };
    let connections = Connections {
        page: page("connections.html", "Connections", "connections"),
        relations: vec![relation],
        ..Connections::default()
    };
    let contributors = Contributors {
        page: page("contributors/index.html", "Contributors", "contributors"),
        contributors: vec![ContributorRow {
            name: name("A. Tester"),
            affiliation: Some("No place".into()),
            role: Some("Editor".into()),
            notes: 4,
        }],
    };
    let contributor = Contributor {
        page: page("contributors/a-tester.html", "A. Tester", "contributors"),
        affiliation: Some("No place".into()),
        role: Some("Editor".into()),
        url: Some("https://tester.example/".into()),
        texts: vec![of_text],
        ..Contributor::default()
    };
    vec![
        view("topics.html", &topics.page, &topics),
        view("topic.html", &topic.page, &topic),
        view("terms.html", &terms.page, &terms),
        view("term.html", &term.page, &term),
        view("people.html", &people.page, &people),
        view("notes.html", &notes.page, &notes),
        view("connections.html", &connections.page, &connections),
        view("contributors.html", &contributors.page, &contributors),
        view("contributor.html", &contributor.page, &contributor),
    ]
}

fn topic_row(depth: usize) -> TopicRow {
    TopicRow {
        topic: link("oil.html", ["Lamp oil, by the pint", "Oil", "Lamps"][depth]),
        scope: Some("What the lamps burned, and who paid for it.".into()),
        passages: 3,
        texts: 2,
        topics: if depth == 0 { Vec::new() } else { vec![topic_row(depth - 1)] },
    }
}

fn topic() -> Topic {
    let passage = |year: &str, note: Option<Note>| Passage {
        year: year.into(),
        again: year.is_empty(),
        picked: vec![1],
        quote: Some(Html(
            "The Board notes the conclusion. It has looked carefully, and finds that \
             <mark>the oil would cost eleven pounds more</mark> than was voted for the year."
                .into(),
        )),
        lang: "en-GB".into(),
        speaker: Some(name("Board of Lights")),
        role: None,
        date: Some(when("1893")),
        place: link("../texts/harbour/1893-reply.html#p8", "Reply of 1893, paragraph 8"),
        id: format!("y{year}"),
        why: note.is_none().then(|| Html("<p>The first sum that is named.</p>".into())).into_iter().collect(),
        notes: note.into_iter().collect(),
    };
    Topic {
        page: page("topics/oil.html", "Oil and who paid for it", "topics"),
        scope: Some(Html(
            "<p>What the lamps burned, what it cost, and out of whose purse it came.</p>".into(),
        )),
        parents: vec![link("lamps.html", "Lamps")],
        children: vec![link("pints.html", "Lamp oil, by the pint")],
        see: vec![link("keepers.html", "Keepers")],
        feed: Some(link("oil.xml", "Feed")),
        texts: 2,
        picks: vec![Pick {
            number: 1,
            id: Some("kind-reply".into()),
            link: link("#kind-reply", "Reply"),
            count: 3,
            opens: true,
        }],
        passages: vec![
            passage("1893", None),
            passage("", Some(note("oil", "question"))),
            passage("1895", None),
        ],
        ..Topic::default()
    }
}

fn letter(letter: &str) -> Letter {
    let row = |term: &str, name: Option<&str>| TermRow {
        term: link("board.html", term),
        name: name.map(Into::into),
        kind: "Body".into(),
        dates: Some("1871 to 1902".into()),
        uses: 2,
        ..TermRow::default()
    };
    let terms = vec![row(letter, Some("Board of Lights")), row(&format!("{letter}ole"), None)];
    Letter { letter: letter.into(), id: format!("letter-{}", letter.to_lowercase()), terms }
}

fn speech() -> Speech {
    Speech {
        date: Some(when("1893")),
        place: link("../texts/harbour/1893-reply.html#p12", "Reply of 1893, paragraph 12"),
        role: Some("Secretary to the Board".into()),
    }
}

fn term() -> Term {
    let label = name;
    let sense = |id: &str, name: &str, dates: &str| Sense {
        id: id.into(),
        name: Some(name.into()),
        dates: Some(dates.into()),
        definition: Html("<p>Body of seven that kept the lamps of the coast.</p>".into()),
        predecessor: None,
        successor: Some(link("office.html", "Office of Lights")),
        certainty: None,
        sources: vec![Source { title: label("Lights Act 1871"), note: Some("s. 2".into()) }],
    };
    let one = |before: &str, after: &str| Use {
        before: before.into(),
        term: "Board of Lights".into(),
        after: after.into(),
        place: link("../texts/harbour/1893-reply.html#p7", "1893, para 7"),
        lang: "en-GB".into(),
    };
    Term {
        page: page("glossary/board.html", "Board of Lights", "terms"),
        kind: "Body".into(),
        forms: vec!["Board".into(), "BoL".into()],
        misprints: vec!["Bord of Lights".into()],
        senses: vec![
            sense("s-1871", "Board of Lights", "1871 to 1902"),
            sense("s-1902", "Office of Lights", "from 1902"),
        ],
        life: Some(Html(DRAWING.into())),
        uses: vec![
            one("in winter, a long way to walk. The ", " should say who pays for the oil."),
            one("has not been asked (the ", ", that is) and would"),
        ],
        more_uses: 0,
        texts: 1,
        all_texts: 2,
        speeches: vec![speech()],
        see: vec![link("mole.html", "Mole")],
        linked_from: vec![link("../topics/oil.html", "Oil")],
        ..Term::default()
    }
}

fn views_of_the_rest() -> Vec<View> {
    let provenance = Provenance {
        page: page("provenance.html", "Provenance", "provenance"),
        texts: vec![ProvenanceRow {
            id: "harbour-1893-reply".into(),
            text: link("texts/harbour/1893-reply.html", "Reply to the Report on Harbour Lights"),
            date: Some(when("1893")),
            raw: link("raw/harbour/1893-reply.txt", "1893-reply.txt"),
            bytes: 80_123,
            sha256: "0123456789abcdef".repeat(4),
            declared: false,
            source: Some(name("No library")),
            retrieved: Some(when("1999")),
            rights: Some(Html("Nobody’s copyright.".into())),
            removals: vec![Removal { reason: "cover, printed twice".into(), places: 2 }],
            originals: vec![Original {
                file: link("raw/harbour/1893-reply.xml", "harbour/1893-reply.xml"),
                sha256: "fedcba9876543210".repeat(4),
                part: Some("bytes 0-4711".into()),
            }],
            left_out: vec![Removal { reason: "gap".into(), places: 2 }],
            corrections: 2,
            corrections_href: Some("texts/harbour/1893-reply.html#corrections".into()),
        }],
        ..Provenance::default()
    };
    let place = |n: &str| link("../texts/harbour/1893-reply.html#p8", n);
    let words = ["dusk", "duty"].map(|word| Word {
        word: word.into(),
        count: 9,
        texts: vec![WordInText {
            title: "Reply of 1893".into(),
            places: vec![
                WordPlace {
                    place: place("paragraph 7"),
                    line: Some(["lit the lamp at ".into(), word.into(), ", as the rule was".into()]),
                },
                WordPlace { place: place("paragraph 8"), line: None },
            ],
        }],
        more: 7,
    });
    let concordance = Concordance {
        page: page("concordance/d.html", "Concordance: D", "concordance"),
        letters: vec![Name { text: "C".into(), href: Some("c.html".into()) }, name("D")],
        words: words.to_vec(),
        ..Concordance::default()
    };
    let search = Search {
        page: page("search.html", "Search", "search"),
        fallback: vec![
            link("concordance/index.html", "Concordance from A to Z"),
            link("topics/index.html", "Topics"),
        ],
        words: "{\"more\":\"<More>\"}".into(),
        words_lang: None,
        endpoint: Some(Endpoint {
            href: "https://search.example/lights?all=1".into(),
            origin: "https://search.example".into(),
        }),
        examples: vec![Example { ask: link("search.html?q=UK", "UK"), says: "a name".into() }],
        ways: vec![WayIn {
            title: "Topics".into(),
            links: vec![link("search.html?topic=lamps", "Lamps")],
            more: Some(link("topics/index.html", "All of them")),
        }],
    };
    let prose = Prose {
        page: page("about.html", "About", "about"),
        body: Html("<p>Nobody kept these lamps.</p><h2>How to read</h2><ul><li>One.</li><li>Two.</li></ul><pre><code>by = \"Your Name\"</code></pre>".into()),
    };
    let beside = Beside {
        page: page("beside.html", "Side by side", ""),
        ways: vec![link("topics/index.html", "Topics")],
    };
    let missing = Missing {
        page: page("404.html", "Nothing here", ""),
        ways: vec![link("https://lights.example/index.html", "Front page")],
        roots: vec![String::new(), "../".into()],
    };
    let moved = Moved {
        page: page("texts/old.html", "Moved", "texts"),
        to: link("harbour/1893-reply.html", "Reply of 1893"),
    };
    let data = Data {
        page: page("data.html", "Data", "data"),
        files: vec![DataFile {
            file: link("data/texts.csv", "texts.csv"),
            says: "A table of the texts.".into(),
        }],
        downloads: vec![DataFile {
            file: link("archive.zip", "archive.zip"),
            says: "This whole site.".into(),
        }],
        forms: Some("Texts also come as EPUB.".into()),
    };
    let kind =
        Kind { page: page("glossary/kinds/body.html", "Bodies", "terms"), count: 0, ..Kind::default() };
    let figures = Figures {
        page: page("figures.html", "Figures", "figures"),
        series: vec![Series {
            id: "lights".into(),
            title: "Lights of the harbour".into(),
            rows: vec![
                FigureRow {
                    date: when("1871"),
                    shown: "3–5".into(),
                    bar: Some(Html(BAR.into())),
                    what: "lights seen from the sea".into(),
                    in_text: false,
                    place: link(
                        "texts/lords/1871-02-10-harbour-lights.html#n-1",
                        "Harbour lights, paragraph 4",
                    ),
                },
                FigureRow {
                    date: when("1872"),
                    shown: "12".into(),
                    what: "lights paid for".into(),
                    in_text: true,
                    place: link(
                        "texts/lords/1871-02-10-harbour-lights.html#p4",
                        "Harbour lights, paragraph 4",
                    ),
                    ..FigureRow::default()
                },
            ],
        }],
    };
    let timeline = Timeline {
        page: page("timeline.html", "Timeline", "timeline"),
        drawing: Some(Html(DRAWING.into())),
        ..Timeline::default()
    };
    let problems = Problems { page: page("problems.html", "Problems", "contribute"), ..Problems::default() };
    let contribute =
        Prose { page: page("contribute.html", "How to contribute", "contribute"), ..Prose::default() };
    vec![
        view("problems.html", &problems.page, &problems),
        view("contribute.html", &contribute.page, &contribute),
        view("kind.html", &kind.page, &kind),
        view("timeline.html", &timeline.page, &timeline),
        view("figures.html", &figures.page, &figures),
        view("data.html", &data.page, &data),
        view("provenance.html", &provenance.page, &provenance),
        view("concordance.html", &concordance.page, &concordance),
        view("search.html", &search.page, &search),
        view("beside.html", &beside.page, &beside),
        view("page.html", &prose.page, &prose),
        view("404.html", &missing.page, &missing),
        view("redirect.html", &moved.page, &moved),
    ]
}
